"""From pieces of text in a picture to what stands on a plate."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.readers.pictures.plates import Plate, as_taken, plates
from proscribe.readers.pictures.recognition import Box, Code, Piece, Seen

SIZE = 30.0


def piece(text: str, row: float, left: float = 60.0, certainty: float = 0.99, angle: float = 0.0) -> Piece:
    """Give a line of letters of one size, as it stands on a picture that is turned about its corner."""
    x, y = left, row * 1.5 * SIZE
    cos, sin = math.cos(angle), math.sin(angle)
    box = Box(x * cos - y * sin, x * sin + y * cos, len(text) * SIZE * 0.6, SIZE, angle)
    return Piece(text, certainty, box, SIZE)


def seen(*pieces: Piece, codes: tuple[Code, ...] = ()) -> Seen:
    return Seen(pieces, codes)


PLATE = (
    "HIKVISION",
    "Network Camera",
    "Model: DS-2CD2143G2-IS",
    "S/N: F12345678",
    "MAC: C0:56:E3:1A:2B:3C",
    "DC12V 7W",
)


@pytest.mark.parametrize("angle", [0.0, 0.12, -0.2])
def test_keys_and_values_of_a_plate(angle: float) -> None:
    (plate,) = plates(seen(*(piece(text, row, angle=angle) for row, text in enumerate(PLATE))))
    assert plate.is_plate
    assert plate.values == {
        "model": ["DS-2CD2143G2-IS"], "serial": ["F12345678"], "mac": ["C0:56:E3:1A:2B:3C"],
    }  # fmt: skip
    assert plate.others == ["HIKVISION", "Network Camera", "DC12V 7W"]


@pytest.mark.parametrize(
    ("line", "column", "value"),
    [
        ("PID VID: CBS350-24P-4G V02", "part", "CBS350-24P-4G V02"),
        ("Model No.: IPC-HDW5442TM", "model", "IPC-HDW5442TM"),
        ("型号：DS-2CD3T46", "model", "DS-2CD3T46"),
        ("Modell  DH-XVR5108HS", "model", "DH-XVR5108HS"),
        ("Модель: DS-I200", "model", "DS-I200"),
        ("형식 모델명: PD785G", "model", "PD785G"),
        ("型番 S5735-L24T4S", "model", "S5735-L24T4S"),
        ("P/N: 02353VUT", "part", "02353VUT"),
        ("序列号: 2102351234", "serial", "2102351234"),
        ("Seriennummer 5K0123ABC", "serial", "5K0123ABC"),
        ("Matricola: ABC123456", "serial", "ABC123456"),
        ("MAC 00-E0-FC-12-34-56", "mac", "00-E0-FC-12-34-56"),
        ("Contains FCC ID: QISME909U", "fcc", "QISME909U"),
        ("Manufacturer: Zhejiang Dahua Vision Technology Co., Ltd.", "maker", "Zhejiang Dahua Vision Technology Co., Ltd."),
        ("制造商：杭州海康威视数字技术股份有限公司", "maker", "杭州海康威视数字技术股份有限公司"),
    ],
)  # fmt: skip
def test_keys_of_many_languages(line: str, column: str, value: str) -> None:
    (plate,) = plates(seen(piece(line, 0)))
    assert plate.values == {column: [value]}


def test_several_keys_in_one_line() -> None:
    (plate,) = plates(seen(piece("Model: AR129CVW S/N: 210235 MAC: 00E0FC123456", 0)))
    assert plate.values == {"model": ["AR129CVW"], "serial": ["210235"], "mac": ["00E0FC123456"]}


def test_a_value_stands_right_of_its_key_or_below_it() -> None:
    right = seen(
        piece("Model:", 0), piece("DS-7608NI-K2", 0, left=220), piece("S/N:", 1), piece("G777", 1, left=220)
    )
    assert plates(right)[0].values == {"model": ["DS-7608NI-K2"], "serial": ["G777"]}
    below = seen(
        piece("Model", 0), piece("S/N", 0, left=600), piece("IPC-B120", 1), piece("7F03", 1, left=600)
    )
    assert {**plates(below)[0].values, **plates(below)[-1].values} == {
        "model": ["IPC-B120"],
        "serial": ["7F03"],
    }


def test_two_plates_in_one_picture_are_two() -> None:
    left = [piece(text, row) for row, text in enumerate(PLATE)]
    right = [piece(text.replace("2143", "2T47"), row, left=1500) for row, text in enumerate(PLATE)]
    found = plates(seen(*left, *right))
    assert [plate.values["model"] for plate in found] == [["DS-2CD2143G2-IS"], ["DS-2CD2T47G2-IS"]]


def test_plates_close_above_each_other_are_parted_where_each_says_model_and_serial_number() -> None:
    short = [
        ("HIKVISION", "Model: DS-7608NI-K2", "S/N: C33120987"),
        ("Hanwha Vision", "Model: XRN-820S", "S/N: ZQY470GR3"),
        ("AXIS", "Model: P3245-LV", "S/N: ACCC8E1234"),
    ]
    stacked = [
        piece(text, 3.4 * block + row) for block, plate in enumerate(short) for row, text in enumerate(plate)
    ]
    found = plates(seen(*stacked))
    assert [plate.values["serial"] for plate in found] == [["C33120987"], ["ZQY470GR3"], ["ACCC8E1234"]]
    assert [plate.others for plate in found] == [["HIKVISION"], ["Hanwha Vision"], ["AXIS"]]


def test_plates_side_by_side_are_parted_where_each_says_model_and_serial_number() -> None:
    rows = (("UNIVIEW", "AXIS"), ("IPC3614SB", "M3085-V"), ("210235TEYN", "B8A44F1122"))
    lines = [
        piece(text, row, left=left + (220 if key else 0))
        for row, (values, key) in enumerate(zip(rows, ("", "Model", "S/N"), strict=True))
        for left, text in zip((60, 640), values, strict=True)
    ]
    keys = [piece(key, row, left=left) for row, key in ((1, "Model"), (2, "S/N")) for left in (60, 640)]
    found = sorted(plates(seen(*lines, *keys)), key=lambda plate: plate.box.left)
    assert [(plate.values["model"], plate.values["serial"], plate.others) for plate in found] == [
        (["IPC3614SB"], ["210235TEYN"], ["UNIVIEW"]),
        (["M3085-V"], ["B8A44F1122"], ["AXIS"]),
    ]


def test_a_plate_in_two_languages_side_by_side_is_one() -> None:
    pairs = (("Model: DS-7608NI-K2", "型号: DS-7608NI-K2"), ("S/N: C33120987", "序列号: C33120987"))
    lines = [
        piece(text, row, left=60 + 560 * place)
        for row, pair in enumerate(pairs)
        for place, text in enumerate(pair)
    ]
    (plate,) = plates(seen(*lines))
    assert plate.values["serial"] == ["C33120987"]


def test_values_on_a_tube_stand_beside_their_keys() -> None:
    def bent(text: str, row: int, left: float) -> Piece:
        """Bow a line as the wall of a tube does: its slope falls from left to right."""
        one = piece(text, row, left=left)
        x, y = one.box.middle
        slope = 0.45 - x * 0.0007
        down = 0.45 * x - 0.00035 * x * x
        return Piece(
            text, 0.99, Box(one.box.left, y - SIZE / 2 + down, one.box.width, SIZE, math.atan(slope)), SIZE
        )

    rows = (
        ("Product", "Network Camera"),
        ("Model", "IPC-HFW5442T-ASE"),
        ("S/N", "8J02A11PAG7734"),
        ("", "12V DC 0.7A"),
        ("", "Made in China"),
    )
    (plate,) = plates(
        seen(
            *(
                bent(text, row, left)
                for row, pair in enumerate(rows)
                for left, text in zip((60, 330), pair, strict=True)
                if text
            )
        )
    )
    assert plate.values == {"model": ["IPC-HFW5442T-ASE"], "serial": ["8J02A11PAG7734"]}


def test_a_plate_in_two_languages_is_one() -> None:
    lines = ("HIKVISION", "Model: DS-7608NI-K2", "S/N: C33120987", "型号: DS-7608NI-K2", "序列号: C33120987")
    (plate,) = plates(seen(*(piece(text, row) for row, text in enumerate(lines))))
    assert plate.values["serial"] == ["C33120987"]


def test_a_box_with_a_name_and_a_model_is_no_plate() -> None:
    (box,) = plates(seen(piece("HIKVISION", 0), piece("DS-2CD2143G2-IS", 1)))
    assert not box.is_plate and box.others == ["HIKVISION", "DS-2CD2143G2-IS"]


def test_what_is_not_certain_is_taken_for_nothing() -> None:
    (plate,) = plates(
        seen(piece("Model: DS-2CD2143G2", 0, certainty=0.6), piece("S/N: F1", 1), piece("DC12V", 2))
    )
    assert "model" not in plate.values and plate.unsure == ["DS-2CD2143G2"]


def test_codes_belong_to_the_nearest_plate_and_an_address_in_one_counts() -> None:
    pieces = [piece(text, row) for row, text in enumerate(PLATE[:4])]
    (plate,) = plates(seen(*pieces, codes=(Code("C056E31A2B3C", "QRCode", Box(80, 200, 90, 90)),)))
    assert plate.codes == ["C056E31A2B3C"] and plate.values["mac"] == ["C056E31A2B3C"]
    (alone,) = plates(seen(codes=(Code("https://example.com/x", "QRCode", Box(0, 0, 9, 9)),)))
    assert not alone.is_plate and alone.codes == ["https://example.com/x"]


@pytest.mark.parametrize(
    ("read", "taken"),
    [
        ("DS-2CD2I43G2", "DS-2CD2143G2"),
        ("DS-2CD2l43G2", "DS-2CD2143G2"),
        ("DS-2CD2O43G2", "DS-2CD2043G2"),
        ("DS-7B0B", "DS-780B"),
        ("DS-7B08", "DS-7808"),
        ("IPC-HFW2S31", "IPC-HFW2531"),
        ("D5-2CD2143", "DS-2CD2143"),
        ("DS-2CD2143G2-I5", "DS-2CD2143G2-IS"),
        ("IPC-HDBW2831EP-S-S2", "IPC-HDBW2831EP-S-S2"),
        ("F660 V8.0", "F660 V8.0"),
        ("S5735-L24T4S-A", "S5735-L24T4S-A"),
        ("AXIS P3245-LV", "AXIS P3245-LV"),
    ],
)
def test_letters_and_digits_that_look_alike(read: str, taken: str) -> None:
    assert as_taken(read) == taken


@given(st.text(alphabet="ABIlOS0158DGZ-/ 47", max_size=24))
def test_what_is_taken_has_the_same_length_and_stays(text: str) -> None:
    taken = as_taken(text)
    assert len(taken) == len(text)
    assert [one for one in taken if not one.isalnum()] == [one for one in text if not one.isalnum()]


@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=30), st.integers(0, 8), st.integers(0, 3)), max_size=12)
)
def test_no_letter_of_a_picture_is_lost(said: list[tuple[str, int, int]]) -> None:
    pieces = [piece(text, row, left=60.0 + 500 * column) for text, row, column in said]
    made = plates(seen(*pieces))
    kept = " ".join(
        text
        for plate in made
        for text in (
            *plate.others,
            *plate.unsure,
            *(one for all_of in plate.values.values() for one in all_of),
        )
    )
    for text, _, _ in said:
        assert all(char in kept for char in text if char.isdigit())


@pytest.mark.parametrize(
    ("line", "column", "value"),
    [
        ("Sertial No. ZEWET14927", "serial", "ZEWET14927"),
        ("Hodel Name: DS-KV8113", "model", "DS-KV8113"),
        ("Mode: PD785G", "model", "PD785G"),
        ("ModelMC801A", "model", "MC801A"),
        ("型号DS-2CD3T46", "model", "DS-2CD3T46"),
        ("Manufacturer:Nokia 7", "maker", "Nokia 7"),
        ("Serial Mo.291384847", "serial", "291384847"),
        ("型号/Model  DS-2CD3T46", "model", "DS-2CD3T46"),
        ("序列号/SN:F12345678", "serial", "F12345678"),
        ("序列号 (S/N) F12345678", "serial", "F12345678"),
    ],
)
def test_keys_that_were_misread_or_run_into_their_value(line: str, column: str, value: str) -> None:
    (plate,) = plates(seen(piece(line, 0), piece("DC12V 1A", 1), piece("Made in China", 2)))
    assert plate.values == {column: [value]} and plate.is_plate


@pytest.mark.parametrize(
    "line",
    [
        "Modern network design",
        "Order today",
        "Maker of things",
        "Series of talks",
        "USB serial 2 ports",
        "For Mac OS 10",
    ],
)
def test_words_like_keys_are_words(line: str) -> None:
    (plate,) = plates(seen(piece(line, 0), piece("DC12V 1A", 1)))
    assert not plate.values


def test_a_key_is_no_value_of_another_key() -> None:
    lines = ("杭州海康威视数字技术股份有限公司", "型号：", "序列号：", "电源：", "中国制造")
    (plate,) = plates(seen(*(piece(text, row) for row, text in enumerate(lines))))
    assert plate.is_plate and plate.lacks_name and not plate.values


def test_a_key_within_a_line_of_hanzi_begins_another_value() -> None:
    (plate,) = plates(seen(piece("产品型号:S5560X-54C-EI序列号:PGJXU85720", 0), piece("DC12V 1A", 1)))
    assert plate.values == {"model": ["S5560X-54C-EI"], "serial": ["PGJXU85720"]}


def test_a_box_is_no_plate_whatever_stands_on_it() -> None:
    lines = ("HIKVISION", "Model: DS-2CD2143G2-I", "QTY: 10 PCS", "G.W. 12.4 KG", "Made in China")
    (box,) = plates(seen(*(piece(text, row) for row, text in enumerate(lines))))
    assert box.values and not box.is_plate


def test_a_plate_whose_keys_are_blurred_is_still_a_plate() -> None:
    lines = (piece("HIKVISION", 0), piece("Model: DS-2CD?", 1, certainty=0.5), piece("DC12V 1A", 2))
    (plate,) = plates(seen(*lines))
    assert plate.is_plate and plate.unsure == ["DS-2CD?"] and plate.others == ["HIKVISION", "DC12V 1A"]


def test_two_plates_that_are_turned_stay_two() -> None:
    angle = 0.5
    lines = [
        piece(text, row, angle=angle) for row, text in enumerate(("Model: MC801A", "S/N: 111111", "DC12V 1A"))
    ]
    lines += [
        piece(text, row + 6, angle=angle)
        for row, text in enumerate(("Model: S5560X", "S/N: 222222", "DC12V 1A"))
    ]
    assert [one.values["serial"] for one in plates(seen(*lines))] == [["111111"], ["222222"]]


@pytest.mark.parametrize(
    ("read", "taken"),
    [("EV-4008TURB0", "EV-4008TURBO"), ("2XHN F660", "ZXHN F660"), ("AP4050DN", "AP4050DN")],
)
def test_noughts_behind_words_are_letters(read: str, taken: str) -> None:
    assert as_taken(read) == taken


def test_a_serial_number_behind_a_model_needs_no_colon() -> None:
    (plate,) = plates(seen(piece("Model P3245-LV   S/N ACCC8E402602", 0), piece("DC12V 1A", 1)))
    assert plate.values == {"model": ["P3245-LV"], "serial": ["ACCC8E402602"]}


def coded(*lines: str | Piece, code: str, kind: str = "QRCode") -> Plate:
    """Give the one plate of some lines and of a code beside them."""
    pieces = [one if isinstance(one, Piece) else piece(one, row) for row, one in enumerate(lines)]
    (plate,) = plates(seen(*pieces, codes=(Code(code, kind, Box(700, 60, 90, 90)),)))
    return plate


@pytest.mark.parametrize(
    ("code", "denied"),
    [
        ("SN:F12345679", [("serial", "F12345679", "F12345678")]),
        ('{"model":"DS-2CD2T47G2-L","sn":"F12345678"}', [("model", "DS-2CD2T47G2-L", "DS-2CD2143G2-IS")]),
        ("https://example.com/q?sn=G00000001&type=qr", [("serial", "G00000001", "F12345678")]),
        ("Model: DS-2CD2143G2-IS\nS/N: F12345678\nMAC: C056E31A2B3D", [("mac", "C056E31A2B3D", "C0:56:E3:1A:2B:3C")]),
        ("C056E31A2B3D", [("mac", "C056E31A2B3D", "C0:56:E3:1A:2B:3C")]),
        # without a key: one sign of the serial number is another
        ("F1234567B", [("serial", "F1234567B", "F12345678")]),
        ("F12845678", [("serial", "F12845678", "F12345678")]),
        # the same, in part or in a longer form, or no number of the plate at all
        ("DS-2CD2143G2-IS20200101AAWRF12345678", []),
        ("SN:DS-2CD2143G2-IS20200101AAWRF12345678", []),
        ("Model:DS-2CD2143G2-IS(2.8mm)", []),
        ("sn=f12345678;mac=c0-56-e3-1a-2b-3c", []),
        ("036000291452", []),
        ("https://example.com/x", []),
        ("WIFI:S:home;T:WPA;P:12345678;;", []),
        ("PL-CXURV-EKPTA", []),
    ],
)  # fmt: skip
def test_a_code_that_says_otherwise_is_kept_beside_the_letters(
    code: str, denied: list[tuple[str, str, str]]
) -> None:
    plate = coded(*PLATE, code=code)
    assert plate.denied == denied and [*plate.codes, *plate.codes_alone] == [code]
    assert bool(plate.codes) <= (not denied)
    assert plate.values == plates(seen(*(piece(text, row) for row, text in enumerate(PLATE))))[0].values


def test_letters_that_a_code_confirms_are_certain() -> None:
    unsure = piece("S/N: F12345678", 3, certainty=0.5)
    plate = coded("HIKVISION", "Model: DS-2CD2143G2-IS", "DC12V 7W", unsure, code="F12345678")
    assert plate.values["serial"] == ["F12345678"] and plate.unsure == [] and not plate.denied
    keyed = coded("HIKVISION", "Model: DS-2CD2143G2-IS", "DC12V 7W", unsure, code="SN: F12345678")
    assert keyed.values == plate.values and keyed.is_plate


def test_letters_that_a_code_denies_stay_unsure() -> None:
    unsure = piece("S/N: F1234S678", 3, certainty=0.5)
    plate = coded("HIKVISION", "Model: DS-2CD2143G2-IS", "DC12V 7W", unsure, code="SN:F12345678")
    assert "serial" not in plate.values and plate.unsure == ["F1234S678"]
    assert plate.denied == [("serial", "F12345678", "F1234S678")]


def test_a_code_belongs_to_the_plate_whose_number_it_holds() -> None:
    left = [piece(text, row) for row, text in enumerate(PLATE)]
    right = [piece(text.replace("5678", "9999"), row, left=1500) for row, text in enumerate(PLATE)]
    code = Code("SN:F12349999", "QRCode", Box(700, 60, 90, 90))
    one, other = plates(seen(*left, *right, codes=(code,)))
    assert not one.codes and other.codes == ["SN:F12349999"] and not other.denied


@given(
    st.text(alphabet="SNMACsn:=;,{}\"'0123456789ABCDEF- /?&\n", max_size=60),
    st.lists(st.text(alphabet="F0123456789B8-", max_size=12), max_size=3),
)
def test_no_code_takes_a_letter_away(code: str, serials: list[str]) -> None:
    lines = [*PLATE[:2], *(f"S/N: {text}" for text in serials)]
    plain = plates(seen(*(piece(text, row) for row, text in enumerate(lines))))[0]
    plate = coded(*lines, code=code)
    for name, texts in plain.values.items():
        assert plate.values[name] == texts
    assert plate.others == plain.others and [*plate.codes, *plate.codes_alone] == [code]
