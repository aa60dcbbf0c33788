"""A judgement does not go on over signs that nobody has looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import proscribe
from proscribe.app.rules.scan_decide import Ready
from proscribe.app.store.desk import Desk
from proscribe.app.store.opening import open_store
from proscribe.casework.commands import judging
from proscribe.model.authors import Author
from proscribe.model.casework import Verdict
from proscribe.model.scan_writing import scan_pieces

DAY = "2026-11-25"
UNTIL = date(2027, 5, 1)
AXIS = "T-2,Axis camera,Harrow HQ\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_store(tmp_path / "cases.db", create=True) as store:
        yield Desk(store, ())


def scan(tmp_path: Path, name: str, *rows: str, header: str = "Asset tag,Item,Site") -> bytes:
    path = tmp_path / name
    path.write_text(header + "\n" + "\n".join(rows) + "\n" + AXIS)
    return proscribe.scan([path], as_of=DAY).to_json().encode()


def judged(desk: Desk, content: bytes) -> tuple[str, str]:
    file = desk.open_from_scan(content, "first.json", by="R. Ito", zone="UTC")
    (name,) = file.case.finding_ids
    for person in ("T. Okafor", "C. Moreau"):
        judging.judge(
            desk.store, file.case.id, name, Verdict.DIFFERENT, by=Author(person), reason="a leaflet"
        )
    return file.case.id, name


def test_a_row_that_says_more_than_it_did_is_open_again(desk: Desk, tmp_path: Path) -> None:
    case, name = judged(desk, scan(tmp_path, "inv.csv", "T-1,Leaflet DS-2CD2143G2-I,Harrow HQ"))
    more = scan(tmp_path, "inv.csv", "T-1,Hikvision recorder DS-2CD2143G2-I,Harrow HQ")
    file = desk.attach(case, more, "second.json", by="R. Ito")
    last = file.standing()[name]
    assert last.verdict is Verdict.UNSURE and "'hikvision'" in last.reason and "is confirmed" in last.reason


def test_another_thing_under_the_same_tag_is_open(desk: Desk, tmp_path: Path) -> None:
    case, name = judged(desk, scan(tmp_path, "a.csv", "T-1,Leaflet DS-2CD2143G2-I,Harrow HQ"))
    file = desk.attach(
        case, scan(tmp_path, "b.csv", "T-1,DS-7616NI-K2/16P,Harrow HQ"), "second.json", by="R. Ito"
    )
    assert file.standing()[name].verdict is Verdict.UNSURE


def test_the_same_signs_next_month_stay_judged(desk: Desk, tmp_path: Path) -> None:
    case, name = judged(desk, scan(tmp_path, "oct.csv", "T-1,Leaflet DS-2CD2143G2-I,Harrow HQ"))
    later = scan(
        tmp_path,
        "nov.csv",
        "T-9,Huawei S5735-L24P4S-A,Mill Lane",
        "T-1,Leaflet DS-2CD2143G2-I,Harrow HQ",
    )
    file = desk.attach(case, later, "second.json", by="R. Ito")
    assert file.standing()[name].verdict is Verdict.DIFFERENT


WHOLE = "Asset tag,Item,Maker,Site,Qty,Bought,Serial number,Status,Notes"
JUDGED = "T-1,1 pc camera,Hikvision,Harrow HQ,1,2019-01-02,Z10-0415,stored,a prop"


@pytest.mark.parametrize(
    ("row", "open_again"),
    [
        ("T-1,1 pc camera,Hikvision,Harrow HQ,1,2019-01-02,Z10-0415,stored,a prop", False),
        ("T-1,1 pc  Camera,HIKVISION,Harrow HQ,1,2020-01-02,Z10-0415,stored,a prop", False),
        ("T-1,12 pcs camera,Hikvision,Harrow HQ,1,2019-01-02,Z10-0415,stored,a prop", True),
        ("T-1,1 pc network recorder,Hikvision,Harrow HQ,1,2019-01-02,Z10-0415,stored,a prop", True),
        ("T-1,1 pc camera,Hikvision,Harrow HQ,1,2019-01-02,Z10-0415,in use,a prop", True),
        ("T-1,1 pc camera,Hikvision,Harrow HQ,1,2019-01-02,Z10-0415,stored,", True),
        ("T-1,1 pc camera,Hikvision,Harrow HQ,1,2019-01-02,Z10-0415,stored,not the prop: a real one records", True),
    ],
)  # fmt: skip
def test_what_was_judged_another_thing_is_so_while_its_row_says_the_same(
    desk: Desk, tmp_path: Path, row: str, open_again: bool
) -> None:
    first = scan(tmp_path, "inv.csv", JUDGED, header=WHOLE)
    case, name = judged(desk, first)
    file = desk.attach(
        case, scan(tmp_path, "inv.csv", row, "T-3,Pump,,,,,,,", header=WHOLE), "second.json", by="R. Ito"
    )
    assert file.standing()[name].verdict is (Verdict.UNSURE if open_again else Verdict.DIFFERENT)


@pytest.mark.parametrize(
    ("verdict", "was", "now", "open_again"),
    [
        (Verdict.DIFFERENT, "302401719,sign,Hall 1,10.0.0.5,", "311315471,sign,Hall 1,10.0.0.5,", True),
        (Verdict.DIFFERENT, ",sign 2143,Hall 1,10.0.0.5,", ",sign 7616,Hall 1,10.0.0.5,", True),
        (Verdict.DIFFERENT, ",lot of 5 signs,Hall 1,10.0.0.5,", ",lot of 500 signs,Hall 1,10.0.0.5,", True),
        (Verdict.DIFFERENT, ",sign,Hall 1,10.0.0.5,", ",sign,Hall 1,10.9.9.7,", False),
        (Verdict.DIFFERENT, ",sign of 1.2.2024,Hall 1,,", ",sign of 3.4.2025,Hall 1,,", False),
        (Verdict.DIFFERENT, ",sign,Hall 1,,2019-01-01", ",sign,Hall 1,,2143 7616", True),
        (Verdict.DIFFERENT, ",sign,Hall 1,,1767225600", ",sign,Hall 1,,1769904000", False),
        (Verdict.DIFFERENT, ",sign,Hall 1,,seen 41", ",sign,Hall 1,,seen 42", False),
        (Verdict.CLEARED, ",handed over,Hall 1,10.0.0.5,", ",handed over,Hall 7,10.0.0.5,", True),
        (Verdict.CLEARED, ",handed over,Hall 1,10.0.0.5,", ",handed over,Hall 1,10.9.9.7,", True),
        (Verdict.CLEARED, ",handed over,Hall 1,10.0.0.5,seen 8:10", ",handed over,Hall 1,10.0.0.5,seen 9:40", False),
    ],
)  # fmt: skip
def test_numbers_that_name_a_thing_or_its_place_are_words_of_its_row(
    desk: Desk, tmp_path: Path, verdict: Verdict, was: str, now: str, open_again: bool
) -> None:
    header = "Asset tag,Maker,Article,Description,Site,IP,State"
    tail = "M-7,HP,11,Printer of HP,Hall 2,10.0.0.9,"

    def read(row: str) -> bytes:
        (tmp_path / "inv.csv").write_text(f"{header}\nT-1,Hikvision,{row}\n{tail}\n")
        return proscribe.scan([tmp_path / "inv.csv"], as_of=DAY).to_json().encode()

    file = desk.open_from_scan(read(was), "first.json", by="R. Ito", zone="UTC")
    (name,) = file.case.finding_ids
    for person in ("T. Okafor", "C. Moreau"):
        judging.judge(
            desk.store, file.case.id, name, verdict, by=Author(person), reason="looked at it", until=UNTIL
        )
    file = desk.attach(file.case.id, read(now), "second.json", by="R. Ito")
    standing = {one: file.standing().get(one) for one in file.case.finding_ids}
    assert any(one is None or one.verdict is Verdict.UNSURE for one in standing.values()) is open_again


def test_a_column_of_another_name_says_nothing_new(desk: Desk, tmp_path: Path) -> None:
    case, name = judged(desk, scan(tmp_path, "inv.csv", JUDGED, header=WHOLE))
    later = scan(
        tmp_path, "inv.csv", JUDGED, header=WHOLE.replace("Notes", "Remarks").replace("Status", "State")
    )
    file = desk.attach(case, later, "second.json", by="R. Ito")
    assert file.standing()[name].verdict is Verdict.DIFFERENT


@pytest.mark.parametrize(
    ("serial", "bearer", "open_again"),
    [
        ("", "", True),
        ("see label", "see label", True),
        ("Z10-0415", "Z10-0415", False),
        ("", "Z10-0415", True),
    ],
)
def test_the_list_of_another_site_has_tags_of_its_own(
    desk: Desk, tmp_path: Path, serial: str, bearer: str, open_again: bool
) -> None:
    header = "Asset tag,Item,Maker,Serial number"
    case, name = judged(
        desk, scan(tmp_path, "harrow.csv", f"T-1,Dome camera,Hikvision,{serial}", header=header)
    )
    more = f"T-1,Dome camera,Hikvision,{bearer}"
    path = tmp_path / "mill-lane.csv"
    path.write_text(f"{header}\n{more}\nM-7,Printer of HP,HP,VNB3X11223\n")
    second = proscribe.scan([path], as_of=DAY)
    file = desk.attach(case, second.to_json().encode(), "second.json", by="R. Ito")
    standing = {one.id: file.standing().get(one.id) for one in second.findings}
    assert any(one is None or one.verdict is Verdict.UNSURE for one in standing.values()) is open_again
    if open_again and name in standing and serial == bearer:
        assert "another list" in file.standing()[name].reason


def test_a_layer_of_judgements_sets_nothing_else_aside(desk: Desk, tmp_path: Path) -> None:
    _, name = judged(desk, scan(tmp_path, "a.csv", "T-1,Leaflet DS-2CD2143G2-I,Harrow HQ"))
    layer = tmp_path / "layer.yml"
    layer.write_text(desk.layer().text)
    for row, aside in (
        ("Leaflet DS-2CD2143G2-I in hall", True),
        ("Hikvision recorder DS-2CD2143G2-I", False),
    ):
        path = tmp_path / "b.csv"
        path.write_text(f"Asset tag,Item,Site\nT-1,{row},Harrow HQ\n{AXIS}")
        (found,) = proscribe.scan([path], as_of=DAY, knowledge=[layer]).findings
        assert (found.id == name, found.ignored is not None) == (True, aside)


@pytest.mark.parametrize(("one", "other", "same"), [("3.1", "3.10", False), ("7", "7.0", True)])
def test_tags_are_text(tmp_path: Path, one: str, other: str, same: bool) -> None:
    names = set()
    for tag in (one, other):
        path = tmp_path / "a.csv"
        path.write_text(f"Asset tag,Item\n{tag},Hikvision camera\n")
        (found,) = proscribe.scan([path], as_of=DAY).findings
        names.add(found.id)
    assert (len(names) == 1) is same


def test_facts_that_came_with_a_scan_can_be_decided_on(desk: Desk, tmp_path: Path) -> None:
    facts = tmp_path / "facts.yml"
    facts.write_text("facts:\n  party.jurisdiction: US\n  contract.is_idiq: false\nregimes: [us-889-b]\n")
    path = tmp_path / "a.csv"
    path.write_text("Asset tag,Item\nT-1,Hikvision camera\n")
    plain = proscribe.scan([path], as_of=DAY)
    content = "".join(scan_pieces(Ready.of([str(facts)]).decide(plain.scan))).encode()
    file = desk.open_from_scan(content, "a.json", by="R. Ito", zone="UTC")
    file = desk.decide(file.case.id, by="R. Ito", version=file.case.version)
    file = desk.state(file.case.id, {"use.by": "the_entity"}, by="R. Ito", version=file.case.version)
    assert len(file.determinations) == 2
