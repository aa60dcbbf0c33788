"""The planner on problems of 5,000 units, 40 months and 200 contracts: true gap, time, memory; and on small ones by enumeration.

python bench/choice.py                    both
python bench/choice.py --small 500        as many random small problems, each against its best plan by trying everything
python bench/choice.py --large 20         as many seeds of the large one, capacity tight, medium and loose
python bench/choice.py --large 20 --sites 240    with so many sites only: the fewer, the more contracts share each of them
python bench/choice.py --large 20 --only ordered:tight    of one kind only
python bench/choice.py --large 5 --first 10 --record      seeds 10 to 14, added to results/choice.json and choice.md

Time is that of the processor, with searches ended by counted steps. A company with 1,700 sites has about three units at each, as
those that asked the FCC for money had (24,000 units at 8,400 locations); with 240 each site serves seven contracts.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "choice"))

from enumerated import best_of, random_problem

from proscribe.choice.model import Job, Problem, Stake, faults_of
from proscribe.choice.schedule import plan

PERIODS, CONTRACTS, UNITS = 40, 200, 5_000
SITES = (1_700, 800, 240)
#: No limit of time ends a search: the same plan on every machine.
SECONDS = 3_600
RESULTS = Path(__file__).parent / "results"
LOOSE = {"tight": 0.45, "medium": 0.75, "loose": 1.1}


def large(seed: int, loose: float, *, ordered: bool, sites: int) -> Problem:
    """Make a problem: sites of five regions with cameras, recorders and radios, contracts over some of them."""
    chance = Random(seed)
    jobs: list[Job] = []
    by_site: list[list[int]] = []
    for site in range(sites):
        region = chance.randrange(5)
        lead = chance.choice((0, 1, 2, 3))
        closed = (
            frozenset(month for month in range(PERIODS) if month % 12 in (0, 11))
            if ordered and region == 0
            else frozenset()
        )
        here: list[int] = []
        recorder = -1
        for kind in range(chance.randint(2, 4)):
            after = (recorder,) if ordered and kind and recorder >= 0 else ()
            jobs.append(
                Job(
                    f"site {site}, kind {kind}", max(1, round(chance.expovariate(1 / 7))), chance.randint(20_000, 900_000),
                    chance.randint(60, 900), region, lead, 1 if ordered and chance.random() < 0.2 else 0,
                    chance.randint(24, PERIODS - 1) if chance.random() < 0.05 else None, "a rule", after, closed,
                )
            )  # fmt: skip
            here.append(len(jobs) - 1)
            recorder = here[0]
        by_site.append(here)
    scale = UNITS / sum(job.units for job in jobs)
    jobs = [
        Job(
            j.name,
            max(1, round(j.units * scale)),
            j.cents,
            j.minutes,
            j.pool,
            j.release,
            j.lag,
            j.due,
            j.due_by,
            j.after,
            j.closed,
        )
        for j in jobs
    ]
    stakes = []
    for number in range(CONTRACTS):
        served = chance.sample(range(sites), max(1, min(40, round(chance.expovariate(1 / 9)))))
        wanted = tuple(sorted(job for site in served for job in by_site[site]))
        stakes.append(
            Stake(
                f"contract {number}",
                chance.randint(10_000_000, 2_000_000_000),
                chance.randint(2, PERIODS - 1),
                wanted,
            )
        )
    cents = sum(job.units * job.cents for job in jobs)
    pools = []
    for region in range(5):
        minutes = sum(job.units * job.minutes for job in jobs if job.pool == region)
        pools.append(tuple(int(minutes * loose / PERIODS) for _ in range(PERIODS)))
    money = tuple(int(cents * loose / PERIODS) for _ in range(PERIODS))
    return Problem(
        PERIODS, tuple(jobs), tuple(stakes), money, True, tuple(pools), tuple(f"region {n}" for n in range(5))
    )


def run_large(seeds: range, sites: int | None, only: str | None, *, kept: bool) -> bool:
    """Plan; print one line a problem; tell whether every gap and time holds.

    Args:
        kept: whether the figures are added to those recorded.
    """
    good = True
    for places in SITES if sites is None else (sites,):
        for ordered, most in ((False, 0.01), (True, 0.03)):
            for name, loose in LOOSE.items():
                kind = f"{'ordered' if ordered else 'plain'}:{name}"
                if only not in (None, kind):
                    continue
                gaps = []
                for seed in seeds:
                    problem = large(seed, loose, ordered=ordered, sites=places)
                    row, held = _one(problem, f"{places} {kind} {seed}", most)
                    gaps.append(row["gap"] / 100)
                    good &= held
                    if kept:
                        record([{"sites": places, "kind": kind, "seed": seed, **row}])
                print(
                    f"{places} {kind}: gap at most {max(gaps):.2%}, median {sorted(gaps)[len(gaps) // 2]:.2%}",
                    flush=True,
                )
    print(f"largest memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
    return good


def record(rows: list[dict[str, Any]]) -> None:
    """Add figures to those recorded, in place of earlier ones of the same problem, and write the table anew."""
    place = RESULTS / "choice.json"
    known = json.loads(place.read_text("utf-8")) if place.exists() else []
    held = {(row["sites"], row["kind"], row["seed"]): row for row in [*known, *rows]}
    order = {
        f"{how}:{name}": at
        for at, (how, name) in enumerate((h, n) for h in ("plain", "ordered") for n in LOOSE)
    }
    made = sorted(held.values(), key=lambda row: (-row["sites"], order[row["kind"]], row["seed"]))
    place.write_text("[\n" + ",\n".join(json.dumps(row) for row in made) + "\n]\n", encoding="utf-8")
    lines = [
        "# Phase-out plans",
        "",
        f"{UNITS:,} units, {PERIODS} months, {CONTRACTS} contracts (`bench/choice.py`). The gap is that of the plan against a",
        "bound which no plan can beat; faults are what an independent check finds. Seconds are those of the processor.",
        "",
        "| sites | kind | seeds | gap, median % | gap, most % | seconds, median | seconds, most | faults |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for key in dict.fromkeys((row["sites"], row["kind"]) for row in made):
        own = [row for row in made if (row["sites"], row["kind"]) == key]
        gaps, took = [row["gap"] for row in own], [row["seconds"] for row in own]
        lines.append(
            f"| {key[0]:,} | {key[1]} | {len(own)} | {median(gaps):.2f} | {max(gaps):.2f} | {median(took):.1f} | {max(took):.1f} "
            f"| {sum(row['faults'] for row in own)} |"
        )
    (RESULTS / "choice.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _one(problem: Problem, name: str, most: float) -> tuple[dict[str, Any], bool]:
    began = time.process_time()
    made = plan(problem, seconds=SECONDS)
    took = time.process_time() - began
    faults = faults_of(problem, made.schedule) if made.schedule else []
    held = made.schedule is not None and not faults and made.gap <= most and took <= 60
    kept = len(made.schedule.kept) if made.schedule else 0
    print(
        f"{name}: {made.state}, gap {made.gap:.2%}, {kept} of {CONTRACTS} kept, {took:.1f} s, "
        f"{len(faults)} faults{'' if held else '  <-'}", flush=True,
    )  # fmt: skip
    row = {
        "state": made.state, "gap": round(made.gap * 100, 3), "kept": kept, "seconds": round(took, 1), "faults": len(faults),
        "bound": made.bound, "cost": made.schedule.cents if made.schedule else None,
    }  # fmt: skip
    return row, held or made.state == "infeasible"


def run_small(count: int) -> bool:
    """Hold plans of small problems against enumeration."""
    wrong = infeasible = 0
    for seed in range(count):
        problem = random_problem(seed)
        best, made = best_of(problem), plan(problem)
        infeasible += best is None
        if best is None:
            wrong += made.state != "infeasible"
        elif made.schedule is None or faults_of(problem, made.schedule):
            wrong += 1
        else:
            wrong += not (made.bound <= best <= made.schedule.cents <= best * 1.01)
    print(f"{count} small problems, {infeasible} infeasible: {wrong} wrong")
    return not wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", type=int)
    parser.add_argument("--large", type=int)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--sites", type=int)
    parser.add_argument("--only")
    chosen = parser.parse_args()
    both = chosen.small is None and chosen.large is None
    fine = run_small(chosen.small or 500) if both or chosen.small else True
    if both or chosen.large:
        seeds = range(chosen.first, chosen.first + (chosen.large or 20))
        fine &= run_large(seeds, chosen.sites, chosen.only, kept=chosen.record)
    sys.exit(0 if fine else 1)
