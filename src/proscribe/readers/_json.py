"""JSON read value by value over a window of text, so that a document is never held whole.

The caller of `JsonStream` walks: `members()` gives the keys of an object,
`elements()` the places of an array, and after each of them the caller takes the value with `value()`, descends with
another walk, or passes over it with `skip()`. Numbers keep the digits they were written with. Format: RFC 8259.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from proscribe.readers._text import Encoding, utf8_chunks
from proscribe.readers.base import Source
from proscribe.readers.issues import IssueLog

#: Characters that one value may have.
_MOST = 64 * 1024**2


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    # A repeated key would drop the earlier value; both are kept.
    made = {}
    for key, value in pairs:
        name, suffix = key, 2
        while name in made:
            name = f"{key}_{suffix}"
            suffix += 1
        made[name] = value
    return made


#: Decodes with numbers as text and repeated keys under names of their own.
DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=str)
_PLAIN = json.JSONDecoder()
#: Values up to this many characters are passed over in one go.
_SKIPPED_WHOLE = 256 * 1024
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
#: Text of a scalar that may go on in the next chunk: a number or a word.
_OPEN_ENDED = re.compile(r"[-+.0-9A-Za-z]")


class Damaged(Exception):
    """The text stops being JSON at a place.

    Attributes:
        at: characters before the place.
        deep: whether the reason is nesting beyond what can be decoded.
    """

    def __init__(self, at: int, what: str, *, deep: bool = False) -> None:
        super().__init__(what)
        self.at = at
        self.what = what
        self.deep = deep


class TooLarge(Exception):
    """A value is larger than asked for; nothing of it was consumed."""


class JsonStream:
    """A window over JSON text.

    Args:
        chunks: UTF-8 bytes, with the number of source bytes read so far.
        log: where text that is no UTF-8 or holds NUL bytes is reported.
        most: characters that one decoded value may have.
    """

    def __init__(self, chunks: Iterator[tuple[bytes, int]], log: IssueLog, most: int = _MOST) -> None:
        self._chunks = chunks
        self._log = log
        self._text = ""
        self._at = 0
        self._gone = 0
        self._ended = False
        self._max = most
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        self.read_bytes = 0

    def place(self) -> int:
        """Count the characters before the current position."""
        return self._gone + self._at

    def broken_off(self, damage: Damaged, limit: int) -> str:
        """Report where the text stops being JSON, and give up to `limit` characters of what follows.

        Names may stand in the piece that broke off: the caller checks it as plain text.
        """
        self._log.add(
            "E132" if damage.deep else "E131",
            f"character {damage.at}",
            f"{damage.what[:1].upper()}{damage.what[1:]}.",
            lossy=True,
        )
        return self._text[self._at : self._at + limit].strip()

    def _more(self) -> bool:
        while not self._ended:
            step = next(self._chunks, None)
            if step is None:
                self._ended = True
                data = self._utf8.decode(b"", final=True)
            else:
                data = self._utf8.decode(step[0])
                self.read_bytes = step[1]
            if "\0" in data:
                self._log.add("E120.text_holds_nul_bytes", f"character {self.place()}")
                data = data.replace("\0", "")
            if "\ufffd" in data and (step is None or b"\xef\xbf\xbd" not in step[0]):
                self._log.add("E119.bytes_no_utf_stand", f"character {self.place()}")
            if data:
                self._gone += self._at
                self._text = self._text[self._at :] + data
                self._at = 0
                return True
        return False

    def peek(self) -> str:
        """Give the next character that is no white space, empty at the end."""
        char = self._text[self._at : self._at + 1]
        if char and char not in " \t\r\n\ufeff":
            return char
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found is not None else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, wanted: str) -> None:
        """Pass over one character.

        Raises:
            Damaged: another one stands there.
        """
        if self.peek() != wanted:
            raise Damaged(self.place(), f"'{wanted}' was expected, {self._shown()} stands there")
        self._at += 1

    def _shown(self) -> str:
        char = self.peek()
        return f"'{char}'" if char else "the end"

    def value(self, at_most: int | None = None, decoder: json.JSONDecoder = DECODER) -> Any:
        """Decode one whole value.

        Args:
            at_most: characters beyond which the value is left alone.
            decoder: decodes; the plain one is faster where the value does not matter.

        Raises:
            TooLarge: the value has more than `at_most` characters; it was not consumed.
            Damaged: the text is no JSON, ends early, or one value is beyond the bound of the stream.
        """
        if not self.peek():
            raise Damaged(self.place(), "a value was expected, the text ends")
        while True:
            try:
                made, end = decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                size = len(self._text) - self._at
                if at_most is not None and size > at_most:
                    raise TooLarge from None
                if size > self._max:
                    raise Damaged(self.place(), f"one value is larger than {self._max} characters") from None
                # Doubling keeps the repeated attempts on a large value linear.
                if self._grow():
                    continue
                raise Damaged(self._gone + error.pos, error.msg) from None
            except RecursionError:
                raise Damaged(self.place(), "the value is nested too deeply", deep=True) from None
            if (
                end == len(self._text)
                and _OPEN_ENDED.match(self._text, end - 1)
                and not self._ended
                and self._more()
            ):
                continue
            self._at = end
            return made

    def _grow(self) -> bool:
        goal = 2 * (len(self._text) - self._at)
        grown = False
        while len(self._text) - self._at <= goal and self._more():
            grown = True
        return grown

    def key(self) -> str:
        """Take the key of a member and the colon behind it.

        Raises:
            Damaged: something else stands there.
        """
        key = self.value()
        if not isinstance(key, str):
            raise Damaged(self.place(), "a key in quotes was expected")
        self.take(":")
        return key

    def goes_on(self, closing: str) -> bool:
        """Tell whether neither the closing bracket nor the end of the text stands next."""
        return self.peek() not in (closing, "")

    def take_separator(self, closing: str) -> bool:
        """Pass over a comma; false when the closing bracket stands there, which is left.

        Raises:
            Damaged: neither of them stands there.
        """
        found = self.peek()
        if found == ",":
            self._at += 1
        elif found != closing:
            raise Damaged(self.place(), f"',' or '{closing}' was expected, {self._shown()} stands there")
        return found == ","

    def members(self) -> Iterator[str]:
        """Yield the keys of an object; the caller consumes the value after each."""
        self.take("{")
        if self.peek() != "}":
            yield self.key()
            while self.take_separator("}"):
                yield self.key()
        self._at += 1

    def elements(self) -> Iterator[int]:
        """Yield the places of an array, from 0; the caller consumes the value after each."""
        self.take("[")
        if self.peek() != "]":
            number = 0
            yield number
            while self.take_separator("]"):
                number += 1
                yield number
        self._at += 1

    def items(self, *names: str) -> Iterator[tuple[str, Any]]:
        """Yield name and value of each element of the arrays that the members of these names hold; pass over the rest."""
        for key in self.members():
            if key in names and self.peek() == "[":
                for _ in self.elements():
                    yield key, self.value()
            else:
                self.skip()

    def skip(self, depth: int = 0) -> None:
        """Pass over one value without holding more than a part of it."""
        start = self.peek()
        try:
            self.value(_SKIPPED_WHOLE if start in ("[", "{") and depth <= 3 else None, _PLAIN)
            return
        except TooLarge:
            pass
        if start == "[":
            for _ in self.elements():
                self.skip(depth + 1)
        else:
            for _ in self.members():
                self.skip(depth + 1)


def json_stream(source: Source, encoding: Encoding, log: IssueLog) -> JsonStream:
    """Open a window over the JSON text of an input."""
    return JsonStream(utf8_chunks(source.path, encoding, encoding.bom_bytes, None, 1, log), log)


def parse_head(text: str) -> Any:
    """Decode the first object of a list, of JSON lines or of a document; `None` when it is cut or none."""
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("["):
        start = start[1:].lstrip()
    try:
        value, _ = DECODER.raw_decode(start)
    except (json.JSONDecodeError, RecursionError):
        return None
    return value
