"""What the events of cases add up to, as rows of the tables that repeat them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from proscribe.casework import (
    tables,
)
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import (
    CaseFile,
    Deadline,
)
from proscribe.model.periods import instant_text


def rows_of(
    file: CaseFile, but: frozenset[int] = frozenset()
) -> dict[str, dict[tuple[str, ...], dict[str, Any]]]:
    """Give table to key to row.

    Args:
        file: a case.
        but: `id()` of records that are left out.
    """
    case = file.case
    out: dict[str, dict[tuple[str, ...], dict[str, Any]]] = {
        "cases": {
            (case.id,): {
                "id": case.id,
                "version": case.version,
                "state": case.state.value,
                "assignee": case.assignee,
                "title": case.title,
                "opened_at": instant_text(case.opened_at),
                "data": canonical_json(replace(case, finding_ids=()).to_json()),
            }
        }
    }

    def put(name: str, identity: str, value: Any, **columns: Any) -> None:
        if id(value) in but:
            return
        row = {"case_id": case.id, "id": identity, **columns, "data": canonical_json(value.to_json())}
        out.setdefault(name, {})[(case.id, identity)] = row

    for table in tables.REPEATED:
        out.setdefault(table.name, {})
    for answer in file.determinations:
        put("determinations", answer.id, answer, version=answer.version, outcome=answer.outcome)
    for duty in file.deadlines:
        if id(duty) not in but:
            out["deadlines"][(case.id, duty.id)] = deadline_row(duty)
    newer = {paper.supersedes for paper in file.documents}
    for paper in file.documents:
        # Versions of a report share its number; the newest holds it. A case from another store keeps its numbers, which
        # are not numbers of this one.
        own = paper.id not in newer and paper.number.startswith(f"{case.id}-R")
        put(
            "documents",
            paper.id,
            paper,
            type=paper.type,
            version=paper.version,
            number=paper.number if own else None,
        )
    for waiver in file.waivers:
        last = waiver.valid_to.isoformat() if waiver.valid_to else None
        put("waivers", waiver.id, waiver, status=waiver.status, valid_to=last)
    for answer_ in file.declarations:
        last = answer_.expires_on.isoformat() if answer_.expires_on else None
        put(
            "declarations", answer_.id, answer_,
            supplier=answer_.supplier, status=answer_.status, expires_on=last,
        )  # fmt: skip
    for note in file.notes:
        put("notes", f"{note.seq:09d}", note)
    return out


def deadline_row(duty: Deadline) -> dict[str, Any]:
    return {
        "case_id": duty.case_id, "id": duty.id, "due_at": duty.due_at,
        "status": "withdrawn" if duty.withdrawn else "open" if duty.met_at is None else "met",
        "data": canonical_json(duty.to_json()),
    }  # fmt: skip


def records_of(file: CaseFile) -> frozenset[int]:
    # The row of a document also says whether another supersedes it, so it is always compared.
    parts = (
        file.determinations, file.deadlines, file.waivers, file.declarations, file.notes,
    )  # fmt: skip
    return frozenset(id(item) for part in parts for item in part)


def is_row(table: sa.Table, key: tuple[str, ...]) -> sa.ColumnElement[bool]:
    return sa.and_(*(column == value for column, value in zip(table.primary_key, key, strict=True)))
