"""`proscribe plan`: what is replaced when."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from proscribe.cli import exitcodes
from proscribe.cli.choice import Asked, choice_command
from proscribe.cli.options import PATH, SETTINGS
from proscribe.cli.terminal import leave

if TYPE_CHECKING:
    from proscribe.app.choice.exposure import Work
    from proscribe.model.phase_out import PhaseOut

_FORMS = "table (default), json, html, xlsx, csv (location lines), yml (steps for `document make --with`)"
_FOLDER = click.argument("folder", metavar="FOLDER", type=PATH)
_PERIODS = click.option("--periods", type=int, default=36, show_default=True, help="How many months.")
_DOUBTFUL = click.option(
    "--doubtful", is_flag=True, help="Also remove what only possibly stands against a contract."
)
_SECONDS = click.option(
    "--seconds",
    type=click.FloatRange(1, 3_600),
    default=60.0,
    show_default=True,
    help="That the solver may take, for the plan and what stands beside it.",
)


@click.group(context_settings=SETTINGS)
def plan() -> None:
    """When each site is clean, which contracts that keeps, and what it costs.

    \b
    Example:
      proscribe plan phase-out money/ --from 2027-01 --periods 40 -o html=plan.html
    """


@plan.command("phase-out", context_settings=SETTINGS)
@_FOLDER
@click.option("--from", "first", required=True, metavar="MONTH", help="The first month, such as 2027-01.")
@_PERIODS
@_DOUBTFUL
@_SECONDS
@choice_command(_FORMS)
def phase_out(asked: Asked, first: str, periods: int, seconds: float, *, doubtful: bool) -> None:
    """Plan under money, crew hours, deliveries, closed months, order and deadlines; needs the extra `choice`.

    The gap is that of the plan against a bound below which no plan lies. Where there is none, the reason is told in named
    things, with the cheapest ways out.

    \b
    Examples:
      proscribe plan phase-out money/ --from 2027-01 --periods 40
      proscribe plan phase-out money/ --from 2027-01 -o html=plan.html -o xlsx=plan.xlsx -o csv=locations.csv
    """
    from proscribe.app.choice import phase_out as service

    _plan(asked, lambda work: service.phase_out(work, first, periods, doubtful=doubtful, seconds=seconds))


@plan.command("update", context_settings=SETTINGS)
@_FOLDER
@click.option("--plan", "earlier", required=True, metavar="FILE", type=PATH, help="JSON of the earlier plan.")
@click.option("--from", "first", required=True, metavar="MONTH", help="The first month that is still open.")
@_PERIODS
@_DOUBTFUL
@_SECONDS
@choice_command(_FORMS)
def update(asked: Asked, earlier: Path, first: str, periods: int, seconds: float, *, doubtful: bool) -> None:
    """Take progress back: what the table `progress` of FOLDER says is done stays done, and little else moves.

    Months of the earlier plan stay where they still hold every deadline, cap and order at no more cost; else it is planned anew.

    \b
    Example:
      proscribe plan update money/ --plan plan.json --from 2027-04 -o json=plan-april.json
    """
    from proscribe.app.choice import phase_out as service

    _plan(
        asked,
        lambda work: service.update_plan(work, earlier, first, periods, doubtful=doubtful, seconds=seconds),
    )


def _plan(asked: Asked, make: Callable[[Work], PhaseOut]) -> None:
    """Make a plan, write it, and leave with 0 where it keeps what it can, 1 where there is none, 3 where cells were not read."""
    from proscribe.app.choice import phase_out as service

    targets = asked.targets(service.PLAN_FORMATS, binary=["xlsx"])
    work = asked.work()
    made = make(work)
    asked.put(targets, work, lambda name, target: service.write_plan(made, name, target))
    if not made.complete:
        leave(exitcodes.UNREAD)
    leave(exitcodes.DONE if made.state == "planned" else exitcodes.FOUND)
