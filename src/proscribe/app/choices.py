"""The choice of a case: what its things cost and block, a plan and its alternatives, nations and years, by a job.

The services of `exposure`, `phase_out` and `nation_matrix` work it out; the scan is the newest of the case, with its findings as
people judged them, and the facts are those under which it was put to the law.
"""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from proscribe.app.as_judged import judged_in, with_judgements
from proscribe.app.case_law import newest_scan
from proscribe.choice.exposure_page import KINDS, money, sentence, sums
from proscribe.choice.matrix_page import since, words
from proscribe.choice.plan_page import cash_curve, gantt, worked
from proscribe.choice.plan_page import sentence as plan_sentence
from proscribe.choice.tornado import tornado
from proscribe.model.codec import read_json
from proscribe.model.errors import ProscribeError, error
from proscribe.model.exposure import COST, INCOME, Exposure, LineKind
from proscribe.model.jobs import ChoiceJob, Job, JobKind, JobState, Originals
from proscribe.model.nation_matrix import MatrixCell, NationMatrix
from proscribe.model.phase_out import PhaseOut
from proscribe.model.scan_document import scan_text
from proscribe.wording.html import trusted

if TYPE_CHECKING:
    from proscribe.app.cases import Cases
    from proscribe.app.uploads import Upload
    from proscribe.casework.store import Store
    from proscribe.model.casework import CaseFile

#: File name of what a job gives: a ZIP archive.
RESULT = "choice.zip"
#: Member of it that names what could not be made.
_PROBLEMS = "problems.json"
_BARS = 12


def tables_to_fill(cases: Cases, file: CaseFile) -> tuple[str, bytes]:
    """Give the workbook of tables to fill in, with a row of assets for each thing that the case counts: name and bytes.

    Raises:
        CaseError: E424 when the case holds no scan.
    """
    from proscribe.app.exposure import templates

    with TemporaryDirectory(prefix="proscribe-") as folder:
        scan = _scan_of(cases, file, Path(folder))
        (made,) = templates(Path(folder, "tables"), scan, knowledge=cases.knowledge)
        return made.name, made.read_bytes()


def _scan_of(cases: Cases, file: CaseFile, folder: Path) -> Path:
    """Write the newest scan of a case as people judged it, for services that read files."""
    found = newest_scan(cases, file)
    if found is None:
        raise error("E424.no_scan", at=file.case.id)
    place = folder / "scan.json"
    place.write_text(scan_text(with_judgements(found[1], judged_in(cases, file))), encoding="utf-8")
    return place


def begin(store: Store, case_id: str, held: Upload, *, by: str, **asked: Any) -> Job:
    """Have the choice of a case worked out by a job, from tables that were handed in.

    Args:
        asked: what else a `ChoiceJob` takes.

    Raises:
        UsageError: E415 when there is no file.
    """
    from proscribe.app import jobs

    if not held.files:
        raise error("E415.none")
    kept = tuple(replace(one, use="tables") for one in held.files)
    spec = ChoiceJob(case_id, tuple(one.display for one in kept), **asked)
    return jobs.submit(store, spec, by=by, originals=Originals(kept))


def make(cases: Cases, spec: ChoiceJob, tables: Sequence[Path]) -> bytes:
    """Work a choice out; gives the archive `RESULT`: each part as JSON, and as files for people.

    What cannot be made beside the exposure (a plan without a solver, a matrix without a place) is named in it.

    Raises:
        ProscribeError: as `exposure.work_out`, when there is nothing to say at all.
    """
    from proscribe.app import exposure, nation_matrix, phase_out

    with TemporaryDirectory(prefix="proscribe-") as name:
        folder, made = Path(name), Path(name, "made")
        made.mkdir()
        read = _named(spec, tables, folder / "tables")
        scan = _scan_of(cases, cases.case(spec.case_id), folder)
        sources = exposure.Sources(read, scan, (), tuple(spec.knowledge))
        work = exposure.work_out(sources, as_of=spec.as_of, currency=spec.currency)
        problems = []

        def part(
            stem: str, forms: Sequence[str], work_it_out: Callable[[], Any], write: Callable[..., None]
        ) -> None:
            try:
                found = work_it_out()
            except ProscribeError as known:
                problems.append(
                    {"part": stem, "code": known.code, "what": known.what, "next": known.next_step}
                )
                return
            for form in forms:
                write(found, form, made / f"{stem}.{form}")

        part("exposure", ("json", "html", "xlsx"), lambda: work, exposure.write_exposure)
        if spec.first:
            part(
                "plan", ("json", "html", "xlsx", "csv", "yml"),
                lambda: phase_out.phase_out(
                    work, spec.first, spec.periods, doubtful=spec.doubtful, seconds=spec.seconds
                ),
                phase_out.write_plan,
            )  # fmt: skip
        if spec.years:
            part(
                "matrix", ("json", "html"),
                lambda: nation_matrix.matrix(work, spec.years, spec.places), nation_matrix.write_matrix,
            )  # fmt: skip
        (made / _PROBLEMS).write_text(json.dumps(problems), encoding="utf-8")
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
            for place in sorted(made.iterdir()):
                archive.write(place, place.name)
        return data.getvalue()


