"""Records that name a seller or a thing by a number alone, beside a list of the run that says whose number it is.

A purchase of "vendor 10482" is judged as if the name stood in it that the list of vendors gives for 10482: what is found so says
by which column, and in which record of which list the name stands. Where it is not sure that both lists count alike, it asks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from string import ascii_lowercase
from typing import TYPE_CHECKING

import numpy as np

from proscribe.app.scan import run
from proscribe.app.scan.reading_process import open_apart
from proscribe.app.scan.run import KeptInput
from proscribe.matching.assembly import Beside, match_beside
from proscribe.matching.found import Findings, Found, Segment
from proscribe.matching.kernel import Answer, Kernel
from proscribe.model.errors import InputError
from proscribe.model.findings import Band, Evidence, Finding
from proscribe.model.observations import CONTENT_FIELDS, ReadIssue, Table
from proscribe.readers.base import Batch, Options, Source
from proscribe.readers.header_fields import fold_header, numbers_sellers, second_id
from proscribe.readers.issues import issue

if TYPE_CHECKING:
    import pyarrow as pa

    from proscribe.matching.findings import Verdict
    from proscribe.matching.index import Index

SAME_NUMBERS_QUESTION = "The number is one of another list. Do both lists number the same sellers or things?"

#: Whose numbers a column may hold.
_SELLER = "seller"
_OF_FIELD = {"part_number": "article", "serial_number": "serial", "asset_tag": "asset"}
#: Where the name of a seller stands in a list of them.
_NAMES_SELLER = frozenset({"vendor_name", "maker_name", "text", "product_name"})
#: Of the values of a column that were kept as samples, so many have to stand in the other list.
_FITS = 0.5
#: Numbers of things that are shorter count rows as often as things.
_SHORTEST = 3
#: Records of a list that lend what was found in them, and records that take it; what is more is said not to be followed.
_MOST_LENDING, _MOST_TAKING = 20_000, 50_000
_WHOLE_NUMBER = re.compile(r"0*(\d+)(?:\.0+)?")
_LOOSE = re.compile(r"([^\W\d_]{0,4})[-_./# ]{0,2}0*(\d{2,})")
#: Numbers of things that have fewer figures are others with letters than without: 12 is no short form of BW-0012.
_SHORTEST_BARE = 4
#: By which evidence says that a record is joined.
_JOINED = "joined"
#: What numbers nothing in particular.
_NOTHING = frozenset({"", "0", "-", "--", "n/a", "na", "none", "null", "unknown", "?", "x", "tbd", "various"})


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of numbers: in which table of which input, and whose numbers they are."""

    input: int
    table: int
    number: int  # of the table within the scan
    name: str
    whose: str


@dataclass(slots=True)
class _Lender:
    """A record in which something was found, and what it lends to those that name its number."""

    finding: Finding
    cells: dict[str, str]  # column to text
    fields: dict[str, str]


@dataclass
class _Lending:
    """The records of one table that lend, by number, and how often each number stands in it."""

    column: _Column
    display: str
    lenders: dict[str, list[_Lender]]
    counts: Counter[str] = field(default_factory=Counter)
    known: set[str] = field(default_factory=set)
    #: Digits behind letters, to all numbers of the list that end so.
    spelt: dict[str, set[str]] = field(default_factory=dict)

    @cached_property
    def digits(self) -> frozenset[str]:
        """Digits of the numbers that lend, behind letters."""
        return frozenset(filter(None, (_loose(number)[1] for number in self.lenders)))

    def alike(self, number: str, *, bare: bool) -> str:
        """Give the one number that this can only be, written with other zeros and signs; empty where it may be another.

        Args:
            bare: whether one of both lists leaves out the letters in front, and they are the same ones everywhere in the other.
        """
        letters, digits = _loose(number)
        alike = self.spelt.get(digits, set())
        if len(alike) != 1:
            return ""
        (other,) = alike
        theirs = _loose(other)[0]
        long = self.column.whose == _SELLER or len(digits) >= _SHORTEST_BARE
        same = letters == theirs or (bare and long and not (letters and theirs))
        return other if same and other in self.lenders else ""


def joined_by_number(
    index: Index,
    kept: Sequence[KeptInput],
    sources: Sequence[Source],
    options: Options,
    findings: Findings,
) -> tuple[tuple[Segment, ...], dict[int, list[ReadIssue]]]:
    """Give what is found in records through the numbers that they name, in segments that go behind those of the findings.

    Args:
        kept: the tables of the inputs.
        sources: the inputs; those with such numbers are read again, where a list that has them holds a finding.
        findings: what was found in the records themselves.

    Returns:
        Segments of what was found, and what was not followed, by input.
    """
    work = _Work(index, kept, sources, options, findings)
    return work.segments(), work.issues


