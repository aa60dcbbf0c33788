"""What a scan answers, before it is written in any format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from proscribe.model.answers import Asked, StatedAlone
from proscribe.model.codec import named, omitted
from proscribe.model.decisions import Determination, Outcome
from proscribe.model.findings import FINDING_IDS, Band, Finding, Mention, Role
from proscribe.model.observations import BlindSpot, ReadIssue, Table

#: What is said of an input in which nothing tells relabelled units apart.
NO_IDENTIFIER = (
    "no MAC address, CPE, FCC id or other identifier was recognised in any record, so relabelled units without a telling name or "
    "model cannot be seen here"
)
#: What is said where few of many records carry one: those beside them are as little seen.
FEW_IDENTIFIERS = (
    "a MAC address, CPE, FCC id or other identifier was recognised in {identified:,} of {records:,} records alone, so relabelled "
    "units without a telling name or model cannot be seen in the others"
)
#: How the two lines of `Scan.not_checked` begin that hold for every scan, whatever was read.
LIMITS_OF_ANY_SCAN = (
    "Only the inputs named above were read.",
    "A brand that is not in the knowledge base is not known to be covered",
)


@dataclass(frozen=True, slots=True)
class ScannedInput:
    """One input, what was read of it and what was not.

    `coverage` counts records: `records_with_maker`, `records_with_model`,
    `records_with_identifier`, `records_with_nothing_usable`. `sites` counts the records that name a site, by its name as it is
    written, and those that name none under the empty one; `None` where nobody counted them, or too many names stand there.
    """

    index: int
    path: str
    sha256: str
    reader: str
    records: int
    tables: tuple[Table, ...]
    issues: tuple[ReadIssue, ...]
    coverage: dict[str, int]
    size_bytes: int = 0
    sites: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class KnowledgeStamp:
    """Which knowledge answered."""

    version: str
    sha256: str
    layers: tuple[str, ...] = omitted(())


@dataclass(frozen=True, slots=True)
class InputReading:
    """How some inputs are read because a configuration says so.

    Attributes:
        inputs: their paths, as they were named or met.
        sheet: the one sheet that it speaks of; empty: all.
        columns: column name to field, over recognition.
        reader: name of the reader, over recognition; empty: found by content.
        kind: what its tables are lists of, one of `KINDS`; empty: weighed.
        preset: the known export that its tables are; empty: told by their columns.
    """

    inputs: tuple[str, ...]
    sheet: str = omitted("")
    columns: Mapping[str, str] = field(default_factory=dict, metadata=named(omit=True))
    reader: str = omitted("")
    kind: str = omitted("")
    preset: str = omitted("")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions:
    """How a person wanted the inputs read.

    Attributes:
        mapping: column name to field, over recognition and over `files`.
        reader: name of the reader, over recognition and over `files`.
        files: what a configuration says of single inputs, as `file_rules.readings` gives it.
        kinds: name of a file, pattern or `FILE#SHEET` to kind of table, over recognition and over `files`.
    """

    mapping: Mapping[str, str] = field(default_factory=dict, metadata=named("columns"))
    reader: str | None = None
    files: tuple[InputReading, ...] = omitted(())
    kinds: Mapping[str, str] = field(default_factory=dict, metadata=named(omit=True))


@dataclass(frozen=True, slots=True)
class ReadInput:
    """One input of a scan that is a reading of another one.

    Attributes:
        index: its place among the inputs of the scan that holds the reading; `None` where another reading stands for it.
        apart: whether something was stated of it alone, so that what it records stands for itself where another list repeats it.
    """

    path: str
    sha256: str
    size_bytes: int
    index: int | None
    apart: bool = omitted(False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How some of the inputs of a scan were read, where it was put together from several scans.

    Attributes:
        scan_sha256: digest of the scan that read them.
        as_of, known_as_of: the days of that scan.
        options: how a person wanted them read.
        inputs: all that it read, in order: one list may say what stands in another.
    """

    scan_sha256: str
    as_of: str
    known_as_of: str
    options: ScanOptions
    inputs: tuple[ReadInput, ...]


