"""Who calls a part cleared: what is confirmed in it is cleared by no name, and no line that somebody types is one of a list."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rostered

from proscribe.app.case.cases import Cases, open_cases
from proscribe.app.inventory.offering import read_offering
from proscribe.app.papers.documents import Making, make_paper
from proscribe.casework.commands.cases import open_case
from proscribe.model.authors import Author
from proscribe.model.errors import ProscribeError
from proscribe.model.papers import Paper, PaperState

TODAY = datetime.now(UTC).date()
PRODUCT = "name: Gateway, part_number: G1, revision: A, maker: Acme Inc, parts_list_complete: true"
RESISTOR = "R1,4,Yageo,RC0402,resistor\n"
DENIED = "answers: {contain: does not}\n"
CHIP = "U1,1,HiSilicon,Hi3516DV300,SoC\n"


def certificate(folder: Path, lines: str, extra: str, cases: Cases | None = None, more: str = "") -> Paper:
    """Make a certificate over a parts list, or over none where it has no lines."""
    said = folder / "said.yml"
    said.write_text(f"organisation: {{name: Acme Inc}}\noffering: {{{PRODUCT}{more}}}\n{extra}")
    values: dict[str, Any] = {}
    if lines:
        (folder / "parts.csv").write_text(f"RefDes,Qty,Manufacturer,MPN,Description\n{lines}{RESISTOR}")
        values = {"offering": read_offering(folder / "parts.csv")}
    making = Making(
        "product-certificate", (said,), as_of=TODAY, author="Sam Lind", approver="Kim Berg", values=values
    )
    return make_paper(making, (), cases, "C-0001" if cases else "")


def resolved(by: str, ref: str = "line 1") -> str:
    return f"resolved: [{{ref: {ref}, because: measured in our lab and found fine, by: {by}}}]\n"


def against(made: Paper) -> dict[str, bool]:
    return {one.code: one.overridable for one in made.obstacles}


def test_a_confirmed_chip_is_cleared_by_no_name_that_somebody_types(tmp_path: Path) -> None:
    with pytest.raises(ProscribeError, match="it is covered"):
        certificate(tmp_path, CHIP, resolved("Nobody Atall"))
    made = certificate(tmp_path, CHIP, DENIED)
    assert made.state is PaperState.REFUSED and against(made) == {"component-covered": False}
    assert "HiSilicon" in made.obstacles[0].what and "Hi3516DV300" in made.data["body"]["chips"][0]["chip"]
    does = certificate(tmp_path, CHIP, "answers: {contain: does}\n")
    assert does.state is PaperState.READY, (
        "what it is built into is no question to a paper that speaks of components"
    )
    # what names no firm is a question to people, as before
    assert certificate(tmp_path, "U1,1,,X-1,module\n", resolved("Nobody Atall")).state is PaperState.READY


def test_in_a_store_with_a_roster_nobody_answers_for_a_confirmed_chip(tmp_path: Path) -> None:
    with open_cases(tmp_path / "ours.db", create=True) as cases:
        open_case(cases.store, by=Author("Sam Lind"), title="Gateway", as_of=TODAY, zone="UTC")
        rostered.begun(cases.store, tmp_path / "keys")
        with pytest.raises(ProscribeError, match="it is covered"):
            certificate(tmp_path, CHIP, resolved("Kim Berg"), cases)


@pytest.mark.parametrize("state", ["cleared", "unresolved"])
def test_a_part_that_somebody_types_is_looked_up_whatever_its_state(tmp_path: Path, state: str) -> None:
    part = f"{{ref: U1, name: SoC HiSilicon Hi3516DV300, state: {state}, because: known to us, found: '', stated: false}}"
    more = f", parts_list_sha256: {'a' * 64}, components: [{part}]"
    with pytest.raises(ProscribeError, match="it is covered"):
        certificate(tmp_path, "", resolved("Nobody Atall", "U1"), more=more)
    made = certificate(tmp_path, "", DENIED, more=more)
    assert made.state is PaperState.REFUSED and not against(made)["component-covered"]


def test_parts_that_stand_in_no_list_that_was_read_are_answered_for(tmp_path: Path) -> None:
    part = "{ref: U1, name: camera module, state: cleared, maker: Foo, because: we know this maker}"
    made = certificate(tmp_path, "", "", more=f", parts_list_sha256: {'a' * 64}, components: [{part}]")
    assert made.state is PaperState.REFUSED and against(made) == {"component-stated": True}
    assert certificate(tmp_path, "U1,1,Sony,X-1,camera module\n", "").state is PaperState.READY


@pytest.mark.parametrize(
    "by", ["Compliance Officer", "the compliance officer", "SL", "S. L.", "L. Sam", "Officer"]
)
def test_a_title_or_initials_of_the_author_are_no_second_person(tmp_path: Path, by: str) -> None:
    extra = "people: [{name: Sam Lind, title: Compliance officer}]\n" + resolved(by)
    with pytest.raises(ProscribeError, match="prepares this document"):
        certificate(tmp_path, "U1,1,,X-1,module\n", extra)


def test_in_a_store_with_a_roster_a_person_of_it_clears_a_line(tmp_path: Path) -> None:
    with open_cases(tmp_path / "ours.db", create=True) as cases:
        open_case(cases.store, by=Author("Sam Lind"), title="Gateway", as_of=TODAY, zone="UTC")
        rostered.begun(cases.store, tmp_path / "keys")
        with pytest.raises(ProscribeError, match="nobody of the roster"):
            certificate(tmp_path, "U1,1,,X-1,module\n", resolved("Nobody Atall"), cases)
        made = certificate(tmp_path, "U1,1,,X-1,module\n", resolved("Kim Berg"), cases)
        assert "component-unresolved" not in against(made)
