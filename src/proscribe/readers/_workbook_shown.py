"""Words that the cells of a workbook show and do not hold: letters struck in a text, and letters that a format of numbers adds.

A cell that holds "hua" shows "Dahua" under the format `"Da"@`, and 22143 shows DS-2CD2143 under `"DS-"0"CD"0000`. The library
that reads cells gives what they hold; here the words are made that a person sees beside it. References: ECMA-376, part 1,
18.8.31; OpenDocument 1.3, part 3, 16.29.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from html import unescape
from itertools import groupby
from xml.parsers import expat

from proscribe.readers.shown import Looks, seen, words_by_looks

_STEP = 1 << 20
#: A text of a cell may be as long as this; what is longer is no name.
_LONGEST_TEXT = 1 << 16
#: Cells with an adding format that are looked at; a workbook with more distinct values than these says so.
MOST_SHOWN = 200_000

_STRINGS, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
#: Where a text begins, of a shared one, of a cell, or of a cell of an ODS; a cell; and other elements of which all is looked at.
_TEXT = re.compile(rb"<((?:[\w.-]{1,20}:)?(?:si|is|p))(?:\s[^<>]*)?(?<!/)>")
#: Of shared texts an empty one counts too: cells name them by number.
_EVERY_TEXT = re.compile(rb"<((?:\w{1,20}:)?si)\b[^<>]*>")
_CELL = re.compile(rb"<((?:\w{1,20}:)?c)((?:\s[^<>]*)?)(?<!/)>")
_LOOKS, _CONDITIONAL, _ODS_STYLE = (
    re.compile(rb"<((?:\w{1,20}:)?(?:" + name + rb"))\b[^<>]*(?<!/)>")
    for name in (b"cellXfs", b"dxfs", b"text-style")
)
_RUNS = (b"rPr", b":span", b":hidden-text")
#: Elements that say how letters look, and what of it hides or strikes them: of ECMA-376, and of OpenDocument.
_RUN_NAMES, _UNSEEN = frozenset({"r", "span", "a", "hidden-text"}), frozenset({"strike", "hidden-text"})
_SPACES, _NO_LETTERS = frozenset({"s", "tab", "line-break"}), frozenset({"rPh", "annotation"})
_SILENT = frozenset({"t", "p", *_SPACES})
_FORMAT = re.compile(rb"<(?:\w{1,20}:)?numFmt\s[^<>]*>")
_LOOK = re.compile(rb"<(?:\w{1,20}:)?xf\s[^<>]*?\bnumFmtId\s*=\s*[\"'](\d{1,6})[\"']")
_ATTRIBUTE = re.compile(r"(\w{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_VALUE = re.compile(r"<(?:\w{1,20}:)?(?:v|t)(?:\s[^>]*)?>([^<]*)<")
#: Pieces of the format of a number: letters as they are, what only takes room, the text, digits, and General.
_PIECE = re.compile(
    r"\"(?P<quoted>[^\"]*)\"|\\(?P<escaped>.)|[_*].|\[\$(?P<money>[^\]-]*)[^\]]*\]|\[[^\]]*\]|(?P<text>@)|(?P<general>General)"
    r"|(?P<digit>[0#?])|(?P<dot>\.)|(?P<other>.)", re.S
)  # fmt: skip
_OF_A_DAY = {"y": "%Y", "m": "%m", "d": "%d"}
_FIRST_DAY, _MOST_DAYS = date(1899, 12, 30), 2_900_000
_OF_DATES = frozenset("ymdhsYMDHSegbEGB")
_ODS_ADDED = re.compile(rb"<number:text>([^<]{1,60})</number:text>")
_ODS_TEXT = re.compile(rb"<text:p>([^<]{1,200})</text:p>")


def words_shown(archive: zipfile.ZipFile, sheets: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Give place and text of the words, as `seen`, that cells show beside what they hold.

    Args:
        sheets: part and name of each sheet.
    """
    parts = frozenset(archive.namelist())
    sheets = [(part, name) for part, name in sheets if part in parts and not part.endswith(".bin")]
    places = {part: f"sheet {name!r}" for part, name in sheets}
    for part in (_STRINGS, "content.xml", *places):
        if part in parts:
            place = places.get(part, "workbook")
            for word in _parted_words(archive, part):
                yield f"{place}, word without the letters that look otherwise", word
    if _STYLES in parts:
        formats = _formats(archive.read(_STYLES))
        if formats:
            texts = _texts(archive) if _STRINGS in parts else []
            for part, name in sheets:
                for word in _formatted_words(archive, part, formats, texts):
                    yield f"sheet {name!r}, text shown by a format", word
    if "content.xml" in parts:
        for word in _added_words(archive, parts):
            yield "workbook, text shown by a format", word


