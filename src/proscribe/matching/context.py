"""Words around a hit that change what it means.

A hit that is negated, that an accessory is for, or that software talks to, speaks of a firm without being its
equipment. The rules below are about order of words; the words themselves are knowledge (`context/words.yml`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from proscribe.matching.index import Index
from proscribe.matching.normalize import LEGAL_FORMS
from proscribe.matching.record import COMPANY_FIELDS, Record
from proscribe.matching.signals import Signal
from proscribe.model.findings import MentionKind

_PURL_TYPE = re.compile(r"pkg:([a-z0-9.+-]+)/")
# NVD names a vendor nobody else claims after the program: somebody's client, not the maker's device.
_CPE_PROJECT = re.compile(r"cpe:[^\s:]*:(?:[aoh]:)?[^\s:]*_project:")
_CLAUSE = re.compile(r"[,;()\[\]|\n]|\s[-–—+&/]\s|\s[-–—]|[.!?](?=\s)")
_REACH = 12


class Surroundings:
    """The tokens of one cell, with the hits and clause breaks marked."""

    __slots__ = (
        "breaks",
        "cell",
        "ends",
        "hit_tokens",
        "index",
        "record",
        "software_brand",
        "starts",
        "words",
    )

    def __init__(self, record: Record, index: Index, cell: int, signals: list[Signal]) -> None:
        self.record = record
        self.index = index
        self.cell = cell
        self.words = record.words(cell)
        tokens = record.cells[cell].tokens
        text = record.cells[cell].folded.text
        #: a program of the firm is named, and no model number or other hard sign of a device
        self.software_brand = any(
            signal.cell == cell and signal.category == "software" for signal in signals
        ) and all(signal.matcher in ("entity_name", "brand") for signal in signals)
        spans = [(signal.start, signal.end) for signal in signals if signal.cell == cell]
        spans += [
            (hit.start, hit.end)
            for hit in record.hits[cell]
            if hit.phrase.matcher in ("entity_name", "brand", "other_maker", "relabel")
        ]
        self.starts = [token.start for token in tokens]
        self.ends = [token.end for token in tokens]
        self.hit_tokens = frozenset(place for span in spans for place in self._tokens_in(*span))
        # breaks[i] is true when a clause ends between token i-1 and token i
        self.breaks = tuple(
            place > 0 and bool(_CLAUSE.search(text[tokens[place - 1].end : token.start]))
            for place, token in enumerate(tokens)
        )

    def bounds(self, signal: Signal) -> tuple[int, int]:
        """Give the token range of a signal, last exclusive."""
        inside = self._tokens_in(signal.start, signal.end)
        return (inside[0], inside[-1] + 1) if inside else (0, 0)

    def _tokens_in(self, start: int, end: int) -> range:
        """Give the tokens that a span touches."""
        return range(bisect_right(self.ends, start), bisect_left(self.starts, end))

    def clause(self, first: int, last: int) -> tuple[int, int]:
        """Give the token range of the clause around a token range."""
        start = first
        while start > 0 and not self.breaks[start]:
            start -= 1
        end = last
        while end < len(self.words) and not self.breaks[end]:
            end += 1
        return start, end


def judge(around: Surroundings, signal: Signal) -> MentionKind | None:
    """Tell what kind of mention a hit is, or `None` when it stands for the thing itself."""
    first, last = around.bounds(signal)
    if last == 0:
        return None
    words = around.index.words
    field = around.record.cells[around.cell].field
    if _negated(around, first, last):
        return MentionKind.NEGATED
    if signal.category in ("accessory", "passive_accessory"):
        return MentionKind.ACCESSORY
    text = around.record.cells[around.cell].folded.text
    if "cpe:" in text and _CPE_PROJECT.search(text):
        return MentionKind.SOFTWARE
    if field == "cpe":
        return None
    purl = _PURL_TYPE.search(text)
    if purl is not None and purl.group(1) in words.software_purl_types:
        return MentionKind.SOFTWARE
    if field in COMPANY_FIELDS:
        return None
    relation = _compatible(around, first, last)
    if relation is not None:
        return relation
    if not text.isascii() and any(
        text.endswith(word, 0, signal.start) for word in words.unspaced_compatibility
    ):
        return MentionKind.COMPATIBLE
    if _accessory_head(around, first, last):
        return MentionKind.ACCESSORY
    if signal.category == "software" or (not around.record.device_words and around.software_brand):
        return MentionKind.SOFTWARE
    if words.competitor.anywhere(around.words) and _beside_competitor(around, first, last):
        return MentionKind.COMPETITOR
    if signal.matcher in ("entity_name", "brand", "fingerprint") and field not in _SAID_BY_DEVICES:
        return _spoken_of(around, first, last)
    return None


#: Fields in which a device speaks for itself.
_SAID_BY_DEVICES = ("banner", "certificate", "user_agent")


def _spoken_of(around: Surroundings, first: int, last: int) -> MentionKind | None:
    """Tell a name beside words of software, or of news and contracts, from one that stands for the thing."""
    words = around.index.words
    software = any(
        words.software.starting_at(around.words, place)
        for place in range(len(around.words))
        if place not in around.hit_tokens
        # "... Software Co., Ltd" is a company, not a program
        and not (place + 1 < len(around.words) and around.words[place + 1] in LEGAL_FORMS)
    )
    if software and not _bought_device(around, first, last):
        return MentionKind.SOFTWARE
    if not around.record.device_words and words.reference.anywhere(
        [word for place, word in enumerate(around.words) if place not in around.hit_tokens]
    ):
        return MentionKind.REFERENCE
    return None


def _bought_device(around: Surroundings, first: int, last: int) -> bool:
    """Tell whether a device word or model stands in the hit's clause and no software word is its head."""
    start, end = around.clause(first, last)
    words = around.index.words
    last_device = last_software = -1
    for place in range(start, end):
        word = around.words[place]
        if place in around.hit_tokens:
            continue
        if word in words.device:
            last_device = place
        if words.software.starting_at(around.words, place):
            last_software = place
    return last_device > last_software


