"""Paging, filtering and counting say what walking all findings says; a judgement of many counts as one of each."""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from scan_samples import scan_bytes
from tampered import checked_bundle

from proscribe.casework import backup
from proscribe.casework.commands import cases, judging, runs
from proscribe.casework.findings import ALL, FACETS, FindingFilter, digest_of_ids
from proscribe.casework.scan_rows import product_of
from proscribe.casework.scans import read_scan
from proscribe.casework.store import Store
from proscribe.model import api
from proscribe.model.authors import Author, Informed
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import CaseFile, Verdict
from proscribe.model.errors import CaseError

Maker = Callable[..., dict[str, Any]]
FILTERS = [
    ALL,
    FindingFilter(band=("possible",)),
    FindingFilter(band=("possible", "probable"), site=("Mill Lane",)),
    FindingFilter(entity=("hisilicon",), firm=("huawei",)),
    FindingFilter(judged=False, role=("component",)),
    FindingFilter(judged=True),
    FindingFilter(verdict=("same",)),
    FindingFilter(aged=True),
    FindingFilter(aged=False, ignored=False, outcome=("",)),
    FindingFilter(input=("b.csv",)),
    FindingFilter(product=("DS-2CD2042WD-I", "HI3518"), site=("Depot",)),
    FindingFilter(run=("2",)),
    FindingFilter(run=("1",), aged=True, band=("confirmed",)),
    FindingFilter(run=("2", "7"), text="camera"),
    FindingFilter(site=("nowhere",)),
    FindingFilter(text="camera"),
    FindingFilter(text="Camera sn0007*"),
    FindingFilter(text="ds-2cd2042wd-i", band=("confirmed",)),
    FindingFilter(text="no-such-word"),
    FindingFilter(text="B.CSV"),
    FindingFilter(text="camera a.csv"),
    FindingFilter(new=True),
    FindingFilter(new=False, band=("confirmed",)),
    FindingFilter(new=True, run=("1",)),
    FindingFilter(new=True, text="camera"),
    FindingFilter(without=("f_0000", "f_0002", "f_0250", "f_9999")),
    FindingFilter(without=tuple(f"f_{one:04d}" for one in range(0, 240, 3)), band=("possible",)),
    FindingFilter(without=("f_0002", "f_0004", "f_0011"), text="camera", site=("Depot", "Harrow HQ")),
    FindingFilter(without=("f_0002", "f_0004"), text="sn0000*"),
    FindingFilter(finding=("f_0001", "f_0003", "f_0004", "f_0250", "f_9999")),
    FindingFilter(
        finding=tuple(f"f_{one:04d}" for one in range(40)), without=("f_0007",), band=("possible",)
    ),
    FindingFilter(finding=tuple(f"f_{one:04d}" for one in range(40)), text="camera", new=False),
]


def many(maker: Maker, count: int = 240, day: str = "2026-11-24", skip: int = 0) -> bytes:
    """Write a scan of two files with findings of many kinds."""
    dice = random.Random(5)
    made: dict[str, dict[str, Any]] = {}
    for number in range(count):
        entity = dice.choice(("hikvision", "hisilicon", "zte"))
        site = dice.choice(("Mill Lane", "Harrow HQ", "Depot"))
        one: dict[str, Any] = {
            "entity": entity,
            "covered_through": ["hisilicon", "huawei"] if entity == "hisilicon" else [entity],
            "role": dice.choice(("made_by", "component")),
            "band": dice.choice(("confirmed", "probable", "possible")),
            "input": number % 2,
            "record_id": f"A-{number}",
            "locator": {"row": number + 1, "sheet": None, "pointer": None},
            "details": {"site": site, "serial_number": f"SN{number:05d}"},
            "record": [["Tag", f"A-{number}"], ["Text", dice.choice(("Camera of hall", "Switch"))], ["Serial", f"SN{number:05d}"]],
        }  # fmt: skip
        one["evidence"] = []
        if number % 5:
            model = ("DS-2CD2042WD-I", "ds 2cd2042wd i", "hi3518", "MF286D")[number % 4]
            one["evidence"] = [{"matcher": "model_number", "found": model, "weight_mbit": 8000}]
        if number % 17 == 0:
            one["ignored"] = {"reason": "r", "by": "b", "at": "2026-01-01", "until": None}
        if dice.random() >= skip / 100:
            made[f"f_{number:04d}"] = one
    value = maker(day, **made)
    value["inputs"] = [
        {
            "index": place,
            "path": path,
            "sha256": f"{day[-1]}{place}" * 32,
            "reader": "tabular",
            "records": count,
        }
        for place, path in enumerate(("a.csv", "b.csv"))
    ]
    value["mentions"] = [
        {"input": 1, "locator": {"row": 3}, "record_id": None, "entity": "huawei", "kind": "accessory", "evidence": []}
    ]  # fmt: skip
    return laid_out(json.loads(scan_bytes(value)))


