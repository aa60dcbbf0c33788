"""What takes the place of what, and what is gone: "replaced by", "instead of", "scrapped"."""

from __future__ import annotations

import re
from itertools import pairwise

from proscribe.matching.going import Going
from proscribe.matching.readings import ARRIVES, WHEN_GONE, WHETHER_CAME, WHETHER_DONE, WHICH_ONE, Reading
from proscribe.model.findings import MentionKind, State

#: Endings of Japanese verbs for what is done, and the stems that take them.
_DONE = re.compile(r"(?:まし)?た|(?:て)?いる|ています|済み?")
_STEM = re.compile(r"[しめ]$")
REACH = 12
#: What was to take the place of another thing, and is said not to.
_NOT_COME = Reading(asks=True, question=WHETHER_CAME, why="it is said not to have taken the other's place")
#: What words are behind which it stands where a thing went, or to whom.
_LEADING_ON = frozenset(["in", "new", "toinf"])
REMOVAL = frozenset(["gone", "removal", "remove"])
#: A sum of money.
_PRICE = re.compile(r"[$€£¥]\s?\d|\d\s?(?:[$€£¥]|(?:usd|eur|gbp|chf|zl|pln|sek|nok|dkk)\b)")
#: Signs that join names which one word is said of.
_LISTING = ("/", "&", "+")
#: Words that part a removed thing from what stands behind them.
_PARTING = frozenset(
    ["for", "compat", "with", "without", "install", "replaces", "instead", "replaced_by", "neutral", "back"]
)
#: What may stand in a part of a line that only says what becomes of a thing.
_NOUNS = frozenset(
    ["device", "accessory", "fixture", "code", "component", "of_it", "head_first", "head_last"]
)
_PREDICATE = REMOVAL | {
    "aux",
    "number",
    "plan",
    "planned",
    "toinf",
    "in",
    "neg",
    "still",
    "stored",
    "attribute",
    "service",
    "neutral",
    "in_use",
    "awaited",
    "underway",
    "repair",
    "partial",
    "mistaken",
}


