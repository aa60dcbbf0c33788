"""How much of a line shows a thing of the firm that is here, and how much of it could mean something else.

What is asserted was understood: words that nobody listed, words of another maker, of going, of denial or of talk cost
certainty. What shows a thing (its number, its place, its use, work on it, a count) makes up for them, or the line is a question.
"""

from __future__ import annotations

import re

from proscribe.matching.line import unspaced
from proscribe.matching.line_prospects import Prospects
from proscribe.matching.readings import Reading
from proscribe.matching.signals import Signal
from proscribe.model.findings import State

#: What a model is called: letters with digits.
_NUMBERED = re.compile(r"(?=[a-z-]*[0-9])(?=[0-9-]*[a-z])[0-9a-z-]{3,}$")
#: What a line says of a thing that is here. Each kind counts once, a number twice.
_SAYS: tuple[frozenset[str], ...] = (
    frozenset(["device"]),
    frozenset(["model"]),
    frozenset(["code"]),
    frozenset(["place"]),
    frozenset(["in_use", "still", "stored"]),
    frozenset(["service", "install", "fixture", "component", "mounted"]),
)
_KEPT = frozenset(["in_use", "still", "stored"])
#: How many kinds of what is understood carry a word that is not; and one that is no verb (a name, a noun, a place), or that
#: stands in a line which calls the thing what it is and shows one kind more.
_CARRIES, _CARRIES_NAME = 2, 1
#: What else a line of which not all is understood may be about, and how much that weighs.
_TALK = 4
_DOUBTS: tuple[tuple[frozenset[str], int], ...] = (
    (frozenset(["removal", "gone", "remove", "exchange"]), 1),
    (frozenset(["neg_post", "prohibit"]), 2),
    (frozenset(["talk", "reference", "competitor"]), _TALK),
)
#: Hangul beside Chinese characters is read in a wrong encoding.
_GARBLED = re.compile(r"[\uac00-\ud7a3][\u4e00-\u9fff]|[\u4e00-\u9fff][\uac00-\ud7a3]")
#: What is done with a thing.
_WORK = frozenset(["service", "install", "in_use", "still", "stored", "removal", "gone", "plan"])
#: The fewest letters and digits of a number that is no size or grade.
_WHOLE_NUMBER = 5
#: How many words that are not understood are shown.
_WORDS_SHOWN = 6
#: The most digits of a count.
_COUNT_DIGITS = 3
#: How many terms before a name a count of it may stand.
_COUNTED_WITHIN = 3


#: Letters and marks of what numbers the lines of a list.
_ID_LETTERS, _ID_MARKS = 5, "-/#_."


def weight_of_word(text: str) -> int:
    """Count an unknown word; a script without spaces writes several as one."""
    if text.isascii() or not unspaced(text):
        return int(len(text) > 2)
    return 0 if _GARBLED.search(text) else len(text) // 2


