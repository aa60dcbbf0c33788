"""What a person can do with a case. Each function is one command: one transaction, one author, all or nothing.

`by` is always the person who does it. `stated_at` is when it is said to have happened, where that is not now; the store
records its own time beside it. `version` is the version of the case that the caller read; a case that has changed since is
refused (E422) rather than overwritten.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from proscribe.casework import clock, devices, effects
from proscribe.casework.clock import Counting
from proscribe.casework.content import Content
from proscribe.casework.events import Draft
from proscribe.casework.findings import FindingFilter, text_of_ids
from proscribe.casework.lifecycle import person, record
from proscribe.casework.register import check_organisation, organisation, state_organisation
from proscribe.casework.replay import STORE
from proscribe.casework.scans import ScanFile
from proscribe.casework.store import Store
from proscribe.model import identifiers
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import (
    STAGE_OF_EVENT,
    CaseFile,
    Deadline,
    DevicesRecord,
    EventKind,
    Override,
    Refusal,
    RunRecord,
    StoredDocument,
    StoredFile,
    Verdict,
    Waiver,
)
from proscribe.model.decisions import Outcome
from proscribe.model.devices_document import DevicesDocument
from proscribe.model.errors import error
from proscribe.model.periods import instant_text, parse_instant
from proscribe.wording.nations import nation_code

_MAX_TEXT = 100_000
#: So long `cleared` holds at most. Our own prudence; no clause says it.
LONGEST_CLEARED = timedelta(days=5 * 365)
_REPORTS = ("first", "follow-up")


# Opening and describing


def open_case(
    store: Store,
    *,
    by: str,
    title: str,
    as_of: date,
    zone: str,
    jurisdiction: str = "US",
    contract: str = "",
    uei: str = "",
    cage: str = "",
    regimes: Sequence[str] = (),
    facts: Mapping[str, Any] | None = None,
    scan: ScanFile | None = None,
    report: DevicesDocument | None = None,
    counting: Counting | None = None,
    decide: Callable[[CaseFile], Mapping[str, Any]] | None = None,
    ran_again: RanAgain | None = None,
    stated_at: datetime | None = None,
) -> CaseFile:
    """Open a case, from a scan or by hand.

    Args:
        decide: puts the case to the law (`proscribe.decide/1`); what it says is stored with the case, in one transaction.
        facts: stated facts of the decision vocabulary, as text, booleans or lists of text.
        scan: a scan whose findings the case is about; when the law was asked in it, that is stored as a determination.
        report: a devices report that is attached with it.
        counting: the calendar for clocks; needed with a decided scan.
        ran_again: that the scan was run again and came out the same.

    Raises:
        CaseError: E425 no author; E428 no UEI or CAGE; E438 no title; E440 no such time zone; E443 no contract number or
            country code.
    """
    clock.zone_of(zone)
    case = {
        "title": in_words(title, "title", limit=500),
        "as_of": as_of.isoformat(),
        "zone": zone,
        "jurisdiction": _country(jurisdiction),
        "contract": _short(contract, "contract number"),
        "uei": _checked(identifiers.uei, uei, "UEI"),
        "cage": _checked(identifiers.cage, cage, "CAGE code"),
        "regimes": list(regimes),
        "facts": canonical_json({**(scan.facts if scan else {}), **(facts or {})}),
    }

    blobs: list[bytes | Content] = [] if scan is None else _blobs_of(scan, counting)
    if report is not None:
        blobs.append(report.content)
    blobs += [] if ran_again is None else ran_again.contents

    def more(file: CaseFile) -> list[Draft]:
        drafts = [] if scan is None else _attached(store, file, scan, counting)
        drafts += [] if ran_again is None else [ran_again.draft()]
        drafts += [] if report is None else devices_attached(file, report)
        if decide is not None and counting is not None:
            data = decide(file)
            blobs.append(canonical_json(dict(data)).encode())
            drafts += _determination(store, file, data, _facts(file), (), counting)
        return drafts

    scans = {} if scan is None else {scan.held.sha256: scan.rows}
    told = {name: str(case[name]) for name in ("uei", "cage") if case[name]}
    check_organisation(store, organisation(store.events(STORE)), told)
    opened = store.open_case(case, by=by, stated_at=stated_at, more=more, blobs=blobs, scans=scans)
    state_organisation(store, told, by=by)
    return opened


def _checked(parse: Any, text: str, what: str) -> str:
    if not text.strip():
        return ""
    try:
        return str(parse(text))
    except ValueError as problem:
        raise error(
            "E428",
            what=what,
            problem=problem,
            shape="12 letters and digits" if what == "UEI" else "5 letters and digits",
        ) from None


def _country(text: str) -> str:
    code = nation_code(text)
    if text.strip() and not code:
        raise error("E443.country", text=text[:40])
    return code


def _short(text: str, what: str) -> str:
    """Check a line of text, such as a number: printable, and not longer than 200 characters."""
    clean = " ".join(text.split())
    if len(clean) > 200 or not clean.isprintable():
        raise error("E443.text", what=what)
    return clean


def _day_in_reach(day: date, what: str) -> date:
    """Check that a day is one that can be watched.

    Raises:
        CaseError: E430 when it lies before 1990 or after 2199, such as the 9999-12-31 that means "no end" elsewhere.
    """
    if not 1990 <= day.year <= 2199:
        raise error("E430.watched", what=what, day=day)
    return day


def in_words(text: str, what: str, *, limit: int = _MAX_TEXT) -> str:
    """Give a text that people will have to read, trimmed.

    Raises:
        CaseError: E438 when it says nothing, or is too long.
    """
    clean = text.strip()
    if not clean or not any(char.isalnum() for char in clean):
        raise error("E438.missing", what=what)
    if len(clean) > limit or "\x00" in clean:
        raise error("E438.too_long", what=what, limit=limit)
    return clean


def attach_scan(
    store: Store,
    case_id: str,
    scan: ScanFile,
    *,
    by: str,
    version: int | None = None,
    counting: Counting | None = None,
    carry: Carry | None = None,
    changed: Mapping[str, str] | None = None,
    ran_again: RanAgain | None = None,
    stated_at: datetime | None = None,
) -> CaseFile:
    """Attach a further run to a case. Findings that it no longer shows age; they stay.

    Args:
        carry: which findings of the case go on under ids of this scan, where the earlier runs have older ids.
        changed: findings of this scan that were set aside as something else, to what is new; they count as unsure again.
        ran_again: that the scan was run again and came out the same.

    Raises:
        CaseError: E424 when that very scan is attached already.
    """
    return store.change(
        case_id,
        lambda file: [
            *_carried_over(file, scan, carry),
            *_attached(store, file, scan, counting),
            *_doubted(scan.run, changed or {}),
            *([] if ran_again is None else [ran_again.draft()]),
        ],
        by=by,
        version=version,
        stated_at=stated_at,
        blobs=[
            *_blobs_of(scan, counting),
            *([] if carry is None else [carry.text]),
            *([] if ran_again is None else ran_again.contents),
        ],
        scans={scan.held.sha256: scan.rows},
    )


@dataclass(frozen=True, slots=True)
class RanAgain:
    """That a scan was run again from its inputs and came out the same.

    Attributes:
        record: fields of `RunReplayed` but for case, author and time.
        contents: the knowledge under which it ran, and its layers.
    """

    record: Mapping[str, Any]
    contents: tuple[bytes, ...]

    def draft(self) -> Draft:
        """Make the event."""
        return Draft(EventKind.RUN_REPLAYED, {"replay": dict(self.record)})


def keep_replays(store: Store, case_id: str, replays: Sequence[RanAgain], *, by: str) -> CaseFile:
    """Keep that scans of a case were run again and came out the same."""
    return store.change(
        case_id,
        [one.draft() for one in replays],
        by=by,
        blobs=[content for one in replays for content in one.contents],
    )


def stated(file: CaseFile, content: bytes, fields: Sequence[str]) -> list[Draft]:
    """Make the event of a statement; none where the case holds the same."""
    sha256 = hashlib.sha256(content).hexdigest()
    if any(one.sha256 == sha256 for one in file.statements):
        return []
    told = {"id": f"ST{len(file.statements) + 1}", "sha256": sha256, "fields": list(fields)}
    return [Draft(EventKind.STATED, {"statement": told})]


def state(
    store: Store,
    case_id: str,
    content: bytes,
    fields: Sequence[str],
    *,
    by: str,
    stated_at: datetime | None = None,
) -> CaseFile:
    """Keep what a person states that bears on an answer.

    Args:
        content: canonical JSON, field to value.
        fields: the names of its fields.

    Raises:
        CaseError: E424 when the case holds the same already.
    """

    def drafts(file: CaseFile) -> list[Draft]:
        made = stated(file, content, fields)
        if not made:
            raise error("E424.stated", case=case_id)
        return made

    return store.change(case_id, drafts, by=by, stated_at=stated_at, blobs=[content])


def approve_statement(store: Store, case_id: str, statement_id: str, *, by: str, version: int) -> CaseFile:
    """Approve a statement. Its author cannot.

    Raises:
        CaseError: E426 when author and approver are one person.
    """
    draft = Draft(EventKind.STATEMENT_APPROVED, {"id": statement_id})
    return store.change(case_id, [draft], by=by, version=version)


@dataclass(frozen=True, slots=True)
class Carry:
    """Findings that go on under the ids of a newer scheme.

    Attributes:
        ids: earlier id to new id.
        lost: earlier findings without a counterpart: `id`, `at`, `why`. They stay under their own id; what was judged of
            them counts for nothing else.
    """

    ids: Mapping[str, str]
    lost: tuple[Mapping[str, str], ...]

    @property
    def text(self) -> bytes:
        """Give the mapping as a store keeps it."""
        return canonical_json({"ids": dict(self.ids), "lost": [dict(one) for one in self.lost]}).encode()


def _doubted(run: Mapping[str, Any], changed: Mapping[str, str]) -> list[Draft]:
    """Make unsure again what was set aside and of which a run, or a devices report, shows more."""
    source = {name: run[name] for name in ("knowledge_version", "knowledge_sha256")}
    return [
        Draft(
            EventKind.JUDGED,
            {
                "finding_id": name, "verdict": Verdict.UNSURE.value, "until": None, "run_id": run["id"],
                "reason": f"What was judged is not all that stands in the record now: {what}. Look again.", **source,
            },
        )
        for name, what in sorted(changed.items())
    ]  # fmt: skip


def _carried_over(file: CaseFile, scan: ScanFile, carry: Carry | None) -> list[Draft]:
    if carry is None or any(run.scan_sha256 == scan.held.sha256 for run in file.runs):
        return []
    named = {name for waiver in file.waivers for name in waiver.finding_ids} | set(file.standing())
    carried = {
        "sha256": hashlib.sha256(carry.text).hexdigest(),
        "scan_sha256": scan.held.sha256,
        "carried": len(carry.ids),
        "lost": len(carry.lost),
        "judged_lost": [one["id"] for one in carry.lost if one["id"] in named],
    }
    return [Draft(EventKind.CARRIED_OVER, {"carried": carried})]


def attach_devices(
    store: Store,
    case_id: str,
    document: DevicesDocument,
    *,
    by: str,
    version: int | None = None,
    changed: Mapping[str, str] | None = None,
    stated_at: datetime | None = None,
) -> CaseFile:
    """Attach a devices report to a case. Its devices stand against documents as findings do.

    Args:
        changed: devices that were set aside as something else, to what is new; they count as unsure again.

    Raises:
        CaseError: E424 when that very report is attached already.
    """
    return store.change(
        case_id,
        lambda file: [
            *devices_attached(file, document),
            *_doubted(devices.record_of(document), changed or {}),
        ],
        by=by,
        version=version,
        stated_at=stated_at,
        blobs=[document.content],
    )


def devices_attached(file: CaseFile, document: DevicesDocument) -> list[Draft]:
    """Make the event of `attach_devices`."""
    if any(one.sha256 == document.sha256 for one in file.device_reports):
        raise error("E424.devices_held", case=file.case.id, report=f"v_{document.sha256[:12]}")
    return [Draft(EventKind.DEVICES_ATTACHED, {"report": devices.record_of(document)})]


def _blobs_of(scan: ScanFile, counting: Counting | None) -> list[bytes | Content]:
    blobs: list[bytes | Content] = [scan.held]
    if scan.decided is not None and counting is not None:
        blobs.append(canonical_json(scan.decided).encode())
    return blobs


def _attached(store: Store, file: CaseFile, scan: ScanFile, counting: Counting | None) -> list[Draft]:
    if any(run.scan_sha256 == scan.run["scan_sha256"] for run in file.runs):
        raise error("E424.scan_held", case=file.case.id, scan=scan.run["id"])
    payload: dict[str, Any] = {"run": dict(scan.run)}
    if scan.only is not None:
        payload["only"] = list(scan.only)
    drafts = [Draft(EventKind.RUN_ATTACHED, payload)]
    if scan.facts:
        drafts.append(Draft(EventKind.FACT_STATED, {"facts": dict(scan.facts), "source": scan.run["id"]}))
    if scan.decided is not None and counting is not None:
        drafts += _determination(
            store,
            replace(file, case=replace(file.case, facts=canonical_json({**_facts(file), **scan.facts}))),
            scan.decided,
            scan.facts,
            (scan.run["id"],),
            counting,
        )
    return drafts


def _facts(file: CaseFile) -> dict[str, Any]:
    value = json.loads(file.case.facts)
    assert isinstance(value, dict)
    return value


def state_facts(
    store: Store,
    case_id: str,
    facts: Mapping[str, Any],
    *,
    by: str,
    version: int,
    as_of: date | None = None,
    counting: Counting | None = None,
    stated_at: datetime | None = None,
) -> CaseFile:
    """State facts of the decision vocabulary; `None` takes one back. Clocks that they start are opened.

    Facts are expected to be checked against the vocabulary; the pipeline does it.
    """
    held = store.case(case_id)
    stored = _data(store, held)

    def make(file: CaseFile) -> list[Draft]:
        payload: dict[str, Any] = {"facts": dict(facts)}
        if as_of is not None:
            payload["as_of"] = as_of.isoformat()
        drafts = [Draft(EventKind.FACT_STATED, payload)]
        if stored is not None and counting is not None:
            after = replace(file, case=replace(file.case, facts=canonical_json({**_facts(file), **facts})))
            for name in facts:
                if name.startswith("event.") and facts[name] is not None:
                    drafts += _clocks(store, after, stored, counting, start=name)
        return drafts

    return store.change(case_id, make, by=by, version=version, stated_at=stated_at)


def _data(store: Store, file: CaseFile) -> dict[str, Any] | None:
    stored = file.determination()
    if stored is None:
        return None
    value = json.loads(store.blob(stored.sha256))
    assert isinstance(value, dict)
    return value


def note(store: Store, case_id: str, text: str, *, by: str, stated_at: datetime | None = None) -> CaseFile:
    """Write a remark. It overwrites nothing, so it needs no version."""
    draft = Draft(EventKind.NOTED, {"text": in_words(text, "note")})
    return store.change(case_id, [draft], by=by, stated_at=stated_at)


def assign(store: Store, case_id: str, to: str, *, by: str, version: int) -> CaseFile:
    """Give a case to a person; an empty name takes it back."""
    name = person(to, what="assignee") if to.strip() else ""
    return store.change(case_id, [Draft(EventKind.ASSIGNED, {"to": name})], by=by, version=version)


#: What may come between looking at a finding and judging it: it is about others, or decides nothing.
_BESIDE = frozenset({EventKind.JUDGED, EventKind.NOTED, EventKind.ASSIGNED})


def judge(
    store: Store,
    case_id: str,
    finding_id: str,
    verdict: Verdict,
    *,
    by: str,
    reason: str,
    until: date | None = None,
    version: int | None = None,
    stated_at: datetime | None = None,
    asks_version: bool = False,
) -> CaseFile:
    """Say of a finding, or of a device (`d_...`), whether it is what it says.

    Args:
        version: version of the case that the caller read; judgements of other findings since are in nobody's way.
        asks_version: whether what somebody else judged last stands in the way of a caller who names no version.

    Raises:
        CaseError: E438 no reason, or `cleared` without a last day; E439 the case holds no such finding; E447 no such
            device; E422 the case has changed since `version`; E430 a last day that is over, or too far away.
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
        if asks_version and version is None:
            last = next(reversed(store.judgements_in(case_id, finding_ids=(finding_id,))), None)
            if last is not None and not store.same_person(last.by, store.author(by)):
                raise error("E422.no_version", case=case_id, by=last.by, verdict=last.verdict.value)
        _not_over(store, file, until, stated_at)
        return [Draft(EventKind.JUDGED, {**payload, **_source(run)})]

    return store.change(
        case_id, make, by=by, version=version, stated_at=stated_at, beside=_BESIDE, about=finding_id
    )


