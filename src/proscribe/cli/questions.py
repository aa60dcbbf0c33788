"""`proscribe questions`: what people still have to say before the law can answer about a scan."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from proscribe.cli import exitcodes
from proscribe.model.errors import UsageError


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("scan_file", metavar="SCAN.json", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
    help="md (default), csv, xlsx; may be given several times.",
)  # fmt: skip
@click.option(
    "--decide", "facts_file", metavar="FACTS", type=click.Path(),
    help="Decide the scan on these facts first; needed when it was not decided, or when facts were added since.",
)  # fmt: skip
@click.option(
    "--answers", multiple=True, metavar="FILE", type=click.Path(), help="Questionnaires filled in since."
)
@click.option(
    "--knowledge",
    multiple=True,
    metavar="FILE",
    help="Another snapshot or source folder, then layers of your own.",
)
@click.pass_context
def questions(
    ctx: click.Context,
    scan_file: Path,
    outputs: tuple[str, ...],
    facts_file: str | None,
    answers: tuple[str, ...],
    knowledge: tuple[str, ...],
) -> None:
    """List what still has to be asked about a scan, site by site, for people to fill in.

    A workbook or CSV that was filled in goes back with `proscribe scan ... --decide questions.xlsx`, or beside your
    facts with `--decide FACTS.yml --answers questions.xlsx`. Only what still matters is asked; ask again after each
    round, since an answer can settle other questions or open new ones.

    \b
    Examples:
      proscribe scan inventory.xlsx --decide facts.yml -o json=scan.json
      proscribe questions scan.json -o xlsx=questions.xlsx
      proscribe scan inventory.xlsx --decide questions.xlsx
    """
    from proscribe.app import questions as asking
    from proscribe.reports import questions as documents

    targets = _targets(outputs, documents.FORMATS)
    file = asking.read_scan(scan_file)
    if facts_file is not None or answers or not any("determinations" in item for item in file.raw.values()):
        paths = [*([facts_file] if facts_file is not None else []), *answers]
        file = asking.decided_anew(file, paths, knowledge)
    form = asking.questionnaire(file)
    for name, target in targets:
        if name == "xlsx":
            assert target is not None
            _write(target, partial(documents.write_workbook, form))
        else:
            text = documents.to_csv(form) if name == "csv" else documents.to_markdown(form)
            if target is None:
                click.echo(text, nl=False)
                continue
            # a byte-order mark, so that spreadsheet programs read the CSV as UTF-8
            mark = "\ufeff" if name == "csv" else ""
            content = (mark + text).encode("utf-8", "replace")
            _write(target, partial(Path.write_bytes, data=content))
        click.echo(f"Written: {target}", err=True)
    ctx.exit(exitcodes.DONE)


def _write(target: str, fill: Callable[[Path], object]) -> None:
    from proscribe.reports.atomic import replacing

    with replacing(Path(target)) as place:
        fill(place)


def _targets(outputs: tuple[str, ...], known: tuple[str, ...]) -> list[tuple[str, str | None]]:
    made: list[tuple[str, str | None]] = []
    for output in outputs or ("md",):
        name, _, target = output.partition("=")
        if name not in known:
            from difflib import get_close_matches

            near = get_close_matches(name, known, n=1)
            raise UsageError(
                "E152",
                f"{name!r} is not an output format.",
                at=f"-o {output}",
                expected=", ".join(known),
                next_step=f"Did you mean -o {near[0]}?" if near else "Choose one of these.",
            )
        if name == "xlsx" and not target:
            raise UsageError(
                "E193",
                "a workbook is written as bytes, and the terminal takes text",
                at=f"-o {output}",
                expected="-o xlsx=FILE",
                next_step="Name a file: -o xlsx=questions.xlsx",
            )
        made.append((name, target or None))
    return made
