"""Escapes of exports, and names that were read in a wrong encoding, through the kernel, scanned and small."""

from __future__ import annotations

import html
import json
import pickle
import time
import urllib.parse

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from proscribe.matching import escapes
from proscribe.matching.escapes import signs, spelled_out
from proscribe.matching.findings import analyse
from proscribe.matching.garbled import Garbles
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.matching.signals import Cell

HIKVISION, HUAWEI, RUSSIAN = "海康威视", "华为技术", "Хиквижн"
ESCAPED = {
    "DXF": r"H\U+0069kvis\U+0069on",
    "entities": "".join(f"&#{ord(char)};" for char in HIKVISION),
    "entities, hexadecimal": "".join(f"&#x{ord(char):x};" for char in HIKVISION),
    "entities twice": "".join(f"&amp;#{ord(char)};" for char in HIKVISION),
    "soft hyphen": "Hik&shy;vision dome",
    "JSON": json.dumps(HIKVISION)[1:-1],
    "JSON in JSON": json.dumps(json.dumps(HIKVISION)),
    "percent": urllib.parse.quote(HIKVISION),
    "percent before a model": "cam%20DS-2CD2143G2-I",
    "percent, GBK": urllib.parse.quote(HIKVISION.encode("gbk")),
    "JavaScript": "".join(f"%u{ord(char):04x}" for char in HIKVISION),
    "quoted-printable": "".join(f"={byte:02X}" for byte in HIKVISION.encode()),
    "quoted-printable, GBK": "".join(f"={byte:02X}" for byte in HIKVISION.encode("gbk")),
    "soft line end": "Hikvi=\nsion dome",
    "R": "".join(f"<U+{ord(char):04X}>" for char in HIKVISION),
    "octets": "".join(f"\\x{byte:02x}" for byte in HIKVISION.encode()),
    "octal": "".join(f"\\{byte:03o}" for byte in HIKVISION.encode()),
    "PostgreSQL": "\\x" + b"Hikvision".hex(),
    "a letter in octal": "\\110ikvision dome",
    "a letter in decimals": "\\072ikvision",
    "letters in quoted-printable": "=44=61hua dome",
    "RTF": "".join(f"\\u{ord(char)}?" for char in HIKVISION),
    "CSS": "".join(f"\\{ord(char):x}" for char in HIKVISION),
    "CSS, six digits": "".join(f"\\{ord(char):06x}" for char in HIKVISION),
    "CSS, one letter": "\\000048ikvision dome",
    "STEP": "\\X2\\6D775EB75A0189C6\\X0\\ dome",
    "STEP, four octets": "\\X4\\00006D7700005EB7\\X0\\ dome",
    "a line end of a dump": "Da\\nhua dome",
    "a tab of a dump": "Hua\\twei router",
    "a sign of a trade mark": "Hik™vision dome",
    "a sign of registration": "Da®hua dome",
    "ISO 2022, Korean": "하이크비전".encode("iso2022_kr").decode("ascii"),
    "ISO 2022, Korean, designated before": "\x0e"
    + "".join(chr(byte & 0x7F) for byte in "다후아".encode("euc_kr"))
    + "\x0f 9",
    "ISO 2022, Chinese": "\x1b$)A\x0e"
    + "".join(chr(byte & 0x7F) for byte in HIKVISION.encode("gb2312"))
    + "\x0f",
    "names of XML": "".join(f"_x{ord(char):04x}_" for char in HIKVISION),
    "encoded word": "=?utf-8?B?5rW35bq35aiB6KeG?=",
    "tag": "Hik<b>vision</b> dome",
    "tag with a class": "<span class='hl'>Hua</span><span>wei</span> router",
    "edits of a word": "[-Ax-]{+Hik+}[-is-]{+vision+} dome",
    "what was taken out": "{++Ax++}{--Da--}{--hua--}{++is++} dome",
    "tag as entities": "Hik&lt;em&gt;vision&lt;/em&gt; dome",
}
JOINED = {
    "texts of a formula": '="Hik"&"vision"',
    "with blanks": '= "Da" & "hua" & " camera"',
    "letters of a formula": '=CHAR(72)&CHAR(105)&CHAR(107)&"vision"',
    "letters beyond ASCII": "=UNICHAR(28023)&UNICHAR(24247)",
    "a German formula": '=ZEICHEN(72)&"ikvision"',
    "a function that joins": '=CONCATENATE("Hik","vision"," camera")',
    "one in German": '=VERKETTEN("Hua";"wei router")',
    "one with what stands between": '=TEXTJOIN("",TRUE,"Hik","vision")',
    "Power Query": 'Text.Combine({"Hik","vision"})',
    "letters of Power Query": "#(6D77)#(5EB7)#(5A01)#(89C6)",
    "SQL": "VALUES (1, 'Hik'||'vision')",
    "letters of SQL": "CHAR(72,105,107,118,105,115,105,111,110)",
    "a program": "a = 'Hik' + 'vision'",
    "texts beside each other": 'A = "Hik" "vision"',
    "a list that is joined": '["Hik", "vision"].join("")',
}
CODES = {
    "codes of letters": json.dumps({"type": "Buffer", "data": list(b"Hikvision")}),
    "codes of letters, solid": "[" + ",".join(map(str, b"Dahua dome")) + "]",
    "a key of a registry": "hex(1):" + "Hikvision\0".encode("utf-16-le").hex(","),
    "hexadecimal, commas": b"Hikvision".hex(","),
    "codes in braces, with room left": "{" + ", ".join(map(str, b"Hikvision\0\0\0")) + "}",
    "codes of two bytes": "{" + ", ".join(map(str, "Dahua dome".encode("utf-16-le"))) + "}",
    "codes with a blank": "(72 105 107 118 105 115 105 111 110)",
    "codes with semicolons": "68;97;104;117;97",
    "codes in brackets of their own": "[72][117][97][119][101][105]",
    "codes in braces of their own": "{68} {97} {104} {117} {97}",
    "hexadecimal, blanks": "0x48 0x69 0x6b 0x76 0x69 0x73 0x69 0x6f 0x6e",
    "hexadecimal between signs": "".join(f"<{byte:02x}>" for byte in b"Hikvision"),
    "decimals between signs": "".join(f"<{byte}>" for byte in b"Dahua"),
    "hexadecimal in brackets": "".join(f"({byte:02X})" for byte in b"Hytera PD785"),
    "as Basic writes it": ", ".join(f"&H{byte:02X}" for byte in b"Huawei"),
    "as Basic joins it": " & ".join(f"Chr(&H{byte:02X})" for byte in b"Huawei"),
    "as assemblers write it": " ".join(f"{byte:02x}h" for byte in b"Dahua dome"),
    "as controllers write it": " ".join(f"16#{byte:02X}" for byte in b"Hikvision"),
    "octal with its sign": " ".join(f"0o{byte:o}" for byte in b"Hikvision"),
    "octal": " ".join(f"{byte:o}" for byte in b"Hikvision"),
    "digits of two": " ".join(f"{byte:08b}" for byte in b"Dahua"),
    "digits of two with their sign": ", ".join(f"0b{byte:08b}" for byte in b"Dahua"),
    "four digits": "|".join(f"0x{byte:04X}" for byte in b"Hikvision"),
    "dots": ".".join(map(str, b"Hikvision")),
    "numbers in quotes": json.dumps([f"{byte:02x}" for byte in b"Hikvision"]),
    "letters in quotes": str(list("Hikvision")),
}
MISREAD = [
    *((HIKVISION, "utf-8", read) for read in ("latin-1", "cp1252", "cp1251", "cp437", "koi8_r", "gb18030", "cp949")),
    *((HIKVISION, "gb18030", read) for read in ("latin-1", "cp1252", "cp1251", "big5", "cp932", "cp949", "cp866")),
    *((HUAWEI, "gb18030", read) for read in ("latin-1", "cp1250", "mac_roman", "big5")),
    *((RUSSIAN, "cp1251", read) for read in ("latin-1", "koi8_r", "cp866", "cp1250")),
    *((RUSSIAN, "koi8_r", read) for read in ("cp1251", "latin-1")),
    ("ファーウェイ", "shift_jis", "cp1252"),
    ("하이크비전", "euc_kr", "latin-1"),
    ("華為技術", "big5", "latin-1"),
]  # fmt: skip


