"""What was searched, as the scans of a case tell it: with it a form begins, and whoever makes a document corrects it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
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
    "product_parts": "bill of materials", "offered": "offers", "bought_to_sell": "ledger", "as_built": "offers",
    "supplier_statement": "supplier",
}  # fmt: skip
#: Lines with which a form begins, and letters of a name or a reason in them; what is beyond stands in the scans.
_MOST, _LONGEST = 200, 160
#: How the name of a file ends of which a part was not read.
_IN_PART = ", in part"


def searched_in(cases: Cases, file: CaseFile) -> dict[str, str]:
    """Give the fields of a form that scans fill: `searched`, `not_searched`, `from_on`, `to_on`; none that they leave empty.

    A file that a later scan read again is told once, as that one read it.
    """
    return cases.store.remembered(
        file.case.id, ("searched",), lambda: _searched_in(cases, file), size=lambda made: sum(map(len, made.values())),
        version=file.case.version,
    )  # fmt: skip


def _searched_in(cases: Cases, file: CaseFile) -> dict[str, str]:
    return _fields(_read_in(cases, file))


def searched_anew(
    cases: Cases, file: CaseFile, said: Mapping[str, str], since: datetime
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Bring what a person said of the search up to the scans that were attached since they said it.

    Lines of their own stay, and so do those of files that nobody read again; they took out what is missing among these.

    Args:
        said: fields of a form, as `searched_in` names them.

    Returns:
        The fields that change, and the names of the files that those scans read.
    """
    read = _read_in(cases, file)
    before = {sha256 for run in file.made_runs if run.attached_at <= since for _, sha256 in run.inputs}
    later = [
        one
        for one in read
        # What was put together reads nothing itself.
        if one.run.attached_at > since and not (one.run.of_scans and one.sha256 in before)
    ]
    if not later:
        return {}, ()
    anew, standing = {one.name for one in later}, {one.name for one in read}
    gone = {_part(path) for run in file.made_runs for path, _ in run.inputs} - standing
    told = _fields(later)
    made = {}
    for name in ("searched", "not_searched"):
        kept = [
            line
            for line in said.get(name, "").splitlines()
            if (of := line.partition(";")[0].strip().removesuffix(_IN_PART)) not in anew and of not in gone
        ]
        made[name] = "\n".join(dict.fromkeys([*kept, *told.get(name, "").splitlines()]))
    days = [day for day in (said.get("to_on", ""), told.get("to_on", "")) if day]
    made["to_on"] = max(days, default="")
    return made, tuple(sorted(anew))


@dataclass(frozen=True, slots=True)
class _Read:
    """What a form says of an input: its name, its line and day where records of it were read, and what of it was not read."""

    run: RunRecord
    sha256: str | None
    name: str
    line: str
    day: str
    gaps: tuple[str, ...]


def _read_in(cases: Cases, file: CaseFile) -> list[_Read]:
    again = read_again(file.made_runs)
    made = []
    for run in file.made_runs:
        scan = kept_scan(cases.store.blob(run.scan_sha256), run.id)
        for one in scan.inputs:
            if one.path in again.get(run.id, ()):
                continue
            read = one.reader != "none" and bool(one.records)
            line, day = (_line(one, scan, run), scan.read_on(one.index)) if read else ("", "")
            made.append(_Read(run, one.sha256, _part(one.path), line, day, tuple(_gaps(one))))
    return made


def _fields(read: Iterable[_Read]) -> dict[str, str]:
    held = list(read)
    days = {one.day for one in held if one.day}
    told = {
        "searched": "\n".join(dict.fromkeys([one.line for one in held if one.line][:_MOST])),
        "not_searched": "\n".join(dict.fromkeys([gap for one in held for gap in one.gaps][:_MOST])),
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
        yield f"{_part(one.path)}{_IN_PART}; {places}: {_part(lossy[0].what)}"


def _part(text: str) -> str:
    """Write a text as a part of a line: semicolons part them."""
    return visible(text, _LONGEST).replace(";", ",").strip()
