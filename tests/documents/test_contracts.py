"""Each type of document against its golden copies, its schema, its checklist, and itself written twice."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import re
import zipfile
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import paper_samples
import pytest
from jsonschema import Draft202012Validator

from proscribe.documents import FORMATS, TYPES, make, paper_from_json, render, schema_of, validate
from proscribe.documents.elements import exists
from proscribe.model.canonical import canonical_json
from proscribe.model.errors import InputError
from proscribe.model.papers import Paper, PaperState

CONTRACTS = Path(__file__).parents[1] / "contracts" / "documents"
SCHEMAS = Path(__file__).parents[2] / "schemas"
NAMES = sorted(paper_samples.samples())


@cache
def paper_of(name: str) -> Paper:
    type_, inputs = paper_samples.samples()[name]
    return make(type_, inputs, paper_samples.law(type_))


@cache
def rendered(name: str, format_: str) -> bytes:
    return render(paper_of(name), format_)


def read_again(name: str) -> Paper:
    return paper_from_json(json.loads(rendered(name, "json")))


def test_half_a_character_in_a_document_is_refused() -> None:
    value = json.loads(render(paper_of(NAMES[0]), "json"))
    value["title"] = "x\ud800"
    with pytest.raises(InputError, match="E460"):
        paper_from_json(value)


def test_every_type_has_a_golden_document() -> None:
    assert {paper_samples.samples()[name][0] for name in NAMES} == set(TYPES)
    assert {path.stem for path in CONTRACTS.iterdir()} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("format_", ["json", "md"])
def test_golden(name: str, format_: str) -> None:
    expected = (CONTRACTS / f"{name}.{format_}").read_bytes()
    assert rendered(name, format_).decode() == expected.decode(), (
        "a filed form changed: see record_contracts.py"
    )


@pytest.mark.parametrize("name", NAMES)
def test_data_meets_the_released_schema(name: str) -> None:
    paper = paper_of(name)
    validate(paper.data, paper.type)
    assert paper.digest == hashlib.sha256(canonical_json(paper.data).encode()).hexdigest()


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_released_schema_is_the_composed_one(type_: str) -> None:
    schema = schema_of(type_)
    Draft202012Validator.check_schema(schema)
    assert json.loads((SCHEMAS / f"proscribe.paper.{type_}-1.schema.json").read_text("utf-8")) == schema
    assert set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema))) == set(schema["$defs"])


@pytest.mark.parametrize("name", NAMES)
def test_docx_is_the_same_bytes_again(name: str) -> None:
    assert rendered(name, "docx") == render(read_again(name), "docx")


def streams(pdf: bytes) -> list[bytes]:
    found = []
    for match in re.finditer(rb"stream\r?\n", pdf):
        try:
            found.append(zlib.decompressobj().decompress(pdf[match.end() :]))
        except zlib.error:
            continue
    return found


@pytest.mark.parametrize("name", NAMES)
def test_pdf_is_tagged_archival_and_carries_its_data(name: str) -> None:
    paper = paper_of(name)
    pdf = rendered(name, "pdf")
    everything = pdf + b"".join(streams(pdf))
    assert b"/StructTreeRoot" in everything and b"/MarkInfo" in everything and b"/Lang" in everything
    assert re.search(rb"<pdfaid:part>3</pdfaid:part>", everything) and re.search(
        rb"<pdfaid:conformance>A</pdfaid:conformance>", everything
    )
    assert re.search(rb"<pdfuaid:part>1</pdfuaid:part>", everything)
    for word in (b"<dc:title>", b"/DisplayDocTitle true", b"/OutputIntents", b"/AFRelationship"):
        assert word in everything, word
    for word in (b"/JavaScript", b"/Launch", b"/URI", b"/OpenAction", b"/SubmitForm", b"/AcroForm"):
        assert word not in everything, word
    assert canonical_json(paper.data).encode() in everything
    assert b"/TH" in everything, "table headers are tagged"


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_set_without_a_warning_and_as_the_same_bytes_again(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A layout that does not settle numbers its pages wrongly, and Typst only warns of it."""
    typst = pytest.importorskip("typst")
    warnings: list[str] = []

    class Loud:
        def __init__(self, *words: Any, **more: Any) -> None:
            self.compiler = compiler(*words, **more)

        def compile(self, **more: Any) -> bytes:
            made, told = self.compiler.compile_with_warnings(**more)
            warnings.extend(str(one) for one in told)
            return bytes(made)

    compiler = typst.Compiler
    monkeypatch.setattr(typst, "Compiler", Loud)
    pdf = render(read_again(name), "pdf")
    assert pdf.startswith(b"%PDF-1.7") and warnings == [] and pdf == rendered(name, "pdf")


