"""Strings in binary data: ASCII, UTF-8, UTF-16LE and GBK hanzi, found with masks over whole buffers.

Random bytes look like short strings now and then. A run counts from six characters on, shorter words only between
zero bytes, and where a block of 4 KiB is as uneven as packed or encrypted data only long runs count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]

BLOCK = 4096
#: Bits a byte from which a block counts as packed or encrypted; program code stays below 7, random data is at 7.95.
PACKED_BITS = 7.4
_SHORTEST = 6
#: The same in files that are text throughout.
SHORTEST_IN_TEXT = 3
_SHORTEST_PACKED = 12
_LONGEST = 1024

_PRINTABLE = np.zeros(256, dtype=bool)
_PRINTABLE[32:127] = True
_PRINTABLE[9] = True
_HEX = np.zeros(256, dtype=bool)
_HEX[np.frombuffer(b"0123456789abcdefABCDEF", dtype=np.uint8)] = True
_LETTER = np.zeros(256, dtype=bool)
_LETTER[65:91] = True
_LETTER[97:123] = True


@dataclass(frozen=True, slots=True)
class Runs:
    """Strings of one buffer: `text[offsets[i]:offsets[i + 1]]` stood at byte `places[i]`."""

    text: bytes
    offsets: npt.NDArray[np.int64]
    places: Places

    def __len__(self) -> int:
        return len(self.places)


def packed_blocks(data: memoryview) -> npt.NDArray[np.bool_]:
    """Tell for each block of 4 KiB whether its bytes are spread as evenly as in packed or encrypted data."""
    array: Bytes = np.frombuffer(data, dtype=np.uint8)
    count = -(-len(array) // BLOCK)
    answer = np.zeros(count, dtype=bool)
    scale = np.zeros(BLOCK + 1)
    numbers = np.arange(1, BLOCK + 1)
    scale[1:] = numbers * np.log2(numbers)
    for number in range(count):
        block = array[number * BLOCK : (number + 1) * BLOCK]
        if len(block) < BLOCK // 2:
            # Too short to judge: the end of packed data is packed.
            answer[number] = number > 0 and answer[number - 1]
            continue
        spread = scale[np.bincount(block, minlength=256)].sum()
        answer[number] = np.log2(len(block)) - spread / len(block) > PACKED_BITS
    return answer


def regions(packed: npt.NDArray[np.bool_], size: int, *, least: int) -> list[tuple[int, int]]:
    """Give `(place, size)` of the stretches of at least `least` bytes in which nearly every block is packed."""
    found: list[tuple[int, int]] = []
    edges = np.flatnonzero(np.diff(np.concatenate(([False], packed, [False])).astype(np.int8)))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if found and start * BLOCK - (found[-1][0] + found[-1][1]) <= 2 * BLOCK:
            found[-1] = (found[-1][0], min(end * BLOCK, size) - found[-1][0])
        else:
            found.append((start * BLOCK, min(end * BLOCK, size) - start * BLOCK))
    return [item for item in found if item[1] >= least]


def ascii_runs(data: memoryview, packed: npt.NDArray[np.bool_] | None, shortest: int = _SHORTEST) -> Runs:
    """Find the printable runs of a buffer.

    Args:
        data: the buffer.
        packed: answer of `packed_blocks`, or `None` when the buffer is not random anywhere.
        shortest: least length of a run that is not a word between zero bytes.
    """
    array: Bytes = np.frombuffer(data, dtype=np.uint8)
    starts, ends = _edges(_PRINTABLE[array])
    lengths = ends - starts
    keep = lengths >= shortest
    short = np.flatnonzero((lengths >= 3) & ~keep)
    if short.size:
        keep[short[_is_word(array, starts[short], ends[short])]] = True
    if packed is not None and packed.any():
        keep &= ~packed[starts // BLOCK] | (lengths >= _SHORTEST_PACKED)
    starts, ends = starts[keep], ends[keep]
    starts, ends = _cut_long(data, starts, ends)
    lengths = ends - starts
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    total = int(offsets[-1])
    if not total:
        return Runs(b"", offsets, starts)
    # One gather instead of a slice per run: position in the output minus its run's shift is position in the input.
    shift = np.repeat(starts - offsets[:-1], lengths)
    return Runs(array[np.arange(total) + shift].tobytes(), offsets, starts)


def _edges(mask: npt.NDArray[np.bool_]) -> tuple[Places, Places]:
    if not mask.size:
        empty = np.empty(0, np.int64)
        return empty, empty
    turns = np.flatnonzero(mask[1:] != mask[:-1]) + 1
    if mask[0]:
        turns = np.concatenate(([0], turns))
    if mask[-1]:
        turns = np.concatenate((turns, [mask.size]))
    return turns[::2].astype(np.int64), turns[1::2].astype(np.int64)


def _is_word(array: Bytes, starts: Places, ends: Places) -> npt.NDArray[np.bool_]:
    """Tell which runs are letters only and stand between zero bytes, as a word in a table of strings does.

    A word of three letters needs another string right beside it: program code has many such runs by chance.
    """
    last = array.size - 1
    before = np.where(starts > 0, array[np.maximum(starts - 1, 0)], 0) == 0
    after = np.where(ends < array.size, array[np.minimum(ends, last)], 0) == 0
    beside = _PRINTABLE[array[np.maximum(starts - 2, 0)]] & (starts > 1)
    beside |= _PRINTABLE[array[np.minimum(ends + 1, last)]] & (ends + 1 <= last)
    after &= beside | (ends - starts > 3)
    letters = np.ones(len(starts), dtype=bool)
    for step in range(5):
        inside = starts + step < ends
        letters &= ~inside | _LETTER[array[np.minimum(starts + step, array.size - 1)]]
    return np.asarray(before & after & letters)


_BREAK = re.compile(rb"[^0-9A-Za-z_.:/@-]")


def _cut_long(data: memoryview, starts: Places, ends: Places) -> tuple[Places, Places]:
    """Cut runs of more than 1,024 characters between words, so that one line of script is not one text."""
    long = np.flatnonzero(ends - starts > _LONGEST)
    if not long.size:
        return starts, ends
    more_starts: list[int] = []
    more_ends: list[int] = []
    for number in long.tolist():
        place, end = int(starts[number]), int(ends[number])
        for at, stop in _pieces(bytes(data[place:end])):
            more_starts.append(place + at)
            more_ends.append(place + stop)
    rest = np.ones(len(starts), dtype=bool)
    rest[long] = False
    all_starts = np.concatenate((starts[rest], np.array(more_starts, np.int64)))
    all_ends = np.concatenate((ends[rest], np.array(more_ends, np.int64)))
    order = np.argsort(all_starts, kind="stable")
    return all_starts[order], all_ends[order]


def _pieces(text: bytes) -> list[tuple[int, int]]:
    """Cut a long text between words into pieces of at most 1,024 characters."""
    made: list[tuple[int, int]] = []
    at = 0
    while at < len(text):
        stop = min(at + _LONGEST, len(text))
        if stop < len(text):
            tail = [found.end() for found in _BREAK.finditer(text, stop - 256, stop)]
            stop = tail[-1] if tail else stop
        made.append((at, stop))
        at = stop
    return made


def wide_runs(data: memoryview, packed: npt.NDArray[np.bool_] | None) -> list[tuple[int, str]]:
    """Find `(place, text)` of UTF-16LE runs of six ASCII characters or more, at either alignment."""
    array: Bytes = np.frombuffer(data, dtype=np.uint8)
    found: list[tuple[int, str]] = []
    for shift in (0, 1):
        size = (array.size - shift) // 2
        if size < _SHORTEST:
            continue
        pairs = array[shift : shift + 2 * size].reshape(-1, 2)
        starts, ends = _edges(_PRINTABLE[pairs[:, 0]] & (pairs[:, 1] == 0))
        keep = ends - starts >= _SHORTEST
        for start, end in zip(starts[keep].tolist(), ends[keep].tolist(), strict=True):
            place = shift + 2 * start
            if packed is not None and packed[place // BLOCK]:
                continue
            raw = pairs[start:end, 0].tobytes()
            if len(set(raw[:_LONGEST])) > 2 or len(set(raw)) > 2:
                found += [(place + 2 * at, raw[at:stop].decode("ascii")) for at, stop in _pieces(raw)]
    return found


def hanzi_runs(data: memoryview, packed: npt.NDArray[np.bool_] | None) -> list[tuple[int, str]]:
    """Find `(place, text)` of texts with hanzi: in UTF-8 from two on, in GBK from four on."""
    array: Bytes = np.frombuffer(data, dtype=np.uint8)
    if array.size < 8:
        return []
    found: list[tuple[int, str]] = []
    follows = (array & 0xC0) == 0x80
    lead = (array >= 0xE3) & (array <= 0xE9)
    three = lead[:-2] & follows[1:-1] & follows[2:]
    twice = np.flatnonzero(three[:-3] & three[3:])
    found += _extend(array, twice, packed, "utf-8", 3)
    first = (array >= 0xB0) & (array <= 0xD7)
    second = array >= 0xA1
    two = first[:-1] & second[1:]
    if two.size > 6:
        four = two[:-6] & two[2:-4] & two[4:-2] & two[6:]
        taken = np.zeros(array.size, dtype=bool)
        for place, text in found:
            taken[place : place + len(text.encode())] = True
        places = np.flatnonzero(four)
        found += _extend(array, places[~taken[places]], packed, "gbk", 2)
    return found


_AROUND = 96


def _extend(
    array: Bytes, places: Places, packed: npt.NDArray[np.bool_] | None, encoding: str, width: int
) -> list[tuple[int, str]]:
    """Grow each hit to the printable text around it and decode it; what does not decode is none."""
    found: list[tuple[int, str]] = []
    done = 0
    # Where text cannot go on, to the left and to the right: found once, so that no hit walks over its neighbours.
    plain = _PRINTABLE[array]
    left = np.flatnonzero(~plain)
    right = np.flatnonzero(~plain & (array < 0x80))
    befores = np.searchsorted(left, places)
    afters = np.searchsorted(right, places)
    for place, before, after in zip(places.tolist(), befores.tolist(), afters.tolist(), strict=True):
        if place < done or (packed is not None and packed[place // BLOCK]):
            continue
        start = max(0, place - _AROUND, int(left[before - 1]) + 1 if before else 0)
        end = min(array.size, place + 4 * _AROUND, int(right[after]) if after < len(right) else array.size)
        done = end
        if encoding == "gbk" and start == place and place > 0 and array[place - 1] >= 0x80:
            continue
        raw = array[start:end].tobytes()
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            text = raw[: error.start].decode(encoding, "ignore")
            if encoding == "gbk":
                continue
            done = start + max(error.start, width)
        if sum("\u4e00" <= char <= "\u9fff" for char in text) >= (2 if encoding == "utf-8" else 4):
            found.append((start, text))
    return found


def lines_of(data: memoryview) -> list[tuple[int, str]] | None:
    """Give `(place, line)` when the whole buffer is UTF-8 text with letters outside ASCII, else `None`."""
    raw = bytes(data)
    if b"\0" in raw or raw.isascii():
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    found: list[tuple[int, str]] = []
    place = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        for at in range(0, len(bare), _LONGEST):
            found.append((place, bare[at : at + _LONGEST]))
        place += len(line.encode())
    return found


_MAC = re.compile(
    rb"(?:mac|eth|hw|wl|lan)[\w.-]{0,24}[\"' ]{0,3}[=:>][\"' ]{0,3}((?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2})\Z",
    re.IGNORECASE,
)


def addresses(data: memoryview) -> list[tuple[int, str]]:
    """Find `(place, MAC address)` where a setting gives one, such as `ethaddr=00:00:5e:00:53:01`."""
    array: Bytes = np.frombuffer(data, dtype=np.uint8)
    if array.size < 17:
        return []
    mark = (array == 58) | (array == 45)
    digit = _HEX[array]
    # Both masks hold at every place of an address, so that megabytes of dashes cost no search at each of them.
    last = array.size - 16
    address = mark[2 : 2 + last] & digit[:last] & digit[1 : 1 + last]
    for step in range(3, 16, 3):
        address &= digit[step : step + last] & digit[step + 1 : step + 1 + last]
        if step < 15:
            address &= mark[step + 2 : step + 2 + last]
    found: dict[int, str] = {}
    for place in (np.flatnonzero(address) + 2).tolist():
        start = max(0, place - 48)
        # Up to the end of this address: the one before it may stand in the same bytes.
        match = _MAC.search(bytes(data[start : place + 15]))
        if match is not None:
            found[start + match.start(1)] = match.group(1).decode("ascii")
    return sorted(found.items())
