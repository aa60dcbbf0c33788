"""`proscribe sbom annotate`: the same document back, valid, with the findings in it."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from click.testing import CliRunner

from proscribe.cli.main import cli

FIXTURE = Path(__file__).parents[1] / "readers" / "fixtures" / "bom" / "pcie-sata-adapter-board.cdx.json"
DAY = "2026-11-25"


def annotate(source: Path, target: Path, *more: str) -> int:
    result = CliRunner().invoke(cli, ["sbom", "annotate", str(source), str(target), "--as-of", DAY, *more])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code


def document(version: str) -> dict[str, Any]:
    """A product whose board hides a chip; one component has no reference."""
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{version}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "version": 7,
        "metadata": {"component": {"type": "device", "bom-ref": "nvr", "name": "NVR-400"}},
        "components": [
            {
                "type": "device",
                "bom-ref": "board",
                "name": "PCA-210",
                "description": '1.10 \u00e9\u6d77 "q" <b> & 1e5',
                "properties": [{"name": "cdx:device:quantity", "value": "2"}],
                "components": [{"type": "device", "name": "Hi3535V100"}],
            },
            {"type": "device", "bom-ref": "cam", "name": "DS-2CD2143G2-I", "supplier": {"name": "Hikvision"}},
            {"type": "library", "bom-ref": "clean", "name": "zlib", "properties": []},
        ],
        "dependencies": [{"ref": "nvr", "dependsOn": ["board", "cam"]}],
    }


def xml(version: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/{version}" serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79" version="7">
  <metadata>
    <component type="device" bom-ref="nvr"><name>NVR-400</name><version>1</version></component>
  </metadata>
  <components>
    <!-- kept -->
    <component type="device" bom-ref="board">
      <name>PCA-210</name>
      <version>1</version>
      <description>é海 &amp; &lt;b&gt;</description>
      <properties>
        <property name="cdx:device:quantity">2</property>
      </properties>
      <components>
        <component type="device"><name>Hi3535V100</name><version/></component>
      </components>
    </component>
    <component type="device" bom-ref="cam">
      <supplier><name>Hikvision</name></supplier>
      <name>DS-2CD2143G2-I</name>
      <version>1</version>
      <evidence><copyright><text>x</text></copyright></evidence>
    </component>
    <component type="library" bom-ref="clean"><name>zlib</name><version>1</version><properties/></component>
  </components>
  <dependencies><dependency ref="nvr"><dependency ref="board"/><dependency ref="cam"/></dependency></dependencies>
</bom>
"""


def assert_valid(text: str, version: str, kind: str) -> None:
    schema = pytest.importorskip("cyclonedx.schema")
    make = pytest.importorskip("cyclonedx.validation").make_schemabased_validator
    known = {one.to_version(): one for one in schema.SchemaVersion}
    problem = make(getattr(schema.OutputFormat, kind), known[version]).validate_str(text)
    assert problem is None, problem
    if kind == "JSON":
        faults = [one.message for one in formats(version).iter_errors(json.loads(text))]
        assert not faults, faults


@cache
def formats(version: str) -> jsonschema_rs.Draft7Validator:
    """Hold days and addresses against the forms that the schema names, which the validator of CycloneDX passes over."""
    folder = files("cyclonedx.schema") / "_res"
    beside = [
        (f"http://cyclonedx.org/schema/{name}", json.loads((folder / name).read_text()))
        for name in (
            "spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json", "cryptography-defs.SNAPSHOT.schema.json"
        )
    ]  # fmt: skip
    told = json.loads((folder / f"bom-{version}.SNAPSHOT.schema.json").read_text())
    return jsonschema_rs.Draft7Validator(told, validate_formats=True, registry=jsonschema_rs.Registry(beside))


def without_ours(value: Any) -> Any:
    """Take out what an annotation may have added."""
    if isinstance(value, list):
        return [
            without_ours(one)
            for one in value
            if not str(
                one.get("name" if "name" in one else "bom-ref", "") if isinstance(one, dict) else ""
            ).startswith("proscribe:")
        ]
    if isinstance(value, dict):
        kept = {key: without_ours(one) for key, one in value.items()}
        return {
            key: one
            for key, one in kept.items()
            if not (key in ("properties", "annotations") and one == [] and value[key])
        }
    return value


