"""Jobs from end to end: resumed byte for byte wherever they are killed, cancelled in time, kept until nothing needs them."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import click.testing
import pytest

import proscribe
from proscribe.app.background import job_work, jobs
from proscribe.casework.commands.cases import open_case
from proscribe.casework.files import Files
from proscribe.casework.store import Store
from proscribe.cli.main import cli
from proscribe.model.authors import Author
from proscribe.model.errors import CaseError
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

from .conftest import DAY, ROWS, write_csv

AS_OF = date(2026, 11, 25)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "c.db") as opened:
        yield opened


@pytest.fixture(scope="module")
def forks() -> Any:
    """Start the process of which each job of `quick_jobs` is a copy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[1]), prepend=os.pathsep)
        forkserver.set_forkserver_preload(["job_ahead"])
        forkserver.ensure_running()
    return multiprocessing.get_context("forkserver")


@pytest.fixture
def quick_jobs(forks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let jobs have the program and its knowledge at hand, where a worker would start Python and read them for each."""
    monkeypatch.setattr(jobs, "spawning", lambda: forks)


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(4):
        write_csv(folder / f"{number}.csv", ROWS[number:] + ROWS[:2])
    return folder


def scan_job(inputs: Path, **more: Any) -> ScanJob:
    return ScanJob((str(inputs),), AS_OF, **more)


def in_this_process(store: Store, job: Job, **more: Any) -> tuple[str, str, int]:
    """Do what the process of a job does, without the process."""
    files = Files.of(store)
    setting = job_work.Setting(
        store=store, originals=job.originals, files=files, parts=job_work.parts_of(files, job.id), **more
    )
    answer = jobs.run_job(job.spec(), setting=setting)
    sha256, size = files.put(answer.pieces())
    return answer.name, sha256, size


def content(store: Store, job_id: str) -> bytes:
    with jobs.result(store, job_id) as file:
        return file.read()


def test_a_job_gives_what_the_command_gives(store: Store, inputs: Path) -> None:
    ended: list[Job] = []
    spec = scan_job(inputs)
    job = jobs.submit(store, spec, by="R. Ito")
    devices = jobs.submit(store, DevicesJob((str(inputs),), AS_OF), by="R. Ito")
    expected = proscribe.scan([inputs], as_of=DAY).to_json().encode()
    (inputs / "0.csv").write_text("changed after it was submitted\n")
    assert jobs.work(store, once=True, ended=ended.append) == 2
    assert [one.state for one in ended] == [JobState.DONE] * 2, [one.error for one in ended]
    done = ended[0]
    assert content(store, job.id) == expected and done.result_name == "scan.json"
    assert (
        done.progress.records == sum(len(ROWS) - number + 2 for number in range(4))
        and done.progress.findings > 0
    )
    assert json.loads(content(store, devices.id))["schema"] == "proscribe.devices/1"
    with pytest.raises(CaseError) as caught:
        jobs.result(store, "J-0009")
    assert caught.value.code == "E475"


KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    import pyarrow as pa
    import proscribe
    from proscribe.app.background import job_work, jobs
    from proscribe.app.scan import api, first_process
    from proscribe.casework import jobs as table
    from proscribe.casework.files import Files
    from proscribe.casework.store import Store
    from proscribe.model.jobs import JobState
    index = api.build_index("2026-11-25")  # made once; every attempt is a fork with it at hand, as far as matching needs it
    words = {"Manufacturer": "Axis", "Model": "DS-2CD2143G2-I", "MAC": "ac:cc:8e:12:34:56", "Description": "Hikvision bracket"}
    api.match_batch(pa.RecordBatch.from_pydict({name: [word] for name, word in words.items()}), index)
    proscribe.is_program = True  # an attempt divides itself to read, as the command line does
    first_process._MOST_HELD_BYTES *= 3
    table.MOST_ATTEMPTS = 1_000
    import gc, importlib
    from proscribe.readers import header_fields
    header_fields._synonyms()
    gc.freeze()

    def attempt(place, at):
        calls, own = 0, os.getpid()

        def counted(call):
            def wrapped(*given, **named):
                nonlocal calls
                if os.getpid() != own:  # it divided itself, to read
                    return call(*given, **named)
                calls += 1
                if calls == at:
                    os.kill(os.getpid(), signal.SIGKILL)
                done = call(*given, **named)
                calls += 1
                if calls == at:
                    os.kill(os.getpid(), signal.SIGKILL)
                return done
            return wrapped

        os.fsync = lambda handle: None  # a killed process loses nothing that the system holds already
        for name in ("replace", "fsync", "open", "unlink"):
            setattr(os, name, counted(getattr(os, name)))
        for name in ("take", "beat", "finish"):
            setattr(table, name, counted(getattr(table, name)))
        job_work._Watch.tick = counted(job_work._Watch.tick)
        with Store.open(place, create=False) as store:
            job = table.take(store, "w", lease_s=0.0)
            if job is not None:
                files = Files.of(store)
                told = lambda now, further: further and table.beat(store, job.id, "w", now, further=True, lease_s=0.0)
                setting = job_work.Setting(
                    store=store, originals=job.originals, files=files, parts=job_work.parts_of(files, job.id), tell=told
                )
                answer = jobs.run_job(job.spec(), setting=setting)
                made = files.put(answer.pieces())
                table.finish(store, job.id, "w", JobState.DONE, result=(answer.name, *made))
                job_work.forget_parts(job_work.parts_of(files, job.id))
        return calls

    for line in sys.stdin:
        place, at, *modules = line.split()
        for module in modules:  # what the first attempt needed is at hand before the next are forked
            importlib.import_module(module)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            calls = attempt(place, int(at))
            names = [name for name in sys.modules if name.startswith(("proscribe.", "pyarrow."))]
            os.write(writing, " ".join([str(calls), *(names if at == "0" else ())]).encode())
            os._exit(0)
        os.close(writing)
        _, status = os.waitpid(child, 0)
        told = os.read(reading, 60_000).decode()
        os.close(reading)
        print("killed" if os.WIFSIGNALED(status) else f"ended {os.waitstatus_to_exitcode(status)} {told}", flush=True)
    """
)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
@pytest.mark.parametrize(("kind", "count"), [(ScanJob, 32), (DevicesJob, 10)])
def test_killed_at_many_points_a_job_gives_the_same_bytes(
    tmp_path: Path, inputs: Path, kind: Any, count: int
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(Path(proscribe.__file__).parents[1])], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, env={**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"},  # another keeps a gigabyte, which counts
    )  # fmt: skip

    place = tmp_path / "c.db"

    def attempt(at: int, modules: str = "") -> str:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(f"{place} {at} {modules}\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    def submit() -> None:
        with Store.open(place) as store:
            jobs.submit(store, kind((str(inputs),), AS_OF), by="R. Ito")

    def outcome() -> bytes:
        """Give the bytes of the newest result, when nothing is doubled or left over."""
        with Store.open(place, create=False) as store:
            job = jobs.listed(store)[0]
            assert all(one.state is JobState.DONE for one in jobs.listed(store)) and store.verify() == []
            jobs.sweep(store)
            kept = {one.sha256 for one in Files.of(store)}
            assert kept == {one.sha256 for one in job.originals.files} | {job.result_sha256}
            assert not list(job_work.parts_of(Files.of(store), "").glob("*"))
            return content(store, job.id)

    try:
        submit()
        said = attempt(0)
        assert said.startswith("ended 0 ")
        expected, (calls, modules) = outcome(), said.removeprefix("ended 0 ").split(" ", 1)
        points = sorted({1 + round(place * (int(calls) - 1) / (count - 1)) for place in range(count)})
        killed = 0
        submit()
        for at in points:
            if attempt(at, modules) == "killed":
                killed += 1
                continue
            # it was over before that point: the answer is right, and another job is begun
            assert outcome() == expected
            submit()
            killed += attempt(at) == "killed"
        for at in points[count // 2 :: 8]:  # killed once, late, and resumed
            assert attempt(0).startswith("ended 0 ") and outcome() == expected
            submit()
            killed += attempt(at) == "killed"
        assert killed >= count
    finally:
        process.kill()
        process.wait()


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_worker_that_is_killed_takes_its_process_along_and_another_goes_on(
    store: Store, inputs: Path
) -> None:
    job = jobs.submit(store, scan_job(inputs), by="R. Ito")
    worker = subprocess.Popen(
        [sys.executable, "-c", "import sys; from proscribe.casework.store import Store; from proscribe.app.background import jobs\n"
         "jobs.work(Store.open(sys.argv[1]), once=True, lease_s=0.5)", str(store.file)],
    )  # fmt: skip
    until(lambda: jobs.status(store, job.id).state is JobState.RUNNING)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert jobs.work(store, lease_s=1.0, stop=lambda: jobs.status(store, job.id).state.over) >= 1
    assert content(store, job.id) == proscribe.scan([inputs], as_of=DAY).to_json().encode()


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.usefixtures("quick_jobs")
def test_cancelled_within_two_seconds(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_BEAT_S", 0.1)
    large = write_csv(tmp_path / "large.csv", ROWS)
    header, rows = large.read_text().split("\n", 1)
    plain = "A2,Axis,P3245-LV,Dome camera,,2023-02-14\n"
    # a first batch that is soon read, and a second that takes longer than anybody waits
    large.write_text(f"{header}\n{plain * 600_000}{rows * 30_000}")
    job = jobs.submit(store, ScanJob((str(large),), AS_OF), by="R. Ito")
    took: list[float] = []

    def cancel() -> None:
        until(lambda: jobs.status(store, job.id).progress.records > 0)
        asked = time.monotonic()
        jobs.cancel(store, job.id)
        until(lambda: jobs.status(store, job.id).state.over)
        took.append(time.monotonic() - asked)

    thread = threading.Thread(target=cancel)
    thread.start()
    with Store.open(store.place) as own:
        jobs.work(own, once=True)
    thread.join()
    assert jobs.status(store, job.id).state is JobState.CANCELLED and took[0] < 2.0
    assert not list(job_work.parts_of(Files.of(store), "").glob("*"))


def test_an_input_that_is_no_longer_what_was_submitted_is_refused(store: Store, inputs: Path) -> None:
    job = jobs.submit(store, scan_job(inputs), by="R. Ito")
    Files.of(store).path(job.originals.files[2].sha256).write_text("Asset ID,Model\nA1,harmless\n")
    with pytest.raises(CaseError) as caught:
        in_this_process(store, job)
    assert caught.value.code == "E476"


def test_parts_that_were_damaged_or_forged_are_read_again(store: Store, inputs: Path, tmp_path: Path) -> None:
    job = jobs.submit(store, scan_job(inputs), by="R. Ito")
    _, sha256, _ = in_this_process(store, job)
    folder = job_work.parts_of(Files.of(store), job.id)
    places = sorted(place for place in folder.iterdir() if not place.suffix)
    lines = sorted(place for place in folder.iterdir() if place.suffix == ".1")
    assert len(places) == len(lines) == 4

    class Forged:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "was_here"),)

    places[0].write_bytes(pickle.dumps(Forged()))
    places[0].with_name(f"{places[0].name}.sha256").write_text(
        hashlib.sha256(places[0].read_bytes()).hexdigest()
    )
    lines[1].write_bytes(lines[1].read_bytes()[:-1])
    places[2].write_bytes(b"")
    places[3].with_name(f"{places[3].name}.sha256").unlink()
    assert in_this_process(store, job)[1] == sha256 and not (tmp_path / "was_here").exists()


def test_a_planted_finished_input_runs_nothing(store: Store, inputs: Path, tmp_path: Path) -> None:
    """A pickle that gets at a plain unpickler by names with dots, through modules of ours."""

    class Inner:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "was_here"),)

    def text(word: str) -> bytes:
        return b"\x8c" + bytes([len(word)]) + word.encode()

    def named(module: str, name: str) -> bytes:
        return text(module) + text(name) + b"\x93"

    job = jobs.submit(store, scan_job(inputs), by="R. Ito")
    _, sha256, _ = in_this_process(store, job)
    inner = pickle.dumps(Inner())
    codec, kernel = "proscribe.model.codec", "proscribe.matching.kernel"
    planted = b"".join(
        (
            b"\x80\x04", named(codec, "types.SimpleNamespace"), b")R}", text("append"),
            named(codec, "typing.operator.methodcaller"), text("load"), b"\x85Rsb(",
            named(kernel, "pa.lib.pickle.Unpickler"), named(kernel, "pa.lib.BufferReader"),
            b"B", len(inner).to_bytes(4, "little"), inner, b"\x85R\x85Re.",
        )
    )  # fmt: skip
    for place in job_work.parts_of(Files.of(store), job.id).iterdir():
        if not place.suffix:
            place.write_bytes(planted)
            place.with_name(f"{place.name}.sha256").write_text(hashlib.sha256(planted).hexdigest())
    assert in_this_process(store, job)[1] == sha256 and not (tmp_path / "was_here").exists()


