"""Attacks 7 and 8: what is signed is a document that the store kept and that still holds, by whom the roster says."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import rostered
import signed_documents
import tampered
from click.testing import CliRunner
from signed_documents import AT, DAY, World

from proscribe.app.case.cases import Cases
from proscribe.app.case.document_files import make_document, sign_stored_document
from proscribe.app.keys.people import NewPerson, enrol, revoke
from proscribe.app.papers.document_keeping import store_paper
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.papers.signatures import countersign
from proscribe.cli.main import cli
from proscribe.model.authors import Informed
from proscribe.model.casework import Verdict
from proscribe.model.errors import ProscribeError
from proscribe.model.papers import Paper, PaperState

LATER = AT + timedelta(days=5)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    return signed_documents.begun(tmp_path_factory.mktemp("world"))


@pytest.fixture
def world(made: World, tmp_path: Path) -> World:
    return signed_documents.copied(made, tmp_path / "w")


def refused(world: World, **more: Any) -> ProscribeError:
    with pytest.raises(ProscribeError) as caught:
        world.sign(**more)
    assert not (world.folder / "signed.zip").exists()
    with world.cases() as cases:
        assert not cases.case("C-0001").documents[0].signer
    return caught.value


def test_what_still_holds_is_signed(world: World) -> None:
    assert world.sign(now=LATER).exists()


# Attack 7: files


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("refused-edited-to-ready.json", b'{"schema": "proscribe.paper.annual-representation/1", "state": "ready"}'),
        ("hand-made.json", b'{"state": "ready", "obstacles": []}'),
        ("of-something-else.pdf", b"%PDF-1.7"),
        ("missing.json", None),
    ],
)  # fmt: skip
def test_no_file_is_signed(world: World, name: str, content: bytes | None) -> None:
    path = world.folder / name
    if content is not None:
        path.write_bytes(content)
    words = ["attest", "sign", str(path), str(path), "--key", str(world.folder / "keys" / "a-osei.key"), "--by", "A. Osei",
             "-o", str(world.folder / "no.zip")]  # fmt: skip
    done = CliRunner().invoke(cli, words, env={"PROSCRIBE_PASSPHRASE": "x"}, catch_exceptions=False)
    assert done.exit_code == 2 and "E488" in done.output
    assert "proscribe attest sign CASE/DOC1 --key KEY" in " ".join(done.output.split())
    assert not (world.folder / "no.zip").exists()


def test_the_refusal_names_the_case_of_the_document_in_the_file(world: World) -> None:
    (world.folder / "d.json").write_text('{"case_id": "C-0001"}')
    words = ["attest", "sign", str(world.folder / "d.json"), "--by", "A. Osei", "-o", "x.zip"]
    assert "attest sign C-0001/DOC1" in " ".join(CliRunner().invoke(cli, words).output.split())


# What comes to the store while somebody types a PIN


@dataclass
class _Slow:
    """A key during whose first use something happens."""

    inner: Any
    meanwhile: list[Callable[[], object]]

    def sign(self, text: bytes) -> Any:
        while self.meanwhile:
            self.meanwhile.pop()()
        return self.inner.sign(text)


@pytest.mark.parametrize(("rows", "kept"), [(signed_documents.DIRTY, False), (None, True)])
def test_what_another_case_gets_while_it_is_signed(world: World, rows: Any, kept: bool) -> None:
    """A finding stops the signature; a case of which nothing is known yet does not."""
    found = None if rows is None else signed_documents.scanned(world.folder, "other.csv", rows)

    def other() -> None:
        with world.cases() as cases:
            if found is None:
                cases.open_by_hand(DAY, {}, decide=False, by="Sam Lind", title="Other", zone="UTC")
            else:
                cases.open_from_scan(found, "o.json", by="Sam Lind", title="Other", zone="UTC")

    key = world.key("A. Osei")
    slow = replace(key, secure=_Slow(key.secure, [other]))
    target = world.folder / "signed.zip"

    def sign() -> None:
        with world.cases() as cases:
            sign_stored_document(cases, "C-0001", "DOC1", slow, target, by="A. Osei")

    if kept:
        sign()
    else:
        with pytest.raises(ProscribeError) as caught:
            sign()
        assert caught.value.code == "E424" and "C-0002" in str(caught.value)
    assert target.exists() is kept


# Documents that were put into the store past the program's own checks


def kept(cases: Cases, paper: Paper) -> None:
    """Keep a document as DOC2 in place of DOC1, approved: what somebody with the Python API at hand can do."""
    cases.store.hand = None
    store_paper(
        cases, "C-0001", paper, ["md"], by="Sam Lind", version=cases.version("C-0001"), supersedes="DOC1"
    )


def making(world: World, text: str = signed_documents.SAID, **more: Any) -> Making:
    said = world.folder / "other.yml"
    said.write_text(text)
    told: dict[str, Any] = {"as_of": DAY, "made_at": AT, "author": "Sam Lind", "approver": "Kim Berg", **more}
    return Making("annual-representation", (said,), **told)


def sign_second(world: World) -> ProscribeError:
    from proscribe.app.case.document_files import sign_stored_document

    with world.cases() as cases:
        cases.store.hand = world.key("Kim Berg")
        cases.approve("C-0001", "DOC2", by="Kim Berg")
    with world.cases() as cases, pytest.raises(ProscribeError) as caught:
        sign_stored_document(
            cases, "C-0001", "DOC2", world.key("A. Osei"), world.folder / "no.zip", by="A. Osei"
        )
    assert not (world.folder / "no.zip").exists()
    return caught.value


@pytest.mark.parametrize(("named", "code"), [("A. Osei", ""), ("Osei, A.", ""), ("Lee Okafor", "E488")])
def test_a_document_is_signed_by_whom_it_names(world: World, named: str, code: str) -> None:
    """A configuration that is changed between making and signing changes nothing: the document says who signs."""
    from proscribe.app.case.document_files import make_document, sign_stored_document

    told = {**_told(), "signer": {"name": named, "title": "President"}}
    with world.cases() as cases:
        cases.store.hand = world.key("Sam Lind")
        made = make_document(
            making(world, told=told), cases=cases, case_id="C-0001", formats=["md"], supersedes="DOC1"
        )
        assert not made.refused
        cases.store.hand = world.key("Kim Berg")
        cases.approve("C-0001", "DOC2", by="Kim Berg")
    with world.cases() as cases:
        target = world.folder / "signed.zip"

        def sign() -> None:
            sign_stored_document(
                cases, "C-0001", "DOC2", world.key("A. Osei"), target, by="A. Osei", meant="A. Osei"
            )

        if not code:
            sign()
            assert target.exists()
            return
        with pytest.raises(ProscribeError, match=r"the configuration names A\. Osei since") as caught:
            sign()
    assert caught.value.code == code and not target.exists()


def _told() -> dict[str, Any]:
    return {"organisation": {"name": "Harbour Systems LLC"}}


def test_a_refused_document_edited_to_ready(world: World) -> None:
    blind = (
        signed_documents.SAID
        + "  not_searched: [{name: Home offices, why: nobody was there, bears_on: [use]}]\n"
    )
    with world.cases() as cases:
        paper = make_paper(making(world, blind), (), cases, "C-0001")
        assert paper.state is PaperState.REFUSED
        data = json.loads(json.dumps({**paper.data, "state": "ready", "obstacles": []}))
        for one in data["body"]["representations"].values():
            one |= {"answer": "does not", "obstacles": []}
        kept(cases, replace(paper, data=data, state=PaperState.READY, obstacles=()))
    problem = sign_second(world)
    assert problem.code == "E488" and "Home offices was not searched" in problem.what


def test_a_hand_made_document_that_was_made_from_nothing(world: World) -> None:
    with world.cases() as cases:
        paper = make_paper(making(world), (), cases, "C-0001")
        kept(cases, replace(paper, made_from=b""))
    assert sign_second(world).code == "E424"


def test_a_document_with_another_answer_than_it_was_made_with(world: World) -> None:
    with world.cases() as cases:
        paper = make_paper(making(world), (), cases, "C-0001")
        data = json.loads(json.dumps(paper.data))
        data["organisation"]["address"] = ["1 Elsewhere Street"]
        data["body"]["representations"]["use"]["statement"] = "It does use nothing at all."
        data["body"]["representations"]["use"]["answer"] = "does"
        kept(cases, replace(paper, data=data))
    problem = sign_second(world)
    assert problem.code == "E488" and "organisation" in problem.what and "answer to use" in problem.what


# What came after the approval


def test_a_finding_that_arrived_in_the_case(world: World) -> None:
    content = signed_documents.scanned(world.folder, "more.csv", signed_documents.DIRTY)
    with world.cases() as cases:
        cases.attach("C-0001", content, "more.json", by="Sam Lind", version=cases.version("C-0001"))
    problem = refused(world)
    assert problem.code == "E424" and "run attached" in problem.what


def test_a_finding_that_arrived_in_another_case_of_the_store(world: World) -> None:
    content = signed_documents.scanned(world.folder, "more.csv", signed_documents.DIRTY)
    with world.cases() as cases:
        cases.open_from_scan(content, "more.json", by="Sam Lind", title="Another", zone="UTC")
    problem = refused(world)
    assert problem.code == "E488" and "C-0002" in problem.what and "(elsewhere/" in problem.what


def test_a_back_dated_signature_does_not_pass_over_a_finding(world: World) -> None:
    content = signed_documents.scanned(world.folder, "more.csv", signed_documents.DIRTY)
    with world.cases(LATER) as cases:
        cases.open_from_scan(content, "more.json", by="Sam Lind", title="Another", zone="UTC")
    assert refused(world, now=LATER, signed_at=AT + timedelta(minutes=1)).code == "E488"


def test_an_expected_source_that_was_registered_since(world: World) -> None:
    from proscribe.app.papers.organisation import expect

    with world.cases() as cases:
        expect(cases, "Depot Nord", ["nord*.csv"], owner="R. Ito", every_days=30, by="Kim Berg")
    assert "source-not-seen/" in refused(world).what


def test_a_judgement_that_says_it_is_there_after_all(world: World) -> None:
    with world.cases() as cases:
        content = signed_documents.scanned(world.folder, "more.csv", signed_documents.DIRTY)
        cases.open_from_scan(content, "more.json", by="Sam Lind", title="Another", zone="UTC")
        (finding,) = cases.case("C-0002").case.finding_ids
        cases.judge("C-0002", finding, Verdict.SAME, by="Sam Lind", reason="it hangs over the door")
    assert "C-0002" in refused(world).what


def test_a_superseded_document(world: World) -> None:
    with world.cases() as cases:
        kept(cases, make_paper(making(world), (), cases, "C-0001"))
    problem = refused(world)
    assert problem.code == "E424" and "DOC2" in problem.what


def test_a_document_that_nobody_approved(tmp_path: Path) -> None:
    world = signed_documents.begun(tmp_path, approved=False)
    assert refused(world).code == "E424"


# The day


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2020, 1, 1)])
def test_a_signature_before_the_making(world: World, day: date) -> None:
    assert refused(world, now=LATER, signed_on=day).code == "E464"
    assert refused(world, now=LATER, signed_at=AT - timedelta(minutes=1)).code == "E464"


def test_a_signature_of_tomorrow(world: World) -> None:
    assert refused(world, signed_on=date(2026, 11, 26)).code == "E440"
    assert refused(world, signed_at=datetime(2027, 1, 1, tzinfo=UTC)).code == "E440"


def test_the_day_of_the_making_is_no_day_before_it(world: World) -> None:
    assert world.sign(now=LATER, signed_on=DAY).exists()


# The title beside a signature


def test_a_title_at_the_signature_says_an_office_and_no_more(world: World) -> None:
    for title in (
        "President; I did not read this, the recorder at the depot stays",
        "Janitor, for the head office only",
        "President (subject to the list of the branch)",
        "as told by Sam",
    ):
        problem = refused_with_title(world, title)
        assert problem.code == "E488" and "no office" in problem.what
    assert signed_with_title(world, "Vice President, Supply Chain").exists()


def test_a_title_that_the_document_names_is_the_one_it_is_signed_with(world: World) -> None:
    text = signed_documents.SAID + "signer: {name: A. Osei, title: Director}\n"
    with world.cases() as cases:
        cases.store.hand = world.key("Sam Lind")
        make_document(making(world, text), cases=cases, case_id="C-0001", formats=("md",))
        cases.store.hand = world.key("Kim Berg")
        cases.approve("C-0001", "DOC2", by="Kim Berg")
    with pytest.raises(ProscribeError, match="President") as caught:
        signed_with_title(world, "President", "DOC2")
    assert caught.value.code == "E488"
    assert signed_with_title(world, "DIRECTOR", "DOC2").exists()


def test_a_countersignature_says_an_office_and_no_more(world: World) -> None:
    signed = world.sign()
    with pytest.raises(ProscribeError, match="no office"):
        countersign(
            signed, world.key("Lee Okafor"), signed_by="Lee Okafor", signed_as="counsel, as far as I know"
        )
    assert countersign(signed, world.key("Lee Okafor"), signed_by="Lee Okafor", signed_as="General counsel")


def signed_with_title(world: World, title: str, name: str = "DOC1") -> Path:
    target = world.folder / f"{name}.zip"
    with world.cases(LATER) as cases:
        sign_stored_document(cases, "C-0001", name, world.key("A. Osei"), target, by="A. Osei", title=title)
    return target


def refused_with_title(world: World, title: str) -> ProscribeError:
    with pytest.raises(ProscribeError) as caught:
        signed_with_title(world, title)
    return caught.value


# Keys


def test_the_key_of_another_role(world: World) -> None:
    assert refused(world, by="Kim Berg").code == "E414"
    assert refused(world, by="Sam Lind").code in ("E414", "E488")


def test_anothers_key_under_the_signers_name(world: World) -> None:
    assert refused(world, key="Lee Okafor").code == "E414"


def test_a_key_that_is_not_of_the_roster(world: World) -> None:
    assert refused(world, by="Eve Stone").code == "E414"


def test_a_revoked_key(world: World) -> None:
    with world.cases() as cases:
        revoke(cases.store, "A. Osei", "lost the card", [world.key("Sam Lind"), world.key("Kim Berg")])
    problem = refused(world)
    assert problem.code == "E414" and "revoked" in problem.what


def test_a_signers_key_whose_last_day_has_passed(tmp_path: Path) -> None:
    world = signed_documents.begun(tmp_path)
    with world.cases() as cases:
        rostered.key(world.folder / "keys", "Pat Fox")
        until = NewPerson("Pat Fox", ["signer"], world.public("Pat Fox"), DAY)
        enrol(cases.store, until, [world.key("Sam Lind"), world.key("Kim Berg")])
    for signed_on in (None, DAY):
        problem = refused(world, by="Pat Fox", now=AT + timedelta(days=2), signed_on=signed_on)
        assert problem.code in ("E414", "E488"), problem


def test_an_approver_who_is_revoked_between_approval_and_signature(world: World) -> None:
    """What a person did while the key held stands, and whoever checks the bundle sees that it ended."""
    with world.cases() as cases:
        revoke(cases.store, "Kim Berg", "left the company", [world.key("Sam Lind"), world.key("Lee Okafor")])
    world.sign()
    told = CliRunner().invoke(cli, ["verify", str(world.folder / "signed.zip"), "--roster"]).output
    assert "Kim Berg" in told and "revoked" in told


def test_a_roster_of_other_people_in_the_place_of_ours_after_the_approval(
    world: World, tmp_path: Path
) -> None:
    """The rows of another store's roster are no people of this one: the chain does not hold them."""
    (tmp_path / "other").mkdir()
    other = signed_documents.begun(tmp_path / "other")
    with closing(sqlite3.connect(other.folder / "c.db")) as conn:
        (theirs,) = conn.execute("SELECT payload FROM events WHERE kind = 'roster_proposed'").fetchone()
    quoted = theirs.replace("'", "''")
    tampered.edited(
        world.folder / "c.db", f"UPDATE events SET payload = '{quoted}' WHERE kind = 'roster_proposed'"
    )
    with pytest.raises(ProscribeError):
        world.sign()
    assert not (world.folder / "signed.zip").exists()


