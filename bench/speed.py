"""Whole-process medians and peak memory beside named rivals, in one run on one machine.

    python bench/speed.py                                   1 M rows, 3 rounds
    python bench/speed.py --rows 1000000 10000000 --runs 5
    python bench/speed.py --rows 100000 --runs 3 --no-libraries
    python bench/speed.py --install-rivals                  also install nomenklatura and splink, into
                                                            build/bench-venv, and race them

Every round runs all programs one after the other, after one round of warm-up; a ratio is the median of
the ratios taken round by round, so that a slow minute hurts both sides. Writes
bench/results/speed.json and speed.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from generator import Plan, Written, write
from rows import BENCH

ROOT = BENCH.parent
RESULTS = BENCH / "results"
AS_OF = "2026-11-25"
MAPPING = ("row_id=row_id", "vendor=vendor_name", "description=text", "qty=quantity", "amount=amount")
FALLBACK_WORDS = ("huawei", "zte", "hikvision", "hytera", "dahua", "hisilicon", "ezviz", "hilook", "imou")
RIVAL_ROWS = 20_000
EXTRACT_ONE_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Usage:
    """One run: wall seconds, exit code, peak MiB of the largest process and of all together, processor seconds of all."""

    seconds: float
    code: int
    peak_mib: float
    peak_tree_mib: float
    cpu_seconds: float


@dataclass(slots=True)
class Program:
    """A command that takes part; `cores` 1 pins it to one CPU, 0 leaves all."""

    name: str
    command: list[str]
    accepted: tuple[int, ...] = (0,)
    cores: int = 0
    runs: list[Usage] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Give the median wall time."""
        return statistics.median(run.seconds for run in self.runs)


# --- measuring ---------------------------------------------------------------------------------


def _tree_rss_kib(pid: int) -> int:
    """Add up the resident memory of a process and its children; shared pages count for each."""
    total = 0
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                total = int(line.split()[1])
                break
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                total += _tree_rss_kib(int(child))
    except OSError:  # the process ended between two reads
        return total
    return total


def run_once(program: Program, environment: dict[str, str]) -> Usage:
    """Run a program to its end and measure it.

    Raises:
        RuntimeError: on an exit code that is not accepted.
    """
    pin: Callable[[], None] | None = None
    if program.cores == 1 and hasattr(os, "sched_setaffinity"):
        first = min(os.sched_getaffinity(0))

        def pin() -> None:
            os.sched_setaffinity(0, {first})

    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        child = subprocess.Popen(
            program.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=environment,
            preexec_fn=pin,
        )
        peak_tree = 0
        ended = threading.Event()

        def watch() -> None:
            nonlocal peak_tree
            while not ended.wait(0.05):
                peak_tree = max(peak_tree, _tree_rss_kib(child.pid))

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        ended.set()
        watcher.join()
        child.returncode = code = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read()[-1500:].decode("utf-8", "replace")
        # An interpreter that broke down also ends with 1, the code for "something was found".
        if code not in program.accepted or "Traceback" in said:
            raise RuntimeError(f"{program.name} ended with {code}: {' '.join(program.command)}\n{said}")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    largest = usage.ru_maxrss / unit
    spent = usage.ru_utime + usage.ru_stime
    return Usage(seconds, code, largest, max(largest, peak_tree / 1024), spent)


def race(programs: Sequence[Program], rounds: int, environment: dict[str, str]) -> None:
    """Run all programs once to warm up, then `rounds` times in turn."""
    for number in range(rounds + 1):
        for program in programs:
            usage = run_once(program, environment)
            if number:
                program.runs.append(usage)


def rounds(count: int) -> str:
    """Say how many rounds stand behind a figure."""
    return "One round" if count == 1 else f"Medians of {count} rounds"


def paired_ratio(ours: Program, theirs: Program) -> float:
    """Give the median of our time over theirs, round by round."""
    return statistics.median(a.seconds / b.seconds for a, b in zip(ours.runs, theirs.runs, strict=True))


# --- what is searched for ----------------------------------------------------------------------


def words() -> tuple[list[str], str]:
    """Give the product's names, brands and model beginnings as plain words, and where they are from."""
    try:
        import proscribe

        found = proscribe.build_index(as_of=AS_OF).export_patterns()
    except Exception as problem:  # the races against ripgrep need some list, and say which
        return list(FALLBACK_WORDS), f"nine names; the index gave none ({problem.__class__.__name__})"
    kept = sorted({word.strip() for word in found if len(word.strip()) >= 3})
    return kept, "names, brands and model beginnings of the index"


