"""Exports of inventory programs and of recorders: what each column is read as, and that nothing of them is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.model.observations import FIELDS, SOURCE_KINDS
from proscribe.readers import Limits
from proscribe.readers._exports import exports
from proscribe.readers.columns import plan_columns
from proscribe.readers.header_fields import fold_header

FIXTURES = Path(__file__).parent / "fixtures"


def fields_of(found: Any, table: int = 0) -> dict[str, str]:
    """The columns of a table that are matched or kept to join by."""
    held = found.tables[table]
    return {name: kind for name, kind in held.fields.items() if name not in held.unread}


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        (
            "inventory/netbox-devices.json", "inventory",
            {
                "name": "hostname", "device_type.manufacturer.name": "maker_name", "device_type.model": "model_number", "serial": "serial_number",
                "asset_tag": "asset_tag", "site.name": "site", "primary_ip.address": "ip", "custom_fields.purchase_order": "order_line",
            },
        ),
        ("inventory/netbox-interfaces.json", "inventory", {"device.name": "hostname", "name": "port", "mac_address": "mac"}),
        (
            "inventory/netbox-devices.csv", "inventory",
            {"Name": "hostname", "Manufacturer": "maker_name", "Type": "model_number", "Serial number": "serial_number", "Asset tag": "asset_tag", "Site": "site", "IP Address": "ip"},
        ),
        (
            "inventory/snipeit-hardware.json", "inventory",
            {
                "asset_tag": "asset_tag", "serial": "serial_number", "model.name": "product_name", "model_number": "model_number", "manufacturer.name": "maker_name",
                "supplier.name": "vendor_name", "order_number": "order_line", "location.name": "site", "purchase_date.date": "dated_on",
                "custom_fields.MAC Address.value": "mac",
            },
        ),
        (
            "inventory/snipeit-assets.csv", "inventory",
            {"Asset Tag": "asset_tag", "Serial": "serial_number", "Model No.": "model_number", "Manufacturer": "maker_name", "Supplier": "vendor_name", "Location": "site", "MAC Address": "mac"},
        ),
        (
            "inventory/intune-manageddevices.json", "inventory",
            {
                "deviceName": "hostname", "lastSyncDateTime": "seen_at", "manufacturer": "maker_name", "model": "model_number", "serialNumber": "serial_number",
                "imei": "serial_number", "wiFiMacAddress": "mac", "ethernetMacAddress": "mac",
            },
        ),
        (
            "inventory/intune-devices.csv", "inventory",
            {"Device name": "hostname", "Last check-in": "seen_at", "Manufacturer": "maker_name", "Model": "model_number", "Serial number": "serial_number", "Wi-Fi MAC": "mac", "EthernetMAC": "mac"},
        ),
        (
            "inventory/lansweeper-assets.json", "inventory",
            {
                "assetBasicInfo.name": "hostname", "assetBasicInfo.mac": "mac", "assetBasicInfo.ipAddress": "ip", "assetBasicInfo.lastSeen": "seen_at",
                "assetCustom.manufacturer": "maker_name", "assetCustom.model": "model_number", "assetCustom.serialNumber": "serial_number",
                "assetCustom.barCode": "asset_tag", "assetCustom.orderNumber": "order_line", "assetCustom.location": "site", "networks": "mac_vendor",
            },
        ),
        (
            "inventory/lansweeper-report.csv", "inventory",
            {"AssetName": "hostname", "Mac": "mac", "IPAddress": "ip", "Lastseen": "seen_at", "Manufacturer": "maker_name", "Model": "model_number", "Serialnumber": "serial_number", "BarCode": "asset_tag"},
        ),
        (
            "inventory/runzero-assets.csv", "network_scan",
            {"names": "hostname", "macs": "mac", "mac_vendors": "mac_vendor", "addresses": "ip", "hw": "mac_vendor", "hw_vendor": "mac_vendor", "os": "mac_vendor", "hw_product": "model_number", "last_seen": "seen_at", "site_name": "site"},
        ),
        ("inventory/runzero-wireless.jsonl", "radio", {"essid": "text", "bssid": "mac", "vendor": "mac_vendor", "last_seen": "seen_at", "site_name": "site"}),
        ("inventory/osquery-usb_devices.json", "inventory", {"vendor": "maker_name", "vendor_id": "usb_id", "model": "product_name", "serial": "serial_number"}),
        (
            "recorder/hikvision-nvr-cameras.csv", "recorder",
            {"Channel No.": "recorder_channel", "IP Camera Address": "ip", "Protocol": "protocol", "Device Model": "model_number", "Serial No.": "serial_number", "Firmware Version": "text"},
        ),
        ("recorder/milestone-hardware.csv", "recorder", {"HardwareAddress": "ip", "MacAddress": "mac", "DriverDisplayName": "protocol", "RecordingServerName": "recorder"}),
        (
            "recorder/milestone-camera-report.csv", "recorder",
            {"Channel": "recorder_channel", "Model": "model_number", "Address": "ip", "MAC": "mac", "Firmware": "text", "DriverFamily": "protocol", "RecorderName": "recorder"},
        ),
        ("recorder/genetec-hardware.csv", "recorder", {"Manufacturer": "maker_name", "Product type": "model_number", "Role": "recorder", "IP address": "ip", "Physical address": "mac"}),
        ("recorder/synology-cameras.json", "recorder", {"model": "model_number", "vendor": "protocol", "ip": "ip"}),
        ("recorder/dahua-configtool.csv", "", {"Model": "model_number", "IP": "ip", "MAC": "mac", "SN": "serial_number"}),
    ],
)  # fmt: skip
def test_columns_of_documented_exports(
    read_file: Any, name: str, kind: str, expected: dict[str, str]
) -> None:
    found = read_file(FIXTURES / name)
    fields = fields_of(found)
    assert {column: fields.get(column) for column in expected} == expected
    assert found.tables[0].source_kind == kind
    assert not any(issue.lossy for issue in found.issues), found.issues
    content = found.rows[0]
    assert len(content) >= 2
    for column in expected:
        assert any(row[column] for row in content), f"{column} is empty in the fixture, so it shows nothing"


@pytest.mark.parametrize(
    "path",
    sorted((FIXTURES / "inventory").iterdir()) + sorted((FIXTURES / "recorder").iterdir()),
    ids=lambda path: path.name,
)
def test_no_value_of_an_export_is_lost(read_file: Any, path: Path) -> None:
    found = read_file(path)
    kept = "\n".join(
        str(text) for rows in found.rows.values() for row in rows for text in row.values() if text
    ).casefold()
    for name in ("44:19:b6:5c:00:31", "hr-2612", "gate-cam-1", "3c:ef:8c:62:11:32", "sentryline", "e3372"):
        if name in path.read_text(encoding="utf-8-sig").casefold():
            assert name in kept, name


def test_credentials_are_never_matched_or_kept_to_join(read_file: Any) -> None:
    for name in ("milestone-hardware.csv", "milestone-camera-report.csv"):
        assert not {"Password", "UserName", "Username"} & set(
            fields_of(read_file(FIXTURES / "recorder" / name))
        )


def test_an_envelope_of_counts_and_links_is_no_lost_table(read: Any) -> None:
    found = read(
        '{"count": 1, "next": "https://n.example.org/?offset=50", "previous": null, "results": [{"manufacturer": "Axis", "model": "P3245-LV"}]}'
    )
    assert "E129" not in found.codes
    found = read(
        '{"count": 1, "status_text": "7", "zzz": "zz9", "results": [{"manufacturer": "Axis", "model": "P3245-LV"}]}'
    )
    assert found.tables[-1].header[0] == "count", "other values of an envelope are still a table"


def test_the_envelope_of_a_known_export_is_no_device(read_file: Any, read: Any) -> None:
    found = read_file(FIXTURES / "inventory/lansweeper-assets.json")
    assert len(found.tables) == 1
    issue = found.issue("E185")
    assert not issue.lossy and "total: 3" in issue.what and "pagination.page: FIRST" in issue.what
    whole = json.loads((FIXTURES / "inventory/snipeit-hardware.json").read_text(encoding="utf-8"))
    found = read(json.dumps(whole | {"message": "Hikvision " * 100}))
    assert "Hikvision" in str(found.rows[1]), "a long message is read like any text"


def test_the_mapping_of_the_user_wins_over_a_known_export(read: Any) -> None:
    text = "Name,Status,Site,Role,Manufacturer,Type\ncam-1,Active,North,Camera,Hikvision,DS-2CD2143G2-I\n"
    assert fields_of(read(text, "netbox.csv"))["Type"] == "model_number"
    assert fields_of(read(text, "netbox.csv", mapping={"Type": "note", "Name": "text"}))["Name"] == "text"


def test_columns_a_user_adds_to_an_export_are_still_recognised() -> None:
    header = ["AssetID", "AssetName", "Manufacturer", "Hardware address of radio", "Chipset"]
    made = plan_columns(header, [["1", "CAM-1", "Axis", "44:19:b6:00:00:01", "Hi3516"]], {})
    assert made.fields["Chipset"] == "chip" and made.fields["Hardware address of radio"] == "mac"


def test_other_tables_with_some_of_the_names_are_read_as_before() -> None:
    header = ["Name", "Status", "Manufacturer", "Type"]
    made = plan_columns(header, [["Dome camera", "Active", "Hikvision", "Camera"]], {})
    assert made.source_kind == "" and made.fields["Name"] == "text" and made.fields["Type"] == "category"


def test_every_known_export_is_sound() -> None:
    names = [export.name for export in exports(fold_header)]
    assert len(names) == len(set(names)) > 20
    for place, export in enumerate(exports(fold_header)):
        assert export.kind in (*SOURCE_KINDS, "") and export.rest in ("note", "guess"), export.name
        assert set(export.columns.values()) <= {*FIELDS, "skip", "guess"}
        assert not any(earlier.needs <= export.needs for earlier in exports(fold_header)[:place]), (
            f"{export.name} is never reached"
        )


# --- runZero and osquery ---------------------------------------------------------------------------------


def test_runzero_services_go_to_the_channels_of_their_protocols(read_file: Any) -> None:
    found = read_file(FIXTURES / "inventory/runzero-assets.jsonl")
    assert found.reader == "inventory"
    camera, relabelled, laptop = found.only()
    assert camera["http.server"] == "Server: App-webs/" and camera["port"].split("\n") == [
        "80/tcp open",
        "554/tcp open",
        "8000/tcp open",
    ]
    assert "IP Camera(C2342)" in camera["rtsp.www_authenticate"]
    assert (camera["mac"], camera["ip"], camera["hostname"], camera["seen_at"], camera["site"]) == (
        "44:19:b6:5c:00:31",
        "10.20.0.31",
        "GATE-CAM-1",
        "2025-11-26T09:40:00Z",
        "Northgate",
    )
    assert relabelled["http.title"] == "<title>WEB SERVICE</title>" and relabelled["hw.product"] == "SL-D40"
    assert "Dahua" in relabelled["about"] and "about" in found.tables[0].unread, (
        "remarks are kept and probed, not matched"
    )
    assert laptop["mac"].split("\n") == ["d8:9e:f3:00:00:10", "da:a1:19:00:00:10"]
    assert laptop["hostname"].split("\n") == ["LT-0010", "LT-0010.EXAMPLE.ORG"]


def test_runzero_services_of_one_asset_are_one_record(read_file: Any) -> None:
    assets = read_file(FIXTURES / "inventory/runzero-assets.jsonl").only()
    services = read_file(FIXTURES / "inventory/runzero-services.json").only()
    assert [row["mac"] for row in services] == [row["mac"] for row in assets[:2]]
    assert (
        services[0]["http.server"] == assets[0]["http.server"]
        and services[0]["rtsp.www_authenticate"] == assets[0]["rtsp.www_authenticate"]
    )


def test_an_osquery_log_is_a_table_a_query(read_file: Any) -> None:
    found = read_file(FIXTURES / "inventory/osquery-results.log")
    by_query = {table.sheet: found.rows[number] for number, table in enumerate(found.tables)}
    assert [row["usb_or_pci_id"] for row in by_query["pack_inventory_usb_devices"]] == [
        "12d1",
        "046d",
        "19d2",
    ]
    assert [row["state"] for row in by_query["pack_inventory_usb_devices"]] == ["added", "added", "removed"]
    assert by_query["pack_inventory_usb_devices"][0]["in"] == "lt-0010.example.org"
    assert by_query["pack_inventory_usb_devices"][0]["host"] is None, "what is plugged in is not the computer"
    (system,) = by_query["pack_inventory_system_info"]
    assert (system["maker"], system["model"], system["serial"]) == ("Dell Inc.", "Latitude 5440", "7XK2LM3")
    assert [row["mac"] for row in by_query["pack_inventory_arp_cache"]] == [
        "44:19:b6:5c:00:31",
        "00:1e:f7:00:00:fe",
    ]
    assert (
        found.tables[[table.sheet for table in found.tables].index("pack_inventory_arp_cache")].source_kind
        == "neighbours"
    )
    assert all(row["host"] is None for row in by_query["pack_inventory_arp_cache"])
    assert (
        len(by_query["inventory_snapshot_pci"]) == 2
        and by_query["inventory_snapshot_pci"][0]["seen_at"] == "2026-11-25T08:15:00Z"
    )


def test_networks_that_a_host_hears_are_heard_on_the_air(read: Any) -> None:
    line = {
        "name": "wifi",
        "hostIdentifier": "h",
        "action": "added",
        "columns": {"interface": "en0", "ssid": "HUAWEI-B535", "bssid": "4c:f5:5b:5c:00:5a", "rssi": "-52"},
    }
    found = read(json.dumps(line) + "\n" + json.dumps(line | {"name": "other"}) + "\n")
    assert found.tables[0].source_kind == "radio" and found.only()[0]["wifi.bssid"] == "4c:f5:5b:5c:00:5a"
    assert "heard by h" in found.only()[0]["wifi.details"] and found.only()[0]["wifi.ssid"] == "HUAWEI-B535"


def test_more_lists_of_the_same_programs(read: Any) -> None:
    found = read(
        "Asset Name,Device Image,Asset Tag,Serial,Model,Category,Status,Checked Out To,Location,Purchase Cost\nGate,,HR-1,J12345678,DS-2CD2143G2-I,Camera,Ready,A. Person,North,99.00\n"
    )
    fields = fields_of(found)
    assert (
        fields["Model"] == "product_name"
        and fields["Serial"] == "serial_number"
        and "Checked Out To" not in fields
    )
    found = read(
        "DeviceId,DeviceName,SerialNumber,Manufacturer,Model,LastContact,WifiMacAddress,UserEmail\n1,AP-3,ABC022,HUAWEI,AGS3-L09,2026-11-25T08:15:00Z,4CF55B5C0031,a@example.org\n"
    )
    fields = fields_of(found)
    assert (
        fields["WifiMacAddress"] == "mac" and fields["LastContact"] == "seen_at" and "UserEmail" not in fields
    )


def test_a_batch_log_of_osquery_is_read_too(read: Any) -> None:
    line = {
        "name": "usb",
        "hostIdentifier": "h",
        "action": "",
        "unixTime": "1",
        "diffResults": {"added": [{"vendor": "ZTE", "vendor_id": "19d2", "model": "MF79U"}], "removed": ""},
    }
    found = read(json.dumps(line) + "\n" + json.dumps(line) + "\n")
    assert found.reader == "inventory"
    assert [(row["maker"], row["state"]) for row in found.only()] == [("ZTE", "added")] * 2


def test_a_line_of_another_program_is_kept_as_text(read: Any) -> None:
    good = (FIXTURES / "inventory/runzero-assets.jsonl").read_text(encoding="utf-8").splitlines()[0]
    found = read(good + '\n{"remark": "Hikvision recorder in the cellar"}\nnot json, Dahua\n' + good + "\n")
    assert found.reader == "inventory"
    rows = [row for table in found.rows.values() for row in table]
    assert any("Hikvision recorder" in str(row.get("line")) for row in rows) and any(
        "Dahua" in str(row.get("line")) for row in rows
    )
    assert {"E130", "E163"} <= found.codes


def test_a_record_of_very_many_values_is_bounded(read: Any) -> None:
    value = {
        "id": "1",
        "macs": [],
        "mac_vendors": [],
        "addresses": ["10.0.0.1"],
        "newest_mac": "",
        "services": {
            f"10.0.0.1/{n}/tcp/": {f"k{m}": f"text {n} {m}" for m in range(40)} for n in range(1, 700)
        },
    }
    found = read(json.dumps(value))
    assert found.reader == "inventory" and "E162" in found.codes and len(found.only()) == 1


_NAMES = st.sampled_from(
    [
        "macs",
        "mac_vendors",
        "addresses",
        "names",
        "services",
        "attributes",
        "id",
        "hw",
        "last_seen",
        "name",
        "hostIdentifier",
        "action",
        "columns",
        "snapshot",
        "service_address",
    ]
)
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(["44:19:b6:00:00:01", "10.0.0.1/80/tcp/", "Hikvision"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["10.0.0.1/80/tcp/", "banner", "html.title", "vendor_id", "mac", "address"])
            | st.text(max_size=6),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(_NAMES, _VALUES, max_size=8), min_size=1, max_size=4), st.integers(0, 60))
def test_any_record_is_read_without_a_crash(read: Any, records: list[dict[str, object]], cut: int) -> None:
    base = {"macs": ["44:19:b6:00:00:01"], "mac_vendors": [], "addresses": []}
    text = "\n".join(json.dumps(base | record) for record in records)
    read(text[: len(text) - cut], reader="inventory")
    read(text, limits=Limits(max_field_bytes=4096))


@settings(max_examples=150)
@given(data=st.data())
def test_any_part_of_a_known_export_is_planned_soundly(data: Any) -> None:
    export = data.draw(st.sampled_from(exports(fold_header)))
    names = [
        *sorted(export.needs),
        *data.draw(st.lists(st.sampled_from(sorted(export.columns)), unique=True)),
    ]
    names += data.draw(st.lists(st.text(min_size=1, max_size=10), max_size=3))
    header = list(dict.fromkeys(data.draw(st.permutations(names))))
    rows = data.draw(st.lists(st.lists(st.none() | st.text(max_size=12), max_size=len(header)), max_size=3))
    made = plan_columns(header, rows, {})
    assert set(made.fields) <= set(header)
    for single in ("row_id", "ip", "site", "dated_on", "amount"):
        assert list(made.fields.values()).count(single) <= 1
    assert made.source_kind in SOURCE_KINDS or not export.kind