# The store


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE events SET payload = replace(payload, 'scanned', 'skanned') WHERE kind = 'case_opened'",
        "UPDATE events SET payload = replace(payload, 'Yearly', 'Monthly') WHERE seq = 3",
        "UPDATE documents SET data = replace(data, 'Kim Berg', 'Eve Stone')",
        "DELETE FROM events WHERE kind = 'document_approved'",
        "UPDATE blobs SET content = replace(content, 'does not', 'DOES NOT') WHERE content LIKE '%annual-representation%'",
    ],
)
def test_a_row_that_was_edited_between_approval_and_signature(world: World, edit: str) -> None:
    tampered.edited(world.folder / "c.db", edit)
    with pytest.raises(ProscribeError) as caught:
        world.sign()
    assert caught.value.code in ("E427", "E442") and not (world.folder / "signed.zip").exists()


# Attack 8


def test_a_wrong_approver_locks_nobody_out(tmp_path: Path) -> None:
    world = signed_documents.begun(tmp_path, approved=False)
    with world.cases() as cases:
        cases.store.hand = world.key("Lee Okafor")
        with pytest.raises(ProscribeError, match="Kim Berg"):
            cases.approve("C-0001", "DOC1", by="Lee Okafor")
        from proscribe.casework.commands import documents

        documents.approve_document(  # past the service that looks whom the document names
            cases.store, "C-0001", "DOC1", by=Informed("Lee Okafor", version=cases.version("C-0001"))
        )
    assert refused(world).code == "E424"
    with world.cases() as cases:
        cases.store.hand = world.key("Kim Berg")
        cases.approve("C-0001", "DOC1", by="Kim Berg")
    assert world.sign().exists()


