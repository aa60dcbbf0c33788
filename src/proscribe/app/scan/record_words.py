"""What the record of a finding says beside what was found, and what it calls the thing where that is only a number."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from proscribe.readers.header_fields import field_of_header

#: Fields in which a record says what the thing is, the most telling first.
_TELLING = (
    "product_name",
    "model_number",
    "part_number",
    "hostname",
    "text",
    "file_name",
    "banner",
    "category",
    "note",
)
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}[:. -]?){2,7}[0-9A-Fa-f]{2}")
_MOST = 3
#: Letters of a record in a list; a narrow screen shows the first of them.
_LONGEST = 72
#: The matcher of MAC prefixes.
_PREFIX = "oui"


def called(whole: Mapping[str, Any]) -> tuple[str, ...]:
    """Give what the record calls the thing of a finding that rests on hardware addresses alone, the most telling cell first.

    Nothing where the record does not say, and for findings that rest on more.

    Args:
        whole: the finding, as its scan has it, with the cells of its record.
    """
    said = whole.get("evidence") or ()
    if not said or any(one.get("matcher") != _PREFIX for one in said):
        return ()
    return tuple(text for name, text in _ranked(whole) if name in _TELLING)[:_MOST]


def beside(whole: Mapping[str, Any]) -> str:
    """Give what else the record of a finding says, the most telling cells first, as short as a line of a list holds.

    Args:
        whole: as in `called`.
    """
    said = " · ".join(text for _, text in _ranked(whole))
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST].rstrip(' ·')}…"


def _without(cell: str, found: Collection[str]) -> str:
    """Give what a cell says beside what was found in it."""
    for text in sorted(found, key=len, reverse=True):
        cell = cell.replace(text, " ") if text else cell
    return cell


def _ranked(whole: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give field and text of the cells that say more than what was found, the most telling first, each text once."""
    found = {str(one.get("found")) for one in whole.get("evidence") or ()}
    told: dict[str, str] = {}
    for column, text in whole.get("record") or ():
        cell = str(text).strip()
        if any(map(str.isalnum, _without(cell, found))) and not _MAC.fullmatch(cell):
            told.setdefault(cell, field_of_header(str(column))[0] or "")
    ranked = sorted(
        told.items(), key=lambda item: _TELLING.index(item[1]) if item[1] in _TELLING else len(_TELLING)
    )
    return [(name, text) for text, name in ranked]
