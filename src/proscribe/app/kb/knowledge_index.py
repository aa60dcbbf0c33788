"""The index of the knowledge for two days: what matching asks, without what reading and scanning need."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

import proscribe
from proscribe.app.kb.ready_knowledge import Documents, Later, kept_tables
from proscribe.kb.snapshot import Snapshot, open_knowledge
from proscribe.matching import kept_index
from proscribe.matching.cycles import no_cycle_search
from proscribe.matching.index import Index
from proscribe.matching.ready import Ready
from proscribe.model.canonical import digest
from proscribe.model.periods import AsOf
from proscribe.model.scan_request import ScanRequest, day_if_named


def build_index(
    as_of: str | date | None = None,
    *,
    known_as_of: str | date | None = None,
    knowledge: Sequence[str | Path] = (),
) -> Index:
    """Compile the index that `match_batch` takes; picklable.

    Args:
        as_of, known_as_of, knowledge: as in `scan`.

    Raises:
        UsageError: E151 when one is no date.
        KnowledgeError: the knowledge cannot be used.
    """
    days = AsOf(day_of(as_of), day_of(known_as_of))
    return opened_index(tuple(str(item) for item in knowledge), days, anew=False)[1]


def index_asked(request: ScanRequest) -> Index:
    """Give the index of what a request asks; on today where it names no day."""
    return opened_index(request.knowledge, request.days(day_of(None)), anew=False)[1]


@lru_cache(maxsize=4)
def opened_index(knowledge: tuple[str, ...], days: AsOf, *, anew: bool = False) -> tuple[Snapshot, Index]:
    """Open the knowledge, and compile its index for two days; what was asked last is remembered."""
    with no_cycle_search():
        snapshot = open_knowledge(knowledge)
        made = snapshot, index_of(snapshot, days.law_on, days.known_on, anew=anew)
        if proscribe.is_program and not gc.get_freeze_count():
            gc.freeze()  # libraries and knowledge stay as long as the command line: later searches leave them out
    return made


def index_of(snapshot: Snapshot, law_on: date, known_on: date, *, anew: bool = False) -> Index:
    """Compile the index of a snapshot for a day of law and a day of knowledge; `anew` without what an earlier run kept."""
    return index_with(snapshot, law_on, known_on, kept_tables(snapshot, known_on) if not anew else None)


@no_cycle_search()
def index_with(snapshot: Snapshot, law_on: date, known_on: date, ready: Ready | None) -> Index:
    """Compile the index of a snapshot with what keeps its tables, or with nothing that does."""
    index = kept_index.build(
        snapshot.at(AsOf(law_on, known_on)),
        as_of=law_on,
        documents=Documents(snapshot, "context/", "matching/"),
        suppressions=[dict(item) for item in snapshot.suppressions],
        openings=Later(lambda: snapshot.openings),
        ready=ready,
    )
    index.oui_others = Later(lambda: _other_blocks(snapshot))
    named = (snapshot.manifest.sha256, *snapshot.layers, law_on.isoformat(), known_on.isoformat())
    index.token = digest(named)
    return index


def _other_blocks(snapshot: Snapshot) -> dict[int, dict[str, str]]:
    """Give the holders of the MAC prefixes of nobody we screen for, by size of block and prefix."""
    others = snapshot.columns("oui_others")
    every = list(zip(others["prefix_hex"], others["prefix_bits"], others["assignee"], strict=True))
    return {
        int(size): {prefix.upper(): assignee for prefix, bits, assignee in every if bits == size}
        for size in dict.fromkeys(others["prefix_bits"])
    }


def day_of(value: str | date | None) -> date:
    """Read a day; today where none is given.

    Raises:
        UsageError: E151 when it is no ISO date.
    """
    return day_if_named(value) or datetime.now(UTC).date()


def every_table(ready: Ready, snapshot: Snapshot) -> None:
    """Make every table of a snapshot that a run may ask for, all its facts known."""
    from proscribe.matching.kernel import Kernel

    kernel = Kernel(index_with(snapshot, date.max, date.max, ready), "ahocorasick")
    kernel.keep_tables()
    kernel.index.book.tried("")
    kernel.index.garbles.prepare()
