"""What hangs on the finding ids of an earlier scan, carried over to the ids of a new one over the same inputs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from proscribe.model.codec import CodecError
from proscribe.model.errors import error
from proscribe.model.findings import Finding
from proscribe.model.results import Scan
from proscribe.model.scan_reading import ScanDocument, read_scan

_Key = TypeVar("_Key", bound=Hashable)
_ID = re.compile(r"\bf_[0-9a-f]{20}\b")


@dataclass(frozen=True, slots=True)
class Lost:
    """A finding of the earlier scan that has no counterpart in the new one.

    Attributes:
        id: its id in the earlier scan.
        at: input, sheet and record, in words.
        why: why it could not be carried, in words.
    """

    id: str
    at: str
    why: str


@dataclass(frozen=True, slots=True)
class CarryOver:
    """Ids of an earlier scan and what they are in the new one.

    Attributes:
        ids: earlier id to new id; no two earlier ids share a new one.
        lost: earlier findings without a counterpart, in the order of the earlier scan.
    """

    ids: Mapping[str, str]
    lost: tuple[Lost, ...]


def carried(old: ScanDocument, new: ScanDocument) -> CarryOver:
    """Find for each finding of an earlier scan its counterpart in a new one; nothing is guessed.

    An id that the new scan has too stays. In an input with the same bytes, the same sheet, record, entity and role are the
    same finding. Elsewhere record id, serial number and site with entity and role decide, where they name one finding on
    each side.
    """
    earlier, later = list(old.scan.findings), list(new.scan.findings)
    present = {finding.id for finding in later}
    ids = {finding.id: finding.id for finding in earlier if finding.id in present}
    taken = set(ids)
    inputs, read = _inputs(new.scan), _inputs(old.scan)
    by_place = _by_key(later, lambda finding: _place(inputs, finding), taken)
    by_name = _by_key(later, _name, taken)
    twins = Counter(map(_name, earlier))
    known = set(inputs.values())
    why: dict[str, str] = {}
    waiting: list[Finding] = []
    for finding in earlier:
        if finding.id in ids:
            continue
        if read.get(finding.input) not in known:
            waiting.append(finding)
            continue
        matches = [one for one in by_place.get(_place(read, finding), []) if one.id not in taken]
        if len(matches) == 1 and _same_record(finding, matches[0]):
            ids[finding.id] = matches[0].id
            taken.add(matches[0].id)
        elif matches:
            why[finding.id] = "the record at this place has other contents or several such findings"
        else:
            why[finding.id] = "the new scan has no finding of this firm and role on this record"
    for finding in waiting:
        name = _name(finding)
        matches = [one for one in by_name.get(name, []) if one.id not in taken]
        if name is None:
            why[finding.id] = (
                "no input of the new scan has the same bytes, and the record has no id or serial number"
            )
        elif len(matches) == 1 and twins[name] == 1:
            ids[finding.id] = matches[0].id
            taken.add(matches[0].id)
        elif matches:
            why[finding.id] = "several findings have this record id, serial number, site, firm and role"
        else:
            why[finding.id] = (
                "the new scan has no finding with this record id, serial number, site, firm and role"
            )
    lost = tuple(
        Lost(finding.id, _words(old.scan, finding), why[finding.id])
        for finding in earlier
        if finding.id in why
    )
    return CarryOver(ids, lost)


def of_same_bytes(old: ScanDocument, new: ScanDocument) -> CarryOver:
    """Find the findings of an earlier scan that a new one calls otherwise, in inputs with the same bytes; nothing is lost by it.

    The same sheet and record, and the same firm and role, or the firm where the record holds one finding of it on each side.
    """
    later, earlier = list(new.scan.findings), list(old.scan.findings)
    present, kept = {one.id for one in later}, {one.id for one in earlier}
    inputs, read = _inputs(new.scan), _inputs(old.scan)
    ids: dict[str, str] = {}
    for role in (True, False):

        def at(read: Mapping[int, tuple[str, int]], one: Finding, role: bool = role) -> tuple[Hashable, ...]:
            return _place(read, one) if role else _place(read, one)[:-1]

        fresh = _by_key(later, partial(at, inputs), {*kept, *ids.values()})
        gone = _by_key(earlier, partial(at, read), {*present, *ids})
        for place, found in gone.items():
            matches = fresh.get(place, [])
            if place[0] is not None and len(found) == len(matches) == 1:
                ids[found[0].id] = matches[0].id
    return CarryOver(ids, ())


def _inputs(scan: Scan) -> dict[int, tuple[str, int]]:
    """Give for each input that was read its digest, and the how-manieth input with this digest it is."""
    seen: dict[str, int] = {}
    made = {}
    for item in scan.inputs:
        if item.sha256:
            seen[item.sha256] = seen.get(item.sha256, 0) + 1
            made[item.index] = (item.sha256, seen[item.sha256])
    return made


def _place(inputs: Mapping[int, tuple[str, int]], finding: Finding) -> tuple[Hashable, ...]:
    locator = finding.locator
    return inputs.get(finding.input), locator.sheet, locator.row, finding.entity, finding.role


def _name(finding: Finding) -> Hashable | None:
    serial = finding.details.serial_number
    if not finding.record_id and not serial:
        return None
    return finding.record_id, serial, finding.details.site, finding.entity, finding.role


def _by_key(
    findings: Iterable[Finding], key: Callable[[Finding], _Key], taken: set[str]
) -> dict[_Key, list[Finding]]:
    made: dict[_Key, list[Finding]] = {}
    for finding in findings:
        if finding.id not in taken:
            made.setdefault(key(finding), []).append(finding)
    return made


def _same_record(old: Finding, new: Finding) -> bool:
    """Tell whether two records at one place of the same bytes are one: a reader may count records otherwise than before."""
    return (
        old.record_id is None
        or old.record_id == new.record_id
        or old.record_id in {text for _, text in new.record}
    )


def _words(scan: Scan, finding: Finding) -> str:
    sheet = f", sheet {finding.locator.sheet!r}" if finding.locator.sheet is not None else ""
    record = f" ({finding.record_id})" if finding.record_id else ""
    return f"{scan.inputs[finding.input].path}{sheet}, {finding.locator.words}{record}"


@dataclass(frozen=True, slots=True)
class CarriedText:
    """A file of people's decisions with the ids of a new scan in it.

    Attributes:
        text: the file; everything but the ids is as it was.
        carried: ids that were replaced or stay.
        lost: ids that stand in the file unchanged since nothing takes their place; `at` is a line of the file.
    """

    text: str
    carried: int
    lost: tuple[Lost, ...]


def carried_text(text: str, old: ScanDocument, new: ScanDocument) -> CarriedText:
    """Write the ids of a new scan into a file that names findings of an earlier one, such as a layer or a file of facts."""
    carry = carried(old, new)
    present = {finding.id for finding in new.scan.findings}
    why = {item.id: f"{item.why} ({item.at})" for item in carry.lost}
    lost: list[Lost] = []
    made: list[str] = []
    count = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        for name in dict.fromkeys(_ids_in(line)):
            if name in carry.ids or name in present:
                count += 1
            else:
                lost.append(
                    Lost(name, f"line {number}", why.get(name, "the earlier scan has no such finding"))
                )
        made.append(_ID.sub(lambda found: carry.ids.get(found.group(), found.group()), line))
    return CarriedText("".join(made), count, tuple(lost))


def _ids_in(line: str) -> Iterator[str]:
    # What stands behind a comment sign decides nothing.
    for found in _ID.finditer(line.split(" #", 1)[0] if not line.lstrip().startswith("#") else ""):
        yield found.group()


def carry_over_file(path: str | Path, old: str | Path, new: str | Path) -> CarriedText:
    """Carry a file over, from the JSON of an earlier scan to that of a new one. Nothing is written.

    Raises:
        InputError: E102 when a file cannot be read, E157 when one is not the JSON of a scan.
    """
    text = _bytes(path).decode("utf-8", "surrogateescape")
    return carried_text(text, _document(old), _document(new))


def _bytes(path: str | Path) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as problem:
        raise error("E102.could_not_be_opened", at=path, strerror=problem.strerror or problem) from problem


def _document(path: str | Path) -> ScanDocument:
    content = _bytes(path)
    try:
        return read_scan(content, str(path))
    except CodecError as problem:
        raise error("E157.handed_over", name=path, why=problem) from None
