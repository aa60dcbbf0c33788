"""RTF: the words of a document, also those of headers, footnotes, remarks and text boxes, and its tables.

Small libraries for RTF leave headers, footnotes, remarks and text boxes out without a word, so the marks are followed
here. What groups hold that no program shows, such as fields and groups of unknown names, is probed.
Reference: Rich Text Format Specification 1.9.1.
"""

from __future__ import annotations

import codecs
import re

from proscribe.readers._grammar import grammar
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.issues import IssueLog
from proscribe.readers.shown import UNSEEN
from proscribe.readers.written.flow import Flow
from proscribe.readers.written.html import take_page
from proscribe.readers.written.pieces import Put
from proscribe.readers.written.reading import WrittenReading

MAX_BYTES = 64 * 1024**2
_MARK = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_GRAMMAR = grammar("written/marks.yml")
_WORDS = _GRAMMAR.words
_SIGNS = _GRAMMAR.maps["rtf_signs"]
_CHARSETS = _GRAMMAR.maps["rtf_charsets"]
_FONT = re.compile(rb"\\f(\d{1,6})(?!\d)[^{};]{0,400}?\\fcharset(\d{1,3})")
_FONT_TABLE = re.compile(rb"\{\\fonttbl")
_MOST_OPEN = 10_000


class RtfReading(WrittenReading):
    """An opened document of RTF."""

    def _take_apart(self) -> None:
        take_rtf(self._first_bytes(MAX_BYTES), self._place, self._log)


def take_rtf(data: bytes, put: Put, log: IssueLog, where: str = "") -> None:
    """Give the words and tables of RTF, each place behind `where`, and say what of it was not read."""
    walk = _Walk(data, put, where)
    walk.run()
    if walk.page is not None:
        take_page("".join(walk.page), put, where)
    at = where.removesuffix(", ") or "document"
    if walk.depth > 0:
        log.add("E109.document_breaks_off", at)
    if walk.pictures:
        log.add("E147.pictures", at, lossy=True, count=walk.pictures)
    if walk.objects:
        log.add("E145.objects", at, count=walk.objects)


#: Cells of one row, as Word bounds them.
_MOST_CELLS = 64