def laid_out(value: dict[str, Any]) -> bytes:
    """Write a scan in the layout of the program: a finding a line."""
    members = []
    for key in sorted(value):
        if key in ("findings", "mentions") and value[key]:
            lines = ",\n    ".join(map(canonical_json, value[key]))
            members.append(f"  {canonical_json(key)}: [\n    {lines}\n  ]")
        else:
            members.append(f"  {canonical_json(key)}: {canonical_json(value[key])}")
    return ("{\n" + ",\n".join(members) + "\n}\n").encode()


def test_a_product_is_the_model_that_weighs_most_or_the_brand() -> None:
    def found(*signals: tuple[str, str, int], brand: Any = None) -> str:
        evidence = [{"matcher": what, "found": text, "weight_mbit": weight} for what, text, weight in signals]
        return product_of({"evidence": evidence, "brand": brand})

    model = ("model_number", "DS-2CD2143G2-I", 9000)
    assert (
        found(("entity_name", "Hikvision", 9900), model, ("oui", "c0:6d:ed:14:02:77", 9900))
        == "DS-2CD2143G2-I"
    )
    assert found(("model_number", "ds 2cd2143g2_i", 5), brand="Lorex") == "DS-2CD2143G2-I"
    assert (
        found(("model_number", "V200R020C10", 4000), ("model_number", "S5735-L24P4S-A1", 8000))
        == "S5735-L24P4S-A1"
    )
    assert found(("relabel", "Lorex", 4000), brand="Lorex") == "Lorex"
    assert found(("oui", "c0:6d:ed:14:02:77", 9900)) == "" and product_of({}) == ""


def test_a_store_of_an_earlier_version_is_counted_by_product(tmp_path: Path, scan_maker: Maker) -> None:
    place = tmp_path / "cases.db"
    with Store.open(place) as store:
        opened(store, many(scan_maker))
        told = dict(store.facets("C-0001").counts["product"])
    assert sum(told.values()) == 240 and set(told) == {"", "DS-2CD2042WD-I", "HI3518", "MF286D"}
    with closing(sqlite3.connect(place)) as conn:
        # As it was: no product, and groups that differ in nothing else counted as one.
        conn.executescript(
            "DROP TABLE scan_groups; CREATE TABLE scan_groups (scan INTEGER, grp INTEGER, band, firm, entity, role, site, "
            "input, outcome, ignored, count); UPDATE alembic_version SET version_num = '0006'; "
            "ALTER TABLE jobs DROP COLUMN error_at; ALTER TABLE sessions DROP COLUMN browser"
        )
    with Store.open(place) as store:
        assert store.opening.migrated_from == "0006"
        assert dict(store.facets("C-0001").counts["product"]) == told
        assert store.verify() == []


