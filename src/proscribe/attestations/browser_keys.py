"""Signatures by keys that a browser asks for: a security key, or that of a telephone or computer (WebAuthn, ECDSA over P-256).

Source: W3C Web Authentication, Level 2: 5.8.1 (client data), 6.1 (authenticator data), 7.2 (how an assertion is verified).

Such a key signs no text. It signs what the authenticator says of itself, and the digest of what the browser says of the page,
in which the challenge stands: here the SHA-256 of the text. What it gives is kept as one signature (`Assertion.packed`), which
holds for a text if all of that fits, so that it is checked offline, years later, like any other.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from proscribe.model.canonical import canonical_json
from proscribe.model.codec import CodecError, named, parse, read
from proscribe.model.errors import error

#: Bytes of an assertion at most, as it is kept.
_MOST_BYTES = 8 * 1024
#: Digest of the site, flags, counter; with neither of the parts that the flags announce.
_AUTHENTICATOR_BYTES = 37
#: Flags of authenticator data: somebody touched it, it knew them by PIN, finger or face, and further parts follow.
_PRESENT, _VERIFIED, _FURTHER = 0x01, 0x04, 0x40 | 0x80
_PARTS = ("authenticatorData", "clientDataJSON", "signature")
_TEXT = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class _Page:
    """What the browser says of the page that asked; it says more, of which nothing counts here."""

    type: str
    challenge: str
    origin: str
    cross_origin: bool = field(default=False, metadata=named("crossOrigin"))

    @property
    def site(self) -> str:
        try:
            parts = urlsplit(self.origin)
            name = parts.hostname or ""
        except ValueError:
            return ""
        return name if parts.scheme == "https" or (parts.scheme, name) == ("http", "localhost") else ""


def _page(client_data: bytes) -> _Page | None:
    try:
        return read(_Page, parse(client_data), open_=True)
    except CodecError:
        return None


def challenge_of(text: bytes) -> str:
    """Give what a browser has a key sign for a text: its SHA-256, as base64url."""
    return _written(hashlib.sha256(text).digest())


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a browser gave when it was asked for a signature.

    Attributes:
        authenticator_data: what the authenticator says of itself.
        client_data: JSON of what the browser says of the page.
        signature: over both, DER.
    """

    authenticator_data: bytes
    client_data: bytes
    signature: bytes

    @classmethod
    def sent(cls, parts: Mapping[str, str]) -> Self:
        """Read what a page sent: base64url by the names of the parts.

        Raises:
            InputError: E551 when it is none.
        """
        try:
            made = cls(*(_read(parts[name]) for name in _PARTS))
        except (KeyError, ValueError):
            raise error("E551.shape") from None
        if len(made._kept()) > _MOST_BYTES:
            raise error("E551.shape")
        return made

    @classmethod
    def of(cls, signature: bytes) -> Self | None:
        """Read a signature as it is kept; None for one that no browser gave."""
        if not signature.startswith(b"{") or len(signature) > _MOST_BYTES:
            return None
        try:
            value = parse(signature)
            if not isinstance(value, dict) or set(value) != set(_PARTS):
                return None
            made = cls(*(_read(str(value[name])) for name in _PARTS))
        except (CodecError, ValueError):
            return None
        return made if made._kept() == signature else None

    def _kept(self) -> bytes:
        parts = (self.authenticator_data, self.client_data, self.signature)
        return canonical_json(dict(zip(_PARTS, map(_written, parts), strict=True))).encode()

    @property
    def packed(self) -> str:
        """Give it as one signature, in hex."""
        return self._kept().hex()

    @property
    def signed(self) -> bytes:
        """Give the bytes that the key signed."""
        return self.authenticator_data + hashlib.sha256(self.client_data).digest()

    @property
    def site(self) -> str:
        """Give the name of the machine whose page asked for it, as the browser says; empty where that cannot be read."""
        page = _page(self.client_data)
        return page.site if page else ""

    @property
    def challenge(self) -> str:
        """Give what the browser says it was asked to have signed; empty where that cannot be read."""
        page = _page(self.client_data)
        return page.challenge if page else ""

    def against(self, text: bytes) -> str:
        """Say why it does not stand for a text, its signature apart; empty where it does."""
        page, data = _page(self.client_data), self.authenticator_data
        if page is None:
            return "what the browser says of the page cannot be read"
        if page.type != "webauthn.get" or page.cross_origin:
            return "it was not asked for by a page of its own"
        if page.challenge != challenge_of(text):
            return "it is over something else"
        if len(data) != _AUTHENTICATOR_BYTES or data[32] & _FURTHER:
            return "what the authenticator says cannot be read"
        if not page.site or data[:32] != hashlib.sha256(page.site.encode()).digest():
            return "it was given to a page of another site"
        if not data[32] & _PRESENT or not data[32] & _VERIFIED:
            return "the authenticator did not make sure who holds it"
        return ""


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    if not _TEXT.fullmatch(text):
        raise ValueError("not base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _written(data) != text:
        raise ValueError("not the shortest base64url")
    return data
