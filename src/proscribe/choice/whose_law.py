"""Whose contract it is: which regimes can stop one, by the law that it is under and by who buys.

A regime says in the knowledge whose contracts it is about (`buyers`). What the tables do not tell of a contract stays open: it
then stands against it only possibly.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from proscribe.choice.headings import clauses_of
from proscribe.choice.records import Contract
from proscribe.model.decisions import Truth
from proscribe.model.law import Law, Regime
from proscribe.rules.facts import PLACE_FACT

#: What may be open: under which law a contract is, and of which agency.
LAW, BUYER = "contract.law", "contract.agency"
#: Whose acts bind through the law of a member.
UNION = "EU"


@dataclass(frozen=True, slots=True)
class WhoseLaw:
    """Tells which regimes can stop a contract."""

    law: Law
    _kept: dict[Hashable, str | None] = field(default_factory=dict)

    def lacks(self, contract: Contract, facts: Mapping[str, Any], regime: str) -> str | None:
        """Say what leaves open whether a regime can stop a contract.

        Args:
            facts: what is stated of the company and of the thing.

        Returns:
            Empty where it surely can, `LAW` or `BUYER` where that is not known, `None` where it cannot.
        """
        said = _Said(
            contract.law,
            contract.agency or str(facts.get(BUYER, "")),
            contract.buyer or clauses_of(facts.get("contract.clauses")),
            str(facts.get(PLACE_FACT, "")),
        )
        if (said, regime) not in self._kept:
            self._kept[said, regime] = self._lacks(said, self.law.regimes[regime])
        return self._kept[said, regime]

    def _lacks(self, said: _Said, regime: Regime) -> str | None:
        place = self._place(said)
        if not place or regime.jurisdiction == UNION != place:
            return LAW
        if place != regime.jurisdiction:
            return None
        if not regime.buyers:
            return ""
        told = [self._is_of(one, regime) for one in (said.agency, said.buyer) if one]
        if Truth.TRUE in told:
            return ""
        return BUYER if Truth.UNKNOWN in told or not told else None

    def _place(self, said: _Said) -> str:
        """Give the nation whose law a contract is under; empty where nothing tells it, or two things differ.

        An agency alone tells it where the company is stated to act in the agency's nation: others have agencies of that name.
        """
        by_words, by_agency = self._home(said.buyer), self._home(said.agency)
        if said.law:
            sure = {by_words, by_agency if self._one_whole(said.agency) else ""}
            return said.law if sure <= {"", said.law} else ""
        return by_words or (by_agency if by_agency == said.acts_in else "")

    def _is_of(self, agency: str, regime: Regime) -> Truth:
        return self.law.agencies.is_of(agency, (regime.buyers,))

    def _home(self, agency: str) -> str:
        """Give the nation whose agency a name can mean; empty where the knowledge holds none of that name."""
        buying = (one for one in self.law.regimes.values() if agency and one.buyers)
        return next((one.jurisdiction for one in buying if self._is_of(agency, one) is Truth.TRUE), "")

    def _one_whole(self, agency: str) -> bool:
        """Tell whether all that a name can mean is a part of one whole."""
        chains, complete = self.law.agencies.chains(agency)
        return complete and bool(frozenset.intersection(*chains))


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said of whose a contract is: its country, its agency, the agency of its words, and where the company acts."""

    law: str
    agency: str
    buyer: str
    acts_in: str


__all__ = ["BUYER", "LAW", "UNION", "WhoseLaw"]
