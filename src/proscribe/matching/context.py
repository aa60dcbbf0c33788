"""What a line says of the thing a hit belongs to: the thing itself, something for it, or a thing that is gone.

A line is read as people mean it: which noun is the head, which words only say where it stands, what takes the place
of what, and whether that is planned or done. The words are knowledge (`context/lines/`, `context/words.yml`); here is
what follows from their order. Where a line could be the thing itself, it stays a question and never falls silent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from proscribe.matching.going import Going
from proscribe.matching.lexicon import is_short_pinyin
from proscribe.matching.line import DEVICE_ALONE, Line, Term, unspaced
from proscribe.matching.line_evidence import weight_of_word
from proscribe.matching.line_spot import OPENERS, SHORT_CELL, Surroundings
from proscribe.matching.normalize import LEGAL_FORMS
from proscribe.matching.readings import (
    ARRIVES,
    ITSELF,
    PLAIN,
    VOID,
    WHEN_GONE,
    WHETHER_CAME,
    WHETHER_DONE,
    WHETHER_SUM,
    WHICH_THING,
    Reading,
)
from proscribe.matching.record import ASIDE, COMPANY_FIELDS, MODEL_FIELDS, NOTE
from proscribe.matching.signals import Signal
from proscribe.matching.state_words import state_key
from proscribe.model.findings import MentionKind, State

_PURL_TYPE = re.compile(r"pkg:([a-z0-9.+-]+)/")
#: A library as Maven and Gradle name it, alone in its cell: `com.huawei.hms:push:6.1.0`.
_COORDINATES = re.compile(
    r"[\s\"'(]*(?:[a-z]{3,24}[\s\"'(]+)?[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_-]*)+:[a-z][a-z0-9_.-]*(?::[0-9a-z._+-]+)?[\s\"')]*"
)
# NVD names a vendor nobody else claims after the program: somebody's client, not the maker's device.
_CPE_PROJECT = re.compile(r"cpe:[^\s:]*:(?:[aoh]:)?[^\s:]*_project:")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
#: Kana or hangul at the end of a verb: what it speaks of stands before it.
_VERB_LAST = re.compile(r"[\u3041-\u309f\uac00-\ud7a3]$")
#: Endings of Japanese verbs for what is done, and the stems that take them.
_DONE = re.compile(r"(?:まし)?た|(?:て)?いる|ています|済み?")
_STEM = re.compile(r"[しめ]$")
_REACH = 12
#: What speaks against a thing in a line that names a program or an accessory and still says where the thing is.
_BOTH = "the line may speak of a program or of what lies beside a thing, although it says that one is here"
#: Fields in which a device speaks for itself.
_SAID_BY_DEVICES = ("banner", "certificate", "user_agent")


def judge(around: Surroundings, signal: Signal) -> Reading:
    """Read what a line says of the thing a hit belongs to; what is not understood of it leaves a question."""
    first, last = around.line.place(signal.start, signal.end)
    if last == 0:
        return PLAIN
    field = around.record.cells[around.cell].field
    spot = _Spot(around, first, last, around.index.group_of(signal.entity))
    named = field in _TOLD or field in COMPANY_FIELDS
    if named and signal.matcher == "entity_name" and spot.is_other_name():
        return VOID
    read = _read(around, signal, field, spot)
    if read.kind is MentionKind.ACCESSORY and field in _TOLD and spot.is_on_label():
        return Reading(
            asks=True, question=ITSELF, why="a label bears the name, and may be that of a thing that is here"
        )
    if read.kind in _DOUBTFUL and signal.category not in _PARTS and field in _TOLD:
        if spot.is_asked():
            return Reading(asks=True, question=WHICH_THING, why="the line itself asks")
        question = ITSELF if read.kind is MentionKind.ACCESSORY else WHICH_THING
        denied = read.kind is MentionKind.NEGATED
        if spot.unclear() and not (denied and spot.is_only_talked()):
            return Reading(asks=True, question=question, why="the line holds words that are not understood")
        here = spot.is_here() or (
            spot.is_said_to_stay() if read.kind is MentionKind.REFERENCE else spot.is_worked_on()
        )
        if read.kind in _BESIDE_A_THING and here:
            return Reading(asks=True, question=question, why=_BOTH)
    program = read.kind is MentionKind.SOFTWARE and signal.category != "software" and field in _TOLD
    if program and not _is_program(around, field):
        if spot.is_here() or spot.beside_another():
            return Reading(asks=True, question=WHICH_THING, why=_BOTH)
        if (word := spot.place_or_software()) is not None:
            return Reading(
                asks=True, question=WHICH_THING, why=f"{word!r} may be a place or somebody, or a program"
            )
    asserts = read.kind is None and not read.asks and spot.is_told(signal, field)
    if asserts and (spot.is_asked() or spot.is_in_question()):
        return replace(read, asks=True, question=WHICH_THING, why=read.why or "the line itself asks")
    if asserts and spot.is_left_out():
        return replace(read, asks=True, question=WHICH_THING, why="the line speaks of others than it")
    doubt = spot.not_understood(read) if asserts else ""
    if doubt:
        return replace(read, asks=True, question=WHICH_THING, why=read.why or doubt)
    return read


def needs_no_device(around: Surroundings, signal: Signal, reading: Reading | None) -> bool:
    """Tell whether the words around a weak hit, which asks for a device beside it, show a thing all the same."""
    first, last = around.line.place(signal.start, signal.end)
    field = around.record.cells[around.cell].field
    if last == 0 or field not in _TOLD:
        return False
    spot = _Spot(around, first, last, around.index.group_of(signal.entity))
    if spot.shows_thing(signal):
        return True
    own = signal.matcher == "entity_name" and signal.entity in around.index.named
    return own and reading is not None and (reading.state is not State.UNKNOWN or spot.is_handled(reading))


#: So many small words behind a comma begin a clause of their own: "it is".
_A_CLAUSE = 2
#: What words make of a thing that other words could take back.
_DOUBTFUL = frozenset(
    [MentionKind.ACCESSORY, MentionKind.NEGATED, MentionKind.COMPETITOR, MentionKind.REFERENCE]
)
#: Of these, what a thing that is here may have beside it: a bracket, somebody to ask.
_BESIDE_A_THING = frozenset([MentionKind.ACCESSORY, MentionKind.REFERENCE])
#: Fields that say what a thing is, beside its maker.
_DESCRIBING = frozenset(["text", "product_name"])
#: Categories of things that are no equipment of their own.
_PARTS = frozenset(["accessory", "passive_accessory"])


def _read(around: Surroundings, signal: Signal, field: str, spot: _Spot) -> Reading:
    """Read a line as if every word of it that bears on the thing were known."""
    told = field != "cpe" and field not in COMPANY_FIELDS
    part = signal.category in _PARTS
    if told and spot.neither():
        return spot.denied()
    stays = spot.stays() if told and not part else None
    if stays is not None:
        return stays
    moved = spot.moved() if told else None
    if moved is None and spot.negated():
        return spot.denied()
    announced = spot.announced() if told and not part else None
    if announced is not None:
        return announced
    moved = moved or spot.kept()
    if part:
        return Reading(MentionKind.ACCESSORY)
    if _is_program(around, field):
        return Reading(MentionKind.SOFTWARE)
    if not told:
        return _named_apart(spot, field)
    if moved is not None and moved.kind is not None:
        return moved
    comes_in = moved is not None and moved.arrives
    relation = spot.relation() or spot.compared()
    if comes_in and relation is not None and relation.kind is not MentionKind.ACCESSORY:
        relation = None  # "Ersatz für Axis: Hikvision": it is no part of the other thing
    aside = relation or (None if spot.is_power_store(signal) else spot.head()) or spot.part_numbered()
    if aside is not None and not (aside.asks and moved is not None and moved.formerly):
        return aside
    if moved is not None and (moved.formerly or moved.asks):
        return moved
    spoken = _spoken(around, signal, field, spot)
    if spoken is not None:
        return Reading(spoken)
    if (moved is None or moved.state is State.STORED_DISCONNECTED) and field in _TOLD:
        moved = spot.maybe_gone() or moved
    if comes_in and (to_come := spot.yet_to_arrive()) is not None:
        return to_come
    anothers = spot.of_neighbour() if moved is not None and field in _TOLD else None
    return (
        anothers
        or moved
        or spot.unsettled(field)
        or _of_program(around, signal, spot)
        or _beside_part(around)
        or PLAIN
    )


def _of_program(around: Surroundings, signal: Signal, spot: _Spot) -> Reading | None:
    """Read a firm's name right before that of its program, and what is hit in that: "Hikvision HikCentral" may be a licence."""
    if signal.category == "software":
        return None
    if (driver := spot.driver_of_it(signal)) is not None:
        return Reading(asks=True, question=WHICH_THING, why=f"{driver!r} may be all that it speaks of")
    if around.record.device_words:
        return None
    place = spot.last if signal.matcher == "entity_name" else spot.first
    if spot.terms[spot.first].start in around.programs:
        place = spot.first
    if not 0 < place < len(spot.terms):
        return None
    named, program = spot.terms[place - 1 : place + 1]
    if program.brk or program.start not in around.programs or "hit" not in named.tags:
        return None
    return Reading(asks=True, question=WHICH_THING, why=f"{program.text!r} is a program of the firm")


