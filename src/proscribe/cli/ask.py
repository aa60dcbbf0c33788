"""`proscribe ask`: a question to the law in a few answers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from proscribe.cli.options import PATH, SETTINGS, Given, day_if, options
from proscribe.cli.terminal import print_lines, write_file
from proscribe.wording import safe

if TYPE_CHECKING:
    from proscribe.app.rules.asking import Asked, Talk
    from proscribe.app.rules.decide import Decider


@click.command(context_settings=SETTINGS)
@click.argument("case_file", metavar="[CASE.yml]", type=PATH, required=False)
@click.option("--as-of", metavar="DATE", help="Ask the law on this day; today by default.")
@click.option(
    "--save", "saving", is_flag=True,
    help="Keep what is answered about the company in proscribe.toml, so that no command asks it again.",
)  # fmt: skip
@options("known-as-of", "knowledge")
def ask(given: Given, case_file: Path | None, saving: bool) -> None:
    """Ask the law about one thing: a few questions, then the answer, and the case file that holds it.

    Type ? when you do not know, back to take the last answer back, and nothing to stop; what was answered is kept. Only what
    changes the answer is asked. The case file named is gone on with when it is there; without one it is case.yml, and when
    that is there you say whether to go on with it.

    \b
    Examples:
      proscribe ask
      proscribe ask router.yml
      proscribe ask router.yml --as-of 2020-09-01
    """
    from proscribe.app.rules.asking import open_talk

    def begin(path: Path) -> Talk:
        return open_talk(
            path, knowledge=given.knowledge, as_of=day_if(given.as_of, "--as-of"), today=given.today,
            known_as_of=day_if(given.known_as_of, "--known-as-of"), company=given.company,
        )  # fmt: skip

    named = case_file is not None
    case_file = case_file or Path("case.yml")
    talk = begin(case_file)
    if talk.held:
        say_held(case_file, talk)
        if not named and not goes_on():
            case_file = free_name(case_file)
            talk = begin(case_file)
    converse(talk)
    write_file(case_file, talk.interview.to_yaml().encode())
    click.echo(f"\nWritten: {case_file}\n")
    print_lines([talk.decisions().to_text()])
    if saving:
        keep(given, talk)


def say_held(path: Path, talk: Talk) -> None:
    """Say what a case file that is gone on with holds, so that nobody takes its answer for one about another thing."""
    click.echo(f"{path} is there, as of {talk.interview.case.as_of.isoformat()}, and says:")
    for what, value in talk.held.items():
        click.echo(safe.terminal(f"  {what}: {value}"))


def goes_on() -> bool:
    """Ask whether a case that is there is gone on with.

    Raises:
        click.UsageError: when nobody answers; the answer about another thing is none.
    """
    click.echo("Type on to go on with it, new to ask about something else; the file stays as it is then.")
    while True:
        try:
            text = input("> ").strip().casefold()
        except EOFError:
            raise click.UsageError(
                "case.yml is about an earlier question. Name the file to go on with it, or another one."
            ) from None
        if text in ("on", "new"):
            return text == "on"
        click.echo("  Expected: on or new.")


def free_name(path: Path) -> Path:
    """Give the next name beside a file that no file has: `case-2.yml`."""
    return next(
        other for number in count(2) if not (other := path.with_stem(f"{path.stem}-{number}")).exists()
    )


def keep(given: Given, talk: Talk) -> None:
    """Keep what was answered about the company in the configuration, and say what was kept."""
    from proscribe.app.rules.remember import of_the_company

    new = {
        name: value
        for name, value in of_the_company(talk.interview.case.facts).items()
        if name not in talk.begun
    }
    say_kept(given, new, talk.interview.decider)


def say_kept(given: Given, facts: Mapping[str, object], decider: Decider) -> None:
    """Keep facts of the company in the configuration, and say what was kept."""
    from proscribe.app.rules.remember import remember

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
    from proscribe.app.rules.asking import WrongValue

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
