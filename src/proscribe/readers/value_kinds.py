"""What a column holds by the form of its values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from proscribe.readers._grammar import grammar

_WORDS = grammar("column_words.yml").words
#: Below this many values, few distinct ones do not yet make a column a category.
_CATEGORY_ROWS = 60
_CATEGORY_VALUES = 12
_CATEGORY_SHARE = 0.02


_HEX = r"[0-9A-Fa-fXx*?]"
_MAC_SEPARATED = re.compile(
    rf"(?:{_HEX}{{1,2}}([:\-. _]){_HEX}{{1,2}}(?:\1{_HEX}{{1,2}}){{1,6}}"
    rf"|{_HEX}{{4}}([.:\-]){_HEX}{{4}}\2{_HEX}{{4}}"
    rf"|{_HEX}{{6}}[:\-]{_HEX}{{6}})"
)
_MAC_BARE = re.compile(r"(?:0x)?[0-9A-Fa-f]{12}")
#: Twelve hex digits, however they are set apart, or the six bytes as base64, which has capitals where no word has.
HOLDS_MAC = re.compile(
    r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{2}(?:[^0-9A-Za-z]{0,2}[0-9A-Fa-f]{2}){5}(?![0-9A-Za-z])"
    r"|^\s*(?=\S*[a-z0-9+/_-][A-Z])[0-9A-Za-z+/_-]{8}\s*$"
)
#: Kinds of values by their forms, in the order in which they are tried.
_KINDS = grammar("column_kinds.yml").patterns
#: Share of values that must have the form of a kind; other columns may hold a number here and there.
_KIND_SHARE, _NUMBER_SHARE = 0.7, 0.9
_MODEL = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[A-Za-z0-9][A-Za-z0-9\-/+._()]{2,39}$")
_SHAPE = re.compile(r"\d+")


def _is_mac(value: str) -> bool:
    value = value.strip()
    if _MAC_BARE.fullmatch(value):
        return any(char in "abcdefABCDEF" for char in value)
    if not _MAC_SEPARATED.fullmatch(value):
        return False
    groups = re.split(r"[:\-. _]", value)
    # Three or four groups of digits are a date, a time or an IP address, not a MAC prefix.
    return len(groups) >= 6 or any(char in "abcdefABCDEFxX*?" for char in value)


def field_of_content(values: Sequence[str]) -> str | None:
    """Recognise a column by its values.

    Returns:
        A field, or one of the kinds `number`, `date`, `url`, `email`, `id`, `category`, `texty`;
        `None` when there is no value to judge by.
    """
    # Forms show within the first characters; endless cells would only cost time.
    filled = [text for value in values if (text := value[:256].strip())]
    if not filled:
        return None
    total = len(filled)
    need = 0.7 * total
    macs = [text for text in filled if _is_mac(text)]
    if len(macs) >= need:
        lettered = sum(any(char in "abcdefABCDEFxX*?" for char in text) for text in macs)
        if lettered * 3 >= len(macs):
            return "mac"
    for kind, form in _KINDS.items():
        share = _NUMBER_SHARE if kind == "number" else _KIND_SHARE
        if _has_form(filled, form, share * total):
            return kind
    return _kind_of_words(filled)


def _has_form(filled: list[str], form: re.Pattern[str], need: float) -> bool:
    """Tell whether so many values have a form; no more of them are looked at than tell."""
    others = 0
    for text in filled:
        if form.match(text) is None:
            others += 1
            if len(filled) - others < need:
                return False
    return True


def _kind_of_words(filled: list[str]) -> str:
    """Tell what kind of column values make that have none of the known forms."""
    total = len(filled)
    distinct = set(filled)
    if _has_form(filled, _MODEL, 0.7 * total):
        shapes = {_SHAPE.sub("0", text) for text in filled}
        # Running numbers share one shape (PO-0001, PO-0002); model numbers come in many.
        if len(shapes) <= max(1, 0.02 * total) and len(distinct) >= 0.9 * total and total >= 3:
            return "id"
        if total >= _CATEGORY_ROWS or len(shapes) > 1 or total == 1:
            return "model_number"
    if len(distinct) <= 4 and all(text.casefold() in _WORDS["flags"] for text in distinct):
        return "category"
    lettered = sum(any(char.isalpha() for char in text) for text in filled)
    if lettered < 0.3 * total:
        return "number" if lettered == 0 else "id"
    if total >= _CATEGORY_ROWS and len(distinct) <= max(_CATEGORY_VALUES, _CATEGORY_SHARE * total):
        return "category"
    return "texty"


#: Rows of a table of totals at most, and columns of one that only counts.
_MOST_TOTALS, _COUNT_COLUMNS = 400, 4
_WHOLE = re.compile(r"-?\d{1,3}(?:[ .,'\u00a0]\d{3})+|-?\d{1,12}")


def _whole(text: str | None) -> int | None:
    """Read a whole number as people write it; `None` where it is none."""
    found = _WHOLE.fullmatch((text or "").strip())
    return int(re.sub(r"[^\d-]", "", found[0])) if found else None


def sums_of(
    sample: Sequence[Sequence[str | None]], header: Sequence[str], content: Mapping[str, str | None]
) -> dict[str, str]:
    """Find the columns of a small table that hold sums (`sums`) or count names (`counts`)."""
    rows = [row for row in sample if any(row)]
    numbers = [place for place, column in enumerate(header) if content[column] == "number"]
    if not 2 <= len(rows) <= _MOST_TOTALS or not numbers or len(header) > _MOST_TOTALS:
        return {}
    read = {place: [_whole(row[place]) if place < len(row) else None for row in rows] for place in numbers}
    made: dict[str, str] = {}
    for place, values in read.items():
        last, before = values[-1], [one for one in values[:-1] if one is not None]
        others = [read[other] for other in numbers if other != place]
        across = len(others) > 1 and all(
            one is not None and one > 0 and one == sum(other[at] or 0 for other in others)
            for at, one in enumerate(values)
        )
        if across or (len(before) > 1 and last is not None and last > 0 and last == sum(before)):
            made[header[place]] = "sums"
    names = [place for place in range(len(header)) if place not in numbers]
    if (
        not made
        and len(header) <= _COUNT_COLUMNS
        and len(names) == 1
        and all(None not in one for one in read.values())
    ):
        labels = [(row[names[0]] or "").strip() if names[0] < len(row) else "" for row in rows]
        if all(labels) and len(set(labels)) == len(labels):
            made = {header[place]: "counts" for place in numbers}
    return made
