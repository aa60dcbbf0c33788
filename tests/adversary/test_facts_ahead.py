"""Attacks on clocks: what is said to have happened, and has not come yet, starts none; it is refused wherever it is stated."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from proscribe.app.rules.asking import open_talk
from proscribe.app.rules.decisions import WrongValue
from proscribe.cli.main import cli
from proscribe.model.errors import CaseError

PAST, AHEAD = "2026-10-12T10:00:00-04:00", "2131-01-01T00:00:00-05:00"
DAY = date(2026, 11, 25)
STATED = {
    "facts.yml": 'facts: {party.role: prime_contractor, event.identified_at: "%s"}\n',
    "site.yml": 'sites: {HQ: {event.identified_at: "%s"}}\n',
    "answers.csv": "Question,Answer,Fact,Applies to\nWhen?,%s,event.identified_at,company\n",
    "proscribe.toml": '[facts]\n"event.identified_at" = "%s"\n',
}


def run(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(cli, [str(word) for word in words])
    return done.exit_code, done.output


def scanned(folder: Path, name: str, when: str, day: date = DAY) -> tuple[int, str]:
    listed = folder / "list.csv"
    listed.write_text("Item,Model\nCamera,Hikvision DS-2CD2143G2-I\n")
    (folder / name).write_text(STATED[name] % when)
    return run(
        "scan",
        listed,
        "--as-of",
        day,
        "--quiet",
        "--decide",
        folder / name,
        "-o",
        f"json={folder / 'scan.json'}",
    )


@pytest.mark.parametrize("name", STATED)
def test_no_file_states_what_is_to_come(tmp_path: Path, name: str) -> None:
    code, said = scanned(tmp_path, name, AHEAD)
    assert code == 2 and "E440 event.identified_at is 2131-01-01" in said and name in said, said
    assert not (tmp_path / "scan.json").exists()
    code, said = scanned(tmp_path, name, PAST)
    assert code != 2, said


def test_no_case_file_states_it_but_for_a_day_after_it(tmp_path: Path) -> None:
    place = tmp_path / "case.yml"
    text = f'id: one\nas_of: %s\nfacts: {{party.role: prime_contractor, event.identified_at: "{AHEAD}"}}\n'
    place.write_text(text % "2026-11-25")
    code, said = run("decide", place)
    assert code == 2 and "E440" in said and "case.yml:3:" in said, said
    place.write_text(text % "2131-02-01")  # a question about a later day supposes what lies before it
    assert run("decide", place)[0] != 2


def test_no_question_takes_it_for_an_answer(tmp_path: Path) -> None:
    talk = open_talk(tmp_path / "case.yml", as_of=DAY)
    with pytest.raises(WrongValue, match="lies in the future"):
        talk.interview.take("event.identified_at", AHEAD)
    assert not talk.interview.case.facts
    talk.interview.take("event.identified_at", PAST)
    (tmp_path / "facts.yml").write_text(STATED["facts.yml"] % AHEAD)
    with pytest.raises(CaseError, match="E440"):
        open_talk(tmp_path / "case.yml", as_of=DAY, company=[tmp_path / "facts.yml"])


def test_no_case_takes_a_scan_that_was_decided_with_it(tmp_path: Path) -> None:
    """A scan may ask the law of a later day; clocks run by the clock of the store all the same."""
    store = tmp_path / "c.db"
    by = ("--by", "R. Ito", "--store", store)
    opened = ("case", "open", "--scan", tmp_path / "scan.json", "--title", "t", "--zone", "UTC", *by)
    assert scanned(tmp_path, "facts.yml", AHEAD, date(2131, 2, 1))[0] != 2
    code, said = run(*opened)
    assert code == 2 and "E440" in said, said
    scanned(tmp_path, "facts.yml", PAST)
    code, said = run(*opened)
    assert code == 0, said
    scanned(tmp_path, "facts.yml", AHEAD, date(2131, 2, 1))
    code, said = run("case", "attach", "C-0001", tmp_path / "scan.json", *by)
    assert code == 2 and "E440" in said, said
