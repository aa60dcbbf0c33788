"""`proscribe clock`: what is due, soonest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from proscribe.cli import exitcodes
from proscribe.cli.options import PATH, SETTINGS, Given, instant, options, split_reference
from proscribe.cli.terminal import leave, print_json, write_file
from proscribe.model.errors import error
from proscribe.wording.safe import terminal as safe

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases, Due

_MARKS = {
    "overdue": "OVERDUE",
    "due_today": "DUE TODAY",
    "running": "due",
    "met": "met",
    "met_late": "MET LATE",
    "withdrawn": "withdrawn",
}


@click.group(invoke_without_command=True, context_settings=SETTINGS)
@click.option("--ics", metavar="FILE", type=PATH, help="Also write an iCalendar file, for calendar programs.")
@click.option("--as-of", metavar="INSTANT", help="Look from this day or instant instead of now.")
@click.option("--all", "everything", is_flag=True, help="Also deadlines that were met or withdrawn.")
@options("config", "store", "output")
def clock(given: Given, ics: Path | None, everything: bool) -> None:
    """List what is due in all cases, soonest first. Exits with 1 while something is overdue, with 3 in a store without cases.

    \b
    Examples:
      proscribe clock
      proscribe clock --ics deadlines.ics
      proscribe clock meet C-0001/d_1a2b3c4d5e --how "e-mail of 25 November" --by "R. Ito"
    """
    if click.get_current_context().invoked_subcommand is not None:
        click.get_current_context().obj = given
        return
    from proscribe.app.case.case_answers import may_be_due
    from proscribe.app.case.rule_days import rule_days

    zone = given.own_zone
    with given.cases() as cases:
        now = _moment(given.as_of, zone) or cases.store.now()
        rows = cases.deadlines(everything=everything, now=now)
        may, of_rules = may_be_due(cases), rule_days(cases)
        empty = not rows and not cases.find()
        if ics is not None:
            write_file(ics, cases.calendar(now).encode())
    overdue = sum(row.standing == "overdue" for row in rows)
    if given.json:
        print_json({
            "schema": "proscribe.clock/1", "as_of": now.isoformat(), "overdue": overdue,
            "deadlines": [row.to_json() for row in rows],
            "may_be_due": [{"case": name, "what": text} for name, text in may],
            "rule_days": [
                {"on": one.on.isoformat(), "what": one.words, "citation": one.citation, "cases": list(one.cases)}
                for one in of_rules
            ],
        })  # fmt: skip
    else:
        _table(rows, overdue)
        if may:
            click.echo(
                "May be due, and is not counted yet:" if rows else "No clock runs, but something may be due:"
            )
        for name, text in may:
            click.echo(f"  {name + ': ' if name else ''}{safe(text)}")
        if of_rules:
            click.echo("Days of the rules themselves, that may bind in a case; nobody's duty yet:")
        for one in of_rules:
            click.echo(
                f"  {one.on.isoformat()}  {safe(one.words)} ({safe(one.citation)}): {', '.join(one.cases)}"
            )
        if empty:
            click.echo("No case stands in this store: it is not known whether anything is due.")
        elif not rows and not may:
            click.echo("Nothing is due.")
    if ics is not None:
        click.echo(f"Written: {ics}", err=True)
    leave(exitcodes.FOUND if overdue else exitcodes.UNREAD if empty else exitcodes.DONE)


def _table(rows: Sequence[Due], overdue: int) -> None:
    if overdue:
        click.echo(f"!! {overdue} OVERDUE")
    for row in rows:
        item = row.deadline
        doubt = f"  ({safe(row.hinges_on)})" if row.hinges_on else ""
        click.echo(f"{_MARKS[row.standing]:<10} {item.due_at:<26} {item.case_id}  {safe(item.title)}{doubt}")
        calendar = f", calendar {item.calendar}" if item.calendar else ""
        for line in (
            f"{safe(item.citation)}; {safe(item.rule)}, started {item.starts_at}; {item.zone}{calendar}",
            safe(item.note),
            f"withdrawn: {safe(item.withdrawn)}" if item.withdrawn else "",
            f"{item.case_id}/{item.id}",
        ):
            if line:
                click.echo(f"           {line}")


def _moment(text: str | None, zone: str) -> datetime | None:
    """Read an instant; a day is its noon in the zone of the configuration, else in UTC."""
    if text is None:
        return None
    try:
        moment = datetime.combine(date.fromisoformat(text), time(12), tzinfo=ZoneInfo(zone) if zone else UTC)
    except ValueError:
        moment = instant(text) or datetime.now(UTC)
    if not 1990 <= moment.year <= 2199:
        raise error("E430.clock", at="--as-of", text=text)
    return moment


def _cases(given: Given) -> Cases:
    """Open the store named here, or before the word of the command."""
    outer = click.get_current_context().obj
    return (given if given.place or outer is None else outer).cases()


@clock.command("add", context_settings=SETTINGS)
@click.argument("case", metavar="CASE")
@click.option("--title", required=True, help="What is to be done.")
@click.option(
    "--due", required=True, metavar="DATE|INSTANT", help="The last day, or the last instant with its offset."
)
@click.option("--citation", default="", help="Where it says so.")
@click.option("--lasting", is_flag=True, help="It may outlive the case, such as the yearly entry in SAM.")
@options("store", "by")
def add(given: Given, case: str, title: str, due: str, citation: str, lasting: bool) -> None:
    """Watch a deadline that no determination brought, such as the next yearly representation in SAM."""
    with _cases(given) as cases:
        item = cases.add_deadline(
            case, title=title, due=due, citation=citation, lasting=lasting, by=given.author
        )
    click.echo(f"{case}/{item.id}  due {item.due_at}  {safe(item.title)}")


@clock.command("meet", context_settings=SETTINGS)
@click.argument("deadline", metavar="CASE/DEADLINE")
@click.option("--how", required=True, help="What was done, and where the proof is.")
@options("store", "by", "hand", "at")
def meet(given: Given, deadline: str, how: str) -> None:
    """Say that a deadline was met. A recurring one begins again; a first report starts the clock of the second."""
    case, identity = split_reference(deadline, "deadline")
    when = given.instant
    with _cases(given) as cases:
        met = cases.meet(case, identity, by=given.author, how=how, stated_at=when)
    click.echo(f"{deadline} met" + (", LATE" if met.standing == "met_late" else ""))


@clock.command("withdraw", context_settings=SETTINGS)
@click.argument("deadline", metavar="CASE/DEADLINE")
@click.option("--reason", required=True, help="Why it does not stand.")
@options("store", "by", "hand")
def withdraw(given: Given, deadline: str, reason: str) -> None:
    """Say why a deadline does not stand. It stays in the record."""
    case, identity = split_reference(deadline, "deadline")
    with _cases(given) as cases:
        cases.withdraw(case, identity, by=given.author, reason=reason)
    click.echo(f"{deadline} withdrawn")
