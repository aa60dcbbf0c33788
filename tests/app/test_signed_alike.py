"""Two signed papers of one kind about the same: which was signed last is said wherever they are listed or checked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")

from click.testing import CliRunner
from signed_documents import AT, DAY, SAID, World, begun

from proscribe.app.case.document_files import make_document, sign_stored_document
from proscribe.app.case.document_steps import standings
from proscribe.app.papers.documents import Making
from proscribe.app.papers.signed_alike import signed_alike
from proscribe.app.proofs.verifying import examine
from proscribe.cli.main import cli
from proscribe.model.casework import StoredDocument

SIGNED = StoredDocument(
    "DOC1", "C-0001", "offer-representation", 1, "", "proscribe.offer-representation/1", "", "0" * 64, "Sam Lind", AT,
    signer="A. Osei", signed_at=AT,
)  # fmt: skip


def more(world: World, name: str, said: str = SAID, *, supersedes: str = "", hours: int = 1) -> None:
    """Make a further annual representation, have it approved, and sign it."""
    later = AT + timedelta(hours=hours)
    with world.cases(later) as cases:
        place = world.folder / f"{name}.yml"
        place.write_text(said)
        making = Making(
            "annual-representation",
            (place,),
            as_of=DAY,
            made_at=later,
            author="Sam Lind",
            approver="Kim Berg",
        )
        cases.store.hand = world.key("Sam Lind")
        made = make_document(making, cases=cases, case_id="C-0001", formats=("md",), supersedes=supersedes)
        assert made.stored is not None and made.stored.id == name, made.paper.obstacles
        cases.store.hand = world.key("Kim Berg")
        cases.approve("C-0001", name, by="Kim Berg")
        sign_stored_document(
            cases,
            "C-0001",
            name,
            world.key("A. Osei"),
            world.folder / f"{name}.zip",
            by="A. Osei",
            title="President",
        )


def told(world: World) -> dict[str, str]:
    with world.cases() as cases:
        return {one.document.id: one.alike for one in standings(cases, "C-0001")}


def test_two_signed_papers_of_one_kind_say_of_each_other_which_was_signed_last(tmp_path: Path) -> None:
    world = begun(tmp_path)
    world.sign()
    assert told(world) == {"DOC1": ""}
    more(world, "DOC2", hours=30)
    said = told(world)
    assert (
        said["DOC1"].startswith("DOC2 of this kind") and "DOC2 was signed last, on 2026-11-26" in said["DOC1"]
    )
    assert said["DOC2"].startswith("DOC1 of this kind") and "This one was signed last" in said["DOC2"]
    assert (
        "the same answers (DOC1: does not provide, does not use; DOC2: does not provide, does not use)"
        in said["DOC1"]
    )

    store = ["--store", str(world.folder / "c.db")]
    for command in (["document", "list", "C-0001"], ["case", "show", "C-0001"]):
        shown = CliRunner().invoke(cli, [*command, *store])
        assert shown.exit_code == 0 and said["DOC1"] in shown.output, shown.output
    bundle = tmp_path / "case.zip"
    with world.cases() as cases:
        cases.export("C-0001", bundle)
    lines = {one.label: one for one in examine(bundle).lines}
    assert (
        said["DOC1"] in lines["Which stands: DOC1"].value
        and lines["Which stands: DOC1"].result == "not_checked"
    )

    more(world, "DOC3", supersedes="DOC2", hours=40)
    assert "DOC3 was signed last" in told(world)["DOC1"] and not told(world)["DOC2"]


@pytest.mark.parametrize(
    ("number", "alike"), [("w912-26-c-0001 ", True), ("W912-26-C-0002", False), ("", False)]
)
def test_papers_of_another_contract_are_no_second_word_on_the_same(
    tmp_path: Path, number: str, alike: bool
) -> None:
    signed = [
        replace(SIGNED, id=f"DOC{place}", sha256=told)
        for place, told in enumerate(("W912-26-C-0001", number), start=1)
    ]

    def content(told: str) -> bytes:
        return json.dumps({"contract": {"number": told} if told else None, "body": {}}).encode()

    assert set(signed_alike(signed, content)) == ({"DOC1", "DOC2"} if alike else set())


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"body": [], "contract": 3}', b"\xff"])
def test_whatever_stands_in_a_taken_over_paper_is_read_or_passed_over(content: bytes) -> None:
    assert set(signed_alike([SIGNED, replace(SIGNED, id="DOC2")], lambda _: content)) == {"DOC1", "DOC2"}


def test_a_paper_that_takes_the_place_of_another_leaves_one(tmp_path: Path) -> None:
    world = begun(tmp_path)
    world.sign()
    more(world, "DOC2", supersedes="DOC1")
    assert told(world) == {"DOC1": "", "DOC2": ""}
