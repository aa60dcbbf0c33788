"""Signals of one record to findings and mentions: needs, caps, fusion, bands.

Weights are integers in millibits. Signals of one group count once, at their strongest. What opposes a finding is
kept beside it. The result for a record depends on nothing but the record, the index and the dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from proscribe.matching.days import first_launch, may_be_older
from proscribe.matching.heeded_signals import (
    as_looked_up,
    as_person,
    as_protocol,
    as_supplier,
    bounded,
    crowding,
    group_of,
    heeded,
    in_long_statements,
    names_a_part,
    names_program,
    ready_signals,
    sort_out,
    without_names_in_addresses,
    without_strangers,
)
from proscribe.matching.index import Index, Tie
from proscribe.matching.line import devices_told
from proscribe.matching.opposing import (
    KIND_WORDS,
    Lines,
    address_against,
    asked_against,
    band_of,
    basis_of,
    bounded_band,
    held_back,
    named_beside,
    names_part_alone,
    of_another_law,
    opposing,
    said_elsewhere,
    said_of_lines,
)
from proscribe.matching.readings import ITSELF, Reading
from proscribe.matching.record import CellsSeen, Record
from proscribe.matching.registry import signals_of
from proscribe.matching.signals import Signal
from proscribe.matching.string_weight import heard, only_known
from proscribe.model.findings import Band, Evidence, MentionKind, Role, State

#: What is asked where little speaks for a firm and nothing against it; of a firm of another law the band says no more than that
#: section 889 does not name it.
LITTLE_SPEAKS = "Little speaks for {} here: what does the label of the thing say, or whoever sold it?"
#: What the law asks of a part is asked of the product that holds it.
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
    seen: CellsSeen | None = None,
    existed_by: date | None = None,
    weigh: Callable[[int], None] | None = None,
    dated_by: date | None = None,
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
        dated_by: the last day that the day of the record can mean. Where a tie changed in between, only that one is known.

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
        as_person(
            record,
            index,
            as_protocol(record, index, as_looked_up(record, index, as_supplier(index, signal))),
        )
        for signal in signals_of(record, index)
    ]
    signals = heeded(record, heard(record, signals))
    known = only_known(record, signals, lambda signal: group_of(index, signal))
    signals = without_names_in_addresses(record, without_strangers(record, bounded(signals)))
    if not signals:
        return (), ()
    if dated_on is not None and dated_by is not None and dated_by > dated_on:
        last = min(dated_by, index.as_of)
        if any(index.tie(signal.entity, dated_on) != index.tie(signal.entity, last) for signal in signals):
            record.dated_on, record.existed_by, record.is_dated_two_ways = None, last, True
    if weigh is not None and not crowd and (work := in_long_statements(record, signals)):
        weigh(work)
    sorted_out = sort_out(record, index, signals, known)
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


def _spoken(
    record: Record, index: Index, group: str, items: list[tuple[MentionKind, Signal]]
) -> Spoken | None:
    strong = [
        item
        for item in items
        if item[1].strength in ("sure", "strong", "identifier")
        or item[1].needs == "none"
        or names_a_part(record, index, item[1])
    ]
    if not strong:
        return None
    if not record.device_words and all(
        kind is MentionKind.SOFTWARE
        and signal.strength != "sure"
        and not names_program(record, index, signal)
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
                f"{record.cells[signal.cell].column}: {KIND_WORDS[kind]}"
                for signal in chosen
            )
        ),
    )


def _fuse(
    record: Record,
    index: Index,
    group: str,
    signals: list[Signal],
    set_aside: Iterable[tuple[MentionKind, Signal]],
    contested: bool,
    readings: list[tuple[Signal, Reading]],
) -> tuple[Verdict | None, Signal | None]:
    anchored, kept = ready_signals(record, index, signals)
    if not kept:
        return None, None
    against = opposing(record, index, kept)
    kept = _regrouped(kept)
    strongest: dict[str, int] = {}
    for signal in kept:
        strongest[signal.group] = max(strongest.get(signal.group, 0), signal.weight_mbit)
    total = sum(strongest.values()) + sum(item.weight_mbit for item in against)
    band = weighed = band_of(index, total, _still_tied(record, index, kept), bool(against))
    asked = asked_against(record, index, group, kept) if band is None and against else ""
    band = Band.POSSIBLE if asked else band
    if band is None:
        return None, None
    doubtful = all(signal.low or signal.cap for signal in kept)
    questions = [
        signal.question
        for signal in kept
        if signal.question and (signal.cap or (signal.low and doubtful)) and not anchored
    ]
    band = bounded_band(record, index, group, kept, contested, bool(against), band, questions)
    questions += [asked] if asked else []
    denied = address_against(record, index, group, kept)
    if denied is not None:
        band = Band.POSSIBLE
        questions.append(WHOSE_HOST)
        against = [*against, denied]
    lines = Lines.of(record, index, kept, readings)
    part = [ITSELF] if names_part_alone(record, kept, set_aside) else []
    band = Band.POSSIBLE if lines.asks or part else band
    questions += (*lines.questions, *part)
    against += said_of_lines(record, lines)
    lead = _lead(kept)
    entity, tie = _reported(record, index, group, kept)
    owned = _owned(record, index, group, entity, tie, signals)
    if owned is None:
        return None, lead._replace(needs="none")
    questions += owned
    band = Band.POSSIBLE if owned and tie.certainty != "certain" else band
    if group in index.also_sought:
        if band is Band.POSSIBLE or questions:
            questions.append(index.also_sought_words["question"].format(index.called(group)))
        else:
            against = [*against, of_another_law(record, index, lead)]
        band = Band.POSSIBLE
    against += said_elsewhere(record, set_aside)
    if band is Band.POSSIBLE and not against:
        against = named_beside(record, index, kept)
    role = Role.FORMERLY if lines.formerly else _role(index, group, kept)
    if group in index.part_makers and role is Role.COMPONENT and not questions:
        questions.append(CHIP_QUESTION)
    if band is Band.POSSIBLE and not questions and group not in index.also_sought:
        questions.append(LITTLE_SPEAKS.format(index.called(group)))
    against = against or held_back(record, lead, weighed, band, questions)
    verdict = Verdict(
        entity=entity,
        covered_through=tie.path or (entity,),
        role=role,
        band=band,
        basis=basis_of(anchored or kept),
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


def _still_tied(record: Record, index: Index, signals: list[Signal]) -> list[Signal]:
    """Leave out sellers that have left the group, beside what speaks for it: they are no second origin."""
    return [
        signal
        for signal in signals
        if record.cells[signal.cell].field != "vendor_name"
        or index.tie(signal.entity, index.as_of).certainty not in ("former", "unsettled")
    ] or signals


WHOSE_HOST = "The network part is another maker's: what is this host today, or is its name that of what stood there before?"


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
    # A column of sellers says who sold the thing; beside a number in a column of things it does not say who made it.
    elsewhere = {signal.cell for signal in certain if record.cells[signal.cell].field != "vendor_name"}
    named = [
        signal
        for signal in ranked
        if signal.matcher == "entity_name"
        and signal.strength in ("sure", "strong")
        and not (elsewhere and record.cells[signal.cell].field == "vendor_name")
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
    if record.is_dated_two_ways and entity in index.ties:
        name = index.called(entity)
        asked.append(
            f"The day of the record can mean one before and one after {name} changed hands: which is meant?"
        )
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
