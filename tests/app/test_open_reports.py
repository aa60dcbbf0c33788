"""What no rule forbids and may have to be reported: it is asked about, counted, and never said to be reached by nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from proscribe.app.rules.decide import Decider, open_decider
from proscribe.app.rules.facts_file import facts_of
from proscribe.app.rules.finding_rules import rules_of
from proscribe.app.rules.questions import questionnaire
from proscribe.app.rules.scan_decide import decide_findings
from proscribe.model.results import Scan
from proscribe.reports.scan.determinations import Saying
from proscribe.rules.answer_words import parts

from .conftest import scan, write_csv

ROWS = [
    ["Hangzhou Hikvision Digital Technology", "DS-7604NI-K1/4P", "network video recorder", "Guest house"],
    ["Dahua", "IPC-HFW5442E-ZE", "network camera", "Gate"],
    ["Huawei", "S5735-L24T4S-A", "ethernet switch", "Plant"],
]
STATED = """
as_of: 2026-12-01
facts:
  act.kind: ACT
  party.role: subcontractor
  party.jurisdiction: US
  contract.awarded_on: 2025-03-10
  contract.clauses: ["52.204-25 (NOV 2021)"]
  event.identified_at: 2026-12-01
"""
PURPOSE = "sites:\n  Guest house: {item.purpose: [public_safety]}\n  Gate: {item.purpose: [none]}\n"


@pytest.fixture(scope="module")
def decider() -> Decider:
    return open_decider()


def decided(decider: Decider, folder: Path, act: str, more: str = "") -> Scan:
    header = ["Manufacturer", "Model", "Description", "Site"]
    made = scan(write_csv(folder / "inventory.csv", ROWS, header)).scan
    text = STATED.replace("ACT", act) + more
    return decide_findings(made, decider, facts_of(text, "facts.yml", decider.law, decider.firms))


def asked(made: Scan, decider: Decider, fact: str) -> set[str]:
    found = questionnaire(made, decider).questions
    return {one.applies_to for one in found if one.fact == fact}


@pytest.mark.parametrize("act", ["use", "keep_in_operation", "maintain"])
def test_the_purpose_is_asked_where_a_report_alone_hangs_on_it(
    decider: Decider, tmp_path: Path, act: str
) -> None:
    made = decided(decider, tmp_path, act)
    assert asked(made, decider, "item.purpose") == {"site:Guest house", "site:Gate"}
    answered = decided(decider, tmp_path, act, PURPOSE)
    assert not asked(answered, decider, "item.purpose")


def test_no_page_says_that_nothing_reaches_what_may_have_to_be_reported(
    decider: Decider, tmp_path: Path
) -> None:
    made = decided(decider, tmp_path, "use")
    outcomes = {}
    for one in made.findings:
        rules = rules_of(made, one.id, decider)
        assert rules is not None
        outcomes[one.entity] = {rule.regime: rule for rule in rules if rule.reaches}
    for firm in ("hikvision", "dahua"):
        rule = outcomes[firm]["us-889-b"]
        assert "may have to be reported" in rule.outcome and "Who looks at these pictures" in rule.because
        assert "48 CFR 52.204-25(d)(2)(i)" in rule.citations
    assert outcomes["huawei"]["us-889-b"].outcome == "Not covered, but to be reported"


def test_the_answer_says_of_how_many_things_it_is_open(decider: Decider, tmp_path: Path) -> None:
    made = decided(decider, tmp_path, "use")
    text = "\n".join(text for part in parts(Saying(made).answer) for text in part.texts)
    assert "has to be reported, and of 2 things it is open whether they have to be" in text
