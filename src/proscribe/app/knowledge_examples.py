"""Every example and near-miss in the knowledge, run through the engine as shipped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from proscribe.kb.examples import Example, collect
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.findings import needs_met
from proscribe.matching.index import Index
from proscribe.matching.record import Record
from proscribe.matching.registry import MATCHERS


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """An example that did not hit, or a near-miss that did."""

    fact: str
    text: str
    should_hit: bool

    def __str__(self) -> str:
        told = (
            "should be found through this fact and is not"
            if self.should_hit
            else "must not be found through this fact and is"
        )
        return f"{self.fact}: {self.text!r} {told}"


def check(index: Index, example: Example) -> ExampleFailure | None:
    """Run one example; a near-miss may be seen, but must not stand once its needs are asked for."""
    record = Record.of(index, [("example", example.field, example.text)])
    signals = [
        signal for matcher in MATCHERS for signal in matcher(record, index) if example.fact in signal.facts
    ]
    if example.should_hit:
        met = bool(signals)
    else:
        met = not any(needs_met(record, index, signal, supported=False) for signal in signals)
    return None if met else ExampleFailure(example.fact, example.text, example.should_hit)


def run_examples(snapshot: Snapshot) -> list[ExampleFailure]:
    """Run all examples and near-misses; the answer lists those that fail."""
    from proscribe.app.api import index_of

    today = datetime.now(UTC).date()
    index = index_of(snapshot, today, today)
    return [failure for example in collect(snapshot) if (failure := check(index, example)) is not None]
