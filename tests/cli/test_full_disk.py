"""The disk is full: each command says so with exit code 5, keeps what was there, and leaves nothing half-written.

A bound on the size of files, which every system has, stands for the full disk; `/dev/full` for a full one behind a pipe.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from forked_program import Program

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux for a full disk")

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DAY = "2026-11-25"
PASSPHRASE = "only a test, never reuse"


Run = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def run(program: Program) -> Run:
    """Run a command in a folder; files may grow to `most` bytes."""

    def call(folder: Path, *line: str, **more: Any) -> tuple[int, str]:
        environment = os.environ | {"PROSCRIBE_PASSPHRASE": PASSPHRASE, "PROSCRIBE_STORE": "cases.db"}
        done = program.run(line, folder, environment, **more)
        return done.returncode, done.stderr

    return call


@pytest.fixture(scope="module")
def prepared(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with inputs, a scan that was decided, a store with a case, and a key."""
    folder = tmp_path_factory.mktemp("prepared")
    for name in ("assets-october.csv", "facts.yml", "first-report.yml"):
        shutil.copy(EXAMPLES / "story" / name, folder)
    shutil.copytree(EXAMPLES / "company", folder / "company")
    shutil.copy(EXAMPLES / "inputs" / "macs.txt", folder)
    (folder / "parts.cdx.json").write_text(
        '{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": ['
        + ",".join(['{"type": "device", "name": "Hikvision DS-2CD2143G2-I"}'] * 40)
        + "]}"
    )
    steps: list[tuple[int, list[str]]] = [
        (1, ["scan", "assets-october.csv", "--as-of", "2026-10-09", "--quiet", "--decide", "facts.yml", "-o", "json=scan.json"]),
        (0, ["case", "open", "--scan", "scan.json", "--title", "Cameras", "--by", "B. Lind", "--at", "2026-10-09T17:20:00-04:00",
             "--zone", "America/New_York"]),
    ]  # fmt: skip
    for expected, line in steps:
        code, said = run(folder, *line)
        assert code == expected, said
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    shutil.copytree(prepared, tmp_path / "f")
    return tmp_path / "f"


def held(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


LINES = {
    **{
        f"scan to {name}": ("scan", "assets-october.csv", "--as-of", DAY, "--quiet", "-o", f"{name}=out.{name}")
        for name in ("table", "json", "jsonl", "csv", "parquet", "xlsx", "html", "md", "sarif")
    },
    **{
        f"devices to {name}": ("devices", "company", "--as-of", DAY, "--quiet", "-o", f"{name}=out.{name}")
        for name in ("json", "html", "table")
    },
    "questions": ("questions", "scan.json", "-o", "xlsx=out.xlsx"),
    "sbom annotate": ("sbom", "annotate", "parts.cdx.json", "out.cdx.json", "--as-of", DAY),
    "case export": ("case", "export", "C-0001", "out.zip"),
    "case backup": ("case", "backup", "out.zip"),
    "case restore": ("case", "restore", "good.zip", "--store", "other.db", "--by", "B. Lind"),
    "case note": ("case", "note", "C-0001", "seen " * 4_000, "--by", "B. Lind"),
    "report": ("report", "far", "C-0001", "--with", "first-report.yml", "--as-of", "2026-10-13", "--at",
               "2026-10-13T09:10:00-04:00", "--by", "B. Lind", "-o", "pdf=out.pdf", "-o", "docx=out.docx"),
}  # fmt: skip


@pytest.mark.parametrize("what", LINES)
def test_a_full_disk_is_said_and_nothing_is_half_written(run: Run, folder: Path, what: str) -> None:
    if what == "case restore":
        assert run(folder, "case", "backup", "good.zip")[0] == 0
    before = held(folder)
    # a command that keeps its answer in the store needs less than what the store has already
    most = 500 if what.startswith("scan") else 2_000
    code, said = run(folder, *LINES[what], most=most)
    assert code == 5, (code, said)
    assert "Traceback" not in said and said.startswith("E"), said
    after = held(folder)
    for name in ("cases.db-wal", "cases.db-shm", "other.db", "other.db-wal", "other.db-shm"):
        assert len(after.pop(name, b"")) <= most or name.endswith("shm")
        before.pop(name, None)
    assert after == before
    if "case" in what or what == "report":
        code, said = run(folder, "case", "verify")
        assert code == 0, said


@pytest.mark.parametrize("name", ["table", "json", "jsonl", "csv", "html", "md", "sarif", "xlsx", "parquet"])
def test_a_full_disk_behind_standard_output_is_said(run: Run, folder: Path, name: str) -> None:
    line = ("scan", "assets-october.csv", "--as-of", DAY, "--quiet", "-o", name)
    code, said = run(folder, *line, stdout="/dev/full")
    assert code == 5 and said.startswith("E510"), (code, said)


def test_what_is_unpacked_onto_a_full_disk_is_an_issue(run: Run, folder: Path) -> None:
    import gzip

    (folder / "many.csv.gz").write_bytes(
        gzip.compress(b"Maker,Model\n" + b"Hikvision,DS-2CD2143G2-I\n" * 4_000)
    )
    code, said = run(
        folder, "scan", "many.csv.gz", "assets-october.csv", "--as-of", DAY, "--fail-on", "none", most=5_000
    )
    assert code == 3, (code, said)
    assert "Traceback" not in said
