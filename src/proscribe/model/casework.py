"""What a store of cases remembers: cases, events, judgements, deadlines, waivers, documents, runs, declarations.

Every record is frozen. Instants are aware and in UTC; days are plain dates; digests are lower-case hex. JSON values inside
records are canonical text (`proscribe.model.canonical`), so that what was digested can be digested again.

An event is never changed. Everything else is what the events of a store add up to; a record that was replaced stays, and
the newer one says what it supersedes.

The id of a case is unique in its store. The ids of its determinations (`D1`), documents (`DOC1`), waivers (`W1`) and
declarations (`S1`) are unique in the case, and are written `C-0007/W1` outside of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Any

from proscribe.model.canonical import canonical_json
from proscribe.model.codec import As, Written, omitted
from proscribe.model.periods import instant_text, parse_instant

#: What the first event of a store holds as the digest of the one before.
NO_EVENT = "0" * 64


class CaseState(StrEnum):
    """Where a case stands. `cases/lifecycle.py` says which change may follow which."""

    OPEN = "open"  # facts are being gathered, evidence judged
    DETERMINED = "determined"  # an approved determination stands
    REPORTED = "reported"  # something was submitted; a follow-up may be due
    CLOSED = "closed"  # nothing more to do; may be opened again


class EventKind(StrEnum):
    """The closed list of what can happen to a case."""

    OPENED = "opened"
    RUN_ATTACHED = "run_attached"  # a scan's answer
    DEVICES_ATTACHED = "devices_attached"  # a devices report
    FACT_STATED = "fact_stated"
    NOTED = "noted"
    ASSIGNED = "assigned"
    JUDGED = "judged"
    JUDGED_MANY = "judged_many"  # every finding that a filter chose
    TAKEN_BACK = "taken_back"  # a judgement, by whoever made it: what stood before stands again
    CARRIED_OVER = "carried_over"  # findings go on under the ids of a newer scheme
    RUN_REPLAYED = "run_replayed"  # a scan was run again, and came out the same
    STATED = "stated"  # what a person says of the search, or of what it leaves out
    STATEMENT_APPROVED = "statement_approved"
    DETERMINED = "determined"
    DETERMINATION_APPROVED = "determination_approved"
    DEADLINE_OPENED = "deadline_opened"
    DEADLINE_MET = "deadline_met"
    DEADLINE_WITHDRAWN = "deadline_withdrawn"
    DOCUMENT_STORED = "document_stored"
    DOCUMENT_APPROVED = "document_approved"
    APPROVAL_WITHDRAWN = "approval_withdrawn"  # of a document, by whoever approved it
    DOCUMENT_SIGNED = "document_signed"
    SUBMITTED = "submitted"  # a report went to the government; starts follow-up clocks
    WAIVER_DRAFTED = "waiver_drafted"
    WAIVER_GRANTED = "waiver_granted"
    WAIVER_REVOKED = "waiver_revoked"
    DECLARATION_STORED = "declaration_stored"
    SUPPLIER_ASKED = "supplier_asked"  # a form was made out for a supplier
    SUPPLIER_REMINDED = "supplier_reminded"
    SUPPLIER_ANSWERED = "supplier_answered"  # a form came back
    SUPPLIER_REFUSED = "supplier_refused"
    SUPPLIER_CHECKED = "supplier_checked"  # an answer was tested against our own evidence
    CLOSED = "closed"
    REOPENED = "reopened"
    IMPORTED = "imported"
    RESTORED = "restored"
    ORGANISATION_STATED = "organisation_stated"  # for whom the store answers
    SOURCE_EXPECTED = "source_expected"  # the register of what is to be scanned
    SOURCE_RETIRED = "source_retired"
    RUN_SET_ASIDE = "run_set_aside"  # a run whose findings no case took is no matter of this organisation; two people say so
    RUN_STANDS_AGAIN = "run_stands_again"
    REBUILT = "rebuilt"  # tables that differed from the events were written anew
    ROSTER_PROPOSED = "roster_proposed"  # people are to be enrolled, or keys revoked; one person signed it
    ROSTER_AGREED = "roster_agreed"  # a second person signed it too, and it counts


class Verdict(StrEnum):
    """What a person says about a finding."""

    SAME = "same"  # it is what the finding says
    DIFFERENT = "different"  # it is another maker's thing
    UNSURE = "unsure"  # looked at, not settled; decides nothing
    CLEARED = "cleared"  # examined and set aside, until a day


#: An instant; in JSON in UTC and always of one length.
Instant = Annotated[datetime, As(parse_instant, instant_text, "an ISO 8601 instant with its offset")]


#: How the input is called of a scan that holds a mention which a person takes for equipment.
TAKEN = "taken for equipment: "


@dataclass(frozen=True, slots=True)
class Event(Written):
    """One thing that happened, chained to the one before it.

    Attributes:
        seq: place in the store's chain, from 1 without gaps.
        case_id: the case, or `store` for what concerns the whole store.
        case_seq: place among the events of that case, from 1 without gaps.
        kind: what happened.
        at: when the store recorded it. Never set by a caller.
        stated_at: when it is said to have happened, where that differs.
        by: who did it.
        payload: canonical JSON of what happened.
        prev_digest: `digest` of the event before, `NO_EVENT` for the first.
        digest: SHA-256 over all the fields above, `prev_digest` included.
    """

    seq: int
    case_id: str
    case_seq: int
    kind: EventKind
    at: Instant
    stated_at: Instant | None
    by: str
    payload: str
    prev_digest: str
    digest: str

    @property
    def happened_at(self) -> datetime:
        """Give the stated instant, else the recorded one."""
        return self.stated_at or self.at

    @property
    def data(self) -> dict[str, Any]:
        """Give the payload as values."""
        value = json.loads(self.payload)
        assert isinstance(value, dict)
        return value


def event_digest(
    *,
    seq: int,
    case_id: str,
    case_seq: int,
    kind: str,
    at: datetime,
    stated_at: datetime | None,
    by: str,
    payload: str,
    prev_digest: str,
) -> str:
    """Digest an event: SHA-256 of the canonical JSON of its fields, in lower-case hex.

    `payload` enters as text, so that a payload of the same meaning in other letters is another event.
    """
    body = {
        "at": instant_text(at),
        "by": by,
        "case_id": case_id,
        "case_seq": case_seq,
        "kind": str(kind),
        "payload": payload,
        "prev_digest": prev_digest,
        "seq": seq,
        "stated_at": None if stated_at is None else instant_text(stated_at),
    }
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Head(Written):
    """Where the chain of a store ends: kept apart from it, a later cut at the end shows.

    Attributes:
        store_id: random id given to the store when it was made.
        seq: number of events; 0 for an empty store.
        digest: digest of the last event, `NO_EVENT` when there is none.
        at: when the head was taken.
    """

    store_id: str
    seq: int
    digest: str
    at: Instant


@dataclass(frozen=True, slots=True)
class Case(Written):
    """A case as its events leave it.

    Attributes:
        id: `C-` and a number, such as `C-0007`; unique in the store.
        version: number of the case's events; every write names the one it read.
        jurisdiction: ISO 3166-1 alpha-2 of the law asked, empty when not said.
        as_of: the day on which the law is asked.
        zone: IANA time zone in which the days of its clocks are counted.
        contract: contract, solicitation or order number, as stated.
        uei, cage: of the company the case is about; validated, or empty.
        regimes: ids of the regimes to ask; empty = every one that could bind.
        finding_ids: findings of attached runs that the case is about; a store counts and looks them up without listing them.
        facts: canonical JSON of stated facts, vocabulary name to value.
        assignee: person who works on it, empty when nobody.
    """

    id: str
    version: int
    title: str
    state: CaseState
    opened_at: Instant
    opened_by: str
    as_of: date
    zone: str
    jurisdiction: str = ""
    contract: str = ""
    uei: str = ""
    cage: str = ""
    assignee: str = ""
    regimes: tuple[str, ...] = ()
    finding_ids: Sequence[str] = ()
    facts: str = "{}"
    closed_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class KeptAnswer(Written):
    """What a case says of an answer about inputs whose bytes it keeps.

    Attributes:
        id: a letter for what it is, and the start of the digest of its bytes.
        inputs: (path, SHA-256) of what was read.
        knowledge_version, knowledge_sha256: the knowledge that answered; `layers` those that lay over it.
        as_of, known_as_of: the days on which it was asked.
    """

    id: str
    case_id: str
    inputs: tuple[tuple[str, str], ...]
    knowledge_version: str
    knowledge_sha256: str
    layers: tuple[str, ...]
    proscribe: str
    as_of: str
    known_as_of: str
    attached_at: Instant
    by: str


#: What stands in a mark before the number of its table.
TABLE_OF_MARK = "#"


@dataclass(frozen=True, slots=True)
class RunRecord(KeptAnswer):
    """One scan whose answer a case keeps; its id is `r_` and the start of `scan_sha256`.

    Attributes:
        scan_sha256: SHA-256 of the scan's JSON, byte for byte as it was handed in.
        not_checked: what the scan says it did not look at.
        marks: of each input what it is known by when it is read again, as beginnings of digests: numbers of its things and its
            first tags with the texts beside them, or its records that were found and its first texts where it has none. One
            behind which `#` and a number stand is of that table. Empty in runs that were attached before there were any.
        of_scans: digests of the scans out of which it was put together; empty where it read its inputs itself.
    """

    scan_sha256: str
    not_checked: tuple[str, ...]
    marks: tuple[tuple[str, ...], ...] = omitted(())
    of_scans: tuple[str, ...] = omitted(())

    @property
    def is_a_persons(self) -> bool:
        """Tell whether it is a person's reading of one record: there is nothing in it that could be run again."""
        return bool(self.inputs) and all(path.startswith(TAKEN) for path, _ in self.inputs)


