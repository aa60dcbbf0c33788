"""docs/documents.md says what the builders do."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import paper_samples as ps
import pytest

from proscribe.documents.papers import FORMATS, TYPES
from proscribe.kb.snapshot import Snapshot

PAGE = (ps.ROOT / "docs/documents.md").read_text("utf-8")
SOURCE = ps.ROOT / "src/proscribe/documents/papers"


def test_every_type_is_listed() -> None:
    for one in TYPES.values():
        assert f"| `{one.name}` |" in PAGE
        assert one.what
        for file in ("build.py", "layout.py", "schema.json"):
            assert (SOURCE / one.folder / file).is_file()


def test_every_code_of_an_obstacle_is_listed_and_exists() -> None:
    code = "".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    raised = set(re.findall(r'obstacle\(\s*"([a-z-]+)"', code))
    table = PAGE.split("## What stands against", 1)[1].split("\n## ", 1)[0]
    listed = {name for row in re.findall(r"^\| (`[^|]+) \|", table, re.M) for name in re.findall(r"`([a-z-]+)`", row)}
    assert len(raised) > 30 and listed == raised


def test_the_example_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    (tmp_path / "scan.json").write_text(json.dumps(ps.CLEAN), "utf-8")
    monkeypatch.chdir(tmp_path)
    opened = ps.knowledge()
    monkeypatch.setattr(Snapshot, "open", classmethod(lambda cls: opened))
    exec(compile(code, "docs/documents.md", "exec"), {})
    written = sorted(path.suffix for path in tmp_path.glob("annual-representation-*"))
    assert written == sorted(kind.suffix for kind in FORMATS.values())


def test_the_page_of_checklists_is_that_of_the_knowledge() -> None:
    spec = importlib.util.spec_from_file_location("make_checklists", ps.ROOT / "docs/make_checklists.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = (ps.ROOT / "docs/checklists.md").read_text("utf-8")
    assert written == module.page(ps.knowledge()), "run python docs/make_checklists.py"
