"""`proscribe waiver`: ask for one, check the route, record the grant, watch its end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proscribe.cli import exitcodes
from proscribe.cli.options import CASE, PATH, SETTINGS, Given, day_if, day_of, options, split_reference
from proscribe.cli.terminal import leave, print_json, print_lines
from proscribe.model.errors import error
from proscribe.wording.safe import terminal as safe

if TYPE_CHECKING:
    from proscribe.app.case.cases import Readiness

REFERENCE = click.argument("reference", metavar="CASE/WAIVER")


@click.group(context_settings=SETTINGS)
def waiver() -> None:
    """Waivers: the request and its required parts, the route's conditions on a day, the grant, the end.

    \b
    Examples:
      proscribe waiver new C-0001 --grantor dni --part b --scope "12 cameras at Mill Lane" --by "R. Ito"
      proscribe waiver check C-0001/W1 --on 2026-11-25
      proscribe waiver list --exposed
    """


@waiver.command("new", context_settings=SETTINGS)
@CASE
@click.option("--grantor", required=True, type=click.Choice(["agency_head", "dni"]), help="Who can grant it.")
@click.option("--part", required=True, type=click.Choice(["a", "b"]), help="Part of section 889(a)(1).")
@click.option("--scope", required=True, help="What is to be waived, in words.")
@click.option("--agency", default="", help="The agency, such as DoD.")
@click.option(
    "--finding", "findings", multiple=True, metavar="ID", help="A finding that it reaches; may be repeated."
)
@click.option("--justification", metavar="FILE", type=PATH, help="Text file of the compelling justification.")
@click.option(
    "--laydown", metavar="FILE", type=PATH, help="Text file of the full laydown of covered presence."
)
@click.option("--phase-out", metavar="FILE", type=PATH, help="Text file of the phase-out plan.")
@click.option(
    "--from-findings", is_flag=True,
    help="Write the laydown from the scans of the case; it reaches the findings laid down.",
)  # fmt: skip
@click.option("--valid-to", metavar="DATE", help="Last day asked for.")
@click.option("--replace", "replaced", default="", metavar="WAIVER", help="The draft to replace, such as W1.")
@options("store", "by", "at", "expect", "knowledge", "output")
def new(
    given: Given, findings: tuple[str, ...], justification: Path | None, laydown: Path | None, phase_out: Path | None,
    from_findings: bool, valid_to: str | None, replaced: str, **about: str,
) -> None:  # fmt: skip
    """Write the request for a waiver."""
    from proscribe.app.case.cases import read_text

    if from_findings and laydown is not None:
        raise error("E438.two_laydowns", at="--laydown, --from-findings")
    when = given.instant
    last = day_if(valid_to, "--valid-to")
    value: dict[str, Any] = {
        **about, "finding_ids": list(findings), "valid_to": last.isoformat() if last else None,
        "justification": read_text(justification), "laydown": read_text(laydown), "phase_out": read_text(phase_out),
    }  # fmt: skip
    with given.cases() as cases:
        file = cases.ask_for_waiver(
            given.case_id, value, from_findings=from_findings, by=given.author,
            version=cases.version(given.case_id, given.version), waiver_id=replaced, stated_at=when,
        )  # fmt: skip
        made = file.waivers[-1]
        ready = cases.readiness(made, file, cases.today(file))
    if given.json:
        print_json({"waiver": made.to_json(), "readiness": ready.to_json()})
        return
    click.echo(f"{given.case_id}/{made.id} drafted")
    print_lines(_readiness_lines(ready))


def _readiness_lines(ready: Readiness) -> list[str]:
    shown = "not shown" if ready.outcome == "undetermined" else "NOT AVAILABLE"
    lines = [
        f"Route {ready.route} on {ready.day}: {'available' if ready.available else shown} ({ready.outcome})"
    ]
    marks = {"true": "shown", "false": "NOT MET", "unknown": "not known"}
    lines += [
        f"  {marks.get(item.result, item.result):<10} {item.title} ({item.citation})"
        for item in ready.requirements
    ]
    if ready.because and (not ready.requirements or ready.outcome == "not_in_force"):
        lines.append(f"  {ready.because}")
    lines += [f"  DIFFERS    {safe(text)}" for text in ready.differs]
    return lines


@waiver.command("check", context_settings=SETTINGS)
@REFERENCE
@options("on", "store", "knowledge", "output")
def check(given: Given, reference: str) -> None:
    """Check a waiver against the conditions of its route on a day. Exits with 1 when it is not to be had."""
    case_id, identity = split_reference(reference, "waiver")
    with given.cases() as cases:
        ready = cases.check_waiver(case_id, identity, day_if(given.on, "--on"))
    if given.json:
        print_json(ready.to_json())
    else:
        print_lines(_readiness_lines(ready))
    leave(exitcodes.DONE if ready.available else exitcodes.FOUND)


@waiver.command("grant", context_settings=SETTINGS)
@REFERENCE
@click.option("--granted-on", required=True, metavar="DATE", help="The day of the grant.")
@click.option("--valid-from", metavar="DATE", help="First day; the day of the grant by default.")
@click.option("--valid-to", metavar="DATE", help="Last day as granted; that of the request by default.")
@click.option("--condition", "conditions", multiple=True, help="A condition of the grant; may be repeated.")
@click.option(
    "--proof", required=True, metavar="FILE", type=PATH, help="The copy of the grant; it is kept."
)  # fmt: skip
@options("store", "by", "hand", "at", "expect", "knowledge", "output")
def grant(
    given: Given, reference: str, granted_on: str, valid_from: str | None, valid_to: str | None,
    conditions: tuple[str, ...], proof: Path,
) -> None:  # fmt: skip
    """Record that a waiver was granted. Whoever wrote the request cannot; refused when the route had ended."""
    from proscribe.app.case.cases import read_bytes

    case_id, identity = split_reference(reference, "waiver")
    when = given.instant
    day = day_of(granted_on, "--granted-on")
    first = day_if(valid_from, "--valid-from") or day
    last = day_if(valid_to, "--valid-to")
    content = read_bytes(proof, "E433.proof")
    with given.cases() as cases:
        file, ready = cases.grant(
            case_id, identity, by=given.author, version=cases.version(case_id, given.version), granted_on=day,
            valid_from=first, valid_to=last, conditions=conditions, proof=content, stated_at=when,
        )  # fmt: skip
    if given.json:
        print_json(file.to_json())
        return
    granted = next(one for one in file.waivers if one.id == identity)
    click.echo(
        f"{reference} granted" + (f", to {granted.valid_to}" if granted.valid_to else ", without an end")
    )
    print_lines(f"  DIFFERS: {safe(text)}" for text in ready.differs)
    unknown = [item for item in ready.requirements if item.result == "unknown"]
    if unknown:
        click.echo("Not shown in this file; ask the grantor:")
    print_lines(f"  {item.title} ({item.citation})" for item in unknown)


@waiver.command("revoke", context_settings=SETTINGS)
@REFERENCE
@click.option("--on", "day", required=True, metavar="DATE", help="First day on which it no longer holds.")
@click.option("--reason", required=True, help="Why.")
@options("store", "by", "expect")
def revoke(given: Given, reference: str, day: str, reason: str) -> None:
    """Record that a waiver was revoked."""
    case_id, identity = split_reference(reference, "waiver")
    on = day_of(day, "--on")
    with given.cases() as cases:
        cases.revoke_waiver(case_id, identity, by=given.author, version=given.version, on=on, reason=reason)
    click.echo(f"{reference} revoked from {on}")


@waiver.command("list", context_settings=SETTINGS)
@options("on")
@click.option("--exposed", is_flag=True, help="Also the findings that no waiver covers on that day.")
@options("store", "output")
def list_(given: Given, exposed: bool) -> None:
    """List waivers, how they stand, and, with --exposed, what they leave uncovered."""
    with given.cases() as cases:
        day = given.standing_day
        found = cases.waivers(day)
        bare = cases.exposed(day) if exposed else []
    if given.json:
        value: dict[str, Any] = {
            "on": day.isoformat(),
            "waivers": [{**item.to_json(), "standing": standing} for standing, item in found],
        }
        if exposed:
            value["exposed"] = [item.to_json() for item in bare]
        print_json(value)
        return
    for standing, item in found:
        end = f" to {item.valid_to}" if item.valid_to else ""
        click.echo(f"{item.case_id}/{item.id}  {standing:<9} {item.grantor}{end}  {safe(item.scope)}")
    if not found:
        click.echo("No waiver.")
    if exposed:
        click.echo(f"Exposed on {day}: {len(bare)} findings")
    for one in bare:
        since = f"; covered by {one.waiver} until the day before {one.since}" if one.since else ""
        click.echo(f"  {one.case_id}  {one.finding_id}  {safe(one.entity)}  {safe(one.path)}{since}")
