"""A server that is killed at a step of what somebody asked for: all of it is there or nothing, and the same click can be made again."""

from __future__ import annotations

import http.client
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

from browsers import INVENTORY, Answer, Browser, entered, hidden, opened, sent, words, workbench
from cases_ready import ready_case
from forked_scripts import Copy, Scripts, forked_scripts

from proscribe.app.background import jobs
from proscribe.app.background.uploads import uploads
from proscribe.app.case import pending
from proscribe.app.case.cases import open_cases
from proscribe.app.keys import accounts
from proscribe.casework.files import Files
from proscribe.model.jobs import JobState

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")

#: Ends its process where a function is called once a file is there: before the function does anything.
PROGRAM = """
import os, signal, sys
from importlib import import_module
os.environ["PROSCRIBE_FILES"] = sys.argv[4]
from proscribe.cli.main import cli
module, _, path = sys.argv[1].partition(":")
*outer, name = path.split(".")
owner = import_module(module)
for one in outer:
    owner = getattr(owner, one)
kept = getattr(owner, name)
def killed(*given, **named):
    if os.path.exists(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return kept(*given, **named)
setattr(owner, name, killed)
if sys.argv[3] == "0":
    import proscribe.web.server
    from contextlib import nullcontext
    proscribe.web.server._worker = lambda _settings: nullcontext()
cli(sys.argv[5:])
"""
#: The last thing in each transaction that writes, and the entry of the access log, which is a transaction behind.
COMMIT, ENTRY = "proscribe.casework.watch:Watch.count", "proscribe.casework.accounts:note"
#: Nothing is killed at a function that nobody calls.
NOWHERE = "proscribe.web.days:day_of"
FILES = [("a.csv", INVENTORY.encode()), ("b.csv", b"Asset;Maker\nB1;Hytera\n")]


@pytest.fixture(scope="module")
def scripts() -> Iterator[Scripts]:
    """Run servers as copies of one process."""
    imports = "import alembic.runtime.migration, uvicorn, proscribe.web.application, proscribe.app.case.pending, proscribe.cli.serve\n"
    imports += "import pg8000.dbapi, sqlalchemy.dialects.postgresql.pg8000\n"
    imports += (
        "from proscribe.app.kb.firms import everyday_names\neveryday_names(())"  # each page names firms
    )
    with forked_scripts(imports) as running:
        yield running


@dataclass
class Server:
    """Serves a store in processes of its own.

    Attributes:
        beside: the folder in which a file says that the server is to be killed.
        works: whether a worker does the jobs beside it.
    """

    scripts: Scripts
    place: str
    beside: Path
    works: bool = False

    @contextmanager
    def serving(self, by: str, at: str = NOWHERE) -> Iterator[tuple[Browser, Copy]]:
        """Serve; gives a browser, and the process. Once `arm` was called, it is killed at a step."""
        self._armed.unlink(missing_ok=True)
        words = ["serve", "--no-browser", "--store", self.place, "--by", by]
        files = os.environ["PROSCRIBE_FILES"]
        running = self.scripts.start(PROGRAM, at, self._armed, int(self.works), files, *words)
        found = re.search(rb"http://localhost:(\d+)(/enter\S+)", running.stdout.readline())
        assert found is not None
        browser = Browser(int(found[1]))
        browser.get(found[2].decode())
        try:
            yield browser, running
        finally:
            if not self._armed.exists() and running.poll() is None:
                os.kill(running.pid, signal.SIGTERM)
            running.communicate()
        assert not self._armed.exists() or running.returncode == -signal.SIGKILL
        self._armed.unlink(missing_ok=True)

    @property
    def _armed(self) -> Path:
        return self.beside / "armed"

    def killed(
        self, by: str, at: str, click: Callable[[Browser], Answer], before: Callable[[Browser], object]
    ) -> None:
        """Have the server killed in what a click asks for; the store is sound afterwards."""
        with self.serving(by, at) as (browser, _):
            before(browser)
            self._armed.touch()
            with pytest.raises((OSError, http.client.HTTPException)):
                click(browser)
        with open_cases(self.place) as cases:
            assert cases.store.verify() == []
            assert not accounts.access_log(cases.store).faults


