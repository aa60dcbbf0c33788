"""Attacks over time: what was judged, and what comes to stand under the same tag or the same device afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import proscribe
from proscribe.app.case.cases import Cases, open_cases
from proscribe.app.papers.documents import Making, make_paper
from proscribe.model.casework import Verdict

DAY = date(2026, 11, 25)
AT = datetime(2026, 11, 25, 15, tzinfo=UTC)
HEADER = "Asset ID,Manufacturer,Model,Site,Quantity,Serial Number (S/N)"
AXIS = "A3,Axis,P3245-LV,Depot,1,"
FOUND = "A1,Hikvision,DS-2CD2143G2-I,Depot,1,K41209881"
DEVICES = "Asset ID,Manufacturer,Model,Site,MAC address\nA3,Axis,P3245-LV,Depot,00:40:8c:11:22:33\n"
SAID = """\
organisation: {name: Harbour Systems LLC}
inquiry:
  searched: [{name: Register, kind: assets, how: scanned whole, by: Sam Lind, on: 2026-11-25}]
"""


@pytest.fixture
def cases(tmp_path: Path) -> Iterator[Cases]:
    with open_cases(tmp_path / "c.db", create=True, now=lambda: AT) as opened:
        yield opened


def scanned(tmp_path: Path, rows: Sequence[str], name: str = "assets.csv") -> bytes:
    (tmp_path / name).write_text("\n".join([HEADER, AXIS, *rows, ""]))
    return proscribe.scan([tmp_path / name], as_of=DAY).to_json().encode()


def judge(cases: Cases, name: str, verdict: str) -> None:
    for person in ("T. Okafor", "C. Moreau"):
        cases.judge(
            "C-0001", name, verdict, by=person, reason="opened, another board in it", until=date(2027, 5, 1)
        )


def standing(cases: Cases, name: str) -> tuple[Verdict, str]:
    last = cases.case("C-0001").standing()[name]
    return last.verdict, last.reason


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("A1,Hikvision,DS-2CD2143G2-I,Depot,40,K41209881", "quantity was 1 and is 40"),
        ("A1,Hikvision,DS-2CD2143G2-I,Depot,a pallet,K41209881", "is a pallet"),
        ("A1,Hikvision,DS-2CD2143G2-I,Depot,1,K99999123", "serial number was k41209881 and is k99999123"),
    ],
)
def test_a_judgement_does_not_go_on_over_more_units_or_another_serial_number(
    cases: Cases, tmp_path: Path, row: str, told: str
) -> None:
    file = cases.open_from_scan(
        scanned(tmp_path, [FOUND]), "one.json", by="Sam Lind", title="Yearly", zone="UTC"
    )
    (name,) = file.case.finding_ids
    judge(cases, name, "different")
    cases.attach("C-0001", scanned(tmp_path, [row]), "two.json", by="Sam Lind")
    verdict, reason = standing(cases, name)
    assert verdict is Verdict.UNSURE and told in reason


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("to be removed,tenant", "reinstalled 2026,tenant", "is 'reinstalled 2026'"),
        ("removed 2024,tenant", ",tenant", "'removed 2024' and is ''"),
        (",tenant's own", ",ours", "is 'ours'"),
        ("12 Nov 2026,tenant", ",tenant", "'12 Nov 2026' and is ''"),
        ("quoted,", "ordered,", "is 'ordered'"),
        ("0,tenant", "1,tenant", "'0' and is '1'"),
        ("gone on 12.11.2026,tenant 3", "gone on 1.12.2026,tenant 4", ""),
        ("12 Nov 2026,seen 11:40", "03.12.2026,seen 9:15", ""),
        ("REMOVED  2024,tenant", "removed 2025,Tenant", ""),
    ],
)
def test_what_was_cleared_and_of_which_the_row_says_otherwise_is_open(
    cases: Cases, tmp_path: Path, before: str, after: str, told: str
) -> None:
    """What differs from one export to the next (days, times, counts) leaves it as it was judged."""

    def read(more: str) -> bytes:
        (tmp_path / "assets.csv").write_text(f"{HEADER},State,Whose\n{AXIS},,\n{FOUND},{more}\n")
        return proscribe.scan([tmp_path / "assets.csv"], as_of=DAY).to_json().encode()

    file = cases.open_from_scan(read(before), "one.json", by="Sam Lind", title="Yearly", zone="UTC")
    (name,) = file.case.finding_ids
    judge(cases, name, "cleared")
    file = cases.attach("C-0001", read(after), "two.json", by="Sam Lind")
    verdict, reason = standing(cases, name)
    if set(file.case.finding_ids) != {
        name
    }:  # its role changed, and it is another finding, which nobody judged
        assert told and set(file.standing()) == {name}
    else:
        assert verdict is (Verdict.UNSURE if told else Verdict.CLEARED) and told in reason, reason


@pytest.mark.parametrize("later", ["assets.csv", "assets-of-december.csv"])
def test_what_was_cleared_as_gone_and_is_there_again_is_open(
    cases: Cases, tmp_path: Path, later: str
) -> None:
    file = cases.open_from_scan(
        scanned(tmp_path, [FOUND]), "one.json", by="Sam Lind", title="Yearly", zone="UTC"
    )
    (name,) = file.case.finding_ids
    judge(cases, name, "cleared")
    cases.attach("C-0001", scanned(tmp_path, []), "two.json", by="Sam Lind")
    assert standing(cases, name)[0] is Verdict.CLEARED
    cases.attach(
        "C-0001", scanned(tmp_path, [FOUND, "A4,Axis,M1,Depot,1,"], later), "three.json", by="Sam Lind"
    )
    assert standing(cases, name)[0] is Verdict.UNSURE


def test_fewer_units_and_the_same_row_next_month_stay_judged(cases: Cases, tmp_path: Path) -> None:
    rows = [FOUND.replace(",1,", ",4,")]
    file = cases.open_from_scan(
        scanned(tmp_path, rows), "one.json", by="Sam Lind", title="Yearly", zone="UTC"
    )
    (name,) = file.case.finding_ids
    judge(cases, name, "cleared")
    cases.attach("C-0001", scanned(tmp_path, [*rows, "A4,Axis,M1,Depot,1,"]), "two.json", by="Sam Lind")
    cases.attach("C-0001", scanned(tmp_path, [FOUND]), "three.json", by="Sam Lind")
    assert standing(cases, name)[0] is Verdict.CLEARED


@pytest.mark.parametrize(
    "later",
    [
        "A9,Hikvision,DS-2CD2143G2-I,Depot,44:19:b6:11:22:33\n",
        "A9,Dahua,IPC-HFW2431S,Depot,44:19:b6:11:22:33\n",
    ],
)
def test_a_device_of_which_a_later_report_says_more_than_was_judged_is_open(
    cases: Cases, tmp_path: Path, later: str
) -> None:
    def report(rows: str) -> bytes:
        (tmp_path / "devices.csv").write_text(DEVICES + rows)
        return proscribe.devices([tmp_path / "devices.csv"], as_of=DAY).to_json().encode()

    cases.open_from_scan(scanned(tmp_path, []), "one.json", by="Sam Lind", title="Yearly", zone="UTC")
    first = "A9,Axis,,Depot,44:19:b6:11:22:33\n"
    file = cases.attach_devices("C-0001", report(first), "devices.json", by="Sam Lind")
    (device,) = cases.devices(file)
    judge(cases, device.id, "different")
    again = report(first + "A5,Axis,M1,Depot,00:40:8c:11:22:44\n")
    cases.attach_devices("C-0001", again, "again.json", by="Sam Lind")
    assert standing(cases, device.id)[0] is Verdict.DIFFERENT
    file = cases.attach_devices("C-0001", report(later), "later.json", by="Sam Lind")
    assert standing(cases, device.id)[0] is Verdict.UNSURE
    (tmp_path / "said.yml").write_text(SAID)
    made = make_paper(
        Making("annual-representation", (tmp_path / "said.yml",), as_of=DAY, made_at=AT, author="Sam Lind"),
        (), cases, "C-0001",
    )  # fmt: skip
    against = [one for one in made.obstacles if one.code in ("device", "device-contradiction")]
    assert against
    (now,) = cases.devices(file)
    if now.band == "confirmed":
        assert not any(one.overridable for one in against)