def _named_apart(spot: _Spot, field: str) -> Reading:
    """Read a name in a column of firms, where it may be initials of the words behind it: "ZTE Zahntechnik Eder".

    In a column of makers it may also be whose things another thing is for ("for Huawei tablet"), or who is spoken of.
    """
    if field in COMPANY_FIELDS and spot.spelled_out():
        return Reading(asks=True, question=WHICH_THING, why="the name may be short for the words beside it")
    if field == "maker_name":
        if spot.relation() is not None:
            return Reading(asks=True, question=ITSELF, why="the column of makers says what the thing is for")
        if spot.talked() is not None:
            return Reading(asks=True, question=WHICH_THING, why="the column of makers names no thing")
    return PLAIN


def _beside_part(around: Surroundings) -> Reading | None:
    """Read a thing that another cell of the record, or the column, makes what an accessory is for."""
    part = around.part_beside()
    if around.suits():
        why = "the column says what the thing fits or works with"
        return Reading(MentionKind.ACCESSORY) if part else Reading(asks=True, question=ITSELF, why=why)
    if part or any(_is_part_described(around, place) for place in range(len(around.record.cells))):
        return Reading(asks=True, question=ITSELF, why="another cell of the record names an accessory")
    return None


def _is_part_described(around: Surroundings, place: int) -> bool:
    """Tell whether another cell of the record describes an accessory: "Funda móvil" beside "Huawei Y6"."""
    cell = around.record.cells[place]
    if place == around.cell or cell.field not in _DESCRIBING or not 0 < len(cell.tokens) <= SHORT_CELL:
        return False
    if len(cell.tokens) == 1 and cell.tokens[0].text.isascii():
        return False
    beside = Surroundings(around.record, around.index, place, [])
    terms = beside.line.terms  # "对讲机电池" is one token and two words
    return len(terms) > 1 and any("accessory" in term.tags for term in terms) and names_part(beside)


