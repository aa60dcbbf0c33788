"""What is said not to be: "no", "none of", "neither ... nor", "not allowed"."""

from __future__ import annotations

import re

from proscribe.matching.exchanges import REACH, REMOVAL, Exchanges
from proscribe.matching.line import Term, unspaced
from proscribe.matching.line_spot import OPENERS
from proscribe.matching.readings import WHICH_THING, Reading
from proscribe.model.findings import MentionKind, State

#: Kana or hangul at the end of a verb: what it speaks of stands before it.
_VERB_LAST = re.compile(r"[\u3041-\u309f\uac00-\ud7a3]$")
#: So many small words behind a comma begin a clause of their own: "it is".
_A_CLAUSE = 2
#: How many terms before "now" the maker may stand that was there before.
_WAS_WITHIN = 4
#: Words that, right behind a name, say that the thing is another's.
_NOT_OF = frozenset(["free", "frei", "alternative", "alternatives", "alternativen", "ban"])
#: What may stand between a thing and the words that say there is none.
_BESIDE = frozenset(
    {"device", "model", "code", "aux", "place", "in", "number", "attribute", "hit", "label", "object"}
)
#: What a verb may be that says what may not be done with a thing.
_OF_A_POLICY = frozenset(
    ["aux", "prohibit", "choice", "install", "acquire", "in_use", "service", "talk", "neg"]
)
#: What denies the verb that follows it.
_AUXILIARIES = frozenset(["do not", "does not", "did not", "cannot", "can not", "will not"])
#: What words that say that a thing is still there may not be, since those deny it: "not" in many languages.
_DENYING = frozenset(["neg", "neg_post", "undone", "aux"])
_WORDS_OF_DENIAL = frozenset({"neg", "neg_post", "prohibit"})
#: What a later part of a line names that may be the thing that is denied before it.
_LEFT = frozenset({"device", "bears"})
#: Digits of a number that counts things of one place.
_MOST_DIGITS = 3
#: Words before a number that make it the name of something.
_NUMBERED_BY = frozenset(
    ["no", "n", "nr", "ref", "page", "row", "item", "phase", "section", "clause", "question"]
)


