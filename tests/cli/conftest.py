"""Run commands in this process and look at what a user sees."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from proscribe.cli.main import cli

DAY = "2026-11-25"
HEADER = "Asset ID,Manufacturer,Model,Description\n"
COVERED = "A1,Hikvision,DS-2CD2143G2-I,Dome camera\n"
QUESTION = "A2,,,Lorex NVR\n"
CLEAN = "A3,Axis,P3245-LV,Dome camera\n"


@dataclass
class Answer:
    """What one run of a command gave."""

    code: int
    out: str
    err: str
    raw: bytes

    def json(self) -> Any:
        """Read standard output as JSON."""
        return json.loads(self.out)


Run = Callable[..., Answer]


@pytest.fixture
def run() -> Run:
    """Give a function that runs `proscribe` with words and bytes on standard input; a stack trace is a failure."""

    def call(*words: str | Path, stdin: bytes | None = None) -> Answer:
        done = CliRunner().invoke(cli, [str(word) for word in words], input=stdin, prog_name="proscribe")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise AssertionError(f"escaped: {done.exception!r}") from done.exception
        assert "Traceback" not in done.stderr
        return Answer(done.exit_code, done.stdout, done.stderr, done.stdout_bytes)

    return call


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Give a function that writes a file."""

    def put(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put
