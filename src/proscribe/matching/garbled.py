"""Names in other scripts, as they look when their bytes were read in the wrong code page, and Latin ones from a wrong keyboard.

What it does: finds what is left of a name of the knowledge in another script after it was written in one encoding and
read in another, once or twice, and a short Latin name that was typed on a keyboard set to Cyrillic; says which name it was.
Why it matters: `æµ·åº·å¨�è§†` and `º£¿µÍþÊÓ` are the same name, and lists that have been through a mail or a
spreadsheet hold it like this; where the encoding of a file has to be guessed, the guess may be wrong.
Example: `»ªÎª` is `华为`, written as GBK and read as Latin-1; `Ршлмшышщт` is `Hikvision`, typed as if the keys were Latin.
Not covered: Cyrillic names typed on Latin keys, and bytes lost but for one or two.
References: the codecs of Python; the layouts of Russian and Ukrainian keyboards (ЙЦУКЕН) beside that of the United States;
WHATWG Encoding Standard for what programs take for what.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from proscribe.matching.ready import Ready, ready_or_made
from proscribe.matching.said import Said

#: The encodings in which lists are written, by the first and last letter of the scripts they are for.
_WRITTEN = {
    "gb18030": ("\u3400", "\u9fff"), "big5": ("\u3400", "\u9fff"),
    "shift_jis": ("\u3040", "\u9fff"), "euc_jp": ("\u3040", "\u9fff"), "euc_kr": ("\uac00", "\ud7a3"),
    "cp1251": ("\u0400", "\u04ff"), "koi8_r": ("\u0400", "\u04ff"),
    "cp866": ("\u0400", "\u04ff"), "iso8859_5": ("\u0400", "\u04ff"), "mac_cyrillic": ("\u0400", "\u04ff"),
    "cp1253": ("\u0370", "\u03ff"), "cp1255": ("\u0590", "\u05ff"), "cp1256": ("\u0600", "\u06ff"),
    "cp874": ("\u0e00", "\u0e7f"),
    "utf-8": ("\u0370", "\ud7a3"),
}  # fmt: skip
#: The encodings for which they are taken.
_READ = (
    "latin-1", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp437", "cp850", "cp866",
    "cp874", "koi8_r", "mac_roman", "mac_cyrillic", "gb18030", "gbk", "big5", "cp932", "cp949", "euc_jp",
)  # fmt: skip
#: Bytes that an encoding does not know are kept, marked, or lost.
_LOST = ("replace", "ignore")
KEEP_BYTES = "proscribe.garbled"
#: The encodings in which a text is read wrongly twice in a row, written as UTF-8 in between.
_TWICE = ("latin-1", "cp1252", "cp1251", "cp437", "cp850", "mac_roman", "gb18030", "gbk")
#: So few bytes say nothing: three Cyrillic letters are three letters of any language.
_LEAST_BYTES = 4
_LEAST_LEFT = 2
_UNREAD = "\ufffd"
#: Encodings in which two bytes are one character: two of them beside the marks of lost ones say as much as four letters.
_OF_TWO_BYTES = frozenset(["gb18030", "gbk", "big5", "cp932", "cp949", "euc_jp"])
#: What is read again together: all between blanks. A no-break space is a byte of many characters.
_WORDS = re.compile(r"[ \t\r\n]+|[^ \t\r\n]+")
#: Signs outside ASCII that stand beside each other or nearly so, as in every misread name.
_FOREIGN = re.compile("[^\x00-\x7f].?[^\x00-\x7f]", re.S)
#: What the keys of Latin letters write where the keyboard is set to Russian, and to Ukrainian.
_LATIN_KEYS = "qwertyuiopasdfghjklzxcvbnm"
_KEYBOARDS = tuple(
    str.maketrans(_LATIN_KEYS + _LATIN_KEYS.upper(), keys + keys.upper())
    for keys in ("йцукенгшщзфывапролдячсмить", "йцукенгшщзфівапролдячсмить")
)
#: In longer texts an automaton is worth its making.
_LONG_TEXT = 20_000
#: Longer names hold a shorter one that says as much.
_LONGEST = 14
_LONGEST_HANZI = 5


def _kept(error: UnicodeError) -> tuple[str, int]:
    """Keep bytes that an encoding does not define as the characters of the same number."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error(KEEP_BYTES, _kept)


