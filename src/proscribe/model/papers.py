"""Documents that leave the building: what they are made from, what stands against them, and what they are.

A builder takes `PaperInputs` and gives a `Paper`: data that can be written as JSON. Everything a builder may use is
in the inputs, so the same inputs give the same document years later. Days are `date`, instants are `datetime` with
an offset; scans, devices, determinations and cases are the JSON that other parts write (`proscribe.scan/1` and so
on), kept as plain mappings so that documents know none of those parts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from proscribe.model.canonical import canonical_json
from proscribe.model.organisations import ContractRef, Organisation, Person


class Question(StrEnum):
    """What a representation answers; the value is the word used in `PaperInputs.answers`."""

    PROVIDE = (
        "provide"  # does or will the organisation provide covered equipment or services to the Government
    )
    USE = "use"  # does the organisation use them
    CONTAIN = "contain"  # does the offering contain them
    SPEND = "spend"  # are award funds spent on them


class Answer(StrEnum):
    """The two things a representation can say."""

    DOES = "does"
    DOES_NOT = "does not"


class PaperState(StrEnum):
    """Whether a document may be signed."""

    READY = "ready"
    OVERRIDDEN = "overridden"  # obstacles stand; an approver overrode each of them, and the document says so
    REFUSED = "refused"  # obstacles stand; the document gives no answer


class Stage(StrEnum):
    """Which report of a clause."""

    FIRST = "first"
    FOLLOW_UP = "follow-up"
    SUPPLEMENT = "supplement"


@dataclass(frozen=True, slots=True)
class Party:
    """A firm named in a document: a supplier, a vendor, or the entity that produced something.

    Attributes:
        capacity: `original equipment manufacturer`, `distributor`, or empty when not known.
        codes: manufacturer or distributor codes.
    """

    name: str = ""
    uei: str = ""
    cage: str = ""
    capacity: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facilities:
    """Where a product was made, for RFO 52.240-90(g)(1) and 52.240-91(h)(1); empty = not known."""

    design: str = ""
    fabrication: str = ""
    assembly: str = ""
    packaging: str = ""
    test: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One covered (or doubtful) product or service, as a person describes it for a document.

    Attributes:
        id: unique in its document.
        concerns: `provide`, `use`, or both; empty = the answers that have to disclose a finding of it.
        kind: `equipment`, `maintenance_service`, `service`, or `named`: a firm or words of a text, and no thing that is known.
        finding_ids: the findings it rests on; what is left empty here is taken from them and marked so.
        model_number_kind: `OEM number`, `manufacturer part number` or `wholesaler number`; empty = not known.
        quantity: as text, with its unit.
        covered_source: article or source named in a FASCSA order.
        prohibition: which prohibition, in words with its citation.
        mitigation_taken, mitigation_recommended: what was done, what is proposed.
    """

    id: str
    concerns: tuple[Question, ...] = (Question.USE,)
    kind: str = "equipment"
    finding_ids: tuple[str, ...] = ()
    producer: Party = Party()
    supplier: Party = Party()
    brand: str = ""
    model_number: str = ""
    model_number_kind: str = ""
    description: str = ""
    quantity: str = ""
    site: str = ""
    service_description: str = ""
    product_service_code: str = ""
    proposed_use: str = ""
    permissibility_factors: str = ""
    facilities: Facilities = Facilities()
    functionality_and_risk: str = ""
    compliant_alternatives: str = ""
    covered_source: str = ""
    prohibition: str = ""
    mitigation_taken: str = ""
    mitigation_recommended: str = ""


class ScanCameOut(StrEnum):
    """What came of running a scan again from its inputs."""

    SAME = "same"
    DIFFERENT = "different"
    OTHER_VERSION = (
        "other version"  # this version of the program finds something else than the one that made it
    )
    MISSING = "missing"  # an input, the knowledge, or the statement of how it was made
    REPLACED = "replaced"  # a later scan read its inputs; only what that one does not show is weighed, against an answer


