"""Batch in, verdicts out: one scan of each text column, then judgement of the rows that were hit.

`match_batch` is a pure function over Arrow batches for engines that ship work around (Spark `mapInArrow`, Ray);
`match_rows` gives the same answers as records.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from proscribe.matching.compiled import Tables, built, compiled, kept, tables_of
from proscribe.matching.described import TALKS, bearing, counts_whole, tells_sort
from proscribe.matching.findings import Spoken, Verdict, analyse
from proscribe.matching.index import Index
from proscribe.matching.matchers.fingerprint import CHANNEL_FIELDS
from proscribe.matching.prefilter import (
    BESIDE_BRAND,
    SILENT,
    SPEAKS,
    PrefixMask,
    inert,
    is_question_at_most,
    is_silent,
    names_a_firm,
    speech,
    worth_scanning,
)
from proscribe.matching.ready import ready_or_made
from proscribe.matching.recent import Recent
from proscribe.matching.record import (
    COMPANY_FIELDS,
    NOTE,
    SORT,
    SORTED,
    Seen,
    aside_kind,
    cells_seen,
    may_know,
    names_device,
    take_apart,
)
from proscribe.matching.scanner import Literals, Scanner, engine_for, literals_of
from proscribe.matching.unknown_maker import is_lone_name
from proscribe.model.errors import error
from proscribe.model.observations import CONTENT_FIELDS, FIELDS

#: Below this many bytes of text the scan costs more to set up than it saves; where its loop is compiled it is ready at once.
SMALL_BYTES = (2 * 1024 if built is None else 8) * 1024
#: From this much input on, compiling the faster engine pays; compiled once, it is kept for smaller inputs too.
LARGE_BYTES = 160 * 1024 * 1024
#: What is remembered: judgements, by weight, where one that found something weighs so much more than one that found nothing; what
#: cells can do; and what they add.
_MOST_JUDGED, _FOUND_WEIGHT, _MOST_SPEECHES, _MOST_ADDED = 120_000, 10, 60_000, 40_000
#: Records whose cells are held as texts at once.
_AT_ONCE = 16_384

#: Characters of the longest cell that may name a maker and little else.
_LONGEST_MAKER = 40

#: The names under which literals are kept: for most columns, and with those that count only in a kind of column of their own.
_LITERALS = ("literals", "literals-wide")

Answer = tuple[tuple[Verdict, ...], tuple[Spoken, ...]]
#: Digest of a record that is crowded with signs, and what it takes to judge.
_Crowding = tuple[bytes, int]


@dataclass(slots=True)
class Crowd:
    """What the records of an input that are crowded with signs take to judge, each different one counted once.

    Attributes:
        most: the bound, as `findings.crowding` counts; 0 for none.
        held: digest of a record to what it takes.
    """

    most: int = 0
    held: dict[bytes, int] = field(default_factory=dict)
    total: int = 0

    def add(self, digest: bytes, work: int) -> None:
        """Count a record.

        Raises:
            InputError: E148 beyond the bound.
        """
        if digest not in self.held:
            self.held[digest] = work
            self.total += work
            if self.most and self.total > self.most:
                raise error("E148.crowded", most=self.most)


class Kernel:
    """An index made ready to match: the scanner and the memory of texts already judged."""

    def __init__(
        self,
        index: Index,
        engine: str | None = None,
        *,
        always_scan: bool = False,
        expected_bytes: int = 0,
    ) -> None:
        self.index = index
        # The automaton is ready at once, Hyperscan takes a second to compile and then scans faster.
        self._engine = engine or ("ahocorasick" if expected_bytes < LARGE_BYTES else None)
        self._any_engine = engine is None
        self._always_scan = always_scan
        self._scanners: dict[bool, Scanner] = {}
        self._tables: dict[tuple[str, ...], Tables] = {}
        #: Judgements by what counts of their records, with the crowds of those; see `crowd`.
        self._seen: Recent[tuple[Any, ...], tuple[Answer, Sequence[_Crowding]]] = Recent(
            _MOST_JUDGED, _weight
        )
        #: What cells add to a judgement, by column, field and text.
        self._inert: Recent[tuple[str, str, str], tuple[str | frozenset[str], int]] = Recent(_MOST_ADDED)
        #: Cells taken apart, by column, field and text.
        self.cells = cells_seen()
        #: What cells can do in a record, as `prefilter.speech` tells it.
        self._speeches: Recent[tuple[str, str, str], int] = Recent(_MOST_SPEECHES)
        self._prefixes: PrefixMask | None = None
        self._wide = False
        self._epochs = sorted({since for ties in index.ties.values() for since, _ in ties})
        self.bytes_seen = 0
        #: Whoever bounds what an input takes to judge puts a crowd of its own here.
        self.crowd = Crowd()
        self._asked: tuple[pa.RecordBatch, Mapping[str, str], np.ndarray, np.ndarray] | None = None
        self._asked_beside: tuple[pa.RecordBatch, Mapping[str, str], dict[str, np.ndarray]] | None = None

    def scanner(self, field: str) -> Scanner:
        """Give the compiled scanner for columns of that field; made on first use."""
        # Where banners stand, one scanner with all literals serves every column; each costs memory and time to make.
        special = self._wide or field in CHANNEL_FIELDS
        if special not in self._scanners:
            ready, name = self.index.holder.ready, _LITERALS[special]
            loop = (
                compiled(partial(self._literals, special), self.index.holder, name)
                if self._any_engine
                else None
            )
            literals = engine = None
            if loop is None:
                literals = self._literals(special)
                engine = engine_for(literals, self._engine, ready if self._any_engine else None, name)
            self._scanners[special] = Scanner(literals, engine, self.index.garbles, loop)
        return self._scanners[special]

    def _literals(self, special: bool) -> Literals:
        return ready_or_made(
            self.index.holder.ready,
            _LITERALS[special],
            Literals.unpacked,
            lambda: literals_of(self.index, channel_columns=special),
            Literals.packed,
        )

    def keep_tables(self) -> None:
        """Have all tables of literals made and kept, those of the compiled loop too where it was not built."""
        for special, name in enumerate(_LITERALS):
            kept(partial(self._literals, bool(special)), self.index.holder.ready, name)

    def tables(self, more: Sequence[str]) -> Tables | None:
        """Give the literals of free text as arrays for the compiled loop; `None` where another engine looks for them.

        Args:
            more: texts in small letters that are looked for too; numbers among them between borders of words.
        """
        if self.scanner("text").compiled is None:
            return None
        asked = tuple(more)
        if asked not in self._tables:
            self._tables[asked] = tables_of(self._literals(special=False).beside(more))
        return self._tables[asked]

    def candidates(self, rows: pa.RecordBatch, fields: Mapping[str, str]) -> np.ndarray:
        """Give the numbers of the rows in which a signal is possible, ascending; only columns that are matched count.

        The answer for the batch asked about last is remembered.
        """
        return self._both(rows, fields)[0]

    def hinting(self, rows: pa.RecordBatch, fields: Mapping[str, str]) -> np.ndarray:
        """Give the same with the rows in which a signal is possible if a brand is named that does not stand in them."""
        return self._both(rows, fields)[1]

    def _both(self, rows: pa.RecordBatch, fields: Mapping[str, str]) -> tuple[np.ndarray, np.ndarray]:
        if self._asked is None or self._asked[0] is not rows or self._asked[1] != fields:
            self._asked = rows, dict(fields), *self._candidates(rows, fields)
        return self._asked[2:]

    def _candidates(self, rows: pa.RecordBatch, fields: Mapping[str, str]) -> tuple[np.ndarray, np.ndarray]:
        columns = [name for name, kind in fields.items() if kind in CONTENT_FIELDS]
        self.bytes_seen += sum(rows.column(name).nbytes for name in columns)
        if self._is_small():
            hits = {name: np.asarray(rows.column(name).is_valid(), dtype=bool) for name in columns}
        else:
            self._wide = "banner" in fields.values()
            hits = {
                name: self._hits(rows.column(name), fields[name])
                for name in columns
                if rows.column(name).null_count < rows.num_rows
            }
        speaks, hints = self._speaking(rows, fields, hits)
        named = speaks | self._named(rows, fields, np.flatnonzero(hints))
        return np.flatnonzero(named), np.flatnonzero(speaks | hints)

    def _named(self, rows: pa.RecordBatch, fields: Mapping[str, str], places: np.ndarray) -> np.ndarray:
        """Give a mask of those of some rows in which any cell names a firm or speaks, even one without a literal."""
        mask = np.zeros(rows.num_rows, dtype=bool)
        for name, held in fields.items():
            left = places[~mask[places]]
            kind = held if held in CONTENT_FIELDS else SORT if held in (SORTED, NOTE) else ""
            if not kind or not left.size:
                continue
            encoded = rows.column(name).take(pa.array(left)).dictionary_encode()
            told = [self._tells((name, kind, text)) for text in encoded.dictionary.to_pylist()]
            mask[left[np.array([*told, False])[encoded.indices.fill_null(-1).to_numpy()]]] = True
        return mask

    def _tells(self, key: tuple[str, str, str]) -> bool:
        _, kind, text = key
        return (kind != SORT and self._speech(key) == SPEAKS) or (
            may_know(self.index, text) and names_a_firm(self.seen_in(key))
        )

    def _is_small(self) -> bool:
        return self.bytes_seen <= SMALL_BYTES and not self._always_scan

    def beside(self, rows: pa.RecordBatch, fields: Mapping[str, str]) -> dict[str, np.ndarray]:
        """Give, for each column in which nobody looks for a firm's things, a mask of the cells that speak all the same.

        All these columns are scanned in one pass. Columns without such a cell are left out. The answer for the batch asked
        about last is remembered.
        """
        if self._asked_beside is None or self._asked_beside[0] is not rows or self._asked_beside[1] != fields:
            self._asked_beside = rows, dict(fields), self._beside(rows, fields)
        return self._asked_beside[2]

    def _beside(self, rows: pa.RecordBatch, fields: Mapping[str, str]) -> dict[str, np.ndarray]:
        names = [
            name
            for name in rows.schema.names
            if fields.get(name) not in CONTENT_FIELDS and rows.column(name).null_count < rows.num_rows
        ]
        hits = self._worth_looking(rows, names)
        speaking: dict[str, np.ndarray] = {}
        for name, hit in hits.items():
            if hit.any():
                spoken = np.logical_or(
                    *self._speaking(rows, {name: aside_kind(fields.get(name))}, {name: hit})
                )
                if spoken.any():
                    speaking[name] = spoken
        return speaking

    def telling(
        self, rows: pa.RecordBatch, fields: Mapping[str, str], stated: Mapping[str, pa.StringArray]
    ) -> np.ndarray:
        """Give the numbers of the rows that could be judged otherwise if some columns were texts, ascending.

        A cell without a signal can only add words that are known, and only to a row that has a signal elsewhere.

        Args:
            rows: as they were matched under `fields`, the very batch, whose candidates are remembered.
            stated: the columns that would be texts.
        """
        texts = pa.RecordBatch.from_arrays(list(stated.values()), names=list(stated))
        hits = self._worth_looking(texts, texts.schema.names)
        mask = np.logical_or(*self._speaking(texts, dict.fromkeys(hits, "text"), hits))
        places = self.hinting(rows, fields)
        for name, whole in stated.items():
            column = whole.take(pa.array(places)).dictionary_encode()
            known = np.array(
                [self._holds_known_words(name, text) for text in column.dictionary.to_pylist()], dtype=bool
            )
            numbers = column.indices.fill_null(-1).to_numpy()
            mask[places[(numbers >= 0) & np.append(known, False)[numbers]]] = True
        return np.flatnonzero(mask)

    def questions_at_most(
        self, rows: pa.RecordBatch, fields: Mapping[str, str], stated: Sequence[str], places: np.ndarray
    ) -> np.ndarray:
        """Tell of which of these rows nothing but a question could be said if some columns were texts.

        Nothing else speaks in such a row, no device is named, and what the columns hold are numbers that others use too.

        Args:
            rows: as they were matched under `fields`, the very batch.
            stated: the columns that would be texts.
            places: numbers of rows.
        """
        speaking = np.zeros(rows.num_rows, dtype=bool)
        speaking[self.hinting(rows, fields)] = True
        for mask in self.beside(rows, fields).values():
            speaking |= mask
        silent = np.flatnonzero(~speaking[places])
        taken = rows.take(pa.array(places[silent]))
        asked = np.ones(len(silent), dtype=bool)
        for name in rows.schema.names:
            if name not in stated and fields.get(name) not in CONTENT_FIELDS:
                continue
            column = taken.column(name).dictionary_encode()
            plain = [
                not names_device(self.index, text)
                and (
                    name not in stated or is_question_at_most(self.index, self.seen_in((name, "text", text)))
                )
                for text in column.dictionary.to_pylist()
            ]
            numbers = column.indices.fill_null(-1).to_numpy()
            asked &= np.append(np.array(plain, dtype=bool), True)[numbers]
        answer = np.zeros(len(places), dtype=bool)
        answer[silent[asked]] = True
        return answer

    def _holds_known_words(self, name: str, text: str) -> bool:
        if not may_know(self.index, text):
            return False
        seen = self.seen_in((name, "text", text))
        return bool(seen.hits or seen.device_words)

    def seen_in(self, key: tuple[str, str, str]) -> Seen:
        """Take a cell apart, and remember it for the judgement of its record.

        Args:
            key: name of its column, the kind under which that is looked at, its text.
        """
        seen = self.cells.get(key)
        if seen is None:
            seen = self.cells.put(key, take_apart(self.index, *key))
        return seen

    def _worth_looking(self, rows: pa.RecordBatch, names: Sequence[str]) -> dict[str, np.ndarray]:
        """Give, for each of these columns, a mask of the cells in which a literal stands; scanned in one pass."""
        if not names:
            return {}
        filled = {name: worth_scanning(rows.column(name)) for name in names}
        if self._is_small():
            hits = filled
        else:
            hits = {}
            worth = [name for name in names if filled[name].any()]
            if worth:
                # Numbers and days fall out before the scan, so that a column of prices costs next to nothing.
                places = [np.flatnonzero(filled[name]) for name in worth]
                joined = pa.concat_arrays(
                    [
                        rows.column(name)
                        if len(some) == rows.num_rows
                        else rows.column(name).take(pa.array(some))
                        for name, some in zip(worth, places, strict=True)
                    ]
                )
                mask, start = self.scanner("aside").rows(joined), 0
                for name, some in zip(worth, places, strict=True):
                    hits[name] = np.zeros(rows.num_rows, dtype=bool)
                    hits[name][some[mask[start : start + len(some)]]] = True
                    start += len(some)
        return hits

    def _hits(self, column: pa.StringArray, kind: str) -> np.ndarray:
        """Give a mask of the cells in which a literal stands."""
        if kind in ("fcc_id", "sysobjectid", "usb_id"):  # these count without what announces them elsewhere
            return np.asarray(column.is_valid().to_numpy(zero_copy_only=False))
        if kind in COMPANY_FIELDS:
            bare = pc.utf8_lower(pc.utf8_trim_whitespace(column))
            initials = pc.is_in(bare, pa.array(sorted(self.index.initials), pa.string()))
            return self.scanner(kind).rows(column) | np.asarray(initials, dtype=np.bool_)
        if kind != "mac":
            return self.scanner(kind).rows(column)
        if self._prefixes is None:
            self._prefixes = PrefixMask(self.index)
        plain, held = self._prefixes.rows(column)
        if not plain.all():
            places = np.flatnonzero(~plain)
            others = column.take(pa.array(places))
            held[places] = self.scanner(kind).rows(others) | self._prefixes.squeezed(others)
        return held

    def _speaking(
        self, rows: pa.RecordBatch, fields: Mapping[str, str], hits: Mapping[str, np.ndarray]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Look once at each distinct text of the cells that were hit.

        Returns:
            Masks of the rows with a cell that can yield a signal, and of the others with one that can beside a brand.
        """
        speaks, hints = np.zeros(rows.num_rows, dtype=bool), np.zeros(rows.num_rows, dtype=bool)
        for name, hit in hits.items():
            places = np.flatnonzero(hit & ~speaks)
            if places.size == 0:
                continue
            encoded = rows.column(name).take(pa.array(places)).dictionary_encode()
            texts = encoded.dictionary.to_pylist()
            told = np.array([self._speech((name, fields[name], text)) for text in texts], dtype=np.uint8)
            told = told[encoded.indices.to_numpy()]
            speaks[places[told == SPEAKS]] = True
            hints[places[told == BESIDE_BRAND]] = True
        return speaks, hints & ~speaks

    def _speech(self, key: tuple[str, str, str]) -> int:
        """Tell what a cell can do in a record, and remember it."""
        known = self._speeches
        found = known.get(key)
        if found is None:
            name, kind, text = key
            if not text.strip() or is_silent(self.index, text, kind):
                found = SILENT
            else:
                found = speech(self.index, self.seen_in(key), name, kind)
            known.put(key, found)
        return found

    def match_rows(
        self,
        rows: pa.RecordBatch,
        fields: Mapping[str, str],
        dates: pa.Array | None = None,
        seen: pa.Array | None = None,
    ) -> Iterator[tuple[int, Answer]]:
        """Yield `(row, answer)` for every row with a finding or a mention, in row order.

        Args:
            rows: the user's columns as `pa.string()`.
            fields: column name to field. Columns of other fields, or of none, are looked at too: what decides by
                itself counts wherever it stands.
            dates: ISO days of purchase or installation as text, two with `/` between for the first and the last that a
                record can mean; or `None`.
            seen: ISO days on which the things were seen or counted, or `None`.
        """
        places = self.candidates(rows, fields)
        beside = self.beside(rows, fields)
        if beside and len(places) < rows.num_rows:
            found = np.zeros(rows.num_rows, dtype=bool)
            found[places] = True
            places = np.flatnonzero(np.logical_or.reduce([found, *beside.values()]))
        if len(places) == 0:
            return
        names = [name for name in rows.schema.names if fields.get(name) in CONTENT_FIELDS or name in beside]
        sorts = [name for name in rows.schema.names if fields.get(name) in (SORTED, NOTE)]
        shape = (
            (*names, *sorts),
            (
                *(fields[name] if name not in beside else aside_kind(fields.get(name)) for name in names),
                *(SORT for _ in sorts),
            ),
        )
        looked_at = rows.select(names)
        for start in range(0, len(places), _AT_ONCE):
            some = places[start : start + _AT_ONCE]
            whole = len(some) == rows.num_rows
            taken = looked_at if whole else looked_at.take(pa.array(some))
            columns = [
                column.to_pylist()
                if name not in beside
                else pc.if_else(pa.array(beside[name][some]), column, None).to_pylist()
                for name, column in zip(names, taken.columns, strict=True)
            ]
            for name in sorts:
                texts_of = rows.column(name).take(pa.array(some)).to_pylist()
                spoken = beside[name][some] if name in beside else np.zeros(len(some), dtype=bool)
                columns.append(self._makers_of(texts_of, name, spoken, lone=fields[name] == NOTE))
            days = _days(dates, some)
            sights = _days(seen, some)
            for number, place in enumerate(some):
                texts = tuple(column[number] for column in columns)
                answer = self._judged(shape, texts, days[number], sights[number])
                if answer[0] or answer[1]:
                    yield int(place), answer

    def _makers_of(
        self, texts: Sequence[str | None], name: str, spoken: npt.NDArray[np.bool_], *, lone: bool
    ) -> list[str | None]:
        """Give of a column of sorts or remarks the short cells that say who else made the thing, and of sorts what it is.

        Args:
            texts: its cells.
            name: that of the column.
            spoken: which of the cells are heard as what they are.
            lone: whether one word that is not known may be a maker's name.
        """
        short = {text for text in texts if text and len(text) <= _LONGEST_MAKER}
        heard = {text for text in short if self._is_heard((name, SORT, text), lone)}
        return [
            text if text in heard and not is_spoken else None
            for text, is_spoken in zip(texts, spoken, strict=True)
        ]

    def _is_heard(self, key: tuple[str, str, str], lone: bool) -> bool:
        seen = self.seen_in(key)
        return any(hit.phrase.matcher == "other_maker" and not hit.start for hit in seen.hits) or (
            is_lone_name(self.index, seen) if lone else tells_sort(self.index, seen)
        )

    def _epoch(self, day: date | None) -> int:
        """Number the time between two changes of ownership in which a day lies."""
        return bisect_right(self._epochs, day) if day is not None else -1

    def _adds(self, name: str, kind: str, text: str) -> tuple[str | frozenset[str], int]:
        """Give what a cell can add to a judgement: its words for devices, or, where it may add more, its text."""
        key = (name, kind, text)
        adds = self._inert.get(key)
        if adds is None:
            seen = self.seen_in(key)
            plain = inert(self.index, seen) if text.strip() else None
            adds = self._inert.put(key, (text if plain is None else plain, bearing(self.index, seen)))
        return adds

    def _alike(
        self, shape: tuple[tuple[str, ...], tuple[str, ...]], texts: tuple[str | None, ...]
    ) -> Iterable[Any]:
        """Give what a record shares with all that are judged as it is."""
        adds: list[str | frozenset[str] | None] = []
        of_record = 0
        for name, kind, text in zip(*shape, texts, strict=True):
            one, bears = self._adds(name, kind, text) if text else (text, 0)
            adds.append(one)
            of_record |= bears
        if of_record and counts_whole(
            [kind for kind, text in zip(shape[1], texts, strict=True) if text], of_record
        ):
            return texts
        return *adds, of_record & TALKS

    def _judged(
        self,
        shape: tuple[tuple[str, ...], tuple[str, ...]],
        texts: tuple[str | None, ...],
        days: tuple[date, date] | None,
        seen: tuple[date, date] | None,
    ) -> Answer:
        """Judge a record of these cells; those that differ in nothing that counts are judged once while they are remembered.

        Args:
            shape: names of the columns, and their kinds.
            days, seen: the first and the last day that each can mean.
        """
        day, last = days or (None, None)
        sighted = seen[1] if seen is not None and days is None else None
        key = (self._epoch(day), self._epoch(last), self._epoch(sighted), shape, *self._alike(shape, texts))
        judged = self._seen.get(key)
        if judged is None:
            crowds: list[_Crowding] = []
            answer = analyse(
                self.index,
                [
                    (name, kind, text)
                    for name, kind, text in zip(*shape, texts, strict=True)
                    if text is not None and text.strip()
                ],
                day,
                self.cells,
                seen[1] if seen is not None else None,
                partial(self._weigh, crowds, texts),
                last,
            )
            self._seen.put(key, (answer, crowds))
            return answer
        answer, crowded = judged
        for one in crowded:
            self.crowd.add(*one)
        return answer

    def _weigh(self, crowds: list[_Crowding], texts: Sequence[str | None], work: int) -> None:
        digest = blake2b(repr(texts).encode("utf-8", "replace"), digest_size=12).digest()
        crowds.append((digest, work))
        self.crowd.add(digest, work)


