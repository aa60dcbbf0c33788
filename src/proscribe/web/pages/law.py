"""The law about a case: what it says today, and the few questions that settle most, answered in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from starlette.responses import Response

from proscribe.model.errors import ProscribeError
from proscribe.model.jobs import JobKind
from proscribe.web.calls import Call, go, job_of
from proscribe.web.days import day_of
from proscribe.web.pages.cases import counted_at

#: Questions on one page; they are asked again once these are answered.
MOST = 10


def law(call: Call) -> Response:
    """Show what the law says, and what it still has to know."""
    return _page(call, {}, {})


def _page(
    call: Call, typed: Mapping[tuple[str, str], str], refused: Mapping[tuple[str, str], str]
) -> Response:
    """Show the page; of each question, by fact and what it applies to, what was typed and why it was not taken."""
    from proscribe.app.case.case_answers import answer_about, answer_page, is_undecided
    from proscribe.app.case.case_law import has_scan, not_put, open_questions
    from proscribe.app.rules.asking import situations
    from proscribe.app.rules.questions import asks, scope_words, value_words

    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
        job = job_of(call, cases, JobKind.LAW)
        answer = answer_about(cases, file)
        asked = open_questions(cases, file)
        holds_scan, missed = has_scan(file), not_put(file)
    questions = [one for one in asked.questions if one.decides][:MOST] if asked is not None else []
    left = len(asked.questions) - len(questions) + asked.later if asked is not None else 0
    shown = ("", "")
    if answer is not None:
        shown = answer_page(replace(answer, questions=(), more_questions=0), counted_at(file))
    return call.page(
        "law.html.j2", 422 if refused else 200, typed=typed, refused=refused,
        title=f"The law about {file.case.id}", file=file, job=job, questions=questions, left=left,
        answer=shown, undecided=answer is not None and is_undecided(answer), stated=asked.stated if asked is not None else (),
        situations=situations() if asked is None and holds_scan and missed is None else (), missed=missed,
        has_scan=holds_scan, asks=asks,
        value_words=value_words, scope_words=scope_words,
    )  # fmt: skip


def finding(call: Call) -> Response:
    """Show what each rule says of one finding, on any day and of any nation, with its reasoning beside the words of the law."""
    from proscribe.app.case.finding_law import rules_about
    from proscribe.app.store.casework import finding_of

    day, every = day_of(call.asked("on")), call.asked("every") == "yes"
    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
        one = cases.store.finding(file.case.id, call.path["finding_id"])
        rules = rules_about(cases, file, call.path["finding_id"], day, every=every)
        said = file.determination()
    on = day or (said.as_of if said is not None else file.case.as_of)
    return call.page(
        "finding_law.html.j2", title=f"The law about {call.path['finding_id']}", file=file, one=one, found=finding_of(one),
        on=str(on)[:10], every=every, rules=rules,
    )  # fmt: skip


def _why(problem: ProscribeError) -> str:
    """Say why an answer was not taken, and what would be."""
    return f"{problem.what}. Expected: {problem.expected}." if problem.expected else f"{problem.what}."


def state(call: Call) -> Response:
    """Take what was answered, and have the case put to the law again; what was left empty stays unanswered.

    Where an answer cannot be taken, the page says so beside its question, and keeps all that was typed.
    """
    from proscribe.app.background.law_jobs import ask_by_job
    from proscribe.app.case.case_law import refused
    from proscribe.model.jobs import Stated

    told = dict(call.form)
    typed: dict[str, list[str]] = {}  # of what may hold together each is a value of its own
    for key, value in call.form:
        if key.startswith("answer:") and value.strip():
            typed.setdefault(key.removeprefix("answer:"), []).append(value.strip())
    answers = [
        Stated(told.get(f"fact:{number}", ""), told.get(f"applies:{number}", ""), ", ".join(values))
        for number, values in typed.items()
    ]
    case_id, situation = call.path["case_id"], call.sent("situation")
    if not answers and not situation and not call.sent("again"):
        return go("/cases/{case_id}/law", case_id=case_id)
    with call.cases() as cases:
        wrong = refused(cases, [(one.fact, one.applies_to, one.answer) for one in answers])
        if wrong:
            asked = [(one.fact, one.applies_to) for one in answers]
            return _page(
                call,
                {one: told.answer for one, told in zip(asked, answers, strict=True)},
                {asked[place]: _why(problem) for place, problem in wrong.items()},
            )
        job = ask_by_job(
            cases,
            case_id,
            by=call.person,
            answers=answers,
            situation=situation,
            knowledge=call.settings.knowledge,
        )
    return go("/cases/{case_id}/law", [("job", job.id)], case_id=case_id)
