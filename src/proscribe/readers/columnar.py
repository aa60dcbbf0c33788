"""Parquet, row group by row group. What its schema says of file and columns is probed for names.

What a column repeats is looked at once: its values are written as text and sifted as a dictionary, and only the rows that are
kept are put together.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from proscribe.model.errors import error
from proscribe.model.observations import ReadIssue
from proscribe.readers._header import unique_names
from proscribe.readers._opened import Opened
from proscribe.readers.base import Batch, Options, Sieve, Source
from proscribe.readers.beside import Beside
from proscribe.readers.columns import plan_columns
from proscribe.readers.head import Head

#: More than the rows of which some are put together (`matching.parted`); fewer where their values, unpacked, are long.
_ROWS_PER_BATCH, _FEWEST_ROWS = 131_072, 32_768
_BATCH_BYTES = 16 * 1024**2
_SAMPLE_ROWS = 2_000
#: In which a text that is written out tells its length.
_LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True)
class ParquetPart:
    """Some row groups of a Parquet file, for another process; picklable."""

    source: Source
    options: Options
    reader: str
    groups: tuple[int, ...]
    first_record: int
    stop_byte: int
    issues: tuple[ReadIssue, ...] = ()

    def open(self) -> ParquetReading:
        """Open the row groups, in this or another process."""
        return ParquetReading(self.source, self.options, self.reader, self)


class ParquetReading(Opened):
    """An opened Parquet file, or some row groups of one.

    Attributes:
        line_sieve: leaves out records of which nothing can be said; `None` to hand all over. To be set before `batches`.
    """

    def __init__(
        self, source: Source, options: Options, reader: str, part: ParquetPart | None = None
    ) -> None:
        super().__init__(source, options, reader, part.issues if part is not None else ())
        self.line_sieve: Sieve | None = None
        self._part = part
        self._groups_done = 0
        try:
            # Not mapped: pages that were read once would stay. Nor read ahead: a thread does that, and with one a process may
            # not divide, so that whoever opens a file to part it would start others anew.
            self._file = pq.ParquetFile(source.path, pre_buffer=False)
            repeating = _repeating(self._file)
            if repeating:
                self._file = pq.ParquetFile(
                    source.path, metadata=self._file.metadata, read_dictionary=repeating, pre_buffer=False
                )
            self._groups = self._file.metadata.num_row_groups
            header = unique_names(self._file.schema_arrow.names)
        except (pa.ArrowException, OSError, ValueError) as problem:
            raise error("E133", at=f"byte {source.size_bytes}", first_line=_first_line(problem)) from None
        limit = options.limits.max_columns
        if len(header) > limit:
            if part is None:
                self._log.add("E126.file_has_columns_first", "schema", count=len(header), limit=limit)
            header = header[:limit]
        self._width = len(header)
        sample = self._sample()
        plan = plan_columns(
            header,
            sample,
            options.mapping,
            configured=options.configured(),
            preset=options.configured_preset(),
        )
        if part is None and not plan.reads_content():
            self._log.add("E129.no_column", "schema", columns=", ".join(header[:30]))
        self.tables.append(replace(plan.table(header), beside=self._remarks()))

    def _remarks(self) -> tuple[tuple[str, str], ...]:
        """Give what the schema says of the file and of its columns, but for the copy of itself."""
        beside, schema = Beside(self._log), self._file.schema_arrow
        for place, told in (("schema", schema.metadata), *((one.name, one.metadata) for one in schema)):
            for key, value in (told or {}).items():
                beside.add_all(place, (key.decode("utf-8", "replace"), value.decode("utf-8", "replace")))
        return beside.texts()

    def bytes_read(self) -> int:
        """Tell how many bytes were consumed, in proportion to the row groups done."""
        return self._source.size_bytes * self._groups_done // max(1, int(self._groups))

    def _sample(self) -> list[list[str | None]]:
        try:
            # group by group: asked for all of them, the library reads ahead
            for group in range(self._groups):
                for rows in self._file.iter_batches(_SAMPLE_ROWS, row_groups=[group], use_threads=False):
                    columns = [
                        _as_text(_valid(column)[0], self._options.limits.max_field_bytes)[0].to_pylist()
                        for column in rows.columns[: self._width]
                    ]
                    if rows.num_rows:
                        return [list(row) for row in zip(*columns, strict=True)]
        except (pa.ArrowException, OSError, ValueError):
            # A damaged first row group is reported when it is read; the schema alone must do here.
            return []
        finally:
            # whoever opens a file may leave its rows to other processes
            pa.default_memory_pool().release_unused()
        return []

    def batches(self) -> Iterator[Batch]:
        """Yield the records in order; a damaged row group is reported and passed over."""
        header = list(self.tables[0].header)
        record = self._part.first_record if self._part else 1
        groups = self._part.groups if self._part else tuple(range(self._groups))
        seen = 0
        for group in groups:
            about = self._file.metadata.row_group(group)
            expected = about.num_rows
            most = _BATCH_BYTES * expected // max(1, about.total_byte_size)
            batch_rows = min(_ROWS_PER_BATCH, max(_FEWEST_ROWS, most))
            done = 0
            try:
                # each thread would keep memory of its own, and other processes work meanwhile
                for rows in self._file.iter_batches(batch_rows, row_groups=[group], use_threads=False):
                    made = self._batch(rows, record + done, header)
                    if rows.num_rows:
                        yield made
                    done += rows.num_rows
            except (pa.ArrowException, OSError, ValueError) as error:
                self._log.add(
                    "E133.these_records_cannot_be",
                    f"row group {group + 1}, records {record + done} to {record + expected - 1}",
                    expected=expected - done,
                    first_line=_first_line(error),
                )
            # Numbers after a damaged group stay those of the file.
            record += expected
            seen += done
            self._groups_done += 1
        if not seen and self._part is None:
            self._log.add("E103.file_holds_no_readable", "row group 1", lossy=self._groups > 0)
        self._log.close()

    def _batch(self, rows: pa.RecordBatch, record: int, header: list[str]) -> Batch:
        columns = self._texts(rows, record, header)
        left = self.line_sieve.left_out(columns, record) if self.line_sieve is not None and columns else None
        if left is not None:
            taken = pa.array(left.numbers)
            columns = [column.take(taken) for column in columns]
            left = replace(left, numbers=left.numbers + record)
        columns = [_plain(column) for column in columns]
        return Batch(0, record, pa.RecordBatch.from_arrays(columns, names=header), left=left)

    def _texts(self, rows: pa.RecordBatch, record: int, header: list[str]) -> list[pa.Array]:
        """Give the columns as text, null for empty cells, those that repeat values as dictionaries of text."""
        arrays = []
        limit = self._options.limits.max_field_bytes
        for name, column in zip(header, rows.columns, strict=False):
            column, mended = _valid(column)
            if mended:
                self._log.add(
                    "E119.some_texts_not_utf",
                    f"records {record} to {record + rows.num_rows - 1}, column '{name}'",
                )
            array, cut = _texts_of(column, limit)
            for place in cut:
                self._log.add("E125.cell_cut_bytes", f"record {record + place}, column '{name}'", limit=limit)
            arrays.append(array)
        return arrays

    def partitions(self, count: int) -> list[ParquetPart] | None:
        """Split the file into at most `count` runs of row groups; `None` when it has too few."""
        metadata = self._file.metadata
        if self._part is not None or self._groups < 2 or count < 2:
            return None
        total = metadata.num_rows
        parts: list[ParquetPart] = []
        groups: list[int] = []
        first = record = 1
        for group in range(self._groups):
            groups.append(group)
            record += metadata.row_group(group).num_rows
            last = group == self._groups - 1
            if last or (record - 1 >= total * (len(parts) + 1) // count and len(parts) < count - 1):
                stop = self._source.size_bytes * (group + 1) // self._groups
                parts.append(
                    ParquetPart(
                        self._source,
                        self._options,
                        self.reader,
                        tuple(groups),
                        first,
                        stop,
                        tuple(self.issues) if first == 1 else (),
                    )
                )
                groups, first = [], record
        return parts if len(parts) > 1 else None


def _repeating(file: pq.ParquetFile) -> list[str]:
    """Name the columns of texts that the file keeps as a dictionary: in fewer bytes than their lengths alone would take."""
    if not file.metadata.num_row_groups:
        return []
    first = file.metadata.row_group(0)
    columns = [first.column(number) for number in range(first.num_columns)]
    return [
        one.path_in_schema
        for one in columns
        if one.physical_type == "BYTE_ARRAY" and one.total_uncompressed_size < _LENGTH_BYTES * one.num_values
    ]


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:200].rstrip(".")


def _valid(column: pa.Array) -> tuple[pa.Array, bool]:
    """Return a column whose texts are UTF-8, and whether some had to be mended.

    Raises:
        pa.ArrowInvalid: when the column contradicts itself in another way.
    """
    kind = column.type
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        if pa.types.is_dictionary(kind):
            dictionary, mended = _valid(column.dictionary)
            if not mended:
                raise
            made = pa.DictionaryArray.from_arrays(column.indices, dictionary)
            made.validate(full=True)
            return made, True
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            raise
        raw = column.cast(pa.large_binary() if pa.types.is_large_string(kind) else pa.binary())
        texts = [
            None if value is None else value.decode("utf-8", "proscribe.keep") for value in raw.to_pylist()
        ]
        return pa.array(texts, pa.string()), True
    return column, False


def _plain(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or kind == pa.string_view())


def _texts_of(column: pa.Array, limit: int) -> tuple[pa.Array, list[int]]:
    """Return a column as text or as a dictionary of texts, and the places of cells cut at the limit.

    What is no text is written once for each value.
    """
    if not (_is_text(column.type) or pa.types.is_nested(column.type) or pa.types.is_dictionary(column.type)):
        with suppress(pa.ArrowNotImplementedError):
            column = column.dictionary_encode()
    if not pa.types.is_dictionary(column.type):
        return _as_text(column, limit)
    values, long = _as_text(column.dictionary, limit)
    text = pa.DictionaryArray.from_arrays(column.indices, values)
    return text, [at for at, value in enumerate(column.indices.to_pylist()) if value in long] if long else []


def _as_text(column: pa.Array, limit: int) -> tuple[pa.Array, list[int]]:
    """Return a column as text with null for empty cells, and the places of cells cut at the limit."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        text, places = _texts_of(column, limit)
        return _plain(text), places
    if _is_text(kind):
        text = column.cast(pa.string()) if kind == pa.string_view() else column
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        text = pa.array([_bytes_text(value) for value in column.to_pylist()], pa.string())
    elif pa.types.is_nested(kind):
        text = pa.array(
            [
                None if value is None else json.dumps(value, ensure_ascii=False, default=str)
                for value in column.to_pylist()
            ],
            pa.string(),
        )
    elif pa.types.is_floating(kind):
        text = pa.array([_number_text(value) for value in column.to_pylist()], pa.string())
    elif pa.types.is_timestamp(kind) or pa.types.is_time(kind) or pa.types.is_duration(kind):
        text = pa.array([None if value is None else str(value) for value in _moments(column)], pa.string())
    else:
        text = column.cast(pa.string())
    lengths = pc.binary_length(text)
    cut: list[int] = []
    longest = pc.max(lengths).as_py() or 0
    if longest > limit:
        values = text.to_pylist()
        for place, value in enumerate(values):
            if value is not None and len(value.encode("utf-8")) > limit:
                values[place] = value.encode("utf-8")[:limit].decode("utf-8", "ignore")
                cut.append(place)
        text = pa.array(values, pa.string())
    if pc.min(lengths).as_py() == 0:
        text = pc.if_else(pc.equal(pc.binary_length(text), 0), pa.scalar(None, text.type), text)
    return (text if text.type == pa.string() else text.cast(pa.string())), cut


