"""The application of `/api/v1`: tokens, roles, the access log, and OpenAPI 3.1 made from the records that are sent and given."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from proscribe.app.case.how_known import HowKnown
from proscribe.app.keys import accounts
from proscribe.model import api as shapes
from proscribe.model.accounts import Actor, Opens, Role
from proscribe.model.answers import Follows
from proscribe.model.casework import CaseState, TakenBack
from proscribe.model.codec import write
from proscribe.model.errors import ProscribeError, error
from proscribe.model.jobs import Job, JobState
from proscribe.model.json_schema import schema
from proscribe.model.pending import WaitsForKey
from proscribe.web.api import operations
from proscribe.web.api.operations import MOST_PAGE, PAGE, Asked
from proscribe.web.calls import outcome_of, status_of
from proscribe.web.rates import Rates
from proscribe.web.security import address_of
from proscribe.web.settings import Settings

_LOG = logging.getLogger("proscribe.web")

#: RFC 9457.
_PROBLEM = "application/problem+json"
_Id = Annotated[str, Path(min_length=1, max_length=120)]
_Text = Annotated[str, Query(max_length=400)]
_Texts = Annotated[list[str] | None, Query(max_length=100)]
_Flag = Annotated[str | None, Query(pattern="^(yes|no)$")]
_After = Annotated[str, Query(max_length=200, description="`after` of the page before, with the same filter")]
_Limit = Annotated[int, Query(ge=1, le=MOST_PAGE)]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that programs ask.

    Attributes:
        name: of its function in `operations`, and in the access log.
        opens: what of the store it shows or changes, as for pages; each is written down.
        given, sent: the records that are given, and taken.
    """

    method: str
    path: str
    name: str
    role: Role
    opens: Opens
    given: type
    sent: type | None = None


_V, _A = Role.VIEWER, Role.ANALYST
OPERATIONS = (
    Operation("GET", "/cases", "list_cases", _V, Opens.CASE, shapes.CaseHeads),
    Operation("GET", "/cases/{case_id}", "case", _V, Opens.CASE, shapes.CaseHead),
    Operation("GET", "/cases/{case_id}/findings", "findings", _V, Opens.FINDING, shapes.FindingPage),
    Operation("GET", "/cases/{case_id}/counts", "counts", _V, Opens.FINDING, shapes.Counts),
    Operation("GET", "/cases/{case_id}/findings/{finding_id}", "finding", _V, Opens.FINDING, shapes.FindingWhole),
    Operation("GET", "/cases/{case_id}/findings/{finding_id}/known", "known", _V, Opens.FINDING, HowKnown),
    Operation(
        "POST", "/cases/{case_id}/findings/{finding_id}/judgements", "judge", _A, Opens.FINDING, shapes.CaseHead, shapes.Judge
    ),
    Operation("POST", "/cases/{case_id}/judgements/preview", "preview", _A, Opens.FINDING, shapes.Preview, shapes.Where),
    Operation("POST", "/cases/{case_id}/judgements", "judge_many", _A, Opens.FINDING, shapes.CaseHead, shapes.JudgeMany),
    Operation(
        "POST", "/cases/{case_id}/judgements/{seq}/back", "take_back", _A, Opens.FINDING, TakenBack, shapes.TakeBack
    ),
    Operation("GET", "/cases/{case_id}/pending", "pending", _V, Opens.DOCUMENT, shapes.WaitingList),
    Operation("POST", "/cases/{case_id}/pending", "ask_for_key", _A, Opens.DOCUMENT, WaitsForKey, shapes.AskForKey),
    Operation("POST", "/cases/{case_id}/pending/{pending_id}/drop", "drop_pending", _A, Opens.DOCUMENT, shapes.WaitingList),
    Operation("GET", "/cases/{case_id}/mentions", "mentions", _V, Opens.RECORD, shapes.MentionList),
    Operation("GET", "/cases/{case_id}/documents", "documents", _V, Opens.DOCUMENT, shapes.DocumentList),
    Operation("GET", "/cases/{case_id}/customers", "customers", _A, Opens.CASE, shapes.CustomerList),
    Operation("GET", "/cases/{case_id}/runs", "runs", _V, Opens.RUN, shapes.RunList),
    Operation("GET", "/cases/{case_id}/law", "law", _V, Opens.CASE, shapes.LawView),
    Operation("POST", "/cases/{case_id}/law", "put_to_law", _A, Opens.CASE, Job, shapes.PutToLaw),
    Operation("POST", "/cases/{case_id}/law/preview", "try_answers", _A, Opens.CASE, Job, shapes.TryAnswers),
    Operation("GET", "/cases/{case_id}/law/preview/{job_id}", "what_follows", _V, Opens.CASE, Follows),
    Operation("POST", "/cases/{case_id}/reports", "make_report", _A, Opens.EXPORT, Job, shapes.MakeReport),
    Operation("GET", "/cases/{case_id}/reports/{job_id}", "report", _V, Opens.EXPORT, shapes.ReportFile),
    Operation("GET", "/cases/{case_id}/jobs/{job_id}", "job_of_case", _V, Opens.RUN, Job),
    Operation("GET", "/jobs", "jobs", _V, Opens.RUN, shapes.JobList),
    Operation("GET", "/jobs/{job_id}", "job", _V, Opens.RUN, Job),
    Operation("POST", "/jobs/{job_id}/cancel", "cancel", _A, Opens.RUN, Job),
    Operation("POST", "/jobs/{job_id}/aside", "set_aside", _A, Opens.RUN, shapes.RunAside, shapes.OfRun),
    Operation("POST", "/jobs/{job_id}/again", "stand_again", _A, Opens.RUN, Job, shapes.OfRun),
)  # fmt: skip
_BY_NAME = {one.name: one for one in OPERATIONS}


