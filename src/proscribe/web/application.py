"""The application: routes and their roles, sessions, forms, uploads, and what a known condition looks like."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Message, Receive

from proscribe.model.accounts import Actor, Opens
from proscribe.model.errors import ProscribeError, error
from proscribe.web.api.application import application as api_application
from proscribe.web.api.application import told
from proscribe.web.browser_words import browser_words
from proscribe.web.calls import Call, Shown, go, link, outcome_at, outcome_of, static_files, status_of
from proscribe.web.filters import Within
from proscribe.web.rates import Rates
from proscribe.web.routes import OTHERS, PAGES, Page, Role
from proscribe.web.security import API, Guard, address_of, is_of_the_form
from proscribe.web.sessions import Holder, Session, Sessions, TeamSessions
from proscribe.web.settings import Settings

COOKIE = "proscribe-session"
#: What a sign-in under way has to fit.
_BEGUN = "__Host-proscribe-sign-in"
_LOG = logging.getLogger("proscribe.web")
#: Pages of a case that take files.
_TAKING = frozenset({"choice", "suppliers", "waivers"})
_MOST_FIELDS = 2_000
_STEP = 1 << 20
#: Bytes of bundles that are checked at once: each is read whole.
_MOST_CHECKED_BYTES = 256 << 20
#: Pages that follow a job and were written down, over all sessions.
_MOST_WAITS = 1_000


class Workbench:
    """One workbench: its settings, its sessions, and the application that answers.

    Attributes:
        sessions: who is at which browser.
        application: to be served.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.sessions = Sessions(settings.token)
        self._held: Holder = self.sessions
        self._rates = Rates(dict(settings.rates))
        self._uploading = 0
        self._waits: dict[tuple[object, ...] | None, None] = {}
        entrances = [Route("/enter", self._enter)]
        if settings.team is not None:
            from proscribe.web.sign_in import SignIn

            self.sign_in = SignIn(settings.team)
            self.team_sessions = TeamSessions(
                lambda: settings.cases(create=True), settings.team.administrators
            )
            self._held = self.team_sessions
            entrances = [
                Route("/sign-in", self._sign_in_page),
                Route("/sign-in/begin", self._begin_sign_in),
                Route("/sign-in/callback", self._finish_sign_in),
                Route("/sign-out", self._sign_out, methods=["POST"]),
            ]
        routes = [
            *entrances,
            Route("/static/{name}", self._static),
            *(Route(page.path, self._endpoint(page), methods=[page.method]) for page in PAGES),
            Route("/uploads", self._hand_in, methods=["POST"]),
            Route("/verify", self._check, methods=["POST"]),
            Mount(API, api_application(settings, refuse, self._rates)),
        ]
        self.application = Starlette(
            routes=routes,
            middleware=[Middleware(Guard, settings=settings), Middleware(Within)],
            exception_handlers={404: self._missing, 405: self._missing, Exception: self._fault},
        )
        # Else an address with a slash at its end would be sent on by the scheme that the proxy speaks here, without https.
        self.application.router.redirect_slashes = False

    # Who is there

    async def _enter(self, request: Request) -> Response:
        """Exchange the token of the address for a session, and send the browser to an address without it."""
        name = self.sessions.enter(request.query_params.get("token", ""), self.settings.person)
        if name is None:  # who came in is written down at the first page
            stranger, about = self._stranger(request), address_of(request.scope, self.settings)
            try:
                self._rates.count("sign-in", about)
                await run_in_threadpool(self._note, stranger, "enter", about, "refused")
            except ProscribeError as known:
                return self._known(stranger, known)
            return self._closed()
        # The address of this answer holds the token: it stands in no Referer.
        answer = RedirectResponse("/", status_code=303, headers={"referrer-policy": "no-referrer"})
        answer.set_cookie(self._cookie(request), name, path="/", httponly=True, samesite="strict")
        return answer

    async def _session(self, request: Request) -> Session | None:
        name = request.cookies.get(self._cookie(request))
        return await run_in_threadpool(self._held.get, name) if name else None

    def _cookie(self, request: Request) -> str:
        """Name of the cookie: browsers keep one jar for all ports of a machine, so that of one's own machine has its port."""
        if self.settings.team is not None:
            return f"__Host-{COOKIE}"
        port = request.headers.get("host", "").rpartition(":")[2]
        return f"{COOKIE}-{port}" if port.isdecimal() else COOKIE

    def _closed(self) -> Response:
        if self.settings.team is not None:
            return RedirectResponse("/sign-in", status_code=303)
        return PlainTextResponse(
            "This workbench was opened from elsewhere, or its session is over.\n"
            "Start it again with: proscribe serve\n",
            403,
        )

    # Sign-in of a team

    def _stranger(self, request: Request) -> Call:
        return self._call(request, Session(Actor(), "", 0, 0))

    async def _sign_in_page(self, request: Request) -> Response:
        return self._stranger(request).page("sign_in.html.j2", title="Sign in")

    async def _begin_sign_in(self, request: Request) -> Response:
        """Send the browser to the provider, with a cookie that the answer has to fit."""
        try:
            self._rates.count("sign-in", address_of(request.scope, self.settings))
            address, kept = await run_in_threadpool(self.sign_in.begin)
        except ProscribeError as known:
            return self._known(self._stranger(request), known)
        answer = RedirectResponse(address, status_code=303)
        # The provider sends the browser back from another site: the cookie has to come along.
        answer.set_cookie(
            _BEGUN, quote(kept), path="/", secure=True, httponly=True, samesite="lax", max_age=600
        )
        return answer

    async def _finish_sign_in(self, request: Request) -> Response:
        """Take the answer of the provider: a new session for whom it vouches for, and none that was there before."""
        kept, before = unquote(request.cookies.get(_BEGUN, "")), request.cookies.get(self._cookie(request))

        def finish() -> str:
            assert self.settings.team is not None
            self._rates.count("sign-in", address_of(request.scope, self.settings))
            who = self.sign_in.finish(kept, dict(request.query_params))
            if before:
                self._held.end(before)
            browser = browser_words(request.headers.get("user-agent", ""))
            return self.team_sessions.sign_in(self.settings.team.issuer, who, browser)

        try:
            name = await run_in_threadpool(finish)
        except ProscribeError as known:
            stranger = self._stranger(request)
            await run_in_threadpool(
                self._note, stranger, "sign in", address_of(request.scope, self.settings), "refused"
            )
            answer = self._known(stranger, known)
        else:
            answer = RedirectResponse("/", status_code=303, headers={"referrer-policy": "no-referrer"})
            answer.set_cookie(
                self._cookie(request), name, path="/", secure=True, httponly=True, samesite="lax"
            )
        answer.delete_cookie(_BEGUN, path="/", secure=True, httponly=True, samesite="lax")
        return answer

    async def _sign_out(self, request: Request) -> Response:
        session = await self._session(request)
        if session is not None:
            await self._form(request, session)
            await run_in_threadpool(self._held.end, request.cookies[self._cookie(request)])
        answer = RedirectResponse(
            "/sign-in", status_code=303, headers={"clear-site-data": '"cache", "storage"'}
        )
        answer.delete_cookie(self._cookie(request), path="/", secure=True, httponly=True, samesite="lax")
        return answer

    def _note(self, call: Call, what: str, about: str, outcome: str) -> None:
        """Write into the access log; where there is no store yet, there is nothing that could be opened."""
        from proscribe.app.keys.accounts import note_access

        try:
            cases = call.cases()
        except ProscribeError as known:
            if known.code == "E420":
                return
            raise
        note_access(cases.store, call.actor, what, about, outcome)

    # Pages

    def _endpoint(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            if page.method == "GET":  # in one turn of a thread: each takes its time to begin
                return await run_in_threadpool(self._shown, page, request)
            session = await self._session(request)
            if session is None:
                return self._closed()
            try:
                form = await self._form(request, session)
            except MultiPartException as problem:
                return PlainTextResponse(f"The form cannot be read: {problem.message}\n", 400)
            except ClientDisconnect:
                return PlainTextResponse("", 400)
            return await run_in_threadpool(self._of_session, page, request, session, form)

        return endpoint

    def _shown(self, page: Page, request: Request) -> Response:
        name = request.cookies.get(self._cookie(request))
        session = self._held.get(name) if name else None
        return self._closed() if session is None else self._of_session(page, request, session)

    def _of_session(
        self, page: Page, request: Request, session: Session, form: Iterable[tuple[str, str]] = ()
    ) -> Response:
        call = self._call(request, session, form)
        if not session.person and page.role is not Role.NOBODY:
            return go("/name")
        try:
            return self._answered(page, call, request)
        except ProscribeError as known:  # nothing is shown that could not be written down
            return self._known(call, known)

    def _call(self, request: Request, session: Session, form: Iterable[tuple[str, str]] = ()) -> Call:
        return Call(
            self.settings, session, dict(request.path_params), request.query_params.multi_items(), list(form),
            request.state.nonce, request.url.path, getattr(request.state, "within", ""), request.headers.get("host", ""),
        )  # fmt: skip

    def _answered(self, page: Page, call: Call, request: Request) -> Response:
        """Answer, and write down who opened what before it is shown."""
        asked, logged = request.url.path, page.opens is not Opens.NOTHING
        try:
            if call.asked("text") or call.asked("q"):
                self._rates.count("search", self._caller(call))
            refuse(call.actor, page.role, call.path.get("case_id", ""))
            answer = page.endpoint()(call)
        except ProscribeError as known:
            outcome = outcome_of(known)
            if page.path == "/" and known.code == "E506" and call.actor.cases:
                self._note(call, page.name, asked, "opened")
                return call.page("own_cases.html.j2", title="Your cases", cases=call.actor.cases)
            if logged or outcome == "refused":
                self._note(call, page.name, asked, outcome)
            return self._known(call, known, _back(request.url.path, request.url.query, page))
        if isinstance(answer, str):  # the name of who works here
            self._note(call, page.name, answer, "done")
            self._held.name_person(request.cookies[self._cookie(request)], answer)
            back = call.sent("from")  # where one was, if that is a page
            return RedirectResponse(
                back if back not in ("", "/name") and _page_above(back, at_all=True) == back else "/",
                status_code=303,
            )
        wait = _wait_of(call, answer)
        if logged and wait not in self._waits:
            done = "opened" if page.method == "GET" else "done"
            # a form that did not do comes back as its page
            self._note(
                call, page.name, asked, done if answer.status_code < 400 else outcome_at(answer.status_code)
            )
            self._remember(wait)
        made: Response = answer
        return made

    def _remember(self, wait: tuple[object, ...] | None) -> None:
        """Keep that a session has a page before it that follows a job, so that the page fetched by itself opens nothing anew."""
        if wait is not None:
            self._waits[wait] = None
        while len(self._waits) > _MOST_WAITS:
            self._waits.pop(next(iter(self._waits)), None)

    @staticmethod
    def _caller(call: Call) -> str:
        return f"{call.actor.account} {call.actor.name}"

    @staticmethod
    def _known(call: Call, known: ProscribeError, back: str = "") -> Response:
        """Say what happened, what was expected and what to do, with the status that fits, and lead back to a page."""
        return call.page(
            "problem.html.j2", status_of(known), problem=known, back=back, title="That did not work",
            case_id=call.path.get("case_id", ""),
        )  # fmt: skip

    async def _form(self, request: Request, session: Session) -> list[tuple[str, str]]:
        """Read a form of texts alone.

        Raises:
            HTTPException: 413 too large; 408 too slow; 403 the token of the form is not that of the session.
        """
        self._bounded(request, self.settings.most_form_bytes)
        try:
            async with (
                asyncio.timeout(self.settings.form_seconds),
                request.form(max_files=0, max_fields=_MOST_FIELDS) as form,
            ):
                sent = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        except TimeoutError:
            raise HTTPException(408, "The form took too long to arrive.") from None
        if not is_of_the_form(dict(sent), session.form_token):
            raise HTTPException(
                403, "This form is of an earlier session. Open the page anew and send it again."
            )
        return sent

    def _bounded(self, request: Request, most: int) -> None:
        """End a request that sends more than it may, whatever it says of its length, or nothing for too long."""
        receive, held = request._receive, 0

        async def counting() -> Message:
            nonlocal held
            try:
                async with asyncio.timeout(self.settings.body_seconds):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, "Nothing more arrived.") from None
            held += len(message.get("body", b""))
            if held > most:
                raise HTTPException(413, f"More than {most:,} bytes were sent.")
            return message

        counted: Receive = counting
        request._receive = counted

    # Handing files in

    async def _hand_in(self, request: Request) -> Response:
        """Take files; each is kept under its digest before anything looks at it."""

        def kept(call: Call, sent: list[UploadFile], told: Mapping[str, str]) -> Response:
            return self._kept(call, sent, (told.get("page", ""), told.get("case", "")))

        return await self._taken(request, "/uploads", self.settings.most_upload_bytes, kept)

    async def _check(self, request: Request) -> Response:
        """Have bundles checked; they are kept until that is over."""
        from proscribe.web.pages.papers import hand_in

        def answered(call: Call, sent: list[UploadFile], told: Mapping[str, str]) -> Response:
            files = [(one.filename or "", _pieces(one)) for one in sent]
            answer = hand_in(call, files, told.get("fingerprint", ""))
            self._note(call, "papers.hand_in", "/verify", "done")
            return answer

        most = min(self.settings.most_upload_bytes, _MOST_CHECKED_BYTES)
        return await self._taken(request, "/verify", most, answered)

    async def _taken(
        self, request: Request, address: str, most: int,
        do: Callable[[Call, list[UploadFile], Mapping[str, str]], Response],
    ) -> Response:  # fmt: skip
        """Take a form with files of whoever may call an address, and give what is done with them and with its texts."""
        session = await self._session(request)
        if session is None:
            return self._closed()
        self._bounded(request, most)
        call = self._call(request, session)
        if not session.person:
            return go("/name")
        try:
            refuse(call.actor, OTHERS[address][0])
            self._rates.count("upload", self._caller(call))
        except ProscribeError as known:
            what = "start.hand_in" if address == "/uploads" else "papers.hand_in"
            await run_in_threadpool(self._note, call, what, address, outcome_of(known))
            return self._known(call, known)
        from proscribe.app.background.uploads import MOST_FILES

        if self._uploading >= self.settings.most_uploads:
            raise HTTPException(503, "Others hand files in at the moment. Send them again.")
        self._uploading += 1
        try:
            told = request.headers.get("content-length", "")
            await run_in_threadpool(self._has_room, call, int(told) if told.isdigit() else 0)
            async with (
                asyncio.timeout(self.settings.upload_seconds),
                request.form(max_files=MOST_FILES, max_fields=_MOST_FIELDS) as form,
            ):
                if not is_of_the_form(form, session.form_token):
                    raise HTTPException(
                        403, "This form is of an earlier session. Open the page anew and send it again."
                    )
                sent = [
                    value
                    for value in form.getlist("files")
                    if isinstance(value, UploadFile) and value.filename
                ]
                told_of = {name: text for name, text in form.items() if isinstance(text, str)}
                return await run_in_threadpool(do, call, sent, told_of)
        except TimeoutError:
            raise HTTPException(408, "The files took too long to arrive.") from None
        except MultiPartException as problem:
            return PlainTextResponse(f"The form cannot be read: {problem.message}\n", 400)
        except ClientDisconnect:
            return PlainTextResponse("", 400)
        except OSError as problem:  # where a request is held until it is whole
            why = problem.strerror or str(problem)
            return self._known(call, error("E510.kept", at=tempfile.gettempdir(), why=why))
        except ProscribeError as known:
            return self._known(call, known)
        finally:
            self._uploading -= 1

    def _has_room(self, call: Call, size: int) -> None:
        from proscribe.app.background.uploads import refuse_without_room

        with call.cases(create=True) as cases:
            refuse_without_room(cases.store, size, least_free=self.settings.least_free_bytes)

    def _kept(self, call: Call, sent: list[UploadFile], wanted: tuple[str, str]) -> Response:
        """Keep files, and go on to what they are.

        Args:
            wanted: the page of a case that takes them instead, and the case.
        """
        from proscribe.app.background import uploads

        try:
            if not sent:
                raise error("E415.none")
            with call.cases(create=True) as cases:
                files = [(one.filename or "", _pieces(one)) for one in sent]
                held = uploads.hand_in(cases.store, files, by=call.person)
            self._note(call, "start.hand_in", link("/uploads/{upload_id}", upload_id=held.id), "done")
            page, case_id = wanted
            if page in _TAKING:
                return go(f"/cases/{{case_id}}/{page}", [("upload", held.id)], case_id=case_id)
            with call.cases() as cases:
                uploads.look(cases.store, held, by=call.person)
            return go("/uploads/{upload_id}", upload_id=held.id)
        except ProscribeError as known:
            return self._known(call, known)

    # The rest

    @staticmethod
    async def _static(request: Request) -> Response:
        held = static_files().get(request.path_params["name"])
        if held is None:
            return PlainTextResponse("There is no such file.\n", 404)
        return Response(
            held[0], media_type=held[1], headers={"cache-control": "public, max-age=31536000, immutable"}
        )

    async def _missing(self, request: Request, problem: Exception) -> Response:
        if request.url.path.startswith(
            f"{API}/"
        ):  # a line break, which no address of the API holds, leads past it
            return told(request, problem)
        session = await self._session(request)
        status = getattr(problem, "status_code", 404)
        if session is None:
            return self._closed()
        known = error("E419", asked=request.url.path[:80])
        back = _page_above(request.url.path, at_all=False)
        return self._call(request, session).page(
            "problem.html.j2", status, problem=known, back=back, title="Not found", case_id=""
        )

    @staticmethod
    async def _fault(_request: Request, problem: Exception) -> Response:
        """A fault of the program: told in the terminal, never on the page."""
        _LOG.error("a page failed", exc_info=problem)
        return PlainTextResponse("The program failed here. The terminal in which it runs says more.\n", 500)


