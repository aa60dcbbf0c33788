"""Runs: how far a scan is, what it read and did not read, and the case that is opened from it."""

from __future__ import annotations

import heapq
import json
from collections.abc import Mapping
from contextlib import suppress
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from proscribe.model.errors import CaseError, ProscribeError, UsageError, error
from proscribe.model.findings import Band
from proscribe.model.jobs import (
    CheckJob,
    ChoiceJob,
    DevicesJob,
    DocumentJob,
    Job,
    JobKind,
    JobState,
    LawJob,
    PlanJob,
    ReportJob,
    ScanJob,
)
from proscribe.model.observations import FIELDS_IN_WORDS, KINDS_IN_WORDS
from proscribe.model.results import InputReading
from proscribe.web.calls import Call, go, status_of
from proscribe.wording.nations import nation_code, nation_words, nations

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.app.case.pending import Pending

#: Issues and blind spots of a run that one page shows; those beyond are counted.
MOST = 200
#: Findings of a run that are shown before a case is open.
SHOWN_FIRST = 25
#: Letters of a title that is made of the names of files.
_TITLE = 80

#: A form that was sent twice opens one case: the second waits, and is shown the first one's.
_OPENING = Lock()


#: The page of a case that shows jobs of a kind.
_PAGE_OF: Mapping[type, str] = {
    DevicesJob: "devices", ChoiceJob: "choice", LawJob: "law", DocumentJob: "document",
    ReportJob: "reports",
}  # fmt: skip


def _own_page(job: Job) -> Response | None:
    """Lead to the page that shows a job; `None` where it is shown here."""
    try:
        spec = job.spec()
    except CaseError:  # it is shown as far as it can be read
        return None
    page, case_id = _PAGE_OF.get(type(spec)), str(getattr(spec, "case_id", ""))
    if isinstance(spec, LawJob) and spec.trial:
        page = "law/some"
    if case_id and page:
        return go(f"/cases/{{case_id}}/{page}", [("job", job.id)], case_id=case_id)
    if isinstance(spec, CheckJob):
        return go("/verify/{job_id}", job_id=job.id)
    if isinstance(spec, PlanJob) and spec.upload:
        return go("/uploads/{upload_id}", upload_id=spec.upload)
    return None


def run(call: Call) -> Response:
    """Show a job: its progress, or what came of it."""
    return _run(call)


def _run(call: Call, problem: ProscribeError | None = None) -> Response:
    """Show a job; with what was typed to open a case, where that did not do."""
    from proscribe.app.background import jobs
    from proscribe.app.papers.organisation import answers_for

    with call.cases() as cases:
        job = jobs.status(cases.store, call.path["job_id"])
        if (elsewhere := _own_page(job)) is not None:
            return elsewhere
        made: dict[str, Any] = {}
        told: tuple[InputReading, ...] = ()
        opened: list[str] = []
        if job.state is JobState.DONE and job.kind == JobKind.SCAN:
            with jobs.result(cases.store, job.id) as content:
                made = json.load(content)
            spec = job.spec()
            told = spec.files if isinstance(spec, ScanJob) else ()
            opened = cases.store.cases_with_scan(job.result_sha256)
        aside = aside_of(call, cases, job)
        others = [] if opened else [one for one in cases.find() if one.state.value != "closed"][:MOST]
        answering = answers_for(cases)
    inputs = sorted(made.get("inputs", ()), key=lambda one: one["reader"] != "none")
    issues = [(one["path"], issue) for one in inputs for issue in one.get("issues", ())]
    refused = [
        one["path"] for one in inputs
        if one["reader"] == "none" and not (one["issues"] and not any(issue["lossy"] for issue in one["issues"]))
    ]  # fmt: skip
    nation = _nation_in(made)
    opening = {
        "title": _title_of(job), "zone": call.settings.zone, "entity": answering, "country": nation,
        **({key: value for key, value in call.form if key != "form_token"} if problem is not None else {}),
    }  # fmt: skip
    return call.page(
        "run.html.j2", status_of(problem) if problem else 200, title=f"Run {job.id}", job=job, scan=made,
        opened=opened, others=others, issues=issues, most=MOST,
        refused=refused,
        bands=_bands(made), fields=FIELDS_IN_WORDS, kinds=KINDS_IN_WORDS,
        aside=aside, told=told, first=_surest(made), shown_first=SHOWN_FIRST, opening=opening, answering=answering, nation=nation,
        problem=problem, nations=sorted(names[0] for names in nations().values()),
    )  # fmt: skip


def aside_of(call: Call, cases: Cases, job: Job) -> dict[str, Any] | None:
    """Say what a page shows of a run that may be set aside; None where it can find nothing, or is not done.

    Its `told` is what people said, `own` whether whoever works here did, `waits` what waits for a key, and `found` whether it is
    a run of devices that found something and no case took.
    """
    from proscribe.app.store.runs_aside import found_by, said_of_run, taken_by

    if job.state is not JobState.DONE or job.kind not in (JobKind.SCAN, JobKind.DEVICES):
        return None
    told = said_of_run(cases.store, job)
    own = told is not None and any(cases.store.same_person(one.by, call.person) for one in told.said)
    found = False
    if job.kind == JobKind.DEVICES and not taken_by(cases.store, job):
        with suppress(CaseError):  # its answer was removed: nobody can look at it any more
            found = any(found_by(cases.store, job.id)[1].values())
    return {"told": told, "own": own, "waits": _waiting(cases, job.id), "found": found}


def _title_of(job: Any) -> str:
    """Make a title of the names of the files that were handed in."""
    names = ", ".join(one.display for one in job.originals.files if one.use == "paths")
    return names if len(names) <= _TITLE else f"{names[:_TITLE]} …"


