"""Papers are asked to deny what a source says of itself: that it is filtered, one page of many, failed, narrowed or old."""

from __future__ import annotations

import json
import struct
from datetime import date
from pathlib import Path

import pytest
import signed_documents

from proscribe.app.case.cases import open_cases
from proscribe.app.case.document_files import make_document
from proscribe.app.papers.documents import Making
from proscribe.app.scan.api import scan
from proscribe.readers.own_account import day_in

HEAD = "Tag,Site,Category,Maker,Model,Serial\n"
ROWS = "".join(f"A-{number},HQ,Camera,Axis,P3245-LVE,S0000{number}\n" for number in range(12))
RECORDS = [
    {"asset_tag": f"A-{number}", "serial": f"S{number}", "manufacturer": "Axis", "model": "P3245-LVE"}
    for number in range(12)
]
AS_OF = "2026-12-01"


def told(path: Path) -> list[str]:
    """Give what a scan says that its source says of itself."""
    return [
        f"{one.at}: {one.what}"
        for item in scan([path], as_of=AS_OF).scan.inputs
        for one in item.issues
        if one.code == "E552"
    ]


def of_list(folder: Path, above: str = "", below: str = "", *, name: str = "assets.csv") -> list[str]:
    path = folder / name
    path.write_text(
        f"{above}\n\n{HEAD}{ROWS}{below}\n" if above else f"{HEAD}{ROWS}{below}\n", encoding="utf-8"
    )
    return told(path)


@pytest.mark.parametrize("above", [
    "Filter: Category not in (CCTV; Radio); Maker <> HIK*", "Showing 1 to 12 of 412 entries", "IT assets only", "Page 1 of 9", "View: NDAA clean",
    "Export limited to 12 rows", "400 rows removed by security constraints", "cleared by JB before audit", "DRAFT - incomplete", "Seite 1 von 9",
    "Cleaned list", "400 cameras cleaned from the export", "Swap programme first half", "Nur IT-Anlagen", "ohne Videoanlage", "12 von 412 Einträgen", "Page 1 sur 9", "sauf vidéosurveillance", "Solo equipos de TI", "Bez kamer",
    "SELECT * FROM assets WHERE class <> 'CCTV'", "the yard is on Bob's sheet", "不含摄像机", "Total: 412 assets", "1 412 records found", "Fixed assets as at 31 December 2019",
])  # fmt: skip
def test_words_above_a_list_are_read_out(tmp_path: Path, above: str) -> None:
    assert above[:30] in " ".join(of_list(tmp_path, above))


@pytest.mark.parametrize("above", [
    "Asset register", "Fixed asset register as at 30 November 2026", "Page 1 of 1", "Showing 1 to 12 of 12 entries", "Total: 12 assets", "Seite 1 von 1",
    "Anlagenverzeichnis, Stand 30.11.2026", "Inventaire du matériel au 30/11/2026", "资产清单 2026年11月", "Network equipment inventory 2026",
    "Exported from ServiceNow on 2026-11-30", "Printed: 2026-11-30 10:15", "Lista de activos fijos", "Swap programme", "Replacement project 2026",
    "Programm Austausch",
])  # fmt: skip
def test_a_title_of_a_plain_form_passes(tmp_path: Path, above: str) -> None:
    assert of_list(tmp_path, above) == []


@pytest.mark.parametrize(
    "below",
    [
        "Showing 1 to 12 of 412",
        "CCTV: see facilities list",
        "(export failed)",
        "8 more cameras at the gate are not listed here",
    ],
)
def test_words_below_a_list_are_read_out(tmp_path: Path, below: str) -> None:
    assert below in " ".join(of_list(tmp_path, below=below))


@pytest.mark.parametrize(("name", "speaks"), [
    ("assets_without_cctv-part1of3.csv", True), ("assets-excerpt.csv", True), ("Anlagen_ohne_Kameras.csv", True), ("assets-2019-06.csv", True),
    ("assets.csv", False), ("netbox_export_2026-11-30.csv", False), ("parts.csv", False), ("purchases-2026.csv", False),
])  # fmt: skip
def test_the_name_of_a_file_is_weighed(tmp_path: Path, name: str, speaks: bool) -> None:
    assert bool(of_list(tmp_path, name=name)) is speaks


@pytest.mark.parametrize(("around", "speaks"), [
    ({"count": 412, "next": "https://nb.example/?offset=12"}, True), ({"total": 412}, True), ({"@odata.count": 412}, True), ({"hasMore": True}, True),
    ({"totalPages": 9, "page": 1}, True), ({"filter": "category != cctv"}, True), ({"errors": "site Depot timed out"}, True),
    ({"count": 12, "next": None}, False), ({"total": 12}, False), ({"hasMore": False}, False), ({"totalPages": 1}, False), ({"status": "success"}, False),
])  # fmt: skip
def test_totals_and_links_around_records_are_compared_with_what_was_read(
    tmp_path: Path, around: dict[str, object], speaks: bool
) -> None:
    path = tmp_path / "assets.json"
    path.write_text(json.dumps({**around, "results": RECORDS}))
    assert bool(told(path)) is speaks


