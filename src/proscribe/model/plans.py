"""How inputs would be read: what each table is a list of, and what each column holds. Nothing is matched for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from proscribe.model.codec import write
from proscribe.model.observations import PROVIDE_KINDS, UNCERTAIN, ReadIssue
from proscribe.model.scan_document import ColumnValue

SCHEMA = "proscribe.scan-plan/1"


@dataclass(frozen=True, slots=True)
class PlannedTable:
    """One table; the fields have the meaning of those of a scan's tables.

    Attributes:
        records: how many there are.
        columns: in the order of the header; `why` is `header`, `values` or `stated`.
        export: name of the known export that it is, or empty.
    """

    sheet: str | None
    hidden: bool
    records: int
    kind: str
    kind_by: str
    kind_words: tuple[str, ...]
    columns: tuple[ColumnValue, ...]
    export: str = ""
    kind_seen: str = ""
    kind_against: tuple[str, ...] = ()

    @property
    def guessed_provided(self) -> bool:
        """Whether it is taken for a list of what the party provides, and no person said so: no form tells who sells a thing."""
        return self.kind in PROVIDE_KINDS and self.kind_by != "stated"


@dataclass(frozen=True, slots=True)
class PlannedInput:
    """One input.

    Attributes:
        path: as it was named.
        reader: name of the reader; `none` when nothing reads it.
    """

    path: str
    reader: str
    tables: tuple[PlannedTable, ...]
    issues: tuple[ReadIssue, ...]

    @property
    def asks_for_a_look(self) -> bool:
        """Whether a person should see how it is read.

        It is not, or with a doubt; nobody knows what it lists; or it counts as provided, which nobody said.
        """
        unsure = any(
            (table.kind_seen or table.kind) == UNCERTAIN or table.guessed_provided for table in self.tables
        )
        return unsure or self.reader == "none" or bool(self.issues)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a scan would read its inputs, in their order.

    Attributes:
        proscribe: version of the program.
    """

    proscribe: str
    inputs: tuple[PlannedInput, ...]

    @property
    def complete(self) -> bool:
        """Whether every input was read in full."""
        return not any(issue.lossy for one in self.inputs for issue in one.issues)

    def to_value(self) -> dict[str, Any]:
        """Write it as plain JSON values."""
        value: dict[str, Any] = write(self)
        return {"schema": SCHEMA, **value}
