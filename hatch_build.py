"""Put the knowledge snapshot into the wheel: built from `knowledge/` when the wheel is built."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class KnowledgeHook(BuildHookInterface):  # type: ignore[type-arg]
    """Build `proscribe/_knowledge/snapshot.zip`. Needs the standard library and PyYAML only."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the snapshot and add it to the wheel; an editable install reads `knowledge/` directly."""
        if version == "editable":
            return
        root = Path(self.root)
        self._folder = Path(tempfile.mkdtemp(prefix="proscribe-knowledge-"))
        source = str(root / "src")
        sys.path.insert(0, source)
        try:
            from proscribe.kb.build import build

            target = self._folder / "snapshot.zip"
            manifest = build(root / "knowledge", target)
        finally:
            sys.path.remove(source)
        self.app.display_info(f"knowledge {manifest['version']} {manifest['sha256'][:16]}")
        build_data["force_include"][str(target)] = "proscribe/_knowledge/snapshot.zip"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary snapshot."""
        folder = getattr(self, "_folder", None)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