def _negated(around: Surroundings, first: int, last: int) -> bool:
    words, listed = around.words, around.index.words
    text = around.record.cells[around.cell].folded.text
    tokens = around.record.cells[around.cell].tokens
    if last < len(words) and words[last] in ("free", "frei"):
        return True
    if _set_aside_after(around, last):
        return True
    start = tokens[first].start
    if not text.isascii() and any(
        text.endswith(word, 0, max(start, _hit_start(around, first))) for word in listed.unspaced_negations
    ):
        return True
    place = first - 1
    steps = 0
    skipped = False
    while place >= 0 and steps < _REACH:
        size = listed.replacements.ending_at(words, place)
        if size:
            return not _rival_between(around, place + 1, first)
        size = listed.negations.ending_at(words, place)
        if size and not (skipped and not listed.reaching.ending_at(words, place)):
            # "no" before a number is a count or a reference: "No. 5", "no 12"
            if words[place] in ("no", "n") and place + 1 < len(words) and words[place + 1].isdigit():
                return False
            if words[place] == "no" and text[tokens[place].end : tokens[place].end + 1] == ".":
                return False
            return not (words[place] == "ex" and place + 1 < first)
        if place + 1 <= first and around.breaks[place + 1] and not _list_break(around, place + 1):
            return False
        if not (
            words[place] in listed.carriers or words[place] in listed.device or place in around.hit_tokens
            or words[place].isdigit()
        ):  # fmt: skip
            if skipped or words[place] in _OPENERS:
                return False
            skipped = True
        place -= 1
        steps += 1
    return False


#: Words that begin a new thing, so that what was said before does not govern it.
_OPENERS = frozenset(
    [
        "with",
        "by",
        "mit",
        "durch",
        "avec",
        "par",
        "con",
        "por",
        "da",
        "med",
        "through",
        "plus",
        "new",
        "neu",
        "nouveau",
        "nuevo",
        "nuova",
        "now",
        "jetzt",
        "but",
    ]
)