def _entities(index: Index, texts: list[str], *, scan: bool) -> list[set[str]]:
    kernel = Kernel(index, always_scan=scan)
    found: list[set[str]] = [set() for _ in texts]
    for row, (verdicts, spoken) in kernel.match_rows(
        pa.RecordBatch.from_pydict({"text": pa.array(texts, pa.string())}), {"text": "text"}
    ):
        found[row] = {item.entity for item in verdicts} | {item.entity for item in spoken}
    return found


@pytest.mark.parametrize("scan", [False, True])
def test_escaped_names_are_found(index: Index, scan: bool) -> None:
    found = _entities(index, list(ESCAPED.values()), scan=scan)
    assert {name for name, entities in zip(ESCAPED, found, strict=True) if not entities} == set()


@pytest.mark.parametrize("scan", [False, True])
def test_names_that_a_formula_or_a_program_joins_are_found(index: Index, scan: bool) -> None:
    found = _entities(index, list(JOINED.values()), scan=scan)
    assert {name for name, entities in zip(JOINED, found, strict=True) if not entities} == set()


@pytest.mark.parametrize("scan", [False, True])
def test_names_typed_on_a_keyboard_set_to_cyrillic_are_found(index: Index, scan: bool) -> None:
    texts = ["камера Ршлмшышщт", "РГФЦУШ", "вфргф 2 шт", "Вфргф", "Рнеукф", "Hшлмшішщт", "Ршлмшішщт"]
    found = _entities(index, texts, scan=scan)
    assert [bool(entities) for entities in found] == [True] * 5 + [False, True]
    honest = ["Рация для охраны", "роутер и кабель", "Рошен, Шумахер", "цифровой видеорегистратор", "форпост"]
    assert _entities(index, honest, scan=scan) == [set()] * len(honest)


