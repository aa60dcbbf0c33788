"""A judgement does not go on over signs that nobody has looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import proscribe
from proscribe.app.casework import Desk, open_store
from proscribe.casework import commands
from proscribe.model.casework import Verdict

DAY = "2026-11-25"
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
        commands.judge(desk.store, file.case.id, name, Verdict.DIFFERENT, by=person, reason="a leaflet")
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
        "T-1,Leaflet DS-2CD2143G2-I now in hall,Harrow HQ",
    )
    file = desk.attach(case, later, "second.json", by="R. Ito")
    assert file.standing()[name].verdict is Verdict.DIFFERENT
