"""The application: routes and their roles, sessions, forms, uploads, and what a known condition looks like."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive

from proscribe.model.errors import ProscribeError, error
from proscribe.web.calls import Call, go, static_files, status_of
from proscribe.web.routes import PAGES, Page, Role
from proscribe.web.security import Guard, is_of_the_form
from proscribe.web.sessions import Session, Sessions
from proscribe.web.settings import Settings

COOKIE = "proscribe-session"
_LOG = logging.getLogger("proscribe.web")
_MOST_FIELDS = 2_000
_STEP = 1 << 20


class Workbench:
    """One workbench: its settings, its sessions, and the application that answers.

    Attributes:
        sessions: who is at which browser.
        application: to be served.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.sessions = Sessions(settings.token)
        self._uploading = 0
        routes = [
            Route("/enter", self._enter),
            Route("/static/{name}", self._static),
            *(Route(page.path, self._endpoint(page), methods=[page.method]) for page in PAGES),
            Route("/uploads", self._hand_in, methods=["POST"]),
        ]
        self.application = Starlette(
            routes=routes,
            middleware=[Middleware(Guard, settings=settings)],
            exception_handlers={404: self._missing, 405: self._missing, Exception: self._fault},
        )

    # Who is there

    async def _enter(self, request: Request) -> Response:
        """Exchange the token of the address for a session, and send the browser to an address without it."""
        name = self.sessions.enter(request.query_params.get("token", ""), self.settings.person)
        if name is None:
            return self._closed()
        # The address of this answer holds the token: it stands in no Referer.
        answer = RedirectResponse("/", status_code=303, headers={"referrer-policy": "no-referrer"})
        answer.set_cookie(COOKIE, name, path="/", httponly=True, samesite="strict")
        return answer

    def _session(self, request: Request) -> Session | None:
        name = request.cookies.get(COOKIE)
        return self.sessions.get(name) if name else None

    @staticmethod
    def _closed() -> Response:
        return PlainTextResponse(
            "This workbench was opened from elsewhere, or its session is over.\n"
            "Start it again with: proscribe serve\n",
            403,
        )

    # Pages

    def _endpoint(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            session = self._session(request)
            if session is None:
                return self._closed()
            form: list[tuple[str, str]] = []
            if page.method == "POST":
                try:
                    form = await self._form(request, session)
                except MultiPartException as problem:
                    return PlainTextResponse(f"The form cannot be read: {problem.message}\n", 400)
            call = self._call(request, session, form)
            if not session.person and page.role is not Role.NOBODY:
                return go("/name")
            return await run_in_threadpool(self._answered, page, call, request.cookies[COOKIE])

        return endpoint

    def _call(self, request: Request, session: Session, form: Iterable[tuple[str, str]] = ()) -> Call:
        return Call(
            self.settings, session, dict(request.path_params), request.query_params.multi_items(), list(form),
            request.state.nonce,
        )  # fmt: skip

    def _answered(self, page: Page, call: Call, cookie: str) -> Response:
        try:
            answer = page.endpoint()(call)
        except ProscribeError as known:
            return self._known(call, known)
        if isinstance(answer, str):  # the name of who works here
            self.sessions.name_person(cookie, answer)
            return go("/")
        made: Response = answer
        return made

    @staticmethod
    def _known(call: Call, known: ProscribeError) -> Response:
        """Say what happened, what was expected and what to do, with the status that fits."""
        return call.page("problem.html.j2", status_of(known), problem=known, title="That did not work")

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
        session = self._session(request)
        if session is None:
            return self._closed()
        self._bounded(request, self.settings.most_upload_bytes)
        call = self._call(request, session)
        from proscribe.app.uploads import MOST_FILES

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
                return await run_in_threadpool(self._kept, call, sent)
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
        from proscribe.app.uploads import refuse_without_room

        with call.cases(create=True) as cases:
            refuse_without_room(cases.store, size, least_free=self.settings.least_free_bytes)

    def _kept(self, call: Call, sent: list[UploadFile]) -> Response:
        from proscribe.app import uploads

        try:
            if not sent:
                raise error("E415.none")
            with call.cases(create=True) as cases:
                held = uploads.begin(cases.store, by=call.person)
                held = uploads.add(cases.store, held, [(one.filename or "", _pieces(one)) for one in sent])
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
        session = self._session(request)
        status = getattr(problem, "status_code", 404)
        if session is None:
            return self._closed()
        known = error("E419", asked=request.url.path[:80])
        return self._call(request, session).page("problem.html.j2", status, problem=known, title="Not found")

    @staticmethod
    async def _fault(_request: Request, problem: Exception) -> Response:
        """A fault of the program: told in the terminal, never on the page."""
        _LOG.error("a page failed", exc_info=problem)
        return PlainTextResponse("The program failed here. The terminal in which it runs says more.\n", 500)


def _pieces(file: UploadFile) -> Iterator[bytes]:
    while piece := file.file.read(_STEP):
        yield piece


def application(settings: Settings) -> Any:
    """Give the application of a workbench."""
    return Workbench(settings).application
