"""What the law says about the findings of a document: the one view of an answer, from the determinations of its scans.

Scans are files that anybody may have touched: what is of another shape than the program writes is passed over, and an
outcome that is none is read as undetermined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from proscribe.devices.things import things
from proscribe.documents.evidence import Seen, as_judged, cut
from proscribe.documents.kinds import BY_KIND
from proscribe.documents.loose import entries, objects
from proscribe.documents.repeats import once
from proscribe.model.answers import MOST_QUESTIONS, Asked
from proscribe.model.decisions import Determination, Obligation, Outcome, Signing, TraceNode
from proscribe.model.papers import PaperInputs, Question
from proscribe.rules.answer_words import (
    due_words,
    duty_words,
    head_of,
    headline,
    said_words,
    signable_words,
    sum_words,
)
from proscribe.rules.answers import BELOW, Told, answer_of, asked_of
from proscribe.rules.duty_words import DEPENDS, as_clocks_stand
from proscribe.rules.facts import FACTS, in_order
from proscribe.wording.shown import counted

_NAME = "What the law says"
_OUTCOMES = {one.value: one for one in Outcome}


def law_says(
    inputs: PaperInputs,
    seen: Sequence[Seen],
    regimes: Iterable[str] = (),
    *,
    asked: Collection[Question] = BY_KIND,
    admitted: Collection[str] = (),
    goes_to: Callable[[str], Sequence[str]] = lambda _: (),
    signs: bool = True,
) -> dict[str, Any] | None:
    """Write the answer of the law about the findings that count; `None` where no rule was asked about any of them.

    Findings that were not put to these rules are counted, and while there are any nothing reads as clear. Names in lists
    that speak to no question asked, such as those of vendors, are told apart: the document does not weigh them.

    Args:
        regimes: ids of the rules that the document is about; every one that was asked where there are none.
        asked: the questions of the document.
        admitted: those of its questions to which it answers "does".
        goes_to: names those to whom a duty is met under the document's contract beyond doubt.
        signs: whether it says what the firm may sign, which is nobody's business in a report that states none of it.
    """
    kept, aside = once(inputs, seen)
    weighed = [one for one in kept if one.weighed_for(asked)]
    about = frozenset(regimes)
    told = list(_told(inputs, weighed, about, goes_to))
    unasked = sum(one.things for one in told if not one.determinations)
    told = [one for one in told if one.determinations]
    if not told:
        return None
    waiting: Counter[str] = Counter()
    for item in told:
        for name in {name for one in item.deciding() if _is_open(one) for name in one.missing}:
            waiting[name] += item.things
    open_facts = list(asked_of(in_order(waiting)))
    more = max(0, len(open_facts) - MOST_QUESTIONS)
    counted = sum(bool(one.bears_on and _regimes_of(one) & (about or _regimes_of(one))) for one in weighed)
    said = answer_of(
        _NAME, inputs.as_of, told, questions=open_facts[:MOST_QUESTIONS], more=more, findings=counted
    )
    outcome, head = said.outcome, headline(said)
    words = [
        *signable_words(
            [one for one in said.signable if signs and (one.forced_by or one.open)],
            admitted=[denied for one in said.signable if _question(denied := one.signing.denies) in admitted],
        ),
        *(said_words(one).replace(BELOW, "the questions beside “would change it”") for one in said.said),
    ]
    if said.sum is not None:
        words.append(sum_words(said.sum, to="the rules that this document is about" if about else "the law"))
    words += _left_out(seen, kept, weighed, aside)
    if unasked:
        count = f"{unasked:,} thing{' was' if unasked == 1 else 's were'} not put to these rules"
        words.append(f"Not asked: {count}; nothing is said of {'it' if unasked == 1 else 'them'} here.")
        if outcome.rank > Outcome.UNDETERMINED.rank:
            outcome = Outcome.UNDETERMINED
            head = f"{head_of(outcome)}: {count}; of the others: {head[:1].lower()}{head[1:]}"
        else:
            head = f"{head}; {count}"
    return {
        "as_of": said.as_of,
        "outcome": outcome.value,
        "headline": head,
        "said": words,
        "due": list(due_words(said.due)),
        "presumed": list(said.presumed),
        "would_change": [
            *(_open_words(one, waiting) for one in said.questions),
            *said.open_law,
            *_could_lift(told),
        ],
        "duties": list(map(duty_words, said.duties)),
    }


def _left_out(
    seen: Sequence[Seen], kept: Sequence[Seen], weighed: Sequence[Seen], aside: Sequence[Seen]
) -> Iterator[str]:
    """Say how many findings are not counted, and why."""
    left = {
        "a firm in a list that answers no question asked here, such as one of vendors": len(kept)
        - len(weighed),
        "what stands at a site that two people put outside": sum(not one.bears_on for one in weighed),
        "what people judged to be none, or set aside by decision": len(aside)
        + sum(one.ignored is not None for one in seen),
    }
    for what, number in left.items():
        if number:
            yield f"Not counted: {number:,} finding{' names' if number == 1 else 's name'} {what}."


def _question(denied: str) -> str:
    """Give the question that a statement is about: `use` of "does not use"."""
    return denied.rpartition(" ")[2]


def _open_words(one: Asked, waiting: Mapping[str, int]) -> str:
    """Ask, and say of how many things the answer is not known: of one thing several may be open, each counted by itself."""
    return f"{one.question} (not known of {counted(waiting[one.fact], 'thing')}; {one.who} can say)"


def _regimes_of(one: Seen) -> frozenset[str]:
    return frozenset(str(raw.get("regime")) for raw in one.determinations)


def _is_open(one: Determination) -> bool:
    return one.outcome is Outcome.UNDETERMINED


def _could_lift(told: Iterable[Told]) -> list[str]:
    """Ask for what could show an exception or a waiver where a rule forbids."""
    facts = {
        name: None
        for item in told
        for one in item.deciding()
        if one.outcome is Outcome.PROHIBITED
        for name in (*one.presumed, *one.open_exceptions)
        if name in FACTS
    }
    return [f"It could be lifted, if it is shown: {FACTS[name].question}" for name in in_order(facts)]


def _told(
    inputs: PaperInputs,
    seen: Iterable[Seen],
    regimes: frozenset[str],
    goes_to: Callable[[str], Sequence[str]],
) -> Iterator[Told]:
    """Gather the things of which the same is said, with no determination where none of these rules was asked.

    Findings about one thing count as one.

    Args:
        seen: what counts: nothing that counts with another scan, and nothing that people judged to be none.
    """
    duties = {
        (place, judged): _duties(value)
        for place, scan in enumerate(inputs.scans)
        for judged, value in ((False, scan.value.get("decided")), (True, scan.as_judged))
    }
    groups: dict[Any, list[Seen]] = {}
    for one in seen:
        if not one.bears_on:
            continue
        judged = as_judged(one, inputs.scans[one.scan].as_judged)
        key = (
            one.scan,
            judged is not one,
            tuple(sorted(judged.decided_on.items())),
            judged.acts,
            judged.listed.answers,
            tuple(map(_shape, judged.determinations)),
        )
        groups.setdefault(key, []).append(judged)
    told: dict[Any, Told] = {}
    alike: dict[Any, list[Seen]] = {}
    group_of: dict[tuple[int, str], Any] = {}
    for key, found in groups.items():
        one = found[0]
        every = [
            as_clocks_stand(_determination(raw, duties[key[:2]], goes_to), inputs.met, inputs.running)
            for raw in one.determinations
        ]
        asked = [each for each in every if not regimes or each.regime in regimes]
        answers = frozenset(each.value for each in one.listed.answers)
        told[key] = Told(asked, one.decided_on, acts=one.acts, answers=answers)
        # What is one thing hangs on all that was asked of it, and not on what this document is about.
        alike.setdefault((one.scan, Told(every, one.decided_on).said), []).extend(found)
        group_of |= {(each.scan, each.id): key for each in found}
    # Of one thing the law may say the same on other facts, as of two firms that its label names: it counts once, with what is
    # due and open of the one of which most is.
    counts = Counter(
        max((group_of[one.scan, one.id] for one in thing), key=lambda key: told[key].weight)
        for found in alike.values()
        for thing in things(found)
    )
    yield from (replace(one, things=counts[key]) for key, one in told.items() if counts[key])


def _shape(raw: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give what tells one determination from another."""
    return (
        str(raw.get("regime")), str(raw.get("outcome")), str(raw.get("because")), str(raw.get("until")),
        *(tuple(map(str, entries(raw.get(name)))) for name in ("citations", "missing", "presumed", "open_exceptions")),
        *(
            tuple((str(duty.get("id")), str(duty.get("due"))) for duty in objects(raw.get(name)))
            for name in ("obligations", "possible_obligations")
        ),
    )  # fmt: skip


