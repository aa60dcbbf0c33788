"""The network benchmark writes the same bytes each time, and what it writes can be read."""

from __future__ import annotations

from pathlib import Path

import network

import proscribe


def test_the_scan_is_always_the_same_and_fully_read(tmp_path: Path) -> None:
    first, second = tmp_path / "a.xml", tmp_path / "b.xml"
    counts = network.write_scan(first, 0.5)
    assert network.write_scan(second, 0.5) == counts and first.read_bytes() == second.read_bytes()
    result = proscribe.scan(first, as_of="2026-11-25")
    assert result.scan.inputs[0].records == counts["hosts"] and result.complete and not result.issues
    assert counts["covered"] > 0
    strong = {finding.locator.row for finding in result.findings if finding.band.value != "possible"}
    assert 0.6 * counts["covered"] <= len(strong) <= counts["covered"]


def test_addresses(tmp_path: Path) -> None:
    path, covered = network._addresses(tmp_path, 3_000)
    assert network._addresses(tmp_path, 3_000) == (path, covered)
    result = proscribe.scan(path, as_of="2026-11-25")
    assert result.scan.inputs[0].records == 3_000
    assert len({finding.locator.row for finding in result.findings}) == covered > 0
