"""What a line says of a thing that stays, that has not come yet, or that is only talked about.

A thing stays when a part of it is changed, when a denial makes an exception of it, or when it is said to be inside
another's housing. A thing to be bought, offered or tried is not there yet; a course, a licence or a telephone number of a
firm is no thing of it. Where the line could also mean equipment that is here, a question remains.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from proscribe.matching.line import Term
from proscribe.matching.line_spot import Spot
from proscribe.matching.readings import ITSELF, WHETHER_CAME, WHICH_THING, Reading
from proscribe.model.findings import MentionKind, State

_KATAKANA = re.compile(r"[\u30a1-\u30ff]")
#: Words by which something is taken out of a thing, or put in anew.
_CHANGES = frozenset(["exchange", "gone", "removal", "remove", "replaced_by"])
#: Words that make what stands beside them a thing of its own, not a part of the thing named.
_APART = frozenset(["with", "without", "included"])
#: What says that a thing is to go: a plan beside it is of that.
_LEAVING = frozenset(["removal", "remove", "exchange", "in_post", "planned"])
#: What says that a thing is here.
_USED = frozenset(["in_use", "back"])
#: A sign of so many digits is the number of a fault or advisory, which words of news and of advisories stand beside.
OF_A_REGISTER = 7
_HERE = _USED | {"stored"}
#: What makes a word of still being so one of not being so yet.
_NOT_DONE = frozenset(["undone", "neg", "plan", "toinf"])
#: How many terms may stand between words of planning or waiting and words of buying.
_NEAR = 3
#: How many terms may stand between a word of choice and the maker that is chosen.
_CHOSEN_WITHIN = 4
_TOLD_BESIDE_RIVAL = 2
#: The most letters of a name that may be initials.
_INITIALS = 4
#: Letters of a word of which nothing is known that may begin a maker's number.
_LETTERS_OF_NUMBER = 3
#: What shows a thing, so that letters which the line explains are not set aside.
_SHOWN = frozenset(["device", "model", "code", "quantity", "component"])
_STAYS = Reading(state=State.IN_SERVICE)


class Prospects(Spot):
    """A hit, and whether its thing stays, is to come, or is only talked about."""

    __slots__ = ()

    def stays(self) -> Reading | None:
        """Read words by which the thing is here whatever else the line says: `None` when there are none."""
        if self.line.quiet:
            return None
        if self._is_inside():
            return _STAYS
        place = self._part_changed()
        if place is None:
            return None
        start, end = self.line.segment(place, place + 1)
        related = [
            term for term in self.terms[start:end] if term.tags & {"for", "compat"} and "in" not in term.tags
        ]
        if any("aux" not in term.tags for term in related):
            return None
        apart = bool(related)  # Portuguese "do" is `of`, Polish "do" is `for`
        why = f"{self.terms[place].text!r}: a part of it was changed"
        return Reading(state=State.IN_SERVICE, asks=apart, question=ITSELF if apart else "", why=why)

    def _is_inside(self) -> bool:
        """Tell whether the firm is said to be inside: "Hikvision inside", "innen ist es eine Dahua", "sticker: DS-2CD2042WD"."""
        terms = self.terms
        text = self.around.record.cells[self.around.cell].folded.text
        if self.first and "bears" in terms[self.first - 1].tags:
            return ":" in text[terms[self.first - 1].end : terms[self.first].start]
        behind = self._behind()
        if behind < len(terms) and "inside_post" in terms[behind].tags:
            low, _ = self.line.segment(self.first, self.last)
            ends = behind + 1 == len(terms) or bool(terms[behind + 1].brk)
            barring = {"for", "compat", "neg", "prohibit"}  # "no Dahua inside"
            return ends and not any(term.tags & barring for term in terms[low : self.first])
        place = self.first - 1
        while place >= 0 and self._is_small(terms[place]) and "inside" not in terms[place].tags:
            place -= 1
        if place < 0 or "inside" not in terms[place].tags or terms[place + 1].brk == 2:
            return False
        low, _ = self.line.segment(place, place + 1)
        # "none of them is made by", "sticker says no Huawei"
        return not any("neg" in term.tags for term in (*terms[low:place], *terms[place + 1 : self.first]))

    def is_on_label(self) -> bool:
        """Tell whether one label bears the name: "Dome cam, sticker Dahua", "Dahua sticker on camera", not "12 stickers Dahua".

        A name before its label is that of a sort of labels, unless the line names a thing as well.
        """
        terms, place, behind = self.terms, self.first - 1, self._behind()
        while place >= 0 and self._is_small(terms[place]) and not terms[place + 1].brk:
            if terms[place].tags & {"for", "compat"}:
                return False
            place -= 1
        if place >= 0 and "bears" in terms[place].tags and terms[place + 1].brk != 2:
            return place == 0 or "quantity" not in terms[place - 1].tags
        return (
            behind < len(terms)
            and "bears" in terms[behind].tags
            and not terms[behind].brk
            and any("device" in term.tags for term in terms)
        )

    def _is_small(self, term: Term) -> bool:
        return bool(term.tags & {"aux", "label", "object"}) or term.text in self.listed.carriers

    def _part_changed(self) -> int | None:
        """Give the place of a part that was changed in a thing: "lens of the Dahua camera replaced"."""
        low, high = self.line.statement(self.first, self.last)
        terms = self.terms
        if not self._is_thing(range(low, high)) or any(self._rival(term) for term in terms[low:high]):
            return None
        for place in range(low, high):
            tags = terms[place].tags
            if not tags & {"component", "of_it"} or tags & {"hit", "aux"}:
                continue  # the words of all languages act together: "po" is `after` in Polish
            start, end = self.line.segment(place, place + 1)
            beside = terms[start:end]
            changed = any(term.tags & _CHANGES and "component" not in term.tags for term in beside)
            if changed and "component" not in tags and not self._is_what_changed(place, start, end):
                continue
            if changed and not any(term.tags & _APART and not term.tags & {"in"} for term in beside):
                return place
        return None

    def _is_what_changed(self, place: int, start: int, end: int) -> bool:
        """Tell whether words of going are said of what a thing has, which they stand beside or follow: "connection lost"."""
        terms = self.terms
        low, high = self.line.segment(self.first, self.last)
        if start != low and any(term.tags & _CHANGES for term in terms[low:high]):
            return False  # "recorder scrapped, keys returned"
        before, behind = place - 1, place + 1
        while before > start and "aux" in terms[before].tags:
            before -= 1
        while behind + 1 < end and "aux" in terms[behind].tags:
            behind += 1
        beside = (terms[n] for n in (before, behind) if start <= n < end)
        if any(term.tags & _CHANGES for term in beside) or (place == start and start != low):
            return True
        led = place + 1 < end and terms[place + 1].tags & {"aux", "in", "new", "toinf"}
        if led and any(term.tags & _CHANGES for term in terms[place + 2 : end]):
            return True  # "connection to camera 4 lost"
        return place < self.first and not any(term.tags & _CHANGES for term in terms[start:place])

    def is_neighbour(self) -> bool:
        """Tell whether the name only says beside what another thing is: "beside the Hikvision", "рядом с камерой Dahua"."""
        terms = self.terms
        behind = self._behind()
        if behind < len(terms) and "beside_post" in terms[behind].tags and not terms[behind].brk:
            return True
        return self._led_by("beside") is not None

    def compared(self) -> Reading | None:
        """Leave open what another thing is compared with: "configured like Huawei S5720", "works in Huawei S5720"."""
        word = self._led_by("like")
        if word is None:
            return None
        return Reading(
            asks=True, question=WHICH_THING, why=f"{word.text!r}: another thing is compared with it"
        )

    def _led_by(self, tag: str) -> Term | None:
        """Give the word of a kind that stands before the name, its noun and its attributes."""
        terms, place = self.terms, self.first - 1
        while place >= 0 and not terms[place + 1].brk and tag not in terms[place].tags:
            own = "hit" in terms[place].tags and not self._rival(terms[place])
            if not (own or self._is_small(terms[place]) or terms[place].tags & {"device", "attribute"}):
                return None
            place -= 1
        return terms[place] if place >= 0 and not terms[place + 1].brk else None

    def excepted(self) -> bool:
        """Tell whether a denial makes an exception: "no Hikvision except in the lobby"."""
        low, high = self.line.statement(self.first, self.last)
        if any(self._rival(term) for term in self.terms[low:high]):
            return False
        denied = {"neg", "neg_post"}
        for place in range(low, high):
            tags = self.terms[place].tags
            if "except_post" in tags:
                if "prohibit" in tags and not any(term.tags & denied for term in self.terms[low:high]):
                    continue  # "Hikvision 제외": it is what is left out
                # "受付以外": what is left out stands before it
                if not self.first < place <= self._behind():
                    return True
                return any(term.tags & denied for term in self.terms[place + 1 : high])
            if "except" not in tags:
                continue
            if place > self.first or any(self._content(term) for term in self.terms[place + 1 : self.first]):
                return True
            # "except Hikvision" leaves it out, "none except the Hikvision" does not
            return any(
                term.tags & denied or term.text in self.listed.none_words for term in self.terms[low:place]
            )
        return False

    def is_left_out(self) -> bool:
        """Tell whether the line speaks of things other than the firm's: "Kameras außer Hikvision"."""
        terms = self.terms
        low, high = self.line.statement(self.first, self.last)
        if any(term.tags & {"neg", "neg_post"} for term in terms[low:high]):
            return False
        if self.last < high and "except_post" in terms[self.last].tags and not terms[self.last].brk:
            behind = self.last + 1
            behind += behind < high and "aux" in terms[behind].tags
            return behind < high and "device" in terms[behind].tags
        before = self.first - 1
        return (
            before > low
            and "except" in terms[before].tags
            and "device" in terms[before - 1].tags
            and not terms[before].brk
            and not terms[self.first].brk
        )

    def left_over(self) -> bool:
        """Tell whether a later part of the line says that one is left: "none here, in B one still hangs"."""
        behind = range(self.last, len(self.terms))
        if any(self._rival(self.terms[place]) for place in behind):
            return False
        later = next((place for place in behind if self.terms[place].brk), len(self.terms))
        return any(
            "still" in self.terms[place].tags and not self.terms[place].tags & {"neg", "undone", "aux"}
            for place in range(later, len(self.terms))
        )

    def is_ex(self) -> bool:
        """Tell whether the thing only belonged to another before, and is in use: "ex-Dahua NVR, still recording"."""
        if not self.first or self.terms[self.first - 1].text != "ex":
            return False
        return any(term.tags & {"still", "in_use", "back"} for term in self.terms[self.last :]) and not any(
            self._rival(term) for term in self.terms
        )

    def runs_on(self) -> bool:
        """Tell whether a name in katakana runs on in letters of no known word: "ハイテラス" is no ハイテラ."""
        if self.last >= len(self.terms):
            return False
        name, behind = self.terms[self.last - 1], self.terms[self.last]
        return (
            name.end == behind.start
            and not behind.tags
            and bool(_KATAKANA.match(name.text[-1:]) and _KATAKANA.match(behind.text))
        )

    def leads_compound(self) -> bool:
        """Tell whether initials are tied by a hyphen to a word for nothing that the firm is known for: "ZTE-Klemme".

        A trade has letters of its own for its clamps and seals; "ZTE-Router" and "ZTE-Filiale, MF286" say what is meant.
        """
        if self.last >= len(self.terms):
            return False
        name, behind = self.terms[self.last - 1], self.terms[self.last]
        text = self.around.record.cells[self.around.cell].folded.text
        if not (2 <= len(name.text) <= _INITIALS and name.text.isalpha() and behind.text.isalpha()):
            return False
        told = behind.makers or behind.tags & {"device", "model", "code", "place", "quantity"}
        if text[name.end : behind.start] != "-" or len(behind.text) <= _INITIALS or told:
            return False
        low, high = self.line.statement(self.first, self.last)
        return not self._is_thing(range(low, high)) and not self.around.record.device_words

    def spelled_out(self, *, parted: bool = True) -> bool:
        """Tell whether initials are short for words beside them: "ZTE (Zentrale Technische Einrichtungen)".

        The words may stand on either side, small words such as `de` among them: "Zone de transit des emballages (ZTE)".

        Args:
            parted: whether a letter may stand inside a compound: "ZTE Zahntechnik Eder". That is a chance, and no proof.
        """
        name = self.terms[self.last - 1].text.replace(".", "")
        if not (2 <= len(name) <= _INITIALS and name.isalpha()):
            return False
        cell = self.around.record.cells[self.around.cell]
        start, end = self.terms[self.last - 1].start, self.terms[self.last - 1].end
        before = [token.text for token in cell.tokens if token.end <= start]
        behind = [token.text for token in cell.tokens if token.start >= end and not token.text.isdigit()]
        low, high = cell.folded.text.find("(", end), cell.folded.text.find(")", end)
        bracket = [token.text for token in cell.tokens if 0 <= low < token.start and token.end <= high]
        return (
            _begin_with(name, behind, parted=parted)
            or _begin_with(name, bracket)
            or _begin_with(name[::-1], before[::-1])
            or _ends_in_compound(name, bracket)
            # "ZTE Zweckverband Tierkörperentsorgung"
            or (parted and _ends_in_compound(name, behind[: len(name) - 1]))
        )

    def is_other_name(self) -> bool:
        """Tell whether the line itself says that the letters stand for something else, and shows no thing.

        A word of the firm's own trade among them, a number of things or another maker leaves it a question.
        """
        if not self.spelled_out(parted=False):
            return False
        cell = self.around.record.cells[self.around.cell]
        name = self.terms[self.last - 1]
        high = cell.folded.text.find(")", name.end)
        told = [
            term
            for n, term in enumerate(self.terms)
            # "Zentrale" is a switchboard too
            if not self.first <= n < self.last
            and not (name.end < term.start < high and term.text[0] in name.text)
        ]
        meant = {term.text for term in self.terms if term not in told}
        if self.around.record.device_words - meant or any(term.tags & _SHOWN or term.makers for term in told):
            return False
        counted = self.first > 0 and not self.terms[self.first].brk
        if counted and "number" in self.terms[self.first - 1].tags:
            return False  # "3 ZTE"
        own = self.around.index.group_words.get(self.group, frozenset())
        words = (token.text for token in cell.tokens)
        return not any(len(word) > _SMALL_WORD and word in own for word in words)

    # What is not there yet

    def awaited(self) -> Reading | None:
        """Read words that say a thing is to be bought, offered or tried: nothing is here yet."""
        if self.line.quiet:
            return None
        low, high = self.line.statement(self.first, self.last)
        word = self._awaiting(low, high)
        if word is None:
            return None
        return Reading(asks=True, question=WHETHER_CAME, why=f"{word.text!r}: nothing says that it came")

    def _awaiting(self, low: int, high: int) -> Term | None:
        said = self.terms[low:high]
        if any(term.tags & _USED or ("still" in term.tags and not term.tags & _NOT_DONE) for term in said):
            return None
        explicit = next((term for term in said if "awaited" in term.tags), None)
        if explicit is not None or any(term.tags & (_LEAVING | {"stored"}) for term in said):
            return explicit
        works = any("service" in term.tags and not term.tags & {"acquire", "plan"} for term in said)
        for place in range(low, high):
            term = self.terms[place]
            near = self.terms[max(low, place - _NEAR) : min(high, place + _NEAR + 1)]
            buys = any(other.tags & {"acquire", "install"} for other in near)
            if "undone" in term.tags and buys:
                return term
            planned = "plan" in term.tags and not term.tags & {"toinf", "aux", "still"}
            if planned and ("acquire" in term.tags or buys or not works):
                return term
            if self._is_future(term) and buys and not works:
                return term
        return None

    def yet_to_arrive(self) -> Reading | None:
        """Read a plan to put a thing in another's place: "swap to Hikvision, unfunded"."""
        low, high = self.line.statement(self.first, self.last)
        said = self.terms[low:high]
        if any(term.tags & _USED for term in said):
            return None
        for term in said:
            planned = "plan" in term.tags and not term.tags & {"toinf", "aux", "still"}
            if planned or "awaited" in term.tags or self._is_future(term):
                return Reading(
                    asks=True, question=WHETHER_CAME, why=f"{term.text!r}: nothing says that it came"
                )
        return None

    # What is only talked about

    def talked(self) -> Reading | None:
        """Read words of courses, licences, contacts: with a thing in the line it stays a question."""
        text = self.around.record.cells[self.around.cell].folded.text
        hit = text[self.terms[self.first].start : self.terms[self.last - 1].end]
        if self.line.quiet or sum(map(str.isdigit, hit)) >= OF_A_REGISTER:
            return None
        start, end = self.line.segment(self.first, self.last)
        low, high = self.line.statement(self.first, self.last)
        if any(term.tags & (_HERE | {"still"}) for term in self.terms[low:high]):
            return None
        bound = (start, end) if self._is_thing(range(start, end)) else (low, high)
        for place in range(*bound):
            if "talk" not in self.terms[place].tags or self._names_room(place):
                continue
            word = self.terms[place].text
            told = self.terms[low:high]
            if (
                self._is_thing(range(low, high))
                or any(term.tags & {"quantity", "install"} for term in told)
                or any("place" in term.tags for term in self.terms)
            ):
                return Reading(asks=True, question=WHICH_THING, why=f"{word!r} may be all that it speaks of")
            return Reading(MentionKind.REFERENCE, why=f"{word!r}")
        return None

    def is_only_talked(self) -> bool:
        """Tell whether words of courses, licences, contacts are what the line speaks of, and no thing."""
        read = self.talked()
        return read is not None and read.kind is MentionKind.REFERENCE

    def announced(self) -> Reading | None:
        """Read what stands behind a colon that words of talk lead in: "Supplier's declaration: ..."."""
        if self.line.quiet:
            return None
        low, _ = self.line.statement(self.first, self.last)
        text = self.around.record.cells[self.around.cell].folded.text
        led = next(
            (
                place
                for place in range(self.first, low, -1)
                if ":" in text[self.terms[place - 1].end : self.terms[place].start]
            ),
            low,
        )
        for place in range(low, led):
            if "talk" in self.terms[place].tags and not self._names_room(place):
                why = f"{self.terms[place].text!r} may be all that it speaks of"
                return Reading(asks=True, question=WHICH_THING, why=why)
        return None

    def _names_room(self, place: int) -> bool:
        """Tell whether a word only names a room: "training room", "sala de formación"."""
        terms = self.terms
        behind = terms[place + 1 : place + 2]
        if any("place" in term.tags and not term.brk for term in behind):
            return True
        before = place - 1
        while before >= 0 and not terms[before + 1].brk and self._is_small(terms[before]):
            if "in" in terms[before].tags and before + 1 == place:
                return place > self.first  # "al curso de Huawei" names no room
            before -= 1
        return before >= 0 and not terms[before + 1].brk and bool(terms[before].tags & {"place", "in"})

    def outchosen(self) -> Reading | None:
        """Read a choice that fell on another maker: "we went with Axis", known to us or not."""
        for place, term in enumerate(self.terms):
            if not term.tags & {"choice", "choice_post"}:
                continue
            low, _ = self.line.segment(place, place + 1)
            _, high = self.line.segment(place, min(place + 2, len(self.terms)))
            ahead = range(place + 1, min(high, place + 1 + _CHOSEN_WITHIN))
            before = range(place - 1, max(low - 1, place - 1 - _CHOSEN_WITHIN), -1)
            # where a word may stand on either side of what is chosen, it stands beside it
            ends = "choice" not in term.tags or ("choice_post" in term.tags and self._is_named(before))
            if self._falls_on_another(before if ends else ahead):
                return self._named_beside(f"{term.text!r}: the choice fell on another")
        return None

    def _is_named(self, before: range) -> bool:
        """Tell whether a thing or maker stands right before a word."""
        if not before or self.terms[before.start + 1].brk:
            return False
        return bool(self.terms[before.start].tags & {"hit", "device", "model", "code"})

    def _falls_on_another(self, near: range) -> bool:
        """Tell whether the first of the terms beside a word of choice is another maker, or no word that is known."""
        for place in near:
            term = self.terms[place]
            if term.makers or self.first <= place < self.last:
                return self._rival(term)
            if self._is_unknown(term) and not any(self.first <= n < self.last for n in near):
                return len(term.text) > 1
            if not self._is_small(term) and not term.tags & {"device", "attribute"}:
                return False
        return False

    def beside_rival(self) -> Reading | None:
        """Leave open what a line means that tells of another maker too, and of nothing that is here."""
        terms = self.terms
        if self._is_thing(range(self.first, self.first + 1)) or not any(self._rival(term) for term in terms):
            return None
        ends_number = self._ends_rivals_number()
        if any(term.tags & _PRESENT for term in terms) or (self._is_counted() and not ends_number):
            return None
        told = sum(self._is_unknown(term) and len(term.text) > 2 for term in terms)
        if told < _TOLD_BESIDE_RIVAL and not ends_number:
            return None
        return Reading(asks=True, question=WHICH_THING, why="the line tells of another maker too")

    def _ends_rivals_number(self) -> bool:
        """Tell whether the name ends what begins with another maker and its number: "Wago 2002-1401 ZTE", "Wago UT 4 ZTE"."""
        place = self.first - 1
        numbered = False
        while place >= 0 and not self.terms[place + 1].brk:
            term = self.terms[place]
            number = bool(term.tags & {"number", "code"})
            if not number and not (self._is_unknown(term) and len(term.text) <= _LETTERS_OF_NUMBER):
                break
            numbered |= number
            place -= 1
        last = self.last == len(self.terms) or bool(self.terms[self.last].brk)
        return numbered and 0 <= place < self.first - 1 and last and self._rival(self.terms[place])

    def _is_counted(self) -> bool:
        """Tell whether a number of things stands before the name: "3 x Hikvision"."""
        return any("number" in term.tags for term in self.terms[max(0, self.first - 2) : self.first])

    def _named_beside(self, why: str) -> Reading:
        if self._is_thing(range(self.first, self._behind())):
            return Reading(asks=True, question=WHICH_THING, why=why)
        return Reading(MentionKind.COMPETITOR, why=why)


