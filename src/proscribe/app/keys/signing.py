"""Signatures as a service: keys, signed documents and timestamps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from proscribe.app.files import name_taken, read_file, write_new
from proscribe.attestations.bundle import pack
from proscribe.attestations.envelope import seal
from proscribe.attestations.predicates import document_v1
from proscribe.attestations.signers import Signer, file_signer, new_key, pkcs11_signer
from proscribe.attestations.statement import Statement, Subject
from proscribe.attestations.timestamp import add_timestamp, timestamp_request
from proscribe.documents.grouping import said_once
from proscribe.model.errors import error
from proscribe.model.papers import PaperState
from proscribe.model.people import same_person, two_people

__all__ = [
    "DOCUMENT_NAME", "PEOPLE_NAME", "Place", "Signer", "bundle_of", "make_key", "open_key", "open_signer",
    "standing", "timestamp_query", "with_timestamp",
]  # fmt: skip

#: Name of the document's data inside the bundle.
DOCUMENT_NAME = "document.json"
#: Name of the events that show who made, approved and signs it, with those of the roster.
PEOPLE_NAME = "people.jsonl"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stood when it was signed.

    Attributes:
        document: such as `C-0001/DOC1`.
        store, head, events: id of the store, and where its chain ended.
        recorded_at: instant by the clock of the store.
    """

    document: str
    store: str
    head: str
    events: int
    recorded_at: datetime

    def to_json(self) -> dict[str, Any]:
        """Give it as a statement names it."""
        return {
            "document": self.document, "store": self.store, "eventLogHead": self.head, "events": self.events,
            "recordedAt": self.recorded_at.replace(microsecond=0).isoformat(),
        }  # fmt: skip


def uri_parts(key: str) -> dict[str, str]:
    """Give the parts of a PKCS#11 URI (RFC 7512) by name."""
    path, _, query = key.removeprefix("pkcs11:").partition("?")
    return {
        name: unquote(value)
        for part in (*path.split(";"), *query.split("&"))
        for name, _, value in [part.partition("=")]
    }


def open_key(key: str, *, passphrase: Callable[[], str], pin: Callable[[], str]) -> Signer:
    """Open a signing key by its place.

    Args:
        key: a key file under a passphrase (PKCS#8 or OpenSSH), or a PKCS#11 URI (RFC 7512) such as
            `pkcs11:token=Ridge;object=signer?module-path=/usr/lib/softhsm/libsofthsm2.so`.
        passphrase, pin: asked when they are needed.

    Raises:
        InputError: E482 when the key cannot be used; E483 when the token cannot sign.
        UsageError: E484 for a URI that does not name library, token and key.
    """
    if not key.startswith("pkcs11:"):
        return file_signer(Path(key), passphrase())
    named = uri_parts(key)
    if not all(named.get(name) for name in ("token", "object", "module-path")):
        raise error("E484.uri", at=key[:120])
    return pkcs11_signer(
        named["module-path"], named["token"], named["object"], named.get("pin-value") or pin()
    )


def open_signer(
    key_file: str | Path | None,
    module: str | None = None,
    *,
    token: str = "",
    label: str = "",
    passphrase: Callable[[], str],
    pin: Callable[[], str] = str,
) -> Signer:
    """Open a signing key: a file under a passphrase, or a smart card or HSM.

    Args:
        key_file: file of the private key.
        module: PKCS#11 library, with the labels of token and key pair.
        passphrase, pin: asked when they are needed.

    Raises:
        UsageError: E484 when both or neither of file and library are named.
        InputError: E482 when the key cannot be used; E483 when the token cannot sign.
    """
    if (key_file is None) == (module is None):
        raise error("E484.key", at="--key, --pkcs11")
    if key_file is not None:
        return open_key(str(key_file), passphrase=passphrase, pin=pin)
    return pkcs11_signer(str(module), token, label, pin())


