"""MAC addresses.

What it does: reads MAC addresses in every notation, masked ones too, and looks the prefix up, longest block first.
Why it matters: the prefix names who made the network part. That is often the maker of the box, and not always.
Example: `44:19:B6:00:00:01`, `4419.b6xx.xxxx`.
Longer and misread addresses that hold one, and digits in groups of no notation: see `proscribe.matching.addresses`.
Not covered: locally administered (randomised) addresses name nobody. A whole registered address of a firm whose prefixes
stand in its own devices alone (`device_makers`) is worth `probable`; every other one raises a question.
References: `knowledge/identifiers/oui.csv` and `oui-others.csv`, from the IEEE registry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from proscribe.matching.addresses import (
    DUIDS,
    OF_STORAGE,
    as_digits,
    bits_turned,
    hidden,
    is_client_id,
    is_of_group,
    loose,
    named,
    noughts_lost,
    of_base64,
    of_number,
    prefix_digits,
    resolved,
    squeezed,
)
from proscribe.matching.index import Index, is_low
from proscribe.matching.normalize import MAC, as_latin, mac_digits
from proscribe.matching.record import COMPANY_FIELDS, Record
from proscribe.matching.signals import Signal

NAME = "oui"
#: Notations begin with six hex digits in twos or fours, or are six groups with colons: the fast way to see that there is none.
_SIX_DIGITS = re.compile(r"(?:[0-9a-f]{2}[:. _/-]?){2}[0-9a-f]{2}|(?:[0-9a-f]{1,2}:){5}[0-9a-f]")
#: A word of the letters of an address has no digits; an address seldom has fewer.
_FEWEST_DIGITS = 4

#: The three bytes of an organisation where a message says that they are such: in LLDP, in Wi-Fi, in RADIUS.
_ORGANISATION = re.compile(
    r"\b(?:oui|organi[sz]ation(?:ally)?[ -](?:unique(?:[ -]code|[ -]identifier)?|code|id))[^0-9a-z]{1,4}"
    r"(?:[^0-9\n]{0,40}\()?(?:0x)?"
    r"([0-9a-f]{2}[-:,. ]?[0-9a-f]{2}[-:,. ]?[0-9a-f]{2})(?![-:.]?[0-9a-f])"
)
_TURNED_ROUND = "read with the bits of each byte turned round"
#: What stands in the middle of an EUI-64 that was made of an address.
_MIDDLES = ("fffe", "ff:fe", "ff.fe", "ff-fe")


def match(record: Record, index: Index) -> Iterator[Signal]:
    """Yield a signal for every MAC address whose prefix a known entity holds."""
    for number, cell in enumerate(record.cells):
        if cell.field in ("cpe", "purl", "fcc_id"):
            continue
        for start, end, row, digits, how in _held(record, index, number):
            if row is None or not row.get("entity"):
                continue
            entity = str(row["entity"])
            yield Signal(
                matcher=NAME,
                cell=number,
                start=start,
                end=end,
                entity=entity,
                role="made_by",
                facts=(str(row["id"]),),
                strength="strong",
                weight_mbit=index.weights["strong"],
                group="mac",
                why=f"MAC prefix assigned to {row.get('assignee')}; it names the maker of the network part"
                + (f" ({how})" if how else ""),
                low=is_low(row),
                cap=index.caps.get("oui", "possible") if "read" in how else _cap(index, entity, digits),
                question="Who made the device this network part is in?",
                text_bound=False,
                basis=str(row.get("basis") or "stated"),
            )


def _held(
    record: Record, index: Index, number: int
) -> Iterator[tuple[int, int, dict[str, Any] | None, str, str]]:
    """Yield start, end, row of knowledge, digits and how they stand there for the addresses of a cell."""
    for start, end, digits, how in _addresses(record, number):
        row = holder(index, digits)
        if row is None and is_of_group(prefix := int(digits[:6], 16)):
            row, how = holder(index, f"{bits_turned(prefix):06X}"), _TURNED_ROUND
        yield start, end, row, digits, how
    cell = record.cells[number]
    if cell.field == "mac" and (digits := of_base64(cell.folded.source)):
        yield 0, len(cell.folded.text), holder(index, digits), digits, "read as base64"
    for found in _ORGANISATION.finditer(cell.folded.text):
        digits = re.sub("[^0-9a-f]", "", found.group(1)).upper()
        yield (
            found.start(1),
            found.end(1),
            holder(index, digits),
            digits,
            "as the organisation that a message names",
        )
    text = record.cells[number].folded.text
    for start, end, name in resolved(text) if "_" in text else ():
        yield start, end, index.oui_short.get(name), "", "its name stands for it"


def may_hold(text: str) -> bool:
    """Tell whether an address may stand in a folded text."""
    return _SIX_DIGITS.search(text) is not None or _may_hide(text) or next(resolved(text), None) is not None


def _may_hide(text: str) -> bool:
    return (
        max(map(text.count, ":-.,;")) >= 3
        or text.count("0x") > 3
        or any(mark in text for mark in (*_MIDDLES, *DUIDS, *OF_STORAGE, "8000", "/24", "*", "%"))
    )


def _addresses(record: Record, number: int) -> Iterator[tuple[int, int, str, str]]:
    """Yield `(start, end, digits, how it stands there)` for the addresses of a cell; `how` is empty for a plain one."""
    cell = record.cells[number]
    text = as_latin(cell.folded.text)
    if cell.field == "mac" and (MAC.search(text) is None or is_client_id(text)):
        for whole, how in (
            (squeezed(text), "its digits, however they are set apart"),
            (squeezed(as_digits(text)), "letters read as digits"),
            (noughts_lost(text), "read with the noughts in front that spreadsheets take away"),
            (of_number(text), "read as one decimal number"),
        ):
            if whole:
                yield 0, len(text), whole, how
                return
    if _SIX_DIGITS.search(text) is not None:
        for found in MAC.finditer(text):
            bare = found.group().isalnum()
            if bare and cell.field in COMPANY_FIELDS:
                continue
            if bare and cell.field != "mac" and not _stands_alone(found.group(), record, number):
                continue
            digits = mac_digits(found.group())
            if digits:
                yield found.start(), found.end(), digits, ""
        known = [found.span() for found in MAC.finditer(text)]
        for start, end, digits, how in (
            chain(loose(text), named(text)) if cell.field not in COMPANY_FIELDS else ()
        ):
            if not any(start < behind and before < end for before, behind in known):
                yield start, end, digits, how
        if cell.field in ("mac", "mac_vendor"):
            prefix = prefix_digits(text)
            if prefix is not None:
                yield 0, len(text), prefix, "the first half alone"
    if _may_hide(text):
        yield from hidden(text)


def _stands_alone(written: str, record: Record, number: int) -> bool:
    """Tell whether twelve digits without a sign between them are an address where no column says so.

    In a sentence it takes letters and digits: decimal numbers and words of these letters are common there.
    """
    digits = sum(map(str.isdigit, written))
    return digits < len(written) and (digits >= _FEWEST_DIGITS or record.is_short(number))


def _cap(index: Index, entity: str, digits: str) -> str:
    """Give the most an address can say: a masked or made-up one never says who made the device."""
    whole = len(digits) == 12 and not int(digits[1], 16) & 2
    if whole and index.group_of(entity) in index.device_makers:
        return index.caps.get("oui_device_maker", "possible")
    return index.caps.get("oui", "possible")


def holder(index: Index, digits: str) -> dict[str, Any] | None:
    """Give the knowledge row that holds a MAC's prefix, 36-bit blocks before 28-bit before 24-bit.

    A longer block of somebody else inside a covered 24-bit block wins, and then the answer is `None`.
    """
    for bits in (36, 28, 24):
        size = bits // 4
        if len(digits) < size:
            continue
        row = index.oui.get(bits, {}).get(digits[:size])
        if row is not None:
            return row
        if digits[:size] in index.oui_others.get(bits, {}):
            return None
    return None


def another_holder(record: Record, index: Index, group: str) -> tuple[int, int, int, str] | None:
    """Give the first whole registered address of a record that is another firm's: cell, start, end and who holds it.

    `None` where any address of the record is the firm's own, or nobody's that is known.
    """
    other = None
    for number, cell in enumerate(record.cells):
        if cell.field != "mac":
            continue
        for start, end, digits, _ in _addresses(record, number):
            row = holder(index, digits)
            if row is not None and row.get("entity") and index.group_of(str(row["entity"])) == group:
                return None
            if other is None and len(digits) == 12 and not int(digits[1], 16) & 3:
                assignee = str(row.get("assignee") or "") if row is not None else _foreign(index, digits)
                other = (number, start, end, assignee) if assignee else None
    return other


def _foreign(index: Index, digits: str) -> str:
    """Give who holds the prefix of an address, among those that are not screened; empty where nobody is known."""
    for bits in (36, 28, 24):
        assignee = index.oui_others.get(bits, {}).get(digits[: bits // 4])
        if assignee:
            return assignee
    return ""
