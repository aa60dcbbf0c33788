"""The shapes of the JSON of a scan, `proscribe.scan/1`; `scan_writing` writes it, `scan_reading` reads and checks it.

Fields that a later version adds are passed over; what versions before did not write takes its default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, Literal

from proscribe.model.codec import As, Limits, omitted
from proscribe.model.decisions import (
    Addressees,
    Named,
    Obligation,
    Outcome,
    Signing,
)
from proscribe.model.findings import Band, Finding, Mention, Role
from proscribe.model.observations import BlindSpot, ReadIssue, Table
from proscribe.model.periods import parse_day
from proscribe.model.results import (
    ActOutcome,
    KnowledgeStamp,
    PositionOutcome,
    Reading,
    StatedFact,
)
from proscribe.model.scan_statement import ScanStatement

SCHEMA = "proscribe.scan/1"
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
    """One input, as it is written; `columns` and `unread_columns` are those of all its tables together.

    Attributes:
        sites: by the name of a site, as it is written, how many records name it, and how many name none under the empty name;
            absent where no version counted them, or where more than 10,000 names stand there.
    """

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
    sites: Mapping[str, _Count] | None = omitted(None)


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
    bound_if: tuple[str, ...] = omitted(())


@dataclass(frozen=True, slots=True)
class DecisionValue:
    """What the law says about one finding; these fields stand among those of the finding.

    Attributes:
        outcome: the most severe of the determinations.
        decided_on: facts on which it was decided.
        withheld: why the scan's own facts were not used.
        acts: where more than one act was asked about, each with its outcome.
        positions: where more than one position of the company was asked about, each with its outcome.
    """

    outcome: Outcome
    decided_on: Named
    withheld: tuple[str, ...]
    determinations: tuple[DeterminationValue, ...]
    acts: tuple[ActOutcome, ...] = omitted(())
    positions: tuple[PositionOutcome, ...] = omitted(())


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
        readings: of a scan that was put together from several, how each read its inputs, the earliest first.
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
    readings: tuple[Reading, ...] = omitted(())
    statement: ScanStatement | None = omitted(None)


@dataclass(frozen=True, slots=True)
class FindingValue(Finding):
    """A finding as it is written: with what the law says about it, where that was asked."""

    outcome: Outcome = omitted(Outcome.UNDETERMINED)
    decided_on: Named = omitted(())
    withheld: tuple[str, ...] = omitted(())
    determinations: tuple[DeterminationValue, ...] = omitted(())
    acts: tuple[ActOutcome, ...] = omitted(())
    positions: tuple[PositionOutcome, ...] = omitted(())


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanValue(HeadValue):
    """The answer of a scan. Fields may be added within major version 1; none is renamed or dropped."""

    findings: tuple[FindingValue, ...]
    mentions: tuple[Mention, ...]
