"""MAC addresses inside longer addresses, with misread digits, and their first halves alone."""

from __future__ import annotations

import pyarrow as pa
import pytest

from proscribe.matching.addresses import hidden, loose, prefix_digits, squeezed
from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.matching.scanner import Scanner

INSIDE = {
    "fe80::4619:b6ff:fe00:1": "4419B6000001",
    "2001:db8:0:1:4619:b6ff:fe12:3456": "4419B6123456",
    "fe80::4619:b6ff:fe00:1%eth0": "4419B6000001",
    "fe80::4619:b6ff:fe00:1/64": "4419B6000001",
    "44-19-B6-FF-FE-00-00-01": "4419B6000001",
    "4419.b6ff.fe00.0001": "4419B6000001",
    "4419b6fffe000001": "4419B6000001",
    "44:l9:B6:OO:OO:O1": "4419B6000001",
    "44-I9-B6-00-00-0l": "4419B6000001",
    "46:19:b6:ff:fe:00:00:01": "4419B6000001",
    "4619b6fffe000001": "4419B6000001",
    "4619:b6ff:fe00:0001": "4419B6000001",
    "00-01-00-01-1F-3E-5C-2A-44-19-B6-00-00-01": "4419B6000001",
    "0:3:0:1:44:19:b6:0:0:1": "4419B6000001",
    "0003.0001.4419.b600.0001": "4419B6000001",
    "000100011f3e5c2a4419b6000001": "4419B6000001",
    "ff:12:34:56:78:00:03:00:01:44:19:b6:00:00:01": "4419B6000001",
    "0144.19b6.0000.01": "4419B6000001",
    "6ba7b810-9dad-11d1-80b4-4419b6000001": "4419B6000001",
    "1.3.6.1.2.1.17.4.3.1.2.68.25.182.0.0.1": "4419B6000001",
    "44:19:B6:*": "4419B6",
    "44-19-b6-%": "4419B6",
    "mac like 44:19:B6/24 on vlan 9": "4419B6",
    "1.0.0.0.0.0.e.f.f.f.6.b.9.1.6.4.8.b.d.0.1.0.0.2.1.0.0.0.0.0.0.0.ip6.arpa": "4419B6000001",
    "new box, mac 68.25.182.0.0.1, no label": "4419B6000001",
    "naa.64419b6100d5f8f5003b1c2d00000012": "4419B6",
    "wwn-0x54419b6100d5f8f5": "4419B6",
    "34419b6 mpatha 364419b6100d5f8f5003b1c2d00000012 dm-3": "4419B6",
    "eui.4419b6d100000001": "4419B6",
    "44:19:B6:12:34:56:FF:FE": "4419B6",
}
OTHERS = [
    "fe80::1", "fe80::d8f1:9c2a:77ab:1", "of-if-il-lo-of-if", "2001:db8::ff:fe", "44:l9:B6", "off feed 44", "coffee:fe",
    "00-01-00-01-1F-3E-5C-2A-44-19-B6-00-00", "02:44:19:b6:00:00:01", "6ba7b810-9dad-41d1-80b4-4419b6000001",
    "6ba7b810-9dad-11d1-80b4-4519b6000001", "44:19:b6", "12:10:30/240", "44:19:b6:1*",
    "1.0.0.0.0.0.e.f.f.f.6.b.9.1.6.5.8.b.d.0.ip6", "1.0.0.0.8.b.d.0.1.0.0.2.1.0.0.0.0.0.0.0.ip6.arpa", "1.3.6.1.4.1.2011.2.23.339", "68.25.182.0.0.1",
    "mac 44.19.16.00.00.01", "mac 68.25.182.0.0.1.7", "stomac 68.25.182.0.0.1", "naa.34419b6100d5f8f5", "naa.64419b6100d5f8f",
    "364419b6100d5f8f5003b1c2d0000001", "44:19:b6:12:34:56:78", "44:19:b6:12:34:56:78:9a:bc",
]  # fmt: skip


