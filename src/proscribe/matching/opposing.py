"""What speaks against a finding, and how high it may be weighed all the same: another maker, a name beside, a thing of nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from proscribe.matching.context import begins_with_part, names_another, names_device_of, tells_inside
from proscribe.matching.described import foreign_thing
from proscribe.matching.heeded_signals import SHOWS_A_THING
from proscribe.matching.index import Index
from proscribe.matching.lexicon import Hit
from proscribe.matching.line import is_ordinary
from proscribe.matching.line_spot import Surroundings
from proscribe.matching.matchers.numbers import foreign_vendor
from proscribe.matching.matchers.oui import another_holder
from proscribe.matching.normalize import TOKEN
from proscribe.matching.readings import PLAIN, Reading
from proscribe.matching.record import ASIDE, COMPANY_FIELDS, MODEL_FIELDS, NOTE, SORT, Record
from proscribe.matching.signals import Signal
from proscribe.matching.unknown_maker import (
    NameBefore,
    is_numbered,
    maker_alone,
    maker_of_lines,
    name_before,
    names_nobody,
    unknown_maker,
)
from proscribe.model.findings import OTHER_LAW, Band, Evidence, MentionKind, State
from proscribe.model.grades import BASES

KIND_WORDS = {
    MentionKind.ACCESSORY: "an accessory, not the equipment itself",
    MentionKind.COMPATIBLE: "something that works with it or is for it",
    MentionKind.NEGATED: "named as what it is not, or what it replaces",
    MentionKind.COMPETITOR: "named for comparison",
    MentionKind.SOFTWARE: "software that talks to such devices",
    MentionKind.REFERENCE: "spoken of, not supplied; or made after the tie to the firm ended",
}
#: States from what asks most to what asks least: where lines of one record differ, the thing may still be there.
STATES_BY_RISK = (
    State.IN_SERVICE,
    State.PLANNED_REMOVAL,
    State.STORED_DISCONNECTED,
    State.DISPOSED,
    State.UNKNOWN,
)
#: Fields whose cells name a firm or a number, and tell nothing of it.
_NAMED_APART = COMPANY_FIELDS | MODEL_FIELDS


def asked_against(record: Record, index: Index, group: str, kept: list[Signal]) -> str:
    """Give the question of a number beside another maker that outweighs it; empty where it raises none."""
    return _number_beside_rival(record, index, group, kept) or next(
        (signal.question for signal in kept if signal.why.endswith(SHOWS_A_THING)), ""
    )


def names_part_alone(
    record: Record, kept: list[Signal], set_aside: Iterable[tuple[MentionKind, Signal]]
) -> bool:
    """Tell whether a name alone speaks for the firm, beside the number of an accessory: "DS-1272ZJ | till Hikvision"."""
    return all(signal.matcher in ("entity_name", "brand") for signal in kept) and any(
        kind is MentionKind.ACCESSORY
        and signal.matcher == "model_number"
        and record.cells[signal.cell].field in MODEL_FIELDS
        and record.is_whole_cell(signal.cell, signal.start, signal.end)
        for kind, signal in set_aside
    )


def address_against(record: Record, index: Index, group: str, kept: list[Signal]) -> Evidence | None:
    """Give the hardware address that contradicts a firm of which only the name of a host tells: "dahua-old-slot-3"."""
    if any(record.cells[signal.cell].field != "hostname" for signal in kept):
        return None
    found = another_holder(record, index, group)
    if found is None:
        return None
    number, start, end, assignee = found
    cell = record.cells[number]
    return Evidence(
        "oui", cell.column, cell.folded.quote(start, end), cell.folded.byte_span(start, end), (), 0,
        f"MAC prefix assigned to {assignee}: another maker's network part", "mac",
    )  # fmt: skip


def of_another_law(record: Record, index: Index, lead: Signal) -> Evidence:
    """Give what is set against a firm that is named without a doubt, and by other laws alone."""
    cell = record.cells[lead.cell]
    return Evidence(
        OTHER_LAW, cell.column, cell.folded.quote(lead.start, lead.end), cell.folded.byte_span(lead.start, lead.end), (), 0,
        index.also_sought_words["against"], "law",
    )  # fmt: skip


def basis_of(signals: Iterable[Signal]) -> str:
    """Give the weakest link that the band rests on.

    Of each group only the strongest signal counts, so only that one is a link; of several as strong, the best founded.
    """
    links: dict[str, tuple[int, int]] = {}
    for signal in signals:
        place = BASES.index(signal.basis) if signal.basis in BASES else len(BASES) - 1
        one = (-signal.weight_mbit, place)
        links[signal.group] = min(links.get(signal.group, one), one)
    return BASES[max(place for _, place in links.values())]


def _number_beside_rival(record: Record, index: Index, group: str, kept: list[Signal]) -> str:
    """Give the question of a whole model number beside another maker's name, whatever cells the two stand in.

    Another maker's name lets a number be no more than a question; it never silences one that is strong by itself.
    """
    whole = [
        signal
        for signal in kept
        if signal.matcher in ("model_number", "phone", "chip") and signal.strength in ("sure", "strong")
    ]
    if not whole:
        return ""
    maker = _maker_said(record, index, group, {signal.cell for signal in kept})
    if maker is None and (rival := _other_maker(record, index)) is not None:
        number, hit = rival
        maker = record.cells[number].folded.quote(hit.start, hit.end)
    return f"The record says {maker!r}: who made this item?" if maker is not None else ""


def said_elsewhere(record: Record, set_aside: Iterable[tuple[MentionKind, Signal]]) -> list[Evidence]:
    """Give what other words of the record only mention, as evidence that weighs nothing."""
    made: list[Evidence] = []
    for kind, signal in set_aside:
        cell = record.cells[signal.cell]
        made.append(
            Evidence(
                signal.matcher, cell.column, cell.folded.quote(signal.start, signal.end),
                cell.folded.byte_span(signal.start, signal.end), signal.facts, 0,
                f"elsewhere in the record: {KIND_WORDS[kind]}", "context",
            )
        )  # fmt: skip
    return made


@dataclass(frozen=True, slots=True)
class Lines:
    """What the lines of a record say together of the thing.

    Attributes:
        asks: whether no signal stands that its line does not leave open.
        formerly: whether every line says that it is gone.
        state: where it is now.
        questions: what the lines leave open.
        said: the signals whose lines said so.
    """

    asks: bool
    formerly: bool
    state: State
    questions: tuple[str, ...]
    said: tuple[tuple[Signal, Reading], ...]

    @classmethod
    def of(
        cls, record: Record, index: Index, kept: list[Signal], readings: list[tuple[Signal, Reading]]
    ) -> Lines:
        """Put the readings of the signals that were kept together."""
        stood = {(signal.cell, signal.start, signal.end) for signal in kept}
        read = [item for item in readings if (item[0].cell, item[0].start, item[0].end) in stood]
        plain = [signal for signal in kept if not signal.text_bound]
        open_ = [item for item in read if item[1].asks]
        gone = [item for item in read if item[1].formerly and item[1].state is State.DISPOSED]
        beside = [item for item in gone if _is_of_another(record, index, item[0], kept)]
        if len(beside) < len(gone):
            # what a thing is, by its maker's column or its address, says nothing of whether it is still there
            plain = []
            read = [
                item
                for item in read
                if item[1] is not PLAIN or record.cells[item[0].cell].field not in _NAMED_APART
            ]
        asks = bool(open_) and not plain and len(open_) == len(read)
        states = {item[1].state for item in read if item not in beside}
        return cls(
            asks=asks,
            formerly=asks and all(item[1].formerly for item in read),
            state=next((state for state in STATES_BY_RISK if state in states), State.UNKNOWN),
            questions=tuple(dict.fromkeys(item[1].question for item in read if item[1].question)),
            said=tuple(item for item in read if item[1].why),
        )


def _is_of_another(record: Record, index: Index, signal: Signal, kept: list[Signal]) -> bool:
    """Tell whether a remark of going speaks of another thing than the one that the record's other cells name.

    "previous Hikvision DVR disposed 2021" beside the number of a camera speaks of what was there before it: a word like
    `previous` stands there, another number, or a noun for another sort of device.
    """
    cell = signal.cell
    own = [
        other for other in kept if other.cell != cell and record.cells[other.cell].field not in (NOTE, ASIDE)
    ]
    if record.cells[cell].field in _NAMED_APART or not own:
        return False
    numbers = {_bare_number(record, other) for other in own if other.matcher == "model_number"}
    told = {
        _bare_number(record, other)
        for other in kept
        if other.cell == cell and other.matcher == "model_number"
    }
    if numbers and told:
        return not any(one in two or two in one for one in numbers for two in told)
    here = _sorts(index, record.words(cell))
    rest = (word for number in range(len(record.cells)) if number != cell for word in record.words(number))
    there = _sorts(index, rest) | _sorts(index, TOKEN.findall(" ".join(other.why for other in own)))
    if here and there and not here & there:
        return True
    return names_another(Surroundings(record, index, cell, [signal]), signal)


def _bare_number(record: Record, signal: Signal) -> str:
    text = record.cells[signal.cell].folded.text[signal.start : signal.end]
    return "".join(filter(str.isalnum, text))


def _sorts(index: Index, words: Iterable[str]) -> set[str]:
    """Give the sorts of devices that words name."""
    return {index.words.device[word] for word in words if word in index.words.device} - {"generic"}


def said_of_lines(record: Record, lines: Lines) -> list[Evidence]:
    """Give what the lines say as evidence: it weighs nothing, and shows the reader why."""
    made: dict[str, Evidence] = {}
    for signal, reading in lines.said:
        cell = record.cells[signal.cell]
        made.setdefault(
            reading.why,
            Evidence(
                "context", cell.column, cell.folded.quote(signal.start, signal.end),
                cell.folded.byte_span(signal.start, signal.end), (), 0, reading.why, "context",
            ),
        )  # fmt: skip
    return list(made.values())


def held_back(
    record: Record, lead: Signal, weighed: Band | None, band: Band, questions: Sequence[str]
) -> list[Evidence]:
    """Give what keeps a finding below what its signals weigh, where nothing else was said of it: it weighs nothing itself."""
    if weighed is None or band.rank >= weighed.rank or not questions:
        return []
    cell = record.cells[lead.cell]
    return [
        Evidence(
            "context", cell.column, cell.folded.quote(lead.start, lead.end),
            cell.folded.byte_span(lead.start, lead.end), (), 0,
            f"by weight this would be {weighed.value}; it is less until what is asked of it is answered", "context",
        )
    ]  # fmt: skip


def opposing(record: Record, index: Index, kept: list[Signal]) -> list[Evidence]:
    """Give what speaks against a number that several makers could bear: another maker's name, or vendor id."""
    if not all(
        signal.matcher in ("model_number", "phone", "chip", "brand") and signal.strength != "sure"
        for signal in kept
    ):
        return []
    penalty = index.weights["other_maker"]
    rival = _other_maker(record, index)
    if rival is not None:
        number, hit = rival
        cell = record.cells[number]
        return [
            Evidence(
                "other_maker", cell.column, cell.folded.quote(hit.start, hit.end),
                cell.folded.byte_span(hit.start, hit.end), (hit.phrase.fact,), penalty,
                "the record names another maker", "other_maker",
            )
        ]  # fmt: skip
    foreign = foreign_vendor(record, index)
    if foreign is None:
        return []
    number, span = foreign
    cell = record.cells[number]
    return [
        Evidence(
            "usb_id", cell.column, cell.folded.quote(*span), cell.folded.byte_span(*span), (), penalty,
            "the vendor id is another maker's", "other_maker",
        )
    ]  # fmt: skip


