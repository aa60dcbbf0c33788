"""What else a name may be: of a sum, a place, a person, a company, a competitor, a program; and what of it is open."""

from __future__ import annotations

from bisect import bisect_right
from operator import attrgetter

from proscribe.matching.going import ASKING
from proscribe.matching.lexicon import is_short_pinyin
from proscribe.matching.line import DEVICE_ALONE
from proscribe.matching.line_evidence import weight_of_word
from proscribe.matching.normalize import LEGAL_FORMS
from proscribe.matching.readings import WHETHER_DONE, WHETHER_SUM, WHICH_THING, Reading
from proscribe.matching.record import ASIDE, MODEL_FIELDS, NOTE
from proscribe.matching.relations import Relations
from proscribe.matching.signals import Signal
from proscribe.matching.state_words import state_key

_START = attrgetter("start")
#: What initials within a longer name of a company may be.
OF_ANOTHER_FIRM = "the name may be part of another firm's"
#: Fields in which a device speaks for itself.
SAID_BY_DEVICES = ("banner", "certificate", "user_agent")
#: How many names a person signs with.
_GIVEN_AND_FAMILY = 2
#: Signs behind a word for a street that is shortened.
_STREET_SIGNS = (".", "/", "./")
#: What may stand in a line that only sums up.
_COUNTED = frozenset(
    ["number", "quantity", "device", "aux", "attribute", "for", "in", "with", "without", "included", "except"]
)
#: How many terms may stand between "better" and "than".
_COMPARED_WITHIN = 3
#: The most letters of a name that may be initials.
_INITIALS = 4
#: How many words the longest form of companies has: "Sp. z o.o."
_LONGEST_FORM = 4
#: Fields in which people tell something.
TOLD = frozenset(["text", NOTE, ASIDE, "other"])
#: Two names and the word that joins them.
_JOINED_AT_LEAST = 3
#: What shows a thing of makers that are named together.
_SHOWN_THING = frozenset(
    ["device", "model", "code", "place", "in_use", "still", "stored", "install", "service"]
)
#: What a word of going may also be, so that it tells of none.
_NO_VERB = frozenset(["device", "place", "service", "accessory", "fixture", "attribute", "aux"])
#: So many words that nothing is known of leave open whether a thing is only mentioned, where the line names one, or none.
_UNCLEAR, _UNCLEAR_OF_NONE = 3, 5
#: Matchers of what people write of.
_SPOKEN = frozenset(["entity_name", "brand", "relabel", "model_number", "phone"])
#: Of these, what only names the firm.
_NAMING = frozenset(["entity_name", "brand"])
#: Fields that say what the thing of a record is.
_SAYS_WHAT = frozenset({*MODEL_FIELDS, "maker_name", "category"})


