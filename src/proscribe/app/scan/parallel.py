"""Processes over byte ranges of one large input, or over batches of any; the answer does not depend on how many."""

from __future__ import annotations

import gc
import pickle
import re
import tempfile
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from proscribe.app.scan import run
from proscribe.app.scan.line_sieves import sending
from proscribe.app.scan.spool import Spool
from proscribe.app.starting import dividing, may_divide
from proscribe.matching.assembly import pieces_of, read_fields
from proscribe.matching.found import Found
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.matching.parted import Joined
from proscribe.matching.probes import with_running
from proscribe.model.errors import InputError, error
from proscribe.model.observations import ReadIssue, Table
from proscribe.readers import Part, protections
from proscribe.readers.base import Batch
from proscribe.readers.issues import fault

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

    from proscribe.app.scan.reading_process import ApartReading

_kernel: Kernel | None = None
_folder: Path | None = None
#: How a reader joins what repeats, and after how many of a kind.
_MORE = re.compile(r"(\d+) more of this kind; the last is at .*")
_SHOWN = 20
#: A record that could speak takes as long as so many that could not; from so many of these on another process is worth its start.
_SPEAKING, _WORTH = 64, 250_000
#: Rows of the first batch that tell how many could speak.
_SAMPLE = 1_024
#: Rows of a piece, which takes half a second where all are found, and pieces that a process has before it or is at work on.
_ROWS, _UNDER_WAY = 4_096, 2

#: Reader, table, batch, the input as it was named, and what is put together of cells; as `run.match_batch` takes them.
_Piece = tuple[str, Table, Batch, str, Sequence[Joined] | None]


def _start(packed: bytes, expected_bytes: int, folder: str) -> None:
    """Unpack the index once per worker that was started anew; one that was divided off has its kernel.

    The bytes come from the parent process alone.
    """
    global _kernel, _folder
    # a copy holds its own way to the parent open, and would wait for ever for one that was killed
    protections.die_with_parent()
    _folder = Path(folder)
    if packed:
        _kernel = _made(pickle.loads(packed), expected_bytes)  # noqa: S301


def _made(index: Index, expected_bytes: int) -> Kernel:
    return Kernel(index, always_scan=True, expected_bytes=expected_bytes)


@contextmanager
def _workers(
    index: Index, processes: int, expected_bytes: int, folder: str, kernel: Kernel | None = None
) -> Iterator[ProcessPoolExecutor]:
    """Give worker processes with a kernel each; where they are divided off, they share what it, or a given one, is made of."""
    global _kernel
    from concurrent.futures import ProcessPoolExecutor  # of large inputs alone

    context = dividing()
    packed = b""
    if context.get_start_method() == "spawn":
        packed = pickle.dumps(index)
    else:
        _kernel = kernel or _made(index, expected_bytes)
        _kernel.scanner("text")
        # a search for cycles in one of them would make a copy of all that it counts through
        gc.freeze()
    try:
        with ProcessPoolExecutor(
            max_workers=processes,
            mp_context=context,
            initializer=_start,
            initargs=(packed, expected_bytes, folder),
        ) as pool:
            yield pool
    finally:
        _kernel = None
        gc.unfreeze()


def _work(spec: Part) -> tuple[run.Part, list[Table], list[ReadIssue]]:
    assert _kernel is not None
    reading = spec.open()
    if hasattr(reading, "line_sieve"):
        table = run.kind_stated(reading, reading.tables[0])
        sent = sending(_kernel, table, spec.source.size_bytes, keep_all=False)
        reading.line_sieve = sent.made() if sent is not None else None
    # Found records travel to the parent as a file of this folder.
    part = run.Part(found=Found(Spool(_folder)), display=spec.source.display)
    faults: list[ReadIssue] = []
    try:
        run.match_batches(_kernel, reading, reading.batches(), part, lambda _rows: None)
    except (InputError, OSError) as problem:
        if isinstance(problem, InputError) and problem.code == "E148":
            # Nothing of the whole input counts then; the parent says so.
            return run.Part(crowd=part.crowd), [], []
        # Turned into an issue here: the parent gets it with everything that was read before it.
        faults.append(fault(problem, spec.source.display))
    return part, list(reading.tables), [*reading.issues, *faults]


