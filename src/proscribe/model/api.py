"""What programs send to a workbench and get from it, at `/api/v1`. Records that stand elsewhere already are given as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

from proscribe.model.answers import Answer
from proscribe.model.casework import CaseState, Instant, RunRecord, StoredDocument, TakenBack
from proscribe.model.codec import Limits
from proscribe.model.customers import KnownCustomer
from proscribe.model.jobs import Job, Stated
from proscribe.model.pending import WaitsForKey

_Some = Annotated[str, Limits(least=1, most=4_000)]
_Word = Annotated[str, Limits(least=1, most=40)]
_Detail = Annotated[str, Limits(most=400)]
_Values = Annotated[tuple[str, ...], Limits(most=100)]
_Ids = Annotated[tuple[str, ...], Limits(most=1_000)]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something was not done: a stable code, what happened, where, what was expected, and what to do.

    It is sent as `application/problem+json` (RFC 9457).

    Attributes:
        title: what the code stands for, as `what` says it here.
        status: of the answer.
    """

    code: str
    what: str
    at: str = ""
    expected: str = ""
    next_step: str = ""
    title: str = ""
    status: int = 0


@dataclass(frozen=True, slots=True)
class CaseHead:
    """A case without what it holds.

    Attributes:
        version: number of its events; send it with what must not overwrite what somebody did meanwhile.
    """

    id: str
    version: int
    title: str
    state: CaseState
    opened_at: Instant
    opened_by: str
    as_of: date
    zone: str
    assignee: str


@dataclass(frozen=True, slots=True)
class CaseHeads:
    """Cases, by their numbers."""

    cases: tuple[CaseHead, ...]


