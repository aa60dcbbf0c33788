"""Signatures that a browser gives: what is none is not counted, and what was shown is what is signed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn")

from browsers import INVENTORY, entered, hidden, linked, opened, sent, words, workbench
from cases_ready import ready_case
from hypothesis import given
from hypothesis import strategies as st
from soft_key import PRESENT, VERIFIED, SoftKey, text_of

from proscribe.app.case import browser_signing, pending
from proscribe.app.case.browser_signing import Asked, Browser, begin, go_on
from proscribe.app.case.cases import Cases, open_cases
from proscribe.app.keys import browser_keys
from proscribe.app.keys.people import Acts
from proscribe.attestations import fits
from proscribe.attestations.browser_keys import Assertion, challenge_of
from proscribe.model.casework import EventKind
from proscribe.model.errors import ProscribeError
from proscribe.model.pending import Deed

TEXT = b"proscribe event, store s_1, digest abc\n"
KEY = b"k" * 32
PEOPLE = {"Sam Lind": ["analyst", "signer"], "Kim Berg": ["approver"], "Lee Okafor": ["approver"]}


def of(parts: dict[str, str]) -> str:
    return Assertion.sent(parts).packed


def test_what_a_browser_gives_for_a_text_holds_for_that_text_alone() -> None:
    key = SoftKey()
    signature = of(key.give(challenge_of(TEXT)))
    assert fits(key.pem, TEXT, signature)
    assert not fits(key.pem, TEXT + b" ", signature)
    assert not fits(SoftKey().pem, TEXT, signature)
    assert Assertion.of(bytes.fromhex(signature)) is not None


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "webauthn.create"},
        {"crossOrigin": True},
        {"challenge": challenge_of(b"something else")},
        {"challenge": 5},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"flags": 0},
        {"flags": PRESENT | VERIFIED | 0x40},
        {"flags": PRESENT | VERIFIED | 0x80, "more": b"\xa0"},
        {"more": b"\0"},
        {"site": "evil.example"},
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:8443"},
        {"origin": "http://localhost.evil.example"},
        {"origin": "http://[::1"},
        {"origin": "null"},
    ],
)  # fmt: skip
def test_what_was_wrongelsewhere_or_otherwise_is_no_signature(changed: dict[str, Any]) -> None:
    key = SoftKey()
    given = key.give(changed.pop("challenge", challenge_of(TEXT)), **changed)
    assert not fits(key.pem, TEXT, of(given))


def test_a_page_below_the_site_of_a_key_is_another_site() -> None:
    key = SoftKey("cases.ridge.example")
    assert fits(key.pem, TEXT, of(key.give(challenge_of(TEXT))))
    below = of(key.give(challenge_of(TEXT), origin="https://guest.cases.ridge.example"))
    assert not fits(key.pem, TEXT, below)
    plain = of(key.give(challenge_of(TEXT), origin="http://cases.ridge.example"))
    assert not fits(key.pem, TEXT, plain)


def test_a_key_twice_in_what_the_browser_says_counts_for_nothing() -> None:
    key = SoftKey()
    parts = key.give(challenge_of(TEXT))
    twice = b'{"type":"webauthn.get","challenge":"x","challenge":"' + challenge_of(TEXT).encode()
    parts["clientDataJSON"] = text_of(twice + b'","origin":"http://localhost"}')
    assert Assertion.sent(parts).against(TEXT)


@given(st.binary(max_size=300))
def test_bytes_are_no_signature_and_no_fault(data: bytes) -> None:
    assert not fits(SoftKey().pem, TEXT, data.hex())
    assert not fits(SoftKey().pem, TEXT, (b"{" + data).hex())


@given(st.integers(0, 2000), st.integers(1, 255))
def test_a_changed_byte_of_a_signature_is_none(place: int, other: int) -> None:
    key = SoftKey()
    kept = bytearray(bytes.fromhex(of(key.give(challenge_of(TEXT)))))
    kept[place % len(kept)] ^= other
    assert not fits(key.pem, TEXT, bytes(kept).hex())


# What is done with them


class Keys:
    """People whose keys are in browsers, and a store."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.keys = {name: SoftKey(credential=text_of(name.encode())) for name in PEOPLE}

    def browser(self, person: str, **more: Any) -> Browser:
        def open_at(now: Callable[[], datetime]) -> Cases:
            return open_cases(self.place, now=now)

        return Browser(
            **{
                "person": person,
                "site": "localhost",
                "session": person,
                "key": KEY,
                "open_at": open_at,
                **more,
            }
        )

    def offered(self) -> list[str]:
        with open_cases(self.place, create=True) as cases:
            return [
                browser_keys.offer(
                    cases.store,
                    name,
                    PEOPLE[name],
                    public=key.public,
                    credential=key.credential,
                    site=key.site,
                ).key_id
                for name, key in self.keys.items()
            ]

    def asked(self, person: str, deed: Deed, told: dict[str, str], case_id: str = "") -> tuple[str, str, str]:
        """Ask for something; gives the draft, the code of what is shown, and the key."""
        with open_cases(self.place) as cases:
            made = pending.ask(cases, deed, case_id, told, by=person)
            shown = pending.look(cases, made)
            keys = browser_signing.keys_for(cases, shown, "localhost")
        return made.id, shown.code, keys[0].key_id

    def signed(self, person: str, draft: tuple[str, str, str], case_id: str = "") -> str:
        """Sign a draft, as often as a browser is asked; gives what was done."""
        browser = self.browser(person)
        done = begin(browser, draft[0], case_id=case_id, code=draft[1], key_id=draft[2])
        while isinstance(done, Asked):
            done = go_on(browser, done.sealed, self.keys[person].give(done.challenge), case_id=case_id)
        return done

    def begun(self) -> None:
        self.signed("Sam Lind", self.asked("Sam Lind", Deed.ENROL, {"offers": ",".join(self.offered())}))
        with open_cases(self.place) as cases:
            roster = cases.store.roster()
            assert roster is not None and not roster
        self.signed("Kim Berg", self.asked("Kim Berg", Deed.AGREE, {"proposal": str(roster.open[0].seq)}))


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Keys]:
    yield Keys(str(tmp_path / "cases.db"))


