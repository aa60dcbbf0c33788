"""Attacks through narrow columns that cut the names of makers off, and programs that write them together."""

from __future__ import annotations

from pathlib import Path

import pytest

import proscribe
from proscribe.model.findings import Band

LEFT = {
    "HANGZHOU HIKV": "hikvision", "HANGZHOU HIKVI": "hikvision", "HANGZHOU HIK": "hikvision", "HangzhouHikv": "hikvision",
    "HIKVI": "hikvision", "ZHEJIANG DAHU": "dahua", "ZHEJIANG DAH": "dahua", "ZhejiangDahu": "dahua",
    "ZHONGXING TELE": "zte",
}  # fmt: skip
OTHERS = [
    "HANGZHOU HI",
    "ZHEJIANG DA",
    "SHENZHEN HUA",
    "HYTE",
    "AXIS COMMUNIC",
    "HANWHA TECH",
    "ZHONG",
]


@pytest.mark.parametrize("column", ["Manufacturer", "Vendor"])
def test_a_maker_that_a_narrow_column_cut_off_is_a_question(column: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        f"Tag,{column},Model\n" + "".join(f"{name},{name},T1\n" for name in [*LEFT, "HYTER", *OTHERS])
    )
    found = proscribe.scan(path, as_of="2026-11-25").findings
    assert {one.record_id: one.entity for one in found} == {**LEFT, "HYTER": "hytera"}
    assert {one.band for one in found} == {Band.POSSIBLE}
    assert all(
        "its end is cut off" in one.evidence[0].why
        for one in found
        if one.record_id in LEFT.keys() - {"HANGZHOU HIK"}
    )


def test_what_is_left_of_a_name_in_other_columns_is_a_family_name(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Tag,Contact,Description\nA-1,R Hyter,Chair\nA-2,Hyter,Desk of Hyter\n")
    assert not proscribe.scan(path, as_of="2026-11-25").findings
