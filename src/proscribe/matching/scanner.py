"""Multi-literal scan of an Arrow string column: which rows hold any anchor.

Two engines behind one small interface must agree: Hyperscan over the column's own buffer, and an Aho-Corasick
automaton. Arrow columns have no separator between rows, so a literal can match across a row's end: only matches
inside one row count. Buffers of 4 GiB and more would be cut off in silence, so the scan works in slices.
"""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from proscribe.kb.following import BORDER, PLACES, Following, Way
from proscribe.matching import escapes
from proscribe.matching.addresses import DUIDS, SHAPES, WHOLE, Shape, spelled
from proscribe.matching.garbled import Garbles
from proscribe.matching.index import Index, literal_anchor
from proscribe.matching.lexicon import CUT, GAPS, SHORTENED, Lexicon, finest
from proscribe.matching.matchers import numbers
from proscribe.matching.normalize import (
    _CONFUSABLES,
    _HANZI,
    _LATIN,
    _PUNCTUATION,
    CANONICAL,
    LEGAL_FORMS,
    drawn_latin,
    drawn_together,
    is_mark,
)
from proscribe.matching.patterns import PatternSet
from proscribe.matching.ready import Ready

_SLICE_BYTES = 512 * 1024 * 1024
_ALNUM = np.zeros(256, dtype=bool)
_ALNUM[[*range(48, 58), *range(65, 91), *range(97, 123)]] = True
_HEX = np.zeros(256, dtype=bool)
_HEX[[*range(48, 58), *range(65, 71), *range(97, 103)]] = True
_DIGIT = np.zeros(256, dtype=bool)
_DIGIT[48:58] = True

LEFT, RIGHT, BARE_MAC = 1, 2, 4
#: A border of a word, or a change between small letters, capitals and digits; `LEFT` and `RIGHT` ask for more.
LEFT_CHANGE, RIGHT_CHANGE = 8, 16
#: Not a word of the knowledge, but the sign of an escape: the row has to be read first.
ESCAPE = 32
_KIND = np.zeros(256, dtype=np.uint8)
_KIND[48:58], _KIND[65:91], _KIND[97:123] = 1, 2, 3
#: Stands beside the bytes for the end of a row.
_END = 256


@dataclass(frozen=True, slots=True)
class Literals:
    """Distinct lower-case literals with the borders each must have.

    Attributes:
        texts: the literals, in order.
        flags: for each, the borders it must have.
        longest: for each, the most letters and digits in a row that a match which it begins can have; 0 for any number.
        after: for each, what can follow it.
        shapes, prefixes: what counts as well: a prefix, held as a number, in one of these shapes at the beginning of a word.
    """

    texts: tuple[bytes, ...]
    flags: tuple[int, ...]
    longest: tuple[int, ...]
    after: tuple[Way, ...]
    shapes: tuple[Shape, ...] = ()
    prefixes: tuple[int, ...] = ()

    def packed(self) -> bytes:
        """Write the literals as numbers and text that `unpacked` reads."""
        ways = {way: number for number, way in enumerate(dict.fromkeys(self.after))}
        said = [len(self.texts), [list(way) for way in ways], self.shapes, self.prefixes]
        head = json.dumps(said, separators=(",", ":")).encode()
        numbers = np.array(
            [
                list(map(len, self.texts)),
                self.flags,
                self.longest,
                [ways[way] for way in self.after],
            ],
            dtype="<i4",
        )
        return b"\n".join((head, numbers.tobytes() + b"".join(self.texts)))

    @classmethod
    def unpacked(cls, packed: bytes) -> Literals:
        """Read literals that `packed` wrote.

        Raises:
            ValueError: when they are something else.
            IndexError, TypeError: likewise.
        """
        head, _, rest = packed.partition(b"\n")
        count, listed, shapes, prefixes = json.loads(head)
        numbers = np.frombuffer(rest, dtype="<i4", count=4 * count).reshape(4, count)
        sizes, flags, longest, numbered = numbers.tolist()
        ends = (numbers[0].cumsum() + numbers.nbytes).tolist()
        if min(sizes, default=1) < 1 or (ends[-1] if ends else numbers.nbytes) != len(rest):
            raise ValueError("literals of other lengths than stated")
        ways = [tuple(way) for way in listed]
        return cls(
            tuple([rest[end - size : end] for size, end in zip(sizes, ends, strict=True)]),
            tuple(flags),
            tuple(longest),
            tuple([ways[number] for number in numbered]),
            tuple(Shape(str(text), int(asks)) for text, asks in shapes),
            tuple(map(int, prefixes)),
        )

    def spelled(self) -> Literals:
        """Give the same as texts alone, for engines that look for texts: very many."""
        return _spelled(self) if self.shapes else self

    def beside(self, more: Sequence[str]) -> Literals:
        """Give these literals with others, whatever stands beside those; numbers among them stand between borders of words."""
        flags, longest, after = list(self.flags), list(self.longest), list(self.after)
        texts = list(self.texts)
        for text in more:
            one = (LEFT | RIGHT | LEFT_CHANGE | RIGHT_CHANGE if text.isdigit() else 0, 0, _ANYTHING)
            place = bisect_left(self.texts, text.encode())
            if self.texts[place : place + 1] == (text.encode(),):
                held = (flags[place], longest[place], after[place])
                flags[place], longest[place], after[place] = _merged(one, held)
            else:
                texts.append(text.encode())
                flags.append(one[0])
                longest.append(one[1])
                after.append(one[2])
        return Literals(tuple(texts), tuple(flags), tuple(longest), tuple(after), self.shapes, self.prefixes)