def refused(code: str, act: Callable[..., object], *given: Any) -> str:
    with pytest.raises(ProscribeError) as found:
        act(*given)
    assert found.value.code == code, found.value
    return str(found.value)


def test_two_people_begin_a_roster_without_a_file(keys: Keys) -> None:
    keys.begun()
    with open_cases(keys.place) as cases:
        roster = cases.store.roster()
        assert roster is not None and [one.name for one in roster.members.values()] == [*PEOPLE]
        assert all(
            one.enrolment.site == "localhost" and one.enrolment.credential for one in roster.members.values()
        )
        assert browser_keys.offers(cases.store) == () and not cases.store.verify()
        acts = list(Acts.of(cases.store).all(cases.store.events()))
        assert [one.proof for one in acts] == ["proved", "proved"], acts


def test_a_judgement_that_clears_is_signed_in_a_browser(keys: Keys) -> None:
    keys.begun()
    case_id, ids = ready_case(keys.place)
    told = {"finding": ids[0], "verdict": "different", "reason": "another maker's"}
    draft = keys.asked("Sam Lind", Deed.JUDGE, told, case_id)
    assert "different" in keys.signed("Sam Lind", draft, case_id)
    with open_cases(keys.place) as cases:
        last = [one for one in cases.store.events() if one.kind is EventKind.JUDGED][-1]
        act = Acts.of(cases.store).act(last)
        assert act is not None and act.proof == "proved" and act.person == "P1" and not cases.store.verify()
        assert not pending.waiting(cases.store)


