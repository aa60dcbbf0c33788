"""SPDX: JSON, tag-value, JSON-LD."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

DOCUMENT: dict[str, Any] = {
    "spdxVersion": "SPDX-2.3",
    "SPDXID": "SPDXRef-DOCUMENT",
    "name": "doc",
    "documentDescribes": ["SPDXRef-top"],
    "packages": [
        {"SPDXID": "SPDXRef-top", "name": "recorder", "versionInfo": "1.0", "supplier": "Organization: Acme Vision (info@acme.example)",
         "primaryPackagePurpose": "DEVICE", "homepage": "https://acme.example/", "licenseConcluded": "NOASSERTION"},
        {"SPDXID": "SPDXRef-fw", "name": "firmware", "originator": "Organization: Hangzhou Hikvision", "supplier": "NOASSERTION",
         "downloadLocation": "NONE", "description": "two\nlines",
         "externalRefs": [
             {"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:o:a:b:1:*:*:*:*:*:*:*"},
             {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:generic/b@1"},
             {"referenceCategory": "OTHER", "referenceType": "http://x/LocationRef", "referenceLocator": "other"}]},
        {"SPDXID": "SPDXRef-lib", "name": "lib", "supplier": "Person: Jo Huawei (jo@huawei.com)", "downloadLocation": "git+https://x/y"},
    ],
    "files": [{"SPDXID": "SPDXRef-f", "fileName": "./huawei_cdc_ncm.ko"}],
    "relationships": [
        {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-top"},
        {"spdxElementId": "SPDXRef-top", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-fw"},
        {"spdxElementId": "SPDXRef-lib", "relationshipType": "DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-fw"},
    ],
}  # fmt: skip

TAGS = """SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: doc
# a comment
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-top

PackageName: recorder
SPDXID: SPDXRef-top
PackageVersion: 1.0
PackageSupplier: Organization: Acme Vision (info@acme.example)
PackageHomePage: https://acme.example/
PrimaryPackagePurpose: DEVICE
PackageLicenseConcluded: NOASSERTION

PackageName: firmware
SPDXID: SPDXRef-fw
PackageSupplier: NOASSERTION
PackageOriginator: Organization: Hangzhou Hikvision
PackageDownloadLocation: NONE
PackageDescription: <text>two
lines</text>
ExternalRef: SECURITY cpe23Type cpe:2.3:o:a:b:1:*:*:*:*:*:*:*
ExternalRef: PACKAGE-MANAGER purl pkg:generic/b@1
ExternalRef: OTHER http://x/LocationRef other
Relationship: SPDXRef-top CONTAINS SPDXRef-fw

PackageName: lib
SPDXID: SPDXRef-lib
PackageSupplier: Person: Jo Huawei (jo@huawei.com)
PackageDownloadLocation: git+https://x/y
Relationship: SPDXRef-lib DEPENDENCY_OF SPDXRef-fw

