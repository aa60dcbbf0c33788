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
from proscribe.model.errors import ProscribeError, error

#: Tag of the certificates in a SignedData, [0] IMPLICIT.
_CERTIFICATES = 0xA0


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
    stamps = {**content.timestamps, found: answer}
    return pack(content.files, content.envelope, content.keys, stamps, content.countersignatures)


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
    from cryptography.x509 import InvalidVersion, load_pem_x509_certificates
    from rfc3161_client import VerificationError, VerifierBuilder

    builder = VerifierBuilder()
    try:
        for pem in roots:
            for certificate in load_pem_x509_certificates(pem):
                builder = builder.add_root_certificate(certificate)
        builder.build().verify_message(_read(answer), signature)
    except (VerificationError, ValueError, InvalidVersion) as error:
        return _why(str(error))
    return ""


def _why(told: str) -> str:
    """Say in words what the library reports with the names of its own functions."""
    if "certificate verify error" in told:
        return "none of the roots given stands behind the authority's certificate"
    if "signature failure" in told or "digest failure" in told:
        return "the authority's signature does not fit what it states"
    return told[:200] or "the authority's signature does not hold"


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
        response = decode_timestamp_response(_in_order(answer))
        if response.status not in (0, 1):
            raise ValueError(f"the authority refused with status {response.status}")
        _ = response.tst_info.message_imprint
    except ValueError as error:
        raise _fault(f"the timestamp cannot be read: {error}") from error
    return response


def _in_order(answer: bytes) -> bytes:
    """Put the token's certificates in the order that DER asks for.

    An authority that runs on OpenSSL sends them as they come, which the strict reader refuses. Their order is outside what is
    signed and says nothing. What is no such answer is given back as it is, for the reader to refuse.
    """
    try:
        _, at, _ = _element(answer, 0)  # RFC 3161, TimeStampResp
        _, _, at = _element(answer, at)  # past the status
        _, at, _ = _element(answer, at)  # the token: RFC 5652, ContentInfo
        _, _, at = _element(answer, at)  # past its type
        _, at, _ = _element(answer, at)
        _, at, end = _element(answer, at)  # SignedData
        while at < end:
            tag, inner, after = _element(answer, at)
            if tag == _CERTIFICATES:
                found = []
                while inner < after:
                    _, _, following = _element(answer, inner)
                    found.append(answer[inner:following])
                    inner = following
                if inner == after:
                    whole = b"".join(sorted(found))
                    return answer[: after - len(whole)] + whole + answer[after:]
                return answer
            at = after
    except IndexError:
        pass
    return answer


def _element(data: bytes, at: int) -> tuple[int, int, int]:
    """Read the head of a DER element: its tag, where its content begins, and where it ends.

    Raises:
        IndexError: when there is none, or it ends after the data.
    """
    tag, length, start = data[at], data[at + 1], at + 2
    if length & 0x80:
        size = length & 0x7F
        length, start = int.from_bytes(data[start : start + size], "big"), start + size
    if start + length > len(data):
        raise IndexError
    return tag, start, start + length


def _fault(what: str) -> ProscribeError:
    return error("E474", what=what)
