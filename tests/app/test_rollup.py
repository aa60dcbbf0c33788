"""What contains the parts that were found, in a whole scan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from scan_samples import COMPANY_FACTS

from proscribe.app.rules.decide import open_decider
from proscribe.app.rules.facts_file import facts_of
from proscribe.app.rules.own_facts import own_facts
from proscribe.app.rules.scan_decide import decide_findings
from proscribe.app.scan.fitting import NOT_FITTED_QUESTION, says_not_fitted
from proscribe.app.scan.product_places import PLACE_QUESTION
from proscribe.app.scan.rollup import LEGAL_QUESTION
from proscribe.devices.alternates import ALTERNATE_QUESTION
from proscribe.matching.findings import CHIP_QUESTION
from proscribe.model.decisions import Outcome
from proscribe.model.findings import Band, Role
from proscribe.reports.scan.html import to_html
from proscribe.reports.scan.markdown import to_markdown
from proscribe.reports.scan.table import to_table

from .conftest import DAY, answer, scan

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "readers" / "fixtures" / "bom"
THREE_LEVELS = FIXTURES / "recorder-three-levels.csv"


def by_row(result: Any, number: int = 0) -> dict[int, Any]:
    return {one.locator.row: one for one in result.findings if one.input == number}


def test_three_levels_hide_a_chip() -> None:
    result = scan(THREE_LEVELS)
    found = by_row(result)
    assert sorted(found) == [1, 2, 3, 4]
    chip, product = found[4], found[1]
    assert (product.entity, product.role, product.basis, product.band) == (
        "hisilicon",
        Role.COMPONENT,
        "derived",
        Band.PROBABLE,
    )
    assert chip.band is Band.CONFIRMED, (
        "who made the chip is certain; that it lies in the product, one document says"
    )
    assert product.path == (
        "Four channel recorder (NVR-400)",
        "Main board assembly (PCA-210)",
        "Processor module (PCB-310)",
        "Network video SoC (IC-0001) [U1]",
    )
    assert product.derived_from == (chip.id,)
    assert [(one.quantity, one.ways, one.cost) for one in product.contains] == [("2", 1, "23")]
    assert CHIP_QUESTION in product.questions
    assert LEGAL_QUESTION in product.questions
    assert (
        "contains Hi3535V100 (2 in each) through Four channel recorder (NVR-400) > "
        in product.evidence[0].why
    )
    # the column that says what lies in what holds no part
    assert product.evidence[0].field == "its parts, by Level"
    assert not chip.derived_from


def test_the_answer_keeps_its_schema_and_order() -> None:
    value = answer(THREE_LEVELS)
    schema = json.loads((ROOT / "schemas" / "proscribe.scan-1.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(value, schema)
    assert [one["locator"]["row"] for one in value["findings"]] == [1, 2, 3, 4]
    assert value["summary"]["by_role"]["component"] >= 3
    assert scan(THREE_LEVELS).to_json() == scan(THREE_LEVELS).to_json()


def test_every_report_says_the_way() -> None:
    result = scan(THREE_LEVELS).scan
    way = "Processor module (PCB-310)"
    assert way in to_table(result, width=120).replace("\n", " ")
    assert "PCB" in to_markdown(result)
    page = to_html(result)
    assert "Found parts that it contains" in page
    assert way in page


def test_a_component_of_the_product_is_what_the_law_is_asked_about() -> None:
    product = by_row(scan(THREE_LEVELS))[1]
    own = own_facts(product)
    assert own.facts == {"item.contains_producer": ("hisilicon",)}
    assert not own.withheld
    decider = open_decider()
    entities = decider.firms
    decided = decide_findings(
        scan(THREE_LEVELS).scan, decider, facts_of(COMPANY_FACTS, "facts.yml", decider.law, entities)
    ).decided
    assert decided is not None
    answer = decided.by_finding[product.id]
    assert dict(answer.facts)["item.contains_producer"] == "[hisilicon]", (
        "what was said of all things gives way to what was found"
    )
    assert answer.outcome not in (Outcome.NOT_COVERED, Outcome.EXCEPTED, Outcome.WAIVED)


def test_an_unsure_part_is_not_ruled_out_by_what_is_said_of_all_things(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_text(
        "Level,Part Number,Description,MPN,Qty,DNP\n0,SYS-1,System,,1,\n1,IC-1,SoC,Hi3516CV300,1,DNP\n"
    )
    result = scan(path)
    product = by_row(result)[1]
    assert product.band is Band.POSSIBLE
    assert own_facts(product).facts == {}
    decider = open_decider()
    entities = decider.firms
    decided = decide_findings(
        result.scan, decider, facts_of(COMPANY_FACTS, "facts.yml", decider.law, entities)
    ).decided
    assert decided is not None
    assert "item.contains_producer" not in dict(decided.by_finding[product.id].facts)
    assert decided.by_finding[product.id].outcome not in (
        Outcome.NOT_COVERED,
        Outcome.EXCEPTED,
        Outcome.WAIVED,
    )


def test_a_part_that_is_not_sure_makes_what_contains_it_no_surer(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_text(
        "Level,Part Number,Description,Qty\n0,SYS-1,System,1\n1,X-1,Lorex NVR,1\n", encoding="utf-8"
    )
    result = scan(path)
    assert any(one.derived_from for one in result.findings)
    for finding in result.findings:
        if finding.derived_from:
            part = next(one for one in result.findings if one.id == finding.derived_from[0])
            assert finding.band.rank <= part.band.rank
            if part.questions and part.role is not Role.COMPONENT:
                assert finding.band is Band.POSSIBLE
                assert "item.contains_producer" not in own_facts(finding).facts


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("DNP", "DNP", True), ("DNP", "x", True), ("DNP", "1", True), ("DNP", "yes", True), ("DNP", "0", False), ("DNP", "No", False),
        ("DNP", "", False), ("Do Not Populate", "true", True), ("Fitted", "Not Fitted", True), ("Fitted", "Fitted", False),
        ("Fitted", "no", True), ("Fitted", "yes", False), ("Populate", "0", True), ("Populate", "1", False), ("Fitted", "DNP", True),
        ("fitting", "dnp=true", True), ("fitting", "dnp=false", False), ("fitting", "populate=no", True), ("Mounted", "", False),
        ("Comment", "non montato", True), ("Comment", "не устанавливать", True), ("Comment", "未実装", True), ("Comment", "montado", False),
        ("Bestückt", "nein", True), ("Nicht bestückt", "ja", True), ("DNP", "DNPX-100", True),
    ],
)  # fmt: skip
def test_not_fitted(column: str, value: str, expected: bool) -> None:
    assert says_not_fitted(column, value) is expected


def test_a_part_that_is_not_fitted_says_so_and_makes_a_question_of_the_product(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_text(
        "Level,Part Number,Description,Manufacturer,MPN,Qty,DNP\n0,SYS-1,System,,,1,\n"
        "1,IC-1,SoC,HiSilicon,Hi3516CV300,1,DNP\n1,IC-2,SoC DNP,HiSilicon,Hi3518EV200,1,\n1,IC-3,SoC,HiSilicon,Hi3519V101,0,\n"
    )
    found = by_row(scan(path))
    for row in (2, 3, 4):
        assert NOT_FITTED_QUESTION in found[row].questions, row
        assert [one.matcher for one in found[row].against] == ["not_fitted"]
        assert found[row].band is Band.POSSIBLE
        assert found[row].questions[0] == NOT_FITTED_QUESTION
    assert found[1].band is Band.POSSIBLE
    assert NOT_FITTED_QUESTION in found[1].questions


def test_another_choice_for_a_line_says_so(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_text(
        "Level,Part Number,Description,Manufacturer,MPN,Alternate Manufacturer,Alternate MPN,Qty\n"
        "0,SYS-1,System,,,,,1\n1,IC-1,SoC,Novatek,NT98528,HiSilicon,Hi3516CV300,1\n"
    )
    found = by_row(scan(path))
    assert ALTERNATE_QUESTION in found[2].questions
    assert found[2].band is Band.PROBABLE, "who made it is sure, that it is fitted is not"
    assert found[1].band is Band.POSSIBLE


def test_a_part_set_aside_makes_nothing_of_the_product(tmp_path: Path) -> None:
    layer = tmp_path / "own.yml"
    layer.write_text(
        "suppressions:\n  - {entity: hisilicon, text: Hi3535V100, reason: replaced, by: Jo, at: 2026-01-02}\n",
        encoding="utf-8",
    )
    result = scan(THREE_LEVELS, knowledge=[layer])
    assert [one.locator.row for one in result.findings] == [4]
    assert result.findings[0].ignored is not None


def test_an_assembly_with_a_finding_of_its_own_gets_the_way_added(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_text(
        "Level,Part Number,Description,Manufacturer,MPN,Qty\n0,SYS-1,System,,,1\n1,M-1,Module,HiSilicon,Hi3516CV300,1\n2,IC-1,SoC,HiSilicon,Hi3518EV200,2\n"
    )
    found = by_row(scan(path))
    assert len(found) == 3
    assert found[2].role is Role.COMPONENT
    assert found[2].derived_from == (found[3].id,)
    assert {one.part for one in found[1].contains} == {found[2].id, found[3].id}


def test_several_documents(tmp_path: Path) -> None:
    upper = tmp_path / "rack.csv"
    upper.write_text(
        "Level,Part Number,Description,Qty,Location\n0,RACK-9,Rack,1,Berlin\n1,NVR-400,Recorder,3,Berlin\n"
    )
    result = scan(upper, THREE_LEVELS)
    rack = by_row(result, 0)
    assert rack[1].contains[0].quantity == "6"
    assert rack[1].contains[0].path[:2] == ("Rack (RACK-9)", "Four channel recorder (NVR-400)")
    assert "recorder-three-levels.csv describes" in rack[1].contains[0].across[0]
    assert "describes" in rack[1].evidence[0].why
    alone = scan(upper)
    assert not alone.findings


def test_a_product_that_an_inventory_places_is_asked_about_there(tmp_path: Path) -> None:
    inventory = tmp_path / "inventory.csv"
    inventory.write_text(
        "Asset ID,Manufacturer,Model,Description,Site\nA1,Acme Vision,nvr-400,Recorder,Berlin\nA2,Axis,P3245,Camera,Berlin\n"
        "A3,Acme Vision,NVR-400,Recorder,Paris\nA4,Acme Vision,PSU-12,Power supply,Paris\n"
    )
    result = scan(inventory, THREE_LEVELS)
    found = by_row(result, 0)
    assert sorted(found) == [1, 3]
    assert [(found[row].record_id, found[row].details.site, found[row].band) for row in (1, 3)] == [
        ("A1", "Berlin", Band.POSSIBLE), ("A3", "Paris", Band.POSSIBLE),
    ]  # fmt: skip
    assert found[1].questions[0] == PLACE_QUESTION
    assert found[1].contains[0].quantity == "2"
    assert found[1].contains[0].path[-1].startswith("Network video SoC")
    assert "describes 'nvr-400'" in found[1].contains[0].across[0]
    assert not own_facts(found[1]).facts
    assert sorted(by_row(result, 1)) == [1, 2, 3, 4]


def test_cyclonedx_with_dependencies(tmp_path: Path) -> None:
    path = tmp_path / "a.cdx.json"
    path.write_text(
        json.dumps(
            {
                "bomFormat": "CycloneDX", "specVersion": "1.6",
                "metadata": {"component": {"type": "device", "bom-ref": "top", "name": "Camera"}},
                "components": [
                    {"type": "device", "bom-ref": "board", "name": "Board", "properties": [{"name": "cdx:device:quantity", "value": "2"}]},
                    {"type": "device", "bom-ref": "soc", "name": "Hi3518EV200", "properties": [{"name": "cdx:device:quantity", "value": "1"}]},
                ],
                "dependencies": [{"ref": "top", "dependsOn": ["board"]}, {"ref": "board", "dependsOn": ["soc"]}],
            }
        )
    )  # fmt: skip
    found = by_row(scan(path))
    assert [found[row].locator.pointer for row in (1, 2, 3)] == [
        "/metadata/component",
        "/components/0",
        "/components/1",
    ]
    assert found[1].path == ("Camera (top)", "Board (board)", "Hi3518EV200 (soc)")
    assert found[1].contains[0].quantity == "2"
    assert found[1].evidence[0].field == "its parts, by dependencies"
    assert found[1].record_id == "top"


def test_a_long_list_of_software_that_ends_in_devices_is_rolled_up_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proscribe.readers.parts._bom._RECORDS_PER_BATCH", 2)
    parts: list[dict[str, Any]] = [
        {"type": "library", "bom-ref": f"p{n}", "name": f"lib{n}"} for n in range(5)
    ]
    parts += [
        {"type": "device", "bom-ref": "box", "name": "Recorder"},
        {"type": "device", "bom-ref": "chip", "name": "HiSilicon Hi3516DV300", "description": "processor"},
    ]
    whole = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": parts}
    whole["dependencies"] = [{"ref": "box", "dependsOn": ["chip"]}]
    (tmp_path / "x.cdx.json").write_text(json.dumps(whole))
    assert {6, 7} <= set(by_row(scan(tmp_path / "x.cdx.json")))


def test_spdx_relationships(tmp_path: Path) -> None:
    path = tmp_path / "a.spdx"
    path.write_text(
        "SPDXVersion: SPDX-2.3\nPackageName: Recorder\nSPDXID: SPDXRef-top\n\nPackageName: Hi3535V100\nSPDXID: SPDXRef-soc\n"
        "PrimaryPackagePurpose: DEVICE\nRelationship: SPDXRef-top CONTAINS SPDXRef-soc\n"
    )
    assert by_row(scan(path))[1].path == ("Recorder (SPDXRef-top)", "Hi3535V100 (SPDXRef-soc)")


def test_rings_and_missing_parents_are_said(tmp_path: Path) -> None:
    path = tmp_path / "edges.csv"
    path.write_text(
        "Parent Part Number,Part Number,Description,Qty\nAAA-1,BBB-1,Board,1\nBBB-1,AAA-1,Board,1\nBBB-1,Hi3518EV200,SoC,1\nGHOST-1,Hi3516CV300,SoC,1\n"
    )
    result = scan(path)
    said = {issue.code: issue for issue in result.issues}
    assert not said["E175"].lossy
    assert "GHOST-1" in said["E178"].what
    assert result.complete
    assert by_row(result)[1].contains[0].quantity is None
    assert "(how many is not known, in a ring of parts) through" in by_row(result)[1].evidence[0].why


def test_the_real_hardware_bill_of_materials_raises_no_alarm() -> None:
    result = scan(FIXTURES / "pcie-sata-adapter-board.cdx.json")
    assert (result.scan.inputs[0].records, result.findings, result.mentions) == (7, (), ())
    assert result.complete
    spots = {spot.kind for spot in result.scan.blind_spots}
    assert "components_without_identifier" in spots
    assert DAY


def test_packages_that_speak_of_a_firm_raise_no_alarm(tmp_path: Path) -> None:
    path = tmp_path / "sbom.json"
    packages = [
        ("hikvisionapi", "pkg:pypi/hikvisionapi@0.3.2", "The client for HIKVISION cameras, DVR"),
        ("huawei-lte-api", "pkg:pypi/huawei-lte-api@1.7", "API for Huawei LTE modems"),
        ("lodash", "pkg:npm/lodash@4.17.21", "Lodash"),
    ]
    path.write_text(
        json.dumps(
            {
                "bomFormat": "CycloneDX", "specVersion": "1.5",
                "components": [
                    {"type": "library", "bom-ref": purl, "name": name, "purl": purl, "description": text, "author": "Li <li@huawei.com>",
                     "publisher": "Li <li@huawei.com>",
                     "externalReferences": [{"type": "distribution", "url": f"https://repo.huaweicloud.com/{name}"}]}
                    for name, purl, text in packages
                ],
            }
        )
    )  # fmt: skip
    result = scan(path)
    assert result.findings == ()
    assert {one.kind.value for one in result.mentions} == {"software"}


def test_at_a_place_the_parts_are_counted_in_all_that_stand_there(tmp_path: Path) -> None:
    """Two chips in each recorder, four recorders at the depot: eight chips there, at their price."""
    places = tmp_path / "places.csv"
    places.write_text(
        "Asset tag,Site,Description,Manufacturer,Model,Quantity\nA-1,Depot,Recorder,Acme Vision,NVR-400,4\nA-2,HQ,Recorder,Acme Vision,NVR-400,\n"
    )
    result = scan(THREE_LEVELS, places)
    found = by_row(result, 1)
    (depot,), (office,) = found[1].contains, found[2].contains
    assert (depot.quantity, depot.units, depot.in_all, depot.cost_in_all) == ("2", "4", "8", "92")
    assert (office.quantity, office.units, office.in_all, office.cost_in_all) == ("2", None, None, None), (
        "how many stand there is not said"
    )
    assert found[1].details.site == "Depot" and "8 in the 4 at Depot, cost 92" in found[1].evidence[0].why
    assert "8 in 4, 92" in to_html(result.scan)
    value = answer(THREE_LEVELS, places)
    jsonschema.validate(
        value, json.loads((ROOT / "schemas" / "proscribe.scan-1.schema.json").read_text(encoding="utf-8"))
    )
    assert [
        one["contains"][0]["in_all"]
        for one in value["findings"]
        if one["input"] == 1 and one["record_id"] == "A-1"
    ] == ["8"]
    # A list of single assets: each line is one.
    places.write_text(
        "Asset tag,Site,Description,Manufacturer,Model\nA-1,Depot,Recorder,Acme Vision,NVR-400\n"
    )
    (one,) = by_row(scan(THREE_LEVELS, places), 1)[1].contains
    assert (one.units, one.in_all) == ("1", "2")


def test_a_chip_is_a_question_even_where_its_maker_is_named(tmp_path: Path) -> None:
    """The chip may be certain; that it is covered equipment is not said anywhere."""
    for text in (
        "Level,Part Number,Description,Manufacturer,MPN,Qty\n0,X-1000,Recorder,Acme,,1\n1,IC-9000,SoC,HiSilicon,Hi3535V100,1\n",
        "Level,Part Number,Description,Manufacturer,MPN,Qty\n0,X-1000,Recorder,Acme,,1\n1,IC-9000,SoC,HiSilicon,,1\n",
        "Reference,Value,Manufacturer,MPN,Quantity\nU1,SoC,HiSilicon,Hi3516DV300,1\n",
        "Asset,Manufacturer,Model,Site\nA-1,HiSilicon,Hi3516DV300,HQ\n",
    ):
        path = tmp_path / "list.csv"
        path.write_text(text)
        found = list(scan(path).findings)
        assert found, text
        for one in found:
            assert one.role is Role.COMPONENT, text
            assert CHIP_QUESTION in one.questions, text
