"""The signature that a snapshot of knowledge can carry: who published exactly these members.

It lies in the snapshot as a member of its own, beside what it speaks of, and is no part of the snapshot's digest. On every open
it has to speak of the content it lies with; whether a key made it is asked where something rests on the knowledge.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

from proscribe.kb.members import MANIFEST, packed_members
from proscribe.model.canonical import canonical_json

#: The member that holds it.
MEMBER = "signature.json"
SCHEMA = "proscribe.knowledge-signature/1"
MOST_BYTES = 16_000


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature of a snapshot, not yet checked.

    Attributes:
        version, sha256: of the knowledge that it speaks of.
        key_id: SHA-256 of the public key.
        signature: in hex, over `signed_text`.
    """

    version: str
    sha256: str
    key_id: str
    signature: str

    @classmethod
    def from_json(cls, value: Any) -> Signature:
        """Read one.

        Raises:
            ValueError: when it has another shape.
        """
        names = ("version", "sha256", "key_id", "signature")
        if not isinstance(value, dict) or set(value) != {"schema", *names} or value["schema"] != SCHEMA:
            raise ValueError("it has another shape")
        if not all(isinstance(value[name], str) for name in names):
            raise ValueError("it has another shape")
        return cls(*(value[name] for name in names))

    def to_bytes(self) -> bytes:
        """Write it as the member of a snapshot."""
        told = {
            "schema": SCHEMA, "version": self.version, "sha256": self.sha256, "key_id": self.key_id,
            "signature": self.signature,
        }  # fmt: skip
        return canonical_json(told).encode()


def signed_text(version: str, sha256: str) -> bytes:
    """Give the text over which a snapshot is signed: its version, and the digest over all its members."""
    return canonical_json({"schema": SCHEMA, "version": version, "sha256": sha256}).encode()


def with_signature(snapshot: bytes, signature: Signature) -> bytes:
    """Put a signature into a snapshot of our own making; the same two give the same bytes."""
    with zipfile.ZipFile(io.BytesIO(snapshot)) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if name != MEMBER}
    assert MANIFEST in members
    return packed_members({**members, MEMBER: signature.to_bytes()})
