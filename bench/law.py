"""How the law answers worked cases that it was not written from: right, wrong, and dangerous.

    python bench/law.py cases.yml [more.yml ...]     a file of cases, or of stances (told apart by their keys)
    python bench/law.py knowledge/regimes            every `cases.yml` and `stances.yml` below a folder
    python bench/law.py cases.yml --show             also what each wrong one expected and got

A case is *right* when everything it expects is met (as `proscribe decide --check` reads it). A wrong one is
*dangerous* when it says that nothing is owed where the law bites: an outcome that lets go where the case expects
one that holds, or a duty that the case expects and the answer does not have. A case that cannot be read is wrong.
Prints one line a file and one for all; exits 1 when any answer is dangerous.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proscribe.app.rules.casefile import cases_of
from proscribe.app.rules.decide import Decider, check
from proscribe.kb.snapshot import Snapshot
from proscribe.kb.strictyaml import parse
from proscribe.model.decisions import Case, CaseResult, Outcome
from proscribe.model.errors import ProscribeError
from proscribe.model.periods import parse_day
from proscribe.rules.regimes import STANCES
from proscribe.rules.stance import stance

#: Outcomes that tell the asker to go on.
LETS_GO = frozenset(
    {Outcome.NOT_COVERED, Outcome.NOT_IN_FORCE, Outcome.EXCEPTED, Outcome.WAIVED, Outcome.DISCOURAGED}
)
#: Outcomes that hold the asker back.
HOLDS = frozenset(
    {Outcome.PROHIBITED, Outcome.UNDETERMINED, Outcome.APPROVAL_REQUIRED, Outcome.PERMITTED_UNTIL}
)


@dataclass(frozen=True, slots=True)
class Judged:
    """One worked case or stance with how it was answered.

    Attributes:
        faults: what differs; empty when right.
        dangerous: it lets go where the law bites.
    """

    id: str
    faults: tuple[str, ...] = ()
    dangerous: bool = False


def is_dangerous(case: Case, result: CaseResult, wrong: Sequence[str]) -> bool:
    """Tell whether a wrong answer says that nothing is owed where the law bites."""
    wanted = (case.expect or {}).get("outcome")
    if result.outcome in LETS_GO and wanted in HOLDS and result.outcome.value not in case.accept:
        return True
    return "obligation" in wrong


def judge_case(raw: Mapping[str, Any], name: str, decider: Decider) -> Judged:
    """Decide one case as it stands in a file."""
    identity = str(raw.get("id", "?"))
    try:
        (case,) = cases_of(json.dumps([raw], default=str), name, decider.law)
    except ProscribeError as problem:
        return Judged(identity, (f"cannot be read: {problem}",))
    result = decider.decide(case)
    mismatches = check(case, result)
    faults = tuple(f"{one.what}: expected {one.expected}; got {one.got}" for one in mismatches)
    return Judged(
        identity, faults, bool(faults) and is_dangerous(case, result, [one.what for one in mismatches])
    )


def judge_stance(raw: Mapping[str, Any], decider: Decider) -> Judged:
    """Compare one worked stance; a weaker stance than the law's is dangerous."""
    place, day = raw["jurisdiction"], str(raw["as_of"])
    found = stance(decider.law, place, parse_day(day))
    faults = []
    weaker = False
    if found.stance not in (raw["stance"], *raw.get("accept", [])):
        faults.append(f"stance: expected {raw['stance']}; got {found.stance}")
        weaker = STANCES.index(found.stance) > STANCES.index(raw["stance"])
    lacking = sorted(set(raw.get("pending_includes", [])) - set(found.pending))
    if lacking:
        faults.append(f"pending: expected {', '.join(lacking)}; got {', '.join(found.pending) or 'none'}")
    return Judged(f"{place} {day}", tuple(faults), weaker)


def judged(file: Path, decider: Decider) -> Iterator[Judged]:
    """Answer what a file holds, in its order."""
    content = parse(file.read_bytes(), file.name).value
    for raw in content if isinstance(content, list) else [content]:
        if "jurisdiction" in raw and "facts" not in raw:
            yield judge_stance(raw, decider)
        else:
            yield judge_case(raw, file.name, decider)


def files_of(paths: Sequence[Path]) -> Iterator[Path]:
    """Give the files named, and the case and stance files below the folders named."""
    for path in paths:
        if path.is_dir():
            yield from sorted([*path.rglob("cases.yml"), *path.rglob("stances.yml")])
        else:
            yield path


def line(name: str, found: Sequence[Judged]) -> str:
    """Say the figures of some answers."""
    right = sum(not one.faults for one in found)
    dangerous = sum(one.dangerous for one in found)
    share = right / len(found) if found else 1.0
    return f"{name}: {len(found)} asked, {right} right ({share:.3f}), {len(found) - right} wrong, {dangerous} dangerous"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; give the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--show", action="store_true", help="print every wrong answer")
    options = parser.parse_args(arguments)
    decider = Decider.of(Snapshot.open())
    every: list[Judged] = []
    for file in files_of(options.paths):
        if not file.is_file():
            parser.error(f"no file {file}")
        found = list(judged(file, decider))
        every += found
        if options.show:
            for one in found:
                mark = " DANGEROUS" if one.dangerous else ""
                for fault in one.faults:
                    print(f"  {one.id}:{mark} {fault}")
        if len(options.paths) > 1 or not options.paths[0].is_dir():
            print(line(file.name, found))
    print(line("all", every))
    return int(any(one.dangerous for one in every))


if __name__ == "__main__":
    raise SystemExit(main())
