"""What exports and mails put for a character, turned back into it.

What it does: reads HTML entities, escapes of JSON, CSS, RTF, STEP, DXF and R, percent escapes, quoted-printable, encoded
words of mails, punycode, the seven-bit encodings of Japan, Korea and China, and base64 of LDIF; takes tags and
colours of terminals out that stand inside a word. What a mark of direction shows turned, what base64, ascii85 between
its marks, hexadecimal digits and codes of letters in brackets or with signs between spell, a word of which letters are
numbers, one that a formula or a program joins of pieces, one that a line breaks at a hyphen or that marks of emphasis,
links, trade marks, edits and line ends of dumps part, letters struck over each other and tag characters, which nobody
sees, are put beside what is written, so that nothing is lost where it is meant as it stands. Every character keeps its place.
Why it matters: `&#28023;&#24247;`, `\\u6d77\\u5eb7` and `Hik<b>vision</b>` are names that no search finds.
Example: `%E6%B5%B7%E5%BA%B7` is `海康`.
Not covered: base32, packed data and ciphers such as ROT13, which nobody reads without a
program; UTF-7, base85 without marks and base64 of base64, of which `readers/closed.py` says that they are not read.
References: HTML living standard (named character references), RFC 8259, RFC 3986, RFC 2045, RFC 2047, RFC 3492,
RFC 1468, RFC 1843, RFC 2849, ISO 10303-21 (`\\X2\\`), the language M of Power Query (`#(6D77)`).
"""

from __future__ import annotations

import re
from base64 import a85decode, b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from string import ascii_lowercase

from proscribe.matching import numbered

#: Escapes stand inside escapes: `&amp;#28023;`.
_MOST_LAYERS = 4
_LAST_CODE_POINT = 0x10FFFF

