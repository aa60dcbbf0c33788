"""Inputs that a job has finished, on disk: JSON, lines, numbers and Arrow batches, and nothing that could be run.

A finished input is a head, which is JSON of declared records, and two files for each of its parts: the lines of what was
found, and numbers with the columns that are kept. The head names both by digest, and a file beside it holds its own; what
is missing, damaged or of another shape is read again from the input.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from array import array
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from proscribe.app.scan import run
from proscribe.app.scan.blind_spots import Tally
from proscribe.app.scan.spool import Spool
from proscribe.matching.found import Columns, Found
from proscribe.matching.identity import DIGEST_BYTES
from proscribe.model.codec import read_json, write
from proscribe.model.errors import error
from proscribe.model.observations import BlindSpot
from proscribe.model.results import ScannedInput

if TYPE_CHECKING:
    import pyarrow as pa

    from proscribe.app.scan.api import InputAnswer

#: Columns of numbers in the order in which they are written, of findings and then of mentions.
_COLUMNS = ("record_at", "answer_at", "which", "table", "number")


@dataclass(frozen=True, slots=True)
class _Named:
    """Firms that a column which was not read names; see `matching.probes`."""

    table: int
    column: str
    counts: Mapping[str, int]
    first: tuple[int, str]


@dataclass(frozen=True, slots=True)
class _Tallied:
    """A tally of what cannot be seen, under the two words that are its key."""

    key: tuple[str, str]
    count: int
    of: int
    examples: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Kept columns: `rows` and `pointers` are bytes of their Arrow streams, 0 where there are no pointers."""

    table: int
    first_record: int
    rows: int
    pointers: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A part; `findings` and `mentions` count them, the digests are those of its two files."""

    records: int
    coverage: Mapping[str, int]
    keep_all: bool
    probes: tuple[_Named, ...]
    blind: tuple[_Tallied, ...]
    findings: int
    mentions: int
    fits: Mapping[str, tuple[Mapping[str, Any], ...]]
    kept: tuple[_Batch, ...]
    lines: str
    numbers: str


@dataclass(frozen=True, slots=True)
class _Head:
    input: ScannedInput
    blind: tuple[BlindSpot, ...]
    parts: tuple[_Part, ...]


def save(place: Path, made: InputAnswer) -> None:
    """Keep what was read of an input.

    Args:
        place: path of the head; the other files stand beside it.

    Raises:
        EnvironmentProblem: E510 when there is no space or no right to write.
    """
    parts = tuple(_saved(place, number, part) for number, part in enumerate(made[1]))
    try:
        head = json.dumps(write(_Head(made[0], tuple(made[2]), parts))).encode()
    except (TypeError, ValueError):
        return  # a layer holds what JSON does not: such an input is read again
    # The digest is written last: an answer without it, or with another, is read again.
    sha256 = _written(place, lambda file: file.write(head))
    _written(place.with_name(f"{place.name}.sha256"), lambda file: file.write(sha256.encode()))


def load(place: Path) -> InputAnswer | None:
    """Give what was kept of an input, or None to have it read."""
    try:
        if sha256_of(place) != place.with_name(f"{place.name}.sha256").read_text("ascii"):
            return None
        head = read_json(_Head, place.read_bytes())
        parts = [_loaded(place, number, part) for number, part in enumerate(head.parts)]
        return head.input, parts, list(head.blind)
    except Exception:  # whatever a file that is missing or was damaged brings about
        return None


def forget_parts(folder: Path) -> None:
    """Let go of the finished inputs of a job that is over."""
    if not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)


def _places(place: Path, number: int) -> tuple[Path, Path]:
    """Give the files of a part: its lines, and its numbers."""
    return place.with_name(f"{place.name}.{2 * number + 1}"), place.with_name(
        f"{place.name}.{2 * number + 2}"
    )


def _saved(place: Path, number: int, part: run.Part) -> _Part:
    lines, numbers = _places(place, number)
    found, pages, kept = part.found, part.found.pages, []
    assert isinstance(pages, Spool)

    def write_numbers(file: BinaryIO) -> None:
        columns: list[bytes | bytearray] = [found.subjects, found.wholes, found.weak]
        for column in columns + [_ordered(one) for one in _columns(found)]:
            file.write(column)
        for one in part.kept:
            pointers = b"" if one.pointers is None else _stream(_pointers(one.pointers))
            rows = _stream(one.rows)
            kept.append(_Batch(one.table, one.first_record, len(rows), len(pointers)))
            file.write(rows)
            file.write(pointers)

    digests = _written(lines, pages.copy_to), _written(numbers, write_numbers)
    return _Part(
        part.records,
        part.coverage,
        part.keep_all,
        tuple(_Named(*key, counts, first) for key, (counts, first) in part.probes.items()),
        tuple(_Tallied(key, one.count, one.of, one.examples) for key, one in part.blind.items()),
        len(found.findings),
        len(found.mentions),
        {str(at): fitting for at, fitting in found.fits.items()},
        tuple(kept),
        *digests,
    )


def _columns(found: Found) -> list[array[int]]:
    return [found.days] + [
        getattr(part, name) for part in (found.findings, found.mentions) for name in _COLUMNS
    ]


def _ordered(column: array[int]) -> bytes:
    """Give numbers in one order of bytes, whatever that of the machine is."""
    import numpy as np

    return np.asarray(column, "<i8").tobytes()


def _stream(rows: pa.RecordBatch) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_batch(rows)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _pointers(pointers: Any) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_pydict({"pointer": pa.array(list(pointers), pa.string())})


def _loaded(place: Path, number: int, part: _Part) -> run.Part:
    lines, numbers = _places(place, number)
    content = numbers.read_bytes()
    if hashlib.sha256(content).hexdigest() != part.numbers or sha256_of(lines) != part.lines:
        raise ValueError("not what was written")
    rest = memoryview(content)

    def take(size: int) -> memoryview:
        nonlocal rest
        if not 0 <= size <= len(rest):
            raise ValueError("shorter than it says")
        piece, rest = rest[:size], rest[size:]
        return piece

    found = Found(Spool.of_file(lines), fits={int(at): fitting for at, fitting in part.fits.items()})
    found.subjects, found.wholes = (bytearray(take(DIGEST_BYTES * part.findings)) for _ in range(2))
    found.weak, found.days = bytearray(take(part.findings)), _taken(take(8 * part.findings))
    found.findings = Columns(*(_taken(take(8 * part.findings)) for _ in _COLUMNS))
    found.mentions = Columns(*(_taken(take(8 * part.mentions)) for _ in _COLUMNS))
    kept = []
    for one in part.kept:
        rows = _batch(take(one.rows))
        pointers = _batch(take(one.pointers)).column(0).to_pylist() if one.pointers else None
        kept.append(run.Kept(one.table, one.first_record, rows, run.packed(pointers)))
    if len(rest):
        raise ValueError("longer than it says")
    return run.Part(
        part.records,
        Counter(part.coverage),
        found,
        {(one.table, one.column): (Counter(one.counts), one.first) for one in part.probes},
        kept,
        part.keep_all,
        {one.key: Tally(one.count, one.of, dict(one.examples)) for one in part.blind},
    )


def _taken(content: memoryview) -> array[int]:
    import numpy as np

    return array("q", np.frombuffer(content, "<i8").astype("=i8").tobytes())


def _batch(content: memoryview) -> pa.RecordBatch:
    import pyarrow as pa

    with pa.ipc.open_stream(pa.py_buffer(content)) as stream:
        rows = stream.read_next_batch()
    rows.validate(full=True)
    return rows


def _written(place: Path, write_to: Callable[[BinaryIO], object]) -> str:
    """Write a file, whole or not at all; gives its SHA-256."""
    partial = place.with_name(f".{secrets.token_hex(8)}.part")
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            write_to(file)
            file.flush()
            os.fsync(file.fileno())
        sha256 = sha256_of(partial)
        os.replace(partial, place)
    except OSError as problem:
        raise error("E510.kept", at=place.parent, why=problem.strerror or problem) from None
    finally:
        partial.unlink(missing_ok=True)
    return sha256


def sha256_of(place: Path) -> str:
    """Give the digest of a file; a link is not followed."""
    with os.fdopen(os.open(place, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
