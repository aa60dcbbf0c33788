"""The queue: findings of a case by filter, one finding whole, and what people judge of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.responses import Response

from proscribe.model.casework import Verdict
from proscribe.model.errors import ProscribeError
from proscribe.web.calls import Call, go, number, status_of
from proscribe.web.choices import Choices
from proscribe.web.days import day_of
from proscribe.web.filters import (
    FIELDS,
    FLAGS,
    GROUPS,
    LESS,
    NAMED,
    Pairs,
    kept,
    strange,
    where_of,
)
from proscribe.wording.shown import counted

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.app.case.pending import CaseFinding, FindingFilter
    from proscribe.app.store.grounds import Said

#: Findings on one page.
PAGE = 18
#: Bytes that a page of findings takes at most; where names are long it shows less, in these steps: of each facet so many values,
#: so many findings, so many groups.
MOST_BYTES = 15_000
_STEPS = ((8, 18, 60), (4, 18, 60), (4, 12, 40), (3, 8, 25), (2, 5, 15), (1, 3, 8), (1, 1, 3))
#: Findings that are shown before they are judged at once; the list itself shows those beyond.
PREVIEWED = 200
#: Mentions on one page.
MENTIONS = 100


def findings(call: Call) -> Response:
    """Show findings that a filter chooses, a page at a time or gathered by one facet, with counts by every facet."""
    from proscribe.app.settings.named_views import views
    from proscribe.app.store.findings import as_filtered
    from proscribe.app.store.surest_first import BANDS, mark_of, surest_first

    case_id = call.path["case_id"]
    group = call.asked("group") if call.asked("group") in GROUPS else ""
    left = [("finding", value) for name, value in call.query if name == "left" and value]
    with call.cases() as cases, cases.store.at_one_moment():
        where = where_of(call.query)
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
        rows = finding_rows(call, cases, page)
        was = _just_judged(call, cases)
        told = strange(cases, case_id, call.query, facets.counts)
        made = _own_many(call, cases)
        back = cases.told_of_back(file, number(call.asked("back"), 0)) if call.asked("back") else None
    start = min(max(0, number(call.asked("start"), 0)), max(0, len(facets.counts.get(group, ())) - 1))

    choices = Choices(file, kept(call.query), within=bool(call.within), firm=call.firm)

    def written(most: int, findings: int, groups: int) -> Response:
        return call.page(
            "queue.html.j2", title=f"Findings of {case_id}", file=file, facets=facets, kept=kept(call.query), fields=FIELDS,
            as_filtered=as_filtered, flags=FLAGS, named=NAMED, text=_typed(call.query), within=call.within,
            most=most, rows=rows[:findings], after=mark_of(page[findings - 1]) if len(page) > findings else after,
            mentions=mentions, group=group, groups=GROUPS, start=start, most_groups=groups, views=named, strange=told,
            choices=choices, less=LESS, done=number(call.asked("done"), 0), was=was, left=left, made=made, back=back,
            signed=bool(call.asked("signed")),
        )  # fmt: skip

    shown = written(*_STEPS[0])
    for step in _STEPS[1:]:
        if len(shown.body) < MOST_BYTES:
            break
        shown = written(*step)
    return shown


def _typed(query: Pairs) -> str:
    """Give the words of a search as whoever looks here wrote them."""
    return next((value for name, value in kept(query) if name == "text"), "")


def name_view(call: Call) -> Response:
    """Keep the filter of the address under a name, for whoever works here; or open one that is kept, or forget it."""
    from proscribe.app.settings.named_views import View, drop, keep, views

    case_id, name = call.path["case_id"], call.sent("view")[:60]
    held = [*kept(call.query), *(("group", one) for one in GROUPS if call.asked("group") == one)]
    with call.cases() as cases:
        cases.case(case_id)
        if call.sent("do") == "open":
            named = {one.name: one.query for one in views(cases.store, call.person, case_id)}
            held = [*named.get(name, held)]
        elif call.sent("do") == "forget":
            drop(cases.store, call.person, case_id, name)
        elif name:
            keep(cases.store, call.person, View(name, case_id, tuple(held)))
    return go("/cases/{case_id}/findings", held, case_id=case_id)


def _own_many(call: Call, cases: Cases) -> int:
    """Give the event of the judgement of many that an address names, where whoever works here made it; else 0."""
    seq = number(call.asked("made"), 0)
    said = cases.store.judged_at(call.path["case_id"], seq) if seq > 0 else None
    return seq if said is not None and said.by == call.person else 0


def finding_rows(call: Call, cases: Cases, page: Sequence[CaseFinding]) -> list[dict[str, Any]]:
    """Give findings as a list shows them, each with what its record says beside what was found, and what was judged of it."""
    from proscribe.app.scan.record_words import beside, called
    from proscribe.app.store.findings import finding_of
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
    """Give the finding that whoever works here judged on the page before, where the address names one, its word, and its like."""
    from proscribe.app.store.findings import finding_of
    from proscribe.app.store.grounds import word_of
    from proscribe.app.store.same_things import alike

    case_id, finding_id = call.path["case_id"], call.asked("was")
    told = cases.store.judgements_in(case_id, finding_ids=(finding_id,)) if finding_id else []
    if not told or told[-1].by != call.person:
        return None
    one = cases.store.finding(case_id, finding_id)
    same = alike(cases.store, case_id, one)
    return {
        **finding_of(one),
        "id": finding_id,
        "word": word_of(told[-1]),
        "seq": told[-1].seq,
        "alike": same,
    }


def finding(call: Call) -> Response:
    """Show one finding whole, with what speaks for and against it, and where to judge it."""
    return _finding(call)


def _finding(call: Call, problem: ProscribeError | None = None) -> Response:
    """Show one finding; with what was sent, where a judgement of it did not do."""
    from proscribe.app.case import pending
    from proscribe.app.case.disagreements import devices_with, disagreements
    from proscribe.app.case.how_known import how_known
    from proscribe.app.case.original_rows import original_row
    from proscribe.app.scan.explained import ties
    from proscribe.app.scan.record_words import called
    from proscribe.app.scan.weighing import bands_of, weighed
    from proscribe.app.store.findings import finding_of
    from proscribe.app.store.grounds import agreement, grounds, word_of
    from proscribe.app.store.surest_first import following

    case_id, finding_id = call.path["case_id"], call.path["finding_id"]
    with call.cases() as cases:
        with cases.store.at_one_moment():
            file = cases.case(case_id)
            one = cases.store.finding(case_id, finding_id)
            next_one = following(cases.store, case_id, where_of(call.query), one)
            judged = cases.store.judgements_in(case_id, finding_ids=(finding_id,))
            own = {one.seq for one in judged if cases.store.same_person(one.by, call.person)}
            taken = cases.store.taken_back(case_id, finding_id)
            undone = cases.told_of_back(file, number(call.asked("back"), 0)) if call.asked("back") else None
            devices = devices_with(cases.store, file, finding_id)
            against = [item for each in disagreements(cases.store, file, devices).values() for item in each]
            was = _just_judged(call, cases)
            whole = one.whole
            known = how_known(cases, file, one, accounts=call.actor.account > 0)
        row = original_row(cases, file, one, asked=call.asked("row") == "whole")
        waits = pending.about(cases.store, case_id, finding_id)
        mine = {each.id for each in waits if cases.store.same_person(each.by, call.person)}
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
        row=row, kept=kept(call.query), was=was, word_of=word_of,
        following=next_one, judged=judged, own=own, taken=taken, undone=undone, verdicts=list(Verdict), grounds=grounds(),
        agreed=agreed, may_agree=may_agree, against=against, known=known, devices=devices, owners=owners, listed=listed,
        waits=waits, mine=mine,
    )  # fmt: skip


def judge(call: Call) -> Response:
    """Say of one finding whether it is what it says; the next one of the queue follows. What takes a key waits for it."""
    from proscribe.app.case import pending

    case_id, finding_id = call.path["case_id"], call.path["finding_id"]
    version = number(call.sent("version"), -1) if call.sent("version") else None
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
            told = {**pending.judging(said, finding_id), "queue": urlencode(kept(call.query))}
            made = pending.ask(cases, pending.Deed.JUDGE, case_id, told, by=call.person, version=version or 0)
            return go("/cases/{case_id}/pending/{pending_id}", case_id=case_id, pending_id=made.id)
    following, told_of = call.sent("following"), [("was", finding_id)]
    if following:
        return go(
            "/cases/{case_id}/findings/{finding_id}",
            kept(call.query) + told_of,
            case_id=case_id,
            finding_id=following,
        )
    return go("/cases/{case_id}/findings", kept(call.query) + told_of, case_id=case_id)


def said_in(call: Call, cases: Cases, case_id: str) -> Said:
    """Read the judgement of a form: a verdict, or a ground with what it asks."""
    from proscribe.app.store.grounds import said

    details = {name: call.sent(name) for name in ("whose", "day", "paper")}
    today = cases.today(cases.case(case_id))
    return said(call.sent("verdict"), call.sent("reason"), day_of(call.sent("until")), details, today)


def preview(call: Call) -> Response:
    """Show what a judgement of all that a filter chooses would be about, before it is made."""
    return _preview(call)


def _preview(call: Call, problem: ProscribeError | None = None) -> Response:
    """Show what would be judged; with what was sent, where a judgement of it did not do, or more is left out of it."""
    from proscribe.app.case.case_law import vendors_among
    from proscribe.app.store.grounds import grounds

    case_id, asked = call.path["case_id"], _rest(call)
    where = where_of(asked)
    with call.cases() as cases:
        file = cases.case(case_id)
        seen = cases.store.last_judged(case_id)
        chosen = cases.store.chosen(case_id, where)
        facets = cases.store.facets(case_id, where)
        page = cases.store.findings(case_id, where, limit=PREVIEWED)
        rows = finding_rows(call, cases, page.findings)
        vendors = vendors_among(cases, file, frozenset(chosen.ids))
        told = strange(cases, case_id, call.query, facets.counts)
        sent = dict(call.form) or _said_of(call, cases)
    return call.page(
        "judge.html.j2", status_of(problem) if problem else 200, problem=problem, sent=sent,
        title=f"Judge {counted(len(chosen.ids), 'finding')}", file=file, chosen=chosen, facets=facets,
        kept=kept(asked), all=[pair for pair in kept(asked) if pair[0] != "without"], left=_left(where),
        rows=rows, verdicts=list(Verdict), grounds=grounds(), seen=seen, strange=told, vendors=vendors,
    )  # fmt: skip


def _rest(call: Call) -> Pairs:
    """Give what an address asks for without what was ticked on its page, so as to be left out."""
    ticked = dict.fromkeys(value for name, value in call.form if name == "without" and value)
    before = {value for name, value in call.query if name == "without"}
    return [*call.query, *(("without", value) for value in ticked if value not in before)]


def _left(where: FindingFilter) -> list[tuple[str, str]]:
    """Give the filter of what another one leaves out."""
    return [("finding", name) for name in where.without]


def _said_of(call: Call, cases: Cases) -> dict[str, str]:
    """Give what whoever works here said of the finding that an address names, to say the same of others."""
    finding_id = call.asked("like")
    told = cases.store.judgements_in(call.path["case_id"], finding_ids=(finding_id,)) if finding_id else []
    if not told or told[-1].by != call.person:
        return {}
    last = told[-1]
    until = last.until.isoformat() if last.until else ""
    return {"verdict": last.verdict.value, "reason": last.reason, "until": until}


def judge_all(call: Call) -> Response:
    """Say the same of all findings that a filter chooses, if they are those that were shown, but for those that were ticked.

    What takes a key waits for it.
    """
    from proscribe.app.case import pending

    if call.sent("do") == "leave":
        return _preview(call)
    case_id, seen = call.path["case_id"], number(call.sent("seen"), 0)
    expect = (number(call.sent("count"), -1), call.sent("digest"))
    shown, where = where_of(call.query), where_of(_rest(call))
    with call.cases() as cases:
        try:
            said = said_in(call, cases, case_id)
            if where != shown and (held := cases.store.chosen(case_id, shown)) and expect == held.told:
                expect = cases.store.chosen(
                    case_id, where
                ).told  # what was shown, without what was ticked there
            file = cases.judge_many(
                case_id, where, said.verdict, by=call.person, reason=said.reason, expect=expect, until=said.until, seen=seen,
            )  # fmt: skip
            made = [("made", str(file.bulk_judgements[-1].seq))]
        except ProscribeError as problem:
            if not pending.needs_a_key(problem):
                return _preview(call, problem)
            told = {**pending.judging_many(where, said, expect, seen), "queue": urlencode(_every(call))}
            asked = pending.ask(cases, pending.Deed.JUDGE_MANY, case_id, told, by=call.person)
            return go("/cases/{case_id}/pending/{pending_id}", case_id=case_id, pending_id=asked.id)
    done = [("done", str(expect[0]))] if expect[0] > 0 else []
    left = [("left", value) for _, value in _left(where)]
    return go("/cases/{case_id}/findings", [*_every(call), *done, *made, *left], case_id=case_id)


def _every(call: Call) -> list[tuple[str, str]]:
    """Give the filter of an address with what it leaves out."""
    return [pair for pair in kept(call.query) if pair[0] != "without"]


def take_back(call: Call) -> Response:
    """Take back what whoever works here judged, and show what stands again; where that takes a key, it waits for it."""
    from proscribe.app.case import pending

    case_id, seq = call.path["case_id"], number(call.path["seq"], 0)
    with call.cases() as cases:
        try:
            said = cases.take_back(case_id, seq, by=call.person, reason=call.sent("reason")).taken.judgement
        except ProscribeError as problem:
            if not pending.needs_a_key(problem):
                raise
            queue = urlencode(kept(call.query))
            draft_of = {"judged": str(seq), "reason": call.sent("reason"), "queue": queue}
            made = pending.ask(cases, pending.Deed.TAKE_BACK, case_id, draft_of, by=call.person)
            return go("/cases/{case_id}/pending/{pending_id}", case_id=case_id, pending_id=made.id)
    told = [*kept(call.query), ("back", str(seq))]
    if said is None:
        return go("/cases/{case_id}/findings", told, case_id=case_id)
    if said.finding_id.startswith("d_"):
        return go("/cases/{case_id}/devices/{device_id}", told, case_id=case_id, device_id=said.finding_id)
    if said.finding_id.startswith("m_"):
        return go("/cases/{case_id}/mentions", case_id=case_id)
    return go("/cases/{case_id}/findings/{finding_id}", told, case_id=case_id, finding_id=said.finding_id)


def take_mention(call: Call) -> Response:
    """Take a mention for equipment, and show the finding that it is then."""
    case_id = call.path["case_id"]
    with call.cases() as cases:
        _, finding_id = cases.take_mention(
            case_id, call.sent("key"), by=call.person, reason=call.sent("reason")
        )
    return go("/cases/{case_id}/findings/{finding_id}", case_id=case_id, finding_id=finding_id)


def see_mentions(call: Call) -> Response:
    """Say of mentions that somebody looked at them, and they are no equipment; what takes a key waits for it."""
    from proscribe.app.case import pending

    case_id, keys = call.path["case_id"], [value for name, value in call.form if name == "key"]
    with call.cases() as cases:
        try:
            cases.see_mentions(case_id, keys, by=call.person, reason=call.sent("reason"))
        except ProscribeError as problem:
            if not pending.needs_a_key(problem):
                raise
            told = {
                **pending.seeing(keys, call.sent("reason")),
                "queue": urlencode([("start", call.sent("start"))]),
            }
            made = pending.ask(cases, pending.Deed.SEE_MENTIONS, case_id, told, by=call.person)
            return go("/cases/{case_id}/pending/{pending_id}", case_id=case_id, pending_id=made.id)
    return go("/cases/{case_id}/mentions", [("start", call.sent("start"))], case_id=case_id)


def mentions(call: Call) -> Response:
    """Show records that speak of a firm without being its equipment, who looked at them, and what waits for whose key."""
    from proscribe.app.case import pending

    start = max(0, number(call.asked("start"), 0))
    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
        total = cases.store.count_mentions(file)
        found = cases.mention_page(file, start, MENTIONS)
        seen = cases.said_of_mentions(file.case.id, [one.key for one in found])
        asked = {
            key: one.id
            for one in pending.waiting(cases.store, case_id=file.case.id, by=call.person)
            if one.deed is pending.Deed.SEE_MENTIONS
            for key in one.told.get("mentions", "").split()
        }
        own = {
            key
            for key, told in seen.items()
            if any(cases.store.same_person(one.by, call.person) for one in told)
        }
    return call.page(
        "mentions.html.j2", title=f"Mentions of {file.case.id}", file=file, mentions=found, total=total, start=start, seen=seen,
        waiting=[one.key for one in found if one.key not in seen and not one.taken and one.key not in asked], own=own,
        once=[key for key, told in seen.items() if len(told) == 1 and key not in own and key not in asked],
        asked=asked, signed=call.asked("signed") == "yes",
        following=start + MENTIONS if start + MENTIONS < total else 0,
    )  # fmt: skip
