"""The columns that are added to the user's own file: five, and the outcome when the law was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from proscribe.model.findings import Band, Evidence, Finding
from proscribe.model.results import Scan
from proscribe.reports.scan import labels
from proscribe.reports.scan.determinations import outcome_cell
from proscribe.wording import safe
from proscribe.wording.shown import visible

COLUMNS = ("proscribe_band", "proscribe_entity", "proscribe_role", "proscribe_why", "proscribe_finding_id")

#: Added behind the others when the findings were put to the law.
OUTCOME = "proscribe_outcome"

#: Spreadsheet programs hold 32,767 characters in a cell; a reason longer than this helps nobody.
_LONGEST_WHY = 2_000


@dataclass(frozen=True, slots=True)
class Mark:
    """What to write beside one record: a cell for each added column, and the band that shades them."""

    band: Band | None
    cells: tuple[str, ...]


class Marks(dict[tuple[str | None, int], Mark]):
    """(sheet, record number) to what is written beside the record.

    Args:
        marks: by place.
        columns: names of the added columns.
    """

    def __init__(
        self, marks: Mapping[tuple[str | None, int], Mark], columns: tuple[str, ...] = COLUMNS
    ) -> None:
        super().__init__(marks)
        self.columns = columns
        self.blank = ("",) * len(columns)

    def titles(self, header: Iterable[str]) -> tuple[str, ...]:
        """Name the added columns, with a number behind where the file already has such a column."""
        return titles(header, self.columns)


def titles(header: Iterable[str], columns: tuple[str, ...] = COLUMNS) -> tuple[str, ...]:
    """Name the added columns, with a number behind where the file already has such a column."""
    taken = {name.casefold() for name in header}
    number = 1
    while True:
        tail = "" if number == 1 else f"_{number}"
        names = tuple(name + tail for name in columns)
        if not taken.intersection(names):
            return names
        number += 1


def marks_of(scan: Scan, input_index: int) -> Marks:
    """Gather what to write beside the records of one input: (sheet, record number) -> mark.

    Several findings of one record share its cells, surest first. A finding that was set aside and a
    mention give a reason but no band.
    """
    findings: dict[tuple[str | None, int], list[Finding]] = {}
    reasons: dict[tuple[str | None, int], list[str]] = {}
    for one in scan.findings:
        if one.input == input_index:
            findings.setdefault((one.locator.sheet, one.locator.row), []).append(one)
    for mention in scan.mentions:
        if mention.input == input_index:
            reasons.setdefault((mention.locator.sheet, mention.locator.row), []).append(
                f"mention only: {labels.MENTION_MEANING[mention.kind]} "
                f"({labels.name_of(scan, mention.entity)})"
            )
    made = {key: _mark(findings.get(key, []), reasons.get(key, [])) for key in {**findings, **reasons}}
    if scan.decided is None:
        return Marks(made)
    for key, mark in made.items():
        outcome = outcome_cell(scan, findings.get(key, []))
        made[key] = Mark(mark.band, (*mark.cells, safe.csv_cell(visible(outcome, _LONGEST_WHY))))
    return Marks(made, (*COLUMNS, OUTCOME))


def _mark(findings: list[Finding], mentioned: list[str]) -> Mark:
    findings = sorted(findings, key=lambda one: (one.ignored is not None, -one.band.rank))
    live = [one for one in findings if one.ignored is None]
    why = "; ".join([*(_why(one) for one in findings), *mentioned])
    cells = (
        live[0].band.value if live else "",
        "; ".join(one.entity for one in findings),
        "; ".join(one.role.value for one in findings),
        visible(why, _LONGEST_WHY),
        "; ".join(one.id for one in findings),
    )
    return Mark(live[0].band if live else None, tuple(map(safe.csv_cell, cells)))


def _reason(one: Evidence) -> str:
    return f"{one.why} ('{visible(one.found, 120)}' in {visible(one.field, 60)})"


def _why(finding: Finding) -> str:
    ranked = sorted(finding.evidence, key=lambda one: -one.weight_mbit)
    parts = list(dict.fromkeys(map(_reason, ranked)))
    parts += [f"against: {_reason(one)}" for one in finding.against]
    parts += [f"to settle: {question}" for question in finding.questions]
    text = "; ".join(parts)
    if finding.ignored is None:
        return text
    return (
        f"set aside ({finding.ignored.reason}; {finding.ignored.by}, {finding.ignored.at}), "
        f"was {finding.band.value}: {text}"
    )