@dataclass(frozen=True, slots=True)
class ScanReplay:
    """That a scan was run again from its inputs: a file alone shows nothing.

    Attributes:
        program, scanned_with: versions of the program that ran it again, and that made it.
        what: what differs or is missing, in words, the first of them.
    """

    outcome: ScanCameOut
    at: datetime | None = None
    by: str = ""
    program: str = ""
    scanned_with: str = ""
    what: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FactsAgreed:
    """Who answers for the facts on which findings of a scan were put to the law.

    Attributes:
        determination: that rests on them, such as `C-0001/D1`.
        by, approver: who put the findings to the law on them, and who approved that; empty where nobody did.
        proved: whether keys of the roster show that these are two people, one of them an approver.
        changed: what people stated of the case since, by which the law may reach what it did not, in words.
    """

    determination: str
    by: str = ""
    approver: str = ""
    approved_at: datetime | None = None
    proved: bool = False
    changed: tuple[str, ...] = ()
    finding_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScanInput:
    """A scan and what it speaks to.

    Attributes:
        value: `proscribe.scan/1`.
        sha256: digest of the file it was read from.
        bears_on: the questions that its inputs speak to; a list of what is sold says nothing about what is used.
        bears_on_why: why it speaks to fewer than all; printed.
        replay: what came of running it again; `None` when nobody did, and then it supports no "does not".
        sites_outside: sites whose findings a scope of the case puts outside.
        scope_proved: whether keys of two people show every scope that narrows it.
        seen_alone: places, from 0, of its mentions at which the author of the document alone looked.
        as_judged: what the law says of findings as people of the case judged them, where that is something else than the scan
            says: `findings`, by id, and the `obligations` that they name; it is told, and lifts nothing.
        facts_agreed: who answers for the facts on which its findings were decided; of those that it does not name nobody does.
        said_same: ids of findings of which somebody said that they are what they seem, whatever was said since.
    """

    value: Mapping[str, Any]
    sha256: str = ""
    bears_on: tuple[Question, ...] = tuple(Question)
    bears_on_why: str = ""
    replay: ScanReplay | None = None
    sites_outside: tuple[str, ...] = ()
    scope_proved: bool = False
    seen_alone: tuple[int, ...] = ()
    as_judged: Mapping[str, Any] | None = None
    facts_agreed: tuple[FactsAgreed, ...] = ()
    said_same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What two people of a case put outside, as an event of it; printed with what is outside.

    Attributes:
        id: such as `C-0001/ST1`.
        questions: on which the scans speak, alone; empty where only sites are outside.
        scans: digests of the scans that it is about.
        sites: whose findings are outside.
        proved: whether keys of two people show it.
    """

    id: str
    questions: tuple[Question, ...]
    scans: tuple[str, ...]
    sites: tuple[str, ...]
    why: str
    author: str
    approver: str
    approved_at: datetime | None = None
    proved: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """Another file that a document rests on; `value` is its JSON where the builder reads it.

    Attributes:
        kind: `devices`, `determinations`, `case`, `declaration`, `waiver`, `sam`, `other`.
        what: one sentence.
    """

    kind: str
    what: str
    sha256: str
    value: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class StatedFactRef:
    """A fact that a person stated, as text; `applies_to` as in `proscribe.model.results.StatedFact`."""

    fact: str
    value: str
    applies_to: str = "company"
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class FindingJudgement:
    """What a person decided about a finding.

    Attributes:
        verdict: `same` (it is what the finding says), `different`, `unsure`, or `cleared` (until `until`).
        approver: who agreed; empty when nobody did.
        until: last day on which the judgement holds; `None` = open.
        proved: whether keys of the roster show that two people judged so, one of them an approver. A file cannot state it.
        revoked: which of their keys was revoked since, when and why.
    """

    finding_id: str
    verdict: str
    by: str
    reason: str
    at: datetime
    approver: str = ""
    until: date | None = None
    proved: bool = False
    revoked: str = ""


@dataclass(frozen=True, slots=True)
class SupplierAnswer:
    """What a supplier declared.

    Attributes:
        answers: question to `does`, `does not`, `not known`, `refused`, or `none` (no reply).
        covers: names or numbers of the products or components it speaks to; empty = all from that supplier.
        valid_to: last day.
        contradictions: what of our own evidence speaks against an answer, one sentence each.
        doubts: what a person still has to look at, one sentence each.
    """

    supplier: str
    answers: Mapping[str, str]
    covers: tuple[str, ...] = ()
    signed_by: str = ""
    signed_on: date | None = None
    valid_to: date | None = None
    contradictions: tuple[str, ...] = ()
    sha256: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WaiverRecord:
    """A waiver that was granted; `valid_to` is its last day."""

    id: str
    grantor: str
    citation: str
    scope: str
    granted_on: date
    valid_to: date | None = None
    finding_ids: tuple[str, ...] = ()
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class SourceSearched:
    """One place where was looked.

    Attributes:
        kind: `ledger`, `assets`, `network`, `bill of materials`, `firmware`, `supplier`, `person`,
            `site visit`, `offers`, `other`.
        how: how it was searched, one sentence.
        records: how many records, when they can be counted.
        digests: SHA-256 of the files read.
    """

    name: str
    kind: str
    how: str
    by: str
    on: date
    records: int | None = None
    digests: tuple[str, ...] = ()
    bears_on: tuple[Question, ...] = tuple(Question)


@dataclass(frozen=True, slots=True)
class SourceNotSearched:
    """A place where information in the organisation's possession may lie, and that was not searched."""

    name: str
    why: str
    bears_on: tuple[Question, ...] = tuple(Question)


