"""What a store records by which the organisation does stands against a "does not" of the same scope, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from proscribe.app.papers.document_keeping import store_paper
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.store.desk import Desk
from proscribe.casework.commands import determining, documents
from proscribe.casework.store import Store
from proscribe.model.authors import Informed
from proscribe.model.papers import Obstacle, Paper

DAY = date(2026, 11, 25)
AT = datetime(2026, 11, 25, 15, tzinfo=UTC)
WHO = "organisation: {name: Harbour Systems LLC, uei: H7K2M4N6P8R1}\n"
IN_USE: dict[str, Any] = {
    "party.jurisdiction": "US", "party.role": "prime_contractor", "act.kind": "use", "use.by": "the_entity",
    "item.producer": "hikvision", "item.kind": "video_surveillance_equipment", "item.purpose": ["public_safety"],
    "item.role_in_system": "substantial_or_essential_component",
}  # fmt: skip
NOT_OURS = {**IN_USE, "use.by": "third_party", "use.place": "their_site"}
INQUIRY = (
    "inquiry: {searched: [{name: Register, kind: other, how: scanned whole, by: Sam Lind, on: 2026-11-23}]}\n"
)
ITEM = (
    "items: [{id: cams, concerns: [use], brand: Hikvision, description: Two dome cameras, quantity: '2'}]\n"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = (AT - timedelta(hours=1) + timedelta(seconds=one) for one in count())
    with Store.open(tmp_path / "c.db", now=lambda: next(clock)) as store:
        yield Desk(store)


class Papers:
    """Makes and keeps papers of cases of one store."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk, self.file = desk, folder / "told.yml"
        self.case = self.opened({"party.jurisdiction": "US"}, title="Yearly")

    def opened(self, facts: dict[str, Any], regimes: tuple[str, ...] = ("us-889-b",), **more: Any) -> str:
        about = {"title": "Cameras at the depot", "zone": "UTC", **more}
        return self.desk.open_by_hand(DAY, facts, regimes=list(regimes), by="Dana Ruiz", **about).case.id

    def version(self, case: str) -> int:
        return self.desk.store.case(case).case.version

    def decide(self, case: str, **facts: Any) -> None:
        told = {name.replace("__", "."): value for name, value in facts.items()}
        if told:
            self.desk.state(case, told, by="Dana Ruiz", version=self.version(case))
        self.desk.decide(case, by="Dana Ruiz", version=self.version(case))

    def make(self, told: str, type_: str = "annual-representation", case: str = "") -> Paper:
        self.file.write_text(WHO + told)
        making = Making(type_, (self.file,), as_of=DAY, made_at=AT, author="Dana Ruiz", approver="Lee Okafor")
        return make_paper(making, (), self.desk, case or self.case)

    def keep(self, paper: Paper, case: str = "", *, approve: bool = True, supersedes: str = "") -> str:
        case = case or self.case
        version = self.version(case)
        file, stored = store_paper(
            self.desk, case, paper, ["md"], by="Dana Ruiz", version=version, supersedes=supersedes
        )
        if approve:
            documents.approve_document(
                self.desk.store, case, stored.id, by=Informed("Lee Okafor", version=file.case.version)
            )
        return stored.id

    def against(
        self, told: str = "answers: {provide: does not, use: does not}\n", **more: Any
    ) -> list[Obstacle]:
        """Give what is recorded or stated against a "does not", in the order of the document."""
        made = self.make(told, **more)
        return [one for one in made.obstacles if one.code == "says-does" and "D1" not in own(self.case, one)]


def own(case: str, one: Obstacle) -> str:
    """Give the record that an obstacle is about where it is that of the case itself, which leaves everything open."""
    return one.evidence[0] if one.evidence[0].startswith(f"{case}/") else ""


@pytest.fixture
def papers(desk: Desk, tmp_path: Path) -> Papers:
    return Papers(desk, tmp_path)


def test_a_determination_of_any_case_stands_against_the_answer_that_it_forces(papers: Papers) -> None:
    case = papers.opened(IN_USE)
    (one,) = papers.against()
    assert (one.questions, one.overridable, one.evidence) == (("use",), False, (f"{case}/D1",))
    assert "2026-11-25" in one.what and "Cameras at the depot" in one.what and "2026-11-25" in one.what
    assert not papers.against("answers: {provide: does not, use: does}\n" + ITEM)


