"""Reports of a case that a job makes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from proscribe.model.errors import error
from proscribe.model.jobs import Job, JobKind, JobState, ReportJob

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases


def ask_for_report(cases: Cases, case_id: str, form: str, *, by: str, knowledge: Sequence[str] = ()) -> Job:
    """Have a report made of a case as it is now; the same asked twice is one job.

    Raises:
        UsageError: E192 no report; CaseError: E423 no such case; E424 it holds no scan.
    """
    from proscribe.app.background import jobs
    from proscribe.app.case.case_reports import refuse_report

    file = cases.case(case_id)
    refuse_report(file, form)
    spec = ReportJob(case_id, form, file.case.version, tuple(knowledge))
    return jobs.submit(cases.store, spec, by=by, once=True)


def made_report(cases: Cases, case_id: str, job_id: str) -> tuple[Job, bytes]:
    """Give a report that was made, with its job.

    Raises:
        CaseError: E423, E475 when there is no such case, or report of it; E477 when it is not made.
    """
    from proscribe.app.background import jobs

    cases.case(case_id)
    job = jobs.job_of_case(cases.store, case_id, JobKind.REPORT, job_id)
    if job.state is not JobState.DONE:
        raise error("E477.no_result", at=job.id, state=job.state.value, id=job.id)
    with jobs.result(cases.store, job.id) as content:
        return job, content.read()