def _determination(
    raw: Mapping[str, Any], duties: Sequence[Mapping[str, Any]], goes_to: Callable[[str], Sequence[str]]
) -> Determination:
    outcome = _OUTCOMES.get(str(raw.get("outcome")), Outcome.UNDETERMINED)
    names = {name: _texts(raw.get(name)) for name in ("citations", "missing", "presumed", "open_exceptions")}
    until = _moment(raw.get("until"))
    because = cut(str(raw.get("because") or ""))
    return Determination(
        regime=cut(str(raw.get("regime") or ""), 80),
        outcome=outcome,
        citations=names["citations"],
        missing=names["missing"],
        waivers=(),
        until=until.date() if isinstance(until, datetime) else until,
        obligations=tuple(_obligation(one, duties, goes_to) for one in objects(raw.get("obligations"))),
        possible_obligations=tuple(
            _obligation(one, duties, goes_to) for one in objects(raw.get("possible_obligations"))
        ),
        exceptions=(),
        open_exceptions=names["open_exceptions"],
        confidence="",
        notices=(),
        trace=TraceNode(
            "regime",
            "",
            outcome.value,
            because=because,
            # the rule said it: a scan tells the words of the rule that decides, not the rule
            children=(TraceNode("rule", "", outcome.value, because=because),),
        ),
        presumed=names["presumed"],
        signing=_signing(raw.get("signing")),
        forbids=cut(str(raw.get("forbids") or "")),
    )


