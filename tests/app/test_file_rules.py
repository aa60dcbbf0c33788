"""Rules for files: what they change, what they cannot do, and that a scan under them runs again."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from proscribe import scan as scan_files
from proscribe.app.scan.api import ScanResult
from proscribe.app.scan.plan import plan
from proscribe.app.settings.config import find_config
from proscribe.app.settings.file_rules import matches, readings
from proscribe.app.store.scan_replay import Outcome, replay_scan
from proscribe.app.vendors.vendor_list import read_vendors
from proscribe.model.results import InputReading


def scan(*paths: str, **more: Any) -> ScanResult:
    return scan_files(paths, as_of="2026-11-25", known_as_of="2026-11-25", **more)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rules(text: str, *paths: str) -> tuple[InputReading, ...]:
    Path("proscribe.toml").write_text(text, encoding="utf-8")
    return readings(find_config(), paths or [path.name for path in Path().iterdir()]).files


def fields(*paths: str, files: tuple[InputReading, ...]) -> dict[str, str]:
    made = scan(*paths, files=files).scan
    return {
        name: field for one in made.inputs for table in one.tables for name, field in table.fields.items()
    }


def test_columns_are_read_as_the_rule_says(here: Path) -> None:
    (here / "lager.csv").write_text(
        "Kürzel;Feld A;Menge\nR1;Hikvision DS-2CD2143G2-I;3\nR2;Axis P1468-LE;2\n", encoding="utf-8"
    )
    files = rules('[[files]]\npath = "*.csv"\ncolumns = {"Kürzel" = "row_id", "feld a" = "text"}\n')
    assert fields("lager.csv", files=files) == {
        "Kürzel": "row_id",
        "Feld A": "text",
        "Menge": "quantity",
    }
    (table,) = scan("lager.csv", files=files).scan.inputs[0].tables
    assert table.recognised_by == {"Kürzel": "config", "Feld A": "config", "Menge": "header"}


def test_an_option_wins_over_the_rule(here: Path) -> None:
    (here / "a.csv").write_text("型号,名称\nDS-2CD2143G2-I,摄像机\n", encoding="utf-8")
    files = rules('[[files]]\npath = "a.csv"\ncolumns = {"型号" = "row_id", "名称" = "site"}\n')
    made = scan("a.csv", files=files, mapping={"型号": "model_number"}).scan
    assert made.inputs[0].tables[0].fields == {"型号": "model_number", "名称": "site"}
    assert [one.entity for one in made.findings] == ["hikvision"]


def test_a_sheet_has_rules_of_its_own(here: Path) -> None:
    book = Workbook()
    for name in ("Kasse", "Общий"):
        sheet = book.create_sheet(name)
        sheet.append(["Description", "X1", "Quantity"])
        sheet.append(["7-1", "Dahua IPC-HFW5442E-ZE", 3])
    del book["Sheet"]
    book.save(here / "b.xlsx")
    files = rules(
        '[[files]]\npath = "b.xlsx"\ncolumns = {X1 = "text"}\n'
        '[[files]]\npath = "b.xlsx"\nsheet = "Общий"\ncolumns = {X1 = "product_name"}\n'
    )
    made = scan("b.xlsx", files=files).scan
    assert [table.fields["X1"] for table in made.inputs[0].tables] == ["text", "product_name"]


def test_a_reader_is_used_and_the_scan_says_so(here: Path) -> None:
    (here / "notes.dat").write_text("Camera,Hikvision DS-2CD2143G2-I\n")
    files = rules('[[files]]\npath = "notes.dat"\nreader = "lines"\n')
    made = scan("notes.dat", files=files)
    assert made.scan.inputs[0].reader == "lines"
    told = json.loads(made.to_json())["statement"]["predicate"]["options"]
    assert told["files"] == [{"inputs": ["notes.dat"], "reader": "lines"}]


def test_a_scan_under_rules_runs_again(here: Path) -> None:
    (here / "a.csv").write_text("Kürzel;Feld\n1;Hikvision DS-2CD2143G2-I\n", encoding="utf-8")
    files = rules(
        '[[files]]\npath = "a.csv"\ncolumns = {"Kürzel" = "row_id", Feld = "model_number", Gone = "text"}\n'
    )
    made = scan("a.csv", files=files)
    content = made.to_json().encode()
    assert replay_scan(content, "s.json", [here]).outcome is Outcome.SAME
    without = json.loads(content)
    del without["statement"]["predicate"]["options"]["files"]
    again = replay_scan(json.dumps(without).encode(), "s.json", [here])
    assert again.outcome is Outcome.DIFFERENT


def test_what_a_rule_names_and_a_file_lacks_is_said(here: Path) -> None:
    (here / "a.csv").write_text("Model\nDS-2CD2143G2-I\n")
    files = rules(
        '[[files]]\npath = "a.csv"\ncolumns = {Gone = "text", model = "text"}\n'
        '[[files]]\npath = "a.csv"\nsheet = "Old"\ncolumns = {Model = "note"}\n'
    )
    made = scan("a.csv", files=files)
    assert [(one.code, one.at) for one in made.issues] == [("E150", "columns"), ("E150", "sheet 'Old'")]
    assert "'Gone'" in made.issues[0].what
    assert made.complete
    assert made.scan.inputs[0].tables[0].fields == {"Model": "text"}


def test_a_rule_that_meets_nothing_is_said_where_its_folder_is_read(here: Path) -> None:
    (here / "sub").mkdir()
    (here / "sub" / "a.csv").write_text("Model\nX\n")
    Path("proscribe.toml").write_text('[[files]]\npath = "sub/b.csv"\n[[files]]\npath = "other/*.csv"\n')
    found = find_config()
    assert [one.at for one in readings(found, ["."]).issues] == [
        "proscribe.toml, files.0", "proscribe.toml, files.1"
    ]  # fmt: skip
    assert [one.at for one in readings(found, ["sub"]).issues] == ["proscribe.toml, files.0"]
    assert readings(found, ["sub/a.csv"]).issues == ()
    assert readings(found, ["-", "nowhere"]).issues == ()


def test_what_nobody_confirmed_is_left_to_recognition(here: Path) -> None:
    (here / "a.csv").write_text("Model,Hersteller\nDS-2CD2143G2-I,Hikvision\n")
    files = rules(
        '[[files]]\npath = "a.csv"\ncolumns = {Model = "note", Hersteller = "note"}\nuncertain = ["Model"]\n'
    )
    assert fields("a.csv", files=files) == {"Model": "model_number", "Hersteller": "note"}


def test_a_configuration_that_came_with_the_files_clears_nothing(here: Path) -> None:
    there = here / "sent"
    there.mkdir()
    (there / "a.csv").write_text("Model,Hersteller,Audit\nDS-2CD2143G2-I,Hikvision,2015-01-01\n")
    (there / "proscribe.toml").write_text(
        '[[files]]\npath = "a.csv"\nreader = "nmap"\n'
        'columns = {Audit = "dated_on", Model = "site", Hersteller = "note"}\n[options]\nfail_on = "none"\n'
    )
    (here / "own").mkdir()
    found = find_config([there])
    assert found is not None
    assert not found.own
    read = readings(found, [str(there)])
    assert [one.code for one in read.issues] == ["E150", "E150"]
    assert [(dict(one.columns), one.reader) for one in read.files] == [
        ({"Model": "site", "Hersteller": "note"}, "")
    ]
    made = scan(str(there / "a.csv"), files=read.files)
    assert [one.entity for one in made.findings] == ["hikvision"]


def test_columns_that_the_rule_does_not_name_are_read_as_ever(here: Path) -> None:
    (here / "a.csv").write_text("Modell,Angaben,Zusatz\nX1,,Huawei S5735-L24T4S-A\n", encoding="utf-8")
    files = rules('[[files]]\npath = "a.csv"\ncolumns = {Modell = "model_number"}\n')
    plain, ruled = (scan("a.csv", files=some).scan for some in ((), files))
    assert [one.band for one in plain.findings] == [one.band for one in ruled.findings]
    assert {one.entity for one in ruled.findings} == {"huawei"}


def test_a_list_of_suppliers_is_read_by_its_rule(here: Path) -> None:
    (here / "k.csv").write_text("Konto;Feld\n70001;Acme LLC\n")
    files = rules('[[files]]\npath = "k.csv"\ncolumns = {Feld = "vendor_name"}\n')
    read = readings(find_config(), ["k.csv"]).files
    assert read == files
    assert [one.name for one in read_vendors(Path("k.csv"), read).vendors] == ["Acme LLC"]


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("a.csv", "a.csv", True), ("*.csv", "a.csv", True), ("*.csv", "x/a.csv", False), ("**/*.csv", "a.csv", True),
        ("**/*.csv", "x/y/a.csv", True), ("x/**", "x/y/z", True), ("x/**/z", "x/z", True), ("a?c", "abc", True),
        ("a?c", "a/c", False), ("[a].csv", "[a].csv", True), ("[a].csv", "a.csv", False), ("*", "", True),
        ("a*b*c", "a1b2b3c", True), ("a*b*c", "a1b2b3d", False), ("**/a/**/b", "x/a/y/a/z/b", True),
    ],
)  # fmt: skip
def test_patterns(pattern: str, path: str, *, fits: bool) -> None:
    assert matches(pattern, path) is fits


@given(st.text("ab*?/", max_size=12), st.text("ab/", max_size=12))
def test_a_pattern_without_wildcards_is_the_path(pattern: str, path: str) -> None:
    plain = pattern.replace("*", "").replace("?", "")
    assert matches(plain, path) is (plain == path)
    assert matches("**", path)
    assert matches(pattern, pattern)


def test_a_hostile_pattern_ends_soon() -> None:
    began = time.monotonic()
    assert not matches("*a" * 400 + "b", "a" * 900)
    assert not matches("**/a/" * 190 + "b", "a/" * 400 + "c")
    assert time.monotonic() - began < 5


def test_a_rule_says_what_a_table_is_a_list_of(here: Path) -> None:
    book = Workbook()
    for name in ("Lager", "Teile"):
        sheet = book.create_sheet(name)
        sheet.append(["Beschreibung", "Menge"])
        sheet.append(["Hikvision DS-2CD2143G2-I", 3])
    del book["Sheet"]
    book.save(here / "b.xlsx")
    text = """[[files]]\npath = "*.xlsx"\nkind = "offered"\n[[files]]\npath = "b.xlsx"\nsheet = "Teile"\nkind = "product_parts"\n"""
    made = scan("b.xlsx", files=rules(text, "b.xlsx"))
    told = [(table.kind, table.kind_by, table.kind_words) for table in made.scan.inputs[0].tables]
    assert told == [
        ("offered", "stated", ("by whoever scanned",)),
        ("product_parts", "stated", ("by whoever scanned",)),
    ]
    assert [table.kind for table in plan("b.xlsx", files=rules(text, "b.xlsx")).inputs[0].tables] == [
        "offered", "product_parts"
    ]  # fmt: skip
    by_option = scan("b.xlsx", files=rules(text, "b.xlsx"), kinds={"b.xlsx": "equipment"}).scan.inputs[0]
    assert [table.kind for table in by_option.tables] == ["equipment", "equipment"]
    assert replay_scan(made.to_json().encode(), "s.json", [here]).outcome is Outcome.SAME
    unsure = text.replace("[[files]]", 'uncertain = ["kind"]\n[[files]]')[len('uncertain = ["kind"]\n') :]
    assert scan("b.xlsx", files=rules(unsure, "b.xlsx")).scan.inputs[0].tables[0].kind_by != "stated"


def test_a_kind_is_the_users_own_word(here: Path) -> None:
    (here / "sent").mkdir()
    (here / "sent" / "a.csv").write_text("Model,Menge\nDS-2CD2143G2-I,2\n")
    (here / "sent" / "proscribe.toml").write_text('[[files]]\npath = "a.csv"\nkind = "vendors"\n')
    (here / "own").mkdir()
    read = readings(find_config(["sent"]), ["sent"])
    assert read.files == ()
    assert [one.code for one in read.issues] == ["E150"]
