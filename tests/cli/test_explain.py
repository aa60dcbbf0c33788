"""`proscribe explain`: texts, findings, facts and codes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from proscribe.cli.main import COMMANDS
from proscribe.wording.errors import page

from .conftest import COVERED, DAY, HEADER, Run

SOURCE = Path(__file__).parents[2] / "src" / "proscribe"
Write = Callable[..., Path]


def test_a_text(run: Run) -> None:
    done = run("explain", "Hik vision camera DS 2CD2143G2", "--as-of", DAY)
    assert done.code == 0
    assert "CONFIRMED" in done.out and "Hikvision" in done.out and "DS 2CD2143G2" in done.out


def test_a_text_of_nothing_is_no_clearance(run: Run) -> None:
    done = run("explain", "AZTEC limousine", "--as-of", DAY)
    assert done.code == 0 and "not a clearance" in done.out


def test_bytes_that_are_no_text_are_refused_and_are_no_fault_of_the_program(run: Run) -> None:
    done = run("explain", "camera \udcff\x1b[2J", "--as-of", DAY)
    assert done.code == 2 and "E530" in done.err and r"\xff" in done.err
    assert "E599" not in done.err and "\x1b" not in done.err and "\udcff" not in done.err


def test_a_text_on_another_day(run: Run) -> None:
    before = run("explain", "Honor 8X phone", "--as-of", "2019-06-01").out
    assert "PROBABLE" in before and "POSSIBLE" in run("explain", "Honor 8X phone", "--as-of", DAY).out


def test_a_field_of_the_text(run: Run) -> None:
    assert "PROBABLE" in run("explain", "c06ded140277", "--field", "mac", "--as-of", DAY).out
    done = run("explain", "x", "--field", "macc")
    assert done.code == 2 and "E159" in done.err and "mac" in done.err


def test_a_fact(run: Run) -> None:
    done = run("explain", "name:hikvision/hikvision")
    assert done.code == 0 and "recorded_on" in done.out and "which is:" in done.out


def test_a_finding_is_explained_from_its_scan(run: Run, write: Write, tmp_path: Path) -> None:
    own = write("own.yml", "cleared:\n  - {record_ids: [A1], reason: opened, by: R. Ito, at: 2026-01-20}\n")
    target = tmp_path / "scan.json"
    path = write("a.csv", HEADER + COVERED)
    run("scan", path, "--knowledge", own, "--as-of", DAY, "-o", f"json={target}")
    (finding,) = json.loads(target.read_text("utf-8"))["findings"]
    done = run("explain", finding["id"], "--scan", target)
    assert done.code == 0
    for shown in (
        "CONFIRMED",
        "row 2",
        str(path),
        "DS-2CD2143G2-I",
        "set aside by R. Ito on 2026-01-20: opened",
    ):
        assert shown in done.out
    assert all(fact in done.out for one in finding["evidence"] for fact in one["facts"])
    other = run("explain", "f_0000", "--scan", target)
    assert other.code == 2 and "E158" in other.err


@pytest.mark.parametrize(
    "content",
    [b"", b"not json", b"[]", b"{}", b"null", b'{"findings": 3}', b'{"findings": [{"id": "f_1"}]}', b"\xff\xfe\x00",
     b'{"findings": [{"id": "f_1", "input": 9, "locator": {}}], "inputs": []}', b"[" * 100_000],
)  # fmt: skip
def test_a_file_that_is_no_scan_is_said(run: Run, write: Write, content: bytes) -> None:
    done = run("explain", "f_1", "--scan", write("scan.json", content))
    assert done.code == 3 and "E157" in done.err and done.out == ""


def test_a_finding_without_its_scan(run: Run, tmp_path: Path) -> None:
    assert "--scan" in run("explain", "f_1").err
    assert run("explain", "f_1", "--scan", tmp_path / "none.json").code == 3


def test_every_code_that_can_be_raised_has_a_page(run: Run) -> None:
    raised = {
        code
        for path in SOURCE.rglob("*.py")
        for code in re.findall(r'"(E[1-5]\d\d)[".]', path.read_text("utf-8"))
    }
    assert len(raised) > 60
    assert sorted(code for code in raised if page(code) is None) == []
    done = run("explain", "E140")
    assert done.code == 0 and done.out.startswith("E140") and "What to do" in done.out
    unknown = run("explain", "E399")
    assert unknown.code == 2 and "E155" in unknown.err


def test_every_command_has_help_with_its_line(run: Run) -> None:
    listed = run("--help").out
    for name, line in COMMANDS.items():
        assert name in listed and line.split(".")[0].split(":")[0] in re.sub(r"\s+", " ", listed)
        done = run(name, "--help")
        assert done.code == 0 and done.out.startswith("Usage: proscribe " + name)


def test_an_unknown_command_names_the_nearest(run: Run) -> None:
    done = run("explian")
    assert done.code == 2 and "Did you mean 'explain'?" in done.err


def test_a_name_in_small_letters_is_answered_as_a_name_with_what_is_on_record(run: Run) -> None:
    said = run("explain", "lorex", "--as-of", DAY).out
    named = run("explain", "Lorex", "--as-of", DAY).out
    assert said.startswith(named.splitlines()[0]) and "Dahua" in said.split("On record:")[0]
    assert "lorex  (entities)" in said
    assert run("explain", "name:hikvision/hikvision").out.startswith("name:hikvision/hikvision  (")


def test_a_text_in_plain_words_has_days_and_who_says_so(run: Run) -> None:
    done = run("explain", "Lorex camera", "--plain", "--as-of", DAY)
    assert done.code == 0 and "POSSIBLE: A unit of Lorex, sold as Lorex, covered through Dahua" in done.out
    assert "Lorex: subsidiary of Dahua, since 2018-02-06, before 2022-11-24 [" in done.out
    assert "https://" in done.out and "bits" not in done.out and "To settle: " in done.out
    model = run("explain", "DS-2CD2143G2-I", "--plain", "--as-of", DAY).out
    assert "such numbers are" in model and "[0-9]" not in model
    assert "not a clearance" in run("explain", "AZTEC limousine", "--plain").out


def test_the_rules_of_one_finding_are_told_on_any_day(run: Run, write: Write, tmp_path: Path) -> None:
    facts = write(
        "facts.yml",
        "title: t\nfacts: {party.role: prime_contractor, act.kind: use, party.jurisdiction: US}\n",
    )
    target, store = tmp_path / "scan.json", tmp_path / "cases.db"
    path = write("a.csv", HEADER + COVERED)
    assert run("scan", path, "--as-of", DAY, "--decide", facts, "-o", f"json={target}").code in (0, 1)
    name = json.loads(target.read_text("utf-8"))["findings"][0]["id"]
    told = run("explain", name, "--scan", target, "--rules")
    assert (
        told.code == 0
        and "US  Contracting with an entity that uses covered equipment (us-889-b): " in told.out
    )
    assert "“" in told.out and "Not covered is no permission" in told.out and "(au-" not in told.out
    before = run("explain", name, "--scan", target, "--rules", "--as-of", "2019-09-01").out
    assert "uses covered equipment (us-889-b): Not in force" in before
    assert (
        "  (" not in before
        and "AU  " in run("explain", name, "--scan", target, "--rules", "--every-nation").out
    )
    opened = run("case", "open", "--scan", target, "--zone", "UTC", "--store", store, "--by", "R. Ito")
    assert opened.code == 0, opened.err
    in_case = run("explain", name, "--case", "C-0001", "--store", store, "--rules", "--plain")
    assert "Who names the firm, and since when" in in_case.out
    assert in_case.out.partition("\nUS  ")[2] == told.out.partition("\nUS  ")[2]
    bare = tmp_path / "bare.json"
    run("scan", path, "--as-of", DAY, "-o", f"json={bare}")
    assert "The law was not asked about this finding" in run("explain", name, "--scan", bare, "--rules").out


def test_a_clause_names_the_document_that_it_asks_for_who_signs_and_when(run: Run) -> None:
    for asked in ("52.212-3", "48 CFR 52.212-3(v)"):
        output = run("explain", asked).out
        assert "48 CFR 52.212-3(v) asks for annual-representation" in output
        assert "Who signs or sends it: the offeror, in SAM. When: once a year" in output
        assert "52.212-3(v) (MAY 2024)" in output
    output = run("explain", "52.999-9").out
    assert "asks for" not in output and "not a clearance" in output


def test_each_clause_that_asks_for_a_document_is_one_whose_words_are_held(run: Run) -> None:
    output = run("document", "types").out
    listed = output.partition("In the contract or solicitation:")[2].split("\n")[1:]
    # what is no clause, such as a direction, has no words that are held under its name
    asked = [line[:24].strip() for line in listed if any(map(str.isdigit, line[:24]))]
    assert "48 CFR 52.212-3(v)" in asked and "48 CFR 52.204-26" in asked
    for one in asked:
        output = run("explain", one).out
        assert f"{one} asks for" in output and "Its words that are held" in output, one
