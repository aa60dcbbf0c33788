"""The answers of a choice, worked out for the findings of a case and put into one archive.

The services of `exposure`, `phase_out` and `nation_matrix` work them out; the scan is the newest of the case, with its findings
as people judged them, and the facts are those under which it was put to the law.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from proscribe.app.case.case_law import newest_scan
from proscribe.app.papers.as_judged import judged_in, with_judgements
from proscribe.model.errors import ProscribeError, error
from proscribe.model.jobs import ChoiceJob
from proscribe.model.scan_writing import scan_text

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.model.casework import CaseFile

#: File name of the archive, and the member of it that names what could not be made.
RESULT, PROBLEMS = "choice.zip", "problems.json"


def tables_to_fill(cases: Cases, file: CaseFile) -> tuple[str, bytes]:
    """Give the workbook of tables to fill in, with a row of assets for each thing that the case counts: name and bytes.

    Raises:
        CaseError: E424 when the case holds no scan.
    """
    from proscribe.app.choice.exposure import templates

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


def make(cases: Cases, spec: ChoiceJob, tables: Sequence[Path]) -> bytes:
    """Work a choice out; gives the archive `RESULT`: each part as JSON, and as files for people.

    What cannot be made beside the exposure (a plan without a solver, a matrix without a place) is named in it.

    Raises:
        ProscribeError: as `exposure.work_out`, when there is nothing to say at all.
    """
    from proscribe.app.choice import exposure, nation_matrix, phase_out

    with TemporaryDirectory(prefix="proscribe-") as name:
        folder, made = Path(name), Path(name, "made")
        made.mkdir()
        read = _named(spec, tables, folder / "tables")
        scan = _scan_of(cases, cases.case(spec.case_id), folder)
        sources = exposure.Sources(read, scan, (), tuple(spec.knowledge))
        try:
            work = exposure.work_out(sources, as_of=spec.as_of, currency=spec.currency)
        except ProscribeError as problem:  # a table is known by its name, the folder by nobody
            names = ", ".join(sorted(one.name for one in read.iterdir()))
            problem.at = problem.at.replace(f"{read}{os.sep}", "").replace(str(read), names)
            raise
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
        (made / PROBLEMS).write_text(json.dumps(problems), encoding="utf-8")
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
            for place in sorted(made.iterdir()):
                archive.write(place, place.name)
        return data.getvalue()


def _named(spec: ChoiceJob, tables: Sequence[Path], folder: Path) -> Path:
    """Put tables under their own names into a folder: a table is known by the name of its file."""
    folder.mkdir()
    for number, (display, place) in enumerate(zip(spec.tables, tables, strict=True)):
        target = folder / Path(display).name
        if target.exists():  # of another folder
            target = target.with_stem(f"{target.stem} {number}")
        shutil.copyfile(place, target)
    return folder
