"""What inputs cannot show is counted by site and kind, the same however the input is cut."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import proscribe
from proscribe.app.scan import blind_spots
from proscribe.app.scan.blind_spots import Tallies, count_batch, joined, of_input
from proscribe.matching.index import Index
from proscribe.model.observations import BlindSpot, Table
from proscribe.readers.base import Batch

DAY = "2026-11-25"
HOSTS = Table(
    None, ("ip", "mac", "site"), {"ip": "ip", "mac": "mac", "site": "site"}, source_kind="network_scan"
)


def batch(rows: list[tuple[str | None, str | None, str | None]]) -> pa.RecordBatch:
    columns = [pa.array([row[place] or None for row in rows], pa.string()) for place in range(3)]
    return pa.RecordBatch.from_arrays(columns, names=["ip", "mac", "site"])


def spots(
    index: Index, rows: list[tuple[str | None, str | None, str | None]], cuts: list[int] | None = None
) -> list[BlindSpot]:
    parts: list[Tallies] = []
    ends = sorted({*(cuts or []), len(rows)})
    start = 0
    for end in ends:
        if start < end <= len(rows):
            parts.append({})
            count_batch(Batch(0, start + 1, batch(rows[start:end])), HOSTS, parts[-1], index)
            start = end
    return of_input(parts, [], "scan.csv")


def test_hosts_without_mac_by_site_and_the_segment_behind_the_router(index: Index) -> None:
    made = spots(
        index,
        [
            ("10.0.1.1", "c0:6d:ed:14:02:77", "Leeds"), ("10.0.1.2", None, "Leeds"), ("10.0.2.1", None, "Leeds"),
            ("10.0.2.2", None, "Leeds"), ("10.9.1.1", "c0:6d:ed:14:02:78", "Kiel"), ("2001:db8:0:1::5", None, None),
        ]
    )  # fmt: skip
    found = {(spot.kind, spot.site): (spot.count, spot.of, spot.examples) for spot in made}
    assert found["hosts_without_mac", "Leeds"] == (
        3,
        4,
        ("scan.csv, record 2", "scan.csv, record 3", "scan.csv, record 4"),
    )
    assert ("hosts_without_mac", "Kiel") not in found, "nothing is missing there"
    assert found["routed_segment", "Leeds"] == (2, 4, ("10.0.2.0/24",))
    assert found["routed_segment", ""][2] == ("2001:0db8:0000:0001::/64",)


def test_a_scan_without_any_mac_says_so_once(index: Index) -> None:
    made = spots(index, [("10.0.1.1", None, None), ("10.0.2.1", None, None)])
    assert [spot.kind for spot in made] == ["hosts_without_mac"]


_ROW = st.tuples(
    st.sampled_from(["10.0.1.1", "10.0.2.9", "", "::1", "nonsense"]), st.sampled_from(["", "c0:6d:ed:14:02:77"]), st.sampled_from(["", "Leeds", "Kiel "])
)  # fmt: skip


@settings(max_examples=80)
@given(st.lists(_ROW, min_size=1, max_size=30), st.lists(st.integers(1, 29), max_size=4))
def test_cutting_an_input_changes_no_count(
    index: Index, rows: list[tuple[str, str, str]], cuts: list[int]
) -> None:
    plain = spots(index, list(rows))
    assert spots(index, list(rows), cuts) == plain
    assert sum(spot.count for spot in plain if spot.kind == "hosts_without_mac") == sum(
        not mac for _, mac, _ in rows
    )


def test_the_readers_own_word_stands(index: Index) -> None:
    said = BlindSpot("hosts_without_mac", 1, 2, "the reader's words")
    part: Tallies = {}
    count_batch(Batch(0, 1, batch([("10.0.1.1", None, None)])), HOSTS, part, index)
    assert of_input([part], [said], "scan.xml") == [said]


def test_very_many_sites_do_not_drown_the_report() -> None:
    made = joined(BlindSpot("k", place + 1, 100, "w", f"room {place}") for place in range(100))
    assert len(made) == blind_spots._MOST_SITES + 1
    assert sum(spot.count for spot in made) == 5050
    assert [spot.site for spot in made if "other" in spot.site] == ["70 other sites"]


@pytest.fixture
def scan(tmp_path: Path) -> Any:
    bom = tmp_path / "bom.csv"
    bom.write_text("Level,Part Number,Description,Manufacturer\n0,A-1,Board,Lumen\n1,Hi3518EV300,SoC,\n")
    return proscribe.scan(bom, as_of=DAY)


def test_every_report_has_the_section(scan: Any, tmp_path: Path) -> None:
    from proscribe.model.scan_writing import scan_text
    from proscribe.readers import open_source
    from proscribe.reports.scan import write

    words = "without a manufacturer"
    for name in ("table", "json", "jsonl", "html", "md", "sarif"):
        path = tmp_path / f"out.{name}"
        write(scan.scan, name, path)
        text = " ".join(path.read_text(encoding="utf-8").split())
        assert words in text, name
    assert '"blind_spots"' in scan_text(scan.scan)
    book = tmp_path / "out.xlsx"
    write(
        scan.scan,
        "xlsx",
        book,
        sources=list(scan.sources),
        open_reading=lambda source: open_source(source, scan.options),
    )
    import openpyxl

    cells = [
        str(cell) for sheet in openpyxl.load_workbook(book) for row in sheet.values for cell in row if cell
    ]
    assert any(words in cell for cell in cells)


LISTED = """Asset no,Description,Manufacturer,Model,Serial no,Site
A1,IP camera gate 3,unknown,,SN1,SAV
A2,CCTV DVR 16 ch,,,SN2,SAV
A3,網路攝影機 大門,,,SN3,KHH
A0,Cámara exterior,,,SN0,KHH
A4,Dome camera 4,Axis,,SN4,SAV
A5,Camera P3245-LVE quay,,,SN5,SAV
A6,Camera bracket,,,SN6,SAV
A7,Office chair,,,SN7,SAV
A8,Handheld radio,n/a,XPR 7550,SN8,SAV
A9,Hikvision camera,,,SN9,SAV
"""


def test_listed_things_of_which_nothing_tells_the_maker_are_a_blind_spot_of_own_lists_alone(
    tmp_path: Path,
) -> None:
    file = tmp_path / "assets.csv"
    file.write_text(LISTED, encoding="utf-8")

    def untold(**told: str) -> dict[str, tuple[int, int]]:
        scan = proscribe.scan(file, as_of=DAY, kinds=told).scan
        return {
            spot.site: (spot.count, spot.of) for spot in scan.blind_spots if spot.kind == "maker_not_told"
        }

    assert untold() == untold(**{"assets.csv": "equipment"}) == {"SAV": (2, 7), "KHH": (2, 2)}
    assert untold(**{"assets.csv": "offered"}) == untold(), "what somebody states hides nothing"
    paid = "Invoice no,Date,Vendor,Description,Amount\n17,2024-01-02,Bay Shop Ltd,IP camera gate 3,120.00\n"
    file.write_text(paid, encoding="utf-8")
    assert not untold(), "a line of an invoice may be a service"


@pytest.mark.parametrize(
    "rows",
    ["Camera,Axis\n{},{}\n", "Tag,Description,Maker,Model,Qty\n1,Camera,Axis,P1468,1\n2,{},{},,12\n"],
)
@pytest.mark.parametrize(
    ("thing", "maker"),
    [
        ("Dome camera 4MP car park", "unknown"),
        ("16 channel recorder", "label scraped off"),
        ("Camera", "see tab 3"),
    ],
)
def test_they_are_one_of_a_list_that_may_be_of_anything_too(
    tmp_path: Path, rows: str, thing: str, maker: str
) -> None:
    head = "" if rows.startswith("Tag") else "What,Maker\n"
    file = tmp_path / "list.csv"
    file.write_text(head + rows.format(thing, maker), encoding="utf-8")
    scan = proscribe.scan(file, as_of=DAY).scan
    assert scan.inputs[0].tables[0].kind == "uncertain"
    assert [spot.count for spot in scan.blind_spots if spot.kind == "maker_not_told"] == [1]


def untold_of(folder: Path, name: str, text: str) -> int:
    (folder / name).write_text(text, encoding="utf-8")
    scan = proscribe.scan(folder / name, as_of=DAY).scan
    return sum(spot.count for spot in scan.blind_spots if spot.kind == "maker_not_told")


@pytest.mark.parametrize(
    ("maker", "model", "untold"),
    [
        ("made in Hangzhou", "label unreadable", True), ("", "unknown", True), ("not known", "?", True), ("illegible", "n/a", True),
        ("ask Tom", "-", True), ("unbekannt", "Typenschild fehlt", True), ("fabriqué en Chine", "étiquette illisible", True),
        ("desconocido", "etiqueta ilegible", True), ("не указан", "нечитаемо", True), ("不详", "看不清", True), ("China", "camera", True),
        ("cannot be read", "s/n only", True), ("no se ve", "sin datos", True), ("не видно", "нет данных", True), ("axis communications", "", False),
        ("Axis", "unknown", False), ("", "P3245", False), ("", "Meraki", False), ("unknown", "Spotlight Cam", False),
        ("", "4MP", True), ("unknown", "1080p / 30fps", True), ("generic", "16-CH", True), ("", "H.265", True), ("", "8 port PoE", True),
        ("", "5 Мп", True), ("", "IP66, IK10", True), ("state firm", "room 12", True), ("", "Q1656 4MP", False), ("", "2N", False),
        ("", "TL-SG108 8 port", False), ("Axis", "4MP", False),
    ],
)  # fmt: skip
def test_words_for_what_is_not_known_tell_no_maker_and_no_model(
    tmp_path: Path, maker: str, model: str, untold: bool
) -> None:
    rows = f"A1,Dome camera lobby,{maker},{model},SN1,Gate\nA2,Laptop,Lenovo,ThinkPad T14,SN2,Gate\n"
    head = "Asset tag,Description,Manufacturer,Model,Serial number,Site\n"
    assert untold_of(tmp_path, "assets.csv", head + rows) == untold


def asked_of(folder: Path, rows: str) -> list[str]:
    """Give the names in the column of makers, or of models, that are asked about."""
    file = folder / "assets.csv"
    head = "Asset tag,Description,Manufacturer,Model,Serial number,Site\n"
    file.write_text(f"{head}{rows}Z1,Laptop,Lenovo,ThinkPad T14,SN2,Gate\n", encoding="utf-8")
    spots = proscribe.scan(file, as_of=DAY).scan.blind_spots
    return [spot.what.split("'")[1] for spot in spots if spot.kind == "maker_not_known"]


@pytest.mark.parametrize(
    "said",
    [
        "House brand", "GFE", "redacted", "Section 889", "Installer", "ADI", "yes", "versch.", "Harrow HQ", "192.168.1.20",
        "active", "Hausmeister", "Rexel", "prêté", "自有品牌", "ProSecurity Ltd",
    ],
)  # fmt: skip
def test_a_name_that_nobody_knows_tells_no_maker_and_is_asked_about_once(tmp_path: Path, said: str) -> None:
    rows = "".join(f"A{number},Dome camera {number},{said},,S{number},Gate\n" for number in range(1, 8))
    assert asked_of(tmp_path, rows) == [said]
    assert asked_of(tmp_path, rows.replace(",,", ",P3245-LVE,")) == [], "a number of a maker tells"
    assert asked_of(tmp_path, rows.replace("Dome camera", "Desk lamp")) == [], "no law is about such things"


@pytest.mark.parametrize(
    "said", ["Active", "Compact", "Falcon", "Guardian", "Genius", "Quantum", "Vista", "Basic"]
)
def test_an_ordinary_word_that_is_also_a_registered_name_tells_no_maker(tmp_path: Path, said: str) -> None:
    assert asked_of(tmp_path, f"A1,Dome camera lobby,{said},,SN1,Gate\n") == [said]
    assert asked_of(tmp_path, f"A1,Dome camera lobby,{said} Dahua,,SN1,Gate\n") == []


@pytest.mark.parametrize(
    "maker",
    [
        "Siqura", "Dallmeier", "Teltonika", "Zyxel", "CP Plus", "axis", "Geutebrück", "March Networks", "Apple", "Ring", "Ruckus",
        "Buffalo", "Intel",
    ],
)  # fmt: skip
def test_makers_that_the_knowledge_or_the_registry_knows_are_not_asked_about(
    tmp_path: Path, maker: str
) -> None:
    assert asked_of(tmp_path, f"A1,Dome camera lobby,{maker},,SN1,Gate\n") == []


@pytest.mark.parametrize(
    "maker",
    [
        "not Axis", "was Axis, now other", "Axis (label only)", "Axis housing, other inside", "Axis (8), unknown (4)", "Axis and others",
        "Hanwha & Chinese", "Axis?", "Axis etc.", "Axis (8 of 12)", "Axis look-alike", "OEM for Axis", "ex-Axis", "Cisco & co", "kein Axis",
        "Axis et autres", "per invoice Axis", "Axis 4x, rest n/k", "no Hikvision", "Honeywell (label only)",
    ],
)  # fmt: skip
def test_what_is_said_beside_a_makers_name_may_take_it_back(tmp_path: Path, maker: str) -> None:
    rows = f'A1,Dome camera lobby,"{maker}",4MP dome,SN1,Gate\n'
    head = "Asset tag,Description,Manufacturer,Model,Serial number,Site\n"
    assert asked_of(tmp_path, rows) or untold_of(tmp_path, "listed.csv", head + rows) == 1


@pytest.mark.parametrize(
    "maker",
    [
        "AXIS Communications, Inc.", "Hanwha Vision (formerly Samsung Techwin)", "Bosch Security Systems", "Motorola / Avigilon",
        "Ubiquiti UniFi", "Panasonic i-PRO", "Axis P3245", "Axis (Sweden)", "made by Axis", "Rohde & Schwarz GmbH & Co. KG", "Axis 4MP",
        "Hikvision (label only)",
    ],
)  # fmt: skip
def test_plain_words_beside_a_makers_name_take_nothing_back(tmp_path: Path, maker: str) -> None:
    rows = f'A1,Dome camera lobby,"{maker}",4MP dome,SN1,Gate\n'
    head = "Asset tag,Description,Manufacturer,Model,Serial number,Site\n"
    assert asked_of(tmp_path, rows) == []
    assert untold_of(tmp_path, "listed.csv", head + rows) == 0


@pytest.mark.parametrize(
    ("model", "untold"),
    [
        ("IPC", True), ("NVR16", True), ("dome-1", True), ("CAM007", True), ("Type 1", True), ("12", True), ("2019", True),
        ("2021-05-01", True), ("10.1.2.3", True), ("AP 3", True), ("4K dome", True), ("NVR301-04X", False), ("R7", False),
        ("A10", False), ("3245", False), ("V380", False), ("Pulse 3", False),
    ],
)  # fmt: skip
def test_a_model_that_only_repeats_the_kind_tells_no_model(tmp_path: Path, model: str, untold: bool) -> None:
    head = "Asset tag,Description,Manufacturer,Model,Serial number,Site\n"
    rows = f"A1,Dome camera lobby,,{model},SN1,Gate\nA2,Laptop,Lenovo,ThinkPad T14,SN2,Gate\n"
    assert untold_of(tmp_path, "assets.csv", head + rows) == untold


def test_very_many_names_that_nobody_knows_are_counted_together_behind_the_first(tmp_path: Path) -> None:
    rows = "".join(
        f"A{number},Dome camera,Qwx{chr(97 + number // 26)}{chr(97 + number % 26)}zu,,S{number},Gate\n"
        for number in range(60)
    )
    file = tmp_path / "assets.csv"
    file.write_text(f"Asset tag,Description,Manufacturer,Model,Serial number,Site\n{rows}", encoding="utf-8")
    spots = [
        spot for spot in proscribe.scan(file, as_of=DAY).scan.blind_spots if spot.kind == "maker_not_known"
    ]
    assert len(spots) == 31
    assert sum(spot.count for spot in spots) == 60


@pytest.mark.parametrize(
    ("what", "untold"),
    [
        ("Überwachungskamera Tor", True), ("Access point gate", True), ("Videokamera Pforte", True), ("Turnstile terminal", True),
        ("Point d'accès wifi", True), ("Видеорегистратор 16", True), ("Babycam Kita", True), ("Office chair", False),
        ("Tisch", False), ("Firewall", True), ("File server 2", True), ("NB-IoT module", True), ("Wechselrichter 3", True),
        ("Smart lock", True), ("网络服务器", True), ("Межсетевой экран", True), ("Pare-feu", True), ("Battery storage", True), ("Server room", False),
        ("Firewall rule", False), ("Licence for server", False), ("Bracket for inverter", False), ("Lock washer", False),
    ],
)  # fmt: skip
def test_things_are_told_by_the_words_of_every_language(tmp_path: Path, what: str, untold: bool) -> None:
    head = "Asset tag,Description,Manufacturer,Model,Serial number,Site\n"
    assert (
        untold_of(tmp_path, "assets.csv", f"{head}A1,{what},,,SN1,Gate\nA2,Desk,Ikea,Bekant,SN2,Gate\n")
        == untold
    )


@pytest.mark.parametrize(
    ("text", "untold"),
    [
        ("Maker,Cameras\nAxis,120\nOther,35\n", 1), ("Cameras by maker,Count\nAxis,120\nOther,35\n", 1),
        ("Site,No. of cameras,Make\nHull,12,unknown\nYork,0,unknown\nBath,3,Axis\n", 1), ("Hersteller,Anzahl Kameras\nSonstige,35\nAxis,12\n", 1),
        ("Maker,Desks\nIkea,120\nOther,35\n", 0), ("Maker,Camera budget EUR\nAxis,120\nOther,35\n", 0),
    ],
)  # fmt: skip
def test_things_are_told_by_the_head_of_a_column_too(tmp_path: Path, text: str, untold: int) -> None:
    assert untold_of(tmp_path, "assets.csv", text) == untold


@pytest.mark.parametrize(
    ("what", "untold"),
    [
        ("unidentified white box on the roof", True), ("device without label in rack 3", True), ("black box from installer", True),
        ("unknown device 10.1.1.77", True), ("MDVR", True), ("ANPR unit", True), ("VSaaS node", True), ("Femtocell", True), ("Small cell", True),
        ("DAS head-end", True), ("License plate reader", True), ("box of used phones", True), ("drone-in-a-box", True), ("ANPR camera bracket", False),
        ("unbekanntes Gerät im Keller", True), ("boîtier sans étiquette", True), ("caja negra del instalador", True),
        ("无标签设备", True), ("little box under the desk, nobody knows", True),
        ("Tool box", False), ("Box of pens", False), ("Label printer ribbon", False), ("Camera box", False), ("cash box, no key", False),
        ("Fuel cell", False), ("Kitchen appliance", False), ("Heating unit basement", False), ("small cupboard", False),
    ],
)  # fmt: skip
def test_things_of_which_nobody_says_what_they_are_are_asked_about(
    tmp_path: Path, what: str, untold: bool
) -> None:
    rows = f'Tag,Description,Location,Serial\nT-0,"{what}",Gate,ZX00000000\nA-1,Desk Bekant,Lobby,S2\n'
    assert untold_of(tmp_path, "assets.csv", rows) == untold


def test_purchases_of_which_no_column_tells_a_maker_are_asked_of_too(tmp_path: Path) -> None:
    head = "PO number,Item text,Quantity,Amount USD,Posting date\n"
    rows = (
        "4711,Dome cameras lobby,12,2400.00,2026-03-01\n4712,Two-way radios with chargers,6,900.00,2026-03-02\n"
        "4713,Camera bag,1,20.00,2026-03-02\n4714,Paper,9,20.00,2026-03-02\n"
    )
    assert untold_of(tmp_path, "purchases.csv", head + rows) == 2


@pytest.mark.parametrize(
    ("kind", "lacking"), [("uncertain", 2), ("equipment", 2), ("other", 0), ("vendors", 0), ("purchases", 0)]
)
def test_what_a_list_is_said_to_be_after_it_was_read_decides_what_it_lacks(
    index: Index, kind: str, lacking: int
) -> None:
    read = Table(None, ("building", "use"), {"building": "site", "use": "other"})
    rows = pa.RecordBatch.from_arrays(
        [pa.array(["Whitfield Hall", "Tower"]), pa.array(["classrooms", "hospital"])],
        names=["building", "use"],
    )
    tallies: Tallies = {}
    count_batch(Batch(0, 1, rows), read, tallies, index)
    made = of_input([tallies], [], "buildings.csv", [replace(read, kind=kind)])
    assert sum(spot.count for spot in made if spot.kind == "listed_without_key") == lacking
