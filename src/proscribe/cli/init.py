"""`proscribe init`: what each file of a folder is, once, for every later command."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from proscribe.cli import exitcodes
from proscribe.cli.options import PATH, SETTINGS
from proscribe.cli.terminal import leave, print_json, print_lines
from proscribe.model.config import Config, Member, Role
from proscribe.model.errors import ProscribeError, error
from proscribe.model.organisations import ContractRef, Organisation
from proscribe.wording.safe import terminal as safe
from proscribe.wording.shown import counted, display_width, fit

if TYPE_CHECKING:
    from proscribe.app.scan.init import Proposal, Written
    from proscribe.model.plans import PlannedInput, PlannedTable

#: Tables, columns of each, and lines of a difference that are shown.
_TABLES, _COLUMNS, _LINES = 20, 12, 60
_WIDTH = 78


@click.command(context_settings=SETTINGS)
@click.argument("folder", metavar="FOLDER", type=PATH)
@click.option("--organisation", default="", metavar="NAME", help="Legal name of who speaks, as in SAM.")
@click.option("--uei", default="", help="Its unique entity id of SAM.")
@click.option("--cage", default="", help="Its CAGE code.")
@click.option(
    "--zone", default="", metavar="NAME", help="Time zone of days and clocks, such as America/New_York."
)
@click.option(
    "--site", "sites", multiple=True, metavar="NAME", help="A site, as the files spell it; may be repeated."
)
@click.option(
    "--person", "people", multiple=True, metavar="NAME=ROLE,...",
    help="A person and roles: author, approver, signer, contact; may be repeated.",
)  # fmt: skip
@click.option("--contract", "contracts", multiple=True, metavar="NUMBER", help="A contract; may be repeated.")
@click.option("--agency", default="", metavar="NAME", help="Agency of the contracts.")
@click.option("--yes", is_flag=True, help="Accept what is proposed, without a question.")
@click.option(
    "--force",
    is_flag=True,
    help="Write an existing proscribe.toml anew; what it says stays, its comments do not.",
)
@click.option(
    "-o",
    "--output",
    "output",
    type=click.Choice(["table", "json"]),
    default="table",
    help="table (default) or json.",
)
def init(
    folder: Path, organisation: str, uei: str, cage: str, zone: str, sites: tuple[str, ...], people: tuple[str, ...],
    contracts: tuple[str, ...], agency: str, yes: bool, force: bool, output: str,
) -> None:  # fmt: skip
    """Look at a folder, show what each file is, and write proscribe.toml, which every later command uses.

    On a terminal it asks once; ENTER accepts, and what you leave out is asked where it is needed. Without a terminal it never
    asks: what nobody confirmed is marked as uncertain, and recognised as ever. Files that are new when it runs again get rules
    of their own; what stands in proscribe.toml is not changed. Beside it lie files to fill in: facts, company, inquiry.

    \b
    Examples:
      proscribe init inventory/
      proscribe init inventory/ --yes --organisation "Ridge Analytics LLC" --zone America/New_York \\
        --person "B. Lind=author,contact" --person "C. Moreau=approver" --contract 47QSMA24D08R1
    """
    from proscribe.app.scan.init import accept, check_zone, propose
    from proscribe.cli.progress import LookedLine

    stated = Config(
        Organisation(organisation, uei, cage), sites, check_zone(zone), tuple(map(_member, people)),
        tuple(ContractRef(number, agency=agency) for number in contracts),
    )  # fmt: skip
    with LookedLine(enabled=True) as progress:
        proposal = propose(folder, stated, progress)
    asks = not yes and output == "table" and sys.stdin.isatty() and sys.stdout.isatty()
    if output == "table":
        print_lines(_screen(proposal))
    text = None
    if asks:
        proposal, text = _ask(proposal)
    written = accept(proposal, confirmed=yes or asks, force=force, text=text)
    if output == "json":
        print_json(_value(proposal, written, confirmed=yes))
    else:
        print_lines(_told(proposal, written, confirmed=yes or asks))
    leave(exitcodes.DONE if proposal.plan.complete else exitcodes.UNREAD)


def _member(text: str) -> Member:
    name, found, roles = text.rpartition("=")
    named = tuple(role.strip() for role in roles.split(","))
    if not found or not name.strip() or not set(named) <= set(get_args(Role)):
        raise error("E489.person", at=f"--person {text[:80]}")
    return Member(name.strip(), roles=named)  # type: ignore[arg-type]


# What is shown


def _screen(proposal: Proposal) -> Iterator[str]:
    from proscribe.app.scan.init import tables_of

    tables = tables_of(proposal.plan.inputs)
    files = len({one.path for one, _ in tables})
    lead = "" if proposal.existing is None else "new "
    yield f"{safe(proposal.folder)}: {files:,} {lead}files with {len(tables):,} tables."
    for one, table in tables[:_TABLES]:
        yield ""
        yield from _table(one, table, proposal.folder)
    if len(tables) > _TABLES:
        counts: dict[str, int] = {}
        for _, table in tables[_TABLES:]:
            counts[table.kind] = counts.get(table.kind, 0) + 1
        yield ""
        yield f"... and {len(tables) - _TABLES:,} more tables: " + ", ".join(
            f"{count:,} {kind}"
            for kind, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        )
    unread = [issue for one in proposal.plan.inputs for issue in one.issues if issue.lossy]
    if unread:
        yield ""
        yield "Not read in full:"
        yield from (_cut(f"  {one.code} {safe(one.at)}: {safe(one.what)}") for one in unread[:8])
        if len(unread) > 8:
            yield f"  ... and {len(unread) - 8:,} more; proscribe scan lists them all"
    yield ""


def _table(one: PlannedInput, table: PlannedTable, folder: Path) -> Iterator[str]:
    import os

    from proscribe.app.scan.init import likely_preset

    name = safe(os.path.relpath(one.path, folder)) + (f", sheet {safe(table.sheet)!r}" if table.sheet else "")
    kind = "not certain what it is" if table.kind == "uncertain" else table.kind
    likely = likely_preset(one, table)
    known = f" ({table.export})" if table.export else f" (perhaps preset {likely})" if likely else ""
    records = counted(table.records, "record")
    yield _cut(name)
    yield _cut(f"  {records}: {kind}{known}")
    read = [column for column in table.columns if column.field]
    size = min(24, max((display_width(safe(column.name)) for column in read), default=0))
    for column in read[:_COLUMNS]:
        samples = " | ".join(safe(value) for value in column.samples[:3])
        yield _cut(f"    {fit(safe(column.name), size)}  {column.field:<14}  {samples}".rstrip())
    rest = [column.name for column in table.columns if not column.field]
    if len(read) > _COLUMNS:
        yield f"    ... and {len(read) - _COLUMNS:,} more"
    if rest:
        yield _cut("    looked at only: " + ", ".join(safe(name) for name in rest))


def _cut(line: str) -> str:
    """Cut a line at the width of the screen, on which some letters take two columns."""
    return line if display_width(line) <= _WIDTH else fit(line, _WIDTH)


def _told(proposal: Proposal, written: Written, *, confirmed: bool) -> Iterator[str]:
    if written.difference:
        yield "What changed in proscribe.toml:"
        yield from (f"  {safe(line)}" for line in written.difference[2 : 2 + _LINES])
        if len(written.difference) - 2 > _LINES:
            yield f"  ... and {len(written.difference) - 2 - _LINES:,} more lines"
    elif proposal.before:
        yield "proscribe.toml speaks of every file already; nothing was changed."
    if proposal.left:
        yield f"{proposal.left:,} files got no rule of their own and are recognised as ever."
    if proposal.unseen:
        yield f"{proposal.unseen:,} of them were not looked at, for there are too many for one run."
        yield "proscribe scan reads them all; init speaks of them when it runs again, or in a folder below."
    yield from (f"Written: {safe(path)}" for path in written.files)
    yield from (f"Left as it is: {safe(path)}" for path in written.kept)
    if not confirmed and proposal.new:
        yield "Nobody confirmed the new rules. Where 'uncertain' in proscribe.toml is right, delete the line."
    elif any(rule.uncertain for rule in proposal.new):
        yield "What the form of values alone told is 'uncertain' in proscribe.toml. Where it is right, delete the line."
    if proposal.folder.resolve() == Path.cwd():
        yield "Next:"
    else:
        yield "Next, in that folder, so that the configuration counts as your own:"
        yield f"  cd {safe(shlex.quote(str(proposal.folder)))}"
    yield "  proscribe scan ."
    yield "Then fill in proscribe.facts.yml, for scan --decide."


def _value(proposal: Proposal, written: Written, *, confirmed: bool) -> dict[str, object]:
    return {
        "schema": "proscribe.init/1", "folder": str(proposal.folder), "plan": proposal.plan.to_value(), "confirmed": confirmed,
        "rules": len(proposal.new), "written": [str(path) for path in written.files],
        "kept": [str(path) for path in written.kept], "left": proposal.left,
    }  # fmt: skip


# What is asked


def _ask(proposal: Proposal) -> tuple[Proposal, str | None]:
    """Ask what is missing and whether all is right; give the text that a person edited, if one did."""
    proposal = replace(proposal, config=_company(proposal.config)) if proposal.existing is None else proposal
    while True:
        said = click.prompt(
            "Is that right? ENTER writes it, e edits it first, q leaves", default="", show_default=False
        ).strip().casefold()  # fmt: skip
        if said in ("", "y", "yes"):
            return proposal, None
        if said in ("q", "n", "no", "quit"):
            click.echo("Nothing was written.")
            leave(exitcodes.DONE)
        if said in ("e", "edit"):
            edited = _edited(proposal)
            if edited is not None:
                return proposal, edited


def _edited(proposal: Proposal) -> str | None:
    from proscribe.app.settings.config import known_names
    from proscribe.model.config import read_config

    text = click.edit(proposal.text(confirmed=True), extension=".toml")
    if text is None:
        return None
    try:
        read_config(text.encode(), str(proposal.path), known=known_names())
    except ProscribeError as problem:
        click.echo(safe_text(str(problem)), err=True)
        return None
    return text


def safe_text(text: str) -> str:
    """Give a message of several lines for a terminal."""
    return "\n".join(safe(line) for line in text.splitlines())


def _company(config: Config) -> Config:
    """Ask for what no option said; an empty answer leaves it open."""
    from proscribe.app.scan.init import check_zone

    def asked(words: str) -> str:
        return str(click.prompt(words, default="", show_default=False)).strip()

    click.echo("What documents need; leave empty what you do not know now.")
    organisation = config.organisation
    if not organisation.name:
        organisation = replace(organisation, name=asked("  Legal name of the organisation"))
    zone = config.time_zone
    while not zone:
        zone = asked("  Time zone, such as America/New_York")
        if not zone:
            break
        try:
            check_zone(zone)
        except ProscribeError as problem:
            click.echo(f"  {problem.what}: {safe(zone)}")
            zone = ""
    sites = config.sites
    if not sites:
        sites = tuple(
            name.strip() for name in asked("  Sites, with commas between them").split(",") if name.strip()
        )
    people = config.people
    if not people:
        author, approver = asked("  Who prepares documents"), asked("  Who approves them (another person)")
        people = (
            *((Member(author, roles=("author", "contact")),) if author else ()),
            *((Member(approver, roles=("approver",)),) if approver else ()),
        )
    contracts = config.contracts
    if not contracts:
        number = asked("  Number of the contract")
        told = (
            asked("  Its clauses, such as 52.204-25 (NOV 2021), with commas between them") if number else ""
        )
        clauses = tuple(name.strip() for name in told.split(",") if name.strip())
        contracts = (ContractRef(number, clauses=clauses),) if number else ()
    return replace(
        config, organisation=organisation, time_zone=zone, sites=sites, people=people, contracts=contracts
    )
