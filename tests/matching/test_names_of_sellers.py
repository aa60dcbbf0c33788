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


@pytest.mark.parametrize(
    ("cells", "band"),
    [
        ({"Vendor": "Huwaei Coffee Roasters", "City": "Bend"}, "possible"),
        ({"Vendor": "Huawéi Ortega Notaría Pública", "City": "Lima"}, "possible"),
        ({"Vendor": "Hytera-Marín e Hijos", "City": "Sevilla"}, "possible"),
        ({"Vendor": "Huwaei Technologies Co Ltd", "City": "Shenzhen"}, "probable"),
        ({"Vendor": "Hikvisión España S.L.", "City": "Madrid"}, "probable"),
        ({"Vendor": "Huawei-Technologies", "City": "Shenzhen"}, "probable"),
        ({"Vendor": "Huwaei Coffee Roasters", "Item": "4G router"}, "probable"),
    ],
)  # fmt: skip
def test_a_name_written_otherwise_asks_where_it_goes_on_as_another(
    tmp_path: Path, cells: dict[str, str], band: str
) -> None:
    assert list(bands(tmp_path, **cells).values()) == [band]


@pytest.mark.parametrize(
    ("host", "band"),
    [("zte-lang-ws", "possible"), ("zte-ana", "possible"), ("zte-gw1", "probable"), ("zte-olt", "probable")],
)
def test_initials_that_lead_the_name_of_a_host_ask(tmp_path: Path, host: str, band: str) -> None:
    assert bands(tmp_path, Hostname=host, IP="10.0.0.7") == {"zte": band}


def test_a_text_that_ends_within_a_name_asks_beside_a_device(tmp_path: Path) -> None:
    assert bands(tmp_path, Asset="A-1", Description="CAMERA IP HIKVI") == {"hikvision": "possible"}
    assert bands(tmp_path, Asset="A-1", Description="PAYMENT HIKVI") == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Dahua NVR in the lobby does not open", {"dahua"}),
        ("the Dahua NVR does not boot", {"dahua"}),
        ("Hikvision NVR cannot export clips", {"hikvision"}),
        ("app for the Hikvision cameras in the lobby does not open", {"hikvision"}),
        ("new firmware for our Hikvision NVR", {"hikvision"}),
        ("firmware for the dahua cams at gate 4 outdated", {"dahua"}),
        ("Huawei switches cannot be bought", set()),
        ("Dahua cameras will not be considered", set()),
        ("Axis camera compatible with Hikvision NVR", set()),
    ],
)
def test_what_a_thing_does_not_do_denies_no_thing(tmp_path: Path, text: str, expected: set[str]) -> None:
    assert set(bands(tmp_path, Ticket="T-1", Summary=text)) == expected


def test_the_address_of_a_service_asks_where_no_maker_is_looked_for(tmp_path: Path) -> None:
    found = bands(tmp_path, Asset="A-1", Type="Camera", Endpoint="https://litedev.ezvizlife.com")
    assert list(found.values()) == ["possible"]


@pytest.mark.parametrize(
    ("seller", "band"),
    [
        ("STAPLES 00431 ZTE-410 LABELS", "possible"),
        ("CATHAY PAC HKG-SZX HUAWEI CONF TRAVEL", "possible"),
        ("Firma HDT Hikvision Europe BV", "probable"),
        ("PAYPAL *HIKVISION USA", "probable"),
        ("INTERSPORT HYTERA MOBILFUNK GMBH", "probable"),
        ("ZTE LABELS RENO", "probable"),
    ],
)
def test_a_name_between_words_of_none_of_the_firms_asks(tmp_path: Path, seller: str, band: str) -> None:
    assert list(bands(tmp_path, Vendor=seller, Amount="18.20").values()) == [band]


@pytest.mark.parametrize("seller", ["WWW.DAHUASTORE.EU", "hikvisionshop.de", "HUAWEISTORE MADRID"])
def test_a_shop_that_is_called_for_a_firm_is_found(tmp_path: Path, seller: str) -> None:
    assert bands(tmp_path, Vendor=seller, Amount="18.20")


@pytest.mark.parametrize(
    "seller", ["Persianas Dahua SL", "Dahua Rollladenbau", "Fahrschule Dahua", "Honor Dumplings"]
)
def test_a_seller_of_another_trade_is_none_of_the_firms(tmp_path: Path, seller: str) -> None:
    assert bands(tmp_path, Vendor=seller, Amount="18.20") == {}