def named_beside(record: Record, index: Index, kept: list[Signal]) -> list[Evidence]:
    """Give another maker's name beside what only asks, as evidence that weighs nothing: the reader sees both."""
    rival = _other_maker(record, index)
    if rival is None or any(record.cells[signal.cell].field != "other" for signal in kept):
        return []
    cell, hit = record.cells[rival[0]], rival[1]
    return [
        Evidence(
            "other_maker", cell.column, cell.folded.quote(hit.start, hit.end),
            cell.folded.byte_span(hit.start, hit.end), (hit.phrase.fact,), 0,
            "the record names another maker", "other_maker",
        )
    ]  # fmt: skip


def bounded_band(
    record: Record,
    index: Index,
    group: str,
    kept: list[Signal],
    contested: bool,
    opposed: bool,
    band: Band,
    questions: list[str],
) -> Band:
    """Lower a band to what its signals can carry, and add the questions that would settle it."""
    if all(signal.cap == "possible" for signal in kept):
        # One capped signal stays a question. Two of different origin support each other, but a seller's name and
        # the seller's own MAC prefix are one origin: they say who sold it, not who made it.
        making = {signal.group for signal in kept if signal.role != "relabel"}
        selling = {signal.group for signal in kept if signal.role == "relabel"}
        spelt = all(signal.group == "name" for signal in kept)
        supported = bool(making) and len(making) + bool(selling) >= 2 and not spelt
        band = min(band, Band.PROBABLE if supported else Band.POSSIBLE, key=lambda item: item.rank)
    elif all(signal.matcher == "oui" for signal in kept) and _other_maker(record, index) is not None:
        band = Band.POSSIBLE  # the part may be one firm's and the device another's
    if all(signal.low for signal in kept):
        band = Band.POSSIBLE
        questions.append("This rests on a fact that is not yet verified; what does the maker's label say?")
    band = _placed_band(record, index, kept, opposed, band, questions)
    if band.rank > Band.POSSIBLE.rank:
        maker = (
            _foreign_maker(record, index, group, kept)
            or _rival_made_it(record, index, group, kept)
            or _maker_beside_remarks(record, index, kept)
            or _maker_beside_number(record, index, group, kept)
        )
        if maker is not None:
            band = Band.POSSIBLE if maker.named else band
            questions.append(f"The record says {maker.word!r}: who made this item?")
    if contested:
        band = Band.POSSIBLE
        questions.append("The record names several makers: which of them made this item?")
    return band