class Exchanges(Going):
    """One hit in its line, and what words of exchange and removal say of it."""

    __slots__ = ()

    def moved(self) -> Reading | None:
        """Read direction, tense and state: `None` when the line says nothing of them."""
        if self.line.quiet:
            return None
        moved = self._exchanged_before() or self._exchanged_after()
        if moved is not None and moved.state is State.IN_SERVICE and not moved.arrives:
            gone = self._removed()  # "stolen, not yet replaced"
            return gone if gone is not None and gone.formerly else moved
        return moved or self._removed()

    def _exchanged_before(self) -> Reading | None:
        """Read words of exchange that stand before the hit."""
        terms = self.terms
        low, _ = self.line.statement(self.first, self.last)
        for place in range(self.first - 1, max(low, self.first - REACH) - 1, -1):
            tags = terms[place].tags
            if "replaced_by" in tags and self._rivals(place + 1, self.first):
                return None  # "sustituida por Axis (antes Dahua)": it is the other that came
            if tags & {"replaced_by", "instead_post"}:
                return _NOT_COME if self._is_undone(place) else ARRIVES
            if tags & {"was", "was_for"} and self._stands_behind_another(place):
                return self._out(place, instead=False)
            if tags & {"replaces", "instead"}:
                if self._taken_over(place):
                    return ARRIVES
                return self._out(place, instead="instead" in tags)
            if "exchange" in tags:
                new = "swap" in tags
                turned = any(
                    "new" in terms[n].tags and (new or "for" not in terms[n].tags)
                    for n in range(place + 1, self.first)
                )
                if turned or self._taken_over(place):
                    return _NOT_COME if self._is_undone(place) else ARRIVES
                return self._exchanged_as_headed(place) or self._gone(place)
            if "for" in tags or "compat" in tags:
                return None
        return None

    def _exchanged_as_headed(self, place: int) -> Reading | None:
        """Read a list under what was exchanged, "Recorder replaced: DS-7608NI-K2": what has a price came, else it is open."""
        start, _ = self.line.segment(place, place + 1)
        text = self.around.record.cells[self.around.cell].folded.text
        colon = ":" in text[self.terms[place].end : self.terms[place + 1].start]
        if not colon or not any("device" in term.tags for term in self.terms[start:place]):
            return None
        if _PRICE.search(text, self.terms[self.last - 1].end):
            return ARRIVES
        why = f"{self.terms[place].text!r}: by what, or which of them, is left open"
        return Reading(asks=True, question=WHICH_ONE, why=why)

    def _is_undone(self, place: int) -> bool:
        """Tell whether a word of exchange is denied right before it, or said not to have been done yet: "do not replace with"."""
        terms = self.terms
        while place > 0 and not terms[place].brk:
            place -= 1
            if terms[place].tags & {"neg", "undone", "still", "prohibit"}:
                return True
            if not terms[place].tags & {"aux", "toinf"}:
                return False
        return False

    def _stands_behind_another(self, place: int) -> bool:
        """Tell whether a word like `was` begins its part of a line right before the name, behind another thing.

        "UniFi U6-Pro (was: Huawei AP4050)"; in "Ersatz Hytera" and "the camera was Hikvision" it tells of no exchange.
        """
        between = (term for term in self.terms[place + 1 : self.first] if not term.tags & {"hit", "device"})
        text = self.around.record.cells[self.around.cell].folded.text
        told = ":" in text[self.terms[place].end : self.terms[place + 1].start]
        if "was" in self.terms[place].tags and (not place or self.terms[place].brk == 2):
            _, high = self.line.statement(self.first, self.last)
            behind = self.terms[self.last : high]
            # "was: Huawei; now: Cisco", "was Huawei until 2018"
            return any(map(self._rival, self.terms[self.last :] if told else behind)) or any(
                "until" in term.tags for term in behind
            )
        if "was_for" in self.terms[place].tags and not told and (not place or self.terms[place].brk == 2):
            # "Ersatz Hikvision Kamera: Mobotix M16"
            _, high = self.line.statement(self.first, self.last)
            return any(
                self._rival(self.terms[n]) and self._sign_before(n) == ":" for n in range(self.last, high)
            )
        if not self.terms[place].brk or any(map(self._content, between)):
            return False
        low, _ = self.line.statement(self.first, self.last)
        others = [term for term in self.terms[low:place] if "hit" not in term.tags or self._rival(term)]
        if place and "(" in text[self.terms[place - 1].end : self.terms[place].start]:
            named = any(self._content(term) or self._rival(term) for term in others)
            return named and ("was" in self.terms[place].tags or not told)
        # "Axis M3106 broken, replacement: Hikvision": what is named so comes in
        return "was" in self.terms[place].tags and any(
            self._rival(term) or term.tags & {"model", "code"} for term in others
        )

    def _taken_over(self, place: int) -> bool:
        """Tell whether another thing stands between a word of replacing and the hit, which so comes in."""
        between = range(place + 1, self.first)
        if self._rivals(place + 1, self.first):
            return True
        if any(self.terms[n].tags & {"install", "new"} and n > place + 1 for n in between):
            return True
        return any(
            self.terms[n].brk and any(self._content(self.terms[m]) for m in range(place + 1, n))
            for n in range(place + 2, self.first + 1)
        ) and not any(self.terms[m].makers for m in between)

    def _exchanged_after(self) -> Reading | None:
        """Read words of exchange that stand behind the hit."""
        terms = self.terms
        _, high = self.line.statement(self.first, self.last)
        crossed = False
        for place in range(self._joined_until(), min(high, self.last + REACH)):
            tags = terms[place].tags
            if self._rival(terms[place]):
                crossed = True
            if "in_post" in tags:
                return self._gone(place) if crossed or self._is_object() else ARRIVES
            if crossed and tags & {"exchange", "replaced_by"} and self._leaves_for(place):
                return self._gone(place)
            if crossed:
                continue
            ends = place + 1 >= high or bool(terms[place + 1].brk)
            stands_in = "in_place" in tags and not any(map(self._rival, terms[place + 1 : high]))
            if (tags & {"replaces", "instead"} or stands_in or (ends and "in_" in tags)) and self._begins(
                place
            ):
                return ARRIVES
            if self._left_out(place):
                continue
            if "instead_post" in tags:
                return self._gone_for_good(place) or self._out(place, instead=True)
            if "exchange" in tags and place + 1 < high and "place" in terms[place + 1].tags:
                continue  # "moved from canteen": it stands elsewhere
            if "exchange" in tags and self._comes_by():
                return _NOT_COME if self._is_undone(self.first) else ARRIVES
            if (tags & {"replaced_by", "exchange"} or (ends and "out" in tags)) and self._begins(place):
                return None if self._turned_down(place) else self._gone(place)
            if tags & {"for", "compat"}:
                return None
        return None

    def _turned_down(self, place: int) -> bool:
        """Tell whether what was offered is refused in the part of the line before a word of exchange: it never was there."""
        low, _ = self.line.segment(self.first, self.last)
        refused = self.terms[self.last : place]
        offered = any(term.tags & {"awaited", "plan"} for term in self.terms[low : self.first])
        return offered and bool(refused) and all("prohibit" in term.tags for term in refused)

    def _gone_for_good(self, place: int) -> Reading | None:
        """Read a verb that puts another in the place, unless an ending makes it one that is done: "を廃棄し" and た."""
        behind = self.terms[place + 1] if place + 1 < len(self.terms) else None
        if behind is None or behind.brk or not _DONE.fullmatch(behind.text):
            return None
        if not _STEM.search(self.terms[place].text):
            return None
        return Reading(
            state=State.DISPOSED, asks=True, question=WHEN_GONE, formerly=True,
            why=f"{self.terms[place].text + behind.text!r}: it is said to be gone",
        )  # fmt: skip

    def _joined_until(self) -> int:
        """Give the first place behind the names that small words or slashes join with this one: "X/Y cameras removed"."""
        place = self._behind()
        joined = self.last
        while ((behind := self._joins(place)) or (behind := self._lists(place))) and self.terms[
            behind
        ].makers:
            place = behind + 1
            while (
                place < len(self.terms)
                and not self.terms[place].brk
                and self.terms[place].tags & {"model", "code", "device"}
            ):
                place += 1
            joined = place
        return joined

    def _joined_from(self) -> int:
        """Give the first place of the names that small words join with this one: "removed: X and Y"."""
        place = self.first
        while place >= 2 and self._joins(place - 1) == place and self.terms[place - 2].makers:
            place -= 2
        return place

    def _listed_from(self) -> int:
        """Give the first place of the names that small words or slashes join with this one: "removal of X/Y equipment"."""
        place, before = self._joined_from(), len(self.terms)
        while place < before:
            before = place
            while place and self.terms[place - 1].makers and self._sign_before(place) in _LISTING:
                place -= 1
            while place >= 2 and self._joins(place - 1) == place and self.terms[place - 2].makers:
                place -= 2
        return place

    def _puts_in(self, place: int) -> bool:
        """Tell whether a term says that something comes in; "per site" counts."""
        tags = self.terms[place].tags
        behind = self.terms[place + 1].tags if place + 1 < len(self.terms) else frozenset()
        return "install" in tags or ("new" in tags and not ("aux" in tags and "place" in behind))

    def _lists(self, place: int) -> int:
        """Give a place before which a sign like `/` stands, 0 for others."""
        return place if place < len(self.terms) and self._sign_before(place) in _LISTING else 0

    def _joins(self, place: int) -> int:
        """Give the place behind a word like `and`, 0 when none stands at `place`."""
        if place + 1 >= len(self.terms) or self.terms[place].brk == 2 or self.terms[place + 1].brk == 2:
            return 0
        return place + 1 if self.terms[place].text in self.listed.joining else 0

    def _left_out(self, place: int) -> bool:
        """Tell whether a word of exchange is what the thing is without: "sem substituição" tells of no exchange."""
        if not place or "exchange" not in self.terms[place].tags or self.terms[place].brk:
            return False
        return "without" in self.terms[place - 1].tags

    def _is_object(self) -> bool:
        """Tell whether a particle marks the thing as what is acted upon: "X를 Y로 교체"."""
        behind = self._behind()
        return behind < len(self.terms) and "object" in self.terms[behind].tags

    def _comes_by(self) -> bool:
        """Tell whether a word like `durch` stands before the name, and what leaves before that: `A wurde durch B ersetzt`."""
        place = self.first - 1
        while place > 0 and "aux" in self.terms[place].tags and "new" not in self.terms[place].tags:
            place -= 1
        if place < 1 or "new" not in self.terms[place].tags:
            return False
        before = place - 1
        while before > 0 and not self._content(self.terms[before]):
            before -= 1
        return self._content(self.terms[before])

    def _leaves_for(self, place: int) -> bool:
        """Tell whether a word like `durch` with another maker behind it stands before a verb: `A wurde durch B ersetzt`."""
        rival = next((n for n in range(self.last, place) if self._rival(self.terms[n])), None)
        return rival is not None and any("new" in term.tags for term in self.terms[self.last : rival])

    def _begins(self, place: int) -> bool:
        """Tell whether a term speaks of the hit: in its own part of the line, or first in a later one."""
        start, end = self.line.segment(place, place + 1)
        if start <= self.first < end or start <= self._joined_until() - 1 < end:
            return True
        lead = self.terms[start:place]
        behind = self.terms[place + 1 : end]
        spoken = not any(self._content(term) and not term.tags & _PREDICATE for term in lead)
        if (
            behind
            and self._content(behind[0])
            and not behind[0].tags - _NOUNS
            and not behind[0].makers
            and not self._leads_on(place)
        ):
            return False  # "repaired, replaced disk": it is the disk
        return spoken and (
            not any(self._rival(term) for term in behind) or bool(self.terms[place].tags & {"replaced_by"})
        )

    def _leads_on(self, place: int) -> bool:
        """Tell whether a phrase ends in a word like `to`, so that what is behind it is whose it is: "sold to Meyer"."""
        _, _, last = self.terms[place].text.rpartition(" ")
        return last != self.terms[place].text and bool(
            self.around.index.words.line.at([last], 0)[1] & _LEADING_ON
        )

    def _removed(self) -> Reading | None:
        """Read words of removal around the hit."""
        terms = self.terms
        low, high = self.line.statement(self.first, self.last)
        start = self._listed_from()
        if any(map(self._puts_in, range(self.last, high))):
            start = self.first  # "removed Axis and Dahua installed"
        for place in range(start - 1, max(low, self.first - REACH) - 1, -1):
            tags = terms[place].tags
            if self._is_of_place(place):
                continue
            if tags & REMOVAL or "planned" in tags:
                if self._governs(place, start):
                    read = self._gone(place)
                    done = self._removed_after(high) if read.question == WHETHER_DONE else None
                    return done if done is not None and done.formerly else read  # "return 2 x ..., refunded"
                break
            if tags & _PARTING or self._rival(terms[place]):
                break
        return self._removed_after(high)

    def _removed_after(self, high: int) -> Reading | None:
        """Read words of removal behind the hit."""
        terms = self.terms
        barred = False
        for place in range(self._joined_until(), min(high, self.last + 2 * REACH)):
            tags = terms[place].tags
            if self._left_out(place) or self._is_of_place(place):
                continue
            if self._rival(terms[place]) or "neutral" in tags:
                break
            # "para retirar": to be removed, not for something
            barred = barred or bool(tags & {"for", "compat"} and "toinf" not in tags)
            if (tags & REMOVAL or "planned" in tags) and self._begins(place):
                if "gone" not in tags and barred:
                    break
                return self._gone(place)
        behind = self._behind()
        if behind < len(terms) and "stand_in" in terms[behind].tags and not terms[behind].brk:
            return self._gone(behind)
        return None

    def _is_of_place(self, place: int) -> bool:
        """Tell whether a word like `former` says of a place, right behind it, what that was: "former chapel"."""
        behind = self.terms[place + 1] if place + 1 < len(self.terms) else None
        if behind is None or behind.brk or "former" not in self.terms[place].tags:
            return False
        return "place" in behind.tags and not behind.tags & {"device", "hit"}

    def _governs(self, place: int, first: int) -> bool:
        """Tell whether a word of removal before a list from `first`, the hit in it, has that as its object."""
        start, end = self.line.segment(place, place + 1)
        if start <= first < end:
            return not self._takes_rival(start, place)
        if self._leads_list(start, end):
            return True
        return not any(
            self._content(term) and not term.tags & _PREDICATE for term in self.terms[start:end]
        ) and not any(term.tags & {"install"} for term in self.terms[self.last :])

    def _leads_list(self, start: int, end: int) -> bool:
        """Tell whether a part of the line ends with a colon, so that what it says is said of what is listed behind."""
        if end >= len(self.terms) or any(self.terms[n].makers for n in range(start, end)):
            return False
        text = self.around.record.cells[self.around.cell].folded.text
        colon = ":" in text[self.terms[end - 1].end : self.terms[end].start]
        return colon and not any(term.tags & {"install", "in_use", "still"} for term in self.terms[end:])

    def _takes_rival(self, start: int, place: int) -> bool:
        """Tell whether a word of removal has another maker's thing, which stands right before it, as its object.

        "Axis 철거 후 다후아 설치": the verb ends its own part of the line, and what is put in comes behind it.
        """
        before = place - 1
        while before > start and not self._content(self.terms[before]):
            before -= 1
        while before > start and "device" in self.terms[before].tags:
            before -= 1
        if before < start or not self._rival(self.terms[before]):
            return False
        return any("install" in term.tags for term in self.terms[self.last :])

    def _out(self, place: int, *, instead: bool) -> Reading:
        """Read a thing in whose place another stands: gone when the words say it was there, else named beside it."""
        word = self.terms[place].text
        named = "alternative" in self.terms[place].tags  # nothing says that the thing was ever there
        low, high = self.line.statement(self.first, self.last)
        if (
            not instead
            and "replaces" in self.terms[place].tags
            and not any(map(self._rival, self.terms[low:high]))
        ):
            start, _ = self.line.segment(place, place + 1)
            if self._is_under_way(place, start, place + 1):
                return Reading(state=State.PLANNED_REMOVAL, why=f"{word!r}: under way, so it is not done")
        open_ = any(term.tags & {"awaited", "undone", "acquire"} for term in self.terms[low:high])
        if instead and not named and open_:
            why = f"{word!r}: another is to take its place"
            return Reading(asks=True, question=WHETHER_DONE, why=why)
        if instead and (named or not self._is_thing(range(self.first, self._behind()))):
            return Reading(MentionKind.NEGATED, why=f"{word!r}: another takes its place")
        return Reading(
            state=State.UNKNOWN, asks=True, question=WHETHER_DONE if instead else WHEN_GONE, formerly=True,
            why=f"{word!r}: another takes its place",
        )  # fmt: skip

    def kept(self) -> Reading | None:
        """Read words that say a thing is in store, or still in use."""
        if self.line.quiet:
            return None
        low, high = self.line.statement(self.first, self.last)
        if any(self._rival(term) for term in self.terms[low:high]):
            return None
        kept = [
            term
            for term in self.terms[low:high]
            if "stored" in term.tags
            or (term.tags & {"still", "in_use"} and not term.tags & {"neg", "aux", "undone"})
        ]
        if not kept or self.awaited() is not None:
            return None
        for term in kept:
            if "stored" in term.tags:
                return Reading(state=State.STORED_DISCONNECTED, why=f"{term.text!r}: kept, though not in use")
        return Reading(state=State.IN_SERVICE)

    def kept_aside(self) -> Reading | None:
        """Read words of store or use that begin their part of a line, or stand alone in it."""
        for place in range(self.last, len(self.terms)):
            start, _ = self.line.segment(place, place + 1)
            lead = self.terms[max(start, self.last) : place]
            if any(self._content(term) and not term.tags & _PREDICATE for term in lead):
                continue
            if "stored" in self.terms[place].tags:
                return Reading(
                    state=State.STORED_DISCONNECTED,
                    why=f"{self.terms[place].text!r}: kept, though not in use",
                )
            if self.terms[place].tags & {"still", "in_use"}:
                return Reading(state=State.IN_SERVICE, why=f"{self.terms[place].text!r}: said to be in use")
        return None

    def awaited_aside(self) -> Reading | None:
        """Read words of buying to come that are all a cell says: "not ordered yet", "planned for 2027"."""
        beside = self.terms[self.last :]
        if any("number" in one.tags and "attribute" in two.tags for one, two in pairwise(beside)):
            return None  # "48 ports planned": what is to come is of the thing
        if any(
            self._is_unknown(term) or term.tags & {"accessory", "fixture", "component", "service"} - {"plan"}
            for term in beside
            if not term.tags & {"plan", "awaited", "acquire"} and len(term.text) > 2
        ):
            return None
        return self.awaited()
