"""Tables of an index that were made before: kept as plain data beside the knowledge or in a cache, and made anew otherwise.

A table is kept under a name as bytes of JSON, of msgpack or of numbers, never of objects. What cannot be read counts as
missing: the table is then made as if nothing had been kept, so that a damaged one costs time and no answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Ready(Protocol):
    """Keeps the tables of one knowledge, as one version of the program makes them."""

    def get(self, name: str) -> bytes | None:
        """Give a table that was kept, whole as it was put, or `None`."""
        ...

    def put(self, name: str, packed: bytes) -> None:
        """Keep a table; where that cannot be done it is not kept."""
        ...


def ready_or_made(
    ready: Ready | None,
    name: str,
    unpacked: Callable[[bytes], T],
    make: Callable[[], T],
    packed: Callable[[T], bytes],
) -> T:
    """Give a table as it was kept; else make it, and keep it."""
    kept = ready.get(name) if ready is not None else None
    if kept is not None:
        try:
            return unpacked(kept)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):
            pass  # whatever wrote it: it is made anew
    made = make()
    if ready is not None:
        ready.put(name, packed(made))
    return made


class Holder:
    """Holds what keeps tables, and what was made of them; a copy of an index that travels to another process or machine has none.

    `loops` has the compiled literals by name: one copy serves all inputs of a scan.
    """

    __slots__ = ("loops", "ready")

    def __init__(self, ready: Ready | None = None) -> None:
        self.ready = ready
        self.loops: dict[str, Any] = {}

    def __reduce__(self) -> tuple[type[Holder], tuple[()]]:
        return Holder, ()

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, Holder)

    __hash__ = None  # type: ignore[assignment]
