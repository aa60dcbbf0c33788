"""The compiled index, once for all tests."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import date
from pathlib import Path

import pytest

from proscribe.app.knowledge_index import index_of
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.index import Index

# What is made of the knowledge is kept outside the home of whoever runs the tests.
os.environ.setdefault("PROSCRIBE_CACHE", str(Path(tempfile.gettempdir()) / "proscribe-tests-cache"))
sys.path.insert(0, str(Path(__file__).parent))  # what several rooms' tests share

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="session")
def snapshot() -> Snapshot:
    """Open the shipped knowledge."""
    return Snapshot.open()


@pytest.fixture(scope="session")
def index(snapshot: Snapshot) -> Index:
    """Compile it for a fixed day."""
    return index_of(snapshot, TODAY, TODAY)
