"""The run over several countries that a page shows says what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import proscribe
from proscribe.app.rules.scan_decide import Ready
from proscribe.reports.scan.determinations import Saying
from proscribe.rules.answer_words import parts

PAGE = Path(__file__).parents[2] / "docs" / "deciding-a-scan.md"


def test_each_site_is_asked_the_law_of_its_own_place(tmp_path: Path) -> None:
    section = PAGE.read_text(encoding="utf-8").partition("## Several countries")[2]
    facts, things, said = (block[1] for block in re.findall(r"```(\w*)\n(.*?)```", section, re.DOTALL)[:3])
    (tmp_path / "facts.yml").write_text(facts, encoding="utf-8")
    (tmp_path / "ships.csv").write_text(things, encoding="utf-8")
    found = Ready.of([tmp_path / "facts.yml"]).decide(proscribe.scan([tmp_path / "ships.csv"]).scan)
    head = next(parts(Saying(found).answer)).texts
    assert head[: said.count("\n")] == said.splitlines()
    assert any("No rule of GR is held here" in text for text in head)
