"""What every command does with its answer: lines made safe for a terminal, JSON, files, and `-` for standard output."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, NoReturn

import click

from proscribe.model.errors import error
from proscribe.model.observations import KINDS
from proscribe.wording.safe import terminal as safe

#: Where a file would be named: standard output.
STANDARD_OUTPUT = "-"


def safe_lines(text: str, indent: str = "") -> str:
    """Give text of several lines for a terminal."""
    return "\n".join(indent + safe(line) for line in text.splitlines())


def leave(code: int) -> NoReturn:
    """End the command with an exit code."""
    click.get_current_context().exit(code)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines."""
    for line in lines:
        click.echo(line)


def print_json(value: Any, *, indent: int = 2) -> None:
    """Print a JSON answer: keys sorted, the same bytes for the same value."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=indent, sort_keys=True))


def width() -> int:
    """Give the columns of the terminal; 100 where there is none."""
    return shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 100


def stream_or_file(target: str | None) -> str | IO[Any]:
    """Give where a format is written: a file, or standard output, as bytes for `-`."""
    if target is None:
        return sys.stdout
    return sys.stdout.buffer if target == STANDARD_OUTPUT else target


def is_standard_output(target: str | Path | None) -> bool:
    """Tell whether `-` was named in place of a file."""
    return str(target) == STANDARD_OUTPUT


@contextmanager
def file_or_standard_output(target: Path) -> Iterator[Path]:
    """Give a path to write to; that of `-` is a temporary one, whose content is printed when the block ends well."""
    if not is_standard_output(target):
        yield target
        return
    with TemporaryDirectory(prefix="proscribe-") as folder:
        place = Path(folder, "output")
        yield place
        write_file(target, place.read_bytes())


def write_file(target: str | Path, content: bytes, *, new: bool = False) -> bool:
    """Write a file, whole or not at all, or standard output for `-`; tell whether it was a file.

    Args:
        new: refuse a name that is taken (E486).
    """
    if is_standard_output(target):
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return False
    from proscribe.app.files import replacing, write_new

    if new:
        write_new(Path(target), content)
        return True
    with replacing(Path(target)) as place:
        place.write_bytes(content)
    return True


def formats(
    outputs: Iterable[str], known: Iterable[str], *, default: tuple[str, ...], binary: Collection[str] = ()
) -> list[tuple[str, str | None]]:
    """Read `-o FORMAT[=FILE]`; a format without a file, or with `-`, goes to standard output.

    Args:
        binary: formats made of bytes; their `-` is given as it stands.

    Raises:
        UsageError: E152 no such format, with the nearest one; E191 two of them are to be one file.
    """
    names = list(known)
    made: list[tuple[str, str | None]] = []
    for output in tuple(outputs) or default:
        name, _, target = output.partition("=")
        if name not in names:
            from difflib import get_close_matches

            near = get_close_matches(name, names, n=1)
            raise error("E152", at=f"-o {output}", name=name, formats=", ".join(names), near=near)
        to_stream = not target or (target == STANDARD_OUTPUT and name not in binary)
        made.append((name, None if to_stream else target))
    named = [target for _, target in made if target and target != STANDARD_OUTPUT]
    if len(named) > 1:
        from proscribe.app.files import refuse_inputs

        refuse_inputs(named, ())
    return made


def one_to_standard_output(targets: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """Refuse two formats on standard output.

    Raises:
        UsageError: E153.
    """
    if sum(target is None for _, target in targets) > 1:
        raise error("E153", at="-o")
    return targets


def kinds(stated: Iterable[str]) -> dict[str, str]:
    """Read `--kind NAME=KIND`.

    Raises:
        UsageError: E144 when one names nothing or no kind.
    """
    made: dict[str, str] = {}
    for item in stated:
        name, found, kind = item.rpartition("=")
        if not found or not name or not kind:
            raise error("E144.syntax", at="--kind", item=item, kinds=", ".join(KINDS))
        made[name] = kind
    return made


def mapping(maps: Iterable[str]) -> dict[str, str]:
    """Read `--map COLUMN=FIELD`.

    Raises:
        UsageError: E154 when one names no column or no field.
    """
    made: dict[str, str] = {}
    for item in maps:
        column, found, field = item.rpartition("=")
        if not found or not column or not field:
            raise error("E154", at="--map", item=item)
        made[column] = field
    return made