def _begin_with(letters: str, words: Sequence[str], *, parted: bool = False) -> bool:
    """Tell whether the first words begin with letters, in order, small words between them left out."""
    left, before = letters, ""
    for word in words:
        if not left:
            break
        if word[0] == left[0] and len(word) >= _SHORTEST_FULL_WORD:
            left, before = left[1:], word
        elif parted and left[1:2] == word[0] and len(before) >= _COMPOUND and left[0] in before[1:]:
            left, before = left[2:], word
        elif len(word) > _SMALL_WORD or left == letters:
            return False
    return not left


def _ends_in_compound(letters: str, words: Sequence[str]) -> bool:
    """Tell whether two or more words begin with the letters, and the last holds what is left: "Zentrale Terminerfassung"."""
    if not 2 <= len(words) < len(letters):
        return False
    if any(word[0] != letter for word, letter in zip(words, letters, strict=False)):
        return False
    left = iter(words[-1][1:])
    return len(words[-1]) >= _COMPOUND and all(letter in left for letter in letters[len(words) :])


#: The fewest letters of a word that is made of two.
_COMPOUND = 8
#: The fewest letters of a word that initials stand for, and the most of one that they leave out.
_SHORTEST_FULL_WORD = 3
_SMALL_WORD = 4
#: What makes a line speak of something that is here.
_PRESENT = frozenset(["in_use", "still", "stored", "back", "place", "quantity", "install", "mounted"])
