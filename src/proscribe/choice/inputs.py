"""Read the tables of a choice: assets, contracts, capacity, assumptions and rates, as people keep them.

A table is known by the name of its file or sheet, a column by its heading. A cell that cannot be read makes an issue with file,
row and column; its row stays, without that value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

from proscribe.choice.headings import columns_of, fold, notes_on, table_of, tables
from proscribe.choice.prices import DISCOUNT
from proscribe.choice.records import (
    STATE,
    WHOSE,
    Asset,
    Assumption,
    Capacity,
    Contract,
    Inputs,
    Price,
    Rate,
    category_key,
)  # fmt: skip
from proscribe.choice.site_names import firm_key
from proscribe.kb.written_days import written_day
from proscribe.model.agencies import Agencies
from proscribe.model.amounts import (
    decimal_point,
    headed_currency,
    is_sign_of,
    money_of,
    number_of,
    quantity_of,
)
from proscribe.model.errors import InputError, error
from proscribe.model.observations import ReadIssue
from proscribe.model.periods import parse_day
from proscribe.readers import Options, Source, open_source
from proscribe.readers.issues import issue

#: Rows of all tables together; a plan over more is another program.
MAX_ROWS = 200_000
MAX_UNITS = 10_000_000
#: Highest amount of a cell and of all pieces of a row, and hours for one piece: sums of such amounts in cents are counted whole.
MAX_MONEY = 10_000_000_000_000
MAX_HOURS = 100_000
_SUFFIXES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet")
#: Files that may hold a table which is not read here; each is named.
_OTHER = (
    ".txt",
    ".tab",
    ".dat",
    ".numbers",
    ".fods",
    ".xltx",
    ".xml",
    ".mdb",
    ".accdb",
    ".gz",
    ".zip",
    ".db",
    ".sqlite",
)
_CONTRACT, _OTHER_KIND = "contract", "other"
_WHOLE = Decimal(100)
_CENT = Decimal("0.01")
_WHAT = ("money", "grant", "crew", "closed")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)
_QUARTER = re.compile(r"(?:Q([1-4])[ /-]?(\d{4})|(\d{4})[ /-]?Q([1-4]))", re.ASCII | re.IGNORECASE)
_DAY = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?", re.ASCII
)
_DAYS = re.compile(r"\s*(?:calendar\s+)?(?:days?|d|tage?|jours?|días?|日|天)$", re.IGNORECASE)
#: Between two days of one cell, not between a day and its time.
_BETWEEN_DAYS = re.compile(r"\s*[,&]\s*|\s+(?:and\s+)?(?=\d{4}-)", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")
#: `P00010`, `A00002`, `0`: letters name a series of its own.
_MODIFICATION = re.compile(r"(\D*?)0*(\d+)", re.ASCII)
_TRUTH = {
    "yes": True,
    "y": True,
    "true": True,
    "1": True,
    "x": True,
    "no": False,
    "n": False,
    "false": False,
    "0": False,
}
_YEAR_DAYS = 365
#: To which a window is closed whose end was not read.
_LAST_MONTH = 2199 * 12 + 11
#: No currency is worth less of another; a smaller rate is a slip.
_LEAST_RATE = Decimal("0.000000001")
#: Rows that a note names.
_SHOWN = 5
#: What a scan says of a table without columns that it knows; ours are others.
_NO_COLUMNS = "E129"


#: A federal award: office, year, letter of the instrument, serial number; its parts have fixed lengths (48 CFR 4.1603(a)).
_PIID = re.compile(r"([a-z0-9]{6})-?([0-9]{2})-?([a-z])-?([a-z0-9]{4,8})")


def _compared(number: str) -> str:
    """Spell the number of a contract for comparing: case, and signs but between digits, tell no two apart.

    Between the parts of a federal number no sign tells anything.
    """
    spelt = re.sub(r"[\W_]+", "-", number.casefold()).strip("-")
    federal = _PIID.fullmatch(spelt)
    return "".join(federal.groups()) if federal else re.sub(r"(?<!\d)-|-(?!\d)", "", spelt)


def _change(modification: str) -> tuple[str, int] | None:
    """Give the series of a modification and its number in it; `None` for what has no number."""
    told = _MODIFICATION.fullmatch(modification.casefold())
    if told is None:
        return None
    return told[1].rstrip("-_ ."), int(told[2])


def _later(one: Contract, other: Contract) -> bool:
    """Tell whether a row surely tells a later state than another: by its day, then by its number; `0` is of all series."""
    if one.changed_on and other.changed_on and one.changed_on != other.changed_on:
        return one.changed_on > other.changed_on
    mine, theirs = _change(one.modification), _change(other.modification)
    if mine is None or theirs is None:
        return False
    return (mine[0] == theirs[0] or not theirs[1]) and mine[1] > theirs[1]


def _words(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


@cache
def _kinds() -> Mapping[str, str]:
    """Give the words for kinds of contracts, as they are compared, to the kind."""
    return {_words(word): kind for kind, told in tables()["contracts"]["kinds"].items() for word in told}


@cache
def _totals() -> frozenset[str]:
    return frozenset(map(_words, tables()["contracts"]["totals"]))


@cache
def _no_site() -> frozenset[str]:
    """Give what a cell of sites holds that names none of them; a dash alone is one."""
    return frozenset({"", *map(_words, tables()["contracts"]["no_site"])})


@cache
def _without_clauses() -> frozenset[str]:
    """Give what a cell of clauses holds that lists none; a dash alone is one."""
    return frozenset({"", *map(_words, tables()["contracts"]["no_clauses"])})


@dataclass(slots=True)
class _Gathered:
    assets: list[Asset] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    capacity: list[Capacity] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    rates: list[Rate] = field(default_factory=list)
    progress: dict[str, int] = field(default_factory=dict)
    progressed: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    issues: list[ReadIssue] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: int = 0
    agencies: Agencies = field(default_factory=Agencies)
    as_of: date | None = None
    contracts_unread: bool = False
    of_months: list[str] = field(default_factory=list)
    of_quarters: list[str] = field(default_factory=list)


def read_inputs(folder: Path, agencies: Agencies | None = None, as_of: date | None = None) -> Inputs:
    """Read every table of a folder whose name says what it is.

    Args:
        folder: holds `assets.csv`, `contracts.xlsx` and so on, or one workbook with sheets of these names.
        agencies: those that the knowledge holds; a contract of one of them that is said to be of no government is doubted.
        as_of: a change of a contract of a later day does not count yet.

    Raises:
        InputError: E540 when the folder is none, or holds no table of assets and none of contracts.
    """
    if not folder.is_dir():
        raise error("E540.folder", at=folder)
    made = _Gathered(agencies=agencies or Agencies(), as_of=as_of)
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.name.startswith((".", "~")):
            continue
        if path.suffix.lower() in _SUFFIXES:
            _read_file(path, made)
        elif path.suffix.lower() in _OTHER:
            _not_taken(path.name, path.stem, made)
    if not (made.assets or made.contracts):
        raise error("E540.tables", at=folder, names=", ".join(tables()))
    if not made.contracts:
        made.notes.append("No row of contracts was found: nothing is said of contracts, grants and licences.")
    _note_twins(made)
    return Inputs(
        tuple(made.assets), tuple(made.contracts), tuple(made.capacity), tuple(made.assumptions), tuple(made.rates),
        made.progress, made.files, tuple(made.issues), tuple(made.notes),
        "none" if not made.contracts else "some" if made.contracts_unread else "all",
    )  # fmt: skip


def _read_file(path: Path, made: _Gathered) -> None:
    of_file = table_of(path.stem)
    workbook = path.suffix.lower() not in (".csv", ".tsv", ".parquet")
    if of_file is None and not workbook:
        _not_taken(path.name, path.stem, made)
        return
    reading = open_source(Source(path.name, path, path.stat().st_size), Options())
    row_of: Callable[[int, int], int] | None = getattr(reading, "source_row", None)
    left: dict[str, str] = {}
    points: dict[str, str] = {}
    taken = False
    try:
        for batch in reading.batches():
            table = reading.tables[batch.table]
            name = table_of(table.sheet) if workbook and table.sheet else None
            name = name or of_file
            if name is None:
                left.setdefault(
                    f"{path.name}#{table.sheet}" if table.sheet else path.name, table.sheet or path.stem
                )
                continue
            taken = True
            columns = columns_of(name, table.header)
            place = f"{path.name}#{table.sheet}" if table.sheet else path.name
            if place not in made.files:
                made.notes += notes_on(name, place, table.header, columns)
            if made.files.setdefault(place, name) and not _usable(name, place, columns, made):
                continue
            rows = batch.rows.to_pylist()
            money = [
                head
                for head, column in columns.items()
                if tables()[name]["columns"][column]["type"] == "money"
            ]
            point = points[place] = points.get(place) or decimal_point(
                row.get(head) for row in rows for head in money
            )
            for offset, cells in enumerate(rows):
                number = batch.first_record + offset
                made.rows += 1
                if made.rows > MAX_ROWS:
                    raise error("E540.rows", at=place, most=f"{MAX_ROWS:,}")
                at = f"{place}, row {row_of(batch.table, number) if row_of is not None else number}"
                row = _row(name, at, cells, columns, made, point)
                if row:
                    _TAKE[name](row, made)
    except InputError as problem:
        if problem.code == "E540":
            raise
        made.issues.append(ReadIssue(problem.code, f"{path.name}, {problem.at}", problem.what))
        made.contracts_unread |= of_file in (None, "contracts")
        taken = True
    for place, told in left.items():
        _not_taken(place, told, made)
    if (
        not taken
        and not left
        and of_file is None
        and not any(table_of(one.sheet or "") for one in reading.tables)
    ):
        _not_taken(path.name, path.stem, made)
    made.issues += [
        replace(one, at=f"{path.name}, {one.at}")
        for one in reading.issues
        if one.lossy and one.code != _NO_COLUMNS
    ]


def _not_taken(place: str, name: str, made: _Gathered) -> None:
    """Name a file or sheet that was not read; where its name resembles that of a table the answer is not whole."""
    words = {*re.findall(r"[^\W\d_]+", name.casefold()), fold(name)}
    like = next(
        (
            table
            for table, told in tables().items()
            for one in map(fold, told["files"])
            if one in words or fold(name).startswith(one)
        ),
        None,
    )
    if like is None:
        made.notes.append(f"{place} was not read: its name is that of no table.")
        return
    made.contracts_unread |= like == "contracts"
    told = issue("E541.file", place, table=like, names=", ".join(tables()[like]["files"]))
    if told not in made.issues:
        made.issues.append(told)


def _note_twins(made: _Gathered) -> None:
    """Name equal rows: of things all count; a contract counts once, for its number is its own, and so does a budget."""
    seen: dict[Asset, list[str]] = {}
    for asset in made.assets:
        seen.setdefault(replace(asset, id="", at=""), []).append(asset.at)
    twins = [places for places in seen.values() if len(places) > 1]
    for places in twins[:_SHOWN]:
        made.notes.append(f"Equal rows of assets, which all count: {_listed(places)}.")
    if len(twins) > _SHOWN:
        made.notes.append(f"{len(twins) - _SHOWN} more groups of rows of assets are equal; all count.")
    _note_same_contracts(made)
    _note_same_capacity(made)


def _note_same_contracts(made: _Gathered) -> None:
    kept: dict[Contract, Contract] = {}
    numbered: dict[tuple[str, str], list[Contract]] = {}
    for contract in made.contracts:
        spelt = replace(
            contract, id="", at="", number=_compared(contract.number), agency=_words(contract.agency),
            legal_entity=firm_key(contract.legal_entity), sites=tuple(map(_words, contract.sites)),
            modification="", changed_on=None,
        )  # fmt: skip
        first = kept.setdefault(spelt, contract)
        if first is not contract:
            other = "" if first.number == contract.number else f", there written {first.number}"
            made.notes.append(
                f"{contract.at} is the same as {first.at}: the contract {contract.number}{other} counts once."
            )
            came = contract.changed_on is None or made.as_of is None or contract.changed_on <= made.as_of
            if came and first.modification and _later(contract, first):
                # a state that came back is as late as it came last
                kept[spelt] = replace(
                    first, modification=contract.modification, changed_on=contract.changed_on
                )
            continue
    for spelt, contract in kept.items():
        numbered.setdefault((spelt.number, contract.kind), []).append(contract)
    counts = {one.id: one for one in kept.values()}
    for (_, kind), rows in numbered.items():
        if len(rows) > 1 and all(one.modification for one in rows):
            for one in rows:
                del counts[one.id]
            counts[rows[0].id] = replace(_standing(rows, kind, made), id=rows[0].id)
        elif len(rows) > 1:
            names = " or ".join(dict.fromkeys(one.number for one in rows))
            made.notes.append(
                f"The {kind} {names} stands in several rows that differ, which all count: {_listed([one.at for one in rows])}."
            )
    made.contracts = sorted(counts.values(), key=lambda one: int(one.id[1:]))
    alike: dict[str, dict[str, Contract]] = {}
    for contract in made.contracts:
        spelt_number = _compared(contract.number)
        alike.setdefault(spelt_number.replace("-", ""), {}).setdefault(spelt_number, contract)
    for same in alike.values():
        if len(same) > 1:
            named = "; ".join(f"{one.number} ({one.at})" for one in list(same.values())[:_SHOWN])
            made.notes.append(
                f"Contracts whose numbers differ only in signs between digits, which all count: {named}. Where they are "
                "one, write its number alike."
            )


def _standing(rows: Sequence[Contract], kind: str, made: _Gathered) -> Contract:
    """Give the state of a contract that counts, of rows that each tell one; what does not count, or contradicts, is named.

    Rows of which none is surely the latest give the most that any of them says, in the second column.
    """
    to_come = [one for one in rows if made.as_of and one.changed_on and one.changed_on > made.as_of]
    if to_come and len(to_come) < len(rows):
        made.notes.append(
            f"{_listed([one.at for one in to_come])}: changes of the {kind} {rows[0].number} of a later day than "
            f"{made.as_of}; they do not count yet."
        )
        rows = [one for one in rows if one not in to_come]
    latest = [one for one in rows if not any(_later(other, one) for other in rows)] or list(rows)
    older = [one for one in rows if one not in latest]
    if older:
        newest = latest[0]
        made.notes.append(
            f"{_listed([one.at for one in older])}: earlier states of the {kind} {newest.number}, which counts as "
            f"{_listed([one.at for one in latest])} tells it (modification {newest.modification}); write its sum in one row "
            "where they add up."
        )
    if len(latest) == 1:
        return latest[0]
    made.notes.append(
        f"{_listed([one.at for one in latest])}: rows of the {kind} {latest[0].number} that contradict each other, and "
        "neither day nor modification says which is the latest: the most that any of them says counts, in the second "
        "column; correct what is wrong."
    )
    return _most(latest)


def _most(rows: Sequence[Contract]) -> Contract:
    """Join rows that contradict each other: the highest amounts, every day, the last end, and no limit that one row lacks."""
    first = rows[0]
    same = {
        name: len({getattr(one, name) for one in rows}) == 1
        for name in ("sites", "clauses", "legal_entity", "agency")
    }
    amounts = [(one.yearly.amount, one.yearly) for one in rows if one.yearly is not None]
    ends = [one.ends_on for one in rows]
    carried = [one.carries for one in rows if one.carries is not None]
    events = tuple(sorted({event for one in rows for event in one.events}, key=lambda one: (one[1], one[0])))
    return replace(
        first,
        carries=max(carried, key=lambda one: one.amount) if carried and len(events) == 1 else None,
        carries_from=first.carries_from if len(events) == 1 else None,
        yearly=max(amounts, key=lambda one: one[0])[1] if amounts else None,
        events=events,
        ends_on=None if None in ends else max(one for one in ends if one),
        sites=first.sites if same["sites"] else (),
        clauses=tuple(dict.fromkeys(clause for one in rows for clause in one.clauses)),
        legal_entity=first.legal_entity if same["legal_entity"] else "",
        must_keep=any(one.must_keep for one in rows),
        doubtful=STATE,
    )


def _note_same_capacity(made: _Gathered) -> None:
    """Count equal rows once, so that a row pasted twice is no second budget; name rows of one month that add up."""
    kept: dict[Capacity, Capacity] = {}
    for row in made.capacity:
        first = kept.setdefault(replace(row, at="", region=_words(row.region), skill=_words(row.skill)), row)
        if first is not row:
            made.notes.append(
                f"{row.at} is the same as {first.at} and counts once; where both are meant, write one row with their sum."
            )
    made.capacity = list(kept.values())
    if made.of_months:
        made.notes.append(
            "What stands in these rows of capacity is taken for each of their months, not for all of them together: "
            f"{_listed(made.of_months)}."
        )
    if made.of_quarters:
        made.notes.append(
            f"Each month of a quarter has a third of what its row says: {_listed(made.of_quarters)}."
        )
    adding: dict[tuple[str, str, str], list[Capacity]] = {}
    for row in made.capacity:
        if row.what != "closed":
            adding.setdefault((row.what, _words(row.region), _words(row.skill)), []).append(row)
    for (what, *_), rows in adding.items():
        rows.sort(key=lambda one: (one.first, one.last))
        over = [pair for pair in pairwise(rows) if pair[1].first <= pair[0].last]
        if over:
            places = list(dict.fromkeys(row.at for pair in over for row in pair))
            made.notes.append(f"Rows of {what} for the same months add up: {_listed(places)}.")


def _listed(places: Sequence[str]) -> str:
    more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
    return "; ".join(places[:_SHOWN]) + more


def _row(
    table: str,
    at: str,
    cells: Mapping[str, str | None],
    columns: Mapping[str, str],
    made: _Gathered,
    point: str,
) -> _Row:
    """Give a row by our names. Where two columns of one meaning are filled, a list holds both; of values that differ
    the first counts, or none where the table says that only one can be true."""
    known = tables()[table]["columns"]
    taken: dict[str, str | None] = {}
    headings: dict[str, str] = {}
    differ: list[tuple[str, str]] = []
    for heading, text in cells.items():
        name = columns.get(heading)
        if name is None:
            continue
        before = taken.get(name)
        if not (before or "").strip():
            taken[name], headings[name] = text, heading
        elif (text or "").strip() and known[name]["type"] == "list":
            taken[name] = f"{before};{text}"
        elif (text or "").strip() and known[name].get("single") and not _same(before, text):
            differ.append((name, heading))
    row = _Row(at, taken, headings, made.issues, point)
    for name, heading in differ:
        row.wrong(name, f"what “{heading}” says, which is taken to mean the same; neither counts")
        taken[name] = ""
    return _Row(at, taken, headings, made.issues, point) if differ else row


def _same(one: str | None, other: str | None) -> bool:
    """Tell whether two cells say the same, as text or as numbers."""
    first, second = (one or "").strip(), (other or "").strip()
    number = number_of(first)
    return first.casefold() == second.casefold() or (number is not None and number == number_of(second))


def _usable(table: str, place: str, columns: Mapping[str, str], made: _Gathered) -> bool:
    lacking = [name for name in tables()[table]["needs"] if name not in columns.values()]
    if lacking and table == "assets" and lacking == ["quantity"] and columns:
        note = f"{place} has no column of quantities: each row is one piece."
        if note not in made.notes:
            made.notes.append(note)
        return True
    if not lacking:
        return True
    made.contracts_unread |= table == "contracts"
    headings = tables()[table]["columns"]
    told = issue(
        "E541.columns", place, table=table,
        names=", ".join(f"“{headings[name]['headings'][0]}”" for name in lacking),
    )  # fmt: skip
    if told not in made.issues:
        made.issues.append(told)
    return False


def _day_in_words(text: str) -> date | None:
    """Read `30/06/2028`, `31.12.2026` and `01-Jul-2025`; `None` where day and month could change places."""
    try:
        told = written_day(text, loosely=False)
        return None if told is None else parse_day(told)
    except ValueError:
        return None


class _Row:
    """The cells of one row, read by name; what cannot be read becomes an issue."""

    def __init__(
        self,
        at: str,
        cells: Mapping[str, str | None],
        headings: Mapping[str, str],
        issues: list[ReadIssue],
        point: str,
    ) -> None:
        self.at = at
        #: The sign before a fraction in the amounts of the table, where one that can be read in one way shows it.
        self._point = point
        self._cells = {name: " ".join((text or "").split()) for name, text in cells.items()}
        self._raw = cells
        self._headings = headings
        self._issues = issues

    def __bool__(self) -> bool:
        return any(self._cells.values())

    def filled(self) -> set[str]:
        """Give the names of the cells that hold something."""
        return {name for name, text in self._cells.items() if text}

    def text(self, name: str, most: int = 300) -> str:
        return self._cells.get(name, "")[:most]

    def wrong(self, name: str, expected: str) -> None:
        heading = self._headings.get(name, name)
        at = f"{self.at}, column “{heading}”"
        self._issues.append(issue("E541.cell", at, text=self._cells.get(name, "")[:60], expected=expected))

    def list(self, name: str) -> tuple[str, ...]:
        """Give the parts of a cell, which semicolons or line breaks divide; nothing is cut off."""
        parts = re.split(r"[;\n\r\u2028]+", self._raw.get(name) or "")
        return tuple(text for part in parts if (text := " ".join(part.split())))

    def percent(self, name: str, text: str | None = None) -> Decimal | None:
        """Read a number of percent. A share such as 0.4 may be 40 percent of a formatted cell: it is not read."""
        text = self.text(name) if text is None else text
        if not text:
            return None
        found = number_of(text.removesuffix("%").strip())
        if found is None or found > _WHOLE or (0 < found <= 1 and not text.endswith("%")):
            self.wrong(
                name,
                "percent from 0 to 100, such as 40 or 40 %; 0.4 can be read in two ways, also from a cell formatted as "
                "percent: write it as text with the sign",
            )
            return None
        return found

    def number(
        self, name: str, *, expected: str = "a number that is not negative, such as 12.5"
    ) -> Decimal | None:
        text = self.text(name)
        if not text:
            return None
        found = number_of(text)
        if found is None:
            self.wrong(name, expected)
        return found

    def whole(self, name: str, most: int = MAX_UNITS) -> int | None:
        expected = f"a whole number from 0 to {most:,}"
        text = self.text(name)
        if not text:
            return None
        found = quantity_of(_DAYS.sub("", text) if name == "lead_days" else text)
        if found is None or found != int(found) or found > most:
            self.wrong(name, expected)
            return None
        return int(found)

    def money(self, name: str) -> Price | None:
        text = self.text(name)
        if not text:
            return None
        code = self.text("currency").upper()
        headed = headed_currency(self._headings.get(name, ""))[1]
        if code and not _CURRENCY.fullmatch(code):
            self.wrong("currency", "a code of three letters, such as USD")
            return None
        read = money_of(text, self._point)
        if read is None or not 0 <= read[0] <= MAX_MONEY:
            self.wrong(
                name,
                f"an amount that is not negative and no more than {MAX_MONEY:,}, such as 1250.00; 1,234 can be read in two "
                "ways where no other amount of the table, such as 1,250.00, shows which: write 1234",
            )
            return None
        amount, told = read
        # a code goes before a sign that may be its own
        said = [one for one in (code, headed, told) if one]
        said.sort(key=lambda one: is_sign_of(one, "") is not None)
        for one in said[1:]:
            if one != said[0] and not is_sign_of(one, said[0]):
                self.wrong(name, f"an amount in {said[0]}, as the column of the currency or the heading says")
                return None
        return Price(amount, said[0] if said else "")

    def day(self, name: str, text: str | None = None) -> date | None:
        text = self.text(name) if text is None else text
        if not text:
            return None
        told = _DAY.fullmatch(text)
        try:
            found = _day_in_words(text) if told is None else parse_day(told[1])
        except ValueError:
            found = None
        if found is None or not 1990 <= found.year <= 2199:
            self.wrong(name, "a day that exists, such as 2027-03-31; 03/04/2027 can be read in two ways")
            return None
        return found

    def days(self, name: str) -> tuple[date, ...]:
        """Read every day of a cell, whatever divides them; each once."""
        made: dict[date, None] = {}
        for text in self.list(name):
            # every part is a day or is named: none is passed over
            for part in _BETWEEN_DAYS.split(text):
                day = self.day(name, part)
                if day is not None:
                    made[day] = None
        return tuple(made)

    def quarter(self, name: str) -> int | None:
        """Give the first month of a quarter of a calendar year, such as `Q1 2027`; `None` for what is none."""
        told = _QUARTER.fullmatch(self.text(name))
        if told is None:
            return None
        year, number = int(told[2] or told[3]), int(told[1] or told[4])
        return year * 12 + 3 * (number - 1) if 1990 <= year <= 2199 else None

    def month(self, name: str, *, last: bool = False) -> int | None:
        """Read a month; of a quarter the first, or the last."""
        text = self.text(name)
        if not text:
            return None
        quarter = self.quarter(name)
        if quarter is not None:
            return quarter + (2 if last else 0)
        day = _DAY.fullmatch(text)
        # a cell with a date, shown as a month, holds the first day of it
        try:
            written = day[1] if day is not None else written_day(text, loosely=False) or text
        except ValueError:
            written = text
        found = _MONTH.fullmatch(written.removesuffix("-01") if written.count("-") > 1 else written)
        if found is None or not 1 <= int(found[2]) <= 12 or not 1990 <= int(found[1]) <= 2199:
            self.wrong(name, "a month, such as 2027-01")
            return None
        return int(found[1]) * 12 + int(found[2]) - 1

    def truth(self, name: str, absent: bool, wrong: bool) -> bool:
        text = self.text(name).casefold()
        if not text:
            return absent
        if text not in _TRUTH:
            self.wrong(name, "yes or no")
            return wrong
        return _TRUTH[text]


def _asset(row: _Row, made: _Gathered) -> None:
    if _words(row.text("finding") or row.text("item") or row.text("site")) in _totals():
        made.notes.append(f"{row.at} adds up other rows by its words: it is no thing and is left out.")
        return
    units = row.whole("quantity") if row.text("quantity") else (None if "quantity" in row._headings else 1)
    hours = row.number("hours")
    if hours is not None and hours > MAX_HOURS:
        row.wrong("hours", f"a number from 0 to {MAX_HOURS:,}")
        hours = None
    cost = row.money("unit_cost")
    if cost is not None and cost.amount * (units or 1) > MAX_MONEY:
        row.wrong(
            "unit_cost", f"an amount that comes to no more than {MAX_MONEY:,} for all pieces of the row"
        )
        cost = None
    if units == 0 and row.text("finding"):
        made.notes.append(
            f"{row.at} says that there are 0 pieces of what was found ({row.text('finding')}): how many there are is not known, "
            "and they are not priced. What is gone is judged in its case."
        )
        units = None
    if cost is not None and not cost.amount:
        made.notes.append(f"{row.at} says that replacing one piece costs 0; it is counted as written.")
    made.assets.append(
        Asset(
            f"A{len(made.assets) + 1}",
            row.at,
            row.text("finding"),
            row.text("item"),
            units,
            row.text("site"),
            row.text("category"),
            row.text("legal_entity"),
            row.money("book_value"),
            cost,
            row.whole("lead_days", 3_650),
            None if hours is None else hours * 60,
            row.text("region"),
            row.text("skill"),
            row.text("after"),
            row.whole("parallel_months", 120) or 0,
            row.day("due_on"),
            cost_unread=cost is None and bool(row.text("unit_cost")),
        )
    )


def _contract(row: _Row, made: _Gathered) -> None:
    if _is_total(row):
        made.notes.append(f"{row.at} adds up other rows by its words: it is no contract and is left out.")
        return
    number = row.text("number") or f"(no number, {row.at})"
    clauses = tuple(one for one in row.list("clauses") if _words(one) not in _without_clauses())
    whose = _whose(row, number, clauses, made)
    if whose is None:
        return
    kind, doubtful = whose
    award, ends = row.day("award_on"), row.day("ends_on")
    awarded = row.day("awarded_on")
    events = [("award", award)] if award else []
    events += [("option", day) for day in row.days("option_on")]
    events += [("renewal", day) for day in row.days("renewal_on")]
    yearly = row.money("value_per_year")
    if yearly is not None and not yearly.amount:
        made.notes.append(f"{row.at} says that a year of {number} brings 0; it is counted as written.")
    start = awarded or award
    potential = row.day("potential_end")
    carries: Price | None = None
    carries_from: date | None = None
    if yearly is None and not row.text("value_per_year"):
        yearly = _spread(row, start, ends, made)
    if ends and start and ends < start:
        row.wrong("ends_on", f"a day from {start.isoformat()} on, when it begins")
        ends = None
    if ends and potential and potential > ends and not events:
        made.notes.append(
            f"{number} ({row.at}) runs to {ends.isoformat()}, and with its options to {potential.isoformat()}: an option is "
            "taken to stand on the first of these days and to carry it to the second; write option days in a column of "
            "their own where they differ."
        )
        carries, carries_from = _by_options(row, made), ends + timedelta(days=1)
        events, ends = [("option", ends)], potential
    late = [day for _, day in events if ends and day > ends]
    if late:
        made.notes.append(
            f"{number} ({row.at}) ends on {ends}, before {', '.join(map(str, late))}, on which it is awarded or goes on; that "
            "day counts nevertheless: correct what is wrong."
        )
    sites = row.list("sites")
    if any(_words(site) in _no_site() for site in sites):
        sites = ()
    if not sites:
        made.notes.append(f"{number} ({row.at}) names no sites: it is taken to reach the whole company.")
    made.contracts.append(
        Contract(
            f"C{len(made.contracts) + 1}",
            row.at,
            number,
            kind,
            row.text("agency"),
            yearly,
            clauses,
            awarded,
            tuple(sorted(events, key=lambda one: (one[1], one[0]))),
            ends,
            row.text("legal_entity"),
            sites,
            row.truth("must_keep", absent=False, wrong=False),
            WHOSE if doubtful else "",
            row.text("modification"),
            row.day("changed_on"),
            carries,
            carries_from,
        )
    )


def _whose(row: _Row, number: str, clauses: Sequence[str], made: _Gathered) -> tuple[str, bool] | None:
    """Give the kind of a row of contracts, and whether nothing in it says that it is of a government.

    What its clauses say goes before a word for a private customer: under one a subcontract may stand that carries them.

    Returns:
        `None` where the row is of no government; it is named.
    """
    told = row.text("kind")
    kind = _kinds().get(_words(told)) if told else _CONTRACT
    if kind is not None and kind != _OTHER_KIND:
        return kind, False
    listed = bool(clauses)
    agency = row.text("agency")
    if kind == _OTHER_KIND and not listed and made.agencies.chains(agency)[0]:
        made.issues.append(
            issue(
                "E541.cell",
                row.at,
                text=told[:60],
                expected=f"contract, grant or licence, since {agency[:60]} is an agency",
            )
        )
        made.notes.append(
            f"{number} ({row.at}) is said to be of no government ({told[:40]}), and names {agency[:60]}: it counts as one of the "
            "government only in the second column; correct what is wrong."
        )
        return _CONTRACT, True
    if kind == _OTHER_KIND and not listed:
        made.notes.append(
            f"{number} ({row.at}) is said to be of no government ({told[:40]}): no rule is asked about it."
        )
        return None
    if kind == _OTHER_KIND:
        made.notes.append(
            f"{number} ({row.at}) is said to be of no government ({told[:40]}), and lists clauses: it is taken for a contract of "
            "the government, or under one, because of its clauses; where they are none of a government, leave them out."
        )
        return _CONTRACT, False
    made.notes.append(
        f"{row.at}: {told[:40]!r} does not say whose contract it is. "
        + (
            "It is taken for a contract of the government, because of its clauses; "
            if listed
            else "It counts as one of the government only in the second column; "
        )
        + "write contract, grant, licence or other."
    )
    return _CONTRACT, not listed


def _by_options(row: _Row, made: _Gathered) -> Price | None:
    """Give what all options bring: the value with them less that without, where both stand in the row."""
    whole, now = row.money("potential_value"), row.money("total_value")
    if whole is None or now is None or whole.currency != now.currency or whole.amount <= now.amount:
        return None
    made.notes.append(f"{row.at}: its options bring its potential value less its current one.")
    return Price(whole.amount - now.amount, whole.currency)


def _is_total(row: _Row) -> bool:
    """Tell whether a row of contracts adds up others: the cell that names it says so, or it holds nothing but amounts."""
    named = row.text("number") or row.text("agency")
    columns = tables()["contracts"]["columns"]
    amounts = {name for name, column in columns.items() if column["type"] == "money"} | {"currency"}
    return bool({_words(named), _words(row.text("kind"))} & _totals()) or row.filled() <= amounts


def _spread(row: _Row, start: date | None, ends: date | None, made: _Gathered) -> Price | None:
    """Give a year's part of a value that is told for all years."""
    total = row.money("total_value")
    if total is None or start is None or ends is None or ends <= start:
        return None
    days = (ends - start).days + 1
    made.notes.append(f"{row.at}: the value of a year is the total value times {_YEAR_DAYS}/{days} days.")
    return Price(total.amount * _YEAR_DAYS / days, total.currency)  # rounded when it is multiplied


