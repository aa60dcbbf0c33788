"""Answers that come back edited: a remark beside one, columns sorted apart, a scope narrowed by hand, the sheet of another scan."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from proscribe.app.rules.decide import open_decider
from proscribe.app.rules.facts_file import read_stated
from proscribe.app.rules.questions import questionnaire
from proscribe.app.rules.scan_decide import Ready
from proscribe.app.scan.api import scan as scan_files
from proscribe.model.errors import CaseError
from proscribe.model.results import Scan
from proscribe.model.scan_reading import read_scan
from proscribe.model.scan_writing import scan_text
from proscribe.reports.questions import to_csv, write_workbook

Rows = list[list[str]]

HEAD = "Tag,Site,Maker,Model,Serial,Description\n"
LISTED = (
    HEAD
    + "C1,Harrow HQ,Hikvision,DS-2CD2143G2-I,F56789012,Dome camera\n"
    + "C2,Mill Lane,Hikvision,DS-2CD2143G2-I,F56789013,Dome camera\n"
    + "C3,Dock 5,Dahua,IPC-HDW5442TM-AS,6J0B3C8PAZ9F1D2,Dome camera\n"
)
MORE = "Z9,Dock 5,Dahua,IPC-HFW2831T,6J0B3C8PAZ9F1D9,Bullet camera\n"
FACTS = """regimes: [us-889-b]
facts:
  party.jurisdiction: US
  party.role: prime_contractor
  act.kind: use
  use.by: the_entity
  contract.agency: GSA
  contract.clauses: [52.204-25 (NOV 2021)]
  contract.awarded_on: 2024-05-20
  item.role_in_system: substantial_or_essential_component
entities:
  hikvision: {item.contains_producer: []}
  dahua: {item.contains_producer: []}
"""
LET_GO = "not_covered"


class Desk:
    """A scan, its questionnaire, and what the law says once answers to it come back."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.decider = folder, open_decider()
        (folder / "facts.yml").write_text(FACTS)
        self.scan = self.scanned(LISTED)
        self.form = questionnaire(self.put(self.scan), self.decider)
        self.rows: Rows = list(csv.reader(to_csv(self.form).splitlines()))
        self.head = self.rows[0]
        for row in self.rows[1:]:
            if self.cell(row, "Fact") == "item.purpose":
                self.set(row, "Answer", "none")

    @property
    def known(self) -> tuple[object, ...]:
        return (self.decider.law, self.decider.firms, self.decider.purposes)

    def scanned(self, text: str) -> Scan:
        (self.folder / "list.csv").write_text(text)
        return scan_files([self.folder / "list.csv"], as_of="2026-12-01").scan

    def cell(self, row: list[str], column: str) -> str:
        return row[self.head.index(column)]

    def set(self, row: list[str], column: str, value: str) -> None:
        row[self.head.index(column)] = value

    def copy(self) -> Rows:
        return [list(row) for row in self.rows]

    def put(self, scan: Scan, *sheets: Path) -> Scan:
        stated = read_stated([self.folder / "facts.yml", *sheets], *self.known)  # type: ignore[arg-type]
        return Ready(self.decider, stated).decide(scan)

    def written(self, rows: Rows, suffix: str = "csv") -> Path:
        path = self.folder / f"back.{suffix}"
        if suffix == "csv":
            with path.open("w", newline="", encoding="utf-8-sig") as file:
                csv.writer(file).writerows(rows)
            return path
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in rows:
            sheet.append([cell or None for cell in row])
        book.save(path)
        return path

    def outcomes(self, path: Path, scan: Scan | None = None) -> dict[str | None, str]:
        return outcomes(self.put(scan or self.scan, path))


def outcomes(scan: Scan) -> dict[str | None, str]:
    assert scan.decided is not None
    return {one.record_id: scan.decided.by_finding[one.id].outcome.value for one in scan.findings}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


#: The first question is of the site Dock 5, where C3 stands.
def answered(text: str) -> Callable[[Desk, Rows], None]:
    return lambda desk, rows: desk.set(rows[1], "Answer", text)


def beside(head: str, text: str) -> Callable[[Desk, Rows], None]:
    def edit(desk: Desk, rows: Rows) -> None:
        for row in rows:
            row.append("")
        rows[0][-1], rows[1][-1] = head, text

    return edit


def over(column: str, text: str) -> Callable[[Desk, Rows], None]:
    return lambda desk, rows: desk.set(rows[1], column, text)


def turned(*columns: str) -> Callable[[Desk, Rows], None]:
    def edit(desk: Desk, rows: Rows) -> None:
        before = [list(row) for row in rows[1:4]]
        for place, row in enumerate(rows[1:4]):
            for column in columns:
                desk.set(row, column, desk.cell(before[(place + 1) % 3], column))

    return edit


def cut(column: str) -> Callable[[Desk, Rows], None]:
    def edit(desk: Desk, rows: Rows) -> None:
        at = desk.head.index(column)
        rows[:] = [row[:at] + row[at + 1 :] for row in rows]

    return edit


def by_hand(desk: Desk, rows: Rows) -> None:
    rows.append(list(rows[1]))
    desk.set(rows[-1], "Check", "")


