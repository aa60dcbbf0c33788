"""`proscribe case`: open a case, work on it, prove what was known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proscribe.cli import exitcodes
from proscribe.cli.store_options import (
    SETTINGS,
    at_option,
    author,
    author_option,
    instant,
    knowledge_option,
    opened,
    output_option,
    read_version,
    safe,
    signing_options,
    store_option,
    trust_options,
    version_option,
)
from proscribe.model.casework import (
    CaseDevice,
    CaseFile,
    CaseState,
    Head,
    Judgement,
    Verdict,
    instant_text,
)
from proscribe.model.errors import CaseError, UsageError

if TYPE_CHECKING:
    from proscribe.app.case_bundles import Trust
    from proscribe.attestations import Signer
    from proscribe.casework.store import Store

ZONE_VARIABLE = "PROSCRIBE_ZONE"


@click.group(context_settings=SETTINGS)
def case() -> None:
    """Cases: what was found, what was decided, what is due, and who did what.

    \b
    Examples:
      proscribe case open --scan law.json --by "R. Ito" --zone America/New_York
      proscribe case show C-0001
      proscribe case judge C-0001 f_0a1b2c different --reason "opened and photographed" --by "R. Ito"
      proscribe case verify
    """


@case.command("open", context_settings=SETTINGS)
@click.option(
    "--scan", "scan", metavar="FILE", type=click.Path(path_type=Path), help="JSON of a scan, decided or not."
)
@click.option(
    "--facts",
    "facts",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Case file with one case; it is decided.",
)
@click.option(
    "--finding",
    "findings",
    multiple=True,
    metavar="ID",
    help="Only this finding of the scan; may be repeated.",
)
@click.option(
    "--devices",
    "report",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="JSON of a devices report that is attached with it.",
)
@click.option("--title", default="", help="What the case is about, in words.")
@click.option(
    "--as-of", metavar="DATE", help="Day on which the law is asked; that of the scan or facts by default."
)
@click.option(
    "--zone",
    metavar="NAME",
    envvar=ZONE_VARIABLE,
    help="Time zone of its clocks, such as America/New_York; else PROSCRIBE_ZONE.",
)
@click.option("--contract", default="", help="Contract, order or solicitation number.")
@click.option("--uei", default="", help="UEI of the company the case is about; its form is checked.")
@click.option("--cage", default="", help="CAGE code of the company; its form is checked.")
@click.option("--jurisdiction", default="US", show_default=True, help="Country whose law is asked.")
@store_option
@author_option
@at_option
@knowledge_option
@output_option
def open_(
    scan: Path | None, facts: Path | None, findings: tuple[str, ...], report: Path | None, title: str, as_of: str | None,
    zone: str | None, contract: str, uei: str, cage: str, jurisdiction: str, place: str | None, by: str | None, at: str | None,
    knowledge: tuple[str, ...], output: str,
) -> None:  # fmt: skip
    """Open a case from a scan, from a case file, or from nothing but a title. Makes the store when there is none."""
    from proscribe.app.casework import Desk
    from proscribe.cli.days import day_of
    from proscribe.model.devices_document import read_devices

    if scan is not None and facts is not None:
        raise UsageError(
            "E438",
            "a case is opened from a scan or from facts, not from both",
            expected="--scan or --facts",
            next_step="Decide the scan with its facts first: proscribe scan ... --decide FACTS.",
        )
    if not zone:
        raise CaseError(
            "E440",
            "the time zone of the clocks is missing",
            expected="a name such as America/New_York",
            next_step="Give --zone, or set PROSCRIBE_ZONE. A day ends at another hour in each zone.",
        )
    about: dict[str, Any] = {
        "by": _author(by), "zone": zone, "contract": contract, "uei": uei, "cage": cage,
        "jurisdiction": jurisdiction, "stated_at": instant(at),
    }  # fmt: skip
    day = day_of(as_of, "--as-of") if as_of else None
    content = _read(scan) if scan is not None else b""
    if report is not None:
        about["report"] = read_devices(_read(report), str(report))
    with opened(place, create=True) as store:
        desk = Desk(store, knowledge)
        if scan is not None:
            file = desk.open_from_scan(content, str(scan), only=findings, title=title, as_of=day, **about)
        else:
            regimes: tuple[str, ...] = ()
            stated: dict[str, Any] = {}
            if facts is not None:
                stated_day, stated, regimes, stated_title = desk.read_facts(facts)
                day, title = day or stated_day, title or stated_title
            file = desk.open_by_hand(
                day or day_of(None, "--as-of"), stated, regimes=regimes, title=title, **about
            )
        _say(store, file, output, f"Opened {file.case.id}: {safe(file.case.title)}")
        others = [
            one for run in file.runs for one in store.cases_with_scan(run.scan_sha256) if one != file.case.id
        ]
        if others:
            click.echo(f"This scan is also in {', '.join(others)}: take care not to report twice.", err=True)


def _author(by: str | None) -> str:
    from proscribe.casework.lifecycle import person

    return person(author(by))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise CaseError(
            "E433",
            f"the file cannot be read: {problem.strerror or problem}",
            at=str(path),
            next_step="Check the path.",
        ) from None


def _say(store: Store, file: CaseFile, output: str, line: str) -> None:
    if output == "json":
        click.echo(json.dumps(file.to_json(), ensure_ascii=False, indent=2, sort_keys=True))
        return
    click.echo(line)
    _running(file, store)


def _running(file: CaseFile, store: Store) -> None:
    from proscribe.casework import clock

    now = store.now()
    for item in clock.in_order(file.open_deadlines()):
        mark = {"overdue": "OVERDUE", "due_today": "DUE TODAY"}.get(clock.standing(item, now), "due")
        doubt = ", if it applies" if item.doubtful else ""
        click.echo(f"  {mark} {item.due_at}  {safe(item.title)} ({safe(item.citation)}){doubt}  {item.id}")


@case.command("list", context_settings=SETTINGS)
@click.option(
    "--state", type=click.Choice([item.value for item in CaseState]), help="Only cases in this state."
)
@click.option("--assignee", default="", help="Only cases of this person.")
@click.option("--text", default="", help="Only cases whose record holds this text.")
@store_option
@output_option
def list_(state: str | None, assignee: str, text: str, place: str | None, output: str) -> None:
    """List cases."""
    with opened(place) as store:
        found = store.cases(state=state or "", assignee=assignee, text=text)
    if output == "json":
        click.echo(
            json.dumps([item.to_json() for item in found], ensure_ascii=False, indent=2, sort_keys=True)
        )
        return
    for item in found:
        who = f"  {safe(item.assignee)}" if item.assignee else ""
        click.echo(f"{item.id:<12} {item.state.value:<11} v{item.version:<4} {safe(item.title)}{who}")
    if not found:
        click.echo("No case.")


@case.command("show", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@click.option("--events", "events", is_flag=True, help="Also everything that happened, with who and when.")
@store_option
@knowledge_option
@output_option
def show(case_id: str, events: bool, place: str | None, knowledge: tuple[str, ...], output: str) -> None:
    """Show a case: findings and how well they are supported, judgements, determinations, clocks, documents."""
    from proscribe.app.casework import Desk

    with opened(place) as store:
        file = store.case(case_id)
        desk = Desk(store, knowledge)
        devices = desk.devices(file)
        happened = store.events(case_id) if events else []
        if output == "json":
            value = file.to_json()
            if devices:
                value["devices"] = [item.to_json() for item in devices]
                value["device_of_finding"] = dict(desk.device_of_finding(devices))
            if events:
                value["events"] = [{**item.to_json(), "payload": item.data} for item in happened]
            click.echo(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))
            return
        _show(file, store, devices, desk.device_of_finding(devices))
        waiting = desk.waiting(file)
        if waiting:
            click.echo("\nClocks that have not started:")
            for name, rule, start in waiting:
                click.echo(f"  {name}: {rule}; waits for {start}")
        if happened:
            click.echo("\nEvents:")
            for item in happened:
                stated = f", stated for {instant_text(item.stated_at)}" if item.stated_at else ""
                what = item.kind.value.replace("_", " ")
                click.echo(
                    f"  {item.seq:>5} {instant_text(item.at)}  {what} by {safe(item.by)}{stated}  {item.digest[:12]}"
                )


def _show(file: CaseFile, store: Store, devices: Sequence[CaseDevice], device_of: Mapping[str, str]) -> None:
    one = file.case
    click.echo(f"{one.id}  {safe(one.title)}")
    click.echo(f"  {one.state.value}, version {one.version}; law of {one.as_of}; clocks in {one.zone}")
    for name in ("jurisdiction", "contract", "uei", "cage", "assignee"):
        if getattr(one, name):
            click.echo(f"  {name}: {safe(getattr(one, name))}")
    for run in file.runs:
        click.echo(
            f"  run {run.id}: {len(run.inputs)} inputs, knowledge {run.knowledge_version}, as of {run.as_of}"
        )
        for text in run.not_checked:
            click.echo(f"    not checked: {safe(text)}")
    for seen in file.device_reports:
        click.echo(
            f"  devices report {seen.id}: {seen.devices} devices, {len(seen.inputs)} inputs, "
            f"knowledge {seen.knowledge_version}, as of {seen.as_of}"
        )
    judged = file.standing()
    today = store.today(one.zone)
    if file.support:
        click.echo("\nFindings:")
    for item in file.support:
        value = json.loads(item.finding)
        words = _judged(judged.get(item.finding_id), today)
        if item.finding_id in device_of:
            words = f"  on {device_of[item.finding_id]}{words}"
        aged = f"  AGED, {safe(item.why)}" if item.aged else ""
        name = value.get("record_id") or f"row {(value.get('locator') or {}).get('row')}"
        click.echo(
            f"  {item.finding_id}  {safe(value['band'])} {safe(value['entity'])} ({safe(value['role'])})  "
            f"{safe(value['path'])} {safe(name)}; "
            f"last seen {item.last_seen}{aged}{words}"
        )
    if devices:
        click.echo("\nDevices:")
    for device in devices:
        click.echo(f"  {_device(device, file)}{_judged(judged.get(device.id), today)}")
        for text in device.contradictions:
            click.echo(f"    contradiction: {safe(text)}")
    facts = json.loads(one.facts)
    if facts:
        click.echo("\nStated facts:")
        for name in sorted(facts):
            click.echo(f"  {name}: {safe(facts[name])}")
    for title, records in (
        ("Determinations", [_determination(item) for item in file.determinations]),
        ("Documents", [_document(item) for item in file.documents]),
        ("Waivers", [_waiver(item, store.today(one.zone)) for item in file.waivers]),
        ("Suppliers", [f"{item.id}  {safe(item.supplier)}: {item.status}" for item in file.declarations]),
        ("Notes", [f"{instant_text(item.at)}  {safe(item.by)}: {safe(item.text)}" for item in file.notes]),
    ):
        if records:
            click.echo(f"\n{title}:")
            for line in records:
                click.echo(f"  {line}")
    if file.open_deadlines():
        click.echo("\nClocks:")
        _running(file, store)


def _judged(said: Judgement | None, today: date) -> str:
    if said is None:
        return ""
    over = said.until is not None and said.until < today
    until = (f" until {said.until}" + (" (over)" if over else "")) if said.until else ""
    return f"  judged {said.verdict.value}{until} by {safe(said.by)}: {safe(said.reason)}"


def _device(item: CaseDevice, file: CaseFile) -> str:
    what = f"{item.band} {', '.join(item.entities)}" if item.band else "no finding"
    here = [name for name in item.findings if name in set(file.case.finding_ids)]
    parts = [f"findings {', '.join(here)}"] if here else []
    if len(here) < len(item.findings):
        parts.append(f"{len(item.findings) - len(here)} findings that are not of this case")
    site = f", {safe(item.site)}" if item.site else ""
    aged = "  AGED, not shown by the newest report over its inputs" if item.aged else ""
    shown = "; ".join(parts) or "without findings"
    return f"{item.id}  {what}: {safe(item.name)}{site}; {shown}; last seen {item.last_seen}{aged}"


def _determination(item: Any) -> str:
    approved = f"approved by {safe(item.approver)}" if item.approver else "not approved"
    return f"{item.id}  {item.outcome} as of {item.as_of}, by {safe(item.author)}, {approved}; knowledge {item.knowledge_version}"


def _document(item: Any) -> str:
    parts = [item.type, item.stage, item.number, f"version {item.version}", f"by {safe(item.author)}"]
    if item.refusals:
        parts.append(f"{len(item.refusals)} reasons against it, {len(item.overrides)} overridden")
    if item.approver:
        parts.append(f"approved by {safe(item.approver)}")
    if item.signer:
        parts.append(f"signed by {safe(item.signer)}")
    if item.submitted_at:
        parts.append(f"submitted {instant_text(item.submitted_at)}")
    return f"{item.id}  " + ", ".join(part for part in parts if part)


def _waiver(item: Any, day: date) -> str:
    from proscribe.casework.waivers import status

    end = f" to {item.valid_to}" if item.valid_to else ""
    return f"{item.id}  {status(item, day)}: {safe(item.scope)}, by {item.grantor}{end}"


# Changing a case


@case.command("note", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@click.argument("text")
@store_option
@author_option
@at_option
@output_option
def note(case_id: str, text: str, place: str | None, by: str | None, at: str | None, output: str) -> None:
    """Write a remark."""
    from proscribe.casework import commands

    who, when = _author(by), instant(at)
    with opened(place) as store:
        file = commands.note(store, case_id, text, by=who, stated_at=when)
        _say(store, file, output, f"Noted in {case_id}, version {file.case.version}")


@case.command("assign", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@click.argument("to", metavar="NAME")
@store_option
@author_option
@version_option
@output_option
def assign(
    case_id: str, to: str, place: str | None, by: str | None, version: int | None, output: str
) -> None:
    """Give a case to a person."""
    from proscribe.casework import commands

    who = _author(by)
    with opened(place) as store:
        file = commands.assign(store, case_id, to, by=who, version=read_version(store, case_id, version))
        whom = f"is with {safe(file.case.assignee)}" if file.case.assignee else "is with nobody"
        _say(store, file, output, f"{case_id} {whom}, version {file.case.version}")


@case.command("judge", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@click.argument("finding")
@click.argument("verdict", type=click.Choice([item.value for item in Verdict]))
@click.option("--reason", required=True, help="Why, in words; printed wherever the finding is set aside.")
@click.option("--until", metavar="DATE", help="Last day on which it holds; needed with cleared.")
@store_option
@author_option
@at_option
@version_option
@output_option
def judge(
    case_id: str, finding: str, verdict: str, reason: str, until: str | None, place: str | None, by: str | None,
    at: str | None, version: int | None, output: str,
) -> None:  # fmt: skip
    """Say of a finding or a device (d_...) whether it is what it says: same, different, unsure, or cleared until a day."""
    from proscribe.casework import commands
    from proscribe.cli.days import day_of

    who, when = _author(by), instant(at)
    last = day_of(until, "--until") if until else None
    with opened(place) as store:
        file = commands.judge(
            store,
            case_id,
            finding,
            Verdict(verdict),
            by=who,
            reason=reason,
            until=last,
            version=version,
            stated_at=when,
        )
        _say(store, file, output, f"{finding} judged {verdict} in {case_id}, version {file.case.version}")


@case.command("fact", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@click.argument("facts", nargs=-1, required=True, metavar="NAME=VALUE...")
@store_option
@author_option
@at_option
@version_option
@knowledge_option
@output_option
def fact(
    case_id: str, facts: tuple[str, ...], place: str | None, by: str | None, at: str | None, version: int | None,
    knowledge: tuple[str, ...], output: str,
) -> None:  # fmt: skip
    """State facts of the decision vocabulary; NAME= takes one back. Lists are written [one, two]."""
    from proscribe.app.casework import Desk
    from proscribe.app.facts_file import meant
    from proscribe.rules.facts import FACTS

    who, when = _author(by), instant(at)
    stated: dict[str, Any] = {}
    for text in facts:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(
                "E438",
                f"{text!r} states nothing",
                expected="NAME=VALUE",
                next_step="Write use.by=the_entity.",
            )
        value = value.strip()
        stated[name.strip()] = (
            (meant(name.strip(), value) if name.strip() in FACTS else value) if value else None
        )
    with opened(place) as store:
        read = read_version(store, case_id, version)
        file = Desk(store, knowledge).state(case_id, stated, by=who, version=read, stated_at=when)
        _say(store, file, output, f"{len(stated)} facts stated in {case_id}, version {file.case.version}")


@case.command("attach", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@click.argument("scan", metavar="[SCAN.json]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--devices",
    "report",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="JSON of a devices report (proscribe devices -o json), beside a scan or instead of one.",
)
@store_option
@author_option
@at_option
@knowledge_option
@output_option
def attach(
    case_id: str,
    scan: Path | None,
    report: Path | None,
    place: str | None,
    by: str | None,
    at: str | None,
    knowledge: tuple[str, ...],
    output: str,
) -> None:
    """Attach a later scan, a devices report, or both. Findings and devices that it no longer shows age; they stay."""
    from proscribe.app.casework import Desk

    if scan is None and report is None:
        raise UsageError(
            "E438",
            "nothing is named that could be attached",
            expected="the JSON of a scan, or --devices and that of a devices report",
            next_step="Name one of them.",
        )
    who, when = _author(by), instant(at)
    contents = {path: _read(path) for path in (scan, report) if path is not None}
    with opened(place) as store:
        desk = Desk(store, knowledge)
        said = []
        if scan is not None:
            file = desk.attach(case_id, contents[scan], str(scan), by=who, stated_at=when)
            aged = sum(item.aged for item in file.support)
            said.append(
                f"{scan.name} attached to {case_id}: {len(file.support)} findings, {aged} of them aged"
            )
        if report is not None:
            file = desk.attach_devices(case_id, contents[report], str(report), by=who, stated_at=when)
            made = file.device_reports[-1]
            said.append(
                f"{report.name} attached to {case_id}: {made.devices} devices, {made.contradictions} of them contradictory"
            )
        _say(store, file, output, "\n".join(said))


@case.command("decide", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@store_option
@author_option
@version_option
@knowledge_option
@output_option
def decide(
    case_id: str,
    place: str | None,
    by: str | None,
    version: int | None,
    knowledge: tuple[str, ...],
    output: str,
) -> None:
    """Put a case to the law on its stated facts, keep the determination, and start its clocks."""
    from proscribe.app.casework import Desk

    who = _author(by)
    with opened(place) as store:
        read = read_version(store, case_id, version)
        file = Desk(store, knowledge).decide(case_id, by=who, version=read)
        made = file.determinations[-1]
        _say(store, file, output, f"{made.id}: {made.outcome} as of {made.as_of}")


@case.command("approve", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@click.argument("record", metavar="DETERMINATION|DOCUMENT")
@store_option
@author_option
@version_option
@output_option
def approve(
    case_id: str, record: str, place: str | None, by: str | None, version: int | None, output: str
) -> None:
    """Approve a determination (D1) or a document (DOC1). Whoever wrote it cannot."""
    from proscribe.casework import commands

    who = _author(by)
    with opened(place) as store:
        read = read_version(store, case_id, version)
        release = commands.approve_document if record.startswith("DOC") else commands.approve_determination
        file = release(store, case_id, record, by=who, version=read)
        _say(store, file, output, f"{record} approved by {safe(who)}")


@case.command("submit", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@click.option("--document", default="", help="The document that went out, such as DOC1.")
@click.option(
    "--meets", multiple=True, metavar="DEADLINE", help="Id of a deadline that it meets; may be repeated."
)
@click.option("--to", required=True, help="To whom it went.")
@click.option("--how", default="", help="What was sent and how, for a report made elsewhere.")
@store_option
@author_option
@at_option
@version_option
@knowledge_option
@output_option
def submit(
    case_id: str, document: str, meets: tuple[str, ...], to: str, how: str, place: str | None, by: str | None,
    at: str | None, version: int | None, knowledge: tuple[str, ...], output: str,
) -> None:  # fmt: skip
    """Say that a report went out: its deadline is met, and the clock of its follow-up starts."""
    from proscribe.app.casework import Desk

    who, when = _author(by), instant(at)
    with opened(place) as store:
        read = read_version(store, case_id, version)
        file = Desk(store, knowledge).submit(
            case_id, by=who, to=to, version=read, document_id=document, meets=meets, how=how, stated_at=when
        )
        _say(store, file, output, f"Submitted to {safe(to)}; {case_id} is {file.case.state.value}")


@case.command("close", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@click.option("--reason", required=True, help="Why nothing more is to be done.")
@store_option
@author_option
@version_option
@output_option
def close(
    case_id: str, reason: str, place: str | None, by: str | None, version: int | None, output: str
) -> None:
    """Close a case. Refused while its clocks run."""
    from proscribe.casework import commands

    who = _author(by)
    with opened(place) as store:
        file = commands.close(
            store, case_id, by=who, reason=reason, version=read_version(store, case_id, version)
        )
        _say(store, file, output, f"{case_id} closed")


@case.command("reopen", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@click.option("--reason", required=True, help="Why it is opened again.")
@store_option
@author_option
@version_option
@output_option
def reopen(
    case_id: str, reason: str, place: str | None, by: str | None, version: int | None, output: str
) -> None:
    """Open a closed case again."""
    from proscribe.casework import commands

    who = _author(by)
    with opened(place) as store:
        file = commands.reopen(
            store, case_id, by=who, reason=reason, version=read_version(store, case_id, version)
        )
        _say(store, file, output, f"{case_id} is open again")


# The store


@case.command("judgements", context_settings=SETTINGS)
@click.argument("target", metavar="LAYER.yml", type=click.Path(path_type=Path))
@store_option
@knowledge_option
def judgements(target: Path, place: str | None, knowledge: tuple[str, ...]) -> None:
    """Write what was judged different or cleared as a knowledge layer, for later scans with --knowledge."""
    from proscribe.app.casework import Desk
    from proscribe.reports.atomic import replacing

    with opened(place) as store:
        layer = Desk(store, knowledge).layer()
    with replacing(target) as partial:
        partial.write_text(layer.text, encoding="utf-8")
    click.echo(f"{target}: {layer.set_aside} findings set aside")
    for text in layer.disagreements:
        click.echo(f"  people disagree, so it stays: {safe(text)}")
    for text in layer.left_out:
        click.echo(f"  not used: {safe(text)}")


@case.command("verify", context_settings=SETTINGS)
@click.argument("bundle", metavar="[BUNDLE]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--head",
    "head",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A head that was kept elsewhere, or a backup or bundle that names one; a cut end shows only against it.",
)
@click.option(
    "--keep",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the head to this file, to be kept elsewhere.",
)
@click.option(
    "--rebuild",
    is_flag=True,
    help="Where only the tables beside the entries were changed, write them anew from these.",
)
@trust_options
@store_option
@output_option
@click.pass_context
def verify(
    ctx: click.Context,
    bundle: Path | None,
    head: Path | None,
    keep: Path | None,
    rebuild: bool,
    keys: tuple[Path, ...],
    fingerprints: tuple[str, ...],
    unsigned: bool,
    place: str | None,
    output: str,
) -> None:
    """Check that nothing in the store, or in a bundle, was altered, removed or reordered. Exits with 1 when something was.

    A bundle without a signature is checked against itself alone; --key says whose signature it has to carry.
    """
    from proscribe.app.case_bundles import Trust

    trust = Trust(keys, fingerprints, unsigned or not (keys or fingerprints))
    signature: dict[str, Any] | None = None
    if bundle is not None:
        from proscribe.app.case_bundles import verify_bundle

        file, events, faults, signature = verify_bundle(bundle, trust)
        about = f"{safe(bundle.name)}: case {safe(file.case.id)}, {len(events)} events"
        end: dict[str, Any] = {}
    else:
        kept = _head(head, trust) if head is not None else None
        with opened(place) as store:
            faults = store.verify(kept)
            if rebuild and faults and {item.kind for item in faults} == {"repeated"}:
                for item in faults:
                    click.echo(f"  written anew: {safe(item.what)}", err=True)
                store.rebuild()
                faults = store.verify(kept)
            end = store.head().to_json() if not faults else {}
            about = f"{store.url}: {end.get('seq', '?')} events"
        if keep is not None and not faults:
            from proscribe.reports.atomic import replacing

            with replacing(keep) as partial:
                partial.write_text(json.dumps(end, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    if output == "json":
        value = {
            "sound": not faults,
            "head": end,
            "compared_with_kept_head": head is not None,
            "signed_by": signature["signed_by"] if signature else None,
            "faults": [item.to_json() for item in faults],
        }
        click.echo(json.dumps(value, indent=2, sort_keys=True))
    elif faults:
        click.echo(f"NOT SOUND  {about}")
        for item in faults:
            click.echo(f"  {item.kind}: {safe(item.what)}")
    else:
        click.echo(f"Sound  {about}")
        if signature:
            click.echo(
                f"  signed by {safe(signature['signed_by'])}, with a key you trust: {signature['key_id']}"
            )
        elif bundle is not None:
            click.echo("  whose it is was not checked: give --key; whoever writes a bundle can write it anew")
        if end:
            click.echo(f"  ends with {end['digest']}")
            if head is None:
                click.echo(
                    "  compared with no head that was kept elsewhere (--head): a cut end, or a log written anew, "
                    "would not show"
                )
    ctx.exit(exitcodes.FOUND if faults else exitcodes.DONE)


def _head(path: Path, trust: Trust) -> Head:
    content = _read(path)
    if content.startswith(b"PK"):
        from proscribe.app.case_bundles import head_of

        return head_of(path, trust)
    try:
        return Head.from_json(json.loads(content))
    except (ValueError, TypeError, AttributeError):
        raise CaseError(
            "E433",
            "this is not the head of a store",
            at=str(path),
            expected="what `proscribe case verify --keep FILE` wrote, a backup, or the bundle of a case",
            next_step="Give that file.",
        ) from None


@case.command("backup", context_settings=SETTINGS)
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@signing_options
@store_option
@author_option
def backup(
    target: Path, key_file: Path | None, passphrase_file: Path | None, module: str | None, token: str, label: str,
    signed_as: str, place: str | None, by: str | None,
) -> None:  # fmt: skip
    """Back the store up while it is in use: an archive that any store restores, or, with .db, a copy of the SQLite file.

    With --key the archive is signed, so that a changed or older one shows.
    """
    signer = _signer(key_file, passphrase_file, module, token, label)
    if signer is not None and target.suffix == ".db":
        raise UsageError(
            "E484",
            "a copy of the file is not signed",
            at=str(target),
            expected="an archive, such as backup.zip",
            next_step="Choose a name that does not end in .db, or leave --key out.",
        )
    with opened(place) as store:
        if signer is not None:
            from proscribe.app.case_bundles import write_signed

            head = write_signed(store, target, signer, signed_by=_author(by), signed_as=signed_as)
        else:
            from proscribe.casework.backup import backup as write

            head = write(store, target)
    click.echo(f"{target}: {head.seq} events, ends with {head.digest}")
    _signed_or_not(signer)


def _signer(
    key_file: Path | None, passphrase_file: Path | None, module: str | None, token: str, label: str
) -> Signer | None:
    if key_file is None and module is None:
        return None
    from proscribe.cli.store_options import signer_of

    return signer_of(key_file, passphrase_file, module, token, label)


def _signed_or_not(signer: Signer | None) -> None:
    if signer is not None:
        click.echo(f"  signed with {signer.key_id}")
    else:
        click.echo("  not signed: who takes it cannot tell whose it is (--key signs it)", err=True)


@case.command("restore", context_settings=SETTINGS)
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--head",
    "head",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A head that was kept elsewhere; the backup has to hold it.",
)
@trust_options
@store_option
@author_option
def restore(
    source: Path, head: Path | None, keys: tuple[Path, ...], fingerprints: tuple[str, ...], unsigned: bool,
    place: str | None, by: str | None,
) -> None:  # fmt: skip
    """Fill an empty store from a backup archive, and check it. One without a signature is taken only with --unsigned."""
    from proscribe.app.case_bundles import Trust
    from proscribe.app.case_bundles import restore as read

    who, trust = _author(by), Trust(keys, fingerprints, unsigned)
    kept = _head(head, trust) if head is not None else None
    with opened(place, create=True) as store:
        head_ = read(store, source, trust, by=who, kept=kept)
    click.echo(f"Restored {head_.seq} events; sound")


@case.command("export", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@signing_options
@store_option
@author_option
def export(
    case_id: str, target: Path, key_file: Path | None, passphrase_file: Path | None, module: str | None, token: str,
    label: str, signed_as: str, place: str | None, by: str | None,
) -> None:  # fmt: skip
    """Write a case with its scans, documents and place in the chain as a bundle; with --key, a signed one."""
    signer = _signer(key_file, passphrase_file, module, token, label)
    with opened(place) as store:
        if signer is not None:
            from proscribe.app.case_bundles import write_signed

            head = write_signed(
                store, target, signer, signed_by=_author(by), signed_as=signed_as, case_id=case_id
            )
        else:
            from proscribe.casework.backup import export_case

            head = export_case(store, case_id, target)
    click.echo(f"{target}: {case_id}, of a chain of {head.seq} events")
    _signed_or_not(signer)


@case.command("import", context_settings=SETTINGS)
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@trust_options
@store_option
@author_option
@output_option
def import_(
    source: Path, keys: tuple[Path, ...], fingerprints: tuple[str, ...], unsigned: bool, place: str | None,
    by: str | None, output: str,
) -> None:  # fmt: skip
    """Take a case over from a bundle; the bundle is kept as proof of where it came from.

    Anybody can write a bundle, with any name as author. One is taken when it is signed by a key that you name, or with
    --unsigned; then its judgements set none of your findings aside.
    """
    from proscribe.app.case_bundles import Trust, import_case

    who = _author(by)
    with opened(place, create=True) as store:
        file = import_case(store, source, Trust(keys, fingerprints, unsigned), by=who)
        _say(store, file, output, f"Taken over as {file.case.id}")
