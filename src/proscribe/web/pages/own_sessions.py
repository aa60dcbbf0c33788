"""Where somebody is signed in: their own sessions, which they can end."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from starlette.responses import Response

from proscribe.web.calls import Call, go


def sessions(call: Call) -> Response:
    """Show the browsers in which they are signed in."""
    from proscribe.app.keys import accounts

    held: list[accounts.OpenSession] = []
    if call.settings.team is not None:
        with call.cases() as cases:
            held = accounts.open_sessions(cases.store, call.actor, int(time.time()))
    return call.page(
        "sessions.html.j2", title="Where you are signed in", held=held, own=call.session.id,
        instant=lambda seconds: datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M"),
    )  # fmt: skip


def end(call: Call) -> Response:
    """End one of the sessions, or all but this one; what is over already stays so."""
    from proscribe.app.keys import accounts

    one = call.sent("session")
    if call.settings.team is not None:
        with call.cases() as cases:
            if one:
                accounts.end_sessions(cases.store, call.actor, only=one)
            else:
                accounts.end_sessions(cases.store, call.actor, but=call.session.id)
    return go("/sessions")