_REGEX_MARKS = frozenset("\\.+*?()|[]{}^$#&-~")


def regex_of(word: str) -> str:
    """Write a word for ripgrep with ASCII borders, where its ends are ASCII."""
    escaped = "".join("\\" + letter if letter in _REGEX_MARKS else letter for letter in word)
    left = r"(?-u:\b)" if word[0].isascii() and word[0].isalnum() else ""
    right = r"(?-u:\b)" if word[-1].isascii() and word[-1].isalnum() else ""
    return left + escaped + right


# --- one size ----------------------------------------------------------------------------------


def proscribe_scan(source: Path, out: Path, *extra: str) -> list[str]:
    command = [sys.executable, "-m", "proscribe", "scan", str(source), "--as-of", AS_OF, "--quiet"]
    for item in MAPPING:
        command += ["--map", item]
    return [*command, "-o", f"jsonl={out}", *extra]


def accuracy(written: Written, found: Path) -> dict[str, Any]:
    """Compare the findings of a run with the truth beside the generated file."""
    truth = {}
    with written.truth.open(newline="", encoding="utf-8") as stream:
        for record in csv.DictReader(stream):
            truth[record["row_id"]] = (record["kind"], record["entity"])
    bands: dict[str, str] = {}
    entity_right: set[str] = set()
    order = ("possible", "probable", "confirmed")
    with found.open(encoding="utf-8") as stream:
        for line in stream:
            item = json.loads(line)
            finding = item.get("finding", item)
            if "band" not in finding or "record_id" not in finding:
                continue
            row_id, band = finding["record_id"], finding["band"]
            if row_id not in bands or order.index(band) > order.index(bands[row_id]):
                bands[row_id] = band
            if row_id in truth and truth[row_id][1] in (finding["entity"], *finding["covered_through"]):
                entity_right.add(row_id)
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for row_id, (kind, _) in truth.items():
        by_kind[kind]["rows"] += 1
        by_kind[kind]["found"] += row_id in bands
        by_kind[kind]["probable"] += bands.get(row_id, "possible") != "possible"
    strong = [row_id for row_id, band in bands.items() if band != "possible"]
    false_strong = sum(row_id not in truth for row_id in strong)
    false_possible = sum(row_id not in truth for row_id in bands) - false_strong
    hits = sum(row_id in bands for row_id in truth)
    return {
        "positives": len(truth),
        "recall": round(hits / max(1, len(truth)), 4),
        "recall_probable": round(sum(r in truth for r in strong) / max(1, len(truth)), 4),
        "precision_probable": round(1 - false_strong / max(1, len(strong)), 4),
        "entity_accuracy": round(len(entity_right) / max(1, hits), 4),
        "false_at_probable": false_strong,
        "false_at_possible": false_possible,
        "recall_by_kind": {
            kind: [counts["rows"], counts["found"], counts["probable"]]
            for kind, counts in sorted(by_kind.items())
        },
    }


def one_size(plan: Plan, options: argparse.Namespace, list_files: tuple[Path, Path]) -> dict[str, Any]:
    """Race on one generated ledger."""
    written = write(plan, options.data)
    out = options.data / f"{plan.name}.found.jsonl"
    every = os.cpu_count() or 1
    programs = [
        Program("proscribe csv", proscribe_scan(written.csv, out), (0, 1)),
        Program("proscribe csv, 1 core", proscribe_scan(written.csv, out, "--processes", "1"), (0, 1), 1),
    ]
    if written.parquet:
        programs.append(Program("proscribe parquet", proscribe_scan(written.parquet, out), (0, 1)))
    if shutil.which("rg"):
        regexes, literals = list_files
        fixed = ["rg", "-c", "--no-config", "-F", "-f", str(literals), str(written.csv)]
        regex = ["rg", "-c", "--no-config", "-i", "-f", str(regexes), str(written.csv)]
        programs.append(Program("rg -c -i -f", regex, (0, 1)))
        programs.append(Program("rg -c -F", fixed, (0, 1)))
    race(programs, options.runs, options.environment)
    size_mb = written.csv.stat().st_size / 1e6
    by_name = {program.name: program for program in programs}
    rows = []
    for program in programs:
        spread = [run.seconds for run in program.runs]
        entry: dict[str, Any] = {
            "program": program.name,
            "seconds": round(program.seconds, 3),
            "fastest": round(min(spread), 3),
            "slowest": round(max(spread), 3),
            "rows_per_second": round(plan.rows / program.seconds),
            "mb_per_second": round(size_mb / program.seconds, 1),
            "peak_mib": round(max(run.peak_mib for run in program.runs)),
            "peak_tree_mib": round(max(run.peak_tree_mib for run in program.runs)),
        }
        for rival in ("rg -c -i -f", "rg -c -F"):
            if program.name.startswith("proscribe") and rival in by_name:
                entry[f"ratio to {rival}"] = round(paired_ratio(program, by_name[rival]), 3)
        rows.append(entry)
    run_once(by_name["proscribe csv"], options.environment)
    return {
        "plan": plan.name,
        "rows": plan.rows,
        "profile": plan.profile,
        "csv_mb": round(size_mb, 1),
        "parquet_mb": round(written.parquet.stat().st_size / 1e6, 1) if written.parquet else None,
        "cores": every,
        "programs": rows,
        "anchors": anchor_rate(written),
        "accuracy": accuracy(written, out),
    }


