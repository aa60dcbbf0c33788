"""Attacks on what a signature is shown over: facts, scopes, answers and people that a page or a terminal leaves out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

import rostered
from browsers import Answer, entered, workbench
from browsers import words as words_of
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from soft_key import SoftKey, text_of

import proscribe
from proscribe.app.case import pending
from proscribe.app.case.case_law import put_to_the_law
from proscribe.app.case.cases import Cases, open_cases
from proscribe.app.case.document_files import make_document
from proscribe.app.keys import browser_keys
from proscribe.app.papers.documents import Making
from proscribe.cli.main import cli
from proscribe.model.codec import write
from proscribe.model.errors import ProscribeError
from proscribe.model.pending import Deed, DeedPart, Pending
from proscribe.rules.facts import asks, value_words

DAY = date(2026, 11, 25)
HEADS = "Asset ID,Manufacturer,Model,Description,Serial number,Site\n"
CLEAN = f"{HEADS}A3,Axis,P3245-LV,Camera,B8A44F1122AA,Depot\n"
DIRTY = f"{CLEAN}A1,Hikvision,DS-2CD2143G2-I,Camera,K41209881,Mill Lane\n"
DISPOSED = {
    "party.jurisdiction": "US", "party.role": "prime_contractor", "act.kind": "use", "use.by": "the_entity",
    "contract.is_idiq": False, "contract.awarded_on": "2024-01-01", "buyer.is_government": False,
    "event.identified_at": "2026-11-27", "contract.is_covered_mission": False, "contract.is_micro_purchase": False,
    "contract.is_intelligence_or_sci": False, "event.during_performance": True, "use.state": "disposed",
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A store with a roster and a case in which a camera is confirmed at Mill Lane."""
    with open_cases(tmp_path / "ours.db", create=True) as cases:
        opened(cases, tmp_path, DIRTY)
        rostered.begun(cases.store, tmp_path / "keys")
    return tmp_path / "ours.db"


def opened(cases: Cases, folder: Path, rows: str) -> str:
    file = folder / "assets.csv"
    file.write_text(rows)
    scan = proscribe.scan([file], as_of=DAY).to_json().encode()
    return cases.open_from_scan(scan, "scan.json", by="Sam Lind", title="Yearly", zone="UTC").case.id


def put(place: Path, company: dict[str, object]) -> str:
    with open_cases(place) as cases:
        put_to_the_law(cases, "C-0001", by="Sam Lind", company=company)
        return cases.case("C-0001").determinations[-1].id


def told(name: str, value: object) -> str:
    """Say a fact as people were asked for it."""
    return f"{asks(name)} {value_words(str(value).lower() if isinstance(value, bool) else str(value))} (the whole company)"


def asked(
    place: Path, deed: Deed, told: dict[str, str], by: str = "Kim Berg", case_id: str = "C-0001"
) -> Pending:
    with open_cases(place) as cases:
        return pending.ask(cases, deed, case_id, told, by=by)


def page(place: Path, draft: Pending) -> Answer:
    """Open the page on which a draft is signed."""
    with workbench(str(place), person=draft.by) as (made, browser):
        entered(made, browser)
        case = f"/cases/{draft.case_id}" if draft.case_id else ""
        return browser.get(f"{case}/pending/{draft.id}")


def everywhere(place: Path, draft: Pending) -> Iterator[str]:
    """Give what a page, a terminal and the interface for programs say of a draft."""
    yield words_of(page(place, draft))
    listed = CliRunner().invoke(cli, ["sign-pending", "--list", "--store", str(place), "--by", draft.by])
    assert listed.exit_code == 0, listed.output
    yield listed.output
    with open_cases(place) as cases:
        yield json.dumps(write(pending.waits(cases, draft)), ensure_ascii=False)


def test_whoever_approves_facts_that_clear_reads_them_and_what_they_clear(place: Path) -> None:
    draft = asked(place, Deed.APPROVE, {"record": put(place, DISPOSED)})
    for said in everywhere(place, draft):
        for name, value in DISPOSED.items():
            assert told(name, value) in said, (name, said)
        assert said.index(told("use.state", "disposed")) < said.index(asks("contract.is_idiq"))
        assert "48 CFR 52.204-26(c)(2)" in said and "not covered" in said
    said = words_of(page(place, draft))
    assert "It sets 1 confirmed finding aside." in said and "DS-2CD2143G2-I" in said
    with open_cases(place) as cases:
        assert pending.waits(cases, draft).confirmed_aside == 1


def test_whoever_puts_facts_to_the_law_reads_all_of_them(place: Path) -> None:
    draft = asked(place, Deed.DECIDE, {"record": put(place, DISPOSED)}, by="Lee Okafor")
    for said in everywhere(place, draft):
        assert all(told(name, value) in said for name, value in DISPOSED.items()), said
    assert "It sets 1 confirmed finding aside." in words_of(page(place, draft))


