"""What a line says of the thing a hit belongs to: the thing itself, something for it, or a thing that is gone.

A line is read as people mean it: which noun is the head, which words only say where it stands, what takes the place
of what, and whether that is planned or done. The words are knowledge (`context/lines/`, `context/words.yml`); here is
what follows from their order. Where a line could be the thing itself, it stays a question and never falls silent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from proscribe.matching.exchanges import REMOVAL
from proscribe.matching.line import Line, Term, unspaced, within_phrases
from proscribe.matching.line_prospects import OF_A_REGISTER
from proscribe.matching.line_spot import SHORT_CELL, Surroundings
from proscribe.matching.matchers.fingerprint import OWN_LIBRARY
from proscribe.matching.normalize import LEGAL_FORMS
from proscribe.matching.readings import (
    ITSELF,
    PLAIN,
    VOID,
    WHICH_THING,
    WHOSE_SOFTWARE,
    Reading,
)
from proscribe.matching.record import COMPANY_FIELDS
from proscribe.matching.relations import NEAR
from proscribe.matching.signals import Signal
from proscribe.matching.whose_name import OF_ANOTHER_FIRM, SAID_BY_DEVICES, TOLD, WhoseName
from proscribe.model.findings import MentionKind, State

_PURL_TYPE = re.compile(r"pkg:([a-z0-9.+-]+)/")
#: A library as Maven and Gradle name it, alone in its cell: `com.huawei.hms:push:6.1.0`.
_COORDINATES = re.compile(
    r"[\s\"'(]*(?:[a-z]{3,24}[\s\"'(]+)?[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_-]*)+:[a-z][a-z0-9_.-]*(?::[0-9a-z._+-]+)?[\s\"')]*"
)
# NVD names a vendor nobody else claims after the program: somebody's client, not the maker's device.
_CPE_PROJECT = re.compile(r"cpe:[^\s:]*:(?:[aoh]:)?[^\s:]*_project:")
#: What speaks against a thing in a line that names a program or an accessory and still says where the thing is.
_BOTH = "the line may speak of a program or of what lies beside a thing, although it says that one is here"


def judge(around: Surroundings, signal: Signal) -> Reading:
    """Read what a line says of the thing a hit belongs to; what is not understood of it leaves a question."""
    first, last = around.line.place(signal.start, signal.end)
    if last == 0:
        return PLAIN
    field = around.record.cells[around.cell].field
    spot = WhoseName(around, first, last, around.index.group_of(signal.entity))
    named = field in TOLD or field in COMPANY_FIELDS
    if named and signal.matcher == "entity_name" and spot.is_other_name():
        return VOID
    read = _read(around, signal, field, spot)
    if read.kind is MentionKind.ACCESSORY and field in TOLD and spot.is_on_label():
        return Reading(
            asks=True, question=ITSELF, why="a label bears the name, and may be that of a thing that is here"
        )
    if read.kind is not None and read.kind in _DOUBTFUL and signal.category not in _PARTS and field in TOLD:
        why = _doubted(around, spot, read.kind)
        if why:
            question = ITSELF if read.kind is MentionKind.ACCESSORY and not spot.is_asked() else WHICH_THING
            return Reading(asks=True, question=question, why=why)
    program = read.kind is MentionKind.SOFTWARE and signal.category != "software" and field in TOLD
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


def _doubted(around: Surroundings, spot: WhoseName, kind: MentionKind) -> str:
    """Say what speaks against a line's only mentioning a thing, or denying it; empty where nothing does."""
    if spot.is_asked():
        return "the line itself asks"
    denied = kind is MentionKind.NEGATED
    if not denied and (why := spot.tells_of_thing(kind)):
        return why
    if kind is MentionKind.ACCESSORY and _with_device(around):
        return "a device is named beside the accessory"
    if spot.unclear() and not (denied and spot.is_only_talked()):
        return "the line holds words that are not understood"
    here = spot.is_here() or (
        spot.is_said_to_stay() if kind is MentionKind.REFERENCE else spot.is_worked_on()
    )
    return _BOTH if kind in _BESIDE_A_THING and here else ""


