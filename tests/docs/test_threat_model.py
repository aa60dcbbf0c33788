"""The threat model names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")


def test_every_test_that_it_names_exists() -> None:
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", PAGE)
    assert len(named) > 30
    files: dict[str, str] = {}  # two rooms may have a file of one name
    for path in ROOT.glob("tests/**/test_*.py"):
        files[path.name] = files.get(path.name, "") + path.read_text(encoding="utf-8")
    lost = [f"{file}::{name}" for file, name in named if f"def {name}(" not in files.get(file, "")]
    assert not lost


def test_every_file_of_attacks_is_spoken_of() -> None:
    files = sorted(path.name for path in (ROOT / "tests" / "adversary").glob("test_*.py"))
    assert not [name for name in files if name not in PAGE]
