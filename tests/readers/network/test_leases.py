"""DHCP leases of the usual servers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.readers import Limits
from proscribe.readers.network._addresses import mac_of_client_id

HIKVISION = "44:19:b6:00:00:01"
DUID = "00:01:00:01:1e:04:fb:a3:44:19:b6:00:00:01"


def rows(found: Any) -> list[dict[str, str]]:
    main = next(n for n, table in enumerate(found.tables) if table.sheet is None)
    return [{name: text for name, text in row.items() if text} for row in found.rows.get(main, [])]


@pytest.mark.parametrize(
    ("text", "mac"),
    [
        ("01:44:19:b6:00:00:01", HIKVISION), ("014419b6000001", HIKVISION), ("44-19-b6-00-00-01", HIKVISION), (DUID, HIKVISION),
        ("00:03:00:01:44:19:b6:00:00:01", HIKVISION), ("1:44:19:b6:0:0:1", HIKVISION), ("ff:00:11:22:33", None), ("cam-1", None), ("", None),
        ("00:02:00:00:ab:11:44:19:b6:00:00:01", None), ("00:00:00:00:00:00", None),
    ],
)  # fmt: skip
def test_hardware_address_of_a_client_identifier(text: str, mac: str | None) -> None:
    assert mac_of_client_id(text) == mac


ISC = r"""# The format of this file is documented in the dhcpd.leases(5) manual page.
authoring-byte-order little-endian;

