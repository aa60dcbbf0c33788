"""The workbench with 100,000 findings and 50 people: how long each page takes, in SQLite and PostgreSQL.

    python bench/web.py                                      two minutes for each part, both databases
    python bench/web.py --seconds 30 --only sqlite
    python bench/web.py --alone                              one person after another: the processor's time a page takes
    python bench/web.py --memory                             what the processes come to over 100,000 requests

Two processes of a team's workbench serve a case of 100,000 findings (bench/store.py). Fifty people, each signed in, open pages as
bench/web_people.py says, with a second between two requests; then once more while scans of --scan-rows rows each run as jobs, the
next one as soon as one ends. One judges 5,000 findings at a time. The people are played by locust on the same machine, and take
part of its processors. Writes bench/results/web.json and web.md, and ends with 1 where a figure is above `budgets.toml`.

How long a page takes beside others depends on who else works on the machine; the time that it takes of a processor hardly does.
`--alone` measures that, with one process that answers; it writes bench/results/web-alone.md.

`--memory` lets eight ask for the same pages as fast as they are answered, one in 600 a judgement of 5,000, and compares what the
processes that answer come to with what it was after the first thousand; it writes bench/results/web-memory.md.
"""

from __future__ import annotations

import argparse
import csv
import hmac
import http.client
import itertools
import json
import os
import platform
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
from rows import BENCH
from store import scan, server

from proscribe.app.background import jobs
from proscribe.app.case.cases import open_cases
from proscribe.app.keys import accounts
from proscribe.casework.commands.cases import open_case
from proscribe.casework.findings import FindingFilter
from proscribe.casework.scans import read_scan
from proscribe.model.accounts import Role
from proscribe.model.authors import Author
from proscribe.model.jobs import ScanJob
from proscribe.web.server import serve
from proscribe.web.settings import Settings, Team

RESULTS = BENCH / "results"
HOST = "proscribe.example.com"
PEOPLE, PROCESSES, BULK = 50, 2, 5_000
#: Pages with a budget, as web_people.py calls them.
_PAGES = ("queue", "filter", "next", "search", "group", "finding", "judge 5,000")
#: Of `--memory`: how many ask, of how many requests one judges many, and after how many memory is looked at first.
ASKING, MANY_EACH, WARM = 8, 600, 1_000
_MIB = 1 << 20


@dataclass(slots=True)
class Figures:
    """What was measured in one database: of each page the number, median and 95 % in ms, alone and beside scans."""

    pages: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    mib: list[float] = field(default_factory=list)
    first_bytes: int = 0
    filter_bytes: int = 0
    failures: int = 0
    requests: int = 0
    scans: int = 0


def inventory(target: Path, rows: int) -> None:
    """Write an inventory in which one row in a hundred names a camera."""
    dice = random.Random(5)
    with target.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("Asset tag", "Description", "Manufacturer", "Model", "Site"))
        for row in range(rows):
            found = row % 100 == 0
            out.writerow(
                (f"B-{row:07d}", f"{'Camera' if found else 'Chair'} {dice.randrange(10_000)}",
                 "Hikvision" if found else "Acme", "DS-2CD2042WD-I" if found else f"AC-{row % 700}", f"Site {row % 60:02d}")
            )  # fmt: skip


def prepared(place: str, path: Path, folder: Path) -> Path:
    """Open the case and sign everybody in; gives the file that tells the people who they are and what they look at."""
    with open_cases(place, create=True) as cases:
        file = open_case(
            cases.store, by=Author("R. Ito"), title="Inventory", as_of=date(2026, 11, 25), zone="UTC",
            scan=read_scan(path, path.name),
        )  # fmt: skip
        sites, held = [], 0
        for site, count in cases.store.facets(file.case.id, FindingFilter(role=("made_by",))).counts["site"]:
            if held + count <= BULK:
                sites.append(site)
                held += count
        people = []
        for number in range(PEOPLE + 1):
            account = accounts.sign_in(
                cases.store, issuer="https://id.example.com", subject=f"p{number}", name=f"Person {number}", email=""
            )  # fmt: skip
            actor = accounts.actor_of(account, (account.subject,))
            accounts.give_role(cases.store, account.number, Role.ANALYST, by=actor)
            people.append(accounts.begin_session(cases.store, account, int(time.time())))
        told = {
            "case": file.case.id, "people": people, "bulk": {"role": ["made_by"], "site": sites}, "bulk_size": held,
            "cookie": "__Host-proscribe-session", "host": HOST,
        }  # fmt: skip
    about = folder / "about.json"
    about.write_text(json.dumps(told), encoding="utf-8")
    return about


