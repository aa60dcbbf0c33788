"""Running text and tables out of nested marks, whatever the format calls them."""

from __future__ import annotations

from proscribe.readers.falling import carried
from proscribe.readers.shown import seen, words_by_looks
from proscribe.readers.written.pieces import Aside, Grid, Put, Text

#: Columns that one cell may span, and tables that may lie in each other.
_WIDEST_SPAN = 64
_DEEPEST = 40
#: Cells of one table; further rows become text.
MAX_CELLS = 2_000_000
#: Cells that spans may make of each one that is written, on the whole, and such as any table may hold.
_SPANNED, _SPANNED_CELLS = 16, 100_000

#: Labels and first words of one document; what is more names nobody that these do not.
_MOST_LABELS, _MOST_FIRST_WORDS = 50, 20_000


class _Table:
    __slots__ = ("cell", "cells", "down", "falling", "number", "row", "rows", "span", "under", "written")

    def __init__(self, number: int) -> None:
        self.number = number
        self.rows: list[list[str]] = []
        self.row: list[str] | None = None
        self.cell: list[str] | None = None
        self.span = self.down = 1
        self.cells = self.written = 0
        self.under = False
        #: Column to the number of the last row over which a cell falls, and its text.
        self.falling: dict[int, tuple[int, str]] = {}

    def end_cell(self, row: list[str], cell: list[str]) -> None:
        """Put a cell into its row, and keep it for the rows over which it falls."""
        text = "\n".join(cell)
        column = len(row)
        if self.under and not text and self.rows and column < len(self.rows[-1]):
            text = carried(self.rows[-1][column])
        row += [text, *[""] * (self.span - 1)]
        self.cells += self.span
        self.written += 1
        for place in range(column, len(row) if self.down > 1 else column):
            self.falling[place] = (len(self.rows) + self.down - 1, carried(row[place]))

    @property
    def is_full(self) -> bool:
        """Whether it is as large as a table gets, for the cells that were written into it: spans alone make none larger."""
        return self.cells > min(MAX_CELLS, _SPANNED_CELLS + _SPANNED * self.written)

    def let_fall(self, row: list[str]) -> None:
        """Put the cells of rows above that fall into this row where it has come to."""
        if self.is_full:
            return
        while (held := self.falling.get(len(row))) is not None and held[0] >= len(self.rows):
            row.append(held[1])
            self.cells += 1


