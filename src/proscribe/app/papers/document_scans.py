"""Scans as documents take them: read from files, or from a case as the newest word on each input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from proscribe.casework.effects import mapping_of
from proscribe.documents.repeats import band_rank
from proscribe.model.casework import CaseFile, read_again
from proscribe.model.codec import CodecError
from proscribe.model.errors import error
from proscribe.model.papers import ScanCameOut
from proscribe.model.results import Scan
from proscribe.model.scan_document import SCHEMA
from proscribe.model.scan_reading import NotWhole, read_scan
from proscribe.model.scan_writing import scan_value
from proscribe.readers.issues import TOLD_BESIDE

if TYPE_CHECKING:
    from proscribe.app.store.desk import Desk

_MAX_SCAN_BYTES = 512 * 1024 * 1024
_NOT_SHOWN = -2


def read_bounded(path: Path, most: int) -> bytes:
    """Read a whole file of at most `most` bytes.

    Raises:
        InputError: E465 when it cannot be read or is larger.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as problem:
        raise error("E465.unreadable", at=path, strerror=problem.strerror or problem) from None
    if len(data) > most:
        raise error("E465.too_large", at=path, most=most)
    return data


def scan_of_file(path: Path) -> dict[str, Any]:
    """Read a scan that is handed over as a file.

    Raises:
        InputError: E461, E465.
    """
    return _scan(path.name, read_bounded(path, _MAX_SCAN_BYTES))


def carried_ids(desk: Desk, file: CaseFile) -> dict[str, str]:
    """Give each earlier id of a finding of a case the id under which the case holds it since."""
    ids: dict[str, str] = {}
    for one in file.carried:
        mapping = mapping_of(desk.store.blob(one.sha256))
        ids = {**mapping, **{old: mapping.get(new, new) for old, new in ids.items()}}
    return ids


