"""`proscribe config`: the configuration that commands in this folder use."""

from __future__ import annotations

import click

from proscribe.cli.options import SETTINGS, Given, options
from proscribe.cli.terminal import print_lines
from proscribe.wording.safe import terminal as safe


@click.command(context_settings=SETTINGS)
@options("config-file", "no-config")
def config(given: Given) -> None:
    """Print the `proscribe.toml` that commands in this folder use, as the program understands it.

    \b
    Examples:
      proscribe config
      proscribe config --config other.toml
    """
    from proscribe.app.settings.config import find_config, known_names
    from proscribe.model.config import config_text

    found = find_config(named=given.config_file, off=given.no_config)
    if found is None:
        click.echo("No proscribe.toml applies here.", err=True)
        return
    click.echo(f"{safe(found.path)}, SHA-256 {found.sha256}", err=True)
    print_lines(config_text(found.config, kinds=known_names().get("kind", ())).splitlines())