def test_a_later_determination_is_for_an_approver_and_an_approved_one_ends_it(papers: Papers) -> None:
    case = papers.opened(IN_USE)
    papers.decide(case, use__state="disposed")
    (one,) = papers.against()
    assert one.overridable and "D2" in one.what and "nobody approved" in one.what
    determining.approve_determination(
        papers.desk.store, case, "D2", by=Informed("Lee Okafor", version=papers.version(case))
    )
    assert not papers.against()


def test_facts_that_are_taken_back_leave_a_determination_standing(papers: Papers) -> None:
    case = papers.opened(IN_USE)
    papers.decide(case, item__producer=None)
    (one,) = papers.against()
    assert not one.overridable and one.evidence == (f"{case}/D1",)


@pytest.mark.parametrize(
    ("facts", "more"),
    [
        (NOT_OURS, {}),
        (IN_USE, {"regimes": ("us-fascsa",)}),
        ({**IN_USE, "party.jurisdiction": "GB"}, {"regimes": ("gb-2022-dvd",)}),
    ],
)
def test_what_forces_no_such_answer_is_silent(
    papers: Papers, facts: dict[str, Any], more: dict[str, Any]
) -> None:
    papers.opened(facts, **more)
    assert not papers.against()


def test_an_open_determination_is_for_an_approver(papers: Papers) -> None:
    papers.opened({name: value for name, value in IN_USE.items() if name != "item.producer"})
    (one,) = papers.against()
    assert one.overridable and "leaves it open" in one.what


def test_a_report_and_a_does_stand_until_something_approved_replaces_them(papers: Papers) -> None:
    case = papers.opened(NOT_OURS)
    draft = papers.keep(papers.make(ITEM, "far-report", case), case, approve=False)
    assert not papers.against(), "a draft says nothing yet"
    documents.approve_document(
        papers.desk.store, case, draft, by=Informed("Lee Okafor", version=papers.version(case))
    )
    (one,) = papers.against()
    assert not one.overridable and one.evidence == (f"{case}/{draft}",) and "Hikvision" in one.what
    papers.decide(case)
    (one,) = papers.against()
    assert one.overridable and "since then" in one.what
    documents.withdraw_approval(
        papers.desk.store,
        case,
        draft,
        reason="it was another firm's",
        by=Informed("Lee Okafor", version=papers.version(case)),
    )
    assert not papers.against()


def test_a_paper_that_says_does_stands_whoever_drafts_another_in_its_place(papers: Papers) -> None:
    does = papers.make(INQUIRY + "answers: {provide: does, use: does}\n")
    assert does.state == "ready"
    said = papers.keep(does)
    assert [one.questions for one in papers.against()] == [("provide",), ("use",)]
    papers.keep(does, approve=False, supersedes=said)
    assert {one.evidence for one in papers.against()} == {(f"{papers.case}/{said}",)}


def waiver(papers: Papers, part: str) -> str:
    case = papers.opened(NOT_OURS)
    papers.desk.ask_for_waiver(
        case, {"grantor": "dni", "part": part, "scope": "12 cameras", "agency": "GSA"}, by="Dana Ruiz",
        version=papers.version(case),
    )  # fmt: skip
    return case


def test_a_waiver_that_is_asked_for_is_for_an_approver_and_of_the_other_part_silent(papers: Papers) -> None:
    case = waiver(papers, "b")
    (one,) = papers.against()
    assert one.overridable and one.questions == ("use",) and one.evidence == (f"{case}/W1",)


def test_items_and_words_that_name_a_firm_are_told_where_the_document_prints_none(papers: Papers) -> None:
    says = "answers: {provide: does not, use: does not}\n"
    (one,) = papers.against(says + ITEM)
    assert not one.overridable and "dome cameras" in one.what and one.questions == ("use",)
    assert not papers.against(says + ITEM.replace("Hikvision", "Axis"))
    told = papers.against(says + "event: {how_found: The Dahua recorder was seen}\n")
    assert told and all(one.overridable and "Dahua" in one.what for one in told)
    assert not papers.against(says + "event: {how_found: The old recorder was seen}\n")
    assert papers.against(says + "options: {remark: as agreed with Hikvision USA}\n")
