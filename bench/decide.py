"""How long the law takes: a million determinations over a thousand questions, and one question alone.

    python bench/decide.py                      1,000,000 over 1,000 keys, 3 rounds
    python bench/decide.py --rows 100000 --keys 100 --runs 1

Equal questions are decided once, so the million costs a thousand decisions and a million look-ups; the run proves it
by counting the answers that are not shared. A single decision is timed question by question, each one new to the
engine, with the regimes named (section 889) and with none named (every regime that could bind). Writes
bench/results/decide.json and decide.md. Not a gate: `budgets.toml` holds ratios and counts, never seconds.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

from rows import BENCH

from proscribe.app.rules.casefile import cases_of
from proscribe.app.rules.decide import Decider
from proscribe.kb.snapshot import Snapshot
from proscribe.model.decisions import Case
from proscribe.rules.engine import key_of

RESULTS = BENCH / "results"
GOAL_SINGLE_MS = 5.0
_NAMED = ("us-889-a", "us-889-b")
_PRODUCERS = ("huawei", "zte", "hikvision", "dahua", "hytera", "hisilicon", "lorex", "honor", "other", None)
_KINDS = (
    "telecommunications_equipment",
    "video_surveillance_equipment",
    "telecommunications_service",
    "router_consumer",
    "other",
)
_PURPOSES: tuple[tuple[str, ...] | None, ...] = (
    None,
    ("none",),
    ("government_facility_security",),
    ("public_safety",),
)
_ROLES = ("government_buyer", "offeror", "prime_contractor", "subcontractor")
_ACTS = ("procure", "award_contract", "use")
_FIRST = date(2019, 1, 1)


@dataclass(frozen=True, slots=True)
class Question:
    """What a finding asks: the day, the regimes and the facts. Many findings ask the same."""

    as_of: date
    regimes: tuple[str, ...]
    facts: dict[str, Any]


def questions(count: int, regimes: Sequence[str] = _NAMED) -> list[Question]:
    """Give `count` different questions; facts that are `None` are unknown. The same ones in every run."""
    out: list[Question] = []
    grid = list(product(_PRODUCERS, _KINDS, _PURPOSES, _ROLES, _ACTS))
    # the whole grid in an order in which neighbours differ, then again on other days
    step = 1_009
    for number in range(count):
        producer, kind, purpose, role, act = grid[number * step % len(grid)]
        facts = {
            "party.jurisdiction": "US",
            "party.role": role,
            "act.kind": act,
            "item.kind": kind,
            "item.role_in_system": "substantial_or_essential_component",
            "use.by": "the_entity",
            "item.producer": producer,
            "item.purpose": purpose,
        }
        day = _FIRST + timedelta(days=number * 37 % 2_880 + number // len(grid))
        out.append(
            Question(day, tuple(regimes), {name: value for name, value in facts.items() if value is not None})
        )
    return out


def rows(asked: Sequence[Question], count: int) -> Iterator[Case]:
    """Give `count` cases, each with an id of its own, that ask these questions in turn."""
    for number in range(count):
        one = asked[number % len(asked)]
        yield Case(f"row-{number}", one.as_of, one.regimes, one.facts)


def many(decider: Decider, asked: Sequence[Question], count: int) -> dict[str, Any]:
    """Decide `count` cases; say how long it took and how many answers were made."""
    outcomes: Counter[str] = Counter()
    made: dict[int, object] = {}
    wrong = 0
    start = time.perf_counter()
    for number, result in enumerate(decider.run(rows(asked, count))):
        outcomes[result.outcome.value] += 1
        made[id(result.determinations)] = result.determinations
        wrong += result.id != f"row-{number}"
    seconds = time.perf_counter() - start
    return {
        "seconds": round(seconds, 3),
        "per_second": round(count / seconds),
        "decided": len(made),
        "wrong_ids": wrong,
        "outcomes": dict(sorted(outcomes.items())),
    }


def singles(decider: Decider, cases: Sequence[Case]) -> dict[str, Any]:
    """Decide cases one by one; milliseconds."""
    taken = []
    for case in cases:
        start = time.perf_counter()
        decider.decide(case)
        taken.append((time.perf_counter() - start) * 1_000)
    taken.sort()
    return {
        "cases": len(taken),
        "median_ms": round(statistics.median(taken), 3),
        "p95_ms": round(taken[int(len(taken) * 0.95)], 3),
        "max_ms": round(taken[-1], 3),
    }


def measure(count: int, keys: int, runs: int) -> dict[str, Any]:
    """Run everything and give the figures."""
    start = time.perf_counter()
    snapshot = Snapshot.open()
    opened = time.perf_counter()
    decider = Decider.of(snapshot)
    ready = time.perf_counter()
    asked = questions(keys)
    if len({key_of(case) for case in rows(asked, keys)}) != keys:
        raise SystemExit(f"the questions are not {keys} different ones; ask for fewer --keys")
    decider.decide(next(rows(asked, keys)))
    answered = time.perf_counter()
    rounds = [many(decider, asked, count) for _ in range(runs)]
    worked = [
        case
        for name, raw in sorted(decider.law.cases.items())
        if raw
        for case in cases_of(json.dumps(raw), name, decider.law)
    ]
    return {
        "rows": count,
        "keys": keys,
        "rounds": rounds,
        "median_seconds": statistics.median(one["seconds"] for one in rounds),
        "single": {
            "section 889 named": singles(decider, list(rows(asked, keys))),
            "no regime named": singles(decider, list(rows(questions(keys, ()), keys))),
            "worked cases of the knowledge": singles(decider, worked),
        },
        "start_seconds": {
            "knowledge": round(opened - start, 3),
            "law": round(ready - opened, 3),
            "first_answer": round(answered - ready, 3),
        },
        "regimes": len(decider.law.regimes),
        "rules": sum(map(len, decider.law.rules.values())),
        "knowledge": decider.stamp["version"],
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "python": platform.python_version(),
        "machine": platform.machine(),
    }


def report(run: dict[str, Any]) -> str:
    """Write the figures as Markdown."""
    lines = [
        "# Decisions",
        "",
        f"{run['rows']:,} determinations over {run['keys']:,} different questions: {run['median_seconds']:.1f} s (median of"
        f" {len(run['rounds'])} rounds), {run['rounds'][0]['decided']:,} decisions made. {run['regimes']} regimes,"
        f" {run['rules']} rules, knowledge {run['knowledge']}, Python {run['python']}, one process,"
        f" peak {run['peak_mib']:.0f} MiB.",
        "",
        "| one decision, every question new to the engine | cases | median | 95 % | longest |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, one in run["single"].items():
        lines.append(
            f"| {name} | {one['cases']:,} | {one['median_ms']:.2f} ms | {one['p95_ms']:.2f} ms | {one['max_ms']:.2f} ms |"
        )
    met = all(one["median_ms"] < GOAL_SINGLE_MS for one in run["single"].values())
    starts = run["start_seconds"]
    lines += [
        "",
        f"Goal: a median below {GOAL_SINGLE_MS:.0f} ms: {'met' if met else 'not met'}. Getting ready, once a process:"
        f" knowledge {starts['knowledge']:.2f} s from source, rules {starts['law']:.2f} s,"
        f" first answer {starts['first_answer'] * 1000:.0f} ms.",
        "",
        "Outcomes: "
        + ", ".join(f"{name} {count:,}" for name, count in run["rounds"][0]["outcomes"].items())
        + ".",
        "",
        "Written by `python bench/decide.py`; seconds are of one machine and gate nothing.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--keys", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    if min(options.rows, options.keys, options.runs) < 1 or options.keys > options.rows:
        parser.error("--rows, --keys and --runs are at least 1, and --keys at most --rows")
    run = measure(options.rows, options.keys, options.runs)
    if any(one["decided"] != options.keys or one["wrong_ids"] for one in run["rounds"]):
        raise SystemExit("a question was decided twice, or an answer carries another row's id")
    options.out.mkdir(parents=True, exist_ok=True)
    text = report(run)
    (options.out / "decide.json").write_text(
        json.dumps(run, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    (options.out / "decide.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
