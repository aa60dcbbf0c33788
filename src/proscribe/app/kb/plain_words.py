"""What people type in an interview, as values: yes and no, days, countries and list entries in their own words.

A word that is understood loosely is said back by who asks. Nothing here lets a thing go: `none`, `neither` and `other` have to be
typed as such, and a text that denies or supposes is asked again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from proscribe.kb.strictyaml import declared
from proscribe.kb.written_days import TwoMeanings, written_day
from proscribe.matching.normalize import LEGAL_FORMS
from proscribe.rules.facts import PURPOSES, FactSpec, WrongValue
from proscribe.rules.purposes import Purposes

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
#: Scripts that put no blanks between words.
_UNSPACED = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
#: Values that let a thing go; no loose word stands for them.
_LETS_GO = frozenset({"none", "neither", "other", "disposed", "stored_disconnected", "low_risk"})
_SHORTEST = 5
#: Digits of a number that may be a year, and does not say how many things there are.
_YEAR = 4
#: That nobody looks says nothing of what it is for.
_NOBODY_LOOKS = frozenset({"nobody", "nothing"})
_WITHOUT_TAIL = re.compile(r"[,.;:!()–—-]")
#: What parts an answer into what it says one after the other; a hyphen within a word does not.
_PARTS = re.compile(r"[,.;:!()–—\n，。；！、]|\s-+\s|\s(?:and|und|et|y|en|и)\s")
#: Signs that say nothing by themselves.
_NO_MARKS = frozenset(" .,;:'’-。，、！!")
#: Signs within the name of a person, and words that it has at most.
_SIGNS_OF_NAMES, _NAME_WORDS = frozenset(".'’-,"), 5
#: Signs and words within titles and names of companies.
_JOINS_TITLES = str.maketrans(dict.fromkeys("&/", " "))
_IN_COMPANIES = frozenset(["of", "the", "and", "for", "&"])
#: A whole day in the name of a file.
_DAY_OF_FILE = re.compile(r"(?<!\d)20\d\d([-_.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)")
#: Words that part a thing by its state, in front of others than those that they stand before in the list.
_OF_STATE = frozenset(["open", "running"])
#: Signs of a name in a script without blanks, at most.
_NAME_SIGNS = 4
#: What parts sentences.
_SENTENCES = re.compile(r"[.;!?\n。；！？]")
#: Words of a part that goes on, or of what is enumerated.
_FEW = 3
#: Words of a team that is named in small letters.
_TEAM = 2
#: Some of a number: "nine of the ten".
_SHARE = re.compile(
    r"\b(?!all|both|each|every|any|none)\w+ of (?:the |our )?(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)\b"
)


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Any]:
    return {
        name: frozenset(plain(word) or word for word in told) if isinstance(told, list) else told
        for name, told in declared("proscribe.app.kb", "plain_words.yml").items()
    }


#: So many of so many: "9 of 10", "80 %".
_SO_MANY_OF = re.compile(r"\d\s*(?:of|out of|von|de|sur|di)\s*\d|\d\s*(?:%|percent|prozent)", re.IGNORECASE)


def plain(text: str) -> str:
    """Fold a text to words with one blank between."""
    return " ".join(_WORD.findall(text.casefold()))


def is_unspaced(text: str) -> bool:
    """Tell whether a text is of a script that puts no blanks between words."""
    return bool(_UNSPACED.search(text))


def longest(text: str, words: Mapping[str, str]) -> str | None:
    """Give what the longest word that stands in a text means; a plural counts, and in scripts without blanks any place."""
    padded = f" {plain(text)} "
    found = [
        word
        for word in words
        if f" {word} " in padded or f" {word}s " in padded or (is_unspaced(word) and word in padded)
    ]
    return words[max(found, key=len)] if found else None


def _holds(text: str, words: Iterable[str]) -> bool:
    padded = f" {plain(text)} "
    return any(f" {word} " in padded for word in words)


def parts_of(text: str) -> list[str]:
    """Part a text into what it says one after the other."""
    return [part.strip() for part in _PARTS.split(text) if part.strip()]


def denies(text: str) -> bool:
    """Tell whether a word of a text may be denied in it."""
    return _holds(text, _words()["denials"])


def is_not_known(text: str) -> bool:
    """Tell whether an answer says that it is not known."""
    return text.strip() == "?" or plain(text) in _words()["not_known"]


def reserves(text: str) -> bool:
    """Tell whether what somebody said leaves something out, or supposes it."""
    return _among(text, "reserves")


def is_unsearched(text: str) -> bool:
    """Tell whether the words for how a place was searched say that it was not, or not whole."""
    empty = is_nobody(text) or not any(map(str.isalpha, text))
    return empty or _among(text, "unsearched") or reserves(text)


def is_cut(text: str) -> bool:
    """Tell whether words on a search say that something was taken away before, or left to another day."""
    return _among(_but_for_wholes(text), "cut")


def says_it_stays(text: str) -> bool:
    """Tell whether words on a search say that a thing is there and stays; that none does is no such thing."""
    nothing = _words()["denials"] | _words()["none"]
    parts = [plain(part) for part in _PARTS.split(text)]
    return any(_among(_but_for_wholes(part), "stays") for part in parts if part.split(" ")[0] not in nothing)


def is_narrowed(text: str) -> bool:
    """Tell whether a scope, or a name of what was searched, reaches to a day, a place or a page alone."""
    return _among(text, "narrowed")


def says_whole(text: str) -> bool:
    """Tell whether a text says of what it names that it is all, and takes nothing back."""
    return _begins(text, "the_whole") and not denies(text) and not is_narrowed(text)


def is_plain_search(text: str) -> bool:
    """Tell whether words on a search are put together from those alone that say that it was read whole."""
    whole = _of_these(text, "plain_search") and says_looked(text) and not is_less(text)
    return whole and not _parts_it(text) and not reserves(text)


def is_plain_scope(text: str) -> bool:
    """Tell whether words on a scope are put together from those alone that say that it is all."""
    return _of_these(text, "plain_scope") and says_whole(text) and not _parts_it(text)


def names_product_alone(text: str) -> bool:
    """Tell whether a text, without the name of a product, says no more than that it is the product, and all of it."""
    return _of_these(text, "of_product") or not (plain(text) or _marked(text))


def plainly_asked(question: str) -> bool | None:
    """Give the answer that leaves nothing to a question of a known form, whole and in one order of words; `None` for any other.

    No word stands there that takes something out of what is asked after, or turns it.
    """
    asked = question.casefold().strip().removesuffix("?").removesuffix("？").rstrip()
    if any(not (sign.isalpha() or sign in " ,") for sign in asked):
        return None
    asked = " ".join(asked.replace(",", " ").split())
    return next((good for good, form in _questions() if form.fullmatch(asked)), None)


@lru_cache(maxsize=1)
def _questions() -> tuple[tuple[bool, re.Pattern[str]], ...]:
    said = _words()["plain_questions"]
    one_of = {name: f"(?:{'|'.join(map(re.escape, said[name]))})" for name in ("things", "joins", "lists")}
    one = f"(?:{one_of['joins']} )*{one_of['things']}"
    stands = {"T": f"{one}(?: {one})*", "L": one_of["lists"]}
    return tuple(
        (good == "yes", re.compile(" ".join(stands.get(word, word) for word in form.split(" "))))
        for good in ("no", "yes")
        for form in said[good]
    )


def is_plain_title(text: str) -> bool:
    """Tell whether a title says an office and nothing besides, or there is none: "Vice President, Supply Chain"."""
    joined = text.translate(_JOINS_TITLES)
    for phrase in _words()["stands_in_names"]:
        joined = re.sub(rf"\b{phrase.replace(' ', '[ -]')}\b", " ", joined, flags=re.IGNORECASE)
    return not text.strip() or _of_these(joined, "plain_title")


def is_plain_source(text: str, *, of_file_since: date | None = None) -> bool:
    """Tell whether the name of what was searched says what it is, and of it no part, state or day.

    Args:
        of_file_since: given where a scan read a file of this name, which may hold words of such names in any order, and
            whole days since this one.
    """
    if of_file_since is not None:
        name = text.rpartition(".")[0] or text
        days = [found[0] for found in _DAY_OF_FILE.finditer(name)]
        words = plain(_DAY_OF_FILE.sub(" ", name).replace("_", " ")).split()
        known = {word for one in _words()["plain_source"] for word in one.split()} - _OF_STATE
        late = all("".join(filter(str.isdigit, day)) >= f"{of_file_since:%Y%m%d}" for day in days)
        return late and bool(words) and set(words) <= known | {"the", "and"}
    names = plain(text).removeprefix("the ").split(" and ")
    return not _marked(text) and all(name.removeprefix("the ") in _words()["plain_source"] for name in names)


def is_plain_company(text: str, *, any_form: bool) -> bool:
    """Tell whether the name of an organisation is written as names are, with capitals, and ends in its legal form.

    Args:
        any_form: whether it needs no legal form, and may be of a script without capitals.
    """
    words = text.split()
    if any_form and is_unspaced(text):
        return text.replace(" ", "").isalnum()
    small, signs = _words()["of_names"] | _IN_COMPANIES, _SIGNS_OF_NAMES | {"&"}

    def is_part(word: str) -> bool:
        letters = {one for one in word if one.isalpha() or (any_form and one.isdecimal())}
        return word in small or (bool(letters) and not word[0].islower() and set(word) - signs == letters)

    ends = "".join(filter(str.isalpha, words[-1])).casefold() if words else ""
    return bool(words) and all(map(is_part, words)) and (any_form or ends in LEGAL_FORMS)


def _parts_it(text: str) -> bool:
    """Tell whether a text of plain words speaks of a part of a whole, but not of all, every or each of it, or of one by one."""
    said = _words()
    part, each = (f"(?:{'|'.join(said[name])})" for name in ("plain_parts", "plain_each"))
    left = re.sub(
        rf"\b{each}(?: of)?(?: the| its| les| las| le)? {part}\b|\b(\w+) by \1\b|\bwith (?:the )?lists?\b|\bin full\b",
        " ",
        plain(text),
    )
    return bool(re.search(rf"\b(?:{part}|with|by)\b", left))


def says_only(text: str) -> bool | None:
    """Give the yes or no of a text that says nothing besides; `None` for any other."""
    said, whole = _words(), plain(text)
    if _marked(text):
        return None
    return True if whole in said["yes"] else False if whole in said["no"] | said["none"] else None


def _of_these(text: str, name: str) -> bool:
    said, whole = _words(), plain(text)
    return not _marked(text) and (
        whole in said["plain_whole"] or (bool(whole) and set(whole.split()) <= said[name])
    )


def _marked(text: str) -> bool:
    """Tell whether a sign may say what no word does, as in "scanned (?)" or a sign that nobody sees."""
    return any(not (sign.isalnum() or sign in _NO_MARKS) for sign in text)


def said_beside(text: str, is_firm: Callable[[str], bool]) -> str:
    """Give the first part of words on a search that does not say that somebody looked, or at all of what; else empty.

    An enumeration may stand before a part that says so, and a few words of how, firms and numbers behind one.

    Args:
        is_firm: tells whether a word is of a firm's name.
    """
    said = _words()
    for sentence in _SENTENCES.split(text):
        parts = [part for part in _PARTS.split(sentence) if _but_for_wholes(part).strip()]
        told = [says_looked(part) or _begins(part, "the_whole") for part in parts]
        for place, part in enumerate(parts):
            words = plain(part).split()
            few = len(words) <= _FEW and not denies(part) and not is_unspaced(part)
            before = few and any(told[place:])
            behind = any(told[:place]) and (
                (few and (words[0] in said["with_what"] or words[0].isdigit() or len(words) < _FEW))
                or all(is_firm(word) or word.isdigit() or word in said["goes_on"] for word in words)
            )
            if not (told[place] or before or behind):
                return part.strip()
    return ""


def names_no_one_fit(text: str) -> bool:
    """Tell whether a text that should name who searched, or was asked, names nobody, or somebody who is denied a part of it.

    A name is written with a capital letter, but in scripts that have none, and a team in two words at most.
    """
    lower = text.casefold() == text and text.upper() != text and len(text.split()) > _TEAM
    nameless = lower or "?" in text or text.split(" ")[0] in _words()["some_one"]
    return (
        is_nobody(text) or nameless or denies(text) or is_cut(text) or reserves(text) or _among(text, "unfit")
    )


def is_a_name(text: str) -> bool:
    """Tell whether a text is written as the name of a person: a few words with capitals, no digit, no sign but those of names."""
    words = text.split()
    return 1 < len(words) <= _NAME_WORDS and all(
        (word[0].isupper() or word in _words()["of_names"])
        and set(word) - _SIGNS_OF_NAMES == set(filter(str.isalpha, word))
        for word in words
    )


def is_a_name_without_capitals(text: str) -> bool:
    """Tell whether a text is a few signs of a script that has neither capitals nor blanks, as names are there."""
    limits = _words()["limits_names_unspaced"]
    return (
        is_unspaced(text)
        and text.isalpha()
        and len(text) <= _NAME_SIGNS
        and not any(one in text for one in limits)
    )


def not_looked_for(text: str, names_firm: Callable[[str], bool]) -> Iterator[str]:
    """Yield the parts of words on a search that name a firm otherwise than as what was looked for.

    Args:
        names_firm: tells whether a text names a firm.
    """
    said = _words()
    for sentence in _SENTENCES.split(text):
        looking = False
        for part in filter(plain, _PARTS.split(sentence)):
            looking = looking or says_looked(part)
            words = plain(part).split()
            at = next((place for place, word in enumerate(words) if names_firm(word)), None)
            if at is None:
                if names_firm(part) and not any(word in part for word in said["looked_for_unspaced"]):
                    yield part
                continue
            before, behind = words[:at], words[at + 1 :]
            sought = (before[-1] in said["looked_for"]) if before else looking
            if not (
                looking and sought and all(names_firm(word) or word in said["goes_on"] for word in behind)
            ):
                yield part


def is_less(text: str) -> bool:
    """Tell whether words on how one thing was searched, or what all of it was, say less than the whole."""
    return _among(_but_for_wholes(text), "less") or _among(text, "lessens")


def _but_for_wholes(text: str) -> str:
    said = f" {plain(text)} "
    for phrase in _words()["whole_after_all"]:
        said = said.replace(f" {phrase} ", " ")
    return said


def says_looked(text: str) -> bool:
    """Tell whether a word of a text says that somebody looked."""
    return _begins(text, "looked")


def _begins(text: str, name: str) -> bool:
    """Tell whether a word of a text begins with one of a list; those of scripts without blanks stand in any place of it."""
    words, said = _words(), f" {plain(text)}"
    return any(f" {begins}" in said for begins in words[name]) or any(
        word in text for word in words[f"{name}_unspaced"]
    )


def asks_after(text: str) -> bool:
    """Tell whether a question asks after a thing, so that a yes to it names one."""
    said, asked = _words(), plain(text)
    if not _holds(text, said["asks_after"]):
        return False
    # "is there a camera in all of the house" asks after one; "do you have everything on the list" does not
    for begins in said["asks_after"]:
        if " " in begins and asked.startswith(f"{begins} "):
            return asked.removeprefix(begins).split()[0] not in said["asks_whether_done"]
    return not _holds(text, said["asks_whether_done"] | said["asks_whether_gone"])


def asks_whether_gone(text: str) -> bool:
    """Tell whether a question asks whether something was taken away."""
    return _holds(text, _words()["asks_whether_gone"])


def limits_names(text: str) -> bool:
    """Tell whether a name or title limits or takes back what its bearer stands for: "Harrow Ridge, head office only"."""
    words, said = _words(), f" {plain(text)} "
    for phrase in words["stands_in_names"]:
        said = said.replace(f" {phrase} ", " ")
    said = said[1:]  # one word alone says nothing in the first place
    small = f" {' '.join(_WORD.findall(text))} "
    # a text of capitals alone tells nothing by them
    small = small.casefold() if text.isupper() else small
    return (
        any(f" {word} " in said for word in words["limits_names"])
        or any(f" {word} " in small for word in words["limits_names_small"])
        or said.startswith(tuple(f"{word} " for word in words["limits_names"] if " " in word))
        or any(word in text for word in words["limits_names_unspaced"])
    )


def turns_round(question: str) -> bool:
    """Tell whether a question is put so that a no to it may admit what it asks after: "do you disagree that ..."."""
    return _holds(question, _words()["turns_round"])


def good_answer(question: str) -> bool | None:
    """Give the answer to a question of yes or no that leaves nothing; `None` where the question does not show it."""
    said = _words()
    if turns_round(question):
        return None
    if _holds(question, said["asks_whether_only"]):
        return True
    openly = plain(question).split(" ")[0] in said["asks_openly"]
    if asks_after(question) and not openly:
        return False
    if openly or _holds(question, said["asks_after"]):
        return None
    return True if _holds(question, said["asks_whether_done"] | said["asks_whether_gone"]) else None


def without_answer(text: str) -> str:
    """Give what a text says behind the yes or no that it begins with, where a sign parts them; else the whole text."""
    said = _words()
    head, parted, rest = _parted(text)
    return rest if parted and plain(head) in said["yes"] | said["no"] | said["none"] else text


def left_unsaid(text: str, is_other: Callable[[str], bool], is_firm: Callable[[str], bool]) -> str:
    """Give the first part of an answer, behind its yes or no, of which it is not understood that nothing is left; else empty.

    Args:
        is_other: tells whether a text names a maker that is none of the named firms.
        is_firm: tells whether a word is of a firm's name.
    """
    settled = without_answer(text) != text
    for part in filter(plain, _PARTS.split(without_answer(text))):
        words = plain(part).split()
        how_many = len(words) == 1 and words[0].isdigit() and len(words[0]) < _YEAR
        goes_on = not how_many and all(
            is_firm(word) or word.isdigit() or word in _words()["goes_on"] for word in words
        )
        settled = _is_settled(part, is_other) or (settled and goes_on)
        if not settled:
            return part.strip()
    return ""


def _is_settled(part: str, is_other: Callable[[str], bool]) -> bool:
    """Tell whether a part of an answer is understood to say that nothing is left."""
    said, whole = _words(), plain(part)
    if is_none_at_all(part):
        return True
    other = is_other(part)
    if _among(part, "lessens") or _SHARE.search(whole) or (not other and _among(part, "how_many")):
        return False
    none = _among(part, "says_none")
    if none:
        for phrase in said["not_on_the_list"]:
            whole = whole.replace(phrase, "")
    accounted = _among(whole, "accounted") or any(word in part for word in said["accounted_unspaced"])
    looked = says_looked(part)
    if looked and not none:
        looked = _begins(part, "the_whole")
    if none:
        return not accounted and not looked
    return (accounted or looked or other) and not denies(part) and not any(word in part for word in "不没未")


def _parted(text: str) -> tuple[str, str, str]:
    found = _PARTS.search(text)
    return (text, "", "") if found is None else (text[: found.start()], found[0], text[found.end() :])


def is_none_at_all(text: str) -> bool:
    """Tell whether a whole answer says that there is none."""
    said = _words()
    return plain(text) in said["none"] | said["no"] or text.strip() == "0"


def is_nobody(text: str) -> bool:
    """Tell whether a text that should name somebody names nobody."""
    said = _words()
    return is_not_known(text) or plain(text) in said["none"] | said["no"]


def _among(text: str, name: str) -> bool:
    """Tell whether one of a list of words stands in a text; those of scripts without blanks in any place of it."""
    said = _words()
    return _holds(text, said[name]) or any(word in text for word in said[f"{name}_unspaced"])


def leaves_some(text: str) -> bool:
    """Tell whether what is said of who made things leaves some of them to another, or supposes it: "mostly", "all but one"."""
    return is_less(text) or reserves(text) or _among(text, "mainly") or bool(_SO_MANY_OF.search(text))


def names_nobody(text: str) -> bool:
    """Tell whether an answer to who made something is none: a yes or no, a number, a supposition, where to look."""
    said, whole = _words(), plain(text)
    return (
        not any(one.isalpha() for one in whole)
        or whole in said["yes"] | said["no"] | said["no_maker"]
        or is_not_known(text)
        or whole.split(" ")[0] in said["points_elsewhere"]
        or _holds(text, said["hedges"])
        or text.rstrip().endswith(("?", "？"))
    )


def names_no_maker(text: str) -> bool:
    """Tell whether a cell of makers names none, or leaves open which: words that say so, single letters, numbers."""
    alone, words = _words()["no_maker_alone"], plain(text).split()
    named = [word for word in words if any(map(str.isalpha, word)) and word not in alone]
    return all(word.isascii() and len(word) == 1 for word in named) or _holds(
        text, ["or", "oder", "ou", "или"]
    )


def is_all(text: str) -> bool:
    """Tell whether an answer says that something covers everything."""
    return plain(text) in _words()["all"]


def is_none(text: str) -> bool:
    """Tell whether an answer says that there is none.

    Raises:
        WrongValue: when it says so and supposes it.
    """
    said = _words()
    head = plain(_WITHOUT_TAIL.split(text, maxsplit=1)[0])
    if plain(text) in said["none"] | said["no"] or text.strip() == "[]":
        return True
    starts = head.split(" ")[0] in said["none"] | said["no"] or head in said["none"]
    if starts and _holds(text, said["hedges"]):
        raise WrongValue(
            f"{text[:60]!r} supposes it", "none, when somebody has looked and there is none; ? when not known"
        )
    return head in said["none"] | said["no"]


def truth(text: str, fact: str = "") -> bool | None:
    """Give yes or no; `None` when a text says neither.

    Args:
        text: as typed.
        fact: what is asked; a word that means yes to it outweighs the no that a text begins with.

    Raises:
        WrongValue: when it says one and supposes it.
    """
    said = _words()
    parts = [part for part in _WITHOUT_TAIL.split(text) if _holds(part, said["means_yes"].get(fact, ()))]
    if parts:
        if any(denies(part) or _holds(part, said["hedges"]) for part in parts):
            raise WrongValue(f"{text[:60]!r} says more than yes or no", "yes, no, or ? when not known")
        return True
    whole = plain(text)
    for name, value in (("yes", True), ("no", False)):
        if whole in said[name]:
            return value
    head = plain(_WITHOUT_TAIL.split(text, maxsplit=1)[0])
    first = whole.split(" ")[0]
    for name, value in (("yes", True), ("no", False)):
        if first in said[name]:
            if _holds(text, said["hedges"]) or (head != first and denies(text.partition(" ")[2])):
                raise WrongValue(f"{text[:60]!r} says more than yes or no", "yes, no, or ? when not known")
            return value
    return None


def place_names() -> tuple[str, ...]:
    """Give the names of countries and states, folded."""
    named = _words()
    return tuple(
        dict.fromkeys(
            [
                *(plain(name) for names in named["countries"].values() for name in names),
                *map(plain, named["states"].values()),
            ]
        )
    )


def country(text: str) -> str | None:
    """Give the code of a country that is named in words; `None` when none is."""
    names = {plain(name): code for code, listed in _words()["countries"].items() for name in listed}
    return names.get(plain(text))


def state(text: str) -> str | None:
    """Give the code of a state of the United States, by its name or its two letters; `None` when none is named."""
    named = _words()["states"]
    code = f"US-{text.strip().upper().removeprefix('US-')}"
    return code if code in named else next((one for one, name in named.items() if name == plain(text)), None)


def clauses(text: str) -> str:
    """Write a list of clauses with commas and the letters of their collections in capitals."""
    joined = re.sub(r"\s*(?:[;\n&+]|\b(?:and|und|y|et)\b)\s*", ", ", text.strip(), flags=re.IGNORECASE)
    return re.sub(r"\b(?:far|dfars|rfo)\b", lambda found: found[0].upper(), joined, flags=re.IGNORECASE)


def day(text: str, today: date) -> str | None:
    """Write a day, a month or a year as ISO; `None` when a text is none.

    Args:
        today: the day on which the law is asked.

    Raises:
        WrongValue: when numbers can mean two days.
    """
    said = _words()
    whole = plain(text)
    if whole in said["days"]:
        return (today - timedelta(days=int(said["days"][whole]))).isoformat()
    try:
        return written_day(text, loosely=True)
    except TwoMeanings as two:
        raise WrongValue(f"{text!r} can mean {' and '.join(two.days)}", "one of them") from None


def in_one_word(text: str, fact: str = "") -> bool | str | None:
    """Give yes or no, or the entry of a closed list, that a whole answer means in its own words, else `None`.

    Args:
        fact: whose closed list is meant; without one, yes or no.
    """
    whole, said = plain(text), _words()
    truth = next((name for name in ("yes", "no") if whole in said[name]), None)
    if not fact:
        return None if truth is None else truth == "yes"
    listed = {plain(word): value for value, words in said["values"].get(fact, {}).items() for word in words}
    return listed.get(whole) or listed.get(truth or "")


def choice(spec: FactSpec, text: str, kinds: Mapping[str, Sequence[str]]) -> str:
    """Give the entry of a closed list that a text means; the text itself when it means none.

    Args:
        kinds: kinds of things with the words for them, for `item.kind`.
    """
    folded = "_".join(plain(text).split())
    if folded in spec.values:
        return folded
    if text.strip().isdecimal() and 1 <= int(text) <= len(spec.values):
        return spec.values[int(text) - 1]
    said = in_one_word(text, spec.name)
    if said is not None:
        return str(said)
    if denies(text):
        return text.strip()
    if spec.name == "item.kind":
        return longest(text, {word: kind for kind, all_ in kinds.items() for word in all_}) or text.strip()
    loose = [
        value
        for value in spec.values
        if value not in _LETS_GO
        and any(len(word) >= _SHORTEST and _holds(text, [word]) for word in value.split("_"))
    ]
    return loose[0] if len(loose) == 1 else text.strip()


def purpose_parts(parts: Iterable[str], purposes: Purposes) -> list[str]:
    """Turn the parts of an answer that name a body or a place into purposes; what names a purpose, a reading or a use is kept."""
    made: list[str] = []
    for part in parts:
        name = "_".join(plain(part).split())
        if name in PURPOSES or purposes.reading(part) is not None or purposes.use_in(part) is not None:
            made.append(part)
        elif plain(part) in _words()["none"] - _NOBODY_LOOKS:
            made.append("none")
        else:
            made += ([] if denies(part) else purposes.in_words(part)) or [part]
    return list(dict.fromkeys(made))
