"""A questionnaire for people: as a workbook with lists to choose from, as CSV, or as Markdown to read."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from proscribe.model.answers import Answer
from proscribe.model.results import StatedFact
from proscribe.reports import answer_sheet, row_checks
from proscribe.reports.workbooks import ENTRY, HEAD, TEXT, headed_sheet, written_workbook
from proscribe.rules.answers import NOT_ADVICE
from proscribe.rules.facts import SOURCE_MISSING, asks
from proscribe.wording import safe
from proscribe.wording.shown import visible, wrap

#: What a person reads and fills in comes first; ids for reading it back stand last and small.
COLUMNS = (
    ("Site", 16), ("About", 24), ("Question", 34), ("Answer", 22), ("You may answer", 30), ("How to find it", 34),
    ("Who can say", 14), ("Findings that wait", 8), ("Rows", 30), ("Asked by", 18), ("Decides", 8), ("Firms", 12),
    ("Allowed values", 26), ("Fact", 14), ("Applies to", 14), (row_checks.COLUMN, 14),
)  # fmt: skip
#: Columns that are printed; the others are for reading back and for those who want to know.
_PRINTED = 9
FORMATS = ("table", "xlsx", "csv", "md")

_HEADER = tuple(name for name, _ in COLUMNS)
_ANSWER, _FACT = _HEADER.index("Answer"), _HEADER.index("Fact")
_EXAMPLES = 5
_INLINE_LIST = 250
_MOST_IN_MARKDOWN = 1_000
_TYPES = {
    "bool": "yes, no",
    "integer": "a whole number",
    "number": "a number such as 2500 or 35.5",
    "subdivision": "a code such as US-LA",
    "texts": "names of sites or systems, or all; several with a semicolon",
    "date": "a day such as 2020-08-13",
    "date_or_year": "a day such as 2020-08-13, or a year",
    "date_or_instant": "a day, or a time with offset such as 2026-03-02T09:30:00-05:00",
    "text": "text",
    "agency": "the short name of an agency, such as GSA or Defence",
    "country": "two capital letters, such as US",
    "entity": "the id of a firm such as hikvision, or other when shown to be none of the named firms",
    "entities": "ids of firms such as hisilicon; several with a semicolon; [] when shown to be none",
    "clauses": "numbers such as 52.204-25 (NOV 2021); several with a semicolon",
}


_SHORT_LIST = 7
#: The answer that it is none of the firms that the law names.
_OTHER = "other"
_MEANINGS = "What the entries mean"
#: Sheets of the workbook.
SHEETS = frozenset({answer_sheet.NAME, "Questions", _MEANINGS, "Stated", "Later", "Open law", "Lists"})
_FIRMS_SHOWN = 3
#: A plain example of an answer of each type.
_SUCH_AS = {
    "bool": "yes; no",
    "integer": "2024",
    "number": "35.5",
    "subdivision": "US-LA",
    "texts": "Head office; all",
    "date": "2026-11-25",
    "date_or_year": "2019; 2019-05-01",
    "date_or_instant": "2026-11-25; 2026-11-25T09:30:00-05:00",
    "text": "Hikvision",
    "agency": "GSA; Navy",
    "country": "US",
    "entity": "hikvision; other (when shown to be none of the named firms)",
    "entities": "huawei; hisilicon; none",
    "clauses": "52.204-25 (NOV 2021); none",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question to one person.

    Attributes:
        fact: name of the fact.
        applies_to: scope of the answer: `company`, `site:NAME`, `things:ENTITY/KIND@SITE`, `finding:ID`.
        site: where to ask; empty for the company.
        about: of what, in words.
        type: of the fact, as in the vocabulary.
        values: the closed list, for a choice.
        asked_by: citations of the rules that need it.
        decides: whether the outcome hangs on it; otherwise it could show an exception, a waiver or a duty.
        findings: ids of the findings that wait for it.
        entities: their firms.
        places: where these findings stand: file, sheet and row.
    """

    fact: str
    applies_to: str
    site: str
    about: str
    question: str
    help: str
    who: str
    type: str
    values: tuple[str, ...]
    asked_by: tuple[str, ...]
    decides: bool
    findings: tuple[str, ...]
    entities: tuple[str, ...]
    places: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """Say what can be answered."""
        if self.type == "choices":
            return "; ".join(self.values) + " (several with a semicolon)"
        return "; ".join(self.values) if self.values else _TYPES[self.type]

    @property
    def such_as(self) -> str:
        """Give a plain example of an answer, or the whole list where it is short; `?` is always one."""
        if self.type in ("choice", "choices"):
            shown = [value.replace("_", " ") for value in self.values]
            text = "; ".join(shown[:_SHORT_LIST]) + (
                " ... (see the list)" if len(shown) > _SHORT_LIST else ""
            )
            several = "; several with a semicolon" if self.type == "choices" else ""
            return f"{text}{several}; ? when not known"
        if self.type == "entity" and self.entities:
            firms = "; ".join(self.entities[:_FIRMS_SHOWN])
            return f"{firms}; {_OTHER} (when shown to be none of the named firms); ? when nobody knows"
        return f"{_SUCH_AS[self.type]}; ? when not known"

    @property
    def choices(self) -> tuple[str, ...]:
        """Give the answers to choose from; empty where any text of the type may be one."""
        if self.type == "entity" and self.entities:
            return (*self.entities, _OTHER)
        return ("yes", "no") if self.type == "bool" else self.values


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Everything that is still to be asked.

    Attributes:
        as_of: the day of the scan.
        questions: in the order in which people can answer.
        later: how many more questions are open, and wait until the first ones are answered.
        open_law: points on which the law is open: question, name, findings that hang on it. Nobody can answer them.
        stated: what is stated already, and what was asked and is not known.
        could_help: how many questions were not asked, since they decide nothing; they could show an exception or a waiver.
        answer: what the law says before they are answered.
        meanings: of the entries to choose from that do not say it themselves: question, entry, what it means.
        taken: what was taken from what lists are of, as somebody would state it of each list.
        corrected: what was stated of lists in place of what their form shows, which is its note, each with a finding of its list.
        reach: ids of the findings of which an answer speaks, by the fact and what it applies to; none of a company.
    """

    as_of: str
    questions: tuple[Question, ...]
    later: int
    open_law: tuple[tuple[str, str, int], ...]
    stated: tuple[StatedFact, ...]
    could_help: int = 0
    answer: Answer | None = None
    meanings: tuple[tuple[str, str, str], ...] = ()
    taken: tuple[StatedFact, ...] = ()
    corrected: tuple[tuple[StatedFact, str], ...] = ()
    reach: Mapping[tuple[str, str], Collection[str]] = field(default_factory=dict)


def later_words(form: Questionnaire) -> str:
    """Say that more is to be asked once the first questions are answered."""
    return (
        f"{form.later:,} more questions depend on these answers; most of them will fall away. "
        "Feed these back and ask again."
    )


def could_help_words(form: Questionnaire) -> str:
    """Say that what decides nothing was not asked."""
    return (
        f"{form.could_help:,} questions decide nothing, but could still show an exception, a waiver or a further duty. "
        "`proscribe questions ... --exceptions` asks them too."
    )


def _checked(form: Questionnaire, cells: Sequence[str]) -> list[str]:
    """Give the cells of a row as they are written, with the check of the row."""
    plain = [safe.plain(cell, safe.LONGEST_CELL) for cell in cells]
    told = dict(zip(_HEADER, plain, strict=False))
    return [*plain, row_checks.written_check(told, form.reach.get((cells[_FACT], cells[_FACT + 1])))]


def _cells(item: Question) -> list[str]:
    more = len(item.places) - _EXAMPLES
    return [
        item.site,
        item.about,
        item.question,
        "",
        item.such_as,
        item.help,
        item.who,
        str(len(item.findings)),
        "; ".join(item.places[:_EXAMPLES]) + (f" and {more:,} more" if more > 0 else ""),
        "; ".join(item.asked_by[:6]),
        "yes" if item.decides else "may help",
        ", ".join(item.entities[:6]),
        item.allowed,
        item.fact,
        item.applies_to,
    ]


def _stated_cells(item: StatedFact) -> list[str]:
    cells = [""] * (len(_HEADER) - 1)
    cells[_HEADER.index("About")] = f"(stated already: {item.note})" if item.note else "(stated already)"
    cells[_HEADER.index("Question")] = "Which rules are asked?" if item.fact == "regimes" else asks(item.fact)
    cells[_ANSWER] = item.value
    cells[_HEADER.index("Fact")] = item.fact
    cells[_HEADER.index("Applies to")] = item.applies_to
    return cells


# Workbook


def write_workbook(form: Questionnaire, target: Path) -> None:
    """Write the questionnaire as a workbook: `Answers`, `Questions` with lists to choose from, what the entries mean, `Stated`,
    `Open law`.

    Every cell is text, so that a date stays as it was written and nothing in it can run.
    """
    with written_workbook(target, "Questions") as book:
        head = book.add_format(HEAD)
        text = book.add_format({**TEXT, "num_format": "@"})
        small = book.add_format({"valign": "top", "num_format": "@", "font_size": 7, "font_color": "#666666"})
        answer = book.add_format(ENTRY)
        if form.answer is not None:
            answer_sheet.write_sheet(book, answer_sheet.NAME, form.answer)
        sheet = _sheet(book, "Questions", head)
        lists = _Lists(book)
        for row, item in enumerate(form.questions, start=1):
            for column, cell in enumerate(_checked(form, _cells(item))):
                if column == _ANSWER:
                    sheet.write_blank(row, column, None, answer)
                elif cell:
                    look = text if column < _PRINTED else small
                    sheet.write_string(row, column, cell, look)
            choice = lists.of(item)
            if choice is not None:
                sheet.data_validation(row, _ANSWER, row, _ANSWER, choice)
        if form.questions:
            sheet.autofilter(0, 0, len(form.questions), len(COLUMNS) - 1)
        _page(sheet, len(form.questions))
        if form.meanings:
            _meanings(book.add_worksheet(_MEANINGS), form.meanings, head, text)
        _rows(
            _sheet(book, "Stated", head), [_checked(form, _stated_cells(item)) for item in form.stated], text
        )
        notes = [
            text
            for text, some in ((later_words(form), form.later), (could_help_words(form), form.could_help))
            if some
        ]
        if notes:
            sheet = book.add_worksheet("Later")
            for row, note in enumerate(notes):
                sheet.write_string(row, 0, note)
        if form.open_law:
            sheet = book.add_worksheet("Open law")
            sheet.set_column(0, 0, 80)
            sheet.set_column(1, 1, 40)
            for column, title in enumerate(
                ("The law is open on this point; counsel decides", "Name", "Findings")
            ):
                sheet.write_string(0, column, title, head)
            for row, (question, name, number) in enumerate(form.open_law, start=1):
                sheet.write_string(row, 0, question, text)
                sheet.write_string(row, 1, name, text)
                sheet.write_number(row, 2, number)
        lists.write()


def _meanings(sheet: Any, meanings: Sequence[tuple[str, str, str]], head: Any, text: Any) -> None:
    """Write what the entries to choose from mean, on landscape pages; a question stands once, before its entries."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for column, (title, width) in enumerate((("Question", 48), ("Entry", 36), ("What it means", 80))):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, head)
    before = ""
    for row, (question, entry, means) in enumerate(meanings, start=1):
        cells = ("" if question == before else question, entry.replace("_", " "), means)
        before = question
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, safe.plain(cell, safe.LONGEST_CELL), text)


