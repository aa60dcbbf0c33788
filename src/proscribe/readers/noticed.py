"""What the cells of an input hold that is to be said of the input: how many of each kind, and where the first one stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from proscribe.model.findings import Locator
from proscribe.model.observations import ReadIssue, Table
from proscribe.readers.base import Batch
from proscribe.readers.issues import issue


@dataclass(slots=True)
class Noticed:
    """Counts of one way of looking through cells; picklable, one for each part of an input.

    Attributes:
        SAYS: kind to the issue that says it, in the order in which they are said.
        counts, places: by kind.
    """

    SAYS: ClassVar[Mapping[str, str]] = {}

    counts: dict[str, int] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def note(
        self, kind: str, batch: Batch, table: Table, column: str, row: int, *, count: int = 1, text: str = ""
    ) -> None:
        """Count what was seen in a column of a batch.

        Args:
            row: of the batch, from 0, in which it stands first.
            text: of the cell, where it helps to find it.
        """
        self.counts[kind] = self.counts.get(kind, 0) + count
        where = f"{table.sheet}, " if table.sheet else ""
        shown = f": {text.strip()[:80]!r}" if text else ""
        at = Locator(batch.number(row), source_row=batch.source_row(row, table.first_row))
        self.places.setdefault(kind, f"{where}{at.words}, {column!r}{shown}")

    def extend(self, other: Noticed) -> None:
        """Add what was seen in records that follow."""
        for kind, count in other.counts.items():
            self.counts[kind] = self.counts.get(kind, 0) + count
        self.places = {**other.places, **self.places}


def noticed_issues(found: Iterable[Noticed]) -> Iterator[ReadIssue]:
    """Give an issue for each kind of what the parts of an input hold, which were looked through in one way."""
    parts = list(found)
    for kind, said in parts[0].SAYS.items() if parts else ():
        count = sum(part.counts.get(kind, 0) for part in parts)
        if count:
            at = next(part.places[kind] for part in parts if kind in part.places)
            yield issue(said, at, count=count)
