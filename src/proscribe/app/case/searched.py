"""What was searched, as the scans of a case tell it: with it a form begins, and whoever makes a document corrects it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from proscribe.model.casework import CaseFile, RunRecord, read_again
from proscribe.model.kept_findings import kept_scan
from proscribe.model.results import Scan, ScannedInput
from proscribe.wording.shown import visible

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases

#: Kinds of tables, as records of an inquiry call them; others are `other`.
_KINDS: Mapping[str, str] = {
    "equipment": "assets", "purchases": "ledger", "vendors": "ledger", "network": "network",
    "product_parts": "bill of materials", "offered": "offers", "supplier_statement": "supplier",
}  # fmt: skip
#: Lines with which a form begins, and letters of a name or a reason in them; what is beyond stands in the scans.
_MOST, _LONGEST = 200, 160


def searched_in(cases: Cases, file: CaseFile) -> dict[str, str]:
    """Give the fields of a form that scans fill: `searched`, `not_searched`, `from_on`, `to_on`; none that they leave empty.

    A file that a later scan read again is told once, as that one read it.
    """
    return cases.store.remembered(
        file.case.id, ("searched",), lambda: _searched_in(cases, file), size=lambda made: sum(map(len, made.values())),
        version=file.case.version,
    )  # fmt: skip


def _searched_in(cases: Cases, file: CaseFile) -> dict[str, str]:
    again = read_again(file.made_runs)
    read: list[str] = []
    unread: list[str] = []
    days: set[str] = set()
    for run in file.made_runs:
        scan = kept_scan(cases.store.blob(run.scan_sha256), run.id)
        for one in scan.inputs:
            if one.path in again.get(run.id, ()):
                continue
            if one.reader != "none" and one.records:
                read.append(_line(one, scan, run))
                days.add(scan.read_on(one.index))
            unread += _gaps(one)
    told = {
        "searched": "\n".join(dict.fromkeys(read[:_MOST])),
        "not_searched": "\n".join(dict.fromkeys(unread[:_MOST])),
        "from_on": min(days, default=""),
        "to_on": max(days, default=""),
    }
    return {name: text for name, text in told.items() if text}


def _line(one: ScannedInput, scan: Scan, run: RunRecord) -> str:
    kinds = dict.fromkeys(_KINDS.get(table.kind, "other") for table in one.tables)
    how = "scanned, in part" if any(issue.lossy for issue in one.issues) else "scanned, every row"
    return "; ".join(
        (_part(one.path), next(iter(kinds), "other"), how, _part(run.by), scan.read_on(one.index))
    )


def _gaps(one: ScannedInput) -> Iterator[str]:
    """Yield what of an input was not read: all of it, or how many places, with the first reason."""
    lossy = [issue for issue in one.issues if issue.lossy]
    if one.reader == "none" and (lossy or not one.issues):
        yield f"{_part(one.path)}; {_part(lossy[0].what if lossy else 'it is in no format that is read')}"
    elif lossy:
        places = f"{len(lossy):,} place{' was' if len(lossy) == 1 else 's were'} not read"
        yield f"{_part(one.path)}, in part; {places}: {_part(lossy[0].what)}"


def _part(text: str) -> str:
    """Write a text as a part of a line: semicolons part them."""
    return visible(text, _LONGEST).replace(";", ",").strip()
