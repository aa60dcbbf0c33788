"""The visible list of matchers, in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from proscribe.matching.index import Index
from proscribe.matching.matchers import chip, entity_name, fingerprint, model_number, numbers, oui, relabel
from proscribe.matching.record import Record
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
