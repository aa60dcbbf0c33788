"""A bundle is valid as signed, and not after any change."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.app.keys.signing import bundle_of
from proscribe.attestations import pack, unpack, verify_bundle
from proscribe.attestations.envelope import seal
from proscribe.attestations.statement import Statement, Subject
from proscribe.model.errors import InputError, ProscribeError, UsageError

from .conftest import DOCUMENT, Keys, files

AT = "2026-11-25T12:00:00+00:00"


def test_a_bundle_is_valid_with_the_signers_key(bundle: bytes, keys: Keys) -> None:
    verdict = verify_bundle(bundle, trusted_keys=[("key", keys.public)])
    assert verdict.answer == "valid"
    assert {check.result for check in verdict.checks if check.name != "timestamp"} == {"ok"}
    assert verdict.predicate["signedBy"] == "A. Osei" and verdict.predicate["approvedBy"] == "C. Moreau"


@pytest.mark.parametrize("length", [16, 64])
def test_a_bundle_is_valid_with_the_fingerprint_compared(bundle: bytes, keys: Keys, length: int) -> None:
    assert verify_bundle(bundle, fingerprints=[keys.key_id[:length].upper()]).answer == "valid"


def test_a_short_fingerprint_shows_nothing(bundle: bytes, keys: Keys) -> None:
    assert verify_bundle(bundle, fingerprints=[keys.key_id[:15]]).answer == "invalid"


def test_without_a_key_the_signer_is_not_known(bundle: bytes) -> None:
    verdict = verify_bundle(bundle)
    assert verdict.answer == "signer_unknown"
    assert [check.name for check in verdict.checks if check.result == "not_checked"] == [
        "timestamp",
        "signer",
    ]


def test_another_key_does_not_do(bundle: bytes, other_keys: Keys) -> None:
    assert verify_bundle(bundle, trusted_keys=[("key", other_keys.public)]).answer == "invalid"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(min_value=0), flip=st.integers(1, 255))
def test_one_byte_changed_is_refused(bundle: bytes, keys: Keys, place: int, flip: int) -> None:
    changed = bytearray(bundle)
    changed[place % len(bundle)] ^= flip
    try:
        verdict = verify_bundle(bytes(changed), trusted_keys=[("key", keys.public)])
    except ProscribeError as error:
        assert error.code in ("E471", "E472", "E473")
    else:
        assert verdict.answer == "invalid"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(min_value=0), tail=st.binary(max_size=40))
def test_a_bundle_cut_off_or_with_a_tail_is_refused(bundle: bytes, keys: Keys, cut: int, tail: bytes) -> None:
    changed = bundle[: cut % (len(bundle) + 1)] + tail
    if changed == bundle:
        return
    try:
        assert verify_bundle(changed, trusted_keys=[("key", keys.public)]).answer == "invalid"
    except InputError as error:
        assert error.code == "E471"


def repacked(bundle: bytes, **changes: Any) -> bytes:
    content = unpack(bundle)
    parts: dict[str, Any] = {
        "files": dict(content.files), "envelope": content.envelope,
        "keys": dict(content.keys), "timestamps": dict(content.timestamps),
    }  # fmt: skip
    parts.update(changes)
    return pack(**parts)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda held: {**held, "document.pdf": b"%PDF-1.7 other"}, "document.pdf was changed after signing"),
        (lambda held: {**held, "extra.txt": b"x"}, "extra.txt was added and is not signed"),
        (
            lambda held: {name: data for name, data in held.items() if name != "scan.json"},
            "scan.json is missing",
        ),
    ],
)
def test_files_that_were_changed_added_or_taken_away_are_named(
    bundle: bytes, keys: Keys, change: Any, says: str
) -> None:
    held = dict(unpack(bundle).files)
    verdict = verify_bundle(repacked(bundle, files=change(held)), trusted_keys=[("key", keys.public)])
    assert verdict.answer == "invalid"
    assert any(says in check.says for check in verdict.checks if check.result == "failed")


def test_signing_a_changed_document_anew_needs_the_signers_key(
    bundle: bytes, keys: Keys, other_keys: Keys
) -> None:
    forged = {**DOCUMENT, "as_of": "2019-01-01"}
    again = bundle_of(
        forged,
        {**files(), "document.json": json.dumps(forged).encode()},
        other_keys.signer,
        signed_by="A. Osei",
        signed_at=AT,
    )
    assert verify_bundle(again).answer == "signer_unknown"
    assert verify_bundle(again, trusted_keys=[("key", keys.public)]).answer == "invalid"


def test_a_key_filed_under_another_keys_id_is_not_believed(
    bundle: bytes, keys: Keys, other_keys: Keys
) -> None:
    swapped = repacked(bundle, keys={keys.key_id: other_keys.public})
    assert verify_bundle(swapped).answer == "invalid"


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({**DOCUMENT, "as_of": "2020-01-01"}, "day of the law"),
        ({**DOCUMENT, "people": {**DOCUMENT["people"], "approver": {"name": "Somebody"}}}, "approver"),
        ({**DOCUMENT, "overrides": [{}]}, "overrides"),
    ],
)
def test_a_statement_that_says_other_than_the_document_is_refused(
    keys: Keys, document: dict[str, Any], says: str
) -> None:
    data = json.dumps(document).encode()
    bundle = bundle_of(
        DOCUMENT, {**files(), "document.json": data}, keys.signer, signed_by="A. Osei", signed_at=AT
    )
    verdict = verify_bundle(bundle, trusted_keys=[("key", keys.public)])
    assert verdict.answer == "invalid"
    assert any(says in check.says for check in verdict.checks if check.name == "statement")


def test_author_and_approver_must_differ(keys: Keys) -> None:
    author = DOCUMENT["people"]["author"]
    document = {**DOCUMENT, "people": {"author": author, "approver": author, "signed_at": None}}
    bundle = bundle_of(
        document,
        {**files(), "document.json": json.dumps(document).encode()},
        keys.signer,
        signed_by="A. Osei",
        signed_at=AT,
    )
    assert verify_bundle(bundle, trusted_keys=[("key", keys.public)]).answer == "invalid"


def test_a_statement_of_an_unknown_kind_is_refused(keys: Keys) -> None:
    statement = Statement((Subject.of("a.txt", b"a"),), "https://example.org/other/v1", {})
    bundle = pack({"a.txt": b"a"}, seal(statement, keys.signer), {keys.key_id: keys.public})
    assert verify_bundle(bundle, trusted_keys=[("key", keys.public)]).answer == "invalid"


def test_a_refused_document_cannot_be_signed(keys: Keys) -> None:
    with pytest.raises(UsageError) as caught:
        bundle_of({**DOCUMENT, "state": "refused"}, files(), keys.signer, signed_by="A. Osei", signed_at=AT)
    assert caught.value.code == "E488"


def test_nobody_cannot_sign(keys: Keys) -> None:
    with pytest.raises(UsageError) as caught:
        bundle_of(DOCUMENT, files(), keys.signer, signed_by="  ", signed_at=AT)
    assert caught.value.code == "E488"


def test_original_files_are_recognised(keys: Keys) -> None:
    original, other = b"asset,mac\n", b"asset,mac\n1,2\n"
    rests_on = [{"kind": "input", "what": "assets.csv", "sha256": hashlib.sha256(original).hexdigest()}]
    document = {**DOCUMENT, "rests_on": rests_on}
    bundle = bundle_of(
        document,
        {**files(), "document.json": json.dumps(document).encode()},
        keys.signer,
        signed_by="A. Osei",
        signed_at=AT,
    )
    trust = [("key", keys.public)]
    held = [("mine.csv", hashlib.sha256(original).hexdigest())]
    assert verify_bundle(bundle, trusted_keys=trust, inputs=held).answer == "valid"
    strange = [("mine.csv", hashlib.sha256(other).hexdigest())]
    assert verify_bundle(bundle, trusted_keys=trust, inputs=strange).answer == "invalid"


def hostile(members: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"not a zip at all",
        hostile([("attestation.dsse.json", b"{}"), ("files/../../etc/passwd", b"x")]),
        hostile([("attestation.dsse.json", b"{}"), ("/etc/passwd", b"x")]),
        hostile([("attestation.dsse.json", b"{}"), ("files/bomb", b"\0" * 30_000_000)]),
        hostile([("attestation.dsse.json", b"{}")] + [(f"files/{number}", b"") for number in range(2001)]),
        hostile([("files/a", b"a")]),
    ],
    ids=["empty", "cut", "text", "climbing", "absolute", "bomb", "many", "unsigned"],
)
def test_hostile_containers_are_refused(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        verify_bundle(data)
    assert caught.value.code == "E471"


@pytest.mark.parametrize(
    "envelope",
    [
        b"", b"[]", b"{}", b"[" * 100_000, b'{"payload":"e30=","payloadType":"x","signatures":[]}',
        b'{"payload":"!","payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":"a","sig":"b"}]}',
        b'{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":1,"sig":2}]}',
    ],
    ids=["empty", "list", "object", "deep", "unsigned", "base64", "types"],
)  # fmt: skip
def test_hostile_envelopes_are_refused(envelope: bytes) -> None:
    with pytest.raises(InputError) as caught:
        verify_bundle(pack({"a": b"a"}, envelope, {}))
    assert caught.value.code == "E472"


def test_the_same_content_gives_the_same_bytes(bundle: bytes) -> None:
    assert repacked(bundle) == bundle


def test_anyone_can_check_the_signature_without_this_program(bundle: bytes, keys: Keys) -> None:
    """What README.txt in the bundle says, done with a plain library."""
    import base64

    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        envelope = json.loads(archive.read("attestation.dsse.json"))
        pem = archive.read(f"keys/{keys.key_id}.pem")
        readme = archive.read("README.txt").decode()
    payload = base64.b64decode(envelope["payload"])
    signed = b"DSSEv1 28 application/vnd.in-toto+json %d %s" % (len(payload), payload)
    key = load_pem_public_key(pem)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(base64.b64decode(envelope["signatures"][0]["sig"]), signed, ec.ECDSA(SHA256()))
    assert "DSSEv1 28 application/vnd.in-toto+json LENGTH PAYLOAD" in readme


KEY_ATTACKS: dict[str, Any] = {
    "dropped": (lambda own, other: {}, "is missing from the bundle"),
    "swapped": (lambda own, other: {own.key_id: other.public}, "holds another key"),
    "renamed": (lambda own, other: {other.key_id: own.public}, "is missing from the bundle"),
    "added": (lambda own, other: {own.key_id: own.public, other.key_id: other.public}, "signed nothing"),
    "spoilt": (lambda own, other: {own.key_id: b"-----BEGIN"}, "holds something else than a key"),
}


@pytest.mark.parametrize("way", KEY_ATTACKS)
@pytest.mark.parametrize("by", ["key", "fingerprint", "nothing"])
def test_the_keys_of_a_bundle_are_a_part_of_it(
    bundle: bytes, keys: Keys, other_keys: Keys, way: str, by: str
) -> None:
    """Attack: the keys of a bundle are taken out or exchanged, and a reader brings the right one along."""
    change, says = KEY_ATTACKS[way]
    trusted: dict[str, Any] = {
        "key": {"trusted_keys": [("key", keys.public)]}, "fingerprint": {"fingerprints": [keys.key_id]}, "nothing": {},
    }  # fmt: skip
    verdict = verify_bundle(repacked(bundle, keys=change(keys, other_keys)), **trusted[by])
    assert verdict.answer == "invalid"
    assert any(says in one.says for one in verdict.checks if one.result == "failed")
