"""Lists whose rows are no purchases of their own: rows that hold others, take others back, or are one thing twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import proscribe

HIK = "Hikvision,DS-2CD2143G2-I dome camera"
DAHUA = "Dahua,NVR4216 recorder"


def sums(folder: Path, *lists: str) -> list[dict[str, Any]]:
    """Scan lists and give what the summary for a board says of what was paid."""
    names = []
    for number, text in enumerate(lists):
        (folder / f"list-{number}.csv").write_text(text, encoding="utf-8")
        names.append(str(folder / f"list-{number}.csv"))
    scan = folder / "scan.json"
    scan.write_text(proscribe.scan(names, as_of="2026-12-01").to_json(), encoding="utf-8")
    made = proscribe.make_document(
        proscribe.Making(
            "portfolio-summary", author="B. Lind", scans=(scan,), values={"organisation": {"name": "H"}}, folders=(folder,),
        )
    )  # fmt: skip
    told: list[dict[str, Any]] = made.paper.data["body"]["money"]
    return told


ORDERS = "Order,Date,Maker,Description,Qty,Amount USD\nPO-101,2024-01-02,"
PRICES = "Order,Date,Maker,Description,Qty,Unit price USD"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        # Rows that hold others.
        ("Maker,Model,Qty,Amount USD\nHikvision,,12,1140.00\nHikvision,DS-2CD2143G2-I,4,380.00\nHikvision,DS-7616NI-K2,8,760.00\n", "sum of the 2 rows"),
        ("Site,Maker,Model,Amount USD\nHQ / A,Hikvision,DS-2CD2143G2-I,380.00\nHQ / B,Hikvision,DS-2CD2143G2-I,760.00\nHQ,Hikvision,DS-2CD2143G2-I,1140.00\n", "sum of the 2 rows"),
        ("Level,Item,Maker,Amount USD\n1,CCTV Hikvision,Hikvision,1200.00\n2,DS-2CD2143G2-I,Hikvision,380.00\n2,DS-7616NI-K2,Hikvision,760.00\n", "parts of it"),
        ("WBS,Item,Maker,Amount USD\n3,CCTV,Hikvision,1200.00\n3.1,DS-2CD2143G2-I,Hikvision,380.00\n3.2,DS-7616NI-K2,Hikvision,760.00\n", "parts of it"),
        ("Item,Maker,Cost USD\nCCTV system,Hikvision,1200.00\n  DS-2CD2143G2-I,Hikvision,380.00\n  DS-7616NI-K2,Hikvision,760.00\n", "parts of it"),
        ("Row Labels,Sum of Amount USD\nHikvision,1140.00\nDS-2CD2143G2-I,380.00\nDS-7616NI-K2,760.00\n", "one of sums"),
        ("Item,Parent,Maker,Model,Cost USD\nKIT-100,,Hikvision,DS-KIS604,800.00\nKIT-200,KIT-100,Hikvision,DS-KH6320,300.00\n", "it names kit-100"),
        (f"Invoice,Date,Maker,Description,Amount USD\nI-101,2024-01-02,{HIK},380.00\n,,Hikvision,carried forward,380.00\n", "says less"),
        # One thing twice, or the other way.
        (f"Doc,Date,Maker,Description,Qty,Amount USD\nPO-77,2025-01-02,{HIK},4,380.00\nINV-901 (PO-77),2025-02-02,{HIK},4,380.00\n", "it names po-77"),
        (f"Invoice,Corrects,Maker,Description,Qty,Amount USD\nINV-1,,{HIK},4,380.00\nINV-2,INV-1,{HIK},4,190.00\n", "it names inv-1"),
        (f"Comprobante,Fecha,Fabricante,Descripción,Importe USD\nFC-101,2024-02-01,{HIK},380.00\nNC-101,2024-02-05,{HIK},380.00\n", "number of another kind"),
        (f"Order,Maker,Description,Qty,Amount USD\nPO-1,{HIK},4,380.00\nPO-2,Hikvision,DS-2CD2143G2-I dome camera moved to vendor stock,4,380.00\n", "says more"),
        (f"{ORDERS}{HIK},4,380.00\nPO-102,2024-01-09,{HIK},-4,380.00\n", "Qty is “-4”"),
        (f"Order,Date,Maker,Description,Qty,Unit price USD,Amount USD\nPO-101,2024-01-02,{HIK},4,95.00,38000\n", "not its quantity"),
        (f"{PRICES},PE\nPO-101,2024-01-02,{HIK},400,95.00,100\n", "PE is “100”"),
        (f"{PRICES},Mult\nPO-101,2024-01-02,{HIK},4,95.00,0.45\n", "Mult is “0.45”"),
        (f"Order,Maker,Description,Qty,amount_minor,currency\nPO-1,{HIK},4,38000,USD\nPO-2,{HIK},4,38000,USD\n", "other than single units"),
        (f"Invoice,Date,Maker,Description,Invoice amount USD,Paid to date USD\nI-71,2021-01-02,{HIK},380.00,100.00\n", "Paid to date USD is"),
        (f"Invoice,Rev,Maker,Description,Qty,Amount USD\nINV-1,A,{HIK},4,380.00\nINV-1,B,{HIK},4,360.00\n", "Rev is"),
        (f"CLIN,Maker,Description,Qty,Unit price USD,Exercised\n0001,{HIK},4,95.00,Y\n1001,{HIK},4,95.00,N\n", "Exercised is"),
        (f"Bidder,Maker,Description,Qty,Unit price USD,Rank\nA,{HIK},4,95.00,1\nB,{HIK},4,99.00,2\n", "Rank is"),
        (f"Asset,Maker,Description,Posting,Amount USD\nA-1,{HIK},Acquisition,380.00\nA-1,{HIK},Depreciation,76.00\n", "Posting is “Depreciation”"),
        (f"Order,Date,Maker,Description,Amount USD,Workflow\nPO-11,2024-01-02,{HIK},380.00,Completed\nPO-12,2024-02-02,{DAHUA},420.00,Awaiting approval\n", "Awaiting approval"),
        ("Date,Maker,Description,Serial,Qty,Amount USD\n" + "".join(f"2025-01-02,{HIK},F5678901{one},4,380.00\n" for one in range(4)), "one serial number"),
    ],
)  # fmt: skip
def test_a_sum_of_rows_that_are_no_purchases_of_their_own_is_never_plain(
    tmp_path: Path, text: str, why: str
) -> None:
    told = sums(tmp_path, text)
    assert told[-1]["amount"] == "not known" and why in told[-1]["about"], told
    assert all(one["amount"].startswith(("at least", "not known")) for one in told), told
    assert all("No plain sum, since" in one["about"] for one in told[:-1]), told


@pytest.mark.parametrize(
    "lists",
    [
        (f"{ORDERS}{HIK},4,380.00\n", f"Invoice,Order,Date,Maker,Description,Amount USD\nI-101,PO-101,2024-02-02,{HIK},380.00\n"),
        (f"{ORDERS}{HIK},4,380.00\n", "Transaction date,Merchant,Description,Amount USD\n2024-02-02,ADI,PO-101 Hikvision DS-2CD2143G2-I,380.00\n"),
    ],
)  # fmt: skip
def test_two_lists_that_share_an_order_are_not_added(tmp_path: Path, lists: tuple[str, ...]) -> None:
    told = sums(tmp_path, *lists)
    assert told[0]["amount"].endswith("380.00") and not told[0]["amount"].startswith("380"), told


@pytest.mark.parametrize(
    ("text", "paid"),
    [
        (f"Order no,Date,Vendor,Maker,Description,Qty,Unit price USD,Amount USD\nPO-11,2024-01-02,ADI,{HIK},1,95.00,95.00\nPO-12,2024-02-02,ADI,{HIK},1,95.00,95.00\nPO-13,2024-03-02,ADI,{HIK},2,95.00,190.00\n", "380.00"),
        (f"Invoice,Line,Maker,Description,Quantity,Unit price (EUR),Total (EUR)\n2024-0117,10,{HIK},4,95.00,380.00\n2024-0117,20,{DAHUA},1,420.00,420.00\n2024-0118,10,{HIK},4,95.00,380.00\n", "1,180.00"),
        (f"Invoice no,Date,Supplier,Brand,Item,Qty,Unit price USD,Net amount USD,Tax USD,Gross USD\nI-3001,2024-01-05,ADI,{HIK},4,95.00,380.00,31.35,411.35\nI-3002,2024-02-05,ADI,{DAHUA},1,420.00,420.00,34.65,454.65\n", "800.00"),
        ("Asset Tag,Site,Manufacturer,Model,Serial Number,Purchase Date,Purchase Cost,Currency,Status\n" + "".join(f"A-100{one},HQ,Hikvision,DS-2CD2143G2-I,F5678901{one},2021-02-01,95.00,USD,{state}\n" for one, state in enumerate(("In use", "Spare", "In use"))), "285.00"),
        ("EBELN;EBELP;LIFNR;NAME1;TXZ01;MENGE;MEINS;NETPR;PEINH;NETWR;WAERS;WERKS\n4500000117;00010;100234;ADI;Hikvision DS-2CD2143G2-I;4;EA;95.00;1;380.00;USD;1000\n4500000118;00010;100234;ADI;Dahua NVR4216;1;EA;420.00;1;420.00;USD;1000\n", "800.00"),
    ],
)  # fmt: skip
def test_a_plain_list_of_purchases_keeps_its_plain_sum(tmp_path: Path, text: str, paid: str) -> None:
    assert [one["amount"] for one in sums(tmp_path, text)] == [paid]