def match_in_parts(
    index: Index,
    specs: Sequence[Part],
    processes: int,
    tick: Callable[[int, int], None],
    meanwhile: Callable[[], object] = lambda: None,
) -> tuple[run.Part, list[Table], list[ReadIssue]]:
    """Match the parts of one input in worker processes; what is made of them is joined in their order.

    Args:
        tick: called with the bytes and records that are done.
        meanwhile: called in this process while the others work.

    Raises:
        InputError: E148 when too many records are crowded with signs.
        EnvironmentProblem: E510 when there is no room for what is found, E511 when the system ended a worker.
    """
    from concurrent.futures.process import BrokenProcessPool

    whole = run.Part()
    tables: list[Table] = []
    said: list[list[ReadIssue]] = []
    try:
        with (
            tempfile.TemporaryDirectory(prefix="proscribe-", ignore_cleanup_errors=True) as folder,
            _workers(index, processes, specs[0].source.size_bytes, folder) as pool,
        ):
            made = pool.map(_work, specs)
            meanwhile()
            for number, (part, part_tables, part_issues) in enumerate(made):
                whole.extend(part)
                if not tables:
                    tables = part_tables
                said.append(part_issues)
                tick(specs[number].stop_byte, whole.records)
    except BrokenProcessPool as problem:
        raise error("E511") from problem
    return whole, tables, joined_issues(said)


