"""The words of an answer, part by part: what every face and every document shows, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from proscribe.model.answers import NOTHING, Answer, Asked, Said, Signable, StatedAlone, Step, Sum
from proscribe.model.decisions import Outcome
from proscribe.rules.answers import NOT_FORBIDDEN
from proscribe.rules.citations import section_of
from proscribe.rules.duty_words import IN_A_CONTRACT, IT_APPLIES, NOT_STATED, OVERDUE
from proscribe.wording.shown import counted

_HEADS = {
    Outcome.PROHIBITED: "Prohibited",
    Outcome.UNDETERMINED: "Cannot be said yet",
    Outcome.APPROVAL_REQUIRED: "Approval needed",
    Outcome.PERMITTED_UNTIL: "Permitted for a time",
    Outcome.DISCOURAGED: "Advised against",
    Outcome.WAIVED: "Waived",
    Outcome.EXCEPTED: "Excepted",
    Outcome.NOT_IN_FORCE: "Not in force",
    Outcome.NOT_COVERED: "Not covered",
}
_SITES_SHOWN = 5
_ALSO_SHOWN = 4
_SILENT = (Outcome.NOT_COVERED, Outcome.NOT_IN_FORCE)
#: Said instead of "not covered" where the thing is one that has to be reported all the same.
_NOT_BARRED = "Not barred, but to be reported"
#: Said with what a rule holds while it is open whether it is addressed to the party.
_IF_BOUND = "if the rule binds you"
PERHAPS = "Duties that may apply"
#: Stands before what is told of things that a record says have left.
GONE = "Stated as gone, not shown"
#: Stand before the ground of what a rule says, and before the rule.
WHY, RULE = " Why: ", " The rule: "
#: Stands before where a nation stands, beside what its law says of a case.
WORLD = "World: "


def head_of(outcome: Outcome) -> str:
    """Name an outcome for a headline."""
    return _HEADS[outcome]


def said_words(one: Said) -> str:
    """Say what a rule says: `Prohibited: 3 things. You may not use this: ... The rule: ...`."""
    if one.words == NOTHING:
        return f"{NOTHING}."
    things = f": {counted(one.things, 'thing')}" if one.things else ""
    stop = "" if one.because.endswith("?") else "."
    because = f"{WHY}{one.because[:1].upper()}{one.because[1:]}{stop}" if one.because else ""
    rule = f"{RULE}{'; '.join(one.rule)}." if one.rule else ""
    if one.bound_if:
        hinge = f"{_IF_BOUND.capitalize()}, {one.words}. Whether it does was not stated: {one.bound_if}"
        return f"{head_of(one.outcome)} {_IF_BOUND}{things}. {hinge}{because}{rule}"
    head = _NOT_BARRED if one.words.startswith(NOT_FORBIDDEN) else head_of(one.outcome)
    return f"{head}{things}. {one.words[:1].upper()}{one.words[1:]}.{because}{rule}"


def signable_words(found: Sequence[Signable], *, admitted: Collection[str] = ()) -> Iterator[str]:
    """Say what may not be signed and what forces the other statement, what is stopped, and what is not said here.

    Args:
        admitted: denials that are not to be signed, since the document that shows this says the other statement.
    """
    stopped = [one for one in found if one.forced_by or one.open]
    if found and not stopped:
        denied = " or ".join(dict.fromkeys(f"“{one.signing.denies}”" for one in found))
        weighed = "a document weighs what stands against it (proscribe document)"
        yield f"Whether {denied} may be signed is not said here: {weighed}."
    for one in sorted(stopped, key=lambda one: not one.forced_by):
        denies, admits = one.signing.denies, one.signing.admits
        if one.forced_by:
            by = f"{counted(one.forced_by, 'thing')} {'forces' if one.forced_by == 1 else 'force'}"
            more = f", and {one.open:,} more {'is' if one.open == 1 else 'are'} open" if one.open else ""
            forces = by if one.of_things else "this forces"
            # "does use": beside another statement "does" alone names neither
            yield (
                f"{forces} “{admits} {denies.rpartition(' ')[2]}”, as this document says{more}."
                if denies in admitted
                else f"You may not sign “{denies}”: {forces} “{admits}”{more}."
            )
        elif one.open and denies not in admitted:
            by = (
                f"{counted(one.open, 'thing')} {'has' if one.open == 1 else 'have'}"
                if one.of_things
                else "this has"
            )
            yield f"You may not sign “{denies}” yet: {by} to be settled first."


def sum_words(made: Sum, *, to: str = "the law") -> str:
    """Say how everything adds up: `61 findings, which are 52 things: 5 prohibited, 47 cannot be said yet`.

    Args:
        to: what was asked.
    """
    total = sum(number for _, number in made.outcomes)
    all_things = counted(total, "thing")
    if made.findings and made.findings != total:
        all_things = f"{made.findings:,} findings, which are {all_things}"
    parts_ = _counts(made.outcomes)
    sides = "".join(f"; of {one.words}: {_counts(one.outcomes) or 'nothing'}" for one in made.sides)
    if sum(number for one in made.sides for _, number in one.outcomes) > total:
        several = "both of these" if len(made.sides) == 2 else "several of these"
        sides += f" (what stands in {several} counts once in all)"
    gone = (
        f"; {made.gone:,} of these {'is' if made.gone == 1 else 'are'} stated as gone, and not shown"
        if made.gone
        else ""
    )
    firms = "is no thing but a firm" if made.leads == 1 else "are no things but firms"
    leads = f"; {made.leads:,} of these {firms} in a list of vendors" if made.leads else ""
    return f"Put to {to}: {all_things}: {parts_}{sides}{gone}{leads}."


def _counts(outcomes: Sequence[tuple[Outcome, int]]) -> str:
    return ", ".join(f"{number:,} {head_of(outcome).lower()}" for outcome, number in outcomes)


def in_all(answer: Answer) -> str:
    """Say how everything adds up; empty where nothing was counted."""
    return sum_words(answer.sum) if answer.sum is not None else ""


def due_words(steps: tuple[Step, ...]) -> Iterator[str]:
    """Say the clocks: each that runs on a line of its own, those that may run together."""
    for one in steps:
        if not one.hinges_on:
            yield f"{'Was due' if one.when.endswith(OVERDUE) else 'Due'} {one.when}: {one.words} ({one.citation}){_of(one)}."
    open_ones = sorted(
        (one for one in steps if one.hinges_on), key=lambda one: (not one.by, _what(one), one.of)
    )
    for _, group in groupby(open_ones, key=lambda one: (one.by, _what(one), one.of)):
        may = list(group)
        starts = {one.when.partition(" after ")[2] for one in may}
        shared = f" after {min(starts)}" if len(starts) == 1 and min(starts) else ""
        hinges: dict[str, list[str]] = {}
        for one in may:
            # several clauses ask for a first report; which of them may is said
            named = f"{section_of(one.citation)} applies" if one.hinges_on == IT_APPLIES else one.hinges_on
            hinges.setdefault(one.when.removesuffix(shared), []).append(named)
        ways = "; ".join(f"{when}, if {_any_of(of_one)}" for when, of_one in hinges.items())
        ask = (
            "" if not any(map(_hangs_on_clause, may)) else " Is it?" if len(may) == 1 else " Is one of them?"
        )
        yield f"May be due{shared}: {may[0].words} {ways}{_of(may[0])}.{ask}"


def _any_of(hinges: Sequence[str]) -> str:
    """Say that one of several things has to hold: `48 CFR 52.204-23 or 48 CFR 52.204-30 is in a contract`."""
    tail = IN_A_CONTRACT.format("") + (NOT_STATED if any(one.endswith(NOT_STATED) for one in hinges) else "")
    clauses = [one.removesuffix(tail) for one in dict.fromkeys(hinges) if one.endswith(tail)]
    others = [one for one in dict.fromkeys(hinges) if not one.endswith(tail)]
    return " or ".join([*others, *([" or ".join(clauses) + tail] if clauses else [])])


def _what(one: Step) -> str:
    return one.words.partition(" to ")[0]


def duty_words(one: Step) -> str:
    """Say the other duties of a clause on one line."""
    hinge = one.hinges_on.replace(_in_a_contract(one), IN_A_CONTRACT.format("it"))
    return f"{one.citation}{f', if {hinge}' if hinge else ''}: {one.words}{_of(one)}."


def _of(one: Step) -> str:
    return f", of {one.of}" if one.of else ""


def _hangs_on_clause(one: Step) -> bool:
    return one.hinges_on.startswith(_in_a_contract(one)) and not one.hinges_on.endswith(NOT_STATED)


def _in_a_contract(one: Step) -> str:
    return IN_A_CONTRACT.format(one.citation.partition("(")[0])


def asked_words(one: Asked) -> str:
    """Ask: the question, of what, who can say, and how much hangs on it."""
    tail = [one.about] if one.about else []
    tail += (
        [f"{counted(one.things, 'thing')} wait{'s' if one.things == 1 else ''} for it"] if one.things else []
    )
    tail += [f"{one.who} can say"]
    return f"{one.question} ({'; '.join(tail)})"


def also_words(one: Said) -> str:
    """Say what another rule says."""
    things = f"{counted(one.things, 'thing')}: " if one.things else ""
    return f"{things}{head_of(one.outcome).lower()}: {one.words}" + (f" ({one.rule[0]})" if one.rule else "")


def is_undecided(answer: Answer) -> bool:
    """Tell whether something cannot be said yet."""
    return answer.outcome is Outcome.UNDETERMINED or any(
        one.outcome is Outcome.UNDETERMINED for one in answer.said
    )


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an answer.

    Attributes:
        label: what it tells; empty for the headline.
        numbered: whether the texts are numbered.
        first_of: how many there are, where the texts are the first of them; else empty.
    """

    label: str
    texts: Sequence[str]
    numbered: bool = False
    first_of: str = ""

    @property
    def heading(self) -> str:
        """Give the label, with how many there are where not all are told."""
        return f"{self.label} (first of {self.first_of})" if self.first_of else self.label


