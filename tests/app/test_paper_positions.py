"""A paper is of one award: it says what the law says in regard of that one, whatever else the firm is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.papers.in_position import put_in_position
from proscribe.app.rules.decide import Decider, open_decider
from proscribe.app.rules.facts_file import facts_of
from proscribe.app.rules.scan_decide import decide_findings
from proscribe.kb.snapshot import Snapshot
from proscribe.model.papers import Paper
from proscribe.model.scan_writing import scan_text

from .conftest import scan, write_csv

FACTS = """as_of: 2026-11-30
facts: {party.jurisdiction: US, party.role: %s, act.kind: use, use.by: the_entity}
funds:
  DE-1: {funds.federal_award: true}
  Gift: {funds.federal_award: false}
"""
HEADER = ["asset_tag", "manufacturer", "model", "site", "fund"]
ROWS = [
    ["U-1", "Huawei", "AR161", "Campus", "DE-1"],
    ["U-2", "ZTE", "MF286", "Campus", "Gift"],
    ["U-3", "Huawei", "AR161", "Campus", "Operating"],
]


@pytest.fixture(scope="module")
def decider() -> Decider:
    return open_decider()


def scanned(folder: Path, decider: Decider, role: str, more: str = "") -> Path:
    read = scan(write_csv(folder / "inventory.csv", ROWS, HEADER)).scan
    made = decide_findings(
        read, decider, facts_of(FACTS % role + more, "facts.yml", decider.law, decider.firms)
    )
    place = folder / "scan.json"
    place.write_text(scan_text(made), encoding="utf-8")
    return place


def paper(folder: Path, type_: str, place: Path, contract: dict[str, str]) -> Paper:
    said = folder / "said.json"
    said.write_text(
        json.dumps({"organisation": {"name": "State University"}, "contract": contract}), encoding="utf-8"
    )
    made_at = datetime(2026, 11, 30, 12, tzinfo=UTC)
    return make_paper(
        Making(type_, files=(said,), scans=(place,), made_at=made_at, author="B. Lind", pictures=False)
    )


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(one)


@pytest.mark.parametrize("role", ["prime_contractor", "subcontractor", "grant_recipient"])
def test_a_certification_on_award_funds_is_a_recipients_whatever_the_firm_was_stated_to_be(
    tmp_path: Path, decider: Decider, role: str
) -> None:
    made = paper(
        tmp_path, "grant-certification", scanned(tmp_path, decider, role), {"award": "DE-1", "agency": "DoE"}
    )
    outcomes = {one["outcome"] for one in made.data["body"]["costs"]}
    said = " ".join(texts(made.data))
    assert "Prohibited: 1 thing. Award funds may not pay for this" in said
    assert "outside the rule" not in said
    assert "prohibited" in outcomes


def test_only_what_was_paid_from_another_pocket_is_not_covered(tmp_path: Path, decider: Decider) -> None:
    place = scanned(tmp_path, decider, "prime_contractor")
    made = paper(tmp_path, "grant-certification", place, {"award": "DE-1", "agency": "DoE"})
    said = " ".join(texts(made.data))
    assert "1 prohibited, 1 cannot be said yet, 1 not covered" in said
    assert "no award funds pay, as stated" in said or "paid" in said


def test_the_paper_of_one_contract_says_nothing_of_another(tmp_path: Path, decider: Decider) -> None:
    awards = "awards:\n  N-1: {party.role: prime_contractor, contract.agency: NASA}\n  N-2: {party.role: subcontractor, contract.agency: DoD}\n"
    place = scanned(tmp_path, decider, "prime_contractor", awards)
    prime = " ".join(
        texts(paper(tmp_path, "offer-representation", place, {"number": "N-1", "agency": "NASA"}).data)
    )
    sub = " ".join(
        texts(paper(tmp_path, "offer-representation", place, {"number": "N-2", "agency": "DoD"}).data)
    )
    assert "3 prohibited" in prime
    assert "3 prohibited" not in sub


def test_a_grantee_that_bids_is_asked_what_it_is_there_and_is_not_cleared(
    tmp_path: Path, decider: Decider
) -> None:
    place = scanned(tmp_path, decider, "grant_recipient")
    made = paper(tmp_path, "offer-representation", place, {"solicitation": "S-9", "agency": "NASA"})
    said = " ".join(texts(made.data))
    assert "3 cannot be said yet" in said
    assert "not covered" not in {
        one["outcome"] for one in made.data.get("body", {}).get("findings", ()) if "outcome" in one
    }


def test_a_scan_that_cannot_be_read_again_says_nothing_of_the_award(
    tmp_path: Path, decider: Decider, snapshot: Snapshot
) -> None:
    place = scanned(tmp_path, decider, "prime_contractor")
    said = json.loads(place.read_text("utf-8"))
    assert all("outcome" in one for one in said["findings"]) and said["decided"]
    value: dict[str, Any] = {
        "scans": [{"sha256": "0" * 64, "value": said, "as_judged": {}}],
        "contract": {"award": "DE-1"},
    }
    put_in_position("grant-certification", value, snapshot, {}, None, None)
    (one,) = value["scans"]
    assert "as_judged" not in one and "decided" not in one["value"]
    assert len(one["value"]["findings"]) == len(said["findings"]) > 0
    assert not any({"outcome", "determinations"} & item.keys() for item in one["value"]["findings"])
