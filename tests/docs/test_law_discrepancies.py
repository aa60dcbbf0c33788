"""The table of differences names only records and facts that the law still has."""

from __future__ import annotations

import re
from pathlib import Path

from proscribe.app.rules.decide import Decider
from proscribe.kb.snapshot import Snapshot
from proscribe.rules.facts import FACTS, READINGS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "law-discrepancies.md"


def test_every_name_in_the_table_exists() -> None:
    law = Decider.of(Snapshot.open()).law
    known = {*FACTS, *READINGS, *law.exceptions, *(rule.id for rules in law.rules.values() for rule in rules)}
    named = set(
        re.findall(r"`([a-z0-9-]+/[a-z0-9-]+@\d|reading\.\w+|[a-z]+\.[a-z_]+)`", PAGE.read_text("utf-8"))
    )
    assert named
    assert named - known == set()


#: How many findings each list of the sources holds.
FINDINGS = {"W": 18, "U": 18, "Q": 13, "F": 7, "O": 9, "K": 16, "C": 5}


def test_every_finding_of_the_sources_has_its_line() -> None:
    listed = PAGE.read_text("utf-8").partition("## Every finding by its number")[2]
    numbered = re.findall(r"^\| ([A-Z])(\d+) \| [^|]+ \| [^|]+ \|$", listed, re.MULTILINE)
    assert sorted((letter, int(number)) for letter, number in numbered) == sorted(
        (letter, number) for letter, count in FINDINGS.items() for number in range(1, count + 1)
    )
