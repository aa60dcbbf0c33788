"""What a server that runs for weeks asks of the memory of its process, where that is kept by the GNU C library.

Each thread has an arena of its own there, which keeps the most that it ever took. A check of a large case takes some tens of
MiB for a moment, each time in another thread.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

#: `M_ARENA_MAX` of mallopt(3).
_ARENA_MAX = -8


def few_arenas() -> None:
    """Let threads of this process share what others gave back; to be called before there are any."""
    _asked("mallopt", _ARENA_MAX, 2)


def give_back() -> None:
    """Give to the system what this process no longer uses."""
    _asked("malloc_trim", 0)


def _asked(name: str, *values: Any) -> None:
    if sys.platform != "linux":
        return
    import ctypes

    with suppress(AttributeError, OSError):  # another C library
        getattr(ctypes.CDLL(None), name)(*values)
