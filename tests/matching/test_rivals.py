"""Another maker beside a number, things that no screened firm makes, and names that are also ordinary words."""

from __future__ import annotations

from pathlib import Path

import pytest

import proscribe
from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Band, MentionKind, Role


@pytest.mark.parametrize(
    ("maker", "model"),
    [
        ("Cisco", "S5735-L24T4X-A"),
        ("Hanwha", "DS-2CD2143G2-I"),
        ("Acme Ltd", "S12700"),
        ("Dahua", "DS-2CD2143G2-I"),
    ],
)
def test_a_rival_in_a_column_of_makers_caps_a_number_and_never_silences_it(
    index: Index, maker: str, model: str
) -> None:
    verdicts, _ = analyse(index, [("Maker", "maker_name", maker), ("Model", "model_number", model)])
    seen = {verdict.entity: verdict for verdict in verdicts}
    number = next(
        verdict
        for verdict in seen.values()
        if any(item.matcher == "model_number" for item in verdict.evidence)
    )
    assert number.band is Band.POSSIBLE
    assert any(repr(maker) in question for question in number.questions)


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("Cradlepoint IBR900", "modem card ME909s-120"),
        ("Dell laptop", "WWAN ME906s"),
        ("Cisco switch", "uplink to S5720-52X-LI-AC"),
    ],
)
def test_another_makers_thing_in_one_column_does_not_silence_a_number_in_another(
    index: Index, text: str, remark: str
) -> None:
    verdicts, _ = analyse(index, [("Description", "text", text), ("Remarks", "note", remark)])
    assert [(verdict.entity, verdict.band) for verdict in verdicts] == [("huawei", Band.POSSIBLE)]
    assert any("who made this item?" in question for question in verdicts[0].questions)


@pytest.mark.parametrize("maker", ["Hikvision", "LTS", "n/a", "OEM", ""])
def test_a_maker_of_the_group_a_seller_of_its_units_or_none_caps_nothing(index: Index, maker: str) -> None:
    cells = [("Maker", "maker_name", maker), ("Model", "model_number", "DS-2CD2143G2-I")]
    verdicts, _ = analyse(index, [cell for cell in cells if cell[2]])
    assert verdicts[0].entity == "hikvision" and verdicts[0].band.rank >= Band.PROBABLE.rank


def test_a_number_of_another_maker_is_not_brought_up_by_its_own_column(index: Index) -> None:
    verdicts, _ = analyse(index, [("Maker", "maker_name", "Cisco"), ("Model", "model_number", "C9300-24T")])
    assert not verdicts


@pytest.mark.parametrize(
    "text",
    [
        "S12700 pump",
        "Kreiselpumpe S12700",
        "насос S12700",
        "水泵S12700",
        "ポンプ S12700",
        "펌프 S12700",
        "مضخة S12700",
    ],
)
def test_a_thing_that_no_firm_makes_leaves_a_shared_number_a_question(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("text", "text", text)])
    assert all(verdict.band is Band.POSSIBLE for verdict in verdicts)


def test_a_number_that_only_the_firm_uses_may_stand_in_the_pump_house(index: Index) -> None:
    verdicts, _ = analyse(index, [("text", "text", "pump house DS-2CD2143G2-I")])
    assert verdicts[0].band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    "text",
    ["avant une Axis, maintenant une Dahua au-dessus du quai", "kamera Hikvision, kasa 2", "mur orange, caméra Hikvision"],
)  # fmt: skip
def test_an_ordinary_word_is_no_makers_name(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("text", "text", text)])
    assert [verdict.band for verdict in verdicts] == [Band.PROBABLE]
    assert not any("several makers" in question for question in verdicts[0].questions)


def test_an_ordinary_word_names_a_maker_before_a_thing_or_in_its_column(index: Index) -> None:
    (before,), _ = analyse(index, [("text", "text", "Kasa camera or Hikvision or Axis camera")])
    assert before.band is Band.POSSIBLE
    rival = [("Maker", "maker_name", "Tenda"), ("Model", "model_number", "S5735-L24T4X-A")]
    (beside,), _ = analyse(index, rival)
    assert any("'Tenda'" in question for question in beside.questions)


@pytest.mark.parametrize(
    "text",
    [
        "HikvisionではなくHanwhaを採用", "Dahuaカメラと比較の結果、Axisを選定", "하이크비전 대신 한화 선택", "다후아와 비교 후 Axis 로 결정",
        "Quote from Hanwha beat the Dahua bid", "Hanwha retenue plutôt que Hikvision", "最终选择韩华，未选海康威视",
    ],
)  # fmt: skip
def test_a_firm_named_for_comparison_is_no_equipment(index: Index, text: str) -> None:
    verdicts, spoken = analyse(index, [("text", "text", text)])
    assert all(verdict.band is Band.POSSIBLE for verdict in verdicts)
    assert verdicts or {item.kind for item in spoken} & {MentionKind.COMPETITOR, MentionKind.NEGATED}