def _with_device(around: Surroundings) -> bool:
    """Tell whether a line names, behind an accessory and what joins them, a device: "charger + 6 radios", "bracket, with camera".

    Where the accessory is for something, "and" only names more that it is for; and what is joined may be an accessory itself.
    """
    index, cell = around.index, around.record.cells[around.cell]
    words, text = around.record.words(around.cell), cell.folded.text
    part = next((place for place, word in enumerate(words) if word in index.words.accessory), len(words))
    suits = any("for" in term.tags for term in around.line.terms)
    for place in range(part + 1, len(words)):
        between = text[cell.tokens[place - 1].end : cell.tokens[place].start]
        joined = words[place - 1]
        if not ("+" in between or joined in index.words.bundle | index.words.joining) or (
            suits and joined in index.words.joining
        ):
            continue
        ahead = words[place : place + _JOINED]
        thing = next(
            (at for at, word in enumerate(ahead) if index.words.device.get(word, "generic") != "generic"),
            None,
        )
        if thing is not None and not any(
            word in index.words.accessory for word in words[place : place + thing + 2]
        ):
            return True
    return False


def needs_no_device(around: Surroundings, signal: Signal, reading: Reading | None) -> bool:
    """Tell whether the words around a weak hit, which asks for a device beside it, show a thing all the same."""
    first, last = around.line.place(signal.start, signal.end)
    field = around.record.cells[around.cell].field
    if last == 0 or field not in TOLD:
        return False
    spot = WhoseName(around, first, last, around.index.group_of(signal.entity))
    if spot.shows_thing(signal):
        return True
    own = signal.matcher == "entity_name" and signal.entity in around.index.named
    return own and reading is not None and (reading.state is not State.UNKNOWN or spot.is_handled(reading))


#: What words make of a thing that other words could take back.
_DOUBTFUL = frozenset(
    [MentionKind.ACCESSORY, MentionKind.NEGATED, MentionKind.COMPETITOR, MentionKind.REFERENCE]
)
#: Of these, what a thing that is here may have beside it: a bracket, somebody to ask.
_BESIDE_A_THING = frozenset([MentionKind.ACCESSORY, MentionKind.REFERENCE])
#: Words within which a device is named behind what joins it to an accessory.
_JOINED = 3
#: Fields that say what a thing is, beside its maker.
_DESCRIBING = frozenset(["text", "product_name"])
#: Categories of things that are no equipment of their own.
_PARTS = frozenset(["accessory", "passive_accessory"])


def _read(around: Surroundings, signal: Signal, field: str, spot: WhoseName) -> Reading:
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
    if signal.group == OWN_LIBRARY or _is_program(around, field):
        return _written_by(signal, field)
    if not told:
        return _named_apart(spot, field)
    if moved is not None and moved.kind is not None:
        return moved
    comes_in = moved is not None and moved.arrives
    relation = _related(spot, field)
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
    if (moved is None or moved.state is State.STORED_DISCONNECTED) and field in TOLD:
        moved = spot.maybe_gone() or moved
    if comes_in and (to_come := spot.yet_to_arrive()) is not None:
        return to_come
    anothers = spot.of_neighbour() if moved is not None and field in TOLD else None
    return (
        anothers
        or moved
        or spot.unsettled(field)
        or _of_program(around, signal, spot)
        or _beside_part(around)
        or PLAIN
    )


def _related(spot: WhoseName, field: str) -> Reading | None:
    """Read what makes another thing the head of a line: one that is for a thing which is here leaves a question."""
    relation = spot.relation() or spot.compared()
    if relation is None or relation.kind is not MentionKind.COMPATIBLE or field not in TOLD:
        return relation
    return Reading(asks=True, question=ITSELF, why=_BOTH) if spot.is_here() else relation


def _of_program(around: Surroundings, signal: Signal, spot: WhoseName) -> Reading | None:
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


def _named_apart(spot: WhoseName, field: str) -> Reading:
    """Read a name in a column of firms, where it may be initials of the words behind it: "ZTE Zahntechnik Eder".

    In a column of makers it may also be whose things another thing is for ("for Huawei tablet"), or who is spoken of.
    """
    if field in COMPANY_FIELDS and spot.spelled_out():
        return Reading(asks=True, question=WHICH_THING, why="the name may be short for the words beside it")
    if field in COMPANY_FIELDS and (spot.is_within_company() or spot.is_street_of_company()):
        return Reading(asks=True, question=WHICH_THING, why=OF_ANOTHER_FIRM)
    if field == "maker_name":
        if spot.relation() is not None:
            return Reading(asks=True, question=ITSELF, why="the column of makers says what the thing is for")
        if spot.talked() is not None:
            return Reading(asks=True, question=WHICH_THING, why="the column of makers names no thing")
    return PLAIN


