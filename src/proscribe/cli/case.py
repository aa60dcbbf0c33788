"""`proscribe case`: open a case, work on it, prove what was known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proscribe.cli import exitcodes
from proscribe.cli.case_answers import answer
from proscribe.cli.case_archives import add_archive_commands
from proscribe.cli.case_lines import case_lines, event_lines, finding_line, running_lines
from proscribe.cli.case_pending import WAIT, keep_waiting, known, pending
from proscribe.cli.case_roster import roster
from proscribe.cli.options import CASE, PATH, SETTINGS, ZONE, Given, day_if, options
from proscribe.cli.terminal import leave, print_json, print_lines, width, write_file
from proscribe.model.casework import CaseFile, CaseState
from proscribe.model.config import Config
from proscribe.model.errors import error
from proscribe.model.papers import Question
from proscribe.wording.safe import terminal as safe

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.app.settings.config import FoundConfig

#: Of what a scope puts outside, so much is shown in a terminal.
_SHOWN = 50


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


def _say(given: Given, cases: Cases, file: CaseFile, line: str) -> None:
    if given.json:
        print_json(file.to_json())
    else:
        print_lines([line, *running_lines(cases.running(file))])


def _say_fewer(cases: Cases, file: CaseFile) -> None:
    """Say of which inputs the newest scan read many fewer records than another of that list."""
    from proscribe.app.papers.organisation import fewer_read

    for text in fewer_read(cases, file.case.id):
        click.echo(f"Fewer records than before: {safe(text)}", err=True)


@case.command("open", context_settings=SETTINGS)
@click.option("--scan", "scan", metavar="FILE", type=PATH, help="JSON of a scan, decided or not.")
@click.option("--facts", metavar="FILE", type=PATH, help="Case file with one case; it is decided.")
@click.option(
    "--finding", "findings", multiple=True, metavar="ID", help="Only this finding of the scan; may be repeated."
)  # fmt: skip
@click.option(
    "--devices", "report", metavar="FILE", type=PATH, help="JSON of a devices report that is attached with it."
)  # fmt: skip
@click.option("--title", default="", help="What the case is about, in words.")
@click.option(
    "--as-of", metavar="DATE", help="Day on which the law is asked; that of the scan or facts by default."
)
@ZONE
@click.option("--contract", default="", help="Contract, order or solicitation number.")
@click.option("--uei", default="", help="UEI of the company the case is about; its form is checked.")
@click.option("--cage", default="", help="CAGE code of the company; its form is checked.")
@click.option("--jurisdiction", help="Country whose law is asked; US by default.")
@options("config", "store", "by", "hand", "at", "inputs", "knowledge", "output")
def open_(
    given: Given, scan: Path | None, facts: Path | None, findings: tuple[str, ...], report: Path | None, title: str,
    zone: str | None, **about: Any,
) -> None:  # fmt: skip
    """Open a case from a scan, from a case file, or from nothing but a title. Makes the store when there is none.

    The scan is run again where its inputs are at hand, and the case keeps that it came out the same.
    Time zone, UEI, CAGE code, jurisdiction and the only contract come from proscribe.toml where no option names them.
    """
    from proscribe.app.case.cases import Inputs, read_bytes
    from proscribe.model.devices_document import read_devices

    if scan is not None and facts is not None:
        raise error("E438.scan_or_facts")
    zone = _with_config(given.found, zone, about)
    if not zone:
        raise error("E440.clock_zone")
    about |= {"by": given.person, "zone": zone, "stated_at": given.instant, "title": title}
    day = day_if(given.as_of, "--as-of")
    content = read_bytes(scan) if scan is not None else b""
    if report is not None:
        about["report"] = read_devices(read_bytes(report), str(report))
    with given.cases(create=True) as cases:
        if scan is not None:
            where = Inputs.of(scan, given.folders)
            file = cases.open_from_scan(content, str(scan), only=findings, inputs=where, as_of=day, **about)
        elif facts is not None:
            file = cases.open_from_file(facts, as_of=day, **about)
        else:
            file = cases.open_by_hand(given.law_day, {}, **about)
        _say(given, cases, file, f"Opened {file.case.id}: {safe(file.case.title)}")
        _say_fewer(cases, file)
        others = cases.with_same_scan(file)
    _say_not_run_again(file)
    if others:
        click.echo(f"This scan is also in {', '.join(others)}: take care not to report twice.", err=True)


def _say_not_run_again(file: CaseFile) -> None:
    if file.runs and all(one.scan_sha256 != file.runs[-1].scan_sha256 for one in file.replays):
        click.echo(
            "The scan was not run again, since its inputs or knowledge are not at hand: its file alone says what it found "
            f"(proscribe case replay {file.case.id} --inputs FOLDER). No document rests on it until it is.",
            err=True,
        )


def _with_config(found: FoundConfig | None, zone: str | None, about: dict[str, Any]) -> str | None:
    """Give the zone of a new case, and complete what it is about, from the configuration where no option says it."""
    config = found.config if found is not None and found.own else Config()
    contract = config.contract()
    for name, told in (
        ("uei", config.organisation.uei),
        ("cage", config.organisation.cage),
        ("contract", (contract.number or contract.solicitation or contract.award) if contract else ""),
        ("jurisdiction", config.options.jurisdiction or "US"),
    ):
        about[name] = about[name] or told
    return zone or config.time_zone


@case.command("list", context_settings=SETTINGS)
@click.option(
    "--state", type=click.Choice([item.value for item in CaseState]), help="Only cases in this state."
)
@click.option("--assignee", default="", help="Only cases of this person.")
@click.option("--text", default="", help="Only cases whose record holds this text.")
@options("store", "output")
def list_(given: Given, state: str | None, assignee: str, text: str) -> None:
    """List cases."""
    with given.cases() as cases:
        found = cases.find(state=state or "", assignee=assignee, text=text)
    if given.json:
        print_json([item.to_json() for item in found])
        return
    for item in found:
        who = f"  {safe(item.assignee)}" if item.assignee else ""
        click.echo(f"{item.id:<12} {item.state.value:<11} v{item.version:<4} {safe(item.title)}{who}")
    if not found:
        click.echo("No case.")


@case.command("show", context_settings=SETTINGS)
@CASE
@click.option("--events", is_flag=True, help="Also everything that happened, with who and when.")
@options("store", "knowledge", "output")
def show(given: Given, events: bool) -> None:
    """Show a case: findings and how well they are supported, judgements, determinations, clocks, documents."""
    from proscribe.app.case.case_answers import answer_about, answer_lines

    with given.cases() as cases:
        file = cases.case(given.case_id)
        devices = cases.devices(file)
        happened = cases.events(given.case_id) if events else []
        if not given.json:
            print_lines(case_lines(cases, file, devices, answer_lines(cases, file, width())))
            waiting = cases.waiting(file)
            if waiting:
                click.echo("\nClocks that have not started:")
            print_lines(f"  {name}: {rule}; waits for {start}" for name, rule, start in waiting)
            print_lines(event_lines(happened))
            return
        value = file.to_json()
        if (answer := answer_about(cases, file)) is not None:
            value["answer"] = answer.to_json()
        if devices:
            value["devices"] = [item.to_json() for item in devices]
            value["device_of_finding"] = dict(cases.device_of_finding(devices))
        if events:
            value["events"] = [{**item.to_json(), "payload": item.data} for item in happened]
        print_json(value)


@case.command("note", context_settings=SETTINGS)
@CASE
@click.argument("text")
@options("store", "by", "at", "output")
def note(given: Given, text: str) -> None:
    """Write a remark."""
    who, when = given.person, given.instant
    with given.cases() as cases:
        file = cases.note(given.case_id, text, by=who, stated_at=when)
        _say(given, cases, file, f"Noted in {given.case_id}, version {file.case.version}")


@case.command("assign", context_settings=SETTINGS)
@CASE
@click.argument("to", metavar="NAME")
@options("store", "by", "expect", "output")
def assign(given: Given, to: str) -> None:
    """Give a case to a person."""
    who = given.person
    with given.cases() as cases:
        file = cases.assign(given.case_id, to, by=who, version=given.version)
        whom = safe(file.case.assignee) if file.case.assignee else "nobody"
        _say(given, cases, file, f"{given.case_id} is with {whom}, version {file.case.version}")


def _carried(file: CaseFile) -> list[str]:
    """Say which findings go on under the ids of the scan that was attached last."""
    made = file.carried[-1] if file.carried else None
    if made is None or made.scan_sha256 != file.runs[-1].scan_sha256:
        return []
    lines = [
        f"{made.carried} findings go on under the ids of this scan, with what was judged of them; {made.lost} could not be "
        "carried over"
    ]
    return lines + [
        f"  {name} was judged, or is named by a waiver: it keeps its id, and no finding of this scan counts as judged by it"
        for name in made.judged_lost
    ]


@case.command("findings", context_settings=SETTINGS)
@CASE
@click.option(
    "--where", default="", metavar="FILTER", help="Such as band=possible,site='Mill Lane',judged=no."
)
@click.option("--after", type=int, default=-1, help="Begin after this place; the page before names it.")
@click.option(
    "--limit", type=click.IntRange(1, 500), default=50, show_default=True, help="Findings on a page."
)
@click.option("--facets", is_flag=True, help="Count instead, by band, firm, site and so on.")
@options("store", "output")
def findings(given: Given, where: str, after: int, limit: int, facets: bool) -> None:
    """Page through the findings of a case, or count them.

    FILTER names band, firm, entity, role, site, input, outcome, product, verdict, run (the number of the one that
    first showed it), judged, aged, ignored (yes or no) and text. A verdict is also a ground on which it was judged, as
    in verdict=gone.
    """
    from proscribe.app.store.findings import known_values, where_of

    with given.cases() as cases:
        store = cases.store
        chosen = known_values(store, given.case_id, where_of(where))
        if facets:
            counted, ids = store.facets(given.case_id, chosen), store.chosen(given.case_id, chosen)
            value: dict[str, Any] = {
                "total": counted.total,
                "digest": ids.digest,
                "facets": {name: dict(values) for name, values in counted.counts.items()},
            }
        else:
            page = store.findings(given.case_id, chosen, after=after, limit=limit)
            value = {
                "findings": [
                    {**one.support.to_json(), "finding": json.loads(one.support.finding), "place": one.place,
                     "verdict": one.verdict}
                    for one in page.findings
                ],
                "after": page.after,
            }  # fmt: skip
    if given.json:
        print_json(value)
    else:
        print_lines(_facet_lines(value) if facets else _page_lines(value))


def _facet_lines(value: dict[str, Any]) -> list[str]:
    lines = [f"{value['total']} findings  --expect-count {value['total']} --expect-digest {value['digest']}"]
    for name, values in value["facets"].items():
        lines += [f"  {name:<8} {count:>9}  {safe(text) or '(none)'}" for text, count in values.items()]
    return lines


def _page_lines(value: dict[str, Any]) -> list[str]:
    lines = []
    for item in value["findings"]:
        line = finding_line(item["finding_id"], item["finding"], verdict=item["verdict"], aged=item["aged"])
        lines.append(f"{item['place']:>7}  {line}")
    if value["after"] is not None:
        lines.append(f"Next page: --after {value['after']}")
    return lines


@case.command("mentions", context_settings=SETTINGS)
@CASE
@click.option("--all", "every", is_flag=True, help="Also those that were taken for equipment.")
@options("store", "output")
def mentions(given: Given, every: bool) -> None:
    """List what the scans read as speaking of a firm without being its equipment: look at them, the reading may be wrong."""
    with given.cases() as cases:
        found = [one for one in cases.mentions(given.case_id) if every or not one.taken]
    if given.json:
        print_json({"mentions": [one.to_json() for one in found]})
        return
    for one in found:
        place = f"{one.path}, {one.mention.locator.words}"
        said = "; ".join(one.mention.evidence)[:200]
        taken = f"  taken for equipment as {one.finding_id}" if one.taken else ""
        print_lines([f"{one.key}  {one.mention.entity}  {safe(place)}", f"  {safe(said)}{taken}"])
        print_lines([f"  {safe(name)}: {safe(text)[:200]}" for name, text in one.mention.record if text])
    print_lines(
        [
            f"{len(found)} mentions. `proscribe case mention {given.case_id} KEY --reason WHY` makes one a finding."
        ]
    )


@case.command("mention", context_settings=SETTINGS)
@CASE
@click.argument("key", metavar="KEY")
@click.option("--reason", required=True, help="Why it is equipment, or what it is, in words.")
@click.option("--seen", is_flag=True, help="You looked at it, and it is no equipment; KEY can be all.")
@options("store", "by", "hand", "at", "output")
def mention(given: Given, key: str, reason: str, seen: bool) -> None:
    """Take a mention for equipment: it becomes a finding of the case, judged, decided and reported like any other.

    Or say with --seen that it is none: it then stands against no document that somebody else makes. In a store with a roster that
    takes your key, as a judgement that clears does.

    \b
    proscribe case mention C-0001 m_0f3a9c1d2e4b5a67 --reason "the box holds the camera" --by "R. Ito"
    proscribe case mention C-0001 all --seen --reason "brackets and cables" --by "R. Ito"
    """
    who, when = given.person, given.instant
    with given.cases() as cases:
        if seen:
            every = {one.key for one in cases.mentions(given.case_id) if not one.taken}
            keys = sorted(every) if key == "all" else [key]
            file = cases.see_mentions(given.case_id, keys, by=who, reason=reason, stated_at=when)
            line = f"{len(keys):,} mentions of {given.case_id} seen, no equipment"
        else:
            file, finding = cases.take_mention(given.case_id, key, by=who, reason=reason, stated_at=when)
            line = f"{key} is the finding {finding} of {given.case_id}"
        _say(given, cases, file, f"{line}, version {file.case.version}")


@case.command("judge", context_settings=SETTINGS)
@CASE
@click.argument("words", nargs=-1, required=True, metavar="[FINDING] VERDICT")
@click.option(
    "--where",
    metavar="FILTER",
    help="Judge all findings that it chooses, instead of one; see `case findings`.",
)
@click.option("--expect-count", type=int, help="How many you saw, as `case findings --facets` told.")
@click.option("--expect-digest", help="Digest of what you saw, as `case findings --facets` told.")
@click.option("--reason", required=True, help="Why, in words; printed wherever the finding is set aside.")
@click.option("--until", metavar="DATE", help="Last day on which it holds; needed with cleared.")
@click.option("--whose", default="", help="Whose it is, with not-ours.")
@click.option("--day", default="", metavar="DATE", help="On which day it went, with gone.")
@click.option("--paper", default="", help="Which paper shows that, with gone.")
@WAIT
@options("store", "by", "hand", "at", "expect", "output")
def judge(
    given: Given, words: tuple[str, ...], where: str | None, expect_count: int | None, expect_digest: str | None,
    reason: str, until: str | None, wait: bool, **details: str,
) -> None:  # fmt: skip
    """Say of a finding or a device (d_...) whether it is what it says: same, different, unsure, or cleared until a day.

    In place of cleared a ground can be said: not-ours, only-offered, gone, only-talk. It holds for a year without --until.

    With --where it is said of all findings that a filter chooses, in one entry; refused when they are others than you saw.
    """
    from proscribe.app.case.pending import Deed, judging, judging_many
    from proscribe.app.store.findings import known_values, where_of
    from proscribe.app.store.grounds import said

    who, when = given.person, given.instant
    last = day_if(until, "--until")
    if len(words) != (1 if where else 2):
        raise error("E449.words", words=" ".join(words))
    if where is not None and (expect_count is None or not expect_digest):
        raise error("E449.seen", case=given.case_id)
    with given.cases() as cases:
        one = said(words[-1], reason, last, details, cases.today(cases.case(given.case_id)))
        verdict = one.verdict.value
        if where is not None:
            chosen = known_values(cases.store, given.case_id, where_of(where))
            expect = (expect_count or 0, expect_digest or "")
            if wait:
                return keep_waiting(
                    given, cases, Deed.JUDGE_MANY, judging_many(chosen, one, expect, cases.store.last_judged(given.case_id))
                )  # fmt: skip
            file = cases.judge_many(
                given.case_id, chosen, one.verdict, by=who, reason=one.reason, until=one.until, stated_at=when,
                expect=expect,
            )  # fmt: skip
            line = f"{expect_count} findings judged {verdict} in {given.case_id}, version {file.case.version}"
            return _say(given, cases, file, line)
        finding = words[0]
        if wait:
            return keep_waiting(given, cases, Deed.JUDGE, judging(one, finding))
        file = cases.judge(
            given.case_id, finding, one.verdict, by=who, reason=one.reason, until=one.until, version=given.version,
            stated_at=when,
        )  # fmt: skip
        line = f"{finding} judged {verdict} in {given.case_id}, version {file.case.version}"
        return _say(given, cases, file, line)


@case.command("take-back", context_settings=SETTINGS)
@CASE
@click.argument("judged", metavar="FINDING|ENTRY")
@click.option("--reason", default="", help="Why, in words.")
@WAIT
@options("store", "by", "hand", "at", "output")
def take_back(given: Given, judged: str, reason: str, wait: bool) -> None:
    """Take back what you judged last of a finding or a device, or in an entry of the case: what stood before stands again.

    A judgement of many is taken back as a whole. Nothing is deleted: the history of the case keeps both.

    \b
    proscribe case take-back C-0001 f_0a1b2c --reason "the wrong row"
    """
    from proscribe.app.case.pending import Deed

    who, when = given.person, given.instant
    with given.cases() as cases:
        what: int | str = int(judged) if judged.isdecimal() else judged
        if wait:
            told = {"judged": str(cases.judged_last(given.case_id, what)), "reason": reason}
            keep_waiting(given, cases, Deed.TAKE_BACK, told)
            return
        back = cases.take_back(given.case_id, what, by=who, reason=reason, stated_at=when)
        again = [
            f"{count:,} {f'judged {verdict}' if verdict else 'judged by nobody'} again"
            for verdict, count in back.taken.stands.items()
        ]
        line = f"taken back in {given.case_id}: {', '.join(again)}; version {back.file.case.version}"
        if back.documents:
            line += f"\nmade while it stood, and resting on it: {', '.join(one.id for one in back.documents)}"
        _say(given, cases, back.file, line)


@case.command("fact", context_settings=SETTINGS)
@CASE
@click.argument("facts", nargs=-1, required=True, metavar="NAME=VALUE...")
@options("store", "by", "hand", "at", "expect", "knowledge", "output")
def fact(given: Given, facts: tuple[str, ...]) -> None:
    """State facts of the decision vocabulary; NAME= takes one back. Lists are written [one, two]."""
    from proscribe.app.case.cases import stated_facts

    who, when = given.person, given.instant
    stated = stated_facts(facts)
    with given.cases() as cases:
        version = cases.version(given.case_id, given.version)
        file = cases.state(given.case_id, stated, by=who, version=version, stated_at=when)
        line = f"{len(stated)} facts stated in {given.case_id}, version {file.case.version}"
        _say(given, cases, file, line)


@case.command("attach", context_settings=SETTINGS)
@CASE
@click.argument("scan", metavar="[SCAN.json]", required=False, type=PATH)
@click.option(
    "--devices", "report", metavar="FILE", type=PATH,
    help="JSON of a devices report (proscribe devices -o json), beside a scan or instead of one.",
)  # fmt: skip
@options("store", "by", "hand", "at", "inputs", "knowledge", "output")
def attach(given: Given, scan: Path | None, report: Path | None) -> None:
    """Attach a later scan, a devices report, or both. Findings and devices that it no longer shows age; they stay."""
    from proscribe.app.case.cases import Inputs, read_bytes

    if scan is None and report is None:
        raise error("E438.nothing_attached")
    who, when = given.person, given.instant
    contents = {path: read_bytes(path) for path in (scan, report) if path is not None}
    said = []
    with given.cases() as cases:
        if scan is not None:
            where = Inputs.of(scan, given.folders)
            file = cases.attach(
                given.case_id, contents[scan], str(scan), by=who, inputs=where, stated_at=when
            )
            _say_not_run_again(file)
            aged = sum(item.aged for item in file.support)
            said.append(
                f"{scan.name} attached to {given.case_id}: {len(file.support)} findings, {aged} of them aged"
            )
            said += _carried(file)
            _say_fewer(cases, file)
        if report is not None:
            file = cases.attach_devices(given.case_id, contents[report], str(report), by=who, stated_at=when)
            made = file.device_reports[-1]
            said.append(
                f"{report.name} attached to {given.case_id}: {made.devices} devices, "
                f"{made.contradictions} of them contradictory"
            )
        _say(given, cases, file, "\n".join(said))


@case.command("replay", context_settings=SETTINGS)
@CASE
@options("store", "by", "inputs", "knowledge", "output")
def replay(given: Given) -> None:
    """Run the scans of a case again, from their inputs, and keep which came out the same. Exits with 1 when one did not."""
    from proscribe.app.case.cases import Inputs

    who = given.person
    with given.cases() as cases:
        file, made = cases.replay(given.case_id, Inputs((Path(),), given.folders), by=who)
        if given.json:
            print_json(file.to_json())
        else:
            for one in made:
                said = f"scan {one.scan_sha256[:12]}: {one.outcome.value}"
                print_lines([said, *(f"  {safe(text)}" for text in one.what)])
            if not made:
                print_lines([f"Every scan of {given.case_id} was run again before."])
        again = {one.scan_sha256 for one in file.replays}
    leave(exitcodes.FOUND if any(run.scan_sha256 not in again for run in file.made_runs) else exitcodes.DONE)


@case.command("state", context_settings=SETTINGS)
@CASE
@click.argument("files", nargs=-1, required=True, metavar="FILE.yml...", type=PATH)
@options("store", "by", "at", "output")
def state(given: Given, files: tuple[Path, ...]) -> None:
    """State what bears on an answer: an inquiry, facts, determinations. A second person approves it (ST1)."""
    who, when = given.person, given.instant
    with given.cases() as cases:
        file = cases.make_statement(given.case_id, files, by=who, stated_at=when)
        made = file.statements[-1]
        line = (
            f"{given.case_id}/{made.id}: {', '.join(made.fields)}. Somebody else approves it: "
            f"proscribe case approve {given.case_id} {made.id}"
        )
        _say(given, cases, file, line)


@case.command("scope", context_settings=SETTINGS)
@CASE
@click.option(
    "--bears-on", multiple=True, type=click.Choice([one.value for one in Question]),
    help="A question on which the scans speak; on the others they do not. May be repeated.",
)  # fmt: skip
@click.option("--run", "scans", multiple=True, metavar="RUN", help="Only this scan (r_...); all by default.")
@click.option("--without-site", "sites", multiple=True, metavar="SITE", help="A site that is set aside.")
@click.option("--reason", default="", help="Why what is outside does not bear on the answer; printed.")
@click.option("--take-back", metavar="STATEMENT", help="Take a scope back, such as ST1.")
@options("store", "by", "at", "output")
def scope(
    given: Given, bears_on: tuple[str, ...], scans: tuple[str, ...], sites: tuple[str, ...], reason: str,
    take_back: str | None,
) -> None:  # fmt: skip
    """Say on which questions scans speak, or set a site aside. It counts when somebody else has approved it (case approve).

    What it puts outside is named here and in every document. What is confirmed stands all the same.

    \b
    Examples:
      proscribe case scope C-0001 --bears-on use --reason "lists what we own, not what we sell" --by "B. Lind"
      proscribe case approve C-0001 ST1 --by "C. Moreau"
    """
    who, when = given.person, given.instant
    with given.cases() as cases:
        if take_back:
            file = cases.widen(given.case_id, take_back, by=who)
            return _say(given, cases, file, f"{take_back} taken back in {given.case_id}")
        file, outside = cases.narrow(
            given.case_id, bears_on=bears_on, scans=scans, without_sites=sites, reason=reason, by=who, stated_at=when
        )  # fmt: skip
        made = file.statements[-1]
        lines = [
            f"{given.case_id}/{made.id} puts outside:", *(f"  {safe(one)}" for one in outside[:_SHOWN]),
            *([f"  ... and {len(outside) - _SHOWN:,} more"] if len(outside) > _SHOWN else []),
            f"Somebody else approves it: proscribe case approve {given.case_id} {made.id}",
        ]  # fmt: skip
        return _say(given, cases, file, "\n".join(lines))


@case.command("decide", context_settings=SETTINGS)
@CASE
@click.option(
    "--run",
    "run_id",
    default="",
    metavar="RUN",
    help="Put the lists of this one run (r_...) alone; all by default.",
)
@WAIT
@options("store", "by", "hand", "at", "expect", "knowledge", "output")
def decide(given: Given, run_id: str, wait: bool) -> None:
    """Put a case to the law on what was stated, keep the determination, and start its clocks.

    What was stated for a decided scan of the case is put to the law with the newest reading of each list that the case holds,
    whichever run read it; with your key, it shows who did.
    """
    from proscribe.app.case.case_law import ask_the_law
    from proscribe.app.case.pending import Deed

    who, when = given.person, given.instant
    with given.cases() as cases:
        if wait:
            newest = cases.case(given.case_id).determination()
            told = {"record": newest.id if newest is not None else ""}
            keep_waiting(given, cases, Deed.DECIDE, told)
            return
        version = cases.version(given.case_id, given.version)
        file = ask_the_law(cases, given.case_id, by=who, version=version, run_id=run_id, stated_at=when)
        made = file.determinations[-1]
        _say(given, cases, file, f"{made.id}: {made.outcome} as of {made.as_of}")


def _words(cases: Cases, file: CaseFile, record: str) -> list[str]:
    """Give the words of people that whoever approves a document reads; none of anything else."""
    from proscribe.app.case.document_files import words_to_read

    return [text for one in file.documents if one.id == record for text in words_to_read(cases, one)]


@case.command("approve", context_settings=SETTINGS)
@CASE
@click.argument("record", metavar="DETERMINATION|DOCUMENT|STATEMENT")
@click.option(
    "--withdraw", "why", metavar="REASON",
    help="Withdraw your approval of a document that was neither signed nor sent; another may then approve it.",
)  # fmt: skip
@options("store", "by", "hand", "expect", "output")
def approve(given: Given, record: str, why: str | None) -> None:
    """Approve a determination (D1), a document (DOC1) or a statement (ST1). Whoever wrote it cannot."""
    who = given.person
    with given.cases() as cases:
        if why is not None:
            file = cases.withdraw_approval(given.case_id, record, by=who, reason=why, version=given.version)
            _say(given, cases, file, f"{record} is not approved any more")
            return
        file = cases.approve(given.case_id, record, by=who, version=given.version)
        done = {one.id: one.approver for one in file.documents}
        done |= {one.id: one.approver for one in file.determinations}
        done |= {one.id: one.approver for one in file.statements}
        _say(given, cases, file, f"{record} approved by {safe(done[record])}")
        for text in _words(cases, file, record):
            click.echo(f"So {safe(who)} says that they read and answer for: {safe(text)}", err=True)


@case.command("submit", context_settings=SETTINGS)
@CASE
@click.option("--document", "document_id", default="", help="The document that went out, such as DOC1.")
@click.option(
    "--meets", multiple=True, metavar="DEADLINE", help="Id of a deadline that it meets; may be repeated."
)
@click.option("--to", required=True, help="To whom it went.")
@click.option("--how", default="", help="What was sent and how, for a report made elsewhere.")
@options("store", "by", "at", "expect", "knowledge", "output")
def submit(given: Given, to: str, **about: Any) -> None:
    """Say that a report went out: its deadline is met, and the clock of its follow-up starts."""
    about |= {"by": given.person, "stated_at": given.instant}
    with given.cases() as cases:
        version = cases.version(given.case_id, given.version)
        file = cases.submit(given.case_id, to=to, version=version, **about)
        _say(given, cases, file, f"Submitted to {safe(to)}; {given.case_id} is {file.case.state.value}")
    if not about["document_id"]:
        who = safe(given.person)
        click.echo(
            f"No document of the case was named: what went out rests on the word of {who} alone.", err=True
        )


@case.command("close", context_settings=SETTINGS)
@CASE
@click.option("--reason", required=True, help="Why nothing more is to be done.")
@options("store", "by", "expect", "output")
def close(given: Given, reason: str) -> None:
    """Close a case. Refused while its clocks run."""
    who = given.person
    with given.cases() as cases:
        file = cases.close(given.case_id, by=who, reason=reason, version=given.version)
        _say(given, cases, file, f"{given.case_id} closed")


@case.command("reopen", context_settings=SETTINGS)
@CASE
@click.option("--reason", required=True, help="Why it is opened again.")
@options("store", "by", "expect", "output")
def reopen(given: Given, reason: str) -> None:
    """Open a closed case again."""
    who = given.person
    with given.cases() as cases:
        file = cases.reopen(given.case_id, by=who, reason=reason, version=given.version)
        _say(given, cases, file, f"{given.case_id} is open again")


@case.command("judgements", context_settings=SETTINGS)
@click.argument("target", metavar="LAYER.yml", type=PATH)
@options("store", "knowledge")
def judgements(given: Given, target: Path) -> None:
    """Write what was judged different or cleared as a knowledge layer, for later scans with --knowledge."""
    with given.cases() as cases:
        layer = cases.layer()
    to_file = write_file(target, layer.text.encode())
    click.echo(f"{target}: {layer.set_aside} findings set aside", err=not to_file)
    for text in layer.disagreements:
        click.echo(f"  people disagree, so it stays: {safe(text)}", err=not to_file)
    for text in layer.left_out:
        click.echo(f"  not used: {safe(text)}", err=not to_file)


case.add_command(pending)
case.add_command(known)
add_archive_commands(case)
case.add_command(roster)
case.add_command(answer)
