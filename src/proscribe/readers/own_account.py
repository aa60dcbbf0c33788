"""What a source says of itself beside its records: that it is filtered, a part, failed, narrowed or old.

What it does: takes what stands above and below a table, in comments, in the mail that carries it, in the name of the file, in
the totals and links around the answer of an interface, in records that are messages of a failure, and in the options of
tools; lets pass what is of a plain form, such as a title, a day, `page 1 of 1` and a total of as many as were read; and reads out
the rest.
Why it matters: a list that says "Showing 1 to 12 of 412" and shows nothing of a firm says nothing of the other 400.
Example: `Filter: Category <> CCTV` above the header.
Not covered: running text that is a record itself, and what a page or a program puts into code, links and looks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import PurePath
from typing import Any, Protocol

from proscribe.model.observations import ReadIssue, Table
from proscribe.model.spelling import unaccented
from proscribe.readers._declared import values_of
from proscribe.readers.issues import TOLD_BESIDE, IssueLog

#: Places of texts: a title, a row of a table with hardly a cell, what an interface puts around its records, the options of a
#: tool, the filter and the remarks of a capture, and the words of a mail that carries a list.
ABOVE, LINE, FOOT = "above the header", "line of the table", "below the records"
AROUND, ARGUMENTS = "around the records", "arguments of the tool"
CAPTURED, REMARK, LETTER = "filter of the capture", "comment of the capture", "text of the mail"
AROUND_TABLE = "text around a table"
#: Places whose texts are records, too.
READ_TOO = frozenset({LETTER, AROUND_TABLE})
#: A row of a list in running text: columns that lie two blanks or more apart, three of them or two behind a number, and a figure.
_ROW_IN_TEXT = re.compile(r"[>|\s]*(?:\d+[.)]?\s|\S[^\t]*?\S(?:\s{2,}|\t))\s*\S.*?\S(?:\s{2,}|\t)\S?.*?\d")
#: Characters of one text, and of several of one place that are read out together.
LONGEST, _TOGETHER = 320, 400
#: A day of a source that lies further back speaks of another day than a paper does; things may be counted once a year.
_OLD, _OLD_COUNT = timedelta(days=90), timedelta(days=366)
#: So many months of purchases, with so many records each, show that one without any is missing; and how many are named.
_FEW_MONTHS, _RECORDS_A_MONTH, _MONTHS_SHOWN = 4, 3, 12
#: Kinds of tables that speak of a time that is over, and not of what there is.
_OF_A_PERIOD = frozenset({"purchases", "vendors"})
#: What each kind of limit is said with.
_SAID = {"limits": "E552.limits", "total": "E552.total", "scope": "E552.scope", "day": "E552.day"}
#: How an issue names the words that are of no plain form; `E552.words` ends so.
OF_NO_FORM = re.compile(r"”\. Of no plain form: ([^.]+)\.")
_WORD = re.compile(r"[^\W_\u2e80-\uffff]+|[^\W_\x00-\u2e7f]+")
#: The cells of a table of a workbook, or of its filter, and where they stand.
_AREA = re.compile(r"\$?[A-Z]{1,3}\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})")
_TABLES = (", autoFilter", ", table")
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|\s*\n\s*")
_CODE = re.compile(r"[{};=]|://|\w\(|@")
_COMPARES = re.compile(r"<>|!=|<=|>=|~|\*|(?<!\w)NOT\b")
_ISO = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-./年 _]?(1[0-2]|0?[1-9])?(?:[-./月 _]?([12]\d|3[01]|0?[1-9]))?(?!\d)"
)
_LAST = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])[-./ ](0?[1-9]|[12]\d|3[01])[-./ ]((?:19|20)\d\d)(?!\d)")
_MONTHS = (
    ("jan", "ener", "genn", "янв"), ("feb", "fev", "febb", "фев"), ("mar", "marz", "maa", "мар"), ("apr", "avr", "abr", "апр"),
    ("may", "mai", "mag", "mei"), ("jun", "juin", "giu", "июн"), ("jul", "juil", "lug", "июл"), ("aug", "aou", "ago", "авг"),
    ("sep", "set", "сен"), ("oct", "okt", "ott", "out", "окт"), ("nov", "ноя"), ("dec", "dez", "dic", "дек"),
)  # fmt: skip


class OwnTexts(Protocol):
    """What the cells of one part of an input say of it; see `own_lines.OwnLines`."""

    texts: dict[str, tuple[str, int]]
    failed: dict[str, str]
    newest: dict[str, tuple[str, bool]]
    months: dict[str, Counter[str]]
    numbered: dict[str, tuple[int, frozenset[int]]]
    sifted: bool


def account_issues(
    display: str,
    tables: Sequence[Table],
    sides: Iterable[Sequence[Any]],
    parts: Sequence[OwnTexts],
    records: int,
    as_of: date,
) -> list[ReadIssue]:
    """Say what a source says of itself that is of no plain form: each text once, those with words of a limit first.

    Args:
        display: the input as a person named it.
        tables: its tables, with the texts beside each in `beside`.
        sides: place and text of what stands beside the records of the whole input.
        records: how many were read, with which totals are compared.
        as_of: the day that the scan speaks of.
    """
    issues: list[ReadIssue] = []
    log = IssueLog(issues)
    said: dict[str, str] = {}
    words: dict[str, list[tuple[str, list[str]]]] = {}
    of_period = bool(tables) and all(table.kind in _OF_A_PERIOD for table in tables)
    for place, text, cells in _texts(display, tables, sides, parts):
        for piece in _pieces(place, text):
            limit, unknown = weighed(place, piece, records, as_of)
            if limit == "day" and of_period:
                continue
            if not limit and not (unknown and _is_read(place, unknown, cells)):
                continue
            if said.setdefault(_plain(piece), place) != place:
                continue
            if limit:
                log.add(_SAID[limit], place, text=quoted(piece), records=f"{records:,}", lossy=False)
            else:
                words.setdefault(place.partition(f"{LINE}, ")[0] or place, []).append((piece, unknown))
    for text, at in dict(item for part in parts for item in part.failed.items()).items():
        log.add("E552.failed", at, text=quoted(text), lossy=False)
    for name, newest, counted in _newest(parts):
        if date.fromisoformat(newest) < as_of - (_OLD_COUNT if counted else _OLD):
            log.add("E552.day", f"column {name!r}", text=f"{name}: {newest}, at the latest", lossy=False)
    _left_out(log, parts, records)
    for place, told in words.items():
        for texts, unknown in _joined(told):
            log.add(
                "E552.words", place, text=quoted(texts), words=", ".join(dict.fromkeys(unknown)), lossy=False
            )
    log.close()
    return issues


def _left_out(log: IssueLog, parts: Sequence[OwnTexts], records: int) -> None:
    """Say what the records themselves show to be missing: months, numbers of a whole, all beyond a limit of exports."""
    if str(records) in _declared("most_records"):
        log.add("E552.round", "", records=f"{records:,}", lossy=False)
    if any(part.sifted for part in parts):
        return
    months: dict[str, Counter[str]] = {}
    for part in parts:
        for name, counts in part.months.items():
            months.setdefault(name, Counter()).update(counts)
    for name, counts in months.items():
        gaps = _gaps(counts)
        if gaps:
            log.add(
                "E552.gap",
                f"column {name!r}",
                text=name,
                months=", ".join(gaps),
                count=len(counts),
                lossy=False,
            )
    for name, (whole, numbers) in _numbered(parts).items():
        missing = [one for one in range(1, whole + 1) if one not in numbers]
        # of a few out of many it is no list that counts itself: ports, `1/24`
        if missing and len(numbers) > 1 and len(missing) <= len(numbers):
            shown = ", ".join(map(str, missing[:_MONTHS_SHOWN]))
            log.add(
                "E552.numbered",
                f"column {name!r}",
                text=f"{min(numbers)}/{whole}",
                missing=shown,
                whole=whole,
                lossy=False,
            )


def _numbered(parts: Sequence[OwnTexts]) -> dict[str, tuple[int, frozenset[int]]]:
    held: dict[str, tuple[int, frozenset[int]]] = {}
    for part in parts:
        for name, (whole, numbers) in part.numbered.items():
            known, before = held.get(name, (whole, frozenset()))
            held[name] = (whole if known == whole else 0, before | numbers)
    return held


def _gaps(counts: Counter[str]) -> list[str]:
    """Give the months without a record between the first and the last, where hardly one is without, and each has several."""
    if len(counts) < _FEW_MONTHS or sum(counts.values()) < _RECORDS_A_MONTH * len(counts):
        return []
    first, last = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (min(counts), max(counts)))
    gaps = [text for at in range(first, last) if (text := f"{at // 12}-{at % 12 + 1:02}") not in counts]
    return gaps if len(gaps) * _FEW_MONTHS <= len(counts) * 2 else []


def quoted(text: str) -> str:
    """Give a text as it stands in quotation marks; what follows the closing one is ours."""
    return text.replace("”", '"')


def _newest(parts: Sequence[OwnTexts]) -> Iterator[tuple[str, str, bool]]:
    held: dict[str, tuple[str, bool]] = {}
    for part in parts:
        for name, (day, counted) in part.newest.items():
            held[name] = max(held.get(name, ("", counted))[0], day), counted
    yield from ((name, day, counted) for name, (day, counted) in held.items())


def _joined(told: Sequence[tuple[str, list[str]]]) -> Iterator[tuple[str, list[str]]]:
    """Put the texts of one place together, as far as they are read in one go."""
    texts: list[str] = []
    unknown: list[str] = []
    for text, words in told:
        if texts and sum(map(len, texts)) + len(text) > _TOGETHER:
            yield " / ".join(texts), unknown
            texts, unknown = [], []
        texts.append(text)
        unknown = [*unknown, *words]
    if texts:
        yield " / ".join(texts), unknown


def _texts(
    display: str, tables: Sequence[Table], sides: Iterable[Sequence[Any]], parts: Sequence[OwnTexts]
) -> Iterator[tuple[str, str, int]]:
    """Give place and text of each, and of a line of a table how many cells are filled."""
    yield "name of the file", PurePath(display).name, 0
    for table in tables:
        if table.sheet and "/" not in table.sheet:
            yield "name of a sheet", table.sheet, 0
        for place, text in table.beside:
            yield place, text, 0
    for side in sides:
        yield str(side[0]), str(side[1]), 0
    for part in parts:
        for text, (place, cells) in part.texts.items():
            yield place, text, cells


def _pieces(place: str, text: str) -> Iterator[str]:
    if place == AROUND or place.endswith((ARGUMENTS, CAPTURED)):
        yield text[:LONGEST]
        return
    for sentence in _SENTENCE.split(text):
        for at in range(0, len(sentence), LONGEST):
            if piece := sentence[at : at + LONGEST].strip():
                yield piece


def _is_read(place: str, unknown: Sequence[str], cells: int) -> bool:
    """Tell whether words of no plain form are read out at a place; a line of a table may be the head of a group of rows."""
    if not any(pattern.search(place) for pattern in _patterns("read")):
        return False
    return LINE not in place or (cells == 1 and (FOOT in place or len(unknown) > 3))


def weighed(place: str, text: str, records: int, as_of: date) -> tuple[str, list[str]]:
    """Weigh one text: the kind of its limit, empty where it has none, and its words that are of no plain form.

    Example:
        >>> weighed("above the header", "Filter: Category <> CCTV", 12, date(2026, 12, 1))[0]
        'limits'
        >>> weighed("above the header", "Page 1 of 1", 12, date(2026, 12, 1))
        ('', [])
    """
    if place == AROUND:
        return _around(text, records, as_of), []
    if place.endswith(ARGUMENTS):
        old = _is_old(text, as_of)
        return ("scope" if re.search(_declared("options"), text) else "day" if old else ""), []
    if place.endswith(CAPTURED):
        return "scope", []
    if (area := _AREA.fullmatch(text)) is not None:
        return ("total" if place.endswith(_TABLES) and int(area[2]) - int(area[1]) > records else ""), []
    if any(pattern.search(place) for pattern in _patterns("silent")):
        return "", []
    words = words_of(text)
    named = place.startswith("name of ")
    read = any(pattern.search(place) for pattern in _patterns("read"))
    if named:
        return _of_name(words, text, as_of), []
    if not read and (_CODE.search(text) and "connection" not in place):
        return "", []
    if (
        _limits().search(re.sub(_declared("upkeep"), " ", words))
        or _COMPARES.search(text)
        or (read and re.search(_declared("failed"), text))
    ):
        return "limits", []
    if _is_part(words, records):
        return "total", []
    if read and (LINE not in place or len(words.split()) < 9) and _is_old(text, as_of):
        return "day", []
    if place in READ_TOO and _ROW_IN_TEXT.match(text):
        return "", []  # a thing of a list, and no words on it
    return "", [word for word in words.split() if not _is_plain(word)]


def _of_name(words: str, text: str, as_of: date) -> str:
    stem = words_of(PurePath(text).stem.replace("_", " "))
    found = {one.group().strip() for one in _limits().finditer(stem)} - _but_in_names()
    if found or _in_names().search(stem):
        return "limits"
    return "day" if _is_old(PurePath(text).stem, as_of, named=True) else ""


def _around(text: str, records: int, as_of: date) -> str:
    key, _, value = text.partition(": ")
    value = value.strip()
    nothing = value.casefold() in says_nothing()
    number = int(value) if value.isdecimal() and len(value) < 12 else None
    if matches("whole_if_true", key):
        return "limits" if value.casefold() == "false" else ""
    if number is not None:
        if matches("totals", key) and number > records:
            return "total"
        if matches("pages", key) and number > 1:
            return "total"
    if nothing:
        return ""
    if matches("further", key) and not (number is not None and "page" in key.casefold() and number <= 1):
        return "limits"
    if matches("narrowed", key) or (" " in value and _limits().search(words_of(value))):
        return "limits"
    return ""


@cache
def _of() -> str:
    """Give a pattern of what stands before the number of the whole: `12 of 412`."""
    return f"(?:{'|'.join(re.escape(_plain(word)) for word in _declared('of') if _plain(word))})"


@cache
def _counted() -> re.Pattern[str]:
    things = "|".join(sorted(map(re.escape, map(_plain, _declared("things"))), key=len, reverse=True))
    return re.compile(
        rf" (\d+) ?(?:\w+ )?(?:{things})(?= )| (?:{things}) (?:number |count |of |\w+ )?(\d+)(?= )"
    )


@cache
def _paged() -> re.Pattern[str]:
    page = "|".join(_pattern_of(word) for word in _declared("page"))
    return re.compile(rf" (?:{page}) ?(\d+) (?:{_of()} ?)?(\d+)(?= )")


def _is_part(words: str, records: int) -> bool:
    """Tell whether a text counts more than was read, or pages beyond the one that it is."""
    joined = re.sub(r"(?<=\d) (?=\d{3} )", "", words) if re.search(r" \d{1,3} \d{3} ", words) else words
    for told in {words, joined}:
        if (page := _paged().search(told)) is not None and int(page[2][:9]) > 1 and len(page[2]) < 4:
            return True
        if any(int(number[:12]) > records for found in _counted().finditer(told) if (number := found[1] or found[2])
               and not _is_year(number)):  # fmt: skip
            return True
        for found in re.finditer(rf" {_of()} (\d+)(?= )", told):
            before = told[: found.start() + 1]
            if re.search(r" \d+ $", before) and int(found[1][:12]) > records and not _is_year(found[1]):
                return True
    return False


def _is_year(number: str) -> bool:
    return len(number) == 4 and 1990 <= int(number) <= 2050


def _is_old(text: str, as_of: date, *, named: bool = False) -> bool:
    """Tell whether the newest day of a text lies far back; a year alone, and a name of a file, are of that whole year."""
    day = day_in(text)
    of_year = day is not None and (day.month, day.day) == (12, 31) and not re.search(r"31|12|[Dd]e[cz]", text)
    return day is not None and day < as_of - (_OLD_COUNT if named or of_year else _OLD)


@lru_cache(maxsize=4096)
def day_in(text: str) -> date | None:
    """Give the newest day that a text tells: the last of a month or year that it names without one; `None` where none stands.

    Example:
        >>> day_in("as at 31 December 2019"), day_in("Stand 06/2024"), day_in("Room 4711")
        (datetime.date(2019, 12, 31), datetime.date(2024, 6, 30), None)
    """
    days = [
        day
        for found in _LAST.finditer(text)
        if (day := _last_of(found[3], found[2], found[1]) or _last_of(found[3], found[1], found[2]))
    ]
    days += [
        day
        for found in re.finditer(r"(?<!\d)(0?[1-9]|1[0-2])[/.]((?:19|20)\d\d)(?!\d)", text)
        if (day := _last_of(found[2], found[1], None))
    ]
    if not days:
        words = words_of(text).split()
        for place, word in enumerate(words):
            month = next((number for number, names in enumerate(_MONTHS, 1) if word.startswith(names)), 0)
            around = words[max(0, place - 2) : place + 4] if month else []
            year = next((one for one in around if len(one) == 4 and one.isdecimal() and _is_year(one)), "")
            number = next((one for one in around if one.isdecimal() and len(one) < 3), None)
            if (
                month
                and year
                and (day := _last_of(year, str(month), number) or _last_of(year, str(month), None))
            ):
                days.append(day)
    if not days:
        days += [
            day for found in _ISO.finditer(text) if _is_year(found[1]) and (day := _last_of(*found.groups()))
        ]
    return max(days, default=None)


def _last_of(year: str, month: str | None, day: str | None) -> date | None:
    try:
        if month is None:
            return date(int(year), 12, 31)
        if day is None:
            first = date(int(year), int(month), 28) + timedelta(days=4)
            return first - timedelta(days=first.day)
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _plain(text: str) -> str:
    return words_of(text).strip()


@lru_cache(maxsize=4096)
def words_of(text: str) -> str:
    """Give the words of a text in small letters, without accents, with a blank before, between and behind them."""
    plain = unaccented(text.casefold()).replace("'", "").replace("’", "")
    return f" {' '.join(_WORD.findall(plain))} "


def _pattern_of(word: str) -> str:
    stem = re.escape(_plain(word))
    if any(char >= "\u2e80" for char in word):
        return stem
    return stem + (r"\w*" if word.endswith("*") else "")


@cache
def _limits() -> re.Pattern[str]:
    """Give one pattern of the words of a limit; those in scripts without blanks between words may stand anywhere."""
    words = _declared("limits")
    whole = "|".join(_pattern_of(word) for word in words if word < "\u2e80")
    return re.compile(
        f" (?:{whole})(?= )|" + "|".join(_pattern_of(word) for word in words if word >= "\u2e80")
    )


@cache
def _in_names() -> re.Pattern[str]:
    return re.compile(f" (?:{'|'.join(_declared('in_names'))})(?= )")


@cache
def _but_in_names() -> frozenset[str]:
    return frozenset(map(_plain, _declared("not_in_names")))


@cache
def _plain_words() -> frozenset[str]:
    return frozenset(word for words in _declared("plain") for word in words_of(words).split())


@cache
def _plain_pieces() -> re.Pattern[str]:
    return re.compile(
        "|".join(sorted((word for word in _plain_words() if word >= "\u2e80"), key=len, reverse=True))
    )


def _is_plain(word: str) -> bool:
    """Tell whether a word belongs to plain forms: in scripts without blanks, whether it consists of such words."""
    if word.isdecimal() or word in _plain_words() or (word[0].isdecimal() and word.isascii()):
        return True
    return word >= "\u2e80" and not _plain_pieces().sub("", word)


@cache
def says_nothing() -> frozenset[str]:
    """Give the values of a key, in small letters, that say no more than that there is nothing."""
    return frozenset(_declared("nothing"))


@cache
def _patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, _declared(kind)))


@lru_cache(maxsize=4096)
def matches(kind: str, name: str) -> bool:
    """Tell whether the head of a column, or a key, is of a kind that `own_account.yml` declares."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).casefold().strip()
    return re.fullmatch(_declared(kind), unaccented(spaced)) is not None


@cache
def _declared(kind: str) -> Any:
    return values_of("own_account.yml")[kind]


def tells_beside(issue: ReadIssue) -> bool:
    """Tell whether an issue tells of equipment beside the records, more than by words of no plain form that are read out."""
    return issue.code in TOLD_BESIDE and not is_read_out(issue)


def is_read_out(issue: ReadIssue) -> bool:
    """Tell whether an issue only reads out words of no plain form, which a paper asks about and a scan does not list."""
    return issue.code == "E552" and OF_NO_FORM.search(issue.what) is not None
