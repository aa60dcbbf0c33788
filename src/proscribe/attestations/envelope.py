"""DSSE envelopes around statements.

Source: secure-systems-lab/dsse, `protocol.md` and `envelope.md`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from proscribe.attestations.signers import Signer, holds, missing_app, public_key
from proscribe.attestations.statement import PAYLOAD_TYPE, Statement
from proscribe.model.canonical import canonical_json
from proscribe.model.errors import InputError, error

#: Bytes of an envelope that are read at most.
MAX_BYTES = 16 * 1024 * 1024


def seal(statement: Statement, signer: Signer) -> bytes:
    """Sign a statement; gives the envelope as canonical JSON."""
    try:
        from securesystemslib.dsse import Envelope
    except ImportError as error:
        raise missing_app("securesystemslib") from error
    envelope = Envelope(statement.to_bytes(), PAYLOAD_TYPE, {})
    envelope.sign(signer.secure)
    return canonical_json(envelope.to_dict()).encode()


def opened(data: bytes) -> Any:
    """Read an envelope without judging its signatures.

    Returns:
        A `securesystemslib.dsse.Envelope`.

    Raises:
        InputError: E472 when it is no envelope around an in-toto statement, or carries no signature.
    """
    try:
        from securesystemslib.dsse import Envelope
        from securesystemslib.exceptions import Error
    except ImportError as problem:
        raise missing_app("securesystemslib") from problem
    try:
        if len(data) > MAX_BYTES:
            raise ValueError("larger than any envelope of ours")
        value = json.loads(data)
        if not isinstance(value, dict) or set(value) != {"payload", "payloadType", "signatures"}:
            raise ValueError("other fields than payload, payloadType and signatures")
        if canonical_json(value).encode() != data:
            # The envelope's own bytes are not signed; letting them vary would let a changed byte go unseen.
            raise ValueError("not written as canonical JSON")
        envelope = Envelope.from_dict(value)
        if canonical_json(envelope.to_dict()).encode() != data:
            raise ValueError("base64 that is not canonical")
        if envelope.payload_type != PAYLOAD_TYPE:
            raise ValueError(f"a payload of type {envelope.payload_type!r}")
        if not envelope.signatures:
            raise ValueError("no signature")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, Error) as problem:
        raise error("E472", why=problem, payload_type=PAYLOAD_TYPE) from problem
    return envelope


@dataclass(frozen=True, slots=True)
class Opened:
    """An envelope, and which of its signatures fit.

    Attributes:
        good, bad: ids of keys whose signature fits, or does not.
        unknown: ids of keys that are not at hand.
    """

    statement: Statement
    good: tuple[str, ...]
    bad: tuple[str, ...]
    unknown: tuple[str, ...]


def open_envelope(data: bytes, keys: Mapping[str, str]) -> Opened:
    """Open an envelope and check its signatures.

    Args:
        keys: public keys, id to PEM.

    Raises:
        InputError: E472 when it is no envelope; E473 when there is no statement in it.
    """
    envelope = opened(data)
    found: dict[str, list[str]] = {"good": [], "bad": [], "unknown": []}
    for key_id, signature in sorted(envelope.signatures.items()):
        pem = keys.get(key_id)
        if pem is None:
            found["unknown"].append(key_id)
            continue
        try:
            key = public_key(pem.encode())
        except InputError:
            found["bad"].append(key_id)
            continue
        good = key.keyid == key_id and holds(key, signature.signature, envelope.pae())
        found["good" if good else "bad"].append(key_id)
    return Opened(
        Statement.from_bytes(envelope.payload), *(tuple(found[name]) for name in ("good", "bad", "unknown"))
    )
