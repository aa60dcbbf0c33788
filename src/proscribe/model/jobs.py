"""Jobs: work that outlives the command that asked for it. What is asked, how far it is, what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from proscribe.model.canonical import canonical_json
from proscribe.model.codec import CodecError, Limits, named, omitted, parse, read, write
from proscribe.model.errors import error
from proscribe.model.observations import ReadIssue
from proscribe.model.results import InputReading
from proscribe.model.scan_request import PathTexts, ScanRequest

_Processes = Annotated[int, Limits(least=1, most=64)]


class JobKind(StrEnum):
    """What a job does."""

    SCAN = "scan"
    DEVICES = "devices"
    DECIDE = "decide"
    DOCUMENT = "document"
    VERIFY = "verify"
    EXPORT = "export"
    CHOICE = "choice"
    PLAN = "plan"
    LAW = "law"
    REPORT = "report"
    CHECK = "check"


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing more happens to the job."""
        return self not in (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class ScanJob(ScanRequest):
    """Scan files and folders; see `proscribe.scan`. Days that are left out are that on which the job is submitted.

    Attributes:
        facts: files of stated facts, or filled questionnaires, under which each finding is put to the law.
    """

    processes: _Processes = 1
    facts: PathTexts = ()


@dataclass(frozen=True, slots=True)
class DevicesJob(ScanRequest):
    """Scan inputs and join their records into devices; see `proscribe.app.inventory.devices.devices`.

    Attributes:
        without: ids of joins to take back; `joins` files with what people decided about joins.
        case_id: the case that they are joined for; empty for none.
    """

    without: tuple[str, ...] = ()
    joins: PathTexts = ()
    case_id: str = omitted("")


@dataclass(frozen=True, slots=True)
class DecideJob:
    """Put the cases of a file to the law; each on its own day where `as_of` is left out."""

    cases: Annotated[str, Limits(least=1, most=4096)]
    as_of: date | None = None
    known_as_of: date | None = None
    knowledge: PathTexts = ()


@dataclass(frozen=True, slots=True)
class DocumentJob:
    """Make a document from a case and keep it there; one that is refused is kept nowhere.

    Attributes:
        type: such as `annual-representation`.
        files: what people wrote for it, as YAML files.
        made_at: instant of making; that of the submission where it is left out.
        formats: its renderings.
        form: what a person typed, as `proscribe.app.case.document_form.making_of` takes it, in place of `answers` and `approver`.
        keep: whether it is kept; else it is made to be looked at.
        supersedes: the document of the case that it replaces.
    """

    type: str
    case_id: str
    author: str
    approver: str = ""
    files: PathTexts = ()
    as_of: date | None = None
    made_at: datetime | None = None
    stage: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    formats: tuple[str, ...] = ("pdf",)
    knowledge: PathTexts = ()
    form: Mapping[str, str] = field(default_factory=dict, metadata=named(omit=True))
    keep: bool = omitted(True)
    supersedes: str = omitted("")


@dataclass(frozen=True, slots=True)
class VerifyJob:
    """Check the store: its chain, the content it names, the tables that repeat it."""


@dataclass(frozen=True, slots=True)
class ExportJob:
    """Write a case as a bundle."""

    case_id: str


@dataclass(frozen=True, slots=True)
class ChoiceJob:
    """Work out what the things of a case cost and block, and what else was asked; see `proscribe.app.case.choice_making.make`.

    Attributes:
        tables: the files with assets, contracts, capacity, assumptions and rates.
        as_of: the day on which what depends on no contract is asked; that of the facts or of the scan where it is left out.
        first: first month of a plan, such as 2027-01; no plan is made where it is empty.
        periods: months of the plan.
        doubtful: whether the plan also removes what only possibly stands against a contract.
        seconds: that the solver may take.
        years: of the matrix, such as 2026-2030; none is made where it is empty.
        places: jurisdictions of the matrix; those that the facts name where there are none.
    """

    case_id: str
    tables: PathTexts
    as_of: date | None = None
    first: str = ""
    periods: int = 36
    doubtful: bool = False
    seconds: Annotated[int, Limits(least=1, most=3600)] = 60
    years: str = ""
    places: tuple[str, ...] = ()
    currency: str = ""
    knowledge: PathTexts = ()


@dataclass(frozen=True, slots=True)
class PlanJob:
    """Tell how a scan would read files; see `proscribe.app.scan.plan.plan`.

    Attributes:
        files: what a person said of single inputs.
        upload: the upload that they belong to.
    """

    paths: PathTexts
    files: tuple[InputReading, ...] = ()
    upload: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """An answer; `?` says that it is not known."""

    fact: Annotated[str, Limits(least=1, most=4_000)]
    applies_to: str
    answer: Annotated[str, Limits(least=1, most=4_000)]


@dataclass(frozen=True, slots=True)
class LawJob:
    """Put all that stands in a case to the law, and attach it; see `proscribe.app.case.case_law.put_to_the_law`.

    Attributes:
        author: who says so.
        situation: what the case is about, by its id; empty where that was said before.
        trial: only say what would follow from the answers; nothing is kept then.
        open_before: how many questions were open when the answers were given, as the page about the law counts them.
        asked_before: digests of those that were asked then, as `proscribe.app.rules.questions.asked_lines` makes them.
        run_id: the one run that is put, alone; all that stands in the case where it is empty.
    """

    case_id: str
    author: str
    answers: tuple[Stated, ...] = ()
    situation: str = ""
    knowledge: PathTexts = ()
    trial: bool = omitted(False)
    open_before: int = omitted(0)
    asked_before: tuple[str, ...] = omitted(())
    run_id: str = omitted("")


@dataclass(frozen=True, slots=True)
class ReportJob:
    """Write the newest scan of a case as people judged it; see `proscribe.app.case.case_reports.write_report`.

    Attributes:
        form: a format of a scan, such as `html`.
        version: of the case, so that one that changed since is written anew.
    """

    case_id: str
    form: Annotated[str, Limits(least=1, most=40)]
    version: int = 0
    knowledge: PathTexts = ()


@dataclass(frozen=True, slots=True)
class CheckJob:
    """Check signed bundles as `proscribe verify` does; see `proscribe.app.proofs.verifying.examine`.

    Attributes:
        fingerprints: of keys that were compared with their signers.
        upload: the upload that holds the bundles; empty where they were handed in for this alone, to be removed then.
    """

    bundles: PathTexts
    fingerprints: tuple[str, ...] = ()
    upload: str = omitted("")


JobSpec = (
    ScanJob | DevicesJob | DecideJob | DocumentJob | VerifyJob | ExportJob | ChoiceJob | PlanJob | LawJob | ReportJob | CheckJob
)  # fmt: skip
SPECS: Mapping[JobKind, type[JobSpec]] = {
    JobKind.SCAN: ScanJob,
    JobKind.DEVICES: DevicesJob,
    JobKind.DECIDE: DecideJob,
    JobKind.DOCUMENT: DocumentJob,
    JobKind.VERIFY: VerifyJob,
    JobKind.EXPORT: ExportJob,
    JobKind.CHOICE: ChoiceJob,
    JobKind.PLAN: PlanJob,
    JobKind.LAW: LawJob,
    JobKind.REPORT: ReportJob,
    JobKind.CHECK: CheckJob,
}


@dataclass(frozen=True, slots=True)
class Original:
    """A file that a job reads, kept under its digest as it was when the job was submitted.

    Attributes:
        use: the field of the job's arguments that named it, or the folder it lies in.
        display: its path as it was named.
    """

    use: str
    display: str
    sha256: Annotated[str, Limits("[0-9a-f]{64}")]
    size: Annotated[int, Limits(least=0)]


@dataclass(frozen=True, slots=True)
class Originals:
    """The files of a job, and what was named and could not be read.

    Attributes:
        bound: digest of the arguments and all of these, set when the job is submitted; see `bound_to`.
    """

    files: tuple[Original, ...] = ()
    unread: tuple[ReadIssue, ...] = ()
    bound: str = omitted("")

    def bound_to(self, arguments: str) -> Originals:
        """Bind them to the arguments of a job, so that neither is changed without the other."""
        value = canonical_json([arguments, write(replace(self, bound=""))])
        return replace(self, bound=hashlib.sha256(value.encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a job is.

    Attributes:
        bytes_done, bytes_total: of its inputs.
        records, findings: so far; findings count the inputs that are finished, and at the end are those of the answer.
        mentions: of the answer, at the end.
        rate: records a second since the job was last taken up.
        current: the input that is read.
    """

    bytes_done: int = 0
    bytes_total: int = 0
    records: int = 0
    findings: int = 0
    rate: int = 0
    current: str = ""
    mentions: int = omitted(0)


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands.

    Attributes:
        id: `J-` and a number, unique in the store.
        kind: a `JobKind`, as it stands in the store.
        arguments: JSON of its `JobSpec`; see `spec`.
        lease_owner, lease_until, heartbeat_at: the worker that has it, until when without a further sign of life, and the last.
        attempts: how often it was taken up since it last got further.
        result_name, result_sha256, result_size: file name, digest and bytes of what came of it; empty while nothing did.
        error_code, error, error_at: why it failed, and where: file:line:column, or the input that was read.
        unreadable: what of its row cannot be read, since it was changed by hand or by another version; empty otherwise.
    """

    id: str
    kind: str
    state: JobState
    arguments: str
    originals: Originals
    progress: JobProgress
    created_by: str
    created_at: datetime
    cancel_asked: bool = False
    lease_owner: str = ""
    lease_until: datetime | None = None
    heartbeat_at: datetime | None = None
    attempts: int = 0
    result_name: str = ""
    result_sha256: str = ""
    result_size: int = 0
    error_code: str = ""
    error: str = ""
    error_at: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    unreadable: str = ""

    def spec(self) -> JobSpec:
        """Give what is asked.

        Raises:
            CaseError: E476 when the arguments are not those of such a job, or its row cannot be read.
        """
        if self.unreadable:
            raise error("E476.row", at=self.id, why=self.unreadable)
        try:
            made: Any = read(SPECS[JobKind(self.kind)], parse(self.arguments.encode("utf-8", "replace")))
        except CodecError as problem:
            raise error("E476", at=self.id, kind=self.kind, why=str(problem)[:400]) from None
        spec: JobSpec = made
        if self.originals != self.originals.bound_to(self.arguments):
            raise error(
                "E476.row", at=self.id, why="its arguments or files are not those that were submitted"
            )
        return spec


def kind_of(spec: JobSpec) -> JobKind:
    """Give the kind of job that a spec asks for."""
    return next(kind for kind, made in SPECS.items() if isinstance(spec, made))
