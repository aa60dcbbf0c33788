"""`proscribe waiver`: ask for one, check the route, record the grant, watch its end."""

from __future__ import annotations

import json
from datetime import date
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
    knowledge_option,
    opened,
    output_option,
    read_version,
    safe,
    split_reference,
    store_option,
    version_option,
)
from proscribe.model.errors import CaseError

if TYPE_CHECKING:
    from proscribe.app.casework import Readiness


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
@click.argument("case_id", metavar="CASE")
@click.option("--grantor", required=True, type=click.Choice(["agency_head", "dni"]), help="Who can grant it.")
@click.option("--part", required=True, type=click.Choice(["a", "b"]), help="Part of section 889(a)(1).")
@click.option("--scope", required=True, help="What is to be waived, in words.")
@click.option("--agency", default="", help="The agency, such as DoD.")
@click.option(
    "--finding", "findings", multiple=True, metavar="ID", help="A finding that it reaches; may be repeated."
)
@click.option(
    "--justification",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Text file of the compelling justification.",
)
@click.option(
    "--laydown",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Text file of the full laydown of covered presence.",
)
@click.option(
    "--phase-out", metavar="FILE", type=click.Path(path_type=Path), help="Text file of the phase-out plan."
)
@click.option(
    "--from-findings",
    is_flag=True,
    help="Write the laydown from the scans of the case; it reaches the findings laid down.",
)
@click.option("--valid-to", metavar="DATE", help="Last day asked for.")
@click.option("--replace", "replaced", default="", metavar="WAIVER", help="The draft to replace, such as W1.")
@store_option
@author_option
@at_option
@version_option
@knowledge_option
@output_option
def new(
    case_id: str, grantor: str, part: str, scope: str, agency: str, findings: tuple[str, ...],
    justification: Path | None, laydown: Path | None, phase_out: Path | None, from_findings: bool, valid_to: str | None,
    replaced: str, place: str | None, by: str | None, at: str | None, version: int | None, knowledge: tuple[str, ...],
    output: str,
) -> None:  # fmt: skip
    """Write the request for a waiver."""
    from proscribe.app.casework import Desk
    from proscribe.cli.days import day_of

    if from_findings and laydown is not None:
        raise CaseError(
            "E438",
            "two laydowns are given",
            at="--laydown, --from-findings",
            expected="one of them",
            next_step="Leave one out.",
        )
    when = instant(at)
    last = day_of(valid_to, "--valid-to") if valid_to else None
    parts = {
        "justification": _text(justification),
        "laydown": _text(laydown),
        "phase_out": _text(phase_out),
    }
    with opened(place) as store:
        desk = Desk(store, knowledge)
        value: dict[str, Any] = {
            "grantor": grantor, "part": part, "scope": scope, "agency": agency,
            "finding_ids": list(findings), "valid_to": last.isoformat() if last else None, **parts,
        }  # fmt: skip
        file = desk.ask_for_waiver(
            case_id, value, from_findings=from_findings, by=author(by),
            version=read_version(store, case_id, version), waiver_id=replaced, stated_at=when,
        )  # fmt: skip
        made = file.waivers[-1]
        ready = desk.readiness(made, file, store.today(file.case.zone))
    if output == "json":
        click.echo(
            json.dumps({"waiver": made.to_json(), "readiness": ready.to_json()}, indent=2, sort_keys=True)
        )
        return
    click.echo(f"{case_id}/{made.id} drafted")
    _ready(ready)