def _capacity(row: _Row, made: _Gathered) -> None:
    what = row.text("what").casefold()
    if what not in _WHAT:
        row.wrong("what", ", ".join(_WHAT))
        return
    region, skill = row.text("region"), row.text("skill")
    # a row that was not read still says that there is a cap: without it there would be more than it allowed
    nothing = Capacity(row.at, what, 0, 0, region=region, skill=skill)
    first = row.month("first")
    if first is None:
        if not row.text("first"):
            row.wrong("first", "a month, such as 2027-01")
        made.capacity.append(nothing)
        return
    in_quarter = row.quarter("first") is not None
    last = row.month("last", last=True) if row.text("last") else row.month("first", last=True)
    if last is None and row.text("last"):
        if what != "closed":
            made.capacity.append(nothing)
            return
        last = _LAST_MONTH
    last = first if last is None else last
    if last < first:
        row.wrong("last", "a month that is not before the first")
        made.capacity.append(nothing)
        return
    hours, amount = row.number("hours"), row.money("amount")
    if in_quarter:
        # money and hours of a quarter are not those of each of its months
        hours = None if hours is None else hours / 3
        amount = (
            None
            if amount is None
            else Price((amount.amount / 3).quantize(_CENT, ROUND_DOWN), amount.currency)
        )
        made.of_quarters.append(row.at)
    elif last > first and what != "closed":
        made.of_months.append(row.at)
    share = row.percent("share")
    if share is None and row.text("share"):
        made.capacity.append(nothing)
        return
    made.capacity.append(
        Capacity(
            row.at,
            what,
            first,
            last,
            amount,
            row.truth("carry_over", absent=True, wrong=False),
            _WHOLE if share is None else share,
            # whole minutes: never more than there are
            int((hours or Decimal(0)) * 60),
            region,
            skill,
        )
    )


