"""What a company was stated to be in one matter, in regard of each award, and in other countries where its things stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from proscribe.choice.records import Contract
from proscribe.rules.facts import scope_words

_ROLE, _FEDERAL = "party.role", "funds.federal_award"
#: What a row of contracts has from its kind alone: what is stated of the award goes before it.
_OF_ITS_KIND = (_ROLE, _FEDERAL)
#: Facts that are asked of what the company is in another country, by the first letters of their names.
_OF_PARTY = ("party.", "act.", "buyer.", "order.", "approval.")


def award_key(number: str) -> str:
    """Spell the number of an award for comparing."""
    return " ".join(number.split()).casefold()


def fact_of(name: str) -> tuple[str, str]:
    """Give fact and scope of what is asked of one country or award alone, `party.role@country:IT`; else no scope."""
    fact, _, scope = name.partition("@")
    return fact, scope


def is_of_party(name: str) -> bool:
    """Tell whether a fact is of what the party is or does, and so is asked of each country for itself."""
    return name.startswith(_OF_PARTY)


def about(scope: str) -> str:
    """Say of what something is asked, behind a question; empty where it is asked of all."""
    return f" ({scope_words(scope)})" if scope else ""


@dataclass(frozen=True, slots=True)
class There:
    """What the law of another country is asked about of things that stand there.

    Attributes:
        code: of the nation.
        facts: one set for each act.
    """

    code: str
    facts: tuple[Mapping[str, Any], ...]

    def asked(self, missing: Sequence[str]) -> tuple[str, ...]:
        """Name what is missing with the country of which it is asked, where it is of what the company is there."""
        return tuple(f"{one}@country:{self.code}" if is_of_party(one) else one for one in missing)


@dataclass(slots=True)
class Matters:
    """What was stated in which position.

    Attributes:
        company: facts of the matter in which the company was stated; of several contracts they are said of none.
        awards: by the number of an award, spelled for comparing, what is stated in regard of it.
        countries: by code, what is stated of the company there.
        abroad: by the identity of the facts of a thing, where else its law is asked.
        several: whether there are several awards.
    """

    company: Mapping[str, Any] = field(default_factory=dict)
    awards: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    countries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    abroad: Mapping[int, There] = field(default_factory=dict)
    several: bool = False
    _bare: dict[int, tuple[Mapping[str, Any], Mapping[str, Any]]] = field(default_factory=dict)

    def bare(self, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """Give what is known of a thing without the one matter of the company, where there are several awards."""
        if not (self.several and self.company):
            return facts
        found = self._bare.get(id(facts))
        if found is None:
            left = {name: value for name, value in facts.items() if self.company.get(name) != value}
            found = self._bare[id(facts)] = (facts, left)
        return found[1]

    def under(self, contract: Contract, day: Mapping[str, Any]) -> dict[str, Any]:
        """Add what is stated in regard of an award to what its row says of a day; of what both say the row prevails.

        Args:
            day: facts of the row, its kind and the day.
        """
        told = self.awards.get(award_key(contract.number), {})
        more = {name: value for name, value in told.items() if name not in day or name in _OF_ITS_KIND}
        return {**day, **more}

    def paid(self, facts: Mapping[str, Any], day: Mapping[str, Any]) -> Mapping[str, Any]:
        """Leave out that an award pays where it is shown of the thing that none does."""
        shown = facts.get(_FEDERAL) is False and self.company.get(_FEDERAL) is not False
        return (
            {name: value for name, value in day.items() if name != _FEDERAL}
            if shown and _FEDERAL in day
            else day
        )
