"""How an input is damaged: the same for the same seed and number.

An input begins as one of the whole files of a parser. Part of the damage knows nothing of the format: bytes are flipped,
cut, spliced, repeated, nested, re-encoded. The rest knows how it is built: members of an archive are damaged, repeated
and renamed and the archive written again; fields of JSON change their kind, stand twice or grow; elements of XML are
repeated, left open and put into each other; columns move and lines fall together; numbers and lengths become too big.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import warnings
import zipfile
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

#: The largest input, and the most of nine in ten, so that many are affordable.
MOST_BYTES = 400_000
MOSTLY_BYTES = 20_000

_TOKENS = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n\n\n", b'"', b"'", b",", b"\t", b";", b"<", b"</", b"/>",
    b"<!--", b"-->", b"<![CDATA[", b"]]>", b"&", b"&a;", b"&#0;", b"&#x110000;", b'<!DOCTYPE a [<!ENTITY b "c">]>',
    b"<?xml version='1.0' encoding='utf-7'?>", b"{", b"}", b"[", b"]", b"{}", b"[]", b"null", b"NaN", b"Infinity",
    b"1e999", b"-0", b"9" * 400, b"-1", b"4294967295", b"18446744073709551616", b"0x", b"\\u0000", b"\\ud800", b"\\",
    b"%s%n", b"=cmd|'/c x'!A1", b"../../../etc/passwd", b"::1", b"fe80::1%eth0", b"999.999.999.999",
    b"c0:6d:ed:00:00:01", b"00:00:00:00:00:00:00:00", b"2026-02-30T25:61:61Z", b"0000-00-00", b"9999-12-31",
    b"\xe2\x80\xae", b"\xf0\x9f\x93\xb7", b"\xed\xa0\x80", b"A" * 5000, b" " * 3000, b"\xff" * 64, b"\x00" * 64,
    b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"\x80\x00\x00\x00", b"\xff\xff\xff\x7f",
    b"\xc0\x80", b"\xe2\x82", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\x80",
    b"=?utf-8?b?", b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a", b"{\\rtf1 ", b"{\\*\\", b"\\bin99999999 ",
    b"\\u-32768?", b"%PDF-1.7", b"obj <</Length 99999999999>> stream", b"endobj", b"1 0 R", b"/Kids [1 0 R]",
    b"<<", b">>", b"xref", b"startxref\n-1\n%%EOF", b"&a: *a", b"<<: *a", b"!!python/object:os.system", b"---", b"? ",
    b"\x1b[2J", b"\x85", b"\xe2\x80\xa8", b"1_0", b"\xd9\xa1", b"0b1", b"+inf",
]  # fmt: skip
_OPENERS = (
    b"[",
    b"{",
    b'{"a":',
    b"<a>",
    b"(",
    b"lease 1.1.1.1 {",
    b"<component>",
    b"..",
    b"{\\b ",
    b"<div>",
    b"<<",
    b"- ",
    b"\x30\x80",
)
_NUMBER = re.compile(rb"\d+")
_TAG = re.compile(rb"<(/?)([A-Za-z][\w:.-]*)([^<>]*)>")
_NUMBERS = (
    b"0",
    b"-1",
    b"99999999999999999999",
    b"1e308",
    b"1e-400",
    b"0" * 50 + b"1",
    b"9" * 5000,
    b"2147483648",
    b"1.5",
    b"\xd9\xa3",
)
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, "", "x" * 2000, [], {}, [[]], [None], {"": {}}, "\ud800", "\0", "2026-13-01",
    "../x", [1, "a", None], 1e308, "=1+1", "é" * 300,
)  # fmt: skip


def mutated(whole: Sequence[bytes], seed: int, number: int) -> bytes:
    """Give one damaged input; the same for the same seed and number."""
    dice = random.Random(seed * 1_000_003 + number)
    data = bytearray(dice.choice(whole))
    most = MOST_BYTES if dice.random() < 0.1 else max(MOSTLY_BYTES, len(data))
    for _ in range(dice.choice((1, 1, 2, 3, 6))):
        kinds = _ALL + _of(data)
        data = bytearray(kinds[dice.randrange(len(kinds))](data, whole, dice))
        del data[most:]
    return bytes(data)


_Damage = Callable[[bytearray, Sequence[bytes], random.Random], bytes | bytearray]


def _of(data: bytearray) -> tuple[_Damage, ...]:
    """Give what can be done to data that looks like this, as often as it should be done."""
    start = bytes(data[:200]).lstrip()
    if start.startswith(b"PK\x03\x04"):
        return (_member,) * 12
    if start[:1] in (b"{", b"["):
        return (_json,) * 8 + (_json_line,) * 4
    if start.startswith(b"<"):
        return (_xml,) * 8
    if b"\n" in start:
        return (_lines,) * 5
    return ()


# Damage that knows nothing of the format


def _at(data: bytearray, dice: random.Random) -> int:
    return dice.randrange(max(1, len(data)))


def _cut(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytearray:
    at = _at(data, dice)
    if dice.random() < 0.5:
        del data[at:]
    else:
        del data[:at]
    return data


def _leave_out(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytearray:
    at = _at(data, dice)
    del data[at : at + dice.randrange(1, 200)]
    return data


def _flip(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytearray:
    for _ in range(dice.randrange(1, 30) if data else 0):
        place = dice.randrange(len(data))
        data[place] = dice.randrange(256) if dice.random() < 0.5 else data[place] ^ (1 << dice.randrange(8))
    return data


def _sow(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytearray:
    for _ in range(dice.choice((1, 1, 5))):
        at = _at(data, dice)
        data[at:at] = dice.choice(_TOKENS)
    return data


def _repeat(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytearray:
    at = _at(data, dice)
    piece = data[at : at + dice.randrange(1, 400)]
    data[at:at] = piece * dice.choice((1, 2, 50, 300))
    return data


def _splice(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytearray:
    other = dice.choice(whole)
    data[_at(data, dice) :] = other[dice.randrange(max(1, len(other))) :]
    return data


def _nest(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytearray:
    at = _at(data, dice)
    data[at:at] = dice.choice(_OPENERS) * dice.choice((10, 200, 5000))
    return data


def _encode_again(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytes:
    name = dice.choice(("utf-16", "utf-16-be", "latin-1", "cp1252", "gb18030", "utf-32"))
    return bytes(data).decode("utf-8", "replace").encode(name, "replace")


def _length(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytearray:
    """Overwrite what may be a length, or an offset, with one that is wrong by a little or by much."""
    size = dice.choice((1, 2, 2, 4, 4, 4, 8))
    order = dice.choice(("little", "big"))
    at = _at(data, dice)
    stood = int.from_bytes(data[at : at + size], order)  # type: ignore[arg-type]
    most = (1 << 8 * size) - 1
    value = dice.choice(
        (0, 1, 255, most, most >> 1, (most >> 1) + 1, stood + 1, stood - 1, stood * 2, len(data))
    )
    data[at : at + size] = (value & most).to_bytes(size, order)  # type: ignore[arg-type]
    return data


def _number(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytes:
    """Make a written number too big, or none."""
    found = list(islice(_NUMBER.finditer(data, _at(data, dice)), 40))
    if not found:
        return data
    one = dice.choice(found)
    return data[: one.start()] + dice.choice(_NUMBERS) + data[one.end() :]


def _replace(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytes:
    mark = dice.choice((b'"', b"\n", b",", b":", b" ", b">"))
    return bytes(data).replace(mark, dice.choice(_TOKENS), dice.choice((1, 3, 20)))


def _pack(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytes:
    return gzip.compress(bytes(data), 1, mtime=0)


def _lines(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytes:
    """Move lines or columns, leave line ends out, or let one cell or line grow."""
    lines = bytes(data).split(b"\n")
    at = dice.randrange(len(lines))
    match dice.randrange(6):
        case 0:
            dice.shuffle(lines)
        case 1:
            lines[at : at + 2] = [b"".join(lines[at : at + 2])]
        case 2:
            lines[at:at] = [lines[at]] * dice.choice((1, 5, 100))
        case 3:
            mark = dice.choice((b",", b";", b"\t", b" ", b":"))
            cells = lines[at].split(mark)
            dice.shuffle(cells)
            lines[at] = mark.join(cells)
        case 4:
            mark = dice.choice((b",", b";", b"\t", b" "))
            lines[at] = mark.join(lines[at].split(mark) * dice.choice((2, 20, 200)))
        case _:
            lines[at] = lines[at] * dice.choice((2, 30, 500))
    return b"\n".join(lines)


_ALL: tuple[_Damage, ...] = (
    _cut, _cut, _leave_out, _flip, _flip, _sow, _sow, _repeat, _splice, _nest, _encode_again, _length, _length, _number, _replace,
    _pack, _lines,
)  # fmt: skip

# Damage that knows how the input is built


def _member(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytes:
    """Damage the members of a ZIP archive and write it again, so that the damage lies behind the container."""
    try:
        with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
            members = [(one.filename, archive.read(one)) for one in archive.infolist()[:60]]
    except Exception:  # it was damaged before
        return _flip(data, whole, dice)
    if not members:
        return data
    at = dice.randrange(len(members))
    name, content = members[at]
    match dice.randrange(8):
        case 0:
            del members[at]
        case 1:
            members.append(members[at])
        case 2:
            members[at] = (
                dice.choice(
                    ("../" + name, name.upper(), "", "a/" * 200 + name, name + "\n", dice.choice(members)[0])
                ),
                content,
            )
        case 3:
            members[at] = (name, bytes(data))
        case _:
            grown = bytearray(content)
            kinds = _ALL + _of(grown) * 3
            members[at] = (
                name,
                bytes(dice.choice(kinds)(grown, [one for _, one in members], dice))[:MOST_BYTES],
            )
    target = io.BytesIO()
    method = dice.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w", method, compresslevel=1) as archive:
        warnings.simplefilter("ignore")  # names that stand twice are meant to
        for one, text in members:
            entry = zipfile.ZipInfo(one or "x")
            entry.filename, entry.compress_type = one, method
            archive.writestr(entry, text)
    return target.getvalue()


def _within(value: Any, dice: random.Random) -> tuple[Any, Any]:
    """Pick a container somewhere in a value, and a key of it."""
    found: tuple[Any, Any] = (None, None)
    for _ in range(40):
        if isinstance(value, dict) and value:
            key: Any = dice.choice(list(value))
        elif isinstance(value, list) and value:
            key = dice.randrange(len(value))
        else:
            break
        found = (value, key)
        if dice.random() < 0.25:
            break
        value = value[key]
    return found


def _changed(value: Any, dice: random.Random) -> str:
    """Write a JSON value again with one of its parts changed."""
    held, key = _within(value, dice)
    if held is None:
        return json.dumps(dice.choice(_VALUES))
    twice = ""
    match dice.randrange(7):
        case 0:
            del held[key]
        case 1:
            held[key] = [held[key]] * dice.choice((1, 3, 200))
        case 2 if isinstance(held, dict):
            # a mark that is written as the same key once more
            held["\x01"], twice = dice.choice(_VALUES), json.dumps(key)
        case 3 if isinstance(held, dict):
            held[dice.choice(("", "id", "x" * 300, "é", "\ud800", "schema", "__proto__"))] = held.pop(key)
        case 4:
            for _ in range(dice.choice((5, 70, 300))):
                held[key] = [held[key]] if dice.random() < 0.5 else {"a": held[key]}
        case 5:
            other, name = _within(value, dice)
            held[key] = json.loads(json.dumps(other[name]))
        case _:
            held[key] = dice.choice(_VALUES)
    text = json.dumps(value, ensure_ascii=dice.random() < 0.7)
    return text.replace('"\\u0001"', twice) if twice else text


def _json(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytes:
    try:
        value = json.loads(bytes(data))
        text = _changed(value, dice)
    except (ValueError, RecursionError):
        return _json_line(data, whole, dice)
    return text.encode("utf-8", "surrogatepass")


def _json_line(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytes:
    """Change one line of JSON lines, or of a listing with an object on each line."""
    lines = bytes(data).split(b"\n")
    at = dice.randrange(len(lines))
    text = lines[at].strip().rstrip(b",")
    try:
        lines[at] = lines[at].replace(text, _changed(json.loads(text), dice).encode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return _sow(data, whole, dice)
    return b"\n".join(lines)


def _xml(data: bytearray, whole: Sequence[bytes], dice: random.Random) -> bytes:
    """Repeat, leave open, rename or nest an element, or give it an attribute twice."""
    tags = list(islice(_TAG.finditer(data, _at(data, dice) if dice.random() < 0.5 else 0), 100))
    if not tags:
        return _sow(data, whole, dice)
    one, other = dice.choice(tags), dice.choice(tags)
    first, last = sorted((one, other), key=lambda tag: tag.start())
    piece = bytes(data[first.start() : last.end()])
    match dice.randrange(7):
        case 0:
            return data[: one.start()] + data[one.end() :]
        case 1:
            return data[: one.start()] + piece * dice.choice((1, 2, 40)) + data[one.start() :]
        case 2:
            return data[: one.start()] + b"<" + one[1] + other[2] + one[3] + b">" + data[one.end() :]
        case 3:
            return (
                data[: one.end()] + (b"<" + one[2] + b">") * dice.choice((1, 100, 3000)) + data[one.end() :]
            )
        case 4:
            attributes = one[3] + (other[3] or b' id="1"') + one[3]
            return data[: one.start()] + b"<" + one[1] + one[2] + attributes + b">" + data[one.end() :]
        case 5:
            bomb = b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;"><!ENTITY e SYSTEM "file:///etc/passwd">]>'
            return bomb + data[: one.end()] + b"&d;&e;" + data[one.end() :]
        case _:
            return data[: one.end()] + dice.choice(_TOKENS) + data[one.end() :]
