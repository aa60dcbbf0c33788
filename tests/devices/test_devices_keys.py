"""What counts as a key of a device, and what does not."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.devices import keys, marks
from proscribe.devices.kinds import kind_of
from proscribe.model import amounts
from proscribe.model.observations import Table


def macs(*texts: str) -> list[str]:
    return keys.macs(pl.Series(texts))["value"].to_list()


@pytest.mark.parametrize(
    "text",
    [
        "c0:6d:ed:14:02:77",
        "C0-6D-ED-14-02-77",
        "c06d.ed14.0277",
        "c06d-ed14-0277",
        "C06D:ED14:0277",
        "C06DED-140277",
        "C06DED140277",
        "0xC06DED140277",
        "c0 6d ed 14 02 77",
        "c0:6d:ed:14:2:77",
    ],
)
def test_every_notation_of_a_mac_is_one_key(text: str) -> None:
    assert macs(text) == ["C06DED140277"] == marks.macs_in(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("c0:6d:ed:xx:xx:xx", "masked"),
        ("02:42:ac:11:00:02", "locally administered"),
        ("01:00:5e:00:00:fb", "a group"),
        ("ff:ff:ff:ff:ff:ff", "broadcast"),
        ("00:00:00:00:00:00", "zeros"),
        ("00:00:5e:00:01:0a", "VRRP"),
        ("00:00:0c:07:ac:01", "HSRP"),
        ("c0:6d:ed:00:00:00", "no device half"),
        ("c0:6d:ed:14:02:77:00:01", "EUI-64"),
        ("12:30:45", "a time"),
    ],
)
def test_addresses_that_tell_no_device_apart_are_no_keys(text: str, why: str) -> None:
    assert macs(text) == [] == marks.macs_in(text), why


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("c06d-ed14-0277", ["C06DED140277"]),
        ("10.0.0.7  c06d-ed14-0277  GE0/0/1", ["C06DED140277"]),
        ("lic 00000000-0000-1000-8000-c06ded140277", []),
        ("key c06d-ed14-0277-1111", []),
    ],
)
def test_parts_of_four_in_running_text_stand_alone(text: str, expected: list[str]) -> None:
    assert keys.macs(pl.Series([text]), keys._MAC_IN_TEXT)["value"].to_list() == expected


def test_several_macs_in_a_cell_are_several_keys() -> None:
    assert sorted(macs("c0:6d:ed:14:02:77\nac:cc:8e:12:34:56; 02:42:ac:11:00:02")) == [
        "ACCC8E123456",
        "C06DED140277",
    ]


@given(st.text(alphabet="0123456789abcdefABCDEF:-. xX\n", max_size=80))
def test_column_and_cell_agree_on_macs(text: str) -> None:
    assert macs(text) == marks.macs_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "N/A",
        "0000000",
        "none",
        "To be filled by O.E.M.",
        "MB-1234567890",
        "CN0123456789",
        "Type2 - Board Serial Number",
        "PF000000",
        "SN0000000001",
        "Default string",
        "System Serial Number",
        "123456789",
        "XXXXXXXX",
        "unknown",
        "1.23457E+11",
        "-",
        "AAAA1111",
        "TEST1234",
        "DEMO0001",
        "ABC123456",
        "SN12345678",
        "NOSERIAL1",
        "A1B2C3D4",
        "1234-5678-9012",
    ],
)
def test_placeholders_are_no_serial_numbers(text: str) -> None:
    assert marks.serials(text) == []


def test_serials_are_compared_without_dress_and_with_the_short_form_of_the_long_one() -> None:
    assert marks.serials("S/N: j1234-5678") == ["J12345678"]
    assert "J12345678" in marks.serials("DS-2CD2143G2-I20210309AAWRJ12345678")
    assert keys.is_short_serial("123456") and not keys.is_short_serial("J12345678")


def test_order_lines_channels_and_tags_have_one_form() -> None:
    assert keys.order(" po-2021-114 / 2 ") == keys.order("PO-2021-114/2") == ["PO-2021-114/2"]
    assert (
        keys.channel("NVR-01 ", "CH03")
        == keys.channel("nvr-01", "Channel 3")
        == keys.channel("nvr-01", "D3")
        == ["nvr-01#3"]
    )
    assert keys.channel("", "3") == [] == keys.channel("nvr", "none")
    assert keys.tag("hr-0101") == ["HR-0101"]
    assert keys.tag("spare") == [] == keys.order("office")


@pytest.mark.parametrize(
    "name",
    [
        "localhost",
        "ipcam",
        "camera",
        "camera-2",
        "NVR01",
        "android-2f1c0a",
        "10.0.0.5",
        "host",
        "pc1",
        "router.lan",
        "0a1b2c3d4e5f",
    ],
)
def test_names_that_units_leave_the_factory_with_are_no_keys(name: str) -> None:
    assert keys._hosts(name) == []


def test_names_of_their_own_are_keys() -> None:
    assert keys._hosts("Cam-Lobby-1.example.org.") == ["cam-lobby-1.example.org"]


def test_instants() -> None:
    assert (
        keys.instant("2026-11-18T09:00:00Z")
        == keys.instant("2026/11/18 09:00:00")
        == keys.instant("1794992400")
        == 1_794_992_400
    )
    assert keys.instant("3 2026/11/18 09:00:00") == 1_794_992_400
    assert keys.instant("2026-11-18T10:00:00+01:00") == 1_794_992_400
    assert keys.instant("soon") is None and keys.instant("99999-01-01") is None


@given(st.text(max_size=60))
def test_no_text_breaks_a_normal_form(text: str) -> None:
    for normal in (marks.serials, keys.tag, keys.order, keys.model, keys._ip, keys._hosts):
        assert all(value and value == value.strip() for value in normal(text))
    keys.instant(text)
    amounts.pieces_of(text)
    amounts.money_of(text)
    keys.channel(text, text)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        (("mac", "ip", "hostname"), "neighbours"),
        (("recorder", "recorder_channel", "ip", "mac"), "recorder"),
        (("row_id", "site", "maker_name", "model_number", "serial_number"), "inventory"),
        (("row_id", "site", "text", "quantity", "unit_cost", "dated_on", "serial_number"), "inventory"),
        (("order_line", "dated_on", "vendor_name", "text", "quantity", "unit_cost", "site"), "ledger"),
        (("dated_on", "vendor_name", "text", "amount"), "ledger"),
        (("row_id", "vendor_name"), "vendors"),
        (("level", "part_number", "text", "maker_name"), "parts"),
        (("purl", "product_name"), "software"),
        (("text",), "inventory"),
        (("asset_tag", "recorder", "recorder_channel", "model_number"), "inventory"),
    ],
)
def test_tables_without_a_format_are_told_by_their_fields(fields: tuple[str, ...], kind: str) -> None:
    assert kind_of(Table(None, fields, {name: name for name in fields})) == kind


def test_the_reader_knows_best() -> None:
    assert kind_of(Table(None, ("mac",), {"mac": "mac"}, source_kind="leases")) == "leases"