def match_shared(
    kernel: Kernel,
    reading: ApartReading,
    part: run.Part,
    processes: int,
    tick: Callable[[], None],
    size_bytes: int,
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    """Match all batches of a reading into a part, in several processes where the first one shows that it is worth their start.

    Only where this process may divide itself: what was started anew would have to make its knowledge again.

    Args:
        tick: called when further records are done.
        size_bytes: of the input.
        meanwhile: called in this process while the others work.

    Raises:
        InputError: as `run.match_batches`, and what the reading raises; what was read before is in `part` then.
        EnvironmentProblem: E510 when there is no room for what is found, E511 when the system ended a worker.
    """
    with closing(reading.batches()) as batches:
        first = next(batches, None)
        if first is None:
            return
        every = chain([first], batches)
        if processes > 1 and _is_worth(kernel, reading, first, size_bytes) and may_divide():
            _share(kernel, reading, every, part, processes, tick, size_bytes, meanwhile)
        else:
            run.match_batches(kernel, reading, every, part, lambda _: tick())


def _share(
    kernel: Kernel,
    reading: ApartReading,
    batches: Iterable[Batch],
    part: run.Part,
    processes: int,
    tick: Callable[[], None],
    size_bytes: int,
    meanwhile: Callable[[], object],
) -> None:
    from concurrent.futures.process import BrokenProcessPool

    waiting: deque[Future[run.Part]] = deque()

    def take(most: int) -> None:
        """Add what was made of the pieces in front, until no more than so many are under way."""
        while len(waiting) > most:
            part.extend(waiting.popleft().result())
            tick()

    pieces = _pieces(kernel, reading, batches, part)
    # what is made when it is first asked for, such as expressions, is made here once and shared
    reader, table, batch, _, joined = next(pieces)
    run.match_batch(kernel, reader, table, batch, part, joined)
    tick()
    try:
        with (
            tempfile.TemporaryDirectory(prefix="proscribe-", ignore_cleanup_errors=True) as folder,
            _workers(kernel.index, processes, size_bytes, folder, kernel) as pool,
        ):
            try:
                for number, piece in enumerate(pieces):
                    waiting.append(pool.submit(_match_piece, *piece))
                    if number == processes:
                        meanwhile()  # while each has something to do
                    take(_UNDER_WAY * processes)
            finally:
                take(0)
    except BrokenProcessPool as problem:
        raise error("E511") from problem


def _is_worth(kernel: Kernel, reading: ApartReading, first: Batch, size_bytes: int) -> bool:
    """Tell by the first batch whether matching takes so long that another process is worth its start."""
    read = reading.bytes_read()
    times = size_bytes / read if 0 < read < size_bytes else 1
    if times * (_SPEAKING * first.rows.num_rows + first.records) < _WORTH:
        return False
    rows = first.rows.slice(0, _SAMPLE)
    fields = read_fields(run.kind_stated(reading, reading.tables[first.table]))
    speaking = len(kernel.candidates(rows, fields)) * first.rows.num_rows / max(1, rows.num_rows)
    return bool(times * (_SPEAKING * speaking + first.records) >= _WORTH)


def _pieces(
    kernel: Kernel, reading: ApartReading, batches: Iterable[Batch], part: run.Part
) -> Iterator[_Piece]:
    """Cut batches into pieces that are matched apart with the same answer; what is kept of them goes into the part."""
    for batch in batches:
        table = run.kind_stated(reading, reading.tables[batch.table])
        run.keep_of(batch, table, part)
        if batch.rows.num_rows <= _ROWS:
            yield reading.reader, table, batch, part.display, None
            continue
        if batch.left is None and table.stated_lesser():
            batch = with_running(batch, table)  # that an id runs on is told by all ids of a batch
        joined = pieces_of(kernel, table, batch)
        for start, stop in pairwise(
            _borders(batch.rows.num_rows, {row for one in joined for row in one.rows[1:]})
        ):
            held = [
                replace(one, rows=tuple(row - start for row in one.rows))
                for one in joined
                if start <= one.rows[0] < stop
            ]
            yield reading.reader, table, batch.cut(start, stop), part.display, held


def _borders(rows: int, behind: Collection[int]) -> list[int]:
    """Give where rows are cut: never in front of one that belongs to the row before it."""
    borders = [0]
    while borders[-1] < rows:
        border = min(rows, borders[-1] + _ROWS)
        while border in behind:
            border += 1
        borders.append(border)
    return borders


def _match_piece(
    reader: str, table: Table, batch: Batch, display: str, pieces: Sequence[Joined] | None
) -> run.Part:
    assert _kernel is not None
    part = run.Part(found=Found(Spool(_folder)), display=display)
    try:
        run.match_batch(_kernel, reader, table, batch, part, pieces)
    except InputError:
        return run.Part(crowd=part.crowd)  # the parent adds it up, and refuses the input
    return part


def joined_issues(said: Iterable[Sequence[ReadIssue]]) -> list[ReadIssue]:
    """Join the issues of the parts as one reader of the whole input would have said them.

    Each part lists the first of a kind and counts the rest; the whole does the same, so that the answer does not
    depend on where the input was cut.
    """
    listed: dict[tuple[str, bool], int] = {}
    beyond: dict[tuple[str, bool], tuple[int, str]] = {}
    seen: set[tuple[str, str, str]] = set()
    issues: list[ReadIssue] = []
    for part in said:
        for issue in part:
            kind = (issue.code, issue.lossy)
            more = _MORE.fullmatch(issue.what)
            if more is None:
                identity = (issue.code, issue.at, issue.what)
                if identity in seen:
                    continue
                seen.add(identity)
                if listed.get(kind, 0) < _SHOWN:
                    listed[kind] = listed.get(kind, 0) + 1
                    issues.append(issue)
                    continue
            count = int(more[1]) if more is not None else 1
            beyond[kind] = (beyond.get(kind, (0, ""))[0] + count, issue.at)
    for code, lossy in listed:
        if (code, lossy) in beyond:
            count, at = beyond[code, lossy]
            issues.append(ReadIssue(code, at, f"{count} more of this kind; the last is at {at}.", lossy))
    return issues
