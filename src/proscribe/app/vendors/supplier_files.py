"""Files about suppliers for the user to send: forms, letters, lists."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from proscribe.app.vendors.suppliers import Asked, Unasked
from proscribe.model.casework import SupplierDeclaration
from proscribe.suppliers.form_page import to_page
from proscribe.suppliers.form_workbook import to_workbook
from proscribe.suppliers.letters import request_letter
from proscribe.wording import safe

if TYPE_CHECKING:
    pass


def list_of_unasked(found: Iterable[Unasked]) -> bytes:
    """Write suppliers that nobody asked as a list for a campaign, in CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["Supplier", "Tier", "Parent"])
    writer.writerows([safe.csv_cell(one.supplier), str(one.tier), one.named_by] for one in found)
    return text.getvalue().encode()


def file_stem(item_id: str, supplier: str) -> str:
    """Give the name of a supplier's files: its id, and what of its name is plain."""
    plain = re.sub(r"[^a-z0-9]+", "-", supplier.casefold()).strip("-")[:40].strip("-")
    return f"{item_id}-{plain}" if plain else item_id


def campaign_files(asked: Sequence[Asked]) -> dict[str, bytes]:
    """Write forms, texts to send and an index; relative name to bytes."""
    made: dict[str, bytes] = {}
    index = io.StringIO()
    writer = csv.writer(index, lineterminator="\r\n")
    writer.writerow(
        ["Id", "Supplier", "E-mail", "Asked", "Due", "Form", "Workbook", "Page", "Text to send", "Note"]
    )
    for one in asked:
        row = [one.id, safe.csv_cell(one.vendor.name), safe.csv_cell(one.vendor.email)]
        if one.form is None:
            writer.writerow([*row, "", "", "", "", "", "", safe.csv_cell(f"not asked again: {one.why_not}")])
            continue
        stem = file_stem(one.id, one.form.supplier)
        names = [f"forms/{stem}.xlsx", f"forms/{stem}.html", f"messages/{stem}.txt"]
        made[names[0]] = to_workbook(one.form)
        made[names[1]] = to_page(one.form).encode()
        made[names[2]] = request_letter(one.form, [Path(names[1]).name, Path(names[0]).name]).encode()
        writer.writerow(
            [*row, one.form.asked_on.isoformat(), one.form.due_on.isoformat(), one.form.id, *names, ""]
        )
    made["index.csv"] = ("\ufeff" + index.getvalue()).encode()
    return made


def campaign_archive(asked: Sequence[Asked]) -> bytes:
    """Write `campaign_files` as one ZIP archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in campaign_files(asked).items():
            archive.writestr(name, data)
    return made.getvalue()


def reminder_files(found: Mapping[str, tuple[SupplierDeclaration, str]]) -> dict[str, bytes]:
    """Give the files of reminders that `SupplierDesk.remind` wrote; name to bytes."""
    return {f"{file_stem(name, item.supplier)}.txt": text.encode() for name, (item, text) in found.items()}
