"""Delimited text: dialects, encodings, damage, and the two parsers that must agree."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import pickle
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.readers import Limits, Options, expand, open_source
from proscribe.readers import tabular_text as tabular
from proscribe.readers._text import record_end, sniff_encoding

FIXTURES = Path(__file__).parent / "fixtures"
HEAD = "Supplier,Item description,Qty,Notes\n"


def test_fixtures_are_those_of_the_lock() -> None:
    for line in (FIXTURES / "fixture.lock").read_text().splitlines():
        if line.startswith("#"):
            continue
        name, digest, *_ = [part.strip() for part in line.split(";")]
        assert hashlib.sha256((FIXTURES / name).read_bytes()).hexdigest() == digest


def test_real_ledger_is_read_whole(read_file: Any) -> None:
    found = read_file(FIXTURES / "manchester-2019-05.csv")
    with (FIXTURES / "manchester-2019-05.csv").open(newline="") as file:
        expected = list(csv.DictReader(file))
    assert found.only() == [{key: value or None for key, value in row.items()} for row in expected]
    assert found.tables[0].fields["Supplier Name"] == "vendor_name"
    assert found.tables[0].fields["Net Amount"] == "amount"
    assert found.tables[0].fields["Invoice Payment Date"] == "dated_on"
    assert found.tables[0].unread == ()
    assert not [issue for issue in found.issues if issue.lossy]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(read: Any, delimiter: str) -> None:
    rows = [["Supplier", "Model", "Price"], ['Huawei, Ltd; "x"', "AR|1\t2", "1,5"], ["Foo", "b", "2,0"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    found = read(text.getvalue())
    assert found.reader == "tabular"
    assert [list(row.values()) for row in found.only()] == rows[1:]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("gb18030", b""),
        ("utf-32-le", b"\xff\xfe\x00\x00"),
    ],
)
def test_encodings_of_hanzi(read: Any, encoding: str, mark: bytes) -> None:
    text = "供应商,描述\n" + "华为技术有限公司,路由器\n海康威视,网络摄像机\n" * 20
    found = read(mark + text.encode(encoding))
    assert found.only()[0] == {"供应商": "华为技术有限公司", "描述": "路由器"}
    assert len(found.only()) == 40
    assert found.tables[0].fields == {"供应商": "vendor_name", "描述": "text"}


def test_korean_is_not_read_as_chinese(read: Any) -> None:
    text = (
        "관리번호,품명,설치장소\n" + "A-17,하이크비전 돔카메라,지하1층\nA-23,화웨이 스위치,관리사무소\n" * 5
    )
    found = read(text.encode("cp949"))
    assert found.only()[0] == {"관리번호": "A-17", "품명": "하이크비전 돔카메라", "설치장소": "지하1층"}


def test_western_text(read: Any) -> None:
    text = "Fournisseur;Libellé;Montant\n" + "Société Générale;caméra extérieure – été;12,5\n" * 5
    found = read(text.encode("cp1252"))
    assert found.only()[0]["Libellé"] == "caméra extérieure – été"
    assert "E118" in found.codes
    assert not found.issue("E118").lossy


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        (
            "big5",
            "供應商,說明\n"
            + "華為技術有限公司,路由器設備與網路攝影機的說明\n中興通訊股份有限公司,基地台設備\n" * 20,
        ),
        (
            "shift_jis",
            "メーカー,説明\n"
            + "ファーウェイ,ルーターとスイッチの説明です\nハイクビジョン,ネットワークカメラ\n" * 20,
        ),
        ("cp1251", "Поставщик;Наименование\n" + "Хуавэй Технолоджис;Маршрутизатор для офиса\n" * 20),
    ],
)
def test_other_legacy_encodings(read: Any, encoding: str, text: str) -> None:
    found = read(text.encode(encoding))
    assert list(found.only()[0].values()) == text.splitlines()[1].replace(";", ",").split(",")


def test_mixed_encodings_are_read_line_by_line(read: Any) -> None:
    lines = [
        HEAD.encode(),
        "Société Ünic,Kamera,1,\n".encode() * 3,
        "Société Huawei,caméra,2,\n".encode("cp1252"),
        "Zürich,é,3,\n".encode(),
    ]
    found = read(b"".join(lines))
    assert [row["Supplier"] for row in found.only()] == ["Société Ünic"] * 3 + ["Société Huawei", "Zürich"]
    assert found.issue("E119").at == "line 5"
    assert found.issue("E119").lossy


def test_late_invalid_byte_is_repaired_not_lost(read: Any) -> None:
    good = b"Acme,router,1,\n" * 40_000
    found = read(HEAD.encode() + good + "Hikvisión,cámara,1,\n".encode("cp1252") + good)
    assert len(found.only()) == 80_001
    assert found.only()[40_000]["Supplier"] == "Hikvisión"
    assert found.issue("E119").at == "line 40002"


def test_single_byte_file_with_a_utf8_line(read: Any) -> None:
    text = b"".join([HEAD.encode(), "Café,é à ü,1,\n".encode("cp1252") * 5, "Huawei Médéric,x,2,\n".encode()])
    found = read(text)
    assert found.only()[-1]["Supplier"] == "Huawei Médéric"
    assert found.issue("E119").at == "line 7"


def test_title_lines_above_the_header(read: Any) -> None:
    found = read("Asset register 2024\nHead office,,,\n\n" + HEAD + "Huawei,router,2,x\n")
    assert len(found.only()) == 1
    assert found.tables[0].header == ("Supplier", "Item description", "Qty", "Notes")
    assert "Asset register 2024" in found.issue("E127").what
    assert found.tables[0].first_row == 5


def test_names_as_databases_count_them_are_a_header(read: Any) -> None:
    found = read("VEND_NO|VEND_NM1|CTRY\n100200|Acme Tools|GB\n100201|Dahua Poland|PL\n")
    assert found.tables[0].header == ("VEND_NO", "VEND_NM1", "CTRY") and len(found.only()) == 2


def test_without_header_no_row_is_lost(read: Any) -> None:
    found = read("Huawei,AR1220,London\nCisco,ISR4331,Paris\nHikvision,DS-2CD2042,Rome\n")
    assert [row["column_1"] for row in found.only()] == ["Huawei", "Cisco", "Hikvision"]
    assert "E128" in found.codes
    assert found.tables[0].fields["column_1"] == "text"
    assert found.tables[0].fields["column_2"] == "model_number"


def test_quoted_line_ends(read: Any) -> None:
    found = read('Supplier,Description\n"Huawei\nTechnologies","a ""quoted""\r\nthing"\nFoo,b\n')
    assert found.only() == [
        {"Supplier": "Huawei\nTechnologies", "Description": 'a "quoted"\r\nthing'},
        {"Supplier": "Foo", "Description": "b"},
    ]


def test_ragged_rows_keep_every_cell(read: Any) -> None:
    found = read(HEAD + "Foo,a,1,n,Huawei,extra\nBar,b\nBaz,c,3,n\n")
    rows = found.only()
    assert len(rows) == 3
    assert rows[0]["(beyond header)"] == "Huawei,extra"
    assert found.tables[0].fields["(beyond header)"] in ("text", "other")
    assert rows[1] == {
        "Supplier": "Bar",
        "Item description": "b",
        "Qty": None,
        "Notes": None,
        "(beyond header)": None,
    }
    assert found.issue("E123").at == "line 2" and found.issue("E123").lossy
    assert found.issue("E124").at == "line 3"


def test_late_ragged_row_keeps_its_cells_in_a_column_that_is_read(read: Any) -> None:
    good = b"Acme,router,1,\n" * 30_000
    found = read(HEAD.encode() + good + b"Foo,camera,1,note,Hikvision\n")
    assert len(found.only()) == 30_001
    last = found.only()[-1]
    read_columns = [
        name for name, field in found.tables[0].fields.items() if field in ("text", "vendor_name")
    ]
    assert any("Hikvision" in (last[name] or "") for name in read_columns)
    assert found.issue("E123").at == "line 30002"


def test_trailing_delimiters_are_no_extra_cells(read: Any) -> None:
    found = read("Supplier,Item,,\nHuawei,router,,\nFoo,bar,,\n")
    assert "E123" not in found.codes
    assert len(found.only()) == 2


def test_nul_bytes(read: Any) -> None:
    found = read(HEAD.encode() + b"Hua\0wei,router,1,\nFoo,bar,2,\n")
    assert found.only()[0]["Supplier"] == "Huawei"
    assert found.issue("E120").at == "line 2"
    assert len(found.only()) == 2


@pytest.mark.parametrize(
    ("row", "code"),
    [("Hua\0wei,x,1,", "E120"), ("\u202eiewauH,x,1,", "E121"), ("=HYPERLINK(1),x,1,", "E117")],
)
def test_time_grows_with_the_lines_that_are_told_of(read: Any, row: str, code: str) -> None:
    many = 60_000
    begun = time.process_time()
    found = read(HEAD + f"{row}\n" * many)
    assert time.process_time() - begun < 15, "lines are counted once, not anew for each"
    assert found.issues[0].code == code and found.issues[0].at == "line 2"
    assert any(f"the last is at line {many + 1}" in one.what for one in found.issues)
    assert len(found.only()) == many


def test_bidirectional_controls(read: Any) -> None:
    found = read(HEAD + "Foo,bar,1,\n\u202eiewauH,\u202erouter,1,\n")
    assert found.issue("E121").at == "line 3"
    assert "U+202E" in found.issue("E121").what
    assert [one.at for one in found.issues if one.code == "E121"] == ["line 3"]
    assert len(found.only()) == 2


@pytest.mark.parametrize(
    "cell",
    [
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("http://x","y")',
        "@SUM(1)+cmd|' /C calc'!A0",
        "+cmd|' /C calc'!A0",
        '=WEBSERVICE("http://x")',
        "=1+1+DDE(a)",
    ],
)
def test_hostile_formulas_stay_text(read: Any, cell: str) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["Supplier", "Item"], ["Foo", "bar"], ["Huawei", cell]])
    found = read(text.getvalue())
    assert found.only()[1]["Item"] == cell
    assert found.issue("E117").at == "line 3"


def test_ordinary_signs_are_no_hostile_formulas(read: Any) -> None:
    found = read("Supplier,Item,Total\nFoo (x),=SUM(A1:A2),-5\nBar | y,@home (z),+49 30\n")
    assert "E117" not in found.codes


def test_quote_that_never_closes(read: Any) -> None:
    rows = "".join(f"Acme {n},item {n},1,\n" for n in range(500))
    found = read(HEAD + rows + '"Huawei,router,1,\n' + rows)
    assert len(found.only()) == 1001
    assert any("Huawei" in (row["Supplier"] or "") for row in found.only())
    assert found.issue("E122").at == "line 502, column 'Supplier'"


PLAIN = [
    "A,Axis,P32,S,ok",
    'A,"Axis",P32,S,ok',
    'A,Axis,"P3,2",S,ok',
    'A,Axis,P32,S,"one\ntwo, three"',
    'A,axis,"",S,"say ""so"""',
]


