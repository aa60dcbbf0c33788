"""Registered numbers as programs write them: names of drivers, company numbers of Bluetooth, organisations in messages."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from proscribe.app.kb.knowledge_index import index_of
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.model.findings import Band

DECIDED = {
    "usb:v12D1p1506d0102dcE0dsc01dp03icFFisc02ip01in00": "huawei",
    "MODALIAS=usb:v19D2p1405d0001": "zte",
    "hid:b0003g0001v000012D1p00001506": "huawei",
    "input:b0003v12D1p1506e0110": "huawei",
    "pci:v000019E5d00000200sv000019E5sd0000D139bc02sc00i00": "huawei",
}
ASKED = {
    ("text", "text", "[CHG] Device 5C:02:14:11:22:33 ManufacturerData Key: 0x027d"): "huawei",
    ("note", "text", "Manufacturer data (Bluetooth Core 4.1): Company: unknown <0x010F>"): "hisilicon",
    ("company_id", "other", "0x0958"): "zte",
    ("manufacturer_data", "other", "7d0201aabb"): "huawei",
    ("advertisement.manufacturer_data", "other", '0x004C "1005", 0x027D "0102aabb"'): "huawei",
    ("text", "text", "OUI: 00,E0,FC, SubType: 3, Len: 4"): "huawei",
    ("text", "text", "OUI: 00-e0-fc, subtype 0x01, length 8"): "huawei",
    ("text", "text", "Organization Unique Code: 0x00e0fc"): "huawei",
    ("mac", "mac", "03-6A-C7-88-44-CC"): "hikvision",
    ("mac", "mac", "wFbjESIz"): "hikvision",
    ("idVendor", "usb_id", "4817"): "huawei",
    ("vid", "usb_id", "6610.0"): "zte",
}
SILENT = [
    ("manufacturer_data", "other", '0x004C "0x027D01"'),
    ("text", "text", "usb:v046DpC52Bd1211dc00dsc00dp00ic03isc01ip01in00"),
    ("text", "text", "pci:v00008086d00001533sv00008086sd00001533bc02sc00i00"),
    ("text", "text", "[CHG] Device E4:5F:01:AA:BB:CC ManufacturerData Key: 0x006b"),
    ("text", "text", "error 0x027d at start of company picnic"),
    ("company_id", "other", "637"),
    ("offset", "other", "0x027d"),
    ("checksum", "other", "7d0201aabb"),
    ("text", "text", "OUI: 00,40,8C, SubType: 3, Len: 4"),
    ("text", "text", "part 00-e0-fc of the drawing"),
    ("mac", "mac", "03-6A-C8-88-44-CC"),
    ("mac", "mac", "01:00:5e:00:00:fb"),
    ("mac", "mac", "rMyOESIz"),
    ("host", "text", "wFbjESIz"),
    ("idVendor", "usb_id", "1256"),
    ("amount", "text", "4817"),
    ("vid", "usb_id", "4817000"),
]


@pytest.fixture(scope="module")
def index(snapshot: Snapshot) -> Index:
    """Compile what was known when the numbers of Bluetooth had been recorded."""
    return index_of(snapshot, date(2026, 11, 30), date(2026, 11, 30))


@pytest.mark.parametrize(("text", "firm"), DECIDED.items())
def test_the_name_of_a_driver_holds_the_vendor(index: Index, text: str, firm: str) -> None:
    (verdict,), _ = analyse(index, [("line", "text", text)])
    assert verdict.entity == firm and verdict.band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(("cell", "firm"), ASKED.items())
def test_what_a_message_says_of_its_format_asks(index: Index, cell: tuple[str, str, str], firm: str) -> None:
    (verdict,), _ = analyse(index, [cell])
    assert verdict.entity == firm and verdict.band is Band.POSSIBLE and verdict.questions


@pytest.mark.parametrize("cell", SILENT)
def test_other_numbers_say_nothing(index: Index, cell: tuple[str, str, str]) -> None:
    assert analyse(index, [cell]) == ((), ())


def test_the_scan_of_columns_loses_none_of_them(index: Index) -> None:
    kernel = Kernel(index, always_scan=True)
    for name, field, text in [*(("line", "text", text) for text in DECIDED), *ASKED]:
        rows = pa.RecordBatch.from_pydict({name: pa.array(["nothing of note", text], pa.string())})
        assert [row for row, (found, _) in kernel.match_rows(rows, {name: field}) if found] == [1], text


ENTERPRISES = {
    ("Enterprise number", "2011"): ("huawei", "possible"),
    ("IANA enterprise number", "3902"): ("zte", "possible"),
    ("SNMP enterprise", "39165"): ("hikvision", "possible"),
    ("enterprise_number", "1004849.0"): ("dahua", "possible"),
    ("sysObjectID", "2011.2.239.6"): ("huawei", "confirmed"),
    ("snmp_object_id", ".3902.3.1"): ("zte", "confirmed"),
}


@pytest.mark.parametrize("told", ENTERPRISES, ids=" ".join)
def test_enterprise_numbers_count_in_a_column_of_them(later_index: Index, told: tuple[str, str]) -> None:
    column, text = told
    (verdict,), _ = analyse(later_index, [(column, "sysobjectid", text)])
    entity, band = ENTERPRISES[told]
    assert verdict.entity == entity and verdict.band.rank >= Band(band).rank
    assert verdict.band is not Band.POSSIBLE or verdict.questions
    rows = pa.RecordBatch.from_pydict({column: pa.array([text], pa.string())})
    assert Kernel(later_index, always_scan=True).candidates(rows, {column: "sysobjectid"}).tolist() == [0]


@pytest.mark.parametrize(
    "told",
    [("Object ID", "2011"), ("object_id", "2011.2.3"), ("oid", "2011"), ("Enterprise number", "0403.170.701"), ("Enterprise number", "9"),
     ("sysObjectID", "9.1.2"), ("sysObjectID", "version 2011.2")],
    ids=" ".join,
)  # fmt: skip
def test_years_and_numbers_of_others_are_no_enterprise_numbers(
    later_index: Index, told: tuple[str, str]
) -> None:
    assert not analyse(later_index, [(told[0], "sysobjectid", told[1])])[0]