def anchor_rate(written: Written) -> dict[str, Any] | None:
    """Measure which share of the rows the scan must look at closely, and which literals send it there.

    `None` when it cannot be told. A literal counts once for a row that holds it; whether it must stand
    at a word border is not asked, so the counts show suspects, not shares.
    """
    if written.parquet is None:
        return None
    import pyarrow as pa
    import pyarrow.parquet as pq

    import proscribe
    from proscribe.matching.kernel import Kernel
    from proscribe.matching.scanner import literals_of

    batch = next(pq.ParquetFile(written.parquet).iter_batches(100_000, columns=["vendor", "description"]))
    index = proscribe.build_index(as_of=AS_OF)
    kernel = Kernel(index, always_scan=True)
    places = kernel.candidates(batch, {"vendor": "vendor_name", "description": "text"})
    literals = literals_of(index)
    # Literals that need no word border (flag 0) are the ones that run wild.
    free = [
        text.decode("utf-8", "replace")
        for text, flags in zip(literals.texts, literals.flags, strict=True)
        if flags == 0
    ]
    counts: Counter[str] = Counter()
    for record in batch.take(pa.array(places[:2_000])).to_pylist():
        text = f"{record['vendor']}\n{record['description']}".lower()
        counts.update(literal for literal in free if literal in text)
    sampled = min(len(places), 2_000)
    return {
        "rows": batch.num_rows,
        "share": round(len(places) / batch.num_rows, 4),
        "sampled": sampled,
        "frequent": [[literal, count] for literal, count in counts.most_common(12)],
    }


# --- small sizes -------------------------------------------------------------------------------


def start_up(options: argparse.Namespace) -> dict[str, Any]:
    """Measure `--version`, an empty file and 1,000 rows, whole process."""
    small = write(Plan(1_000, positives=0.02), options.data)
    empty = options.data / "empty.csv"
    empty.write_text("row_id,vendor,description,qty,amount\n", encoding="utf-8")
    out = options.data / "start-up.jsonl"
    programs = [
        Program("version", [sys.executable, "-m", "proscribe", "--version"]),
        Program("empty file", proscribe_scan(empty, out), (0, 1, 3)),
        Program("1,000 rows", proscribe_scan(small.csv, out), (0, 1)),
        Program("python -c pass", [sys.executable, "-c", "pass"]),
    ]
    race(programs, max(3, options.runs), options.environment)
    return {program.name: round(program.seconds, 3) for program in programs}


# --- libraries ---------------------------------------------------------------------------------


