"""The JSON of a scan, `proscribe.scan/1`: the one place where it is written, read and checked.

A scan is evidence. Whoever is handed one gets it from here, as a typed `Scan` that holds together: ids are unique, every
finding stands in an input that is listed, and the numbers of `summary` are those of the lists. What was taken out by hand
and not counted down is refused. A hand that corrects the numbers too is found by the digest, which a signature covers.

Fields that a later version adds are passed over; what versions before did not write takes its default.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain
from typing import Annotated, Any, Literal

from proscribe.model.canonical import canonical_json, pretty_json, written_json
from proscribe.model.codec import MOST_FAULTS, As, CodecError, Fault, Limits, omitted, parse, read, write
from proscribe.model.decisions import (
    Addressees,
    Determination,
    Named,
    Obligation,
    Outcome,
    Signing,
    TraceNode,
)
from proscribe.model.findings import Band, Finding, Mention, Role
from proscribe.model.observations import UNCERTAIN, BlindSpot, ReadIssue, Table
from proscribe.model.periods import parse_day
from proscribe.model.results import (
    ActOutcome,
    Counts,
    Decided,
    FindingDecision,
    FindingTally,
    KnowledgeStamp,
    Scan,
    ScannedInput,
    StatedFact,
)
from proscribe.model.scan_statement import ResultDigest, ScanStatement, statement_of

SCHEMA = "proscribe.scan/1"
#: Schemes by which ids of findings are made.
_SCHEMES = (1, 2)
_SHA256 = re.compile(r"[0-9a-f]{64}")
#: A larger file is not read at one go.
MAX_BYTES = 512 * 1024 * 1024

_Count = Annotated[int, Limits(least=0)]
_Day = Annotated[
    str,
    As(
        lambda text: parse_day(text).isoformat(),
        str,
        "YYYY-MM-DD",
        schema=(("pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),),
    ),
]
#: Field to column, or to several columns.
_Columns = Mapping[str, str | tuple[str, ...]]


# The shapes of the JSON that differ from those of the model


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """One column of a table, in the order of its header.

    Attributes:
        field: what it is read as; empty where it is only looked at.
        why: what says so: `header`, `values` or `stated`.
        samples: first values that differ, cut to 60 characters; none of a column of secrets.
    """

    name: str
    field: str = ""
    why: str = ""
    samples: tuple[str, ...] = ()


#: Takes what writes findings from a place on up to another one, and how many there are; gives the text of all.
InParts = Callable[[Callable[[int, int], Iterable[str]], int], Iterable[str]]
#: Findings that are held at once while they are written.
_AT_ONCE = 1_000
#: What recognised a column, in the words of a plan.
_WHY = {"header": "header", "content": "values", "map": "stated", "config": "stated"}


def column_plan(table: Table) -> tuple[ColumnValue, ...]:
    """Give how each column of a table is read, and what it holds."""
    return tuple(
        ColumnValue(
            name,
            table.fields.get(name, ""),
            _WHY.get(table.recognised_by.get(name, ""), "") if name in table.fields else "",
            table.samples.get(name, ()),
        )
        for name in table.header
    )


@dataclass(frozen=True, slots=True)
class TableValue:
    """One table of an input, as it is written.

    Attributes:
        kind: what it is a list of, one of `proscribe.model.observations.KINDS`.
        kind_by: what says so: `stated`, `reader`, `headers`, `values` or `uncertain`; versions that told no kind wrote
            neither, and such a table is `uncertain`.
        kind_words: what it rests on.
        kind_seen: where the kind is stated, what the program would say.
        kind_against: where a kind is stated, the columns that speak against it.
        column_plan: its columns, in order.
    """

    sheet: str | None
    hidden: bool
    columns: _Columns
    recognised_by: Mapping[str, str]
    unread_columns: tuple[str, ...]
    first_row: int
    kind: str = omitted("")
    kind_by: str = omitted("")
    kind_words: tuple[str, ...] | None = omitted(None)
    kind_seen: str = omitted("")
    kind_against: tuple[str, ...] = omitted(())
    column_plan: tuple[ColumnValue, ...] | None = omitted(None)


@dataclass(frozen=True, slots=True)
class InputValue:
    """One input, as it is written; `columns` and `unread_columns` are those of all its tables together."""

    index: _Count
    path: str
    sha256: str
    reader: str
    records: _Count
    columns: _Columns
    unread_columns: tuple[str, ...]
    issues: tuple[ReadIssue, ...]
    coverage: Mapping[str, _Count]
    size_bytes: _Count = 0
    tables: tuple[TableValue, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyValue:
    """A duty in short.

    Attributes:
        missing: of a duty that may apply, the facts that would tell.
        detail: place of the whole duty in `decided.obligations`.
        title, to, contents: where the duty is told in full at its place.
    """

    id: str
    kind: str
    due: date | datetime | None
    deadline: Mapping[str, Any]
    citation: str
    missing: tuple[str, ...] | None = omitted(None)
    detail: _Count | None = omitted(None)
    title: str = omitted("")
    to: Addressees = omitted(())
    contents: tuple[str, ...] = omitted(())


@dataclass(frozen=True, slots=True)
class DeterminationValue:
    """What one regime says about a finding, without the steps of the reasoning."""

    regime: str
    outcome: Outcome
    because: str
    citations: tuple[str, ...]
    missing: tuple[str, ...]
    until: date | None
    exceptions: tuple[str, ...]
    waivers: tuple[str, ...]
    open_exceptions: tuple[str, ...]
    obligations: tuple[DutyValue, ...]
    possible_obligations: tuple[DutyValue, ...]
    confidence: str
    notices: tuple[str, ...]
    presumed: tuple[str, ...] = omitted(())
    signing: Signing | None = omitted(None)
    forbids: str = omitted("")
    ended: date | None = omitted(None)


@dataclass(frozen=True, slots=True)
class DecisionValue:
    """What the law says about one finding; these fields stand among those of the finding.

    Attributes:
        outcome: the most severe of the determinations.
        decided_on: facts on which it was decided.
        withheld: why the scan's own facts were not used.
        acts: where more than one act was asked about, each with its outcome.
    """

    outcome: Outcome
    decided_on: Named
    withheld: tuple[str, ...]
    determinations: tuple[DeterminationValue, ...]
    acts: tuple[ActOutcome, ...] = omitted(())


@dataclass(frozen=True, slots=True)
class DecidedValue:
    """What was asked of the law, present when it was.

    Attributes:
        regimes: asked by name; empty: every one that could bind.
        by_outcome: how many findings have which outcome.
        obligations: duties in full, each once.
        not_known: what people were asked and could not say.
    """

    as_of: _Day
    regimes: tuple[str, ...]
    stated: tuple[StatedFact, ...]
    by_outcome: Mapping[Outcome, _Count]
    obligations: tuple[Obligation, ...]
    notes: tuple[str, ...]
    not_known: tuple[StatedFact, ...] = omitted(())


@dataclass(frozen=True, slots=True)
class SummaryValue:
    """The numbers of a scan. Findings that were set aside count in `ignored` and nowhere else."""

    records: _Count
    by_band: Mapping[Band, _Count]
    by_entity: Mapping[str, _Count]
    by_role: Mapping[Role, _Count]
    mentions: _Count
    ignored: _Count
    findings: _Count | None = None
    by_firm: Mapping[str, _Count] | None = None


@dataclass(frozen=True, slots=True)
class HeadValue:
    """Everything of a scan but its findings and mentions.

    Attributes:
        schema: name and major version of this shape.
        proscribe: version of the program.
        as_of: day of law and ownership.
        known_as_of: facts recorded later are not used.
        blind_spots: what the inputs cannot show, by kind and site.
        entity_names: entity id to the name to show.
        fact_notes: fact id to what it says and where it comes from.
        finding_ids: number of the scheme by which ids of findings are made; absent for the first.
        statement: what the scan rests on; absent where a version made it that could not be run again.
    """

    schema: Literal["proscribe.scan/1"]
    proscribe: str
    as_of: _Day
    known_as_of: _Day
    knowledge: KnowledgeStamp
    inputs: tuple[InputValue, ...]
    not_checked: tuple[str, ...]
    summary: SummaryValue
    blind_spots: tuple[BlindSpot, ...] = ()
    entity_names: Mapping[str, str] = field(default_factory=dict)
    fact_notes: Mapping[str, str] = field(default_factory=dict)
    decided: DecidedValue | None = omitted(None)
    finding_ids: _Count = omitted(1)
    statement: ScanStatement | None = omitted(None)


@dataclass(frozen=True, slots=True)
class FindingValue(Finding):
    """A finding as it is written: with what the law says about it, where that was asked."""

    outcome: Outcome = omitted(Outcome.UNDETERMINED)
    decided_on: Named = omitted(())
    withheld: tuple[str, ...] = omitted(())
    determinations: tuple[DeterminationValue, ...] = omitted(())
    acts: tuple[ActOutcome, ...] = omitted(())


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanValue(HeadValue):
    """The answer of a scan. Fields may be added within major version 1; none is renamed or dropped."""

    findings: tuple[FindingValue, ...]
    mentions: tuple[Mention, ...]


_OF_A_DECISION = frozenset({"outcome", "decided_on", "withheld", "determinations", "acts"})


# Writing


class _Decisions:
    """Writes decisions; duties are written in full once, and referred to."""

    def __init__(self, decided: Decided | None) -> None:
        self._decided = decided
        self._full: list[Obligation] = []
        self._kept: dict[int, DutyValue] = {}
        if decided is None:
            return
        same: dict[str, int] = {}
        for decision in {id(item): item for item in decided.by_finding.values()}.values():
            for item in decision.determinations:
                for duty in chain(item.obligations, item.possible_obligations):
                    place = same.setdefault(canonical_json(duty.to_json()), len(self._full))
                    if place == len(self._full):
                        self._full.append(duty)
                    self._kept[id(duty)] = DutyValue(
                        duty.id, duty.kind, duty.due, duty.deadline, duty.citation, detail=place
                    )

    def head(self) -> DecidedValue | None:
        """Give the day, the regimes asked, what was stated, how many findings have which outcome, and the duties."""
        decided = self._decided
        if decided is None:
            return None
        counts = Counter(item.outcome for item in decided.by_finding.values())
        return DecidedValue(
            decided.as_of,
            decided.regimes,
            decided.stated,
            {outcome: counts[outcome] for outcome in Outcome},
            tuple(self._full),
            decided.notes,
            decided.not_known,
        )

    def of(self, finding: Finding) -> DecisionValue | None:
        """Give what the law says about one finding; the whole reasoning is what `proscribe decide` gives."""
        decision = self._decided.by_finding.get(finding.id) if self._decided is not None else None
        if decision is None:
            return None
        determinations = tuple(map(self._determination, decision.determinations))
        return DecisionValue(
            decision.outcome, decision.facts, decision.withheld, determinations, decision.acts
        )

    def _determination(self, item: Determination) -> DeterminationValue:
        return DeterminationValue(
            regime=item.regime,
            outcome=item.outcome,
            because=item.trace.because,
            citations=item.citations,
            missing=item.missing,
            until=item.until,
            exceptions=item.exceptions,
            waivers=item.waivers,
            open_exceptions=item.open_exceptions,
            obligations=tuple(self._kept[id(duty)] for duty in item.obligations),
            possible_obligations=tuple(
                replace(self._kept[id(duty)], missing=duty.missing) for duty in item.possible_obligations
            ),
            confidence=item.confidence,
            notices=item.notices,
            presumed=item.presumed,
            signing=item.signing,
            forbids=item.forbids,
            ended=item.ended,
        )


def _finding(finding: Finding, decisions: _Decisions) -> dict[str, Any]:
    value: dict[str, Any] = write(finding)
    decision = decisions.of(finding)
    return value if decision is None else value | write(decision)


def _columns(tables: Iterable[Table]) -> dict[str, str | tuple[str, ...]]:
    """Turn column -> field into field -> column, or several columns where they carry one field."""
    by_field: dict[str, dict[str, None]] = {}
    for table in tables:
        for column in table.header:
            if column in table.fields and column not in table.unread:
                by_field.setdefault(table.fields[column], {})[column] = None
    return {name: next(iter(found)) if len(found) == 1 else tuple(found) for name, found in by_field.items()}


def _kind(table: Table) -> tuple[Any, ...]:
    return (
        table.kind,
        table.kind_by,
        table.kind_words,
        table.kind_seen,
        table.kind_against,
        column_plan(table),
    )


def input_value(one: ScannedInput) -> dict[str, Any]:
    """Write one input."""
    tables = tuple(
        TableValue(
            table.sheet,
            table.hidden,
            _columns([table]),
            table.recognised_by,
            table.unread,
            table.first_row,
            *(_kind(table) if table.kind_by else ()),
        )
        for table in one.tables
    )
    unread = tuple(dict.fromkeys(name for table in one.tables for name in table.unread))
    value: dict[str, Any] = write(
        InputValue(
            one.index,
            one.path,
            one.sha256,
            one.reader,
            one.records,
            _columns(one.tables),
            unread,
            one.issues,
            one.coverage,
            one.size_bytes,
            tables,
        )
    )
    return value


def scan_head(scan: Scan, decisions: _Decisions | None = None) -> dict[str, Any]:
    """Write everything of `scan` but its findings, its mentions and their numbers."""
    decided = (decisions or _Decisions(scan.decided)).head()
    value = {
        "schema": SCHEMA,
        "proscribe": scan.proscribe,
        "as_of": scan.as_of,
        "known_as_of": scan.known_as_of,
        "knowledge": write(scan.knowledge),
        "inputs": list(map(input_value, scan.inputs)),
        "not_checked": list(scan.not_checked),
        "blind_spots": write(scan.blind_spots),
        "entity_names": dict(scan.entity_names),
        "fact_notes": dict(scan.fact_notes),
    }
    if decided is not None:
        value["decided"] = write(decided)
    if scan.finding_ids > 1:
        value["finding_ids"] = scan.finding_ids
    return value


def scan_value(scan: Scan) -> dict[str, Any]:
    """Write `scan` as plain values.

    `summary` counts ignored findings in `ignored` only; `by_band` and `by_role` always hold every key.
    """
    decisions = _Decisions(scan.decided)
    head = {**scan_head(scan, decisions), "summary": write(scan.counts())}
    value = {
        **head,
        "findings": [_finding(finding, decisions) for finding in scan.findings],
        "mentions": list(map(write, scan.mentions)),
    }
    if scan.options is not None:
        result = ResultDigest()
        for one in (*value["findings"], *value["mentions"]):
            result.add(written_json(one).encode())
        value["statement"] = write(statement_of(head, scan.options, result.close(head)))
    return value


def result_of(scan: Scan) -> str:
    """Give the digest of the result of a scan, as its statement names it."""
    decisions = _Decisions(scan.decided)
    result = ResultDigest()
    for finding in scan.findings:
        result.add(written_json(_finding(finding, decisions)).encode())
    for mention in scan.mentions:
        result.add(written_json(write(mention)).encode())
    return result.close({**scan_head(scan, decisions), "summary": write(scan.counts())})


def scan_text(scan: Scan) -> str:
    """Write `scan` as text: sorted keys, no floats, a finding a line, a newline at the end."""
    return "".join(scan_pieces(scan))


def scan_pieces(scan: Scan) -> Iterator[str]:
    """Yield the text of `scan_text` in pieces, one finding or mention at a time."""
    decisions = _Decisions(scan.decided)
    head = {**scan_head(scan, decisions), "summary": write(scan.counts())}
    kept = getattr(scan.findings, "texts", None) if scan.decided is None else None
    lists: dict[str, Iterator[str]] = {
        "findings": kept()
        if kept is not None
        else (canonical_json(_finding(finding, decisions)) for finding in scan.findings),
        "mentions": (canonical_json(write(one)) for one in scan.mentions),
    }
    result = ResultDigest()
    opening = "{"
    # The statement holds the digest of the lists; its name stands after theirs, so one walk over them is enough.
    for key in sorted([*head, *lists, *([] if scan.options is None else ["statement"])]):
        yield f"{opening}\n  {canonical_json(key)}: "
        opening = ","
        if key in head:
            yield _indented(head[key])
            continue
        if key not in lists:
            assert scan.options is not None
            yield _indented(write(statement_of(head, scan.options, result.close(head))))
            continue
        before = "["
        for text in lists[key]:
            result.add(text.encode())
            yield f"{before}\n    {text}"
            before = ","
        yield "[]" if before == "[" else "\n  ]"
    yield "\n}\n"


def _indented(value: Any) -> str:
    # Line ends inside texts are escaped in JSON, so every one here ends a line of the layout.
    return pretty_json(value).rstrip("\n").replace("\n", "\n  ")


def scan_lines(scan: Scan, in_parts: InParts | None = None) -> Iterator[str]:
    """Yield one line of JSON for the head, then one for each finding and mention.

    `line` tells them apart: `scan`, `finding` or `mention`. Each line ends in a newline.

    Args:
        in_parts: given a function that writes the findings from a place on up to another one, and their number, gives the
            text of all; for whoever has several processes.
    """
    decisions = _Decisions(scan.decided)
    summary = write(scan.counts())
    yield canonical_json({"line": "scan", **scan_head(scan, decisions), "summary": summary}) + "\n"

    def found(start: int, stop: int) -> Iterator[str]:
        for first in range(start, stop, _AT_ONCE):
            for finding in scan.findings[first : min(first + _AT_ONCE, stop)]:
                yield written_json({"line": "finding", **_finding(finding, decisions)}) + "\n"

    count = len(scan.findings)
    yield from found(0, count) if in_parts is None else in_parts(found, count)
    for mention in scan.mentions:
        yield written_json({"line": "mention", **write(mention)}) + "\n"


# Reading


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
        options=None if value.statement is None else value.statement.predicate.options,
    )


def _input_of(value: InputValue) -> ScannedInput:
    tables = value.tables
    if not tables and (value.columns or value.unread_columns):
        tables = (TableValue(None, False, value.columns, {}, value.unread_columns, 2),)
    return ScannedInput(
        value.index, value.path, value.sha256, value.reader, value.records, tuple(map(_table_of, tables)),
        value.issues, dict(value.coverage), value.size_bytes,
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
        )
        for item in value.determinations
    )
    return FindingDecision(value.outcome, made, value.decided_on, value.withheld, value.acts)


def _duty(value: DutyValue, duties: tuple[Obligation, ...]) -> Obligation:
    """Give a duty in full, as far as the scan tells it."""
    if value.detail is not None:
        return duties[value.detail]
    return Obligation(
        value.id, value.title, value.kind, value.due, value.deadline, value.to, value.contents, value.citation,
        missing=value.missing or (),
    )  # fmt: skip
