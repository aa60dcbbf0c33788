"""Keys and a signed bundle, made once: key making is slow on purpose."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from proscribe.app.keys.signing import bundle_of
from proscribe.attestations import Signer, file_signer, new_key

PASSPHRASE = "correct horse battery staple"
DOCUMENT: dict[str, Any] = {
    "schema": "proscribe.paper.annual-representation/1",
    "type": "annual-representation",
    "title": "Annual representation",
    "state": "ready",
    "as_of": "2026-11-25",
    "people": {"author": {"name": "B. Lind"}, "approver": {"name": "C. Moreau"}, "signed_at": None},
    "knowledge": {"version": "2026.11.25", "sha256": "ab" * 32},
    "overrides": [],
    "rests_on": [],
    "proscribe": "0.1.0",
}


class Keys(NamedTuple):
    signer: Signer
    private: bytes
    public: bytes
    key_id: str


def make_keys(folder: Any) -> Keys:
    private, public, key_id = new_key(PASSPHRASE)
    path = folder / f"{key_id[:8]}.key"
    path.write_bytes(private)
    return Keys(file_signer(path, PASSPHRASE), private, public.encode(), key_id)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return make_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="session")
def other_keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return make_keys(tmp_path_factory.mktemp("other"))


def files() -> dict[str, bytes]:
    return {
        "document.json": json.dumps(DOCUMENT).encode(),
        "document.pdf": b"%PDF-1.7 pages",
        "scan.json": b"{}",
    }


@pytest.fixture(scope="session")
def bundle(keys: Keys) -> bytes:
    return bundle_of(
        DOCUMENT,
        files(),
        keys.signer,
        signed_by="A. Osei",
        signed_as="Compliance officer",
        signed_at="2026-11-25T12:00:00+00:00",
    )