def _is_program(around: Surroundings, field: str) -> bool:
    """Tell whether an identifier in the cell, or the package of its record, names a program: somebody's client, a library."""
    text = around.record.cells[around.cell].folded.text
    if "cpe:" in text and _CPE_PROJECT.search(text):
        return True
    if field == "cpe":
        return False
    own = [text, *(cell.folded.text for cell in around.record.cells if cell.field == "purl")]
    purls = (found.group(1) for one in own if (found := _PURL_TYPE.search(one)) is not None)
    return any(one in around.index.words.software_purl_types for one in purls) or (
        ":" in text and _COORDINATES.fullmatch(text) is not None
    )


def moved_beside(around: Surroundings) -> Reading | None:
    """Read what a cell without a hit says of where the record's thing is: gone, planned out, in store, in use.

    The thing stands before the cell in thought, as in "camera; disposed 2021", or where the cell has a noun for a device:
    "camera removed 2023". A cell that names another thing or maker first speaks of that.
    """
    if around.line.quiet:
        return None
    terms = around.line.terms
    named = next((place for place, term in enumerate(terms) if term.makers), len(terms))
    led = any(term.tags & {"replaced_by", "exchange", "instead"} for term in terms[:named])
    if not terms or (named < len(terms) and not led):
        return None
    thing = Term("", 0, 0, frozenset(["hit"]), 0)
    line = around.line
    around.line = Line((thing, terms[0]._replace(brk=1), *terms[1:]))
    spot = _Spot(around, 0, 1, "")
    read = spot.moved() or spot.kept_aside() or spot.awaited_aside()
    if read is not None:
        return None if read.formerly and _goes_for_another(around, line) else read
    place = _own_noun(around, line, named)
    if place is None:
        return None
    noun = terms[place]._replace(tags=terms[place].tags | {"hit"})
    around.line = Line((*terms[:place], noun, *terms[place + 1 :]))
    return _Spot(around, place, place + 1, "").moved()


#: What makes a part of a line speak of something of the thing, or of what was there before it.
_OF_THE_THING = frozenset(["accessory", "fixture", "component", "former", "part"])
#: What words are behind which it stands where a thing went, or to whom.
_LEADING_ON = frozenset(["in", "new", "toinf"])
#: How many terms beside a noun may say that it is another thing's.
_NEAR = 3
#: Before these words a figure begins what it counts.
_BEFORE_FIGURES = frozenset(["gone", "removal", "remove", "aux"])
#: A number that is a year.
CALENDAR_YEAR = re.compile(r"(?:19[89]|20[0-9])[0-9]")


