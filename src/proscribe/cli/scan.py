"""`proscribe scan`: the main job."""

from __future__ import annotations

import sys

import click

from proscribe.cli import exitcodes
from proscribe.model.errors import UsageError

_THRESHOLDS = {"confirmed": 3, "probable": 2, "possible": 1, "none": 99}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
    help="table, json, jsonl, csv, parquet, xlsx, html, md, sarif; may be given several times. "
    "csv, parquet and xlsx give your own file back with the answers beside each row.",
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
    "--fail-on", type=click.Choice(list(_THRESHOLDS)), default="probable", show_default=True,
    help="Exit with 1 when a finding of this band or better is found.",
)  # fmt: skip
@click.option("--as-of", metavar="DATE", help="Ownership and law on this day; default today.")
@click.option("--known-as-of", metavar="DATE", help="Use only facts recorded by this day; default today.")
@click.option(
    "--knowledge", multiple=True, metavar="FILE",
    help="Another snapshot, or your own layer of facts, suppressions and cleared items; may be repeated.",
)  # fmt: skip
@click.option(
    "--decide", "facts_file", metavar="FACTS", type=click.Path(),
    help="Put each finding to the law, on the facts of this file: FACTS.yml, or a questionnaire that was filled in.",
)  # fmt: skip
@click.option(
    "--answers", multiple=True, metavar="FILE", type=click.Path(),
    help="With --decide: a questionnaire of `proscribe questions` that was filled in; may be repeated.",
)  # fmt: skip
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=None,
    metavar="N",
    help="Processes for large inputs; default: all cores.",
)
@click.option("--quiet", is_flag=True, help="Print nothing but what -o asks for.")
@click.option("--no-progress", is_flag=True, help="No progress line.")
@click.option("--all", "show_all", is_flag=True, help="Show every finding in the table, however long.")
@click.pass_context
def scan(
    ctx: click.Context,
    paths: tuple[str, ...],
    outputs: tuple[str, ...],
    maps: tuple[str, ...],
    reader: str | None,
    fail_on: str,
    as_of: str | None,
    known_as_of: str | None,
    knowledge: tuple[str, ...],
    facts_file: str | None,
    answers: tuple[str, ...],
    processes: int | None,
    quiet: bool,
    no_progress: bool,
    show_all: bool,
) -> None:
    """Find covered equipment in files and folders (- reads standard input).

    \b
    Examples:
      proscribe scan assets.xlsx
      proscribe scan ledger.csv -o xlsx=ledger-answered.xlsx -o html=report.html
      proscribe scan inventory.csv --map 'Bezeichnung 2=text' --as-of 2021-06-01 -o json
      cat macs.txt | proscribe scan - -o json
      proscribe scan assets.xlsx --decide facts.yml -o table -o json=scan.json
    """
    from proscribe.app import api
    from proscribe.readers import open_source
    from proscribe.reports.scan import formats

    targets = _targets(outputs, formats.FORMATS, quiet=quiet)
    mapping = _mapping(maps)
    ready = None
    if facts_file is not None or answers:
        from proscribe.app.scan_decide import Ready

        ready = Ready.of(
            [*([facts_file] if facts_file is not None else []), *answers],
            knowledge=knowledge,
            known_as_of=known_as_of,
        )
    from proscribe.cli.progress import ProgressLine

    with ProgressLine(enabled=not (quiet or no_progress)) as progress:
        result = api.scan(
            paths,
            as_of=as_of,
            known_as_of=known_as_of,
            knowledge=knowledge,
            mapping=mapping,
            reader=reader,
            processes=processes or api.cpu_count(),
            progress=progress,
        )
    answer = result.scan
    if ready is not None:
        answer = ready.decide(answer)
        for note in answer.decided.notes if answer.decided is not None and not quiet else ():
            click.echo(f"Note: {note}", err=True)
    for name, target in targets:
        formats.write(
            answer,
            name,
            sys.stdout if target is None else target,
            sources=list(result.sources),
            open_reading=lambda source: open_source(source, result.options),
            colour=target is None and sys.stdout.isatty(),
            width=_width(),
            show_all=show_all,
        )
        if target is not None and not quiet:
            click.echo(f"Written: {target}", err=True)
    threshold = _THRESHOLDS[fail_on]
    if any(finding.ignored is None and finding.band.rank >= threshold for finding in result.findings):
        ctx.exit(exitcodes.UNREAD if not result.complete else exitcodes.FOUND)
    ctx.exit(exitcodes.DONE if result.complete else exitcodes.UNREAD)


def _width() -> int:
    import shutil

    return shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 100


def _targets(outputs: tuple[str, ...], known: object, *, quiet: bool) -> list[tuple[str, str | None]]:
    if not outputs:
        if quiet:
            return []
        return [("table", None)]
    names = list(known)  # type: ignore[call-overload]
    made: list[tuple[str, str | None]] = []
    for output in outputs:
        name, _, target = output.partition("=")
        if name not in names:
            from difflib import get_close_matches

            near = get_close_matches(name, names, n=1)
            raise UsageError(
                "E152",
                f"{name!r} is not an output format.",
                at=f"-o {output}",
                expected=", ".join(names),
                next_step=f"Did you mean -o {near[0]}?" if near else "Choose one of these.",
            )
        made.append((name, target or None))
    if sum(target is None for _, target in made) > 1:
        raise UsageError(
            "E153",
            "Two formats would both be written to standard output.",
            at="-o",
            expected="at most one -o without a file",
            next_step="Give the others a file: -o html=report.html",
        )
    return made


def _mapping(maps: tuple[str, ...]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for item in maps:
        column, found, field = item.rpartition("=")
        if not found or not column or not field:
            raise UsageError(
                "E154",
                f"{item!r} does not say which column is which field.",
                at="--map",
                expected="COLUMN=FIELD, for instance 'Item name=text'",
                next_step="Fields: text, vendor_name, maker_name, product_name, model_number, mac, ... (see the manual).",
            )
        mapping[column] = field
    return mapping
