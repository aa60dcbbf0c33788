"""The visible list of formats, and the one way to write a scan in any of them."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from proscribe.model.errors import ProscribeError, error
from proscribe.model.pictures import Crops
from proscribe.model.results import Scan, ScannedInput
from proscribe.model.scan_document import SCHEMA
from proscribe.model.scan_writing import InParts, scan_lines, scan_pieces
from proscribe.readers.base import Reading, Source
from proscribe.readers.registry import READERS
from proscribe.reports.atomic import put_text, refuse_inputs, replacing
from proscribe.reports.scan import labels

OpenReading = Callable[[Source], Reading]


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a scan.

    Attributes:
        name: what `-o` takes.
        suffix: of a file in this format.
        what: one line for people.
        gives_file_back: whether it is the user's own file with columns added, one file an input.
    """

    name: str
    suffix: str
    what: str
    gives_file_back: bool = False


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format(
            "summary",
            ".summary.txt",
            "one screen of a terminal: what was found, what to look at, what was not read",
        ),
        Format("table", ".txt", "text for reading in a terminal"),
        Format("json", ".json", f"everything as one JSON document, {SCHEMA}"),
        Format("jsonl", ".jsonl", "the same as one line for each finding and mention"),
        Format("csv", ".csv", "your own file as CSV, with the answers beside each row", gives_file_back=True),
        Format(
            "parquet",
            ".parquet",
            "your own file as Parquet, with the answers beside each row",
            gives_file_back=True,
        ),
        Format(
            "xlsx",
            ".xlsx",
            "your own workbook, rows marked by band, with a summary sheet",
            gives_file_back=True,
        ),
        Format("html", ".html", "one page with charts and evidence, for screen and paper"),
        Format("md", ".md", "Markdown, for tickets and wikis"),
        Format("sarif", ".sarif", "SARIF 2.1.0, for code-scanning services"),
    )
}


def write(
    scan: Scan,
    fmt: str,
    target: str | Path | IO[Any],
    *,
    sources: Sequence[Source] = (),
    open_reading: OpenReading | None = None,
    colour: bool = False,
    width: int = 100,
    show_all: bool = False,
    crops: Crops | None = None,
    in_parts: InParts | None = None,
) -> list[Path]:
    """Write `scan` in one format.

    A file appears whole or not at all, and never over one of the inputs.

    Args:
        scan: the answer.
        fmt: a key of `FORMATS`.
        target: a path, or an open stream of text or bytes. A folder (one that exists, or a name that
            ends in a slash) takes one file for each input; `csv`, `parquet` and `xlsx` need one when
            several inputs, or an input of several tables, are to be written.
        sources: the inputs as files, named as in `scan.inputs`; needed by `csv`, `parquet` and `xlsx`.
        open_reading: opens an input again; needed by `csv`, `parquet` and `xlsx`.
        colour: whether a table or summary may use terminal colours.
        width: cells to a line of them.
        show_all: whether a table lists everything instead of the first of each band.
        crops: what is seen in pictures where findings stand; shown by `html`.
        in_parts: writes very many findings in several processes, for `jsonl`; see `scan_lines`.

    Returns:
        The files written; none for a stream.

    Raises:
        UsageError: E190 to E194 and E197 for a format, target or input that do not go together.
        InputError: E195, E196 and E198 for an input that cannot be given back.
        EnvironmentProblem: E510 when the target cannot be written.
    """
    if fmt not in FORMATS:
        raise error("E192", at="-o", fmt=fmt, formats=", ".join(FORMATS))
    form = FORMATS[fmt]
    if form.gives_file_back:
        return _write_files_back(scan, form, target, sources, open_reading)
    text = scan_lines(scan, in_parts) if fmt == "jsonl" else _text(scan, fmt, colour, width, show_all, crops)
    if not isinstance(target, (str, Path)):
        put_text(text, target)
        return []
    path = Path(target)
    if _is_folder(target):
        path.mkdir(parents=True, exist_ok=True)
        path = path / f"proscribe-scan{form.suffix}"
    refuse_inputs([path], (one.path for one in sources))
    put_text(text, path)
    return [path]


def _text(
    scan: Scan, fmt: str, colour: bool, width: int, show_all: bool, crops: Crops | None
) -> Iterable[str]:
    # Imported when asked for: a JSON answer should not pay for a page it does not write.
    match fmt:
        case "summary":
            from proscribe.reports.scan.summary import to_summary

            return [to_summary(scan, width=width, colour=colour)]
        case "table":
            from proscribe.reports.scan.table import to_table

            return [to_table(scan, width=width, colour=colour, limit=None if show_all else 50)]
        case "json":
            return scan_pieces(scan)
        case "html":
            from proscribe.reports.scan.html import html_pieces

            return html_pieces(scan, crops=crops)
        case "md":
            from proscribe.reports.scan.markdown import to_markdown

            return [to_markdown(scan)]
        case _:
            from proscribe.reports.scan.sarif import sarif_pieces

            return sarif_pieces(scan)


def _is_folder(target: str | Path) -> bool:
    return Path(target).is_dir() or (isinstance(target, str) and target.endswith(("/", "\\")))


def _names_a_folder(target: str | Path) -> bool:
    """Tell whether a name that does not exist yet looks like a folder: it has no suffix."""
    return not Path(target).exists() and Path(target).suffix == ""


@dataclass(frozen=True, slots=True)
class _Job:
    """One file to write: a table of an input, or the whole input for a workbook."""

    one: ScannedInput
    source: Source
    sheet: int
    name: str


