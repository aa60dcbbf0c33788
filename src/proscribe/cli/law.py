"""`proscribe law`: the rules themselves, for those who want to read and to doubt them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proscribe.cli import exitcodes
from proscribe.model.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from proscribe.model.law import Law

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_HELP)
def law() -> None:
    """The rules: what there is, what each says, where a country stands, what changed.

    \b
    Examples:
      proscribe law list --jurisdiction US
      proscribe law show us-889-b
      proscribe law stance --as-of 2020-07-10
      proscribe law diff --from 2020-07-10 --to 2020-08-13
    """


def _common(command: Callable[..., Any]) -> Callable[..., Any]:
    command = click.option(
        "-o", "--output", "output", type=click.Choice(["table", "json"]), default="table", show_default=True,
        help="Lines for people, or JSON.",
    )(command)  # fmt: skip
    return click.option(
        "--knowledge",
        multiple=True,
        metavar="FILE",
        help="Another snapshot or source folder, then layers of your own.",
    )(command)


def _law(knowledge: tuple[str, ...]) -> tuple[Law, dict[str, str]]:
    from proscribe.app.decide import stamp_of
    from proscribe.kb.snapshot import open_knowledge
    from proscribe.rules.regimes import load

    snapshot = open_knowledge(list(knowledge))
    return load(snapshot.documents("regimes/")), stamp_of(snapshot)


def _on(text: str | None, option: str) -> date:
    from proscribe.cli.days import day_of

    return day_of(text, option)


def _dump(schema: str, stamp: dict[str, str], as_of: date | None, content: dict[str, Any]) -> None:
    from proscribe.app.decide import answer

    click.echo(
        json.dumps(answer(schema, stamp, as_of, content), ensure_ascii=False, indent=1, sort_keys=True)
    )


@law.command("list")
@click.option("--jurisdiction", metavar="CC", help="Only this jurisdiction, such as GB.")
@click.option("--as-of", metavar="DATE", help="Say what is in force on this day; default today.")
@_common
def list_(jurisdiction: str | None, as_of: str | None, output: str, knowledge: tuple[str, ...]) -> None:
    """List the regimes."""
    held, stamp = _law(knowledge)
    day = _on(as_of, "--as-of")
    rows = []
    for regime in sorted(held.regimes.values(), key=lambda item: (item.jurisdiction, item.id)):
        if regime.kind == "definitions" or (jurisdiction and regime.jurisdiction != jurisdiction.upper()):
            continue
        state = (
            "in force" if regime.in_force_on(day) else "pending" if regime.pending_on(day) else "not in force"
        )
        rows.append(
            {
                "regime": regime.id,
                "jurisdiction": regime.jurisdiction,
                "kind": regime.kind,
                "state": state,
                "asked": regime.asked,
                "confidence": regime.provenance.confidence,
                "verified_on": regime.verified_on,
                "title": regime.title,
            }
        )
    if output == "json":
        _dump("proscribe.law-list/1", stamp, day, {"regimes": rows})
        return
    for row in rows:
        click.echo(
            f"{row['jurisdiction']}  {row['regime']:<32} {row['state']:<13} {row['confidence']:<7} {row['title']}"
        )


@law.command()
@click.argument("regime")
@_common
def show(regime: str, output: str, knowledge: tuple[str, ...]) -> None:
    """Show a regime: its rules in words, exceptions, duties and sources."""
    from proscribe.rules.facts import nearest
    from proscribe.rules.present import regime_lines, regime_to_json

    held, stamp = _law(knowledge)
    if regime not in held.regimes:
        near = nearest(regime, held.regimes)
        raise UsageError(
            "E403",
            f"there is no regime {regime!r}",
            at="REGIME",
            expected="a regime of `proscribe law list`",
            next_step=f"Did you mean {near!r}?" if near else "Run `proscribe law list`.",
        )
    if output == "json":
        _dump("proscribe.law-show/1", stamp, None, regime_to_json(held, regime))
        return
    for line in regime_lines(held, regime):
        click.echo(line)


@law.command()
@click.option("--jurisdiction", metavar="CC", help="Only this jurisdiction, such as GB.")
@click.option("--as-of", metavar="DATE", help="The day; default today.")
@_common
def stance(jurisdiction: str | None, as_of: str | None, output: str, knowledge: tuple[str, ...]) -> None:
    """Say where each jurisdiction stands on a day."""
    from proscribe.rules.stance import stance as stance_of
    from proscribe.rules.stance import stances

    held, stamp = _law(knowledge)
    day = _on(as_of, "--as-of")
    if jurisdiction:
        found = [stance_of(held, jurisdiction.upper(), day)]
    else:
        found = list(stances(held, day))
    if output == "json":
        values = [item.to_json() for item in found]
        # one jurisdiction stands at the top as well, so that its fields need no search
        _dump(
            "proscribe.law-stance/1", stamp, day, {**(values[0] if jurisdiction else {}), "stances": values}
        )
        return
    for item in found:
        pending = f"  pending: {', '.join(item.pending)}" if item.pending else ""
        named = ", ".join(instrument.regime for instrument in item.instruments)
        click.echo(f"{item.jurisdiction}  {item.stance:<21} {named}{pending}")


@law.command()
@click.option("--from", "first", required=True, metavar="DATE", help="The earlier day.")
@click.option("--to", "second", metavar="DATE", help="The later day; default today.")
@_common
def diff(first: str, second: str | None, output: str, knowledge: tuple[str, ...]) -> None:
    """Say in words what changed between two days."""
    from proscribe.rules.stance import differences

    start, end = _on(first, "--from"), _on(second, "--to")
    if end < start:
        raise UsageError(
            "E404",
            "the later day is before the earlier one",
            at="--to",
            expected="a day after --from",
            next_step="Swap them.",
        )
    held, stamp = _law(knowledge)
    lines = differences(held, start, end)
    if output == "json":
        _dump(
            "proscribe.law-diff/1",
            stamp,
            end,
            {"from": start.isoformat(), "to": end.isoformat(), "changes": lines},
        )
        return
    for line in lines or ["Nothing changed."]:
        click.echo(line)


@law.command("check")
@click.argument("regimes", nargs=-1)
@click.option(
    "--source", type=click.Path(path_type=Path, file_okay=False), default=Path("knowledge"), show_default=True,
    help="The knowledge source tree.",
)  # fmt: skip
@click.pass_context
def check_(ctx: click.Context, regimes: tuple[str, ...], source: Path) -> None:
    """For authors: load some regimes by themselves, run their worked cases, name boundaries without cases."""
    from proscribe.app.decide import author_check

    lines, count = author_check(source, list(regimes))
    for line in lines:
        click.echo(line)
    click.echo(f"{count} worked cases run; {len(lines)} problems.", err=True)
    ctx.exit(exitcodes.FOUND if lines else exitcodes.DONE)