class _Walk:
    """Follows groups and control words.

    Attributes:
        page: pieces of the web page that the document was made of, where a mail program made it of one (MS-OXRTFEX).
    """

    def __init__(self, data: bytes, put: Put, where: str) -> None:
        self.depth = 0  # groups that are open
        self.pictures = self.objects = 0
        self._data = data
        self._flow = Flow(put, where)
        self._page = "cp1252"
        self._fonts = self._font_charsets()
        self._font = ""
        self._silent = ""  # control word of the group that shows nothing, empty in words that are shown
        self._unsaid: list[str] = []
        self._wide = 1  # characters for other programs behind each `\u`
        self._skip = 0
        self._bytes = bytearray()
        self._groups: list[tuple[str, str, int, bool, str, dict[str, int | None]]] = []
        self._looks: dict[str, int | None] = {}  # words that say how letters look, with their numbers
        self.page: list[str] | None = None
        self._beside_page = False  # what stands in the document and not in the page
        self._in_row = self._starred = False
        #: Of the cells that the last definition of a row names, whether each is one with that above it.
        self._under: list[bool] = [False]
        self._cell = 0
        self._high = 0  # first half of a character beyond 16 bits

    def _font_charsets(self) -> dict[str, str]:
        found = _FONT_TABLE.search(self._data, 0, 1 << 20)
        if found is None:
            return {}
        table = self._data[found.start() : found.start() + (1 << 18)]
        return {
            number.decode(): _CHARSETS[charset.decode()]
            for number, charset in _FONT.findall(table)
            if charset.decode() in _CHARSETS
        }

    def run(self) -> None:
        """Follow the document to its end."""
        at, data = 0, self._data
        while at < len(data):
            found = _MARK.match(data, at)
            if found is None:
                at += 1
                continue
            at = found.end()
            word, number, pair, sign, brace, plain = found.groups()
            if pair is not None:
                self._byte(int(pair, 16))
                continue
            self._flush()
            if brace is not None:
                self._group(brace == b"{")
            elif word is not None:
                name, count = word.decode("ascii"), int(number) if number else None
                self._take_look(name, count)
                at += self._word(name, count)
            elif sign is not None:
                self._sign(sign)
            elif plain is not None:
                self._plain(plain)
        self._flush()
        self._put_unsaid()
        self._flow.close()

    def _say(self, text: str) -> None:
        """Add text to what the document says, or to what it holds and does not show."""
        if not self._silent and not self._beside_page:
            self._put_unsaid()
            if self.page is None:
                self._flow.say(text)
            else:
                self.page.append(text)
        elif self._silent not in _WORDS["rtf_packed"]:
            self._unsaid.append(text)

    def _take_look(self, word: str, number: int | None) -> None:
        """Follow what says how the letters behind it look."""
        if word == "plain":
            self._looks = {}
        elif word in _WORDS["rtf_looks"]:
            self._looks = {**self._looks, word: number}
        else:
            return
        unseen = any(self._looks.get(name, 0) != 0 for name in _WORDS["rtf_unseen"])
        self._flow.look = UNSEEN if unseen else str(sorted(self._looks.items()))

    def _put_unsaid(self) -> None:
        """Have the text of groups that show nothing probed, with a word across two of them whole."""
        if self._unsaid:
            words = list(dict.fromkeys((" ".join(self._unsaid), "".join(self._unsaid))))
            self._unsaid = []
            for text in words:
                self._flow.aside("group that is not shown", text)

    def _group(self, begins: bool) -> None:
        self._skip, self._starred = 0, False
        if begins:
            self.depth += 1
            if len(self._groups) < _MOST_OPEN:
                looks = (self._flow.look, self._looks)
                self._groups.append((self._silent, self._font, self._wide, self._beside_page, *looks))
            return
        self.depth -= 1
        if self._groups:
            self._silent, self._font, self._wide, self._beside_page, look, self._looks = self._groups.pop()
            self._flow.look = look

    def _byte(self, value: int) -> None:
        if self._skip:
            self._skip -= 1
        else:
            self._bytes.append(value)

    def _flush(self) -> None:
        if self._bytes:
            page = self._fonts.get(self._font, self._page)
            self._say(bytes(self._bytes).decode(page, "replace"))
            self._bytes.clear()

    def _plain(self, plain: bytes) -> None:
        if self._skip:
            cut = min(self._skip, len(plain))
            self._skip -= cut
            plain = plain[cut:]
        if plain:
            if plain.isascii():
                self._say(plain.decode("ascii"))
            else:
                self._bytes += plain
                self._flush()

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._starred = True
        elif sign in b"\r\n":
            if not self._silent:
                self._layout("par")
        elif sign in (b"\\", b"{", b"}"):
            self._say(sign.decode())
        elif sign == b"~":
            self._say(" ")
        elif sign == b"_":
            self._say("-")

    def _word(self, word: str, number: int | None) -> int:
        """Follow one control word; give the number of raw bytes to pass over behind it."""
        starred, self._starred = self._starred, False
        if word == "bin":
            return min(max(number or 0, 0), len(self._data))
        if word == "pict":
            self.pictures += not self._silent
        elif word == "objdata":
            self.objects += 1
        if word == "fromhtml" and self.page is None:
            self.page = []
        elif word == "htmlrtf":
            self._beside_page = number != 0
        elif word == "htmltag" and self.page is not None:
            self._beside_page = False
        elif word in _WORDS["rtf_silent"] or (starred and word not in _WORDS["rtf_spoken"]):
            if self._silent not in _WORDS["rtf_packed"]:
                self._silent = word
        elif word == "ansicpg" and number is not None:
            self._page = _codec(number, self._page)
        elif word in ("mac", "pc", "pca"):
            self._page = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
        elif word == "uc":
            self._wide = min(max(number or 0, 0), 16)
        elif word == "f":
            self._font = str(number)
        elif word == "u" and number is not None:
            self._letter(number % 0x10000)
            self._skip = self._wide
        elif not self._silent:
            self._layout(word)
        return 0

    def _letter(self, code: int) -> None:
        if 0xD800 <= code < 0xDC00:
            self._high = code
        elif 0xDC00 <= code < 0xE000:
            if self._high:
                self._say(chr(0x10000 + ((self._high - 0xD800) << 10) + code - 0xDC00))
            self._high = 0
        else:
            self._say(chr(code))

    def _layout(self, word: str) -> None:
        flow = self._flow
        if self.page is not None:
            sign = "\n" if word in _WORDS["rtf_lines"] else _SIGNS.get(word, "")
            if not self._beside_page:
                self.page.append(sign)
        elif word in _WORDS["rtf_lines"]:
            flow.line()
        elif word in _SIGNS:
            flow.say(_SIGNS[word])
        elif word == "clvmrg":
            self._under[-1] = True
        elif word == "cellx" and len(self._under) <= _MOST_CELLS:
            self._under.append(False)
        elif word == "trowd":
            self._under = [False]
            # A definition stands before the cells of a row, and by some programs once more behind them.
            if not self._in_row:
                self._in_row = True
                if not flow.is_in_table:
                    flow.begin_table()
                flow.begin_row()
                flow.begin_cell()
                self._cell = 0
        elif word in ("cell", "nestcell"):
            if word == "cell":
                if self._under[self._cell : self._cell + 1] == [True]:
                    flow.continue_above()
                self._cell += 1
            flow.end_cell()
            flow.begin_cell()
        elif word in ("row", "nestrow"):
            flow.drop_empty_cell()
            flow.end_row()
            self._in_row = False
        elif word == "pard" and flow.is_in_table and not self._in_row:
            flow.end_table()


def _codec(number: int, otherwise: str) -> str:
    name = {10000: "mac_roman", 936: "gbk", 65001: "utf-8"}.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return otherwise
    return name


class Rtf:
    """Reader of RTF documents."""

    name = "rtf"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score the mark of RTF at the very start 100."""
        return 100 if head.data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf") else 0

    def open(self, source: Source, options: Options) -> RtfReading:
        """Open the document; what it is damaged by becomes an issue."""
        return RtfReading(source, options, self.name)
