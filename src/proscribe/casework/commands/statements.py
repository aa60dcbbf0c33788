"""Commands on what people state: facts of the law, and words that bear on an answer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from proscribe.casework.clock import Counting
from proscribe.casework.commands.checks import facts_of, newest_determined
from proscribe.casework.commands.deadlines import clocks_started
from proscribe.casework.events import Draft
from proscribe.casework.store import Store
from proscribe.model.authors import Author, Informed
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import (
    CaseFile,
    EventKind,
)
from proscribe.model.errors import error


def stated(file: CaseFile, content: bytes, fields: Sequence[str]) -> list[Draft]:
    """Make the event of a statement; none where the case holds the same."""
    sha256 = hashlib.sha256(content).hexdigest()
    if any(one.sha256 == sha256 for one in file.statements):
        return []
    told = {"id": f"ST{len(file.statements) + 1}", "sha256": sha256, "fields": list(fields)}
    return [Draft(EventKind.STATED, {"statement": told})]


def state(store: Store, case_id: str, content: bytes, fields: Sequence[str], *, by: Author) -> CaseFile:
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

    return store.change(case_id, drafts, by=by, blobs=[content])


def approve_statement(store: Store, case_id: str, statement_id: str, *, by: Informed) -> CaseFile:
    """Approve a statement. Its author cannot.

    Raises:
        CaseError: E426 when author and approver are one person.
    """
    draft = Draft(EventKind.STATEMENT_APPROVED, {"id": statement_id})
    return store.change(case_id, [draft], by=by)


def state_facts(
    store: Store,
    case_id: str,
    facts: Mapping[str, Any],
    *,
    by: Informed,
    as_of: date | None = None,
    counting: Counting | None = None,
) -> CaseFile:
    """State facts of the decision vocabulary; `None` takes one back. Clocks that they start are opened.

    Facts are expected to be checked against the vocabulary; the pipeline does it.
    """
    held = store.case(case_id)
    stored = newest_determined(store, held)

    def make(file: CaseFile) -> list[Draft]:
        payload: dict[str, Any] = {"facts": dict(facts)}
        if as_of is not None:
            payload["as_of"] = as_of.isoformat()
        drafts = [Draft(EventKind.FACT_STATED, payload)]
        if stored is not None and counting is not None:
            after = replace(file, case=replace(file.case, facts=canonical_json({**facts_of(file), **facts})))
            for name in facts:
                if name.startswith("event.") and facts[name] is not None:
                    drafts += clocks_started(store, after, stored, counting, start=name)
        return drafts

    return store.change(case_id, make, by=by)