#: Without one of these no escape stands in a text.
_SIGNS = re.compile(r"[&%\\<=\x0e\x1b\u202e]|::|~\{|U\+|_x|xn--|#\(|\.ip6\.arpa|\.ipv6-literal", re.I)
#: Without one of these nothing stands in a text that is shown otherwise, or broken.
_BESIDE = re.compile("\x08|-\r?\n|[\U000e0020-\U000e007e]")
_TAGGED = re.compile("[\U000e0020-\U000e007e]+")
_BROKEN = re.compile(r"-\r?\n[ \t]{0,20}")
#: Marks of emphasis, links, comments, continued lines and places to break, as Markdown, wikis, AsciiDoc, Textile, TeX, RTF,
#: manual pages, BBCode, YAML and shells write them.
_MARK = (
    r"(?:\[/?(?:[bius]|em|su[bp]|font|color|size)(?:=[^\[\]\s]{1,20})?\]"
    r"|\[[@_*%^~+-]|[@_*%^~+-]\]|\{[*_=+~^-]{1,2}\}?|[*_=+~^-]{1,2}\}|\{(?:empty|zwsp|wj|shy)\}|%\{[^{}]{0,40}\}"
    r"|\*{1,3}|~~|__|##|[~^](?=[^\W\d_])|\"-(?=[^\W\d_])|\}?\{|#\[|\\[ %&]|\\f[BIRP]|\\(?:b|i|ul)[ ]"
    r"|''{1,4}|`|\[{1,2}|\](?:\]|\([^()\s]{0,200}\))?|<!--[^<>]{0,80}-->|\\-|\\\r?\n[ \t]{0,40}"
    r"|\{?\\(?:text[a-z]{2}|emph|em|bf|it)(?:\{|[ ])|\}|\\[nrt](?=[^\W\d_])|[™®©℠]"
    # the next field of a remark on a payment, which banks cut after so many letters
    r"|\?(?:2[0-9]|3[23]|6[0-3])(?=[^\W_]))"
)
_MARKED = re.compile(rf"{_MARK}?(?<![^\W_])(?:[^\W_]++(?=(?<=[^\W\d_]){_MARK}))(?:{_MARK}{{1,4}}+[^\W_]++)+")
#: Words in capitals with one sign between each two of them, as between fields of messages.
_PARTED = re.compile(r"[A-Z0-9]+([*~^])\1*[A-Z0-9]+(?:\1+[A-Z0-9]+)*")
#: What was taken out and put in, as `wdiff`, `git diff --word-diff` and CriticMarkup mark it within a word.
_EDIT = re.compile(
    r"\[-(?P<out>[^\[\]{}\s]{0,60})-\]|\{\+{1,2}(?P<into>[^\[\]{}\s]{0,60}?)\+{1,2}\}|\{--(?P<cut>[^\[\]{}\s]{0,60}?)--\}"
)
_EDITED = re.compile(
    r"[^\[\]{}\s]{0,60}(?:(?:\[-[^\[\]{}\s]{0,60}-\]|\{(?:\+|--)[^\[\]{}\s]{0,60}(?:\+|--)\})[^\[\]{}\s]{0,60})+"
)
_EDIT_SIGNS = re.compile(r"\[-|\{\+|\{--")
#: Words of which some letters are numbers, as DNS and PostgreSQL write them, and mails.
_NUMBERED = re.compile(r"\\[01][0-9]{2}|=[4-7][0-9A-Fa-f]")
_LETTERED = re.compile(rf"[A-Za-z]*(?:(?:{_NUMBERED.pattern})[A-Za-z]*)+")
_ANY_MARK = re.compile(_MARK)
#: Without one of these no mark stands in a text: each begins so, and this is found out much faster.
_MARK_SIGNS = re.compile(r"[*`\[\]\\{}~^™®©℠]|__|''|##|\"-|<!--|\?[236]")
#: How functions are called that join texts, in spreadsheets of several languages, databases and programs.
_JOINING = (
    "concat", "verketten", "textjoin", "text.combine", "unirtexto", "joindre.texte", "testo.unisci", "samenvoegen",
    "złącz.teksty", "сцепить", ".join(", "paste0(",
)  # fmt: skip
#: A text in quotes, or a function of one or of nothing but numbers (`LOWER("VISION")`, `CHAR(72)`), and what joins two of them.
_LITERAL = r"""(?:"[^"\n]{0,80}"|'[^'\n]{0,80}')"""
_NUMBERS = r"\(\s?(?:[0-9]{2,6}(?:\s?[,;]\s?[0-9]{2,6})*|(?:&[hH]|0[xX])[0-9A-Fa-f]{2,4})\s?\)"
_JOINED_PIECE = rf"(?:{_LITERAL}|[^\W\d_][\w.]{{0,20}}(?:{_NUMBERS}|\(\s?{_LITERAL}\s?\)))"
_GLUED = re.compile(
    rf"{_JOINED_PIECE}(?:\s?(?:[&+]|\|\||)\s?{_JOINED_PIECE})+|(?<![^\W_])n?char{_NUMBERS}"
    rf"|(?:{'|'.join(map(re.escape, _JOINING))})\w{{0,8}}[\s(\[{{]{{0,4}}"
    rf"(?:\s?(?:{_JOINED_PIECE}|\w{{0,8}})\s?[,;]){{1,40}}\s?{_JOINED_PIECE}"
    rf"|\[(?:\s?{_JOINED_PIECE}\s?,){{1,40}}\s?{_JOINED_PIECE}\s?\]\.join\(",
    re.I,
)
_PIECES_OF = re.compile(rf"(?P<literal>{_LITERAL})|(?P<numbers>{_NUMBERS})")
#: Without one of these nothing in a text is joined of pieces.
_GLUE_SIGNS = re.compile(
    rf"""["')]\s?(?:[&+]|\|\|)|" "|' '|char\(|{"|".join(map(re.escape, _JOINING))}""", re.I
)
_BEFORE, _BEHIND = re.compile(r"[\w/.-]{1,40}\Z"), re.compile(r"[\w/.-]{1,40}")
#: What may be base64 or hexadecimal digits of a text.
_PACKED = re.compile(
    r"(?<![A-Za-z0-9+/_-])(?:(?P<digits>(?:0x)?(?:[0-9A-Fa-f]{2}){5,})|[A-Za-z0-9+/]{7,}={0,2})(?![A-Za-z0-9+/_-])"
)
#: Words and short numbers with blanks and points between them: all that may be spelled otherwise in such a text is numbers.
_PLAIN = re.compile(r"(?:(?:[A-Z]?[a-z]++|[A-Z]++|[0-9]{1,9}+)(?:[ ,.;]++|\Z))*+")
#: Runs of what packed text is written with: whether there is any is found out much faster.
_RUN = re.compile(r"[A-Za-z0-9+/_-]{7,}=?")
_MOST_PACKED, _LEAST_LETTERS = 200_000, 5
#: Hexadecimal digits of the fewest bytes that are read as text.
_FEWEST_DIGITS = 10
_ADDRESS_BYTES = 6
#: So many bytes in a row are hardly all signs that are printed, unless they are text.
_SURELY_TEXT = 24
#: What stands between digits, and in no base64.
_APART = re.compile(r"[^A-Za-z0-9+/]")
_INLINE = (
    "a|abbr|b|bdi|bdo|big|br|cite|code|em|font|hl|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|tt|u|var|wbr"
)
_DRESS = r"""(?:\s+(?:class|style|id|dir|lang|color|face|size)\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))*"""
_ESCAPE = re.compile(
    rf"""(?P<entity>&(?:\#[0-9]{{1,7}};?|\#[xX][0-9A-Fa-f]{{1,6}};?|[A-Za-z][A-Za-z0-9]{{1,31}};))
    |(?P<rtf>(?:\\u-?[0-9]{{5}}\?|\\u-[0-9]{{1,5}}\?)+)
    |(?P<units>(?:(?:\\+u|%u)[0-9A-Fa-f]{{4}})+)
    |(?P<point>\\+U[0-9A-Fa-f]{{8}}|\\+U\+[0-9A-Fa-f]{{4}}|\\+[ux]\{{[0-9A-Fa-f]{{1,6}}\}}|<U\+[0-9A-Fa-f]{{4,6}}>|_x[0-9A-Fa-f]{{4}}_)
    |(?P<points>U\+[0-9A-Fa-f]{{4,6}}(?:[ ,]{{0,2}}U\+[0-9A-Fa-f]{{4,6}})+)
    |(?P<power>(?:\#\([0-9A-Fa-f]{{4,8}}(?:,[0-9A-Fa-f]{{4,8}}){{0,99}}\))+)
    |(?P<css>(?:\\(?:00)?[0-9A-Fa-f]{{4}}(?![0-9A-Fa-f])[ ]?){{2,}}|(?:\\00[0-9A-Fa-f]{{4}}[ ]?)+)
    |(?P<step>\\X2\\(?:[0-9A-Fa-f]{{4}})+\\X0\\|\\X4\\(?:[0-9A-Fa-f]{{8}})+\\X0\\)
    |(?P<word>=\?[A-Za-z0-9_-]{{2,20}}(?:\*[A-Za-z-]+)?\?[bBqQ]\?[^?\s]{{1,400}}\?=)
    |(?P<percent>(?:%[0-9A-Fa-f]{{2}})+)
    |(?P<printable>(?:=[89A-F][0-9A-F]|=[89a-f][0-9a-f])(?:=[0-9A-F]{{2}}|=[0-9a-f]{{2}})+)
    |(?P<soft>(?<=\w)=\r?\n(?=\w))
    |(?P<bytea>\\x(?:[0-9A-Fa-f]{{2}}){{5,}}(?![0-9A-Fa-f\\]))
    |(?P<hex>(?:\\+x[0-9A-Fa-f]{{2}})+)
    |(?P<octal>(?:\\[0-3][0-7]{{2}})+)
    |(?P<tags>(?<=[^\W_])(?:</?(?:{_INLINE}){_DRESS}\s*/?>)+(?=[^\W_]))
    |(?P<quoted>(?:=[2-7][0-9A-Fa-f]){{4,}})
    |(?P<ascii85><~[!-uz\s]{{8,4000}}?~>)
    |(?P<coloured>(?:\x1b\[[0-9;?]{{0,20}}[A-Za-z])+)
    |(?P<shifted>\x1b\$[@B(][^\x1b\n]{{2,4000}}\x1b\([BJ])
    |(?P<shifted_out>(?:\x1b\$\)[ACEG])?\x0e(?:[!-~]{{2}})+\x0f)
    |(?P<tilde>~\{{(?:[!-}}][!-~])+~\}})
    |(?P<ldif>(?<=::[ ])[A-Za-z0-9+/]{{8,}}={{0,2}}(?![^\s]))
    |(?P<turned>\u202e[^\u202c\u202e]{{1,4000}}\u202c?)
    |(?P<reverse>(?<![0-9A-Za-z.])(?:[0-9A-Fa-f]\.){{16,32}}(?i:ip6\.arpa))
    |(?P<literal>(?<![0-9A-Za-z.-])[0-9A-Fa-f-]{{2,45}}(?i:(?:s[0-9a-z]{{1,12}})?\.ipv6-literal\.net))
    |(?P<puny>(?<![A-Za-z0-9-])xn--[a-z0-9-]{{2,59}})""",
    re.X,
)
_OCTETS = re.compile(r"[%=\\x]*([0-9A-Fa-f]{2})")
_FOUR, _EIGHT = re.compile(r"[0-9A-Fa-f]{4}"), re.compile(r"[0-9A-Fa-f]{8}")
_CSS = re.compile(r"\\(?:00)?([0-9A-Fa-f]{4})(?![0-9A-Fa-f])")
_POINT = re.compile(r"U\+([0-9A-Fa-f]{4,6})")
#: A letter before a tag that is all of its word: `<b>H</b>ikvision`; ideographs have no words.
_SINGLE = re.compile(r"(?<!\w)\w\Z|[\u3040-\u9fff\uac00-\ud7a3]\Z")


