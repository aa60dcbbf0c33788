"""Timestamps: who says when a signature existed, checked offline years later, and what shows nothing."""

from __future__ import annotations

import json
import shutil
import socket
import zipfile
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from rfc3161_client import decode_timestamp_response

from proscribe.attestations import add_timestamp, timestamp_request, verify_bundle
from proscribe.attestations.bundle import pack, unpack
from proscribe.attestations.verify import Answer, Check, Verdict
from proscribe.cli.main import cli
from proscribe.model.errors import InputError

from .conftest import Keys

FIXTURES = Path(__file__).parent / "fixtures" / "timestamp"
STAMPED = (FIXTURES / "stamped.zip").read_bytes()
UNSTAMPED = (FIXTURES / "unstamped.zip").read_bytes()
ANSWER = (FIXTURES / "answer.tsr").read_bytes()
OTHERS = (FIXTURES / "answer-of-another.tsr").read_bytes()
ROOT = (FIXTURES / "authority-root.pem").read_bytes()
ANOTHER = (FIXTURES / "another-root.pem").read_bytes()
SIGNER = ("signer.pub.pem", (FIXTURES / "signer.pub.pem").read_bytes())
STATED = "2026-11-26T19:29:55+00:00"


def verify(bundle: bytes, *roots: bytes) -> tuple[Verdict, Check]:
    verdict = verify_bundle(bundle, trusted_keys=[SIGNER], tsa_roots=roots)
    (check,) = (one for one in verdict.checks if one.name == "timestamp")
    return verdict, check


def with_answer(answer: bytes) -> bytes:
    """Put any bytes in the place of the timestamp, without the checks of `add_timestamp`."""
    content = unpack(STAMPED)
    (key_id,) = content.timestamps
    return pack(content.files, content.envelope, content.keys, {key_id: answer})


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_words: object, **_more: object) -> NoReturn:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("offline")
def test_a_stamped_bundle_of_the_past_verifies_offline_with_the_authoritys_root() -> None:
    verdict, check = verify(STAMPED, ROOT)
    assert verdict.answer is Answer.VALID
    assert check == Check(
        "timestamp", "ok", f"The signature existed at {STATED}, says the timestamp authority."
    )


def test_one_of_several_roots_is_enough() -> None:
    assert verify(STAMPED, ANOTHER, ROOT)[1].result == "ok"
    assert verify(STAMPED, ANOTHER + ROOT)[1].result == "ok"


def test_without_a_root_it_is_shown_and_not_believed() -> None:
    verdict, check = verify(STAMPED)
    assert verdict.answer is Answer.VALID and check.result == "not_checked" and STATED in check.says


def test_the_root_of_another_authority_is_refused() -> None:
    verdict, check = verify(STAMPED, ANOTHER)
    assert verdict.answer is Answer.INVALID and check.result == "failed"
    assert (
        check.says
        == "The timestamp does not hold: none of the roots given stands behind the authority's certificate."
    )


def test_an_answer_of_another_authority_needs_its_own_root() -> None:
    stamped = add_timestamp(UNSTAMPED, OTHERS)
    assert verify(stamped, ANOTHER)[1].result == "ok"
    assert verify(stamped, ROOT)[0].answer is Answer.INVALID


def test_an_answer_with_its_chain_in_another_order_is_read() -> None:
    chained = (FIXTURES / "answer-with-chain.tsr").read_bytes()
    with pytest.raises(ValueError, match="InvalidSetOrdering"):
        decode_timestamp_response(chained)
    stamped = add_timestamp(UNSTAMPED, chained)
    assert unpack(stamped).timestamps == {next(iter(unpack(STAMPED).timestamps)): chained}, (
        "kept as the authority gave it"
    )
    assert verify(stamped, ROOT)[1].result == "ok"
    # The chain in the answer is a stranger's word: it does not make its own root trusted.
    assert verify(stamped, ANOTHER)[1].result == "failed"
    assert verify(stamped)[1].result == "not_checked"


