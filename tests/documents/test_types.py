"""A type of document is its folder: found where it lies, made from what it declares, named nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import paper_samples as ps
import pytest

from proscribe.documents import TYPES, make, paper_from_json, paper_law, render, schema_of, validate
from proscribe.documents import registry as types
from proscribe.documents.making import FIELDS
from proscribe.model.errors import KnowledgeError
from proscribe.model.papers import PaperState, Question, SourceNotSearched

DECLARATION = """
document: letter-of-assurance
order: 200
what: a supplier's letter to its customer
answers: [contain]
regimes: [us-889-a]
source: src:far-52-204-25
recorded_on: 2026-11-25
title: Letter of assurance
citation: 48 CFR 52.204-25
about: What a supplier tells its customer about the goods it delivers.
options:
  - {field: goods, option: goods, otherwise: everything delivered}
fields: {goods: text, representations: {contain: representation}, findings: [finding], inquiry: inquiry}
statements:
  - id: contain
    citation: 48 CFR 52.204-25(a)
    asks: whether its goods contain equipment of the firms named
    words: "{organisation} states that its goods {answer} contain equipment of the firms named."
    says: {does: do, does not: do not}
    regimes: [us-889-a]
checklist:
  - {element: the goods, citation: our own, at: [{to: /body/goods, label: Goods}]}
"""
TEMPLATE = """
- heading: Assurance
- paragraph: "Goods: {{ body.goods }}. Kept as {{ data['items'] | default('one of its kind') }}."
- statements
- findings
- inquiry
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(types, "PATH", [*types.PATH, tmp_path])
    return tmp_path


def declare(
    path: Path, declaration: str = DECLARATION, template: str = TEMPLATE, name: str = "letter_of_assurance"
) -> Path:
    folder = path / name
    folder.mkdir()
    (folder / "document.yml").write_text(declaration, "utf-8")
    if template:
        (folder / "template.yml").write_text(template, "utf-8")
    return folder


def test_a_folder_on_the_path_is_a_type(path: Path) -> None:
    declare(path)
    assert list(TYPES)[-1] == "letter-of-assurance" and "letter-of-assurance" in TYPES
    law = paper_law(ps.knowledge(), "letter-of-assurance")
    paper = make("letter-of-assurance", ps.base(options={"goods": "gate {{ 7 * 7 }} controllers"}), law)
    assert paper.state is PaperState.READY
    validate(paper.data, paper.type)
    assert paper_from_json(paper.data).digest == paper.digest
    text = render(paper, "md").decode()
    assert "Harbour Systems LLC states that its goods do not contain" in text
    assert "gate {{ 7 * 7 }} controllers. Kept as one of its kind." in text.replace("\\", "")
    assert schema_of("letter-of-assurance")["properties"]["body"]["required"] == [
        "goods", "representations", "findings", "inquiry",
    ]  # fmt: skip


def test_it_is_refused_like_any_other(path: Path) -> None:
    declare(path)
    place = SourceNotSearched("The goods in transit", "nobody was there", (Question.CONTAIN,))
    paper = make(
        "letter-of-assurance",
        ps.base(inquiry=ps.dataclasses.replace(ps.INQUIRY, not_searched=(place,))),
        paper_law(ps.knowledge(), "letter-of-assurance"),
    )
    assert paper.state is PaperState.REFUSED and [one.code for one in paper.obstacles] == ["not-searched"]


def test_code_stands_in_the_folder_where_the_logic_is_its_own(path: Path) -> None:
    folder = declare(path, DECLARATION + "obstacles:\n  too-late: {what: 'it is {day}', lift: Wait.}\n")
    (folder / "build.py").write_text(
        "from proscribe.documents.envelope import Draft\n"
        "def draft(work):\n"
        "    late = work.obstacle('too-late', 'day', day=work.inputs.as_of)\n"
        "    return Draft(lambda state: work.body(state, goods='as ' + state.value), [late])\n",
        "utf-8",
    )
    law = paper_law(ps.knowledge(), "letter-of-assurance")
    paper = make("letter-of-assurance", ps.base(), law)
    assert [(one.what, one.lift) for one in paper.obstacles] == [("it is 2026-11-25", "Wait.")]
    assert paper.data["body"]["goods"] == "as refused"


def test_a_type_like_another_takes_its_template_and_its_code(path: Path) -> None:
    report = (types.PATH[0] / "rfo_report" / "document.yml").read_text("utf-8")
    declare(path, report.replace("document: rfo-report", "document: agency-report"), "", "agency_report")
    law = paper_law(ps.knowledge(), "agency-report")
    like, other = TYPES["agency-report"], TYPES["rfo-report"]
    assert like.sections == other.sections and like.code is other.code and like.of_case
    paper = make("agency-report", ps.samples()["rfo-report"][1], law)
    assert paper.data["body"] == ps.make(*ps.samples()["rfo-report"]).data["body"]


def test_a_knowledge_with_words_of_a_type_speaks_first(monkeypatch: pytest.MonkeyPatch) -> None:
    knowledge = ps.knowledge()
    documents = knowledge.documents
    own = {"papers/far-report": {"title": "Report, as another edition words it"}}
    monkeypatch.setattr(
        knowledge, "documents", lambda prefix="": own if prefix == "papers/" else documents(prefix)
    )
    law = paper_law(knowledge, "far-report")
    assert law.title == own["papers/far-report"]["title"] and law.elements == ps.law("far-report").elements


@pytest.mark.parametrize(
    ("declaration", "template", "said"),
    [
        (DECLARATION.replace("letter-of-assurance", "letter"), TEMPLATE, "document: letter-of-assurance"),
        (DECLARATION, "- headline: Assurance\n", "headline"),
        (DECLARATION, "- heading: '{{ body.none }}'\n", "none"),
        (DECLARATION, "- heading: '{{ body.'\n", "template"),
        (DECLARATION.replace("goods: text", "goods: txt"), TEMPLATE, "txt"),
    ],
)
def test_a_folder_that_is_wrong_says_where(path: Path, declaration: str, template: str, said: str) -> None:
    declare(path, declaration, template)
    with pytest.raises(KnowledgeError) as caught:
        law = paper_law(ps.knowledge(), "letter-of-assurance")
        paper = make("letter-of-assurance", ps.base(), law)
        validate(paper.data, paper.type)
        render(paper, "md")
    assert caught.value.code in ("E215", "E205") and said in str(caught.value)


def test_every_field_of_a_declaration_has_a_value() -> None:
    """Fields come from `FIELDS`, an option, or the type's own code; a golden document shows that none is left out."""
    left = {name: {field.rstrip("?") for field in kind.get("fields")} for name, kind in TYPES.items()}
    for name, (type_, inputs) in {**ps.samples(), **ps.with_others()}.items():
        body = ps.make(type_, inputs).data["body"]
        declared = [
            field.rstrip("?")
            for field in TYPES[type_].get("fields")
            if not field.endswith("?") or field.rstrip("?") in body
        ]
        assert list(body) == declared, name
        left[type_] -= set(body)
    assert FIELDS and not any(left.values()), left


def test_no_list_outside_the_folders_names_the_types() -> None:
    """Two types named side by side are a list: a new type would have to be added to it."""
    source = ps.ROOT / "src" / "proscribe"
    names = "|".join(re.escape(name) for name in TYPES)
    for file in sorted(source.rglob("*.py")):
        text = re.sub(r'""".*?"""', "", file.read_text("utf-8"), flags=re.S)
        for line in text.splitlines():
            found = set(re.findall(f"[\"']({names})[\"']", line))
            assert len(found) < 2, f"{file.relative_to(source)}: {line.strip()}"
