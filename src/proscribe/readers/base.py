"""The contract of every reader: bytes in, tables of text out, nothing lost in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from proscribe.model.observations import ReadIssue, Table
from proscribe.model.results import InputReading

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

#: Below this certainty, of 0 to 1, letters that were recognised are not taken for what they seem to say; they only ask.
CERTAIN = 0.8


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds against hostile inputs; a reader stops at each with an issue, never with a crash.

    Each counts something of the input, so that the same input always ends at the same place.

    Attributes:
        max_field_bytes: of one cell; the rest is cut.
        max_columns: of one table; further ones are joined.
        max_expansion_ratio: how many times its size on disk an input may hold once it is unpacked.
        max_expanded_bytes: of everything unpacked.
        max_cell_text_bytes: of the texts that the cells of a workbook repeat, where the ratio allows less.
        max_json_depth: of objects and lists within each other.
        max_pixels: of one picture, after what its format lets decode smaller.
        max_pages, max_document_characters: of a document that people write, the files inside it included.
        max_recognised: pictures and pages of pictures of one input that are looked at for letters; the files inside it included.
        max_inner_depth, max_inner_files: levels of files inside documents, and how many at all levels together.
    """

    max_field_bytes: int = 1_048_576
    max_columns: int = 16_384
    max_expansion_ratio: int = 200
    max_cell_text_bytes: int = 128 * 1024**2
    max_expanded_bytes: int = 4 * 1024**3
    max_json_depth: int = 64
    max_pages: int = 20_000
    max_pixels: int = 64_000_000
    max_document_characters: int = 64 * 1024**2
    max_recognised: int = 200
    max_inner_depth: int = 4
    max_inner_files: int = 2_000


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked of the readers.

    Attributes:
        mapping: column name to field, from `--map COLUMN=FIELD`; wins over recognition.
        reader: name of the reader to use instead of the one sniffed, or `None`.
        kinds: name of a file, pattern or `FILE#SHEET` to kind of table, from `--kind NAME=KIND`; wins over recognition.
        batch_bytes: aimed size of one batch of text.
        files: what a configuration says of single inputs, by their path as it is displayed.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    reader: str | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    batch_bytes: int = 4 * 1024**2
    files: Mapping[str, tuple[InputReading, ...]] = field(default_factory=dict)

    def of(self, source: Source) -> Options:
        """Give the options of one input alone, with the reader that is to be used; those of one input are given as they are."""
        if not self.files or "" in self.files:
            return self
        said = self.files.get(source.display, ())
        named = [one.reader for one in said if one.reader]
        reader = self.reader if self.reader is not None or not named else named[-1]
        return replace(self, reader=reader, files={"": said} if said else {})

    def configured(self, sheet: str | None = None) -> Mapping[str, str]:
        """Give column to field as a configuration says it of a sheet of this input; options of `of` alone hold that.

        What is said of the sheet goes before what is said of all, and later words before earlier ones.
        """
        said = self.files.get("", ())
        general = {column: name for one in said if not one.sheet for column, name in one.columns.items()}
        own = {
            column: name
            for one in said
            if one.sheet and one.sheet == sheet
            for column, name in one.columns.items()
        }
        return {**general, **own}

    def configured_kind(self, sheet: str | None = None) -> str:
        """Give what a configuration says that a sheet of this input is a list of; empty where it says nothing.

        What is said of the sheet goes before what is said of all, and later words before earlier ones, as in `configured`.
        """
        return self._said("kind", sheet)

    def configured_preset(self, sheet: str | None = None) -> str:
        """Give the known export that a configuration says a sheet of this input is; empty where it says nothing."""
        return self._said("preset", sheet)

    def _said(self, name: str, sheet: str | None) -> str:
        said = [one for one in self.files.get("", ()) if getattr(one, name) and one.sheet in ("", sheet)]
        return str(getattr(sorted(said, key=lambda one: bool(one.sheet))[-1], name)) if said else ""


@dataclass(frozen=True, slots=True)
class Source:
    """One input as the user named it, and the local file that holds its bytes; `inside` when it lies in another one."""

    display: str
    path: Path
    size_bytes: int
    inside: bool = False


