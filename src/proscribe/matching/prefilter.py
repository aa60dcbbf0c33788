"""Between the scan for literals and the judgement of a record: which cells that were hit can speak at all.

In ledgers a literal hit is rare and nearly always means something. In scans of networks short literals (`server`,
`80/tcp`, `8.9`) stand in nearly every record and nearly never mean anything. Every signal begins with a phrase, a
pattern, a number or a prefix inside one cell; a cell in which none of these is found yields none in any record, so it
is looked at once per distinct text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from proscribe.matching.addresses import BASE64_ADDRESS, bits_turned, is_of_group
from proscribe.matching.compiled import lettered
from proscribe.matching.index import Index
from proscribe.matching.lexicon import CUT, is_within_homonym
from proscribe.matching.line import devices_told
from proscribe.matching.matchers import model_number, numbers, oui
from proscribe.matching.record import ASIDE, Record, Seen, may_know
from proscribe.matching.registry import said_by
from proscribe.matching.scanner import buffers
from proscribe.matching.signals import Signal
from proscribe.matching.unknown_maker import is_lone_name

if TYPE_CHECKING:
    import pyarrow as pa

#: Kinds of phrases that matchers make signals of; the others only speak against one.
_SPEAKING = frozenset({"entity_name", "brand", "relabel", "phone"})
#: Of these, what is heard in the name of somebody who only bears it, too.
_WHATEVER_NAME = frozenset({"phone"})
#: Forms of names that are pieces of one; whose name such a piece also is, is judged in its record.
_PIECES = frozenset({"initials", CUT})
#: Ports need a maker found elsewhere in the record; alone they say nothing.
_NEVER_ALONE = "fingerprint:port"
_NIBBLE = np.full(256, 255, dtype=np.uint8)
for _place, _char in enumerate(b"0123456789abcdef"):
    _NIBBLE[_char] = _place
for _place, _char in enumerate(b"ABCDEF", start=10):
    _NIBBLE[_char] = _place
_PAIRS = (0, 1, 3, 4, 6, 7, 9, 10, 12, 13, 15, 16)
_BETWEEN = (2, 5, 8, 11, 14)


#: What a cell can do in a record: yield no signal, one beside the brand of a relabel alone, or one without help.
SILENT, BESIDE_BRAND, SPEAKS = 0, 1, 2


def speech(index: Index, seen: Seen, column: str, kind: str) -> int:
    """Tell what a cell can do: `SPEAKS` where it can yield a signal that stands without help, in whatever record.

    `BESIDE_BRAND` where nothing else stands in it than numbers that say nothing unless the brand, or the maker, is named too.

    Args:
        index: compiled knowledge.
        seen: the cell taken apart.
        column, kind: the column's name and its field.
    """
    if kind == "fcc_id" or any(
        hit.phrase.matcher in _SPEAKING
        and (
            hit.phrase.matcher in _WHATEVER_NAME
            or hit.phrase.form in _PIECES
            or not is_within_homonym(hit, seen.hits)
        )
        for hit in seen.hits
    ):
        return SPEAKS
    least = SILENT
    if "relabels" in seen.tried:
        for pattern, _, _ in index.relabel_models.find(seen.cell.folded.text, seen.tried["relabels"]):
            if index.relabels[int(str(pattern.row["number"]))].get("alone"):
                return SPEAKS
            least = BESIDE_BRAND
    said = [signal for some in said_by(seen, index) for signal in some if signal.group != _NEVER_ALONE]
    speaking = (signal for signal in said if not _needs_its_maker(signal))
    if kind != ASIDE and least == SILENT and any(map(_needs_its_maker, said)):
        least = BESIDE_BRAND
    if kind != ASIDE or seen.device_words:
        return SPEAKS if next(speaking, None) is not None else least
    # Where nobody looks for models, a number that needs something beside it says nothing.
    if any(signal.matcher != model_number.NAME or not _asks_for_more(signal) for signal in speaking):
        return SPEAKS
    if "models" in seen.tried and numbers.foreign_vendor(Record.of_cells((seen,)), index) is not None:
        return SPEAKS
    return least


def names_a_firm(seen: Seen) -> bool:
    """Tell whether a cell names a firm, a brand or a relabel, whoever may bear the name."""
    return any(hit.phrase.matcher in _SPEAKING for hit in seen.hits)


def _needs_its_maker(signal: Signal) -> bool:
    """Tell whether nothing but its maker's name, or what speaks for itself, lets a number count: see `needs_met`."""
    return signal.needs == "maker" and signal.matcher == model_number.NAME


