"""Bytes of any encoding to UTF-8 blocks that end where a record ends.

Everything a text reader does by block rests on this file: encodings, NUL and control characters, and
cutting at line ends outside quotes. All positions it reports are physical lines counted from 1.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np

from proscribe.readers.code_pages import latin_page
from proscribe.readers.issues import IssueLog

#: How much of a file is looked at to tell its encoding and dialect.
HEAD_BYTES = 256 * 1024
_CHUNK_BYTES = 4 * 1024**2
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_LEGACY = ["big5", "shift_jis", "euc_jp", "euc_kr", *(f"cp125{n}" for n in range(5)), "koi8_r"]
_SINGLE_BYTE = re.compile(r"cp125\d|iso8859|latin|koi8|mac", re.I)
_SIGN_IN_WORD = re.compile(
    r"(?<=[^\W\d_])[¹³¿¼¾£¥¯](?=[^\W\d_])|(?<=[^\W\d_])[¹³¿](?!\w)|(?<!\w)[¯£](?=[^\W\d_])"
)
_ZERO_RUN = re.compile(rb"\0+")
_CONTROL = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_UTF8_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
#: Embeddings, overrides and isolates. The marks U+200E and U+200F are ordinary in Hebrew and Arabic.
_BIDI = re.compile(rb"\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]")
BIDI_TEXT = re.compile("[\u202a-\u202e\u2066-\u2069]")
_REACHES_OUT = re.compile(
    r"[=@+\-][^\n]{0,400}?(?:\b(?:cmd|msexcel|powershell|rundll32|mshta|excel|dde)\b[^\n]{0,80}\||\bDDE\s*\(|"
    r"\b(?:HYPERLINK|WEBSERVICE|IMPORTXML|IMPORTDATA|IMPORTFEED|IMPORTHTML|IMPORTRANGE|RTD|CALL|REGISTER|EXEC)\s*\()",
    re.I,
)


#: Error handler of decoders: undefined bytes become the characters of the same number.
KEEP_BYTES = "proscribe.keep"


def _undecodable(error: UnicodeError) -> tuple[str, int]:
    """Keep bytes an encoding does not define as the Latin-1 characters of the same value."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error(KEEP_BYTES, _undecodable)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How bytes become text.

    Attributes:
        name: Python codec name.
        bom_bytes: length of the byte order mark at the start.
        guessed: whether neither a mark nor valid UTF-8 says so.
    """

    name: str
    bom_bytes: int = 0
    guessed: bool = False

    @property
    def ascii_compatible(self) -> bool:
        """Whether a line end, quote or comma is the same byte as in ASCII and never part of a character."""
        return self.name not in _WIDE


def sniff_encoding(head: bytes) -> Encoding | None:
    """Tell the encoding from the first bytes; `None` when they are not text."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return Encoding(name, len(mark))
    zeros = head.count(0)
    if zeros:
        for name, end in (("utf-16-le", b"\n\0"), ("utf-16-be", b"\0\n")):
            if _is_wide(head, end, at_odd=name == "utf-16-le") and _decodes(head, name):
                return Encoding(name, 0, guessed=True)
        if zeros > 0.3 * len(head):
            # A hole in a text file is one long run; a binary file has zeros everywhere.
            if len(_ZERO_RUN.findall(head)) > 16:
                return None
            head = head.replace(b"\0", b"")
            if not head.strip():
                return None
    control = sum(head.count(value) for value in (*range(1, 8), *range(14, 27), 28, 29, 30))
    if control > 0.02 * len(head) + 4:
        return None
    if head.isascii() or _decodes(head, "utf-8"):
        return Encoding("utf-8")
    lines = [line for line in head.split(b"\n")[:-1] or [head] if not line.isascii()]
    valid = sum(_is_utf8(line) for line in lines)
    if valid * 2 >= len(lines) and valid:
        return Encoding("utf-8")
    return Encoding(guess_legacy(lines), 0, guessed=True)


