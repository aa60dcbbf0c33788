"""`proscribe matrix`: entity, jurisdiction and year."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from proscribe.cli import exitcodes
from proscribe.cli.exposure import CURRENCY, DECIDE, SCAN
from proscribe.cli.options import PATH, SETTINGS, Given, day_if, options
from proscribe.cli.terminal import formats, leave, one_to_standard_output


@click.command(context_settings=SETTINGS)
@click.argument("folder", metavar="FOLDER", type=PATH)
@click.option("--years", required=True, metavar="YEARS", help="Such as 2026-2030, or one year.")
@click.option(
    "--jurisdiction", "places", multiple=True, metavar="CODE",
    help="Such as GB; may be repeated; `all` for every one. Else those that the facts name.",
)  # fmt: skip
@SCAN
@DECIDE
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
    help="table (default), json, html; may be given several times.",
)  # fmt: skip
@CURRENCY
@options("as-of", "knowledge", "quiet", "config")
def matrix(
    given: Given, folder: Path, years: str, places: tuple[str, ...], scan_file: Path | None,
    facts: tuple[Path, ...], outputs: tuple[str, ...], currency: str,
) -> None:  # fmt: skip
    """Say for each maker found, jurisdiction and year what the law holds, since when, and what a proposal would change.

    From the law engine alone, on the facts that were stated. A blank was not asked.

    \b
    Examples:
      proscribe matrix money/ --years 2026-2030 --jurisdiction US --jurisdiction GB
      proscribe matrix money/ --years 2026-2030 --jurisdiction all -o html=matrix.html
    """
    from proscribe.app import exposure as exposing
    from proscribe.app import nation_matrix as service

    default = () if given.quiet else ("table",)
    targets = one_to_standard_output(formats(outputs, service.MATRIX_FORMATS, default=default))
    sources = exposing.find_sources(
        folder, scan=scan_file, facts=facts, knowledge=given.knowledge, found=given.found
    )
    work = exposing.work_out(sources, as_of=day_if(given.as_of, "--as-of"), currency=currency)
    made = service.matrix(work, years, places)
    for name, target in targets:
        service.write_matrix(made, name, sys.stdout if target is None else target)
        if target is not None and not given.quiet:
            click.echo(f"Written: {target}", err=True)
    leave(exitcodes.DONE if work.exposure.complete else exitcodes.UNREAD)