#: Names of machines, and what only looks like one: groups of GUIDs, build numbers, orders, longer addresses.
NAMES = [
    "ipc-4419b6000001", "ipc-4419b6000001.local", "4419B6000001-cam", "device-44-19-B6-00-00-01", "http://cam-4419b6000001/x",
    "cam-12-4419b6000001", "cam-4419.b600.0001", "yard-4419-b600-0001.corp.example", "44-19-b6-00-00-01-gate",
    "fe80--4619-b6ff-fe00-1.ipv6-literal.net", "fe80--4619-b6ff-fe00-1s12.ipv6-literal.net",
]  # fmt: skip
NO_NAMES = [
    "6ba7b810-9dad-41d1-80b4-4419b6000001", "build-4419b6000001-4419b6000001", "PO-2023-4419b6000001", "hash-4419b6000001ab",
    "dev-44-19-b6-00-00-01-02", "a1-44-19-b6-00-00-01", "cam-441911000001", "fe80--4619-b6ff-fe00-1.literal.net",
]  # fmt: skip


@pytest.mark.parametrize("field", ["text", "hostname"])
@pytest.mark.parametrize("text", NAMES)
def test_an_address_in_the_name_of_a_machine_is_found(index: Index, text: str, field: str) -> None:
    (verdict,), _ = analyse(index, [("name", field, text)])
    assert (verdict.entity, verdict.band.value) == ("hikvision", "probable")
    assert Kernel(index, always_scan=True).scanner(field).rows(pa.array([text])).all()


@pytest.mark.parametrize("text", NO_NAMES)
def test_groups_of_a_longer_number_are_the_name_of_no_machine(index: Index, text: str) -> None:
    assert analyse(index, [("name", "text", text)])[0] == ()


@pytest.mark.parametrize("text", INSIDE)
def test_the_digits_of_a_hidden_address(text: str) -> None:
    assert [found.digits for found in hidden(text.lower())] == [INSIDE[text]]


@pytest.mark.parametrize("text", OTHERS)
def test_what_only_looks_like_one_holds_none(text: str) -> None:
    assert not list(hidden(text.lower()))


LOOSE = [
    "4419b6 112233", "44.19.b6.11.22.33", "44_19_b6_11_22_33", "44:19:B6 11:22:33", "4419B6/112233", "44 19b6 1122 33",
    "mac:44.19.b6.11.22.33", "4419 b611 2233", "24 4419b6 112233 white", "4419.B6 1122.33",
]  # fmt: skip
NO_ADDRESS = [
    "4419b611-2233-4455-6677-8899aabbccdd", "99aabbcc-4419-b611-2233-8899aabbccdd", "4419 B611 2233 4455 6677 8899 AABB CCDD",
    "4419 1122 3344", "44.19.11.22.33.44", "2001:db8:4419:b611:2233::1", "4419b6 11223344", "v44.19.b6.11.22.33.44",
    "DE44 19b6 1122 3344", "bead fade cafe",
]  # fmt: skip


@pytest.mark.parametrize("text", LOOSE)
def test_digits_in_groups_of_no_notation_ask_whose_they_are(index: Index, text: str) -> None:
    (verdict,), _ = analyse(index, [("notes", "text", f"gate {text}")])
    assert (verdict.entity, verdict.band.value) == ("hikvision", "possible") and verdict.questions


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_groups_of_a_longer_or_other_number_are_no_address(index: Index, text: str) -> None:
    assert not list(loose(text.lower())) and analyse(index, [("notes", "text", text)])[0] == ()


@pytest.mark.parametrize("text", INSIDE)
@pytest.mark.parametrize("field", ["text", "ip", "mac"])
def test_a_hidden_address_names_the_maker_of_the_network_part(index: Index, text: str, field: str) -> None:
    (verdict,), _ = analyse(index, [("address", field, f"{text}")])
    assert verdict.entity == "hikvision" and verdict.questions


