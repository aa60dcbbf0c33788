"""What can be done with the declarations of suppliers in a case: ask, remind, take an answer, a refusal, a test.

Each function is one command, as in `proscribe.casework.commands`. Nothing here is sent anywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from proscribe.casework.events import Draft
from proscribe.casework.store import Store
from proscribe.model.authors import Author, Informed
from proscribe.model.casework import CaseFile, EventKind, SupplierDeclaration
from proscribe.model.errors import error

#: An answer that ends within so many days is shown as ending. Our own prudence; no clause says it.
ENDS_SOON_DAYS = 45


def standing(item: SupplierDeclaration, day: date) -> str:
    """Say how a declaration stands on a day.

    Returns:
        `refused`; `expired`; `contradicted`; `doubtful`; `unchecked` (answered, and not tested yet); `ending` (within
        `ENDS_SOON_DAYS`); `answered` (tested, and nothing we hold speaks against it); `overdue`, `asked` without an answer.
    """
    if item.status == "refused":
        return "refused"
    if item.status == "answered":
        if item.expires_on is not None and item.expires_on < day:
            return "expired"
        if item.contradictions:
            return "contradicted"
        if item.doubts:
            return "doubtful"
        if item.checked_on is None:
            return "unchecked"
        if item.expires_on is not None and item.expires_on <= day + timedelta(days=ENDS_SOON_DAYS):
            return "ending"
        return "answered"
    if item.status == "silent" or (item.due_on is not None and item.due_on < day):
        return "overdue"
    return "asked"


def ask(
    store: Store, case_id: str, asked: Sequence[tuple[Mapping[str, Any], bytes]], *, by: Informed
) -> CaseFile:
    """Record that forms were made out; all of a campaign, or none.

    Args:
        asked: fields of `SupplierDeclaration` (`id`, `supplier`, `form_id`, `asked_on`, `due_on`, … as JSON) and the form.
        by: who asks, with the version of the case whose ids the forms carry.
    """
    drafts = [
        Draft(
            EventKind.SUPPLIER_ASKED,
            {"asked": {**fields, "form_sha256": hashlib.sha256(form).hexdigest()}},
        )
        for fields, form in asked
    ]
    return store.change(case_id, drafts, by=by, blobs=[form for _, form in asked])


def remind(store: Store, case_id: str, texts: Mapping[str, str], *, on: date, by: Author) -> CaseFile:
    """Record that reminders were written; `texts` is declaration id to the text."""
    drafts = [
        Draft(
            EventKind.SUPPLIER_REMINDED,
            {"id": identity, "on": on.isoformat(), "text_sha256": hashlib.sha256(text.encode()).hexdigest()},
        )
        for identity, text in texts.items()
    ]
    return store.change(case_id, drafts, by=by, blobs=[text.encode() for text in texts.values()])


def take_answer(
    store: Store, case_id: str, answered: Mapping[str, Any], returned: bytes, *, by: Author
) -> CaseFile:
    """Record an answer with the form as it came back.

    Args:
        answered: `id`, `form_id`, `answers`, `answered_on`, `expires_on`, `signed_by`, `signature`, … as JSON.
        returned: the bytes of the returned file.

    Raises:
        CaseError: E423 no such declaration; E424 it waits for another form; E432 when that very file was taken before.
    """
    digest = hashlib.sha256(returned).hexdigest()

    def make(file: CaseFile) -> list[Draft]:
        for item in file.declarations:
            if item.id == answered["id"] and item.status == "answered" and item.document_sha256 == digest:
                raise error("E432.answer", supplier=item.supplier, case_id=case_id, id=item.id)
        return [Draft(EventKind.SUPPLIER_ANSWERED, {"answered": {**answered, "document_sha256": digest}})]

    return store.change(case_id, make, by=by, blobs=[returned])


def refuse(
    store: Store, case_id: str, declaration_id: str, *, why: str, by: Author, returned: bytes = b""
) -> CaseFile:
    """Record that a supplier refused to answer, with the form when the refusal stands on it."""
    refused = {
        "id": declaration_id,
        "refused_why": why,
        "document_sha256": hashlib.sha256(returned).hexdigest() if returned else "",
    }
    return store.change(
        case_id,
        [Draft(EventKind.SUPPLIER_REFUSED, {"refused": refused})],
        by=by,
        blobs=[returned] if returned else [],
    )


def record_check(
    store: Store,
    case_id: str,
    declaration_id: str,
    tests: Iterable[Mapping[str, Any]],
    *,
    on: date,
    tested_with: Iterable[tuple[str, str]],
    knowledge: tuple[str, str],
    by: Author,
) -> CaseFile:
    """Record what an answer was tested against, and what came of it.

    Args:
        tests: as `Tested.to_json` writes them.
        tested_with: name and SHA-256 of what it was tested with.
        knowledge: version and SHA-256.
    """
    checked = {
        "id": declaration_id,
        "on": on.isoformat(),
        "tests": list(tests),
        "with": [{"name": name, "sha256": sha256} for name, sha256 in tested_with],
        "knowledge_version": knowledge[0],
        "knowledge_sha256": knowledge[1],
    }
    return store.change(case_id, [Draft(EventKind.SUPPLIER_CHECKED, {"checked": checked})], by=by)
