"""Columns that are not read, or that a person states to be something else, looked into for names we know.

A report says which firms stand in what was not read, and which findings weigh less than they would without the statement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from proscribe.matching.sequences import running
from proscribe.model.findings import Band
from proscribe.model.observations import ReadIssue, Table
from proscribe.readers.base import Batch, LeftOut
from proscribe.wording.errors import message
from proscribe.wording.shown import visible

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from proscribe.matching.findings import Verdict
    from proscribe.matching.kernel import Kernel

#: (table, column) to the records that name each firm, and the first record that names one, with its row and cell in words.
#: Sums of parts are joined by `merged`. Under `LOWERED` and `UNCONFIRMED` stand whole records, not columns: no column has a line
#: break in its name.
Probes = dict[tuple[int, str], tuple[Counter[str], tuple[int, str]]]
LOWERED = "\nlowered"
UNCONFIRMED = "\nunconfirmed"


def probe(kernel: Kernel, batch: Batch, table: Table, said: Mapping[int, set[str]], probes: Probes) -> None:
    """Look whether columns of a batch that are not read hold a name we know.

    Args:
        said: by row, the firms that the columns which are read confirm already; a note adds nothing to these.
        probes: takes the counts.
    """
    rows = batch.rows
    names = set(rows.schema.names)
    for name in table.unread:
        if name not in names or rows.column(name).null_count == rows.num_rows:
            continue
        for row, (verdicts, spoken) in kernel.match_rows(rows.select([name]), {name: "text"}):
            # What a note denies or compares with is named all the same, and a person should read it.
            named = {verdict.covered_through[-1] for verdict in verdicts} | {item.entity for item in spoken}
            named -= said.get(row, set())
            if named:
                key, place = (batch.table, name), (batch.number(row), "")
                counts, first = probes.get(key, (Counter(), place))
                probes[key] = (counts + Counter(named), min(first, place))


def compare_stated(
    kernel: Kernel,
    batch: Batch,
    rows: pa.RecordBatch,
    table: Table,
    read: tuple[Mapping[str, str], Mapping[int, Mapping[str, int]]],
    days: tuple[pa.Array | None, pa.Array | None],
    probes: Probes,
) -> None:
    """Look whether records would weigh more if nobody had stated what some of their columns hold.

    Args:
        batch: the batch as it was read.
        rows: those of its columns that are read.
        read: the fields under which they were matched, and by row the firms that were found with the rank of their band.
        days: ISO days of purchase and of sight, as `Kernel.match_rows` takes them.
        probes: takes the counts.
    """
    import pyarrow as pa

    fields, ranks = read
    stated = {name: rows.column(name) for name in table.stated_lesser() if name in rows.schema.names}
    places = kernel.telling(rows, fields, stated) if stated else ()
    if len(places) == 0:
        return
    if batch.left is not None and batch.left.running is not None:
        given = batch.left.running
    else:
        given = _running(batch, table)
    # an id that was given one after the other looks like a number of models by chance: no more than a question
    chance = given[places]
    if chance.any():
        chance[chance] = kernel.questions_at_most(rows, fields, list(stated), places[chance])
        places = places[~chance]
        if len(places) == 0:
            return
    taken = pa.array(places)
    dated, seen = (None if column is None else column.take(taken) for column in days)
    plain = {**fields, **dict.fromkeys(stated, "text")}
    for at, (verdicts, _) in kernel.match_rows(rows.take(taken), plain, dated, seen):
        row = int(places[at])
        known = ranks.get(row, {})
        least = Band.POSSIBLE.rank if given[row] else 0
        for firm, rank in ranks_of(verdicts).items():
            if rank > max(known.get(firm, 0), least):
                key = (batch.table, UNCONFIRMED if rank == Band.CONFIRMED.rank else LOWERED)
                place = (batch.number(row), _in_words(batch, table, stated, row))
                counts, first = probes.get(key, (Counter(), place))
                probes[key] = (counts + Counter([firm]), min(first, place))


def _running(batch: Batch, table: Table) -> npt.NDArray[np.bool_]:
    """Tell which records have an id, stated to be one, that runs on."""
    given = np.zeros(batch.rows.num_rows, dtype=bool)
    for name in stated_ids(table, [one for one in batch.rows.schema.names if one not in table.unread]):
        given |= running(batch.rows.column(name))
    return given


def with_running(batch: Batch, table: Table) -> Batch:
    """Give a batch of which every record is in its rows with what its ids tell, so that it may be cut."""
    numbers = np.arange(batch.first_record, batch.first_record + batch.rows.num_rows)
    return replace(batch, left=LeftOut(0, Counter(), numbers, _running(batch, table)))


def _in_words(batch: Batch, table: Table, stated: Mapping[str, pa.Array], row: int) -> str:
    """Name the row of a record, and what its stated columns hold."""
    at = batch.source_row(row, table.first_row)
    told = ((name, column[row].as_py()) for name, column in stated.items())
    cells = "; ".join(f"{visible(name, 60)!r}: “{visible(str(text), 80)}”" for name, text in told if text)
    return f"record {batch.number(row)}" + (f" in row {at}" if at is not None else "") + f" ({cells})"


def stated_ids(table: Table, names: Sequence[str]) -> list[str]:
    """List those of these columns that a person states to hold the ids of the records."""
    return [name for name in table.stated_lesser() if name in names and table.fields.get(name) == "row_id"]


def ranks_of(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """Give the firms of a record's findings, each with the rank of its surest."""
    out: dict[str, int] = {}
    for one in verdicts:
        firm = one.covered_through[-1]
        out[firm] = max(one.band.rank, out.get(firm, 0))
    return out


def merged(parts: Iterable[Probes]) -> Probes:
    """Add up the probes of the parts of one input, in any order."""
    totals: Probes = {}
    for part in parts:
        for key, (counts, first) in part.items():
            known, known_first = totals.get(key, (Counter(), first))
            totals[key] = (known + counts, min(known_first, first))
    return totals


def probe_issues(names: Mapping[str, str], tables: Sequence[Table], probes: Probes) -> list[ReadIssue]:
    """Say which unread columns hold names of screened firms; `names` gives the name of an entity."""
    issues = []
    for (table, column), (counts, first) in sorted(probes.items()):
        named = ", ".join(
            f"{names.get(entity, entity)} in {count}" for entity, count in sorted(counts.items())
        )
        sheet = tables[table].sheet
        if column in (LOWERED, UNCONFIRMED):
            issues.append(_lowered(tables[table], column, named, first[1]))
            continue
        place = f"sheet {sheet!r}, column {column!r}" if sheet else f"column {column!r}"
        issues.append(
            ReadIssue(
                "E140",
                place,
                f"This column was not read, and it names {named} record(s), first in record {first[0]}. "
                "Have it read as text (--map COLUMN=text).",
                lossy=False,
            )
        )
    return issues


def _lowered(table: Table, kind: str, named: str, first: str) -> ReadIssue:
    columns = ", ".join(f"{name!r} as {table.fields.get(name, 'nothing')}" for name in table.stated_lesser())
    code = "E100" if kind == UNCONFIRMED else "E199"
    values = {"columns": columns, "named": named, "first": first}
    text = message(code if kind == UNCONFIRMED else "E199.lowered", values)
    return ReadIssue(code, f"sheet {table.sheet!r}" if table.sheet else "the table", text.says, lossy=False)
