"""Whole-process medians and peak memory beside named rivals, in one run on one machine.

    python bench/speed.py                                   1 M rows, 3 rounds
    python bench/speed.py --rows 1000000 10000000 --runs 5
    python bench/speed.py --rows 100000 --runs 3 --no-libraries
    python bench/speed.py --freeze                          only write bench/patterns/literals.txt anew
    python bench/speed.py --install-rivals                  also install nomenklatura and splink, into
                                                            build/bench-venv, and race them

Every round runs all programs one after the other, after one round of warm-up; a ratio is the median of
the ratios taken round by round, so that a slow minute hurts both sides. Processor seconds of all processes
together stand beside the time: they say nearly the same on a busy machine and on a quiet one, and the load
average is written down. ripgrep is given two frozen lists: `patterns/names.txt`, what a user would search
for, and `patterns/literals.txt`, all that our scan looks for. Writes bench/results/speed.json and speed.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from generator import Plan, Written, write
from racing import AS_OF, ROOT, Program, machine, measured, proscribe_scan, race, run_once
from rows import BENCH
from shapes import rich, shapes
from speed_page import goals, markdown

RESULTS = BENCH / "results"
#: Names, brands and model beginnings as the index gave them on 2026-11-25; frozen, so that ratios can be compared.
NAMES = BENCH / "patterns" / "names.txt"
#: Every literal that the scan looks for, one a line.
LITERALS = BENCH / "patterns" / "literals.txt"
RIVAL_ROWS = 20_000
EXTRACT_ONE_ROWS = 1_000


# --- what is searched for ----------------------------------------------------------------------


def frozen(path: Path) -> list[str]:
    """Give the patterns of a list."""
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line]


def freeze_literals() -> int:
    """Write the list of literals as the index gives them now; return how many."""
    import proscribe
    from proscribe.matching.scanner import literals_of

    texts = literals_of(proscribe.build_index(as_of=AS_OF)).spelled().texts
    plain = [text.decode("utf-8", "replace") for text in texts if b"\n" not in text]
    LITERALS.write_text("".join(f"{text}\n" for text in plain), encoding="utf-8")
    return len(plain)


_REGEX_MARKS = frozenset("\\.+*?()|[]{}^$#&-~")


def regex_of(word: str) -> str:
    """Write a word for ripgrep with ASCII borders, where its ends are ASCII."""
    escaped = "".join("\\" + letter if letter in _REGEX_MARKS else letter for letter in word)
    left = r"(?-u:\b)" if word[0].isascii() and word[0].isalnum() else ""
    right = r"(?-u:\b)" if word[-1].isascii() and word[-1].isalnum() else ""
    return left + escaped + right


# --- one size ----------------------------------------------------------------------------------


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


def one_size(plan: Plan, options: argparse.Namespace, regexes: Path) -> dict[str, Any]:
    """Race on one generated ledger."""
    written = write(plan, options.data)
    out = options.data / f"{plan.name}.found.jsonl"
    programs = [
        Program("proscribe csv", proscribe_scan(written.csv, out), (0, 1)),
        Program("proscribe csv, 1 core", proscribe_scan(written.csv, out, "--processes", "1"), (0, 1), 1),
    ]
    if written.parquet:
        programs.append(Program("proscribe parquet", proscribe_scan(written.parquet, out), (0, 1)))
    if shutil.which("rg"):
        plain = ["rg", "-c", "--no-config"]
        programs.append(Program("rg -c -i -f", [*plain, "-i", "-f", str(regexes), str(written.csv)], (0, 1)))
        programs.append(Program("rg -c -F", [*plain, "-F", "-f", str(NAMES), str(written.csv)], (0, 1)))
    race(programs, options.runs, options.environment)
    same_work = []
    if options.same_work and shutil.which("rg") and plan.rows == min(options.rows):
        # Once, on the smallest ledger: ripgrep takes minutes, most of them to compile the list.
        command = ["rg", "-c", "--no-config", "-i", "-F", "-f", str(LITERALS), str(written.csv)]
        same_work = [Program("rg -c -i -F, all literals", command, (0, 1))]
        same_work[0].runs.append(run_once(same_work[0], options.environment))
        same_work[0].together_mib = same_work[0].runs[0].peak_mib
    size_mb = written.csv.stat().st_size / 1e6
    run_once(programs[0], options.environment)
    return {
        "plan": plan.name,
        "rows": plan.rows,
        "profile": plan.profile,
        "csv_mb": round(size_mb, 1),
        "parquet_mb": round(written.parquet.stat().st_size / 1e6, 1) if written.parquet else None,
        "cores": os.cpu_count() or 1,
        "load": [round(one, 2) for one in os.getloadavg()],
        "programs": measured(programs, plan.rows, size_mb) + measured(same_work, plan.rows, size_mb),
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
    """Measure what a command costs before it works: wall and processor seconds, whole process.

    `nothing kept` runs with a cache that holds nothing, as the first run in a checkout does; an installed package brings
    the tables, so that its first run is like any other.
    """
    small = write(Plan(1_000, positives=0.02), options.data)
    empty = options.data / "empty.csv"
    empty.write_text("row_id,vendor,description,qty,amount\n", encoding="utf-8")
    out = options.data / "start-up.jsonl"
    us = [sys.executable, "-m", "proscribe"]
    programs = [
        Program("version", [*us, "--version"]),
        Program("explain", [*us, "explain", "Hikvision DS-2CD2042", "--as-of", AS_OF]),
        Program("empty file", proscribe_scan(empty, out), (0, 1, 3)),
        Program("1,000 rows", proscribe_scan(small.csv, out), (0, 1)),
        Program("python -c pass", [sys.executable, "-c", "pass"]),
    ]
    race(programs, max(5, options.runs), options.environment)
    first = Program("1,000 rows, nothing kept", proscribe_scan(small.csv, out), (0, 1))
    race([first], 1, {**options.environment, "PROSCRIBE_CACHE": "off"})
    return {
        program.name: [
            round(program.seconds, 3),
            round(statistics.median(run.cpu_seconds for run in program.runs), 3),
        ]
        for program in [*programs, first]
    }


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


def our_vendor_recall(plan: Plan, options: argparse.Namespace) -> float:
    """Give the share of the vendors that name a firm, among the first rows, which the scan of the ledger found."""
    found: set[str] = set()
    with (options.data / f"{plan.name}.found.jsonl").open(encoding="utf-8") as stream:
        for line in stream:
            item = json.loads(line)
            found.add(str(item.get("finding", item).get("record_id")))
    wanted = set()
    with write(plan, options.data).truth.open(newline="", encoding="utf-8") as stream:
        for record in csv.DictReader(stream):
            if (
                record["column"] == "vendor"
                and int("".join(filter(str.isdigit, record["row_id"]))) <= RIVAL_ROWS
            ):
                wanted.add(record["row_id"])
    return round(len(found & wanted) / max(1, len(wanted)), 3)


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


# --- the run -----------------------------------------------------------------------------------


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
    parser.add_argument("--shape-rows", type=int, default=500_000, help="rows of the ledgers of other shapes")
    parser.add_argument(
        "--repeating-rows", type=int, default=2_000_000, help="rows of the ledger whose texts repeat"
    )
    parser.add_argument("--rich-rows", type=int, default=1_000_000, help="rows of the ledger full of finds")
    parser.add_argument(
        "--no-same-work", dest="same_work", action="store_false", help="leave out all literals"
    )
    parser.add_argument("--freeze", action="store_true", help="write the list of literals anew, and end")
    parser.add_argument("--rival-venv", type=Path, default=ROOT / "build" / "bench-venv")
    options = parser.parse_args(argv)
    if options.freeze:
        print(f"{freeze_literals():,} literals in {LITERALS}")
        return 0
    options.data.mkdir(parents=True, exist_ok=True)
    options.environment = dict(os.environ)
    options.rival_python = str(options.rival_venv / "bin" / "python")
    if options.install_rivals:
        install_rivals(options.rival_venv)

    options.words = frozen(NAMES)
    regexes = options.data / "patterns.rx"
    regexes.write_text("".join(f"{regex_of(word)}\n" for word in options.words), encoding="utf-8")

    plans = [Plan(rows, profile) for rows in sorted(options.rows) for profile in options.profile]
    load = [round(one, 2) for one in os.getloadavg()]
    sizes = []
    for plan in plans:
        print(f"{plan.name} ...", flush=True)
        sizes.append(one_size(plan, options, regexes))
        for row in sizes[-1]["programs"]:
            print("  " + ", ".join(f"{key} {value}" for key, value in row.items()), flush=True)
    print("ledgers of other shapes ...", flush=True)
    result: dict[str, Any] = {
        "schema": "proscribe.bench-speed/2",
        "machine": machine(),
        "versions": versions(),
        "runs": options.runs,
        "load": load,
        "patterns": {path.name: len(frozen(path)) for path in (NAMES, LITERALS)},
        "sizes": sizes,
        "shapes": shapes(options, regexes),
        "rich": rich(options),
        "start_up": start_up(options),
        "our_vendor_recall": our_vendor_recall(plans[-1], options),
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
