"""`proscribe init`: files in several languages become rules once, and every later command uses them without an option."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click.testing
import pytest
from openpyxl import Workbook
from rich.cells import cell_len

from proscribe.app.scan.init import accept, propose
from proscribe.app.scan.plan import plan
from proscribe.cli.main import cli
from proscribe.model.config import Config, read_config
from proscribe.model.errors import UsageError

BUSINESS = Path(__file__).parents[1] / "readers" / "fixtures" / "business"
CHINESE = "资产编号,名称,品牌,型号,序列号,地点\nA-1,大厅摄像机,海康威视,DS-2CD2143G2-I,K41209881,总部\nA-2,打印机,惠普,LaserJet 4,X1,总部\n"
COMPANY = (
    "--organisation", "Ridge Analytics LLC", "--zone", "America/New_York", "--site", "总部",
    "--person", "B. Lind=author,contact", "--person", "C. Moreau=approver", "--contract", "47QSMA24D08R1", "--agency", "GSA",
)  # fmt: skip
Command = Callable[..., str]


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with lists in Chinese, French and German, and exports of SAP and DATEV."""
    for name in ("PROSCRIBE_USER", "PROSCRIBE_STORE", "PROSCRIBE_ZONE"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "lists"
    (folder / "sub").mkdir(parents=True)
    (folder / "资产.csv").write_text(CHINESE, encoding="utf-8")
    for name in ("sap-anla.csv", "datev-kreditoren.csv"):
        shutil.copy(BUSINESS / name, folder)
    book = Workbook()
    sheet = book.create_sheet("Équipement")
    sheet.append(["N° inventaire", "Désignation", "Fabricant", "Modèle", "Site"])
    sheet.append(["E-1", "Caméra dôme", "Hikvision", "DS-2CD2143G2-I", "Lyon"])
    sheet = book.create_sheet("Geräte")
    sheet.append(["Inventarnummer", "Bezeichnung", "Hersteller", "Typ", "Standort"])
    sheet.append(["G-1", "Kamera Tor", "Dahua", "IPC-HFW5442E-ZE", "Werk 1"])
    del book["Sheet"]
    book.save(folder / "sub" / "parc.xlsx")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def run() -> Command:
    def command(*words: str, code: int = 0, **more: Any) -> str:
        result = click.testing.CliRunner().invoke(cli, list(words), **more)
        assert result.exit_code == code, result.output + str(result.exception)
        return result.output

    return command


def config_of(folder: Path) -> Config:
    return read_config((folder / "proscribe.toml").read_bytes(), "proscribe.toml")


def test_from_a_folder_to_a_representation_without_a_further_option(lists: Path, run: Command) -> None:
    told = run("init", ".", "--yes", *COMPANY)
    assert "资产.csv" in told
    assert "sheet 'Équipement'" in told
    assert all(len(line) <= 80 for line in told.splitlines())
    rules = {(rule.path, rule.sheet): rule for rule in config_of(lists).files}
    assert rules["sap-anla.csv", ""].preset == "sap-assets"
    assert rules["datev-kreditoren.csv", ""].kind == "vendors"
    assert rules["资产.csv", ""].columns["品牌"] == "maker_name"
    assert rules["sub/parc.xlsx", "Geräte"].columns["Typ"] == "model_number"
    assert not any(rule.uncertain for rule in rules.values())

    assert "Using proscribe.toml" in run("scan", ".", "-o", "json=../scan.json", code=1)
    made = json.loads((lists.parent / "scan.json").read_text(encoding="utf-8"))
    assert {one["record_id"] for one in made["findings"]} >= {"A-1", "E-1", "G-1", "000000310045"}
    tables = [table for one in made["inputs"] for table in one["tables"]]
    assert {table["kind_by"] for table in tables} == {"headers", "reader"}
    assert made["statement"]["predicate"]["options"]["files"]
    run("devices", ".", "-o", "json=../devices.json", code=1)
    run("scan", ".", "--decide", "proscribe.facts.yml", "--quiet", code=1)
    run("case", "open", "--scan", "../scan.json", "--title", "Lists", "--by", "B. Lind")
    run("represent", "annual", "C-0001", "--with", "proscribe.company.yml", "--with", "proscribe.inquiry.yml",
               "-o", "json=../paper.json", code=1)  # fmt: skip
    paper = json.loads((lists.parent / "paper.json").read_text(encoding="utf-8"))
    assert paper["organisation"]["name"] == "Ridge Analytics LLC"
    assert (paper["people"]["author"]["name"], paper["people"]["approver"]["name"]) == (
        "B. Lind",
        "C. Moreau",
    )
    (case,) = json.loads(run("case", "list", "-o", "json"))
    assert (case["contract"], case["zone"]) == ("47QSMA24D08R1", "America/New_York")


def test_facts_to_fill_in_hold_no_fact_twice_when_every_line_is_taken(lists: Path, run: Command) -> None:
    run("init", ".", "--yes", *COMPANY)
    path = lists / "proscribe.facts.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line.split(":")[0].strip("# ") for line in lines].count("contract.agency") == 1
    start = lines.index("# For everything that is found:")
    taken = [re.sub(r"^#(?=  |categories|awards|countries|sites|facts)", "", line) for line in lines[start:]]
    path.write_text("\n".join([*lines[:start], *taken, ""]), encoding="utf-8")
    told = run("scan", ".", "--decide", "proscribe.facts.yml", "--quiet", code=1)
    assert "E408" not in told


def test_nobody_is_asked_where_there_is_no_terminal(lists: Path, run: Command) -> None:
    told = run("init", ".", input="")
    assert "Nobody confirmed" in told
    rules = config_of(lists).files
    assert all("kind" in rule.uncertain and set(rule.columns) <= set(rule.uncertain) for rule in rules)
    run("scan", ".", "-o", "json=../scan.json", code=1)
    made = json.loads((lists.parent / "scan.json").read_text(encoding="utf-8"))
    assert {one["record_id"] for one in made["findings"]} >= {"A-1", "E-1", "G-1"}
    assert not any(table["kind_by"] == "stated" for one in made["inputs"] for table in one["tables"])


@pytest.mark.parametrize(
    ("header", "preset"),
    [
        ("LIFNR;NAME1;LAND1;ORT01", "sap-vendors"),
        ("ANLN1;ANLKL;TXT50;ORD41", "sap-assets"),
        ("Vendor;Name;Country;City", ""),
    ],
)
def test_a_preset_that_columns_show_is_proposed_and_holds_once_confirmed(
    lists: Path, run: Command, header: str, preset: str
) -> None:
    (lists / "export.csv").write_text(f"{header}\n100;Acme;Tool;X\n101;Bolt;Saw;Y\n", encoding="utf-8")
    told = run("init", ".", input="")
    assert ("perhaps preset" in told) is (preset == "sap-vendors")
    (rule,) = [one for one in config_of(lists).files if one.path == "export.csv"]
    assert rule.preset == preset
    if preset == "sap-vendors":
        assert "preset" in rule.uncertain and "NAME1" not in rule.columns
        assert "uncertain" in run("scan", "export.csv", "--plan")
        path = lists / "proscribe.toml"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith("uncertain")), encoding="utf-8")
        assert "SAP vendor master (LFA1)" in run("scan", "export.csv", "--plan")