def _text(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        text = path.read_bytes().decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise CaseError(
            "E433",
            f"the text cannot be read: {problem}",
            at=str(path),
            expected="UTF-8 text",
            next_step="Check the file.",
        ) from None
    if not text or len(text) > 1_000_000:
        raise CaseError(
            "E438",
            "the text is empty, or longer than a million characters",
            at=str(path),
            next_step="Check the file.",
        )
    return text


def _ready(ready: Readiness) -> None:
    words = (
        "available"
        if ready.available
        else "NOT AVAILABLE"
        if ready.outcome != "undetermined"
        else "not shown"
    )
    click.echo(f"Route {ready.route} on {ready.day}: {words} ({ready.outcome})")
    marks = {"true": "shown", "false": "NOT MET", "unknown": "not known"}
    for item in ready.requirements:
        click.echo(f"  {marks.get(item.result, item.result):<10} {item.title} ({item.citation})")
    if ready.because and (not ready.requirements or ready.outcome == "not_in_force"):
        click.echo(f"  {ready.because}")


@waiver.command("check", context_settings=SETTINGS)
@click.argument("reference", metavar="CASE/WAIVER")
@click.option("--on", "on", metavar="DATE", help="The day; today by default.")
@store_option
@knowledge_option
@output_option
@click.pass_context
def check(
    ctx: click.Context,
    reference: str,
    on: str | None,
    place: str | None,
    knowledge: tuple[str, ...],
    output: str,
) -> None:
    """Check a waiver against the conditions of its route on a day. Exits with 1 when it is not to be had."""
    from proscribe.app.casework import Desk
    from proscribe.casework.lifecycle import record
    from proscribe.cli.days import day_of

    case_id, identity = split_reference(reference, "waiver")
    with opened(place) as store:
        file = store.case(case_id)
        item = record(file.waivers, identity, "waiver", case_id)
        day = day_of(on, "--on") if on else store.today(file.case.zone)
        ready = Desk(store, knowledge).readiness(item, file, day)
    if output == "json":
        click.echo(json.dumps(ready.to_json(), indent=2, sort_keys=True))
    else:
        _ready(ready)
    ctx.exit(exitcodes.DONE if ready.available else exitcodes.FOUND)


@waiver.command("grant", context_settings=SETTINGS)
@click.argument("reference", metavar="CASE/WAIVER")
@click.option("--granted-on", required=True, metavar="DATE", help="The day of the grant.")
@click.option("--valid-from", metavar="DATE", help="First day; the day of the grant by default.")
@click.option("--valid-to", metavar="DATE", help="Last day; leave it out only when the grant has none.")
@click.option("--condition", "conditions", multiple=True, help="A condition of the grant; may be repeated.")
@click.option(
    "--proof",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The copy of the grant; it is kept.",
)
@store_option
@author_option
@at_option
@version_option
@knowledge_option
@output_option
def grant(
    reference: str, granted_on: str, valid_from: str | None, valid_to: str | None, conditions: tuple[str, ...],
    proof: Path, place: str | None, by: str | None, at: str | None, version: int | None,
    knowledge: tuple[str, ...], output: str,
) -> None:  # fmt: skip
    """Record that a waiver was granted. Whoever wrote the request cannot; refused when the route had ended."""
    from proscribe.app.casework import Desk
    from proscribe.cli.days import day_of

    case_id, identity = split_reference(reference, "waiver")
    when = instant(at)
    day = day_of(granted_on, "--granted-on")
    first = day_of(valid_from, "--valid-from") if valid_from else day
    last = day_of(valid_to, "--valid-to") if valid_to else None
    try:
        content = proof.read_bytes()
    except OSError as problem:
        raise CaseError(
            "E433",
            f"the proof cannot be read: {problem.strerror or problem}",
            at=str(proof),
            next_step="Check the path.",
        ) from None
    with opened(place) as store:
        file, ready = Desk(store, knowledge).grant(
            case_id, identity, by=author(by), version=read_version(store, case_id, version), granted_on=day,
            valid_from=first, valid_to=last, conditions=conditions, proof=content, stated_at=when,
        )  # fmt: skip
    if output == "json":
        click.echo(json.dumps(file.to_json(), ensure_ascii=False, indent=2, sort_keys=True))
        return
    click.echo(f"{reference} granted" + (f", to {last}" if last else ", without an end"))
    unknown = [item for item in ready.requirements if item.result == "unknown"]
    if unknown:
        click.echo("Not shown in this file; ask the grantor:")
        for item in unknown:
            click.echo(f"  {item.title} ({item.citation})")


@waiver.command("revoke", context_settings=SETTINGS)
@click.argument("reference", metavar="CASE/WAIVER")
@click.option("--on", "on", required=True, metavar="DATE", help="First day on which it no longer holds.")
@click.option("--reason", required=True, help="Why.")
@store_option
@author_option
@version_option
def revoke(
    reference: str, on: str, reason: str, place: str | None, by: str | None, version: int | None
) -> None:
    """Record that a waiver was revoked."""
    from proscribe.casework import commands
    from proscribe.cli.days import day_of

    case_id, identity = split_reference(reference, "waiver")
    day = day_of(on, "--on")
    with opened(place) as store:
        commands.revoke_waiver(
            store,
            case_id,
            identity,
            by=author(by),
            version=read_version(store, case_id, version),
            on=day,
            reason=reason,
        )
    click.echo(f"{reference} revoked from {day}")


@waiver.command("list", context_settings=SETTINGS)
@click.option("--on", "on", metavar="DATE", help="As things stand on this day; today by default.")
@click.option(
    "--exposed", "exposed", is_flag=True, help="Also the findings that no waiver covers on that day."
)
@store_option
@output_option
def list_(on: str | None, exposed: bool, place: str | None, output: str) -> None:
    """List waivers, how they stand, and, with --exposed, what they leave uncovered."""
    from proscribe.casework.waivers import exposed as uncovered
    from proscribe.casework.waivers import status
    from proscribe.cli.days import day_of

    with opened(place) as store:
        found = store.waivers()
        day: date = day_of(on, "--on") if on else day_of(None, "--on")
        bare = (
            [(case.id, item) for case in store.cases() for item in uncovered(store.case(case.id), day)]
            if exposed
            else []
        )
    if output == "json":
        value: dict[str, Any] = {
            "on": day.isoformat(),
            "waivers": [{**item.to_json(), "standing": status(item, day)} for item in found],
        }
        if exposed:
            value["exposed"] = [
                {
                    "case_id": case_id,
                    "finding_id": item.finding.finding_id,
                    "waiver": item.waiver,
                    "since": item.since.isoformat() if item.since else None,
                }
                for case_id, item in bare
            ]
        click.echo(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))
        return
    for item in found:
        end = f" to {item.valid_to}" if item.valid_to else ""
        click.echo(
            f"{item.case_id}/{item.id}  {status(item, day):<9} {item.grantor}{end}  {safe(item.scope)}"
        )
    if not found:
        click.echo("No waiver.")
    if exposed:
        click.echo(f"Exposed on {day}: {len(bare)} findings")
        for case_id, one in bare:
            since = f"; covered by {one.waiver} until the day before {one.since}" if one.since else ""
            value_ = json.loads(one.finding.finding)
            click.echo(
                f"  {case_id}  {one.finding.finding_id}  {safe(value_['entity'])}  {safe(value_['path'])}{since}"
            )
