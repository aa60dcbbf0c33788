"""`proscribe exposure`: what covered equipment costs and blocks, in money."""

from __future__ import annotations

from pathlib import Path

import click

from proscribe.cli import exitcodes
from proscribe.cli.choice import SCAN, Asked, choice_command
from proscribe.cli.options import PATH, SETTINGS, Given, options
from proscribe.cli.terminal import leave


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
@choice_command("table (default), json, html, xlsx")
def of(asked: Asked) -> None:
    """Put the tables of FOLDER, a scan and stated facts to the law and to prices.

    Three columns always: what is surely covered, what it is with everything undetermined, and the facts that would
    narrow it most. What has no price is named and is in no sum.

    \b
    Examples:
      proscribe exposure of money/
      proscribe exposure of money/ --as-of 2026-11-25 -o html=exposure.html
    """
    from proscribe.app.choice import exposure as service

    targets = asked.targets(service.EXPOSURE_FORMATS, binary=["xlsx"])
    work = asked.work()
    asked.put(targets, work, lambda name, target: service.write_exposure(work, name, target))
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
    from proscribe.app.choice import exposure as service
    from proscribe.wording.safe import terminal as safe
    from proscribe.wording.shown import counted

    made = service.make_templates(
        folder, scan_file, knowledge=given.knowledge, found=given.found, separate=separate
    )
    for path in made.files:
        click.echo(f"Written: {safe(path)}")
    if made.scan is None:
        click.echo("No scan lies in the folder, and --scan names none: the table of assets is empty.")
        return
    click.echo(f"{counted(made.rows, 'row')} of assets from {safe(made.scan)}.")
    for reason, number in made.left.items():
        click.echo(f"{counted(number, 'finding')} left out: {safe(reason)}.")
