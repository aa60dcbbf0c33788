"""One device of a case: its records and what joined them, what it is taken for, its findings, and what people judge of it."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.responses import Response

from proscribe.model.casework import Verdict
from proscribe.model.errors import ProscribeError
from proscribe.web.calls import Call, go, number, status_of
from proscribe.web.pages.queue import finding_rows, said_in

#: Findings of a device that are shown; the list itself shows those beyond.
MOST = 50


def device(call: Call) -> Response:
    """Show a device whole: records, joins, signs for and against, contradictions, findings, and how it stood before."""
    return _device(call)


def _device(call: Call, problem: ProscribeError | None = None) -> Response:
    from proscribe.app.case.device_whole import device_whole
    from proscribe.app.scan.explained import ties
    from proscribe.app.store.grounds import grounds, word_of
    from proscribe.web.filters import where_of

    case_id, device_id = call.path["case_id"], call.path["device_id"]
    knowledge = tuple(call.settings.knowledge)
    with call.cases() as cases, cases.store.at_one_moment():
        file = cases.case(case_id)
        whole = device_whole(cases, file, device_id, knowledge)
        chosen = [("finding", name) for name in whole.device.findings]
        page = cases.store.findings(case_id, where_of(chosen), limit=MOST).findings if chosen else ()
        rows = finding_rows(call, cases, page)
        judged = cases.store.judgements_in(case_id, finding_ids=(device_id,))
        own = {one.seq for one in judged if cases.store.same_person(one.by, call.person)}
        taken = cases.store.taken_back(case_id, device_id)
        undone = cases.told_of_back(file, number(call.asked("back"), 0)) if call.asked("back") else None
    today = datetime.now(UTC).date()
    owners = {
        one.verdict.entity: ties(one.verdict.covered_through, one.verdict.lists, knowledge, today)
        for one in whole.taken_for
    }
    return call.page(
        "device.html.j2", status_of(problem) if problem else 200, problem=problem, sent=dict(call.form),
        title=whole.device.name, file=file, whole=whole, device=whole.device, rows=rows, chosen=chosen, judged=judged, own=own,
        taken=taken, undone=undone, owners=owners, verdicts=list(Verdict), grounds=grounds(), word_of=word_of, most=MOST,
    )  # fmt: skip


def judge(call: Call) -> Response:
    """Say of a device whether it is what it says. What takes a key waits for it."""
    from proscribe.app.case import pending

    case_id, device_id = call.path["case_id"], call.path["device_id"]
    with call.cases() as cases:
        try:
            said = said_in(call, cases, case_id)
            cases.judge(
                case_id, device_id, said.verdict, by=call.person, reason=said.reason, until=said.until
            )
        except ProscribeError as problem:
            if problem.code == "E447":
                raise
            if not pending.needs_a_key(problem):
                return _device(call, problem)
            told = pending.judging(said, device_id)
            made = pending.ask(cases, pending.Deed.JUDGE, case_id, told, by=call.person)
            return go("/cases/{case_id}/pending/{pending_id}", case_id=case_id, pending_id=made.id)
    return go("/cases/{case_id}/devices/{device_id}", case_id=case_id, device_id=device_id)
