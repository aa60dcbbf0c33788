"""A key as a browser holds it, in memory: it signs what a page asks for (WebAuthn, ES256)."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PRESENT, VERIFIED = 0x01, 0x04


def text_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class SoftKey:
    """A key that was made for pages of a site."""

    site: str = "localhost"
    private: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: str = "c29mdA"

    @property
    def public(self) -> str:
        """Give the public half as a page sends it."""
        public = self.private.public_key()
        return text_of(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    @property
    def pem(self) -> str:
        public = self.private.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def give(
        self,
        challenge: str,
        *,
        site: str = "",
        origin: str = "",
        flags: int = PRESENT | VERIFIED,
        more: bytes = b"",
        **said: Any,
    ) -> dict[str, str]:
        """Sign a challenge, as the page then sends it.

        Args:
            site, origin, flags, more: what authenticator and browser say, where that is not what they would.
            said: further of what the browser says of the page.
        """
        site = site or self.site
        scheme = "http" if self.site == "localhost" else "https"
        page = {
            "type": "webauthn.get", "challenge": challenge, "origin": origin or f"{scheme}://{self.site}:8443",
            "crossOrigin": False, **said,
        }  # fmt: skip
        client = json.dumps(page).encode()
        data = hashlib.sha256(site.encode()).digest() + bytes([flags]) + (7).to_bytes(4, "big") + more
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        parts = {"authenticatorData": data, "clientDataJSON": client, "signature": signature}
        return {name: text_of(value) for name, value in parts.items()}
