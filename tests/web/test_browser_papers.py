"""Papers in a real browser, from lists to one that is signed and verified."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

pytest.importorskip("uvicorn")

from browsers import Browser, entered, workbench
from paper_walk import TOLD, Clicks
from seen import LAPTOP, Seen, tab
from supplier_samples import ANSWERS

from proscribe.web.application import Workbench

OWN = "Asset tag,Description,Manufacturer,Model,Site,Supplier\nSW-0301,Access switch,Cisco,C9200L-24T-4G,Dock 4,Northline IT\n"
CAMERA = "CAM-0101,Dome camera,Hikvision,DS-2CD2143G2-I,Bristol House,Bay Security Ltd\n"
OFFERED = (
    "Line,Part number,Description,Manufacturer,Unit price USD\n1,P3245-V,Network dome camera,Axis,612.00\n"
)
RECORDER = "2,DS-7616NI-K2/16P,16-channel recorder,Hikvision,418.00\n"
SEARCH = {
    "from_on": "2026-11-16", "to_on": "2026-11-27", "scope": "Every site, and every line offered", "method": "Lists scanned and walked through",
    "searched": "Assets; assets; scanned, every row; Sam Lind; 2026-11-18\nLines offered; offers; scanned, every row; Sam Lind; 2026-11-18",
}  # fmt: skip
SAM = (("sam_review.reviewed_on", "2026-11-27"), ("sam_review.result", "No excluded party that matches"))
IN_THEIR_NAME = "Every line names maker and part number; nothing is relabelled"


ZONE = ZoneInfo("America/New_York")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[tuple[Workbench, Browser]]:
    with workbench(str(tmp_path / "cases.db"), person="Sam Lind", zone=ZONE.key) as made:
        yield made


@pytest.fixture
def seen(bench: tuple[Workbench, Browser], started: Any) -> Iterator[Seen]:
    with tab(started, entered(*bench)) as found:
        yield found


@pytest.fixture
def walk(bench: tuple[Workbench, Browser], seen: Seen) -> Clicks:
    return Clicks(bench[0], seen)


@pytest.mark.parametrize("does", [True, False], ids=["does", "does-not"])
def test_an_offer_is_represented_signed_and_verified(walk: Clicks, tmp_path: Path, does: bool) -> None:
    page = walk.page
    walk.scan(
        {"offered-lines.csv": OFFERED + RECORDER * does, "assets.csv": OWN + CAMERA * does},
        {"offered-lines": "offered"},
    )
    if does:
        walk.judged()
        # What it watches; that the company itself uses what stands in the list of assets; and what that watches.
        walk.ask_the_law("offer")
        walk.check("government_facility_security")
        page.locator("select:has(option[value=the_entity])").first.select_option("the_entity")
        walk.wait("Put it to the law again")
        walk.check("government_facility_security")
        said = walk.says()
        assert "You may not sign “does not use”: 1 thing forces “does”" in said
        # what is offered is provided, what is listed as an asset is only used
        assert "Prohibited: 1 thing. You may not provide this to the Government." in said
        assert "Prohibited: 1 thing. You may not use this." in said

    clauses = {"contract": "70B03C-26-R-0011", "clauses": "52.204-24 (NOV 2021), 52.204-25 (NOV 2021)"}
    walk.begin(
        "offer-representation",
        SEARCH | clauses,
        dict.fromkeys(("provide", "use"), "does" if does else "does not"),
    )
    assert "It is refused while something stands against it" in walk.says()
    walk.fill(*SAM)
    if does:
        page.check("[name=rest-not-known]")
    else:
        walk.override(IN_THEIR_NAME)
    walk.wait("Look again")
    assert "It can be made" in walk.says() and "which clause governs" not in walk.says()
    answer = "will provide, does use" if does else "will not provide, does not use"
    assert f"Answer: {answer}" in walk.says()
    walk.keep()
    # whoever approves reads what is said in their name
    assert (IN_THEIR_NAME in walk.approve()) is not does
    walk.verify(walk.sign(tmp_path))
    assert not walk.seen.said, walk.seen.said


def test_a_year_is_represented_signed_and_verified(walk: Clicks, tmp_path: Path) -> None:
    walk.scan({"assets.csv": OWN, "offers.csv": OFFERED})
    walk.begin("annual-representation", SEARCH, dict.fromkeys(("provide", "use"), "does not"))
    said = walk.says()
    assert "It is refused while something stands against it" in said and "Which report it is" not in said
    walk.override(IN_THEIR_NAME)
    walk.wait("Look again")
    assert "It can be made" in walk.says(), walk.says()
    assert "Answer: does not provide, does not use" in walk.says(), walk.says()
    walk.keep()
    assert IN_THEIR_NAME in walk.approve()
    walk.verify(walk.sign(tmp_path))
    assert not walk.seen.said, walk.seen.said


def test_a_report_goes_out_and_the_one_after_it_follows(walk: Clicks, tmp_path: Path) -> None:
    page = walk.page
    walk.scan({"assets.csv": OWN + CAMERA})
    walk.judged()
    walk.ask_the_law("own")
    page.locator("[value=government_facility_security]").first.check()
    walk.wait("Put it to the law again")
    walk.answer(
        {"contract.clauses": "52.204-25 (NOV 2021)", "event.identified_at": str(datetime.now(ZONE).date())}
    )
    walk.begin("far-report", {"contract": "70B03C-24-C-0042", "agency": "GSA"})
    assert page.input_value("[name=stage]") == "first" and "First report: 1 item" in walk.says()
    walk.keep()
    walk.approve()
    walk.verify(walk.sign(tmp_path))

    walk.work_as("Sam Lind")
    page.get_by_text("It went out: say to whom").click()
    page.get_by_label("To whom it went").fill("the contracting officer")
    walk.click("It went out")
    assert "first, submitted" in walk.says() and "Went out" in walk.says()
    walk.seen.open("/clocks", LAPTOP)
    assert "Second report" in walk.says(), walk.says()
    walk.begin("far-report", {})
    assert page.input_value("[name=stage]") == "follow-up"
    walk.fill(
        ("event.prevention_efforts", "The camera was taken down"),
        ("event.future_prevention", "Each purchase is looked up"),
    )
    walk.wait("Look again")
    assert "Follow-up report: 1 item" in walk.says() and "It can be made" in walk.says(), walk.says()
    walk.keep()
    assert "follow-up, made" in walk.says()
    assert not walk.seen.said, walk.seen.said


PARTS = "Line,Part number,Description,Manufacturer,Quantity\n1,LS1028A,Network processor,NXP,1\n2,P3265-LV,Enclosure camera,Axis,1\n3,RM-9,Radio module,TBD,1\n"
MASTS = "Asset tag,Description,Manufacturer,Model,Site,Quantity\nR1,5G base station,Huawei,BTS5900,Leeds,40\n"
LOOKED = "Every row names maker and model, and somebody stood before each"


def test_a_waiver_is_asked_for_signed_and_verified(walk: Clicks, tmp_path: Path) -> None:
    page = walk.page
    walk.scan({"assets.csv": OWN + CAMERA})
    walk.judged()
    walk.start("waiver-request")
    # the thing of the records stands there, and nothing that nobody said
    assert "DS-2CD2143G2-I" in page.input_value("[name='plan:1:what']") and not page.input_value(
        "[name='plan:1:owner']"
    )
    walk.type(
        {
            "contract": "70B03C-24-C-0042",
            "agency": "DHS",
            "route": "dni",
            "part": "b",
            "waiver_from": "2026-12-01",
            "waiver_to": "2026-11-01",
        }
    )
    walk.click("See what stands against it")
    assert "a later day" in walk.says() and walk.follow("To the field") == "waiver_to"
    assert page.input_value("[name=contract]") == "70B03C-24-C-0042"
    walk.type({"waiver_to": "2027-03-31"})
    walk.click("One more step")
    walk.type(
        {"plan:2:what": "Look whether it is gone", "plan:2:owner": "Kim Berg", "plan:2:by_on": "2027-02-01"}
    )
    walk.wait("See what stands against it")
    said = walk.says()
    assert "there is no compelling justification" in said.lower() and "not a date or an owner" in said
    links = page.locator(".question a").evaluate_all("all => all.map(one => decodeURIComponent(one.hash))")
    assert {"#justification", "#plan:1"} <= set(links)
    walk.type(
        {
            "justification": "The house stores Government property.",
            "plan:1:owner": "Kim Berg",
            "plan:1:by_on": "2027-01-15",
        }
    )
    walk.wait("Look again")
    walk.override_all(LOOKED)
    walk.through(tmp_path)


def test_a_product_is_certified_signed_and_verified(walk: Clicks, tmp_path: Path) -> None:
    page = walk.page
    walk.scan({"bom.csv": PARTS}, {"bom": "product_parts"})
    walk.start("product-certificate")
    walk.wait("See what stands against it")
    assert "names no offering" in walk.says() and walk.follow("To the field") == "offering_name"
    walk.type(
        {
            "offering_name": "Gate Controller",
            "part_number": "GC-40",
            "revision": "D",
            "answer:contain": "does not",
        }
    )
    page.get_by_label("bom.csv").check()
    walk.wait("See what stands against it")
    assert "names no maker: TBD" in walk.says() and walk.follow("Fill it in below") == "resolved:1"
    assert page.input_value("[name='resolved:1:ref']") == "line 3"
    walk.type(
        {
            "resolved:1:maker": "Murata",
            "resolved:1:because": "Marking read on the part, data sheet filed",
            "resolved:1:by": "T. Okafor",
            "parts_list_complete": "true",
        }
    )
    walk.wait("Look again")
    assert "It is not known who made" not in walk.says()
    walk.override_all(LOOKED)
    walk.through(tmp_path)


def test_award_funds_are_certified_signed_and_verified(walk: Clicks, tmp_path: Path) -> None:
    walk.scan({"assets.csv": OWN})
    walk.start("grant-certification")
    walk.type({"answer:spend": "does not", **SEARCH})
    walk.wait("See what stands against it")
    assert "names no award" in walk.says() and walk.follow("To the field") == "award"
    walk.type({"award": "CA-26-0031", "agency": "DOT"})
    walk.wait("See what stands against it")
    walk.override_all(LOOKED)
    walk.through(tmp_path)


def test_a_removal_is_stated_signed_and_verified(walk: Clicks, tmp_path: Path) -> None:
    page = walk.page
    walk.scan({"masts.csv": MASTS})
    walk.judged()
    walk.start("phase-out-statement")
    assert (page.input_value("[name='plan:1:site']"), page.input_value("[name='plan:1:quantity']")) == (
        "Leeds",
        "40",
    )
    walk.type({**SEARCH, "answer:use": "does", "plan:1:owner": "Kim Berg"})
    walk.wait("See what stands against it")
    assert "has not a planned date" in walk.says() and walk.follow("Fill it in below") == "plan:1"
    walk.type({"plan:1:by_on": "2027-06-30", "plan:1:quantity": "10"})
    walk.wait("Look again")
    assert "the steps still to be done speak of 10" in walk.says()  # the records show forty
    walk.type({"plan:1:quantity": "40"})
    walk.wait("Look again")
    walk.override_all(LOOKED)
    walk.through(tmp_path)


def test_a_supplier_is_written_to_answers_on_its_page_and_the_answer_is_taken_in(
    walk: Clicks, tmp_path: Path
) -> None:
    page = walk.page
    walk.scan({"assets.csv": OWN})
    walk.go("/suppliers")
    walk.type(
        {
            "suppliers": "Northline IT; sales@northline.example",
            "asked_by": TOLD["organisation"],
            "contact": "s.lind@harrow.example",
        }
    )
    walk.click("Make the forms")
    assert "asked · sales@northline.example" in walk.says()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the forms and their texts").click()
    with zipfile.ZipFile(saved.value.path()) as packed:
        (letter,) = (packed.read(name).decode() for name in packed.namelist() if name.startswith("messages/"))
        (form,) = (name for name in packed.namelist() if name.endswith(".html"))
        (tmp_path / "form.html").write_bytes(packed.read(form))
    assert letter.startswith("To: sales@northline.example") and form.removeprefix("forms/") in letter

    # the supplier, in a browser of its own, without a network
    theirs = page.context.new_page()
    theirs.goto((tmp_path / "form.html").as_uri())
    for name, value in ANSWERS.items():
        fields = theirs.locator(f"[name={name}]")
        if fields.first.get_attribute("type") == "radio":
            theirs.check(f"[name={name}][value='{value}']")
        else:
            fields.fill(str(datetime.now(ZONE).date()) if name == "answered_on" else value)
    with theirs.expect_download() as sent:
        theirs.get_by_role("button", name="Save the answers").click()
    reply = Path(sent.value.path()).read_bytes()
    theirs.close()

    walk.go("/suppliers")
    page.set_input_files(
        "[type=file]", {"name": "answers.json", "mimeType": "application/json", "buffer": reply}
    )
    walk.click("Hand them in")
    walk.click("Take them")
    assert "Northline IT: answered" in walk.says(), walk.says()
    assert not walk.seen.said, walk.seen.said
