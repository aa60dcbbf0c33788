"""Sign on the command line, check as a stranger would, change a byte, be refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from proscribe.cli.main import cli

PASSPHRASE = {"PROSCRIBE_PASSPHRASE": "a sentence only the signer knows"}
DOCUMENT = {
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


def run(*words: str | Path, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(
        cli, [str(word) for word in words], catch_exceptions=False, env=env or PASSPHRASE
    )


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    (tmp_path / "document.json").write_text(json.dumps(DOCUMENT))
    (tmp_path / "represent ation.pdf").write_bytes(b"%PDF-1.7")
    made = run("attest", "key", "-o", tmp_path / "ridge")
    assert made.exit_code == 0, made.output
    result = run(
        "attest", "sign", tmp_path / "document.json", tmp_path / "represent ation.pdf", "--key", tmp_path / "ridge.key",
        "--by", "A. Osei", "--title", "Compliance officer", "--at", "2026-11-25T12:00:00-05:00", "-o", tmp_path / "signed.zip",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    return tmp_path


def test_signed_then_verified(signed: Path) -> None:
    result = run("verify", signed / "signed.zip", "--key", signed / "ridge.pub.pem")
    assert result.exit_code == 0
    assert (
        result.output.startswith("VALID")
        and "A. Osei" in result.output
        and "2026-11-25T12:00:00-05:00" in result.output
    )


def test_without_a_key_the_exit_code_is_not_that_of_a_valid_bundle(signed: Path) -> None:
    result = run("verify", signed / "signed.zip", "-o", "json")
    assert result.exit_code == 1
    assert json.loads(result.output)["answer"] == "signer_unknown"


def test_one_byte_changed_is_refused(signed: Path) -> None:
    data = bytearray((signed / "signed.zip").read_bytes())
    data[len(data) // 2] ^= 1
    (signed / "changed.zip").write_bytes(bytes(data))
    result = run("verify", signed / "changed.zip", "--key", signed / "ridge.pub.pem")
    assert result.exit_code != 0 and "VALID:" not in result.output.replace("NOT VALID:", "")


def test_keys_are_private_and_never_overwritten(signed: Path) -> None:
    assert (signed / "ridge.key").stat().st_mode & 0o077 == 0
    before = (signed / "ridge.key").read_bytes()
    result = run("attest", "key", "-o", signed / "ridge")
    assert result.exit_code == 2 and "E486" in result.output
    assert (signed / "ridge.key").read_bytes() == before


@pytest.mark.parametrize(
    ("change", "code"),
    [({"state": "refused"}, "E488"), ({"schema": "other/1"}, "E487")],
)
def test_what_may_not_be_signed_leaves_nothing(signed: Path, change: dict[str, str], code: str) -> None:
    (signed / "document.json").write_text(json.dumps({**DOCUMENT, **change}))
    result = run(
        "attest",
        "sign",
        signed / "document.json",
        "--key",
        signed / "ridge.key",
        "--by",
        "A. Osei",
        "-o",
        signed / "no.zip",
    )
    assert result.exit_code in (2, 3) and code in result.output
    assert not (signed / "no.zip").exists()


def test_a_wrong_passphrase_a_missing_signer_and_two_keys_are_refused(signed: Path) -> None:
    words: list[str | Path] = ["attest", "sign", signed / "document.json", "-o", signed / "no.zip"]
    wrong = run(*words, "--key", signed / "ridge.key", "--by", "A", env={"PROSCRIBE_PASSPHRASE": "x" * 20})
    assert wrong.exit_code == 3 and "E482" in wrong.output
    assert "Missing option" in run(*words, "--key", signed / "ridge.key").output
    assert "E484" in run(*words, "--by", "A").output
    assert "E489" in run(*words, "--by", "A", "--key", signed / "ridge.key", "--at", "2026-11-25").output


def test_text_of_a_stranger_cannot_draw_on_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "document.json").write_text(json.dumps({**DOCUMENT, "type": "x\x1b[2J\x1b[31m"}))
    assert run("attest", "key", "-o", tmp_path / "ridge").exit_code == 0
    signing = run(
        "attest",
        "sign",
        tmp_path / "document.json",
        "--key",
        tmp_path / "ridge.key",
        "--by",
        "A\x1b[2J",
        "-o",
        tmp_path / "s.zip",
    )
    assert signing.exit_code == 0
    assert "\x1b" not in run("verify", tmp_path / "s.zip", "--key", tmp_path / "ridge.pub.pem").output


@pytest.mark.parametrize("there", ["ridge.key", "ridge.pub.pem"])
def test_half_a_pair_of_keys_is_never_written(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("precious")
    result = run("attest", "key", "-o", tmp_path / "ridge")
    assert result.exit_code == 2 and "E486" in result.output
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text() == "precious"
