"""What a reader hands on: issues, tables, batches' places. No library types."""

from __future__ import annotations

from dataclasses import dataclass, field

#: The closed list of fields a column can carry. Content fields are matched, the rest is kept.
CONTENT_FIELDS = (
    "text",  # free description of the item
    "vendor_name",  # seller or payee
    "maker_name",  # manufacturer, make, brand
    "product_name",
    "model_number",
    "part_number",
    "mac",
    "hostname",
    "cpe",
    "purl",
    "fcc_id",
    "usb_id",
    "banner",
    "sysobjectid",
    "chip",
    "certificate",
    "user_agent",
    "file_name",
    "serial_number",
    "other",  # unrecognised text column: read, but never more than `possible` by itself
)
CONTEXT_FIELDS = (
    "row_id",
    "quantity",
    "unit_cost",
    "amount",
    "currency",
    "site",
    "dated_on",
    "ip",
    "category",
    "note",  # remarks: not matched, but probed for names and reported when it holds any
)
FIELDS = CONTENT_FIELDS + CONTEXT_FIELDS


@dataclass(frozen=True, slots=True)
class ReadIssue:
    """Something a reader could not read, or read with a doubt.

    Attributes:
        code: stable code `E1xx`.
        at: place inside the input, such as `row 17`, `sheet 'Old'!B3`, `byte 4096`.
        what: what happened, what was expected, what to do next.
        lossy: whether data went unread because of it (then the exit code is 3).
    """

    code: str
    at: str
    what: str
    lossy: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an input: a CSV file, a sheet, a JSON array.

    Attributes:
        sheet: sheet or member name; `None` when the input is one table.
        header: the user's column names, in order, made unique.
        fields: column name to field of `FIELDS`, for the columns that are read.
        recognised_by: column name to `header`, `content` or `map`.
        unread: columns that are not read, in order.
        hidden: whether the sheet is hidden in the workbook.
        first_row: source row (1-based, of the file or sheet) of record 1; for messages only.
    """

    sheet: str | None
    header: tuple[str, ...]
    fields: dict[str, str] = field(default_factory=dict)
    recognised_by: dict[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    hidden: bool = False
    first_row: int = 2
