"""Where the knowledge in use comes from: signed by its publisher, by a key that somebody names, built here, or of one's own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from proscribe import kb
from proscribe.app.files import read_file
from proscribe.kb.members import digest_of
from proscribe.kb.signature import Signature, signed_text, with_signature
from proscribe.model.errors import error

if TYPE_CHECKING:
    from proscribe.attestations.signers import Signer
    from proscribe.kb.snapshot import Snapshot

#: Names files of public keys whose snapshots are taken for signed, with the separator of paths between them.
KEYS_VARIABLE = "PROSCRIBE_KNOWLEDGE_KEYS"
_SHOWN = 16


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a snapshot comes from.

    Attributes:
        kind: `publisher` or `named` (signed by a key of the program, or one that is named here), `built` (not signed, and part of
            this installation), `own` (a file or folder that somebody named, not signed) or `unknown` (signed by another key).
        says: one sentence, for documents.
    """

    kind: str
    says: str

    @property
    def is_own(self) -> bool:
        """Whether nothing shows that it is what its publisher, or a key that is named, vouches for."""
        return self.kind in ("own", "unknown")


def origin_of(snapshot: Snapshot) -> Origin:
    """Check the signature of a snapshot, and say where it comes from.

    Raises:
        KnowledgeError: E202 when it bears the name of a known key whose signature does not fit.
    """
    manifest, signature = snapshot.manifest, snapshot.signature
    if signature is None:
        sources = digest_of(manifest.sources)[:_SHOWN]
        if snapshot.is_shipped:
            told = f"built here from source, digest {sources}, and not signed by a publisher"
            return Origin("built", f"The knowledge {manifest.version} is that of this installation: {told}.")
        return Origin(
            "own", f"The knowledge {manifest.version} is one's own: not signed, of source {sources}."
        )
    known = {key_id: (kind, name, pem) for kind, name, key_id, pem in _keys()}
    shown = signature.key_id[:_SHOWN]
    if signature.key_id not in known:
        return Origin(
            "unknown",
            f"The knowledge {manifest.version} is signed with key {shown}, which is neither its publisher's nor named here.",
        )
    kind, name, pem = known[signature.key_id]
    if not _fits(pem, signed_text(manifest.version, manifest.sha256), signature.signature):
        raise error("E202.signature", at=f"knowledge {manifest.version}", key=f"{name} ({shown})")
    whose = "its publisher" if kind == "publisher" else "whoever holds a key that is named here"
    return Origin(kind, f"The knowledge {manifest.version} is signed by {whose}: {name}, key {shown}.")


def signed(snapshot: bytes, version: str, sha256: str, signer: Signer) -> bytes:
    """Put a signature into a snapshot; gives the snapshot with it."""
    made = Signature(version, sha256, signer.key_id, signer.sign(signed_text(version, sha256)))
    return with_signature(snapshot, made)


def publishers() -> list[dict[str, Any]]:
    """Give the publisher's keys that the program holds: name and PEM."""
    told = yaml.safe_load((Path(kb.__file__).with_name("publishers.yml")).read_text("utf-8"))
    return list(told["publishers"])


def _keys() -> Iterator[tuple[str, str, str, str]]:
    """Yield the keys that count: the kind, a name, the id, and the key as PEM."""
    from proscribe.attestations import public_half

    for one in publishers():
        pem, key_id = public_half(str(one["key"]).encode(), "publishers.yml")
        yield "publisher", str(one["name"]), key_id, pem
    for place in filter(None, os.environ.get(KEYS_VARIABLE, "").split(os.pathsep)):
        pem, key_id = public_half(read_file(Path(place)), place)
        yield "named", Path(place).name, key_id, pem


def _fits(pem: str, text: bytes, signature: str) -> bool:
    from proscribe.attestations import fits

    return fits(pem, text, signature)