def _is_wide(head: bytes, line_end: bytes, *, at_odd: bool) -> bool:
    """Tell UTF-16 without a mark: zero bytes on one side only, and line ends that are two bytes wide."""
    on, off = head[at_odd::2].count(0), head[not at_odd :: 2].count(0)
    ends = head.count(b"\n")
    # In wide ASCII every other byte is zero, in other scripts fewer are. A stray zero byte among bytes that read well as
    # they stand is damage.
    high = sum(map(len, _HIGH_RUN.findall(head)))
    few_controls = len(_CONTROL.findall(head)) <= 0.2 * len(head)
    reads_well = few_controls and (high <= 0.05 * len(head) or _decodes(head, "utf-8"))
    least = 0.3 if reads_well else 0.02
    if off > 0.05 * on or on < least * len(head) / 2:
        return False
    return head.count(line_end) >= 0.7 * ends if ends else on > 0.3 * len(head) / 2


#: Letters, digits, blanks and ends of records of EBCDIC, and the share of them from which a text is of it.
_EBCDIC = bytes(
    [*range(0x81, 0x8A), *range(0x91, 0x9A), *range(0xA2, 0xAA), *range(0xC1, 0xCA), *range(0xD1, 0xDA),
     *range(0xE2, 0xEA), *range(0xF0, 0xFA), 0x15, 0x25, 0x40, 0x4B, 0x6B, 0x60, 0x61, 0x6D, 0x7A]
)  # fmt: skip
_EBCDIC_SHARE, _EBCDIC_BLANKS, _EBCDIC_LEAST = 0.95, 0.03, 16


def _is_ebcdic(sample: bytes) -> bool:
    """Tell text of mainframes: its letters and digits lie beyond ASCII, and its blanks are at signs."""
    if len(sample) < _EBCDIC_LEAST or b" " in sample:
        return False
    known = len(sample) - len(sample.translate(None, _EBCDIC))
    return known >= _EBCDIC_SHARE * len(sample) and sample.count(0x40) >= _EBCDIC_BLANKS * len(sample)


def guess_legacy(lines: list[bytes]) -> str:
    """Guess the encoding of lines that are not UTF-8."""
    sample = b"\n".join(lines)[:32_768]
    if _is_ebcdic(sample):
        return "cp037"
    runs = _HIGH_RUN.findall(sample)
    if not runs:
        return "cp1252"
    paired = sum(len(run) for run in runs if len(run) >= 2)
    total = sum(map(len, runs))
    if paired < 0.5 * total:
        return _western(sample)
    # GB 2312 level one: lead bytes B0 to D7. Nearly all running Chinese text lies there.
    text = _strict(sample, "gb18030")
    if text is not None:
        wide = [char for char in text if ord(char) > 0x7F]
        common = sum(1 for char in wide if _is_common_hanzi(char))
        if wide and common >= 0.6 * len(wide):
            return "cp949" if _is_korean(sample) else "gb18030"
    best = _by_statistics(sample)
    if best is not None:
        return _western(sample) if best.startswith("cp125") else best
    return "gb18030" if text is not None else _western(sample)


#: Share of syllables among the letters of Korean text; of Chinese bytes read as Korean, little more than half are.
_SYLLABLES = 0.9


def _is_korean(sample: bytes) -> bool:
    """Tell Korean from Chinese: its syllables take the lead bytes B0 to C8, over which Chinese runs far beyond."""
    text = _strict(sample, "cp949")
    wide = [char for char in text or "" if char > "\x7f"]
    return bool(wide) and sum("\uac00" <= char <= "\ud7a3" for char in wide) >= _SYLLABLES * len(wide)


def _is_common_hanzi(char: str) -> bool:
    try:
        raw = char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(raw) == 2 and (0xB0 <= raw[0] <= 0xD7 or raw[0] in (0xA1, 0xA3))


def _western(sample: bytes) -> str:
    """Tell the Windows code pages of the Latin script apart; they share most accented letters."""
    page = latin_page(sample)
    if page is not None:
        return page
    best = _by_statistics(sample)
    if best in ("cp1251", "cp1253"):
        return best
    text = sample.decode("cp1252", KEEP_BYTES)
    # Polish letters are signs such as superscripts in the western page, and signs do not stand in words.
    if len(_SIGN_IN_WORD.findall(text)) * 5 >= len(_HIGH_RUN.findall(sample)):
        return "cp1250"
    if best == "cp1250" and any(char in text for char in "šžŠŽ"):
        return "cp1250"
    return "cp1252"


def _by_statistics(sample: bytes) -> str | None:
    # Imported here: only files that are neither UTF-8 nor GB pay for it.
    from charset_normalizer import from_bytes

    found = from_bytes(
        sample,
        cp_isolation=_LEGACY,
        steps=5,
        chunk_size=1024,
    ).best()
    return None if found is None else found.encoding


