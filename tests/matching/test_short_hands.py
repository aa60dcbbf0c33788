"""Names as people shorten, glue and spell them, and as programs carry them."""

from __future__ import annotations

import pyarrow as pa
import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.matching.kernel import Kernel
from proscribe.matching.scanner import Scanner
from proscribe.model.findings import Band, MentionKind

SPELLED = {
    "H.i.k.v.i.s.i.o.n": "hikvision",
    "H I K V I S I O N camera": "hikvision",
    "H-U-A-W-E-I": "huawei",
    "d_a_h_u_a": "dahua",
    "H. Y. T. E. R. A": "hytera",
}
GLUED = {
    "CAM01HIK": "hikvision",
    "IPCamHIK": "hikvision",
    "hikcam-3": "hikvision",
    "HIKNVR01": "hikvision",
    "HikLobby camera": "hikvision",
    "DHCAM02": "dahua",
    "DH NVR": "dahua",
    "hwcam": "huawei",
    "HW-SWITCH-02": "huawei",
}
PROGRAMS = {
    "libdahua.so": "dahua",
    "dahuasdk": "dahua",
    "pyzte": "zte",
    "github.com/someone/zte-api": "zte",
    "github.com/someone/hikvision-isapi": "hikvision",
}
OF_THE_MAKER = {
    "libhcnetsdk.so": "hikvision",
    "HCNetSDK.dll": "hikvision",
    "dhnetsdk.dll": "dahua",
    "hisi-sdk": "hisilicon",
    "iVMS-4500": "hikvision",
    "Hik-ProConnect": "hikvision",
    "DSS Pro": "dahua",
    "DSS Express": "dahua",
    "NetNumen U31": "zte",
    "eSight network management": "huawei",
}
SILENT = [
    "H.i.l.l", "a.h.u.a", "H.u-a.w-e.i", "Hik2", "HikLobby", "HIKMA", "Mahikari01", "k9HIK4x", "hiking camera", "DHL camera",
    "HW switch for the light", "HW/SW switch", "hwclock", "dhclient.conf", "DHCP cam", "SORDINO-ZTE reconstruction library",
    "PCI DSS professional services", "eSight eyewear", "netsdk.dll", "HW", "DH", "DH Systems",
]  # fmt: skip


@pytest.fixture(scope="module")
def index(later_index: Index) -> Index:
    """Give the knowledge of the day on which these facts were recorded."""
    return later_index


def _bands(index: Index, text: str, field: str = "text") -> dict[str, str]:
    return {verdict.entity: verdict.band.value for verdict in analyse(index, [("name", field, text)])[0]}


@pytest.mark.parametrize("text", SPELLED)
def test_a_name_spelt_letter_by_letter_is_the_name(index: Index, text: str) -> None:
    assert _bands(index, text) == {SPELLED[text]: "probable"}


@pytest.mark.parametrize("text", GLUED)
def test_initials_beside_a_device_word_ask(index: Index, text: str) -> None:
    (verdict,), _ = analyse(index, [("host", "text", text)])
    assert (verdict.entity, verdict.band.value) == (GLUED[text], "possible") and verdict.questions


@pytest.mark.parametrize("text", PROGRAMS)
def test_programs_that_talk_to_devices_are_mentions(index: Index, text: str) -> None:
    verdicts, mentions = analyse(index, [("file", "text", text)])
    assert not verdicts
    assert [(item.entity, item.kind.value) for item in mentions] == [(PROGRAMS[text], "software")]


@pytest.mark.parametrize("text", OF_THE_MAKER)
def test_the_makers_own_programs_ask(index: Index, text: str) -> None:
    (verdict,), _ = analyse(index, [("program", "text", text)])
    assert (verdict.entity, verdict.band.value) == (OF_THE_MAKER[text], "possible") and verdict.questions


@pytest.mark.parametrize("text", SILENT)
def test_what_only_looks_so_says_nothing(index: Index, text: str) -> None:
    assert analyse(index, [("text", "text", text)]) == ((), ())


def test_initials_are_the_whole_of_a_cell_of_makers(index: Index) -> None:
    assert _bands(index, "HW", "maker_name") == {"huawei": "possible"}
    assert _bands(index, "DH", "maker_name") == {"dahua": "possible"}
    for text, field in (("DH Systems", "maker_name"), ("HW", "site"), ("DH", "vendor_name")):
        assert not _bands(index, text, field)


def test_the_fast_scan_passes_what_is_found(scanners: tuple[Scanner, Scanner]) -> None:
    found = [*SPELLED, *GLUED, *PROGRAMS, *OF_THE_MAKER]
    for scanner in scanners:
        rows = scanner.rows(pa.array([*found, "DH", "Mahikari01"], pa.string()))
        assert rows.tolist() == [True] * len(found) + [False] * 2


def test_columns_of_makers_pass_initials_by_their_whole_cells(index: Index) -> None:
    kernel = Kernel(index, always_scan=True)
    rows = pa.RecordBatch.from_pydict(
        {"maker": pa.array(["DH", " hw ", "Aco Systems", "Axis", None], pa.string())}
    )
    assert kernel.candidates(rows, {"maker": "maker_name"}).tolist() == [0, 1]


