"""Attacks through the day of a purchase: one that lies ahead, since its year is of another calendar, shows nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

import proscribe

# the year 2020 in Thailand, Israel and Nepal; a day that is to come; a row without a day
AHEAD = ["2563-05-01", "01/05/2563", "5780-08-07", "2077-01-19", "2027-05-01", ""]
BEHIND = {"2022-05-01": "mention", "2019-05-01": "probable"}


@pytest.mark.parametrize("header", ["Purchased on", "Installed on"])
def test_a_day_that_lies_ahead_clears_no_phone(header: str, tmp_path: Path) -> None:
    path = tmp_path / "phones.csv"
    days = [*AHEAD, *BEHIND]
    rows = "".join(f"A-{number},Mobile phone 10 Lite,Honor,{day}\n" for number, day in enumerate(days))
    path.write_text(f"Tag,Item,Maker,{header}\n{rows}")
    result = proscribe.scan(path, as_of="2026-11-25")
    said = {one.record_id: one.band.value for one in result.findings}
    assert [said.get(f"A-{number}", "mention") for number in range(len(days))] == [
        *["possible"] * len(AHEAD),
        *BEHIND.values(),
    ]
