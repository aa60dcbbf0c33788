"""What would settle a case: the smallest sets of missing facts, and to what each value leads."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, product
from math import prod
from typing import Any

from proscribe.model.decisions import Case, CaseResult, Determination, Obligation, Outcome
from proscribe.model.law import AffiliateOf, DefinitionRef, Expression, FactTest, IsEntity, Law
from proscribe.rules.acts import ACT
from proscribe.rules.duty_words import REPORT
from proscribe.rules.engine import Outline
from proscribe.rules.expressions import walk
from proscribe.rules.facts import FACTS, NUMBER_TYPES, PRESUMED, in_order, shown

_MAX_SETS = 200
_MAX_ASSIGNMENTS = 96
#: Decisions spent on one case; what is not tried is not claimed.
_MAX_DECISIONS = 3_000
_DAY = timedelta(days=1)
_FIRMS = ("huawei", "hikvision", "other")


@dataclass(frozen=True, slots=True)
class Settlement:
    """A smallest set of facts that could settle a case.

    Attributes:
        facts: names, in the order a person can answer.
        leads_to: pairs of the values (one per fact, as text) and the outcome.
        always: whether every value tried settles it.
    """

    facts: tuple[str, ...]
    leads_to: tuple[tuple[tuple[str, ...], Outcome], ...]
    always: bool


def settle(
    case: Case, result: CaseResult, decide: Callable[[Case], CaseResult], law: Law, *, most: int = 3
) -> tuple[Settlement, ...]:
    """Find the smallest sets of missing facts that would settle an undetermined case.

    Args:
        case: the question.
        result: its answer.
        decide: puts a case to the same law and knowledge.
        law: to find the values that matter.
        most: the largest set tried.

    Returns:
        Sets of one size, the smallest that settles anything; empty when nothing is missing but readings of the law.
    """
    missing = [name for name in in_order(_missing(result)) if name in FACTS and name not in case.facts]
    values = {name: _candidates(name, case, law) for name in missing}
    spent = 0
    for size in range(1, most + 1):
        found = []
        for place, names in enumerate(combinations(missing, size)):
            spent += min(_MAX_ASSIGNMENTS, prod(len(values[name]) for name in names))
            if place >= _MAX_SETS or spent > _MAX_DECISIONS:
                break
            settlement = _try(case, names, values, decide)
            if settlement is not None:
                found.append(settlement)
        if found:
            found.sort(key=lambda item: (not item.always, [list(FACTS).index(name) for name in item.facts]))
            return tuple(found)
    return ()


def _missing(result: CaseResult) -> set[str]:
    return {
        name
        for item in result.determinations
        if item.outcome is Outcome.UNDETERMINED
        for name in item.missing
    }


def _try(
    case: Case, names: tuple[str, ...], values: dict[str, list[Any]], decide: Callable[[Case], CaseResult]
) -> Settlement | None:
    outcomes: list[tuple[tuple[str, ...], Outcome]] = []
    for place, assignment in enumerate(product(*(values[name] for name in names))):
        if place >= _MAX_ASSIGNMENTS:
            break
        facts = {**case.facts, **dict(zip(names, assignment, strict=True))}
        outcome = decide(replace(case, facts=facts)).outcome
        outcomes.append((tuple(shown(value) for value in assignment), outcome))
    settled = [outcome for _, outcome in outcomes if outcome is not Outcome.UNDETERMINED]
    if not settled:
        return None
    return Settlement(names, tuple(outcomes), len(settled) == len(outcomes))


def _candidates(name: str, case: Case, law: Law) -> list[Any]:
    """Give values worth trying for a fact: the closed list, or those that the asked rules compare with."""
    spec = FACTS[name]
    if spec.type == "bool":
        return [True, False]
    if spec.type == "choice":
        return list(spec.values)
    if spec.type == "choices":
        return [(value,) for value in spec.values]
    seen: dict[Any, None] = {}
    for node in _asked_nodes(case, law):
        if isinstance(node, FactTest) and node.fact == name:
            for value in node.value if isinstance(node.value, tuple) else (node.value,):
                seen[case.facts.get(value, "GSA") if spec.type == "agency" and value in FACTS else value] = (
                    None
                )
        elif isinstance(node, (AffiliateOf, IsEntity)) and node.who == name:
            for firm in sorted(node.firms):
                seen[firm] = None
    if spec.type == "entity":
        return [*list(seen or dict.fromkeys(_FIRMS))[:8], "other"]
    if spec.type == "entities":
        return [(), *((firm,) for firm in list(seen or dict.fromkeys(_FIRMS))[:8])]
    if spec.type.startswith("date"):
        days = [value for value in seen if isinstance(value, date)] or [case.as_of]
        return sorted({day for value in days for day in (value - _DAY, value)})[:8]
    if spec.type in NUMBER_TYPES:
        numbers = {
            number for value in seen if isinstance(value, (int, Decimal)) for number in (value - 1, value)
        }
        return sorted(numbers)[:8] or [1]
    if spec.type == "texts":
        return [("all",)]
    if spec.type == "clauses":
        return [*((number,) for number in sorted(law.clauses)), ()]
    return [
        *[value for value in seen if isinstance(value, str)][:8],
        {"country": "ZZ", "subdivision": "ZZ-ZZ", "agency": "GSA"}.get(spec.type, "another"),
    ]


def _asked_nodes(case: Case, law: Law) -> Iterator[Expression]:
    names = case.regimes or law.askable()
    done: set[str] = set()

    def inside(expression: Expression) -> Iterator[Expression]:
        for node in walk(expression):
            yield node
            if isinstance(node, DefinitionRef) and node.id not in done:
                done.add(node.id)
                yield from inside(law.definitions[node.id].when)

    for name in names:
        for rule in law.rules.get(name, ()):
            yield from inside(rule.when)
            for identity in rule.unless:
                yield from inside(law.exceptions[identity].when)


@dataclass(frozen=True, slots=True)
class Worth:
    """What answering one question about a case can do.

    Attributes:
        changes: whether some answer changes an outcome, its last day, a duty or its deadline.
        settles: share of the answers tried, in thousandths, after which the headline is no longer undetermined.
        gains: share, in thousandths, of the rules that were undetermined and no longer are, over all answers tried.
    """

    changes: bool = False
    settles: int = 0
    gains: int = 0

    @property
    def value(self) -> int:
        """Give one number to rank by: an answer that settles is worth more than one that only leads on."""
        return 2 * self.settles + self.gains if self.changes else 0


class Trials:
    """Tries answers to open questions; what was tried is kept.

    Args:
        decide: puts a case to law and knowledge, to no more than some regimes.
        outlines: gives what it comes to of each of these that is asked, for a small part of the work.
        law: to find the values that matter.
    """

    def __init__(
        self,
        decide: Callable[[Case, frozenset[str]], CaseResult],
        outlines: Callable[[Case, frozenset[str]], Mapping[str, Outline]],
        law: Law,
    ) -> None:
        self._decide = decide
        self._outlines = outlines
        self._law = law
        self._values: dict[tuple[str, tuple[str, ...], date], list[Any]] = {}

    def values(self, name: str, case: Case) -> list[Any]:
        """Give the answers worth trying."""
        key = (name, case.regimes, case.as_of)
        if key not in self._values:
            self._values[key] = _candidates(name, case, self._law)
        return self._values[key]

    def outcome(self, case: Case, regimes: frozenset[str]) -> Outcome:
        """Decide a case by some regimes."""
        found = self._outlines(case, regimes).values()
        return min((one.outcome for one in found), key=lambda one: one.rank, default=Outcome.NOT_COVERED)

    def worth(self, case: Case, result: CaseResult, name: str) -> Worth:
        """Say what answering one question can do."""
        open_now = frozenset(
            item.regime for item in result.determinations if item.outcome is Outcome.UNDETERMINED
        )
        waiting = frozenset(item.regime for item in result.determinations if _waits_for(item, name))
        if not waiting:
            return Worth()
        before = {item.regime: item for item in result.determinations if item.regime in waiting}
        settled, gained, values = 0, 0, self.values(name, case)
        tried = [replace(case, facts={**case.facts, name: value}) for value in values]
        outlines = [self._outlines(one, waiting) for one in tried]
        for found in outlines:
            still = {key for key in open_now & waiting if _open(found.get(key))}
            barred = any(item.outcome is Outcome.PROHIBITED for item in found.values())
            settled += barred or not (open_now - waiting or still)
            gained += len(open_now) if barred else len(open_now & waiting) - len(still)
        # duties are looked at only where nothing else changes
        changes = any(
            _differs_at_sight(item, found.get(key)) for found in outlines for key, item in before.items()
        ) or any(self._differs(before, one) for one in tried)
        number = len(values) or 1
        return Worth(changes, 1000 * settled // number, 1000 * gained // (number * (len(open_now) or 1)))

    def _differs(self, before: Mapping[str, Determination], case: Case) -> bool:
        """Tell whether a case is decided otherwise than before, its duties too."""
        after = {item.regime: item for item in self._decide(case, frozenset(before)).determinations}
        return any(_differs(item, after.get(key)) for key, item in before.items())


def _waits_for(item: Determination, name: str) -> bool:
    return (
        name in item.missing
        or name in item.open_exceptions
        or name in item.bound_if
        or any(name in duty.missing for duty in item.possible_obligations)
        or any(name in starts_of(duty) for duty in item.obligations)
    )


def _open(item: Outline | None) -> bool:
    return item is not None and item.outcome is Outcome.UNDETERMINED


def _differs_at_sight(before: Determination, after: Outline | None) -> bool:
    """Tell whether an answer changed something of what `_differs` looks at, duties and what they hang on aside."""
    if after is None or (before.outcome, before.until) != (after.outcome, after.until):
        return True
    fewer = set(after.missing) < set(before.missing)
    return before.outcome is Outcome.UNDETERMINED and fewer and not after.of_duties


def _differs(before: Determination, after: Determination | None) -> bool:
    """Tell whether an answer changed the outcome, its last day, a duty or a deadline; or what is still to be asked."""
    if after is None or (before.outcome, before.until) != (after.outcome, after.until):
        return True
    if before.outcome is Outcome.UNDETERMINED and set(after.missing) < set(before.missing):
        return True
    return _clocks(before.obligations) != _clocks(after.obligations) or {
        duty.id for duty in before.possible_obligations
    } != {duty.id for duty in after.possible_obligations}


def _clocks(duties: tuple[Obligation, ...]) -> set[tuple[str, object]]:
    return {(duty.id, duty.due) for duty in duties}


def starts_of(duty: Obligation) -> tuple[str, ...]:
    """Name the facts that would give a duty its day: when the event was that starts its clock, and which clause governs."""
    start = duty.deadline.get("from")
    names = []
    if duty.due is None and start == "event.identified_at":
        names.append(start)
    if not duty.clause_known:
        names += ["contract.clauses", "contract.awarded_on", "contract.solicitation_issued_on"]
    return tuple(names)


def deciding(case: Case, result: CaseResult) -> tuple[str, ...]:
    """Give the absent facts on which the headline hangs, in the order a person can answer.

    An approval that may be there is one of them, and of whom a rule is addressed to what was taken as so.
    """
    names: set[str] = set()
    if result.outcome is Outcome.UNDETERMINED:
        names = _missing(result)
    else:
        names = {name for item in result.deciding() for name in item.bound_if}
    if result.outcome is Outcome.APPROVAL_REQUIRED:
        for item in result.deciding():
            names |= {*item.missing, *item.open_exceptions}
    return _askable(names, case)


def reporting(case: Case, result: CaseResult) -> tuple[str, ...]:
    """Give the absent facts of a thing that say whether it is to be reported, where no rule forbids what is done with it.

    While it is open who made it, or what kind of thing it is, that alone; what is presumed of it is not among them.
    """
    names = {
        name
        for item in result.determinations
        if item.outcome not in (*HOLDING, Outcome.UNDETERMINED)
        for duty in item.possible_obligations
        if duty.kind == REPORT
        for name in duty.missing
        if name.startswith("item.") and name not in PRESUMED
    }
    return _askable(names.intersection(_BEFORE), case)[:1] or _askable(names, case)


def dutiful(case: Case, result: CaseResult) -> tuple[str, ...]:
    """Give the absent facts of party, contract and event that a duty or its day hangs on, where a rule holds.

    Where none holds, those of the thing say whether it is to be reported all the same.
    """
    names = set() if result.outcome in HOLDING else set(reporting(case, result))
    for item in result.determinations:
        if item.outcome not in HOLDING:
            # who uses a thing says which of two rules of one law it is, and so which duties follow
            names |= _GROUND & set(item.missing) if item.outcome is Outcome.UNDETERMINED else set()
            continue
        for duty in item.possible_obligations:
            names |= {name for name in duty.missing if name.split(".")[0] in _OF_THE_COMPANY}
        for duty in item.obligations:
            names |= set(starts_of(duty))
    if case.facts.get("party.role") == "government_buyer" and case.facts.get(ACT) in _BEFORE_AWARD:
        names -= _AFTER_AWARD
    # the day on which it was found starts the clock, whatever clause it is
    return tuple(sorted(_askable(names, case), key=lambda name: name != "event.identified_at"))


def presuming(case: Case, result: CaseResult) -> tuple[str, ...]:
    """Give the absent facts of a network that are taken as so where the headline rests on it: its engineer can say otherwise."""
    names = {name for item in result.deciding() for name in item.presumed if name.startswith("network.")}
    return _askable(names, case)


def excepting(case: Case, result: CaseResult) -> tuple[str, ...]:
    """Give the absent facts, besides those of a waiver and what is presumed, that could show an exception from what forbids."""
    names: set[str] = set()
    for item in result.deciding():
        names |= set(item.open_exceptions) - set(item.presumed)
    return _askable({name for name in names if not name.startswith("waiver.")}, case)


def exculpating(case: Case, result: CaseResult) -> tuple[str, ...]:
    """Give the absent facts that decide nothing by themselves, but could still show an exception, a waiver or a duty.

    Of a waiver only its day is asked, until somebody says that there is one.
    """
    names: set[str] = set()
    for item in result.determinations:
        names |= {*item.open_exceptions, *item.presumed}
        if item.outcome is not Outcome.UNDETERMINED or result.outcome is not Outcome.UNDETERMINED:
            names |= set(item.missing)
        for duty in item.possible_obligations:
            names |= set(duty.missing)
    if not any(name.startswith("waiver.") for name in case.facts):
        names = {name for name in names if not name.startswith("waiver.") or name == "waiver.granted_on"}
    return _askable(names, case)


#: Outcomes under which duties run.
HOLDING = (Outcome.PROHIBITED, Outcome.APPROVAL_REQUIRED, Outcome.PERMITTED_UNTIL)
_GROUND = frozenset({"use.by"})
#: What an agency does before there is a contract, and what nobody can say of it then, whatever duty of a contractor hangs on it.
_BEFORE_AWARD = frozenset({"procure", "award_contract"})
_AFTER_AWARD = frozenset({"contract.awarded_on", "event.identified_at"})
_OF_THE_COMPANY = frozenset({"party", "act", "contract", "event", "sam"})


def _askable(names: set[str], case: Case) -> tuple[str, ...]:
    return tuple(name for name in in_order(names) if name in FACTS and name not in case.facts)


def next_question(case: Case, result: CaseResult, trials: Trials, skipped: Container[str] = ()) -> str | None:
    """Choose the one question about a case that settles most; `None` when no answer changes anything.

    Args:
        skipped: what cannot be said, and is not asked.
    """
    inquiry = _inquiry(case, result, trials, skipped)
    if inquiry is not None:
        return inquiry
    wanted = deciding(case, result)
    # nobody knows what kind of thing it is: then only what settles it by itself is worth a question
    lost = KIND in wanted and KIND in skipped
    names = [name for name in wanted if name not in skipped]
    worth = {name: trials.worth(case, result, name) for name in names}
    useful = [name for name in names if (worth[name].settles if lost else worth[name].changes)]
    if useful:
        return min(useful, key=lambda name: (turn_of(name), -worth[name].value, names.index(name)))
    if result.outcome is Outcome.UNDETERMINED:
        return None
    led = (*excepting(case, result), *dutiful(case, result)) if result.outcome in HOLDING else ()
    for name in led or reporting(case, result):
        if name not in skipped and trials.worth(case, result, name).changes:
            return name
    return None


_INSIDE = "item.contains_producer"
_INQUIRY = ("inquiry.completed_on", "inquiry.covers")


def _inquiry(case: Case, result: CaseResult, trials: Trials, skipped: Container[str]) -> str | None:
    """Offer a documented inquiry, its day and then its scope, where nobody can say what is inside and it would settle it."""
    if result.outcome is not Outcome.UNDETERMINED or _INSIDE not in skipped or _INSIDE in case.facts:
        return None
    wanted = {_INQUIRY[0]: case.as_of, _INQUIRY[1]: ("all",)}
    facts = {**wanted, **case.facts}
    regimes = frozenset(item.regime for item in result.determinations)
    if trials.outcome(replace(case, facts=facts), regimes) is Outcome.UNDETERMINED:
        return None
    return next((name for name in _INQUIRY if name not in case.facts and name not in skipped), None)


#: They choose the rules; while one is open, every rule of every country asks for its own facts.
FIRST = ("party.jurisdiction", "party.role", "act.kind")
#: Asked before all else: while it is open who made a thing, nothing else about it settles anything.
KIND = "item.kind"
_BEFORE = ("item.producer", KIND)


def turn_of(name: str) -> int:
    """Give the turn in which a fact is asked, whatever its answers are worth; what is presumed, and only lets go, comes last."""
    if name in FIRST:
        return 0
    if name in _BEFORE:
        return 1 + _BEFORE.index(name)
    return 9 if name in PRESUMED else 5


def questions(case: Case, result: CaseResult) -> tuple[str, ...]:
    """Give the facts that still matter, in the order a person can answer: those that decide, those of a duty, then those
    that could show an exception or a waiver."""
    first = deciding(case, result)
    return tuple(dict.fromkeys((*first, *dutiful(case, result), *exculpating(case, result))))
