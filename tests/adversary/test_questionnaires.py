"""A questionnaire that says one thing to whoever opens it, and another to whoever reads its cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from proscribe.app.kb.firms import Firms
from proscribe.app.rules.facts_file import Stated, read_stated
from proscribe.app.rules.scan_decide import Ready
from proscribe.model.errors import CaseError
from proscribe.model.law import Law
from proscribe.rules.facts import FACTS

HEAD = ("Question", "Answer", "Fact", "Applies to")
USE = "use.supports_federal_contract"


def row(fact: str, answer: str, applies: str = "company", asked: str = "") -> tuple[str, ...]:
    return (asked or FACTS[fact].question, answer, fact, applies)


@pytest.fixture(scope="module")
def known() -> tuple[Law, Firms]:
    decider = Ready.of([]).decider
    return decider.law, decider.firms


def read(
    folder: Path, known: tuple[Law, Firms], rows: Sequence[Sequence[str]], *, head: Sequence[str] = HEAD, hide: int = 0,
    aside: Sequence[str] = (),
) -> Stated:  # fmt: skip
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (head, *rows):
        sheet.append(list(cells))
    if hide:
        sheet.row_dimensions[hide].hidden = True
    if aside:
        further = book.create_sheet("Notes")
        further.append(list(HEAD))
        further.append(list(aside))
        further.sheet_state = "veryHidden"
    book.save(folder / "answers.xlsx")
    return read_stated([folder / "answers.xlsx"], *known)


def test_an_answer_in_a_row_that_nobody_sees_is_told(tmp_path: Path, known: tuple[Law, Firms]) -> None:
    rows = [row("act.kind", "use"), row("party.role", "offeror")]
    assert not read(tmp_path, known, rows).notes
    (note,) = read(tmp_path, known, rows, hide=3).notes
    assert "does not show" in note and "row 3, party.role 'offeror'" in note


def test_answers_on_a_sheet_that_nobody_sees_are_refused(tmp_path: Path, known: tuple[Law, Firms]) -> None:
    with pytest.raises(CaseError, match="sheet that the workbook does not show"):
        read(tmp_path, known, [row("act.kind", "use")], aside=row("party.role", "offeror"))


def test_a_second_column_of_answers_is_refused(tmp_path: Path, known: tuple[Law, Firms]) -> None:
    with pytest.raises(CaseError, match="stands twice"):
        read(tmp_path, known, [(*row("act.kind", "use"), "represent")], head=(*HEAD, "Answer"))


def test_a_question_that_was_edited_is_told(tmp_path: Path, known: tuple[Law, Firms]) -> None:
    (note,) = read(tmp_path, known, [row(USE, "no", asked="Is the sky green?")]).notes
    assert "Is the sky green?" in note and FACTS[USE].question in note


def test_one_question_that_is_answered_and_not_known_is_refused(
    tmp_path: Path, known: tuple[Law, Firms]
) -> None:
    rows = [row(USE, "?", "site:Depot"), row(USE, "no", "site:Depot")]
    with pytest.raises(CaseError, match="said to be not known"):
        read(tmp_path, known, rows)
    assert len(read(tmp_path, known, [rows[0], row(USE, "no", "site:Mill")]).statements) == 1