def _points(codes: Iterable[int]) -> str | None:
    """Join code points; `None` when one is none, or is a half of a pair or a control character."""
    text = ""
    for code in codes:
        if not 0x20 <= code <= _LAST_CODE_POINT or 0xD800 <= code <= 0xDFFF:
            return None
        text += chr(code)
    return text


def _entity(found: str) -> str | None:
    import html  # the tables of names are read when an entity is met
    from html.entities import html5

    if found[1] == "#" or found[1:] in html5:
        text = html.unescape(found)
        return text if text != found and text != "\ufffd" else None
    return None


def _units(found: str) -> str | None:
    raw = b"".join(bytes.fromhex(unit) for unit in _FOUR.findall(found))
    try:
        return raw.decode("utf-16-be")
    except UnicodeDecodeError:
        return None


def _rtf(found: str) -> str | None:
    return _points(int(number) & 0xFFFF for number in re.findall(r"-?[0-9]+", found))


def _point(found: str) -> str | None:
    digits = re.sub(r"\A\W*[uUx_]?\W*x?|\W+\Z|_\Z", "", found)
    return _points([int(digits, 16)])


def _octets(raw: bytes) -> str | None:
    """Read bytes that a program wrote as numbers: as UTF-8, or else one character each, as code pages are told apart later."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        # one byte beyond ASCII is as likely a number behind a sign: "5%DAhua"
        text = raw.decode("latin-1") if len(raw) > 1 else ""
    return text if text and not any(char < " " and char not in "\t\r\n" for char in text) else None


def _raw(found: str) -> bytes:
    return bytes(int(pair, 16) for pair in _OCTETS.findall(found))


def _hex(found: str) -> str | None:
    return _octets(_raw(found))


def _bytes(found: str) -> str | None:
    """Read bytes that a program wrote; six that are no UTF-8 may be a hardware address, too."""
    raw = _raw(found)
    text = _octets(raw)
    if len(raw) != _ADDRESS_BYTES or (text is not None and len(text.encode("latin-1", "ignore")) != len(raw)):
        return text
    return f"{text or ''} {raw.hex(':')} "


def _reverse(found: str) -> str:
    """Give an IPv6 address, or the end of one, beside its name in the reverse tree of DNS (RFC 3596, 2.5)."""
    digits = "".join(reversed(found.lower().removesuffix(".ip6.arpa").split(".")))
    return f"{found} {':'.join(digits[at : at + 4] for at in range(len(digits) % 4, len(digits), 4))} "


def _literal(found: str) -> str:
    """Give an IPv6 address beside the name that Windows writes for it where a colon may not stand."""
    return f"{found} {re.split('[.sS]', found)[0].replace('-', ':')} "


def _octal(found: str) -> str | None:
    raw = bytes(int(digits, 8) for digits in re.findall(r"[0-7]{3}", found))
    return _octets(raw) if any(byte > 0x7F for byte in raw) else _words_in(raw) or None


def _quoted(found: str) -> str | None:
    """Read letters of ASCII that a mail wrote as numbers, where they are words: other signs may mean what they say."""
    return _words_in(_raw(found)) or None


def _ascii85(found: str) -> str | None:
    try:
        put = _words_in(a85decode(found, adobe=True))
    except ValueError:
        return None
    return f"{found} {put} " if put else None


def _word(found: str) -> str | None:
    from email.errors import MessageError  # costs start-up time, and few inputs hold an encoded word
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(found)))
    except (MessageError, LookupError, ValueError):
        return None


def _puny(found: str) -> str | None:
    try:
        return found[4:].encode("ascii").decode("punycode")
    except ValueError:
        return None


def _shifted(found: str) -> str | None:
    """Read text of seven bits a byte, which shifts to other letters by a sign of escape."""
    try:
        return found.encode("ascii").decode("iso2022_jp_2" if found[2] != "(" else "iso2022_kr")
    except UnicodeError:
        return None


def _shifted_out(found: str) -> str | None:
    """Read two bytes a letter between the signs of shifting out and in, as Korean and as Chinese: the line may not say which."""
    raw = bytes(ord(char) | 0x80 for char in found[found.index("\x0e") + 1 : -1])
    read = [raw.decode(code, "replace") for code in ("euc_kr", "gb2312")]
    return " ".join(text for text in read if "\ufffd" not in text) or None


def _tilde(found: str) -> str | None:
    """Read HZ: GB 2312 in seven bits between `~{` and `~}`."""
    try:
        return bytes(ord(char) | 0x80 for char in found[2:-2]).decode("gb2312")
    except ValueError:
        return None


def _ldif(found: str) -> str | None:
    """Read a value of LDIF behind two colons: base64 of text."""
    try:
        raw = b64decode(found, validate=True)
        return _octets(raw) if raw.decode("utf-8") else None
    except ValueError:
        return None


def _both_ways(text: str) -> str:
    """Give a text as it is written and as it is shown: nobody knows for which reader the mark of direction was put."""
    return f"{text} {text[::-1]} "


_READERS: dict[str, Callable[[str], str | None]] = {
    "entity": _entity,
    "rtf": _rtf,
    "units": _units,
    "point": _point,
    "points": lambda found: _points(int(digits, 16) for digits in _POINT.findall(found)),
    "css": lambda found: _points(int(digits, 16) for digits in _CSS.findall(found)),
    "power": lambda found: _points(int(digits, 16) for digits in re.findall("[0-9A-Fa-f]+", found)),
    "step": lambda found: (
        _units(found[4:-4])
        if found[2] == "2"
        else _points(int(digits, 16) for digits in _EIGHT.findall(found))
    ),
    "word": _word,
    "percent": _hex,
    "printable": _hex,
    "soft": lambda _: "",
    "quoted": _quoted,
    "literal": _literal,
    "ascii85": _ascii85,
    "coloured": lambda found: "" if re.search("[^mK](?:\x1b|$)", found) is None else " ",
    "bytea": lambda found: _words_in(bytes.fromhex(found[2:])) or None,
    "hex": _bytes,
    "octal": _octal,
    "reverse": _reverse,
    "shifted": _shifted,
    "shifted_out": _shifted_out,
    "tilde": _tilde,
    "ldif": _ldif,
    "puny": _puny,
    "turned": lambda found: _both_ways(found.strip("\u202e\u202c")),
}

#: What a text is made of, with the place in the source where each character begins, and where it ends.
Spelled = tuple[str, tuple[int, ...], tuple[int, ...]]


@lru_cache(maxsize=4)  # asked for one cell a few times in a row
def spelled_out(text: str) -> Spelled | None:
    """Give the text that the escapes in `text` stand for; `None` when it holds none.

    Example:
        >>> spelled_out("Hik&shy;vision")[0]
        'Hik\\xadvision'
        >>> spelled_out("Dahua, 5% off") is None
        True
    """
    spelled: Spelled | None = None
    if _PLAIN.fullmatch(text) is not None and not numbered.may_be(text):
        return None
    if _SIGNS.search(text) is not None:
        for _ in range(_MOST_LAYERS):
            told = spelled[0] if spelled else text
            layer = _with(told, _once(told))
            if layer is None:
                break
            spelled = layer if spelled is None else _through(layer, spelled)
    told = spelled[0] if spelled else text
    packed = _may_be_packed(told)
    if (
        spelled is None
        and not numbered.may_be(text)
        and not any(sign.search(text) for sign in (_BESIDE, _MARK_SIGNS, _NUMBERED, _GLUE_SIGNS))
    ):
        return _with(text, _unpacked(text)) if packed else None
    for beside in (
        _shown,
        _edited,
        _unmarked,
        _lettered,
        _glued,
        _numbered,
        *((_unpacked,) if packed else ()),
    ):
        told = spelled[0] if spelled else text
        layer = _with(told, beside(told))
        if layer is not None:
            spelled = layer if spelled is None else _through(layer, spelled)
    return spelled


#: What is put into a text: from where, up to where of the text it takes the place, and the place that it is of.
_Put = tuple[int, int, str, tuple[int, int]]


def _with(text: str, puts: Iterable[_Put]) -> Spelled | None:
    """Put pieces into a text, in order; `None` where there are none."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for first, last, put, (start, end) in puts:
        pieces += text[at:first], put
        starts += [*range(at, first), *[start] * len(put)]
        ends += [*range(at + 1, first + 1), *[end] * len(put)]
        at = last
    if not pieces:
        return None
    pieces.append(text[at:])
    starts += range(at, len(text))
    ends += range(at + 1, len(text) + 1)
    return "".join(pieces), tuple(starts), tuple(ends)


