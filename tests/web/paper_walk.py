"""A person with a mouse, who walks a paper from files to a signature that is verified."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import rostered
from browsers import do_here
from click.testing import CliRunner
from seen import LAPTOP, Seen

from proscribe.cli.main import cli
from proscribe.web.application import Workbench

#: What stands in the form of every paper.
TOLD = {
    "organisation": "Harrow Ridge Systems LLC", "approver": "Kim Berg", "signer": "A. Osei", "signer_title": "Vice President",
}  # fmt: skip


class Clicks:
    """A person with a mouse, in one case."""

    def __init__(self, made: Workbench, seen: Seen) -> None:
        self.made, self.seen, self.page = made, seen, seen.page
        self.case = ""

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

    def go(self, path: str) -> None:
        """Open a page of the case."""
        self.seen.open(f"{self.case}{path}", LAPTOP)

    def work_as(self, name: str) -> None:
        self.seen.open("/name", LAPTOP)
        self.page.fill("[name=person]", name)
        with self.page.expect_navigation():
            self.page.press("[name=person]", "Enter")
        self.go("/documents")

    def scan(self, lists: Mapping[str, str], kinds: Mapping[str, str] = {}) -> None:
        """Hand lists in, say of which kind some are, scan them, and open a case.

        Args:
            lists: name of each to its text.
            kinds: name to kind, where it is not as the program takes it.
        """
        self.seen.open("/", LAPTOP)
        files = [
            {"name": name, "mimeType": "text/csv", "buffer": text.encode()} for name, text in lists.items()
        ]
        self.page.locator("[type=file]").first.set_input_files(files)
        self.wait("See what each file is")
        for name, kind in kinds.items():
            self.page.select_option(f"select[name^='kind|{name}']", kind)
        self.wait("Scan these files")
        self.click("Open a case")
        self.case = self.page.url.removeprefix(f"http://{self.seen.host}").partition("?")[0]

    def judged(self) -> None:
        """Say of all that was found that it is what it is taken for."""
        self.go("/judge")
        self.page.check("[name=verdict][value=same]")
        self.page.fill("[name=reason]", "seen in place")
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Judge", exact=True).click()

    def ask_the_law(self, situation: str) -> None:
        self.go("/law")
        self.page.check(f"[name=situation][value={situation}]")
        self.wait("Ask the law")

    def check(self, value: str) -> None:
        """Check a box of what the law asks wherever it stands, while it is asked."""
        while (boxes := self.page.locator(f"[value={value}]")).count():
            for box in boxes.all():
                box.check()
            self.wait("Put it to the law again")

    def answer(self, told: Mapping[str, str]) -> None:
        """Answer what the law asks, fact by fact, as its questions come."""
        left = dict(told)
        while left:
            asked = self.page.locator(".question")
            found = [
                (one, fact.first.get_attribute("value"))
                for one in asked.all()
                if (fact := one.locator("[name^='fact:']")).count()
            ]
            here = [(one, name) for one, name in found if name in left]
            assert here, f"the law asks for {[name for _, name in found]}, and not for {list(left)}"
            for one, name in here:
                one.locator("[name^='answer:']").first.fill(left.pop(name))
            self.wait("Put it to the law again")

    def begin(self, type_: str, told: Mapping[str, str], answers: Mapping[str, str] = {}) -> None:
        """Fill in what a paper is made from, and see what stands against it.

        Args:
            told: field to text, beside those of every paper.
            answers: question to answer.
        """
        self.go("/documents")
        self.page.select_option("[name=type]", type_)
        self.click("Begin")
        for name, text in {**TOLD, **told}.items():
            self.page.fill(f"[name={name}]", text)
        for name, text in answers.items():
            self.page.select_option(f"[name='answer:{name}']", text)
        self.wait("See what stands against it")

    def fill(self, *fields: tuple[str, str]) -> None:
        """Fill in what the paper asks for once it was looked at."""
        for name, text in fields:
            self.page.fill(f"[name='fill::{name}']", text)

    def type(self, told: Mapping[str, str]) -> None:
        """Fill in fields of the form as they are shown, whatever they are."""
        for name, text in told.items():
            field = self.page.locator(f"[name='{name}']")
            if field.evaluate("one => one.localName") == "select":
                field.select_option(text)
            else:
                field.fill(text)

    def start(self, type_: str) -> None:
        """Begin a paper, and say who makes it."""
        self.go("/documents")
        self.page.select_option("[name=type]", type_)
        self.click("Begin")
        self.type(TOLD)

    def follow(self, words: str) -> str:
        """Follow a link to a field of the page; gives the id of what it leads to."""
        self.page.get_by_role("link", name=words).first.click()
        there: str = self.page.evaluate("decodeURIComponent(location.hash).slice(1)")
        assert self.page.locator(f"[id='{there}']").is_visible(), there
        return there

    def override(self, reason: str) -> None:
        """Say something in the name of the approver against what stands first."""
        self.page.locator("[name^='override:']").first.fill(reason)

    def override_all(self, reason: str) -> None:
        """Say something in the name of the approver against all that stands."""
        for field in self.page.locator("[name^='override:']").all():
            field.fill(reason)

    def through(self, folder: Path) -> None:
        """Have a paper that can be made kept, approved, signed and verified."""
        self.wait("Look again")
        assert "It can be made" in self.says(), self.says()
        self.keep()
        self.approve()
        self.verify(self.sign(folder))
        assert not self.seen.said, self.seen.said

    def keep(self) -> None:
        self.wait("Make and keep it")
        self.page.wait_for_url(f"**{self.case}/documents")

    def approve(self, name: str = TOLD["approver"]) -> str:
        """Approve it as somebody; gives what they read before."""
        self.work_as(name)
        read = self.says()
        self.click(f"Approve as {name}")
        return read

    def sign(self, folder: Path, name: str = TOLD["signer"]) -> str:
        """Ask for a signature as somebody, and give it with their key; gives the fingerprint of the key."""
        self.work_as(name)
        self.click(f"Sign as {name}")
        private = rostered.key(folder, name)
        key = folder / f"{name.lower().replace('. ', '-')}.key"
        command = ["sign-pending", "--store", self.made.settings.place, "--by", name, "--key", str(key)]
        said = CliRunner().invoke(
            cli, command, env={"PROSCRIBE_PASSPHRASE": rostered.PASSPHRASE}, input="y\n"
        )
        assert said.exit_code == 0, said.output
        self.go("/documents")
        assert f"Signed by {name}" in self.says()
        return private.key_id

    def verify(self, fingerprint: str) -> str:
        """Save the signed bundle and hand it in to be checked; gives what the page says of it."""
        with self.page.expect_download() as saved:
            self.page.get_by_role("link", name="the signed bundle").first.click()
        bundle = Path(saved.value.path()).read_bytes()
        self.seen.open("/verify", LAPTOP)
        self.page.set_input_files(
            "[name=files]", {"name": "signed.zip", "mimeType": "application/zip", "buffer": bundle}
        )
        self.page.fill("[name=fingerprint]", fingerprint)
        self.wait("Is it as it was signed?")
        told = self.says()
        assert "VALID: every byte" in told and "What does not hold" not in told and "--" not in told
        return told