@dataclass(frozen=True, slots=True)
class Door:
    """What lets programs in: by token and role, with an entry in the access log."""

    settings: Settings
    refuse: Callable[[Actor, Role, str], None]
    rates: Rates

    def let_in(self, request: Request, body: bytes) -> Asked:
        """Give the call of a program that may ask this.

        Raises:
            HTTPException: 401 when its token does not count.
            ProscribeError: E506, E423 when its role does not reach; E507 when too many tokens were tried.
        """
        told = request.headers.get("authorization", "").split(" ", 1)
        secret = told[1].strip() if len(told) == 2 and told[0].lower() == "bearer" else ""
        cases = self.settings.cases(create=True)
        administrators = self.settings.team.administrators if self.settings.team is not None else ()
        actor = accounts.actor_of_token(cases.store, secret, administrators) if secret else None
        if actor is None:
            address = address_of(request.scope, self.settings)
            self.rates.count("token", address)
            accounts.note_access(cases.store, Actor(), "token", address, "refused")
            raise HTTPException(401, "The token is missing, over, or none.", {"WWW-Authenticate": "Bearer"})
        asked = _BY_NAME[request.scope["route"].name]
        case_id = str(request.path_params.get("case_id", ""))
        if asked.name == "list_cases" and actor.cases:  # those of the token alone are listed
            case_id = actor.cases[0]

        def note(outcome: str) -> None:
            accounts.note_access(cases.store, actor, f"api.{asked.name}", request.url.path, outcome)

        try:
            self.refuse(actor, asked.role, case_id)
        except ProscribeError:
            note("refused")
            raise
        try:
            _refuse_unknown(request)
        except ProscribeError:
            note("failed")
            raise
        return Asked(cases, actor, request.query_params.multi_items(), body, self.settings.knowledge, note)


def _refuse_unknown(request: Request) -> None:
    """Refuse a parameter that the call does not take: left out in silence, it would read as if it had been followed.

    Raises:
        UsageError: E449 where the call filters findings, E508 elsewhere.
    """
    known = [one.alias for one in request.scope["route"].dependant.query_params]
    for name, value in request.query_params.multi_items():
        if name not in known:
            if "band" in known:
                raise error("E449", where=f"{name}={value}"[:80], known=", ".join(known))
            raise error("E508.parameter", name=name[:80], known=", ".join(known) or "none")