@lru_cache(maxsize=2)
def _spelled(literals: Literals) -> Literals:
    wanted = {
        text: (flags, longest, after)
        for text, flags, longest, after in zip(
            literals.texts, literals.flags, literals.longest, literals.after, strict=True
        )
    }
    for shape in literals.shapes:
        one = (LEFT | LEFT_CHANGE | (BARE_MAC if shape.asks & WHOLE else 0), 0, _ANYTHING)
        for text in chain.from_iterable(spelled(shape, prefix) for prefix in literals.prefixes):
            raw = text.encode()
            wanted[raw] = _merged(one, wanted[raw]) if raw in wanted else one
    texts = tuple(sorted(wanted))
    return Literals(texts, *zip(*(wanted[text] for text in texts), strict=True))


#: A phrase is looked for by its rarest word, but for ranks from this on.
_COMMON = 1_000
#: Anchors of so many characters stand in few texts.
_TELLING = 5
#: Rank of words that stand in many innocent lines.
_FREQUENT = 3_000
#: Letters of the shortest piece of a name that is looked for outside of cells of companies.
_CUT_IN_TEXT = 5
#: A literal, its flags, the longest match that it begins, and what can follow it.
_Wanted = tuple[str, int, int, Way]
_ANYTHING: Way = ()


def literals_of(index: Index, *, channel_columns: bool = True) -> Literals:
    """Collect the literals without one of which no record can yield a signal.

    Args:
        channel_columns: with those of fingerprints that count only in their own kind of column (serial numbers,
            host names, banners); they are too common for free text.
    """
    wanted: dict[bytes, tuple[int, int, Way]] = {}
    channels = index.channel_only.values() if channel_columns else ()
    for text, flags, longest, after in chain(
        _of_phrases(index),
        _of_names(index.lexicon),
        *map(_of_bordered, (index.models, index.apart, index.chips, index.relabel_models)),
        *(_of_free(patterns) for patterns in (index.fingerprints, *channels)),
        _of_identifiers(index),
        ((sign, ESCAPE, 0, _ANYTHING) for sign in escapes.signs()),
        ((form, ESCAPE, 0, _ANYTHING) for form in _packed_names(index)),
    ):
        raw = (text.lower() if text.isascii() else prefold(text)).encode()
        if raw:
            if not raw.isascii():
                flags, longest, after = 0, 0, _ANYTHING
            elif not raw.isalnum():
                longest = 0
            elif flags == LEFT | RIGHT:
                longest = len(raw)
            flags |= (LEFT_CHANGE if flags & LEFT else 0) | (RIGHT_CHANGE if flags & RIGHT else 0)
            before = wanted.get(raw)
            wanted[raw] = (
                (flags, longest, after) if before is None else _merged((flags, longest, after), before)
            )
    literals = tuple(sorted(wanted))
    if not literals:
        return Literals((), (), (), ())
    texts = Literals(literals, *zip(*(wanted[literal] for literal in literals), strict=True))
    return replace(texts, shapes=SHAPES, prefixes=tuple(sorted(_prefixes(index))))


