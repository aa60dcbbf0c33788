"""What was made of a knowledge before is used again: the same answers, in less time, and never what is not ours."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from proscribe.app import ready_knowledge
from proscribe.app.api import index_of
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
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
    yield folder


def _answers(index: Index) -> list[tuple[int, object]]:
    rows = pa.RecordBatch.from_pydict({"text": pa.array(TEXTS, pa.string())})
    return list(Kernel(index, always_scan=True).match_rows(rows, {"text": "text"}))


def _tables(cache: Path) -> dict[str, Path]:
    return {path.name: path for path in cache.glob("*/*")}


def test_tables_are_made_once_and_give_the_same_answers(
    cache: Path, snapshot: Snapshot, index: Index
) -> None:
    """The second process makes none of them, and finds what one finds that keeps nothing."""
    first = _answers(index_of(snapshot, TODAY, TODAY))
    names = {"line", "literals", "beginnings", "misread"}
    kept = {name: path.stat().st_mtime_ns for name, path in _tables(cache).items()}
    assert kept.keys() == names

    made: list[str] = []
    again = index_of(snapshot, TODAY, TODAY)
    assert again.holder.ready is not None
    again.holder.ready.put = lambda name, packed: made.append(name)  # type: ignore[method-assign]
    assert _answers(again) == first == _answers(index)
    assert made == []
    assert {name: path.stat().st_mtime_ns for name, path in _tables(cache).items()} == kept


@pytest.mark.parametrize("harm", ["cut", "changed", "of another key", "open to others", "a link"])
def test_what_is_damaged_or_foreign_is_made_anew(
    cache: Path, snapshot: Snapshot, harm: str, tmp_path: Path
) -> None:
    """A table that is not ours as we wrote it counts as missing."""
    first = _answers(index_of(snapshot, TODAY, TODAY))
    for path in _tables(cache).values():
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
    assert all(again.holder.ready.get(name) is None or name == "line" for name in ("literals", "beginnings"))
    assert _answers(again) == first


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


def test_tables_are_for_the_user_alone(cache: Path, snapshot: Snapshot) -> None:
    """Nobody else reads or writes what is kept."""
    index_of(snapshot, TODAY, TODAY)
    assert {path.stat().st_mode & 0o777 for path in _tables(cache).values()} == (
        {0o600} if os.name == "posix" else {0o666}
    )


def test_a_copy_keeps_nothing(cache: Path, snapshot: Snapshot) -> None:
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


def test_a_compiled_engine_is_kept(cache: Path, snapshot: Snapshot) -> None:
    """Hyperscan is compiled for a large input, and serves small ones from then on; a damaged one is compiled anew."""
    pytest.importorskip("hyperscan")
    index = index_of(snapshot, TODAY, TODAY)
    assert isinstance(Kernel(index).scanner("text").engine, AhoEngine)
    assert isinstance(Kernel(index, expected_bytes=10**9).scanner("text").engine, HyperscanEngine)
    assert isinstance(Kernel(index).scanner("text").engine, HyperscanEngine)
    assert isinstance(Kernel(index, "ahocorasick").scanner("text").engine, AhoEngine)
    assert index.holder.ready is not None
    index.holder.ready.put("literals-hyperscan", b"of another engine")
    assert isinstance(Kernel(index).scanner("text").engine, AhoEngine)


def test_what_is_kept_is_not_read_again(cache: Path) -> None:
    """Documents of lines and the prefixes of other makers are read by the first run alone."""
    index_of(Snapshot.open(), TODAY, TODAY)
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
