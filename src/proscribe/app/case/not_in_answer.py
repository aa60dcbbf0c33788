"""What a case holds that its newest answer is not about: what a list no longer says, what was taken in since, or read otherwise.

The law is asked about the newest reading of each list. What an earlier one found and the newest does not show bears on what may
be signed until people say what became of it; so do lists that were read with other knowledge, and all others where somebody
put one run alone to the law. An answer begins with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from proscribe.app.case.cases import Cases
from proscribe.app.papers.as_judged import Judged, decided_as_judged
from proscribe.app.papers.document_scans import ScansOf, aged_scans, dicts, newest_scans
from proscribe.model.answers import NOTHING, Answer, Said, Signable
from proscribe.model.casework import CaseFile
from proscribe.model.decisions import Outcome
from proscribe.model.errors import CaseError
from proscribe.model.results import Scan
from proscribe.reports.scan.determinations import Saying
from proscribe.wording.shown import counted

_FILES_NAMED = 3


def with_others(
    cases: Cases, file: CaseFile, answer: Answer, about: frozenset[str], judged: Judged
) -> Answer:
    """Give an answer that begins with what else the case holds, and counts it against what may be signed.

    Args:
        answer: of one scan of the case.
        about: ids of the findings of that scan, and of those that people set aside.
        judged: what people judged.
    """
    beside = set(file.case.finding_ids) - about
    if not beside:
        return answer
    held = ScansOf(cases, file)
    others: dict[str, Mapping[str, Any]] = {}
    files: dict[str, None] = {}
    ids_of: dict[str, set[str]] = {}
    runs = {run.scan_sha256: run.id for run in file.runs}
    settled = {name: one.proved for name, one in judged.aside.items()}
    for scan in (*newest_scans(file, held, of_case=True), *aged_scans(file, held, settled)):
        paths = {one.get("index"): str(one.get("path")) for one in dicts(scan["value"].get("inputs"))}
        for one in dicts(scan["value"].get("findings")):
            name = str(one.get("id"))
            if name not in beside or name in others or name in judged.aside:
                continue
            others[name] = one
            files[paths.get(one.get("input"), "")] = None
            ids_of.setdefault(runs[scan["sha256"]], set()).add(name)
    if not others:
        return answer
    asked = [
        found
        for run, ids in ids_of.items()
        if (found := _answer(cases, held.scan(run), ids, judged)) is not None
    ]
    line, note = _words(others, list(files))
    return replace(
        answer,
        outcome=min([line.outcome, answer.outcome], key=lambda one: one.rank),
        said=(line, *(one for one in answer.said if one.words != NOTHING)),
        signable=_together([answer, *asked]),
        notes=(note, *answer.notes),
    )


def _answer(cases: Cases, scan: Scan, ids: set[str], judged: Judged) -> Answer | None:
    """Give what the law said of some findings of an older scan; `None` where it was not asked."""
    if scan.decided is None:
        return None
    kept = {name: one for name, one in scan.decided.by_finding.items() if name in ids}
    if not kept:
        return None
    # findings without a decision stay: a part and its product speak of each other
    some = replace(scan, decided=replace(scan.decided, by_finding=kept))
    with suppress(CaseError):  # what was judged contradicts what was stated: what the law said stands
        some = decided_as_judged(some, judged, cases.decider)
    return Saying(some).answer


def _words(others: Mapping[str, Mapping[str, Any]], files: Sequence[str]) -> tuple[Said, str]:
    """Say in one line what is not in the answer, and in a note why, and what the law said of it when it was asked."""
    counts = Counter(str(one.get("outcome") or "") for one in others.values())
    outcomes = [one for one in Outcome if counts[one.value]]
    told = [f"{counts[one.value]:,} {one.value.replace('_', ' ')}" for one in outcomes]
    unasked = len(others) - sum(counts[one.value] for one in outcomes)
    if unasked:
        told.append(f"{unasked:,} never put to it")
    number, count = len(others), len(files)
    more = f" and {count - _FILES_NAMED:,} more" if count > _FILES_NAMED else ""
    worst = outcomes[0] if outcomes and outcomes[0] is Outcome.PROHIBITED else Outcome.UNDETERMINED
    are, stand = ("is", "stands") if number == 1 else ("are", "stand")
    findings = f"{counted(number, 'finding')} of {counted(count, 'file')}"
    line = Said(worst, f"{findings} {are} not in this answer, and {stand} against what may be signed")
    return line, (
        f"{findings} ({', '.join(files[:_FILES_NAMED])}{more}) {are} not in this answer, whose scan does not show them. "
        f"The law said before: {', '.join(told)}. They are of lists that no longer show them, that were read with other "
        "knowledge, or that were not put to the law with these."
    )


def _together(answers: Sequence[Answer]) -> tuple[Signable, ...]:
    """Add up what stands against each statement."""
    found: dict[Any, Signable] = {}
    for one in (one for answer in answers for one in answer.signable):
        had = found.get(one.signing)
        found[one.signing] = (
            one
            if had is None
            else replace(
                had,
                forced_by=had.forced_by + one.forced_by,
                open=had.open + one.open,
                of_things=had.of_things or one.of_things,
            )
        )
    return tuple(found.values())
