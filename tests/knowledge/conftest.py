"""The pages are made by scripts; put their folder on the path. One book of the shipped law for all tests."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from proscribe.kb.snapshot import Snapshot

DOCS = Path(__file__).resolve().parents[2] / "docs"
sys.path.insert(0, str(DOCS))

if TYPE_CHECKING:
    from make_law_pages import Book


@pytest.fixture(scope="session")
def book(snapshot: Snapshot) -> "Book":
    """Decide every worked case once."""
    from make_law_pages import Book

    return Book.open(snapshot)