@dataclass(frozen=True, slots=True)
class PersonAsked:
    """Someone who was asked, and the answer in one or two sentences."""

    person: Person
    asked_on: date
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The search for information that is in the organisation's possession (48 CFR 4.2101, reasonable inquiry)."""

    searched: tuple[SourceSearched, ...] = ()
    not_searched: tuple[SourceNotSearched, ...] = ()
    people: tuple[PersonAsked, ...] = ()
    from_on: date | None = None
    to_on: date | None = None
    scope: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class ReportEvent:
    """What happened, for reports on a clock.

    Attributes:
        identified_at: of the identification or notification; its day where the hour was not recorded.
        source: `own`, `subcontractor` or `other`; `source_name` says who.
        due_at: as computed by the rules for this duty; printed, never computed here.
        first_report_at: when the first report was submitted; the follow-up's clock runs from it.
        first_report_ref: its number or receipt.
        new_information: what was found after the last report.
    """

    identified_at: datetime | date | None = None
    source: str = ""
    source_name: str = ""
    how_found: str = ""
    due_at: datetime | date | None = None
    first_report_at: datetime | None = None
    first_report_ref: str = ""
    new_information_at: datetime | None = None
    new_information: str = ""
    prevention_efforts: str = ""
    future_prevention: str = ""


class StepState(StrEnum):
    """How far a step of a plan has gone."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of a phase-out plan.

    Attributes:
        deadline_citation: the provision that sets the latest day, when one does.
        latest_on: the latest lawful day, when one is set.
    """

    id: str
    what: str
    owner: str = ""
    by_on: date | None = None
    site: str = ""
    replaced_with: str = ""
    quantity: str = ""
    state: StepState = StepState.PLANNED
    done_on: date | None = None
    latest_on: date | None = None
    deadline_citation: str = ""
    finding_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WaiverAsked:
    """The waiver that is asked for.

    Attributes:
        route: `agency_head`, `dni` or `secretary_of_defense`.
        part: `a`, `b`, or empty.
        regime: id of the waiver's regime in the knowledge, such as `us-889-waiver-dni`.
        readiness: requirement, met or not, as found by the rules: `{title, citation, met, missing}`.
    """

    route: str = ""
    part: str = ""
    regime: str = ""
    asked_of: str = ""
    from_on: date | None = None
    to_on: date | None = None
    justification: str = ""
    mission_effect: str = ""
    interim_measures: str = ""
    readiness: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Component:
    """One component of an offering.

    Attributes:
        state: `cleared` (shown to be of none of the firms), `covered`, or `unresolved`.
        maker, sold_as: who made it, under which badge it is sold where that differs.
        chips: chips inside it that are known, `maker model`.
        because: what shows the state, one sentence.
        declared_by: suppliers whose declaration speaks to it.
        found: band of the surest finding of its line, also of one that is set aside; empty where there is none.
        stated: somebody wrote the line; it comes from no parts list that was read.
    """

    ref: str
    name: str
    state: str
    maker: str = ""
    sold_as: str = ""
    model_number: str = ""
    parent_ref: str = ""
    quantity: str = ""
    supplier: str = ""
    chips: tuple[str, ...] = ()
    because: str = ""
    declared_by: tuple[str, ...] = ()
    finding_ids: tuple[str, ...] = ()
    found: str = ""
    stated: bool = False


