"""CycloneDX, JSON and XML."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.readers import Limits
from proscribe.readers.parts import cyclonedx

FIXTURES = Path(__file__).parents[1] / "fixtures" / "bom"

DOCUMENT: dict[str, Any] = {
    "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
    "version": 1,
    "metadata": {
        "manufacturer": {"name": "Maker of the document"},
        "supplier": {"name": "Acme Vision"},
        "component": {"type": "device", "bom-ref": "nvr", "name": "NVR-400"},
    },
    "components": [
        {
            "type": "device",
            "bom-ref": "board",
            "name": "PCA-210",
            "manufacturer": {"name": "Acme Boards", "url": ["https://acme.example/"]},
            "supplier": {"name": "Parts & Co"},
            "properties": [
                {"name": "cdx:device:quantity", "value": "2"},
                {"name": "cdx:device:location", "value": "U1"},
                {"name": "cdx:device:macAddress", "value": "00:11:22:33:44:55"},
                {"name": "cdx:device:serialNumber", "value": "SN-1"},
                {"name": "cdx:device:sku", "value": "SKU-9"},
                {"name": "cdx:device:prodTimestamp", "value": "2020-01-02"},
                {"name": "acme:manufacturerPartNumber", "value": "AB-12"},
                {"name": "acme:unknown", "value": "kept"},
                {"name": "acme:DNP", "value": "true"},
            ],
            "externalReferences": [{"type": "website", "url": "https://acme.example/board"}],
            "components": [
                {"type": "device", "bom-ref": "chip", "name": "Hi3535V100", "publisher": "x",
                 "components": [{"type": "firmware", "name": "blob", "cpe": "cpe:2.3:o:a:b:*:*:*:*:*:*:*:*"}]}
            ],
            "pedigree": {"ancestors": [{"type": "device", "name": "PCA-200"}], "variants": [{"type": "device", "name": "PCA-211"}]},
            "evidence": {"identity": [{"field": "purl", "concludedValue": "pkg:generic/x@1"}, {"field": "hash", "concludedValue": "aa"}]},
            "hashes": [{"alg": "MD5", "content": "aa"}],
        },
        {"type": "library", "bom-ref": "lib", "name": "lodash", "purl": "pkg:npm/lodash@4", "author": "A <a@huawei.com>",
         "publisher": "B <b@huawei.com>", "externalReferences": [{"type": "distribution", "url": "https://repo.huaweicloud.com/lodash"}]},
    ],
    "services": [{"bom-ref": "svc", "name": "cloud", "provider": {"name": "Host Ltd"}, "endpoints": ["https://cloud.example/"]}],
    "dependencies": [{"ref": "nvr", "dependsOn": ["board", "lib"]}, {"ref": "lib", "provides": ["svc"]}, {"ref": "lib", "dependsOn": ["lib"]}],
    "compositions": [{"aggregate": "incomplete", "assemblies": ["board"]}, {"aggregate": "complete", "assemblies": ["nvr"]}],
    "vulnerabilities": [{"id": "CVE-1"}],
}  # fmt: skip

XML = """<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79" version="1">
  <metadata>
    <tools><components><component type="application"><name>tool of Huawei</name></component></components></tools>
    <component type="device" bom-ref="nvr"><name>NVR-400</name></component>
    <manufacturer><name>Maker of the document</name></manufacturer>
    <supplier><name>Acme Vision</name></supplier>
  </metadata>
  <components>
    <component type="device" bom-ref="board">
      <supplier><name>Parts &amp; Co</name></supplier>
      <manufacturer><name>Acme Boards</name><url>https://acme.example/</url></manufacturer>
      <name>PCA-210</name>
      <hashes><hash alg="MD5">aa</hash></hashes>
      <pedigree><ancestors><component type="device"><name>PCA-200</name></component></ancestors>
        <variants><component type="device"><name>PCA-211</name></component></variants></pedigree>
      <externalReferences><reference type="website"><url>https://acme.example/board</url></reference></externalReferences>
      <properties>
        <property name="cdx:device:quantity">2</property>
        <property name="cdx:device:location">U1</property>
        <property name="cdx:device:macAddress">00:11:22:33:44:55</property>
        <property name="cdx:device:serialNumber">SN-1</property>
        <property name="cdx:device:sku">SKU-9</property>
        <property name="cdx:device:prodTimestamp">2020-01-02</property>
        <property name="acme:manufacturerPartNumber">AB-12</property>
        <property name="acme:unknown">kept</property>
        <property name="acme:DNP">true</property>
      </properties>
      <components>
        <component type="device" bom-ref="chip"><publisher>x</publisher><name>Hi3535V100</name>
          <components><component type="firmware"><name>blob</name><cpe>cpe:2.3:o:a:b:*:*:*:*:*:*:*:*</cpe></component></components>
        </component>
      </components>
      <evidence><identity><field>purl</field><concludedValue>pkg:generic/x@1</concludedValue></identity>
        <identity><field>hash</field><concludedValue>aa</concludedValue></identity></evidence>
    </component>
    <component type="library" bom-ref="lib"><author>A &lt;a@huawei.com&gt;</author><publisher>B &lt;b@huawei.com&gt;</publisher>
      <name>lodash</name><purl>pkg:npm/lodash@4</purl>
      <externalReferences><reference type="distribution"><url>https://repo.huaweicloud.com/lodash</url></reference></externalReferences>
    </component>
  </components>
  <services><service bom-ref="svc"><provider><name>Host Ltd</name></provider><name>cloud</name>
    <endpoints><endpoint>https://cloud.example/</endpoint></endpoints></service></services>
  <dependencies>
    <dependency ref="nvr"><dependency ref="board"/><dependency ref="lib"/></dependency>
    <dependency ref="lib"><provides ref="svc"/></dependency>
    <dependency ref="lib"><dependency ref="lib"/></dependency>
  </dependencies>
  <compositions>
    <composition><aggregate>incomplete</aggregate><assemblies><assembly ref="board"/></assemblies></composition>
    <composition><aggregate>complete</aggregate><assemblies><assembly ref="nvr"/></assemblies></composition>
  </compositions>
  <vulnerabilities><vulnerability><id>CVE-1</id><tools><components><component type="application"><name>Hikvision scanner</name></component></components></tools></vulnerability></vulnerabilities>
