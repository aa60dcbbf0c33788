"""Which signals of a record count, and as what: not those of strangers, of programs, of suppliers, of things only spoken of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from proscribe.matching.context import judge, names_part, needs_no_device, several_makers
from proscribe.matching.described import described_part, foreign_thing
from proscribe.matching.index import Index
from proscribe.matching.lexicon import first_and_last, is_pinyin
from proscribe.matching.line import longest_statement
from proscribe.matching.line_spot import Surroundings
from proscribe.matching.matchers.entity_name import is_statement
from proscribe.matching.normalize import LEGAL_FORMS
from proscribe.matching.readings import WHICH_THING, Reading
from proscribe.matching.record import ASIDE, COMPANY_FIELDS, MODEL_FIELDS, NOTE, SORT, SORTED, Record
from proscribe.matching.signals import Signal
from proscribe.matching.state_words import state_key
from proscribe.matching.string_weight import in_image, is_support
from proscribe.model.findings import MentionKind

PART_QUESTION = "Who made the part that is named here: the screened firm, or another of this name?"
#: Fields in which a record says what its thing is.
_DESCRIBES = frozenset(["text", "product_name", SORT])
_NAME_OF_FILE = re.compile("[_.]")
#: In what is an address of a service, a version, a file, a number or a mark of a program, and in no name.
_FORM = re.compile(r"[.(/=_0-9]")
#: A maker in brackets before a word of software says whose devices speak so: "DVR with (hik) SDK 8000".
_SAID_OF_PROGRAM = Reading(asks=True, question=WHICH_THING, why="in brackets it may say whose device it is")
#: What a weak hit asks for that the words of its line may show.
_DEVICE_NEEDED = frozenset(["device_word", "any"])
SHOWS_A_THING = "the line shows a thing"
#: A record is crowded when it has so many signs, and one for so few characters of the cells in which they stand.
_CROWDED_SIGNS, _CROWDED_CHARACTERS = 8, 16
#: With so many signs it is crowded however long its cells are.
_MANY_SIGNS = 64
#: Nobody writes a statement of so many characters, and each sign in it is read with all of them.
_LONG_STATEMENT = 100_000
#: What a sign takes to judge, in characters of the statement in which it stands; what it takes to look through the rest of the
#: cell is an eighth of that.
_OF_A_SIGN, _OF_THE_REST = 240, 8
#: A name said a thousand times in one cell says no more than said so often, from both ends of the cell.
_MOST_ALIKE = 16
#: A name of so many letters is coined: nobody and no place is called so, or nearly so.
_LONG_COINED_NAME = 8
#: Shorter names stand in the names of programs by chance, unless a word of software touches them.
_TELLING_NAME = 5
_NAMES = ("entity_name", "brand")
#: A family name of two: "Hytera-Nowak".
_DOUBLE_NAME = re.compile(r"\s*[^\W\d_]+-[^\W\d_]+\s*")


@dataclass(slots=True)
class SortedOut:
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


def without_strangers(record: Record, signals: list[Signal]) -> list[Signal]:
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


def without_names_in_addresses(record: Record, signals: list[Signal]) -> list[Signal]:
    """Leave out a name that is but a part of an address of the network that a fingerprint reads: "huaweicloud.com"."""
    addresses = [
        signal
        for signal in signals
        if signal.matcher == "fingerprint"
        and signal.strength == "weak"
        and "." in record.cells[signal.cell].folded.text[signal.start : signal.end]
    ]
    return [
        signal
        for signal in signals
        if signal.matcher != "entity_name"
        or not any(
            one.cell == signal.cell and one.start <= signal.start and signal.end <= one.end
            for one in addresses
        )
    ]


def sort_out(record: Record, index: Index, signals: list[Signal], known: frozenset[str]) -> SortedOut:
    """Tell what stands for the thing from what only speaks of a firm."""
    made = SortedOut()
    surroundings: dict[int, Surroundings] = {}
    for signal in signals:
        group = group_of(index, signal)
        if not group:
            continue
        if signal.cell not in surroundings:
            surroundings[signal.cell] = Surroundings(record, index, signal.cell, signals)
        around = surroundings[signal.cell]
        reading = judge(around, signal) if signal.text_bound else None
        if reading is not None and reading.void:
            continue
        if signal.low and _is_beside_foreign(record, index, signal):
            continue
        if reading is not None and reading.kind is MentionKind.SOFTWARE:
            reading = _of_software(record, index, signal, reading)
        kind = reading.kind if reading is not None else None
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


def _set_described_parts_aside(record: Record, index: Index, made: SortedOut, signals: list[Signal]) -> None:
    for group, names in list(made.standing.items()):
        described = described_part(record, index, names, made.mentioned.get(group, ()), signals)
        if described is not None and described.kind is not None:
            del made.standing[group]
            made.mentioned.setdefault(group, []).extend((described.kind, signal) for signal in names)
        elif described is not None:
            made.readings[group] = [(signal, described) for signal in names]


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
    told = signal.weakened(max(signal.weight_mbit, index.weights["weak"]), SHOWS_A_THING)
    return told._replace(needs="none", cap="possible", question=signal.question or WHICH_THING)


def bounded(signals: list[Signal]) -> list[Signal]:
    """Keep the first and last few of many like signals, so that a hostile cell costs no more than a long one."""
    return first_and_last(signals, lambda one: (one.cell, one.matcher, one.entity), _MOST_ALIKE)


def heeded(record: Record, signals: list[Signal]) -> list[Signal]:
    """Leave out what is weak where nobody looks for a firm's things: a surname, a street, a town.

    A cell that names a device speaks of a thing, whatever its column is for; no surname is a long coined name misspelt, nor the
    address of a service.
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
                and not _has_a_form(record, signal)
            )
        ):
            continue
        heeded.append(signal)
    return heeded


