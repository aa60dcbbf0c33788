"""Put into the wheel what is built with it: the knowledge snapshot, the tables made of it, what YAML files of readers declare,
and what Python compiles from text whenever the program starts.

The loop of the scan is compiled where a C compiler is; see compile_literals.py.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_SECONDS = 300
#: Names the file of the signature over the snapshot, at a release; see docs/releases.md.
SIGNATURE_VARIABLE = "PROSCRIBE_SNAPSHOT_SIGNATURE"


def _signature(place: str) -> Callable[[bytes, Mapping[str, Any]], bytes] | None:
    """Give what puts the signature of a release into a snapshot; refuses one of other content."""
    if not place:
        return None
    from proscribe.kb.signature import Signature, with_signature

    signature = Signature.from_json(json.loads(Path(place).read_bytes()))

    def sign(snapshot: bytes, manifest: Mapping[str, Any]) -> bytes:
        if (signature.version, signature.sha256) != (manifest["version"], manifest["sha256"]):
            raise SystemExit(
                f"{place} is a signature of knowledge {signature.version} {signature.sha256}, not of what is built."
            )
        return with_signature(snapshot, signature)

    return sign


def _tables(snapshot: Path) -> bytes:
    """Make what a first run would make of the snapshot."""
    from proscribe.app.kb.knowledge_index import every_table
    from proscribe.app.kb.ready_knowledge import tables_of
    from proscribe.kb.snapshot import Snapshot

    return tables_of(Snapshot.from_bytes(snapshot.read_bytes(), str(snapshot), trusted=True), every_table)


def _compile(root: Path, folder: Path, build_data: dict[str, Any], say: Callable[[str], None]) -> None:
    """Add the compiled loop of the scan to the wheel, where a compiler is; then the wheel serves this system alone."""
    spec = importlib.util.spec_from_file_location("compile_literals", root / "compile_literals.py")
    assert spec is not None and spec.loader is not None
    compiling = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(compiling)
    target, why = compiling.compiled(folder)
    if target is None:
        say(f"no compiled scan, the program does without: {why}")
        return
    build_data["force_include"][str(target)] = f"proscribe/matching/{target.name}"
    build_data |= {"pure_python": False, "tag": compiling.tag()}


def _precompile(root: Path, folder: Path, build_data: dict[str, Any], say: Callable[[str], None]) -> None:
    """Run the program once as it will be installed, and add to the wheel what Python compiled meanwhile; see `precompiled`."""
    from proscribe.precompiled import NAME

    package, target = folder / "package", folder / NAME
    shutil.copytree(
        root / "src" / "proscribe", package / "proscribe", ignore=shutil.ignore_patterns("__pycache__")
    )
    for made, place in build_data["force_include"].items():
        if Path(made).is_file():
            (package / place).parent.mkdir(exist_ok=True)
            shutil.copy(made, package / place)
    try:
        subprocess.run(
            [sys.executable, "-P", "-m", "proscribe.precompiled", str(target)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(package), *filter(None, sys.path)]), "PROSCRIBE_CACHE": "off"},
            cwd=folder, check=True, capture_output=True, timeout=_SECONDS,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as problem:
        said = getattr(problem, "stderr", None) or b""
        say(
            f"nothing precompiled, the program starts without: {problem} {said.decode('utf-8', 'replace')[-500:]}"
        )
        return
    build_data["force_include"][str(target)] = f"proscribe/{NAME}"


class KnowledgeHook(BuildHookInterface):  # type: ignore[type-arg]
    """Build `_knowledge/snapshot.zip`, `_knowledge/tables.bin`, `readers/_declared.json` and `_precompiled.bin`; add the example
    company, `_example`.

    Needs what `build-system` in pyproject.toml names.
    """

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the files and add them to the wheel; an editable install reads `knowledge/` directly."""
        if version == "editable":
            return
        root = Path(self.root)
        self._folder = Path(tempfile.mkdtemp(prefix="proscribe-knowledge-"))
        source = str(root / "src")
        sys.path.insert(0, source)
        try:
            from proscribe.kb.build import build
            from proscribe.readers._declared import TAKEN_APART, taken_apart

            target = self._folder / "snapshot.zip"
            manifest = build(root / "knowledge", target, _signature(os.environ.get(SIGNATURE_VARIABLE, "")))
            tables = self._folder / "tables.bin"
            tables.write_bytes(_tables(target))
            declared = self._folder / TAKEN_APART
            declared.write_text(taken_apart(), encoding="utf-8")
            self._include(root, build_data, target, tables, declared)
        finally:
            sys.path.remove(source)
        self.app.display_info(f"knowledge {manifest['version']} {manifest['sha256'][:16]}")

    def _include(
        self, root: Path, build_data: dict[str, Any], snapshot: Path, tables: Path, declared: Path
    ) -> None:
        for made in (snapshot, tables):
            build_data["force_include"][str(made)] = f"proscribe/_knowledge/{made.name}"
        build_data["force_include"][str(root / "examples" / "company-two")] = "proscribe/_example"
        build_data["force_include"][str(declared)] = f"proscribe/readers/{declared.name}"
        _compile(root, self._folder, build_data, self.app.display_info)
        _precompile(root, self._folder, build_data, self.app.display_info)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary files."""
        folder = getattr(self, "_folder", None)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
