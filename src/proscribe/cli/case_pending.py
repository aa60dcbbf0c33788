"""`proscribe case pending`, `known`: what waits for a key, and how a finding is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from proscribe.cli.case_lines import name_of
from proscribe.cli.options import CASE, SETTINGS, Given, options
from proscribe.cli.terminal import print_json, print_lines
from proscribe.model.api import WaitingList
from proscribe.model.codec import write
from proscribe.model.findings import shown_row
from proscribe.model.periods import instant_text
from proscribe.wording.safe import terminal as safe

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.app.case.how_known import HowKnown
    from proscribe.model.pending import Deed, WaitsForKey

WAIT = click.option(
    "--wait", is_flag=True, help="Do nothing yet: keep it beside the store, until your key signs it (proscribe sign-pending)."
)  # fmt: skip


def keep_waiting(given: Given, cases: Cases, deed: Deed, told: Mapping[str, str]) -> None:
    """Keep a draft of what a command would do, and say what its signature will do."""
    from proscribe.app.case.pending import ask, waits

    version = given.version or 0
    one = waits(cases, ask(cases, deed, given.case_id, told, by=given.author, version=version))
    if given.json:
        print_json(write(one))
    else:
        print_lines([*_waiting_lines(one), "It changes nothing until it is signed: proscribe sign-pending"])


def _waiting_lines(one: WaitsForKey) -> Iterator[str]:
    yield f"{one.id}  {safe(one.words)}"
    counted = ", ".join(f"{count:,} {safe(band)}" for band, count in one.bands.items())
    stands = "" if one.stands else "; it can no longer be signed"
    yield (
        f"  prepared {instant_text(one.asked_at)} under the name {safe(one.by)}, whose key it waits for"
        f"{f'; {counted}' if counted else ''}{stands}"
    )


@click.command(context_settings=SETTINGS)
@CASE
@click.option("--drop", "dropped", metavar="ID", help="Take back what waits under this id (P-...).")
@options("store", "knowledge", "output")
def pending(given: Given, dropped: str | None) -> None:
    """List what of a case waits for keys, and what each signature would do as the store stands now.

    \b
    Examples:
      proscribe case judge C-0001 f_0a1b2c different --reason "another maker's" --by "R. Ito" --wait
      proscribe case pending C-0001
      proscribe sign-pending --key ito.key
    """
    from proscribe.app.case.pending import drop, listed

    with given.cases() as cases:
        cases.case(given.case_id)
        if dropped is not None:
            drop(cases.store, dropped, case_id=given.case_id)
        found = listed(cases, case_id=given.case_id)
    if given.json:
        print_json(write(WaitingList(found)))
        return
    print_lines([line for one in found for line in _waiting_lines(one)] or ["Nothing waits for a key."])


@click.command(context_settings=SETTINGS)
@CASE
@click.argument("finding", metavar="FINDING")
@options("store", "output")
def known(given: Given, finding: str) -> None:
    """Say how a finding is known: from which file, read when and by what, who judged it, what was not looked at."""
    from proscribe.app.case.how_known import how_known

    with given.cases() as cases, cases.store.at_one_moment():
        file = cases.case(given.case_id)
        one = cases.store.finding(given.case_id, finding)
        made = how_known(cases, file, one, accounts=True)
    if given.json:
        print_json(write(made))
    else:
        print_lines(_known_lines(made, _place(one.whole)))


def _place(finding: Mapping[str, Any]) -> str:
    name, row = name_of(finding), shown_row(finding.get("locator") or {})
    return name if not row or name == f"row {row}" else f"row {row}, {name}"


def _known_lines(made: HowKnown, place: str) -> Iterator[str]:
    run, first, job = made.run, made.first, made.job
    yield f"File: {safe(made.path) or 'not named by the scan'}"
    if made.sha256:
        yield f"  SHA-256 {made.sha256}"
    yield f"Where in it: {safe(place)}" + (
        f"; in {', '.join(map(safe, made.columns))}" if made.columns else ""
    )
    if job is not None and job.started_at and job.ended_at:
        yield (
            f"Read: {job.id}, asked for by {safe(job.created_by)}, began {instant_text(job.started_at)}, "
            f"ended {instant_text(job.ended_at)}"
        )
    else:
        yield "Read: not here; the scan was handed in, and does not say at which instant it read"
    yield f"Taken into the case: {instant_text(run.attached_at)} by {safe(run.by)}, as run {run.id}"
    if first.id != run.id:
        yield f"  first seen in {first.id}, taken in {instant_text(first.attached_at)} by {safe(first.by)}"
    layers = f" with {', '.join(map(safe, run.layers))}" if run.layers else ""
    yield (
        f"By: Proscribe {safe(run.proscribe)}, knowledge {safe(run.knowledge_version)}{layers}, law and ownership as of "
        f"{run.as_of}, as known on {run.known_as_of}"
    )
    yield f"  SHA-256 of the knowledge {run.knowledge_sha256}, of the scan {run.scan_sha256}"
    yield "Judged:" if made.said else "Judged: by nobody"
    for one in made.said:
        told = one.judgement
        shown = {"key": "signed, ", "against": "its signature does not hold, "}.get(one.shown_by, "")
        back = f"; taken back by {safe(one.taken_back)}" if one.taken_back else ""
        yield (
            f"  {told.verdict.value} by {safe(told.by)}, {instant_text(told.at)}: {safe(told.reason)} "
            f"(event {told.seq}: {shown}{safe(one.how)}){back}"
        )
    yield "Not looked at:" if run.not_checked else "Not looked at: the scan names nothing"
    yield from (f"  {safe(text)}" for text in run.not_checked)