def opened(store: Store, content: bytes) -> CaseFile:
    return cases.open_case(
        store,
        by=Author("R. Ito"),
        title="t",
        as_of=date(2026, 11, 24),
        zone="UTC",
        scan=read_scan(content, "s"),
    )


def test_programs_choose_by_every_field() -> None:
    assert [one.name for one in fields(api.Where)] == [one.name for one in fields(FindingFilter)]


def lets_through(where: FindingFilter, item: Any, value: dict[str, Any], words: str) -> bool:
    short = json.loads(item.support.finding)
    have = {
        "band": short["band"], "firm": value["covered_through"][-1], "entity": short["entity"], "role": short["role"],
        "site": value["details"]["site"], "input": short["path"], "outcome": "", "verdict": item.verdict,
        "product": short["found"][0].upper().replace(" ", "-") if short["found"] else "",
        "run": "1" if item.support.first_seen == "2026-11-24" else "2",
    }  # fmt: skip
    if any(getattr(where, name) and have[name] not in getattr(where, name) for name in have):
        return False
    if item.support.finding_id in where.without or (
        where.finding and item.support.finding_id not in where.finding
    ):
        return False
    flags = {"judged": bool(item.verdict), "aged": item.support.aged, "ignored": "ignored" in short}
    flags["new"] = have["run"] == "2"
    if any(getattr(where, name) is not None and getattr(where, name) != flags[name] for name in flags):
        return False
    for word in where.text.lower().split():
        tokens = words.lower().split()
        spoken = any(t.startswith(word[:-1]) if word.endswith("*") else t == word for t in tokens)
        if not spoken and word not in short["path"].lower():
            return False
    return True


@pytest.fixture
def held(store: Store, scan_maker: Maker) -> Store:
    opened(store, many(scan_maker))
    for number, verdict in enumerate((Verdict.SAME, Verdict.DIFFERENT, Verdict.UNSURE) * 4):
        judging.judge(store, "C-0001", f"f_{number * 11:04d}", verdict, by=Author("L. Park"), reason="seen")
    later = read_scan(many(scan_maker, count=260, day="2026-11-25", skip=30), "later")
    runs.attach_scan(store, "C-0001", later, by=Author("R. Ito"))
    return store


def everything(store: Store) -> list[tuple[Any, dict[str, Any]]]:
    page = store.findings("C-0001", limit=500)
    assert page.after is None
    return [(one, dict(one.whole)) for one in page.findings]


def test_pages_and_facets_say_what_all_findings_say(held: Store) -> None:
    whole = everything(held)
    for where in FILTERS:
        wanted = [
            one for one, value in whole if lets_through(where, one, value, " ".join((*(text for _, text in value["record"]), value["entity"])))
        ]  # fmt: skip
        if where.text == "ds-2cd2042wd-i":
            wanted = []  # it stands in the evidence; the record's own cells are what is searched
        found: list[Any] = []
        after = -1
        while True:
            page = held.findings("C-0001", where, after=after, limit=7)
            found += page.findings
            if page.after is None:
                break
            after = page.after
        assert found == wanted, where
        facets = held.facets("C-0001", where)
        assert facets.total == len(wanted)
        assert set(facets.counts) == set(FACETS)
        bands = Counter(json.loads(one.support.finding)["band"] for one in wanted)
        assert dict(facets.counts["band"]) == bands
        assert dict(facets.counts["verdict"]) == Counter(one.verdict for one in wanted)
        days = Counter(one.support.first_seen for one in wanted)
        assert dict(facets.counts["run"]) == {
            str(1 + (day > "2026-11-24")): count for day, count in days.items()
        }
        assert dict(facets.counts["new"]) == {
            str(int(day > "2026-11-24")): count for day, count in days.items()
        }
        seen_in = {wanted_run.last_run for wanted_run in (one.support for one in wanted)}
        if not where.text:
            assert {run.id for run in held.last_runs(held.case("C-0001"), where)} == seen_in
        chosen = held.chosen("C-0001", where)
        assert chosen.ids == tuple(one.support.finding_id for one in wanted)
        assert chosen.digest == digest_of_ids(chosen.ids)
    assert held.verify() == []


