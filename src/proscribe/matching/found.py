"""What was found in one part of an input, and the findings and mentions of a whole scan made of it.

A part holds a few numbers for each finding; records and judgements lie in `Pages`. Parts are values: made by any process,
in any order, they join into the same scan.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Generic, TypeVar, overload

import msgspec
import numpy as np
import numpy.typing as npt

from proscribe.matching.findings import Spoken, Verdict
from proscribe.matching.identity import DIGEST_BYTES, RecordIdentity, Subjects, ids_of
from proscribe.matching.kernel import Answer
from proscribe.matching.pages import Lines, Pages
from proscribe.matching.recent import Recent
from proscribe.matching.set_asides import chosen_for, set_aside_by
from proscribe.model.findings import (
    Band,
    Details,
    Evidence,
    Finding,
    Locator,
    Mention,
    MentionKind,
    Role,
    State,
)
from proscribe.model.results import FindingTally

#: Judgements of which it is known where they are written: as many as a kernel remembers; one judged again is another object.
_ANSWERS_KNOWN = 12_000
_ANSWERS_READ = 2_000
_AT_ONCE = 8_192
#: Bytes of numbers that are written at once: whole numbers.
_PIECE = 256 * 1024
#: More judgements than one record can have.
_WAYS = 65_536
Cells = tuple[tuple[str, str], ...]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class PlacedRecord:
    """A record in which something was found.

    Attributes:
        table: index into the tables of the reading.
        number: of the record, counted from 1.
        cells: see `identity.kept_cells`.
        source_row: see `Locator`.
    """

    table: int
    number: int
    pointer: str | None
    record_id: str | None
    details: Details
    cells: Cells
    source_row: int | None = None


def _numbers() -> array[int]:
    return array("q")


@dataclass(slots=True)
class Columns:
    """Where each finding, or mention, of a part is written: its record, its judgement, and which of the judgement's it is."""

    record_at: array[int] = field(default_factory=_numbers)
    answer_at: array[int] = field(default_factory=_numbers)
    which: array[int] = field(default_factory=_numbers)
    table: array[int] = field(default_factory=_numbers)
    number: array[int] = field(default_factory=_numbers)

    def add(self, record_at: int, answer_at: int, which: int, record: PlacedRecord) -> None:
        """Add one."""
        self.record_at.append(record_at)
        self.answer_at.append(answer_at)
        self.which.append(which)
        self.table.append(record.table)
        self.number.append(record.number)

    def extend(self, other: Columns, base: int) -> None:
        """Add all of another, whose lines are written behind this offset."""
        for name in Columns.__slots__:
            column = np.asarray(getattr(other, name), np.int64)
            moved = column + base if name in ("record_at", "answer_at") else column
            getattr(self, name).frombytes(moved.tobytes())

    def __len__(self) -> int:
        return len(self.which)


