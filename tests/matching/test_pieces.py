"""How many things a line says it speaks of; what is no number of things gives none."""

from __future__ import annotations

from pathlib import Path

import pytest

import proscribe


def _quantity(text: str, folder: Path, more: str = "") -> str | None:
    path = folder / "list.csv"
    path.write_text(f'Id,Description{", Qty" if more else ""}\n1,"{text}"{more}\n')
    (found,) = proscribe.scan([path]).findings
    return found.details.quantity


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4 x DS-2CD2143G2-I", "4"), ("4x DS-2CD2143G2-I", "4"), ("DS-2CD2143G2-I x6", "6"), ("DS-2CD2143G2-I (x 6)", "6"),
        ("3 Stück Hikvision DS-7616NI-K2", "3"), ("por 5 unidades Dahua IPC-HDW2431T", "5"), ("海康威视 DS-2CD2143G2-I 8台", "8"),
        ("Dahua IPC-HDW2431T, 12 pcs", "12"), ("Видеорегистратор Hikvision DS-7616NI-K2 2 шт.", "2"), ("2 × Dahua IPC-HDW2431T", "2"),
        ("Landlord shall operate nine (9) Hikvision DS-2CD2347G2-LU cameras", "9"), ("neun (9) Hikvision DS-2CD2347G2-LU Kameras", "9"),
        ("Hytera PD505 two-way radio x2", "2"), ("Dahua IPC-HDW2431T dome camera x 12", "12"), ("Hikvision DS-2CD2143G2-I Kamera x3", "3"),
    ],
)  # fmt: skip
def test_a_number_right_beside_the_thing_is_its_quantity(text: str, number: str, tmp_path: Path) -> None:
    assert _quantity(text, tmp_path) == number


@pytest.mark.parametrize(
    "text",
    [
        "Hikvision DS-7616NI-K2 with 2 x 4TB disks", "Hikvision DS-7616NI-K2 16 channels", "Hikvision DS-2CD2143G2-I 20 m",
        "4 x bracket and Hikvision DS-2CD2143G2-I", "Room 4 Hikvision DS-2CD2143G2-I", "3 x Dahua IPC-HDW2431T 5 pcs",
        "Building (9) Hikvision DS-2CD2143G2-I", "Hikvision DS-7616NI-K2, camera x4", "Hikvision DS-7616NI-K2 & camera x4",
        "0 x Dahua IPC-HDW2431T", "Hikvision DS-7616NI-K2 with dome camera x4", "Hikvision DS-7616NI-K2 recorder and disk x2",
        "Hikvision DS-7616NI-K2 for camera x4", "Hikvision DS-2CD2143G2-I camera bracket x4", "Hikvision DS-2CD2143G2-I camera lens x2",
    ],
)  # fmt: skip
def test_other_numbers_are_none(text: str, tmp_path: Path) -> None:
    assert _quantity(text, tmp_path) is None


def test_a_column_of_quantities_goes_first(tmp_path: Path) -> None:
    assert _quantity("4 x DS-2CD2143G2-I", tmp_path, ",9") == "9"


def test_an_accessory_in_another_cell_asks_in_scripts_without_blanks(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("编码,名称,规格\n1,对讲机电池,海能达BL1502\n2,摄像机支架,海康威视\n3,摄像机,海康威视\n")
    assert [str(one.band) for one in proscribe.scan([path]).findings] == ["possible", "possible", "probable"]