def _assumption(row: _Row, made: _Gathered) -> None:
    if category_key(row.text("category")) == DISCOUNT:
        share = row.percent("typical")
        if share is not None:
            _assume(row, Assumption(DISCOUNT, Price(share), source=row.text("source"), at=row.at), made)
        return
    typical = row.money("typical")
    if typical is None:
        if row.text("category") and not row.text("typical"):
            made.notes.append(
                f"{row.at}: no typical figure for {row.text('category')}; nothing is priced by this row."
            )
        return
    low, high = row.money("low"), row.money("high")
    if (low and low.amount > typical.amount) or (high and high.amount < typical.amount):
        row.wrong("typical", "a figure between the low and the high one")
        return
    _assume(
        row,
        Assumption(
            row.text("category"), typical, low, high, row.whole("year", 2199), row.text("source"), at=row.at
        ),
        made,
    )


def _assume(row: _Row, told: Assumption, made: _Gathered) -> None:
    denied = next((one for one in made.assumptions if one.denies(told)), None)
    if denied is not None:
        row.wrong(
            "typical", f"the figure of {denied.at}, which is of the same category; neither prices anything"
        )
    made.assumptions.append(told)


def _rate(row: _Row, made: _Gathered) -> None:
    first, second, rate, day = (
        row.text("from").upper(),
        row.text("to").upper(),
        row.number("rate"),
        row.day("on"),
    )
    for name, code in (("from", first), ("to", second)):
        if not _CURRENCY.fullmatch(code):
            row.wrong(name, "a code of three letters, such as USD")
            return
    if rate is None and row.text("rate"):
        return
    if rate is None or not _LEAST_RATE <= rate <= 1 / _LEAST_RATE:
        row.wrong("rate", f"a number from {_LEAST_RATE:f} to {1 / _LEAST_RATE:f}")
        return
    if first == second:
        row.wrong("to", f"another currency than {first}")
        return
    if day is None:
        if not row.text("on"):
            row.wrong("on", "the day of the rate; a rate without a day converts nothing")
        return
    told = Rate(first, second, rate, day, row.text("source"), row.at)
    denied = next((one for one in made.rates if one.denies(told)), None)
    if denied is not None:
        row.wrong(
            "rate",
            f"the rate of {denied.at}, which is of the same day and pair; nothing is converted with either",
        )
    made.rates.append(told)


def _progress(row: _Row, made: _Gathered) -> None:
    done = row.whole("done")
    if done is None:
        if not row.text("done"):
            row.wrong("done", "a whole number")
        return
    finding = row.text("finding")
    before = made.progress.setdefault(finding, done)
    if finding in made.progressed:
        made.notes.append(
            f"{row.at} and {made.progressed[finding]} say how many of {finding} are replaced so far: the larger number counts."
        )
    made.progressed[finding] = row.at
    made.progress[finding] = max(before, done)


_TAKE: Mapping[str, Callable[[_Row, _Gathered], None]] = {
    "assets": _asset, "contracts": _contract, "capacity": _capacity, "assumptions": _assumption, "rates": _rate,
    "progress": _progress,
}  # fmt: skip
