"""Reports of a case: a run of it as people judged its findings, in the formats that a scan is written in."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from proscribe.app.case.case_law import has_scan, newest_scan
from proscribe.app.case.original_rows import kept_file
from proscribe.app.papers.as_judged import as_judged, judged_in, with_judgements, with_who_said
from proscribe.app.papers.document_case import clocks_of
from proscribe.app.papers.organisation import answers_for
from proscribe.app.scan.api import ScanResult
from proscribe.app.scan.reading_process import open_apart
from proscribe.app.scan.scan_answers import GIVEN_BACK, SCAN_FORMATS, not_given_back, write_scan
from proscribe.app.settings.file_rules import options_of
from proscribe.casework.findings import FindingFilter
from proscribe.model.casework import CaseFile
from proscribe.model.errors import error
from proscribe.model.findings import Band
from proscribe.model.kept_findings import kept_scan
from proscribe.model.results import FindingDecision, Scan, ScanOptions
from proscribe.rules.duty_words import as_clocks_stand

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.readers import Reading, Source

#: What a report is for people, by the format of a scan.
REPORTS: Mapping[str, str] = {
    "html": "everything on one page, which opens in any browser and prints",
    "xlsx": "your own workbooks and lists as Excel files, each row with what was found",
    "csv": "your own lists as CSV, each row with what was found",
    "json": "everything, for other programs",
}
#: In an archive of several files: what is not among them.
NOT_GIVEN_BACK = "not given back.txt"

#: Called with the bytes of inputs that were written, and of all.
Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Counted:
    """The findings of a case in one band.

    Attributes:
        found: as the scans have them; those that the knowledge sets aside are among them.
        judged_aside: those of them that judgements set aside; the law and reports count the others.
        raised: those of the others that the law and reports count as confirmed, since somebody judged that they are what
            they say; none of what is confirmed.
        left: how many the law and reports count in this band.
    """

    found: int
    judged_aside: int
    raised: int
    left: int


def counted(cases: Cases, file: CaseFile) -> dict[str, Counted]:
    """Count the findings of a case, by band, the surest first; all bands are named."""
    return cases.store.remembered(
        file.case.id, ("counted", cases.today(file)), lambda: _counted(cases, file), size=lambda _: 1_000,
        version=file.case.version,
    )  # fmt: skip


def _counted(cases: Cases, file: CaseFile) -> dict[str, Counted]:
    store, case_id = cases.store, file.case.id
    said = judged_in(cases, file)
    aside, same = said.aside.keys(), said.same.keys() - said.aside.keys()
    found = dict(store.facets(case_id).counts["band"])
    judged: dict[Band, frozenset[str]] = {
        one: frozenset(store.chosen(case_id, FindingFilter(band=(one.value,), judged=True)).ids)
        if aside or same
        else frozenset()
        for one in Band
    }
    raised = {one: len(same & judged[one]) if one is not Band.CONFIRMED else 0 for one in Band}
    made = {}
    for one in sorted(Band, key=lambda one: -one.rank):
        number, less = found.get(one.value, 0), len(aside & judged[one])
        more = sum(raised.values()) if one is Band.CONFIRMED else -raised[one]
        made[one.value] = Counted(number, less, raised[one], number - less + more)
    return made


def scan_as_judged(cases: Cases, file: CaseFile) -> Scan:
    """Give the newest scan of a case as people judged its findings; it names what the case holds beside it.

    Raises:
        CaseError: E424 when the case holds no scan.
    """
    found = newest_scan(cases, file, reading=kept_scan)
    if found is None:
        raise error("E424.no_scan", at=file.case.id)
    about = " · ".join(filter(None, (answers_for(cases), f"{file.case.id} {file.case.title}".strip())))
    scan, judged = replace(found[1], about=about), judged_in(cases, file)
    beside = cases.store.facets(file.case.id).total - len(scan.findings)
    made = with_judgements(scan, judged) if scan.decided is None else as_judged(scan, judged, cases.decider)
    made = _with_clocks(with_who_said(made, judged), file)
    if beside <= 0:
        return made
    told = (
        f"{beside:,} more finding{' of the case is' if beside == 1 else 's of the case are'} not in this report: of earlier "
        "runs, or taken from what was read as talk alone."
    )
    return replace(made, not_checked=(told, *made.not_checked))


def _with_clocks(scan: Scan, file: CaseFile) -> Scan:
    """Give a scan with what is due as the clocks of the case stand."""
    met, running = clocks_of(file)
    if scan.decided is None or not (met or running):
        return scan
    made: dict[int, FindingDecision] = {}  # findings of which the same was said share it
    for one in scan.decided.by_finding.values():
        if id(one) not in made:
            said = tuple(as_clocks_stand(each, met, running) for each in one.determinations)
            made[id(one)] = replace(one, determinations=said)
    decided = {name: made[id(one)] for name, one in scan.decided.by_finding.items()}
    return replace(scan, decided=replace(scan.decided, by_finding=decided))


def refuse_report(file: CaseFile, form: str) -> None:
    """Refuse what is no report, or one of a case without a scan, before a job is begun.

    Raises:
        UsageError: E192.
        CaseError: E424.
    """
    if form not in REPORTS:
        raise error("E192.report", at="form", fmt=form[:40], formats=", ".join(REPORTS))
    if not has_scan(file):
        raise error("E424.no_scan", at=file.case.id)


def write_report(
    cases: Cases, file: CaseFile, form: str, folder: Path, tick: Tick = lambda _done, _of: None
) -> Path:
    """Write a report of a case into an empty folder; several files become one archive, which names what is not in it.

    Raises:
        UsageError: E192 when there is no such report; E194 and E197 as `write_scan`.
        CaseError: E424 when the case holds no scan, or none of its files is kept and the report gives them back.
        InputError: E195, E196 and E198 for files that cannot be given back.
    """
    refuse_report(file, form)
    scan = scan_as_judged(cases, file)
    sources, lost = _sources(cases, scan)
    if form in GIVEN_BACK and not sources:
        raise error("E424.no_files", at=file.case.id, case=file.case.id)
    told = ScanResult(scan, sources, options_of(scan.options or ScanOptions()))
    opened = _opener(told, tick)
    if form not in GIVEN_BACK:
        (made,) = write_scan(told, form, folder / f"{file.case.id}{SCAN_FORMATS[form].suffix}", opened=opened)
        return made
    target = folder / "files"
    target.mkdir()
    files = write_scan(told, form, target, opened=opened)
    left = {**lost, **dict.fromkeys(not_given_back(scan, form), "it has no table to write answers beside")}
    if len(files) == 1 and not left:
        return files[0]
    return _archive(folder / f"{file.case.id}-{form}.zip", files, left)


def _sources(cases: Cases, scan: Scan) -> tuple[tuple[Source, ...], dict[str, str]]:
    """Give the inputs that are kept, and why each of the others is not."""
    held: list[Source] = []
    lost: dict[str, str] = {}
    for one in scan.inputs:
        if one.reader == "none" or not one.sha256:
            lost[one.path] = "it was not read"
            continue
        source, why = kept_file(cases, one.path, one.sha256)
        if source is None:
            lost[one.path] = why
        else:
            held.append(source)
    return tuple(held), lost


def _opener(told: ScanResult, tick: Tick) -> Callable[[Source], Reading]:
    """Open an input again in a process of its own, and tell how far the report is."""
    done, of = 0, sum(one.size_bytes for one in told.sources)

    def opened(source: Source) -> Reading:
        nonlocal done
        tick(min(done, of), of)
        done += source.size_bytes
        return open_apart(source, told.options)

    return opened


def _archive(place: Path, files: list[Path], left: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in files:
            archive.write(one, one.name)
        if left:
            archive.writestr(NOT_GIVEN_BACK, "".join(_lines(left)))
    return place


def _lines(left: Mapping[str, str]) -> Iterator[str]:
    yield "These files were handed in and are not in this archive:\r\n\r\n"
    for path, why in left.items():
        yield f"{' '.join(path.split())}: {why}\r\n"