def _written_by(signal: Signal, field: str) -> Reading:
    """Read what is said beside a program: the firm's own one is a question, since a law may ask of what it serves."""
    if signal.group == OWN_LIBRARY:
        return Reading(asks=True, why="it names a library, and no thing")
    if field in COMPANY_FIELDS and signal.matcher == "entity_name":
        return Reading(asks=True, question=WHOSE_SOFTWARE, why="it names who wrote a program")
    return Reading(MentionKind.SOFTWARE)


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
    spot = WhoseName(around, 0, 1, "")
    read = spot.moved() or spot.kept_aside() or spot.awaited_aside()
    if read is not None:
        return None if read.formerly and _goes_for_another(around, line) else read
    place = _own_noun(around, line, named)
    if place is None:
        return None
    noun = terms[place]._replace(tags=terms[place].tags | {"hit"})
    around.line = Line((*terms[:place], noun, *terms[place + 1 :]))
    return WhoseName(around, place, place + 1, "").moved()


#: What makes a part of a line speak of something of the thing, or of what was there before it.
_OF_THE_THING = frozenset(["accessory", "fixture", "component", "former", "part"])
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
    if _says(terms[max(start, place - NEAR) : place], words.others):
        return True
    if _says(terms[place + 1 : min(end, place + NEAR)], words.others_behind):
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
    place = next((n for n, term in enumerate(line.terms) if term.tags & REMOVAL), 0)
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
    reading = WhoseName(around, 0, 1, "").head()
    if reading is None and terms[0].tags >= {"accessory", "head_first"}:
        # "Custodia telefono": where the head comes first, the maker stands behind
        end = terms[-1].end
        around.line = Line((*terms, Term("", end, end, frozenset(["hit"]), 0)))
        reading = WhoseName(around, len(terms), len(terms) + 1, "").head()
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


def _spoken(around: Surroundings, signal: Signal, field: str, spot: WhoseName) -> MentionKind | None:
    """Tell a name beside words of software, of rivals, of news and contracts, from one that stands for the thing."""
    words = around.index.words
    if signal.category == "software" or (not around.record.device_words and around.software_brand):
        return MentionKind.SOFTWARE
    if spot.beside_competitor():
        return MentionKind.COMPETITOR
    if signal.matcher not in ("entity_name", "brand", "fingerprint") or field in SAID_BY_DEVICES:
        return None
    # "client-owned" speaks of no program
    owned = within_phrases(around.record.cells[around.cell].tokens, around.line, frozenset(["private"]))
    software = words.software.may_stand(around.words) and any(
        words.software.starting_at(around.words, place)
        for place in range(len(around.words))
        if place not in around.hit_tokens
        and not (around.record.device_words and spot.is_place(place))
        and place not in owned
        and not _names_setting(around, place)
        # "... Software Co., Ltd" is a company, not a program
        and not (place + 1 < len(around.words) and around.words[place + 1] in LEGAL_FORMS)
    )
    if software and not spot.bought_device():
        return MentionKind.SOFTWARE
    things = around.record.device_words or any("device" in term.tags for term in around.line.terms)
    going_on = within_phrases(
        around.record.cells[around.cell].tokens, around.line, frozenset(["underway", "attribute"])
    )
    told_of = signal.matcher == "fingerprint" and _digits(around, signal) >= OF_A_REGISTER
    if not (things or told_of) and (
        (
            words.reference.may_stand(around.words)
            and words.reference.anywhere(
                [
                    word
                    for place, word in enumerate(around.words)
                    # "NDAA compliant": somebody claims it of a thing
                    if place not in around.hit_tokens | going_on and word not in _CLAIMS
                ]
            )
        )
        or any("reference" in term.tags for term in around.line.terms)
    ):
        return MentionKind.REFERENCE
    return None


def _digits(around: Surroundings, signal: Signal) -> int:
    return sum(map(str.isdigit, around.record.cells[around.cell].folded.text[signal.start : signal.end]))


#: Words by which somebody claims that a thing meets the law.
_CLAIMS = frozenset(["ndaa", "compliance"])


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