def _rival_between(around: Surroundings, first: int, last: int) -> bool:
    """Tell whether another maker stands between: `replaces Axis with Hikvision` puts Hikvision in."""
    return any(
        hit.phrase.matcher == "other_maker" and first <= hit.first and hit.last <= last
        for hit in around.record.hits[around.cell]
    )


def _hit_start(around: Surroundings, first: int) -> int:
    """Give where the first hit inside token `first` begins; a run of ideographs is one token."""
    token = around.record.cells[around.cell].tokens[first]
    return min(
        (hit.start for hit in around.record.hits[around.cell] if token.start <= hit.start < token.end),
        default=token.start,
    )


#: Words that, behind the thing itself, say that it is gone or not allowed.
_GONE = frozenset(
    [
        "removed",
        "uninstalled",
        "dismantled",
        "scrapped",
        "disposed",
        "prohibited",
        "banned",
        "forbidden",
        "disallowed",
    ]
)


def _set_aside_after(around: Surroundings, last: int) -> bool:
    """Tell whether the words after a hit say that the thing was removed, is barred, or is what another replaces."""
    words, listed = around.words, around.index.words
    if (
        last < len(words)
        and words[last] in listed.trailing_negations
        and (last + 1 >= len(words) or around.breaks[last + 1] or words[last + 1] == "out")
    ):
        return words[last] not in ("replacement", "replacements", "removal")
    place = last
    while place < len(words) and place - last <= 6 and not around.breaks[place]:
        if words[place] in _GONE:
            return True
        if words[place] == "replaced" and place + 1 < len(words) and words[place + 1] in ("by", "with"):
            return True
        if not (
            words[place] in listed.device
            or words[place] in listed.carriers
            or place in around.hit_tokens
            or words[place].isdigit()
        ):
            return False
        place += 1
    return False


def _list_break(around: Surroundings, place: int) -> bool:
    """Tell whether the break before token `place` is a comma or slash inside a list of names."""
    tokens = around.record.cells[around.cell].tokens
    between = around.record.cells[around.cell].folded.text[tokens[place - 1].end : tokens[place].start]
    return between.strip() in (",", "/", "&", "+", "", "(") and place - 1 in around.hit_tokens


#: "For" in the languages of ledgers: what is paid or done for a thing is not compatible with it.
_PLAIN_FOR = frozenset(["for", "fur", "fuer", "pour", "para", "voor", "dla", "per", "用于", "для"])


def _compatible(around: Surroundings, first: int, last: int) -> MentionKind | None:
    words, listed = around.words, around.index.words
    if (
        last < len(words)
        and not around.breaks[last]
        and (
            words[last].startswith(("compatib", "kompatib"))
            or (words[last] in ("style", "type", "like") and last + 1 < len(words))
        )
    ):
        return MentionKind.COMPATIBLE
    place = first - 1
    while place >= 0 and first - place <= _REACH:
        size = listed.compatibility.ending_at(words, place)
        if size:
            start = place - size + 1
            before = words[:start]
            plain = words[place] in _PLAIN_FOR and size == 1
            if (
                plain
                and any(word in listed.service for word in before)
                and not any(word in listed.accessory for word in before)
            ):
                return None
            if any(word in listed.accessory for word in before):
                return MentionKind.ACCESSORY
            if any(listed.software.starting_at(words, at) for at in range(start)):
                return MentionKind.SOFTWARE
            return MentionKind.COMPATIBLE
        if around.breaks[place + 1] and not _list_break(around, place + 1):
            return None
        if not (
            words[place] in listed.carriers or words[place] in listed.device or place in around.hit_tokens
            or words[place].isdigit()
        ):  # fmt: skip
            return None
        place -= 1
    return None


#: Device words that also name a set of small parts.
_KIT_WORDS = frozenset({"kit", "set", "unit", "units"})


