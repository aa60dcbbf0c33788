"""Who is at the browser: sessions of one workbench, opened by a token that counts once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

#: Seconds without a request, and in all, after which a session is over.
IDLE_S, WHOLE_S = 4 * 3600, 12 * 3600
_MOST = 100


@dataclass(frozen=True, slots=True)
class Session:
    """One browser.

    Attributes:
        person: who works there; empty until it was said.
        form_token: what every form carries, so that no other page can send it.
        begun_s, used_s: seconds of the clock.
    """

    person: str
    form_token: str
    begun_s: float
    used_s: float


class Sessions:
    """The sessions, by the digest of their id: who reads the memory or a log cannot take one over.

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
        self._held[_digest(name)] = Session(person, secrets.token_urlsafe(32), now, now)
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
        self._held[_digest(name)] = replace(self._held[_digest(name)], person=person)

    def end(self, name: str) -> None:
        """End a session."""
        self._held.pop(_digest(name), None)

    def again(self) -> str:
        """Give a new token, for a further browser of the same person."""
        self._token = secrets.token_urlsafe(32)
        return self._token


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
