"""`proscribe sign-pending`: sign what was asked for in the workbench and waits for a person's key."""

from __future__ import annotations

import click

from proscribe.cli import exitcodes
from proscribe.cli.options import SETTINGS, Given, options
from proscribe.cli.terminal import leave
from proscribe.model.errors import ProscribeError
from proscribe.wording.safe import terminal as safe


@click.command(context_settings=SETTINGS)
@click.option("--list", "only_list", is_flag=True, help="Say what waits, and sign nothing.")
@click.option("--yes", is_flag=True, help="Sign all of it without asking one by one.")
@options("signer", "store", "by", "knowledge")
def sign_pending(given: Given, only_list: bool, yes: bool) -> None:
    """Sign what you asked for in the workbench: judgements that clear, approvals, signatures.

    A key never reaches the workbench. What needs one waits beside the store, and is done here, on your machine, with your
    key; what no longer fits the case is refused, and stays waiting.

    \b
    Examples:
      proscribe sign-pending --list
      proscribe sign-pending --key lind.key --by "B. Lind"
    """
    from proscribe.app import pending

    failed = False
    with given.cases() as cases:
        found = pending.waiting(cases.store, by=given.author)
        if not found:
            click.echo("Nothing waits for a key.")
            return
        if only_list:
            for one in found:
                click.echo(f"{one.asked_at:%Y-%m-%d %H:%M}  {safe(one.by)}  {safe(one.words())}")
            return
        roster = cases.store.roster()
        signer = given.signer(roster)
        if roster:
            cases.store.hand = signer
        mine = roster.members.get(signer.key_id) if roster else None
        for one in found:
            if mine is not None and not mine.enrolment.is_named(one.by):
                continue
            if not yes and not click.confirm(f"Sign as {safe(one.by)}: {safe(one.words())}?", default=False):
                continue
            try:
                click.echo(f"Signed: {safe(pending.sign(cases, one, signer))}")
            except ProscribeError as known:
                failed = True
                click.echo(f"Not signed: {safe(one.words())}\n  {known}", err=True)
    leave(exitcodes.FOUND if failed else exitcodes.DONE)
