"""What a word of going comes to: done, planned, under way, done in part, or said of something else.

A thing counts as gone only where tense, subject and completeness say so. What is being done is not done yet; two of four
that went leave two; what goes to be repaired comes back; and a question asserts nothing.
"""

from __future__ import annotations

import re

from proscribe.matching.line import Term
from proscribe.matching.line_evidence import Evidence
from proscribe.matching.readings import WHEN_GONE, WHETHER_ALL, WHETHER_DONE, WHICH_THING, Reading
from proscribe.model.findings import State
from proscribe.readers.own_words import answers_no

_PLANS = frozenset(["plan", "awaited"])
#: What Japanese, Chinese and Korean write behind a word for what is being done: "撤去中", "拆除进行中", "철거 중".
_UNDER_WAY = re.compile(
    r"\s?(?:作業|工事|作业|施工|進行|进行|진행\s?|작업\s?|공사\s?)?[中중](?![\u4e00-\u9fff\uac00-\ud7a3])"
)
#: How many terms before a word of going may say how much of a thing it takes.
_SAID_BEFORE = 4
#: The longest word like `of`, how many of them may stand between two numbers, and the most things of which some went.
_SMALL, _WORDS_OF, _MOST_SHARED = 6, 2, 500
#: What stays without the thing: "scrapped, some of the disks kept".
_OTHER_THING = frozenset(["accessory", "component", "device"])
#: What stands between a word and the answer to it: "removed: no".
_ANSWERED = (":", "=", "\uff1a")
ASKING = ("?", "\u061f", "\uff1f")