def test_a_record_that_is_a_message_of_a_failure_is_none(tmp_path: Path) -> None:
    path = tmp_path / "assets.json"
    path.write_text(
        json.dumps({"hq": RECORDS, "depot": [{"error": "403 Forbidden: no access to site Depot"}]})
    )
    assert "403 Forbidden" in " ".join(told(path))
    path.write_text(json.dumps({"hq": [{**one, "error": "none"} for one in RECORDS]}))
    assert told(path) == []


def test_a_mail_that_carries_a_list_is_read(tmp_path: Path) -> None:
    mail = (
        "From: a@b.example\nTo: c@d.example\nSubject: Asset list\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
        "--x\nContent-Type: text/plain\n\n{body}\n--x\nContent-Type: text/csv; name=assets.csv\n"
        f"Content-Disposition: attachment; filename=assets.csv\n\n{HEAD}{ROWS}\n--x--\n"
    )
    path = tmp_path / "list.eml"
    path.write_text(
        mail.format(body="Hi,\n\nattached is the list. The garage is Tom's and nobody asked him.")
    )
    assert "nobody asked him" in " ".join(told(path))
    path.write_text(mail.format(body="Hi,\n\nplease find attached the asset list.\n\nBest regards"))
    assert told(path) == []


@pytest.mark.parametrize(("options", "speaks"), [
    ("--exclude 10.2.0.64/26 10.2.0.0/24", True), ("--excludefile cctv.txt 10.2.0.0/24", True), ("-iL clean-hosts.txt", True), ("-sV 10.2.0.0/24", False),
])  # fmt: skip
def test_options_that_leave_something_out_are_read(tmp_path: Path, options: str, speaks: bool) -> None:
    path = tmp_path / "scan.xml"
    path.write_text(
        f'<?xml version="1.0"?><nmaprun scanner="nmap" args="nmap {options}" version="7.94" xmloutputversion="1.05"><host>'
        '<status state="up"/><address addr="10.2.0.5" addrtype="ipv4"/><address addr="00:40:8C:00:00:01" addrtype="mac" vendor="Axis"/></host>'
        '<runstats><finished time="1795000000" exit="success"/><hosts up="1" down="0" total="1"/></runstats></nmaprun>'
    )
    assert bool(told(path)) is speaks


def test_the_filter_and_the_remarks_of_a_capture_are_read(tmp_path: Path) -> None:
    def option(code: int, value: bytes) -> bytes:
        return struct.pack("<HH", code, len(value)) + value + b"\0" * (-len(value) % 4)

    def block(kind: int, body: bytes) -> bytes:
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

    head = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)
    frame = bytes.fromhex(
        "ffffffffffff00408c0000010806000108000604000100408c0000010a0200050000000000000a020001"
    ).ljust(60, b"\0")
    interface, packet = (
        struct.pack("<HHI", 1, 0, 0),
        struct.pack("<IIIII", 0, 0, 0, len(frame), len(frame)) + frame,
    )
    path = tmp_path / "cap.pcapng"
    path.write_bytes(
        block(0x0A0D0D0A, head + option(1, b"CCTV VLAN left out on purpose") + bytes(4))
        + block(1, interface + option(11, b"\0not net 10.2.9.0/24") + bytes(4)) + block(6, packet)
    )  # fmt: skip
    assert len(told(path)) == 2
    path.write_bytes(block(0x0A0D0D0A, head) + block(1, interface) + block(6, packet))
    assert told(path) == []


def test_days_that_things_were_seen_on_are_weighed(tmp_path: Path) -> None:
    path = tmp_path / "assets.csv"
    for day, speaks in (("2019-06-01", True), ("2026-11-20", False)):
        path.write_text(HEAD.replace("\n", ",Last seen\n") + ROWS.replace("\n", f",{day}\n"))
        assert bool(told(path)) is speaks


@pytest.mark.parametrize(("text", "day"), [
    ("Stand: 31.12.2019", date(2019, 12, 31)), ("État au 5 juin 2024", date(2024, 6, 5)), ("March 2023", date(2023, 3, 31)), ("2021", date(2021, 12, 31)),
    ("12/31/2020", date(2020, 12, 31)), ("2020年5月", date(2020, 5, 31)), ("Room 4711", None), ("C9200L-24P", None),
])  # fmt: skip
def test_days_are_read_as_people_write_them(text: str, day: date | None) -> None:
    assert day_in(text) == day


