"""What the cells of an input say of the input itself: lines that stand alone, messages of failures, and days.

`own_account` weighs it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from proscribe.model.findings import Locator
from proscribe.model.observations import Table
from proscribe.readers._values import DOCUMENT
from proscribe.readers.base import Batch
from proscribe.readers.own_account import AROUND, FOOT, LINE, LONGEST, day_in, matches, says_nothing

#: Lines that stand alone in a table, and values around its records, of which so many are kept.
_MOST_LINES, _MOST_VALUES = 400, 60
#: Tables that tools write record by record, in which a row of one cell is one of theirs.
_OF_TOOLS = frozenset({"firmware", "network_scan", "discovery", "software", "configuration"})
#: A cell that tells its number and that of all, `3/6`, `3 of 6`.
_OF_A_WHOLE, _NUMBER = r"^\s*\d{1,4}\s*(?:/|of|von|de|sur|di|van|z|из)\s*\d{1,4}\s*$", re.compile(r"\d+")
#: So many of the last rows of a table stand below its records where hardly a cell of them is filled.
_FOOT_ROWS = 3
#: Fields by which a record names a thing.
_IDENTIFYING = frozenset(
    {"maker_name", "model_number", "serial_number", "serial", "mac", "part_number", "product_name", "imei"}
)


@dataclass(slots=True)
class OwnLines:
    """What the cells of an input say of it: lines that stand alone, failures, and the newest day of a column of days.

    Picklable, one for each part of an input.

    Attributes:
        texts: place of each text, and how many cells are filled in its row.
        failed: the text of each message of a failure, and its place.
        newest: the newest day of each column that says when things were seen or counted last.
        months: of each column of days of what was bought, how many records each month has, as in `2026-04`.
        sifted: whether records were left out of what was looked at; then none of those says which months or numbers there are.
        numbered: of each column whose cells are of the form `3/6`, the whole and the numbers; 0 where the whole differs.
    """

    texts: dict[str, tuple[str, int]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    newest: dict[str, tuple[str, bool]] = field(default_factory=dict)
    months: dict[str, Counter[str]] = field(default_factory=dict)
    numbered: dict[str, tuple[int, frozenset[int]]] = field(default_factory=dict)
    sifted: bool = False

    def extend(self, other: OwnLines) -> None:
        """Add what was seen in the records that follow."""
        self.texts = {**other.texts, **self.texts}
        self.failed = {**other.failed, **self.failed}
        for name, (day, counted) in other.newest.items():
            self.newest[name] = max(self.newest.get(name, ("", counted))[0], day), counted
        self.sifted = self.sifted or other.sifted
        for name, months in other.months.items():
            self.months.setdefault(name, Counter()).update(months)
        for name, (whole, numbers) in other.numbered.items():
            self._number(name, whole, numbers)

    def look(self, batch: Batch, table: Table) -> None:
        """Look through the cells of one batch of a table."""
        self.sifted = self.sifted or bool(batch.left is not None and batch.left.records)
        names = [name for name in batch.rows.schema.names if pa.types.is_string(batch.rows.column(name).type)]
        if not names or not batch.rows.num_rows:
            return
        if (table.sheet or "").endswith(DOCUMENT):
            self._around(batch, names)
            return
        filled = {
            name: pc.greater(pc.fill_null(pc.binary_length(batch.rows.column(name)), 0), 0) for name in names
        }
        self._failures(batch, table, filled)
        self._alone(batch, table, filled)
        for name in names:
            self._days(batch, name)
            place = f"{table.sheet}, {name}" if table.sheet else name
            if table.fields.get(name) == "dated_on" and "amount" in table.fields.values():
                self._months(batch, name, place)
            if table.fields.get(name) == "row_id":
                self._numbers(batch, name, place)

    def _months(self, batch: Batch, name: str, place: str) -> None:
        counts = self.months.setdefault(place, Counter())
        for one in pc.value_counts(batch.rows.column(name)).to_pylist():
            day = day_in(one["values"]) if one["values"] else None
            if day is not None:
                counts[day.isoformat()[:7]] += one["counts"]

    def _numbers(self, batch: Batch, name: str, place: str) -> None:
        """Take the numbers of a column of which each cell tells its number and the whole."""
        column = batch.rows.column(name).drop_null()
        if not len(column) or not self.numbered.get(place, (1,))[0]:
            return
        if not pc.all(pc.match_substring_regex(column, _OF_A_WHOLE)).as_py():
            self._number(place, 0, frozenset())
            return
        told = [_NUMBER.findall(text) for text in column.to_pylist()]
        wholes = {int(one[-1]) for one in told}
        self._number(place, wholes.pop() if len(wholes) == 1 else 0, frozenset(int(one[0]) for one in told))

    def _number(self, place: str, whole: int, numbers: frozenset[int]) -> None:
        known, before = self.numbered.get(place, (whole, frozenset()))
        self.numbered[place] = (whole if known == whole else 0, before | numbers)

    def _around(self, batch: Batch, names: Sequence[str]) -> None:
        for name in names[:_MOST_VALUES]:
            for text in batch.rows.column(name).to_pylist()[:_MOST_VALUES]:
                if text and len(self.texts) < _MOST_LINES:
                    self.texts.setdefault(f"{name}: {text[:LONGEST]}", (AROUND, 0))

    def _alone(self, batch: Batch, table: Table, filled: Mapping[str, pa.Array]) -> None:
        """Keep the rows in which hardly a cell is filled: what stands below a table, and between its rows."""
        if len(filled) < 2 or len(self.texts) >= _MOST_LINES or table.source_kind in _OF_TOOLS:
            return
        count = None
        for mask in filled.values():
            number = pc.cast(mask, pa.int16())
            count = number if count is None else pc.add(count, number)
        most = 2 if len(filled) >= 5 else 1
        rows = pc.indices_nonzero(pc.and_(pc.less_equal(count, most), pc.greater(count, 0)))
        for row in rows.to_pylist()[:_MOST_LINES]:
            cells = [text for name in filled if (text := batch.rows.column(name)[row].as_py())]
            text = " ".join(" ".join(cells).split())[:LONGEST]
            if " " in text or text[:1] > "\u2e80":
                below = f", {FOOT}" if row >= batch.rows.num_rows - _FOOT_ROWS else ""
                place = f"{LINE}{below}, {_at(batch, table, row)}"
                self.texts.setdefault(text, (place, len(cells)))

    def _failures(self, batch: Batch, table: Table, filled: Mapping[str, pa.Array]) -> None:
        """Keep the records that name no thing and say that something failed."""
        heads = [name for name in filled if matches("failures", name)]
        if not heads:
            return
        named = [
            mask
            for name, mask in filled.items()
            if table.fields.get(name) in _IDENTIFYING and name not in heads
        ]
        for name in heads:
            held = filled[name]
            for mask in named:
                held = pc.and_(held, pc.invert(mask))
            for row in pc.indices_nonzero(held).to_pylist():
                text = batch.rows.column(name)[row].as_py().strip()
                if text.casefold() in says_nothing():
                    continue
                if len(self.failed) < _MOST_LINES:
                    self.failed.setdefault(f"{name}: {text[:LONGEST]}", _at(batch, table, row))

    def _days(self, batch: Batch, name: str) -> None:
        counted = matches("counted", name)
        if not counted and not matches("seen", name):
            return
        days = (
            day for text in pc.unique(batch.rows.column(name)).to_pylist() if text and (day := day_in(text))
        )
        newest = max(days, default=None)
        if newest is not None:
            known = self.newest.get(name, ("", counted))[0]
            self.newest[name] = max(known, newest.isoformat()), counted


def _at(batch: Batch, table: Table, row: int) -> str:
    where = f"{table.sheet}, " if table.sheet else ""
    at = Locator(batch.number(row), source_row=batch.source_row(row, table.first_row))
    return f"{where}{at.words}"
