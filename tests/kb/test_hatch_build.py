"""The wheel carries a snapshot of the tree it was built from, and the tables made of it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from proscribe.app.kb.ready_knowledge import ShippedTables
from proscribe.kb import Snapshot

ROOT = Path(__file__).parents[2]


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Load the hook over a stand-in for hatchling, which exists only while a wheel is built."""
    name = "hatchling.builders.hooks.plugin.interface"
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        monkeypatch.setitem(sys.modules, ".".join(parts[:length]), ModuleType(".".join(parts[:length])))
    sys.modules[name].BuildHookInterface = object  # type: ignore[attr-defined]
    monkeypatch.setenv("PROSCRIBE_COMPILED", "off")
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.KnowledgeHook()
    made.root = str(ROOT)
    made.app = SimpleNamespace(display_info=lambda text: None)
    return made


def test_the_snapshot_is_added_and_cleaned_up(hook: Any) -> None:
    data: dict[str, Any] = {"force_include": {}}
    before = list(sys.path)
    hook.initialize("standard", data)
    made = {Path(target).name: Path(source) for source, target in data["force_include"].items()}
    assert set(data["force_include"].values()) == {
        "proscribe/_example",
        "proscribe/_knowledge/snapshot.zip",
        "proscribe/_knowledge/tables.bin",
        "proscribe/_precompiled.bin",
        "proscribe/readers/_declared.json",
    }
    snapshot = Snapshot.open(made["snapshot.zip"])
    assert snapshot.manifest.version == (ROOT / "knowledge" / "VERSION").read_text().strip()
    tables = ShippedTables(made["tables.bin"])
    assert all(
        tables.get(name)
        for name in ("index", "literals", "literals-wide", "beginnings", "misread", "misread-openings")
    )
    hook.finalize("standard", data, "")
    assert not made["snapshot.zip"].exists() and sys.path == before


def test_a_wheel_with_the_compiled_scan_serves_its_system_alone(
    hook: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    compile_into = type(hook).initialize.__globals__["_compile"]
    said: list[str] = []
    data: dict[str, Any] = {"force_include": {}}
    compile_into(ROOT, tmp_path, data, said.append)
    assert data == {"force_include": {}} and "off" in said[0]
    monkeypatch.delenv("PROSCRIBE_COMPILED")
    compile_into(ROOT, tmp_path, data, said.append)
    if len(said) == 1:  # a compiler is here
        assert data["pure_python"] is False and data["tag"].startswith("cp311-abi3-")
        assert list(data["force_include"].values()) == ["proscribe/matching/_literals.abi3.so"]


def test_an_editable_install_reads_the_tree(hook: Any) -> None:
    data: dict[str, Any] = {"force_include": {}}
    hook.initialize("editable", data)
    hook.finalize("editable", data, "")
    assert data["force_include"] == {}
