"""What the law says about a case: outcomes, determinations, obligations and the trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from proscribe.model.codec import As, Written, named, omitted


class Outcome(StrEnum):
    """The closed list of outcomes, most severe first."""

    PROHIBITED = "prohibited"
    UNDETERMINED = "undetermined"
    APPROVAL_REQUIRED = "approval_required"
    PERMITTED_UNTIL = "permitted_until"
    DISCOURAGED = "discouraged"
    WAIVED = "waived"
    EXCEPTED = "excepted"
    NOT_IN_FORCE = "not_in_force"
    NOT_COVERED = "not_covered"

    @property
    def rank(self) -> int:
        """Give the place in the order of severity; 0 is the most severe."""
        return _RANKS[self]

    @property
    def counted(self) -> Outcome:
        """Give the outcome under which a thing is counted: under no rule in force it is not covered.

        Whether a rule that is not in force would reach it hangs on which rules were asked, and a document asks only its own.
        """
        return Outcome.NOT_COVERED if self is Outcome.NOT_IN_FORCE else self


_RANKS = {outcome: place for place, outcome in enumerate(Outcome)}


class Truth(StrEnum):
    """Kleene's three values."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


#: Names and values, in JSON an object.
Named = Annotated[
    tuple[tuple[str, str], ...],
    As(lambda value: tuple(value.items()), dict, "name to text", of=Mapping[str, str]),
]
_NOT_KNOWN = "not known"


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split("; ")) if text else ()


def _known(text: str) -> bool:
    if text not in ("", _NOT_KNOWN):
        raise ValueError(text)
    return not text


Addressees = Annotated[tuple[str, ...], As(_listed, "; ".join, "addressees with semicolons between them")]
_ClauseKnown = Annotated[bool, As(_known, lambda known: "" if known else _NOT_KNOWN, _NOT_KNOWN)]


@dataclass(frozen=True, slots=True)
class TraceNode(Written):
    """One step of the reasoning.

    Attributes:
        kind: `case`, `regime`, `rule`, `exception`, `waiver`, `definition`, `requirement`, `condition`, `fact`,
            `ownership`, `reading`, `obligation`.
        title: what was asked, in words.
        result: a `Truth` or an `Outcome`, as text.
        because: one sentence.
        citation: where it stands.
        excerpt: the governing words.
        facts: names and values used here.
        missing: names of absent facts and open readings.
        children: the steps below.
    """

    kind: str
    title: str
    result: str
    because: str = omitted("")
    citation: str = omitted("")
    excerpt: str = omitted("")
    facts: Named = omitted(())
    missing: tuple[str, ...] = omitted(())
    children: tuple[TraceNode, ...] = omitted(())


@dataclass(frozen=True, slots=True)
class Obligation(Written):
    """A duty with its clock.

    Attributes:
        due: a day for day clocks, an instant with offset for hour clocks; `None` without an event.
        deadline: `count`, `unit`, `from`, and `recurring` when it comes back.
        to: addressees.
        contents: data elements, by the clause's names; ` (if known)` marks those asked only if known.
        clause_known: False when it is not known which clause governs.
        missing: facts that would tell whether the duty applies; empty when it does.
        note: what was assumed about the clock.
        reading: an open point of the duty, such as when its clock starts.
    """

    id: str
    title: str
    kind: str
    due: date | datetime | None
    deadline: Mapping[str, Any]
    to: Addressees
    contents: tuple[str, ...]
    citation: str
    also: tuple[str, ...] = omitted(())
    edition: str = omitted("")
    clause_known: _ClauseKnown = field(default=True, metadata=named("clause", omit=True))
    missing: tuple[str, ...] = omitted(())
    note: str = omitted("")
    reading: str = omitted("")


@dataclass(frozen=True, slots=True)
class Signing:
    """What the party of a case signs about what a regime forbids.

    Attributes:
        denies: the statement that there is none, such as `does not use`.
        admits: the only true statement where there is one, such as `does`.
    """

    denies: str
    admits: str


@dataclass(frozen=True, slots=True)
class Determination(Written):
    """What one regime says about a case.

    Attributes:
        missing: absent facts, then open readings.
        checked_on: ISO day on which the regime was last compared with its sources; empty when nobody did.
        presumed: absent facts that were presumed against the asker; each falls as soon as it is stated.
        waivers: ids of waivers in force that were used.
        until: last lawful day, with `permitted_until`.
        exceptions: ids of exceptions that applied.
        open_exceptions: absent facts that could show an exception or a waiver while the rule stands.
        possible_obligations: duties of which it is not known whether they apply.
        confidence: the lowest confidence of what decided.
        notices: what a reader should know, such as an entity that the knowledge does not hold.
        signing: what this party signs about it; `None` where it signs nothing.
        forbids: what the regime forbids, as half a sentence; empty where the act says it.
        ended: last lawful day, which has passed, with `prohibited`; `None` where no rule set one.
        bound_if: absent facts of the party that could show that the rule is not addressed to it; until then it is taken to be.
    """

    regime: str
    outcome: Outcome
    citations: tuple[str, ...]
    missing: tuple[str, ...]
    waivers: tuple[str, ...]
    until: date | None
    obligations: tuple[Obligation, ...]
    possible_obligations: tuple[Obligation, ...]
    exceptions: tuple[str, ...]
    open_exceptions: tuple[str, ...]
    confidence: str
    notices: tuple[str, ...]
    trace: TraceNode
    presumed: tuple[str, ...] = ()
    checked_on: str = ""
    signing: Signing | None = omitted(None)
    forbids: str = omitted("")
    ended: date | None = omitted(None)
    bound_if: tuple[str, ...] = omitted(())


@dataclass(frozen=True, slots=True)
class Case:
    """A question to the law, read and validated.

    Attributes:
        id: unique in its file.
        as_of: the day on which the law is asked.
        regimes: ids to ask; empty = every regime that could bind.
        facts: typed values by name; an absent fact is unknown.
        expect: what a worked case expects, as written.
        accept: further outcomes that meet the case.
        at: `file:line` of the case.
    """

    id: str
    as_of: date
    regimes: tuple[str, ...]
    facts: Mapping[str, Any]
    expect: Mapping[str, Any] | None = None
    accept: tuple[str, ...] = ()
    title: str = ""
    why: str = ""
    confidence: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class CaseResult(Written):
    """What all asked regimes say, and the most severe of it.

    Attributes:
        outcome: the most severe outcome.
        determinations: one per regime asked, in the order of severity, then by id.
    """

    id: str
    as_of: date
    outcome: Outcome
    determinations: tuple[Determination, ...] = field(default=())

    def deciding(self) -> tuple[Determination, ...]:
        """Give the determinations that carry the case's outcome."""
        return tuple(item for item in self.determinations if item.outcome is self.outcome)
