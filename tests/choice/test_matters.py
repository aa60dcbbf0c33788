"""Each award answers for itself in money, too, and what stands abroad is asked under the law of its country."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from money import write

import proscribe
from proscribe.app.choice.exposure import Sources, Work, work_out
from proscribe.app.choice.nation_matrix import matrix
from proscribe.model.decisions import Outcome

FACTS = """as_of: 2026-11-30
facts:
  party.jurisdiction: US
  party.role: prime_contractor
  act.kind: use
  use.by: the_entity
  item.role_in_system: substantial_or_essential_component
"""
ROW = {
    "Kind": "contract",
    "Agency": "NASA",
    "Country": "US",
    "Value per year": "100",
    "Currency": "USD",
    "Options on": "2027-05-20",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("found")
    list_ = folder / "inventory.csv"
    rows = [
        {
            "asset_tag": "A-1",
            "manufacturer": "Huawei",
            "model": "AR161",
            "site": "HQ",
            "country": "US",
            "fund": "Gift",
        },
        {
            "asset_tag": "A-2",
            "manufacturer": "Huawei",
            "model": "AR161",
            "site": "Milano",
            "country": "IT",
            "fund": "Gift",
        },
    ]
    write(list_, rows)
    (folder / "scan.json").write_text(proscribe.scan([list_], as_of="2026-11-30").to_json(), encoding="utf-8")
    return folder / "scan.json"


def worked(folder: Path, found: Path, facts: str, *contracts: dict[str, str]) -> Work:
    write(folder / "contracts.csv", [{**ROW, **one} for one in contracts])
    stated = folder / "facts.yml"
    stated.write_text(facts, encoding="utf-8")
    return work_out(Sources(folder, found, (stated,)), currency="USD")


def against(work: Work, number: str) -> dict[str, bool]:
    """Give the rules that stand against a contract, and whether surely."""
    lines = [one for one in work.exposure.lines if one.what.startswith(number)]
    return {hold.regime: hold.sure for line in lines for hold in line.rules}


def test_what_is_stated_of_one_award_is_said_of_no_other(tmp_path: Path, found: Path) -> None:
    facts = f"{FACTS}awards:\n  N-1: {{party.role: subcontractor}}\n"
    work = worked(tmp_path, found, facts, {"Contract": "N-1"}, {"Contract": "N-2"})
    assert "us-889-b" not in against(work, "N-1")
    assert against(work, "N-2")["us-889-b"] is True


def test_a_waiver_that_was_stated_of_the_company_lifts_none_of_several_contracts(
    tmp_path: Path, found: Path
) -> None:
    waiver: dict[str, Any] = {
        "grantor": "dni", "part": "b", "agency": "NASA", "granted_on": "2026-01-01", "valid_to": "2028-01-01", "covers_item": "true",
    }  # fmt: skip
    lines = "".join(f"  waiver.{name}: {value}\n" for name, value in waiver.items())
    alone = worked(tmp_path, found, FACTS + lines, {"Contract": "N-1"})
    assert "us-889-b" not in against(alone, "N-1")
    several = worked(tmp_path, found, FACTS + lines, {"Contract": "N-1"}, {"Contract": "N-2"})
    assert against(several, "N-1")["us-889-b"] and against(several, "N-2")["us-889-b"]
    of_one = (
        "awards:\n  N-1: {" + ", ".join(f"waiver.{name}: {value}" for name, value in waiver.items()) + "}\n"
    )
    own = worked(tmp_path, found, FACTS + of_one, {"Contract": "N-1"}, {"Contract": "N-2"})
    assert "us-889-b" not in against(own, "N-1")
    assert against(own, "N-2")["us-889-b"] is True


@pytest.mark.parametrize(
    ("fund", "blocked"), [("federal_award: false", False), ("federal_award: true", True), ("", True)]
)
def test_a_grant_is_not_stopped_by_what_no_award_paid_for(
    tmp_path: Path, found: Path, fund: str, blocked: bool
) -> None:
    facts = f"{FACTS}funds:\n  Gift: {{{fund}}}\n" if fund else FACTS
    work = worked(
        tmp_path, found, facts, {"Contract": "DE-1", "Kind": "grant", "Agency": "DoE"}, {"Contract": "N-1"}
    )
    assert ("us-889-grants" in against(work, "DE-1")) is blocked


def test_what_stands_abroad_waits_for_what_the_company_is_there(tmp_path: Path, found: Path) -> None:
    work = worked(tmp_path, found, FACTS, {"Contract": "N-1"})
    asked = {one.fact: one.asks for one in work.exposure.narrowing}
    (milano,) = (one for one in work.exposure.lines if one.site == "Milano")
    assert any(
        not hold.sure and hold.regime == "it-art1bis" and "party.role@country:IT" in hold.missing
        for hold in milano.rules
    ) or ("party.role@country:IT" in asked)
    cells = matrix(work, "2026", ["IT"]).cells
    assert {one.outcome for one in cells} == {Outcome.UNDETERMINED}
    told = worked(
        tmp_path, found, f"{FACTS}countries: {{IT: {{party.role: private_company}}}}\n", {"Contract": "N-1"}
    )
    assert {one.outcome for one in matrix(told, "2026", ["IT"]).cells} == {Outcome.NOT_COVERED}
    (settled,) = (one for one in told.exposure.lines if one.site == "Milano")
    assert not any(hold.regime.startswith("it-") for hold in settled.rules)
    assert all("@country:IT" not in one.fact for one in told.exposure.narrowing)