def _may_be_packed(text: str) -> bool:
    """Tell whether anything stands in a text at which `_unpacked` looks closer."""
    return any(
        "-" not in run and "_" not in run and not _is_word(run) and not _is_number(run)
        for run in _RUN.findall(text)
    )


def _is_word(run: str) -> bool:
    """Tell whether letters are those of a word of a language."""
    return run.isalpha() and (run.islower() or run.istitle() or run.isupper())


def _is_number(run: str) -> bool:
    """Tell whether decimal digits spell nothing: they are too few for bytes in hexadecimal digits, and no base64 of letters."""
    return len(run) < _FEWEST_DIGITS and run.isdecimal()


def is_shown_otherwise(text: str) -> bool:
    """Tell whether letters beyond ASCII that folding leaves out may change what a text says."""
    return "\u202e" in text or _TAGGED.search(text) is not None


def _shown(text: str) -> Iterator[_Put]:
    """Put beside words that a line breaks, or that are struck over each other, how they read; tag characters at the end."""
    if _BESIDE.search(text) is None:
        return
    puts = [*_broken(text), *_struck(text)] if "\x08" in text else list(_broken(text))
    yield from sorted(puts, key=lambda put: put[0])
    tags = list(_TAGGED.finditer(text))
    if tags:
        read = " ".join("".join(chr(ord(char) - 0xE0000) for char in run[0]) for run in tags)
        joined = "".join(read.split())
        put = f" {read} {joined}" if joined != read else f" {read}"
        yield len(text), len(text), put, (tags[0].start(), tags[-1].end())


