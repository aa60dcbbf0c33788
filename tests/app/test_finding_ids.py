"""Ids of findings hold: through order, names, formats, other plans of columns and other knowledge; and never change places."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from proscribe.app.scan.api import ScanResult
from proscribe.model.findings import Finding

from .conftest import ROWS, WRITERS, answer, scan, write_csv

HEADER = ("Hersteller", "Bezeichnung", "Gerät", "Ort", "Zuletzt gesehen", "Notiz", "Preisgruppe")
#: No record has an identifier of its own: every cell counts. The last two are equal but for the place.
PLAIN: tuple[tuple[str, ...], ...] = (
    ("Hikvision", "DS-2CD2143G2-I", "Dome camera", "Hof", "2026-10-01", "A", "1.50"),
    ("Dahua", "IPC-HFW5442E-ZE", "Bullet camera", "Tor", "2026-10-01", "", "2.00"),
    ("Axis", "P3245-LV", "Dome camera", "Tor", "2026-10-02", "B", "2.00"),
    ("Huawei", "S5735-L24P4S-A1", "Switch", "Keller", "2026-10-03", "TRUE", "3.00"),
    ("Hikvision", "DS-2CD2143G2-I", "Dome camera", "Site A", "2026-10-03", "", ""),
    ("Hikvision", "DS-2CD2143G2-I", "Dome camera", "Site B", "2026-10-03", "", ""),
)


def named(result: ScanResult) -> dict[tuple[str, ...], list[str]]:
    """Give the ids by the cells of the record and the entity."""
    made: dict[tuple[str, ...], list[str]] = {}
    for one in result.findings:
        key = (*sorted(text for _, text in one.record), one.entity)
        made.setdefault(key, []).append(one.id)
    return made


def ids(result: ScanResult) -> list[str]:
    """Give the ids in order, which are unique."""
    found = sorted(one.id for one in result.findings)
    assert found and len(set(found)) == len(found)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_order_of_rows_and_columns_and_name_change_no_id(tmp_path: Path, seed: int) -> None:
    first = named(scan(write_csv(tmp_path / "oktober.csv", PLAIN, HEADER)))
    draw = random.Random(seed)
    rows = list(PLAIN)
    order = list(range(len(HEADER)))
    draw.shuffle(rows)
    draw.shuffle(order)
    folder = tmp_path / "other"
    folder.mkdir()
    turned = [[row[at] for at in order] for row in rows]
    assert named(scan(write_csv(folder / f"{seed}.csv", turned, [HEADER[at] for at in order]))) == first


@pytest.mark.parametrize("rows", [ROWS, PLAIN])
@pytest.mark.parametrize("other", [name for name in WRITERS if name != "csv"])
def test_the_format_changes_no_id(tmp_path: Path, rows: Sequence[Sequence[str]], other: str) -> None:
    header = {} if rows is ROWS else {"header": HEADER}
    first = scan(write_csv(tmp_path / "a.csv", rows, **header))
    again = scan(WRITERS[other](tmp_path / f"b.{other}", rows, **header))
    assert ids(again) == ids(first)


def test_typed_cells_of_workbooks_and_parquet_compare_as_text(tmp_path: Path) -> None:
    from datetime import date, datetime

    header = ("date", "vendor", "description", "quantity", "amount", "paid")
    plain = [("2026-10-01", "Hikvision", "DS-2CD2143G2-I dome camera", "1", "129.50", "true")]
    path = write_csv(tmp_path / "a.csv", plain, header)
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(header)
    book.active.append((datetime(2026, 10, 1), "Hikvision", "DS-2CD2143G2-I dome camera", 1.0, 129.5, True))  # noqa: DTZ001
    book.save(tmp_path / "b.xlsx")
    cells = (date(2026, 10, 1), "Hikvision", "DS-2CD2143G2-I dome camera", 1.0, 129.5, True)
    table = pa.table({name: [cell] for name, cell in zip(header, cells, strict=True)})
    pq.write_table(table, tmp_path / "c.parquet")
    first = ids(scan(path))
    assert ids(scan(tmp_path / "b.xlsx")) == first
    assert ids(scan(tmp_path / "c.parquet")) == first


@pytest.mark.parametrize(
    "mapping",
    [
        {"Notiz": "row_id"},
        {"Notiz": "text"},
        {"Ort": "site"},
        {"Gerät": "asset_tag"},
        {"Zuletzt gesehen": "dated_on"},
        {"Bezeichnung": "serial_number"},
    ],
)
def test_reading_one_column_more_changes_no_id(tmp_path: Path, mapping: dict[str, str]) -> None:
    path = write_csv(tmp_path / "a.csv", PLAIN, HEADER)
    first, more = scan(path), scan(path, mapping=mapping)
    roles = {(one.locator.row, one.entity, one.role): one.id for one in first.findings}
    again = {(one.locator.row, one.entity, one.role): one.id for one in more.findings}
    assert roles.keys() & again.keys()
    assert {key: again[key] for key in roles.keys() & again.keys()}.items() <= roles.items()


def test_other_knowledge_changes_no_id(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", PLAIN, HEADER)
    layer = tmp_path / "layer.yml"
    layer.write_text(
        "defaults: {recorded_on: 2026-11-25, source: org:src/own, basis: stated, confidence: high}\n"
        "sources: [{id: org:src/own, title: Our list, kind: catalogue}]\n"
        "entities: [{id: org:acme, kind: company, name: Acme Security Ltd}]\n",
        encoding="utf-8",
    )
    assert ids(scan(path, knowledge=[layer])) == ids(scan(path))
    assert set(ids(scan(path, as_of="2021-01-01"))) <= set(ids(scan(path)))


@pytest.mark.parametrize("turned", [False, True])
def test_equal_cameras_of_two_sites_never_exchange_ids(tmp_path: Path, turned: bool) -> None:
    def at(result: ScanResult) -> dict[str, str]:
        return {text: one.id for one in result.findings for _, text in one.record if text.startswith("Site ")}

    first = at(scan(write_csv(tmp_path / "a.csv", PLAIN, HEADER)))
    rows = PLAIN[::-1] if turned else (*PLAIN[3:], *PLAIN[:3])
    assert at(scan(write_csv(tmp_path / "b.csv", rows, HEADER))) == first
    assert len(set(first.values())) == 2


def test_a_date_counts_in_purchases_alone(tmp_path: Path) -> None:
    def twice(header: Sequence[str], row: Callable[[str], Sequence[str]]) -> tuple[list[str], list[str]]:
        return tuple(  # type: ignore[return-value]
            ids(scan(write_csv(tmp_path / f"{day}.csv", [row(day)], header)))
            for day in ("2026-10-01", "2026-11-01")
        )

    listed = twice(
        ("Maker", "Model", "Place", "Last seen"), lambda day: ("Hikvision", "DS-2CD2143G2-I", "Gate", day)
    )
    bought = twice(
        ("Date", "Vendor", "Item", "Amount"), lambda day: (day, "Acme", "Hikvision DS-2CD2143G2-I", "129")
    )
    assert listed[0] == listed[1]
    assert bought[0] != bought[1]


def test_dates_of_purchases_compare_as_days(tmp_path: Path) -> None:
    header = ("Date", "Vendor", "Item", "Amount")
    written = [
        ids(
            scan(write_csv(tmp_path / f"{number}.csv", [(day, "Acme", "Hikvision dome camera", "1")], header))
        )
        for number, day in enumerate(("2026-10-31", "31.10.2026", "10/31/2026", "2026-10-31 00:00:00"))
    ]
    assert all(one == written[0] for one in written)


def test_an_own_identifier_outlives_the_other_cells(tmp_path: Path) -> None:
    header = ("Serial Number", "Make", "Model", "Site", "Status")
    row = ("4C0012345", "Hikvision", "DS-2CD2143G2-I", "Leeds", "online")
    first = ids(scan(write_csv(tmp_path / "a.csv", [row], header)))
    assert ids(scan(write_csv(tmp_path / "b.csv", [(*row[:4], "offline")], header))) == first
    assert ids(scan(write_csv(tmp_path / "c.csv", [(*row[:3], "Kiel", "online")], header))) != first
    renamed = ("S/N", "Hersteller", "Typ", "Standort", "Zustand")
    assert ids(scan(write_csv(tmp_path / "d.csv", [row], renamed))) == first


def test_an_identifier_that_two_records_share_tells_neither(tmp_path: Path) -> None:
    header = ("ID", "Make", "Model", "Floor")
    rows = [("7", "Hikvision", "DS-2CD2143G2-I", "1"), ("7", "Hikvision", "DS-2CD2143G2-I", "2")]

    def by_floor(name: str, order: Sequence[Sequence[str]]) -> dict[str, str]:
        return {
            dict(one.record)["Floor"]: one.id
            for one in scan(write_csv(tmp_path / name, order, header)).findings
        }

    assert by_floor("a.csv", rows) == by_floor("b.csv", rows[::-1])
    third = ("7", "Dahua", "IPC-HFW5442E-ZE", "3")
    assert by_floor("c.csv", [third, *rows]).items() >= by_floor("a.csv", rows).items()


def test_a_serial_number_met_in_two_files_is_one_thing_recorded_twice(tmp_path: Path) -> None:
    header = ("Serial Number", "Make", "Model", "Last seen", "State")
    row = ("4C0012345", "Hikvision", "DS-2CD2143G2-I", "2026-10-01", "on")
    alone = ids(scan(write_csv(tmp_path / "2026-10.csv", [row], header)))
    both = scan(tmp_path / "2026-10.csv", write_csv(tmp_path / "2026-11.csv", [(*row[:4], "off")], header))
    assert alone[0] in {one.id for one in both.findings} and len(ids(both)) == 2


def test_a_running_id_of_two_files_is_two_things(tmp_path: Path) -> None:
    header = ("ID", "Make", "Model", "Floor")
    first = write_csv(tmp_path / "a.csv", [("7", "Hikvision", "DS-2CD2143G2-I", "1")], header)
    second = write_csv(tmp_path / "b.csv", [("7", "Hikvision", "DS-2CD2143G2-I", "2")], header)

    def by_floor(*paths: Path) -> dict[str, str]:
        return {dict(one.record)["Floor"]: one.id for one in scan(*paths).findings}

    assert by_floor(first, second) == by_floor(second, first)


def test_placeholders_are_no_identifiers(tmp_path: Path) -> None:
    header = ("Serial Number", "MAC", "Make", "Model", "Floor")
    rows = [("N/A", "00:00:00:00:00:00", "Hikvision", "DS-2CD2143G2-I", floor) for floor in "12"]
    bare = [("", "", *row[2:]) for row in rows]
    named_ids = ids(scan(write_csv(tmp_path / "a.csv", rows, header)))
    assert len(named_ids) == 2
    assert ids(scan(write_csv(tmp_path / "b.csv", rows[::-1], header))) == named_ids
    assert ids(scan(write_csv(tmp_path / "c.csv", bare, header))) != named_ids


def test_equal_lines_are_numbered_and_a_later_line_changes_none(tmp_path: Path) -> None:
    header = ("Date", "Vendor", "Item", "Amount")
    line = ("2026-10-01", "Acme", "Hikvision DS-2CD2143G2-I", "129")
    two = ids(scan(write_csv(tmp_path / "a.csv", [line, line], header)))
    three = ids(scan(write_csv(tmp_path / "b.csv", [line, line, line], header)))
    assert set(two) < set(three)


def test_lines_of_text_and_network_records(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text(
        "Hikvision DS-2CD2143G2-I camera\nAxis camera\nDahua IPC-HFW5442E-ZE camera\n", encoding="utf-8"
    )
    first = ids(scan(text))
    other = tmp_path / "b.txt"
    other.write_text("Dahua IPC-HFW5442E-ZE camera\r\nHikvision DS-2CD2143G2-I camera\r\n", encoding="utf-8")
    assert ids(scan(other)) == first
    nmap = Path(__file__).parent.parent / "readers/fixtures/nmap"
    for path in sorted(nmap.glob("*.xml")):
        again = tmp_path / "again.xml"
        again.write_bytes(path.read_bytes())
        assert [one.id for one in scan(again).findings] == [one.id for one in scan(path).findings]


def test_a_finding_keeps_its_record(tmp_path: Path) -> None:
    header = ("Wen", "Maker", "Model", "Note", "Note", "Empty")
    long = "x" * 3_000
    value = answer(
        write_csv(tmp_path / "a.csv", [("x", "Hikvision", "DS-2CD2143G2-I", "one", long, "")], header)
    )
    (found,) = value["findings"]
    assert [name for name, _ in found["record"]][:4] == ["Wen", "Maker", "Model", "Note"]
    assert found["record"][1] == ["Maker", "Hikvision"] and len(found["record"]) == 5
    assert len(found["record"][4][1]) == 2_000
    assert value["finding_ids"] == 2
    wide = [f"c{number}" for number in range(300)]
    row = ["Hikvision DS-2CD2143G2-I", *wide[1:]]
    one: Finding = scan(write_csv(tmp_path / "b.csv", [row], wide)).findings[0]
    assert len(one.record) == 200 and one.record[-1] == ("…", "101 more cells")


def test_a_mention_keeps_its_record(tmp_path: Path) -> None:
    value = answer(write_csv(tmp_path / "a.csv", [ROWS[5]]))
    assert ["Description", "Wall bracket for Hikvision dome"] in value["mentions"][0]["record"]
