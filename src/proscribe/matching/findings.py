"""Signals of one record to findings and mentions: needs, caps, fusion, bands.

Weights are integers in millibits. Signals of one group count once, at their strongest. What opposes a finding is
kept beside it. The result for a record depends on nothing but the record, the index and the dates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from proscribe.matching.context import (
    begins_with_part,
    judge,
    names_another,
    names_device_of,
    names_part,
    needs_no_device,
    several_makers,
    tells_inside,
)
from proscribe.matching.days import first_launch, may_be_older
from proscribe.matching.described import described_part
from proscribe.matching.index import Index, Tie
from proscribe.matching.lexicon import Hit, is_pinyin
from proscribe.matching.line import devices_told, is_ordinary, longest_statement
from proscribe.matching.line_spot import Surroundings
from proscribe.matching.matchers.entity_name import is_statement
from proscribe.matching.matchers.numbers import foreign_vendor
from proscribe.matching.matchers.oui import another_holder
from proscribe.matching.normalize import LEGAL_FORMS, TOKEN
from proscribe.matching.readings import ITSELF, PLAIN, WHICH_THING, Reading
from proscribe.matching.record import ASIDE, COMPANY_FIELDS, MODEL_FIELDS, NOTE, SORT, SORTED, Record, Seen
from proscribe.matching.registry import signals_of
from proscribe.matching.signals import Signal
from proscribe.matching.state_words import state_key
from proscribe.matching.string_weight import heard, in_image, is_support, only_known
from proscribe.matching.unknown_maker import (
    NameBefore,
    is_numbered,
    maker_alone,
    maker_of_lines,
    name_before,
    names_nobody,
    unknown_maker,
)
from proscribe.model.findings import OTHER_LAW, Band, Evidence, MentionKind, Role, State
from proscribe.model.grades import BASES

PART_QUESTION = "Who made the part that is named here: the screened firm, or another of this name?"
#: What the law asks of a part is asked of the product that holds it.
#: What is asked where little speaks for a firm and nothing against it; of a firm of another law the band says no more than that
#: section 889 does not name it.
LITTLE_SPEAKS = "Little speaks for {} here: what does the label of the thing say, or whoever sold it?"
CHIP_QUESTION = (
    "Is the product that holds this chip telecommunications or video equipment under the rule asked?"
)
_ROLE_ORDER = {"relabel": 0, "made_by": 1, "component": 2, "service": 3}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one record is, for one entity, without its place in the input."""

    entity: str
    covered_through: tuple[str, ...]
    role: Role
    band: Band
    basis: str
    lists: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    against: tuple[Evidence, ...]
    questions: tuple[str, ...]
    brand: str | None
    category: str | None
    total_mbit: int
    state: State = State.UNKNOWN


@dataclass(frozen=True, slots=True)
class Spoken:
    """An entity a record speaks of without being its equipment."""

    entity: str
    kind: MentionKind
    evidence: tuple[str, ...]


def analyse(
    index: Index,
    columns: Iterable[tuple[str, str, str]],
    dated_on: date | None = None,
    seen: dict[tuple[str, str, str], Seen] | None = None,
    existed_by: date | None = None,
    weigh: Callable[[int], None] | None = None,
) -> tuple[tuple[Verdict, ...], tuple[Spoken, ...]]:
    """Judge one record.

    Args:
        index: compiled knowledge.
        columns: `(column, field, text)` for every content cell that is not empty.
        dated_on: day of purchase or installation, when the record says one. A day after the one asked about is of another
            calendar, or nothing that has happened: it shows nothing.
        seen: memory of cells already taken apart, for callers with many records.
        existed_by: day on which the thing was seen or counted. It may show that a thing is old, never that it is new.
        weigh: told what a record that is crowded with signs takes to judge (`crowding`), before it is judged; may raise.

    Returns:
        Findings and mentions, ordered by entity.
    """
    if dated_on is not None and dated_on > index.as_of:
        dated_on = None
    record = Record.of(index, columns, dated_on, seen)
    record.existed_by = existed_by
    crowd = crowding(record) if weigh is not None else 0
    if weigh is not None and crowd:
        weigh(crowd)
    if not record.device_words:
        record.device_words = devices_told(record, index)
    signals = [
        _as_protocol(record, index, _as_looked_up(record, index, _as_supplier(index, signal)))
        for signal in signals_of(record, index)
    ]
    signals = _heeded(record, heard(record, signals))
    known = only_known(record, signals, lambda signal: _group(index, signal))
    signals = _without_strangers(record, _bounded(signals))
    if not signals:
        return (), ()
    if weigh is not None and not crowd and (work := in_long_statements(record, signals)):
        weigh(work)
    sorted_out = _sort_out(record, index, signals, known)
    mentioned = sorted_out.mentioned
    verdicts: list[Verdict] = []
    for group in sorted(sorted_out.standing):
        verdict, former = _fuse(
            record,
            index,
            group,
            sorted_out.standing[group],
            mentioned.get(group, ()),
            group in sorted_out.contested,
            sorted_out.readings.get(group, []),
        )
        if verdict is not None:
            verdicts.append(verdict)
        elif former is not None:
            mentioned.setdefault(group, []).insert(0, (MentionKind.REFERENCE, former))
    for group, items in sorted_out.supported.items():
        # What software only knows or supports is a mention, and never speaks against what stands for itself.
        mentioned.setdefault(group, []).extend(items)
    found = {verdict.entity for verdict in verdicts} | {
        verdict.covered_through[-1] for verdict in verdicts if verdict.covered_through
    }
    spoken = (
        _spoken(record, index, group, mentioned[group]) for group in sorted(mentioned) if group not in found
    )
    return tuple(verdicts), tuple(item for item in spoken if item is not None)


