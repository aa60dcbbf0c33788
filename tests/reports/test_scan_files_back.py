"""The user's own file back: every cell as it was, the answers beside it, nothing that runs."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from proscribe.model.errors import InputError, ProscribeError, UsageError
from proscribe.model.findings import Band, Locator
from proscribe.model.observations import ADDED_COLUMNS as COLUMNS
from proscribe.model.observations import ADDED_COLUMNS_IN_WORDS as IN_WORDS
from proscribe.model.observations import ReadIssue, Table
from proscribe.model.results import Scan
from proscribe.readers.base import Batch, Options, Source
from proscribe.readers.opening import open_source
from proscribe.readers.tabular_text import TabularText
from proscribe.reports.scan import write
from proscribe.reports.scan.added_columns import Mark
from proscribe.reports.scan.workbook import Looks, annotate_sheet, column_letters, column_number
from proscribe.wording.safe import csv_cell, is_formula_like

from .conftest import build_scan, finding


class Rows:
    """A reading of tables that are given as lists."""

    reader = "rows"
    reader_version = 1

    def __init__(self, tables: list[tuple[Table, list[list[str | None]]]]) -> None:
        self.tables = [table for table, _ in tables]
        self.issues: list[ReadIssue] = []
        self._tables = tables

    def batches(self) -> Iterator[Batch]:
        for index, (table, rows) in enumerate(self._tables):
            for start in range(0, len(rows), 2):
                part = rows[start : start + 2]
                arrays = [pa.array([row[n] for row in part], pa.string()) for n in range(len(table.header))]
                yield Batch(index, start + 1, pa.RecordBatch.from_arrays(arrays, names=list(table.header)))

    def bytes_read(self) -> int:
        return 0

    def source_row(self, table: int, record: int) -> int:
        return self.tables[table].first_row + record - 1


def one_input(scan: Scan, *, index: int = 0) -> Scan:
    """Keep one input of the fixed scan, with its findings and mentions."""
    return dataclasses.replace(
        scan,
        inputs=(dataclasses.replace(scan.inputs[index], index=0),),
        findings=tuple(dataclasses.replace(one, input=0) for one in scan.findings if one.input == index),
        mentions=tuple(dataclasses.replace(one, input=0) for one in scan.mentions if one.input == index),
    )


def csv_back(scan: Scan, raw: bytes, folder: Path) -> bytes:
    path = folder / "assets.csv"
    path.write_bytes(raw)
    out = io.BytesIO()
    write(
        scan, "csv", out,
        sources=[Source("in/assets.csv", path, len(raw))],
        open_reading=lambda source: TabularText().open(source, Options()),
    )  # fmt: skip
    return out.getvalue()


class TestNeutralise:
    @pytest.mark.parametrize(
        "text",
        [
            "=1+1",
            "+cmd|' /C calc'!A0",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            " =1+1",
            "＝1",
            "-",
            "+a",
            "-1-1",
            "\ufeff=1",
        ],
    )
    def test_formulas_get_an_apostrophe(self, text: str) -> None:
        assert csv_cell(text) == "'" + text

    @pytest.mark.parametrize(
        "text", ["-12.50", "+1,200", "-1 200,50", "-5%", "1e5", "-3E+8", "", "a=b", "x-1", "0"]
    )
    def test_numbers_and_plain_text_stay(self, text: str) -> None:
        assert csv_cell(text) == text

    @given(st.text(max_size=30))
    def test_nothing_neutralised_still_looks_like_a_formula(self, text: str) -> None:
        assert not is_formula_like(csv_cell(text))
        assert csv_cell(text).removeprefix("'") in {text, text.removeprefix("'")}


class TestCsv:
    def test_keeps_delimiter_encoding_line_ends_and_rows(self, scan: Scan, tmp_path: Path) -> None:
        raw = (
            "Inventar 2026\r\n\r\nid;Bezeichnung;Betrag\r\n1;Käse;-12,50\r\n"
            '2;"zwei\r\nZeilen";=1+1;mehr;noch mehr\r\n\r\n3;@x\r\n4;"a;b";5\r\n'
        ).encode("cp1252")
        back = csv_back(one_input(scan), raw, tmp_path)
        rows = list(csv.reader(io.StringIO(back.decode("cp1252"), newline=""), delimiter=";"))
        original = list(csv.reader(io.StringIO(raw.decode("cp1252"), newline=""), delimiter=";"))
        assert len(rows) == len(original)
        for new, old in zip(rows, original, strict=True):
            assert new[: len(old)] == [csv_cell(cell) for cell in old]
        assert rows[2][5:] == list(COLUMNS)
        assert [row[5] for row in rows[3:] if row] == ["confirmed", "probable", "possible", ""]
        assert rows[4][9] == "f_0002"
        assert back.count(b"\r\n") == raw.count(b"\r\n")
        assert b"\n" not in back.replace(b"\r\n", b"")

    def test_falls_back_to_utf8_with_mark_when_the_answers_do_not_fit(
        self, scan: Scan, tmp_path: Path
    ) -> None:
        raw = "id;Bezeichnung;Betrag\n1;Käse;1\n2;Öl;2\n".encode("cp1252")
        one = one_input(scan)
        hanzi = dataclasses.replace(one.findings[0].evidence[0], why="海康威视")
        one = dataclasses.replace(one, findings=(dataclasses.replace(one.findings[0], evidence=(hanzi,)),))
        back = csv_back(one, raw, tmp_path)
        assert back.startswith(b"\xef\xbb\xbf")
        assert "Käse" in back.decode("utf-8-sig") and "海康威视" in back.decode("utf-8-sig")

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8", "gb18030"])
    def test_keeps_the_byte_order_mark_and_the_encoding(
        self, scan: Scan, tmp_path: Path, encoding: str
    ) -> None:
        raw = (
            "id,描述,数量\n" + "".join(f"{n},海康威视摄像机与录像机设备,{n}\n" for n in range(1, 9))
        ).encode(encoding)
        back = csv_back(dataclasses.replace(one_input(scan), mentions=()), raw, tmp_path)
        rows = list(csv.reader(io.StringIO(back.decode(encoding))))
        assert rows[0] == ["id", "描述", "数量", *COLUMNS]
        assert [row[:3] for row in rows[1:]] == [
            [str(n), "海康威视摄像机与录像机设备", str(n)] for n in range(1, 9)
        ]
        assert back[:2] == raw[:2]

    def test_damaged_text_loses_no_row_and_shifts_no_mark(self, scan: Scan, tmp_path: Path) -> None:
        raw = (
            b"id,description,amount\n1,a camera on the roof,1\n2,ca\xe9 at the caf\xc3\xa9\x00,2\n3,\xff\xfe,3\n"
            b"4,a camera at the gate,4\n" + b"".join(b"%d,spare part,1\n" % n for n in range(5, 40))
        )
        rows = list(
            csv.reader(io.StringIO(csv_back(one_input(scan), raw, tmp_path).decode("utf-8", "replace")))
        )
        marked = {row[0]: row[-5:] for row in rows[1:]}
        assert list(marked) == [str(n) for n in range(1, 40)]
        assert [marked[key][0] for key in marked][:4] == ["confirmed", "probable", "possible", ""]
        assert not any("".join(marked[str(n)]) for n in range(6, 40))
        assert marked["4"][4] == "f_0004" and "set aside" in marked["4"][3]

    def test_a_file_without_a_header_gets_one(self, scan: Scan, tmp_path: Path) -> None:
        raw = b"44:19:b6:00:00:01,core\n44:19:b6:00:00:02,edge\n44:19:b6:00:00:03,edge\n"
        rows = list(csv.reader(io.StringIO(csv_back(one_input(scan), raw, tmp_path).decode())))
        assert rows[0][-5:] == list(COLUMNS) and len(rows[0]) == 7
        assert [row[0] for row in rows[1:]] == [line.split(",")[0] for line in raw.decode().splitlines()]
        assert [row[-1] for row in rows[1:]] == ["f_0001", "f_0002", "f_0003"]

    def test_columns_of_an_earlier_run_are_not_mixed_up(self, scan: Scan, tmp_path: Path) -> None:
        raw = b"id,description,proscribe_band\n1,ok,x\n2,ok,y\n"
        rows = list(csv.reader(io.StringIO(csv_back(one_input(scan), raw, tmp_path).decode())))
        assert rows[0][2:4] == ["proscribe_band", "proscribe_band_2"]

    @given(
        st.lists(
            st.lists(st.text(alphabet="ab=+-@\t,;\"'\n é海1", max_size=8), min_size=3, max_size=3),
            min_size=3,
            max_size=8,
        )
    )
    @settings(max_examples=60)
    def test_every_cell_comes_back_in_place(
        self, tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]
    ) -> None:
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(["id", "description", "maker"])
        for number, row in enumerate(cells):
            writer.writerow([f"r{number}", *row[1:]])
        back = csv_back(
            one_input(build_scan()), out.getvalue().encode(), tmp_path_factory.mktemp("csv")
        ).decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(back, newline="")) if row]
        expected = [[f"r{n}", *map(csv_cell, row[1:])] for n, row in enumerate(cells)]
        assert [row[:3] for row in rows[1:]] == expected
        assert [row[-1] for row in rows[1:4]] == ["f_0001", "f_0002", "f_0003"]
        assert not any(is_formula_like(cell) for row in rows for cell in row)


class TestParquet:
    def test_keeps_types_metadata_and_order(self, scan: Scan, tmp_path: Path) -> None:
        table = pa.table(
            {
                "id": pa.array([3, 1, 2], pa.int32()),
                "day": pa.array([date(2026, 1, 1), None, date(2026, 1, 3)]),
                "tags": [["a"], [], None],
            },
            metadata={"made by": "test"},
        )
        path = tmp_path / "in.parquet"
        pq.write_table(table, path, row_group_size=2)
        target = tmp_path / "out.parquet"
        write(
            one_input(scan), "parquet", target,
            sources=[Source("in/assets.csv", path, 1)], open_reading=lambda _: Rows([]),
        )  # fmt: skip
        back = pq.read_table(target)
        assert back.select(["id", "day", "tags"]).equals(table.select(["id", "day", "tags"]))
        assert back.schema.metadata[b"made by"] == b"test"
        assert back.column_names[3:] == list(COLUMNS)
        assert back.column("proscribe_band").to_pylist() == ["confirmed", "probable", "possible"]

    def test_of_text_input_is_text(self, scan: Scan, tmp_path: Path) -> None:
        table = Table(None, ("id", "x"))
        path = tmp_path / "in.csv"
        path.write_bytes(b"id,x\n")
        target = tmp_path / "out.parquet"
        write(
            one_input(scan), "parquet", target, sources=[Source("in/assets.csv", path, 1)],
            open_reading=lambda _: Rows([(table, [["1", "a"], ["2", None], ["3", "=1"]])]),
        )  # fmt: skip
        assert pq.read_table(target).to_pydict()["x"] == ["a", None, "=1"]


def source_workbook(path: Path) -> None:
    """Write a workbook with what must survive: formats, formulas, chart, validation, hidden things, merges."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Main"
    sheet.append(["Inventory of the <depot> & annex"])
    sheet.append(["Item", "Qty", "Cost", "Bought"])
    for number in range(8):
        sheet.append([f"item {number} <&> _x0041_", number, number * 1.5, date(2026, 1, number + 1)])
    sheet.merge_cells("A1:D1")
    sheet["A3"].font = Font(bold=True, color="FF00AA00")
    sheet["B4"].fill = PatternFill("solid", fgColor="FFFFEE00")
    sheet["C12"] = "=SUM(C3:C10)"
    sheet["A13"] = '=HYPERLINK("http://evil.example","x")'
    sheet["D3"].number_format = "yyyy-mm-dd"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=2, max_row=10), titles_from_data=True)
    sheet.add_chart(chart, "F2")  # beside the data, where the marks would go
    rule = DataValidation(type="list", formula1='"a,b"')
    sheet.add_data_validation(rule)
    rule.add("F3:F10")
    sheet.conditional_formatting.add(
        "B3:B10", CellIsRule(operator="greaterThan", formula=["3"], font=Font(bold=True))
    )
    sheet.column_dimensions.group("R", "XFD", hidden=True)
    sheet.row_dimensions[5].hidden = True
    sheet.freeze_panes = "A3"
    sheet.auto_filter.ref = "A2:D10"
    old = book.create_sheet("Old 海康")
    old.append(["Item"])
    old.append(["海康威视"])
    old.sheet_state = "hidden"
    empty = book.create_sheet("Empty")
    empty.sheet_properties.tabColor = "FFFF0000"
    secret = book.create_sheet("Proscribe")
    secret["A1"] = "a sheet of the user's with our name"
    book.defined_names["depot"] = openpyxl.workbook.defined_name.DefinedName("depot", attr_text="Main!$A$1")
    book.save(path)