def _scan(name: str, content: bytes, ids: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """Read a scan; what was cut out of it cannot be weighed.

    Args:
        ids: earlier ids of findings and those by which they go here.

    Raises:
        InputError: E461 when it is none, or does not hold what it counts.
    """
    try:
        document = read_scan(content, name)
    except NotWhole as problem:
        raise error("E461.counts", at=name, why="; ".join(one.what for one in problem.faults[:3])) from None
    except CodecError as problem:
        raise error("E461.not_a_scan", at=name, scan_schema=SCHEMA, why=f": {problem}") from None
    value = scan_value(document.scan)
    for one in value["findings"]:
        one["id"] = ids.get(one["id"], one["id"])
    return {"value": value, "sha256": document.sha256}


class ScansOf(Mapping[str, dict[str, Any]]):
    """The scans of the runs of a case, by the id of the run: each is read when it is wanted, and once.

    Findings go by the ids under which the case holds them.

    Raises:
        InputError: E461 when one is none.
    """

    def __init__(self, desk: Desk, file: CaseFile) -> None:
        self._desk = desk
        self._ids = carried_ids(desk, file)
        self._digests = {run.id: run.scan_sha256 for run in file.runs}
        self._read: dict[str, dict[str, Any]] = {}

    def __getitem__(self, run: str) -> dict[str, Any]:
        if run not in self._read:
            self._read[run] = _scan(run, self._desk.store.blob(self._digests[run]), self._ids)
        return self._read[run]

    def scan(self, run: str) -> Scan:
        """Give the scan of a run as a record, with the ids under which the case holds its findings."""
        content = self._desk.store.blob(self._digests[run])
        scan = read_scan(content, run).scan
        ids = self._ids
        if not ids or scan.decided is None:
            return scan
        named = {ids.get(name, name): one for name, one in scan.decided.by_finding.items()}
        return replace(
            scan,
            findings=tuple(replace(one, id=ids.get(one.id, one.id)) for one in scan.findings),
            decided=replace(scan.decided, by_finding=named),
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._digests)

    def __len__(self) -> int:
        return len(self._digests)


def newest_scans(
    file: CaseFile, scans: Mapping[str, dict[str, Any]], *, of_case: bool
) -> list[dict[str, Any]]:
    """Give the newest run over each input; a run whose inputs were all read again later is left out.

    What is left of a run says nothing of an input that was read again later: that reading says it.

    Args:
        scans: those of the runs, by the id of the run.
        of_case: only the findings that the case is about.
    """
    again = _read_again(file)
    made = []
    for run in file.runs:
        stale = again[run.id]
        if all(path in stale for path, _ in run.inputs):
            continue
        scan = dict(scans[run.id])
        only = set(file.case.finding_ids) if of_case else None
        findings = [
            one for one in dicts(scan["value"].get("findings")) if only is None or one.get("id") in only
        ]
        scan["value"] = _without({**scan["value"], "findings": findings}, stale)
        made.append(scan)
    return made


def _read_again(file: CaseFile) -> dict[str, set[str]]:
    return read_again(file.runs)


def _without(value: Mapping[str, Any], stale: set[str]) -> dict[str, Any]:
    """Leave out of a scan what it says of some of its inputs; which inputs it read stays."""
    paths = {one.get("index"): one.get("path") for one in dicts(value.get("inputs"))}
    left = {
        name: [one for one in dicts(value.get(name)) if paths.get(one.get("input")) not in stale]
        for name in ("findings", "mentions")
    }
    if not stale:
        return {**value, **left}
    silent: dict[str, Any] = {"issues": [], "tables": []}
    said = value.get("not_checked")
    return {
        **value,
        **left,
        "inputs": [one | silent if one.get("path") in stale else one for one in dicts(value.get("inputs"))],
        "not_checked": [
            line
            for line in (said if isinstance(said, list) else [])
            if not any(str(line).startswith(f"{path}: ") for path in stale)
        ],
    }


def _told_beside(value: Mapping[str, Any], paths: set[str]) -> dict[Any, list[dict[str, Any]]]:
    """Give what a scan says of equipment beside the records of some of its inputs, by path."""
    return {
        one["path"]: [issue for issue in dicts(one.get("issues")) if issue.get("code") in TOLD_BESIDE]
        for one in dicts(value.get("inputs"))
        if one.get("path") in paths
    }


def _issue(one: Mapping[str, Any]) -> tuple[str, str]:
    return str(one.get("code")), str(one.get("what"))


def aged_scans(
    file: CaseFile, scans: Mapping[str, dict[str, Any]], settled: Mapping[str, bool]
) -> list[dict[str, Any]]:
    """Give older runs with what they found alone that the newest run over the input does not show, or not as surely.

    Such a finding stands until two people say what became of it: the thing may be gone, the export was shorter, or it
    was read otherwise. So does a record that names a firm, and a firm that is named beside the records, where the input was
    changed since: what a list no longer says was said. A report speaks of the findings of its case as they are.

    Args:
        scans: those of the runs, by the id of the run.
        settled: findings of which two people said so, and whether keys show it; names alone settle nothing that is confirmed.
    """
    again = _read_again(file)
    if not any(again.values()):
        return []
    shown: dict[str, int] = {}
    named: set[tuple[str, str]] = set()
    beside: set[tuple[str, str]] = set()

    def show(found: Iterable[Mapping[str, Any]], mentioned: Iterable[Mapping[str, Any]]) -> None:
        for one in found:
            name = str(one.get("id"))
            shown[name] = max(shown.get(name, _NOT_SHOWN), band_rank(one))
            named.add(_named(one))
        named.update(map(_named, mentioned))

    newest = {path: sha256 for run in file.runs for path, sha256 in run.inputs if path not in again[run.id]}
    for run in file.runs:
        read = {path for path, _ in run.inputs if path not in again[run.id]}
        show(*(_of_paths(scans[run.id]["value"], name, read) for name in ("findings", "mentions")))
        beside |= {
            _issue(one) for each in _told_beside(scans[run.id]["value"], read).values() for one in each
        }
    made = []
    for run in reversed(file.runs):
        stale = again[run.id]
        changed = {
            path for path, sha256 in run.inputs if path in stale and newest.get(path, sha256) != sha256
        }
        value = scans[run.id]["value"]
        gone = [
            one
            for one in _of_paths(value, "findings", stale)
            if band_rank(one) > shown.get(str(one.get("id")), _NOT_SHOWN) and not _is_settled(one, settled)
        ]
        unsaid = [one for one in _of_paths(value, "mentions", changed) if _named(one) not in named]
        told = _told_beside(value, changed)
        kept = {path: [one for one in issues if _issue(one) not in beside] for path, issues in told.items()}
        if gone or unsaid or any(kept.values()):
            show(gone, unsaid)
            beside |= {_issue(one) for issues in kept.values() for one in issues}
            bare = [
                {**one, "issues": kept.get(one.get("path"), [])}
                for one in dicts(value.get("inputs"))
                if one.get("path") in stale
            ]
            left = {
                "findings": gone,
                "mentions": unsaid,
                "not_checked": [],
                "blind_spots": [],
                "inputs": bare,
            }
            # Only what stands against an answer is left of it: nothing rests on it.
            made.append(
                {
                    **scans[run.id],
                    "value": {**value, **left},
                    "replay": {"outcome": ScanCameOut.REPLACED.value},
                }
            )
    return made


def _named(one: Mapping[str, Any]) -> tuple[str, str]:
    """Give the firm that a finding or mention names, and its record: by its id, or by all that it says."""
    return str(one.get("entity")), str(one.get("record_id") or one.get("record") or one.get("locator"))


def _is_settled(finding: Mapping[str, Any], settled: Mapping[str, bool]) -> bool:
    name = str(finding.get("id"))
    return name in settled and (settled[name] or finding.get("band") != "confirmed")


def _of_paths(value: Mapping[str, Any], name: str, wanted: set[str]) -> list[dict[str, Any]]:
    paths = {one.get("index"): one.get("path") for one in dicts(value.get("inputs"))}
    return [one for one in dicts(value.get(name)) if paths.get(one.get("input")) in wanted]


def dicts(value: Any) -> list[dict[str, Any]]:
    """Give the objects of a list; nothing where it is none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