def is_joined(finding: Finding) -> bool:
    """Tell whether something was found in a record through a number that another list says the name of."""
    return any(one.matcher == _JOINED for one in finding.evidence)


def may_join(tables: Iterable[Table]) -> bool:
    """Tell whether two of these tables hold numbers of one sort, or one table and another that is a list of sellers."""
    seen = Counter(whose for table in tables for whose in {whose for _, whose in _numbered(table)})
    return any(count > 1 for count in seen.values())


def _numbered(table: Table) -> Iterator[tuple[str, str]]:
    """Give the columns of a table that hold numbers by which lists are joined, and whose numbers they are."""
    if table.structured:
        return  # what parts lists say is carried up by the roll-up
    for name in table.header:
        kind = table.fields.get(name, "")
        if kind in _OF_FIELD:
            yield name, _OF_FIELD[kind]
        elif numbers_sellers(name) or (kind == "vendor_name" and table.forms.get(name) == "number"):
            yield name, _SELLER
        elif kind == "row_id":
            if second_id(name) == "asset_tag":
                yield name, "asset"
            elif table.kind == "vendors":
                yield name, _SELLER


def _exact(text: str | None) -> str:
    """Write a number so that those of spreadsheets and of programs compare: without zeros in front, case and blanks."""
    folded = " ".join((text or "").split()).casefold()
    whole = _WHOLE_NUMBER.fullmatch(folded)
    return "" if folded in _NOTHING else whole[1] if whole is not None else folded


def _loose(number: str) -> tuple[str, str]:
    """Give the few letters in front of a number and its digits, `v` and `10482` of `v-10482`; empty for others."""
    found = _LOOSE.fullmatch(number)
    return (found[1], found[2]) if found is not None else ("", "")


def _letters(numbers: Iterable[str]) -> set[str]:
    return {letters for letters, digits in map(_loose, numbers) if digits}


#: What `_exact` and `_loose` may take away at the ends of a number, and in front of one that follows letters.
_AT_ENDS, _IN_FRONT = "0.", f"0{ascii_lowercase}-_./# "


