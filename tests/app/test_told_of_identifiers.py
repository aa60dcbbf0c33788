"""A scan says where no record, or few, carry an identifier: one address makes the lines beside it no better known."""

from __future__ import annotations

from pathlib import Path

import pytest

from proscribe.app.scan.api import scan

MINUTES = ["Minutes of the meeting of 12 November.", "Door controller, MAC 00:40:8c:11:22:33, works again.", "The cameras in the yard stay.",
           "The recorder too.", "Next meeting in May."]  # fmt: skip
ADDRESS = "00:40:8c:11:22:{:02x}"


def told(path: Path) -> list[str]:
    return [text for text in scan([path]).scan.not_checked if "identifier was recognised" in text]


def test_one_address_in_running_text_leaves_the_other_lines_open(tmp_path: Path) -> None:
    path = tmp_path / "minutes.txt"
    path.write_text("\n".join(MINUTES) + "\n")
    (text,) = told(path)
    assert "in 1 of 5 records alone" in text


@pytest.mark.parametrize(
    "lines", [[ADDRESS.format(n) for n in range(6)], [f"10.0.0.{n} {ADDRESS.format(n)}" for n in range(6)]]
)
def test_a_list_of_addresses_leaves_nothing_open(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "arp.txt"
    path.write_text("\n".join(lines) + "\n")
    assert told(path) == []


@pytest.mark.parametrize(
    ("with_serial", "says"), [(0, "in any record"), (1, "in 1 of 30 records alone"), (3, ""), (30, "")]
)
def test_a_table_of_which_few_rows_have_one(tmp_path: Path, with_serial: int, says: str) -> None:
    rows = [f"A-{n},Dome camera,Axis,P3245,{f'S{n:06}' if n < with_serial else ''}" for n in range(30)]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(["Tag,Description,Manufacturer,Model,Serial number", *rows]) + "\n")
    texts = told(path)
    assert [says in text for text in texts] == ([True] if says else [])