@dataclass(frozen=True, slots=True)
class PartsList:
    """What a parts list that was read says of itself.

    Attributes:
        names: names and numbers of the products whose parts it lists, as it has them; none where no line is a whole.
        numbers: those of `names` that are part or model numbers.
        revision: of the product, where one alone stands there.
        admits: what speaks against its being complete, a sentence each.
        titles: what stands above or beside its lines, as it stands.
        sha256: of the list, where it stands beside another one of the product.
    """

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    revision: str = ""
    admits: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Offering:
    """The product or service that a certificate speaks about; `revision` fixes which build.

    Attributes:
        parts_list: of the list that `parts_list_sha256` names.
        more_lists: further lists of parts of the product, such as of its software.
    """

    name: str = ""
    part_number: str = ""
    revision: str = ""
    maker: str = ""
    components: tuple[Component, ...] = ()
    parts_list_sha256: str = ""
    parts_list_complete: bool | None = None
    parts_list: PartsList = PartsList()
    more_lists: tuple[PartsList, ...] = ()

    @property
    def list_digests(self) -> frozenset[str]:
        """Give the digests of its parts lists."""
        return frozenset({self.parts_list_sha256, *(one.sha256 for one in self.more_lists)} - {""})


@dataclass(frozen=True, slots=True)
class PortfolioUnit:
    """One site, business or subsidiary in a summary for a board; counts are whole numbers."""

    name: str
    records: int = 0
    by_band: Mapping[str, int] = field(default_factory=dict)
    by_outcome: Mapping[str, int] = field(default_factory=dict)
    by_firm: Mapping[str, int] = field(default_factory=dict)
    cases_open: int = 0
    overdue: int = 0
    next_due: str = ""
    not_checked: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class StatedMoney:
    """An amount that the organisation states for its board; it is summed by kind and currency and never converted.

    Attributes:
        kind: `contract value`, `revenue at stake` or `replacement cost`.
        amount: digits with a decimal point, such as `1250000.00`.
        currency: ISO 4217.
        about: the contract or site.
    """

    kind: str
    amount: str
    currency: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class KnowledgeState:
    """Which knowledge the document was made with, what of it is overdue for review, and where it comes from.

    Attributes:
        origin: one sentence that says who signed it, or that nobody did.
        own: whether neither its publisher nor a key that is named here vouches for it.
    """

    version: str
    sha256: str
    overdue: tuple[str, ...] = ()
    origin: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that stands against what the document was to say.

    Attributes:
        id: stable for the same obstacle: `<code>/<digest of what it is about>`; overrides name it.
        code: `finding`, `undetermined`, `not-decided`, `not-searched`, `blind-spot`, ... (docs/documents.md lists them).
        what: one sentence.
        evidence: ids of findings, files, suppliers, facts.
        lift: how to lift it.
        questions: the questions it stands against.
        overridable: False where no person may sign it away.
        outside: what a document says of it to somebody outside, where `what` names what need not leave the firm; else empty.
    """

    id: str
    code: str
    what: str
    evidence: tuple[str, ...]
    lift: str
    questions: tuple[str, ...] = ()
    overridable: bool = True
    outside: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """An approver's decision to sign although obstacles stand; printed in the document.

    Attributes:
        obstacle_ids: ids of obstacles of this very document; `*` is not allowed.
    """

    obstacle_ids: tuple[str, ...]
    approver: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseBeside:
    """Another case of the store: what of it the document does not weigh, and what runs in it.

    Attributes:
        sure: findings that are confirmed, or judged `same`, and that no report names.
        reported: such findings that a report names, which a second person approved and which was submitted.
        open: further findings that nobody settled.
        named: the first of them in words, the surest first.
        reports: numbers of the reports that name them.
        mentions: records that name a firm and are no finding.
        devices, sure_devices: devices that stand, in words; those judged `same` apart.
        suppliers: those who said that they sell such things, or against whose answer evidence speaks, in words.
        overdue, due: clocks of reports, in words; `doubtful` ones, of which it is not known whether they apply, apart.
    """

    case_id: str
    title: str
    sure: int = 0
    reported: int = 0
    open: int = 0
    named: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    mentions: int = 0
    devices: tuple[str, ...] = ()
    sure_devices: tuple[str, ...] = ()
    overdue: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunBeside:
    """A run of the store that no case took; one that was set aside holds nothing that stands.

    Attributes:
        job_id, on, by: the job that it is, the day on which it was asked for, and who did.
        sha256: digest of its answer.
        inputs: names of the files that it read.
        sure: findings that are confirmed and that no scan of a case shows so.
        open: further findings that no scan of a case shows.
        gone: whether its answer is kept no longer, so that nobody knows what stands in it.
        mentions: records that name a firm without being a finding, and that no scan of a case shows.
        aside: who set it aside, when and why, in words; empty where nobody did.
        unread: the state of one that came to no answer, such as `queued`, so that nobody knows what it would find.
    """

    job_id: str
    on: date
    by: str
    sha256: str
    inputs: tuple[str, ...] = ()
    sure: int = 0
    open: int = 0
    gone: bool = False
    mentions: int = 0
    aside: str = ""
    unread: str = ""


@dataclass(frozen=True, slots=True)
class SaysDoes:
    """Something recorded or stated by which the organisation does what a statement denies.

    Attributes:
        kind: variant of the obstacle `says-does` that it is: `determination`, `paper`, `waiver`, `item` ...
        id: what to look for, such as `C-0001/D1`; the place of what the author states.
        words: what it says, in half a sentence.
        questions: those that it answers; empty = all.
        regimes: ids of the rules under which it does; empty = whatever the statement is about.
        on: its day; `None` of what is stated with the document.
        contract: number of the contract that it is about; empty where none is named.
        since: what was recorded later by which things may have changed, in words; empty where nothing was.
    """

    kind: str
    id: str
    words: str
    questions: tuple[Question, ...] = ()
    regimes: tuple[str, ...] = ()
    on: date | None = None
    contract: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class SourceExpected:
    """A source that the organisation's register expects.

    Attributes:
        every_days: how often it is to be seen.
        last_seen: day of the newest scan in the store that read it; `None` when none did.
        cases: the cases whose scans did.
        read: how many records were read of it that day, or of files of its name that hold too few.
        records: that it has at least; 0 where nobody said.
    """

    id: str
    name: str
    owner: str
    every_days: int
    last_seen: date | None = None
    cases: tuple[str, ...] = ()
    read: int = 0
    records: int = 0

    @property
    def words(self) -> str:
        """Say when it was last seen, and with how many records, as what follows its name."""
        if self.last_seen is not None:
            return f"was last seen on {self.last_seen}" + (
                f" with {self.read:,} records" if self.read else ""
            )
        if self.read:
            return f"was never seen: files of its name hold {self.read:,} records, and it has at least {self.records:,}"
        return "was never seen"


@dataclass(frozen=True, slots=True)
class StoreState:
    """The store in which a document stands: the organisation answers, not the case.

    Attributes:
        id: of the store.
        events, head: where its chain ended when the document was made.
        begun_on: day of its first event.
        cases: how many it holds.
        beside: the other cases of which something is not weighed here.
        sources: the register of expected sources.
        not_read: inputs that earlier scans of the store read and no scan of this document reads, in words.
        fewer: inputs of which this document's scan read many fewer records than another of that list, in words.
        retired: sources that the author alone took out of the register, in words.
        runs: runs that found what no case took.
        restored: when the store was last restored from a backup and up to where, in words; empty where it was not, or an
            approver has answered for it since.
    """

    id: str
    events: int
    head: str
    begun_on: date | None = None
    cases: int = 1
    beside: tuple[CaseBeside, ...] = ()
    sources: tuple[SourceExpected, ...] = ()
    not_read: tuple[str, ...] = ()
    fewer: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    runs: tuple[RunBeside, ...] = ()
    restored: str = ""


@dataclass(frozen=True, slots=True)
class PictureShown:
    """A piece of a picture in which a finding was read, cut out when the document was made.

    Attributes:
        finding_ids: the findings whose record it is.
        picture: name of the file that holds the picture.
        sha256: digest of that file.
        place: picture or page, and box.
        read: what was read there, `column: text` each.
        width, height: of the piece, in pixels.
        piece: the piece as JPEG, in base64; empty where it could not be cut.
        piece_sha256: digest of the JPEG.
        why_not: why there is no piece, in words.
    """

    finding_ids: tuple[str, ...]
    picture: str
    sha256: str
    place: str
    read: tuple[str, ...] = ()
    width: int = 0
    height: int = 0
    piece: str = ""
    piece_sha256: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class PaperInputs:
    """Everything a builder may use.

    Attributes:
        as_of: the day on which the law is asked.
        made_at: instant of making, with offset; also the timestamp inside the files.
        answers: what the author means to say, by question; a question left out is answered as the evidence says. Empty text: the
            author was asked and left it open, so that evidence may say "does", and nothing says "does not".
        author: who prepared it. Author and approver differ.
        signer: who is to sign it, where that is known when it is made; not the author.
        signed_at: when the author means to sign; a document without it is unsigned.
        stage: for reports.
        solicitation_or_award: free words that name what the document is for, when no number does.
        submissions: earlier submissions it follows or amends: `{what, ref, at}`.
        options: small choices of one type, such as `accepts_award: "yes"`.
        scopes: what two people of the case put outside.
        sites: the organisation's own sites, as its files spell them.
        clocks: what runs in the store, `{what, due, state, case}`.
        met: ids of duties of which the case has a clock that was met, and none that runs.
        running: ids of duties of which a clock of the case runs, to the day or instant that it ends, the soonest.
        pictures: pieces of pictures in which findings were read, the surest first; those of findings that it names are shown.
        pictures_beyond: how many further findings stand in pictures that were not looked at.
        roster: id of the store whose roster of people and keys shows who acted; empty where names are stated alone.
        admitted: what the record of the search says against itself in people's own words, in sentences.
        people_say: what the name of the organisation, and names and titles of the people of the document say beside who it is.
        words: what people wrote there that says more than a small plain statement, word for word; whoever approves reads it.
        disclosed: ids of findings that are put among the items although it is not settled whether the law reaches them; ids of
            other cases of which the document names what stands there.
        says_does: what the store records, or the author states besides, by which the organisation does.
    """

    organisation: Organisation
    as_of: date
    made_at: datetime
    knowledge: KnowledgeState
    author: Person | None = None
    approver: Person | None = None
    signed_at: datetime | None = None
    contract: ContractRef | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    stage: Stage | None = None
    scans: tuple[ScanInput, ...] = ()
    files: tuple[EvidenceFile, ...] = ()
    items: tuple[Item, ...] = ()
    facts: tuple[StatedFactRef, ...] = ()
    judgements: tuple[FindingJudgement, ...] = ()
    suppliers: tuple[SupplierAnswer, ...] = ()
    waivers: tuple[WaiverRecord, ...] = ()
    inquiry: Inquiry | None = None
    event: ReportEvent | None = None
    plan: tuple[PlanStep, ...] = ()
    waiver_asked: WaiverAsked | None = None
    offering: Offering | None = None
    units: tuple[PortfolioUnit, ...] = ()
    overrides: tuple[Override, ...] = ()
    submissions: tuple[Mapping[str, str], ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    case_id: str = ""
    case_title: str = ""
    software: str = ""
    store: StoreState | None = None
    scopes: tuple[Scope, ...] = ()
    roster: str = ""
    signer: Person | None = None
    sites: tuple[str, ...] = ()
    money: tuple[StatedMoney, ...] = ()
    clocks: tuple[Mapping[str, str], ...] = ()
    met: tuple[str, ...] = ()
    running: Mapping[str, str] = field(default_factory=dict)
    pictures: tuple[PictureShown, ...] = ()
    pictures_beyond: int = 0
    admitted: tuple[str, ...] = ()
    people_say: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    disclosed: tuple[str, ...] = ()
    says_does: tuple[SaysDoes, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as data.

    Attributes:
        type: such as `annual-representation`.
        schema: `proscribe.paper.<type>/<major>`.
        title: shown on the first page.
        state: whether it may be signed.
        data: the whole document, JSON-able, without floats; every rendering comes from it alone.
        made_from: what people said for it and how it was made, so that a case can weigh it anew; empty without a case.
        scans: the scans beside those of the case that it was made from, as they were handed over.
    """

    type: str
    schema: str
    title: str
    state: PaperState
    data: Mapping[str, Any]
    obstacles: tuple[Obstacle, ...] = ()
    overrides: tuple[Override, ...] = ()
    made_from: bytes = field(default=b"", compare=False, repr=False)
    scans: tuple[bytes, ...] = field(default=(), compare=False, repr=False)

    @property
    def digest(self) -> str:
        """Give the SHA-256 of the canonical JSON of `data`, hex."""
        return hashlib.sha256(canonical_json(self.data).encode()).hexdigest()

    @property
    def id(self) -> str:
        """Give the id, `<type>-<first 12 hex of the digest>`."""
        return f"{self.type}-{self.digest[:12]}"
