"""What is overdue goes as early as means allow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from enumerated import random_problem
from money import CONTRACT, FACTS, GB_FACTS, folder_of

from proscribe.choice.model import Job, Problem, Schedule, cost_of, faults_of
from proscribe.choice.schedule import plan
from proscribe.choice.sooner import sooner
from proscribe.cli.main import cli

ScanOf = tuple[Path, dict[str, str]]
pytestmark = pytest.mark.skipif(
    pytest.importorskip("importlib.util").find_spec("highspy") is None,
    reason="the extra choice is not installed",
)


def test_money_of_each_month_takes_overdue_things_away_in_that_month() -> None:
    jobs = tuple(Job(f"camera {one}", 1, 90_000, 0, due=11, due_by="the end") for one in range(15))
    problem = Problem(12, jobs, money=(150_000,) * 12)
    work = {(place, 11): 1 for place in range(15)}
    late = Schedule(work, frozenset(), cost_of(problem, work, ()))
    made = sooner(problem, late, range(15))
    assert not faults_of(problem, made) and made.cents == late.cents
    # 1,500 a month and 900 for each: one in the first month, and no month holds what one more would have cost
    by_month = [
        sum(units for (_, period), units in made.work.items() if period <= month) for month in range(12)
    ]
    assert by_month == [min(15, 150_000 * (month + 1) // 90_000) for month in range(12)]


def test_what_is_drawn_forward_keeps_every_cap_order_and_window() -> None:
    moved = 0
    for seed in range(0, 300, 5):
        problem = random_problem(seed)
        planned = plan(problem)
        if planned.schedule is None:
            continue
        made = sooner(problem, planned.schedule, range(len(problem.jobs)))
        assert not faults_of(problem, made), seed
        assert (made.cents, made.kept) == (planned.schedule.cents, planned.schedule.kept), seed
        early, before = (
            sum(period * units for (_, period), units in one.work.items()) for one in (made, planned.schedule)
        )
        assert early <= before, seed
        moved += early < before
    assert moved


def test_a_plan_removes_what_is_forbidden_already_as_soon_as_there_is_money(
    tmp_path: Path, scan: ScanOf
) -> None:
    rows = [
        {"Finding": scan[1]["E1"], "Quantity": "4", "Unit cost": "900", "Currency": "USD", "Site": "North"},
        {"Finding": scan[1]["E3"], "Quantity": "1", "Unit cost": "900", "Currency": "USD", "Site": "North"},
    ]
    money = [
        {
            "What": "money",
            "From month": "2027-01",
            "To month": "2027-12",
            "Amount": "1500",
            "Currency": "USD",
            "Carry over": "yes",
        }
    ]
    facts = FACTS.replace("  use.by:", "  act.kind: use\n  use.by:")
    folder = folder_of(
        tmp_path / "a",
        scan[0],
        assets=rows,
        contracts=[{**CONTRACT, "Options on": ""}],
        facts=facts,
        capacity=money,
    )
    done = CliRunner().invoke(
        cli,
        [
            "plan",
            "phase-out",
            str(folder),
            "--no-config",
            "--from",
            "2027-01",
            "--periods",
            "12",
            "-o",
            "csv",
        ],
    )
    assert done.exit_code == 0, done.output
    assert "2027-01" in done.output and "2027-03" in done.output
    assert "2027-12" not in done.output and "2027-05" not in done.output


def planned_from(folder: Path, month: str) -> dict[str, Any]:
    words = [
        "plan",
        "phase-out",
        str(folder),
        "--no-config",
        "--from",
        month,
        "--periods",
        "12",
        "-o",
        "json",
    ]
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 0, done.output
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def monthly(what: str, amount: str) -> dict[str, str]:
    return {
        "What": what, "From month": "2027-01", "To month": "2029-12", "Amount": amount, "Currency": "USD", "Carry over": "yes",
    }  # fmt: skip


def rows_of(scan: ScanOf, units: int, **entities: str) -> list[dict[str, str]]:
    return [
        {
            "Finding": scan[1][name], "Quantity": str(units), "Unit cost": "900", "Currency": "USD", "Site": "North",
            "Legal entity": entity,
        }
        for name, entity in entities.items()
    ]  # fmt: skip


def test_what_a_rule_permitted_until_a_day_before_the_plan_is_overdue(tmp_path: Path, scan: ScanOf) -> None:
    folder = folder_of(
        tmp_path / "a", scan[0], assets=rows_of(scan, 4, E3=""), contracts=[CONTRACT],
        facts=GB_FACTS + "  site.is_sensitive: false\n", capacity=[monthly("money", "1500")],
    )  # fmt: skip
    made = planned_from(folder, "2028-03")
    assert [(line["month"], line["units"]) for line in made["work"]] == [
        ("2028-03", 1), ("2028-04", 2), ("2028-05", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(("units", "days", "granted"), [(1, 31, 59), (7, 120, None)])
def test_every_plan_side_by_side_takes_what_is_overdue_away_as_soon(
    tmp_path: Path, scan: ScanOf, units: int, days: int, granted: int | None
) -> None:
    facts = FACTS.replace("  use.by:", "  act.kind: use\n  use.by:")
    folder = folder_of(
        tmp_path / "a", scan[0], assets=rows_of(scan, units, E1="Harrow Ridge", E3="Harrow Ridge Retail"),
        contracts=[{**CONTRACT, "Options on": ""}], facts=facts, capacity=[monthly("grant", "2000")],
    )  # fmt: skip
    made = planned_from(folder, "2027-01")
    against = {one["name"]: one["unlawful_days"] for one in made["alternatives"]}
    fences = [name for name in against if name.startswith("ring-fence")]
    assert len(fences) == 2
    for name in ("the plan", *fences):
        assert against[name] == days, name
    (share,) = [name for name in against if name.startswith("the plan, if grants")]
    assert granted is None or against[share] == granted
