"""What other scans of a store read that no scan of a case reads: lists by name, folder and content, months, sheets, records."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from proscribe.casework import content, tables
from proscribe.casework.organisation import Read, family, undated
from proscribe.casework.scan_tables import PART_BYTES
from proscribe.model.casework import is_whole
from proscribe.wording.shown import counted

_STATEMENT = b'"statement":'
#: A folder of a month or of a day.
_NUMBERED = re.compile(r"[0-9]{1,2}")
_PARTS = re.compile(r"[\\/]+")
#: A reader whose inputs hold one table.
_ONE_TABLE = ("", "tabular")

#: A scan that reads less than this part of the records of another says so, in hundredths.
_FEWER_THAN = 80
#: What a list of payments is called among kinds of tables: the next one holds others than the last.
_PAYMENTS = "purchases"
#: So many days from each other two readings of a list may lie and be compared.
_YEAR = 365

_Name = tuple[str, ...]
#: Name of a sheet, and what it is a list of.
_Sheet = tuple[str, str]
_SheetsOf = Callable[[Read], Sequence[_Sheet]]


def withheld(conn: sa.Connection, case_id: str, read: Sequence[Read]) -> Iterator[str]:
    """Yield in words what other readings of a year read and no scan of a case does, the newest of each list.

    Lists of one name in several folders are several, and so are lists of one name of which neither holds anything of the
    other. Those that differ in days and months alone are one series, of which the next ones take the place of the last as
    long as there are as many.
    """
    mine: dict[str, dict[str, Read]] = {}
    scans: dict[tuple[str, int, str], list[Read]] = {}
    for one in read:
        if one.case_id == case_id:
            mine.setdefault(family(one.path), {})[one.path] = one
        else:
            scans.setdefault((one.case_id, one.seq, family(one.path)), []).append(one)
    newest: dict[_Name, tuple[str, int]] = {}
    for inputs in scans.values():
        for key in _keys(inputs):
            newest[key] = max(newest.get(key, ("", 0)), (inputs[0].as_of, inputs[0].seq))
    sheets_of = partial(_sheets, conn, {})
    own = {path: one for held in mine.values() for path, one in held.items()}
    told: dict[str, str] = {}
    beside: dict[str, list[Read]] = {}
    for one, key, path in _placed(scans, mine):
        if path:
            beside.setdefault(path, []).append(one)
        if newest[key] == (one.as_of, one.seq):
            when = f"read as of {one.as_of} in {one.case_id}"
            several = bool(path) and one.reader not in _ONE_TABLE
            for sheet in _sheets_gone(one, own[path], sheets_of) if several else ():
                told[f"{one.path} {sheet}"] = f"“{sheet}” of {one.path}, {when}"
            if not path:
                told[one.path] = f"{one.path}, {counted(one.records, 'record')}, {when}"
    for one in read:
        if one.case_id == case_id and one is not own[one.path] and is_whole(one.path):
            beside.setdefault(one.path, []).append(one)
    for path, others in beside.items():
        for other in _other_lists(own[path], others, sheets_of):
            held = f"{counted(other.records, 'record')}, of which the {path} of this document holds nothing"
            told[f"{other.path}\n{other.sha256}"] = (
                f"{other.path}, {held if other.records else 'of which no record could be read'}, "
                f"read as of {other.as_of} in {other.case_id}"
            )
    yield from (told[key] for key in sorted(told))


def _placed(
    scans: Mapping[tuple[str, int, str], Sequence[Read]], mine: Mapping[str, Mapping[str, Read]]
) -> Iterator[tuple[Read, _Name, str]]:
    """Yield the inputs of other scans with folders and name, and the input of a case in the place of each; empty for none."""
    for (_, _, name), inputs in scans.items():
        free = {path: _parts(path) for path in mine.get(name, {})}
        pairs = zip(_keys(inputs), inputs, strict=True)
        for key, one in sorted(pairs, key=lambda pair: (pair[1].path not in free, pair[1].path)):
            path = _counterpart(one.path, key, free)
            free.pop(path, None)
            yield one, key, path


def shrunk(
    case_id: str, read: Sequence[Read], answered: Callable[[Read], bool] = lambda _: False
) -> Iterator[str]:
    """Yield the lists of which the newest scan of a case read many fewer records than another of a year did, in words.

    Args:
        read: what every scan of the store read.
        answered: tells of a reading that somebody approved a document over it since, and said why a later one read fewer.
    """
    scans: dict[tuple[int, str], list[Read]] = {}
    for one in read:
        scans.setdefault((one.seq, family(one.path)), []).append(one)
    newest = {name: inputs for (_, name), inputs in scans.items() if inputs[0].case_id == case_id}
    for name, mine in sorted(newest.items()):
        before = [
            inputs
            for (_, other), inputs in scans.items()
            if other == name and inputs is not mine and _within_a_year(inputs[0], mine[0])
        ]
        last = max(
            (inputs for inputs in before if answered(inputs[0])), key=lambda one: one[0].seq, default=None
        )
        most: dict[_Name, tuple[int, Read]] = {}
        for inputs in before:
            if inputs is last or not answered(inputs[0]):
                for key, count in _records(inputs, mine).items():
                    most[key] = max(
                        most.get(key, (-1, inputs[0])), (count, inputs[0]), key=lambda pair: pair[0]
                    )
        for key, (count, other) in most.items():
            now = sum(_records(mine, mine).values()) if key == () else _records(mine, mine)[key]
            if now * 100 < count * _FEWER_THAN:
                path = next(
                    one.path
                    for one, own in zip(reversed(mine), reversed(_keys(mine)), strict=True)
                    if key in ((), own)
                )
                yield f"{path} has {counted(now, 'record')}, and had {count:,} as of {other.as_of} in {other.case_id}"


def _records(inputs: Sequence[Read], like: Sequence[Read]) -> dict[_Name, int]:
    """Count the records of each list of a name, where another reading has the same ones; else of all of them together."""
    keys = _keys(inputs)
    if set(keys) != set(_keys(like)):
        return {(): sum(one.records for one in inputs)}
    counts: Counter[_Name] = Counter()
    for key, one in zip(keys, inputs, strict=True):
        counts[key] += one.records
    return counts


def _within_a_year(one: Read, other: Read) -> bool:
    return abs((one.attached - other.attached).days) <= _YEAR


def _other_lists(mine: Read, others: Sequence[Read], sheets_of: _SheetsOf) -> Iterator[Read]:
    """Yield the newest readings of a year under the name of a list that are of no earlier state of it.

    One that holds something of the list, or of a state of it, is such a state. Nothing shows that of what was not read at
    all, but for its whole path and its bytes. Of payments the next list holds others than the last, as it should.
    """
    left = sorted(
        (one for one in others if one.sha256 != mine.sha256 and _within_a_year(one, mine)),
        key=lambda one: (one.as_of, one.seq),
        reverse=True,
    )
    known = mine.marks
    while grown := [one for one in left if not known.isdisjoint(one.marks)]:
        known = known.union(*(one.marks for one in grown))
        left = [one for one in left if one not in grown]
    seen: set[str] = set()
    for one in left:
        unread = not one.records and not (one.path == mine.path and is_whole(one.path))
        another = bool(one.records and one.marks and mine.marks) and not _of_payments(sheets_of(one))
        if (unread or another) and seen.isdisjoint({one.sha256, *one.marks}):
            seen |= {one.sha256, *one.marks}
            yield one


def _of_payments(sheets: Sequence[_Sheet]) -> bool:
    return bool(sheets) and all(kind == _PAYMENTS for _, kind in sheets)


def _parts(path: str) -> _Name:
    """Give the folders and the name of a path without days and months; a folder that is nothing else is left out."""
    *folders, name = _PARTS.split(path)
    return (*filter(None, (undated(one) for one in folders if not _NUMBERED.fullmatch(one))), family(name))


def _keys(inputs: Sequence[Read]) -> list[_Name]:
    """Give the paths of inputs of one name, without the folders that all of them are in."""
    paths = [_parts(one.path) for one in inputs]
    shared = 0
    while all(len(one) > shared + 1 and one[shared] == paths[0][shared] for one in paths):
        shared += 1
    return [one[shared:] for one in paths]


def _counterpart(path: str, key: _Name, free: Mapping[str, _Name]) -> str:
    """Give the input in the place of an earlier one, in the same folders as far as both are told; empty for none."""
    if path in free:
        return path
    return next(
        (
            other
            for other, parts in free.items()
            if all(a == b for a, b in zip(key[::-1], parts[::-1], strict=False))
        ),
        "",
    )


def _missing(theirs: Sequence[_Sheet], mine: Sequence[_Sheet]) -> list[str]:
    """Name the sheets of an input that its counterpart lacks; what is the only one may be called anything."""
    if len(theirs) < 2:
        return []
    names = {name for name, _ in mine}
    free = Counter(_of_sheet(name) for name, _ in mine)
    gone = []
    for sheet in sorted((name for name, _ in theirs), key=lambda one: (one not in names, one)):
        if free[_of_sheet(sheet)]:
            free[_of_sheet(sheet)] -= 1
        else:
            gone.append(sheet)
    return gone


def _sheets_gone(one: Read, mine: Read, sheets_of: _SheetsOf) -> list[str]:
    """Name the sheets of an input that its counterpart lacks, and those of which it holds nothing."""
    sheets = sheets_of(one)
    gone = _missing(sheets, sheets_of(mine))
    for number, (name, kind) in enumerate(sheets):
        marks = one.of_tables.get(number, mine.marks)
        if mine.marks and marks.isdisjoint(mine.marks) and kind != _PAYMENTS and name not in gone:
            gone.append(name)
    return gone


def _of_sheet(name: str) -> str:
    return " ".join(map(undated, _PARTS.split(name)))


def _sheets(conn: sa.Connection, kept: dict[str, dict[str, list[_Sheet]]], one: Read) -> list[_Sheet]:
    """Name the tables of an input and what each is a list of, as the statement of the scan tells them.

    A workbook and an archive have several.
    """
    if one.scan not in kept:
        kept[one.scan] = {
            str(told.get("name")): [
                (str(table.get("sheet") or ""), str(table.get("kind") or ""))
                for table in told.get("tables") or ()
            ]
            for told in _statement(conn, one.scan).get("predicate", {}).get("inputs", ())
        }
    return kept[one.scan].get(one.path, [])


def _statement(conn: sa.Connection, sha256: str) -> dict[str, Any]:
    """Read the statement near the end of a scan, without the findings before it; empty where it has none."""
    blobs = tables.blobs.c
    size = int(conn.execute(sa.select(blobs.size).where(blobs.sha256 == sha256)).scalar() or 0)
    length = PART_BYTES
    while size:
        length = min(length, size)
        end = content.cuts(conn, sha256, [(size - length, length)])[0]
        at = end.rfind(_STATEMENT)
        if at >= 0:
            text = end[at + len(_STATEMENT) :].decode().lstrip()
            value, _ = json.JSONDecoder().raw_decode(text)
            return value if isinstance(value, dict) else {}
        if length == size:
            break
        length *= 8
    return {}