def _decodes(head: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)("strict").decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _strict(data: bytes, name: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(name)("strict").decode(data, final=False)
    except (UnicodeDecodeError, LookupError):
        return None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def decode_head(head: bytes, encoding: Encoding) -> str:
    """Decode the first bytes for looking at, without reporting."""
    body = head[encoding.bom_bytes :]
    if encoding.name == "utf-8" and not _decodes(body, "utf-8"):
        fallback = _LineFallback()
        return "\n".join(fallback.decode(line)[0] for line in body.split(b"\n"))
    return codecs.getincrementaldecoder(encoding.name)(KEEP_BYTES).decode(body, final=False)


class _LineFallback:
    """Decodes single lines that are not in the encoding of their file."""

    def __init__(self, guess: str | None = None) -> None:
        self._guess = guess

    def decode(self, line: bytes) -> tuple[str, str]:
        """Return the text and the encoding it was read in."""
        try:
            return line.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            pass
        name = (
            guess_legacy([line]) if self._guess is None or len(_HIGH_RUN.findall(line)) > 3 else self._guess
        )
        text = _strict(line, name)
        if text is None:
            name = "cp1252"
            text = line.decode(name, KEEP_BYTES)
        return text, name


def utf8_chunks(
    path: Path, encoding: Encoding, start: int, end: int | None, first_line: int, log: IssueLog
) -> Iterator[tuple[bytes, int]]:
    """Yield the text of a byte range as UTF-8, with the number of raw bytes read so far.

    Text that is declared UTF-8 is passed on unchecked; `repair_utf8` mends it by block.
    """
    position = start
    line = first_line
    with path.open("rb") as file:
        file.seek(start)
        decoder = codecs.getincrementaldecoder(encoding.name)(KEEP_BYTES)
        carry = b""
        while True:
            size = _CHUNK_BYTES if end is None else min(_CHUNK_BYTES, end - position)
            try:
                raw = file.read(size) if size > 0 else b""
            except OSError as error:
                log.add("E102.reading_stopped_here", f"byte {position}", strerror=error.strerror)
                raw = b""
            position += len(raw)
            if encoding.name == "utf-8":
                if not raw:
                    return
                yield raw, position
                continue
            if not encoding.ascii_compatible:
                try:
                    text = decoder.decode(raw, final=not raw)
                except UnicodeDecodeError as error:  # pragma: no cover - the handler keeps all bytes
                    text = str(error)
                if not raw and len(carry) % 2:
                    log.add("E119.last_character_cut_half", f"byte {position}")
                if text:
                    yield text.encode("utf-8", "replace"), position
                if not raw:
                    return
                continue
            data = carry + raw
            cut = data.rfind(b"\n") + 1 if raw and len(data) < 8 * _CHUNK_BYTES else len(data)
            carry = data[cut:]
            whole = data[:cut]
            if whole:
                yield _decode_lines(whole, encoding, line, log), position
                line += whole.count(b"\n")
            if not raw:
                return


def _decode_lines(data: bytes, encoding: Encoding, first_line: int, log: IssueLog) -> bytes:
    single = _SINGLE_BYTE.match(encoding.name) is not None
    text = _strict_whole(data, encoding.name)
    if text is not None and not (single and _UTF8_SEQUENCE.search(data)):
        return text.encode("utf-8", "replace")
    parts: list[str] = []
    for offset, line in enumerate(data.split(b"\n")):
        if line.isascii():
            parts.append(line.decode("ascii"))
            continue
        own = _strict_whole(line, encoding.name)
        mend = own is None or (single and len(_UTF8_SEQUENCE.findall(line)) > 0)
        if mend and _is_utf8(line):
            log.add("E119.line_utf_file_otherwise", f"line {first_line + offset}", named=encoding.name)
            parts.append(line.decode("utf-8"))
        elif own is None:
            log.add("E119.line_holds_bytes_does", f"line {first_line + offset}", named=encoding.name)
            parts.append(line.decode(encoding.name, KEEP_BYTES))
        else:
            parts.append(own)
    return "\n".join(parts).encode("utf-8", "replace")


def _strict_whole(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def repair_utf8(data: bytes, first_line: int, log: IssueLog) -> bytes:
    """Return a block of which every line is valid UTF-8; lines in another encoding are reported."""
    if data.isascii() or _is_utf8(data):
        return data
    lines = data.split(b"\n")
    bad = [line for line in lines if not line.isascii() and not _is_utf8(line)]
    fallback = _LineFallback(guess_legacy(bad))
    for offset, line in enumerate(lines):
        if line.isascii() or _is_utf8(line):
            continue
        text, name = fallback.decode(line)
        log.add("E119.line_not_utf_rest", f"line {first_line + offset}", named=name)
        lines[offset] = text.encode("utf-8")
    return b"\n".join(lines)


def line_counter(data: bytes, first_line: int) -> Callable[[int], int]:
    """Give a function that tells the physical line of a place, for places that ascend: each line end is counted once."""
    line, seen = first_line, 0

    def line_of(place: int) -> int:
        nonlocal line, seen
        line += data.count(b"\n", seen, place)
        seen = place
        return line

    return line_of


def without_nul(data: bytes, first_line: int, log: IssueLog) -> bytes:
    """Take NUL bytes out and report the lines that held any."""
    if b"\0" in data:
        at = -1
        last = 0
        line_of = line_counter(data, first_line)
        while (at := data.find(b"\0", at + 1)) >= 0:
            line = line_of(at)
            if line != last:
                log.add("E120.line_holds_nul_bytes", f"line {line}")
                last = line
                skip = data.find(b"\n", at)
                if skip < 0:
                    break
                at = skip
        data = data.replace(b"\0", b"")
    return data


def clean_block(data: bytes, first_line: int, delimiter: bytes | None, log: IssueLog) -> bytes:
    """Report control characters and formulas that reach outside; take NUL bytes out."""
    data = without_nul(data, first_line, log)
    if not data.isascii():
        line_of = line_counter(data, first_line)
        told = (
            (line_of(found.start()), ord(found.group().decode("utf-8"))) for found in _BIDI.finditer(data)
        )
        for line, same in groupby(told, key=itemgetter(0)):
            for code in sorted({one for _, one in same}):
                log.add("E121.line_holds_u_changes", f"line {line}", code=code)
    _report_formulas(data, first_line, delimiter, log)
    return data


def _report_formulas(data: bytes, first_line: int, delimiter: bytes | None, log: IssueLog) -> None:
    if b"(" not in data and b"|" not in data:
        return
    openers = b"=@" if delimiter == b"|" or b"|" not in data else b"=@+-"
    before = b'\n\r"' + (delimiter or b"")
    array: np.ndarray | None = None
    for opener in openers:
        if bytes([opener]) not in data:
            continue
        if array is None:
            array = np.frombuffer(data, np.uint8)
        places = np.flatnonzero(array == opener)
        first = places[:1][places[:1] == 0]
        inner = places[places > 0]
        starts = np.concatenate([first, inner[byte_table(before)[array[inner - 1]]]])
        line_of = line_counter(data, first_line)
        for start in starts.tolist():
            end = data.find(b"\n", start)
            piece = data[start : min(end if end >= 0 else len(data), start + 512)]
            if b"(" not in piece and b"|" not in piece:
                continue
            cell = piece.decode("utf-8", "replace")
            if _REACHES_OUT.match(cell):
                line = line_of(start)
                log.add("E117.cell_begins_read_text", f"line {line}", cell=cell[:40])


def reaches_out(formula: str) -> bool:
    """Tell whether a formula starts a program, fetches a page or links elsewhere."""
    return _REACHES_OUT.match(formula if formula[:1] in "=@+-" else "=" + formula) is not None


@dataclass(frozen=True, slots=True)
class Block:
    """Whole records as UTF-8.

    Attributes:
        data: the bytes; the last record may lack its line end.
        first_line: physical line of the first byte.
        stray: byte positions of quotes that open a cell and never close.
        read_bytes: raw bytes consumed when the block was complete.
    """

    data: bytes
    first_line: int
    stray: tuple[int, ...]
    read_bytes: int


def record_blocks(
    chunks: Iterator[tuple[bytes, int]],
    *,
    delimiter: bytes | None,
    quote: bytes | None,
    newline: bytes,
    first_line: int,
    batch_bytes: int,
    max_field_bytes: int,
    log: IssueLog,
) -> Iterator[Block]:
    """Cut a stream of UTF-8 into blocks at line ends outside quotes.

    A quote left open for more than `max_field_bytes`, to the end, or to the quote that opens a cell on
    a later line counts as an ordinary character. A line longer than the bound for one record is
    shortened cell by cell, with an issue.
    """
    held: list[bytes] = []
    held_bytes = 0
    line = first_line
    read_bytes = 0
    want = batch_bytes
    longest = max(16 * batch_bytes, 16 * max_field_bytes)
    stream = iter(chunks)
    final = False
    while not final:
        while held_bytes < want:
            step = next(stream, None)
            if step is None:
                final = True
                break
            held.append(step[0])
            held_bytes += len(step[0])
            read_bytes = step[1]
        data = b"".join(held)
        if not data:
            return
        end, stray = record_end(data, delimiter, quote, newline, final, max_field_bytes)
        if end == 0 and not final and len(data) >= longest and newline not in data:
            data, stream, dropped = _shorten_line(data, stream, delimiter, newline, max_field_bytes)
            log.add(
                "E125.line_longer_than_bytes",
                f"line {line}",
                longest=longest,
                max_field_bytes=max_field_bytes,
                dropped=dropped,
            )
            held, held_bytes, want = [data], len(data), len(data)
            continue
        if end == 0 and not final:
            held, want = [data], held_bytes + batch_bytes
            continue
        body, rest = data[:end], data[end:]
        yield Block(body, line, stray, read_bytes)
        line += line_count(body, newline)
        held, held_bytes, want = [rest], len(rest), batch_bytes


def _shorten_line(
    data: bytes, stream: Iterator[tuple[bytes, int]], delimiter: bytes | None, newline: bytes, limit: int
) -> tuple[bytes, Iterator[tuple[bytes, int]], int]:
    """Cut every cell of one endless line to the limit, holding no more than the shortened line."""
    kept: list[bytes] = []
    dropped = 0
    in_cell = 0
    separators = re.compile(b"[" + re.escape(newline + (delimiter or b"")) + b"]")
    piece: bytes = data
    position = 0
    while True:
        at = 0
        while at < len(piece):
            found = separators.search(piece, at)
            stop = found.start() if found else len(piece)
            room = max(0, limit - in_cell)
            kept.append(piece[at : min(stop, at + room)])
            dropped += max(0, stop - at - room)
            in_cell += stop - at
            if found is None:
                break
            in_cell = 0
            if found.group() == newline:
                tail = piece[stop:]

                def rest(tail: bytes = tail, position: int = position) -> Iterator[tuple[bytes, int]]:
                    yield tail, position
                    yield from stream

                return _trim_utf8(b"".join(kept)), rest(), dropped
            kept.append(found.group())
            at = stop + 1
        step = next(stream, None)
        if step is None:
            return _trim_utf8(b"".join(kept)), iter(()), dropped
        piece, position = step


def _trim_utf8(data: bytes) -> bytes:
    # A cut inside a character leaves bytes that are not UTF-8; dropping them is part of the cut.
    return data if _is_utf8(data) else data.decode("utf-8", "ignore").encode("utf-8")


_NEAR = 1 << 17


def line_count(data: bytes, newline: bytes = b"\n") -> int:
    """Count line ends of one byte; a quarter of the time of `bytes.count` where they are many."""
    array = np.frombuffer(data, np.uint8)
    # pieces that stay near: to touch so much memory anew takes longer than to count
    return sum(
        int(np.count_nonzero(array[at : at + _NEAR] == newline[0])) for at in range(0, len(data), _NEAR)
    )


def byte_table(members: bytes) -> np.ndarray:
    """Return 256 truth values, true at the given bytes; indexing it is the fastest membership test."""
    table = np.zeros(256, np.bool_)
    table[np.frombuffer(members, np.uint8)] = True
    return table


def record_end(
    data: bytes, delimiter: bytes | None, quote: bytes | None, newline: bytes, final: bool, limit: int
) -> tuple[int, tuple[int, ...]]:
    """Find where the last whole record of a buffer ends.

    Returns:
        The end (0 when no record is complete), and the positions before it of opening quotes that
        have no partner within `limit` bytes, or one that opens a cell on a later line.
    """
    if quote is None or quote not in data:
        return (len(data) if final else data.rfind(newline) + 1), ()
    array = np.frombuffer(data, np.uint8)
    places = np.flatnonzero(array == quote[0])
    starters = (delimiter or b"") + b"\n\r" + quote
    is_border = byte_table(starters)
    opening, closing = places[0::2], places[1::2]
    inner = opening[1:] if opening.size and opening[0] == 0 else opening
    clean = bool(is_border[array[inner - 1]].all())
    if clean and closing.size:
        before_end = closing[closing < len(data) - 1]
        clean = bool(is_border[array[before_end + 1]].all())
        clean = clean and int((closing - opening[: closing.size]).max()) <= limit
    is_open = places.size % 2 == 1 or int(places[-1]) == len(data) - 1
    if clean and final and places.size % 2 == 0:
        return len(data), ()
    if clean and not final and not (places.size % 2 == 1 and len(data) - int(places[-1]) > limit):
        # Walk back over the gaps between quoted cells to the last line end in one of them.
        upper = len(data)
        gaps = closing
        if is_open and places.size % 2 == 1:
            upper = int(opening[-1])
        elif is_open:
            upper = int(opening[-1])
            gaps = closing[:-1]
        for index in range(gaps.size - 1, -1, -1):
            lower = int(gaps[index])
            found = data.rfind(newline, lower, upper)
            if found >= 0:
                return found + 1, ()
            upper = int(opening[index])
        return data.rfind(newline, 0, upper) + 1, ()
    return _walk_quotes(data, places.tolist(), starters, quote, newline, final, limit)


def swallowing(data: bytes, delimiter: bytes, quote: bytes, newline: bytes, width: int) -> list[int]:
    """Find quoted cells that hold nothing but whole lines of `width` cells, in a buffer whose quotes all have partners.

    Returns:
        The positions of their opening quotes.
    """
    if width < 4:
        return []  # a sentence with a comma or two is no record
    array = np.frombuffer(data, np.uint8)
    places, ends = np.flatnonzero(array == quote[0]), np.flatnonzero(array == newline[0])
    opening, closing = places[0::2], places[1::2]
    lines = np.searchsorted(ends, opening[: closing.size])
    found: list[int] = []
    for at in np.flatnonzero(np.searchsorted(ends, closing) > lines).tolist():
        start = int(ends[lines[at] - 1]) + 1 if lines[at] else 0
        stop = data.find(newline, int(closing[at]))
        text = data[start : stop if stop >= 0 else len(data)].split(newline)
        if all(line.count(delimiter) == width - 1 for line in text):
            found.append(int(opening[at]))
    return found


def _opens_later(data: bytes, start: int, close: int, starters: bytes, newline: bytes) -> bool:
    """Tell whether the quote taken for the partner of another opens a cell of its own, on a later line."""
    ends_cell = close + 1 >= len(data) or data[close + 1] in starters
    return not ends_cell and data[close - 1] in starters and newline in data[start:close]


def _walk_quotes(
    data: bytes, places: list[int], starters: bytes, quote: bytes, newline: bytes, final: bool, limit: int
) -> tuple[int, tuple[int, ...]]:
    opens_after = starters.replace(quote, b"")
    size = len(data)
    count = len(places)
    safe = 0
    outside_from = 0
    stray: list[int] = []
    index = 0
    while index < count:
        start = places[index]
        if start and data[start - 1] not in opens_after:
            index += 1
            continue
        safe = max(safe, data.rfind(newline, outside_from, start) + 1)
        close = index + 1
        while close + 1 < count and places[close + 1] == places[close] + 1:
            close += 2
        unfinished = close >= count or (places[close] == size - 1 and not final)
        if unfinished and not final and size - start <= limit:
            return safe, tuple(place for place in stray if place < safe)
        if unfinished and final and close < count:
            unfinished = False
        if (
            unfinished
            or places[close] - start > limit
            or _opens_later(data, start, places[close], starters, newline)
        ):
            stray.append(start)
            # The whole line is read without quoting, as the careful parser will do.
            stop = data.find(newline, start)
            outside_from = start
            index += 1
            while index < count and (stop < 0 or places[index] < stop):
                index += 1
            continue
        outside_from = places[close]
        index = close + 1
    if final:
        return size, tuple(stray)
    safe = max(safe, data.rfind(newline, outside_from) + 1)
    return safe, tuple(place for place in stray if place < safe)
