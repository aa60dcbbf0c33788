"""What is asked of a scan: one value, whoever asks."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from proscribe.model.canonical import canonical_json
from proscribe.model.codec import read, write
from proscribe.model.errors import UsageError
from proscribe.model.jobs import DevicesJob, ScanJob
from proscribe.model.results import InputReading, ScanOptions
from proscribe.model.scan_request import ReadingWords, ScanRequest, ScanWords

DAY = date(2026, 11, 25)


def names(kind: type[ScanOptions]) -> set[str]:
    return {one.name for one in fields(kind)}


def test_each_thing_that_can_be_asked_has_its_keyword() -> None:
    assert ReadingWords.__annotations__.keys() == names(ScanOptions)
    assert ScanWords.__annotations__.keys() == names(ScanRequest) - {"paths"}


def test_keywords_come_to_plain_values() -> None:
    said = InputReading(("a.csv",), kind="equipment")
    asked = ScanRequest.of(
        Path("a.csv"), as_of="2026-11-25", knowledge=[Path("k")], mapping=None, files=[said], kinds={"a": "network"}
    )  # fmt: skip
    assert asked == ScanRequest(
        ("a.csv",), DAY, knowledge=("k",), mapping={}, files=(said,), kinds={"a": "network"}
    )
    assert ScanRequest.of(["a", Path("b")]).paths == ("a", "b")


def test_a_keyword_goes_before_what_a_request_says() -> None:
    asked = ScanRequest(("a.csv",), DAY, reader="lines", kinds={"a": "network"})
    assert ScanRequest.of(asked, reader="tabular") == replace(asked, reader="tabular")
    assert ScanRequest.of(asked, as_of=None).as_of is None


def test_a_job_asks_what_a_request_asks_and_another_job_can_ask_it_too() -> None:
    asked = ScanRequest(("a.csv",), DAY, mapping={"A": "text"}, reader="tabular")
    job = replace(ScanJob.of(asked), facts=("facts.yml",))
    assert ScanRequest.of(job) == asked and type(ScanRequest.of(job)) is ScanRequest
    assert DevicesJob.of(job) == DevicesJob(("a.csv",), DAY, mapping={"A": "text"}, reader="tabular")


def test_how_inputs_are_read_is_asked_again_as_the_scan_says() -> None:
    asked = ScanRequest(("a.csv",), DAY, mapping={"A": "text"}, kinds={"a": "network"})
    assert ScanRequest.of(asked.options) == replace(asked, paths=(), as_of=None)


def test_days_are_those_named_and_else_the_day_of_asking() -> None:
    assert ScanRequest((), known_as_of=DAY).on(date(2026, 11, 30)) == ScanRequest((), date(2026, 11, 30), DAY)
    assert type(ScanJob(()).on(DAY)) is ScanJob
    with pytest.raises(UsageError) as caught:
        ScanRequest.of("a.csv", as_of="25.11.2026")
    assert caught.value.code == "E151"


def test_a_kept_job_is_written_as_it_always_was() -> None:
    kept = (
        '{"as_of":"2026-11-25","facts":["f.yml"],"kinds":{"a":"network"},"knowledge":[],"known_as_of":null,'
        '"mapping":{"A":"text"},"paths":["a.csv"],"processes":2,"reader":null}'
    )
    job = replace(
        ScanJob.of("a.csv", as_of=DAY, mapping={"A": "text"}, kinds={"a": "network"}), processes=2, facts=("f.yml",)
    )  # fmt: skip
    assert canonical_json(write(job)) == kept
    assert read(ScanJob, write(job)) == job