def test_a_case_lists_its_findings_when_it_is_asked(held: Store) -> None:
    file = held.case("C-0001")
    assert len(file.support) == len(file.case.finding_ids) == len(tuple(file.support)) == 255
    assert [one.finding_id for one in file.support] == list(file.case.finding_ids)
    assert "f_0003" in file.case.finding_ids and "f_9999" not in file.case.finding_ids
    assert file.support == tuple(one.support for one, _ in everything(held))
    assert sum(one.aged for one in file.support) > 20
    assert held.cases()[0].finding_ids[:2] == ("f_0000", "f_0001")


def test_a_judgement_of_many_is_one_event_and_counts_as_one_of_each(held: Store) -> None:
    where = FindingFilter(band=("possible",), judged=False)
    chosen = held.chosen("C-0001", where)
    before = held.case("C-0001").case.version
    file = judging.judge_many(
        held, "C-0001", where, Verdict.DIFFERENT, by=Author("R. Ito"), reason="another board",
        expect=(len(chosen.ids), chosen.digest),
    )  # fmt: skip
    assert file.case.version == before + 1
    standing = file.standing()
    assert {name for name, said in standing.items() if said.reason == "another board"} == set(chosen.ids)
    assert standing[chosen.ids[0]].verdict is Verdict.DIFFERENT and standing[chosen.ids[0]].by == "R. Ito"
    (bulk,) = file.bulk_judgements
    assert bulk.count == len(chosen.ids) and json.loads(bulk.chosen) == where.to_json()
    assert held.blob(bulk.ids_sha256).decode().split() == sorted(chosen.ids)
    assert held.facets("C-0001", where).total == 0
    assert len([one for one in held.judgements() if one.reason == "another board"]) == len(chosen.ids)
    # a single judgement afterwards stands before it
    judging.judge(held, "C-0001", chosen.ids[0], Verdict.SAME, by=Author("L. Park"), reason="looked again")
    assert held.case("C-0001").standing()[chosen.ids[0]].verdict is Verdict.SAME
    assert held.verify() == []
    held.rebuild()
    assert held.verify() == []
    assert held.case("C-0001").standing()[chosen.ids[1]].verdict is Verdict.DIFFERENT


def test_what_is_taken_back_lets_stand_what_stood_before(held: Store) -> None:
    where = FindingFilter(band=("possible",))
    chosen = held.chosen("C-0001", where)
    before = {one.support.finding_id: one.verdict for one in held.findings("C-0001", limit=500).findings}
    shown = held.last_judged("C-0001")
    judging.judge_many(
        held,
        "C-0001",
        where,
        Verdict.DIFFERENT,
        by=Author("R. Ito"),
        reason="another board",
        expect=chosen.told,
    )
    many = held.last_judged("C-0001")
    one = chosen.ids[0]
    judging.judge(held, "C-0001", one, Verdict.SAME, by=Author("L. Park"), reason="looked again")
    with pytest.raises(CaseError, match=r"R\. Ito judged that"):
        judging.take_back(held, "C-0001", many, by=Author("L. Park"))
    assert len(held.taken_back("C-0001")) == 0
    judging.take_back(held, "C-0001", many, by=Author("R. Ito"), reason="the wrong filter")
    now = {item.support.finding_id: item.verdict for item in held.findings("C-0001", limit=500).findings}
    assert now == {**before, one: "same"}  # what somebody else said since stands
    assert held.verify() == []
    (back,) = held.taken_back("C-0001", chosen.ids[1])
    assert (
        back.many is not None
        and back.reason == "the wrong filter"
        and sum(back.stands.values()) == len(chosen.ids)
    )
    standing = held.case("C-0001").standing()
    assert all(said.reason != "another board" for said in standing.values())
    with pytest.raises(CaseError, match="E423"):
        judging.take_back(held, "C-0001", many, by=Author("R. Ito"))
    with pytest.raises(
        CaseError, match="E448"
    ):  # what was seen before it was taken back is not what there is
        judging.judge_many(
            held,
            "C-0001",
            where,
            Verdict.UNSURE,
            by=Author("A. Day"),
            reason="to be seen",
            expect=chosen.told,
            seen=shown,
        )
    judging.take_back(
        held, "C-0001", held.judgements_in("C-0001", finding_ids=(one,))[-1].seq, by=Author("L. Park")
    )
    assert {
        item.support.finding_id: item.verdict for item in held.findings("C-0001", limit=500).findings
    } == before
    assert held.verify() == []
    held.rebuild()
    assert held.verify() == [] and len(held.taken_back("C-0001")) == 2
    assert dict(held.facets("C-0001").counts["verdict"]) == Counter(before.values())


