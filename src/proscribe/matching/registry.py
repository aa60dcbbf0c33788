"""The visible list of matchers, in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from proscribe.matching.index import Index
from proscribe.matching.matchers import chip, entity_name, fingerprint, model_number, numbers, oui, relabel
from proscribe.matching.record import Record, Seen
from proscribe.matching.signals import Signal

Matcher = Callable[[Record, Index], Iterator[Signal]]

MATCHERS: tuple[Matcher, ...] = (
    entity_name.match,
    relabel.match,
    model_number.match,
    chip.match,
    numbers.match,
    oui.match,
    fingerprint.match,
)

#: Of these, the ones that look at each cell by itself; they stand last.
_CELL_BY_CELL = MATCHERS[2:]


def signals_of(record: Record, index: Index) -> Iterator[Signal]:
    """Yield what every matcher sees in a record, in the order of the matchers; what cells say by themselves is remembered."""
    for matcher in MATCHERS[:2]:
        yield from matcher(record, index)
    own = [said_by(seen, index) for seen in record.seen]
    if any(own):
        for which in range(len(_CELL_BY_CELL)):
            for number, said in enumerate(own):
                for signal in said[which] if said else ():
                    yield signal._replace(cell=number) if number else signal


def said_by(seen: Seen, index: Index) -> tuple[tuple[Signal, ...], ...]:
    """Give what the matchers that look at cells by themselves see in one, by matcher; empty where none sees anything."""
    if seen.own is None:
        record = Record.of_cells((seen,))
        said = tuple(tuple(matcher(record, index)) for matcher in _CELL_BY_CELL)
        seen.own = said if any(said) else ()
    return seen.own