def libraries(plan: Plan, options: argparse.Namespace, ours: dict[str, Any]) -> list[dict[str, Any]]:
    """Race the libraries on vendor names: a sample of all rows, then its distinct names.

    Our own figure beside each is the whole process over the whole ledger divided by its rows (all rows),
    or a scan of a file of the distinct names (de-duplicated).
    """
    written = write(plan, options.data)
    names = options.data / "rival-names.txt"
    names.write_text(
        "\n".join(word for word in options.words if " " in word or len(word) > 4) + "\n", "utf-8"
    )
    vendors: list[str] = []
    truth: set[int] = set()
    positives = set()
    with written.truth.open(newline="", encoding="utf-8") as stream:
        positives = {record["row_id"] for record in csv.DictReader(stream) if record["column"] == "vendor"}
    with written.csv.open(newline="", encoding="utf-8") as stream:
        for record in csv.DictReader(stream):
            if record["row_id"] in positives:
                truth.add(len(vendors))
            vendors.append(record["vendor"].replace("\n", " "))
            if len(vendors) == RIVAL_ROWS:
                break
    python = options.rival_python
    distinct = list(dict.fromkeys(vendors))
    ours_distinct = _our_distinct(distinct, options)
    results = []
    for library in ("rapidfuzz", "nomenklatura", "splink"):
        runner = python if _has(python, library) else sys.executable
        if not _has(runner, library):
            results.append({"library": library, "absent": "not installed; see --install-rivals"})
            continue
        sample = vendors[:EXTRACT_ONE_ROWS] if library == "rapidfuzz" else vendors
        entry = _run_rival(runner, library, names, sample, options)
        if "absent" not in entry:
            found = set(entry.pop("found"))
            wanted = {number for number in truth if number < len(sample)}
            entry["vendor_positives"] = len(wanted)
            entry["recall"] = round(len(found & wanted) / max(1, len(wanted)), 3)
            entry["false"] = len(found - wanted)
            entry["rows_per_second"] = round(len(sample) / entry["seconds"])
            entry["times_all_rows"] = round(ours["rows_per_second"] / entry["rows_per_second"], 1)
            if library != "rapidfuzz":
                again = _run_rival(runner, library, names, distinct, options)
                if "absent" not in again:
                    entry["distinct_rows"] = len(distinct)
                    entry["distinct_seconds"] = again["seconds"]
                    entry["ours_distinct_seconds"] = ours_distinct
                    entry["times_deduplicated"] = round(again["seconds"] / ours_distinct, 1)
        results.append(entry)
    return results


def _our_distinct(names: Sequence[str], options: argparse.Namespace) -> float:
    """Time the matching of the distinct names in this process, index ready, as the rivals' is timed."""
    import proscribe

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vendors.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(("vendor",))
            writer.writerows((name,) for name in names)
        runs = []
        for _ in range(options.runs + 1):
            started = time.perf_counter()
            proscribe.scan([path], as_of=AS_OF, mapping={"vendor": "vendor_name"})
            runs.append(time.perf_counter() - started)
    return round(statistics.median(runs[1:]), 4)


def _has(python: str, library: str) -> bool:
    probe = f"import importlib.metadata as m; m.version({library!r})"
    return (
        Path(python).exists() and subprocess.run([python, "-c", probe], capture_output=True).returncode == 0
    )


