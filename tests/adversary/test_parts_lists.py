"""A parts list that is read otherwise than it stands clears no line of a product certificate."""

from __future__ import annotations

from pathlib import Path

import pytest

from proscribe.app.inventory.offering import read_offering, resolve
from proscribe.app.kb import knowledge_index
from proscribe.model.errors import ProscribeError
from proscribe.model.results import InputReading

HEADER = "RefDes,Qty,Manufacturer,MPN,Description\n"
RESISTOR = "R1,4,Yageo,RC0402,resistor\n"


def states(path: Path, line: str, code_page: str = "utf-8") -> tuple[str, str, str]:
    """Give the states of a line and of the resistor below it, and why the first has its own."""
    path.write_bytes(f"{HEADER}{line}\n{RESISTOR}".encode(code_page))
    first, second = read_offering(path)["components"]
    return first["state"], second["state"], first["because"]


@pytest.mark.parametrize(("maker", "code_page", "states_of_it"), [
    ("하이크비전", "euc-kr", {"unresolved", "covered"}), ("Хиквижн", "cp866", {"unresolved", "covered"}),
    ("海康威视", "big5hkscs", {"unresolved", "covered"}), ("Ъжщэкм", "cp866", {"unresolved"}), ("Würth", "cp1252", {"cleared"}),
    ("하이크비전", "utf-8", {"covered"}),
])  # fmt: skip
def test_a_line_whose_letters_were_read_in_a_guessed_code_page_is_not_cleared(
    tmp_path: Path, maker: str, code_page: str, states_of_it: set[str]
) -> None:
    first, second, why = states(tmp_path / "list.csv", f"U1,1,{maker},X-100,module", code_page)
    assert first in states_of_it and second == "cleared", why


def test_a_line_that_names_a_firm_is_not_cleared_by_its_column_of_makers(tmp_path: Path) -> None:
    first, second, why = states(tmp_path / "list.csv", "U1,1,Acme Modules,X-1,LTE module by Hikvision")
    assert (first, second) == ("covered", "cleared") and "Hikvision" in why


def test_a_parts_list_is_searched_without_what_an_earlier_run_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(knowledge_index, "kept_tables", lambda *told: asked.append(told))
    first, _, _ = states(tmp_path / "list.csv", "U1,1,Hikvision,DS-2CD2143G2-I,camera")
    assert first == "covered" and not asked


@pytest.mark.parametrize("columns", [{"Manufacturer": "note"}, {"MPN": "note"}, {"Description": "quantity"}])
def test_a_parts_list_of_which_columns_were_stated_away_is_none(
    tmp_path: Path, columns: dict[str, str]
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"{HEADER}U1,1,Acme,X-1,LTE module\nR1,4,Yageo,RC0402,resistor\n")
    with pytest.raises(ProscribeError, match="as somebody stated") as caught:
        read_offering(path, files=(InputReading((str(path),), columns=columns),))
    assert caught.value.code == "E466"


NO_MAKERS = ["as available", "Customer supplied", "Hangzhou", "D.H.", "local purchase", "M", "made in China", "as prototype", "Murata or HW"]  # fmt: skip
MAKERS = [
    "Texas Instruments",
    "TI",
    "3M",
    "Würth",
    "Yageo",
    "Murata Manufacturing Co., Ltd.",
    "u-blox",
    "Phoenix Contact",
]
#: Some of these are makers; nothing shows it, and nothing shows that the others are none.
NOBODY_KNOWS = [
    "Proprietary", "Confidential", "verschiedene", "AVL-0042", "Subcontractor", "Consigned", "beliebig", "любой", "不限", "指定なし",
    "au choix", "dowolny", "as agreed", "HiSi", "Shenzhen Best Tech", "Local Motors", "村田", "Lumen Modules",
]  # fmt: skip


