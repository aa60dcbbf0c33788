"""Sign on the command line, check as a stranger would, change a byte, be refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import rostered
import signed_documents
from click.testing import CliRunner, Result
from signed_documents import World

from proscribe.app.keys import people
from proscribe.app.keys.signing import bundle_of
from proscribe.cli.main import cli

PASSPHRASE = {"PROSCRIBE_PASSPHRASE": rostered.PASSPHRASE}


def run(*words: str | Path, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(
        cli, [str(word) for word in words], catch_exceptions=False, env=env or PASSPHRASE
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return signed_documents.begun(tmp_path_factory.mktemp("world"), ("md", "docx"))


def signing(world: World, *more: str | Path, by: str = "A. Osei") -> list[str | Path]:
    return ["attest", "sign", "C-0001/DOC1", "--store", world.folder / "c.db", "--by", by, "-o", world.folder / "signed.zip",
            *more]  # fmt: skip


@pytest.fixture
def signed(world: World, tmp_path: Path) -> Path:
    here = signed_documents.copied(world, tmp_path / "w")
    key = here.folder / "keys" / "a-osei.key"
    result = run(*signing(here, "--key", key, "--title", "President", "--at", "2026-11-25T12:00:00-05:00"))
    assert result.exit_code == 0, result.output
    shutil.copy(here.public("A. Osei"), here.folder / "ridge.pub.pem")
    return here.folder


def test_signed_then_verified(signed: Path) -> None:
    result = run("verify", signed / "signed.zip", "--key", signed / "ridge.pub.pem")
    assert result.exit_code == 0
    assert (
        result.output.startswith("VALID")
        and "A. Osei" in result.output
        and "2026-11-25T17:00:00+00:00" in result.output
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


def test_keys_are_private_and_never_overwritten(tmp_path: Path) -> None:
    signed = tmp_path
    assert run("attest", "key", "-o", signed / "ridge").exit_code == 0
    assert (signed / "ridge.key").stat().st_mode & 0o077 == 0
    before = (signed / "ridge.key").read_bytes()
    result = run("attest", "key", "-o", signed / "ridge.key")
    assert result.exit_code == 2 and "E486" in result.output
    assert (signed / "ridge.key").read_bytes() == before


def test_a_document_is_signed_once(signed: Path) -> None:
    again = signing(World(signed), "--key", signed / "keys" / "a-osei.key")
    result = run(*again)
    assert result.exit_code == 2 and "E424" in result.output and "signed by A. Osei before" in result.output


def test_a_bundle_that_is_missing_is_written_again_from_the_signature_that_the_case_keeps(
    signed: Path,
) -> None:
    world = World(signed)
    bundle = world.folder / "signed.zip"
    before = bundle.read_bytes()
    bundle.unlink()
    other = run(*signing(world, "--key", world.folder / "keys" / "kim-berg.key"))
    assert other.exit_code == 2 and "E424" in other.output and "signed by A. Osei before" in other.output
    assert not bundle.exists()
    again = run(*signing(world, "--key", world.folder / "keys" / "a-osei.key"))
    assert again.exit_code == 0, again.output
    assert "C-0001/DOC1 was signed by A. Osei at" in again.output and "Nothing was signed now" in again.output
    assert bundle.read_bytes() == before
    assert run(*signing(world, "--key", world.folder / "keys" / "a-osei.key")).exit_code == 2, (
        "a file is in its place"
    )


def test_a_bundle_is_written_again_as_it_was_though_the_roster_has_grown(signed: Path) -> None:
    world = World(signed)
    bundle = world.folder / "signed.zip"
    before = bundle.read_bytes()
    bundle.unlink()
    with world.cases() as cases:
        rostered.key(world.folder / "keys", "J. Ode")
        new = people.NewPerson("J. Ode", ["analyst"], world.folder / "keys" / "j-ode.pub.pem")
        people.enrol(cases.store, new, [world.key("Kim Berg"), world.key("Lee Okafor")])
    assert run(*signing(world, "--key", world.folder / "keys" / "a-osei.key")).exit_code == 0
    assert bundle.read_bytes() == before


def test_a_wrong_passphrase_a_missing_signer_and_two_keys_are_refused(world: World, tmp_path: Path) -> None:
    here = signed_documents.copied(world, tmp_path / "w")
    key = here.folder / "keys" / "a-osei.key"
    wrong = run(*signing(here, "--key", key), env={"PROSCRIBE_PASSPHRASE": "x" * 20})
    assert wrong.exit_code == 3 and "E482" in wrong.output
    nobody = run(*signing(here, "--key", key, by=" "))
    assert nobody.exit_code == 2 and "E425" in nobody.output
    assert "E484" in run(*signing(here)).output
    assert "E440" in run(*signing(here, "--key", key, "--at", "2026-11-25")).output
    both = run(*signing(here, "--key", key, "--at", "2026-11-25T12:00:00-05:00", "--signed-on", "2026-11-25"))
    assert both.exit_code == 2 and "--at or --signed-on" in both.output
    assert not (here.folder / "signed.zip").exists()


def test_the_signer_of_the_configuration_signs(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = signed_documents.copied(world, tmp_path / "w")
    (here.folder / "proscribe.toml").write_text(
        '[[people]]\nname = "A. Osei"\ntitle = "President"\nroles = ["signer"]\nkey = "keys/a-osei.key"\n'
    )
    monkeypatch.chdir(here.folder)
    monkeypatch.delenv("PROSCRIBE_USER", raising=False)
    monkeypatch.delenv("PROSCRIBE_KEY", raising=False)
    result = run(
        "attest",
        "sign",
        "C-0001/DOC1",
        "--store",
        "c.db",
        "-o",
        "s.zip",
        "--signed-on",
        "2026-11-25",
    )
    assert result.exit_code == 0, result.output
    told = json.loads(run("verify", "s.zip", "--key", here.public("A. Osei"), "-o", "json").output)
    assert (told["predicate"]["signedBy"], told["predicate"]["signedAs"]) == ("A. Osei", "President")
    assert told["predicate"]["signedAt"] == "2026-11-25T23:59:59+00:00"


def test_text_of_a_stranger_cannot_draw_on_the_terminal(signed: Path) -> None:
    signer = rostered.key(signed / "keys", "A. Osei")
    document = {
        "schema": "proscribe.paper.annual-representation/1",
        "type": "x\x1b[2J\x1b[31m",
        "state": "ready",
    }
    data = bundle_of(
        document,
        {"document.json": json.dumps(document).encode()},
        signer,
        signed_by="A\x1b[2J",
        signed_at="2026-11-25T12:00:00+00:00",
    )
    (signed / "s.zip").write_bytes(data)
    told = run("verify", signed / "s.zip", "--key", signed / "ridge.pub.pem").output
    assert "[2J" in told and "\x1b" not in told


@pytest.mark.parametrize("there", ["ridge.key", "ridge.pub.pem"])
def test_half_a_pair_of_keys_is_never_written(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("precious")
    result = run("attest", "key", "-o", tmp_path / "ridge")
    assert result.exit_code == 2 and "E486" in result.output
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text() == "precious"
