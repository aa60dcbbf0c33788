"""Devices behind many records, waivers, and suppliers of a case."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from proscribe.model.casework import Verdict
from proscribe.model.jobs import JobKind, JobState
from proscribe.web.calls import Call, go
from proscribe.web.days import day_of

#: Devices, waivers or suppliers of one page; those beyond are counted.
MOST = 200


def devices(call: Call) -> Response:
    """Show the devices of a case, and have its records joined into devices."""
    from proscribe.app import jobs

    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
        found = cases.devices(file)
        judged = file.standing()
        job = jobs.status(cases.store, call.asked("job")) if call.asked("job") else None
    return call.page(
        "devices.html.j2", title=f"Devices of {file.case.id}", file=file, devices=found, judged=judged, job=job,
        ready=job is not None and job.kind == JobKind.DEVICES and job.state is JobState.DONE, most=MOST,
    )  # fmt: skip


def join(call: Call) -> Response:
    """Have the records of the newest scan joined into devices, or take what a job joined into the case."""
    from proscribe.app import jobs, uploads

    case_id, job_id = call.path["case_id"], call.sent("job")
    with call.cases() as cases:
        file = cases.case(case_id)
        if not job_id:
            job = uploads.join(cases.store, file, by=call.person, knowledge=call.settings.knowledge)
            return go("/cases/{case_id}/devices", [("job", job.id)], case_id=case_id)
        with jobs.result(cases.store, job_id) as content:
            cases.attach_devices(case_id, content.read(), job_id, by=call.person)
    return go("/cases/{case_id}/devices", case_id=case_id)


def judge_device(call: Call) -> Response:
    """Say of a device whether it is what it says."""
    from proscribe.app import pending
    from proscribe.app.casework import verdict_of
    from proscribe.model.errors import ProscribeError

    case_id, device_id = call.path["case_id"], call.path["device_id"]
    verdict: Verdict = verdict_of(call.sent("verdict"))
    with call.cases() as cases:
        try:
            cases.judge(
                case_id,
                device_id,
                verdict,
                by=call.person,
                reason=call.sent("reason"),
                until=day_of(call.sent("until")),
            )
        except ProscribeError as problem:
            if not pending.needs_a_key(problem):
                raise
            told = {
                "finding": device_id,
                "verdict": verdict.value,
                "reason": call.sent("reason"),
                "until": call.sent("until"),
            }
            pending.ask(cases, pending.Deed.JUDGE, case_id, told, by=call.person)
    return go("/cases/{case_id}/devices", case_id=case_id)


def waivers(call: Call) -> Response:
    """Show the waivers of a case with what each route asks for and whether the file shows it."""
    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
        today = cases.today(file)
        found = [
            (one, cases.waiver_standing(one, today), cases.check_waiver(file.case.id, one.id))
            for one in file.waivers[:MOST]
        ]
    return call.page("waivers.html.j2", title=f"Waivers of {file.case.id}", file=file, waivers=found)


def ask_for_waiver(call: Call) -> Response:
    """Write the request for a waiver."""
    case_id, last = call.path["case_id"], day_of(call.sent("valid_to"))
    value: dict[str, Any] = {
        **{
            name: call.sent(name)
            for name in ("grantor", "part", "scope", "agency", "justification", "phase_out")
        },
        "valid_to": last.isoformat() if last else None,
    }
    with call.cases() as cases:
        cases.ask_for_waiver(
            case_id,
            value,
            from_findings=bool(call.sent("from_findings")),
            by=call.person,
            version=cases.version(case_id),
        )
    return go("/cases/{case_id}/waivers", case_id=case_id)


def suppliers(call: Call) -> Response:
    """Show who was asked, how each answer stands, and what speaks against it."""
    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
        desk = cases.suppliers()
        found = [
            (one, desk.question(one.declaration))
            for one in desk.standing(file.case.id, cases.today(file))[:MOST]
        ]
    return call.page(
        "suppliers.html.j2", title=f"Suppliers of {file.case.id}", file=file, suppliers=found, letters={},
    )  # fmt: skip


def ask_suppliers(call: Call) -> Response:
    """Make a form for each supplier that is named, one a line: name; e-mail."""
    from proscribe.app.vendor_list import named_vendors

    case_id = call.path["case_id"]
    with call.cases() as cases:
        cases.suppliers().campaign(
            case_id, named_vendors(call.sent("suppliers")), asked_by=call.sent("asked_by"), by=call.person,
            contact=call.sent("contact"), due_on=day_of(call.sent("due_on")),
        )  # fmt: skip
    return go("/cases/{case_id}/suppliers", case_id=case_id)


def remind(call: Call) -> Response:
    """Write reminders to those who have not answered, to be sent by hand."""
    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
        desk = cases.suppliers()
        made = desk.remind(file.case.id, by=call.person)
        found = [
            (one, desk.question(one.declaration))
            for one in desk.standing(file.case.id, cases.today(file))[:MOST]
        ]
    letters = {name: text for name, (_, text) in made.items()}
    return call.page(
        "suppliers.html.j2", title=f"Suppliers of {file.case.id}", file=file, suppliers=found, letters=letters
    )


def forms(call: Call) -> Response:
    """Give the newest forms with their texts, as one archive to be saved."""
    from proscribe.app.suppliers import campaign_archive
    from proscribe.web.pages.papers import saved

    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
        data = campaign_archive(cases.suppliers().forms(file.case.id))
    return saved(data, f"{file.case.id}-forms.zip")
