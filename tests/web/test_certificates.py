"""Certificates of several products of one case, from the form of the first to that of the next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

from browsers import Browser, entered, opened, sent, words, workbench

from proscribe.web.application import Workbench

Bench = tuple[Workbench, Browser]
PANEL = """Part,Manufacturer,MPN,Qty
IC1,Rockchip,RK3568B2,1
IC3,Goodix,GT911,1
IC4,Samsung,KLM8G1GETF,1
IC5,ST,STM32G030,1
IC6,Klingel Werk,KW-1,1
"""
STATION = """Pos,Hersteller,Hersteller-Bestellnr.,Benennung
U2,TI,TPS65217CRSLR,PMIC
U3,Realtek,RTL8211FI-CG,Ethernet PHY
U9,Neuwerk,NW-9,Klemme
"""
SAID = [
    ("type", "product-certificate"),
    ("organisation", "Klingel Systemtechnik GmbH"),
    ("answer:contain", "does not"),
]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with workbench(str(tmp_path / "cases.db"), person="Anna Koehler", zone="Europe/Berlin") as made:
        entered(*made)
        yield made


def boxes(text: str) -> dict[str, str]:
    """Give the parts lists that a form offers: name to digest."""
    found = re.findall(r'name="box:parts_list:\d+" value="([0-9a-f]+)".*?<label[^>]*>([^<]*)<', text)
    return {name.rpartition("/")[2]: digest for digest, name in found}


def test_the_certificate_of_a_second_product_begins_without_what_was_said_of_the_first(bench: Bench) -> None:
    case = opened(bench, [("panel.csv", PANEL.encode()), ("station.csv", STATION.encode())])
    form = bench[1].get(f"{case}/document?type=product-certificate")
    lists = boxes(form.text)
    panel = next(digest for name, digest in lists.items() if "panel" in name)
    station = next(digest for name, digest in lists.items() if "station" in name)
    said = [
        *SAID, ("offering_name", "IP-Panel 7"), ("part_number", "KP-7"), ("offering_maker", "Klingel Systemtechnik GmbH"),
        ("box:parts_list:1", panel), ("parts_list_complete", "true"), ("approver", "Jens Ott"),
    ]  # fmt: skip
    looked = sent(bench, f"{case}/document", [*said, ("do", "look")])
    shown = words(looked)
    # makers that every list of parts names are known under their short names, and the certificate says who they are
    assert "ST (STMicroelectronics)" in shown and "Goodix (Goodix (Shenzhen" in shown, shown
    assert "ST: who is that?" not in shown and "Goodix: who is that?" not in shown
    assert "Klingel Werk: who is that?" in shown
    cleared = [("resolved:1:ref", "IC6"), ("resolved:1:maker", "Klingel Werk"), ("resolved:1:because", "Our own plant in Ulm"),
               ("resolved:1:by", "Jens Ott")]  # fmt: skip
    again = sent(bench, f"{case}/document", [*said, *cleared, ("do", "look")])
    assert "Klingel Werk: who is that?" not in words(again)

    second = bench[1].get(f"{case}/document?type=product-certificate")
    assert 'value="IC6"' not in second.text and "KP-7" not in second.text and "IP-Panel 7" not in second.text
    assert 'value="Klingel Systemtechnik GmbH"' in second.text
    made = sent(
        bench,
        f"{case}/document",
        [*SAID, ("offering_name", "TS-400"), ("box:parts_list:1", station), ("parts_list_complete", "true"),
         ("approver", "Jens Ott"), ("do", "look")],
    )  # fmt: skip
    assert "E466" not in made.text and "Neuwerk: who is that?" in words(made)
    assert "TI (Texas Instruments)" in words(made)


def test_one_reason_of_the_approver_goes_to_all_of_a_group_and_spares_what_was_typed(bench: Bench) -> None:
    case = opened(bench, [("panel.csv", PANEL.encode())])
    panel = next(iter(boxes(bench[1].get(f"{case}/document?type=product-certificate").text).values()))
    said = [
        *SAID, ("offering_name", "IP-Panel 7"), ("box:parts_list:1", panel), ("parts_list_complete", "true"),
        ("approver", "Jens Ott"), ("scope", "All parts"), ("method", "Read by hand"), ("from_on", "2026-11-01"), ("to_on", "2026-11-20"),
        ("not_searched", "Spare parts; not read\nDrawings; not read\nOrders; not read"), ("searched", ""),
    ]  # fmt: skip
    looked = sent(bench, f"{case}/document", [*said, ("do", "look")])
    together = re.findall(r'name="(override-all:[^"]+)"', looked.text)
    assert together, words(looked)
    first, *others = together[0].removeprefix("override-all:").split("|")
    assert others
    again = sent(
        bench,
        f"{case}/document",
        [
            *said,
            (f"override:{first}", "The spare parts are bolts."),
            (together[0], "None of it holds a part."),
            ("do", "look"),
        ],
    )
    values = dict(re.findall(r'name="override:([^"]+)" value="([^"]*)"', again.text))
    assert values[first] == "The spare parts are bolts."
    assert {values[one] for one in others} == {"None of it holds a part."}
