"""The two companies of examples/choice: what their tables come to."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import proscribe

EXAMPLES = Path(__file__).parents[2] / "examples" / "choice"


@pytest.mark.parametrize(
    ("name", "source", "kind", "surely", "possibly"),
    [
        ("thermal", "fleet.csv", "contract", "177000000.00", "417000000.00"),
        ("carrier", "plant.csv", "grant", "9600000.00", "9600000.00"),
    ],
)
def test_every_row_meets_its_finding_and_the_sums_are_those_told(
    tmp_path: Path, name: str, source: str, kind: str, surely: str, possibly: str
) -> None:
    scan = tmp_path / "scan.json"
    scan.write_text(
        proscribe.scan([EXAMPLES / name / source], as_of="2026-11-25").to_json(), encoding="utf-8"
    )
    made = proscribe.exposure(proscribe.find_sources(EXAMPLES / name, scan=scan))
    assert not made.issues and not any("name no finding" in note for note in made.notes)
    found = next(one for one in made.totals if one.kind == kind)
    assert (found.surely, found.possibly) == (Decimal(surely), Decimal(possibly))
    assert not any(one.not_priced for one in made.lines)
