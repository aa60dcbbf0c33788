"""What a company can do instead, side by side: the same contracts, the same months, and what each rests on."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from money import CONTRACT, FACTS, GB_FACTS, folder_of

from proscribe.cli.main import cli

ScanOf = tuple[Path, dict[str, str]]
pytest.importorskip("highspy")


def planned(
    place: Path, scan: ScanOf, assets: list[dict[str, str]], *, contract: dict[str, str] | None = None,
    facts: str = FACTS, options: tuple[str, ...] = (), **tables: list[dict[str, str]],
) -> dict[str, Any]:  # fmt: skip
    folder = folder_of(place, scan[0], assets=assets, contracts=[contract or CONTRACT], facts=facts, **tables)
    done = CliRunner().invoke(
        cli,
        ["plan", "phase-out", str(folder), "--from", "2027-01", "--periods", "12", *options, "-o", "json"],
    )
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def row(scan: ScanOf, name: str, entity: str = "", **more: str) -> dict[str, str]:
    return {
        "Finding": scan[1][name], "Quantity": "4", "Site": "North", "Unit cost": "250", "Currency": "USD", "Book value": "90",
        "Legal entity": entity, "Category": "camera", **more,
    }  # fmt: skip


def named(made: dict[str, Any], start: str) -> list[dict[str, Any]]:
    return [one for one in made["alternatives"] if one["name"].startswith(start)]


def test_quarters_sum_up_to_what_is_replaced(tmp_path: Path, scan: ScanOf) -> None:
    made = planned(tmp_path / "a", scan, [row(scan, "E1"), row(scan, "E2")])
    assert made["alternatives"]
    for one in made["alternatives"]:
        assert sum(Decimal(part["spent"]) for part in one["quarters"]) == Decimal(one["replaced"])
        assert [part["quarter"] for part in one["quarters"]] == ["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"]


def test_a_ring_fence_frees_what_other_firms_hold_and_says_the_reading(tmp_path: Path, scan: ScanOf) -> None:
    contract = {**CONTRACT, "Legal entity": "Harrow Ridge"}
    rows = [row(scan, "E1", "Harrow Ridge Retail"), row(scan, "E2", "Harrow Ridge")]
    made = planned(tmp_path / "a", scan, rows, contract=contract)
    (fenced,) = named(made, "ring-fence Harrow Ridge")[:1]
    assert "reading.entity" in fenced["note"] and "in doubt" in fenced["note"]
    unsaid = planned(tmp_path / "b", scan, rows, contract={**CONTRACT, "Legal entity": ""})
    (plan,) = [one for one in unsaid["alternatives"] if one["name"] == "the plan"]
    fences = {one["name"]: one for one in named(unsaid, "ring-fence")}
    assert set(fences) == {"ring-fence Harrow Ridge", "ring-fence Harrow Ridge Retail"}
    for fence in fences.values():
        assert Decimal(fence["replaced"]) < Decimal(plan["replaced"]), "the things of the other firm stay"
    alone = planned(tmp_path / "c", scan, [row(scan, "E1")], contract=contract)
    assert not named(alone, "ring-fence") and any("Ring-fencing" in note for note in alone["notes"])


def test_each_proposal_is_switched_on_or_named(tmp_path: Path, scan: ScanOf) -> None:
    facts = FACTS.replace("regimes: [us-889-b]\n", "regimes: [us-889-b]\n").replace(
        "  use.by: the_entity\n", "  use.by: the_entity\n  party.role: prime_contractor\n"
    )
    made = planned(tmp_path / "a", scan, [row(scan, "E1")], facts=facts)
    told = " ".join(one["name"] + one["note"] for one in made["alternatives"]) + " ".join(made["notes"])
    assert "us-far-2026-001" in told and "eu-csa2" in told and "us-fcc-26-29" in told
    proposed = named(made, "the plan, if “")
    assert proposed
    for one in proposed:
        assert "as it is proposed" in one["note"] and "2026-11-25" in one["note"]
        assert Decimal(one["kept"]) + Decimal(one["let_go"]) > 0


def test_days_against_the_law_are_counted_where_things_stay(tmp_path: Path, scan: ScanOf) -> None:
    folder = folder_of(
        tmp_path / "a",
        scan[0],
        assets=[row(scan, "E3")],
        contracts=[CONTRACT],
        facts=GB_FACTS + "  site.is_sensitive: false\n",
    )
    done = CliRunner().invoke(
        cli, ["plan", "phase-out", str(folder), "--from", "2027-10", "--periods", "6", "-o", "json"]
    )
    made: dict[str, Any] = json.loads(done.stdout)
    days = {one["name"]: (one["unlawful"], one["unlawful_days"]) for one in made["alternatives"]}
    assert days["do nothing"] == (1, 31 + 29 + 31), "January to March 2028"
    assert days["leave the government market"] == days["do nothing"], "the direction binds without a contract"
    assert days["the plan"] == days["replace all now"] == (0, 0)


def test_to_leave_the_market_leaves_no_doubt_and_costs_what_was_in_doubt(
    tmp_path: Path, scan: ScanOf
) -> None:
    open_ = FACTS.replace("    item.purpose: [public_safety]\n", "")
    rates = [{"Category": "discount rate", "Typical": "5", "Source": "finance"}]
    made = planned(tmp_path / "a", scan, [row(scan, "E1")], facts=open_, assumptions=rates)
    nothing, leave = named(made, "do nothing")[0], named(made, "leave")[0]
    assert leave["doubt"] == "0.00"
    assert Decimal(leave["let_go"]) == Decimal(nothing["let_go"]) + Decimal(nothing["doubt"])


def test_what_is_planned_though_only_possible_is_counted_once(tmp_path: Path, scan: ScanOf) -> None:
    open_ = FACTS.replace("    item.purpose: [public_safety]\n", "")
    made = planned(
        tmp_path / "a", scan, [row(scan, "E1", "Harrow Ridge")], facts=open_, options=("--doubtful",)
    )
    worth = Decimal("1000000.00")
    for start in ("do nothing", "leave", "the plan"):
        one = named(made, start)[0]
        assert Decimal(one["kept"]) + Decimal(one["let_go"]) + Decimal(one["doubt"]) == worth, start
    assert named(made, "the plan")[0]["kept"] == "1000000.00"


def test_a_contract_that_is_kept_stays_in_doubt_for_things_outside_its_scope(
    tmp_path: Path, scan: ScanOf
) -> None:
    open_ = FACTS.replace("    item.purpose: [public_safety]\n", "")
    rows = [row(scan, "E1", "Harrow Ridge"), row(scan, "E2", "Harrow Ridge Retail")]
    made = planned(tmp_path / "a", scan, rows, facts=open_, options=("--doubtful",))
    plan = named(made, "the plan")[0]
    assert plan["kept"] == plan["doubt"] == "1000000.00"
    assert named(made, "do nothing")[0]["doubt"] == "0.00"


def test_a_contract_that_is_kept_stays_in_doubt_for_what_only_possibly_stands_against_it(
    tmp_path: Path, scan: ScanOf
) -> None:
    open_ = FACTS.replace("    item.purpose: [public_safety]\n", "")
    rows = [row(scan, "E1", "Harrow Ridge"), row(scan, "E3", "Harrow Ridge")]
    made = planned(tmp_path / "a", scan, rows, facts=open_)
    plan = named(made, "the plan")[0]
    assert (plan["kept"], plan["doubt"], made["residual"]) == ("1000000.00", "1000000.00", "1000000.00")
    assert named(made, "do nothing")[0]["doubt"] == "0.00", "let go, and lost"


def test_rows_without_a_legal_entity_are_of_no_second_one(tmp_path: Path, scan: ScanOf) -> None:
    made = planned(tmp_path / "a", scan, [row(scan, "E1", "Harrow Ridge"), row(scan, "E2")])
    assert not named(made, "ring-fence") and any("Ring-fencing" in note for note in made["notes"])


def test_workbook_and_page_show_them_all(tmp_path: Path, scan: ScanOf) -> None:
    xlsx, html = tmp_path / "p.xlsx", tmp_path / "p.html"
    made = planned(
        tmp_path / "a", scan, [row(scan, "E1")], options=("-o", f"xlsx={xlsx}", "-o", f"html={html}")
    )
    book = openpyxl.load_workbook(xlsx)
    names = [cell.value for cell in book["Alternatives"]["A"]][1:]
    assert names == [one["name"] for one in made["alternatives"]]
    assert [cell.value for cell in book["Quarters"][1]][1:] == [
        "2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4",
    ]  # fmt: skip
    page = html.read_text("utf-8")
    assert "Money by quarter" in page and "Unlawful days" in page and "Still in doubt" in page
