"""Stores with a roster for tests: people with keys, and whose key acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from proscribe.app.keys.people import NewPerson, begin
from proscribe.app.keys.people import checks as checks
from proscribe.attestations import Signer
from proscribe.attestations.signers import file_signer, new_key
from proscribe.casework.store import Store

PASSPHRASE = "only the people of this test know"
#: Names and roles that most tests speak of.
PEOPLE = (
    ("Sam Lind", "analyst"),
    ("Kim Berg", "approver"),
    ("Lee Okafor", "approver"),
    ("A. Osei", "signer"),
)


def key(folder: Path, name: str) -> Signer:
    """Make a key for somebody, with its public half beside it."""
    stem = name.replace(" ", "-").replace(".", "").lower()
    if (folder / f"{stem}.key").exists():
        return file_signer(folder / f"{stem}.key", PASSPHRASE)
    private, public, _ = new_key(PASSPHRASE)
    (folder / f"{stem}.key").write_bytes(private)
    (folder / f"{stem}.pub.pem").write_text(public)
    return file_signer(folder / f"{stem}.key", PASSPHRASE)


def begun(store: Store, folder: Path, people: Sequence[tuple[str, str]] = PEOPLE) -> Mapping[str, Signer]:
    """Begin a roster in a store; gives each person's key by name."""
    folder.mkdir(exist_ok=True)
    store.check_signature = checks
    hands = {name: key(folder, name) for name, _ in people}
    new = [
        NewPerson(
            name, roles.split(","), folder / f"{name.replace(' ', '-').replace('.', '').lower()}.pub.pem"
        )
        for name, roles in people
    ]
    begin(store, new, list(hands.values())[:2])
    return hands
