"""Names in columns of makers and sellers, and numbers without their letters: what asks, and what lies just beside it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import proscribe


def bands(tmp_path: Path, **cells: str) -> dict[str, str]:
    path = tmp_path / "assets.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([list(cells), list(cells.values())])
    found = proscribe.scan(path, as_of="2026-11-25").findings
    return {one.entity: str(one.band) for one in found}


@pytest.mark.parametrize(
    ("cells", "entity"),
    [
        ({"Model": "K1T341AM"}, "hikvision"),
        ({"Model": "KH6320-WTE1"}, "hikvision"),
        ({"Model": "2CD2143"}, "hikvision"),
        ({"Manufacturer": "HK Vision", "Model": "cam"}, "hikvision"),
        ({"Manufacturer": "Eyesight / iVMS", "Model": "cam"}, "hikvision"),
        ({"Vendor": "HWTI", "Item": "services"}, "huawei"),
        ({"Vendor": "Huawei Street Dental", "Item": "cleaning"}, "huawei"),
        ({"Hostname": "HUAWEI-TEST-BENCH", "Manufacturer": "Google", "Model": "Pixel 6"}, "huawei"),
    ],
)
def test_it_asks_and_does_not_allege(cells: dict[str, str], entity: str, tmp_path: Path) -> None:
    assert bands(tmp_path, **cells) == {entity: "possible"}


@pytest.mark.parametrize(
    "cells",
    [
        {"Manufacturer": "Vision HK Ltd", "Item": "glasses"},
        {"Manufacturer": "HWT", "Item": "sensor"},
        {"Vendor": "HUA", "Item": "services"},
        {"Supplier": "Exir Oil", "Item": "oil"},
        {"Supplier": "Wahwey Lodge Inc", "Item": "rooms"},
        {"Model": "KH6320 heater"},
    ],
)
def test_names_beside_them_say_nothing(cells: dict[str, str], tmp_path: Path) -> None:
    assert bands(tmp_path, **cells) == {}


def test_a_phone_of_honor_is_no_camera_of_a_brand_that_numbers_likewise(tmp_path: Path) -> None:
    assert set(bands(tmp_path, Item="HONOR ALI-NX1 phone", Manufacturer="HONOR")) == {"honor"}
    assert "hikvision" in bands(tmp_path, Item="ALI-NX1 camera")


def test_a_phone_that_a_firm_made_for_another_is_still_its_own(tmp_path: Path) -> None:
    assert bands(tmp_path, Item="phone", Manufacturer="Google", Model="Nexus 6P") == {"huawei": "confirmed"}
