"""Tables to fill in: one workbook, or a CSV file each, with what is known already."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from proscribe.choice.inputs import headings_of, names_of, tables
from proscribe.choice.records import Asset, Contract
from proscribe.kb.costs import PublicFigure
from proscribe.reports.atomic import written_workbook
from proscribe.wording import safe

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
#: Empty rows that a table is made with.
_LONGEST_CELL = 32_000


def rows_of(
    assets: Iterable[Asset], contracts: Iterable[Contract], organisation: str
) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Give the rows that are known, by table and name of the column."""
    categories: dict[str, None] = {}
    made: dict[str, list[Mapping[str, str]]] = {name: [] for name in tables()}
    for one in assets:
        categories.setdefault(one.category, None)
        made["assets"].append(
            {
                "finding": one.finding,
                "item": one.item,
                "quantity": "" if one.units is None else str(one.units),
                "site": one.site,
                "category": one.category,
                "legal_entity": organisation,
            }
        )
    made["contracts"] = [
        {
            "number": one.number,
            "kind": one.kind,
            "agency": one.agency,
            "clauses": "; ".join(one.clauses),
            "awarded_on": one.awarded_on.isoformat() if one.awarded_on else "",
            "legal_entity": organisation,
        }
        for one in contracts
    ]
    made["assumptions"] = [{"category": one} for one in sorted(categories) if one]
    return made


def write_csv(rows: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[str, bytes]:
    """Give a CSV file for each table, by file name."""
    made = {}
    for table in tables():
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([heading for heading, _ in headings_of(table)])
        for row in rows[table]:
            writer.writerow([safe.csv_cell(row.get(name, "")) for name in names_of(table)])
        made[f"{table}.csv"] = text.getvalue().encode("utf-8", "backslashreplace")
    return made


def write_workbook(
    target: Path, rows: Mapping[str, Sequence[Mapping[str, str]]], public: Sequence[PublicFigure]
) -> None:
    """Write one workbook with a sheet for each table, and one with public figures to compare with."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with written_workbook(target, options) as book:
        book.set_properties({"title": "Tables of a choice", "created": _EPOCH})
        head = book.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#E6E9EC", "text_wrap": True, "valign": "top"}
        )
        text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        number = book.add_format({"valign": "top", "num_format": "#,##0.##"})
        for table, told in tables().items():
            sheet = book.add_worksheet(table.capitalize())
            sheet.freeze_panes(1, 0)
            for column, (heading, about) in enumerate(headings_of(table)):
                sheet.set_column(column, column, 18, text)
                sheet.write_string(0, column, heading, head)
                sheet.write_comment(0, column, about)
            for place, row in enumerate(rows[table], start=1):
                for column, name in enumerate(names_of(table)):
                    if row.get(name):
                        sheet.write_string(place, column, safe.plain(row[name], _LONGEST_CELL), text)
            if told["columns"].get("kind") and table == "contracts":
                column = names_of(table).index("kind")
                sheet.data_validation(
                    1, column, 5_000, column, {"validate": "list", "source": ["contract", "grant", "licence"]}
                )
            if table == "capacity":
                column = names_of(table).index("what")
                source = ["money", "grant", "crew", "closed"]
                sheet.data_validation(1, column, 5_000, column, {"validate": "list", "source": source})
        sheet = book.add_worksheet("Public figures")
        sheet.set_column(0, 0, 70, text)
        sheet.set_column(1, 6, 18, text)
        for column, heading in enumerate(
            ("What", "Amount", "In", "Named on", "Source", "Basis", "Confidence")
        ):
            sheet.write_string(0, column, heading, head)
        for place, one in enumerate(public, start=1):
            sheet.write_string(place, 0, one.what, text)
            sheet.write_number(place, 1, float(one.amount) if one.amount % 1 else int(one.amount), number)
            for column, cell in enumerate(
                (one.currency, one.on.isoformat(), one.source, one.basis, one.confidence), start=2
            ):
                sheet.write_string(place, column, cell, text)
