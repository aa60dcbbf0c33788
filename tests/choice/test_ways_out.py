"""Ways out of a problem without a plan ask for what they need and not for more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from proscribe.choice.explain import reason_of, ways_out
from proscribe.choice.model import Job, Problem, faults_of
from proscribe.choice.schedule import plan

pytestmark = pytest.mark.skipif(
    pytest.importorskip("importlib.util").find_spec("highspy") is None,
    reason="the extra choice is not installed",
)
JOBS = (Job("cameras", 14, 90_000, 90, pool=0, due=4, due_by="the end"), Job("switch", 1, 90_001, 45, pool=0, due=4, due_by="the end"))  # fmt: skip


@pytest.mark.parametrize("have", [500_000, 1_000_000, 1_349_999])
@pytest.mark.parametrize("carry", [True, False])
def test_more_money_is_what_is_lacking_to_the_cent(have: int, carry: bool) -> None:
    closed = frozenset() if carry else frozenset({1, 2, 3, 4})
    jobs = tuple(replace(one, pool=-1, closed=closed) for one in JOBS)
    problem = Problem(5, jobs, money=(have, 0, 0, 0, 0), carry=carry)
    (way,) = [one for one in ways_out(problem, reason_of(problem)) if one.changes[0].kind == "money"]
    (change,) = way.changes
    assert change.amount == 14 * 90_000 + 90_001 - have
    more = replace(problem, money=(have + change.amount, 0, 0, 0, 0))
    assert way.planned.schedule is not None and not faults_of(more, way.planned.schedule)
    assert plan(replace(more, money=(have + change.amount - 1, 0, 0, 0, 0))).state == "infeasible"


def test_more_hours_are_what_one_month_lacks(hours: int = 90) -> None:
    problem = Problem(5, JOBS[:1], pools=((hours,) * 5,), pool_names=("crew",))
    (way,) = [
        one
        for one in ways_out(problem, reason_of(problem), hour_cents=6_000)
        if one.changes[0].kind == "hours"
    ]
    (change,) = way.changes
    # fourteen units in five months: three in most of them
    assert change.amount == 3 * 90 - hours and change.price == change.amount * 5 * 100
    assert way.planned.schedule is not None
    assert not faults_of(replace(problem, pools=((hours + change.amount,) * 5,)), way.planned.schedule)
