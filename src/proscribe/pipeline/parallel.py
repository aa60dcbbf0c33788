"""Processes over byte ranges of one large input; the answer does not depend on how many."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.model.observations import ReadIssue, Table
from proscribe.pipeline import run
from proscribe.readers import TextPart, open_part

_kernel: Kernel | None = None


def _start(packed: bytes) -> None:
    """Unpack the index once per worker. The bytes come from the parent process alone."""
    global _kernel
    _kernel = Kernel(pickle.loads(packed), always_scan=True)  # noqa: S301


def _work(spec: TextPart) -> tuple[run.Part, list[Table], list[ReadIssue]]:
    assert _kernel is not None
    reading = open_part(spec)
    part = run.Part()
    run.match_batches(_kernel, reading, reading.batches(), part, lambda _rows: None)
    return part, list(reading.tables), list(reading.issues)


def match_in_parts(
    index: Index, specs: Sequence[TextPart], processes: int, tick: Callable[[int, int], None]
) -> tuple[list[run.Part], list[Table], list[ReadIssue]]:
    """Match the byte ranges of one input in worker processes; parts come back in order."""
    parts: list[run.Part] = []
    tables: list[Table] = []
    issues: list[ReadIssue] = []
    records = 0
    packed = pickle.dumps(index)
    with ProcessPoolExecutor(
        max_workers=processes, mp_context=get_context("spawn"), initializer=_start, initargs=(packed,)
    ) as pool:
        for number, (part, part_tables, part_issues) in enumerate(pool.map(_work, specs)):
            parts.append(part)
            if not tables:
                tables = part_tables
            known = {(issue.code, issue.at, issue.what) for issue in issues}
            issues.extend(issue for issue in part_issues if (issue.code, issue.at, issue.what) not in known)
            records += part.records
            tick(specs[number].end, records)
    return parts, tables, issues
