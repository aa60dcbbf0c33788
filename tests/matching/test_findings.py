"""What the engine says about texts as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from proscribe.app.kb.knowledge_index import build_index, index_of
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.findings import Spoken, Verdict, analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Band, MentionKind, Role, State


def judge(
    index: Index, text: str, field: str = "text", on: date | None = None
) -> tuple[tuple[Verdict, ...], tuple[Spoken, ...]]:
    return analyse(index, [(field, field, text)], on)


@pytest.mark.parametrize(
    ("text", "role", "band", "state"),
    [
        ("Axis P3245 replaces Hikvision camera", Role.FORMERLY, Band.POSSIBLE, State.UNKNOWN),
        ("Dahua DVR sold on auction", Role.FORMERLY, Band.POSSIBLE, State.DISPOSED),
        ("Axis camera replaced by Dahua NVR", Role.MADE_BY, Band.PROBABLE, State.IN_SERVICE),
        ("Hikvision NVR decommission planned 2031", Role.MADE_BY, Band.PROBABLE, State.PLANNED_REMOVAL),
        ("not yet removed Hikvision DVR", Role.MADE_BY, Band.PROBABLE, State.IN_SERVICE),
        ("Huawei router, unplugged, boxed up", Role.MADE_BY, Band.PROBABLE, State.STORED_DISCONNECTED),
        ("Hikvision camera loading dock", Role.MADE_BY, Band.PROBABLE, State.UNKNOWN),
        ("Hikvision camera pole mount", Role.MADE_BY, Band.POSSIBLE, State.UNKNOWN),
    ],
)
def test_a_line_says_what_became_of_the_thing(
    index: Index, text: str, role: Role, band: Band, state: State
) -> None:
    verdict = only(index, text)
    assert (verdict.role, verdict.band, verdict.state) == (role, band, state)
    assert band is not Band.POSSIBLE or verdict.questions


def only(index: Index, text: str, field: str = "text", on: date | None = None) -> Verdict:
    """Give the one finding; any other finding or mention is a failure."""
    verdicts, spoken = judge(index, text, field, on)
    assert len(verdicts) == 1 and not spoken, (text, verdicts, spoken)
    return verdicts[0]


@pytest.mark.parametrize(
    ("text", "entity", "band"),
    [
        ("Hikvision DS-2CD2143G2-I camera", "hikvision", Band.CONFIRMED),
        ("Hik vision turret camera", "hikvision", Band.PROBABLE),
        ("杭州海康威视数字技术股份有限公司", "hikvision", Band.PROBABLE),
        ("華為技術有限公司", "huawei", Band.PROBABLE),
        ("H U A W E I router", "huawei", Band.PROBABLE),
        ("ＨＵＡＷＥＩ S5720-52X-LI-AC", "huawei", Band.CONFIRMED),
        ("Huwaei router", "huawei", Band.PROBABLE),
        ("ds 2cd2143g2 i", "hikvision", Band.PROBABLE),
        ("cpe:2.3:o:hikvision:ds-2cd2026g2_firmware:-:*:*:*:*:*:*:*", "hikvision", Band.CONFIRMED),
        ("sysObjectID 1.3.6.1.4.1.2011.2.239.6", "huawei", Band.CONFIRMED),
        ("12d1:1406 E1750", "huawei", Band.CONFIRMED),
        ("Server: DNVRS-Webs", "hikvision", Band.PROBABLE),
    ],
)
def test_covered(index: Index, text: str, entity: str, band: Band) -> None:
    verdict = only(index, text)
    assert (verdict.entity, verdict.band) == (entity, band)
    assert verdict.evidence and all(item.facts for item in verdict.evidence)


@pytest.mark.parametrize(
    "text",
    [
        "AZTEC PRINT (NE) LTD", "YFS LIMOUSINES", "AL HIKMAH NURSERY", "Shanghai Dahua Scale Factory", "Mr. Dahua Chen",
        "Dahua Restaurant, staff dinner", "Teltronic AG", "Lorex Industries, Inc.", "honor roll ceremony", "HZTEL",
        "Kirin Ichiban beer", "H3C S5500-28C-EI", "Hikari Alphax Inc.", "pkg:pypi/kirin-toolchain", "P30 parking level",
    ],
)  # fmt: skip
def test_homonyms_appear_nowhere(index: Index, text: str) -> None:
    assert judge(index, text) == ((), ())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("TPU case for Huawei P30 Lite", MentionKind.ACCESSORY),
        ("Hikvision DS-1272ZJ wall mount bracket", MentionKind.ACCESSORY),
        ("Schutzhülle für Huawei P20", MentionKind.ACCESSORY),
        ("PoE injector compatible with Hikvision cameras", MentionKind.COMPATIBLE),
        ("non-Huawei router", MentionKind.NEGATED),
        ("NDAA compliant alternative to Dahua NVR", MentionKind.NEGATED),
        ("cameras contain no Hikvision, Dahua or Huawei parts", MentionKind.NEGATED),
        ("pkg:pypi/hikvisionapi The client for HIKVISION cameras, DVR", MentionKind.SOFTWARE),
        ("Axis M3116, competitor to Hikvision", MentionKind.COMPETITOR),
        ("Huawei HCIA certification course", MentionKind.REFERENCE),
    ],
)
def test_mentions(index: Index, text: str, kind: MentionKind) -> None:
    verdicts, spoken = judge(index, text)
    assert not verdicts
    assert {item.kind for item in spoken} == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "Hikvision camera with wall bracket", "Hytera PD785 radio, battery, charger", "Maintenance of Hikvision CCTV",
        "Invoice for Huawei router", "replacement Hikvision camera", "Hikvision box camera",
    ],
)  # fmt: skip
def test_equipment_is_not_talked_away(index: Index, text: str) -> None:
    verdicts, _ = judge(index, text)
    assert verdicts and verdicts[0].band.rank >= Band.PROBABLE.rank


def test_a_replacement_by_covered_equipment_stays_a_finding(index: Index) -> None:
    verdicts, _ = judge(index, "replaces Axis camera with Hikvision DS-2CD2143G2-I")
    assert [verdict.entity for verdict in verdicts] == ["hikvision"]


def test_a_chip_is_a_component_with_a_question(index: Index) -> None:
    verdict = only(index, "SoC Hi3516EV300, 1 pc")
    assert verdict.role is Role.COMPONENT
    assert verdict.covered_through == ("hisilicon", "huawei")
    assert verdict.questions


def test_another_makers_chip_yields_nothing(index: Index) -> None:
    for text in ("RV1126", "T31X", "XM530", "SSC337DE"):
        assert judge(index, text) == ((), ())


def test_a_whole_mac_of_a_device_maker_alone_is_probable_and_asks(index: Index) -> None:
    for text in ("44:19:B6:00:00:01", "4419.b600.0001", "3C:EF:8C:00:00:01"):
        verdict = only(index, text, "mac")
        assert verdict.band is Band.PROBABLE, text
        assert verdict.questions


def test_a_masked_mac_or_one_of_a_maker_of_network_parts_is_possible(index: Index) -> None:
    for text in ("44:19:B6:xx:xx:xx", "00:E0:FC:00:00:01", "00:15:EB:00:00:01"):
        verdict = only(index, text, "mac")
        assert verdict.band is Band.POSSIBLE, text
        assert verdict.questions


@pytest.mark.parametrize(
    ("text", "field"),
    [("Mate 20", "text"), ("Watch GT 3", "text"), ("Zhejiang Huaxiao Technology", "vendor_name"), ("Caltta radio PH790", "text")],
)  # fmt: skip
def test_what_is_only_possible_asks(index: Index, text: str, field: str) -> None:
    verdict = only(index, text, field)
    assert verdict.band is Band.POSSIBLE and verdict.questions


def test_a_doubtful_tie_is_asked_of_the_firm_on_the_way(index: Index) -> None:
    questions = " ".join(only(index, "Thermokamera HIKMICRO B20").questions)
    assert "who owns HIKMICRO?" in questions and "of Hikvision to Hikvision" not in questions


def test_a_number_of_one_maker_raises_no_question_about_a_badge_of_another(index: Index) -> None:
    verdicts, _ = judge(index, "HiLook IPC-B140H")
    assert [verdict.entity for verdict in verdicts] == ["hikvision"]


def test_a_locally_administered_mac_names_nobody(index: Index) -> None:
    assert judge(index, "46:19:B6:00:00:01", "mac") == ((), ())


def test_a_mac_beside_another_makers_name_stays_a_question(index: Index) -> None:
    verdicts, _ = analyse(index, [("Maker", "maker_name", "Axis"), ("MAC", "mac", "44:19:B6:00:00:01")])
    assert verdicts[0].band is Band.POSSIBLE


def test_a_mac_beside_a_model_confirms(index: Index) -> None:
    verdicts, _ = analyse(
        index, [("Model", "model_number", "DS-2CD2143G2-I"), ("MAC", "mac", "44:19:B6:00:00:01")]
    )
    assert verdicts[0].band is Band.CONFIRMED


def test_several_makers_leave_it_open(index: Index) -> None:
    for text in ("Dahua or Amcrest network video recorder", "3Com 4210, or Huawei Quidway S3928P-EI switch"):
        verdict = judge(index, text)[0][0]
        assert verdict.band is Band.POSSIBLE, text
        assert any("several makers" in question for question in verdict.questions)


def test_honor_of_2019_is_not_honor_of_2021(index: Index) -> None:
    early = only(index, "Honor 9X Lite smartphone", on=date(2019, 6, 1))
    assert early.band.rank >= Band.PROBABLE.rank
    assert early.covered_through[-1] == "huawei"
    verdicts, spoken = judge(index, "Honor 9X Lite smartphone", on=date(2021, 6, 1))
    assert not verdicts
    assert [item.kind for item in spoken] == [MentionKind.REFERENCE]
    undated = only(index, "Honor 9X Lite smartphone")
    assert undated.band is Band.POSSIBLE
    assert any("2020-12-31 at the latest" in question for question in undated.questions)


def test_ownership_is_asked_on_the_day(snapshot: Snapshot) -> None:
    then = date(2020, 6, 1)
    past = index_of(snapshot, then, date(2026, 11, 25))
    verdict = only(past, "Lorex Technology Inc.")
    assert verdict.covered_through == ("lorex", "dahua")
    assert verdict.band.rank >= Band.PROBABLE.rank


def test_low_confidence_never_decides(index: Index) -> None:
    low = [
        phrase
        for phrases in (*index.lexicon.by_first.values(), *index.lexicon.scripts.values())
        for phrase in phrases
        if phrase.low and phrase.matcher in ("entity_name", "brand") and phrase.key in index.ties
    ]
    assert len(low) > 20
    for phrase in low[::3]:
        verdicts, _ = judge(index, phrase.text)
        for verdict in verdicts:
            if all(fact == phrase.fact for item in verdict.evidence for fact in item.facts):
                assert verdict.band is Band.POSSIBLE, phrase
                assert verdict.questions


def test_the_answer_does_not_depend_on_column_order(index: Index) -> None:
    cells = [
        ("a", "text", "Hikvision camera"),
        ("b", "model_number", "DS-2CD2143G2-I"),
        ("c", "mac", "44:19:B6:00:00:01"),
    ]
    forward, backward = analyse(index, cells)[0], analyse(index, cells[::-1])[0]
    assert [(v.entity, v.band, v.total_mbit) for v in forward] == [
        (v.entity, v.band, v.total_mbit) for v in backward
    ]
    assert set(forward[0].evidence) == set(backward[0].evidence)


@pytest.mark.parametrize(
    "text", ["\x00", "A" * 100_000, "(" * 5000, "华" * 20_000, "\u202eHikvision\u202c", "-" * 50_000]
)
def test_hostile_texts_are_just_text(index: Index, text: str) -> None:
    verdicts, spoken = judge(index, text)
    assert isinstance(verdicts, tuple) and isinstance(spoken, tuple)


@pytest.mark.parametrize(
    "text",
    [
        "0403:f680 Sports Instrument",
        "1781:1ef2 E1803 Compact Controller Card",
        "Bus 001 Device 004: ID 04b8:012e GT-F670 scanner",
        "1106:3208 PT890 Host Bridge",
        "Server Adapter (SK-NET GE-ZX dual link)",
        "pkg:pypi/ncrystal Library for thermal neutron transport in crystals",
    ],
)
def test_a_number_that_is_another_vendors_appears_nowhere(index: Index, text: str) -> None:
    assert judge(index, text) == ((), ())


def test_a_foreign_vendor_id_does_not_outweigh_the_makers_name(index: Index) -> None:
    # A modem built on another firm's chip keeps the chip maker's id.
    assert only(index, "05c6:6613 ZTE MF330 modem").entity == "zte"
    assert only(index, "1110:5c01 Huawei MT-882 network device").band is not Band.POSSIBLE


def test_a_bare_vendor_number_before_a_foreign_name_is_a_question(index: Index) -> None:
    verdict = only(index, "12d1 PSITech")
    assert verdict.band is Band.POSSIBLE and verdict.questions
    assert only(index, "12d1 Huawei Technologies Co., Ltd.").band.rank > Band.POSSIBLE.rank
    assert only(index, "12d1", field="usb_id").band is Band.CONFIRMED


def test_a_package_that_runs_on_a_chip_is_software(index: Index) -> None:
    verdicts, spoken = judge(index, "pkg:pypi/flash-attention operator for Huawei Ascend 910A")
    assert not verdicts and [item.kind for item in spoken] == [MentionKind.SOFTWARE]


@pytest.mark.parametrize(
    ("text", "entity"), [("VodafoneK3765", "huawei"), ("SFR112", "zte"), ("ZongZ100", "zte")]
)
def test_a_badge_and_its_number_may_stand_without_a_space(index: Index, text: str, entity: str) -> None:
    assert only(index, text).entity == entity


@pytest.mark.parametrize(
    ("vendor", "asks"),
    [
        ("HYTERRA LAWN & TURF", True), ("Hyterra Eye Clinic", True), ("Hyterra Communications", False), ("HYTERRA", False),
        ("Hyterra radio lawn care crew", False),
    ],
)  # fmt: skip
def test_a_misspelt_name_before_another_trade_asks_in_a_column_of_vendors(
    index: Index, vendor: str, asks: bool
) -> None:
    (verdict,), _ = analyse(index, [("NAME1", "vendor_name", vendor)])
    assert bool(verdict.questions) is asks and (verdict.band is Band.POSSIBLE) is asks


@pytest.mark.parametrize(
    ("text", "brand"),
    [
        ("hotspot: Huawei E5577s (T-Mobile SIM)", None), ("Huawei E5577 on Vodafone contract", None),
        ("T-Mobile E5577s hotspot", "T-Mobile"), ("T-Mobile Huawei E5577s", "T-Mobile"), ("E5577s hotspot T-Mobile", "T-Mobile"),
    ],
)  # fmt: skip
def test_an_operator_behind_the_makers_own_name_and_number_is_no_badge(
    index: Index, text: str, brand: str | None
) -> None:
    verdict = only(index, text)
    assert (verdict.entity, verdict.brand) == ("huawei", brand)


@pytest.mark.parametrize(
    "cells",
    [
        [("text", "text", "npm install hikvision-api"), ("purl", "purl", "pkg:npm/hikvision-api@1.0")],
        [("line", "text", 'implementation "io.someone.huawei:client:6.1.0"')],
        [("name", "product_name", "hikvision-api"), ("purl", "purl", "pkg:npm/hikvision-api@1.0")],
    ],
)  # fmt: skip
def test_a_library_is_software_wherever_its_record_names_the_firm(
    index: Index, cells: list[tuple[str, str, str]]
) -> None:
    verdicts, (spoken,) = analyse(index, cells)
    assert not verdicts
    assert spoken.kind is MentionKind.SOFTWARE


@pytest.mark.parametrize(
    "cells",
    [
        [("group", "other", "com.huawei.hms"), ("name", "product_name", "push"), ("publisher", "vendor_name", "Huawei"), ("purl", "purl", "pkg:maven/com.huawei.hms/push@6.1")],
        [("manufacturer", "maker_name", "Huawei"), ("purl", "purl", "pkg:maven/com.huawei.hms/push@6.1")],
        [("line", "text", 'implementation "com.huawei.hms:push:6.1.0"')],
        [("Component", "text", "com.huawei.hms:push")],
        [("line", "text", "github.com/huaweicloud/huaweicloud-sdk-go-v3 v0.1.70")],
        [("name", "product_name", "push"), ("supplier", "vendor_name", "Huawei"), ("purl", "purl", "pkg:pypi/esdk-obs-python@3")],
        [("name", "product_name", "hik-client"), ("publisher", "vendor_name", "Hikvision"), ("purl", "purl", "pkg:npm/client@1")],
        [("name", "product_name", "artemis"), ("purl", "purl", "pkg:maven/com.hikvision.ga/artemis-http-client@1.1")],
    ],
)  # fmt: skip
def test_a_library_that_the_firm_wrote_is_a_question(cells: list[tuple[str, str, str]]) -> None:
    (verdict,), _ = analyse(build_index(as_of="2026-11-30", known_as_of="2026-11-30"), cells)
    assert verdict.band is Band.POSSIBLE
    assert any("law" in question for question in verdict.questions)


def test_equipment_beside_the_name_of_a_library_stays_equipment(index: Index) -> None:
    (verdict,), _ = analyse(index, [("text", "text", "Huawei AR1220 router, app uses com.huawei.hms:push")])
    assert verdict.entity == "huawei"


def test_a_finding_below_what_its_signals_weigh_says_what_holds_it_back(index: Index) -> None:
    (found,), _ = analyse(index, [("text", "text", "Dahua Technology USA Inc. NVR4108HS-8P-4KS2")])
    assert found.band is Band.POSSIBLE
    assert any(
        item.why.endswith("; it is less until what is asked of it is answered") for item in found.against
    )
    assert any("Dahua Technology USA Inc. belonged" in question for question in found.questions)


def test_who_sold_a_numbered_thing_does_not_say_who_made_it(index: Index) -> None:
    row = [("Supplier", "vendor_name", "Dahua Technology USA Inc."), ("Item", "text", "NVR4108HS-8P-4KS2")]
    (found,), _ = analyse(index, row)
    assert (found.entity, found.band) == ("dahua", Band.PROBABLE)


def test_what_numbers_a_line_is_no_word_that_is_not_understood(index: Index) -> None:
    (found,), _ = analyse(index, [("text", "text", "INV-887 Verizon ZTE Cymbal slab")])
    assert not any("'inv'" in item.why for item in found.against)


@pytest.mark.parametrize(
    ("name", "band"),
    [
        ("Hyterra Gartenbau", Band.POSSIBLE),
        ("Gartenbau Hyterra", Band.POSSIBLE),
        ("Hyterra Mobilfunk", Band.PROBABLE),
    ],
)
def test_a_misspelt_name_beside_another_trade_asks(index: Index, name: str, band: Band) -> None:
    assert only(index, name, "vendor_name").band is band


def test_a_name_that_begins_the_number_of_another_maker_asks(index: Index) -> None:
    def read(number: str, maker: str) -> Band:
        row = [("MPN", "part_number", number), ("Manufacturer", "maker_name", maker)]
        (found,), _ = analyse(index, [cell for cell in row if cell[2]])
        return found.band

    assert read("ZTE-CAL 4.7", "Ztec") is Band.POSSIBLE
    assert read("ZTE-CAL 4.7", "") is read("ZTE MF283", "Ztec") is Band.PROBABLE