@pytest.mark.parametrize(
    "text",
    [
        "Axis 철거 후 다후아 돔 카메라 설치",
        "Сняли Axis, повесили Dahua у рампы",
        "1층 랙 화웨이 S5720 스위치",
    ],
)
def test_what_is_put_in_after_another_was_taken_out_is_there(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("text", "text", text)])
    assert verdicts[0].band.rank >= Band.PROBABLE.rank and verdicts[0].role is not Role.FORMERLY


@pytest.mark.parametrize(
    "text",
    [
        "Core stack 2x S5735-L48T4X-A1, waiting on money to go Aruba",
        "S5735-L48T4X-A1 Juniper",
        "IPC-HFW2431T-ZS, Aruba PoE port 4",
        "Drucker Ricoh F660",
    ],
)
def test_the_name_of_another_maker_in_the_line_silences_no_whole_number(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("text", "text", text)])
    assert [one.band for one in verdicts] == [Band.POSSIBLE] and verdicts[0].questions


@pytest.mark.parametrize(
    "text",
    ["Olivex F660", "Drucker Olivex F660", "Zarbon S12700", "switch Torvald S5720", "Torvald C300 router", "Torvald PD785",
     "Torvald GmbH switch S5720", "Torvald Ltd core switch S5720"],
)  # fmt: skip
def test_a_maker_on_no_list_right_before_a_short_number_leaves_it_a_question(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("text", "text", text)])
    assert [one.band for one in verdicts] == [Band.POSSIBLE]
    name = next(word for word in text.split() if word in {"Olivex", "Zarbon", "Torvald"})
    assert any(repr(name) in question for question in verdicts[0].questions)


@pytest.mark.parametrize(
    "text",
    [
        "Router F660", "F660", "ONT F660, Olivex", "Olivex, F660", "Switch S5720", "Torvald DS-2CD2143G2-I",
        "Torvald S5735-L24T4X-A", "Torvald IPC-HFW2431T-ZS", "ZTE F660", "terminal F660",
        "Core switch S5720", "Lobby switch S5720", "spare, Torvald switch S5720", "HQ switch S5720",
    ],
)  # fmt: skip
def test_a_word_that_names_no_maker_or_a_number_of_the_firms_own_form_caps_nothing(
    index: Index, text: str
) -> None:
    verdicts, _ = analyse(index, [("text", "text", text)])
    assert verdicts[0].band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Torvald switch S5720", "Torvald"), ("Torvald core switch S5720", "Torvald"), ("Zarbon router AR2220", "Zarbon"),
        ("Munich core switch S5720", "Munich"), ("Berlin Switch S5720", "Berlin"),
    ],
)  # fmt: skip
def test_a_name_before_a_noun_may_be_a_place_so_it_asks_and_lowers_nothing(
    index: Index, text: str, name: str
) -> None:
    (verdict,), _ = analyse(index, [("text", "text", text)])
    assert verdict.band is Band.PROBABLE
    assert any(repr(name) in question for question in verdict.questions)


def test_a_longer_number_that_may_only_ask_does_not_silence_a_shorter_one_that_says(index: Index) -> None:
    (verdict,), _ = analyse(index, [("text", "text", "PD795 IS radio")])
    assert verdict.entity == "hytera" and verdict.band is Band.PROBABLE


@pytest.mark.parametrize(
    ("maker", "cells"),
    [
        ("Panduit", [("Description", "text", "Patch panel"), ("Remark", "note", "Dahua street site")]),
        ("Panduit", [("Model", "model_number", "CMB-4"), ("Remark", "note", "Bracket 4 Hikvision camera")]),
        ("Panduit", [("Description", "text", "Bracket 4 Hikvision camera")]),
        ("Axis", [("Model", "model_number", "P3245"), ("Remark", "note", "Hikvision camera next to it")]),
        ("Axis", [("Description", "text", "Hikvision camera room")]),
        ("Axis", [("Description", "text", "Dahua street site")]),
        ("Axis", [("Description", "text", "Steel bracket 4 Hikvision camera")]),
    ],
)
def test_another_maker_in_its_column_leaves_a_name_in_a_line_a_question(
    index: Index, maker: str, cells: list[tuple[str, str, str]]
) -> None:
    (verdict,), _ = analyse(index, [("Manufacturer", "maker_name", maker), *cells])
    assert verdict.band is Band.POSSIBLE and verdict.questions