def _nation_in(scan: Mapping[str, Any]) -> str:
    """Give the name of the one nation that sites of the files name at their ends, such as `Leeds, UK`; empty where it is none."""
    sites = (str((one.get("details") or {}).get("site") or "") for one in scan.get("findings", ()))
    codes = {code for site in sites if "," in site and (code := nation_code(site.rpartition(",")[2]))}
    return nation_words(codes.pop()) if len(codes) == 1 else ""


def _surest(scan: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give the findings that people look at first: the surest, as the queue of a case has them; those set aside last."""
    return heapq.nsmallest(
        SHOWN_FIRST,
        scan.get("findings", ()),
        key=lambda one: (bool(one.get("ignored")), -Band(one["band"]).rank),
    )


def _bands(scan: dict[str, Any]) -> dict[str, int]:
    counts = {"confirmed": 0, "probable": 0, "possible": 0}
    for one in scan.get("findings", ()):
        if not one.get("ignored"):
            counts[one["band"]] += 1
    return counts


def cancel(call: Call) -> Response:
    """Have a job end."""
    from proscribe.app.background import jobs

    with call.cases() as cases:
        jobs.cancel(cases.store, call.path["job_id"])
    return go("/runs/{job_id}", job_id=call.path["job_id"])


def set_aside(call: Call) -> Response:
    """Say of a run that what it found is no matter of this organisation; where that takes a key, it waits for it."""
    from proscribe.app.case import pending
    from proscribe.app.store.runs_aside import set_run_aside

    job_id, reason = call.path["job_id"], call.sent("reason")
    with call.cases() as cases:
        try:
            set_run_aside(cases.store, job_id, reason=reason, by=call.person)
        except ProscribeError as problem:
            if not pending.needs_a_key(problem):
                raise
            told = {"run": job_id, "reason": reason}
            pending.ask(cases, pending.Deed.SET_ASIDE, "", told, by=call.person)
    return go("/runs/{job_id}", job_id=job_id)


def stand_again(call: Call) -> Response:
    """Let a run that was set aside stand again."""
    from proscribe.app.store.runs_aside import let_run_stand

    with call.cases() as cases:
        let_run_stand(cases.store, call.path["job_id"], reason=call.sent("reason"), by=call.person)
    return go("/runs/{job_id}", job_id=call.path["job_id"])


def drop(call: Call) -> Response:
    """Take back that a run waits for a key to be set aside."""
    from proscribe.app.case import pending

    job_id, pending_id = call.path["job_id"], call.path["pending_id"]
    with call.cases() as cases:
        if pending_id not in {one.id for one in _waiting(cases, job_id)}:
            raise error("E416.draft", asked=pending_id[:60])
        pending.drop(cases.store, pending_id)
    return go("/runs/{job_id}", job_id=job_id)


def _waiting(cases: Cases, job_id: str) -> list[Pending]:
    from proscribe.app.case import pending

    every = pending.waiting(cases.store)
    return [one for one in every if one.deed is pending.Deed.SET_ASIDE and one.told.get("run") == job_id]


def open_case(call: Call) -> Response:
    """Open a case from what a scan found; one that is open from it is shown instead, save where a further one is asked for."""
    from proscribe.app.background import jobs

    with _OPENING, call.cases() as cases:
        job = jobs.status(cases.store, call.path["job_id"])
        if job.state is not JobState.DONE or job.kind != JobKind.SCAN:
            raise error("E477.no_result", at=job.id, state=job.state.value, id=job.id)
        held = cases.store.cases_with_scan(job.result_sha256)
        # a further one is asked for beside those that the page showed, so that asking twice opens one
        if held and call.sent("beside") != ",".join(held):
            return go("/cases/{case_id}", case_id=held[-1] if call.sent("beside") else held[0])
        with jobs.result(cases.store, job.id) as content:
            data = content.read()
        title = call.sent("title") or _title_of(job)
        try:
            file = cases.open_from_scan(
                data, f"{job.id}.json", by=call.person, zone=call.sent("zone") or call.settings.zone, title=title,
                entity=call.sent("entity"), country=call.sent("country"),
            )  # fmt: skip
        except (CaseError, UsageError) as problem:
            refused = problem
        else:
            return go("/cases/{case_id}", case_id=file.case.id)
    return _run(call, refused)


def attach(call: Call) -> Response:
    """Take what a scan found into a case that is open, and show what is new in it."""
    from proscribe.app.background import jobs

    with call.cases() as cases, jobs.result(cases.store, call.path["job_id"]) as content:
        file = cases.attach(call.sent("case"), content.read(), f"{call.path['job_id']}.json", by=call.person)
    return go("/cases/{case_id}/runs", case_id=file.case.id)


def compare(call: Call) -> Response:
    """Show what each run of a case read and did not, and what the later of two shows that the earlier does not."""
    from proscribe.app.case.run_comparison import compare_runs

    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
        made = compare_runs(cases, file, call.asked("first"), call.asked("second"))
    # one that was put to the law is another run over the same content, right behind it
    own = [run for run in file.made_runs if not run.of_scans]  # others were put together from these
    readings = [list(alike)[-1] for _, alike in groupby(own, key=lambda run: run.inputs)]
    compared = {made.first.id, made.second.id} if made is not None else set()
    listed = [run for run in own if run in readings or run.id in compared]
    if (
        not call.query
        and len(readings) == 1
        and made is not None
        and not (made.new or made.changed or made.gone)
    ):
        made = None
    return call.page(
        "runs.html.j2", title=f"Runs of {file.case.id}", file=file, compared=made, listed=listed, most=MOST,
        readings=readings[::-1][:MOST],
    )  # fmt: skip