def test_again_it_only_adds_rules_for_new_files(lists: Path, run: Command) -> None:
    run("init", ".", "--yes", *COMPANY)
    path = lists / "proscribe.toml"
    path.write_text(path.read_text(encoding="utf-8") + "# a remark of ours\n", encoding="utf-8")
    before = path.read_text(encoding="utf-8")
    told = run("init", ".", "--yes")
    assert "nothing was changed" in told
    assert path.read_text(encoding="utf-8") == before
    (lists / "proscribe.facts.yml").write_text("facts: {}\n")
    (lists / "new.csv").write_text(
        "Producto;Fabricante;Modelo\nCámara;Dahua;IPC-HDW2431T\n", encoding="utf-8"
    )
    told = run("init", ".", "--yes")
    assert "1 new file" in told
    assert '+path = "new.csv"' in told
    after = path.read_text(encoding="utf-8")
    assert after.startswith(before.rstrip())
    assert [rule.path for rule in config_of(lists).files].count("new.csv") == 1
    assert (lists / "proscribe.facts.yml").read_text() == "facts: {}\n"


def test_what_is_there_is_not_overwritten(lists: Path, run: Command) -> None:
    (lists / "proscribe.toml").write_text('time_zone = "Europe/Berlin"\nfiles = []\n# ours\n')
    assert "E489" in run("init", ".", "--yes", code=2)
    assert (lists / "proscribe.toml").read_text().endswith("# ours\n")
    told = run("init", ".", "--yes", "--force")
    assert "-files = []" in told
    assert config_of(lists).time_zone == "Europe/Berlin"
    (lists / "proscribe.toml").write_text("time_zone = 3\n")
    assert "E469" in run("init", ".", "--yes", code=2)
    assert (lists / "proscribe.toml").read_text() == "time_zone = 3\n"


def test_hostile_names_are_written_out(lists: Path, run: Command) -> None:
    name = "a\x1b[31m\n\\\u202eb.csv"
    (lists / name).write_text("Model;Hersteller;Menge\nDS-2CD2143G2-I;Hikvision;1\n", encoding="utf-8")
    (lists / "q.csv").write_text('"Mo\x1b]0;del","Maker","Quantity"\nX1,Axis,1\n', encoding="utf-8")
    told = run("init", ".", "--yes")
    text = (lists / "proscribe.toml").read_text(encoding="utf-8")
    for shown in (told, text):
        assert "b.csv" in shown and "\x1b" not in shown and "\u202e" not in shown
    made = propose(lists)
    assert not made.new, "the rules speak of these files"


