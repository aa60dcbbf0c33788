"""`proscribe explain`: why."""

from __future__ import annotations

import click

from proscribe.cli.options import SETTINGS, Given, options
from proscribe.cli.terminal import print_lines


@click.command(context_settings=SETTINGS)
@click.argument("what", metavar="TEXT|ID|CODE")
@click.option(
    "--scan", "scan_file", metavar="FILE", help="The JSON of a scan, to explain one of its findings by id."
)
@click.option("--field", default="text", show_default=True, metavar="FIELD", help="Read TEXT as this field.")
@options("as-of", "known-as-of", "knowledge")
def explain(given: Given, what: str, scan_file: str | None, field: str) -> None:
    """Say why: what a text is taken for, what a finding rests on, what a fact or an error code means.

    \b
    Examples:
      proscribe explain 'Hik vision camera DS 2CD2143G2'
      proscribe explain f_0123456789abcdef0123 --scan scan.json
      proscribe explain name:hikvision/hikvision
      proscribe explain E119
      proscribe explain us-889-b/use@1
    """
    from proscribe.app.scan.explain import explain as why

    found = why(
        what, scan=scan_file, field=field, as_of=given.as_of, known_as_of=given.known_as_of, knowledge=given.knowledge
    )  # fmt: skip
    print_lines(found.lines)
