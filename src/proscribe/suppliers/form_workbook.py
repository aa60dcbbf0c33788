"""The form as a workbook: lists to choose from, locked questions, cells that are text, nothing that runs or asks the network."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from proscribe.model.suppliers import (
    ANSWER_COLUMNS,
    ANSWERS_SCHEMA,
    EVIDENCE_COLUMNS,
    FORM_KEYS,
    MAX_ANSWER,
    PRODUCT_COLUMNS,
    SHEET_ANSWERS,
    SHEET_FILES,
    SHEET_FORM,
    SHEET_PRODUCTS,
    SHEET_START,
    FormQuestion,
    SupplierForm,
)
from proscribe.reports.workbooks import ENTRY, HEAD, TEXT, written_workbook
from proscribe.suppliers.labels import ANSWER_LENGTHS, directions
from proscribe.wording import safe

_EMPTY_ROWS = 200
_FILE_ROWS = 30
_WIDTHS = (14, 20, 54, 34, 46, 26)
_ANSWER = ANSWER_COLUMNS.index("Your answer")
# Sorting and new rows keep to the open cells; widths may be changed by whoever needs larger letters.
_PROTECTION = {"format_columns": True, "format_rows": True, "select_locked_cells": True}


def to_workbook(form: SupplierForm) -> bytes:
    """Write the form as XLSX; the same form gives the same bytes.

    Every answer cell is text, but for the date, so that a CAGE code such as `00123` or `1E234` stays as it was typed.
    Questions and ids are locked without a password: that keeps them from being changed by mistake. A change made on
    purpose shows when the form comes back, since its questions no longer are those of its id.
    """
    target = io.BytesIO()
    title = f"Supplier declaration, {safe.plain(form.supplier, 100)}"
    with written_workbook(target, title, in_memory=True) as book:
        looks = _Looks(book)
        _start(book, looks, form)
        _answers(book, looks, form)
        _rows(
            book, looks, SHEET_PRODUCTS, PRODUCT_COLUMNS, form.products, len(form.products) + _EMPTY_ROWS,
            "What we bought from you. Correct it, and add what is missing: a row for each product.",
        )  # fmt: skip
        _rows(
            book, looks, SHEET_FILES, EVIDENCE_COLUMNS, (), _FILE_ROWS,
            "Files that you send with this form, if any.",
        )  # fmt: skip
        sheet = book.add_worksheet(SHEET_FORM)
        sheet.protect("", _PROTECTION)
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, 60)
        values = (ANSWERS_SCHEMA, form.id, form.campaign, form.supplier_id)
        for row, (key, value) in enumerate(zip(FORM_KEYS, values, strict=True)):
            sheet.write_string(row, 0, key, looks.fixed)
            sheet.write_string(row, 1, safe.plain(value, MAX_ANSWER), looks.fixed)
    return target.getvalue()


class _Looks:
    """The formats of the workbook."""

    def __init__(self, book: Any) -> None:
        open_cell = {**ENTRY, "locked": False}
        self.title = book.add_format({"bold": True, "font_size": 14, "text_wrap": True})
        self.head = book.add_format(HEAD)
        self.text = book.add_format(TEXT)
        self.fixed = book.add_format({**TEXT, "num_format": "@", "font_color": "#595959"})
        self.open = book.add_format(open_cell)
        self.day = book.add_format({**open_cell, "num_format": "yyyy-mm-dd", "align": "left"})


def _sheet(book: Any, name: str) -> Any:
    sheet = book.add_worksheet(name)
    sheet.protect("", _PROTECTION)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return sheet


def _start(book: Any, looks: _Looks, form: SupplierForm) -> None:
    sheet = _sheet(book, SHEET_START)
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, safe.plain(f"Supplier declaration: {form.supplier}", MAX_ANSWER), looks.title)
    lines = [
        *directions(form, how="workbook"),
        f"Form {form.id}, campaign {form.campaign}, {form.supplier_id}. Please do not change it: it is how we know your answer.",
    ]
    for row, line in enumerate(lines, start=2):
        sheet.write_string(row, 0, safe.plain(line, MAX_ANSWER), looks.text)


def _answers(book: Any, looks: _Looks, form: SupplierForm) -> None:
    sheet = _sheet(book, SHEET_ANSWERS)
    for column, (title, width) in enumerate(zip(ANSWER_COLUMNS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, looks.head)
    sheet.freeze_panes(1, _ANSWER)
    sheet.repeat_rows(0)
    for row, item in enumerate(form.questions, start=1):
        needed = "Needed. " if item.required else ""
        cells = (item.id, item.section, item.text, None, needed + item.help, item.citation)
        for column, cell in enumerate(cells):
            if cell is None:
                sheet.write_blank(row, column, None, looks.day if item.kind == "date" else looks.open)
            else:
                look = looks.fixed if column == 0 else looks.text
                sheet.write_string(row, column, safe.plain(cell, MAX_ANSWER), look)
        rule = _rule(item)
        if rule is not None:
            sheet.data_validation(row, _ANSWER, row, _ANSWER, rule)
    sheet.set_selection(1, _ANSWER, 1, _ANSWER)


def _rule(item: FormQuestion) -> dict[str, Any] | None:
    # Text of a hint stands in the sheet as it is given, where that of a cell is escaped.
    hint = {
        "input_title": safe.plain(item.section, 32),
        "input_message": safe.plain(item.help or item.text, 250),
    }
    if item.choices:
        return {
            **hint, "validate": "list", "source": list(item.choices), "error_title": "Not in the list",
            "error_message": f"Choose one of: {', '.join(item.choices)}."[:250],
        }  # fmt: skip
    if item.kind == "date":
        return {
            **hint, "validate": "date", "criteria": ">=", "value": date(2019, 1, 1), "error_title": "Not a date",
            "error_message": "Type a day, such as 2026-12-01.",
        }  # fmt: skip
    length = ANSWER_LENGTHS.get(item.kind)
    if length is not None:
        return {
            **hint, "validate": "length", "criteria": "==", "value": length, "ignore_blank": True,
            "error_title": "Not as expected", "error_message": f"Expected: {length} characters."[:250],
        }  # fmt: skip
    return None


def _rows(
    book: Any,
    looks: _Looks,
    name: str,
    columns: Sequence[tuple[str, str, str]],
    filled: Sequence[Mapping[str, str]],
    count: int,
    title: str,
) -> None:
    sheet = _sheet(book, name)
    sheet.merge_range(0, 0, 0, len(columns) - 1, title, looks.text)
    for column, (_, heading, help) in enumerate(columns):
        sheet.set_column(column, column, 24)
        sheet.write_string(1, column, heading, looks.head)
        sheet.write_string(2, column, help, looks.fixed)
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(1)
    for row in range(count):
        known = filled[row] if row < len(filled) else {}
        for column, (key, _, _) in enumerate(columns):
            text = known.get(key, "")
            if text:
                sheet.write_string(row + 3, column, safe.plain(text, MAX_ANSWER), looks.open)
            else:
                sheet.write_blank(row + 3, column, None, looks.open)
    sheet.set_selection(3, 0, 3, 0)