@pytest.mark.parametrize(
    ("maker", "cells"),
    [
        ("Axis", [("Remark", "note", "label says Hikvision inside")]),
        ("Axis", [("Remark", "note", "Hikvision DS-2CD2143G2-I")]),
        ("Unknown", [("Remark", "note", "Hikvision camera at gate")]),
        ("LTS", [("Remark", "note", "Hikvision camera at gate")]),
        ("Hikvision", [("Remark", "note", "Hikvision camera at gate")]),
        ("", [("Remark", "note", "Hikvision camera at gate")]),
    ],
)
def test_a_badge_a_number_or_no_maker_at_all_lowers_no_name(
    index: Index, maker: str, cells: list[tuple[str, str, str]]
) -> None:
    verdicts, _ = analyse(index, [("Manufacturer", "maker_name", maker), *cells])
    assert verdicts[0].band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    "text",
    [
        "Hikvision dome camera",
        "Caméra dôme Hikvision",
        "Huawei switch",
        "Hikvision camera at gate",
        "海康威视 摄像机",
    ],
)
def test_a_description_of_a_device_of_the_firm_stays_beside_another_maker_and_asks(
    index: Index, text: str
) -> None:
    cells = [("Manufacturer", "maker_name", "Axis"), ("Description", "text", text)]
    (verdict,), _ = analyse(index, cells)
    assert verdict.band is Band.PROBABLE
    assert verdict.questions == ("The record says 'Axis': who made this item?",)


def described(maker: str, text: str, **cells: str) -> list[tuple[str, str, str]]:
    kinds = {"model": "model_number", "name": "product_name"}
    beside = [(name, kinds[name], value) for name, value in cells.items()]
    return [("Make", "maker_name", maker), ("Description", "text", text), *beside]


@pytest.mark.parametrize(
    "text",
    [
        "USB-C cable", "Wall mount", "sticker sheet", "Rack ears", "Power supply 12V", "Schutzhülle", "Netzteil 12V 2A", "Ladekabel",
        "Coque de protection", "Cargador", "Zasilacz do routera", "Uchwyt", "Capa para telemóvel", "telefoonhoesje", "Кронштейн",
        "Чехол для телефона", "手机壳", "摄像机支架", "スマホケース", "휴대폰 케이스", "Şarj kablosu", "Staffa",
    ],
)  # fmt: skip
def test_an_accessory_beside_a_makers_name_is_a_mention(index: Index, text: str) -> None:
    for maker in ("Huawei", "Hikvision"):
        verdicts, spoken = analyse(index, described(maker, text))
        assert not [verdict for verdict in verdicts if verdict.entity == maker.lower()], text
        assert any(one.entity == maker.lower() and one.kind is MentionKind.ACCESSORY for one in spoken), text


@pytest.mark.parametrize(
    "text",
    ["Phone case", "Huawei P30 phone case", "Custodia telefono", "غطاء هاتف", "NVR rack mount kit", "Turret camera ceiling mount"],
)  # fmt: skip
def test_an_accessory_that_names_a_device_is_no_more_than_a_question(index: Index, text: str) -> None:
    verdicts, spoken = analyse(index, described("Huawei", text))
    assert all(verdict.band is Band.POSSIBLE and verdict.questions for verdict in verdicts)
    assert verdicts or spoken


@pytest.mark.parametrize(
    "text",
    [
        "Adapter", "PoE adapter", "Network card", "Antenne", "Antena", "Adaptateur", "Adaptador", "Netzwerkkarte", "Carte réseau",
        "Адаптер", "适配器", "SFP module", "Media converter", "Docking station", "WiFi extender", "LTE dongle", "Line card",
    ],
)  # fmt: skip
def test_an_accessory_that_may_be_equipment_never_falls_silent(index: Index, text: str) -> None:
    for maker in ("Huawei", "ZTE"):
        verdicts, _ = analyse(index, described(maker, text))
        assert [verdict for verdict in verdicts if verdict.entity == maker.lower()], text


