"""Scanners over all literals of the knowledge, once for all tests."""

from __future__ import annotations

import os
from datetime import date

import pytest

from proscribe.app.kb.knowledge_index import index_of
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.index import Index
from proscribe.matching.scanner import AhoEngine, HyperscanEngine, Scanner, literals_of

#: When the facts about shortened names and numbers of phones were recorded.
_LATER = date(2026, 11, 27)


@pytest.fixture(scope="session")
def later_index(snapshot: Snapshot) -> Index:
    """Compile the knowledge of a later day, with facts that the other index has not."""
    return index_of(snapshot, _LATER, _LATER)


@pytest.fixture(scope="session")
def scanners(later_index: Index, tmp_path_factory: pytest.TempPathFactory) -> tuple[Scanner, Scanner]:
    """Scan with Hyperscan, which takes seconds to compile, in one of several processes, and with the other engine."""
    literals = literals_of(later_index)
    own = tmp_path_factory.getbasetemp()
    kept = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "hyperscan"
    if kept.exists():
        engine = HyperscanEngine(literals, kept.read_bytes())
    else:
        engine = HyperscanEngine(literals)
        (own / "packed").write_bytes(engine.packed())
        (own / "packed").replace(kept)
    garbles = later_index.garbles
    return Scanner(literals, engine, garbles), Scanner(literals, AhoEngine(literals), garbles)
