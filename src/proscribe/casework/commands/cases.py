"""Commands on a case as a whole: opened, given to a person, remarked on, closed, opened again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from proscribe.casework import clock
from proscribe.casework.clock import Counting
from proscribe.casework.commands.checks import facts_of, in_words, line
from proscribe.casework.commands.determining import determined
from proscribe.casework.commands.runs import RanAgain, blobs_of_scan, devices_attached, scan_attached
from proscribe.casework.content import Content
from proscribe.casework.events import Draft
from proscribe.casework.lifecycle import person
from proscribe.casework.register import check_organisation, organisation, state_organisation
from proscribe.casework.replay import STORE
from proscribe.casework.scans import ScanFile
from proscribe.casework.store import Store
from proscribe.model import identifiers
from proscribe.model.authors import Author, Informed
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import (
    CaseFile,
    EventKind,
)
from proscribe.model.devices_document import DevicesDocument
from proscribe.model.errors import error
from proscribe.wording.nations import nation_code


def open_case(
    store: Store,
    *,
    by: Author,
    title: str,
    as_of: date,
    zone: str,
    jurisdiction: str = "US",
    contract: str = "",
    uei: str = "",
    cage: str = "",
    entity: str = "",
    regimes: Sequence[str] = (),
    facts: Mapping[str, Any] | None = None,
    scan: ScanFile | None = None,
    report: DevicesDocument | None = None,
    counting: Counting | None = None,
    decide: Callable[[CaseFile], Mapping[str, Any]] | None = None,
    ran_again: RanAgain | None = None,
) -> CaseFile:
    """Open a case, from a scan or by hand.

    Args:
        entity: name of the legal entity whose case it is; empty where nobody said. The store answers for it from then on.
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
        "contract": line(contract, "contract number"),
        "uei": _checked(identifiers.uei, uei, "UEI"),
        "cage": _checked(identifiers.cage, cage, "CAGE code"),
        "regimes": list(regimes),
        "facts": canonical_json({**(scan.facts if scan else {}), **(facts or {})}),
    }

    blobs: list[bytes | Content] = [] if scan is None else blobs_of_scan(scan, counting)
    if report is not None:
        blobs.append(report.content)
    blobs += [] if ran_again is None else ran_again.contents

    def more(file: CaseFile) -> list[Draft]:
        drafts = [] if scan is None else scan_attached(store, file, scan, counting)
        drafts += [] if ran_again is None else [ran_again.draft()]
        drafts += [] if report is None else devices_attached(file, report)
        if decide is not None and counting is not None:
            data = decide(file)
            blobs.append(canonical_json(dict(data)).encode())
            drafts += determined(store, file, data, facts_of(file), (), counting)
        return drafts

    scans = {} if scan is None else {scan.held.sha256: scan.rows}
    told = {name: str(case[name]) for name in ("uei", "cage") if case[name]}
    if entity.strip():
        told["name"] = line(entity, "legal entity")
    check_organisation(store, organisation(store.events(STORE)), told)
    opened = store.open_case(case, by=by, more=more, blobs=blobs, scans=scans)
    state_organisation(store, told, by=by.name)
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


def note(store: Store, case_id: str, text: str, *, by: Author) -> CaseFile:
    """Write a remark. It overwrites nothing, so it needs no version."""
    draft = Draft(EventKind.NOTED, {"text": in_words(text, "note")})
    return store.change(case_id, [draft], by=by)


def assign(store: Store, case_id: str, to: str, *, by: Informed) -> CaseFile:
    """Give a case to a person; an empty name takes it back."""
    name = person(to, what="assignee") if to.strip() else ""
    return store.change(case_id, [Draft(EventKind.ASSIGNED, {"to": name})], by=by)


def close(store: Store, case_id: str, *, by: Informed, reason: str) -> CaseFile:
    """Close a case.

    Raises:
        CaseError: E431 while clocks run.
    """
    return store.change(case_id, [Draft(EventKind.CLOSED, {"reason": in_words(reason, "reason")})], by=by)


def reopen(store: Store, case_id: str, *, by: Informed, reason: str) -> CaseFile:
    """Open a closed case again."""
    return store.change(case_id, [Draft(EventKind.REOPENED, {"reason": in_words(reason, "reason")})], by=by)
