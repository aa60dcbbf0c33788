"""The findings of a scan that is kept, each read when it is asked for.

A scan was checked whole when it was taken, and its bytes are those of its digest. What reports of very many findings need of
each (its band, its firm, where it stands) is read here without making the finding, and one that nobody judged is written as
it is kept.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, overload

import msgspec

from proscribe.model.canonical import canonical_json, written_json
from proscribe.model.codec import parse, read, write
from proscribe.model.findings import Band, Finding, Locator, Role
from proscribe.model.results import FindingTally, Scan
from proscribe.model.scan_reading import ScanReading, read_scan

_decoded = msgspec.json.Decoder().decode


class Place(msgspec.Struct):
    """What of the details of a finding says where it is."""

    site: str | None = None


class Sketch(msgspec.Struct):
    """What of a finding counts and orders need; the fields have the meaning of those of `Finding`.

    Attributes:
        at: its place among the findings of its scan, from 0.
        ignored: why it was set aside; `None` where it was not.
    """

    id: str
    input: int
    locator: Locator
    entity: str
    covered_through: tuple[str, ...]
    role: Role
    band: Band
    details: Place = msgspec.field(default_factory=Place)
    ignored: Any = None
    at: int = 0


_sketched = msgspec.json.Decoder(Sketch).decode


def sketches(findings: Iterable[Finding]) -> Iterator[Sketch]:
    """Give what counts and orders need of each finding."""
    if isinstance(findings, KeptFindings):
        yield from findings.sketches()
        return
    for at, one in enumerate(findings):
        yield _sketch(at, one)


def _sketch(at: int, one: Finding) -> Sketch:
    return Sketch(
        one.id, one.input, one.locator, one.entity, one.covered_through, one.role, one.band, Place(one.details.site),
        one.ignored, at,
    )  # fmt: skip


class Chosen(Sequence[Finding]):
    """Some findings of a scan, by their places; each is read when it is asked for."""

    def __init__(self, findings: Sequence[Finding], places: Sequence[int]) -> None:
        self._findings, self._places = findings, places

    def __len__(self) -> int:
        """Count them."""
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> Finding: ...
    @overload
    def __getitem__(self, at: slice) -> Chosen: ...
    def __getitem__(self, at: int | slice) -> Finding | Chosen:
        """Give one of them, or some."""
        if isinstance(at, slice):
            return Chosen(self._findings, self._places[at])
        return self._findings[self._places[at]]


class KeptFindings(Sequence[Finding]):
    """The findings of a scan in the layout that is written here, one a line.

    Args:
        content: the JSON of the scan.
        starts, ends: where each finding begins and ends in it.
        changes: gives another finding for one of `ids`, such as of one that was judged; in their order.
    """

    def __init__(
        self, content: bytes, starts: array[int], ends: array[int],
        changes: tuple[tuple[frozenset[str], Callable[[Finding], Finding]], ...] = (),
    ) -> None:  # fmt: skip
        self._content, self._starts, self._ends, self._changes = content, starts, ends, changes
        self._changed = frozenset().union(*(ids for ids, _ in changes))
        self._tally: FindingTally | None = None

    def changed(self, ids: Collection[str], change: Callable[[Finding], Finding]) -> KeptFindings:
        """Give the same findings, some of them changed."""
        return KeptFindings(
            self._content, self._starts, self._ends, (*self._changes, (frozenset(ids), change))
        )

    def __len__(self) -> int:
        """Count them."""
        return len(self._starts)

    @overload
    def __getitem__(self, at: int) -> Finding: ...
    @overload
    def __getitem__(self, at: slice) -> Chosen: ...
    def __getitem__(self, at: int | slice) -> Finding | Chosen:
        """Give one of them, or some."""
        if isinstance(at, slice):
            return Chosen(self, range(len(self))[at])
        return self._finding(self._line(at))

    def _line(self, at: int) -> bytes:
        return self._content[self._starts[at] : self._ends[at]]

    def _finding(self, line: bytes) -> Finding:
        made = read(Finding, parse(line), open_=True)
        for ids, change in self._changes:
            if made.id in ids:
                made = change(made)
        return made

    def texts(self) -> Iterator[str]:
        """Give the canonical JSON of each, as `scan_writing` writes it of a scan that was not put to the law."""
        for at in range(len(self)):
            line = self._line(at)
            value = _decoded(line)
            text = line.decode()
            if value["id"] in self._changed or written_json(value) != text:
                text = canonical_json(write(self._finding(line)))
            yield text

    def sketches(self) -> Iterator[Sketch]:
        """Give what counts and orders need of each."""
        tally = FindingTally()
        for at in range(len(self)):
            made = _sketched(self._line(at))
            made.at = at
            if made.id in self._changed:
                made = _sketch(at, self[at])
            tally.add(made, 1, set_aside=made.ignored is not None)
            yield made
        self._tally = tally

    def tally(self) -> FindingTally:
        """Count them by band, entity, firm and role."""
        if self._tally is None:
            for _ in self.sketches():
                pass
        assert self._tally is not None
        return self._tally


def kept_scan(content: bytes, name: str = "") -> Scan:
    """Read a scan that was checked when it was taken; findings that were not put to the law stay where they are kept.

    Raises:
        CodecError: when it is not the JSON of a scan.
    """
    reading = ScanReading(content)
    lines = reading.lines("findings")
    if reading.decided is not None or lines is None:
        return read_scan(content, name).scan
    starts, ends = array("Q"), array("Q")
    for start, end in lines:
        starts.append(start)
        ends.append(end)
    return replace(
        reading.head, findings=KeptFindings(content, starts, ends), mentions=tuple(reading.mentions())
    )