def _rival_made_it(record: Record, index: Index, group: str, kept: list[Signal]) -> NameBefore | None:
    """Give what a column of makers says, where that is somebody else and only lines beside it name the firm.

    "Panduit | Dahua street site": the thing is said to be another's, and the line may say where it is or what it is for. A
    number of the firm weighs more, and so does what stands inside the thing: what a column of makers holds is often a badge.
    A description that names a device of the firm, "Axis | Hikvision dome camera", speaks against the column, which then asks.
    A maker on no list speaks against remarks, names of accessories and names of hosts only: it may be who sold or put in
    the thing.
    """
    places = {signal.cell for signal in kept}
    host = all(record.cells[place].field == "hostname" for place in places)
    naming = ("entity_name", "brand", *(("fingerprint",) if host else ()))
    if any(signal.matcher not in naming for signal in kept) or not (
        host or all(record.cells[place].field in ("text", "other", NOTE, ASIDE) for place in places)
    ):
        return None
    said = _maker_said(record, index, group, places)
    if said is None:
        return None
    if all(record.cells[place].field == "hostname" for place in places):
        return NameBefore(
            said, named=True
        )  # people name hosts after what they are for, and after what stood there
    lines = [Surroundings(record, index, place, kept) for place in sorted(places)]
    if any(map(tells_inside, lines)):
        return None
    known = any(
        hit.phrase.matcher == "other_maker"
        for number, cell in enumerate(record.cells)
        if cell.field == "maker_name"
        for hit in record.hits[number]
    )
    remarks = all(record.cells[place].field == NOTE for place in places)
    if not (known or remarks or any(map(begins_with_part, lines))):
        return None
    described = any(
        record.cells[line.cell].field not in (NOTE, ASIDE) and names_device_of(line, signal)
        for line in lines
        for signal in kept
        if signal.cell == line.cell
    )
    return NameBefore(said, named=not described)


