"""Entity, jurisdiction and year."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from money import CONTRACT, GB_FACTS, folder_of

from proscribe.app.rules.decide import Decider
from proscribe.cli.main import cli
from proscribe.kb.snapshot import open_knowledge

ScanOf = tuple[Path, dict[str, str]]


def folder(place: Path, scan: ScanOf) -> Path:
    assets = [
        {"Finding": scan[1][name], "Quantity": "2", "Unit cost": "100", "Currency": "USD"}
        for name in ("E1", "E3")
    ]
    return folder_of(place, scan[0], assets=assets, contracts=[CONTRACT], facts=GB_FACTS)


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
    assert huawei["forbidden_on"] and huawei["units"] == huawei["sure_units"] == 2
    assert huawei["cost"] == huawei["sure_cost"] == "200.00"
    assert all(
        one["forbidden_on"] is None or int(one["forbidden_on"][:4]) <= one["year"] for one in made["cells"]
    )


def test_a_jurisdiction_that_was_not_named_has_no_cell(tmp_path: Path, scan: ScanOf) -> None:
    place = folder(tmp_path / "a", scan)
    html = tmp_path / "m.html"
    code, _ = asked(place, "--years", "2027", "--jurisdiction", "de", "-o", f"html={html}")
    assert code == 0
    page = html.read_text("utf-8")
    assert "<td>DE</td>" in page and "<td>GB</td>" not in page


def test_people_read_the_name_of_a_maker_and_machines_its_id(tmp_path: Path, scan: ScanOf) -> None:
    place = folder(tmp_path / "a", scan)
    html, out = tmp_path / "m.html", tmp_path / "m.json"
    _, text = asked(place, "--years", "2028", "-o", "table", "-o", f"html={html}", "-o", f"json={out}")
    made = json.loads(out.read_text("utf-8"))
    name = made["names"]["huawei"]
    assert set(made["names"]) == set(made["entities"]) and name != "huawei"
    assert f'<th scope="row">{name}</th>' in html.read_text("utf-8") and f"{name[:20]}" in text
    assert not any(line.startswith("huawei") for line in text.splitlines())


def test_where_no_rule_of_a_place_was_asked_there_is_no_cell_and_no_permission(
    tmp_path: Path, scan: ScanOf
) -> None:
    place = folder(tmp_path / "a", scan)
    (place / "facts.yml").write_text("regimes: [us-889-b]\n" + GB_FACTS, encoding="utf-8")
    code, text = asked(place, "--years", "2027", "--jurisdiction", "GB", "-o", "json")
    assert code == 0 and json.loads(text)["cells"] == []


@pytest.mark.parametrize("years", ["soon", "2030-2026", "1-2"])
def test_years_that_are_none_say_so(tmp_path: Path, scan: ScanOf, years: str) -> None:
    code, text = asked(folder(tmp_path / "a", scan), "--years", years)
    assert code == 2 and "E543" in text


def test_an_unknown_jurisdiction_is_named(tmp_path: Path, scan: ScanOf) -> None:
    code, text = asked(folder(tmp_path / "a", scan), "--years", "2027", "--jurisdiction", "XX")
    assert code == 2 and "XX" in text and "GB" in text


US_FACTS = """facts:
  party.jurisdiction: US
  party.role: prime_contractor
  act.kind: exercise_option
  use.by: the_entity
  contract.agency: GSA
  contract.clauses: ["52.204-25 (NOV 2021)"]
  contract.awarded_on: 2024-05-20
  item.role_in_system: substantial_or_essential_component
  network.generation: 5g
  network.segment: ran
"""


def cells_of(place: Path, *more: str) -> dict[tuple[str, str, int], dict[str, object]]:
    code, text = asked(place, *more, "-o", "json")
    assert code == 0, text
    return {(one["entity"], one["jurisdiction"], one["year"]): one for one in json.loads(text)["cells"]}


def test_a_row_holds_law_of_its_jurisdiction_alone(tmp_path: Path, scan: ScanOf) -> None:
    place = folder(tmp_path / "a", scan)
    (place / "facts.yml").write_text(US_FACTS, encoding="utf-8")
    cells = cells_of(place, "--years", "2026-2027", "--jurisdiction", "all")
    law = Decider.of(open_knowledge([])).law
    for (_, where, _), one in cells.items():
        named = [one["regime"], *one["proposals"]]  # type: ignore[misc]
        assert {law.regimes[name].jurisdiction for name in named if name} <= {where}
        assert where == "US" or one["outcome"] != "prohibited" or one["act"]
    assert cells["huawei", "US", 2026]["outcome"] == "prohibited"
    abroad = cells["huawei", "GB", 2026]
    assert abroad["outcome"] == "undetermined" and "party.role" in abroad["missing"]  # type: ignore[operator]


def test_law_that_follows_a_contract_over_the_border_stays_in_the_row_of_its_country(
    tmp_path: Path, scan: ScanOf
) -> None:
    place = folder(tmp_path / "a", scan)
    (place / "facts.yml").write_text(US_FACTS.replace(": US", ": GB"), encoding="utf-8")
    cells = cells_of(place, "--years", "2026", "--jurisdiction", "US", "--jurisdiction", "SE")
    assert (cells["huawei", "US", 2026]["regime"], cells["huawei", "US", 2026]["act"]) == ("us-889-b", "")
    assert str(cells["huawei", "SE", 2026]["regime"]).startswith("se-")


def test_the_day_of_a_prohibition_is_that_of_the_law(tmp_path: Path, scan: ScanOf) -> None:
    place = folder(tmp_path / "a", scan)
    (place / "facts.yml").write_text(US_FACTS, encoding="utf-8")
    late = cells_of(place, "--years", "2027", "--jurisdiction", "US")["huawei", "US", 2027]
    assert (late["forbidden_on"], late["or_before"]) == ("2020-08-13", False)
    years = cells_of(place, "--years", "2019-2027", "--jurisdiction", "US")
    assert years["huawei", "US", 2019]["forbidden_on"] is None
    assert {years["huawei", "US", year]["forbidden_on"] for year in range(2020, 2028)} == {"2020-08-13"}
    assert "forbidden since 2020-08-13" in asked(place, "--years", "2027")[1]