def test_bad_folders_are_refused_in_words(tmp_path: Path, run: Command) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.csv").write_text("Model\nX\n")
    for name in ("empty", "a.csv", "nowhere"):
        assert "E489" in run("init", str(tmp_path / name), code=2)
    assert list((tmp_path / "empty").iterdir()) == []
    assert "E489" in run("init", str(tmp_path), "--person", "B. Lind=boss", code=2)
    assert "E489" in run("init", str(tmp_path), "--zone", "Mars/X", code=2)


def test_what_cannot_be_read_is_said_and_the_rest_is_set_up(lists: Path, run: Command) -> None:
    (lists / "empty.csv").write_bytes(b"")
    (lists / "dead").symlink_to(lists / "nowhere")
    (lists / "loop").symlink_to(lists)
    told = run("init", ".", "--yes", code=3)
    assert "E103" in told
    assert len(config_of(lists).files) == 5


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_rights(tmp_path: Path, run: Command) -> None:
    (tmp_path / "shut").mkdir(mode=0)
    assert "E489" in run("init", str(tmp_path / "shut"), code=2)


def test_many_files_of_one_layout_are_one_rule(
    tmp_path: Path, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for number in range(40):
        (tmp_path / f"site-{number}.csv").write_text(
            f"Model,Manufacturer,Serial number\nP1468-LE,Axis,ACCC8E00{number:04}\n"
        )
    told = run("init", ".", "--yes")
    assert "... and 20 more tables: 20 equipment" in told
    (rule,) = config_of(tmp_path).files
    assert rule.path == "*.csv"
    (tmp_path / "other.csv").write_text("Fournisseur;SIRET\nBrandt;1\n")
    assert not propose(tmp_path).new


def test_a_text_that_a_person_edited_is_checked(lists: Path) -> None:
    proposal = propose(lists)
    with pytest.raises(UsageError, match="E469"):
        accept(proposal, confirmed=True, text="sites = 3\n")
    assert not (lists / "proscribe.toml").exists()
    accept(proposal, confirmed=True, text='sites = ["HQ"]\n')
    assert config_of(lists).sites == ("HQ",)


def test_from_elsewhere_it_counts_as_what_came_with_the_files(
    lists: Path, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(lists.parent)
    told = run("init", "lists", "--yes")
    assert "  cd lists" in told
    (lists.parent / "home").mkdir()
    told = run("scan", "lists", "-o", "json=s.json", code=1)
    assert "--config lists/proscribe.toml if it is yours" in told
    assert told.count("E150") == 5
    kinds = {
        one.get("kind_by")
        for item in json.loads(Path("s.json").read_text())["inputs"]
        for one in item["tables"]
    }
    assert "stated" not in kinds
    run("scan", "lists", "--config", "lists/proscribe.toml", "-o", "json=s.json", code=1)
    made = json.loads(Path("s.json").read_text(encoding="utf-8"))
    assert "stated" not in {one["kind_by"] for item in made["inputs"] for one in item["tables"]}
    path = lists / "proscribe.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('kind = "vendors"', 'kind = "equipment"'), encoding="utf-8")
    run("scan", "lists", "--config", "lists/proscribe.toml", "-o", "json=s.json", code=1)
    made = json.loads(Path("s.json").read_text(encoding="utf-8"))
    assert "stated" in {one["kind_by"] for item in made["inputs"] for one in item["tables"]}


def test_columns_stand_below_each_other_whatever_their_letters_take(lists: Path, run: Command) -> None:
    told = run("init", ".", "--yes").splitlines()
    at = next(place for place, line in enumerate(told) if line.startswith("资产.csv"))
    rows = [line for line in told[at + 2 :] if line.startswith("    ")][:5]
    fields = ("row_id", "text", "maker_name", "model_number", "serial_number", "site", "product_name")
    starts = {
        cell_len(line[: line.index(field)]) for line in rows for field in fields if f" {field} " in line
    }
    assert len(rows) == 5 and len(starts) == 1


def test_more_files_than_are_looked_at_are_told(
    tmp_path: Path, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proscribe.app.scan.init._MOST_FILES", 3)
    for number in range(5):
        (tmp_path / f"{number}.csv").write_text("Asset,Maker,Model\nA-1,Axis,P3245\n")
    told = run("init", str(tmp_path), "--yes")
    assert "2 files got no rule of their own" in told and "2 of them were not looked at" in told
    told = run("init", str(tmp_path), "--yes")
    assert "not looked at" not in told and len(config_of(tmp_path).files) == 5


def test_files_together_are_told_as_each_by_itself(lists: Path) -> None:
    (lists / "torn.xlsx").write_bytes((lists / "sub" / "parc.xlsx").read_bytes()[:900])
    (lists / "empty.csv").write_text("")
    together = plan(["."]).inputs
    alone = [plan([one.path]).inputs[0] for one in together]
    assert together == tuple(alone)


def test_what_the_form_of_values_told_stays_uncertain_when_all_is_accepted(
    tmp_path: Path, run: Command
) -> None:
    rows = "".join(f"K4120987{at},Camera {at},10.3.{at}\n" for at in range(1, 9))
    (tmp_path / "things.csv").write_text(f"Zettel,Text,Vermerkt\n{rows}", encoding="utf-8")
    said = run("init", str(tmp_path), "--yes")
    (rule,) = read_config((tmp_path / "proscribe.toml").read_bytes(), "proscribe.toml").files
    assert rule.columns["Zettel"] == "row_id" and "Zettel" in rule.uncertain
    assert "Text" not in rule.uncertain
    assert "form of values" in said
    (table,) = plan([tmp_path / "things.csv"]).inputs[0].tables
    assert table.kind_by != "stated" and ("kind" in rule.uncertain) == (
        table.kind_by in ("values", "uncertain")
    )


REMARKS = (
    "Tag,Asset,Make / model,S/N,Location,Remarks\n"
    "TW-005,Point of sale terminal,Ingenico Move 5000,123A,Cafeteria,modem inside: Huawei MU709s-2\n"
    "TW-006,Laptop,Lenovo T14,PF3,HQ,\n"
)
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("name", ["remarks", "company", "company-two", "inputs", "story"])
def test_what_init_proposes_changes_nothing_once_accepted(tmp_path: Path, run: Command, name: str) -> None:
    folder = tmp_path / name
    if name == "remarks":
        folder.mkdir()
        (folder / "inv.csv").write_text(REMARKS, encoding="utf-8")
    else:
        shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "proscribe.toml").unlink(missing_ok=True)
    run("init", str(folder), "--yes")
    path = folder / "proscribe.toml"
    text = path.read_text(encoding="utf-8")
    # what the form of values alone told is accepted, too
    path.write_text(re.sub(r"(?m)^uncertain = .*\n", "", text), encoding="utf-8")
    papers = []
    for words in (("--config", str(path)), ("--no-config",)):
        scan, paper, company = tmp_path / "s.json", tmp_path / "p.json", tmp_path / "c.yml"
        company.write_text("organisation: {name: Harbour}\nanswers: {provide: does not, use: does not}\n")
        # papers of the story lie in its folder; they tell of cameras of another maker, and of what stands without some
        run("scan", str(folder), *words, "-o", f"json={scan}", "--quiet", code=3 if name == "story" else 1)
        click.testing.CliRunner().invoke(
            cli,
            ["represent", "annual", "--scan", str(scan), "--no-config", "--with", str(company), "--by", "B. Lind",
             "-o", f"json={paper}"],
        )  # fmt: skip
        made = json.loads(scan.read_text(encoding="utf-8"))
        told = json.loads(paper.read_text(encoding="utf-8"))
        issues = [(one["path"], one["issues"]) for one in made["inputs"]]
        papers.append(
            (made["findings"], made["mentions"], issues, [one["what"] for one in told["obstacles"]])
        )
    assert papers[0] == papers[1]
    assert papers[0][0] and papers[0][3]


def test_a_column_that_is_stated_against_its_header_stands_against_a_document(
    tmp_path: Path, run: Command
) -> None:
    (tmp_path / "inv.csv").write_text(REMARKS, encoding="utf-8")
    run("init", str(tmp_path), "--yes")
    path = tmp_path / "proscribe.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('"Make / model" = "model_number"', '"Make / model" = "note"'), encoding="utf-8"
    )
    run("scan", str(tmp_path / "inv.csv"), "--config", str(path), "-o", f"json={tmp_path}/s.json", code=1)
    (inv,) = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))["inputs"]
    (said,) = [one for one in inv["issues"] if one["code"] in ("E100", "E199")]
    assert said["at"] == "column 'Make / model'"


def test_a_document_without_an_organisation_says_where_it_is_named(tmp_path: Path, run: Command) -> None:
    (tmp_path / "inv.csv").write_text(REMARKS, encoding="utf-8")
    run("scan", str(tmp_path / "inv.csv"), "--no-config", "-o", f"json={tmp_path}/s.json", code=1)
    said = run(
        "represent", "annual", "--scan", f"{tmp_path}/s.json", "--no-config", "--by", "B. Lind", code=3
    )
    assert "E461" in said and "proscribe.company.yml" in said and "proscribe.toml" in said