def test_nothing_is_done_until_it_is_signed_and_never_with_a_signature_of_something_else(keys: Keys) -> None:
    keys.begun()
    case_id, ids = ready_case(keys.place)
    told = {"finding": ids[0], "verdict": "different", "reason": "another maker's"}
    draft, browser, own = (
        keys.asked("Sam Lind", Deed.JUDGE, told, case_id),
        keys.browser("Sam Lind"),
        keys.keys["Sam Lind"],
    )

    def events() -> int:
        with open_cases(keys.place) as cases:
            return cases.store.head().seq

    before = events()
    asked = begin(browser, draft[0], case_id=case_id, code=draft[1], key_id=draft[2])
    assert isinstance(asked, Asked) and asked.number == 1 and events() == before
    for wrong in (
        keys.keys["Kim Berg"].give(asked.challenge),
        own.give(asked.challenge, flags=PRESENT),
        own.give(asked.challenge, origin="https://evil.example"),
        {},
        {"authenticatorData": "=", "clientDataJSON": "e30", "signature": "!"},
        dict.fromkeys(("authenticatorData", "clientDataJSON", "signature"), "A" * 20000),
    ):
        refused("E551", lambda one: go_on(browser, asked.sealed, one, case_id=case_id), wrong)
    # a signature of something that is not asked for is passed over, and what is shown asked for anew
    other = go_on(browser, asked.sealed, own.give(challenge_of(b"x")), case_id=case_id)
    assert isinstance(other, Asked) and other.anew
    good = own.give(asked.challenge)
    for who in (
        keys.browser("Kim Berg"),
        keys.browser("Sam Lind", session="another"),
        keys.browser("Sam Lind", key=b"o" * 32),
    ):
        refused("E551", lambda who: go_on(who, asked.sealed, good, case_id=case_id), who)
    body, _, seal = asked.sealed.partition(".")
    for forged in (f"{body}.{'0' * 64}", f"{body[:-4]}AAAA.{seal}", "", "é.x", seal):
        refused("E551", lambda forged: go_on(browser, forged, good, case_id=case_id), forged)
    refused("E551", lambda: begin(browser, draft[0], case_id=case_id, code="0" * 20, key_id=draft[2]))
    refused("E551", lambda: begin(browser, draft[0], case_id=case_id, code=draft[1], key_id="0" * 64))
    refused(
        "E551",
        lambda: begin(
            keys.browser("Sam Lind", site="evil.example"),
            draft[0],
            case_id=case_id,
            code=draft[1],
            key_id=draft[2],
        ),
    )
    refused(
        "E416",
        lambda: begin(keys.browser("Kim Berg"), draft[0], case_id=case_id, code=draft[1], key_id=draft[2]),
    )
    refused("E416", lambda: begin(browser, draft[0], case_id="", code=draft[1], key_id=draft[2]))
    assert events() == before
    done = go_on(browser, asked.sealed, good, case_id=case_id)
    assert isinstance(done, str) and events() == before + 1
    refused("E416", lambda: go_on(browser, asked.sealed, good, case_id=case_id))  # once


def test_what_was_written_meanwhile_is_signed_over_anew(keys: Keys) -> None:
    keys.begun()
    case_id, ids = ready_case(keys.place)
    told = {"finding": ids[0], "verdict": "different", "reason": "another maker's"}
    draft, browser = keys.asked("Sam Lind", Deed.JUDGE, told, case_id), keys.browser("Sam Lind")
    asked = begin(browser, draft[0], case_id=case_id, code=draft[1], key_id=draft[2])
    assert isinstance(asked, Asked)
    with open_cases(keys.place) as cases:
        cases.note(case_id, "Seen at the depot", by="Lee Okafor")
    again = go_on(browser, asked.sealed, keys.keys["Sam Lind"].give(asked.challenge), case_id=case_id)
    assert (
        isinstance(again, Asked) and again.anew and again.number == 1 and again.challenge != asked.challenge
    )
    done = go_on(browser, again.sealed, keys.keys["Sam Lind"].give(again.challenge), case_id=case_id)
    assert isinstance(done, str)