@pytest.mark.parametrize(
    "text",
    [
        "Bracket DS-1272ZJ f. Hikvision cam.", "Wall mnt DS-1272ZJ-110 f/ Hikvision dome", "Mount DS-1280ZJ-S pr cam. Hikvision",
        "Supp. p/ câm. Hikvision", "Sop. p/ cám. Hikvision DS-1273ZJ", "Крепл. к кам. Hikvision DS-1280ZJ", "Кронш. д/кам. Dahua PFB203W",
        "Акк. к р/ст Hytera PD785", "Halt. f. Kam. Hikvision", "Netzt. f. Hikvision DS-2CD2143G2-I", "Uchw. d/ kam. Hikvision",
        "Staffa x telec. Hikvision", "Beugel v. cam. Dahua", "Hikvision DS-1273ZJ-140", "Hikvision dome camera bracket DS-1273ZJ-140",
    ],
)  # fmt: skip
def test_shortened_words_for_accessories_and_what_they_are_for(index: Index, text: str) -> None:
    verdicts, spoken = analyse(index, [("text", "text", text)])
    assert all(verdict.band is Band.POSSIBLE and verdict.questions for verdict in verdicts)
    assert verdicts or next(one.kind for one in spoken) in (MentionKind.ACCESSORY, MentionKind.COMPATIBLE)


@pytest.mark.parametrize(
    "text",
    [
        "Hikvision cam. f. Flur DS-2CD2143G2-I", "2 x Hikvision DS-2CD2143G2-I", "Kam. Hikvision DS-2CD2143G2-I",
        "Hikvision DS-2CD2143G2-I with bracket DS-1273ZJ-140", "Кам. Hikvision DS-2CD2143G2-I д/склада",
    ],
)  # fmt: skip
def test_shortened_words_take_nothing_from_the_thing_itself(index: Index, text: str) -> None:
    (verdict,), _ = analyse(index, [("text", "text", text)])
    assert verdict.band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    "text",
    ["make=HIK;ch=8", "Marke: HIK", "Hersteller: HIK", '{"maker": "HIK"}', "vendor:hik", "manufacturer = 'HIK'", "Manufacturer: HIK", "ch=8; make=HIK",
     '[{"k": "manufacturer", "v": "HIK"}]'],
)  # fmt: skip
def test_a_short_name_counts_where_the_text_says_that_it_is_the_maker(index: Index, text: str) -> None:
    assert _bands(index, text) == {"hikvision": "probable"}


@pytest.mark.parametrize(
    "text",
    ["make: HIKING boots", "make sure HIK is told", "make=HIK Ltd trip", "customer: HIK", "remake HIK", "name=HIK", "take: HIK",
     "model maker day: HIK", "the make of HIK"],
)  # fmt: skip
def test_it_counts_nowhere_else_in_a_text(index: Index, text: str) -> None:
    assert not _bands(index, text)


def test_the_cell_before_says_that_it_is_the_maker(index: Index) -> None:
    said = analyse(
        index, [("column_1", "text", "C1"), ("column_2", "text", "Make"), ("column_3", "text", "HIK")]
    )
    assert [verdict.entity for verdict in said[0]] == ["hikvision"]
    for before in ("Site", "Make and mend", "C1"):
        assert not analyse(index, [("column_1", "text", before), ("column_2", "text", "HIK")])[0]


ALONE = [
    ("Type", "category"),
    ("Description", "text"),
    ("Model", "model_number"),
    ("Product", "product_name"),
    ("Driver", "protocol"),
    ("Recorder", "text"),
    ("VMS driver", "text"),
]


@pytest.mark.parametrize(("column", "field"), ALONE)
def test_a_short_name_alone_asks_where_things_are_named(index: Index, column: str, field: str) -> None:
    (verdict,), _ = analyse(index, [(column, field, "HIK")])
    assert (verdict.entity, verdict.band.value) == ("hikvision", "possible") and verdict.questions


@pytest.mark.parametrize(
    "text", ["12x HIK", "12 HIK", "by HIK", "gate: HIK", "HIK: 12", "HIK, lobby", "made by Hik"]
)
def test_it_asks_with_counts_and_places_alone(index: Index, text: str) -> None:
    assert _bands(index, text) == {"hikvision": "possible"}


@pytest.mark.parametrize(
    "text",
    ["HIK-2024", "HIK/12", "a long hik", "hik: 12", "HIK Holzbau", "HIK trip to the lake", "12 HIK boots"],
)
def test_it_is_silent_with_any_other_word_or_in_a_code(index: Index, text: str) -> None:
    assert not _bands(index, text)


@pytest.mark.parametrize("column", ["Last name", "column_2", "Cost centre"])
def test_it_is_silent_alone_where_nothing_says_what_it_is(index: Index, column: str) -> None:
    assert not analyse(index, [(column, "other", "HIK")])[0]


@pytest.mark.parametrize(
    "text", ["KAM HIKVISION DS-2", "KAM HUAWEI", "KAM DAHUA", "TEL HUAWEI P3", "TEL. ZTE BLADE"]
)
def test_a_short_word_for_a_device_is_no_mere_talk(index: Index, text: str) -> None:
    """Lists write "KAM" for a camera and "TEL" for a phone; a family name and a telephone number of a firm are asked about."""
    (verdict,), _ = analyse(index, [("Text", "text", text)])
    assert verdict.band is Band.PROBABLE or verdict.questions


@pytest.mark.parametrize("text", ["Axis / Dahua", "Dahua/Bosch", "Axis; Dahua", "Axis & Dahua", "Axis Dahua"])
def test_a_maker_beside_another_in_its_column_is_found_without_a_thing(index: Index, text: str) -> None:
    (verdict,), _ = analyse(index, [("Maker", "maker_name", text)])
    assert verdict.entity == "dahua" and (verdict.band is Band.PROBABLE or verdict.questions)


@pytest.mark.parametrize("text", ["Xinli / Dahua Garment", "Dahua Lanfang Printing", "Wang Dahua, tailor"])
def test_a_name_that_goes_on_in_its_column_is_somebody_elses(index: Index, text: str) -> None:
    assert analyse(index, [("Maker", "maker_name", text)])[0] == ()
