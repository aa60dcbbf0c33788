"""RFC 3161 timestamps over a signature, asked for and added offline.

No room of ours sends the request: it is written to a file, the user posts it to an authority of their choice
(`Content-Type: application/timestamp-query`) and hands back the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from proscribe.attestations.bundle import Bundle, pack, unpack
from proscribe.attestations.envelope import opened
from proscribe.attestations.signers import missing_app
from proscribe.model.errors import InputError


def timestamp_request(bundle: bytes, key_id: str = "") -> bytes:
    """Make the request for the signature of a bundle, DER.

    Args:
        bundle: the bundle's bytes.
        key_id: whose signature; may be left out when there is one.

    Raises:
        InputError: E474 when the bundle has no such signature.
    """
    try:
        from rfc3161_client import TimestampRequestBuilder
    except ImportError as error:
        raise missing_app("rfc3161-client") from error
    _, signature = _signature(unpack(bundle), key_id)
    request: bytes = TimestampRequestBuilder().data(signature).nonce(nonce=False).build().as_bytes()
    return request


def add_timestamp(bundle: bytes, answer: bytes, key_id: str = "") -> bytes:
    """Put an authority's answer into the bundle; gives the new bundle.

    Raises:
        InputError: E474 when the answer was refused, cannot be read, or is about other bytes.
    """
    content = unpack(bundle)
    found, signature = _signature(content, key_id)
    if not matches(answer, signature):
        raise _fault("the authority's answer is about other bytes than this signature")
    return pack(content.files, content.envelope, content.keys, {**content.timestamps, found: answer})


def matches(answer: bytes, signature: bytes) -> bool:
    """Tell whether the answer's imprint is that of these bytes; says nothing about who gave it."""
    import hashlib

    imprint = _read(answer).tst_info.message_imprint
    names = {
        "2.16.840.1.101.3.4.2.1": "sha256",
        "2.16.840.1.101.3.4.2.2": "sha384",
        "2.16.840.1.101.3.4.2.3": "sha512",
    }
    name = names.get(imprint.hash_algorithm.dotted_string)
    return name is not None and hashlib.new(name, signature).digest() == bytes(imprint.message)


def stated_at(answer: bytes) -> datetime:
    """Give the instant the answer states, UTC; not verified."""
    instant: datetime = _read(answer).tst_info.gen_time
    return instant.astimezone(UTC)


def trusted(answer: bytes, signature: bytes, roots: Iterable[bytes]) -> str:
    """Verify an answer against the authority's root certificates.

    Args:
        answer: DER of the response.
        signature: the bytes that were stamped.
        roots: certificates of the authority, PEM.

    Returns:
        Empty when it holds, else why it does not.
    """
    from cryptography.x509 import load_pem_x509_certificates
    from rfc3161_client import VerificationError, VerifierBuilder

    builder = VerifierBuilder()
    try:
        for pem in roots:
            for certificate in load_pem_x509_certificates(pem):
                builder = builder.add_root_certificate(certificate)
        builder.build().verify_message(_read(answer), signature)
    except (VerificationError, ValueError) as error:
        return str(error) or "the authority's signature does not hold"
    return ""


def _signature(content: Bundle, key_id: str) -> tuple[str, bytes]:
    signatures = opened(content.envelope).signatures
    if not key_id and len(signatures) == 1:
        key_id = next(iter(signatures))
    if key_id not in signatures:
        raise _fault(f"the bundle has no signature by the key {key_id or '(not named)'}")
    return key_id, bytes.fromhex(signatures[key_id].signature)


def _read(answer: bytes) -> Any:
    try:
        from rfc3161_client import decode_timestamp_response
    except ImportError as error:
        raise missing_app("rfc3161-client") from error
    try:
        response = decode_timestamp_response(answer)
        if response.status not in (0, 1):
            raise ValueError(f"the authority refused with status {response.status}")
        _ = response.tst_info.message_imprint
    except ValueError as error:
        raise _fault(f"the timestamp cannot be read: {error}") from error
    return response


def _fault(what: str) -> InputError:
    return InputError(
        "E474",
        what,
        expected="a granted RFC 3161 response over the signature of this bundle",
        next_step="Write the request again with `proscribe attest timestamp-request` and send it once more.",
    )
