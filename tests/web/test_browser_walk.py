"""From files to findings, judgements, answers and papers, in a real browser, with keys alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

from browsers import Browser, entered, workbench
from seen import LAPTOP, Seen, real_browser, tab

from proscribe.app import jobs
from proscribe.app.cases import open_cases
from proscribe.web.application import Workbench

INVENTORY = "Asset;Maker;Model;Site\nA1;Hikvision;DS-2CD2143G2-I;Mill Lane\nA2;Axis;P3245-V;Mill Lane\nA3;Dahua;IPC-HFW2431S-S-S2;Depot\n"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[tuple[Workbench, Browser]]:
    with workbench(str(tmp_path / "cases.db"), person="R. Ito", zone="America/New_York") as made:
        yield made


@pytest.fixture
def seen(bench: tuple[Workbench, Browser]) -> Iterator[Seen]:
    with real_browser() as started, tab(started, entered(*bench)) as found:
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


def test_a_person_with_keys_alone_goes_from_files_to_judgements_answers_and_papers(
    bench: tuple[Workbench, Browser], seen: Seen, tmp_path: Path
) -> None:
    made, page = bench[0], seen.page
    handed = tmp_path / "inventory.csv"
    handed.write_text(INVENTORY)
    seen.open("/", LAPTOP)
    seen.press("Tab")
    assert "Skip to the page" in seen.focused() and focus_is_visible(seen)
    seen.press("Enter", "Tab")
    assert "files" in seen.focused()  # behind the head
    with page.expect_file_chooser() as chooser:
        seen.press("Enter")
    chooser.value.set_files(str(handed))
    seen.tab_to("See what each file is")
    seen.press("Enter")
    page.wait_for_url("**/uploads/U-*")
    seen.tab_to("Scan these files")
    seen.press("Enter")
    page.wait_for_url("**/runs/J-*")
    seen.tab_to("Cancel")
    with open_cases(made.settings.place) as cases:
        jobs.work(cases.store, once=True)
    page.get_by_role("button", name="Open a case").wait_for()  # the page follows by itself
    seen.tab_to("title")
    page.keyboard.type("Cameras at Mill Lane")
    seen.press("Enter")
    page.wait_for_url("**/cases/C-0001")
    seen.tab_to("Findings")
    seen.press("Enter")
    page.wait_for_url("**/findings")
    seen.press("j", "j")
    assert "Dahua" in seen.focused() and focus_is_visible(seen)
    seen.press("k", "Enter")
    for verdict in ("same", "unsure"):
        page.wait_for_url(re.compile("/findings/f_"))
        there = page.url
        seen.tab_to("verdict")
        while verdict not in seen.focused():
            seen.press("ArrowDown")
        if verdict == "same":
            seen.press("Space")
        seen.tab_to("reason")
        assert focus_is_visible(seen)
        page.keyboard.type("stood before it; j and k are letters here")
        assert page.url == there
        seen.tab_to("Judge")
        seen.press("Enter")
        page.wait_for_function("(there) => location.href !== there", arg=there)
    page.wait_for_url("**/findings")
    with open_cases(made.settings.place) as cases:
        said = cases.case("C-0001").judgements
        assert {one.verdict.value for one in said} == {"same", "unsure"}
        assert all("j and k" in one.reason for one in said)
    seen.tab_to("Law")
    seen.press("Enter")
    page.wait_for_url("**/law")
    seen.tab_to("situation")
    seen.press("Space")
    seen.tab_to("Ask the law")
    seen.press("Enter")
    page.get_by_text("Answer what you know").wait_for(timeout=60_000)
    seen.tab_to("answer:1")
    if "SELECT" in seen.focused():
        seen.press("End")  # nobody knows
    else:
        page.keyboard.type("?")
    seen.tab_to("Put it to the law again")
    seen.press("Enter")
    page.get_by_text(re.compile(r"What was stated \(\d+\)")).wait_for(timeout=60_000)
    seen.tab_to("Documents")
    seen.press("Enter")
    page.wait_for_url("**/documents")
    assert not seen.said, seen.said


def test_keys_are_off_in_fields_and_lead_through_the_queue(
    bench: tuple[Workbench, Browser], seen: Seen
) -> None:
    from cases_ready import ready_case

    case = f"/cases/{ready_case(bench[0].settings.place, 30)[0]}"
    seen.open(f"{case}/findings", LAPTOP)
    seen.press("/")
    assert "text" in seen.focused()
    seen.press("j", "k", "/", "u")
    assert "jk/u" in seen.focused()
    seen.page.evaluate("document.activeElement.blur()")
    seen.press("k")
    assert seen.page.evaluate(
        "document.activeElement === [...document.querySelectorAll('[data-row]')].at(-1)"
    )
    seen.press("Enter")
    seen.page.wait_for_url(re.compile("/findings/f_"))
    seen.press("u")
    seen.page.wait_for_url("**/findings")
    seen.tab_to("Next findings")
    seen.press("Enter")
    seen.page.wait_for_url("**after=*")
    assert not seen.said, seen.said
