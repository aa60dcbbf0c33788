"""An auditor with a bundle and the original files: scans come out again, or it is said what differs and what is missing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import rostered
import signed_documents
from click.testing import CliRunner, Result
from forging import cut, forged
from signed_documents import AT, World

import proscribe
from proscribe.app.case.cases import open_cases
from proscribe.app.keys.signing import bundle_of
from proscribe.app.store.desk import Inputs
from proscribe.attestations import unpack
from proscribe.cli.main import cli

CAMERAS = "Tag,Manufacturer,Model,Site\nA-1,Hikvision,DS-2CD2143G2-I,Mill Lane\nA-2,Axis,P3265-LV,Mill Lane\nA-3,Dahua,IPC-HFW5442E-ZE,Depot\n"
Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("originals")
    (folder / "cameras.csv").write_text(CAMERAS, encoding="utf-8")
    return folder


def scanned(originals: Path, **more: Any) -> bytes:
    made = proscribe.scan([originals / "cameras.csv"], as_of="2026-11-25", known_as_of="2026-11-25", **more)
    return made.to_json().encode()


def bundled(
    folder: Path, content: bytes, inputs: Inputs | None = None, knowledge: tuple[str, ...] = ()
) -> Path:
    """Export a case over a scan, signed."""
    (folder / "keys").mkdir(parents=True)
    with open_cases(folder / "c.db", create=True, now=lambda: AT, knowledge=knowledge) as cases:
        cases.open_from_scan(
            content,
            "scan.json",
            by="Sam Lind",
            title="t",
            zone="UTC",
            as_of=date(2026, 11, 25),
            inputs=inputs,
        )
        cases.export(
            "C-0001", folder / "case.zip", rostered.key(folder / "keys", "A. Osei"), signed_by="A. Osei"
        )
    return folder / "case.zip"


def verified(bundle: Path, *words: str | Path) -> Result:
    key = bundle.parent / "keys" / "a-osei.pub.pem"
    return CliRunner().invoke(
        cli, ["verify", str(bundle), "--key", str(key), *map(str, words)], catch_exceptions=False
    )


def test_a_scan_comes_out_again_under_any_name(originals: Path, tmp_path: Path) -> None:
    bundle = bundled(tmp_path / "b", scanned(originals))
    elsewhere = tmp_path / "received" / "deep"
    elsewhere.mkdir(parents=True)
    shutil.copy(originals / "cameras.csv", elsewhere / "renamed.bin")
    done = verified(bundle, "--replay", elsewhere.parent)
    assert done.exit_code == 0 and done.output.startswith("VALID"), done.output
    assert "comes out again from its 1 file, found by digest" in done.output


def test_an_original_with_one_byte_changed_is_missing_and_named(originals: Path, tmp_path: Path) -> None:
    bundle = bundled(tmp_path / "b", scanned(originals))
    other = tmp_path / "received"
    other.mkdir()
    (other / "cameras.csv").write_text(CAMERAS.replace("Axis", "Axiz"), encoding="utf-8")
    done = verified(bundle, "--replay", other)
    assert (
        done.exit_code == 3
        and "cameras.csv" in done.output
        and "is not at hand, or has changed" in done.output
    )


@pytest.mark.parametrize(
    "change",
    [cut, lambda value: cut(value, "A-3"), lambda value: value["findings"][0].update(band="possible")],
)
def test_a_scan_forged_before_it_came_into_the_store(originals: Path, tmp_path: Path, change: Change) -> None:
    bundle = bundled(tmp_path / "b", forged(json.loads(scanned(originals)), change))
    assert verified(bundle).exit_code == 0, "nothing in the bundle shows it"
    done = verified(bundle, "--replay", originals)
    assert (
        done.exit_code == 1
        and done.output.startswith("NOT VALID")
        and "does not come out again" in done.output
    )
    assert "forged" not in done.output


def test_another_version_is_called_so(originals: Path, tmp_path: Path) -> None:
    def other(value: dict[str, Any]) -> None:
        value["proscribe"] = "0.0.9"

    done = verified(
        bundled(tmp_path / "b", forged(json.loads(scanned(originals)), other)), "--replay", originals
    )
    assert done.exit_code == 0 and "made by version 0.0.9" in done.output, done.output

    def fewer(value: dict[str, Any]) -> None:
        other(value)
        cut(value, "A-3")

    done = verified(
        bundled(tmp_path / "c", forged(json.loads(scanned(originals)), fewer)), "--replay", originals
    )
    assert done.exit_code == 1 and done.output.startswith("AS SIGNED, NOT ALL COMPARED")
    assert (
        "other version (0.0.9" in done.output and "A-3" in done.output and "forged" not in done.output.lower()
    )


def test_the_knowledge_is_kept_in_the_bundle_or_said_to_be_missing(originals: Path, tmp_path: Path) -> None:
    layer = tmp_path / "judged.yml"
    layer.write_text(
        "suppressions:\n  - {entity: dahua, record_id: A-3, reason: opened and photographed, by: R. Ito, at: 2026-11-20}\n",
        encoding="utf-8",
    )
    content = scanned(originals, knowledge=[str(layer)])
    without = bundled(tmp_path / "b", content)
    kept = bundled(tmp_path / "c", content, Inputs((originals,)), (str(layer),))
    done = verified(without, "--replay", originals, "--knowledge", layer)
    assert done.exit_code == 0, done.output
    layer.unlink()
    done = verified(without, "--replay", originals)
    assert done.exit_code == 4 and "the knowledge" in done.output and "judged.yml" in done.output
    done = verified(kept, "--replay", originals)
    assert done.exit_code == 0 and "comes out again" in done.output, done.output


def test_no_link_is_followed_to_an_original(originals: Path, tmp_path: Path) -> None:
    bundle = bundled(tmp_path / "b", scanned(originals))
    linked = tmp_path / "received"
    linked.mkdir()
    (linked / "cameras.csv").symlink_to(originals / "cameras.csv")
    assert verified(bundle, "--replay", linked).exit_code == 3


def test_an_unsigned_case_is_checked_and_never_valid(originals: Path, tmp_path: Path) -> None:
    folder = tmp_path / "b"
    folder.mkdir()
    with open_cases(folder / "c.db", create=True, now=lambda: AT) as cases:
        cases.open_from_scan(scanned(originals), "scan.json", by="Sam Lind", title="t", zone="UTC")
        cases.export("C-0001", folder / "case.zip")
    done = CliRunner().invoke(cli, ["verify", str(folder / "case.zip"), "--replay", str(originals)])
    assert (
        done.exit_code == 1 and "It carries no signature" in done.output and "comes out again" in done.output
    )
    named = CliRunner().invoke(cli, ["verify", str(folder / "case.zip"), "--fingerprint", "ab" * 8])
    assert named.exit_code == 1 and named.output.startswith("NOT VALID")


def test_a_backup_is_restored_when_it_is_verified(originals: Path, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    with open_cases(tmp_path / "c.db", create=True, now=lambda: AT) as cases:
        cases.open_from_scan(scanned(originals), "scan.json", by="Sam Lind", title="t", zone="UTC")
        cases.backup(tmp_path / "all.zip", rostered.key(tmp_path / "keys", "A. Osei"), signed_by="A. Osei")
    done = verified(tmp_path / "all.zip")
    assert done.exit_code == 0 and "restores into a store" in done.output


# The bundle of one document


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = signed_documents.begun(tmp_path_factory.mktemp("world"), ("md",))
    made.sign()
    return made


def test_the_bundle_of_a_document_says_who_made_approved_and_signed_it(world: World) -> None:
    done = CliRunner().invoke(
        cli, ["verify", str(world.folder / "signed.zip"), "--key", str(world.public("A. Osei")), "--roster"]
    )
    assert done.exit_code == 0, done.output
    for says in (
        "proved     2026-11-25 Sam Lind: document stored: DOC1 (C-0001); P1, analyst",
        "proved     2026-11-25 Kim Berg: document approved: DOC1 (C-0001); P2, approver",
        "proved     2026-11-25 A. Osei: document signed: DOC1 (C-0001); P4, signer",
        ", as C-0001/DOC1 of store ",
    ):
        assert says in done.output, says


def test_the_scan_of_a_document_is_found_by_its_digest_and_run_again(world: World, tmp_path: Path) -> None:
    bundle, key = world.folder / "signed.zip", world.public("A. Osei")
    words = ["verify", str(bundle), "--key", str(key), "--replay", str(tmp_path)]
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 3 and "the bundle of its case holds it" in done.output
    assert "proscribe case export CASE case.zip" in " ".join(done.output.split())
    shutil.copy(world.folder / "assets.csv", tmp_path)
    (tmp_path / "any.json").write_bytes(
        signed_documents.scanned(world.folder, "assets.csv", signed_documents.CLEAN)
    )
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 0 and "comes out again" in done.output, done.output


def resigned(world: World, tmp_path: Path, by: str, key: str, **changes: bytes) -> Result:
    """Sign the files of a document anew with somebody's key, under a statement of the forger's own."""
    content = unpack((world.folder / "signed.zip").read_bytes())
    files = dict(content.files) | {f"{name}.jsonl": data for name, data in changes.items()}
    from proscribe.app.keys.signing import Place
    from proscribe.attestations.verify import verify_bundle

    said = verify_bundle((world.folder / "signed.zip").read_bytes()).predicate["standsIn"]
    place = Place(said["document"], said["store"], said["eventLogHead"], said["events"], AT)
    data = json.loads(files["document.json"])
    made = bundle_of(data, files, world.key(key), signed_by=by, signed_at=AT.isoformat(), stands_in=place)
    (tmp_path / "forged.zip").write_bytes(made)
    return CliRunner().invoke(
        cli, ["verify", str(tmp_path / "forged.zip"), "--key", str(world.public(key)), "--roster"]
    )


@pytest.mark.parametrize(
    ("by", "key", "says"),
    [
        ("A. Osei", "Lee Okafor", "Lee Okafor is no signer"),
        ("Lee Okafor", "A. Osei", "the key is that of A. Osei"),
        ("A. Osei", "Eve Stone", "is not of the roster"),
    ],
)
def test_a_bundle_signed_anew_with_another_key(
    world: World, tmp_path: Path, by: str, key: str, says: str
) -> None:
    done = resigned(world, tmp_path, by, key)
    assert done.exit_code == 1 and done.output.startswith("NOT VALID") and says in done.output


def test_a_roster_that_was_edited_or_that_is_of_another_store(world: World, tmp_path: Path) -> None:
    people = dict(unpack((world.folder / "signed.zip").read_bytes()).files)["people.jsonl"]
    for changed in (people.replace(b"signer", b"analyst"), b"{}\n", people.replace(b"Kim Berg", b"Kim Borg")):
        assert changed != people
        done = resigned(world, tmp_path, "A. Osei", "A. Osei", people=changed)
        assert done.exit_code == 1
        assert "people.jsonl holds no events" in done.output
    (tmp_path / "other").mkdir()
    other = signed_documents.begun(tmp_path / "other", ("md",))
    theirs = dict(unpack(other.sign().read_bytes()).files)["people.jsonl"]
    done = resigned(world, tmp_path, "A. Osei", "A. Osei", people=theirs)
    assert (
        done.exit_code == 1
        and done.output.startswith("NOT VALID")
        and "changes nothing of the roster" in done.output
    )
