"""The law benchmark tells right, wrong and dangerous apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from law import judged, main

from proscribe.app.rules.decide import Decider
from proscribe.kb.snapshot import Snapshot

HEAD = """
- id: {id}
  as_of: 2021-06-01
  regimes: [us-889-a]
  facts:
    party.jurisdiction: US
    party.role: government_buyer
    act.kind: procure
    item.producer: {producer}
    item.kind: video_surveillance_equipment
    item.purpose: [government_facility_security]
    item.contains_producer: []
    item.role_in_system: substantial_or_essential_component
  expect: {expect}
"""


@pytest.fixture(scope="module")
def decider(snapshot: Snapshot) -> Decider:
    return Decider.of(snapshot)


def test_right_wrong_and_dangerous(
    decider: Decider, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "some.yml"
    file.write_text(
        HEAD.format(id="right", producer="hikvision", expect="{outcome: prohibited}")
        + HEAD.format(id="alarm", producer="hikvision", expect="{outcome: not_covered}")
        + HEAD.format(id="cleared", producer="other", expect="{outcome: prohibited}")
        + HEAD.format(id="no-duty", producer="hikvision", expect="{obligations: [{kind: notify_congress}]}")
        + HEAD.format(id="unreadable", producer="hikvision", expect="{outcome: forbidden}")
        + "- {jurisdiction: US, as_of: 2021-01-01, stance: ban, pending_includes: []}\n"
        + "- {jurisdiction: XX, as_of: 2021-01-01, stance: ban, pending_includes: []}\n",
        encoding="utf-8",
    )
    found = {one.id: (not one.faults, one.dangerous) for one in judged(file, decider)}
    assert found == {
        "right": (True, False),
        "alarm": (False, False),
        "cleared": (False, True),
        "no-duty": (False, True),
        "unreadable": (False, False),
        "US 2021-01-01": (True, False),
        "XX 2021-01-01": (False, True),
    }
    assert main([str(file), "--show"]) == 1
    printed = capsys.readouterr().out
    assert "some.yml: 7 asked, 2 right (0.286), 5 wrong, 3 dangerous" in printed
    assert "cleared: DANGEROUS outcome: expected prohibited; got not_covered" in printed


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([str(tmp_path / "none.yml")])
    assert stopped.value.code == 2
    assert "no file" in capsys.readouterr().err
