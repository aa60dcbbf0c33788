"""The decision benchmark measures what it says."""

from __future__ import annotations

import json

import pytest
from decide import many, measure, questions, report, rows

from proscribe.app.rules.decide import Decider
from proscribe.kb.snapshot import Snapshot
from proscribe.rules.engine import key_of


@pytest.fixture(scope="module")
def decider(snapshot: Snapshot) -> Decider:
    return Decider.of(snapshot)


def test_the_questions_differ_and_are_the_same_in_every_run() -> None:
    asked = questions(1_000)
    assert len({key_of(case) for case in rows(asked, 1_000)}) == 1_000
    assert asked == questions(1_000)


def test_each_question_is_decided_once(decider: Decider) -> None:
    run = many(decider, questions(20), 500)
    assert run["decided"] == 20
    assert run["wrong_ids"] == 0
    assert sum(run["outcomes"].values()) == 500


def test_shared_answers_are_those_of_each_case_alone(decider: Decider) -> None:
    asked = questions(15)
    for case, shared in zip(rows(asked, 45), decider.run(rows(asked, 45)), strict=True):
        assert shared == decider.decide(case)


def test_the_questions_are_a_mix(decider: Decider) -> None:
    run = many(decider, questions(300), 300)
    assert {"prohibited", "undetermined", "not_covered", "not_in_force"} <= set(run["outcomes"])


def test_the_report_carries_the_figures() -> None:
    run = measure(40, 10, 1)
    text = report(run)
    assert "40 determinations over 10 different questions" in text
    assert "no regime named" in text
    assert json.loads(json.dumps(run)) == run