def _prefixes(index: Index) -> set[int]:
    """Give the first three bytes of the addresses that known entities hold, as numbers."""
    return {
        int(prefix[:6], 16)
        for rows in index.oui.values()
        for prefix, row in rows.items()
        if row.get("entity")
    }


def _merged(one: tuple[int, int, Way], other: tuple[int, int, Way]) -> tuple[int, int, Way]:
    """Give the borders, the longest match and the way on of a literal for which two things are looked for."""
    flags = one[0] & other[0]
    longest = max(one[1], other[1]) if one[1] and other[1] else 0
    ways = [after for _, _, after in (one, other)]
    if not flags & RIGHT:
        # a border behind is a way on: nothing else may follow
        ways = [
            (BORDER,) if not way and had & RIGHT else way
            for (had, _, _), way in zip((one, other), ways, strict=True)
        ]
    return flags, longest, ways[0] if ways[0] == ways[1] else either(*ways)


def _packed_names(index: Index) -> Iterator[str]:
    """Give how the short names of firms look as base64 and as hexadecimal digits; one of four letters looks like any word."""
    for name in index.lexicon.short_names():
        yield from escapes.packed_forms(name)


def _of_phrases(index: Index) -> Iterator[_Wanted]:
    """Give the rarest word of each phrase; where every word is common, two neighbouring ones."""
    common = _token_counts(index)
    for word in index.frequent.split():
        common[word] = _FREQUENT + common.get(word, 0)
    for phrase in chain.from_iterable(index.lexicon.by_first.values()):
        if phrase.matcher in ("homonym", "other_maker") or (
            phrase.form in ("initials", CUT)
            and (len(phrase.tokens) > 1 or len(phrase.tokens[0]) < _CUT_IN_TEXT)
        ):
            continue
        if phrase.matcher == "relabel" and _by_model_only(index.relabels[phrase.payload]):
            continue  # found through its model numbers, which are anchors of their own
        rank, best = min((_commonness(token, index, common), token) for token in phrase.tokens)
        if phrase.form == SHORTENED:  # syllables, which stand in many lines
            rank, best = _COMMON, phrase.tokens[0]
        if rank < _COMMON or len(phrase.tokens) == 1:
            yield best, LEFT | RIGHT, 0, _ANYTHING
            continue
        # No rare word: two neighbouring words together are rare enough.
        place = min(phrase.tokens.index(best), len(phrase.tokens) - 2)
        # Two words of Latin letters never touch: they would be one token.
        together = ("",) if not "".join(phrase.tokens).isascii() else ()
        for gap in (*together, *sorted(GAPS)):
            for first in _spellings(phrase.tokens[place]):
                for second in _spellings(phrase.tokens[place + 1]):
                    yield f"{first}{gap}{second}", LEFT | RIGHT, 0, _ANYTHING


def _of_names(lexicon: Lexicon) -> Iterator[_Wanted]:
    """Give the names that are found otherwise than as phrases: run together, in other scripts, mistyped, split."""
    for joined in lexicon.joined:
        yield joined, LEFT | RIGHT, 0, _ANYTHING
    for glued in lexicon.glued:
        yield glued, LEFT_CHANGE | RIGHT_CHANGE, 0, _ANYTHING
    for glued in lexicon.glued_names():
        yield glued, 0, 0, _ANYTHING
    for same in lexicon.scripts.values():
        yield max(finest(same), key=lambda token: (not token.isascii(), len(token))), 0, 0, _ANYTHING
    for name in lexicon.coined:
        yield name, 0, 0, _ANYTHING
    for typo in lexicon.typos:
        yield typo, LEFT | RIGHT, 0, _ANYTHING
    for parts in lexicon.split:
        for separator in " -_./":
            yield separator.join(parts), LEFT | RIGHT, 0, _ANYTHING
    for name in lexicon.spelled_out():
        yield name, 0, 0, _ANYTHING