def _misread(name: str) -> Iterator[str]:
    """Give what becomes of a name that is written in one encoding and read in another."""
    for written, (first, last) in _WRITTEN.items():
        if not all(first <= char <= last or not char.isalnum() for char in name):
            continue
        try:
            raw = name.encode(written)
        except UnicodeEncodeError:
            continue
        if len(raw) < _LEAST_BYTES:
            continue
        for read in _READ:
            if read != written:
                yield from _seen_as(raw, read, written)


def _seen_as(raw: bytes, read: str, written: str) -> Iterator[str]:
    """Give what bytes look like in an encoding that is not theirs, as far as enough is left of them."""
    try:
        seen = raw.decode(read)
    except UnicodeDecodeError:
        for lost in _LOST:
            seen = raw.decode(read, lost)
            left = seen.replace(_UNREAD, "")
            marked = lost == "replace" and read in _OF_TWO_BYTES
            least = _LEAST_LEFT if marked else _LEAST_BYTES
            if len(left) >= least and not left.isascii() and 2 * len(left) >= len(seen):
                yield seen
                if read in _TWICE:
                    yield from _again(seen, read)
        seen = raw.decode(read, KEEP_BYTES)
    if len(seen) >= _LEAST_LEFT and not seen.isascii():
        yield seen
    if read in _TWICE:
        yield from _again(seen, read)


def _again(seen: str, read: str) -> Iterator[str]:
    """Give what a misread text looks like when it was written as UTF-8 and misread once more."""
    for lost in (KEEP_BYTES, *_LOST):
        yield seen.encode("utf-8").decode(read, lost)


@lru_cache(maxsize=1_000)
def _way(form: str, name: str) -> tuple[str, str, bool] | None:
    """Tell in which encoding a name was written, in which it was read, and whether that happened twice."""
    for twice in (False, True):
        for written in _WRITTEN:
            for case in dict.fromkeys((name, name.upper(), name.lower())):
                try:
                    raw = case.encode(written)
                except UnicodeEncodeError:
                    continue
                for read in _TWICE if twice else _READ:
                    forms = {raw.decode(read, lost) for lost in (KEEP_BYTES, *_LOST)}
                    if twice:
                        forms = {again for seen in forms for again in _again(seen, read)}
                    if read != written and (form in forms or form.replace(" ", "\u00a0") in forms):
                        return written, read, twice
    return None


def _goes_on(form: str, name: str, behind: str) -> bool:
    """Tell whether bytes of the last character of a name stand behind what is left of it: it is then another character."""
    way = _way(form, name)
    if way is None or way[0] != "utf-8" or way[2] or not behind or _UNREAD in form:
        return False
    try:
        last = behind[0].encode(way[1])
    except UnicodeEncodeError:
        return False
    left = _read_right(form, "utf-8", way[1])
    return left is None and len(last) == 1 and 0x80 <= last[0] < 0xC0


def _read_right(text: str, written: str, read: str) -> list[tuple[str, int, int]] | None:
    """Read a text in the encoding it was written in: characters, each with the span of what it was read as.

    Returns:
        `None` where the text is not what bytes of that encoding look like.
    """
    raw, place_of = bytearray(), []
    for place, char in enumerate(text):
        try:
            piece = char.encode(read)
        except UnicodeEncodeError:
            if not "\x80" <= char <= "\xff":
                return None
            piece = char.encode("latin-1")
        raw += piece
        place_of += [place] * len(piece)
    decoder = codecs.getincrementaldecoder(written)("strict")
    found: list[tuple[str, int, int]] = []
    begun = 0
    try:
        for n in range(len(raw)):
            char = decoder.decode(bytes(raw[n : n + 1]), final=n + 1 == len(raw))
            if char:
                found.append((char, place_of[begun], place_of[n] + 1))
                begun = n + 1
    except UnicodeDecodeError:
        return None
    return found


