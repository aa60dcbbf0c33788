"""Keys of type plates in a text: as they are written, run together with their value, and with one letter misread."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from proscribe.readers._grammar import grammar, longest_of

_GRAMMAR = grammar("pictures/plates.yml")
_WORDS, _RE = _GRAMMAR.words, _GRAMMAR.patterns
#: Columns that a key can fill.
VALUES = ("model", "part", "serial", "mac", "fcc", "maker")
#: Keys of fewer letters are other words when a letter is misread.
_LONG = 5
#: From here on scripts are written without blanks between words.
_UNSPACED = "\u2e80"
#: Columns whose keys are so seldom words that one behind another key and its value needs no colon.
_UNMISTAKABLE = frozenset({"serial", "mac", "fcc"})
_HEAD = re.compile(r"\W*([A-Za-z]+(?:[ .]{1,2}[A-Za-z]+){0,2})")
_STATED = frozenset(":：．.#=№")


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Find keys at the borders of words; those of scripts without blanks anywhere, long ones before a capital or a digit too."""
    spaced = [word for word in words if word[-1] < _UNSPACED]
    unspaced = [word for word in words if word[-1] >= _UNSPACED]
    run_in = [word for word in spaced if len(word) >= _LONG]
    parts = []
    if spaced:
        parts.append(rf"(?<!\w)(?i:{longest_of(spaced)})(?!\w)")
    if run_in:
        parts.append(rf"(?<!\w)(?i:{longest_of(run_in)})(?<=[a-z])(?=[A-Z0-9])")
    if unspaced:
        parts.append(rf"(?i:{longest_of(unspaced)})")
    return re.compile("|".join(parts))


#: Each list is asked for by its name, so that one that nothing uses is told.
_KEYS = {
    "model": _WORDS["model"],
    "part": _WORDS["part"],
    "serial": _WORDS["serial"],
    "mac": _WORDS["mac"],
    "fcc": _WORDS["fcc"],
    "maker": _WORDS["maker"],
    "sign": _WORDS["sign"],
    "box": _WORDS["box"],
    "offer": _WORDS["offer"],
    "warning": _WORDS["warning"],
}
_KEY = {name: _pattern(words) for name, words in _KEYS.items()}


#: The same key once more, in another language: `型号/Model`, `序列号 (S/N)`.
_AGAIN = {
    name: re.compile(rf"(?i)\s*[/(（]\s*(?:{longest_of(_KEYS[name])})(?!\w)\s*[)）]?") for name in VALUES
}


#: Ends with what says for which other thing this one is.
_FITS = re.compile(r"(?i)(?:(?<!\w)|(?<=[\u2e80-\uffff]))(?:" + longest_of(_WORDS["fits"]) + r")[\s:：]*$")


def _without_one(word: str) -> Iterator[str]:
    yield word
    yield from (word[:place] + word[place + 1 :] for place in range(len(word)))


#: Keys without one of their letters, by column: two words that have such a rest in common differ by one misread letter.
_NEAR = {
    rest: name
    for name in VALUES
    for word in _KEYS[name]
    if len(plain := re.sub(r"\W", "", word)) >= _LONG and plain.isascii()
    for rest in _without_one(plain)
}


def is_sign(text: str) -> bool:
    """Tell whether a text begins as only those of plates do: a country, a rating, an approval."""
    return _KEY["sign"].match(text) is not None


def signs_of_boxes(text: str) -> int:
    """Count what only boxes say: pieces in it, gross weight, number of the carton."""
    return len({found.casefold() for found in _KEY["box"].findall(text)})


def advertises(text: str) -> bool:
    """Tell whether a text is one of an offer, of a shop, or of somebody who warns of things; plates say no such thing."""
    return (
        _KEY["offer"].search(text) is not None
        or _KEY["warning"].search(text) is not None
        or _RE["price"].search(text) is not None
    )


def is_company(text: str) -> bool:
    """Tell whether a line is nothing but the name of a company, and does not say that it did something else than make a thing."""
    return _RE["company"].search(text.strip()) is not None and _RE["other_part"].search(text) is None


def keyed(text: str) -> list[tuple[str, int, str]]:
    """Give column, place of the key and value of each key in a text; only where a line or another value begins."""
    found: list[tuple[int, int, str]] = []
    for name in VALUES:
        for hit in _KEY[name].finditer(text):
            again = _AGAIN[name].match(text, hit.end())
            between = _RE["between"].match(text, again.end() if again is not None else hit.end())
            assert between is not None
            stated = not _STATED.isdisjoint(between.group())
            rest = text[between.end() :]
            # "Type" in the midst of a sentence is a word; with a colon, or first in its line before a number, it is a key.
            begins = not text[: hit.start()].strip() or (name in _UNMISTAKABLE and rest != "" and bool(found))
            if stated or (begins and (not rest or any(map(str.isdigit, rest)))):
                found.append((hit.start(), between.end(), name))
    if not any(not text[:start].strip() for start, _, _ in found):
        found += _misread(text)
    found.sort(key=lambda one: (one[0], -one[1]))
    kept: list[tuple[int, int, str]] = []
    for one in found:
        before = text[kept[-1][1] if kept else 0 : one[0]]
        if (not kept or one[0] >= kept[-1][1]) and _FITS.search(before) is None:
            kept.append(one)
    return [
        (one[2], one[0], text[one[1] : following[0]].strip(" \t,;/|"))
        for one, following in pairwise([*kept, (len(text), len(text), "")])
    ]


def _misread(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the key with which a line begins if one letter of it was misread: `Sertial No. 12` is a serial number."""
    head = _HEAD.match(text)
    if head is None:
        return
    words = list(re.finditer(r"[A-Za-z]+", head.group(1)))
    for last in reversed(words):
        said = "".join(one.group() for one in words[: words.index(last) + 1]).casefold()
        names = {_NEAR[rest] for rest in _without_one(said) if rest in _NEAR}
        if len(said) >= _LONG - 1 and len(names) == 1:
            between = _RE["between"].match(text, head.start(1) + last.end())
            assert between is not None
            if len(said) < _LONG and _STATED.isdisjoint(between.group()):
                continue  # a short word is another one, unless a colon makes it a key: `Mode: PD785`
            rest = text[between.end() :]
            if not rest or any(map(str.isdigit, rest)):
                yield head.start(1), between.end(), names.pop()
            return