@dataclass(frozen=True, slots=True)
class FindingHead:
    """A finding in short.

    Attributes:
        verdict: what stands on it; empty while nobody judged it.
        finding: as its scan has it in short.
    """

    id: str
    verdict: str
    finding: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FindingPage:
    """Findings in the order of the case.

    Attributes:
        total: how many the filter chooses.
        after: send it for the next page, with the same filter; null at the end.
    """

    total: int
    findings: tuple[FindingHead, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class FindingWhole:
    """A finding with its evidence, and what was judged of it, the oldest first.

    Attributes:
        judgements: those that count; `taken_back` those that whoever made them took back.
    """

    id: str
    verdict: str
    case_version: int
    finding: Mapping[str, Any]
    judgements: tuple[Mapping[str, Any], ...]
    taken_back: tuple[TakenBack, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A judgement of one's own is taken back, one of many as a whole: what was said before it stands again."""

    reason: Annotated[str, Limits(most=4_000)] = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many findings a filter chooses, and how they are spread: facet to value to number."""

    total: int
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said in a judgement.

    Attributes:
        verdict: `same`, `different`, `unsure` or `cleared`; or a ground: `not-ours`, `only-offered`, `gone`, `only-talk`.
        until: last day on which `cleared` or a ground holds; a ground holds for a year by default.
        whose: whose it is, with `not-ours`; `day` and `paper`: when it went and what shows it, with `gone`.
    """

    verdict: _Word
    reason: _Some
    until: date | None = None
    whose: _Detail = ""
    day: _Detail = ""
    paper: _Detail = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge(Said):
    """A judgement of one finding.

    Attributes:
        version: of the case that was looked at; a later judgement of the finding is then in the way.
    """

    version: int | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """A filter of findings: any value of a field will do, and all fields have to hold.

    Attributes:
        new: whether the newest reading of the files showed it first.
        finding, without: ids of findings: these alone, and all but these.
    """

    band: _Values = ()
    firm: _Values = ()
    entity: _Values = ()
    role: _Values = ()
    site: _Values = ()
    input: _Values = ()
    outcome: _Values = ()
    product: _Values = ()
    verdict: _Values = ()
    run: _Values = ()
    judged: bool | None = None
    aged: bool | None = None
    ignored: bool | None = None
    new: bool | None = None
    finding: _Ids = ()
    without: _Ids = ()
    text: Annotated[str, Limits(most=400)] = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a judgement of all that a filter chooses would be about; `count`, `digest` and `seen` are sent with it."""

    count: int
    digest: str
    seen: int
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeMany(Said):
    """A judgement of all findings that a filter chooses, if they are those of the preview."""

    where: Where
    count: int
    digest: str
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForKey:
    """Something that waits for the key of the person for whom the token acts; they sign it with `proscribe sign-pending`.

    Attributes:
        deed: what is asked for; with it stands what it takes, as below.
        finding: of `judge`: a finding or a device, with `said`.
        where, count, digest, seen: of `judge_many`: as its preview gave them, with `said`.
        entry, reason: of `take_back`: the event that judged, and why it is taken back; the reason may be empty.
        record: of `decide`: the newest determination, whose stated facts are put to the law again.
        version: of the case that was looked at.
    """

    deed: Literal["judge", "judge_many", "take_back", "decide"]
    said: Said | None = None
    finding: Annotated[str, Limits(most=120)] = ""
    where: Where | None = None
    count: int = 0
    digest: Annotated[str, Limits(most=120)] = ""
    seen: int = 0
    entry: int = 0
    reason: Annotated[str, Limits(most=4_000)] = ""
    record: Annotated[str, Limits(most=40)] = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class WaitingList:
    """What of a case waits for keys, the oldest first."""

    waiting: tuple[WaitsForKey, ...]


@dataclass(frozen=True, slots=True)
class MentionList:
    """Records that speak of a firm without being its equipment."""

    mentions: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """A document and how it stands."""

    state: str
    document: StoredDocument


@dataclass(frozen=True, slots=True)
class DocumentList:
    """Documents of a case."""

    documents: tuple[DocumentHead, ...]


@dataclass(frozen=True, slots=True)
class CustomerHead:
    """A customer that a case knows, and how documents name it: once for each of its awards."""

    customer: KnownCustomer
    addressees: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CustomerList:
    """Customers that a case knows."""

    customers: tuple[CustomerHead, ...]


@dataclass(frozen=True, slots=True)
class RunList:
    """Scans that a case holds."""

    runs: tuple[RunRecord, ...]


@dataclass(frozen=True, slots=True)
class JobList:
    """Jobs, the newest first."""

    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class OfRun:
    """Why a run is set aside, or stands again."""

    reason: _Some


@dataclass(frozen=True, slots=True)
class RunAside:
    """A run that was set aside as none of this organisation's.

    Attributes:
        by: who said so.
        of_open: whether two people did, so that what is not confirmed stands no more; `of_all`: nothing of it does.
        words: what it had found, who set it aside, when and why.
    """

    job: str
    by: tuple[str, ...]
    of_open: bool
    of_all: bool
    words: str


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """What the law still has to know.

    Attributes:
        applies_to: what the answer is stated for; sent back with it.
        findings: ids of the findings that wait for it. Where `for_some` holds, an answer may be stated for some of them, as
            `finding:ID; finding:ID`, and the rest stays open.
    """

    fact: str
    applies_to: str
    question: str
    findings: tuple[str, ...] = ()
    for_some: bool = False


@dataclass(frozen=True, slots=True)
class LawView:
    """What the law says of a case, null while it was not asked, and what it still has to know."""

    answer: Answer | None
    questions: tuple[OpenQuestion, ...]


@dataclass(frozen=True, slots=True)
class PutToLaw:
    """Answers with which a case is put to the law again, and the situation of the company, as the page about the law names it.

    All that stands in the case is put: the newest reading of each list, whichever run read it.

    Attributes:
        run: id of the one run that is put alone in place of it; what else the case holds is then told beside the answer.
    """

    answers: Annotated[tuple[Stated, ...], Limits(most=200)] = field(default=())
    situation: str = ""
    run: str = ""


@dataclass(frozen=True, slots=True)
class TryAnswers:
    """Answers of which it is asked what would follow from them; nothing of it is kept."""

    answers: Annotated[tuple[Stated, ...], Limits(least=1, most=200)]


@dataclass(frozen=True, slots=True)
class MakeReport:
    """A report of a case is made, as people judged its findings: `html`, `xlsx`, `csv` or `json`."""

    form: Annotated[str, Limits(least=1, most=40)]


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report that was made.

    Attributes:
        sha256: of the file.
        content: the file in base64 (RFC 4648).
    """

    name: str
    sha256: str
    content: str
