"""Read the tables of a choice: assets, contracts, capacity, assumptions and rates, as people keep them.

A table is known by the name of its file or sheet, a column by its heading. A cell that cannot be read makes an issue with file,
row and column; its row stays, without that value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from proscribe.choice.gathering import Gathered
from proscribe.choice.headings import LEFT_OUT, PUBLIC_FIGURES, columns_of, fold, notes_on, table_of, tables
from proscribe.choice.input_row import row_of
from proscribe.choice.records import Inputs
from proscribe.choice.same_rows import note_same_rows
from proscribe.choice.taking import TAKE
from proscribe.model.agencies import Agencies
from proscribe.model.amounts import decimal_point
from proscribe.model.errors import InputError, error
from proscribe.model.observations import ReadIssue
from proscribe.readers import Options, Source, open_source
from proscribe.readers.issues import issue

#: Rows of all tables together; a plan over more is another program.
MAX_ROWS = 200_000
_SUFFIXES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet")
#: Files that may hold a table which is not read here; each is named.
_OTHER = (
    ".txt", ".tab", ".dat", ".numbers", ".fods", ".xltx", ".xml", ".mdb", ".accdb", ".gz", ".zip", ".db", ".sqlite",
)  # fmt: skip
#: What a scan says of a table without columns that it knows; ours are others.
_NO_COLUMNS = "E129"


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
    made = Gathered(agencies=agencies or Agencies(), as_of=as_of)
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
    note_same_rows(made)
    return Inputs(
        tuple(made.assets), tuple(made.contracts), tuple(made.capacity), tuple(made.assumptions), tuple(made.rates),
        made.progress, made.files, tuple(made.issues), tuple(made.notes),
        "none" if not made.contracts else "some" if made.contracts_unread else "all",
    )  # fmt: skip


def _read_file(path: Path, made: Gathered) -> None:
    of_file = table_of(path.stem)
    workbook = path.suffix.lower() not in (".csv", ".tsv", ".parquet")
    if of_file is None and not workbook:
        _not_taken(path.name, path.stem, made)
        return
    reading = open_source(Source(path.name, path, path.stat().st_size), Options())
    place_of: Callable[[int, int], int] | None = getattr(reading, "source_row", None)
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
                at = f"{place}, row {place_of(batch.table, number) if place_of is not None else number}"
                row = row_of(name, at, cells, columns, made, point)
                if row:
                    TAKE[name](row, made)
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


def _not_taken(place: str, name: str, made: Gathered) -> None:
    """Name a file or sheet that was not read, unless the program wrote it for people.

    Where its name resembles that of a table the answer is not whole.
    """
    if fold(name) in map(fold, (LEFT_OUT, PUBLIC_FIGURES)):
        return
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


def _usable(table: str, place: str, columns: Mapping[str, str], made: Gathered) -> bool:
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
