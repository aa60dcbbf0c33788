"""What a job does: `run_job` is the one way in which commands and workers do it.

A scan keeps what was read of each finished input; taken up again, it goes on with the next one, and its answer is byte for
byte that of a run that nothing disturbed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe import __version__
from proscribe.app.scan.finished_inputs import forget_parts, load, save, sha256_of
from proscribe.app.starting import in_own_group
from proscribe.model.canonical import canonical_json, pretty_json
from proscribe.model.codec import write
from proscribe.model.errors import ProscribeError, error
from proscribe.model.jobs import (
    CheckJob,
    ChoiceJob,
    DecideJob,
    DevicesJob,
    DocumentJob,
    ExportJob,
    Job,
    JobProgress,
    JobSpec,
    LawJob,
    Original,
    Originals,
    PlanJob,
    ReportJob,
    ScanJob,
    VerifyJob,
)
from proscribe.model.observations import ReadIssue

if TYPE_CHECKING:
    from proscribe.app.inventory.devices import DeviceResult
    from proscribe.app.scan.api import InputAnswer, ScanResult
    from proscribe.casework.files import Files
    from proscribe.casework.store import Store
    from proscribe.model.papers import Paper
    from proscribe.readers import Expansion
    from proscribe.readers.base import Source


#: By how much a job stands back behind whoever waits for an answer, as `nice` counts it.
_NICE = 10


class JobCancelled(ProscribeError):
    """Somebody asked that the job end."""

    def __init__(self) -> None:
        super().__init__("E477", "the job was cancelled")


@dataclass(frozen=True, slots=True)
class JobAnswer:
    """What came of a job.

    Attributes:
        value: the answer as a value: a `ScanResult`, a `DeviceResult`, or plain JSON values.
        name: file name of its content.
        pieces: gives the content, piece by piece.
    """

    value: Any
    name: str
    pieces: Callable[[], Iterable[bytes]]


@dataclass(slots=True)
class Setting:
    """What a job is run with. A command gives paths and needs nothing else.

    Attributes:
        store: the store, for jobs that are about cases.
        originals, files: kept files that are read instead of the paths named.
        parts: where finished inputs are kept.
        tell: is told how far the job is, and that something was completed.
        cancelled: tells whether somebody asked that it end.
        copies: where kept files are read, and what whoever submitted them calls each.
    """

    store: Store | None = None
    originals: Originals = field(default_factory=Originals)
    files: Files | None = None
    parts: Path | None = None
    tell: Callable[[JobProgress, bool], None] = lambda _progress, _further: None
    cancelled: Callable[[], bool] = lambda: False
    copies: dict[str, str] = field(default_factory=dict)

    def as_named(self, text: str) -> str:
        """Write kept files by the names under which they were submitted."""
        for place, display in self.copies.items():
            text = text.replace(place, display)
        return text

    def paths(self, use: str, named: Sequence[str]) -> list[Path]:
        """Give the files that a field of the arguments names: the kept ones, else those of that name."""
        if self.files is None:
            return [Path(name) for name in named]
        kept = [one for one in self.originals.files if one.use == use]
        return [self._copy(one, f"{use}-{number}") for number, one in enumerate(kept)]

    def _copy(self, one: Original, folder: str) -> Path:
        """Copy a kept file under its own name, which tells what it is; the copy is compared with the digest."""
        assert self.files is not None and self.parts is not None
        place = self.parts / "read" / folder / f"of-{Path(one.display).name[-100:]}"
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        self.copies[str(place)] = one.display
        with self.files.open(one.sha256) as file, place.open("xb") as copy:
            shutil.copyfileobj(file, copy)
        if sha256_of(place) != one.sha256:
            raise error("E479.changed", at=place, sha256=one.sha256)
        return place

    def expansion(self) -> Expansion | None:
        """Give the inputs of a scan, or None to have the paths looked at."""
        if self.files is None:
            return None
        from proscribe.readers import Expansion, without_litter
        from proscribe.readers.base import Source

        sources, own = (
            [
                Source(one.display, self.files.path(one.sha256), one.size)
                for one in self.originals.files
                if one.use == use
            ]
            for use in ("paths", "own")
        )
        return without_litter(Expansion(sources, list(self.originals.unread), own))


def run_job(
    spec: JobSpec,
    *,
    progress: Callable[[int, int, int], None] | None = None,
    setting: Setting | None = None,
) -> JobAnswer:
    """Do a job, in this process.

    Args:
        spec: what is asked.
        progress: called with bytes done, bytes in all and records done.
        setting: what it is run with; paths are read as they are named by default.

    Raises:
        ProscribeError: whatever the work raises; `JobCancelled` when it was cancelled.
    """
    setting = setting or Setting()
    done: JobAnswer = _WORK[type(spec)](spec, setting, progress)
    return done


def _scan(spec: ScanJob, setting: Setting, progress: Any) -> JobAnswer:
    from proscribe.app.scan import api
    from proscribe.model.scan_writing import scan_pieces

    ready, places = None, setting.paths("facts", spec.facts)
    if spec.facts:
        from proscribe.app.rules.scan_decide import Ready
        from proscribe.app.scan.reading_process import start as start_reading
        from proscribe.readers.base import Source

        start_reading()  # before answers are read in this process, so that it is divided while it holds little
        ready = Ready.of(
            [Source(name, path, path.stat().st_size) for name, path in zip(spec.facts, places, strict=True)],
            knowledge=spec.knowledge,
            known_as_of=spec.known_as_of,
        )
    watch = _Watch(spec, setting, progress)
    result: ScanResult = api.scan_keeping(
        spec, processes=spec.processes, progress=watch.tick, keep_all=False,
        expansion=_beside_answers(spec, setting.expansion(), places), watch=watch,
    )[0]  # fmt: skip
    if ready is not None:
        from proscribe.app.rules.first_page import asked_first

        result = replace(result, scan=asked_first(ready.decide(result.scan), ready.decider))
    watch.found(len(result.scan.findings), len(result.scan.mentions))
    return JobAnswer(result, "scan.json", lambda: (piece.encode() for piece in scan_pieces(result.scan)))


def _beside_answers(spec: ScanJob, listed: Expansion | None, places: Sequence[Path]) -> Expansion | None:
    """List the inputs of a scan without the files of facts and answers that it is given; one that is named as input stays.

    Args:
        places: where these files are. What has the marks of one of ours is left out where it is one of them to the byte, too.
    """
    named = {os.path.abspath(path) for path in spec.paths}
    given = {os.path.abspath(name) for name in spec.facts} - named
    if not given:
        return listed
    from proscribe.readers import Expansion, expand
    from proscribe.readers.issues import issue

    found = expand(spec.paths) if listed is None else listed
    known = {(place.stat().st_size, sha256_of(place)) for place in places}
    sizes = {size for size, _ in known}

    def answers(one: Source, *, own: bool) -> bool:
        if os.path.abspath(one.display) in given:
            return True
        return own and one.size_bytes in sizes and (one.size_bytes, sha256_of(one.path)) in known

    left = [one for one in found.sources if answers(one, own=False)]
    left_own = [one for one in found.own if answers(one, own=True)]
    issues = [issue("E105.answers", one.display, sha256=sha256_of(one.path)) for one in (*left, *left_own)]
    return Expansion(
        [one for one in found.sources if one not in left],
        [*found.issues, *issues],
        [one for one in found.own if one not in left_own],
    )


def _devices(spec: DevicesJob, setting: Setting, progress: Any) -> JobAnswer:
    from proscribe.app.inventory.devices import devices
    from proscribe.app.inventory.joins_file import read_joins
    from proscribe.reports.devices import json_pieces

    watch = _Watch(spec, setting, progress)
    decisions = [one for path in setting.paths("joins", spec.joins) for one in read_joins(path)]
    result: DeviceResult = devices(
        spec, progress=watch.tick, without=spec.without, joins=decisions, expansion=setting.expansion(), watch=watch
    )  # fmt: skip
    return JobAnswer(result, "devices.json", lambda: (piece.encode() for piece in json_pieces(result.report)))


def _decide(spec: DecideJob, setting: Setting, progress: Any) -> JobAnswer:
    from proscribe.app.rules.decisions import decide

    (path,) = setting.paths("cases", [spec.cases])
    made = decide(path, as_of=spec.as_of, known_as_of=spec.known_as_of, knowledge=spec.knowledge)
    return JobAnswer(made, "decided.json", lambda: [f"{made.write('json')}\n".encode()])


def _document(spec: DocumentJob, setting: Setting, progress: Any) -> JobAnswer:
    from proscribe.app.case.cases import Cases
    from proscribe.app.case.document_files import asked_by, make_document
    from proscribe.app.case.document_form import making_of
    from proscribe.app.case.document_offers import parts_of
    from proscribe.app.papers.documents import Making

    cases = Cases(_store(setting), spec.knowledge)
    held: list[dict[str, Any]] = []

    def to_keep(paper: Paper) -> bool:
        # A job that was ended after the document was kept does not keep it again; made again it names a later head of the store.
        data = {**paper.data, "store": None}
        for one in cases.store.case(spec.case_id).documents:
            kept: dict[str, Any] = json.loads(cases.store.blob(one.sha256))
            if {**kept, "store": None} == data:
                held.append(kept)
        return spec.keep and not held

    with ExitStack() as stack:
        if spec.form:
            form = {**spec.form, "type": spec.type, "stage": spec.stage}

            def parts(digest: str) -> Mapping[str, Any]:
                return parts_of(cases, cases.case(spec.case_id), digest)

            making = stack.enter_context(making_of(form, author=spec.author, at=spec.made_at, parts_of=parts))
            making = replace(making, as_of=spec.as_of)
        else:
            making = Making(
                spec.type, tuple(setting.paths("files", spec.files)), as_of=spec.as_of, made_at=spec.made_at,
                author=spec.author, approver=spec.approver, stage=spec.stage, values={"answers": dict(spec.answers)},
                asked=asked_by(spec.type),
            )  # fmt: skip
        made = make_document(
            making, cases=cases, case_id=spec.case_id, formats=spec.formats, knowledge=spec.knowledge,
            supersedes=spec.supersedes, keep=to_keep,
        )  # fmt: skip
    if not spec.keep:
        # who looks at it again, or keeps it, need not wait until the same files are read once more
        cases.keep_ran_again(spec.case_id, made.again, by=spec.author)
    data = held[0] if held else dict(made.paper.data)
    # As the case keeps it, so that both are known by one digest.
    return JobAnswer(data, "document.json", lambda: [canonical_json(data).encode()])


def _plan(spec: PlanJob, setting: Setting, progress: Any) -> JobAnswer:
    from proscribe.app.scan.plan import plan

    expansion = setting.expansion()
    sizes = [one.size_bytes for one in expansion.sources] if expansion is not None else []

    def tick(done: int, _of: int) -> None:
        if setting.cancelled():
            raise JobCancelled
        setting.tell(JobProgress(bytes_done=sum(sizes[:done]), bytes_total=sum(sizes)), False)

    made = plan(spec.paths, files=spec.files, expansion=expansion, progress=tick)
    return JobAnswer(made, "plan.json", lambda: [pretty_json(made.to_value()).encode()])


def _law(spec: LawJob, setting: Setting, progress: Any) -> JobAnswer:
    from proscribe.app.case.case_law import put_to_the_law, stated_country
    from proscribe.app.case.cases import Cases
    from proscribe.app.rules.asking import facts_of_situation

    cases = Cases(_store(setting), spec.knowledge)
    answers = [(one.fact, one.applies_to, one.answer) for one in spec.answers]
    if spec.trial:
        from proscribe.app.case.some_answers import what_follows

        return _json(write(what_follows(cases, spec.case_id, answers)), "follows.json")
    file = put_to_the_law(
        cases, spec.case_id, by=spec.author, answers=answers, run_id=spec.run_id,
        company=facts_of_situation(spec.situation, stated_country(cases.case(spec.case_id))) if spec.situation else None,
    )  # fmt: skip
    return _json({"case": file.case.id, "version": file.case.version}, "law.json")


def _verify(spec: VerifyJob, setting: Setting, progress: Any) -> JobAnswer:
    store = _store(setting)
    faults = [fault.to_json() for fault in store.verify()]
    return _json({"store": store.store_id, "sound": not faults, "faults": faults}, "verify.json")


def _export(spec: ExportJob, setting: Setting, progress: Any) -> JobAnswer:
    from tempfile import TemporaryDirectory

    from proscribe.casework.backup import export_case
    from proscribe.casework.files import pieces_of

    store = _store(setting)
    store.case(spec.case_id)

    def pieces() -> Iterator[bytes]:
        with TemporaryDirectory(prefix="proscribe-") as folder:
            target = Path(folder) / "case.zip"
            export_case(store, spec.case_id, target)
            with target.open("rb") as file:
                yield from pieces_of(file)

    return JobAnswer(None, f"{spec.case_id}.zip", pieces)


def _report(spec: ReportJob, setting: Setting, progress: Any) -> JobAnswer:
    from tempfile import mkdtemp

    from proscribe.app.case.case_reports import write_report
    from proscribe.app.case.cases import Cases
    from proscribe.casework.files import pieces_of

    def tick(done: int, of: int) -> None:
        if setting.cancelled():
            raise JobCancelled
        setting.tell(JobProgress(bytes_done=done, bytes_total=of), False)

    cases = Cases(_store(setting), spec.knowledge)
    folder = Path(mkdtemp(prefix="proscribe-"))
    try:
        made = write_report(cases, cases.case(spec.case_id), spec.form, folder, tick)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise

    def pieces() -> Iterator[bytes]:
        try:
            with made.open("rb") as file:
                yield from pieces_of(file)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    return JobAnswer(None, made.name, pieces)


def _check(spec: CheckJob, setting: Setting, progress: Any) -> JobAnswer:
    from proscribe.app.background.bundle_checks import RESULT, check

    places = setting.paths("bundles", spec.bundles)

    def tell(done: int, of: int, what: str) -> None:
        if setting.cancelled():
            raise JobCancelled
        setting.tell(JobProgress(bytes_done=done, bytes_total=of, current=what), True)

    made = check(dict(zip(spec.bundles, places, strict=True)), spec.fingerprints, tell)
    return _json(made, RESULT)


def _choice(spec: ChoiceJob, setting: Setting, progress: Any) -> JobAnswer:
    from proscribe.app.case.cases import Cases
    from proscribe.app.case.choice_making import RESULT, make

    data = make(Cases(_store(setting), spec.knowledge), spec, setting.paths("tables", spec.tables))
    return JobAnswer(None, RESULT, lambda: [data])


def _json(value: Any, name: str) -> JobAnswer:
    return JobAnswer(value, name, lambda: [pretty_json(value).encode()])


def _store(setting: Setting) -> Store:
    if setting.store is None:
        from proscribe.app.store.opening import open_store

        setting.store = open_store(create=False)
    return setting.store


_WORK: dict[type[JobSpec], Callable[[Any, Setting, Any], JobAnswer]] = {
    ScanJob: _scan,
    DevicesJob: _devices,
    DecideJob: _decide,
    DocumentJob: _document,
    VerifyJob: _verify,
    ExportJob: _export,
    ChoiceJob: _choice,
    PlanJob: _plan,
    LawJob: _law,
    ReportJob: _report,
    CheckJob: _check,
}


# Inputs that are finished


class _Watch:
    """Looks on while inputs are read: says how far it is, and keeps each input that is finished."""

    def __init__(self, spec: ScanJob | DevicesJob, setting: Setting, progress: Any) -> None:
        self._setting, self._progress = setting, progress
        inputs = [one for one in setting.originals.files if one.use == "paths"]
        self._now = JobProgress(bytes_total=sum(one.size for one in inputs))
        self._bytes = self._records = 0  # of the inputs that are finished
        self._began, self._records_before = time.monotonic(), 0
        kept = {
            name: item
            for name, item in write(spec).items()
            if name not in ("paths", "facts", "joins", "without")
        }
        self._asked = canonical_json([__version__, type(spec).__name__, kept])
        self._inputs = inputs

    def tick(self, bytes_done: int, bytes_total: int, records: int) -> None:
        """Take what the scan says of itself; see `run.Progress`."""
        spent = time.monotonic() - self._began
        fresh = max(0, records - self._records_before)
        rate = int(fresh / spent) if spent > 0.5 else 0
        self._now = replace(
            self._now, bytes_done=bytes_done, bytes_total=bytes_total, records=records, rate=rate
        )
        self._tell(False)
        if self._progress is not None:
            self._progress(bytes_done, bytes_total, records)

    def _tell(self, further: bool) -> None:
        if self._setting.cancelled():
            raise JobCancelled
        self._setting.tell(self._now, further)

    def recall(self, number: int, source: Source, knowledge: str) -> InputAnswer | None:
        """Give what was kept of an input, or None to have it read."""
        self._now = replace(self._now, current=source.display)
        self._tell(False)
        place = self._place(number, source, knowledge)
        made = None if place is None else load(place)
        if made is not None:
            self._count(source, made)
            self._records_before += made[0].records
        return made

    def keep(self, number: int, source: Source, knowledge: str, made: InputAnswer) -> None:
        """Keep what was read of an input.

        Raises:
            CaseError: E476 when the input is not the one that was submitted.
        """
        expected = self._original(number)
        if expected is not None and made[0].sha256 != expected.sha256:
            raise error("E476.other_input", at=source.display, display=source.display)
        place = self._place(number, source, knowledge)
        if place is not None:
            save(place, made)
        self._count(source, made)
        self._tell(True)

    def found(self, findings: int, mentions: int) -> None:
        """Say how many findings and mentions there are in all, once everything is read."""
        self._now = replace(self._now, findings=findings, mentions=mentions)
        self._tell(True)

    def _count(self, source: Source, made: InputAnswer) -> None:
        found = sum(len(part.found.findings) for part in made[1])
        self._bytes += source.size_bytes
        self._records += made[0].records
        self._now = replace(
            self._now, findings=self._now.findings + found, bytes_done=self._bytes, records=self._records
        )

    def _original(self, number: int) -> Original | None:
        return self._inputs[number] if number < len(self._inputs) else None

    def _place(self, number: int, source: Source, knowledge: str) -> Path | None:
        original = self._original(number)
        if self._setting.parts is None or original is None:
            return None
        asked = canonical_json([self._asked, knowledge, original.display, original.sha256, len(self._inputs)])
        return self._setting.parts / f"{number:06d}-{hashlib.sha256(asked.encode()).hexdigest()[:32]}"


# The process of a job


class _Line:
    """The line to the worker: what is told to it, at most five times a second, and what it asks."""

    def __init__(self, connection: Any) -> None:
        import threading

        self._connection = connection
        self._told = 0.0
        self._current = ""
        self.cancelled = False
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                self.cancelled = self._connection.recv() == "cancel"
            except (EOFError, OSError):
                os._exit(70)  # the worker is gone, and another one may have the job by now

    def tell(self, progress: JobProgress, further: bool) -> None:
        now, self._current = time.monotonic(), progress.current
        if further or now - self._told > 0.2:
            self._told = now
            self.send("progress", progress, further)

    def failed(self, code: str, what: str, at: str = "") -> None:
        """Say why the job failed, and where; without a place it is the input that was being read."""
        self.send("failed", code, what, at or self._current)

    def send(self, *message: Any) -> None:
        try:
            self._connection.send(message)
        except OSError:
            os._exit(70)


def job_process(connection: Any, place: str, job: Job, folder: str) -> None:
    """Do a job in a process of its own, and tell the worker through a connection how far it is and what came of it."""
    from proscribe.casework.files import Files

    in_own_group()  # so that the worker can end it with all its own processes
    if hasattr(os, "nice"):
        os.nice(_NICE)  # who waits for a page comes first
    line = _Line(connection)
    files = Files(Path(folder))
    setting = Setting(
        originals=job.originals, files=files, parts=parts_of(files, job.id), tell=line.tell,
        cancelled=lambda: line.cancelled,
    )  # fmt: skip
    try:
        line.send("done", *_in_process(setting, place, job))
    except JobCancelled:
        line.send("cancelled")
    except ProscribeError as problem:
        words = (
            f"{problem.what.removesuffix('.')}. Expected: {problem.expected}"
            if problem.expected
            else problem.what
        )
        line.failed(problem.code, setting.as_named(words), setting.as_named(problem.at))
    except MemoryError:
        line.failed("E470", error("E470.memory").what)
    except OSError as problem:
        line.failed("E510", problem.strerror or str(problem), setting.as_named(str(problem.filename or "")))
    except Exception as problem:
        line.failed("E470", error("E470.fault", why=f"{type(problem).__name__}: {problem}").what)


def _in_process(setting: Setting, place: str, job: Job) -> tuple[str, str, int]:
    from proscribe.app.store.opening import open_store

    assert setting.files is not None
    spec = job.spec()
    with open_store(place, create=False) as store:
        setting.store = store
        answer = run_job(spec, setting=setting)
        sha256, size = setting.files.put(answer.pieces())
    return answer.name, sha256, size


def parts_of(files: Files, job_id: str) -> Path:
    """Give the folder of a job's finished inputs."""
    return files.folder / "parts" / job_id


