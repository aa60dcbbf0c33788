"""Commands on determinations: what the law says of a case, stored and approved."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from proscribe.casework.clock import Counting
from proscribe.casework.commands.checks import facts_of
from proscribe.casework.commands.deadlines import clocks_started
from proscribe.casework.events import Draft
from proscribe.casework.store import Store
from proscribe.model.authors import Informed
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import (
    CaseFile,
    EventKind,
)
from proscribe.model.decisions import Outcome


def determine(
    store: Store, case_id: str, data: Mapping[str, Any], *, by: Informed, counting: Counting
) -> CaseFile:
    """Store what the law says about a case, and open the clocks that it starts.

    Args:
        data: `proscribe.decide/1` with the one case.
    """
    held = store.case(case_id)
    drafts = determined(store, held, data, facts_of(held), tuple(run.id for run in held.runs), counting)
    return store.change(case_id, drafts, by=by, blobs=[canonical_json(dict(data)).encode()])


def determined(
    store: Store,
    file: CaseFile,
    data: Mapping[str, Any],
    facts: Mapping[str, Any],
    run_ids: Sequence[str],
    counting: Counting,
) -> list[Draft]:
    """Make the events that store what the law says of a case, and open the clocks that it starts.

    Args:
        data: `proscribe.decide/1`, of the case or of a scan.
        facts: those on which it was decided.
        run_ids: the runs that were looked at.
    """
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
    return drafts + clocks_started(store, file, data, counting, why=f"D{number}")


def approve_determination(store: Store, case_id: str, determination_id: str, *, by: Informed) -> CaseFile:
    """Approve the newest determination. Its author cannot.

    Raises:
        CaseError: E426 when author and approver are one person.
    """
    draft = Draft(EventKind.DETERMINATION_APPROVED, {"id": determination_id})
    return store.change(case_id, [draft], by=by)
