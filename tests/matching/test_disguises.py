"""Names and addresses in disguise: letters drawn like others, ideographs set apart, notations nobody agreed on."""

from __future__ import annotations

from base64 import b64encode

import pyarrow as pa
import pytest

from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel


def _found(index: Index, field: str, text: str, *, scan: bool) -> list[tuple[str, str]]:
    kernel = Kernel(index, always_scan=scan)
    batch = pa.RecordBatch.from_arrays([pa.array([text, None], pa.string())], names=["cell"])
    return [
        (verdict.entity, verdict.band.value)
        for _, answer in kernel.match_rows(batch, {"cell": field})
        for verdict in answer[0]
    ]


@pytest.mark.parametrize("scan", [False, True])
@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("\u0396TE router", "zte"),  # Greek zeta
        ("D\u0391\u0397U\u0391 camera", "dahua"),  # Greek alpha and eta
        ("HYT\u0415RA radio", "hytera"),  # Cyrillic ie
        ("hu\u0251wei switch", "huawei"),  # Latin alpha
        ("H\u026a\u1d0b\u1d20\u026as\u026a\u1d0f\u0274 camera", "hikvision"),  # small capitals
        ("\ua4e7\ua4f2\ua4d7\ua4e6\ua4f2\ua4e2\ua4f2\ua4f3\ua4e0", "hikvision"),  # Lisu
        ("\ua4dc\ua4d4\ua4f0 router", "zte"),
        ("\u6d77 \u5eb7 \u5a01 \u89c6 \u6444\u50cf\u673a", "hikvision"),
        ("\u534e\u3000\u4e3a", "huawei"),  # with an ideographic blank
        ("H\u00b7i\u00b7k\u00b7v\u00b7i\u00b7s\u00b7i\u00b7o\u00b7n", "hikvision"),
        (
            "\u3164".join("Hikvision"),
            "hikvision",
        ),  # fillers of Hangul, and a pattern of Braille without a dot
        ("\uffa0".join("Hikvision"), "hikvision"),
        ("Hik\u2800vision", "hikvision"),
        ("\U0001f1e9\U0001f1e6\U0001f1ed\U0001f1fa\U0001f1e6 camera", "dahua"),  # letters of flags
        ("\u24a3\u24a4\u24a6\u24b1\u24a4\u24ae\u24a4\u24aa\u24a9", "hikvision"),  # letters in brackets
        ("h/i/k/v/i/s/i/o/n", "hikvision"),
        ("H|U|A|W|E|I", "huawei"),
        ("H\nU\nA\nW\nE\nI", "huawei"),  # written downwards
        ("D*A*H*U*A", "dahua"),
        ("D~A~H~U~A", "dahua"),
        ("(H)(U)(A)(W)(E)(I)", "huawei"),
        ("H\tU\tA\tW\tE\tI", "huawei"),
        ("\u2c67\u0268\ua741v\u0268s\u0268\u00f8n", "hikvision"),  # letters with a stroke
    ],
)
def test_a_name_in_disguise_is_found(index: Index, text: str, entity: str, scan: bool) -> None:
    assert (entity, "probable") in _found(index, "maker_name", text, scan=scan)


@pytest.mark.parametrize(
    "text", ["\u0396\u039f\u0396\u0395", "\u4e2d \u5c71 \u7535 \u5668", "\u0412\u0415\u0421\u042b"]
)
def test_words_of_other_scripts_stay_words(index: Index, text: str) -> None:
    assert _found(index, "maker_name", text, scan=False) == []


@pytest.mark.parametrize("scan", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "44:19:B6:FF:00:01:", "44/19/B6/FF/00/01", "44.19.B6.FF.00.01", "MAC4419B6FF0001", "44_19_B6_FF_00_01",
        "4419:b6ff:0001", "44 19B6FF 0001", "4419B6FF0001h", "44|19|B6|FF|00|01", "44\u223619\u2236B6\u2236FF\u223600\u223601",
    ],
)  # fmt: skip
def test_an_address_counts_in_its_column_however_it_is_set_apart(index: Index, text: str, scan: bool) -> None:
    assert _found(index, "mac", text, scan=scan) == [("hikvision", "probable")]


@pytest.mark.parametrize("text", ["00:11:22:33:44:55:", "n/a", "4419B6FF00012", "12/04/2021 10:20"])
def test_what_is_no_address_of_a_firm_says_nothing(index: Index, text: str) -> None:
    assert _found(index, "mac", text, scan=True) == []


