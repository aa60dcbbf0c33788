"""Administration: who may do what, the tokens of programs, and the log of who opened what."""

from __future__ import annotations

from starlette.responses import Response

from proscribe.model.accounts import Role
from proscribe.model.errors import error
from proscribe.web.calls import Call, go, number

_MOST_DAYS = 36_500


def administration(call: Call) -> Response:
    """Show people, tokens and the newest part of the access log, once the whole log was verified."""
    return _page(call)


def _page(call: Call, secret: str = "") -> Response:
    from proscribe.app.background import jobs
    from proscribe.app.keys import accounts

    days = _days(call.asked("retain"))
    with call.cases(create=True) as cases:
        old = jobs.retain(cases.store, days, dry_run=True) if days else None
        people, tokens = accounts.people(cases.store), accounts.tokens(cases.store)
        log = accounts.access_log(cases.store, before=number(call.asked("before"), 0))
    return call.page(
        "administration.html.j2", title="Administration", people=people, tokens=tokens, log=log, roles=list(Role),
        secret=secret, here="Administration", days=days, old=old, removed=number(call.asked("removed"), 0),
    )  # fmt: skip


def _days(text: str) -> int:
    """Give days of a retention rule; 0 for what is none."""
    days = number(text, 0)
    return days if 0 < days <= _MOST_DAYS else 0


def retain(call: Call) -> Response:
    """Remove kept files that nothing needs, if they are as many as were shown."""
    from proscribe.app.background import jobs

    days, seen = _days(call.sent("days")), number(call.sent("seen"), -1)
    with call.cases() as cases:
        if not days or len(jobs.retain(cases.store, days, dry_run=True).removed) != seen:
            return go("/administration", [("retain", str(days or _MOST_DAYS))])
        removed = jobs.retain(cases.store, days).removed
    return go("/administration", [("removed", str(len(removed)))])


def give_role(call: Call) -> Response:
    """Say what somebody may do."""
    from proscribe.app.keys import accounts

    with call.cases() as cases:
        accounts.give_role(
            cases.store, number(call.sent("account"), 0), _role(call), call.sent("case_id"), by=call.actor
        )
    return go("/administration")


def make_token(call: Call) -> Response:
    """Make a token; the page shows it this once."""
    from proscribe.app.keys import accounts

    with call.cases(create=True) as cases:
        secret, _ = accounts.make_token(
            cases.store, call.sent("title"), _role(call), by=call.actor, case_id=call.sent("case_id"),
            days=number(call.sent("days"), 0),
        )  # fmt: skip
    return _page(call, secret)


def end_token(call: Call) -> Response:
    """End a token."""
    from proscribe.app.keys import accounts

    with call.cases() as cases:
        accounts.end_token(cases.store, number(call.path["number"], 0), by=call.actor)
    return go("/administration")


def _role(call: Call) -> Role:
    try:
        return Role(call.sent("role"))
    except ValueError:
        raise error("E504.role", role=call.sent("role")[:40]) from None
