"""Round trip with people: scan, ask, fill in, scan again."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from scan_samples import COMPANY_FACTS

from proscribe.choice.headings import headings_of
from proscribe.choice.templates import TRACE
from proscribe.cli.main import cli
from proscribe.model.observations import OUR_COLUMNS
from proscribe.reports.questions import COLUMNS

DAY = "2026-11-25"
ASSETS = """Asset ID,Manufacturer,Model,Description,MAC,Site
A1,Hikvision,DS-2CD2143G2-I,Dome camera,c0:6d:ed:14:02:77,Harrow HQ
A2,Dahua,IPC-HFW5442E-ZE,Bullet camera,,Depot
A3,Huawei,S5735-L24P4S-A1,Switch,f8:3e:95:10:22:31,Depot
A4,,,unknown device,44:19:b6:01:02:03,Depot
"""


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assets.csv").write_text(ASSETS)
    (tmp_path / "facts.yml").write_text(COMPANY_FACTS)
    return tmp_path


def scanned(folder: Path, *more: str | Path) -> dict[str, Any]:
    target = folder / "scan.json"
    result = run("scan", folder / "assets.csv", "--as-of", DAY, "--quiet", "-o", f"json={target}", *more)
    # findings at or above the threshold, as without --decide; 3 where a cell was read with a doubt
    assert result.exit_code in (1, 3), result.output
    value: dict[str, Any] = json.loads(target.read_text())
    return value


def outcomes(scan: dict[str, Any]) -> dict[str, str]:
    return {one["record_id"]: one["outcome"] for one in scan["findings"]}


def filled(path: Path, answers: dict[tuple[str, str], str]) -> None:
    """Write answers into a questionnaire, by fact and scope, as a person would."""
    book = openpyxl.load_workbook(path)
    sheet = book["Questions"]
    titles = {cell.value: cell.column for cell in sheet[1]}
    left = dict(answers)
    for row in range(2, sheet.max_row + 1):
        key = tuple(sheet.cell(row, titles[name]).value for name in ("Fact", "Applies to"))
        if key in left:
            sheet.cell(row, titles["Answer"]).value = left.pop(key)
    assert not left, f"not asked: {left}"
    book.save(path)


def answered(sheet: Path, fact: str, answer: str) -> list[dict[str, str]]:
    """Answer every open question about a fact in a CSV questionnaire; gives these questions."""
    with sheet.open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    asked = [one for one in rows if not one["Answer"] and one["Fact"] == fact]
    for one in asked:
        one["Answer"] = answer
    with sheet.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return asked


def test_the_round_trip_settles_what_was_open(folder: Path) -> None:
    first = scanned(folder, "--decide", folder / "facts.yml")
    assert outcomes(first) == {
        "A1": "undetermined", "A2": "undetermined", "A3": "prohibited", "A4": "undetermined",
    }  # fmt: skip
    form = folder / "questions.xlsx"
    assert run("questions", folder / "scan.json", "-o", f"xlsx={form}").exit_code == 0
    filled(
        form,
        {
            ("item.purpose", "site:Harrow HQ"): "none",
            ("item.purpose", "site:Depot"): "public_safety; critical_infrastructure_surveillance",
        },
    )
    settled = {"A1": "not_covered", "A2": "prohibited", "A3": "prohibited", "A4": "undetermined"}
    # the questionnaire carries what was stated before, so it may go back alone or beside the facts
    assert outcomes(scanned(folder, "--decide", form)) == settled
    again = scanned(folder, "--decide", folder / "facts.yml", "--answers", form)
    assert outcomes(again) == settled
    assert run("questions", folder / "scan.json", "-o", f"csv={folder / 'next.csv'}").exit_code == 0
    with (folder / "next.csv").open(encoding="utf-8-sig", newline="") as file:
        asked = {(row["Fact"], row["Applies to"]) for row in csv.DictReader(file) if not row["Answer"]}
    assert not any(fact == "item.purpose" for fact, _ in asked)
    weak = next(one["id"] for one in again["findings"] if one["record_id"] == "A4")
    assert ("item.producer", f"finding:{weak}") in asked


def test_questions_say_who_asks_what_is_allowed_and_what_waits(folder: Path) -> None:
    scan = scanned(folder, "--decide", folder / "facts.yml")
    run("questions", folder / "scan.json", "-o", f"xlsx={folder / 'q.xlsx'}")
    book = openpyxl.load_workbook(folder / "q.xlsx")
    sheet = book["Questions"]
    titles = [cell.value for cell in sheet[1]]
    rows = [dict(zip(titles, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)]
    row = next(one for one in rows if (one["Fact"], one["Site"]) == ("item.purpose", "Harrow HQ"))
    assert row["Asked by"] == "Pub. L. 115-232 §889(a)(1)(B)"
    assert row["Decides"] == "yes"
    assert row["Findings that wait"] == "1"
    found = scan["findings"][0]
    assert found["record_id"] == "A1" and row["Rows"].endswith("assets.csv row 2")
    assert row["Answer"] is None
    assert "public_safety" in row["Allowed values"]
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    answer = titles.index("Answer") + 1
    number = rows.index(row) + 2
    cell = sheet.cell(number, answer).coordinate
    assert any(cell in str(rule.sqref) for rule in lists)
    # sites one after another, what decides before what only helps
    sites = [one["Site"] for one in rows if one["Applies to"] != "company"]
    assert sites == sorted(sites, key=str.casefold)
    assert sites


def test_long_lists_stand_on_a_sheet_of_their_own(folder: Path) -> None:
    (folder / "assets.csv").write_text("Asset ID,Manufacturer,Model,Site\nA1,Huawei,Huawei Cloud ECS,HQ\n")
    scanned(folder, "--decide", folder / "facts.yml")
    assert run("questions", folder / "scan.json", "-o", f"xlsx={folder / 'q.xlsx'}").exit_code == 0
    book = openpyxl.load_workbook(folder / "q.xlsx")
    long = [
        rule for rule in book["Questions"].data_validations.dataValidation if "Lists" in str(rule.formula1)
    ]
    assert long
    assert book["Lists"].sheet_state == "hidden"
    assert "video_surveillance_equipment" in [
        cell.value for column in book["Lists"].columns for cell in column
    ]


def test_a_scan_that_was_not_decided_asks_first_who_asks_and_what_is_done(folder: Path) -> None:
    scanned(folder)
    result = run("questions", folder / "scan.json", "-o", "csv")
    rows = list(csv.DictReader(result.stdout.splitlines()))
    assert [row["Fact"] for row in rows] == ["party.jurisdiction", "party.role", "act.kind"]
    assert "more questions depend on these answers" in run("questions", folder / "scan.json").output


def test_facts_may_be_given_to_the_questions_themselves(folder: Path) -> None:
    scanned(folder)
    result = run("questions", folder / "scan.json", "-o", "csv", "--decide", folder / "facts.yml")
    rows = list(csv.DictReader(result.stdout.splitlines()))
    assert ("item.purpose", "site:Depot") in {(row["Fact"], row["Applies to"]) for row in rows}
    assert "party.role" not in {row["Fact"] for row in rows if not row["Answer"]}


def test_an_answered_questionnaire_asks_nothing_that_is_settled(folder: Path) -> None:
    facts = COMPANY_FACTS.replace("prime_contractor", "private_company")
    (folder / "facts.yml").write_text(facts)
    scan = scanned(folder, "--decide", folder / "facts.yml")
    assert set(outcomes(scan).values()) == {"not_covered"}
    rows = list(csv.DictReader(run("questions", folder / "scan.json", "-o", "csv").stdout.splitlines()))
    assert [row for row in rows if not row["Answer"]] == []


def test_a_wrong_answer_stops_before_the_scan_with_row_and_column(folder: Path) -> None:
    scanned(folder, "--decide", folder / "facts.yml")
    form = folder / "q.xlsx"
    run("questions", folder / "scan.json", "-o", f"xlsx={form}")
    filled(form, {("item.purpose", "site:Depot"): "publicsafety"})
    result = run("scan", folder / "assets.csv", "--decide", form)
    assert result.exit_code == 2
    assert "E402" in result.output and "row " in result.output and "'Answer'" in result.output
    assert "public_safety" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": "proscribe.decide/1"}', "{", '{"schema": 3}'])
def test_a_file_that_is_no_scan_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "scan.json"
    path.write_text(text)
    result = run("questions", path)
    assert result.exit_code == 3
    assert "E157" in result.output


@pytest.mark.parametrize(
    "spoil",
    [
        {"evidence": [{"found": 3}]},
        {"determinations": [3]},
        {"determinations": [{"outcome": "undetermined"}]},
        {"band": "sure"},
        {"locator": 7},
        {"details": [1]},
    ],
)
def test_a_scan_that_was_tampered_with_is_refused_in_words(folder: Path, spoil: dict[str, Any]) -> None:
    value = scanned(folder, "--decide", folder / "facts.yml")
    for changed in (
        {**value, "findings": [{**value["findings"][0], **spoil}]},
        {**value, "decided": {"stated": [1]}},
    ):
        (folder / "scan.json").write_text(json.dumps(changed))
        result = run("questions", folder / "scan.json")
        assert result.exit_code == 3
        assert "E157" in result.output


def test_usage_slips_are_named(folder: Path) -> None:
    scanned(folder)
    assert "Did you mean -o xlsx" in run("questions", folder / "scan.json", "-o", "xls=a").output
    assert "E193" in run("questions", folder / "scan.json", "-o", "xlsx").output


def test_the_exit_code_of_a_scan_stays_what_it_is_without_the_law(folder: Path) -> None:
    (folder / "clean.csv").write_text("Maker,Model\nAxis,P3245\n")
    done = run("scan", folder / "clean.csv", "--as-of", DAY, "--decide", folder / "facts.yml")
    assert done.exit_code == 0
    assert "Nothing was found that could be put to the law." in done.output


def test_hostile_sites_stay_text(folder: Path) -> None:
    (folder / "assets.csv").write_text(
        'Asset ID,Manufacturer,Model,Site\nA1,Hikvision,DS-2CD2143G2-I,"=HYPERLINK(""http://x"")"\n'
        "A2,Hikvision,DS-2CD2143G2-I,<script>alert(1)</script>\n"
    )
    scanned(folder, "--decide", folder / "facts.yml")
    result = run("questions", folder / "scan.json", "-o", "csv", "-o", f"xlsx={folder / 'q.xlsx'}")
    assert result.exit_code == 0
    assert not any(cell.startswith("=") for row in csv.reader(result.stdout.splitlines()) for cell in row)
    sheet = openpyxl.load_workbook(folder / "q.xlsx")["Questions"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    filled(folder / "q.xlsx", {("item.purpose", 'site:=HYPERLINK("http://x")'): "none"})
    assert outcomes(scanned(folder, "--decide", folder / "q.xlsx"))["A1"] == "not_covered"
    assert "<script>" not in run("questions", folder / "scan.json", "-o", "md").output


def test_things_without_a_site_are_asked_one_by_one(folder: Path) -> None:
    (folder / "assets.csv").write_text(
        "Asset ID,Manufacturer,Model,Site\nA1,Hikvision,DS-2CD2143G2-I,\nA2,Hikvision,DS-2CD2143G2-I,\n"
    )
    first, second = (one["id"] for one in scanned(folder, "--decide", folder / "facts.yml")["findings"])
    form = folder / "q.csv"
    run("questions", folder / "scan.json", "-o", f"csv={form}")
    with form.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    asked = {row["Applies to"]: row for row in rows if row["Fact"] == "item.purpose"}
    assert list(asked) == [f"finding:{first}", f"finding:{second}"]  # as they stand in the file
    assert "row 2, id A1: Hikvision, DS-2CD2143G2-I" in asked[f"finding:{first}"]["About"]
    asked[f"finding:{first}"]["Answer"] = "none"
    with form.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    again = outcomes(scanned(folder, "--decide", form))
    assert again == {"A1": "not_covered", "A2": "undetermined"}


ALIKE = """Asset ID,Manufacturer,Model,Description,Serial number,Site
{rows}"""


LEDGER = """Date,Vendor,Invoice,Memo,GL,Amount
{rows}"""


def alike(folder: Path, rows: list[str], table: str = ALIKE) -> list[dict[str, str]]:
    (folder / "assets.csv").write_text(table.format(rows="\n".join(rows)))
    (folder / "facts.yml").write_text("regimes: [us-889-b]\nfacts: {party.jurisdiction: US, party.role: prime_contractor, act.kind: use, use.by: the_entity}\n")  # fmt: skip
    scanned(folder, "--decide", folder / "facts.yml", "--fail-on", "possible")
    run("questions", folder / "scan.json", "-o", f"csv={folder / 'q.csv'}", "--no-config")
    with (folder / "q.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_things_that_are_described_alike_are_asked_about_once_and_each_is_answered(folder: Path) -> None:
    rows = [
        f"R{number:05},Lorex,,recorder,SN{number:06},{'HQ' if number % 2 else 'Depot'}"
        for number in range(40)
    ]
    asked = [one for one in alike(folder, rows) if one["About"] != "(stated already)"]
    about_kind = [one for one in asked if one["Fact"] in ("item.kind", "item.producer")]
    assert about_kind and {one["Findings that wait"] for one in about_kind} == {"80"}, "two firms, one thing"
    assert len(asked) < 5, "not one for each of forty"
    producer = about_kind[0]
    named = {part.strip().removeprefix("finding:") for part in producer["Applies to"].split(";")}
    assert len(named) == 80
    answer = "other" if producer["Fact"] == "item.producer" else "video_surveillance_equipment"
    target = folder / "answers.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(producer))
        writer.writeheader()
        writer.writerow({**producer, "Answer": answer})
    again = scanned(folder, "--decide", folder / "facts.yml", "--answers", target, "--fail-on", "possible")
    told = {one["id"]: one["decided_on"].get(producer["Fact"]) for one in again["findings"]}
    assert {told[name] for name in named} == {answer}, "each that was named, and no other"
    assert all(told[name] != answer for name in told.keys() - named) or producer["Fact"] == "item.kind"


def test_a_thing_of_another_description_is_asked_about_by_itself(folder: Path) -> None:
    rows = ["R1,Lorex,,recorder,S1,HQ", "R2,Lorex,,recorder,S2,HQ", "R3,Lorex,,recorder in the vault,S3,HQ"]
    asked = [
        one for one in alike(folder, rows) if one["Fact"] == "item.kind" or one["Fact"] == "item.producer"
    ]
    assert sorted(one["Findings that wait"] for one in asked) == ["2", "4"]


def test_purchases_that_differ_in_the_numbers_of_the_books_alone_are_asked_about_once(folder: Path) -> None:
    rows = [
        f"2026-05-{day:02},Lorex,{10000 + day},security system front desk,1520,899.00" for day in range(1, 7)
    ]
    rows.append("2026-06-01,Lorex,10011,cable for the gate,1520,12.00")
    asked = [one for one in alike(folder, rows, LEDGER) if one["Fact"] == "item.producer"]
    assert len(asked) == 2 and len({one["Findings that wait"] for one in asked}) == 2


def test_the_workbook_of_questions_begins_with_the_answer_so_far(folder: Path) -> None:
    scanned(folder, "--decide", folder / "facts.yml")
    assert run("questions", folder / "scan.json", "-o", f"xlsx={folder / 'q.xlsx'}").exit_code == 0
    book = openpyxl.load_workbook(folder / "q.xlsx")
    assert book.sheetnames[:2] == ["Answers", "Questions"]
    # who fills it in has no other page that says what the entries mean
    told = list(book["What the entries mean"].iter_rows(min_row=2, values_only=True))
    asked = {row[2] for row in book["Questions"].iter_rows(min_row=2, values_only=True)}
    assert {row[0] for row in told if row[0]} <= asked
    assert ("public safety", "Police, fire, rescue or guards use it to keep people safe") in {
        row[1:] for row in told
    }
    texts = [str(row[1]) for row in book["Answers"].iter_rows(values_only=True)]
    assert texts[0].startswith("Prohibited: ")
    assert any(text.startswith("1. ") and text.endswith("can say)") for text in texts)
    assert "not legal advice" in texts[-1]
    # as the screen says it, on which the same scan was put to the law
    said = run("scan", folder / "assets.csv", "--as-of", DAY, "--decide", folder / "facts.yml").output
    (day,) = re.findall(r"Law last checked on [\d-]+\.", said)
    assert any(day in text for text in texts)


def test_the_users_own_file_comes_back_with_the_answer_on_its_first_sheet(folder: Path) -> None:
    scanned(folder, "--decide", folder / "facts.yml", "-o", f"xlsx={folder / 'back.xlsx'}")
    book = openpyxl.load_workbook(folder / "back.xlsx")
    assert book.sheetnames == ["Answers", "assets.csv", "Proscribe"]
    assert book.active is not None and book.active.title == "Answers"
    assert str(book["Answers"]["B1"].value).startswith("Prohibited: ")
    # without a decision there is no such sheet
    scanned(folder, "-o", f"xlsx={folder / 'plain.xlsx'}")
    assert openpyxl.load_workbook(folder / "plain.xlsx").sheetnames == ["assets.csv", "Proscribe"]


def test_the_head_counts_each_thing_once_and_says_how_many_sites_are_not_shown(folder: Path) -> None:
    rows = [f"B{place},Huawei,S5735-L24P4S-A1,Switch,,Site {place}" for place in range(7)]
    head = ASSETS.splitlines()[0]
    camera = "C1,Hikvision,DS-2CD2143G2-I,dome camera,,Depot"
    (folder / "assets.csv").write_text("\n".join([head, *rows, camera, ""]))
    (folder / "facts.yml").write_text(
        "facts:\n  contract.agency: GSA\n  party.jurisdiction: US\n  party.role: prime_contractor\n"
        "  act.kind: use\n  use.by: the_entity\n  contract.awarded_on: 2024-05-20\n"
        '  contract.clauses: ["52.204-25 (NOV 2021)"]\n  item.contains_producer: []\n'
        "categories:\n  telecommunications_equipment:\n    item.role_in_system: neither\n"
        "  video_surveillance_equipment:\n    item.role_in_system: substantial_or_essential_component\n"
        "    item.purpose: [public_safety]\n"
    )
    answered = outcomes(scanned(folder, "--decide", folder / "facts.yml"))
    result = run("scan", folder / "assets.csv", "--as-of", DAY, "--decide", folder / "facts.yml", "--all")
    silent = sum(outcome == "not_covered" for outcome in answered.values())
    assert 0 < silent < len(answered), answered
    assert f"Not covered: {silent} thing" in result.output
    assert "and 3 more" in result.output.partition("By site (first of 8):")[2]


def test_a_questionnaire_is_kept_for_the_company_when_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    Path("filled.csv").write_text(
        "Answer,Fact,Applies to\nnone,party.status,company\nGSA,contract.agency,company\n"
        "2026-11-24,event.identified_at,company\nyes,site.is_sensitive,site:Depot\n"
    )
    assert run(
        "scan", "assets.csv", "--decide", "facts.yml", "-o", "json=s.json", "--as-of", DAY
    ).exit_code in (0, 1)
    result = run("questions", "s.json", "--answers", "filled.csv", "--save")
    assert "Kept in proscribe.toml for the whole company: party.status." in result.output
    text = Path("proscribe.toml").read_text()
    assert "party.status" in text and not any(name in text for name in ("contract", "event", "site.is"))


def test_a_line_of_a_vendor_master_is_asked_only_what_a_vendor_can_say(tmp_path: Path) -> None:
    (tmp_path / "vendors.csv").write_text(
        "Vendor ID,Vendor name,Country,Payment terms\nV1,Hikvision USA Inc,US,30\nV2,Dahua Technology Iberia,ES,30\n"
    )
    (tmp_path / "facts.yml").write_text(
        "facts: {party.jurisdiction: US, party.role: prime_contractor, act.kind: use, use.by: the_entity, "
        "item.kind: video_surveillance_equipment}\n"
    )
    target = tmp_path / "v.json"
    result = run(
        "scan", tmp_path / "vendors.csv", "--decide", tmp_path / "facts.yml", "--kind", "vendors.csv=vendors",
        "-o", "table", "-o", f"json={target}", "--as-of", DAY,
    )  # fmt: skip
    assert "Cannot be said yet" in result.output
    assert "2 lines of a list of vendors: it says with whom you deal" in " ".join(result.output.split())
    assert "2 of these are no things but firms in a list of vendors" in " ".join(result.output.split())
    shown = run("questions", target).output
    for text in (result.output, shown):
        assert "Who looks at these pictures" not in text and "Would the system" not in text
        assert "Whose equipment does the service" not in text and "made a part inside" not in text
    # without a kind stated, what was bought is one question a vendor, and none once nobody can say
    (tmp_path / "facts.yml").write_text(
        "facts: {party.jurisdiction: US, party.role: prime_contractor, act.kind: use, use.by: the_entity}\n"
    )
    again = ("scan", tmp_path / "vendors.csv", "--decide", tmp_path / "facts.yml", "--kind", "vendors.csv=vendors",
             "-o", f"json={target}", "--as-of", DAY)  # fmt: skip
    sheet, rounds = tmp_path / "q.csv", []
    run(*again)
    for _ in range(2):
        run("questions", target, "-o", f"csv={sheet}")
        with sheet.open(newline="", encoding="utf-8-sig") as file:
            left = [
                one for one in csv.DictReader(file) if not one["Answer"] and one["Applies to"] != "company"
            ]
        rounds.append(len(left))
        assert all("what you bought of the vendor" in one["About"] for one in left)
        for fact in ("item.producer", "item.kind"):
            answered(sheet, fact, "?")
        run(*again, "--answers", sheet)
    assert rounds == [2, 0]


def test_on_a_terminal_the_questions_carry_no_marks_of_a_markup(folder: Path) -> None:
    scanned(folder, "--decide", folder / "facts.yml")
    said = run("questions", folder / "scan.json").output
    assert "Who looks at these pictures" in said and "\\" not in said and "**" not in said
    assert "**" in run("questions", folder / "scan.json", "-o", "md").output


def test_each_thing_that_is_said_to_have_left_is_asked_about_and_a_replaced_one_is_not_taken_for_the_new(
    tmp_path: Path,
) -> None:
    (tmp_path / "assets.csv").write_text(
        "Asset ID,Manufacturer,Model,Description,Site,Remarks\n"
        "B7,Huawei,S5720-28X-LI-AC,Core switch,Boise,replaced in 03/2024\n"
        "B8,Cisco,C9300-24T,Core switch,Boise,replaces Huawei S5720\n"
        "B9,Axis,P3245-LVE,Camera,Boise,replaced Hikvision DS-2CD2143G0-I\n"
    )
    (tmp_path / "facts.yml").write_text(COMPANY_FACTS)
    target = tmp_path / "scan.json"
    told = run(
        "scan",
        tmp_path / "assets.csv",
        "--as-of",
        DAY,
        "--quiet",
        "--decide",
        tmp_path / "facts.yml",
        "-o",
        f"json={target}",
    )
    assert told.exit_code in (0, 1, 3), told.output
    table = tmp_path / "q.csv"
    made = run("questions", tmp_path / "scan.json", "--decide", tmp_path / "facts.yml", "-o", f"csv={table}")
    assert made.exit_code == 0, made.output
    with table.open(encoding="utf-8-sig", newline="") as file:
        asked = [row for row in csv.DictReader(file) if row["Fact"] == "use.state"]
    about = {row["About"].partition("id ")[2][:2]: row["About"] for row in asked}
    assert len(asked) == len(about) == 3 and all(row["Findings that wait"] == "1" for row in asked)
    assert "which" not in about["B7"]
    assert "'Remarks' names; not the Cisco, C9300-24T that the record lists" in about["B8"]
    assert "not the Axis, P3245-LVE that the record lists" in about["B9"]


def test_what_kind_things_of_one_firm_are_is_asked_once_and_of_each_where_they_differ(
    folder: Path,
) -> None:
    rows = [
        "K1,Hikvision,,first floor,,Depot",
        "K2,Hikvision,,second floor,,Depot",
        "K3,Huawei,,,,Depot",
        "K4,Hikvision,,,,Office",
    ]
    (folder / "assets.csv").write_text(ASSETS.splitlines()[0] + "\n" + "\n".join(rows) + "\n")

    def asked(*answers: Path) -> list[dict[str, str]]:
        told = scanned(
            folder,
            "--decide",
            folder / "facts.yml",
            *(part for one in answers for part in ("--answers", one)),
        )
        assert told["findings"]
        assert run("questions", folder / "scan.json", "-o", f"csv={folder / 'q.csv'}").exit_code == 0
        with (folder / "q.csv").open(encoding="utf-8-sig") as file:
            return [one for one in csv.DictReader(file) if one["Fact"] == "item.kind" and one["Decides"]]

    first = asked()
    things = {one["Applies to"]: one["Findings that wait"] for one in first}
    both = "things:hikvision/unknown@Depot; things:hikvision/unknown@Office"
    assert things == {both: "3", "things:huawei/unknown@Depot": "1"}
    (told,) = [one["How to find it"] for one in first if one["Applies to"] == both]
    assert "One answer speaks of all 3" in told
    answers = folder / "answers.csv"
    for one in first:
        one["Answer"] = "?" if one["Applies to"] == both else "telecommunications equipment"
    with answers.open("w", newline="") as file:
        written = csv.DictWriter(file, list(first[0]))
        written.writeheader()
        written.writerows(first)
    left = asked(answers)
    assert [one["Applies to"].partition(":")[0] for one in left] == ["finding", "finding", "finding"]


def test_what_sites_of_one_kind_are_for_is_asked_once_and_of_each_where_they_differ(folder: Path) -> None:
    places = ["Hotel Elm", "Hotel Oak", "Lot 1", "Lot 2", "Attic", "Cellar; site:Hotel Elm"]
    rows = [
        f'H{number},Hikvision,DS-2CD2143G2-I,Dome camera,,"{place}"' for number, place in enumerate(places)
    ]
    (folder / "assets.csv").write_text(ASSETS.splitlines()[0] + "\n" + "\n".join(rows) + "\n")
    sheet = folder / "q.csv"
    scanned(folder, "--decide", folder / "facts.yml")
    run("questions", folder / "scan.json", "-o", f"csv={sheet}")
    asked = {one["Applies to"]: one for one in answered(sheet, "item.purpose", "?")}
    hotels = asked.pop("site:Hotel Elm; site:Hotel Oak")
    assert hotels["About"] == "Hotel Elm, Hotel Oak" and hotels["Findings that wait"] == "2"
    assert all(f"hotel/{name} (" in hotels["How to find it"] for name in ("wide", "narrow"))
    assert "One answer speaks of all 2 sites" in hotels["How to find it"]
    assert "lawyer" not in asked.pop("site:Lot 1; site:Lot 2")["How to find it"]
    # a name that would be read as two sites is asked about by the thing, so that no answer reaches another site
    (attic, cellar) = sorted(asked, reverse=True)
    assert attic == "site:Attic" and cellar.startswith("finding:")
    scanned(folder, "--decide", folder / "facts.yml", "--answers", sheet)
    run("questions", folder / "scan.json", "-o", f"csv={sheet}")
    each = {one["Applies to"] for one in answered(sheet, "item.purpose", "none")}
    assert {"site:Hotel Elm", "site:Hotel Oak", "site:Lot 1", "site:Lot 2"} <= each
    told = scanned(folder, "--decide", folder / "facts.yml", "--answers", sheet)
    assert [outcomes(told)[f"H{number}"] for number in range(4)] == ["not_covered"] * 4


def test_one_answer_about_several_sites_reaches_each_of_them_and_no_other(folder: Path) -> None:
    rows = [f"H{n},Hikvision,DS-2CD2143G2-I,Dome camera,,Hotel {n}" for n in range(3)]
    (folder / "assets.csv").write_text(ASSETS.splitlines()[0] + "\n" + "\n".join(rows) + "\n")
    (folder / "facts.yml").write_text(COMPANY_FACTS + "sites: {Hotel 0: {item.purpose: [public_safety]}}\n")
    sheet = folder / "q.csv"
    scanned(folder, "--decide", folder / "facts.yml")
    run("questions", folder / "scan.json", "-o", f"csv={sheet}")
    (asked,) = answered(sheet, "item.purpose", "hotel/narrow")
    assert asked["Applies to"] == "site:Hotel 1; site:Hotel 2"
    told = scanned(folder, "--decide", folder / "facts.yml", "--answers", sheet)
    assert outcomes(told) == {"H0": "prohibited", "H1": "not_covered", "H2": "not_covered"}


def test_what_is_asked_about_the_parts_of_a_product_is_asked_once_and_names_the_product(
    tmp_path: Path,
) -> None:
    (tmp_path / "bom.csv").write_text(
        "Line,Assembly,Ref,Manufacturer,MPN,Description,Qty\n"
        "1,Mast camera,U1,HiSilicon,Hi3516DV300,image processor,1\n"
        "2,Mast camera,U2,HiSilicon,Hi3861,Wi-Fi SoC,1\n3,Recorder,U1,HiSilicon,Hi3536,decoder,1\n"
    )
    (tmp_path / "facts.yml").write_text(
        "facts: {party.jurisdiction: US, party.role: subcontractor, act.kind: provide_to_government}\n"
    )
    target = tmp_path / "s.json"
    run(
        "scan",
        tmp_path / "bom.csv",
        "--decide",
        tmp_path / "facts.yml",
        "-o",
        f"json={target}",
        "--as-of",
        DAY,
    )
    sheet = tmp_path / "q.csv"
    run("questions", target, "-o", f"csv={sheet}")
    asked = answered(sheet, "item.producer", "other")
    assert sorted(one["Findings that wait"] for one in asked) == ["1", "2"]
    assert any("Mast camera, the product that holds the part of" in one["About"] for one in asked)


def test_of_a_thing_of_which_nobody_knows_what_it_is_little_more_is_asked(folder: Path) -> None:
    (folder / "assets.csv").write_text(
        "Asset ID,Manufacturer,Model,Description,Site\nA1,Hikvision,FX-1,Unit,Depot\n"
    )
    sheet = folder / "q.csv"
    answers: list[str | Path] = []
    asked = []
    for number in range(6):
        scanned(folder, "--decide", folder / "facts.yml", *answers)
        run("questions", folder / "scan.json", "-o", f"csv={sheet}")
        with sheet.open(newline="", encoding="utf-8-sig") as file:
            asked += [one["Fact"] for one in csv.DictReader(file) if not one["Answer"]]
        answered(sheet, "item.kind", "?")
        sheet.rename(folder / f"q{number}.csv")
        answers = ["--answers", folder / f"q{number}.csv"]
    assert set(asked) == {"item.kind"}


def test_who_made_it_offers_the_firm_that_was_found(folder: Path) -> None:
    scanned(folder, "--decide", folder / "facts.yml")
    book = folder / "q.xlsx"
    assert (
        run(
            "questions", folder / "scan.json", "-o", f"csv={folder / 'q.csv'}", "-o", f"xlsx={book}"
        ).exit_code
        == 0
    )
    with (folder / "q.csv").open(encoding="utf-8-sig") as file:
        (made,) = (one for one in csv.DictReader(file) if one["Fact"] == "item.producer")
    assert made["You may answer"].startswith(f"{made['Firms'].split(', ')[0]}; other (when shown to be none")
    lists = [
        str(one.formula1) for one in openpyxl.load_workbook(book)["Questions"].data_validations.dataValidation
    ]
    assert f'"{made["Firms"].split(", ")[0]},other"' in lists


def test_of_one_thing_nothing_is_asked_twice(folder: Path) -> None:
    (folder / "assets.csv").write_text(
        "Asset ID,Manufacturer,Model,Description,Site\nA1,Huawei,FX-1,Unit,Depot\n"
    )
    first = scanned(folder, "--decide", folder / "facts.yml")
    target = folder / "questions.csv"
    run("questions", folder / "scan.json", "-o", f"csv={target}")
    asked = answered(target, "item.kind", "?")
    assert [one["Applies to"].partition(":")[0] for one in asked] == ["things"], first["findings"]
    scanned(folder, "--decide", folder / "facts.yml", "--answers", target)
    run("questions", folder / "scan.json", "-o", f"csv={folder / 'again.csv'}")
    with (folder / "again.csv").open(newline="") as stream:
        again = [one for one in csv.DictReader(stream) if not one["Answer"] and one["Fact"] == "item.kind"]
    assert again == []


def test_addresses_of_one_firm_in_one_list_are_one_question(folder: Path) -> None:
    rows = [
        f"10.0.0.{n},c0:6d:ed:14:{n:02x}:77,host-{n},{'Depot' if n < 20 else 'Yard'}\n" for n in range(10, 30)
    ]
    (folder / "assets.csv").write_text("IP,MAC,Host,Site\n" + "".join(rows))
    scanned(folder, "--decide", folder / "facts.yml")
    target = folder / "questions.csv"
    run("questions", folder / "scan.json", "-o", f"csv={target}")
    asked = answered(target, "item.producer", "hikvision")
    assert [(one["Site"], one["Findings that wait"]) for one in asked] == [("Depot", "10"), ("Yard", "10")]
    made = scanned(folder, "--decide", folder / "facts.yml", "--answers", target)
    assert {one["decided_on"]["item.producer"] for one in made["findings"]} == {"hikvision"}


def test_addresses_whose_names_differ_in_a_number_alone_are_one_question(folder: Path) -> None:
    names = ["corridor 1", "corridor 2", "corridor 3", "gate"]
    rows = [f"{name},c0:6d:ed:14:0{n}:77,,Depot\n" for n, name in enumerate(names)]
    rows += [f"corridor {n},c0:6d:ed:14:0{n}:77,TX-{n},Depot\n" for n in (7, 8)]
    (folder / "assets.csv").write_text("Camera name,MAC,Model,Site\n" + "".join(rows))
    scanned(folder, "--decide", folder / "facts.yml")
    target = folder / "questions.csv"
    run("questions", folder / "scan.json", "-o", f"csv={target}")
    asked = answered(target, "item.producer", "hikvision")
    # the number of a model tells devices apart, and so does another name
    assert sorted(one["Findings that wait"] for one in asked) == ["1", "1", "1", "3"]


def test_who_pays_is_asked_once_a_fund(folder: Path) -> None:
    rows = [
        ("1", "North", "Levy of 2024"),
        ("2", "North", "General"),
        ("3", "South", "Levy of 2024"),
        ("4", "South", ""),
    ]
    lines = [f"{number},{school},{fund},Huawei,S5735-L24T4S-A,Switch\n" for number, school, fund in rows]
    (folder / "assets.csv").write_text("PO,School,Fund,Vendor,Model,Description\n" + "".join(lines))
    (folder / "facts.yml").write_text(
        "facts: {party.jurisdiction: US, party.role: grant_recipient, act.kind: procure}\n"
    )
    scanned(folder, "--decide", folder / "facts.yml")
    target = folder / "questions.csv"
    run("questions", folder / "scan.json", "-o", f"csv={target}")
    with target.open(newline="", encoding="utf-8-sig") as stream:
        sheet = list(csv.DictReader(stream))
    asked = {one["About"]: one for one in sheet if not one["Answer"] and one["Fact"] == "funds.federal_award"}
    together = [one for name, one in asked.items() if "each of 2 things with Fund 'Levy of 2024'" in name]
    assert len(together) == 1 and together[0]["Applies to"].count("finding:") == 2
    # the one without a fund is not answered with the others
    assert len(asked) == 3, list(asked)


def test_the_answers_of_a_command_are_no_list_of_things(folder: Path) -> None:
    """Named in the command, the questionnaire is read as answers alone; as input, it is said to be one of this program."""
    assert any(one <= {name for name, _ in COLUMNS} for one in OUR_COLUMNS)
    assets = {*(heading for heading, _ in headings_of("assets")), *TRACE}
    assert any(one <= assets for one in OUR_COLUMNS)
    home = folder / "home"
    home.mkdir()
    (home / "list.csv").write_text("id,item,maker\n1,camera,Hikvision\n2,switch,Huawei\n", encoding="utf-8")
    facts = home / "said.yml"
    facts.write_text("facts:\n  party.jurisdiction: US\n  contract.agency: GSA\n", encoding="utf-8")
    asked = home / "ask.xlsx"

    def scanned(*words: str) -> dict[str, Any]:
        target = folder / "answer.json"
        done = run("scan", *words, "-o", f"json={target}", "--quiet")
        assert done.exit_code == 1, done.output
        made: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
        return made

    alone = scanned(str(home / "list.csv"), "--decide", str(facts))
    run("questions", str(folder / "answer.json"), "-o", f"xlsx={asked}")
    run("scan", str(home / "list.csv"), "-o", f"xlsx={home / 'marked.xlsx'}", "--quiet")
    answered = scanned(str(home), "--decide", str(facts), "--answers", str(asked))
    codes = {Path(one["path"]).name: [issue["code"] for issue in one["issues"]] for one in answered["inputs"]}
    assert codes["said.yml"] == codes["ask.xlsx"] == ["E105"]
    assert "E549" in codes["marked.xlsx"] and codes["list.csv"] == []
    ours = [one["index"] for one in answered["inputs"] if not one["path"].endswith("marked.xlsx")]
    ids = [one["id"] for one in answered["findings"] if one["input"] in ours]
    assert len(ids) == len(alone["findings"]) == 2

    # somebody may have written things into it: what is no answer of this command is read, and what it is is said
    everything = scanned(str(home))
    listed = {
        Path(one["path"]).name: {issue["code"] for issue in one["issues"]} for one in everything["inputs"]
    }
    assert all("E549" in listed[name] for name in ("said.yml", "ask.xlsx", "marked.xlsx"))
    assert "E105" not in set().union(*listed.values())
    named = scanned(str(home), str(asked), "--decide", str(facts), "--answers", str(asked))
    assert any(one["path"].endswith("ask.xlsx") and one["records"] for one in named["inputs"])


def test_what_is_said_of_things_of_a_firm_is_not_said_of_a_vendor(folder: Path) -> None:
    """A caterer named for the park that it cooks in is no switch, whatever the things of that firm are."""
    vendors = folder / "vendors.csv"
    vendors.write_text(
        "Vendor ID,Vendor name,Country,Payment terms\nV1,Huawei Park Cafeteria Catering,US,30\nV2,Huawei Technologies,ES,30\n"
    )
    (folder / "assets.csv").write_text(ASSETS.splitlines()[0] + "\nK3,Huawei,,,,\n")
    (folder / "facts.yml").write_text(
        (folder / "facts.yml").read_text()
        + "things:\n  huawei/unknown@(no site in the record): {item.kind: telecommunications_equipment}\n"
    )
    result = run("scan", folder / "assets.csv", vendors, "--decide", folder / "facts.yml", "--kind", "vendors.csv=vendors",
                 "-o", f"json={folder / 's.json'}", "--as-of", DAY)  # fmt: skip
    assert result.exit_code == 1, result.output
    told = json.loads((folder / "s.json").read_text())
    kinds = [(one["record_id"], one["decided_on"].get("item.kind")) for one in told["findings"]]
    assert sorted(kinds, key=str) == [
        ("K3", "telecommunications_equipment"),
        *[(None, None)] * (len(kinds) - 1),
    ]
    assert len(kinds) > 1
    assert run("questions", folder / "s.json", "-o", f"csv={folder / 'q.csv'}").exit_code == 0
    with (folder / "q.csv").open(encoding="utf-8-sig") as file:
        asked = [one for one in csv.DictReader(file) if one["Fact"] == "item.kind" and not one["Answer"]]
    # of a vendor it is asked once what was bought, of that line alone
    assert asked
    for one in asked:
        assert one["About"].startswith("what you bought of the vendor in ")
        assert one["Applies to"].startswith("finding:") and ";" not in one["Applies to"]
