"""Nations: their codes, and their names as people read and write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def nations() -> Mapping[str, tuple[str, ...]]:
    """Give the codes of ISO 3166-1, with EU and XK: each to the name that is shown, then further spellings."""
    text = (files(__package__) / "nations.txt").read_text(encoding="utf-8")
    rows = (line.split(": ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return {code: tuple(names.split("; ")) for code, names in rows}


def nation_name(code: str) -> str:
    """Name a nation, such as `Germany`; a code that is none stands as it is, and `US-LA` is `United States, LA`."""
    head, _, part = code.partition("-")
    name = nations().get(head, (head,))[0]
    return f"{name}, {part}" if part else name


def nation_words(code: str) -> str:
    """Name a nation with its code: `Germany (DE)`; a code that is none stands alone."""
    name = nation_name(code)
    return code if name == code else f"{name} ({code})"


def nation_code(text: str) -> str:
    """Give the code of a nation that a text names by its code or by one of its names; empty where it names none."""
    return _spelt().get(_folded(text), "")


@cache
def _spelt() -> Mapping[str, str]:
    told = nations()
    return {_folded(name): code for code, names in told.items() for name in (code, *names)}


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", "and"))
    return re.sub(r"^the(?=\w)", "", "".join(one for one in plain if one.isalnum()))