#: How the path of a list ends that was put together with another one of the same path: with the start of the digest of its scan.
OF_SCAN = " [{}]"
#: Letters of that digest.
LETTERS_OF_SCAN = 6


def read_again(readings: Iterable[KeptAnswer]) -> dict[str, set[str]]:
    """Give the paths of what `places_read_again` tells."""
    held = list(readings)
    paths = {one.id: [path for path, _ in one.inputs] for one in held}
    return {
        name: {paths[name][place] for place in places} for name, places in places_read_again(held).items()
    }


def places_read_again(readings: Iterable[KeptAnswer]) -> dict[str, frozenset[int]]:
    """Tell of readings, in their order, which of their inputs a later one reads again.

    A file is read again where the very same bytes are, under whatever path; under its whole path, whatever stands in it by then;
    and under a name alone where it holds something of the former: a record, the number of a thing, the first texts. Of two sites
    each may have a list of one name.

    Returns:
        Id to the places of those that a later one reads again.
    """
    paths: dict[str, list[frozenset[str] | None]] = {}
    contents: set[str] = set()
    made: dict[str, frozenset[int]] = {}
    for one in reversed(list(readings)):
        known, inputs = _known(one), _inputs_of(one)
        made[one.id] = frozenset(
            place
            for place, ((path, sha256), own) in enumerate(zip(inputs, known, strict=True))
            if any(_is_known_by(own, other) for other in paths.get(path, ()))
            or (sha256 in contents and not path.startswith(TAKEN))
        )
        for (path, sha256), own in zip(inputs, known, strict=True):
            paths.setdefault(path, []).append(own)
            if sha256 and not path.startswith(TAKEN):
                contents.add(sha256)
    return made


