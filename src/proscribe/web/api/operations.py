"""What programs ask: plain functions from a call to a record, each calling the service that a page calls."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from proscribe.app.case.cases import Cases
from proscribe.model import api
from proscribe.model.accounts import Actor
from proscribe.model.answers import Follows
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import Case, CaseState, TakenBack
from proscribe.model.codec import CodecError, parse, read, write
from proscribe.model.errors import error
from proscribe.model.jobs import Job, JobKind, JobState
from proscribe.model.pending import WaitsForKey

if TYPE_CHECKING:
    from proscribe.app.case.how_known import HowKnown
    from proscribe.app.case.pending import FindingFilter
    from proscribe.app.store.grounds import Said

#: Findings of one page, by default and at most, and ids that a preview names.
PAGE, MOST_PAGE, FIRST = 50, 500, 20
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Asked:
    """One call of a program.

    Attributes:
        cases: the open store.
        query: what stands behind the question mark, in order.
        body: what was sent, as it came.
        knowledge: what the workbench was started with, for jobs.
        note: writes into the access log what came of it.
    """

    cases: Cases
    actor: Actor
    query: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    knowledge: Sequence[str] = ()
    note: Callable[[str], None] = lambda _outcome: None

    def sent(self, kind: type[_T]) -> _T:
        """Read what was sent.

        Raises:
            UsageError: E508 when it is no such record.
        """
        try:
            return read(kind, parse(self.body))
        except CodecError as problem:
            raise error("E508", why=str(problem)[:400]) from None

    def where(self) -> FindingFilter:
        """Read the filter of the query."""
        from proscribe.app.store.findings import filter_of

        return filter_of([pair for pair in self.query if pair[0] not in ("after", "limit")])


def list_cases(asked: Asked, state: CaseState | None, assignee: str, text: str) -> api.CaseHeads:
    """List the cases that the token opens."""
    found = asked.cases.find(state=state.value if state else "", assignee=assignee, text=text)
    named = asked.actor.cases
    return api.CaseHeads(tuple(_head(one) for one in found if not named or one.id in named))


def case(asked: Asked, case_id: str) -> api.CaseHead:
    """Give a case."""
    return _head(asked.cases.case(case_id).case)


def _head(one: Case) -> api.CaseHead:
    return api.CaseHead(
        one.id,
        one.version,
        one.title,
        one.state,
        one.opened_at,
        one.opened_by,
        one.as_of,
        one.zone,
        one.assignee,
    )


def findings(asked: Asked, case_id: str, after: str, limit: int) -> api.FindingPage:
    """Give a page of findings."""
    from proscribe.app.store.findings import counted, finding_of

    store = asked.cases.store
    where, found = counted(store, case_id, asked.where())
    bound = hashlib.sha256(canonical_json([case_id, where.to_json()]).encode()).hexdigest()[:16]
    page = store.findings(case_id, where, after=_place(after, bound), limit=limit)
    made = tuple(
        api.FindingHead(one.support.finding_id, one.verdict, finding_of(one)) for one in page.findings
    )
    following = None
    if page.after is not None:
        following = base64.urlsafe_b64encode(f"{page.after}.{bound}".encode()).decode().rstrip("=")
    return api.FindingPage(found.total, made, following)


def _place(cursor: str, bound: str) -> int:
    """Read where a page begins; a cursor of another filter or case would skip what nobody saw."""
    if not cursor:
        return -1
    try:
        place, _, told = (
            base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(".")
        )
        if place.isdecimal() and len(place) < 16 and hmac.compare_digest(told, bound):
            return int(place)
    except ValueError:
        pass
    raise error("E508.cursor")


def counts(asked: Asked, case_id: str) -> api.Counts:
    """Count findings by every facet."""
    from proscribe.app.store.findings import counted

    asked.cases.case(case_id)
    _, found = counted(asked.cases.store, case_id, asked.where())
    return api.Counts(found.total, {name: dict(values) for name, values in found.counts.items()})


def finding(asked: Asked, case_id: str, finding_id: str) -> api.FindingWhole:
    """Give a finding whole."""
    file = asked.cases.case(case_id)
    one = asked.cases.store.finding(case_id, finding_id)
    held = asked.cases.store.judgements_in(case_id, finding_ids=(finding_id,))
    judged = tuple(item.to_json() for item in held)
    taken = tuple(asked.cases.store.taken_back(case_id, finding_id))
    return api.FindingWhole(finding_id, one.verdict, file.case.version, one.whole, judged, taken)


def known(asked: Asked, case_id: str, finding_id: str) -> HowKnown:
    """Say how a finding is known: from which file, read when and by what, who judged it, what was not looked at."""
    from proscribe.app.case.how_known import how_known

    with asked.cases.store.at_one_moment():
        file = asked.cases.case(case_id)
        return how_known(asked.cases, file, asked.cases.store.finding(case_id, finding_id), accounts=True)


def judge(asked: Asked, case_id: str, finding_id: str) -> api.CaseHead:
    """Judge a finding."""
    sent = asked.sent(api.Judge)
    said = _said(asked, case_id, sent)
    file = asked.cases.judge(
        case_id,
        finding_id,
        said.verdict,
        by=asked.actor.name,
        reason=said.reason,
        until=said.until,
        version=sent.version,
        asks_version=True,
    )
    return _head(file.case)


def preview(asked: Asked, case_id: str) -> api.Preview:
    """Say what a judgement of many would be about."""
    asked.cases.case(case_id)
    seen = asked.cases.store.last_judged(case_id)
    chosen = asked.cases.store.chosen(case_id, _filter(asked, case_id, asked.sent(api.Where)))
    return api.Preview(len(chosen.ids), chosen.digest, seen, chosen.ids[:FIRST])


def judge_many(asked: Asked, case_id: str) -> api.CaseHead:
    """Judge all that a filter chooses."""
    sent = asked.sent(api.JudgeMany)
    said = _said(asked, case_id, sent)
    file = asked.cases.judge_many(
        case_id, _filter(asked, case_id, sent.where), said.verdict, by=asked.actor.name, reason=said.reason,
        expect=(sent.count, sent.digest), until=said.until, seen=sent.seen,
    )  # fmt: skip
    return _head(file.case)


def _said(asked: Asked, case_id: str, sent: api.Said) -> Said:
    """Read a judgement as every face has it, with the grounds for which a thing does not count."""
    from proscribe.app.store.grounds import said

    details = {"whose": sent.whose, "day": sent.day, "paper": sent.paper}
    today = asked.cases.today(asked.cases.case(case_id))
    return said(sent.verdict, sent.reason, sent.until, details, today)


def take_back(asked: Asked, case_id: str, seq: int) -> TakenBack:
    """Take a judgement back; `seq` is its own, as the judgements of a finding have it."""
    said = asked.sent(api.TakeBack)
    return asked.cases.take_back(case_id, seq, by=asked.actor.name, reason=said.reason).taken


def pending(asked: Asked, case_id: str) -> api.WaitingList:
    """List what of a case waits for keys."""
    from proscribe.app.case.pending import listed

    asked.cases.case(case_id)
    return api.WaitingList(listed(asked.cases, case_id=case_id))


def ask_for_key(asked: Asked, case_id: str) -> WaitsForKey:
    """Keep what takes a key until the person for whom the token acts signs it."""
    from proscribe.app.case.pending import Deed, ask, judging, judging_many, waits

    sent = asked.sent(api.AskForKey)
    if sent.deed in ("judge", "judge_many"):
        if sent.said is None:
            raise error("E508", why=f"{sent.deed} takes said")
        said = _said(asked, case_id, sent.said)
        if sent.deed == "judge":
            told = judging(said, sent.finding)
        else:
            if sent.where is None:
                raise error("E508", why="judge_many takes where")
            where = _filter(asked, case_id, sent.where)
            told = judging_many(where, said, (sent.count, sent.digest), sent.seen)
    elif sent.deed == "take_back":
        told = {"judged": str(sent.entry), "reason": sent.reason}
    else:
        told = {"record": sent.record}
    one = ask(asked.cases, Deed(sent.deed), case_id, told, by=asked.actor.name, version=sent.version)
    return waits(asked.cases, one)


def drop_pending(asked: Asked, case_id: str, pending_id: str) -> api.WaitingList:
    """Take back what waits for a key; gives what of the case still does."""
    from proscribe.app.case.pending import drop

    asked.cases.case(case_id)
    drop(asked.cases.store, pending_id, case_id=case_id)
    return pending(asked, case_id)


def _filter(asked: Asked, case_id: str, where: api.Where) -> FindingFilter:
    from proscribe.app.store.findings import filter_of, known_values

    pairs = []
    for name, value in write(where).items():
        if isinstance(value, list):
            pairs += [(name, one) for one in value]
        elif isinstance(value, bool):
            pairs.append((name, "yes" if value else "no"))
        elif value:
            pairs.append((name, value))
    return known_values(asked.cases.store, case_id, filter_of(pairs))


def mentions(asked: Asked, case_id: str) -> api.MentionList:
    """List mentions."""
    return api.MentionList(tuple(one.to_json() for one in asked.cases.mentions(case_id)))


def documents(asked: Asked, case_id: str) -> api.DocumentList:
    """List documents."""
    from proscribe.app.case.document_files import list_documents

    return api.DocumentList(tuple(api.DocumentHead(*one) for one in list_documents(asked.cases, case_id)))


def customers(asked: Asked, case_id: str) -> api.CustomerList:
    """List the customers to whom documents of a case can go."""
    from proscribe.app.background.customers import customers_of

    known = customers_of(asked.cases, asked.cases.case(case_id))
    return api.CustomerList(tuple(api.CustomerHead(one, one.addressees) for one in known))


def runs(asked: Asked, case_id: str) -> api.RunList:
    """List the scans of a case."""
    return api.RunList(tuple(asked.cases.case(case_id).runs))


def jobs(asked: Asked, states: Sequence[JobState]) -> api.JobList:
    """List jobs; of some states, where they are named."""
    from proscribe.app.background.jobs import listed

    return api.JobList(tuple(listed(asked.cases.store, set(states))))


def cancel(asked: Asked, job_id: str) -> Job:
    """Have a job end."""
    from proscribe.app.background.jobs import cancel

    return cancel(asked.cases.store, job_id)


def set_aside(asked: Asked, job_id: str) -> api.RunAside:
    """Say of a run that no case took that what it found is none of this organisation's; two people have to."""
    from proscribe.app.store.runs_aside import set_run_aside

    made = set_run_aside(asked.cases.store, job_id, reason=asked.sent(api.OfRun).reason, by=asked.actor.name)
    return api.RunAside(job_id, tuple(one.by for one in made.said), made.of_open, made.of_all, made.words)


