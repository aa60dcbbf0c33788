"""`proscribe serve`: the workbench in a browser, on this machine."""

from __future__ import annotations

import os
import webbrowser
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from proscribe.cli.options import SETTINGS, ZONE, Given, options
from proscribe.model.config import Config


@click.command(context_settings=SETTINGS)
@click.option("--host", default="localhost", show_default=True, help="Address of this machine to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
@click.option(
    "--team",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Share it with a team: sign-in, public address and proxy as this TOML file says (docs/team.md).",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many processes answer a team.",
)
@click.option(
    "--demo", is_flag=True, help="Try it on the files of a made-up company, in a store that is gone afterwards."
)  # fmt: skip
@ZONE
@options("config", "store", "by", "knowledge")
def serve(
    given: Given, host: str, port: int, no_browser: bool, team: Path | None, processes: int, demo: bool,
    zone: str | None,
) -> None:  # fmt: skip
    """Open the workbench in a browser: hand files in, judge what is found, answer what the law asks.

    It answers this machine alone. The address that is printed opens it once; a worker beside it does the scans. Ctrl-C ends both.
    With --team several people use it, who sign in; it then answers the proxy before it alone.

    \b
    Examples:
      proscribe serve
      proscribe serve --demo
      proscribe serve --store ridge.db --by "R. Ito" --zone America/New_York
      proscribe serve --team team.toml --port 8080 --processes 2
    """
    from proscribe.app.settings.config import today_in
    from proscribe.web.server import read_team
    from proscribe.web.server import serve as run
    from proscribe.web.settings import Settings

    if demo and team is not None:
        raise click.UsageError("--demo is for one person at their own machine: leave --team out.")
    shared = read_team(team) if team is not None else None
    scratch = TemporaryDirectory(prefix="proscribe-demo-") if demo else nullcontext("")
    with scratch as folder:
        if demo:
            given = replace(given, place=f"{folder}/demo.db", by=given.author or "A. Visitor")
        with given.cases(create=True) as cases:  # made, and checked, before anything listens
            place = cases.store.place
            if demo:
                from proscribe.app.background.example_company import hand_in_example

                hand_in_example(cases.store, by=given.author)
        zone = zone or given.own_zone
        today_in(zone)  # a zone that is none is said before anything listens

        def opened(address: str) -> None:
            if shared is not None:
                click.echo(f"The workbench of the team answers its proxy, for {address}\nCtrl-C ends it.")
                return
            click.echo(f"The workbench is open at {address}\nThe address counts once. Ctrl-C ends it.")
            if not no_browser:
                webbrowser.open(address)

        run(
            Settings(
                os.fspath(place),
                given.knowledge,
                given.author,
                zone or "UTC",
                team=shared,
                configured=given.found.config
                if given.found and given.found.own and shared is None
                else Config(),
            ),
            host=host,
            port=port,
            processes=processes,
            opened=opened,
        )