def test_facts_that_clear_nothing_raise_no_alarm(place: Path) -> None:
    company = {**DISPOSED, "use.state": "in_service"}
    # they take it out of "does not provide"
    del company["use.by"], company["buyer.is_government"]
    draft = asked(place, Deed.APPROVE, {"record": put(place, company)})
    said = words_of(page(place, draft))
    assert "aside" not in said and told("use.state", "in_service") in said


def test_whoever_approves_a_scope_reads_its_sites_its_reason_and_what_it_puts_outside(place: Path) -> None:
    with open_cases(place) as cases:
        cases.narrow(
            "C-0001", without_sites=["Mill Lane"], reason="it is the landlord's, not ours", by="Sam Lind"
        )
    draft = asked(place, Deed.APPROVE, {"record": "ST1"})
    for said in everywhere(place, draft):
        assert "Mill Lane" in said and "it is the landlord's, not ours" in said.replace("&#39;", "'"), said
    said = words_of(page(place, draft))
    assert "It sets 1 confirmed finding aside." in said and "DS-2CD2143G2-I" in said


def test_a_scope_that_leaves_a_question_to_no_scan_puts_all_it_found_outside(place: Path) -> None:
    with open_cases(place) as cases:
        cases.narrow("C-0001", bears_on=["provide"], reason="a list of what we sell", by="Sam Lind")
    said = words_of(page(place, asked(place, Deed.APPROVE, {"record": "ST1"})))
    assert "It sets 1 confirmed finding aside." in said and "a list of what we sell" in said


def made_paper(place: Path, folder: Path, more: str = "") -> None:
    said = folder / "said.yml"
    said.write_text(f"""organisation: {{name: Harbour Systems LLC, contacts: [{{name: Sam Lind}}]}}
people: [{{name: Sam Lind, title: Compliance officer}}]
answers: {{provide: does not, use: does not}}
inquiry:
  searched:
    - {{name: assets.csv, kind: assets, how: scanned whole, by: Sam Lind, on: {DAY}}}
    - {{name: Offers, kind: offers, how: read whole, by: Sam Lind, on: {DAY}}}
{more}""")
    with open_cases(place, create=True) as cases:
        opened(cases, folder, CLEAN)
        making = Making("annual-representation", (said,), as_of=DAY, author="Sam Lind", approver="Kim Berg")
        make_document(making, cases=cases, case_id="C-0001", formats=("md",), keep=True)


def test_whoever_approves_or_signs_a_paper_reads_what_it_is_and_what_it_answers(tmp_path: Path) -> None:
    place = tmp_path / "ours.db"
    made_paper(place, tmp_path)
    for deed, by, told in (
        (Deed.APPROVE, "Kim Berg", {"record": "DOC1"}),
        (Deed.SIGN, "A. Osei", {"record": "DOC1", "title": "President"}),
    ):
        for said in everywhere(place, asked(place, deed, told, by=by)):
            assert "annual-representation" in said and "Harbour Systems LLC" in said
            assert "System for Award Management" in said and "2026-11-25" in said and "2027-" in said
            assert "does not (48 CFR 52.204-26(c)(1))" in said and "does not (48 CFR 52.204-26(c)(2))" in said
            assert "represents that it does not use covered telecommunications equipment" in said


def test_a_reason_in_the_name_of_the_approver_is_read_to_its_end(tmp_path: Path) -> None:
    place, end = tmp_path / "ours.db", "The recorder at Mill Lane is the one from Hangzhou, we keep it."
    reason = "I looked into it and it is in order. " * 60 + end
    not_searched = "  not_searched:\n    - {name: Mill Lane, why: nobody was there, bears_on: [use]}\n"
    made_paper(place, tmp_path)
    with open_cases(place) as cases:
        making = Making(
            "annual-representation",
            (tmp_path / "said.yml",),
            as_of=DAY,
            author="Sam Lind",
            approver="Kim Berg",
        )
        (tmp_path / "said.yml").write_text((tmp_path / "said.yml").read_text() + not_searched)
        found = make_document(
            making, cases=cases, case_id="C-0001", formats=("md",), keep=False
        ).paper.obstacles
        at = datetime.now(UTC).isoformat()
        overrides = "overrides:\n" + "".join(
            f'  - {{obstacle_ids: ["{one.id}"], approver: Kim Berg, reason: "{reason}", at: {at}}}\n'
            for one in found
        )
        (tmp_path / "said.yml").write_text((tmp_path / "said.yml").read_text() + overrides)
        make_document(making, cases=cases, case_id="C-0001", formats=("md",), keep=True)
    name = "DOC2"
    draft = asked(place, Deed.APPROVE, {"record": name})
    for said in everywhere(place, draft):
        assert end in said
    with workbench(str(place), person="Kim Berg") as (made, browser):
        entered(made, browser)
        assert end in words_of(browser.get("/cases/C-0001/documents"))


