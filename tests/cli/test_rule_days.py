"""The list of clocks names the days that rules set themselves, of rules that may bind in a case, and no duty for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from proscribe.cli.main import cli

FACTS = """- id: network
  as_of: 2026-12-01
  facts:
    party.jurisdiction: {nation}
    party.role: {role}
    act.kind: keep_in_operation
    item.producer: huawei
    item.kind: telecommunications_equipment
    network.generation: 5g
    network.segment: ran
"""


def run(*words: str) -> str:
    return CliRunner().invoke(cli, list(words)).output


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def listed(nation: str, role: str = "telecom_operator") -> dict[str, Any]:
        (tmp_path / "network.yml").write_text(FACTS.format(nation=nation, role=role), encoding="utf-8")
        run("case", "open", "--title", "network", "--facts", "network.yml")
        assert "Nothing" in run("clock") or "may be due" in run("clock")
        run("case", "decide", "C-0001", "--at", "2026-12-01T10:00:00+00:00")
        made: dict[str, Any] = json.loads(run("clock", "-o", "json"))
        return made

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROSCRIBE_USER", "R. Ito")
    monkeypatch.setenv("PROSCRIBE_ZONE", "Europe/London")
    return listed


def test_a_phase_out_that_may_bind_shows_its_days_as_those_of_the_rule(listed: Any) -> None:
    made = listed("GB")
    days = {one["on"]: one for one in made["rule_days"]}
    assert "2027-12-31" in days, days
    assert days["2027-12-31"]["cases"] == ["C-0001"]
    assert days["2027-12-31"]["citation"]
    assert not made["deadlines"]  # nobody's duty
    assert "nobody's duty yet" in run("clock")


def test_a_rule_that_reaches_nothing_in_the_case_shows_no_day(listed: Any) -> None:
    assert not [one for one in listed("GB", "private_company")["rule_days"] if one["on"] == "2027-12-31"]


def test_before_the_law_was_asked_no_rule_is_named(listed: Any) -> None:
    run("case", "open", "--title", "asked of nobody")
    assert not json.loads(run("clock", "-o", "json"))["rule_days"]
