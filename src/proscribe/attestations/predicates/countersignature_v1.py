"""A second person put their name under what another had signed.

A further signature in the envelope of a document would say nothing of who made it: the statement names its one signer. A
countersignature is a statement of its own, over that envelope, that names its own signer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from proscribe.model.people import two_people

TYPE = "urn:proscribe:attestation:countersignature:1"
_TEXTS = ("signedBy", "signedAt", "signedWith")


def build(*, signed_by: str, signed_at: str, signed_with: str, signed_as: str = "") -> dict[str, Any]:
    """Make the predicate of a countersignature.

    Args:
        signed_by, signed_as: the person who countersigns, and their title.
        signed_at: instant, ISO 8601 with offset, as they state it.
        signed_with: id of their key.
    """
    return {"signedBy": signed_by, "signedAs": signed_as, "signedAt": signed_at, "signedWith": signed_with}


def faults(predicate: Mapping[str, Any], document: Mapping[str, Any] | None) -> list[str]:
    """List what in the predicate is malformed, or by whom it may not be.

    Args:
        document: the predicate of the signature that is countersigned.
    """
    found = [
        f"{name} is missing"
        for name in _TEXTS
        if not isinstance(predicate.get(name), str) or not predicate[name]
    ]
    by = str(predicate.get("signedBy") or "")
    for name, what in (("signedBy", "signed"), ("preparedBy", "prepared")):
        other = str((document or {}).get(name) or "")
        if by and other and not two_people(other, by):
            found.append(f"{by} countersigns what {other} {what}")
    return found