@pytest.mark.parametrize("scan", [False, True])
def test_misread_names_are_found(index: Index, scan: bool) -> None:
    texts = [f"No 7 {name.encode(written).decode(read, 'replace')} x" for name, written, read in MISREAD]
    found = _entities(index, texts, scan=scan)
    assert {case for case, entities in zip(MISREAD, found, strict=True) if not entities} == set()


def test_a_name_misread_twice_is_found(index: Index) -> None:
    once = HIKVISION.encode().decode("latin-1")
    assert _entities(index, [once.encode().decode("latin-1")], scan=True) == [{"hikvision"}]


@pytest.mark.parametrize("scan", [True, False])
def test_names_in_codes_with_commas_between_are_found(index: Index, scan: bool) -> None:
    found = _entities(index, list(CODES.values()), scan=scan)
    assert {case for case, entities in zip(CODES, found, strict=True) if not entities} == set()


@pytest.mark.parametrize(
    "text",
    [
        "[72, 105, 107, 18, 105, 115]", "10,20,30,40,50,60", "192,168,100,110,120", "300,301,302,303,304,305", "12, 14, 16, 18, 20, 22", "100/120/130/140/150",
        "(12) (14) (16) (18) (20)", "2024-11-30-10-15-00", "{10, 20, 30, 0, 0, 0}", "x [1] {2} y",
        "Axis\u00ae", "Canon\u2122 camera", "X2 100", r"\X2\zz\X0\\",
    ],
)  # fmt: skip
def test_numbers_signs_and_folders_spell_nothing(text: str) -> None:
    assert spelled_out(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Rabatt 5%DAhua", "a=DA, b=10", r"C:\Users\dahua\2023\x", "<Dahua>", "<DS-2CD2143G2-I>", "100% x", "AT&T", "a && b",
        "R&D;", "x\\y", "f(72) + 3", '19" rack & 2 x 24" panel', "item #(1)", "O'Hara & Sons' camera", '<a href="https://www.hikvision.com">x</a>', "C3%", "U+1F600", "_x_",
    ],
)  # fmt: skip
def test_what_is_no_escape_stays(text: str) -> None:
    assert spelled_out(text) is None


