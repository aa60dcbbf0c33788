"""Returned forms that are no forms: damaged, hostile, huge, of the wrong kind. Each is refused with its place."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proscribe.model.errors import InputError
from proscribe.model.suppliers import (
    ANSWER_COLUMNS,
    ANSWERS_SCHEMA,
    EVIDENCE_COLUMNS,
    FORM_KEYS,
    MAX_ANSWER,
    MAX_PRODUCTS,
    PRODUCT_COLUMNS,
)
from proscribe.readers.supplier_form import MAX_BYTES, read_returned_form

VALUE: dict[str, Any] = {
    "schema": ANSWERS_SCHEMA, "form_id": "sf_1", "campaign": "C-0001/2026-11-25", "supplier_id": "S1", "draft": False,
    "answers": {"provide": "does not"}, "asked": {"provide": "State it."}, "products": [{"product": "Camera"}], "evidence": [],
}  # fmt: skip


def refused(data: bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        read_returned_form(data, "returned")
    assert caught.value.at.startswith("returned") and caught.value.expected and caught.value.next_step
    return caught.value


def as_json(**changes: Any) -> bytes:
    return json.dumps({**VALUE, **changes}).encode()


def book(change: Any = None) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Answers"
    sheet.append(list(ANSWER_COLUMNS))
    sheet.append(["provide", "Covered equipment", "State it.", "does not", "", ""])
    products = made.create_sheet("Products")
    products.append(["What we bought"])
    products.append([heading for _, heading, _ in PRODUCT_COLUMNS])
    products.append([help for _, _, help in PRODUCT_COLUMNS])
    products.append(["Camera"])
    files = made.create_sheet("Files")
    files.append(["Files"])
    files.append([heading for _, heading, _ in EVIDENCE_COLUMNS])
    about = made.create_sheet("Form")
    for row in zip(FORM_KEYS, (ANSWERS_SCHEMA, "sf_1", "C-0001/2026-11-25", "S1"), strict=True):
        about.append(row)
    if change is not None:
        change(made)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def test_both_kinds_give_the_same() -> None:
    one, other = read_returned_form(as_json(), "a.json"), read_returned_form(book(), "a.xlsx")
    assert (one.answers, one.asked, one.products, one.form_id) == (
        other.answers,
        other.asked,
        other.products,
        other.form_id,
    )
    assert read_returned_form(b"\xef\xbb\xbf" + as_json(), "a.json") == one


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (b"", "E493", "neither a workbook nor JSON"),
        (b"Supplier,Answer\nA,does not\n", "E493", "neither"),
        (b"{" * 100_000, "E493", "neither"),
        (b"[" * 100_000 + b"]" * 100_000, "E493", "neither"),
        (b'{"schema": "proscribe.supplier-answers/1", "schema": "x"}', "E493", "stands twice"),
        (b"[]", "E493", "list"),
        (b"null", "E493", "NoneType"),
        (b"\xff\xfe\x00", "E493", "neither"),
        (b"PK\x03\x04 no archive", "E493", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "E493", "encrypted"),
        (b"%PDF-1.7", "E493", "neither"),
        (as_json(schema="proscribe.supplier-answers/2"), "E493", "schema"),
        (as_json(more=1), "E493", "'more'"),
        (as_json(answers=[]), "E494", "answers"),
        (as_json(answers={"provide": True}), "E494", "not text"),
        (as_json(answers={"provide": 1.5}), "E494", "not text"),
        (as_json(answers={"provide": {"a": "b"}}), "E494", "not text"),
        (as_json(answers={"explain": "x" * (MAX_ANSWER + 1)}), "E494", "8,001 characters"),
        (as_json(answers={"explain": "a\x00b"}), "E494", "control"),
        (as_json(answers={"explain": "\ud800"}), "E494", "control"),
        (as_json(answers={str(number): "x" for number in range(501)}), "E494", "no list of answers"),
        (as_json(form_id=7), "E494", "form_id"),
        (as_json(form_id=None), "E494", "form_id"),
        (as_json(draft="yes"), "E494", "draft"),
        (as_json(products=[{"product": "a", "owner": "b"}]), "E494", "'owner'"),
        (as_json(products=["Camera"]), "E494", "products/1"),
        (as_json(products=[{"product": "a"}] * (MAX_PRODUCTS + 1)), "E494", "at most 2,000"),
        (as_json(evidence={}), "E494", "evidence"),
        (as_json().replace(b'"does not"', b"NaN"), "E493", "NaN"),
    ],
)
def test_what_is_no_form_is_refused(data: bytes, code: str, says: str) -> None:
    problem = refused(data)
    assert (problem.code, says in f"{problem.what} {problem.at}") == (code, True), str(problem)


def test_a_file_larger_than_any_form_is_not_parsed() -> None:
    assert refused(b" " * (MAX_BYTES + 1)).code == "E493"


def formula(where: str, cell: str, text: str = "=1+1") -> Any:
    def change(made: Any) -> None:
        made[where][cell] = text

    return change


@pytest.mark.parametrize(
    "change",
    [formula("Answers", "D2", '=IF(TODAY()>DATE(2027,1,1),"does","does not")'), formula("Products", "B4"), formula("Form", "B2")],
)  # fmt: skip
def test_formulas_are_refused_by_cell(change: Any) -> None:
    problem = refused(book(change))
    assert problem.code == "E496" and any(cell in problem.what for cell in ("D2", "B4", "B2"))


def test_formula_with_a_stored_value_is_refused_too() -> None:
    data = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(formula("Answers", "D2")))) as old,
        zipfile.ZipFile(data, "w") as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                assert b"<f>1+1</f>" in content
                content = content.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>does not</v>").replace(
                    b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>"
                )
            new.writestr(name, content)
    assert refused(data.getvalue()).code == "E496"


def drop(where: str) -> Any:
    return lambda made: made.remove(made[where])


def put(where: str, cell: str, value: Any) -> Any:
    def change(made: Any) -> None:
        made[where][cell] = value

    return change


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        (drop("Form"), "E493", "Form is missing"),
        (drop("Answers"), "E493", "Answers is missing"),
        (put("Answers", "C1", "Query"), "E493", "first row"),
        (put("Answers", "D9", "does"), "E494", "Answers!D9"),
        (put("Answers", "A3", "provide"), "E494", "stands twice"),
        (put("Answers", "D2", "x" * 9_000), "E494", "Answers!D2"),
        (put("Products", "A2", "Produkt"), "E493", "headings"),
        (put("Products", "Z4", "stray"), "E494", "Products!Z4"),
        (put("Form", "B1", "other/1"), "E493", "schema"),
    ],
)
def test_changed_workbooks_are_refused_with_the_place(change: Any, code: str, says: str) -> None:
    problem = refused(book(change))
    assert (problem.code, says in f"{problem.what} {problem.at}") == (code, True), str(problem)


def test_numbers_and_truth_values_become_text() -> None:
    def change(made: Any) -> None:
        made["Answers"]["D2"] = 42
        made["Products"]["B4"] = True

    back = read_returned_form(book(change), "f")
    assert back.answers["provide"] == "42" and back.products[0]["model"] == "TRUE"


def test_a_bomb_is_not_unpacked() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(
            "xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * (200 * 1024 * 1024) + b"</worksheet>"
        )
    problem = refused(data.getvalue())
    assert problem.code == "E493" and ("unpacked" in problem.what or "expands" in problem.what)


def test_a_sheet_that_spans_everything_is_refused() -> None:
    assert refused(book(put("Answers", "XFD1048576", "x"))).code == "E493"


def test_xml_entities_are_not_expanded() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.xml":
                content = (
                    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
                    + content[content.index(b"<workbook") :]
                )
            new.writestr(name, content)
    try:
        back = read_returned_form(data.getvalue(), "returned")
    except InputError as problem:
        assert problem.code == "E493"
    else:
        assert "root" not in str(back)


@settings(max_examples=60)
@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(data: bytes) -> None:
    for content in (data, b"PK\x03\x04" + data, b"{" + data):
        with pytest.raises(InputError):
            read_returned_form(content, "returned")


@settings(max_examples=40)
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_changed_byte_of_a_workbook_is_never_a_stack(place: int, byte: int) -> None:
    content = bytearray(book())
    content[place % len(content)] = byte
    try:
        read_returned_form(bytes(content), "returned")
    except InputError as problem:
        assert problem.code in ("E493", "E494", "E496")


def test_ods_is_read_and_its_formulas_refused(tmp_path: Path) -> None:
    def ods(cell: str) -> bytes:
        def row(*cells: str) -> str:
            return (
                "<table:table-row>"
                + "".join(
                    text
                    if text.startswith("<")
                    else f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
                    for text in cells
                )
                + "</table:table-row>"
            )

        content = (
            '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
            'office:version="1.2"><office:body><office:spreadsheet>'
            f'<table:table table:name="Answers">{row(*ANSWER_COLUMNS)}{row("provide", "x", "State it.", cell, "y", "z")}</table:table>'
            f'<table:table table:name="Form">{row("schema", ANSWERS_SCHEMA)}{row("form_id", "sf_1")}{row("campaign", "c")}'
            f"{row('supplier_id', 'S1')}</table:table></office:spreadsheet></office:body></office:document-content>"
        )
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", content)
            archive.writestr(
                "META-INF/manifest.xml",
                '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
            )
        return data.getvalue()

    back = read_returned_form(ods("does not"), "f.ods")
    assert (back.answers, back.form_id) == ({"provide": "does not"}, "sf_1")
    assert (
        refused(
            ods('<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>')
        ).code
        == "E496"
    )
