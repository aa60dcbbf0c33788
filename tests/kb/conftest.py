"""A small knowledge tree that holds one row of everything."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

DEFAULTS = (
    "defaults: {recorded_on: 2026-11-25, source: src:law, basis: stated, confidence: high, status: stable}\n"
)
COMMON = (
    "valid_from,valid_to,recorded_on,retracted_on,superseded_by,source,locator,basis,confidence,status,note"
)
TAIL = ",,,2026-11-25,,,src:law,,stated,high,stable,"

FILES = {
    "VERSION": "2026.11.25\n",
    "README.md": "How to write facts.\n",
    "sources/gov.yml": "sources:\n  - {id: src:law, title: The law, publisher: Government, kind: law, url: https://example.gov/law}\n",
    "entities/hikvision.yml": (
        "entity: hikvision\nkind: company\nname: Hangzhou Hikvision Digital Technology Co., Ltd.\njurisdiction: CN\n"
        "named_firm: true\n" + DEFAULTS + "names:\n"
        "  - id: name:hikvision/hikvision\n    text: Hikvision\n    form: short\n    language: en\n    strength: sure\n"
        "    typos: true\n    examples: ['CCTV HIKVision']\n    near_misses: ['AL HIKMAH NURSERY']\n"
    ),
    "entities/dahua.yml": "entity: dahua\nkind: company\nname: Dahua Technology\njurisdiction: CN\nnamed_firm: true\n" + DEFAULTS,
    "entities/lorex.yml": "entity: lorex\nkind: company\nname: Lorex Technology Inc.\njurisdiction: CA\n" + DEFAULTS,
    "affiliates.csv": (
        f"id,name,name_local,jurisdiction,group,relation,strength,example,near_miss,{COMMON}\n"
        'ezviz,"Hangzhou EZVIZ Network Co., Ltd.",杭州萤石网络,CN,hikvision,subsidiary_of,strong,EZVIZ Network,EASY VIZ,'
        "2015-03-25,,2026-11-25,,,src:law,,stated,high,stable,\n"
    ),
    "ownership.csv": (
        "id,owner,asset,relation,stake_bp,valid_from,valid_to,unsettled_from,unsettled_to,recorded_on,retracted_on,"
        "superseded_by,source,locator,basis,confidence,status,note\n"
        "own:dahua/lorex,dahua,lorex,subsidiary_of,10000,2018-02-06,2022-11-24,2022-11-24,2023-01-01,2026-11-25,,,src:law,,"
        "stated,high,stable,sold\n"
        "own:dahua/lorex-supply,dahua,lorex,sells_units_made_by,,2022-11-24,,,,2026-11-25,,,src:law,,stated,high,stable,\n"
    ),
    "listings.csv": (
        f"id,entity,list,{COMMON}\n"
        "listing:hikvision/us-889-a,hikvision,us-889-a,2019-08-13,,2026-11-25,,,src:law,,stated,high,stable,\n"
        "listing:dahua/us-889-b,dahua,us-889-b,2020-08-13,,2026-11-25,,,src:law,,stated,high,stable,\n"
    ),
    "brands.csv": (
        f"id,brand,entity,strength,category,example,near_miss,{COMMON}\n"
        f"brand:hikvision/hilook,HiLook,hikvision,strong,,HiLook camera,HILOOK BAKERY SUPPLY{TAIL}\n"
    ),
    "models/hikvision.yml": "maker: hikvision\n" + DEFAULTS + (
        "patterns:\n  - id: model:hikvision/ds-2cd\n    what: network camera\n    category: video_surveillance_equipment\n"
        "    regex: 'i?DS-2CD\\d[0-9A-Z]*(?:-[A-Z0-9/]{1,12}){0,4}'\n    anchors: [ds-2cd]\n    strength: sure\n"
        "    examples: ['Camera DS-2CD2143G2-I 2.8mm', 'ds 2cd2143g2 i']\n    near_misses: ['DS-2000 docking station']\n"
    ),
    "models/phones.csv": (
        f"id,maker,brand,model_name,model_code,kind,strength,example,near_miss,{COMMON}\n"
        f"phone:dahua/x,dahua,Acme,Smart,AC 1,phone,strong,Acme Smart AC 1,Acme Smart{TAIL}\n"
    ),
    "relabels/dahua.yml": "maker: dahua\n" + DEFAULTS + (
        "relabels:\n  - id: relabel:dahua/amcrest\n    brand: Amcrest\n    scope: most cameras\n    reach: some\n"
        "    verdict: relabel\n    strength: weak\n    question: Who made it?\n    examples: ['Amcrest IP8M camera']\n"
        "    near_misses: ['Amcrest Road 7']\n"
    ),
    "fingerprints/http.server.yml": "channel: http.server\n" + DEFAULTS + (
        "fingerprints:\n  - id: fp:http.server/hikvision-webs\n    entity: hikvision\n    what: web server\n"
        "    match: substring\n    pattern: Hikvision-Webs\n    anchors: [hikvision-webs]\n    strength: sure\n"
        "    examples: ['Server: Hikvision-Webs']\n    near_misses: ['Server: IIS']\n"
    ),
    "identifiers/oui.csv": (
        f"id,prefix_hex,prefix_bits,registry,assignee,entity,relation,{COMMON}\n"
        f"oui:001012,001012,24,MA-L,Hangzhou Hikvision,hikvision,self{TAIL}\n"
        f"oui:001013,001013,24,MA-L,Hangzhou Hikvision,hikvision,self{TAIL}\n"
    ),
    "identifiers/oui-others.csv": "prefix_hex,prefix_bits,assignee\n000000,24,XEROX\n0050c2000,36,Acme\n",
    "identifiers/oui-others.MAINTENANCE.md": "# Others\n\nNext review: 2027-06-01\n",
    "identifiers/pen.csv": (
        f"id,enterprise_number,registered_name,entity,verdict,subtree,needs,strength,question,{COMMON}\n"
        f"pen:39165,39165,Hikvision,hikvision,names,,,sure,{TAIL}\n"
    ),
    "identifiers/cpe.csv": (
        f"id,cpe_vendor,entity,verdict,strength,question,example,near_miss,{COMMON}\n"
        f"cpe:hikvision,hikvision,hikvision,names,sure,,cpe:2.3:o:hikvision:x,cpe:2.3:o:hikvisionary:x{TAIL}\n"
    ),
    "identifiers/usb-pci.csv": (
        f"id,bus,vendor_id,name,entity,verdict,strength,question,{COMMON}\nusb:12d1,usb,12d1,Acme,dahua,names,sure,{TAIL}\n"
    ),
    "identifiers/fcc-grantees.csv": (
        f"id,grantee_code,grantee,entity,strength,question,example,near_miss,{COMMON}\n"
        f"fcc:2adte,2ADTE,Hikvision,hikvision,strong,,2ADTE-CAM1,2ADT-CAM1{TAIL}\n"
    ),
    "identifiers/chips.yml": "entity: dahua\n" + DEFAULTS + (
        "chips:\n  - id: chip:dahua/x1\n    what: a chip\n    role: component\n    verdict: names\n    regex: 'XC\\d{4}'\n"
        "    anchors: [xc]\n    strength: strong\n    examples: ['SoC XC1234']\n    near_misses: ['XCA 1234']\n"
    ),
    "context/words.yml": "accessory: [case, cover]\nnegations: ['no', not]\n",
    "context/other-makers.csv": "id,text\nother:axis,Axis\n",
    "regimes/us-889/regime.yml": "id: us-889\nreview: {due_on: 2027-01-15, by: counsel}\n",
    "regimes/us-889/text/sec-889.md": "# Section 889\n",
}  # fmt: skip

Tree = Callable[..., Path]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Give a function that writes the tree, with files replaced, added (text) or left out (`None`)."""

    def write(changes: dict[str, str | None] | None = None, name: str = "knowledge") -> Path:
        root = tmp_path / name
        shutil.rmtree(root, ignore_errors=True)
        for path, text in {**FILES, **(changes or {})}.items():
            if text is not None:
                place = root / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8")
        return root

    return write


def edited(path: str, old: str, new: str) -> dict[str, str | None]:
    """Give the change of one file in which `old` becomes `new`."""
    assert old in FILES[path]
    return {path: FILES[path].replace(old, new, 1)}
