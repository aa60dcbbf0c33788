"""The site at which everything in a table is, where its title, its sheet or its file names one: "Werk Nord", "Site: Leeds".

A site that is wrong lets an answer about one place speak of another, so whatever is not clearly a site is none.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from proscribe.model.observations import Table
from proscribe.readers._grammar import grammar, longest_of
from proscribe.readers.header_fields import fold_header

_WORDS = {name: frozenset(map(fold_header, words)) for name, words in grammar("site_names.yml").words.items()}
_SOLID = re.compile(r"\w{2,8}?(?:" + longest_of(_WORDS["solid"]) + ")")
#: What parts the sides of a name: "Acme - Werk Nord | 2024".
_SIDES = re.compile(r"\s+[-–—|/·]\s+|[,;|()\[\]]|\s{3,}")
_LABEL = re.compile(r"\s*([^:：]{2,40}?)\s*[:：]\s*(\S[^:：]{0,79})$")
_DAY = re.compile(
    r"(?:\b|_)(?:19|20)\d\d(?:[-._]?\d\d){0,2}(?:\b|_)|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\bv\d+\b"
)
_NUMBER = re.compile(r"(?:№|no\.?|nr\.?|#)?\s?(?:\d{1,4}[a-z]?|[a-z])", re.I)
_MOST_WORDS, _LONGEST = 4, 200


def site_of(table: Table, display: str) -> str | None:
    """Give the site that is said of all records of a table.

    Args:
        table: with its sheet, and the titles above its header.
        display: name of its file.

    Returns:
        The site as it is written; `None` where a column holds sites, where none is clearly named, or where titles name two.
    """
    if "site" in table.fields.values():
        return None
    stem = re.sub(r"(?:\.[A-Za-z0-9]{1,7})+$", "", PurePath(display).name)
    # the nearest name counts: of titles, sheet and file
    for texts in ([text for _, text in table.beside], [table.sheet or ""], [stem.replace("_", " ")]):
        told = {fold_header(site): site for text in texts for site in _sites(text[:_LONGEST])}
        if told:
            return next(iter(told.values())) if len(told) == 1 else None
    return None


def _sites(text: str) -> list[str]:
    found = []
    for side in _SIDES.split(text):
        label = _LABEL.match(side)
        if label is None:
            site = _named(" ".join(_DAY.sub(" ", side).split()))
        else:
            site = label[2].strip() if fold_header(label[1]) in _WORDS["labels"] else ""
        if site and any(map(str.isalnum, site)) and fold_header(site) not in _WORDS["none"]:
            found.append(site)
    return found


def _named(text: str) -> str:
    """Give the text without words of lists before it where it is a kind of place with its name; else nothing."""
    words = text.replace("-", " ").split() if " " not in text else text.split()
    while words and fold_header(words[0]) in _WORDS["lists"]:
        words = words[1:]
    folded = [fold_header(word) for word in words]
    if not 1 <= len(words) <= _MOST_WORDS + 1 or not _WORDS["lists"].isdisjoint(folded):
        return ""
    whole = " ".join(words)
    if len(words) == 1:
        return (
            whole
            if _SOLID.fullmatch(whole)
            and not any(word in whole for word in _WORDS["lists"] if word > "\u3000")
            else ""
        )
    for size in (2, 1):
        head, name = " ".join(folded[:size]), words[size:]
        if head in _WORDS["numbered"] and _NUMBER.fullmatch(" ".join(name)):
            return whole
        if head in _WORDS["before"] and name and _is_name(name):
            return whole
    return whole if folded[-1] in _WORDS["behind"] and _is_name(words[:-1]) else ""


def _is_name(words: list[str]) -> bool:
    """Tell words that each begin with a capital letter, or are of a script that has none."""
    return len(words) < _MOST_WORDS and all(word[0].isalpha() and not word[0].islower() for word in words)
