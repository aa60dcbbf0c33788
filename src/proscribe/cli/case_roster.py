"""`proscribe case roster`: the people of a store, their keys and roles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proscribe.cli.options import PATH, SETTINGS, Given, day_if, options, passphrase
from proscribe.cli.terminal import print_json, print_lines
from proscribe.wording.safe import terminal as safe

if TYPE_CHECKING:
    from proscribe.app.keys.signing import Signer
    from proscribe.model.roster import Roster

_KEYS = click.option(
    "--key", "own_keys", multiple=True, required=True, metavar="FILE",
    help="Your key; given twice, a second person agrees at once with the other.",
)  # fmt: skip


@click.group(context_settings=SETTINGS)
def roster() -> None:
    """People and their keys: who may judge, approve and sign, and what proves who did.

    In a store with a roster, a judgement that clears, an approval and a signature are signed with the key of a person of it.
    The first two people are enrolled together; each later change is proposed by one of the roster and agreed to by another.

    \b
    Examples:
      proscribe attest key -o lind
      proscribe case roster begin --person "B. Lind <b.lind@ridge.example>" analyst lind.pub.pem \\
        --person "C. Moreau" approver moreau.pub.pem --key lind.key
      proscribe case roster agree --key moreau.key
      proscribe case roster add "A. Osei" --role signer --public osei.pub.pem --key lind.key
    """


def _signers(given: Given, keys: tuple[str, ...]) -> list[Signer]:
    return [given.opened(key) for key in keys]


@roster.command("begin", context_settings=SETTINGS)
@click.option(
    "--person", "people", nargs=3, multiple=True, required=True, metavar="NAME ROLES PUBLIC",
    help="Name (with <address>), roles (analyst, approver, signer, with commas), public key file; - makes a new key.",
)  # fmt: skip
@click.option(
    "--new-keys", "folder", metavar="FOLDER", type=PATH,
    help="Where new keys are written, under the passphrase you give; they also sign this first change.",
)  # fmt: skip
@click.option(
    "--key", "own_keys", multiple=True, metavar="FILE", help="Key of one of them; the second agrees."
)
@options("passphrase-file", "store", "output")
def begin(
    given: Given, people: tuple[tuple[str, str, str], ...], folder: Path | None, own_keys: tuple[str, ...]
) -> None:
    """Begin the roster of a store with its first people, two or more. Makes the store when there is none."""
    from proscribe.app.keys import people as service

    made: list[str] = []
    new = []
    for name, roles, public in people:
        place = Path(public)
        if public == "-":
            if folder is None:
                raise click.UsageError("A new key, -, needs --new-keys FOLDER.")
            place = service.new_key_for(name, folder, lambda: passphrase(given.passphrase_file, new=True))
            made.append(str(place).removesuffix(".pub.pem") + ".key")
        new.append(service.NewPerson(name, roles.split(","), place))
    keys = own_keys or tuple(made[:2])
    if not keys:
        raise click.UsageError("Give --key FILE, the key of one of these people.")
    with given.cases(create=True) as cases:
        _say(given, service.begin(cases.store, new, _signers(given, keys)))


@roster.command("add", context_settings=SETTINGS)
@click.argument("name")
@click.option(
    "--role", "roles", multiple=True, required=True, help="analyst, approver or signer; may be repeated."
)
@click.option(
    "--public", required=True, metavar="FILE", type=PATH, help="Public key: PEM, certificate or SSH."
)
@click.option("--until", metavar="DATE", help="Last day on which the key counts.")
@_KEYS
@options("passphrase-file", "store", "output")
def add(
    given: Given,
    name: str,
    roles: tuple[str, ...],
    public: Path,
    until: str | None,
    own_keys: tuple[str, ...],
) -> None:
    """Propose a person, or a further key of one; it counts when a second person of the roster agreed."""
    from proscribe.app.keys import people as service

    person = service.NewPerson(name, roles, public, day_if(until, "--until"))
    _change(given, own_keys, lambda store, hands: service.enrol(store, person, hands))


@roster.command("revoke", context_settings=SETTINGS)
@click.argument("who", metavar="NAME|PERSON|KEY")
@click.option("--reason", required=True, help="Why their key no longer counts.")
@_KEYS
@options("passphrase-file", "store", "output")
def revoke(given: Given, who: str, reason: str, own_keys: tuple[str, ...]) -> None:
    """Propose that a person's keys no longer count from now on. What they signed before stays valid."""
    from proscribe.app.keys import people as service

    _change(given, own_keys, lambda store, hands: service.revoke(store, who, reason, hands))


@roster.command("agree", context_settings=SETTINGS)
@click.argument("event", type=int, required=False)
@_KEYS
@options("passphrase-file", "store", "output")
def agree(given: Given, event: int | None, own_keys: tuple[str, ...]) -> None:
    """Agree to a change that another proposed; `case roster show` lists those that wait."""
    from proscribe.app.keys import people as service

    _change(given, own_keys, lambda store, hands: service.agree(store, hands[0], event))


@roster.command("show", context_settings=SETTINGS)
@options("store", "output")
def show(given: Given) -> None:
    """List the people, their roles and keys, and the changes that wait for a second person."""
    with given.cases() as cases:
        found = cases.store.roster()
    if found is None:
        click.echo("No roster: names in this store are stated, not proved.")
    else:
        _say(given, found)


def _change(given: Given, keys: tuple[str, ...], change: Callable[[Any, list[Signer]], Roster]) -> None:
    with given.cases() as cases:
        _say(given, change(cases.store, _signers(given, keys)))


def _say(given: Given, found: Roster) -> None:
    if given.json:
        print_json(found.to_json())
    else:
        print_lines(roster_lines(found))


def roster_lines(found: Roster) -> list[str]:
    """Give the people of a roster, a line for each key."""
    lines = []
    for key_id, one in found.members.items():
        who = one.enrolment
        address = f" <{safe(who.email)}>" if who.email else ""
        until = f" until {who.valid_until}" if who.valid_until else ""
        used = f", held by a browser at {safe(who.site)}" if who.site else ""
        gone = f"; REVOKED on {one.revoked_at.date()}: {safe(one.revoked_why)}" if one.revoked_at else ""
        lines.append(
            f"{who.person:<4} {safe(who.name)}{address}: {', '.join(who.roles)}; key {key_id[:16]}{used}, "
            f"from {who.valid_from}{until}; enrolled by {' and '.join(one.enrolled_by)} with event {one.enrolled_seq}{gone}"
        )
    lines += [
        f"Waits for a second person: event {one.seq}, {safe(one.words(found))}. "
        f"Agree: proscribe case roster agree {one.seq} --key YOURS"
        for one in found.open
    ]
    return lines or ["Nobody is enrolled."]
