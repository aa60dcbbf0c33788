"""A question that was answered does not come back in the same words, and what an answer brings in is told."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from proscribe.app.rules.decide import Decider, open_decider
from proscribe.app.rules.first_page import asked_lines, opened_since
from proscribe.app.rules.questions import questionnaire
from proscribe.app.rules.scan_decide import Ready
from proscribe.model.results import Scan
from proscribe.reports.questions import Question, Questionnaire

from .conftest import DAY, scan, write_csv

HEADER = ["asset_tag", "manufacturer", "model", "description", "site"]
THINGS = [
    ["A-1", "Hikvision", "DS-2CD2143G2-I", "Dome camera", "Depot"],
    ["A-2", "Huawei", "AR161", "Router", "Depot"],
    ["A-3", "Huawei", "", "", "Annex"],
    ["A-4", "Huawei", "", "", ""],
    ["A-5", "Amcrest", "IP8M-2496EB", "Camera", ""],
]
FIRMS = [
    ["1001", "Huawei Technologies", "1,200"],
    ["1002", "Hikvision UK", "310"],
    ["1003", "Smith Ltd", "9"],
]
SITUATIONS = {
    "US": [
        ("party.jurisdiction", "company", "US"),
        ("party.role", "company", "prime_contractor"),
        ("act.kind", "company", "use"),
        ("use.by", "company", "the_entity"),
        ("party.jurisdiction", "award:grants", "US"),
        ("party.role", "award:grants", "grant_recipient"),
        ("act.kind", "award:grants", "procure"),
    ],
    "GB": [
        ("party.jurisdiction", "company", "GB"),
        ("party.role", "company", "government_buyer"),
        ("act.kind", "company", "keep_in_operation"),
    ],
}  # fmt: skip
#: How often questions are answered; each round under several awards takes seconds.
ROUNDS = {"US": 2, "GB": 6}
#: One answer of each type of fact that settles something; not known is tried beside it.
ANSWERS = {"bool": ("yes", "no"), "entity": ("huawei", "other"), "date": ("2025-01-15",)}


@cache
def the_law() -> Decider:
    return open_decider()


@cache
def lists() -> Scan:
    with TemporaryDirectory() as folder:
        things = write_csv(Path(folder, "things.csv"), THINGS, HEADER)
        firms = write_csv(Path(folder, "firms.csv"), FIRMS, ["No", "Supplier", "Spend 25/26"])
        return scan(things, firms, kinds={"firms.csv": "vendors"}).scan


def put(read: Scan, answers: list[tuple[str, str, str]]) -> Scan:
    return (
        Ready.of((), known_as_of=date.fromisoformat(DAY), answers=answers)
        .with_answers_of(read, "before", same_contract=True)
        .decide(read)
    )


def asked(form: Questionnaire) -> dict[tuple[str, str, str], Question]:
    return {(one.question, one.about, one.site): one for one in form.questions}


@settings(max_examples=6, deadline=None)
@given(st.sampled_from(sorted(SITUATIONS)), st.randoms(use_true_random=False))
def test_no_question_comes_back_in_the_words_in_which_it_was_answered(nation: str, chance: Random) -> None:
    made = put(lists(), SITUATIONS[nation])
    answered: set[tuple[str, str, str]] = set()
    for _ in range(ROUNDS[nation]):
        form = questionnaire(made, the_law())
        now = asked(form)
        assert not answered & now.keys()
        if not now:
            break
        told = chance.choice(sorted(now))
        for words in dict.fromkeys((told, next(iter(now)))):
            one = now[words]
            values = ("?", *(one.values[:2] or ANSWERS.get(one.type, ())))
            made = put(made, [(one.fact, one.applies_to, chance.choice(values))])
            answered.add(words)


def test_what_an_award_pays_is_asked_of_the_award_and_an_answer_reaches_it() -> None:
    made = put(lists(), SITUATIONS["US"])
    funds = [one for one in questionnaire(made, the_law()).questions if one.fact == "funds.federal_award"]
    assert [one.applies_to for one in funds] == ["award:grants"]
    for answer in ("yes", "no", "?"):
        said = put(made, [("funds.federal_award", "award:grants", answer)])
        left = [one for one in questionnaire(said, the_law()).questions if one.fact == "funds.federal_award"]
        assert all(one.applies_to not in ("award:grants", "company") for one in left)
        # that an award pays says not for what: that is asked of things and sites; of none where it pays for nothing
        assert bool(left) is (answer != "no")


def test_what_answers_brought_in_is_told_with_the_paragraph_that_asks() -> None:
    made = put(lists(), SITUATIONS["US"])
    before = asked_lines(questionnaire(made, the_law()))
    said = questionnaire(put(made, [("funds.federal_award", "award:grants", "yes")]), the_law())
    opened = opened_since(said, frozenset(before))
    assert opened
    assert all("asked by" in one for one in opened)
    assert not opened_since(said, frozenset(asked_lines(said)))


def test_a_row_of_a_list_that_is_said_to_name_vendors_is_asked_of_as_of_a_firm() -> None:
    form = questionnaire(put(lists(), SITUATIONS["GB"]), the_law())
    firms = [one for one in form.questions if "firms.csv" in one.about]
    assert firms
    assert {one.question for one in firms} <= {
        "What kind of thing did you buy of this firm?",
        "Who made what you bought of this firm?",
    }
    assert not any(one.fact == "site.is_sensitive" for one in firms)
