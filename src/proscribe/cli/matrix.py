"""`proscribe matrix`: entity, jurisdiction and year."""

from __future__ import annotations

import click

from proscribe.cli import exitcodes
from proscribe.cli.choice import Asked, choice_command
from proscribe.cli.options import PATH, SETTINGS
from proscribe.cli.terminal import leave


@click.command(context_settings=SETTINGS)
@click.argument("folder", metavar="FOLDER", type=PATH)
@click.option("--years", required=True, metavar="YEARS", help="Such as 2026-2030, or one year.")
@click.option(
    "--jurisdiction", "places", multiple=True, metavar="CODE",
    help="Such as GB; may be repeated; `all` for every one. Else those that the facts name.",
)  # fmt: skip
@choice_command("table (default), json, html")
def matrix(asked: Asked, years: str, places: tuple[str, ...]) -> None:
    """Say for each maker found, jurisdiction and year what the law holds, since when, and what a proposal would change.

    From the law engine alone, on the facts that were stated. A blank was not asked.

    \b
    Examples:
      proscribe matrix money/ --years 2026-2030 --jurisdiction US --jurisdiction GB
      proscribe matrix money/ --years 2026-2030 --jurisdiction all -o html=matrix.html
    """
    from proscribe.app.choice import nation_matrix as service

    targets = asked.targets(service.MATRIX_FORMATS)
    work = asked.work()
    made = service.matrix(work, years, places)
    asked.put(targets, work, lambda name, target: service.write_matrix(made, name, target))
    leave(exitcodes.DONE if work.exposure.complete else exitcodes.UNREAD)
