"""Entry point of `proscribe` and `python -m proscribe`."""

from __future__ import annotations

import gc
import os
import sys

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
    from proscribe.app.starting import forget_current_folder

    forget_current_folder()
    from proscribe.cli.main import cli

    proscribe.is_program = True
    # Nothing here multiplies matrices: the threads that NumPy would start for it cost time, and forbid dividing the process.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    cli(prog_name="proscribe")


if __name__ == "__main__":
    main()
