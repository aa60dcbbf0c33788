"""The law about a case: what it says today, and the few questions that settle most, answered in place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from proscribe.model.errors import CaseError, ProscribeError, error
from proscribe.model.jobs import JobKind
from proscribe.web.calls import Call, go, halves, job_of
from proscribe.web.days import day_of
from proscribe.web.pages.cases import counted_at
from proscribe.wording.nations import nation_words

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.app.case.paper_questions import Question, Questionnaire

#: Questions on one page; they are asked again once these are answered.
MOST = 10
#: Things that a question, or what was stated, names one by one.
MOST_THINGS = 3
#: Findings that the address of a list names.
MOST_LISTED = 200
#: Sites, lists and things among which it is chosen for which an answer holds.
MOST_NAMED = 200
#: Lines of what was stated.
MOST_STATED = 200


def law(call: Call) -> Response:
    """Show what the law says, and what it still has to know."""
    return _page(call, {}, {})


def _page(
    call: Call,
    typed: Mapping[tuple[str, str], str],
    refused: Mapping[tuple[str, str], str],
    problem: ProscribeError | None = None,
) -> Response:
    """Show the page; of each question, by fact and what it applies to, what was typed and why it was not taken.

    Args:
        problem: why what was chosen was not taken.
    """
    from proscribe.app.background.law_jobs import taken as taken_by
    from proscribe.app.background.law_jobs import tried
    from proscribe.app.case.case_answers import answer_about, answer_page, is_undecided
    from proscribe.app.case.case_law import corrected_by, has_scan, not_put, open_questions, stated_country
    from proscribe.app.case.some_answers import is_ours
    from proscribe.app.rules.asking import further_situations, nation_of_situation, situations
    from proscribe.app.rules.finding_facts import PROVIDING
    from proscribe.app.rules.first_page import open_in_all
    from proscribe.app.rules.questions import (
        answerable_for_some,
        asked_anew,
        asks,
        findings_of,
        scope_words,
        value_words,
    )

    with call.cases() as cases, cases.store.at_one_moment():
        file = cases.case(call.path["case_id"])
        job = job_of(call, cases, JobKind.LAW)
        if job is not None and tried(job):  # another page shows what would follow
            job = None
        answer = answer_about(cases, file)
        asked = open_questions(cases, file)
        holds_scan, missed = has_scan(file), not_put(file)
        stated = asked.stated[:MOST_STATED] if asked is not None else ()
        keyed = file.determinations[-1] if stated and cases.store.roster() else None
        progress = taken_by(job, asked) if job is not None else None
        own = keyed is not None and cases.store.same_person(keyed.author, call.person)
        taken = asked.taken[:MOST_STATED] if asked is not None else ()
        corrected = corrected_by(cases, file, asked) if asked is not None else {}
        in_all = open_in_all(asked) if asked is not None else 0
        anew = {
            (one.fact, one.applies_to): (question, one.value)
            for one in (*stated, *taken)
            if (question := asked_anew(one)) is not None
        }
        questions, correcting = _asked_here(call, asked, anew, refused) if asked is not None else ([], [])
        typed = {
            **{
                (one.fact, one.applies_to): said.replace("; ", ", ") if one.values else said
                for one, said in correcting
            },
            **typed,
        }
        named = [one.findings for one in questions if one.applies_to != "company"]
        named += [findings_of(one.applies_to) for one in stated]
        things = _things(cases, file.case.id, {name for names in named for name in names[:MOST_THINGS]})
    shown = ("", "")
    if answer is not None:
        shown = answer_page(replace(answer, questions=(), more_questions=0), counted_at(file))
    return call.page(
        "law.html.j2", 422 if refused or problem else 200, typed=typed, refused=refused, problem=problem,
        further=further_situations() if stated else (), chosen=set(call.asked_all("also") or call.sent_all("situation")),
        wanted=call.asked("further"), number=call.asked("number") or call.sent("number"),
        title=f"The law about {file.case.id}", file=file, job=job, questions=questions, in_all=in_all, correcting=correcting,
        answer=shown, undecided=answer is not None and is_undecided(answer), stated=(*stated, *taken), taken=taken,
        more_stated=len(asked.stated) - len(stated) if asked is not None else 0, correctable=set(anew),
        corrected=corrected,
        keyed=keyed, keyed_own=own, progress=progress,
        situations=situations(stated_country(file)) if asked is None and holds_scan and missed is None else (), missed=missed,
        country=stated_country(file), nation_of=nation_of_situation, named_nation=nation_words,
        has_scan=holds_scan, asks=asks, findings_of=findings_of, things=things, most_things=MOST_THINGS,
        ours=any(is_ours(one) for one in stated),
        read_sold=[one for one in taken if (one.fact, one.applies_to) in anew and one.value in PROVIDING],
        value_words=value_words, scope_words=scope_words, for_some=answerable_for_some, listed=_listed,
    )  # fmt: skip


def _asked_here(
    call: Call,
    asked: Questionnaire,
    anew: Mapping[tuple[str, str], tuple[Question, str]],
    refused: Mapping[tuple[str, str], str],
) -> tuple[list[Question], list[tuple[Question, str]]]:
    """Give the questions of the page in their order, and those of them that were answered, with what was stated.

    Args:
        anew: the questions that what was stated answers, with the answer of each.
        refused: what was not taken.
    """
    from proscribe.app.case.paper_questions import questions_about
    from proscribe.app.rules.first_page import most_first
    from proscribe.app.rules.questions import asked_of_position

    questions = [one for line in most_first(asked.questions) for one in line][:MOST]
    # what was stated is asked again where the address says so, or what was said anew was not taken
    there = {(one.fact, one.applies_to) for one in questions}
    again = {(call.asked("fact"), call.asked("applies")), *refused} - there
    correcting = [anew[one] for one in anew if one in again]
    # what the party is in regard of an award or a country is asked where the address names it, whatever waits for it
    of_positions = [one for name in sorted(again - anew.keys()) if (one := asked_of_position(*name))]
    # what a paper waits for is asked first, wherever it stands in the order
    waited = questions_about(asked, call.asked_all("ask"), call.asked_all("finding"))
    shown_first = [*of_positions, *(one for one, _ in correcting), *waited]
    return [*shown_first, *(one for one in questions if one not in waited)], correcting


def _listed(names: Sequence[str]) -> list[tuple[str, str]]:
    """Give the filter of the list that holds findings alone, so far as an address names them one by one."""
    return [("finding", name) for name in names[:MOST_LISTED]]


def some(call: Call) -> Response:
    """Ask for which of the things of a question its answer holds; with what would follow, where a job worked it out."""
    return _some(call, call.asked("fact"), call.asked("applies"))


def _some(
    call: Call,
    fact: str,
    applies: str,
    typed: str = "",
    ticked: Sequence[tuple[str, str]] = (),
    problem: str = "",
) -> Response:
    from proscribe.app.background import jobs
    from proscribe.app.background.law_jobs import followed, tried
    from proscribe.app.case.some_answers import asked_of
    from proscribe.app.rules.questions import asks, value_words

    asked, told = None, None
    said: dict[str, Any] = {}
    with call.cases() as cases, cases.store.at_one_moment():
        file = cases.case(call.path["case_id"])
        named = call.asked("job")
        job = jobs.job_of_case(cases.store, file.case.id, JobKind.LAW, named) if named else None
        try:
            asked = asked_of(cases, file, fact, applies) if fact or job is None else None
        except CaseError as gone:  # it was settled meanwhile
            problem = problem or f"{gone.what}. {gone.on_page}"
        if job is not None and (told := followed(cases, job)) is not None:
            one = tried(job)[0]
            number = len(asked.reached(one.applies_to)) if asked is not None else 0
            left = len(asked.things) - number if asked is not None else 0
            said = {
                "fact": one.fact, "applies_to": one.applies_to, "answer": one.answer, "fact_asks": asks(one.fact),
                "number": number, "left": left,
            }  # fmt: skip
    outcomes = sorted({*told.before, *told.after}) if told is not None else []
    firsts = list(asked.things.items())[:MOST_NAMED] if asked is not None else []
    return call.page(
        "law_some.html.j2", 422 if problem and told is None else 200, title="An answer for some", file=file, job=job,
        asked=asked, told=told, said=said, outcomes=outcomes, fact=fact, applies=applies,
        typed=typed, ticked=set(ticked), problem=problem,
        firsts=firsts, most=MOST_NAMED, value_words=value_words,
    )  # fmt: skip


def try_some(call: Call) -> Response:
    """Have it worked out what would follow from an answer for some of the things of a question."""
    from proscribe.app.background.law_jobs import ask_by_job
    from proscribe.app.case.some_answers import asked_of
    from proscribe.model.jobs import Stated

    case_id, fact, applies = call.path["case_id"], call.sent("fact"), call.sent("applies")
    answer = ", ".join(value.strip() for name, value in call.form if name == "answer" and value.strip())
    ticked = [(name, value) for name, value in call.form if name in ("site", "list", "finding")]
    sites, lists, findings = (
        [value for name, value in ticked if name == one] for one in ("site", "list", "finding")
    )
    try:
        if not answer:
            raise error("E438.no_answer")
        with call.cases() as cases:
            asked = asked_of(cases, cases.case(case_id), fact, applies)
            scope = asked.scope(asked.chosen(sites, lists, findings))
            job = ask_by_job(
                cases, case_id, by=call.person, answers=[Stated(fact, scope, answer)], knowledge=call.settings.knowledge,
                trial=True,
            )  # fmt: skip
    except ProscribeError as problem:
        return _some(call, fact, applies, answer, ticked, _why(problem))
    return go(
        "/cases/{case_id}/law/some", [("fact", fact), ("applies", applies), ("job", job.id)], case_id=case_id
    )


def _things(cases: Cases, case_id: str, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Give findings in short, by id; one that the case does not hold is left out."""
    from proscribe.app.store.findings import finding_of

    found = {}
    for name in names:
        with suppress(CaseError):
            found[name] = finding_of(cases.store.finding(case_id, name))
    return found


