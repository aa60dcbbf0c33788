"""Collectors: ask named devices on a network, read-only and without credentials, and keep the raw answers.

The only room that opens sockets. It interprets nothing: what an answer means is read from the capture afterwards.
"""

from __future__ import annotations

from proscribe.collectors.base import Ask, Collector, Needs, Settings
from proscribe.collectors.capture import CaptureWriter
from proscribe.collectors.registry import COLLECTORS
from proscribe.collectors.run import Outcome, Pace, collect, planned
from proscribe.collectors.targets import MAX_TARGETS, Scope, read_targets
from proscribe.collectors.wire import SocketWire, Wire

__all__ = [
    # what can be asked
    "COLLECTORS", "Collector", "Ask", "Needs", "Settings",
    # whom
    "Scope", "read_targets", "MAX_TARGETS",
    # doing it
    "collect", "planned", "Pace", "Outcome", "Wire", "SocketWire", "CaptureWriter",
]  # fmt: skip
