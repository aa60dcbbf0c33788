"""One organisation is contractor, seller and grantee at once, and each paper leads to the questions that it waits for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from browsers import Browser, entered, opened, sent, words, workbench

from proscribe.web.application import Workbench

LIST = "Asset;Maker;Model;Site;Fund\nA1;Hikvision;DS-2CD2143G2-I;Lab;\nA2;Huawei;AR617VW;Office;R01-AI-3321\nA3;Axis;P3245-V;Lab;\n"
CERTIFICATE = [
    ("type", "grant-certification"), ("organisation", "State University"), ("signer", "R. Alvarez"), ("signer_title", "Director"),
    ("approver", "Kim Berg"), ("award", "R01-AI-3321"), ("agency", "NIH"), ("answer:spend", "does not"), ("do", "look"),
]  # fmt: skip
ASKS = "Answer what the law asks"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[tuple[Workbench, Browser]]:
    with workbench(str(tmp_path / "cases.db"), person="R. Ito", zone="America/New_York") as (made, browser):
        yield made, browser


def ways(page: str) -> list[tuple[str, str]]:
    """Give the addresses of the page of the law to which a paper leads, with the words of each link."""
    return [
        (unescape(one), unescape(said))
        for one, said in re.findall(r'<a href="([^"]*/law[^"]*)">([^<]*)</a>', page)
    ]


def asks_one(browser: Browser, address: str) -> bool:
    """Tell whether the page of an address asks one of the facts that the address names, of things that it names."""
    named = parse_qsl(urlsplit(address).query)
    facts = {value for key, value in named if key == "ask"}
    page = browser.get(address).text
    first = re.search(r'name="fact:1" value="([^"]+)"', page)
    return first is not None and first[1] in facts


def test_what_a_company_is_besides_is_chosen_together(bench: tuple[Workbench, Browser]) -> None:
    entered(*bench)
    case = opened(bench, [("list.csv", LIST.encode())])
    three = [("situation", "own"), ("situation", "offer"), ("situation", "grant")]
    said = sent(bench, f"{case}/law", three)
    assert said.status == 200
    assert "award:" not in words(said)
    stated = words(said).partition("What was stated")[2]
    for one in ("grant recipient", "offeror", "prime contractor"):
        assert one in stated
    made = sent(bench, f"{case}/document", CERTIFICATE)
    assert made.status == 200
    waits = [one for one, name in ways(made.text) if name == ASKS and "ask=" in one]
    assert waits and not [one for one, _ in ways(made.text) if "further=yes" in one]
    for address in waits:
        assert asks_one(bench[1], address), address


def test_nothing_chosen_and_two_matters_of_the_company_are_refused_in_words(
    bench: tuple[Workbench, Browser],
) -> None:
    browser = entered(*bench)
    case = opened(bench, [("list.csv", LIST.encode())])
    none = browser.post(f"{case}/law", [("first", "yes")])
    assert none.status == 422 and "nothing was chosen" in words(none).lower()
    two = browser.post(f"{case}/law", [("first", "yes"), ("situation", "own"), ("situation", "operator")])
    assert two.status == 422 and "cannot be said of one case together" in words(two)
    assert len(re.findall(r'name="situation"[^>]* checked', two.text)) == 2
    forged = browser.post(f"{case}/law", [("further", "yes"), ("also", "own"), ("number", "X-1")])
    assert forged.status == 422


def test_a_paper_of_a_grant_leads_a_contractor_to_say_so_and_then_to_what_is_asked(
    bench: tuple[Workbench, Browser],
) -> None:
    browser = entered(*bench)
    case = opened(bench, [("list.csv", LIST.encode())])
    sent(bench, f"{case}/law", [("situation", "own")])
    made = sent(bench, f"{case}/document", CERTIFICATE)
    to_law = [one for one in ways(made.text) if "further=yes" in one[0]]
    assert to_law and all("R01-AI-3321" in said for _, said in to_law)
    page = browser.get(to_law[0][0])
    assert re.search(r'<details open id="further">', page.text)
    assert re.search(r'name="also" id="also-grant" value="grant" checked', page.text)
    assert 'name="number" maxlength="120" value="R01-AI-3321"' in page.text
    sent(bench, f"{case}/law", [("further", "yes"), ("also", "grant"), ("number", "R01-AI-3321")])
    again = sent(bench, f"{case}/document", CERTIFICATE)
    assert not [one for one in ways(again.text) if "further=yes" in one[0]]
    asked = [one for one, _ in ways(again.text) if "ask=funds.federal_award" in one]
    assert asked
    assert asks_one(browser, asked[0])
    # what the records pay out of a fund of that number is paid by a federal award
    assert "AR617VW, list.csv row 3 (confirmed) is covered: prohibited" in words(again)
