"""Plans: held against everything that could be tried, against an independent check, and for people."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from enumerated import best_of, random_problem
from money import CONTRACT, FACTS, folder_of, write

from proscribe.choice.explain import only, reason_of, ways_out
from proscribe.choice.master import master
from proscribe.choice.model import (
    Job,
    Problem,
    Schedule,
    Stake,
    circle_of,
    cost_of,
    faults_of,
    order_of,
    usable,
)
from proscribe.choice.plan_page import to_table
from proscribe.choice.schedule import fill, plan
from proscribe.choice.search import Clock, Search
from proscribe.cli.main import cli
from proscribe.model.codec import read_json
from proscribe.model.phase_out import PhaseOut

ScanOf = tuple[Path, dict[str, str]]
solver = pytest.mark.skipif(
    pytest.importorskip("importlib.util").find_spec("highspy") is None,
    reason="the extra choice is not installed",
)
#: A sample of the 500 that bench/choice.py tries.
SEEDS = range(0, 500, 7)


@solver
def test_a_plan_is_the_best_of_all_and_the_master_never_above_it() -> None:
    for seed in SEEDS:
        problem = random_problem(seed)
        best, made, bound = best_of(problem), plan(problem), master(problem, gap=0.0)
        if best is None:
            assert made.state == "infeasible", seed
            continue
        assert made.state == "planned" and made.schedule is not None, seed
        assert not faults_of(problem, made.schedule), seed
        assert not bound.infeasible and bound.bound <= best <= made.schedule.cents, seed
        assert made.schedule.cents <= best * 1.01 and made.bound <= best, seed


@solver
def test_a_reason_is_one_and_nothing_of_it_can_be_left_out() -> None:
    seen = 0
    for seed in SEEDS:
        problem = random_problem(seed)
        if best_of(problem) is not None:
            continue
        seen += 1
        reason = reason_of(problem)
        assert best_of(only(problem, reason.elements)) is None, seed
        for element in reason.elements:
            assert (
                best_of(only(problem, [one for one in reason.elements if one is not element])) is not None
            ), seed
        for way in ways_out(problem, reason)[:3]:
            assert way.planned.schedule is not None and way.planned.state == "planned"
    assert seen > 10


@solver
def test_more_money_or_more_hours_never_cost_more() -> None:
    for seed in range(1, 200, 11):
        problem = random_problem(seed)
        made = plan(problem)
        if made.schedule is None:
            continue
        pools = tuple(tuple(one + 200 for one in have) for have in problem.pools)
        money = None if problem.money is None else tuple(one + 10_000 for one in problem.money)
        more = plan(replace(problem, pools=pools, money=money))
        assert more.schedule is not None and more.schedule.cents <= made.schedule.cents, seed


def larger() -> Problem:
    """Make a problem that is not solved exactly."""
    jobs = tuple(
        Job(f"J{n}", 3 + n % 5, 10_000 + 37 * n, 60 + n % 90, n % 2, n % 3, n % 2, 20 if n % 17 == 0 else None, "a rule",
            (n - 1,) if n % 4 == 3 else ())
        for n in range(80)
    )  # fmt: skip
    stakes = tuple(
        Stake(f"C{n}", 900_000 + 1000 * n, 4 + n % 18, tuple(range(4 * n, 4 * n + 4))) for n in range(20)
    )
    return Problem(24, jobs, stakes, (300_000,) * 24, True, ((1_500,) * 24, (1_500,) * 24), ("a", "b"))


def crowded(seed: int) -> Problem:
    """Make a problem whose contracts share sites, with money and hours for a part of them."""
    chance = Random(seed)
    jobs = tuple(
        Job(f"J{n}", chance.randint(1, 6), chance.randint(20_000, 900_000), chance.randint(60, 900), n % 3, chance.randint(0, 3))
        for n in range(120)
    )  # fmt: skip
    stakes = tuple(
        Stake(f"C{n}", chance.randint(1_000_000, 90_000_000), chance.randint(4, 23), tuple(sorted(chance.sample(range(120), 8))))
        for n in range(60)
    )  # fmt: skip
    money = sum(job.units * job.cents for job in jobs) // 40
    hours = [sum(job.units * job.minutes for job in jobs if job.pool == pool) // 40 for pool in range(3)]
    return Problem(
        24, jobs, stakes, (money,) * 24, True, tuple((one,) * 24 for one in hours), ("a", "b", "c")
    )


@solver
def test_a_large_problem_gives_the_same_plan_twice_and_breaks_nothing() -> None:
    problem = larger()
    first, again = plan(problem, seconds=600), plan(problem, seconds=600)
    assert first == again and first.schedule is not None and not first.timed
    assert not faults_of(problem, first.schedule)
    assert first.bound <= first.schedule.cents and first.gap < 0.01


@solver
def test_a_time_limit_gives_the_best_plan_so_far_and_says_so() -> None:
    problem = crowded(1)
    hurried = plan(problem, seconds=0.01)
    assert hurried.timed and hurried.schedule is not None
    assert not faults_of(problem, hurried.schedule)
    assert 0 <= hurried.bound <= hurried.schedule.cents


@solver
def test_a_small_problem_says_too_when_the_time_limit_ended_it() -> None:
    problem = random_problem(1)
    assert not plan(problem).timed
    assert plan(problem, seconds=1e-6).timed


def test_a_limit_of_time_says_only_then_that_it_ended_something() -> None:
    late, early = Clock(0.0), Clock(600.0)
    search = Search(crowded(1))
    for clock in (late, early):
        search.better((), share=1.0, steps=3, clock=clock)
        assert clock.left > 0
    assert late.ended and not early.ended


def test_what_is_due_first_is_done_first_and_its_money_is_not_spent_on_others() -> None:
    jobs = (Job("late", 1, 100, 0, due=3, due_by="b"), Job("early", 1, 100, 60, 0, due=1, due_by="a"))
    problem = Problem(4, jobs, (), (50, 50, 50, 50), True, ((0, 60, 60, 60),), ("crew",))
    made = fill(problem, ())
    assert not made.out and made.work == {(1, 1): 1, (0, 3): 1}


def test_crews_do_not_wait_for_money_that_other_work_does_not_need() -> None:
    """By day alone the dear job takes the money of the first month, and hours of the crew are lost for good."""
    jobs = (Job("dear", 2, 60, 30, 0, due=2, due_by="a"), Job("cheap", 2, 10, 60, 0, due=2, due_by="b"))
    problem = Problem(3, jobs, (), (60, 60, 60), True, ((60, 60, 60),), ("crew",))
    made = fill(problem, ())
    assert not made.out
    assert not faults_of(problem, Schedule(made.work, frozenset(), cost_of(problem, made.work, ())))


@solver
def test_moving_units_never_leaves_more_out_and_at_times_less() -> None:
    helped = 0
    for seed in range(12):
        problem = crowded(seed)
        kept = set(Search(problem).better((), share=0.9, steps=30) or ())
        plain, again = fill(problem, kept).out, fill(problem, kept, moves=300).out
        assert sum(again.values()) <= sum(plain.values()), seed
        helped += sum(again.values()) < sum(plain.values())
    assert helped


def test_hours_of_a_month_closed_for_a_whole_crew_are_none() -> None:
    jobs = (Job("a", 1, 1, 60, 0, closed=frozenset({0, 1})), Job("b", 1, 1, 60, 0, closed=frozenset({1})))
    problem = Problem(3, jobs, pools=((9, 9, 9), (7, 7, 7)))
    assert usable(problem).pools == ((9, 0, 9), (7, 7, 7))


def test_a_search_keeps_what_pays_and_fits_and_what_must_stay() -> None:
    jobs = tuple(Job(f"J{n}", 1, 10, 60, 0) for n in range(4))
    stakes = (
        Stake("first", 500, 1, (0,)), Stake("next", 900, 2, (1,), after=0), Stake("must", 1, 0, (2,), must=True),
        Stake("never", 9_000, -1, (3,)), Stake("too dear", 5, 2, (3,)),
    )  # fmt: skip
    problem = Problem(3, jobs, stakes, None, True, ((60, 60, 60),), ("crew",))
    assert Search(problem).better((), share=1.0, steps=20) == frozenset({0, 1, 2})
    assert Search(replace(problem, pools=((60, 0, 0),))).better((), share=1.0, steps=20) == frozenset({2})
    assert Search(replace(problem, pools=((0, 60, 60),))).better((), share=1.0, steps=20) is None


def test_the_check_sees_what_is_wrong() -> None:
    jobs = (Job("a", 2, 100, 60, 0, 1, due=2, due_by="x"), Job("b", 1, 100, 0, after=(0,)))
    problem = Problem(3, jobs, (Stake("c", 5, 1, (1,)),), (100, 100, 100), False, ((60, 60, 60),), ("crew",))
    wrong = Schedule({(0, 0): 2, (1, 0): 1}, frozenset({0}), 7)
    said = " ".join(faults_of(problem, wrong))
    assert "before delivery" in said and "money" in said and "crew" in said and "cost" in said
    with pytest.raises(ValueError, match="a"):
        order_of(replace(problem, jobs=(replace(jobs[0], after=(1,)), jobs[1])))


def tables(
    place: Path, scan: ScanOf, *, camera: dict[str, str] | None = None, **more: list[dict[str, str]]
) -> Path:
    row = {"Quantity": "4", "Site": "North", "Unit cost": "250.00", "Currency": "USD", "Hours": "2"} | (
        camera or {}
    )
    capacity = [
        {"What": "money", "From month": "2027-01", "To month": "2027-12", "Amount": "600", "Currency": "USD"},
        {"What": "crew", "From month": "2027-01", "To month": "2027-12", "Hours": "4"},
    ]
    rows = [{"Finding": scan[1][name], **row} for name in ("E1", "E2", "E3")]
    return folder_of(
        place,
        scan[0],
        assets=rows,
        contracts=[CONTRACT],
        facts=FACTS,
        capacity=more.get("capacity", capacity),
    )


@solver
def test_a_plan_for_people_keeps_the_contract_within_money_and_hours(tmp_path: Path, scan: ScanOf) -> None:
    folder = tables(tmp_path / "a", scan)
    html, xlsx, lines = tmp_path / "p.html", tmp_path / "p.xlsx", tmp_path / "p.csv"
    done = CliRunner().invoke(cli, [
        "plan", "phase-out", str(folder), "--from", "2027-01", "--periods", "12", "-o", "json", "-o", f"html={html}",
        "-o", f"xlsx={xlsx}", "-o", f"csv={lines}",
    ])  # fmt: skip
    assert done.exit_code == 0, done.output  # 24 hours are needed by April, and 16 are there
    made = json.loads(done.stdout)
    assert made["state"] == "planned" and made["schema"] == "proscribe.plan/1"
    (day,) = made["contracts"]
    assert not day["kept"] and made["let_go"] == "1000000.00"
    hours, money = day["lacks"]
    assert hours.startswith("8 hours of ") and hours.endswith(" by 2027-04: it needs 24, and there are 16")
    assert money == "600.00 USD by 2027-04: it needs 3,000.00, and there is 2,400.00"
    read = read_json(PhaseOut, done.stdout.encode(), open_=True)
    for told in (to_table(read), html.read_text()):
        assert "it lacks 8 hours of " in told and f"it lacks {money}" in told


@solver
def test_enough_hours_keep_it_and_months_and_money_add_up(tmp_path: Path, scan: ScanOf) -> None:
    capacity = [
        {
            "What": "money",
            "From month": "2027-01",
            "To month": "2027-12",
            "Amount": "1000",
            "Currency": "USD",
        },
        {"What": "crew", "From month": "2027-01", "To month": "2027-12", "Hours": "8"},
        {"What": "closed", "From month": "2027-01"},
    ]
    folder = tables(tmp_path / "a", scan, capacity=capacity)
    xlsx, lines, html = tmp_path / "p.xlsx", tmp_path / "p.csv", tmp_path / "p.html"
    done = CliRunner().invoke(cli, [
        "plan", "phase-out", str(folder), "--from", "2027-01", "--periods", "12", "-o", "json", "-o", f"xlsx={xlsx}",
        "-o", f"csv={lines}", "-o", f"html={html}",
    ])  # fmt: skip
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)
    assert [one["kept"] for one in made["contracts"]] == [True]
    assert {one["month"] for one in made["work"]} <= {"2027-02", "2027-03", "2027-04"}
    assert (
        sum(one["units"] for one in made["work"] if one["cost"] != "0.00") == 12
        and made["replaced"] == "3000.00"
    )
    assert any("have no price" in note for note in made["notes"]), "the finding without a row"
    assert made["cost"] == made["bound"] == "3000.00" and made["gap"] == 0
    assert all("lacks" not in one for one in made["contracts"])
    assert [one["name"] for one in made["alternatives"]][:4] == [
        "do nothing", "leave the government market", "replace all now", "the plan",
    ]  # fmt: skip
    book = openpyxl.load_workbook(xlsx)
    assert str(book["Months"]["B2"].value).startswith("=SUMIFS(Work!")
    assert [book[name].freeze_panes for name in ("Months", "Work", "Contracts")] == ["A2"] * 3
    assert book["Work"].auto_filter.ref == book["Work"].dimensions
    assert lines.read_text("utf-8").startswith("Location,Equipment,Category,Quantity,Remove by,Replace in")
    page = html.read_text("utf-8")
    assert page.count("<svg") == 3 and "<script" not in page


@solver
def test_no_plan_is_told_in_named_things_with_ways_out(tmp_path: Path, scan: ScanOf) -> None:
    folder = tables(tmp_path / "a", scan, camera={"Due on": "2027-02-28"})
    done = CliRunner().invoke(cli, ["plan", "phase-out", str(folder), "--from", "2027-01", "--periods", "12"])
    assert done.exit_code == 1
    assert (
        "Money due by 2027-02: 2,000.00 USD; there is 1,200.00; needed by the deadline row (assets.csv"
        in done.output
    )
    assert "Cheapest ways out" in done.output and "more from the first month on" in done.output
    assert "a waiver of" in done.output


def test_only_what_waits_in_a_circle_is_named() -> None:
    jobs = [
        Job(f"J{n}", 1, 1, 1, after=after)
        for n, after in enumerate([(2,), (0,), (1,), (2,), (), (4,), (4, 0)])
    ]
    assert circle_of(Problem(2, tuple(jobs))) == [0, 1, 2]
    assert circle_of(Problem(2, (Job("own", 1, 1, 1, after=(0,)),))) == [0]
    assert not circle_of(Problem(2, tuple(jobs[4:5]))) and not circle_of(Problem(2, ()))


def test_a_circle_and_months_that_are_none_say_so(tmp_path: Path, scan: ScanOf) -> None:
    rows = [
        {"Finding": scan[1][name], "Quantity": "1", "Site": "North", "Category": own, "After category": other}
        for name, own, other in (("E1", "camera", "recorder"), ("E2", "recorder", "camera"))
    ]
    folder = folder_of(tmp_path / "a", scan[0], assets=rows, contracts=[CONTRACT])
    asked = ["plan", "phase-out", str(folder), "--from"]
    assert "E542" in (done := CliRunner().invoke(cli, [*asked, "2027-01"])).output and done.exit_code == 2
    assert "circle" in done.output and "assets.csv, row 2; assets.csv, row 3" in done.output
    assert "“camera”" in done.output and "“recorder”" in done.output
    assert "no month" in CliRunner().invoke(cli, [*asked, "2027-13"]).output
    assert "number of months" in CliRunner().invoke(cli, [*asked, "2027-01", "--periods", "0"]).output


def test_a_circle_among_what_only_a_proposal_reaches_says_so(tmp_path: Path, scan: ScanOf) -> None:
    rows = [
        {"Finding": scan[1][name], "Quantity": "1", "Site": "North", "Category": own, "After category": other}
        for name, own, other in (("E1", "camera", "recorder"), ("E2", "recorder", "camera"))
    ]
    folder = folder_of(tmp_path, scan[0], assets=rows, contracts=[CONTRACT])
    (folder / "facts.yml").unlink()
    done = CliRunner().invoke(cli, ["plan", "phase-out", str(folder), "--from", "2027-01"])
    assert done.exit_code == 2 and "assets.csv, row 2; assets.csv, row 3" in done.output


def test_without_the_solver_exposure_still_answers(
    tmp_path: Path, scan: ScanOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)
    folder = tables(tmp_path / "a", scan)
    done = CliRunner().invoke(cli, ["plan", "phase-out", str(folder), "--from", "2027-01"])
    assert done.exit_code == 5 and "E502" in done.output and "choice" in done.output
    assert CliRunner().invoke(cli, ["exposure", str(folder)]).exit_code == 0


@solver
def test_an_update_keeps_what_is_done_and_moves_little_else(tmp_path: Path, scan: ScanOf) -> None:
    capacity = [
        {
            "What": "money",
            "From month": "2027-01",
            "To month": "2027-12",
            "Amount": "1000",
            "Currency": "USD",
        },
        {"What": "crew", "From month": "2027-01", "To month": "2027-12", "Hours": "10"},
    ]
    folder = tables(tmp_path / "a", scan, capacity=capacity)
    first, second = tmp_path / "p1.json", tmp_path / "p2.json"
    asked = [
        "plan",
        "phase-out",
        str(folder),
        "--from",
        "2027-01",
        "--periods",
        "12",
        "--quiet",
        "-o",
        f"json={first}",
    ]
    assert CliRunner().invoke(cli, asked).exit_code == 0
    before = json.loads(first.read_text("utf-8"))
    january = {
        one["finding"]: one["units"] for one in before["work"] if one["month"] == "2027-01" and one["finding"]
    }
    write(
        folder / "progress.csv",
        [{"Finding": name, "Units done": str(count)} for name, count in january.items()],
    )
    again = [
        "plan",
        "update",
        str(folder),
        "--plan",
        str(first),
        "--from",
        "2027-02",
        "--periods",
        "11",
        "--quiet",
    ]
    done = CliRunner().invoke(cli, [*again, "-o", f"json={second}"])
    assert done.exit_code == 0, done.output
    after = json.loads(second.read_text("utf-8"))

    def later(made: dict[str, Any]) -> dict[tuple[str, str], int]:
        return {
            (one["finding"], one["month"]): one["units"] for one in made["work"] if one["month"] > "2027-01"
        }

    assert later(after) == later(before)
    assert [one["kept"] for one in after["contracts"]] == [True]
    assert any("stay" in note for note in after["notes"])
    write(folder / "progress.csv", [{"Finding": "f_strange", "Units done": "1"}])
    assert "E544" in CliRunner().invoke(cli, again).output
    first.write_text("{}", encoding="utf-8")
    (folder / "progress.csv").unlink()
    assert "E544" in CliRunner().invoke(cli, again).output
