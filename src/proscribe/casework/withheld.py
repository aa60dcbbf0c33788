"""What earlier scans of a store read that no scan of a case reads: lists by name and folder, months, sheets and members."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from proscribe.casework import content, tables
from proscribe.casework.organisation import Read, family, undated
from proscribe.casework.scan_tables import PART_BYTES
from proscribe.wording.shown import counted

_STATEMENT = b'"statement":'
#: A folder of a month or of a day.
_NUMBERED = re.compile(r"[0-9]{1,2}")
_PARTS = re.compile(r"[\\/]+")
#: A reader whose inputs hold one table.
_ONE_TABLE = ("", "tabular")

_Name = tuple[str, ...]


def withheld(conn: sa.Connection, case_id: str, read: Sequence[Read]) -> Iterator[str]:
    """Yield in words what the newest earlier reading of each list read and no scan of a case does.

    Lists of one name in several folders are several. Those that differ in days and months alone are one series, of which
    the next ones take the place of the last as long as there are as many.
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
    told: dict[str, str] = {}
    for (_, seq, name), inputs in scans.items():
        free = {path: _parts(path) for path in mine.get(name, {})}
        keys = _keys(inputs)
        for key, one in sorted(
            zip(keys, inputs, strict=True), key=lambda pair: (pair[1].path not in free, pair[1].path)
        ):
            path = _counterpart(one.path, key, free)
            free.pop(path, None)
            if newest[key] != (one.as_of, seq):
                continue
            when = f"read as of {one.as_of} in {one.case_id}"
            if not path:
                told[one.path] = f"{one.path}, {counted(one.records, 'record')}, {when}"
            elif one.reader not in _ONE_TABLE:
                for sheet in _missing(sheets_of(one), sheets_of(mine[name][path])):
                    told[f"{one.path} {sheet}"] = f"“{sheet}” of {one.path}, {when}"
    yield from (told[key] for key in sorted(told))


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


def _missing(theirs: Sequence[str], mine: Sequence[str]) -> list[str]:
    """Name the sheets of an input that its counterpart lacks; what is the only one may be called anything."""
    if len(theirs) < 2:
        return []
    free = Counter(map(_of_sheet, mine))
    gone = []
    for sheet in sorted(theirs, key=lambda one: (one not in mine, one)):
        if free[_of_sheet(sheet)]:
            free[_of_sheet(sheet)] -= 1
        else:
            gone.append(sheet)
    return gone


def _of_sheet(name: str) -> str:
    return " ".join(map(undated, _PARTS.split(name)))


def _sheets(conn: sa.Connection, kept: dict[str, dict[str, list[str]]], one: Read) -> list[str]:
    """Name the tables of an input, of which a workbook and an archive have several, as the statement of the scan tells them."""
    if one.scan not in kept:
        kept[one.scan] = {
            str(told.get("name")): [str(table.get("sheet") or "") for table in told.get("tables") or ()]
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
