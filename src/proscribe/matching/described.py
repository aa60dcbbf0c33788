"""A maker's column beside a description: "Huawei | Phone case" is a case, and who made it says little."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from proscribe.matching.context import part_told
from proscribe.matching.index import Index
from proscribe.matching.line import Term, parse, within_phrases
from proscribe.matching.line_spot import Surroundings
from proscribe.matching.readings import ITSELF, WHICH_THING, Reading
from proscribe.matching.record import COMPANY_FIELDS, MODEL_FIELDS, NOTE, SORT, Record, Seen
from proscribe.matching.signals import Signal
from proscribe.model.findings import MentionKind

#: Fields that say what a thing is, beside the maker.
_DESCRIBING = frozenset(["text", "product_name"])
#: Fields in which a course, an offer or a visit may be told.
TELLING = _DESCRIBING | {NOTE}
#: What a word may be that makes of a description an accessory's, or that of a part.
_PARTS = frozenset(["accessory", "fixture", "component"])
#: What words beside a part may be, so that the part is all that is described.
_BESIDE_PART = frozenset(["attribute", "number", "quantity", "code", "in", "aux", "with", "without"])
#: What tells of a course, an offer, a visit or a book.
_TALK = frozenset(["talk", "reference"])
#: What a thing with a licence is: a device, or a number.
_THINGS = frozenset(["device", "model", "code"])
#: A licence plate is none.
_NUMBER_PLATES = frozenset(["plate", "plates"])


def described_part(
    record: Record,
    index: Index,
    names: list[Signal],
    told: Iterable[tuple[MentionKind, Signal]],
    signals: list[Signal],
) -> Reading | None:
    """Read the description of a thing of which nothing but the column of makers names the firm.

    Returns:
        A mention where every description is an accessory's and no number is given; a question where one is, where the
        description may name the thing, names a licence, or an accessory that may be equipment itself ("adapter"), or
        where a thing is named beside the number of an accessory, or where a course or an offer is all that it names;
        where all that is described is a part, a program or a thing that none of the firms makes; `None` where another cell
        names a thing, or none an accessory.
    """
    fields = {record.cells[name.cell].field for name in names}
    if any(name.matcher not in ("entity_name", "brand") for name in names) or not fields <= COMPANY_FIELDS:
        return None
    if _is_talk(record, index, signals):
        return Reading(asks=True, question=WHICH_THING, why="the description names no thing")
    parts = {signal.cell for kind, signal in told if kind is MentionKind.ACCESSORY}
    # who sells an accessory sells devices too
    sure = fields == {"maker_name"} and not any(
        cell.field in MODEL_FIELDS - _DESCRIBING and cell.tokens for cell in record.cells
    )
    found = things = False
    for number, cell in enumerate(record.cells):
        if cell.field == SORT and _told(record, index, number, signals) is not None:
            found, sure = True, False  # what sort of thing it is said to be, and not what it is
        if cell.field not in _DESCRIBING or not cell.tokens:
            found = found or number in parts
            continue
        sure = sure and not index.words.equipment_parts.anywhere([token.text for token in cell.tokens])
        if number in parts:
            found = True
            continue
        reading = _told(record, index, number, signals)
        if reading is None and record.seen[number].device_words:
            things = True
            continue
        found = found or reading is not None
        sure = sure and reading is not None and reading.kind is MentionKind.ACCESSORY
    numbered = any(record.cells[number].field in MODEL_FIELDS - _DESCRIBING for number in parts)
    if not found or (things and not numbered):
        return None
    if things:
        return Reading(asks=True, question=ITSELF, why="its number is an accessory's")
    if sure:
        return Reading(MentionKind.ACCESSORY)
    return Reading(asks=True, question=ITSELF, why="the description names no device")


def _is_talk(record: Record, index: Index, signals: list[Signal]) -> bool:
    """Tell whether the description is one of a course, an offer or a visit, and no cell names a thing or a number."""
    if record.device_words or any(cell.field in MODEL_FIELDS - _DESCRIBING for cell in record.cells):
        return False
    found = False
    for number, cell in enumerate(record.cells):
        if cell.field not in TELLING or not cell.tokens:
            continue
        line = Surroundings(record, index, number, signals).line
        if _names_thing(line.terms):
            return False
        going_on = within_phrases(cell.tokens, line, frozenset(["underway"]))
        words = [one.text for place, one in enumerate(cell.tokens) if place not in going_on]
        found = found or _holds_talk(line.terms) or index.words.reference.anywhere(words)
    return found


def _names_thing(terms: Iterable[Term]) -> bool:
    return any(term.tags & (_THINGS | {"hit", "place"}) for term in terms)


def _holds_talk(terms: Iterable[Term]) -> bool:
    return any(term.tags & _TALK for term in terms)


#: What a cell may be beside a column of makers, as bits: a description of an accessory or a licence; one of a course, an offer
#: or a visit, if no other cell tells of more; one of nothing else.
PART, MAY_TALK, TALKS = 1, 2, 4


def bearing(index: Index, seen: Seen) -> int:
    """Tell what a cell in which nothing is named may be as a description, as bits."""
    cell = seen.cell
    if cell.field not in TELLING:
        return 0
    words = seen.words
    tags = seen.may_be(index)
    made = 0
    if (
        tags & _PARTS
        or any(
            listed.anywhere(words)
            for listed in (index.words.licences, index.words.equipment_parts, index.words.software)
        )
        or _is_foreign(index, cell.folded.text, words)
    ):
        made = PART
    reference = index.words.reference.anywhere(words)
    if tags & _TALK or reference:
        terms = parse(Record.of_cells((seen,)), index, 0, ()).terms
        made |= MAY_TALK | (TALKS if (reference or _holds_talk(terms)) and not _names_thing(terms) else 0)
    return made


def tells_sort(index: Index, seen: Seen) -> bool:
    """Tell whether a cell of a column of sorts says that a thing is a device, or a part of one."""
    words = [token.text for token in seen.cell.tokens]
    return bool(seen.device_words or index.words.line.may_be(words) & _PARTS)


def counts_whole(kinds: Collection[str], of_record: int) -> bool:
    """Tell whether what one cell is depends on what the others tell, so that no two records with such a cell are alike.

    Args:
        kinds: fields of the cells of a record that are not empty.
        of_record: what they may be, as bits.
    """
    return bool(of_record & PART and not COMPANY_FIELDS.isdisjoint(kinds)) or bool(
        of_record & MAY_TALK and sum(kind in TELLING for kind in kinds) > 1
    )


def describes_part(index: Index, cells: Sequence[tuple[str, str, str]], *, numbered: bool = False) -> bool:
    """Tell whether what is said of a thing names an accessory or a licence, and no number of a model.

    Args:
        index: compiled knowledge.
        cells: (column, field, text) of the record's content.
        numbered: whether a number may stand beside what is surely an accessory: a bracket has a number too.
    """
    has_number = any(field in MODEL_FIELDS - _DESCRIBING for _, field, _ in cells)
    if has_number and not numbered:
        return False
    record = Record.of(index, [cell for cell in cells if cell[1] in _DESCRIBING])
    told = [_told(record, index, number, []) for number in range(len(record.cells))]
    return bool(told) and all(
        one is not None and (not has_number or one.kind is MentionKind.ACCESSORY) for one in told
    )


def _told(record: Record, index: Index, cell: int, signals: list[Signal]) -> Reading | None:
    around = Surroundings(record, index, cell, signals)
    if index.words.licences.anywhere(around.words) and not any(
        term.tags & _THINGS or term.text in _NUMBER_PLATES for term in around.line.terms
    ):
        return Reading(asks=True, question=ITSELF, why="it names a licence")
    part = part_told(around)
    if part is not None and not any("accessory" in term.tags for term in around.line.terms):
        return Reading(asks=True, question=ITSELF, why="what it names may hold equipment")  # "Cabinet"
    return part or _told_alone(around)


def _told_alone(around: Surroundings) -> Reading | None:
    """Read a description of nothing but a part, a program or a thing that none of the firms makes: "Battery", "Software"."""
    words, terms = around.index.words, around.line.terms
    antennas = {term.text for term in terms if term.text in words.antennas}
    if any("hit" in term.tags for term in terms) or around.record.device_words - antennas:
        return None
    if any(term.tags & _THINGS and term.text not in antennas for term in terms):
        return None
    if words.software.anywhere(around.words):
        return Reading(asks=True, question=WHICH_THING, why="it names a program")
    if _is_foreign(around.index, around.record.cells[around.cell].folded.text, around.words):
        return Reading(asks=True, question=ITSELF, why="it names a thing that none of the firms makes")
    if any("component" in term.tags for term in terms) and all(
        "component" in term.tags or term.tags & _BESIDE_PART for term in terms
    ):
        return Reading(asks=True, question=ITSELF, why="it names a part")
    return None


def _is_foreign(index: Index, text: str, words: list[str]) -> bool:
    """Tell whether words hold one for a thing that none of the firms makes."""
    foreign = index.words.foreign
    return foreign.anywhere(words) or (not text.isascii() and any(foreign.inside(text, 0, len(text))))


def foreign_thing(record: Record, index: Index, number: int, spans: Iterable[tuple[int, int]]) -> str | None:
    """Give the first word of a cell for a thing that none of the screened firms makes.

    Args:
        record: the record.
        index: compiled knowledge.
        number: which cell.
        spans: folded spans of the hits in it; the SAW of a camera's number is no saw.
    """
    cell = record.cells[number]
    words, text = record.words(number), cell.folded.text

    def free(start: int, end: int) -> bool:
        return not any(low <= start and end <= high for low, high in spans)

    for place, token in enumerate(cell.tokens):
        size = index.words.foreign.at(words, place).size
        if size and free(token.start, cell.tokens[place + size - 1].end):
            return text[token.start : cell.tokens[place + size - 1].end]
    if not text.isascii():
        for start, end, _ in index.words.foreign.inside(text, 0, len(text)):
            if free(start, end):
                return text[start:end]
    return None
