"""`proscribe law`: the rules themselves, for those who want to read and to doubt them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from proscribe.cli import exitcodes
from proscribe.cli.options import SETTINGS, Given, day_of, options
from proscribe.cli.terminal import leave, print_json, print_lines

if TYPE_CHECKING:
    from proscribe.app.rules.law import LawBook

JURISDICTION = click.option(
    "--jurisdiction", metavar="CC", default="", help="Only this jurisdiction, such as GB."
)


@click.group(context_settings=SETTINGS)
def law() -> None:
    """The rules: what there is, what each says, where a country stands, what changed.

    \b
    Examples:
      proscribe law list --jurisdiction US
      proscribe law show us-889-b
      proscribe law text 52.204-25
      proscribe law sources --due
      proscribe law stance --as-of 2020-07-10
      proscribe law diff --from 2020-07-10 --to 2020-08-13
    """


def _book(given: Given) -> LawBook:
    from proscribe.app.rules.law import law as opened

    return opened(given.knowledge)


@law.command("list")
@JURISDICTION
@options("as-of", "knowledge", "output")
def list_(given: Given, jurisdiction: str) -> None:
    """List the regimes."""
    book, day = _book(given), given.law_day
    if given.json:
        print_json(book.regimes_json(day, jurisdiction), indent=1)
        return
    print_lines(
        f"{row.jurisdiction}  {row.regime:<32} {row.state:<13} {row.confidence:<7} {row.title}"
        for row in book.regimes(day, jurisdiction)
    )


@law.command()
@click.argument("regime")
@options("knowledge", "output")
def show(given: Given, regime: str) -> None:
    """Show a regime: its rules in words, exceptions, duties and sources."""
    book = _book(given)
    if given.json:
        print_json(book.regime_json(regime), indent=1)
    else:
        print_lines(book.regime_lines(regime))


@law.command()
@click.argument("citation", required=False)
@click.option(
    "--edition",
    default="",
    metavar="NAME",
    help="This edition, such as 'NOV 2021'; default the one in force.",
)
@click.option(
    "--paragraph", default="", metavar="D-2-I", help="This paragraph and what is below it: d-2-i for (d)(2)(i)."
)  # fmt: skip
@options("as-of", "knowledge", "output")
def text(given: Given, citation: str | None, edition: str, paragraph: str) -> None:
    """Print the words of the law: a clause by edition, or one paragraph; without a citation, list what is stored.

    \b
    Examples:
      proscribe law text 52.204-25 --paragraph d-2-i
      proscribe law text "48 CFR 52.204-24" --edition "AUG 2020"
    """
    book, day = _book(given), given.law_day
    found = [book.text(citation, day, edition)] if citation else list(book.texts.texts.values())
    if given.json:
        print_json(book.texts_json(day, found, paragraph), indent=1)
    elif citation:
        print_lines(book.text_lines(found[0], paragraph))
    else:
        print_lines(
            f"{one.front.citation:<34.34} {one.front.edition:<34.34} {one.front.title}" for one in found
        )


@law.command()
@JURISDICTION
@click.option("--due", is_flag=True, help="Only what is due to be looked at again.")
@options("as-of", "knowledge", "output")
def sources(given: Given, jurisdiction: str, due: bool) -> None:
    """Say when each regime was last compared with its sources, and what to look at next.

    \b
    Examples:
      proscribe law sources --due
      proscribe law sources --jurisdiction US --as-of 2027-06-01 -o json
    """
    book, day = _book(given), given.law_day
    found = book.checks(day, jurisdiction, due=due)
    if given.json:
        print_json(book.answer("sources", day, {"regimes": [asdict(one) for one in found]}), indent=1)
    else:
        print_lines(book.checks_lines(found) or ["Nothing is due."])


@law.command()
@options("knowledge", "output")
def purposes(given: Given) -> None:
    """The four purposes of section 889 in plain words, and the readings of uses that they do not settle.

    A reading is an answer: type its name, such as car-park/narrow, where it is asked what a camera is for.

    \b
    Examples:
      proscribe law purposes
      proscribe law purposes -o json
    """
    book = _book(given)
    if given.json:
        print_json(book.answer("purposes", None, book.purposes_json()), indent=1)
    else:
        print_lines(book.purposes_lines())


@law.command()
@JURISDICTION
@options("as-of", "knowledge", "output")
def stance(given: Given, jurisdiction: str) -> None:
    """Say where each jurisdiction stands on a day."""
    book, day = _book(given), given.law_day
    found = book.stances(day, jurisdiction)
    if given.json:
        values = [item.to_json() for item in found]
        # one jurisdiction stands at the top as well, so that its fields need no search
        content = {**(values[0] if jurisdiction else {}), "stances": values}
        print_json(book.answer("stance", day, content), indent=1)
        return
    for item in found:
        pending = f"  pending: {', '.join(item.pending)}" if item.pending else ""
        named = ", ".join(instrument.regime for instrument in item.instruments)
        click.echo(f"{item.jurisdiction}  {item.stance:<21} {named}{pending}")


@law.command()
@click.option("--from", "first", required=True, metavar="DATE", help="The earlier day.")
@click.option("--to", "second", metavar="DATE", help="The later day; default today.")
@options("knowledge", "output")
def diff(given: Given, first: str, second: str | None) -> None:
    """Say in words what changed between two days."""
    start, end = day_of(first, "--from"), day_of(second, "--to")
    book = _book(given)
    lines = book.changes(start, end)
    if given.json:
        content = {"from": start.isoformat(), "to": end.isoformat(), "changes": lines}
        print_json(book.answer("diff", end, content), indent=1)
    else:
        print_lines(lines or ["Nothing changed."])


@law.command("check")
@click.argument("regimes", nargs=-1)
@click.option(
    "--source", type=click.Path(path_type=Path, file_okay=False), default=Path("knowledge"), show_default=True,
    help="The knowledge source tree.",
)  # fmt: skip
@click.option(
    "--branches", is_flag=True,
    help="Also name each part of a condition, and each of its values, that no worked case exercises.",
)  # fmt: skip
def check_(regimes: tuple[str, ...], source: Path, branches: bool) -> None:
    """For authors: load some regimes by themselves, run their worked cases, name boundaries without cases."""
    from proscribe.app.rules.law import author_check

    lines, count = author_check(source, list(regimes), branches=branches)
    print_lines(lines)
    click.echo(f"{count} worked cases run; {len(lines)} problems.", err=True)
    leave(exitcodes.FOUND if lines else exitcodes.DONE)
