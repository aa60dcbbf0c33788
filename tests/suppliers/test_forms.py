"""The form in both shapes: what it asks, what it keeps out, and that what is filled in comes back as it was."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile
from dataclasses import fields, replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import supplier_samples as ss
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from proscribe.model.errors import InputError
from proscribe.model.suppliers import ANSWERS_SCHEMA, DECLINE, SIGNER, SupplierForm
from proscribe.readers.supplier_form import read_returned_form
from proscribe.suppliers.form_page import policy, to_page
from proscribe.suppliers.form_workbook import to_workbook

SCHEMAS = Path(__file__).parents[2] / "tests/contracts/schemas-0.1"
HOSTILE = "</script><script>alert(1)</script>\"'<!--&amp;=cmd|'/C calc'!A0"


class Page(HTMLParser):
    """The page as a browser sees it, as far as labels and scripts go."""

    VOID = frozenset(["input", "meta", "br"])

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str], tuple[int, ...]]] = []
        self.text: dict[int, str] = {}
        self._open: list[int] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}, tuple(self._open)))
        if tag not in self.VOID:
            self._open.append(len(self.elements) - 1)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self.elements[self._open.pop()][0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for place in self._open:
            self.text[place] = self.text.get(place, "") + data

    def of(self, tag: str) -> list[tuple[int, dict[str, str]]]:
        return [
            (place, attributes) for place, (name, attributes, _) in enumerate(self.elements) if name == tag
        ]

    def inside(self, place: int, tag: str) -> bool:
        return any(self.elements[outer][0] == tag for outer in self.elements[place][2])


def test_the_id_is_that_of_everything_asked() -> None:
    made = ss.form()
    changed = {
        "campaign": "C-0001/2026-11-25/2", "case_id": "C-0002", "supplier_id": "S4", "supplier": "Another", "asked_by": "X",
        "contact": "Y", "asked_on": date(2026, 11, 24), "due_on": date(2026, 12, 17), "questions": made.questions[:-1],
        "firms": made.firms[:-1], "products": (), "email": "", "flow_down": "",
    }  # fmt: skip
    assert set(changed) == {item.name for item in fields(SupplierForm)}
    ids = {replace(made, **{name: value}).id for name, value in changed.items()}
    assert len(ids) == len(changed) and made.id not in ids
    softened = replace(
        made.questions[7], text=made.questions[7].text.replace("provides", "knowingly provides")
    )
    assert replace(made, questions=(*made.questions[:7], softened, *made.questions[8:])).id != made.id


def test_a_kept_form_is_read_again_and_an_altered_one_is_not() -> None:
    made = ss.form()
    value = json.loads(made.to_bytes())
    assert SupplierForm.from_json(value) == made
    change: Any
    for change in (
        {"supplier": "Another"},
        {"id": "sf_0"},
        {"questions": []},
        {"schema": "x/1"},
        {"due_on": "soon"},
        {"firms": 3},
    ):
        with pytest.raises(ValueError):
            SupplierForm.from_json({**value, **change})


def test_every_question_of_law_names_its_paragraph() -> None:
    questions = {item.id: item for item in ss.form().questions}
    assert len(questions) == len(ss.form().questions)
    assert questions["provide"].citation == "48 CFR 52.204-26(c)(1)"
    assert questions["contain"].citation == "48 CFR 52.204-25(a)"
    assert "52.204-25(e)" in questions["flow_down"].citation
    assert {name for name, item in questions.items() if item.required} == {
        "legal_name",
        "provide",
        "contain",
        *SIGNER,
    }
    assert set(questions["provide"].choices) == {"does", "does not", "not known"}
    assert (
        DECLINE in questions
        and "Northgate" in questions["provide"].text
        and "Ridge" in questions["contain"].text
    )


# The workbook


def test_workbook_comes_back_as_it_was_filled_in() -> None:
    made = ss.form()
    data = ss.filled_workbook(
        made,
        {**ss.ANSWERS, "answered_on": date(2026, 11, 24)},
        {"A5": "Recorder", "B5": "1E234", "H5": "00042, c0:6d:ed:14:02:77"},
    )
    back = read_returned_form(data, "f.xlsx")
    assert (back.form_id, back.campaign, back.supplier_id, back.how) == (
        made.id,
        made.campaign,
        "S3",
        "workbook",
    )
    assert dict(back.answers) == ss.ANSWERS
    assert dict(back.asked) == {item.id: item.text for item in made.questions}
    assert [dict(row) for row in back.products] == [
        {"product": "Dome camera", "model": "NG-200", "maker": "Northgate"},
        {"product": "Recorder", "model": "1E234", "serials": "00042, c0:6d:ed:14:02:77"},
    ]
    assert to_workbook(made) == to_workbook(made)


def test_untouched_workbook_holds_no_answers() -> None:
    back = read_returned_form(to_workbook(ss.form()), "f.xlsx")
    assert dict(back.answers) == {} and len(back.asked) == len(ss.form().questions)


def test_only_answer_cells_are_open_and_choices_are_lists() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_workbook(ss.form())))
    sheet = book["Answers"]
    assert all(one.protection.sheet for one in book.worksheets)
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    for row, item in enumerate(ss.form().questions, start=2):
        assert [sheet.cell(row, column).protection.locked for column in range(1, 7)] == [
            True,
            True,
            True,
            False,
            True,
            True,
        ]
        rule = rules.get(f"D{row}")
        if item.choices:
            assert rule is not None and rule.type == "list" and rule.formula1 == f'"{",".join(item.choices)}"'
        elif item.kind == "date":
            assert rule is not None and rule.type == "date"


def test_workbook_runs_nothing_and_reaches_nowhere() -> None:
    made = ss.form(
        HOSTILE,
        products=({"product": '=HYPERLINK("http://x.example")', "model": "@SUM(1)", "maker": "+1"},),
        email=HOSTILE,
    )
    data = to_workbook(made)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert not re.search(rb"<f[ >/]", content), name
            assert b"<hyperlink" not in content and b'TargetMode="External"' not in content, name
        assert not [name for name in archive.namelist() if "vba" in name or "external" in name]
    back = read_returned_form(data, "f.xlsx")
    assert back.products[0]["product"] == '=HYPERLINK("http://x.example")'
    assert back.asked["provide"] == next(item.text for item in made.questions if item.id == "provide")


@settings(max_examples=25)
@given(
    answers=st.dictionaries(
        st.sampled_from(["legal_name", "parent", "explain", "signer", "cage", "uei", "lower_suppliers"]),
        st.text(st.characters(min_codepoint=32, exclude_categories=["C"]), min_size=1, max_size=60),
        max_size=5,
    )
)
def test_any_text_survives_the_workbook(answers: dict[str, str]) -> None:
    # A text that begins with an equals sign is typed with an apostrophe before it; the program that fills in here cannot.
    typed = {key: text for key, text in answers.items() if text.strip() and not text.startswith("=")}
    back = read_returned_form(ss.filled_workbook(ss.form(), typed), "f.xlsx")
    assert dict(back.answers) == {key: text.strip() for key, text in typed.items()}


# The page


def test_every_field_of_the_page_has_a_label() -> None:
    text = to_page(ss.form())
    page = Page(text)
    ids = [attributes["id"] for _, attributes, _ in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids)), "ids are unique"
    labelled = {attributes["for"] for _, attributes in page.of("label")}
    seen = 0
    for tag in ("input", "textarea"):
        for place, attributes in page.of(tag):
            seen += 1
            assert attributes["id"] in labelled, attributes
            if attributes.get("type") == "radio":
                assert page.inside(place, "fieldset")
            for name in attributes.get("aria-describedby", "").split():
                assert name in ids
    assert seen > 40
    for place, _ in page.of("label"):
        assert page.text[place].strip()
    groups = [place for place, _ in page.of("fieldset")]
    legends = [outer for place, _ in page.of("legend") for outer in page.elements[place][2][-1:]]
    assert groups == legends and all(page.text[place].strip() for place, _ in page.of("legend"))
    for place, attributes in page.of("button"):
        assert attributes.get("type") in ("submit", "button") and (
            page.text[place].strip() or attributes.get("aria-label")
        )
    assert page.elements[[name for name, _, _ in page.elements].index("html")][1]["lang"] == "en"
    assert next(name for name, _, _ in page.elements if re.fullmatch("h[1-6]", name)) == "h1"
    status = next(attributes for _, attributes, _ in page.elements if attributes.get("id") == "status")
    errors = next(attributes for _, attributes, _ in page.elements if attributes.get("id") == "errors")
    assert (status["role"], status["aria-live"], errors["role"]) == ("status", "polite", "alert")
    assert page.of("noscript")


def test_page_asks_nobody_and_allows_only_its_own_script() -> None:
    text = to_page(ss.form())
    page = Page(text)
    allowed = next(
        attributes["content"]
        for _, attributes in page.of("meta")
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert (
        allowed == policy()
        and "default-src 'none'" in allowed
        and "unsafe" not in allowed
        and "form-action 'none'" in allowed
    )
    scripts = [
        (place, attributes)
        for place, attributes in page.of("script")
        if attributes.get("type") != "application/json"
    ]
    (script,), (style,) = ([page.text[place] for place, _ in found] for found in (scripts, page.of("style")))
    for kind, content in (("script-src", script), ("style-src", style)):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in allowed
    for name, attributes, _ in page.elements:
        assert not [
            key
            for key in attributes
            if key.startswith("on") or key in ("src", "srcset", "action", "formaction", "style")
        ], name
        assert not attributes.get("href", "#").strip("#").startswith(("http", "//", "javascript"))
    assert not re.search(r"https?://|@import|url\(", style + script)
    for word in (
        "fetch(",
        "XMLHttpRequest",
        "WebSocket",
        "sendBeacon",
        "innerHTML",
        "eval(",
        "document.write",
        "localStorage",
    ):
        assert word not in script
    assert to_page(ss.form()) == text


def test_hostile_names_stay_text_in_the_page() -> None:
    made = ss.form(
        HOSTILE, contact=HOSTILE, email=HOSTILE, products=({"product": HOSTILE, "model": '" onfocus="x'},)
    )
    page = Page(to_page(made))
    assert len(page.of("script")) == 2
    (data,) = [
        page.text[place]
        for place, attributes in page.of("script")
        if attributes.get("type") == "application/json"
    ]
    assert (
        json.loads(data)["questions"][7]["text"] == made.questions[7].text
        and HOSTILE in made.questions[7].text
    )
    assert HOSTILE in page.text[page.of("h1")[0][0]]
    assert any(attributes.get("value") == '" onfocus="x' for _, attributes in page.of("input"))


def answered_in_the_page(text: str, answers: dict[str, str]) -> dict[str, Any]:
    """Do what the page's script does on saving: read its fields and its data, and make the JSON."""
    page = Page(text)
    (data,) = [
        page.text[place]
        for place, attributes in page.of("script")
        if attributes.get("type") == "application/json"
    ]
    form = json.loads(data)
    names = {
        attributes["name"]
        for tag in ("input", "textarea")
        for _, attributes in page.of(tag)
        if "name" in attributes
    }
    assert {item["id"] for item in form["questions"]} == names, "a field for every question, and no other"
    rows: dict[str, dict[str, str]] = {}
    for place, attributes in page.of("input"):
        if "data-column" in attributes and not page.inside(place, "template") and attributes["value"]:
            rows.setdefault(attributes["id"].rsplit("-", 1)[0], {})[attributes["data-column"]] = attributes[
                "value"
            ]
    return {
        "schema": form["answers_schema"], "form_id": form["id"], "campaign": form["campaign"], "supplier_id": form["supplier_id"],
        "draft": False, "answers": answers, "asked": {item["id"]: item["text"] for item in form["questions"]},
        "products": list(rows.values()), "evidence": [],
    }  # fmt: skip


