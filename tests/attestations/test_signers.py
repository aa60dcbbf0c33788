"""Keys: never without a passphrase, never of another kind."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from proscribe.attestations import file_signer, new_key, public_key
from proscribe.model.errors import InputError, UsageError

from .conftest import PASSPHRASE, Keys


def test_a_key_is_encrypted_and_opens_with_its_passphrase_alone(keys: Keys, tmp_path: Path) -> None:
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in keys.private
    path = tmp_path / "a.key"
    path.write_bytes(keys.private)
    assert file_signer(path, PASSPHRASE).key_id == keys.key_id
    with pytest.raises(InputError) as caught:
        file_signer(path, "another passphrase")
    assert caught.value.code == "E482" and "passphrase" in caught.value.what


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        new_key("short")
    assert caught.value.code == "E480"


def test_the_key_id_is_the_digest_of_the_public_key(keys: Keys) -> None:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    der = load_pem_public_key(keys.public).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert public_key(keys.public).keyid == keys.key_id == hashlib.sha256(der).hexdigest()


def test_keys_of_other_kinds_and_without_a_passphrase_are_refused(tmp_path: Path) -> None:
    bare = ec.generate_private_key(ec.SECP256R1())
    large = ec.generate_private_key(ec.SECP384R1())
    old = rsa.generate_private_key(65537, 2048)
    locked = BestAvailableEncryption(PASSPHRASE.encode())
    cases = {
        "bare": bare.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        "curve": large.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked),
        "rsa": old.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked),
        "text": b"hello",
        "empty": b"",
    }
    for name, data in cases.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(InputError) as caught:
            file_signer(path, PASSPHRASE)
        assert caught.value.code == "E482", name
    with pytest.raises(InputError):
        file_signer(tmp_path / "missing", PASSPHRASE)


@pytest.mark.parametrize(
    "data", [b"", b"x", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", b"a" * 100_000]
)
def test_public_keys_that_are_none_are_refused(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        public_key(data)
    assert caught.value.code == "E481"