def _unmarked(text: str) -> Iterator[_Put]:
    """Put beside words with marks between their letters how they read: `Hik**vision**`, `Hik\\-vision`."""
    if _MARK_SIGNS.search(text) is None:
        return
    parted: list[_Put] = []
    for found in _MARKED.finditer(text):
        read = _ANY_MARK.sub("", found[0])
        if _PARTED.fullmatch(found[0]):
            # fields of X12 and HL7: `MSG*POWER SUPPLY` stays a phrase
            parted.append((len(text), len(text), f" {read}", found.span()))
        else:
            yield found.end(), found.end(), f" {read} ", found.span()
    yield from parted


def _edited(text: str) -> Iterator[_Put]:
    """Put beside words with marks of what was taken out and put in how they read before and after: `[-Ax-]{+Hik+}vision`."""
    if _EDIT_SIGNS.search(text) is None:
        return
    for found in _EDITED.finditer(text):
        read = (_EDIT.sub(partial(_side_of, names=names), found[0]) for names in (("out", "cut"), ("into",)))
        put = " ".join(dict.fromkeys(filter(None, read)))
        if put:
            yield found.end(), found.end(), f" {put} ", found.span()


def _side_of(found: re.Match[str], names: tuple[str, ...]) -> str:
    """Give what an edit took out or put in."""
    return "".join(found[name] or "" for name in names)