def stated_alone_words(one: StatedAlone) -> str:
    """Say of what is confirmed and not reached by what was stated what that is worth, and what would have to be signed."""
    these = "confirmed finding is" if one.findings == 1 else "confirmed findings are"
    stated = "; ".join(one.stated)
    stop = "" if stated.endswith((".", "?")) else "."
    said = f"{one.findings:,} {these} not covered on what was stated alone. Stated: {stated}{stop} "
    if one.agreed:
        return f"{said}{one.agreed}; a paper weighs whether keys of both show that."
    return (
        f"{said}A typed fact takes out nothing that is confirmed: until keys of two people stand behind it, one who put it to "
        "the law and an approver who agreed, a paper would have to say “does” of whatever is of a firm that its rule names."
    )


def parts(answer: Answer) -> Iterator[Part]:
    """Give the answer part by part, in the order in which it is read; some hold no text."""
    head, open_ = _halves(answer)
    if answer.stated_alone is not None:
        head.append(stated_alone_words(answer.stated_alone))
    first = [*signable_words(answer.signable), *([in_all(answer)] if in_all(answer) else [])]
    beside = [text for text in answer.notes if text.startswith(WORLD)]
    yield Part("", [*first, *head, *due_words(answer.due), *open_, *beside])
    if answer.questions or answer.open_law:
        every = len(answer.questions) + answer.more_questions
        more = f"{every:,} questions" if answer.more_questions else ""
        label = "Cannot be said until" if is_undecided(answer) else "Could change with an answer"
        yield Part(label, [*map(asked_words, answer.questions), *answer.open_law], True, more)
    yield Part(GONE, answer.gone)
    yield Part("Assumed until shown otherwise", answer.presumed)
    yield Part("Could be lifted, if it is shown", answer.lifted_by)
    for label, there in (("Duties", False), (PERHAPS, True)):
        yield Part(label, [duty_words(one) for one in answer.duties if bool(one.hinges_on) is there])
    hidden = len(answer.also) - _ALSO_SHOWN
    also = [*map(also_words, answer.also[:_ALSO_SHOWN]), *([f"and {hidden} more"] if hidden > 0 else [])]
    yield Part("Other rules", also, first_of=f"{len(answer.also):,}" if hidden > 0 else "")
    hidden = len(answer.sites) - _SITES_SHOWN
    sites = [_site(one.site, one.outcomes) for one in answer.sites[:_SITES_SHOWN]]
    beyond = [f"and {hidden} more"] if hidden > 0 else []
    yield Part("By site", [*sites, *beyond], first_of=f"{len(answer.sites):,}" if beyond else "")
    yield Part("Note", [text for text in answer.notes if text not in beside])


