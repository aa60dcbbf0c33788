"""One tree, one set of bytes; a foreign file is bounded, checked and never trusted."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.kb import Snapshot, open_knowledge
from proscribe.kb.build import build, packed
from proscribe.kb.members import digest_of
from proscribe.kb.records import TABLES
from proscribe.kb.source import read_tree
from proscribe.model.errors import KnowledgeError
from proscribe.model.periods import AsOf

from .conftest import Tree, edited

TODAY = date(2026, 11, 25)


def test_building_twice_gives_the_same_bytes(tree: Tree) -> None:
    assert packed(read_tree(tree(name="a")))[0] == packed(read_tree(tree(name="b")))[0]


def test_the_digest_follows_the_content_not_the_file(tree: Tree, tmp_path: Path) -> None:
    first = build(tree(name="a"), tmp_path / "a.zip")
    comment = edited("ownership.csv", "sold", "sold on")
    assert build(tree(comment, "b"), tmp_path / "b.zip")["sha256"] != first["sha256"]
    renamed = {"sources/gov.yml": None, "sources/law.yml": read_text(tree(name="a") / "sources/gov.yml")}
    assert build(tree(renamed, "c"), tmp_path / "c.zip")["sha256"] == first["sha256"]


def read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_a_file_and_its_tree_answer_alike(tree: Tree, tmp_path: Path) -> None:
    root = tree()
    build(root, tmp_path / "k.zip")
    from_file, from_tree = Snapshot.open(tmp_path / "k.zip"), Snapshot.open(root)
    assert from_file.manifest == from_tree.manifest
    for table in TABLES:
        assert from_file.table(table) == from_tree.table(table)
        assert from_file.manifest.counts[table] == len(from_file.table(table)) > 0
    assert from_file.documents() == from_tree.documents()
    assert list(from_file.documents("regimes/")) == [
        "regimes/us-889/regime",
        "regimes/us-889/text/sec-889.md",
    ]
    from_file.check()
    assert from_file.manifest.version == "2026.11.25"


def test_rows_have_every_field_in_its_kind(tree: Tree) -> None:
    snapshot = Snapshot.open(tree())
    row = next(row for row in snapshot.table("names") if row["id"] == "name:hikvision/hikvision")
    assert (row["typos"], row["examples"], row["valid_to"], row["entity"]) == (
        True,
        ["CCTV HIKVision"],
        "",
        "hikvision",
    )
    assert set(row) == set(TABLES["names"].columns)
    assert [row["id"] for row in snapshot.table("entities")] == ["dahua", "ezviz", "hikvision", "lorex"]


def test_what_is_missing_says_so(tree: Tree, tmp_path: Path) -> None:
    snapshot = Snapshot.open(tree())
    with pytest.raises(KeyError, match="did you mean 'models'"):
        snapshot.table("model")
    with pytest.raises(KnowledgeError, match="context/word") as caught:
        snapshot.document("context/word")
    assert caught.value.code == "E228" and "context/words" in caught.value.next_step
    os.mkfifo(tmp_path / "pipe.zip")
    for name in ("none.zip", "pipe.zip"):
        with pytest.raises(KnowledgeError) as caught:
            Snapshot.open(tmp_path / name)
        assert (caught.value.code, caught.value.exit_code) == ("E201", 4)


def test_a_tree_with_errors_is_refused_with_their_places(tree: Tree) -> None:
    root = tree(edited("ownership.csv", "2018-02-06", "soon"))
    with pytest.raises(KnowledgeError, match=r"ownership\.csv:2: E212") as caught:
        Snapshot.open(root)
    assert "kb lint" in caught.value.next_step


# Two dates


def test_facts_are_seen_from_the_day_they_were_recorded_until_they_were_retracted(tree: Tree) -> None:
    changes = edited(
        "listings.csv",
        "2019-08-13,,2026-11-25,,,",
        "2019-08-13,,2026-11-25,2026-12-01,listing:dahua/us-889-b,",
    )
    snapshot = Snapshot.open(tree(changes))

    def listed(known_on: date) -> set[str]:
        return {row["id"] for row in snapshot.at(AsOf(TODAY, known_on)).rows("listings")}

    both = {"listing:hikvision/us-889-a", "listing:dahua/us-889-b"}
    assert listed(date(2026, 11, 24)) == set()
    assert listed(date(2026, 11, 25)) == listed(date(2026, 11, 30)) == both
    assert listed(date(2026, 12, 1)) == {"listing:dahua/us-889-b"}


def test_removed_facts_are_invisible_and_sources_always_visible(tree: Tree) -> None:
    snapshot = Snapshot.open(
        tree(edited("models/hikvision.yml", "strength: sure", "strength: sure\n    status: removed"))
    )
    view = snapshot.at(AsOf(TODAY, TODAY))
    assert view.rows("models") == [] and len(snapshot.table("models")) == 1
    early = snapshot.at(AsOf(TODAY, date(2000, 1, 1)))
    assert (
        early.rows("entities") == []
        and len(early.rows("sources")) == 1
        and len(early.rows("oui_others")) == 2
    )


def test_ties_and_lists_follow_the_day_of_law(tree: Tree) -> None:
    view = Snapshot.open(tree()).at(AsOf(TODAY, TODAY))
    before = view.covered_through("lorex", date(2020, 9, 1))
    assert (before.path, before.certainty, before.lists) == (("lorex", "dahua"), "certain", ("us-889-b",))
    assert view.covered_through("lorex", date(2020, 8, 12)).lists == ()
    assert view.covered_through("lorex", date(2022, 12, 1)).certainty == "unsettled"
    after = view.covered_through("lorex")
    assert (after.certainty, after.last_day, after.stakes) == (
        "former",
        date(2022, 12, 31),
        ("own:dahua/lorex",),
    )
    assert [(item.maker, item.certainty) for item in view.suppliers("lorex", TODAY)] == [("dahua", "certain")]
    assert view.suppliers("lorex", date(2020, 1, 1)) == []
    assert view.covered_through("ezviz", TODAY).lists == ("us-889-a",)
    assert view.covered_through("ezviz", date(2010, 1, 1)).certainty == "none", (
        "a subsidiary_of start is a start"
    )


# Foreign files


def rewritten(tree_path: Path, change: Callable[[dict[str, bytes]], None], *, seal: bool = True) -> bytes:
    """Build a snapshot, change its members, and make the manifest fit again unless `seal` is false."""
    with zipfile.ZipFile(io.BytesIO(packed(read_tree(tree_path))[0])) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if seal:
        manifest = json.loads(members["manifest.json"])
        names = sorted(members.keys() - {"manifest.json"})
        manifest["members"] = {
            name: {"sha256": hashlib.sha256(members[name]).hexdigest(), "size": len(members[name])}
            for name in names
        }
        manifest["sha256"] = digest_of({name: entry["sha256"] for name, entry in manifest["members"].items()})
        members["manifest.json"] = json.dumps(manifest).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def edit(name: str, change: Callable[[Any], None]) -> Callable[[dict[str, bytes]], None]:
    def apply(members: dict[str, bytes]) -> None:
        value = json.loads(members[name])
        change(value)
        members[name] = json.dumps(value).encode()

    return apply


def put(name: str, data: bytes) -> Callable[[dict[str, bytes]], None]:
    def apply(members: dict[str, bytes]) -> None:
        members[name] = data

    return apply


def check(data: bytes) -> None:
    Snapshot.from_bytes(data, "foreign.zip").check()


def test_an_unchanged_rewrite_is_accepted(tree: Tree) -> None:
    check(rewritten(tree(), lambda members: None))


@pytest.mark.parametrize(
    ("change", "seal", "code"),
    [
        (edit("manifest.json", lambda m: m.update(schema="proscribe.knowledge/2")), False, "E203"),
        (edit("manifest.json", lambda m: m.update(sha256="0" * 64)), False, "E202"),
        (edit("manifest.json", lambda m: m.pop("counts")), False, "E202"),
        (edit("manifest.json", lambda m: m.update(members=[])), False, "E202"),
        (put("manifest.json", b"[" * 100_000), False, "E202"),
        (put("manifest.json", b"\xff"), False, "E202"),
        (edit("tables/stakes.json", lambda t: t["columns"]["owner"].reverse()), False, "E202"),
        (lambda members: members.pop("tables/stakes.json"), False, "E202"),
        (lambda members: members.pop("tables/stakes.json"), True, "E202"),
        (put("tables/stakes.json", b"{}"), True, "E202"),
        (put("tables/stakes.json", b"[" * 100_000), True, "E202"),
        (edit("tables/stakes.json", lambda t: t["columns"]["owner"].pop()), True, "E202"),
        (edit("tables/stakes.json", lambda t: t["columns"]["owner"].__setitem__(0, 7)), True, "E202"),
        (
            edit("tables/stakes.json", lambda t: t["columns"]["valid_from"].__setitem__(0, "soon")),
            True,
            "E202",
        ),
        (edit("tables/names.json", lambda t: t["columns"]["examples"].__setitem__(0, [1])), True, "E202"),
        (edit("tables/models.json", lambda t: t["columns"]["regex"].__setitem__(0, "(a+)+b")), True, "E202"),
        (put("../evil.json", b"{}"), True, "E202"),
        (put("documents/../../evil.json", b"{}"), True, "E202"),
        (put("/etc/passwd", b"{}"), True, "E202"),
        (put("documents/bomb.json", b'"' + b"0" * 20_000_000 + b'"'), True, "E202"),
    ],
)
def test_hostile_snapshots_are_refused(tree: Tree, change: Any, seal: bool, code: str) -> None:
    data = rewritten(tree(), change, seal=seal)
    with pytest.raises(KnowledgeError) as caught:
        check(data)
    assert (caught.value.code, caught.value.exit_code) == (code, 4)
    assert "foreign.zip" in caught.value.at


def test_a_member_that_lies_about_its_size_is_refused(tree: Tree) -> None:
    data = bytearray(packed(read_tree(tree()))[0])
    place = data.rindex(b"tables/usb_pci.json") - 46 + 24  # uncompressed size in the central directory
    data[place : place + 4] = (3).to_bytes(4, "little")
    with pytest.raises(KnowledgeError):
        check(bytes(data))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    root = tmp_path_factory.mktemp("small")
    (root / "VERSION").write_text("2026.11.25")
    return packed(read_tree(root))[0]


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_bytes_never_give_a_traceback(small: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(small) - 1))
    damaged = bytearray(
        small[: data.draw(st.integers(place, len(small)))] if data.draw(st.booleans()) else small
    )
    if place < len(damaged):
        damaged[place] ^= data.draw(st.integers(1, 255))
    try:
        check(bytes(damaged))
    except KnowledgeError as problem:
        assert problem.code in ("E202", "E203")


def test_opening_needs_no_data_frame_library() -> None:
    code = (
        "import sys; from proscribe.kb import Snapshot; import proscribe.kb.lint, proscribe.kb.layers, proscribe.kb.diff; "
        "print([name for name in ('pyarrow', 'polars', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_layers_follow_the_knowledge_or_lie_on_the_shipped_one(tree: Tree, tmp_path: Path) -> None:
    layer = tmp_path / "own.yml"
    layer.write_text("suppressions: []\n")
    folder = tmp_path / "own"
    folder.mkdir()
    assert len(open_knowledge([tree(), layer, folder]).layers) == 2
    for paths, layers in (([], 0), ([layer], 1), ([folder], 1), ([layer, folder], 2)):
        snapshot = open_knowledge(paths)
        assert len(snapshot.layers) == layers
        assert len(snapshot.table("entities")) > 100, "the shipped knowledge lies below"


def test_a_snapshot_is_packed_once_and_without_what_a_stranger_put_beside_its_members(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tree(), tmp_path / "k.zip")
    whole = (tmp_path / "k.zip").read_bytes()
    (tmp_path / "own.yml").write_text("suppressions: []\n")
    for made in (
        Snapshot.from_bytes(whole, "ours", trusted=True),
        Snapshot.from_bytes(whole + b"\0", "elsewhere"),
        Snapshot.open(tree(name="again")),
    ):
        assert made.packed() == whole
        with monkeypatch.context() as patch:
            patch.setattr(
                "proscribe.kb.snapshot.packed_members", lambda _members: pytest.fail("packed again")
            )
            assert made.packed() == made.with_layer(tmp_path / "own.yml").packed() == whole


def test_empty_knowledge_is_refused_instead_of_calling_all_clean(tmp_path: Path, small: bytes) -> None:
    (tmp_path / "VERSION").write_text("2026.11.25")
    (tmp_path / "k.zip").write_bytes(small)
    for path in (tmp_path, tmp_path / "k.zip"):
        with pytest.raises(KnowledgeError, match="no entity") as caught:
            Snapshot.open(path)
        assert caught.value.code == "E201"


def test_a_process_opens_the_shipped_knowledge_once_while_its_files_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "proscribe"
    (package / "_knowledge").mkdir(parents=True)
    packaged = package / "_knowledge" / "snapshot.zip"
    packaged.write_bytes(Snapshot.open().packed())
    monkeypatch.setattr("proscribe.kb.snapshot.__file__", str(package / "kb" / "snapshot.py"))
    first = Snapshot.open()
    assert Snapshot.open() is first and first.is_shipped
    os.utime(packaged, ns=(1, 1))
    assert Snapshot.open() is not first
    packaged.write_bytes(b"no archive")
    with pytest.raises(KnowledgeError, match="E202"):
        Snapshot.open()
