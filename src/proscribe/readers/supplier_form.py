"""Forms that came back from suppliers, as a workbook or as answers in JSON: bytes to `ReturnedForm`.

Nothing in a returned form is believed here. What it says about itself (which form, which questions) is given as it stands,
so that the caller can compare it with the form that was sent.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from proscribe.model.errors import ProscribeError, error
from proscribe.model.suppliers import (
    ANSWER_COLUMNS,
    ANSWERS_SCHEMA,
    EVIDENCE_COLUMNS,
    FORM_KEYS,
    MAX_ANSWER,
    MAX_EVIDENCE,
    MAX_PRODUCTS,
    PRODUCT_COLUMNS,
    SHEET_ANSWERS,
    SHEET_FILES,
    SHEET_FORM,
    SHEET_PRODUCTS,
    ReturnedForm,
)
from proscribe.readers._cells import cell_name
from proscribe.readers._zip import ARCHIVE_ERRORS, ZipProblem, inspect_workbook
from proscribe.readers.base import Limits
from proscribe.readers.issues import IssueLog
from proscribe.readers.workbook import sheet_rows

#: A filled-in form is small. What is larger is something else.
MAX_BYTES = 16 * 1024 * 1024
_LIMITS = Limits(max_expanded_bytes=128 * 1024 * 1024, max_expansion_ratio=100)
_MAX_ROWS = 4_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Z]{1,3}[0-9]{1,7})[\"'][^>]*>\s*(?:<(?:\w+:)?is>.*?</(?:\w+:)?is>\s*)?"
    rb"<(?:\w+:)?f[\s>/]",
    re.S,
)
_ODS_FORMULA = re.compile(rb"table:formula\s*=")
_HEADINGS = {
    SHEET_PRODUCTS: {heading: key for key, heading, _ in PRODUCT_COLUMNS},
    SHEET_FILES: {heading: key for key, heading, _ in EVIDENCE_COLUMNS},
}


def read_returned_form(data: bytes, name: str) -> ReturnedForm:
    """Read a returned form.

    Args:
        data: the whole file.
        name: shown in errors.

    Raises:
        InputError: E493 when it is no form, is damaged or beyond the bounds; E494 when an answer is of the wrong kind or
            too long; E496 when a formula stands where an answer belongs.
    """
    if len(data) > MAX_BYTES:
        raise _no_form(name, f"it has {len(data):,} bytes", f"at most {MAX_BYTES:,} bytes")
    if data.startswith(b"PK"):
        return _of_workbook(data, name)
    if data.startswith(_OLE):
        raise _no_form(
            name, "it is an old or encrypted office file", "the workbook as XLSX or ODS, without a password"
        )
    return _of_json(data, name)


def _no_form(
    name: str, what: str, expected: str = "a form as it was sent: XLSX, ODS, or the JSON that the page saves"
) -> ProscribeError:
    return error("E493.file", at=name, what=what, expected=expected)


def _wrong_kind(name: str, what: str, expected: str) -> ProscribeError:
    return error("E494.form", at=name, what=what, expected=expected)


# JSON


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return made


def _no_number(text: str) -> Any:
    raise ValueError(f"{text[:40]!r} is no number of JSON")


def _of_json(data: bytes, name: str) -> ReturnedForm:
    try:
        value = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _no_form(name, f"it is neither a workbook nor JSON ({str(error)[:200]})") from None
    if not isinstance(value, dict) or value.get("schema") != ANSWERS_SCHEMA:
        said = value.get("schema") if isinstance(value, dict) else type(value).__name__
        raise _no_form(name, f"its schema is {str(said)[:80]!r}", ANSWERS_SCHEMA)
    known = {*FORM_KEYS, "draft", "answers", "asked", "products", "evidence"}
    unknown = sorted(set(value) - known)
    if unknown:
        raise _no_form(name, f"it holds the field {unknown[0][:80]!r}, which no form has")
    draft = value.get("draft", False)
    if not isinstance(draft, bool):
        raise _wrong_kind(name, "draft is neither true nor false", "true or false")
    return ReturnedForm(
        _text(value.get("form_id"), "form_id", name),
        _text(value.get("campaign"), "campaign", name),
        _text(value.get("supplier_id"), "supplier_id", name),
        _texts(value.get("answers"), "answers", name),
        _texts(value.get("asked"), "asked", name),
        _records(value.get("products", []), "products", PRODUCT_COLUMNS, MAX_PRODUCTS, name),
        _records(value.get("evidence", []), "evidence", EVIDENCE_COLUMNS, MAX_EVIDENCE, name),
        "json",
        draft,
    )


def _text(value: Any, place: str, name: str) -> str:
    if not isinstance(value, str):
        raise _wrong_kind(f"{name}, {place}", f"{place} is not text", "text")
    clean = value.strip()
    if len(clean) > MAX_ANSWER:
        raise _wrong_kind(
            f"{name}, {place}",
            f"the answer has {len(clean):,} characters",
            f"at most {MAX_ANSWER:,} characters",
        )
    if any(ord(char) < 32 and char not in "\t\n\r" for char in clean) or any(
        0xD800 <= ord(char) <= 0xDFFF for char in clean
    ):
        raise _wrong_kind(f"{name}, {place}", "the answer holds control characters", "text that can be read")
    return clean


def _texts(value: Any, place: str, name: str) -> Mapping[str, str]:
    if not isinstance(value, dict) or len(value) > 500:
        raise _wrong_kind(
            f"{name}, {place}", f"{place} is no list of answers by question", "an object of texts"
        )
    made = {str(key)[:100]: _text(item, f"{place}/{str(key)[:60]}", name) for key, item in value.items()}
    return {key: text for key, text in made.items() if text}


def _records(
    value: Any, place: str, columns: Sequence[tuple[str, str, str]], most: int, name: str
) -> tuple[Mapping[str, str], ...]:
    if not isinstance(value, list) or len(value) > most:
        raise _wrong_kind(
            f"{name}, {place}", f"{place} is no list of at most {most:,} rows", "a list of rows"
        )
    known = {key for key, _, _ in columns}
    made = []
    for number, row in enumerate(value, start=1):
        at = f"{place}/{number}"
        texts = _texts(row, at, name)
        unknown = sorted(set(texts) - known)
        if unknown:
            raise _wrong_kind(f"{name}, {at}", f"there is no column {unknown[0]!r}", ", ".join(sorted(known)))
        if texts:
            made.append(texts)
    return tuple(made)


# Workbook


def _of_workbook(data: bytes, name: str) -> ReturnedForm:
    try:
        facts = inspect_workbook(io.BytesIO(data), _LIMITS, IssueLog([]))
        formulas = _formulas(data)
    except ZipProblem as problem:
        raise _no_form(name, problem.what) from None
    except ARCHIVE_ERRORS as error:
        raise _no_form(name, f"the container is damaged ({str(error)[:200] or 'it breaks off'})") from None
    for sheet, seen in facts.items():
        if seen.refused or seen.trimmed is not None:
            raise _no_form(name, f"the sheet {sheet[:60]} spans too many cells")
    _no_formulas(formulas, {seen.part: sheet for sheet, seen in facts.items()}, name)
    try:
        sheets = {
            sheet: list(islice(rows, _MAX_ROWS + 1))
            for sheet, rows in sheet_rows(
                io.BytesIO(data), (SHEET_FORM, SHEET_ANSWERS, SHEET_PRODUCTS, SHEET_FILES)
            )
        }
    except ValueError as error:
        raise _no_form(name, f"it cannot be opened ({str(error)[:200]})") from None
    for sheet in (SHEET_FORM, SHEET_ANSWERS):
        if sheet not in sheets:
            raise _no_form(name, f"the sheet {sheet} is missing")
    for sheet, rows in sheets.items():
        if len(rows) > _MAX_ROWS:
            raise _no_form(name, f"the sheet {sheet} has more than {_MAX_ROWS:,} rows")
    about = {row[0].strip(): row[1] for _, row in sheets[SHEET_FORM] if len(row) > 1 and row[0].strip()}
    if about.get("schema", "").strip() != ANSWERS_SCHEMA:
        raise _no_form(name, f"its schema is {about.get('schema', '')[:80]!r}", ANSWERS_SCHEMA)
    answers, asked = _answers(sheets[SHEET_ANSWERS], name)
    return ReturnedForm(
        _text(about.get("form_id"), f"{SHEET_FORM}, form_id", name),
        _text(about.get("campaign"), f"{SHEET_FORM}, campaign", name),
        _text(about.get("supplier_id"), f"{SHEET_FORM}, supplier_id", name),
        answers,
        asked,
        _table(sheets.get(SHEET_PRODUCTS, []), SHEET_PRODUCTS, MAX_PRODUCTS, name),
        _table(sheets.get(SHEET_FILES, []), SHEET_FILES, MAX_EVIDENCE, name),
        "workbook",
    )


def _formulas(data: bytes) -> dict[str, list[str]]:
    """Give the cells that hold a formula, by part of the archive; read after the bounds were checked."""
    found: dict[str, list[str]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.namelist():
            if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                cells = [item.group(1).decode() for item in _FORMULA_CELL.finditer(archive.read(part))]
                if cells:
                    found[part] = cells
            elif part == "content.xml" and _ODS_FORMULA.search(archive.read(part)):
                found[part] = ["a cell"]
    return found


def _no_formulas(formulas: Mapping[str, Sequence[str]], sheets: Mapping[str, str], name: str) -> None:
    for part, cells in formulas.items():
        sheet = sheets.get(part, part)
        count = sum(map(len, formulas.values()))
        raise error("E496", at=name, count=count, cells=cells[0], sheet=sheet)


def _answers(rows: Sequence[tuple[int, list[str]]], name: str) -> tuple[dict[str, str], dict[str, str]]:
    if not rows or [cell.strip() for cell in rows[0][1][: len(ANSWER_COLUMNS)]] != list(ANSWER_COLUMNS):
        raise _no_form(name, f"the first row of the sheet {SHEET_ANSWERS} is not that of the form")
    identity, question, answer = (ANSWER_COLUMNS.index(one) for one in ("Id", "Question", "Your answer"))
    answers: dict[str, str] = {}
    asked: dict[str, str] = {}
    for at, row in rows[1:]:
        cells = [*row, *[""] * len(ANSWER_COLUMNS)]
        key = cells[identity].strip()
        where = f"{SHEET_ANSWERS}!{cell_name(at, answer)}"
        if not key:
            if cells[answer].strip():
                raise _wrong_kind(
                    f"{name}, {where}",
                    "an answer stands in a row without a question",
                    "answers beside their questions",
                )
            continue
        if key in asked:
            raise _wrong_kind(
                f"{name}, {where}", f"the question {key[:60]!r} stands twice", "each question once"
            )
        asked[key] = _text(cells[question], where, name)
        text = _text(cells[answer], where, name)
        if text:
            answers[key] = text
    return answers, asked


def _table(
    rows: Sequence[tuple[int, list[str]]], sheet: str, most: int, name: str
) -> tuple[Mapping[str, str], ...]:
    headings = _HEADINGS[sheet]
    head = next(
        (place for place, (_, row) in enumerate(rows) if headings.keys() <= {cell.strip() for cell in row}),
        None,
    )
    if head is None:
        if any(any(cell.strip() for cell in row) for _, row in rows):
            raise _no_form(name, f"the headings of the sheet {sheet} are not those of the form")
        return ()
    columns = {
        place: headings[cell.strip()] for place, cell in enumerate(rows[head][1]) if cell.strip() in headings
    }
    made: list[Mapping[str, str]] = []
    # The row below the headings says what belongs in each column.
    for at, row in rows[head + 2 :]:
        for place, cell in enumerate(row):
            if cell.strip() and place not in columns:
                raise _wrong_kind(
                    f"{name}, {sheet}!{cell_name(at, place)}", "a text stands in a column that the form does not have",
                    "texts under the headings",
                )  # fmt: skip
        texts = {
            key: _text(row[place], f"{sheet}!{cell_name(at, place)}", name)
            for place, key in columns.items()
            if place < len(row) and row[place].strip()
        }
        if texts:
            made.append(texts)
    if len(made) > most:
        raise _no_form(name, f"the sheet {sheet} has {len(made):,} rows", f"at most {most:,} rows")
    return tuple(made)
