"""Judgements in the words of whoever looked at a thing: its verdict, or one of the grounds for which it does not count.

A ground is a judgement `cleared`: what needs two people, or their keys, needs them whatever the ground is. Without another last
day it holds for a year, and is then looked at again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from proscribe.documents.grounds import Ground, ground_of, grounds
from proscribe.model.casework import BulkJudgement, Judgement, Verdict
from proscribe.model.errors import error
from proscribe.model.periods import parse_day

__all__ = ["Agreement", "Ground", "Said", "agreement", "grounds", "said", "word_of"]

_HOLDS = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Said:
    """A judgement as a case takes it."""

    verdict: Verdict
    reason: str
    until: date | None


def word_of(judged: Judgement | BulkJudgement) -> str:
    """Give the word that was chosen for a judgement, as people read it: its ground where it names one, else its verdict."""
    return ground_of(judged.verdict.value, judged.reason) or judged.verdict.value


def verdict_said(word: str) -> Verdict:
    """Read the verdict of a word that people judge with: its own, or that of a ground.

    Raises:
        CaseError: E438 when it is neither.
    """
    if word in grounds():
        return Verdict.CLEARED
    try:
        return Verdict(word)
    except ValueError:
        known = ", ".join([*(one.value for one in Verdict), *grounds()])
        raise error("E438.verdict", text=word, verdicts=known) from None


def said(word: str, reason: str, until: date | None, details: Mapping[str, str], today: date) -> Said:
    """Read a judgement.

    Args:
        word: a verdict, or the id of a ground.
        reason: why, in the words of whoever judges; a ground stands before it.
        until: the last day on which it holds.
        details: what a ground asks, by name.
        today: from which a year counts.

    Raises:
        CaseError: E438 when it is no verdict, or a ground lacks what it asks; E430 when it names a day still to come.
        UsageError: E404 when what it names is no day.
    """
    ground = grounds().get(word)
    if ground is None:
        return Said(verdict_said(word), reason, until)
    told = {name: details.get(name, "").strip() for name in ground.asks}
    for name, words in ground.asks.items():
        if not told[name]:
            raise error("E438.ground", at=name, ground=word, what=words)
    if "day" in told:
        _refuse_day(told["day"], today)
    stands = ground.reason.format(**told)
    return Said(Verdict.CLEARED, f"{stands} {reason.strip()}".strip(), until or today + _HOLDS)


def _refuse_day(text: str, today: date) -> None:
    """Refuse a day on which nothing can have gone.

    Raises:
        UsageError: E404 when it is no ISO date.
        CaseError: E430 when it is still to come.
    """
    try:
        day = parse_day(text)
    except ValueError:
        raise error("E404", at="day", text=text) from None
    if day > today:
        raise error("E430.gone_ahead", at="day", day=day)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people agree that a thing is something else, or does not count.

    Attributes:
        by: who said so last; empty where that was not said last.
        second: who else said the same; empty while nobody did.
        last: the judgement that stands.
    """

    by: str = ""
    second: str = ""
    last: Judgement | None = None

    @property
    def open(self) -> bool:
        """Whether a second person could still say the same."""
        return bool(self.by) and not self.second


def agreement(judged: Sequence[Judgement], two: Callable[[str, str], bool]) -> Agreement:
    """Tell who said last of one thing that it is something else, or does not count, and who else said the same.

    Args:
        judged: its judgements, in their order.
        two: tells whether two names show two people.
    """
    if not judged or judged[-1].verdict not in (Verdict.DIFFERENT, Verdict.CLEARED):
        return Agreement()
    last = judged[-1]
    alike = takewhile(lambda one: (one.verdict, one.until) == (last.verdict, last.until), reversed(judged))
    second = next((one.by for one in alike if two(last.by, one.by)), "")
    return Agreement(last.by, second, last)