def stand_again(asked: Asked, job_id: str) -> Job:
    """Let a run that was set aside stand again, whoever set it aside."""
    from proscribe.app.background.jobs import status
    from proscribe.app.store.runs_aside import let_run_stand

    let_run_stand(asked.cases.store, job_id, reason=asked.sent(api.OfRun).reason, by=asked.actor.name)
    return status(asked.cases.store, job_id)


def job_of_case(asked: Asked, case_id: str, job_id: str) -> Job:
    """Give a job of a case."""
    from proscribe.app.background.jobs import job_of_case

    return job_of_case(asked.cases.store, case_id, None, job_id)


def job(asked: Asked, job_id: str) -> Job:
    """Give a job."""
    from proscribe.app.background.jobs import status

    return status(asked.cases.store, job_id)


def law(asked: Asked, case_id: str) -> api.LawView:
    """Say what the law says of a case, and what it still has to know."""
    from proscribe.app.case.case_answers import answer_about
    from proscribe.app.case.case_law import open_questions
    from proscribe.app.rules.questions import answerable_for_some

    file = asked.cases.case(case_id)
    open_ = open_questions(asked.cases, file)
    told = [one for one in open_.questions if one.decides] if open_ is not None else []
    questions = tuple(
        api.OpenQuestion(one.fact, one.applies_to, one.question, one.findings, answerable_for_some(one))
        for one in told
    )
    return api.LawView(answer_about(asked.cases, file), questions)


