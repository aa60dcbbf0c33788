"""Words on a search that plainly say that less was looked at than there is, told by their form.

Shares of a whole ("one in ten", "every third row"), things taken out ("barring the annex"), days before the search ("read whole
in 2021"), a list that was changed first, and places looked at from elsewhere ("walked by video, doors shut") stand against an
answer. What else is no plain statement is read by whoever approves: no list of words finds all that a sentence can admit.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from proscribe.app.kb.plain_words import denies, parts_of, place_names, plain, says_looked
from proscribe.kb.strictyaml import declared

_YEAR = re.compile(r"(?<![\w.:/-])(?:19[5-9]|20[0-4])\d(?![\w:]|[.]\d)")
#: Days and months with their year: 2026-11-18, 11/2026, 18.11.2026.
_DATED = re.compile(
    r"(?<!\d)(?:(?P<y>(?:19|20)\d\d)-(?P<m>0[1-9]|1[0-2])(?:-\d\d)?"
    r"|(?:\d{1,2}[./])?(?P<n>0?[1-9]|1[0-2])[./](?P<z>(?:19|20)\d\d))(?!\d)"
)
#: Between a thing and what it is.
_IS = "(?:were|was|are|is|stayed|remained|kept|left|all|war|waren|blieb|blieben|étaient|estaban|erano)"
#: The edition of a clause, which is no day of a search: (NOV 2021).
_EDITION = re.compile(r"\([A-Z]{3} \d{4}\)|\bISO[ /A-Z]*\d+(?:-\d+)?:\d{4}")
_ON_THE_LIST = re.compile(
    r"\b(?:that|which|who) (?:is|are|stands?|appears?) (?:on|in) (?:the|our) (?:list|register|inventory)"
    r"|\b(?:die|das|der) (?:auf|in) der liste (?:ist|sind|steht|stehen)"
)
_PERCENT = re.compile(
    r"(?<![\d.,])\d{1,2}(?:[.,]\d+)? ?(?:%|per ?cent\b|prozent\b|pour cent\b|por ciento\b|por cento\b|procent\b)",
    re.IGNORECASE,
)
_OF_ROWS = re.compile(
    r"\b(?:row|line|page|record|zeile|ligne|fila|riga)s?n? \d[\d.,]* ?(?:-|–|to|through|bis|à|a) ?\d",
    re.IGNORECASE,
)
#: From one letter to another, but not through all of them.
_LETTERS = re.compile(r"\b(?!A\W*(?:to|through|bis)?\W*Z\b)[A-Z] ?(?:-|–|to|through|bis) ?[A-Z]\b")
#: German words that say that a thing was put away, or shut.
_DONE = re.compile(r"(?:ab|aus|weg|zurück|bei)ge\w+(?:t|en)|ver\w+(?:t|en)")
#: Words of a part that says what was done to a thing, at most.
_FEW = 4
#: Words behind an exception that may name the list: "other than those on our list".
_BEHIND = 6
#: No number beyond is a count of some of a whole.
_MOST_COUNTED = 1_000


@lru_cache(maxsize=1)
def _said() -> Mapping[str, Any]:
    value = declared("proscribe.app.kb", "search_limits.yml")
    made: dict[str, Any] = {
        name: tuple(dict.fromkeys(plain(word) or word for word in words))
        for name, words in value.items()
        if isinstance(words, list)
    }
    for name in ("numbers", "months"):
        made[name] = {plain(word): int(number) for number, words in value[name].items() for word in words}
    return made


def limits(text: str, on: date | None = None, *, walked: bool = False) -> str:
    """Give the words of a text on a search that limit it; empty where none plainly does.

    Args:
        on: the first day that counts as one of this search; without it no date is too old.
        walked: whether it was a visit of a place.
    """
    found = (
        _less(text),
        _of_those("changed", text),
        _shut(text),
        _afar(text, walked=walked),
        _old(text, on) if on is not None else "",
        _of_those("long_ago", text),
        _done_to_it(text),
    )
    return next(filter(None, found), "")


def _less(text: str) -> str:
    return _share(text) or _step(text) or _taken_out(text) or _of_those("about_all", text)


def limits_scope(text: str, on: date | None = None) -> str:
    """Give the words of a scope, or of the name of what was searched, that limit it: a share, which of all, a day, a place.

    Args:
        on: as `limits` takes it.
    """
    said = _said()
    one_of = {name: _one_of(said[name]) for name in ("whole_words", "articles", "qualifiers", "within")}
    folded = plain(text)
    which = re.search(
        rf"\b{one_of['whole_words']} (?:{one_of['articles']} )*{one_of['qualifiers']} \w+", folded
    )
    where = re.search(rf"\b{one_of['within']} (?:the )?(?:state of )?{_one_of(place_names())}\b", folded)
    found = which or where
    return (
        _less(text)
        or (found[0] if found else "")
        or (_old(text, on) if on is not None else "")
        or _of_those("long_ago", text)
    )


def asks_of_less(question: str) -> str:
    """Give the word by which a question takes out of it what is there: "is anything missing but the known cameras?"."""
    said, folded = _said(), plain(question)
    for one in _pattern("excepts").finditer(folded):
        behind = folded[one.end() :].split()[:_BEHIND]
        if not any(word in said["of_lists"] for word in behind):
            return one[0]
    return _of_those("about_all", question)


def asks_of_the_list(question: str) -> bool:
    """Tell whether a question asks after what stands on the list: a no to it denies the list, whatever is beside it."""
    folded = plain(question)
    return bool(_ON_THE_LIST.search(folded)) and not denies(question)


def _one_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})"


@lru_cache(maxsize=32)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_one_of(_said()[name])}(?!\w)")


def _of_those(name: str, text: str) -> str:
    found = _pattern(name).search(plain(text))
    return (
        found[0]
        if found is not None
        else next((word for word in _said().get(f"{name}_unspaced", ()) if word in text), "")
    )


def _is_denied(part: str) -> bool:
    return denies(part) or any(word in _said()["nothing"] for word in plain(part).split())


def _taken_out(text: str) -> str:
    """Find what was taken out; that nothing was is no such thing."""
    return next(
        filter(None, (_of_those("taken_out", part) for part in parts_of(text) if not _is_denied(part))), ""
    )


@lru_cache(maxsize=1)
def _counted() -> re.Pattern[str]:
    said = _said()
    number = rf"(?:\d+|{_one_of(said['numbers'])})"
    between = rf"(?:in|(?:\w+ )?{_one_of(said['of_so_many'])})"
    return re.compile(rf"(?<!\w)(?P<some>{number}) {between} (?P<all>{number})(?!\w)")


def _share(text: str) -> str:
    """Find so many of so many, a percentage, rows or letters from one to another, or a part by its name."""
    numbers = _said()["numbers"]
    for one in _counted().finditer(plain(text)):
        some, whole = (int(word) if word.isdecimal() else numbers[word] for word in (one["some"], one["all"]))
        if some < whole < _MOST_COUNTED:
            return one[0]
    found = (
        _PERCENT.search(text)
        or _OF_ROWS.search(text)
        or _LETTERS.search(text)
        or _so_many().search(plain(text))
    )
    return found[0] if found is not None else _of_those("shares", text)


@lru_cache(maxsize=1)
def _so_many() -> re.Pattern[str]:
    said = _said()
    beyond = rf"(?<!and )(?<!or )(?<!und )(?<!et )(?<!y ){_one_of(said['beyond'])} (?:[a-z]{{3}} )?\d+"
    return re.compile(
        rf"(?<!\w)(?:{_one_of(said['foremost'])} (?:\d+|{_one_of(said['numbers'])})|{beyond})(?!\w)"
    )


@lru_cache(maxsize=1)
def _stepping() -> re.Pattern[str]:
    said = _said()
    which = rf"(?:{_one_of(said['ordinals'])}|\d+(?:st|nd|rd|th|er|e|a|o)?)"
    behind = rf"(?: (?!{_one_of(said['no_step'])}(?!\w))|$)"
    return re.compile(rf"(?<!\w){_one_of(said['steps'])} {which}(?!\w){behind}")


def _step(text: str) -> str:
    found = _stepping().search(plain(text))
    return found[0].strip() if found is not None else ""


def _shut(text: str) -> str:
    said = _said()
    things, shut = _one_of(said["shut_things"]), _one_of(said["shut"])
    for part in parts_of(text):
        found = re.search(rf"(?<!\w){things}(?: {_IS})* {shut}$", plain(part))
        if found is not None and not _is_denied(part):
            return found[0]
    return ""


def _afar(text: str, *, walked: bool) -> str:
    """Find a place that was looked at from elsewhere; people are asked from anywhere."""
    asking = _said()["asking"]
    for part in parts_of(text):
        found = _of_those("from_afar", part)
        if (
            found
            and (walked or _of_those("walks", text))
            and not any(word.startswith(asking) for word in plain(part).split())
        ):
            return found
    return ""


def _old(text: str, on: date) -> str:
    """Give the latest day that a text names where it is before a day."""
    days = sorted(_days(_EDITION.sub(" ", text)))
    return days[-1][1] if days and days[-1][0] < on else ""


def _days(text: str) -> Iterator[tuple[date, str]]:
    """Yield the last day of each year, month and day that stands in a text, with its words."""
    for one in _DATED.finditer(text):
        year, month = int(one["y"] or one["z"]), int(one["m"] or one["n"])
        yield _last_of(year, month), one[0]
    months, left = _said()["months"], _DATED.sub(" ", text)
    for one in _YEAR.finditer(left):
        before = plain(left[: one.start()]).split()
        yield _last_of(int(one[0]), months.get(before[-1] if before else "", 12)), one[0]


def _last_of(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _done_to_it(text: str) -> str:
    """Give a short part of a text that says what was done to a thing, and is no search: "889 items parked", "cameras out"."""
    said = _said()
    for part in parts_of(text):
        words = plain(part).split()
        if not 1 < len(words) <= _FEW or says_looked(part) or _is_denied(part):
            continue
        last = words[-1]
        done = (last.endswith(said["done_ends"]) and len(last) > _FEW) or _DONE.fullmatch(last)
        if last in said["done_to_it"] or (done and not last.startswith(said["done_well"])):
            return " ".join(words)
    return ""
