"""Reports of a case: made by a job in the formats of the command line, and saved."""

from __future__ import annotations

from starlette.responses import Response

from proscribe.model.jobs import JobKind, ReportJob
from proscribe.web.calls import Call, go
from proscribe.web.pages.papers import saved
from proscribe.wording.safe import file_name

#: Reports made before that are offered.
_OFFERED = 12


def reports(call: Call) -> Response:
    """Offer each report of a case, those that were made, and how far the one is that is named."""
    from proscribe.app.background import jobs
    from proscribe.app.case.case_law import has_scan
    from proscribe.app.case.case_reports import REPORTS, counted

    case_id, named = call.path["case_id"], call.asked("job")
    with call.cases() as cases:
        file = cases.case(case_id)
        job = jobs.job_of_case(cases.store, case_id, JobKind.REPORT, named) if named else None
        made = [
            (one, spec)
            for one in jobs.of_case(cases.store, case_id, JobKind.REPORT)[:_OFFERED]
            if isinstance(spec := one.spec(), ReportJob)
        ]
        holds_scan, numbers = has_scan(file), counted(cases, file)
    return call.page(
        "reports.html.j2", title=f"Reports of {case_id}", file=file, forms=REPORTS, made=made, job=job,
        has_scan=holds_scan, counted=numbers,
    )  # fmt: skip


def make(call: Call) -> Response:
    """Have a report made; the same asked twice is one job."""
    from proscribe.app.background.report_jobs import ask_for_report

    case_id, form = call.path["case_id"], call.sent("form")
    with call.cases() as cases:
        job = ask_for_report(cases, case_id, form, by=call.person, knowledge=call.settings.knowledge)
    return go("/cases/{case_id}/reports", [("job", job.id)], case_id=case_id)


def report(call: Call) -> Response:
    """Give a report that was made, to be saved and not shown.

    Raises:
        CaseError: E475 when the case has no such report; E477 when it is not made.
    """
    from proscribe.app.background.report_jobs import made_report

    with call.cases() as cases:
        job, data = made_report(cases, call.path["case_id"], call.path["job_id"])
    return saved(data, file_name(job.result_name))