def test_what_names_no_maker_in_its_column_clears_no_line(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    lines = [
        f'U{number},1,"{maker}",X-{number},module'
        for number, maker in enumerate([*NO_MAKERS, *NOBODY_KNOWS, *MAKERS])
    ]
    path.write_text(HEADER + "\n".join(lines), encoding="utf-8")
    found = [one["state"] for one in read_offering(path)["components"]]
    assert found == ["unresolved"] * len(NO_MAKERS + NOBODY_KNOWS) + ["cleared"] * len(MAKERS)


@pytest.mark.parametrize("said", ["Camera board made for HIK", "board (HIK) 2 MP", "SoC by Hisilicon"])
def test_a_short_name_in_the_words_of_a_part_leaves_its_line_open(tmp_path: Path, said: str) -> None:
    first, second, why = states(tmp_path / "list.csv", f"U1,1,Foxconn,XM-5,{said}")
    assert first in ("unresolved", "covered") and second == "cleared", why


def test_a_person_says_once_who_a_maker_is_that_nobody_knew(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        f"{HEADER}U1,1,Lumen Modules,L-1,lens\nU2,1,LUMEN MODULES,L-2,lens\nU3,1,Lumen,L-3,lens\n{RESISTOR}"
    )
    lines = read_offering(path)["components"]
    said = {
        "maker": "Lumen Modules",
        "because": "a firm of Jena; audited, its report is filed",
        "by": "T. Okafor",
    }
    resolve(lines, [said], author="Sam Lind")
    assert [one["state"] for one in lines] == ["cleared", "cleared", "unresolved", "cleared"]
    with pytest.raises(ProscribeError, match="no line waits"):
        resolve(lines, [said], author="Sam Lind")


def test_what_the_maker_of_the_product_puts_together_is_what_its_parts_are(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    text = "Level,Part Number,Description,Manufacturer\n0,G1,Gate,Our Works\n1,M1,Main board,Our Works\n2,R1,Resistor,Yageo\n1,C1,Camera,{}\n"
    for maker, expected in (
        ("Axis", ["cleared"] * 4),
        ("Our Works", ["unresolved", "cleared", "cleared", "unresolved"]),
    ):
        path.write_text(text.format(maker))
        lines = read_offering(path)["components"]
        resolve(lines, [], own=["Our Works"])
        assert [one["state"] for one in lines] == expected


NOTED = "RefDes,Qty,Manufacturer,MPN,Description,{heading}\n{line},{text}\nR1,4,Yageo,RC0402,resistor,{harmless}\n"


@pytest.mark.parametrize(("heading", "text"), [
    ("Notes", "2024: replaced by domestic SoC (Shenzhen)"), ("Notes", "any approved source"), ("Source", "customer supplied"), ("Notes", "see AVL 7"),
    ("Bemerkung", "oder gleichwertig"), ("Remarque", "remplacé par un autre"), ("备注", "国产替代"), ("Notes", "sample only"),
    ("Notes", "CM selects on lots after March"), ("Hinweis", "Ersatz siehe Freigabeliste"), ("Alternate part", "IC-9"),
])  # fmt: skip
def test_a_line_that_says_that_another_part_may_be_fitted_is_not_cleared_by_its_maker(
    tmp_path: Path, heading: str, text: str
) -> None:
    path = tmp_path / "list.csv"
    line = "U1,1,Texas Instruments,TDA4VM,processor"
    path.write_text(NOTED.format(heading=heading, text=text, line=line, harmless=""), encoding="utf-8")
    first, second = read_offering(path)["components"]
    assert (first["state"], second["state"]) == ("unresolved", "cleared"), first["because"]


@pytest.mark.parametrize("number", ["TBD", "see AVL 7", "various", "as required"])
def test_a_number_that_is_none_clears_no_line(tmp_path: Path, number: str) -> None:
    first, second, why = states(tmp_path / "list.csv", f"U1,1,Texas Instruments,{number},processor")
    assert (first, second) == ("unresolved", "cleared") and "which part is fitted" in why


@pytest.mark.parametrize("line", [
    "U1,1,Quectel,BC28,radio", "U1,1,u-blox,SARA-N210,radio", "U1,1,SIMCom,SIM7020E,wireless", "U1,1,Murata,LBAD0XX1SC,radio module",
])  # fmt: skip
def test_a_module_is_not_cleared_by_who_assembled_it(tmp_path: Path, line: str) -> None:
    first, second, why = states(tmp_path / "list.csv", line)
    assert (first, second) == ("unresolved", "cleared"), why


@pytest.mark.parametrize(
    ("heading", "text"), [("Class", "Cellular module"), ("Bands", "B5/B8/B20"), ("Family", "NB-IoT")]
)
def test_a_module_is_one_by_its_class_or_its_bands_too(tmp_path: Path, heading: str, text: str) -> None:
    path = tmp_path / "list.csv"
    line = "U1,1,Murata,LBAD0XX1SC,IC"
    path.write_text(NOTED.format(heading=heading, text=text, line=line, harmless="passive"), encoding="utf-8")
    first, second = read_offering(path)["components"]
    assert (first["state"], second["state"]) == ("unresolved", "cleared"), first["because"]


@pytest.mark.parametrize(("heading", "text", "harmless"), [
    ("Notes", "1 %", "X7R 16 V close to pin 4"), ("Lifecycle", "active", "active"), ("Approved manufacturers", "Texas Instruments", '"Yageo, Vishay"'),
    ("Alternate", "none", "-"), ("Package", "SOIC-8", "0402"), ("Data sheet", "https://parts.example/video-codec/data-sheet?rev=b", ""),
    ("Notes", "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1", "3e671687-395b-41f5-a30f-a58921a69b79"),
])  # fmt: skip
def test_what_does_not_change_a_part_asks_nothing(
    tmp_path: Path, heading: str, text: str, harmless: str
) -> None:
    path = tmp_path / "list.csv"
    line = "U1,1,Texas Instruments,DP83848,network transceiver"
    path.write_text(NOTED.format(heading=heading, text=text, line=line, harmless=harmless), encoding="utf-8")
    assert {one["state"] for one in read_offering(path)["components"]} == {"cleared"}


@pytest.mark.parametrize("line", [
    'K1,1,Honeywell,HC30,"Dome camera, 4 MP"', "K1,1,Axis,S3008,NVR 8 ch", "K1,1,Axis,P3245,Cámara IP domo", "K1,1,Siemens,S-1,IP-Kamera außen",
    "K1,1,Honeywell,ST-1,Set-top box",
])  # fmt: skip
def test_a_device_that_is_bought_complete_is_not_cleared_by_its_label(tmp_path: Path, line: str) -> None:
    first, second, why = states(tmp_path / "list.csv", line)
    assert (first, second) == ("unresolved", "cleared") and "which does it hold?" in why


@pytest.mark.parametrize("line", [
    'K1,1,Axis,T91,"Wall mount for dome camera"', "K1,1,Molex,53261,IP camera cable", "K1,1,Ambarella,S5L,IP camera SoC", "K1,1,Axis,AL1,NVR licence",
])  # fmt: skip
def test_what_only_goes_with_such_a_device_asks_nothing(tmp_path: Path, line: str) -> None:
    assert states(tmp_path / "list.csv", line)[:2] == ("cleared", "cleared")


@pytest.mark.parametrize("text", ["CFE", "GFP", "customer furnished", "Beistellung"])
def test_what_the_customer_brings_is_not_cleared_by_the_maker_that_is_expected(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "list.csv"
    line = "S1,1,Cisco,C9200L,switch"
    path.write_text(NOTED.format(heading="Source", text=text, line=line, harmless="stock"), encoding="utf-8")
    first, second = read_offering(path)["components"]
    assert (first["state"], second["state"]) == ("unresolved", "cleared"), first["because"]


def test_the_maker_of_a_list_of_approved_makers_is_read(tmp_path: Path) -> None:
    path = tmp_path / "costed.csv"
    path.write_text(
        "CPN,Description,Qty,AML 1,AML 1 MPN,AML 2,AML 2 MPN\n"
        "100-1,Switch chip,1,Microchip,KSZ9897,Realtek,RTL8367S\n100-2,Radio,1,Murata,LBEE5,HiSilicon,Hi1131\n"
    )
    first, second = read_offering(path)["components"]
    assert (first["state"], second["state"] != "cleared") == ("cleared", True), (first, second)