def _inputs_of(one: KeptAnswer) -> list[tuple[str, str]]:
    """Give the inputs of a reading under the paths under which they were read."""
    ends = tuple(OF_SCAN.format(sha256[:LETTERS_OF_SCAN]) for sha256 in getattr(one, "of_scans", ()))
    return [
        (next((path.removesuffix(end) for end in ends if path.endswith(end)), path), sha256)
        for path, sha256 in one.inputs
    ]


def _known(one: KeptAnswer) -> list[frozenset[str] | None]:
    """Give by what each input is known; `None` where its path tells it: a whole one, or a person's own reading of a record.

    Neither was anything kept of runs of earlier versions.
    """
    marks = one.marks if isinstance(one, RunRecord) else ()
    if len(marks) != len(one.inputs):
        return [None] * len(one.inputs)
    return [
        None if path.startswith(TAKEN) or is_whole(path) else without_tables(some)
        for (path, _), some in zip(one.inputs, marks, strict=True)
    ]


def without_tables(marks: Iterable[str]) -> frozenset[str]:
    """Give marks of an input without the tables that they are of."""
    return frozenset(one.partition(TABLE_OF_MARK)[0] for one in marks)


def is_whole(path: str) -> bool:
    """Tell whether a path says of which folder of a machine it is, and not only what a file is called."""
    return PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()


