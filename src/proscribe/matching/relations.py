"""What is for a thing, or works with it, and which noun of a line is its head: "bracket for", "compatible with"."""

from __future__ import annotations

import re

from proscribe.matching.denials import Denials
from proscribe.matching.exchanges import REACH, REMOVAL
from proscribe.matching.going import ASKING
from proscribe.matching.line import Term, unspaced
from proscribe.matching.readings import ITSELF, WHEN_GONE, WHETHER_CAME, WHETHER_DONE, Reading
from proscribe.matching.signals import Signal
from proscribe.model.findings import MentionKind

_HANGUL = re.compile(r"[\uac00-\ud7a3]")
#: How many terms beside a noun may say that it is another thing's.
NEAR = 3
#: What Arabic writes before a name for both `for` and `of`.
_OF_IN_ARABIC = "\u0644"
#: What may not stand before an accessory that begins a line.
_NO_LEAD = frozenset(["hit", "place", "install", "in", "model", "code", "still", "stored", "in_use", "gone"])
#: Signs behind which a list goes on to another kind of thing.
_SIGNS_OF_NEXT = ("+", "&", ":", ";")
#: How many signs behind a name a question mark of its own stands at most.
_MARK_WITHIN = 2
#: What people do with things and not with firms.
_HANDLING = frozenset(["choice", "choice_post", "despite", "install", "still"])
#: Words by which an accessory comes with a thing.
_COMES_WITH = frozenset(["with", "without", "included"])
#: Words that end the phrase a name stands in.
_BOUNDING = frozenset(
    ["for", "compat", "with", "without", "in", "replaces", "replaced_by", "instead", "exchange", "gone"]
)
#: What is done with things, and seldom with what holds them.
_DONE_WITH_THINGS = frozenset(["service", "in_use", "still", "stored", "removal", "remove"])
#: Parts that are also devices in their own right, unless a device is named beside them.
_POWERED = frozenset(["battery", "batteries", "akku"])
#: What lays a radio or a phone in charge, and where ships and lorries lie.
_DOCKS = frozenset(["dock", "docks"])
#: Sorts of devices that no dock charges.
_FIXED = frozenset(["camera", "recorder", "switch", "router", "wireless", "server", "doorbell"])
#: Signs that say that what stands before them is what stands behind them: "wall box = Huawei EG8145V5".
_EQUAL = ("=", "==", "≙")


