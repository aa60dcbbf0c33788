"""The strings that stand in the bytes of a PDF, whether a page shows them or not.

What patterns are painted with, drawings of letters, layers, choices of a field, older states of the document and what is
written for programs appear on no page as text. All objects and streams are looked through, in no order and without
following any reference. Strings that a font numbers in its own way are not told, and nothing of an encrypted document.
Reference: ISO 32000-2, 7.3.4 (strings), 7.4 (filters), 7.5.7 (object streams), 9.4.3 (showing text).
"""

from __future__ import annotations

import re
import zlib
from base64 import a85decode
from collections.abc import Iterator
from contextlib import suppress

#: Bytes of one stream and of all of them together that are unpacked.
_STREAM_BYTES, _ALL_BYTES = 8 * 1024**2, 64 * 1024**2
#: Strings of one stream or object, and of those that are never closed.
_MOST_STRINGS, _MOST_UNCLOSED = 200_000, 20
_STREAM = re.compile(rb"stream\r?\n")
#: What stands between `obj` and `stream`: the dictionary of the stream.
_LONGEST_HEAD = 2_000
_FILTERS = re.compile(rb"/Filter\s*(?:\[([^\]]*)\]|(/\w+))")
#: Streams that hold no words: pictures, fonts, tables of references and of colours.
_WORDLESS = re.compile(
    rb"/(?:Subtype\s*/(?:Image|Type1C|CIDFontType0C|OpenType)|Length1|Type\s*/XRef|FunctionType|ShadingType)\b"
)
_LITERAL = re.compile(
    rb"\(((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+)\)|<((?:[0-9A-Fa-f]{2}\s*+){2,4000}+)>", re.S
)
_BEGIN = re.compile(rb"\(|<(?=[0-9A-Fa-f]{2})")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|.))", re.S)
_SIGNS = {b"n": b" ", b"r": b" ", b"t": b" ", b"b": b"", b"f": b" ", b"\r\n": b"", b"\n": b"", b"\r": b""}
#: Between the pieces of one array of `TJ` stand numbers; so large a one is a gap between words.
_KERNING = re.compile(rb"\s*(-?(?:\d+\.?\d*|\.\d+))?\s*")
_GAP = 200.0
_SHOWS = re.compile(rb"T[jJ]\b")


def strings_of(data: bytes) -> Iterator[str]:
    """Yield the strings of a file as they follow each other; pieces that are shown as one run are one.

    Example:
        >>> list(strings_of(b"<< /Title (Gate) >> stream\\nBT [(Hik) -20 (vision)] TJ ET\\nendstream"))
        ['Gate', 'Hikvision']
    """
    if b"/Encrypt" in data:
        return
    left = _ALL_BYTES
    at = 0
    while found := _STREAM.search(data, at):
        head = data[max(at, found.start() - _LONGEST_HEAD) : found.start()]
        yield from _in(data[at : found.start()])
        end = data.find(b"endstream", found.end())
        at = len(data) if end < 0 else end + len(b"endstream")
        head = head[head.rfind(b"obj") + 1 :]
        if _WORDLESS.search(head) or left <= 0:
            continue
        content = _unpacked(head, data[found.end() : end if end >= 0 else at], min(_STREAM_BYTES, left))
        left -= len(content)
        yield from _in(content)
    yield from _in(data[at:])


def _unpacked(head: bytes, content: bytes, most: int) -> bytes:
    """Unpack a stream as far as its filters are known; what breaks off gives what stands before the break."""
    named = _FILTERS.search(head)
    for name in (named[1] or named[2] or b"").split(b"/")[1:] if named else ():
        match name.strip():
            case b"FlateDecode" | b"Fl":
                unpacking = zlib.decompressobj()
                with suppress(zlib.error):
                    content = unpacking.decompress(content, most)
                    continue
                return b""
            case b"ASCII85Decode" | b"A85":
                with suppress(ValueError):
                    content = a85decode(content.strip().removesuffix(b"~>").removeprefix(b"<~"))
                    continue
                return b""
            case b"ASCIIHexDecode" | b"AHx":
                with suppress(ValueError):
                    content = bytes.fromhex(content.partition(b">")[0].decode("ascii", "replace"))
                    continue
                return b""
            case _:
                return b""
    return content[:most]


def _in(data: bytes) -> Iterator[str]:
    """Yield the strings of an object, or the runs of the operators of a page."""
    if _SHOWS.search(data) is None:
        yield from filter(None, map(_text, _literals(data)))
        return
    letters = ""
    for run in _runs(data):
        if len(run) == 1:
            letters += run  # placed one by one: a word in the order in which they are drawn
            continue
        if letters:
            yield letters
            letters = ""
        yield run
    if letters:
        yield letters


def _runs(data: bytes) -> Iterator[str]:
    """Yield what operators show, the pieces of one array as one run."""
    run, end = "", 0
    for found in _literals(data):
        kerning = _KERNING.fullmatch(data, end, found.start()) if run and found.start() - end < 40 else None
        if kerning is None:
            if run:
                yield run
            run = ""
        elif kerning[1] and float(kerning[1]) < -_GAP:
            run += " "
        run, end = run + _text(found), found.end()
    if run:
        yield run


def _literals(data: bytes) -> Iterator[re.Match[bytes]]:
    """Yield the strings; each that is never closed is looked through to the end, so that few of them end it."""
    at = count = unclosed = 0
    while count < _MOST_STRINGS and unclosed < _MOST_UNCLOSED and (begin := _BEGIN.search(data, at)):
        found = _LITERAL.match(data, begin.start())
        if found is None:
            at = begin.end()
            unclosed += begin[0] == b"("
        else:
            at = found.end()
            count += 1
            yield found


def _text(found: re.Match[bytes]) -> str:
    if found[2] is not None:
        raw = bytes.fromhex(found[2].decode("ascii"))
    else:
        raw = _ESCAPE.sub(_escaped, found[1])
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    if raw.startswith(b"\xef\xbb\xbf"):
        return raw[3:].decode("utf-8", "replace")
    text = raw.decode("latin-1")
    return text if text.isprintable() else ""


def _escaped(found: re.Match[bytes]) -> bytes:
    if found[1] is not None:
        return bytes([int(found[1], 8) & 0xFF])
    return _SIGNS.get(found[2], found[2])