def _maker_beside_remarks(record: Record, index: Index, kept: list[Signal]) -> NameBefore | None:
    """Give the other maker that a cell names where remarks alone name the firm: "Samsung | Galaxy A32 | had a Huawei"."""
    if any(
        record.cells[signal.cell].field != NOTE or signal.matcher not in ("entity_name", "brand")
        for signal in kept
    ):
        return None
    if any(tells_inside(Surroundings(record, index, place, kept)) for place in {one.cell for one in kept}):
        return None
    rival = _other_maker(record, index)
    if rival is None:
        return _maker_of_sort(record)
    number, hit = rival
    return NameBefore(record.cells[number].folded.quote(hit.start, hit.end), named=True)


def _maker_beside_number(record: Record, index: Index, group: str, kept: list[Signal]) -> NameBefore | None:
    """Give the maker that a column says, where the firm's name is only the first part of a number: "ZTE-CAL 4.7 | Ztec"."""
    for signal in kept:
        cell = record.cells[signal.cell]
        if signal.matcher not in ("entity_name", "brand") or cell.field not in (
            "part_number",
            "model_number",
        ):
            return None
        if signal.start or cell.folded.text[signal.end : signal.end + 1] != "-":
            return None
    said = _maker_said(record, index, group, {signal.cell for signal in kept})
    return None if said is None else NameBefore(said, named=True)


