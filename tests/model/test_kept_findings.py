"""Findings that stay where they are kept: what they give is what the findings themselves give, byte for byte."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import proscribe
from proscribe.model.findings import Band, Finding, Ignore
from proscribe.model.kept_findings import KeptFindings, kept_scan, sketches
from proscribe.model.results import Scan
from proscribe.model.scan_reading import read_scan
from proscribe.model.scan_writing import scan_text
from proscribe.reports.scan.html import to_html

ROWS = (
    "Tag;Maker;Model;Site\nA1;Hikvision;DS-2CD2143G2-I;Mill Lane\nA2;Axis;P3245-V;Depot\nA3;Dahua;IPC-HFW2431S-S-S2;Depot\n"
    "A4;;Lorex NVR;Zürich \u2028 x\nA5;Huawei phone case;;Mill Lane\nA6;ZTE;MF286D;\n"
)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    place = tmp_path_factory.mktemp("kept") / "list.csv"
    place.write_text(ROWS * 1 + "".join(f"B{n};Hytera;PD785;Depot\n" for n in range(40)))
    return proscribe.scan(place, as_of="2026-11-25").to_json().encode()


def judged(one: Finding) -> Finding:
    return replace(one, ignored=Ignore("a lens", "R. Ito", "2026-11-25", None), band=Band.CONFIRMED)


def changed(scan: Scan, ids: set[str]) -> Scan:
    if isinstance(scan.findings, KeptFindings):
        return replace(scan, findings=scan.findings.changed(ids, judged))
    return replace(scan, findings=tuple(judged(one) if one.id in ids else one for one in scan.findings))


@pytest.mark.parametrize("some", [False, True], ids=["as-scanned", "some-judged"])
def test_what_is_written_of_kept_findings_is_the_same(content: bytes, some: bool) -> None:
    plain, kept = read_scan(content).scan, kept_scan(content)
    assert isinstance(kept.findings, KeptFindings) and len(kept.findings) == len(plain.findings) > 40
    if some:
        ids = {one.id for one in plain.findings[::3]}
        plain, kept = changed(plain, ids), changed(kept, ids)
    assert list(kept.findings) == list(plain.findings)
    assert kept.tally() == plain.tally() and kept.counts() == plain.counts()
    assert scan_text(kept) == scan_text(plain)
    assert to_html(kept, max_findings=9) == to_html(plain, max_findings=9)
    assert [
        (one.at, one.band, one.role, one.entity, one.locator, one.details.site, one.ignored is None)
        for one in sketches(kept.findings)
    ] == [
        (at, one.band, one.role, one.entity, one.locator, one.details.site, one.ignored is None)
        for at, one in enumerate(plain.findings)
    ]


def test_a_line_that_is_not_as_it_is_written_here_is_written_anew(content: bytes) -> None:
    lines = content.split(b"\n")
    at = next(number for number, line in enumerate(lines) if line.startswith(b'    {"against"'))
    value = json.loads(lines[at].strip().removesuffix(b","))
    lines[at] = b"    " + json.dumps({"zzz": 1, **value}).encode() + b","
    altered = b"\n".join(lines)
    kept = kept_scan(altered)
    assert scan_text(replace(kept, options=None)) == scan_text(replace(read_scan(content).scan, options=None))


def test_a_scan_in_another_layout_is_read_whole(content: bytes, tmp_path: Path) -> None:
    other = json.dumps(json.loads(content)).encode()
    made = kept_scan(other)
    assert not isinstance(made.findings, KeptFindings)
    assert scan_text(made) == content.decode()
