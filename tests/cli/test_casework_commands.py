"""The story of a case from the command line, as a clerk and an approver live it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click.testing
import pytest

from proscribe.cli.main import cli

ROOT = Path(__file__).parents[2]
FACTS = """
- id: mill-lane
  title: Cameras at Mill Lane
  as_of: 2026-11-25
  regimes: [us-889-b]
  facts:
    party.jurisdiction: US
    party.role: prime_contractor
    act.kind: continue_contract
    use.by: the_entity
    item.producer: hikvision
    item.kind: video_surveillance_equipment
    item.purpose: [public_safety]
    item.role_in_system: substantial_or_essential_component
    contract.agency: GSA
    contract.clauses: [52.204-25 (NOV 2021)]
    contract.is_micro_purchase: false
    event.identified_at: 2026-11-20
    event.during_performance: true
"""


class Shell:
    """Runs commands in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runner = click.testing.CliRunner()

    def __call__(self, *words: str, code: int = 0, by: str | None = "R. Ito") -> str:
        environment = {"PROSCRIBE_STORE": str(self.folder / "c.db"), "PROSCRIBE_ZONE": "America/New_York"}
        if by is not None:
            environment["PROSCRIBE_USER"] = by
        result = self.runner.invoke(cli, list(words), env=environment)
        assert result.exit_code == code, result.output + str(result.exception)
        assert "Traceback" not in result.output
        return result.output

    def json(self, *words: str, code: int = 0) -> Any:
        return json.loads(self(*words, "-o", "json", code=code))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    for name in ("PROSCRIBE_USER", "PROSCRIBE_STORE", "PROSCRIBE_ZONE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "facts.yml").write_text(FACTS)
    return Shell(tmp_path)


def test_the_story_of_a_case(run: Shell, tmp_path: Path) -> None:
    said = run(
        "case", "open", "--facts", str(tmp_path / "facts.yml"), "--uei", "ZQGGH8XPGKL9", "--contract", "GS-1"
    )
    assert "Opened C-0001: Cameras at Mill Lane" in said
    assert "First report (48 CFR 52.204-25(d)(2)(i))" in said and "2026-11-23" in said
    held = run.json("case", "show", "C-0001")
    assert (held["case"]["uei"], held["determinations"][0]["outcome"]) == ("ZQGGH8XPGKL9", "not_covered")
    first = next(item["id"] for item in held["deadlines"] if item["stage"] == "first")
    overdue = run("clock", "--as-of", "2026-11-24", "--ics", str(tmp_path / "due.ics"), code=1)
    assert "!! 1 OVERDUE" in overdue and "OVERDUE    2026-11-23" in overdue
    assert (tmp_path / "due.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert run.json("clock", "--as-of", "2026-11-20")["overdue"] == 0
    said = run("case", "approve", "C-0001", "D1", code=2)
    assert "E426" in said
    assert "approved by L. Park" in run("case", "approve", "C-0001", "D1", by="L. Park")
    version = run.json("case", "show", "C-0001")["case"]["version"]
    run("case", "note", "C-0001", "called the contracting officer")
    said = run("case", "assign", "C-0001", "L. Park", "--expect", str(version), code=2)
    assert "E422" in said and "noted by R. Ito" in said
    run("case", "assign", "C-0001", "L. Park", "--expect", str(version + 1))
    said = run(
        "case", "submit", "C-0001", "--meets", first, "--to", "contracting officer", "--how", "e-mail",
        "--at", "2026-11-23T10:00:00-05:00",
    )  # fmt: skip
    assert "C-0001 is reported" in said and "Second report" in said and "2026-12-08" in said
    assert "rests on the word of R. Ito alone" in said
    assert "E431" in run("case", "close", "C-0001", "--reason", "done", code=2)
    second = next(
        item for item in run.json("case", "show", "C-0001")["deadlines"] if item["stage"] == "follow-up"
    )
    run(
        "clock",
        "meet",
        f"C-0001/{second['id']}",
        "--how",
        "second report, e-mail",
        "--at",
        "2026-11-24T09:00:00-05:00",
    )
    run("case", "close", "C-0001", "--reason", "cameras removed")
    assert "Sound" in run("case", "verify", "--keep", str(tmp_path / "head.json"))
    assert "reopen" in run("case", "fact", "C-0001", "use.by=the_entity", code=2)
    run("case", "reopen", "C-0001", "--reason", "another camera")
    run("case", "fact", "C-0001", "use.by=", "contract.is_idiq=no", "event.new_information_at=2026-11-24")
    assert "C-0001" in run("case", "list", "--text", "mill lane")
    assert "No case." in run("case", "list", "--state", "closed")
    assert "Sound" in run("case", "verify", "--head", str(tmp_path / "head.json"))
    shown = run("case", "show", "C-0001", "--events")
    assert "reopened by R. Ito" in shown and "stated for 2026-11-23T15:00:00" in shown


def test_a_scope_and_statements_are_made_and_approved(run: Shell, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Tag,Maker,Model,Site\nA1,Hikvision,DS-2CD2143G2-I,Mill Lane\n")
    scan, inquiry = tmp_path / "scan.json", tmp_path / "inquiry.yml"
    run("scan", str(tmp_path / "list.csv"), "--quiet", "-o", f"json={scan}", code=1)
    run("case", "open", "--scan", str(scan), "--title", "Cameras")
    known = run.json("case", "show", "C-0001")["runs"][0]["id"]
    said = run(
        "case",
        "scope",
        "C-0001",
        "--bears-on",
        "use",
        "--run",
        known,
        "--reason",
        "lists of what we own, none of what we sell",
    )
    assert "C-0001/ST1 puts outside:" in said and "list.csv" in said
    assert "E426" in run("case", "approve", "C-0001", "ST1", code=2)
    run("case", "approve", "C-0001", "ST1", by="L. Park")
    assert "ST1 taken back" in run("case", "scope", "C-0001", "--take-back", "ST1")
    inquiry.write_text(
        "inquiry:\n  by: R. Ito\n  started_on: 2026-11-01\n  ended_on: 2026-11-20\n  scope: all sites\n  method: lists read\n"
    )
    said = run("case", "state", "C-0001", str(inquiry))
    assert "C-0001/ST3: inquiry." in said and "proscribe case approve C-0001 ST3" in said


def test_a_clock_that_may_run_names_its_clause_and_what_decides(run: Shell, tmp_path: Path) -> None:
    unsure = FACTS.replace("    contract.clauses: [52.204-25 (NOV 2021)]\n", "").replace(
        "    item.role_in_system: substantial_or_essential_component\n", ""
    )
    (tmp_path / "facts.yml").write_text(unsure)
    run("case", "open", "--facts", str(tmp_path / "facts.yml"))
    rows = run.json("clock", code=1)["deadlines"]
    may = [one for one in rows if one["doubtful"]]
    assert may and all(
        one["hinges_on"].startswith(f"if {one['citation'].partition('(')[0]} applies; that depends on ")
        for one in may
    )
    assert all(one["hinges_on"] == "" for one in rows if not one["doubtful"])
    for text in (run("clock", code=1), run("case", "show", "C-0001")):
        assert "if it applies" not in text
        assert "if 48 CFR 52.204-25 applies; that depends on" in text, text


def test_backup_restore_export_import_and_one_changed_byte(run: Shell, tmp_path: Path) -> None:
    run("case", "open", "--facts", str(tmp_path / "facts.yml"))
    run("case", "backup", str(tmp_path / "b.zip"))
    run("case", "export", "C-0001", str(tmp_path / "c.zip"))
    assert "E441" in run("case", "backup", str(tmp_path / "b.zip"), code=2)
    assert "Sound" in run("case", "verify", str(tmp_path / "c.zip"))
    for words in (("restore", str(tmp_path / "b.zip")), ("import", str(tmp_path / "c.zip"))):
        assert "E444" in run("case", *words, "--store", str(tmp_path / "n.db"), code=2)
    assert "Restored" in run(
        "case", "restore", str(tmp_path / "b.zip"), "--unsigned", "--store", str(tmp_path / "r.db")
    )
    assert "Taken over as C-0001" in run(
        "case", "import", str(tmp_path / "c.zip"), "--unsigned", "--store", str(tmp_path / "i.db")
    )
    content = bytearray((tmp_path / "c.zip").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "bad.zip").write_bytes(content)
    assert "E436" in run(
        "case", "import", str(tmp_path / "bad.zip"), "--unsigned", "--store", str(tmp_path / "x.db"), code=2
    )
    assert "E433" in run("case", "verify", str(tmp_path / "facts.yml"), code=2)


def test_a_case_and_a_backup_travel_under_a_signature(
    run: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROSCRIBE_PASSPHRASE", "a sentence only the signer knows")
    for name in ("ours", "theirs"):
        run("attest", "key", "-o", str(tmp_path / name))
    ours, public = str(tmp_path / "ours.key"), str(tmp_path / "ours.pub.pem")
    run("case", "open", "--facts", str(tmp_path / "facts.yml"))
    case, backup, head = (str(tmp_path / name) for name in ("c.zip", "b.zip", "head.json"))
    assert "signed with" in run("case", "export", "C-0001", case, "--key", ours)
    assert "signed with" in run("case", "backup", backup, "--key", ours)
    run("case", "note", "C-0001", "later")
    run("case", "verify", "--keep", head)
    assert "E484" in run("case", "backup", str(tmp_path / "b.db"), "--key", ours, code=2)
    # a stranger, with the public key
    said = run("verify", case, "--key", public)
    assert said.startswith("VALID") and "C-0001" in said
    assert "signed by R. Ito, with a key you trust" in run("case", "verify", case, "--key", public)
    assert "was not checked" in run("case", "verify", case)
    assert "E444" in run("case", "verify", case, "--key", str(tmp_path / "theirs.pub.pem"), code=2)
    # what the store ends with, against what was signed
    assert "Sound" in run("case", "verify", "--head", backup, "--key", public)
    other = ("--store", str(tmp_path / "other.db"))
    assert "E444" in run("case", "import", case, *other, code=2)
    assert "Taken over as C-0001" in run("case", "import", case, "--key", public, *other)
    again = ("--store", str(tmp_path / "again.db"))
    assert "E436" in run("case", "restore", backup, "--key", public, "--head", head, *again, code=2)
    assert "Restored" in run("case", "restore", backup, "--key", public, *again)
    assert "not compared" not in run("case", "verify", "--head", backup, "--key", public, *again)


def test_a_cut_end_is_not_said_to_be_excluded(run: Shell) -> None:
    run("case", "open", "--title", "x")
    assert "would not show" in run("case", "verify")
    assert run.json("case", "verify")["compared_with_kept_head"] is False


def test_tampering_is_loud(run: Shell, tmp_path: Path) -> None:
    import sqlite3

    run("case", "open", "--facts", str(tmp_path / "facts.yml"))
    other = sqlite3.connect(tmp_path / "c.db")
    other.execute("DROP TRIGGER events_no_update")
    other.execute("UPDATE events SET \"by\" = 'Somebody else' WHERE seq = 1")
    other.commit()
    other.close()
    said = run("case", "verify", code=1)
    assert "NOT SOUND" in said and "altered: event 1" in said
    assert not run.json("case", "verify", code=1)["sound"]


def test_tables_that_were_changed_are_written_anew_from_the_entries(run: Shell, tmp_path: Path) -> None:
    import sqlite3

    run("case", "open", "--facts", str(tmp_path / "facts.yml"))
    other = sqlite3.connect(tmp_path / "c.db")
    other.execute("DELETE FROM deadlines")
    other.commit()
    assert "--rebuild" in run("clock", code=2)
    assert "repeated" in run("case", "verify", code=1)
    assert "Sound" in run("case", "verify", "--rebuild")
    assert "First report" in run("clock", code=1)
    other.executescript(
        "DROP TRIGGER events_no_update; UPDATE events SET \"by\" = 'Somebody else' WHERE seq = 1"
    )
    other.close()
    assert "NOT SOUND" in run("case", "verify", "--rebuild", code=1)


def test_what_was_judged_on_a_ground_is_found_by_it(run: Shell, tmp_path: Path) -> None:
    rows = "".join(f"A{one},Hikvision DS-2CD2042WD-I camera\n" for one in range(1, 6))
    (tmp_path / "a.csv").write_text(f"id,description\n{rows}")
    scan = tmp_path / "scan.json"
    run("scan", str(tmp_path / "a.csv"), "--as-of", "2026-11-25", "--quiet", "-o", f"json={scan}", code=1)
    run("case", "open", "--scan", str(scan))
    ids = [one["finding_id"] for one in run.json("case", "show", "C-0001")["support"]]
    run("case", "judge", "C-0001", ids[0], "only-talk", "--reason", "minutes of a meeting")
    run(
        "case",
        "judge",
        "C-0001",
        ids[1],
        "gone",
        "--day",
        "2026-01-05",
        "--paper",
        "receipt 4",
        "--reason",
        "sold",
    )
    run("case", "judge", "C-0001", ids[2], "cleared", "--reason", "opened: Axis", "--until", "2027-05-01")
    run("case", "judge", "C-0001", ids[3], "different", "--reason", "a sticker")

    def found(where: str) -> list[str]:
        return [one for one in ids if one in run("case", "findings", "C-0001", "--where", where)]

    assert found("verdict=only-talk") == [ids[0]] and found("verdict=gone") == [ids[1]]
    assert found("verdict=not-ours") == []
    assert found("verdict=gone,verdict=different") == [ids[1], ids[3]]
    assert found("verdict=gone,verdict=cleared") == ids[:3] and found("verdict=(none)") == [ids[4]]
    assert run.json("case", "findings", "C-0001", "--where", "verdict=gone", "--facets")["total"] == 1
    assert "E438" in run("case", "findings", "C-0001", "--where", "verdict=sold", code=2)


def test_a_judged_finding_is_set_aside_in_the_next_scan(run: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "id,description\nA1,Hikvision DS-2CD2042WD-I camera\nA2,Dahua IPC-HFW2431S camera\n"
    )
    scan = tmp_path / "scan.json"
    source = str(tmp_path / "a.csv")
    until = (datetime.now(UTC).date() + timedelta(days=400)).isoformat()
    run("scan", source, "--as-of", "2026-11-25", "--quiet", "-o", f"json={scan}", code=1)
    run("case", "open", "--scan", str(scan))
    held = run.json("case", "show", "C-0001")
    one = next(json.loads(item["finding"])["entity"] and item["finding_id"] for item in held["support"])
    run("case", "judge", "C-0001", one, "cleared", "--reason", "opened: an Axis camera", code=2)
    run(
        "case",
        "judge",
        "C-0001",
        one,
        "cleared",
        "--reason",
        "opened: an Axis camera",
        "--until",
        until,
    )
    said = run("case", "judgements", str(tmp_path / "judged.yml"))
    assert "1 findings set aside" in said
    run(
        "scan",
        source,
        "--as-of",
        "2026-11-25",
        "--quiet",
        "--knowledge",
        str(tmp_path / "judged.yml"),
        "-o",
        f"json={tmp_path / 'again.json'}",
        code=1,
    )
    again = json.loads((tmp_path / "again.json").read_text())
    aside = [item for item in again["findings"] if item.get("ignored")]
    assert [item["id"] for item in aside] == [one]
    assert "Axis" in aside[0]["ignored"]["reason"] and aside[0]["ignored"]["by"] == "R. Ito"
    run("case", "attach", "C-0001", str(tmp_path / "again.json"))
    assert f"judged cleared until {until}" in run("case", "show", "C-0001")


def test_waivers_from_the_command_line(run: Shell, tmp_path: Path) -> None:
    run("case", "open", "--title", "Waiver for Mill Lane")
    (tmp_path / "why.txt").write_text("No other supplier delivers before June.")
    said = run("waiver", "new", "C-0001", "--grantor", "agency_head", "--part", "b", "--scope", "12 cameras",
               "--justification", str(tmp_path / "why.txt"), "--agency", "GSA")  # fmt: skip
    assert "NOT AVAILABLE" in said and "asked while the authority runs" in said
    said = run("waiver", "check", "C-0001/W1", "--on", "2026-11-25", code=1)
    assert "us-889-waiver-agency-b on 2026-11-25: NOT AVAILABLE" in said
    said = run(
        "waiver",
        "new",
        "C-0001",
        "--grantor",
        "dni",
        "--part",
        "b",
        "--scope",
        "12 cameras",
        "--agency",
        "GSA",
        "--at",
        "2026-11-18T10:00:00-05:00",
    )
    assert "available (waived)" in said
    (tmp_path / "grant.pdf").write_bytes(b"%PDF-1.7")
    grant = ("--granted-on", "2026-11-20", "--valid-to", "2027-11-19", "--proof", str(tmp_path / "grant.pdf"))
    assert "E426" in run("waiver", "grant", "C-0001/W2", *grant, code=2)
    assert "E434" in run("waiver", "grant", "C-0001/W1", *grant, code=2, by="L. Park")
    assert "granted, to 2027-11-19" in run("waiver", "grant", "C-0001/W2", *grant, by="L. Park")
    assert "in_force" in run("waiver", "list", "--on", "2027-11-19")
    assert "lapsed" in run("waiver", "list", "--on", "2027-11-20", "--exposed")
    assert "Waiver W2 ends" in run("clock")
    run("waiver", "revoke", "C-0001/W2", "--on", "2027-01-01", "--reason", "withdrawn")
    said = run("clock")
    assert "Waiver" not in said and "C-0001: It is not known whether anything is due" in said
    said = run(
        "clock", "add", "C-0001", "--title", "Renew the entry in SAM", "--due", "2027-11-25", "--lasting"
    )
    assert "due 2027-11-25  Renew the entry in SAM" in said
    assert "E440" in run("clock", "add", "C-0001", "--title", "x", "--due", "tomorrow", code=2)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("case", "list"), "E420"),
        (("case", "show", "C-0001"), "E420"),
        (("clock",), "E420"),
        (("case", "verify"), "E420"),
    ],
)
def test_without_a_store(run: Shell, tmp_path: Path, words: tuple[str, ...], code: str) -> None:
    assert code in run(*words, code=2)
    assert not (tmp_path / "c.db").exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("case", "show", "C-9999"), "E423"),
        (("case", "note", "C-0001", "  "), "E438"),
        (("case", "note", "C-0001", "x", "--at", "2026-11-25T10:00:00"), "E440"),
        (("case", "note", "C-0001", "x", "--at", "2099-11-25T10:00:00Z"), "E440"),
        (("case", "note", "C-0001", "x", "--at", "0001-01-01T12:00:00Z"), "E440"),
        (("case", "note", "C-0001", "x", "--at", "0500-01-01T12:00:00+00:00"), "E440"),
        (("case", "fact", "C-0001", "use.buy=x"), "E401"),
        (("case", "fact", "C-0001", "contract.clauses=[52.204-99]"), "E429"),
        (("case", "fact", "C-0001", "nonsense"), "E438"),
        (("case", "judge", "C-0001", "f_x", "same", "--reason", "r"), "E439"),
        (("case", "attach", "C-0001", "none.json"), "E433"),
        (("case", "verify", "--head", "none.json"), "E433"),
        (("clock", "meet", "C-0001", "--how", "x"), "E423"),
        (("clock", "withdraw", "C-0001/d_x", "--reason", "x"), "E423"),
        (("waiver", "check", "C-0001/W9"), "E423"),
        (("waiver", "check", "W9"), "E423"),
        (("case", "open", "--title", "t", "--uei", "SHORT"), "E428"),
        (("case", "open", "--title", "t", "--as-of", "1999-01-01"), "E430"),
        (("case", "open"), "E438"),
        (("case", "open", "--title", "t", "--zone", "Nowhere"), "E440"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(run: Shell, words: tuple[str, ...], code: str) -> None:
    run("case", "open", "--title", "A case")
    assert code in run(*words, code=2)
    assert "Sound" in run("case", "verify")
    assert len(run.json("case", "show", "C-0001", "--events")["events"]) == 1
    assert len(run.json("case", "list")) == 1


def test_somebody_has_to_do_it(run: Shell, tmp_path: Path) -> None:
    assert "E425" in run("case", "open", "--title", "t", by=None, code=2)
    assert not (tmp_path / "c.db").exists()


def test_a_calendar_file_takes_the_place_of_nothing_but_a_file(run: Shell, tmp_path: Path) -> None:
    import os

    run("case", "open", "--title", "x")
    os.mkfifo(tmp_path / "pipe")
    assert "E510" in run("clock", "--ics", str(tmp_path / "pipe"), code=5)
    assert (tmp_path / "pipe").is_fifo()


def test_no_day_stops_the_clocks(run: Shell) -> None:
    run("case", "open", "--title", "x")
    for day in ("0001-01-01", "9999-12-31"):
        assert "E430" in run("clock", "add", "C-0001", "--title", "t", "--due", day, code=2)
        assert "E430" in run("clock", "--as-of", day, code=2)
    said = run("clock")
    assert "Nothing is due" not in said and "C-0001: It is not known whether anything is due" in said


def test_a_case_is_taken_from_somebody(run: Shell) -> None:
    run("case", "open", "--title", "x")
    assert "is with L. Park" in run("case", "assign", "C-0001", "L. Park")
    assert "is with nobody" in run("case", "assign", "C-0001", "")
    assert "E425" in run("case", "assign", "C-0001", "\x1b[31mEve", code=2)
    assert "E443" in run("case", "open", "--title", "x", "--jurisdiction", "Mars", code=2)
    assert "E443" in run("case", "open", "--title", "x", "--contract", "c" * 201, code=2)


def test_errors_cannot_write_to_the_terminal(run: Shell) -> None:
    said = run("case", "open", "--scan", "\x1b[2Jscan\u202e.json", code=2)
    assert "E433" in said and "\x1b" not in said and "\u202e" not in said


def test_titles_cannot_write_to_the_terminal(run: Shell) -> None:
    run("case", "open", "--title", "red \x1b[31m and \u202eback")
    for said in (run("case", "list"), run("case", "show", "C-0001")):
        assert "red" in said and "\x1b" not in said and "\u202e" not in said


def test_a_missing_extra_is_named(run: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    import proscribe.casework

    # a package that is read in again hangs itself under its parent; the old one goes back there as well
    monkeypatch.setattr(proscribe, "casework", proscribe.casework)
    for name in [name for name in sys.modules if name.startswith(("sqlalchemy", "proscribe.casework"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    said = run("case", "list", code=5)
    assert "E502" in said and "proscribe[app]" in said


def test_many_findings_are_paged_counted_and_judged_at_once(run: Shell, tmp_path: Path) -> None:
    rows = "".join(
        f"A{n},Hikvision DS-2CD2042WD-I camera,{'Mill Lane' if n % 2 else 'HQ'}\n" for n in range(8)
    )
    (tmp_path / "a.csv").write_text("asset tag,description,site\n" + rows)
    scan = tmp_path / "scan.json"
    run("scan", str(tmp_path / "a.csv"), "--as-of", "2026-11-25", "--quiet", "-o", f"json={scan}", code=1)
    run("case", "open", "--scan", str(scan))
    first = run.json("case", "findings", "C-0001", "--limit", "5")
    rest = run.json("case", "findings", "C-0001", "--after", str(first["after"]))
    assert [len(first["findings"]), len(rest["findings"]), rest["after"]] == [5, 3, None]
    assert "Next page: --after 4" in run("case", "findings", "C-0001", "--limit", "5")
    where = ("--where", "site='Mill Lane',judged=no")
    seen = run.json("case", "findings", "C-0001", *where, "--facets")
    assert seen["total"] == 4 and seen["facets"]["site"] == {"Mill Lane": 4}
    assert "--expect-count 4" in run("case", "findings", "C-0001", *where, "--facets")
    judge = ("case", "judge", "C-0001", "different", *where, "--reason", "relabelled Axis cameras")
    assert "E449" in run(*judge, code=2)
    expect = ("--expect-count", "4", "--expect-digest", seen["digest"])
    assert "4 findings judged different" in run(*judge, *expect)
    assert "E448" in run(*judge, *expect, code=2)
    left = run.json("case", "findings", "C-0001", "--limit", "1")["findings"][0]["finding_id"]
    less = ("case", "findings", "C-0001", "--facets", "--where", f"site='Mill Lane',without={left}")
    assert run.json(*less)["total"] == 4 - run.json(*less[:-1], f"site='Mill Lane',finding={left}")["total"]
    assert "E449" in run(*less[:-1], "without=f_none", code=2)
    assert "4 findings set aside" in run("case", "judgements", str(tmp_path / "judged.yml"))
    assert "E449" in run("case", "findings", "C-0001", "--where", "colour=red", code=2)
    assert "E424" in run("case", "take-back", "C-0001", judged_one(run), "--by", "Kim Berg", code=2)
    assert "4 judged by nobody again" in run("case", "take-back", "C-0001", judged_one(run))
    assert "E423" in run("case", "take-back", "C-0001", left, code=2)
    assert "4 findings judged different" in run(*judge, *expect)
    assert run("case", "findings", "C-0001", "--where", "verdict=different").count("judged different") == 4


def judged_one(run: Any) -> str:
    return str(
        run.json("case", "findings", "C-0001", "--where", "verdict=different")["findings"][0]["finding_id"]
    )


def test_the_socket_in_the_address_of_a_store_is_no_file_that_is_read(tmp_path: Path) -> None:
    import socket

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        place = f"postgresql://nobody@/none?unix_sock={tmp_path}/s"
        done = click.testing.CliRunner().invoke(cli, ["case", "list", "--store", place])
    assert "E420" in done.stderr and "E106" not in done.stderr
