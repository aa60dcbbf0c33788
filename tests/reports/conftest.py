"""A small fixed scan with one of everything, hostile texts included."""

from __future__ import annotations

import dataclasses

import pytest

from proscribe.model.findings import (
    Band,
    Details,
    Evidence,
    Finding,
    Ignore,
    Locator,
    Mention,
    MentionKind,
    Role,
)
from proscribe.model.observations import ReadIssue, Table
from proscribe.model.results import KnowledgeStamp, Scan, ScannedInput

HOSTILE = (
    "<script>alert('x')</script> \u202egnp.exe\u202c =HYPERLINK(\"http://evil.example\") | `rm` \x1b[31m"
)


def finding(**changes: object) -> Finding:
    """Build a finding of a Hikvision camera in row 1 of the first input, with `changes`."""
    plain = Finding(
        id="f_0001",
        input=0,
        locator=Locator(row=1),
        record_id="A-1",
        entity="hikvision",
        covered_through=("hikvision",),
        role=Role.MADE_BY,
        band=Band.CONFIRMED,
        basis="stated",
        lists=("us-889-a", "us-889-b"),
        evidence=(
            Evidence(
                "model_number",
                "description",
                "DS-2CD2143G2-I",
                (7, 21),
                ("model:hikvision/ds-2cd",),
                9000,
                "model number of a Hikvision network camera",
                "model",
            ),
            Evidence(
                "oui",
                "mac",
                "44:19:b6:12:34:56",
                (0, 17),
                ("oui:4419b6",),
                8000,
                "MAC prefix assigned to Hangzhou Hikvision",
                "oui",
            ),
        ),
        details=Details(quantity="4", unit_cost="129.00", amount="516.00", currency="USD", site="Depot Nord"),
        category="video_surveillance_equipment",
        total_mbit=17000,
    )
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


def build_scan() -> Scan:
    """Build the fixed scan: two inputs, five findings (one ignored), two mentions."""
    assets = ScannedInput(
        index=0,
        path="in/assets.csv",
        sha256="aa" * 32,
        reader="tabular",
        records=6,
        tables=(
            Table(
                sheet=None,
                header=("id", "description", "maker", "brand", "mac", "remarks"),
                fields={
                    "id": "row_id",
                    "description": "text",
                    "maker": "maker_name",
                    "brand": "maker_name",
                    "mac": "mac",
                },
                recognised_by={
                    "id": "header",
                    "description": "header",
                    "maker": "header",
                    "brand": "map",
                    "mac": "content",
                },
                unread=("remarks",),
            ),
        ),
        issues=(
            ReadIssue(
                "E112", "row 5", "the row has 7 cells, the header 6; the extra cell was kept", lossy=False
            ),
        ),
        coverage={"records_with_maker": 3, "records_with_model": 4, "records_with_nothing_usable": 1},
        size_bytes=2048,
    )
    book = ScannedInput(
        index=1,
        path="in/inventory.xlsx",
        sha256="bb" * 32,
        reader="workbook",
        records=2,
        tables=(
            Table(sheet="Main", header=("Item",), fields={"Item": "text"}, recognised_by={"Item": "header"}),
            Table(
                sheet="Old 海康",
                header=("Item",),
                fields={"Item": "text"},
                recognised_by={"Item": "header"},
                hidden=True,
            ),
        ),
        issues=(ReadIssue("E120", "sheet 'Chart1'", "a chart sheet holds no cells; nothing was read of it"),),
        coverage={},
        size_bytes=9000,
    )
    findings = (
        finding(),
        finding(
            id="f_0002",
            locator=Locator(row=2),
            record_id="A-2",
            entity="dahua",
            covered_through=("dahua",),
            role=Role.RELABEL,
            band=Band.PROBABLE,
            brand="Lorex",
            basis="reported",
            evidence=(
                Evidence(
                    "relabel",
                    "description",
                    HOSTILE,
                    (0, 10),
                    ("relabel:dahua/lorex",),
                    5000,
                    "Lorex recorders of this line were made by Dahua",
                    "name",
                ),
            ),
            against=(
                Evidence(
                    "other_maker", "maker", "Axis", (0, 4), ("other:axis",), -1500, "another maker is named"
                ),
            ),
            questions=("Which model is it, and who made it?",),
            details=Details(site="<b>HQ & annex</b>"),
            category=None,
            total_mbit=3500,
        ),
        finding(
            id="f_0003",
            locator=Locator(row=3),
            record_id=None,
            entity="hisilicon",
            covered_through=("hisilicon", "huawei"),
            role=Role.COMPONENT,
            band=Band.POSSIBLE,
            evidence=(
                Evidence(
                    "chip",
                    "description",
                    "HI3518EV200",
                    (24, 35),
                    ("chip:hisilicon/hi35xx",),
                    2500,
                    "HiSilicon Hi3518E SoC family",
                ),
            ),
            questions=("Is the SoC telecommunications equipment under the rule asked?",),
            details=Details(),
            category=None,
            total_mbit=2500,
        ),
        finding(
            id="f_0004",
            locator=Locator(row=4),
            ignored=Ignore("Recycled in 2024", "j.doe", "2026-01-05", "2027-01-05"),
        ),
        finding(
            id="f_0005",
            input=1,
            locator=Locator(row=1, sheet="Old 海康"),
            record_id=None,
            evidence=(
                Evidence(
                    "entity_name",
                    "Item",
                    "海康威视",
                    (0, 12),
                    ("name:hikvision/zh",),
                    7000,
                    "name of Hikvision in Chinese",
                    "name",
                ),
            ),
            band=Band.PROBABLE,
            details=Details(),
            total_mbit=7000,
        ),
    )
    mentions = (
        Mention(0, Locator(5), "A-5", "huawei", MentionKind.ACCESSORY, ("case for Huawei P30",)),
        Mention(1, Locator(1, "Main"), None, "dahua", MentionKind.NEGATED, ("not Dahua <i>",)),
    )
    return Scan(
        proscribe="0.1.0",
        as_of="2026-11-25",
        known_as_of="2026-11-25",
        knowledge=KnowledgeStamp("2026.11.25", "cc" * 32),
        inputs=(assets, book),
        findings=findings,
        mentions=mentions,
        not_checked=(
            "column 'remarks' of in/assets.csv names a firm but is a remark",
            "chart sheet 'Chart1'",
        ),
        entity_names={
            "hikvision": "Hikvision",
            "dahua": "Dahua",
            "huawei": "Huawei",
            "hisilicon": "HiSilicon",
        },
        fact_notes={
            "model:hikvision/ds-2cd": "network camera; Hikvision catalogue 2021; https://example.org/catalogue",
            "oui:4419b6": "IEEE MA-L registry",
        },
        thresholds_mbit={"possible": 1000, "probable": 4000, "confirmed": 10000},
    )


@pytest.fixture
def scan() -> Scan:
    """Give the fixed scan."""
    return build_scan()