_PACKED = [
    ("SGlrdmlzaW9uIERTLTJDRDIxNDNHMi1J", "hikvision"),  # base64 of maker and model
    ("RGFodWE=", "dahua"),
    ("SABVAEEAVwBFAEkA", "huawei"),  # of UTF-16
    ("bm90ZTogSHl0ZXJhIHJhZGlv", "hytera"),  # in the middle of other words
    ("48696b766973696f6e", "hikvision"),
    ("0x4461687561", "dahua"),
    ("48 75 61 77 65 69", "huawei"),
    ("tag 48797465726120504437383547", "hytera"),
    ("\u202enoisivkiH\u202c camera", "hikvision"),  # shown as the name
    ("camera \u202eauhaD", "dahua"),
    ("48-69-6B-76-69-73-69-6F-6E", "hikvision"),  # as .NET writes bytes
    ("48:69:6b:76:69:73:69:6f:6e", "hikvision"),
    ("0x44, 0x61, 0x68, 0x75, 0x61, 0x20", "dahua"),  # as a program in C holds them
    ("<~882j_Ble!,DBNFtD.R`r~>", "hikvision"),  # ascii85 between its marks
    ("=48=69=6B=76=69=73=69=6F=6E", "hikvision"),  # of a mail that writes every letter as a number
    ("\\110\\151\\153\\166\\151\\163\\151\\157\\156", "hikvision"),
    ("camera " + "".join(chr(0xE0000 + ord(char)) for char in "Dahua"), "dahua"),  # letters that nobody sees
    ("a Hik-\nvision dome", "hikvision"),  # a word that a line breaks
    ("Hua-\r\n  wei", "huawei"),
    (
        "\x1b[01;31m\x1b[KHik\x1b[m\x1b[Kvision camera",
        "hikvision",
    ),  # as a terminal colours what was searched for
    ("D\x08Da\x08ah\x08hu\x08ua\x08a camera", "dahua"),  # struck twice, as a printer makes letters bold
    ("_\x08H_\x08u_\x08a_\x08w_\x08e_\x08i", "huawei"),  # underlined
    *(
        (b64encode(raw).decode(), entity)
        for raw, entity in (
            (b"Tag,Maker\r\nA1,Hikvision\r\n", "hikvision"),  # lines of a list
            ("Tag;Maker\nA1;Hikvision\n".encode("utf-8-sig"), "hikvision"),
            ("Tag;Maker\nA1;Hikvision\n".encode("utf-16"), "hikvision"),
            ("Tag;Maker\nA1;Hikvision\n".encode("utf-16-be"), "hikvision"),
            ("A1;Hikvision;gro\u00df;K\u00fcche\r\n".encode("cp1252"), "hikvision"),
            (b"1,2026-11-25,10.0.0.4,443,Hikvision,1.25,0,0,1", "hikvision"),  # more digits than letters
            (b"A1,Axis,P3245-LV\n" * 400 + b"A2,Hikvision,dome", "hikvision"),
        )
    ),
]


@pytest.mark.parametrize("scan", [False, True])
@pytest.mark.parametrize(("text", "entity"), _PACKED)
def test_a_name_that_a_program_wrote_otherwise_is_found(
    index: Index, text: str, entity: str, scan: bool
) -> None:
    for field in ("text", "maker_name", "product_name"):
        assert entity in [one for one, _ in _found(index, field, text, scan=scan)], field


@pytest.mark.parametrize("scan", [False, True])
@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("Hikvision 48656c6c6f20776f726c6421", "hikvision"),
        ("DS-2CD2143G2-I RGVwb3Qgb25l", "hikvision"),
        ("44:19:b6:41:42:43", "hikvision"),
        ("446A2E414243", "huawei"),  # an address whose digits spell letters
        ("4419b6414243", "hikvision"),
        (
            "\u202eHikvision camera DS-2CD2143G2-I",
            "hikvision",
        ),  # a mark of direction before what is meant as it stands
        ("\u202eDahua\u202c camera", "dahua"),
        ("Hikvision-\nDahua", "dahua"),
        ("Hikvision-\nbracket", "hikvision"),
        ("Hikvision\x08 dome", "hikvision"),
        ("H\U000e0041\U000e0042ikvision", "hikvision"),
        ("Hikvision\x1b[2J camera", "hikvision"),
        ("DS-2CD2143-\nG2-I", "hikvision"),
    ],
)
def test_what_stands_packed_takes_nothing_from_what_stands_beside_it(
    index: Index, text: str, entity: str, scan: bool
) -> None:
    assert entity in [one for one, _ in _found(index, "text", text, scan=scan)]


@pytest.mark.parametrize(
    "text",
    ["aGVsbG8gd29ybGQgb2YgY2FtZXJhcw==", "68656c6c6f20776f726c64", "d41d8cd98f00b204e9800998ecf8427e", "00 11 22 33 44 55 66", "\u202edlrow",
     "48-65-6c-6c-6f-20-77", "=41=42=43=44=45", "\\101\\102\\103\\104\\105", "<~87cURD]i,\"Ebo80~>", "inter-\nnational",
     "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "a\x08b"],
)  # fmt: skip
def test_what_is_packed_and_names_nobody_stays_silent(index: Index, text: str) -> None:
    for scan in (False, True):
        assert _found(index, "text", text, scan=scan) == []