def _wait_of(call: Call, answer: object) -> tuple[object, ...] | None:
    """Give what tells one wait from another: whose it is, at which address and for which job; None where nothing is awaited."""
    if not isinstance(answer, Shown) or not answer.waits_for:
        return None
    return call.session.form_token, call.address, tuple(call.query), answer.waits_for


def _back(path: str, query: str, page: Page) -> str:
    """Give where to go back to from a page that failed: what was sent, to its own page with what was chosen there."""
    above = _page_above(path, at_all=page.method == "POST")
    return f"{above}?{query}" if query and above == path else above


def _page_above(path: str, *, at_all: bool) -> str:
    """Give the nearest page to go back to from an address; empty where only the first one is.

    Args:
        at_all: whether the address itself is one.
    """
    parts = path.split("/")
    for count in range(len(parts) if at_all else len(parts) - 1, 1, -1):
        asked = "/".join(parts[:count])
        if any(page.method == "GET" and page.fits(asked) for page in PAGES):
            return asked
    return ""


def refuse(actor: Actor, role: Role, case_id: str = "") -> None:
    """Refuse who may not do what a role may; a case in which they are nobody does not exist for them.

    Raises:
        CaseError: E423 as where there is no such case.
        UsageError: E506.
    """
    if actor.may(role, case_id):
        return
    if case_id and not actor.may(Role.VIEWER, case_id):
        raise error("E423.case", case_id=case_id)
    raise error("E506", role=role.value, held=actor.role(case_id).value)


def _pieces(file: UploadFile) -> Iterator[bytes]:
    while piece := file.file.read(_STEP):
        yield piece


def application(settings: Settings) -> Any:
    """Give the application of a workbench."""
    return Workbench(settings).application
