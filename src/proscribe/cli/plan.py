"""`proscribe plan`: what is replaced when."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from proscribe.cli import exitcodes
from proscribe.cli.exposure import CURRENCY, DECIDE, SCAN
from proscribe.cli.options import PATH, SETTINGS, Given, day_if, options
from proscribe.cli.terminal import formats, leave, one_to_standard_output
from proscribe.model.errors import error


@click.group(context_settings=SETTINGS)
def plan() -> None:
    """When each site is clean, which contracts that keeps, and what it costs.

    \b
    Example:
      proscribe plan phase-out money/ --from 2027-01 --periods 40 -o html=plan.html
    """


@plan.command("phase-out", context_settings=SETTINGS)
@click.argument("folder", metavar="FOLDER", type=PATH)
@click.option("--from", "first", required=True, metavar="MONTH", help="The first month, such as 2027-01.")
@click.option("--periods", type=int, default=36, show_default=True, help="How many months.")
@click.option("--doubtful", is_flag=True, help="Also remove what only possibly stands against a contract.")
@click.option(
    "--seconds",
    type=click.FloatRange(1, 3_600),
    default=45.0,
    show_default=True,
    help="That the solver may take.",
)
@SCAN
@DECIDE
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
    help="table (default), json, html, xlsx, csv (location lines); may be given several times.",
)  # fmt: skip
@CURRENCY
@options("as-of", "knowledge", "quiet", "config")
def phase_out(
    given: Given, folder: Path, first: str, periods: int, seconds: float, scan_file: Path | None,
    facts: tuple[Path, ...], outputs: tuple[str, ...], currency: str, *, doubtful: bool,
) -> None:  # fmt: skip
    """Plan under money, crew hours, deliveries, closed months, order and deadlines; needs the extra `choice`.

    The gap is that of the plan against a bound below which no plan lies. Where there is none, the reason is told in named
    things, with the cheapest ways out.

    \b
    Examples:
      proscribe plan phase-out money/ --from 2027-01 --periods 40
      proscribe plan phase-out money/ --from 2027-01 -o html=plan.html -o xlsx=plan.xlsx -o csv=locations.csv
    """
    from proscribe.app import exposure as exposing
    from proscribe.app import phase_out as service

    default = () if given.quiet else ("table",)
    targets = one_to_standard_output(formats(outputs, service.PLAN_FORMATS, default=default, binary=["xlsx"]))
    if ("xlsx", None) in targets or ("xlsx", "-") in targets:
        raise error("E193.questions", at="-o xlsx")
    sources = exposing.find_sources(
        folder, scan=scan_file, facts=facts, knowledge=given.knowledge, found=given.found
    )
    work = exposing.work_out(sources, as_of=day_if(given.as_of, "--as-of"), currency=currency)
    made = service.phase_out(work, first, periods, doubtful=doubtful, seconds=seconds)
    for name, target in targets:
        service.write_plan(made, name, sys.stdout if target is None else target)
        if target is not None and not given.quiet:
            click.echo(f"Written: {target}", err=True)
    leave(
        exitcodes.UNREAD
        if not made.complete
        else exitcodes.DONE
        if made.state == "planned"
        else exitcodes.FOUND
    )


@plan.command("update", context_settings=SETTINGS)
@click.argument("folder", metavar="FOLDER", type=PATH)
@click.option("--plan", "earlier", required=True, metavar="FILE", type=PATH, help="JSON of the earlier plan.")
@click.option("--from", "first", required=True, metavar="MONTH", help="The first month that is still open.")
@click.option("--periods", type=int, default=36, show_default=True, help="How many months.")
@click.option("--doubtful", is_flag=True, help="Also remove what only possibly stands against a contract.")
@click.option(
    "--seconds",
    type=click.FloatRange(1, 3_600),
    default=45.0,
    show_default=True,
    help="That the solver may take.",
)
@SCAN
@DECIDE
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
    help="table (default), json, html, xlsx, csv (location lines); may be given several times.",
)  # fmt: skip
@CURRENCY
@options("as-of", "knowledge", "quiet", "config")
def update(
    given: Given, folder: Path, earlier: Path, first: str, periods: int, seconds: float, scan_file: Path | None,
    facts: tuple[Path, ...], outputs: tuple[str, ...], currency: str, *, doubtful: bool,
) -> None:  # fmt: skip
    """Take progress back: what the table `progress` of FOLDER says is done stays done, and little else moves.

    Months of the earlier plan stay where they still hold every deadline, cap and order at no more cost; else it is planned anew.

    \b
    Example:
      proscribe plan update money/ --plan plan.json --from 2027-04 -o json=plan-april.json
    """
    from proscribe.app import exposure as exposing
    from proscribe.app import phase_out as service

    default = () if given.quiet else ("table",)
    targets = one_to_standard_output(formats(outputs, service.PLAN_FORMATS, default=default, binary=["xlsx"]))
    if ("xlsx", None) in targets or ("xlsx", "-") in targets:
        raise error("E193.questions", at="-o xlsx")
    sources = exposing.find_sources(
        folder, scan=scan_file, facts=facts, knowledge=given.knowledge, found=given.found
    )
    work = exposing.work_out(sources, as_of=day_if(given.as_of, "--as-of"), currency=currency)
    made = service.update_plan(work, earlier, first, periods, doubtful=doubtful, seconds=seconds)
    for name, target in targets:
        service.write_plan(made, name, sys.stdout if target is None else target)
        if target is not None and not given.quiet:
            click.echo(f"Written: {target}", err=True)
    leave(
        exitcodes.UNREAD
        if not made.complete
        else exitcodes.DONE
        if made.state == "planned"
        else exitcodes.FOUND
    )
