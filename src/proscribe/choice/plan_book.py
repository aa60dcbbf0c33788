"""A plan as a workbook with live totals, and as location lines: what is removed, replaced and disposed of where, and when."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from proscribe.model.phase_out import Alternative, ContractDay, PhaseOut, WorkLine
from proscribe.reports.workbooks import HEAD, MONEY, headed_sheet, write_rows, written_workbook
from proscribe.wording import safe

_UNKNOWN = "not priced"
#: Lines of the summary that add up the value of contracts: they say nothing where none has a price.
_OF_CONTRACTS = ("Contract value let go", "Contract value kept", "Still in doubt")
#: As the location lines of FCC Form 5640 ask: place, equipment, and when it is removed, replaced and disposed of.
_LOCATION = (
    "Location",
    "Equipment",
    "Category",
    "Quantity",
    "Remove by",
    "Replace in",
    "Dispose by",
    "Cost",
    "Finding",
    "Row",
)


def location_lines(made: PhaseOut) -> str:
    """Write one line for each row of assets and month."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_LOCATION)
    for line in made.work:
        cells = (
            line.site,
            line.item,
            line.category,
            str(line.units) if line.counted else "",
            line.gone,
            line.month,
            "",
            str(line.cost) if line.priced else "",
            line.finding,
            line.at,
        )
        writer.writerow([safe.csv_cell(cell) for cell in cells])
    return text.getvalue()


@dataclass(frozen=True, slots=True)
class RegionMonth:
    """Sites with work, and units, of one region in one month."""

    month: str
    region: str
    sites: int
    units: int


def by_region(work: Sequence[WorkLine]) -> list[RegionMonth]:
    """Count sites and units by month and region."""
    sites: dict[tuple[str, str], set[str]] = {}
    units: dict[tuple[str, str], int] = {}
    for line in work:
        key = (line.month, line.region)
        sites.setdefault(key, set()).add(line.site)
        units[key] = units.get(key, 0) + line.units
    return [RegionMonth(*key, len(sites[key]), units[key]) for key in sorted(sites)]


def write_workbook(made: PhaseOut, target: Path, said: str) -> None:
    """Write the workbook; its totals are formulas over the lines of work and the days of contracts.

    Args:
        said: the answer in words.
    """
    with written_workbook(target, f"Phase-out plan from {made.first}") as book:
        head = book.add_format(HEAD)
        money = book.add_format(MONEY)
        last = len(made.work) + 1
        _summary(book, made, said, money)
        sheet = _sheet(book, "Months", ("Month", "Spent", "Available", "Sites", "Units"), head)
        for row, one in enumerate(made.cash, start=1):
            sheet.write_string(row, 0, one.month)
            formula = f"=SUMIFS(Work!$J$2:$J${last},Work!$A$2:$A${last},A{row + 1})"
            sheet.write_formula(row, 1, formula, money, float(one.spent))
            if one.available is not None:
                sheet.write_number(row, 2, float(one.available), money)
            sheet.write_number(row, 3, one.sites)
            units = sum(line.units for line in made.work if line.month == one.month)
            sheet.write_formula(
                row, 4, f"=SUMIFS(Work!$I$2:$I${last},Work!$A$2:$A${last},A{row + 1})", None, units
            )
        for name, (heads, rows) in _tables(made).items():
            write_rows(_sheet(book, name, heads, head), rows, money)


def _summary(book: Any, made: PhaseOut, said: str, money: Any) -> None:
    """Write the answer first: what it costs and keeps, so that it follows where a cost, a month or a contract is changed."""
    sheet = book.add_worksheet("Summary")
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 22)
    bold = book.add_format({"bold": True})
    sheet.write_string(0, 0, safe.plain(said, safe.LONGEST_CELL), bold)
    sheet.write_string(1, 0, f"All amounts in {made.currency}; law asked on {made.as_of.isoformat()}.")
    last, days = len(made.work) + 1, len(made.contracts) + 1
    told: list[tuple[str, str, Decimal | int]] = [("Still in doubt", "", made.residual)]
    if made.cost is not None:
        kept = sum((one.value or Decimal(0) for one in made.contracts if one.kept), Decimal(0))
        value = f'=SUMIFS(Contracts!$C$2:$C${days},Contracts!$E$2:$E${days},"%s")'
        told = [
            ("Replacement, of what has a price", f"=SUM(Work!$J$2:$J${last})", made.replaced),
            ("Contract value let go", value % "no", made.let_go),
            ("Cost of the plan", "=SUM(B4:B5)", made.cost),
            ("No plan costs less than", "", made.bound),
            ("Contract value kept", value % "yes", kept),
            *told,
            ("Units", f"=SUM(Work!$I$2:$I${last})", sum(line.units for line in made.work)),
            ("Rows of assets without a price", "", len({one.asset for one in made.work if not one.priced})),
        ]
    for row, (what, formula, amount) in enumerate(told, start=3):
        sheet.write_string(row, 0, what)
        look = money if isinstance(amount, Decimal) else None
        if what in _OF_CONTRACTS and not made.is_worth_known:
            sheet.write_string(row, 1, _UNKNOWN)
        elif formula:
            sheet.write_formula(row, 1, formula, look, float(amount))
        else:
            sheet.write_number(row, 1, float(amount), look)


