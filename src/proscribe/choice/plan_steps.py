"""A plan as a file of steps that a waiver request and a phase-out statement take: one step for each row of assets."""

from __future__ import annotations

import json
from collections.abc import Iterator

from proscribe.choice.months import last_day_text
from proscribe.model.phase_out import PhaseOut, WorkLine

_HEAD = """\
# Steps of a phase-out plan, for `proscribe document make ... --with THIS_FILE`. Who answers for a step, and with what a thing is
# replaced, no plan knows: give `owner` and `replaced_with` here or in a later file, by the same `id`.
"""


def document_steps(made: PhaseOut) -> str:
    """Write the steps; each is planned for the last day of the month in which the last unit is gone."""
    rows: dict[str, list[WorkLine]] = {}
    for line in made.work:
        rows.setdefault(line.asset, []).append(line)
    steps = ["\n".join(_step(asset, lines)) for asset, lines in rows.items()]
    return _HEAD + ("plan:\n" + "\n".join(steps) + "\n" if steps else "plan: []\n")


def _step(asset: str, lines: list[WorkLine]) -> Iterator[str]:
    first = lines[0]
    units = sum(line.units for line in lines)
    yield f"  - id: {_quoted(f'plan-{asset}')}"
    yield f"    what: {_quoted('Replace ' + (first.item or first.category or first.at))}"
    yield '    owner: ""'
    yield f"    by_on: {last_day_text(max(line.gone for line in lines))}"
    if first.site:
        yield f"    site: {_quoted(first.site)}"
    yield f"    quantity: {_quoted(str(units) if first.counted else 'not read')}"
    if first.finding:
        yield f"    finding_ids: [{_quoted(first.finding)}]"


def _quoted(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)