def _placed_band(
    record: Record, index: Index, kept: list[Signal], opposed: bool, band: Band, questions: list[str]
) -> Band:
    """Lower a band to what its signals carry in the columns in which they stand.

    A name in a column that is not known to describe the item raises a question; a whole model number or hardware
    address says what it says wherever it stands.
    """
    if band is Band.CONFIRMED and any(record.cells[signal.cell].field == NOTE for signal in kept):
        # A remark is what somebody thought of the thing: it names the maker, and confirms nothing.
        stated = [signal for signal in kept if record.cells[signal.cell].field != NOTE]
        total = sum({item.group: item.weight_mbit for item in reversed(stated)}.values())
        band = max(
            (band_of(index, total, stated, opposed) or Band.PROBABLE, Band.PROBABLE), key=lambda one: one.rank
        )
    placed = [
        signal
        for signal in kept
        if record.cells[signal.cell].field not in ("other", ASIDE) or _decides_alone(record, signal, kept)
    ]
    if len(placed) == len(kept):
        return band
    if placed and all(record.cells[signal.cell].field == "other" for signal in kept if signal not in placed):
        return band
    strongest: dict[str, int] = {}
    for signal in placed:
        strongest[signal.group] = max(strongest.get(signal.group, 0), signal.weight_mbit)
    without = (band_of(index, sum(strongest.values()), placed, opposed) if placed else None) or Band.POSSIBLE
    if without.rank >= band.rank and (placed or questions):
        return band
    column = next(record.cells[signal.cell] for signal in kept if signal not in placed)
    if without is Band.POSSIBLE:
        questions.append(
            f"This stands in the column {column.column!r}, where a maker is not looked for: does it say what the item is?"
            if column.field == ASIDE
            else "The column was not recognised: does it describe the item?"
        )
    return without


def _foreign_maker(record: Record, index: Index, group: str, kept: list[Signal]) -> NameBefore | None:
    """Give what speaks of another maker, or may, where nothing but a number speaks for the firm.

    That is a column of makers that names nobody of the firm, a thing that none of the firms makes, or a name that is on
    no list before a number that anybody may give. Initials that run on into figures are such a number: "Yageo | ZTE-0402".
    """
    if all(signal.matcher == "entity_name" and is_numbered(record, signal) for signal in kept):
        said = _maker_said(record, index, group, {signal.cell for signal in kept}) or _thing_of_none(
            record, index, kept
        )
        return NameBefore(said, named=True) if said is not None else name_before(record, index, kept[0])
    if all(signal.matcher == "brand" and signal.strength != "sure" for signal in kept):
        # a brand that is a word of its own names mattresses and rucksacks, too
        thing = _thing_of_none(record, index, kept)
        return NameBefore(thing, named=True) if thing is not None else None
    if not all(signal.matcher in ("model_number", "phone") for signal in kept):
        return None
    # A number of a form that only the firm uses may well stand in the pump house.
    unsure = all(signal.strength != "sure" for signal in kept)
    if unsure and (thing := _thing_of_none(record, index, kept)) is not None:
        return NameBefore(thing, named=True)
    said = _maker_said(record, index, group, {signal.cell for signal in kept})
    if said is not None:
        return NameBefore(said, named=True)
    return (
        unknown_maker(record, index, kept)
        or _maker_of_sort(record)
        or maker_alone(record, index, kept)
        or maker_of_lines(record, index, kept)
    )