def _of_bordered(patterns: PatternSet) -> Iterator[_Wanted]:
    """Give what patterns begin with, or else hold, that stand between borders of words."""
    begun: dict[int, bool] = {}
    for number in range(len(patterns.patterns)):
        opening = patterns.openings(number)
        begun[number] = bool(opening.begun or opening.whole)
        for text, after in zip(opening.begun, opening.after, strict=True):
            yield text, LEFT, opening.longest, after
        for text in opening.whole:
            yield text, LEFT | RIGHT, 0, _ANYTHING
    ways: dict[int, Following] = {}
    for anchor, number in patterns.owned_anchors():
        if not begun[number]:
            row = patterns.patterns[number].row
            if number not in ways:
                ways[number] = patterns.following(number)
            way = ways[number].way_inside(anchor)
            yield anchor, RIGHT if str(row.get("regex") or "").lower().endswith(anchor) else 0, 0, way


def _of_free(patterns: PatternSet) -> Iterator[_Wanted]:
    """Give what fingerprints hold, or begin with where that tells more."""
    owned: dict[int, list[str]] = {}
    for anchor, number in patterns.owned_anchors():
        owned.setdefault(number, []).append(anchor)
    for number, pattern in enumerate(patterns.patterns):
        own = owned.get(number, [])
        opening = patterns.openings(number)
        texts = opening.texts
        begins = pattern.body.startswith(("(?m:^", "(?m:\\b", "(?m:(?<![a-z0-9])"))
        ways = dict(zip(opening.begun, opening.after, strict=True))
        if not texts or min(map(len, own), default=0) >= _TELLING:
            ways, begins, texts = _ways_inside(patterns, number, own), False, tuple(own)
        elif _fewest_letters(texts) < _fewest_letters(own):
            inside = _ways_inside(patterns, number, own)
            if all(inside.values()):
                ways, begins, texts = inside, False, tuple(own)
        for text in texts:
            yield text, LEFT if begins and text[0].isalnum() else 0, 0, ways.get(text, _ANYTHING)


def _ways_inside(patterns: PatternSet, number: int, anchors: Sequence[str]) -> dict[str, Way]:
    """Give what can follow each anchor of a pattern; long ones stand in few texts, whatever follows."""
    if min(map(len, anchors), default=0) >= _TELLING:
        return dict.fromkeys(anchors, _ANYTHING)
    following = patterns.following(number)
    return {anchor: following.way_inside(anchor) for anchor in anchors}


def _fewest_letters(texts: Sequence[str]) -> int:
    """Count the letters of the text that has fewest, up to four: digits and signs stand in amounts and days."""
    return min((min(4, sum(map(str.isalpha, text))) for text in texts), default=0)


def _of_identifiers(index: Index) -> Iterator[_Wanted]:
    """Give the beginnings of identifiers: DHCP identifiers, names of IPv6 addresses, enterprise numbers, CPE, USB and FCC ids."""
    for begun in DUIDS:
        yield begun, LEFT, 0, _ANYTHING
    yield "3.6.1.4.1.", 0, 0, _ANYTHING
    yield "enterprises.", 0, 0, _ANYTHING
    # and those of net-snmp, which many makers use
    for enterprise in (*index.pen, "8072"):
        for begun in numbers.engine_begins(enterprise):
            yield begun, 0, 0, _ANYTHING
    for vendor in index.cpe:
        yield f":{vendor}", RIGHT, 0, _ANYTHING
    for vendor, rows in index.usb_pci.items():
        yield f"0x{vendor}", LEFT | RIGHT, 0, _ANYTHING
        if any(row.get("bus") != "bluetooth" for row in rows):
            yield vendor, LEFT | RIGHT, 0, _ANYTHING
            # in the name of a driver
            yield f"v{vendor}p", 0, 0, _ANYTHING
            yield f"v0000{vendor}", 0, 0, _ANYTHING
        elif sent := numbers.as_sent(vendor):
            yield sent, LEFT, 0, _ANYTHING
    if index.fcc:
        yield "fcc", LEFT, 0, _ANYTHING
    # bytes of an organisation between commas, as lldpcli prints them
    yield "oui:", LEFT, 0, _ANYTHING
    yield "ip6.arpa", RIGHT, 0, _ANYTHING
    # numbers of storage
    yield "eui.", LEFT, 0, _ANYTHING
    for name in index.oui_short:
        yield f"{name}_", LEFT, 0, _ANYTHING
    for code in index.fcc_bare:
        yield code, LEFT, 0, _ANYTHING


