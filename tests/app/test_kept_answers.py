"""What the law says of a case is worked out once while the case, the day and the knowledge stay as they are."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import proscribe
from proscribe.app.case import case_answers, case_law
from proscribe.app.case.case_answers import answer_about
from proscribe.app.case.case_law import open_questions, put_to_the_law
from proscribe.app.case.cases import Cases
from proscribe.app.rules.asking import facts_of_situation, situations
from proscribe.app.store.opening import watch_of
from proscribe.casework.findings import FindingFilter
from proscribe.casework.store import Store
from proscribe.casework.watch import Watch
from proscribe.model.answers import Answer
from proscribe.model.casework import CaseFile
from proscribe.model.errors import CaseError

LINES = (
    "Asset,Description,Room\nA1,Dahua IPC-HFW2231S camera,Hall\nA2,Hikvision DS-2CD2143G2-I camera,Lobby\n"
)
MORE = "Asset,Maker,Model,Site\nB1,Hikvision,DS-7616NI-K2,Depot\nB2,Huawei,S5735-L24P4S-A1,Depot\nB3,Lorex,E893AB,Tampa\n"


@dataclass
class World:
    cases: Cases
    watch: Watch
    place: Path
    day: datetime = datetime(2026, 11, 27, 12, tzinfo=UTC)
    made: list[str] = field(default_factory=list)

    def says(self) -> Answer | None:
        """Look at the law of the case, as a page does."""
        file = self.cases.case("C-0001")
        answer = answer_about(self.cases, file)
        assert open_questions(self.cases, file) is not None
        return answer

    def now(self) -> datetime:
        self.day += timedelta(milliseconds=1)
        return self.day


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A server over a case that was put to the law; `made` names what is worked out."""
    assets = tmp_path / "assets.csv"
    assets.write_text(LINES, encoding="utf-8")
    watch, place = watch_of(b"k" * 32), tmp_path / "cases.db"
    clock: list[Callable[[], datetime]] = []
    with Store.open(place, watch=watch, now=lambda: clock[0]()) as store:
        made = World(Cases(store), watch, place)
        clock.append(made.now)
        scan = proscribe.scan([assets], as_of="2026-11-27").to_json().encode()
        made.cases.open_from_scan(scan, "scan.json", by="R. Ito", zone="America/New_York")
        put_to_the_law(
            made.cases, "C-0001", by="R. Ito", company=facts_of_situation(situations()[0][0]) or {"party.jurisdiction": "US"}
        )  # fmt: skip
        for module, name in ((case_answers, "_answer_about"), (case_law, "_open_questions")):
            work = getattr(module, name)

            def counted(cases: Cases, file: CaseFile, work: object = work, name: str = name) -> object:
                made.made.append(name)
                return work(cases, file)  # type: ignore[operator]

            monkeypatch.setattr(module, name, counted)
        yield made


def test_it_is_worked_out_once_for_all_who_look(world: World) -> None:
    first = world.says()
    assert first is not None and sorted(world.made) == ["_answer_about", "_open_questions"]
    with ThreadPoolExecutor(6) as several:
        assert all(one == first for one in several.map(lambda _: world.says(), range(12)))
    assert len(world.made) == 2


def test_several_who_look_at_once_wait_for_one(world: World) -> None:
    world.cases.case("C-0001")
    with ThreadPoolExecutor(6) as several:
        answers = list(several.map(lambda _: world.says(), range(6)))
    assert all(one == answers[0] for one in answers) and len(world.made) == 2


def test_a_judgement_a_fact_and_another_day_have_it_made_anew(world: World) -> None:
    before = world.says()
    name = next(iter(world.cases.case("C-0001").case.finding_ids))
    for by in ("R. Ito", "M. Weber"):
        world.cases.judge("C-0001", name, "different", by=by, reason="the label says another maker")
    judged = world.says()
    assert len(world.made) == 4 and judged != before
    put_to_the_law(world.cases, "C-0001", by="R. Ito", company={"contract.agency": "GSA"})
    world.says()
    assert len(world.made) == 6
    world.day = datetime(2026, 11, 28, 4, 59, tzinfo=UTC)  # still the 27th in New York
    world.says()
    assert len(world.made) == 6
    world.day = datetime(2026, 11, 28, 5, 1, tzinfo=UTC)
    world.says()
    assert len(world.made) == 8


def test_what_was_stated_of_a_thing_that_a_later_scan_no_longer_shows_does_not_stop_it(
    world: World, tmp_path: Path
) -> None:
    (gone,) = (
        one.support.finding_id
        for one in world.cases.store.findings("C-0001").findings
        if "IPC-HFW2231S" in one.support.finding
    )
    told = [
        ("item.purpose", f"finding:{gone}", "public_safety"),
        ("item.purpose", "site:Lobby", "public_safety"),
    ]
    put_to_the_law(world.cases, "C-0001", by="R. Ito", answers=told)
    (tmp_path / "assets.csv").write_text(
        LINES.replace("A1,Dahua IPC-HFW2231S camera,Hall\n", ""), encoding="utf-8"
    )
    later = proscribe.scan([tmp_path / "assets.csv"], as_of="2026-11-27").to_json().encode()
    file = world.cases.attach("C-0001", later, "later.json", by="R. Ito")
    assert (missed := case_law.not_put(file)) is not None and missed == file.runs[-1]
    file = put_to_the_law(world.cases, "C-0001", by="R. Ito")
    assert case_law.not_put(file) is None
    stated = (open_questions(world.cases, file) or pytest.fail("no scan was put to the law")).stated
    assert ("item.purpose", "site:Lobby") in [(one.fact, one.applies_to) for one in stated]


