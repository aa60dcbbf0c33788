"""Tests of this room share a browser."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

for room in (Path(__file__).parent, Path(__file__).parents[1] / "suppliers"):
    sys.path.insert(0, str(room))


@pytest.fixture(scope="module")
def started() -> Iterator[Any]:
    """Start a Chromium, once for the tests of a file; each opens tabs of its own in it."""
    from seen import real_browser

    with real_browser() as running:
        yield running
