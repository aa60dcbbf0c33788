"""Processes over byte ranges of one large input; the answer does not depend on how many."""

from __future__ import annotations

import gc
import pickle
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from proscribe.app.scan import run
from proscribe.app.scan.line_sieves import sending
from proscribe.app.scan.spool import Spool
from proscribe.app.starting import dividing
from proscribe.matching.found import Found
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.model.errors import InputError, error
from proscribe.model.observations import ReadIssue, Table
from proscribe.readers import Part, protections
from proscribe.readers.issues import fault

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

_kernel: Kernel | None = None
_folder: Path | None = None
#: How a reader joins what repeats, and after how many of a kind.
_MORE = re.compile(r"(\d+) more of this kind; the last is at .*")
_SHOWN = 20


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
def _workers(index: Index, processes: int, expected_bytes: int, folder: str) -> Iterator[ProcessPoolExecutor]:
    """Give worker processes with a kernel each; where they are divided off, they share what it is made of."""
    global _kernel
    from concurrent.futures import ProcessPoolExecutor  # of large inputs alone

    context = dividing()
    packed = b""
    if context.get_start_method() == "spawn":
        packed = pickle.dumps(index)
    else:
        _kernel = _made(index, expected_bytes)
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
) -> tuple[list[run.Part], list[Table], list[ReadIssue]]:
    """Match the parts of one input in worker processes; parts come back in order.

    Args:
        tick: called with the bytes and records that are done.
        meanwhile: called in this process while the others work.

    Raises:
        InputError: E148 when too many records are crowded with signs.
        EnvironmentProblem: E510 when there is no room for what is found, E511 when the system ended a worker.
    """
    from concurrent.futures.process import BrokenProcessPool

    parts: list[run.Part] = []
    tables: list[Table] = []
    said: list[list[ReadIssue]] = []
    records = 0
    try:
        with (
            tempfile.TemporaryDirectory(prefix="proscribe-", ignore_cleanup_errors=True) as folder,
            _workers(index, processes, specs[0].source.size_bytes, folder) as pool,
        ):
            made = pool.map(_work, specs)
            meanwhile()
            for number, (part, part_tables, part_issues) in enumerate(made):
                parts.append(part)
                run.check_crowded(parts)
                if not tables:
                    tables = part_tables
                said.append(part_issues)
                records += part.records
                tick(specs[number].stop_byte, records)
    except BrokenProcessPool as problem:
        raise error("E511") from problem
    return parts, tables, joined_issues(said)


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
