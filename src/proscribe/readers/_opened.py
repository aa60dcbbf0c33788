"""What every opened input keeps, whatever its format."""

from __future__ import annotations

from collections.abc import Sequence

from proscribe.model.observations import BlindSpot, ReadIssue, Table
from proscribe.readers.base import Options, Part, Source
from proscribe.readers.issues import IssueLog
from proscribe.readers.table_kinds import stated_kind


class Opened:
    """The common part of readings: the input, what was asked, what was found, and how far reading came.

    Attributes:
        blind_spots: what the format says it could not see; complete when the batches are exhausted.
    """

    reader_version = 1

    def __init__(
        self, source: Source, options: Options, reader: str, issues: Sequence[ReadIssue] = ()
    ) -> None:
        self.reader = reader
        self.tables: list[Table] = []
        self.issues: list[ReadIssue] = list(issues)
        self.blind_spots: list[BlindSpot] = []
        self._source = source
        self._options = options
        self._log = IssueLog(self.issues)
        self._read = 0

    def bytes_read(self) -> int:
        """Tell how many bytes of the source were consumed."""
        return self._read

    def source_row(self, table: int, record: int) -> int:
        """Return the row that a spreadsheet program would show; the number of the record where there is none."""
        return record

    def stated_kind(self, sheet: str | None) -> str:
        """Give what a person says that a table of this input is a list of; empty where nobody does."""
        told = stated_kind(self._options.kinds, self._source.display, sheet)
        return told or self._options.configured_kind(sheet)

    def partitions(self, count: int) -> Sequence[Part] | None:
        """Split the input into at most `count` parts for other processes; `None` when it is not split."""
        return None