lease 192.168.200.21 {
  starts 4 2024/10/10 07:39:17;
  ends 4 2024/10/10 07:39:27;
  cltt 4 2024/10/10 07:39:18;
  binding state free;
  hardware ethernet 44:19:b6:00:00:01;
  uid "\001D\031\266\000\000\001";
  set vendor-class-identifier = "HUAWEI:android:ELE";
}
lease 192.168.200.21 {
  starts 4 2024/10/11 07:39:17;
  ends never;
  binding state active;
  hardware ethernet 52:54:00:b5:2d:1d;
  client-hostname "HIKVISION-1; {x}";
  on expiry { if 1 = 1 { set x = "}"; } }
}
lease 192.168.200.21 {
  starts 4 2024/10/12 07:39:17;
  hardware ethernet 52:54:00:b5:2d:1d;
  client-hostname "later-name";
}
server-duid "\000\001\000\001.\230\363oRT\000V\372\013";
ia-na "\001\000\000\000\000\001\000\001\036\004\373\243D\031\266\000\000\001" {
  cltt 0 2018/02/25 21:41:10;
  iaaddr 2001:db8::5 {
    binding state active;
    preferred-life 375;
    ends epoch 1519595170; # Sun
  }
}
host cam-1 { hardware ethernet 3c:ef:8c:00:00:01; fixed-address 10.0.0.9; }
"""


def test_isc_last_lease_wins_and_no_device_is_lost(read: Any) -> None:
    found = read(ISC)
    assert found.reader == "leases" and found.tables[0].source_kind == "leases"
    first, second, third, fourth = rows(found)
    assert first == {
        "ip": "192.168.200.21", "mac": HIKVISION, "dhcp.vendor_class": "HUAWEI:android:ELE", "seen_at": "2024-10-10T07:39:18Z",
        "ends": "2024-10-10T07:39:27Z", "state": "free", "current": "no, the address went to another device later", "client id": "01:44:19:b6:00:00:01",
    }  # fmt: skip
    assert second["mac"] == "52:54:00:b5:2d:1d" and second["current"] == "yes"
    assert second["seen_at"] == "2024-10-12T07:39:17Z", "the last lease of the pair"
    assert second["hostname"] == "later-name\nHIKVISION-1; {x}", "names of earlier leases stay"
    assert (
        third["ip"] == "2001:db8::5" and third["mac"] == HIKVISION and third["ends"] == "2018-02-25T21:46:10Z"
    )
    assert fourth["hostname"] == "cam-1" and fourth["ip"] == "10.0.0.9" and fourth["state"] == "reservation"
    assert not found.issues
    assert found.tables[0].fields["dhcp.vendor_class"] == "banner"


def test_isc_cut_off_and_nested(read: Any) -> None:
    cut = read(ISC + "lease 10.0.0.7 {\n  hardware ethernet 00:11:22:33:44:55;\n")
    assert rows(cut)[-1]["mac"] == "00:11:22:33:44:55"
    assert cut.issue("E166").lossy
    unclosed = read(
        "lease 10.0.0.7 {\n hardware ethernet 00:11:22:33:44:55;\nlease 10.0.0.8 {\n hardware ethernet 00:11:22:33:44:56;\n}\n"
    )
    assert [row["ip"] for row in rows(unclosed)] == ["10.0.0.7", "10.0.0.8"]
    assert "E166" in unclosed.codes
    deep = read("lease 10.0.0.7 {\n hardware ethernet 00:11:22:33:44:55;\n" + "on expiry {" * 50_000 + "\n")
    assert rows(deep)[0]["mac"] == "00:11:22:33:44:55"
    wrong = read("lease 10.0.0.7 {\n hardware ethernet zz;\n binding state active;\n}\n")
    assert wrong.issue("E167").lossy and "zz" in rows(wrong)[0]["other words"]


def test_dnsmasq(read: Any) -> None:
    found = read(
        "1750000000 44:19:b6:00:00:01 192.168.1.120 HIKVISION-C4 01:44:19:b6:00:00:01\n"
        "1750000000 06-aa:bb:cc:11:22:34 192.168.1.121 * *\n"
        f"duid {DUID}\n1750000000 1234567 2001:db8::77 nas6 {DUID}\n0 00:11:22:33:44:55 192.168.1.9 static *\n"
    )
    first, second, third, fourth = rows(found)
    assert first["hostname"] == "HIKVISION-C4" and first["ends"] == "2025-06-15T15:06:40Z"
    assert second["mac"] == "aa:bb:cc:11:22:34" and "hostname" not in second
    assert third["ip"] == "2001:db8::77" and third["mac"] == HIKVISION
    assert "ends" not in fourth
    assert not found.issues


KEA4 = (
    "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id\n"
    "10.1.9.9,44:19:b6:00:00:01,,3600,1750003600,1,1,1,hikvision-a,0,,0\n"
    "10.1.1.13,,01:3c:ef:8c:00:00:01,3600,1750003600,1,1,1,no-hw,0,,0\n"
    "10.1.1.14,,,3600,1750003600,1,1,1,nothing,0,,0\n"
)


def test_kea_memfile(read: Any) -> None:
    found = read(KEA4)
    assert found.reader == "leases"
    table = found.tables[0]
    assert table.source_kind == "leases"
    assert (
        table.fields["address"] == "ip"
        and table.fields["hwaddr"] == "mac"
        and table.fields["hostname"] == "hostname"
    )
    assert table.fields["mac of client id"] == "mac" and table.fields["lease seen_at"] == "seen_at"
    first, second, third = rows(found)
    assert first["lease seen_at"] == "2025-06-15T15:06:40Z" and "mac of client id" not in first
    assert second["mac of client id"] == "3c:ef:8c:00:00:01"
    assert third["hostname"] == "nothing"
    assert set(KEA4.splitlines()[0].split(",")) <= set(table.header), "every column of the file stays"
    (spot,) = found.reading.blind_spots
    assert (spot.count, spot.of) == (1, 3)


def test_kea_for_ipv6_takes_the_address_out_of_the_duid(read: Any) -> None:
    found = read(
        "address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state,user_context,hwtype,hwaddr_source,pool_id\n"
        f"2001:db8::1,{DUID},3600,1750003600,1,3000,0,1,128,0,0,cam,,0,,,,0\n"
    )
    assert rows(found)[0]["mac of client id"] == HIKVISION


def test_kea_json(read: Any) -> None:
    lease = {"cltt": 1750000000, "hw-address": HIKVISION, "hostname": "cam.", "ip-address": "10.0.0.1", "state": 0, "subnet-id": 1, "valid-lft": 3600,
             "user-context": {"ISC": {"client-classes": ["x"], "vendor-class": "HUAWEI AP6050DN"}}}  # fmt: skip
    found = read(
        json.dumps(
            [
                {
                    "result": 0,
                    "text": "1 IPv4 lease(s) found.",
                    "arguments": {
                        "leases": [lease, {**lease, "hw-address": "", "client-id": "01:3c:ef:8c:00:00:01"}]
                    },
                }
            ]
        )
    )
    first, second = rows(found)
    assert (
        first["mac"] == HIKVISION and first["hostname"] == "cam" and first["ends"] == "2025-06-15T16:06:40Z"
    )
    assert first["dhcp.vendor_class"] == "HUAWEI AP6050DN"
    assert second["mac"] == "3c:ef:8c:00:00:01"
    lines = read("\n".join(json.dumps(lease) for _ in range(3)))
    assert lines.reader == "leases" and len(rows(lines)) == 3


def test_windows(read: Any) -> None:
    found = read(
        '#TYPE Selected.Microsoft.Management.Infrastructure\r\n"IPAddress","ScopeId","AddressState","ClientId","HostName","LeaseExpiryTime","ServerIP"\r\n'
        '"10.0.0.5","10.0.0.0","Active","44-19-b6-00-00-01","HIKVISION-1.corp","11/30/2026 10:00:00 AM","10.0.0.2"\r\n'
    )
    assert found.reader == "leases"
    assert rows(found)[0]["mac of client id"] == HIKVISION
    assert found.tables[0].fields["HostName"] == "hostname"
    dump = read(
        '# Start\nDhcp Server \\\\10.0.0.1 add scope 10.0.0.0 255.255.255.0 "office" ""\n'
        'Dhcp Server 10.0.0.1 Scope 10.0.0.0 Add reservedip 10.0.0.9 4419b6000001 "WD0800493.example.com" "for the gate" "BOTH"\n'
    )
    assert rows(dump) == [
        {
            "ip": "10.0.0.9",
            "mac": HIKVISION,
            "hostname": "WD0800493.example.com",
            "state": "reservation",
            "current": "yes",
            "client id": "4419b6000001",
            "other words": "for the gate",
        }
    ]
    clients = read(
        "\nIP Address      - Subnet Mask    - Unique ID           - Lease Expires        -Type -Name\n"
        + "=" * 80
        + "\n"
        "10.0.0.50       - 255.255.255.0  - 44-19-b6-00-00-01   -11/30/2026 10:00:00 AM   -D -  HIKVISION-1\n"
        "10.0.0.51       - 255.255.255.0  - 00-11-22-33-44-55   - NEVER EXPIRES        -U -  pc.corp.local\n"
    )
    assert [(row["mac"], row["hostname"]) for row in rows(clients)] == [
        (HIKVISION, "HIKVISION-1"),
        ("00:11:22:33:44:55", "pc.corp.local"),
    ]
    assert not clients.issues


def test_audit_log_with_vendor_class(read: Any) -> None:
    found = read(
        "\t\tMicrosoft DHCP Service Activity Log\n\nEvent ID  Meaning\n00\tThe log was started.\n\n"
        "ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, TransactionID, QResult,Probationtime, CorrelationID,Dhcid,VendorClass(Hex),VendorClass(ASCII)\n"
        "10,11/24/26,10:00:00,Assign,10.0.0.5,HUAWEI_P30,4419B6000001,,1,6,,,,0x00,HUAWEI:android:ELE\n"
    )
    assert found.reader == "leases"
    assert rows(found)[0]["dhcp.vendor_class"] == "HUAWEI:android:ELE"
    assert found.tables[0].fields["dhcp.vendor_class"] == "banner"


@pytest.mark.parametrize(
    ("text", "reader"),
    [
        ("Supplier,Lease start,Amount\nCar Rental,2020-01-01,500\nHuawei,2020-02-01,700\n", "tabular"),
        ("hostname,ip,mac\nx,10.0.0.1,44:19:b6:00:00:01\ny,10.0.0.2,44:19:b6:00:00:02\n", "tabular"),
        ("lease of the office ends in May\nthe host {of} the party\n", "lines"),
        ('[{"address": "1 Main Street", "name": "Huawei"}, {"address": "2 Main Street", "name": "x"}]', "json"),
    ],
)  # fmt: skip
def test_other_tables_stay_with_their_readers(read: Any, text: str, reader: str) -> None:
    assert read(text).reader == reader


def test_columns_that_people_add_are_still_read(read: Any) -> None:
    found = read(
        "IP address,MAC address,Lease expires,Manufacturer,Model,Remarks\n10.0.0.1,44:19:b6:00:00:01,2026-11-30,Axis,M3045,lobby\n10.0.0.2,44:19:b6:00:00:02,2026-11-30,Axis,M3046,dock\n"
    )
    assert found.reader == "leases"
    fields = found.tables[0].fields
    assert fields["Manufacturer"] == "maker_name" and fields["Model"] == "model_number"
    assert fields["Remarks"] == "note" and found.tables[0].unread == ("Lease expires",)


def test_mapping_wins(read: Any) -> None:
    found = read(KEA4, mapping={"hostname": "note"})
    assert found.tables[0].fields["hostname"] == "note" and found.tables[0].recognised_by["hostname"] == "map"


@pytest.mark.parametrize("text", [ISC, KEA4])
def test_cut_anywhere_and_damaged(read: Any, text: str) -> None:
    data = text.encode()
    for cut in range(1, len(data), 41):
        assert read(data[:cut]).tables
    for hurt in (
        data.replace(b" ", b"\0", 7),
        data.replace(b"\n", b"\r\n"),
        data.replace(b"a", b"\xe9"),
        text.encode("utf-16"),
    ):
        assert read(hurt).tables


def test_bounds(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from proscribe.readers.network import leases

    monkeypatch.setattr(leases, "_HELD", 10)
    text = "".join(
        f"lease 10.0.0.{n} {{\n hardware ethernet 44:19:b6:00:00:{n:02x};\n}}\n" for n in range(1, 40)
    )
    found = read(text)
    assert len(rows(found)) == 39
    assert "E168" in found.codes
    long = read(
        'lease 10.0.0.1 {\n hardware ethernet 44:19:b6:00:00:01;\n client-hostname "'
        + "x" * 500_000
        + '";\n}\n',
        limits=Limits(max_field_bytes=1_000),
    )
    assert "E125" in long.codes and rows(long)[0]["mac"] == HIKVISION


PIECES = st.sampled_from(
    ["lease 10.0.0.1 {", "lease 10.0.0.1 {\n", "}", "hardware ethernet 44:19:b6:00:00:01;", "client-hostname \"x\";", "uid \"\\001\\0", "starts 4 2024/10/10 07:39:17;", "ia-na \"x\" {",
     "iaaddr 2001:db8::1 {", "host a {", "{", "\"", ";", "1750000000 44:19:b6:00:00:01 10.0.0.1 x *", "\n", "\n", "#", "on expiry {", "ends epoch 99999999999999;", "\0", "é"]
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES | st.text(max_size=10), max_size=30).map(" ".join))
def test_any_mixture_is_read(read: Any, text: str) -> None:
    read(text or "x")
    found = read(text or "x", reader="leases")
    assert found.reader in ("leases", "none")


def test_what_is_stated_of_a_column_of_leases_is_told_and_nothing_is_made_of_nothing(read: Any) -> None:
    """Windows calls the hardware address a unique id, of which a table of leases makes its own column."""
    text = "Client IP Address\tName\tLease Expiration\tUnique ID\n10.3.1.1\tcam\t12/3/2026\tc056e31970d7\n"
    plain = read(text).tables[0]
    assert plain.fields["Unique ID"] == "note" and plain.fields["mac of client id"] == "mac"
    assert "lease seen_at" not in plain.header
    stated = read(text, mapping={"Unique ID": "mac"})
    assert (
        stated.tables[0].fields["Unique ID"] == "mac" and stated.tables[0].recognised_by["Unique ID"] == "map"
    )
    assert rows(stated)[0]["mac of client id"] == "c0:56:e3:19:70:d7"
    bare = read("IP Address,MAC Address,Lease Expiration\n10.3.1.1,c0:56:e3:19:70:d7,2026-12-03\n").tables[0]
    assert bare.header == ("IP Address", "MAC Address", "Lease Expiration")