def _has_a_form(record: Record, signal: Signal) -> bool:
    """Tell a fingerprint that is written as no name and no word is: an address of a service, a version, a file, a number."""
    if signal.matcher != "fingerprint":
        return False
    return _FORM.search(record.cells[signal.cell].folded.text, signal.start, signal.end) is not None


def _is_sort_of(record: Record, signal: Signal) -> bool:
    """Tell whether a column of sorts holds a firm or brand and nothing else, beside a device: "Dome camera | Amcrest".

    The name of a firm says so without one, where nothing else says what the thing is.
    """
    described = any(cell.field in _DESCRIBES | MODEL_FIELDS for cell in record.cells)
    alone = signal.matcher == "entity_name" and signal.cap == "possible" and not described
    if (
        not (record.device_words or alone)
        or signal.needs not in ("none", "device_word")
        or signal.matcher not in ("entity_name", "brand", "relabel")
        or not record.is_whole_cell(signal.cell, signal.start, signal.end)
    ):
        return False
    # few cells ask for it, and an explained text has no columns
    from proscribe.readers.header_fields import field_of_header

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


def as_person(record: Record, index: Index, signal: Signal) -> Signal:
    """Let a name that is all that a column of people holds ask: a person, or somebody of the firm, and no thing of it."""
    cell = record.cells[signal.cell]
    if (
        signal.matcher not in _NAMES
        or state_key(cell.column) not in index.words.people
        or not (
            record.is_whole_cell(signal.cell, signal.start, signal.end)
            or _DOUBLE_NAME.fullmatch(cell.folded.text)
        )
    ):
        return signal
    return signal._replace(cap="possible", question=signal.question or WHICH_THING)


def as_supplier(index: Index, signal: Signal) -> Signal:
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


def as_looked_up(record: Record, index: Index, signal: Signal) -> Signal:
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


def as_protocol(record: Record, index: Index, signal: Signal) -> Signal:
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


def group_of(index: Index, signal: Signal) -> str:
    """Give the hypothesis a signal speaks for: a named firm, a component maker, or nothing we screen for."""
    if signal.role == "component" and signal.entity not in index.named:
        return signal.entity if signal.entity in index.ties else index.part_maker()
    if signal.entity in index.ties and not index.is_long_past(signal.entity):
        return signal.entity if signal.entity in index.part_makers else index.group_of(signal.entity)
    if signal.entity in index.supplied:
        return index.group_of(index.supplied[signal.entity])
    return ""


def names_program(record: Record, index: Index, signal: Signal) -> bool:
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


def names_a_part(record: Record, index: Index, signal: Signal) -> bool:
    """Tell whether a weak name of a script without spaces stands right before a word for a part: "大华主板"."""
    text = record.cells[signal.cell].folded.text
    return (
        signal.needs in ("device_word", "any")
        and text[signal.start : signal.end] > "\u3000"
        and text.startswith(index.words.unspaced_parts, signal.end)
    )


def _of_software(record: Record, index: Index, signal: Signal, reading: Reading) -> Reading:
    """Read what speaks of software once more: other laws bar that of a firm as well, and brackets tell whose device speaks so."""
    if names_in_brackets(record, index, signal):
        return _SAID_OF_PROGRAM
    return replace(reading, kind=None) if group_of(index, signal) in index.also_sought else reading


def _is_beside_foreign(record: Record, index: Index, signal: Signal) -> bool:
    """Tell whether what is only remembered stands in a record of a thing that none of the firms makes: DHA, beside an apron."""
    if record.device_words or signal.strength == "identifier":
        return False
    return any(
        foreign_thing(record, index, number, [(signal.start, signal.end)] if number == signal.cell else [])
        for number, cell in enumerate(record.cells)
        if cell.field in _DESCRIBES
    )


def names_in_brackets(record: Record, index: Index, signal: Signal) -> bool:
    """Tell whether the beginning of a firm's coined name stands alone in brackets and explains: "the old ones (hik)"."""
    text = record.cells[signal.cell].folded.text
    word = text[signal.start : signal.end]
    coined = (phrase for name, phrase in index.lexicon.coined.items() if name.startswith(word))
    return (
        signal.matcher == "entity_name"
        and text[: signal.start].rstrip().endswith(("(", "["))
        and text[signal.end :].lstrip().startswith((")", "]"))
        and any(phrase.key == signal.entity for phrase in coined)
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
    if not reasons and names_a_part(record, index, signal):
        told = signal.weakened(weight + index.weights["support"], "right before a word for a part")
        return told._replace(cap="possible", question=told.question or PART_QUESTION)
    if reasons:
        return signal.weakened(weight, ", ".join(reasons))
    if names_in_brackets(record, index, signal):
        told = signal.weakened(weight + index.weights["support"], "alone in brackets")
        return told._replace(cap="possible", question=told.question or WHICH_THING)
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


def ready_signals(record: Record, index: Index, signals: list[Signal]) -> tuple[list[Signal], list[Signal]]:
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
