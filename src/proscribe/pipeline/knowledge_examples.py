"""Every example and near-miss in the knowledge, run through the engine as shipped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from proscribe.kb.examples import Example, collect
from proscribe.kb.snapshot import Snapshot
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
        told = "should be found through this fact and is not" if self.should_hit else "must not be found through this fact and is"
        return f"{self.fact}: {self.text!r} {told}"


def hits(index: Index, field: str, text: str) -> set[str]:
    """Give the ids of all facts that any matcher raises on a text alone in a column of that field."""
    record = Record.of(index, [("example", field, text)])
    return {fact for matcher in MATCHERS for signal in matcher(record, index) for fact in signal.facts}


def check(index: Index, example: Example) -> ExampleFailure | None:
    """Run one example."""
    found = example.fact in hits(index, example.field, example.text)
    return None if found == example.should_hit else ExampleFailure(example.fact, example.text, example.should_hit)


def run_examples(snapshot: Snapshot) -> list[ExampleFailure]:
    """Run all examples and near-misses; the answer lists those that fail."""
    from proscribe.pipeline.api import index_of

    today = datetime.now(UTC).date()
    index = index_of(snapshot, today, today)
    return [failure for example in collect(snapshot) if (failure := check(index, example)) is not None]