def _moments(column: pa.Array) -> list[object]:
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        # Nanoseconds that Python's own types cannot hold.
        return list(column.cast(pa.string()).to_pylist())


def _number_text(value: float | None) -> str | None:
    if value is None:
        return None
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def _bytes_text(value: bytes | None) -> str | None:
    if value is None:
        return None
    wide = _wide_text(value)
    if wide is not None:
        return wide
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()


def _wide_text(value: bytes) -> str | None:
    """Read bytes that are text of two bytes a letter, with a mark or mostly Latin letters; None where they are not."""
    bare = value
    while bare.endswith(b"\0\0"):
        bare = bare[:-2]
    if len(bare) < 4 or len(bare) % 2:
        return None
    for codec, mark, high, low in (
        ("utf-16-le", b"\xff\xfe", bare[1::2], bare[::2]), ("utf-16-be", b"\xfe\xff", bare[::2], bare[1::2]),
    ):  # fmt: skip
        if bare.startswith(mark) or (high.count(0) * 2 > len(high) and not low.count(0)):
            try:
                text = bare.decode(codec).removeprefix("\ufeff")
            except UnicodeDecodeError:
                continue
            if all(char.isprintable() or char.isspace() for char in text):
                return text
    return None


class Parquet:
    """Reader of Parquet files."""

    name = "parquet"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score a file that begins with PAR1 100."""
        return 100 if head.data.startswith(b"PAR1") else 0

    def open(self, source: Source, options: Options) -> ParquetReading:
        """Open a Parquet file.

        Raises:
            InputError: when the footer is missing or damaged.
        """
        return ParquetReading(source, options, self.name)
