"""Readers are imported when an input may be their own, and never otherwise."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from proscribe.readers import READERS, Source
from proscribe.readers.head import Head
from proscribe.readers.registry import Format, scores

INVENTORY = "Asset,Manufacturer,Model,MAC address,IP address,Site\nA-1,Hikvision,DS-2CD2143G2-I,c0:6d:ed:00:00:01,10.0.0.1,HQ\n"

#: Reads a file in a process of its own and says which modules of the readers were imported.
READS = """
import json, sys
from proscribe.readers import Options, expand, open_source
reading = open_source(expand([sys.argv[1]]).sources[0], Options())
records = sum(batch.rows.num_rows for batch in reading.batches())
print(json.dumps([reading.reader, records, sorted(sys.modules)]))
"""
#: The same for a whole scan.
SCANS = """
import json, sys
import proscribe
scan = proscribe.scan(sys.argv[1], as_of="2026-11-25")
print(json.dumps([scan.scan.inputs[0].reader, len(scan.findings), sorted(sys.modules)]))
"""


def _seeds() -> dict[str, Callable[[], list[bytes]]]:
    spec = importlib.util.spec_from_file_location("fuzz_files", Path(__file__).with_name("fuzz_files.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: dict[str, Callable[[], list[bytes]]] = module.seeds()
    return made


def _head(data: bytes, path: Path) -> Head:
    path.write_bytes(data)
    return Head(data[: 64 * 1024], Source("x", path, len(data)))


def _module(entry: Format) -> str:
    return f"proscribe.readers.{entry.module.partition(':')[0]}"


@pytest.mark.parametrize("program", [READS, SCANS], ids=["reading", "scan"])
def test_a_table_imports_no_code_for_other_formats(program: str, tmp_path: Path) -> None:
    path = tmp_path / "assets.csv"
    path.write_text(INVENTORY)
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, timeout=120, check=True
    )
    reader, count, imported = json.loads(done.stdout)
    assert reader == "tabular" and count == 1
    head = _head(INVENTORY.encode(), path)
    needless = {_module(entry) for entry in READERS if not entry.may_be(head)}
    assert len(needless) >= len(READERS) - 4
    assert needless.isdisjoint(imported)
    others = ("proscribe.readers.firmware.", "proscribe.readers.parts.", "pyarrow.parquet", "python_calamine")
    assert not [name for name in imported if name.startswith(others)]


@pytest.mark.parametrize("entry", READERS, ids=lambda entry: entry.name)
def test_the_mark_stands_in_every_file_of_the_format(entry: Format, tmp_path: Path) -> None:
    for data in _seeds()[entry.name]():
        for part in (data, data[: len(data) // 2], data[: len(data) // 4]):
            for text in (part, part.decode("latin-1").encode("utf-16")):
                head = _head(text, tmp_path / "x")
                score = entry.reader.sniff(head)
                assert score <= entry.score
                assert not score or entry.may_be(head), text[:80]


@pytest.mark.parametrize("entry", READERS, ids=lambda entry: entry.name)
def test_what_is_looked_for_in_small_letters_is_written_so(entry: Format) -> None:
    marks = [re.sub(r"\\[A-Z]", "", mark) for mark in entry.mark if mark.startswith("(?i)")]
    assert [text for text in (*marks, *entry.words) if text != text.lower()] == []


@pytest.mark.parametrize("name", _seeds())
def test_a_reader_that_is_not_asked_would_not_have_won(name: str, tmp_path: Path) -> None:
    for data in _seeds()[name]():
        head = _head(data, tmp_path / "x")
        told = {entry.name: score for score, entry in scores(head)}
        everyone = [entry.reader.sniff(head) for entry in READERS]
        best = max(everyone)
        winner = READERS[everyone.index(best)]
        if not best:
            continue
        assert max(told.values()) == best
        assert next(entry.name for score, entry in scores(head) if score == best) == winner.name
