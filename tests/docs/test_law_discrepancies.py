"""The table of differences names only records and facts that the law still has."""

from __future__ import annotations

import re
from pathlib import Path

from proscribe.app.decide import Decider
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