def _is_known_by(one: frozenset[str] | None, other: frozenset[str] | None) -> bool:
    """Tell whether two files of one path are readings of one; where nothing was kept of either, the path tells."""
    return one is None or other is None or not one.isdisjoint(other)


@dataclass(frozen=True, slots=True)
class RunReplayed(Written):
    """A scan of the case that was run again from its inputs, and came out the same.

    Attributes:
        scan_sha256: of the scan's JSON, as in the run.
        result: digest of the result that came out (`proscribe.model.scan_statement`).
        inputs: digests of the inputs that were read.
        knowledge_sha256: digest of the knowledge, as the scan names it; `knowledge_content` that of the kept snapshot, and
            `layers` those of the kept layers on top of it.
        scanned_with, program: versions of the program that made the scan, and that ran it again.
    """

    case_id: str
    scan_sha256: str
    result: str
    inputs: tuple[str, ...]
    knowledge_version: str
    knowledge_sha256: str
    knowledge_content: str
    layers: tuple[str, ...]
    scanned_with: str
    program: str
    at: Instant
    by: str


@dataclass(frozen=True, slots=True)
class StoredStatement(Written):
    """What a person states that bears on an answer: the inquiry, what scans bear on, determinations made elsewhere.

    Attributes:
        id: `ST` and a number, unique in the case.
        sha256: of the kept content: canonical JSON, field to value as in a file of `--with`.
        fields: names of its fields.
        author, approver: two different people; `approved_at` is None while nobody has approved it.
    """

    id: str
    case_id: str
    sha256: str
    fields: tuple[str, ...]
    author: str
    stated_at: Instant
    approver: str = ""
    approved_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class DevicesRecord(KeptAnswer):
    """One devices report that a case keeps. Its devices are derived from its bytes (`casework/devices.py`).

    Its id is `v_` and the start of `sha256`.

    Attributes:
        sha256: SHA-256 of the report's JSON, byte for byte as it was handed in.
        devices: how many devices it holds.
        contradictions: how many of them have records that contradict each other, with no explanation.
    """

    sha256: str
    devices: int
    contradictions: int


@dataclass(frozen=True, slots=True)
class CaseDevice(Written):
    """One device of a case, as the newest report that shows it says.

    Attributes:
        id: `d_...`, as in the report.
        report_id: that report; `last_seen` is its day.
        aged: True when a later report over the same inputs no longer shows it. It stands all the same.
        band: surest band of its verdicts, or empty.
        entities: entities of its verdicts, surest first.
        findings: ids of the findings of its records.
        contradictions: what its records say against each other and nothing explains, a sentence each.
    """

    id: str
    report_id: str
    last_seen: str
    aged: bool
    name: str
    site: str
    units: int
    band: str
    label: str
    entities: tuple[str, ...]
    findings: tuple[str, ...]
    contradictions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement(Written):
    """What a person says about one finding or device of a case. A later one stands before an earlier one; both stay.

    Attributes:
        finding_id: the finding, or a device (`d_...`).
        until: last day on which `cleared` holds.
        at: when it was said.
        run_id: the run, or devices report, in which it was last seen when it was judged; it names the inputs by digest.
        knowledge_version, knowledge_sha256: the knowledge that had found it.
    """

    case_id: str
    finding_id: str
    verdict: Verdict
    reason: str
    by: str
    at: Instant
    until: date | None = None
    seq: int = 0
    run_id: str = ""
    knowledge_version: str = ""
    knowledge_sha256: str = ""


