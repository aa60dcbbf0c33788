"""Papers in a real browser, from lists to one that is signed and verified."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

pytest.importorskip("uvicorn")

from browsers import Browser, entered, workbench
from paper_walk import Clicks
from seen import LAPTOP, Seen, real_browser, tab

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
def seen(bench: tuple[Workbench, Browser]) -> Iterator[Seen]:
    with real_browser() as started, tab(started, entered(*bench)) as found:
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