def _write_files_back(
    scan: Scan,
    form: Format,
    target: str | Path | IO[Any],
    sources: Sequence[Source],
    open_reading: OpenReading | None,
) -> list[Path]:
    if open_reading is None:
        raise TypeError(f"{form.name} gives the user's file back and needs open_reading")
    jobs = _jobs(scan, form, sources)
    if (
        jobs
        and isinstance(target, (str, Path))
        and (_is_folder(target) or (len(jobs) > 1 and _names_a_folder(target)))
    ):
        folder = Path(target)
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for job in jobs:
            path = folder / job.name
            refuse_inputs([path], (one.path for one in sources))
            with replacing(path) as temporary:
                _write_one(scan, form, job, open_reading, temporary)
            written.append(path)
        return written
    if not jobs:
        name = "E198.documents" if any(one.reader in _without_rows() for one in scan.inputs) else "E198"
        raise error(name, at=", ".join(one.path for one in scan.inputs[:3]) or "no input", form=form.name)
    if len(jobs) != 1:
        raise _several(form, len(jobs))
    if isinstance(target, (str, Path)):
        path = Path(target)
        refuse_inputs([path], (one.path for one in sources))
        _refuse_wrong_name(form, jobs[0], path)
        with replacing(path) as temporary:
            _write_one(scan, form, jobs[0], open_reading, temporary)
        return [path]
    raw: Any = getattr(target, "buffer", target) if isinstance(target, io.TextIOBase) else target
    if isinstance(raw, io.TextIOBase):
        raise error("E193.bytes_to_text", form=form.name)
    with tempfile.TemporaryDirectory() as folder_name:
        temporary = Path(folder_name) / f"answer{form.suffix}"
        _write_one(scan, form, jobs[0], open_reading, temporary)
        with temporary.open("rb") as file:
            shutil.copyfileobj(file, raw)
    return []


def _several(form: Format, count: int) -> ProscribeError:
    advice = "" if form.name == "xlsx" else " -o xlsx=FILE keeps the sheets of one workbook together."
    return error("E190", form=form.name, count=count, advice=advice)


def refuse_several(fmt: str, target: str | Path | None, readers: Iterable[str]) -> None:
    """Refuse, before anything is read, one file or stream for what will be several.

    Args:
        fmt: a key of `FORMATS`.
        target: the file or folder; `None` for a stream.
        readers: names of the readers of the inputs, where that is known.

    Raises:
        UsageError: E190.
    """
    if not FORMATS[fmt].gives_file_back or (target and (_is_folder(target) or _names_a_folder(target))):
        return
    count = sum(bool(name) and name not in _without_rows() for name in readers)
    if count > 1:
        raise _several(FORMATS[fmt], count)


def _without_rows() -> frozenset[str]:
    """Give the readers of documents, which have no rows to write answers beside."""
    return frozenset(entry.name for entry in READERS if not entry.rows)


def not_given_back(scan: Scan, fmt: str) -> tuple[str, ...]:
    """Give the inputs of which a format that gives files back writes none, since they have no rows: paths as they were named."""
    if not FORMATS[fmt].gives_file_back:
        return ()
    return tuple(one.path for one in scan.inputs if one.reader in _without_rows())


def _jobs(scan: Scan, form: Format, sources: Sequence[Source]) -> list[_Job]:
    by_name = {source.display: source for source in sources}
    without_rows = _without_rows()
    jobs: list[_Job] = []
    taken: set[str] = set()
    for position, one in enumerate(scan.inputs):
        source = by_name.get(one.path)
        if source is None and len(sources) == len(scan.inputs):
            source = sources[position]
        if source is None or one.reader in without_rows:
            continue
        if form.name == "xlsx":
            jobs.append(_Job(one, source, 0, _free_name(one, None, _workbook_suffix(source), taken)))
            continue
        for index, table in enumerate(one.tables):
            sheet = table.sheet if len(one.tables) > 1 else None
            jobs.append(_Job(one, source, index, _free_name(one, sheet, form.suffix, taken)))
    return jobs


def _workbook_suffix(source: Source) -> str:
    from proscribe.reports.scan.workbook import holds_macros, is_office_open_xml

    return ".xlsm" if is_office_open_xml(source.path) and holds_macros(source.path) else ".xlsx"


def _free_name(one: ScannedInput, sheet: str | None, suffix: str, taken: set[str]) -> str:
    stem = re.sub(r"\.[A-Za-z0-9]{1,8}$", "", labels.file_name(one.path)) or "input"
    if sheet is not None:
        stem += "." + sheet
    stem = re.sub(r"[^\w .()+-]+", "_", stem).strip(" .")[:120] or "input"
    name, number = f"{stem}.proscribe{suffix}", 2
    while name.casefold() in taken:
        name, number = f"{stem}.{number}.proscribe{suffix}", number + 1
    taken.add(name.casefold())
    return name


def _refuse_wrong_name(form: Format, job: _Job, path: Path) -> None:
    if form.name == "xlsx" and job.name.endswith(".xlsm") and path.suffix.lower() != ".xlsm":
        raise error("E193.macros", at=path, file=path.with_suffix(".xlsm"))


def _write_one(scan: Scan, form: Format, job: _Job, open_reading: OpenReading, path: Path) -> None:
    from proscribe.reports.scan import annotated, workbook

    match form.name:
        case "csv":
            with path.open("wb") as file:
                annotated.write_csv(scan, job.one, job.source, open_reading, file, job.sheet)
        case "parquet":
            annotated.write_parquet(scan, job.one, job.source, open_reading, path, job.sheet)
        case _ if workbook.is_office_open_xml(job.source.path):
            workbook.write_back(scan, job.one, job.source, open_reading, path)
        case _:
            annotated.write_workbook(scan, job.one, job.source, open_reading, path)
