"""Companies that know little on the first day are asked little, and told what is right."""

from __future__ import annotations

from pathlib import Path

import pytest
from stories import main, told

STORIES = Path(__file__).parent / "stories"


@pytest.mark.parametrize("name", sorted(one.name for one in STORIES.iterdir()))
def test_a_story_meets_every_goal(name: str) -> None:
    story = told(STORIES / name)
    assert story.misses() == [], (story.line(), story.asked, story.wrong, story.dangerous, story.duties)


def test_a_story_that_is_told_wrongly_misses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "wrong"
    folder.mkdir()
    (folder / "things.csv").write_text("Asset ID,Site,Manufacturer,Model\nA1,HQ,Huawei,AR617VW\n")
    (folder / "FACTS.yml").write_text(
        "as_of: 2026-11-27\nfacts: {party.jurisdiction: US, party.role: private_company, act.kind: use}\n"
    )
    (folder / "answers.yml").write_text(
        "clock_may_run: true\noutcomes:\n  A1: {outcome: prohibited}\n  A2: {outcome: prohibited}\n"
        "obligations: [{kind: report}]\n"
    )
    assert main([str(tmp_path), "--show"]) == 1
    printed = capsys.readouterr().out
    assert "A1 headline: not_covered, expected prohibited" in printed
    assert "A2: not found" in printed
    assert "MISSED" in printed and "right at the end, dangerous, obligations, clock" in printed