def test_a_layer_has_it_made_anew(world: World, tmp_path: Path) -> None:
    world.says()
    layer = tmp_path / "facts.yml"
    layer.write_text("suppressions: []\n", encoding="utf-8")
    world.cases = Cases(world.cases.store, (str(layer),))
    world.says()
    assert len(world.made) == 4
    layer.write_text("# another\nsuppressions: []\n", encoding="utf-8")
    world.cases = Cases(world.cases.store, world.cases.knowledge)
    world.says()
    assert len(world.made) == 6


def test_it_says_what_is_worked_out_anew_whatever_was_done_before(world: World, tmp_path: Path) -> None:
    """Whatever people do, in whatever order: what a server says is what a program that keeps nothing works out."""
    dice = random.Random(7)
    (tmp_path / "more.csv").write_text(MORE, encoding="utf-8")
    more = proscribe.scan([tmp_path / "more.csv"], as_of="2026-11-27").to_json().encode()
    put_to_the_law(
        world.cases, world.cases.attach("C-0001", more, "more.json", by="R. Ito").case.id, by="R. Ito"
    )

    def judge() -> None:
        name = dice.choice(sorted(world.cases.case("C-0001").case.finding_ids))
        verdict = dice.choice(("same", "different", "unsure"))
        world.cases.judge(
            "C-0001", name, verdict, by=dice.choice(("R. Ito", "M. Weber")), reason="seen in place"
        )

    def answer() -> None:
        form = open_questions(world.cases, world.cases.case("C-0001"))
        one = dice.choice(form.questions) if form is not None and form.questions else None
        if one is not None:
            said = {"bool": "no", "entity": "other"}.get(one.type, one.values[0] if one.values else "?")
            put_to_the_law(
                world.cases,
                "C-0001",
                by="R. Ito",
                answers=[(one.fact, one.applies_to, dice.choice((said, "?")))],
            )

    def scanned() -> None:
        world.cases.attach("C-0001", dice.choice(scans), "again.json", by="R. Ito")

    def morrow() -> None:
        world.day += timedelta(days=1)

    scans, said = (more, proscribe.scan([tmp_path / "assets.csv"]).to_json().encode()), set()
    for deed in (judge, answer, scanned, answer, morrow, judge):
        # what contradicts what was judged or scanned before is refused, and changes nothing
        with suppress(CaseError):
            deed()
        looked = (answer_about, open_questions) if dice.random() < 0.5 else (open_questions, answer_about)
        with Store.open(world.place, create=False, now=lambda: world.day) as store:
            alone = Cases(store)
            for look in looked:
                told = look(world.cases, world.cases.case("C-0001"))
                assert told == look(alone, alone.case("C-0001")), deed
                said.add(repr(told))
    assert len(said) > 5


def test_nothing_is_kept_of_what_somebody_else_changed_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that is changed while an answer is worked out, and changed back, leaves no trace in later answers."""
    name = next(iter(world.cases.case("C-0001").case.finding_ids))
    where, store = FindingFilter(verdict=("same",)), world.cases.store
    from proscribe.casework import findings

    count, edits = findings.facets, ["same", ""]

    def counted(*given: object) -> object:
        _edited(world.place, name, edits.pop(0)) if edits else None
        told = count(*given)  # type: ignore[arg-type]
        _edited(world.place, name, edits.pop(0)) if edits else None
        return told

    monkeypatch.setattr(findings, "facets", counted)
    store.facets("C-0001", where)
    assert not edits
    world.cases.case("C-0001")
    assert store.facets("C-0001", where).total == 0
    _edited(world.place, name, "same")
    with pytest.raises(CaseError, match="E427"):
        world.cases.case("C-0001")


def _edited(place: Path, name: str, verdict: str) -> None:
    with closing(sqlite3.connect(place)) as conn:
        told = {"verdict": verdict, "name": name}
        conn.execute("UPDATE case_findings SET verdict = :verdict WHERE finding_id = :name", told)
        conn.execute(
            "UPDATE case_groups SET verdict = :verdict WHERE (scan, grp) = "
            "(SELECT scan, grp FROM case_findings WHERE finding_id = :name)", told,
        )  # fmt: skip
        conn.commit()


_STAND = (("9",), None)


def test_what_was_not_used_for_longest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proscribe.casework.watch.MOST_KEPT_BYTES", 100)
    kept = watch_of(b"k" * 32)
    for name in "abcd":
        kept.keep(("s", name, ""), _STAND, name.upper(), 25)
    assert kept.kept(("s", "a", ""), _STAND) == ("A",)
    kept.keep(("s", "e", ""), _STAND, "E", 25)
    kept.keep(("s", "large", ""), _STAND, "L", 26)
    there = [kept.kept(("s", name, ""), _STAND) for name in "abcde"]
    assert there == [("A",), None, ("C",), ("D",), ("E",)]
    assert kept.kept(("s", "large", ""), _STAND) is None


def test_what_was_kept_of_a_former_stand_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proscribe.casework.watch.MOST_KEPT_BYTES", 100)
    kept = watch_of(b"k" * 32)
    for number in range(50):
        kept.keep(("s", "a", "facets"), ((str(number),), None), number, 25)
        kept.keep(("s", "b", "facets"), _STAND, "B", 25)
    assert kept.kept(("s", "a", "facets"), (("49",), None)) == (49,)
    assert kept.kept(("s", "a", "facets"), (("48",), None)) is None
    assert kept.kept(("s", "b", "facets"), _STAND) == ("B",)
    kept.keep(("s", "a", "law"), (("50",), None), "L", 25)
    assert kept.kept(("s", "a", "facets"), (("49",), None)) is None