@given(
    rows=st.lists(st.sampled_from(PLAIN), min_size=1, max_size=12),
    wounds=st.dictionaries(st.integers(0, 11), st.integers(0, 4), max_size=3),
    batch_bytes=st.sampled_from([64, 1 << 20]),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_quote_that_never_closes_takes_no_row_and_no_id(
    read: Any, rows: list[str], wounds: dict[int, int], batch_bytes: int
) -> None:
    lines = []
    for at, row in enumerate(rows):
        if at in wounds:
            cells = ["A", "axis", "P32", "S", "ok"]
            cells[wounds[at]] = '"' + cells[wounds[at]]
            row = ",".join(cells)
        lines.append(row.replace("A", f"A{at}", 1).replace("S", f"S{at}", 1))
    found = read("Asset,Maker,Model,Serial,Note\n" + "\n".join(lines) + "\n", batch_bytes=batch_bytes)
    got = [((row["Asset"] or "").strip('"'), (row["Serial"] or "").strip('"')) for row in found.only()]
    assert got == [(f"A{at}", f"S{at}") for at in range(len(rows))], lines
    assert ("E122" in found.codes) == any(at < len(rows) for at in wounds)


def test_a_quote_that_never_closes_is_told_with_line_and_column(read: Any) -> None:
    found = read('Asset,Maker,Model\nA1,Axis,P1\nA2,"Huawei,AR1\nA3,Axis,P3\nA4,"Axis",P4\n')
    assert [row["Asset"] for row in found.only()] == ["A1", "A2", "A3", "A4"]
    assert found.issue("E122").at == "line 3, column 'Maker'" and found.issue("E122").lossy


def test_a_cell_that_holds_whole_records_is_told(read: Any) -> None:
    found = read(
        'Asset,Maker,Model,Note\nA1,Axis,P1,"near\nA2,Huawei,AR1,ok\nA3,Axis,P3,door"\nA4,Axis,P4,ok\n'
    )
    assert len(found.only()) == 2 and "Huawei" in found.only()[0]["Note"]
    assert found.issue("E122").at == "line 2, column 'Note'" and found.issue("E122").lossy


def test_a_cell_of_several_lines_stays_one_cell(read: Any) -> None:
    text = 'Asset,Maker,Note\nA1,Axis,"Dear all, here is\nthe list, as promised\n- one, two, three\nbye"\nA2,Axis,x\n'
    found = read(text)
    assert len(found.only()) == 2 and "E122" not in found.codes


def test_inch_marks_are_no_quotes(read: Any) -> None:
    found = read('Item,Maker\n19" rack,Huawei\n5" screen,"ZTE"\n"27"" monitor",Foo\n')
    assert [row["Item"] for row in found.only()] == ['19" rack', '5" screen', '27" monitor']


def test_cell_over_the_limit(read: Any) -> None:
    found = read(
        HEAD + "Foo," + "x" * 5_000 + ",1,n\nHuawei,router,1,\n", limits=Limits(max_field_bytes=1_000)
    )
    assert len(found.only()[0]["Item description"]) == 1_000
    assert found.only()[0]["Qty"] == "1"
    assert found.only()[1]["Supplier"] == "Huawei"
    assert found.issue("E125").at.startswith("line 2")
    assert found.issue("E125").lossy


def test_endless_cell_is_read_in_bounded_memory(read_file: Any, tmp_path: Path) -> None:
    path = tmp_path / "sparse.csv"
    with path.open("wb") as file:
        file.write(HEAD.encode() + b"Foo,")
        file.truncate(file.tell() + 40 * 1024 * 1024)
        file.seek(0, os.SEEK_END)
        file.write(b",1,after\nHuawei,router,2,\n")
    options = Options(batch_bytes=1 << 18, limits=Limits(max_field_bytes=10_000))
    found = read_file(path, options)
    assert [row["Supplier"] for row in found.only()] == ["Foo", "Huawei"]
    assert found.only()[0]["Notes"] == "after"
    assert found.issue("E125").at.startswith("line 2")


def test_hundred_thousand_columns(read: Any) -> None:
    count = 100_000
    header = ",".join(f"Model {n}" for n in range(count))
    row = ",".join(["x"] * (count - 1) + ["Huawei"])
    found = read(f"{header}\n{row}\n")
    assert found.issue("E126").lossy
    assert len(found.tables[0].header) == Limits().max_columns
    assert "Huawei" in list(found.only()[0].values())[-1]


def test_empty_and_blank(read: Any) -> None:
    assert read("").issue("E103").lossy
    assert read("\n\n  \n").issue("E103").lossy
    only_header = read("Supplier,Item\n")
    assert only_header.only() == []
    assert only_header.tables[0].header == ("Supplier", "Item")
    assert "E103" in only_header.codes


def test_lone_carriage_returns(read: Any) -> None:
    found = read("Supplier,Item\rHuawei,router\rFoo,bar\r")
    assert found.only() == [{"Supplier": "Huawei", "Item": "router"}, {"Supplier": "Foo", "Item": "bar"}]


def test_blank_lines_are_no_records(read: Any) -> None:
    found = read("Supplier,Item\n\nHuawei,router\r\n\r\n,\nFoo,bar\n\n")
    assert [row["Supplier"] for row in found.only()] == ["Huawei", None, "Foo"]
    assert found.source_rows == [3, 5, 6]  # the file has these rows in a spreadsheet program


# --- the two parsers, the cutter and the parts agree -----------------------------------------------

CELLS = st.text(alphabet=st.sampled_from([*"ab ,;|\t\"'\n\r", "é", "华", "7"]), max_size=6)


def _layout_reading(path: Path, options: Options) -> Any:
    source = expand([path]).sources[0]
    return open_source(source, options)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=30),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be-bom"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    batch=st.sampled_from([16, 64, 1 << 20]),
)
def test_any_table_is_read_back(
    read_file: Any,
    tmp_path: Path,
    rows: Any,
    delimiter: Any,
    encoding: Any,
    quoting: Any,
    line_end: Any,
    batch: Any,
) -> None:
    if any("\r" in cell for row in rows for cell in row):
        quoting = csv.QUOTE_ALL  # the standard writer leaves a lone carriage return bare
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=line_end)
    writer.writerow(["Supplier", "Description", "Serial number"])
    writer.writerows(rows)
    raw = text.getvalue()
    data = b"\xfe\xff" + raw.encode("utf-16-be") if encoding == "utf-16-be-bom" else raw.encode(encoding)
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    found = read_file(path, Options(batch_bytes=batch))
    assert [list(row.values()) for row in found.only()] == [[cell or None for cell in row] for row in rows]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(alphabet=st.sampled_from([*'ab,"\n\r', "é"]), max_size=200),
    batch=st.sampled_from([8, 32, 4096]),
)
def test_fast_and_careful_parsers_agree(read_file: Any, tmp_path: Path, text: str, batch: int) -> None:
    """On any bytes at all, whichever parser takes a block, cells and issues are the same."""
    path = tmp_path / "t.csv"
    path.write_bytes(("Supplier,Item\n" + text).encode())
    options = Options(batch_bytes=batch)
    fast = read_file(path, options)
    kept = tabular.TextReading._parse_fast
    tabular.TextReading._parse_fast = lambda self, data: None  # type: ignore[method-assign]
    try:
        careful = read_file(path, options)
    finally:
        tabular.TextReading._parse_fast = kept  # type: ignore[method-assign]
    assert fast.rows == careful.rows
    assert fast.issues == careful.issues
    assert fast.source_rows == careful.source_rows


