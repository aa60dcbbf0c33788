"""Running record numbers back to cells and places."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from proscribe.devices.keys import DeviceBatch, DeviceTable, cell
from proscribe.model.devices import RecordRef
from proscribe.readers.columns import own_id_columns


@dataclass(frozen=True, slots=True)
class Spot:
    """A record found: its table, batch and place in the batch."""

    table: DeviceTable
    batch: DeviceBatch
    place: int

    @property
    def ref(self) -> RecordRef:
        """Give the place in the input."""
        pointers = self.batch.pointers
        return RecordRef(
            self.table.input,
            self.table.table.sheet or "",
            self.batch.first_record + self.place,
            pointers[self.place] if pointers else "",
        )

    def own_id(self) -> str | None:
        """Give the record's own id, as a scan gives it."""
        found = (cell(self.batch.rows, name, self.place) for name in own_id_columns(self.table.table.fields))
        return "/".join(text.strip() for text in found if text and text.strip()) or None

    def first(self, *fields: str) -> str | None:
        """Give the first cell that is filled among the columns of these fields."""
        for field in fields:
            for name, kind in self.table.table.fields.items():
                if kind == field:
                    found = cell(self.batch.rows, name, self.place)
                    if found and found.strip():
                        return found
        return None

    def content(self) -> list[tuple[str, str, str]]:
        """Give (column, field, text) of the cells that are matched and filled."""
        made = []
        for name, kind in self.table.content.items():
            text = cell(self.batch.rows, name, self.place)
            if text and text.strip():
                made.append((name, kind, text))
        return made


class Rows:
    """Looks records up by running number."""

    def __init__(self, tables: Sequence[DeviceTable]) -> None:
        self._starts: list[int] = []
        self._spots: list[tuple[DeviceTable, DeviceBatch]] = []
        base = 0
        for table in tables:
            for batch in table.batches:
                if batch.rows.num_rows:
                    self._starts.append(base)
                    self._spots.append((table, batch))
                    base += batch.rows.num_rows

    def spot(self, record: int) -> Spot:
        """Find a record."""
        number = bisect_right(self._starts, record) - 1
        table, batch = self._spots[number]
        return Spot(table, batch, record - self._starts[number])
