"""What was made of a knowledge before is used again: the same answers, in less time, and never what is not ours."""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest

from proscribe.app.kb import ready_knowledge
from proscribe.app.kb.knowledge_index import every_table, index_of
from proscribe.app.kb.ready_knowledge import ShippedTables, tables_of
from proscribe.kb.snapshot import Snapshot
from proscribe.matching import compiled, kept_index
from proscribe.matching import index as indexing
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.matching.lexicon import Lexicon
from proscribe.matching.patterns import PatternSet
from proscribe.matching.scanner import AhoEngine, HyperscanEngine, Literals, literals_of

TODAY = date(2026, 11, 25)
TEXTS = [
    "Hikvision DS-2CD2143G2-I dome", "camera support bracket for Dahua", "»ªÎª router", "海康威视摄像机", "ZTE F660 ONT removed",
    "Axis camera replaced by Dahua IPC-HFW2431", "Bürobedarf", "nichts", "44:19:B6:00:00:01", "не установлен Хуавей",
]  # fmt: skip


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keep tables in a folder of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv(ready_knowledge.VARIABLE, str(folder))
    monkeypatch.setattr(ready_knowledge, "_shipped", lambda: ShippedTables(tmp_path / "none"))
    yield folder


@pytest.fixture(scope="module")
def filled_once(snapshot: Snapshot, index: Index, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a first run keeps, which finds what one finds that keeps nothing."""
    folder = tmp_path_factory.mktemp("filled") / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ready_knowledge.VARIABLE, str(folder))
        patch.setattr(ready_knowledge, "_shipped", lambda: ShippedTables(folder / "none"))
        assert _answers(index_of(snapshot, TODAY, TODAY)) == _answers(index)
    return folder


@pytest.fixture
def filled(cache: Path, filled_once: Path) -> Path:
    """A folder of the test's own, after a first run."""
    shutil.copytree(filled_once, cache)
    return cache


@pytest.fixture(scope="module")
def shipped_content(snapshot: Snapshot) -> bytes:
    """The file of tables that the package brings."""
    return tables_of(snapshot, every_table)


@pytest.fixture(scope="module")
def shipped(shipped_content: bytes, tmp_path_factory: pytest.TempPathFactory) -> ShippedTables:
    """The tables of the knowledge as the package brings them."""
    path = tmp_path_factory.mktemp("shipped") / "tables.bin"
    path.write_bytes(shipped_content)
    return ShippedTables(path)


def _answers(index: Index) -> list[tuple[int, object]]:
    rows = pa.RecordBatch.from_pydict({"text": pa.array(TEXTS, pa.string())})
    return list(Kernel(index, always_scan=True).match_rows(rows, {"text": "text"}))


def _tables(cache: Path) -> dict[str, Path]:
    return {path.name: path for path in cache.glob("*/*")}


def test_tables_are_made_once_and_give_the_same_answers(
    filled: Path, snapshot: Snapshot, index: Index
) -> None:
    """The second process makes none of them, and finds what one finds that keeps nothing."""
    names = {"days", "index", "literals", "beginnings", "misread", "misread-openings"}
    if compiled.built is not None:
        names.add("literals-arrays")
    kept = {name: path.stat().st_mtime_ns for name, path in _tables(filled).items()}
    assert kept.keys() == names

    made: list[str] = []
    again = index_of(snapshot, TODAY, TODAY)
    assert again.holder.ready is not None
    again.holder.ready.put = lambda name, packed: made.append(name)  # type: ignore[method-assign]
    assert _answers(again) == _answers(index)
    assert made == []
    assert {name: path.stat().st_mtime_ns for name, path in _tables(filled).items()} == kept


@pytest.mark.parametrize("harm", ["cut", "changed", "of another key", "open to others", "a link"])
def test_what_is_damaged_or_foreign_is_made_anew(
    filled: Path, snapshot: Snapshot, index: Index, harm: str, tmp_path: Path
) -> None:
    """A table that is not ours as we wrote it counts as missing."""
    for path in _tables(filled).values():
        content = path.read_bytes()
        if harm == "cut":
            path.write_bytes(content[: len(content) // 2])
        elif harm == "changed":
            path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
        elif harm == "of another key":
            ready_knowledge.write_table(path.parent, path.name, bytes(32) + content[32:])
        elif harm == "open to others":
            path.chmod(0o666)
        else:
            aside = tmp_path / path.name
            path.rename(aside)
            path.symlink_to(aside)
    again = index_of(snapshot, TODAY, TODAY)
    assert again.holder.ready is not None
    assert all(again.holder.ready.get(name) is None for name in ("literals", "beginnings"))
    assert _answers(again) == _answers(index)


def test_tables_hold_until_a_fact_comes_or_goes(cache: Path, snapshot: Snapshot) -> None:
    """The day of the law and days without news change no key; an earlier day of knowledge does."""

    def folder(law_on: date, known_on: date) -> str:
        ready = index_of(snapshot, law_on, known_on).holder.ready
        assert isinstance(ready, ready_knowledge.KeptTables)
        return str(ready._folder)

    assert folder(TODAY, date(2030, 1, 1)) == folder(date(2020, 1, 1), date(2031, 5, 5))
    assert folder(TODAY, date(2026, 11, 20)) != folder(TODAY, date(2030, 1, 1))


def test_nothing_is_kept_where_nothing_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, snapshot: Snapshot, index: Index
) -> None:
    """A cache that is switched off, or that is no folder, changes no answer."""
    for stated in ("off", str(tmp_path / "file" / "inside")):
        (tmp_path / "file").write_text("no folder", encoding="utf-8")
        monkeypatch.setenv(ready_knowledge.VARIABLE, stated)
        assert _answers(index_of(snapshot, TODAY, TODAY)) == _answers(index)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_old_knowledge_is_removed(cache: Path) -> None:
    """Of knowledge that is no longer asked, the last few are kept."""
    for number in range(9):
        tables = ready_knowledge.KeptTables(f"{number:064}"[::-1], cache)
        tables.put("a", b"content")
        assert tables.get("a") == b"content"
    assert len(list(cache.iterdir())) <= ready_knowledge._MOST_KEPT + 1


def test_tables_are_for_the_user_alone(filled_once: Path) -> None:
    """Nobody else reads or writes what is kept."""
    assert {path.stat().st_mode & 0o777 for path in _tables(filled_once).values()} == (
        {0o600} if os.name == "posix" else {0o666}
    )


def test_a_copy_keeps_nothing(filled: Path, snapshot: Snapshot) -> None:
    """An index that travels to another machine writes there nothing."""
    made = index_of(snapshot, TODAY, TODAY)
    copy: Index = pickle.loads(pickle.dumps(made))
    assert copy.holder.ready is None
    assert _answers(copy) == _answers(made)


def test_literals_survive_packing(index: Index) -> None:
    """What is read is what was written."""
    literals = literals_of(index)
    assert Literals.unpacked(literals.packed()) == literals
    assert Literals.unpacked(Literals((), (), (), ()).packed()) == Literals((), (), (), ())
    with pytest.raises(ValueError, match="lengths"):
        Literals.unpacked(literals.packed() + b"x")


def test_a_compiled_engine_is_kept(filled: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hyperscan is compiled for a large input, and serves small ones from then on; a damaged one is compiled anew."""
    pytest.importorskip("hyperscan")
    monkeypatch.setattr(compiled, "built", None)  # where the loop was compiled no engine is asked
    index = index_of(snapshot, TODAY, TODAY)
    every, few = literals_of(index), 3_000  # of a hundred thousand, which take ten seconds to compile
    some = Literals(every.texts[:few], every.flags[:few], every.longest[:few], every.after[:few])
    assert index.holder.ready is not None
    index.holder.ready.put("literals", some.packed())
    assert isinstance(Kernel(index).scanner("text").engine, AhoEngine)
    assert isinstance(Kernel(index, expected_bytes=10**9).scanner("text").engine, HyperscanEngine)
    assert isinstance(Kernel(index).scanner("text").engine, HyperscanEngine)
    assert isinstance(Kernel(index, "ahocorasick").scanner("text").engine, AhoEngine)
    index.holder.ready.put("literals-hyperscan", b"of another engine")
    assert isinstance(Kernel(index).scanner("text").engine, AhoEngine)


def test_what_is_kept_is_not_read_again(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents of lines and the prefixes of other makers are read by the first run alone."""
    monkeypatch.setattr("proscribe.kb.snapshot._opened", {})  # a later run is another process
    later = Snapshot.open()
    read: list[str] = []
    load = later._load

    def noted(name: str) -> bytes:
        read.append(name)
        return load(name)

    later._load = noted
    index = index_of(later, TODAY, TODAY)
    assert not [name for name in read if "/lines/" in name or "oui_others" in name or "openings" in name]
    assert index.oui_others[24]
    assert "tables/oui_others.json" in read
    assert pickle.loads(pickle.dumps(index)).oui_others == dict(index.oui_others)


def test_the_package_brings_what_a_first_run_would_make(
    cache: Path, snapshot: Snapshot, shipped: ShippedTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first run makes and keeps nothing; a former day of knowledge, and other knowledge, take nothing from the package."""
    anew = _answers(index_of(snapshot, TODAY, date(2030, 1, 1), anew=True))
    monkeypatch.setattr(ready_knowledge, "_shipped", lambda: shipped)
    monkeypatch.setattr(indexing, "build", lambda *about, **more: pytest.fail("the index was made anew"))
    first = index_of(snapshot, TODAY, date(2030, 1, 1))
    assert _answers(first) == anew
    assert not cache.exists()

    monkeypatch.undo()
    monkeypatch.setenv(ready_knowledge.VARIABLE, str(cache))
    monkeypatch.setattr(ready_knowledge, "_shipped", lambda: shipped)
    for ready in (
        ready_knowledge.kept_tables(snapshot, date(2026, 11, 20)),
        ready_knowledge.kept_tables(replaced(snapshot), TODAY),
    ):
        assert ready is not None and ready.get("index") is None


def replaced(snapshot: Snapshot) -> Snapshot:
    """Give the knowledge under another digest."""
    manifest = replace(snapshot.manifest, sha256="0" * 64)
    return Snapshot(manifest, snapshot._load, "elsewhere", trusted=True)


@pytest.mark.parametrize("harm", ["cut", "changed", "no file of tables", "missing"])
def test_a_damaged_file_of_the_package_is_passed_over(
    harm: str, shipped: ShippedTables, tmp_path: Path, snapshot: Snapshot
) -> None:
    """What is not as it was made counts as missing."""
    content = tables_of(snapshot, lambda ready, _: ready.put("index", b"content"))
    path = tmp_path / "tables.bin"
    path.write_bytes(
        {"cut": content[:-1], "changed": content[:-1] + b"T", "no file of tables": b"[]\n"}.get(harm, content)
    )
    if harm == "missing":
        path.unlink()
    assert ShippedTables(path).get("index") is None


@pytest.mark.parametrize(
    "law_on",
    ["1990-01-01", "2019-08-12", "2019-08-13", "2022-11-25", "2024-02-29", "2026-11-25", "2031-01-01"],
)
def test_one_index_serves_every_day(
    law_on: str, cache: Path, snapshot: Snapshot, shipped: ShippedTables
) -> None:
    """Read for a day it is what is compiled for that day: ties, lists, names, patterns, words."""
    day = date.fromisoformat(law_on)
    held = shipped.get("index")
    assert held is not None
    read = kept_index.unpacked(held, day, suppressions=(), openings={}, ready=None)
    made = index_of(snapshot, day, date(2030, 1, 1), anew=True)
    apart = {
        "words",
        "book",
        "oui_others",
        "garbles",
        "holder",
        "token",
        "_groups",
        "channel_only",
        *PATTERNS,
    }
    for name in {item.name for item in fields(Index)} - apart:
        assert getattr(read, name) == getattr(made, name), name
    for one, other in zip(_pattern_sets(read), _pattern_sets(made), strict=True):
        assert (one.patterns, one.owned()) == (other.patterns, other.owned())
    assert list(read.channel_only) == list(made.channel_only)
    assert read.garbles.names == made.garbles.names
    assert kept_index._kept_words(read.words) == kept_index._kept_words(made.words)


def _pattern_sets(index: Index) -> list[PatternSet]:
    return [*(getattr(index, name) for name in PATTERNS), *index.channel_only.values()]


#: Said anew for every run: the days, the organisation's decisions, and what a process holds.
MADE_ANEW = (
    "as_of", "words", "lexicon", "channel_only", "book", "oui_others", "lists", "group_words", "garbles", "suppressions",
    "token", "holder", "_groups",
)  # fmt: skip
PATTERNS = ("models", "apart", "chips", "fingerprints", "relabel_models")


def test_every_table_of_an_index_is_kept_or_said_anew() -> None:
    """A field that is added to the index is added here too."""
    kept = set(kept_index._Kept.__struct_fields__) | set(PATTERNS)
    assert {item.name for item in fields(Index)} <= kept | set(MADE_ANEW)
    assert {item.name for item in fields(Lexicon) if not item.name.startswith("_")} <= {
        *kept_index._Names.__struct_fields__
    }


@pytest.mark.parametrize("harm", ["shape", "kind", "number", "empty"])
def test_an_index_of_another_shape_is_made_anew(
    harm: str, filled: Path, snapshot: Snapshot, index: Index
) -> None:
    """Even one that stands behind the right digest."""
    first = index_of(snapshot, TODAY, TODAY)
    ready = first.holder.ready
    assert ready is not None
    content = ready.get("index")
    assert content is not None
    plain = msgspec.msgpack.decode(content)
    if harm == "shape":
        plain = plain[:-1]
    elif harm == "kind":
        plain[-1] = {"fact": 7}
    elif harm == "number":
        plain[1][1]["hikvision"] = [999_999]
    ready.put("index", msgspec.msgpack.encode(plain) if harm != "empty" else b"")
    assert _answers(index_of(snapshot, TODAY, TODAY)) == _answers(index)


def test_the_same_knowledge_gives_the_same_file(shipped_content: bytes) -> None:
    """Whatever order the sets of a process have, this one's among them: a wheel that is built again is the same wheel."""
    program = (
        "import hashlib\n"
        "from proscribe.app.kb.knowledge_index import every_table\n"
        "from proscribe.app.kb.ready_knowledge import tables_of\n"
        "from proscribe.kb.snapshot import Snapshot\n"
        "print(hashlib.sha256(tables_of(Snapshot.open(), every_table)).hexdigest())\n"
    )
    other = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert other.strip() == hashlib.sha256(shipped_content).hexdigest()
