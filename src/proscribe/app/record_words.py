"""What the record of a finding calls the thing, where what was found in it is only a number that says nothing to people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from proscribe.readers.columns import field_of_header

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
#: The matcher of MAC prefixes.
_PREFIX = "oui"


def may_be_an_address(found: Mapping[str, Any]) -> bool:
    """Tell by its look whether a finding in short may rest on hardware addresses alone, so that it is worth to take it whole."""
    texts = found.get("found") or ()
    return bool(texts) and all(_MAC.fullmatch(str(text)) for text in texts)


def called(whole: Mapping[str, Any]) -> tuple[str, ...]:
    """Give what the record calls the thing of a finding that rests on hardware addresses alone, the most telling cell first.

    Nothing where the record does not say, and for findings that rest on more.

    Args:
        whole: the finding, as its scan has it, with the cells of its record.
    """
    said = whole.get("evidence") or ()
    if not said or any(one.get("matcher") != _PREFIX for one in said):
        return ()
    found = {str(one.get("found")) for one in said}
    told: dict[str, list[str]] = {}
    for column, text in whole.get("record") or ():
        name = field_of_header(str(column))[0]
        if name in _TELLING and text not in found and not _MAC.fullmatch(text.strip()):
            told.setdefault(name, []).append(str(text))
    ranked = [text for name in _TELLING for text in told.get(name, ())]
    return tuple(dict.fromkeys(ranked))[:_MOST]


__all__ = ["called", "may_be_an_address"]
