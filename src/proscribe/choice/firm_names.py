"""Names of firms in one table that may mean one of another table, spelt otherwise."""

from __future__ import annotations

import re
from functools import cache

from proscribe.matching.normalize import LEGAL_FORMS
from proscribe.model.spelling import unaccented

#: Legal forms that people write in two ways.
_FORMS = {"incorporated": "inc", "corporation": "corp", "company": "co", "limited": "ltd"}


@cache
def firm_key(name: str, *, legal_form: bool = True) -> str:
    """Spell a firm for comparing: case, accents, punctuation and spellings of a legal form tell no two apart.

    Args:
        legal_form: whether the legal form counts; without it two names may be of one firm, or not.
    """
    kept = "".join(char for char in unaccented(name).casefold().replace("&", " and ") if char not in ".'’")
    words = [_FORMS.get(word, word) for word in re.findall(r"[^\W_]+", kept)]
    while not legal_form and len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return " ".join(words)
