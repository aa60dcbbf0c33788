"""The rules as a service: which regimes there are, what each says, where a country stands, what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from proscribe.app.decide import answer, author_check, stamp_of
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.errors import error
from proscribe.model.law import Law
from proscribe.rules.facts import nearest
from proscribe.rules.present import regime_lines, regime_to_json
from proscribe.rules.regimes import load
from proscribe.rules.stance import JurisdictionStance, differences, stance, stances

__all__ = ["JurisdictionStance", "LawBook", "RegimeState", "author_check", "law"]


@dataclass(frozen=True, slots=True)
class RegimeState:
    """A regime as it stands on a day.

    Attributes:
        state: `in force`, `pending` or `not in force`.
        asked: whether a case may name it.
        confidence: how sure the knowledge is of its text.
        verified_on: ISO day on which somebody compared it with its source; empty when nobody did.
    """

    regime: str
    jurisdiction: str
    kind: str
    state: str
    asked: bool
    confidence: str
    verified_on: str
    title: str


class LawBook:
    """The law of one snapshot of the knowledge.

    Args:
        law: the rules.
        stamp: version and digest of the knowledge.
    """

    def __init__(self, law: Law, stamp: Mapping[str, str]) -> None:
        self.law = law
        self.stamp = stamp

    def answer(self, name: str, on: date | None, content: Mapping[str, Any]) -> dict[str, Any]:
        """Give a JSON answer (`proscribe.law-<name>/1`) with the head that every answer carries."""
        return answer(f"proscribe.law-{name}/1", self.stamp, on, content)

    def regimes(self, on: date, jurisdiction: str = "") -> list[RegimeState]:
        """List the regimes, by jurisdiction and name; those of one jurisdiction where one is named."""
        return [
            RegimeState(
                regime.id,
                regime.jurisdiction,
                regime.kind,
                "in force"
                if regime.in_force_on(on)
                else "pending"
                if regime.pending_on(on)
                else "not in force",
                regime.asked,
                regime.provenance.confidence,
                regime.verified_on,
                regime.title,
            )
            for regime in sorted(self.law.regimes.values(), key=lambda item: (item.jurisdiction, item.id))
            if regime.kind != "definitions" and jurisdiction.upper() in ("", regime.jurisdiction)
        ]

    def regimes_json(self, on: date, jurisdiction: str = "") -> dict[str, Any]:
        """Give `regimes` as a JSON answer."""
        return self.answer("list", on, {"regimes": [asdict(item) for item in self.regimes(on, jurisdiction)]})

    def regime_json(self, regime: str) -> dict[str, Any]:
        """Give a regime, its rules, exceptions, duties and sources as a JSON answer.

        Raises:
            UsageError: E403 when there is none of that name, with the nearest.
        """
        return self.answer("show", None, regime_to_json(self.law, self._known(regime)))

    def regime_lines(self, regime: str) -> list[str]:
        """Write a regime as lines: its rules in words, exceptions, duties and sources.

        Raises:
            UsageError: E403.
        """
        return list(regime_lines(self.law, self._known(regime)))

    def stances(self, on: date, jurisdiction: str = "") -> list[JurisdictionStance]:
        """Say where each jurisdiction, or the one named, stands on a day."""
        return [stance(self.law, jurisdiction.upper(), on)] if jurisdiction else list(stances(self.law, on))

    def changes(self, first: date, second: date) -> list[str]:
        """Say in words what changed between two days.

        Raises:
            UsageError: E404 when the later day is before the earlier one.
        """
        if second < first:
            raise error("E404.order", at="--to")
        return differences(self.law, first, second)

    def _known(self, regime: str) -> str:
        if regime not in self.law.regimes:
            near = nearest(regime, self.law.regimes)
            raise error("E403", at="REGIME", regime=regime, near=near)
        return regime


def law(knowledge: Sequence[str | Path] = ()) -> LawBook:
    """Open the rules.

    Args:
        knowledge: a snapshot or source folder, then layers; the shipped one by default.

    Raises:
        KnowledgeError: E2xx when the knowledge cannot be used.
        RuleError: E3xx when a rule is malformed.
    """
    snapshot = open_knowledge(knowledge)
    return LawBook(load(snapshot.documents("regimes/")), stamp_of(snapshot))
