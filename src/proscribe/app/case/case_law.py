"""The law about what the scans of a case found: what is still to be asked, and what is answered in place.

An answer is stated for what the question applies to (the company, a site, things of one kind there, one finding), as a filled
questionnaire states it. All that stands in the case is put to the law again under it, as one scan, and attached to the case.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from proscribe.app.case.handed_in import WHERE, said_to_be_used, stated_in_words
from proscribe.app.case.standing_lists import made_run, standing_runs, standing_scan, with_lists_of
from proscribe.app.papers.as_judged import decided_as_judged, judged_in
from proscribe.app.papers.document_case import moment_of
from proscribe.app.rules.facts_file import (
    Stated,
    answers_of,
    carried_over,
    case_facts,
    stated_again,
    unmeant,
    without,
)
from proscribe.app.rules.finding_facts import refuse_where_they_meet
from proscribe.app.rules.questions import questionnaire
from proscribe.app.rules.scan_decide import Ready
from proscribe.casework.commands.checks import facts_of
from proscribe.model.canonical import pretty_json
from proscribe.model.casework import CaseFile, RunRecord, StoredDetermination
from proscribe.model.codec import CodecError
from proscribe.model.errors import ProscribeError, error
from proscribe.model.kept_findings import kept_scan
from proscribe.model.results import Scan, StatedFact
from proscribe.model.scan_reading import read_record, read_scan
from proscribe.model.scan_writing import scan_text
from proscribe.readers.base import Source
from proscribe.rules.acts import ACT
from proscribe.rules.facts import PLACE_FACT

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.reports.questions import Questionnaire


#: Findings that only name vendors, by the digests of the scans in which they stand; of so many scans.
_MOST_KNOWN = 8
_vendor_lines: dict[tuple[str, ...], frozenset[str]] = {}
#: Where what a situation states is said to stand.
_ABOUT = "what the case is about"


def has_scan(file: CaseFile) -> bool:
    """Tell whether a case holds a scan that the program made."""
    return bool(file.made_runs)


def not_put(file: CaseFile) -> RunRecord | None:
    """Give the newest run with lists that stand in the case of which the law was not asked: what they hold is in no answer."""
    said = file.determination()
    if said is None or not said.run_ids:
        return None
    return next((run for run in reversed(standing_runs(file)) if run.id not in said.run_ids), None)


def answered_scan(cases: Cases, file: CaseFile, *, of: str = "") -> Scan | None:
    """Give the scan that the newest determination is of; `None` where it is of none, or of one that is not taken today.

    Args:
        of: a finding: of the others only those of its record are given.
    """
    said = file.determination()
    # of a scan that was put together the determination names those of which it is, too: they were taken in before
    run = next((one for one in reversed(file.runs) if said is not None and one.id in said.run_ids), None)
    if run is None:
        return None
    try:
        content = cases.store.blob(run.scan_sha256)
        return read_record(content, of) if of else read_scan(content, run.id).scan
    except CodecError:  # the first release took scans that are not taken today
        return None


def _whole(content: bytes, name: str) -> Scan:
    return read_scan(content, name).scan


def newest_scan(
    cases: Cases, file: CaseFile, *, reading: Callable[[bytes, str], Scan] = _whole
) -> tuple[RunRecord, Scan] | None:
    """Give the newest reading of each list of a case as one scan, with the newest run; `None` where the case holds no scan.

    It was put to the law where that was done since the last of these lists was taken in.

    Args:
        reading: reads its content, under a name, where one run holds all; whole by default.

    Raises:
        CaseError: E442 when a scan can no longer be read.
    """
    runs = standing_runs(file)
    if len(runs) > 1:
        return file.made_runs[-1], standing_scan(cases, file, runs, answered_scan(cases, file))
    return scan_of_run(cases, runs[0], reading=reading) if runs else None


def scan_of_run(
    cases: Cases, run: RunRecord, *, reading: Callable[[bytes, str], Scan] = _whole
) -> tuple[RunRecord, Scan]:
    """Give the scan of one run; see `newest_scan`."""
    try:
        return run, reading(cases.store.blob(run.scan_sha256), run.id)
    except CodecError as problem:
        raise error("E442.scan", at=run.id, why=str(problem)[:300]) from None


def vendors_among(cases: Cases, file: CaseFile, ids: Collection[str]) -> int:
    """Count those of some findings that are names of firms in lists of vendors, and no things.

    Args:
        ids: of findings of the case.

    Raises:
        CaseError: E442 when a scan can no longer be read.
    """
    from proscribe.reports.scan.determinations import vendor_lines

    scans = tuple(run.scan_sha256 for run in standing_runs(file))
    lines = _vendor_lines.get(scans)  # another request may drop it meanwhile
    if lines is None:  # a scan of many findings takes seconds to be read
        found = newest_scan(cases, file, reading=kept_scan)
        lines = vendor_lines(found[1]) if found is not None else frozenset()
        while len(_vendor_lines) >= _MOST_KNOWN:
            _vendor_lines.pop(next(iter(_vendor_lines), ()), None)
        _vendor_lines[scans] = lines
    return len(lines.intersection(ids))


def open_questions(cases: Cases, file: CaseFile) -> Questionnaire | None:
    """Give what people still have to say, as findings were judged; `None` where no scan of the case was put to the law."""

    def judged() -> Scan | None:
        if not file.made_runs:
            return None
        # of one that was not put to the law nothing else is asked
        scan = scan_of_run(cases, file.made_runs[-1], reading=kept_scan)[1]
        return (
            decided_as_judged(scan, judged_in(cases, file), cases.decider)
            if scan.decided is not None
            else None
        )

    return questions_of_newest(cases, file, judged)


def questions_of_newest(
    cases: Cases, file: CaseFile, judged: Callable[[], Scan | None]
) -> Questionnaire | None:
    """Give what `open_questions` does, chosen once while the case stays as it is.

    Args:
        judged: gives the newest scan as findings were judged; `None` where it was not put to the law.
    """
    return cases.store.remembered(
        file.case.id, ("questions", cases.today(file), cases.law_stamp), lambda: _open_questions(cases, judged),
        size=lambda made: 4 * len(repr(made)), version=file.case.version,
    )  # fmt: skip


def _open_questions(cases: Cases, judged: Callable[[], Scan | None]) -> Questionnaire | None:
    scan = judged()
    return None if scan is None else questionnaire(scan, cases.decider)


def put_to_the_law(
    cases: Cases,
    case_id: str,
    *,
    by: str,
    company: Mapping[str, Any] | None = None,
    answers: Sequence[tuple[str, str, str]] = (),
    run_id: str = "",
    version: int | None = None,
    stated_at: datetime | None = None,
) -> CaseFile:
    """Put all that stands in a case to the law, under what was stated before and what is stated now, and attach it as one scan.

    What was stated for the scan that the law was asked about last counts for lists that were taken in since.

    Args:
        company: facts of the whole company, by name; they are stated with what is found in mind.
        answers: fact, what it applies to, and the answer in people's words; `?` is not known.
        run_id: the one run that is put, alone; what else the case holds is then told beside the answer.
        version: of the case that was looked at.

    Raises:
        CaseError: E422 the case has changed since; E423 it has no such run; E424 it holds no scan; E401 to E412 on what is
            stated, and nothing is kept then.
    """
    file = cases.case(case_id)
    found = scan_of_run(cases, made_run(file, run_id)) if run_id else newest_scan(cases, file)
    if found is None:
        raise error("E424.no_scan", at=case_id)
    run, made = anew(cases, file, found, company=company, answers=answers)
    return cases.attach(
        case_id, scan_text(made).encode(), f"{run.id}, put to the law", by=by, version=version, stated_at=stated_at
    )  # fmt: skip


def anew(
    cases: Cases,
    file: CaseFile,
    found: tuple[RunRecord, Scan],
    *,
    company: Mapping[str, Any] | None = None,
    answers: Sequence[tuple[str, str, str]] = (),
) -> tuple[RunRecord, Scan]:
    """Give `found`, the newest scan of a case, as the law decides it under further answers, and keep nothing.

    Args:
        company, answers: see `put_to_the_law`.
    """
    run, scan = found
    country = stated_country(file)
    if company is not None and country:
        # what the case is about may name another nation, whose law is asked then
        company = {PLACE_FACT: country, **company}
    with TemporaryDirectory(prefix="proscribe-") as folder:
        named = []
        if company:
            content = pretty_json({"title": "Stated in the workbench", "facts": dict(company)})
            named.append(_source(Path(folder, "company.json"), _ABOUT, content))
        if of_lists := stated_in_words(
            said_to_be_used(cases.store, file, scan), _stated_of_lists(cases, file, scan, answers)
        ):
            named.append(_source(Path(folder, "lists.yml"), WHERE, of_lists))
        ready = Ready.of(named, knowledge=cases.knowledge, known_as_of=scan.known_as_of, answers=answers)
    if company:
        # a place in a file that nobody wrote says nothing to whoever reads a contradiction
        said = (
            replace(item, at=_ABOUT) if item.at.startswith(f"{_ABOUT}:") else item
            for item in ready.stated.statements
        )
        ready = replace(ready, stated=replace(ready.stated, statements=tuple(said)))
    ready = ready.with_answers_of(scan, f"what was stated in {file.case.id} before", same_contract=True)
    for before in _answered_before(cases, file, scan) if scan.decided is None else ():
        ready = ready.with_answers_of(before, f"what was answered in {file.case.id}", same_contract=True)
    return run, ready.decide(scan)


def _stated_of_lists(
    cases: Cases, file: CaseFile, scan: Scan, answers: Sequence[tuple[str, str, str]]
) -> set[str]:
    """Give the lists of which somebody stated what is done with their things, or could not say: nothing is said for them."""
    stated = {applies_to for fact, applies_to, _ in answers if fact == ACT}
    for one in (scan, answered_scan(cases, file)):
        if one is not None and one.decided is not None:
            told = (*one.decided.stated, *one.decided.not_known)
            stated |= {item.applies_to for item in told if item.fact == ACT}
    return stated


def _answered_before(cases: Cases, file: CaseFile, scan: Scan) -> Iterator[Scan]:
    """Give the scans for which people stated what counts for a scan, too: that of the newest answer, then its own parts.

    What was stated for one list stays on that list.
    """
    of_scans = {one.scan_sha256 for one in scan.readings}
    before = [answered_scan(cases, file)]
    before += [scan_of_run(cases, run)[1] for run in reversed(file.made_runs) if run.scan_sha256 in of_scans]
    for one in before:
        if one is not None and one.decided is not None:
            yield with_lists_of(one, scan)


def ask_the_law(
    cases: Cases, case_id: str, *, by: str, version: int, run_id: str = "", stated_at: datetime | None = None
) -> CaseFile:
    """Put a case to the law anew: the lists that stand in it, where the law was asked about some, else the facts of the case.

    Facts of the case speak of no finding. Where somebody stated some that were not stated for the scan, they are not left out
    in silence: they answer alone, or are refused where they say less than the findings.

    Args:
        run_id: see `put_to_the_law`; it is put whatever was asked before.

    Raises:
        CaseError: E422 the case has changed since; E424 the facts of the case say less than the findings of its scan.
    """
    file = cases.case(case_id)
    if run_id:
        return put_to_the_law(cases, case_id, by=by, run_id=run_id, version=version, stated_at=stated_at)
    scan = _put_before(cases, file)
    if scan is not None and scan.decided is not None:
        stated = {(one.fact, one.value) for one in scan.decided.stated if one.applies_to == "company"}
        own = {(name, unmeant(value)) for name, value in case_facts(file.case).items() if name != PLACE_FACT}
        if own <= stated:
            return put_to_the_law(cases, case_id, by=by, version=version, stated_at=stated_at)
    return cases.decide(case_id, by=by, version=version, stated_at=stated_at)


def stated_last(cases: Cases, file: CaseFile) -> tuple[StatedFact, ...]:
    """Give what was stated for the scan that the law was asked about last.

    Raises:
        CaseError: E424 the law was asked about no scan of the case.
    """
    scan = _put_before(cases, file)
    if scan is None or scan.decided is None:
        raise error("E424.no_scan", at=file.case.id)
    return tuple(scan.decided.stated)


def corrected_by(
    cases: Cases, file: CaseFile, asked: Questionnaire
) -> Mapping[tuple[str, str], tuple[str, str, date | None]]:
    """Give what lists were read as that somebody corrected, who did, and on which day, by the fact and what it applies to.

    It is who put the case to the law for the first time since when it was always decided so.
    """
    told: dict[tuple[str, str], tuple[str, str, date | None]] = {}
    for said, finding in asked.corrected:
        at = (said.fact, said.applies_to)
        told[at] = (said.note, "somebody", None)
        for one in reversed(file.determinations):
            found = json.loads(cases.store.blob(one.sha256)).get("findings") or {}
            decided_on = (found.get(finding) or {}).get("decided_on") or {}
            if decided_on.get(said.fact) != said.value:
                break
            told[at] = (said.note, one.author, moment_of(one.decided_at, file).date())
    return told


def stated_for(cases: Cases, file: CaseFile, one: StoredDetermination) -> tuple[StatedFact, ...]:
    """Give what was stated for the scan that a determination is of; nothing where it is of none that is taken today."""
    run = next((run for run in reversed(file.runs) if run.id in one.run_ids), None)
    if run is None:
        return ()
    try:
        scan = read_scan(cases.store.blob(run.scan_sha256), run.id).scan
    except CodecError:
        return ()
    return (*scan.decided.stated, *scan.decided.not_known) if scan.decided is not None else ()


def stated_country(file: CaseFile) -> str:
    """Give the code of the nation that a case was opened for; empty where nobody said one."""
    return str(facts_of(file).get(PLACE_FACT, ""))


def refused(cases: Cases, case_id: str, answers: Sequence[tuple[str, str, str]]) -> dict[int, ProscribeError]:
    """Give what cannot be taken of answers, by the place of each, from 0, before anything is asked under them.

    An answer that contradicts what was stated before of other things, and is not said anew with it, is none.

    Args:
        answers: see `put_to_the_law`.

    Raises:
        CaseError: E423 no such case; E424, E442 see `newest_scan`.
    """
    decider = cases.decider
    read: dict[int, Stated] = {}
    problems = {}
    for place, one in enumerate(answers):
        try:
            read[place] = answers_of([one], "the answers", decider.law, decider.firms, decider.purposes)
        except ProscribeError as problem:
            problems[place] = problem
    scan = _put_before(cases, cases.case(case_id))
    if scan is not None and scan.decided is not None:
        before = stated_again(scan.decided, decider.law, decider.firms, decider.purposes)
        left = without(before, read.values())
        for place, stated in read.items():
            try:
                whole = carried_over(stated, left, f"what was stated in {case_id}", same_contract=True)
                refuse_where_they_meet(scan, whole, stated, decider)
            except ProscribeError as problem:
                problems[place] = problem
    return problems


def _put_before(cases: Cases, file: CaseFile) -> Scan | None:
    """Give the scan that the law was asked about last; `None` where it was not asked."""
    found = newest_scan(cases, file)
    return found[1] if found is not None and found[1].decided is not None else answered_scan(cases, file)


def _source(path: Path, name: str, content: str) -> Source:
    """Write what was stated, to be read under a name that says something to whoever stated it."""
    path.write_text(content, encoding="utf-8")
    return Source(name, path, path.stat().st_size)
