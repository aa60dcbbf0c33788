"""How often one person, program or address may ask, so that others are not kept waiting and nothing is tried out."""

from __future__ import annotations

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from proscribe.model.errors import error

#: What is counted, and how much of it one caller may do; counted by each process of a server.
RATES = {
    "sign-in": "20 per minute",
    "token": "30 per minute",  # tokens that do not count
    "upload": "60 per hour",
    "search": "120 per minute",
}


class Rates:
    """Counts what callers do."""

    def __init__(self, rates: dict[str, str] | None = None) -> None:
        self._rates = {name: parse(text) for name, text in {**RATES, **(rates or {})}.items()}
        self._counted = MovingWindowRateLimiter(MemoryStorage())

    def count(self, what: str, caller: str) -> None:
        """Count one more.

        Raises:
            UsageError: E507 when it is more than the caller may do.
        """
        if not self._counted.hit(self._rates[what], what, caller):
            raise error("E507", limit=str(self._rates[what]))