@settings(max_examples=80)
@given(
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=12),
    cut=st.integers(min_value=0, max_value=400),
)
def test_a_cut_never_splits_a_record(rows: Any, cut: int) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    data = text.getvalue().encode()
    head = data[:cut]
    end, stray = record_end(head, b",", b'"', b"\n", False, 1 << 20)
    assert not stray
    parse = lambda part: list(csv.reader(io.StringIO(part.decode(), newline="")))  # noqa: E731
    assert parse(data[:end]) + parse(data[end:]) == parse(data)


def test_parts_are_the_whole_with_continuous_numbers(
    read_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabular, "_PART_BYTES", 4_096)
    path = tmp_path / "t.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Supplier", "Description", "Qty"])
        for n in range(2_000):
            writer.writerow([f"Firm {n}, Ltd", f"line\nbreak {n}" if n % 3 else "", n])
            if n % 50 == 0:
                file.write("\r\n")
    read = read_file(path)
    whole = read.only()
    assert read.source_rows[:3] == [2, 4, 5] and read.source_rows[-1] == 2_000 + 1 + 40
    reading = _layout_reading(path, Options())
    for count in (2, 3, 7):
        parts = reading.partitions(count)
        assert parts is not None and 1 < len(parts) <= count
        rows: list[Any] = []
        source_rows: list[int | None] = []
        for part in parts:
            opened = pickle.loads(pickle.dumps(part)).open()
            for batch in opened.batches():
                assert batch.first_record == len(rows) + 1
                rows.extend(batch.rows.to_pylist())
                source_rows += [batch.source_row(place, 2) for place in range(batch.rows.num_rows)]
        assert rows == whole and source_rows == read.source_rows