@pytest.mark.parametrize(
    "text",
    [
        "Dome camera", "Box camera", "Rack switch 48p", "Cable modem", "Camera with cable and mount", "Wall mounted DVR",
        "Caméra dôme avec support", "Kit 4 cameras + NVR + cables", "Rekorder im Rack 3", "Kamera na uchwycie", "Cámara con soporte",
        "Router z zasilaczem", "Видеокамера с кронштейном", "Base station", "Powerline adapter", "PoE injector", "",
    ],
)  # fmt: skip
def test_a_device_beside_a_makers_name_stays_its_device(index: Index, text: str) -> None:
    cells = [cell for cell in described("Huawei", text) if cell[2]]
    verdicts, _ = analyse(index, cells)
    assert verdicts[0].band.rank >= Band.PROBABLE.rank, text


def test_a_number_or_another_description_keeps_an_accessory_from_falling_silent(index: Index) -> None:
    verdicts, _ = analyse(index, described("Hikvision", "Wall mount", model="QX-77"))
    assert verdicts[0].band is Band.POSSIBLE and verdicts[0].questions
    verdicts, _ = analyse(index, described("Hikvision", "Wall mount", model="DS-2CD2143G2-I"))
    assert verdicts[0].band.rank >= Band.PROBABLE.rank
    verdicts, _ = analyse(index, described("Hikvision", "Wall mount", name="Dome camera"))
    assert verdicts[0].band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize("remark", ["Eltra", "Camozzi"])
def test_a_word_alone_in_a_remark_may_be_the_maker_of_a_short_number(index: Index, remark: str) -> None:
    cells = [("Descr.", "text", "Router"), ("Type", "model_number", "AR1220")]
    (plain,), _ = analyse(index, cells)
    assert plain.band.rank >= Band.PROBABLE.rank
    (asked,), _ = analyse(index, [*cells, ("Note", "note", remark)])
    assert asked.band is Band.POSSIBLE
    assert any(repr(remark) in question for question in asked.questions)


@pytest.mark.parametrize("remark", ["Reception", "ok", "Active", "see page 2"])
def test_a_place_a_state_or_a_sentence_is_no_maker(index: Index, remark: str) -> None:
    cells = [("Descr.", "text", "Router"), ("Type", "model_number", "AR1220"), ("Note", "note", remark)]
    (verdict,), _ = analyse(index, cells)
    assert verdict.band.rank >= Band.PROBABLE.rank


def test_a_firm_named_in_remarks_alone_beside_another_makers_thing_is_asked_for(index: Index) -> None:
    cells = [("Make", "maker_name", "MikroTik"), ("Note", "note", "tinha um Huawei")]
    (verdict,), _ = analyse(index, cells)
    assert (verdict.entity, verdict.band) == ("huawei", Band.POSSIBLE)


@pytest.mark.parametrize(
    ("column", "rows"),
    [
        ("Category", "S5720-28P-LI-AC;Grundfos"),
        ("Kategorie", "S5720-28P-LI-AC;Cisco"),
        ("Remarks", "S5720-28P-LI-AC;Cisco"),
    ],
)
def test_a_rival_in_a_column_of_sorts_or_remarks_caps_a_number(
    tmp_path: Path, column: str, rows: str
) -> None:
    path = tmp_path / "assets.csv"
    path.write_text(f"Asset;Model;{column}\n1;{rows}\n2;S5720-28P-LI-AC;switch\n", encoding="utf-8")
    rival, plain = proscribe.scan([path], as_of="2026-11-27").findings
    assert rival.band is Band.POSSIBLE
    assert plain.band.rank >= Band.PROBABLE.rank, "what other rows name caps nothing"


@pytest.mark.parametrize(
    "text",
    [
        "beside the Hikvision",
        "à côté de la Hikvision",
        "neben der Hikvision",
        "рядом стоит Hikvision",
        "accanto alla Hikvision",
        "Hikvision 旁边",
    ],
)
def test_what_a_thing_stands_beside_is_another(index: Index, text: str) -> None:
    (verdict,), _ = analyse(index, [("Notes", "note", text)])
    assert verdict.band is Band.POSSIBLE


def test_initials_of_the_words_behind_them_are_no_firm_of_a_vendor_list(index: Index) -> None:
    assert not analyse(index, [("Name", "vendor_name", "ZTE Zakład Techniki Elektrycznej")])[0]
    (asked,), _ = analyse(index, [("Name", "vendor_name", "ZTE Zahntechnik Eder")])
    assert asked.band is Band.POSSIBLE, "a letter inside a compound is a chance, and no proof"
    (firm,), _ = analyse(index, [("Name", "vendor_name", "ZTE Deutschland GmbH")])
    assert firm.band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    "cells",
    [
        [("Make", "maker_name", "Yageo"), ("Type", "model_number", "ZTE-0402")],
        [("Make", "maker_name", "TE Connectivity"), ("Type", "model_number", "ZTE-40-02")],
        [("Item", "text", "RW-1 Swarco ZTE-12")],
    ],
)
def test_initials_before_figures_alone_are_another_makers_number_beside_its_name(
    index: Index, cells: list[tuple[str, str, str]]
) -> None:
    (verdict,), _ = analyse(index, cells)
    assert verdict.band is Band.POSSIBLE
    (own,), _ = analyse(index, [("Make", "maker_name", "ZTE"), ("Type", "model_number", "ZTE-9806")])
    assert own.band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize("field", ["vendor_name", "text"])