def _lettered(text: str) -> Iterator[_Put]:
    """Put beside words with some letters as numbers how they read: `\\110ikvision` in octal, `\\072ikvision` in decimals."""
    if _NUMBERED.search(text) is None:
        return
    for found in _LETTERED.finditer(text):
        read = {_NUMBERED.sub(partial(_letter_of, base=base), found[0]) for base in (8, 10)}
        put = " ".join(sorted(word for word in read if word.isalpha() and len(word) >= _LEAST_LETTERS))
        if put:
            yield found.end(), found.end(), f" {put} ", found.span()


def _glued(text: str) -> Iterator[_Put]:
    """Put beside texts in quotes and letters by their numbers that a formula or a program joins how they read together."""
    if _GLUE_SIGNS.search(text) is None:
        return
    for found in _GLUED.finditer(text):
        parts = [
            piece[0][1:-1]
            if piece["literal"]
            else _points(
                _code(digits) for digits in re.findall("(?:&[hH]|0[xX])?[0-9A-Fa-f]+", piece["numbers"])
            )
            for piece in _PIECES_OF.finditer(found[0])
        ]
        put = "".join(part for part in parts if part)
        if put:
            yield found.end(), found.end(), f" {put} ", found.span()


def _code(digits: str) -> int:
    return int(digits[2:], 16) if digits[:2].lower() in ("&h", "0x") else int(digits)