def _by_model_only(row: Mapping[str, Any]) -> bool:
    """Tell whether a relabel counts only where one of its models stands, and every model has an anchor."""
    models = row.get("models") or ()
    return (
        row.get("reach") == "models" and bool(models) and all(literal_anchor(str(model)) for model in models)
    )


def _spellings(token: str) -> list[str]:
    """Give the spellings that have this canonical token."""
    return [token, *(spelling for spelling, canonical in CANONICAL.items() if canonical == token)]


def _token_counts(index: Index) -> dict[str, int]:
    """Count the words of the holders of all other MAC prefixes: a sample of innocent company names."""
    counts: dict[str, int] = {}
    for holders in index.oui_others.values():
        for holder in holders.values():
            for word in holder.lower().replace(",", " ").replace(".", " ").split():
                counts[word] = counts.get(word, 0) + 1
    return counts


def _commonness(token: str, index: Index, counts: dict[str, int]) -> int:
    """Rank a token by how many innocent rows it would let through; lower is rarer."""
    if token in index.lexicon.coined:
        return -1
    if token.isdigit() and len(token) <= 4:
        return 1_000_000
    if len(token) <= 2:
        return 2_000 + counts.get(token, 0)
    if token in index.words.generic or token in index.words.device or token in CANONICAL.values():
        return 100_000
    return counts.get(token, 0) + (_COMMON if token in LEGAL_FORMS else 0)


def prefold(text: str) -> str:
    """Fold text coarsely and fast, for the scan only; a superset of what the exact folding can hit."""
    seen = drawn_together(drawn_latin(text))
    return _strip(unicodedata.normalize("NFKD", seen.casefold())).translate(_HANZI)


def _strip(text: str) -> str:
    table: dict[int, str | None] = {}
    for char in set(text):
        if not char.isascii():
            if is_mark(char):
                table[ord(char)] = None
            elif char in _LATIN or char in _PUNCTUATION:
                table[ord(char)] = _LATIN.get(char) or _PUNCTUATION[char]
    return text.translate(table) if table else text