def test_the_author_approves_nothing_in_other_letters(tmp_path: Path) -> None:
    world = signed_documents.begun(tmp_path, approved=False)
    with world.cases() as cases:
        for name in ("Sam Lind", "Dr. S. Lind", "Lind, Sam", "sam.lind@harbour.example"):
            with pytest.raises(ProscribeError) as caught:
                cases.approve("C-0001", "DOC1", by=name)
            assert caught.value.code in ("E424", "E426", "E414")
    with pytest.raises(ProscribeError) as wrong, world.cases() as cases:
        make_document(
            making(world, author="Sam Lind", approver="S. Lind"),
            cases=cases,
            case_id="C-0001",
            formats=["md"],
        )
    assert wrong.value.code == "E455"


def test_a_withdrawn_approval_can_be_followed_by_the_right_one(world: World) -> None:
    from proscribe.casework.commands import documents

    with world.cases() as cases:
        cases.store.hand = world.key("Lee Okafor")
        with pytest.raises(ProscribeError, match="who alone withdraws"):
            cases.withdraw_approval("C-0001", "DOC1", by="Lee Okafor", reason="not hers")
        cases.store.hand = world.key("Kim Berg")
        cases.withdraw_approval("C-0001", "DOC1", by="Kim Berg", reason="read too quickly")
    assert refused(world).code == "E424"
    with world.cases() as cases:
        cases.store.hand = world.key("Kim Berg")
        cases.approve("C-0001", "DOC1", by="Kim Berg")
    assert world.sign().exists()
    with world.cases() as cases:
        cases.store.hand = world.key("Kim Berg")
        with pytest.raises(ProscribeError, match="was signed"):
            documents.withdraw_approval(
                cases.store,
                "C-0001",
                "DOC1",
                by=Informed("Kim Berg", version=cases.version("C-0001")),
                reason="too late",
            )
        assert cases.verify().faults == ()
        cases.export("C-0001", world.folder / "case.zip")
    from proscribe.app.case.cases import verify_bundle
    from proscribe.app.proofs.case_bundles import Trust

    assert verify_bundle(world.folder / "case.zip", Trust(unsigned=True)).faults == ()


