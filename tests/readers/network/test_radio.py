"""Wi-Fi surveys: every layout gives the same access points, and nothing of a survey is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.model.errors import UsageError
from proscribe.readers import Limits, Options

FIXTURES = Path(__file__).parents[1] / "fixtures" / "radio"
HUAWEI = "4c:f5:5b:5c:00:5a"
VIRTUAL = "4e:f5:5b:5c:00:5a"
OFFICE = "f0:9f:c2:00:00:01"


def rows(found: Any, sheet: str | None = None) -> list[dict[str, str]]:
    """The rows of one table without their empty cells."""
    for number, table in enumerate(found.tables):
        if table.sheet == sheet:
            return [{name: text for name, text in row.items() if text} for row in found.rows[number]]
    return []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("airodump-01.csv", [(HUAWEI, "HUAWEI-B535-5A00"), (VIRTUAL, None), (OFFICE, "Office, 2 floor")]),
        ("iw-scan.txt", [(HUAWEI, "Guest wing"), (OFFICE, "Office")]),
        ("kismet-devices.json", [(HUAWEI, "HUAWEI-B535-5A00"), (OFFICE, "Office")]),
        (
            "netsh-bssid.txt",
            [
                (OFFICE, "Office, 2 floor"),
                ("f0:9f:c2:00:00:02", "Office, 2 floor"),
                (HUAWEI, "HUAWEI-B535-5A00"),
                (VIRTUAL, None),
            ],
        ),
        ("nmcli-table.txt", [(OFFICE, "Office, 2 floor"), (HUAWEI, "HUAWEI-B535-5A00"), (VIRTUAL, None)]),
        ("nmcli-terse.txt", [(OFFICE, "Office, 2 floor"), (HUAWEI, "HUAWEI:B535"), (VIRTUAL, None)]),
        ("wigle.csv", [(HUAWEI, "ZTE, next door"), (OFFICE, "Office")]),
    ],
)
def test_access_points_of_every_layout(
    read_file: Any, name: str, expected: list[tuple[str, str | None]]
) -> None:
    found = read_file(FIXTURES / name)
    assert found.reader == "radio"
    assert [(row["wifi.bssid"], row.get("wifi.ssid")) for row in rows(found)] == expected
    assert all(
        table.source_kind == "radio" for table in found.tables if table.sheet != "device of the survey"
    )
    assert not found.issues, found.issues


def test_details_of_airodump(read_file: Any) -> None:
    found = read_file(FIXTURES / "airodump-01.csv")
    first = rows(found)[0]
    assert first["seen_at"] == "2026-11-20 09:10:23" and first["wifi.ip"] == "192.168.8.1"
    assert "privacy: WPA2 WPA" in first["wifi.details"] and "power: -52" in first["wifi.details"]
    assert "wifi.ip" not in rows(found)[1], "0.0.0.0 is an address that was not seen"
    stations = rows(found, "stations")
    assert [row["wifi.station"] for row in stations] == ["44:19:b6:5c:00:31", "da:a1:19:00:00:10"]
    assert stations[0]["wifi.access_point"] == OFFICE and "wifi.probed" not in stations[0]
    assert stations[1]["wifi.probed"] == "Office, 2 floor,HUAWEI-B535-5A00"
    held = found.tables[1]
    assert held.fields["wifi.access_point"] == "note", (
        "the address of the access point joins no station to it"
    )


def test_randomised_addresses_are_counted_as_blind(read_file: Any) -> None:
    (spot,) = read_file(FIXTURES / "airodump-01.csv").reading.blind_spots
    assert (spot.kind, spot.count, spot.of) == ("randomised_addresses", 2, 5)
    assert set(spot.examples) == {VIRTUAL, "da:a1:19:00:00:10"}


@pytest.mark.parametrize("name", ["iw-scan.txt", "kismet-devices.json"])
def test_what_a_device_says_of_itself_when_it_is_set_up(read_file: Any, name: str) -> None:
    first, second = rows(read_file(FIXTURES / name))
    assert first["wifi.maker"].startswith("Huawei") and "B535-232" in first["wifi.model"]
    assert first["wifi.device"] == "HUAWEI B535" and first["wifi.serial"] == "5LU0219A00000123"
    assert "wifi.maker" not in second


def test_kismet_tells_stations_from_access_points(read_file: Any) -> None:
    found = read_file(FIXTURES / "kismet-devices.json")
    (station,) = rows(found, "stations")
    assert (
        station["wifi.vendor"].startswith("Hangzhou Hikvision")
        and station["seen_at"] == "2025-11-20T09:10:00Z"
    )
    assert "wifi.ssid" not in station, "its address is no name"
    assert station["wifi.probed"] == "HUAWEI-B535-5A00" and "maybe Dahua" in station["wifi.details"]


@pytest.mark.parametrize("form", ["lines", "one"])
def test_kismet_lines_and_a_single_device(read: Any, form: str) -> None:
    devices = json.loads((FIXTURES / "kismet-devices.json").read_text(encoding="utf-8"))
    text = (
        "\n".join(json.dumps(device) for device in devices)
        if form == "lines"
        else json.dumps(devices[0], indent=1)
    )
    found = read(text)
    assert found.reader == "radio" and rows(found)[0]["wifi.maker"] == "Huawei"


def test_the_telephone_that_made_a_wigle_file_is_a_device_of_its_own(read_file: Any) -> None:
    found = read_file(FIXTURES / "wigle.csv")
    (phone,) = rows(found, "device of the survey")
    assert (phone["maker"], phone["model"]) == ("HUAWEI", "ANE-LX1") and "WigleWifi-1.6" in phone["details"]
    assert found.tables[0].source_kind == "inventory"
    assert [row.get("wifi.station") for row in rows(found, "stations")] == ["d0:5f:64:00:00:09", None], (
        "a cell of a telephone network has no address"
    )
    assert "204_08_1234_5678" in rows(found, "stations")[1]["wifi.details"]


def test_netsh_in_another_language_and_without_addresses(read: Any) -> None:
    text = "\nSchnittstellenname : WLAN\n2 Netzwerke sind momentan sichtbar.\n\nSSID 1 : Lager\n    Netzwerktyp             : Infrastruktur\n    BSSID 1                 : 4c:f5:5b:5c:00:5a\n         Signal             : 64%\n\nSSID 2 : ZTE ohne Adresse\n    Netzwerktyp             : Infrastruktur\n"
    found = read(text)
    assert [(row.get("wifi.bssid"), row["wifi.ssid"]) for row in rows(found)] == [
        (HUAWEI, "Lager"),
        (None, "ZTE ohne Adresse"),
    ]
    assert "Netzwerktyp : Infrastruktur" in rows(found)[1]["wifi.details"]


def test_nmcli_in_several_lines_and_with_chosen_columns(read: Any) -> None:
    text = "IN-USE:                                 *\nBSSID:                                  F0:9F:C2:00:00:01\nSSID:                                   Office\nMODE:                                   Infra\nCHAN:                                   36\n"
    found = read(text + text.replace("F0:9F:C2:00:00:01", "4C:F5:5B:5C:00:5A").replace("Office", "HUAWEI-1"))
    assert [(row["wifi.bssid"], row["wifi.ssid"]) for row in rows(found)] == [
        (OFFICE, "Office"),
        (HUAWEI, "HUAWEI-1"),
    ]
    found = read(
        "no:HUAWEI-1:4C\\:F5\\:5B\\:5C\\:00\\:5A:Infra:11\nyes:Office:F0\\:9F\\:C2\\:00\\:00\\:01:Infra:36\n"
    )
    assert [(row["wifi.bssid"], row["wifi.ssid"]) for row in rows(found)] == [
        (HUAWEI, "HUAWEI-1"),
        (OFFICE, "Office"),
    ]
    found = read("4C\\:F5\\:5B\\:5C\\:00\\:5A:HUAWEI-1\nF0\\:9F\\:C2\\:00\\:00\\:01:Office\n")
    assert [(row["wifi.bssid"], row["wifi.ssid"]) for row in rows(found)] == [
        (HUAWEI, "HUAWEI-1"),
        (OFFICE, "Office"),
    ]


def test_old_lists_without_addresses_keep_their_names(read: Any) -> None:
    found = read(
        "*  SSID              MODE    CHAN  RATE       SIGNAL  BARS  SECURITY\n*  HUAWEI-B535-5A00  Infra   6     54 Mbit/s  64      ▂▄▆_  WPA2\n   Office            Infra   36    54 Mbit/s  90      ▂▄▆█  WPA2\n"
    )
    assert found.reader == "radio"
    assert [row["wifi.ssid"] for row in rows(found)] == ["HUAWEI-B535-5A00", "Office"]


def test_iwlist_and_airport(read: Any) -> None:
    found = read(
        'wlan0     Scan completed :\n          Cell 01 - Address: 4C:F5:5B:5C:00:5A\n                    Channel:6\n                    ESSID:"Guest: wing"\n          Cell 02 - Address: F0:9F:C2:00:00:01\n                    ESSID:"Office"\n'
    )
    assert [(row["wifi.bssid"], row["wifi.ssid"]) for row in rows(found)] == [
        (HUAWEI, "Guest: wing"),
        (OFFICE, "Office"),
    ]
    found = read(
        "                            SSID BSSID             RSSI CHANNEL HT CC SECURITY (auth/unicast/group)\n                HUAWEI-B535-5A00 4c:f5:5b:5c:00:5a -52  6       Y  NL WPA2(PSK/AES/AES) \n                          Office f0:9f:c2:00:00:01 -41  36      Y  NL WPA2(PSK/AES/AES) \n"
    )
    assert [(row["wifi.bssid"], row["wifi.ssid"]) for row in rows(found)] == [
        (HUAWEI, "HUAWEI-B535-5A00"),
        (OFFICE, "Office"),
    ]


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("airodump-01.csv", "Hikvision camera, not a row"),
        ("wigle.csv", "zz:zz,Hikvision,[ESS]"),
        ("nmcli-table.txt", "Hikvision without a layout"),
    ],
)
def test_a_line_of_no_layout_is_kept_and_said(read: Any, name: str, broken: str) -> None:
    text = (FIXTURES / name).read_bytes().decode().replace("\r\n", "\n")
    lines = text.strip("\n").split("\n")
    found = read("\n".join([*lines[:3], broken, *lines[3:]]) + "\n", name)
    assert found.issue("E165").lossy and found.reader == "radio"
    assert [row["wifi.line"] for row in rows(found, "(lines not understood)")] == [broken]
    assert len(rows(found)) == len(rows(read(text, name))), "the rows around it are read"


def test_a_name_with_commas_and_one_longer_than_it_says(read: Any) -> None:
    head = "\nBSSID, First time seen, Last time seen, channel, Speed, Privacy, Cipher, Authentication, Power, # beacons, # IV, LAN IP, ID-length, ESSID, Key\n"
    row = "4C:F5:5B:5C:00:5A, 2026-11-20 09:00:20, 2026-11-20 09:10:23,  6, 195, WPA2, CCMP,PSK, -52, 21, 492, 0.  0.  0.  0,"
    (found,) = rows(read(f"{head}{row}   9, Straße,, \n"))
    assert found["wifi.ssid"] == "Straße,,", "the length counts bytes"
    (found,) = rows(read(f"{head}{row} 999, short, \n"))
    assert found["wifi.ssid"].startswith("short")
    (found,) = rows(read(f"{head}{row}   6, Office, 31:32:33\n"))
    assert found["wifi.ssid"] == "Office" and "31:32:33" in found["wifi.details"], (
        "a key is kept apart from the name"
    )


def test_a_scan_without_end_is_bounded(read: Any) -> None:
    found = read("BSS 4c:f5:5b:5c:00:5a(on wlan0)\n\tSSID: x\n" + "\tline of nothing\n" * 5_000)
    assert len(rows(found)) == 1 and "E125" in found.codes


@pytest.mark.parametrize(
    "text",
    [
        "BSSID,Manufacturer,Model\n4c:f5:5b:5c:00:5a,Ubiquiti,U6-Pro\n",
        "SSID 1 : a chapter of a manual\nand no list\n",
        "mac,ip\n44:19:b6:00:00:01,10.0.0.1\n",
        '[{"kismet": "a book", "macaddr": "44:19:b6:00:00:01"}]',
    ],
)
def test_what_is_no_survey(read: Any, text: str) -> None:
    assert read(text).reader != "radio"


def test_a_list_of_own_access_points_keeps_its_columns(read: Any) -> None:
    found = read(
        "AP name,BSSID,Manufacturer,Model,Serial number\nap-1,4c:f5:5b:5c:00:5a,Huawei,AP7060DN,21500\nap-2,f0:9f:c2:00:00:01,Ubiquiti,U6-Pro,F09F\n"
    )
    assert found.tables[0].source_kind == "" and found.tables[0].fields["Manufacturer"] == "maker_name"


@pytest.mark.parametrize("path", sorted(FIXTURES.iterdir()), ids=lambda path: path.name)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_survey_is_read_without_a_crash(read: Any, path: Path, data: Any) -> None:
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
    read(bytes(raw), reader="radio", limits=Limits(max_field_bytes=2048)).keeps(bytes(raw))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            [
                line
                for path in sorted(FIXTURES.glob("*.txt")) + sorted(FIXTURES.glob("*.csv"))
                for line in path.read_text(encoding="utf-8").splitlines()
            ]
        ),
        max_size=30,
    )
)
def test_lines_of_all_layouts_in_any_order(read: Any, lines: list[str]) -> None:
    found = read("\n".join([*lines, "end"]), reader="radio")
    kept = "\n".join(
        str(text) for table in found.rows.values() for row in table for text in row.values() if text
    )
    for line in lines:
        if "HUAWEI-B535-5A00" in line:
            assert "HUAWEI-B535-5A00" in kept


def test_a_column_of_a_table_that_comes_later_can_be_mapped(read_file: Any) -> None:
    found = read_file(FIXTURES / "airodump-01.csv", Options(mapping={"wifi.probed": "text"}))
    stations = next(table for table in found.tables if table.sheet == "stations")
    assert stations.fields["wifi.probed"] == "text" and "wifi.probed" not in stations.unread
    with pytest.raises(UsageError) as raised:
        read_file(FIXTURES / "airodump-01.csv", Options(mapping={"wifi": "text"}))
    assert raised.value.code == "E134" and "wifi" in raised.value.what