async def _asked(request: Request) -> Asked:
    door: Door = request.app.state.door
    body = b""
    try:
        async with asyncio.timeout(door.settings.form_seconds):
            async for piece in request.stream():
                body += piece
                if len(body) > door.settings.most_form_bytes:
                    raise HTTPException(413, f"More than {door.settings.most_form_bytes:,} bytes were sent.")
    except TimeoutError:
        raise HTTPException(408, "The call took too long to arrive.") from None
    return await run_in_threadpool(door.let_in, request, body)


_Asked = Annotated[Asked, Depends(_asked)]


def _noted(asked: Asked, work: Callable[..., Any], *about: Any) -> Response:
    """Give what came of a call, once it is written down who asked and whether it was there."""
    try:
        made = work(asked, *about)
    except ProscribeError as known:
        asked.note(outcome_of(known))
        raise
    asked.note("asked")
    return JSONResponse(write(made))


def _list_cases(
    asked: _Asked, state: CaseState | None = None, assignee: _Text = "", text: _Text = ""
) -> Response:
    return _noted(asked, operations.list_cases, state, assignee, text)


def _jobs(asked: _Asked, state: Annotated[list[JobState] | None, Query(max_length=20)] = None) -> Response:
    return _noted(asked, operations.jobs, state or ())


def _findings(
    asked: _Asked, case_id: _Id, after: _After = "", limit: _Limit = PAGE, band: _Texts = None, firm: _Texts = None,
    entity: _Texts = None, role: _Texts = None, site: _Texts = None, input: _Texts = None, outcome: _Texts = None,
    product: _Texts = None, verdict: _Texts = None, run: _Texts = None, judged: _Flag = None, aged: _Flag = None,
    ignored: _Flag = None, new: _Flag = None, finding: _Texts = None, without: _Texts = None, text: _Text = "",
) -> Response:  # fmt: skip
    return _noted(asked, operations.findings, case_id, after, limit)  # the filter is read where pages read it


def _counts(
    asked: _Asked, case_id: _Id, band: _Texts = None, firm: _Texts = None, entity: _Texts = None, role: _Texts = None,
    site: _Texts = None, input: _Texts = None, outcome: _Texts = None, product: _Texts = None, verdict: _Texts = None,
    run: _Texts = None, judged: _Flag = None, aged: _Flag = None, ignored: _Flag = None, new: _Flag = None,
    finding: _Texts = None, without: _Texts = None, text: _Text = "",
) -> Response:  # fmt: skip
    return _noted(asked, operations.counts, case_id)


def _endpoint(name: str) -> Any:
    """Give what answers an operation: its function behind parameters that are checked."""
    function = getattr(operations, name)

    def plain(asked: _Asked) -> Response:
        return _noted(asked, function)

    def of_case(asked: _Asked, case_id: _Id) -> Response:
        return _noted(asked, function, case_id)

    def of_finding(asked: _Asked, case_id: _Id, finding_id: _Id) -> Response:
        return _noted(asked, function, case_id, finding_id)

    def of_job(asked: _Asked, job_id: _Id) -> Response:
        return _noted(asked, function, job_id)

    def of_case_job(asked: _Asked, case_id: _Id, job_id: _Id) -> Response:
        return _noted(asked, function, case_id, job_id)

    def of_judgement(
        asked: _Asked, case_id: _Id, seq: Annotated[int, Path(ge=1, le=999_999_999)]
    ) -> Response:
        return _noted(asked, function, case_id, seq)

    def of_draft(asked: _Asked, case_id: _Id, pending_id: _Id) -> Response:
        return _noted(asked, function, case_id, pending_id)

    own = {
        "drop_pending": of_draft,
        "take_back": of_judgement,
        "list_cases": _list_cases,
        "jobs": _jobs,
        "findings": _findings,
        "counts": _counts,
        "job_of_case": of_case_job,
        "report": of_case_job,
        "what_follows": of_case_job,
    }
    path = _BY_NAME[name].path
    made: Any = of_finding if "{finding_id}" in path else of_case if "{case_id}" in path else plain
    return own.get(name) or (of_job if "{job_id}" in path else made)