@contextmanager
def serving(place: str, folder: Path, processes: int = PROCESSES) -> Iterator[tuple[int, psutil.Process]]:
    """Serve the store in processes of their own; gives the port, and the first of them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    running = subprocess.Popen(
        [sys.executable, __file__, "--serve", place, str(port), str(folder), str(processes)]
    )
    try:
        for _ in range(600):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port, psutil.Process(running.pid)
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(30)


def _serve(place: str, port: int, folder: str, processes: int) -> None:
    secret = Path(folder, "secret")
    secret.write_text("none", encoding="utf-8")
    team = Team(f"https://{HOST}", ("127.0.0.1",), "https://id.example.com", "proscribe", str(secret))
    with suppress(KeyboardInterrupt):
        serve(Settings(place=place, team=team), port=port, processes=processes)


def _of_servers(process: psutil.Process) -> float:
    """Give the MiB of the processes that answer, without their worker."""
    own = [one for one in process.children() if one.status() != psutil.STATUS_ZOMBIE]
    answering = [process, *(one for one in own if "--serve" in one.cmdline())]
    return sum(one.memory_info().rss for one in answering) / _MIB


def people(port: int, about: Path, seconds: int, folder: Path) -> list[dict[str, Any]]:
    """Let the people work for so long; gives what locust says of each page."""
    program = [sys.executable, "-m", "locust"]
    if subprocess.run([*program, "--version"], capture_output=True, check=False).returncode:
        program = [shutil.which("locust") or "locust"]
    done = subprocess.run(
        [*program, "-f", str(BENCH / "web_people.py"), "--headless", "-u", str(PEOPLE + 1), "-r", "10", "-t", f"{seconds}s",
         "-H", f"http://127.0.0.1:{port}", "--reset-stats", "--json", "--loglevel", "WARNING"],
        env=os.environ | {"ABOUT": str(about)}, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    sys.stderr.write(done.stderr[-3000:])
    told = json.loads(done.stdout[done.stdout.index("[") :])
    assert isinstance(told, list)
    return told


def _summed(told: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Give of each page how often it was opened, the median and what 95 % stay under."""
    out = {}
    for one in told:
        took = sorted((float(ms), int(times)) for ms, times in one["response_times"].items())
        number = sum(times for _, times in took)

        def below(share: float, took: list[tuple[float, int]] = took, number: int = number) -> float:
            counted = 0
            for ms, times in took:
                counted += times
                if counted >= share * number:
                    return ms
            return 0.0

        if number:
            out[one["name"]] = {"requests": number, "median_ms": below(0.5), "p95_ms": below(0.95)}
    return out


#: Filters of which the heaviest is held to the budget.
_FILTERS = (
    "band=possible&firm=huawei",
    "firm=hikvision&firm=dahua&band=confirmed&band=probable&site=Mill+Lane&site=Site+07&site=Harrow+HQ&role=made_by",
    "group=site",
    "group=site&firm=hikvision&firm=dahua&band=confirmed&judged=no&product=DS-2CD2042WD-I&text=camera",
)


def _get(port: int, about: Path, path: str) -> bytes:
    told = json.loads(about.read_text(encoding="utf-8"))
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    asked.request(
        "GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7",
                              "Cookie": f"{told['cookie']}={told['people'][0]}"},
    )  # fmt: skip
    answer = asked.getresponse()
    content = answer.read()
    if answer.status == 303:
        return _get(port, about, answer.headers["location"])
    assert answer.status == 200, (path, answer.status, content[:300])
    return content


