"""Entry point of `proscribe` and `python -m proscribe`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; `--version` alone answers before anything else is imported."""
    if sys.argv[1:] == ["--version"]:
        from proscribe import __version__

        sys.stdout.write(f"proscribe {__version__}\n")
        return
    from proscribe.cli.main import cli

    cli(prog_name="proscribe")


if __name__ == "__main__":
    main()