class Flow:
    """Takes text, paragraphs and tables in the order in which they stand, and gives pieces.

    Paragraphs may lie in each other, as text boxes and footnotes do. Ends that are missing are taken for granted.

    Args:
        put: takes the pieces.
        where: what stands before each place, such as `slide 3, `.
    """

    def __init__(self, put: Put, where: str = "", tables: int = 0) -> None:
        self._put = put
        self.where = where
        self.tables = tables  # how many were begun
        self._paragraphs = 0
        self._buffers: list[list[tuple[str, str]]] = [[]]  # look and text of each piece
        self.look = ""  #: how the letters look that are said next
        self._labels: set[str] = set()  # what lists and styles put beside paragraphs
        self._first_words: set[str] = set()
        self._above: list[str] = []
        self._open: list[_Table] = []

    def restart(self, where: str) -> None:
        """Begin to count paragraphs again, under another place."""
        self.close()
        self.where, self._paragraphs = where, 0

    def say(self, text: str) -> None:
        """Add text to the current paragraph."""
        self._buffers[-1].append((self.look, text))

    def say_above(self, text: str) -> None:
        """Add letters that stand small above those of the line, such as how they are read; they follow the line by themselves."""
        self._above.append(text)

    def aside(self, what: str, text: str) -> None:
        """Give what is no word of the document, to be probed for names."""
        self._put(Aside(f"{self.where}{what}", text))

    def label(self, text: str) -> None:
        """Take what a list or a style puts beside its paragraphs, as far as it makes one word with theirs."""
        if (text[-1:].isalnum() or text[:1].isalnum()) and len(self._labels) < _MOST_LABELS:
            self._labels.add(text)

    def put_labelled(self) -> None:
        """Have the first words of paragraphs probed behind the labels of lists, whichever of them are in a list."""
        for label in sorted(self._labels):
            for word in sorted(self._first_words):
                for shown in (label + word, word + label):
                    self.aside("label of a list or style and the first word beside it", seen(shown, word))

    def begin(self) -> None:
        """Begin a paragraph, perhaps inside another one."""
        self._buffers.append([])

    def end(self) -> None:
        """End the innermost paragraph."""
        self.line()
        if len(self._buffers) > 1:
            self._buffers.pop()

    def line(self) -> None:
        """End a line; the paragraph goes on."""
        buffer = self._buffers[-1]
        above, self._above = self._above, []
        if not buffer and not above:
            return
        text = " ".join("".join(piece for _, piece in buffer).split())
        shown = list(words_by_looks(buffer))
        buffer.clear()
        self._paragraphs += 1
        self._put_line(text)
        if len(self._first_words) < _MOST_FIRST_WORDS:
            self._first_words.add(text.partition(" ")[0])
        for word in shown:
            self.aside("word without the letters that look otherwise", word)
        if above:
            self._put_line(" ".join(" ".join(above).split()))
            self.aside("letters above the line", "".join(above))

    def _put_line(self, text: str) -> None:
        if not text:
            return
        table = self._open[-1] if self._open else None
        if table is not None and table.cell is not None:
            table.cell.append(text)
        else:
            self._put(Text(f"{self.where}paragraph {self._paragraphs}", text))

    def begin_table(self) -> None:
        """Begin a table, perhaps inside a cell of another one."""
        self.line()
        self.tables += 1
        if len(self._open) < _DEEPEST:
            self._open.append(_Table(self.tables))

    def begin_row(self) -> None:
        """Begin a row; an open one ends."""
        if self._open:
            self.end_row()
            self._open[-1].row = []
        else:
            self.line()

    def begin_cell(self, span: int = 1, down: int = 1) -> None:
        """Begin a cell that spans some columns and falls over some rows; an open one ends."""
        self.line()
        if not self._open:
            return
        self.end_cell()
        table = self._open[-1]
        if table.row is None:
            table.row = []
        table.let_fall(table.row)
        table.cell, table.span, table.down, table.under = [], min(max(span, 1), _WIDEST_SPAN), down, False

    def continue_above(self) -> None:
        """Say that the open cell is one with that above it."""
        if self._open:
            self._open[-1].under = True

    def span(self, columns: int) -> None:
        """Say that the open cell spans some columns."""
        if self._open:
            self._open[-1].span = min(max(columns, 1), _WIDEST_SPAN)

    def end_cell(self) -> None:
        """End the open cell of the innermost table."""
        self.line()
        table = self._open[-1] if self._open else None
        if table is None or table.cell is None or table.row is None:
            return
        table.end_cell(table.row, table.cell)
        table.cell = None

    @property
    def is_in_table(self) -> bool:
        """Whether a table is open."""
        return bool(self._open)

    def drop_empty_cell(self) -> None:
        """Take back the open cell when nothing stands in it."""
        self.line()
        table = self._open[-1] if self._open else None
        if table is not None and table.cell == []:
            table.cell = None

    def end_row(self) -> None:
        """End the open row of the innermost table."""
        self.end_cell()
        table = self._open[-1] if self._open else None
        if table is None or table.row is None:
            return
        row, table.row = table.row, None
        if row:
            table.let_fall(row)
        # Empty rows stay: the numbers of the others are counted with them.
        if not table.is_full:
            table.rows.append(row)
        elif any(row):
            self._put(Text(f"{self.where}table {table.number}, beyond row {len(table.rows)}", _joined(row)))

    def end_table(self) -> None:
        """End the innermost table, and give it: as a table, or as text where it only arranges what it holds."""
        if not self._open:
            self.line()
            return
        self.end_row()
        table = self._open.pop()
        name = f"{self.where}table {table.number}"
        filled = [row for row in table.rows if any(row)]
        if len(filled) >= 2 and max(map(len, filled)) >= 2:
            self._put(Grid(name, table.rows))
            return
        for number, row in enumerate(table.rows, start=1):
            for text in row:
                if text:
                    self._put(Text(f"{name}, row {number}", text))

    def close(self) -> None:
        """End everything that is open."""
        while self._open:
            self.end_table()
        while len(self._buffers) > 1:
            self.end()
        self.line()


def _joined(row: list[str]) -> str:
    return " | ".join(cell for cell in row if cell)