@pytest.mark.parametrize(
    "root", [b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", SIGNER[1], ANSWER]
)
def test_a_root_that_is_none_trusts_nothing(root: bytes) -> None:
    verdict, check = verify(STAMPED, root)
    assert verdict.answer is Answer.INVALID and check.result == "failed"


def test_without_a_token_no_time_is_proven() -> None:
    verdict, check = verify(UNSTAMPED)
    assert verdict.answer is Answer.VALID, "the bytes are as signed all the same"
    assert check.result == "not_checked" and check.says.startswith("No time is proven")


def test_who_names_an_authority_is_refused_a_bundle_without_its_token() -> None:
    verdict, check = verify(UNSTAMPED, ROOT)
    assert verdict.answer is Answer.INVALID
    assert check.result == "failed" and check.says.startswith("No time is proven")


def test_a_token_that_was_taken_away_proves_no_time() -> None:
    content = unpack(STAMPED)
    assert pack(content.files, content.envelope, content.keys, {}) == UNSTAMPED
    assert verify(UNSTAMPED, ROOT)[1].result != "ok"


def test_a_token_over_other_bytes_is_refused(bundle: bytes, keys: Keys) -> None:
    with pytest.raises(InputError) as caught:
        add_timestamp(bundle, ANSWER)
    assert caught.value.code == "E474" and "other bytes" in caught.value.what
    content = unpack(bundle)
    forced = pack(content.files, content.envelope, content.keys, {keys.key_id: ANSWER})
    verdict = verify_bundle(forced, trusted_keys=[("k", keys.public)], tsa_roots=[ROOT])
    (check,) = (one for one in verdict.checks if one.name == "timestamp")
    assert (
        verdict.answer is Answer.INVALID
        and check.says == "The timestamp is about other bytes than this signature."
    )


def test_a_token_for_a_key_that_did_not_sign_is_refused() -> None:
    content = unpack(STAMPED)
    verdict, check = verify(pack(content.files, content.envelope, content.keys, {"ab" * 32: ANSWER}), ROOT)
    assert verdict.answer is Answer.INVALID and check.result == "failed"


def test_another_time_written_into_the_token_is_refused() -> None:
    later = ANSWER.replace(b"20261126192955Z", b"20261127192955Z")
    assert later != ANSWER
    verdict, check = verify(with_answer(later), ROOT)
    assert verdict.answer is Answer.INVALID and check.result == "failed"


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_and_never_stop_the_check(data: bytes) -> None:
    verdict, check = verify(with_answer(data), ROOT)
    assert verdict.answer is Answer.INVALID and check.result == "failed"


@given(st.integers(0, len(ANSWER) - 1), st.integers(0, 7))
@settings(max_examples=150)
def test_an_altered_token_never_proves_another_time(place: int, bit: int) -> None:
    data = bytearray(ANSWER)
    data[place] ^= 1 << bit
    try:
        verdict, check = verify(with_answer(bytes(data)), ROOT)
    except InputError:
        return
    if check.result == "ok":
        # The answer's own status words lie outside what the authority signed; the time does not.
        assert verdict.answer is Answer.VALID and STATED in check.says
    else:
        assert verdict.answer is Answer.INVALID and check.result == "failed"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"0",
        ANSWER[:-1],
        ANSWER[: len(ANSWER) // 2],
        ANSWER + b"x",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30" * 5_000,
        b"<html>",
        bytes(4),
    ],
)
def test_an_answer_that_is_none_is_refused(answer: bytes) -> None:
    with pytest.raises(InputError) as caught:
        add_timestamp(UNSTAMPED, answer)
    assert caught.value.code == "E474"
    verdict, check = verify(with_answer(answer), ROOT)
    assert verdict.answer is Answer.INVALID and check.result == "failed"


def test_an_authority_that_refused_gives_no_time() -> None:
    # PKIStatus rejection (2), with words and no token: RFC 3161, 2.4.2.
    rejected = bytes.fromhex("300f300d02010230080c06") + b"no way"
    with pytest.raises(InputError) as caught:
        add_timestamp(UNSTAMPED, rejected)
    assert caught.value.code == "E474"


def test_the_request_holds_a_digest_and_nothing_else_of_the_document() -> None:
    request = timestamp_request(UNSTAMPED)
    content = unpack(UNSTAMPED)
    assert request == timestamp_request(UNSTAMPED) and len(request) < 200
    for text in (b"Osei", b"Lind", b"document"):
        assert text not in request
    assert content.files["document.txt"] not in request


def test_adding_the_answer_gives_the_bundle_of_the_fixture_byte_for_byte() -> None:
    assert add_timestamp(UNSTAMPED, ANSWER) == STAMPED


# From the command line


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in FIXTURES.iterdir():
        shutil.copy(path, tmp_path)
    return tmp_path


def test_from_request_to_verdict(folder: Path) -> None:
    bundle = folder / "unstamped.zip"
    asked = (
        "verify",
        bundle,
        "--key",
        folder / "signer.pub.pem",
        "--tsa-root",
        folder / "authority-root.pem",
    )
    before = run(*asked)
    assert before.exit_code == 1 and "No time is proven" in before.output
    assert run("attest", "timestamp-request", bundle, "-o", folder / "r.tsq").exit_code == 0
    assert (folder / "r.tsq").read_bytes() == timestamp_request(UNSTAMPED)
    assert run("attest", "timestamp-add", bundle, folder / "answer.tsr").exit_code == 0
    assert bundle.read_bytes() == STAMPED
    after = run(*asked)
    assert f"existed at {STATED}" in after.output
    # The document of this bundle was written by hand before there were authorities to ask in tests, and no program makes it.
    # So is what it says of itself.
    assert [line.split()[1] for line in after.output.splitlines() if "✗" in line] == [
        "document:",
        "Paper:",
        "Program:",
    ]
    wrong = run(
        "verify",
        bundle,
        "--key",
        folder / "signer.pub.pem",
        "--tsa-root",
        folder / "another-root.pem",
        "-o",
        "json",
    )
    assert wrong.exit_code == 1 and json.loads(wrong.output)["answer"] == "invalid"


def test_a_refused_answer_leaves_the_bundle_as_it_was(folder: Path) -> None:
    (folder / "answer.tsr").write_bytes(ANSWER[:-5])
    told = run("attest", "timestamp-add", folder / "unstamped.zip", folder / "answer.tsr")
    assert told.exit_code == 3 and "E474" in told.output
    assert (folder / "unstamped.zip").read_bytes() == UNSTAMPED


def test_the_token_lies_in_the_bundle_for_any_other_program(folder: Path) -> None:
    with zipfile.ZipFile(folder / "stamped.zip") as bundle:
        (name,) = (name for name in bundle.namelist() if name.endswith(".tsr"))
        assert bundle.read(name) == ANSWER