def _thing_of_none(record: Record, index: Index, kept: Iterable[Signal]) -> str | None:
    """Give the thing that the record names and none of the firms makes."""
    for number, cell in enumerate(record.cells):
        if cell.field not in (ASIDE, NOTE):
            spans = [(signal.start, signal.end) for signal in kept if signal.cell == number]
            if (thing := foreign_thing(record, index, number, spans)) is not None:
                return thing
    return None


def _maker_of_sort(record: Record) -> NameBefore | None:
    """Give the other maker whom a column of sorts or a remark names. It asks whose the thing is, and silences no number."""
    for number, cell in enumerate(record.cells):
        for hit in record.hits[number] if cell.field == SORT else ():
            if hit.phrase.matcher == "other_maker":
                return NameBefore(cell.folded.quote(hit.start, hit.end), named=True)
    return None


def _maker_said(record: Record, index: Index, group: str, named: set[int]) -> str | None:
    """Give what a column of makers says, where that is nobody of the firm's group.

    Args:
        record: the record.
        index: compiled knowledge.
        group: the firm that is asked about.
        named: cells in which the firm's own signals stand.
    """
    for number, cell in enumerate(record.cells):
        if cell.field != "maker_name" or number in named or _is_tied(index, group, record.hits[number]):
            continue
        if not names_nobody(index, record.words(number)):
            return cell.folded.quote(0, len(cell.folded.text))
    return None


def _is_tied(index: Index, group: str, hits: Iterable[Hit]) -> bool:
    """Tell whether a name in a column of makers is of the firm's group, or of one that sells its units."""
    keys = {
        hit.phrase.key
        for hit in hits
        if hit.phrase.matcher not in ("other_maker", "homonym")
        # A brand of which named models alone are another's is its own maker; those models speak for themselves.
        and not (
            hit.phrase.matcher == "relabel" and index.relabels[hit.phrase.payload].get("reach") == "models"
        )
    }
    return any(group in (key, index.group_of(index.supplied.get(key, key))) for key in keys)


def _decides_alone(record: Record, signal: Signal, kept: list[Signal]) -> bool:
    """Tell what says what it says in any column: a hardware address, a whole model number, a maker with its model."""
    if signal.matcher == "oui":
        return True
    if signal.needs != "none" or signal.strength not in ("sure", "strong"):
        return False
    if signal.matcher == "model_number" and record.is_whole_cell(signal.cell, signal.start, signal.end):
        return True
    if record.cells[signal.cell].field != ASIDE:
        return False  # programs write their guesses, maker and model, into columns of their own
    beside = {other.matcher for other in kept if other.cell == signal.cell and other.group != signal.group}
    return bool(beside) and {"entity_name", "model_number"} <= {*beside, signal.matcher}


def _other_maker(record: Record, index: Index) -> tuple[int, Hit] | None:
    for number, hits in enumerate(record.hits):
        if record.cells[number].field in ("vendor_name", "mac_vendor", "protocol", ASIDE, NOTE, SORT):
            continue
        for hit in hits:
            if hit.phrase.matcher == "other_maker" and not is_ordinary(
                record, index, number, hit.start, hit.end
            ):
                return number, hit
    return None


def band_of(index: Index, total: int, signals: list[Signal], opposed: bool) -> Band | None:
    """Give the band of a finding, or `None` where too little speaks for it.

    Args:
        total: what its signals weigh, in millibits.
        opposed: whether something speaks against it; then it is never confirmed.
    """
    bands = index.bands
    if total < bands["possible"]:
        return None
    if total < bands["probable"]:
        return Band.POSSIBLE
    identifier = any(signal.strength == "identifier" for signal in signals)
    firm = [signal for signal in signals if signal.strength in ("sure", "strong", "identifier")]
    # A capped signal decides nothing by itself, but it is a second origin beside one that does.
    solid = len({signal.group for signal in firm}) if any(not signal.cap for signal in firm) else 0
    if total >= bands["confirmed"] and not opposed and (identifier or solid >= index.confirmed_groups):
        return Band.CONFIRMED
    return Band.PROBABLE
