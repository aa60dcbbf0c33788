"""Every word of a line's structure is tried in a line, and a word nothing tries is an error of the knowledge."""

from __future__ import annotations

from datetime import date
from typing import Any

from proscribe.app.kb.knowledge_examples import readings, run_lines, run_ordinary
from proscribe.app.kb.knowledge_index import index_of
from proscribe.kb.line_examples import LineExample, collect_lines, lint, untried
from proscribe.kb.snapshot import Snapshot

TODAY = date(2026, 12, 1)

TEMPLATES = {
    "slots": {"en": {"thing": "Hikvision camera", "part": "Bracket for Hikvision camera"}},
    "templates": {"attribute": {"example": "{thing} {}", "reads": "finding", "near_miss": "{part} {}"}},
}


def documents(**groups: Any) -> dict[str, Any]:
    return {
        "context/line-templates": TEMPLATES,
        "context/lines/en": {"language": "en", "head": "last", "groups": groups},
    }


def test_a_word_is_put_into_its_template_and_its_near_miss() -> None:
    made = collect_lines(documents(attribute={"words": ["black", "rusti*ed"]}))
    assert [(line.text, line.holds) for line in made] == [
        ("Hikvision camera black", True),
        ("Bracket for Hikvision camera black", False),
        ("Hikvision camera rustied", True),
        ("Bracket for Hikvision camera rustied", False),
    ]
    assert made[0].where == "context/lines/en attribute 'black'"


def test_a_group_and_a_word_may_bring_their_own_template() -> None:
    group = {
        "words": ["black", "grey"],
        "example": "{} paint",
        "own": {"grey": {"example": "grey thing", "reads": ["asks", "formerly"]}},
    }
    first, _, second, _ = collect_lines(documents(attribute=group))
    assert (first.text, sorted(first.reads)) == ("black paint", ["finding"])
    assert (second.text, sorted(second.reads)) == ("grey thing", ["asks", "formerly"])


def test_lint_names_what_no_template_tries_and_what_a_template_cannot_fill() -> None:
    untaught = documents(gone={"words": ["sold"]})
    assert untried(untaught) == ["context/lines/en gone"]
    assert [issue.code for issue in lint(untaught)] == ["E217"]
    group = {"words": ["sold"], "example": "{thing} {} {where}", "reads": "formerly", "near_miss": "{thing}"}
    (issue,) = lint(documents(gone=group))
    assert issue.code == "E230" and "'where'" in issue.what
    own = {"words": ["black"], "own": {"blakc": {"reads": "asks"}}}
    (issue,) = lint(documents(attribute=own))
    assert issue.code == "E230" and "'blakc'" in issue.what


def test_shipped_words_are_read_as_their_templates_say() -> None:
    """A part of them, on another day; `kb test`, which `make test` runs beside the tests, reads every word on the day it runs."""
    snapshot = Snapshot.open()
    index = index_of(snapshot, TODAY, TODAY)
    shipped = snapshot.documents("context/")
    lines = collect_lines(shipped)
    assert len(lines) > 19_000 and not untried(shipped)
    # examples and near-misses take turns: an odd step tries both
    assert [str(failure) for failure in run_lines(index, lines[::97])] == []
    assert [str(failure) for failure in run_ordinary(index, shipped)] == []


def test_a_word_that_misleads_is_said_with_what_came_out() -> None:
    index = index_of(Snapshot.open(), TODAY, TODAY)
    assert readings(index, "Hikvision camera sold 2021") == {"formerly"}
    wrong = LineExample(
        "context/lines/en place 'sold'", "Hikvision camera sold", frozenset(["finding"]), True
    )
    (failure,) = run_lines(index, [wrong])
    assert str(failure) == (
        "context/lines/en place 'sold': 'Hikvision camera sold' should be read as finding, and is read as formerly"
    )
