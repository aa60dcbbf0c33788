"""Who signed: certificates with their dates, and a signer who is not the author under another spelling."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from proscribe.app.keys.signing import bundle_of
from proscribe.attestations import public_key, verify_bundle
from proscribe.attestations.bundle import pack, unpack
from proscribe.attestations.envelope import seal
from proscribe.attestations.predicates import document_v1
from proscribe.attestations.statement import Statement, Subject
from proscribe.model.errors import InputError, UsageError

from .conftest import DOCUMENT, PASSPHRASE, Keys, files

AT = "2026-11-25T12:00:00+00:00"


def certificate(keys: Keys, first: int, last: int) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.x509.oid import NameOID

    private: Any = serialization.load_pem_private_key(keys.private, PASSPHRASE.encode())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A. Osei")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(datetime(first, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(last, 1, 1, tzinfo=UTC))
        .sign(private, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def test_a_certificate_of_a_version_that_does_not_exist_is_refused(keys: Keys) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import load_pem_x509_certificate

    whole = load_pem_x509_certificate(certificate(keys, 2026, 2027)).public_bytes(Encoding.DER)
    damaged = whole.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x06", 1)
    pem = b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(damaged) + b"-----END CERTIFICATE-----\n"
    with pytest.raises(InputError, match="E481"):
        public_key(pem)


@pytest.mark.parametrize(
    ("first", "last", "answer"), [(2026, 2027, "valid"), (2020, 2021, "invalid"), (2027, 2028, "invalid")]
)
def test_a_certificate_has_to_be_valid_when_it_was_signed(
    bundle: bytes, keys: Keys, first: int, last: int, answer: str
) -> None:
    verdict = verify_bundle(bundle, trusted_keys=[("cert", certificate(keys, first, last))])
    assert verdict.answer == answer
    (check,) = (item for item in verdict.checks if item.name == "certificate")
    assert check.result == ("ok" if answer == "valid" else "failed")
    assert str(first) in check.says


def test_a_bare_key_or_a_later_certificate_of_it_does(bundle: bytes, keys: Keys) -> None:
    old, new = certificate(keys, 2020, 2021), certificate(keys, 2026, 2027)
    assert verify_bundle(bundle, trusted_keys=[("old", old), ("new", new)]).answer == "valid"
    assert verify_bundle(bundle, trusted_keys=[("old", old), ("key", keys.public)]).answer == "valid"


#: SubjectPublicKeyInfo of an algorithm that nobody knows (1.2.3.4.5.6).
UNKNOWN = b"-----BEGIN PUBLIC KEY-----\nMA0wBwYFKgMEBQYDAgAB\n-----END PUBLIC KEY-----\n"


@pytest.mark.parametrize(
    "pem", [UNKNOWN, b"", b"\xff" * 90, b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_key_of_any_kind_in_a_bundle_is_judged_and_stops_nothing(
    bundle: bytes, keys: Keys, pem: bytes
) -> None:
    made = unpack(bundle)
    changed = pack(made.files, made.envelope, {keys.key_id: pem})
    assert verify_bundle(changed).answer == "invalid"
    assert verify_bundle(changed, trusted_keys=[("key", keys.public)]).answer == "invalid"
    with pytest.raises(InputError, match="E481"):
        verify_bundle(bundle, trusted_keys=[("theirs", pem)])


def test_half_characters_in_a_statement_are_refused(keys: Keys) -> None:
    from securesystemslib.dsse import Envelope

    from proscribe.attestations.statement import PAYLOAD_TYPE
    from proscribe.model.canonical import canonical_json

    data = files()
    predicate = document_v1.build(DOCUMENT, signed_by="A. Osei", signed_at=AT)
    statement = Statement(
        tuple(Subject.of(*item) for item in sorted(data.items())), document_v1.TYPE, predicate
    )
    for signer, says in (("A. Osei", None), ("A. Osei\ud800", "E473")):
        value = json.loads(statement.to_bytes())
        value["predicate"]["signedBy"] = signer
        envelope = Envelope(json.dumps(value).encode(), PAYLOAD_TYPE, {})
        envelope.sign(keys.signer.secure)
        made = pack(data, canonical_json(envelope.to_dict()).encode(), {keys.key_id: keys.public})
        if says is None:
            assert verify_bundle(made, trusted_keys=[("key", keys.public)]).answer == "valid"
        else:
            with pytest.raises(InputError, match=says):
                verify_bundle(made, trusted_keys=[("key", keys.public)])


@pytest.mark.parametrize("where", ["before", "after", "certificate"])
def test_there_is_no_place_for_words_beside_a_key(bundle: bytes, keys: Keys, where: str) -> None:
    made = unpack(bundle)
    pem = made.keys[keys.key_id]
    other = {
        "before": b"Pay to another account.\n" + pem, "after": pem + b"\nPay to another account.\n",
        "certificate": certificate(keys, 2026, 2027),
    }[where]  # fmt: skip
    changed = pack(made.files, made.envelope, {keys.key_id: other}, made.timestamps)
    verdict = verify_bundle(changed, trusted_keys=[("key", keys.public)])
    assert verdict.answer == "invalid"
    assert any("something else than a key" in item.says for item in verdict.checks)


@pytest.mark.parametrize(
    "name", ["B. Lind", "b lind", "Lind, B.", "\u0412. Lind", "B. L\u0456nd", "B. Lind <b@ridge.example>"]
)
def test_the_author_cannot_sign_nor_approve_in_other_letters(keys: Keys, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        bundle_of(DOCUMENT, files(), keys.signer, signed_by=name, signed_at=AT)
    assert caught.value.code == "E488"
    # a bundle that another program made says so too
    for change in ({"signedBy": name}, {"approvedBy": name}):
        people = {**DOCUMENT["people"], **({"approver": {"name": name}} if "approvedBy" in change else {})}
        document = {**DOCUMENT, "people": people}
        data = {**files(), "document.json": json.dumps(document).encode()}
        predicate = {**document_v1.build(document, signed_by="A. Osei", signed_at=AT), **change}
        statement = Statement(tuple(Subject.of(*item) for item in data.items()), document_v1.TYPE, predicate)
        made = pack(data, seal(statement, keys.signer), {keys.key_id: keys.public})
        verdict = verify_bundle(made, trusted_keys=[("key", keys.public)])
        assert verdict.answer == "invalid"
        assert any("by the same person" in item.says for item in verdict.checks if item.result == "failed")


def test_the_refusal_names_the_signer_of_the_configuration(keys: Keys) -> None:
    with pytest.raises(UsageError) as caught:
        bundle_of(DOCUMENT, files(), keys.signer, signed_by="B. Lind", signed_at=AT, meant="A. Osei")
    assert caught.value.code == "E488" and "A. Osei" in caught.value.expected + caught.value.next_step
    with pytest.raises(UsageError) as same:
        bundle_of(DOCUMENT, files(), keys.signer, signed_by="B. Lind", signed_at=AT, meant="Ms B. Lind")
    assert "configuration" not in same.value.expected
