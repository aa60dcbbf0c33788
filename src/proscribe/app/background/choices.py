"""The choice of a case: what its things cost and block, a plan and its alternatives, nations and years, by a job."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from proscribe.app.case.choice_making import PROBLEMS
from proscribe.choice.exposure import asks_of
from proscribe.choice.exposure_page import KINDS, money, sentence, sums, why_unpriced
from proscribe.choice.matrix_page import since, words
from proscribe.choice.matters import fact_of, is_of_party
from proscribe.choice.plan_page import cash_curve, gantt, gantt_of_crews, value_words, worked
from proscribe.choice.plan_page import sentence as plan_sentence
from proscribe.choice.tornado import tornado
from proscribe.choice.whose_law import UNION
from proscribe.model.codec import read_json
from proscribe.model.decisions import Outcome
from proscribe.model.errors import error
from proscribe.model.exposure import COST, INCOME, Exposure, LineKind
from proscribe.model.jobs import ChoiceJob, Job, JobKind, JobState, Originals
from proscribe.model.nation_matrix import MatrixCell, NationMatrix
from proscribe.model.phase_out import PhaseOut
from proscribe.wording.html import trusted

if TYPE_CHECKING:
    from proscribe.app.background.uploads import Upload
    from proscribe.casework.store import Store

_BARS = 12
#: What the page of a choice calls the box that plans what only possibly blocks a contract.
DOUBTFUL = "Also remove what only possibly stands against a contract"


def begin(store: Store, case_id: str, held: Upload, *, by: str, **asked: Any) -> Job:
    """Have the choice of a case worked out by a job, from tables that were handed in.

    Args:
        asked: what else a `ChoiceJob` takes.

    Raises:
        UsageError: E415 when there is no file.
    """
    from proscribe.app.background import jobs

    if not held.files:
        raise error("E415.none")
    kept = tuple(replace(one, use="tables") for one in held.files)
    spec = ChoiceJob(case_id, tuple(one.display for one in kept), **asked)
    return jobs.submit(store, spec, by=by, originals=Originals(kept))


@dataclass(frozen=True, slots=True)
class Choice:
    """What came of a job of a choice, with what a page says of it.

    Attributes:
        exposure: what is surely covered, what it is with everything undetermined, and what would narrow it.
        plan, matrix: `None` where none was asked for or none could be made.
        problems: what could not be made: `part`, `code`, `what`, `next`.
        files: names of the files for people.
        said, plan_said: the answers in a sentence.
        charts: name to SVG; every figure of it stands in a table too.
    """

    job: Job
    exposure: Exposure
    plan: PhaseOut | None
    matrix: NationMatrix | None
    problems: tuple[Mapping[str, str], ...]
    files: tuple[str, ...]
    said: str
    plan_said: str
    charts: Mapping[str, str]

    @property
    def rows(self) -> list[tuple[str, str, str, str, str]]:
        """Give the three columns by kind: words, surely, with undetermined, the question that would narrow it most; and why some
        of it has no price, empty where all has one.
        """
        return [
            (
                KINDS[total.kind],
                *sums(total)[:2],
                self._narrowed_by(total.kind),
                why_unpriced(self.exposure, [total.kind]),
            )
            for total in self.exposure.totals
        ]

    def _narrowed_by(self, kind: LineKind) -> str:
        lines = {one.id for one in self.exposure.lines if one.kind == kind}
        waiting = [one for one in self.exposure.narrowing if lines.intersection(one.lines)]
        waiting.sort(key=lambda one: one.income if kind in INCOME else one.cost, reverse=True)
        return waiting[0].asks if waiting else ""

    def cell(self, entity: str, place: str, year: int) -> tuple[str, str, str]:
        """Give a cell of the matrix: outcome, since when something is forbidden, and its citation."""
        assert self.matrix is not None
        found: MatrixCell | None = next(
            (one for one in self.matrix.cells if (one.entity, one.jurisdiction, one.year) == (entity, place, year)), None
        )  # fmt: skip
        return words(found), "" if found is None else since(found), "" if found is None else found.citation

    @property
    def open_abroad(self) -> list[tuple[str, str, str]]:
        """Give what is open of the company in nations where it is not asked as stated: nation, question, and its name.

        Of each nation the first question that its cells wait for; acts of the Union bind through the law of a member.
        """
        found: dict[str, tuple[str, str, str]] = {}
        for one in self.matrix.cells if self.matrix is not None else ():
            asked = next((name for name in one.missing if is_of_party(name)), "")
            if one.outcome is Outcome.UNDETERMINED and one.act and asked and one.jurisdiction != UNION:
                name = f"{asked}@country:{one.jurisdiction}"
                found.setdefault(one.jurisdiction, (one.jurisdiction, asks_of(name), name))
        return list(found.values())

    @staticmethod
    def answered_at(name: str) -> list[tuple[str, str]]:
        """Give what the page of the law is asked for to answer what is asked of one country or award alone; else nothing."""
        fact, scope = fact_of(name)
        return [("fact", fact), ("applies", scope)] if scope else []

    money = staticmethod(money)

    def worth(self, amount: Decimal) -> str:
        """Write contract value of the plan as `value_words` does."""
        assert self.plan is not None
        return value_words(self.plan, amount)


def _opened(store: Store, job: Job) -> zipfile.ZipFile:
    from proscribe.app.background import jobs

    with jobs.result(store, job.id) as content:
        return zipfile.ZipFile(io.BytesIO(content.read()))


def file_of(store: Store, case_id: str, job_id: str, name: str) -> bytes:
    """Give a file for people that came of a job.

    Raises:
        CaseError: E475 when the case has no such job; E477 when it is not done; E479 when what came of it was removed.
        UsageError: E419 when there is none of that name.
    """
    from proscribe.app.background.jobs import job_of_case

    with _opened(store, job_of_case(store, case_id, JobKind.CHOICE, job_id)) as archive:
        if name == PROBLEMS or name not in archive.namelist():
            raise error("E419", asked=name[:80])
        return archive.read(name)


def choice_of(store: Store, job: Job) -> Choice | None:
    """Give what came of a job of a choice; `None` while it is not done, or where it failed.

    Raises:
        CaseError: E479 when what came of it was removed.
    """
    if job.state is not JobState.DONE:
        return None
    with _opened(store, job) as archive:
        names = archive.namelist()

        def part(kind: Any, name: str) -> Any:
            return read_json(kind, archive.read(name), open_=True) if name in names else None

        exposure: Exposure = part(Exposure, "exposure.json")
        plan: PhaseOut | None = part(PhaseOut, "plan.json")
        matrix: NationMatrix | None = part(NationMatrix, "matrix.json")
        problems = tuple(json.loads(archive.read(PROBLEMS)))
    return Choice(
        job, exposure, plan, matrix, problems, tuple(one for one in names if one != PROBLEMS), sentence(exposure),
        plan_sentence(plan, f"“{DOUBTFUL}”") if plan is not None else "", dict(_charts(exposure, plan)),
    )  # fmt: skip


def _charts(exposure: Exposure, plan: PhaseOut | None) -> list[tuple[str, str]]:
    kinds: tuple[LineKind, ...] = INCOME
    bars = [(one.asks, one.income) for one in exposure.narrowing if one.income]
    if not bars:
        kinds, bars = COST, [(one.asks, one.cost) for one in exposure.narrowing if one.cost]
    title = "What each unknown fact could add to the sure amount"
    made = (
        [
            (
                "unknown",
                tornado("unknown", title, exposure.total(kinds).surely, bars[:_BARS], exposure.currency),
            )
        ]
        if bars
        else []
    )
    if plan is not None and plan.work:
        made.append(("months", gantt(plan.work, worked(plan))))
        made += [("crews", drawn) for drawn in [gantt_of_crews(plan.work, worked(plan))] if drawn]
    if plan is not None and plan.cash:
        made.append(("cash", cash_curve(plan.cash)))
    return [(name, trusted(chart)) for name, chart in made]


def first_month(today: date) -> str:
    """Give the month after a day, as the first of a plan."""
    after = today.year * 12 + today.month
    return f"{after // 12}-{after % 12 + 1:02d}"
