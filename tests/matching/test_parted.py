"""Leaving a judgement out in which nothing is seen across pieces changes no answer."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import proscribe
from proscribe.matching import parted
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.model.findings import Band

WHOLE = [
    "Hikvision", "Hangzhou Hikvision Digital Technology Co., Ltd", "Huwaei", "hua wei", "DS-2CD2143G2-I", "IPC-HFW1033S", "HG8245H",
    "28:57:BE:00:00:01", "12d1:1406", "cpe:/h:hikvision:ds-2cd", "1.3.6.1.4.1.2011.2", "fcc id 2ADTD-X", "Lorex LNB9272", "海康威视",
    "Vodafone Smart Ultra 6", "Hik&shy;vision", "Balong 711", "Axis", "camera", "Nanjing Dahua Toys", "cam01HIK",
]  # fmt: skip
BREAKS = ["\n", "-\n", "\r\n", "\n   ", "\x0b", " "]
FIELDS = {"maker": "maker_name", "what": "text", "model": "model_number", "note": "note", "aside": "other"}


@pytest.fixture(scope="module")
def kernel(index: Index) -> Kernel:
    return Kernel(index, always_scan=True)


@st.composite
def cells(draw: st.DrawFn) -> str | None:
    """Draw a cell of wholes, some of them cut by the end of a line or of the cell."""
    text = ""
    for whole in draw(st.lists(st.sampled_from(WHOLE), max_size=2)):
        cut = draw(st.integers(0, len(whole)))
        text += (
            whole[:cut] + draw(st.sampled_from(["", *BREAKS])) + whole[cut:] + draw(st.sampled_from(" \n"))
        )
    return text[: draw(st.integers(0, len(text)))] or None


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(FIELDS, cells())), min_size=1, max_size=5))
def test_what_is_not_seen_across_pieces_is_not_judged(
    kernel: Kernel, drawn: list[dict[str, str | None]]
) -> None:
    rows = pa.RecordBatch.from_pylist(drawn, schema=pa.schema([(name, pa.string()) for name in FIELDS]))
    pieces = parted.joined_cells(kernel, rows, FIELDS, 1)
    own = dict(kernel.match_rows(rows, FIELDS))
    asked = (kernel, rows, FIELDS, pieces, (None, None), own)
    some = parted.answers(*asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parted, "_may_show_more", lambda *_: True)
        assert parted.answers(*asked) == some


@given(st.text("aZ9éß_./-\\\\ \t\n\x1f\x85\u2028(,", max_size=40))
def test_the_last_word_of_a_cell_ends_it(cell: str) -> None:
    found = re.search(r"[\w./-]{1,30}\Z", cell[-30:])
    assert parted._last_word(cell) == (found[0] if found is not None else "")


def test_a_name_that_the_row_before_has_is_judged_once(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[int] = []
    match_rows = Kernel.match_rows

    def counted(self: Kernel, rows: pa.RecordBatch, *given: object) -> object:
        judged.append(rows.num_rows)
        return match_rows(self, rows, *given)  # type: ignore[arg-type]

    rows = pa.record_batch({"what": pa.array([f"Name of {number}: Hikvision" for number in range(20)])})
    fields = {"what": "text"}
    pieces = parted.joined_cells(kernel, rows, fields, 1)
    own = dict(kernel.match_rows(rows, fields))
    monkeypatch.setattr(Kernel, "match_rows", counted)
    assert len(own) == 20 and len(pieces) == 19
    assert parted.answers(kernel, rows, fields, pieces, (None, None), own) == {} and not judged


def test_a_name_in_three_columns_is_found(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "Tag,A,B,C,D\nT1,Hik,vis,ion,dome\nT2,Hua,we,i,router\nT3,Hua,we,go,router\nT4,Hik,ing,boots,brown\n",
        encoding="utf-8",
    )
    found = proscribe.scan([str(tmp_path / "list.csv")], as_of="2026-11-25").findings
    assert {one.locator.row: (one.entity, one.band) for one in found} == {
        1: ("hikvision", Band.POSSIBLE),
        2: ("huawei", Band.POSSIBLE),
    }


@pytest.mark.parametrize(
    "lines",
    [
        'msgstr ""\n"Hik"\n"vision camera"\n',
        'name = "Da" + \\\n    "hua recorder"\n',
        "x = 'Hua' & _\n  'wei router'\n",
    ],
)
def test_texts_in_quotes_on_two_lines_are_read_together(tmp_path: Path, lines: str) -> None:
    (tmp_path / "texts.txt").write_text(lines, encoding="utf-8")
    found = proscribe.scan([str(tmp_path / "texts.txt")], as_of="2026-11-25").findings
    assert [one.band for one in found] == [Band.POSSIBLE]


_CUT = ("HIKVISION", "DAHUA", "HUAWEI", "HYTERA", "DS-2CD2143G2-I", "IPC-HFW2431S", "S5735-L24T4S-A")


@pytest.mark.parametrize("header", ["PO,Desc1,Desc2", "PO,Short text,Long text"])
@pytest.mark.parametrize("written", _CUT)
def test_a_name_is_found_wherever_a_text_is_cut_over_two_columns(
    tmp_path: Path, header: str, written: str
) -> None:
    wide = [f"4 X NETWORK DOME 4MP WHITE {written[:at]}".rjust(42, "X") for at in range(1, len(written))]
    rows = [f"{at},{begin},{written[at:]} 2.8 MM" for at, begin in enumerate(wide, 1)]
    rows += ["99,CABLE,10 M"] * len(rows) * 2
    (tmp_path / "orders.csv").write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    found = proscribe.scan([str(tmp_path / "orders.csv")], as_of="2026-11-25").findings
    assert {one.locator.row for one in found} == set(range(1, len(written)))


_INNOCENT = """\
CABLE CAT 6|10 M
HINGE SET H|1200 MM
DOOR DA|HUNG LEFT
BOLT M8 DS|2 PCS
Meeting with Li Hua|Wei Lin
Visit Da|Hua Street
PUMP HY|DRAULIC
TERMINAL|TERA TERM
PRINTER HP|4100
SWITCH CISCO WS-C29|60-24TT-L
CAMERA AXIS P32|45-LVE
ROUTER JUNIPER MX|204
VALVE DN|50 PN16
HUB HU|MIDITY SENSOR
DATA|HUB USB
PAINT DA|HLIA RED
SEED DAH|LIA 10 G
STEEL S2|35JR
BEARING 60|04-2RS
LAMP IP|65 LED
TUBE ME|TAL 20 MM
CARD AR|D 120
SCREW DIN 9|12 M6X20
FILTER HF|35
HYTE|CASE Y60
KEYBOARD K|120 LOGITECH
ZT|ERRA SEAL
CHAIR WEI|GHT MAX 120
BOX HUA|RACHE
SENSOR DS18|B20 MODULE
IPC|A-610 STANDARD
NVR|AM 4K
COAT E5|XL
CPU I7-|8700
TV LG 5|5UP75
HIK|ING BOOTS 43
HIKVI|NG
"""


def test_neighbours_that_make_no_name_stay_silent(tmp_path: Path) -> None:
    for header in ("Desc1,Desc2", "Item,Detail"):
        (tmp_path / "orders.csv").write_text(f"{header}\n{_INNOCENT.replace('|', ',')}", encoding="utf-8")
        assert proscribe.scan([str(tmp_path / "orders.csv")], as_of="2026-11-25").findings == ()
