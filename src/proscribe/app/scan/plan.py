"""How inputs would be read, without matching them: kinds of tables, columns, samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Unpack

from proscribe import __version__
from proscribe.app.scan.own_files import left_out
from proscribe.app.scan.reading_process import Looked, look_apart
from proscribe.app.settings.file_rules import options_of, unmet
from proscribe.model.errors import InputError, ProscribeError
from proscribe.model.plans import Plan, PlannedInput, PlannedTable
from proscribe.model.scan_document import column_plan
from proscribe.model.scan_request import Paths, ReadingWords, ScanRequest
from proscribe.readers import Expansion, check_kinds, check_mapping, expand, kinds_told
from proscribe.readers.base import Options, Source
from proscribe.readers.issues import fault


def plan(
    paths: Paths,
    *,
    expansion: Expansion | None = None,
    progress: Callable[[int, int], None] | None = None,
    **how: Unpack[ReadingWords],
) -> Plan:
    """Tell how a scan would read its inputs: what each table is a list of, and what each column holds, with samples.

    Args:
        paths, mapping, reader, files, kinds: as in `scan`.
        expansion: the inputs, where they were listed before; `paths` is not looked at then.
        progress: called with the inputs that were looked at, and how many there are.

    Raises:
        UsageError: unknown column, field, reader, kind or name.
    """
    request = ScanRequest.of(paths, **how)
    options = options_of(request)
    check_kinds(options.kinds)
    if expansion is None:
        expansion = expand(request.paths)
    single = len(expansion.sources) == 1
    made: list[PlannedInput] = []
    for source, looked in zip(
        expansion.sources, look_apart(expansion.sources, options, check_columns=single), strict=True
    ):
        made.append(_planned(source, looked, options))
        if progress is not None:
            progress(len(made), len(expansion.sources))
    if options.mapping and not single:
        check_mapping(
            options.mapping, [column.name for one in made for table in one.tables for column in table.columns]
        )
    if options.kinds:
        names = [(one.path, None) for one in made]
        check_kinds(
            options.kinds, [*names, *((one.path, table.sheet) for one in made for table in one.tables)]
        )
    unread = [
        PlannedInput(issue.at, "none", (), (issue,))
        for issue in [*expansion.issues, *map(left_out, expansion.own)]
    ]
    return Plan(__version__, (*made, *unread))


def _planned(source: Source, looked: Looked | ProscribeError, options: Options) -> PlannedInput:
    options = options.of(source)
    if isinstance(looked, ProscribeError):
        assert isinstance(looked, InputError)
        looked = Looked("none", (), (fault(looked, source.display),), {}, {})
    shown = [
        replace(table, samples=looked.samples[number]) if number in looked.samples else table
        for number, table in enumerate(looked.tables)
    ]
    told = kinds_told(shown, source.display, looked.reader, options.kinds, options.configured_kind)
    return PlannedInput(
        source.display,
        looked.reader,
        tuple(
            PlannedTable(
                table.sheet, table.hidden, looked.records.get(number, 0), table.kind, table.kind_by, table.kind_words,
                column_plan(table), table.export, table.kind_seen, table.kind_against,
            )
            for number, table in enumerate(told)
        ),
        (*looked.issues, *unmet(options, looked.tables)),
    )  # fmt: skip
