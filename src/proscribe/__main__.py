"""Entry point of `proscribe` and `python -m proscribe`."""

from __future__ import annotations

import atexit
import gc
import os
import sys

#: Libraries for which more happens at Python's own end: connections to databases close, a profiler writes.
_END_IN_ORDER = frozenset({"sqlite3", "pg8000", "cProfile"})
#: New objects between two searches for cycles. The libraries and the knowledge are half a million objects that stay, and a
#: search that finds nothing among them took a tenth of the time of a scan.
_BETWEEN_SEARCHES = (200_000, 20, 100)


def main() -> None:
    """Run the command line; `--version` alone answers before anything else is imported."""
    if sys.argv[1:] == ["--version"]:
        from proscribe import __version__

        sys.stdout.write(f"proscribe {__version__}\n")
        return
    gc.set_threshold(*_BETWEEN_SEARCHES)
    import proscribe
    from proscribe import precompiled

    precompiled.use()
    from proscribe.app.starting import forget_current_folder

    forget_current_folder()
    from proscribe.cli.main import cli

    proscribe.is_program = True
    # Nothing here multiplies matrices: the threads that NumPy would start for it cost time, and forbid dividing the process.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Of what Arrow's own allocator was given back it keeps tens of MiB in each process.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    cli(prog_name="proscribe")


def program() -> None:
    """Run the command line as a process of its own, which ends with it."""
    try:
        main()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            _end_at_once(end.code or 0)
        raise
    finally:
        gc.unfreeze()  # what is left out of searches would not be closed by Python's end


def _end_at_once(code: int) -> None:
    """End this process without taking apart half a million objects one by one, which took a sixth of a small scan.

    Returns where that is not all that Python's own end would do: other threads are waited for, a database is closed in order,
    a profiler writes what it saw, and what standard output cannot take changes the exit code.
    """
    import threading

    others = [
        one for one in threading.enumerate() if one is not threading.current_thread() and not one.daemon
    ]
    if others or not _END_IN_ORDER.isdisjoint(sys.modules) or sys.gettrace() or sys.getprofile():
        return
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return
    os._exit(code)


if __name__ == "__main__":
    program()
