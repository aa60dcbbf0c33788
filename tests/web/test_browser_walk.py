"""From files to findings, judgements, answers and papers, in a real browser, with keys alone."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn")

import rostered
from browsers import INVENTORY, Browser, do_here, do_jobs, entered, workbench
from click.testing import CliRunner
from seen import LAPTOP, Seen, tab

from proscribe.app.case.cases import open_cases
from proscribe.cli.main import cli
from proscribe.web.application import Workbench

COMPANY = Path(__file__).parents[2] / "examples/company-two"
MOST_STEPS, MOST_ANSWERS = 60, 12
#: What the company says when the law asks.
TOLD = {
    "contract.clauses": "52.204-25 (NOV 2021)", "contract.awarded_on": "2024-05-20", "contract.is_idiq": "no",
    "event.identified_at": "2026-11-24",
}  # fmt: skip


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[tuple[Workbench, Browser]]:
    with workbench(str(tmp_path / "cases.db"), zone="America/New_York") as made:
        yield made


@pytest.fixture
def seen(bench: tuple[Workbench, Browser], started: Any) -> Iterator[Seen]:
    with tab(started, entered(*bench)) as found:
        yield found


def focus_is_visible(seen: Seen) -> bool:
    """Tell whether what is focused stands out: by an outline that is not hidden, inside the window."""
    told: bool = seen.page.evaluate(
        """() => {
          const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
          return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2
            && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth;
        }"""
    )
    return told


class Walk:
    """A person with a keyboard; a step is a page that they ask for or a form that they send."""

    def __init__(self, made: Workbench, seen: Seen) -> None:
        self.made, self.seen, self.page, self.steps = made, seen, seen.page, 0
        self.page.set_default_timeout(300_000)

    def go(self, *words: str) -> None:
        """Go to what says these words with the Tab key, and on from there with Enter."""
        self.seen.tab_to(*words, most=400)
        assert focus_is_visible(self.seen), words
        self.enter()

    def enter(self) -> None:
        self.steps += 1
        with self.page.expect_navigation():
            self.seen.press("Enter")

    def wait(self, *words: str) -> None:
        """Go on with what a job works for; the page follows by itself."""
        self.go(*words)
        do_here(self.made)
        with self.page.expect_event("load"):
            pass

    def write(self, field: str, text: str) -> None:
        self.seen.tab_to(field, most=400)
        if "SELECT" not in self.seen.focused():
            self.page.keyboard.type(text)
        while "SELECT" in self.seen.focused() and f"| {text} |" not in self.seen.focused():
            before = self.seen.focused()
            self.seen.press("ArrowDown")
            assert self.seen.focused() != before, f"{field} has no {text}"

    def judge(self, verdict: str, reason: str) -> None:
        self.seen.tab_to("verdict", most=400)
        while f"| {verdict} |" not in self.seen.focused():
            self.seen.press("ArrowDown")
        self.seen.press("Space")
        self.write("reason", reason)
        self.go("BUTTON", "Judge")

    def hand_over(self, name: str, *, before: str) -> None:
        """Let somebody else work here, on the same page."""
        self.go(before)
        self.write("person", name)
        self.enter()


def test_a_person_with_keys_alone_goes_from_thirteen_files_to_a_signed_paper(
    bench: tuple[Workbench, Browser], seen: Seen, tmp_path: Path, record_property: Any
) -> None:
    began, made, walk, page, answers = time.monotonic(), bench[0], Walk(bench[0], seen), seen.page, 0
    files = sorted(str(one) for one in COMPANY.iterdir())
    assert len(files) == 13
    # heard from the beginning: asked for only when the key is pressed, a slow machine shows it to nobody
    choosers: list[Any] = []
    page.on("filechooser", lambda chooser: choosers.append(chooser))  # a method of a list takes no handler
    seen.open("/", LAPTOP)
    seen.press("Tab")
    assert "Skip to the page" in seen.focused() and focus_is_visible(seen)
    walk.write("person", "Sam Lind")
    walk.enter()
    seen.press("Tab", "Enter", "Tab")
    assert "files" in seen.focused()  # behind the head
    seen.press("Enter")
    until = time.monotonic() + 60
    while not choosers and time.monotonic() < until:
        page.wait_for_timeout(50)
    choosers[0].set_files(files)
    walk.go("See what each file is")
    walk.go("Scan these files")
    seen.tab_to("Cancel")
    do_jobs(made)
    page.get_by_role("button", name="Open a case").wait_for()  # the page follows by itself
    walk.write("title", "What Alder Bruecke uses")
    walk.enter()

    # what is a list of vendors is no thing: judged at once, after a preview
    walk.go("Findings")
    walk.go("by file")
    walk.go("vendor-master.csv")
    walk.go("Judge it")
    walk.judge("different", "a list of vendors; nothing was bought of it")
    walk.go("Overview")
    walk.go("that nobody judged")
    seen.press("j")
    assert focus_is_visible(seen)
    walk.enter()
    for _ in range(3):
        there = page.url
        walk.judge("same", "seen in place; j and k are letters here")
        assert page.url != there

    walk.go("Law")
    walk.seen.tab_to("situation")
    seen.press("Space")
    walk.wait("Ask the law")
    told = dict(TOLD)
    for _ in range(3):
        asked = [one.get_attribute("value") for one in page.locator("[name^='fact:']").all()]
        known = [(number, fact) for number, fact in enumerate(asked, 1) if fact in told]
        if not known:
            break
        for number, fact in known:
            walk.write(f"answer:{number} ", told.pop(fact))
            answers += 1
        walk.wait("Put it to the law again")
    said = page.locator("main").inner_text()
    assert "Prohibited" in said and "due by 2026-11-25" in said.lower()

    walk.go("Documents")
    walk.write("type", "far-report")
    walk.go("Begin")
    for field, text in (
        ("stage", "first"), ("organisation", "Alder Bruecke Systems Inc"), ("contract", "47QSMA24D08R1"), ("approver", "Kim Berg"),
        ("signer |", "A. Osei"), ("signer_title", "President"),
    ):  # fmt: skip
        walk.write(field, text)
    walk.wait("See what stands against it")
    walk.wait("Make and keep it")
    walk.hand_over("Kim Berg", before="Sam Lind")
    walk.go("Approve as Kim Berg")
    walk.hand_over("A. Osei", before="Kim Berg")
    walk.go("Sign as A. Osei")
    rostered.key(tmp_path, "A. Osei")
    command = [
        "sign-pending",
        "--store",
        made.settings.place,
        "--by",
        "A. Osei",
        "--key",
        str(tmp_path / "a-osei.key"),
    ]
    signed = CliRunner().invoke(cli, command, env={"PROSCRIBE_PASSPHRASE": rostered.PASSPHRASE}, input="y\n")
    assert signed.exit_code == 0, signed.output
    walk.go("Documents")
    shown = page.locator("main").inner_text()
    assert "Signed by A. Osei" in shown and "the signed bundle" in shown
    with open_cases(made.settings.place) as cases:
        file = cases.case("C-0001")
        (paper,) = file.documents
        assert {one.verdict.value for one in file.judgements} == {"same", "different"}
    assert (paper.author, paper.approver, paper.signer) == ("Sam Lind", "Kim Berg", "A. Osei")
    assert not seen.said, seen.said
    assert answers <= MOST_ANSWERS
    assert walk.steps + 2 < MOST_STEPS  # the first address and the signature are steps too
    record_property("steps", walk.steps + 2)
    record_property("seconds", round(time.monotonic() - began))


def test_a_form_on_its_way_is_not_taken_back_by_a_page_that_follows_a_job(
    bench: tuple[Workbench, Browser], seen: Seen, tmp_path: Path
) -> None:
    made, page = bench[0], seen.page
    listed = tmp_path / "assets.csv"
    listed.write_text(INVENTORY, "utf-8")
    bench[1].get("/name")
    bench[1].post("/name", [("person", "R. Ito")])
    seen.open("/", LAPTOP)
    page.locator("input[type=file]").first.set_input_files(str(listed))
    page.get_by_role("button", name="See what each file is").click()
    page.wait_for_url("**/uploads/U-*")
    again: list[str] = []

    def held_up(route: Any) -> None:
        do_here(made)  # what the page follows is over, while its form is on its way
        time.sleep(2.5)  # and it hears of that: it asks each second
        route.continue_()

    def look(response: Any) -> None:
        if response.request.is_navigation_request():
            again.append(response.request.method)

    page.route("**/uploads/*/scan", held_up)
    page.on("response", look)
    page.get_by_role("button", name="Scan these files").click()
    page.wait_for_url("**/runs/*")
    assert again == ["POST", "GET"]  # the form and where it leads: the page was not fetched anew in between


def test_keys_are_off_in_fields_and_lead_through_the_queue(
    bench: tuple[Workbench, Browser], seen: Seen
) -> None:
    from cases_ready import ready_case

    bench[1].get("/name")
    bench[1].post("/name", [("person", "R. Ito")])
    case = f"/cases/{ready_case(bench[0].settings.place, 30)[0]}"
    seen.open(f"{case}/findings", LAPTOP)
    seen.press("/")
    assert "text" in seen.focused()
    seen.press("j", "k", "x", "?", "/", "u")
    assert "jkx?/u" in seen.focused()
    seen.page.evaluate("document.activeElement.blur()")
    seen.press("k")
    assert seen.page.evaluate(
        "document.activeElement === [...document.querySelectorAll('[data-row]')].at(-1)"
    )
    seen.press("Enter")
    seen.page.wait_for_url(re.compile("/findings/f_"))
    seen.press("?")
    seen.page.get_by_text("They are off in fields").wait_for()
    seen.press("x")
    assert "verdict" in seen.focused()
    seen.page.evaluate("document.activeElement.blur()")
    seen.press("u")
    seen.page.wait_for_url("**/findings")
    seen.press("j", "x")
    seen.page.wait_for_url(re.compile("/findings/f_.*#judge"))
    seen.press("u")
    seen.page.wait_for_url("**/findings")
    seen.tab_to("Next findings")
    seen.press("Enter")
    seen.page.wait_for_url("**after=*")
    assert not seen.said, seen.said
