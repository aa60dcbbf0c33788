"""Two people's keys stand behind a paper that is signed: who could never approve or sign it is told when it is made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import rostered
import signed_documents
from signed_documents import AT, World

from proscribe.app.case import pending
from proscribe.app.case.cases import Cases, open_cases
from proscribe.app.case.document_files import Made, make_document
from proscribe.app.papers.documents import Making
from proscribe.model.errors import CaseError
from proscribe.model.pending import Deed

PLAIN = Making("annual-representation", as_of=AT.date(), made_at=AT, author="Sam Lind", approver="Kim Berg")


def made(cases: Cases, world: World, signer: str, *, keep: bool = False, supersedes: str = "") -> Made:
    said = world.folder / "said.yml"
    making = replace(PLAIN, files=(said,), values={"signer": {"name": signer, "title": "President"}})
    return make_document(
        making, cases=cases, case_id="C-0001", formats=("md",), keep=keep, supersedes=supersedes
    )


@pytest.fixture
def world(tmp_path: Path) -> World:
    return signed_documents.begun(tmp_path, approved=False)


def test_one_person_who_is_to_approve_and_to_sign_is_refused_unless_a_key_shows_who_makes_it(
    world: World,
) -> None:
    with world.cases() as cases:
        for hand in (None, "Kim Berg"):
            cases.store.hand = world.key(hand) if hand else None
            with pytest.raises(
                CaseError, match="Kim Berg is to approve the document and to sign it"
            ) as refused:
                made(cases, world, "kim berg")
            assert refused.value.code == "E414" and refused.value.at.endswith("signer/name")
            assert "Name another person" in str(refused.value)
        cases.store.hand = None
        assert not made(cases, world, "A. Osei").refused
        cases.store.hand = world.key("Sam Lind")
        assert not made(cases, world, "Kim Berg").refused


def test_names_alone_may_be_one(tmp_path: Path) -> None:
    world = World(tmp_path)
    (tmp_path / "said.yml").write_text(signed_documents.SAID)
    content = signed_documents.scanned(tmp_path, "assets.csv", signed_documents.CLEAN)
    with open_cases(tmp_path / "c.db", create=True, now=lambda: AT) as cases:
        cases.open_from_scan(content, "scan.json", by="Sam Lind", title="Yearly", zone="UTC")
        kept = made(cases, world, "Kim Berg", keep=True)
        assert kept.stored is not None
        # people became keys after it was made: nobody asks for an approval that no key could give
        rostered.begun(cases.store, tmp_path / "keys")
        with pytest.raises(CaseError, match="Kim Berg is to sign document DOC1 too"):
            pending.ask(cases, Deed.APPROVE, "C-0001", {"record": "DOC1"}, by="Kim Berg")
        assert pending.waiting(cases.store) == []


def test_what_waits_goes_with_a_document_that_another_takes_the_place_of(world: World) -> None:
    with world.cases() as cases:
        pending.ask(cases, Deed.APPROVE, "C-0001", {"record": "DOC1"}, by="Kim Berg")
        cases.store.hand = world.key("Sam Lind")
        kept = made(cases, world, "A. Osei", keep=True, supersedes="DOC1")
        assert kept.stored is not None and kept.stored.id == "DOC2"
        assert pending.listed(cases) == ()
        with pytest.raises(CaseError, match="superseded by DOC2"):
            pending.ask(cases, Deed.APPROVE, "C-0001", {"record": "DOC1"}, by="Kim Berg")
        pending.ask(cases, Deed.APPROVE, "C-0001", {"record": "DOC2"}, by="Kim Berg")
        (one,) = pending.listed(cases)
        assert one.stands