def resolved(spec: JobSpec, now: datetime, zone: str = "") -> JobSpec:
    """Give a spec with the days and instants that it leaves open, so that a resumed job asks the same.

    Args:
        spec: what is asked.
        now: the instant at which it is asked.
        zone: time zone whose day is meant; UTC by default.

    Raises:
        CaseError: E440 when there is no zone of that name.
    """
    from proscribe.casework.clock import zone_of

    today = now.astimezone(zone_of(zone) if zone else UTC).date()
    if isinstance(spec, (ScanJob, DevicesJob)):
        return spec.on(today)
    if isinstance(spec, DocumentJob):
        return replace(spec, made_at=spec.made_at or now.replace(microsecond=0))
    return spec


#: The field of a job that names further files beside its inputs.
_FILES_BESIDE: Mapping[type[JobSpec], str] = {
    ScanJob: "facts", DevicesJob: "joins", DecideJob: "cases", DocumentJob: "files", ChoiceJob: "tables",
    CheckJob: "bundles",
}  # fmt: skip


def keep_originals(spec: JobSpec, files: Files) -> Originals:
    """Keep the files that a job will read, as they are now; what cannot be read is named."""
    from proscribe.readers import expand

    kept: list[Original] = []
    unread: list[ReadIssue] = []
    if isinstance(spec, (ScanJob, DevicesJob, PlanJob)):
        found = expand(spec.paths)
        unread += found.issues
        uses = [*(("paths", one) for one in found.sources), *(("own", one) for one in found.own)]
        for use, source in uses:
            sha256, size = files.put_file(source.path)
            kept.append(Original(use, source.display, sha256, size))
    beside = _FILES_BESIDE.get(type(spec), "")
    named = getattr(spec, beside) if beside else ()
    for name in (named,) if isinstance(named, str) else named:
        sha256, size = files.put_file(Path(name))
        kept.append(Original(beside, name, sha256, size))
    return Originals(tuple(kept), tuple(unread))


__all__ = [
    "JobAnswer",
    "JobCancelled",
    "Setting",
    "forget_parts",
    "job_process",
    "keep_originals",
    "parts_of",
    "resolved",
    "run_job",
]