class Going(Evidence):
    """One hit in its line, and what words of going say of it."""

    __slots__ = ()

    def _gone(self, place: int) -> Reading:
        """Read the tense of a word of removal: not done, planned, done, or left open."""
        terms = self.terms
        word = terms[place].text
        tags = terms[place].tags
        start, end = self.line.segment(place, place + 1)
        first = max(start, place - 4)
        before = terms[first:place]
        forbidden = any("prohibit" in term.tags and not self._bars(n) for n, term in enumerate(before, first))
        if forbidden or any(
            term.tags & {"neg", "still", "undone"} and not self._rival(term) for term in before
        ):
            return Reading(state=State.IN_SERVICE, why=f"{word!r} is said not to be so")
        low, high = self.line.statement(self.first, self.last)
        if any("back" in term.tags for term in terms[place + 1 : high]):
            return Reading(state=State.IN_SERVICE, why="taken away, and put back")
        if (unfinished := self._unfinished(place, start, high)) is not None:
            return unfinished
        if "former" in tags and self._still_there(low, high):
            return Reading(state=State.IN_SERVICE, why=f"{word!r}, and still in use")
        if "gone" not in tags and "removal" in tags and self._still_there(low, high):
            return Reading(state=State.PLANNED_REMOVAL, why=f"{word!r}: said to be still there")
        if "gone" in tags and (kept := self._kept(place, high)) is not None:
            state = State.STORED_DISCONNECTED if "stored" in kept.tags else State.IN_SERVICE
            return Reading(state=state, asks=True, question=WHETHER_DONE, why=f"{word!r}, and {kept.text!r}")
        if "planned" in tags or self._planned(place, tags, before, terms[place + 1 : end], terms[low:high]):
            if "gone" in tags and "remove" not in tags and self._is_of_an_offer(place, before):
                return Reading(asks=True, question=WHICH_THING, why=f"{word!r}: it may be the offer that is")
            if (
                tags & {"exchange", "remove"}
                and any(map(self._rival, terms[start:place]))
                and place < self.first
            ):
                return Reading(
                    state=State.PLANNED_REMOVAL, asks=True, question=WHETHER_DONE,
                    why=f"{word!r}: another is to take its place",
                )  # fmt: skip
            return Reading(state=State.PLANNED_REMOVAL, why=f"{word!r}: planned, so it is still there")
        if "gone" in tags or tags & {"replaced_by", "out", "in_post"}:
            return Reading(
                state=State.DISPOSED, asks=True, question=WHEN_GONE, formerly=True,
                why=f"{word!r}: it is said to be gone",
            )  # fmt: skip
        if "remove" in tags:
            return Reading(
                state=State.PLANNED_REMOVAL, asks=True, question=WHETHER_DONE,
                why=f"{word!r}: work to be done, without a day",
            )  # fmt: skip
        return Reading(
            state=State.UNKNOWN, asks=True, question=WHETHER_DONE, formerly=True,
            why=f"{word!r}: whether it was done is left open",
        )  # fmt: skip

    def _kept(self, place: int, high: int) -> Term | None:
        """Give the term that says, behind a word of going, that the thing is kept or still up: "taken down, kept as spare"."""
        behind = self.terms[place + 1 : high] if place >= self.last else ()
        for number, term in enumerate(behind):
            if "gone" in term.tags or self._rival(term):
                return None
            if not term.tags & {"stored", "still", "in_use"} or term.tags & {"aux", "new", "neg", "undone"}:
                continue
            before = behind[number - 1].tags if number else frozenset(["aux"])
            of_another = "stored" not in term.tags and (not before or before & _OTHER_THING)
            return None if of_another or before & {"was", "neg"} else term
        return None

    def _unfinished(self, place: int, start: int, high: int) -> Reading | None:
        """Read what keeps a word of going from saying that the whole thing is gone for good: `None` when nothing does."""
        word = self.terms[place].text
        if (said := self._text_behind(place)).startswith((*_ANSWERED, *ASKING)) and answers_no(said[1:]):
            return Reading(state=State.IN_SERVICE, why=f"{word!r}: the answer is no")
        if said.startswith(ASKING):
            return Reading(asks=True, question=WHETHER_DONE, why=f"{word!r}: the line asks whether")
        if any("repair" in term.tags for term in self.terms[start:high]):
            return Reading(state=State.IN_SERVICE, why=f"{word!r}: taken away to be worked on")
        _, end = self.line.segment(place, place + 1)
        near = self.terms[max(start, place - _SAID_BEFORE) : min(end, place + 1 + _SAID_BEFORE)]
        if any("mistaken" in term.tags for term in near):
            return Reading(
                state=State.IN_SERVICE, question=WHETHER_DONE, why=f"{word!r}: said to be a mistake"
            )
        if self._is_partial(place, start):
            why = f"{word!r}: said of a part of them"
            return Reading(state=State.IN_SERVICE, question=WHETHER_ALL, why=why)
        if self._is_under_way(place, start, high):
            return Reading(state=State.PLANNED_REMOVAL, why=f"{word!r}: under way, so it is not done")
        return None

    def _text_behind(self, place: int) -> str:
        """Give what is written behind a term, without blanks and brackets."""
        return (
            self.around.record.cells[self.around.cell].folded.text[self.terms[place].end :].lstrip(" ()\"'")
        )

    def _is_under_way(self, place: int, start: int, high: int) -> bool:
        """Tell whether what a word of going says is being done: "being removed", "Demontage läuft", "撤去中"."""
        terms = self.terms
        text = self.around.record.cells[self.around.cell].folded.text
        if _UNDER_WAY.match(text, terms[place].end):
            return True
        if any("underway" in term.tags for term in terms[max(start, place - _SAID_BEFORE) : place + 1]):
            return True
        done = "gone" in terms[place].tags and "removal" not in terms[place].tags
        behind = self._right_behind(place) if done else terms[place + 1 : high]
        return any("underway" in term.tags for term in behind)

    def _right_behind(self, place: int) -> tuple[Term, ...]:
        """Give the term behind another one, where no comma or the like parts them; a bracket may."""
        behind = self.terms[place + 1 : place + 2]
        return behind if behind and (not behind[0].brk or self._sign_before(place + 1) == "(") else ()

    def _is_partial(self, place: int, start: int) -> bool:
        """Tell whether some are said to be gone, and so others not: "2 of 4 removed", "partly dismantled"."""
        if any(
            "partial" in term.tags for term in (*self.terms[start : place + 1], *self._right_behind(place))
        ):
            return True
        low, _ = self.line.statement(self.first, self.last)
        return any(self._is_share(few) for few in range(low, place - 1))

    def _is_share(self, few: int) -> bool:
        """Tell whether a number of things out of a larger one begins at a term: "2 of 4", "2/4"."""
        terms = self.terms
        if not terms[few].text.isdigit():
            return False
        all_ = few + 1
        if self._sign_before(all_) != "/":
            while all_ < len(terms) and all_ <= few + _WORDS_OF and self._may_be_of(terms[all_]):
                all_ += 1
            if all_ == few + 1:
                return False
        whole = terms[all_].text if all_ < len(terms) else ""
        return whole.isdigit() and int(terms[few].text) < int(whole) <= _MOST_SHARED

    def _may_be_of(self, term: Term) -> bool:
        """Tell whether a term is short, and names nothing, as words like `of` are."""
        named = term.tags & {"device", "model", "hit", "with", "number"}
        return len(term.text) <= _SMALL and not named and not any(map(str.isdigit, term.text))

    def _is_of_an_offer(self, place: int, before: tuple[Term, ...]) -> bool:
        """Tell whether a word like `quote` leads the name, and no other says that what is done is planned."""
        lead = self._lead(self.first)
        planned = [term for term in before if "plan" in term.tags]
        return place >= self.last and lead is not None and planned == [lead] and "service" not in lead.tags

    def _still_there(self, low: int, high: int) -> bool:
        """Tell whether a statement of no other maker says that the thing is still in use."""
        said = self.terms[low:high]
        # "por" alone is too short a word to say so
        return any(term.tags & {"still", "in_use"} and not term.tags & {"aux", "new"} for term in said) and (
            not any(self._rival(term) for term in said)
        )

    def _planned(
        self,
        place: int,
        tags: frozenset[str],
        before: tuple[Term, ...],
        behind: tuple[Term, ...],
        statement: tuple[Term, ...],
    ) -> bool:
        done = "gone" in tags and "remove" not in tags
        lead = self._lead(place)
        # before what is done a lone letter names a place ("hala A zdemontowano") or says who did it ("il a démonté")
        if lead is not None and "toinf" in lead.tags and not (done and len(lead.text) == 1):
            return True
        told = [term.tags & ({"plan"} if done else _PLANS) for term in before]
        if any(told) or (before and before[-1].tags & _PLANS):
            return True  # a sample that was sent back is gone, though a sample is not bought
        if any(self._is_future(term) for term in (*before, *behind)):
            return True
        if done:
            behind = behind or self.terms[place + 1 :]  # "Removed - pending"
            return (bool(behind) and "plan" in behind[0].tags) and (not behind[0].brk or len(behind) == 1)
        return any(term.tags & _PLANS or self._is_future(term) for term in statement)

    def _lead(self, place: int) -> Term | None:
        """Give what stands right before a term, words like `be` left out; `None` where they say that it is done."""
        place -= 1
        while place >= 0 and "aux" in self.terms[place].tags and "toinf" not in self.terms[place].tags:
            if "past" in self.terms[place].tags:
                return None  # "a été remplacée" is done; "à remplacer" is not
            place -= 1
        return self.terms[place] if place >= 0 else None

    def _bars(self, place: int) -> bool:
        """Tell whether a term bars a thing; what may not be unplugged, moved or taken down is there: "do not switch off"."""
        if "prohibit" not in self.terms[place].tags:
            return False
        low, high = self.line.segment(place, place + 1)
        if any("handle" in term.tags for term in self.terms[low:high]):
            return False
        behind = next((term for term in self.terms[place + 1 : high] if "aux" not in term.tags), None)
        return behind is None or not behind.tags & {"remove", "gone"}
