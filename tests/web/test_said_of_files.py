"""What a person says of a list where they hand it in reaches the law and the paper once, as their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

from browsers import Browser, entered, linked, sent, settled, words, workbench

from proscribe.web.application import Workbench

Bench = tuple[Workbench, Browser]
#: A list that only its form takes for one of what is sold.
SOLD = b"Order code,Product,Dealer price,EAN code\nS-1,Huawei S5735-L24T4S-A switch,120.00,40012\n"
NOTE = r"Sam Lind on \d{4}-\d\d-\d\d, on the page of the files handed in"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with workbench(str(tmp_path / "cases.db"), person="Sam Lind", zone="UTC") as made:
        entered(*made)
        yield made


def opened_as(bench: Bench, kind: str) -> str:
    """Hand the list in, say what it is, scan it and open a case; gives its address."""
    browser = bench[1]
    looked = settled(*bench, browser.hand_in([("asked.csv", SOLD)]))
    field = re.search(r'name="(kind\|[^"]+)"', looked.text)
    assert field is not None
    address = linked(looked, r"/uploads/U-[0-9a-f]+/scan")
    done = settled(*bench, browser.post(address, [(field[1], kind)] if kind else []))
    return browser.post(linked(done, r"/runs/J-\d+/case")).path


def put(bench: Bench, case: str) -> str:
    """Put the case to the law as one of a contractor; gives the page of the law."""
    sent(bench, f"{case}/law", [("situation", "own")])
    return bench[1].get(f"{case}/law").text


def test_own_equipment_said_where_the_list_is_handed_in_needs_no_second_correction(bench: Bench) -> None:
    case = opened_as(bench, "equipment")
    page = put(bench, case)
    assert "Read as what you offer" not in page
    assert re.search(NOTE, page) and "whoever approves a “does not provide” answers for it" in page
    # the paper says whose words they are, and an approver has to answer for them
    said = [
        ("type", "annual-representation"),
        ("organisation", "Harbour Systems LLC"),
        ("answer:provide", "does not"),
        ("do", "look"),
    ]
    paper = words(sent(bench, f"{case}/document", said))
    assert re.search(f"was stated with the note: {NOTE}", paper)
    assert "It is refused while something stands against it" in paper
    # stated once: what is said later on the page of the law takes its place
    sent(
        bench,
        f"{case}/law",
        [("fact:1", "act.kind"), ("applies:1", "list:asked.csv"), ("answer:1", "provide_to_government")],
    )
    assert len(re.findall(NOTE, bench[1].get(f"{case}/law").text)) <= 1


@pytest.mark.parametrize("kind", ["", "offered"])
def test_what_nobody_says_is_used_stays_what_its_form_shows(bench: Bench, kind: str) -> None:
    page = put(bench, opened_as(bench, kind))
    assert not re.search(NOTE, page)
    assert ("Read as what you offer" in page) is (kind == "")