def _asks_for_more(signal: Signal) -> bool:
    """Tell whether a number of models needs something beside it."""
    return signal.strength in ("weak", "support") or signal.needs != "none"


def is_question_at_most(index: Index, seen: Seen) -> bool:
    """Tell whether all that a text can say, in a record without a device and without another sign, is a question.

    Nothing speaks in it but numbers of models that others use too; alone in their cell they weigh what `weak` and
    `support` weigh.
    """
    if index.weights["weak"] + index.weights["support"] >= index.bands["probable"]:
        return False
    if "relabels" in seen.tried or names_a_firm(seen):
        return False
    return all(
        signal.matcher == model_number.NAME and signal.strength == "weak"
        for said in said_by(seen, index)
        for signal in said
    )


#: Kinds of cells in which nothing counts that would not count in a text.
_LIKE_TEXT = frozenset(
    {
        "text",
        "note",
        "aside",
        "other",
        "product_name",
        "model_number",
        "part_number",
        "vendor_name",
        "maker_name",
    }
)
#: Without one of these no registered number stands in a text.
_NUMBERED = re.compile(
    r"[0-9a-f]{4}[:/&,;\s]|0x[0-9a-f]{4}|v[0-9a-f]{4}p|^[0-9a-f]{6}|80[: -]?0|\.4\.1|enterprises|cpe:|fcc|pci"
)
#: What is left at least of an address that lost the noughts in front of it.
_NOUGHTS_LOST = 9
#: No hardware address is shorter.
_SHORTEST_ADDRESS = 11


def is_silent(index: Index, text: str, kind: str) -> bool:
    """Tell, at a fraction of the cost of taking it apart, that a cell yields no signal; `False` says nothing."""
    if kind not in _LIKE_TEXT or may_know(index, text):
        return False
    folded = text.lower()
    if _NUMBERED.search(folded) is not None or (len(folded) >= _SHORTEST_ADDRESS and oui.may_hold(folded)):
        return False
    return not index.book.tried(folded)


#: Kinds of cells of which a judgement asks nothing but what is named in them.
_MAY_BE_INERT = frozenset({"text", "vendor_name", "note", "other"})


#: Longer texts are told of a thing, and do not only name it.
_SHORT_DESCRIPTION = 12
_PARTS = frozenset({"accessory", "fixture"})
#: One for all cells without a device, since many are remembered.
_NO_DEVICE: frozenset[str] = frozenset()


def inert(index: Index, seen: Seen) -> frozenset[str] | None:
    """Give the words for devices of a cell that adds nothing else to any record; `None` where it may add more.

    Nothing that any matcher looks for stands in it, no name of another maker, no word for a thing that none of the firms
    makes, and in one of few words no accessory or licence, beside which a maker or what it fits may stand. A judgement sees
    such a cell by its device words alone, and, in a record without any, by the nouns of `line.devices_told`, which begin with
    a line break here. What it is as a description beside a column of makers, `described.bearing` tells.
    """
    cell = seen.cell
    if seen.hits or not cell.tokens or cell.field not in _MAY_BE_INERT or not cell.folded.text.isascii():
        return None
    if is_lone_name(index, seen):
        return None
    if said_by(seen, index) or numbers.opens_line(cell.folded.text):
        return None
    if "relabels" in seen.tried and next(
        index.relabel_models.find(cell.folded.text, seen.tried["relabels"]), None
    ):
        return None
    words = seen.words
    if len(words) <= _SHORT_DESCRIPTION and (
        seen.may_be(index) & _PARTS or index.words.licences.anywhere(words)
    ):
        return None
    if index.words.foreign.anywhere(words):
        return None
    told = seen.device_words or {f"\n{noun}" for noun in devices_told(Record.of_cells((seen,)), index)}
    return frozenset(told) if told else _NO_DEVICE


