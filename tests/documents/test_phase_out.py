"""The statement on a removal: what is untrue is refused, and what is late can be said to be late."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import pytest
from tests.documents import paper_samples as ps

from proscribe.model.codec import CodecError, read
from proscribe.model.papers import FindingJudgement, PaperInputs, PaperState, PlanStep

REGIME = "gb-2022-dvd"
CITED = ["Designated vendor direction (2022-10-13)"]


def row(name: str, outcome: str, site: str, segment: str, quantity: str = "6", **more: Any) -> dict[str, Any]:
    """Write a finding of Huawei equipment in a part of the network."""
    said = {key: more.pop(key) for key in ("until", "ended", "missing") if key in more}
    return ps.finding(
        name,
        entity="huawei",
        covered_through=["huawei"],
        record_id=name,
        locator={"row": int(name[-1]), "sheet": None, "pointer": None},
        details={"quantity": quantity, "site": site},
        decided_on={"network.segment": segment, "item.producer": "huawei"},
        determinations=[ps.determination(REGIME, outcome, citations=CITED, **said)],
        **more,
    )


CORE = row("f_1", "prohibited", "Luton 2", "core", ended="2023-12-31")
LINK = row("f_2", "prohibited", "Dover 11", "transport", "3", ended="2025-12-31")
RADIO = row("f_3", "permitted_until", "Dover 14", "access", "1", until="2027-12-31")


def step(name: str, of: str = "", **more: Any) -> PlanStep:
    """Plan the removal of a finding."""
    told: dict[str, Any] = {"by_on": date(2027, 9, 30), "finding_ids": (of,) if of else ()}
    return PlanStep(name, f"Replace {name}", "G. Lin", **(told | more))


TRUE = (step("core", "f_1"), step("link", "f_2"), step("radio", "f_3"))


def inputs(
    *plan: PlanStep, rows: tuple[dict[str, Any], ...] = (CORE, LINK, RADIO), **more: Any
) -> PaperInputs:
    """Give the inputs of a statement."""
    _, made = ps.samples()["phase-out-statement"]
    told: dict[str, Any] = {"answers": {"use": "does"}, **more}
    return dataclasses.replace(made, scans=ps.scanned(*rows), plan=plan, **told)


def codes(given: PaperInputs) -> set[str]:
    """Give what stands against the statement."""
    return ps.codes(ps.make("phase-out-statement", given))


def test_what_is_late_is_said_to_be_late_without_overrides() -> None:
    paper = ps.make("phase-out-statement", inputs(*TRUE))
    assert not paper.obstacles and paper.state is PaperState.READY
    plan = {one["id"]: one for one in paper.data["body"]["plan"]}
    days = {name: (one["latest_on"], one["late"]) for name, one in plan.items()}
    assert days == {
        "core": ("2023-12-31", True),
        "link": ("2025-12-31", True),
        "radio": ("2027-12-31", False),
    }
    assert plan["core"]["deadline_citation"] == CITED[0]
    assert paper.data["body"]["representations"]["use"]["answer"] == "does"


def test_an_earlier_day_may_be_stated() -> None:
    earlier = dataclasses.replace(TRUE[2], latest_on=date(2027, 12, 1))
    paper = ps.make("phase-out-statement", inputs(*TRUE[:2], earlier))
    assert not paper.obstacles and paper.data["body"]["plan"][2]["latest_on"] == "2027-12-01"


@pytest.mark.parametrize(
    ("place", "change", "code"),
    [
        (0, {"latest_on": date(2028, 12, 31)}, "day-too-late"),  # later than any day of the direction
        (0, {"latest_on": date(2027, 12, 31)}, "day-too-late"),  # the day of another part of the network
        (0, {"latest_on": date(2024, 1, 1)}, "day-too-late"),
        (2, {"latest_on": date(2028, 1, 1)}, "day-too-late"),
        (0, {"finding_ids": ()}, "thing-unplanned"),
        (2, {"finding_ids": ()}, "thing-unplanned"),
        (0, {"finding_ids": ("f_3",)}, "thing-unplanned"),  # a step of something else
        (0, {"finding_ids": ("f_9",)}, "thing-unplanned"),  # a finding that is none
        (0, {"site": "Dover 14"}, "other-part"),
        (0, {"site": "ACCESS"}, "other-part"),
        (0, {"state": "done", "done_on": date(2023, 11, 12), "by_on": None}, "removal-not-shown"),
        (0, {"state": "done", "done_on": date(2027, 1, 1)}, "step-open"),  # a removal that has not come
        (0, {"quantity": "5"}, "quantity-less"),
        (0, {"quantity": "5 of 6 units"}, "quantity-less"),
        (0, {"quantity": "some"}, "quantity-less"),
        (0, {"by_on": date(2024, 6, 30)}, "planned-past"),
        (0, {"owner": " "}, "step-open"),
        (2, {"by_on": date(2028, 6, 30)}, "planned-late"),
    ],
)
def test_an_untrue_plan_is_refused(place: int, change: dict[str, Any], code: str) -> None:
    plan = [*TRUE]
    plan[place] = dataclasses.replace(plan[place], **change)
    for answer in ("does", "does not", ""):
        assert code in codes(inputs(*plan, answers={"use": answer} if answer else {}))


@pytest.mark.parametrize("gone", range(3))
def test_nothing_is_left_out_and_nobody_overrides_it(gone: int) -> None:
    paper = ps.make("phase-out-statement", inputs(*(one for place, one in enumerate(TRUE) if place != gone)))
    (against,) = paper.obstacles
    assert (
        against.code == "thing-unplanned"
        and not against.overridable
        and against.evidence[0] == f"f_{gone + 1}"
    )


def test_a_removal_in_parts_is_for_all_that_the_records_show() -> None:
    done = step("core-a", "f_1", state="done", done_on=date(2026, 10, 1), by_on=None, quantity="4")
    rest = step("core-b", "f_1", quantity="2")
    assert "quantity-less" in codes(inputs(done, rest, *TRUE[1:]))  # the records still show six
    now = row("f_1", "prohibited", "Luton 2", "core", "2", ended="2023-12-31")
    assert not codes(inputs(done, rest, *TRUE[1:], rows=(now, LINK, RADIO)))


def test_a_day_that_comes_while_the_statement_waits_has_passed() -> None:
    radio = row("f_3", "permitted_until", "Dover 14", "access", "1", until="2026-11-24")
    paper = ps.make("phase-out-statement", inputs(TRUE[2], rows=(radio,), answers={}))
    assert (
        paper.data["body"]["plan"][0]["late"]
        and paper.data["body"]["representations"]["use"]["sought"] == "does"
    )


def test_a_scan_that_tells_no_last_day_leaves_no_later_one() -> None:
    core = row("f_1", "prohibited", "Luton 2", "core")
    assert not codes(inputs(TRUE[0], rows=(core,)))
    assert "day-too-late" in codes(
        inputs(dataclasses.replace(TRUE[0], latest_on=date(2027, 12, 31)), rows=(core,))
    )


def test_what_the_law_leaves_open_has_a_step_and_no_day_of_its_own() -> None:
    unsettled = row("f_1", "undetermined", "Luton 2", "access", missing=["site.is_sensitive"])
    assert codes(inputs(TRUE[2], rows=(unsettled, RADIO))) == {"thing-unplanned"}
    for stated in (None, date(2027, 12, 31)):
        typed = dataclasses.replace(TRUE[0], latest_on=stated)
        assert codes(inputs(typed, TRUE[2], rows=(unsettled, RADIO))) == {"day-open"}


def test_what_is_not_covered_or_judged_by_two_needs_no_step() -> None:
    other = row("f_1", "not_covered", "Luton 2", "core", band="possible")
    assert "thing-unplanned" not in codes(inputs(TRUE[2], rows=(other, RADIO)))
    link = {**LINK, "band": "probable"}
    judged = FindingJudgement(
        "f_2", "different", "R. Hall", "Read on its plate: another maker", ps.MADE_AT, "C. Moreau"
    )
    assert not codes(inputs(TRUE[0], TRUE[2], rows=(CORE, link, RADIO), judgements=(judged,)))


def test_a_fact_for_which_one_person_answers_takes_nothing_out() -> None:
    gone = row("f_1", "not_covered", "Luton 2", "core")
    gone["decided_on"] = {"item.producer": "huawei", "use.state": "disposed"}
    (against,) = ps.make("phase-out-statement", inputs(TRUE[2], rows=(gone, RADIO))).obstacles
    assert against.code == "thing-unplanned" and not against.overridable


def test_what_a_scope_puts_outside_is_planned_or_answered_for() -> None:
    given = inputs(TRUE[2], rows=(RADIO,))
    elsewhere = dataclasses.replace(ps.scanned(CORE)[0], bears_on=())
    (against,) = ps.make(
        "phase-out-statement", dataclasses.replace(given, scans=(*given.scans, elsewhere))
    ).obstacles
    assert against.code == "thing-unplanned" and against.overridable


@pytest.mark.parametrize("state", ["Done", "removed", ""])
def test_a_state_that_no_step_has_is_refused(state: str) -> None:
    with pytest.raises(CodecError, match="planned"):
        read(PlanStep, {"id": "core", "what": "Core", "owner": "R. Hall", "state": state})