@dataclass(frozen=True, slots=True)
class BulkJudgement(Written):
    """What a person says about every finding that a filter chose: one event, which counts as a judgement of each.

    Attributes:
        chosen: canonical JSON of the filter, in words of `casework.findings.FindingFilter`.
        count: number of the findings; `ids_sha256` the digest of their ids, under which the store keeps them, one a line.
        run_id: the run in which all of them were last seen; empty when they were seen in several.
        verdict, reason, by, at, until, knowledge_version, knowledge_sha256: as in `Judgement`.
    """

    case_id: str
    chosen: str
    count: int
    ids_sha256: str
    verdict: Verdict
    reason: str
    by: str
    at: Instant
    until: date | None = None
    seq: int = 0
    run_id: str = ""
    knowledge_version: str = ""
    knowledge_sha256: str = ""

    def each(self, ids: Iterable[str]) -> Iterator[Judgement]:
        """Give it as a judgement of each finding."""
        for finding_id in ids:
            yield Judgement(
                self.case_id, finding_id, self.verdict, self.reason, self.by, self.at, self.until, self.seq,
                self.run_id, self.knowledge_version, self.knowledge_sha256,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TakenBack(Written):
    """A judgement that whoever made it took back: it counts no more, and what was said before it stands again.

    Attributes:
        judgement, many: what was taken back: of one finding or device, or of all that a filter chose.
        by, at, reason: who took it back, when, and why; the reason may be empty.
        seq: the event that took it back.
        stands: verdict that stands again to the number of findings; empty for those that nobody had judged before.
    """

    case_id: str
    by: str
    at: Instant
    reason: str = ""
    seq: int = 0
    stands: Mapping[str, int] = field(default_factory=dict)
    judgement: Judgement | None = None
    many: BulkJudgement | None = None

    @property
    def said(self) -> Judgement | BulkJudgement:
        """Give what was taken back."""
        said = self.judgement or self.many
        assert said is not None
        return said


@dataclass(frozen=True, slots=True)
class CarriedOver(Written):
    """Findings of a case that go on under other ids, since a scan of a newer scheme of ids was attached.

    Attributes:
        sha256: digest under which the store keeps the mapping: canonical JSON with `ids` (earlier id to new id) and `lost`
            (earlier findings without a counterpart: `id`, `at`, `why`).
        scan_sha256: the scan with the new ids.
        carried, lost: how many.
        judged_lost: ids of the lost ones on which a judgement stood or that a waiver names; they count as not judged.
    """

    case_id: str
    sha256: str
    scan_sha256: str
    carried: int
    lost: int
    judged_lost: tuple[str, ...]
    at: Instant
    by: str
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Support(Written):
    """Which run still supports a finding. A finding that a later run no longer sees ages; it does not vanish.

    Attributes:
        finding: canonical JSON of the finding as last seen, in short: entity, role, band, basis, path, locator,
            record_id, found. The whole stands in the run's scan.
        first_seen, last_seen: days (`as_of`) of the first and the last run that held it.
        first_run, last_run: ids of those runs.
        latest_run: id of the last run that read the input the finding stands in.
        aged: True when that run no longer shows it.
        why: why it aged, in words; empty otherwise.
    """

    case_id: str
    finding_id: str
    finding: str
    first_seen: str
    last_seen: str
    first_run: str
    last_run: str
    latest_run: str
    aged: bool
    why: str = ""


#: Stands after the name of a person of another store, where a case that was imported shows one.
IMPORTED_NAME = "(imported, not of this store's roster)"
#: Events from which the clocks of reports run, and the stage that each starts.
STAGE_OF_EVENT = {
    "event.identified_at": "first",
    "event.reported_at": "follow-up",
    "event.new_information_at": "supplement",
}


@dataclass(frozen=True, slots=True)
class Deadline(Written):
    """A duty with its clock running.

    Attributes:
        id: `d_` and a digest of case, duty, stage and start.
        obligation: id of the duty, such as `us-far-52.204-25/report-1`, or `waiver/end`, `representation/expiry`.
        starts_at: the start as stated: an ISO day, or an instant with offset.
        due_at: an ISO day (the whole day counts, in `zone`) or an instant with offset.
        zone: IANA time zone in which days are counted.
        calendar: name of the calendar, empty for clocks that count no business days.
        calendar_sha256: digest of its rows.
        start_event: the fact or event that started it, such as `event.identified_at` or `submitted`.
        start_seq: the event of the chain that started it; 0 when it started outside.
        rule: the clock in words, such as `1 business_day from event.identified_at`.
        note: what was assumed, and readings that are open.
        stage: `first`, `follow-up`, `supplement`, `recurring`, `end`, or empty.
        doubtful: True when it is not known whether the duty applies.
        depends_on: the facts that decide whether it does; `clause_open` whether it is not known which clause governs.
        met_at: when it was met, as stated; `met_by` and `met_how` say who and by what.
        withdrawn: why it no longer stands; empty while it does.
        determination_id: the determination that brought it, empty for what a person set; it names the rules and inputs.
        knowledge_sha256: the knowledge that says how long it runs; empty for what a person set.
    """

    id: str
    case_id: str
    obligation: str
    title: str
    citation: str
    starts_at: str
    due_at: str
    zone: str
    calendar: str
    calendar_sha256: str
    start_event: str
    rule: str
    start_seq: int = 0
    note: str = ""
    stage: str = ""
    doubtful: bool = False
    met_at: Instant | None = None
    met_by: str = ""
    met_how: str = ""
    withdrawn: str = ""
    determination_id: str = ""
    knowledge_sha256: str = ""
    depends_on: tuple[str, ...] = omitted(())
    clause_open: bool = omitted(False)


@dataclass(frozen=True, slots=True)
class Waiver(Written):
    """A waiver asked for or granted.

    Attributes:
        id: `W` and a number, unique in the case.
        grantor: `agency_head`, `dni` or `secretary_of_defense`.
        route: id of the regime that gives the power, such as `us-889-waiver-dni`.
        part: `a` or `b`.
        scope: what is waived, in words: items, contracts, sites.
        finding_ids: findings it reaches; empty = those the scope describes.
        valid_from, valid_to: first and last day.
        conditions: as granted.
        justification, laydown, phase_out: the file's required parts, or digests of them.
        document_sha256: digest of the proof copy of the grant; empty while only asked for.
        author, approver: who wrote the request last, and who recorded its grant; two people.
        knowledge_version, knowledge_sha256, rules: the knowledge from which the route was taken, and the ids, with version, of
            the rules of that route which were in force when the request was written.
        drafted_by: everybody who wrote at it, first to last; none of them records the grant.
        status: `draft`, `granted` or `revoked`; lapse is computed from `valid_to`.
    """

    id: str
    case_id: str
    version: int
    grantor: str
    route: str
    part: str
    scope: str
    citation: str
    status: str
    author: str
    requested_at: Instant
    agency: str = ""
    approver: str = ""
    granted_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    conditions: tuple[str, ...] = ()
    justification: str = ""
    laydown: str = ""
    phase_out: str = ""
    document_sha256: str = ""
    finding_ids: tuple[str, ...] = ()
    revoked_on: date | None = None
    revoked_why: str = ""
    drafted_by: tuple[str, ...] = ()
    knowledge_version: str = ""
    knowledge_sha256: str = ""
    rules: tuple[str, ...] = ()

    def in_force(self, day: date) -> bool:
        """Tell whether the waiver was granted and holds on a day."""
        if self.status == "draft" or self.valid_from is None or day < self.valid_from:
            return False
        if self.revoked_on is not None and day >= self.revoked_on:
            return False
        return self.valid_to is None or day <= self.valid_to


@dataclass(frozen=True, slots=True)
class StoredDetermination(Written):
    """What the law was said to hold for a case, kept as it was given. Never edited; a later one supersedes it.

    Attributes:
        id: `D` and a number, unique in the case.
        version: 1, 2, … within the case.
        supersedes: id of the determination it replaces, empty for the first.
        data: canonical JSON of the answer (`proscribe.decide/1` or the decided part of `proscribe.scan/1`).
        sha256: SHA-256 of `data`.
        outcome: the most severe outcome.
        facts: canonical JSON of the facts decided on.
        run_ids: runs it rests on.
        knowledge_version, knowledge_sha256: the knowledge that decided.
        rules: ids, with version, of the rules in force that were asked; ids of regimes where they cannot be told.
        author, approver: two different people; `approved_at` is None while nobody has approved it.
    """

    id: str
    case_id: str
    version: int
    supersedes: str
    data: str
    sha256: str
    outcome: str
    facts: str
    as_of: date
    run_ids: tuple[str, ...]
    knowledge_version: str
    knowledge_sha256: str
    rules: tuple[str, ...]
    author: str
    decided_at: Instant
    approver: str = ""
    approved_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class StoredFile(Written):
    """One rendering of a document: its name, media type, size in bytes and SHA-256. The bytes lie in the store by digest."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Refusal(Written):
    """A reason why a document may not say what was asked.

    Attributes:
        code: stable word, such as `open_finding`, `unknown_fact`, `unsearched_source`.
        what: one sentence.
        ref: id of the finding, fact name or source that stands against it.
    """

    code: str
    what: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Override(Written):
    """A named person's decision to say it all the same; printed in the document.

    Attributes:
        code, ref: the refusal that is overridden.
    """

    code: str
    ref: str
    reason: str
    approver: str
    at: Instant


@dataclass(frozen=True, slots=True)
class StoredDocument(Written):
    """A document that was built for a case. Never edited; a later version supersedes it.

    Attributes:
        id: `DOC` and a number, unique in the case.
        type: such as `annual-representation`, `far-report`; `stage` is empty for what is no report on a clock.
        number: number of a report, such as `C-0007-R1`, unique in the store; empty for documents that are not counted.
        stage: `first`, `follow-up`, `supplement`, or empty.
        data: canonical JSON of the document's data; `sha256` its SHA-256.
        schema: name and major version of the data.
        determination_id: the determination that stood when it was built, empty when none did.
        obligations: ids of the duties that it meets when it is submitted.
        files: its renderings.
        made_from: digest of what people said for it and how it was made, so that it can be weighed anew; empty when that was
            not kept.
        scans: digests of the scans beside those of the case that it was made from.
        refusals: what stood against it; each must be overridden before approval.
        author, approver, signer: approver and signer differ from the author.
    """

    id: str
    case_id: str
    type: str
    version: int
    supersedes: str
    schema: str
    data: str
    sha256: str
    author: str
    built_at: Instant
    stage: str = ""
    number: str = ""
    obligations: tuple[str, ...] = ()
    determination_id: str = ""
    files: tuple[StoredFile, ...] = ()
    made_from: str = omitted("")
    scans: tuple[str, ...] = omitted(())
    refusals: tuple[Refusal, ...] = ()
    overrides: tuple[Override, ...] = ()
    approver: str = ""
    approved_at: Instant | None = None
    signer: str = ""
    signed_at: Instant | None = None
    envelope_sha256: str = ""
    submitted_at: Instant | None = None

    def overridden(self) -> dict[str, tuple[str, ...]]:
        """Give what it says in the name of whoever approves it: each reason, to what it overrides."""
        against = {refusal.ref: refusal.what for refusal in self.refusals}
        said: dict[str, dict[str, None]] = {}
        for one in self.overrides:
            said.setdefault(one.reason, {})[against.get(one.ref, one.ref)] = None
        return {reason: tuple(what) for reason, what in said.items()}


@dataclass(frozen=True, slots=True)
class SupplierDeclaration(Written):
    """What a supplier answered, and what our own evidence says against it.

    Attributes:
        id: `S` and a number, unique in the case.
        supplier: name as given; `uei` and `cage` validated, or empty.
        tier: 1 for those we buy from, 2 for their suppliers, …
        parent: supplier of the tier above that it supplies, empty for tier 1.
        answers: canonical JSON, question id to answer.
        status: `asked`, `answered`, `refused` or `silent`. One who answered and is asked anew stays `answered`.
        asked_on, due_on: day of the newest form, and the day by which it was to come back.
        answered_on, expires_on: days; an answer holds as long as the knowledge says, unless it says less.
        contradictions: what in our own evidence speaks against it, in words.
        document_sha256: digest of the form as it came back.
        signed_by: the person who answered for the supplier.
        email: where it is asked; nothing is ever sent.
        campaign: in which it was asked last.
        form_id, form_sha256: id of the newest form, and digest of the form as it was made out.
        reminded_on: days on which a reminder was written, oldest first.
        signature: what is known of the signature on the answer, in words; empty while there is no answer.
        products, evidence: canonical JSON, rows of the returned form.
        lower: names of the supplier's own suppliers, as it gave them.
        refused_why: what it said, or how it is known.
        checked_on: day of the newest test of the answer; None while it was not tested.
        checks: canonical JSON, the tests as `proscribe.model.suppliers.Tested` writes them.
        checked_with: digests of what it was tested with.
        doubts: what a person has to look at, in words.
    """

    id: str
    case_id: str
    version: int
    supplier: str
    status: str
    recorded_at: Instant
    by: str
    uei: str = ""
    cage: str = ""
    tier: int = 1
    parent: str = ""
    answers: str = "{}"
    asked_on: date | None = None
    answered_on: date | None = None
    expires_on: date | None = None
    signed_by: str = ""
    contradictions: tuple[str, ...] = ()
    document_sha256: str = ""
    email: str = ""
    campaign: str = ""
    form_id: str = ""
    form_sha256: str = ""
    due_on: date | None = None
    reminded_on: tuple[str, ...] = ()
    signature: str = ""
    products: str = "[]"
    evidence: str = "[]"
    lower: tuple[str, ...] = ()
    refused_why: str = ""
    checked_on: date | None = None
    checks: str = "[]"
    checked_with: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note(Written):
    """A remark on a case.

    Attributes:
        seq: the event that holds it.
    """

    text: str
    by: str
    at: Instant
    seq: int


@dataclass(frozen=True, slots=True)
class CaseFile(Written):
    """Everything a case holds, as its events leave it. Each sequence is in the order in which its records came to be.

    `support` and `judgements`, and the ids of findings in `case`, are read from the store when they are asked for: a case may
    hold very many. A judgement of many findings stands in `judgements` once for each of them, and whole in `bulk_judgements`.
    """

    case: Case
    runs: tuple[RunRecord, ...] = ()
    support: Sequence[Support] = ()
    judgements: Sequence[Judgement] = ()
    determinations: tuple[StoredDetermination, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    documents: tuple[StoredDocument, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    declarations: tuple[SupplierDeclaration, ...] = ()
    notes: tuple[Note, ...] = ()
    device_reports: tuple[DevicesRecord, ...] = omitted(())
    bulk_judgements: tuple[BulkJudgement, ...] = omitted(())
    taken_back: tuple[TakenBack, ...] = omitted(())
    carried: tuple[CarriedOver, ...] = omitted(())
    replays: tuple[RunReplayed, ...] = omitted(())
    statements: tuple[StoredStatement, ...] = omitted(())

    @property
    def made_runs(self) -> tuple[RunRecord, ...]:
        """The runs that a program made: what a person took for equipment is no reading that could be run again."""
        return tuple(run for run in self.runs if not run.is_a_persons)

    def determination(self) -> StoredDetermination | None:
        """Give the newest determination, approved or not."""
        return self.determinations[-1] if self.determinations else None

    def standing(self) -> Mapping[str, Judgement]:
        """Give finding id to the judgement that stands: the last one."""
        return {item.finding_id: item for item in self.judgements}

    def open_deadlines(self) -> tuple[Deadline, ...]:
        """Give the deadlines that are neither met nor withdrawn."""
        return tuple(item for item in self.deadlines if item.met_at is None and not item.withdrawn)


def shape() -> str:
    """Digest the fields of the records. A store whose tables were written with other fields writes them anew."""
    kinds: tuple[Any, ...] = (
        Case, RunRecord, Support, Judgement, StoredDetermination, Deadline, StoredDocument, StoredFile, Refusal, Override,
        Waiver, SupplierDeclaration, Note,
    )  # fmt: skip
    text = canonical_json([[kind.__name__, *(item.name for item in fields(kind))] for kind in kinds])
    return hashlib.sha256(text.encode()).hexdigest()
