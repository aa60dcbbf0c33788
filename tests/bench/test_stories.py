"""Companies that know little on the first day are asked little, and told what is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from stories import LETS_GO, day_one, main, told, write_answers

from proscribe.app.rules.decide import open_decider
from proscribe.app.rules.facts_file import read_stated
from proscribe.app.rules.scan_decide import Ready
from proscribe.app.scan.api import scan

STORIES = Path(__file__).parent / "stories"


@pytest.mark.parametrize("name", sorted(one.name for one in STORIES.iterdir()))
def test_a_story_meets_every_goal(name: str) -> None:
    story = told(STORIES / name)
    assert story.misses() == [], (story.line(), story.asked, story.wrong, story.dangerous, story.duties)


@pytest.mark.parametrize(
    "name", ["airport", "bank-guam", "transit-funds", "retail", "robot-maker-bom", "rural-carrier"]
)
def test_answers_may_come_in_any_order_and_taking_one_away_lets_nothing_go(name: str, tmp_path: Path) -> None:
    story = told(STORIES / name)
    facts = day_one(STORIES / name, tmp_path)
    (table,) = sorted((STORIES / name).glob("*.csv"))
    found = scan([str(table)]).scan
    decider = open_decider()
    entities = decider.firms
    answers = tmp_path / "answers.csv"

    def outcomes(rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
        write_answers(answers, rows)
        stated = read_stated([facts, answers], decider.law, entities, decider.purposes)
        decided = Ready(decider, stated).decide(found).decided
        assert decided is not None
        return {one: decision.outcome.value for one, decision in decided.by_finding.items()}

    whole = outcomes(story.rows)
    assert outcomes(story.rows[::-1]) == whole
    for number in range(len(story.rows)):
        fewer = outcomes([row for place, row in enumerate(story.rows) if place != number] or story.rows)
        freed = [one for one, outcome in fewer.items() if outcome in LETS_GO and whole[one] not in LETS_GO]
        assert not freed, story.rows[number]


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


def test_what_is_sold_is_asked_about_once_for_all_of_it(tmp_path: Path) -> None:
    """A dealer knows what its buyers do, and when what it sells was authorized, for all of it or for none."""
    models = [("Hikvision", f"DS-2CD2{number}43G2-I") for number in (0, 1, 3)] + [
        ("Dahua", "IPC-HDW2431T-AS")
    ]
    rows = [f"A{place},{place % 2},{maker},{model}" for place, (maker, model) in enumerate(models)]
    (tmp_path / "stock.csv").write_text("Asset ID,Warehouse,Manufacturer,Model\n" + "\n".join(rows) + "\n")
    (tmp_path / "FACTS.yml").write_text(
        "as_of: 2026-11-27\nfacts: {party.jurisdiction: US, party.role: private_company, act.kind: resell_privately}\n"
    )
    for authorized, one, asked in (("2019", "2019", 2), ("2019", "2021-06", 6), ("?", "?", 6)):
        truth = f"company: {{item.purpose: [none], item.authorized_on: '{authorized}'}}"
        truth += f"\n  records: {{A3: {{item.authorized_on: '{one}'}}}}"
        wish = "{outcome: not_covered, accept: [undetermined]}" if one == "?" else "{outcome: not_covered}"
        (tmp_path / "answers.yml").write_text(
            f"truth:\n  {truth}\noutcomes:\n"
            + "".join(f"  A{place}: {wish}\n" for place in range(len(models)))
        )
        story = told(tmp_path)
        # where nobody can say it of all, it is asked of each
        assert (len(story.asked), story.wrong, story.dangerous) == (asked, [], []), story.asked


def test_what_is_provided_to_a_government_may_be_used_by_oneself(tmp_path: Path) -> None:
    """No answer about what buyers do speaks of the cameras at one's own sites."""
    (tmp_path / "stock.csv").write_text(
        "Asset ID,Site,Manufacturer,Model\nA1,Gate,Hikvision,DS-2CD2143G2-I\nA2,Office,Dahua,IPC-HDW2431T-AS\n"
    )
    (tmp_path / "FACTS.yml").write_text(
        "as_of: 2026-11-27\nfacts: {party.jurisdiction: US, party.role: offeror, act.kind: provide_to_government}\n"
    )
    (tmp_path / "answers.yml").write_text("truth: {company: {item.purpose: [none]}}\n")
    story = told(tmp_path)
    assert {scope for fact, scope in story.asked if fact == "item.purpose"} == {"site:Gate", "site:Office"}