def test_what_is_shown_for_too_long_is_shown_again(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.offered()
    draft = keys.asked("Sam Lind", Deed.ENROL, {"offers": ",".join(keys.offered())})
    browser = keys.browser("Sam Lind")
    asked = begin(browser, draft[0], case_id="", code=draft[1], key_id=draft[2])
    assert isinstance(asked, Asked)

    monkeypatch.setattr(browser_signing, "MINUTES", -1)
    refused(
        "E551", lambda: go_on(browser, asked.sealed, keys.keys["Sam Lind"].give(asked.challenge), case_id="")
    )


def test_an_offer_that_was_exchanged_is_not_what_was_shown(keys: Keys) -> None:
    ids = keys.offered()
    draft = keys.asked("Sam Lind", Deed.ENROL, {"offers": ",".join(ids)})
    place = next(Path(keys.place).parent.glob(f"*/offered-keys/{ids[1]}.json"))
    told = json.loads(place.read_text())
    place.write_text(json.dumps({**told, "roles": ["approver", "signer"]}))
    refused(
        "E551", lambda: begin(keys.browser("Sam Lind"), draft[0], case_id="", code=draft[1], key_id=draft[2])
    )
    place.write_text(json.dumps({**told, "key_id": "0" * 64}))
    refused(
        "E416", lambda: begin(keys.browser("Sam Lind"), draft[0], case_id="", code=draft[1], key_id=draft[2])
    )


def test_a_proposal_of_an_offer_that_was_taken_back_says_that_it_can_only_go(keys: Keys) -> None:
    ids = keys.offered()
    draft = keys.asked("Sam Lind", Deed.ENROL, {"offers": ",".join(ids)})
    with workbench(keys.place, person="Sam Lind") as made:
        browser = entered(*made)
        assert "Read it, and sign" in browser.get("/people").text
        browser.post(f"/people/keys/{ids[2]}/withdraw")
        page = browser.get("/people").text
        assert "Asked for, and can no longer be signed: the key" in page and "Read it, and sign" not in page
        browser.post(f"/pending/{draft[0]}/drop")
        assert "can no longer be signed" not in browser.get("/people").text


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"public": ""}, "E481"),
        ({"public": "AAAA"}, "E481"),
        ({"public": "x" * 5_000}, "E481"),
        ({"public": "-----END PUBLIC KEY-----\n\u202e"}, "E481"),
        ({"credential": ""}, "E551"),
        ({"credential": "a/../b"}, "E551"),
        ({"credential": "a" * 2_000}, "E551"),
        ({"site": "<script>"}, "E551"),
        ({"roles": ["owner"]}, "E413"),
        ({"roles": []}, "E413"),
        ({"name": ""}, "E425"),
    ],
)  # fmt: skip
def test_what_is_no_key_is_not_offered(keys: Keys, changed: dict[str, Any], code: str) -> None:
    key = SoftKey()
    told = {
        "name": "Sam Lind",
        "roles": ["analyst"],
        "public": key.public,
        "credential": key.credential,
        "site": key.site,
    }
    told |= changed
    name, roles = told.pop("name"), told.pop("roles")
    with open_cases(keys.place, create=True) as cases:
        refused(code, lambda: browser_keys.offer(cases.store, name, roles, **told))
        assert browser_keys.offers(cases.store) == ()


def test_one_person_does_not_begin_a_roster_alone(keys: Keys) -> None:
    ids = keys.offered()
    with open_cases(keys.place) as cases:
        text = refused("E413", lambda: pending.ask(cases, Deed.ENROL, "", {"offers": ids[1]}, by="Sam Lind"))
        assert "Sam Lind" in text
    draft = keys.asked("Sam Lind", Deed.ENROL, {"offers": ids[0]})
    refused("E413", lambda: keys.signed("Sam Lind", draft))
    draft = keys.asked("Sam Lind", Deed.ENROL, {"offers": ",".join(ids)})
    keys.signed("Sam Lind", draft)
    with open_cases(keys.place) as cases:
        roster = cases.store.roster()
    assert roster is not None
    refused(
        "E413",
        lambda: keys.signed(
            "Sam Lind", keys.asked("Sam Lind", Deed.AGREE, {"proposal": str(roster.open[0].seq)})
        ),
    )


