"""Tables of the documents that name tests: each line says how it stands, and the tests that it names are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Each with the fewest lines that it has.
TABLES = {"docs/asvs.md": 50, "docs/shown.md": 50}


def lines_of(table: str) -> list[list[str]]:
    """Give the cells of each numbered line."""
    text = (ROOT / table).read_text(encoding="utf-8")
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if re.match(r"\| [\d.]+", line)
    ]


def names_in(name: str) -> str:
    """Give the names of the tests of a file or room, as words; a file of `tests/web` needs no room."""
    place = ROOT / (name if name.startswith("tests/") else f"tests/web/{name}")
    files = sorted(place.rglob("test_*.py")) if place.is_dir() else [place.with_suffix(".py")]
    text = "\n".join(one.read_text(encoding="utf-8") for one in files)
    return "\n".join(re.findall(r"def test_(\w+)", text)).replace("_", " ")


@pytest.mark.parametrize("table", TABLES)
def test_every_line_names_tests_that_are_there(table: str) -> None:
    lines = lines_of(table)
    assert len(lines) > TABLES[table]
    assert len({number for number, *_ in lines}) == len(lines)
    missing = []
    for number, what, how, test in lines:
        if not test and not re.search(r"\*\*Open|\]\(", how + what):
            missing.append(f"{number}: names no test")
        for name, _, said in re.findall(r"`([\w/]+)`(: ([^;]*))?", test):
            there = names_in(name)
            missing += [
                f"{number}: {name} has no test of {words!r}"
                for words in filter(None, (one.strip().lower() for one in said.split(",")))
                if re.sub(r"\W+", " ", words) not in there
            ]
    assert not missing, "\n".join(missing)
