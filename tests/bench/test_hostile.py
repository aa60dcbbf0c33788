"""Inputs made to use up the machine keep to the bounds; `bench/hostile.py` has all of them and the figures."""

from __future__ import annotations

import sys
from pathlib import Path

import hostile
import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the memory of processes")

#: Small ones of several rooms; the rest is measured by hand.
SAMPLED = {
    "xml: a billion laughs": ("E161",),
    "json: a million brackets": (),
    "docx: documents in documents, 60 deep": ("E145",),
    "pdf: a form that draws itself ten times": (),
    "mail: mails in mails, 5,000 deep": (),
}


@pytest.mark.parametrize("name", SAMPLED)
def test_a_hostile_input_keeps_to_the_bounds(name: str, tmp_path: Path) -> None:
    row = hostile.measure(name, hostile.write(name, tmp_path))
    assert row.held, row
    assert set(SAMPLED[name]) <= set(row.codes)


def test_the_page_tells_of_inputs_that_there_are() -> None:
    page = (hostile.ROOT / "docs" / "fuzzing.md").read_text(encoding="utf-8")
    _, _, rest = page.partition("<!-- figures:hostile -->")
    rows = [
        line.split("|")[1].strip() for line in rest.partition("<!-- /figures:hostile -->")[0].splitlines()[3:]
    ]
    assert set(rows) <= set(hostile.inputs())
