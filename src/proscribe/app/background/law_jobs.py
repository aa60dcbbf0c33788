"""Putting a case to the law by a job, for faces that do not wait for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from proscribe.app.background import jobs
from proscribe.app.case.case_law import has_scan, refused
from proscribe.app.case.standing_lists import made_run
from proscribe.app.rules.asking import facts_of_situation
from proscribe.app.rules.first_page import asked_lines, open_in_all, opened_since
from proscribe.model.answers import Follows, Taken
from proscribe.model.codec import parse, read
from proscribe.model.errors import error
from proscribe.model.jobs import Job, JobState, LawJob, Stated

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.reports.questions import Questionnaire

#: Lines of questions that answers brought in, told one by one.
_MOST_OPENED = 8


def ask_by_job(
    cases: Cases,
    case_id: str,
    *,
    by: str,
    answers: Sequence[Stated] = (),
    situation: str = "",
    knowledge: Sequence[str] = (),
    trial: bool = False,
    before: Questionnaire | None = None,
    run_id: str = "",
) -> Job:
    """Have all that stands in a case put to the law by a job; the same asked twice is one job.

    Args:
        by: who says so.
        situation: what the case is about, by its id (`asking.situations`); empty where that was said before.
        knowledge: another snapshot or source folder, then layers.
        trial: only say what would follow from the answers; see `followed`.
        before: what is open while the answers are given, so that the page can say what they did to it.
        run_id: the one run that is put, alone.

    Raises:
        CaseError: E423 no such case, or no such run in it; E424 it holds no scan.
        CaseError: E401 to E406 on the first answer that cannot be taken.
        UsageError: E546 no such situation.
    """
    if situation:
        facts_of_situation(situation)  # says so where there is none of that id
    file = cases.case(case_id)
    if not has_scan(file):
        raise error("E424.no_scan", at=case_id)
    if run_id:
        made_run(file, run_id)  # says so where there is none
    for problem in refused(
        cases, case_id, [(one.fact, one.applies_to, one.answer) for one in answers]
    ).values():
        raise problem
    was, asked = (open_in_all(before), asked_lines(before)) if before is not None else (0, ())
    spec = LawJob(case_id, by, tuple(answers), situation, tuple(knowledge), trial, was, asked, run_id)
    return jobs.submit(cases.store, spec, by=by, once=True)


def taken(job: Job, now: Questionnaire | None) -> Taken | None:
    """Say what came of the answers of a job that is done; `None` of another, and where nobody told it what was open before."""
    spec = job.spec()
    if job.state is not JobState.DONE or not isinstance(spec, LawJob) or spec.trial or not spec.open_before:
        return None
    opened = opened_since(now, frozenset(spec.asked_before)) if now is not None else []
    return Taken(
        answers=len(spec.answers),
        before=spec.open_before,
        now=open_in_all(now) if now is not None else 0,
        new=len(opened),
        opened=tuple(opened[:_MOST_OPENED]),
        later=now.later if now is not None else 0,
    )


def tried(job: Job) -> tuple[Stated, ...]:
    """Give the answers of which a job works out what would follow; none of a job that keeps what it works out."""
    spec = job.spec()
    return spec.answers if isinstance(spec, LawJob) and spec.trial else ()


def followed(cases: Cases, job: Job) -> Follows | None:
    """Give what would follow from the answers of a trial; `None` while it is not done, and of a job that is none.

    Raises:
        CaseError: E479 when what came of the job was removed.
    """
    if job.state is not JobState.DONE or not tried(job):
        return None
    with jobs.result(cases.store, job.id) as content:
        return read(Follows, parse(content.read()))
