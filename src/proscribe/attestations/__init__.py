"""Signatures: what was signed, by whom, over which bytes, and whether it still holds. The only room that touches keys."""

from __future__ import annotations

from proscribe.attestations.bundle import Bundle, pack, unpack
from proscribe.attestations.envelope import Opened, open_envelope
from proscribe.attestations.signers import (
    Signer,
    file_signer,
    fits,
    new_key,
    pkcs11_signer,
    public_half,
    public_key,
)
from proscribe.attestations.statement import Statement, Subject
from proscribe.attestations.timestamp import add_timestamp, timestamp_request
from proscribe.attestations.verify import Check, Verdict, verify_bundle

__all__ = [
    "Bundle", "Check", "Opened", "Signer", "Statement", "Subject", "Verdict",
    "add_timestamp", "file_signer", "fits", "new_key", "open_envelope", "pack", "pkcs11_signer", "public_half", "public_key",
    "timestamp_request", "unpack", "verify_bundle",
]  # fmt: skip
