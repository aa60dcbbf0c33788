"""Programs raced against each other on this machine: what each took, in turn and on quiet terms."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hostile import family, private_kb
from rows import BENCH

ROOT = BENCH.parent
AS_OF = "2026-11-25"
MAPPING = ("row_id=row_id", "vendor=vendor_name", "description=text", "qty=quantity", "amount=amount")


@dataclass(frozen=True, slots=True)
class Usage:
    """One run: wall seconds, exit code, peak MiB of the largest process and of all together, processor seconds of all."""

    seconds: float
    code: int
    peak_mib: float
    together_mib: float
    cpu_seconds: float


@dataclass(slots=True)
class Program:
    """A command that takes part; `cores` 1 pins it to one CPU, 0 leaves all. `together_mib`: of all its processes, at most."""

    name: str
    command: list[str]
    accepted: tuple[int, ...] = (0,)
    cores: int = 0
    runs: list[Usage] = field(default_factory=list)
    together_mib: float = 0

    @property
    def seconds(self) -> float:
        """Give the median wall time."""
        return statistics.median(run.seconds for run in self.runs)


def _most_kib(pid: int) -> int:
    """Give the most resident memory that any one of a process and its children ever had.

    What the system says of a child at its end counts the memory of whoever started it too.
    """
    most = 0
    for one in family(pid):
        try:
            status = Path(f"/proc/{one}/status").read_text()
        except OSError:  # it ended
            continue
        told = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")]
        most = max([most, *told])
    return most


def run_once(program: Program, environment: dict[str, str], *, together: bool = False) -> Usage:
    """Run a program to its end and measure it.

    Args:
        together: whether the memory of all processes is added up, what they share divided among them. The system counts pages
            for that, which takes time, so that such a run tells none.

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
        peak_tree = peak_one = 0
        ended = threading.Event()

        def watch() -> None:
            nonlocal peak_tree, peak_one
            while not ended.wait(0.05):
                peak_one = max(peak_one, _most_kib(child.pid))
                if together:
                    peak_tree = max(peak_tree, sum(private_kb(pid) for pid in family(child.pid)))

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
    largest = peak_one / 1024 if peak_one else usage.ru_maxrss / unit
    spent = usage.ru_utime + usage.ru_stime
    return Usage(seconds, code, largest, peak_tree / 1024, spent)


def race(programs: Sequence[Program], rounds: int, environment: dict[str, str]) -> None:
    """Run all programs once to warm up and to see what memory they take, then `rounds` times in turn."""
    for number in range(rounds + 1):
        for program in programs:
            usage = run_once(program, environment, together=not number)
            if number:
                program.runs.append(usage)
            else:
                program.together_mib = usage.together_mib


def rounds(count: int) -> str:
    """Say how many rounds stand behind a figure."""
    return "One round" if count == 1 else f"Medians of {count} rounds"


def paired_ratio(ours: Program, theirs: Program) -> float:
    """Give the median of our time over theirs, round by round."""
    return statistics.median(a.seconds / b.seconds for a, b in zip(ours.runs, theirs.runs, strict=True))


def proscribe_scan(source: Path, out: Path, *extra: str, mapping: Sequence[str] = MAPPING) -> list[str]:
    command = [sys.executable, "-m", "proscribe", "scan", str(source), "--as-of", AS_OF, "--quiet"]
    for item in mapping:
        command += ["--map", item]
    return [*command, "-o", f"jsonl={out}", *extra]


def measured(programs: Sequence[Program], rows: int, size_mb: float) -> list[dict[str, Any]]:
    """Give what came of a race, a program a line, ours with the ratios to ripgrep in time and in processor seconds."""
    by_name = {program.name: program for program in programs}
    made = []
    for program in programs:
        spread = [run.seconds for run in program.runs]
        entry: dict[str, Any] = {
            "program": program.name,
            "seconds": round(program.seconds, 3),
            "fastest": round(min(spread), 3),
            "slowest": round(max(spread), 3),
            "cpu_seconds": round(statistics.median(run.cpu_seconds for run in program.runs), 3),
            "rows_per_second": round(rows / program.seconds),
            "mb_per_second": round(size_mb / program.seconds, 1),
            "peak_mib": round(max(run.peak_mib for run in program.runs)),
            "peak_tree_mib": round(program.together_mib),
        }
        for rival in ("rg -c -i -f", "rg -c -F"):
            if program.name.startswith("proscribe") and rival in by_name:
                entry[f"ratio to {rival}"] = round(paired_ratio(program, by_name[rival]), 3)
                entry[f"cpu ratio to {rival}"] = round(
                    statistics.median(
                        ours.cpu_seconds / max(0.001, theirs.cpu_seconds)
                        for ours, theirs in zip(program.runs, by_name[rival].runs, strict=True)
                    ),
                    3,
                )
        made.append(entry)
    return made


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