def _letter_of(found: re.Match[str], base: int) -> str:
    """Give the letter of a number behind a backslash, or of two hexadecimal digits behind `=`; a blank for any other sign."""
    digits = found[0][1:]
    try:
        code = int(digits, 16 if found[0][0] == "=" else base)
    except ValueError:
        return " "
    return chr(code) if code < 0x80 else " "


def _broken(text: str) -> Iterator[_Put]:
    for found in _BROKEN.finditer(text):
        before = _BEFORE.search(text[max(0, found.start() - 40) : found.start()])
        behind = _BEHIND.match(text, found.end(), found.end() + 40)
        if before is not None and behind is not None:
            first, second = before[0], behind[0]
            span = (found.start() - len(first), behind.end())
            yield behind.end(), behind.end(), f" {first}{second} {first}-{second} ", span


def _struck(text: str) -> Iterator[_Put]:
    """Read what a printer strikes over: `H\\bH` is a bold H, and of `_\\bH` the letter counts."""
    for found in re.finditer(r"\S+", text):
        if "\x08" in found[0]:
            shown = re.sub("(?:.\x08)+(.|$)", lambda one: one[0].replace("_", "")[-1:], found[0])
            yield found.end(), found.end(), f" {shown} ".replace("\x08", ""), found.span()


def _unpacked(text: str) -> Iterator[_Put]:
    """Put beside what is base64 or hexadecimal digits the text that it spells."""
    for found in _PACKED.finditer(text):
        word = found[0]
        if not _is_word(word) and not _is_number(word):
            yield from _spelled_by(text, found.span(), _octets_of(word, is_digits=bool(found["digits"])))


def _numbered(text: str) -> Iterator[_Put]:
    """Put beside letters that are numbers the text that they spell."""
    for start, end, read in numbered.runs(text) if numbered.may_be(text) else ():
        yield from _spelled_by(text, (start, end), map(_of_numbers, read))


def _spelled_by(text: str, span: tuple[int, int], octets: Iterable[bytes]) -> Iterator[_Put]:
    put = " ".join(dict.fromkeys(filter(None, map(_words_in, octets))))
    word = text[slice(*span)]
    if (
        put
        and word == text.strip()
        and (word.startswith("0x") or word.endswith("="))
        and put.strip().isalpha()
    ):
        # no address and no number is written so, and a name is read otherwise where it is all of its cell
        yield 0, len(text), put, span
    elif put:
        yield span[1], span[1], f" {put} ", span


def _of_numbers(numbers: list[int]) -> bytes:
    """Give the bytes that numbers stand for, or the letters, where one is more than a byte holds."""
    if max(numbers) < 0x100:
        return bytes(numbers)
    return (_points(number for number in numbers if number) or "").encode()


