"""Lines of plain delimited text, and rows of columns, those left out of which nothing can be said; what they carry is counted.

Most lines of a ledger name nobody. To make columns of them, send these to another process and look into them there costs
more than the look itself. The compiled loop (`lines` in `_literals.c`) looks into the cells of each line where it stands and
keeps a line when a literal stands in a cell, when a byte beyond ASCII, a control character or a quoted cell with more than
its text needs a closer look, and when something packed may be in it (`readers.closed`). The first records of a table are
kept whole. Whatever is kept is read and matched as if nothing had been left out. Bytes that are not plain are left to the
readers: another number of cells than columns, a carriage return alone, a quote that does not end its cell.

Where a format holds columns (Parquet) the same loop looks into their cells (`cells`), into each value of a dictionary once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from proscribe.matching.scanner import buffers
from proscribe.matching.sequences import running
from proscribe.readers.base import MOST_SITES, LeftOut, Sifted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pyarrow as pa

    from proscribe.matching.compiled import Tables

#: Classes of columns that are counted, in the order of their bits; `key` is the caller's.
CLASSES = ("maker", "model", "identifier", "content", "key")
#: What the loop does with a column, and the first bit of its classes; as in `_literals.c`.
LOOK, LOOK_IF_WORTH, FIRST_CLASS, NAMES = 1, 2, 2, 128
#: What the loop says of a cell.
FILLED, KEPT = 1, 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What the loop asks of lines.

    Attributes:
        columns: of each column, `LOOK` or `LOOK_IF_WORTH`, the bits of its classes, and `NAMES` where it names things.
        id_column: number of the column of which is told which cells run on, or -1.
        head: so many records of the table are kept, counted from its first.
        bare: so many records without a cell of the class `key` are kept of each block.
        longest: a cell of so many bytes is worth a look without a letter too.
        begun: what keeps a record when a cell of a column with `NAMES` begins with it.
        whole: what keeps a record when it is such a cell.
        site_column: number of the column of which the cells of records that are left out are counted, or -1.
    """

    columns: tuple[int, ...]
    id_column: int
    head: int
    bare: int
    longest: int
    begun: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    site_column: int = -1

    def cells(self) -> bytes:
        """Write `begun` and `whole` for the loop: a kind, a size, the bytes; ordered by kind."""
        said = [(0, text.encode()) for text in self.begun] + [(1, text.encode()) for text in self.whole]
        return b"".join(bytes((kind, len(text))) + text for kind, text in said)