def measure(place: str, path: Path, folder: Path, seconds: int, scan_rows: int) -> Figures:
    """Measure everything in one database."""
    made = Figures()
    about = prepared(place, path, folder)
    with serving(place, folder) as (port, process):
        queue = "/cases/C-0001/findings"
        page = _get(port, about, queue)
        loaded = set(re.findall(rb'(?:href|src)="(/static/[^"]+)"', page))
        made.first_bytes = len(page) + sum(len(_get(port, about, name.decode())) for name in loaded)
        made.filter_bytes = max(len(_get(port, about, f"{queue}?{one}")) for one in _FILTERS)
        people(port, about, min(seconds, 30), folder)  # until everything was asked for once
        made.mib.append(_of_servers(process))
        alone = people(port, about, seconds, folder)
        made.mib.append(_of_servers(process))
        further = folder / "further.csv"
        inventory(further, scan_rows)
        with open_cases(place) as cases:
            scans = [
                jobs.submit(cases.store, ScanJob((str(further),)), by="R. Ito").id
                for _ in range(max(2, seconds // 2))
            ]
            beside = people(port, about, seconds, folder)
            made.mib.append(_of_servers(process))
            made.scans = sum(jobs.status(cases.store, one).state.over for one in scans)
        assert made.scans < len(scans), "scans ran through a part of it alone"
    made.pages = {"alone": _summed(alone), "while scans run": _summed(beside)}
    made.requests = sum(int(one["num_requests"]) for one in (*alone, *beside))
    made.failures = sum(int(one["num_failures"]) for one in (*alone, *beside))
    return made


class _Person:
    """Asks for one page after the other over one connection, as each of the people in turn."""

    def __init__(self, port: int, about: Path, number: int = 3) -> None:
        self._told = json.loads(about.read_text(encoding="utf-8"))
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._dice = random.Random(number)
        self.base = f"/cases/{self._told['case']}"
        self._held, self._after, self._asked = [""], "", number

    def ask(self, path: str, form: dict[str, str] | None = None) -> str:
        # Everybody in turn: one alone may search so often a minute, and no more.
        self._asked += 1
        name, host = self._told["people"][self._asked % PEOPLE], self._told["host"]
        own = {"Host": host, "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7",
               "Cookie": f"{self._told['cookie']}={name}"}  # fmt: skip
        body = None
        if form is not None:
            body = urlencode({**form, "form_token": hmac.new(name.encode(), b"form", "sha256").hexdigest()})
            own |= {"Origin": f"https://{host}", "Content-Type": "application/x-www-form-urlencoded"}
        self._line.request("GET" if form is None else "POST", path, body, own)
        answer = self._line.getresponse()
        content = answer.read().decode()
        # Where another was quicker to judge the same, that is how it should be.
        fits = answer.status in (200, 303) or (form is not None and answer.status == 409)
        assert fits, (path, answer.status, content[:300])
        return content

    def _queue(self, **chosen: str) -> str:
        return self.ask(f"{self.base}/findings?{urlencode(chosen)}")

    def following(self) -> str:
        page = self._queue(after=self._after)
        self._held = re.findall(r"/findings/(f_[0-9a-f]+)", page)
        found = re.search(r"after=([\d-]+)", page)
        self._after = found[1] if found else ""
        return page

    def filtered(self) -> str:
        firm = self._dice.choice(("huawei", "hikvision", "dahua", "zte", "hytera"))
        return self._queue(firm=firm, band=self._dice.choice(("possible", "probable", "confirmed")))

    def judge(self) -> str:
        path = f"{self.base}/findings/{self._dice.choice(self._held)}"
        seen = re.search(r'name="version" value="([0-9]+)"', self.ask(path))
        told = {"verdict": self._dice.choice(("same", "unsure")), "reason": "label read on site"}
        return self.ask(path, {**told, "version": seen[1]} if seen else told)

    def judge_many(self) -> str:
        path = f"{self.base}/judge?{urlencode([(key, one) for key, values in self._told['bulk'].items() for one in values])}"
        told = dict(re.findall(r'name="(count|digest|seen)" value="([0-9a-f]+)"', self.ask(path)))
        return self.ask(
            path, {**told, "verdict": self._dice.choice(("same", "unsure")), "reason": "one delivery"}
        )

    def pages(self) -> dict[str, tuple[int, Callable[[], str]]]:
        """Give what is asked for: how often, and how."""
        row = self._dice.randrange
        return {
            "queue": (40, self._queue),
            "next": (40, self.following),
            "filter": (40, self.filtered),
            "search, two findings": (40, lambda: self._queue(text=f"a-{row(1, 50_000):06d}")),
            "search, a hundred findings": (40, lambda: self._queue(text=f"camera {row(997)}")),
            "group by site": (40, lambda: self._queue(group="site")),
            "group by file": (40, lambda: self._queue(group="input")),
            "devices": (10, lambda: self.ask(f"{self.base}/devices")),
            "finding": (40, lambda: self.ask(f"{self.base}/findings/{self._dice.choice(self._held)}")),
            "finding, and judge it": (40, self.judge),
            "preview and judge 5,000": (5, self.judge_many),
        }


def _of_database() -> float:
    """Give the seconds of a processor that the PostgreSQL server of this process took; none where there is none."""
    own = [one for one in psutil.Process().children(recursive=True) if one.name() == "postgres"]
    return sum(sum(one.cpu_times()[:4]) for one in own if one.is_running())


def alone(place: str, path: Path, folder: Path) -> list[str]:
    """Measure the processor's time that pages take, asked for one after the other."""
    about = prepared(place, path, folder)
    lines = [
        "| page | processor, ms a request | database, ms | median wait, ms | bytes |",
        "|---|---:|---:|---:|---:|",
    ]
    with serving(place, folder, 1) as (port, process):
        person = _Person(port, about)
        person.following()
        for name, (times, ask) in person.pages().items():
            ask()
            before, took, size, other = process.cpu_times(), [], 0, _of_database()
            for _ in range(times):
                begun = time.perf_counter()
                size = len(ask())
                took.append(time.perf_counter() - begun)
            after = process.cpu_times()
            spent = (after.user + after.system - before.user - before.system) / times
            other = (_of_database() - other) / times
            wait = sorted(took)[times // 2]
            lines.append(
                f"| {name} | {spent * 1000:.0f} | {other * 1000:.0f} | {wait * 1000:.0f} | {size:,} |"
            )
    return lines


@dataclass(slots=True)
class Memory:
    """What the processes that answer came to: MiB after so many requests; and what was answered otherwise than it should be."""

    mib: dict[int, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


def memory(place: str, path: Path, folder: Path, requests: int) -> Memory:
    """Measure what the processes come to while many ask for pages, as fast as they are answered."""
    made, counted, done = Memory(), itertools.count(1), [0] * ASKING
    about = prepared(place, path, folder)
    with serving(place, folder) as (port, process):

        def work(number: int) -> None:
            person = _Person(port, about, number)
            person.following()
            pages = person.pages()
            often = [ask for times, ask in pages.values() if times > 10]
            many = pages["preview and judge 5,000"][1]
            while (count := next(counted)) <= requests:
                try:
                    (often[count % len(often)] if count % MANY_EACH else many)()
                except (AssertionError, OSError, http.client.HTTPException) as problem:
                    made.failures.append(f"{type(problem).__name__} {problem}"[:300])
                    person = _Person(port, about, number + count)
                    person.following()
                done[number] += 1

        asking = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(ASKING)]
        for one in asking:
            one.start()
        later = (requests * part // 100 for part in (33, 66, 100))
        for mark in (WARM, *(one for one in later if one > WARM)):
            while sum(done) < mark and any(one.is_alive() for one in asking):
                time.sleep(0.05)
            made.mib[mark] = _of_servers(process)
            print(f"{mark:,} requests: {made.mib[mark]:.0f} MiB, {len(made.failures)} failed", flush=True)
        if sum(done) < requests:
            made.failures.append(f"only {sum(done):,} of {requests:,} were asked for")
    return made


def write_memory(made: dict[str, Memory], findings: int) -> int:
    """Write what the processes came to, by database, and compare it with the budget."""
    most = tomllib.loads((BENCH / "budgets.toml").read_text(encoding="utf-8"))["web"]["memory_ratio"]
    lines = [
        "# What the workbench takes of memory",
        "",
        f"`python bench/web.py --memory` on {platform.machine()}, Python {platform.python_version()}, {findings:,} findings, "
        f"{PROCESSES} processes, which {ASKING} ask for pages as fast as they are answered; one in nine judges a finding, "
        f"one in {MANY_EACH} judges {BULK:,}. MiB of all processes that answer, what they share counted in each.",
        "",
        "| database | "
        + " | ".join(f"after {mark:,}" for mark in next(iter(made.values())).mib)
        + " | failed |",
        "|---|" + "---:|" * (len(next(iter(made.values())).mib) + 1),
        *(
            f"| {database} | "
            + " | ".join(f"{mib:.0f}" for mib in one.mib.values())
            + f" | {len(one.failures)} |"
            for database, one in made.items()
        ),
        "",
    ]
    missed = False
    for database, one in made.items():
        first, *rest = one.mib.values()
        kept = max(rest, default=first) <= first * most and not one.failures
        missed |= not kept
        rise = max(rest, default=first) / first - 1
        lines.append(
            f"- {'PASS' if kept else 'MISSED'}: {database}: at most {rise:+.1%} since the first requests, "
            f"budget {most - 1:+.0%}; {len(one.failures)} failed"
        )
        lines += [f"  - {what}" for what in one.failures[:5]]
    (RESULTS / "web-memory.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    return int(missed)


def write_alone(made: dict[str, list[str]], findings: int) -> int:
    """Write what pages take of a processor, by database."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    lines = [
        "# What a page of the workbench takes of a processor",
        "",
        f"`python bench/web.py --alone` on {platform.machine()}, Python {platform.python_version()}, {findings:,} findings, "
        "one process that answers one person of a team after the other. Fifty people with a second between two requests ask "
        "for about 50 pages a second: two processors have 40 ms for each, and those who play the people take a part of it. "
        f"What SQLite takes is in the first figure. Load of the machine at the end: {load}.",
    ]
    for database, told in made.items():
        lines += ["", f"## {database}", "", *told]
    (RESULTS / "web-alone.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    return 0


def budget_lines(made: Figures) -> Iterator[tuple[bool, str]]:
    """Say of each budget whether it is kept, and what was measured."""
    asked = tomllib.loads((BENCH / "budgets.toml").read_text(encoding="utf-8"))["web"]
    for part, limit in (("alone", asked["p95_ms"]), ("while scans run", asked["p95_scan_ms"])):
        for name in _PAGES:
            if name not in made.pages[part]:
                yield False, f"{name}, {part}: never answered"
        for name, told in sorted(made.pages[part].items()):
            most = asked["p95_bulk_ms"] if name.startswith("judge 5,000") else limit
            if not name.startswith("("):
                yield told["p95_ms"] < most, f"{name}, {part}: {told['p95_ms']:.0f} ms, budget {most} ms"
    yield not made.failures, f"{made.failures} of {made.requests:,} requests failed"
    yield (
        made.mib[-1] <= made.mib[0] * asked["memory_ratio"],
        f"memory over these minutes: from {made.mib[0]:.0f} to {made.mib[-1]:.0f} MiB, budget {asked['memory_ratio'] - 1:+.0%}",
    )
    for what, size, most in (
        ("first visit", made.first_bytes, asked["first_visit_bytes"]), ("a filter", made.filter_bytes, asked["filter_bytes"]),
    ):  # fmt: skip
        yield size < most, f"{what}: {size:,} bytes, budget {most:,}"


def _write(made: dict[str, Figures], findings: int, seconds: int) -> bool:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    lines = [
        "# The workbench under load",
        "",
        f"`python bench/web.py --seconds {seconds}` on {platform.machine()}, {os.cpu_count()} processors, Python "
        f"{platform.python_version()}: {PEOPLE} people with a second between two requests and one who judges many, played by "
        f"locust on the same machine, {findings:,} findings, {PROCESSES} processes. Load of the machine at the end: {load}; "
        "where that is more than about 3, others worked on it, too. Scans run through the whole part of that name: many are "
        "handed in by another program as it begins, after which each process checks the case anew; that is in the figures.",
        "",
        "| database | part | page | requests | median, ms | 95 %, ms |",
        "|---|---|---|---:|---:|---:|",
    ]
    for database, figures in made.items():
        for part, pages in figures.pages.items():
            lines += [
                f"| {database} | {part} | {name} | {one['requests']:,.0f} | {one['median_ms']:.0f} | {one['p95_ms']:.0f} |"
                for name, one in pages.items()
            ]
    lines += ["", "| database | requests | failed | scans that ended | MiB warm, after, after scans | first visit, bytes "
              "| a filter, bytes |", "|---|---:|---:|---:|---|---:|---:|"]  # fmt: skip
    said = []
    for database, one in made.items():
        mib = ", ".join(f"{value:.0f}" for value in one.mib)
        lines.append(
            f"| {database} | {one.requests:,} | {one.failures} | {one.scans} | {mib} | {one.first_bytes:,} "
            f"| {one.filter_bytes:,} |"
        )
        said += [(kept, f"{database}: {what}") for kept, what in budget_lines(one)]
    lines += ["", *(f"- {'PASS' if kept else 'MISSED'}: {what}" for kept, what in said)]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "web.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    value = {
        name: {"pages": one.pages, "mib": [round(mib) for mib in one.mib], "requests": one.requests, "failures": one.failures,
               "scans": one.scans, "first_visit_bytes": one.first_bytes, "filter_bytes": one.filter_bytes}
        for name, one in made.items()
    }  # fmt: skip
    (RESULTS / "web.json").write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print("\n".join(lines))
    return all(kept for kept, _ in said)


def main() -> int:
    """Measure, write the figures, and compare them with the budgets."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--findings", type=int, default=100_000)
    parser.add_argument("--scan-rows", type=int, default=1_000_000)
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--requests", type=int, default=100_000, help="after which memory is compared")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument(
        "--serve", nargs=4, metavar=("PLACE", "PORT", "FOLDER", "PROCESSES"), help=argparse.SUPPRESS
    )
    given = parser.parse_args()
    if given.serve:
        place, port, at, processes = given.serve
        _serve(place, int(port), at, int(processes))
        return 0
    made: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory(prefix="web-bench-") as name:
        folder = Path(name)
        os.environ["PROSCRIBE_FILES"] = str(folder / "files")
        path = folder / "scan.json"
        scan(given.findings // 2, path)
        if given.alone:
            told: dict[str, list[str]] = {}
            if given.only != "postgresql":
                told["SQLite"] = alone(str(folder / "cases.db"), path, folder)
            if given.only != "sqlite":
                with server() as place:
                    told["PostgreSQL"] = alone(place, path, folder)
            return write_alone(told, given.findings)
        if given.memory:
            held: dict[str, Memory] = {}
            if given.only != "postgresql":
                held["SQLite"] = memory(str(folder / "cases.db"), path, folder, given.requests)
            if given.only != "sqlite":
                with server() as place:
                    held["PostgreSQL"] = memory(place, path, folder, given.requests)
            return write_memory(held, given.findings)
        if given.only != "postgresql":
            made["SQLite"] = measure(str(folder / "cases.db"), path, folder, given.seconds, given.scan_rows)
        if given.only != "sqlite":
            with server() as place:
                _write(made, given.findings, given.seconds)
                made["PostgreSQL"] = measure(place, path, folder, given.seconds, given.scan_rows)
    return 0 if _write(made, given.findings, given.seconds) else 1


if __name__ == "__main__":
    sys.exit(main())
