"""What the commands of a choice have in common: options, the tables, scan and facts that they work on, and how they write."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from proscribe.cli.options import PATH, Given, day_if, options
from proscribe.cli.terminal import formats, one_to_standard_output
from proscribe.model.errors import error

if TYPE_CHECKING:
    from proscribe.app.choice.exposure import Work

SCAN = click.option(
    "--scan",
    "scan_file",
    metavar="FILE",
    type=PATH,
    help="JSON of the scan; else the one that lies in FOLDER.",
)
_DECIDE = click.option(
    "--decide", "facts", multiple=True, metavar="FACTS", type=PATH,
    help="What people stated; else proscribe.facts.yml of FOLDER. May be repeated.",
)  # fmt: skip
_ANSWERS = click.option(
    "--answers", multiple=True, metavar="FILE", type=PATH,
    help="Questionnaires that were filled in, beside what --decide names; those that the scan carries are read from it.",
)  # fmt: skip
_CURRENCY = click.option(
    "--currency", default="", metavar="CODE", help="Of the answer; else the one that most amounts have."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command of a choice was given, whatever it makes of it."""

    given: Given
    folder: Path
    scan_file: Path | None
    facts: tuple[Path, ...]
    answers: tuple[Path, ...]
    outputs: tuple[str, ...]
    currency: str

    def targets(self, known: Iterable[str], binary: Collection[str] = ()) -> list[tuple[str, str | None]]:
        """Give formats with the files they go to, before any work.

        Raises:
            UsageError: E152 no such format, E191 two to one file, E193 bytes to the terminal.
        """
        default = () if self.given.quiet else ("table",)
        found = one_to_standard_output(formats(self.outputs, known, default=default, binary=binary))
        for name, target in found:
            if name in binary and target in (None, "-"):
                raise error("E193.bytes_to_text", at=f"-o {name}", form=name)
        return found

    def work(self) -> Work:
        """Put tables, scan and facts to the law and to prices."""
        from proscribe.app.choice import exposure as service

        sources = service.find_sources(
            self.folder,
            scan=self.scan_file,
            facts=self.facts,
            knowledge=self.given.knowledge,
            found=self.given.found,
        )
        sources = replace(sources, facts=(*sources.facts, *self.answers))
        return service.work_out(sources, as_of=day_if(self.given.as_of, "--as-of"), currency=self.currency)

    def put(
        self,
        targets: list[tuple[str, str | None]],
        work: Work,
        write: Callable[[str, str | IO[str]], None],
    ) -> None:
        """Write an answer to each target, and say where it lies.

        Args:
            write: takes a format and a target.

        Raises:
            UsageError: E191 when a target is one of the files that the answer was made from.
        """
        from proscribe.app.files import refuse_inputs

        refuse_inputs((target for _, target in targets), work.read)
        for name, target in targets:
            write(name, sys.stdout if target is None else target)
            if target is not None and not self.given.quiet:
                click.echo(f"Written: {target}", err=True)


def choice_command(forms: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command FOLDER and the options that every one of them has; its function takes `Asked` first.

    Args:
        forms: the formats, for the help of `-o`.
    """
    output = click.option(
        "-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
        help=f"{forms}; may be given several times.",
    )  # fmt: skip

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def called(
            given: Given, folder: Path, scan_file: Path | None, facts: tuple[Path, ...], answers: tuple[Path, ...],
            outputs: tuple[str, ...], currency: str, **own: Any,
        ) -> None:  # fmt: skip
            command(Asked(given, folder, scan_file, facts, answers, outputs, currency), **own)

        made = options("as-of", "knowledge", "quiet", "config")(called)
        for one in (_CURRENCY, output, _ANSWERS, _DECIDE, SCAN):
            made = one(made)
        return made

    return decorate
