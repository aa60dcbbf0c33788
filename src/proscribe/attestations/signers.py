"""Keys and who holds them: a file under a passphrase, an SSH key under one, a token behind PKCS#11, or a browser.

Signatures are ECDSA over P-256 with SHA-256, or Ed25519. A key's id is the SHA-256 of its SubjectPublicKeyInfo (DER), which
anybody can compute: `openssl pkey -pubin -in key.pem -outform DER | sha256sum`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe.attestations.browser_keys import Assertion, challenge_of
from proscribe.model.errors import (
    InputError,
    ProscribeError,
    error,
    missing_extra,
)

if TYPE_CHECKING:
    from securesystemslib.signer import Signer as SecureSigner
    from securesystemslib.signer import SSlibKey

_SCHEMES = {"ecdsa": "ecdsa-sha2-nistp256", "ed25519": "ed25519"}
_LARGEST_KEY = 64 * 1024
_SHORTEST_PASSPHRASE = 12


def missing_app(package: str) -> ProscribeError:
    """Say that the extra `app` is not installed."""
    return missing_extra(package, "app")


@dataclass(frozen=True, slots=True)
class Signer:
    """Something that can sign.

    Attributes:
        secure: the library's signer.
        key_id: SHA-256 of the public key, hex.
        public_pem: public key as PEM text.
    """

    secure: SecureSigner
    key_id: str
    public_pem: str

    def sign(self, text: bytes) -> str:
        """Give the signature over a text, in hex."""
        return str(self.secure.sign(text).signature)


def new_key(passphrase: str) -> tuple[bytes, str, str]:
    """Make a private key.

    Args:
        passphrase: at least 12 characters; the key never lies on a disk without one.

    Returns:
        Encrypted private key (PKCS#8 PEM), public key (PEM), key id.

    Raises:
        UsageError: E480 when the passphrase is too short.
    """
    if len(passphrase) < _SHORTEST_PASSPHRASE:
        raise error("E480", shortest_passphrase=_SHORTEST_PASSPHRASE)
    try:
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import (
            BestAvailableEncryption,
            Encoding,
            PrivateFormat,
        )
    except ImportError as problem:
        raise missing_app("cryptography") from problem
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode())
    )
    public, key_id = _public(private.public_key())
    return pem, public, key_id


def _public(key: Any) -> tuple[str, str]:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return pem, hashlib.sha256(der).hexdigest()


def _scheme(key: Any) -> str:
    """Name the scheme of a public or private key.

    Raises:
        ValueError: when the product signs with no such key.
    """
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    if isinstance(key, (ed25519.Ed25519PublicKey, ed25519.Ed25519PrivateKey)):
        return _SCHEMES["ed25519"]
    if isinstance(key, (ec.EllipticCurvePublicKey, ec.EllipticCurvePrivateKey)) and isinstance(
        key.curve, ec.SECP256R1
    ):
        return _SCHEMES["ecdsa"]
    raise ValueError("it is not an ECDSA key over P-256, nor an Ed25519 key")


def public_key(pem: bytes, at: str = "") -> SSlibKey:
    """Read a public key, or the public half of a certificate, as PEM, or a line of an SSH public key.

    Raises:
        InputError: E481 when it is no ECDSA P-256 or Ed25519 key.
    """
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import load_pem_public_key, load_ssh_public_key
        from cryptography.x509 import InvalidVersion, load_pem_x509_certificate
        from securesystemslib.signer import SSlibKey
    except ImportError as problem:
        raise missing_app("cryptography") from problem
    try:
        if len(pem) > _LARGEST_KEY:
            raise ValueError("too large for a key")
        key: Any
        if b"BEGIN CERTIFICATE" in pem:
            key = load_pem_x509_certificate(pem).public_key()
        elif pem.startswith((b"ssh-", b"ecdsa-")):
            key = load_ssh_public_key(pem)
        else:
            key = load_pem_public_key(pem)
        scheme = _scheme(key)
    except (ValueError, UnsupportedAlgorithm, InvalidVersion) as problem:
        raise error("E481", at=at, why=problem) from problem
    _, key_id = _public(key)
    return SSlibKey.from_crypto(key, key_id, scheme)


def public_half(data: bytes, at: str = "") -> tuple[str, str]:
    """Give a public key that somebody handed over as PEM, and its id.

    Raises:
        InputError: E481 when it is none.
    """
    key = public_key(data, at)
    return str(key.keyval["public"]), key.keyid


def fits(pem: str, text: bytes, signature: str) -> bool:
    """Tell whether a signature (hex) by the holder of a public key is over a text."""
    try:
        return holds(_read_once(pem), signature, text)
    except InputError:
        return False


def holds(key: SSlibKey, signature: str, text: bytes) -> bool:
    """Tell whether a signature (hex) of a key is over a text, or an assertion that a browser gave for it."""
    from securesystemslib.exceptions import UnverifiedSignatureError, VerificationError
    from securesystemslib.signer import Signature

    try:
        given = Assertion.of(bytes.fromhex(signature))
        if given is not None:
            if key.scheme != _SCHEMES["ecdsa"] or given.against(text):
                return False
            signature, text = given.signature.hex(), given.signed
        key.verify_signature(Signature(key.keyid, signature), text)
    except (ValueError, UnverifiedSignatureError, VerificationError):
        return False
    return True


@lru_cache(maxsize=256)
def _read_once(pem: str) -> SSlibKey:
    return public_key(pem.encode())


def is_plain(pem: bytes) -> bool:
    """Tell whether bytes are a public key as this program writes it, and nothing beside it."""
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
    except ImportError as error:
        raise missing_app("cryptography") from error
    try:
        return len(pem) <= _LARGEST_KEY and _public(load_pem_public_key(pem))[0].encode() == pem
    except (ValueError, UnsupportedAlgorithm):
        return False


def certificate_period(pem: bytes) -> tuple[datetime, datetime] | None:
    """Give the first and the last instant (UTC) of a certificate; None for a bare key. The PEM is one that `public_key` read."""
    if b"BEGIN CERTIFICATE" not in pem:
        return None
    from cryptography.x509 import load_pem_x509_certificate

    found = load_pem_x509_certificate(pem)
    return found.not_valid_before_utc, found.not_valid_after_utc


def file_signer(path: str | Path, passphrase: str) -> Signer:
    """Open a private key file: PKCS#8, as `new_key` makes it, or one of OpenSSH.

    Raises:
        EnvironmentProblem: E502 for a key of OpenSSH without the extra `ssh`.
        InputError: E482 when the file is no such key, has no passphrase, or the passphrase is wrong.
    """
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key
        from securesystemslib.signer import CryptoSigner, SSlibKey
    except ImportError as problem:
        raise missing_app("cryptography") from problem
    try:
        with open(path, "rb") as stream:
            data = stream.read(_LARGEST_KEY + 1)
        of_ssh = b"BEGIN OPENSSH PRIVATE KEY" in data
        if not (of_ssh or b"BEGIN ENCRYPTED PRIVATE KEY" in data) or len(data) > _LARGEST_KEY:
            raise ValueError("it is not a private key under a passphrase")
        private: Any = (load_ssh_private_key if of_ssh else load_pem_private_key)(data, passphrase.encode())
        scheme = _scheme(private)
    except UnsupportedAlgorithm as problem:
        if "bcrypt" in str(problem):
            raise missing_extra("bcrypt", "ssh") from problem
        raise error("E482", at=path, what=problem) from problem
    except (OSError, ValueError, TypeError) as problem:
        text = str(problem)
        if "not encrypted" in text:
            what = "it is not a private key under a passphrase"
        elif isinstance(problem, OSError) or "not a" in text:
            what = text
        else:
            what = "the passphrase does not open it"
        raise error("E482", at=path, what=what) from problem
    pem, key_id = _public(private.public_key())
    key = SSlibKey.from_crypto(private.public_key(), key_id, scheme)
    return Signer(CryptoSigner(private, key), key_id, pem)


def pkcs11_signer(module: str, token: str, label: str, pin: str) -> Signer:
    """Use a key on a smart card or HSM.

    Args:
        module: path of the vendor's PKCS#11 library.
        token: label of the token.
        label: label of the key pair on it, ECDSA P-256.
        pin: the user's PIN.

    Raises:
        EnvironmentProblem: E502 without the extra `pkcs11`; E483 when library, token or key cannot be used.
    """
    try:
        import pkcs11
        from pkcs11.util.ec import encode_ec_public_key, encode_ecdsa_signature
    except ImportError as problem:
        raise missing_extra("python-pkcs11", "pkcs11") from problem
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_der_public_key
    from securesystemslib.signer import Signature, SSlibKey
    from securesystemslib.signer import Signer as Base

    def refused(what: str) -> ProscribeError:
        return error("E483", at=f"{module}, token {token!r}, key {label!r}", what=what)

    try:
        session = pkcs11.lib(module).get_token(token_label=token).open(user_pin=pin)
        private: Any = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=label)
        public: Any = session.get_key(object_class=pkcs11.ObjectClass.PUBLIC_KEY, label=label)
        loaded = load_der_public_key(encode_ec_public_key(public))
    except (pkcs11.PKCS11Error, RuntimeError, ValueError, OSError) as problem:
        raise refused(str(problem) or type(problem).__name__) from problem
    if not isinstance(loaded, ec.EllipticCurvePublicKey) or not isinstance(loaded.curve, ec.SECP256R1):
        raise refused("the key is of another kind")
    pem, key_id = _public(loaded)
    key = SSlibKey.from_crypto(loaded, key_id, _SCHEMES["ecdsa"])

    class TokenSigner(Base):
        """Signs on the token; the private key never leaves it."""

        @property
        def public_key(self) -> SSlibKey:
            return key

        @classmethod
        def from_priv_key_uri(cls, priv_key_uri: str, public_key: Any, secrets_handler: Any = None) -> Base:
            raise NotImplementedError("keys on tokens are opened by label")

        def sign(self, payload: bytes) -> Signature:
            digest = hashlib.sha256(payload).digest()
            try:
                raw = private.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)
            except pkcs11.PKCS11Error as problem:
                raise refused(str(problem) or type(problem).__name__) from problem
            return Signature(key_id, encode_ecdsa_signature(raw).hex())

    return Signer(TokenSigner(), key_id, pem)


class Awaited(Exception):
    """A text that has to be signed by a key elsewhere. Whatever was begun is left as it was.

    Attributes:
        challenge: what that key has to sign.
    """

    def __init__(self, text: bytes) -> None:
        super().__init__("a signature by a key in a browser")
        self.challenge = challenge_of(text)


def browser_signer(pem: str, given: Mapping[str, Assertion], used: set[str]) -> Signer:
    """Give a signer whose key is in a browser: it knows the signatures that were given, and asks for others with `Awaited`.

    Args:
        pem: the public key.
        given: challenge to what the browser gave for it.
        used: takes the challenges of those that were used.

    Raises:
        InputError: E481 when it is no key; on signing, E551 when what was given does not hold.
    """
    from securesystemslib.signer import Signature
    from securesystemslib.signer import Signer as Base

    key = public_key(pem.encode())

    class BrowserSigner(Base):
        """Signs with what a browser gave."""

        @property
        def public_key(self) -> SSlibKey:
            return key

        @classmethod
        def from_priv_key_uri(cls, priv_key_uri: str, public_key: Any, secrets_handler: Any = None) -> Base:
            raise NotImplementedError("keys of a browser are asked for by a page")

        def sign(self, payload: bytes) -> Signature:
            found = given.get(challenge_of(payload))
            if found is None:
                raise Awaited(payload)
            if not holds(key, found.packed, payload):
                why = found.against(payload) or "it is of another key"
                raise error("E551", why=why)
            used.add(challenge_of(payload))
            return Signature(key.keyid, found.packed)

    return Signer(BrowserSigner(), key.keyid, pem)