def test_a_case_with_what_was_taken_back_travels(held: Store, tmp_path: Any) -> None:
    judging.judge(held, "C-0001", "f_0001", Verdict.DIFFERENT, by=Author("R. Ito"), reason="a guess")
    judging.take_back(held, "C-0001", held.last_judged("C-0001"), by=Author("R. Ito"))
    backup.backup(held, tmp_path / "all.zip")
    with Store.open(tmp_path / "new.db") as other:
        backup.restore(other, tmp_path / "all.zip", by="R. Ito")
        assert other.verify() == []
        assert other.judgements_in("C-0001", finding_ids=("f_0001",)) == []
        assert [one.said.reason for one in other.taken_back("C-0001", "f_0001")] == ["a guess"]
    backup.export_case(held, "C-0001", tmp_path / "case.zip")
    _, _, faults = checked_bundle(tmp_path / "case.zip")
    assert faults == []
    with Store.open(tmp_path / "more.db") as other:  # where its events have other numbers
        cases.open_case(other, by=Author("M. Diaz"), title="first", as_of=date(2026, 11, 24), zone="UTC")
        taken = backup.import_case(other, tmp_path / "case.zip", by="M. Diaz").case.id
        assert other.verify() == [] and other.judgements_in(taken, finding_ids=("f_0001",)) == []
        assert [one.said.reason for one in other.taken_back(taken, "f_0001")] == ["a guess"]


def test_a_judgement_of_many_is_refused_when_the_set_has_changed(held: Store) -> None:
    where = FindingFilter(site=("Mill Lane",), judged=False)
    chosen = held.chosen("C-0001", where)
    judging.judge(held, "C-0001", chosen.ids[3], Verdict.SAME, by=Author("L. Park"), reason="seen")
    seq = held.head().seq
    for expect in ((len(chosen.ids), chosen.digest), (len(chosen.ids) - 1, chosen.digest)):
        with pytest.raises(CaseError) as caught:
            judging.judge_many(
                held, "C-0001", where, Verdict.SAME, by=Author("R. Ito"), reason="seen", expect=expect
            )
        assert caught.value.code == "E448"
    with pytest.raises(CaseError, match="E448"):
        judging.judge_many(
            held, "C-0001", replace(where, band=("none",)), Verdict.SAME, by=Author("R. Ito"), reason="seen",
            expect=(0, digest_of_ids(())),
        )  # fmt: skip
    assert held.head().seq == seq


def test_judgements_of_other_findings_are_in_nobodys_way(held: Store) -> None:
    read = held.case("C-0001").case.version
    judging.judge(held, "C-0001", "f_0002", Verdict.SAME, by=Author("L. Park", version=read), reason="seen")
    judging.judge(held, "C-0001", "f_0003", Verdict.SAME, by=Author("M. Diaz", version=read), reason="seen")
    with pytest.raises(CaseError, match="E422"):
        judging.judge(
            held, "C-0001", "f_0002", Verdict.DIFFERENT, by=Author("M. Diaz", version=read), reason="x"
        )
    cases.assign(held, "C-0001", "L. Park", by=Informed("L. Park", version=held.case("C-0001").case.version))
    judging.judge(held, "C-0001", "f_0004", Verdict.SAME, by=Author("M. Diaz", version=read), reason="seen")