def make_key(stem: str | Path, passphrase: Callable[[], str]) -> str:
    """Make a signing key, `STEM.key` under a passphrase, and its public half, `STEM.pub.pem`.

    Args:
        stem: of the names of both files.
        passphrase: asked when no file of these names is there; at least 12 characters.

    Returns:
        The fingerprint.

    Raises:
        UsageError: E486 when one of the files is there already; E480 when the passphrase is too short.
    """
    places = [Path(f"{stem}.key"), Path(f"{stem}.pub.pem")]
    for place in places:
        if place.exists():
            raise name_taken(place)
    private, public, key_id = new_key(passphrase())
    write_new(places[0], private, private=True)
    write_new(places[1], public.encode())
    return key_id


def timestamp_query(bundle: Path) -> bytes:
    """Write the RFC 3161 request for a bundle's signature; only a digest of the signature is in it.

    Raises:
        InputError: E471 when it is no bundle; E485 when it cannot be read.
    """
    return timestamp_request(read_file(bundle))


def with_timestamp(bundle: Path, answer: Path) -> bytes:
    """Give a bundle with the answer of a timestamp authority in it.

    Raises:
        InputError: E471 when it is no bundle; E474 when the answer cannot be used; E485 a file that cannot be read.
    """
    return add_timestamp(read_file(bundle), read_file(answer))


def bundle_of(
    value: dict[str, Any],
    files: dict[str, bytes],
    signer: Signer,
    *,
    signed_by: str,
    signed_at: str,
    signed_as: str = "",
    stands_in: Place | None = None,
    rendered_with: Mapping[str, str] | None = None,
    meant: str = "",
) -> bytes:
    """Sign a document that is in memory: its data, its files by name (`document.json` among them).

    Args:
        stands_in: the store in which it was looked up, approved and weighed.
        rendered_with: versions of the programs that wrote the renderings among the files.
        meant: whom the configuration names as the signer.

    Raises:
        UsageError: E488 when it was refused, holds an obstacle that nobody lifted, speaks of a day before that of the
            signature, or its signer is not named or prepared it.
    """
    if value.get("state") == PaperState.REFUSED.value:
        obstacles = value.get("obstacles") or ()
        raise error("E488.refused", at=str(value.get("title", "")), count=len(said_once(obstacles)))
    against = standing(value)
    if against:
        raise error(
            "E488.altered",
            at=str(value.get("title", "")),
            state=str(value.get("state"))[:20],
            standing=against[0],
        )
    body = value.get("body")
    last = str(body.get("valid_to") or "") if isinstance(body, dict) else ""
    if last and last < signed_at[:10]:
        raise error("E488.late", at=str(value.get("title", "")), signed_at=signed_at[:10], last=last[:10])
    if not signed_by.strip():
        raise error("E488.nobody", at="--by")
    author = str(((value.get("people") or {}).get("author") or {}).get("name") or "")
    title = str(((value.get("people") or {}).get("author") or {}).get("title") or "")
    if author and not two_people(author, signed_by, title=title):
        told = {"signed_by": signed_by.strip(), "author": author}
        if meant and not same_person(author, meant):
            raise error("E488.author_configured", at="--by", signer=meant, **told)
        raise error("E488.author", at="--by", **told)
    predicate = document_v1.build(
        value,
        signed_by=signed_by.strip(),
        signed_as=signed_as.strip(),
        signed_at=signed_at,
        signed_with=signer.key_id,
        stands_in=None if stands_in is None else stands_in.to_json(),
        rendered_with=rendered_with,
    )
    statement = Statement(
        tuple(Subject.of(name, content) for name, content in sorted(files.items())),
        document_v1.TYPE,
        predicate,
    )
    return pack(files, seal(statement, signer), {signer.key_id: signer.public_pem.encode()})


def standing(value: Mapping[str, Any]) -> list[str]:
    """List ids of obstacles that nobody lifted, whatever the document calls itself."""
    lifted = {
        str(name)
        for one in value.get("overrides") or ()
        if isinstance(one, dict)
        for name in one.get("obstacle_ids") or ()
    }
    return [
        str(one.get("id"))[:80]
        for one in value.get("obstacles") or ()
        if isinstance(one, dict) and (str(one.get("id")) not in lifted or one.get("overridable") is False)
    ]
