"""`proscribe explain`: why."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import click

from proscribe.cli import exitcodes, explain_law
from proscribe.model.errors import InputError, UsageError

_CODE = re.compile(r"E[1-5]\d\d")
_FACT = re.compile(r"[a-z_]+:[^\s]+|[a-z0-9]+(?:-[a-z0-9]+)*")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("what", metavar="TEXT|ID|CODE")
@click.option(
    "--scan", "scan_file", metavar="FILE", help="The JSON of a scan, to explain one of its findings by id."
)
@click.option("--field", default="text", show_default=True, metavar="FIELD", help="Read TEXT as this field.")
@click.option("--as-of", metavar="DATE", help="Ownership and law on this day; default today.")
@click.option("--known-as-of", metavar="DATE", help="Use only facts recorded by this day; default today.")
@click.option(
    "--knowledge", multiple=True, metavar="FILE", help="Another snapshot or your own layer; may be repeated."
)
@click.pass_context
def explain(
    ctx: click.Context,
    what: str,
    scan_file: str | None,
    field: str,
    as_of: str | None,
    known_as_of: str | None,
    knowledge: tuple[str, ...],
) -> None:
    """Say why: what a text is taken for, what a finding rests on, what a fact or an error code means.

    \b
    Examples:
      proscribe explain 'Hik vision camera DS 2CD2143G2'
      proscribe explain f_0123456789abcdef0123 --scan scan.json
      proscribe explain name:hikvision/hikvision
      proscribe explain E119
      proscribe explain us-889-b/use@1
    """
    if _CODE.fullmatch(what):
        _code(what)
    elif what.startswith("f_"):
        _finding(what, scan_file)
    else:
        from proscribe.kb.snapshot import open_knowledge

        snapshot = open_knowledge(knowledge)
        if _FACT.fullmatch(what) and _fact(snapshot, what):
            ctx.exit(exitcodes.DONE)
        if (found := explain_law.page(what, snapshot)) is not None:
            click.echo(found)
            ctx.exit(exitcodes.DONE)
        _text(what, field, as_of, known_as_of, knowledge)
    ctx.exit(exitcodes.DONE)


def _code(code: str) -> None:
    from proscribe.wording.errors import page

    found = page(code)
    if found is None:
        raise UsageError(
            "E155",
            f"{code} is not a code of this version.",
            expected="E1xx to E5xx",
            next_step="Check the spelling.",
        )
    click.echo(found)


def _finding(identity: str, scan_file: str | None) -> None:
    if scan_file is None:
        raise UsageError(
            "E156", "A finding is explained from the scan that made it.", at=identity,
            expected="--scan FILE with the JSON of that scan",
            next_step=f"proscribe scan … -o json=scan.json, then proscribe explain {identity} --scan scan.json",
        )  # fmt: skip
    try:
        scan = json.loads(Path(scan_file).read_text("utf-8"))
        finding = next((item for item in scan["findings"] if item["id"] == identity), None)
        told = None if finding is None else _told(scan, finding)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            "E157", f"{scan_file} is not the JSON of a scan: {error}", expected="a file of `scan -o json`"
        ) from error
    if told is None:
        raise UsageError(
            "E158", f"{identity} is not in {scan_file}.", expected="the id of a finding in that scan"
        )
    click.echo("\n".join(told))


def _told(scan: dict[str, Any], finding: dict[str, Any]) -> list[str]:
    """Give the lines that explain one finding of the JSON of a scan."""
    source = scan["inputs"][finding["input"]]
    place = finding["locator"]
    lines = [
        f"{finding['band'].upper()}: {finding['entity']} ({finding['role']}) in {source['path']}, "
        + (f"sheet {place['sheet']!r}, " if place["sheet"] else "")
        + f"record {place['row']}",
        f"  covered through: {' → '.join(finding['covered_through'])} as of {scan['as_of']}",
    ]
    for item in finding["evidence"] + finding["against"]:
        lines.append(
            f"  {item['weight_mbit'] / 1000:+6.1f} bits  {item['matcher']}: {item['found']!r} in {item['field']}"
        )
        lines.append(f"               {item['why']} [{', '.join(item['facts'])}]")
    lines.extend(f"  ? {question}" for question in finding["questions"])
    ignored = finding.get("ignored")
    if ignored:
        until = f" until {ignored['until']}" if ignored["until"] else ""
        lines.append(f"  set aside by {ignored['by']} on {ignored['at']}{until}: {ignored['reason']}")
    lines.extend(explain_law.finding_lines(finding))
    knowledge = scan["knowledge"]
    lines.append(
        f"  knowledge {knowledge['version']} {knowledge['sha256'][:16]}…, proscribe {scan['proscribe']}"
    )
    return lines


def _fact(snapshot: object, identity: str) -> bool:
    from proscribe.kb.records import TABLES

    sources = {row["id"]: row for row in snapshot.table("sources")}  # type: ignore[attr-defined]
    for table in TABLES:
        if table == "oui_others":
            continue
        for row in snapshot.table(table):  # type: ignore[attr-defined]
            if row.get("id") != identity:
                continue
            click.echo(f"{identity}  ({table})")
            for key, value in row.items():
                if value not in (None, "", [], False) and key != "id":
                    shown = "; ".join(map(str, value)) if isinstance(value, list) else value
                    click.echo(f"  {key}: {shown}")
            source = sources.get(row.get("source"))
            if source:
                click.echo(f"  which is: {source.get('title')} {source.get('url') or ''}".rstrip())
            return True
    return False


def _text(
    text: str, field: str, as_of: str | None, known_as_of: str | None, knowledge: tuple[str, ...]
) -> None:
    from proscribe.app import api
    from proscribe.matching import explain as words
    from proscribe.matching.findings import analyse
    from proscribe.model.observations import CONTENT_FIELDS

    if field not in CONTENT_FIELDS:
        raise UsageError(
            "E159", f"{field!r} is not a content field.", at="--field", expected=", ".join(CONTENT_FIELDS)
        )
    index = api.build_index(as_of, known_as_of=known_as_of, knowledge=knowledge)
    verdicts, spoken = analyse(index, [(field, field, text)])
    names = index.entity_names
    for verdict in verdicts:
        click.echo(words.in_words(verdict, names, index.bands))
    for item in spoken:
        click.echo(words.mention_in_words(item, names))
    if not verdicts and not spoken:
        click.echo(f"Nothing in {text!r} is taken for equipment of a screened firm, or speaks of one.")
        click.echo(
            "This is not a clearance: a brand or number that the knowledge does not hold cannot be seen."
        )