def words_between(desk: Desk, rows: Rows) -> None:
    rows.insert(2, ["", "all of these are guesses", *[""] * (len(desk.head) - 2)])


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_plain_sheet_is_taken_however_its_rows_are_sorted(desk: Desk, suffix: str) -> None:
    assert desk.cell(desk.rows[1], "Applies to") == "site:Dock 5"
    for rows in (desk.copy(), [desk.head, *desk.copy()[:0:-1]]):
        assert set(desk.outcomes(desk.written(rows, suffix)).values()) == {LET_GO}


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "edit",
    [
        answered("none?"), answered("NONE*"), answered("(none)"), answered("none¹"), answered("[none]"), answered("'none'"),
        answered("n̶o̶n̶e̶"), answered("n/a"), beside("Remarks", "not sure, the police look too"), beside("", "the gate too"),
        beside("Answered by", "nobody asked"), beside("Answered by", "Not Sure"), beside("Remarks", "?"), beside("Answer", "public safety"),
        over("How to find it", "Nobody looked"), over("Who can say", "nobody asked"), over("Rows", "list.csv row 4 only"),
    ],
)  # fmt: skip
def test_an_answer_in_doubt_is_none_and_asked_again(
    desk: Desk, suffix: str, edit: Callable[[Desk, Rows], None]
) -> None:
    rows = desk.copy()
    edit(desk, rows)
    path = desk.written(rows, suffix)
    try:
        made = desk.put(desk.scan, path)
    except CaseError as refused:
        assert "row" in refused.at
        return
    found = outcomes(made)
    assert found["C3"] != LET_GO and {found["C1"], found["C2"]} == {LET_GO}
    if desk.cell(rows[1], "Answer") != "n/a":
        assert made.decided is not None and any("is asked again" in note for note in made.decided.notes)
        assert [one.applies_to for one in questionnaire(made, desk.decider).questions] == ["site:Dock 5"]


@pytest.mark.parametrize(
    "edit",
    [
        beside("Answered by", "B. Lind"),
        beside("Answered on", "2026-11-30"),
        beside("Remarks", "ok"),
        beside("Remarks", ""),
    ],
)
def test_who_answered_and_when_leaves_an_answer_as_it_is(
    desk: Desk, edit: Callable[[Desk, Rows], None]
) -> None:
    rows = desk.copy()
    edit(desk, rows)
    assert set(desk.outcomes(desk.written(rows)).values()) == {LET_GO}


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "edit",
    [
        turned("Site", "About", "Question", "Answer"), turned("Site", "About"), turned("Applies to"), turned("Check"),
        turned("Fact", "Applies to", "Check"), over("Site", "Mill Lane"), over("About", "Dock 5 (only the inner camera)"),
        over("Question", "Is it free of police?"), over("Applies to", "company"), over("Applies to", "site:Dock 5; site:Elsewhere"),
        over("Fact", "item.contains_producer"), over("Check", ""), cut("Check"), cut("Site"), by_hand, words_between,
    ],
)  # fmt: skip
def test_a_row_that_no_longer_asks_what_it_asked_is_refused(
    desk: Desk, suffix: str, edit: Callable[[Desk, Rows], None]
) -> None:
    rows = desk.copy()
    edit(desk, rows)
    with pytest.raises(CaseError) as refused:
        desk.put(desk.scan, desk.written(rows, suffix))
    assert refused.value.code == "E553" and "back." in refused.value.at


def test_all_rows_that_were_sorted_apart_are_told_at_once(desk: Desk) -> None:
    rows = desk.copy()
    turned("Site", "About", "Question", "Answer")(desk, rows)
    with pytest.raises(CaseError, match=r"row 2 .*row 3 .*row 4"):
        desk.put(desk.scan, desk.written(rows))


@pytest.mark.parametrize("mark", ["note", "struck"])
def test_a_note_at_a_cell_and_a_struck_answer_are_seen(desk: Desk, mark: str) -> None:
    path = desk.folder / "q.xlsx"
    write_workbook(desk.form, path)
    book = openpyxl.load_workbook(path)
    sheet, at = book["Questions"], desk.head.index("Answer") + 1
    for row in (2, 3, 4):
        sheet.cell(row, at).value = "none"
    book.save(path)
    assert set(desk.outcomes(path).values()) == {LET_GO}
    if mark == "note":
        sheet.cell(2, at).comment = Comment("only half of it", "B. Lind")
    else:
        sheet.cell(2, at).font = Font(strike=True)
    book.save(path)
    assert desk.outcomes(path) == {"C1": LET_GO, "C2": LET_GO, "C3": "undetermined"}


def test_an_answer_reaches_only_what_its_sheet_asked_of(desk: Desk) -> None:
    sheet = desk.written(desk.copy())
    later = desk.scanned(LISTED + MORE)
    made = desk.put(later, sheet)
    assert outcomes(made) == {"C1": LET_GO, "C2": LET_GO, "C3": LET_GO, "Z9": "undetermined"}
    assert made.decided is not None
    assert any("not among those that the sheet was asked of" in note for note in made.decided.notes)
    # the scan that was decided so, read again, says the same; and what was not asked of it is asked
    kept = read_scan(scan_text(made).encode(), "kept.json").scan
    assert outcomes(Ready.of([desk.folder / "facts.yml"]).with_answers_of(kept, "before").decide(kept)) == (
        outcomes(made)
    )
    form = questionnaire(made, desk.decider)
    (asked,) = form.questions
    assert asked.applies_to.startswith("finding:") and len(asked.findings) == 1
    rows = list(csv.reader(to_csv(form).splitlines()))
    back = desk.folder / "next.csv"
    with back.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    assert (
        outcomes(desk.put(later, back))["Z9"] == "undetermined"
    )  # what was stated before reaches no further now
    desk.set(rows[1], "Answer", "none")
    with back.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    assert set(outcomes(desk.put(later, back)).values()) == {LET_GO}


def test_typed_answers_with_a_mark_are_refused(desk: Desk) -> None:
    for text in ("none?", "none*", "(none)"):
        with pytest.raises(CaseError, match=r"asks as much|bears a mark"):
            Ready.of([], answers=[("item.purpose", "site:Dock 5", text)])