#: So many names of sites are counted in one input; a column of addresses of delivery holds more, and no site by them.
MOST_SITES = 10_000


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Records of a batch that were counted and not handed over, since nothing can be said of them.

    Attributes:
        records: how many.
        holding: class of columns to the number of these records that hold a cell of it.
        numbers: of the records that were handed over, counted from 1 within the table, ascending (int64).
        running: which of those handed over have an id that runs on, told by all ids of the batch; `None` where no id is stated.
        sites: how many of those that are not handed over have which text in the column of sites; `None` where there is no such
            column, or more than `MOST_SITES` texts stand in it.
    """

    records: int
    holding: Mapping[str, int]
    numbers: npt.NDArray[np.int64]
    running: npt.NDArray[np.bool_] | None = None
    sites: Mapping[str, int] | None = None


@dataclass(slots=True)
class Batch:
    """Consecutive records of one table.

    Attributes:
        table: index into `Reading.tables`.
        first_record: number of the first record, counted from 1 within the table.
        rows: every column of the user's table as text (`pa.string()`, null for an empty cell),
            named and ordered as `Table.header`.
        pointers: JSON pointers, XPaths or byte offsets of the records, or `None`.
        source_rows: rows of the sheet or file that hold the records; `None` where they follow each other from
            `Table.first_row` on.
        left: what is not in `rows`, where the reading was given a sieve for lines; `None` where every record is.
    """

    table: int
    first_record: int
    rows: pa.RecordBatch
    pointers: list[str] | None = None
    source_rows: pa.Int64Array | None = None
    left: LeftOut | None = None

    @property
    def records(self) -> int:
        """How many records the batch stands for."""
        return int(self.rows.num_rows) + (self.left.records if self.left is not None else 0)

    def cut(self, start: int, stop: int) -> Batch:
        """Give some rows as a batch of their own; what is not in the rows stays with the first of them."""
        import numpy as np
        import pyarrow as pa

        places = pa.array(np.arange(start, stop))
        left = self.left
        if left is not None:
            running = None if left.running is None else left.running[start:stop]
            first = (left.records, left.holding, left.sites)
            records, holding, sites = first if start == 0 else (0, Counter(), None)
            left = LeftOut(records, holding, left.numbers[start:stop], running, sites)
        return Batch(
            self.table,
            self.first_record + (start if left is None else 0),
            self.rows.take(places),  # a slice would travel to another process with all of the rows
            None if self.pointers is None else self.pointers[start:stop],
            None if self.source_rows is None else self.source_rows.take(places),
            left,
        )

    def number(self, row: int) -> int:
        """Give the number of a record, counted from 1 within the table, by its row."""
        return int(self.left.numbers[row]) if self.left is not None else self.first_record + row

    def source_row(self, place: int, first_row: int) -> int | None:
        """Give the row of the source that holds a record; `None` where the format has none.

        Args:
            place: of the record in the batch, from 0.
            first_row: that of the table.
        """
        if self.pointers is not None:
            return None
        if self.source_rows is not None:
            return int(self.source_rows[place].as_py())
        return first_row + self.number(place) - 1


@dataclass(frozen=True, slots=True)
class Sifted:
    """Lines of delimited text among which those were left out of which nothing can be said.

    Attributes:
        data: the others, whole and in their order.
        left: as in `LeftOut`; its numbers count from 0.
        every_line: whether each line is a record: none is blank, and no record takes two.
    """

    data: bytes
    left: LeftOut
    every_line: bool


class Sieve(Protocol):
    """Leaves records out of which nothing can be said."""

    def sifted(self, data: bytes, delimiter: bytes, quote: bytes | None, record: int) -> Sifted | None:
        """Sift whole lines in UTF-8, as many cells in each as the table has columns.

        Args:
            record: number of the first record, counted from 1 within the table.

        Returns:
            What is kept, and counts of the rest; `None` where the bytes have to be read another way.
        """
        ...

    def left_out(self, columns: Sequence[pa.Array], record: int) -> LeftOut:
        """Sift rows of columns of text, one for each column of the table; dictionaries are taken as they are.

        Args:
            columns: `pa.string()`, or dictionaries of it; null for an empty cell.
            record: number of the first record, counted from 1 within the table.

        Returns:
            The numbers of the rows that are kept, from 0, and counts of the rest.
        """
        ...


class Reading(Protocol):
    """An opened input. `tables` and `issues` are complete when `batches()` is exhausted.

    A reading may also have `blind_spots: list[BlindSpot]`, complete at the same time: what the format says it
    could not see, such as segments behind a router or parts of an image that were not opened.
    """

    reader: str
    reader_version: int
    tables: list[Table]
    issues: list[ReadIssue]

    def batches(self) -> Iterator[Batch]:
        """Yield the records in order, each record once."""
        ...

    def bytes_read(self) -> int:
        """Tell how many bytes of the source were consumed, for progress."""
        ...


class Part(Protocol):
    """A piece of one table that another process can read by itself; picklable."""

    @property
    def source(self) -> Source:
        """The input that it is a piece of."""
        ...

    @property
    def stop_byte(self) -> int:
        """How far into the file the piece reaches, for progress."""
        ...

    def open(self) -> Reading:
        """Open the piece, in this or another process."""
        ...