@dataclass(frozen=True, slots=True)
class ActOutcome:
    """What the law says of a thing about one act; of one that is not known, the act is empty."""

    act: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class PositionOutcome:
    """What the law says of a thing in one position of the company.

    Attributes:
        position: `company` as it was stated, `award:NUMBER` or `country:CODE`.
    """

    position: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class PositionDecision:
    """What the law says of a thing in one position, in full where it was asked now; of a scan that was read, its outcome."""

    position: str
    decision: FindingDecision

    @property
    def told(self) -> PositionOutcome:
        """Give what a scan keeps of it."""
        return PositionOutcome(self.position, self.decision.outcome)


@dataclass(frozen=True, slots=True)
class FindingDecision:
    """What the law says about one finding, on the facts that were stated and those that the scan is sure of.

    Attributes:
        outcome: the most severe outcome of the determinations.
        determinations: one per regime asked, the most severe first.
        facts: names and values, as text, on which it was decided.
        withheld: why the scan's own facts were not used, in words; empty when they were.
        acts: where the law was asked about more than one act, each with its outcome, the one of `facts` first; of each regime the
            determination is then the stricter one.
        positions: where the company is asked about in more than one position or of an award alone, what is said in each; of each
            regime the determination is then the stricter one, and `facts` are those of the first.
    """

    outcome: Outcome
    determinations: tuple[Determination, ...]
    facts: tuple[tuple[str, str], ...] = ()
    withheld: tuple[str, ...] = ()
    acts: tuple[ActOutcome, ...] = ()
    positions: tuple[PositionDecision, ...] = ()

    def deciding(self) -> tuple[Determination, ...]:
        """Give the determinations that carry the outcome."""
        return tuple(item for item in self.determinations if item.outcome is self.outcome)


@dataclass(frozen=True, slots=True)
class StatedFact:
    """A fact that a person stated, as text, and what it applies to: `company`, `site:NAME`, `finding:ID`, ...

    Attributes:
        note: the comment that its author wrote behind it in a file of facts.
    """

    fact: str
    value: str
    applies_to: str
    note: str = omitted("")


@dataclass(frozen=True, slots=True)
class Decided:
    """What the law says about the findings of a scan.

    Attributes:
        as_of: the day on which the law was asked.
        regimes: ids that were asked; empty = every one that could bind.
        stated: what people stated.
        by_finding: finding id to decision; findings that were set aside are not decided.
        notes: what a reader should know, such as facts of a site that no finding names.
        not_known: what people were asked and could not say; the value is `?`. It decides nothing.
        asked: the questions that settle most, the most valuable first; empty when they were not looked for.
        more_asked: how many more are open.
        stated_alone: what is confirmed and not reached by what was stated; `None` where nothing is, or nobody looked.
    """

    as_of: str
    regimes: tuple[str, ...]
    stated: tuple[StatedFact, ...]
    by_finding: Mapping[str, FindingDecision]
    notes: tuple[str, ...] = ()
    not_known: tuple[StatedFact, ...] = ()
    asked: tuple[Asked, ...] = ()
    more_asked: int = 0
    stated_alone: StatedAlone | None = None


class Judged(Protocol):
    """What a finding and a judgement without a place have in common."""

    @property
    def entity(self) -> str: ...
    @property
    def covered_through(self) -> tuple[str, ...]: ...
    @property
    def role(self) -> Role: ...
    @property
    def band(self) -> Band: ...


@dataclass(slots=True)
class FindingTally:
    """How many findings there are of each band, entity, named firm and role; those set aside are counted apart.

    Tallies of parts add up to the tally of the whole, in any order.
    """

    live: Counter[tuple[Band, str, str, Role]] = field(default_factory=Counter)
    set_aside: Counter[tuple[Band, str, str, Role]] = field(default_factory=Counter)

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> FindingTally:
        """Count findings one by one."""
        made = cls()
        for one in findings:
            made.add(one, 1, set_aside=one.ignored is not None)
        return made

    def add(self, one: Judged, count: int, *, set_aside: bool = False) -> None:
        """Count findings of one judgement; a negative count takes them away."""
        counts = self.set_aside if set_aside else self.live
        key = (one.band, one.entity, firm_of(one), one.role)
        counts[key] += count
        if not counts[key]:
            del counts[key]

    def __add__(self, other: FindingTally) -> FindingTally:
        return FindingTally(self.live + other.live, self.set_aside + other.set_aside)


