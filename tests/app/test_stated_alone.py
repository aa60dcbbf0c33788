"""What is confirmed, and not covered because of what somebody typed, is said where the answer is read first."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import proscribe
from proscribe.app.rules.scan_decide import Ready
from proscribe.cli.main import cli
from proscribe.model.answers import StatedAlone
from proscribe.reports.scan.determinations import Saying
from proscribe.rules.answer_words import headline, parts

HEAD = "Asset,Make,Model,Serial number,Site\n"
NAMED = "C1,Hikvision,DS-2CD2143G2-I,SN-1,Yard\nC2,Dahua,IPC-HFW2431S,SN-2,Yard\n"
#: Of firms that the rule for awards does not name.
OTHERS = "D1,DJI,Mavic 3 Enterprise,SN-3,Yard\nA1,Axis,P3265-LV,SN-4,Yard\n"
GRANT = "party.jurisdiction: US, party.role: grant_recipient, act.kind: procure"
ASKED = "Do federal award funds pay, or does it count as your cost share of an award? no"


def told(folder: Path, rows: str, facts: str) -> tuple[StatedAlone | None, str, str]:
    (folder / "assets.csv").write_text(HEAD + rows)
    (folder / "f.yml").write_text(f"title: t\nregimes: [us-889-grants]\nfacts: {{{facts}}}\n")
    made = Ready.of([folder / "f.yml"]).decide(proscribe.scan(folder / "assets.csv", as_of="2026-11-25").scan)
    answer = Saying(made).answer
    return answer.stated_alone, headline(answer), "\n".join(next(parts(answer)).texts)


def test_what_a_typed_no_takes_out_is_counted_and_named(tmp_path: Path) -> None:
    found, head, first = told(tmp_path, NAMED + OTHERS, f"{GRANT}, funds.federal_award: false")
    assert found == StatedAlone(2, (ASKED,))
    assert head.endswith("2 confirmed findings on what was stated alone")
    assert "2 confirmed findings are not covered on what was stated alone" in first and ASKED in first
    assert "would have to say “does”" in first


@pytest.mark.parametrize(
    ("rows", "facts"),
    [
        (NAMED, f"{GRANT}, funds.federal_award: true"),  # reached
        (NAMED, GRANT),  # not known
        (OTHERS, f"{GRANT}, funds.federal_award: false"),  # no rule asked names the firm, whoever pays
    ],
)
def test_what_no_typed_fact_takes_out_is_not_told(tmp_path: Path, rows: str, facts: str) -> None:
    found, head, first = told(tmp_path, rows, facts)
    assert found is None and "stated alone" not in head + first


def test_it_stands_on_the_first_screen_of_a_terminal_and_of_a_report(tmp_path: Path) -> None:
    told(tmp_path, NAMED, f"{GRANT}, funds.federal_award: false")
    asked = [
        "scan",
        str(tmp_path / "assets.csv"),
        "--decide",
        str(tmp_path / "f.yml"),
        "--as-of",
        "2026-11-25",
    ]
    page = tmp_path / "o.html"
    shown = CliRunner().invoke(cli, [*asked, "-o", "table", "-o", f"html={page}"])
    assert "2 confirmed findings are not covered" in " ".join(shown.output.split()), shown.output
    written = page.read_text()
    assert written.index("on what was stated alone") < written.index("<details")
