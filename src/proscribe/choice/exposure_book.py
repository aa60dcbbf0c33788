"""An exposure as a workbook: every line with its rules, and totals that are formulas over the lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from proscribe.choice.exposure import asks_of
from proscribe.choice.exposure_page import KINDS, rule_words, sentence
from proscribe.model.exposure import Exposure
from proscribe.reports.workbooks import HEAD, MONEY, TEXT, headed_sheet, write_rows, written_workbook
from proscribe.wording import safe

_HEADS = (
    ("Line", 10), ("Kind", 13), ("What", 40), ("Event", 10), ("Day", 12), ("Month", 9), ("Legal entity", 24), ("Site", 24),
    ("Units", 8), ("Surely", 16), ("With undetermined", 18), ("Not priced", 36), ("Price", 24), ("Rules, surely", 30),
    ("Rules, possibly", 30), ("Citations", 44), ("Not known", 44), ("Findings", 30), ("Row", 32),
)  # fmt: skip


def write_workbook(made: Exposure, target: Path) -> None:
    """Write the workbook; totals follow when an amount of a line is changed."""
    with written_workbook(target, f"Exposure, {made.as_of.isoformat()}") as book:
        look = _Looks(book)
        _summary(book, look, made)
        _lines(book, look, made)
        _rules(book, look, made)
        _plain(
            book, look, "By customer", ("Customer", "Agency", "Country", "Surely", "With undetermined", "Not priced", "Lines"),
            [
                (
                    one.customer.name, one.customer.agency, one.customer.nation,
                    *("not priced" if amount is None else amount for amount in one.columns), one.not_priced, ", ".join(one.lines),
                )
                for one in made.customers
            ],
        )  # fmt: skip
        _plain(
            book, look, "What is sold", ("What", "Where", "Finding", "Band", "Holds", "Known by", "Question", "Lines"),
            [
                (
                    one.what, one.at, one.finding, one.band, " > ".join(one.path), "; ".join(one.across), " ".join(one.asks),
                    ", ".join(one.lines),
                )
                for one in made.sold
            ],
        )  # fmt: skip
        _plain(
            book, look, "Narrowing", ("Question", "Fact", "Income", "Cost", "Lines", "Not priced"),
            [(one.asks, one.fact, one.income, one.cost, ", ".join(one.lines), one.not_priced) for one in made.narrowing],
        )  # fmt: skip
        notes = [(one.code, one.at, one.what) for one in made.issues]
        _plain(
            book, look, "Notes", ("Code", "Where", "What"), [*notes, *(("", "", note) for note in made.notes)]
        )


class _Looks:
    def __init__(self, book: Any) -> None:
        self.head = book.add_format(HEAD)
        self.text = book.add_format(TEXT)
        self.money = book.add_format(MONEY)
        self.bold = book.add_format({"bold": True, "text_wrap": True})


def _summary(book: Any, look: _Looks, made: Exposure) -> None:
    sheet = book.add_worksheet("Summary")
    sheet.set_column(0, 0, 56)
    sheet.set_column(1, 5, 18)
    sheet.write_string(0, 0, safe.plain(sentence(made)), look.bold)
    sheet.write_string(
        1,
        0,
        f"All amounts in {made.currency}. Law of {made.as_of.isoformat()} where no contract has its own day.",
    )
    for column, head in enumerate(("What", "Surely", "With undetermined", "Between", "Lines", "Not priced")):
        sheet.write_string(3, column, head, look.head)
    last = len(made.lines) + 1
    for place, total in enumerate(made.totals, start=4):
        sheet.write_string(place, 0, KINDS[total.kind], look.text)
        sheet.write_number(place, 4, total.lines)
        sheet.write_number(place, 5, total.not_priced)
        for column, letter, amount in zip((1, 2), "JK", total.columns, strict=True):
            formula = f'=SUMIFS(Lines!${letter}$2:${letter}${last},Lines!$B$2:$B${last},"{total.kind}")'
            if amount is None:
                sheet.write_string(place, column, "not priced")
            else:
                sheet.write_formula(place, column, formula, look.money, float(amount))
        if None not in total.columns:
            between = float(total.possibly - total.surely)
            sheet.write_formula(place, 3, f"=C{place + 1}-B{place + 1}", look.money, between)


def _lines(book: Any, look: _Looks, made: Exposure) -> None:
    rows = [
        (
            line.id, line.kind, line.what, line.event, line.on.isoformat(), line.month, line.legal_entity, line.site, line.units,
            line.surely, line.possibly, line.not_priced, line.priced_by,
            "; ".join(rule_words(made.titles, hold.regime) for hold in line.rules if hold.sure),
            "; ".join(rule_words(made.titles, hold.regime) for hold in line.rules if not hold.sure),
            "; ".join(dict.fromkeys(text for hold in line.rules for text in hold.citations)),
            "; ".join(dict.fromkeys(text for hold in line.rules for text in map(asks_of, hold.missing))),
            "; ".join(dict.fromkeys(text for hold in line.rules for text in hold.findings)), line.at,
        )
        for line in made.lines
    ]  # fmt: skip
    write_rows(headed_sheet(book, "Lines", _HEADS, look.head, kept=3), rows, look.money, look.text)


def _rules(book: Any, look: _Looks, made: Exposure) -> None:
    heads = ("Rule", "Legal entity", "Month", "Kind", "Surely", "With undetermined", "Not priced", "Lines")
    rows = [
        (
            rule_words(made.titles, one.regime),
            one.legal_entity,
            one.month,
            one.kind,
            *("not priced" if amount is None else amount for amount in one.columns),
            one.not_priced,
            ", ".join(one.lines),
        )
        for one in made.sums
    ]
    _plain(book, look, "By rule", heads, rows)


def _plain(
    book: Any, look: _Looks, name: str, heads: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    widths = ((head, 60 if head in ("Question", "What", "Lines") else 22) for head in heads)
    write_rows(headed_sheet(book, name, widths, look.head), rows, look.money, look.text)