def test_one_key_that_approves_and_is_to_sign_is_told_so_before_it_is_made(world: World) -> None:
    with world.cases() as cases:
        rostered.key(world.folder / "keys", "Pat Ray")
        both = NewPerson("Pat Ray", ["approver", "signer"], world.public("Pat Ray"))
        enrol(cases.store, both, [world.key("Kim Berg"), world.key("Lee Okafor")])
    text = signed_documents.SAID + "signer: {name: Pat Ray, title: President}\n"
    both_roles = making(world, text, approver="Pat Ray")
    with world.cases() as cases:
        for hand in (None, world.key("Pat Ray")):  # no key shows who else makes it
            cases.store.hand = hand
            with pytest.raises(ProscribeError, match="is to approve the document and to sign it") as caught:
                make_document(both_roles, cases=cases, case_id="C-0001", formats=("md",))
            assert caught.value.code == "E414" and len(cases.case("C-0001").documents) == 1
        cases.store.hand = world.key("Sam Lind")
        made = make_document(both_roles, cases=cases, case_id="C-0001", formats=("md",))
        assert not made.refused, made.paper.obstacles
        name = cases.case("C-0001").documents[-1].id
        cases.store.hand = world.key("Pat Ray")
        cases.approve("C-0001", name, by="Pat Ray")
        sign_stored_document(
            cases, "C-0001", name, world.key("Pat Ray"), world.folder / "two.zip", by="Pat Ray"
        )
    assert (world.folder / "two.zip").exists()