@dataclass(slots=True)
class Found:
    """Everything found in one part of an input, in the order of its records.

    Attributes:
        subjects, wholes, days, weak: of each finding, see `identity.Subjects`.
        fits: number of a finding to the decisions that fit it in all but its id.
    """

    pages: Pages = field(default_factory=Pages)
    findings: Columns = field(default_factory=Columns)
    mentions: Columns = field(default_factory=Columns)
    subjects: bytearray = field(default_factory=bytearray)
    wholes: bytearray = field(default_factory=bytearray)
    days: array[int] = field(default_factory=_numbers)
    weak: bytearray = field(default_factory=bytearray)
    fits: dict[int, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    _known: Recent[int, tuple[Answer, int]] = field(default_factory=lambda: Recent(_ANSWERS_KNOWN))

    def __getstate__(self) -> tuple[Pages, tuple[tuple[int, int], ...], Mapping[int, Any]]:
        """Give everything but the memory of judgements already written; numbers go behind the lines, and so with their file."""
        return self.pages, tuple([_put_behind(self.pages, column) for column in self._columns()]), self.fits

    def __setstate__(self, state: tuple[Pages, tuple[tuple[int, int], ...], dict[int, Any]]) -> None:
        self.pages, places, self.fits = state
        self.findings, self.mentions = Columns(), Columns()
        self.subjects, self.wholes, self.weak = bytearray(), bytearray(), bytearray()
        self.days, self._known = _numbers(), Recent(_ANSWERS_KNOWN)
        for column, place in zip(self._columns(), places, strict=True):
            _take_from_behind(self.pages, column, *place)

    def _columns(self) -> list[array[int] | bytearray]:
        placed = [
            getattr(part, name) for part in (self.findings, self.mentions) for name in Columns.__slots__
        ]
        return [self.subjects, self.wholes, self.weak, self.days, *placed]

    def add(
        self,
        record: PlacedRecord,
        answer: Answer,
        identity: RecordIdentity,
        decisions: Sequence[tuple[Mapping[str, Any], ...]] | None = None,
    ) -> None:
        """Add the judgement of one record.

        Args:
            decisions: for each finding, the decisions that fit it in all but its id; `None` when there are none at all.
        """
        record_at = self.pages.add(_record_line(record))
        answer_at = self._answer_at(answer)
        for which, verdict in enumerate(answer[0]):
            if decisions is not None and decisions[which]:
                self.fits[len(self.findings)] = decisions[which]
            self.findings.add(record_at, answer_at, which, record)
            self.subjects += identity.subject(verdict.entity, verdict.role.value)
            self.wholes += identity.whole
            self.days.append(identity.day)
            self.weak.append(identity.weak)
        for which in range(len(answer[1])):
            self.mentions.add(record_at, answer_at, which, record)

    def extend(self, other: Found) -> None:
        """Add what was found in records that follow."""
        base, first = self.pages.take(other.pages), len(self.findings)
        for mine, theirs in ((self.findings, other.findings), (self.mentions, other.mentions)):
            mine.extend(theirs, base)
        self.subjects += other.subjects
        self.wholes += other.wholes
        self.weak += other.weak
        self.days.extend(other.days)
        self.fits.update({first + number: fitting for number, fitting in other.fits.items()})

    def _answer_at(self, answer: Answer) -> int:
        # Equal texts have one judgement, the same object; it is written once.
        known = self._known.get(id(answer))
        if known is not None:
            return known[1]
        at = self.pages.add(_answer_line(answer))
        self._known.put(id(answer), (answer, at))
        return at

    def forget(self) -> None:
        """Let go of what only writing needs."""
        self._known = Recent(_ANSWERS_KNOWN)


# Numbers and lines


def _put_behind(pages: Pages, column: array[int] | bytearray) -> tuple[int, int]:
    """Write numbers behind the lines, a piece at a time, so that few are held twice; gives their place and how many bytes."""
    content = memoryview(column).cast("B")
    places = [pages.add(content[start : start + _PIECE]) for start in range(0, len(content), _PIECE)]
    return (places or [0])[0], len(content)


def _take_from_behind(pages: Pages, column: array[int] | bytearray, place: int, size: int) -> None:
    take = column.extend if isinstance(column, bytearray) else column.frombytes
    while size > 0:
        take(pages.read(place, min(_PIECE, size)))
        place, size = place + _PIECE + 1, size - _PIECE  # behind each piece stands the end of its line


_encoded, _decoded = msgspec.json.Encoder().encode, msgspec.json.Decoder().decode


def _line(value: Any) -> bytes:
    try:
        return _encoded(value)
    except UnicodeEncodeError:  # half a surrogate pair
        return json.dumps(value).encode("ascii")


def _read_line(line: bytes) -> Any:
    try:
        return _decoded(line)
    except msgspec.DecodeError:
        return json.loads(line)


def _record_line(record: PlacedRecord) -> bytes:
    details = record.details
    return _line(
        [
            record.pointer, record.record_id,
            [
                details.quantity, details.unit_cost, details.amount, details.currency, details.site, details.dated_on,
                details.serial_number,
            ],
            record.cells, record.source_row,
        ]
    )  # fmt: skip


def _answer_line(answer: Answer) -> bytes:
    verdicts, spoken = answer
    written = []
    for verdict in verdicts:
        values = list(_OF_VERDICT(verdict))
        for place in _EVIDENCE_AT:
            values[place] = list(map(_OF_EVIDENCE, values[place]))
        written.append(values)
    return _line([written, list(map(_OF_SPOKEN, spoken))])


#: The values of a record of ours, in their order.
_OF_VERDICT, _OF_EVIDENCE, _OF_SPOKEN = (attrgetter(*kind.__slots__) for kind in (Verdict, Evidence, Spoken))
_EVIDENCE_AT = tuple(Verdict.__slots__.index(name) for name in ("evidence", "against"))


def _answer(line: bytes) -> Answer:
    verdicts, spoken = _read_line(line)
    return tuple(map(_verdict, verdicts)), tuple(
        Spoken(entity, _KINDS[kind], tuple(evidence)) for entity, kind, evidence in spoken
    )


#: Members by value: asking the kind for each costs more than reading the rest of a judgement.
_ROLES: dict[str, Role] = {one.value: one for one in Role}
_BANDS: dict[str, Band] = {one.value: one for one in Band}
_STATES: dict[str, State] = {one.value: one for one in State}
_KINDS: dict[str, MentionKind] = {one.value: one for one in MentionKind}


def _verdict(value: list[Any]) -> Verdict:
    (
        entity,
        through,
        role,
        band,
        basis,
        lists,
        evidence,
        against,
        questions,
        brand,
        category,
        total,
        state,
    ) = value
    return Verdict(
        entity, tuple(through), _ROLES[role], _BANDS[band], basis, tuple(lists), tuple(map(_evidence, evidence)),
        tuple(map(_evidence, against)), tuple(questions), brand, category, total, _STATES[state],
    )  # fmt: skip


def _evidence(value: list[Any]) -> Evidence:
    matcher, name, found, span, facts, weight, why, group = value
    return Evidence(matcher, name, found, (span[0], span[1]), tuple(facts), weight, why, group)


class _View:
    """Reads the records and judgements of one part; a judgement that was read stays at hand."""

    def __init__(self, pages: Pages, window: int, answers: dict[int, Answer]) -> None:
        self._records = Lines(pages, window)
        self._lines = Lines(pages, min(window, 16_384))
        self._answers = answers

    def answer(self, at: int) -> Answer:
        """Give the judgement written at an offset."""
        known = self._answers.get(at)
        if known is None:
            if len(self._answers) >= _ANSWERS_READ:
                self._answers.clear()
            known = self._answers[at] = _answer(self._lines.at(at))
        return known

    def record(self, at: int) -> tuple[str | None, str | None, Details, Cells, int | None]:
        """Give pointer, record id, details, cells and source row of the record written at an offset."""
        pointer, record_id, details, cells, row = _read_line(self._records.at(at))
        return pointer, record_id, Details(*details), tuple((name, text) for name, text in cells), row


# A scan of parts


@dataclass(frozen=True, slots=True)
class Segment:
    """One part within a scan.

    Attributes:
        input: index of the input.
        sheets: names of the input's tables.
        first_table: number within the scan of the input's first table.
    """

    input: int
    sheets: tuple[str | None, ...]
    first_table: int
    found: Found


class _Stored(Sequence[Item], Generic[Item]):
    """Items of a scan in the order of its parts, made when they are read.

    Some may be replaced (`patches`, by place), others added, and all put in another order; places in `order` count the
    added ones behind the stored.
    """

    def __init__(self, segments: Sequence[Segment], columns: Sequence[Columns]) -> None:
        self._segments = tuple(segments)
        self._columns = tuple(columns)
        self._starts = [0]
        for one in columns:
            self._starts.append(self._starts[-1] + len(one))
        self._answers: list[dict[int, Answer]] = [{} for _ in segments]
        self._patches: Mapping[int, Item] = {}
        self._added: Sequence[Item] = ()
        self._order: npt.NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return self._starts[-1] + len(self._added)

    @overload
    def __getitem__(self, place: int) -> Item: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Item, ...]: ...

    def __getitem__(self, place: int | slice) -> Item | tuple[Item, ...]:
        """Give one item, or several as a tuple."""
        if isinstance(place, slice):
            return tuple(self._walk(range(*place.indices(len(self)))))
        if not -len(self) <= place < len(self):
            raise IndexError(f"{place} of {len(self)}")
        return next(self._walk(range(place % len(self), place % len(self) + 1)))

    def __iter__(self) -> Iterator[Item]:
        return self._walk(range(len(self)))

    def __eq__(self, other: object) -> bool:
        """Compare item by item with any sequence."""
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(
            mine == theirs for mine, theirs in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)}>"

    def places(self) -> Iterator[tuple[int, str | None, int]]:
        """Give input, sheet and record number of each item, in order, without making it."""
        for place in range(len(self)) if self._order is None else self._order.tolist():
            if place >= self._starts[-1]:
                one: Any = self._added[place - self._starts[-1]]
                yield one.input, one.locator.sheet, one.locator.row
                continue
            number = bisect_right(self._starts, place) - 1
            segment, columns, row = (
                self._segments[number],
                self._columns[number],
                place - self._starts[number],
            )
            yield segment.input, segment.sheets[columns.table[row]], columns.number[row]

    def _walk(self, places: Sequence[int]) -> Iterator[Item]:
        if self._order is None:
            yield from self.stored(places)
        else:
            for start in range(0, len(places), _AT_ONCE):
                yield from self.stored(self._order[places[start : start + _AT_ONCE]].tolist())

    def stored(self, places: Sequence[int]) -> Iterator[Item]:
        """Make the items at places of the order in which they are stored; ascending runs are read ahead."""
        window = 262_144 if len(places) > 100 else 2_048
        views: dict[int, _View] = {}
        number = -1
        for place in places:
            if place >= self._starts[-1]:
                yield self._added[place - self._starts[-1]]
                continue
            patched = self._patches.get(place)
            if patched is not None:
                yield patched
                continue
            if not (number >= 0 and self._starts[number] <= place < self._starts[number + 1]):
                number = bisect_right(self._starts, place) - 1
            if number not in views:
                if len(views) > 8:
                    views.clear()
                views[number] = _View(self._segments[number].found.pages, window, self._answers[number])
            yield self._make(place, number, views[number])

    def _make(self, place: int, number: int, view: _View) -> Item:
        raise NotImplementedError

    def _distinct(self) -> Iterator[tuple[Answer, int, int]]:
        """Give every judgement that stored items have: the answer, which of it, and how many items."""
        for number, (segment, columns) in enumerate(zip(self._segments, self._columns, strict=True)):
            if not len(columns):
                continue
            view = _View(segment.found.pages, 16_384, self._answers[number])
            keys = np.asarray(columns.answer_at, np.int64) * _WAYS + np.asarray(columns.which, np.int64)
            keys.sort()  # `np.unique` would load masked arrays, which take longer than this
            starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
            counts = np.diff(np.append(starts, len(keys)))
            for key, count in zip(keys[starts].tolist(), counts.tolist(), strict=True):
                yield view.answer(key // _WAYS), key % _WAYS, count


class Mentions(_Stored[Mention]):
    """The mentions of a scan, ordered by input, table, record and entity."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        super().__init__(segments, [one.found.mentions for one in segments])

    def _make(self, place: int, number: int, view: _View) -> Mention:
        segment, columns, row = self._segments[number], self._columns[number], place - self._starts[number]
        item = view.answer(columns.answer_at[row])[1][columns.which[row]]
        pointer, record_id, _, cells, at = view.record(columns.record_at[row])
        locator = Locator(columns.number[row], segment.sheets[columns.table[row]], pointer, at)
        return Mention(segment.input, locator, record_id, item.entity, item.kind, item.evidence, cells)

    def entities(self) -> set[str]:
        """Give the entities that are mentioned."""
        return {answer[1][which].entity for answer, which, _ in self._distinct()}


class Findings(_Stored[Finding]):
    """The findings of a scan, ordered by input, table, record and entity.

    Attributes:
        tables: number of the table of each stored finding within the scan, in the order in which they are stored.
        numbers: number of its record.
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
        super().__init__(segments, [one.found.findings for one in segments])
        self.tables = _joined(
            [np.asarray(one.found.findings.table, np.int64) + one.first_table for one in segments]
        )
        self.numbers = _joined([np.asarray(one.found.findings.number, np.int64) for one in segments])
        self._ids = ids_of(
            Subjects(
                subjects=digests([one.found.subjects for one in segments]),
                wholes=digests([one.found.wholes for one in segments]),
                tables=self.tables,
                days=_joined([np.asarray(one.found.days, np.int64) for one in segments]),
                weak=_joined([np.asarray(one.found.weak, np.int64) for one in segments]).astype(bool),
            )
        )
        self._tally: FindingTally | None = None
        self._stored_tally: FindingTally | None = None
        self._aside: dict[int, Mapping[str, Any]] = {}
        for segment, start in zip(segments, self._starts, strict=False):
            for row, fitting in segment.found.fits.items():
                chosen = chosen_for(fitting, id_of(self._ids[start + row]))
                if chosen is not None:
                    self._aside[start + row] = chosen

    def revised(
        self, patches: Mapping[int, Finding], added: Sequence[Finding], order: npt.NDArray[np.int64]
    ) -> Findings:
        """Give these findings with some replaced, by stored place, others added, and all in another order."""
        made = copy(self)
        made._patches, made._added, made._order, made._tally = patches, added, order, None
        return made

    def ordered(self) -> Findings:
        """Give these findings in the order of their tables and records, whatever the order of their segments."""
        return self.revised({}, (), np.lexsort((self.numbers, self.tables)))

    def _make(self, place: int, number: int, view: _View) -> Finding:
        segment, columns, row = self._segments[number], self._columns[number], place - self._starts[number]
        verdict = view.answer(columns.answer_at[row])[0][columns.which[row]]
        pointer, record_id, details, cells, at = view.record(columns.record_at[row])
        aside = self._aside.get(place)
        return Finding(
            id=id_of(self._ids[place]),
            input=segment.input,
            locator=Locator(columns.number[row], segment.sheets[columns.table[row]], pointer, at),
            record_id=record_id,
            entity=verdict.entity,
            covered_through=verdict.covered_through,
            role=verdict.role,
            band=verdict.band,
            basis=verdict.basis,
            lists=verdict.lists,
            evidence=verdict.evidence,
            against=verdict.against,
            questions=verdict.questions,
            ignored=set_aside_by(aside) if aside is not None else None,
            details=details,
            brand=verdict.brand,
            category=verdict.category,
            total_mbit=verdict.total_mbit,
            record=cells,
            state=verdict.state,
        )

    def verdicts(self) -> Iterator[Verdict | Finding]:
        """Give every judgement that a finding has, each once for stored ones."""
        counted = FindingTally()
        for answer, which, count in self._distinct():
            counted.add(answer[0][which], count)
            yield answer[0][which]
        self._stored_tally = counted  # whoever has read them all spares a second reading
        yield from self._patches.values()
        yield from self._added

    def tally(self) -> FindingTally:
        """Count the findings without making each of them; counted once."""
        if self._tally is None:
            self._tally = self._counted()
        return self._tally

    def _counted(self) -> FindingTally:
        if self._stored_tally is None:
            for _ in self.verdicts():
                pass
        assert self._stored_tally is not None
        made = self._stored_tally + FindingTally()
        corrected = sorted({*self._aside, *self._patches})
        unpatched = copy(self)
        unpatched._patches = {}
        for place, before in zip(corrected, unpatched.stored(corrected), strict=True):
            made.add(before, -1)
            after = self._patches.get(place, before)
            made.add(after, 1, set_aside=after.ignored is not None)
        for one in self._added:
            made.add(one, 1, set_aside=one.ignored is not None)
        return made


def id_of(digest: bytes) -> str:
    """Write the digest of a finding as its id."""
    return f"f_{bytes(digest).ljust(DIGEST_BYTES, bytes(1)).hex()}"


def _joined(arrays: Sequence[npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
    return np.concatenate(arrays) if arrays else np.zeros(0, np.int64)


def digests(parts: Sequence[bytearray]) -> npt.NDArray[np.bytes_]:
    """Join digests that stand one behind the other."""
    return np.frombuffer(b"".join(parts), dtype=f"S{DIGEST_BYTES}")