class CompiledSieve:
    """A `readers.base.Sieve` of the compiled module."""

    def __init__(self, module: Any, tables: Tables, asked: Asked) -> None:
        """Make its table of literals.

        Args:
            module: the compiled module.
            tables: the literals, from `compiled.tables_of`.

        Raises:
            ValueError: where the tables fit no literals.
        """
        self._module = module
        self._table = module.made(*tables)
        self._asked = asked
        self._cells = asked.cells()
        #: Of each column the values that it repeated last, and what is said of them.
        self._values: dict[int, tuple[pa.Array, npt.NDArray[np.uint8]]] = {}

    def sifted(self, data: bytes, delimiter: bytes, quote: bytes | None, record: int) -> Sifted | None:
        """Sift lines; see `Sieve`."""
        import pyarrow as pa

        asked = self._asked
        if delimiter.isalnum() or (quote or b"").isalnum():
            return None
        head = max(0, asked.head + 1 - record)
        # a record has a border behind each cell, but for the last one
        most = len(data) // len(asked.columns) + 1
        counts, numbers = np.zeros(len(CLASSES), np.int64), np.empty(most, np.int64)
        kept = np.empty(len(data), np.uint8)
        (ends, ids), (site_ends, sites) = (
            (
                np.zeros(most + 1 if one >= 0 else 1, np.int32),
                np.empty(len(data) if one >= 0 else 0, np.uint8),
            )
            for one in (asked.id_column, asked.site_column)
        )
        said = self._module.lines(
            self._table, data, delimiter[0], -1 if quote is None else quote[0], bytes(asked.columns), self._cells, asked.longest,
            head, asked.bare, asked.id_column, counts, numbers, kept, ends[1:], ids, asked.site_column, site_ends[1:], sites,
        )  # fmt: skip
        if said is None:
            return None
        records, some, size, id_size, site_size, is_odd = said
        places = numbers[:some].copy()
        runs = named = None
        if asked.id_column >= 0:
            column = pa.StringArray.from_buffers(records, pa.py_buffer(ends), pa.py_buffer(ids[:id_size]))
            runs = running(column)[places]
        if asked.site_column >= 0:
            column = pa.StringArray.from_buffers(
                records, pa.py_buffer(site_ends), pa.py_buffer(sites[:site_size])
            )
            named = _counted(column, places)
        holding = dict(zip(CLASSES, counts.tolist(), strict=True))
        return Sifted(
            kept[:size].tobytes(), LeftOut(records - some, holding, places, runs, named), not is_odd
        )

    def left_out(self, columns: Sequence[pa.Array], record: int) -> LeftOut:
        """Sift rows; see `Sieve`."""
        asked = self._asked
        rows = len(columns[0])
        kept, held = np.zeros(rows, np.bool_), np.zeros(rows, np.uint8)
        kept[: max(0, asked.head + 1 - record)] = True
        for number, (column, what) in enumerate(zip(columns, asked.columns, strict=True)):
            said = self._of_values(column, number, what) if _repeats(column) else self._said(column, what)
            kept |= (said & KEPT).view(np.bool_)
            held |= (said & FILLED) * np.uint8(what)
        key = 1 << (FIRST_CLASS + CLASSES.index("key"))
        kept[np.flatnonzero(held & key == 0)[: asked.bare]] = True
        places = np.flatnonzero(kept)
        held[places] = 0
        holding = {
            name: int(np.count_nonzero(held & (1 << (FIRST_CLASS + number))))
            for number, name in enumerate(CLASSES)
        }
        runs = None
        if asked.id_column >= 0:
            ids = columns[asked.id_column]
            runs = running(ids.dictionary_decode() if _repeats(ids) else ids)[places]
        named = _counted(columns[asked.site_column], places) if asked.site_column >= 0 else None
        return LeftOut(rows - len(places), holding, places, runs, named)

    def _of_values(self, column: pa.DictionaryArray, number: int, what: int) -> npt.NDArray[np.uint8]:
        """Give what `_said` gives, of a column that repeats values: each is looked into once."""
        import pyarrow as pa

        values = column.dictionary
        before = self._values.get(number)
        if before is None or not before[0].equals(values):
            if len(values) > len(column):
                return self._said(column.dictionary_decode(), what)
            # behind the values stands what is said of a null
            before = self._values[number] = values, np.append(self._said(values, what), np.uint8(0))
        said: npt.NDArray[np.uint8] = before[1][column.indices.cast(pa.int64()).fill_null(-1).to_numpy()]
        return said

    def _said(self, column: pa.StringArray, what: int) -> npt.NDArray[np.uint8]:
        """Give for each cell of a column `FILLED` and `KEPT`, where they hold."""
        offsets, data = buffers(column)
        said = np.zeros(len(column), np.uint8)
        if data.size:
            self._module.cells(self._table, data, offsets, what, self._cells, self._asked.longest, said)
        if column.null_count:
            said[~column.is_valid().to_numpy(zero_copy_only=False)] = 0
        return said


def _counted(column: pa.Array, kept: npt.NDArray[np.int64]) -> dict[str, int] | None:
    """Count the values of a column in the rows that are left out, unless there are too many; a null is the empty text."""
    import pyarrow as pa

    left = np.ones(len(column), np.bool_)
    left[kept] = False
    counts: dict[str, int] = {}
    values = column.filter(pa.array(left)).value_counts()
    if len(values) > MOST_SITES + 1:
        return None
    for one in values.to_pylist():
        name = one["values"] or ""
        counts[name] = counts.get(name, 0) + one["counts"]
    return counts


def _repeats(column: pa.Array) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_dictionary(column.type))