def _named(spec: ChoiceJob, tables: Sequence[Path], folder: Path) -> Path:
    """Put tables under their own names into a folder: a table is known by the name of its file."""
    from proscribe.app.uploads import given_name

    folder.mkdir()
    taken: list[str] = []
    for display, place in zip(spec.tables, tables, strict=True):
        taken.append(given_name(Path(display).name, taken))
        shutil.copyfile(place, folder / taken[-1])
    return folder


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
    def rows(self) -> list[tuple[str, str, str, str]]:
        """Give the three columns by kind: words, surely, with undetermined, the question that would narrow it most."""
        return [
            (KINDS[total.kind], *sums(total)[:2], self._narrowed_by(total.kind))
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

    money = staticmethod(money)


def jobs_of(store: Store, case_id: str) -> list[Job]:
    """List the jobs of the choice of a case, the newest first; one that cannot be read is left out."""
    from proscribe.app import jobs

    return [one for one in jobs.listed(store) if one.kind == JobKind.CHOICE and _is_of(one, case_id)]


def _is_of(job: Job, case_id: str) -> bool:
    try:
        spec = job.spec()
    except ProscribeError:
        return False
    return isinstance(spec, ChoiceJob) and spec.case_id == case_id


def job_of(store: Store, case_id: str, job_id: str) -> Job:
    """Give a job of the choice of a case.

    Raises:
        CaseError: E475 when the case has no such job.
    """
    from proscribe.app import jobs

    job = jobs.status(store, job_id)
    if job.kind != JobKind.CHOICE or not _is_of(job, case_id):
        raise error("E475", at=job_id, id=job_id)
    return job


def _opened(store: Store, job: Job) -> zipfile.ZipFile:
    from proscribe.app import jobs

    with jobs.result(store, job.id) as content:
        return zipfile.ZipFile(io.BytesIO(content.read()))


def file_of(store: Store, case_id: str, job_id: str, name: str) -> bytes:
    """Give a file for people that came of a job.

    Raises:
        CaseError: as `job_of`; E477 when it is not done; E479 when what came of it was removed.
        UsageError: E419 when there is none of that name.
    """
    with _opened(store, job_of(store, case_id, job_id)) as archive:
        if name == _PROBLEMS or name not in archive.namelist():
            raise error("E419", asked=name[:80])
        return archive.read(name)


def choice_of(store: Store, job: Job) -> Choice | None:
    """Give what came of a job that `job_of` gave; `None` while it is not done, or where it failed.

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
        problems = tuple(json.loads(archive.read(_PROBLEMS)))
    return Choice(
        job, exposure, plan, matrix, problems, tuple(one for one in names if one != _PROBLEMS), sentence(exposure),
        plan_sentence(plan) if plan is not None else "", dict(_charts(exposure, plan)),
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
    if plan is not None and plan.cash:
        made.append(("cash", cash_curve(plan.cash)))
    return [(name, trusted(chart)) for name, chart in made]


def first_month(today: date) -> str:
    """Give the month after a day, as the first of a plan."""
    after = today.year * 12 + today.month
    return f"{after // 12}-{after % 12 + 1:02d}"


__all__ = [
    "RESULT",
    "Choice",
    "begin",
    "choice_of",
    "file_of",
    "first_month",
    "job_of",
    "jobs_of",
    "make",
    "tables_to_fill",
]
