"""Which findings become rows of assets."""

from __future__ import annotations

import csv
from pathlib import Path

from click.testing import CliRunner

import proscribe
from proscribe.cli.main import cli

FILES = {
    "inventory.csv": """Asset tag,Description,Manufacturer,Model,Status,Qty,Site,MAC address,Serial number
T1,Dome camera,Hikvision,DS-2CD2143G2-I,in use,1,North,C0:6D:ED:14:02:77,
T2,Dome camera,Hikvision,DS-2CD2143G2-I,scrapped,1,North,C0:6D:ED:14:02:78,
T3,Dome camera,Hikvision,DS-2CD2143G2-I,sold,1,North,C0:6D:ED:14:02:79,
T4,Axis P3245 replaces Hikvision DS-2CD2143G2-I,,,in use,1,North,,
T5,Recorder 2019,Lorex,,in use,2,South,,
T6,Dome camera,Dahua,IPC-HDW2431T,to be replaced,3,South,,6J0A77PAG00123
""",
    "vendor-master.csv": """Vendor no.,Name 1,City,Country,Tax ID
70002,"Hangzhou Hikvision Digital Technology Co., Ltd.",Hangzhou,CN,X1
""",
    "quotes.csv": """Quote no,Valid until,Item,Manufacturer,Model,Unit price,Qty offered
Q1,2026-12-01,Camera,Dahua,IPC-HDW2431T,90,10
""",
    "bom.csv": """Level,Part number,Description,Manufacturer,Qty
0,X-1,Recorder assembly,Own,1
1,X-2,Main board,Own,1
2,HI3516,SoC Hi3516EV300,HiSilicon,1
""",
    "switch.csv": """Port,VLAN,MAC address
1,10,c06d.ed14.0277
2,10,c06d.ed14.0299
""",
}


def templates(place: Path, **files: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    paths = []
    for name, text in {**{f"{name}.csv": text for name, text in files.items()}, **FILES}.items():
        paths.append(place / name)
        paths[-1].write_text(text, encoding="utf-8")
    scan = place / "scan.json"
    scan.write_text(proscribe.scan(paths, as_of="2026-11-25").to_json(), encoding="utf-8")
    done = CliRunner().invoke(
        cli, ["exposure", "templates", str(place / "money"), "--scan", str(scan), "--csv"]
    )
    assert done.exit_code == 0, done.output
    (place / "money" / "scan.json").write_bytes(scan.read_bytes())
    tables = []
    for name in ("assets", "left-out"):
        with (place / "money" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            tables.append(list(csv.DictReader(stream)))
    return tables[0], tables[1]


def test_each_device_is_one_row_that_says_where_it_comes_from(tmp_path: Path) -> None:
    assets, _ = templates(tmp_path)
    places = [(Path(one["File"]).name, one["Record"], one["Tag"], one["Quantity"]) for one in assets]
    assert places == [
        ("inventory.csv", "row 2", "T1", "1"),
        ("inventory.csv", "row 6", "T5", "2"),
        ("inventory.csv", "row 7", "T6", "3"),
        ("switch.csv", "row 3", "", "1"),
    ]
    assert [one["Item"] for one in assets] == [
        "Hikvision DS-2CD2143G2-I", "Lorex Recorder 2019", "Dahua IPC-HDW2431T", "Hikvision c06d.ed14.0299",
    ]  # fmt: skip
    assert "switch.csv, row 2" in assets[0]["To check"]
    assert "or of" in assets[1]["To check"]


def test_of_rows_that_share_a_serial_number_the_one_of_more_pieces_stands(tmp_path: Path) -> None:
    seen = "Asset tag,Manufacturer,Model,Status,Qty,Site,Serial number\nP1,Dahua,IPC-HDW2431T,in use,1,South,6J0A77PAG00123\n"
    assets, left = templates(tmp_path, seen=seen)
    (kept,) = [one for one in assets if "HDW2431T" in one["Item"]]
    assert (Path(kept["File"]).name, kept["Quantity"]) == ("inventory.csv", "3")
    assert ("seen.csv", "row 2") in {(Path(one["File"]).name, one["Record"]) for one in left}


def test_what_is_no_thing_to_replace_is_named_with_the_reason(tmp_path: Path) -> None:
    _, left = templates(tmp_path)
    why = {(Path(one["File"]).name, one["Record"]): one["Why it is no row of assets"] for one in left}
    assert all("gone or replaced" in why["inventory.csv", f"row {row}"] for row in (3, 4, 5))
    assert "vendors" in why["vendor-master.csv", "row 2"]
    assert "--kind" in why["quotes.csv", "row 2"]
    assert "parts" in why["bom.csv", "record 1"] and "parts" in why["bom.csv", "row 4"]
    assert "same device" in why["switch.csv", "row 2"]
    assert "same record" in why["inventory.csv", "row 6"]


def test_an_exposure_counts_no_thing_that_was_left_out_and_says_so(tmp_path: Path) -> None:
    templates(tmp_path)
    made = CliRunner().invoke(cli, ["exposure", str(tmp_path / "money"), "--currency", "USD"]).output
    assert "not counted as things: the table lists vendors" in made
    assert (
        "1 findings stand in no row of assets; they count" in made
    )  # the quote: nobody said what its table lists