def _word_right(word: str, way: tuple[str, str, bool]) -> list[tuple[str, int, int]] | None:
    """Read a word in the encoding it was written in, once or twice; `None` where it was not misread in that way."""
    written, read, twice = way
    if _FOREIGN.search(word) is None:
        return None
    if not twice:
        return _read_right(word, written, read)
    once = _read_right(word, "utf-8", read)
    if once is None:
        return None
    right = _read_right("".join(char for char, _, _ in once), written, read)
    if right is None:
        return None
    spans = [(start, end) for char, start, end in once for _ in char]
    return [(char, spans[start][0], spans[end - 1][1]) for char, start, end in right]


def _packed(meant: dict[str, str]) -> bytes:
    return json.dumps(meant, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _unpacked(packed: bytes) -> dict[str, str]:
    meant = json.loads(packed.decode("utf-8", "surrogatepass"))
    if not isinstance(meant, dict):
        raise ValueError("no table of forms")
    return meant


def _pairs_written(pairs: frozenset[str]) -> bytes:
    return "".join(sorted(pairs)).encode("utf-8", "surrogatepass")


def _pairs_read(packed: bytes) -> frozenset[str]:
    joined = packed.decode("utf-8", "surrogatepass")
    if not joined or len(joined) % 2:
        raise ValueError("no pairs of letters")
    return frozenset([joined[at : at + 2] for at in range(0, len(joined), 2)])


class Garbles:
    """The misread forms of names, ready to be found in text."""

    __slots__ = (
        "_automaton",
        "_beside",
        "_forms",
        "_meant",
        "_names",
        "_openings",
        "_ready",
        "_said",
        "_sizes",
        "_things",
    )

    def __init__(
        self,
        names: Iterable[str],
        ready: Ready | None = None,
        beside: Iterable[str] = (),
        said: Said | None = None,
    ) -> None:
        """Take names as they are written; those of Latin letters are looked for as other keyboards write them.

        Args:
            names: what is looked for.
            ready: keeps what becomes of them.
            beside: words for things, which are read too in a text that holds a name.
            said: names that were written by ear in another script.
        """
        self._said = said or Said()
        self._ready = ready
        self._names = tuple(sorted(set(names)))
        self._beside = tuple(sorted(word for word in set(beside) if not word.isascii()))
        self._things: Garbles | None = None
        self._meant: dict[str, str] = {}
        self._forms: list[str] = []
        self._openings: frozenset[str] = frozenset()
        self._sizes: tuple[int, ...] = ()
        self._automaton: Any = None

    def __reduce__(self) -> tuple[type[Garbles], tuple[tuple[str, ...], None, tuple[str, ...], Said]]:
        return Garbles, (self._names, None, self._beside, self._said)

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names, in order."""
        return self._names

    @property
    def said(self) -> Said:
        """Give the names that are found by their sound."""
        return self._said

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Give `(start, end, name)` for what is left of a name in `text`, or sounds like one, in order; none in ASCII.

        Short names by ear are found in any joined cells, and in one cell where it holds little else.

        Example:
            >>> Garbles(["华为"]).find("路由 »ªÎª")
            [(3, 7, '华为')]
        """
        if text.isascii() or _FOREIGN.search(text) is None:
            return []
        misread = self._misread(text)
        said = self._said.anywhere(text) if "\x00" in text else self._said.find(text)
        free = [one for one in said if not any(one[0] < end and start < one[1] for start, end, _ in misread)]
        return sorted([*misread, *free]) if free else misread

    def _misread(self, text: str) -> list[tuple[int, int, str]]:
        if not self._meant and len(text) <= _LONG_TEXT and not self._may_begin(text):
            return []
        self.prepare()
        return list(self._in_cell(text) if len(text) <= _LONG_TEXT else self._in_column(text))

    def read_right(self, text: str) -> list[tuple[str, int, int]] | None:
        """Read a text that holds a misread name as it was written, as far as its other words were misread like it.

        Returns:
            Pieces of the text as it was, each with the span of what it is read from, in order; `None` where no name is found.

        Example:
            >>> right = Garbles(["华为"]).read_right("»ªÎª Â·ÓÉÆ÷ R1")
            >>> "".join(piece for piece, _, _ in right)
            '华为 路由器 R1'
        """
        found = [
            one for one in self.find(text) if not _goes_on(text[one[0] : one[1]], one[2], text[one[1] :])
        ]
        if not found:
            return None
        pieces: list[tuple[str, int, int]] = []
        at = 0
        way = None
        said = {one.word for one in self._said.sounds}
        plain = all(name in said for _, _, name in found)  # nothing beside them was misread
        for start, end, name in [*found, (len(text), len(text), "")]:
            if plain:
                pieces += [(text[n], n, n + 1) for n in range(at, start)]
                pieces += [(name, start, end)] if name else []
                at = end
                continue
            way = _way(text[start:end], name) if name else way
            for part in _WORDS.finditer(text[at:start]):
                low = at + part.start()
                right = _word_right(part[0], way) if way is not None else None
                if right is None:
                    right = self._things_in(part[0])
                pieces += [(char, low + first, low + last) for char, first, last in right]
            if name:
                pieces.append((name, start, end))
            at = end
        return pieces

    def _things_in(self, word: str) -> list[tuple[str, int, int]]:
        """Read what is left of a word of which bytes were lost: words for things in it, all else as it stands."""
        if self._things is None:
            self._things = Garbles(self._beside)
        pieces: list[tuple[str, int, int]] = []
        at = 0
        for start, end, thing in [*self._things.find(word), (len(word), len(word), "")]:
            pieces += [(word[n], n, n + 1) for n in range(at, start)]
            pieces.append((f" {thing} " if thing else "", start, end))
            at = end
        return pieces

    def prepare(self) -> None:
        """Make the forms, or read them as they were kept; the first text that may hold one does it too."""
        if self._meant:
            return
        self._meant = ready_or_made(self._ready, "misread", _unpacked, self._forms_of_names, _packed)
        self._forms = list(self._meant)
        self._sizes = tuple(sorted(set(map(len, self._meant)), reverse=True))
        self._prepare_openings()

    def _may_begin(self, text: str) -> bool:
        """Tell whether two letters stand in a text with which a form begins; the forms themselves take longer to read."""
        self._prepare_openings()
        return any(text[at : at + 2] in self._openings for at in range(len(text) - 1))

    def _prepare_openings(self) -> None:
        if not self._openings:
            self._openings = ready_or_made(
                self._ready, "misread-openings", _pairs_read, self._openings_of_forms, _pairs_written
            )

    def _openings_of_forms(self) -> frozenset[str]:
        self.prepare()
        return self._openings or frozenset([form[:2] for form in self._meant])

    def _forms_of_names(self) -> dict[str, str]:
        """Give what each misread form means."""
        names = [
            name
            for name in self._names
            if not name.isascii()
            and len(name) <= (_LONGEST_HANZI if "\u3400" <= name[0] <= "\u9fff" else _LONGEST)
        ]
        meant: dict[str, str] = {"\ufffd\ufffd": ""}  # never empty, and never found: it is taken out below
        for name in sorted(names, key=lambda name: (len(name), name)):
            for written in dict.fromkeys((name, name.upper(), name.lower())):
                for form in _misread(written):
                    meant.setdefault(form, name)
                    meant.setdefault(form.replace("\u00a0", " "), name)
        for name in names:
            meant.pop(name, None)
        for name in filter(str.isascii, self._names):
            for written in (name.lower(), name.upper(), name.title()):
                meant.update((written.translate(keys), name) for keys in _KEYBOARDS)
        return meant

    def _in_cell(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Look at a short text pair by pair; an automaton would take longer to get ready than that."""
        at, last = 0, len(text) - 1
        while at < last:
            size = 0
            if text[at : at + 2] in self._openings:
                form = next(filter(self._meant.get, (text[at : at + size] for size in self._sizes)), "")
                size = len(form)
            if size:
                yield at, at + size, self._meant[text[at : at + size]]
            at += size or 1

    def _in_column(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Look at the joined cells of a column."""
        if self._automaton is None:
            from ahocorasick_rs import AhoCorasick, MatchKind

            self._automaton = AhoCorasick(self._forms, matchkind=MatchKind.LeftmostLongest)
        for number, start, end in self._automaton.find_matches_as_indexes(text):
            name = self._meant[self._forms[number]]
            if name:
                yield start, end, name
