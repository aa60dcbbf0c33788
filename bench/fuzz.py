"""Every parser against damaged and hostile inputs: no crash, no hang, no memory without bound.

    python bench/fuzz.py                                2,000 inputs for each parser
    python bench/fuzz.py --inputs 50000 --seed 7        more of them, others
    python bench/fuzz.py --total 10000000 --minutes 75  ten million over all, fewer of those that take long
    python bench/fuzz.py --total 10000000 --go-on       goes on where the last run of this seed ended, so that several add up
    python bench/fuzz.py --only pcap --only spdx
    python bench/fuzz.py --again pcap:7:1234            one input again: parser, seed and number, as a crash is reported

The parsers and their whole files are declared in `fuzz_parsers.py`, and what is done to them in `fuzz_damage.py`. A seed and a
number give the same input again. An input counts as a crash when anything but the program's own refusal comes out, or the
process dies, and as a hang after 30 seconds of processor time; both are kept in build/fuzz. Each parser runs in a process
of its own, a copy of one that has imported them all; its highest memory is noted. How far a run came stands in
build/fuzz/state.json: one that goes on gives no input again, but for those that crashed or hung a parser. Writes
bench/results/fuzz.json and fuzz.md, and the table of docs/fuzzing.md.
"""

from __future__ import annotations

import argparse
import json
import math
import mmap
import os
import resource
import shlex
import signal
import struct
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import fuzz_parsers
from fuzz_damage import mutated

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
KEPT = ROOT / "build" / "fuzz"
STATE = KEPT / "state.json"
HANG_S = 30
#: A process that takes no next input for so long is ended, whatever keeps it; inside C no signal is seen.
SILENT_S = 300
#: First inputs of each parser, by which its speed is measured before ten million are shared out.
_TRIAL = 100
#: A process has to take its first input within so long, and is started so many times again.
_START_S, _TRIES = 60, 5
#: 1 gives every parser the same time, 0 the same number of inputs; above 1 the fast ones get more time, too.
_FAST = 1.3
#: A large number is given in so many rounds, so that every parser has had its part whenever the time ends.
_ROUNDS = 20
#: Crashes that are told of a parser; all are counted and kept.
_TOLD = 5


@dataclass(slots=True)
class Attacked:
    """What a parser did with its inputs.

    Attributes:
        first: the first faults, in words.
        faults: numbers of the inputs that crashed or hung it.
        mended: how many inputs did so in an earlier run, and are read or refused by now.
    """

    parser: str
    inputs: int = 0
    crashes: int = 0
    hangs: int = 0
    slowest_s: float = 0.0
    peak_mib: int = 0
    first: list[str] = field(default_factory=list)
    cpu_s: float = 0.0
    faults: list[int] = field(default_factory=list)
    mended: int = 0

    def add(self, other: Attacked) -> None:
        """Add what another process found of the same parser."""
        self.inputs += other.inputs
        self.crashes += other.crashes
        self.hangs += other.hangs
        self.slowest_s = max(self.slowest_s, other.slowest_s)
        self.peak_mib = max(self.peak_mib, other.peak_mib)
        self.first = (self.first + other.first)[:_TOLD]
        self.cpu_s += other.cpu_s
        self.faults += other.faults


class _Hang(BaseException):
    pass


def input_of(whole: Sequence[bytes], seed: int, number: int) -> bytes:
    """Give an input: the whole files first, then damaged ones."""
    return whole[number] if number < len(whole) else mutated(whole, seed, number)


