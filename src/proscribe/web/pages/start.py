"""Start: hand files in, see what each of them is, and have them scanned."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from proscribe.model.observations import KINDS
from proscribe.web.calls import Call, go

_MOST_CASES = 20


def start(call: Call) -> Response:
    """Show where files are handed in, and what was begun."""
    from proscribe.app import jobs, uploads
    from proscribe.model.errors import CaseError

    held: dict[str, Any] = {"uploads": [], "jobs": {}, "cases": [], "due": []}
    try:
        with call.cases() as cases:
            held["cases"] = cases.find()[:_MOST_CASES]
            held["due"] = cases.deadlines()[:5]
            held["uploads"] = uploads.uploads(cases.store, 10)
            held["jobs"] = {one.id: one for one in jobs.listed(cases.store)}
    except CaseError as problem:
        if problem.code != "E420":  # nothing was kept yet
            raise
    return call.page("start.html.j2", title="Start", **held)


def example(call: Call) -> Response:
    """Hand in the files of the example company."""
    from proscribe.app.example_company import hand_in_example

    with call.cases(create=True) as cases:
        held = hand_in_example(cases.store, by=call.person)
    return go("/uploads/{upload_id}", upload_id=held.id)


def name(call: Call) -> Response:
    """Ask who works here."""
    return call.page("name.html.j2", title="Your name", said="")


def take_name(call: Call) -> Response | str:
    """Take who works here; gives the name once it is one."""
    from proscribe.app.cases import person

    return person(call.sent("person"))


def files(call: Call) -> Response:
    """Say what each file of an upload is, with samples of its columns."""
    from proscribe.app import uploads

    with call.cases() as cases:
        held = uploads.upload(cases.store, call.path["upload_id"])
        plan = uploads.look(cases.store, held)
    return call.page("files.html.j2", title="What each file is", upload=held, plan=plan, kinds=KINDS)


def scan(call: Call) -> Response:
    """Have the files of an upload scanned, each read as the person said."""
    from proscribe.app import uploads

    kinds = {
        key.removeprefix("kind:"): value for key, value in call.form if key.startswith("kind:") and value
    }
    with call.cases() as cases:
        held = uploads.upload(cases.store, call.path["upload_id"])
        job = uploads.scan(cases.store, held, by=call.person, kinds=kinds, knowledge=call.settings.knowledge)
    return go("/runs/{job_id}", job_id=job.id)