#: Ids of mentions begin so.
MENTION = "m_"


def see_mentions(
    store: Store,
    case_id: str,
    keys: Sequence[str],
    *,
    by: str,
    reason: str,
    stated_at: datetime | None = None,
) -> CaseFile:
    """Say of mentions (`m_...`) that somebody looked at them, and they are no equipment: each is judged `different`.

    Raises:
        CaseError: E438 no reason.
    """
    said = _said(Verdict.DIFFERENT, reason, None)

    def make(file: CaseFile) -> list[Draft]:
        source = _source(file.made_runs[-1])
        return [Draft(EventKind.JUDGED, {"finding_id": key, **said, **source}) for key in keys]

    return store.change(case_id, make, by=by, stated_at=stated_at, beside=_BESIDE)


def judge_many(
    store: Store,
    case_id: str,
    where: FindingFilter,
    verdict: Verdict,
    *,
    by: str,
    reason: str,
    expect: tuple[int, str],
    until: date | None = None,
    stated_at: datetime | None = None,
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
        _not_over(store, file, until, stated_at)
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

    return store.change(case_id, make, by=by, stated_at=stated_at, blobs=blobs)


def take_back(
    store: Store,
    case_id: str,
    judged: int,
    *,
    by: str,
    reason: str = "",
    version: int | None = None,
    stated_at: datetime | None = None,
) -> CaseFile:
    """Take a judgement back, one of many as a whole: what was said before it stands again. Nothing of it is deleted.

    Args:
        judged: the event that judged.
        by: who judged; what others said is judged anew instead.
        reason: why; may be empty.
        version: of the case for which the caller saw what stands again.

    Raises:
        CaseError: E423 the event judged nothing, or was taken back; E424 somebody else judged; E414 what stands again clears,
            and no key shows who does this; E422 the case has changed since `version`.
    """
    why = in_words(reason, "reason") if reason.strip() else ""

    def make(_: CaseFile) -> list[Draft]:
        said = store.judged_at(case_id, judged)
        if said is None:
            raise error("E423.judgement", case_id=case_id, seq=judged)
        if not store.same_person(said.by, store.author(by)):
            raise error("E424.judged_by_another", by=said.by)
        stands = effects.counted(store.stand_again(case_id, said))
        return [Draft(EventKind.TAKEN_BACK, {"judged": judged, "reason": why, "stands": stands})]

    return store.change(case_id, make, by=by, version=version, stated_at=stated_at)


def _said(verdict: Verdict, reason: str, until: date | None) -> dict[str, Any]:
    if verdict is Verdict.CLEARED and until is None:
        raise error("E438.no_last_day", at="until")
    if until is not None:
        _day_in_reach(until, "the last day")
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


def _known_finding(file: CaseFile, finding_id: str) -> None:
    if finding_id not in file.case.finding_ids:
        raise error(
            "E439.case", case=file.case.id, finding_id=finding_id,
            known=", ".join(file.case.finding_ids[:3]) or "a case with findings",
        )  # fmt: skip


def close(store: Store, case_id: str, *, by: str, reason: str, version: int) -> CaseFile:
    """Close a case.

    Raises:
        CaseError: E431 while clocks run.
    """
    return store.change(
        case_id, [Draft(EventKind.CLOSED, {"reason": in_words(reason, "reason")})], by=by, version=version
    )


def reopen(store: Store, case_id: str, *, by: str, reason: str, version: int) -> CaseFile:
    """Open a closed case again."""
    return store.change(
        case_id, [Draft(EventKind.REOPENED, {"reason": in_words(reason, "reason")})], by=by, version=version
    )


# Determinations


def determine(
    store: Store,
    case_id: str,
    data: Mapping[str, Any],
    *,
    by: str,
    version: int,
    counting: Counting,
    stated_at: datetime | None = None,
) -> CaseFile:
    """Store what the law says about a case, and open the clocks that it starts.

    Args:
        data: `proscribe.decide/1` with the one case.
    """
    held = store.case(case_id)
    drafts = _determination(store, held, data, _facts(held), tuple(run.id for run in held.runs), counting)
    return store.change(
        case_id,
        drafts,
        by=by,
        version=version,
        stated_at=stated_at,
        blobs=[canonical_json(dict(data)).encode()],
    )


def _determination(
    store: Store,
    file: CaseFile,
    data: Mapping[str, Any],
    facts: Mapping[str, Any],
    run_ids: Sequence[str],
    counting: Counting,
) -> list[Draft]:
    text = canonical_json(dict(data))
    before = file.determination()
    number = len(file.determinations) + 1
    decisions = list(data["findings"].values() if "findings" in data else data["cases"])
    outcomes = [item["outcome"] for item in decisions]
    regimes = sorted({item["regime"] for decision in decisions for item in decision["determinations"]})
    day = date.fromisoformat(data["as_of"])
    # A scan may have been decided with other knowledge than is at hand; then its rules are not named one by one.
    same = data["knowledge"]["sha256"] == counting.knowledge_sha256
    rules = [rule for regime in regimes for rule in (same and counting.rules(regime, day)) or (regime,)]
    payload = {
        "id": f"D{number}",
        "version": number,
        "supersedes": "" if before is None else before.id,
        "data": "",
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "outcome": min(outcomes, key=lambda name: Outcome(name).rank, default=Outcome.NOT_COVERED.value),
        "facts": canonical_json(dict(facts)),
        "as_of": data["as_of"],
        "run_ids": list(run_ids),
        "knowledge_version": data["knowledge"]["version"],
        "knowledge_sha256": data["knowledge"]["sha256"],
        "rules": rules,
    }
    drafts = [Draft(EventKind.DETERMINED, {"determination": payload})]
    return drafts + _clocks(store, file, data, counting, why=f"D{number}")


def _clocks(
    store: Store,
    file: CaseFile,
    data: Mapping[str, Any],
    counting: Counting,
    *,
    start: str = "",
    why: str = "",
) -> list[Draft]:
    today = store.today(file.case.zone)
    newest = file.determination()
    source = why or (newest.id if newest is not None else "")
    fresh = [
        replace(item, determination_id=source, knowledge_sha256=data["knowledge"]["sha256"])
        for item in clock.opened_by(data, file, counting, today=today, start=start)
    ]
    known = {item.id: item for item in file.deadlines}
    drafts = [
        Draft(
            EventKind.DEADLINE_WITHDRAWN,
            {"id": item.id, "why": f"counted from another start by {why or 'the facts stated since'}"},
        )
        for item in clock.superseded(file, fresh)
    ]
    for item in fresh:
        before = known.get(item.id)
        if before is None or (before.doubtful and not item.doubtful and before.met_at is None):
            drafts.append(_opened(item))
    return drafts


def _opened(item: Deadline) -> Draft:
    value = item.to_json()
    for name in ("case_id", "met_at", "met_by", "met_how", "withdrawn"):
        del value[name]
    return Draft(EventKind.DEADLINE_OPENED, {"deadline": value})


def approve_determination(
    store: Store, case_id: str, determination_id: str, *, by: str, version: int
) -> CaseFile:
    """Approve the newest determination. Its author cannot.

    Raises:
        CaseError: E426 when author and approver are one person.
    """
    draft = Draft(EventKind.DETERMINATION_APPROVED, {"id": determination_id})
    return store.change(case_id, [draft], by=by, version=version)


# Clocks


def add_deadline(
    store: Store, case_id: str, *, title: str, due: str, by: str, citation: str = "", lasting: bool = False
) -> CaseFile:
    """Watch a deadline that a person sets.

    Args:
        due: an ISO day, or an instant with offset.
        lasting: whether it may outlive the case.

    Raises:
        CaseError: E440 when `due` is neither.
    """
    words = in_words(title, "title", limit=500)
    try:
        when = date.fromisoformat(due).isoformat() if len(due) == 10 else instant_text(parse_instant(due))
        _day_in_reach(date.fromisoformat(when[:10]), "the last day")
    except (ValueError, OverflowError):
        raise error("E440.day", due=due) from None

    def make(file: CaseFile) -> list[Draft]:
        item = clock.set_by_hand(
            file, words, when, citation.strip(), store.today(file.case.zone), lasting=lasting
        )
        if any(one.id == item.id for one in file.deadlines):
            raise error("E424.watched", case_id=case_id, deadline=item.id)
        return [_opened(item)]

    return store.change(case_id, make, by=by)


def meet(
    store: Store,
    case_id: str,
    deadline_id: str,
    *,
    by: str,
    how: str,
    counting: Counting | None = None,
    version: int | None = None,
    stated_at: datetime | None = None,
) -> CaseFile:
    """Say that a deadline was met. A recurring one begins its next round; that of a first report starts what runs from it.

    Args:
        counting: what the clocks are counted with that a first report starts; without it none is started.
    """
    stored = _data(store, store.case(case_id))

    def make(file: CaseFile) -> list[Draft]:
        drafts = _met(store, file, deadline_id, in_words(how, "proof"), stated_at)
        item = record(file.deadlines, deadline_id, "deadline", case_id)
        first = item.stage == STAGE_OF_EVENT["event.identified_at"]
        if first and counting is not None and "event.reported_at" not in _facts(file):
            drafts += _reported(store, file, stored, stated_at or store.now(), counting)
        return drafts

    return store.change(case_id, make, by=by, version=version, stated_at=stated_at)


def _met(store: Store, file: CaseFile, deadline_id: str, how: str, at: datetime | None) -> list[Draft]:
    item = record(file.deadlines, deadline_id, "deadline", file.case.id)
    when = at or store.now()
    if item.stage in STAGE_OF_EVENT.values() and clock.before_start(item, when):
        raise error(
            "E430.met_before",
            deadline_id=deadline_id,
            instant_text=instant_text(when),
            starts_at=item.starts_at,
        )
    drafts = [Draft(EventKind.DEADLINE_MET, {"id": deadline_id, "how": how, "met_at": instant_text(when)})]
    if item.stage == "recurring":
        drafts.append(_opened(clock.next_round(item, when)))
    return drafts


def withdraw(
    store: Store, case_id: str, deadline_id: str, *, by: str, reason: str, version: int | None = None
) -> CaseFile:
    """Say why a deadline does not stand."""
    draft = Draft(EventKind.DEADLINE_WITHDRAWN, {"id": deadline_id, "why": in_words(reason, "reason")})
    return store.change(case_id, [draft], by=by, version=version)


# Documents


def of_paper(
    data: Mapping[str, Any], files: Mapping[str, tuple[str, bytes]], *, supersedes: str = ""
) -> StoredDocument:
    """Give a document that was built (`proscribe.paper.*`) the shape in which a case keeps it.

    Args:
        data: the JSON of the document.
        files: name of each rendering to its media type and bytes.
        supersedes: id of the document that it replaces.

    Raises:
        CaseError: E433 when it is no such document.
    """
    try:
        obstacles = {item["id"]: item for item in data["obstacles"]}
        overrides = tuple(
            Override(
                obstacles[name]["code"], name, item["reason"], item["approver"], parse_instant(item["at"])
            )
            for item in data["overrides"]
            for name in item["obstacle_ids"]
            if name in obstacles
        )
        return StoredDocument(
            id="",
            case_id="",
            type=data["type"],
            version=0,
            supersedes=supersedes,
            schema=data["schema"],
            data=canonical_json(dict(data)),
            sha256="",
            author="",
            built_at=parse_instant(data["made_at"]),
            stage=data.get("stage", ""),
            obligations=tuple(
                dict.fromkeys(item["obligation"] for item in data["checklist"] if item["obligation"])
            ),
            files=tuple(
                StoredFile(name, kind, len(content), hashlib.sha256(content).hexdigest())
                for name, (kind, content) in sorted(files.items())
            ),
            refusals=tuple(Refusal(item["code"], item["what"], name) for name, item in obstacles.items()),
            overrides=overrides,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise error("E433.document", name=type(problem).__name__, problem=problem) from None


def store_paper(
    store: Store,
    case_id: str,
    data: Mapping[str, Any],
    files: Mapping[str, tuple[str, bytes]],
    *,
    by: str,
    version: int,
    supersedes: str = "",
    made_from: bytes = b"",
    scans: Sequence[bytes] = (),
    stated_at: datetime | None = None,
    again: Sequence[RanAgain] = (),
    statement: tuple[bytes, Sequence[str]] | None = None,
) -> CaseFile:
    """Store a document that was built, with its renderings; reports get the next number of the case.

    Args:
        made_from: what people said for it and how it was made; kept beside it.
        scans: scans beside those of the case that it was made from; kept beside it.
        again: scans that were run again for it, which is kept with it.
        statement: content and fields of what its author stated for it; see `state`.
    """
    document = of_paper(data, files, supersedes=supersedes)
    document = replace(
        document,
        made_from=hashlib.sha256(made_from).hexdigest() if made_from else "",
        scans=tuple(hashlib.sha256(one).hexdigest() for one in scans),
    )
    newest = store.case(case_id).determination()
    if newest is not None:
        document = replace(document, determination_id=newest.id)
    contents = {name: content for name, (_, content) in files.items()}
    return store_document(
        store,
        case_id,
        document,
        contents,
        by=by,
        version=version,
        numbered=bool(document.stage),
        beside=[*([made_from] if made_from else []), *scans],
        stated_at=stated_at,
        again=again,
        statement=statement,
    )


def store_document(
    store: Store,
    case_id: str,
    document: StoredDocument,
    files: Mapping[str, bytes],
    *,
    by: str,
    version: int,
    numbered: bool = False,
    beside: Sequence[bytes] = (),
    stated_at: datetime | None = None,
    again: Sequence[RanAgain] = (),
    statement: tuple[bytes, Sequence[str]] | None = None,
) -> CaseFile:
    """Store a document that was built. The store gives it id, version and, when asked, a report number.

    Args:
        document: with `type`, `schema`, `data`, `stage`, `obligations`, `supersedes`, `refusals`, `overrides`, `files`;
            id, version, author and times are set here. `sha256` may be empty.
        files: content of `document.files` by name.
        numbered: whether it gets the next report number of the case.
        beside: further content that the document names by digest.
        again: scans that were run again for it and came out the same.
        statement: content and fields of what its author stated for it.

    Raises:
        CaseError: E423 when what it supersedes is not there; E424 when that was superseded before; E442 when a file's
            content is not what its digest says.
    """
    data = document.data.encode()
    blobs = [data, *beside, *(content for one in again for content in one.contents)]
    if statement is not None:
        blobs.append(statement[0])
    for item in document.files:
        content = files.get(item.name)
        if content is None or hashlib.sha256(content).hexdigest() != item.sha256 or len(content) != item.size:
            raise error("E442.document", name=item.name)
        blobs.append(content)

    def make(file: CaseFile) -> list[Draft]:
        place = 1
        number = ""
        if document.determination_id:
            record(file.determinations, document.determination_id, "determination", case_id)
        if document.supersedes:
            old = record(file.documents, document.supersedes, "document", case_id)
            newer = next((one for one in file.documents if one.supersedes == old.id), None)
            if newer is not None:
                raise error("E424.superseded_before", old=old.id, newer=newer.id)
            if old.submitted_at is not None:
                raise error("E424.submitted", old=old.id)
            place = old.version + 1
            number = old.number
        if numbered and not number:
            taken = len({one.number for one in file.documents if one.number})
            number = f"{case_id}-R{taken + 1}"
        value = document.to_json()
        for name in (
            "case_id", "author", "built_at", "approver", "approved_at", "signer", "signed_at",
            "envelope_sha256", "submitted_at",
        ):  # fmt: skip
            del value[name]
        value.update(
            id=f"DOC{len(file.documents) + 1}",
            version=place,
            data="",
            sha256=hashlib.sha256(data).hexdigest(),
            # a superseded version keeps its record; the number goes with the newest
            number=number,
        )
        said = [] if statement is None else stated(file, *statement)
        return [*(one.draft() for one in again), *said, Draft(EventKind.DOCUMENT_STORED, {"document": value})]

    return store.change(case_id, make, by=by, version=version, stated_at=stated_at, blobs=blobs)


def approve_document(store: Store, case_id: str, document_id: str, *, by: str, version: int) -> CaseFile:
    """Approve a document. Its author cannot, nor can anyone while a refusal stands.

    Raises:
        CaseError: E426 author and approver are one; E435 refusals stand.
    """
    draft = Draft(EventKind.DOCUMENT_APPROVED, {"id": document_id})
    return store.change(case_id, [draft], by=by, version=version)


def withdraw_approval(
    store: Store, case_id: str, document_id: str, *, by: str, reason: str, version: int
) -> CaseFile:
    """Withdraw the approval of a document that was neither signed nor sent; whoever gave it does, and it may be given anew.

    Raises:
        CaseError: E424 when it is not approved, was signed, or was approved by another; E432 when it went out; E438 no reason.
    """
    payload = {"id": document_id, "why": in_words(reason, "reason")}
    return store.change(case_id, [Draft(EventKind.APPROVAL_WITHDRAWN, payload)], by=by, version=version)


def sign_document(
    store: Store,
    case_id: str,
    document_id: str,
    envelope: bytes,
    *,
    by: str,
    version: int,
    unless: Callable[[], None],
) -> CaseFile:
    """Keep the signature of an approved document: the bytes of its DSSE envelope.

    Args:
        unless: raises where something came to the store that forbids it; asked while nobody else can write.
    """
    payload = {"id": document_id, "envelope_sha256": hashlib.sha256(envelope).hexdigest()}

    def make(_: CaseFile) -> list[Draft]:
        unless()
        return [Draft(EventKind.DOCUMENT_SIGNED, payload)]

    return store.change(case_id, make, by=by, version=version, blobs=[envelope])


def submit(
    store: Store,
    case_id: str,
    *,
    by: str,
    to: str,
    version: int,
    counting: Counting,
    document_id: str = "",
    meets: Iterable[str] = (),
    how: str = "",
    stated_at: datetime | None = None,
) -> CaseFile:
    """Say that a report or representation went to its addressee. Meets its deadline and starts follow-up clocks.

    Args:
        to: the addressee.
        document_id: the document; empty for a report made elsewhere, which `how` then describes.
        meets: ids of deadlines that it meets, beside those of the document's own duty.
        stated_at: when it went out.

    Raises:
        CaseError: E432 when it went out before; E424 when the document is not approved, or none is named and one that the
            case holds for the same duty waits to be sent.
    """
    held = store.case(case_id)
    stored = _data(store, held)
    named = tuple(meets)
    how = how.strip()
    said: Mapping[str, Any] = {}
    if document_id:
        said = json.loads(store.blob(record(held.documents, document_id, "document", case_id).sha256))
    if not document_id:
        how = in_words(how, "description of what was sent")

    def make(file: CaseFile) -> list[Draft]:
        when = stated_at or store.now()
        payload = {"id": document_id, "to": in_words(to, "addressee"), "how": how, "meets": list(named)}
        drafts = [Draft(EventKind.SUBMITTED, payload)]
        document = None
        if document_id:
            document = record(file.documents, document_id, "document", case_id)
        ids = list(dict.fromkeys(named))
        if document is not None:
            ids += [
                item.id
                for item in file.open_deadlines()
                if item.obligation in document.obligations and item.id not in ids
            ]
        kept = {item.id: item for item in file.deadlines}
        if document is None:
            _no_document_waits(file, [kept[identity] for identity in ids if identity in kept])
        _not_reported_elsewhere(store, file, [kept[identity] for identity in ids if identity in kept])
        for identity in ids:
            if identity in kept and kept[identity].met_at is not None:
                raise error("E432.duty_met", identity=identity, met_by=kept[identity].met_by, case_id=case_id)
            drafts += _met(
                store,
                file,
                identity,
                f"submitted to {to}" + (f": {document_id}" if document_id else ""),
                when,
            )
        first = any(kept[identity].stage == "first" for identity in ids if identity in kept) or (
            document is not None and document.stage == "first"
        )
        if first and "event.reported_at" not in _facts(file):
            drafts += _reported(store, file, stored, when, counting)
        if document is not None:
            end = clock.end_of_document(document, said, file)
            if end is not None and end.id not in kept:
                drafts.append(_opened(end))
        return drafts

    return store.change(case_id, make, by=by, version=version, stated_at=stated_at)


def _reported(
    store: Store, file: CaseFile, stored: Mapping[str, Any] | None, when: datetime, counting: Counting
) -> list[Draft]:
    """State the instant of the first report, and start the clocks that run from it."""
    said = when.astimezone(clock.zone_of(file.case.zone)).replace(microsecond=0).isoformat()
    facts = {"event.reported_at": said}
    drafts = [Draft(EventKind.FACT_STATED, {"facts": facts})]
    if stored is not None:
        after = replace(file, case=replace(file.case, facts=canonical_json({**_facts(file), **facts})))
        drafts += _clocks(store, after, stored, counting, start="event.reported_at")
    return drafts


def _no_document_waits(file: CaseFile, duties: Sequence[Deadline]) -> None:
    """Refuse to meet a duty without a word of the document that was made for it."""
    replaced = {one.supersedes for one in file.documents}
    for duty in duties:
        for one in file.documents:
            same = one.stage == duty.stage or not one.stage or not duty.stage
            if (
                duty.obligation in one.obligations
                and same
                and one.submitted_at is None
                and one.id not in replaced
            ):
                raise error(
                    "E424.document_waits",
                    document=one.id,
                    duty=duty.id,
                    state="approved" if one.approver else "not approved yet",
                    case=file.case.id,
                )


def _not_reported_elsewhere(store: Store, file: CaseFile, duties: Sequence[Deadline]) -> None:
    """Refuse a report that another case over the same scan and contract has made.

    It is asked inside the transaction of the writer: whoever came before is seen, and whoever comes after waits.
    """
    reports = {(item.obligation, item.stage, item.starts_at) for item in duties if item.stage in _REPORTS}
    if not reports:
        return
    names = {name for run in file.runs for name in store.cases_with_scan(run.scan_sha256)} - {file.case.id}
    for name in sorted(names):
        other = store.case(name)
        if other.case.contract.casefold() != file.case.contract.casefold():
            continue  # each contract has its own report
        for item in other.deadlines:
            if item.met_at is not None and (item.obligation, item.stage, item.starts_at) in reports:
                raise error(
                    "E432.other_case",
                    name=name,
                    and_contract=" and contract" if file.case.contract else "",
                    met_how=item.met_how[:200],
                )


# Waivers


def draft_waiver(
    store: Store,
    case_id: str,
    waiver: Mapping[str, Any],
    *,
    by: str,
    version: int,
    waiver_id: str = "",
    stated_at: datetime | None = None,
) -> CaseFile:
    """Write the request for a waiver, or replace a draft of it.

    Args:
        waiver: fields of `Waiver` that are known: `grantor`, `route`, `part`, `scope`, `citation`, `agency`,
            `justification`, `laydown`, `phase_out`, `valid_from`, `valid_to`, `finding_ids`.
        waiver_id: the draft to replace.
    """
    value = dict(waiver)
    value["scope"] = in_words(str(value.get("scope", "")), "scope")
    if value.get("valid_to"):
        _day_in_reach(date.fromisoformat(value["valid_to"]), "the last day asked for")

    def make(file: CaseFile) -> list[Draft]:
        if waiver_id:
            record(file.waivers, waiver_id, "waiver", case_id)
        for finding_id in value.get("finding_ids", ()):
            _known_finding(file, finding_id)
        identity = waiver_id or f"W{len(file.waivers) + 1}"
        return [Draft(EventKind.WAIVER_DRAFTED, {"waiver": {**value, "id": identity}})]

    return store.change(case_id, make, by=by, version=version, stated_at=stated_at)


def grant_waiver(
    store: Store,
    case_id: str,
    waiver_id: str,
    *,
    by: str,
    version: int,
    granted_on: date,
    valid_from: date,
    valid_to: date | None,
    proof: bytes,
    conditions: Sequence[str] = (),
    readiness: Mapping[str, Any] | None = None,
    stated_at: datetime | None = None,
) -> CaseFile:
    """Record that a waiver was granted, with the proof copy, and watch its end.

    Args:
        valid_to: last day as granted; where none is told, the last day that was asked for holds, and no longer.
        readiness: what the law said of the route on the day of the grant, with the knowledge that said so.

    Raises:
        CaseError: E426 when the author of the request records it; E430 dates out of order, such as a grant before it was asked
            for, or one that holds before it was given; E442 no proof copy.
    """
    if not proof:
        raise error("E442.grant")
    _day_in_reach(valid_from, "the first day of the waiver")
    if valid_to is not None:
        _day_in_reach(valid_to, "the last day of the waiver")
    if valid_from < granted_on:
        raise error("E430.waiver_begins", valid_from=valid_from, granted_on=granted_on)
    payload: dict[str, Any] = {
        "id": waiver_id,
        "granted_on": granted_on.isoformat(),
        "valid_from": valid_from.isoformat(),
        "conditions": [in_words(item, "condition") for item in conditions],
        "document_sha256": hashlib.sha256(proof).hexdigest(),
    }
    if readiness is not None:
        payload["readiness"] = dict(readiness)

    def make(file: CaseFile) -> list[Draft]:
        item: Waiver = record(file.waivers, waiver_id, "waiver", case_id)
        asked_on = item.requested_at.astimezone(clock.zone_of(file.case.zone)).date()
        if granted_on < asked_on:
            raise error("E430.grant_unasked", id=waiver_id, granted_on=granted_on, asked_on=asked_on)
        last = valid_to or item.valid_to
        if last is not None and last < valid_from:
            raise error("E430.waiver_ends", valid_to=last, valid_from=valid_from)
        drafts = [
            Draft(
                EventKind.WAIVER_GRANTED, {**payload, "valid_to": None if last is None else last.isoformat()}
            )
        ]
        granted = replace(item, valid_from=valid_from, valid_to=last)
        end = clock.end_of_waiver(granted, file)
        return drafts if end is None else [*drafts, _opened(end)]

    return store.change(case_id, make, by=by, version=version, stated_at=stated_at, blobs=[proof])


def revoke_waiver(
    store: Store, case_id: str, waiver_id: str, *, by: str, version: int, on: date, reason: str
) -> CaseFile:
    """Record that a granted waiver was revoked; from that day it lifts nothing."""
    _day_in_reach(on, "the day of the revocation")

    def make(file: CaseFile) -> list[Draft]:
        drafts = [
            Draft(
                EventKind.WAIVER_REVOKED,
                {"id": waiver_id, "on": on.isoformat(), "why": in_words(reason, "reason")},
            )
        ]
        drafts += [
            Draft(EventKind.DEADLINE_WITHDRAWN, {"id": item.id, "why": f"revoked on {on.isoformat()}"})
            for item in file.open_deadlines()
            if item.obligation == f"waiver/{waiver_id}/end"
        ]
        return drafts

    return store.change(case_id, make, by=by, version=version)
