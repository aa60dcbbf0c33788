"""Lists in the shape of what the program writes or keeps: they are evidence, and what it wrote itself is not."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import signed_documents as signed

from proscribe.app.api import scan
from proscribe.readers.sources import expand

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


def store_with_more(folder: Path, world: signed.World, name: str = "list.db") -> str:
    shutil.copy(world.folder / "c.db", folder / name)
    with closing(sqlite3.connect(folder / name)) as store:
        store.execute("create table assets (maker text)")
        store.execute("insert into assets values ('Hikvision')")
        store.commit()
    return name


def database_under_our_name(folder: Path, world: signed.World) -> str:
    return store_with_more(folder, world, "proscribe-cases.db")


@pytest.mark.parametrize("way", [
    answer_of_ours, scan_with_more, document_of_little, bundle_with_more, bundle_of_another_list, store_with_more,
    database_under_our_name,
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