class PrefixMask:
    """The 24-bit blocks in which some known entity holds addresses, for whole columns at a time.

    The same blocks with the bits of each byte turned round count where no device can have them as they stand.
    """

    def __init__(self, index: Index) -> None:
        self._bits = np.zeros(1 << 21, dtype=np.uint8)
        for rows in index.oui.values():
            for prefix, row in rows.items():
                if row.get("entity"):
                    number = int(prefix[:6], 16)
                    turned = bits_turned(number)
                    for one in (number, turned) if is_of_group(turned) else (number,):
                        self._bits[one >> 3] |= 1 << (one & 7)

    def rows(self, column: pa.StringArray) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Look at a column of `pa.string()`.

        Returns:
            Which cells are one address as most programs write it, six pairs with colons or dashes, and which of these lie
            in a block of a known entity. Other cells have to be read by other means.
        """
        offsets, data = buffers(column)
        plain = np.diff(offsets) == 17
        if column.null_count:
            plain &= column.is_valid().to_numpy(zero_copy_only=False)
        held = np.zeros(len(column), dtype=bool)
        places = np.flatnonzero(plain)
        if places.size == 0:
            return plain, held
        chars = data[offsets[places][:, None] + np.arange(17)]
        marks = chars[:, _BETWEEN]
        nibbles = _NIBBLE[chars[:, _PAIRS]]
        good = (((marks == 58) | (marks == 45)).all(axis=1)) & (nibbles < 16).all(axis=1)
        plain[places[~good]] = False
        places, nibbles = places[good], nibbles[good]
        number = np.zeros(places.size, dtype=np.uint32)
        for nibble in range(6):
            number = (number << np.uint32(4)) | nibbles[:, nibble].astype(np.uint32)
        bits = self._bits[number >> np.uint32(3)] >> (number & np.uint32(7)).astype(np.uint8)
        held[places] = (bits & 1).astype(bool)
        return plain, held

    def squeezed(self, column: pa.StringArray) -> npt.NDArray[np.bool_]:
        """Give a mask of the cells whose hex digits, whatever stands between them, are an address or its first half
        in a block of a known entity, and of those that are as long as an address and have other digits: they are rare."""
        import pyarrow.compute as pc

        digits = pc.replace_substring_regex(column, r"(?i)^\s*mac|[^0-9a-f]", "").fill_null("")
        offsets, data = buffers(digits)
        usual = np.isin(np.diff(offsets), (6, 12))
        places = np.flatnonzero(usual)
        long = pc.greater_equal(pc.utf8_length(column), _SHORTEST_ADDRESS).fill_null(False)
        coded = pc.match_substring_regex(column, BASE64_ADDRESS).fill_null(False)
        worth = np.asarray(long.to_numpy(zero_copy_only=False), dtype=np.bool_)
        # one of nine digits or more may have lost its noughts
        held: npt.NDArray[np.bool_] = ~usual & (worth | (np.diff(offsets) >= _NOUGHTS_LOST))
        if places.size:
            nibbles = _NIBBLE[data[offsets[places][:, None] + np.arange(6)]]
            number = np.zeros(places.size, dtype=np.uint32)
            for nibble in range(6):
                number = (number << np.uint32(4)) | nibbles[:, nibble].astype(np.uint32)
            held[places] = (
                self._bits[number >> np.uint32(3)] >> (number & np.uint32(7)).astype(np.uint8) & 1
            ).astype(bool)
        return held | np.asarray(coded.to_numpy(zero_copy_only=False), dtype=np.bool_)


#: Cells without a letter are numbers, days and amounts, unless they are as long as a hardware address or an object id.
LONG_NUMBER = 12
_LETTER = np.zeros(256, dtype=bool)
_LETTER[65:91] = _LETTER[97:123] = _LETTER[128:] = True


def worth_scanning(column: pa.StringArray) -> npt.NDArray[np.bool_]:
    """Give a mask of the cells of a `pa.string()` column that may hold more than a short number, a day or an amount."""
    found = lettered(column, LONG_NUMBER)
    return found if found is not None else worth_scanning_slowly(column)


def worth_scanning_slowly(column: pa.StringArray) -> npt.NDArray[np.bool_]:
    """Give the same without the compiled loop."""
    offsets, data = buffers(column)
    sizes = np.diff(offsets)
    mask = sizes >= LONG_NUMBER
    filled = np.flatnonzero(sizes > 0)
    if filled.size:
        low, high = int(offsets[0]), int(offsets[-1])
        letters = np.concatenate(([0], np.cumsum(_LETTER[data[low:high]], dtype=np.int64)))
        mask |= letters[offsets[1:] - low] > letters[offsets[:-1] - low]
    if column.null_count:
        mask &= column.is_valid().to_numpy(zero_copy_only=False)
    return mask
