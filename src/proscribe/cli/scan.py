"""`proscribe scan`: the main job."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click

from proscribe.cli import exitcodes
from proscribe.cli.options import SETTINGS, Given, options
from proscribe.cli.terminal import (
    STANDARD_OUTPUT,
    formats,
    leave,
    one_to_standard_output,
    stream_or_file,
    width,
    write_file,
)
from proscribe.wording.safe import terminal as safe


@click.command(context_settings=SETTINGS)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
    help="summary, table, json, jsonl, csv, parquet, xlsx, html, md, sarif; may be given several times. "
    "csv, parquet and xlsx give your own file back with the answers beside each row.",
)  # fmt: skip
@options("map", "kind", "reader", "fail-on", "as-of", "known-as-of", "knowledge", "config")
@click.option(
    "--decide", "facts", metavar="FACTS", type=click.Path(),
    help="Put each finding to the law, on the facts of this file: FACTS.yml, or a questionnaire that was filled in.",
)  # fmt: skip
@click.option(
    "--answers", multiple=True, metavar="FILE", type=click.Path(),
    help="With --decide: a questionnaire of `proscribe questions` that was filled in; may be repeated.",
)  # fmt: skip
@click.option(
    "--processes", type=click.IntRange(1, 64), metavar="N", help="Processes for large inputs; default: all cores."
)  # fmt: skip
@click.option(
    "--plan", "only_plan", is_flag=True,
    help="Match nothing: print what each table is a list of, and what each column holds, with samples; table or json.",
)  # fmt: skip
@options("quiet", "no-progress")
@click.option(
    "--all",
    "show_all",
    is_flag=True,
    help="Print the table in place of a screenful, with every finding in it.",
)
def scan(
    given: Given, paths: tuple[str, ...], outputs: tuple[str, ...], facts: str | None, answers: tuple[str, ...],
    processes: int | None, only_plan: bool, show_all: bool,
) -> None:  # fmt: skip
    """Find covered equipment in files and folders (- reads standard input).

    \b
    Examples:
      proscribe scan assets.xlsx
      proscribe scan ledger.csv -o xlsx=ledger-answered.xlsx -o html=report.html
      proscribe scan inventory.csv --map 'Bezeichnung 2=text' --as-of 2021-06-01 -o json
      proscribe scan delivery/ --plan
      proscribe scan delivery/ --kind 'kreditoren*=vendors' --kind 'book.xlsx#Parts=product_parts'
      cat macs.txt | proscribe scan - -o json
      proscribe scan assets.xlsx --decide facts.yml -o table -o json=scan.json
    """
    from proscribe.app.scan.reading_process import start

    start()  # it gets ready while this process loads what matching needs
    from proscribe.app.background.job_work import run_job
    from proscribe.app.scan import scan_answers as writing
    from proscribe.app.scan.api import cpu_count
    from proscribe.cli.progress import ProgressLine
    from proscribe.model.jobs import ScanJob

    if only_plan:
        _plan(given, paths, outputs)
    default = () if given.quiet else ("table",) if show_all else ("summary",)
    targets = one_to_standard_output(
        formats(outputs, writing.SCAN_FORMATS, default=default, binary=writing.GIVEN_BACK)
    )
    one_place = [(name, None if target == STANDARD_OUTPUT else target) for name, target in targets]
    writing.refuse_several(paths, given.reader, one_place)
    spec = replace(
        ScanJob.of(given.asked(*paths)), processes=processes or cpu_count(), facts=given.of_the_law(facts, answers)
    )  # fmt: skip
    with ProgressLine(enabled=not (given.quiet or given.no_progress)) as progress:
        result = run_job(spec, progress=progress).value
    result = replace(result, scan=replace(result.scan, about=given.own_name))
    if result.scan.decided is not None:
        for note in () if given.quiet else result.scan.decided.notes:
            click.echo(f"Note: {note}", err=True)
    for name, target in targets:
        writing.write_scan(
            result, name, stream_or_file(target), processes=spec.processes,
            colour=target is None and sys.stdout.isatty(), width=width(), show_all=show_all,
        )  # fmt: skip
        if target not in (None, STANDARD_OUTPUT) and not given.quiet:
            click.echo(f"Written: {target}", err=True)
            if without := writing.not_given_back(result.scan, name):
                named = ", ".join(map(safe, without[:5])) + (", ..." if len(without) > 5 else "")
                click.echo(
                    f"Not among them, since no table could be written back: {named}. "
                    "-o html and -o md name the place of each finding there.", err=True,
                )  # fmt: skip
    found = any(one.ignored is None and one.band.rank >= given.threshold for one in result.findings)
    leave(exitcodes.of_scan(result, found=found))


def _plan(given: Given, paths: tuple[str, ...], outputs: tuple[str, ...]) -> NoReturn:
    """Print how the inputs would be read."""
    from proscribe.app.scan.plan import plan
    from proscribe.cli.plan_lines import plan_lines
    from proscribe.model.canonical import pretty_json

    targets = one_to_standard_output(formats(outputs, ("table", "json"), default=("table",)))
    made = plan(given.asked(*paths))
    for name, target in targets:
        if name == "json":
            text = pretty_json(made.to_value())
        else:
            text = "".join(f"{line}\n" for line in plan_lines(made))
        if target is None:
            click.echo(text, nl=False)
        else:
            write_file(Path(target), text.encode())
    leave(exitcodes.DONE if made.complete else exitcodes.UNREAD)