def _halves(answer: Answer) -> tuple[list[str], list[str]]:
    """Give what is said before and after the clocks: what is open, or not forbidden while one runs, stands behind them."""
    to_report = _to_report(answer)
    before: list[str] = []
    after: list[str] = []
    for one in answer.said:
        silent = one.outcome in _SILENT
        (after if one.outcome is Outcome.UNDETERMINED or (to_report and silent) else before).append(
            said_words(one)
        )
    return before, after


def _to_report(answer: Answer) -> bool:
    """Tell whether nothing is forbidden and a clock runs or may run: what is due then stands first."""
    return answer.outcome in _SILENT and bool(answer.due)


def rows(answer: Answer) -> Iterator[tuple[str, str]]:
    """Give the answer as rows of a sheet: label and text, the headline first."""
    for one in parts(answer):
        yield from ((one.heading or f"{answer.name}, as of {answer.as_of}", text) for text in one.texts)


def _site(name: str, outcomes: tuple[tuple[Outcome, int], ...]) -> str:
    return f"{name}: " + ", ".join(f"{number:,} {head_of(outcome).lower()}" for outcome, number in outcomes)


def foot(answer: Answer) -> str:
    """Say how many rules do not reach it, and when the law was last checked."""
    silent = answer.silent
    if not silent:
        return answer.checked
    if answer.outcome in (Outcome.NOT_COVERED, Outcome.NOT_IN_FORCE):
        return f"{silent} rule{'' if silent == 1 else 's'} asked. {answer.checked}"
    return (
        f"{silent} other rule{' asked does' if silent == 1 else 's asked do'} not reach it. {answer.checked}"
    )


def headline(answer: Answer) -> str:
    """Say in a few words what it comes to: `Prohibited: 11 things; due by 2026-11-25, in 1 day`."""
    first = answer.said[0]
    if first.words == NOTHING:
        return NOTHING
    first_due = next((one.when for one in answer.due if not one.hinges_on), "")
    due = f"{'was due' if first_due.endswith(OVERDUE) else 'due'} {first_due}" if first_due else ""
    head = _NOT_BARRED if _to_report(answer) else head_of(first.outcome)
    head += f" {_IF_BOUND}" if first.bound_if else ""
    said = head + (f": {counted(first.things, 'thing')}" if first.things else "")
    alone = answer.stated_alone
    if alone is not None and first.outcome in _SILENT and not alone.agreed:
        said += f", {alone.findings:,} confirmed {'finding' if alone.findings == 1 else 'findings'} on what was stated alone"
    said, due = (due.capitalize(), said.lower()) if _to_report(answer) and due else (said, due)
    return f"{said}; {due}" if due else said
