"""Only what bears on a document is read of a store: the same stands against it as when every case is read whole."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import rostered
from scan_samples import whole

from proscribe.app.papers import says_does as says
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.store.desk import Desk
from proscribe.casework import organisation
from proscribe.casework.commands import judging
from proscribe.casework.events import Draft
from proscribe.casework.store import Store
from proscribe.model.authors import Author
from proscribe.model.casework import EventKind, Verdict
from proscribe.model.papers import Paper

DAY, AT = date(2026, 11, 25), datetime(2026, 11, 25, 15, tzinfo=UTC)
PEOPLE = ("T. Okafor", "L. Park", "Kim Berg")
IN_USE: dict[str, Any] = {
    "party.jurisdiction": "US", "party.role": "prime_contractor", "act.kind": "use", "use.by": "the_entity",
    "item.producer": "hikvision", "item.kind": "video_surveillance_equipment", "item.purpose": ["public_safety"],
    "item.role_in_system": "substantial_or_essential_component",
}  # fmt: skip


def scanned(rnd: random.Random) -> tuple[bytes, list[str]]:
    """A scan of findings and mentions of a few names, so that cases share some."""
    ids = rnd.sample([f"f_{number}" for number in range(6)], rnd.randint(0, 4))
    found = [
        {
            "id": name, "record_id": name.upper(), "band": rnd.choice(("possible", "probable", "confirmed")),
            "evidence": [{"found": rnd.choice(("DS-2CD2042WD-I", "DS-2CD2143G2-I")), "why": "a model"}],
        }
        for name in ids
    ]  # fmt: skip
    mentions = [
        {
            "input": 0, "locator": {"row": row + 1, "sheet": None, "pointer": None}, "record_id": f"M-{row}",
            "entity": "huawei", "kind": "reference", "evidence": [],
        }
        for row in range(rnd.choice((0, 0, 2)))
    ]  # fmt: skip
    path = f"list{rnd.randint(1, 3)}.csv"
    value = {
        "as_of": rnd.choice(("2026-11-20", "2026-11-24")), "findings": found,
        "inputs": [{"path": path, "sha256": f"{rnd.getrandbits(256):064x}", "records": rnd.randint(5, 9)}],
        **({"mentions": mentions} if mentions else {}),
    }  # fmt: skip
    return json.dumps(whole(value)).encode(), ids


def case_of(desk: Desk, rnd: random.Random) -> None:
    """Open a case and let something happen in it."""
    store = desk.store
    if rnd.random() < 0.4:
        facts = {**IN_USE, "use.by": rnd.choice(("the_entity", "parent"))}
        if rnd.random() < 0.3:
            del facts["item.producer"]
        case = desk.open_by_hand(
            DAY, facts, regimes=["us-889-b"], by="Dana Ruiz", title="By hand", zone="UTC"
        ).case.id
    else:
        content, ids = scanned(rnd)
        only = ids[:1] if rnd.random() < 0.3 else []
        case = desk.open_from_scan(
            content, "scan.json", by="B. Lind", title="Scanned", zone="UTC", as_of=DAY, only=only
        ).case.id
        if rnd.random() < 0.3:
            desk.attach(case, scanned(rnd)[0], "later.json", by="B. Lind")
        for name in store.case(case).case.finding_ids:
            for by in rnd.sample(PEOPLE, rnd.randint(0, 2)):
                verdict = rnd.choice((Verdict.DIFFERENT, Verdict.DIFFERENT, Verdict.SAME, Verdict.UNSURE))
                judging.judge(store, case, name, verdict, by=Author(by), reason="it was looked at")
    if rnd.random() < 0.2:
        about = {"grantor": "dni", "part": "b", "scope": "12 cameras", "agency": "GSA"}
        desk.ask_for_waiver(case, about, by="Dana Ruiz", version=store.case(case).case.version)
    if rnd.random() < 0.3:
        answer = {
            "id": "S1", "version": 1, "supplier": "Orion Parts", "status": rnd.choice(("answered", "asked")), "answered_on": "2026-11-20",
            "answers": json.dumps({"provide": rnd.choice(("does", "does not"))}), "tier": 1, "signed_by": "J. Doe",
        }  # fmt: skip
        store.change(
            case, [Draft(EventKind.DECLARATION_STORED, {"declaration": answer})], by=Author("Dana Ruiz")
        )


def made(desk: Desk, folder: Path) -> Paper:
    said = folder / "said.yml"
    said.write_text(
        "organisation: {name: Harbour Systems LLC, uei: H7K2M4N6P8R1}\nanswers: {provide: does not, use: does not}\n"
    )
    making = Making(
        "annual-representation", (said,), as_of=DAY, made_at=AT, author="Dana Ruiz", approver="Lee Okafor"
    )
    return make_paper(making, (), desk, "C-0001")


def read_whole(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    """Let every case bear in every way."""
    every = frozenset(one.id for one in store.cases())
    bears = organisation.Bearing(every, every, every, every, every)
    monkeypatch.setattr(organisation, "bearing", lambda conn: bears)
    everything: Callable[..., frozenset[str]] = lambda conn, kinds: every  # noqa: E731
    monkeypatch.setattr(says, "cases_with", everything)


@pytest.mark.parametrize("seed", range(8))
def test_what_bears_on_a_document_is_what_every_case_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    rnd = random.Random(seed)
    with Store.open(tmp_path / "c.db", now=lambda: AT) as store:
        store.check_signature = rostered.checks
        desk = Desk(store)
        desk.open_by_hand(
            DAY,
            {"party.jurisdiction": "US"},
            regimes=["us-889-b"],
            by="Dana Ruiz",
            title="Yearly",
            zone="UTC",
        )
        if rnd.random() < 0.5:
            desk.attach("C-0001", scanned(rnd)[0], "own.json", by="B. Lind")
        for _ in range(rnd.randint(4, 9)):
            case_of(desk, rnd)
        ours = made(desk, tmp_path)
        read_whole(monkeypatch, store)
        theirs = made(desk, tmp_path)
    assert ours.data["store"] == theirs.data["store"]
    assert [one.what for one in ours.obstacles] == [one.what for one in theirs.obstacles]
    assert any(one.code in ("elsewhere", "says-does", "elsewhere-mentions") for one in ours.obstacles)
