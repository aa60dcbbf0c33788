"""`proscribe plates todo`: which plates to photograph, and what the pictures that come back show."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from .conftest import Run

LIST = """Asset tag,Make,Model,Serial number,MAC address,Site
T-1,Axis,P3245-LV,F12345678,,Lobby
T-2,Axis,P3245-LV,ACCC8E000001,,Yard
T-3,,,,,Yard
T-4,Zynotech,ZN-200,Z0099112,,Yard
T-5,Lorex,LNR6100,,,Attic
T-6,,Dome camera,S7734120,,Attic
"""
HIKVISION = ("HIKVISION", "Model: DS-2CD2143G2-IS", "S/N: {}", "DC12V 7W PoE", "MADE IN CHINA")
AXIS = ("AXIS COMMUNICATIONS", "Model: P3245-LV", "S/N: {}", "PoE 48V 12W", "Made in Thailand")


def picture(
    path: Path, lines: tuple[str, ...] = (), serial: str = "", code: str = "", words: str = ""
) -> None:
    """Draw a wall with a plate, a printed code, or the code in letters; larger pictures take longer, and say no more."""
    wall = Image.new("RGB", (800 if code or words else 430, 370), (130, 130, 130))
    draw, font = ImageDraw.Draw(wall), ImageFont.load_default(size=18)
    if lines:
        draw.rectangle((40, 40, 410, 55 + 31 * len(lines)), fill="white")
    for row, line in enumerate(lines):
        draw.text((60, 55 + row * 31), line.format(serial), fill="black", font=font)
    if code:
        black = np.asarray(zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode).to_image())
        wall.paste(
            Image.fromarray(black).convert("RGB").resize((120, 120), Image.Resampling.NEAREST), (550, 60)
        )
    if words:
        draw.rectangle((520, 250, 780, 300), fill="white")
        draw.text((535, 265), words, fill="black", font=font)
    wall.save(path)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "assets.csv").write_text(LIST)
    return folder


def listed(run: Run, *paths: str | Path, code: int = 0) -> dict[str, Any]:
    """Make the list; give its items by name, and the list under an empty one."""
    answer = run("plates", "todo", *paths, "-o", "json", "--quiet")
    assert answer.code == code, answer.err
    made = answer.json()
    assert made["schema"] == "proscribe.plates-todo/1"
    return {item["name"]: item for item in made["items"]} | {"": made}


def test_what_a_plate_would_settle_is_listed_by_site_and_says_why(run: Run, site: Path) -> None:
    made = listed(run, site)
    assert [one["name"] for one in made[""]["items"]] == ["T-5", "T-6", "T-3", "T-4"]
    assert {name: one["reasons"] for name, one in made.items() if name} == {
        "T-3": ["no_maker"], "T-4": ["unknown_maker"], "T-5": ["undetermined"], "T-6": ["no_maker"],
    }  # fmt: skip
    assert {one["state"] for one in made[""]["items"]} == {"missing"}
    assert "Zynotech" in made["T-4"]["why"]
    assert ["Serial number", "Z0099112"] in made["T-4"]["look_for"]


def test_codes_stay_the_same_however_the_lists_come(run: Run, site: Path, tmp_path: Path) -> None:
    before = {name: one["code"] for name, one in listed(run, site).items() if name}
    head, *rows = LIST.splitlines()
    other = tmp_path / "other.csv"
    other.write_text("\n".join([head, *reversed(rows)]) + "\n")
    picture(tmp_path / "p.jpg", HIKVISION, "S7734120")
    after = {name: one["code"] for name, one in listed(run, other, tmp_path / "p.jpg").items() if name}
    assert before.items() <= after.items()
    assert all(
        re.fullmatch(r"PL-[3479ACDEFHJKMNPRTUVWXY]{5}-[3479ACDEFHJKMNPRTUVWXY]{5}", one)
        for one in before.values()
    )


def test_pictures_come_back_by_key_by_code_in_letters_and_by_name(run: Run, site: Path) -> None:
    codes = {name: one["code"] for name, one in listed(run, site).items() if name}
    picture(site / "a.jpg", HIKVISION, "S7734120")
    picture(site / "b.jpg", HIKVISION, "G55512345", code=codes["T-3"])
    picture(site / f"{codes['T-5'].lower().replace('-', '_')} attic.jpg", AXIS, "ACCC8E112233")
    picture(site / "d.jpg", words=codes["T-4"])
    table = site.parent / "open.txt"
    made = listed(run, site, "--check", "-o", f"table={table}", code=1)
    assert "take it again" in table.read_text()
    assert (made["T-6"]["state"], made["T-6"]["pictures"][0]["matched_by"]) == ("done", ["serial"])
    assert (made["T-3"]["state"], made["T-3"]["pictures"][0]["matched_by"]) == ("done", ["code"])
    assert any("Hikvision" in name for name in made["T-3"]["pictures"][0]["makers"])
    assert (made["T-4"]["state"], made["T-4"]["pictures"][0]["place"]) == ("unreadable", "")
    assert made["T-5"]["state"] == "contradicts" and made["T-5"]["pictures"][0]["matched_by"] == ["file_name"]
    assert any("maker" in one for one in made["T-5"]["pictures"][0]["differs"])
    assert made[""]["counts"] == {
        "missing": 0, "unreadable": 1, "names_no_maker": 0, "some": 0, "contradicts": 1, "done": 2,
    }  # fmt: skip


def test_a_plate_against_a_record_that_needed_none_is_listed(run: Run, site: Path) -> None:
    picture(site / "lobby.jpg", HIKVISION, "F12345678")
    one = listed(run, site)["T-1"]
    assert one["state"] == "contradicts" and any(
        "Hikvision" in text for text in one["pictures"][0]["differs"]
    )


def test_a_code_that_does_not_tell_of_which_plate_it_speaks_ties_nothing(run: Run, site: Path) -> None:
    codes = {name: one["code"] for name, one in listed(run, site).items() if name}
    picture(site / "two.jpg", HIKVISION, "G55512345", code=codes["T-3"], words=codes["T-4"])
    made = listed(run, site)
    for name in ("T-3", "T-4"):
        assert made[name]["state"] == "unreadable"
        assert "more than one code" in made[name]["pictures"][0]["differs"][0]
    assert "fit no device" in " ".join(made[""]["notes"])


def test_a_plate_that_names_no_maker_settles_nothing(run: Run, site: Path) -> None:
    codes = {name: one["code"] for name, one in listed(run, site).items() if name}
    picture(
        site / "a.jpg",
        ("ASSET TAG North School", "Model: GateCam 4", "S/N: {}", "Installed 12V 2023"),
        "S7734120",
    )
    picture(site / "b.jpg", ("Model: ZN-200", "S/N: {}", "12V 1A", "CE"), "Z0099112")
    picture(site / f"{codes['T-5']}.jpg", ("S/N: L55512345", "12V 1A", "Made in China"))
    picture(site / f"{codes['T-3']}.jpg", ("MAC: C0:56:E3:1A:2B:3C", "12V 1A", "Made in China"))
    table, still_open = site.parent / "open.txt", site.parent / "open.yml"
    more = ("--check", "-o", f"table={table}", "-o", f"yml={still_open}")
    made = listed(run, site, *more, code=3)  # of two plates neither model nor maker was read
    for name in ("T-6", "T-4", "T-5", "T-3"):
        assert made[name]["state"] == "names_no_maker" and made[name]["pictures"][0]["place"], name
        assert not made[name]["pictures"][0]["names_maker"]
    assert "photograph the maker's plate" in table.read_text()
    assert "T-6 (PL-" in still_open.read_text()
    picture(site / "c.jpg", HIKVISION, "S7734120")
    assert listed(run, site, code=3)["T-6"]["state"] == "done"


def test_the_printed_card_is_no_plate(run: Run, site: Path) -> None:
    code = listed(run, site)["T-6"]["code"]
    card = (code, "T-6 Attic", "Labelled as: Dome camera", "Serial number: {}", "12V")
    picture(site / "card.jpg", card, "S7734120")
    made = listed(run, site)
    assert made["T-6"]["state"] == "unreadable" and "fit no device" not in " ".join(made[""]["notes"])
    picture(site / "beside.jpg", (*card, "HIKVISION", "Model: DS-2CD2143G2-IS"), "S7734120")
    assert listed(run, site)["T-6"]["state"] == "done"


def test_a_slip_in_a_code_is_no_code(run: Run, site: Path) -> None:
    code = listed(run, site)["T-3"]["code"]
    wrong = code[:-1] + ("A" if code[-1] != "A" else "C")
    picture(site / "x.jpg", HIKVISION, "G55512345", words=wrong)
    made = listed(run, site)
    assert made["T-3"]["state"] == "missing" and "fit no device" in " ".join(made[""]["notes"])


def test_the_page_prints_a_code_that_can_be_read(run: Run, site: Path, tmp_path: Path) -> None:
    assert run("plates", "todo", site, "-o", f"html={tmp_path / 'w.html'}", "--quiet").code == 0
    page = (tmp_path / "w.html").read_text()
    code = listed(run, site)["T-3"]["code"]
    drawn = page[: page.index(f'aria-label="QR code {code}"')].rpartition("<svg")[2]
    side = int(re.findall(r'viewBox="0 0 (\d+) ', drawn)[0])
    path = page.partition(f'aria-label="QR code {code}"')[2].partition("</svg>")[0]
    image = np.full((side, side), 255, np.uint8)
    for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1", path):
        image[int(y), int(x) : int(x) + int(wide)] = 0
    (found,) = zxingcpp.read_barcodes(np.kron(image, np.ones((6, 6), np.uint8)))
    assert found.text == code
    assert "Names no maker" in page and "names_no_maker" not in page
    assert "<script" not in page and "http" not in re.sub(r"http-equiv", "", page.partition("</style>")[2])


def test_lines_are_safe_in_a_spreadsheet(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('Asset tag,Make,Model,Site\n=cmd|x,,,"<b>Yard"\n')
    answer = run("plates", "todo", tmp_path / "a.csv", "-o", "csv", "--quiet")
    (row,) = csv.DictReader(io.StringIO(answer.out))
    assert row["name"].startswith("'=") and row["state"] == "missing"
    run("plates", "todo", tmp_path / "a.csv", "-o", f"html={tmp_path / 'a.html'}", "--quiet")
    assert "<b>Yard" not in (tmp_path / "a.html").read_text()


def test_what_is_missing_stands_in_the_record_of_an_inquiry(run: Run, site: Path, tmp_path: Path) -> None:
    code = listed(run, site)["T-3"]["code"]
    picture(site / "b.jpg", HIKVISION, "G55512345", code=code)
    assert run("plates", "todo", site, "-o", f"yml={tmp_path / 'open.yml'}", "--quiet").code == 0
    (tmp_path / "company.yml").write_text("organisation: {name: Ridge Electric LLC, uei: RDGEX7KL2M94}\n")
    (tmp_path / "own.yml").write_text(
        "inquiry:\n  not_searched:\n    - {name: Home offices, why: nobody was there}\n"
    )
    answer = run(
        "document", "make", "inquiry-record", "--with", tmp_path / "company.yml", "--with", tmp_path / "own.yml",
        "--with", tmp_path / "open.yml", "--by", "B. Lind", "--as-of", "2026-11-25", "-o", f"json={tmp_path / 'r.json'}",
    )  # fmt: skip
    assert answer.code == 0, answer.err + answer.out
    told = (tmp_path / "r.json").read_text()
    assert "Home offices" in told and "Type plates at Yard" in told and "Type plates at Attic" in told
    assert "T-4 (PL-" in told and "T-3 (PL-" not in told


def test_a_list_that_is_named_as_output_and_an_unknown_format_are_refused(run: Run, site: Path) -> None:
    over = run("plates", "todo", site, "-o", f"csv={site / 'assets.csv'}")
    assert over.code == 2 and "E191" in over.err
    assert (site / "assets.csv").read_text() == LIST
    unknown = run("plates", "todo", site, "-o", "pdf")
    assert unknown.code == 2 and "E152" in unknown.err
    assert run("plates", "todo", site / "none.csv", "--quiet").code == 3


def test_confirmed_devices_are_listed_on_demand(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "Asset tag,Make,Model,MAC address\nT-1,Hikvision,DS-2CD2143G2-I,C0:56:E3:1A:2B:3C\n"
    )
    assert not listed(run, tmp_path / "a.csv")[""]["items"]
    answer = run("plates", "todo", tmp_path / "a.csv", "--confirmed", "-o", "json", "--quiet")
    (item,) = answer.json()["items"]
    assert item["reasons"] == ["confirmed"] and "Hikvision" in item["why"]


COUNTED = """Asset tag,Description,Make,Model,Serial number,MAC address,Qty,Site
Q-1,IP camera,,,,C0:56:E3:1A:2B:3C,2,HQ
Q-2,wall bracket for Hikvision camera,generic,DS-1273ZJ-140,,,12,HQ
Q-3,IP camera,,,B8O56A0123,,1,HQ
TOTAL,,,,,,15,
"""


def test_one_plate_settles_one_unit_and_sums_and_brackets_bear_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "assets.csv").write_text(COUNTED)
    made = listed(run, tmp_path)
    assert {name: one["units"] for name, one in made.items() if name} == {"Q-1": 2, "Q-3": 1}
    picture(tmp_path / "a.jpg", (*HIKVISION, "MAC: C0:56:E3:1A:2B:3C"), "F12345678")
    one = listed(run, tmp_path)["Q-1"]
    assert one["state"] == "some" and one["pictures"][0]["names_maker"]
    picture(
        tmp_path / f"{one['code']}.jpg", (*HIKVISION, "MAC: C0:56:E3:1A:2B:3C"), "F12345678"
    )  # the same one again
    assert listed(run, tmp_path)["Q-1"]["state"] == "some"


def test_letters_that_look_alike_are_looked_at_by_a_person(run: Run, tmp_path: Path) -> None:
    (tmp_path / "assets.csv").write_text(COUNTED)
    picture(tmp_path / "a.jpg", HIKVISION, "88O56A0123")
    one = listed(run, tmp_path)["Q-3"]
    assert one["state"] == "contradicts" and "look alike" in one["pictures"][0]["differs"][0]
    rows = COUNTED.replace("B8O56A0123,,1", "B8O56A0123,C0:56:E3:1A:2B:3D,1")
    (tmp_path / "assets.csv").write_text(rows)
    picture(tmp_path / "a.jpg", (*HIKVISION, "MAC: C0:56:E3:1A:2B:3D"), "88O56A0123")
    one = listed(run, tmp_path)["Q-3"]
    assert one["state"] == "done" and "can be one number" in one["pictures"][0]["alike"][0]


def test_accessories_and_licences_bear_no_plate(run: Run, tmp_path: Path) -> None:
    rows = "T-1,Zynotech,phone case\nT-2,Hikvision,power supply\nT-3,Zynotech,Dome camera\nT-4,,Licence 12 months\n"
    (tmp_path / "assets.csv").write_text("Asset tag,Make,Description\n" + rows)
    made = listed(run, tmp_path)
    assert [one["name"] for one in made[""]["items"]] == ["T-3"]
    assert any("3 records are not listed" in note for note in made[""]["notes"])
