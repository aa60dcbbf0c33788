"""What a text is taken for, as somebody reads it who never saw a weight or an id: each ground with its days and who says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Self, Unpack

from proscribe.app.kb.firms import everyday_names
from proscribe.app.kb.knowledge import Fact, Knowledge, knowledge
from proscribe.app.kb.knowledge_index import index_asked
from proscribe.app.scan.weighing import bands_of, weighed
from proscribe.matching.findings import Verdict, analyse
from proscribe.model.errors import ProscribeError
from proscribe.model.findings import Evidence, Finding
from proscribe.model.scan_request import DayWords, ScanRequest
from proscribe.rules.regimes import law_in

_MOST_SOURCES = 6


@dataclass(frozen=True, slots=True)
class Says:
    """A fact of the knowledge, and who says so.

    Attributes:
        words: what it says.
        days: since when, until when, in words; empty where no day is known.
        who, address: title of the source, and where it is on the web; empty where none is.
        sureness: how sure the knowledge is: `high`, `medium` or `low`.
    """

    words: str
    days: str
    who: str
    address: str
    sureness: str


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing that speaks for or against it.

    Attributes:
        found: the piece of the text.
        why: what it says.
        weight: what it comes to alone, in words.
        says: the facts that it rests on.
    """

    found: str
    why: str
    weight: str
    says: tuple[Says, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a text is taken for.

    Attributes:
        band: `confirmed`, `probable` or `possible`.
        words: what it is, in one sentence.
        grounds, against: what speaks for and against it.
        owners: who owned whom, and when, where it is covered through another firm.
        listed: by which rule or list the firm is named.
        questions: what has to be settled.
    """

    band: str
    words: str
    grounds: tuple[Ground, ...]
    against: tuple[Ground, ...]
    owners: tuple[Says, ...]
    listed: tuple[Says, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A firm that a text speaks of, without its equipment being meant."""

    firm: str
    why: tuple[str, ...]


_ROLES = {
    "made_by": "Made by {firm}", "relabel": "A unit of {firm}, sold as {brand}", "component": "Holds a part of {firm}",
    "service": "A service of {firm}", "formerly": "Said to be gone; made by {firm}",
}  # fmt: skip


def explained(
    text: str, *, field: str = "text", **asked: Unpack[DayWords]
) -> tuple[tuple[Taken, ...], tuple[Mentioned, ...]]:
    """Say what a text is taken for, the surest first, and of which firms it only speaks.

    Args:
        field: read it as this field.
        as_of, known_as_of, knowledge: as `explain` takes them.
    """
    request = ScanRequest.of((), **asked)
    index, reader = index_asked(request), _Reader.of(request.knowledge, request.known_as_of)
    verdicts, spoken = analyse(index, [(field, field, text)])
    taken = tuple(reader.taken(one) for one in verdicts)
    return taken, tuple(Mentioned(reader.firm(one.entity), tuple(one.evidence)) for one in spoken)


def explained_finding(finding: Finding, *, paths: Sequence[str] = (), known_on: date | None = None) -> Taken:
    """Say of a finding what `explained` says of a text: its grounds, whose it is and who names the firm, with days and sources.

    Args:
        paths: the knowledge: a snapshot or source folder, then layers; the shipped one by default.
        known_on: facts recorded later are not told; today by default.
    """
    return _Reader.of(tuple(paths), known_on).taken(finding)


@lru_cache(maxsize=256)
def ties(
    covered_through: tuple[str, ...], lists: tuple[str, ...], paths: tuple[str, ...], known_on: date
) -> tuple[tuple[Says, ...], tuple[Says, ...]]:
    """Say whose a firm is that is covered through others, and who names the firm, both with days and sources.

    Args:
        covered_through, lists: those of a finding.
        paths: the knowledge: a snapshot or source folder, then layers; the shipped one where it is empty.
        known_on: facts recorded later are not told.
    """
    reader = _Reader.of(paths, known_on)
    return tuple(reader.owners(covered_through)), tuple(reader.listed(covered_through, lists))


def in_lines(taken: Sequence[Taken], mentioned: Sequence[Mentioned] = ()) -> Iterator[str]:
    """Write what was explained for a terminal; nothing where nothing was taken for anything."""
    for one in taken:
        yield f"{one.band.upper()}: {one.words}"
        yield from (f"  To settle: {text}" for text in one.questions)
        for head, grounds in (("What speaks for it", one.grounds), ("What speaks against it", one.against)):
            yield from [f"  {head}"] if grounds else []
            for ground in grounds:
                yield f"    Found '{ground.found}': {ground.why} ({ground.weight})"
                yield from (f"      {said}" for said in map(_line, ground.says))
        for head, facts in (
            ("Whose it is, and since when", one.owners),
            ("Who names the firm, and since when", one.listed),
        ):
            yield from [f"  {head}"] if facts else []
            yield from (f"    {said}" for said in map(_line, facts))
    for spoken in mentioned:
        why = f": {'; '.join(spoken.why)}" if spoken.why else ""
        yield f"It speaks of {spoken.firm}, and is not its equipment{why}."


def _line(one: Says) -> str:
    who = f"{one.who}{'; not sure' if one.sureness == 'low' else ''}" if one.who else "no source is named"
    return (
        f"{one.words}{f', {one.days}' if one.days else ''} [{who}{f': {one.address}' if one.address else ''}]"
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    held: Knowledge
    names: Mapping[str, str]
    bands: Mapping[str, int]
    known_on: date

    @classmethod
    def of(cls, paths: tuple[str, ...], known_on: date | None) -> Self:
        day = known_on or datetime.now(UTC).date()
        return cls(knowledge(paths), everyday_names(paths), bands_of(paths), day)

    def firm(self, entity: str) -> str:
        return self.names.get(entity, entity)

    def taken(self, one: Verdict | Finding) -> Taken:
        words = _ROLES[one.role.value].format(firm=self.firm(one.entity), brand=one.brand)
        if len(one.covered_through) > 1:
            words += f", covered through {' and '.join(self.firm(name) for name in one.covered_through[1:])}"
        return Taken(
            one.band.value, words, tuple(self._grounds(one.evidence)), tuple(self._grounds(one.against)),
            tuple(self.owners(one.covered_through)), tuple(self.listed(one.covered_through, one.lists)),
            tuple(one.questions),
        )  # fmt: skip

    def _grounds(self, evidence: Sequence[Evidence]) -> Iterator[Ground]:
        weights = weighed([(item.weight_mbit, item.group) for item in evidence], self.bands)
        for item, words in zip(evidence, weights, strict=True):
            says = [made for fact in item.facts if (made := self._fact(fact)) is not None]
            yield Ground(item.found, item.why, words, tuple(says[:_MOST_SOURCES]))

    def _fact(self, identity: str) -> Says | None:
        try:
            found = self.held.fact(identity, self.known_on, self.known_on)
        except ProscribeError:  # of a layer without a row of its own
            return None
        pattern = found.row.get("regex")  # nobody reads one in plain words
        return _says(
            found, found.words.replace(f"numbers like {pattern}", "such numbers") if pattern else found.words
        )

    def _rows(
        self, table: str, fits: Callable[[Mapping[str, str]], bool], words: Callable[[Mapping[str, str]], str]
    ) -> Iterator[Says]:
        for row, _ in self.held.facts(table, self.known_on):
            if fits(row):
                yield _says(self.held.fact(row["id"], self.known_on, self.known_on), words(row))

    def owners(self, path: Sequence[str]) -> Iterator[Says]:
        yield from self._rows(
            "stakes",
            lambda row: row["asset"] in path[:-1] and row["owner"] in path,
            lambda row: (
                f"{self.firm(row['asset'])}: {row['relation'].replace('_', ' ')} {self.firm(row['owner'])}"
            ),
        )

    def listed(self, covered_through: Sequence[str], lists: Sequence[str]) -> Iterator[Says]:
        titles = {name: one.title for name, one in law_in(self.held.snapshot).regimes.items()}
        yield from self._rows(
            "listings",
            lambda row: row["list"] in lists and row["entity"] in covered_through,
            lambda row: f"{titles.get(row['list'], 'A list')}: {self.firm(row['entity'])}",
        )


def _says(found: Fact, words: str) -> Says:
    row, source = found.row, found.source or {}
    since, until = (str(row.get(name) or "") for name in ("valid_from", "valid_to"))
    days = f"since {since}" if since else ""
    if until:
        days = f"{days}, before {until}".lstrip(", ")
    return Says(
        words, days, str(source.get("title") or ""), str(source.get("url") or ""), str(row.get("confidence") or "")
    )  # fmt: skip
