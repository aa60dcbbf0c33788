"""Running record numbers back to cells and places."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from proscribe.devices.keys import DeviceBatch, DeviceTable
from proscribe.model.devices import RecordRef
from proscribe.readers.header_fields import own_id_columns


class _Layout:
    """What the columns of a table are for, worked out once."""

    __slots__ = ("by_field", "content", "own_ids", "told")

    def __init__(self, table: DeviceTable) -> None:
        fields = table.table.fields
        self.by_field: dict[str, list[str]] = {}
        for name, kind in fields.items():
            self.by_field.setdefault(kind, []).append(name)
        self.own_ids = tuple(own_id_columns(fields))
        self.content = table.content
        self.told = tuple(name for name in table.table.header if fields.get(name, "") not in ("", "note"))


class _Cells:
    """The cells of a batch as texts, column by column, each taken when it is first asked for; empty ones are `None`."""

    __slots__ = ("_batch", "_columns", "first_record", "layout", "pointers", "table")

    def __init__(self, table: DeviceTable, layout: _Layout, batch: DeviceBatch) -> None:
        self.table = table
        self.layout = layout
        self.first_record = batch.first_record
        self.pointers = batch.pointers
        self._batch = batch
        self._columns: dict[str, list[str | None]] = {}

    def column(self, name: str) -> list[str | None]:
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self._batch.rows.column(name).to_pylist()
        return found


class Spot:
    """A record found: its table, the cells of its batch and its place among them."""

    __slots__ = ("_cells", "_place", "ref", "table")

    def __init__(self, cells: _Cells, place: int, ref: RecordRef) -> None:
        self.table = cells.table
        self.ref = ref
        self._cells = cells
        self._place = place

    def own_id(self) -> str | None:
        """Give the record's own id, as a scan gives it."""
        found = (self._cells.column(name)[self._place] for name in self._cells.layout.own_ids)
        return "/".join(text.strip() for text in found if text and text.strip()) or None

    def first(self, *fields: str) -> str | None:
        """Give the first cell that is filled among the columns of these fields."""
        cells, place = self._cells, self._place
        for field in fields:
            for name in cells.layout.by_field.get(field, ()):
                found = cells.column(name)[place]
                if found and found.strip():
                    return found
        return None

    def content(self) -> list[tuple[str, str, str]]:
        """Give (column, field, text) of the cells that are matched and filled."""
        made = []
        for name, kind in self._cells.layout.content.items():
            text = self._cells.column(name)[self._place]
            if text and text.strip():
                made.append((name, kind, text))
        return made

    def told(self, most: int, characters: int) -> tuple[tuple[str, str], ...]:
        """Give the first cells that are filled, of columns that mean something and are no note, each cut."""
        made = []
        cells, place = self._cells, self._place
        for name in cells.layout.told:
            text = cells.column(name)[place]
            if text and (plain := text.strip()):
                made.append((name, plain[:characters]))
                if len(made) >= most:
                    break
        return tuple(made)


class Rows:
    """Looks records up by running number; the place of each is one object, whoever names it."""

    def __init__(self, tables: Sequence[DeviceTable]) -> None:
        self._starts: list[int] = []
        self._batches: list[_Cells] = []
        self._refs: dict[int, RecordRef] = {}
        base = 0
        for table in tables:
            layout = _Layout(table)
            for batch in table.batches:
                if batch.rows.num_rows:
                    self._starts.append(base)
                    self._batches.append(_Cells(table, layout, batch))
                    base += batch.rows.num_rows

    def spot(self, record: int) -> Spot:
        """Find a record."""
        number = bisect_right(self._starts, record) - 1
        cells, place = self._batches[number], record - self._starts[number]
        ref = self._refs.get(record)
        if ref is None:
            ref = self._refs[record] = RecordRef(
                cells.table.input,
                cells.table.table.sheet or "",
                cells.first_record + place,
                cells.pointers[place] if cells.pointers else "",
            )
        return Spot(cells, place, ref)

    def ref(self, record: int) -> RecordRef:
        """Give the place of a record in the input."""
        return self._refs.get(record) or self.spot(record).ref
