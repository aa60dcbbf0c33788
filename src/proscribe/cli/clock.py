"""`proscribe clock`: what is due, soonest first."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proscribe.cli import exitcodes
from proscribe.cli.store_options import (
    SETTINGS,
    at_option,
    author,
    author_option,
    instant,
    opened,
    output_option,
    safe,
    split_reference,
    store_option,
)
from proscribe.model.errors import CaseError

if TYPE_CHECKING:
    from proscribe.model.casework import Deadline

_MARKS = {
    "overdue": "OVERDUE",
    "due_today": "DUE TODAY",
    "running": "due",
    "met": "met",
    "met_late": "MET LATE",
    "withdrawn": "withdrawn",
}


@click.group(invoke_without_command=True, context_settings=SETTINGS)
@click.option(
    "--ics",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Also write an iCalendar file, for calendar programs.",
)
@click.option("--as-of", metavar="INSTANT", help="Look from this day or instant instead of now.")
@click.option("--all", "everything", is_flag=True, help="Also deadlines that were met or withdrawn.")
@store_option
@output_option
@click.pass_context
def clock(
    ctx: click.Context, ics: Path | None, as_of: str | None, everything: bool, place: str | None, output: str
) -> None:
    """List what is due in all cases, soonest first. Exits with 1 while something is overdue.

    \b
    Examples:
      proscribe clock
      proscribe clock --ics deadlines.ics
      proscribe clock meet C-0001/d_1a2b3c4d5e --how "e-mail of 25 November" --by "R. Ito"
    """
    if ctx.invoked_subcommand is not None:
        ctx.obj = place
        return
    with opened(place) as store:
        now = _moment(as_of) or store.now()
        from proscribe.casework import clock as clocks

        items = clocks.in_order(store.deadlines(status="" if everything else "open"))
        rows = [(clocks.standing(item, now), item) for item in items]
        if ics is not None:
            from proscribe.reports.atomic import replacing

            text = clocks.to_ics(store.deadlines(status=""), store.store_id, now)
            with replacing(ics) as partial:
                partial.write_bytes(text.encode())
    overdue = [item for mark, item in rows if mark == "overdue"]
    if output == "json":
        value = {
            "schema": "proscribe.clock/1",
            "as_of": now.isoformat(),
            "overdue": len(overdue),
            "deadlines": [{**item.to_json(), "standing": mark} for mark, item in rows],
        }
        click.echo(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))
    else:
        _table(rows, overdue)
    if ics is not None:
        click.echo(f"Written: {ics}", err=True)
    ctx.exit(exitcodes.FOUND if overdue else exitcodes.DONE)


def _table(rows: list[tuple[str, Deadline]], overdue: list[Deadline]) -> None:
    if overdue:
        click.echo(f"!! {len(overdue)} OVERDUE")
    for mark, item in rows:
        doubt = "  (if it applies)" if item.doubtful else ""
        click.echo(f"{_MARKS[mark]:<10} {item.due_at:<26} {item.case_id}  {safe(item.title)}{doubt}")
        calendar = f", calendar {item.calendar}" if item.calendar else ""
        click.echo(
            f"           {safe(item.citation)}; {safe(item.rule)}, started {item.starts_at}; {item.zone}{calendar}"
        )
        if item.note:
            click.echo(f"           {safe(item.note)}")
        if item.withdrawn:
            click.echo(f"           withdrawn: {safe(item.withdrawn)}")
        click.echo(f"           {item.case_id}/{item.id}")
    if not rows:
        click.echo("Nothing is due.")


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    from datetime import UTC, date, time

    try:
        moment = datetime.combine(date.fromisoformat(text), time(12), tzinfo=UTC)
    except ValueError:
        moment = instant(text) or datetime.now(UTC)
    if not 1990 <= moment.year <= 2199:
        raise CaseError(
            "E430",
            f"no clock runs on {text}",
            at="--as-of",
            expected="a day from 1990 to 2199",
            next_step="Check the year.",
        )
    return moment


@clock.command("add", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@click.option("--title", required=True, help="What is to be done.")
@click.option(
    "--due", required=True, metavar="DATE|INSTANT", help="The last day, or the last instant with its offset."
)
@click.option("--citation", default="", help="Where it says so.")
@click.option("--lasting", is_flag=True, help="It may outlive the case, such as the yearly entry in SAM.")
@store_option
@author_option
def add(
    case_id: str, title: str, due: str, citation: str, lasting: bool, place: str | None, by: str | None
) -> None:
    """Watch a deadline that no determination brought, such as the next yearly representation in SAM."""
    from proscribe.casework import commands

    with opened(_place(place)) as store:
        file = commands.add_deadline(
            store, case_id, title=title, due=due, citation=citation, lasting=lasting, by=author(by)
        )
    item = file.deadlines[-1]
    click.echo(f"{case_id}/{item.id}  due {item.due_at}  {safe(item.title)}")


@clock.command("meet", context_settings=SETTINGS)
@click.argument("deadline", metavar="CASE/DEADLINE")
@click.option("--how", required=True, help="What was done, and where the proof is.")
@store_option
@author_option
@at_option
def meet(deadline: str, how: str, place: str | None, by: str | None, at: str | None) -> None:
    """Say that a deadline was met. A recurring one begins its next round."""
    from proscribe.casework import commands

    case_id, identity = split_reference(deadline, "deadline")
    when = instant(at)
    with opened(_place(place)) as store:
        file = commands.meet(store, case_id, identity, by=author(by), how=how, stated_at=when)
        from proscribe.casework import clock as clocks

        item = next(one for one in file.deadlines if one.id == identity)
        late = clocks.standing(item, store.now()) == "met_late"
    click.echo(f"{deadline} met" + (", LATE" if late else ""))


@clock.command("withdraw", context_settings=SETTINGS)
@click.argument("deadline", metavar="CASE/DEADLINE")
@click.option("--reason", required=True, help="Why it does not stand.")
@store_option
@author_option
def withdraw(deadline: str, reason: str, place: str | None, by: str | None) -> None:
    """Say why a deadline does not stand. It stays in the record."""
    from proscribe.casework import commands

    case_id, identity = split_reference(deadline, "deadline")
    with opened(_place(place)) as store:
        commands.withdraw(store, case_id, identity, by=author(by), reason=reason)
    click.echo(f"{deadline} withdrawn")


def _place(place: str | None) -> str | None:
    held: Any = click.get_current_context().obj
    return place or held
