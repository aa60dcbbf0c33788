"""How inputs would be read, without matching them: kinds of tables, columns, samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from proscribe import __version__
from proscribe.app import run
from proscribe.app.file_rules import by_input, unmet
from proscribe.app.reading_process import open_apart
from proscribe.model.errors import InputError
from proscribe.model.observations import ReadIssue, Table
from proscribe.model.plans import Plan, PlannedInput, PlannedTable
from proscribe.model.results import InputReading
from proscribe.model.scan_document import column_plan
from proscribe.readers import Expansion, check_kinds, check_mapping, expand, kinds_told
from proscribe.readers.base import Options, Source


def plan(
    paths: str | Path | Iterable[str | Path],
    *,
    mapping: Mapping[str, str] | None = None,
    reader: str | None = None,
    files: Sequence[InputReading] = (),
    kinds: Mapping[str, str] | None = None,
    expansion: Expansion | None = None,
) -> Plan:
    """Tell how a scan would read its inputs: what each table is a list of, and what each column holds, with samples.

    Args:
        paths, mapping, reader, files, kinds: as in `scan`.
        expansion: the inputs, where they were listed before; `paths` is not looked at then.

    Raises:
        UsageError: unknown column, field, reader, kind or name.
    """
    options = Options(dict(mapping or {}), reader, files=by_input(files), kinds=dict(kinds or {}))
    check_kinds(options.kinds)
    if expansion is None:
        named = [paths] if isinstance(paths, (str, Path)) else paths
        expansion = expand([str(path) for path in named])
    single = len(expansion.sources) == 1
    made = [_planned(source, options, single=single) for source in expansion.sources]
    if options.mapping and not single:
        check_mapping(
            options.mapping, [column.name for one in made for table in one.tables for column in table.columns]
        )
    if options.kinds:
        names = [(one.path, None) for one in made]
        check_kinds(
            options.kinds, [*names, *((one.path, table.sheet) for one in made for table in one.tables)]
        )
    unread = [PlannedInput(issue.at, "none", (), (issue,)) for issue in expansion.issues]
    return Plan(__version__, (*made, *unread))


def _planned(source: Source, options: Options, *, single: bool) -> PlannedInput:
    tables: list[Table] = []
    issues: list[ReadIssue] = []
    records: Counter[int] = Counter()
    samples: dict[int, dict[str, tuple[str, ...]]] = {}
    reader, reading, options = "none", None, options.of(source)
    try:
        reading = open_apart(source, options, check_columns=single)
        reader = reading.reader
        for batch in reading.batches():
            if not reading.tables[batch.table].samples and batch.table not in samples:
                samples[batch.table] = run.samples_of(batch)
            records[batch.table] += batch.rows.num_rows
    except (InputError, OSError) as problem:
        issues.append(run.fault(problem, source.display))
    if reading is not None:
        tables, issues = list(reading.tables), [*reading.issues, *issues]
    shown = [
        replace(table, samples=samples[number]) if number in samples else table
        for number, table in enumerate(tables)
    ]
    issues += unmet(options, tables)
    told = kinds_told(shown, source.display, reader, options.kinds, options.configured_kind)
    return PlannedInput(
        source.display,
        reader,
        tuple(
            PlannedTable(
                table.sheet, table.hidden, records[number], table.kind, table.kind_by, table.kind_words,
                column_plan(table), table.export, table.kind_seen, table.kind_against,
            )
            for number, table in enumerate(told)
        ),
        tuple(issues),
    )  # fmt: skip
