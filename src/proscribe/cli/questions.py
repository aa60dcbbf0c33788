"""`proscribe questions`: what people still have to say before the law can answer about a scan."""

from __future__ import annotations

from pathlib import Path

import click

from proscribe.cli.options import PATH, SETTINGS, Given, options
from proscribe.cli.terminal import STANDARD_OUTPUT, formats, write_file
from proscribe.model.errors import error

#: So that spreadsheet programs read the CSV as UTF-8.
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@click.command(context_settings=SETTINGS)
@click.argument("scan_file", metavar="SCAN.json", type=PATH)
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
    help="table (default), md, csv, xlsx; may be given several times.",
)  # fmt: skip
@click.option(
    "--decide", "facts", metavar="FACTS", type=click.Path(),
    help="Decide the scan on these facts first; needed when it was not decided, or when facts were added since.",
)  # fmt: skip
@click.option(
    "--answers", multiple=True, metavar="FILE", type=click.Path(), help="Questionnaires filled in since."
)
@click.option(
    "--exceptions", is_flag=True, help="Also ask what decides nothing, but could show an exception, a waiver or a duty."
)  # fmt: skip
@click.option(
    "--save", "saving", is_flag=True,
    help="Keep what --answers say of the company in proscribe.toml, so that no command asks it again.",
)  # fmt: skip
@options("knowledge", "quiet")
def questions(
    given: Given, scan_file: Path, outputs: tuple[str, ...], facts: str | None, answers: tuple[str, ...],
    exceptions: bool, saving: bool,
) -> None:  # fmt: skip
    """List what still has to be asked about a scan, as little as settles it, for people to fill in.

    A question is asked only where an answer to it changes an outcome, a duty or its day; what settles most is asked first,
    and as widely as one answer can be true. ? is an answer: it is not asked again, or asked of each thing where they may
    differ.

    A workbook or CSV that was filled in goes back with `proscribe scan ... --decide questions.xlsx`, or beside your
    facts with `--decide FACTS.yml --answers questions.xlsx`. Only what still matters is asked; ask again after each
    round, since an answer can settle other questions or open new ones.

    \b
    Examples:
      proscribe scan inventory.xlsx --decide facts.yml -o json=scan.json
      proscribe questions scan.json -o xlsx=questions.xlsx
      proscribe scan inventory.xlsx --decide questions.xlsx
    """
    from proscribe.app.case import answers as service

    targets = formats(outputs, service.QUESTION_FORMATS, default=("table",), binary=["xlsx"])
    if ("xlsx", None) in targets:
        raise error("E193.questions", at="-o xlsx")
    if saving and not answers:
        raise click.UsageError("--save keeps what --answers FILE says: give it, too.")
    if saving:
        from proscribe.app.rules.decide import open_decider
        from proscribe.app.rules.remember import of_questionnaires
        from proscribe.cli.ask import say_kept

        decider = open_decider(given.knowledge)
        say_kept(given, of_questionnaires(answers, decider), decider)
    form = service.questions(
        scan_file, given.of_the_law(facts, answers),
        knowledge=given.knowledge, exceptions=exceptions,
    )  # fmt: skip
    for name, target in targets:
        content = service.questionnaire_bytes(form, name)
        if target is not None and name == "csv":
            content = _BYTE_ORDER_MARK + content
        if write_file(target or STANDARD_OUTPUT, content) and not given.quiet:
            click.echo(f"Written: {target}", err=True)
