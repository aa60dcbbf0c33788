"""`proscribe jobs`: work that a worker does, while nobody waits for it."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from proscribe.cli import exitcodes
from proscribe.cli.options import PATH, SETTINGS, Given, day_if, options
from proscribe.cli.terminal import STANDARD_OUTPUT, leave, print_json
from proscribe.model.codec import write
from proscribe.model.jobs import (
    DecideJob,
    DevicesJob,
    DocumentJob,
    ExportJob,
    Job,
    JobSpec,
    JobState,
    ScanJob,
    VerifyJob,
)
from proscribe.wording.safe import terminal as safe


@click.group(context_settings=SETTINGS)
def jobs() -> None:
    """Jobs: submit work, look how far it is, cancel it, fetch what came of it; and do it, as a worker.

    \b
    Examples:
      proscribe jobs submit scan inventory/ --by "R. Ito"
      proscribe jobs work --once
      proscribe jobs list
      proscribe jobs result J-0001 -o scan.json
    """


@jobs.group("submit", context_settings=SETTINGS)
def submit() -> None:
    """Put a job into the queue. The files that it reads are kept as they are now."""


def _submit(given: Given, spec: JobSpec) -> None:
    from proscribe.app.background import jobs as service

    with given.cases(create=True) as cases:
        _say(given, service.submit(cases.store, spec, by=given.person, zone=given.own_zone))


_PATHS = click.argument("paths", nargs=-1, required=True, metavar="PATH...")
_OF_INPUTS = options("map", "kind", "reader", "as-of", "known-as-of", "knowledge", "store", "by", "output")


@submit.command("scan", context_settings=SETTINGS)
@_PATHS
@click.option(
    "--decide", "facts", multiple=True, metavar="FACTS", help="Put each finding to the law on these facts."
)
@click.option(
    "--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="For large inputs."
)
@_OF_INPUTS
def scan(given: Given, paths: tuple[str, ...], facts: tuple[str, ...], processes: int) -> None:
    """Scan files and folders; the result is what `proscribe scan -o json` writes."""
    _submit(given, replace(ScanJob.of(given.asked(*paths)), facts=facts, processes=processes))


@submit.command("devices", context_settings=SETTINGS)
@_PATHS
@click.option("--without-join", "without", multiple=True, metavar="ID", help="Take a join back.")
@click.option("--joins", multiple=True, metavar="FILE", help="What people decided about joins.")
@_OF_INPUTS
def devices(given: Given, paths: tuple[str, ...], without: tuple[str, ...], joins: tuple[str, ...]) -> None:
    """Join records into devices; the result is what `proscribe devices -o json` writes."""
    _submit(given, replace(DevicesJob.of(given.asked(*paths)), without=without, joins=joins))


@submit.command("decide", context_settings=SETTINGS)
@click.argument("cases", metavar="CASES.yml")
@options("as-of", "known-as-of", "knowledge", "store", "by", "output")
def decide(given: Given, cases: str) -> None:
    """Put the cases of a file to the law; the result is what `proscribe decide -o json` writes."""
    asked, known = day_if(given.as_of, "--as-of"), day_if(given.known_as_of, "--known-as-of")
    _submit(given, DecideJob(cases, asked, known, given.knowledge))


@submit.command("document", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@click.argument("type_", metavar="TYPE")
@click.option("--file", "files", multiple=True, metavar="FILE", help="What people wrote for it, in YAML.")
@click.option("--author", required=True, metavar="NAME", help="Who makes it.")
@click.option("--approver", default="", metavar="NAME", help="Who is to approve it.")
@click.option("--stage", default="", help="first, follow-up or supplement, for reports.")
@click.option(
    "-f", "--format", "formats", multiple=True, default=("pdf",), help="pdf, docx, md; may be repeated."
)
@options("as-of", "at", "knowledge", "store", "by", "output")
def document(given: Given, type_: str, author: str, **more: Any) -> None:
    """Make a document from a case and keep it there; the result is its data."""
    asked: dict[str, Any] = {
        "as_of": day_if(given.as_of, "--as-of"),
        "made_at": given.instant,
        "knowledge": given.knowledge,
    }
    # `--file` is also a shared option, and comes with the others
    _submit(
        given, DocumentJob(type_, given.case_id, author, files=tuple(map(str, given.files)), **asked, **more)
    )


@submit.command("report", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@click.argument("form", metavar="FORM")
@options("knowledge", "store", "by", "output")
def report(given: Given, case_id: str, form: str) -> None:
    """Make a report of a case as people judged its findings, as the page of reports does: html, xlsx, csv or json.

    \b
    proscribe jobs submit report C-0001 html
    """
    from proscribe.app.background.report_jobs import ask_for_report

    with given.cases() as cases:
        _say(given, ask_for_report(cases, case_id, form, by=given.person, knowledge=given.knowledge))


@submit.command("verify", context_settings=SETTINGS)
@options("store", "by", "output")
def verify(given: Given) -> None:
    """Check the store: its chain, the content it names, and the tables that repeat it."""
    _submit(given, VerifyJob())


@submit.command("export", context_settings=SETTINGS)
@click.argument("case_id", metavar="CASE")
@options("store", "by", "output")
def export(given: Given) -> None:
    """Write a case as a bundle, unsigned."""
    _submit(given, ExportJob(given.case_id))


# Setting aside


@jobs.command("set-aside", context_settings=SETTINGS)
@click.argument("job_id", metavar="JOB")
@click.option("--reason", required=True, help="Whose files these are, or what the run was for.")
@options("store", "by", "hand")
def set_aside(given: Given, job_id: str, reason: str) -> None:
    """Say of a run that no case took that what it found is none of this organisation's, such as of a trial or another firm.

    It counts once a second person says so too; for what is confirmed, with keys of a roster. Documents name it.

    \b
    proscribe jobs set-aside J-0004 --reason "a list of another firm, for a demonstration"
    """
    from proscribe.app.store.runs_aside import set_run_aside

    who = given.person
    with given.cases() as cases:
        made = set_run_aside(cases.store, job_id, reason=reason, by=who)
        click.echo(f"{safe(job_id)}: {safe(made.words)}")


@jobs.command("stand-again", context_settings=SETTINGS)
@click.argument("job_id", metavar="JOB")
@click.option("--reason", required=True, help="Why, in words.")
@options("store", "by")
def stand_again(given: Given, job_id: str, reason: str) -> None:
    """Let a run that was set aside stand again, whoever set it aside.

    \b
    proscribe jobs stand-again J-0004 --reason "the list is that of our own depot"
    """
    from proscribe.app.store.runs_aside import let_run_stand

    who = given.person
    with given.cases() as cases:
        let_run_stand(cases.store, job_id, reason=reason, by=who)
        click.echo(f"{safe(job_id)} stands again")


# Looking, cancelling, fetching


@jobs.command("list", context_settings=SETTINGS)
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([one.value for one in JobState]),
    help="Only such jobs.",
)
@options("store", "output")
def list_(given: Given, states: tuple[str, ...]) -> None:
    """List jobs, the newest first."""
    from proscribe.app.background import jobs as service

    with given.cases() as cases:
        found = service.listed(cases.store, [JobState(one) for one in states])
    if given.json:
        print_json([write(one) for one in found])
        return
    for one in found:
        click.echo(_line(one))
    if not found:
        click.echo("No job.")


@jobs.command("show", context_settings=SETTINGS)
@click.argument("job_id", metavar="JOB")
@options("store", "output")
def show(given: Given, job_id: str) -> None:
    """Show a job: what is asked, how far it is, what came of it."""
    from proscribe.app.background import jobs as service

    with given.cases() as cases:
        _say(given, service.status(cases.store, job_id), full=True)


@jobs.command("cancel", context_settings=SETTINGS)
@click.argument("job_id", metavar="JOB")
@options("store", "output")
def cancel(given: Given, job_id: str) -> None:
    """Cancel a job; one that runs is ended by its worker within two seconds."""
    from proscribe.app.background import jobs as service

    with given.cases() as cases:
        _say(given, service.cancel(cases.store, job_id))


@jobs.command("result", context_settings=SETTINGS)
@click.argument("job_id", metavar="JOB")
@click.option(
    "-o", "--output", "target", required=True, metavar="FILE", type=PATH, help="Where to; - prints it."
)
@options("store")
def result(given: Given, job_id: str, target: Path) -> None:
    """Write what came of a job."""
    from proscribe.app.background import jobs as service
    from proscribe.app.files import replacing

    with given.cases() as cases, service.result(cases.store, job_id) as content:
        if str(target) == STANDARD_OUTPUT:
            shutil.copyfileobj(content, sys.stdout.buffer, 1 << 20)
            return
        with replacing(target) as place, place.open("wb") as file:
            shutil.copyfileobj(content, file, 1 << 20)
    click.echo(f"Written: {target}", err=True)


@jobs.command("retain", context_settings=SETTINGS)
@click.option("--days", type=click.IntRange(1, 36_500), required=True, help="Keep what is younger than this.")
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
@options("store", "output")
def retain(given: Given, days: int, dry_run: bool) -> None:
    """Remove old originals and results. What a case names, or a job that is not over, is never removed."""
    from proscribe.app.background import jobs as service

    with given.cases() as cases:
        gone = service.retain(cases.store, days, dry_run=dry_run)
    if given.json:
        print_json({"removed": list(gone.removed), "size": gone.size, "dry_run": dry_run})
        return
    click.echo(f"{len(gone.removed)} files, {gone.size:,} bytes{' would be' if dry_run else ''} removed")


@jobs.command("work", context_settings=SETTINGS)
@click.option("--once", is_flag=True, help="End when no job waits.")
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="Jobs at a time.")
@click.option(
    "--beside", type=int, hidden=True, help="End when the process of this number, which started it, is gone."
)
@options("store", "quiet")
def work(given: Given, once: bool, processes: int, beside: int | None) -> None:
    """Do jobs, each in a process of its own, with the rights of this account. Ctrl-C gives back what runs."""
    from proscribe.app.background import jobs as service

    failed: list[str] = []
    stopped: list[int] = []

    def ended(job: Job) -> None:
        if job.state is JobState.FAILED:
            failed.append(job.id)
        if not given.quiet:
            click.echo(_line(job), err=True)

    def told(number: int, _frame: object) -> None:
        stopped.append(number)

    def stop() -> bool:
        return bool(stopped) or (beside is not None and os.getppid() != beside)

    before: dict[int, Any] = {one: signal.signal(one, told) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        with given.cases() as cases:
            service.work(cases.store, once=once, processes=processes, ended=ended, stop=stop)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    leave(exitcodes.FOUND if failed else exitcodes.DONE)


def _say(given: Given, job: Job, *, full: bool = False) -> None:
    if given.json:
        print_json(write(job))
        return
    click.echo(_line(job))
    if not full:
        return
    for line in (
        f"submitted {job.created_at.isoformat()} by {safe(job.created_by)}",
        f"asks {safe(job.arguments[:2_000])}",
        *(f"reads {safe(one.display)}, {one.size:,} bytes, {one.sha256}" for one in job.originals.files),
        *(f"could not read {safe(one.at)}: {safe(one.what)}" for one in job.originals.unread),
        f"worked on by {safe(job.lease_owner)}, last sign of life {job.heartbeat_at}"
        if job.lease_owner
        else "",
        f"result {safe(job.result_name)}, {job.result_size:,} bytes, {job.result_sha256}"
        if job.result_sha256
        else "",
    ):
        if line:
            click.echo(f"  {line}")


def _line(job: Job) -> str:
    now = job.progress
    share = f"{100 * now.bytes_done // now.bytes_total} %, " if now.bytes_total else ""
    words = ""
    if job.state is JobState.RUNNING:
        words = (
            f"  {share}{now.records:,} records, {now.findings:,} findings, {now.rate:,} records/s  "
            f"{safe(now.current)}{'  CANCELLING' if job.cancel_asked else ''}"
        )
    elif job.state is JobState.DONE:
        words = f"  {safe(job.result_name)}, {job.result_size:,} bytes"
    elif job.unreadable:
        words = f"  E476 cannot be read: {safe(job.unreadable[:200])}"
    elif job.error:
        words = f"  {safe(job.error_code)} {safe(job.error[:200])}{f' ({safe(job.error_at[:200])})' if job.error_at else ''}"
    return f"{job.id}  {safe(job.kind):<9} {job.state.value:<10}{words}"
