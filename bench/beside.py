"""A scan beside the same scan by a former version of the program, in one run on one machine.

    python bench/beside.py ../former                 1,000 rows, a million rows, records that all name a firm
    python bench/beside.py ../former --rows 100000 --runs 1

`../former` is a checkout of the former version, its knowledge built (`src/proscribe/_knowledge/snapshot.zip`), so that
what is compared is program and knowledge together. The two take turns; a ratio is the median of the ratios taken round
by round. Processor seconds count, of all processes together: they say the same on a busy machine and on a quiet one.
Writes bench/results/beside.json and beside.md.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from generator import Plan, write
from racing import ROOT, Program, machine, proscribe_scan, rounds, run_once
from rows import BENCH

RESULTS = BENCH / "results"


def compare(plan: Plan, what: str, former: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Scan one generated ledger with both versions in turn."""
    ledger = write(plan, options.data).csv
    out = options.data / "beside.jsonl"
    sources = {"now": ROOT / "src", "former": former / "src"}
    programs = {name: Program(name, proscribe_scan(ledger, out), (0, 1)) for name in sources}
    for number in range(options.runs + 1):
        for name, program in programs.items():
            usage = run_once(program, {**os.environ, "PYTHONPATH": str(sources[name])})
            if number:
                program.runs.append(usage)
    pairs = list(zip(programs["now"].runs, programs["former"].runs, strict=True))
    return {
        "what": what,
        "rows": plan.rows,
        "cpu_seconds": round(statistics.median(now.cpu_seconds for now, _ in pairs), 2),
        "former_cpu_seconds": round(statistics.median(then.cpu_seconds for _, then in pairs), 2),
        "ratio": round(statistics.median(now.cpu_seconds / then.cpu_seconds for now, then in pairs), 2),
        "wall_ratio": round(statistics.median(now.seconds / then.seconds for now, then in pairs), 2),
    }


def markdown(result: dict[str, Any]) -> str:
    """Write the result for people."""
    facts = result["machine"]
    lines = [
        "# A scan beside the former version",
        "",
        f"{facts['processor']}, {facts['cores']} cores, {facts['memory_gib']} GiB, Python {facts['python']}. "
        f"{rounds(result['runs'])} after one of warm-up, both versions in turn. Former version: {result['former']}.",
        "",
        "| what | rows | processor seconds | former | ratio | ratio of wall time |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {one['what']} | {one['rows']:,} | {one['cpu_seconds']} | {one['former_cpu_seconds']} "
        f"| {one['ratio']} | {one['wall_ratio']} |"
        for one in result["scans"]
    ]
    return "\n".join(lines) + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Compare, print and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("former", type=Path, help="checkout of the former version")
    parser.add_argument("--name", default="the checkout named", help="what to call the former version")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--data", type=Path, default=Path("build/bench"))
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args(argv)
    if not (options.former / "src" / "proscribe").is_dir():
        parser.error(f"{options.former} holds no src/proscribe; name a checkout of the former version")
    few = min(options.rows, 10_000)
    scans = [
        compare(Plan(1_000, positives=0.02), "start-up", options.former, options),
        compare(Plan(options.rows, positives=0.01), "a ledger, one row in a hundred names a firm", options.former, options),
        compare(Plan(few, positives=1.0), "every record is judged", options.former, options),
    ]  # fmt: skip
    result = {"former": options.name, "runs": options.runs, "machine": machine(), "scans": scans}
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "beside.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    (options.out / "beside.md").write_text(markdown(result), encoding="utf-8")
    print(markdown(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
