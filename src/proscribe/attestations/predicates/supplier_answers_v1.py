"""A supplier's answers to one form, signed by the person who answers for the supplier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TYPE = "urn:proscribe:attestation:supplier-answers:1"
_TEXTS = ("formId", "campaign", "supplierId", "signedBy", "signedAt", "proscribe")


def build(
    *,
    form_id: str,
    campaign: str,
    supplier_id: str,
    signed_by: str,
    signed_as: str,
    signed_at: str,
    program: str,
) -> dict[str, Any]:
    """Make the predicate of answers.

    Args:
        form_id, campaign, supplier_id: which form it answers.
        signed_by, signed_as: the person, and their title.
        signed_at: instant, ISO 8601 with offset, as the signer states it.
        program: version of the program that signed.
    """
    return {
        "formId": form_id,
        "campaign": campaign,
        "supplierId": supplier_id,
        "signedBy": signed_by,
        "signedAs": signed_as,
        "signedAt": signed_at,
        "proscribe": program,
    }


def faults(predicate: Mapping[str, Any], document: Mapping[str, Any] | None) -> list[str]:
    """List what in the predicate is malformed; `document` is not used: answers are no document of ours."""
    found = [f"{name} is missing" for name in _TEXTS if not isinstance(predicate.get(name), str)]
    if not predicate.get("signedBy"):
        found.append("nobody is named as the signer")
    if not predicate.get("formId"):
        found.append("it does not say which form it answers")
    return found
