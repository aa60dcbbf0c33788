"""A case in lines, for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from proscribe.model.casework import (
    IMPORTED_NAME,
    CaseDevice,
    CaseFile,
    Event,
    Judgement,
    StoredDetermination,
    StoredDocument,
    StoredStatement,
    Support,
    Waiver,
)
from proscribe.model.findings import shown_row
from proscribe.model.periods import instant_text
from proscribe.wording.safe import terminal as safe

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases, Due
    from proscribe.app.case.pending import CaseFinding, Shown


def case_lines(
    cases: Cases, file: CaseFile, devices: Sequence[CaseDevice], answer: Sequence[str] = ()
) -> Iterator[str]:
    """Give everything that a case holds, part by part, after the lines of what the law says."""
    from proscribe.app.case.document_files import list_documents, made_before
    from proscribe.app.papers.signed_alike import signed_alike

    one, today = file.case, cases.today(file)
    yield f"{one.id}  {safe(one.title)}"
    yield from answer
    yield f"  {one.state.value}, version {one.version}; law of {one.as_of}; clocks in {one.zone}"
    for name in ("jurisdiction", "contract", "uei", "cage", "assignee"):
        if getattr(one, name):
            yield f"  {name}: {safe(getattr(one, name))}"
    for run in file.runs:
        yield f"  run {run.id}: {len(run.inputs)} inputs, knowledge {run.knowledge_version}, as of {run.as_of}"
        yield from (f"    not checked: {safe(text)}" for text in run.not_checked)
    for seen in file.device_reports:
        yield (
            f"  devices report {seen.id}: {seen.devices} devices, {len(seen.inputs)} inputs, "
            f"knowledge {seen.knowledge_version}, as of {seen.as_of}"
        )
    last = cases.imported_until(one.id)
    if last:
        yield "  imported: who did what before is told with names of another store, and not of this store's roster"
    judged = {name: _judged(said, today, foreign=said.seq <= last) for name, said in file.standing().items()}
    device_of = cases.device_of_finding(devices)
    facts: Mapping[str, Any] = json.loads(one.facts)
    stale = made_before(cases, list_documents(cases, one.id)) if file.documents else {}
    alike = signed_alike(file.documents, cases.store.blob)
    parts: tuple[tuple[str, Iterable[str]], ...] = (
        ("Findings", (_finding(item, device_of, judged) for item in file.support)),
        ("Devices", (line for item in devices for line in _device(item, file, judged))),
        ("Stated facts", (f"{name}: {safe(facts[name])}" for name in sorted(facts))),
        ("Determinations", map(_determination, file.determinations)),
        (
            "Documents",
            (
                _document(item, stale.get((one.id, item.id), ""), alike.get(item.id, ""))
                for item in file.documents
            ),
        ),
        ("Waivers", (_waiver(item, cases.waiver_standing(item, today)) for item in file.waivers)),
        ("Suppliers", (f"{item.id}  {safe(item.supplier)}: {item.status}" for item in file.declarations)),
        ("Notes", (f"{instant_text(item.at)}  {safe(item.by)}: {safe(item.text)}" for item in file.notes)),
    )
    for title, lines in parts:
        for place, line in enumerate(lines):
            if not place:
                yield f"\n{title}:"
            yield f"  {line}"
    running = list(running_lines(cases.running(file)))
    yield from ["\nClocks:", *running] if running else []


def running_lines(running: Iterable[Due]) -> Iterator[str]:
    """Give the deadlines that run, soonest first."""
    for row in running:
        item = row.deadline
        mark = {"overdue": "OVERDUE", "due_today": "DUE TODAY"}.get(row.standing, "due")
        doubt = f", {safe(row.hinges_on)}" if row.hinges_on else ""
        yield f"  {mark} {item.due_at}  {safe(item.title)} ({safe(item.citation)}){doubt}  {item.id}"


def event_lines(happened: Iterable[Event]) -> Iterator[str]:
    """Give what happened, in order, with who and when."""
    for place, item in enumerate(happened):
        if not place:
            yield "\nEvents:"
        stated = f", stated for {instant_text(item.stated_at)}" if item.stated_at else ""
        what = item.kind.value.replace("_", " ")
        yield f"  {item.seq:>5} {instant_text(item.at)}  {what} by {safe(item.by)}{stated}  {item.digest[:12]}"


def name_of(finding: Mapping[str, Any]) -> str:
    """Name the record of a finding: by its own id, by its box in a picture, else by its row."""
    locator = finding.get("locator") or {}
    pointer = str(locator.get("pointer") or "")
    return str(finding.get("record_id") or (pointer if "xywh=" in pointer else f"row {shown_row(locator)}"))


def _finding(item: Support, device_of: Mapping[str, str], judged: Mapping[str, str]) -> str:
    value = json.loads(item.finding)
    name = name_of(value)
    aged = f"  AGED, {safe(item.why)}" if item.aged else ""
    device = f"  on {device_of[item.finding_id]}" if item.finding_id in device_of else ""
    return (
        f"{item.finding_id}  {safe(value['band'])} {safe(value['entity'])} ({safe(value['role'])})  "
        f"{safe(value['path'])} {safe(name)}; last seen {item.last_seen}{aged}{device}{judged.get(item.finding_id, '')}"
    )


def finding_line(finding_id: str, short: Mapping[str, Any], *, verdict: str, aged: bool) -> str:
    """Give a finding of a page: band, firm and role, where it stands, what was judged of it."""
    row = shown_row(short.get("locator") or {})
    name = name_of(short)
    place = f":{row}" if row else ""
    return (
        f"{finding_id}  {safe(short['band'])} {safe(short['entity'])} ({safe(short['role'])})  "
        f"{safe(short['path'])}{place}" + ("" if name == f"row {row}" else f" {safe(name)}")
        + (f"  judged {safe(verdict)}" if verdict else "") + ("  AGED" if aged else "")
    )  # fmt: skip


def shown_lines(shown: Shown, findings: Iterable[CaseFinding]) -> Iterator[str]:
    """Give what a signature under a draft would do, before it is signed."""
    one = shown.draft
    yield f"{shown.code}  {safe(shown.words)}"
    yield f"  prepared {instant_text(one.asked_at)} under the name {safe(one.by)}; nothing proves by whom"
    if shown.confirmed_aside:
        yield f"  SETS {shown.confirmed_aside:,} CONFIRMED FINDINGS ASIDE"
    for verdict, count in shown.judged.items():
        yield f"  OVERTURNS {count:,} JUDGED {safe(verdict).upper()}"
    for part in shown.content:
        yield f"  {safe(part.name)}:"
        yield from (f"    {safe(text)}" for text in part.values)
    if shown.bands:
        yield "  " + ", ".join(f"{count:,} {safe(band)}" for band, count in shown.bands.items())
    listed = 0
    for item in findings:
        listed += 1
        short = json.loads(item.support.finding)
        yield "  " + finding_line(
            item.support.finding_id, short, verdict=item.verdict, aged=item.support.aged
        )
        yield "    " + "; ".join(safe(text) for text in short["found"])
    if shown.where is not None and listed < sum(shown.bands.values()):
        yield f"  and {sum(shown.bands.values()) - listed:,} more: list them with --all"
    match shown.record:
        case StoredDocument() as kept:
            yield f"  {_document(kept)}; SHA-256 {kept.sha256}"
            yield from _overridden(kept)
        case StoredDetermination() as kept:
            yield f"  {_determination(kept)}; SHA-256 {kept.sha256}"
        case StoredStatement() as kept:
            yield f"  states {', '.join(map(safe, kept.fields))}, by {safe(kept.author)}; SHA-256 {kept.sha256}"
        case CaseDevice() as kept:
            yield f"  {safe(kept.name)}: {kept.band} {', '.join(map(safe, kept.entities))}; findings {', '.join(kept.findings)}"
        case None:
            pass


def _overridden(item: StoredDocument) -> Iterator[str]:
    """Give whole what a document says in the name of whoever approves it, and against what."""
    for reason, against in item.overridden().items():
        yield f"  says in the name of whoever approves it, by {safe(item.author)}: {safe(reason)}"
        yield from (f"    against: {safe(what)}" for what in against)


def _judged(said: Judgement, today: date, *, foreign: bool) -> str:
    over = said.until is not None and said.until < today
    until = (f" until {said.until}" + (" (over)" if over else "")) if said.until else ""
    whose = f" {IMPORTED_NAME}" if foreign else ""
    return f"  judged {said.verdict.value}{until} by {safe(said.by)}{whose}: {safe(said.reason)}"


def _device(item: CaseDevice, file: CaseFile, judged: Mapping[str, str]) -> Iterator[str]:
    what = f"{item.band} {', '.join(item.entities)}" if item.band else "no finding"
    own = set(file.case.finding_ids)
    here = [name for name in item.findings if name in own]
    parts = [f"findings {', '.join(here)}"] if here else []
    if len(here) < len(item.findings):
        parts.append(f"{len(item.findings) - len(here)} findings that are not of this case")
    site = f", {safe(item.site)}" if item.site else ""
    aged = "  AGED, not shown by the newest report over its inputs" if item.aged else ""
    shown = "; ".join(parts) or "without findings"
    said = judged.get(item.id, "")
    yield f"{item.id}  {what}: {safe(item.name)}{site}; {shown}; last seen {item.last_seen}{aged}{said}"
    yield from (f"  contradiction: {safe(text)}" for text in item.contradictions)


def _determination(item: StoredDetermination) -> str:
    approved = f"approved by {safe(item.approver)}" if item.approver else "not approved"
    return f"{item.id}  {item.outcome} as of {item.as_of}, by {safe(item.author)}, {approved}; knowledge {item.knowledge_version}"


def _document(item: StoredDocument, stale: str = "", alike: str = "") -> str:
    parts = [item.type, item.stage, item.number, f"version {item.version}", f"by {safe(item.author)}"]
    if item.refusals:
        parts.append(f"{len(item.refusals)} reasons against it, {len(item.overrides)} overridden")
    if item.approver:
        parts.append(f"approved by {safe(item.approver)}")
    if item.signer:
        parts.append(f"signed by {safe(item.signer)}")
    if item.submitted_at:
        parts.append(f"submitted {instant_text(item.submitted_at)}")
    parts += [safe(alike), stale]
    return f"{item.id}  " + ", ".join(part for part in parts if part)


def _waiver(item: Waiver, standing: str) -> str:
    end = f" to {item.valid_to}" if item.valid_to else ""
    return f"{item.id}  {standing}: {safe(item.scope)}, by {item.grantor}{end}"
