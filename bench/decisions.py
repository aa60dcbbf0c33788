"""How long decisions take: one at a time, on all regimes, and a million over a thousand distinct questions.

python bench/decisions.py               writes bench/results/decisions.json
"""

from __future__ import annotations

import json
import platform
import statistics
import time
from datetime import date, timedelta
from itertools import islice, product
from pathlib import Path

from proscribe.kb.snapshot import Snapshot
from proscribe.model.decisions import Case
from proscribe.pipeline.decide import Decider
from proscribe.rules.facts import ITEM_KINDS

RESULT = Path(__file__).parent / "results" / "decisions.json"
KEYS, DETERMINATIONS = 1_000, 1_000_000
GOAL_SINGLE_MS = 5.0


def questions(regimes: tuple[str, ...]) -> list[Case]:
    """Give distinct questions: makers by kinds by days."""
    makers = (
        "huawei",
        "zte",
        "hikvision",
        "dahua",
        "hytera",
        "hisilicon",
        "lorex",
        "honor",
        "sepura",
        "other",
    )
    days = [date(2018, 6, 1) + timedelta(days=97 * step) for step in range(30)]
    combined = islice(product(makers, ITEM_KINDS, days), KEYS)
    return [
        Case(
            f"q{place}",
            day,
            regimes,
            {
                "party.jurisdiction": "US",
                "party.role": "offeror",
                "act.kind": "award_contract",
                "item.producer": maker,
                "item.kind": kind,
                "item.role_in_system": "substantial_or_essential_component",
                "use.by": "the_entity",
                "use.state": "in_service",
            },
        )
        for place, (maker, kind, day) in enumerate(combined)
    ]


def timed(decider: Decider, cases: list[Case]) -> list[float]:
    """Give the milliseconds of each decision."""
    out = []
    for case in cases:
        started = time.perf_counter()
        decider.decide(case)
        out.append((time.perf_counter() - started) * 1000)
    return out


def main() -> None:
    """Measure, print and write."""
    started = time.perf_counter()
    decider = Decider.of(Snapshot.open())
    opening = time.perf_counter() - started
    named = questions(("us-889-a", "us-889-b"))
    every = questions(())
    timed(decider, named[:20])
    two, all_ = timed(decider, named), timed(decider, every[:300])
    started = time.perf_counter()
    count = sum(1 for _ in decider.run(named[place % KEYS] for place in range(DETERMINATIONS)))
    million = time.perf_counter() - started
    result = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "regimes": len(decider.law.rules),
        "open_and_load_s": round(opening, 3),
        "two_regimes_ms": {"median": round(statistics.median(two), 3), "max": round(max(two), 3)},
        "all_regimes_ms": {"median": round(statistics.median(all_), 3), "max": round(max(all_), 3)},
        "goal_single_ms": GOAL_SINGLE_MS,
        "million_over_thousand_keys_s": round(million, 2),
        "decided": count,
    }
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
