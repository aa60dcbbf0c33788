"""How much of a line shows a thing of the firm that is here, and how much of it could mean something else.

Words that nobody listed cost certainty: where they, or words of another maker, of going, of denial or of talk, outweigh
what shows a thing (its number, its place, its use, work on it, a count), the line is a question.
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
#: What shows a thing that is here, and how much; each group counts once.
_SHOWS: tuple[tuple[frozenset[str], int], ...] = (
    (frozenset(["place"]), 2),
    (frozenset(["in_use", "still", "stored"]), 2),
    (frozenset(["model"]), 2),
    (frozenset(["service", "install", "fixture", "component", "mounted"]), 1),
    (frozenset(["device"]), 1),
    (frozenset(["code"]), 1),
)
_TALK = 4
#: What else a line may be about, and how much that weighs.
_DOUBTS: tuple[tuple[frozenset[str], int], ...] = (
    (frozenset(["removal", "gone", "remove", "exchange"]), 1),
    (frozenset(["neg_post", "prohibit"]), 2),
    (frozenset(["talk", "reference", "competitor"]), _TALK),
)
#: What a line that tells of something else holds: no mere item, however short.
_TELLING = frozenset().union(*(group for group, _ in _DOUBTS))
#: So many small words make a sentence of it.
_SENTENCE = 2
#: How many terms an item of a list has at most.
_ITEM_TERMS = 6
_THING = frozenset(["device", "model", "code", "quantity"])
#: How much an unknown word beside a name weighs in a line without a thing: "pennant of the football club ZTE".
_NAMES_ANOTHER = 3
#: What is done with a thing.
_WORK = frozenset(["service", "install", "in_use", "still", "stored", "removal", "gone", "plan"])
#: The fewest letters and digits of a number that is no size or grade.
_WHOLE_NUMBER = 5
#: The most digits of a count.
_COUNT_DIGITS = 3
#: How many terms before a name a count of it may stand.
_COUNTED_WITHIN = 3
#: So many words beside a name of which nothing is known weigh as much as one doubt.
_UNKNOWN_BESIDE = 2
#: What must be left of what a line shows when its doubts are taken off.
_LEFT_AT_LEAST = 1


class Evidence(Prospects):
    """A hit, and what its line shows of a thing."""

    __slots__ = ()

    def outweighed(self, reading: Reading, *, sure: bool) -> bool:
        """Tell whether what could be meant otherwise outweighs what shows a thing; never where all words are known.

        Args:
            reading: what the words were taken to say; a state they give shows a thing.
            sure: whether what was hit is nobody else's number.
        """
        low, high = self.line.statement(self.first, self.last)
        said = frozenset().union(*(term.tags for term in self.terms[low:high]))
        kept = reading.state is State.IN_SERVICE and not reading.arrives and said & _SHOWS[1][0]
        own = self.line.segment(self.first, self.last)
        put_in = own != (low, high) and any("install" in term.tags for term in self.terms[slice(*own)])
        # "took Axis down, put up Dahua": what went is the other's
        explained = "despite" in said or put_in or (reading.state is State.IN_SERVICE and not kept)
        doubts = self._doubts(explained=explained)
        if not doubts:
            return False
        tags = frozenset().union(*(term.tags for term in self.terms))
        shown = sum(weight for group, weight in _SHOWS if tags & group)
        if reading.state is not State.UNKNOWN and not tags & _SHOWS[1][0]:
            shown += _SHOWS[1][1]
        if any("model" in term.tags for term in self.terms[max(0, self.first - 2) : self.last + 2]):
            shown += 1 + 2 * sure
        elif self._is_numbered() and "model" not in tags:
            shown += 2  # "EZVIZ H6C"
        counted = self._is_preceded_by_count()
        if counted or "quantity" in tags:
            shown += 1
        behind = self.terms[self.last : self.last + 1]
        if counted and any("device" in term.tags for term in (*behind, self.terms[self.last - 1])):
            shown += 1
        return shown - doubts < _LEFT_AT_LEAST

    def _doubts(self, *, explained: bool) -> int:
        """Add up what else the line may be about; of what another reading explained, only talk counts."""
        terms = self.terms
        start, end = self.line.statement(self.first, self.last)
        if not any(len(term.text) > 1 and self._is_unknown(term) for term in terms[start:end]):
            return 0
        tags = frozenset().union(*(term.tags for term in terms))
        said = frozenset().union(*(term.tags for term in terms[start:end]))
        doubts = sum(
            weight for group, weight in _DOUBTS if said & group and not (explained and weight < _TALK)
        )
        doubts += not explained and any(map(self._rival, terms[start:end]))
        small = sum("aux" in term.tags and len(term.text) > 1 for term in terms)
        if len(terms) <= _ITEM_TERMS and not tags & _TELLING and small < _SENTENCE:
            return doubts  # "EZVIZ C3W Pro wifi camera": in an item's name any word may stand
        doubts += self._is_unknown(terms[start]) and self.first > start
        beside = (self.first - 1, self.last)
        strange = any(
            0 <= n < len(terms)
            and not terms[max(n, self.first)].brk
            and len(terms[n].text) > 2
            and self._is_unknown(terms[n])
            and not (n == self.last and self._is_numbered())
            for n in beside
        )
        doubts += strange * (1 if explained or tags & _THING else _NAMES_ANOTHER)
        low, high = self.line.segment(self.first, self.last)
        doubts += not explained and any("neg" in term.tags for term in terms[low:high])
        unknown = sum(len(term.text) > 2 and self._is_unknown(term) for term in terms[low:high])
        return int(doubts + (unknown >= _UNKNOWN_BESIDE))

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
        before = self.terms[max(0, self.first - _COUNTED_WITHIN) : self.first]
        return any("number" in term.tags or term.text.rstrip("x").isdigit() for term in before)