def test_several_keys_are_proposed_in_one_change_before_and_after_a_roster_is_begun(keys: Keys) -> None:
    ids = keys.offered()
    keys.signed("Sam Lind", keys.asked("Sam Lind", Deed.ENROL, {"offers": f"{ids[0]},{ids[1]}"}))
    # nobody agreed yet: what is proposed is no longer offered, and another proposal begins a roster as well
    with open_cases(keys.place) as cases:
        assert [one.key_id for one in browser_keys.offers(cases.store)] == [ids[2]]
    spare = SoftKey(credential="c3BhcmU")
    told = {"public": spare.public, "credential": spare.credential, "site": spare.site}
    with open_cases(keys.place) as cases:
        more = browser_keys.offer(cases.store, "Sam Lind", ["analyst"], **told).key_id
        roster = cases.store.roster()
    assert roster is not None
    keys.signed("Kim Berg", keys.asked("Kim Berg", Deed.AGREE, {"proposal": str(roster.open[0].seq)}))
    keys.signed("Sam Lind", keys.asked("Sam Lind", Deed.ENROL, {"offers": f"{ids[2]},{more}"}))
    with open_cases(keys.place) as cases:
        roster = cases.store.roster()
        assert roster is not None and browser_keys.offers(cases.store) == ()
        (change,) = roster.open
        assert {one.key_id for one in change.enrol} == {ids[2], more} and not cases.store.verify()


def test_a_second_proposal_begins_a_roster_where_nobody_agreed_to_the_first(keys: Keys) -> None:
    ids = keys.offered()
    keys.signed("Sam Lind", keys.asked("Sam Lind", Deed.ENROL, {"offers": f"{ids[0]},{ids[1]}"}))
    draft = keys.asked("Lee Okafor", Deed.ENROL, {"offers": ids[2]})
    refused("E413", lambda: keys.signed("Lee Okafor", draft))  # one person alone begins none
    with open_cases(keys.place) as cases:
        assert len(cases.store.roster().open) == 1 and not cases.store.verify()  # type: ignore[union-attr]


def sign_on_page(keys: Keys, browser: Any, shown: Any) -> Any:
    """Sign what a page shows, as often as it asks; gives the page that follows."""
    asked = browser.post(shown.path, [(name, hidden(shown, name)) for name in ("code", "key")])
    while challenge := re.search(r'data-ask-key="([^"]+)"', asked.text):
        given = keys.keys["Sam Lind"].give(challenge[1])
        asked = browser.post(shown.path, [("sealed", hidden(asked, "sealed")), *given.items()])
    return asked


def test_a_judgement_that_takes_a_key_leads_to_what_is_signed_and_back_to_the_filter(keys: Keys) -> None:
    keys.begun()
    case_id, ids = ready_case(keys.place)
    said = [("verdict", "different"), ("reason", "another maker's")]
    with workbench(keys.place, person="Sam Lind") as bench:
        made, browser = bench
        browser.host = browser.host.replace("127.0.0.1", "localhost")
        entered(made, browser)
        finding = browser.get(f"/cases/{case_id}/findings/{ids[0]}?band=confirmed")
        assert "waits for the key" not in words(finding)
        version, following = (hidden(finding, name) for name in ("version", "following"))
        shown = browser.post(
            f"/cases/{case_id}/findings/{ids[0]}?band=confirmed",
            [*said, ("version", version), ("following", following)],
        )
        assert f"/cases/{case_id}/pending/P-" in shown.path and f"Judge {ids[0]} different" in words(shown)
        again = browser.get(f"/cases/{case_id}/findings/{ids[0]}")
        assert (
            "A judgement “different” waits for the key of Sam Lind" in words(again)
            and shown.path in again.text
        )
        assert "waits for the key" not in words(browser.get(f"/cases/{case_id}/findings/{ids[1]}"))
        after = sign_on_page(keys, browser, shown)
        assert after.path.startswith(f"/cases/{case_id}/findings?band=confirmed"), after.path
        assert "different" in words(after) and "waits for the key" not in words(browser.get(again.path))
        # of many, what was left out is not among what waits
        page = browser.get(f"/cases/{case_id}/judge?band=confirmed")
        sent = [(name, hidden(page, name)) for name in ("count", "digest", "seen")]
        shown = browser.post(f"/cases/{case_id}/judge?band=confirmed", [*said, *sent, ("without", ids[1])])
        assert f"/cases/{case_id}/pending/P-" in shown.path and "findings different" in words(shown)
        assert "waits for the key of Sam Lind" in words(browser.get(f"/cases/{case_id}/findings/{ids[2]}"))
        assert "waits for the key" not in words(browser.get(f"/cases/{case_id}/findings/{ids[1]}"))
        after = sign_on_page(keys, browser, shown)
        assert after.path.startswith(f"/cases/{case_id}/findings?band=confirmed") and "Signed" in words(after)
        assert "is left out" not in words(after)