def _run_rival(
    python: str, library: str, names: Path, vendors: Sequence[str], options: argparse.Namespace
) -> dict[str, Any]:
    path = options.data / "rival-vendors.txt"
    path.write_text("\n".join(vendors) + "\n", encoding="utf-8")
    lines = []
    for _ in range(max(1, min(options.runs, 3))):
        command = [python, str(BENCH / "rivals.py"), library, str(names), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            return {"library": library, "absent": f"failed: {last}"}
        lines.append(json.loads(done.stdout.strip().splitlines()[-1]))
    lines.sort(key=lambda line: line["seconds"])
    return dict(lines[len(lines) // 2])


def install_rivals(folder: Path) -> None:
    """Make an environment for the rivals, apart from the product's."""
    if not (folder / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    packages = ["nomenklatura", "splink", "rapidfuzz", "pyarrow"]
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *packages], check=True)


# --- report ------------------------------------------------------------------------------------


def machine() -> dict[str, Any]:
    """Name processor, memory and system."""
    model = platform.processor() or platform.machine()
    memory = None
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
        memory = int(Path("/proc/meminfo").read_text().split()[1]) // (1024 * 1024)
    except OSError:
        pass
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gib": memory,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def versions() -> dict[str, str]:
    """Name the versions of what was measured."""
    found = {}
    for package in ("hyperscan", "polars", "pyarrow", "numpy", "ahocorasick-rs"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "absent"
    import proscribe

    found["proscribe"] = str(proscribe.__version__)
    if shutil.which("rg"):
        said = subprocess.run(["rg", "--version"], capture_output=True, text=True, check=False)
        found["ripgrep"] = said.stdout.split("\n")[0].removeprefix("ripgrep ").split(" ")[0]
    else:
        found["ripgrep"] = "absent"
    return found


def _largest(result: dict[str, Any]) -> dict[str, Any]:
    return max(result["sizes"], key=lambda size: size["rows"])


def goals(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Compare with `budgets.toml`; the largest ledger counts."""
    asked = tomllib.loads((BENCH / "budgets.toml").read_text(encoding="utf-8"))["speed"]
    out: list[dict[str, Any]] = []

    def add(goal: str, limit: float, got: float | None, *, at_most: bool = True) -> None:
        met = got is not None and (got <= limit if at_most else got >= limit)
        out.append({"goal": goal, "asked": limit, "got": got, "met": met})

    size = _largest(result)
    ours = {row["program"]: row for row in size["programs"]}
    # The scan always searches for typing errors, so both limits are shown for the one figure.
    for key in ("ratio_rg_regex", "ratio_rg_regex_typos"):
        add(f"{key}, {size['rows']:,} rows", asked[key], ours["proscribe csv"].get("ratio to rg -c -i -f"))
    million = next((item for item in result["sizes"] if item["rows"] == 1_000_000), None)
    if million:
        peak = next(row["peak_mib"] for row in million["programs"] if row["program"] == "proscribe csv")
        add("peak_mib_1m", asked["peak_mib_1m"], peak)
    if size["anchors"]:
        add("anchor_share", asked["anchor_share"], size["anchors"]["share"])
    add("version_seconds", asked["version_seconds"], result["start_up"]["version"])
    add("thousand_rows_seconds", asked["thousand_rows_seconds"], result["start_up"]["1,000 rows"])
    for entry in result["libraries"]:
        name = entry["library"]
        if f"times_{name}" in asked and "absent" not in entry:
            add(f"times_{name}", asked[f"times_{name}"], entry.get("times_all_rows"), at_most=False)
            got = entry.get("times_deduplicated")
            add(f"times_{name}, de-duplicated", asked["times_rival_deduplicated"], got, at_most=False)
    return out


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    return [
        "| " + " | ".join(head) + " |",
        "|" + " --- |" * len(head),
        *("| " + " | ".join(line) + " |" for line in lines),
    ]


def _show(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else str(value)


_PROGRAM_HEAD = (
    "program",
    "seconds",
    "fastest to slowest",
    "rows/s",
    "MB/s",
    "peak MiB",
    "all processes",
    "/ rg -i -f",
    "/ rg -F",
)
_LIBRARY_KEYS = (
    "version",
    "rows",
    "seconds",
    "rows_per_second",
    "recall",
    "false",
    "times_all_rows",
    "distinct_rows",
    "distinct_seconds",
    "ours_distinct_seconds",
    "times_deduplicated",
)


def markdown(result: dict[str, Any]) -> str:
    """Write the result for people."""
    facts = result["machine"]
    out = [
        "# Speed",
        "",
        f"{facts['processor']}, {facts['cores']} cores, {facts['memory_gib']} GiB, {facts['system']}, "
        f"Python {facts['python']}. " + ", ".join(f"{k} {v}" for k, v in result["versions"].items()) + ".",
        f"Whole-process medians of {result['runs']} rounds after one of warm-up; ratios are paired. "
        f"Patterns for ripgrep: {result['patterns']} ({result['patterns_from']}). ripgrep only counts lines; "
        "Proscribe resolves, weighs and explains every finding and writes it.",
    ]
    for size in result["sizes"]:
        out += ["", f"## {size['rows']:,} rows, {size['profile']}, {size['csv_mb']} MB of CSV", ""]
        out += _table(
            _PROGRAM_HEAD,
            [
                [
                    row["program"],
                    str(row["seconds"]),
                    f"{row['fastest']} to {row['slowest']}",
                    f"{row['rows_per_second']:,}",
                    str(row["mb_per_second"]),
                    str(row["peak_mib"]),
                    str(row["peak_tree_mib"]),
                    str(row.get("ratio to rg -c -i -f", "")),
                    str(row.get("ratio to rg -c -F", "")),
                ]
                for row in size["programs"]
            ],
        )
        right = size["accuracy"]
        if size["anchors"]:
            share = 100 * size["anchors"]["share"]
            frequent = ", ".join(f"`{literal}` {count}" for literal, count in size["anchors"]["frequent"])
            out += [
                "",
                f"Rows looked at closely, of the first {size['anchors']['rows']:,}: {share:.2f} %. Literals "
                f"without borders in {size['anchors']['sampled']:,} of them: {frequent}.",
            ]
        out += [
            "",
            f"Of {right['positives']:,} known positives {right['recall']:.3f} found, "
            f"{right['recall_probable']:.3f} at probable or better; precision there "
            f"{right['precision_probable']:.3f}; {right['false_at_possible']:,} other rows at possible; "
            f"entity right {right['entity_accuracy']:.3f}.",
            "",
        ]
        out += _table(
            ("kind", "rows", "found", "probable or better"),
            [[kind, *map(str, counts)] for kind, counts in right["recall_by_kind"].items()],
        )
    out += ["", "## Start-up, seconds", ""]
    out += _table(("what", "seconds"), [[name, str(value)] for name, value in result["start_up"].items()])
    out += ["", "## Libraries, on vendor names", ""]
    out += _table(
        ("library", *(key.replace("_", " ") for key in _LIBRARY_KEYS)),
        [
            [entry["library"], entry["absent"], *[""] * (len(_LIBRARY_KEYS) - 1)]
            if "absent" in entry
            else [entry["library"], *(_show(entry.get(key)) for key in _LIBRARY_KEYS)]
            for entry in result["libraries"]
        ],
    )
    out += [
        "",
        "`times all rows`: our rows per second over the whole ledger, start-up and reading included, over "
        "the library's on the sample, its matching only. `times deduplicated`: the library on the distinct "
        "names of the sample, over our scan of a file of the same names, reading included.",
        "",
        "## Goals",
        "",
    ]
    out += _table(
        ("goal", "asked", "got", "met"),
        [
            [item["goal"], str(item["asked"]), _show(item["got"]), "yes" if item["met"] else "no"]
            for item in result["goals"]
        ],
    )
    return "\n".join(out) + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Run, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--runs", type=int, default=3, help="rounds after the warm-up (default 3)")
    parser.add_argument("--profile", nargs="+", choices=("diverse", "repetitive"), default=["diverse"])
    parser.add_argument("--data", type=Path, default=ROOT / "build" / "bench", help="folder for ledgers")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    parser.add_argument("--no-libraries", action="store_true", help="leave the libraries out")
    parser.add_argument("--install-rivals", action="store_true", help="install them with pip first")
    parser.add_argument("--rival-venv", type=Path, default=ROOT / "build" / "bench-venv")
    options = parser.parse_args(argv)
    options.data.mkdir(parents=True, exist_ok=True)
    options.environment = dict(os.environ)
    options.rival_python = str(options.rival_venv / "bin" / "python")
    if options.install_rivals:
        install_rivals(options.rival_venv)

    options.words, origin = words()
    regexes, literals = options.data / "patterns.rx", options.data / "patterns.txt"
    regexes.write_text("".join(f"{regex_of(word)}\n" for word in options.words), encoding="utf-8")
    literals.write_text("".join(f"{word}\n" for word in options.words), encoding="utf-8")

    plans = [Plan(rows, profile) for rows in sorted(options.rows) for profile in options.profile]
    sizes = []
    for plan in plans:
        print(f"{plan.name} ...", flush=True)
        sizes.append(one_size(plan, options, (regexes, literals)))
        for row in sizes[-1]["programs"]:
            print("  " + ", ".join(f"{key} {value}" for key, value in row.items()), flush=True)
    result: dict[str, Any] = {
        "schema": "proscribe.bench-speed/1",
        "machine": machine(),
        "versions": versions(),
        "runs": options.runs,
        "patterns": len(options.words),
        "patterns_from": origin,
        "sizes": sizes,
        "start_up": start_up(options),
        "libraries": [],
    }
    if not options.no_libraries:
        ours = next(row for row in sizes[-1]["programs"] if row["program"] == "proscribe csv")
        result["libraries"] = libraries(plans[-1], options, ours)
    result["goals"] = goals(result)
    options.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=1, sort_keys=True)
    (options.out / "speed.json").write_text(text + "\n", encoding="utf-8")
    (options.out / "speed.md").write_text(markdown(result), encoding="utf-8")
    for item in result["goals"]:
        met = "" if item["met"] else "  NOT MET"
        print(f"goal {item['goal']}: asked {item['asked']}, got {item['got']}{met}")
    print(f"results in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
