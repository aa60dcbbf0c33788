"""Cells that tell a maker by its nation, or say that a thing is the one of before, are said and never silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from proscribe.model.observations import ReadIssue

from .conftest import scan


def said(folder: Path, text: str) -> list[ReadIssue]:
    """Give what is said of a list with one such row."""
    path = folder / "assets.csv"
    path.write_text(f"Asset,Manufacturer,Description\nA1,{text}\nA2,Axis,dome camera\n", encoding="utf-8")
    return [issue for issue in scan(path).issues if issue.code == "E548"]


@pytest.mark.parametrize(
    "text",
    [
        ",the white domes from the Chinese firm we used before", "chinesischer Hersteller,Kamera", "fabricant chinois,caméra",
        "marca china,cámara", "китайского производителя,камера", "中国品牌,摄像头",
    ],
)  # fmt: skip
def test_a_maker_that_is_told_by_its_nation_is_said(tmp_path: Path, text: str) -> None:
    (issue,) = said(tmp_path, text)
    assert "by its nation" in issue.what and issue.lossy


@pytest.mark.parametrize(
    "text", ["the ones we always had,camera", "wie immer,Kamera", "lo de siempre,cámara", "As usual.,camera"]
)
def test_the_one_of_before_is_said(tmp_path: Path, text: str) -> None:
    (issue,) = said(tmp_path, text)
    assert "the one of before" in issue.what and issue.lossy


@pytest.mark.parametrize(
    "text",
    [
        "Axis,camera at the Chinese restaurant", "Axis,dinner with a Chinese company", "Axis,usual place", "Always Secure Ltd,camera",
        "Axis,camera as usual on the roof",
    ],
)  # fmt: skip
def test_what_names_a_maker_or_speaks_of_others_is_not(tmp_path: Path, text: str) -> None:
    assert said(tmp_path, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "same as CAM-02,camera", "ídem CAM-02,cámara", ",siehe Zeile 4", "comme CAM-02,caméra", "wie Kamera 3,Kamera", "как в п. 3,камера",
        "то же; что К-2,камера", "CAM-02と同じ,カメラ", "CAM-02 와 동일,카메라", "同 CAM-02,摄像机", ",igual que la CAM-02", "same as row above,camera",
    ],
)  # fmt: skip
def test_what_is_as_another_row_is_said(tmp_path: Path, text: str) -> None:
    (issue,) = said(tmp_path, text)
    assert "that of another row" in issue.what and issue.lossy


@pytest.mark.parametrize(
    "text",
    [
        "Cisco,AS5350", "Axis,like new", "Axis,AS-4", "Axis,ID 4410", "同方 T45,电脑", "Axis,see 2023", "Dell,wie neu", "Axis,P3245 same height as 3",
    ],
)  # fmt: skip
def test_what_names_no_other_row_is_not(tmp_path: Path, text: str) -> None:
    assert said(tmp_path, text) == []
