"""What a first page asks of a scan: the questions that matter most, each in one line."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from proscribe.app.rules.decide import Decider
from proscribe.app.rules.question_words import SUCH_AS
from proscribe.app.rules.questions import questionnaire
from proscribe.app.rules.scopes import LIST, POSITIONS
from proscribe.model.answers import MOST_QUESTIONS, Asked
from proscribe.model.canonical import digest
from proscribe.model.results import Scan
from proscribe.reports.questions import Question, Questionnaire
from proscribe.reports.scan.determinations import Saying
from proscribe.rules.whatif import FIRST

#: Of more findings the questions are not ranked while a scan is decided; `proscribe questions` does it.
_MOST_RANKED = 20_000
#: What a question is about is said beside it where it is asked of one of these.
_NAMED_IN_TURN = ("finding:", f"{LIST}:", *(f"{name}:" for name in POSITIONS))


def answered(form: Questionnaire, scan: Scan) -> Questionnaire:
    """Put what the law says about a decided scan before its questions; the first page asks what the questionnaire asks."""
    asked = shown_first(scan, form)
    return replace(form, answer=Saying(asked).answer) if asked.decided is not None else form


def asked_first(scan: Scan, decider: Decider) -> Scan:
    """Give a decided scan with the questions of a first page, the most valuable first."""
    return shown_first(scan, questionnaire(scan, decider)) if is_ranked(scan) else scan


def is_ranked(scan: Scan) -> bool:
    """Tell whether a scan is shown with its questions: it is decided, and has not too many findings."""
    return scan.decided is not None and len(scan.findings) <= _MOST_RANKED


def shown_first(scan: Scan, form: Questionnaire) -> Scan:
    """Give a decided scan with those of its questions that stand on a first page."""
    if scan.decided is None:
        return scan
    saying = Saying(scan)
    asked = tuple(_one_line(items, saying) for items in most_first(form.questions)[:MOST_QUESTIONS])
    more = open_in_all(form) - len(asked)
    return replace(scan, decided=replace(scan.decided, asked=asked, more_asked=more))


def open_in_all(form: Questionnaire) -> int:
    """Count the questions that are open, those that wait for others too; what is asked of things one by one is one question."""
    return len(most_first(form.questions)) + form.later


def asked_lines(form: Questionnaire) -> tuple[str, ...]:
    """Give a digest of each line that is asked of a first page, by which it is known whether it was asked before."""
    return tuple(map(_line, most_first(form.questions)))


def opened_since(form: Questionnaire, before: Container[str]) -> list[str]:
    """Give the lines that are asked now and were not asked before, in words: the question, of what, and the paragraph that asks.

    Args:
        before: digests of the lines that were asked, see `asked_lines`.
    """
    told = []
    for items in most_first(form.questions):
        if _line(items) not in before:
            first = items[0]
            about = (
                first.about if len(items) == 1 else f"{len(items):,} questions, the first of {first.about}"
            )
            rule = f", asked by {first.asked_by[0]}" if first.asked_by else ""
            told.append(f"{first.question} ({about}{rule})")
    return told


def _line(items: Sequence[Question]) -> str:
    first = items[0]
    return digest(
        [first.question, "" if first.applies_to.startswith("finding:") else first.applies_to], length=4
    )


def most_first(questions: Iterable[Question]) -> list[list[Question]]:
    """Gather what decides into the lines of a first page: what chooses the rules, what is asked of the company, then the rest.

    Of each what most things wait for comes first; what is asked of things one by one is one line, which counts as much as
    its best question does.
    """
    groups: dict[tuple[str, ...], list[Question]] = {}
    for item in questions:
        if item.decides:
            one_by_one = item.applies_to.startswith("finding:")
            groups.setdefault((item.question, "" if one_by_one else item.applies_to), []).append(item)
    for items in groups.values():
        items.sort(key=lambda item: -len(item.findings))
    return sorted(groups.values(), key=_turn)


def _turn(items: Sequence[Question]) -> tuple[bool, bool, int]:
    best = items[0]
    return best.fact not in FIRST, best.applies_to != "company", -len(best.findings)


def _one_line(items: Sequence[Question], saying: Saying) -> Asked:
    """Join questions that differ only in the thing that they are about; what waits is counted as the answer counts it."""
    first, things = items[0], saying.things_of(name for item in items for name in item.findings)
    about = first.about if first.site or first.applies_to.startswith(_NAMED_IN_TURN) else ""
    if len(items) > 1:
        about = f"one by one, beginning with {about.rpartition(SUCH_AS)[2]}"
    return Asked(first.question, first.who, about, first.fact, things)