class Denials(Exchanges):
    """One hit in its line, and whether the line denies it."""

    __slots__ = ()

    def negated(self) -> bool:
        """Tell whether the words say that the thing is not it, or may not be."""
        terms = self.terms
        if self.last < len(terms) and terms[self.last].text in _NOT_OF and not terms[self.last].brk:
            behind = terms[self.last + 1] if self.last + 1 < len(terms) else None
            if terms[self.last].text in ("free", "frei") or behind is None or behind.brk:
                return True
        if self.line.quiet or self._is_put_right():
            return False
        return self._barred() or self._denied() or self._absent()

    def _is_put_right(self) -> bool:
        """Tell whether the line says of another maker that it is not, and of the firm that it is: "no Axis, it is a Dahua"."""
        terms, place, by_now = self.terms, self.first, False
        while place > 0 and not terms[place].brk:
            place -= 1
            if terms[place].text in self.listed.by_now:
                by_now = True
            elif "aux" not in terms[place].tags or terms[place].tags & {"neg", "with"}:
                place += 1
                break
        if by_now:  # "no longer an Axis camera, now Dahua"
            return any(map(self._rival, terms[max(0, place - _WAS_WITHIN) : place]))
        clause = place > 0 and bool(terms[place].brk) and self.first - place >= _A_CLAUSE
        return clause and self._rival(terms[place - 1])

    def _absent(self) -> bool:
        """Tell whether words right behind the thing, or behind where it would stand, say that there is none."""
        _, high = self.line.statement(self.first, self.last)
        for place in range(self._joined_until(), high):
            term = self.terms[place]
            if "neg_post" in term.tags:
                behind = self.terms[place + 1] if place + 1 < high else None
                # "нет изображения": the picture is missing, not the thing; "없음" ends its statement
                last = "without" not in term.tags and _VERB_LAST.search(term.text)
                return behind is None or bool(behind.brk or last or behind.tags & _BESIDE)
            led = place > self.last and "in" in self.terms[place - 1].tags and not term.brk
            shared = place > self.last and self.terms[place - 1].text in self.listed.both
            if self._rival(term) and not shared:
                return False
            known = term.tags & _BESIDE or term.text in self.listed.carriers or term.text in self.listed.both
            if not (led or known):
                return False
        return False

    def neither(self) -> bool:
        """Tell whether the thing is one of several that are all said not to be: "weder X noch Y", "ni X ni Y"."""
        low, high = self.line.statement(self.first, self.last)
        at = self.first - 1
        while at >= low and self._is_bare(at):
            at -= 1
        if at < low:
            return False
        word, listed = self.terms[at].text, self.listed
        if (
            word not in listed.paired_negations
            and word not in listed.further_negations | listed.unparted_pairs
        ):
            return False
        if any(term.tags & REMOVAL for term in self.terms[low:high]):
            return False  # "neither X nor Y was removed"
        return self._goes_on(at, high) or self._went_on(at, low)

    def _goes_on(self, at: int, high: int) -> bool:
        """Tell whether a word like `neither` finds its `nor` behind the thing."""
        word, place = self.terms[at].text, self.last
        while place < high and self._is_bare(place):
            place += 1
        if place >= high or self.terms[place].text not in self.listed.paired_negations.get(word, ()):
            return False
        named = place + 1 < high and "hit" in self.terms[place + 1].tags
        return word not in self.listed.unparted_pairs or (named and self._is_unparted(at, place + 1))

    def _went_on(self, at: int, low: int) -> bool:
        """Tell whether a word like `nor` stands behind a negation of another name."""
        word, place = self.terms[at].text, at - 1
        loose = word in self.listed.unparted_pairs
        while place >= low and (self._is_bare(place) or (loose and self.terms[place].text == word)):
            if self.terms[place].text == word and self._is_unparted(place, self.last - 1):
                return place < at - 1
            place -= 1
        if place < low or place == at - 1:
            return False
        before = self.terms[place]
        if word in self.listed.paired_negations.get(before.text, ()):
            return True
        return "neg" in before.tags and word in self.listed.further_negations

    def _is_bare(self, place: int) -> bool:
        """Tell whether a term is a name or thing that is only named, or a word that joins such."""
        term, listed = self.terms[place], self.listed
        if term.text in listed.paired_negations or term.text in listed.unparted_pairs:
            return False
        return bool(term.tags & {"hit", "device"}) or term.text in listed.carriers

    def _is_unparted(self, first: int, last: int) -> bool:
        return all(
            not term.brk and (n in (first, last) or "hit" in term.tags or term.text == self.terms[first].text)
            for n, term in enumerate(self.terms[first + 1 : last + 1], first + 1)
        )

    def denied(self) -> Reading:
        """Read what is said not to be: where it has a whole model number, a person looks."""
        if self.excepted() or self.is_ex():
            return Reading(state=State.IN_SERVICE)
        low, high = self.line.statement(self.first, self.last)
        if (
            self.left_over()
            or self._may_be_put_right()
            or self._is_taken_back()
            or any(
                ("model" in term.tags and "part" not in term.tags) or self._stays(term)
                for term in self.terms[low:high]
            )
        ):
            return Reading(asks=True, question=WHICH_THING, why="said not to be, or not to be allowed")
        return Reading(MentionKind.NEGATED)

    def _is_taken_back(self) -> bool:
        """Tell whether what stands beside a denial keeps it from being whole: "so far", "the one at the gate", "two in store".

        What is said of another maker's things behind it takes nothing back, but for words that say how sure the denial is.
        """
        terms, listed = self.terms, self.listed
        denying = [(term.start, term.end) for term in terms if term.tags & _WORDS_OF_DENIAL]
        told = [
            token
            for token in self.around.record.cells[self.around.cell].tokens
            if not any(start <= token.start < end for start, end in denying)
        ]
        if listed.denial_reservations.anywhere([token.text for token in told]):
            return True
        if any(map(self._rival, terms[self.last :])):
            return False
        later = next((place for place in range(self.last, len(terms)) if terms[place].brk), len(terms))
        behind = [token.text for token in told if token.start >= terms[self.last - 1].end]
        if listed.denial_exceptions.anywhere(behind) or not listed.restricting.isdisjoint(behind):
            return True
        if later == len(terms):
            return False
        left = [token.text for token in told if token.start >= terms[later].start]
        return listed.denial_remnants.anywhere(left) or any(
            bool(terms[place].tags & _LEFT) or self._counts(place) for place in range(later, len(terms))
        )

    def _counts(self, place: int) -> bool:
        """Tell whether a small number counts things, where it is none of a day or of a room: "caretaker has 2"."""
        terms, text = self.terms, self.terms[place].text
        if not (text.isdigit() and len(text) <= _MOST_DIGITS and int(text)):
            return False
        before, behind = terms[place - 1], terms[place + 1] if place + 1 < len(terms) else None
        numbered = not terms[place].brk and (before.tags & {"place", "label"} or before.text in _NUMBERED_BY)
        return (
            not numbered and "number" not in before.tags and (behind is None or "number" not in behind.tags)
        )

    def _may_be_put_right(self) -> bool:
        """Tell whether a comma between a rival that is denied and the name leaves it open which is meant: "not Axis, Dahua".

        So it is with a word like `only` right behind the name, whoever is denied.
        """
        terms, first = self.terms, self.first
        if first < 2 or terms[first].brk != 1:
            return False
        # "no longer Axis, Dahua"
        if not any("neg" in terms[place].tags for place in range(max(0, first - 3), first - 1)):
            return False
        text = self.around.record.cells[self.around.cell].folded.text
        if text[terms[first - 1].end : terms[first].start].strip() not in (",", "，", "、"):
            return False
        behind = terms[self.last] if self.last < len(terms) else None
        if behind is not None and behind.text in self.listed.restricting and not behind.brk:
            return True
        return self._rival(terms[first - 1]) and (behind is None or behind.text in self.listed.by_now)

    def _barred(self) -> bool:
        low, _ = self.line.segment(self.first, self.last)
        start, high = self.line.statement(self.first, self.last)
        if any("despite" in term.tags for term in self.terms[start:high]):
            return False  # "found despite the ban"
        if any(self._bars(place) for place in range(low, self.first)):
            return True
        for place in range(self._joined_until(), min(high, self.last + REACH)):
            if self._rival(self.terms[place]):
                break
            if self._is_unknown(self.terms[place]) and unspaced(self.terms[place].text):
                break  # "설치비 제외": what is left out is the work
            if self._bars(place) and self._begins(place):
                behind = self.terms[place + 1] if place + 1 < high else None
                if self._says_what_it_does_not(place, behind):
                    continue
                # "excluido soporte": what is left out is the bracket
                return behind is None or not behind.tags & {"place", "accessory", "fixture"}
        return False

    def _says_what_it_does_not(self, place: int, behind: Term | None) -> bool:
        """Tell whether a thing that is named does something not, which bars nothing: "the Dahua NVR does not boot"."""
        return (
            self.terms[place].text in _AUXILIARIES
            and behind is not None
            and not behind.brk
            and not behind.tags & _OF_A_POLICY
            and self._is_thing(range(self.line.segment(self.first, self.last)[0], place))
        )

    def _denied(self) -> bool:
        terms, listed = self.terms, self.listed
        skipped = False
        for place in range(self.first - 1, max(0, self.first - REACH) - 1, -1):
            term = terms[place]
            if terms[place + 1].brk == 2:
                return False
            if "neg" in term.tags:
                if terms[place + 1].brk and place and not term.brk and "device" in terms[place - 1].tags:
                    return False  # "inversor não, roteador Huawei sim"
                if term.text in ("no", "n") and ("number" in terms[place + 1].tags or terms[place + 1].brk):
                    return False  # "No. 5" is a count or a reference
                if any(terms[n].tags & (REMOVAL | {"exchange"}) for n in range(place + 1, self.first)):
                    return False
                reaching = listed.reaching.ending_at(term.text.split(), len(term.text.split()) - 1)
                if skipped and not reaching:
                    return False
                return not (term.text == "ex" and place + 1 < self.first)
            if terms[place + 1].brk and not self._in_list(place + 1):
                return False
            if term.text in listed.restricting:
                return False  # "no Hikvision, only Hytera"
            if not (term.text in listed.carriers or term.tags & {"device", "hit", "number", "aux"}):
                if skipped or term.text in OPENERS:
                    return False
                skipped = True
        return False

    def _in_list(self, place: int) -> bool:
        """Tell whether the break before a term is one inside a list of names."""
        text = self.around.record.cells[self.around.cell].folded.text
        between = text[self.terms[place - 1].end : self.terms[place].start].strip()
        return between in (",", "/", "&", "+", "", "(", "、", "，") and "hit" in self.terms[place - 1].tags

    def _stays(self, term: Term) -> bool:
        """Tell whether a word says that something stays; "noch" may also be `nor`."""
        listed = self.listed
        return (
            "still" in term.tags
            and not term.tags & _DENYING
            and term.text not in listed.further_negations
            and term.text not in listed.unparted_pairs
            and not any(term.text in further for further in listed.paired_negations.values())
        )
