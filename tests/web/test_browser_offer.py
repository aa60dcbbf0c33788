"""The representation with an offer (48 CFR 52.204-24) in a real browser: from two lists to a paper that is signed and verified."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

import rostered
from browsers import Browser, do_here, entered, workbench
from click.testing import CliRunner
from seen import LAPTOP, Seen, real_browser, tab

from proscribe.cli.main import cli
from proscribe.web.application import Workbench

OWN = "Asset tag,Description,Manufacturer,Model,Site,Supplier\nSW-0301,Access switch,Cisco,C9200L-24T-4G,Dock 4,Northline IT\n"
CAMERA = "CAM-0101,Dome camera,Hikvision,DS-2CD2143G2-I,Bristol House,Bay Security Ltd\n"
OFFERED = (
    "Line,Part number,Description,Manufacturer,Unit price USD\n1,P3245-V,Network dome camera,Axis,612.00\n"
)
RECORDER = "2,DS-7616NI-K2/16P,16-channel recorder,Hikvision,418.00\n"
TOLD = {
    "organisation": "Harrow Ridge Systems LLC", "contract": "70B03C-26-R-0011", "clauses": "52.204-24 (NOV 2021), 52.204-25 (NOV 2021)",
    "approver": "Kim Berg", "signer": "A. Osei", "signer_title": "Vice President", "from_on": "2026-11-16", "to_on": "2026-11-27",
    "scope": "Every site, and every line offered", "method": "Lists scanned and walked through",
    "searched": "Assets; assets; scanned, every row; Sam Lind; 2026-11-18\nLines offered; offers; scanned, every row; Sam Lind; 2026-11-18",
}  # fmt: skip
IN_THEIR_NAME = "Every line names maker and part number; nothing is relabelled"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[tuple[Workbench, Browser]]:
    with workbench(str(tmp_path / "cases.db"), person="Sam Lind", zone="America/New_York") as made:
        yield made


@pytest.fixture
def seen(bench: tuple[Workbench, Browser]) -> Iterator[Seen]:
    with real_browser() as started, tab(started, entered(*bench)) as found:
        yield found


class Clicks:
    """A person with a mouse."""

    def __init__(self, made: Workbench, seen: Seen) -> None:
        self.made, self.seen, self.page = made, seen, seen.page

    def click(self, words: str) -> None:
        named = [self.page.get_by_role(role, name=words) for role in ("button", "link")]
        with self.page.expect_navigation():
            named[0].or_(named[1]).last.click()

    def wait(self, words: str) -> None:
        """Send what a job works for, and go on when it is over."""
        self.click(words)
        do_here(self.made)
        self.page.locator("[data-follow]").wait_for(state="detached")
        self.page.wait_for_load_state()

    def says(self) -> str:
        told: str = self.page.locator("main").inner_text()
        return told

    def work_as(self, name: str, case: str) -> None:
        self.seen.open("/name", LAPTOP)
        self.page.fill("[name=person]", name)
        with self.page.expect_navigation():
            self.page.press("[name=person]", "Enter")
        self.seen.open(f"{case}/documents", LAPTOP)

    def judged(self, case: str) -> None:
        """Say of all that was found that it is what it is taken for."""
        self.seen.open(f"{case}/judge", LAPTOP)
        self.page.check("[name=verdict][value=same]")
        self.page.fill("[name=reason]", "seen in place")
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Judge", exact=True).click()

    def put_to_the_law(self, case: str) -> None:
        """Say that it is offered, what it watches, and that what stands in the list of assets is used by the company."""
        self.seen.open(f"{case}/law", LAPTOP)
        self.page.check("[name=situation][value=offer]")
        self.wait("Ask the law")
        for box in self.page.locator("[value=government_facility_security]").all():
            box.check()
        self.wait("Put it to the law again")
        self.page.locator("select:has(option[value=the_entity])").first.select_option("the_entity")
        self.wait("Put it to the law again")


@pytest.mark.parametrize("does", [True, False], ids=["does", "does-not"])
def test_an_offer_is_represented_signed_and_verified(
    bench: tuple[Workbench, Browser], seen: Seen, tmp_path: Path, does: bool
) -> None:
    walk, page = Clicks(bench[0], seen), seen.page
    lists = {"offered-lines.csv": OFFERED + RECORDER * does, "assets.csv": OWN + CAMERA * does}
    seen.open("/", LAPTOP)
    page.locator("[type=file]").first.set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": text.encode()} for name, text in lists.items()]
    )
    walk.wait("See what each file is")
    page.locator("select[name^='kind|offered-lines']").select_option("offered")
    walk.wait("Scan these files")
    walk.click("Open a case")
    case = page.url.removeprefix(f"http://{seen.host}").partition("?")[0]
    if does:
        walk.judged(case)
        walk.put_to_the_law(case)
        said = walk.says()
        assert "You may not sign “does not use”: 1 thing forces “does”" in said
        assert "No agency may contract with whoever uses this" in said  # nobody provides what is only used

    seen.open(f"{case}/documents", LAPTOP)
    page.select_option("[name=type]", "offer-representation")
    walk.click("Begin")
    for name, text in TOLD.items():
        page.fill(f"[name={name}]", text)
    for name in ("provide", "use"):
        page.select_option(f"[name='answer:{name}']", "does" if does else "does not")
    walk.wait("See what stands against it")
    assert "It is refused while something stands against it" in walk.says()
    for field, text in (("reviewed_on", "2026-11-27"), ("result", "No excluded party that matches")):
        page.fill(f"[name='fill::sam_review.{field}']", text)
    if does:
        page.check("[name=rest-not-known]")
    else:
        page.locator("[name^='override:']").first.fill(IN_THEIR_NAME)
    walk.wait("Look again")
    assert "It can be made" in walk.says() and "which clause governs" not in walk.says()
    answer = "will provide, does use" if does else "will not provide, does not use"
    assert f"Answer: {answer}" in walk.says()
    walk.wait("Make and keep it")
    page.wait_for_url(f"**{case}/documents")

    walk.work_as("Kim Berg", case)
    assert (IN_THEIR_NAME in walk.says()) is not does  # whoever approves reads what is said in their name
    walk.click("Approve as Kim Berg")
    walk.work_as("A. Osei", case)
    walk.click("Sign as A. Osei")
    private = rostered.key(tmp_path, "A. Osei")
    command = ["sign-pending", "--store", bench[0].settings.place, "--by", "A. Osei", "--key", str(tmp_path / "a-osei.key")]  # fmt: skip
    signed = CliRunner().invoke(cli, command, env={"PROSCRIBE_PASSPHRASE": rostered.PASSPHRASE}, input="y\n")
    assert signed.exit_code == 0, signed.output
    seen.open(f"{case}/documents", LAPTOP)
    assert "Signed by A. Osei" in walk.says()
    with page.expect_download() as saved:
        page.get_by_role("link", name="the signed bundle").click()
    seen.open("/verify", LAPTOP)
    page.set_input_files("[name=files]", {"name": "signed.zip", "mimeType": "application/zip", "buffer": Path(saved.value.path()).read_bytes()})  # fmt: skip
    page.fill("[name=fingerprint]", private.key_id)
    walk.click("Is it as it was signed?")
    told = walk.says()
    assert "VALID: every byte" in told and "What does not hold" not in told and "--" not in told
    assert not seen.said, seen.said