def test_facts_are_put_to_the_law_with_a_key_of_a_browser(keys: Keys) -> None:
    keys.begun()
    with workbench(keys.place, person="Sam Lind") as bench:
        entered(*bench)
        case = opened(bench, [("assets.csv", INVENTORY.encode())])
        sent(bench, f"{case}/law", [("situation", "own")])
    case_id = case.rpartition("/")[2]
    with open_cases(keys.place) as cases:
        record = cases.case(case_id).determinations[-1].id
    draft = keys.asked("Sam Lind", Deed.DECIDE, {"record": record}, case_id)
    assert "put" in keys.signed("Sam Lind", draft, case_id)
    with open_cases(keys.place) as cases:
        made = [one for one in cases.store.events() if one.kind is EventKind.DETERMINED][-1]
        act = Acts.of(cases.store).act(made)
        assert act is not None and act.proof == "proved" and not cases.store.verify()


def test_start_and_every_page_tell_each_person_what_waits_for_them(keys: Keys) -> None:
    draft = keys.asked("Sam Lind", Deed.ENROL, {"offers": ",".join(keys.offered())})
    with workbench(keys.place, person="Sam Lind") as bench:
        browser = entered(*bench)
        assert "1 waits for you" in words(browser.get("/clocks"))
        start = browser.get("/")
        assert "Waits for you, Sam Lind" in words(start) and f'href="/pending/{draft[0]}"' in start.text
    with workbench(keys.place, person="Kim Berg") as bench:
        browser = entered(*bench)
        assert "for you" not in words(browser.get("/"))  # nothing was signed yet that others could agree to
        keys.signed("Sam Lind", draft)
        browser.get("/")
        keys.signed("Kim Berg", keys.asked("Kim Berg", Deed.AGREE, {"proposal": roster_open(keys)}))
    case_id, ids = ready_case(keys.place)
    said = {"finding": ids[0], "verdict": "different", "reason": "another maker's"}
    keys.signed("Sam Lind", keys.asked("Sam Lind", Deed.JUDGE, said, case_id), case_id)
    asked = keys.asked("Sam Lind", Deed.JUDGE, {**said, "finding": ids[1]}, case_id)
    with workbench(keys.place, person="Kim Berg") as bench:
        browser = entered(*bench)
        start = words(browser.get("/"))
        assert "1 confirmed finding that one person set aside" in start and "1 waits for you" in start
        browser.get(linked(browser.get("/"), rf"/cases/{case_id}/findings\?finding=f_[0-9a-f]+"))
        keys.signed("Kim Berg", keys.asked("Kim Berg", Deed.JUDGE, said, case_id), case_id)
        assert "for you" not in words(browser.get("/"))  # two people said the same; the draft is another's
        other = browser.get(f"/cases/{case_id}/pending/{asked[0]}")
        assert other.status == 404 and "it waits for somebody else" in words(other)
        assert f'href="/cases/{case_id}/documents"' in other.text and 'href="/people"' in other.text
    with workbench(keys.place, person="Sam Lind") as bench:
        browser = entered(*bench)
        assert (
            browser.get(f"/pending/{asked[0]}").path == f"/cases/{case_id}/pending/{asked[0]}"
        )  # where it stands now
        assert "1 waits for you" in words(browser.get("/world"))
        keys.signed("Sam Lind", asked, case_id)
        gone = browser.get(f"/cases/{case_id}/pending/{asked[0]}")
        assert gone.status == 404 and "It was signed or taken back" in words(gone)
        assert "for you" not in words(browser.get("/"))


def roster_open(keys: Keys) -> str:
    with open_cases(keys.place) as cases:
        roster = cases.store.roster()
        assert roster is not None
        return str(roster.open[0].seq)