FileName: ./huawei_cdc_ncm.ko
SPDXID: SPDXRef-f
"""

GRAPH = {
    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    "@graph": [
        {"type": "SpdxDocument", "spdxId": "d", "rootElement": ["SPDXRef-top"]},
        {"type": "software_Package", "spdxId": "SPDXRef-top", "name": "recorder", "software_packageVersion": "1.0", "suppliedBy": "acme",
         "software_primaryPurpose": "device", "software_homePage": "https://acme.example/"},
        {"type": "software_Package", "spdxId": "SPDXRef-fw", "name": "firmware", "originatedBy": ["hik"], "description": "two\nlines",
         "software_packageUrl": "pkg:generic/b@1",
         "externalIdentifier": [{"type": "ExternalIdentifier", "externalIdentifierType": "cpe23", "identifier": "cpe:2.3:o:a:b:1:*:*:*:*:*:*:*"},
                                {"type": "ExternalIdentifier", "externalIdentifierType": "other", "identifier": "other"}]},
        {"type": "https://spdx.org/rdf/3.0.1/terms/Software/Package", "@id": "SPDXRef-lib", "name": "lib", "suppliedBy": "jo",
         "software_downloadLocation": "git+https://x/y"},
        {"type": "Organization", "spdxId": "acme", "name": "Acme Vision"},
        {"type": "Organization", "spdxId": "hik", "name": "Hangzhou Hikvision"},
        {"type": "Person", "spdxId": "jo", "name": "Jo Huawei"},
        {"type": "software_File", "spdxId": "SPDXRef-f", "name": "./huawei_cdc_ncm.ko"},
        {"type": "Relationship", "from": "SPDXRef-top", "to": ["SPDXRef-fw"], "relationshipType": "contains"},
        {"type": "LifecycleScopedRelationship", "from": "SPDXRef-fw", "to": ["SPDXRef-lib"], "relationshipType": "dependsOn"},
    ],
}  # fmt: skip

ROWS = [
    {"ref": "SPDXRef-top", "level": "1", "type": "device", "relation": "package", "name": "recorder", "version": "1.0",
     "supplier": "Acme Vision", "urls": "https://acme.example/"},
    {"ref": "SPDXRef-fw", "level": "1", "relation": "package", "name": "firmware", "description": "two\nlines",
     "manufacturer": "Hangzhou Hikvision", "cpe": "cpe:2.3:o:a:b:1:*:*:*:*:*:*:*", "purl": "pkg:generic/b@1", "links": "other"},
    {"ref": "SPDXRef-lib", "level": "1", "relation": "package", "name": "lib", "author": "Jo Huawei", "links": "git+https://x/y"},
]  # fmt: skip
TEXTS = {
    "json": json.dumps(DOCUMENT),
    "indented": json.dumps(DOCUMENT, indent=1),
    "tags": TAGS,
    "windows": TAGS.replace("\n", "\r\n"),
    "graph": json.dumps(GRAPH),
}


@pytest.mark.parametrize("name", TEXTS)
def test_every_package_is_a_record(read: Any, name: str) -> None:
    found = read(TEXTS[name])
    assert found.reader == "spdx"
    rows = [{key: text for key, text in row.items() if text is not None} for row in found.only()]
    assert rows == ROWS
    assert list(found.reading.links()) == [("SPDXRef-fw", "SPDXRef-top"), ("SPDXRef-lib", "SPDXRef-fw")]
    assert not any(issue.lossy for issue in found.issues)
    assert "ile" in found.issue("E173").what, "files are passed over, and said to be"


@pytest.mark.parametrize("version", ["SPDX-2.2", "SPDX-2.3"])
def test_known_versions(read: Any, version: str) -> None:
    assert "E174" not in read(TAGS.replace("SPDX-2.3", version)).codes
    assert "E174" not in read(TEXTS["json"].replace("SPDX-2.3", version)).codes
    assert not read(TAGS.replace("SPDX-2.3", "SPDX-2.9")).issue("E174").lossy


def test_a_line_that_is_no_tag_is_kept(read: Any) -> None:
    found = read(TAGS + "Hikvision DS-2CD2143G2-I\n")
    assert found.issue("E177").lossy
    assert "DS-2CD2143G2-I" in json.dumps(found.only())


def test_a_text_that_never_ends(read: Any) -> None:
    found = read(TAGS + "PackageName: last\nPackageDescription: <text>Hikvision\nand so on")
    assert found.issue("E131").lossy
    assert found.only()[-1]["description"] == "Hikvision\nand so on"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("name", ["json", "graph"])
def test_a_document_that_breaks_off(read: Any, name: str, share: float) -> None:
    found = read(TEXTS[name][: int(len(TEXTS[name]) * share)])
    assert any(issue.lossy for issue in found.issues)
    if share > 0.5:
        assert found.only()[0]["name"] == "recorder"


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["name", "SPDXID", "supplier", "externalRefs", "referenceType", "type", "spdxId", "to", "from", "relationshipType",
             "externalIdentifier", "suppliedBy", "originatedBy"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(["packages", "relationships", "@graph", "files", "spdxVersion"]), _values)
)
def test_no_document_breaks_it(read: Any, document: dict[str, Any]) -> None:
    found = read(json.dumps({"SPDXID": "SPDXRef-DOCUMENT", **document}))
    assert found.reader == "spdx"
    list(found.reading.links())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_breaks_it(read: Any, data: Any) -> None:
    text = bytearray(data.draw(st.sampled_from([TEXTS["json"], TAGS, TEXTS["graph"]])).encode())
    whole = read(bytes(text))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(100, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=6))
    found = read(bytes(text))
    found.keeps(bytes(text), whole)
    if hasattr(found.reading, "links"):
        list(found.reading.links())
