"""How many records of an input name which site, counted while they are read: of a site that none names no list speaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from proscribe.model.observations import Table
from proscribe.readers.base import MOST_SITES
from proscribe.readers.site_names import site_of

if TYPE_CHECKING:
    from proscribe.readers.base import Batch

#: Characters of a name that are kept.
_LONGEST = 200


@dataclass(slots=True)
class SiteRows:
    """Records by the site that they name, as it is written; those that name none stand under the empty name.

    Attributes:
        counts: by name; `None` once there are more than `MOST_SITES`, in whatever order they come.
    """

    counts: dict[str, int] | None = field(default_factory=dict)

    def add(self, name: str, records: int) -> None:
        """Add records of one site."""
        if records and self.counts is not None:
            self.counts[name] = self.counts.get(name, 0) + records
            if len(self.counts) > MOST_SITES + 1:
                self.counts = None

    def extend(self, other: SiteRows) -> None:
        """Add what was counted in the records that follow."""
        if other.counts is None:
            self.counts = None
        for name, records in (other.counts or {}).items():
            self.add(name, records)

    def count(self, batch: Batch, table: Table, display: str) -> None:
        """Count a batch.

        Args:
            table: of the batch, with what its columns hold.
            display: its input as a person named it, which may say the site of all of its records.
        """
        import pyarrow.compute as pc

        columns = [name for name, held in table.fields.items() if held == "site"]
        if not columns:
            self.add((site_of(table, display) or "")[:_LONGEST], batch.records)
        elif self.counts is not None:
            nowhere = None
            for name in columns:
                texts = pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(batch.rows.column(name)), 0, _LONGEST)
                empty = pc.equal(pc.fill_null(texts, ""), "")
                nowhere = empty if nowhere is None else pc.and_(nowhere, empty)
                for one in pc.value_counts(texts.filter(pc.invert(empty))).to_pylist():
                    self.add(one["values"], one["counts"])
            self.add("", pc.sum(pc.cast(nowhere, "int64"), min_count=0).as_py())
            if batch.left is not None and batch.left.records:
                if batch.left.sites is None:
                    self.counts = None
                for text, records in (batch.left.sites or {}).items():
                    self.add(text.strip()[:_LONGEST], records)