def test_what_was_seen_does_not_lie_ahead_of_what_the_case_holds(held: Store) -> None:
    where = FindingFilter(site=("Mill Lane",))
    chosen = held.chosen("C-0001", where)
    judging.judge(held, "C-0001", chosen.ids[3], Verdict.SAME, by=Author("L. Park"), reason="seen")
    many: dict[str, Any] = {
        "by": Author("R. Ito"),
        "reason": "seen",
        "expect": (len(chosen.ids), chosen.digest),
    }
    for seen, code in ((10**9, "E440"), (held.last_judged("C-0001") + 1, "E440"), (-1, "E448"), (0, "E448")):
        with pytest.raises(CaseError, match=code):
            judging.judge_many(held, "C-0001", where, Verdict.DIFFERENT, seen=seen, **many)
    seen = held.last_judged("C-0001")
    judging.judge_many(held, "C-0001", where, Verdict.DIFFERENT, seen=seen, **many)


def test_a_judgement_by_somebody_else_is_overwritten_by_who_says_what_they_looked_at(held: Store) -> None:
    def judge(by: str, version: int | None = None) -> None:
        judging.judge(
            held,
            "C-0001",
            "f_0002",
            Verdict.UNSURE,
            by=Author(by, version=version),
            reason="seen",
            asks_version=True,
        )

    judge("L. Park")
    judge("l. park")
    with pytest.raises(CaseError, match=r"E422 L\. Park|E422 l\. park"):
        judge("M. Diaz")
    judge("M. Diaz", held.case("C-0001").case.version)


@pytest.mark.parametrize(("years", "held_so"), [(1, True), (4, True), (6, False), (73, False)])
def test_cleared_holds_for_some_years_at_most(held: Store, years: int, held_so: bool) -> None:
    until = held.now().date() + timedelta(days=365 * years)
    with nullcontext() if held_so else pytest.raises(CaseError, match="E430"):
        judging.judge(
            held, "C-0001", "f_0002", Verdict.CLEARED, by=Author("L. Park"), reason="not ours", until=until
        )


def test_a_case_with_a_judgement_of_many_travels(held: Store, tmp_path: Any) -> None:
    where = FindingFilter(entity=("zte",))
    chosen = held.chosen("C-0001", where)
    judging.judge_many(
        held,
        "C-0001",
        where,
        Verdict.SAME,
        by=Author("R. Ito"),
        reason="seen",
        expect=(len(chosen.ids), chosen.digest),
    )
    backup.export_case(held, "C-0001", tmp_path / "c.zip")
    file, _, faults = checked_bundle(tmp_path / "c.zip")
    assert faults == []
    assert file.support == held.case("C-0001").support
    assert file.standing() == held.case("C-0001").standing()
    with Store.open(tmp_path / "other.db") as other:
        taken = backup.import_case(other, tmp_path / "c.zip", by="M. Diaz")
        assert taken.support == file.support
        assert {name: one.verdict for name, one in taken.standing().items()} == {
            name: one.verdict for name, one in file.standing().items()
        }
        assert other.verify() == []


def test_the_tables_are_checked(held: Store, raw: Callable[..., Any]) -> None:
    raw("UPDATE case_findings SET verdict = 'same' WHERE place = 5")
    assert {fault.kind for fault in held.verify()} == {"repeated"}
    held.rebuild()
    assert held.verify() == []
    raw("UPDATE case_groups SET count = count + 1")
    assert {fault.kind for fault in held.verify()} == {"repeated"}
    held.rebuild()
    with pytest.raises(Exception, match="append-only"):
        raw("UPDATE scan_findings SET record_id = 'x'")
    assert held.verify() == []


