"""Attacks through names: another list under the name of one that was read, shorter readings, and what nobody could read."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from scan_samples import say_ran_again

import proscribe
from proscribe.app.case.cases import Cases, open_cases
from proscribe.app.papers.document_keeping import store_paper
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.papers.organisation import fewer_read
from proscribe.casework import backup
from proscribe.model.papers import Paper

TODAY = datetime.now(UTC).date()
HEAD = "Asset ID,Manufacturer,Model,Description,Serial number,Site,Quantity\n"
SITE = "Asset ID,Description,Serial number,Site,Quantity\n"
SCRAP = b"%PDF-1.4 no document" + bytes(range(256)) * 4


@pytest.fixture
def cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cases]:
    monkeypatch.chdir(tmp_path)
    with open_cases(tmp_path / "ours.db", create=True) as opened:
        yield opened


def listed(count: int, start: int = 0, serial: str = "B8A44F{:06d}") -> str:
    rows = (f"A{n},Axis,P3245-LV,Camera,{serial.format(n)},Depot,1\n" for n in range(start, start + count))
    return HEAD + "".join(rows)


def scanned(files: dict[str, str | bytes], as_of: date = TODAY) -> bytes:
    for name, text in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return proscribe.scan([*files], as_of=as_of).to_json().encode()


def opened(cases: Cases, files: dict[str, str | bytes], as_of: date = TODAY) -> str:
    content = scanned(files, as_of)
    case_id = cases.open_from_scan(content, "scan.json", by="B. Lind", title="Yearly", zone="UTC").case.id
    say_ran_again(cases.store, case_id)
    return case_id


def attached(cases: Cases, case_id: str, files: dict[str, str | bytes], as_of: date = TODAY) -> None:
    cases.attach(case_id, scanned(files, as_of), "scan.json", by="B. Lind")
    say_ran_again(cases.store, case_id)


def paper(cases: Cases, case_id: str, records: int, extra: str = "") -> Paper:
    said = Path("said.yml")
    said.write_text(
        'organisation: {name: "Acme Inc"}\nanswers: {provide: does not, use: does not}\ninquiry:\n  searched:\n'
        f"    - {{name: List, kind: assets, how: scanned whole, by: B. Lind, on: {TODAY}, records: {records}}}\n"
        f"    - {{name: Offers, kind: offers, how: read whole, by: B. Lind, on: {TODAY}}}\n{extra}"
    )
    making = Making("annual-representation", (said,), as_of=TODAY, author="B. Lind", approver="C. Moreau")
    return make_paper(making, (), cases, case_id)


def told(made: Paper, code: str) -> list[str]:
    return sorted({one.what for one in made.obstacles if one.code == code})


@pytest.mark.parametrize(("before", "after"), [
    ("assets.csv", "assets.csv"), ("assets.csv", "ASSETS.CSV"), ("plant v1.csv", "plant v2.csv"),
    ("assets (1).csv", "assets (2).csv"), ("hall 2100.csv", "hall 2200.csv"), ("mill/list.csv", "list.csv"),
])  # fmt: skip
@pytest.mark.parametrize("then", [False, True])
def test_a_list_of_which_the_one_of_its_name_here_holds_nothing_is_withheld(
    cases: Cases, before: str, after: str, then: bool
) -> None:
    opened(cases, {before: listed(10, 500)})
    if then:  # a third case in which the name stands for the list of this one hides nothing
        opened(cases, {after: listed(10) + "\n"})
    made = paper(cases, opened(cases, {after: listed(10)}), 10)
    assert any(before in one for one in told(made, "source-withheld"))
    assert all(one.overridable for one in made.obstacles)


def test_a_newer_state_of_a_list_takes_the_place_of_its_states_before(cases: Cases) -> None:
    for start in (0, 1, 2, 3, 4):  # each holds something of the one before; the last nothing of the first
        opened(cases, {"assets.csv": listed(10, start)})
    made = paper(cases, opened(cases, {"assets.csv": listed(12, 4)}), 12)
    assert not made.obstacles


def test_a_list_whose_first_things_were_replaced_is_that_list(cases: Cases) -> None:
    things = ["Lens", "Recorder", "Switch", "Printer", "Desk"]
    rows = [f"HR-{n},{thing},SER{n}77{n}1,Depot,1\n" for n, thing in enumerate(things, 1)]
    opened(cases, {"assets.csv": SITE + "".join(rows)})
    made = paper(
        cases,
        opened(
            cases,
            {"assets.csv": SITE + "".join(one.replace("SER", "NEW") for one in rows[:3]) + "".join(rows[3:])},
        ),
        5,
    )
    assert not told(made, "source-withheld")


def test_what_people_type_for_no_number_makes_no_two_lists_one(cases: Cases) -> None:
    for filler in ("N/A", "unknown", "00000000"):
        opened(cases, {"assets.csv": listed(10, 500).replace("B8A44F000500", filler)})
        made = paper(cases, opened(cases, {"assets.csv": listed(10).replace("B8A44F000000", filler)}), 10)
        assert told(made, "source-withheld")


def test_the_ledger_of_the_next_month_holds_other_payments(cases: Cases) -> None:
    head = "Posting date,Vendor,PO number,Item text,Amount,Currency,Quantity\n"

    def ledger(month: int) -> str:
        return head + "".join(
            f"2026-{month:02}-{n:02},Vendor {month}{n},PO{month}{n:04},Chair {month}{n},100.00,USD,1\n"
            for n in range(1, 10)
        )

    opened(cases, {"ledger.csv": ledger(9)})
    assert not told(paper(cases, opened(cases, {"ledger.csv": ledger(10)}), 9), "source-withheld")


def test_what_nobody_could_read_is_not_seen_under_its_name(cases: Cases) -> None:
    opened(cases, {"assets.csv": SCRAP})
    (one,) = told(paper(cases, opened(cases, {"assets.csv": listed(10)}), 10), "source-withheld")
    assert "no record could be read" in one


def test_a_list_of_other_things_under_its_whole_path_shows(cases: Cases, tmp_path: Path) -> None:
    path = str(tmp_path / "assets.csv")
    case_id = opened(cases, {path: listed(10, 500)})
    for rest in ("", "\n"):  # the second time it is no longer the reading before
        attached(cases, case_id, {path: listed(10) + rest})
    assert told(paper(cases, case_id, 10), "source-withheld")


def test_mentions_of_another_case_are_not_read_again_in_a_list_of_other_things(cases: Cases) -> None:
    spoken = "M1,,Hikvision phone case,accessory for a phone,,Depot,1\n"
    first = opened(cases, {"assets.csv": listed(10, 500) + spoken})
    attached(cases, first, {"assets.csv": listed(10, 700)})
    case_id = opened(cases, {"assets.csv": listed(10, 700)})
    assert told(paper(cases, case_id, 10), "elsewhere-mentions")


@pytest.mark.parametrize("counts", [(100, 50, 50), (100, 81, 66, 54)])
def test_fewer_records_show_however_they_came_about(cases: Cases, counts: tuple[int, ...]) -> None:
    case_id = opened(cases, {"assets.csv": listed(counts[0])})
    for place, count in enumerate(counts[1:]):
        attached(cases, case_id, {"assets.csv": listed(count) + "\n" * place})
    (one,) = told(paper(cases, case_id, counts[-1]), "source-shrunk")
    assert "had 100" in one


def test_fewer_records_show_where_a_scan_says_that_it_is_of_the_day_before(cases: Cases) -> None:
    opened(cases, {"assets.csv": listed(100)})
    case_id = opened(cases, {"assets.csv": listed(50)}, TODAY - timedelta(days=1))
    assert told(paper(cases, case_id, 50), "source-shrunk")


def test_no_day_that_somebody_states_takes_a_reading_out_of_the_year(cases: Cases) -> None:
    long_ago = TODAY - timedelta(days=400)
    opened(cases, {"other.csv": listed(10, 500), "shorter.csv": listed(60, 2000)}, long_ago)
    case_id = opened(cases, {"other.csv": listed(10), "shorter.csv": listed(20, 2000)})
    made = paper(cases, case_id, 30)
    assert told(made, "source-withheld") and told(made, "source-shrunk")


def test_what_one_list_lost_is_not_made_up_by_another_of_its_name(cases: Cases) -> None:
    case_id = opened(cases, {"north/assets.csv": listed(100), "south/assets.csv": listed(10, 500)})
    attached(cases, case_id, {"north/assets.csv": listed(10), "south/assets.csv": listed(100, 500)})
    (one,) = told(paper(cases, case_id, 110), "source-shrunk")
    assert "north/assets.csv has 10" in one


def test_fewer_records_are_answered_for_once(cases: Cases) -> None:
    opened(cases, {"assets.csv": listed(100)})
    case_id = opened(cases, {"assets.csv": listed(70)})
    stands = [one.id for one in paper(cases, case_id, 70).obstacles if one.code == "source-shrunk"]
    lifted = (
        f"overrides:\n  - {{obstacle_ids: [{', '.join(stands)}], approver: C. Moreau, "
        f"reason: the depot was sold in May and its things with it, at: {TODAY}T00:00:00Z}}\n"
    )
    made = paper(cases, case_id, 70, lifted)
    version = cases.case(case_id).case.version
    store_paper(cases, case_id, made, [], by="B. Lind", version=version)
    attached(cases, case_id, {"assets.csv": listed(71)})
    assert fewer_read(cases, case_id), "nobody approved it yet"
    cases.approve(case_id, "DOC1", by="C. Moreau")
    attached(cases, case_id, {"assets.csv": listed(69)})
    assert not fewer_read(cases, case_id)
    attached(cases, case_id, {"assets.csv": listed(55)})
    assert "had 71" in fewer_read(cases, case_id)[0]


def test_a_store_that_was_restored_says_so_until_somebody_answers_for_it(
    cases: Cases, tmp_path: Path
) -> None:
    case_id = opened(cases, {"assets.csv": listed(10)})
    last = cases.store.head().seq
    assert not told(paper(cases, case_id, 10), "store-restored")
    backup.backup(cases.store, tmp_path / "b.zip")
    with open_cases(tmp_path / "restored.db", create=True) as other:
        backup.restore(other.store, tmp_path / "b.zip", by="M. Diaz")
        made = paper(other, case_id, 10)
        stands = [one for one in made.obstacles if one.code == "store-restored"]
        assert stands and all(one.overridable for one in stands) and made.state == "refused"
        assert f"ends with entry {last}:" in stands[0].what
        lifted = (
            f"overrides:\n  - {{obstacle_ids: [{', '.join(one.id for one in stands)}], approver: C. Moreau, "
            f"reason: the disk broke an hour after that backup and nobody worked in it, at: {TODAY}T00:00:00Z}}\n"
        )
        made = paper(other, case_id, 10, lifted)
        store_paper(other, case_id, made, [], by="B. Lind", version=other.case(case_id).case.version)
        assert told(paper(other, case_id, 10), "store-restored"), "nobody approved it yet"
        other.approve(case_id, "DOC1", by="C. Moreau")
        assert not told(paper(other, case_id, 10), "store-restored")


def site(name: str, more: str = "") -> str:
    things = ("Camera dome", "Recorder", "Switch", "Printer")
    rows = (f"{name}{n},{thing},{name}SER{n}77{n}1,{name},1\n" for n, thing in enumerate(things, 1))
    return SITE + "".join(rows) + more


@pytest.mark.parametrize(("first", "second"), [
    (site("L", "L9,Bracket for Hikvision camera,,L,4\n"), site("Y")),
    (SITE + ",Lens,L-SER99771,,1\n,Hikvision DS-2CD2143G2-I,,,2\n,Bracket for Hikvision camera,,,4\n",
     SITE + ",Lens,Y-SER88661,,1\n,Hikvision DS-2CD2143G2-I,,,2\n"),
    (site("L", "L9,Bracket for Hikvision camera,,L,4\n").replace("LSER1771", "N/A"), site("Y").replace("YSER1771", "N/A")),
])  # fmt: skip
def test_like_things_under_other_numbers_make_no_two_lists_one(cases: Cases, first: str, second: str) -> None:
    case_id = opened(cases, {"inventory.csv": first})
    before = told(paper(cases, case_id, first.count("\n") - 1), "mentions")
    attached(cases, case_id, {"inventory.csv": second})
    assert before and told(paper(cases, case_id, second.count("\n") - 1), "mentions") == before


def test_a_list_inside_an_archive_that_was_exchanged_for_another_shows(cases: Cases) -> None:
    def archive(depot: str) -> str:
        with zipfile.ZipFile("all.zip", "w") as file:
            for name, text in (("hq.csv", listed(10)), ("depot.csv", depot)):
                file.writestr(name, text)
        content = proscribe.scan(["all.zip"], as_of=TODAY).to_json().encode()
        return cases.open_from_scan(content, "scan.json", by="B. Lind", title="Yearly", zone="UTC").case.id

    archive(listed(10, 500))
    assert not told(paper(cases, archive(listed(11, 500)), 21), "source-withheld")
    (one,) = told(paper(cases, archive(listed(10, 900)), 20), "source-withheld")
    assert "depot.csv" in one and "hq.csv" not in one


SPOKEN = "M1,,Phone case for Huawei P30,accessory,,Depot,1\n"


@pytest.mark.parametrize("instead", ["", SPOKEN.replace("Huawei P30", "a phone")])
@pytest.mark.parametrize("whole", [False, True])
def test_what_a_list_said_of_a_firm_before_it_was_edited_stands(
    cases: Cases, tmp_path: Path, instead: str, whole: bool
) -> None:
    path = str(tmp_path / "assets.csv") if whole else "assets.csv"
    case_id = opened(cases, {path: listed(10) + SPOKEN})
    for rest in ("", "\n"):
        attached(cases, case_id, {path: listed(10) + instead + rest})
        (one,) = told(paper(cases, case_id, 10 + bool(instead)), "mentions")
        assert "M1" in one and "row 12" in one
    attached(cases, case_id, {path: listed(10) + SPOKEN + "\n"})
    keys = [one.key for one in cases.mentions(case_id)]
    cases.see_mentions(case_id, keys, by="T. Okafor", reason="a case of a phone, and no phone")
    attached(cases, case_id, {path: listed(11)})
    assert not told(paper(cases, case_id, 11), "mentions"), "somebody looked at it while it stood there"


def test_what_a_list_of_another_case_said_before_it_was_edited_there_stands(cases: Cases) -> None:
    first = opened(cases, {"assets.csv": listed(10) + SPOKEN})
    attached(cases, first, {"assets.csv": listed(10)})
    (one,) = told(paper(cases, opened(cases, {"assets.csv": listed(10)}), 10), "elsewhere-mentions")
    assert one.startswith("1 record ")