def _weight(judged: tuple[Answer, Sequence[_Crowding]]) -> int:
    (verdicts, spoken), _ = judged
    return _FOUND_WEIGHT if verdicts or spoken else 1


def _days(column: pa.Array | None, places: np.ndarray) -> list[tuple[date, date] | None]:
    if column is None:
        return [None] * len(places)
    return [_span(text) for text in column.take(pa.array(places)).to_pylist()]


def _span(text: str | None) -> tuple[date, date] | None:
    """Read the first and the last day of what `days.iso_days` gives."""
    if not text:
        return None
    first, _, last = text.partition("/")
    try:
        return date.fromisoformat(first[:10]), date.fromisoformat((last or first)[:10])
    except ValueError:
        return None


#: Shape of what `match_batch` returns.
RESULT_SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("kind", pa.string()),
        ("entity", pa.string()),
        ("band", pa.string()),
        ("role", pa.string()),
        ("covered_through", pa.list_(pa.string())),
        ("total_mbit", pa.int64()),
        ("detail", pa.string()),
    ]
)
#: Kernels of the indexes asked last; each costs some 200 MiB and half a second.
_kernels: OrderedDict[str | int, Kernel] = OrderedDict()
_MOST_KERNELS = 2


def _kernel_of(index: Index) -> Kernel:
    """Give the kernel of an index; copies of one index, as engines unpickle them for every task, share it."""
    key = index.token or id(index)
    kernel = _kernels.get(key)
    if kernel is None or (not index.token and kernel.index is not index):
        kernel = _kernels[key] = Kernel(index)
    _kernels.move_to_end(key)
    while len(_kernels) > _MOST_KERNELS:
        _kernels.popitem(last=False)
    return kernel