# Letters that are not shown


def _parted_words(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    for window in _windows(archive, part, b"</"):
        if any(mark in window for mark in _RUNS):
            for text in _elements(window, _TEXT):
                if any(mark in text for mark in _RUNS):
                    yield from words_by_looks(_runs(text))


def _runs(markup: bytes) -> list[tuple[str, str]]:
    """Give look and text of the pieces of a text with runs; none of what is broken, of which the reader of the cells says so."""
    pieces: list[tuple[str, str]] = []
    looks = Looks(_RUN_NAMES, _UNSEEN, _SILENT)
    path: list[str] = []
    look = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal look
        path.append(tag.rpartition(":")[2])
        look = looks.begin(len(path), path[-1], attributes)
        if path[-1] in _SPACES:
            pieces.append((look, " "))

    def end(_: str) -> None:
        nonlocal look
        look = looks.end(len(path))
        path.pop()

    def say(text: str) -> None:
        if _NO_LETTERS.isdisjoint(path):
            pieces.append((look, text))

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, say
    try:
        parser.Parse(markup, True)
    except expat.ExpatError:
        return []
    return pieces


# Formats of numbers


class _Format:
    """A format that adds letters to what stands in a cell.

    Attributes:
        sections: for one kind of value each, as kinds and texts of its pieces.
    """

    def __init__(self, code: str) -> None:
        self.sections = [_pieces(section) for section in _sections(code)]

    @property
    def adds(self) -> bool:
        """Whether one of the letters that it adds touches a part of the value."""
        return any(
            kind == "letters" and any(map(str.isalnum, text)) and (
                (text[-1:].isalnum() and section[at + 1 : at + 2] and section[at + 1][0] != "letters")
                or (text[:1].isalnum() and at > 0 and section[at - 1][0] != "letters")
            )
            for section in self.sections
            for at, (kind, text) in enumerate(section)
        )  # fmt: skip

    def shown(self, value: str, *, is_text: bool) -> Iterator[str]:
        """Give what each section makes of a value."""
        digits, _, fraction = value.lstrip("-").partition(".")
        for section in self.sections:
            kinds = {kind for kind, _ in section}
            if is_text != ("text" in kinds):
                continue
            if "date" in kinds:
                if digits.isdecimal() and (day := _FIRST_DAY + timedelta(min(int(digits), _MOST_DAYS))):
                    yield "".join(
                        text if kind == "letters" else "" for kind, text in _with_days(section, day)
                    )
                continue
            if is_text or "general" in kinds:
                yield "".join(value if kind in ("text", "general") else text for kind, text in section)
            elif "digit" in kinds and digits.isdecimal():
                yield _with_digits(section, digits, fraction)


def _sections(code: str) -> list[str]:
    """Part a format at the semicolons outside its letters."""
    sections = [""]
    for found in _PIECE.finditer(code):
        if found[0] == ";":
            sections.append("")
        else:
            sections[-1] += found[0]
    return sections


def _pieces(section: str) -> list[tuple[str, str]]:
    pieces: list[tuple[str, str]] = []
    for found in _PIECE.finditer(section):
        kind, text = found.lastgroup, found[0]
        if kind in ("quoted", "escaped", "money") or (kind == "other" and text in "-+/():  "):
            pieces.append(("letters", found[kind] or "" if kind != "other" else text))
        elif kind == "other":
            if text in _OF_DATES:
                pieces.append(("date", text))
        elif kind is not None:
            pieces.append((kind, text))
    return pieces


def _with_digits(section: list[tuple[str, str]], digits: str, fraction: str) -> str:
    """Put digits where a section has room for them: from the right, the rest at the first place, as spreadsheets do."""
    dot = next((at for at, (kind, _) in enumerate(section) if kind == "dot"), len(section))
    made: list[str] = []
    left = digits
    first = next((at for at, (kind, _) in enumerate(section) if kind == "digit"), 0)
    for at in range(dot - 1, -1, -1):
        kind, text = section[at]
        if kind == "digit":
            here = left if at == first else left[-1:]
            left = "" if at == first else left[:-1]
            text = here or ("0" if text == "0" else "")
        made.append(text)
    made.reverse()
    for kind, text in section[dot:]:
        if kind == "digit":
            text, fraction = fraction[:1] or ("0" if text == "0" else ""), fraction[1:]
        made.append(text)
    return "".join(made)


def _with_days(section: list[tuple[str, str]], day: date) -> Iterator[tuple[str, str]]:
    """Put a day where a section has room for it, as far as it is told in digits; what tells of hours is left out."""
    for kind, run in groupby(section, lambda piece: piece[0] if piece[0] != "date" else piece[1].lower()):
        pieces = list(run)
        if kind in _OF_A_DAY:
            yield "letters", format(day, _OF_A_DAY[kind])[-len(pieces) if kind == "y" else 0 :]
        else:
            yield from pieces


def _formats(styles: bytes) -> dict[int | None, list[_Format]]:
    """Give the formats that add letters by the number of the look of a cell; those of conditions, for any cell, by `None`."""
    conditional = b"".join(_elements(styles, _CONDITIONAL))
    always = {number: _Format(code) for number, code in _declared(styles.replace(conditional, b""))}
    adding = {number: one for number, one in always.items() if one.adds}
    found: dict[int | None, list[_Format]] = {}
    for at, look in enumerate(_LOOK.finditer(b"".join(_elements(styles, _LOOKS)))):
        if int(look[1]) in adding:
            found[at] = [adding[int(look[1])]]
    sometimes = [one for one in (_Format(code) for _, code in _declared(conditional)) if one.adds]
    return {**found, None: sometimes} if sometimes else found


def _declared(styles: bytes) -> Iterator[tuple[int, str]]:
    for found in _FORMAT.finditer(styles):
        given = _attributes(found[0])
        if given.get("numFmtId", "").isdecimal():
            yield int(given["numFmtId"][:9]), given.get("formatCode", "")


def _attributes(tag: bytes) -> dict[str, str]:
    text = tag.decode("utf-8", "replace")
    return {name: unescape(one or other) for name, one, other in _ATTRIBUTE.findall(text)}


def _texts(archive: zipfile.ZipFile) -> list[str]:
    """Give the texts that cells share."""
    return [
        unescape("".join(_VALUE.findall(text.decode("utf-8", "replace"))))
        for text in _elements(archive.read(_STRINGS), _EVERY_TEXT)
    ]


def _formatted_words(
    archive: zipfile.ZipFile, part: str, formats: Mapping[int | None, list[_Format]], texts: list[str]
) -> Iterator[str]:
    """Give the words of the cells of a sheet that are not as the cell holds them."""
    known: set[tuple[str, str, str]] = set()
    for window in _windows(archive, part, b"</row>"):
        for cell in _elements(window, _CELL):
            given = _attributes(cell[: cell.index(b">") + 1])
            look = given.get("s", "0")
            here = [*formats.get(int(look) if look.isdecimal() else 0, ()), *formats.get(None, ())]
            if not here:
                continue
            kind = given.get("t", "n")
            value = unescape("".join(_VALUE.findall(cell.decode("utf-8", "replace"))))
            if (look, kind, value) in known:
                continue
            known.add((look, kind, value))
            if kind == "s":
                value = texts[int(value)] if value.isdecimal() and int(value) < len(texts) else ""
            for one in here:
                for shown in one.shown(value, is_text=kind in ("s", "str", "inlineStr")):
                    yield from (seen(word, value) for word in shown.split() if word not in value.split())


def _added_words(archive: zipfile.ZipFile, parts: frozenset[str]) -> Iterator[str]:
    """Give the words of an ODS that styles of texts make by adding letters; which cell has which style is not looked for."""
    added: set[str] = set()
    for part in ("content.xml", "styles.xml"):
        for window in _windows(archive, part, b"</number:text-style>") if part in parts else ():
            for style in _elements(window, _ODS_STYLE):
                added.update(unescape(text.decode("utf-8", "replace")) for text in _ODS_ADDED.findall(style))
    added = {text for text in added if text[:1].isalnum() or text[-1:].isalnum()}
    if not added:
        return
    for window in _windows(archive, "content.xml", b"</"):
        for text in set(_ODS_TEXT.findall(window)):
            words = unescape(text.decode("utf-8", "replace")).split()
            for one in added if words else ():
                yield seen(one + words[0], words[0])
                yield seen(words[-1] + one, words[-1])


def _elements(window: bytes, begins: re.Pattern[bytes]) -> Iterator[bytes]:
    """Give the elements of one kind that are whole, each with its marks; none lies in another."""
    at = 0
    while (found := begins.search(window, at)) is not None:
        mark = b"</" + found[1] + b">"
        end = found.end() - len(mark) if found[0].endswith(b"/>") else window.find(mark, found.end())
        if end < 0:
            return
        at = end + len(mark)
        yield window[found.start() : at]


def _windows(archive: zipfile.ZipFile, part: str, end: bytes) -> Iterator[bytes]:
    """Give a part in pieces that end behind a mark; what is begun there stands in the next one once more."""
    rest = b""
    with archive.open(part) as file:
        while chunk := file.read(_STEP):
            window = rest + chunk
            yield window
            cut = max(window.rfind(end, 0, -_LONGEST_TEXT), len(window) - 2 * _LONGEST_TEXT, 0)
            rest = window[cut:]