@pytest.mark.parametrize("name", NAMES)
def test_docx_has_headings_header_rows_and_a_language(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(rendered(name, "docx"))) as package:
        assert (
            package.namelist()[0] == "[Content_Types].xml"
            and "docProps/thumbnail.jpeg" not in package.namelist()
        )
        assert len({info.date_time for info in package.infolist()}) == 1
        text = package.read("word/document.xml").decode()
        styles = package.read("word/styles.xml").decode()
        footer = package.read("word/footer1.xml").decode()
        relations = package.read("_rels/.rels").decode()
    assert "thumbnail" not in relations
    assert 'w:val="Heading1"' in text and 'w:val="Title"' in text
    assert text.count("<w:tblHeader/>") == text.count("<w:tbl>") == text.count("<w:tblCaption")
    assert 'w:val="en-US"' in styles
    assert "NUMPAGES" in footer and paper_of(name).id in footer


@pytest.mark.parametrize("name", NAMES)
def test_every_file_says_state_id_and_digest(name: str) -> None:
    paper = paper_of(name)
    text = render(paper, "md").decode()
    assert paper.digest in text and paper.id.replace("-", "") in text.replace("-", "").replace("\\", "")
    refused = paper.state is PaperState.REFUSED
    assert ("Refused: this document is not to be signed" in text) is refused
    assert "A refused document is not signed." in text if refused else "Prepared by" in text
    assert ("who signed it and when stands beside it in the signed bundle" in text) is not refused
    for one in paper.obstacles:
        assert one.id in text.replace("\\", "")


# The lawyer's checklist


def all_obligations() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path, value in paper_samples.knowledge().documents("regimes/").items():
        if path.endswith("/rules") and isinstance(value, dict):
            found |= {one["id"]: one for one in value.get("obligations") or ()}
    return found


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_every_element_of_the_clause_is_mapped(type_: str) -> None:
    law = paper_samples.law(type_)
    known = all_obligations()
    mapped: dict[str, set[str]] = {}
    for element in law.elements:
        if element.obligation:
            mapped.setdefault(element.obligation, set()).add(element.words)
    for name, words in mapped.items():
        contents = {one if isinstance(one, str) else one["text"] for one in known[name]["contents"]}
        assert words == contents, name


#: Duties that a document carries out, by the kinds that have a form of words.
CARRIED = {"represent", "disclose", "report", "supplement"}


#: Duties without a form: what is represented by submitting an offer.
NO_FORM = {"us-far-52.240-90/represent-fascsa"}


def test_every_duty_to_say_something_has_a_document() -> None:
    mapped = {element.obligation for type_ in TYPES for element in paper_samples.law(type_).elements}
    clauses = ("us-far-52.204-24/", "us-far-52.204-25/", "us-far-52.204-26/", "us-far-52.240-90/", "us-far-52.240-91/",
               "us-far-52.204-30/", "us-dfars-252.204-7018/")  # fmt: skip
    for name, one in all_obligations().items():
        if name.startswith(clauses) and one["kind"] in CARRIED:
            assert (name in mapped) != (name in NO_FORM), name


