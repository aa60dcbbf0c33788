"""What is asked of a supplier, and what came back: the shapes shared by forms, their import and the tests of the answers.

A form is data first (`proscribe.supplier-form/1`): the workbook and the page are two ways to show it. Its id is a digest of
what it asks and of whom, so that an answer to other questions, or to another supplier's form, is seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Any, Literal, Self

from proscribe.model.canonical import canonical_json
from proscribe.model.codec import Limits, Written, read, write

FORM_SCHEMA = "proscribe.supplier-form/1"
#: What a filled-in form says, however it came back.
ANSWERS_SCHEMA = "proscribe.supplier-answers/1"

#: Kinds of an answer. `says` is the answer to a representation, `yes_no` to a plain question.
KINDS = ("text", "long_text", "date", "uei", "cage", "country", "says", "yes_no", "decline")
#: The words to choose from, by kind. An untouched list shows none of them.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "says": ("does", "does not", "not known"),
    "yes_no": ("yes", "no", "not known"),
    "decline": ("no", "yes"),
}

#: Columns of the list of products: id, heading, help.
PRODUCT_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("product", "Product", "as on the invoice"),
    ("model", "Model or part number", "as printed on the unit"),
    ("maker", "Maker", "who makes it, not who sells it"),
    ("chip", "Main chip and its maker", "processor or SoC, such as S5L, Ambarella"),
    ("firmware", "Who wrote the firmware", "company and country"),
    ("relabel", "Made by another firm and sold under your or another badge?", "yes, no or not known; if yes, whose"),
    ("country", "Country of manufacture", "such as TW"),
    ("serials", "Serial numbers or MAC addresses", "of the units sold to us, if you have them"),
)  # fmt: skip
EVIDENCE_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("name", "File", "name of the file you send with this form"),
    ("shows", "What it shows", "such as parts list, test report, letter of the maker"),
    ("sha256", "SHA-256", "digest of the file, if you can give it; otherwise leave empty"),
)

#: Bounds of what is taken from a returned form.
MAX_PRODUCTS = 2_000
MAX_EVIDENCE = 200
MAX_ANSWER = 8_000
MAX_LOWER = 500

#: Names of the sheets of a form as a workbook, and the headings of the sheet of questions, in order.
SHEET_START, SHEET_ANSWERS, SHEET_PRODUCTS, SHEET_FILES, SHEET_FORM = (
    "Start", "Answers", "Products", "Files", "Form",
)  # fmt: skip
ANSWER_COLUMNS = ("Id", "About", "Question", "Your answer", "How to answer", "From")
#: What the sheet `Form` and the answers as JSON say about the form itself.
FORM_KEYS = ("schema", "form_id", "campaign", "supplier_id")
#: Question that declines the whole form, and those that stand on it all the same.
DECLINE = "decline"
SIGNER = ("signer", "signer_title", "answered_on")


_FormId = Annotated[str, Limits("sf_[0-9a-f]{24}")]
_Answer = Annotated[str, Limits(most=MAX_ANSWER)]
_Answers = Annotated[Mapping[str, _Answer], Limits(most=500)]
_Product = Mapping[Annotated[str, Limits("|".join(name for name, _, _ in PRODUCT_COLUMNS))], _Answer]
_File = Mapping[Annotated[str, Limits("|".join(name for name, _, _ in EVIDENCE_COLUMNS))], _Answer]


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One question of the form.

    Attributes:
        id: stable word; `provide`, `use` and `contain` are those of `proscribe.model.papers.Question`.
        section: heading under which it stands.
        kind: one of `KINDS`.
        citation: where the law asks it; empty where we ask of our own accord.
        required: whether the form cannot be taken without it. Who declines has to give `SIGNER` alone.
    """

    id: str
    section: str
    text: str
    kind: Annotated[str, Limits("|".join(KINDS))]
    help: str = ""
    citation: str = ""
    required: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """Give the words to choose from; empty for free text."""
        return CHOICES.get(self.kind, ())


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one supplier is asked in one campaign.

    Attributes:
        campaign: id of the campaign, such as `C-0001/2026-11-25`.
        supplier_id: id of the declaration in the case, such as `S3`.
        supplier: name as on our vendor list.
        asked_by: the organisation that asks.
        contact: where to send the answer.
        firms: names of the five firms, for those who do not know them.
        products: what we bought, one mapping of `PRODUCT_COLUMNS` ids each.
        flow_down: what the law says about asking the tiers below, in words with its citation.
    """

    campaign: str
    case_id: str
    supplier_id: str
    supplier: str
    asked_by: str
    contact: str
    asked_on: date
    due_on: date
    questions: tuple[FormQuestion, ...]
    firms: tuple[str, ...] = ()
    products: tuple[Mapping[str, str], ...] = ()
    email: str = ""
    flow_down: str = ""


@dataclass(frozen=True, slots=True)
class SupplierForm(_Asked):
    """What one supplier is asked in one campaign; its fields are those of `_Asked`."""

    @property
    def id(self) -> str:
        """Give the form's id: a digest of everything it asks, and of whom."""
        return "sf_" + hashlib.sha256(canonical_json(self._content()).encode()).hexdigest()[:24]

    def _content(self) -> dict[str, Any]:
        return {"schema": FORM_SCHEMA, **write(self)}

    def to_json(self) -> dict[str, Any]:
        """Give the form as plain values, its id among them."""
        return {**self._content(), "id": self.id}

    def to_bytes(self) -> bytes:
        """Write the form as it is kept."""
        return canonical_json(self.to_json()).encode()

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote.

        Raises:
            ValueError: when it has another shape, or its id is not that of its content.
        """
        told = read(FormValue, value)
        made = cls(**{item.name: getattr(told, item.name) for item in fields(cls)})
        if made.id != told.id:
            raise ValueError("the form is not that of its id")
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class FormValue(_Asked):
    """A form as it is kept: what one supplier was asked in one campaign.

    Attributes:
        id: `sf_` and the first 24 hex digits of the SHA-256 of the canonical JSON of all other fields.
    """

    schema: Literal["proscribe.supplier-form/1"]
    id: _FormId


@dataclass(frozen=True, slots=True)
class AnswersValue:
    """What a supplier's page saves: the answers, the questions as they stood in the form, and the lists.

    Which answers are needed, and of what kind each is, the form says that its id names.

    Attributes:
        answers: question id to answer; empty answers are left out.
        asked: question id to the text of the question as it stood in the form.
        draft: true while it is not finished; a draft is not taken.
    """

    schema: Literal["proscribe.supplier-answers/1"]
    form_id: _FormId
    campaign: _Answer
    supplier_id: Annotated[str, Limits("S[0-9]+")]
    answers: _Answers
    asked: _Answers
    products: Annotated[tuple[_Product, ...], Limits(most=MAX_PRODUCTS)] = ()
    evidence: Annotated[tuple[_File, ...], Limits(most=MAX_EVIDENCE)] = ()
    draft: bool = False


@dataclass(frozen=True, slots=True)
class ReturnedForm:
    """What a form that came back says, before anything of it is believed.

    Attributes:
        form_id, campaign, supplier_id: which form it says it is.
        answers: question id to text, empty answers left out.
        asked: question id to the text of the question as it stands in the returned form.
        products, evidence: rows by column id, empty rows left out.
        how: `workbook` or `json`.
        draft: whether whoever filled it in says that it is not finished.
    """

    form_id: str
    campaign: str
    supplier_id: str
    answers: Mapping[str, str]
    asked: Mapping[str, str]
    products: tuple[Mapping[str, str], ...] = ()
    evidence: tuple[Mapping[str, str], ...] = ()
    how: str = "json"
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Tested(Written):
    """One test of a supplier's answers against what we know.

    Attributes:
        test: `form`, `identity`, `name`, `products`, `scans`, `sam`, `exclusions`, `evidence` or `flow_down`.
        result: `contradicted`, `doubtful`, `not_tested` or `nothing_found`, the worst first. `doubtful` = a person has to
            look; `nothing_found` = looked, and nothing speaks against it.
        says: one sentence, with what was looked at, and references to findings, rows and files.
        refs: ids and places that the sentence rests on.
    """

    test: str
    result: str
    says: str
    refs: tuple[str, ...] = ()


def verdict(tests: Iterable[Tested]) -> str:
    """Give the worst result in words. There is no word for "clean": what we do not hold cannot speak against an answer."""
    found = {item.result for item in tests}
    if "contradicted" in found:
        return "contradicted by what we hold"
    if "doubtful" in found:
        return "a person has to look"
    if "nothing_found" in found:
        return "nothing we hold speaks against it"
    return "not tested"
