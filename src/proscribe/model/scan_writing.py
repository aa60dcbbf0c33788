"""The one place where the JSON of a scan, `proscribe.scan/1`, is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from proscribe.model.canonical import canonical_json, pretty_json, written_json
from proscribe.model.codec import write
from proscribe.model.decisions import (
    Determination,
    Obligation,
    Outcome,
)
from proscribe.model.findings import Finding
from proscribe.model.observations import Table
from proscribe.model.results import (
    Decided,
    Scan,
    ScannedInput,
)
from proscribe.model.scan_document import (
    SCHEMA,
    DecidedValue,
    DecisionValue,
    DeterminationValue,
    DutyValue,
    InputValue,
    TableValue,
    column_plan,
)
from proscribe.model.scan_statement import ResultDigest, statement_of

#: Takes what writes findings from a place on up to another one, and how many there are; gives the text of all.
InParts = Callable[[Callable[[int, int], Iterable[str]], int], Iterable[str]]
#: Findings that are held at once while they are written.
_AT_ONCE = 1_000


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
            decision.outcome, decision.facts, decision.withheld, determinations, decision.acts,
            tuple(one.told for one in decision.positions),
        )  # fmt: skip

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
            bound_if=item.bound_if,
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
            one.sites,
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
    if scan.readings:
        value["readings"] = write(scan.readings)
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
