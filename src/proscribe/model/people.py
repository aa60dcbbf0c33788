"""Do two written names mean one person? Asked wherever author and approver have to be two people.

The answer errs towards "one": two people whose names look alike write them out in full, while a second name that only looks
like another would let somebody release work of their own.
"""

from __future__ import annotations

import re
import unicodedata

#: Letters of other scripts that look like Latin ones, in small form. Chosen from the shapes that fonts share; see Unicode
#: Technical Standard 39 on confusable characters.
_LOOK_ALIKES = str.maketrans(
    {
        # Cyrillic
        "а": "a", "в": "b", "е": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c", "т": "t", "у": "y",
        "х": "x", "ѕ": "s", "і": "i", "ј": "j", "ԁ": "d", "ԛ": "q", "ԝ": "w", "һ": "h", "ӏ": "i", "г": "r", "п": "n",
        # Greek
        "α": "a", "β": "b", "ε": "e", "ζ": "z", "η": "n", "ι": "i", "κ": "k", "μ": "m", "ν": "v", "ο": "o", "ρ": "p",
        "σ": "o", "ς": "c", "τ": "t", "υ": "u", "χ": "x", "γ": "y",
        # Latin letters of other kinds
        "ı": "i", "ɩ": "i", "ɪ": "i", "ⅼ": "i", "l": "i", "1": "i", "|": "i", "0": "o", "ɑ": "a", "ɡ": "g", "ꜱ": "s",
        "ʀ": "r", "ɴ": "n", "ʟ": "i", "ᴀ": "a", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ᴊ": "j", "ᴋ": "k", "ᴍ": "m", "ᴏ": "o",
        "ᴘ": "p", "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ᴢ": "z", "ʙ": "b", "ɢ": "g", "ʜ": "h", "ʏ": "y",
        "ø": "o", "đ": "d", "ł": "i", "ħ": "h", "ŧ": "t",
    }
)  # fmt: skip
_ADDRESS = re.compile(r"<[^<>]*>|\([^()]*\)|\[[^\[\]]*\]")
#: Marks inside a name that people write or leave out.
_INNER = re.compile("['’‘ʼ`´]")


def person_key(name: str) -> str:
    """Give what is left of a name without case, accents, punctuation, spacing, addresses and look-alike letters."""
    text = _ADDRESS.sub(" ", unicodedata.normalize("NFKC", name))
    if text.count(",") == 1:  # "Ito, R."
        last, first = text.split(",")
        if first.strip():
            text = f"{first} {last}"
    text = unicodedata.normalize("NFKD", _INNER.sub("", text)).casefold()
    text = "".join(char for char in text if unicodedata.category(char) not in ("Mn", "Cf"))
    text = text.translate(_LOOK_ALIKES)
    return " ".join("".join(char if char.isalnum() else " " for char in text).split())


def same_person(one: str, other: str) -> bool:
    """Tell whether two names mean one person; see `person_key`."""
    return person_key(one) == person_key(other)