class Engine(Protocol):
    """Finds literals in bytes, ASCII letters without regard to case."""

    def find(self, data: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Give the numbers of the literals hit and the ends of the hits, in any order."""
        ...


#: What `Compiled` says of a row: a literal stands in it; else the sign of an escape, a byte beyond ASCII.
HIT, ESCAPED, FOREIGN = 1, 2, 4


class Compiled(Protocol):
    """Does the whole of the scan of a column as it is, but for the folding."""

    def rows(self, column: pa.StringArray) -> npt.NDArray[np.uint8]:
        """Give for each row what is said of it."""
        ...


class HyperscanEngine:
    """Hyperscan, literal mode, over the buffer as it is."""

    name = "hyperscan"

    def __init__(self, literals: Literals, kept: bytes | None = None) -> None:
        """Compile the literals, which takes seconds, or take them compiled by this very engine on such a machine.

        Raises:
            ImportError: when the engine is not installed.
            hyperscan.HyperscanError: when what was kept is of another engine, or damaged.
        """
        import hyperscan

        literals = literals.spelled()
        if kept is not None:
            self._database = hyperscan.loadb(kept, hyperscan.HS_MODE_BLOCK)
        else:
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

    def packed(self) -> bytes:
        """Give the compiled literals, for this engine on a machine like this one."""
        import hyperscan

        packed: bytes = hyperscan.dumpb(self._database)
        return packed

    def find(self, data: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Scan; Hyperscan reports every end once per literal."""
        numbers: list[int] = []
        ends: list[int] = []
        add_number, add_end = numbers.append, ends.append

        def hit(number: int, _start: int, end: int, _flags: int, _context: Any) -> None:
            add_number(number)
            add_end(end)

        self._database.scan(cast(Any, data), match_event_handler=hit, scratch=self._scratch)
        return np.array(numbers, dtype=np.int64), np.array(ends, dtype=np.int64)


class AhoEngine:
    """Aho-Corasick over a lowered copy; the portable fallback, and the quicker one to get ready.

    An automaton of the contiguous kind is ready in a sixth of the time of a table of states, and scans a fifth slower:
    up to some hundred megabytes that is less in all.
    """

    name = "ahocorasick"

    def __init__(self, literals: Literals) -> None:
        from ahocorasick_rs import BytesAhoCorasick, Implementation

        self._automaton = BytesAhoCorasick(
            literals.spelled().texts, implementation=Implementation.ContiguousNFA
        )

    def find(self, data: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Scan a lowered copy."""
        lowered = data.copy()
        upper = (lowered >= 65) & (lowered <= 90)
        lowered[upper] += 32
        found = self._automaton.find_matches_as_indexes(cast(Any, lowered), overlapping=True)
        if not found:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        array = np.fromiter(chain.from_iterable(found), dtype=np.int64, count=3 * len(found))
        return array[0::3], array[2::3]


#: Behind the name of literals: as Hyperscan compiled them. It looks itself whether it is the same, on a like machine.
_COMPILED = "-hyperscan"


def engine_for(
    literals: Literals, name: str | None = None, ready: Ready | None = None, kept_as: str = ""
) -> Engine:
    """Give the engine of that name, or Hyperscan where its wheel is installed and the fallback elsewhere.

    Args:
        literals: what it finds.
        name: `hyperscan` or `ahocorasick`.
        ready: keeps what Hyperscan made of these very literals; what was kept serves whatever the name.
        kept_as: the name under which it is kept.
    """
    kept = _kept_engine(literals, ready, kept_as)
    if kept is not None:
        return kept
    if name == "ahocorasick":
        return AhoEngine(literals)
    try:
        engine = HyperscanEngine(literals)
    except ImportError:
        return AhoEngine(literals)
    if ready is not None:
        ready.put(kept_as + _COMPILED, engine.packed())
    return engine


def _kept_engine(literals: Literals, ready: Ready | None, kept_as: str) -> Engine | None:
    """Give the engine as it was kept by this version of it, if it can be had."""
    if ready is None:
        return None
    try:
        import hyperscan
    except ImportError:
        return None
    kept = ready.get(kept_as + _COMPILED)
    try:
        return HyperscanEngine(literals, kept) if kept is not None else None
    except hyperscan.HyperscanError:
        return None


@dataclass(slots=True)
class Scanner:
    """Tells for each row of a text column whether it can hold a signal.

    Attributes:
        literals: what is looked for; none where `compiled` holds it.
        engine: finds the literals, unless `compiled` does.
    """

    literals: Literals | None
    engine: Engine | None
    garbles: Garbles | None = None
    compiled: Compiled | None = None
    _sizes: npt.NDArray[np.int64] = field(init=False, repr=False)
    _flags: npt.NDArray[np.int64] = field(init=False, repr=False)
    _longest: npt.NDArray[np.int64] = field(init=False, repr=False)
    _after: After = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.compiled is not None:
            return
        assert self.literals is not None
        literals = self.literals.spelled()
        self._sizes = np.array([len(text) for text in literals.texts], dtype=np.int64)
        self._flags = np.array(literals.flags, dtype=np.int64)
        self._longest = np.array(literals.longest, dtype=np.int64)
        self._after = After(literals.after)

    def rows(self, column: pa.StringArray) -> npt.NDArray[np.bool_]:
        """Give a mask of the rows of `column` (`pa.string()`) in which an anchor stands.

        Rows with letters outside ASCII are folded and looked at again, rows with the sign of an escape are read first.
        """
        if self.compiled is not None:
            found = self.compiled.rows(column)
            mask: npt.NDArray[np.bool_] = (found & HIT) != 0
            escaped = (found & ESCAPED) != 0
            foreign = (found & FOREIGN) != 0
        else:
            mask, escaped = self._raw_rows(column)
            foreign = _non_ascii_rows(column)
        places = np.flatnonzero(foreign & ~mask)
        texts = column.take(pa.array(places)).to_pylist() if places.size else []
        for number, text in enumerate(texts):
            if escapes.is_shown_otherwise(text) and (read_so := escapes.spelled_out(text)) is not None:
                texts[number] = read_so[0]
        odd = np.flatnonzero(escaped & ~mask)
        if odd.size:
            read = [escapes.spelled_out(text) for text in column.take(pa.array(odd)).to_pylist()]
            spelled = [number for number, one in enumerate(read) if one is not None]
            places = np.concatenate([places, odd[spelled]])
            texts += [one[0] for one in read if one is not None]
        if texts:
            mask[places[self._folded_rows(texts)]] = True
        return mask

    def _folded_rows(self, texts: list[str]) -> npt.NDArray[np.bool_]:
        """Give a mask of the texts in which an anchor stands once they are folded, or a name that was misread."""
        joined = "\x00".join(text.replace("\x00", " ") for text in texts)
        folded = prefold(joined)
        hit = np.zeros(len(texts), dtype=bool)
        for variant in (folded, folded.translate(_CONFUSABLES)):
            column = pa.array(variant.split("\x00"), pa.string())
            if self.compiled is not None:
                hit |= (self.compiled.rows(column) & HIT) != 0
            else:
                hit |= self._raw_rows(column)[0]
        if self.garbles is not None:
            found = self.garbles.find(joined)
            if found:
                sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
                ends = np.cumsum(sizes + 1)
                hit[np.searchsorted(ends, [start for start, _, _ in found], side="right")] = True
        return hit

    def _raw_rows(self, column: pa.StringArray) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Give a mask of the rows in which an anchor stands as it is, and one of those with the sign of an escape."""
        count = len(column)
        mask, escaped = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
        if count == 0:
            return mask, escaped
        offsets, data = buffers(column)
        if data.size == 0:
            return mask, escaped
        start = 0
        while start < count:
            stop = int(np.searchsorted(offsets, offsets[start] + _SLICE_BYTES, side="right")) - 1
            stop = min(max(stop, start + 1), count)
            low, high = int(offsets[start]), int(offsets[stop])
            if high > low:
                self._slice(
                    data[low:high], offsets[start : stop + 1] - low, mask[start:stop], escaped[start:stop]
                )
            start = stop
        return mask, escaped

    def _slice(
        self,
        data: npt.NDArray[np.uint8],
        offsets: npt.NDArray[np.int64],
        mask: npt.NDArray[np.bool_],
        escaped: npt.NDArray[np.bool_],
    ) -> None:
        assert self.engine is not None
        numbers, ends = self.engine.find(data)
        if numbers.size == 0:
            return
        starts = ends - self._sizes[numbers]
        rows = np.searchsorted(offsets, starts, side="right") - 1
        good = ends <= offsets[rows + 1]
        flags = self._flags[numbers]
        signs = (flags & ESCAPE) != 0
        escaped[rows[good & signs]] = True
        good &= ~signs
        before = np.where(starts > offsets[rows], data[np.maximum(starts - 1, 0)], 32)
        last = data.size - 1
        after = np.where(ends < offsets[rows + 1], data[np.minimum(ends, last)], 32)
        good &= ~(((flags & LEFT) != 0) & _ALNUM[before])
        good &= ~(((flags & RIGHT) != 0) & _ALNUM[after])
        first, final = data[starts], data[ends - 1]
        good &= ~(((flags & LEFT_CHANGE) != 0) & _ALNUM[before] & (_KIND[before] == _KIND[first]))
        good &= ~(((flags & RIGHT_CHANGE) != 0) & _ALNUM[after] & (_KIND[after] == _KIND[final]))
        bare = good & ((flags & BARE_MAC) != 0)
        if bare.any():
            places = np.flatnonzero(bare)
            windows = starts[places][:, None] + np.arange(12)
            inside = windows[:, -1] < offsets[rows[places] + 1]
            chars = data[np.minimum(windows, last)]
            masked = ~_ALNUM[chars[:, 6]] | (chars[:, 6] == 120) | (chars[:, 6] == 88)
            fits = inside & (masked | (_HEX[chars].all(axis=1) & ~_DIGIT[chars].all(axis=1)))
            # the first half alone is the whole of a cell
            fits |= (starts[places] == offsets[rows[places]]) & (ends[places] == offsets[rows[places] + 1])
            good[places[~fits]] = False
        bounds = self._longest[numbers]
        bounded = np.flatnonzero(good & (bounds > 0))
        if bounded.size:
            limits = starts[bounded] + bounds[bounded]
            good[bounded[_runs_past(data, ends[bounded], limits, offsets[rows[bounded] + 1])]] = False
        hits = np.flatnonzero(good)
        mask[rows[hits[self._after.fit(data, numbers[hits], ends[hits], offsets[rows[hits] + 1])]]] = True


class After:
    """What can follow each literal, as tables: for each way on and each place a set of bytes, `_END` for the end.

    Bytes outside ASCII, NUL, and a border of a word, end the look: the folding may have joined or dropped what is there.
    """

    def __init__(self, after: Sequence[Way]) -> None:
        ways = {way: number for number, way in enumerate(dict.fromkeys([_ANYTHING, *after]))}
        sets = {chars: number for number, chars in enumerate(dict.fromkeys(chain.from_iterable(ways)), 1)}
        self._way_of = np.array([ways[way] for way in after], dtype=np.int32)
        self._set_at = np.zeros((len(ways), PLACES + 1), dtype=np.int32)
        for way, number in ways.items():
            self._set_at[number, : len(way)] = [sets[chars] for chars in way]
        self._allowed = np.zeros((len(sets) + 1, _END + 1), dtype=bool)
        self._allowed[0] = True
        self._allowed[:, 128:_END] = self._allowed[:, 0] = True
        borders = np.append(~_ALNUM, True)
        for chars, number in sets.items():
            self._allowed[number, list((chars + chars.upper()).replace(BORDER, "").encode())] = True
            if BORDER in chars:
                self._allowed[number] |= borders

    def tables(self) -> tuple[bytes, bytes, bytes]:
        """Give the way of each literal, the sets of each way by place, and the bytes of each set, for the compiled loop."""
        return (
            self._way_of.tobytes(),
            np.ascontiguousarray(self._set_at[:, :PLACES]).tobytes(),
            self._allowed.astype(np.uint8).tobytes(),
        )

    def fit(
        self,
        data: npt.NDArray[np.uint8],
        numbers: npt.NDArray[np.int64],
        ends: npt.NDArray[np.int64],
        stops: npt.NDArray[np.int64],
    ) -> npt.NDArray[np.bool_]:
        """Tell for each hit whether what follows it can follow it.

        Args:
            numbers: the literal of each hit.
            ends, stops: where each hit ends, and its row.
        """
        fits = np.ones(numbers.size, dtype=bool)
        ways = self._way_of[numbers]
        alive = np.flatnonzero(ways)
        for place in range(PLACES):
            sets = self._set_at[ways[alive], place]
            alive, sets = alive[sets > 0], sets[sets > 0]
            if alive.size == 0:
                break
            at = ends[alive] + place
            chars = np.where(at < stops[alive], data[np.minimum(at, data.size - 1)].astype(np.int16), _END)
            good = self._allowed[sets, chars]
            fits[alive[~good]] = False
            alive = alive[good & (chars > 0) & (chars < 128)]
        return fits


def either(one: Way, other: Way) -> Way:
    """Give what can follow where one or the other can."""
    return tuple("".join(sorted({*some, *more})) for some, more in zip(one, other, strict=False))


def _runs_past(
    data: npt.NDArray[np.uint8],
    places: npt.NDArray[np.int64],
    limits: npt.NDArray[np.int64],
    stops: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """Give the numbers of the hits behind which letters and digits go on past a limit, so that no match can end there.

    Args:
        places: where each hit ends.
        limits: the first place at which a match that begins with the hit has ended.
        stops: the end of its row.
    """
    past: list[npt.NDArray[np.int64]] = []
    alive = np.arange(places.size)
    at = places
    while alive.size:
        going = at < stops[alive]
        going[going] = _ALNUM[data[at[going]]]
        alive, at = alive[going], at[going]
        over = at >= limits[alive]
        past.append(alive[over])
        alive, at = alive[~over], at[~over] + 1
    return np.concatenate(past) if past else np.empty(0, np.int64)


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
    if (
        whole
        and not (view[:whole].view(np.uint64) & np.uint64(0x8080808080808080)).any()
        and not (view[whole:] >= 128).any()
    ):
        return mask
    places = np.flatnonzero(view >= 128) + low
    mask[np.searchsorted(offsets, places, side="right") - 1] = True
    return mask