def application(settings: Settings, refuse: Callable[[Actor, Role, str], None], rates: Rates) -> FastAPI:
    """Give the application.

    Args:
        refuse: raises where an actor may not do what a role may in a case.
    """
    made = FastAPI(
        title="Proscribe", version="1", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )  # fmt: skip
    made.state.door = Door(settings, refuse, rates)
    problems = {"content": {_PROBLEM: {"schema": _ref(shapes.Problem)}}}
    for one in OPERATIONS:
        more: dict[str, Any] = {"x-role": one.role.value, "security": [{"token": []}]}
        if one.sent is not None:
            more["requestBody"] = {
                "required": True,
                "content": {"application/json": {"schema": _ref(one.sent)}},
            }
        made.add_api_route(
            one.path, _endpoint(one.name), methods=[one.method], name=one.name, operation_id=one.name,
            summary=_first(getattr(operations, one.name)), response_class=JSONResponse, response_model=None, openapi_extra=more,
            responses={
                200: {"description": _first(one.given), "content": {"application/json": {"schema": _ref(one.given)}}},
                "4XX": {"description": "It was not done.", **problems},
                "5XX": {"description": "Busy, or no room.", **problems},
            },
        )  # fmt: skip

    async def described(_request: Request) -> Response:
        return JSONResponse(openapi(made))

    made.add_route("/openapi.json", described)
    for kind, answer in (
        (ProscribeError, _known), (RequestValidationError, _invalid), (HTTPException, told), (Exception, _fault),
    ):  # fmt: skip
        made.add_exception_handler(kind, answer)
    return made


def openapi(made: FastAPI) -> dict[str, Any]:
    """Describe the API, with the schemas of our records instead of any of the framework's."""
    told = made.openapi()
    components: dict[str, Any] = {}
    kinds = {one.given for one in OPERATIONS} | {one.sent for one in OPERATIONS if one.sent is not None}
    for kind in sorted({*kinds, shapes.Problem}, key=lambda one: one.__name__):
        shape = schema(kind)
        shape.pop("$schema")
        parts = shape.pop("$defs", {})
        components |= {kind.__name__: shape, **parts}
    text = {"schemas": _moved(components), "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}
    for methods in told["paths"].values():
        for operation in methods.values():
            operation["responses"].pop("422", None)
    return {**told, "components": text, "servers": [{"url": "/api/v1"}]}


def _moved(value: Any) -> Any:
    """Let references lead to where OpenAPI keeps its schemas."""
    if isinstance(value, dict):
        return {
            key: item.replace("#/$defs/", "#/components/schemas/") if key == "$ref" else _moved(item)
            for key, item in value.items()
        }
    return [_moved(item) for item in value] if isinstance(value, list) else value


def _ref(kind: type) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def _first(told: Any) -> str:
    return (told.__doc__ or "").strip().splitlines()[0]


def _problem(known: ProscribeError, status: int) -> Response:
    return _sent(
        shapes.Problem(
            known.code, known.what, str(known.at or ""), known.expected or "", known.next_step or ""
        ),
        status,
    )


def _sent(said: shapes.Problem, status: int, headers: Mapping[str, str] | None = None) -> Response:
    made = write(replace(said, title=said.what, status=status))
    return JSONResponse(made, status, headers, media_type=_PROBLEM)


def _known(_request: Request, known: Any) -> Response:
    return _problem(known, status_of(known))


def _invalid(_request: Request, problem: Any) -> Response:
    why = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in problem.errors())
    return _problem(error("E508", why=why[:400]), 422)


def told(_request: Request, problem: Any) -> Response:
    """Give a problem of HTTP, such as an address that there is not, as a program reads it."""
    said = shapes.Problem("E419" if problem.status_code in (404, 405) else "E508", str(problem.detail))
    return _sent(said, problem.status_code, problem.headers)


def _fault(_request: Request, problem: Exception) -> Response:
    _LOG.error("a call of a program failed", exc_info=problem)
    return _sent(shapes.Problem("E599", "The program failed here."), 500)