def places_of(texts: pa.StringArray, numbers: Collection[str], loose: Collection[str] = ()) -> list[int]:
    """Give the rows of which the text may be one of these numbers, and all that are; most texts fall out without being looked at.

    Args:
        numbers: as `_exact` writes them.
        loose: digits as `_loose` writes them.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    bare = pc.replace_substring_regex(pc.utf8_lower(texts), r"[\s\x0b\x1c-\x1f]+", "")
    wanted = {number.replace(" ", "").strip(_AT_ENDS) for number in numbers}
    found = pc.is_in(pc.utf8_trim(bare, _AT_ENDS), pa.array(sorted(wanted), pa.string()))
    if loose:
        digits = pa.array(sorted({one.strip(_AT_ENDS) for one in loose}), pa.string())
        found = pc.or_(found, pc.is_in(pc.utf8_rtrim(pc.utf8_ltrim(bare, _IN_FRONT), _AT_ENDS), digits))
    other = pc.fill_null(pc.invert(pc.string_is_ascii(texts)), False)  # case and blanks are other ones there
    return np.flatnonzero(np.asarray(pc.or_(found, other))).tolist()


class _Work:
    def __init__(
        self, index: Index, kept: Sequence[KeptInput], sources: Sequence[Source], options: Options, findings: Findings
    ) -> None:  # fmt: skip
        self._index, self._kept, self._sources, self._options = index, kept, sources, options
        self._findings = findings
        self._columns: list[_Column] = []
        number = 0
        for one in kept:
            for place, table in enumerate(one.tables):
                self._columns += [
                    _Column(one.index, place, number + place, name, whose) for name, whose in _numbered(table)
                ]
            number += len(one.tables)
        self._first = {one.index: number for one, number in zip(kept, self._firsts(), strict=True)}
        self._taken = 0
        self.issues: dict[int, list[ReadIssue]] = {}

    @cached_property
    def _kernel(self) -> Kernel:
        return Kernel(self._index, always_scan=True)

    def _firsts(self) -> Iterator[int]:
        number = 0
        for one in self._kept:
            yield number
            number += len(one.tables)

    def _table(self, column: _Column) -> Table:
        return self._kept_of(column.input).tables[column.table]

    def _kept_of(self, number: int) -> KeptInput:
        return next(one for one in self._kept if one.index == number)

    def segments(self) -> tuple[Segment, ...]:
        lendings = [made for column in self._columns if (made := self._lending(column)) is not None]
        pairs = {
            column: [
                one
                for one in lendings
                if one.column.whose == column.whose and one.column.number != column.number
            ]
            for column in self._columns
        }
        taking = {column: lent for column, lent in pairs.items() if lent and not self._shows_itself(column)}
        if not taking:
            return ()
        for number in sorted({one.column.input for lent in taking.values() for one in lent}):
            self._count(number, [one for one in lendings if one.column.input == number], list(taking))
        segments = []
        for number in sorted({column.input for column in taking}):
            found = self._take(number, {one: lent for one, lent in taking.items() if one.input == number})
            if len(found.findings):
                sheets = tuple(table.sheet for table in self._kept_of(number).tables)
                segments.append(Segment(number, sheets, self._first[number], found))
        return tuple(segments)

    def _shows_itself(self, column: _Column) -> bool:
        """Tell whether a column was read from photographs: what is on a plate, or on a card beside it, is nobody else's word."""
        return self._table(column).source_kind in run.PICTURES

    def _lending(self, column: _Column) -> _Lending | None:
        """Give what a table lends by one of its columns; `None` where another table has no such numbers, or it lends nothing."""
        if all(one.whose != column.whose or one.number == column.number for one in self._columns):
            return None
        table = self._table(column)
        places = np.flatnonzero(self._findings.tables == column.number).tolist()
        if len(places) > _MOST_LENDING:
            self._say(column, issue("E550.lending", self._display(column), most=_MOST_LENDING))
        lenders: dict[str, list[_Lender]] = {}
        for finding in self._findings.stored(places[:_MOST_LENDING]):
            cells = dict(finding.record)
            number = _exact(cells.get(column.name))
            lent = {
                item.field: cells[item.field]
                for item in finding.evidence
                if item.field != column.name
                and item.field in cells
                and self._lends(table, column, item.field)
            }
            if number and lent and finding.ignored is None:
                fields = {
                    name: "vendor_name" if column.whose == _SELLER else table.fields[name] for name in lent
                }
                lenders.setdefault(number, []).append(_Lender(finding, lent, fields))
        return _Lending(column, self._display(column), lenders) if lenders else None

    def _display(self, column: _Column) -> str:
        path, sheet = self._kept_of(column.input).path, self._table(column).sheet
        return path if sheet is None else f"{path}, sheet {sheet!r}"

    def _say(self, column: _Column, said: ReadIssue) -> None:
        listed = self.issues.setdefault(column.input, [])
        if said not in listed:
            listed.append(said)

    @staticmethod
    def _lends(table: Table, column: _Column, name: str) -> bool:
        """Tell whether what was found in a column is said of whoever or whatever the number names."""
        kind = table.fields.get(name)
        if column.whose != _SELLER:
            return kind in CONTENT_FIELDS
        # In a list of purchases only the column of sellers names who the number stands for.
        lists_sellers = table.kind == "vendors" or table.fields.get(column.name) == "row_id"
        return kind == "vendor_name" or (lists_sellers and kind in _NAMES_SELLER)

    def _batches(self, number: int) -> Iterator[tuple[Table, Batch, str]]:
        try:
            reading = open_apart(self._sources[number], self._options, check_columns=False)
            for batch in reading.batches():
                yield run.kind_stated(reading, reading.tables[batch.table]), batch, reading.reader
        except (InputError, OSError):
            # the first reading said what could not be read
            return

    def _count(self, number: int, lendings: Sequence[_Lending], taking: Sequence[_Column]) -> None:
        """Count how often each number that lends stands in its list, and which values of other lists do."""
        asked = {one.column.whose: set(self._samples(taking, one.column.whose)) for one in lendings}
        for _, batch, _ in self._batches(number):
            for one in lendings:
                if one.column.table != batch.table or one.column.name not in batch.rows.schema.names:
                    continue
                wanted, texts = asked[one.column.whose], batch.rows.column(one.column.name)
                digits = one.digits.union(_loose(number)[1] for number in wanted) - {""}
                for row in places_of(texts, wanted.union(one.lenders), digits):
                    key = _exact(texts[row].as_py())
                    if (ends := _loose(key)[1]) in digits:
                        one.spelt.setdefault(ends, set()).add(key)
                    if key in one.lenders:
                        one.counts[key] += 1
                    if key in wanted:
                        one.known.add(key)

    def _samples(self, columns: Sequence[_Column], whose: str) -> Iterator[str]:
        for column in columns:
            if column.whose == whose:
                yield from filter(None, map(_exact, self._table(column).samples.get(column.name, ())))

    def _take(self, number: int, taking: Mapping[_Column, Sequence[_Lending]]) -> Found:
        """Judge the records of one input that name numbers of others."""
        kept, found = self._kept_of(number), Found()
        for table, batch, reader in self._batches(number):
            for column, lendings in taking.items():
                if column.table != batch.table or column.name not in batch.rows.schema.names:
                    continue
                told = replace(table, samples=kept.tables[column.table].samples)
                for lending in lendings:
                    lent = self._lent(column, lending, batch)
                    if not lent:
                        continue
                    if self._taken >= _MOST_TAKING:
                        at, most = self._display(column), _MOST_TAKING
                        self._say(column, issue("E550.taking", at, most=most, display=lending.display))
                        continue
                    self._taken += len(lent)
                    own = self._own(column, [batch.number(row) for row in lent])
                    beside = _Beside(column, lending, lent, own)
                    match_beside(self._kernel, told, batch, (reader, kept.path), found, beside)
        found.forget()
        return found

    def _own(self, column: _Column, records: Sequence[int]) -> Collection[tuple[int, str]]:
        """Give what was found in records of a table themselves: record and entity."""
        here = (self._findings.tables == column.number) & np.isin(self._findings.numbers, records)
        return {(one.locator.row, one.entity) for one in self._findings.stored(np.flatnonzero(here).tolist())}

    def _lent(
        self, column: _Column, lending: _Lending, batch: Batch
    ) -> dict[int, tuple[str, list[_Lender], bool]]:
        """Give for each row of a batch the number that it names, whose records these are, and whether that is sure."""
        samples = {key for key in map(_exact, self._table(column).samples.get(column.name, ())) if key}
        fits = bool(samples) and len(samples & lending.known) >= _FITS * len(samples)
        alike = column.whose in (_SELLER, "serial") or fold_header(column.name) == fold_header(
            lending.column.name
        )
        made: dict[int, tuple[str, list[_Lender], bool]] = {}
        bare = self._leaves_out_letters(samples, lending)
        texts = batch.rows.column(column.name)
        for row in places_of(texts, lending.lenders, lending.digits):
            text = texts[row].as_py()
            key = _exact(text)
            if not key:
                continue
            exact = key in lending.lenders
            number = key if exact else lending.alike(key, bare=bare)
            if not number:
                continue
            lenders = lending.lenders[number]
            once = lending.counts[number] <= len({one.finding.locator.row for one in lenders})
            long = column.whose == _SELLER or len(number) >= _SHORTEST
            made[row] = str(text), lenders, exact and fits and alike and once and long
        return made

    def _leaves_out_letters(self, samples: Collection[str], lending: _Lending) -> bool:
        """Tell whether either list writes the numbers of the other without the letters that stand in front of all of them."""
        here = _letters(samples)
        there = _letters((*self._samples([lending.column], lending.column.whose), *lending.lenders))
        known = sum(_loose(number)[1] in lending.spelt for number in samples)
        return len(here) == len(there) == 1 and "" in here | there and known >= _FITS * len(samples)