def test_a_name_of_chinese_syllables_that_goes_on_to_another_trade_is_a_question(
    index: Index, field: str
) -> None:
    (verdict,), _ = analyse(index, [("Name", field, "Zhejiang Dahua Garment Co., Ltd.")])
    assert verdict.band is Band.POSSIBLE
    (own,), _ = analyse(index, [("Name", field, "Zhejiang Dahua Technology Co., Ltd.")])
    assert own.band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    ("field", "beside"), [("maker_name", "Bosch"), ("maker_name", "Brinker"), ("text", "Cisco router")]
)
def test_another_makers_thing_does_not_make_a_line_about_a_neighbour_more_certain(
    index: Index, field: str, beside: str
) -> None:
    line = ("Text", "text", "Hikvision vom Nachbarn filmt unseren Hof")
    verdicts, _ = analyse(index, [("Item", field, beside), line])
    assert [verdict.band for verdict in verdicts] == [Band.POSSIBLE]


@pytest.mark.parametrize(
    "cells",
    [
        [("Item", "text", "Torvald terminal block ZTE 4")],
        [("Maker", "maker_name", "Torvald"), ("Item", "text", "ZTE 2,5/4AN")],
        [("Item", "text", "Widerstand ZTE-0402")],
        [("Item", "text", "Weidmüller ZTE-2.5")],
        [("Item", "text", "Phoenix Contact ZTE 2,5")],
        [
            ("Maker", "maker_name", "Torvald"),
            ("Item", "text", "BELT, V, ZTE-68"),
            ("MPN", "part_number", "ZTE68"),
        ],
    ],
)
def test_initials_before_figures_beside_what_no_firm_makes_are_a_question(
    index: Index, cells: list[tuple[str, str, str]]
) -> None:
    verdicts, _ = analyse(index, cells)
    assert [verdict.band for verdict in verdicts] == [Band.POSSIBLE]


def test_initials_before_a_count_of_devices_are_none(index: Index) -> None:
    verdicts, _ = analyse(index, [("Item", "text", "Router ZTE 4 Stück")])
    assert [verdict.band for verdict in verdicts] == [Band.PROBABLE]


@pytest.mark.parametrize(
    ("text", "entity", "band"),
    [
        ("label: 2ADTDDS2CD2143", "hikvision", Band.PROBABLE),
        ("QISHG8245H", "huawei", Band.POSSIBLE),
        ("YAMPD78X", "hytera", Band.POSSIBLE),
        ("FCC QISB525S23A", "huawei", Band.POSSIBLE),
        ("label: grantee code QIS", "huawei", Band.POSSIBLE),
    ],
)
def test_an_fcc_id_is_read_without_the_letters_fcc(index: Index, text: str, entity: str, band: Band) -> None:
    (verdict,), _ = analyse(index, [("Item", "text", text)])
    assert (verdict.entity, verdict.band) == (entity, band)
    assert [item.matcher for item in verdict.evidence] == ["fcc_id"]


@pytest.mark.parametrize(
    "text",
    [
        "yamaha-r6 helmet",
        "FCC rules",
        "grantee code",
        "grantee code QISA",
        "QISSA1",
        "srq-0001234",
        "qis2",
        "2adtd",
        "x2ADTDDS2CD",
    ],
)
def test_a_word_that_begins_like_a_grantee_code_is_no_fcc_id(index: Index, text: str) -> None:
    assert analyse(index, [("Item", "text", text)]) == ((), ())


@pytest.mark.parametrize(
    "cells",
    [
        [("Maker", "maker_name", "Vivotek"), ("Chip", "chip", "Hi3516")],
        [("Item", "text", "Vivotek camera"), ("Notes", "note", "SoC Hi3516")],
    ],
    ids=["columns", "note"],
)
def test_the_maker_of_a_device_does_not_silence_the_chip_inside(
    index: Index, cells: list[tuple[str, str, str]]
) -> None:
    verdicts, _ = analyse(index, cells)
    assert [(verdict.entity, verdict.band) for verdict in verdicts] == [("hisilicon", Band.POSSIBLE)]
