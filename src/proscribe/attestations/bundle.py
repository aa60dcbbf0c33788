"""The bundle: a zip with the files, the signed statement, public keys and timestamps; all a stranger needs.

    README.txt                how to check it without this program
    attestation.dsse.json     the signed statement
    keys/<key id>.pem         public keys
    timestamps/<key id>.tsr   RFC 3161 answers
    countersignatures/<key id>.dsse.json   statements of others over the signed statement
    files/...                 what was signed, each a subject of the statement

Its bytes are fixed by its content: sorted names, one date, nothing compressed by chance.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from proscribe.model.errors import ProscribeError, error

ENVELOPE_NAME = "attestation.dsse.json"
README_NAME = "README.txt"
MAX_MEMBERS = 2_000
MAX_MEMBER_BYTES = 256 * 1024 * 1024
MAX_BYTES = 1024 * 1024 * 1024
MAX_RATIO = 200
#: Names are plain, relative, and cannot climb out of a folder.
_NAME = re.compile(r"(?!.*(?:^|/)\.\.?(?:/|$))[A-Za-z0-9_.\-]+(?:/[A-Za-z0-9_.\-]+)*")
_KEY = re.compile(r"keys/([0-9a-f]{64})\.pem")
_COUNTER = re.compile(r"countersignatures/([0-9a-f]{64})\.dsse\.json")
_STAMP = re.compile(r"timestamps/([0-9a-f]{64})\.tsr")
_README = """\
A signed bundle of Proscribe.

With Proscribe:   proscribe verify THIS-FILE --key PUBLIC-KEY.pem
                  (ask the signer for the public key, or compare its fingerprint by telephone)

Without it:       attestation.dsse.json is a DSSE envelope. "payload" is base64 of an in-toto statement that names every
                  file under files/ with its SHA-256. The signature is {scheme} over
                  "DSSEv1 28 application/vnd.in-toto+json LENGTH PAYLOAD", with the public key under keys/.
{browser}
A key inside a bundle proves nothing about who holds it. Whoever changes a file can sign anew with another key.
"""
#: What is said beside it of a signature that a browser gave, and how such a one begins in an envelope: base64 of `{"`.
_OF_A_BROWSER = """\
                  A signature that begins with { in base64 is JSON that a browser gave (WebAuthn): "challenge" in its
                  clientDataJSON is the SHA-256 of that text, and "signature" is over authenticatorData and the SHA-256 of
                  clientDataJSON; all of it is base64url.
"""
_ASSERTION = b'"sig":"eyJ'
#: How the PEM of an Ed25519 key begins (RFC 8410).
_ED25519 = b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2Vw"


def _readme(keys: Mapping[str, bytes], envelope: bytes) -> bytes:
    edwards = any(pem.startswith(_ED25519) for pem in keys.values())
    scheme = "Ed25519" if edwards else "ECDSA P-256 with SHA-256"
    return _README.format(scheme=scheme, browser=_OF_A_BROWSER if _ASSERTION in envelope else "").encode()


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle holds.

    Attributes:
        files: by name, without `files/`.
        envelope: bytes of the DSSE envelope.
        keys: PEM by key id.
        timestamps: DER by key id.
        countersignatures: bytes of DSSE envelopes by key id.
        faults: what does not belong in a bundle, in words; empty when it is as we write it.
    """

    files: Mapping[str, bytes]
    envelope: bytes
    keys: Mapping[str, bytes]
    timestamps: Mapping[str, bytes] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    countersignatures: Mapping[str, bytes] = field(default_factory=dict)


def pack(
    files: Mapping[str, bytes],
    envelope: bytes,
    keys: Mapping[str, bytes],
    timestamps: Mapping[str, bytes] | None = None,
    countersignatures: Mapping[str, bytes] | None = None,
) -> bytes:
    """Write a bundle; the same content gives the same bytes.

    Raises:
        InputError: E471 when a name is not plain.
    """
    members = {README_NAME: _readme(keys, envelope), ENVELOPE_NAME: envelope}
    members.update({f"keys/{key_id}.pem": pem for key_id, pem in keys.items()})
    members.update({f"timestamps/{key_id}.tsr": der for key_id, der in (timestamps or {}).items()})
    members.update(
        {f"countersignatures/{key_id}.dsse.json": data for key_id, data in (countersignatures or {}).items()}
    )
    members.update({f"files/{name}": data for name, data in files.items()})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(members):
            if not _NAME.fullmatch(name):
                raise _damaged(f"{name!r} is not a plain file name")
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            info.create_system = 3
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, members[name])
    return out.getvalue()


def unpack(data: bytes) -> Bundle:
    """Read a bundle into memory; nothing is written anywhere.

    Raises:
        InputError: E471 when it is no bundle, is damaged, or is larger than the bounds.
    """
    try:
        members = _members(data)
    except ProscribeError:
        raise
    except Exception as problem:  # zlib.error and the like are named by their own modules
        raise _damaged(str(problem) or "the container is incomplete") from problem
    if ENVELOPE_NAME not in members:
        raise _damaged(f"there is no {ENVELOPE_NAME} in it")
    faults: list[str] = []
    files: dict[str, bytes] = {}
    keys: dict[str, bytes] = {}
    stamps: dict[str, bytes] = {}
    counter: dict[str, bytes] = {}
    for name, content in sorted(members.items()):
        if name.startswith("files/"):
            files[name[6:]] = content
        elif found := _KEY.fullmatch(name):
            keys[found.group(1)] = content
        elif found := _STAMP.fullmatch(name):
            stamps[found.group(1)] = content
        elif found := _COUNTER.fullmatch(name):
            counter[found.group(1)] = content
        elif name not in (README_NAME, ENVELOPE_NAME):
            faults.append(f"{name} does not belong in a bundle and is not signed")
    readme = _readme(keys, members[ENVELOPE_NAME])
    if members.get(README_NAME, readme) != readme:
        faults.append("README.txt is not the text that Proscribe writes; do not trust what it says")
    if not faults and pack(files, members[ENVELOPE_NAME], keys, stamps, counter) != data:
        # Bytes between and around the members are not signed either.
        faults = ["the container is not byte for byte as Proscribe writes it"]
    return Bundle(files, members[ENVELOPE_NAME], keys, stamps, tuple(faults), counter)


def _members(data: bytes) -> dict[str, bytes]:
    members: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_MEMBERS or sum(entry.file_size for entry in entries) > MAX_BYTES:
            raise _damaged("it is larger than the bounds")
        for entry in entries:
            if entry.flag_bits & 1:
                raise _damaged(f"{entry.filename!r} is encrypted")
            if entry.filename in members:
                raise _damaged(f"{entry.filename!r} stands in it twice")
            if not _NAME.fullmatch(entry.filename):
                raise _damaged(f"{entry.filename[:80]!r} is not a plain file name")
            if entry.file_size > min(MAX_MEMBER_BYTES, MAX_RATIO * max(entry.compress_size, 512)):
                raise _damaged(f"{entry.filename!r} expands beyond the bounds")
            with archive.open(entry) as stream:
                content = stream.read(MAX_MEMBER_BYTES + 1)
            if len(content) != entry.file_size:
                raise _damaged(f"{entry.filename!r} is not of the size it states")
            members[entry.filename] = content
    return members


def _damaged(what: str) -> ProscribeError:
    return error("E471", what=what)
