"""What a case and the list of clocks say of what is due: never nothing while a clock may run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from proscribe.cli.main import cli

FACTS = """- id: router
  as_of: 2026-11-24
  facts:
    party.jurisdiction: US
    party.role: prime_contractor
    act.kind: use
    item.producer: huawei
    item.kind: telecommunications_equipment
    use.by: the_entity
"""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROSCRIBE_USER", "R. Ito")
    monkeypatch.setenv("PROSCRIBE_ZONE", "America/New_York")
    (tmp_path / "router.yml").write_text(FACTS, encoding="utf-8")
    assert run("case", "open", "--title", "router", "--facts", "router.yml")
    return tmp_path


def run(*words: str) -> str:
    return CliRunner().invoke(cli, list(words)).output


def test_a_case_opens_with_its_answer_and_a_clock_nobody_started_may_run(store: Path) -> None:
    run("case", "decide", "C-0001")
    said = " ".join(run("case", "show", "C-0001").split())
    assert said.index("Prohibited. You may not use this") < said.index("Stated facts")
    assert "May be due after it is found: report within" in said
    assert json.loads(run("case", "show", "C-0001", "-o", "json"))["answer"]["outcome"] == "prohibited"
    listed = run("clock")
    assert "Nothing is due" not in listed
    assert (
        "No clock runs, but something may be due" in listed
        and "if 48 CFR 52.204-25 is in a contract" in listed
    )
    (may,) = json.loads(run("clock", "-o", "json"))["may_be_due"]
    assert may["case"] == "C-0001"


def test_a_case_that_was_decided_earlier_says_when(store: Path) -> None:
    assert "E440" in run("case", "decide", "C-0001", "--at", "2099-01-01T10:00:00-05:00")
    assert "D2: prohibited" in run("case", "decide", "C-0001", "--at", "2026-11-25T10:00:00-05:00")
    *_, made = json.loads(run("case", "show", "C-0001", "-o", "json"))["determinations"]
    assert made["decided_at"] == "2026-11-25T15:00:00.000000Z"


def test_a_clock_that_runs_stands_in_the_answer_of_its_case(store: Path) -> None:
    run("case", "fact", "C-0001", "event.identified_at=2026-11-24", "contract.clauses=52.204-25 (NOV 2021)")
    run("case", "decide", "C-0001")
    said = " ".join(run("case", "show", "C-0001").split())
    assert "due by 2026-11-25" in said.lower()
    assert "report" not in " ".join(
        row["what"] for row in json.loads(run("clock", "-o", "json"))["may_be_due"]
    )


def test_a_decided_scan_gives_its_case_the_same_headline(store: Path) -> None:
    (store / "assets.csv").write_text("Maker,Model\nHikvision,DS-2CD2143G2-I\nAxis,P3245\n", encoding="utf-8")
    (store / "facts.yml").write_text(
        "facts:\n  party.jurisdiction: US\n  party.role: prime_contractor\n  act.kind: use\n  use.by: the_entity\n"
        "  item.purpose: [public_safety]\n",
        encoding="utf-8",
    )
    told = run(
        "scan", "assets.csv", "--quiet", "--decide", "facts.yml", "-o", "table", "-o", "json=scan.json"
    )
    run("case", "open", "--scan", "scan.json")
    shown = " ".join(run("case", "show", "C-0002").split())
    headline = " ".join(told.split()).partition("Prohibited: ")[2].partition("The rule")[0]
    assert headline and headline in shown
