"""An answer of the law as a person reads it: one value, made once, which every face shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from proscribe.model.codec import Written, omitted
from proscribe.model.decisions import Outcome, Signing

#: Questions on a first page; what is beyond is counted.
MOST_QUESTIONS = 10
#: Said where there is nothing that the law could be asked about.
NOTHING = "Nothing was found that could be put to the law"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a rule says.

    Attributes:
        outcome: what it comes to.
        words: one sentence, such as `You may not use this`.
        because: why, in a few words; empty when the sentence says it.
        rule: citations of the rule that decides, at most two; of several rules that say the same, or leave it open, of each.
        things: how many things it is said of; 0 of a case, which is about one matter.
        bound_if: questions about the party on which it hangs whether the rule is addressed to it; empty where nothing is open.
    """

    outcome: Outcome
    words: str
    because: str = omitted("")
    rule: tuple[str, ...] = omitted(())
    things: int = omitted(0)
    bound_if: str = omitted("")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do.

    Attributes:
        words: what, such as `report to the contracting officer`.
        when: by when, in words: `by 2026-11-25, in 1 day`, `within 72 hours after it is found`.
        by: the day or instant, when an event is stated; empty otherwise.
        citation: where it stands.
        hinges_on: what has to hold for it to be due, in words; empty when it is due.
        of: `what you use` or `what you offer`; empty where it is of both, or only one is asked about.
    """

    words: str
    when: str = omitted("")
    by: str = omitted("")
    citation: str = omitted("")
    hinges_on: str = omitted("")
    of: str = omitted("")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of which the answer may change an outcome.

    Attributes:
        question: in plain words.
        who: who can say.
        about: of what or where; empty for a case, or for the company.
        fact: name of the fact, to state it.
        things: how many things wait for it; 0 in a case.
    """

    question: str
    who: str
    about: str = omitted("")
    fact: str = omitted("")
    things: int = omitted(0)


@dataclass(frozen=True, slots=True)
class SiteCount:
    """What is said of the things of one site.

    Attributes:
        site: its name.
        outcomes: outcome and how many things, the most severe first.
    """

    site: str
    outcomes: tuple[tuple[Outcome, int], ...]


@dataclass(frozen=True, slots=True)
class Signable:
    """What stands against a statement that there is none, such as `does not use`.

    Attributes:
        signing: the statement, and the one that is true otherwise.
        forced_by: how many things make the other statement the only true one.
        open: how many things have to be settled first.
        of_things: whether things were counted; of a case both numbers are 0 or 1.
    """

    signing: Signing
    forced_by: int
    open: int
    of_things: bool = True


@dataclass(frozen=True, slots=True)
class SideSum:
    """How what is used, what is offered, or all in one position of the party adds up: a thing that may be both counts in both.

    Attributes:
        words: `what you use` or `what you offer`; of a position `award 80NSSC22C0001`, `what stands in Italy`.
        outcomes: outcome and how many things, the most severe first.
    """

    words: str
    outcomes: tuple[tuple[Outcome, int], ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """How everything that was put to the law adds up.

    Attributes:
        findings: how many findings; 0 where they were not counted.
        outcomes: outcome and how many things, the most severe first; together they are all things.
        gone: how many of these things a record says have left, which nothing shows.
        leads: how many of these are firms of a list of vendors of which it is not known what was bought.
        sides: what is used and what is offered, each by itself; empty where the law was not asked about both.
    """

    outcomes: tuple[tuple[Outcome, int], ...]
    findings: int = omitted(0)
    gone: int = omitted(0)
    leads: int = omitted(0)
    sides: tuple[SideSum, ...] = omitted(())


@dataclass(frozen=True, slots=True)
class StatedAlone:
    """Confirmed findings that no rule asked reaches by what somebody stated: a statement takes out nothing that is confirmed.

    Attributes:
        findings: how many.
        stated: question and answer of each fact without which a rule would reach one of them, or could; the first of them.
        agreed: who put it to the law and who approved that, in words; empty while nobody approved it.
    """

    findings: int
    stated: tuple[str, ...] = omitted(())
    agreed: str = omitted("")


@dataclass(frozen=True, slots=True)
class Answer(Written):
    """What the law says about a case, or about everything that a scan found.

    Attributes:
        name: the case's id, or what was scanned.
        as_of: the day on which the law was asked.
        outcome: the most severe.
        said: what the deciding rules say, the most severe first.
        signable: what the party may not sign, or not yet, and what stops it.
        stated_alone: what is confirmed and not reached by what was stated; `None` where nothing is.
        sum: how the things add up; `None` of a case.
        gone: what is told of things of which a record says that they left, which nothing shows.
        due: the clocks that run or may run, soonest first. It is empty only where no clock can run.
        duties: what else the clauses ask, one line a clause.
        presumed: what is assumed until somebody shows otherwise.
        questions: what to ask, the most valuable first.
        more_questions: how many more are open.
        open_law: points on which the law, or a source, is open; nobody can answer them by a fact.
        lifted_by: exceptions and waivers that are not shown and could lift a prohibition, in words.
        also: what other rules say that a reader must know.
        silent: how many rules were asked that do not reach this.
        sites: what is said site by site.
        notes: what a reader should know.
        checked: when the law was last compared with its sources, as a sentence.
    """

    name: str
    as_of: str
    outcome: Outcome
    said: tuple[Said, ...]
    signable: tuple[Signable, ...] = omitted(())
    stated_alone: StatedAlone | None = omitted(None)
    sum: Sum | None = omitted(None)
    gone: tuple[str, ...] = omitted(())
    due: tuple[Step, ...] = omitted(())
    duties: tuple[Step, ...] = omitted(())
    presumed: tuple[str, ...] = omitted(())
    questions: tuple[Asked, ...] = omitted(())
    more_questions: int = omitted(0)
    open_law: tuple[str, ...] = omitted(())
    lifted_by: tuple[str, ...] = omitted(())
    also: tuple[Said, ...] = omitted(())
    silent: int = omitted(0)
    sites: tuple[SiteCount, ...] = field(default=())
    notes: tuple[str, ...] = omitted(())
    checked: str = omitted("")


@dataclass(frozen=True, slots=True)
class Changed:
    """A finding of which the law would say something else; `was` is empty where it was not asked."""

    finding: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of answers that were taken.

    Attributes:
        answers: how many were given.
        before, now: questions that were open then, and are open now, as the page about the law counts them.
        new: how many of the lines that are asked now were not asked then.
        opened: the first of these lines, each with what it is asked of and the paragraph that asks it.
        later: how many of those that are open now are asked only once others are answered.
    """

    answers: int
    before: int
    now: int
    new: int
    opened: tuple[str, ...] = ()
    later: int = 0


@dataclass(frozen=True, slots=True)
class Follows:
    """What would follow from answers before they are given.

    Attributes:
        findings: of which the law would be asked.
        before, after: how many findings come to each outcome, now and under the answers.
        changed: of how many the law would say something else; `first` are the first of them.
        open_before, open_after: questions that are open, as the page about the law counts them.
    """

    findings: int
    before: Mapping[str, int]
    after: Mapping[str, int]
    changed: int
    first: tuple[Changed, ...]
    open_before: int
    open_after: int