def finding(call: Call) -> Response:
    """Show what each rule says of one finding, on any day and of any nation, with its reasoning beside the words of the law."""
    from proscribe.app.case.finding_law import rules_about
    from proscribe.app.store.findings import finding_of

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
    expected = halves(problem.expected)[0]
    return f"{problem.what}. Expected: {expected}." if expected else f"{problem.what}."


def state(call: Call) -> Response:
    """Take what was answered, and have the case put to the law again; what was left empty stays unanswered.

    Where an answer cannot be taken, the page says so beside its question, and keeps all that was typed.
    """
    from proscribe.app.background.law_jobs import ask_by_job
    from proscribe.app.case.case_law import open_questions, refused
    from proscribe.app.rules.asking import situations_together, stated_of_position
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
    case_id, situation = call.path["case_id"], ""
    try:
        if chosen := call.sent_all("situation"):
            situation, beside = situations_together(chosen)
            answers += [Stated(*one) for name in beside for one in stated_of_position(name)]
        also = call.sent_all("also")
        if call.sent("further") and not also:
            raise error("E418.none")
        answers += [Stated(*one) for name in also for one in stated_of_position(name, call.sent("number"))]
    except ProscribeError as problem:
        return _page(call, {}, {}, problem)
    if not answers and not situation and not call.sent("again"):
        return (
            _page(call, {}, {}, error("E418.none"))
            if call.sent("first")
            else go("/cases/{case_id}/law", case_id=case_id)
        )
    with call.cases() as cases:
        wrong = refused(cases, case_id, [(one.fact, one.applies_to, one.answer) for one in answers])
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
            before=open_questions(cases, cases.case(case_id)) if answers else None,
            run_id=call.sent("run"),
        )
    return go("/cases/{case_id}/law", [("job", job.id)], case_id=case_id)


def with_key(call: Call) -> Response:
    """Have what was stated wait for the key of who states it: with it a determination shows who made it."""
    from proscribe.app.case import pending

    case_id = call.path["case_id"]
    with call.cases() as cases:
        made = pending.ask(
            cases, pending.Deed.DECIDE, case_id, {"record": call.sent("record")}, by=call.person
        )
    return go("/cases/{case_id}/pending/{pending_id}", case_id=case_id, pending_id=made.id)
