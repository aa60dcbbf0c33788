"""Putting a case to the law by a job, for faces that do not wait for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from proscribe.app.background import jobs
from proscribe.app.case.case_law import has_scan, refused
from proscribe.app.rules.asking import facts_of_situation
from proscribe.model.errors import error
from proscribe.model.jobs import Job, LawJob, Stated

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases


def ask_by_job(
    cases: Cases,
    case_id: str,
    *,
    by: str,
    answers: Sequence[Stated] = (),
    situation: str = "",
    knowledge: Sequence[str] = (),
) -> Job:
    """Have the newest scan of a case put to the law by a job; the same asked twice is one job.

    Args:
        by: who says so.
        situation: what the case is about, by its id (`asking.situations`); empty where that was said before.
        knowledge: another snapshot or source folder, then layers.

    Raises:
        CaseError: E423 no such case; E424 it holds no scan.
        CaseError: E401 to E406 on the first answer that cannot be taken.
        UsageError: E546 no such situation.
    """
    if situation:
        facts_of_situation(situation)  # says so where there is none of that id
    if not has_scan(cases.case(case_id)):
        raise error("E424.no_scan", at=case_id)
    for problem in refused(
        cases, case_id, [(one.fact, one.applies_to, one.answer) for one in answers]
    ).values():
        raise problem
    spec = LawJob(case_id, by, tuple(answers), situation, tuple(knowledge))
    return jobs.submit(cases.store, spec, by=by, once=True)