class Evidence(Prospects):
    """A hit, and what its line shows of a thing."""

    __slots__ = ()

    def not_understood(self, reading: Reading) -> str:
        """Say why a line is not understood well enough to assert a thing; an empty text where it is.

        Words of which nothing is known may say anything: that it was given away, that it is a neighbour's. Each takes two
        kinds of what is understood: the thing, where it stands, how many, what is done with it; its number is worth two. Where a
        noun for it or its number stands beside the name, and one kind more is shown, each takes one.
        """
        low, high = self.line.segment(self.first, self.last)
        says = self._says(reading)
        if not says:
            low, high = self.line.statement(self.first, self.last)
        strange = [place for place in range(low, high) if self._is_strange(place)]
        strange = self._without_foreign(strange) if strange else strange
        beside = says >= _CARRIES and self._is_named_thing()
        weight = sum(
            weight_of_word(self.terms[place].text)
            * (_CARRIES_NAME if beside or self._may_be_name(place) else _CARRIES)
            for place in strange
        )
        if weight + self._doubts(reading) <= says:
            return ""
        if not strange:
            return "more of the line may mean something else than shows a thing of the firm"
        words = ", ".join(repr(self.terms[place].text) for place in strange[:_WORDS_SHOWN])
        return f"not understood: {words}; it may say that the thing is not here"

    def _is_named_thing(self) -> bool:
        """Tell whether a noun for a device, or a number of the firm's that is no phone's, stands right beside the name."""
        terms = self.terms
        if self._is_thing(range(self.first, self._behind())):
            return True
        before = self.first - 1
        while before >= 0 and not terms[before + 1].brk and terms[before].tags & {"attribute", "aux"}:
            before -= 1
        return before >= 0 and not terms[before + 1].brk and "device" in terms[before].tags

    def _is_strange(self, place: int) -> bool:
        """Tell whether a term is a word of which nothing is known; what holds a figure is a size or a number."""
        term = self.terms[place]
        if not self._is_unknown(term) or any(map(str.isdigit, term.text)) or not weight_of_word(term.text):
            return False
        text = self.around.record.cells[self.around.cell].folded.text
        if place == 0 and self._begins_id(text):
            return False
        # "Huawei'ler": an ending
        return term.start == 0 or text[term.start - 1] not in "'\u2019"

    def _begins_id(self, text: str) -> bool:
        """Tell whether a line begins with letters and digits that one mark joins, as what numbers its lines does: "INV-882"."""
        word, behind = self.terms[0], self.terms[1:2]
        return bool(
            behind
            and len(word.text) <= _ID_LETTERS
            and behind[0].text.isdigit()
            and behind[0].start == word.end + 1
            and text[word.end] in _ID_MARKS
        )

    def _without_foreign(self, places: list[int]) -> list[int]:
        """Leave out words for things that none of the firms makes: they are known, too."""
        foreign, words = self.around.index.words.foreign, [term.text for term in self.terms]
        known = {place + n for place in places for n in range(foreign.at(words, place).size)}
        text = self.around.record.cells[self.around.cell].folded.text
        spans = [] if text.isascii() else [span[:2] for span in foreign.inside(text, 0, len(text))]
        return [
            place
            for place in places
            if place not in known
            and not any(
                start < self.terms[place].end and self.terms[place].start < end for start, end in spans
            )
        ]

    def _may_be_name(self, place: int) -> bool:
        """Tell whether a word is written as a name or noun, with a capital inside its statement, or says where behind `in`."""
        term = self.terms[place]
        if place and "in" in self.terms[place - 1].tags and not term.brk:
            return True
        folded = self.around.record.cells[self.around.cell].folded
        start, _ = folded.source_span(term.start, term.end)
        begins = place == 0 or term.brk == 2
        return not begins and folded.source[start : start + 1].isupper() and not folded.source.isupper()

    def _says(self, reading: Reading) -> int:
        """Count the kinds of what is understood of a line and shows a thing; a state that was read shows one too."""
        tags = frozenset().union(*(term.tags for term in self.terms))
        # what is sold for phones is called after them
        numbered = ("model" in tags and "phone" not in tags) or self._is_numbered()
        return (
            sum(bool(tags & kind) for kind in _SAYS)
            + (2 * numbered - ("model" in tags and "phone" not in tags))
            + (self._is_preceded_by_count() or "quantity" in tags)
            + (reading.state is not State.UNKNOWN and not tags & _KEPT)
            + 2 * reading.arrives  # whatever that is called which it takes the place of
        )

    def _doubts(self, reading: Reading) -> int:
        """Add up what else the line may be about, where not all of it is understood.

        Of what another reading explained, only talk counts.
        """
        terms = self.terms
        start, end = self.line.statement(self.first, self.last)
        if not any(len(term.text) > 1 and self._is_unknown(term) for term in terms[start:end]):
            return 0
        said = frozenset().union(*(term.tags for term in terms[start:end]))
        low, high = self.line.segment(self.first, self.last)
        # "took Axis down, put up Dahua": what went is the other's
        put_in = (low, high) != (start, end) and any("install" in term.tags for term in terms[low:high])
        stays = reading.state is State.IN_SERVICE and not (said & _KEPT and not reading.arrives)
        if "despite" in said or put_in or stays:
            return _TALK * bool(said & _DOUBTS[-1][0])
        return (
            sum(weight for group, weight in _DOUBTS if said & group)
            + any(map(self._rival, terms[start:end]))
            + any("neg" in term.tags for term in terms[low:high])
        )

    def is_here(self) -> bool:
        """Tell whether the line says of a thing that it is in use, or right behind the name where it stands."""
        terms = self.terms
        high = len(terms)
        if any(
            term.tags & {"in_use", "still"} and not term.tags & {"neg", "aux", "undone"} for term in terms
        ):
            return any("place" in term.tags for term in terms)
        place = self._behind()
        led = False
        while place < high and not terms[place].brk and terms[place].tags & {"aux", "in"}:
            led = True  # "in the hall", "do caminhão 07"
            place += 1
        return led and place < high and not terms[place].brk and "place" in terms[place].tags

    def beside_another(self) -> bool:
        """Tell whether the line names another maker's thing, or one that was taken out."""
        return any(map(self._rival, self.terms)) and any(
            term.tags & {"device", "place", "gone", "removal"} for term in self.terms
        )

    def shows_thing(self, signal: Signal) -> bool:
        """Tell whether the line shows what a weak hit needs, a thing that the lists of devices do not have.

        A number right behind the name does ("萤石 C6CN"), another maker in the line, a part of a thing, a count before a
        number, or a place with something done there.
        """
        terms = self.terms
        if self._is_numbered():
            return not signal.device_words
        if self.first > 0 and self._rival(terms[self.first - 1]) and not terms[self.first].brk:
            return False  # "Xerox B315": the number is the other maker's
        tags = frozenset().union(*(term.tags for term in terms))
        number = "model" in terms[self.first].tags
        rival = any(map(self._rival, terms))
        exchanged = {"replaced_by", "replaces", "in_place", "exchange", "removal", "plan"}
        if rival and (not number or tags & exchanged):
            return True  # "Lenovo IdeaCentre C320" is Lenovo's
        if signal.matcher == "brand":
            return False
        beside_it = (self.first - 1, self.last)
        if not signal.device_words and any(
            0 <= n < len(terms) and "device" in terms[n].tags and not terms[max(n, self.first)].brk
            for n in beside_it
        ):
            return True  # the words of lines have more devices than the list
        if rival:
            return False
        if not number and "place" in tags and self._is_counted_behind():
            return True  # "大华 2台 餐厅"
        beside = (term for n, term in enumerate(terms) if not self.first <= n < self.last)
        if tags & {"component", "mounted", "in_use"} or any("model" in term.tags for term in beside):
            return True
        if (
            "place" in tags
            and tags & {"service", "install", "still"}
            and not unspaced(terms[self.first].text)
        ):
            return True
        hit = "".join(term.text for term in terms[self.first : self.last])
        whole = len(hit) >= _WHOLE_NUMBER and any(map(str.isdigit, hit))
        if self.is_here() and (whole or not number):
            return True  # "HIK am Tor"
        if number and whole and tags & _WORK:
            return True  # something done with a whole number
        before = terms[max(0, self.first - 2) : self.first]
        return number and any(term.text.isdigit() and len(term.text) <= _COUNT_DIGITS for term in before)

    def _is_numbered(self) -> bool:
        """Tell whether letters with digits stand right behind the name, or digits in one with it: "EZVIZ H6C", "荣耀50"."""
        return self._is_joined_to_number() or (
            self.last < len(self.terms)
            and not self.terms[self.last].brk
            and "model" not in self.terms[self.first].tags
            and _NUMBERED.match(self.terms[self.last].text) is not None
            and not self.terms[self.last].text.replace("x", "").isdigit()  # "40x52" is a size
        )

    def _is_counted_behind(self) -> bool:
        """Tell whether a count and what counts things stand right behind the name."""
        counted = self.terms[self.last : self.last + 2]
        if len(counted) < 2 or any(term.brk == 2 for term in counted):
            return False
        number, unit = counted
        return number.text.isdigit() and len(number.text) <= _COUNT_DIGITS and "quantity" in unit.tags

    def _is_joined_to_number(self) -> bool:
        """Tell whether a name of a script without spaces is written in one with a short number that ends there."""
        if self.last >= len(self.terms) or not unspaced(self.terms[self.first].text):
            return False
        name, number = self.terms[self.last - 1], self.terms[self.last]
        behind = self.terms[self.last + 1 : self.last + 2]
        return (
            number.text.isdigit()
            and len(number.text) <= _COUNT_DIGITS
            and number.start == name.end
            and not (behind and behind[0].start == number.end)  # "荣耀50年" is fifty years of glory
        )

    def _is_preceded_by_count(self) -> bool:
        text = self.around.record.cells[self.around.cell].folded.text
        first = max(0, self.first - _COUNTED_WITHIN, 2 * self._begins_id(text))
        return any(
            "number" in term.tags or term.text.rstrip("x").isdigit()
            for term in self.terms[first : self.first]
        )
