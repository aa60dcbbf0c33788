"""Attack 8: a countersignature shows the countersigner's own name, and nobody else's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rostered
import signed_documents
from click.testing import CliRunner, Result
from signed_documents import World

from proscribe.attestations import Signer, pack, unpack
from proscribe.cli.main import cli
from proscribe.model.canonical import canonical_json

ENV = {"PROSCRIBE_PASSPHRASE": rostered.PASSPHRASE}


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], env=ENV, catch_exceptions=False)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = signed_documents.begun(tmp_path_factory.mktemp("world"), ("md",))
    made.sign()
    made.key("Eve Stone")
    return made


def countersigned(world: World, target: Path, by: str, *more: str, key: str = "") -> Result:
    stem = (key or by).replace(" ", "-").replace(".", "").lower()
    return run("attest", "countersign", world.folder / "signed.zip", "--key", world.folder / "keys" / f"{stem}.key", "--by", by,
               "--title", "General counsel", "-o", target, *more)  # fmt: skip


def test_the_countersigner_is_shown_with_name_title_and_key(world: World, tmp_path: Path) -> None:
    both = tmp_path / "both.zip"
    assert countersigned(world, both, "Kim Berg").exit_code == 0
    done = run("verify", both, "--key", world.public("Kim Berg"), "--roster")
    assert done.exit_code == 0 and done.output.startswith("VALID"), done.output
    kim = world.key("Kim Berg").key_id
    assert "countersigned: Countersigned by Kim Berg, General counsel, at " in done.output
    assert f"with a key you trust: {kim}" in done.output
    assert "Whose key the signature of A. Osei is was not checked" in done.output
    assert f"Signed with a key you trust: {kim}" not in done.output
    assert "Kim Berg: document countersigned: DOC1 (C-0001); P2, approver" in done.output
    said = json.loads(run("verify", both, "--key", world.public("A. Osei"), "-o", "json").output)
    assert (said["predicate"]["signedBy"], said["countersignatures"][0]["signedBy"]) == (
        "A. Osei",
        "Kim Berg",
    )
    assert said["key_ids"] == [world.key("A. Osei").key_id] and said["answer"] == "valid"


@pytest.mark.parametrize(
    ("by", "key", "says"),
    [
        ("A. Osei", "Kim Berg", "A. Osei countersigns what A. Osei signed"),
        ("Dr. Sam Lind", "Kim Berg", "Sam Lind prepared"),
        ("Kim Berg", "A. Osei", "signed with this key already"),
    ],
)
def test_who_signed_or_prepared_it_does_not_countersign(
    world: World, tmp_path: Path, by: str, key: str, says: str
) -> None:
    done = countersigned(world, tmp_path / "no.zip", by, key=key)
    assert done.exit_code == 2 and "E488" in done.output and says in " ".join(done.output.split())
    assert not (tmp_path / "no.zip").exists()


def test_anothers_name_over_a_key_of_the_roster(world: World, tmp_path: Path) -> None:
    assert countersigned(world, tmp_path / "b.zip", "Lee Okafor", key="Kim Berg").exit_code == 0
    done = run("verify", tmp_path / "b.zip", "--key", world.public("Kim Berg"))
    assert (
        done.exit_code == 1
        and "the key is that of Kim Berg, and the statement names Lee Okafor" in done.output
    )


def test_a_stranger_with_a_key_is_not_of_the_roster(world: World, tmp_path: Path) -> None:
    assert countersigned(world, tmp_path / "b.zip", "Eve Stone").exit_code == 0
    done = run("verify", tmp_path / "b.zip", "--key", world.public("A. Osei"))
    assert done.exit_code == 1 and "Eve Stone: the key is not of the roster" in done.output


def test_before_the_signature_and_of_a_changed_bundle(world: World, tmp_path: Path) -> None:
    early = countersigned(world, tmp_path / "b.zip", "Kim Berg", "--at", "2026-11-25T10:00:00+00:00")
    assert early.exit_code == 2 and "before it was signed" in " ".join(early.output.split())
    content = unpack((world.folder / "signed.zip").read_bytes())
    files = dict(content.files)
    name = next(one for one in files if one.endswith(".md"))
    files[name] += b"\n"
    (tmp_path / "changed.zip").write_bytes(pack(files, content.envelope, content.keys))
    done = run("attest", "countersign", tmp_path / "changed.zip", "--key", world.folder / "keys" / "kim-berg.key", "--by", "Kim Berg",
               "-o", tmp_path / "no.zip")  # fmt: skip
    assert done.exit_code == 2 and "changed after signing" in " ".join(done.output.split())


def test_a_case_is_not_countersigned(world: World, tmp_path: Path) -> None:
    with world.cases() as cases:
        cases.export("C-0001", tmp_path / "case.zip", world.key("A. Osei"), signed_by="A. Osei")
    done = run("attest", "countersign", tmp_path / "case.zip", "--key", world.folder / "keys" / "kim-berg.key", "--by", "Kim Berg",
               "-o", tmp_path / "no.zip")  # fmt: skip
    assert done.exit_code == 3 and "E487" in done.output


def second_signature(bundle: bytes, signer: Signer) -> bytes:
    """Put a further signature into the envelope itself: whose it is, nothing says."""
    from securesystemslib.dsse import Envelope

    content = unpack(bundle)
    envelope = Envelope.from_dict(json.loads(content.envelope))
    envelope.sign(signer.secure)
    data = canonical_json(envelope.to_dict()).encode()
    return pack(content.files, data, {**content.keys, signer.key_id: signer.public_pem.encode()})


def test_a_further_signature_in_the_envelope_is_not_that_of_the_signer(world: World, tmp_path: Path) -> None:
    made = second_signature((world.folder / "signed.zip").read_bytes(), world.key("Kim Berg"))
    (tmp_path / "two.zip").write_bytes(made)
    done = run("verify", tmp_path / "two.zip", "--key", world.public("Kim Berg"))
    assert done.exit_code == 1 and done.output.startswith("INTACT, SIGNER NOT CHECKED"), done.output
    assert "the statement names A. Osei and not the holder of that key" in done.output
    assert run("verify", tmp_path / "two.zip", "--key", world.public("A. Osei")).exit_code == 0


def test_a_countersignature_of_another_bundle(world: World, tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    other = signed_documents.begun(tmp_path / "w", ("md",))
    other.sign()
    assert countersigned(other, tmp_path / "theirs.zip", "Kim Berg").exit_code == 0
    theirs, ours = (
        unpack((tmp_path / "theirs.zip").read_bytes()),
        unpack((world.folder / "signed.zip").read_bytes()),
    )
    (key_id,) = theirs.countersignatures
    keys = {**ours.keys, key_id: theirs.keys[key_id]}
    (tmp_path / "moved.zip").write_bytes(
        pack(ours.files, ours.envelope, keys, None, theirs.countersignatures)
    )
    done = run("verify", tmp_path / "moved.zip", "--key", world.public("A. Osei"))
    assert done.exit_code == 1 and "about another signature than that of this bundle" in done.output
