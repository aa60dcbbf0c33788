"""Bills of materials as tables: the defaults of KiCad, Altium, OrCAD and of planning systems; purl and CPE lists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

KICAD = """"Reference","Value","Datasheet","Footprint","Qty","DNP"
"C1,C2","100nF","","Capacitor_SMD:C_0402","2",""
"U1","Hi3518EV200","","QFN-88","1",""
"R1
R2","10k","","R_0402","2","DNP"
"""
KICAD_OLD = """"Ref","Qnty","Value","Cmp name","Footprint","Description","Vendor"
"C1, C2, ","2","100nF","C","C_0402","Unpolarized capacitor",""
"U1, ","1","Hi3518EV200","SOC","QFN-88","Camera SoC","HiSilicon"
"""
ALTIUM = """Comment;Description;Designator;Footprint;LibRef;Quantity;Manufacturer 1;Manufacturer Part Number 1;Supplier 1;Supplier Part Number 1;Fitted
100nF;Capacitor;C1, C2;0402;CAP;2;Murata;GRM155R71C104KA88D;Mouser;81-GRM155;Fitted
Hi3518EV200;SoC;U1;QFN-88;HI3518;1;HiSilicon;Hi3518EV200;;;Not Fitted
"""
ORCAD = """Item\tQuantity\tReference\tPart
______________________________________________
1\t2\tC1,C2\t100nF
2\t1\tU1\tHi3518EV200
3\t3\tR1,R2,\t10k
\t\tR3\t
"""


def test_kicad(read: Any) -> None:
    found = read(KICAD)
    assert found.tables[0].source_kind == "parts"
    assert found.tables[0].fields == {
        "Reference": "designators", "Value": "text", "Footprint": "category", "Qty": "quantity", "DNP": "fitting",
    }  # fmt: skip
    assert found.only()[2]["Reference"] == "R1\nR2"


def test_older_kicad(read: Any) -> None:
    fields = read(KICAD_OLD).tables[0].fields
    assert fields["Ref"] == "designators"
    assert fields["Qnty"] == "quantity"
    assert fields["Value"] == "text"
    assert fields["Vendor"] == "vendor_name"


def test_altium(read: Any) -> None:
    found = read(ALTIUM)
    assert found.tables[0].source_kind == "parts"
    assert found.tables[0].fields == {
        "Comment": "text", "Description": "text", "Designator": "designators", "Footprint": "category", "LibRef": "text",
        "Quantity": "quantity", "Manufacturer 1": "maker_name", "Manufacturer Part Number 1": "part_number",
        "Supplier 1": "vendor_name", "Supplier Part Number 1": "part_number", "Fitted": "fitting",
    }  # fmt: skip


def test_orcad(read: Any) -> None:
    found = read(ORCAD)
    fields = found.tables[0].fields
    assert fields["Reference"] == "designators"
    assert fields["Quantity"] == "quantity"
    assert fields["Part"] == "part_number"
    assert [row["Part"] for row in found.only() if row["Part"]] == ["100nF", "Hi3518EV200", "10k"]


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Level,Part Number,Description,Manufacturer,MPN,Qty,RefDes,Unit Cost", "level part_number text maker_name part_number quantity designators unit_cost"),
        ("BOM Level,Item Number,Item Description,Mfr,Mfr Part Number,Quantity Per", "level part_number text maker_name part_number quantity"),
        ("Lvl,PN,Description,Mfg,Mfg PN,Qty,Find No", "level part_number text maker_name part_number quantity row_id"),
        ("Stufe,Teilenummer,Bezeichnung,Hersteller,Herstellerteilenummer,Menge", "level part_number text maker_name part_number quantity"),
        ("Parent Part Number,Part Number,Description,Quantity", "parent_ref part_number text quantity"),
        ("Next Higher Assembly,Part Number,Nomenclature,Qty", "parent_ref part_number - quantity"),
        ("MPN,Qty,Designator,Alt MPN,Alt Manufacturer,Do Not Populate", "part_number quantity designators part_number maker_name fitting"),
    ],
)  # fmt: skip
def test_headers_of_structured_lists(read: Any, header: str, fields: str) -> None:
    cells = {
        "level": "1", "part_number": "AB-{}2", "text": "Resistor thing {}", "maker_name": "Maker {}", "quantity": "{}",
        "designators": "R{}", "unit_cost": "1.{}0", "row_id": "{}", "parent_ref": "TOP-{}", "fitting": "", "-": "word {} text",
    }  # fmt: skip
    kinds = fields.split()
    rows = [",".join(cells[kind].format(number) for kind in kinds) for number in range(1, 6)]
    rows = [
        row if number or kinds[0] != "level" else row.replace("1", "0", 1) for number, row in enumerate(rows)
    ]
    found = read("\n".join([header, *rows]) + "\n")
    table = found.tables[0]
    assert table.source_kind == "parts"
    made = [table.fields.get(name) for name in table.header]
    assert [own for own, kind in zip(made, kinds, strict=True) if kind != "-"] == [
        kind for kind in kinds if kind != "-"
    ]


def test_levels_may_be_left_out_where_the_rest_is_a_parts_list(read: Any) -> None:
    found = read("Level,Part Number,MPN,Qty\n0,TOP-1,,1\n2,IC-1,Hi3516CV300,1\n1,PSU-1,GST60,1\n")
    assert found.tables[0].fields["Level"] == "level"


def test_numbering_gives_the_levels(read: Any) -> None:
    found = read(
        "Item,Part Number,Description,Qty\n1,A-1,Top,1\n1.1,B-1,Board,2\n1.1.1,C-1,Chip,1\n1.2,D-1,Case,1\n"
    )
    assert found.tables[0].fields["Item"] == "level"
    found = read("Item,Part Number,Description,Qty\n1,A-1,Top,1\n2,B-1,Board,2\n3,C-1,Chip,1\n")
    assert found.tables[0].fields.get("Item") != "level"


@pytest.mark.parametrize(
    "text",
    [
        "Invoice,Supplier,Description,Amount\n1,Acme,Cameras,10\n2,Beta,Chairs,20\n",
        "Asset,Level,Location,Manufacturer,Model\nA1,3,North,Axis,P3245\nA2,2,South,Bosch,NBE-3502\n",
        "Reference,Supplier,Amount\nPO-1,Acme,10\nPO-2,Beta,20\n",
        "Parent company,Vendor name,Reference\nAcme Group,Acme,R1\nBeta Group,Beta,R2\n",
        "Ref,Description,Qty,Supplier\nA1,Dome camera,2,Acme\nA2,Bullet camera,1,Acme\nA3,Recorder,1,Beta\n",
        "Item,Level,Part Number,Qty\nSwitch,3,S5735-L24,1\nCamera,1,DS-2CD2143,2\nRecorder,2,NVR-1,1\n",
        "Item,Level,Part Number,Qty\nSwitch,1,S5735-L24,1\nCamera,4,DS-2CD2143,2\nRecorder,2,NVR-1,1\n",
        "Severity,Level,Message\nhigh,1,x\nlow,2,y\n",
        "Site,Position,Camera,Value\nHQ,1,Axis P3245,300\nHQ,2,Axis Q6075,900\n",
    ],
)
def test_other_tables_are_no_parts_lists(read: Any, text: str) -> None:
    table = read(text).tables[0]
    assert table.source_kind != "parts"
    assert not {"level", "parent_ref", "designators", "fitting"} & set(table.fields.values())


def test_a_mapping_wins(read: Any) -> None:
    found = read(KICAD, mapping={"Value": "part_number", "Qty": "amount"})
    assert found.tables[0].fields["Value"] == "part_number"
    assert found.tables[0].fields["Qty"] == "amount"
    assert found.tables[0].fields["DNP"] == "fitting"


def test_a_workbook(read_file: Any, tmp_path: Path) -> None:
    path = tmp_path / "bom.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("BOM")
        for line, row in enumerate(
            ["Level;Part Number;Description;Qty;RefDes", "0;TOP-1;Recorder;1;", "1;IC-1;Hi3535V100;2;U1, U2"]
        ):
            for place, cell in enumerate(row.split(";")):
                if cell.isdigit():
                    sheet.write_number(line, place, int(cell))
                elif cell:
                    sheet.write_string(line, place, cell)
    found = read_file(path)
    assert found.tables[0].source_kind == "parts"
    assert found.tables[0].fields["Level"] == "level"
    assert [row["Level"] for row in found.only()] == ["0", "1"]


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        (["pkg:npm/lodash@4.17.21", "pkg:pypi/requests@2.0", "pkg:deb/debian/curl@7"], "purl"),
        (["cpe:2.3:o:axis:os:1:*:*:*:*:*:*:*", "cpe:/a:apache:http_server:2.4"], "cpe"),
    ],
)
def test_lists_of_identifiers_are_software(read: Any, lines: list[str], field: str) -> None:
    found = read("\n".join(lines) + "\n")
    assert set(found.tables[0].fields.values()) == {field}
    assert found.tables[0].source_kind == "software"
    assert len(found.only()) == len(lines)