def offered(place: Path, names: list[str]) -> list[str]:
    """Offer a key of each; gives their ids."""
    with open_cases(place) as cases:
        return [
            browser_keys.offer(
                cases.store, name, ["approver"], public=key.public, credential=key.credential, site=key.site
            ).key_id
            for name, key in (
                (one, SoftKey(credential=text_of(f"{one}{at}".encode()))) for at, one in enumerate(names)
            )
        ]


def test_everybody_of_a_long_change_of_the_roster_is_read_and_the_last_one_too(place: Path) -> None:
    first = [
        "Alexandra",
        "Benjamin",
        "Charlotte",
        "Dominique",
        "Elizabeth",
        "Frederick",
        "Gwendolyn",
        "Hannelore",
    ]
    last = [
        "Abernathy",
        "Bartholomew",
        "Castellanos",
        "Dombrowski",
        "Eisenberger",
        "Fitzgerald",
        "Goldschmidt",
        "Hollingsworth",
    ]
    names = [f"{one} {other}" for one in first for other in last]
    ids = offered(place, [*names, "Zoe Last"])
    draft = asked(place, Deed.ENROL, {"offers": ",".join(ids)}, by="Sam Lind", case_id="")
    for said in everywhere(place, draft):
        assert "Zoe Last" in said and all(one in said for one in ids) and "characters)" not in said
    with open_cases(place) as cases:
        hand = rostered.key(place.parent / "keys", "Sam Lind")
        cases.store.hand = hand
        pending.sign(cases, pending.look(cases, draft), hand)
        roster = cases.store.roster()
        assert roster is not None
        seq = roster.open[-1].seq
    agreed = asked(place, Deed.AGREE, {"proposal": str(seq)}, case_id="")
    for said in everywhere(place, agreed):
        assert "Zoe Last" in said and all(one in said for one in ids) and "characters)" not in said


def test_what_is_too_long_for_a_page_has_no_button_and_says_how_to_split_it(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = offered(place, ["Ann Early", "Zoe Last"])
    draft = asked(place, Deed.ENROL, {"offers": ",".join(ids)}, by="Sam Lind", case_id="")
    monkeypatch.setattr("proscribe.app.case.pending.MOST_LETTERS", 150)
    shown = page(place, draft)
    assert shown.status == 200 and "too long to be signed on a page" in words_of(shown)
    assert "Propose fewer keys at once" in words_of(shown) and "I read it: sign as" not in words_of(shown)
    with workbench(str(place), person="Sam Lind") as (made, browser):
        entered(made, browser)
        browser.get(f"/pending/{draft.id}")
        with open_cases(place) as cases:
            code = pending.look(cases, draft).code
        refused = browser.post(f"/pending/{draft.id}", [("code", code), ("key", ids[0])])
        assert refused.status >= 400 and "E551" in words_of(refused)
    with open_cases(place) as cases:
        assert pending.waiting(cases.store)


NOTHING = st.lists(
    st.builds(DeedPart, st.text(max_size=9), st.lists(st.sampled_from(["", " ", "\t", "\n "])).map(tuple))
)


@given(st.sampled_from(list(Deed)), NOTHING)
def test_a_deed_that_shows_no_content_is_neither_looked_at_nor_signed(
    deed: Deed, content: list[DeedPart]
) -> None:
    draft = Pending(f"P-{'0' * 32}", deed, "C-0001", "Kim Berg", datetime(2026, 11, 25, tzinfo=UTC))
    shown = pending.Shown(draft, f"{deed.value} D1 (C-0001)", tuple(content))
    with pytest.raises(ProscribeError) as found:
        pending.sign(None, shown, None)  # type: ignore[arg-type]
    assert found.value.code == "E416" and "shows nothing" in str(found.value)


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=6), st.integers(0, 5))
def test_the_code_stands_for_every_value_that_is_shown(values: list[str], at: int) -> None:
    draft = Pending(f"P-{'0' * 32}", Deed.APPROVE, "C-0001", "Kim Berg", datetime(2026, 11, 25, tzinfo=UTC))
    shown = pending.Shown(draft, "approve D1 (C-0001)", (DeedPart("Facts", tuple(values)),))
    place = at % len(values)
    other = (*values[:place], f"{values[place]}!", *values[place + 1 :])
    fewer = (*values[:place], *values[place + 1 :])
    codes = {
        replace(shown, content=(DeedPart("Facts", each),)).code for each in (tuple(values), other, fewer)
    }
    assert len(codes) == 3
