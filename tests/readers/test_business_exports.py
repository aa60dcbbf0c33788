"""Exports of business programs: told by their column names, with what each column holds and what the table is a list of."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from proscribe import scan
from proscribe.app.scan.plan import plan
from proscribe.app.settings.config import known_names
from proscribe.model.results import InputReading
from proscribe.readers._exports import exports
from proscribe.readers.header_fields import fold_header

FOLDER = Path(__file__).parent / "fixtures" / "business"
DAY = "2026-11-25"


@pytest.mark.parametrize(
    ("name", "export", "kind", "expected", "firms"),
    [
        (
            "sap-anla.csv", "SAP asset master (ANLA)", "equipment",
            {"ANLN1": "row_id", "INVNR": "asset_tag", "HERST": "maker_name", "TYPBZ": "model_number", "SERNR": "serial_number",
             "TXT50": "text", "BSTDT": "dated_on", "AKTIV": "seen_at", "LIEFE": "vendor_name", "STORT": "site"},
            {"hikvision"},
        ),
        (
            "sap-ekpo.txt", "SAP purchase order items (EKKO, EKPO)", "purchases",
            {"EBELN": "order_line", "NAME1": "vendor_name", "TXZ01": "text", "IDNLF": "part_number", "MENGE": "quantity",
             "NETPR": "unit_cost", "BEDAT": "dated_on", "WERKS": "site"},
            {"dahua"},
        ),
        (
            "sap-equi.csv", "SAP equipment master (EQUI, EQKT, EQUZ)", "equipment",
            {"EQUNR": "row_id", "HERST": "maker_name", "TYPBZ": "model_number", "SERGE": "serial_number"}, {"dahua"},
        ),
        (
            "sap-mara.csv", "SAP material master (MARA, MAKT)", "uncertain",
            {"MATNR": "row_id", "MAKTX": "text", "MFRPN": "part_number"}, {"hikvision"},
        ),
        ("sap-lfa1.csv", "SAP vendor master (LFA1)", "vendors", {"LIFNR": "row_id", "NAME1": "vendor_name"}, {"hikvision"}),
        (
            "oracle-assets.csv", "Oracle Assets (FA_ADDITIONS)", "equipment",
            {"ASSET_NUMBER": "row_id", "TAG_NUMBER": "asset_tag", "MANUFACTURER_NAME": "maker_name",
             "MODEL_NUMBER": "model_number", "DATE_PLACED_IN_SERVICE": "seen_at"},
            {"hikvision"},
        ),
        (
            "oracle-invoice-lines.csv", "Oracle Payables invoice lines (AP_INVOICE_LINES)", "purchases",
            {"VENDOR_NAME": "vendor_name", "ITEM_DESCRIPTION": "text", "MANUFACTURER": "maker_name", "INVOICE_DATE": "dated_on"},
            {"huawei"},
        ),
        (
            "netsuite-assets.csv", "NetSuite fixed assets", "equipment",
            {"ID": "row_id", "Asset Description": "text", "Asset Serial Number": "serial_number", "Supplier": "vendor_name"},
            {"dahua"},
        ),
        (
            "netsuite-bills.csv", "NetSuite transaction lines", "purchases",
            {"Name": "vendor_name", "Item": "text", "Memo": "text", "Date": "dated_on"}, {"hikvision"},
        ),
        (
            "datev-buchungsstapel.csv", "DATEV Buchungsstapel", "purchases",
            {"Umsatz (ohne Soll/Haben-Kz)": "amount", "Buchungstext": "text", "Beleginfo - Inhalt 1": "text"}, {"hikvision"},
        ),
        (
            "datev-kreditoren.csv", "DATEV Debitoren/Kreditoren", "vendors",
            {"Konto": "row_id", "Name (Adressattyp Unternehmen)": "vendor_name", "Kurzbezeichnung": "vendor_name"}, {"dahua"},
        ),
        (
            "sage-assets.csv", "Sage 50 fixed assets", "equipment",
            {"Asset Reference": "row_id", "Description 2": "text", "Serial No": "serial_number", "Location or Employee": "site"},
            {"hikvision"},
        ),
        ("sage-suppliers.csv", "Sage 50 suppliers", "vendors", {"A/C": "row_id", "Name": "vendor_name"}, {"hytera"}),
        (
            "sage-products.csv", "Sage 50 products", "offered",
            {"Stock Code": "row_id", "Description": "text", "Supplier Part No.": "part_number"}, {"dahua"},
        ),
    ],
)  # fmt: skip
def test_each_is_told_and_searched(
    name: str, export: str, kind: str, expected: dict[str, str], firms: set[str]
) -> None:
    made = scan([FOLDER / name], as_of=DAY, known_as_of=DAY).scan
    (table,) = made.inputs[0].tables
    assert (table.export, table.kind) == (export, kind)
    assert {column: table.fields.get(column) for column in expected} == expected
    assert {one.covered_through[-1] for one in made.findings} == firms
    assert not any(issue.lossy for issue in made.inputs[0].issues)


def test_other_tables_with_some_of_the_names_are_none(read: Any) -> None:
    for text in (
        "LIFNR;NAME1;LAND1;Gerät\n1;Hikvision;DE;DS-2CD2143G2-I\n",
        "Konto;Name;Ort\n1;Hikvision;Hamburg\n",
        "Asset Number,Model,Manufacturer\n1,DS-2CD2143G2-I,Hikvision\n",
    ):
        assert all(table.export == "" for table in read(text).tables)


def test_a_preset_that_is_named_counts_without_all_of_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "ANLN1;HERST;TYPBZ;Menge;Lieferant\n31;Hikvision;DS-2CD2143G2-I;1;Brandt\n", encoding="utf-8"
    )
    said = [InputReading((str(path),), preset="sap-assets")]
    (table,) = plan(str(path), files=said).inputs[0].tables
    assert table.export == "SAP asset master (ANLA)"
    assert {one.name: one.field for one in table.columns}["HERST"] == "maker_name"


def test_presets_have_names_and_sources() -> None:
    loaded = yaml.safe_load(resources.files("proscribe.readers").joinpath("exports.yml").read_text("utf-8"))
    named = [one for one in loaded if "preset" in one]
    for one in named:
        columns = {*one["columns"], *one["needs"]}
        assert one["source"].startswith("https://"), one["name"]
        assert set(one.get("recalled", ())) <= columns, one["name"]
    presets = known_names()["preset"]
    assert len(presets) == len(set(presets)) == len(exports(fold_header))
    assert {one["preset"] for one in named} <= set(presets)
    assert {"snipe-it-assets-csv", "sap-assets", "datev-bookings", "netbox-devices"} <= set(presets)