def _own_noun(around: Surroundings, line: Line, named: int) -> int | None:
    """Give the place of the first noun by which a remark names the thing of its record; `None` when none does."""
    aspects = around.index.words.states.aspects
    for place, term in enumerate(line.terms[:named]):
        if "device" not in term.tags or term.text in aspects or term.tags & _OF_THE_THING:
            continue
        start, end = line.segment(place, place + 1)
        low, high = line.statement(place, place + 1)
        if any(other.tags & _OF_THE_THING for other in line.terms[start:end]) or any(
            "install" in other.tags for other in line.terms[low:high]
        ):
            return None
        if _is_anothers(around, line, place):
            if any("device" in other.tags for other in line.terms[place + 1 : high]):
                return None  # of which of the things it speaks is not told
            continue
        return place
    return None


def names_another(around: Surroundings, signal: Signal) -> bool:
    """Tell whether words beside a hit, or beside the noun behind it, make it another thing: "previous Hikvision DVR"."""
    first, last = around.line.place(signal.start, signal.end)
    if last == 0:
        return False
    behind = last < len(around.line.terms) and "device" in around.line.terms[last].tags
    return _is_anothers(around, around.line, first) or (behind and _is_anothers(around, around.line, last))


def _is_anothers(around: Surroundings, line: Line, place: int) -> bool:
    """Tell whether a noun names another thing than the record's: "other camera", "2 cameras", "caméra voisine"."""
    words, terms = around.index.words.states, line.terms
    start, end = line.segment(place, place + 1)
    if _says(terms[max(start, place - _NEAR) : place], words.others):
        return True
    if _says(terms[place + 1 : min(end, place + _NEAR)], words.others_behind):
        return True
    before = place - 1
    while (
        before >= start
        and terms[before].tags & {"quantity", "attribute"}
        and not _says(terms[before : before + 1], words.counted)
    ):
        before -= 1
    if before >= start and _says(terms[max(start, before - 1) : before + 1], words.counted):
        return not (terms[before].tags & {"place", "device"})
    return _is_counted(around, terms, place, before)


def _is_counted(around: Surroundings, terms: Sequence[Term], place: int, before: int) -> bool:
    """Tell whether a figure counts or numbers a noun: "2 cameras", "2. Kamera", "カメラ2台"; "gate 2 camera" it does not."""
    behind = terms[place + 1 : place + 3]
    if len(behind) == 2 and "number" in behind[0].tags and "quantity" in behind[1].tags:
        return True
    if before < 0 and place > 0 and terms[place].brk == 1:
        before = place - 1
    if before < 0 or "number" not in terms[before].tags or CALENDAR_YEAR.fullmatch(terms[before].text):
        return False
    gap = around.record.cells[around.cell].folded.text[terms[before].end : terms[before + 1].start]
    if terms[before + 1].brk and gap.strip() != ".":
        return False
    return before == 0 or bool(terms[before].brk) or bool(terms[before - 1].tags & _BEFORE_FIGURES)


def _goes_for_another(around: Surroundings, line: Line) -> bool:
    """Tell whether what is said to go is another thing, though no noun names it: "the other one removed 2023"."""
    place = next((n for n, term in enumerate(line.terms) if term.tags & _REMOVAL), 0)
    start, _ = line.segment(place, place + 1)
    return _says(line.terms[start:place], around.index.words.states.others)


def _says(terms: Sequence[Term], words: frozenset[str]) -> bool:
    """Tell whether one of some words, or phrases, stands among terms; in scripts without spaces, inside them."""
    told = f" {' '.join(term.text for term in terms)} "
    if any(f" {word} " in told for word in words):
        return True
    return any(
        unspaced(term.text)
        and not term.tags & {"place", "device"}
        and any(word in term.text for word in words)
        for term in terms
    )


def tells_inside(around: Surroundings) -> bool:
    """Tell whether a line says what is inside a thing, or what its label or its pages say."""
    return any(term.tags & {"inside", "inside_post"} for term in around.line.terms)


