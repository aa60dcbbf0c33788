"""The rules as a service: which regimes there are, what each says, where a country stands, what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from proscribe.app.rules.decide import answer, author_check, sources_of, stamp_of
from proscribe.kb.snapshot import open_knowledge
from proscribe.kb.texts import FOLDER, LawText, Library, library, quoted
from proscribe.model.errors import error
from proscribe.model.law import Law
from proscribe.rules.facts import nearest
from proscribe.rules.present import regime_lines, regime_to_json
from proscribe.rules.purposes import DOCUMENT as PURPOSES
from proscribe.rules.purposes import NO_PURPOSES, Purposes, purposes_of
from proscribe.rules.regimes import law_in
from proscribe.rules.stance import JurisdictionStance, differences, stance, stance_spans, stances

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


@dataclass(frozen=True, slots=True)
class RegimeSources:
    """When a regime was last compared with its sources, and what to look at next time.

    Attributes:
        checked_on: ISO day; empty when nobody did.
        due_on: ISO day of the next comparison; empty when there was none.
        due: whether that day has come, or nobody ever compared it.
        watch: what would change it.
        sources: id, address and day of retrieval of each source that its records name.
    """

    regime: str
    jurisdiction: str
    checked_on: str
    due_on: str
    due: bool
    watch: tuple[str, ...]
    sources: tuple[Mapping[str, str], ...]


class LawBook:
    """The law of one snapshot of the knowledge.

    Args:
        law: the rules.
        stamp: version and digest of the knowledge.
        texts: the words by edition.
        sources: id of a source to its address and the day on which it was retrieved.
        purposes: what cameras are for, with the readings that can be taken.
    """

    def __init__(
        self,
        law: Law,
        stamp: Mapping[str, str],
        texts: Library,
        sources: Mapping[str, tuple[str, str]] = MappingProxyType({}),
        purposes: Purposes = NO_PURPOSES,
    ) -> None:
        self._sources = sources
        self.purposes = purposes
        self.law = law
        self.stamp = stamp
        self.texts = texts

    def answer(self, name: str, on: date | None, content: Mapping[str, Any]) -> dict[str, Any]:
        """Give a JSON answer (`proscribe.law-<name>/1`) with the head that every answer carries."""
        return answer(f"proscribe.law-{name}/1", self.stamp, on, content)

    def purposes_json(self) -> dict[str, Any]:
        """Give what cameras are for, and the readings that can be taken."""
        return {
            "purposes": [asdict(one) for one in self.purposes.purposes],
            "uses": [asdict(one) for one in self.purposes.uses],
        }

    def purposes_lines(self) -> Iterator[str]:
        """Write what cameras are for, and the readings that can be taken, for a terminal."""
        for one in self.purposes.purposes:
            yield f"{one.name}: {one.plain}"
            yield f"  for a wide sense: {one.argued_for}"
            yield f"  against it: {one.argued_against}"
            yield f"  {one.source}, {one.locator} ({one.basis})"
        yield ""
        yield "Uses that these words do not settle, with the readings that a lawyer can take:"
        for use in self.purposes.uses:
            yield ""
            yield f"{use.text}. {use.changes}"
            for reading in use.readings:
                yield f"  {reading.name} = {', '.join(reading.purposes)}: {reading.why} ({reading.source}, {reading.basis})"

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

    def checks(self, on: date, jurisdiction: str = "", *, due: bool = False) -> list[RegimeSources]:
        """Say of each regime when it was last compared with its sources, the longest ago first.

        Args:
            due: only those whose next comparison is due by the day, or that nobody ever compared.
        """
        found = []
        for regime in self.law.regimes.values():
            if regime.kind == "definitions" or jurisdiction.upper() not in ("", regime.jurisdiction):
                continue
            next_on = regime.review_due_on()
            is_due = next_on is None or next_on <= on
            if due and not is_due:
                continue
            named = sorted(sources_of(self.law, regime.id))
            told = tuple(
                {"id": name, "address": self._sources[name][0], "retrieved_on": self._sources[name][1]}
                for name in named
                if name in self._sources
            )
            due_on = "" if next_on is None else next_on.isoformat()
            found.append(
                RegimeSources(
                    regime.id, regime.jurisdiction, regime.verified_on, due_on, is_due, regime.watch, told
                )
            )
        return sorted(found, key=lambda one: (one.due_on, one.jurisdiction, one.regime))

    def checks_lines(self, found: Sequence[RegimeSources]) -> list[str]:
        """Write `checks` as lines: days, what to watch, then each source with the day on which it was read."""
        lines = []
        for one in found:
            mark = "  DUE" if one.due else ""
            lines.append(
                f"{one.regime}: last checked on {one.checked_on or 'no day'}, next by {one.due_on or 'now'}{mark}"
            )
            lines += [f"  watch: {what}" for what in one.watch]
            lines += [
                f"  {source['retrieved_on']}  {source['address'] or source['id']}" for source in one.sources
            ]
        return lines

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

    def spans(self, first: date, last: date) -> dict[str, list[tuple[str, date, date]]]:
        """Say for every jurisdiction how it stood between two days: stance, first and last day.

        Raises:
            UsageError: E404 when the later day is before the earlier one.
        """
        if last < first:
            raise error("E404.order", at="--to")
        return stance_spans(self.law, first, last)

    def changes(self, first: date, second: date, *, nations: Callable[[str], str] | None = None) -> list[str]:
        """Say in words what changed between two days.

        Args:
            nations: gives the name of a nation, for readers who know no ids; these are left out then.

        Raises:
            UsageError: E404 when the later day is before the earlier one.
        """
        if second < first:
            raise error("E404.order", at="--to")
        return differences(self.law, first, second, nations=nations)

    def text(self, citation: str, on: date, edition: str = "") -> LawText:
        """Give the words of one edition of a piece of law.

        Args:
            citation: such as `48 CFR 52.204-25`, or its bare number.
            on: the day whose edition is meant where none is named.

        Raises:
            UsageError: E403 when its words are not stored, with the editions that are.
        """
        found = self.texts.edition(citation, edition, on)
        if found is not None:
            return found
        editions = self.texts.editions(citation)
        if editions:
            listed = ", ".join(one.front.edition for one in editions)
            raise error("E403.edition", at="CITATION", citation=citation, on=on, editions=listed)
        known = {one.front.citation for one in self.texts.texts.values()}
        raise error("E403.text", at="CITATION", citation=citation, near=nearest(citation, known))

    def texts_json(self, on: date, found: Sequence[LawText], paragraph: str = "") -> dict[str, Any]:
        """Give texts as a JSON answer: the words of one, the heads of several."""
        told = []
        for one in found:
            days = one.front.in_force
            in_force = {
                name: day and day.isoformat() for name, day in (("from", days.first), ("to", days.end))
            }
            head: dict[str, Any] = {"id": one.id, **one.head, "in_force": in_force}
            if len(found) == 1:
                shown = one.at(paragraph) if paragraph else one.paragraphs
                head["paragraphs"] = [asdict(piece) for piece in shown]
            told.append(head)
        return self.answer("text", on, {"texts": told})

    def text_lines(self, text: LawText, paragraph: str = "") -> list[str]:
        """Write the words of a text, or of one paragraph with what stands below it, with where they were read.

        Raises:
            KnowledgeError: E228.paragraph.
        """
        front = text.front
        days = f"from {front.in_force.first}" if front.in_force.first else "on days not known"
        if front.in_force.end:
            days += f" to {front.in_force.end - timedelta(days=1)}"
        lines = [f"{front.citation} ({front.edition}), in force {days}. {front.title}", ""]
        for line in quoted(text.at(paragraph) if paragraph else text.paragraphs):
            lines += [line, ""]
        lines.append(f"Read: {front.reading}, {front.source.address}, {front.source.retrieved_on}.")
        return [*lines, *([front.notes] if front.notes else [])]

    def _known(self, regime: str) -> str:
        if regime not in self.law.regimes:
            near = nearest(regime, self.law.regimes)
            raise error("E403", at="REGIME", regime=regime, near=near)
        return regime


@cache
def law_of(knowledge: tuple[str, ...] = ()) -> LawBook:
    """Open the rules, and keep them open for the next who asks."""
    return law(knowledge)


def law(knowledge: Sequence[str | Path] = ()) -> LawBook:
    """Open the rules.

    Args:
        knowledge: a snapshot or source folder, then layers; the shipped one by default.

    Raises:
        KnowledgeError: E2xx when the knowledge cannot be used.
        RuleError: E3xx when a rule is malformed.
    """
    snapshot = open_knowledge(knowledge)
    table = snapshot.columns("sources")
    sources = dict(zip(table["id"], zip(table["url"], table["retrieved_on"], strict=True), strict=True))
    return LawBook(
        law_in(snapshot), stamp_of(snapshot), library(snapshot.documents(FOLDER)), sources,
        purposes_of(snapshot.documents(PURPOSES).get(PURPOSES)),
    )  # fmt: skip