def _page(sheet: Any, rows: int) -> None:
    """Set the sheet up for paper: landscape, one page wide, the header on every page, without the columns of ids."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, max(rows, 1), _PRINTED - 1)
    sheet.set_footer("&LQuestions that still matter&RPage &P of &N")


def _sheet(book: Any, name: str, head: Any) -> Any:
    return headed_sheet(book, name, COLUMNS, head, kept=_ANSWER + 1 if name == "Questions" else 0)


def _rows(sheet: Any, rows: Sequence[Sequence[str]], look: Any) -> None:
    for row, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            if cell:
                sheet.write_string(row, column, safe.plain(cell, safe.LONGEST_CELL), look)


class _Lists:
    """Lists to choose from; those too long for a cell's own rule go to a hidden sheet."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._long: dict[tuple[str, ...], int] = {}

    def of(self, item: Question) -> dict[str, Any] | None:
        values = item.choices
        if not values:
            return None
        several = item.type == "choices"
        rule: dict[str, Any] = {
            "validate": "list",
            "input_title": safe.plain(item.question, 32),
            "input_message": ("Choose one; several with a semicolon. " if several else "Choose one. ")
            + "Empty or ? is not known.",
            # several values are no entry of the list, and ? is always allowed
            "error_type": "warning",
            "error_title": "Not in the list",
            "error_message": f"Expected: {item.allowed}"[:250],
        }
        if len(",".join(values)) <= _INLINE_LIST:
            return {**rule, "source": list(values)}
        column = self._long.setdefault(tuple(values), len(self._long))
        letter = chr(ord("A") + column)
        return {**rule, "source": f"=Lists!${letter}$1:${letter}${len(values)}"}

    def write(self) -> None:
        if not self._long:
            return
        sheet = self._book.add_worksheet("Lists")
        sheet.hide()
        for values, column in self._long.items():
            for row, value in enumerate(values):
                sheet.write_string(row, column, value)


