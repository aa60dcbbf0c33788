"""How a finding of a case is known: from which file, read when and by what, who judged it, what was not looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from proscribe.app.keys.people import Act, Acts
from proscribe.model.casework import BulkJudgement, CaseFile, Judgement, RunRecord
from proscribe.model.jobs import Job, JobKind

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.casework.findings import CaseFinding
    from proscribe.casework.store import Store

#: An entry of the access log is written when its page is made, after what it did.
_LATER = timedelta(minutes=2)
#: Jobs that read files; others make something of what was read.
_READING = (JobKind.SCAN, JobKind.DEVICES)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of the finding.

    Attributes:
        shown_by: `key` where a key of the roster signed it, `sign-in` where an account did it, else `name`; `against` where a
            signature does not hold.
        how: the same in words, with role and beginning of the key, or the account.
        taken_back: by whom, and when; empty where it stands in the history as it was said.
    """

    judgement: Judgement | BulkJudgement
    shown_by: str
    how: str
    taken_back: str = ""


@dataclass(frozen=True, slots=True)
class HowKnown:
    """Where a finding comes from, and what stands behind it.

    Attributes:
        path, sha256: the file that was read, and its digest; empty where the scan names none.
        columns: in which something was found, in the order of the evidence.
        run: the newest run that shows it, with program, knowledge and what was not checked.
        first: the run in which it was first seen.
        runs: how many runs of the case read a file of this content under this name.
        job: the job that read the file; None where it was read elsewhere, and the scan does not say when.
        said: who judged it, from the first to the last, also what was taken back.
    """

    path: str
    sha256: str
    columns: tuple[str, ...]
    run: RunRecord
    first: RunRecord
    runs: int
    job: Job | None
    said: tuple[Said, ...]


def run_of(file: CaseFile, one: CaseFinding) -> RunRecord:
    """Give the run in which a finding was last seen; case and finding were read at one moment."""
    return next(run for run in file.runs if run.id == one.support.last_run)


def how_known(cases: Cases, file: CaseFile, one: CaseFinding, *, accounts: bool = False) -> HowKnown:
    """Say how a finding is known.

    Args:
        one: the finding, read at the same moment as the case.
        accounts: whether people sign in, so that the access log tells who did what no key signed.
    """
    store, support, whole = cases.store, one.support, one.whole
    run, number = run_of(file, one), int(whole["input"])
    path, sha256 = run.inputs[number] if number < len(run.inputs) else ("", "")
    read = [one for one in file.runs if (path, sha256) in one.inputs] or [run]
    first = next((one for one in file.runs if one.id == support.first_run), run)
    fields = dict.fromkeys(
        str(item["field"])
        for side in ("evidence", "against")
        for item in whole.get(side) or ()
        if item.get("field")
    )
    return HowKnown(
        path, sha256, tuple(fields), run, first, len(read), _job(store, run, read),
        tuple(_said(store, file.case.id, support.finding_id, accounts=accounts)),
    )  # fmt: skip


def _job(store: Store, run: RunRecord, read: Sequence[RunRecord]) -> Job | None:
    """Give the job that read the file; one that was put to the law later was read before, from the same files.

    A report of a scan may hold the bytes of that scan, and read no file.
    """
    from proscribe.casework.jobs import that_made

    same = [one.scan_sha256 for one in reversed(read) if run.of_scans or one.inputs == run.inputs]
    jobs = (that_made(store, sha256, *_READING) for sha256 in dict.fromkeys((run.scan_sha256, *same)))
    return next((job for job in jobs if job is not None), None)


def _said(store: Store, case_id: str, finding_id: str, *, accounts: bool) -> Iterator[Said]:
    stands = store.judgements_in(case_id, finding_ids=(finding_id,))
    back = {one.said.seq: one for one in store.taken_back(case_id, finding_id)}
    every: list[Judgement | BulkJudgement] = sorted(
        [*stands, *(one.said for one in back.values())], key=lambda one: one.seq
    )
    acts = _acts(store, [one.seq for one in every])
    for one in every:
        gone = back.get(one.seq)
        taken = f"{gone.by}, {gone.at.isoformat()}" if gone is not None else ""
        act = acts.get(one.seq)
        if act is not None and act.proof != "stated":
            yield Said(one, {"proved": "key"}.get(act.proof, act.proof), act.says, taken)
        elif accounts and (account := signed_in(store, case_id, one.by, one.at)):
            yield Said(one, "sign-in", f"signed in as {one.by}, account {account}", taken)
        else:
            yield Said(one, "name", "named, and signed with no key", taken)


def _acts(store: Store, seqs: Sequence[int]) -> dict[int, Act]:
    """Say of events what shows who made them."""
    if not seqs:
        return {}
    acts = Acts.of(store)
    return {one.seq: made for one in store.events_at(seqs) if (made := acts.act(one)) is not None}


def signed_in(store: Store, case_id: str, by: str, at: datetime) -> int:
    """Give the account under which somebody did something in a case at an instant, as the access log has it; 0 for none."""
    from proscribe.casework.accesses import account_of

    with store.reading() as conn:
        return account_of(conn, f"/cases/{case_id}/", by, at, at + _LATER)
