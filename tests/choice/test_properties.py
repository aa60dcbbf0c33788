"""What holds whatever the tables say: sums are those of rows, open facts never lower an exposure, and law needs no solver."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from money import CONTRACT, FACTS, folder_of

from proscribe.cli.main import cli

ScanOf = tuple[Path, dict[str, str]]
SEEDS = range(6)


def tables(scan: ScanOf, seed: int) -> dict[str, list[dict[str, str]]]:
    """Make random rows of assets and contracts, some without a price, a place or a finding."""
    chance = Random(seed)
    names = ["E1", "E2", "E3", "E4", "E5"]
    assets = [
        {
            "Finding": scan[1].get(chance.choice(names), "") if chance.random() < 0.8 else "",
            "Quantity": str(chance.randint(1, 40)), "Site": chance.choice(["North", "South", ""]),
            "Unit cost": f"{chance.randint(1, 90_000) / 1000:.3f}" if chance.random() < 0.8 else "", "Currency": "USD",
            "Book value": f"{chance.randint(1, 9_999) / 100:.2f}" if chance.random() < 0.5 else "", "Category": "camera",
        }
        for _ in range(8)
    ]  # fmt: skip
    contracts = [
        {**CONTRACT, "Contract": f"C-{n}", "Value per year": f"{chance.randint(1, 10**8) / 100:.2f}", "Sites": chance.choice(["", "North"])}
        for n in range(3)
    ]  # fmt: skip
    return {"assets": assets, "contracts": contracts}


def exposed(place: Path, scan: ScanOf, seed: int, facts: str = FACTS) -> dict[str, Any]:
    folder = folder_of(place, scan[0], facts=facts, **tables(scan, seed))
    done = CliRunner().invoke(cli, ["exposure", str(folder), "-o", "json"])
    made: dict[str, Any] = json.loads(done.stdout)
    return made


@pytest.mark.parametrize("seed", SEEDS)
def test_totals_equal_rows_to_the_cent(tmp_path: Path, scan: ScanOf, seed: int) -> None:
    made = exposed(tmp_path / "a", scan, seed)
    assert made["lines"] and made["totals"]
    for total in made["totals"]:
        lines = [one for one in made["lines"] if one["kind"] == total["kind"]]
        for column in ("surely", "possibly"):
            priced = [Decimal(one[column]) for one in lines if one[column] is not None]
            assert sum(priced, Decimal("0.00")) == Decimal(total[column] or 0), (total["kind"], column)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_open_fact_never_lowers_an_exposure(tmp_path: Path, scan: ScanOf, seed: int) -> None:
    known = exposed(tmp_path / "a", scan, seed)
    unsaid = exposed(tmp_path / "b", scan, seed, FACTS.replace("    item.purpose: [public_safety]\n", ""))
    most = {one["kind"]: Decimal(one["possibly"] or 0) for one in unsaid["totals"]}
    assert known["totals"]
    for total in known["totals"]:
        assert Decimal(total["surely"] or 0) <= Decimal(total["possibly"] or 0)
        assert most.get(total["kind"], Decimal(0)) >= Decimal(total["possibly"] or 0), total["kind"]


def test_exposure_and_matrix_need_no_solver_and_a_plan_says_what_it_needs(
    tmp_path: Path, scan: ScanOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)
    folder = str(folder_of(tmp_path / "a", scan[0], **tables(scan, 1)))
    run = CliRunner().invoke
    assert json.loads(run(cli, ["exposure", folder, "-o", "json"]).stdout)["lines"]
    asked = ["matrix", folder, "--years", "2027", "--jurisdiction", "US", "-o", "json"]
    assert json.loads(run(cli, asked).stdout)["cells"]
    done = run(cli, ["plan", "phase-out", folder, "--from", "2027-01", "--periods", "6"])
    assert done.exit_code and "E502" in done.output and "choice" in done.output
