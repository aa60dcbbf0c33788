"""The JSON of a scan comes back as the same bytes, whatever its layout, and scans of versions before stay readable."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from proscribe.devices.same_thing import place_of
from proscribe.model import codec
from proscribe.model.codec import CodecError, read
from proscribe.model.decisions import Outcome
from proscribe.model.findings import Finding
from proscribe.model.results import Decided, FindingDecision
from proscribe.model.scan_reading import ScanReading, read_record, read_scan
from proscribe.model.scan_writing import scan_text

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


def _altered(value: Any) -> Iterator[Any]:
    """Yield a JSON value with one of its parts replaced or, in an object, left out or added, for every part of it."""
    yield from (
        None,
        7,
        -1,
        2**70,
        1.5,
        True,
        "",
        "x",
        "\ud800",
        "é",
        [],
        ["x"],
        [["x", "y"]],
        {},
        {"x": "y"},
    )
    if isinstance(value, dict):
        yield {**value, "no_such_field": 1}
        for name, part in value.items():
            yield {key: item for key, item in value.items() if key != name}
            yield from ({**value, name: other} for other in _altered(part))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from ([*value[:place], other, *value[place + 1 :]] for other in _altered(part))


@pytest.mark.parametrize("open_", [True, False])
def test_reading_at_one_go_takes_what_reading_part_by_part_takes(
    monkeypatch: pytest.MonkeyPatch, open_: bool
) -> None:
    findings = json.loads(GOLDEN)["findings"]
    fullest = max(findings, key=lambda one: len(json.dumps(one)))
    values = [*findings, *_altered(fullest)]

    def outcome(value: Any) -> Any:
        try:
            return read(Finding, value, open_=open_)
        except CodecError as error:
            return error.faults

    at_one_go = [outcome(value) for value in values]
    assert any(isinstance(one, Finding) for one in at_one_go[len(findings) :])

    def refuse(value: Any, depth: int) -> Any:
        raise codec._refused()

    monkeypatch.setattr(codec, "_record_first", lambda kind, mode: refuse)
    codec._reader.cache_clear()
    try:
        assert [outcome(value) for value in values] == at_one_go
    finally:
        codec._reader.cache_clear()


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("is_decided", [False, True])
def test_the_findings_of_one_record_are_read_alone(indent: int | None, is_decided: bool) -> None:
    whole = read_scan(GOLDEN).scan
    if is_decided:
        made = {
            one.id: FindingDecision(Outcome.UNDETERMINED, (), (("n", one.id),)) for one in whole.findings[1:]
        }
        whole = replace(whole, decided=Decided("2026-03-02", (), (), made))
    written = scan_text(whole)
    content = (written if indent is None else json.dumps(json.loads(written), indent=indent)).encode()
    for one in whole.findings:
        alone = read_record(content, one.id)
        same = [other for other in whole.findings if place_of(other) == place_of(one)]
        assert list(alone.findings) == same and alone.inputs == whole.inputs
        assert (alone.decided is not None) is is_decided
        if whole.decided is not None and alone.decided is not None:
            assert alone.decided.by_finding == {
                other.id: whole.decided.by_finding[other.id]
                for other in same
                if other.id in whole.decided.by_finding
            }
    assert not read_record(content, "f_0").findings and not read_record(content, "f_.*").findings
