"""Names in other scripts, as they look when their bytes were read in the wrong code page.

What it does: finds what is left of a name of the knowledge in another script after it was written in one encoding and
read in another, once or twice, and says which name it was.
Why it matters: `æµ·åº·å¨�è§†` and `º£¿µÍþÊÓ` are the same name, and lists that have been through a mail or a
spreadsheet hold it like this; where the encoding of a file has to be guessed, the guess may be wrong.
Example: `»ªÎª` is `华为`, written as GBK and read as Latin-1.
Not covered: names of Latin letters (no code page changes these), and bytes lost but for one or two.
References: the codecs of Python; WHATWG Encoding Standard for what programs take for what.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from proscribe.matching.ready import Ready, ready_or_made

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
    "cp874", "koi8_r", "mac_roman", "mac_cyrillic", "gb18030", "big5", "cp932", "cp949", "euc_jp",
)  # fmt: skip
#: Bytes that an encoding does not know are kept, marked, or lost.
_LOST = ("replace", "ignore")
KEEP_BYTES = "proscribe.garbled"
#: The encodings in which a text is read wrongly twice in a row.
_TWICE = ("latin-1", "cp1252")
#: So few bytes say nothing: three Cyrillic letters are three letters of any language.
_LEAST_BYTES = 4
_LEAST_LEFT = 2
_UNREAD = "\ufffd"
#: Signs outside ASCII that stand beside each other or nearly so, as in every misread name.
_FOREIGN = re.compile("[^\x00-\x7f].?[^\x00-\x7f]", re.S)
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
            if len(left) >= _LEAST_BYTES and not left.isascii() and 2 * len(left) >= len(seen):
                yield seen
        seen = raw.decode(read, KEEP_BYTES)
    if len(seen) >= _LEAST_LEFT and not seen.isascii():
        yield seen
    if written == "utf-8" and read in _TWICE:
        for lost in (KEEP_BYTES, "replace"):
            yield seen.encode("utf-8").decode(read, lost)


def _packed(meant: dict[str, str]) -> bytes:
    return json.dumps(meant, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _unpacked(packed: bytes) -> dict[str, str]:
    meant = json.loads(packed.decode("utf-8", "surrogatepass"))
    if not isinstance(meant, dict):
        raise ValueError("no table of forms")
    return meant


class Garbles:
    """The misread forms of names, ready to be found in text."""

    __slots__ = ("_automaton", "_forms", "_meant", "_names", "_openings", "_ready", "_sizes")

    def __init__(self, names: Iterable[str], ready: Ready | None = None) -> None:
        """Take names as they are written; those of Latin letters are left out. `ready` keeps what becomes of them."""
        self._ready = ready
        self._names = tuple(sorted(set(names)))
        self._meant: dict[str, str] = {}
        self._forms: list[str] = []
        self._openings: frozenset[str] = frozenset()
        self._sizes: tuple[int, ...] = ()
        self._automaton: Any = None

    def __reduce__(self) -> tuple[type[Garbles], tuple[tuple[str, ...]]]:
        return Garbles, (self._names,)

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names, in order."""
        return self._names

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Give `(start, end, name)` for what is left of a name in `text`, in order; none in ASCII.

        Example:
            >>> Garbles(["华为"]).find("路由 »ªÎª")
            [(3, 7, '华为')]
        """
        if text.isascii() or _FOREIGN.search(text) is None:
            return []
        self.prepare()
        return list(self._in_cell(text) if len(text) <= _LONG_TEXT else self._in_column(text))

    def prepare(self) -> None:
        """Make the forms, or read them as they were kept; the first text that may hold one does it too."""
        if self._meant:
            return
        self._meant = ready_or_made(self._ready, "misread", _unpacked, self._forms_of_names, _packed)
        self._forms = list(self._meant)
        self._openings = frozenset([form[:2] for form in self._meant])
        self._sizes = tuple(sorted(set(map(len, self._meant)), reverse=True))

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
