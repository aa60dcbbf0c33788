"""`proscribe decide`: what the law says about cases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from proscribe.cli import exitcodes
from proscribe.cli.options import PATH, SETTINGS, Given, day_if, options
from proscribe.cli.terminal import formats, leave, write_file

if TYPE_CHECKING:
    from proscribe.app.rules.asking import Talk
    from proscribe.app.rules.decisions import Decisions


@click.command(context_settings=SETTINGS)
@click.argument("cases", metavar="CASES.yml", type=PATH)
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
    help="table, json, md, html; may be given several times.",
)  # fmt: skip
@click.option(
    "--check", "checking", is_flag=True, help="Compare with what the cases expect; exit with 1 when one is not met."
)  # fmt: skip
@click.option("--interactive", is_flag=True, help="Ask the questions that matter, then write CASES.yml.")
@click.option(
    "--save", "saving", is_flag=True,
    help="With --interactive, keep what is answered about the company in proscribe.toml, so that no command asks it again.",
)  # fmt: skip
@click.option("--as-of", metavar="DATE", help="Ask the law on this day, whatever the cases say.")
@options("known-as-of")
@click.option("--trace", is_flag=True, help="With -o table, also every rule asked, with the whole reasoning.")
@click.option(
    "--whatif", "settling", is_flag=True,
    help="With -o table, show which missing facts would settle a case, and to what.",
)  # fmt: skip
@options("knowledge")
def decide(
    given: Given, cases: Path, outputs: tuple[str, ...], checking: bool, interactive: bool,
    saving: bool, trace: bool, settling: bool,
) -> None:  # fmt: skip
    """Say what each rule holds about the cases of a file, with the paragraph and the questions that are open.

    \b
    Examples:
      proscribe decide case.yml
      proscribe decide cases.yml -o json --check
      proscribe decide new-case.yml --interactive
    """
    from proscribe.app.background.job_work import run_job
    from proscribe.app.files import refuse_inputs
    from proscribe.app.rules import decisions
    from proscribe.model.jobs import DecideJob

    if saving and not interactive:
        raise click.UsageError("--save keeps what is answered with --interactive: give it, too.")
    targets = formats(outputs, decisions.FORMATS, default=() if checking else ("table",))
    day, known = day_if(given.as_of, "--as-of"), day_if(given.known_as_of, "--known-as-of")
    if interactive:
        from proscribe.app.rules.asking import open_talk

        talk = open_talk(
            cases,
            knowledge=given.knowledge,
            as_of=day,
            today=given.today,
            known_as_of=known,
            short=False,
            company=given.company,
        )
        answer = _ask(talk, cases)
    else:
        spec = DecideJob(str(cases), as_of=day, known_as_of=known, knowledge=given.knowledge)
        answer = run_job(spec).value
    failed = _report_checks(answer) if checking else 0
    refuse_inputs((target for _, target in targets), (str(cases),))
    for name, target in targets:
        text = answer.write(name, full=trace, settling=settling)
        if target is None:
            click.echo(text)
        else:
            write_file(target, f"{text}\n".encode())
            click.echo(f"Written: {target}", err=True)
    if interactive and saving:
        from proscribe.cli.ask import keep

        keep(given, talk)
    leave(exitcodes.FOUND if failed else exitcodes.DONE)


def _report_checks(answer: Decisions) -> int:
    """Print every case that is not met; give how many."""
    asked, failed = answer.check()
    for item in failed:
        mark = " DANGEROUS" if item.dangerous else ""
        click.echo(f"Not met: {item.case.id} ({item.case.at}){mark}", err=True)
        for one in item.mismatches:
            click.echo(f"  {one.what}: expected {one.expected}; got {one.got}", err=True)
        for reasoning in item.reasoning:
            click.echo(reasoning, err=True)
    wrong = sum(item.dangerous for item in failed)
    tail = f", {wrong} of them dangerous" if wrong else ""
    click.echo(f"{asked - len(failed)} of {asked} worked cases met{tail}.", err=True)
    return len(failed)


def _ask(talk: Talk, path: Path) -> Decisions:
    """Ask what still matters, until nothing does; write the case file.

    An answer of `?` means not known, `back` takes the last one back, an empty one ends the questions.
    """
    from proscribe.cli.ask import converse

    converse(talk)
    write_file(path, talk.interview.to_yaml().encode())
    click.echo(f"Written: {path}")
    return talk.decisions()
