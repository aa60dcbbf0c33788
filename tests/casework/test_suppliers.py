"""Suppliers in a store: asked, reminded, answered, refused, tested; on both databases."""

from __future__ import annotations

import hashlib
import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proscribe.casework import suppliers
from proscribe.casework.commands import cases
from proscribe.casework.store import Store
from proscribe.model.authors import Author, Informed
from proscribe.model.casework import CaseFile
from proscribe.model.errors import CaseError

ASKED = {
    "id": "S1",
    "supplier": "Acme",
    "tier": 1,
    "form_id": "sf_1",
    "campaign": "C-0001/1",
    "asked_on": "2026-11-01",
    "due_on": "2026-11-22",
}
ANSWER = {
    "id": "S1", "form_id": "sf_1", "answers": '{"provide":"does not"}', "answered_on": "2026-11-20", "expires_on": "2027-11-19",
    "signed_by": "A. Moss", "signature": "not signed",
}  # fmt: skip


@pytest.fixture
def asked(store: Store) -> CaseFile:
    file = cases.open_case(
        store, by=Author("R. Ito"), title="Suppliers", as_of=date(2026, 11, 25), zone="UTC"
    )
    return suppliers.ask(
        store, "C-0001", [(ASKED, b"form 1")], by=Informed("R. Ito", version=file.case.version)
    )


def state(store: Store, day: str = "2026-11-25") -> str:
    return suppliers.standing(store.case("C-0001").declarations[0], date.fromisoformat(day))


def check(store: Store, *tests: dict[str, Any]) -> CaseFile:
    return suppliers.record_check(
        store,
        "C-0001",
        "S1",
        tests,
        on=date(2026, 11, 25),
        tested_with=[("scan.json", "ab" * 32)],
        knowledge=("v", "k"),
        by=Author("R. Ito"),
    )


def test_one_supplier_from_first_to_last(store: Store, asked: CaseFile) -> None:
    assert state(store, "2026-11-22") == "asked" and state(store, "2026-11-23") == "overdue"
    suppliers.remind(store, "C-0001", {"S1": "please"}, on=date(2026, 11, 23), by=Author("R. Ito"))
    item = store.case("C-0001").declarations[0]
    assert item.reminded_on == ("2026-11-23",) and store.blob(item.form_sha256) == b"form 1"
    file = suppliers.take_answer(store, "C-0001", ANSWER, b"returned", by=Author("R. Ito"))
    assert state(store) == "unchecked" and store.blob(file.declarations[0].document_sha256) == b"returned"
    check(store, {"test": "scans", "result": "nothing_found", "says": "nothing", "refs": []})
    assert (state(store), state(store, "2027-10-20"), state(store, "2027-11-19"), state(store, "2027-11-20")) == (
        "answered", "ending", "ending", "expired",
    )  # fmt: skip
    check(store, {"test": "sam", "result": "doubtful", "says": "hm", "refs": []})
    assert state(store) == "doubtful"
    file = check(
        store,
        {"test": "sam", "result": "contradicted", "says": "SAM says does", "refs": []},
        {"test": "scans", "result": "not_tested", "says": "-", "refs": []},
    )
    item = file.declarations[0]
    assert (state(store), item.contradictions, item.doubts, item.checked_with) == (
        "contradicted",
        ("SAM says does",),
        (),
        ("ab" * 32,),
    )
    assert store.declarations() == [item] and store.verify() == []
    store.rebuild()
    assert store.declarations() == [item] and store.verify() == []
    kinds = [event.kind.value for event in store.events("C-0001")]
    assert kinds == [
        "opened",
        "supplier_asked",
        "supplier_reminded",
        "supplier_answered",
        *["supplier_checked"] * 3,
    ]


def test_a_new_answer_clears_what_was_found_about_the_old_one(store: Store, asked: CaseFile) -> None:
    suppliers.take_answer(store, "C-0001", ANSWER, b"one", by=Author("R. Ito"))
    check(store, {"test": "sam", "result": "contradicted", "says": "x", "refs": []})
    file = suppliers.take_answer(store, "C-0001", ANSWER, b"two", by=Author("R. Ito"))
    assert (
        file.declarations[0].contradictions,
        file.declarations[0].checked_on,
        json.loads(file.declarations[0].checks),
    ) == ((), None, [])


def test_asked_anew_the_old_answer_stands_until_the_new_one(store: Store, asked: CaseFile) -> None:
    file = suppliers.take_answer(store, "C-0001", ANSWER, b"one", by=Author("R. Ito"))
    again = {**ASKED, "form_id": "sf_2", "asked_on": "2026-11-24", "due_on": "2026-12-15"}
    file = suppliers.ask(
        store, "C-0001", [(again, b"form 2")], by=Informed("R. Ito", version=file.case.version)
    )
    item = file.declarations[0]
    assert (len(file.declarations), item.status, item.form_id, item.answered_on) == (
        1,
        "answered",
        "sf_2",
        date(2026, 11, 20),
    )
    with pytest.raises(CaseError, match="E424"):
        suppliers.take_answer(store, "C-0001", ANSWER, b"late answer to the first form", by=Author("R. Ito"))
    suppliers.take_answer(
        store,
        "C-0001",
        {**ANSWER, "form_id": "sf_2", "answered_on": "2026-11-25"},
        b"new",
        by=Author("R. Ito"),
    )
    assert store.case("C-0001").declarations[0].answered_on == date(2026, 11, 25)


