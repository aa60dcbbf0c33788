"""Cards and tables side by side, in delimited text and in sheets: each thing keeps its own id and serial number."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

import proscribe
from proscribe.cli.main import cli

#: Three ways to lay two cameras out, with what becomes of the columns.
LAID_OUT = {
    "one card after another": [
        ["Inventar-Nr", "K-1"], ["Hersteller", "Dahua"], ["Modell", "IPC-HDW2431T"], ["Seriennummer", "4C0112233445"], [],
        ["Inventar-Nr", "K-2"], ["Hersteller", "Hikvision"], ["Modell", "DS-2CD2143G2-I"], ["Seriennummer", "E99887766"],
    ],
    "with colons and headings": [
        ["Camera at the gate"], ["Asset:", "K-1"], ["Make:", "Dahua"], ["Model:", "IPC-HDW2431T"], ["Serial:", "4C0112233445"],
        ["Camera in the yard"], ["Asset:", "K-2"], ["Make:", "Hikvision"], ["Model:", "DS-2CD2143G2-I"], ["Serial:", "E99887766"],
    ],
    "two pairs a row": [
        ["Asset:", "K-1", "Make:", "Dahua"], ["Model:", "IPC-HDW2431T", "Serial:", "4C0112233445"],
        ["Asset:", "K-2", "Make:", "Hikvision"], ["Model:", "DS-2CD2143G2-I", "Serial:", "E99887766"],
    ],
    "a card a column": [
        ["Asset", "K-1", "K-2"], ["Make", "Dahua", "Hikvision"], ["Model", "IPC-HDW2431T", "DS-2CD2143G2-I"],
        ["Serial no", "4C0112233445", "E99887766"],
    ],
    "one attribute a row": [
        ["Asset", "Site", "Attribute", "Value"],
        ["K-1", "Leeds", "Type", "Camera"], ["K-1", "Leeds", "Make", "Dahua"], ["K-1", "Leeds", "Model", "IPC-HDW2431T"],
        ["K-1", "Leeds", "Serial no", "4C0112233445"], ["K-2", "York", "Type", "Camera"], ["K-2", "York", "Make", "Hikvision"],
        ["K-2", "York", "Model", "DS-2CD2143G2-I"], ["K-2", "York", "Serial no", "E99887766"],
    ],
    "one attribute a row, mixed up, the thing named once": [
        ["Inv-Nr", "Merkmal", "Wert"], ["K-1", "Hersteller", "Dahua"], ["", "Modell", "IPC-HDW2431T"],
        ["", "Seriennummer", "4C0112233445"], ["K-2", "Seriennummer", "E99887766"], ["", "Modell", "DS-2CD2143G2-I"],
        ["", "Hersteller", "Hikvision"],
    ],
    "cards below a header": [
        ["Field", "Value"], ["Asset", "K-1"], ["Make", "Dahua"], ["Model", "IPC-HDW2431T"], ["Serial", "4C0112233445"],
        ["Asset", "K-2"], ["Make", "Hikvision"], ["Model", "DS-2CD2143G2-I"], ["Serial", "E99887766"],
    ],
    "a card a column under their ids": [
        ["Attribute", "K-1", "K-2"], ["Make", "Dahua", "Hikvision"], ["Model", "IPC-HDW2431T", "DS-2CD2143G2-I"],
        ["Serial no", "4C0112233445", "E99887766"],
    ],
    "side by side": [
        ["Asset", "Make", "Model", "Serial", "", "Asset", "Make", "Model", "Serial"],
        ["K-1", "Dahua", "IPC-HDW2431T", "4C0112233445", "", "K-2", "Hikvision", "DS-2CD2143G2-I", "E99887766"],
        ["K-3", "Axis", "P3245", "ACCC8E112233", "", "K-4", "Bosch", "NBN-40012", "0447711"],
    ],
    "side by side under other names": [
        ["Kameras", "", "", "", "", "Rekorder"],
        ["Inv-Nr", "Hersteller", "Typ", "SN", "", "Nr", "Marke", "Modell", "Seriennummer"],
        ["K-1", "Dahua", "IPC-HDW2431T", "4C0112233445", "", "K-2", "Hikvision", "DS-7616NI-K2", "E99887766"],
        ["K-3", "Axis", "P3245", "ACCC8E112233", "", "K-4", "Bosch", "DIP-3042", "0447711"],
    ],
}  # fmt: skip


def _csv(path: Path, rows: list[list[str]]) -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    path.write_text(text.getvalue())
    return path


def _xlsx(path: Path, rows: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("written", [_csv, _xlsx], ids=["csv", "xlsx"])
@pytest.mark.parametrize("rows", LAID_OUT.values(), ids=LAID_OUT)
def test_each_thing_keeps_its_own_id_and_serial(rows: list[list[str]], written: Any, tmp_path: Path) -> None:
    found = proscribe.scan([written(tmp_path / "devices", rows)]).findings
    told = [(one.entity, str(one.band), one.record_id, one.details.serial_number) for one in found]
    assert told == [
        ("dahua", "confirmed", "K-1", "4C0112233445"),
        ("hikvision", "confirmed", "K-2", "E99887766"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Make,Model\nDahua,IPC-HDW2431T\nHikvision,DS-2CD2143G2-I\nAxis,P3245\n",
        "Name,Value\nMake,Dahua\n",
        "Vendor,Item\nMake,paper\nModel,cars\nSerial,numbers\n",
        "Asset,Make,Model,,Notes\nK-1,Dahua,IPC-HDW2431T,,x\nK-2,Axis,P3245,,y\n",
        "Id,Model,Price,Model group\n1,IPC-HDW2431T,3,IPC\n2,P3245,4,P\n",
        "Asset,Attribute,Value\nA,Colour,red\nA,Weight,3\nB,Colour,blue\nB,Weight,4\n",
        "Change,Field,Old,New\n1,Make,Axis,Bosch\n1,Model,P32,NBN\n2,Make,Sony,Bosch\n2,Model,SNC,NBE\n",
    ],
)
def test_an_ordinary_table_is_read_as_one(text: str, read: Any) -> None:
    assert read(text).reader == "tabular"


def test_where_a_card_begins_is_its_place(read: Any) -> None:
    text = "\r\n".join(";".join(row) for row in LAID_OUT["one card after another"])
    found = read(text)
    assert found.reader == "cards"
    assert [place for batch in found.reading.batches() for place in batch.pointers] == ["line 1", "line 6"]


def test_nothing_of_a_list_of_attributes_is_lost(read: Any) -> None:
    text = (
        "Export of 2026-11-02\nTag,Field,Content,By\nA-1,Make,Honor,JB\nA-1,Model,9X,JB\nA-1,Note,seen,KL\nA-2,Make,,JB\n"
        "A-2,Model,P30 Lite,JB\nA-2,MAC,00:11:22:33:44:55,JB\nA-2,MAC,00:11:22:33:44:66,JB\nA-2,,loose,JB\n"
    )
    found = read(text)
    assert found.reader == "cards"
    assert [place for batch in found.reading.batches() for place in batch.pointers] == [
        "line 1",
        "line 3",
        "line 6",
    ]
    for word in ("2026-11-02", "Honor", "9X", "seen", "KL", "P30 Lite", "33:44:55", "33:44:66", "loose"):
        assert word in str(found.rows), word


def test_a_text_cut_in_the_middle_and_lines_of_another_form_stay_records(read: Any) -> None:
    text = "Make,Dahua\nModel,IPC-HDW2431T\nSerial,4C01\n\nremark: see Hikvision, Hytera, ZTE\n\nMake,Axis\nModel,P32"
    found = read(text)
    assert found.reader == "cards" and "Hytera" in str(found.rows) and "P32" in str(found.rows)


def test_hostile_width_is_bounded(read: Any) -> None:
    names = ",".join(f"Make,Model{number}" for number in range(5_000))
    assert read(f"{names},,{names}\n" + "x," * 10_000 + "\n").reader in ("cards", "tabular")


def test_a_configuration_reaches_the_columns_of_each_table(tmp_path: Path) -> None:
    rows = [
        ["Asset", "Make", "Model", "Foo", "", "Asset", "Make", "Model", "Foo"],
        ["K-1", "Dahua", "IPC-HDW2431T", "Leeds", "", "K-2", "Hikvision", "DS-2CD2143G2-I", "York"],
    ]
    _csv(tmp_path / "devices.csv", rows)
    config = tmp_path / "proscribe.toml"
    config.write_text('[[files]]\npath = "devices.csv"\ncolumns = {"Foo" = "site"}\n')
    asked = ["scan", str(tmp_path / "devices.csv"), "--config", str(config), "-o", "json"]
    told = [one["details"]["site"] for one in json.loads(CliRunner().invoke(cli, asked).stdout)["findings"]]
    assert told == ["Leeds", "York"]