class WhoseName(Relations):
    """One hit in its line, and whose name it is."""

    __slots__ = ()

    def unsettled(self, field: str) -> Reading | None:
        """Read a line that says nothing of what became of the thing: it may be to come, or only talked about."""
        if field in SAID_BY_DEVICES:
            return None
        if self.runs_on() or self.leads_compound() or self.spelled_out():
            return Reading(
                asks=True,
                question=WHICH_THING,
                why="the name is part of another word, or short for other words",
            )
        if self.is_within_company():
            return Reading(asks=True, question=WHICH_THING, why=OF_ANOTHER_FIRM)
        return (
            self._of_sum()
            or self._of_place_or_person(field)
            or self.of_neighbour()
            or self.outchosen()
            or self.awaited()
            or self.talked()
            or (self.beside_rival() or self._works_with_both() if field in TOLD else None)
        )

    def _of_sum(self) -> Reading | None:
        """Leave open what a line sums up that says nothing else: "Total Hikvision 12", "Hikvision total: 12"."""
        sums = self.around.index.words.states.sums
        text = self.around.record.cells[self.around.cell].folded.text
        first, last = self.terms[self.first].start, self.terms[self.last - 1].end
        before, behind = state_key(text[:first]), state_key(text[last:])
        word = next((one for one in (before, behind) if one in sums), "")
        if not word:
            word = next(
                (" ".join(before.split()[:n]) for n in (3, 2, 1) if " ".join(before.split()[:n]) in sums), ""
            )
            rest = (term for term in self.terms if term.text not in word.split() and "hit" not in term.tags)
            if not word or not all(term.tags & _COUNTED for term in rest):
                return None
        return Reading(asks=True, question=WHETHER_SUM, why=f"{word!r}: a line of a sum")

    def _of_place_or_person(self, field: str) -> Reading | None:
        """Leave open a name that a street or a person bears: "14 Huawei Road", "ul. ZTE 4", "李华为"."""
        low, high = self._own()
        stated = any(
            term.tags & {"device", "model", "quantity"} and "street" not in term.tags
            for term in self.terms[low:high]
        )
        if self._is_stood_in():
            return Reading(
                asks=True, question=WHICH_THING, why="it may say only in what another thing stands"
            )
        if stated and not self._is_numbered_street() and not self._is_landmark():
            return None
        if low == self.first > 0 and self._sign_before(self.first) in _STREET_SIGNS:
            low = self.first - 1  # "ul. ZTE 4", "C/ ZTE 4"
        beside = range(max(low, self.first - 1), min(high, self.last + 1))
        street = next((self.terms[n] for n in beside if self._bears_name(n)), None)
        if street is not None:
            why = f"{street.text!r}: it may be a street or a building that is called so"
            return Reading(asks=True, question=WHICH_THING, why=why)
        if field in TOLD and self._is_parted_as_a_person():
            why = "the name is written as that of a person"
            return Reading(asks=True, question=WHICH_THING, why=why)
        if self._is_behind_surname():
            why = "a family name stands in front: it may be a person who is called so"
            return Reading(asks=True, question=WHICH_THING, why=why)
        return None

    def is_street_of_company(self) -> bool:
        """Tell whether a street stands between a name and a further word of a company's: "Huawei Street Dental"."""
        behind = self.terms[self.last : self.last + 2]
        if len(behind) < 2 or any(term.brk for term in behind) or behind[1].text in LEGAL_FORMS:
            return False
        return "street" in behind[0].tags

    def _is_numbered_street(self) -> bool:
        """Tell whether a number stands right before a name and a street right behind it: an address, whatever the line lists."""
        beside = self.terms[self.first - 1 : self.first], self.terms[self.last : self.last + 1]
        if self.first == 0 or not all(beside):
            return False
        (number,), (street,) = beside
        return bool(number.tags & {"number", "quantity"}) and "street" in street.tags

    def _is_landmark(self) -> bool:
        """Tell whether a building or shop that bears the name says where another thing stands: "antenna near Huawei shop"."""
        terms = self.terms
        if any(char.isdigit() for term in terms[self.first : self.last] for char in term.text):
            return False  # no shop is called by a number of a thing
        for begin, bears in ((self.first, self.last), (self.first - 1, self.first - 1)):
            if begin > 0 and bears < len(terms) and self._bears_name(bears):
                inside = terms[begin : max(bears + 1, self.last)]
                if terms[begin - 1].tags & {"in", "beside"} and not any(term.brk for term in inside):
                    return True
        return False

    def _is_stood_in(self) -> bool:
        """Tell whether the name is that of furniture in which another thing stands: "Cisco switch in ZTE rack"."""
        terms = self.terms
        for begin, bears in ((self.first, self.last), (self.first - 1, self.first - 1)):
            if begin < 1 or bears >= len(terms) or terms[bears].text not in self.listed.standing:
                continue
            place = begin - 1
            while place > 0 and "in" not in terms[place].tags and self._is_small(terms[place]):
                place -= 1
            parted = any(term.brk for term in terms[place + 1 : max(bears + 1, self.last)])
            if place > 0 and "in" in terms[place].tags and not parted:
                return True
        return False

    def _bears_name(self, place: int) -> bool:
        """Tell whether a word for a street or building stands where its language puts it to a name.

        "ZTE Building", "edificio ZTE" and "Restaurant ZTE" are called so; "Hikvision edificio B" says where a thing is.
        """
        tags = self.terms[place].tags
        if "street" not in tags or tags & {"accessory", "device"}:
            return False
        return "place" not in tags or place < self.first or "head_last" in tags

    def of_neighbour(self) -> Reading | None:
        """Leave open whose thing it is that a line calls private, or names only to say where another stands."""
        if self.is_neighbour():
            return Reading(
                asks=True, question=WHICH_THING, why="it is named as what another thing stands beside"
            )
        low, high = self.line.statement(self.first, self.last)
        owned = next((term for term in self.terms[low:high] if "private" in term.tags), None)
        if owned is None:
            return None
        return Reading(asks=True, question=WHICH_THING, why=f"{owned.text!r}: it may be somebody's own")

    def _is_parted_as_a_person(self) -> bool:
        """Tell whether a name of Chinese syllables is written in two, as people sign: "Hua Wei" below a letter."""
        hit = self.around.record.cells[self.around.cell].folded.text
        parts = hit[self.terms[self.first].start : self.terms[self.last - 1].end].split(" ")
        return len(parts) == _GIVEN_AND_FAMILY and is_short_pinyin("".join(parts))

    def _is_behind_surname(self) -> bool:
        """Tell whether a name in Chinese is the second part of a person's: "李华为 财务部", not "采购李宁华为"."""
        text = self.around.record.cells[self.around.cell].folded.text
        start, end = self.terms[self.first].start, self.terms[self.last - 1].end
        if start == 0 or text[start - 1] not in self.around.index.words.surnames:
            return False
        return not text[start - 2 : start - 1].isalnum() and not text[end : end + 1].isalnum()

    def _works_with_both(self) -> Reading | None:
        """Leave open a line that names the firm together with another maker, and no thing of theirs."""
        shared = range(self._joined_from(), self._joined_until())
        if len(shared) < _JOINED_AT_LEAST or not any(self._rival(self.terms[n]) for n in shared):
            return None
        if any(term.tags & _SHOWN_THING for term in self.terms) or self._is_preceded_by_count():
            return None
        return Reading(asks=True, question=WHICH_THING, why="the line names makers together, and no thing")

    def maybe_gone(self) -> Reading | None:
        """Leave open whose going a statement tells that names no other maker and puts nothing in."""
        low, high = self.line.statement(self.first, self.last)
        said = self.terms[low:high]
        if any(
            self._rival(term)
            or term.tags
            & {"install", "in_use", "still", "back", "undone", "neg", "component", "planned", "mistaken"}
            for term in said
        ):
            return None
        open_: Reading | None = None
        for place, term in enumerate(said, low):
            if "gone" not in term.tags or term.tags & _NO_VERB or self._is_of_place(place):
                continue
            unfinished = self._unfinished(place, low, high)
            if unfinished is None:
                why = f"{term.text!r}: of what is left open"
                return Reading(asks=True, question=WHETHER_DONE, formerly=True, why=why)
            if unfinished.question:
                open_ = open_ or unfinished
        return open_

    def unclear(self) -> bool:
        """Tell whether a statement holds words of which nothing is known; more of them where it names no thing."""
        low, high = self.line.statement(self.first, self.last)
        said = self.terms[low:high]
        unknown = sum(weight_of_word(term.text) for term in said if self._is_unknown(term))
        named = self._is_thing(range(low, high)) or any("quantity" in term.tags for term in said)
        return unknown >= (_UNCLEAR if named else _UNCLEAR_OF_NONE)

    def is_in_question(self) -> bool:
        """Tell whether a question speaks of the firm and names no thing: "Does our host run Huawei?"."""
        low, high = self.line.statement(self.first, self.last)
        text = self.around.record.cells[self.around.cell].folded.text
        if not text[self.terms[high - 1].end :].lstrip().startswith(ASKING):
            return False
        said = self.terms[low:high]
        return not self._is_thing(range(low, high)) and not any("quantity" in term.tags for term in said)

    def is_told(self, signal: Signal, field: str) -> bool:
        """Tell whether the words of the line alone say what is hit, and no other column, company or label."""
        names = field in MODEL_FIELDS and signal.matcher in _NAMING
        if names and any(term.tags & {"model", "code", "number"} for term in self.terms):
            return False  # a number says what it says
        if signal.matcher not in _SPOKEN or not (names or field in TOLD):
            return False
        record = self.around.record
        text = record.cells[self.around.cell].folded.text
        if field != NOTE and (
            any(word not in text for word in record.device_words - self._of_others())
            or any(
                cell.field in _SAYS_WHAT and not self._names_another(number)
                for number, cell in enumerate(record.cells)
                if number != self.around.cell
            )
        ):
            return False  # what a remark says, it says by its own words, and so does what stands beside another maker
        if any(_is_company(term.text) for term in self.terms) or self._ends_as_company():
            return False
        if " " not in text and text.isascii():
            return False  # a host name, a name in the air: nobody tells anything in one word
        # "vendor Dahua", "12 Hikvision"
        return not (self.first > 0 and self.terms[self.first - 1].tags & {"label", "number"})

    def _of_others(self) -> frozenset[str]:
        """Give the device words of the cells beside the line that name another maker: "Cisco router | Hikvision next door"."""
        return frozenset[str]().union(
            *(
                seen.device_words
                for number, seen in enumerate(self.around.record.seen)
                if number != self.around.cell
                and any(hit.phrase.matcher == "other_maker" for hit in seen.hits)
            )
        )

    def _names_another(self, number: int) -> bool:
        """Tell whether a cell is of a column of makers and names nobody of the firm."""
        record, index = self.around.record, self.around.index
        return record.cells[number].field == "maker_name" and all(
            hit.phrase.matcher == "other_maker" or index.group_of(hit.phrase.key) != self.group
            for hit in record.hits[number]
        )

    def is_within_company(self) -> bool:
        """Tell whether initials stand behind an unknown word in what ends as the name of a company: "Optik Meier ZTE GmbH"."""
        name, behind = self.terms[self.last - 1].text, self.terms[self.last :]
        before = self.terms[self.first - 1] if self.first and not self.terms[self.first].brk else None
        if (
            before is None
            or not self._is_unknown(before)
            or not before.text.isalpha()
            or len(name) > _INITIALS
        ):
            return False
        if len(behind) <= _LONGEST_FORM and self._ends_as_company():
            return True
        form = next((n for n, term in enumerate(behind) if term.text in LEGAL_FORMS), None)
        return form is not None and not any(term.brk or not self._is_unknown(term) for term in behind[:form])

    def _ends_as_company(self) -> bool:
        """Tell whether the cell ends as the names of companies do: "Sp. z o.o.", "S.L.", "AB"."""
        cell = self.around.record.cells[self.around.cell]
        last = cell.tokens[-_LONGEST_FORM:]
        begins = (cell.folded.source_span(token.start, token.end)[0] for token in last)
        capitals = any(cell.folded.source[place].isupper() for place in begins)
        words = [token.text for token in last]
        return capitals and any("".join(words[n:]) in LEGAL_FORMS for n in range(len(words)))

    def is_place(self, token: int) -> bool:
        """Tell whether a token of the cell is read as a place: a building site has containers too."""
        told = self.around.record.cells[self.around.cell].tokens[token]
        at = bisect_right(self.terms, told.start, key=_START) - 1  # they stand in order, none over another
        return at >= 0 and "place" in self.terms[at].tags and told.end <= self.terms[at].end

    def bought_device(self) -> bool:
        """Tell whether a device noun stands in the hit's part of the line and no software word is its head."""
        low, high = self.line.segment(self.first, self.last)
        start, end = self.terms[low].start, self.terms[high - 1].end
        words = self.around.words
        last_device = last_software = -1
        for place, token in enumerate(self.around.record.cells[self.around.cell].tokens):
            if token.start < start or token.end > end or place in self.around.hit_tokens:
                continue
            if token.text in self.listed.device or self._is_of_device(token.start):
                last_device = place
            if self.listed.software.starting_at(words, place):
                last_software = place
        return last_device > last_software

    def place_or_software(self) -> str | None:
        """Give a word that may be a place, where the line shows a thing and no other word is of software: "camera library"."""
        words, listed = self.around.words, self.listed
        said = [
            place
            for place in range(len(words))
            if place not in self.around.hit_tokens and listed.software.starting_at(words, place)
        ]
        low, high = self.line.segment(self.first, self.last)
        shown = any(term.tags & {"device", "quantity", "model", "place"} for term in self.terms[low:high])
        if not shown or not said or any(words[place] not in listed.software_or_place for place in said):
            return None
        return words[said[0]]

    def driver_of_it(self, signal: Signal) -> str | None:
        """Give the word for a program right behind a thing's number, in a part of a line without a device: "E3372 driver"."""
        behind = self._behind()
        if signal.matcher not in _SPOKEN or behind >= len(self.terms) or self.terms[behind].brk:
            return None
        low, high = self.line.segment(self.first, self.last)
        place = sum(
            token.end <= self.terms[behind].start
            for token in self.around.record.cells[self.around.cell].tokens
        )
        known = place < len(self.around.words) and self.listed.software.starting_at(self.around.words, place)
        named = any("device" in term.tags and "hit" not in term.tags for term in self.terms[low:high])
        return self.around.words[place] if known and not named and not self.is_place(place) else None

    def _is_of_device(self, start: int) -> bool:
        """Tell whether a noun for a device, and no part or program, stands at a place of the cell."""
        return any(
            term.start <= start < term.end and "device" in term.tags <= DEVICE_ALONE for term in self.terms
        )

    def _compared(self) -> bool:
        """Tell whether a comparison ends right before the firm: "mieux notée que", "scored better than"."""
        place = self.first - 1
        while (
            place > 0 and self.terms[place].tags & {"device", "aux"} and "than" not in self.terms[place].tags
        ):
            place -= 1
        if place < 1 or "than" not in self.terms[place].tags:
            return False
        before = self.terms[max(0, place - _COMPARED_WITHIN) : place]
        return any("more" in term.tags for term in before)

    def beside_competitor(self) -> bool:
        """Tell whether the firm is named for comparison."""
        behind = self._behind()
        tags = self.terms[behind].tags if behind < len(self.terms) else frozenset()
        # "X보다 저렴" compares by itself; "X보다" needs what it is compared with
        if "outdone_post" in tags or (
            "competitor_post" in tags and any(self._rival(term) for term in self.terms)
        ):
            return True
        if self._compared():
            return True
        listed = self.listed.competitor
        tokens = self.around.record.cells[self.around.cell].tokens
        start = self.terms[self.first].start
        first = sum(token.end <= start for token in tokens)
        words = self.around.words
        if any(
            "competitor" in term.tags for term in self.terms[max(0, self.first - 4) : self.first]
        ) and not any(
            self._content(self.terms[n]) and not self.terms[n].tags & {"competitor", "hit"}
            for n in range(max(0, self.first - 1), self.first)
        ):
            return True
        return any(
            listed.ending_at(words, place)
            for place in range(max(0, first - 4), first)
            if all(
                at in self.around.hit_tokens
                or words[at] in self.listed.carriers
                or listed.ending_at(words, at)
                for at in range(place, first)
            )
        )


def _is_company(text: str) -> bool:
    """Tell whether a term is of a company's name: the line then is that name."""
    return (
        (text in LEGAL_FORMS and len(text) > 2)
        or text in ("gongsi", "gufen")
        or "公司" in text
        or "株式会社" in text
    )