def test_an_escape_never_hides_what_stands_beside_it(index: Index) -> None:
    texts = [
        '<a href="https://www.hikvision.com">&nbsp;x</a>', "Hikvision</b><b>DS-2CD2143G2-I", r"\\srv\2023\Hikvision camera",
        "camera=Hikvision&model=DS-2CD2143G2-I&q=%20", "Hikvision<b>DS-2CD2143G2-I</b>", "5%25 Hikvision%",
    ]  # fmt: skip
    assert all("hikvision" in found for found in _entities(index, texts, scan=True))


def test_fields_of_messages_keep_their_phrases() -> None:
    read = spelled_out("MSG*POWER SUPPLY FOR A DAHUA CAMERA~")
    assert read is not None and read[0].startswith("MSG*POWER SUPPLY FOR") and read[0].endswith(" MSGPOWER")


def test_every_text_with_an_escape_shows_a_sign() -> None:
    for text in (*ESCAPED.values(), *JOINED.values()):
        assert any(sign in text.lower() for sign in signs()), text


def test_evidence_quotes_the_record_as_it_stands() -> None:
    text = f"x {html.escape('<')}b &#28023;&#24247;&#23041;&#35270; é"
    cell = Cell.of("c", "text", text)
    start = cell.folded.text.index("海")
    assert cell.folded.quote(start, start + 4) == "&#28023;&#24247;&#23041;&#35270;"
    first, last = cell.folded.byte_span(start, start + 4)
    assert text.encode()[first:last].decode() == "&#28023;&#24247;&#23041;&#35270;"


def test_evidence_of_a_misread_name_quotes_all_of_it(index: Index) -> None:
    cell = Cell.of("c", "text", "é º£¿µÍþÊÓ!", index.garbles)
    start = cell.folded.text.index("海")
    assert cell.folded.quote(start, start + 4) == "º£¿µÍþÊÓ"


def _misread(text: str, written: str, *reads: str, lost: str = "strict") -> str:
    for read in reads:
        text = text.encode(written).decode(read, lost)
        written = "utf-8"
    return text


@pytest.mark.parametrize(
    ("text", "firm"), [("大华 摄像机 3台", "dahua"), ("中兴路由器", "zte"), ("海康威视摄像机", "hikvision")]
)
@pytest.mark.parametrize(
    "ways",
    [
        ("utf-8", "latin-1"), ("utf-8", "cp1252"), ("utf-8", "gbk"), ("gb18030", "latin-1"), ("gb18030", "cp437"),
        ("utf-8", "cp1252", "cp1252"), ("utf-8", "latin-1", "latin-1"), ("utf-8", "mac_roman", "mac_roman"),
        ("gb18030", "cp1252", "cp1252"), ("utf-8", "gb18030", "gb18030"),
    ],
    ids="-".join,
)  # fmt: skip
@pytest.mark.parametrize("lost", ["replace", "ignore"])
def test_what_stands_beside_a_misread_name_is_read_with_it(
    index: Index, text: str, firm: str, ways: tuple[str, ...], lost: str
) -> None:
    """A short name says little alone; the word for the thing beside it was misread in the same way."""
    garbled = _misread(text, *ways, lost=lost)
    for scan in (False, True):
        assert _entities(index, [garbled], scan=scan)[0] == {firm}, garbled


@pytest.mark.parametrize("text", ["大华路 办公室", "中兴大学", "中信银行 摄像机"])
def test_a_misread_homonym_says_no_more_than_as_it_was_written(index: Index, text: str) -> None:
    assert _entities(index, [text, text.encode().decode("latin-1")], scan=False) == [set(), set()]


def test_ordinary_text_of_other_scripts_is_no_misread_name(index: Index) -> None:
    ordinary = [
        "Größe, Füße, Überprüfung", "Übergrößenträger ÄÖÜ", "naïve façade Ærøskøbing", "«Привет», мир", "监控摄像机 安装 完成",
        "監視カメラの設置", "감시 카메라 설치", "ﾃｽﾄ ｶﾀｶﾅ ｱｲｳｴｵ", "şçğıöü İĞÜŞÇÖ", "┌──┬──┐ │ x │ └──┴──┘", "½ ¼ ¾ § ¶ ª º « »",
        "Łódź, Gdańsk, Wrocław", "ελληνικά κείμενα", "שלום עולם", "مرحبا بالعالم", "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ", "абвгдежзиклмн",
    ]  # fmt: skip
    assert [index.garbles.find(text) for text in ordinary] == [[]] * len(ordinary)


