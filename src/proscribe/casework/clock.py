"""Clocks: which duties run, from when, until when, and whether they were kept.

A duty's clock comes with the determination (`deadline: {count, unit, from}`) and starts from a fact such as
`event.identified_at`, or from a `submitted` event of the case, which is `event.reported_at`. Days are counted in the time
zone of the case; business days over a calendar that is named with its digest. Where the start of a clock is doubtful, the
deadline is opened all the same and says so: an early report costs less than a late one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from proscribe.model.canonical import canonical_json, digest
from proscribe.model.casework import STAGE_OF_EVENT, CaseFile, Deadline, StoredDocument, Waiver
from proscribe.model.errors import error
from proscribe.model.law import DeadlineSpec
from proscribe.model.periods import instant_text
from proscribe.rules.deadlines import BEYOND, Calendar, add_months, due
from proscribe.rules.duty_words import clock_words
from proscribe.rules.facts import FACTS, WrongValue, day_of, typed

_FIRST_INSTANT = datetime(1, 1, 2, tzinfo=UTC)
_LAST_INSTANT = datetime(9999, 12, 30, tzinfo=UTC)
#: Files of a zone database that mean another zone on each machine, or none.
_NO_ZONES = ("localtime", "posixrules", "Factory")


@dataclass(frozen=True, slots=True)
class Counting:
    """What days are counted with, and what decides.

    Attributes:
        calendar: closed days.
        sha256: digest of the rows of the calendar.
        rules: gives the ids, with version, of the rules of a regime that are in force on a day.
        knowledge_sha256: digest of the knowledge that holds those rules.
    """

    calendar: Calendar
    sha256: str
    rules: Callable[[str, date], Sequence[str]] = lambda regime, day: ()
    knowledge_sha256: str = ""

    @classmethod
    def of(
        cls,
        calendar: Calendar,
        rules: Callable[[str, date], Sequence[str]] = lambda regime, day: (),
        knowledge_sha256: str = "",
    ) -> Counting:
        """Name a calendar with the digest of what it holds."""
        rows = [[day.isoformat(), entry.name, entry.kind] for day, entry in sorted(calendar.closed.items())]
        text = canonical_json([calendar.name, calendar.count_closures, rows])
        return cls(calendar, hashlib.sha256(text.encode()).hexdigest(), rules, knowledge_sha256)


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty of a determination with the facts it was found on.

    Attributes:
        value: as in the decision vocabulary, section 4.
        facts: fact name to value as text.
        sure: whether it applies for sure.
        regime: the regime it comes with.
    """

    value: Mapping[str, Any]
    facts: Mapping[str, Any]
    sure: bool
    regime: str


def zone_of(name: str) -> ZoneInfo:
    """Give a time zone.

    Raises:
        CaseError: E440 when there is no zone of that name.
    """
    try:
        if name in _NO_ZONES:
            raise ValueError(name)
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise error("E440.zone", name=name) from None


def duties_of(data: Mapping[str, Any], facts: Mapping[str, Any]) -> Iterator[Duty]:
    """List the duties of a stored determination.

    Args:
        data: `proscribe.decide/1`, or what a decided scan says (`proscribe.decided/1`).
        facts: facts of the case, for answers that do not repeat them.
    """
    if "findings" in data:
        full = data["decided"]["obligations"]
        for decision in data["findings"].values():
            for item in decision["determinations"]:
                for name, sure in (("obligations", True), ("possible_obligations", False)):
                    for duty in item[name]:
                        value = {**full[duty["detail"]], "missing": duty.get("missing", [])}
                        yield Duty(value, decision["decided_on"], sure, item["regime"])
        return
    for case in data.get("cases", ()):
        for item in case["determinations"]:
            for name, sure in (("obligations", True), ("possible_obligations", False)):
                for duty in item.get(name, ()):
                    yield Duty(duty, facts, sure, item["regime"])