#: The first free column of `Main`: its cells end at D, and a chart lies on F to O.
FIRST = 16

MAIN = Table("Main", ("Item", "Qty", "Cost", "Bought"), {"Item": "text"}, first_row=3)
OLD = Table("Old 海康", ("Item",), {"Item": "text"}, hidden=True)


def workbook_scan() -> Scan:
    """Put findings into both sheets of the workbook."""
    scan = one_input(build_scan(), index=1)
    findings = tuple(
        finding(id=f"f_{row}", locator=Locator(row, "Main"), band=band, input=0)
        for row, band in ((1, Band.CONFIRMED), (3, Band.PROBABLE), (8, Band.POSSIBLE))
    )
    return dataclasses.replace(scan, findings=(*findings, *scan.findings))


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give a workbook, and the same given back."""
    folder = tmp_path_factory.mktemp("book")
    before, after = folder / "inventory.xlsx", folder / "answer.xlsx"
    source_workbook(before)
    write(
        workbook_scan(), "xlsx", after,
        sources=[Source("in/inventory.xlsx", before, 1)],
        open_reading=lambda _: Rows([(MAIN, []), (OLD, [])]),
    )  # fmt: skip
    return before, after


def look_of(cell: Any) -> tuple[Any, ...]:
    # Styles are proxies that compare by identity of the workbook; their text says all they hold.
    styles = (cell.font, cell.fill, cell.border, cell.alignment, cell.protection)
    return (cell.value, cell.data_type, cell.number_format, *map(repr, styles))


FROZEN = {"Main": "A3", "Old 海康": "A2"}
FILTERED = {"Main": "A2:T13", "Old 海康": "A1:F2"}


class TestWorkbookBack:
    def test_every_original_cell_format_and_sheet_is_intact(self, workbooks: tuple[Path, Path]) -> None:
        before, after = (openpyxl.load_workbook(path) for path in workbooks)
        assert after.sheetnames == [*before.sheetnames, "Proscribe 2"]
        assert list(after.defined_names) == ["depot"]
        compared = 0
        for sheet in before:
            twin = after[sheet.title]
            assert twin.sheet_state == sheet.sheet_state
            assert twin.sheet_properties.tabColor == sheet.sheet_properties.tabColor
            assert twin.merged_cells.ranges == sheet.merged_cells.ranges
            # where a sheet has its own they stay; else its titles are kept in view, with a filter
            assert twin.freeze_panes == (sheet.freeze_panes or FROZEN.get(sheet.title))
            assert twin.auto_filter.ref == (sheet.auto_filter.ref or FILTERED.get(sheet.title))
            assert len(twin._charts) == len(sheet._charts)
            assert [str(one.sqref) for one in twin.data_validations.dataValidation] == [
                str(one.sqref) for one in sheet.data_validations.dataValidation
            ]
            assert len(twin.conditional_formatting) == len(sheet.conditional_formatting)
            assert {n: d.hidden for n, d in sheet.row_dimensions.items()}.items() <= {
                n: d.hidden for n, d in twin.row_dimensions.items()
            }.items()
            for row in sheet.iter_rows():
                for cell in row:
                    compared += 1
                    assert look_of(twin[cell.coordinate]) == look_of(cell), cell.coordinate
        assert compared > 50

    @pytest.mark.parametrize(
        ("views", "behind", "frozen", "filtered"),
        [
            ("", "", True, True),
            ('<sheetViews><sheetView workbookViewId="0"/></sheetViews>', "", True, True),
            ('<sheetViews><sheetView topLeftCell="A9" workbookViewId="0"/></sheetViews>', "", False, True),
            ('<sheetViews><sheetView view="pageLayout" workbookViewId="0"/></sheetViews>', "", False, True),
            ('<sheetViews><sheetView><pane xSplit="1"/></sheetView></sheetViews><cols/>', "", False, True),
            ("", '<sheetProtection sheet="1"/>', True, False),
            ("", '<autoFilter ref="A1:A3"/>', True, False),
            ("", '<tableParts count="1"/>', True, False),
        ],
    )
    def test_titles_stay_in_view_and_are_filtered_where_the_sheet_leaves_it_open(
        self, views: str, behind: str, frozen: bool, filtered: bool
    ) -> None:
        rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in (1, 2, 3))
        xml = f"<worksheet>{views}<sheetData>{rows}</sheetData>{behind}</worksheet>"
        part = annotate_sheet(xml.encode(), {2: MARK}, 1, COLUMNS, Looks(), "sheet")
        assert part is not None
        assert (b'<pane ySplit="1" topLeftCell="A2"' in part) is frozen
        assert (b'</sheetData><autoFilter ref="A1:F3"/>' in part) is filtered
        tags = [one.decode() for one in re.findall(rb"<(sheetViews|cols|sheetData)\b", part)]
        assert tags == sorted(tags, key=["sheetViews", "cols", "sheetData"].index)

    def test_every_other_part_is_the_same_byte_for_byte(self, workbooks: tuple[Path, Path]) -> None:
        before, after = (zipfile.ZipFile(path) for path in workbooks)
        changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
        assert changed == {
            "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
            "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml",
        }  # fmt: skip
        assert set(after.namelist()) - set(before.namelist()) == {"xl/worksheets/proscribe-scan.xml"}

    def test_marks_stand_beside_their_rows_and_show(self, workbooks: tuple[Path, Path]) -> None:
        sheet = openpyxl.load_workbook(workbooks[1])["Main"]
        assert sheet.dimensions == "A1:T13"
        assert [sheet.cell(2, column).value for column in range(FIRST, FIRST + 5)] == list(IN_WORDS)
        marked = {row: sheet.cell(row, FIRST).value for row in range(3, 20) if sheet.cell(row, FIRST).value}
        assert marked == {3: "confirmed", 5: "probable", 10: "possible"}
        assert sheet.cell(3, FIRST + 1).value == "Hikvision"
        assert sheet.cell(3, FIRST + 2).value == "made by Hikvision"
        fills = {sheet.cell(row, FIRST).fill.fgColor.rgb for row in marked}
        assert len(fills) == 3 and "00000000" not in fills
        assert sheet.cell(3, FIRST + 4).value == "f_1"
        assert sheet.cell(3, FIRST + 3).data_type == "s"
        for column in "PQRST":
            assert not sheet.column_dimensions[column].hidden
        assert sheet.column_dimensions["U"].hidden

    def test_summary_sheet_lists_the_findings(self, workbooks: tuple[Path, Path]) -> None:
        sheet = openpyxl.load_workbook(workbooks[1])["Proscribe 2"]
        texts = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {"f_1", "f_3", "f_8", "f_0005"} <= set(texts)
        assert "chart sheet 'Chart1'" in texts
        assert not any(isinstance(text, str) and text.startswith("=") for text in texts)

    def test_the_same_input_gives_the_same_bytes(self, workbooks: tuple[Path, Path], tmp_path: Path) -> None:
        again = tmp_path / "again.xlsx"
        write(
            workbook_scan(), "xlsx", again, sources=[Source("in/inventory.xlsx", workbooks[0], 1)],
            open_reading=lambda _: Rows([(MAIN, []), (OLD, [])]),
        )  # fmt: skip
        assert again.read_bytes() == workbooks[1].read_bytes()

    @pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
    def test_libreoffice_opens_it_with_all_sheets(self, workbooks: tuple[Path, Path], tmp_path: Path) -> None:
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "ods",
             "--outdir", str(tmp_path), str(workbooks[1])],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_path(str(tmp_path / "answer.ods"))
        assert book.sheet_names == ["Main", "Old 海康", "Empty", "Proscribe", "Proscribe 2"]
        rows = book.get_sheet_by_name("Main").to_python(skip_empty_area=False)
        assert rows[2][FIRST - 1] == "confirmed" and rows[2][FIRST + 3] == "f_1"
        assert rows[3][0] == "item 1 <&> _x0041_" or str(rows[3][0]).startswith("item 1 <&>")

    def test_an_entity_is_refused_not_expanded(self, workbooks: tuple[Path, Path], tmp_path: Path) -> None:
        bomb = tmp_path / "bomb.xlsx"
        with zipfile.ZipFile(workbooks[0]) as old, zipfile.ZipFile(bomb, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                if name == "xl/worksheets/sheet1.xml":
                    data = (
                        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
                        + data[data.index(b"<worksheet") :]
                    )
                new.writestr(name, data)
        target = tmp_path / "out.xlsx"
        with pytest.raises(InputError) as caught:
            write(
                workbook_scan(), "xlsx", target, sources=[Source("in/inventory.xlsx", bomb, 1)],
                open_reading=lambda _: Rows([(MAIN, []), (OLD, [])]),
            )  # fmt: skip
        assert caught.value.code == "E195"
        assert [one.name for one in tmp_path.iterdir()] == ["bomb.xlsx"]

    @given(st.data())
    @settings(max_examples=60)
    def test_damage_gives_a_clear_error_or_a_file(
        self, workbooks: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
    ) -> None:
        folder = tmp_path_factory.mktemp("damaged")
        names = (
            "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
            "[Content_Types].xml", "xl/drawings/drawing1.xml", "xl/worksheets/_rels/sheet1.xml.rels",
        )  # fmt: skip
        hit = data.draw(st.sampled_from(names))
        damaged = folder / "in.xlsx"
        with zipfile.ZipFile(workbooks[0]) as old, zipfile.ZipFile(damaged, "w") as new:
            for name in old.namelist():
                part = bytearray(old.read(name))
                if name == hit:
                    at = data.draw(st.integers(0, len(part) - 1))
                    junk = data.draw(st.sampled_from([b"<", b'"', b"99999999", b"\x00", b"zz", b"/>", b""]))
                    part[at : at + data.draw(st.integers(0, 40))] = junk
                new.writestr(name, bytes(part))
        target = folder / "out.xlsx"
        try:
            write(
                workbook_scan(), "xlsx", target, sources=[Source("in/inventory.xlsx", damaged, 1)],
                open_reading=lambda _: Rows([(MAIN, [["x"] * 4]), (OLD, [["x"]])]),
            )  # fmt: skip
        except ProscribeError:
            assert not target.exists()
        else:
            assert zipfile.is_zipfile(target)
        assert not list(folder.glob("*.part"))


MARK = Mark(Band.CONFIRMED, ("confirmed", "dahua", "made_by", "why <&>", "f_1"))


class TestSheetEdit:
    def edited(self, xml: str, rows: dict[int, Mark], title_row: int = 1) -> str:
        part = annotate_sheet(xml.encode(), rows, title_row, COLUMNS, Looks(), "sheet")
        assert part is not None
        return part.decode()

    def test_prefixed_names_self_closing_rows_and_rows_without_numbers(self) -> None:
        xml = (
            '<x:worksheet xmlns:x="urn:s"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row><x:row/>'
            '<x:row r="9" spans="1:1"><x:c r="B9" t="s"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>'
        )
        text = self.edited(xml, {2: MARK, 9: MARK})
        assert '<x:row><x:c r="C2" t="inlineStr">' in text and "</x:row>" in text
        assert '<x:c r="C9" t="inlineStr">' in text and 'spans="1:7"' in text
        assert "why &lt;&amp;&gt;" in text

    def test_a_missing_header_row_is_put_in_order(self) -> None:
        xml = '<worksheet><dimension ref="A3"/><sheetData><row r="3"><c r="A3"><v>1</v></c></row></sheetData></worksheet>'
        text = self.edited(xml, {3: MARK}, title_row=2)
        assert text.index('<row r="2">') < text.index('<row r="3">')
        assert 'ref="A3:F3"' in text

    def test_rows_formatted_to_the_edge_leave_room(self) -> None:
        xml = (
            '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1" s="3"/><c r="C1" s="3"></c>'
            '<c r="XFD1" s="3"/></row></sheetData></worksheet>'
        )
        text = self.edited(xml, {1: MARK}, title_row=0)
        assert text.count('r="B1"') == text.count('r="C1"') == 1
        assert text.index('r="F1"') < text.index('r="XFD1"')

    def test_a_sheet_used_to_the_edge_has_no_room(self) -> None:
        xml = '<worksheet><sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>'
        assert annotate_sheet(xml.encode(), {1: MARK}, 0, COLUMNS, Looks(), "sheet") is None

    def test_marks_do_not_hide_under_a_chart(self) -> None:
        xml = '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'

        def column(covered: list[tuple[int, int, int, int]]) -> str:
            part = annotate_sheet(xml.encode(), {1: MARK}, 0, COLUMNS, Looks(), "sheet", covered)
            assert part is not None
            return re.findall(r'r="([A-Z]+)1" t="inlineStr"', part.decode())[0]

        assert column([(4, 9, 1, 20)]) == "J"
        assert column([(4, 9, 2, 20)]) == "B"
        assert column([(8, 12, 1, 20), (4, 9, 1, 1)]) == "M"

    @given(st.integers(1, 16_384))
    def test_column_names_go_both_ways(self, number: int) -> None:
        assert column_number(column_letters(number)) == number

    @given(st.text(max_size=60))
    @settings(max_examples=80)
    def test_any_text_makes_well_formed_xml(self, text: str) -> None:
        from xml.etree import ElementTree

        xml = '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
        mark = Mark(None, (text, text, text, text, "f_1"))
        root = ElementTree.fromstring(self.edited(xml, {1: mark}, title_row=0))
        assert len(root.findall(".//c")) == (6 if text else 2)


class TestMacros:
    def test_a_workbook_with_macros_needs_its_own_name(
        self, workbooks: tuple[Path, Path], tmp_path: Path
    ) -> None:
        path = tmp_path / "in.xlsm"
        with zipfile.ZipFile(workbooks[0]) as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                data = old.read(name).replace(
                    b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
                )
                new.writestr(name, data)
            new.writestr("xl/vbaProject.bin", b"\xcc\x61macro")
        sources = [Source("in/inventory.xlsx", path, 1)]

        def opener(_: Source) -> Rows:
            return Rows([(MAIN, []), (OLD, [])])

        with pytest.raises(UsageError) as caught:
            write(workbook_scan(), "xlsx", tmp_path / "out.xlsx", sources=sources, open_reading=opener)
        assert caught.value.code == "E193" and ".xlsm" in caught.value.expected
        write(workbook_scan(), "xlsx", tmp_path / "out.xlsm", sources=sources, open_reading=opener)
        assert zipfile.ZipFile(tmp_path / "out.xlsm").read("xl/vbaProject.bin") == b"\xcc\x61macro"


class TestFreshWorkbook:
    def test_text_stays_text_and_rows_are_marked(self, scan: Scan, tmp_path: Path) -> None:
        path = tmp_path / "in.csv"
        path.write_bytes(b"id,x\n")
        target = tmp_path / "out.xlsx"
        hostile = ["=1+1", "@x", "http://evil.example", "00123", "\x00\x1b[31m", "x" * 40_000]
        table = Table(None, ("id", "x"))
        rows: list[list[str | None]] = [[str(n), text] for n, text in enumerate(hostile, start=1)]
        write(
            one_input(scan), "xlsx", target, sources=[Source("in/assets.csv", path, 1)],
            open_reading=lambda _: Rows([(table, rows)]),
        )  # fmt: skip
        book = openpyxl.load_workbook(target)
        assert book.sheetnames == ["assets.csv", "Proscribe"]
        sheet = book["assets.csv"]
        assert [cell.value for cell in sheet[1]] == ["id", "x", *IN_WORDS]
        assert [sheet.cell(row, 2).value for row in (2, 3, 4, 5)] == hostile[:4]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
        assert sheet.cell(4, 2).hyperlink is None
        assert [sheet.cell(row, 3).value for row in range(2, 5)] == ["confirmed", "probable", "possible"]
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:G7"
        texts = [cell.value for row in book["Proscribe"].iter_rows() for cell in row]
        assert any("were cut" in str(text) or "cell longer than" in str(text) for text in texts)

    def test_an_opendocument_sheet_becomes_a_workbook(self, scan: Scan, tmp_path: Path) -> None:
        path = tmp_path / "in.ods"
        with zipfile.ZipFile(path, "w") as package:
            package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            package.writestr("content.xml", "<x/>")
        hidden = Table("Old", ("id",), hidden=True)
        write(
            one_input(scan), "xlsx", tmp_path / "out.xlsx", sources=[Source("in/assets.csv", path, 1)],
            open_reading=lambda _: Rows([(hidden, [["1"]])]),
        )  # fmt: skip
        book = openpyxl.load_workbook(tmp_path / "out.xlsx")
        assert [sheet.sheet_state for sheet in book] == ["hidden", "visible"]
        assert book.active.title == "Proscribe"

    def test_same_bytes_again(self, scan: Scan, tmp_path: Path) -> None:
        path = tmp_path / "in.csv"
        path.write_bytes(b"id,x\n")
        answers = []
        for name in ("a.xlsx", "b.xlsx"):
            write(
                one_input(scan), "xlsx", tmp_path / name, sources=[Source("in/assets.csv", path, 1)],
                open_reading=lambda _: Rows([(Table(None, ("id",)), [["1"], ["2"]])]),
            )  # fmt: skip
            with zipfile.ZipFile(tmp_path / name) as book:
                answers.append({item: book.read(item) for item in book.namelist()})
        assert answers[0] == answers[1]


class TestWithTheReaders:
    """Marks must stand beside the record that was scanned, whatever the sheet looks like."""

    def marks_by_text(self, path: Path, folder: Path) -> dict[str, str | None]:
        source = Source(path.name, path, path.stat().st_size)
        reading = open_source(source, Options())
        found = []
        for batch in reading.batches():
            for offset, text in enumerate(batch.rows.column(0).to_pylist()):
                locator = Locator(batch.first_record + offset, reading.tables[batch.table].sheet)
                found.append(finding(id=f"f_{text}", locator=locator))
        scan = dataclasses.replace(
            build_scan(),
            inputs=(dataclasses.replace(build_scan().inputs[0], path=path.name, tables=tuple(reading.tables)),),
            findings=tuple(found), mentions=(),
        )  # fmt: skip
        target = folder / "out.xlsx"
        write(scan, "xlsx", target, sources=[source], open_reading=lambda one: open_source(one, Options()))
        marks: dict[str, str | None] = {}
        for sheet in openpyxl.load_workbook(target).worksheets[:-1]:
            for row in sheet.iter_rows(values_only=True):
                ids = [cell for cell in row if isinstance(cell, str) and cell.startswith("f_")]
                marks[str(row[0])] = ids[0] if ids else None
        return marks

    def test_workbook_with_titles_blank_rows_and_two_sheets(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        for row in (
            ["Inventory 2026"], [], ["Asset", "Description", "Maker", "Qty"], ["a1", "camera", "Acme", 1],
            [], ["a2", "recorder", "Acme", 2], ["a3", "switch", None, 3], [], [], ["a4", "router", "Acme", 4],
        ):  # fmt: skip
            sheet.append(row)
        other = book.create_sheet("Second")
        for row in (["Asset", "Description", "Maker"], ["b1", "phone", "Acme"], ["b2", "phone", "Acme"]):
            other.append(row)
        path = tmp_path / "in.xlsx"
        book.save(path)
        marks = self.marks_by_text(path, tmp_path)
        assert {key: marks[key] for key in ("a1", "a2", "a3", "a4", "b1", "b2")} == {
            key: f"f_{key}" for key in ("a1", "a2", "a3", "a4", "b1", "b2")
        }
        assert marks["Inventory 2026"] is None
        titles_beside = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
        assert [cell.value for cell in titles_beside[3]][-5:] == list(IN_WORDS)

    def test_text_file_becomes_a_workbook(self, tmp_path: Path) -> None:
        path = tmp_path / "in.csv"
        path.write_text("Asset;Description\na1;camera\n\na2;=1+1\n", encoding="utf-8")
        marks = self.marks_by_text(path, tmp_path)
        assert marks["a1"] == "f_a1" and marks["a2"] == "f_a2"


class TestTargets:
    def sources(self, folder: Path) -> list[Source]:
        first, second = folder / "assets.csv", folder / "inventory.csv"
        first.write_bytes(b"id\n1\n")
        second.write_bytes(b"Item\nx\n")
        return [Source("in/assets.csv", first, 5), Source("in/inventory.xlsx", second, 7)]

    def opener(self) -> Callable[[Source], Rows]:
        def open_reading(source: Source) -> Rows:
            if source.display == "in/assets.csv":
                return Rows([(Table(None, ("id",)), [["1"]])])
            return Rows([(Table("Main", ("Item",)), [["x"]]), (OLD, [["海康威视"]])])

        return open_reading

    def test_several_inputs_need_a_folder(self, scan: Scan, tmp_path: Path) -> None:
        with pytest.raises(UsageError) as caught:
            write(
                scan, "csv", tmp_path / "out.csv", sources=self.sources(tmp_path), open_reading=self.opener()
            )
        assert caught.value.code == "E190" and "folder" in caught.value.expected

    def test_a_folder_takes_one_file_for_each_table(self, scan: Scan, tmp_path: Path) -> None:
        written = write(
            scan, "csv", f"{tmp_path}/out/", sources=self.sources(tmp_path), open_reading=self.opener()
        )
        assert [path.name for path in written] == [
            "assets.proscribe.csv", "inventory.Main.proscribe.csv", "inventory.Old 海康.proscribe.csv",
        ]  # fmt: skip
        assert "f_0005" in written[2].read_text("utf-8-sig")
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
            path.name for path in written
        )

    def test_an_input_without_tables_is_a_clear_error(self, scan: Scan, tmp_path: Path) -> None:
        one = one_input(scan)
        empty = dataclasses.replace(one, inputs=(dataclasses.replace(one.inputs[0], tables=()),), findings=())
        for target in (tmp_path / "out.csv", f"{tmp_path}/out/"):
            with pytest.raises(InputError) as caught:
                write(empty, "csv", target, sources=self.sources(tmp_path)[:1], open_reading=self.opener())
            assert caught.value.code == "E198"

    def test_ctrl_c_leaves_nothing_behind(self, scan: Scan, tmp_path: Path) -> None:
        def interrupted(_: Source) -> Rows:
            raise KeyboardInterrupt

        sources = self.sources(tmp_path)
        before = sorted(tmp_path.iterdir())
        for fmt in ("csv", "xlsx", "parquet"):
            with pytest.raises(KeyboardInterrupt):
                write(
                    one_input(scan),
                    fmt,
                    tmp_path / f"out.{fmt}",
                    sources=sources[:1],
                    open_reading=interrupted,
                )
        assert sorted(tmp_path.iterdir()) == before
