"""What a text is taken for, as somebody reads it who never saw a weight or an id: each ground with its days and who says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from proscribe.app.kb.firms import everyday_names
from proscribe.app.kb.knowledge import Fact, Knowledge, knowledge
from proscribe.app.kb.knowledge_index import build_index
from proscribe.app.scan.weighing import weighed
from proscribe.matching.findings import Verdict, analyse
from proscribe.model.errors import ProscribeError
from proscribe.model.findings import Evidence
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
    text: str, *, paths: Sequence[str] = (), on: date | None = None
) -> tuple[tuple[Taken, ...], tuple[Mentioned, ...]]:
    """Say what a text is taken for, the surest first, and of which firms it only speaks.

    Args:
        paths: the knowledge: a snapshot or source folder, then layers; the shipped one by default.
        on: the day of ownership and lists; today by default.
    """
    day = on or datetime.now(UTC).date()
    index, held = build_index(day, knowledge=paths), knowledge(paths)
    reader = _Reader(held, everyday_names(tuple(paths)), index.bands, day)
    verdicts, spoken = analyse(index, [("text", "text", text)])
    taken = tuple(reader.taken(one) for one in verdicts)
    return taken, tuple(Mentioned(reader.firm(one.entity), tuple(one.evidence)) for one in spoken)


@dataclass(frozen=True, slots=True)
class _Reader:
    held: Knowledge
    names: Mapping[str, str]
    bands: Mapping[str, int]
    on: date

    def firm(self, entity: str) -> str:
        return self.names.get(entity, entity)

    def taken(self, one: Verdict) -> Taken:
        words = _ROLES[one.role.value].format(firm=self.firm(one.entity), brand=one.brand)
        if len(one.covered_through) > 1:
            words += f", covered through {' and '.join(self.firm(name) for name in one.covered_through[1:])}"
        return Taken(
            one.band.value, words, tuple(self._grounds(one.evidence)), tuple(self._grounds(one.against)),
            tuple(self._owners(one.covered_through)), tuple(self._listed(one)), tuple(one.questions),
        )  # fmt: skip

    def _grounds(self, evidence: Sequence[Evidence]) -> Iterator[Ground]:
        weights = weighed([(item.weight_mbit, item.group) for item in evidence], self.bands)
        for item, words in zip(evidence, weights, strict=True):
            says = [made for fact in item.facts if (made := self._fact(fact)) is not None]
            yield Ground(item.found, item.why, words, tuple(says[:_MOST_SOURCES]))

    def _fact(self, identity: str) -> Says | None:
        try:
            found = self.held.fact(identity, self.on, self.on)
        except ProscribeError:  # of a layer without a row of its own
            return None
        return _says(found, found.words)

    def _rows(
        self, table: str, fits: Callable[[Mapping[str, str]], bool], words: Callable[[Mapping[str, str]], str]
    ) -> Iterator[Says]:
        for row, _ in self.held.facts(table, self.on):
            if fits(row):
                yield _says(self.held.fact(row["id"], self.on, self.on), words(row))

    def _owners(self, path: Sequence[str]) -> Iterator[Says]:
        yield from self._rows(
            "stakes",
            lambda row: row["asset"] in path[:-1] and row["owner"] in path,
            lambda row: (
                f"{self.firm(row['asset'])}: {row['relation'].replace('_', ' ')} {self.firm(row['owner'])}"
            ),
        )

    def _listed(self, one: Verdict) -> Iterator[Says]:
        titles = {name: one.title for name, one in law_in(self.held.snapshot).regimes.items()}
        yield from self._rows(
            "listings",
            lambda row: row["list"] in one.lists and row["entity"] in one.covered_through,
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