# CSV and Markdown


def to_csv(form: Questionnaire) -> str:
    """Write the questionnaire as CSV with the same columns; what is stated already stands at the end, answered."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEADER)
    for cells in (*map(_cells, form.questions), *map(_stated_cells, form.stated)):
        writer.writerow([safe.csv_cell(cell) for cell in _checked(form, cells)])
    return out.getvalue()


def to_text(form: Questionnaire, width: int = 100) -> str:
    """Write the questionnaire for a terminal; it cannot be fed back."""
    lines: list[str] = []

    def say(text: str, indent: int = 0) -> None:
        pad = " " * indent
        lines.extend(
            (pad if place == 0 else pad + "  ") + line
            for place, line in enumerate(wrap(visible(text, 600), width - indent - 2))
        )

    say(f"Questions that still matter, scan as of {form.as_of}: {len(form.questions):,}")
    for words in (later_words(form) if form.later else "", could_help_words(form) if form.could_help else ""):
        if words:
            say(words)
    shown = form.questions[:_MOST_IN_MARKDOWN]
    for site, items in groupby(shown, key=lambda item: item.site):
        lines.append("")
        say(site or "The company")
        for item in items:
            say(f"{item.question} ({item.about[:200]})", 2)
            say(f"answer: {item.such_as}", 6)
            if item.help:
                say(f"how: {item.help}", 6)
            say(f"{item.who} can say; findings that wait: {len(item.findings):,}", 6)
    if len(form.questions) > len(shown):
        say(f"... and {len(form.questions) - len(shown):,} more. Write them all with -o xlsx=FILE.")
    for question, name, number in form.open_law:
        settled = "A source is missing." if name in SOURCE_MISSING else "The law is open; counsel decides."
        lines.append("")
        say(f"{question} (findings: {number:,}) {settled}")
    lines.append("")
    say("To fill them in: -o xlsx=questions.xlsx, then scan again with --answers questions.xlsx.")
    say(NOT_ADVICE)
    return "\n".join(lines) + "\n"


def to_markdown(form: Questionnaire) -> str:
    """Write the questionnaire for reading; it cannot be fed back."""
    return "\n".join(_markdown(form)) + "\n"


def _markdown(form: Questionnaire) -> Iterator[str]:
    yield "# Questions that still matter"
    yield ""
    yield f"Scan as of {safe.markdown(form.as_of)}. {len(form.questions):,} questions."
    if form.later:
        yield ""
        yield later_words(form)
    if form.could_help:
        yield ""
        yield could_help_words(form)
    shown = form.questions[:_MOST_IN_MARKDOWN]
    for (site, decides), items in groupby(
        shown, key=lambda item: (item.site, item.decides or bool(item.site))
    ):
        yield ""
        yield f"## {safe.markdown(site or ('The company' if decides else 'The company: what may help'))}"
        for item in items:
            yield ""
            yield f"- **{safe.markdown(item.question)}** ({safe.markdown(visible(item.about, 200))})"
            yield f"  - answer: {safe.markdown(item.such_as, 600)}"
            if item.help:
                yield f"  - how: {safe.markdown(item.help, 600)} {safe.markdown(item.who)} can say."
            yield (
                f"  - asked by {safe.markdown('; '.join(item.asked_by[:6]))}; findings that wait: {len(item.findings):,}"
                + (
                    ""
                    if item.decides
                    else "; it does not decide, but may show an exception, a waiver or a duty"
                )
            )
            yield f"  - fact `{item.fact}`, for {safe.markdown(item.applies_to)}"
    if len(form.questions) > len(shown):
        yield ""
        yield f"**{len(form.questions) - len(shown):,} more questions are not shown here.** Write them all with `-o xlsx=FILE`."
    if form.meanings:
        yield ""
        yield f"## {_MEANINGS}"
        for question, of_question in groupby(form.meanings, key=lambda one: one[0]):
            yield ""
            yield f"**{safe.markdown(question)}**"
            yield ""
            for _, entry, means in of_question:
                yield f"- {safe.markdown(entry.replace('_', ' '))}: {safe.markdown(means)}"
    if form.open_law:
        yield ""
        yield "## Points on which the law is open"
        yield ""
        for question, name, number in form.open_law:
            settled = "A source is missing." if name in SOURCE_MISSING else "Counsel decides."
            yield f"- {safe.markdown(question)} (`{name}`; findings: {number:,}). {settled}"
    yield ""
    yield safe.markdown(NOT_ADVICE)
