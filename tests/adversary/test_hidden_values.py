"""Attacks through members of scans and bills of materials that no record takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import proscribe
from proscribe.readers.base import Options, Source
from proscribe.readers.opening import open_source

NAME = "Hikvision dome"


def _held(path: Path) -> tuple[str, str]:
    """Give all cells of the records of a file, and all texts beside them."""
    reading = open_source(Source(path.name, path, path.stat().st_size), Options(), check_columns=False)
    cells = [
        str(cell) for batch in reading.batches() for row in batch.rows.to_pylist() for cell in row.values() if cell
    ]  # fmt: skip
    return "\n".join(cells), "\n".join(text for _, text in getattr(reading, "beside", ()))


@pytest.mark.parametrize(
    "inside",
    [
        f'<hostscript><script id="onvif-probe" output="1 device"><table><elem key="Make">{NAME}</elem></table></script></hostscript>',
        f'<hostscript><script id="ssl-cert" output="a"><elem key="note">{NAME}</elem></script></hostscript>',
        f'<trace><hop ttl="1" host="{NAME}" ipaddr="10.0.0.254"/></trace>',
        f'<ports><port protocol="tcp" portid="80"><state state="open"/><service name="http" extrainfo="{NAME}"/></port></ports>',
        f'<ports><port protocol="tcp" portid="80"><state state="open"/><owner name="{NAME}"/></port></ports>',
    ],
)
def test_value_of_a_scan_stands_in_its_record(inside: str, tmp_path: Path) -> None:
    path = tmp_path / "scan.xml"
    path.write_text(
        f'<?xml version="1.0"?><nmaprun scanner="nmap"><host><status state="up"/>'
        f'<address addr="10.0.0.1" addrtype="ipv4"/>{inside}</host><runstats><finished time="1"/></runstats></nmaprun>'
    )
    assert NAME in _held(path)[0]


def test_addresses_that_a_scanner_tried_are_no_evidence(tmp_path: Path) -> None:
    path = tmp_path / "scan.xml"
    path.write_text(
        '<?xml version="1.0"?><nmaprun scanner="nmap"><host><status state="up"/><address addr="10.0.0.1" addrtype="ipv4"/>'
        '<hostscript><script id="rtsp-url-brute" output="other"><table key="other">'
        f"<elem>rtsp://10.0.0.1/{NAME}</elem></table></script></hostscript></host></nmaprun>"
    )
    assert NAME not in _held(path)[0]


@pytest.mark.parametrize(
    ("top", "component"),
    [
        ({"annotations": [{"text": NAME}]}, {}),
        ({"declarations": {"claims": [{"reasoning": NAME}]}}, {}),
        ({"metadata": {"properties": [{"name": "site", "value": NAME}]}}, {}),
        ({}, {"releaseNotes": {"title": NAME}}),
        ({}, {"evidence": {"identity": {"field": "hash", "concludedValue": NAME}}}),
        ({}, {"evidence": {"identity": [{"field": "name", "methods": [{"value": NAME}]}]}}),
        ({}, {"evidence": {"occurrences": [{"location": NAME}]}}),
        ({}, {"pedigree": {"notes": NAME}}),
        ({}, {"externalReferences": [{"type": "other", "url": "https://a.example", "comment": NAME}]}),
    ],
)
def test_member_that_cyclonedx_does_not_read_is_probed(
    top: dict[str, Any], component: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "bom.json"
    one = {"type": "device", "name": "camera"} | component
    path.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [one]} | top))
    assert NAME in _held(path)[1]


@pytest.mark.parametrize(
    ("sections", "inside"),
    [
        (f"<annotations><annotation><text>{NAME}</text></annotation></annotations>", ""),
        (f"<formulation><formula><components><component><name>{NAME}</name></component></components></formula></formulation>", ""),
        (f'<unknown maker="{NAME}"/>', ""),
        ("", f"<releaseNotes><title>{NAME}</title></releaseNotes>"),
        ("", f"<licenses><license><name>{NAME}</name></license></licenses>"),
        ("", f"<evidence><occurrences><occurrence><location>{NAME}</location></occurrence></occurrences></evidence>"),
        ("", f"<pedigree><notes>{NAME}</notes></pedigree>"),
        ("", f"<externalReferences><reference type='other'><url>a</url><comment>{NAME}</comment></reference></externalReferences>"),
    ],
)  # fmt: skip
def test_element_that_cyclonedx_xml_does_not_read_is_probed(
    sections: str, inside: str, tmp_path: Path
) -> None:
    path = tmp_path / "bom.xml"
    path.write_text(
        '<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>'
        f'<component type="device"><name>camera</name>{inside}</component></components>{sections}</bom>'
    )
    assert NAME in _held(path)[1]


@pytest.mark.parametrize("form", ["array", "object"])
def test_identity_is_read_in_both_forms(form: str, tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    identity: Any = {"field": "name", "concludedValue": NAME}
    one = {
        "type": "device",
        "name": "camera",
        "evidence": {"identity": [identity] if form == "array" else identity},
    }
    path.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [one]}))
    cells, beside = _held(path)
    assert NAME in cells
    assert NAME not in beside


@pytest.mark.parametrize("member", [{"sourceInfo": NAME}, {"annotations": [{"comment": NAME}]}])
def test_member_that_spdx_does_not_read_is_probed(member: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "bom.spdx.json"
    one = {"SPDXID": "SPDXRef-1", "name": "camera"} | member
    path.write_text(json.dumps({"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "packages": [one]}))
    assert NAME in _held(path)[1]


@pytest.mark.parametrize(
    "member", [{"comment": NAME}, {"weird": [{"maker": NAME}]}, {"snippets": [{"name": NAME}]}]
)
def test_member_of_an_spdx_document_that_is_not_read_is_probed(
    member: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "bom.spdx.json"
    one = {"SPDXID": "SPDXRef-1", "name": "camera"}
    path.write_text(
        json.dumps({"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "packages": [one]} | member)
    )
    assert NAME in _held(path)[1]


@pytest.mark.parametrize(
    ("before", "inside"),
    [
        (f"DocumentComment: <text>for the\n{NAME}</text>", ""),
        ("", f"PackageComment: <text>for the\n{NAME}</text>"),
        ("", f"UnknownTag: {NAME}"),
        ("", f"FileName: ./{NAME}"),
        ("", f"LicenseID: LicenseRef-1\nExtractedText: <text>{NAME}</text>"),
    ],
)
def test_tag_that_spdx_does_not_read_is_probed(before: str, inside: str, tmp_path: Path) -> None:
    path = tmp_path / "bom.spdx"
    path.write_text(f"SPDXVersion: SPDX-2.3\n{before}\nPackageName: camera\n{inside}\n")
    assert NAME in _held(path)[1]


@pytest.mark.parametrize("name", ["bom.json", "mail.eml"])
def test_what_is_probed_behind_the_last_record_reaches_the_scan(name: str, tmp_path: Path) -> None:
    """Formats that are read record by record know what stands beside the records when the last one was read."""
    text = json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [], "later": [NAME]})
    if name == "mail.eml":
        text = (
            "From: a@b.example\nTo: c@d.example\nSubject: list\nMIME-Version: 1.0\n"
            "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: application/json; name=bom.json\n\n"
            f"{text}\n--x--\n"
        )
    path = tmp_path / name
    path.write_text(text)
    result = proscribe.scan(path, as_of="2026-11-25")
    assert any(issue.code == "E140" and NAME in issue.what for issue in result.issues), result.issues


@pytest.mark.parametrize(
    "address", ["http://www.hikvision.com/ver20/XMLSchema", "http://www.huawei.com/netconf/vrp"]
)
def test_the_namespace_in_which_a_relabelled_device_answers_is_probed(address: str, tmp_path: Path) -> None:
    path = tmp_path / "device.xml"
    path.write_text(
        f'<?xml version="1.0"?><answers><Device xmlns="{address}"><name>Gate</name><model>SL-D40</model></Device></answers>'
    )
    found = proscribe.scan(path, as_of="2026-11-25")
    assert [one.code for one in found.scan.inputs[0].issues] == ["E140"]
    path.write_text(path.read_text().replace(address, "http://www.onvif.org/ver10/schema"))
    assert not proscribe.scan(path, as_of="2026-11-25").scan.inputs[0].issues


@pytest.mark.parametrize("of_the_file", [True, False])
def test_remark_in_the_schema_of_a_parquet_file_is_named(of_the_file: bool, tmp_path: Path) -> None:
    remark = {"note": "cameras of Hikvision, all sites"}
    schema = pa.schema([pa.field("tag", pa.string(), metadata=None if of_the_file else remark)])
    table = pa.table({"tag": ["A-1", "A-2"]}, schema=schema)
    pq.write_table(table.replace_schema_metadata(remark if of_the_file else None), tmp_path / "x.parquet")
    result = proscribe.scan(tmp_path / "x.parquet", as_of="2026-11-25")
    assert "E140" in {one.code for one in result.issues}


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-16"])
def test_text_of_two_bytes_a_letter_in_a_binary_column_is_read(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "list.parquet"
    values = [NAME.encode(codec), NAME.encode(codec) + b"\0\0\0\0", b"\x01\0\0\0", "Höhe".encode()]
    pq.write_table(pa.table({"tag": list("abcd"), "maker": pa.array(values, pa.binary())}), path)
    held = _held(path)[0].split("\n")
    assert held.count(NAME) == 2 and "Höhe" in held


def test_a_namespace_prefix_is_probed_and_what_a_document_includes_leaves_it_incomplete(
    tmp_path: Path,
) -> None:
    path = tmp_path / "list.xml"
    path.write_text('<r xmlns:hikvision="http://a.example"><c>gate</c></r>')
    assert "hikvision" in _held(path)[1]
    path.write_text(
        '<r xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="more.xml"/><c>gate</c></r>'
    )
    result = proscribe.scan([path], as_of="2026-11-25")
    assert not result.complete and "more.xml" in " ".join(str(issue) for issue in result.issues)
