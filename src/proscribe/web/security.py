"""What every request and every answer goes through: who may call, from where, and what a browser may do with the answer."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from proscribe.web.settings import Settings

#: Where programs call.
API = "/api/v1"
#: Requests that change nothing.
SAFE_METHODS = frozenset({"GET", "HEAD"})
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def content_policy(nonce: str) -> str:
    """Write what a page may load and do: its own style sheet, its own script by nonce, and forms to itself."""
    return (
        f"default-src 'none'; object-src 'none'; script-src 'nonce-{nonce}'; "
        "style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


class Guard:
    """Refuses requests from elsewhere, and sends the headers that bind a browser.

    A host that is not in the list is refused, so that a name of a stranger that leads to this machine opens nothing. A request
    that changes something has to come from a page of ours: browsers say so (`Sec-Fetch-Site`, `Origin`); where a client says
    neither it is refused. The form's own token is checked where the form is read.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._settings = settings
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError("a workbench speaks HTTP alone")
        headers = Headers(scope=scope)
        nonce = secrets.token_urlsafe(18)
        scope.setdefault("state", {})["nonce"] = nonce

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = MutableHeaders(raw=message["headers"])
                for name, value in _HEADERS.items():
                    kept.setdefault(name, value)
                kept.setdefault("content-security-policy", content_policy(nonce))
                kept.setdefault("cache-control", "no-store")
                if self._settings.team is not None:
                    kept.setdefault("strict-transport-security", "max-age=31536000; includeSubDomains")
            await send(message)

        refused = self._refused(scope, headers)
        if refused:
            status, words = refused
            await PlainTextResponse(f"{words}\n", status)(scope, receive, sending)
            return
        if self._under_way >= self._settings.most_requests:
            again = {"retry-after": "2"}
            await PlainTextResponse("The workbench is busy. Send it again.\n", 503, again)(
                scope, receive, sending
            )
            return
        self._under_way += 1
        try:
            await self.app(scope, receive, sending)
        finally:
            self._under_way -= 1

    def _refused(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        method, team = scope["method"], self._settings.team
        if team is not None and (
            (scope.get("client") or ("",))[0] not in team.proxies
            or headers.getlist("x-forwarded-proto") != ["https"]
        ):
            return 421, "The workbench is reached through its proxy, over https."
        if (
            headers.getlist("host") != [headers.get("host", "")]
            or headers.get("host", "") not in self._settings.hosts
        ):
            return 421, "This address is not one of the workbench."
        if method not in (*SAFE_METHODS, "POST"):
            return 405, "The workbench takes GET and POST."
        if scope["path"].startswith(API) and "cookie" not in headers:
            return None  # a program, with a token of its own that no browser sends by itself
        if method == "POST" and not self._from_a_page_of_ours(headers):
            return 403, "This form was not sent by a page of the workbench."
        return None

    def _from_a_page_of_ours(self, headers: Headers) -> bool:
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None and site != "same-origin":
            return False
        if origin is not None:
            parts = urlsplit(origin)
            scheme = "http" if self._settings.team is None else "https"
            return parts.scheme == scheme and parts.netloc == headers.get("host")
        return site == "same-origin"


def address_of(scope: Scope, settings: Settings) -> str:
    """Give the address of a client: of a team as its proxy says it, which alone is answered."""
    told = ""
    if settings.team is not None:
        told = Headers(scope=scope).get("x-forwarded-for", "").split(",")[-1].strip()
    return (told or (scope.get("client") or ("",))[0])[:60]


def is_of_the_form(sent: Mapping[str, object], token: str) -> bool:
    """Tell whether a form carries the token of the session."""
    told = sent.get("form_token")
    return isinstance(told, str) and hmac.compare_digest(told.encode(), token.encode())