# Clocks that are set back, and keys that count no longer


def test_a_clock_set_back_makes_no_key_count_again(world: World) -> None:
    from proscribe.casework.commands import documents

    with world.cases() as cases:
        rostered.key(world.folder / "keys", "Pat Ray")
        last = DAY + timedelta(days=2)
        new = NewPerson("Pat Ray", ["approver", "signer"], world.public("Pat Ray"), until=last)
        enrol(cases.store, new, [world.key("Kim Berg"), world.key("Lee Okafor")])
    with world.cases(LATER) as cases:
        cases.note("C-0001", "called the contracting officer", by="Sam Lind")
    problem = refused(world, by="Pat Ray", now=AT + timedelta(days=1))
    assert problem.code == "E440" and "2026-11-30" in problem.what
    with world.cases(AT + timedelta(days=1)) as cases, pytest.raises(ProscribeError) as caught:
        cases.store.hand = world.key("Pat Ray")
        documents.approve_document(
            cases.store, "C-0001", "DOC1", by=Informed("Pat Ray", version=cases.version("C-0001"))
        )
    assert caught.value.code == "E414" and "counted until 2026-11-27" in caught.value.what


def test_no_paper_is_approved_by_a_clock_that_was_set_back_behind_what_the_store_holds(world: World) -> None:
    with world.cases() as cases:
        cases.store.hand = world.key("Sam Lind")
        assert not make_document(making(world), cases=cases, case_id="C-0001", formats=["md"]).refused
        name = cases.case("C-0001").documents[-1].id
    with world.cases(LATER) as cases:
        cases.note("C-0001", "called the contracting officer", by="Sam Lind")
    with world.cases(AT) as cases:
        cases.store.hand = world.key("Kim Berg")
        with pytest.raises(ProscribeError) as caught:
            cases.approve("C-0001", name, by="Kim Berg")
    assert caught.value.code == "E440" and "2026-11-30" in caught.value.what
    with world.cases(LATER) as cases:
        cases.store.hand = world.key("Kim Berg")
        cases.approve("C-0001", name, by="Kim Berg")


