"""HTML: pages and mails as people see them, tables as tables.

The parser of the standard library takes marks of any kind, broken ones too. Scripts are never run, nothing is fetched;
what stands in them, in comments and in attributes is probed for names. Letters above others (`rt`) follow their line.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from html.parser import HTMLParser
from itertools import islice
from urllib.parse import unquote_to_bytes

from proscribe.readers._grammar import grammar
from proscribe.readers._text import sniff_encoding
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.shown import UNSEEN, strings_put_together
from proscribe.readers.sources import temporary_file
from proscribe.readers.written.flow import Flow
from proscribe.readers.written.pieces import Inner, Put
from proscribe.readers.written.reading import WrittenReading

#: Bytes of one page that are read; larger ones are no pages that people wrote.
MAX_BYTES = 64 * 1024**2
_STEP = 1 << 16
#: A tag or comment that is not closed within so many characters is text.
_LONGEST_TAG = 1 << 17
#: Pages in frames of pages in frames.
_DEEPEST_FRAME = 8
_ABOVE = frozenset({"rt", "rp", "rtc"})
_RUBY = frozenset({"ruby", "rb", "rbc"})
_WORDS = grammar("written/marks.yml").words
_BEGIN = re.compile(
    r"(?i)\s*(?:<!--.{0,4000}?-->\s*|<\?xml[^>]{0,400}>\s*)*<(?:!doctype\s+html|html|head|body)\b", re.S
)
_PIECES = re.compile(
    r"(?i)<(?:html|body|table|t[dhr]|div|p|br|span|meta|[uo]l|li|h[1-6]|svg|math|font|iframe|script)\b"
)
#: Pictures that are written into the page.
_PACKED = re.compile(
    r"""data:(?P<kind>[\w.+-]{1,60}/[\w.+-]{1,60})(?:;[\w=.+"-]{1,60})*,(?P<data>[^"'<>()\s]*)"""
)
#: What draws letters and lays pages out holds no words.
_SILENT = ("font/", "application/font", "application/x-font", "text/css")
#: Strings of a style sheet or script one behind the other, which are shown as one, and letters that CSS writes as numbers.
_STRINGS_JOINED = re.compile(r"""(["'])\s*\+?\s*(["'])""")
#: Strings of a style sheet, which may be shown before and behind one element; only the first of one are put together.
_STRINGS = re.compile(r"""(?P<sign>["'])(?P<text>[^"'\n]{1,60})(?P=sign)""")
_MOST_STRINGS = 200
_CONTENT = re.compile(r"""content\s*:\s*(?:"([^"\n]{1,60})"|'([^'\n]{1,60})')""")
_CSS_LETTER = re.compile(r"\\([0-9A-Fa-f]{1,6})\s?|\\(.)", re.S)
_CHARSET = re.compile(rb"""(?i)<meta[^>]{0,300}?charset\s*=\s*["']?([\w-]{2,40})""")
#: Marks of direction that stand for an element which turns its letters round.
_TURNED, _TURNED_BACK = "\u202e", "\u202c"
_RIGHT_TO_LEFT = re.compile(r"direction\s*:\s*rtl")


#: Where a page shows its pieces in another order than that in which they stand.
_REORDERED = re.compile(r"(?:row|column|wrap)-reverse|(?<![\w-])order\s*:\s*-?\d|float\s*:\s*right")
_ORDER = re.compile(r"(?<![\w-])order\s*:\s*(-?\d{1,6})")
#: What no page shows, and what it shows as no longer holding.
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|line-through|opacity\s*:\s*0(?![.\d])|font-size\s*:\s*0(?![.\d])"
)
_STRUCK = frozenset({"del", "s", "strike"})
#: Pieces of a drawing, which go on where the last one ended unless they say where they begin.
_PLACED, _PLACES = frozenset({"tspan"}), frozenset({"x", "y", "dy"})
_MOST_INLINE = 100
#: Options of a list of a form, and what stands in a line with them.
_OPTIONS = frozenset({"option", "optgroup"})
_IN_LINE = frozenset({"img", "input", "select", "datalist", *_OPTIONS})
_BLOCKS = frozenset(["p", "div", "td", "th", "li", "section", "article"])
#: So many pieces are put together; a page made to take time has more.
_MOST_PIECES = 16