def names_device_of(around: Surroundings, signal: Signal) -> bool:
    """Tell whether a hit and a noun for a device beside it name a thing: "Hikvision dome camera", not "Hikvision camera room"."""
    terms = around.line.terms
    first, last = around.line.place(signal.start, signal.end)
    start, end = around.line.segment(first, last)
    while last < end and terms[last].tags & {"device", "attribute"}:
        last += 1
    while first > start and terms[first - 1].tags & {"device", "attribute"}:
        first -= 1
    beside = [*terms[max(start, first - 1) : first], *terms[last : min(end, last + 1)]]
    return (
        any("device" in term.tags for term in terms[first:last])
        and not any("place" in term.tags for term in beside)
        and not any(term.tags & {"accessory", "fixture"} for term in terms[start:first])
    )


def begins_with_part(around: Surroundings) -> bool:
    """Tell whether a line begins with an accessory: "Bracket 4 Hikvision camera"."""
    return bool(around.line.terms) and bool(around.line.terms[0].tags & {"accessory", "fixture"})


def names_part(around: Surroundings) -> bool:
    """Tell whether a cell without a hit names an accessory of what a firm before it makes, or may: "dome camera bracket"."""
    if any(term.makers for term in around.line.terms):
        return False
    reading = part_told(around)
    return reading is not None and (reading.kind is MentionKind.ACCESSORY or reading.question == ITSELF)


def part_told(around: Surroundings) -> Reading | None:
    """Read a description as if the maker of another cell stood in front of it; `None` where it names no accessory."""
    terms = around.line.terms
    if around.line.quiet or not terms:
        return None
    line = around.line
    around.line = Line((Term("", 0, 0, frozenset(["hit"]), 0), *terms))
    reading = _Spot(around, 0, 1, "").head()
    if reading is None and terms[0].tags >= {"accessory", "head_first"}:
        # "Custodia telefono": where the head comes first, the maker stands behind
        end = terms[-1].end
        around.line = Line((*terms, Term("", end, end, frozenset(["hit"]), 0)))
        reading = _Spot(around, len(terms), len(terms) + 1, "").head()
        if reading is not None and any("device" in term.tags for term in terms):
            reading = Reading(asks=True, question=ITSELF, why=f"it begins with {terms[0].text!r}")
    around.line = line
    return reading


#: What follows a word in the name of a setting, whose value comes: "ansible_host=10.0.0.1".
_SETTING = re.compile(r"[\w.-]*=(?=\S)")


def _names_setting(around: Surroundings, place: int) -> bool:
    """Tell whether a word stands in the name of a setting, which is no word of the thing."""
    cell = around.record.cells[around.cell]
    return _SETTING.match(cell.folded.text, cell.tokens[place].end) is not None


def _spoken(around: Surroundings, signal: Signal, field: str, spot: _Spot) -> MentionKind | None:
    """Tell a name beside words of software, of rivals, of news and contracts, from one that stands for the thing."""
    words = around.index.words
    if signal.category == "software" or (not around.record.device_words and around.software_brand):
        return MentionKind.SOFTWARE
    if spot.beside_competitor():
        return MentionKind.COMPETITOR
    if signal.matcher not in ("entity_name", "brand", "fingerprint") or field in _SAID_BY_DEVICES:
        return None
    software = words.software.may_stand(around.words) and any(
        words.software.starting_at(around.words, place)
        for place in range(len(around.words))
        if place not in around.hit_tokens
        and not (around.record.device_words and spot.is_place(place))
        and not _names_setting(around, place)
        # "... Software Co., Ltd" is a company, not a program
        and not (place + 1 < len(around.words) and around.words[place + 1] in LEGAL_FORMS)
    )
    if software and not spot.bought_device():
        return MentionKind.SOFTWARE
    things = around.record.device_words or any("device" in term.tags for term in around.line.terms)
    if not things and (
        (
            words.reference.may_stand(around.words)
            and words.reference.anywhere(
                [
                    word
                    for place, word in enumerate(around.words)
                    # "NDAA compliant": somebody claims it of a thing
                    if place not in around.hit_tokens and word not in _CLAIMS
                ]
            )
        )
        or any("reference" in term.tags for term in around.line.terms)
    ):
        return MentionKind.REFERENCE
    return None


