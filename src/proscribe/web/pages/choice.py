"""The choice of a case: what its things cost and block, a plan beside its alternatives, nations and years."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from proscribe.model.accounts import Role
from proscribe.web.calls import Call, go, number, upload_of
from proscribe.wording.nations import nation_words

#: Lines of one table at first, and where all are asked for; those beyond stand in the files.
MOST, ALL = 100, 5_000
#: Uploads and earlier answers that are offered.
_OFFERED = 10


def choice(call: Call) -> Response:
    """Show what came of the newest job, or of the one that is named, and what the next one is made from."""
    from proscribe.app.background import choices, jobs, uploads
    from proscribe.app.case.case_law import has_scan
    from proscribe.model.jobs import JobKind

    case_id, named, whole = call.path["case_id"], call.asked("upload"), bool(call.asked("all"))
    held: dict[str, Any] = {"upload": None, "uploads": []}
    with call.cases() as cases:
        file = cases.case(case_id)
        made = jobs.of_case(cases.store, case_id, JobKind.CHOICE)
        asked = call.asked("job") or (made[0].id if made and not named else "")
        job = jobs.job_of_case(cases.store, case_id, JobKind.CHOICE, asked) if asked else None
        found = choices.choice_of(cases.store, job) if job is not None else None
        if named:
            held["upload"] = upload_of(call, cases, named)
        elif call.actor.may(Role.ANALYST):
            held["uploads"] = uploads.uploads(cases.store, _OFFERED)
        holds_scan = has_scan(file)
    return call.page(
        "choice.html.j2", title=f"Choice of {case_id}", file=file, job=job, made=found, jobs=made[:_OFFERED],
        has_scan=holds_scan, most=ALL if whole else MOST, whole=whole, first=choices.first_month(datetime.now(UTC).date()),
        named=nation_words, doubtful=choices.DOUBTFUL, **held,
    )  # fmt: skip


def begin(call: Call) -> Response:
    """Have a choice worked out from tables that were handed in."""
    from proscribe.app.background import choices

    case_id = call.path["case_id"]
    with call.cases() as cases:
        held = upload_of(call, cases, call.sent("upload"))
        job = choices.begin(
            cases.store, case_id, held, by=call.person, first=call.sent("first"), currency=call.sent("currency"),
            periods=number(call.sent("periods"), 36), doubtful=bool(call.sent("doubtful")),
            years=call.sent("years"), places=tuple(call.sent("places").replace(",", " ").upper().split()),
            knowledge=call.settings.knowledge,
        )  # fmt: skip
    return go("/cases/{case_id}/choice", [("job", job.id)], case_id=case_id)


def tables(call: Call) -> Response:
    """Give the tables to fill in, with a row of assets for each thing of the case, to be saved."""
    from proscribe.app.case.choice_making import tables_to_fill
    from proscribe.web.pages.papers import saved

    with call.cases() as cases:
        name, data = tables_to_fill(cases, cases.case(call.path["case_id"]))
    return saved(data, f"{call.path['case_id']}-{name}")


def kept_file(call: Call) -> Response:
    """Give a file that came of a job, to be saved and not shown."""
    from proscribe.app.background.choices import file_of
    from proscribe.web.pages.papers import saved

    case_id, job_id, name = (call.path[one] for one in ("case_id", "job_id", "name"))
    with call.cases() as cases:
        cases.case(case_id)
        data = file_of(cases.store, case_id, job_id, name)
    return saved(data, f"{case_id}-{job_id}-{name}")
