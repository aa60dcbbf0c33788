"""To whom a report or disclosure goes, as the duty that it meets says for the contract at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from proscribe.kb.snapshot import Snapshot
from proscribe.model.agencies import Agencies
from proscribe.model.law import Definition, Element
from proscribe.model.papers import PaperInputs
from proscribe.rules.evaluation import Context, Tie, evaluate
from proscribe.rules.expressions import facts_in
from proscribe.rules.facts import FACTS, WrongValue, fact_words, typed
from proscribe.rules.logic import TRUE, UNKNOWN
from proscribe.rules.regimes import law_in


class _NobodyKnown:
    """Ownership for conditions that are about contracts: whose owners it is asked, nothing is known of them."""

    def knows(self, entity: str) -> bool:
        return False

    def tie(self, entity: str, firms: frozenset[str], on: date) -> Tie:
        raise LookupError(entity)  # nobody is known of whom it could be asked

    def held_over(self, entity: str, firms: frozenset[str], on: date, percent: int) -> tuple[str, ...]:
        return ()

    def maker_for(self, entity: str, firms: frozenset[str], days: Sequence[date]) -> str | None:
        return None

    def lists_of(self, entity: str, on: date) -> frozenset[str]:
        return frozenset()

    def names_any(self, name: str, on: date) -> bool:
        return False

    def jurisdiction_of(self, entity: str) -> str | None:
        return None


@dataclass(frozen=True, slots=True)
class Addressees:
    """To whom each duty of a document is met.

    Attributes:
        of_duty: id of a duty to those it names, each perhaps under a condition.
        definitions: what the conditions refer to.
        agencies: which agency a name means.
    """

    of_duty: Mapping[str, tuple[Element, ...]]
    definitions: Mapping[str, Definition]
    agencies: Agencies

    def told(self, duty: str, inputs: PaperInputs) -> str:
        """Name those to whom a duty is met; one whose condition is not known is named with what it depends on."""
        return self.told_on(duty, _facts(inputs), inputs.as_of)

    def told_on(self, duty: str, facts: Mapping[str, Any], day: date) -> str:
        """Name those to whom a duty is met on a day, on facts as they are typed."""
        return "; ".join(_named(self.of_duty.get(duty, ()), self._context(facts, day)))

    def known(self, duty: str, inputs: PaperInputs) -> tuple[str, ...]:
        """Name those to whom a duty is met beyond doubt; nothing where there are none."""
        context = self._context(_facts(inputs), inputs.as_of)
        return tuple(
            one.text
            for one in self.of_duty.get(duty, ())
            if one.when is None or evaluate(one.when, context).truth is TRUE
        )

    def _context(self, facts: Mapping[str, Any], day: date) -> Context:
        return Context(facts, day, self.definitions, _NobodyKnown(), self.agencies)


def addressees(knowledge: Snapshot) -> Addressees:
    """Read to whom duties are met."""
    law = law_in(knowledge)
    found = {one.id: one.to for specs in law.obligations.values() for one in specs}
    return Addressees(MappingProxyType(found), law.definitions, law.agencies)


def _named(elements: Iterable[Element], context: Context) -> Iterator[str]:
    for one in elements:
        verdict = evaluate(one.when, context) if one.when is not None else None
        if verdict is None or verdict.truth is TRUE:
            yield one.text
        elif verdict.truth is UNKNOWN:
            # What only would make the answer milder is not named by the verdict: then every absent fact that it rests on.
            absent = facts_in(one.when, context.definitions) - context.facts.keys() if one.when else ()
            asked = next(iter(verdict.open or sorted(absent)), "")
            yield f"perhaps {one.text} (not stated: {fact_words(asked)})" if asked else f"perhaps {one.text}"


def _facts(inputs: PaperInputs) -> dict[str, Any]:
    """Give what is stated of the whole and can be read; the contract speaks before the facts."""
    facts: dict[str, Any] = {}
    for one in inputs.facts:
        if one.applies_to == "company" and one.fact in FACTS:
            try:
                facts[one.fact] = typed(one.fact, one.value)
            except WrongValue:
                continue  # lists come as one text; what cannot be read is not known
    contract = inputs.contract
    if contract is not None and contract.agency:
        facts["contract.agency"] = contract.agency
    if contract is not None and contract.is_idiq is not None:
        facts["contract.is_idiq"] = contract.is_idiq
    return facts