def _kept(made: PhaseOut, day: ContractDay) -> str:
    """Say whether a day of a contract is kept; without a plan nobody knows."""
    return "no plan" if made.cost is None else _yes(day.kept)


def _tables(made: PhaseOut) -> dict[str, tuple[Sequence[str], Sequence[Sequence[object]]]]:
    """Give heads and rows of the other sheets."""
    days = ("Contract", "Day", "Value", "Clean by", "Kept", "Must", "Rows of assets")
    unread = (f"{one.code} {one.at}: {one.what}" for one in made.issues)
    notes = [*made.reason, *(one.what for one in made.ways), *unread, *made.notes]
    quarters = made.alternatives[0].quarters if made.alternatives else ()
    return {
        "Work": _work(made.work),
        "Regions": (
            ("Month", "Region", "Sites", "Units"),
            [(one.month, one.region or "no region", one.sites, one.units) for one in by_region(made.work)],
        ),
        "Contracts": (
            days,
            [
                (c.contract, c.on.isoformat(), c.value, c.clean_by, _kept(made, c), _yes(c.must), c.things)
                for c in made.contracts
            ],
        ),
        "At stake": (
            ("Contract", "Day", "Value", "What is sold", "What would settle it"),
            [
                (one.contract, one.on.isoformat(), one.value, "; ".join(one.sold), " ".join(one.asks))
                for one in made.at_stake
            ],
        ),
        "Alternatives": _alternatives(made.alternatives, known=made.is_worth_known),
        "Quarters": (
            ("What", *(one.quarter for one in quarters)),
            [(one.name, *(quarter.spent for quarter in one.quarters)) for one in made.alternatives],
        ),
        "Notes": (("What",), [(note,) for note in notes]),
    }


def _work(lines: Sequence[WorkLine]) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
    heads = (
        "Month", "Gone by", "Site", "Category", "Item", "Crew", "Finding", "Row", "Units", "Cost", "Minutes",
        "Region", "Quantity",
    )  # fmt: skip
    return heads, [
        (
            w.month, w.gone, w.site, w.category, w.item, w.crew, w.finding, w.at, w.units, w.cost if w.priced else None,
            w.minutes, w.region, "" if w.counted else "not read: one unit stands for the row",
        )
        for w in lines
    ]  # fmt: skip


def _alternatives(
    others: Sequence[Alternative], *, known: bool
) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
    heads = (
        "What", "Replaced", "Let go", "Kept", "Stranded", "Peak month", "Present value", "Rows unlawful", "Unlawful days",
        "In doubt", "Gap, percent", "Note",
    )  # fmt: skip
    return heads, [
        (
            a.name, a.replaced, *((a.let_go, a.kept) if known else (_UNKNOWN, _UNKNOWN)),
            _UNKNOWN if a.stranded is None else a.stranded, a.peak, "no rate" if a.present_value is None else a.present_value,
            a.unlawful, a.unlawful_days, a.doubt if known else _UNKNOWN, Decimal(a.gap) / 100, a.note,
        )
        for a in others
    ]  # fmt: skip


def _yes(truth: bool) -> str:
    return "yes" if truth else "no"


def _sheet(book: Any, name: str, heads: Sequence[str], look: Any) -> Any:
    widths = ((one, 40 if one in ("Contract", "What", "Item", "Note") else 16) for one in heads)
    return headed_sheet(book, name, widths, look)