class Relations(Denials):
    """One hit in its line, and what the nouns beside it make of it."""

    __slots__ = ()

    def relation(self) -> Reading | None:
        """Read words like `for` and `compatible with`, which make what stands before them the head."""
        terms = self.terms
        behind = len(terms) if self.line.quiet else self._behind()
        while behind < len(terms) and self._is_further_number(behind):
            behind += 1  # "P20/P30用ケース"
        if behind < len(terms) and not terms[behind].brk and "for_post" in terms[behind].tags:
            rest = terms[behind + 1 : self.line.segment(self.first, self.last)[1]]
            if any(term.tags & {"accessory", "fixture"} for term in rest):
                return Reading(MentionKind.ACCESSORY)
            return Reading(MentionKind.COMPATIBLE)
        if (likened := self._likened()) is not None:
            return likened
        if self.line.quiet:
            return None
        skipped = False
        for place in range(self.first - 1, max(0, self.first - REACH) - 1, -1):
            term = terms[place]
            if "for_post" in term.tags and place and not term.brk and self._is_use(place):
                continue  # "工事用無線機 Hytera": it is what stands before it that the thing is for
            if term.tags & {"for", "compat"} and not ("for" in term.tags and self._swapped(place)):
                led = any(earlier.tags & {"accessory", "fixture"} for earlier in terms[:place])
                if "for_post" in term.tags and place + 1 == self.first and place and not (led or term.brk):
                    # "监控用华为": for watching, or with which one watches
                    return Reading(asks=True, question=ITSELF, why=f"{term.text!r} stands before it")
                return self._for(place) if led or not skipped else None
            if terms[place + 1].brk and not self._in_list(place + 1):
                return None
            if not (
                term.text in self.listed.carriers
                or term.tags & {"device", "hit", "number", "code", "attribute", "model"}
            ):
                if skipped or term.tags - {"head_first", "head_last"}:
                    return None
                skipped = True  # "uchwyt do kopułki Hikvision": the noun may be any
        return None

    def _likened(self) -> Reading | None:
        """Read a word right behind the name that makes of a thing one like it: "Hikvision compatible", "Dahua-Typ"."""
        terms = self.terms
        if self.last >= len(terms) or terms[self.last].brk:
            return None
        word = terms[self.last].text
        like = word.startswith(("compatib", "kompatib")) and "compat" not in terms[self.last].tags - {
            "head_last"
        }
        ahead = word in ("type", "like") and self.last + 1 < len(terms)
        if like or ahead or word in ("compatible", "style", "lookalike", "clone"):
            return Reading(MentionKind.COMPATIBLE)
        if word in ("type", "typ", "typs", "like", "art") and self._is_hyphened():
            return Reading(asks=True, question=ITSELF, why=f"{word!r}: it may only be like one")
        return None

    def _is_hyphened(self) -> bool:
        """Tell whether a hyphen ties the name to the word behind it, and no number of a thing stands behind that: "Dahua-Typ"."""
        text = self.around.record.cells[self.around.cell].folded.text
        if text[self.terms[self.last - 1].end : self.terms[self.last].start] != "-":
            return False
        return not any(term.tags & {"model", "code"} for term in self.terms[self.last + 1 :])

    def _is_further_number(self, place: int) -> bool:
        """Tell whether a term with figures stands behind a name, or behind a slash in a list of such."""
        numbered = any(map(str.isdigit, self.terms[place].text))
        return numbered and self._sign_before(place) in ("", "/")

    def _is_use(self, place: int) -> bool:
        """Tell whether a word like `for` stands between what a thing is used for and the thing itself.

        The thing may be named by its maker and a noun or number behind it: "配信用HUAWEIドングル".
        """
        before, behind = self.terms[place - 1], self.terms[place + 1]
        named = "device" in behind.tags and "hit" not in behind.tags
        if place + 1 == self.first and not behind.brk:
            named = self._behind() > self.last or bool(behind.tags & {"device", "model"})
        return named and not before.tags & {"hit", "device", "accessory", "fixture"}

    def _swapped(self, place: int) -> bool:
        return any("swap" in term.tags for term in self.terms[:place])

    def _for(self, place: int) -> Reading | None:
        """Read what stands before a word like `for`."""
        before = self.terms[:place]
        plain = "for" in self.terms[place].tags
        # "support" is a bracket before `pour` and a service before `for`
        service = self.terms[place].text == "for"
        part = any(
            term.tags & {"accessory", "fixture"} and not (service and "service" in term.tags)
            for term in before
        )
        if (
            plain
            and not part
            and any(term.tags & {"service", "install"} | term.tags & REMOVAL for term in before)
        ):
            return None
        if part:
            return Reading(MentionKind.ACCESSORY)
        if "made_for" in self.terms[place].tags:
            # who has a camera made sells it
            return Reading(asks=True, question=ITSELF, why=f"{self.terms[place].text!r} stands before it")
        low, high = self.line.statement(self.first, self.last)
        if plain and any(term.tags & {"choice", "choice_post"} for term in self.terms[low:high]):
            return None  # "für Dahua entschieden": it is what was chosen
        if self.terms[place].text == _OF_IN_ARABIC and place and "device" in self.terms[place - 1].tags:
            return Reading(asks=True, question=ITSELF, why="it may be of the firm, or for its things")
        words = self.around.words
        if any(
            self.listed.software.starting_at(words, n)
            for n in range(len(words))
            if self.around.record.cells[self.around.cell].tokens[n].end <= self.terms[place].start
        ):
            return Reading(MentionKind.SOFTWARE)
        thing = self._is_thing(range(place + 1, len(self.terms)))
        known = any(
            term.tags & {"model", "code", "hit", "number"} or self._is_told_device(term) for term in before
        )
        if plain and thing and not known:
            return Reading(asks=True, question=ITSELF, why=f"{self.terms[place].text!r} stands before it")
        return Reading(MentionKind.COMPATIBLE)

    def _is_told_device(self, term: Term) -> bool:
        """Tell whether a term is a noun for a device of a sort: "switch", and not "firmware" or "unit"."""
        sorts = {self.around.index.words.device.get(word, "") for word in term.text.split()}
        return "device" in term.tags and sorts != {"generic"}

    def head(self) -> Reading | None:
        """Read the head of the phrase the hit stands in: an accessory, or a thing and where it stands."""
        if self.line.quiet:
            return None
        low, high = self.line.segment(self.first, self.last)
        for place in range(self.first - 1, low - 1, -1):
            if self.terms[place].tags & {"for", "compat", "with", "without", "included", "install"}:
                low = place + 1
                break
        for place in range(self.last, high):
            if self.terms[place].tags & _BOUNDING:
                high = place
                break
        return self._before(low) or self._after(low, high) or self._led() or self._list_of_part()

    def is_handled(self, reading: Reading) -> bool:
        """Tell whether words say that somebody put in, kept, chose, bought or took away what a name stands for."""
        low, high = self.line.statement(self.first, self.last)
        return (
            self.is_asked()
            or reading.question in (WHEN_GONE, WHETHER_DONE, WHETHER_CAME)
            or any(term.tags & _HANDLING for term in self.terms[low:high])
        )

    def is_worked_on(self) -> bool:
        """Tell whether something is done at a place: "hen house: cable of the Dahua soldered", where the words may be unknown.

        What is counted, or for a thing, was bought.
        """
        low, high = self.line.statement(self.first, self.last)
        said = self.terms[low:high]
        if any(term.tags & {"quantity", "for", "compat", "for_post"} for term in said):
            return False
        if any("place" in term.tags for term in said):
            return any("service" in term.tags for term in said)
        behind = self.terms[self._behind() : high]
        led = len(behind) > 1 and "in" in behind[0].tags and not behind[0].brk and self._is_unknown(behind[1])
        lead = self.terms[low : self.first]
        return led and any(self._is_unknown(term) or "service" in term.tags for term in lead)

    def is_said_to_stay(self) -> bool:
        """Tell whether the part of the line with the name says that something stays as it is."""
        low, high = self.line.segment(self.first, self.last)
        return any(map(self._stays, self.terms[low:high]))

    def tells_of_thing(self, kind: MentionKind) -> str:
        """Say what of a line that seems only to mention a firm tells of a thing of it that is here; empty for nothing.

        What an accessory's word stands apart from may be counted by itself ("Dock: Hikvision 3 pcs") or be said to come with it
        ("rack for OLT, OLT included"); a thing of which something is mended or cleaned is here; and so is what is in use.
        """
        low, high = self.line.segment(self.first, self.last)
        own = self.terms[low:high]
        if kind is not MentionKind.ACCESSORY:
            if any(term.tags & {"in_use", "quantity"} and "neg" not in term.tags for term in own):
                return "the line says that something is in use, or counts it"
            return ""
        if any("repair" in term.tags for term in own):
            return "something of a thing is mended or cleaned"
        parts = {"accessory", "fixture", "component"}
        apart = not any(term.tags & (parts | {"for", "compat", "for_post"}) for term in own)
        if apart and any("quantity" in term.tags for term in self.terms[self.last : high]):
            return "the name is counted apart from the accessory"
        for place, term in enumerate(self.terms):
            if "included" in term.tags:
                start, end = self.line.segment(place, place + 1)
                said = self.terms[start:end]
                if any("device" in one.tags for one in said) and not any(one.tags & parts for one in said):
                    return f"{term.text!r} is said of a device"
        return ""

    def part_numbered(self) -> Reading | None:
        """Read a line in which the only number is an accessory's, or that one stands before the thing's own."""
        low, high = self.line.statement(self.first, self.last)
        said = self.terms[low:high]
        part = next((n for n in range(low, high) if "part" in self.terms[n].tags), None)
        if part is None or any(term.tags & _COMES_WITH for term in said):
            return None
        numbered = [
            n
            for n in range(low, high)
            if self.terms[n].tags & {"model", "code"} and "part" not in self.terms[n].tags
        ]
        if not numbered and not any(term.tags & {"device", "place", "in_use"} for term in said):
            return Reading(MentionKind.ACCESSORY)
        if numbered and numbered[0] < part:
            return None
        return Reading(
            asks=True, question=ITSELF, why=f"{self.terms[part].text!r} is the number of an accessory"
        )

    def _parts(self, first: int, last: int) -> list[int]:
        """Give the places of words for accessories that do not say where something stands."""
        return [
            place
            for place in range(first, last)
            if self.terms[place].tags & {"accessory", "fixture"}
            and not (place >= self.last and self.terms[place].tags & {"service", "device"})
            and not self._is_what_is_numbered(place)
            and not self._brings(place)
            and not self._is_lacking(place)
            and "hit" not in self.terms[place].tags
            and not self._is_site(place, last)
            and not (
                self.terms[place].text in _POWERED
                and not self.around.record.device_words
                and not self._is_thing(range(first, last))
                and "model" not in self.terms[self.first].tags
            )
        ]

    def _is_what_is_numbered(self, place: int) -> bool:
        """Tell whether a word that may name a device too stands right before its number: "platine DS-KV6113"."""
        numbered = place + 1 == self.first and "model" in self.terms[self.first].tags
        return numbered and not self.terms[self.first].brk and "device" in self.terms[place].tags

    def _is_lacking(self, place: int) -> bool:
        """Tell whether a part is what a thing lacks, as words right behind it say: "充電器なし"."""
        behind = self.terms[place + 1] if place + 1 < len(self.terms) else None
        return (
            place >= self.last
            and behind is not None
            and not behind.brk
            and bool(behind.tags & {"neg_post", "without"})
            and self._is_thing(range(self.first, place))
        )

    def _brings(self, place: int) -> bool:
        """Tell whether a word that could be a part brings in what takes a place: "gewisseld door Hikvision"."""
        if not place or "new" not in self.terms[place].tags:
            return False
        behind = self.terms[place + 1] if place + 1 < len(self.terms) else None
        return bool(
            self.terms[place - 1].tags & {"exchange", "replaced_by"}
            or (behind is not None and behind.makers and self._is_exchanged())
        )

    def _is_exchanged(self) -> bool:
        """Tell whether the line speaks of an exchange at all."""
        return any(term.tags & {"exchange", "replaced_by"} for term in self.terms)

    def _is_site(self, place: int, last: int) -> bool:
        """Tell whether a word for an accessory names a place: `rack 2`, `cable room`, `wall mounted`."""
        terms = self.terms
        before = terms[place - 1] if place and not terms[place].brk else None
        if before is not None and "place" in before.tags:
            if "fixture" in terms[place].tags:
                return True  # "1층 랙": the rack of the first floor
            if "head_first" in terms[place].tags and "head_last" not in before.tags:
                return True  # "local câbles": the noun of the place comes first
        behind = terms[place + 1] if place + 1 < min(last, len(terms)) else None
        if behind is None or behind.brk:
            # a numbered place may stand at the very end of the line
            behind = terms[place + 1] if place + 1 < len(terms) and not terms[place + 1].brk else None
        if behind is None:
            return False
        if behind.tags & {"place", "mounted", "included"}:
            return True
        after = terms[place + 2] if place + 2 < len(terms) and not terms[place + 2].brk else None
        lies = "in" in behind.tags and "fixture" not in terms[place].tags  # "case on desk"
        if after is not None and "place" in after.tags and not (behind.tags & {"hit"} or lies):
            return True
        if "number" in behind.tags and len(behind.text) <= 3:
            counted = after is not None and after.tags & {"quantity"}
            return not counted
        return len(behind.text) == 1 and behind.text.isalpha() and "fixture" in terms[place].tags

    def _before(self, low: int) -> Reading | None:
        """Read an accessory that stands before the name."""
        terms = self.terms
        # "in rack 3": what stands behind such a word is a place
        high = next((n for n in range(low, self.first) if "in" in terms[n].tags), self.first)
        for place in self._parts(low, high):
            behind = terms[place + 1]
            if "head_first" not in terms[place].tags and "device" in behind.tags and "hit" not in behind.tags:
                continue  # "box camera": the device is the head
            is_equal = self._sign_before(self.first) in _EQUAL
            if is_equal or self._leads_into(place) or self._is_part_of_faulty(place):
                return self._unsure(place)
            earlier = [n for n in range(low, place) if "hit" not in terms[n].tags]
            sure = "accessory" in terms[place].tags and "device" not in terms[place].tags
            if any("device" in terms[n].tags for n in earlier):
                if "head_first" in terms[place].tags or not sure:
                    return self._unsure(place)
            elif sure and not (
                "head_first" not in terms[place].tags
                and self.last < len(terms)
                and not terms[self.last].brk
                and "device" in terms[self.last].tags
            ):
                joined = not any(term.tags & {"in", "aux"} for term in terms[place + 1 : self.first])
                return (
                    self._unsure(place)
                    if joined and self._is_whole(place)
                    else Reading(MentionKind.ACCESSORY)
                )
            return self._unsure(place)
        return None

    def _leads_into(self, place: int) -> bool:
        """Tell whether an accessory is said to lead into the thing, or to stand on it: "HDMI cable goes into Hikvision NVR"."""
        if not self._is_named_thing():
            return False
        at = self.first - 1
        while (
            at > place
            and self.terms[at].tags & {"aux", "device", "attribute"}
            and "in" not in self.terms[at].tags
        ):
            at -= 1
        return at > place and "in" in self.terms[at].tags

    def _is_part_of_faulty(self, place: int) -> bool:
        """Tell whether an accessory is one of a thing, right behind it, that has a fault: "cover of camera broken"."""
        between = self.terms[place + 1 : self.first]
        if not between or not all("aux" in term.tags for term in between):
            return False
        behind = self._behind()
        _, high = self.line.segment(self.first, self.last)
        named = self._is_thing(range(self.first, behind))
        return named and any("service" in term.tags for term in self.terms[behind:high])

    def is_power_store(self, signal: Signal) -> bool:
        """Tell whether the number is of a kind that batteries have, and a battery is what stands before it."""
        before = self.terms[self.first - 1].text if self.first and not self.terms[self.first].brk else ""
        return signal.category == "power_inverter" and before in self.listed.batteries

    def _is_whole(self, place: int) -> bool:
        """Tell whether the line names both what the thing is and its number: it may be the thing with its parts.

        What an antenna is called is a part's name and a radio unit's.
        """
        tags = frozenset().union(*(term.tags for term in self.terms))
        named = "device" in tags or self.terms[place].text in self.listed.antennas
        return named and bool(tags & {"model", "code"})

    def _after(self, low: int, high: int) -> Reading | None:
        """Read an accessory that stands behind the name: the last noun of a compound is its head."""
        terms = self.terms
        parts = self._parts(self.last, high)
        if not parts:
            return None
        place = parts[-1]
        if (
            high < len(terms)
            and "device" in terms[high].tags
            and place + 1 == high
            and self._sign_before(high) == "/"
        ):
            return self._unsure(place)  # "Halterung/Gerät"
        rest = [terms[n] for n in range(place + 1, high) if self._content(terms[n])]
        if any("device" in term.tags for term in rest):
            return self._unsure(place) if _parted(terms[place], terms[place + 1]) else None
        if self._adds_device(high) or self._adds_counted_device(high):
            return self._unsure(place)  # "bracket + camera", "chargers and 6 radios"
        if rest and (_parted(terms[place], terms[place + 1]) or self._is_what_is_counted(place)):
            rest = []  # "摄像机支架 机房": the compound ends before the gap
        if any(term.tags & {"device", "place", "included"} for term in rest):
            return None
        thing = "model" in terms[self.first].tags or self._is_thing(
            n for n in range(low, place) if n not in parts
        )
        if rest:
            return self._unsure(place) if thing else Reading(MentionKind.ACCESSORY)
        if terms[place].text in self.listed.standing and thing:
            return None
        if self._is_dock_of_place(place):
            return None
        if self._is_whole(place):
            return self._unsure(place)
        if "accessory" in terms[place].tags and not (thing and terms[place].text.isascii()):
            return Reading(MentionKind.ACCESSORY)
        if terms[place].text.isascii() or "fixture" in terms[place].tags:
            return self._unsure(place)
        return Reading(MentionKind.ACCESSORY)

    def _is_dock_of_place(self, place: int) -> bool:
        """Tell whether a dock stands behind a name, behind a whole thing that none charges: "Camera DS-2CD2143 Leeds dock"."""
        before = self.terms[place - 1]
        sorts = {self.around.index.words.device.get(word) for word in self.around.words} - {None, "generic"}
        return (
            self.terms[place].text in _DOCKS
            and place - 1 >= self.last
            and (self._is_unknown(before) or "place" in before.tags)
            and before.text.isalpha()
            and bool(sorts)
            and sorts <= _FIXED
            and any("model" in term.tags for term in self.terms[: place - 1])
        )

    def _adds_device(self, place: int) -> bool:
        """Tell whether a sign like a plus stands before a noun for a device: "bracket + camera"."""
        if place >= len(self.terms) or "device" not in self.terms[place].tags:
            return False
        return self._sign_before(place) in ("+", "&")

    def _adds_counted_device(self, place: int) -> bool:
        """Tell whether a word like `and` stands before a count of devices, no others' and not of an accessory."""
        terms = self.terms
        if place + 2 >= len(terms) or terms[place].brk or "with" not in terms[place].tags:
            return False
        counted = "number" in terms[place + 1].tags and "device" in terms[place + 2].tags
        behind = terms[place + 3] if place + 3 < len(terms) else None
        return counted and not (behind and not behind.brk and behind.tags & {"accessory", "fixture"})

    def _is_what_is_counted(self, place: int) -> bool:
        """Tell whether a count stands right behind an accessory of a script without spaces: "大华摄像头支架10个"."""
        part, behind = self.terms[place], self.terms[place + 1]
        return "accessory" in part.tags and unspaced(part.text) and "number" in behind.tags

    def _led(self) -> Reading | None:
        """Read the first part of a line when it names an accessory and the firm stands in a later part."""
        terms = self.terms
        low, _ = self.line.segment(self.first, self.last)
        if low == 0:
            return None
        end = self.line.segment(0, 1)[1]
        lead = terms[:end]
        if any(term.tags & {"hit", "device", "place", "service", "install", "in"} for term in lead):
            return None
        parts = self._parts(0, end)
        if not parts:
            return None
        own = terms[slice(*self._own())]
        shown = [any(tag in term.tags for term in own) for tag in ("device", "model")]
        # "Tampa: Hikvision DVR" may be a lid, or a town; "bracket, and on it a PTZ" speaks of both
        numbered = all(shown) or (any(shown) and (self._sign_before(end) == ":" or self._is_on_it(end)))
        if self._added(end) or numbered:
            return Reading(asks=True, question=ITSELF, why=f"it begins with {terms[parts[-1]].text!r}")
        tail = [term for term in terms[parts[-1] + 1 : end] if self._content(term)]
        if tail or "accessory" not in terms[parts[-1]].tags:
            return self._unsure(parts[-1])
        return Reading(MentionKind.ACCESSORY)

    def _is_on_it(self, place: int) -> bool:
        """Tell whether a part of the line says of what stands on or in a thing named before: "and on it a Dahua PTZ"."""
        return (
            any("in" in term.tags for term in self.terms[place : self.first])
            and "with" in self.terms[place].tags
        )

    def _own(self) -> tuple[int, int]:
        """Give the part of the line that the hit stands in."""
        return self.line.segment(self.first, self.last)

    def _added(self, place: int) -> bool:
        """Tell whether a sign like a plus stands before a term: "case + phone"."""
        return self._sign_before(place) in ("+", "&")

    def _list_of_part(self) -> Reading | None:
        """Read a list of what an accessory is for, when it begins the line: "Handyhülle Honor 20 / Huawei nova 5T"."""
        terms = self.terms
        named = next((n for n in range(self.first) if terms[n].makers or "hit" in terms[n].tags), self.first)
        parts = [n for n in range(named) if "accessory" in terms[n].tags]
        if named == self.first or not parts or named - parts[-1] > NEAR:
            return None
        if any(term.tags & _NO_LEAD for term in terms[: parts[0]]) or any(
            term.tags & {"place", "install", "in"} for term in terms[parts[-1] : named]
        ):
            return None
        between = range(named, self.first + 1)
        if any(self._sign_before(n) in _SIGNS_OF_NEXT for n in range(parts[-1] + 1, self.first + 1)):
            return None
        if any(not self._is_listed(terms[n]) for n in between):
            return None
        _, end = self._own()
        whole = any("device" in term.tags for term in terms[self.last : end])
        if whole or not any(self._is_or(n) for n in between):
            return Reading(asks=True, question=ITSELF, why=f"the list begins with {terms[parts[-1]].text!r}")
        return Reading(MentionKind.ACCESSORY)

    def _is_listed(self, term: Term) -> bool:
        """Tell whether a term names one of several things, or joins them."""
        if term.makers or term.text in self.listed.joining or term.text in self.listed.alternatives:
            return True
        return bool(term.tags & {"hit", "model", "code", "number", "attribute"}) or len(term.text) < NEAR

    def _is_or(self, place: int) -> bool:
        """Tell whether a slash, or a word like `or`, stands before a term or is it."""
        term = self.terms[place]
        joins = term.text in self.listed.joining or term.text in self.listed.alternatives
        return joins or self._sign_before(place) == "/"

    def _unsure(self, place: int) -> Reading:
        """Leave open whether the thing or an accessory is meant; without a sign of a thing it is the accessory.

        What words like `box` name may be the thing when something is done with it: "la box ZTE redémarre".
        """
        handled = "accessory" not in self.terms[place].tags and any(
            term.tags & _DONE_WITH_THINGS for term in self.terms
        )
        if not handled and not self._is_thing(range(len(self.terms))):
            return Reading(MentionKind.ACCESSORY)
        return Reading(
            asks=True, question=ITSELF,
            why=f"{self.terms[place].text!r} may name an accessory, or where the thing stands",
        )  # fmt: skip

    def is_asked(self) -> bool:
        """Tell whether a question mark stands right behind the name: "nubia (ZTE?)"."""
        text = self.around.record.cells[self.around.cell].folded.text
        start = self.terms[self.last - 1].end
        return text[start : start + _MARK_WITHIN].lstrip().startswith(ASKING)


def _parted(term: Term, behind: Term) -> bool:
    """Tell whether a gap parts two terms of a script that writes compounds in one."""
    return behind.start > term.end and unspaced(term.text) and not _HANGUL.search(term.text)
