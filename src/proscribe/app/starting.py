"""How the program starts itself anew: never with modules of the folder in which somebody happens to work.

Python looks for what a process imports in the current folder first where it is started with `-c`, as each further process is.
A folder that a stranger delivered could bring a `polars.py`, which would run with the rights of the user and read for them.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import proscribe

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext, SpawnContext

#: Python's own (3.11): no current folder among the places of modules. Set, it holds for all that is started from here.
_VARIABLE = "PYTHONSAFEPATH"
#: As an option of the interpreter.
SAFE_PATH = "-P"
#: Holds the key of the server beside which a worker works, in hexadecimal; what reads the inputs of others is not told.
KEY_VARIABLE = "PROSCRIBE_SERVER_KEY"
#: The thread that Arrow's memory starts by itself; a divided process does without it.
_HARMLESS_THREADS = frozenset({"jemalloc_bg_thd"})
#: Where the program itself lies.
_OWN = os.path.dirname(os.path.dirname(os.path.abspath(proscribe.__file__)))


def spawning() -> SpawnContext:
    """Give the context that starts worker processes anew."""
    from multiprocessing import get_context

    os.environ.setdefault(_VARIABLE, "1")
    return get_context("spawn")


def may_divide() -> bool:
    """Tell whether this process may go on as two: the command line's own, with no thread but its first. Linux only.

    What it holds is shared then, and is not loaded a second time. A program that uses this one as a library holds what is not
    ours, so there a process is started anew.
    """
    if not proscribe.is_program or sys.platform != "linux" or threading.active_count() != 1:
        return False
    own = str(os.getpid())
    try:
        names = [
            path.joinpath("comm").read_text().strip()
            for path in Path("/proc/self/task").iterdir()
            if path.name != own
        ]
    except OSError:
        return False
    return _HARMLESS_THREADS.issuperset(names)


def dividing() -> BaseContext:
    """Give the context whose worker processes share what this one holds, or, where it may not divide, that starts them anew."""
    from multiprocessing import get_context

    return get_context("fork") if may_divide() else spawning()


def module_folders() -> str:
    """Give the folders in which this process looks for modules, for the environment of another one."""
    return os.pathsep.join(dict.fromkeys([*filter(None, sys.path), _OWN]))


def forget_current_folder() -> None:
    """Take the current folder out of the places of modules, where `python -m` put it; not where the program itself lies there."""
    here = os.getcwd()
    if not sys.flags.safe_path and sys.path[:1] == [here] and here != _OWN:
        del sys.path[0]


def in_own_group() -> None:
    """Begin a group of processes that is ended as one, and that no terminal speaks to, nor the other way round; POSIX alone.

    No session: Linux divides a processor among sessions first, and `nice` weighs what shares one (sched(7), "autogroup").
    """
    if not hasattr(os, "setpgid"):
        return
    import fcntl
    import termios

    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    with suppress(OSError):  # there is none
        handle = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
        try:
            fcntl.ioctl(handle, termios.TIOCNOTTY)
        finally:
            os.close(handle)
