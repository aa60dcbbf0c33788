"""Entity, jurisdiction and year."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from money import CONTRACT, folder_of

from proscribe.cli.main import cli

ScanOf = tuple[Path, dict[str, str]]
FACTS = """facts:
  party.jurisdiction: GB
  party.role: telecom_operator
  party.is_directed_provider: true
  act.kind: keep_in_operation
  network.generation: 5g
  network.segment: ran
"""


def folder(place: Path, scan: ScanOf) -> Path:
    assets = [
        {"Finding": scan[1][name], "Quantity": "2", "Unit cost": "100", "Currency": "USD"}
        for name in ("E1", "E3")
    ]
    return folder_of(place, scan[0], assets=assets, contracts=[CONTRACT], facts=FACTS)


def asked(place: Path, *more: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["matrix", str(place), *more])
    return done.exit_code, done.output


def test_each_cell_is_what_the_law_engine_says_with_a_day_and_a_citation(
    tmp_path: Path, scan: ScanOf
) -> None:
    code, text = asked(folder(tmp_path / "a", scan), "--years", "2026-2028", "-o", "json")
    assert code == 0
    made = json.loads(text)
    cells = {(one["entity"], one["jurisdiction"], one["year"]): one for one in made["cells"]}
    assert made["schema"] == "proscribe.matrix/1" and made["jurisdictions"] == ["GB"]
    assert len(cells) == len(made["entities"]) * 3
    huawei = cells["huawei", "GB", 2028]
    assert huawei["outcome"] == "prohibited" and huawei["regime"].startswith("gb-") and huawei["citation"]
    assert huawei["forbidden_on"] and huawei["units"] == 2 and huawei["cost"] == "200.00"
    assert all(
        one["forbidden_on"] is None or one["forbidden_on"][:4] == str(one["year"]) for one in made["cells"]
    )


def test_a_jurisdiction_that_was_not_named_has_no_cell(tmp_path: Path, scan: ScanOf) -> None:
    place = folder(tmp_path / "a", scan)
    html = tmp_path / "m.html"
    code, _ = asked(place, "--years", "2027", "--jurisdiction", "de", "-o", f"html={html}")
    assert code == 0
    page = html.read_text("utf-8")
    assert "<td>DE</td>" in page and "<td>GB</td>" not in page


def test_where_no_rule_of_a_place_was_asked_there_is_no_cell_and_no_permission(
    tmp_path: Path, scan: ScanOf
) -> None:
    place = folder(tmp_path / "a", scan)
    (place / "facts.yml").write_text("regimes: [us-889-b]\n" + FACTS, encoding="utf-8")
    code, text = asked(place, "--years", "2027", "--jurisdiction", "GB", "-o", "json")
    assert code == 0 and json.loads(text)["cells"] == []


@pytest.mark.parametrize("years", ["soon", "2030-2026", "1-2"])
def test_years_that_are_none_say_so(tmp_path: Path, scan: ScanOf, years: str) -> None:
    code, text = asked(folder(tmp_path / "a", scan), "--years", years)
    assert code == 2 and "E543" in text


def test_an_unknown_jurisdiction_is_named(tmp_path: Path, scan: ScanOf) -> None:
    code, text = asked(folder(tmp_path / "a", scan), "--years", "2027", "--jurisdiction", "XX")
    assert code == 2 and "XX" in text and "GB" in text
