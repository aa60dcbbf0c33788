"""Very many findings written by several processes, which share the memory of the one that found them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from proscribe.app.starting import may_divide
from proscribe.readers import protections

#: Things of which a process writes fewer before another one is worth its start.
_WORTH_A_PROCESS = 5_000
_PIECE = 1 << 20
#: Half a surrogate pair goes through a file between two processes as what it is.
_ERRORS = "surrogatepass"

Write = Callable[[int, int], Iterable[str]]


def in_parts(write: Write, count: int, processes: int) -> Iterator[str]:
    """Give the text of so many things, in their order.

    Args:
        write: gives the text of the things from a place on up to another one.
        count: how many things there are.
        processes: how many processes may write. This one writes the first part; where it may not divide, it writes all.
    """
    parts = min(processes, count // _WORTH_A_PROCESS)
    if parts < 2 or not may_divide():
        yield from write(0, count)
        return
    from multiprocessing import get_context

    context = get_context("fork")
    ends = [count * number // parts for number in range(parts + 1)]
    with tempfile.TemporaryDirectory(prefix="proscribe-", ignore_cleanup_errors=True) as folder:
        others = []
        for start, stop in pairwise(ends[1:]):
            place = Path(folder, str(start))
            process = context.Process(target=_write, args=(write, start, stop, place), daemon=True)
            process.start()
            others.append((process, start, stop, place))
        try:
            yield from write(0, ends[1])
            for process, start, stop, place in others:
                process.join()
                if process.exitcode != 0:
                    # Whatever ended it, such as a full disk, is met here again, or it is not.
                    yield from write(start, stop)
                    continue
                with place.open(encoding="utf-8", errors=_ERRORS, newline="") as file:
                    while piece := file.read(_PIECE):
                        yield piece
        finally:
            for process, *_ in others:
                process.terminate()


def _write(write: Write, start: int, stop: int, place: Path) -> None:
    protections.die_with_parent()
    with place.open("w", encoding="utf-8", errors=_ERRORS, newline="") as file:
        file.writelines(write(start, stop))
