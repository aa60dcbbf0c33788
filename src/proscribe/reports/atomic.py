"""Files that are whole or absent."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from proscribe.model.errors import ProscribeError, error


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a temporary path beside `target`; move it over `target` when the block ends well.

    On any exception, Ctrl-C included, the temporary file is removed and `target` stays as it was.

    Raises:
        EnvironmentProblem: E510 when the folder is missing or may not be written to.
    """
    if target.exists() and not target.is_file():
        # A device or a pipe would be taken away and a file put in its place.
        raise _cannot_write(target, OSError("there is something that is no file"))
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        # Created here, with the permissions the umask gives, so that a missing folder shows before any work.
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as error:
        raise _cannot_write(target, error) from error
    try:
        yield temporary
        try:
            os.replace(temporary, target)
        except OSError as error:
            raise _cannot_write(target, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _cannot_write(target: Path, problem: OSError) -> ProscribeError:
    return error("E510.report", at=target, strerror=problem.strerror or problem)
