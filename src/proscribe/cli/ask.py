"""`proscribe ask`: a question to the law in a few answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from proscribe.cli.options import PATH, SETTINGS, Given, day_if, options
from proscribe.cli.terminal import print_lines, write_file

if TYPE_CHECKING:
    from proscribe.app.asking import Asked, Talk
    from proscribe.app.decide import Decider


@click.command(context_settings=SETTINGS)
@click.argument("case_file", metavar="[CASE.yml]", type=PATH, default="case.yml")
@click.option("--as-of", metavar="DATE", help="Ask the law on this day; today by default.")
@click.option(
    "--save", "saving", is_flag=True,
    help="Keep what is answered about the company in proscribe.toml, so that no command asks it again.",
)  # fmt: skip
@options("known-as-of", "knowledge")
def ask(given: Given, case_file: Path, saving: bool) -> None:
    """Ask the law about one thing: a few questions, then the answer, and the case file that holds it.

    Type ? when you do not know, back to take the last answer back, and nothing to stop; what was answered is kept. Only what
    changes the answer is asked. A case file that is there is gone on with.

    \b
    Examples:
      proscribe ask
      proscribe ask router.yml
      proscribe ask router.yml --as-of 2020-09-01
    """
    from proscribe.app.asking import open_talk

    talk = open_talk(
        case_file, knowledge=given.knowledge,
        as_of=day_if(given.as_of, "--as-of"), known_as_of=day_if(given.known_as_of, "--known-as-of"), company=given.company,
    )  # fmt: skip
    converse(talk)
    write_file(case_file, talk.interview.to_yaml().encode())
    click.echo(f"\nWritten: {case_file}\n")
    print_lines([talk.decisions().to_text()])
    if saving:
        keep(given, talk)


def keep(given: Given, talk: Talk) -> None:
    """Keep what was answered about the company in the configuration, and say what was kept."""
    from proscribe.app.remember import of_the_company

    new = {
        name: value
        for name, value in of_the_company(talk.interview.case.facts).items()
        if name not in talk.begun
    }
    say_kept(given, new, talk.interview.decider)


def say_kept(given: Given, facts: Mapping[str, object], decider: Decider) -> None:
    """Keep facts of the company in the configuration, and say what was kept."""
    from proscribe.app.remember import remember

    kept = remember(given.found, facts, decider)
    if kept.names:
        click.echo(f"Kept in {kept.path} for the whole company: {', '.join(kept.names)}.", err=True)
    else:
        click.echo(f"Nothing new about the company was answered; {kept.path} is as it was.", err=True)
    if kept.differ:
        click.echo(f"{kept.path} says otherwise and was not changed: {', '.join(kept.differ)}.", err=True)


#: Of more choices each has a number.
_FEW = 2


def converse(talk: Talk) -> None:
    """Put questions until the answer is there, or the person stops."""
    from proscribe.app.asking import WrongValue

    if talk.begun:
        click.echo(f"From proscribe.toml, and not asked: {', '.join(talk.begun)}.")
    click.echo("Type ? when you do not know, back to take an answer back, and nothing to stop.")
    shown = ""
    while (asked := talk.question()) is not None:
        if asked.name != shown:
            shown = asked.name
            _show(asked)
        try:
            text = input("> ").strip()
        except EOFError:
            break
        if not text:
            break
        if text.casefold() == "back":
            if not talk.back():
                click.echo("  Nothing was answered yet.")
            shown = ""
            continue
        try:
            talk.answer(asked, text)
        except WrongValue as problem:
            hint = f" Did you mean {problem.near!r}?" if problem.near else ""
            click.echo(f"  {problem.what[:1].upper()}{problem.what[1:]}; expected {problem.expected}.{hint}")
        else:
            if talk.taken:
                click.echo(f"  Taken as: {talk.taken} (back takes it back)")


def _show(asked: Asked) -> None:
    click.echo(f"\n{asked.text}" + (f"  [{asked.citation}]" if asked.citation else ""))
    if asked.help:
        click.echo(f"  {asked.help}")
    numbered = len(asked.choices) > _FEW and not asked.choices[0][0].isdecimal()
    for number, (word, text) in enumerate(asked.choices, start=1):
        plain = word.replace("_", " ") if numbered else word
        said = plain if text in (word, plain) else f"{plain}  {text}"
        click.echo(f"  {number:>2}  {said}" if numbered else f"  {said}")