@dataclass(frozen=True, slots=True)
class _Beside(Beside):
    """What the records of one list lend to the rows of a batch."""

    column: _Column
    lending: _Lending
    lent: Mapping[int, tuple[str, list[_Lender], bool]]
    own: Collection[tuple[int, str]]

    def rows(self) -> Sequence[int]:
        return sorted(self.lent)

    def _called(self, name: str) -> str:
        return f"{name} of {self.lending.display}"

    def columns(self) -> Mapping[str, tuple[str, Sequence[str | None]]]:
        names: dict[str, str] = {}
        for _, lenders, _ in self.lent.values():
            for one in lenders:
                names.update(one.fields)
        return {
            self._called(name): (kind, [self._cell(self.lent[row][1], name) for row in self.rows()])
            for name, kind in names.items()
        }

    @staticmethod
    def _cell(lenders: Sequence[_Lender], name: str) -> str | None:
        return next((one.cells[name] for one in lenders if name in one.cells), None)

    def answer(self, row: int, number: int, answer: Answer) -> Answer | None:
        text, lenders, sure = self.lent[row]
        lent = {self._called(name) for one in lenders for name in one.cells}
        made = [
            self._said(verdict, text, lenders, sure)
            for verdict in answer[0]
            if any(item.field in lent for item in verdict.evidence)
            and (number, verdict.entity) not in self.own
        ]
        return (tuple(made), ()) if made else None

    def _said(self, verdict: Verdict, text: str, lenders: Sequence[_Lender], sure: bool) -> Verdict:
        one = lenders[0]
        shown = "; ".join(cell[:80] for cell in one.cells.values())
        why = f"that is {shown!r} in {self.lending.display} record {one.finding.locator.row}"
        joint = Evidence(
            _JOINED, self.column.name, text, (0, len(text.encode("utf-8", "replace"))), (), 0, why
        )
        verdict = replace(verdict, evidence=(*verdict.evidence, joint))
        if sure:
            return verdict
        questions = tuple(dict.fromkeys((SAME_NUMBERS_QUESTION, *verdict.questions)))
        return replace(verdict, band=Band.POSSIBLE, questions=questions)
