"""Multi-literal scan of an Arrow string column: which rows hold any anchor.

Two engines behind one small interface must agree: Hyperscan over the column's own buffer, and an Aho-Corasick
automaton. Arrow columns have no separator between rows, so a literal can match across a row's end: only matches
inside one row count. Buffers of 4 GiB and more would be cut off in silence, so the scan works in slices.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from proscribe.matching.index import Index, literal_anchor
from proscribe.matching.normalize import _CONFUSABLES, _HANZI, _LATIN

_SLICE_BYTES = 512 * 1024 * 1024
_ALNUM = np.zeros(256, dtype=bool)
_ALNUM[[*range(48, 58), *range(65, 91), *range(97, 123)]] = True
_HEX = np.zeros(256, dtype=bool)
_HEX[[*range(48, 58), *range(65, 71), *range(97, 103)]] = True
_DIGIT = np.zeros(256, dtype=bool)
_DIGIT[48:58] = True

LEFT, RIGHT, BARE_MAC = 1, 2, 4


@dataclass(frozen=True, slots=True)
class Literals:
    """Distinct lower-case literals with the borders each must have."""

    texts: tuple[bytes, ...]
    flags: tuple[int, ...]


def literals_of(index: Index) -> Literals:
    """Collect the literals without one of which no record can yield a signal."""
    wanted: dict[bytes, int] = {}

    def want(text: str, flags: int) -> None:
        raw = prefold(text).encode()
        if not raw:
            return
        if not raw.isascii():
            flags = 0
        wanted[raw] = wanted.get(raw, flags) & flags

    generic = index.words.generic
    for phrases in index.lexicon.by_first.values():
        for phrase in phrases:
            if phrase.matcher in ("homonym", "other_maker"):
                continue
            own = [token for token in phrase.tokens if token not in generic] or list(phrase.tokens)
            # Canonical forms ("technology") stand for several spellings, so they are never anchors by preference.
            want(max(own, key=lambda token: (any(char.isdigit() for char in token), len(token))), LEFT | RIGHT)
    for name in index.lexicon.scripts:
        want(name, 0)
    for name in index.lexicon.coined:
        want(name, 0)
    for typo in index.lexicon.typos:
        want(typo, LEFT | RIGHT)
    for first, second in index.lexicon.split:
        for separator in " -_./":
            want(f"{first}{separator}{second}", LEFT | RIGHT)
    sets = [index.models, index.chips, index.fingerprints, index.relabel_models, *index.channel_only.values()]
    for number, patterns in enumerate(sets):
        for anchor, owner in zip(patterns._anchors, patterns._owners, strict=True):
            start = literal_anchor(str(patterns.patterns[owner].row.get("regex") or "")) if number < 2 else ""
            want(anchor, LEFT if start.startswith(anchor) and start else 0)
    for rows in index.oui.values():
        for prefix, row in rows.items():
            if not row.get("entity"):
                continue
            low = prefix.lower()[:6]
            pairs = [low[place : place + 2] for place in range(0, 6, 2)]
            for separator in ":- ":
                want(separator.join(pairs), LEFT)
            want(f"{low[:4]}.{low[4:]}", LEFT)
            want(low, LEFT | BARE_MAC)
    want("3.6.1.4.1.", 0)
    want("enterprises.", 0)
    for vendor in index.cpe:
        want(f":{vendor}", RIGHT)
    for vendor in index.usb_pci:
        want(vendor, LEFT | RIGHT)
        want(f"0x{vendor}", LEFT | RIGHT)
    if index.fcc:
        want("fcc", LEFT)
    texts = tuple(sorted(wanted))
    return Literals(texts, tuple(wanted[text] for text in texts))


def prefold(text: str) -> str:
    """Fold text coarsely and fast, for the scan only; a superset of what the exact folding can hit."""
    return _strip(unicodedata.normalize("NFKD", text.casefold())).translate(_HANZI)


def _strip(text: str) -> str:
    table: dict[int, str | None] = {}
    for char in set(text):
        if not char.isascii():
            if unicodedata.category(char) in ("Mn", "Me", "Cf"):
                table[ord(char)] = None
            elif char in _LATIN:
                table[ord(char)] = _LATIN[char]
    return text.translate(table) if table else text


class Engine(Protocol):
    """Finds literals in bytes, ASCII letters without regard to case."""

    def find(self, data: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Give the numbers of the literals hit and the ends of the hits, in any order."""
        ...


