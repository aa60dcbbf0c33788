"""One form, and what comes back of it: the ground of the tests of forms, letters and memos."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import openpyxl

from proscribe.kb.snapshot import open_knowledge
from proscribe.model.suppliers import SHEET_ANSWERS, SHEET_PRODUCTS, SupplierForm
from proscribe.suppliers.form_workbook import to_workbook
from proscribe.suppliers.questions import SupplierLaw, flow_down_words, form_questions, supplier_law

DAY = date(2026, 11, 25)
ANSWERS = {
    "legal_name": "Northgate Cameras Ltd", "uei": "ZQGGH8XPGKL9", "cage": "00123", "country": "GB", "provide": "does not",
    "use": "not known", "contain": "does not", "products_complete": "yes", "flow_down": "yes",
    "lower_suppliers": "Chipworks Oy\nPolyplast s.r.o.", "signer": "Anna Moss", "signer_title": "Director",
    "answered_on": "2026-11-24",
}  # fmt: skip


@cache
def law() -> SupplierLaw:
    return supplier_law(open_knowledge(()), DAY)


def form(supplier: str = "Northgate Cameras Ltd", **more: Any) -> SupplierForm:
    value: dict[str, Any] = {
        "campaign": "C-0001/2026-11-25", "case_id": "C-0001", "supplier_id": "S3", "supplier": supplier,
        "asked_by": "Ridge Analytics LLC", "contact": "R. Ito", "asked_on": DAY, "due_on": date(2026, 12, 16),
        "questions": form_questions(law(), supplier, "Ridge Analytics LLC"), "firms": law().firms,
        "products": ({"product": "Dome camera", "model": "NG-200", "maker": "Northgate"},), "email": "a@northgate.example",
        "flow_down": flow_down_words(law()),
    }  # fmt: skip
    return SupplierForm(**{**value, **more})


def filled_workbook(
    made: SupplierForm,
    answers: Mapping[str, Any],
    products: Mapping[str, Any] | None = None,
    changes: Mapping[tuple[str, str], Any] | None = None,
) -> bytes:
    """Fill the workbook in as a person does, with another program than the one that wrote it.

    Args:
        products: cells of the sheet of products, by name such as `A5`.
        changes: further cells, by sheet and name.
    """
    book = openpyxl.load_workbook(io.BytesIO(to_workbook(made)))
    sheet = book[SHEET_ANSWERS]
    for row in range(2, sheet.max_row + 1):
        value = answers.get(str(sheet.cell(row, 1).value))
        if value is not None:
            sheet.cell(row, 4).value = value
    for name, value in (products or {}).items():
        book[SHEET_PRODUCTS][name] = value
    for (where, name), value in (changes or {}).items():
        book[where][name] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
