"""The columns that are added to the user's own file: five, and the outcome when the law was asked.

In CSV and Parquet, which programs read, they have names and values of the JSON; in workbooks those are said in people's words.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from proscribe.model.findings import Band, Evidence, Finding, Mention
from proscribe.model.observations import ADDED_COLUMNS, ADDED_COLUMNS_IN_WORDS
from proscribe.model.results import Scan
from proscribe.reports.scan import labels
from proscribe.reports.scan.determinations import outcome_cell, outcome_in_words
from proscribe.wording import safe
from proscribe.wording.shown import visible

#: Added behind the others when the findings were put to the law.
OUTCOME = "proscribe_outcome"
OUTCOME_IN_WORDS = "Proscribe: what the law says"

#: Spreadsheet programs hold 32,767 characters in a cell; a reason longer than this helps nobody.
_LONGEST_WHY = 2_000


@dataclass(frozen=True, slots=True)
class Mark:
    """What to write beside one record: a cell for each added column, and the band that shades them."""

    band: Band | None
    cells: tuple[str, ...]


#: Where a record stands: sheet, record number.
Place = tuple[str | None, int]

#: Marks that are made at once and held until another place is asked for.
_AT_ONCE = 1_000


class Marks:
    """What is written beside the records of one input, made as the records are gone through in order.

    Several findings of one record share its cells, surest first. A finding that was set aside and a mention give a
    reason but no band.
    """

    def __init__(self, scan: Scan, input_index: int, *, in_words: bool = False) -> None:
        self._scan = scan
        self._in_words = in_words
        columns, outcome = (
            (ADDED_COLUMNS_IN_WORDS, OUTCOME_IN_WORDS) if in_words else (ADDED_COLUMNS, OUTCOME)
        )
        self.columns = columns if scan.decided is None else (*columns, outcome)
        self.blank = ("",) * len(self.columns)
        #: Of each record with findings or mentions: where these stand among all, in the order of the records.
        self._findings = _by_sheet(scan.findings, input_index)
        self._mentions = _by_sheet(scan.mentions, input_index)
        self._held: dict[Place, Mark] = {}
        self._through: tuple[str | None, int, int] = (None, 0, -1)

    def get(self, place: Place) -> Mark | None:
        """Give what is written beside a record, or `None`."""
        sheet, number = place
        if sheet != self._through[0] or not self._through[1] <= number <= self._through[2]:
            self._hold(sheet, number)
        return self._held.get(place)

    def items(self) -> Iterator[tuple[Place, Mark]]:
        """Give every mark with its place, sheet by sheet in the order of the records."""
        for sheet in dict.fromkeys((*self._findings, *self._mentions)):
            number = 0
            while True:
                self._hold(sheet, number)
                yield from sorted(self._held.items(), key=lambda item: item[0][1])
                if self._through[2] == _END:
                    break
                number = self._through[2] + 1

    def _hold(self, sheet: str | None, number: int) -> None:
        """Make the marks of some records, from one on."""
        findings, end = _from(self._findings.get(sheet), number)
        mentions, other_end = _from(self._mentions.get(sheet), number)
        last = min(end, other_end)
        records: dict[int, tuple[list[Finding], list[str]]] = {}
        for one in items_at(self._scan.findings, findings):
            if one.locator.row <= last:
                records.setdefault(one.locator.row, ([], []))[0].append(one)
        for mention in items_at(self._scan.mentions, mentions):
            if mention.locator.row <= last:
                records.setdefault(mention.locator.row, ([], []))[1].append(
                    f"mention only: {labels.MENTION_MEANING[mention.kind]} "
                    f"({labels.name_of(self._scan, mention.entity)})"
                )
        self._held = {(sheet, row): self._mark(*held) for row, held in records.items()}
        self._through = (sheet, number, last)

    def _mark(self, findings: list[Finding], mentioned: list[str]) -> Mark:
        mark = _mark(findings, mentioned, self._scan if self._in_words else None)
        if self._scan.decided is None:
            return mark
        said = (outcome_in_words if self._in_words else outcome_cell)(self._scan, findings)
        outcome = safe.csv_cell(visible(said, _LONGEST_WHY))
        return Mark(mark.band, (*mark.cells, outcome))

    def titles(self, header: Iterable[str]) -> tuple[str, ...]:
        """Name the added columns, with a number behind where the file already has such a column."""
        return titles(header, self.columns)


_END = 1 << 62


def _by_sheet(
    items: Sequence[Finding] | Sequence[Mention], input_index: int
) -> dict[str | None, tuple[array[int], array[int]]]:
    """Give for each sheet of an input the record numbers, ascending, and where their items stand among all."""
    made: dict[str | None, tuple[array[int], array[int]]] = {}
    for place, (number, sheet, row) in enumerate(places_of(items)):
        if number == input_index:
            rows, places = made.setdefault(sheet, (array("q"), array("q")))
            rows.append(row)
            places.append(place)
    for sheet, (rows, places) in made.items():
        if any(one > other for one, other in pairwise(rows)):
            pairs = sorted(zip(rows, places, strict=True))
            made[sheet] = array("q", (row for row, _ in pairs)), array("q", (place for _, place in pairs))
    return made


def places_of(items: Sequence[Finding] | Sequence[Mention]) -> Iterator[tuple[int, str | None, int]]:
    """Give input, sheet and record number of each; a sequence that knows them is asked, so that none is made for it."""
    known = getattr(items, "places", None)
    if known is not None:
        yield from known()
    else:
        for one in items:
            yield one.input, one.locator.sheet, one.locator.row


def _from(known: tuple[array[int], array[int]] | None, number: int) -> tuple[Sequence[int], int]:
    """Give where the items of some records stand, from one on, and the number of the last record that they are all of."""
    if known is None:
        return (), _END
    rows, places = known
    start = bisect_left(rows, number)
    stop = bisect_right(rows, rows[start + _AT_ONCE]) if start + _AT_ONCE < len(rows) else len(rows)
    return places[start:stop], rows[stop] - 1 if stop < len(rows) else _END


def items_at(items: Sequence[Any], places: Sequence[int]) -> Iterator[Any]:
    """Give the items at ascending places, in runs."""
    for _, run in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        members = [place for _, place in run]
        for start in range(members[0], members[-1] + 1, _AT_ONCE):
            yield from items[start : min(start + _AT_ONCE, members[-1] + 1)]


def titles(header: Iterable[str], columns: tuple[str, ...] = ADDED_COLUMNS) -> tuple[str, ...]:
    """Name the added columns, with a number behind where the file already has such a column."""
    taken = {name.casefold() for name in header}
    number = 1
    while True:
        tail = "" if number == 1 else f"_{number}"
        names = tuple(name + tail for name in columns)
        if not taken.intersection(map(str.casefold, names)):
            return names
        number += 1


def marks_of(scan: Scan, input_index: int, *, in_words: bool = False) -> Marks:
    """Gather what to write beside the records of one input; `in_words` for people alone."""
    return Marks(scan, input_index, in_words=in_words)


def _mark(findings: list[Finding], mentioned: list[str], words_of: Scan | None) -> Mark:
    findings = sorted(findings, key=lambda one: (one.ignored is not None, -one.band.rank))
    live = [one for one in findings if one.ignored is None]
    why = "; ".join([*(_why(one) for one in findings), *mentioned])
    cells = (
        live[0].band.value if live else "",
        "; ".join(labels.short_name(words_of, one.entity) if words_of else one.entity for one in findings),
        "; ".join(labels.role_words(words_of, one) if words_of else one.role.value for one in findings),
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