def _octets_of(word: str, *, is_digits: bool) -> Iterator[bytes]:
    """Give the bytes that a word may stand for: hexadecimal digits, or else base64."""
    if is_digits:
        digits = word.removeprefix("0x")[:_MOST_PACKED]
        yield bytes.fromhex(digits[: len(digits) // 2 * 2])
    letters = word.rstrip("=")[:_MOST_PACKED]
    if len(letters) % 4 != 1 and not _APART.search(letters):
        yield b64decode(letters + "=" * (-len(letters) % 4))


def _words_in(raw: bytes) -> str:
    """Read bytes as text where they can be nothing else: letters for the most part, and no sign that stands in no list."""
    if raw[1:2] == b"\0" and len(raw) % 2 == 0:
        raw = raw.replace(b"\0", b"") if not any(raw[1::2]) else raw
    elif raw[:1] == b"\0" and len(raw) % 2 == 0 and not any(raw[::2]):
        raw = raw[1::2]
    if raw[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raw = raw.rstrip(b"\0")  # what fills the room of a text
    text = " ".join(_decoded(raw).split())
    letters = sum(char.isalpha() for char in text)
    least = _LEAST_LETTERS if text.isascii() else 2
    is_text = 2 * letters > len(text) or len(raw) >= _SURELY_TEXT
    return text if text.isprintable() and letters >= least and is_text else ""


def _decoded(raw: bytes) -> str:
    """Decode bytes as UTF-8 or, with its mark, UTF-16; a long text with a few letters of Western Europe in their code page."""
    try:
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return raw.decode("utf-16")
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        if len(raw) < _SURELY_TEXT:
            return ""
        plain = sum(byte < 0x80 for byte in raw)
        return raw.decode("cp1252", "replace") if plain > 0.8 * len(raw) else ""


def packed_forms(name: str) -> Iterator[str]:
    """Give the parts of base64 and of hexadecimal digits, in small letters, one of which stands wherever a name is packed so.

    Example:
        >>> list(packed_forms("Dahua"))[:2]
        ['6461687561', '64 61 68 75 61']
    """
    for written in dict.fromkeys((name.lower(), name.upper(), name.title())):
        yield from numbered.forms(written)
        for raw in dict.fromkeys((written.encode(), written.encode("utf-16-le"))):
            yield raw.hex()
            for shift in range(3):
                whole = b64encode(b"\0" * shift + raw).decode().rstrip("=")
                end = (shift + len(raw)) * 8 // 6
                yield whole[(shift * 8 + 5) // 6 : end].lower()


def _once(text: str) -> Iterator[_Put]:
    """Put what escapes stand for in their places."""
    for found in _ESCAPE.finditer(text):
        name = str(found.lastgroup)
        if name == "tags":
            put: str | None = "" if _SINGLE.search(text[max(0, found.start() - 2) : found.start()]) else " "
        else:
            put = _READERS[name](found[0])
        if put is not None:
            yield *found.span(), put, found.span()


def _through(layer: Spelled, below: Spelled) -> Spelled:
    text, starts, ends = layer
    return text, tuple(below[1][place] for place in starts), tuple(below[2][place - 1] for place in ends)


def signs() -> tuple[str, ...]:
    """Give the literals, in small letters, one of which stands in every text that holds an escape worth reading.

    Signs that stand in many texts (`%`, `=`, a backslash) are joined with what must follow them.
    """
    digits = "0123456789abcdef"
    high = [f"{first}{second}" for first in "89abcdef" for second in digits]
    inline = _INLINE.split("|")
    return (
        "&#", "amp;", "shy;", "nbsp;", "zwj;", "zwnj;", "lrm;", "rlm;", "hyphen;", "dash;", "acute;", "uml;", "lt;",
        *(f"\\u{digit}" for digit in (*digits, "{", "-")), *(f"\\x{digit}" for digit in (*digits, "{")),
        *(f"\\{digit}" for digit in "0123456789"),
        "%u", *(f"%{digit}" for digit in digits), "u+", *(f"_x{digit}" for digit in digits), "~{", "\x1b$", ":: ",
        *(f"\x0e{chr(letter)}" for letter in range(0x21, 0x7F) if not chr(letter).isupper()),
        *(f"#({digit}" for digit in digits), "char(", *_JOINING,
        *(f"{end}{gap}{glue}" for end in "\"')" for gap in ("", " ") for glue in ("&", "+", "||")), '" "', "' '",
        "=?", "=\n", "=\r\n", "-\n", "-\r\n", "<~", "\x1b[", *(f"{letter}\x08" for letter in f"_{ascii_lowercase}{digits}"),
        "\\n", "\\r", "\\t", *"™®©℠", "**", "~~", "__", "''", "](", "[[", "<!--", "\\-", "\\\n", "\\\r\n",
        "\\text", "\\em", "{\\bf", "{\\it", "##", "\\ ", "\\%", "\\&", "\\b ", "\\i ", "\\ul ",
        "}{", "#[", "%{", "[/", *(f"\\f{letter}" for letter in "birp"),
        *(f"?{field}" for field in (*range(20, 30), 32, 33, *range(60, 64))),
        *(f"[{mark}" for mark in "@_*%^~+-"), *(f"{{{mark}" for mark in "*_=+~^-"),
        *(f"{mark}{letter}" for letter in ascii_lowercase for mark in ("*", "`", "~", "^", "{", '"-')),
        *(f"={letter:02x}=" for letter in (*range(0x41, 0x5B), *range(0x61, 0x7B))),
        *(f"={byte}=" for byte in high), "xn--", ".ip6.arpa", ".ipv6-literal",
        *(f"<{name}{after}" for name in inline for after in " >/"), *(f"</{name}>" for name in inline),
    )  # fmt: skip