def match_batch(
    batch: pa.RecordBatch, index: Index, fields: Mapping[str, str] | None = None
) -> pa.RecordBatch:
    """Match every row of `batch` against `index`.

    Args:
        batch: text columns; other types are cast.
        index: from `proscribe.build_index`; picklable.
        fields: column name to field; by default a column named like a field is that field, any other text is `text`.

    Returns:
        One row per finding or mention, ordered by row and entity, in `RESULT_SCHEMA`; `row` counts from 0,
        `detail` is JSON with evidence, against and questions.

    Raises:
        pyarrow.ArrowInvalid: when a column cannot be cast to text.
    """
    mapping = (
        dict(fields)
        if fields is not None
        else {name: name if name in FIELDS else "text" for name in batch.schema.names}
    )
    text = pa.RecordBatch.from_arrays(
        [column.cast(pa.string()) for column in batch.columns], names=batch.schema.names
    )
    kernel = _kernel_of(index)
    dated = next((name for name, kind in mapping.items() if kind == "dated_on"), None)
    lines: list[tuple[Any, ...]] = []
    for row, (verdicts, spoken) in kernel.match_rows(text, mapping, text.column(dated) if dated else None):
        for verdict in verdicts:
            detail = {
                "evidence": [asdict(item) for item in verdict.evidence],
                "against": [asdict(item) for item in verdict.against],
                "questions": list(verdict.questions),
            }
            lines.append(
                (
                    row, "finding", verdict.entity, verdict.band.value, verdict.role.value,
                    list(verdict.covered_through), verdict.total_mbit, _json(detail),
                )
            )  # fmt: skip
        for item in spoken:
            detail = {"evidence": list(item.evidence)}
            lines.append((row, item.kind.value, item.entity, None, None, [], None, _json(detail)))
    columns = zip(*lines, strict=True) if lines else [()] * len(RESULT_SCHEMA)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, RESULT_SCHEMA.types, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=RESULT_SCHEMA)


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
