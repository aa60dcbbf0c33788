"""The lines of `proscribe scan --plan`: per table its kind and what says so, per column its field, why, and samples."""

from __future__ import annotations

from collections.abc import Iterator

from proscribe.model.plans import Plan, PlannedTable
from proscribe.wording.safe import terminal as safe

_SHOWN_COLUMNS = 200
_BY = {
    "stated": "stated", "reader": "told by the format", "headers": "told by names", "values": "told by values",
}  # fmt: skip
_WHY = {"header": "header", "values": "values", "stated": "stated"}


def plan_lines(plan: Plan) -> Iterator[str]:
    """Yield the lines."""
    for one in plan.inputs:
        yield f"{safe(one.path)}: reader {one.reader}"
        for table in one.tables:
            yield from _of_table(table)
        for issue in one.issues:
            yield f"  ! {issue.code} {safe(issue.at)}: {safe(issue.what)}"
    yield "Nothing was matched. State what is wrong with --kind NAME=KIND and --map COLUMN=FIELD."


def _of_table(table: PlannedTable) -> Iterator[str]:
    name = "table" if table.sheet is None else f"sheet {safe(table.sheet)!r}"
    hidden = ", hidden" if table.hidden else ""
    words = ", ".join(safe(word) for word in table.kind_words)
    by = _BY.get(table.kind_by, "")
    because = f" ({by}: {words})" if by and words else f" ({words})" if words else ""
    records = "record" if table.records == 1 else "records"
    seen = table.kind_seen if table.kind_seen != table.kind else ""
    doubt = f"; by itself: {seen}" if seen else ""
    if table.kind_against:
        doubt += f"; columns speak against it: {', '.join(safe(one) for one in table.kind_against)}"
    yield f"  {name}{hidden}, {table.records:,} {records}: {table.kind}{because}{doubt}"
    size = max((len(safe(column.name)) for column in table.columns[:_SHOWN_COLUMNS]), default=0)
    for column in table.columns[:_SHOWN_COLUMNS]:
        read = f"{column.field} ({_WHY.get(column.why, column.why)})" if column.field else "looked at"
        samples = " | ".join(safe(value) for value in column.samples)
        yield f"    {safe(column.name):<{min(size, 40)}}  {read:<28}  {samples}".rstrip()
    more = len(table.columns) - _SHOWN_COLUMNS
    if more > 0:
        yield f"    ... and {more:,} more columns"
