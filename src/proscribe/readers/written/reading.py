"""A document as tables: its texts as one, its tables each, and those of the files inside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, zip_longest

import pyarrow as pa

from proscribe.model.observations import CONTENT_FIELDS, Table
from proscribe.readers._cells import clean_cell, is_plain
from proscribe.readers._fixed import table_of
from proscribe.readers._header import find_header, unique_names
from proscribe.readers.base import Batch, Options, Source
from proscribe.readers.beside import Beside
from proscribe.readers.columns import SAMPLE_ROWS, plan_columns
from proscribe.readers.header_fields import found_columns
from proscribe.readers.holding import Holding
from proscribe.readers.own_account import AROUND_TABLE, LETTER
from proscribe.readers.shown import words_of_pieces
from proscribe.readers.written.pieces import Aside, Full, Grid, Piece, Text

_RECORDS_PER_BATCH = 20_000
#: Rows among which the header of a table is looked for.
_HEADER_ROWS = 60
#: Tables of one document; the rows of further ones are read as text.
_MOST_TABLES = 1_000
TEXT_COLUMN = "text"
#: Places of what people remarked on a document.
_REMARKS = ("comments", "annotation")
#: So many texts beside tables speak of these; a longer document speaks of many things.
_FEW_TEXTS = 24
#: Places of a mail of which the words say who wrote to whom, and when.
_OF_FRAME = re.compile(r"header (?!subject)", re.IGNORECASE)


@dataclass(slots=True)
class _Rows:
    """The records of one table of the document itself."""

    table: int
    columns: list[list[str | None]]
    places: list[str]
    numbers: list[int] = field(default_factory=list)


class WrittenReading(Holding):
    """An opened document. It is taken apart when it is opened; a format calls `_place` with the pieces.

    Attributes:
        only_tables: whether the format has no texts of its own, which would be a table even where there are none.
        carries: whether its words speak of the files inside it, as those of a mail do.
        draws: whether its tables hold what is drawn, lengths and colours, in which nobody looks for a column.
    """

    only_tables = False
    carries = False
    draws = False

    def __init__(self, source: Source, options: Options, reader: str) -> None:
        super().__init__(source, options, reader)
        self._texts: list[str | None] = []
        self._places: list[str] = []
        self._rows: list[_Rows] = []
        self._aside = Beside(self._log)
        try:
            self._take_apart()
        except Full:
            self._log.add(
                "E146.document_characters", self._last_place(), most=options.limits.max_document_characters
            )
        self._finish()

    def _first_bytes(self, most: int) -> bytes:
        """Read the document up to `most` bytes, and say where there are more."""
        with self._source.path.open("rb") as file:
            data = file.read(most + 1)
        if len(data) > most:
            self._log.add("E146.document_bytes", f"byte {most}", most=most)
        return data[:most]

    def _take_apart(self) -> None:
        """Give every piece of the document to `_place`, and every problem to the log."""
        raise NotImplementedError

    # --- pieces ---------------------------------------------------------------------------------------

    def _place(self, piece: Piece) -> None:
        if isinstance(piece, Text):
            self._count(len(piece.text))
            self._put_text(piece.at, piece.text)
        elif isinstance(piece, Grid):
            self._count(sum(len(cell) for row in piece.rows for cell in row))
            if len(self._rows) >= _MOST_TABLES:
                for number, row in enumerate(piece.rows, start=1):
                    self._put_text(f"{piece.name}, row {number}", " | ".join(filter(None, row)))
            else:
                self._put_grid(piece)
        elif isinstance(piece, Aside):
            self._aside.add(piece.at, piece.text)
        else:
            self._open_inner(piece.name, piece.path)

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > self._options.limits.max_document_characters:
            raise Full

    def _last_place(self) -> str:
        return self._places[-1] if self._places else "document"

    def _put_text(self, at: str, text: str) -> None:
        if text and not text.isspace():
            self._texts.append(self._clean(text, at))
            self._places.append(at)

    def _clean(self, text: str, at: str) -> str | None:
        limits = self._options.limits
        return text if is_plain(text, limits) else clean_cell(text, at, limits, self._log)

    def _put_grid(self, grid: Grid) -> None:
        """Plan the columns of a table as those of a sheet are planned."""
        limits = self._options.limits
        rows = grid.rows
        lines = chain(rows, zip_longest(*rows, fillvalue=""))
        self._aside.add_all(grid.name, chain.from_iterable(map(words_of_pieces, lines)))
        width = min(max(map(len, rows), default=0), limits.max_columns)
        if any(len(row) > width for row in rows):
            widest = max(map(len, rows))
            self._log.add("E126.records_have_keys_most", grid.name, count=widest, limit=width)
            rows = [
                [*row[: width - 1], " | ".join(filter(None, row[width - 1 :]))] if len(row) > width else row
                for row in rows
            ]
        start, body_at, headed = 0, 0, True
        if grid.form is not None:
            names = tuple(grid.form.columns)
        elif grid.header is not None:
            names = unique_names(grid.header)
        else:
            found = find_header(rows[:_HEADER_ROWS], width)
            names, start, body_at, headed = found.names, found.start, found.start + found.rows, found.rows > 0
            for number in range(start):
                # Titles above the header, and what stands beside them.
                self._put_text(f"{grid.name}, row {number + 1}", " | ".join(filter(None, rows[number])))
            if not headed and width > 1:
                self._log.add("E128.no_row_known_column", grid.name)
        body = [(at, row) for at, row in enumerate(rows[body_at:], start=body_at) if any(row)]
        if grid.form is not None:
            self.tables.append(table_of(grid.form, self._options))
        else:
            self.tables.append(self._planned(grid.name, names, body, headed, body_at))
        places = [
            grid.places[at] if grid.places is not None else f"{grid.name}, row {at + 1}" for at, _ in body
        ]
        columns: list[list[str | None]] = [
            [
                self._clean(row[column], f"{place}, '{name}'") if column < len(row) and row[column] else None
                for (_, row), place in zip(body, places, strict=True)
            ]
            for column, name in enumerate(names)
        ]
        self._rows.append(_Rows(len(self.tables) - 1, columns, places, [at + 1 for at, _ in body]))

    def _planned(
        self, name: str, names: tuple[str, ...], body: list[tuple[int, list[str]]], headed: bool, at: int
    ) -> Table:
        sample = [row for _, row in body[:SAMPLE_ROWS]]
        options = self._options
        plan = plan_columns(
            names, sample, options.mapping, headed=headed, configured=options.configured(name),
            preset=options.configured_preset(name),
        )  # fmt: skip
        if not plan.reads_content() and body:
            self._log.add("E129.no_column", name, lossy=not self.draws, columns=", ".join(names[:30]))
        return plan.table(names, name, at + 1)

    def _finish(self) -> None:
        """Put the texts before the tables, and name the columns that the files inside bring."""
        several = bool(self._rows or self._inner or self.only_tables)
        if self._texts or not several:
            sheet = "text" if several else None
            self.tables.insert(0, self._text_table(sheet))
            for rows in self._rows:
                rows.table += 1
            numbers = list(range(1, len(self._texts) + 1))
            self._rows.insert(0, _Rows(0, [self._texts], self._places, numbers))
        self._aside.add_all("text", words_of_pieces(text or "" for text in self._texts))
        self.beside = self._aside.texts(self._lines_said())
        told = zip(self._places, self._texts, strict=True)
        self.beside += tuple((at, text) for at, text in told if text and at.startswith(_REMARKS))
        around = LETTER if self.carries and self._inner else AROUND_TABLE
        if around == LETTER or (len(self._rows) > 1 and len(self._texts) <= _FEW_TEXTS):
            told = zip(self._places, self._texts, strict=True)
            self.beside += tuple((around, text) for at, text in told if text and not _OF_FRAME.match(at))
        self._name_inner()

    def _lines_said(self) -> set[str]:
        """Give the lines that records hold: what stands beside them too is no news."""
        cells = (cell for rows in self._rows for column in rows.columns for cell in column if cell)
        return {line for cell in cells for line in cell.split("\n")}

    def _text_table(self, sheet: str | None) -> Table:
        chosen = found_columns(self._options.mapping, (TEXT_COLUMN,)).get(TEXT_COLUMN)
        # What was written for people is read whatever else is mapped: a name in it has no column to stand in.
        is_mapped = chosen is not None and chosen in CONTENT_FIELDS
        return Table(
            sheet=sheet,
            header=(TEXT_COLUMN,),
            fields={TEXT_COLUMN: chosen if is_mapped and chosen else "text"},
            recognised_by={TEXT_COLUMN: "map" if is_mapped else "header"},
            first_row=1,
        )

    # --- records --------------------------------------------------------------------------------------

    def batches(self) -> Iterator[Batch]:
        """Yield the texts, then the tables, then the records of the files inside."""
        records = 0
        for rows in self._rows:
            names = list(self.tables[rows.table].header)
            for start in range(0, len(rows.places), _RECORDS_PER_BATCH):
                end = start + _RECORDS_PER_BATCH
                arrays = [pa.array(values[start:end], pa.string()) for values in rows.columns]
                records += len(arrays[0]) if arrays else 0
                yield Batch(
                    rows.table,
                    start + 1,
                    pa.RecordBatch.from_arrays(arrays, names=names),
                    rows.places[start:end],
                )
        for batch in self._all_inner_batches():
            records += batch.rows.num_rows
            yield batch
        if not records and not any(issue.lossy for issue in self.issues):
            self._say_empty()
        self._read = self._source.size_bytes
        self._log.close()

    def _say_empty(self) -> None:
        self._log.add("E103.file_holds_no_readable", "document")

    def source_row(self, table: int, record: int) -> int:
        """Return the row of a record: of its table, of the file inside, or its number among the texts."""
        inside = self._inner_row(table, record)
        if inside is not None:
            return inside
        for rows in self._rows:
            if rows.table == table and record <= len(rows.numbers):
                return rows.numbers[record - 1]
        return record
