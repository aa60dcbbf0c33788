"""`proscribe exposure`: what covered equipment costs and blocks, in money."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from proscribe.cli import exitcodes
from proscribe.cli.options import PATH, SETTINGS, Given, day_if, options
from proscribe.cli.terminal import formats, leave, one_to_standard_output
from proscribe.model.errors import error

SCAN = click.option(
    "--scan",
    "scan_file",
    metavar="FILE",
    type=PATH,
    help="JSON of the scan; else the one that lies in FOLDER.",
)
DECIDE = click.option(
    "--decide", "facts", multiple=True, metavar="FACTS", type=PATH,
    help="What people stated; else proscribe.facts.yml of FOLDER. May be repeated.",
)  # fmt: skip
CURRENCY = click.option(
    "--currency", default="", metavar="CODE", help="Of the answer; else the one that most amounts have."
)


class Default(click.Group):
    """A group whose own command takes a folder where no subcommand is named."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take what is no subcommand for the folder."""
        if args and args[0] not in self.commands:
            return super().resolve_command(ctx, ["of", *args])
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Let options stand before the folder too."""
        if args and args[0].startswith("-") and args[0] not in ("-h", "--help"):
            args = ["of", *args]
        return super().parse_args(ctx, args)


@click.group(cls=Default, context_settings=SETTINGS)
def exposure() -> None:
    """What covered equipment costs and blocks, by rule, legal entity and month, in money.

    `proscribe exposure FOLDER` is short for `proscribe exposure of FOLDER`.

    \b
    Examples:
      proscribe scan inventory.xlsx -o json=money/scan.json
      proscribe exposure templates money/ --scan money/scan.json
      proscribe exposure money/ --decide facts.yml -o html=exposure.html -o xlsx=exposure.xlsx
    """


@exposure.command("of", context_settings=SETTINGS)
@click.argument("folder", metavar="FOLDER", type=PATH)
@SCAN
@DECIDE
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
    help="table (default), json, html, xlsx; may be given several times.",
)  # fmt: skip
@CURRENCY
@options("as-of", "knowledge", "quiet", "config")
def of(
    given: Given,
    folder: Path,
    scan_file: Path | None,
    facts: tuple[Path, ...],
    outputs: tuple[str, ...],
    currency: str,
) -> None:
    """Put the tables of FOLDER, a scan and stated facts to the law and to prices.

    Three columns always: what is surely covered, what it is with everything undetermined, and the facts that would
    narrow it most. What has no price is named and is in no sum.

    \b
    Examples:
      proscribe exposure of money/
      proscribe exposure of money/ --as-of 2026-11-25 -o html=exposure.html
    """
    from proscribe.app import exposure as service

    default = () if given.quiet else ("table",)
    targets = one_to_standard_output(
        formats(outputs, service.EXPOSURE_FORMATS, default=default, binary=["xlsx"])
    )
    if ("xlsx", None) in targets or ("xlsx", "-") in targets:
        raise error("E193.questions", at="-o xlsx")
    sources = service.find_sources(
        folder, scan=scan_file, facts=facts, knowledge=given.knowledge, found=given.found
    )
    work = service.work_out(sources, as_of=day_if(given.as_of, "--as-of"), currency=currency)
    for name, target in targets:
        service.write_exposure(work, name, sys.stdout if target is None else target)
        if target is not None and not given.quiet:
            click.echo(f"Written: {target}", err=True)
    leave(exitcodes.DONE if work.exposure.complete else exitcodes.UNREAD)


@exposure.command("templates", context_settings=SETTINGS)
@click.argument("folder", metavar="FOLDER", type=PATH)
@SCAN
@click.option("--csv", "separate", is_flag=True, help="A CSV file for each table instead of one workbook.")
@options("knowledge", "config")
def templates(given: Given, folder: Path, scan_file: Path | None, *, separate: bool) -> None:
    """Write the tables to fill in: assets, contracts, capacity, assumptions and rates, with what is known already.

    \b
    Examples:
      proscribe exposure templates money/ --scan scan.json
      proscribe exposure templates money/ --csv
    """
    from proscribe.app import exposure as service
    from proscribe.wording.safe import terminal as safe

    for path in service.templates(
        folder, scan_file, knowledge=given.knowledge, found=given.found, separate=separate
    ):
        click.echo(f"Written: {safe(path)}")