#: Words by which somebody claims that a thing meets the law.
_CLAIMS = frozenset(["ndaa", "compliance"])
#: What Arabic writes before a name for both `for` and `of`.
_OF_IN_ARABIC = "\u0644"
#: Words that, right behind a name, say that the thing is another's.
_NOT_OF = frozenset(["free", "frei", "alternative", "alternatives", "alternativen", "ban"])
_REMOVAL = frozenset(["gone", "removal", "remove"])
#: Words that part a removed thing from what stands behind them.
_PARTING = frozenset(
    ["for", "compat", "with", "without", "install", "replaces", "instead", "replaced_by", "neutral", "back"]
)
#: What may stand between a thing and the words that say there is none.
_BESIDE = frozenset(
    {"device", "model", "code", "aux", "place", "in", "number", "attribute", "hit", "label", "object"}
)
#: What may stand in a part of a line that only says what becomes of a thing.
_NOUNS = frozenset(
    ["device", "accessory", "fixture", "code", "component", "of_it", "head_first", "head_last"]
)
_PREDICATE = _REMOVAL | {
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
}


class _Spot(Going):
    """One hit in its line, read."""

    __slots__ = ()

    # What takes the place of what, and what is gone

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
        for place in range(self.first - 1, max(low, self.first - _REACH) - 1, -1):
            tags = terms[place].tags
            if "replaced_by" in tags and self._rivals(place + 1, self.first):
                return None  # "sustituida por Axis (antes Dahua)": it is the other that came
            if tags & {"replaced_by", "instead_post"}:
                return ARRIVES
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
                    return ARRIVES
                return self._gone(place)
            if "for" in tags or "compat" in tags:
                return None
        return None

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
        for place in range(self._joined_until(), min(high, self.last + _REACH)):
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
                return ARRIVES
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
        """Give the first place behind the names that small words join with this one: "X and Y cameras removed"."""
        place = self._behind()
        joined = self.last
        while (behind := self._joins(place)) and self.terms[behind].makers:
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
        if start <= self.first < end:
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
        start = self._joined_from()
        if any(term.tags & {"install", "new"} for term in terms[self.last : high]):
            start = self.first  # "removed Axis and Dahua installed"
        for place in range(start - 1, max(low, self.first - _REACH) - 1, -1):
            tags = terms[place].tags
            if self._is_of_place(place):
                continue
            if tags & _REMOVAL or "planned" in tags:
                if self._governs(place):
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
        for place in range(self._joined_until(), min(high, self.last + 2 * _REACH)):
            tags = terms[place].tags
            if self._left_out(place) or self._is_of_place(place):
                continue
            if self._rival(terms[place]) or "neutral" in tags:
                break
            # "para retirar": to be removed, not for something
            barred = barred or bool(tags & {"for", "compat"} and "toinf" not in tags)
            if (tags & _REMOVAL or "planned" in tags) and self._begins(place):
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

    def _governs(self, place: int) -> bool:
        """Tell whether a word of removal before the hit has it as its object."""
        start, end = self.line.segment(place, place + 1)
        if start <= self.first < end:
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

    # What is said not to be

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
        terms, place = self.terms, self.first
        while place > 0 and not terms[place].brk:
            place -= 1
            if "aux" not in terms[place].tags or terms[place].tags & {"neg", "with"}:
                return False
        return place > 0 and self.first - place >= _A_CLAUSE and self._rival(terms[place - 1])

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
        if any(term.tags & _REMOVAL for term in self.terms[low:high]):
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
            or any(
                ("model" in term.tags and "part" not in term.tags) or self._stays(term)
                for term in self.terms[low:high]
            )
        ):
            return Reading(asks=True, question=WHICH_THING, why="said not to be, or not to be allowed")
        return Reading(MentionKind.NEGATED)

    def _may_be_put_right(self) -> bool:
        """Tell whether a comma between a rival that is denied and the name leaves it open which is meant: "not Axis, Dahua".

        So it is with a word like `only` right behind the name, whoever is denied.
        """
        terms, first = self.terms, self.first
        if first < 2 or terms[first].brk != 1 or "neg" not in terms[first - 2].tags:
            return False
        text = self.around.record.cells[self.around.cell].folded.text
        if text[terms[first - 1].end : terms[first].start].strip() not in (",", "，", "、"):
            return False
        behind = terms[self.last] if self.last < len(terms) else None
        if behind is not None and behind.text in self.listed.restricting and not behind.brk:
            return True
        return self._rival(terms[first - 1]) and behind is None

    def _barred(self) -> bool:
        low, _ = self.line.segment(self.first, self.last)
        start, high = self.line.statement(self.first, self.last)
        if any("despite" in term.tags for term in self.terms[start:high]):
            return False  # "found despite the ban"
        if any(self._bars(place) for place in range(low, self.first)):
            return True
        for place in range(self._joined_until(), min(high, self.last + _REACH)):
            if self._rival(self.terms[place]):
                break
            if self._is_unknown(self.terms[place]) and unspaced(self.terms[place].text):
                break  # "설치비 제외": what is left out is the work
            if self._bars(place) and self._begins(place):
                behind = self.terms[place + 1] if place + 1 < high else None
                # "excluido soporte": what is left out is the bracket
                return behind is None or not behind.tags & {"place", "accessory", "fixture"}
        return False

    def _denied(self) -> bool:
        terms, listed = self.terms, self.listed
        skipped = False
        for place in range(self.first - 1, max(0, self.first - _REACH) - 1, -1):
            term = terms[place]
            if terms[place + 1].brk == 2:
                return False
            if "neg" in term.tags:
                if terms[place + 1].brk and place and not term.brk and "device" in terms[place - 1].tags:
                    return False  # "inversor não, roteador Huawei sim"
                if term.text in ("no", "n") and ("number" in terms[place + 1].tags or terms[place + 1].brk):
                    return False  # "No. 5" is a count or a reference
                if any(terms[n].tags & (_REMOVAL | {"exchange"}) for n in range(place + 1, self.first)):
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

    # What is for it, or works with it

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
        if self.last < len(terms) and not terms[self.last].brk:
            word = terms[self.last].text
            if word.startswith(("compatib", "kompatib")) and "compat" not in terms[self.last].tags - {
                "head_last"
            }:
                return Reading(MentionKind.COMPATIBLE)
            if word in ("compatible", "style", "lookalike", "clone") or (
                word in ("type", "like") and self.last + 1 < len(terms)
            ):
                return Reading(MentionKind.COMPATIBLE)
        if self.line.quiet:
            return None
        skipped = False
        for place in range(self.first - 1, max(0, self.first - _REACH) - 1, -1):
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
            and any(term.tags & {"service", "install"} | term.tags & _REMOVAL for term in before)
        ):
            return None
        if part:
            return Reading(MentionKind.ACCESSORY)
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
        known = any(term.tags & {"device", "model", "code", "hit", "number"} for term in before)
        if plain and thing and not known:
            return Reading(asks=True, question=ITSELF, why=f"{self.terms[place].text!r} stands before it")
        return Reading(MentionKind.COMPATIBLE)

    # Which noun is the head

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
        if after is not None and "place" in after.tags and not behind.tags & {"hit"}:
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
            if self._leads_into(place) or self._is_part_of_faulty(place):
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
        if terms[place].text in _STANDING and thing:
            return None
        if self._is_whole(place):
            return self._unsure(place)
        if "accessory" in terms[place].tags and not (thing and terms[place].text.isascii()):
            return Reading(MentionKind.ACCESSORY)
        if terms[place].text.isascii() or "fixture" in terms[place].tags:
            return self._unsure(place)
        return Reading(MentionKind.ACCESSORY)

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
        if named == self.first or not parts or named - parts[-1] > _NEAR:
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
        return bool(term.tags & {"hit", "model", "code", "number", "attribute"}) or len(term.text) < _NEAR

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

    # What else is spoken of

    def unsettled(self, field: str) -> Reading | None:
        """Read a line that says nothing of what became of the thing: it may be to come, or only talked about."""
        if field in _SAID_BY_DEVICES:
            return None
        if self.runs_on() or self.spelled_out():
            return Reading(
                asks=True,
                question=WHICH_THING,
                why="the name is part of another word, or short for other words",
            )
        return (
            self._of_sum()
            or self._of_place_or_person(field)
            or self.of_neighbour()
            or self.outchosen()
            or self.awaited()
            or self.talked()
            or (self.beside_rival() or self._works_with_both() if field in _TOLD else None)
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
        if stated and not self._is_numbered_street():
            return None
        if low == self.first > 0 and self._sign_before(self.first) in _STREET_SIGNS:
            low = self.first - 1  # "ul. ZTE 4", "C/ ZTE 4"
        beside = range(max(low, self.first - 1), min(high, self.last + 1))
        street = next((self.terms[n] for n in beside if self._bears_name(n)), None)
        if street is not None:
            why = f"{street.text!r}: it may be a street or a building that is called so"
            return Reading(asks=True, question=WHICH_THING, why=why)
        if field in _TOLD and self._is_parted_as_a_person():
            why = "the name is written as that of a person"
            return Reading(asks=True, question=WHICH_THING, why=why)
        if self._is_behind_surname():
            why = "a family name stands in front: it may be a person who is called so"
            return Reading(asks=True, question=WHICH_THING, why=why)
        return None

    def _is_numbered_street(self) -> bool:
        """Tell whether a number stands right before a name and a street right behind it: an address, whatever the line lists."""
        beside = self.terms[self.first - 1 : self.first], self.terms[self.last : self.last + 1]
        if self.first == 0 or not all(beside):
            return False
        (number,), (street,) = beside
        return bool(number.tags & {"number", "quantity"}) and "street" in street.tags

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
            or term.tags & {"install", "in_use", "still", "back", "undone", "neg", "component", "planned"}
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

    def is_asked(self) -> bool:
        """Tell whether a question mark stands right behind the name: "nubia (ZTE?)"."""
        text = self.around.record.cells[self.around.cell].folded.text
        start = self.terms[self.last - 1].end
        return text[start : start + _MARK_WITHIN].lstrip().startswith(_ASKING)

    def is_in_question(self) -> bool:
        """Tell whether a question speaks of the firm and names no thing: "Does our host run Huawei?"."""
        low, high = self.line.statement(self.first, self.last)
        text = self.around.record.cells[self.around.cell].folded.text
        if not text[self.terms[high - 1].end :].lstrip().startswith(_ASKING):
            return False
        said = self.terms[low:high]
        return not self._is_thing(range(low, high)) and not any("quantity" in term.tags for term in said)

    def is_told(self, signal: Signal, field: str) -> bool:
        """Tell whether the words of the line alone say what is hit, and no other column, company or label."""
        names = field in MODEL_FIELDS and signal.matcher in _NAMING
        if names and any(term.tags & {"model", "code", "number"} for term in self.terms):
            return False  # a number says what it says
        if signal.matcher not in _SPOKEN or not (names or field in _TOLD):
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
        return any(
            "place" in term.tags and term.start <= told.start and told.end <= term.end for term in self.terms
        )

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


#: How many names a person signs with.
_GIVEN_AND_FAMILY = 2
#: Signs behind a word for a street that is shortened.
_STREET_SIGNS = (".", "/", "./")
#: What may stand in a line that only sums up.
_COUNTED = frozenset(
    ["number", "quantity", "device", "aux", "attribute", "for", "in", "with", "without", "included", "except"]
)
#: What may not stand before an accessory that begins a line.
_NO_LEAD = frozenset(["hit", "place", "install", "in", "model", "code", "still", "stored", "in_use", "gone"])
#: Signs behind which a list goes on to another kind of thing.
_SIGNS_OF_NEXT = ("+", "&", ":", ";")
#: How many signs behind a name a question mark of its own stands at most.
_MARK_WITHIN = 2
_ASKING = ("?", "\u061f", "\uff1f")
#: How many terms may stand between "better" and "than".
_COMPARED_WITHIN = 3
#: How many words the longest form of companies has: "Sp. z o.o."
_LONGEST_FORM = 4
#: Fields in which people tell something.
_TOLD = frozenset(["text", NOTE, ASIDE, "other"])
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


def _parted(term: Term, behind: Term) -> bool:
    """Tell whether a gap parts two terms of a script that writes compounds in one."""
    return behind.start > term.end and unspaced(term.text) and not _HANGUL.search(term.text)


def _is_company(text: str) -> bool:
    """Tell whether a term is of a company's name: the line then is that name."""
    return (
        (text in LEGAL_FORMS and len(text) > 2)
        or text in ("gongsi", "gufen")
        or "公司" in text
        or "株式会社" in text
    )


#: What words that say that a thing is still there may not be, since those deny it: "not" in many languages.
_DENYING = frozenset(["neg", "neg_post", "undone", "aux"])
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
#: Furniture that devices stand in: behind a device noun it says where.
_STANDING = frozenset(["rack", "racks", "shelf", "shelves", "cabinet", "closet", "schrank", "regal"])


def several_makers(around: Surroundings, signal: Signal) -> bool:
    """Tell whether the text leaves open which maker it is: `A or B`, or a list of makers' names."""
    first, last = around.line.place(signal.start, signal.end)
    if last == 0:
        return False
    index, terms = around.index, around.line.terms
    group = index.group_of(signal.entity)
    rivals = [
        (place, term)
        for place, term in enumerate(terms)
        if term.makers - {group} and not first <= place < last
    ]
    if not rivals:
        return False
    if any(word in index.words.alternatives for word in around.words):
        for place, _ in rivals:
            low, high = (last, place) if place >= last else (place + 1, first)
            between = terms[low:high]
            if len(between) <= 4 and any(
                term.text in ("or", "oder", "ou", "o", "或", "или") for term in between
            ):
                return True
        if around.words and around.words[0] == "rebranded":
            return True
    return len({key for _, term in rivals for key in term.makers - {group}}) >= 2
