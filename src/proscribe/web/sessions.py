"""Who is at the browser: the session of one person at their own machine, and those of a team, which the store keeps."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, Protocol

from proscribe.model.accounts import Actor, Role
from proscribe.model.errors import error

#: Seconds without a request, and in all, after which a session is over.
IDLE_S, WHOLE_S = 4 * 3600, 12 * 3600
_MOST = 100


@dataclass(frozen=True, slots=True)
class Session:
    """One browser.

    Attributes:
        actor: who works there, and what they may do.
        form_token: what every form carries, so that no other page can send it.
        begun_s, used_s: seconds of the clock.
        id: tells it from the others of a person, and opens nothing; empty where one person works alone.
    """

    actor: Actor
    form_token: str
    begun_s: float
    used_s: float
    id: str = ""

    @property
    def person(self) -> str:
        """Give the name of who works there; empty until it was said."""
        return self.actor.name


def alone(person: str) -> Actor:
    """Give the person at their own machine, who may do everything once they said who they are."""
    return Actor(0, person, {"": Role.ADMINISTRATOR if person else Role.NOBODY})


class Holder(Protocol):
    """Keeps sessions by the digest of their id."""

    def get(self, name: str) -> Session | None:
        """Give a session that is not over, and count it as used."""

    def name_person(self, name: str, person: str) -> None:
        """Say who works at a browser."""

    def end(self, name: str) -> None:
        """End a session."""


class Sessions:
    """The sessions of one person, by the digest of their id: who reads the memory or a log cannot take one over.

    Args:
        token: opens the first session, and counts once.
        clock: seconds, for tests.
    """

    def __init__(self, token: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._token: str | None = token
        self._clock = clock
        self._held: dict[str, Session] = {}

    def enter(self, token: str, person: str) -> str | None:
        """Exchange the token for a session; gives its id, or `None` where the token is wrong or was used."""
        if self._token is None or not hmac.compare_digest(self._token.encode(), token.encode()):
            return None
        self._token = None
        now = self._clock()
        name = secrets.token_urlsafe(32)
        self._held[_digest(name)] = Session(alone(person), secrets.token_urlsafe(32), now, now)
        while len(self._held) > _MOST:
            del self._held[next(iter(self._held))]
        return name

    def get(self, name: str) -> Session | None:
        """Give a session that is not over, and count it as used."""
        held = self._held.get(_digest(name))
        now = self._clock()
        if held is None:
            return None
        if now - held.used_s > IDLE_S or now - held.begun_s > WHOLE_S:
            self.end(name)
            return None
        held = self._held[_digest(name)] = replace(held, used_s=now)
        return held

    def name_person(self, name: str, person: str) -> None:
        """Say who works at a browser."""
        self._held[_digest(name)] = replace(self._held[_digest(name)], actor=alone(person))

    def end(self, name: str) -> None:
        """End a session."""
        self._held.pop(_digest(name), None)

    def again(self) -> str:
        """Give a new token, for a further browser of the same person."""
        self._token = secrets.token_urlsafe(32)
        return self._token


class TeamSessions:
    """The sessions of a team, in its store: by the digest of their id, and over when a role of theirs changes.

    Args:
        opened: opens the store.
        administrators: subjects who are administrators, whatever the store says.
    """

    def __init__(
        self, opened: Callable[[], AbstractContextManager[Any]], administrators: Sequence[str]
    ) -> None:
        self._opened = opened
        self._administrators = administrators

    def sign_in(self, issuer: str, person: Any, browser: str) -> str:
        """Begin a session for whom the provider vouches for; gives its id."""
        from proscribe.app.keys import accounts

        with self._opened() as cases:
            account = accounts.sign_in(
                cases.store, issuer=issuer, subject=person.subject, name=person.name, email=person.email
            )
            return accounts.begin_session(cases.store, account, int(time.time()), browser)

    def get(self, name: str) -> Session | None:
        """Give a session that is not over, and count it as used."""
        from proscribe.app.keys import accounts

        with self._opened() as cases:
            held = accounts.session(cases.store, name, int(time.time()), self._administrators)
        if held is None:
            return None
        form_token = hmac.new(name.encode(), b"form", "sha256").hexdigest()
        return Session(held.actor, form_token, held.begun_s, held.used_s, accounts.session_id(name))

    def name_person(self, name: str, person: str) -> None:
        """Refuse: who signed in has a name."""
        raise error("E419", asked="/name")

    def end(self, name: str) -> None:
        """End a session."""
        from proscribe.app.keys import accounts

        with self._opened() as cases:
            accounts.end_session(cases.store, name)


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
