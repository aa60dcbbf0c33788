"""`proscribe explain` for rules, facts and outcomes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from proscribe.app.rules.decide import Decider
from proscribe.app.scan.explain_law import page
from proscribe.cli.main import cli
from proscribe.kb.snapshot import Snapshot
from proscribe.model.decisions import Outcome
from proscribe.rules.facts import FACTS, READINGS


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return Snapshot.open()


def test_a_rule_stands_beside_its_words_and_without_its_neighbours(snapshot: Snapshot) -> None:
    text = page("us-889-b/use@1", snapshot)
    assert text is not None
    assert text.startswith("Rule us-889-b/use@1: ")
    assert "“" in text and "48 CFR 52.204-25(b)(2)" in text
    assert "Unless us-889/no-route@1" in text
    assert "\nDuty " not in text and "\nWaiver " not in text
    assert page("us-889-b/use", snapshot) == text


def test_every_name_of_the_law_has_a_page(snapshot: Snapshot) -> None:
    law = Decider.of(snapshot).law
    names = [
        *law.regimes,
        *law.exceptions,
        *law.definitions,
        *(rule.id for rules in law.rules.values() for rule in rules[:1]),
        *(waiver.id for waivers in law.waivers.values() for waiver in waivers[:1]),
        *(duty.id for duties in law.obligations.values() for duty in duties[:1]),
    ]
    # a page loads the rules anew, as a command does; a sample keeps this fast
    for name in names[:: max(1, len(names) // 25)]:
        assert (page(name, snapshot) or "").find(name) >= 0, name


def test_every_outcome_and_reading_has_a_page(snapshot: Snapshot) -> None:
    for outcome in Outcome:
        assert (page(outcome.value, snapshot) or "").startswith(f"{outcome.value}: ")
    assert READINGS["reading.use"] in (page("reading.use", snapshot) or "")


def test_a_fact_says_how_it_is_asked_and_by_which_paragraph(snapshot: Snapshot) -> None:
    text = page("item.purpose", snapshot) or ""
    assert FACTS["item.purpose"].question in text
    assert "us-889-b/use@1 [Pub. L. 115-232 §889(a)(1)(B)]" in text
    assert "us-889/no-route@1" in (page("item.routes_or_redirects_user_traffic", snapshot) or "")


@pytest.mark.parametrize(
    "name", ["us-889-bb", "item.porpose", "Hikvision", "DS-2CD2143G2-I", "hikvision", "a/b", ""]
)
def test_what_is_no_name_of_the_law_has_no_page(snapshot: Snapshot, name: str) -> None:
    assert page(name, snapshot) is None


def test_the_command_gives_the_page_and_still_reads_texts() -> None:
    run = CliRunner().invoke
    assert run(cli, ["explain", "undetermined"]).output.startswith("undetermined: ")
    assert "us-889-b" in run(cli, ["explain", "us-889-b"]).output
    assert "hikvision" in run(cli, ["explain", "Hikvision DS-2CD2143G2-I"]).output.lower()


def test_a_finding_of_a_decided_scan_says_what_each_rule_says(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Maker,Model\nHikvision,DS-2CD2143G2-I\n")
    (tmp_path / "f.yml").write_text("regimes: [us-889-b]\nfacts: {party.jurisdiction: US}\n")
    run = CliRunner().invoke
    target = tmp_path / "scan.json"
    run(cli, ["scan", str(tmp_path / "a.csv"), "--decide", str(tmp_path / "f.yml"), "-o", f"json={target}"])
    (finding,) = json.loads(target.read_text())["findings"]
    text = run(cli, ["explain", finding["id"], "--scan", str(target)]).output
    assert "the law: undetermined" in text
    assert "What are you in this matter?" in text and "party.role" in text
    assert "48 CFR 52.204-25(b)(2)" in text
    assert "party.jurisdiction = US" in text
