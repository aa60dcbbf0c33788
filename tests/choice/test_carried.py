"""What the scan carries of people's statements, and which rules an exposure and a matrix say were asked."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from money import CONTRACT, DAY, folder_of, write

from proscribe.cli.main import cli

FACTS = """regimes: [us-889-b]
facts:
  party.jurisdiction: US
  use.by: the_entity
  contract.is_idiq: false
categories:
  video_surveillance_equipment:
    item.role_in_system: substantial_or_essential_component
"""
INVENTORY = """id,maker,model,description,qty,location
E1,Hikvision,DS-2CD2143G2-I,dome camera,4,North
E2,Hikvision,,unit in the rack,1,South
"""
ANSWERS = "Answer,Fact,Applies to\n"


def run(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(cli, [str(one) for one in words])
    return done.exit_code, done.output


def answers(place: Path, *rows: str) -> Path:
    place.write_text(ANSWERS + "\n".join(rows) + "\n", encoding="utf-8")
    return place


def decided(place: Path, *rows: str) -> tuple[Path, dict[str, str]]:
    """Scan an inventory on facts and answers; give a folder with its tables, and the findings by record."""
    place.mkdir()
    inventory, facts = place / "list.csv", place / "said.yml"
    inventory.write_text(INVENTORY, encoding="utf-8")
    facts.write_text(FACTS, encoding="utf-8")
    words = ["scan", inventory, "--no-config", "--as-of", DAY, "-o", f"json={place / 'first.json'}"]
    run(*words, "--decide", facts)
    found = {
        one["record_id"]: one["id"]
        for one in json.loads((place / "first.json").read_text("utf-8"))["findings"]
    }
    more = ["--answers", answers(place / "q.csv", *(row.format(**found) for row in rows))] if rows else []
    code, text = run(*words[:-1], f"json={place / 'scan.json'}", "--decide", facts, *more)
    assert code in (0, 1), text
    assets = [
        {
            "Finding": found[name],
            "Quantity": "1",
            "Unit cost": "250" if name == "E1" else "",
            "Currency": "USD",
        }
        for name in ("E1", "E2")
    ]
    assumptions = [{"Category": "video_surveillance_equipment", "Typical": "100", "Currency": "USD"}]
    money = folder_of(
        place / "money", place / "scan.json", assets=assets, contracts=[CONTRACT], facts=FACTS,
        assumptions=assumptions,
    )  # fmt: skip
    return money, found


def exposure(folder: Path, *more: object) -> dict[str, Any]:
    code, text = run("exposure", folder, "--no-config", "-o", "json", *more)
    assert code == 0, text
    made: dict[str, Any] = json.loads(text)
    return made


def sure(made: dict[str, Any], name: str) -> bool:
    line = next(one for one in made["lines"] if one["id"] == name)
    return any(one["sure"] for one in line["rules"])


def test_an_answer_that_the_scan_carries_counts_as_it_does_in_the_scan(tmp_path: Path) -> None:
    asked, _ = decided(tmp_path / "a")
    assert not sure(exposure(asked), "A1-r")
    told, _ = decided(tmp_path / "b", "public_safety,item.purpose,site:North")
    made = exposure(told)
    assert sure(made, "A1-r")
    assert any("taken over (scan.json)" in note for note in made["notes"])


def test_a_later_answer_prevails_over_the_one_that_the_scan_carries(tmp_path: Path) -> None:
    told, _ = decided(tmp_path / "a", "public_safety,item.purpose,site:North")
    later = answers(tmp_path / "later.csv", "?,item.purpose,site:North")
    assert not sure(exposure(told, "--answers", later), "A1-r")


def test_what_contradicts_an_answer_of_the_scan_is_refused(tmp_path: Path) -> None:
    told, _ = decided(tmp_path / "a", "public_safety,item.purpose,site:North")
    (told / "facts.yml").write_text(
        FACTS.replace("  use.by:", "  item.purpose: [none]\n  use.by:"), encoding="utf-8"
    )
    code, text = run("exposure", told, "--no-config")
    assert code == 2 and "E405" in text and "scan.json" in text


def test_a_kind_that_people_stated_prices_a_thing(tmp_path: Path) -> None:
    told, _ = decided(tmp_path / "a", "video_surveillance_equipment,item.kind,finding:{E2}")
    line = next(one for one in exposure(told)["lines"] if one["id"] == "A2-r")
    assert line["possibly"] == "100.00"
    bare, _ = decided(tmp_path / "b")
    (other,) = [one for one in exposure(bare)["lines"] if one["id"] == "A2-r"]
    assert other["not_priced"] == "no unit cost and no category"


def test_a_kind_that_was_corrected_goes_before_the_one_that_the_scan_carries(tmp_path: Path) -> None:
    told, found = decided(tmp_path / "a", "video_surveillance_equipment,item.kind,finding:{E2}")
    with (told / "assets.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["Finding"] == found["E1"]]
    write(told / "assets.csv", rows)
    (line,) = [one for one in exposure(told)["lines"] if one["id"] == "A2-r"]
    assert line["possibly"] == "100.00"
    other = f"telecommunications_equipment,item.kind,finding:{found['E2']}"
    later = answers(tmp_path / "later.csv", other)
    (line,) = [one for one in exposure(told, "--answers", later)["lines"] if one["id"] == "A2-r"]
    assert line["possibly"] is None and "telecommunications_equipment" in line["not_priced"]


def test_an_exposure_says_when_only_some_rules_were_asked(tmp_path: Path) -> None:
    folder, _ = decided(tmp_path / "a")
    grant = {
        "Contract": "GR-7",
        "Kind": "grant",
        "Agency": "EPA",
        "Value per year": "310000",
        "Currency": "USD",
    }
    money = folder_of(folder, folder / "scan.json", contracts=[CONTRACT, grant], facts=FACTS)
    code, text = run("exposure", money, "--no-config")
    assert code == 0
    assert (
        "Only these rules were asked" in text
        and "(us-889-b)" in text
        and "GR-7 (contracts.csv, row 3)" in text
    )
    (money / "facts.yml").write_text(FACTS.partition("\n")[2], encoding="utf-8")
    assert "Only these rules" not in run("exposure", money, "--no-config")[1]


@pytest.mark.parametrize("form", ["table", "html"])
def test_a_matrix_says_where_no_rule_was_asked(tmp_path: Path, form: str) -> None:
    folder, _ = decided(tmp_path / "a")
    code, text = run(
        "matrix",
        folder,
        "--no-config",
        "--years",
        "2026",
        "--jurisdiction",
        "GB",
        "--jurisdiction",
        "US",
        "-o",
        form,
    )
    assert code == 0
    assert "not asked" in text and "No rule of GB was asked at all" in text