def test_a_source_that_says_that_it_is_not_whole_is_denied_by_no_author(tmp_path: Path) -> None:
    """Its words are printed, each once for both questions, and words of names that the paper knows are no news."""
    path = tmp_path / "assets.csv"

    def obstacles(above: str) -> list[tuple[str, bool]]:
        path.write_text(f"{above}\n\n{HEAD}{ROWS}")
        content = scan([path], as_of=signed_documents.DAY).to_json().encode()
        store = tmp_path / f"{abs(hash(above))}.db"
        with open_cases(store, create=True, now=lambda: signed_documents.AT) as cases:
            cases.open_from_scan(content, "scan.json", by="Sam Lind", title="Yearly", zone="UTC")
            said = tmp_path / "said.yml"
            said.write_text(signed_documents.SAID)
            making = Making(
                "annual-representation", (said,), as_of=signed_documents.DAY, made_at=signed_documents.AT,
                author="Sam Lind", approver="Kim Berg",
            )  # fmt: skip
            made = make_document(making, cases=cases, case_id="C-0001", formats=("md",))
        return [(one.what, one.overridable) for one in made.paper.obstacles if one.code == "source-says"]

    assert obstacles("Asset register") == obstacles("Asset list of Sam Lind") == []
    for words in ("Showing 1 to 12 of 412 entries", "Garage at Tom's"):
        said = obstacles(words)
        assert said and all(words in what and lifts for what, lifts in said)


MAIL = """From: jo@harlan.example
To: marta@harlan.example
Subject: Invoice 2210
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="BB"

--BB
Content-Type: text/plain; charset=utf-8

{text}

--BB
Content-Type: text/csv; name="list.csv"
Content-Disposition: attachment; filename="list.csv"

Tag,Maker,Model
A1,Axis,P3245-LVE

--BB--
"""


def of_mail(folder: Path, text: str) -> dict[str, str]:
    path = folder / "a.eml"
    path.write_text(MAIL.format(text=text), encoding="utf-8")
    issues = scan([path], as_of=AS_OF).scan.inputs[0].issues
    return {one.code: one.what for one in issues if one.code in ("E140", "E552")}


@pytest.mark.parametrize("row", [
    "> 5   Gate camera cleaned (Axis P1468)         1        $     40.00", ">> 12. Kuppelkamera gereinigt   2 St   80,00", "3\tPatrol tour buttons, Deggy\t12 pc\t180.00",
    "> 2   Radio rental Hytera PD785 (6 pcs)        1 mo     $    240.00",
])  # fmt: skip
def test_rows_of_a_list_in_a_mail_are_read_and_speak_of_no_list(tmp_path: Path, row: str) -> None:
    assert of_mail(tmp_path, f"Hello,\nplease find attached the list.\n{row}") == {}


@pytest.mark.parametrize("line", [
    "> the yard is on Bob's sheet", "> 5   only what IT bought     1     40.00", "4 cameras removed from the list", "the rest follows on Monday",
    "> 3   not listed here: gate recorder      1     0.00",
])  # fmt: skip
def test_a_sentence_on_what_is_left_out_stays_whatever_it_looks_like(tmp_path: Path, line: str) -> None:
    assert line[:20].strip("> ") in of_mail(tmp_path, f"Hello,\n{line}")["E552"]


def bought(months: str, each: int = 4) -> str:
    rows = [
        f"2026-{month}-{day:02},Cisco,CBS350 switch,{day}4.00"
        for month in months.split()
        for day in range(1, each + 1)
    ]
    return "Date,Vendor,Description,Amount USD\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (bought("01 02 03 05 06 07"), "No record has 2026-04 under Date"),
        (bought("01 02 03 04 05 06"), ""),
        (bought("01 02 03 05 06 07", each=2), ""),  # of few rows a month may have none
        (bought("01 04 07 10"), ""),  # bought four times a year
        ("No,Item,Maker\n1/6,Camera,Axis\n2/6,Switch,Cisco\n5/6,Laptop,Dell\n6/6,Printer,Zebra\n", "and 3, 4 of 6 are not among them"),
        ("No,Item,Maker\n1 of 3,Camera,Axis\n3 of 3,Switch,Cisco\n", "and 2 of 3 are not among them"),
        ("No,Item,Maker\n1/3,Camera,Axis\n2/3,Switch,Cisco\n3/3,Laptop,Dell\n", ""),
        ("No,Item,Maker\n1/24,Camera,Axis\n2/24,Switch,Cisco\n", ""),  # ports of a switch
        ("No,Item,Maker\n1/2,Camera,Axis\n1/3,Switch,Cisco\n", ""),
        ("No,Item,Maker\n" + "1/3,Camera,Axis\n" * 400_000 + "none,Switch,Cisco\n", ""),  # read in several parts
        (f"{HEAD}{ROWS}A-12,HQ,Camera,Ax", "ends inside a record: “A-12,HQ,Camera,Ax”"),
        (f"{HEAD}{ROWS}".rstrip("\n"), ""),
        (HEAD + "".join(f"A-{n},HQ,Camera,Axis,P3245-LVE,S{n}\n" for n in range(1000)), "There are 1,000 records"),
        (HEAD + "".join(f"A-{n},HQ,Camera,Axis,P3245-LVE,S{n}\n" for n in range(1001)), ""),
    ],
)  # fmt: skip
def test_records_that_show_by_themselves_that_some_are_missing_are_asked_about(
    tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    found = " ".join(told(path))
    assert (says in found) if says else not found