def put_to_law(asked: Asked, case_id: str) -> Job:
    """Put a case to the law under further answers, by a job; what the law says then is asked once it is done."""
    from proscribe.app.background.law_jobs import ask_by_job

    said = asked.sent(api.PutToLaw)
    return ask_by_job(
        asked.cases, case_id, by=asked.actor.name, answers=said.answers, situation=said.situation, knowledge=asked.knowledge,
        run_id=said.run,
    )  # fmt: skip


def try_answers(asked: Asked, case_id: str) -> Job:
    """Have it worked out by a job what would follow from answers, before they are given; nothing of it is kept in the case."""
    from proscribe.app.background.law_jobs import ask_by_job

    said = asked.sent(api.TryAnswers)
    return ask_by_job(
        asked.cases, case_id, by=asked.actor.name, answers=said.answers, knowledge=asked.knowledge, trial=True
    )  # fmt: skip


def what_follows(asked: Asked, case_id: str, job_id: str) -> Follows:
    """Say what would follow from answers, once it is worked out."""
    from proscribe.app.background.jobs import job_of_case
    from proscribe.app.background.law_jobs import followed

    job = job_of_case(asked.cases.store, case_id, JobKind.LAW, job_id)
    told = followed(asked.cases, job)
    if told is None:
        raise error("E477.no_result", at=job.id, state=job.state.value, id=job.id)
    return told


def make_report(asked: Asked, case_id: str) -> Job:
    """Have a report of a case made, by a job; the same asked twice is one job."""
    from proscribe.app.background.report_jobs import ask_for_report

    asked.cases.case(case_id)
    form = asked.sent(api.MakeReport).form
    return ask_for_report(asked.cases, case_id, form, by=asked.actor.name, knowledge=asked.knowledge)


def report(asked: Asked, case_id: str, job_id: str) -> api.ReportFile:
    """Give a report that was made."""
    from proscribe.app.background.report_jobs import made_report

    job, data = made_report(asked.cases, case_id, job_id)
    return api.ReportFile(job.result_name, job.result_sha256, base64.b64encode(data).decode())
