"""Tables to fill in: one workbook, or a CSV file each, with what is known already."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from proscribe.choice.headings import LEFT_OUT, PUBLIC_FIGURES, headings_of, names_of, tables
from proscribe.choice.records import Asset, Contract
from proscribe.kb.costs import PublicFigure
from proscribe.reports.workbooks import HEAD, TEXT, written_workbook
from proscribe.wording import safe

#: Columns of assets for people alone; reading the table passes over them.
TRACE = ("Tag", "File", "Record", "To check")
_LEFT_HEADINGS = ("Finding", "Found", "Tag", "File", "Record", "Why it is no row of assets")


def rows_of(
    assets: Iterable[tuple[Asset, Sequence[str]]], contracts: Iterable[Contract], organisation: str
) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Give the rows that are known, by table and name of the column.

    Args:
        assets: each with the cells of `TRACE`.
    """
    categories: dict[str, None] = {}
    made: dict[str, list[Mapping[str, str]]] = {name: [] for name in tables()}
    for one, trace in assets:
        categories.setdefault(one.category, None)
        made["assets"].append(
            {
                "finding": one.finding,
                "item": one.item,
                "quantity": "" if one.units is None else str(one.units),
                "site": one.site,
                "category": one.category,
                "due_on": one.due_on.isoformat() if one.due_on else "",
                "legal_entity": organisation,
                **dict(zip(TRACE, trace, strict=True)),
            }
        )
    made["contracts"] = [
        {
            "number": one.number,
            "kind": one.kind,
            "customer": "" if one.customer.name == one.agency else one.customer.name,
            "agency": one.agency,
            "law": one.law,
            "clauses": "; ".join(one.clauses),
            "awarded_on": one.awarded_on.isoformat() if one.awarded_on else "",
            "legal_entity": organisation,
        }
        for one in contracts
    ]
    made["assumptions"] = [{"category": one} for one in sorted(categories) if one]
    return made


def _heads(table: str) -> list[tuple[str, str, str]]:
    """Give name, heading and meaning of each column that a table is written with."""
    told = [(name, *head) for name, head in zip(names_of(table), headings_of(table), strict=True)]
    return told + [(name, name, "for people; it is not read") for name in TRACE if table == "assets"]


def write_csv(
    rows: Mapping[str, Sequence[Mapping[str, str]]], left: Sequence[Sequence[str]] = ()
) -> dict[str, bytes]:
    """Give a CSV file for each table, by file name, and one of what is no row of assets where there is any."""
    made = {}
    for table in tables():
        heads = _heads(table)
        cells = ([row.get(name, "") for name, _, _ in heads] for row in rows[table])
        made[f"{table}.csv"] = _csv([heading for _, heading, _ in heads], cells)
    if left:
        made["left-out.csv"] = _csv(_LEFT_HEADINGS, left)
    return made


def _csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([safe.csv_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8", "backslashreplace")


def write_workbook(
    target: Path, rows: Mapping[str, Sequence[Mapping[str, str]]], public: Sequence[PublicFigure],
    left: Sequence[Sequence[str]] = (),
) -> None:  # fmt: skip
    """Write one workbook: a sheet for each table, what is no row of assets, and public figures to compare with."""
    with written_workbook(target, "Tables of a choice") as book:
        head = book.add_format(HEAD)
        text = book.add_format({**TEXT, "num_format": "@"})
        number = book.add_format({"valign": "top", "num_format": "#,##0.##"})
        for table, told in tables().items():
            sheet = book.add_worksheet(table.capitalize())
            sheet.freeze_panes(1, 0)
            heads = _heads(table)
            for column, (_, heading, about) in enumerate(heads):
                sheet.set_column(column, column, 18, text)
                sheet.write_string(0, column, heading, head)
                sheet.write_comment(0, column, about)
            for place, row in enumerate(rows[table], start=1):
                for column, (name, _, _) in enumerate(heads):
                    if row.get(name):
                        sheet.write_string(place, column, safe.plain(row[name], safe.LONGEST_CELL), text)
            if told["columns"].get("kind") and table == "contracts":
                column = names_of(table).index("kind")
                sheet.data_validation(
                    1, column, 5_000, column, {"validate": "list", "source": ["contract", "grant", "licence"]}
                )
            if table == "capacity":
                column = names_of(table).index("what")
                source = ["money", "grant", "crew", "closed"]
                sheet.data_validation(1, column, 5_000, column, {"validate": "list", "source": source})
        if left:
            sheet = book.add_worksheet(LEFT_OUT)
            sheet.set_column(0, len(_LEFT_HEADINGS) - 1, 24, text)
            for column, heading in enumerate(_LEFT_HEADINGS):
                sheet.write_string(0, column, heading, head)
            for place, cells in enumerate(left, start=1):
                for column, cell in enumerate(cells):
                    sheet.write_string(place, column, safe.plain(cell, safe.LONGEST_CELL), text)
        sheet = book.add_worksheet(PUBLIC_FIGURES)
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