def test_findings_of_an_earlier_store_are_counted_by_the_run_that_first_showed_them(
    file_store: Store, scan_maker: Maker, tmp_path: Path
) -> None:
    opened(file_store, many(scan_maker))
    later = read_scan(many(scan_maker, count=260, day="2026-11-25"), "later")
    runs.attach_scan(file_store, "C-0001", later, by=Author("R. Ito"))
    told = file_store.facets("C-0001")
    assert len(told.counts["run"]) == 2
    file_store.close()
    with closing(sqlite3.connect(tmp_path / "cases.db")) as raw, raw:
        raw.executescript(
            """DROP TABLE case_groups; DROP INDEX ix_case_findings_group; UPDATE alembic_version SET version_num = '0004';
            ALTER TABLE jobs DROP COLUMN error_at;
            ALTER TABLE sessions DROP COLUMN browser;
            CREATE TABLE case_groups (case_id VARCHAR(60), scan INTEGER, grp INTEGER, aged INTEGER, verdict VARCHAR(20),
            count INTEGER NOT NULL, PRIMARY KEY (case_id, scan, grp, aged, verdict)) WITHOUT ROWID;
            INSERT INTO case_groups SELECT case_id, scan, grp, aged, verdict, COUNT(*) FROM case_findings
            GROUP BY case_id, scan, grp, aged, verdict;
            CREATE INDEX ix_case_findings_group ON case_findings (case_id, scan, grp, aged, verdict, place);"""
        )
    with Store.open(tmp_path / "cases.db", create=False) as store:
        assert store.opening.migrated_from == "0004"
        assert store.verify() == []
        assert store.facets("C-0001") == told


def test_large_content_is_kept_in_parts(file_store: Store, scan_maker: Maker, tmp_path: Any) -> None:
    value = json.loads(many(scan_maker))
    value["fact_notes"] = {"a": "ä" * 900_000}
    content = laid_out(value)
    assert len(content) > 1 << 20
    path = tmp_path / "scan.json"
    path.write_bytes(content)
    scan = read_scan(path, "scan.json")
    cases.open_case(
        file_store, by=Author("R. Ito"), title="t", as_of=date(2026, 11, 24), zone="UTC", scan=scan
    )
    assert file_store.blob(scan.held.sha256) == content
    whole = {one["id"]: one for one in value["findings"]}
    for name in ("f_0000", "f_0100", "f_0239"):
        assert file_store.finding("C-0001", name).whole == whole[name]
    assert file_store.verify() == []
    backup.backup(file_store, tmp_path / "b.zip")
    with Store.open(tmp_path / "new.db") as other:
        backup.restore(other, tmp_path / "b.zip", by="R. Ito")
        assert other.verify() == []
        assert other.blob(scan.held.sha256) == content


def test_a_scan_with_other_counts_than_findings_is_refused(scan_maker: Maker) -> None:
    value = json.loads(many(scan_maker))
    assert len(read_scan(json.dumps(value).encode(), "s").ids) == 240
    del value["findings"][3]
    with pytest.raises(CaseError, match="says findings = 225, it lists 224"):
        read_scan(json.dumps(value).encode(), "s")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"schema":"proscribe.scan/1"', '{"a":1,"a":2}', '{"schema":"x"}', '{"a":1.5}', '{"a":NaN}', "[" * 90_000,
     '{"findings":{}}', '{"findings":[1,]}', '{"a":1}x', "\x00", '{"a":"\ud800"}'],
)  # fmt: skip
def test_what_is_no_scan_is_refused(text: str) -> None:
    with pytest.raises(CaseError, match="E433"):
        read_scan(text.encode("utf-8", "surrogatepass"), "s")
