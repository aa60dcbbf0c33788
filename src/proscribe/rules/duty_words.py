"""Duties in words: what is to be done, by when or from when, and what has to hold for it to be due."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from proscribe.model.answers import Step
from proscribe.model.decisions import Determination, Obligation
from proscribe.rules.citations import section_of
from proscribe.rules.facts import fact_words

#: Kind of the duty to tell what was found.
REPORT = "report"
#: What a person has to do, by kind of duty.
_TO_DO = {
    "represent": "represent",
    "disclose": "disclose",
    REPORT: "report",
    "supplement": "report what is found later",
    "remove": "remove it",
    "flow_down": "flow down",
    "do_not_flow_down": "do not flow down",
    "notify_congress": "notify Congress",
    "notify_odni_fasc": "notify ODNI and the FASC",
    "review_sam": "look into SAM",
    "seek_approval": "ask for approval",
    "notify": "notify",
    "inquire": "make an inquiry",
}
#: Kinds of which the addressee is no part of what is done.
TO_NOBODY = frozenset({"remove", "flow_down", "do_not_flow_down", "review_sam", "represent", "inquire"})
#: From when a clock runs, in words.
_STARTS = {
    "event.identified_at": "it is found",
    "event.reported_at": "the first report",
    "event.new_information_at": "more is found",
    "contract.awarded_on": "the award",
    "waiver.granted_on": "the waiver is granted",
}
#: What a duty hangs on while it is open which clause governs.
IN_A_CONTRACT = "{} is in a contract"
#: Said behind it where the clauses of the contract were stated, and do not name it: nothing is asked again.
NOT_STATED = " beside the clauses that were stated"
IT_APPLIES = "it applies"
#: Facts of a contract without which a clause in it asks nothing.
_CONDITIONS = ("contract.is_covered_mission",)
_HOURS = {"hour": 1, "business_day": 24, "day": 24, "month": 720}
#: On what it depends whether a duty is met to somebody, as the rules write it behind the name.
DEPENDS = re.compile(r" \(depending on ([^()]+)\)$")
#: How a day that lies behind ends.
OVERDUE = ", overdue unless done"


def as_clocks_stand(made: Determination, met: Collection[str], running: Mapping[str, str]) -> Determination:
    """Give what a rule says with the clocks that a case keeps: what was sent is due no more, and what runs has its day.

    Args:
        met: ids of duties that were met.
        running: ids of duties to the ISO day or instant by which each is due.
    """

    def stand(duties: Sequence[Obligation]) -> tuple[Obligation, ...]:
        return tuple(
            replace(one, due=_day_or_instant(running[one.id])) if one.id in running else one
            for one in duties
            if one.id not in met
        )

    return replace(
        made, obligations=stand(made.obligations), possible_obligations=stand(made.possible_obligations)
    )


def _day_or_instant(text: str) -> date | datetime:
    return date.fromisoformat(text) if len(text) == len("2026-11-25") else datetime.fromisoformat(text)


def moment(duty: Obligation) -> str:
    """Give the last day or instant of a duty as text that sorts; one without stands last."""
    return duty.due.isoformat() if duty.due is not None else "9999"


def starts_on(duty: Obligation) -> str:
    """Give the fact on which the clock of a duty starts; empty where it names none."""
    return str(duty.deadline.get("from") or "")


def runs(duty: Obligation) -> bool:
    """Tell whether a duty has a clock that an event starts; one that recurs has no last day."""
    return not _recurs(duty) and (duty.due is not None or starts_on(duty).startswith("event."))


def _recurs(duty: Obligation) -> bool:
    return bool(duty.deadline.get("recurring")) and duty.deadline.get("count") is not None


def urgency(duty: Obligation) -> tuple[Any, ...]:
    """Give a key by which duties sort, the most urgent first."""
    order = list(_STARTS).index(starts_on(duty)) if starts_on(duty) in _STARTS else len(_STARTS)
    return not runs(duty), moment(duty), order, hours_of(duty.deadline), duty.id


def hours_of(deadline: Mapping[str, Any]) -> int:
    """Give about how many hours a clock runs, to put the shortest first; 0 where none is counted."""
    return int(deadline.get("count") or 0) * _HOURS.get(str(deadline.get("unit") or ""), 24)


def step(duty: Obligation, today: date, stated: bool) -> Step:
    """Give a duty that has a clock as a step; `stated` tells whether the clauses of the contract were stated."""
    by = duty.due.isoformat() if duty.due is not None else ""
    return Step(_what(duty), _when(duty, today), by, duty.citation, hinge(duty, stated))


def _what(duty: Obligation) -> str:
    words = _TO_DO.get(duty.kind, duty.kind.replace("_", " "))
    if duty.kind in TO_NOBODY or not duty.to:
        return words
    sure = [text for text in duty.to if not DEPENDS.search(text)]
    named = sure or [DEPENDS.sub("", text) for text in duty.to[:2]]
    named[0] = f"the {named[0]}" if named[0][:1].islower() and "://" not in named[0] else named[0]
    if sure:
        return f"{words} to {'; '.join(named)}"
    on = fact_words(DEPENDS.search(duty.to[0])[1].split(", ")[0])  # type: ignore[index]
    return f"{words} to {' or '.join(dict.fromkeys(named))} (depends on the {on})"


def _when(duty: Obligation, today: date) -> str:
    if duty.due is None:
        return clock_words(duty.deadline)
    last = duty.due.date() if isinstance(duty.due, datetime) else duty.due
    return day_words(_instant(duty), last, today)


def day_words(said: str, last: date, today: date) -> str:
    """Say a last day or instant with how far it is from the day asked about: `by 2026-11-25, in 1 day`.

    One that lies behind is overdue, unless what was due has been done, which is not known here.
    """
    left = (last - today).days
    if left < 0:
        return f"by {said}, {_days(-left)} ago{OVERDUE}"
    return f"by {said}, " + ("the day asked about" if left == 0 else f"in {_days(left)}")


def _instant(duty: Obligation) -> str:
    """Write the last day, or the last minute with its offset."""
    assert duty.due is not None
    return duty.due.isoformat(" ", "minutes") if isinstance(duty.due, datetime) else duty.due.isoformat()


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


def clock_words(deadline: Mapping[str, Any]) -> str:
    """Say a clock that no event has started: `within 72 hours after it is found`."""
    count, unit, start = (deadline.get(key) for key in ("count", "unit", "from"))
    if count is None:
        return str(start or "")
    spelled = f"{count} {str(unit).replace('_', ' ')}{'' if count == 1 else 's'}"
    after = _STARTS.get(str(start), str(start))
    if deadline.get("recurring"):
        return f"every {spelled} from {after}"
    return f"within {spelled} after {after}"


def in_a_contract(citation: str, *, stated: bool) -> str:
    """Say that a clause has to be in a contract.

    Args:
        stated: whether the clauses of the contract were stated; it is none of them.
    """
    return IN_A_CONTRACT.format(section_of(citation)) + (NOT_STATED if stated else "")


def hinge(duty: Obligation, stated: bool) -> str:
    """Say what has to hold for a duty to be due; empty when it is due."""
    parts = [] if duty.clause_known else [in_a_contract(duty.citation, stated=stated)]
    if parts:
        parts += [fact_words(name).removeprefix("whether ") for name in duty.missing if name in _CONDITIONS]
    missing = [name for name in duty.missing if name not in ("contract.clauses", "contract.agency")]
    if missing and not parts:
        parts.append(
            "this turns out to be prohibited"
            if any(name.startswith("item.") for name in missing)
            else IT_APPLIES
        )
    return " and ".join(parts)


def others_of(duties: Sequence[Obligation]) -> Iterator[str]:
    """Say the other duties of one clause; what is not to be flowed down stands beside what is."""
    kept_out = [
        part.partition(",")[0] for one in duties if one.kind == "do_not_flow_down" for part in one.contents
    ]
    flowed = any(duty.kind == "flow_down" for duty in duties)
    for duty in duties:
        words = _TO_DO.get(duty.kind, duty.kind.replace("_", " "))
        if duty.kind == "flow_down":
            yield words + (f" all but {' and '.join(kept_out)}" if kept_out else "")
        elif duty.kind == "do_not_flow_down":
            yield "" if flowed else f"{words} {' and '.join(kept_out)}"
        else:
            again = " again" if duty.kind == "report" and starts_on(duty) == "event.reported_at" else ""
            when = clock_words(duty.deadline) if duty.due is None or _recurs(duty) else f"by {_instant(duty)}"
            yield f"{words}{again} {when}"
