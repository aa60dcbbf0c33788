"""What people said of lists where they handed the files in, as it is stated for the law: once, with who said it and when.

Whoever says there that a list which its form takes for one of what is sold is of what they use, says what is done with its
things. That is stated where the law is asked first, with a note; whoever approves a paper answers for what it takes out of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping

from proscribe.app.papers.document_case import moment_of
from proscribe.app.rules.list_acts import list_of
from proscribe.casework.jobs import that_made
from proscribe.casework.store import Store
from proscribe.devices.same_thing import place_of
from proscribe.model.casework import CaseFile
from proscribe.model.jobs import JobKind, ScanJob
from proscribe.model.observations import answers_of
from proscribe.model.results import InputReading, Scan
from proscribe.rules.acts import ACT, USE, side
from proscribe.wording.shown import visible

#: How the statement names where it was made.
WHERE = "what was said where the files were handed in"
_LONGEST = 60


def said_to_be_used(store: Store, file: CaseFile, scan: Scan) -> dict[str, str]:
    """Give the lists that somebody who handed them in said to be of what they use, and whose form takes them for what is sold.

    Returns:
        Scope of a list, as facts name it, to who said so and on which day.
    """
    said = list(_said(store, file))
    tables, paths = scan.tables, {one.index: one.path for one in scan.inputs}
    found: dict[str, str] = {}
    for finding in scan.findings if said else ():
        table, path = tables.get(place_of(finding)[:2]), paths.get(finding.input, "")
        if table is None or table.kind_by != "stated" or not table.shows_sold:
            continue
        for reading, who in said:
            of_sheet = reading.sheet in ("", table.sheet or "")
            if of_sheet and path in reading.inputs and reading.kind == table.kind:
                found.setdefault(list_of(finding, paths), who)
    return found


def stated_in_words(said: Mapping[str, str], without: Collection[str]) -> str:
    """Write what was said of lists as a file of facts; empty where nothing is left.

    Args:
        without: scopes of which something is stated already.
    """
    lines = [
        f"  {json.dumps(scope.removeprefix('list:'))}: {{{ACT}: {side(USE).act}}}  # {who}"
        for scope, who in said.items()
        if scope not in without
    ]
    return "\n".join(["lists:", *lines, ""]) if lines else ""


def _said(store: Store, file: CaseFile) -> Iterator[tuple[InputReading, str]]:
    for sha256 in dict.fromkeys(run.scan_sha256 for run in file.runs):
        job = that_made(store, sha256, JobKind.SCAN)
        spec = job.spec() if job is not None else None
        if job is None or not isinstance(spec, ScanJob):
            continue
        day = moment_of(job.created_at, file).date().isoformat()
        who = f"{visible(' '.join(job.created_by.split()), _LONGEST)} on {day}, on the page of the files handed in"
        yield from ((one, who) for one in spec.files if answers_of(one.kind) == {USE})