def test_partition_is_refused_when_a_quote_is_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "_PART_BYTES", 1_024)
    path = tmp_path / "t.csv"
    path.write_text(HEAD + '"Foo,a,1,\n' + "Bar,b,1,\n" * 2_000)
    assert _layout_reading(path, Options(limits=Limits(max_field_bytes=500))).partitions(2) is None


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Gerät;Bezeichnung;Straße\nKamera für Tür;Größe groß;Münchner Straße\n"),
        ("cp1252", "Libellé;Référence;Année\nCaméra à dôme;modèle élevé;précédent très près\n"),
        ("cp1250", "Nazwa;Opis;Uwagi\nKamera zewnętrzna;urządzenie sieciowe białe;część główna łódź\n"),
        ("cp1251", "Наименование;Описание\nКамера;сетевое устройство\n"),
        ("cp1250", "Description;Site;Stav\nKamera vnitřní;Ústí;starý přepínač\n"),
        ("cp1250", "Description;Site\nCameră supraveghere;Iaşi\n"),
        ("cp1252", "Description;Site\nÖryggismyndavél, ný;Hafnarfjörður\n"),
        ("cp1254", "Demirbaş No;Malzeme Adı;Yer\nİZ-01;Güvenlik kamerası;İzmir Depo\n"),
        ("cp1254", "Description;Site\nTelsiz;Kısıklı Şubesi\n"),
        ("cp1257", "Description;Site\nmaršrutētājs;Liepāja\n"),
        ("cp1257", "Description;Site\nžurnaal;Põlva\n"),
    ],
)
def test_code_pages_of_short_files(read: Any, encoding: str, text: str) -> None:
    found = read(text.encode(encoding))
    assert list(found.only()[0].values()) == text.splitlines()[1].split(";")
    assert found.issue("E118").what.startswith(f"The text was read as {encoding}")