class _Reordered:
    """The single words of one block, put together as a page shows them that lays its pieces out in another order.

    What is told in a style sheet by class is known to be of the page, and not of which element: there the words are turned.
    """

    def __init__(self) -> None:
        self.is_used = False
        self._order = 0
        self._pieces: list[tuple[int, str]] = []

    @property
    def is_placed(self) -> bool:
        """Tell whether the element that began last says at which place it is shown."""
        return self._order != 0

    def begin(self, style: str) -> None:
        """Take the style of an element that begins."""
        given = _ORDER.search(style)
        self._order = int(given[1]) if given else 0
        self.is_used = self.is_used or _REORDERED.search(style) is not None

    def say(self, text: str) -> None:
        """Add a piece of text; one of several words is read as it stands."""
        words = text.split() if self.is_used else []
        if len(words) > 1:
            self._pieces.clear()
        elif words and len(self._pieces) < _MOST_PIECES:
            self._pieces.append((self._order, words[0]))

    def end(self) -> list[str]:
        """Give the words of the block that ends as they are shown: turned, and in their order."""
        pieces, self._pieces = self._pieces, []
        if len(pieces) < 2:
            return []
        ordered = sorted(pieces, key=lambda one: one[0])
        return list(dict.fromkeys("".join(text for _, text in one) for one in (pieces[::-1], ordered)))


class _Choice:
    """What a form offers to choose from: the options of a list, or buttons of which one is pressed, each with its words."""

    def __init__(self, *, is_list: bool) -> None:
        self.is_list = is_list
        self._offered: list[tuple[bool, list[str]]] = []

    def offer(self, *, is_chosen: bool) -> None:
        """Begin an option; what is said next is its words."""
        self._offered.append((is_chosen, []))

    def say(self, text: str) -> None:
        """Take words of the option that began last; what stands before the first is of none."""
        if self._offered:
            self._offered[-1][1].append(text)

    def end(self) -> tuple[list[str], list[str]]:
        """Give what is chosen and what is not, in order.

        A list in which nothing is chosen, and buttons whose words do not stand behind each, leave it open: all is given.
        """
        offered = [(chosen, "".join(words)) for chosen, words in self._offered]
        told = self.is_list or (len(offered) > 1 and all(text.strip() for _, text in offered))
        chosen = [text for is_chosen, text in offered if is_chosen]
        if not told or (self.is_list and not chosen):
            return [text for _, text in offered], []
        return chosen, [text for is_chosen, text in offered if not is_chosen]