def _used_s() -> float:
    """Give the processor time of this process and of those it started."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def attack(
    name: str,
    inputs: int,
    seed: int,
    *,
    first: int = 0,
    keep: Path | None = None,
    seconds: float = float("inf"),
    mark: Callable[[int], object] = lambda number: None,
) -> Attacked:
    """Give a parser damaged inputs and count what it does with them.

    Args:
        inputs: how many.
        first: the number of the first.
        keep: folder for the inputs that crash or hang it.
        seconds: end after so much time.
        mark: is told the number of each input before it is read.
    """
    parser = fuzz_parsers.get(name)
    whole = parser.whole()
    if not whole:
        raise SystemExit(f"no whole file for {name}")

    def ring(*_: object) -> None:
        raise _Hang

    done = Attacked(name)
    before = signal.signal(signal.SIGPROF, ring)
    begun, used = time.monotonic(), _used_s()
    try:
        with tempfile.TemporaryDirectory() as folder:
            for number in range(first, first + inputs):
                mark(number)
                data = input_of(whole, seed, number)
                start = _used_s()
                problem = _problem(parser.parse, data, Path(folder))
                done.slowest_s = max(done.slowest_s, round(_used_s() - start, 2))
                done.inputs += 1
                if problem:
                    _note(done, problem, f"{name}:{seed}:{number}", data, keep)
                if not number % 50 and time.monotonic() - begun > seconds:
                    break
    finally:
        signal.signal(signal.SIGPROF, before)
    done.cpu_s = round(_used_s() - used, 4)
    done.peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return done


def _problem(parse: fuzz_parsers.Parse, data: bytes, folder: Path) -> str:
    """Let one input be read, and say what went wrong."""
    signal.setitimer(signal.ITIMER_PROF, HANG_S)
    try:
        parse(data, folder)
    except _Hang:
        return "hang"
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # what comes out is the result
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {str(error)[:200]} ({Path(frame.filename).name}:{frame.lineno})"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return ""


def _note(done: Attacked, problem: str, which: str, data: bytes, keep: Path | None) -> None:
    if problem.startswith("hang"):
        done.hangs += 1
    else:
        done.crashes += 1
    done.faults.append(int(which.rpartition(":")[2]))
    if len(done.first) < _TOLD:
        done.first.append(f"{which}: {problem}")
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"{which.replace(' ', '-').replace(':', '-')}.bin").write_bytes(data)


# In processes of their own


@dataclass(slots=True)
class _Running:
    """A process that attacks a parser, from the input `first` up to that before `end`."""

    name: str
    seed: int
    first: int
    end: int
    until: float
    tries: int = 0
    pid: int = 0
    answer: int = -1
    mark: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, 8))
    seen: int = -1
    since: float = field(default_factory=time.monotonic)

    def start(self) -> None:
        """Start it: a copy of this process, in which everything is imported already."""
        self.mark[:] = struct.pack("<q", -1)
        self.answer, theirs = os.pipe()
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid:
            os.close(theirs)
            return
        code = 1
        try:
            left = self.until - time.monotonic()
            done = attack(
                self.name, self.end - self.first, self.seed, first=self.first, keep=KEPT,
                seconds=left, mark=self._at,
            )  # fmt: skip
            os.write(theirs, json.dumps(asdict(done)).encode())
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    def _at(self, number: int) -> None:
        self.mark[:] = struct.pack("<q", number)

    def ended(self) -> Attacked | None:
        """Give what it did, once it ended; what killed it, or let it fall silent, is a crash or a hang at its last input."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        (number,) = struct.unpack("<q", self.mark[:])
        silent = False
        if not pid:
            if number != self.seen:
                self.seen, self.since = number, time.monotonic()
            if time.monotonic() - self.since < (SILENT_S if number >= self.first else _START_S):
                return None
            os.kill(self.pid, signal.SIGKILL)
            _, status = os.waitpid(self.pid, 0)
            silent = True
        with os.fdopen(self.answer, "rb") as file:
            told = file.read()
        if told:
            return Attacked(**json.loads(told))
        if number < self.first:  # a copy of a process may stop at a lock that another thread held
            return Attacked(self.name)
        done = Attacked(self.name, inputs=number + 1 - self.first)
        problem = (
            "hang: no next input" if silent else f"the process ended with {os.waitstatus_to_exitcode(status)}"
        )
        data = input_of(fuzz_parsers.get(self.name).whole(), self.seed, number)
        _note(done, problem, f"{self.name}:{self.seed}:{number}", data, KEPT)
        return done


