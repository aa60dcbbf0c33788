"""What one connection may take: how long it may wait, and how many may wait at once.

A connection waits while no request of it is under way: before its first, between two, and while the head of one comes letter by
letter. However many wait, an honest request is answered: the one that has waited longest makes room for the newest.
"""

from __future__ import annotations

import asyncio
import socket
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


@dataclass(slots=True)
class Bounds:
    """What the connections of one server may take.

    Attributes:
        head_seconds: until the head of a request is whole; a connection without a request is ended after as long.
        write_seconds: how long an answer may wait for a client that does not read it.
        most_waiting: connections without a request under way; one more ends the one that has waited longest.
    """

    head_seconds: float = 10.0
    write_seconds: float = 30.0
    most_waiting: int = 256
    waiting: OrderedDict[BoundedConnection, None] = field(default_factory=OrderedDict)


class BoundedConnection(H11Protocol):
    """One connection, which is ended when it waits too long, or when too many do."""

    def __init__(self, *given: Any, bounds: Bounds, **named: Any) -> None:
        super().__init__(*given, **named)
        self._bounds = bounds
        self._waits: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request, and let the end of each answer go without waiting until the client has its beginning.

        The loop lets it for the sockets it makes alone, not for those of one it is handed; the wait is 40 ms a page.
        """
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of the timers."""
        self._go()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; once they make a request it is under way, and no longer waits."""
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the end of what the client still sends."""
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        """Give a client that does not read some time."""
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(self._bounds.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on with a client that reads."""
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
        super().resume_writing()

    def _look(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._go()
        elif self._waits is None:
            self._wait()

    def _wait(self) -> None:
        waiting = self._bounds.waiting
        self._waits = self.loop.call_later(self._bounds.head_seconds, self.transport.abort)
        waiting[self] = None
        if len(waiting) > self._bounds.most_waiting:
            oldest, _ = waiting.popitem(last=False)
            oldest.transport.abort()

    def _go(self) -> None:
        self._bounds.waiting.pop(self, None)
        if self._waits is not None:
            self._waits.cancel()
            self._waits = None


def protocol(bounds: Bounds | None = None) -> Any:
    """Give what a server makes of each connection."""
    return partial(BoundedConnection, bounds=bounds or Bounds())
