"""From a folder of lists to a signed and verified paper without a command: people, keys and signatures in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn")

from browsers import Browser, entered, workbench
from paper_walk import TOLD, Clicks
from seen import LAPTOP, PHONE, Seen, tab

from proscribe.web.application import Workbench

OWN = "Asset tag,Description,Manufacturer,Model,Site,Supplier\nSW-0301,Access switch,Cisco,C9200L-24T-4G,Dock 4,Northline IT\n"
CAMERA = "CAM-0101,Dome camera,Hikvision,DS-2CD2143G2-I,Bristol House,Bay Security Ltd\n"
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
PEOPLE = {"Sam Lind": "analyst", TOLD["approver"]: "approver", TOLD["signer"]: "signer"}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[tuple[Workbench, Browser]]:
    with workbench(str(tmp_path / "cases.db"), person="Sam Lind") as made:
        made[1].host = made[1].host.replace("127.0.0.1", "localhost")
        yield made


@pytest.fixture
def seen(bench: tuple[Workbench, Browser], started: Any) -> Iterator[Seen]:
    with tab(started, entered(*bench)) as found:
        yield found


class Holder(Clicks):  # type: ignore[misc]  # a module of tests
    """A person whose browser holds keys."""

    def __init__(self, made: Workbench, seen: Seen) -> None:
        super().__init__(made, seen)
        self.line = seen.page.context.new_cdp_session(seen.page)
        self.line.send("WebAuthn.enable")
        self.authenticator: str = self.line.send(
            "WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR}
        )["authenticatorId"]

    def is_known(self, known: bool) -> None:
        """Say whether the authenticator knows who holds it."""
        self.line.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.authenticator, "isUserVerified": known}
        )

    def make_key(self, name: str, role: str) -> None:
        self.work_as(name)
        self.seen.open("/people", LAPTOP)
        for box in self.page.locator("[name=roles]").all():
            box.set_checked(box.get_attribute("value") == role)
        self.click(f"Make a key for {name}")
        assert "You made one; two people enrol it" in self.says()

    def sign_here(self, words: str) -> None:
        """Read what is shown, and sign it as often as it takes."""
        assert words in self.says(), self.says()
        self.page.get_by_role("button", name="I read it").click()
        while (asked := self.page.get_by_role("button", name="Sign with my key")).count():
            with self.page.expect_navigation():
                asked.click()
        assert "Signed." in self.says(), self.says()

    def begin_roster(self) -> None:
        for name, role in PEOPLE.items():
            self.make_key(name, role)
        self.work_as("Sam Lind")
        self.seen.open("/people", LAPTOP)
        self.click("Propose as Sam Lind")
        self.sign_here("Begin the roster with Sam Lind (analyst)")
        assert "You proposed it, so somebody else agrees" in self.says()
        self.work_as(TOLD["approver"])
        self.seen.open("/people", LAPTOP)
        self.click(f"Agree to it as {TOLD['approver']}")
        self.sign_here("Agree to what Sam Lind proposed")

    def work_as(self, name: str) -> None:
        self.seen.open("/name", LAPTOP)
        self.page.fill("[name=person]", name)
        with self.page.expect_navigation():
            self.page.press("[name=person]", "Enter")


@pytest.fixture
def holder(bench: tuple[Workbench, Browser], seen: Seen) -> Holder:
    return Holder(bench[0], seen)


def test_a_paper_is_made_approved_signed_and_verified_without_a_command(holder: Holder) -> None:
    page = holder.page
    holder.begin_roster()
    for name in PEOPLE:
        assert name in page.locator("table").inner_text()
    assert "in a browser, at localhost" in holder.says()
    assert not holder.seen.faults() and not holder.seen.said

    holder.work_as("Sam Lind")
    holder.scan({"assets.csv": OWN + CAMERA})
    holder.judged()
    holder.ask_the_law("own")
    page.locator("[value=government_facility_security]").first.check()
    holder.wait("Put it to the law again")
    holder.answer({"contract.clauses": "52.204-25 (NOV 2021)", "event.identified_at": "2026-11-27"})
    holder.begin("far-report", {"contract": "70B03C-24-C-0042", "agency": "GSA"})
    holder.keep()
    holder.work_as(TOLD["approver"])
    holder.go("/documents")
    holder.click(f"Approve as {TOLD['approver']}")
    holder.sign_here("Approve DOC1")
    holder.work_as(TOLD["signer"])
    holder.go("/documents")
    holder.click(f"Sign as {TOLD['signer']}")
    holder.sign_here("Sign DOC1")
    assert f"Signed by {TOLD['signer']}" in holder.says()

    holder.seen.open("/people", LAPTOP)
    row = page.locator("tr", has_text=TOLD["signer"]).inner_text()
    fingerprint = next(word for word in row.split() if len(word) == 16 and word.isalnum())
    holder.go("/documents")
    told = holder.verify(fingerprint)
    assert "A browser gave it, to a page of localhost" in told
    assert not holder.seen.said, holder.seen.said


def test_pages_of_keys_are_read_on_a_phone_and_by_a_reader_of_screens(holder: Holder) -> None:
    holder.make_key("Sam Lind", "analyst")
    holder.make_key(TOLD["approver"], "approver")
    holder.seen.open("/people", PHONE)
    for size in (PHONE, LAPTOP):
        holder.seen.sized(size)
        assert not holder.seen.too_wide() and not holder.seen.faults(), size
    holder.click(f"Propose as {TOLD['approver']}")
    for size in (PHONE, LAPTOP):
        holder.seen.sized(size)
        assert not holder.seen.too_wide() and not holder.seen.faults(), size
    holder.page.get_by_role("button", name="I read it").click()
    holder.page.get_by_role("button", name="Sign with my key").wait_for()
    for size in (PHONE, LAPTOP):
        holder.seen.sized(size)
        assert not holder.seen.too_wide() and not holder.seen.faults(), size


def test_a_key_that_does_not_know_who_holds_it_signs_nothing(holder: Holder) -> None:
    for name in list(PEOPLE)[:2]:
        holder.make_key(name, PEOPLE[name])
    holder.work_as("Sam Lind")
    holder.seen.open("/people", LAPTOP)
    holder.click("Propose as Sam Lind")
    holder.page.get_by_role("button", name="I read it").click()
    holder.is_known(False)
    holder.page.get_by_role("button", name="Sign with my key").click()
    holder.page.get_by_text("The browser gave no key").wait_for()
    assert "Nothing was signed" in holder.says()
    holder.seen.open("/people", LAPTOP)
    assert "There is none yet" in holder.says() and "Waits for your key" in holder.says()


def test_an_address_of_numbers_says_where_keys_are_used(tmp_path: Path) -> None:
    with workbench(str(tmp_path / "cases.db"), person="Sam Lind") as (made, browser):
        page = entered(made, browser).get("/people").text
        assert (
            "Browsers keep no keys for an address of numbers" in page
            and f"localhost:{browser.host[10:]}" in page
        )
        told: dict[str, Any] = {"public": "AAAA", "credential": "AAAA", "roles": "analyst"}
        assert "E551" in browser.post("/people/keys", list(told.items())).text
