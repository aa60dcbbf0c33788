"""Attacks on who did what: another's key, another's name, a roster of one, a signature that is moved."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import rostered
from click.testing import CliRunner

from proscribe.app.keys.people import Acts, NewPerson, agree, begin, enrol, revoke
from proscribe.attestations import Signer
from proscribe.casework.commands import cases, waivers
from proscribe.casework.roster import CHANGES, add_up
from proscribe.casework.store import Store
from proscribe.cli.main import cli
from proscribe.model.authors import Author, Informed
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import EventKind
from proscribe.model.errors import CaseError

AT = datetime(2026, 11, 25, 15, tzinfo=UTC)
Hands = Mapping[str, Signer]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "c.db", now=lambda: AT) as made:
        yield made


@pytest.fixture
def hands(store: Store, tmp_path: Path) -> Hands:
    return rostered.begun(store, tmp_path / "keys")


def waiver(store: Store) -> str:
    """Open a case with a drafted waiver, for an approver to grant."""
    store.hand = None
    file = cases.open_case(store, by=Author("Sam Lind"), title="t", as_of=date(2026, 11, 25), zone="UTC")
    fields = {
        "grantor": "dni",
        "route": "us-889-waiver-dni",
        "part": "b",
        "scope": "cameras",
        "citation": "x",
    }
    waivers.draft_waiver(store, file.case.id, fields, by=Informed("Sam Lind", version=1))
    return file.case.id


def grant(store: Store, case_id: str, by: str) -> None:
    day = date(2026, 11, 25)
    waivers.grant_waiver(
        store,
        case_id,
        "W1",
        by=Informed(by, version=2),
        granted_on=day,
        valid_from=day,
        valid_to=day,
        proof=b"copy",
    )


def refused(store: Store, by: str, code: str) -> str:
    with pytest.raises(CaseError) as caught:
        grant(store, waiver(store) if store.hand is None else _kept(store), by)
    assert caught.value.code == code
    return caught.value.what


def _kept(store: Store) -> str:
    hand = store.hand
    case_id = waiver(store)
    store.hand = hand
    return case_id


def test_a_name_without_a_key_approves_nothing(store: Store, hands: Hands) -> None:
    assert "no key" in refused(store, "Kim Berg", "E414")


def test_anothers_key_under_my_name(store: Store, hands: Hands) -> None:
    store.hand = hands["Lee Okafor"]
    assert "the key is that of Lee Okafor" in refused(store, "Kim Berg", "E414")


def test_the_key_of_an_analyst_approves_nothing(store: Store, hands: Hands) -> None:
    store.hand = hands["Sam Lind"]
    assert "takes approver" in refused(store, "Sam Lind", "E414")


def test_a_stranger_with_a_key_is_not_of_the_roster(store: Store, hands: Hands, tmp_path: Path) -> None:
    store.hand = rostered.key(tmp_path, "Kim Berg")
    assert "is not of the roster" in refused(store, "Kim Berg", "E414")


@pytest.mark.parametrize(
    "name", ["Kim Berg", "K. Berg", "Dr. Kim Berg", "kim.berg@x.com", "Кim Berg", "Berg, Kim", "Kimberly Berg", "K1m 8erg",
             "ꓗim Berg", "Ꮶim Berg", "Ким Берг"]
)  # fmt: skip
def test_author_and_approver_are_one_person_in_any_spelling(store: Store, hands: Hands, name: str) -> None:
    file = cases.open_case(store, by=Author("R. Ito"), title="t", as_of=date(2026, 11, 25), zone="UTC")
    fields = {
        "grantor": "dni",
        "route": "us-889-waiver-dni",
        "part": "b",
        "scope": "cameras",
        "citation": "x",
    }
    waivers.draft_waiver(store, file.case.id, fields, by=Informed(name, version=1))
    store.hand = hands["Kim Berg"]
    with pytest.raises(CaseError) as caught:
        grant(store, file.case.id, "Kim Berg")
    assert caught.value.code == "E426"


@pytest.mark.parametrize("name", ["Kim\u200b Berg", "Kim Berg \u202egreB", "\u2062", "Kim\tBerg\u0000"])
def test_a_name_with_letters_that_nobody_sees_is_none(store: Store, name: str) -> None:
    with pytest.raises(CaseError) as caught:
        cases.open_case(store, by=Author(name), title="t", as_of=date(2026, 11, 25), zone="UTC")
    assert caught.value.code == "E425"


def test_a_key_whose_last_day_has_passed_approves_nothing(store: Store, hands: Hands, tmp_path: Path) -> None:
    key = rostered.key(tmp_path / "keys", "Ola Vik")

    def until(day: date) -> NewPerson:
        return NewPerson("Ola Vik", ["approver"], tmp_path / "keys" / "ola-vik.pub.pem", day)

    with pytest.raises(CaseError, match="end before it begins"):
        enrol(store, until(date(2026, 11, 24)), [hands["Sam Lind"], hands["Kim Berg"]])
    enrol(store, until(date(2026, 11, 25)), [hands["Sam Lind"], hands["Kim Berg"]])
    case_id = waiver(store)
    with Store.open(tmp_path / "c.db", now=lambda: AT + timedelta(days=2)) as later:
        later.check_signature = rostered.checks
        later.hand = key
        with pytest.raises(CaseError) as caught:
            grant(later, case_id, "Ola Vik")
        assert caught.value.code == "E414"


def test_a_revoked_key_approves_no_more_and_what_it_signed_stays(store: Store, hands: Hands) -> None:
    case_id = waiver(store)
    store.hand = hands["Kim Berg"]
    grant(store, case_id, "Kim Berg")
    revoke(store, "Kim Berg", "left the company", [hands["Sam Lind"], hands["Lee Okafor"]])
    assert "was revoked" in refused(store, "Kim Berg", "E414")
    (act,) = [
        one for one in Acts.of(store).all(store.events(case_id)) if one.what.startswith("waiver granted")
    ]
    assert act.proof == "proved" and "revoked" in act.says


def test_one_person_begins_and_changes_no_roster(store: Store, tmp_path: Path) -> None:
    store.check_signature = rostered.checks
    ann = rostered.key(tmp_path, "Ann Lee")
    public = tmp_path / "ann-lee.pub.pem"
    with pytest.raises(CaseError, match="one key is one person"):
        begin(
            store,
            [NewPerson("Ann Lee", ["analyst"], public), NewPerson("Bo Park", ["approver"], public)],
            [ann, ann],
        )
    rostered.key(tmp_path, "Dr A Lee")
    other = tmp_path / "dr-a-lee.pub.pem"
    with pytest.raises(CaseError, match="enrolled once"):
        begin(
            store,
            [NewPerson("Ann Lee", ["analyst"], public), NewPerson("Dr. A. Lee", ["approver"], other)],
            [ann],
        )
    assert not store.roster()


def test_who_proposes_does_not_agree(store: Store, hands: Hands, tmp_path: Path) -> None:
    rostered.key(tmp_path, "Eve Stone")
    before = store.roster()
    enrol(store, NewPerson("Eve Stone", ["approver"], tmp_path / "eve-stone.pub.pem"), [hands["Sam Lind"]])
    with pytest.raises(CaseError, match="second person"):
        agree(store, hands["Sam Lind"])
    found = store.roster()
    assert before and found and found.members == before.members and len(found.open) == 1


def test_the_same_key_under_two_names_is_refused(store: Store, hands: Hands, tmp_path: Path) -> None:
    person = NewPerson("Eve Stone", ["approver"], tmp_path / "keys" / "kim-berg.pub.pem")
    with pytest.raises(CaseError, match="one key is one person"):
        enrol(store, person, [hands["Sam Lind"], hands["Kim Berg"]])


@pytest.mark.parametrize("name", ["Sаm Lind", "LIND, Sam", "Sam  Lind <sam@x.example>"])
def test_a_further_key_of_a_person_says_whose_it_is_to_whoever_agrees(
    store: Store, hands: Hands, tmp_path: Path, name: str
) -> None:
    rostered.key(tmp_path / "keys", "Second Key")
    before = store.roster()
    person = NewPerson(name, ["approver"], tmp_path / "keys" / "second-key.pub.pem")
    enrol(store, person, [hands["Sam Lind"]])
    waiting = store.roster()
    assert before and waiting
    said = f"a further key of Sam Lind, P1, who has key {hands['Sam Lind'].key_id[:16]}: "
    assert said in waiting.open[0].words(waiting) and said in waiting.to_json()["open"][0]["what"]
    agree(store, hands["Kim Berg"])
    roster = store.roster()
    assert roster and {one.person for one in roster.members.values()} == {
        one.person for one in before.members.values()
    }


@pytest.mark.parametrize(
    "name", ["S. Lind", "Dr. Sam Lind", "SL", "Samuel Lind", "sam.lind@x.example", "P1", "p7", "P99"]
)
def test_no_key_is_enrolled_under_a_name_that_only_may_mean_somebody(
    store: Store, hands: Hands, tmp_path: Path, name: str
) -> None:
    """It would act as that person, and whoever agrees would take it for the key of somebody else."""
    rostered.key(tmp_path / "keys", "Second Key")
    before = store.roster()
    person = NewPerson(name, ["approver"], tmp_path / "keys" / "second-key.pub.pem")
    with pytest.raises(CaseError, match=r"may mean Sam Lind|numbers people"):
        enrol(store, person, [hands["Sam Lind"], hands["Kim Berg"]])
    after = store.roster()
    assert before and after and after.members == before.members and not after.open


def edited(store: Store, seq: int, change: dict[str, object], **fields: datetime) -> list[str]:
    """Say what stands against the acts of a store in which an event was edited, and its chain written anew around it."""
    events = [
        replace(one, payload=canonical_json({**one.data, **change}), **fields) if one.seq == seq else one  # type: ignore[arg-type]
        for one in store.events()
    ]
    return [one.says for one in Acts.of(store).all(events) if one.proof == "against"]


def granted(store: Store, hands: Hands) -> tuple[str, int]:
    case_id = waiver(store)
    store.hand = hands["Kim Berg"]
    grant(store, case_id, "Kim Berg")
    seq = next(one.seq for one in store.events(case_id) if one.kind is EventKind.WAIVER_GRANTED)
    return case_id, seq


def test_a_signature_of_another_event(store: Store, hands: Hands) -> None:
    _, first = granted(store, hands)
    _, second = granted(store, hands)
    signed = next(one for one in store.events() if one.seq == first).data["signed"]
    assert edited(store, second, {"signed": signed}) == [
        "the signature is not one of Kim Berg over this event"
    ]


def test_an_event_whose_content_was_edited_after_it_was_signed(store: Store, hands: Hands) -> None:
    _, seq = granted(store, hands)
    assert edited(store, seq, {"conditions": ["none"]}) == [
        "the signature is not one of Kim Berg over this event"
    ]


def test_a_backdated_event(store: Store, hands: Hands) -> None:
    _, seq = granted(store, hands)
    assert edited(store, seq, {}, at=datetime(2026, 11, 25, 14, tzinfo=UTC))


def test_a_signature_that_was_taken_out(store: Store, hands: Hands) -> None:
    _, seq = granted(store, hands)
    assert edited(store, seq, {"signed": None}) == ["it is not signed, and the roster was begun before it"]


def test_an_edited_roster_enrols_nobody(store: Store, hands: Hands) -> None:
    events = [one for one in store.events("store") if one.kind in CHANGES]
    change = events[0].data["change"]
    change["enrol"][0]["roles"] = ["analyst", "approver", "signer"]
    forged = replace(events[0], payload=canonical_json({**events[0].data, "change": change}))
    roster, faults = add_up([forged, *events[1:]], store.store_id, rostered.checks)
    assert not roster and set(faults) == {one.seq for one in events}


def test_the_store_says_who_did_what_in_which_role(store: Store, hands: Hands, tmp_path: Path) -> None:
    case_id, _ = granted(store, hands)
    done = CliRunner().invoke(cli, ["case", "verify", "--roster", "--store", str(tmp_path / "c.db")])
    assert done.exit_code == 0, done.output
    line = next(one for one in done.output.splitlines() if "waiver granted" in one)
    assert line.split()[:4] == ["proved", "2026-11-25", "Kim", "Berg:"]
    assert f"({case_id}); P2, approver, key {hands['Kim Berg'].key_id[:16]}" in line
    assert "AGAINST" not in done.output
    told = CliRunner().invoke(
        cli, ["case", "verify", "--roster", "-o", "json", "--store", str(tmp_path / "c.db")]
    )
    acts = json.loads(told.output)["acts"]
    assert {(one["person"], one["proof"]) for one in acts if one["what"].startswith("waiver granted")} == {
        ("P2", "proved")
    }