def test_long_and_short_texts_are_read_alike(index: Index) -> None:
    text = "é »ªÎª º£¿µÍþÊÓ ﾊﾓ æµ·åº·å¨\x81è§\x86 " * 40
    short = index.garbles.find(text)
    assert len(short) == 120
    padded = index.garbles.find(text + " " * 30_000)
    assert padded == short


def test_the_table_survives_pickling() -> None:
    table = pickle.loads(pickle.dumps(Garbles(["华为"])))
    assert table.find("»ªÎª") == [(0, 4, "华为")]


@pytest.mark.parametrize(
    "piece",
    [
        "&#",
        "%e6",
        "=e6=",
        "\\u6d77",
        "<b>",
        "&amp;",
        "a<b a",
        "=?x?q?",
        "U+6d77 ",
        "xn--",
        '"&',
        "'a'+",
        "concat(1,",
        "concat",
        "a(72,",
        "['',",
    ],
)
def test_long_hostile_texts_take_linear_time(piece: str) -> None:
    text = piece * (400_000 // len(piece))
    began = time.process_time()
    spelled_out(text)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "text",
    [
        "1 ハイクビジョン 2".encode("iso2022_jp").decode("ascii"), "1 海康威视".encode("hz").decode("ascii"),
        "description:: 5rW35bq35aiB6KeGIE5WUg==", "Хуавей".encode("mac_cyrillic").decode("cp1251") + " роутер",
    ],
)  # fmt: skip
def test_seven_bit_encodings_and_base64_of_ldif_are_read(index: Index, text: str) -> None:
    for scan in (False, True):
        assert _entities(index, [text], scan=scan)[0], (text, scan)


#: Words, numbers, and pieces of what is spelled otherwise.
_PIECES = ["Acme", "LTD", "camera", "hIKvision", "Hik", "vision", "72", "105", "107", "118", "46", "a1", "48h", "PO38260569",
           "SGlrdmlzaW9u", "48696b766973696f6e", "123456789", "1234567890", "concat", "textjoin", "xn--", "ip6.arpa", "char",
           " ", " ", ", ", ".", ";", "-", "_", "/", "'", '"', "(", ")", "&", "**", "\\", "=", "\n", "\x08", "{", "é", "海康"]  # fmt: skip


@settings(max_examples=600)
@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
@example("72 105 107 118 105 115 105 111 110")
@example("Acme LTD 123456789 SGlrdmlzaW9u")
def test_a_text_that_holds_no_escape_at_a_glance_holds_none(text: str) -> None:
    told: escapes.Spelled | None = None
    layers = [
        *[escapes._once] * (4 if escapes._SIGNS.search(text) else 0),
        escapes._shown, escapes._edited, escapes._unmarked, escapes._lettered, escapes._glued, escapes._numbered, escapes._unpacked,
    ]  # fmt: skip
    for layer in layers:
        before = told[0] if told else text
        put = escapes._with(before, layer(before))
        if put is not None:
            told = put if told is None else escapes._through(put, told)
    assert spelled_out(text) == told


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        (":86:105?00LASTSCHRIFT?21Kameras?32Firma HDT Hikvi?33sion Europe BV", "hikvision"),
        ("?20ZAHLUNG?21RG 12 Dah?22ua NVR", "dahua"),
        ("?60Funk Hyt?61era", "hytera"),
        ("?32Hika?33ru Vision", ""),
        ("?32Firma Hikvi?40sion", ""),
        ("page?33sion of Hik", ""),
    ],
)
def test_a_remark_on_a_payment_goes_on_in_its_next_field(index: Index, text: str, entity: str) -> None:
    assert {verdict.entity for verdict in analyse(index, [("Text", "text", text)])[0]} == ({entity} - {""})
