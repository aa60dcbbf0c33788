"""Every cell of a table is looked at, whatever its column is called, where it stands, and what `--map` says of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import proscribe
from proscribe.model.findings import Band
from proscribe.model.observations import FIELDS, KINDS
from proscribe.model.results import Scan

AS_OF = "2026-11-25"
#: Cells that say by themselves whose thing a record is.
_TELLING = {
    "Hikvision": "hikvision", "Hangzhou Hikvision Digital Technology": "hikvision", "Dahua Technology": "dahua",
    "DS-2CD2143G2-I": "hikvision", "IPC-HFW2431S-S": "dahua", "44:19:B6:00:00:01": "hikvision",
    "cpe:2.3:h:hikvision:ds-2cd2143g2-i:-:*:*:*:*:*:*:*": "hikvision", "Huawei S5720-28X": "huawei", "华为": "huawei",
}  # fmt: skip
_HEADERS = (
    "Date", "Price", "Amount", "Status", "Owner", "Site", "Type", "Remarks", "Supplier", "Manufacturer", "Model",
    "Serial No", "Description", "Foo", "Created At", "Cost centre", "URL", "Phone", "ID", "Inventory date", "Qty",
    "Typ", "型号", "备注", "Notas", "Raum", "VAT number", "Vendor No", "Country", "Category", "Version", "IP address",
)  # fmt: skip
_PLAIN = ("dome", "north gate", "2024-03-01", "12.50", "Room 4", "in use", "A. Person", "1")


def scan(
    folder: Path,
    header: list[str],
    rows: list[list[str]],
    mapping: dict[str, str],
    kinds: dict[str, str] | None = None,
) -> Scan:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    path = folder / "table.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return proscribe.scan(path, as_of=AS_OF, mapping=mapping, kinds=kinds).scan


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_order_name_or_mapping_of_columns_makes_a_record_silent(
    tmp_path: Path, data: st.DataObject
) -> None:
    known = ["Manufacturer", "Description"]  # by which the first row is known for a header
    more = st.lists(st.sampled_from([one for one in _HEADERS if one not in known]), max_size=4, unique=True)
    header = data.draw(st.permutations([*known, *data.draw(more)]))
    telling = data.draw(st.sampled_from(sorted(_TELLING)))
    place = data.draw(st.integers(0, len(header) - 1))
    others = data.draw(
        st.lists(
            st.lists(st.sampled_from(_PLAIN), min_size=len(header), max_size=len(header)),
            min_size=1,
            max_size=4,
        )
    )
    mapped = data.draw(st.lists(st.sampled_from(header), max_size=2, unique=True))
    # A firm's name is no identifier: what is read as an address of a network or program holds nothing else.
    fields = [name for name in FIELDS if name not in ("cpe", "purl", "fcc_id", "mac_vendor", "protocol")]
    mapping = {column: data.draw(st.sampled_from(fields)) for column in mapped}
    rows = [list(row) for row in others]
    rows[0][place] = telling
    kind = data.draw(st.sampled_from(["", *KINDS]))
    found = scan(tmp_path, header, rows, mapping, {"table.csv": kind} if kind else {})
    assert any(
        one.locator.row == 1 and _TELLING[telling] in (one.entity, *one.covered_through)
        for one in found.findings
    ), (header, rows, mapping, kind)
    assert all(not table.unread for one in found.inputs for table in one.tables)


_SIDES: dict[str, Callable[[Any, Any], Any]] = {
    "comment": lambda book, sheet: sheet.write_comment(2, 0, "a Dahua recorder"),
    "print header": lambda book, sheet: sheet.set_header("&CDahua"),
    "link": lambda book, sheet: sheet.write_url(9, 0, "https://www.dahuasecurity.com/", string="x"),
    "defined name": lambda book, sheet: book.define_name("Dahua_units", "=Sheet1!$A$1"),
    "property": lambda book, sheet: book.set_properties({"title": "Dahua"}),
    "text box": lambda book, sheet: sheet.insert_textbox(5, 1, "Dahua"),
}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_order_name_mapping_or_kind_makes_what_stands_beside_silent(
    tmp_path: Path, data: st.DataObject
) -> None:
    more = data.draw(st.lists(st.sampled_from(_HEADERS), min_size=1, max_size=4, unique=True))
    header = data.draw(st.permutations([*{"Manufacturer", "Description", *more}]))
    rows = data.draw(
        st.lists(
            st.lists(st.sampled_from(_PLAIN), min_size=len(header), max_size=len(header)),
            min_size=1,
            max_size=4,
        )
    )
    side = data.draw(st.sampled_from(sorted(_SIDES)))
    column = data.draw(st.sampled_from(header))
    mapping = {column: data.draw(st.sampled_from(FIELDS))} if data.draw(st.booleans()) else {}
    kinds = {"book.xlsx": data.draw(st.sampled_from(KINDS))} if data.draw(st.booleans()) else {}
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([header, *rows]):
            sheet.write_row(at, 0, row)
        _SIDES[side](book, sheet)
    (made,) = proscribe.scan(path, as_of=AS_OF, mapping=mapping, kinds=kinds).scan.inputs
    assert any(one.code == "E140" and "Dahua" in one.what for one in made.issues), (
        side,
        header,
        mapping,
        kinds,
    )


def test_a_name_where_nobody_expects_one_asks(tmp_path: Path) -> None:
    rows = [["C-1", "Dome camera", "Hikvision"], ["C-2", "Dome camera", "Axis"]]
    (only,) = scan(tmp_path, ["Tag", "Item", "Status"], rows, {}).findings
    assert only.band is Band.POSSIBLE and only.record_id == "C-1"
    assert any("'Status'" in question for question in only.questions)


def test_a_mapping_to_a_place_lowers_and_does_not_silence(tmp_path: Path) -> None:
    rows = [["C-1", "Dome camera", "Hikvision"], ["C-2", "Dome camera", "Axis"]]
    (only,) = scan(tmp_path, ["Tag", "Item", "Manufacturer"], rows, {"Manufacturer": "site"}).findings
    assert only.band is Band.POSSIBLE and only.details.site == "Hikvision"


def test_remarks_are_read_as_text(tmp_path: Path) -> None:
    rows = [["1", "Kamera", "ist eine Hikvision"], ["2", "Kamera", "keine Hikvision"]]
    found = scan(tmp_path, ["Nr", "Typ", "Bemerkung"], rows, {}).findings
    assert [one.locator.row for one in found] == [1]


@pytest.mark.parametrize("header", ["Owner", "City", "Status"])
def test_what_is_weak_stays_silent_beside(tmp_path: Path, header: str) -> None:
    rows = [["Dome camera", "Honor Blackman"], ["Dome camera", "Dahl"]]
    assert not scan(tmp_path, ["Item", header], rows, {}).findings


def test_numbers_of_suppliers_do_not_stand_before_their_names(tmp_path: Path) -> None:
    header = ["Supplier", "Supplier Name", "Text"]
    rows = [["900011", "Hikvision UK Limited", "Carriage"], ["900012", "Axis", "P1468-LE"]]
    (table,) = scan(tmp_path, header, rows, {}).inputs[0].tables
    assert table.fields == {"Supplier Name": "vendor_name", "Text": "text"}


@pytest.mark.parametrize(
    ("count", "own"),
    [
        ("L.p.", "Nr ewid."),
        ("序号", "资产编码"),
        ("lfd. Nr.", "Geräte-Nr."),
        ("№ п/п", "Инв. номер"),
        ("#", "Thing key"),
        ("No", "Ref."),
    ],
)
def test_what_only_counts_the_rows_is_no_id_where_there_is_one(tmp_path: Path, count: str, own: str) -> None:
    header = [count, own, "Maker", "Model"]
    rows = [
        ["1", "K-17", "Hikvision", "DS-2CD2143G2-I"],
        ["2", "K-18", "Axis", "P3265"],
        ["3", "K-19", "Axis", "P3265"],
    ]
    (only,) = scan(tmp_path, header, rows, {}).findings
    assert only.record_id == "K-17"
    (only,) = scan(tmp_path, [count, *header[2:]], [[row[0], *row[2:]] for row in rows], {}).findings
    assert only.record_id == "1", "where there is no other"


def test_a_number_beside_each_thing_is_its_id_and_one_that_repeats_a_place(tmp_path: Path) -> None:
    rows = [[f"P-7{at}", "Hikvision", "DS-2CD2143G2-I"] for at in range(3)]
    header = ["Plant no.", "Mfr", "Mfr part"]
    assert [one.record_id for one in scan(tmp_path, header, rows, {}).findings] == ["P-70", "P-71", "P-72"]
    same = [["P-70", *row[1:]] for row in rows]
    assert {one.details.site for one in scan(tmp_path, header, same, {}).findings} == {"P-70"}


@pytest.mark.parametrize(
    ("header", "serial", "own"),
    [
        ("Inv.-Nr.;Fabrikat;Typ;Seriennr.", "Seriennr.", "Inv.-Nr."),
        ("N° inventaire;Marque;Modèle;N° de série", "N° de série", "N° inventaire"),
        ("Nº inventario;Marca;Modelo;Nº de serie", "Nº de serie", "Nº inventario"),
        ("Codice bene;Marca;Modello;Matricola", "Matricola", "Codice bene"),
        ("Nº de patrimônio;Fabricante;Modelo;Nº de série", "Nº de série", "Nº de patrimônio"),
        ("Inventarisnr.;Merk;Model;Serienr.", "Serienr.", "Inventarisnr."),
        ("Nr inwentarzowy;Producent;Model;Nr seryjny", "Nr seryjny", "Nr inwentarzowy"),
        ("Инв. №;Производитель;Модель;Серийный номер", "Серийный номер", "Инв. №"),
        ("资产编号;品牌;型号;序列号", "序列号", "资产编号"),
        ("管理番号;メーカー;型番;シリアル番号", "シリアル番号", "管理番号"),
        ("자산번호;제조사;모델명;시리얼번호", "시리얼번호", "자산번호"),
        ("رقم الأصل;الشركة المصنعة;الطراز;الرقم التسلسلي", "الرقم التسلسلي", "رقم الأصل"),
        ("Geräte-Nr.;Fabrikat;Typ;Fabriknr.", "Fabriknr.", "Geräte-Nr."),
        ("Asset;Brand;Model;IMEI or serial", "IMEI or serial", "Asset"),
        ("Repère;Marque;Modèle;No de série", "No de série", "Repère"),
        ("N.º activo;Marca;Modelo;N.º serie", "N.º serie", "N.º activo"),
        ("N. inventario;Costruttore;Codice articolo;N. di serie", "N. di serie", "N. inventario"),
        ("Cód. equipamento;Marca;Ref.ª;S/N", "S/N", "Cód. equipamento"),
        ("Objectnr;Fabrikant;Type;Serienummer", "Serienummer", "Objectnr"),
        ("Nr inw.;Producent;Typ;Nr fabr.", "Nr fabr.", "Nr inw."),
        ("Nr ewid.;Marka;Model;Nr ser.", "Nr ser.", "Nr ewid."),
        ("Инвентарный номер;Изготовитель;Модель;Зав. №", "Зав. №", "Инвентарный номер"),
        ("资产编码;生产厂家;规格型号;出厂编号", "出厂编号", "资产编码"),
        ("備品番号;製造元;型式;シリアルNo.", "シリアルNo.", "備品番号"),
        ("관리번호;제조회사;모델;S/N", "S/N", "관리번호"),
        ("الرقم;الماركة;الموديل;السيريال", "السيريال", "الرقم"),
    ],
)
def test_own_ids_and_serial_numbers_are_kept_in_every_language(
    tmp_path: Path, header: str, serial: str, own: str
) -> None:
    names = header.split(";")
    rows = [["K-17", "Hikvision", "DS-2CD2143G2-I", "F12345678"], ["K-18", "Axis", "P3265", "ACCC8E0011"]]
    found = scan(tmp_path, names, rows, {})
    fields = found.inputs[0].tables[0].fields
    assert (fields[serial], fields[own]) == ("serial_number", "row_id"), json.dumps(
        fields, ensure_ascii=False
    )
    (only,) = found.findings
    assert (only.record_id, only.details.serial_number) == ("K-17", "F12345678")


@pytest.mark.parametrize(
    "header", ["Inventory Date", "Audit date", "Inventurdatum", "盘点日期", "Date", "Last checked"]
)
def test_the_day_of_an_audit_clears_nothing(tmp_path: Path, header: str) -> None:
    rows = [["P-1", "Honor", "Honor 7X", "2024-03-03"], ["P-2", "Google", "Pixel 6", "2024-03-03"]]
    (only,) = scan(tmp_path, ["Tag", "Make", "Model", header], rows, {}).findings
    assert only.band is Band.POSSIBLE and only.entity == "honor"


def test_the_day_of_an_audit_shows_what_is_old(tmp_path: Path) -> None:
    header = ["Tag", "Make", "Model", "Audit date"]
    (only,) = scan(tmp_path, header, [["P-1", "Honor", "Honor 7X", "2019-03-03"]], {}).findings
    assert only.band.rank > Band.POSSIBLE.rank and "huawei" in only.covered_through


def test_another_maker_caps_a_number_that_is_all_there_is(tmp_path: Path) -> None:
    model = "DS-2CD2143G2-I"
    rows = [["1", "Grundfoz", model], ["2", "Generic", model], ["3", "Hikvision", model], ["4", "", model]]
    found = scan(tmp_path, ["Tag", "Make", "Model"], rows, {}).findings
    assert [one.band is Band.POSSIBLE for one in found] == [True, False, False, False]
    assert any("'Grundfoz'" in question for question in found[0].questions)


@pytest.mark.parametrize("text", ["Ricoh F660 copier", "Grundfos S12700 pump"])
def test_a_thing_no_screened_firm_makes_is_a_question(tmp_path: Path, text: str) -> None:
    (only,) = scan(tmp_path, ["Tag", "Description"], [["1", text], ["2", "chair"]], {}).findings
    assert only.band is Band.POSSIBLE


@pytest.mark.parametrize(
    ("order", "line"),
    [("PO Number", "PO Line"), ("PO", "Line"), ("Bestellnummer", "Position"), ("EBELN", "EBELP"), ("N° commande", "Ligne"),
     ("Pedido", "Línea"), ("注文番号", "明細")],
)  # fmt: skip
def test_an_order_and_its_line_together_are_the_id_of_a_record(tmp_path: Path, order: str, line: str) -> None:
    rows = [
        ["45001", "10", "Axis", "PTZ", "1"],
        ["45001", "20", "Hikvision", "dome camera", "2"],
        ["45002", "10", "Axis", "dome camera", "1"],
    ]
    (only,) = scan(tmp_path, [order, line, "Manufacturer", "Item Text", "Qty"], rows, {}).findings
    assert only.record_id == "45001/20"


def test_a_line_of_an_order_alone_is_the_id_of_a_record(tmp_path: Path) -> None:
    rows = [["4500-10", "Hikvision", "dome camera"], ["4500-20", "Axis", "PTZ"]]
    (only,) = scan(tmp_path, ["PO Line", "Manufacturer", "Item"], rows, {}).findings
    assert only.record_id == "4500-10"
    tagged = [["4500-10", "T-7", "Hikvision", "dome camera"], ["4500-20", "T-8", "Axis", "PTZ"]]
    (only,) = scan(tmp_path, ["PO Line", "Asset tag", "Manufacturer", "Item"], tagged, {}).findings
    assert only.record_id == "T-7"


@pytest.mark.parametrize("header", ["Nutzer", "Assigned to", "担当者", "Dipendente", "Пользователь", "Owner"])
def test_a_person_of_that_name_is_a_mention(tmp_path: Path, header: str) -> None:
    rows = [["C-1", "Laptop", "Dell", "Li Huawei"], ["C-2", "Dome camera", "Dahua", "Anna Dahua"]]
    made = scan(tmp_path, ["Tag", "Item", "Maker", header], rows, {})
    assert [(item.record_id, item.band) for item in made.findings] == [("C-2", Band.PROBABLE)]
    assert [(item.record_id, item.entity) for item in made.mentions] == [("C-1", "huawei")]
    alone = scan(tmp_path, ["Tag", "Item", "Maker"], [row[:3] for row in rows], {}).findings
    assert [item.band for item in alone] == [Band.PROBABLE], "a column of people takes nothing away"


@pytest.mark.parametrize(
    "value", ["Hikvision", "Huawei Technologies Co., Ltd.", "Dahua IPC-HFW2431S", "Dahua camera"]
)
def test_what_no_person_is_called_asks_under_a_header_of_people(tmp_path: Path, value: str) -> None:
    made = scan(tmp_path, ["Tag", "Item", "User"], [["C-1", "thing", value], ["C-2", "thing", "Eva"]], {})
    assert [item.record_id for item in made.findings] == ["C-1"]
