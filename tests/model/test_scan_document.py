"""The JSON of a scan comes back as the same bytes, whatever its layout, and scans of versions before stay readable."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from proscribe.model.codec import CodecError
from proscribe.model.scan_document import ScanReading, read_scan, scan_text

GOLDEN = (Path(__file__).parents[1] / "reports" / "golden" / "scan.json").read_bytes()


def test_a_scan_is_written_again_byte_for_byte() -> None:
    document = read_scan(GOLDEN, "scan.json")
    assert scan_text(document.scan).encode() == GOLDEN
    assert document.content == GOLDEN and len(document.scan.findings) > 1


@pytest.mark.parametrize("indent", [None, 1, 2, 4])
def test_the_layout_does_not_matter(indent: int | None) -> None:
    other = json.dumps(json.loads(GOLDEN), indent=indent).encode()
    assert read_scan(other).scan == read_scan(GOLDEN).scan


def test_findings_are_read_one_by_one() -> None:
    reading = ScanReading(GOLDEN)
    assert [finding.id for finding, _ in reading.findings()] == [
        one.id for one in read_scan(GOLDEN).scan.findings
    ]
    list(reading.mentions())
    reading.check()


def test_a_scan_of_a_version_before_is_read() -> None:
    value = json.loads(GOLDEN)
    value.pop("finding_ids", None)
    del value["summary"]["by_firm"], value["summary"]["findings"]
    for one in (*value["findings"], *value["mentions"]):
        one.pop("record", None)
    scan = read_scan(json.dumps(value).encode()).scan
    assert scan.finding_ids == 1 and not any(one.record for one in scan.findings)


def test_lines_that_only_look_like_a_list_are_not_taken_for_it() -> None:
    line = b'    {"id": "f_x"}\n  ],'
    nested = GOLDEN.replace(
        b'{\n  "as_of"', b'{"x": {\n  "findings": [\n' + line + b'\n  "y": 1},\n  "as_of"', 1
    )
    assert read_scan(nested).scan == read_scan(GOLDEN).scan
    twice = GOLDEN.replace(b'{\n  "as_of"', b'{\n  "as_of": "2020-01-01",\n  "as_of"', 1)
    with pytest.raises(CodecError):
        read_scan(twice)