def set_aside(folder: Path, verdict: str, until: date | None = None) -> World:
    """Begin a store in which two keys set a confirmed finding aside, and a document that rests on that is approved."""
    world = World(folder)
    content = signed_documents.scanned(folder, "assets.csv", signed_documents.DIRTY)
    with signed_documents.open_cases(folder / "c.db", create=True, now=lambda: AT) as cases:
        rostered.begun(cases.store, folder / "keys")
        file = cases.open_from_scan(content, "scan.json", by="Sam Lind", title="Yearly", zone="UTC")
        for name in ("Sam Lind", "Lee Okafor"):
            cases.store.hand = world.key(name)
            why = "it is our landlord's, see the lease of 2024"
            cases.judge("C-0001", file.case.finding_ids[0], verdict, by=name, reason=why, until=until)
        cases.store.hand = world.key("Sam Lind")
        text = signed_documents.SAID.replace("records: 1", "records: 2")
        assert not make_document(making(world, text), cases=cases, case_id="C-0001", formats=["md"]).refused
        cases.store.hand = world.key("Kim Berg")
        cases.approve("C-0001", "DOC1", by="Kim Berg")
    return world


def test_a_back_dated_signature_does_not_reach_behind_what_has_ended(tmp_path: Path) -> None:
    cleared = set_aside(tmp_path, "cleared", DAY + timedelta(days=1))
    problem = refused(cleared, now=AT + timedelta(days=3), signed_at=AT + timedelta(minutes=1))
    assert problem.code == "E464" and "speaks to 2026-11-26" in problem.what


def test_whoever_judged_and_was_revoked_since_is_told(tmp_path: Path) -> None:
    judged = set_aside(tmp_path, "different")
    with judged.cases() as cases:
        revoke(
            cases.store, "Lee Okafor", "judged falsely", [judged.key("Kim Berg"), judged.key("Lee Okafor")]
        )
        text = signed_documents.SAID.replace("records: 1", "records: 2")
        made = make_paper(making(judged, text), (), cases, "C-0001")
    (aside,) = made.data["body"]["representations"]["use"]["set_aside"]
    assert "the key of Lee Okafor was revoked on 2026-11-25: judged falsely" in aside["by"]
