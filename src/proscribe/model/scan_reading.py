"""The one place where the JSON of a scan, `proscribe.scan/1`, is read and checked.

A scan is evidence. Whoever is handed one gets it from here, as a typed `Scan` that holds together: ids are unique, every
finding stands in an input that is listed, and the numbers of `summary` are those of the lists. What was taken out by hand
and not counted down is refused. A hand that corrects the numbers too is found by the digest, which a signature covers.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from proscribe.model.canonical import canonical_json
from proscribe.model.codec import MOST_FAULTS, CodecError, Fault, parse, read
from proscribe.model.decisions import (
    Determination,
    Obligation,
    Outcome,
    TraceNode,
)
from proscribe.model.findings import Band, Finding, Mention
from proscribe.model.observations import UNCERTAIN, Table
from proscribe.model.results import (
    Counts,
    Decided,
    FindingDecision,
    FindingTally,
    PositionDecision,
    Scan,
    ScannedInput,
)
from proscribe.model.scan_document import (
    SCHEMA,
    DecisionValue,
    DutyValue,
    HeadValue,
    InputValue,
    SummaryValue,
    TableValue,
)
from proscribe.model.scan_statement import ResultDigest, statement_of

#: Schemes by which ids of findings are made.
_SCHEMES = (1, 2)
_SHA256 = re.compile(r"[0-9a-f]{64}")
#: A larger file is not read at one go.
MAX_BYTES = 512 * 1024 * 1024
_OF_A_DECISION = frozenset({"outcome", "decided_on", "withheld", "determinations", "acts", "positions"})


class NotWhole(CodecError):
    """A scan that does not hold what it counts."""


@dataclass(frozen=True, slots=True)
class ScanDocument:
    """A scan as it was handed in.

    Attributes:
        name: name of the file, for errors.
        sha256: of its bytes.
    """

    scan: Scan
    name: str
    sha256: str
    content: bytes


def read_scan(content: bytes, name: str = "") -> ScanDocument:
    """Read a scan whole, and make sure that it holds together.

    Raises:
        CodecError: with everything that is wrong with it.
        NotWhole: when it does not hold what it counts.
    """
    reading = ScanReading(content)
    duties = reading.decided.obligations if reading.decided is not None else ()
    findings, by_finding = [], {}
    for finding, decision in reading.findings():
        findings.append(finding)
        if decision is not None:
            by_finding[finding.id] = _decision(decision, duties)
    mentions = tuple(reading.mentions())
    reading.check()
    head = reading.head
    decided = None if head.decided is None else replace(head.decided, by_finding=by_finding)
    scan = replace(head, findings=tuple(findings), mentions=mentions, decided=decided)
    return ScanDocument(scan, name, reading.sha256, content)


def read_record(content: bytes, finding_id: str) -> Scan:
    """Read of a scan that was checked before what it holds about the record of one finding: its findings, and what the law says.

    Raises:
        CodecError: when it is not the JSON of a scan.
    """
    reading = ScanReading(content)
    head, duties = reading.head, reading.decided.obligations if reading.decided is not None else ()
    held = list(reading.of_record(finding_id))
    by_finding = {one.id: _decision(told, duties) for one, told in held if told is not None}
    decided = None if head.decided is None else replace(head.decided, by_finding=by_finding)
    return replace(head, findings=tuple(one for one, _ in held), decided=decided)


class ScanReading:
    """Reads a scan finding by finding, for scans with very many. Nothing may be relied on before `check`.

    Attributes:
        head: the scan without findings, mentions and decisions.
        decided: what was asked of the law, as it is written; `None` when nothing was.
        sha256: of the bytes.

    Raises:
        CodecError: when it is not the JSON of a scan.
    """

    def __init__(self, content: bytes) -> None:
        if len(content) > MAX_BYTES:
            raise CodecError([Fault("", "it is larger than 512 MiB", "a smaller file")])
        self.sha256 = hashlib.sha256(content).hexdigest()
        value, self._lists = _split(content, self.sha256)
        if not isinstance(value, dict) or value.get("schema") != SCHEMA:
            raise CodecError([Fault("", "it does not say that it is one", SCHEMA)])
        if type(value) is not dict:
            read(HeadValue, value)  # a key that stands twice, which is refused here
        faults = [Fault("", f"{name} is missing", name) for name in self._lists if name not in value]
        if "summary" not in value:
            raise NotWhole([Fault("", "its summary is missing", "summary")])
        try:
            self._value = read(
                HeadValue, {key: item for key, item in value.items() if key not in self._lists}, open_=True
            )
        except CodecError as error:
            raise CodecError([*error.faults, *faults]) from None
        faults += [
            Fault(f"/inputs/{place}/index", f"input {one.index} stands at place {place}", str(place))
            for place, one in enumerate(self._value.inputs)
            if one.index != place
        ]
        faults += [
            Fault(f"/inputs/{place}/sha256", f"{one.sha256[:70]!r} is no SHA-256", "64 hexadecimal digits")
            for place, one in enumerate(self._value.inputs)
            # What could not be opened, such as a hidden file of a folder, has no digest, and nothing was read of it.
            if not _SHA256.fullmatch(one.sha256) and (one.sha256 or one.records or one.reader != "none")
        ]
        held = [item.index for one in self._value.readings for item in one.inputs if item.index is not None]
        if self._value.readings and held != list(range(len(self._value.inputs))):
            what = "its readings do not hold its inputs, each once and in order"
            faults.append(Fault("/readings", what, "a scan as it was put together"))
        if value.get("finding_ids", _SCHEMES[-1]) != _SCHEMES[-1]:
            what = f"ids of the scheme {self._value.finding_ids} are not known"
            faults.append(Fault("/finding_ids", what, f"{_SCHEMES[-1]}, or no such field"))
        if faults:
            raise CodecError(faults)
        self._faults: list[Fault] = []
        self._plain = value
        self._result = ResultDigest()
        self._tally = FindingTally()
        self._mentions = 0
        self._outcomes: Counter[Outcome] = Counter()
        self.head = _scan_of(self._value)
        self.decided = self._value.decided

    def last(self, name: str) -> tuple[Any, int, int]:
        """Give the entry of `findings` or `mentions` that was read last: its JSON, its first byte in the file, its length.

        The length is 0 in a file of another layout than `scan_pieces` writes.
        """
        entries = self._lists[name]
        return entries.last if isinstance(entries, _Lines) else (None, 0, 0)

    def lines(self, name: str) -> Iterator[tuple[int, int]] | None:
        """Give the first byte of each entry of a list and the one behind it; `None` in a file of another layout."""
        entries = self._lists[name]
        return entries.bounds() if isinstance(entries, _Lines) else None

    def findings(self) -> Iterator[tuple[Finding, DecisionValue | None]]:
        """Yield each finding that is as it should be, with what the law says, as it is written, where it was asked."""
        seen: set[str] = set()
        for place, value in enumerate(self._lists["findings"]):
            at = f"/findings/{place}"
            self._digest("findings", value)
            try:
                finding, decision = _entry(value, at)
                self._hold_together(finding, decision, seen, at)
            except CodecError as error:
                self._keep(error)
                continue
            self._tally.add(finding, 1, set_aside=finding.ignored is not None)
            yield finding, decision

    def of_record(self, finding_id: str) -> Iterator[tuple[Finding, DecisionValue | None]]:
        """Yield the findings of the record that a finding is of; none where there is no such finding."""
        first = next(
            (one for one in self._holding(re.escape(finding_id)) if one.get("id") == finding_id), None
        )
        if first is None:
            return
        place = _record_of(first)
        row = rf'"row":\s*{place[2]}\b' if isinstance(place[2], int) else ""
        for value in self._holding(row):
            if _record_of(value) == place:
                yield _entry(value, "/findings")

    def _holding(self, pattern: str) -> Iterable[Any]:
        """Give the findings of which the JSON may hold what a pattern matches."""
        entries = self._lists["findings"]
        return entries.holding(pattern) if isinstance(entries, _Lines) else entries

    def _hold_together(
        self, finding: Finding, decision: DecisionValue | None, seen: set[str], at: str
    ) -> None:
        if finding.id in seen:
            raise CodecError(
                [Fault(f"{at}/id", f"the finding {finding.id} stands in it twice", "ids of their own")]
            )
        seen.add(finding.id)
        if finding.id.startswith("d_"):
            raise CodecError(
                [Fault(f"{at}/id", f"{finding.id} is the id of a device", "the id of a finding")]
            )
        if finding.locator.row is not None and finding.locator.row < 1:
            raise CodecError([Fault(f"{at}/locator/row", "rows are counted from 1", "a number from 1")])
        self._listed(finding.input, at)
        if decision is None:
            return
        at += "/determinations"
        if self.decided is None:
            raise CodecError(
                [Fault(at, "what the law says stands here, and `decided` is missing", "decided")]
            )
        self._outcomes[decision.outcome] += 1
        worst = min(
            (item.outcome for item in decision.determinations), key=lambda one: one.rank, default=None
        )
        if worst not in (None, decision.outcome):
            what = f"the finding {finding.id} is told to be {decision.outcome}, and a regime says {worst}"
            raise CodecError([Fault(at.replace("/determinations", "/outcome"), what, f"{worst}")])
        for item in decision.determinations:
            for duty in chain(item.obligations, item.possible_obligations):
                full = self.decided.obligations[duty.detail or 0 :][:1]
                if duty.detail is not None and (not full or full[0].id != duty.id):
                    what = f"the duty {duty.id[:80]} is not told in full"
                    raise CodecError([Fault(at, what, "a place in `decided.obligations`")])

    def _listed(self, index: int, at: str) -> None:
        if index >= len(self._value.inputs):
            raise CodecError([Fault(f"{at}/input", f"input {index} is not listed", "an index of `inputs`")])

    def mentions(self) -> Iterator[Mention]:
        """Yield each mention that is as it should be."""
        for place, value in enumerate(self._lists["mentions"]):
            at = f"/mentions/{place}"
            self._digest("mentions", value)
            try:
                mention = read(Mention, value, at=at, open_=True)
                self._listed(mention.input, at)
            except CodecError as error:
                self._keep(error)
                continue
            self._mentions += 1
            yield mention

    def _digest(self, name: str, value: Any) -> None:
        if self._value.statement is None:
            return
        entries = self._lists[name]
        # In the layout that is written here the line is the canonical JSON.
        if isinstance(entries, _Lines):
            self._result.add(entries.text)
            return
        # A float, or half a surrogate pair: a fault of its own, and no result of ours.
        with suppress(TypeError, UnicodeEncodeError):
            self._result.add(canonical_json(value).encode())

    def _keep(self, error: CodecError) -> None:
        self._faults += error.faults
        if len(self._faults) >= MOST_FAULTS:
            raise CodecError(self._faults[:MOST_FAULTS])

    def check(self) -> None:
        """Make sure of everything, once findings and mentions were read to their end.

        Raises:
            CodecError: with everything that is wrong with findings and mentions.
            NotWhole: with the numbers that do not add up.
        """
        if self._faults:
            raise CodecError(self._faults)
        counts = Counts.of(self._tally, self.head.inputs, self._mentions)
        told = self._value.summary
        faults: list[Fault] = []
        for name in (
            "findings",
            "ignored",
            "mentions",
            "records",
            "by_band",
            "by_role",
            "by_entity",
            "by_firm",
        ):
            faults += _differing(f"/summary/{name}", getattr(told, name), getattr(counts, name))
        if self.decided is not None:
            outcomes = {outcome.value: number for outcome, number in self._outcomes.items()}
            faults += _differing("/decided/by_outcome", self.decided.by_outcome, outcomes)
        faults += _not_told(told, self.head.finding_ids)
        faults += self._misstated()
        if faults:
            raise NotWhole(faults)

    def _misstated(self) -> Iterator[Fault]:
        """Yield the fault of a statement that is about another result, or tells another way to it than the scan."""
        told = self._value.statement
        if told is None:
            return
        at = "/statement"
        try:
            ours = statement_of(self._plain, told.predicate.options, self._result.close(self._plain))
        except (CodecError, TypeError) as problem:
            yield Fault(at, f"what it rests on cannot be told: {problem}", "a scan as it was made")
            return
        if told.subject != ours.subject:
            what = f"its statement is about the result {told.result[:12]}, it holds {ours.result[:12]}"
            yield Fault(f"{at}/subject", what, "a scan as it was made")
        elif told != ours:
            yield Fault(at, "its statement says other inputs, knowledge or days than it does", "the same")


def _not_told(told: SummaryValue, scheme: int) -> Iterator[Fault]:
    """Yield the numbers that a version which makes ids by the newest scheme tells, and that are missing."""
    if scheme < _SCHEMES[-1]:
        return
    for name in ("findings", "by_firm"):
        if getattr(told, name) is None:
            yield Fault(f"/summary/{name}", f"its summary does not say {name}", "a number for each")
    for band in Band:
        if band not in told.by_band:
            yield Fault("/summary/by_band", f"its summary does not say how many are {band}", "every band")


def _differing(at: str, told: Any, held: Any) -> Iterator[Fault]:
    """Compare a number, or numbers by name, with those of the lists; versions before did not tell every one."""
    name = at.rpartition("/")[2]
    if isinstance(told, int):
        if told != held:
            yield Fault(at, f"its summary says {name} = {told:,}, it lists {held:,}", f"{held:,}")
    elif told is not None:
        for key in sorted({*map(str, told), *held}):
            number, there = told.get(key, 0), held.get(key, 0)
            if number != there:
                what = f"its summary says {name} {key[:80]} = {number:,}, it lists {there:,}"
                yield Fault(at, what, f"{there:,}")


def _entry(value: Any, at: str) -> tuple[Finding, DecisionValue | None]:
    """Read a finding with what the law says of it, where it was asked.

    Raises:
        CodecError: when it is none.
    """
    law = {}
    if type(value) is dict and not _OF_A_DECISION.isdisjoint(value):
        law = {name: item for name, item in value.items() if name in _OF_A_DECISION}
    return read(Finding, value, at=at, open_=True), read(
        DecisionValue, law, at=at, open_=True
    ) if law else None


def _record_of(value: Any) -> tuple[Any, Any, Any]:
    """Give input, sheet and row of a finding as it is written."""
    at = value.get("locator") or {}
    return value.get("input"), at.get("sheet"), at.get("row")


class _Lines:
    """The entries of a list that has one object a line, between two places of a file."""

    def __init__(self, content: bytes, start: int, end: int) -> None:
        self._content, self._start, self._end = content, start, end
        self.last: tuple[Any, int, int] = (None, 0, 0)
        self.text = b""

    def _lines(self) -> Iterator[bytes]:
        place = self._start
        while place < self._end:
            stop = self._content.find(b"\n", place, self._end)
            stop = self._end if stop < 0 else stop
            yield self._content[place:stop]
            place = stop + 1

    def regular(self) -> bool:
        """Tell whether each line is an object, as far as its ends show, with commas between."""
        before = b""
        for line in self._lines():
            if not line.startswith(b"    {") or (before and not before.endswith(b"},")):
                return False
            before = line
        return before.endswith(b"}")

    def bounds(self) -> Iterator[tuple[int, int]]:
        """Yield where each entry begins and ends in the file."""
        place = self._start
        for line in self._lines():
            yield place + len(b"    "), place + len(line.removesuffix(b","))
            place += len(line) + 1

    def holding(self, pattern: str) -> Iterator[Any]:
        """Yield the entries in whose line a pattern matches."""
        fits = re.compile(pattern.encode()).search
        return (parse(line.removesuffix(b",")) for line in self._lines() if fits(line))

    def __iter__(self) -> Iterator[Any]:
        place = self._start
        for line in self._lines():
            text = line.removesuffix(b",")
            value = parse(text)
            self.last = (value, place + len(b"    "), len(text) - len(b"    "))
            self.text = text[len(b"    ") :]
            place += len(line) + 1
            yield value


def _split(content: bytes, sha256: str) -> tuple[Any, dict[str, Iterable[Any]]]:
    """Take the lists of findings and mentions apart from the rest, so that they are read piece by piece.

    A file in the layout that `scan_pieces` writes has one finding a line. Each line is JSON of its own, and so is the rest
    with a mark in the place of each list: both together are then the JSON of the file, in one way only. A file in another
    layout is read whole.
    """
    lists: dict[str, Iterable[Any]] = {}
    pieces, marks, done = [], {}, 0
    for name in ("findings", "mentions"):
        opening = b'\n  "' + name.encode() + b'": [\n'
        start = content.find(opening, done) + len(opening)
        end = content.find(b"\n  ]", start)
        lines = _Lines(content, start, end)
        if start >= len(opening) and end >= 0 and lines.regular():
            marks[name], lists[name] = f"{name}/{sha256}", lines  # no file can hold its own digest
            pieces += [content[done : start - 2], b'"', marks[name].encode(), b'"']
            done = end + len(b"\n  ]")
    try:
        value = parse(b"".join([*pieces, content[done:]]))
        if any(value.get(name) != mark for name, mark in marks.items()):
            raise AttributeError
    except (CodecError, AttributeError):
        if not lists:
            raise CodecError([Fault("", "it is not a JSON object", "an object")]) from None
        value, lists = parse(content), {}
    for name in ("findings", "mentions"):
        if name not in lists:
            listed = value.get(name, []) if isinstance(value, dict) else []
            if type(listed) is not list:
                raise CodecError([Fault(f"/{name}", "this is not a list", "a list")])
            lists[name] = listed
    return value, lists


def _scan_of(value: HeadValue) -> Scan:
    decided = value.decided
    return Scan(
        proscribe=value.proscribe,
        as_of=value.as_of,
        known_as_of=value.known_as_of,
        knowledge=value.knowledge,
        inputs=tuple(map(_input_of, value.inputs)),
        findings=(),
        mentions=(),
        not_checked=value.not_checked,
        entity_names=dict(value.entity_names),
        fact_notes=dict(value.fact_notes),
        decided=None
        if decided is None
        else Decided(decided.as_of, decided.regimes, decided.stated, {}, decided.notes, decided.not_known),
        blind_spots=value.blind_spots,
        finding_ids=value.finding_ids,
        readings=value.readings,
        options=None if value.statement is None else value.statement.predicate.options,
    )


def _input_of(value: InputValue) -> ScannedInput:
    tables = value.tables
    if not tables and (value.columns or value.unread_columns):
        tables = (TableValue(None, False, value.columns, {}, value.unread_columns, 2),)
    return ScannedInput(
        value.index, value.path, value.sha256, value.reader, value.records, tuple(map(_table_of, tables)),
        value.issues, dict(value.coverage), value.size_bytes, value.sites,
    )  # fmt: skip


def _table_of(value: TableValue) -> Table:
    fields = {
        column: name
        for name, columns in value.columns.items()
        for column in ((columns,) if isinstance(columns, str) else columns)
    }
    # Columns that hold what is left over have a field and are not read: only the plan tells it.
    left_over = frozenset(value.unread_columns)
    fields |= {one.name: one.field for one in value.column_plan or () if one.field and one.name in left_over}
    return Table(
        sheet=value.sheet,
        header=tuple(one.name for one in value.column_plan or ()) or (*fields, *value.unread_columns),
        fields=fields,
        recognised_by=dict(value.recognised_by),
        unread=value.unread_columns,
        hidden=value.hidden,
        first_row=value.first_row,
        kind=value.kind or UNCERTAIN,
        kind_by=value.kind_by,
        kind_words=value.kind_words or (),
        kind_seen=value.kind_seen,
        kind_against=value.kind_against,
        samples={one.name: one.samples for one in value.column_plan or () if one.samples},
    )


def _decision(value: DecisionValue, duties: tuple[Obligation, ...]) -> FindingDecision:
    made = tuple(
        Determination(
            regime=item.regime,
            outcome=item.outcome,
            citations=item.citations,
            missing=item.missing,
            waivers=item.waivers,
            until=item.until,
            obligations=tuple(_duty(one, duties) for one in item.obligations),
            possible_obligations=tuple(_duty(one, duties) for one in item.possible_obligations),
            exceptions=item.exceptions,
            open_exceptions=item.open_exceptions,
            confidence=item.confidence,
            notices=item.notices,
            trace=TraceNode("regime", "", item.outcome.value, because=item.because),
            presumed=item.presumed,
            signing=item.signing,
            forbids=item.forbids,
            ended=item.ended,
            bound_if=item.bound_if,
        )
        for item in value.determinations
    )
    held = tuple(PositionDecision(one.position, FindingDecision(one.outcome, ())) for one in value.positions)
    return FindingDecision(value.outcome, made, value.decided_on, value.withheld, value.acts, held)


def _duty(value: DutyValue, duties: tuple[Obligation, ...]) -> Obligation:
    """Give a duty in full, as far as the scan tells it."""
    if value.detail is not None:
        return duties[value.detail]
    return Obligation(
        value.id, value.title, value.kind, value.due, value.deadline, value.to, value.contents, value.citation,
        missing=value.missing or (),
    )  # fmt: skip