def firm_of(finding: Judged) -> str:
    """Give the named firm at the end of the ownership path, or the entity itself."""
    return finding.covered_through[-1] if finding.covered_through else finding.entity


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of what. Ignored findings are counted in `ignored` and nowhere else.

    Attributes:
        by_band, by_role: every band and role has a number; `formerly` only where there is one.
        by_entity, by_firm: those that were found, sorted.
    """

    records: int
    findings: int
    by_band: dict[str, int]
    by_entity: dict[str, int]
    by_firm: dict[str, int]
    by_role: dict[str, int]
    mentions: int
    ignored: int

    @classmethod
    def of(cls, tally: FindingTally, inputs: Iterable[ScannedInput], mentions: int) -> Counts:
        """Sum up what a scan read and found."""

        def by(place: int) -> Counter[str]:
            made: Counter[str] = Counter()
            for key, number in tally.live.items():
                made[str(key[place])] += number
            return made

        bands, roles = by(0), by(3)
        return cls(
            records=sum(one.records for one in inputs),
            findings=bands.total(),
            by_band={band.value: bands[band.value] for band in Band},
            by_entity=dict(sorted(by(1).items())),
            by_firm=dict(sorted(by(2).items())),
            by_role={
                role.value: roles[role.value]
                for role in Role
                # scans of versions that did not tell what is gone keep the numbers they were written with
                if role is not Role.FORMERLY or roles[role.value]
            },
            mentions=mentions,
            ignored=tally.set_aside.total(),
        )


@dataclass(frozen=True, slots=True)
class Scan:
    """The whole answer. Findings are ordered by input, sheet order, row, entity."""

    proscribe: str
    as_of: str
    known_as_of: str
    knowledge: KnowledgeStamp
    inputs: tuple[ScannedInput, ...]
    findings: Sequence[Finding]
    mentions: Sequence[Mention]
    not_checked: tuple[str, ...]
    entity_names: dict[str, str] = field(default_factory=dict)  # entity id -> name to show
    fact_notes: dict[str, str] = field(default_factory=dict)  # fact id -> "what; source title; url"
    thresholds_mbit: dict[str, int] = field(default_factory=dict)  # band -> total weight it starts at
    decided: Decided | None = None  # what the law says, when it was asked
    blind_spots: tuple[BlindSpot, ...] = ()  # what the inputs cannot show, by kind and site
    finding_ids: int = FINDING_IDS  # number of the scheme by which the ids of its findings were made
    options: ScanOptions | None = None  # how the inputs were to be read; None where that is not known
    readings: tuple[Reading, ...] = ()  # where it was put together from several scans, the earliest first
    about: str = ""  # whose it is and which case, for people who read a report; no part of the answer, and never in its JSON

    @property
    def tables(self) -> dict[tuple[int, str | None], Table]:
        """Give the tables by number of their input and sheet."""
        return {(one.index, table.sheet): table for one in self.inputs for table in one.tables}

    @property
    def fields(self) -> dict[tuple[int, str | None], Mapping[str, str]]:
        """Give the field of each column of the tables, by number of their input and sheet."""
        return {place: table.fields for place, table in self.tables.items()}

    def read_on(self, index: int) -> str:
        """Give the day of the reading of an input."""
        held = (one.as_of for one in self.readings if any(item.index == index for item in one.inputs))
        return next(held, self.as_of)

    def tally(self) -> FindingTally:
        """Count the findings; a sequence that knows its tally is asked for it."""
        known = getattr(self.findings, "tally", None)
        return known() if known is not None else FindingTally.of(self.findings)

    def counts(self) -> Counts:
        """Count records, findings and mentions."""
        return Counts.of(self.tally(), self.inputs, len(self.mentions))

    @property
    def determinations(self) -> Mapping[str, tuple[Determination, ...]]:
        """Give finding id to what each regime says; empty when the law was not asked."""
        if self.decided is None:
            return {}
        return {name: item.determinations for name, item in self.decided.by_finding.items()}