def _signing(raw: Any) -> Signing | None:
    """Read what the party signs; nothing where it is of another shape."""
    if not isinstance(raw, Mapping):
        return None
    denies, admits = (cut(str(raw.get(name) or ""), 80) for name in ("denies", "admits"))
    return Signing(denies, admits) if denies and admits else None


def _duties(decided: Any) -> list[Mapping[str, Any]]:
    """Give the duties of what a scan decided in full, by place; an entry that is none keeps its place."""
    listed = entries(decided.get("obligations")) if isinstance(decided, Mapping) else []
    return [one if isinstance(one, Mapping) else {} for one in listed]


def _obligation(
    short: Mapping[str, Any], duties: Sequence[Mapping[str, Any]], goes_to: Callable[[str], Sequence[str]]
) -> Obligation:
    """Read a duty, in full where the scan tells it at its place; the document says to whom it goes where the scan does not."""
    place = short.get("detail")
    full = duties[place] if isinstance(place, int) and 0 <= place < len(duties) else {}
    raw = {**short, **full}
    deadline = raw.get("deadline")
    count = deadline.get("count") if isinstance(deadline, Mapping) else None
    if not isinstance(deadline, Mapping) or not (count is None or isinstance(count, int)):
        deadline = {}
    to = raw.get("to")
    named = tuple(to.split("; ")) if isinstance(to, str) and to else _texts(to)
    return Obligation(
        id=str(raw.get("id") or ""),
        title=cut(str(raw.get("title") or "")),
        kind=cut(str(raw.get("kind") or ""), 40),
        due=_moment(raw.get("due")),
        deadline=deadline,
        to=(tuple(goes_to(str(raw.get("id") or ""))) if any(map(DEPENDS.search, named)) else ()) or named,
        contents=_texts(raw.get("contents")),
        citation=cut(str(raw.get("citation") or ""), 120),
        clause_known=not raw.get("clause"),
        missing=_texts(raw.get("missing")),
    )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(cut(str(one)) for one in entries(value))


def _moment(value: Any) -> date | datetime | None:
    """Read a day or an instant; anything else is none."""
    text = str(value or "")
    try:
        return datetime.fromisoformat(text) if "T" in text or " " in text else date.fromisoformat(text)
    except ValueError:
        return None
