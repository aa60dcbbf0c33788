"""Start: hand files in, see what each of them is, and have them scanned."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from starlette.responses import Response

from proscribe.model.errors import ProscribeError
from proscribe.model.observations import FIELDS_IN_WORDS, KINDS_IN_WORDS
from proscribe.model.results import InputReading
from proscribe.web.calls import Call, go, status_of

_MOST_CASES = 20
#: Columns of one page of which a person can say what they hold, and letters of their names: a form holds no more.
_MOST_ASKED, _LONGEST_COLUMN = 1_000, 200


def start(call: Call) -> Response:
    """Show where files are handed in, and what was begun."""
    from proscribe.app.background import jobs, uploads
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
    from proscribe.app.background.example_company import hand_in_example

    with call.cases(create=True) as cases:
        held = hand_in_example(cases.store, by=call.person)
    return go("/uploads/{upload_id}", upload_id=held.id)


def name(call: Call) -> Response:
    """Ask who works here."""
    return call.page("name.html.j2", title="Your name", came_from=call.asked("from"))


def take_name(call: Call) -> Response | str:
    """Take who works here; gives the name once it is one."""
    from proscribe.app.case.cases import person

    return person(call.sent("person"))


def files(call: Call) -> Response:
    """Say what each file of an upload is, with samples of its columns, read as a person told it."""
    return _files(call)


def _files(call: Call, problem: ProscribeError | None = None) -> Response:
    """Show the files; with what was sent of them, where it did not do."""
    from proscribe.app.background import uploads
    from proscribe.app.proofs.verifying import may_be_bundle

    with call.cases() as cases:
        held = uploads.upload(cases.store, call.path["upload_id"])
        job, plan = uploads.looked(cases.store, held)
        archives = [one.display for one in held.files if one.display.lower().endswith(".zip")]
        places = {name: uploads.place_of(cases.store, held, name) for name in archives}
        bundles = [name for name, at in places.items() if at is not None and may_be_bundle(Path(at))]
    read = [one for one in plan.inputs if one.reader != "none"] if plan is not None else []
    # what lies in a signed bundle is checked, and no list that somebody has to name
    asking = [one for one in read if one.asks_for_a_look and not one.path.startswith(tuple(bundles))]
    inputs, doubtful = asking + [one for one in read if one not in asking], len(asking)
    unread = [one for one in plan.inputs if one.reader == "none"] if plan is not None else []
    left = [one for one in unread if one.issues and not any(issue.lossy for issue in one.issues)]
    refused = [one for one in unread if one not in left]
    said = {
        **{_place("kind", one.inputs[0], one.sheet): one.kind for one in held.told},
        **{
            _place("column", one.inputs[0], one.sheet, column): name
            for one in held.told
            for column, name in one.columns.items()
        },
    }
    if problem is not None:
        said = {key: value for key, value in call.form if value}
    return call.page(
        "files.html.j2", status_of(problem) if problem else 200, problem=problem,
        title="What each file is", upload=held, bundles=bundles, job=job, plan=plan, kinds=KINDS_IN_WORDS, fields=FIELDS_IN_WORDS,
        inputs=inputs, refused=refused, left=left, doubtful=doubtful,
        told={one.inputs[0] for one in held.told}, place=_place, said=said,
        most_asked=_MOST_ASKED, longest=_LONGEST_COLUMN,
    )  # fmt: skip


def _place(*parts: str) -> str:
    """Name a field of the form that is about a table, or a column of it."""
    return "|".join(quote(part, safe="") for part in parts)


def tell(call: Call) -> Response:
    """Keep what a person said of tables and columns, and show how they are read then, or have the files scanned so."""
    from proscribe.app.background import uploads

    told: dict[tuple[str, str], dict[str, str]] = {}
    kinds: dict[tuple[str, str], str] = {}
    for key, value in call.form:
        about, *parts = (unquote(part) for part in key.split("|"))
        if about == "kind" and len(parts) == 2 and value:
            kinds[parts[0], parts[1]] = value
        elif about == "column" and len(parts) == 3 and value.strip():
            told.setdefault((parts[0], parts[1]), {})[parts[2]] = value
    said = [
        InputReading((path,), sheet, told.get((path, sheet), {}), kind=kinds.get((path, sheet), ""))
        for path, sheet in dict.fromkeys([*kinds, *told])
    ]
    with call.cases() as cases:
        held = uploads.upload(cases.store, call.path["upload_id"])
        if not call.sent("as_told"):
            try:
                held = uploads.tell(cases.store, held, said)
            except ProscribeError as problem:
                return _files(call, problem)
        if call.sent("do") == "look":
            held = uploads.look(cases.store, held, by=call.person)
            return go("/uploads/{upload_id}", upload_id=held.id)
        job = uploads.scan(
            cases.store, held, by=call.person, knowledge=call.settings.knowledge, zone=call.settings.zone
        )
    return go("/runs/{job_id}", job_id=job.id)
