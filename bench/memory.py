"""Peak memory of scans with very many findings, and that processes change no byte of the answer.

    python bench/memory.py [--rows 1000000] [--positives 0.5] [--folder DIR] [--results bench/results/memory.md]

Scans a generated ledger of which the given share of rows is found, to JSON, CSV and JSON lines, in one process and in two, and
writes the peak resident size of the largest process (`getrusage`), time and the digest of each answer.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generator import Plan, write

LIMIT_MIB = 700


@dataclass(frozen=True, slots=True)
class Measured:
    """One scan: peak resident size of the largest process in MiB, seconds, bytes written, their SHA-256."""

    output: str
    processes: int
    peak_mib: float
    wall_s: float
    cpu_s: float
    written: int
    sha256: str


def measure(source: Path, output: str, processes: int, folder: Path) -> Measured:
    """Scan once; two processes are made to share the file however small it is."""
    target = folder / f"answer-{processes}.{output}"
    program = (
        "import sys\n"
        "from proscribe.app.scan import api\n"
        "api.PARALLEL_BYTES = 1\n"
        "from proscribe.cli.main import cli\n"
        "if __name__ == '__main__':\n"
        "    cli(sys.argv[1:], standalone_mode=False)\n"
    )
    script = folder / "scan_once.py"
    script.write_text(program, encoding="utf-8")
    command = [
        sys.executable, str(script), "scan", str(source), "--as-of", "2026-11-25", "--quiet", "--processes",
        str(processes), "-o", f"{output}={target}",
    ]  # fmt: skip
    started = time.monotonic()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    took = time.monotonic() - started
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):
        raise SystemExit(f"the scan ended with {code}")
    hashed = hashlib.sha256()
    with target.open("rb") as file:
        while block := file.read(1 << 20):
            hashed.update(block)
    size = target.stat().st_size
    target.unlink()
    # Of a process and its children the kernel gives the largest.
    return Measured(
        output,
        processes,
        usage.ru_maxrss / 1024,
        took,
        usage.ru_utime + usage.ru_stime,
        size,
        hashed.hexdigest(),
    )


def markdown(rows: int, positives: float, done: Sequence[Measured]) -> str:
    """Write the measurements as a page."""
    lines = [
        "# Memory of scans with very many findings",
        "",
        f"A generated ledger of {rows:,} rows, {positives:.0%} of them found. Peak resident size of the largest process; the",
        f"aim is below {LIMIT_MIB} MiB. Written by `python bench/memory.py` on {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}.",
        "",
        "| output | processes | peak MiB | wall s | CPU s | written MB | SHA-256 |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    lines += [
        f"| {one.output} | {one.processes} | {one.peak_mib:,.0f} | {one.wall_s:,.0f} | {one.cpu_s:,.0f} "
        f"| {one.written / 1e6:,.0f} | `{one.sha256[:16]}` |"
        for one in done
    ]
    same = {one.output: one.sha256 for one in done}
    equal = all(one.sha256 == same[one.output] for one in done)
    lines += [
        "",
        "The answers of one and two processes are the same bytes."
        if equal
        else "**The answers of one and two processes differ.**",
    ]
    return "\n".join(lines) + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, write the page, and fail when the limit is passed or answers differ."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--positives", type=float, default=0.5)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results" / "memory.md")
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--outputs", nargs="+", default=["json", "csv", "jsonl"])
    options = parser.parse_args(argv)
    options.results.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        written = write(Plan(rows=options.rows, positives=options.positives), folder)
        done: list[Measured] = []
        page = ""
        for output in options.outputs:
            for processes in options.processes:
                done.append(measure(written.csv, output, processes, folder))
                page = markdown(options.rows, options.positives, done)
                options.results.write_text(page, encoding="utf-8")
    print(page)
    return int("**" in page or any(one.peak_mib >= LIMIT_MIB for one in done))


if __name__ == "__main__":
    sys.exit(main())