def apart(
    parts: Mapping[str, tuple[int, int]], seed: int, *, jobs: int = 1, until: float = float("inf")
) -> Iterator[Attacked]:
    """Attack parsers, each in a process of its own; behind an input that ends the process, another goes on.

    Args:
        parts: the first input of each, and the one behind its last.
        jobs: how many at a time.
        until: when to end, by `time.monotonic`.

    Yields:
        What came of each, or of a part of it when a process ended before.
    """
    waiting = [_Running(name, seed, first, end, until) for name, (first, end) in parts.items() if first < end]
    running: list[_Running] = []
    while waiting or running:
        while waiting and len(running) < jobs:
            one = waiting.pop(0)
            if time.monotonic() < until:
                one.start()
                running.append(one)
        for one in running[:]:
            if (done := one.ended()) is None:
                continue
            running.remove(one)
            next_one = one.first + done.inputs
            tries = one.tries + 1 if not done.inputs else 0
            if tries > _TRIES:
                raise SystemExit(f"{one.name} cannot be tried")
            if next_one < one.end and time.monotonic() < until and not done.cpu_s:
                waiting.insert(0, _Running(one.name, seed, next_one, one.end, until, tries))
            if done.inputs:
                yield done
        time.sleep(0.02)


def _again(which: str) -> int:
    """Give one input to its parser again, and let what comes out come out."""
    name, seed, number = which.rsplit(":", 2)
    parser = fuzz_parsers.get(name)
    data = input_of(parser.whole(), int(seed), int(number))
    print(f"{name}, seed {seed}, number {number}: {len(data):,} bytes, beginning {data[:60]!r}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        parser.parse(data, Path(folder))
    print("it was read or refused")
    return 0


# What to give to whom


def _left(names: Sequence[str], seed: int, total: int | None) -> dict[str, Attacked]:
    """Give how far the last run of this seed and number came; what crashed or hung a parser in it is given to it again."""
    try:
        state = json.loads(STATE.read_bytes())
    except FileNotFoundError:
        return {}
    if (state["seed"], state["total"]) != (seed, total):
        raise SystemExit(f"{STATE} is of seed {state['seed']} and --total {state['total']}")
    kept = {row["parser"]: Attacked(**row) for row in state["parsers"]}
    done = {name: kept[name] for name in names if name in kept}
    for one in done.values():
        before, one.faults = one.faults, []
        one.crashes, one.hangs, one.first = 0, 0, []
        for number in before:
            for again in apart({one.parser: (number, number + 1)}, seed):
                again.inputs, again.cpu_s = 0, 0.0
                one.mended += not again.faults
                one.add(again)
    return done


def _remember(rows: Sequence[Attacked], seed: int, total: int | None) -> None:
    """Write down how far each parser was tried."""
    KEPT.mkdir(parents=True, exist_ok=True)
    told = {"seed": seed, "total": total, "parsers": [asdict(row) for row in rows]}
    fresh = STATE.with_suffix(".new")
    fresh.write_text(json.dumps(told) + "\n", encoding="utf-8")
    fresh.replace(STATE)


def shared(cost: Mapping[str, float], total: int) -> dict[str, int]:
    """Share a number of inputs out: most to the fast parsers, but not so many that the others get no time.

    Args:
        cost: seconds of an input, by parser.
    """
    weights = {name: one**-_FAST for name, one in cost.items()}
    whole = sum(weights.values())
    return {name: math.ceil(total * weight / whole) for name, weight in weights.items()}


def _table(rows: Sequence[Attacked], command: str) -> Iterator[str]:
    yield "# Damaged and hostile inputs"
    yield ""
    yield f"{sum(row.inputs for row in rows):,} inputs, {sum(row.crashes for row in rows)} crashes and"
    yield f"{sum(row.hangs for row in rows)} hangs, in {sum(row.cpu_s for row in rows) / 60:.0f} minutes of processor time."
    mended = sum(row.mended for row in rows)
    if mended:
        yield f"{mended} inputs crashed or hung a parser in an earlier run; given again, they are read or refused."
    yield f"Rerun: `{command}`."
    yield ""
    yield "| parser | inputs | crashes | hangs (30 s) | slowest input, processor time | peak memory of the process |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for row in rows:
        counts = f"{row.inputs:,} | {row.crashes} | {row.hangs}"
        yield f"| {row.parser} | {counts} | {row.slowest_s:.2f} s | {row.peak_mib} MiB |"


def _publish(rows: Sequence[Attacked], seed: int, command: str) -> None:
    """Write the table, and put it into the page about it."""
    RESULTS.mkdir(exist_ok=True)
    told: dict[str, Any] = {"seed": seed, "command": command, "parsers": [asdict(row) for row in rows]}
    (RESULTS / "fuzz.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    lines = list(_table(rows, command))
    (RESULTS / "fuzz.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    page = ROOT / "docs" / "fuzzing.md"
    text = page.read_text(encoding="utf-8")
    head, mark, rest = text.partition("<!-- figures:fuzz -->\n")
    _, end, tail = rest.partition("<!-- /figures:fuzz -->")
    if mark and end:
        page.write_text(head + mark + "\n".join(lines[2:]) + "\n" + end + tail, encoding="utf-8")


def main() -> int:
    """Run all parsers, or one."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--inputs", type=int, default=2_000, help="for each parser")
    options.add_argument("--total", type=int, help="for all of them, the same processor time to each")
    options.add_argument(
        "--minutes", type=float, default=float("inf"), help="end after so much time, and tell how far it got"
    )
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=2, help="parsers at a time")
    options.add_argument("--only", action="append", default=[])
    options.add_argument(
        "--go-on", action="store_true", help="where the last run of this seed and --total ended"
    )
    options.add_argument("--again", help="PARSER:SEED:NUMBER of one input")
    asked = options.parse_args()
    if asked.again:
        return _again(asked.again)
    return _all(asked)


def _all(asked: argparse.Namespace) -> int:
    """Give every parser its inputs; tell and publish what came of them after each round."""
    names = asked.only or fuzz_parsers.names()
    for name in names:
        fuzz_parsers.get(
            name
        ).whole()  # imported and made once, for all the processes that are copies of this one
    done = {name: Attacked(name) for name in names}
    if asked.go_on:
        done |= _left(names, asked.seed, asked.total)
    until = time.monotonic() + asked.minutes * 60
    command = shlex.join(["python", "bench/fuzz.py", *sys.argv[1:]])

    def given(counts: Mapping[str, int]) -> None:
        parts = {name: (done[name].inputs, max(done[name].inputs, counts[name])) for name in names}
        for row in apart(parts, asked.seed, jobs=asked.jobs, until=until):
            done[row.parser].add(row)
            told = f"{row.inputs:>9,} inputs  {row.crashes} crashes  {row.hangs} hangs  {row.cpu_s:.1f} s"
            print(f"{row.parser:36} {told}  slowest {row.slowest_s:.2f} s  {row.peak_mib} MiB", flush=True)
            for text in row.first:
                print(f"    {text}", flush=True)
            if not asked.only:
                _remember(list(done.values()), asked.seed, asked.total)
        print(f"{sum(one.inputs for one in done.values()):,} inputs so far", flush=True)
        if not asked.only:
            _publish(list(done.values()), asked.seed, command)

    if not asked.total:
        given(dict.fromkeys(names, asked.inputs))
    else:
        given(dict.fromkeys(names, min(_TRIAL, asked.total // len(names))))
        cost = {name: max(row.cpu_s, 0.001) / max(row.inputs, 1) for name, row in done.items()}
        counts = shared(cost, asked.total)
        for number in range(1, _ROUNDS + 1):
            given({name: math.ceil(count * number / _ROUNDS) for name, count in counts.items()})
    return 1 if any(row.crashes or row.hangs for row in done.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