def test_refused_and_then_asked_again(store: Store, asked: CaseFile) -> None:
    file = suppliers.refuse(store, "C-0001", "S1", why="no time", by=Author("R. Ito"), returned=b"declined")
    item = file.declarations[0]
    assert (state(store), item.refused_why, item.document_sha256) == (
        "refused",
        "no time",
        hashlib.sha256(b"declined").hexdigest(),
    )
    with pytest.raises(CaseError, match="E424"):
        check(store)
    file = suppliers.ask(
        store,
        "C-0001",
        [({**ASKED, "form_id": "sf_2"}, b"form 2")],
        by=Informed("R. Ito", version=file.case.version),
    )
    assert file.declarations[0].status == "asked"


def test_what_does_not_fit_is_refused_and_leaves_nothing(store: Store, asked: CaseFile) -> None:
    before = store.head()
    with pytest.raises(CaseError, match="E422"):
        suppliers.ask(store, "C-0001", [(ASKED, b"x")], by=Informed("R. Ito", version=asked.case.version - 1))
    for action in (
        lambda: suppliers.take_answer(store, "C-0001", {**ANSWER, "id": "S9"}, b"x", by=Author("R. Ito")),
        lambda: suppliers.refuse(store, "C-0001", "S9", why="x", by=Author("R. Ito")),
        lambda: suppliers.remind(
            store, "C-0001", {"S1": "a", "S9": "b"}, on=date(2026, 11, 25), by=Author("R. Ito")
        ),
        lambda: suppliers.record_check(
            store,
            "C-0001",
            "S9",
            [],
            on=date(2026, 11, 25),
            tested_with=[],
            knowledge=("", ""),
            by=Author("R. Ito"),
        ),
    ):
        with pytest.raises(CaseError, match="E423"):
            action()
    assert (store.head().seq, store.head().digest) == (before.seq, before.digest)
    suppliers.take_answer(store, "C-0001", ANSWER, b"one", by=Author("R. Ito"))
    with pytest.raises(CaseError, match="E432"):
        suppliers.take_answer(store, "C-0001", ANSWER, b"one", by=Author("R. Ito"))


def test_a_closed_case_takes_no_answer(store: Store, asked: CaseFile) -> None:
    cases.close(store, "C-0001", by=Informed("R. Ito", version=asked.case.version), reason="done")
    with pytest.raises(CaseError, match="E424"):
        suppliers.take_answer(store, "C-0001", ANSWER, b"one", by=Author("R. Ito"))


ACTIONS = st.lists(
    st.sampled_from(["ask", "again", "remind", "answer", "late", "refuse", "check", "close", "reopen"]),
    min_size=1,
    max_size=12,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS)
def test_in_any_order_the_store_stays_sound(actions: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "c.db") as store:
        cases.open_case(store, by=Author("R. Ito"), title="Suppliers", as_of=date(2026, 11, 25), zone="UTC")
        for number, action in enumerate(actions):
            file = store.case("C-0001")
            version = file.case.version
            held = file.declarations[0] if file.declarations else None
            form = {**ASKED, "form_id": f"sf_{number if action == 'again' else 1}"}
            answer = {**ANSWER, "form_id": held.form_id if held and action == "answer" else "sf_gone"}
            before = store.head()
            try:
                if action in ("ask", "again"):
                    suppliers.ask(
                        store,
                        "C-0001",
                        [(form, str(number).encode())],
                        by=Informed("R. Ito", version=version),
                    )
                elif action == "remind":
                    suppliers.remind(
                        store, "C-0001", {"S1": "please"}, on=date(2026, 11, 25), by=Author("R. Ito")
                    )
                elif action in ("answer", "late"):
                    suppliers.take_answer(store, "C-0001", answer, str(number).encode(), by=Author("R. Ito"))
                elif action == "refuse":
                    suppliers.refuse(store, "C-0001", "S1", why="no", by=Author("R. Ito"))
                elif action == "check":
                    check(store, {"test": "sam", "result": "contradicted", "says": f"{number}", "refs": []})
                elif action == "close":
                    cases.close(store, "C-0001", by=Informed("R. Ito", version=version), reason="done")
                else:
                    cases.reopen(store, "C-0001", by=Informed("R. Ito", version=version), reason="more")
            except CaseError:
                assert store.head().seq == before.seq, "a refused command writes nothing"
            else:
                assert action != "late"
            for item in store.case("C-0001").declarations:
                assert item.status in ("asked", "answered", "refused")
                assert item.status == "answered" or suppliers.standing(item, date(2026, 11, 25)) in (
                    "asked",
                    "overdue",
                    "refused",
                )
                assert not item.contradictions or item.checked_on is not None
        assert store.verify() == []
        assert list(store.case("C-0001").declarations) == store.declarations()
