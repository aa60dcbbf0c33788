"""Files that are whole or absent."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from proscribe.kb.unnamed import unnamed
from proscribe.model.errors import ProscribeError, error


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a path to write to; what it holds takes the place of `target`, on disk, when the block ends well.

    On any exception, Ctrl-C included, nothing of it is left and `target` stays as it was.

    Raises:
        EnvironmentProblem: E510 when the folder is missing or may not be written to.
    """
    if target.exists() and not target.is_file():
        # A device or a pipe would be taken away and a file put in its place.
        raise _cannot_write(target, OSError("there is something that is no file"))
    with ExitStack() as stack:
        try:
            # Made here, with the permissions the umask gives, so that a missing folder shows before any work.
            made = stack.enter_context(unnamed(target.parent, like=target.name, mode=0o666))
        except OSError as problem:
            raise _cannot_write(target, problem) from problem
        yield made.path
        try:
            made.place(target, replace=True)
        except OSError as problem:
            raise _cannot_write(target, problem) from problem


@contextmanager
def written_workbook(target: Path, options: Mapping[str, Any]) -> Iterator[Any]:
    """Give a workbook of xlsxwriter, which is written to a path when the block ends well.

    The pieces that it keeps on the way lie in a temporary folder, which is removed however the block ends.

    Raises:
        OSError: when it cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    try:
        with (
            tempfile.TemporaryDirectory(prefix="proscribe-") as pieces,
            xlsxwriter.Workbook(str(target), {**options, "tmpdir": pieces}) as book,
        ):
            yield book
    except FileCreateError as problem:
        reason = problem.args[0] if problem.args else problem
        raise reason if isinstance(reason, OSError) else OSError(str(reason)) from None


def _cannot_write(target: Path, problem: OSError) -> ProscribeError:
    return error("E510.report", at=target, strerror=problem.strerror or problem)