@dataclass(slots=True)
class _SortedOut:
    """Signals of a record by the firm they speak for.

    Attributes:
        standing: what stands for the thing itself.
        mentioned: what only speaks of the firm.
        supported: what software knows or supports.
        contested: firms beside which the record names another maker.
        readings: how each standing signal reads in its line.
    """

    standing: dict[str, list[Signal]] = field(default_factory=dict)
    mentioned: dict[str, list[tuple[MentionKind, Signal]]] = field(default_factory=dict)
    supported: dict[str, list[tuple[MentionKind, Signal]]] = field(default_factory=dict)
    contested: set[str] = field(default_factory=set)
    readings: dict[str, list[tuple[Signal, Reading]]] = field(default_factory=dict)


_NAME_OF_FILE = re.compile("[_.]")


def _without_strangers(record: Record, signals: list[Signal]) -> list[Signal]:
    """Leave out what carries another maker's chip: such a file name is not this maker's file, whatever its shape.

    What has no `_` and no `.` is no file name; the end of a model number looks like a chip by chance: "Y220-T10".
    """
    strangers = [(signal.cell, signal.start, signal.end) for signal in signals if signal.strength == "other"]
    if not strangers:
        return signals
    return [
        signal
        for signal in signals
        if signal.strength != "other"
        and not any(
            cell == signal.cell
            and signal.start <= start
            and end <= signal.end
            and _NAME_OF_FILE.search(record.cells[cell].folded.text, signal.start, signal.end)
            for cell, start, end in strangers
        )
    ]


def _sort_out(record: Record, index: Index, signals: list[Signal], known: frozenset[str]) -> _SortedOut:
    """Tell what stands for the thing from what only speaks of a firm."""
    made = _SortedOut()
    surroundings: dict[int, Surroundings] = {}
    for signal in signals:
        group = _group(index, signal)
        if not group:
            continue
        if signal.cell not in surroundings:
            surroundings[signal.cell] = Surroundings(record, index, signal.cell, signals)
        around = surroundings[signal.cell]
        reading = judge(around, signal) if signal.text_bound else None
        if reading is not None and reading.void:
            continue
        kind = reading.kind if reading is not None else None
        if kind is MentionKind.SOFTWARE and group in index.also_sought:
            kind = None  # other laws bar the software of a firm as well
        if kind is None and _names_a_person(record, index, signal, signals):
            kind = MentionKind.REFERENCE
        if kind is None and is_support(record, signal, known, group):
            made.supported.setdefault(group, []).append((MentionKind.SOFTWARE, signal))
            continue
        if kind is not None:
            made.mentioned.setdefault(group, []).append((kind, signal))
            continue
        if (
            signal.needs in _DEVICE_NEEDED
            and not record.device_words
            and needs_no_device(around, signal, reading)
        ):
            signal = _as_question(index, signal)
        made.standing.setdefault(group, []).append(signal)
        if reading is not None:
            made.readings.setdefault(group, []).append((signal, reading))
        bound = signal.text_bound or signal.matcher == "fingerprint"
        if bound and not in_image(record, signal) and several_makers(around, signal):
            made.contested.add(group)
    for group, told in list(made.mentioned.items()):
        names = made.standing.get(group, [])
        if names and _is_part_numbered(record, index, names, told, signals):
            del made.standing[group]
            told.extend((MentionKind.ACCESSORY, signal) for signal in names)
    _set_described_parts_aside(record, index, made, signals)
    return made