def _accessory_head(around: Surroundings, first: int, last: int) -> bool:
    words, listed = around.words, around.index.words
    start, end = around.clause(first, last)
    if start > 0:
        lead_end = around.clause(0, 1)[1]
        lead = range(lead_end)
        if (
            lead_end <= start
            and any(_is_accessory(words[at], listed.accessory) for at in lead)
            and not any(
                (words[at] in listed.device and words[at] not in _KIT_WORDS) or at in around.hit_tokens
                for at in lead
            )
        ):
            return True
    accessories = [
        place
        for place in range(start, end)
        if place not in around.hit_tokens
        and (
            _is_accessory(words[place], listed.accessory) or listed.accessory_phrases.ending_at(words, place)
        )
        and not (words[place] in ("battery", "batteries", "akku") and not around.record.device_words)
    ]
    for place in accessories:
        before = words[place - 1] if place > 0 else ""
        after = words[place + 1] if place + 1 < end else ""
        if (after in listed.device and after not in _KIT_WORDS) or (
            place + 1 in around.hit_tokens
            and place + 2 < end
            and words[place + 2] in listed.device
            and place >= first
        ):
            continue
        if any(words[at] in listed.bundle for at in range(last, place)) or before in listed.bundle:
            continue
        if place >= last:
            rest = [
                words[at]
                for at in range(place + 1, end)
                if at not in around.hit_tokens
                and not _is_accessory(words[at], listed.accessory)
                and words[at] not in _KIT_WORDS
            ]
            if not any(word in listed.device for word in rest):
                return True
        elif place < first and not any(
            words[at] in listed.device and at not in around.hit_tokens for at in range(start, place)
        ):
            return True
    return False


def _is_accessory(word: str, listed: frozenset[str]) -> bool:
    if word in listed:
        return True
    if len(word) > 7 and word.isascii():
        # German and Dutch compounds end in the thing they name: Handyhuelle, Displayschutzfolie.
        return any(word[cut:] in listed for cut in range(3, len(word) - 4))
    return not word.isascii() and any(item in word for item in listed if not item.isascii())


def _beside_competitor(around: Surroundings, first: int, last: int) -> bool:
    listed = around.index.words.competitor
    return any(
        listed.ending_at(around.words, place)
        for place in range(max(0, first - 4), first)
        if all(
            at in around.hit_tokens
            or around.words[at] in around.index.words.carriers
            or listed.ending_at(around.words, at)
            for at in range(place, first)
        )
    )


def several_makers(around: Surroundings, signal: Signal) -> bool:
    """Tell whether the text leaves open which maker it is: `A or B`, or a list of makers' names."""
    first, last = around.bounds(signal)
    if last == 0:
        return False
    words, index = around.words, around.index
    group = index.group_of(signal.entity)
    rivals = [
        (place_first, place_last, key)
        for place_first, place_last, key in _makers(around)
        if key != group and not (place_first < last and first < place_last)
    ]
    if not rivals:
        return False
    others = [(place_first, place_last) for place_first, place_last, _ in rivals]
    if any(word in index.words.alternatives for word in words):
        for other_first, other_last in others:
            low, high = (last, other_first) if other_first >= last else (other_last, first)
            between = words[low:high]
            if len(between) <= 4 and any(word in ("or", "oder", "ou", "o", "或", "или") for word in between):
                return True
        if words and words[0] == "rebranded":
            return True
    return len({key for _, _, key in rivals}) >= 2


def _makers(around: Surroundings) -> list[tuple[int, int, str]]:
    index = around.index
    return [
        (
            hit.first,
            hit.last,
            index.group_of(hit.phrase.key)
            if hit.phrase.matcher in ("entity_name", "brand")
            else index.group_of(hit.phrase.key)
            if hit.phrase.matcher == "relabel"
            else f"other:{hit.phrase.text.lower()}",
        )
        for hit in around.record.hits[around.cell]
        if hit.phrase.matcher in ("entity_name", "brand", "other_maker", "relabel")
    ]
