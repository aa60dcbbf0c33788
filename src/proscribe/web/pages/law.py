"""The law about a case: what it says today, and the few questions that settle most, answered in place."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from proscribe.model.jobs import JobKind
from proscribe.web.calls import Call, go, job_of
from proscribe.web.pages.cases import counted_at

#: Questions on one page; they are asked again once these are answered.
MOST = 10


def law(call: Call) -> Response:
    """Show what the law says, and what it still has to know."""
    from proscribe.app.asking import situations
    from proscribe.app.case_answers import answer_about, answer_page
    from proscribe.app.case_law import has_scan, not_put, open_questions
    from proscribe.app.questions import asks, scope_words, value_words

    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
        job = job_of(call, cases, JobKind.LAW)
        answer = answer_about(cases, file)
        asked = open_questions(cases, file)
        holds_scan, missed = has_scan(file), not_put(file)
    questions = [one for one in asked.questions if one.decides][:MOST] if asked is not None else []
    left = len(asked.questions) - len(questions) + asked.later if asked is not None else 0
    shown = ""
    if answer is not None:
        shown = answer_page(replace(answer, questions=(), more_questions=0), counted_at(file))
    return call.page(
        "law.html.j2", title=f"The law about {file.case.id}", file=file, job=job, questions=questions, left=left,
        answer=shown, stated=asked.stated if asked is not None else (),
        situations=situations() if asked is None and holds_scan and missed is None else (), missed=missed,
        has_scan=holds_scan, asks=asks,
        value_words=value_words, scope_words=scope_words,
    )  # fmt: skip


def state(call: Call) -> Response:
    """Take what was answered, and have the case put to the law again; what was left empty stays unanswered."""
    from proscribe.app.law_jobs import ask_by_job
    from proscribe.model.jobs import Stated

    answers = []
    told = dict(call.form)
    for key, value in call.form:
        if key.startswith("answer:") and value.strip():
            number = key.removeprefix("answer:")
            fact, applies_to = told.get(f"fact:{number}", ""), told.get(f"applies:{number}", "")
            answers.append(Stated(fact, applies_to, value.strip()))
    case_id, situation = call.path["case_id"], call.sent("situation")
    if not answers and not situation and not call.sent("again"):
        return go("/cases/{case_id}/law", case_id=case_id)
    with call.cases() as cases:
        job = ask_by_job(
            cases,
            case_id,
            by=call.person,
            answers=answers,
            situation=situation,
            knowledge=call.settings.knowledge,
        )
    return go("/cases/{case_id}/law", [("job", job.id)], case_id=case_id)
