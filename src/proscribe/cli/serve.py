"""`proscribe serve`: the workbench in a browser, on this machine."""

from __future__ import annotations

import os
import webbrowser

import click

from proscribe.cli.options import SETTINGS, ZONE, Given, options


@click.command(context_settings=SETTINGS)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address of this machine to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
@ZONE
@options("config", "store", "by", "knowledge")
def serve(given: Given, host: str, port: int, no_browser: bool, zone: str | None) -> None:
    """Open the workbench in a browser: hand files in, judge what is found, answer what the law asks.

    It answers this machine alone. The address that is printed opens it once; a worker beside it does the scans. Ctrl-C ends both.

    \b
    Examples:
      proscribe serve
      proscribe serve --store ridge.db --by "R. Ito" --zone America/New_York
    """
    from proscribe.web.server import serve as run
    from proscribe.web.settings import Settings

    with given.cases(create=True) as cases:  # made, and checked, before anything listens
        place = cases.store.place
    zone = zone or (given.found.config.time_zone if given.found is not None and given.found.own else "")

    def opened(address: str) -> None:
        click.echo(f"The workbench is open at {address}\nThe address counts once. Ctrl-C ends it.")
        if not no_browser:
            webbrowser.open(address)

    run(
        Settings(os.fspath(place), given.knowledge, given.author, zone or "UTC"),
        host=host,
        port=port,
        opened=opened,
    )
