"""`proscribe devices`: one device behind many records."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from proscribe.cli import exitcodes
from proscribe.cli.scan import _THRESHOLDS, _mapping, _targets, _width


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
    help="table, json, html, csv; may be given several times.",
)  # fmt: skip
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="Read COLUMN as FIELD, over what was recognised.",
)
@click.option("--reader", metavar="NAME", help="Use this reader instead of the one found by content.")
@click.option(
    "--without-join", "without", multiple=True, metavar="ID",
    help="Take a join back, by the id that the report gives it; may be repeated.",
)  # fmt: skip
@click.option(
    "--joins", "joins_files", multiple=True, metavar="FILE", type=click.Path(),
    help="What people decided about joins: which records are one device and which are not; may be repeated.",
)  # fmt: skip
@click.option(
    "--fail-on", type=click.Choice(list(_THRESHOLDS)), default="probable", show_default=True,
    help="Exit with 1 when a device, or a finding outside devices, of this band or better is found.",
)  # fmt: skip
@click.option("--as-of", metavar="DATE", help="Ownership and law on this day; default today.")
@click.option("--known-as-of", metavar="DATE", help="Use only facts recorded by this day; default today.")
@click.option(
    "--knowledge", multiple=True, metavar="FILE",
    help="Another snapshot, or your own layer of facts, suppressions and cleared items; may be repeated.",
)  # fmt: skip
@click.option("--quiet", is_flag=True, help="Print nothing but what -o asks for.")
@click.option("--no-progress", is_flag=True, help="No progress line.")
@click.option("--all", "show_all", is_flag=True, help="List devices without findings in the table too.")
@click.pass_context
def devices(
    ctx: click.Context,
    paths: tuple[str, ...],
    outputs: tuple[str, ...],
    maps: tuple[str, ...],
    reader: str | None,
    without: tuple[str, ...],
    joins_files: tuple[str, ...],
    fail_on: str,
    as_of: str | None,
    known_as_of: str | None,
    knowledge: tuple[str, ...],
    quiet: bool,
    no_progress: bool,
    show_all: bool,
) -> None:
    """Join the records of several inputs into devices, and say where they support or contradict each other.

    Inventory, purchases, network scans, address tables, DHCP leases and recorder lists are joined by MAC address,
    serial number, asset tag, recorder channel, order line, and address at the same time. A weak key alone joins
    nothing; it is suggested. Each join has an id and can be taken back.

    \b
    Examples:
      proscribe devices inventory.xlsx purchases.csv scan.xml leases.csv
      proscribe devices site-a/ -o table -o html=devices.html -o json=devices.json
      proscribe devices site-a/ --without-join j_1c0a48d7a2f04f0e7e55 --joins joins.yml
    """
    from proscribe.app.devices import devices as find_devices
    from proscribe.app.joins_file import read_joins
    from proscribe.cli.progress import ProgressLine
    from proscribe.reports.devices import FORMATS, write

    targets = _targets(outputs, FORMATS, quiet=quiet)
    mapping = _mapping(maps)
    decisions = [decision for name in joins_files for decision in read_joins(Path(name))]
    with ProgressLine(enabled=not (quiet or no_progress)) as progress:
        answer = find_devices(
            paths,
            as_of=as_of,
            known_as_of=known_as_of,
            knowledge=knowledge,
            mapping=mapping,
            reader=reader,
            progress=progress,
            without=without,
            joins=decisions,
        )
    for name, target in targets:
        write(
            answer.report,
            name,
            sys.stdout if target is None else target,
            width=_width(),
            colour=target is None and sys.stdout.isatty(),
            show_all=show_all,
        )
        if target is not None and not quiet:
            click.echo(f"Written: {target}", err=True)
    threshold = _THRESHOLDS[fail_on]
    loose = set(answer.report.loose)
    bands = [one.band for one in answer.report.devices if one.band is not None]
    bands += [one.band for one in answer.result.findings if one.id in loose and one.ignored is None]
    if any(band.rank >= threshold for band in bands):
        ctx.exit(exitcodes.UNREAD if not answer.complete else exitcodes.FOUND)
    ctx.exit(exitcodes.DONE if answer.complete else exitcodes.UNREAD)
