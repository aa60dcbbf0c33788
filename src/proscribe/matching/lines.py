"""Lines of plain delimited text, those left out of which nothing can be said; what they carry is counted by the same loop.

Most lines of a ledger name nobody. To make columns of them, send these to another process and look into them there costs
more than the look itself. The compiled loop (`lines` in `_literals.c`) looks into the cells of each line where it stands and
keeps a line when a literal stands in a cell, when a byte beyond ASCII, a control character or a quoted cell with more than
its text needs a closer look, and when something packed may be in it (`readers.closed`). The first records of a table are
kept whole. Whatever is kept is read and matched as if nothing had been left out. Bytes that are not plain are left to the
readers: another number of cells than columns, a carriage return alone, a quote that does not end its cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from proscribe.matching.sequences import running
from proscribe.readers.base import LeftOut, Sifted

if TYPE_CHECKING:
    from proscribe.matching.compiled import Tables

#: Classes of columns that are counted, in the order of their bits; `key` is the caller's.
CLASSES = ("maker", "model", "identifier", "content", "key")
#: What the loop does with a column, and the first bit of its classes; as in `_literals.c`.
LOOK, LOOK_IF_WORTH, FIRST_CLASS, NAMES = 1, 2, 2, 128


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
    """

    columns: tuple[int, ...]
    id_column: int
    head: int
    bare: int
    longest: int
    begun: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()

    def cells(self) -> bytes:
        """Write `begun` and `whole` for the loop: a kind, a size, the bytes; ordered by kind."""
        said = [(0, text.encode()) for text in self.begun] + [(1, text.encode()) for text in self.whole]
        return b"".join(bytes((kind, len(text))) + text for kind, text in said)


class CompiledSieve:
    """A `readers.base.LineSieve` of the compiled module."""

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

    def sifted(self, data: bytes, delimiter: bytes, quote: bytes | None, record: int) -> Sifted | None:
        """Sift lines; see `LineSieve`."""
        import pyarrow as pa

        asked = self._asked
        if delimiter.isalnum() or (quote or b"").isalnum():
            return None
        head = max(0, asked.head + 1 - record)
        # a record has a border behind each cell, but for the last one
        most = len(data) // len(asked.columns) + 1
        with_ids = asked.id_column >= 0
        counts, numbers = np.zeros(len(CLASSES), np.int64), np.empty(most, np.int64)
        kept = np.empty(len(data), np.uint8)
        ends = np.empty(most + 1 if with_ids else 1, np.int32)
        ends[0] = 0
        ids = np.empty(len(data) if with_ids else 0, np.uint8)
        said = self._module.lines(
            self._table, data, delimiter[0], -1 if quote is None else quote[0], bytes(asked.columns), self._cells, asked.longest,
            head, asked.bare, asked.id_column, counts, numbers, kept, ends[1:], ids,
        )  # fmt: skip
        if said is None:
            return None
        records, some, size, id_size, is_odd = said
        places = numbers[:some].copy()
        runs = None
        if with_ids:
            column = pa.StringArray.from_buffers(records, pa.py_buffer(ends), pa.py_buffer(ids[:id_size]))
            runs = running(column)[places]
        holding = dict(zip(CLASSES, counts.tolist(), strict=True))
        return Sifted(kept[:size].tobytes(), LeftOut(records - some, holding, places, runs), not is_odd)
