"""One scan for all tests of a choice."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from money import scanned


@pytest.fixture(scope="session")
def scan(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Give the scan's file and its findings by record."""
    folder = tmp_path_factory.mktemp("scan")
    return folder / "scan.json", scanned(folder)
