"""Scanners over all literals of the knowledge, once for all tests."""

from __future__ import annotations

import os

import pytest

from proscribe.matching.index import Index
from proscribe.matching.scanner import AhoEngine, HyperscanEngine, Scanner, literals_of


@pytest.fixture(scope="session")
def scanners(index: Index, tmp_path_factory: pytest.TempPathFactory) -> tuple[Scanner, Scanner]:
    """Scan with Hyperscan, which takes seconds to compile, in one of several processes, and with the other engine."""
    literals = literals_of(index)
    own = tmp_path_factory.getbasetemp()
    kept = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "hyperscan"
    if kept.exists():
        engine = HyperscanEngine(literals, kept.read_bytes())
    else:
        engine = HyperscanEngine(literals)
        (own / "packed").write_bytes(engine.packed())
        (own / "packed").replace(kept)
    garbles = index.garbles
    return Scanner(literals, engine, garbles), Scanner(literals, AhoEngine(literals), garbles)
