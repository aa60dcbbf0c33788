"""From inputs to data, and from data to files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from proscribe.documents.blocks import Layout
from proscribe.documents.law import PaperLaw
from proscribe.documents.making import build
from proscribe.documents.registry import paper_type
from proscribe.documents.render_docx import docx
from proscribe.documents.render_pdf import pdf
from proscribe.documents.render_text import markdown
from proscribe.documents.schema import validate
from proscribe.documents.template import layout
from proscribe.model.canonical import pretty_json
from proscribe.model.codec import CodecError, read
from proscribe.model.errors import error
from proscribe.model.papers import Obstacle, Override, Paper, PaperInputs, PaperState


@dataclass(frozen=True, slots=True)
class PaperFormat:
    """One kind of file."""

    name: str
    suffix: str
    media_type: str
    what: str


FORMATS: dict[str, PaperFormat] = {
    one.name: one
    for one in (
        PaperFormat("json", ".json", "application/json", "the data, proscribe.paper.<type>/1"),
        PaperFormat("pdf", ".pdf", "application/pdf", "PDF/A-3a and PDF/UA-1, the data attached"),
        PaperFormat(
            "docx",
            ".docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "a Word file",
        ),
        PaperFormat("md", ".md", "text/markdown", "Markdown"),
    )
}


def make(type_: str, inputs: PaperInputs, law: PaperLaw) -> Paper:
    """Make a document.

    Raises:
        UsageError: E459 for a type that is not there.
        CaseError: E450 to E458, E463, E464 for inputs it cannot be made from.
        InputError: E461 for a scan that is none.
    """
    return build(paper_type(type_), inputs, law)


def laid_out(paper: Paper) -> Layout:
    """Lay a document out as the blocks of which every file of it is made."""
    return layout(paper_type(paper.type), paper)


def render(paper: Paper, format_: str) -> bytes:
    """Write a document as a file.

    Raises:
        UsageError: E462 for a format that is not there.
        EnvironmentProblem: E502 when PDF or Word is asked and the extra `app` is not installed.
    """
    if format_ not in FORMATS:
        raise error("E462", name=format_[:40], formats=", ".join(FORMATS))
    if format_ == "json":
        return pretty_json(paper.data).encode("utf-8", "surrogatepass")
    pages = laid_out(paper)
    if format_ == "pdf":
        return pdf(paper, pages)
    if format_ == "docx":
        return docx(pages)
    return markdown(pages).encode()


def paper_from_json(value: Any) -> Paper:
    """Read a document back from its data, to show it again.

    Raises:
        UsageError: E459 for a type that is not there.
        InputError: E460 when the data does not meet the schema of its type.
        EnvironmentProblem: E502 when the extra `app` is not installed.
    """
    if not isinstance(value, Mapping) or not isinstance(value.get("type"), str):
        raise error("E460.not_a_document")
    validate(value, value["type"])
    for text in (value["made_at"], *(one["at"] for one in value["overrides"])):
        _instant(text)
    try:
        obstacles = read(tuple[Obstacle, ...], list(value["obstacles"]), at="/obstacles")
        overrides = read(tuple[Override, ...], list(value["overrides"]), at="/overrides")
    except CodecError as problem:
        first = problem.faults[0]
        raise error("E460.schema", at=first.pointer, type=value["type"], message=first.what) from None
    state = PaperState(value["state"])
    made = Paper(value["type"], value["schema"], value["title"], state, value, obstacles, overrides)
    try:
        _ = made.digest
    except UnicodeEncodeError:
        message = "half a surrogate pair stands in it"
        raise error("E460.schema", at="/", type=made.type, message=message) from None
    return made


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise error("E460.instant", text=text) from None
