"""Cells that hold something nobody reads without a program: files written as text, and packings that no name is looked for in.

What it does: finds files in `data:` addresses, in bare base64 and hexadecimal digits, and in the ways of uuencode and yEnc,
UTF-7, base64 of base64, and base85 without its marks, where what they stand for is a text; and what monitors say of themselves
(EDID) as digits.
Why it matters: a name that is packed so is found by no search, and a scan that finds nothing in such a cell would say that
nothing is there. The input is incomplete instead, and the issue says where.
Example: `+AEgAaQBr-` is `Hik` in UTF-7.
Not covered: ciphers such as ROT13, Morse, letters in reverse, and texts that are packed as bare zlib.
References: RFC 2397, RFC 2152, RFC 3501, RFC 4648, IEEE 1003.1 (uuencode), VESA E-EDID.
"""

from __future__ import annotations

import re
from base64 import a85decode, b64decode, b85decode
from collections.abc import Iterator
from functools import lru_cache
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

from proscribe.model.observations import Table
from proscribe.readers.base import Batch
from proscribe.readers.noticed import Noticed

#: Shorter texts are words and numbers of their own.
_LEAST = 16
_MAY_BE = (
    rf"(?m)(?i:ff.{{0,4}}ff.{{0,4}}ff.{{0,4}}00)|data:[\w.+-]+/|^begin [0-7]{{3,4}} |^=ybegin |[+&][A-Za-z0-9+/,]{{8}}"
    rf"|\S{{{_LEAST}}}"
)
_FILE = re.compile(r"data:[\w.+-]{1,60}/[\w.+-]{1,60}(?:;[\w=.+-]{1,60})*,[^\s]")
_OLD_FILE = re.compile(r"(?m)^(?:begin [0-7]{3,4} \S|=ybegin .*line=)")
#: How files begin in base64 and in hexadecimal digits: pictures, PDF, ZIP and what office programs make of it, older office
#: programs, GZIP, 7z, RAR, BZIP2, XZ, Zstandard, SQLite.
_FILE_PACKED = re.compile(
    r"(?<![A-Za-z0-9+/])(?:iVBORw0KGgo|/9j/|R0lGOD|UklGR|SUkqA|TU0AK|JVBERi0|UEsDB|0M8R4KGxGuE|H4sI|N3q8ryc|UmFyIR|QlpoO|/Td6WF"
    r"|KLUv/|U1FMaXRlIGZvcm1hdCAz)[A-Za-z0-9+/]{32}"
    r"|(?<![0-9A-Fa-f])(?i:89504e470d0a1a0a|ffd8ff[de]|47494638|52494646|49492a00|4d4d002a|255044462d|504b0304|d0cf11e0a1b11ae1"
    r"|1f8b08|377abcaf271c|526172211a07|425a68[3-9]|fd377a585a00|28b52ffd|53514c69746520666f726d6174)[0-9A-Fa-f]{48}"
)
#: How a monitor begins to say what it is (EDID), in hexadecimal digits with anything between.
_EDID = re.compile(r"(?<![0-9A-Fa-f])(?:0x)?00([^0-9A-Za-z]{0,2}(?:0x)?)(?:[Ff]{2}\1){6}00")
#: Also as names of folders of mail are written: RFC 3501 puts `&` for `+`, and a comma for the slash.
_UTF7 = re.compile(
    r"(?<![A-Za-z0-9+/=])(?:\+([A-Za-z0-9+/]{8,4000})(?![A-Za-z0-9+/=])|&([A-Za-z0-9+,]{8,4000})-)"
)
_WORD = re.compile(rf"\S{{{_LEAST},4000}}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
_BASE85 = re.compile(r"[!-u]{16,}|[0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]{16,}")


class Closed(Noticed):
    """What nobody reads without a program in the cells of an input."""

    __slots__ = ()
    SAYS = MappingProxyType(
        {
            "file": "E546.file",
            "edid": "E546.edid",
            "utf7": "E546.utf7",
            "packed_twice": "E546.packed_twice",
            "base85": "E546.base85",
        }
    )

    def look(self, batch: Batch, table: Table) -> None:
        """Look through the cells of one batch."""
        for name in batch.rows.schema.names:
            column = batch.rows.column(name)
            if not pa.types.is_string(column.type):
                continue
            long = pc.greater_equal(pc.binary_length(column), _LEAST)
            places = pc.indices_nonzero(pc.fill_null(long, False))
            if not len(places):
                continue
            texts = column.take(places)
            held = pc.indices_nonzero(pc.fill_null(pc.match_substring_regex(texts, _MAY_BE), False))
            for at in held.to_pylist():
                place = places[at].as_py()
                for kind in closed_in(texts[at].as_py()):
                    self.note(kind, batch, table, name, place)


def closed_in(text: str) -> set[str]:
    """Tell what a cell holds that is not read.

    Example:
        >>> closed_in("photo data:image/png;base64,iVBORw0KGgo")
        {'file'}
    """
    if _FILE.search(text) or _OLD_FILE.search(text) or _FILE_PACKED.search(text):
        return {"file"}
    found = {"edid"} if _EDID.search(text) else set()
    if any(_is_text(_utf16(run[1] or run[2].replace(",", "/"))) for run in _UTF7.finditer(text)):
        found.add("utf7")
    found.update(kind for kind in map(_packed, _WORD.findall(text)) if kind)
    return found


@lru_cache(maxsize=2_048)
def _packed(word: str) -> str:
    """Tell how a word is packed, empty where it is a word; columns repeat theirs."""
    if _BASE64.fullmatch(word):
        return "packed_twice" if _is_packed_twice(word) else ""
    is_base85 = _BASE85.fullmatch(word) and not word.isalnum() and any(map(_is_text, _of_base85(word)))
    return "base85" if is_base85 else ""


def _utf16(letters: str) -> str:
    raw = b64decode(letters[: len(letters) - (len(letters) % 4 == 1)] + "==")
    return raw[: len(raw) // 2 * 2].decode("utf-16-be", "replace")


def _is_packed_twice(word: str) -> bool:
    letters = word.rstrip("=")
    if len(letters) % 4 == 1:
        return False
    try:
        once = b64decode(letters + "==").decode("ascii").rstrip("=\n")
    except UnicodeDecodeError:
        return False
    if len(once) < 8 or len(once) % 4 == 1 or not once.isalnum() or once.isdigit():
        return False
    try:
        return _is_text(b64decode(once + "==").decode("utf-8"))
    except (UnicodeDecodeError, ValueError):
        return False


def _of_base85(word: str) -> Iterator[str]:
    for decode in (b85decode, a85decode):
        try:
            yield decode(word.encode()).decode("utf-8")
        except (ValueError, UnicodeDecodeError):
            continue


def _is_text(text: str) -> bool:
    """Tell whether letters that were decoded are words: printable, with hardly a sign among them."""
    if len(text) < 4 or not text.isprintable():
        return False
    plain = sum(char.isalnum() or char in " -_./,:" for char in text)
    common = all(char.isascii() for char in text) or sum(map(_is_of_a_list, text)) >= 0.9 * len(text)
    return common and plain >= 0.9 * len(text) and sum(map(str.isalpha, text)) * 2 >= len(text)


def _is_of_a_list(char: str) -> bool:
    """Tell whether a letter is one of those that names are written with; what is decoded by chance is of any script."""
    return (
        char.isascii()
        or "\u00c0" <= char <= "\u04ff"
        or "\u4e00" <= char <= "\u9fa5"
        or "\u3040" <= char <= "\u30ff"
        or "\uac00" <= char <= "\ud7a3"
        or "\u0600" <= char <= "\u06ff"
    )
