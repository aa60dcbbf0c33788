"""A store of our own, for tests of several attacks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from proscribe.app.case.cases import Cases, open_cases

# pages are attacked as browsers see them
sys.path.insert(0, str(Path(__file__).parents[1] / "web"))


@pytest.fixture
def cases(tmp_path: Path) -> Iterator[Cases]:
    with open_cases(tmp_path / "ours.db", create=True) as opened:
        yield opened
