"""`proscribe sign-pending`: sign what was asked for in the workbench and waits for a person's key."""

from __future__ import annotations

import click

from proscribe.cli import exitcodes
from proscribe.cli.case_lines import shown_lines
from proscribe.cli.options import SETTINGS, Given, options
from proscribe.cli.terminal import leave, print_lines
from proscribe.model.errors import ProscribeError
from proscribe.wording.safe import terminal as safe

#: Findings of each band that are listed without --all.
_FIRST = 5


@click.command(context_settings=SETTINGS)
@click.option("--list", "only_list", is_flag=True, help="Say what waits and what it does, and sign nothing.")
@click.option(
    "--all", "every", is_flag=True, help="List every finding that is judged, and not the first of each band."
)
@click.option(
    "--yes",
    "codes",
    multiple=True,
    metavar="CODE",
    help="Sign what was shown under this code without asking; may be given several times.",
)
@options("signer", "store", "by", "knowledge")
def sign_pending(given: Given, only_list: bool, every: bool, codes: tuple[str, ...]) -> None:
    """Sign what you asked for in the workbench: what clears, approvals, signatures.

    What clears is a judgement, a take-back after which one stands again, or a run that is set aside.
    A key never reaches the workbench. What needs one waits beside the store, and is done here, on your machine, with your
    key; what no longer fits the case is refused, and stays waiting. Nothing proves who prepared a draft, so read what is
    shown: it is what the store says, and what you sign. Its code stands for exactly that.

    \b
    Examples:
      proscribe sign-pending --list
      proscribe sign-pending --key lind.key --by "B. Lind"
      proscribe sign-pending --key lind.key --by "B. Lind" --yes 0f5c1d2e3a4b59687786
    """
    from proscribe.app.case import pending

    failed, left = False, set(codes)
    with given.cases() as cases:
        found = pending.waiting(cases.store, by=given.author)
        if not found:
            click.echo("Nothing waits for a key.")
            return
        roster = cases.store.roster()
        mine, signer = None, None
        if not only_list:
            signer = given.signer(roster)
            if roster:
                cases.store.hand = signer
                mine = roster.members.get(signer.key_id)
        limit = _FIRST if only_list and not every else None
        for one in found:
            if mine is not None and not mine.enrolment.is_named(one.by):
                continue
            try:
                shown = pending.look(cases, one)
                if not codes:
                    print_lines(shown_lines(shown, pending.findings(cases, shown, limit)))
                if signer is None or (codes and shown.code not in codes):
                    continue
                if not codes and not click.confirm(f"Sign this as {safe(one.by)}?", default=False):
                    continue
                click.echo(f"Signed: {safe(pending.sign(cases, shown, signer))}")
                left.discard(shown.code)
            except ProscribeError as known:
                failed = True
                click.echo(f"Not signed: {safe(one.id)}\n  {known}", err=True)
    for code in sorted(left):
        failed = True
        click.echo(f"Not signed: nothing that waits is shown under the code {safe(code)}.", err=True)
    leave(exitcodes.FOUND if failed else exitcodes.DONE)
