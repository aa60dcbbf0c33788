"""Commands that judge: findings one by one and many at once, devices, mentions; and take a judgement back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from proscribe.casework import clock, devices, effects
from proscribe.casework.commands.checks import day_in_reach, in_words
from proscribe.casework.content import Content
from proscribe.casework.events import Draft
from proscribe.casework.findings import FindingFilter, digest_of_ids, text_of_ids
from proscribe.casework.store import Store
from proscribe.model.authors import Author
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import (
    CaseFile,
    DevicesRecord,
    EventKind,
    RunRecord,
    Verdict,
)
from proscribe.model.errors import error

#: So long `cleared` holds at most. Our own prudence; no clause says it.
LONGEST_CLEARED = timedelta(days=5 * 365)
#: What may come between looking at a finding and judging it: it is about others, or decides nothing.
_BESIDE = frozenset({EventKind.JUDGED, EventKind.NOTED, EventKind.ASSIGNED})
#: What whoever judges may have done themselves meanwhile: asked the law anew, which says nothing of what a thing is.
_OWN = frozenset({
    EventKind.RUN_ATTACHED, EventKind.FACT_STATED, EventKind.DETERMINED, EventKind.DEADLINE_OPENED, EventKind.DEADLINE_MET,
    EventKind.DEADLINE_WITHDRAWN,
})  # fmt: skip


def judge(
    store: Store,
    case_id: str,
    finding_id: str,
    verdict: Verdict,
    *,
    by: Author,
    reason: str,
    until: date | None = None,
    asks_version: bool = False,
) -> CaseFile:
    """Say of a finding, or of a device (`d_...`), whether it is what it says.

    Args:
        by: who judges; judgements of other findings since `by.version` are in nobody's way, nor is that they asked the law anew.
        asks_version: whether what somebody else judged last stands in the way of a caller who names no version.

    Raises:
        CaseError: E438 no reason, or `cleared` without a last day; E439 the case holds no such finding; E447 no such
            device; E422 the case has changed since `by.version`; E430 a last day that is over, or too far away.
    """
    payload = {"finding_id": finding_id, **_said(verdict, reason, until)}
    # Reports are never changed, so what they say is read before the store is locked.
    seen = (
        devices.seen_in(store, store.case(case_id), finding_id)
        if finding_id.startswith(devices.PREFIX)
        else None
    )

    def make(file: CaseFile) -> list[Draft]:
        run = seen or store.last_run(file, finding_id)
        if asks_version and by.version is None:
            last = next(reversed(store.judgements_in(case_id, finding_ids=(finding_id,))), None)
            if last is not None and not store.same_person(last.by, store.author(by.name)):
                raise error("E422.no_version", case=case_id, by=last.by, verdict=last.verdict.value)
        _not_over(store, file, until, by.stated_at)
        return [Draft(EventKind.JUDGED, {**payload, **_source(run)})]

    return store.change(case_id, make, by=by, beside=_BESIDE, own=_OWN, about=finding_id)


#: Ids of mentions begin so.
MENTION = "m_"


def see_mentions(store: Store, case_id: str, keys: Sequence[str], *, by: Author, reason: str) -> CaseFile:
    """Say of mentions (`m_...`) that somebody looked at them, and they are no equipment: each is judged `different`.

    Several are judged in one event, so that one signature says it of all of them.

    Raises:
        CaseError: E438 no reason; E414 no key shows who does this, in a store with a roster.
    """
    said = _said(Verdict.DIFFERENT, reason, None)
    ids = sorted(keys)
    many = [text_of_ids(ids)] if len(ids) > 1 else []

    def make(file: CaseFile) -> list[Draft]:
        source = _source(file.made_runs[-1])
        if not many:
            return [Draft(EventKind.JUDGED, {"finding_id": key, **said, **source}) for key in ids]
        judgement = {
            "chosen": canonical_json(FindingFilter(finding=tuple(ids)).to_json()), "count": len(ids),
            "ids_sha256": digest_of_ids(ids), **said, **source,
        }  # fmt: skip
        return [Draft(EventKind.JUDGED_MANY, {"judgement": judgement})]

    return store.change(case_id, make, by=by, beside=_BESIDE, blobs=many)


def judge_many(
    store: Store,
    case_id: str,
    where: FindingFilter,
    verdict: Verdict,
    *,
    by: Author,
    reason: str,
    expect: tuple[int, str],
    until: date | None = None,
    seen: int | None = None,
) -> CaseFile:
    """Say the same of every finding that a filter chooses, in one event. It counts as a judgement of each of them.

    Args:
        expect: how many findings the caller saw, and the digest of their ids (`Store.chosen`).
        seen: the event of the newest judgement that the caller saw; one of these findings that was judged since is nobody's
            to judge along with others. Not looked at by default.

    Raises:
        CaseError: E438, E430 as for `judge`; E440 `seen` lies ahead of what the case holds; E448 the filter chooses others
            than the caller saw, or none.
    """
    said = _said(verdict, reason, until)
    blobs: list[bytes | Content] = []

    def make(file: CaseFile) -> list[Draft]:
        _not_over(store, file, until, by.stated_at)
        found = store.chosen(case_id, where)
        if not found.ids:
            raise error("E448.none", case=case_id)
        if (len(found.ids), found.digest) != expect:
            raise error("E448", case=case_id, seen=expect[0], now=len(found.ids), digest=found.digest)
        if seen is not None and seen > store.last_judged(case_id):
            raise error("E440.seen_ahead", case=case_id, seen=seen, last=store.last_judged(case_id))
        since = [] if seen is None else store.judgements_in(case_id, after=seen)
        if since and not {one.finding_id for one in since}.isdisjoint(found.ids):
            raise error("E448.meanwhile", case=case_id, by=since[-1].by, verdict=since[-1].verdict.value)
        taken = [] if seen is None else [one for one in store.taken_back(case_id) if one.seq > seen]
        for back in taken:
            if back.judgement is None or back.judgement.finding_id in found.ids:
                raise error("E448.meanwhile", case=case_id, by=back.by, verdict="taken back")
        blobs.append(text_of_ids(found.ids))
        runs = store.last_runs(file, where)
        source = _source(runs[0]) if len(runs) == 1 else {"run_id": "", **_knowledge_of(runs)}
        judgement = {
            "chosen": canonical_json(where.to_json()), "count": len(found.ids), "ids_sha256": found.digest,
            **said, **source,
        }  # fmt: skip
        return [Draft(EventKind.JUDGED_MANY, {"judgement": judgement})]

    return store.change(case_id, make, by=by, blobs=blobs)


def take_back(store: Store, case_id: str, judged: int, *, by: Author, reason: str = "") -> CaseFile:
    """Take a judgement back, one of many as a whole: what was said before it stands again. Nothing of it is deleted.

    Args:
        judged: the event that judged.
        by: who judged; what others said is judged anew instead.
        reason: why; may be empty.

    Raises:
        CaseError: E423 the event judged nothing, or was taken back; E424 somebody else judged; E414 what stands again clears,
            and no key shows who does this; E422 the case has changed since `by.version`.
    """
    why = in_words(reason, "reason") if reason.strip() else ""

    def make(_: CaseFile) -> list[Draft]:
        said = store.judged_at(case_id, judged)
        if said is None:
            raise error("E423.judgement", case_id=case_id, seq=judged)
        if not store.same_person(said.by, store.author(by.name)):
            raise error("E424.judged_by_another", by=said.by)
        stands = effects.counted(store.stand_again(case_id, said))
        return [Draft(EventKind.TAKEN_BACK, {"judged": judged, "reason": why, "stands": stands})]

    return store.change(case_id, make, by=by)


def _said(verdict: Verdict, reason: str, until: date | None) -> dict[str, Any]:
    if verdict is Verdict.CLEARED and until is None:
        raise error("E438.no_last_day", at="until")
    if until is not None:
        day_in_reach(until, "the last day")
    return {
        "verdict": verdict.value,
        "reason": in_words(reason, "reason"),
        "until": None if until is None else until.isoformat(),
    }


def _not_over(store: Store, file: CaseFile, until: date | None, stated_at: datetime | None) -> None:
    said_on = (stated_at or store.now()).astimezone(clock.zone_of(file.case.zone)).date()
    if until is not None and until < said_on:
        raise error("E430.judgement_over", at="until", until=until, said_on=said_on)
    if until is not None and until - said_on > LONGEST_CLEARED:
        raise error("E430.cleared_long", at="until", until=until, last=said_on + LONGEST_CLEARED)


def _source(run: RunRecord | DevicesRecord) -> dict[str, str]:
    return {
        "run_id": run.id,
        "knowledge_version": run.knowledge_version,
        "knowledge_sha256": run.knowledge_sha256,
    }


def _knowledge_of(runs: Sequence[RunRecord]) -> dict[str, str]:
    known = {(run.knowledge_version, run.knowledge_sha256) for run in runs}
    version, sha256 = known.pop() if len(known) == 1 else ("", "")
    return {"knowledge_version": version, "knowledge_sha256": sha256}