def shown_for(type_: str) -> list[str]:
    return [name for name in NAMES if paper_samples.samples()[name][0] == type_]


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_every_pointer_leads_to_a_field_of_a_golden_document(type_: str) -> None:
    for element in paper_samples.law(type_).elements:
        for pointer, label in element.pointers:
            assert label.strip()
            assert any(exists(paper_of(name).data, pointer) for name in shown_for(type_)), pointer


@pytest.mark.parametrize("name", NAMES)
def test_every_asked_element_has_a_row_and_a_true_state(name: str) -> None:
    paper = paper_of(name)
    law = paper_samples.law(paper.type)
    asked = law.asked(paper.data["clause"]["edition"], paper.data["stage"])
    rows = {(row["obligation"], row["words"]) for row in paper.data["checklist"]}
    for element in asked:
        if element.items is None:
            assert (element.obligation, element.words) in rows
    for row in paper.data["checklist"]:
        for field in row["fields"]:
            assert exists(paper.data, field["pointer"]), field
    if paper.state is not PaperState.REFUSED and not paper.data["gaps"]:
        assert not [row for row in paper.data["checklist"] if row["state"] == "missing"]


@pytest.mark.parametrize("name", NAMES)
def test_a_label_of_each_filled_item_field_is_printed(name: str) -> None:
    paper = paper_of(name)
    text = render(paper, "md").decode().replace("\\", "")
    for row in paper.data["checklist"]:
        if row["item"]:
            for field in row["fields"]:
                assert field["label"] in text


def test_formats_are_listed() -> None:
    assert list(FORMATS) == ["json", "pdf", "docx", "md"]


def test_every_declaration_names_a_source_that_is_there() -> None:
    known = {row["id"] for row in paper_samples.knowledge().table("sources")}
    for name, one in TYPES.items():
        assert one.spec["source"] in known and one.spec["recorded_on"], name


def test_what_is_missing_of_several_items_is_said_once_with_their_names() -> None:
    items = tuple(
        dataclasses.replace(paper_samples.ITEM, id=name, finding_ids=(), supplier=paper_samples.Party())
        for name in ("gate", "yard", "hall")
    )
    paper = paper_samples.make(
        "far-report",
        paper_samples.base(contract=paper_samples.CONTRACT, items=items, event=paper_samples.EVENT),
    )
    assert [one["item"] for one in paper.data["gaps"] if one["words"] == "supplier name"] == [
        "gate",
        "yard",
        "hall",
    ], "the data names each"
    text = render(paper, "md").decode().partition("Annex B: the words of the law")[0]
    short, annex = text.split("## Annex A: the evidence")
    assert short.count("supplier name") == 1 and "3 items: supplier name (48 CFR 52.204-25(d)(2)(i))" in short
    assert annex.count("supplier name") == 2, "once among what is to follow, once in the checklist"
    assert text.count("supplier name (items gate, yard, hall)") == 2


def test_items_that_differ_in_an_element_keep_their_own_lines() -> None:
    items = (
        dataclasses.replace(paper_samples.ITEM, finding_ids=()),
        dataclasses.replace(paper_samples.ITEM, id="yard", finding_ids=(), brand=""),
    )
    paper = paper_samples.make(
        "far-report",
        paper_samples.base(contract=paper_samples.CONTRACT, items=items, event=paper_samples.EVENT),
    )
    lines = [line for line in render(paper, "md").decode().splitlines() if "| brand (item" in line]
    assert (
        len(lines) == 2
        and "(item cameras)" in lines[0]
        and "filled" in lines[0]
        and "(item yard)" in lines[1]
        and "missing" in lines[1]
    )


def test_many_items_are_counted_and_not_all_named() -> None:
    items = tuple(
        dataclasses.replace(
            paper_samples.ITEM, id=f"i{number}", finding_ids=(), supplier=paper_samples.Party()
        )
        for number in range(60)
    )
    text = render(
        paper_samples.make(
            "far-report",
            paper_samples.base(contract=paper_samples.CONTRACT, items=items, event=paper_samples.EVENT),
        ),
        "md",
    ).decode()
    assert "i39 and 20 more)" in text and "i40," not in text
