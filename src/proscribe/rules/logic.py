"""Kleene's three values with their reasons: what is missing, and whether only the law is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from proscribe.model.decisions import TraceNode, Truth

TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


@dataclass(frozen=True, slots=True)
class Verdict:
    """A truth value and why.

    Attributes:
        truth: the value.
        missing: absent facts that leave it unknown.
        readings: open readings that leave it unknown.
        node: the step in the trace.
    """

    truth: Truth
    node: TraceNode
    missing: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()

    @property
    def only_readings(self) -> bool:
        """Tell whether nothing but the reading of the law is open."""
        return self.truth is UNKNOWN and not self.missing and bool(self.readings)

    @property
    def open(self) -> tuple[str, ...]:
        """Give the absent facts, then the open readings."""
        return (*self.missing, *self.readings)


def merged(names: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Join name lists in order, each name once."""
    return tuple(dict.fromkeys(name for group in names for name in group))


def open_of(unknown: list[Verdict]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say what leaves a conjunction or disjunction open: the absent facts, and the readings.

    A reading written beside a condition matters only once the condition's facts are known.
    """
    missing = merged(verdict.missing for verdict in unknown)
    return missing, merged(
        verdict.readings for verdict in unknown if not missing or verdict.node.kind != "reading"
    )


def negated(truth: Truth) -> Truth:
    """Kleene negation."""
    if truth is UNKNOWN:
        return UNKNOWN
    return FALSE if truth is TRUE else TRUE
