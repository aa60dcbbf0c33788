"""The command that says of a report or representation that it went out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from proscribe.casework import clock
from proscribe.casework.clock import Counting
from proscribe.casework.commands.checks import in_words, newest_determined
from proscribe.casework.commands.deadlines import deadline_opened, first_reported, met
from proscribe.casework.events import Draft
from proscribe.casework.lifecycle import record
from proscribe.casework.store import Store
from proscribe.model.authors import Informed
from proscribe.model.casework import (
    CaseFile,
    Deadline,
    EventKind,
)
from proscribe.model.errors import error

_REPORTS = ("first", "follow-up")


def submit(
    store: Store,
    case_id: str,
    *,
    by: Informed,
    to: str,
    counting: Counting,
    document_id: str = "",
    meets: Iterable[str] = (),
    how: str = "",
) -> CaseFile:
    """Say that a report or representation went to its addressee. Meets its deadline and starts follow-up clocks.

    Args:
        to: the addressee.
        document_id: the document; empty for a report made elsewhere, which `how` then describes.
        meets: ids of deadlines that it meets, beside those of the document's own duty.
        by: who sent it; `stated_at` is when it went out.

    Raises:
        CaseError: E432 when it went out before; E424 when the document is not approved, or none is named and one that the
            case holds for the same duty waits to be sent.
    """
    held = store.case(case_id)
    stored = newest_determined(store, held)
    named = tuple(meets)
    how = how.strip()
    said: Mapping[str, Any] = {}
    if document_id:
        said = json.loads(store.blob(record(held.documents, document_id, "document", case_id).sha256))
    if not document_id:
        how = in_words(how, "description of what was sent")

    def make(file: CaseFile) -> list[Draft]:
        when = by.stated_at or store.now()
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
            drafts += met(
                store,
                file,
                identity,
                f"submitted to {to}" + (f": {document_id}" if document_id else ""),
                when,
            )
        first = any(kept[identity].stage == "first" for identity in ids if identity in kept) or (
            document is not None and document.stage == "first"
        )
        if first:
            drafts += first_reported(store, file, stored, when, counting, met_by={*ids, document_id})
        if document is not None:
            end = clock.end_of_document(document, said, file)
            if end is not None and end.id not in kept:
                drafts.append(deadline_opened(end))
        return drafts

    return store.change(case_id, make, by=by)


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