class _Page(HTMLParser):
    """Hands tags and text on to the flow."""

    def __init__(self, flow: Flow, put: Put, depth: int) -> None:
        super().__init__(convert_charrefs=True)
        self._flow = flow
        self._put = put
        self._depth = depth
        self._frames = 0
        self._hidden = ""
        self._unseen: list[str] = []
        self._is_above = False
        #: Elements that are open of the kinds of those which turn their letters round, and whether each does.
        self._turned: list[tuple[str, bool]] = []
        self._reordered = _Reordered()
        self._choice: _Choice | None = None
        #: Open elements within a line, and how each says that its letters look.
        self._inline: list[tuple[str, str]] = []

    def _take_choice(self, tag: str, attrs: Mapping[str, str | None]) -> None:
        """Begin an option of a form, or end what was offered where another element begins."""
        kind = (attrs.get("type") or "").lower()
        if tag == "option":
            if self._choice is None or not self._choice.is_list:
                self.end_choice()
                self._choice = _Choice(is_list=True)
            self._choice.offer(is_chosen="selected" in attrs)
        elif tag == "input" and kind == "radio":
            if self._choice is None or self._choice.is_list:
                self.end_choice()
                self._choice = _Choice(is_list=False)
            self._choice.offer(is_chosen="checked" in attrs)
        elif tag not in _WORDS["html_inline"] and tag != "optgroup":
            self.end_choice()

    def end_choice(self) -> None:
        """Say what is chosen of what a form offered, and have the other options probed."""
        if self._choice is None:
            return
        choice, self._choice = self._choice, None
        chosen, others = choice.end()
        said = [" ".join(text.split()) for text in chosen if text.strip()]
        # what stands before buttons may be the words of the first
        before = [""] if not choice.is_list and len(chosen) > 1 else []
        self._flow.say(" / ".join([*before, *said]))
        for text in others:
            self._flow.aside("option of a form that is not chosen", text)

    def end_block(self) -> None:
        """Have the words of a block probed as they are shown."""
        for text in self._reordered.end():
            self._flow.aside("words in the order in which they are shown", text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        flow = self._flow
        self._take_choice(tag, dict(attrs))
        given = {name: text for name, text in attrs if text}
        self._take_attributes(tag, given)
        if tag not in _WORDS["html_inline"] and not given.get("style"):
            self.end_block()
        self._reordered.begin(given.get("style", "").lower())
        if tag in _WORDS["html_hidden"]:
            self._hidden = tag
            return
        self._is_above = tag in _ABOVE or (
            self._is_above and tag in _WORDS["html_inline"] and tag not in _RUBY
        )
        is_inline = tag in _WORDS["html_inline"] and not (tag in _PLACED and given.keys() & _PLACES)
        if is_inline and tag != "wbr" and len(self._inline) < _MOST_INLINE:
            unseen = "hidden" in dict(attrs) or _UNSEEN.search(given.get("style", "").lower())
            said = " ".join([tag, *(f"{name}={text}" for name, text in given.items())])
            self._inline.append((tag, UNSEEN if unseen or tag in _STRUCK else said))
            self._set_look()
        if tag == "table":
            flow.begin_table()
        elif tag == "tr":
            flow.begin_row()
        elif tag in ("td", "th"):
            flow.begin_cell(*(_span(given.get(name, "1")) for name in ("colspan", "rowspan")))
        elif not is_inline and tag not in _IN_LINE:
            flow.line()
        turns = _is_turned(tag, given)
        if turns or any(tag == name for name, _ in self._turned):
            self._turned.append((tag, turns))
            flow.say(_TURNED if turns else "")
        for name, text in given.items():
            if _is_spoken(tag, name, given):
                flow.say(f" {text} ")
        if tag == "meta":
            flow.line()

    def _set_look(self) -> None:
        looks = [look for _, look in self._inline]
        self._flow.look = UNSEEN if UNSEEN in looks else "; ".join(looks)

    def _end_inline(self, tag: str) -> None:
        """End an element within a line, with those in it that nobody ended; a block ends none, as in browsers."""
        at = next((at for at in range(len(self._inline) - 1, -1, -1) if self._inline[at][0] == tag), None)
        if at is not None:
            del self._inline[at:]
            self._set_look()

    def _take_attributes(self, tag: str, given: dict[str, str]) -> None:
        """Read the page that an attribute holds, and have the other ones probed that are not read."""
        for name, text in given.items():
            if name == "srcdoc" and self._depth < _DEEPEST_FRAME:
                self._frames += 1
                take_page(text, self._put, f"{self._flow.where}frame {self._frames}, ", self._depth + 1)
            elif not _is_spoken(tag, name, given):
                self._flow.aside(f"attribute {name} of {tag}", text)
                if name == "style":
                    self._aside_as_shown(f"attribute {name} of {tag}", text)

    def _aside_as_shown(self, what: str, text: str) -> None:
        """Have a style or script probed with its strings put together and its letters as a browser shows them."""
        self._flow.aside(what, " ".join(strings_put_together(text)))
        shown = _STRINGS_JOINED.sub("", text)
        if what != "script":
            shown = _CSS_LETTER.sub(_css_letter, shown)
        if shown != text:
            self._flow.aside(what, shown)
        if what == "style":
            for found in islice(_CONTENT.finditer(shown), _MOST_STRINGS):
                self._flow.label(found[1] or found[2])
            pieces = [found["text"] for found in islice(_STRINGS.finditer(shown), _MOST_STRINGS)]
            for joined in ("".join(pieces), "".join(reversed(pieces))) if len(pieces) > 1 else ():
                self._flow.aside(what, joined)

    def end_hidden(self) -> None:
        """Have the text of a script or style probed."""
        if self._unseen:
            if self._hidden == "style":
                self._reordered.is_used |= _REORDERED.search("".join(self._unseen).lower()) is not None
            self._flow.aside(self._hidden, "".join(self._unseen))
            self._aside_as_shown(self._hidden, "".join(self._unseen))
        self._hidden, self._unseen = "", []

    def handle_comment(self, data: str) -> None:
        """Have a comment probed."""
        self._flow.aside("comment", data)

    def handle_decl(self, decl: str) -> None:
        """Have a declaration probed."""
        self._flow.aside("declaration", decl)

    def unknown_decl(self, data: str) -> None:
        """Take text that is marked as such, `<![CDATA[...]]>`, as text."""
        self.handle_data(data)

    def handle_pi(self, data: str) -> None:
        """Have an instruction probed."""
        self._flow.aside("processing instruction", data)

    def handle_endtag(self, tag: str) -> None:
        flow = self._flow
        self._end_inline(tag)
        if tag not in _WORDS["html_inline"] and tag not in _OPTIONS:
            self.end_choice()
        if self._turned and self._turned[-1][0] == tag:
            _, turns = self._turned.pop()
            flow.say(_TURNED_BACK if turns else "")
        if tag in _ABOVE or tag in _RUBY or tag not in _WORDS["html_inline"]:
            self._is_above = False
        if tag in _BLOCKS and not self._reordered.is_placed:
            self.end_block()
        if tag == self._hidden:
            self.end_hidden()
        elif tag == "table":
            flow.end_table()
        elif tag == "tr":
            flow.end_row()
        elif tag in ("td", "th"):
            flow.end_cell()
        elif tag not in _WORDS["html_inline"] and tag not in _IN_LINE:
            flow.line()

    def parse_html_declaration(self, i: int) -> int:
        """Take a declaration that the library refuses as the text that it is."""
        try:
            return super().parse_html_declaration(i)
        except AssertionError:
            end = self.rawdata.find(">", i) + 1 or len(self.rawdata)
            self.handle_data(self.rawdata[i:end])
            return end

    def handle_data(self, data: str) -> None:
        if self._hidden:
            self._unseen.append(data)
        elif self._choice is not None:
            self._choice.say(data)
        elif self._is_above:
            self._flow.say_above(data)
        else:
            self._flow.say(data)
            self._reordered.say(data)


def _is_turned(tag: str, given: dict[str, str]) -> bool:
    """Tell whether an element shows its letters from right to left, whatever they are."""
    style = given.get("style", "").lower()
    turned = tag == "bdo" or "-override" in style
    return turned and (given.get("dir", "").lower() == "rtl" or _RIGHT_TO_LEFT.search(style) is not None)


def _take_packed(text: str, put: Put, where: str) -> str:
    """Take the files out that are written into a page, and give the page without them."""
    number = 0

    def take(found: re.Match[str]) -> str:
        nonlocal number
        kind, data = found["kind"].lower(), unquote_to_bytes(found["data"])
        if kind.startswith(_SILENT) or not data:
            return ""
        if ";base64," in found[0][: found.start("data") - found.start()]:
            letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
            data = b64decode(letters[: len(letters) - (len(letters) % 4 == 1)] + b"==")
        number += 1
        target = temporary_file()
        target.write_bytes(data)
        put(Inner(f"{where}file {number} in the page ({kind})", target))
        return ""

    return _PACKED.sub(take, text)


def _css_letter(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[2]
    code = int(found[1], 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _span(text: str) -> int:
    """Read over how many columns or rows a cell goes; 0 is all that follow, of which each row is as good as one."""
    return int(text[:4]) if text[:4].isdecimal() and text.isascii() else 1


def _is_spoken(tag: str, name: str, given: dict[str, str]) -> bool:
    """Tell whether an attribute holds words for people."""
    if name == "content":
        return tag == "meta" and given.get("name", "").lower() in _WORDS["html_told"]
    if name == "value":
        return tag == "input" and given.get("type", "text").lower() not in _WORDS["html_silent_fields"]
    return name in _WORDS["html_spoken"] and tag != "link"


def take_page(text: str, put: Put, where: str = "", depth: int = 0) -> None:
    """Give the lines and tables of a page; `depth` counts the frames in which it lies."""
    flow = Flow(put, where)
    page = _Page(flow, put, depth)
    text = _take_packed(text, put, where)
    for start in range(0, len(text), _STEP):
        page.feed(text[start : start + _STEP])
        if len(page.rawdata) > _LONGEST_TAG:
            # A mark that never ends would be looked through again with each piece.
            rest, page.rawdata = page.rawdata, ""
            page.handle_data(rest)
    rest, page.rawdata = page.rawdata, ""
    if rest.strip():
        page.handle_data(rest.lstrip("<"))
    page.end_choice()
    page.end_hidden()
    page.end_block()
    flow.close()
    flow.put_labelled()


def decoded(data: bytes) -> str | None:
    """Decode a page: by its mark of byte order, as UTF-8, as it says itself, or as its letters look; `None` for no text."""
    encoding = sniff_encoding(data[:_STEP])
    if encoding is None:
        return None
    name = encoding.name
    said = _CHARSET.search(data[:4096])
    if said is not None and encoding.guessed and encoding.ascii_compatible:
        try:
            return data.decode(said[1].decode("ascii"), "replace")
        except LookupError:
            pass
    return data[encoding.bom_bytes :].decode(name, "replace")


class HtmlReading(WrittenReading):
    """An opened page."""

    def _take_apart(self) -> None:
        data = self._first_bytes(MAX_BYTES)
        text = decoded(data)
        if text is None:
            self._log.add("E119.bytes_no_utf_stand", "byte 0")
            text = data.decode("ascii", "replace")
        elif "\ufffd" in text and b"\xef\xbf\xbd" not in data:
            line = text.count("\n", 0, text.index("\ufffd")) + 1
            self._log.add("E119.bytes_no_utf_stand", f"line {line}")
        take_page(text, self._place)


class Html:
    """Reader of web pages and of what programs export as such."""

    name = "html"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score a page 96, a piece of one 95, other markup 0."""
        start = head.start
        if not start.startswith("<"):
            return 0
        if _BEGIN.match(start):
            return 96
        return 95 if not start.startswith("<?xml") and len(_PIECES.findall(start, 0, 8192)) >= 2 else 0

    def open(self, source: Source, options: Options) -> HtmlReading:
        """Open the page."""
        return HtmlReading(source, options, self.name)
