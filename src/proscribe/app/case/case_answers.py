"""What the law says about a case that is kept, and which clocks run or may run: the one view of an answer."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from proscribe.app.case.case_law import answered_scan, not_put, questions_of_newest
from proscribe.app.case.cases import Cases
from proscribe.app.case.not_in_answer import with_others
from proscribe.app.papers.as_judged import Judged, decided_as_judged, judged_in
from proscribe.app.rules.first_page import is_ranked, shown_first
from proscribe.app.rules.questions import questionnaire
from proscribe.app.rules.scan_decide import with_stated_alone
from proscribe.casework import clock
from proscribe.model.answers import MOST_QUESTIONS, Answer, Asked, Step
from proscribe.model.casework import CaseFile, Deadline, StoredDetermination
from proscribe.model.codec import read
from proscribe.model.decisions import CaseResult, Determination, Obligation, Outcome, TraceNode
from proscribe.model.law import Regime
from proscribe.reports.answer import html_screens, text_lines
from proscribe.reports.scan.determinations import Saying
from proscribe.rules.answer_words import due_words
from proscribe.rules.answer_words import is_undecided as is_undecided
from proscribe.rules.answers import Told, answer_of, asked_of
from proscribe.rules.duty_words import IT_APPLIES, clock_words, day_words, hours_of, in_a_contract
from proscribe.rules.facts import in_order
from proscribe.wording.html import trusted

#: Cases of which a list of deadlines says what may still be due; those beyond are counted.
_MOST_CASES = 200
_CLOSED = "closed"
_NOT_PUT = "The law was not asked about the lists of run {run}, as of {day}: what they alone show is in no line of this answer"
#: What was done later starts its own clocks: until then nothing of theirs can be late.
_FOUND = "event.identified_at"


def answer_about(cases: Cases, file: CaseFile) -> Answer | None:
    """Give what the newest determination of a case says, with the clocks that the case keeps; `None` without one.

    Where it is that of a scan, the answer is that of the scan itself, as people judged its findings since.
    """
    return cases.store.remembered(
        file.case.id, ("answer", cases.today(file), cases.law_stamp), lambda: _answer_about(cases, file),
        size=lambda made: 4 * len(repr(made)), version=file.case.version,
    )  # fmt: skip


def _answer_about(cases: Cases, file: CaseFile) -> Answer | None:
    stored = file.determination()
    if stored is None:
        return None
    data, judged = _data(cases, file, stored)
    facts = json.loads(file.case.facts)
    today = cases.today(file)
    due = [_running(row.deadline, today) for row in cases.running(file)]
    made = _of_scan(cases, file, data, judged) if "findings" in data else None
    if made is None:
        told = list(_told(data, facts, cases.decider.law.regimes))
        asked = _asked(told)
        made = answer_of(
            "", stored.as_of, told, questions=asked[:MOST_QUESTIONS], more=max(0, len(asked) - MOST_QUESTIONS)
        )
        made = replace(made, checked="" if "findings" in data else made.checked)
    missed = not_put(file)
    notes = (
        (_NOT_PUT.format(run=missed.id, day=missed.as_of), *made.notes) if missed is not None else made.notes
    )
    return replace(
        made, name=f"{file.case.id}, by {stored.id}", due=(*due, *_waiting(data, file)), notes=notes
    )


def _data(cases: Cases, file: CaseFile, stored: StoredDetermination) -> tuple[dict[str, Any], Judged]:
    """Read a determination; what people set aside since is left out of it."""
    data = json.loads(cases.store.blob(stored.sha256))
    judged = judged_in(cases, file)
    if "findings" in data and judged.aside:
        kept = {name: one for name, one in data["findings"].items() if name not in judged.aside}
        data = {**data, "findings": kept}
    return data, judged


def _of_scan(cases: Cases, file: CaseFile, data: Mapping[str, Any], judged: Judged) -> Answer | None:
    """Give the answer of the scan that a determination is of; `None` where the scan is not taken today."""
    scan = answered_scan(cases, file)
    if scan is None or scan.decided is None:
        return None
    # a case may be about some of the findings alone
    about = {*data["findings"], *judged.aside}
    decided = {name: one for name, one in scan.decided.by_finding.items() if name in about}
    whole = len(decided) == len(scan.decided.by_finding) and not_put(file) is None
    made = decided_as_judged(
        replace(scan, decided=replace(scan.decided, by_finding=decided)), judged, cases.decider
    )
    form = None
    if is_ranked(made):
        form = questions_of_newest(cases, file, lambda: made) if whole else questionnaire(made, cases.decider)
    saying = Saying(with_stated_alone(made if form is None else shown_first(made, form), cases.decider))
    counted = saying.counted()
    answer = replace(saying.answer, notes=(counted, *saying.answer.notes)) if counted else saying.answer
    if answer.stated_alone is not None and (agreed := _agreed(file.determination())):
        answer = replace(answer, stated_alone=replace(answer.stated_alone, agreed=agreed))
    shown = frozenset(about).union(one.id for one in scan.findings)
    return with_others(cases, file, answer, shown, judged)


def _agreed(stored: StoredDetermination | None) -> str:
    """Say who put a case to the law and who approved that; empty while nobody did."""
    if stored is None or not stored.approver:
        return ""
    return f"{stored.author} put it to the law, and {stored.approver} approved that ({stored.id})"


def _asked(told: Sequence[Told]) -> list[Asked]:
    """Ask for what open determinations wait for, in the order a person can answer."""
    waiting: Counter[str] = Counter()
    for item in told:
        for name in {
            name for one in item.deciding() if one.outcome is Outcome.UNDETERMINED for name in one.missing
        }:
            waiting[name] += item.things
    return [replace(one, things=waiting[one.fact]) for one in asked_of(in_order(waiting))]


def next_step(cases: Cases, file: CaseFile, answer: Answer | None, unjudged: int) -> str:
    """Say what is to be done next with a case.

    Args:
        answer: what the law says; `None` where it was not asked.
        unjudged: findings that nobody judged.

    Returns:
        `put`, the newest run to the law; `ask`, the law; `judge`; `answer`; `document`, make one; `approve`; `sign`; empty where
        nothing waits.
    """
    from proscribe.app.case.document_files import list_documents

    states = {state for state, _ in list_documents(cases, file.case.id)}
    waits = {
        "put": not_put(file) is not None,
        "ask": answer is None,
        "judge": unjudged > 0,
        "answer": answer is not None and bool(answer.questions),
        "approve": "made" in states,
        "sign": "approved" in states,
        "document": not states,
    }
    return next((name for name, waiting in waits.items() if waiting), "")


def answer_lines(cases: Cases, file: CaseFile, width: int) -> list[str]:
    """Write what the law says about a case for a terminal; a case that was not put to the law says so."""
    answer = answer_about(cases, file)
    if answer is None:
        running = [_running(row.deadline, cases.today(file)) for row in cases.running(file)]
        return [f"  {text}" for text in (*due_words(tuple(running)), _not_asked(file.case.id))]
    return list(text_lines(answer, width))


def answer_page(answer: Answer, places: Mapping[Outcome, str]) -> tuple[str, str]:
    """Write an answer for a page that has a heading for it: its first screen, and the rest; every value in it is escaped.

    Args:
        places: outcome to the address of what is counted under it.
    """
    first, further = html_screens(answer, places)
    return trusted(first), trusted(further)


def may_be_due(cases: Cases) -> list[tuple[str, str]]:
    """List what may be due in open cases and no clock counts yet: case and sentence.

    A case that was never put to the law is named: nobody knows whether something is due.
    """
    found = []
    held = [one for one in cases.find() if one.state.value != _CLOSED]
    for one in held[:_MOST_CASES]:
        file = cases.case(one.id)
        stored = file.determination()
        if stored is None:
            found.append((one.id, _not_asked(one.id)))
            continue
        data, _ = _data(cases, file, stored)
        found += [(one.id, text) for text in due_words(tuple(_waiting(data, file)))]
    if len(held) > _MOST_CASES:
        more = len(held) - _MOST_CASES
        found.append(
            ("", f"{more:,} more open cases were not looked through for clocks that have not started.")
        )
    return found


def _not_asked(case_id: str) -> str:
    return (
        "It is not known whether anything is due: the law was not asked about this case. "
        f"Ask it with: proscribe case decide {case_id}"
    )


def _running(item: Deadline, today: date) -> Step:
    last = date.fromisoformat(item.due_at[:10])
    return Step(
        item.title, day_words(item.due_at, last, today), item.due_at, item.citation or "set by hand",
        IT_APPLIES if item.doubtful else "",
    )  # fmt: skip


def _waiting(data: Mapping[str, Any], file: CaseFile) -> Iterator[Step]:
    facts = json.loads(file.case.facts)
    for duty in sorted(clock.not_started(data, file), key=lambda one: hours_of(one.value["deadline"])):
        value = duty.value
        if value["deadline"]["from"] != _FOUND:
            continue
        stated = bool(facts.get("contract.clauses"))
        hinge = in_a_contract(value["citation"], stated=stated) if value.get("clause") else ""
        if not hinge and not duty.sure:
            hinge = IT_APPLIES
        yield Step(
            value["kind"].replace("_", " "), clock_words(value["deadline"]), "",
            value["citation"], hinge,
        )  # fmt: skip


def _told(data: Mapping[str, Any], facts: Mapping[str, Any], regimes: Mapping[str, Regime]) -> Iterator[Told]:
    """Read what a stored determination says: of a case, or of the findings of a decided scan."""
    words = {name: str(value) for name, value in facts.items()}
    if "findings" not in data:
        for one in data.get("cases", ()):
            yield Told(read(CaseResult, one, open_=True).determinations, words)
        return
    counts: Counter[str] = Counter()
    for decision in data["findings"].values():
        counts[
            json.dumps([_short(one) for one in decision["determinations"]] + [decision["decided_on"]])
        ] += 1
    duties = [read(Obligation, one, open_=True) for one in data["decided"]["obligations"]]
    for text, number in counts.items():
        *items, decided_on = json.loads(text)
        yield Told(
            [_determination(one, duties, regimes, decided_on.get("act.kind", "")) for one in items],
            decided_on,
            number,
        )


def _short(one: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: one.get(name) or ([] if name in _LISTS else "") for name in (*_LISTS, *_TEXTS)}
    return {**kept, "duties": [duty["detail"] for duty in one["obligations"]]}


_LISTS = ("citations", "missing", "presumed")
_TEXTS = ("regime", "outcome", "because", "until")


def _determination(
    one: Mapping[str, Any], duties: Sequence[Obligation], regimes: Mapping[str, Regime], act: str
) -> Determination:
    until = date.fromisoformat(one["until"]) if one["until"] else None
    name = one["regime"]
    title = f"{name}: {regimes[name].title}" if name in regimes else name
    trace = TraceNode("regime", title, one["outcome"], because=one["because"])
    return Determination(
        one["regime"], Outcome(one["outcome"]), tuple(one["citations"]), tuple(one["missing"]), (), until,
        tuple(duties[place] for place in one["duties"]), (), (), (), "",
        (), trace, tuple(one["presumed"]), forbids=regimes[name].forbidden(act) if name in regimes else "",
    )  # fmt: skip
