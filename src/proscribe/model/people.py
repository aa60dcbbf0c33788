"""Do two written names mean one person? Asked wherever author and approver have to be two people.

The answer errs towards "one": two people whose names look alike write them out in full, while a second name that only looks
like another would let somebody release work of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from proscribe.wording.no_names import no_names

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
        "ø": "o", "đ": "d", "ł": "i", "ħ": "h", "ŧ": "t", "ᴤ": "s",
        # digits, which stand in nobody's name
        "5": "s", "3": "e", "4": "a", "8": "b",
        # Armenian
        "օ": "o", "ս": "u", "հ": "h", "ո": "n", "ց": "g", "զ": "q", "լ": "i", "տ": "s", "ա": "w", "ք": "p", "ե": "t", "վ": "u",
        # Cherokee, whose small form is the capital
        "Ꭺ": "a", "Ᏼ": "b", "Ꮯ": "c", "Ꭰ": "d", "Ꭼ": "e", "Ꮐ": "g", "Ꮋ": "h", "Ꮖ": "i", "Ꭻ": "j", "Ꮶ": "k", "Ꮮ": "i", "Ꮇ": "m",
        "Ꮲ": "p", "Ꭱ": "r", "Ꮪ": "s", "Ꭲ": "t", "Ꮩ": "v", "Ꮃ": "w", "Ꮓ": "z", "Ꭹ": "y", "Ᏸ": "b", "Ꮒ": "h", "Ꮎ": "o", "Ꮟ": "b",
        # Lisu
        "ꓮ": "a", "ꓐ": "b", "ꓚ": "c", "ꓓ": "d", "ꓰ": "e", "ꓝ": "f", "ꓖ": "g", "ꓧ": "h", "ꓲ": "i", "ꓙ": "j", "ꓗ": "k", "ꓡ": "i",
        "ꓟ": "m", "ꓠ": "n", "ꓳ": "o", "ꓑ": "p", "ꓣ": "r", "ꓢ": "s", "ꓔ": "t", "ꓴ": "u", "ꓦ": "v", "ꓪ": "w", "ꓫ": "x", "ꓬ": "y",
        "ꓜ": "z",
    }
)  # fmt: skip
#: How Cyrillic and Greek letters are written in Latin ones, in small form; people sign in both.
_IN_LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k",
        "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
        "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia", "і": "i", "ї": "i",
        "є": "ie", "ґ": "g", "ў": "u", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "d", "џ": "dz",
        "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l", "μ": "m",
        "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps",
        "ω": "o",
    }
)  # fmt: skip
#: A short form of a name has so many letters at least, and its long form so many more: Sam and Samuel, not Ann and Anna.
_SHORT_FORM = 3
_LONGER_BY = 3
_ADDRESS = re.compile(r"<[^<>]*>|\([^()]*\)|\[[^\[\]]*\]")
_EMAIL = re.compile(r"[^\s<>()\[\],;:@\"]+@[^\s<>()\[\],;:@\"]+")
_DEGREES = re.compile(r"\b(?:ph\.?\s?d|[mj]\.?d|ll\.?[mb]|m\.?b\.?a|esq|c\.?p\.?a)\b\.?", re.IGNORECASE)
#: A word of two letters or more that ends in a full stop, or has one before its ending: `Fr.`, `Sig.ra`, `Dipl.-Ing.`.
_CUT_SHORT = re.compile(
    r"(?<![\w.])(?:[^\W\d_]{2,6}\.-?|[^\W\d_]\.(?=[a-zà-ÿа-яα-ω]{2}))+(?:[a-zà-ÿа-яα-ω]{1,4}(?!\w))?"
)
#: Marks inside a name that people write or leave out.
_INNER = re.compile("['’‘ʼ`´]")
#: What numbers a place or an account: `Reviewer 2`, `user2`.
_NUMBER = re.compile(r"[#№]?\d+(?!\w)")


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


class _Words:
    """The words of `wording/no_names.txt`, in the letters of `person_key`; read when first asked for."""

    def __init__(self) -> None:
        told = no_names()
        self.endings = re.compile(f"(?:{'|'.join(map(re.escape, told['endings']))})$")
        self.titles, self.offices, pointers, joints = (
            frozenset(map(person_key, told[name])) for name in ("titles", "offices", "pointers", "joints")
        )
        self.phrases = re.compile(
            "|".join(rf"\b{re.escape(one)}\b" for one in sorted(self.titles) if " " in one)
        )
        self.joints = joints - pointers
        self.nobody = self.titles | self.offices | pointers | joints


_words = lru_cache(maxsize=1)(_Words)


def names_a_person(name: str, title: str = "") -> bool:
    """Tell whether a text names a person: something is left of it besides titles, offices and words such as `myself` or `n/a`.

    Args:
        title: words of a title that name whoever holds it, such as the stated title of an author.
    """
    words = _parts(_NUMBER.sub(" ", unicodedata.normalize("NFKC", name)))
    nobody = _words().nobody | set(person_key(title).split())
    if not words or " ".join(words) in nobody - _words().joints:
        return False
    if set(words) <= _words().joints:  # Van Le
        return len(words) > 1
    left = [word for word in words if word not in nobody]
    # Initials name somebody where nothing but initials is given.
    return left == words or any(len(word) > 1 or not word.isascii() for word in left)


def two_people(
    one: str, other: str, same: Callable[[str, str], bool] | None = None, *, title: str = ""
) -> bool:
    """Tell whether two names show two people: both name somebody, and not the same one.

    A given name alone (`Bernd`) may be that of an author who is named by an initial (`B. Lind`): it shows no second person. Nor
    does what stands before a family name and is cut short, which may be any title in any language (`Sig.ra Lind`, `Fr. Lind`).

    Args:
        same: tells whether two names mean one person; `same_person` where none is given.
        title: the stated title of the first.
    """
    if not names_a_person(one) or not names_a_person(other, title) or (same or same_person)(one, other):
        return False
    if any(_told_short(few, many) for few, many in ((one, other), (other, one))):
        return False
    few, many = sorted((_parts(one), _parts(other)), key=len)
    return not (len(few) == 1 and len(many) > 1 and len(many[0]) == 1 and few[0].startswith(many[0]))


def _told_short(one: str, other: str) -> bool:
    """Tell whether a name is one word of another with nothing else but words that are cut short: `Fr. Lind`, `D.ssa Lind`."""
    bare = _CUT_SHORT.sub(" ", unicodedata.normalize("NFKC", one))
    return bare != one and len(left := _parts(bare)) == 1 and left[0] in _parts(other)


def same_person(one: str, other: str) -> bool:
    """Tell whether two names mean one person.

    Titles (`Dr. Ann Lee`), initials (`A. Lee`, `AL`), short forms (`Sam`, `Samuel`), Cyrillic and Greek writing (`Ivan`), e-mail
    addresses (`ann.lee@x.com`), names in other order and middle names that are left out make no second person; see `person_key`
    for letters.
    """
    if _same(one, other):
        return True
    latin = [_in_latin(name) for name in (one, other)]
    return latin != [one, other] and _same(*latin)


def _in_latin(name: str) -> str:
    """Write a name that stands in Cyrillic or Greek letters in Latin ones; any other as it is."""
    small = unicodedata.normalize("NFKC", name).lower()
    bare = "".join(
        char for char in unicodedata.normalize("NFKD", small) if unicodedata.category(char) != "Mn"
    )
    told = bare.translate(_IN_LATIN)
    return name if told == bare else told


def _same(one: str, other: str) -> bool:
    if person_key(one) == person_key(other) or _addresses(one) & _addresses(other):
        return True
    left, right = _parts(one), _parts(other)
    if not left or not right:
        return False
    if _generation(one) | _generation(other) == {"jr", "sr"}:
        return False
    if "".join(left) == "".join(right) or _mailbox(left, right) or _mailbox(right, left):
        return True
    if _in_office(left, right) or _in_office(right, left):
        return True
    return _initials(left, right) or _initials(right, left) or _fits(*sorted((left, right), key=len))


def _initials(few: list[str], name: list[str]) -> bool:
    """Tell whether one name is nothing but the initials of another: `BL`, `B. L.`, `B. M. L.`; middle ones may lack."""
    letters = "".join(few)
    own = "".join(word[0] for word in name)
    alone = len(few) == len(letters) or (len(few) == 1 and len(letters) in (2, len(own)))
    return alone and len(name) > 1 and len(letters) > 1 and letters in (own, own[::-1], own[0] + own[-1])


def _in_office(told: list[str], name: list[str]) -> bool:
    """Tell whether one name is the other with an office, or with `M.` for a title: `Director Lind`, `M. Lind`."""
    left = [word for word in told if len(word) == 1 or word not in _words().nobody]
    if len(left) == len(told) or not left:
        left = told[1:] if len(told) > 1 and told[0] == "m" else []
    return left == name[-1:] or (len(left) > 1 and _fits(*sorted((left, name), key=len)))


def _addresses(name: str) -> set[str]:
    return {found.casefold() for found in _EMAIL.findall(unicodedata.normalize("NFKC", name))}


def _generation(name: str) -> set[str]:
    words = set(re.split(r"[^a-z]+", name.casefold()))
    return {short for short, long in (("jr", "junior"), ("sr", "senior")) if words & {short, long}}


def _parts(name: str) -> list[str]:
    """Give the words of a name without titles and degrees; those of the mailbox where it is an address alone."""
    text = unicodedata.normalize("NFKC", name)
    bare = _EMAIL.sub(" ", _ADDRESS.sub(" ", text))
    if not person_key(bare):
        found = _EMAIL.search(text)
        bare = re.sub(r"\d+$", "", found.group().partition("@")[0].partition("+")[0]) if found else text
    key = person_key(_words().endings.sub("", _DEGREES.sub(" ", bare).strip()))
    words = _words().phrases.sub(" ", key).split() or key.split()
    return [word for word in words if word not in _words().titles] or words


def _fits(few: list[str], many: list[str]) -> bool:
    """Tell whether every word of one name is a word of the other, or its initial; one of them in full."""
    rest = list(many)
    left = []
    for word in few:
        if word in rest:
            rest.remove(word)
        else:
            left.append(word)
    shared = [word for word in few if word not in left]
    if not any(len(word) > 1 for word in shared):
        return False
    for word in left:
        fitting = next((o for o in rest if _begins(*sorted((word, o), key=len))), None)
        if fitting is None:
            return False
        rest.remove(fitting)
    return True


def _begins(short: str, long: str) -> bool:
    """Tell whether a word is the initial of another, or a short form of it."""
    is_short = len(short) >= _SHORT_FORM and len(long) >= len(short) + _LONGER_BY
    return long.startswith(short) and (len(short) == 1 or len(long) == 1 or is_short)


def _mailbox(box: list[str], name: list[str]) -> bool:
    """Tell whether one word is how addresses write a name: `alee`, `annl`, `leea`."""
    if len(box) != 1 or len(name) < 2 or len(box[0]) < 4:
        return False
    first, last = name[0], name[-1]
    return box[0] in (first[0] + last, first + last, first + last[0], last + first[0], last + first)