def test_a_finished_input_is_taken_up_as_it_was_kept(
    store: Store, inputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from proscribe.app.scan import api

    for spec in (scan_job(inputs), DevicesJob((str(inputs),), AS_OF)):
        job = jobs.submit(store, spec, by="R. Ito")
        once = in_this_process(store, job)

        def read_again(*_given: Any, **_named: Any) -> Any:
            raise AssertionError("the input is read again")

        with monkeypatch.context() as patched:
            patched.setattr(api, "_scan_one", read_again)
            assert in_this_process(store, job) == once


@pytest.mark.usefixtures("quick_jobs")
def test_other_kinds_of_jobs(store: Store, tmp_path: Path) -> None:
    case = open_case(store, by=Author("R. Ito"), title="Cameras", as_of=AS_OF, zone="UTC")
    (tmp_path / "cases.yml").write_text(
        "- id: one\n  as_of: 2026-11-25\n  facts: {party.jurisdiction: US, item.producer: hikvision}\n"
    )
    specs: list[JobSpec] = [
        VerifyJob(),
        ExportJob(case.case.id),
        DecideJob(str(tmp_path / "cases.yml")),
        ExportJob("C-0009"),
    ]
    made = [jobs.submit(store, spec, by="R. Ito") for spec in specs]
    assert jobs.work(store, once=True, processes=2) == 4
    states = [jobs.status(store, one.id) for one in made]
    assert [one.state.value for one in states] == ["done", "done", "done", "failed"], [
        one.error for one in states
    ]
    assert json.loads(content(store, made[0].id))["sound"] is True
    assert content(store, made[1].id)[:2] == b"PK"
    assert json.loads(content(store, made[2].id))["cases"][0]["id"] == "one"
    assert states[3].error_code == "E423"


@pytest.mark.usefixtures("quick_jobs")
def test_a_job_that_failed_says_where_by_the_names_that_were_given(store: Store, inputs: Path) -> None:
    open_case(store, by=Author("R. Ito"), title="Cameras", as_of=AS_OF, zone="UTC")
    facts, joins = inputs / "facts.yml", inputs / "joins.yml"
    facts.write_text("facts:\n  company: {made.up: 3}\n")
    joins.write_text("joins: [\n  : : x\n")
    (cases := inputs / "cases.yml").write_text("- id: one\n- [\n")
    paths = (str(inputs / "0.csv"),)
    specs: list[JobSpec] = [
        ScanJob(paths, AS_OF, facts=(str(facts),)),
        DevicesJob(paths, AS_OF, joins=(str(joins),)),
        DecideJob(str(cases)),
        DocumentJob("annual-representation", "C-0001", "R. Ito", files=(str(joins),)),
    ]
    made = [jobs.submit(store, spec, by="R. Ito") for spec in specs]
    jobs.work(store, once=True, processes=2)
    states = [jobs.status(store, one.id) for one in made]
    assert [one.state.value for one in states] == ["failed"] * 4
    for job, place in zip(states, (f"{facts}:2:", f"{joins}:2:", f"{cases}:3:", f"{joins}:2:"), strict=True):
        assert job.error_at.startswith(place), (job.error, job.error_at)
        assert place not in job.error and "parts" not in job.error + job.error_at


def test_a_document_job_keeps_its_document_once(store: Store, tmp_path: Path) -> None:
    open_case(store, by=Author("R. Ito"), title="Cameras", as_of=AS_OF, zone="UTC")
    said = tmp_path / "said.yml"
    said.write_text("organisation: {name: Harbour Systems LLC, contacts: [{name: Dana Ruiz}]}\n")
    spec = DocumentJob(
        "portfolio-summary", "C-0001", "Dana Ruiz", files=(str(said),), as_of=AS_OF, formats=("md",)
    )
    refused = jobs.submit(store, replace(spec, type="annual-representation"), by="R. Ito")
    assert in_this_process(store, refused)[0] == "document.json" and not store.case("C-0001").documents
    job = jobs.submit(store, spec, by="R. Ito")
    once, again = in_this_process(store, job), in_this_process(store, job)
    assert once == again, "taken up after it was ended, it makes the same document"
    (kept,) = store.case("C-0001").documents
    assert (kept.author, kept.type, kept.sha256) == ("Dana Ruiz", "portfolio-summary", once[1])


@pytest.mark.usefixtures("quick_jobs")
def test_jobs_that_were_edited_by_hand_fail_and_hold_up_no_other(store: Store, inputs: Path) -> None:
    import sqlite3

    made = [jobs.submit(store, VerifyJob(), by="R. Ito") for _ in range(4)]
    with sqlite3.connect(str(store.file)) as raw:
        raw.execute("UPDATE jobs SET kind = 'shell' WHERE number = 1")
        raw.execute("""UPDATE jobs SET arguments = '{"command":"rm"}' WHERE number = 2""")
        raw.execute("UPDATE jobs SET originals = '[' WHERE number = 3")
    raw.close()
    assert jobs.work(store, once=True) == 4
    states = [jobs.status(store, one.id) for one in made]
    assert [one.state.value for one in states] == ["failed", "failed", "failed", "done"]
    assert [one.error_code for one in states] == ["E476", "E476", "E476", ""]
    with pytest.raises(CaseError) as caught:
        jobs.retain(store, 1)
    assert caught.value.code == "E476", "what such a job needs is not known"


def test_a_full_disk_fails_the_job_and_leaves_nothing_half(
    store: Store, inputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = jobs.submit(store, scan_job(inputs), by="R. Ito")
    before = {one.sha256 for one in Files.of(store)}
    real = os.fsync

    def full(handle: int) -> None:
        if any(one.name.endswith(".part") for one in Files.of(store).folder.rglob(".*.part")):
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)

    class Line:
        def __init__(self) -> None:
            self.said: list[Any] = []

        def send(self, message: Any) -> None:
            self.said.append(message)

        def recv(self) -> Any:
            threading.Event().wait()

    line = Line()
    monkeypatch.setattr(job_work, "in_own_group", lambda: None)
    monkeypatch.setattr(os, "nice", lambda _by: None)
    job_work.job_process(line, str(store.file), job, str(Files.of(store).folder))
    assert line.said[-1][:2] == ("failed", "E510")
    assert {one.sha256 for one in Files.of(store)} == before
    assert not list(Files.of(store).folder.rglob(".*.part"))


@pytest.mark.usefixtures("quick_jobs")
def test_retention_never_removes_what_is_needed(
    store: Store, inputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = jobs.submit(store, scan_job(inputs), by="R. Ito")
    assert jobs.work(store, once=True) == 1
    waiting = jobs.submit(store, ScanJob((str(inputs / "3.csv"),), AS_OF), by="R. Ito")
    files = Files.of(store)
    everything = {one.sha256 for one in files}
    assert jobs.retain(store, 1).removed == (), "nothing is old"
    later = store.now().timestamp() + 90 * 86_400
    from datetime import UTC, datetime

    monkeypatch.setattr(store, "_now", lambda: datetime.fromtimestamp(later, UTC))
    scan = content(store, done.id)
    from proscribe.app.store.desk import Desk

    part = json.loads(scan)
    assert len(part["inputs"]) == 4
    would = jobs.retain(store, 30, dry_run=True)
    needed = {one.sha256 for one in waiting.originals.files}
    assert set(would.removed) == everything - needed and {one.sha256 for one in files} == everything
    Desk(store).open_from_scan(scan, "scan.json", by="R. Ito", zone="UTC", as_of=AS_OF)
    gone = jobs.retain(store, 30)
    assert set(gone.removed) == {jobs.status(store, done.id).result_sha256}, "the case names all four inputs"
    with pytest.raises(CaseError) as caught:
        jobs.result(store, done.id)
    assert caught.value.code == "E479"


@pytest.mark.usefixtures("quick_jobs")
def test_from_the_command_line(tmp_path: Path, inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROSCRIBE_STORE", str(tmp_path / "cli.db"))
    monkeypatch.setenv("PROSCRIBE_USER", "R. Ito")

    def run(*words: str, code: int = 0) -> str:
        result = click.testing.CliRunner().invoke(cli, ["jobs", *words])
        assert result.exit_code == code, result.output
        return result.output

    assert run("submit", "scan", str(inputs), "--as-of", DAY).startswith("J-0001  scan      queued")
    run("submit", "scan", str(tmp_path / "none.csv"), "--as-of", DAY)
    run("submit", "verify")
    assert run("cancel", "J-0003").startswith("J-0003  verify    cancelled")
    assert "E477" in run("cancel", "J-0003", code=2)
    assert "E477" in run("result", "J-0001", "-o", "-", code=2)
    run("work", "--once", "--quiet")
    assert [line.split()[2] for line in run("list").splitlines()] == ["cancelled", "done", "done"]
    run("result", "J-0001", "-o", str(tmp_path / "scan.json"))
    assert (tmp_path / "scan.json").read_text() == proscribe.scan([inputs], as_of=DAY).to_json()
    assert "could not read" in run("show", "J-0002")
    assert json.loads(run("show", "J-0001", "-o", "json"))["state"] == "done"
    assert run("retain", "--days", "30").startswith("0 files")
    assert "E475" in run("show", "J-0099", code=2)


@pytest.mark.usefixtures("quick_jobs")
def test_every_kind_from_the_command_line(
    tmp_path: Path, inputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROSCRIBE_STORE", str(tmp_path / "cli.db"))
    monkeypatch.setenv("PROSCRIBE_USER", "R. Ito")
    with Store.open(tmp_path / "cli.db") as store:
        open_case(store, by=Author("R. Ito"), title="Cameras", as_of=AS_OF, zone="UTC")
    (tmp_path / "cases.yml").write_text("- id: one\n  facts: {party.jurisdiction: US}\n")
    (tmp_path / "facts.yml").write_text("facts: {party.jurisdiction: US}\n")
    (tmp_path / "joins.yml").write_text("joins: []\n")
    said = tmp_path / "said.yml"
    said.write_text("organisation: {name: Harbour Systems LLC, contacts: [{name: Dana Ruiz}]}\n")
    day = ("--as-of", DAY)

    def run(*words: str, code: int = 0) -> str:
        made = click.testing.CliRunner().invoke(cli, ["jobs", *words])
        assert made.exit_code == code, made.output
        return made.output

    for words in (
        ("scan", str(inputs), *day, "--decide", str(tmp_path / "facts.yml")),
        ("devices", str(inputs), *day, "--joins", str(tmp_path / "joins.yml")),
        ("decide", str(tmp_path / "cases.yml"), *day),
        ("document", "C-0001", "annual-representation", *day, "--author", "Dana Ruiz", "--file", str(said), "-f", "md"),
        ("verify",),
        ("export", "C-0001"),
    ):  # fmt: skip
        run("submit", *words)
    run("work", "--once")
    shown = run("list")
    assert shown.count(" done ") == 6, shown
    for number in range(1, 7):
        run("result", f"J-{number:04d}", "-o", str(tmp_path / f"result-{number}"))
        assert (tmp_path / f"result-{number}").stat().st_size


@pytest.mark.usefixtures("quick_jobs")
def test_kept_files_and_rows_that_were_changed_are_refused(
    store: Store, inputs: Path, tmp_path: Path
) -> None:
    import sqlite3

    cases = tmp_path / "cases.yml"
    cases.write_text("- id: one\n  as_of: 2026-11-25\n  facts: {party.jurisdiction: US}\n")
    done = jobs.submit(store, VerifyJob(), by="R. Ito")
    assert jobs.work(store, once=True) == 1
    Files.of(store).path(jobs.status(store, done.id).result_sha256).write_text("{}")
    with pytest.raises(CaseError) as caught:
        jobs.result(store, done.id)
    assert caught.value.code == "E479"
    changed = jobs.submit(store, DecideJob(str(cases)), by="R. Ito")
    Files.of(store).path(changed.originals.files[0].sha256).write_text("[]")
    emptied = jobs.submit(store, scan_job(inputs), by="R. Ito")
    blob = jobs.submit(store, VerifyJob(), by="R. Ito")
    named = jobs.submit(store, VerifyJob(), by="R. Ito")
    last = jobs.submit(store, VerifyJob(), by="R. Ito")
    with sqlite3.connect(str(store.file)) as raw:
        raw.execute("UPDATE jobs SET originals = '{}' WHERE number = 3")
        raw.execute("UPDATE jobs SET originals = x'ff00' WHERE number = 4")
        raw.execute("UPDATE jobs SET arguments = x'ff00' WHERE number = 5")
    raw.close()
    assert len(jobs.listed(store)) == 6 and jobs.status(store, named.id).unreadable
    jobs.work(store, once=True)
    states = [jobs.status(store, one.id) for one in (changed, emptied, blob, named, last)]
    assert [one.state.value for one in states] == ["failed"] * 4 + ["done"]
    assert [one.error_code for one in states[:3]] == ["E479", "E476", "E476"]


def test_a_job_without_a_day_takes_that_of_the_zone_it_is_asked_in(tmp_path: Path, inputs: Path) -> None:
    evening = datetime(2026, 11, 28, 2, 30, tzinfo=UTC)
    with Store.open(tmp_path / "z.db", now=lambda: evening) as opened:
        there = jobs.submit(opened, ScanJob((str(inputs),)), by="A. Person", zone="America/New_York").spec()
        plain = jobs.submit(opened, ScanJob((str(inputs),)), by="A. Person").spec()
    assert isinstance(there, ScanJob) and isinstance(plain, ScanJob)
    assert (there.as_of, there.known_as_of) == (date(2026, 11, 27), date(2026, 11, 27))
    assert plain.as_of == date(2026, 11, 28)