@pytest.fixture
def server(place: str, tmp_path: Path, scripts: Scripts, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server of a store in each database; a killed one leaves to PostgreSQL what it had begun."""
    monkeypatch.setenv("PROSCRIBE_FILES", str(tmp_path / "files"))
    return Server(scripts, place, tmp_path)


@pytest.mark.parametrize(
    ("at", "whole"),
    [
        ("proscribe.casework.files:os.replace", False),  # a file is written, and has no name yet
        ("proscribe.app.background.uploads:keep", False),  # all files are there, and no list of them
        ("proscribe.app.background.uploads:look", True),
    ],
)
def test_killed_while_files_come(server: Server, at: str, whole: bool) -> None:
    place = server.place
    ready_case(place)
    server.killed("R. Ito", at, lambda browser: browser.hand_in(FILES), lambda browser: browser.get("/"))
    with open_cases(place) as cases:
        # never a list that lacks some of the files
        assert [[one.display for one in held.files] for held in uploads(cases.store)] == (
            [["a.csv", "b.csv"]] if whole else []
        )
        files = Files.of(cases.store)
        left = list(files.folder.glob(".*.part"))
        assert bool(left) == at.endswith("os.replace")
        for one in left:
            os.utime(one, (1, 1))  # a day later
        jobs.sweep(cases.store)
        assert not list(files.folder.glob(".*"))
    with server.serving("R. Ito") as (browser, _):
        start = browser.get("/")
        for address in re.findall(r'href="(/uploads/U-[0-9a-f]+)"', start.text):
            assert "See what each file is" in browser.get(address).text
        again = browser.hand_in(FILES)
        assert again.status == 200 and "2 files" in words(again)


@pytest.mark.parametrize(("at", "many"), [(COMMIT, False), (ENTRY, False), (COMMIT, True)])
def test_killed_in_a_judgement(server: Server, at: str, many: bool) -> None:
    place = server.place
    case_id, ids = ready_case(place)
    path = f"/cases/{case_id}/judge?firm=dahua" if many else f"/cases/{case_id}/findings/{ids[0]}"
    count = 3 if many else 1
    said = [("verdict", "same"), ("reason", "plate seen")]

    def look(browser: Browser) -> None:
        page = browser.get(path)
        said[2:] = [
            (one, hidden(page, one)) for one in (("count", "digest", "seen") if many else ("version",))
        ]

    server.killed("R. Ito", at, lambda browser: browser.post(path, said, follow=False), look)
    done = count if at == ENTRY else 0  # it was judged, or not; never a part of it
    with open_cases(place) as cases:
        assert len(cases.case(case_id).judgements) == done
    with server.serving("R. Ito") as (browser, _):
        browser.get("/")
        again = browser.post(path, said)
        if done:
            assert again.status == 409 and "plate seen" in words(again), words(again)
        else:
            assert again.status == 200 and "same" in words(again)
    with open_cases(place) as cases:
        assert [one.by for one in cases.case(case_id).judgements] == ["R. Ito"] * count
        assert cases.store.verify() == []


REPORT = [
    ("type", "far-report"), ("stage", "first"), ("organisation", "Harbour Systems LLC"), ("contract", "HS0021-26-C-0042"),
    ("approver", "Kim Berg"), ("signer", "A. Osei"), ("signer_title", "President"), ("do", "keep"),
]  # fmt: skip


def test_killed_in_an_approval_and_in_asking_for_a_signature(server: Server) -> None:
    place = server.place
    with workbench(place, person="Sam Lind", zone="America/New_York") as bench:
        entered(*bench)
        case = opened(bench, FILES[:1])
        sent(bench, f"{case}/law", [("situation", "own")])
        sent(bench, f"{case}/document", REPORT)
    document, case_id = f"{case}/documents/DOC1", case.rpartition("/")[2]

    def page(browser: Browser) -> str:
        return words(browser.get(f"{case}/documents"))

    def approve(browser: Browser) -> Answer:
        return browser.post(f"{document}/approve")

    def sign(browser: Browser) -> Answer:
        return browser.post(f"{document}/sign", [("signer_title", "President")])

    server.killed("Kim Berg", COMMIT, approve, page)
    with server.serving("Kim Berg") as (browser, _):
        assert "Approve as Kim Berg" in page(browser)
        assert ", approved" in words(approve(browser))
    server.killed("A. Osei", "proscribe.app.case.pending:write_new", sign, page)
    with open_cases(place) as cases:
        assert not pending.waiting(cases.store)
        assert not list(Files.of(cases.store).folder.glob("pending/*"))
    with server.serving("A. Osei") as (browser, _):
        page(browser)
        assert "Sign DOC1 as President" in words(sign(browser))
    with open_cases(place) as cases:
        (one,) = pending.waiting(cases.store)
        assert (one.case_id, one.by) == (case_id, "A. Osei")
        (held,) = cases.case(case_id).documents
        assert held.approver == "Kim Berg" and held.approved_at and cases.store.verify() == []


def test_killed_while_a_job_runs_it_is_taken_up_again(server: Server) -> None:
    place, server.works = server.place, True
    many = "Asset;Maker;Model;Note\n" + "".join(
        f"A{row};Hikvision;DS-2CD2143G2-I;camera {row}\n" for row in range(4_000)
    )
    with server.serving("R. Ito") as (browser, running):
        browser.get("/")
        looked = browser.hand_in([("a.csv", many.encode())])
        scan = f"{looked.path}/scan"
        run = browser.post(scan, [("as_told", "yes")]).path
        until(lambda: "Running" in browser.get(run).text)
        running.kill()
    job_id = run.rpartition("/")[2]
    with open_cases(place) as cases:
        assert cases.store.verify() == []
        job = jobs.status(cases.store, job_id)
        assert not job.state.over and not job.result_sha256
    with server.serving("R. Ito") as (browser, _):
        shown = browser.get(run)
        assert "Running" in shown.text or "Queued" in shown.text or "Open a case" in shown.text
        again = browser.post(scan, [("as_told", "yes")])
        assert again.path == run  # the same click begins no second one
        until(lambda: "data-follow" not in browser.get(run).text)
        assert "4,000" in words(browser.get(run))
    with open_cases(place) as cases:
        job = jobs.status(cases.store, job_id)
        assert job.state is JobState.DONE
        assert [one.id for one in jobs.listed(cases.store) if one.kind == job.kind] == [job_id]


def until(true: Callable[[], bool], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