def ends_of(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """List the last lawful days (`permitted_until`): regime, day, citation, why."""
    decisions = data["findings"].values() if "findings" in data else data.get("cases", ())
    for decision in decisions:
        for item in decision["determinations"]:
            if item.get("until"):
                because = item.get("because") or item.get("trace", {}).get("because", "")
                yield item["regime"], item["until"], (item["citations"] or [""])[0], because


def opened_by(
    data: Mapping[str, Any], file: CaseFile, counting: Counting, *, today: date, start: str = ""
) -> list[Deadline]:
    """Compute the deadlines that a determination opens.

    Args:
        data: the determination.
        file: the case; its zone counts the days, and its events fill what the determination was not told.
        counting: the calendar.
        today: recurring clocks begin with the first round on or after this day.
        start: only clocks that this fact starts; all by default.

    Returns:
        Deadlines by due day, each duty and start once; a duty that is sure goes before the same in doubt.
    """
    stated = json.loads(file.case.facts)
    found: dict[str, Deadline] = {}
    for duty in duties_of(data, stated):
        if start and duty.value["deadline"].get("from") != start:
            continue
        made = deadline_of(duty, {**_own(stated), **duty.facts}, file, counting, today)
        if made is None:
            continue
        before = found.get(made.id)
        if before is None or (before.doubtful and not made.doubtful):
            found[made.id] = made
    if not start:
        for regime, until, citation, because in ends_of(data):
            made = _end(
                f"{regime}/until",
                "Last lawful day",
                until,
                citation,
                file,
                because,
                start=file.case.as_of.isoformat(),
            )
            found.setdefault(made.id, made)
    zone = zone_of(file.case.zone)
    return sorted(found.values(), key=lambda item: (missed_from(item, zone), item.id))


def _own(stated: Mapping[str, Any]) -> dict[str, Any]:
    # What happened to the case may be recorded after the law was asked, such as that a report went out.
    return {name: value for name, value in stated.items() if name.startswith(("event.", "waiver."))}


def _start(duty: Mapping[str, Any], facts: Mapping[str, Any], file: CaseFile) -> Any:
    """Give the value of the fact that starts the clock of a duty; `None` when it does not run yet."""
    start = duty["deadline"].get("from") or ""
    said = facts.get(start) if start in FACTS else None
    if said is None or STAGE_OF_EVENT.get(start) != "follow-up":
        return said
    return first_reported(duty["id"], said, file)


def first_reported(duty: str, said: Any, file: CaseFile) -> Any:
    """Give when the first report under the clause of a duty was made; `None` where it was not.

    A report under 52.204-25 is none under 52.204-30. Where the instant of a first report was stated without a report of the
    case, its clause is not known and it counts for each, which is earlier.

    Args:
        duty: its id.
        said: what is stated of `event.reported_at`, as text.
    """
    reports = [
        (item.obligation, item.met_at)
        for item in file.deadlines
        if item.stage == "first" and not item.withdrawn
    ]
    reports += [
        (name, item.submitted_at)
        for item in file.documents
        if item.stage == "first"
        for name in item.obligations
    ]
    zone = zone_of(file.case.zone)
    made = [
        (name.partition("/")[0], at.astimezone(zone).replace(microsecond=0))
        for name, at in reports
        if at is not None
    ]
    own = min((at for name, at in made if name == duty.partition("/")[0]), default=None)
    try:
        told = typed("event.reported_at", said)
    except WrongValue:
        return said
    earlier = own is None or (told <= own if isinstance(told, datetime) else told <= own.date())
    if earlier and all(told != at for _, at in made):
        return said
    return None if own is None else own.isoformat()


def deadline_of(
    duty: Duty, facts: Mapping[str, Any], file: CaseFile, counting: Counting, today: date
) -> Deadline | None:
    """Compute one deadline; `None` when the duty has no clock or its start is not known."""
    clock = duty.value["deadline"]
    count, unit, start = clock.get("count"), clock.get("unit") or "", clock.get("from") or ""
    said = _start(duty.value, facts, file)
    if count is None or said is None:
        return None
    try:
        begun = typed(start, said)
    except WrongValue:
        return None
    zone = zone_of(file.case.zone)
    if isinstance(begun, datetime) and unit != "hour":
        # 23:30 in Denver is the same day as it is for the people of that office, whatever offset was written.
        begun = begun.astimezone(zone)
    elif isinstance(begun, date) and not isinstance(begun, datetime) and unit == "hour":
        # Without an hour the clock starts with the day: the earliest it can have been.
        # Its offset is fixed, so that hours added to it are hours even when the clocks change in between.
        begun = datetime.fromisoformat(datetime.combine(begun, time(), tzinfo=zone).isoformat())
    spec = DeadlineSpec(int(count), unit, start, bool(clock.get("recurring")))
    # The zone of the case says which day it was, in UTC as well.
    told = {start: begun if unit == "hour" else day_of(begun)}
    when, note = due(spec, told, counting.calendar)
    if when is None:
        return None
    notes = [note] if note else []
    if unit == "business_day":  # the calendar that counted has a field of its own
        notes = [] if counting.calendar.covers(day_of(when)) else [f"the calendar {BEYOND}"]
    stage = STAGE_OF_EVENT.get(start, "")
    if spec.recurring:
        stage = "recurring"
        first = when
        rounds = 1
        while isinstance(when, date) and when < today and unit in ("day", "month") and spec.count:
            rounds += 1
            when = due(replace(spec, count=spec.count * rounds), told, counting.calendar)[0]
        if when != first:
            notes.append("rounds before this one are not recorded in this case")
    if unit == "hour" and isinstance(typed(start, said), datetime) is False:
        notes.append("the hour of the event is not given; the clock runs from the beginning of that day")
    doubts = tuple(duty.value.get("missing", ()))
    clause_open = duty.value.get("clause") == "not known"
    if doubts:
        notes.append(f"it applies depending on {', '.join(doubts)}")
    if clause_open:
        notes.append("it is not known which clause governs")
    if duty.value.get("reading"):
        notes.append(f"open reading: {duty.value['reading']}")
    assert when is not None
    if unit == "business_day":
        notes += _closures(begun, when, spec, start, counting.calendar)
    return Deadline(
        id=_identity(duty.value["id"], stage, _text(begun)),
        case_id=file.case.id,
        obligation=duty.value["id"],
        title=duty.value.get("title") or duty.value["id"],
        citation=duty.value["citation"],
        starts_at=_text(begun),
        due_at=_text(when.astimezone(zone) if isinstance(when, datetime) else when),
        zone=file.case.zone,
        calendar=counting.calendar.name if unit == "business_day" else "",
        calendar_sha256=counting.sha256 if unit == "business_day" else "",
        start_event=start,
        rule=f"{count} {unit.replace('_', ' ')}{'s' if int(count) != 1 else ''} from {start}"
        + (", recurring" if spec.recurring else ""),
        note="; ".join(notes),
        stage=stage,
        doubtful=not duty.sure or bool(doubts) or clause_open,
        depends_on=doubts,
        clause_open=clause_open,
    )


def _closures(
    begun: date | datetime, when: date | datetime, spec: DeadlineSpec, start: str, calendar: Calendar
) -> list[str]:
    """Say which days closed by order were counted as business days, and what leaving them out would give."""
    first, last = day_of(begun), day_of(when)
    closed = [
        entry
        for day, entry in sorted(calendar.closed.items())
        if first < day <= last and entry.kind == "closure" and day.weekday() < 5
    ]
    if not closed or calendar.count_closures:
        return []
    later = due(spec, {start: first}, replace(calendar, count_closures=True))[0]
    days = ", ".join(f"{entry.day} ({entry.name})" for entry in closed)
    return [
        f"federal offices were closed by order on {days}; the clauses do not say whether such a day counts, and it was "
        f"counted, which is the earlier reading; without it the last day would be {later}"
    ]


def next_round(item: Deadline, met: datetime) -> Deadline:
    """Give the next round of a recurring deadline: its span counted from the day it was done or due, the earlier."""
    count, unit = item.rule.split(" ")[:2]
    zone = zone_of(item.zone)
    day = min(met.astimezone(zone).date(), date.fromisoformat(item.due_at))
    when = add_months(day, int(count)) if unit.startswith("month") else day + timedelta(days=int(count))
    return replace(
        item,
        id=_identity(item.obligation, item.stage, day.isoformat()),
        starts_at=day.isoformat(),
        due_at=when.isoformat(),
        note="",
        met_at=None,
        met_by="",
        met_how="",
    )


def end_of_waiver(waiver: Waiver, file: CaseFile) -> Deadline | None:
    """Give the deadline at the end of a waiver; `None` for one without an end."""
    if waiver.valid_to is None or waiver.valid_from is None:
        return None
    return _end(
        f"waiver/{waiver.id}/end",
        f"Waiver {waiver.id} ends: {waiver.scope}"[:200],
        waiver.valid_to.isoformat(),
        waiver.citation,
        file,
        "what it covers is prohibited again on the next day",
        start=waiver.valid_from.isoformat(),
    )


def end_of_document(document: StoredDocument, data: Mapping[str, Any], file: CaseFile) -> Deadline | None:
    """Give the day until which a submitted document speaks, such as an annual representation; `None` when it has no end.

    The last day and its reason stand in the document (`body.valid_to`, `body.valid_why`), which has them from the knowledge.
    """
    body = data.get("body")
    day = body.get("valid_to") if isinstance(body, Mapping) else None
    if not day or not isinstance(body, Mapping):
        return None
    made = _end(
        f"{document.type}/renew",
        f"{data.get('title', document.type)}: last day"[:200],
        date.fromisoformat(str(day)).isoformat(),
        str(data.get("citation", "")),
        file,
        str(body.get("valid_why", "")),
        start=str(data.get("as_of", day)),
    )
    return replace(made, start_event="submitted")


def set_by_hand(
    file: CaseFile, title: str, due_at: str, citation: str, today: date, *, lasting: bool
) -> Deadline:
    """Give a deadline that a person sets; `due_at` is an ISO day or an instant with offset."""
    return Deadline(
        id=_identity("by hand", title, due_at),
        case_id=file.case.id,
        obligation="by hand",
        title=title,
        citation=citation,
        starts_at=today.isoformat(),
        due_at=due_at,
        zone=file.case.zone,
        calendar="",
        calendar_sha256="",
        start_event="by hand",
        rule="set by a person",
        stage="end" if lasting else "",
    )


def _end(
    obligation: str, title: str, day: str, citation: str, file: CaseFile, note: str, *, start: str
) -> Deadline:
    return Deadline(
        id=_identity(obligation, "end", day),
        case_id=file.case.id,
        obligation=obligation,
        title=title,
        citation=citation,
        starts_at=start,
        due_at=day,
        zone=file.case.zone,
        calendar="",
        calendar_sha256="",
        start_event="as_of",
        rule=f"the last day is {day}",
        note=note,
        stage="end",
    )


def _identity(obligation: str, stage: str, start: str) -> str:
    return "d_" + digest([obligation, stage, start], length=5)


def _text(value: date | datetime) -> str:
    return value.isoformat()


def missed_from(item: Deadline, zone: ZoneInfo | None = None) -> datetime:
    """Give the first instant (UTC) at which a deadline is missed: the due instant, or the end of the due day."""
    try:
        if "T" in item.due_at:
            return datetime.fromisoformat(item.due_at).astimezone(UTC)
        zone = zone or zone_of(item.zone)
        day = date.fromisoformat(item.due_at) + timedelta(days=1)
        return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
    except OverflowError:  # at an end of the calendar there is no next day
        return _FIRST_INSTANT if item.due_at < "1900" else _LAST_INSTANT


def before_start(item: Deadline, when: datetime) -> bool:
    """Tell whether an instant lies before the start of a deadline; a start without an hour is the whole day in its zone."""
    if "T" in item.starts_at:
        return when < datetime.fromisoformat(item.starts_at)
    return when.astimezone(zone_of(item.zone)).date() < date.fromisoformat(item.starts_at)


def standing(item: Deadline, now: datetime) -> str:
    """Say how a deadline stands: `withdrawn`, `met`, `met_late`, `overdue`, `due_today`, `running`."""
    if item.withdrawn:
        return "withdrawn"
    limit = missed_from(item)
    if item.met_at is not None:
        return "met" if item.met_at < limit else "met_late"
    if now >= limit:
        return "overdue"
    zone = zone_of(item.zone)
    try:
        due_day = datetime.fromisoformat(item.due_at).astimezone(zone).date() if "T" in item.due_at else None
        today = now.astimezone(zone).date()
    except OverflowError:
        return "running"
    return "due_today" if (due_day or date.fromisoformat(item.due_at)) == today else "running"


def in_order(items: Iterable[Deadline]) -> list[Deadline]:
    """Sort deadlines, soonest first."""
    return sorted(items, key=lambda item: (missed_from(item), item.case_id, item.id))


def not_started(data: Mapping[str, Any], file: CaseFile) -> list[Duty]:
    """List the duties of a case whose clock waits for a fact, each once."""
    found: dict[str, Duty] = {}
    facts = json.loads(file.case.facts)
    for duty in duties_of(data, facts):
        clock = duty.value["deadline"]
        counts = clock.get("count") is not None and clock.get("from") in FACTS
        waits = counts and _start(duty.value, {**duty.facts, **facts}, file) is None
        if waits and (duty.value["id"] not in found or duty.sure):
            found[duty.value["id"]] = duty
    return [found[name] for name in sorted(found)]


def waiting(data: Mapping[str, Any], file: CaseFile) -> list[tuple[str, str, str]]:
    """List clocks that have not started: duty, rule in words, the fact they wait for."""
    return [
        (duty.value["id"], clock_words(duty.value["deadline"]), duty.value["deadline"]["from"])
        for duty in not_started(data, file)
    ]


def superseded(file: CaseFile, fresh: Iterable[Deadline]) -> list[Deadline]:
    """List running deadlines whose duty a newer determination counts from another start."""
    starts = {
        (item.obligation, item.stage): item.id for item in fresh if item.stage in ("first", "follow-up")
    }
    return [
        item
        for item in file.open_deadlines()
        if starts.get((item.obligation, item.stage), item.id) != item.id
    ]


# iCalendar, RFC 5545

_PRODUCT = "-//Proscribe//Case clocks//EN"


def to_ics(items: Iterable[Deadline], store_id: str, now: datetime) -> str:
    """Write deadlines as an iCalendar object (RFC 5545) that calendar programs can import.

    Each deadline is an event on its due day, or at its due instant in UTC, with an alarm a day before and one at the start
    of the last hour or day. Its UID stays the same, so that a second import updates the first. Met and withdrawn ones are
    written as cancelled.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for item in in_order(items):
        over = bool(item.withdrawn) or item.met_at is not None
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escaped(f'{item.case_id}-{item.id}@{store_id}')}",
            f"DTSTAMP:{stamp}",
        ]
        if "T" in item.due_at:
            lines.append(f"DTSTART:{missed_from(item).strftime('%Y%m%dT%H%M%SZ')}")
        else:
            day = date.fromisoformat(item.due_at)
            lines.append(f"DTSTART;VALUE=DATE:{_basic(day)}")
            if day < date.max:
                lines.append(f"DTEND;VALUE=DATE:{_basic(day + timedelta(days=1))}")
        overdue = standing(item, now) == "overdue"
        lines.append(
            f"SUMMARY:{_escaped(('OVERDUE: ' if overdue else '') + item.title + ', ' + item.case_id)}"
        )
        lines.append(f"DESCRIPTION:{_escaped(_described(item))}")
        lines.append("TRANSP:TRANSPARENT")
        lines.append(f"SEQUENCE:{1 if over else 0}")
        lines.append(f"STATUS:{'CANCELLED' if over else 'CONFIRMED'}")
        if not over:
            for trigger in ("-P1D", "-PT1H") if "T" in item.due_at else ("-P1D", "PT8H"):
                lines += [
                    "BEGIN:VALARM",
                    "ACTION:DISPLAY",
                    f"DESCRIPTION:{_escaped(item.title)}",
                    f"TRIGGER:{trigger}",
                    "END:VALARM",
                ]
        lines.append("END:VEVENT")
    lines.append("END:VCALENDAR")
    return "".join(folded + "\r\n" for line in lines for folded in _folded(line))


def _described(item: Deadline) -> str:
    parts = [
        item.citation,
        f"{item.rule}; started {item.starts_at}; due {item.due_at} ({item.zone})",
        f"calendar {item.calendar}" if item.calendar else "",
        item.note,
        f"met {instant_text(item.met_at)} by {item.met_by}" if item.met_at else "",
        f"withdrawn: {item.withdrawn}" if item.withdrawn else "",
        f"{item.case_id}/{item.id}",
    ]
    return "\n".join(part for part in parts if part)


def _basic(day: date) -> str:
    # strftime leaves out leading zeros of a year
    return day.isoformat().replace("-", "")


def _escaped(text: str) -> str:
    """Escape a TEXT value (RFC 5545, 3.3.11); control characters, which it cannot hold, become spaces."""
    clean = "".join(char if char == "\n" or (char >= " " and char != "\x7f") else " " for char in text)
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Fold a content line to at most 75 octets, never inside a character (RFC 5545, 3.1)."""
    room, piece = 75, ""
    size = 0
    for char in line:
        width = len(char.encode("utf-8", "surrogatepass"))
        if size + width > room:
            yield piece
            piece, size = " ", 1
        piece += char
        size += width
    yield piece