def _is_part_numbered(
    record: Record,
    index: Index,
    names: list[Signal],
    told: list[tuple[MentionKind, Signal]],
    signals: list[Signal],
) -> bool:
    """Tell whether the number of a record is an accessory's, so that the maker's name beside it names no more.

    Not where any other cell names a thing: a camera that comes with its bracket is a camera.
    """
    parts = {signal.cell for kind, signal in told if kind is MentionKind.ACCESSORY}
    numbered = any(
        kind is MentionKind.ACCESSORY
        and signal.matcher == "model_number"
        and record.cells[signal.cell].field in MODEL_FIELDS
        and record.is_whole_cell(signal.cell, signal.start, signal.end)
        for kind, signal in told
    )
    if not numbered or any(record.cells[name.cell].field not in COMPANY_FIELDS for name in names):
        return False
    return all(
        number in parts or names_part(Surroundings(record, index, number, signals))
        for number, seen in enumerate(record.seen)
        if seen.device_words and seen.cell.field not in (ASIDE, NOTE)
    )


def _set_described_parts_aside(record: Record, index: Index, made: _SortedOut, signals: list[Signal]) -> None:
    for group, names in list(made.standing.items()):
        described = described_part(record, index, names, made.mentioned.get(group, ()), signals)
        if described is not None and described.kind is not None:
            del made.standing[group]
            made.mentioned.setdefault(group, []).extend((described.kind, signal) for signal in names)
        elif described is not None:
            made.readings[group] = [(signal, described) for signal in names]


#: What a weak hit asks for that the words of its line may show.
_DEVICE_NEEDED = frozenset(["device_word", "any"])
_SHOWS_A_THING = "the line shows a thing"


#: A record is crowded when it has so many signs, and one for so few characters of the cells in which they stand.
_CROWDED_SIGNS, _CROWDED_CHARACTERS = 8, 16
#: With so many signs it is crowded however long its cells are.
_MANY_SIGNS = 64
#: Nobody writes a statement of so many characters, and each sign in it is read with all of them.
_LONG_STATEMENT = 100_000
#: What a sign takes to judge, in characters of the statement in which it stands; what it takes to look through the rest of the
#: cell is an eighth of that.
_OF_A_SIGN, _OF_THE_REST = 240, 8


def crowding(record: Record) -> int:
    """Give what a record takes to judge, in signs times characters; 0 where it is not crowded with signs."""
    signs = {number: len(hits) for number, hits in enumerate(record.hits) if hits}
    count = sum(signs.values())
    if count < _CROWDED_SIGNS:
        return 0
    texts = {number: record.cells[number].folded.text for number in signs}
    if count < _MANY_SIGNS and sum(map(len, texts.values())) > count * _CROWDED_CHARACTERS:
        return 0
    return sum(
        _work(texts[number], count, longest_statement(texts[number])) for number, count in signs.items()
    )


def in_long_statements(record: Record, signals: Iterable[Signal]) -> int:
    """Give what the signs in cells with statements longer than anybody writes take to judge, as `crowding` does."""
    work = 0
    for number, count in Counter(signal.cell for signal in signals).items():
        text = record.cells[number].folded.text
        if len(text) > _LONG_STATEMENT and (longest := longest_statement(text)) > _LONG_STATEMENT:
            work += _work(text, count, longest)
    return work


