"""Columns that are not read, looked into for names we know, so that a report can say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from proscribe.model.observations import ReadIssue, Table

if TYPE_CHECKING:
    import pyarrow as pa

    from proscribe.matching.kernel import Kernel

#: (table, column) to the records that name each firm, and the first record that names one. Sums of parts are joined by `merged`.
Probes = dict[tuple[int, str], tuple[Counter[str], int]]


def probe(
    kernel: Kernel,
    rows: pa.RecordBatch,
    table: Table,
    place: tuple[int, int],
    said: Mapping[int, set[str]],
    probes: Probes,
) -> None:
    """Look whether columns of a batch that are not read hold a name we know.

    Args:
        place: number of the table, and of the first record of the batch.
        said: by row, the firms that the columns which are read confirm already; a note adds nothing to these.
        probes: takes the counts.
    """
    number, first_record = place
    names = set(rows.schema.names)
    for name in table.unread:
        if name not in names or rows.column(name).null_count == rows.num_rows:
            continue
        for row, (verdicts, spoken) in kernel.match_rows(rows.select([name]), {name: "text"}):
            # What a note denies or compares with is named all the same, and a person should read it.
            named = {verdict.covered_through[-1] for verdict in verdicts} | {item.entity for item in spoken}
            named -= said.get(row, set())
            if named:
                key = (number, name)
                counts, first = probes.get(key, (Counter(), first_record + row))
                probes[key] = (counts + Counter(named), min(first, first_record + row))


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
        place = f"sheet {sheet!r}, column {column!r}" if sheet else f"column {column!r}"
        issues.append(
            ReadIssue(
                "E140",
                place,
                f"This column was not read, and it names {named} record(s), first in record {first}. "
                f"Read it with --map '{column}=text'.",
                lossy=False,
            )
        )
    return issues
