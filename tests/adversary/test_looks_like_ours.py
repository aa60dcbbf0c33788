"""Lists in the shape of what the program writes or keeps: they are evidence, and what it wrote itself is not."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import signed_documents as signed
import yaml
from click.testing import CliRunner

import proscribe
from proscribe.app.scan.api import scan
from proscribe.cli.main import cli
from proscribe.documents.evidence import left_out, unseen
from proscribe.model.papers import ScanInput
from proscribe.readers.sources import expand
from proscribe.wording.html import MARK

DIGEST = "2d711642b726" + "0" * 52

CAMERA = {"Tag": "A1", "Manufacturer": "Hikvision", "Model": "DS-2CD2143G2-I"}
TABLE = "Tag,Manufacturer,Model\nA1,Hikvision,DS-2CD2143G2-I\n"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> signed.World:
    """A store, a scan, and a signed bundle that the program wrote."""
    made = signed.begun(tmp_path_factory.mktemp("made"))
    made.sign()
    (made.folder / "scan.json").write_bytes(signed.scanned(made.folder, "assets.csv", signed.CLEAN))
    with zipfile.ZipFile(made.folder / "signed.zip") as bundle:
        (made.folder / "document.json").write_bytes(bundle.read("files/document.json"))
    return made


def answer_of_ours(folder: Path, world: signed.World) -> str:
    (folder / "list.json").write_text(json.dumps({"schema": "proscribe.assets/1", "assets": [CAMERA]}))
    return "list.json"


def scan_with_more(folder: Path, world: signed.World) -> str:
    value = json.loads((world.folder / "scan.json").read_bytes())
    (folder / "list.json").write_text(json.dumps({**value, "assets": [CAMERA]}))
    return "list.json"


def document_of_little(folder: Path, world: signed.World) -> str:
    value = {"schema": "proscribe.paper.annual-representation/1", "assets": [CAMERA]}
    (folder / "list.json").write_text(json.dumps(value))
    return "list.json"


def bundle_with_more(folder: Path, world: signed.World) -> str:
    shutil.copy(world.folder / "signed.zip", folder / "list.zip")
    with zipfile.ZipFile(folder / "list.zip", "a") as bundle:
        bundle.writestr("files/cameras.csv", TABLE)
    return "list.zip"


def bundle_of_another_list(folder: Path, world: signed.World) -> str:
    with (
        zipfile.ZipFile(world.folder / "signed.zip") as old,
        zipfile.ZipFile(folder / "list.zip", "w") as new,
    ):
        for one in old.namelist():
            new.writestr(one, TABLE if one.endswith("people.jsonl") else old.read(one))
    return "list.zip"


def store_with_more(
    folder: Path,
    world: signed.World,
    name: str = "list.db",
    held: str = "",
    made: str = "create table assets (maker text)",
) -> str:
    if not held:
        shutil.copy(world.folder / "c.db", folder / name)
    with closing(sqlite3.connect(folder / name)) as store:
        store.execute(made)
        store.execute("insert into assets values ('Hikvision')")
        store.commit()
    return name


def store_with_more_at_its_end(folder: Path, world: signed.World) -> str:
    """The names of tables stand far behind the beginning of the file, where the pages before are full."""
    shutil.copy(world.folder / "c.db", folder / "list.db")
    with closing(sqlite3.connect(folder / "list.db")) as store:
        store.execute("insert into meta values ('pad', ?)", ("x" * 3_000_000,))
        for number in range(40):
            store.execute(f"create index long_{number} on notes (case_id) where case_id <> '{'y' * 900}'")
        store.commit()
    return store_with_more(folder, world, held="list.db")


def store_with_a_comment(folder: Path, world: signed.World) -> str:
    return store_with_more(folder, world, made="create table/**/assets (maker text)")


def database_under_our_name(folder: Path, world: signed.World) -> str:
    return store_with_more(folder, world, "proscribe-cases.db")


@pytest.mark.parametrize("way", [
    answer_of_ours, scan_with_more, document_of_little, bundle_with_more, bundle_of_another_list, store_with_more,
    store_with_more_at_its_end, store_with_a_comment, database_under_our_name,
])  # fmt: skip
def test_a_list_in_the_shape_of_what_we_write_is_read(
    tmp_path: Path, world: signed.World, way: Callable[[Path, signed.World], str]
) -> None:
    (tmp_path / "assets.csv").write_text("Tag,Manufacturer,Model\nA-2,Axis,P3245-LV\n")
    name = way(tmp_path, world)
    assert any(one.display.endswith(name) for one in expand([tmp_path]).sources)
    found = scan(tmp_path, as_of="2026-11-25")
    assert any(one.entity == "hikvision" for one in found.findings) or not found.complete


def test_what_the_program_wrote_is_left_out(world: signed.World) -> None:
    """A store with all its tables, a scan, a document and a bundle lie beside the list."""
    read = {Path(one.display).name for one in expand([world.folder]).sources}
    assert read == {"assets.csv", "said.yml"}


def typed(world: signed.World) -> dict[str, bytes]:
    """Give lists under marks of ours that anybody can type."""
    bundle = io.BytesIO()
    payload = base64.b64encode(
        json.dumps(
            {"subject": [{"name": "a.csv", "digest": {"sha256": hashlib.sha256(TABLE.encode()).hexdigest()}}]}
        ).encode()
    ).decode()
    with zipfile.ZipFile(bundle, "w") as made:
        made.writestr("README.txt", "A signed bundle of Proscribe.\n")
        made.writestr("attestation.dsse.json", json.dumps({"payload": payload}))
        made.writestr("files/a.csv", TABLE)
    page = b"<table><tr><td>Hikvision</td><td>DS-2CD2143G2-I</td></tr></table>"
    mark = MARK.format(hashlib.sha256(page).hexdigest())
    named = f"annual-representation-{DIGEST[:12]}"
    scan_of_more = json.loads((world.folder / "scan.json").read_bytes())
    return {
        "list.json": json.dumps({"schema": "proscribe.clock/1", "assets": [CAMERA]}).encode(),
        "scan.json": json.dumps({**scan_of_more, "not_checked": [TABLE]}).encode(),
        "list.md": f"{TABLE}\n{named} \u00b7 SHA-256 of its data {DIGEST}\n".encode(),
        "list.html": page + f"<!-- {mark} -->".encode(),
        "list.zip": bundle.getvalue(),
        "proscribe.facts.yml": yaml.safe_dump({"title": "CCTV", "records": [CAMERA]}).encode(),
        ".git/list.csv": TABLE.encode(),
        ".git/description": TABLE.encode(),
    }


@pytest.mark.parametrize("packed", [False, True])
def test_a_list_under_marks_that_anybody_can_type_is_read(
    tmp_path: Path, world: signed.World, packed: bool
) -> None:
    for name, content in typed(world).items():
        folder = tmp_path / name.replace("/", "-")
        (folder / ".git" / "objects").mkdir(parents=True)
        (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
        (folder / "assets.csv").write_text("Tag,Manufacturer,Model\nA-2,Axis,P3245-LV\n")
        (folder / name).write_bytes(content)
        place = shutil.make_archive(str(folder), "zip", folder) if packed else folder
        found = scan(place, as_of="2026-11-25")
        assert {one.entity for one in found.findings} == {"hikvision"}, name


def test_what_tells_of_a_firm_as_the_lists_beside_it_do_stands_as_not_read(tmp_path: Path) -> None:
    (tmp_path / "assets.csv").write_text(TABLE)
    alone = scan(tmp_path, as_of="2026-11-25")
    (tmp_path / "scan.json").write_text(alone.to_json())
    again = scan(tmp_path, as_of="2026-11-25")
    assert len(again.findings) == len(alone.findings) == 1 and alone.complete and not again.complete
    (told,) = [one for one in again.issues if one.code == "E105"]
    assert told.lossy and "Hikvision" in told.what


FACTS = """\
facts: {party.jurisdiction: US, party.role: prime_contractor, act.kind: use, use.by: the_entity}
entities: {hikvision: {item.kind: video_surveillance_equipment}}
"""


def folder_with_facts(folder: Path, facts: str, name: str = "proscribe.facts.yml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "assets.csv").write_text(TABLE)
    (folder / name).write_text(facts)
    return folder


def test_facts_that_name_a_firm_as_facts_do_stand_against_nothing(tmp_path: Path) -> None:
    plain = unseen(read_as_evidence(folder_with_facts(tmp_path / "a", "")))
    found = read_as_evidence(folder_with_facts(tmp_path / "b", FACTS))
    assert [text.replace("/b/", "/a/") for _, text in unseen(found)] == [text for _, text in plain]
    assert any("proscribe.facts.yml (SHA-256" in text for text in left_out(found))


@pytest.mark.parametrize(
    "more",
    [
        "# Hikvision DS-2CD2143G0-I at the gate\n",
        "title: Hikvision recorder in the cellar\n",
        "sites: {Hikvision DS-7608 room: {use.by: landlord}}\n",
        "lists: {b.csv: {item.brand: Hikvision DS-2CD2143G0-I}}\n",
        "findings: {hikvision DS-2CD2143G0-I: {use.by: landlord}}\n",
        "things: {hikvision/storage@Hikvision store: {use.by: landlord}}\n",
        "suppliers: {x: &hikvision {use.by: landlord}}\n",
    ],
)
def test_what_facts_tell_of_a_firm_beside_them_stands_as_not_read(tmp_path: Path, more: str) -> None:
    found = scan(folder_with_facts(tmp_path / "a", FACTS + more), as_of="2026-11-25")
    (told,) = [one for one in found.issues if one.code == "E105"]
    assert told.lossy and "Take this file out of what is scanned, and scan again" in told.what


@pytest.mark.parametrize("name", ["proscribe.facts.yml", "said.yml"])
def test_facts_that_the_same_command_is_given_stand_against_nothing(tmp_path: Path, name: str) -> None:
    facts = f"# Hikvision cameras at the gate\n{FACTS}"
    folder = folder_with_facts(tmp_path / "a", facts, name)
    (folder / "proscribe.company.yml").write_text(facts)
    made = tmp_path / "answer.json"
    done = CliRunner().invoke(
        cli, ["scan", str(folder), "--no-config", "--quiet", "--decide", str(folder / name), "-o", f"json={made}"],
        prog_name="proscribe",
    )  # fmt: skip
    assert done.exit_code == 1, done.output
    found = ScanInput(json.loads(made.read_text()))
    assert not [text for _, text in unseen(found) if ".yml" in text]
    assert len(left_out(found)) == 2, "one of its name, and one that is it to the byte"


def test_what_tells_nothing_is_left_out_and_named_with_its_digest(world: signed.World) -> None:
    found = read_as_evidence(world.folder)
    digest = hashlib.sha256((world.folder / "scan.json").read_bytes()).hexdigest()
    assert any(text.endswith(f"scan.json (SHA-256 {digest})") for text in left_out(found))


def left_by_systems(folder: Path) -> None:
    """Write what file managers, office programs and git leave in a folder."""
    (folder / ".DS_Store").write_bytes(b"\0\0\0\x01Bud1" + b"\0" * 6000)
    (folder / "._assets.csv").write_bytes(b"\x00\x05\x16\x07\x00\x02" + b"\0" * 90)
    (folder / "Thumbs.db").write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Catalog".encode("utf-16-le")
    )
    (folder / "desktop.ini").write_text("[.ShellClassInfo]\r\nIconResource=folder.ico,0\r\n", newline="")
    (folder / "~$assets.xlsx").write_bytes(b"\x05Owner".ljust(165))
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    index, tree = b"DIRC\0\0\0\x02\0\0\0\0", b"tree 4\0abcd"
    (folder / ".git" / "index").write_bytes(index + hashlib.sha1(index, usedforsecurity=False).digest())
    name = hashlib.sha1(tree, usedforsecurity=False).hexdigest()
    objects = folder / ".git" / "objects" / name[:2]
    objects.mkdir(parents=True)
    (objects / name[2:]).write_bytes(zlib.compress(tree))


def test_what_systems_leave_in_a_folder_stands_against_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "assets.csv").write_text("Tag,Manufacturer,Model\nA-2,Axis,P3245-LV\n")
    plain = unseen(read_as_evidence(folder))
    left_by_systems(folder)
    found = read_as_evidence(folder)
    assert unseen(found) == plain
    assert {Path(path).name for path in left_out(found)} == {
        ".DS_Store", "._assets.csv", "Thumbs.db", "desktop.ini", "~$assets.xlsx", ".git",
    }  # fmt: skip
    shutil.make_archive(str(tmp_path / "packed"), "zip", folder)
    packed = proscribe.scan(tmp_path / "packed.zip", as_of="2026-11-25")
    assert packed.complete and not any(one.code == "E118" for one in packed.scan.inputs[0].issues)


@pytest.mark.parametrize("name", [".assets.csv", "Thumbs.db", "desktop.ini", "._assets.csv", "~$assets.csv"])
def test_a_list_under_a_hidden_name_is_read_wherever_it_lies(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / name).write_text(TABLE)
    shutil.make_archive(str(tmp_path / "packed"), "zip", folder)
    found = [
        proscribe.scan(place, as_of="2026-11-25")
        for place in (folder, folder / name, tmp_path / "packed.zip")
    ]
    assert [len(one.findings) for one in found] == [len(found[0].findings)] * 3 and found[0].findings


def test_a_list_in_a_hidden_folder_stands(tmp_path: Path) -> None:
    (tmp_path / "assets.csv").write_text("Tag,Manufacturer,Model\nA-2,Axis,P3245-LV\n")
    plain = unseen(read_as_evidence(tmp_path))
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "list.csv").write_text(TABLE)
    assert len(unseen(read_as_evidence(tmp_path))) == len(plain) + 1


def read_as_evidence(folder: Path) -> ScanInput:
    return ScanInput(json.loads(proscribe.scan(folder, as_of="2026-11-25").to_json()))


def handed_in(tmp_path: Path, found: dict[str, bytes]) -> tuple[list[str], list[str]]:
    """Give what is read and what is left of files that are named one by one."""
    for name, content in found.items():
        (tmp_path / name).write_bytes(content)
    listed = expand([tmp_path / name for name in found])
    return [Path(one.display).name for one in listed.sources], [Path(one.display).name for one in listed.own]


def test_what_systems_keep_is_left_where_it_is_named_by_itself(tmp_path: Path) -> None:
    left_by_systems(tmp_path)
    pictures = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    kept = {
        **{one.name: one.read_bytes() for one in tmp_path.iterdir() if one.is_file()},
        "~$stock.docx": b"\x0dAnna Kowalska"
        + b" " * 41
        + b"\x0d\0"
        + "Anna Kowalska".encode("utf-16-le")
        + b" \0" * 20,
        "~$later.xlsx": b"\x05Marta".ljust(166, b"\0"),
    }
    assert handed_in(tmp_path, kept) == ([], list(kept))
    assert handed_in(tmp_path, {"Thumbs.db": pictures + "256_3fa85f6457174562".encode("utf-16-le")})[0] == []
    assert handed_in(tmp_path, {"Thumbs.db": pictures})[0] == []
    # such content under another name, and a list under such a name
    read = {
        "scan.xlsx": kept["~$stock.docx"],
        "list.db": pictures,
        "Thumbs.db": TABLE.encode(),
        "~$a.csv": TABLE.encode(),
    }
    assert handed_in(tmp_path, read) == (list(read), [])
    longer = {
        "~$a.xlsx": b"\x05Marta" + TABLE.encode(),
        "Thumbs.db": pictures + b"Hikvision DS-2CD2143",
        "desktop.ini": b"\x01A",
    }
    assert handed_in(tmp_path, longer) == (list(longer), [])