VERSIONS = ["1.3", "1.4", "1.5", "1.6", "1.7"]


@pytest.mark.parametrize("indent", [None, 2, "\t"])
@pytest.mark.parametrize("version", VERSIONS)
def test_json_comes_back_valid_and_otherwise_the_same(
    tmp_path: Path, version: str, indent: int | str | None
) -> None:
    source, target = tmp_path / "in.json", tmp_path / "out.json"
    before = document(version)
    if version == "1.3":
        for one in (
            before["metadata"]["component"],
            *before["components"],
            before["components"][0]["components"][0],
        ):
            one["version"] = "1"
    source.write_text(json.dumps(before, indent=indent, ensure_ascii=False), encoding="utf-8")
    assert annotate(source, target) == 1
    text = target.read_text(encoding="utf-8")
    assert_valid(text, version, "JSON")
    after = json.loads(text)
    assert after["version"] == 8
    assert after["serialNumber"] == before["serialNumber"]
    assert list(after)[: len(before)] == list(before), "the order of keys is kept"
    assert without_ours({**after, "version": 7}) == before
    chip = dict(after["components"][0]["components"][0])
    names = {one["name"]: one["value"] for one in chip["properties"]}
    assert names["proscribe:finding:hisilicon:band"] == "probable"
    assert "telecommunications" in names["proscribe:finding:hisilicon:question"], "a question, not a verdict"
    product = {one["name"]: one["value"] for one in after["metadata"]["component"]["properties"]}
    assert "NVR-400 (nvr) > PCA-210 (board) > Hi3535V100" in product["proscribe:finding:hisilicon:contains"]
    assert {one["name"] for one in after["metadata"]["properties"]} >= {"proscribe:as-of", "proscribe:limits"}
    if version in ("1.5", "1.6", "1.7"):
        assert {one["subjects"][0] for one in after["annotations"]} == {"nvr", "board", "cam"}
    else:
        assert "annotations" not in after
    assert "\n" in text if indent else "\n" not in text, "the layout is kept"


@pytest.mark.parametrize("version", VERSIONS)
def test_xml_comes_back_valid_and_otherwise_the_same(tmp_path: Path, version: str) -> None:
    source, target = tmp_path / "in.xml", tmp_path / "out.xml"
    source.write_text(xml(version), encoding="utf-8")
    assert_valid(source.read_text(encoding="utf-8"), version, "XML")
    assert annotate(source, target) == 1
    text = target.read_text(encoding="utf-8")
    assert_valid(text, version, "XML")
    assert 'version="8"' in text
    assert "<!-- kept -->" in text
    bare = re.sub(r"\s*<annotations>.*</annotations>", "", text, flags=re.S)
    bare = re.sub(r'\s*<property name="proscribe:[^>]*>[^<]*</property>', "", bare)
    bare = re.sub(r"\s*<properties>\s*</properties>", "", bare)
    same = xml(version).replace('version="7"', 'version="8"')
    assert "".join(bare.split()) == "".join(same.split())
    assert 'name="proscribe:finding:hisilicon:contains">NVR-400 (nvr) &gt; PCA-210' in text
    assert ("<annotations>" in text) == (version in ("1.5", "1.6", "1.7"))


@pytest.mark.parametrize("name", ["json", "compact", "xml"])
def test_twice_is_once(tmp_path: Path, name: str) -> None:
    first, second, third = (tmp_path / f"{number}.{name}" for number in range(3))
    text = {
        "json": json.dumps(document("1.6"), indent=4),
        "compact": json.dumps(document("1.6"), separators=(",", ":")),
        "xml": xml("1.6"),
    }
    first.write_text(text[name], encoding="utf-8")
    assert annotate(first, second) == 1
    assert annotate(second, third) == 1
    assert second.read_bytes() == third.read_bytes()


