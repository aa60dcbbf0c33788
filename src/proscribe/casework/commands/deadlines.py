"""Commands on deadlines: watched, met, withdrawn; and the clocks that facts and determinations start."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from proscribe.casework import clock
from proscribe.casework.clock import Counting
from proscribe.casework.commands.checks import day_in_reach, facts_of, in_words, newest_determined
from proscribe.casework.events import Draft
from proscribe.casework.lifecycle import record
from proscribe.casework.store import Store
from proscribe.model.authors import Author
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import (
    STAGE_OF_EVENT,
    CaseFile,
    Deadline,
    EventKind,
)
from proscribe.model.errors import error
from proscribe.model.periods import instant_text, parse_instant


def clocks_started(
    store: Store,
    file: CaseFile,
    data: Mapping[str, Any],
    counting: Counting,
    *,
    start: str = "",
    why: str = "",
) -> list[Draft]:
    """Make the events that open the clocks of a determination, and withdraw those that it counts from another start.

    Args:
        data: the determination, `proscribe.decide/1`.
        start: the fact whose clocks alone are opened, such as `event.reported_at`; empty for all.
        why: the id of the determination; by default the newest of the case.
    """
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
            drafts.append(deadline_opened(item))
    return drafts


def deadline_opened(item: Deadline) -> Draft:
    """Make the event that opens a clock."""
    value = item.to_json()
    for name in ("case_id", "met_at", "met_by", "met_how", "withdrawn"):
        del value[name]
    return Draft(EventKind.DEADLINE_OPENED, {"deadline": value})


def add_deadline(
    store: Store, case_id: str, *, title: str, due: str, by: Author, citation: str = "", lasting: bool = False
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
        day_in_reach(date.fromisoformat(when[:10]), "the last day")
    except (ValueError, OverflowError):
        raise error("E440.day", due=due) from None

    def make(file: CaseFile) -> list[Draft]:
        item = clock.set_by_hand(
            file, words, when, citation.strip(), store.today(file.case.zone), lasting=lasting
        )
        if any(one.id == item.id for one in file.deadlines):
            raise error("E424.watched", case_id=case_id, deadline=item.id)
        return [deadline_opened(item)]

    return store.change(case_id, make, by=by)


def meet(
    store: Store, case_id: str, deadline_id: str, *, by: Author, how: str, counting: Counting | None = None
) -> CaseFile:
    """Say that a deadline was met. A recurring one begins its next round; that of a first report starts what runs from it.

    Args:
        counting: what the clocks are counted with that a first report starts; without it none is started.
    """
    stored = newest_determined(store, store.case(case_id))

    def make(file: CaseFile) -> list[Draft]:
        drafts = met(store, file, deadline_id, in_words(how, "proof"), by.stated_at)
        item = record(file.deadlines, deadline_id, "deadline", case_id)
        if item.stage == STAGE_OF_EVENT["event.identified_at"] and counting is not None:
            when = by.stated_at or store.now()
            drafts += first_reported(store, file, stored, when, counting, met_by=(deadline_id,))
        return drafts

    return store.change(case_id, make, by=by)


def met(store: Store, file: CaseFile, deadline_id: str, how: str, at: datetime | None) -> list[Draft]:
    """Make the events that meet a deadline of a case, with the next round of one that recurs.

    Raises:
        CaseError: E423 no such deadline; E430 it was met before it began.
    """
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
        drafts.append(deadline_opened(clock.next_round(item, when)))
    return drafts


def withdraw(store: Store, case_id: str, deadline_id: str, *, by: Author, reason: str) -> CaseFile:
    """Say why a deadline does not stand."""
    draft = Draft(EventKind.DEADLINE_WITHDRAWN, {"id": deadline_id, "why": in_words(reason, "reason")})
    return store.change(case_id, [draft], by=by)


def first_reported(
    store: Store,
    file: CaseFile,
    stored: Mapping[str, Any] | None,
    when: datetime,
    counting: Counting,
    *,
    met_by: Collection[str],
) -> list[Draft]:
    """State the instant of a first report where none is stated, and start the clocks that run from it.

    Args:
        met_by: ids of the deadlines that the report met, and of its document.
    """
    said = when.astimezone(clock.zone_of(file.case.zone)).replace(microsecond=0).isoformat()
    facts = {"event.reported_at": said}
    stated = facts_of(file)
    drafts = [] if "event.reported_at" in stated else [Draft(EventKind.FACT_STATED, {"facts": facts})]
    if stored is not None:
        after = replace(
            file,
            case=replace(file.case, facts=canonical_json({**facts, **stated})),
            deadlines=tuple(replace(one, met_at=when) if one.id in met_by else one for one in file.deadlines),
            documents=tuple(
                replace(one, submitted_at=when) if one.id in met_by else one for one in file.documents
            ),
        )
        drafts += clocks_started(store, after, stored, counting, start="event.reported_at")
    return drafts
