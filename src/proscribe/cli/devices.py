"""`proscribe devices`: one device behind many records."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from proscribe.cli import exitcodes
from proscribe.cli.options import SETTINGS, THRESHOLDS, Given, options
from proscribe.cli.terminal import formats, leave, one_to_standard_output, width


@click.command(context_settings=SETTINGS)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
    help="table, json, html, csv; may be given several times.",
)  # fmt: skip
@options("map", "kind", "reader", "config")
@click.option(
    "--without-join", "without", multiple=True, metavar="ID",
    help="Take a join back, by the id that the report gives it; may be repeated.",
)  # fmt: skip
@click.option(
    "--joins", "joins_files", multiple=True, metavar="FILE", type=click.Path(),
    help="What people decided about joins: which records are one device and which are not; may be repeated.",
)  # fmt: skip
@click.option(
    "--fail-on", type=click.Choice(list(THRESHOLDS)), show_default="probable",
    help="Exit with 1 when a device, or a finding outside devices, of this band or better is found.",
)  # fmt: skip
@options("as-of", "known-as-of", "knowledge", "quiet", "no-progress")
@click.option("--all", "show_all", is_flag=True, help="List devices without findings in the table too.")
def devices(
    given: Given, paths: tuple[str, ...], outputs: tuple[str, ...], without: tuple[str, ...],
    joins_files: tuple[str, ...], show_all: bool,
) -> None:  # fmt: skip
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
    from proscribe.app.background.job_work import run_job
    from proscribe.app.inventory import device_answers as writing
    from proscribe.cli.progress import ProgressLine
    from proscribe.model.jobs import DevicesJob

    default = () if given.quiet else ("table",)
    targets = one_to_standard_output(formats(outputs, writing.DEVICES_FORMATS, default=default))
    spec = replace(DevicesJob.of(given.asked(*paths)), without=without, joins=joins_files)
    with ProgressLine(enabled=not (given.quiet or given.no_progress)) as progress:
        answer = run_job(spec, progress=progress).value
    for name, target in targets:
        writing.write_devices(
            answer, name, sys.stdout if target is None else target,
            colour=target is None and sys.stdout.isatty(), width=width(), show_all=show_all,
        )  # fmt: skip
        if target is not None and not given.quiet:
            click.echo(f"Written: {target}", err=True)
    found = any(band.rank >= given.threshold for band in writing.bands_of(answer))
    leave(exitcodes.of_scan(answer.result, found=found))