def test_another_day_replaces_what_the_first_wrote(tmp_path: Path) -> None:
    for name, text in (("a.json", json.dumps(document("1.5"), indent=2)), ("a.xml", xml("1.5"))):
        source, once, later = tmp_path / name, tmp_path / f"once-{name}", tmp_path / f"later-{name}"
        source.write_text(text, encoding="utf-8")
        annotate(source, once)
        annotate(once, later, "--as-of", "2026-11-26")
        made = later.read_text(encoding="utf-8")
        assert made.count("proscribe:as-of") == 1
        assert made.count("2026-11-26") == once.read_text(encoding="utf-8").count("2026-11-25")
        assert re.search(r'"version": 9|version="9"', made)
        assert_valid(made, "1.5", "JSON" if name.endswith("json") else "XML")


def test_numbers_and_repeated_keys_keep_their_text(tmp_path: Path) -> None:
    source, target = tmp_path / "in.json", tmp_path / "out.json"
    source.write_text(
        '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"data","name":"x","x":1.10,"x":1E400,"y":12345678901234567890123.0}]}'
    )
    assert annotate(source, target) == 0
    text = target.read_text()
    assert '"x":1.10,"x":1E400,"y":12345678901234567890123.0' in text
    assert json.loads(text, parse_float=Decimal)["version"] == 2, "a document without a version is version 1"


def test_the_real_document_gets_no_finding(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    assert annotate(FIXTURE, target) == 0
    after = json.loads(target.read_text(encoding="utf-8"))
    before = json.loads(FIXTURE.read_text(encoding="utf-8"))
    assert after["components"] == before["components"]
    assert after["version"] == 2
    assert_valid(target.read_text(encoding="utf-8"), "1.4", "JSON")


def test_a_document_without_metadata_gets_some(tmp_path: Path) -> None:
    source, target = tmp_path / "in.json", tmp_path / "out.json"
    source.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5"}, indent=2))
    # a document without a component shows nothing of any: that it found none is no answer
    assert annotate(source, target) == 3
    assert_valid(target.read_text(), "1.5", "JSON")
    source.write_text('<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components/></bom>')
    assert annotate(source, target) == 3
    assert_valid(target.read_text(), "1.5", "XML")
    assert 'version="2"' in target.read_text()


@pytest.mark.parametrize(
    "text",
    [
        "Asset,Maker\n1,Hikvision\n",
        json.dumps({**document("1.2"), "specVersion": "1.2"}),
        json.dumps({**document("1.6"), "specVersion": "2.0"}),
        json.dumps(document("1.6"))[:-40],
        json.dumps(document("1.6")) + "x",
        xml("1.6")[:-30],
        xml("1.2"),
        xml("1.6").replace("UTF-8", "ISO-8859-1"),
        '<?xml version="1.0"?><!DOCTYPE bom [<!ENTITY a "x">]><bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components/></bom>',
    ],
)
def test_what_cannot_be_annotated_is_refused_and_nothing_written(tmp_path: Path, text: str) -> None:
    source, target = tmp_path / "in.dat", tmp_path / "out.dat"
    source.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(cli, ["sbom", "annotate", str(source), str(target), "--as-of", DAY])
    assert result.exit_code == 3
    assert "E176" in result.stderr
    assert not target.exists()
    assert list(tmp_path.iterdir()) == [source]


def test_a_signature_is_spoken_of(tmp_path: Path) -> None:
    source = tmp_path / "in.json"
    source.write_text(json.dumps({**document("1.6"), "signature": {"algorithm": "ES256", "value": "x"}}))
    result = CliRunner().invoke(cli, ["sbom", "annotate", str(source), "-", "--as-of", DAY])
    assert "signature" in result.stderr
    assert json.loads(result.stdout)["signature"]


def test_encodings_are_kept(tmp_path: Path) -> None:
    source, target = tmp_path / "in.json", tmp_path / "out.json"
    for encoding in ("utf-8-sig", "utf-16"):
        source.write_bytes(json.dumps(document("1.6"), ensure_ascii=False).encode(encoding))
        assert annotate(source, target) == 1
        assert "海" in target.read_bytes().decode(encoding)
        assert json.loads(target.read_bytes().decode(encoding))["version"] == 8