class HyperscanEngine:
    """Hyperscan, literal mode, over the buffer as it is."""

    name = "hyperscan"

    def __init__(self, literals: Literals) -> None:
        import hyperscan

        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        count = len(literals.texts)
        self._database.compile(
            expressions=list(literals.texts),
            ids=list(range(count)),
            elements=count,
            flags=[hyperscan.HS_FLAG_CASELESS] * count,
            literal=True,
        )
        self._scratch = hyperscan.Scratch(self._database)

    def find(self, data: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Scan; Hyperscan reports every end once per literal."""
        numbers: list[int] = []
        ends: list[int] = []
        add_number, add_end = numbers.append, ends.append

        def hit(number: int, _start: int, end: int, _flags: int, _context: Any) -> None:
            add_number(number)
            add_end(end)

        self._database.scan(data, match_event_handler=hit, scratch=self._scratch)
        return np.array(numbers, dtype=np.int64), np.array(ends, dtype=np.int64)


class AhoEngine:
    """Aho-Corasick DFA over a lowered copy; the portable fallback."""

    name = "ahocorasick"

    def __init__(self, literals: Literals) -> None:
        from ahocorasick_rs import BytesAhoCorasick, Implementation

        self._automaton = BytesAhoCorasick(literals.texts, implementation=Implementation.ContiguousNFA)

    def find(self, data: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Scan a lowered copy."""
        lowered = data.copy()
        upper = (lowered >= 65) & (lowered <= 90)
        lowered[upper] += 32
        found = self._automaton.find_matches_as_indexes(lowered, overlapping=True)
        if not found:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        array = np.array(found, dtype=np.int64)
        return array[:, 0], array[:, 2]


def engine_for(literals: Literals, name: str | None = None) -> Engine:
    """Give the engine of that name, or Hyperscan where its wheel is installed and the fallback elsewhere."""
    if name == "ahocorasick":
        return AhoEngine(literals)
    try:
        return HyperscanEngine(literals)
    except ImportError:
        return AhoEngine(literals)


@dataclass(slots=True)
class Scanner:
    """Tells for each row of a text column whether it can hold a signal."""

    literals: Literals
    engine: Engine
    _sizes: npt.NDArray[np.int64] = field(init=False)
    _flags: npt.NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self._sizes = np.array([len(text) for text in self.literals.texts], dtype=np.int64)
        self._flags = np.array(self.literals.flags, dtype=np.int64)

    def rows(self, column: pa.StringArray) -> npt.NDArray[np.bool_]:
        """Give a mask of the rows of `column` (`pa.string()`) in which an anchor stands.

        Rows with letters outside ASCII are folded and looked at again.
        """
        mask = self._raw_rows(column)
        rest = _non_ascii_rows(column) & ~mask
        if rest.any():
            places = np.flatnonzero(rest)
            texts = column.take(pa.array(places)).to_pylist()
            joined = "\x00".join(text.replace("\x00", " ") for text in texts)
            folded = prefold(joined)
            hit = np.zeros(len(texts), dtype=bool)
            for variant in (folded, folded.translate(_CONFUSABLES)):
                hit |= self._raw_rows(pa.array(variant.split("\x00"), pa.string()))
            mask[places[hit]] = True
        return mask

    def _raw_rows(self, column: pa.StringArray) -> npt.NDArray[np.bool_]:
        count = len(column)
        mask = np.zeros(count, dtype=bool)
        if count == 0:
            return mask
        offsets, data = buffers(column)
        if data.size == 0:
            return mask
        start = 0
        while start < count:
            stop = int(np.searchsorted(offsets, offsets[start] + _SLICE_BYTES, side="right")) - 1
            stop = min(max(stop, start + 1), count)
            low, high = int(offsets[start]), int(offsets[stop])
            if high > low:
                self._slice(data[low:high], offsets[start : stop + 1] - low, mask[start:stop])
            start = stop
        return mask

    def _slice(
        self, data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64], mask: npt.NDArray[np.bool_]
    ) -> None:
        numbers, ends = self.engine.find(data)
        if numbers.size == 0:
            return
        starts = ends - self._sizes[numbers]
        rows = np.searchsorted(offsets, starts, side="right") - 1
        good = ends <= offsets[rows + 1]
        flags = self._flags[numbers]
        before = np.where(starts > offsets[rows], data[np.maximum(starts - 1, 0)], 32)
        last = data.size - 1
        after = np.where(ends < offsets[rows + 1], data[np.minimum(ends, last)], 32)
        good &= ~(((flags & LEFT) != 0) & _ALNUM[before])
        good &= ~(((flags & RIGHT) != 0) & _ALNUM[after])
        bare = good & ((flags & BARE_MAC) != 0)
        if bare.any():
            places = np.flatnonzero(bare)
            windows = starts[places][:, None] + np.arange(12)
            inside = windows[:, -1] < offsets[rows[places] + 1]
            chars = data[np.minimum(windows, last)]
            fits = inside & _HEX[chars].all(axis=1) & ~_DIGIT[chars].all(axis=1)
            good[places[~fits]] = False
        mask[rows[good]] = True


def buffers(column: pa.StringArray) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Give the offsets (int64, length rows + 1) and the bytes of a string column, without copying the bytes."""
    wide = pa.types.is_large_string(column.type)
    _, raw_offsets, raw_data = column.buffers()
    kind: Any = np.int64 if wide else np.int32
    offsets = np.frombuffer(raw_offsets, dtype=kind)[column.offset : column.offset + len(column) + 1]
    data = np.frombuffer(raw_data, dtype=np.uint8) if raw_data is not None else np.empty(0, np.uint8)
    return offsets.astype(np.int64), data


def _non_ascii_rows(column: pa.StringArray) -> npt.NDArray[np.bool_]:
    offsets, data = buffers(column)
    mask = np.zeros(len(column), dtype=bool)
    if data.size == 0 or len(column) == 0:
        return mask
    low, high = int(offsets[0]), int(offsets[-1])
    view = data[low:high]
    whole = view.size - view.size % 8
    if whole and not (view[:whole].view(np.uint64) & np.uint64(0x8080808080808080)).any() and not (view[whole:] >= 128).any():
        return mask
    places = np.flatnonzero(view >= 128) + low
    mask[np.searchsorted(offsets, places, side="right") - 1] = True
    return mask
