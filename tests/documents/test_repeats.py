"""A file that was scanned again counts once in a summary; two things are never taken for one."""

from __future__ import annotations

import dataclasses
from typing import Any

import paper_samples as ps
import pytest

from proscribe.model.papers import Question, ScanInput


def summary(*scans: dict[str, Any]) -> dict[str, Any]:
    paper = ps.make("portfolio-summary", ps.base(scans=tuple(map(ScanInput, scans))))
    body: dict[str, Any] = paper.data["body"]
    return body


def renamed(scan: dict[str, Any], sha256: str = "aa" * 32) -> dict[str, Any]:
    return {**scan, "inputs": [{**scan["inputs"][0], "path": "assets (1).csv", "sha256": sha256}]}


def test_a_file_scanned_again_under_another_name_counts_once() -> None:
    body = summary(ps.COVERED, renamed(ps.COVERED))
    assert body["totals"]["by_band"]["confirmed"] == 1 and body["totals"]["records"] == 510
    assert body["totals"]["by_firm"] == {"hikvision": 1}
    assert "counted there" in body["units"][1]["note"] and len(body["largest"]) == 1


def test_a_record_with_an_id_of_its_own_in_a_later_export_counts_once() -> None:
    body = summary(ps.COVERED, renamed(ps.COVERED, "bb" * 32))
    assert body["totals"]["by_band"]["confirmed"] == 1 and body["totals"]["records"] == 1_020


@pytest.mark.parametrize("record_id", ["", "7", None])
def test_records_without_an_id_of_their_own_are_two_things(record_id: str | None) -> None:
    """Two sites list one equal camera each: nothing says that it is the same."""
    scan = ps.scan(ps.finding(record_id=record_id))
    assert summary(scan, renamed(scan, "bb" * 32))["totals"]["by_band"]["confirmed"] == 2
    assert summary(scan, renamed(scan))["totals"]["by_band"]["confirmed"] == 1, "the very same bytes"


def test_the_higher_band_of_two_scans_counts() -> None:
    low = ps.scan(ps.finding(band="possible"))
    low["summary"]["by_band"] = {"confirmed": 0, "probable": 0, "possible": 1}
    for scans in ((low, renamed(ps.COVERED)), (ps.COVERED, renamed(low))):
        assert summary(*scans)["totals"]["by_band"] == {"confirmed": 1, "probable": 0, "possible": 0}


def items(*findings: dict[str, Any]) -> list[dict[str, Any]]:
    scan = ps.scan(
        *(
            {**one, "outcome": "prohibited", "determinations": [ps.determination("us-889-b", "prohibited")]}
            for one in findings
        )
    )
    scan["inputs"][0]["tables"] = [
        {"sheet": None, "columns": {"serial_number": "Serial no", "text": "description"}}
    ]
    inputs = ps.base(scans=(ScanInput(scan, "22" * 32, (Question.USE,)),), items=())
    made: list[dict[str, Any]] = ps.make("far-report", dataclasses.replace(inputs)).data["body"]["items"]
    return made


def evidence(field: str, found: str) -> dict[str, Any]:
    return {**ps.finding()["evidence"][0], "field": field, "found": found}


def test_a_serial_number_is_never_printed_as_the_model() -> None:
    serial = evidence("Serial no", "DS-2CD2143G2-I20210309AAWRJ12345678")
    (item,) = items(ps.finding(evidence=[serial, evidence("description", "DS-2CD2143G2-I")]))
    assert item["model_number"] == "DS-2CD2143G2-I"
    (item,) = items(ps.finding(evidence=[serial]))
    assert item["model_number"] == ""


def test_two_things_of_one_firm_without_a_model_are_two_items() -> None:
    named = [{**ps.finding()["evidence"][1], "found": "Hikvision"}]
    two = [
        ps.finding(f"f_{n}", evidence=named, locator={"row": n, "sheet": None, "pointer": None})
        for n in (1, 2)
    ]
    assert len(items(*two)) == 2
    same = [ps.finding(f"f_{n}", locator={"row": n, "sheet": None, "pointer": None}) for n in (1, 2)]
    assert len(items(*same)) == 1, "one model is one kind of thing"