@pytest.mark.parametrize("inner", ["\n", "\r\n", "\r", "\r\r\n"])
def test_line_ends_inside_the_header(read: Any, inner: str) -> None:
    found = read(f'Title\n"Supplier{inner}name",Item,"Unit{inner}cost"\nHuawei,router,1\nZTE,phone,2\n')
    assert [row["Supplier name"] for row in found.only()] == ["Huawei", "ZTE"]
    assert found.tables[0].fields["Supplier name"] == "vendor_name"
    assert found.source_rows == [3, 4]


def test_lone_carriage_return_above_the_header_loses_nothing(read: Any) -> None:
    found = read("Title\rSupplier,Item\rHuawei,router\nZTE,phone\n")
    assert {"Huawei", "ZTE"} <= {row["Supplier"] for row in found.only()}


def test_a_stray_zero_byte_at_a_line_end_makes_no_text_wide(read: Any) -> None:
    found = read(b"\n\0 44:19:b6:00:00:01")
    assert "44:19:b6:00:00:01" in str(found.rows) and "E120" in found.codes


def test_text_of_mainframes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes("A1 HIKVISION DS-2CD2143G2-I\nA2 AXIS P3265 DOME\n".encode("cp037"))
    encoding = sniff_encoding(path.read_bytes())
    assert encoding is not None and encoding.name == "cp037" and encoding.guessed
    for other in ("GRÖSSE;MÜLLER@FIRMA.DE\n" * 3, "ÀÉÈÙÇ@ÀÉÈ" * 9):
        found = sniff_encoding(other.encode("cp1252"))
        assert found is not None and found.name != "cp037"