</bom>
"""  # fmt: skip

ROWS = [
    {"ref": "nvr", "level": "0", "type": "device", "relation": "product", "name": "NVR-400", "supplier": "Acme Vision"},
    {
        "ref": "board", "level": "1", "type": "device", "relation": "component", "name": "PCA-210", "manufacturer": "Acme Boards",
        "supplier": "Parts & Co", "part number": "SKU-9\nAB-12", "serial number": "SN-1", "mac": "00:11:22:33:44:55",
        "purl": "pkg:generic/x@1", "urls": "https://acme.example/\nhttps://acme.example/board", "properties": "acme:unknown=kept",
        "quantity": "2", "designators": "U1", "fitting": "dnp=true", "dated on": "2020-01-02",
    },
    {"type": "device", "relation": "ancestor of board", "name": "PCA-200"},
    {"type": "device", "relation": "variant of board", "name": "PCA-211"},
    {"ref": "chip", "parent": "board", "level": "2", "type": "device", "relation": "component", "name": "Hi3535V100", "publisher": "x"},
    {"parent": "chip", "level": "3", "type": "firmware", "relation": "component", "name": "blob", "cpe": "cpe:2.3:o:a:b:*:*:*:*:*:*:*:*"},
    {"ref": "lib", "level": "1", "type": "library", "relation": "component", "name": "lodash", "purl": "pkg:npm/lodash@4",
     "author": "B <b@huawei.com>\nA <a@huawei.com>", "links": "https://repo.huaweicloud.com/lodash"},
    {"ref": "svc", "level": "1", "relation": "service", "name": "cloud", "supplier": "Host Ltd", "links": "https://cloud.example/"},
]  # fmt: skip


def filled(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{name: text for name, text in row.items() if text is not None} for row in rows]


@pytest.mark.parametrize(
    "text", [json.dumps(DOCUMENT), json.dumps(DOCUMENT, indent=2), XML], ids=["json", "indented", "xml"]
)
def test_every_component_is_a_record(read: Any, text: str) -> None:
    found = read(text)
    assert found.reader == "cyclonedx"
    assert filled(found.only()) == ROWS
    assert found.tables[0].source_kind == "parts"
    assert set(found.tables[0].unread) == {"author", "links", "properties"}
    assert list(found.reading.links()) == [("board", "nvr"), ("lib", "nvr"), ("svc", "lib")]
    assert not any(issue.lossy for issue in found.issues)
    spots = {spot.kind: spot for spot in found.reading.blind_spots}
    assert spots["composition_incomplete"].examples == ("board",)
    assert spots["lines_without_maker"].count == 4
    assert (spots["components_without_identifier"].count, spots["components_without_identifier"].of) == (5, 8)


def test_pointers_lead_to_the_component(read: Any) -> None:
    found = read(json.dumps(DOCUMENT))
    pointers = [
        pointer
        for batch in cyclonedx.CycloneDx().open(found.reading._source, found.reading._options).batches()
        for pointer in batch.pointers or ()
    ]
    assert pointers == [
        "/metadata/component", "/components/0", "/components/0/pedigree/ancestors/0", "/components/0/pedigree/variants/0",
        "/components/0/components/0", "/components/0/components/0/components/0", "/components/1", "/services/0",
    ]  # fmt: skip
    for pointer, row in zip(pointers, ROWS, strict=True):
        value: Any = DOCUMENT
        for step in pointer.split("/")[1:]:
            value = value[int(step) if step.isdigit() else step]
        assert value["name"] == row["name"]


def test_what_is_not_read_is_said(read: Any) -> None:
    said = read(json.dumps(DOCUMENT)).issue("E173").what
    assert "hashes" in said
    assert "vulnerabilities" in said


def test_the_real_hardware_bill_of_materials(read_file: Any) -> None:
    found = read_file(FIXTURES / "pcie-sata-adapter-board.cdx.json")
    assert (found.reader, len(found.only()), found.tables[0].source_kind) == ("cyclonedx", 7, "parts")
    assert [row["quantity"] for row in found.only()] == [None, "1", "8", "1", "1", "2", "2"]
    assert [row["supplier"] for row in found.only()][1:4] == ["Samtec", "Molex", "3M"]
    assert not found.issues


def test_a_list_of_software_is_called_so(read: Any) -> None:
    found = read(
        '{"bomFormat": "CycloneDX", "specVersion": "1.4", "components": [{"type": "library", "name": "x"}]}'
    )
    assert found.tables[0].source_kind == "software"


def test_keys_in_any_order(read: Any) -> None:
    found = read(
        json.dumps(
            {
                key: DOCUMENT[key]
                for key in ["bomFormat", *sorted(set(DOCUMENT) - {"bomFormat"}, reverse=True)]
            }
        )
    )
    assert sorted(row["name"] for row in found.only()) == sorted(row["name"] for row in ROWS)


def test_a_mapping_wins(read: Any) -> None:
    found = read(json.dumps(DOCUMENT), mapping={"properties": "text"})
    assert found.tables[0].fields["properties"] == "text"
    assert "name" in found.tables[0].unread, "with a content field mapped, the others are not read"


@pytest.mark.parametrize("version", ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"])
def test_known_versions(read: Any, version: str) -> None:
    found = read(json.dumps({**DOCUMENT, "specVersion": version}))
    assert "E174" not in found.codes
    assert "E174" not in read(XML.replace("bom/1.6", f"bom/{version}")).codes


def test_a_later_version_is_read_and_said(read: Any) -> None:
    assert not read(json.dumps({**DOCUMENT, "specVersion": "2.0"})).issue("E174").lossy


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.97])
@pytest.mark.parametrize("text", [json.dumps(DOCUMENT), XML], ids=["json", "xml"])
def test_a_document_that_breaks_off(read: Any, text: str, share: float) -> None:
    found = read(text[: int(len(text) * share)])
    assert any(issue.lossy for issue in found.issues)
    kept = json.dumps(found.only())
    for row in ROWS[:1] if share < 0.5 else ROWS[:2]:
        if text.find(row["name"]) + len(row["name"]) + 600 < len(text) * share:
            assert row["name"] in kept


def test_nothing_of_the_broken_piece_is_lost(read: Any) -> None:
    found = read(
        '{"bomFormat": "CycloneDX", "components": [{"type": "device", "name": "ok"}, {"type": "device", "name": "Hikvision DS-2CD2143G2-I", '
    )
    assert "Hikvision" in json.dumps(found.only())
    assert found.issue("E131").lossy


@pytest.mark.parametrize(
    "components",
    [
        "x", 7, None, [], {}, [None], ["Hikvision"], [["Hikvision"]], [{"name": {"name": "Hikvision"}}], [{"supplier": "Hikvision"}],
        [{"supplier": [{"name": "Hikvision"}]}], [{"properties": {"name": "x"}}], [{"pedigree": []}], [{"externalReferences": "x"}],
        [{"name": 5, "type": True, "bom-ref": ["a"], "evidence": 1, "components": "Hikvision"}], [{"components": {"name": "Hikvision"}}],
    ],
)  # fmt: skip
def test_wrong_types_are_read_as_far_as_they_go(read: Any, components: Any) -> None:
    found = read(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": components}))
    if "Hikvision" in json.dumps(components):
        assert "Hikvision" in json.dumps(found.rows.get(0, []))


def test_a_key_that_stands_twice_hides_nothing(read: Any) -> None:
    found = read(
        '{"bomFormat": "CycloneDX", "components": [{"name": "a", "description": "Hikvision", "description": "x"}]}'
    )
    assert found.issue("E173").what.count("description_2") == 1
    assert found.only()[0]["description"] == "Hikvision"


def test_deep_nesting(read: Any) -> None:
    def nested(levels: int) -> str:
        return '{"type": "device", "name": "x", "components": [' * levels + "]}" * levels

    found = read('{"bomFormat": "CycloneDX", "components": [' + nested(150) + "]}")
    assert len(found.only()) == 150
    assert found.only()[-1]["level"] == "150"
    found = read('{"bomFormat": "CycloneDX", "components": [{"name": "first"}, ' + nested(200_000) + "]}")
    assert found.only()[0]["name"] == "first"
    assert any(issue.lossy for issue in found.issues)


def test_a_component_too_large_to_hold_is_read_part_by_part(
    read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cyclonedx, "_WHOLE", 500)
    monkeypatch.setattr("proscribe.readers._text._CHUNK_BYTES", 200)
    inner = [
        {"type": "device", "bom-ref": f"p{at}", "name": f"part {at}", "description": "y" * 100}
        for at in range(20)
    ]
    late = {
        "type": "device",
        "bom-ref": "big",
        "name": "big",
        "components": inner,
        "description": "said late",
    }
    document = {
        "bomFormat": "CycloneDX",
        "metadata": {"component": late},
        "components": [{**late, "bom-ref": "big2"}],
    }
    found = read(json.dumps(document))
    assert len(found.only()) == 2 * (1 + 20 + 1)
    assert [row["level"] for row in found.only()[:3]] == ["0", "1", "1"]
    assert {row["parent"] for row in found.only()} == {None, "big", "big2"}
    assert [
        row["description"]
        for row in found.only()
        if row["relation"] and row["relation"].startswith("continued")
    ] == ["said late"] * 2


def test_long_cells_are_cut_and_said(read: Any) -> None:
    text = json.dumps(
        {"bomFormat": "CycloneDX", "components": [{"name": "x" * 5_000, "description": "a\u202eb\x00"}]}
    )
    found = read(text, limits=Limits(max_field_bytes=1_000))
    assert len(found.only()[0]["name"]) == 1_000
    assert {"E125", "E121", "E120"} <= found.codes


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-16-le"])
def test_encodings(read: Any, encoding: str) -> None:
    text = json.dumps({"bomFormat": "CycloneDX", "components": [{"name": "海康威视"}]}, ensure_ascii=False)
    found = read(text.encode(encoding))
    assert found.reader == "cyclonedx"
    assert found.only()[0]["name"] == "海康威视"


def test_bytes_that_are_no_utf8_are_said(read: Any) -> None:
    found = read(b'{"bomFormat": "CycloneDX", "components": [{"name": "caf\xe9"}, {"name": "b\x00c"}]}')
    assert "E120" in found.codes
    assert found.codes & {"E118", "E119"}
    assert len(found.only()) == 2


def test_entities_are_not_expanded(read: Any) -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE bom [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    )
    found = read(
        bomb
        + '<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components><component type="device"><name>&b;</name></component></components></bom>'
    )
    assert "aaaaaaaaaa" not in json.dumps(found.rows.get(0, []))
    assert any(issue.lossy for issue in found.issues)


def test_an_empty_document_says_so(read: Any) -> None:
    assert "E103" in read('{"bomFormat": "CycloneDX", "specVersion": "1.5"}').codes


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["name", "type", "bom-ref", "components", "services", "pedigree", "ancestors", "properties", "supplier", "url",
             "externalReferences", "evidence", "identity", "field", "concludedValue", "dependsOn", "ref", "aggregate", "x"]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(
            ["metadata", "components", "services", "dependencies", "compositions", "specVersion", "z"]
        ),
        _values,
    )
)
def test_no_document_breaks_it(read: Any, document: dict[str, Any]) -> None:
    found = read(json.dumps({"bomFormat": "CycloneDX", **document}))
    assert found.reader == "cyclonedx"
    list(found.reading.links())


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_breaks_it(read: Any, data: Any) -> None:
    text = bytearray(data.draw(st.sampled_from([json.dumps(DOCUMENT), XML])).encode())
    whole = read(bytes(text))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(300, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=6))
    found = read(bytes(text))
    found.keeps(bytes(text), whole)
    if found.reading is not None and hasattr(found.reading, "links"):
        list(found.reading.links())