def test_a_misread_address_asks(index: Index) -> None:
    misread, _ = analyse(index, [("mac", "mac", "44:l9:B6:OO:OO:O1")])
    plain, _ = analyse(index, [("mac", "mac", "44:19:B6:00:00:01")])
    assert (misread[0].band.value, plain[0].band.value) == ("possible", "probable")


def test_the_first_half_counts_in_its_own_column_alone(index: Index) -> None:
    for written in ("44:19:B6", "44-19-b6", "4419B6", "4419.b6", "44 19 B6"):
        assert prefix_digits(written.lower()) == "4419B6"
        for field in ("mac", "mac_vendor"):
            (verdict,), _ = analyse(index, [("oui", field, written)])
            assert (verdict.entity, verdict.band.value) == ("hikvision", "possible")
        assert analyse(index, [("time", "text", written)])[0] == ()
    assert prefix_digits("44:19:B6:00") is None and prefix_digits("rack 4419B6") is None


def test_the_fast_scan_passes_what_is_found(scanners: tuple[Scanner, Scanner]) -> None:
    rows = [*INSIDE, *LOOSE, "44:19:B6", "4419B6", "fe80::1", "10:20:30"]
    for scanner in scanners:
        mask = scanner.rows(pa.array(rows, pa.string()))
        assert mask.tolist() == [True] * (len(INSIDE) + len(LOOSE) + 2) + [False, False]


@pytest.mark.parametrize(
    "text",
    [
        "01-c0-56-e3-00-00-03", "01c0.56e3.0000.03", "01c056e3000003", "mac:c056e3000003", "c0;56;e3;00;00;03", "c0_56_e3_00_00_03",
        "c0/56/e3/00/00/03", "c0:56:e3 00:00:03", "wlan0=c056e3000003", "c056e3000003/24",
        "192.86.227.0.0.3", "192 086 227 000 000 003", "0xc0 0x56 0xe3 0x00 0x00 0x03", "С0:56:Е3:00:00:03", "С056Е3000003",
        "Ｃ０:５６:Ｅ３:００:００:０３",
    ],
)  # fmt: skip
def test_a_cell_of_addresses_is_read_however_it_is_written(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("MAC", "mac", text)])
    assert [verdict.entity for verdict in verdicts] == ["hikvision"], text


@pytest.mark.parametrize(
    "text", ["02-c0-56-e3-00-00-03", "c056e30000031", "c0;56;e3;00;00", "order c056e3 000003 x", ""]
)
def test_other_digits_are_no_address(text: str) -> None:
    assert squeezed(text) == ""


@pytest.mark.parametrize(
    ("text", "bands"),
    [
        ("camera mac=c056e311207a ip 10.2.0.5, seen 2024-05-01", ["probable"]),
        ("seen on port 7 of 2024-05-01: 105611311207 vlan 20 up, no drop", []),
        ("the word facade deface is no address of c056eedecade here at all", []),
    ],
)
def test_an_address_without_signs_is_found_in_a_sentence_where_it_is_no_number_and_no_word(
    index: Index, text: str, bands: list[str]
) -> None:
    found, _ = analyse(index, [("remark", "text", text)])
    assert [item.band.value for item in found] == bands


@pytest.mark.parametrize(
    ("text", "found"), [("FCC: 2ADTD C6N", True), ("FCC 2ADTD-C6N", True), ("FCC: 15.247", False), ("FCC yamaha", False)]
)  # fmt: skip
def test_an_fcc_id_needs_no_word_id_where_its_code_begins_with_a_digit(
    index: Index, text: str, found: bool
) -> None:
    assert bool(analyse(index, [("approval", "text", text)])[0]) is found