def test_page_comes_back_as_it_was_filled_in() -> None:
    made = ss.form()
    saved = answered_in_the_page(to_page(made), ss.ANSWERS)
    back = read_returned_form(json.dumps(saved).encode(), "answers.json")
    assert (back.form_id, back.how, back.draft) == (made.id, "json", False)
    assert dict(back.answers) == ss.ANSWERS and dict(back.asked) == {
        item.id: item.text for item in made.questions
    }
    assert [dict(row) for row in back.products] == [dict(row) for row in made.products]
    assert saved["schema"] == ANSWERS_SCHEMA


def test_forms_and_answers_meet_their_released_schemas() -> None:
    def schema(name: str) -> Draft202012Validator:
        value = json.loads((SCHEMAS / f"proscribe.{name}-1.schema.json").read_text("utf-8"))
        Draft202012Validator.check_schema(value)
        return Draft202012Validator(value)

    made = ss.form()
    saved = answered_in_the_page(to_page(made), ss.ANSWERS)
    schema("supplier-form").validate(made.to_json())
    schema("supplier-answers").validate(saved)
    for change in (
        {"form_id": 3},
        {"answers": {"a": 1}},
        {"products": [{"owner": "x"}]},
        {"more": 1},
        {"draft": "no"},
    ):
        assert not schema("supplier-answers").is_valid({**saved, **change})
        with pytest.raises(InputError):
            read_returned_form(json.dumps({**saved, **change}).encode(), "x")
    assert not schema("supplier-form").is_valid({**made.to_json(), "more": 1})


def test_script_writes_the_fields_that_are_read_back() -> None:
    page = Page(to_page(ss.form()))
    (script,) = [
        page.text[place]
        for place, attributes in page.of("script")
        if attributes.get("type") != "application/json"
    ]
    made = answered_in_the_page(to_page(ss.form()), {})
    for key in made:
        assert re.search(rf"\b{key}:", script), f"the script writes {key}"
    for name in re.findall(r'getElementById\("([a-z-]+)"\)', script):
        assert any(attributes.get("id") == name for _, attributes, _ in page.elements), name
