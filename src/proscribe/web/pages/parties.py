"""Devices behind many records, waivers, and suppliers of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from proscribe.model.accounts import Role
from proscribe.model.errors import CaseError, error
from proscribe.model.jobs import JobKind, JobState
from proscribe.web.calls import Call, go, job_of, upload_of
from proscribe.web.days import day_of
from proscribe.web.pages.runs import aside_of
from proscribe.wording.lines import lines_of

if TYPE_CHECKING:
    from proscribe.app.background.uploads import Upload
    from proscribe.app.case.cases import Cases

#: Devices, waivers or suppliers of one page; those beyond are counted.
MOST = 200


def devices(call: Call) -> Response:
    """Show the devices of a case, and have its records joined into devices."""
    from proscribe.app.background import jobs, uploads
    from proscribe.app.case.device_search import devices_that_fit
    from proscribe.app.case.disagreements import disagreements
    from proscribe.app.store.grounds import grounds

    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
        found = held = cases.devices(file)
        text = call.asked("text").strip()[:400]
        if text and held:
            found = devices_that_fit(cases.store, file.case.id, held, text, call.firm)
        against = disagreements(cases.store, file, found[:MOST])
        judged = file.standing()
        job = job_of(call, cases, JobKind.DEVICES) or uploads.joined(cases.store, file)
        ready = job is not None and job.state is JobState.DONE
        bands: dict[str, int] = {}
        if job is not None and ready:
            try:
                with jobs.result(cases.store, job.id) as content:
                    bands = cases.count_devices(content.read(), job.id)
            except CaseError:  # what came of it was removed: they are joined anew
                job, ready = None, False
        aside = aside_of(call, cases, job) if job is not None and ready else None
    return call.page(
        "devices.html.j2", title=f"Devices of {file.case.id}", file=file, devices=found, judged=judged, job=job,
        against=against, grounds=grounds(), ready=ready, aside=aside, bands=bands, most=MOST,
        text=text, found_of=len(held),
    )  # fmt: skip


def join(call: Call) -> Response:
    """Have the records of the newest scan joined into devices, or take what a job joined into the case."""
    from proscribe.app.background import jobs, uploads

    case_id, job_id = call.path["case_id"], call.sent("job")
    with call.cases() as cases:
        file = cases.case(case_id)
        if not job_id:
            job = uploads.join(cases.store, file, by=call.person, knowledge=call.settings.knowledge)
            return go("/cases/{case_id}/devices", [("job", job.id)], case_id=case_id)
        jobs.job_of_case(cases.store, case_id, JobKind.DEVICES, job_id)
        with jobs.result(cases.store, job_id) as content:
            cases.attach_devices(case_id, content.read(), job_id, by=call.person)
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
        held = _upload(call, cases)
    return call.page(
        "waivers.html.j2", title=f"Waivers of {file.case.id}", file=file, waivers=found, upload=held
    )


def _upload(call: Call, cases: Cases) -> Upload | None:
    """Give the files that were handed in for this page."""
    named = call.sent("upload") or call.asked("upload")
    return upload_of(call, cases, named) if named else None


def grant(call: Call) -> Response:
    """Record that a waiver was granted, with the copy of the grant that was handed in.

    Raises:
        UsageError: E419 when there is no such file.
    """
    from pathlib import Path

    from proscribe.app.background import uploads

    case_id, last = call.path["case_id"], day_of(call.sent("valid_to"))
    with call.cases() as cases:
        held = _upload(call, cases)
        place = uploads.place_of(cases.store, held, call.sent("proof")) if held is not None else None
        if place is None:
            raise error("E419", asked=call.sent("proof")[:80])
        granted = day_of(call.sent("granted_on")) or cases.today(cases.case(case_id))
        cases.grant(
            case_id, call.path["waiver_id"], by=call.person, version=cases.version(case_id), granted_on=granted,
            valid_from=day_of(call.sent("valid_from")) or granted, valid_to=last,
            conditions=tuple(one.strip() for one in lines_of(call.sent("conditions")) if one.strip()),
            proof=Path(place).read_bytes(),
        )  # fmt: skip
    return go("/cases/{case_id}/waivers", case_id=case_id)


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
        return _suppliers(call, cases, upload=_upload(call, cases))


def _suppliers(call: Call, cases: Cases, **more: Any) -> Response:
    file = cases.case(call.path["case_id"])
    desk = cases.suppliers()
    found = [
        (one, desk.question(one.declaration)) for one in desk.standing(file.case.id, cases.today(file))[:MOST]
    ]
    told: dict[str, Any] = {"letters": {}, "taken": (), "upload": None, **more}
    return call.page(
        "suppliers.html.j2", title=f"Suppliers of {file.case.id}", file=file, suppliers=found, **told
    )


def take_forms(call: Call) -> Response:
    """Take forms that came back, each by itself, and say of each what came of it.

    Raises:
        UsageError: E506 for whoever may not do so in every case: a form says itself to which case it belongs.
    """
    from proscribe.app.background import uploads

    if not call.actor.may(Role.ANALYST):
        raise error("E506", role=Role.ANALYST.value, held=call.actor.role().value)
    with call.cases() as cases:
        held = _upload(call, cases)
        if held is None:
            raise error("E415.none")
        names = [one.display for one in held.files]
        places = [uploads.place_of(cases.store, held, name) for name in names]
        done = cases.suppliers().take_all([one for one in places if one is not None], by=call.person)
        return _suppliers(call, cases, taken=list(zip(names, done, strict=True)))


def ask_suppliers(call: Call) -> Response:
    """Make a form for each supplier that is named, one a line: name; e-mail."""
    from proscribe.app.vendors.vendor_list import named_vendors

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
        made = cases.suppliers().remind(call.path["case_id"], by=call.person)
        return _suppliers(call, cases, letters={name: text for name, (_, text) in made.items()})


def forms(call: Call) -> Response:
    """Give the newest forms with their texts, as one archive to be saved."""
    from proscribe.app.vendors.supplier_files import campaign_archive
    from proscribe.web.pages.papers import saved

    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
        data = campaign_archive(cases.suppliers().forms(file.case.id))
    return saved(data, f"{file.case.id}-forms.zip")
