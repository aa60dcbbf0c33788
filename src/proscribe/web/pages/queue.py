"""The queue: findings of a case by filter, one finding whole, and what people judge of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from proscribe.model.casework import Verdict
from proscribe.model.errors import ProscribeError
from proscribe.web.calls import Call, go, number, status_of
from proscribe.web.days import day_of

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.app.case.pending import CaseFinding
    from proscribe.app.store.grounds import Said
    from proscribe.model.casework import CaseFile

#: Findings on one page.
PAGE = 20
#: Findings that are shown before they are judged at once; the list itself shows those beyond.
PREVIEWED = 200
#: What a filter names in an address, in the order of the page.
FIELDS = ("band", "firm", "run", "product", "role", "site", "input", "outcome", "verdict")
FLAGS = ("judged", "aged", "ignored")
#: By what findings are gathered, with the words of it.
GROUPS = {
    "site": "site",
    "product": "product",
    "firm": "firm",
    "input": "file",
    "outcome": "outcome",
    "run": "run",
}
MOST_GROUPS = 200
#: Values of a facet that are shown.
MOST_VALUES = 10
#: Mentions on one page.
MENTIONS = 100


def _where(query: Sequence[tuple[str, str]]) -> Any:
    """Read a filter from an address; what is no field of a filter is left alone."""
    from proscribe.app.store.casework import filter_of

    return filter_of(_kept(query))


def _kept(query: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    from proscribe.app.store.casework import as_filtered

    # A field without a value is one of findings that have none, as in the API; a flag or a text without one is not set.
    return [
        (name, value or as_filtered(""))
        for name, value in query
        if name in FIELDS or (name in (*FLAGS, "text") and value)
    ]


def findings(call: Call) -> Response:
    """Show findings that a filter chooses, a page at a time or gathered by one facet, with counts by every facet."""
    from proscribe.app.settings.named_views import views
    from proscribe.app.store.casework import as_filtered
    from proscribe.app.store.surest_first import BANDS, surest_first

    case_id = call.path["case_id"]
    group = call.asked("group") if call.asked("group") in GROUPS else ""
    kept = _kept(call.query)
    with call.cases() as cases, cases.store.at_one_moment():
        where = _where(call.query)
        file = cases.case(case_id)
        facets = cases.store.facets(case_id, where)
        held = dict(facets.counts["band"])
        ranked = tuple((one.value, held[one]) for one in BANDS if one in held)
        facets = replace(facets, counts={**facets.counts, "band": ranked})
        page, after = surest_first(
            cases.store, case_id, where, after=call.asked("after"), limit=PAGE, bands=held
        )
        mentions = cases.store.count_mentions(file)
        named = views(cases.store, call.person, case_id)
        rows = _rows(call, cases, page)
        was = _just_judged(call, cases)
    return call.page(
        "queue.html.j2", title=f"Findings of {case_id}", file=file, after=after, facets=facets, kept=kept, fields=FIELDS,
        as_filtered=as_filtered,
        flags=FLAGS, text=call.asked("text"), most=MOST_VALUES, rows=rows, mentions=mentions,
        group=group, groups=GROUPS, most_groups=MOST_GROUPS, views=named, newest=_newest(file),
        done=number(call.asked("done"), 0), was=was,
    )  # fmt: skip


def _newest(file: CaseFile) -> list[tuple[str, str]]:
    """Give the filter of what the last reading of the files showed first; empty where nothing was read before.

    A reading that was put to the law is another run over the same content, right behind it.
    """
    made = [(number, run) for number, run in enumerate(file.runs, start=1) if not run.is_a_persons]
    last = [*takewhile(lambda one: one[1].inputs == made[-1][1].inputs, reversed(made))]
    return [("run", str(number)) for number, _ in reversed(last)] if len(last) < len(made) else []


def name_view(call: Call) -> Response:
    """Keep the filter of the address under a name, for whoever works here, or forget one."""
    from proscribe.app.settings.named_views import View, drop, keep

    case_id, name = call.path["case_id"], call.sent("view")[:60]
    kept = [*_kept(call.query), *(("group", one) for one in GROUPS if call.asked("group") == one)]
    with call.cases() as cases:
        cases.case(case_id)
        if call.sent("do") == "forget":
            drop(cases.store, call.person, case_id, name)
        elif name:
            keep(cases.store, call.person, View(name, case_id, tuple(kept)))
    return go("/cases/{case_id}/findings", kept, case_id=case_id)


def _findings(count: int) -> str:
    return f"{count:,} finding{'' if count == 1 else 's'}"


def _rows(call: Call, cases: Cases, page: Sequence[CaseFinding]) -> list[dict[str, Any]]:
    """Give findings as a list shows them, each with what its record says beside what was found, and what was judged of it."""
    from proscribe.app.scan.record_words import beside, called
    from proscribe.app.store.casework import finding_of
    from proscribe.app.store.grounds import word_of

    # A clearance alone says more than its verdict: on which ground.
    cleared = [one.support.finding_id for one in page if one.verdict == Verdict.CLEARED.value]
    told = cases.store.judgements_in(call.path["case_id"], finding_ids=cleared) if cleared else []
    words = {one.finding_id: word_of(one) for one in told}
    made = []
    for one in page:
        found, named = finding_of(one), called(one.whole)
        firm = call.firm(found["entity"])
        said = "" if named else beside(one.whole)
        judged = words.get(one.support.finding_id, one.verdict)
        made.append(
            {"one": one, "found": found, "firm": firm, "called": named, "beside": said, "judged": judged}
        )
    return made


def _just_judged(call: Call, cases: Cases) -> dict[str, Any] | None:
    """Give the finding that whoever works here judged on the page before, where the address names one, and its word."""
    from proscribe.app.store.casework import finding_of
    from proscribe.app.store.grounds import word_of

    case_id, finding_id = call.path["case_id"], call.asked("was")
    told = cases.store.judgements_in(case_id, finding_ids=(finding_id,)) if finding_id else []
    if not told or told[-1].by != call.person:
        return None
    return {
        "id": finding_id,
        "word": word_of(told[-1]),
        **finding_of(cases.store.finding(case_id, finding_id)),
    }


def finding(call: Call) -> Response:
    """Show one finding whole, with what speaks for and against it, and where to judge it."""
    return _finding(call)


def _finding(call: Call, problem: ProscribeError | None = None) -> Response:
    """Show one finding; with what was sent, where a judgement of it did not do."""
    from proscribe.app.case.disagreements import of_finding
    from proscribe.app.case.original_rows import original_row
    from proscribe.app.scan.explained import ties
    from proscribe.app.scan.record_words import called
    from proscribe.app.scan.weighing import bands_of, weighed
    from proscribe.app.store.casework import finding_of
    from proscribe.app.store.grounds import agreement, grounds, word_of
    from proscribe.app.store.surest_first import following

    case_id, finding_id = call.path["case_id"], call.path["finding_id"]
    kept = _kept(call.query)
    with call.cases() as cases:
        with cases.store.at_one_moment():
            file = cases.case(case_id)
            one = cases.store.finding(case_id, finding_id)
            next_one = following(cases.store, case_id, _where(call.query), one)
            judged = cases.store.judgements_in(case_id, finding_ids=(finding_id,))
            against = of_finding(cases.store, file, finding_id)
            was = _just_judged(call, cases)
        whole = one.whole
        row = original_row(cases, file, finding_id, whole, asked=call.asked("row") == "whole")
        agreed = agreement(judged, cases.store.two_people)
        may_agree = agreed.open and cases.store.two_people(agreed.by, call.person)
    knowledge = tuple(call.settings.knowledge)
    found, bands = finding_of(one), bands_of(knowledge)
    through, lists = (tuple(whole.get(part) or ()) for part in ("covered_through", "lists"))
    owners, listed = ties(through, lists, knowledge, datetime.now(UTC).date())

    def weights(side: str) -> list[dict[str, Any]]:
        items = whole.get(side) or ()
        told = weighed([(item.get("weight_mbit") or 0, item.get("group") or "") for item in items], bands)
        return [{**item, "comes_to": words} for item, words in zip(items, told, strict=True)]

    return call.page(
        "finding.html.j2", status_of(problem) if problem else 200, problem=problem, sent=dict(call.form),
        title=f"Finding {finding_id}", file=file, one=one, found=found, whole=whole,
        called=called(whole), evidence=weights("evidence"), opposed=weights("against"),
        row=row, kept=kept, was=was, word_of=word_of,
        following=next_one, judged=judged, verdicts=list(Verdict), grounds=grounds(),
        agreed=agreed, may_agree=may_agree, against=against, owners=owners, listed=listed,
    )  # fmt: skip


def judge(call: Call) -> Response:
    """Say of one finding whether it is what it says; the next one of the queue follows. What takes a key waits for it."""
    from proscribe.app.case import pending

    case_id, finding_id = call.path["case_id"], call.path["finding_id"]
    version = number(call.sent("version"), -1) if call.sent("version") else None
    told_of = [("was", finding_id)]
    with call.cases() as cases:
        try:
            said = said_in(call, cases, case_id)
            cases.judge(
                case_id, finding_id, said.verdict, by=call.person, reason=said.reason, until=said.until,
                version=version, asks_version=True,
            )  # fmt: skip
        except ProscribeError as problem:
            if not pending.needs_a_key(problem):
                return _finding(call, problem)
            told = {"finding": finding_id, **draft(said)}
            pending.ask(cases, pending.Deed.JUDGE, case_id, told, by=call.person, version=version or 0)
            told_of = []
    following = call.sent("following")
    if following:
        return go(
            "/cases/{case_id}/findings/{finding_id}",
            _kept(call.query) + told_of,
            case_id=case_id,
            finding_id=following,
        )
    return go("/cases/{case_id}/findings", _kept(call.query) + told_of, case_id=case_id)


def said_in(call: Call, cases: Cases, case_id: str) -> Said:
    """Read the judgement of a form: a verdict, or a ground with what it asks."""
    from proscribe.app.store.grounds import said

    details = {name: call.sent(name) for name in ("whose", "day", "paper")}
    today = cases.today(cases.case(case_id))
    return said(call.sent("verdict"), call.sent("reason"), day_of(call.sent("until")), details, today)


def draft(said: Said) -> dict[str, str]:
    """Write a judgement as it waits for a key."""
    until = said.until.isoformat() if said.until else ""
    return {"verdict": said.verdict.value, "reason": said.reason, "until": until}


def preview(call: Call) -> Response:
    """Show what a judgement of all that a filter chooses would be about, before it is made."""
    return _preview(call)


def _preview(call: Call, problem: ProscribeError | None = None) -> Response:
    """Show what would be judged; with what was sent, where a judgement of it did not do."""
    from proscribe.app.store.grounds import grounds

    case_id = call.path["case_id"]
    where = _where(call.query)
    with call.cases() as cases:
        file = cases.case(case_id)
        seen = cases.store.last_judged(case_id)
        chosen = cases.store.chosen(case_id, where)
        facets = cases.store.facets(case_id, where)
        page = cases.store.findings(case_id, where, limit=PREVIEWED)
        rows = _rows(call, cases, page.findings)
    return call.page(
        "judge.html.j2", status_of(problem) if problem else 200, problem=problem, sent=dict(call.form),
        title=f"Judge {_findings(len(chosen.ids))}", file=file, chosen=chosen, facets=facets,
        kept=_kept(call.query), rows=rows, verdicts=list(Verdict), grounds=grounds(),
        seen=seen,
    )  # fmt: skip


def judge_all(call: Call) -> Response:
    """Say the same of all findings that a filter chooses, if they are those that were shown. What takes a key waits for it."""
    from proscribe.app.case import pending

    case_id, count, seen = call.path["case_id"], number(call.sent("count"), -1), number(call.sent("seen"), 0)
    where = _where(call.query)
    with call.cases() as cases:
        try:
            said = said_in(call, cases, case_id)
            cases.judge_many(
                case_id, where, said.verdict, by=call.person, reason=said.reason, expect=(count, call.sent("digest")),
                until=said.until, seen=seen,
            )  # fmt: skip
        except ProscribeError as problem:
            if not pending.needs_a_key(problem):
                return _preview(call, problem)
            told = {
                "where": json.dumps(where.to_json()), **draft(said),
                "count": str(count), "digest": call.sent("digest"), "seen": str(seen),
            }  # fmt: skip
            pending.ask(cases, pending.Deed.JUDGE_MANY, case_id, told, by=call.person)
            count = 0
    done = [("done", str(count))] if count > 0 else []
    return go("/cases/{case_id}/findings", [*_kept(call.query), *done], case_id=case_id)


def take_mention(call: Call) -> Response:
    """Take a mention for equipment, and show the finding that it is then."""
    case_id = call.path["case_id"]
    with call.cases() as cases:
        _, finding_id = cases.take_mention(
            case_id, call.sent("key"), by=call.person, reason=call.sent("reason")
        )
    return go("/cases/{case_id}/findings/{finding_id}", case_id=case_id, finding_id=finding_id)


def see_mentions(call: Call) -> Response:
    """Say of mentions that somebody looked at them, and they are no equipment."""
    case_id, keys = call.path["case_id"], [value for name, value in call.form if name == "key"]
    with call.cases() as cases:
        cases.see_mentions(case_id, keys, by=call.person, reason=call.sent("reason"))
    return go("/cases/{case_id}/mentions", [("start", call.sent("start"))], case_id=case_id)


def mentions(call: Call) -> Response:
    """Show records that speak of a firm without being its equipment, and who looked at them."""
    start = max(0, number(call.asked("start"), 0))
    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
        total = cases.store.count_mentions(file)
        found = cases.mention_page(file, start, MENTIONS)
        said = cases.said_of_mentions(file)
        seen = {one.key: said[one.key] for one in found if one.key in said}
        own = {
            key
            for key, told in seen.items()
            if any(cases.store.same_person(one.by, call.person) for one in told)
        }
    return call.page(
        "mentions.html.j2", title=f"Mentions of {file.case.id}", file=file, mentions=found, total=total, start=start, seen=seen,
        waiting=[one.key for one in found if one.key not in seen and not one.taken], own=own,
        once=[key for key, told in seen.items() if len(told) == 1 and key not in own],
        following=start + MENTIONS if start + MENTIONS < total else 0,
    )  # fmt: skip
