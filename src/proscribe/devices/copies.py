"""Rows of two copies of one list: exported as CSV and as a workbook, or copied under another name.

Rows are one record only when everything says so: the lists have the same columns, the rows carry an id that each list
gives to one row alone and that is more than a bare short number, and every cell is the same. Most rows of the shorter list
must be so; otherwise a few rows that look alike in two lists would be taken for one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from proscribe.devices.keys import DeviceTable, is_short_tag
from proscribe.devices.kinds import DEVICE_KINDS
from proscribe.devices.marks import PLACEHOLDERS
from proscribe.readers.header_fields import fold_header

#: Cells of a row that has an id, by folded header.
_Row = tuple[tuple[str, str], ...]

_NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d{1,15}(?:\.\d+)?")
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]00:00:00(?:\.0+)?")
#: Fields whose values several things share, however many different ones a list shows.
_NEVER_IDS = frozenset(
    {
        "maker_name", "model_number", "part_number", "product_name", "vendor_name", "site", "category", "quantity", "unit_cost",
        "amount", "currency", "dated_on", "seen_at", "scan_run", "text", "note", "ip", "port", "protocol", "banner", "chip",
    }
)  # fmt: skip
#: Words of headers under which an id stands in a column that carries no field of one.
_ID_FIELDS = frozenset({"row_id", "asset_tag", "serial_number", "mac", "order_line"})
_ID = re.compile(r"(?=.*\d)[\w./:#-]{3,40}")


def normal(text: str) -> str:
    """Write a cell as any export would: `1,200.50` and `1200.5` are one, a day at midnight is a day."""
    plain = " ".join(text.split())
    found = _MIDNIGHT.fullmatch(plain)
    if found is not None:
        return found[1]
    if _NUMBER.fullmatch(plain) and not (
        plain.lstrip("-").startswith("0") and plain.lstrip("-")[1:2].isdigit()
    ):
        whole, _, rest = plain.replace(",", "").partition(".")
        rest = rest.rstrip("0")
        return f"{whole}.{rest}" if rest else whole
    return plain.casefold()


def same_rows(tables: Sequence[DeviceTable], starts: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
    """Yield ids with the records of several inputs that are one row.

    Args:
        starts: first running number of the records of each table.
    """
    alike: dict[tuple[str, frozenset[str]], list[int]] = {}
    for number, table in enumerate(tables):
        if table.kind in DEVICE_KINDS and len(table.table.header) > 1:
            columns = frozenset(map(fold_header, table.table.header))
            alike.setdefault((table.kind, columns), []).append(number)
    for numbers in alike.values():
        if len({tables[number].input for number in numbers}) > 1:
            yield from _of_alike(tables, starts, numbers)


def _of_alike(
    tables: Sequence[DeviceTable], starts: Sequence[int], numbers: Sequence[int]
) -> Iterator[tuple[str, list[int]]]:
    rows = {number: _rows(tables[number], starts[number]) for number in numbers}
    records: dict[tuple[str, _Row], set[int]] = {}
    for one, two in combinations(numbers, 2):
        if tables[one].input == tables[two].input:
            continue
        shared = rows[one].keys() & rows[two].keys()
        smaller = min(_size(tables[one]), _size(tables[two]))
        if shared and 2 * len(shared) >= smaller:
            for key in shared:
                records.setdefault(key, set()).update((rows[one][key], rows[two][key]))
    for (value, _row), found in sorted(records.items(), key=lambda item: (item[0], min(item[1]))):
        yield value, sorted(found)


def _size(table: DeviceTable) -> int:
    return sum(batch.rows.num_rows for batch in table.batches)


def _rows(table: DeviceTable, start: int) -> dict[tuple[str, _Row], int]:
    """Give the rows that have an id of their own, with their running numbers."""
    names = [fold_header(name) for name in table.table.header]
    cells: list[list[str]] = []
    for batch in table.batches:
        columns = [[normal(text or "") for text in column.to_pylist()] for column in batch.rows.columns]
        cells += [list(row) for row in zip(*columns, strict=True)]
    places = [
        place
        for place, name in enumerate(table.table.header)
        if _may_be_id(table, name, [row[place] for row in cells])
    ]
    made: dict[tuple[str, _Row], int] = {}
    if not places:
        return made
    counts = Counter(row[places[0]] for row in cells)
    for offset, row in enumerate(cells):
        value = row[places[0]]
        if value and counts[value] == 1 and not is_short_tag(value):
            content = tuple(sorted((name, text) for name, text in zip(names, row, strict=True) if text))
            if len(content) > 1:
                made[value, content] = start + offset
    return made


def _may_be_id(table: DeviceTable, name: str, values: Sequence[str]) -> bool:
    """Tell a column whose values are ids: by its field, or by values that are all different codes."""
    kind = table.table.fields.get(name, "")
    filled = [value for value in values if value and value.upper() not in PLACEHOLDERS]
    if kind in _ID_FIELDS:
        return bool(filled)
    if (
        kind in _NEVER_IDS - {"text"}
        or len(filled) < len(values)
        or len(set(filled)) < len(filled)
        or not filled
    ):
        return False
    return all(_ID.fullmatch(value) is not None for value in filled)