@pytest.mark.parametrize(
    "address", ["48:46:fb:4a:8a:31", "48-46-fb-4a-8a-31", "4846.fb4a.8a31", "2001:db8::8a:1"]
)
def test_figures_of_an_address_are_no_number_of_a_model(index: Index, address: str) -> None:
    (found,), _ = analyse(index, [("host", "text", "HUAWEI phone"), ("address", "mac", address)])
    assert "model_number" not in {one.matcher for one in found.evidence}


@pytest.mark.parametrize("scan", [False, True])
def test_the_name_of_the_holder_for_the_first_half_asks(index: Index, scan: bool) -> None:
    texts = ["12 0.04 HangzhouHikv_12:34:56 Broadcast ARP", "ZhejiangDahu_0a:0b:0c"]
    texts += ["AxisCommunic_12:34:56 ARP", "hangzhou_12:34:56", "HangzhouHikv_12:34", "log zhejiangdahua_x"]
    rows = pa.RecordBatch.from_pydict({"text": pa.array(texts, pa.string())})
    found = {
        row: {item.entity for item in verdicts}
        for row, (verdicts, _) in Kernel(index, always_scan=scan).match_rows(rows, {"text": "text"})
    }
    assert found.get(0) == {"hikvision"} and found.get(1) == {"dahua"}
    assert not any(found.get(row) for row in (2, 3, 4))


LOST = {
    "64-db-8b-1-22-33": "hikvision",
    "44.19.b6.a.0.1": "hikvision",
    "1882123456": "huawei",
    "2293123456": "zte",
    "E0FC123456": "huawei",
    "1882123456.0": "huawei",
}


@pytest.mark.parametrize("text", LOST)
def test_an_address_that_lost_its_noughts_asks_in_a_column_of_addresses(
    later_index: Index, text: str
) -> None:
    (verdict,), _ = analyse(later_index, [("mac", "mac", text)])
    assert (verdict.entity, verdict.band.value) == (LOST[text], "possible")
    assert not analyse(later_index, [("invoice", "text", text)])[0]
    rows = pa.RecordBatch.from_pydict(
        {"mac": pa.array([text, "4510203040", "00:1b:21:11:22:33"], pa.string())}
    )
    assert 0 in Kernel(later_index, always_scan=True).candidates(rows, {"mac": "mac"}).tolist()


@pytest.mark.parametrize(
    "text",
    [
        "4510203040",
        "12345678",
        "188212345678901",
        "18821234",
        "unknown",
        "0-18-82-12-34-56",
        "10.0.0.1",
        "1-2-3-4-5-6",
    ],
)
def test_other_numbers_in_a_column_of_addresses_say_nothing(later_index: Index, text: str) -> None:
    assert not analyse(later_index, [("mac", "mac", text)])[0]


@pytest.mark.parametrize(
    ("text", "firm"),
    [("74877219517526", "hikvision"), ("66999544783411.0", "dahua"), ("66280311362099", ""), ("20260101123000", ""), ("674877219517526", "")],
)  # fmt: skip
def test_an_address_kept_as_one_decimal_number_asks(index: Index, text: str, firm: str) -> None:
    found = analyse(index, [("mac_int", "mac", text)])[0]
    assert [(one.entity, one.band.value) for one in found] == ([(firm, "possible")] if firm else [])
    assert not analyse(index, [("invoice", "text", text)])[0]
    rows = pa.RecordBatch.from_pydict({"mac_int": pa.array([text, "00:1b:21:11:22:33"], pa.string())})
    assert not firm or 0 in Kernel(index, always_scan=True).candidates(rows, {"mac_int": "mac"}).tolist()


@pytest.mark.parametrize("text", ["21:00:44:19:b6:12:34:56", "10:00:44:19:b6:12:34:56"])
def test_the_name_of_a_port_of_storage_holds_the_prefix_behind_its_kind(index: Index, text: str) -> None:
    (verdict,), _ = analyse(index, [("port", "text", text)])
    assert (verdict.entity, verdict.band.value) == ("hikvision", "possible") and verdict.questions