def _work(text: str, signs: int, statement: int) -> int:
    return signs * (_OF_A_SIGN + statement + len(text) // _OF_THE_REST)


def _as_question(index: Index, signal: Signal) -> Signal:
    """Turn a weak hit in a line that shows a thing, of a kind that is not known, into a question."""
    told = signal.weakened(max(signal.weight_mbit, index.weights["weak"]), _SHOWS_A_THING)
    return told._replace(needs="none", cap="possible", question=signal.question or WHICH_THING)


#: A name said a thousand times in one cell says no more than said so often, from both ends of the cell.
_MOST_ALIKE = 16


def _bounded(signals: list[Signal]) -> list[Signal]:
    """Keep the first and last few of many like signals, so that a hostile cell costs no more than a long one."""
    if len(signals) <= _MOST_ALIKE:
        return signals
    alike: dict[tuple[int, str, str], list[int]] = {}
    for place, signal in enumerate(signals):
        alike.setdefault((signal.cell, signal.matcher, signal.entity), []).append(place)
    kept = {
        place
        for places in alike.values()
        for place in (
            places if len(places) <= 2 * _MOST_ALIKE else places[:_MOST_ALIKE] + places[-_MOST_ALIKE:]
        )
    }
    return [signal for place, signal in enumerate(signals) if place in kept]


#: A name of so many letters is coined: nobody and no place is called so, or nearly so.
_LONG_COINED_NAME = 8


def _heeded(record: Record, signals: list[Signal]) -> list[Signal]:
    """Leave out what is weak where nobody looks for a firm's things: a surname, a street, a town.

    A cell that names a device speaks of a thing, whatever its column is for, and no surname is a long coined name misspelt.
    """
    heeded: list[Signal] = []
    for signal in signals:
        field = record.cells[signal.cell].field
        if field == SORT:
            continue
        if field == ASIDE and record.seen[signal.cell].device_words:
            if signal.needs in _DEVICE_NEEDED:
                signal = signal._replace(needs="none")
        elif field == ASIDE and _is_sort_of(record, signal):
            pass
        elif field == ASIDE and (
            signal.needs != "none"
            or (
                signal.strength in ("weak", "support")
                and not (signal.matcher == "entity_name" and signal.end - signal.start >= _LONG_COINED_NAME)
            )
        ):
            continue
        heeded.append(signal)
    return heeded


def _is_sort_of(record: Record, signal: Signal) -> bool:
    """Tell whether a column of sorts holds a firm or brand and nothing else, beside a device: "Dome camera | Amcrest"."""
    if (
        not record.device_words
        or signal.needs not in ("none", "device_word")
        or signal.matcher not in ("entity_name", "brand", "relabel")
        or not record.is_whole_cell(signal.cell, signal.start, signal.end)
    ):
        return False
    from proscribe.readers.columns import (
        field_of_header,
    )  # few cells ask for it, and an explained text has no columns

    return field_of_header(record.cells[signal.cell].column)[0] == SORTED


def _names_a_person(record: Record, index: Index, signal: Signal, signals: Sequence[Signal]) -> bool:
    """Tell whether a name that people bear stands in a column of people: "Li Huawei" under `Assigned to`.

    A company's ending, a device or anything else that speaks for a firm in the cell says that it is none.
    """
    cell = record.cells[signal.cell]
    if signal.matcher != "entity_name" or state_key(cell.column) not in index.words.people:
        return False
    words = record.words(signal.cell)
    name = cell.folded.text[signal.start : signal.end]
    return (
        is_pinyin(name)
        and not record.seen[signal.cell].device_words
        and not any(word in LEGAL_FORMS and len(word) > 1 for word in words)
        and not is_statement(cell, signal.start, signal.end)
        and all(other.cell != signal.cell or other.matcher == "entity_name" for other in signals)
    )


def _as_supplier(index: Index, signal: Signal) -> Signal:
    """Turn the name or number of a firm that sells another's units into a question about its maker."""
    if signal.entity in index.ties or signal.entity not in index.supplied:
        return signal
    name = index.called(signal.entity)
    maker = index.called(index.supplied[signal.entity])
    return signal._replace(
        entity=index.supplied[signal.entity],
        role="relabel",
        strength="weak",
        cap="possible",
        brand=name,
        weight_mbit=min(signal.weight_mbit, index.weights["strong"]),
        why=f"{signal.why}; {name} sells units made by {maker}, and others",
        question=f"Who made this {name} unit?",
    )


def _as_looked_up(record: Record, index: Index, signal: Signal) -> Signal:
    """Let a name that another program looked up for a MAC address say no more than the address itself."""
    if record.cells[signal.cell].field != "mac_vendor":
        return signal
    return signal._replace(
        group="mac",
        cap=index.caps.get("oui", "possible"),
        strength="weak" if signal.strength == "weak" else "strong",
        weight_mbit=min(signal.weight_mbit, index.weights["strong"]),
        needs="none" if signal.strength in ("sure", "strong") else signal.needs,
        why=f"{signal.why}, as looked up from the MAC address; it names the maker of the network part",
        question=signal.question or "Who made the device this network part is in?",
        text_bound=False,
    )


def _as_protocol(record: Record, index: Index, signal: Signal) -> Signal:
    """Let the name of a protocol say that the device speaks it, and no more: cameras of other makers do so too."""
    if record.cells[signal.cell].field != "protocol":
        return signal
    return signal._replace(
        group="protocol",
        cap="possible",
        strength="weak" if signal.strength == "weak" else "strong",
        weight_mbit=min(signal.weight_mbit, index.weights["strong"]),
        needs="none" if signal.strength in ("sure", "strong") else signal.needs,
        why=f"{signal.why}, as the protocol or driver by which the device is reached; other makers' devices speak it too",
        question="Who made this device, which answers to the firm's protocol: what does its label say?",
        text_bound=False,
    )


def _group(index: Index, signal: Signal) -> str:
    """Give the hypothesis a signal speaks for: a named firm, a component maker, or nothing we screen for."""
    if signal.role == "component" and signal.entity not in index.named:
        return signal.entity if signal.entity in index.ties else index.part_maker()
    if signal.entity in index.ties and not index.is_long_past(signal.entity):
        return signal.entity if signal.entity in index.part_makers else index.group_of(signal.entity)
    if signal.entity in index.supplied:
        return index.group_of(index.supplied[signal.entity])
    return ""


#: Shorter names stand in the names of programs by chance, unless a word of software touches them.
_TELLING_NAME = 5


def _names_program(record: Record, index: Index, signal: Signal) -> bool:
    """Tell whether a named firm's name stands in the name of a program as its name: `dahua-rpc`, `zte-sdk`, `pyzte`."""
    if signal.entity not in index.named:
        return False
    tokens = record.cells[signal.cell].tokens
    at = [n for n, token in enumerate(tokens) if token.start < signal.end and signal.start < token.end]
    if (
        signal.end - signal.start >= _TELLING_NAME
        or tokens[at[0]].end - tokens[at[0]].start > signal.end - signal.start
    ):
        return True
    beside = [tokens[n].text for n in (at[0] - 1, at[-1] + 1) if 0 <= n < len(tokens)]
    return any(word in index.words.software.words for word in beside)


def _spoken(
    record: Record, index: Index, group: str, items: list[tuple[MentionKind, Signal]]
) -> Spoken | None:
    strong = [
        item
        for item in items
        if item[1].strength in ("sure", "strong", "identifier")
        or item[1].needs == "none"
        or _names_a_part(record, index, item[1])
    ]
    if not strong:
        return None
    if not record.device_words and all(
        kind is MentionKind.SOFTWARE
        and signal.strength != "sure"
        and not _names_program(record, index, signal)
        for kind, signal in strong
    ):
        return None  # a shared name in the name of a program says nothing
    if all(
        kind is MentionKind.SOFTWARE and signal.role == "relabel" and signal.strength == "weak"
        for kind, signal in strong
    ):
        return None  # nor does the badge of a seller of several makers' units: neutron, panasonic
    order = list(MentionKind)
    kind = min((item[0] for item in strong), key=order.index)
    chosen = [signal for this, signal in strong if this == kind]
    return Spoken(
        chosen[0].entity if chosen[0].entity == group else group,
        kind,
        tuple(
            dict.fromkeys(
                f"{record.cells[signal.cell].folded.quote(signal.start, signal.end)!r} in "
                f"{record.cells[signal.cell].column}: {_KIND_WORDS[kind]}"
                for signal in chosen
            )
        ),
    )


_KIND_WORDS = {
    MentionKind.ACCESSORY: "an accessory, not the equipment itself",
    MentionKind.COMPATIBLE: "something that works with it or is for it",
    MentionKind.NEGATED: "named as what it is not, or what it replaces",
    MentionKind.COMPETITOR: "named for comparison",
    MentionKind.SOFTWARE: "software that talks to such devices",
    MentionKind.REFERENCE: "spoken of, not supplied; or made after the tie to the firm ended",
}


def _names_a_part(record: Record, index: Index, signal: Signal) -> bool:
    """Tell whether a weak name of a script without spaces stands right before a word for a part: "大华主板"."""
    text = record.cells[signal.cell].folded.text
    return (
        signal.needs in ("device_word", "any")
        and text[signal.start : signal.end] > "\u3000"
        and text.startswith(index.words.unspaced_parts, signal.end)
    )


def needs_met(record: Record, index: Index, signal: Signal, supported: bool) -> Signal | None:
    """Give the signal with what its needs add, or `None` when a weak hit has nothing beside it."""
    cell = record.cells[signal.cell]
    if signal.needs == "none":
        return signal
    weight = signal.weight_mbit
    reasons: list[str] = []
    words = set(signal.device_words)
    inside = {token.text for token in cell.tokens if token.start < signal.end and signal.start < token.end}
    devices = [
        word
        for word in record.device_words - inside
        if not words or word in words or index.words.device.get(word, "") in words
    ]
    asks_device = signal.needs in ("device_word", "any")
    if not devices and asks_device and record.is_whole_cell(signal.cell, signal.start, signal.end):
        sort = next(
            (word for seen in record.seen if seen.cell.field == SORT for word in sorted(seen.device_words)),
            "",
        )
        if sort:
            told = signal.weakened(weight + index.weights["device_word"], f"of the sort {sort!r}")
            return told._replace(cap="possible", question=told.question or WHICH_THING)
    if devices and asks_device:
        narrow = bool(words) or signal.matcher == "entity_name"
        weight += index.weights["narrow_device_word" if narrow else "device_word"]
        reasons.append(f"beside the device word {sorted(devices)[0]!r}")
    if cell.field in MODEL_FIELDS and signal.needs in ("model_column", "any"):
        weight += index.weights["device_word"]
        reasons.append("in a column of models")
    if signal.needs in ("model_column", "any") and record.is_whole_cell(
        signal.cell, signal.start, signal.end
    ):
        weight += index.weights["support"]
        reasons.append("alone in its cell")
    if supported:
        reasons.append("beside the maker's name")
    if not reasons and _names_a_part(record, index, signal):
        told = signal.weakened(weight + index.weights["support"], "right before a word for a part")
        return told._replace(cap="possible", question=told.question or PART_QUESTION)
    if reasons:
        return signal.weakened(weight, ", ".join(reasons))
    if signal.needs == "maker":
        return signal._replace(weight_mbit=index.weights["weak"]) if signal.matcher == "pen" else None
    if signal.needs == "model_column" and record.is_short(signal.cell):
        return signal
    if signal.needs == "any" and record.is_short(signal.cell):
        return signal
    return None


def _adjoins_other_name(signal: Signal, signals: list[Signal]) -> bool:
    """Tell whether a firm's name and a brand of its own stand together, so that each says which the other is: "中兴Blade"."""
    return signal.matcher in _NAMES and any(
        other.matcher in _NAMES
        and other.matcher != signal.matcher
        and other.cell == signal.cell
        and (0 <= other.start - signal.end <= 1 or 0 <= signal.start - other.end <= 1)
        for other in signals
    )


_NAMES = ("entity_name", "brand")


def _ready(record: Record, index: Index, signals: list[Signal]) -> tuple[list[Signal], list[Signal]]:
    """Give the signals that decide by themselves, and all whose needs are met."""
    anchored = [
        signal
        for signal in signals
        if signal.needs == "none" and signal.strength in ("sure", "strong", "identifier") and not signal.cap
    ]
    ready = (
        needs_met(
            record,
            index,
            signal,
            any(other is not signal for other in anchored) or _adjoins_other_name(signal, signals),
        )
        for signal in signals
    )
    return anchored, [signal for signal in ready if signal is not None]


def _fuse(
    record: Record,
    index: Index,
    group: str,
    signals: list[Signal],
    set_aside: Iterable[tuple[MentionKind, Signal]],
    contested: bool,
    readings: list[tuple[Signal, Reading]],
) -> tuple[Verdict | None, Signal | None]:
    anchored, kept = _ready(record, index, signals)
    if not kept:
        return None, None
    against = _opposing(record, index, kept)
    kept = _regrouped(kept)
    strongest: dict[str, int] = {}
    for signal in kept:
        strongest[signal.group] = max(strongest.get(signal.group, 0), signal.weight_mbit)
    total = sum(strongest.values()) + sum(item.weight_mbit for item in against)
    band = _band(index, total, kept, bool(against))
    asked = _asked_against(record, index, group, kept) if band is None and against else ""
    band = Band.POSSIBLE if asked else band
    if band is None:
        return None, None
    doubtful = all(signal.low or signal.cap for signal in kept)
    questions = [
        signal.question
        for signal in kept
        if signal.question and (signal.cap or (signal.low and doubtful)) and not anchored
    ]
    band = _bounded_band(record, index, group, kept, contested, bool(against), band, questions)
    questions += [asked] if asked else []
    denied = _address_against(record, index, group, kept)
    if denied is not None:
        band = Band.POSSIBLE
        questions.append(WHOSE_HOST)
        against = [*against, denied]
    lines = _Lines.of(record, index, kept, readings)
    part = [ITSELF] if _names_part_alone(record, kept, set_aside) else []
    if lines.asks or part:
        band = Band.POSSIBLE
    questions += (*lines.questions, *part)
    against += _said(record, lines)
    lead = _lead(kept)
    entity, tie = _reported(record, index, group, kept)
    owned = _owned(record, index, group, entity, tie, signals)
    if owned is None:
        return None, lead._replace(needs="none")
    if owned:
        questions += owned
        band = Band.POSSIBLE if tie.certainty != "certain" else band
    if group in index.also_sought:
        if band is Band.POSSIBLE or questions:
            questions.append(index.also_sought_words["question"].format(index.called(group)))
        else:
            against = [*against, _of_another_law(record, index, lead)]
        band = Band.POSSIBLE
    against += _elsewhere(record, set_aside)
    if band is Band.POSSIBLE and not against:
        against = _named_beside(record, index, kept)
    role = Role.FORMERLY if lines.formerly else _role(index, group, kept)
    if group in index.part_makers and role is Role.COMPONENT and not questions:
        questions.append(CHIP_QUESTION)
    if band is Band.POSSIBLE and not questions and group not in index.also_sought:
        questions.append(LITTLE_SPEAKS.format(index.called(group)))
    verdict = Verdict(
        entity=entity,
        covered_through=tie.path or (entity,),
        role=role,
        band=band,
        basis=_basis(anchored or kept),
        lists=index.lists.get(group, ()),
        evidence=_evidence(record, kept),
        against=tuple(against),
        questions=tuple(dict.fromkeys(question for question in questions if question)),
        brand=next((signal.brand for signal in kept if signal.role == "relabel" and signal.brand), None),
        category=next((signal.category for signal in kept if signal.category), None),
        total_mbit=total,
        state=lines.state,
    )
    return verdict, None


def _asked_against(record: Record, index: Index, group: str, kept: list[Signal]) -> str:
    """Give the question of a number beside another maker that outweighs it; empty where it raises none."""
    return _number_beside_rival(record, index, group, kept) or next(
        (signal.question for signal in kept if signal.why.endswith(_SHOWS_A_THING)), ""
    )


def _names_part_alone(
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


WHOSE_HOST = "The network part is another maker's: what is this host today, or is its name that of what stood there before?"


def _address_against(record: Record, index: Index, group: str, kept: list[Signal]) -> Evidence | None:
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


def _of_another_law(record: Record, index: Index, lead: Signal) -> Evidence:
    """Give what is set against a firm that is named without a doubt, and by other laws alone."""
    cell = record.cells[lead.cell]
    return Evidence(
        OTHER_LAW, cell.column, cell.folded.quote(lead.start, lead.end), cell.folded.byte_span(lead.start, lead.end), (), 0,
        index.also_sought_words["against"], "law",
    )  # fmt: skip


def _basis(signals: Iterable[Signal]) -> str:
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


def _elsewhere(record: Record, set_aside: Iterable[tuple[MentionKind, Signal]]) -> list[Evidence]:
    """Give what other words of the record only mention, as evidence that weighs nothing."""
    made: list[Evidence] = []
    for kind, signal in set_aside:
        cell = record.cells[signal.cell]
        made.append(
            Evidence(
                signal.matcher, cell.column, cell.folded.quote(signal.start, signal.end),
                cell.folded.byte_span(signal.start, signal.end), signal.facts, 0,
                f"elsewhere in the record: {_KIND_WORDS[kind]}", "context",
            )
        )  # fmt: skip
    return made


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


@dataclass(frozen=True, slots=True)
class _Lines:
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
    ) -> _Lines:
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


def _said(record: Record, lines: _Lines) -> list[Evidence]:
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


def _opposing(record: Record, index: Index, kept: list[Signal]) -> list[Evidence]:
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


def _named_beside(record: Record, index: Index, kept: list[Signal]) -> list[Evidence]:
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


def _bounded_band(
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
            (_band(index, total, stated, opposed) or Band.PROBABLE, Band.PROBABLE), key=lambda one: one.rank
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
    without = (_band(index, sum(strongest.values()), placed, opposed) if placed else None) or Band.POSSIBLE
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
    keys = {hit.phrase.key for hit in hits if hit.phrase.matcher not in ("other_maker", "homonym")}
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


def _role(index: Index, group: str, kept: list[Signal]) -> Role:
    """Tell how the firm relates to the thing, from the signals that speak for it."""
    if group in index.part_makers and any(signal.matcher == "chip" for signal in kept):
        # Its maker's name beside a chip's number makes the chip certain; what holds it stays the question.
        return Role.COMPONENT
    badged = [signal for signal in kept if signal.role == "relabel"]
    named = any(
        signal.role == "made_by" and signal.matcher == "entity_name" and signal.strength == "sure"
        for signal in kept
    )
    if badged and named and all(signal.strength == "weak" for signal in badged):
        return Role.MADE_BY
    return Role(min((signal.role for signal in kept), key=lambda name: _ROLE_ORDER[name]))


def _regrouped(signals: list[Signal]) -> list[Signal]:
    """Put signals that read the same letters into one group: they are one origin, however many facts know it."""
    out: list[Signal] = []
    for signal in sorted(
        signals, key=lambda item: (-item.weight_mbit, item.cell, item.start, item.matcher, item.facts)
    ):
        same = next(
            (
                other
                for other in out
                if other.cell == signal.cell and other.start < signal.end and signal.start < other.end
            ),
            None,
        )
        out.append(
            signal if same is None or same.group == signal.group else signal._replace(group=same.group)
        )
    return out


def _lead(signals: list[Signal]) -> Signal:
    return max(signals, key=lambda signal: (signal.weight_mbit, -signal.cell, -signal.start))


def _reported(record: Record, index: Index, group: str, signals: list[Signal]) -> tuple[str, Tie]:
    """Give the entity a finding is reported under, its tie, and the day the tie is asked about.

    An entity whose tie to the named firm has changed over time keeps its own name, since the date decides; a chip
    maker keeps it, since a component raises its own question. All others are reported as the named firm's.
    """
    day = index.as_of
    known = record.dated_on or record.existed_by
    if known is not None and known < day:
        day = known
    # What may only raise a question does not settle whose thing it is, however much it weighs.
    ranked = sorted(signals, key=lambda signal: (signal.low, -signal.weight_mbit, signal.entity))
    # "Sells units made by" says nothing of who owns the seller: it does not settle the tie of a firm that is named.
    speaking = [signal for signal in ranked if not (signal.role == "relabel" and signal.strength == "weak")]
    certain = [
        signal
        for signal in speaking or ranked
        if index.tie(signal.entity, day).certainty == "certain" and (not signal.low or ranked[0].low)
    ]
    ranked = speaking or ranked
    best = (certain or ranked)[0]
    named = [
        signal
        for signal in ranked
        if signal.matcher == "entity_name" and signal.strength in ("sure", "strong")
    ]
    if (
        named
        and certain
        and named[0] not in certain
        and all(
            signal.matcher in ("model_number", "brand", "phone")
            or (signal.matcher == "fingerprint" and signal.text_bound)
            for signal in certain
        )
    ):
        # The record names a firm that has left the group; a model family that both have sold does not overrule it.
        best = named[0]
    tie = index.tie(best.entity, day)
    if best.entity in index.named or group == best.entity:
        return best.entity, tie
    history = {item.certainty for since, item in index.ties.get(best.entity, ())}
    changed = bool(history & {"former", "unsettled"})
    if changed and tie.certainty != "certain":
        return best.entity, tie
    if tie.certainty == "certain":
        return (best.entity if changed else group), tie
    return group if not changed else best.entity, tie


def _ownership_question(index: Index, entity: str, group: str, tie: Tie) -> str:
    name = index.called(entity)
    firm = index.called(group)
    if tie.certainty == "former" and tie.last_day is not None:
        return f"{name} belonged to {firm} until {tie.last_day.isoformat()} at the latest: when was this unit made, and by whom?"
    if tie.certainty == "unsettled":
        return f"The day on which {name} left {firm} is not settled: when was this unit made?"
    if tie.certainty == "weak":
        return f"The tie of {name} to {firm} rests on a fact that is not yet verified: who owns {name}?"
    return f"Who made this {name} unit? No ownership by {firm} is known."


def _owned(
    record: Record, index: Index, group: str, entity: str, tie: Tie, signals: Iterable[Signal]
) -> list[str] | None:
    """Give what the tie of the entity leaves to ask; `None` when the thing was bought after the tie had ended.

    A model that was sold before the end keeps the question open, however late the thing was bought; so does a thing of
    which only the seller is known, who may sell what was made before.
    """
    launched = first_launch((item.cell, item.start, item.end, item.launched_on) for item in signals)
    left_before_bought = tie.certainty == "former" and record.dated_on is not None
    may_be_stock = entity in index.supplied or (launched is None and _only_sold(record, signals))
    if left_before_bought and not may_be_stock and not may_be_older(launched, tie.last_day):
        return None
    asked = []
    if tie.certainty != "certain":
        # where the named firm is reported, the doubtful tie is that of the firm on the way to it
        doubtful = tie.path[0] if entity == group and tie.path else entity
        asked = [_ownership_question(index, doubtful, group, tie)]
    return asked + (_launch_questions(record, index, entity, tie, launched) if entity in index.ties else [])


def _only_sold(record: Record, signals: Iterable[Signal]) -> bool:
    """Tell whether a firm is named as the seller alone: the day of a purchase is no day of making."""
    return all(record.cells[signal.cell].field == "vendor_name" for signal in signals)


def _launch_questions(
    record: Record, index: Index, entity: str, tie: Tie, launched: date | None
) -> list[str]:
    """Ask what the launch of the model leaves open, for a firm whose tie changed: it makes nothing newer than it is."""
    if launched is None or not {"former", "unsettled"} & {item.certainty for _, item in index.ties[entity]}:
        return []
    said = record.dated_on or record.existed_by
    if said is not None and said < launched:
        return [
            f"The record says {said.isoformat()}, but the model was not sold before {launched.isoformat()}: which is right?"
        ]
    if tie.certainty != "former":
        return []
    name = index.called(entity)
    if may_be_older(launched, tie.last_day):
        return [
            f"The model was sold from {launched.isoformat()} on, before {name} changed hands: what shows when this unit was made?"
        ]
    return [
        f"The model was not sold before {launched.isoformat()}, after {name} had changed hands: what shows who made this unit?"
    ]


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


def _band(index: Index, total: int, signals: list[Signal], opposed: bool) -> Band | None:
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


def _evidence(record: Record, signals: list[Signal]) -> tuple[Evidence, ...]:
    made: dict[tuple[object, ...], Evidence] = {}
    for signal in signals:
        cell = record.cells[signal.cell]
        item = Evidence(
            matcher=signal.matcher,
            field=cell.column,
            found=cell.folded.quote(signal.start, signal.end),
            span=cell.folded.byte_span(signal.start, signal.end),
            facts=signal.facts,
            weight_mbit=signal.weight_mbit,
            why=signal.why,
            group=signal.group,
        )
        key = (item.matcher, item.field, item.span, signal.entity)
        if key not in made or made[key].weight_mbit < item.weight_mbit:
            made[key] = item
    return tuple(
        sorted(
            made.values(),
            key=lambda item: (-item.weight_mbit, item.field, item.span, item.matcher, item.facts),
        )
    )


__all__ = ["Spoken", "Verdict", "analyse", "needs_met"]
