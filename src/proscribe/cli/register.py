"""`proscribe register`: the sources that a search of the whole organisation has to read, and when each was last seen."""

from __future__ import annotations

import click

from proscribe.cli.options import SETTINGS, Given, options
from proscribe.cli.terminal import print_json
from proscribe.wording.safe import terminal as safe


@click.group(context_settings=SETTINGS)
def register() -> None:
    """The register of expected sources: sites, ledgers and exports that a search has to read, so that a withheld one shows.

    \b
    Examples:
      proscribe register add "List of assets" --input 'assets-*.csv' --owner "T. Okafor" --every 31 --by "B. Lind"
      proscribe register list
      proscribe register retire SRC1 --reason "the site was sold in May, see the deed" --by "B. Lind"
    """


@register.command("add", context_settings=SETTINGS)
@click.argument("name")
@click.option(
    "--input", "inputs", multiple=True, required=True, metavar="PATTERN",
    help="Names of its files, such as 'assets-*.csv'; may be repeated.",
)  # fmt: skip
@click.option("--owner", default="", help="Who delivers it.")
@click.option(
    "--every",
    "every_days",
    type=int,
    default=92,
    show_default=True,
    help="It is to be seen every so many days.",
)
@click.option(
    "--records",
    type=int,
    default=0,
    help="It has at least so many records; a file of its name with fewer is another one.",
)
@options("store", "by")
def add(given: Given, name: str, inputs: tuple[str, ...], owner: str, every_days: int, records: int) -> None:
    """Expect a source. A document says which were not seen in time, and they stand against a "does not"."""
    from proscribe.app.papers.organisation import expect

    who = given.person
    with given.cases(create=True) as cases:
        made = expect(cases, name, inputs, owner=owner, every_days=every_days, by=who, records=records)
    click.echo(f"{made.id}  {safe(made.name)}, every {made.every_days} days")


@register.command("list", context_settings=SETTINGS)
@options("store", "output")
def list_(given: Given) -> None:
    """List the register, and when each source was last seen by a scan of any case."""
    from proscribe.app.papers.organisation import register_of

    with given.cases() as cases:
        found = register_of(cases)
    if given.json:
        print_json([
            {
                "id": one.id, "name": one.name, "inputs": list(one.inputs), "owner": one.owner,
                "every_days": one.every_days, "since": one.since.isoformat(), "by": one.by,
                "last_seen": seen.isoformat() if seen else None, "cases": list(names), "records": one.records, "read": read,
            }
            for one, seen, names, read in found
        ])  # fmt: skip
        return
    for one, seen, names, read in found:
        when = f"last seen {seen} in {', '.join(names)} with {read:,} records" if seen else "NEVER SEEN"
        when += f", files of its name hold {read:,} records of {one.records:,}" if read and not seen else ""
        click.echo(
            f"{one.id:<7} {safe(one.name)}, every {one.every_days} days, {safe(one.owner or 'no owner')}: {when}"
        )
    if not found:
        click.echo("Nothing is expected yet: `proscribe register add` says what a search has to read.")


@register.command("retire", context_settings=SETTINGS)
@click.argument("source_id", metavar="SOURCE")
@click.option("--reason", required=True, help="Why it is no longer expected; kept.")
@options("store", "by", "hand")
def retire(given: Given, source_id: str, reason: str) -> None:
    """Take a source out of the register. The entry stays in the chain, with the reason."""
    from proscribe.app.papers.organisation import retire_source

    who = given.person
    with given.cases() as cases:
        retire_source(cases, source_id, reason=reason, by=who)
    click.echo(f"{source_id} is no longer expected")
