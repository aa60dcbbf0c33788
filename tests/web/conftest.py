"""Tests of this room share a browser."""

from __future__ import annotations

import sys
from pathlib import Path

for room in (Path(__file__).parent, Path(__file__).parents[1] / "suppliers"):
    sys.path.insert(0, str(room))
