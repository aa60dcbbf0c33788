"""Waivers: what is in force on a day, what a grant reaches, and what is exposed again when it ends."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from json import loads

from proscribe.model.casework import CaseFile, Support, Waiver
from proscribe.wording.shown import counted

#: The parts that a request has to hold, by field of `Waiver`, and the fact that says so.
PARTS = {
    "justification": ("waiver.has_justification", "compelling justification"),
    "laydown": ("waiver.has_laydown", "full and complete laydown"),
    "phase_out": ("waiver.has_phase_out_plan", "phase-out plan"),
}


#: Stands in a laydown where scans did not check all of it; that it is full and complete is for a person to state then.
NOT_WHOLE = "Not checked, so this may not be complete:"


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a waiver's end, or its absence, leaves exposed.

    Attributes:
        finding: a finding that is supported, or aged without anyone having judged it.
        waiver: id of the waiver that covered it; empty when none does.
        since: first day without cover; None when it never had any.
    """

    finding: Support
    waiver: str
    since: date | None


def status(waiver: Waiver, day: date) -> str:
    """Say how a waiver stands on a day: `draft`, `not_yet`, `in_force`, `lapsed` or `revoked`."""
    if waiver.status == "draft":
        return "draft"
    if waiver.revoked_on is not None and day >= waiver.revoked_on:
        return "revoked"
    if waiver.valid_from is not None and day < waiver.valid_from:
        return "not_yet"
    return "in_force" if waiver.in_force(day) else "lapsed"


def reaches(waiver: Waiver, finding_id: str) -> bool:
    """Tell whether a waiver names a finding. One that names none reaches what its scope says in words: a person decides."""
    return finding_id in waiver.finding_ids


def laydown(file: CaseFile, day: date, only: Collection[str] = ()) -> tuple[str, tuple[str, ...]]:
    """Lay down the covered presence that the scans of a case show.

    Args:
        day: judgements in force on this day count.
        only: ids of findings; all that nothing clears by default.

    Returns:
        The text, and the ids of the findings in it. The text says which files were read, with their digests, and what the
        scans did not check.
    """
    found = [item for item in _standing(file, day) if not only or item.finding_id in only]
    lines = [f"Covered presence that the scans of case {file.case.id} show, {counted(len(found), 'record')}:"]
    for item in found:
        value = loads(item.finding)
        place = value.get("locator") or {}
        where = " ".join(
            part
            for part in (
                str(value["path"]),
                f"sheet {place['sheet']}" if place.get("sheet") else "",
                str(
                    value.get("record_id") or (f"row {place['row']}" if place.get("row") is not None else "")
                ),
            )
            if part
        )
        what = ", ".join(value.get("found") or ()) or "not named"
        aged = "; no longer shown by the newest scan" if item.aged else ""
        lines.append(
            f"- {where}: {what}; {value['entity']} ({value['role']}), {value['band']}; first seen {item.first_seen}, "
            f"last seen {item.last_seen}{aged}; {item.finding_id}"
        )
    lines.append("Files that were read:")
    inputs = {pair for run in file.runs for pair in run.inputs}
    lines += [f"- {path}, SHA-256 {sha256}" for path, sha256 in sorted(inputs)]
    gaps = sorted({text for run in file.runs for text in run.not_checked})
    if gaps:
        lines += [NOT_WHOLE, *(f"- {text}" for text in gaps)]
    return "\n".join(lines), tuple(item.finding_id for item in found)


def _standing(file: CaseFile, day: date) -> Iterator[Support]:
    judged = file.standing()
    for item in file.support:
        said = judged.get(item.finding_id)
        if (
            said is not None
            and said.verdict in ("different", "cleared")
            and (said.until is None or day <= said.until)
        ):
            continue
        yield item


def exposed(file: CaseFile, day: date) -> list[Exposure]:
    """List findings of a case that no waiver in force names on a day, unless a judgement in force clears them."""
    out: list[Exposure] = []
    for item in _standing(file, day):
        naming = [one for one in file.waivers if reaches(one, item.finding_id) and one.status != "draft"]
        if any(one.in_force(day) for one in naming):
            continue
        ended = [one for one in naming if status(one, day) in ("lapsed", "revoked")]
        last = max(ended, key=_first_day_without, default=None)
        out.append(Exposure(item, last.id if last else "", _first_day_without(last) if last else None))
    return out


def _first_day_without(waiver: Waiver) -> date:
    from datetime import timedelta

    days = [
        day for day in (waiver.revoked_on, waiver.valid_to and waiver.valid_to + timedelta(days=1)) if day
    ]
    return min(days) if days else date.max
