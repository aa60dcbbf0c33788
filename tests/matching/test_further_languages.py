"""Lines in languages of which few words are known: what is there, what is gone and what is only for a thing."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Band


@pytest.mark.parametrize(
    "text",
    ["Dahua opptaker i teknisk rom", "Övervakningskamera Hikvision entré", "router Huawei kantor cabang", "Huawei reititin toimistossa", "מצלמת Hikvision בכניסה"],
)  # fmt: skip
def test_where_it_stands_is_understood(index: Index, text: str) -> None:
    assert analyse(index, [("text", "text", text)])[0][0].band.rank >= Band.PROBABLE.rank


def test_an_equals_sign_says_that_one_is_the_other(index: Index) -> None:
    (verdict,), _ = analyse(index, [("text", "text", "wall box = Huawei EG8145V5")])
    assert verdict.band is Band.POSSIBLE
    assert not analyse(index, [("text", "text", "wall box for Huawei EG8145V5")])[0]


@pytest.mark.parametrize(
    "text",
    [
        "Camera Hikvision lắp ở cổng", "Vẫn dùng camera Hikvision", "Đầu ghi Dahua bị hỏng", "Hikvision kamera girişe takıldı",
        "Dahua'nın kayıt cihazı arızalı", "Huawei'ler hâlâ kullanımda", "Kamera Axis vyměněna za Hikvision",
        "Kamera Hikvision zatím nevyřazena", "Kamera Dahua s držákem", "Telefon Huawei P40 Pro, ředitelka",
        "Cameră de supraveghere Dahua", "Övervakningskamera Hikvision", "กล้อง Hikvision", "Valvontakamera Dahua",
        "ติดตั้งกล้องวงจรปิดDahuaจำนวน4ตัว", "เครื่องบันทึก Dahua 16 ช่อง",
    ],
)  # fmt: skip
def test_a_thing_that_is_there_is_found(index: Index, text: str) -> None:
    assert analyse(index, [("text", "text", text)])[0][0].band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    "text",
    ["Camera Hikvision đã tháo năm ngoái", "Đã thanh lý đầu ghi Dahua", "Hikvision kameralar geçen yıl söküldü", "Dahua kayıt cihazı hurdaya ayrıldı",
     "Κάμερα Hikvision αποσύρθηκε", "Камеру Hikvision знято", "Dahua kamera leselejtezve", "Hikvision kamera skrotad", "Router ZTE scos din uz",
     "Telefon Huawei P9 vyřazen 2020", "Starý rekordér Hikvision odvezen do sběrného dvora", "Switch Huawei S5735 nahrazen Ciscem"],
)  # fmt: skip
def test_a_thing_that_is_gone_is_a_question(index: Index, text: str) -> None:
    (verdict,), _ = analyse(index, [("text", "text", text)])
    assert (verdict.role.value, verdict.band) == ("formerly", Band.POSSIBLE)


@pytest.mark.parametrize(
    "text",
    [
        "Không có camera Hikvision", "Chân đế cho camera Hikvision", "Bộ sạc dành cho Huawei", "Hikvision kamera yok",
        "fali konzol Hikvision dómhoz", "suport pentru camere Hikvision", "βάση τοίχου για κάμερα Hikvision", "чохол для планшета Huawei",
        "Väggfäste till Hikvision kamera", "Suojakuori Huawei MatePad", "pengganti Huawei AR1220", "zidni nosač Dahua", "laikiklis Hikvision",
        "เคส Huawei P30", "Prázdná krabice Dahua", "Huaweiの空箱", "Hikvision szkolenie i koulutus", "Axis instead: замість Dahua",
        "Huawei şarj aleti", "هيكفيجن غير موجود", "Pouzdro na Huawei P30", "Držák kamery Dahua", "อะแดปเตอร์กล้อง Hikvision 12V",
        "ขายึดกล้องDahua 10 ชิ้น", "Neighbouring unit let to Huawei Technologies Norway AS", "Scherm reparatie Huawei P20 van klant",
        "Nabídka Huawei zamítnuta, vybrán Cisco",
    ],
)  # fmt: skip
def test_what_is_not_there_or_only_for_a_thing_is_never_probable(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("text", "text", text)])
    assert all(verdict.band is Band.POSSIBLE for verdict in verdicts)


def test_a_picture_that_fails_shows_that_a_thing_is_there(index: Index) -> None:
    assert analyse(index, [("text", "text", "هيكفيجن الصورة لا تظهر")])[0]


@pytest.mark.parametrize(
    "text",
    ["invoice says Hanwha, box says Hikvision", "sticker eraf, webpagina zegt Dahua", "Verkauft als Axis, Karton sagt Dahua"],
)  # fmt: skip
def test_what_its_box_or_its_page_says_of_a_thing_is_no_accessory(index: Index, text: str) -> None:
    assert analyse(index, [("text", "text", text)])[0]


@pytest.mark.parametrize(
    "text",
    [
        "Handyhülle Honor 20 / Huawei nova 5T", "Coque Honor 20 / Huawei Nova 5T", "Etui Honor 20 / Huawei nova 5T",
        "Чехол Honor 20 / Huawei nova 5T", "Junction box Dahua / Hikvision",
    ],
)  # fmt: skip
def test_an_accessory_governs_the_list_behind_it(index: Index, text: str) -> None:
    assert analyse(index, [("text", "text", text)])[0] == ()


@pytest.mark.parametrize(
    "text",
    [
        "Phone case Honor 9X, Huawei Y9s", "Phone case + Huawei P30", "Junction box, Hikvision DS-2CD2143 camera",
        "14 Huawei Road, Singapore", "Access controller, 12 Huawei Road, Shenzhen", "IP camera · No. 88 Dahua Rd", "Dahua Plaza, 3rd floor", "ul. ZTE 4, 30-001 Kraków", "12 rue Huawei, Reims", "李华为 财务部 分机4410",
        "ABC Security Ltd - authorised Hikvision dealer until 2023",
    ],
)  # fmt: skip
def test_what_may_be_for_a_thing_a_place_a_person_or_a_dealer_is_a_question(index: Index, text: str) -> None:
    verdicts, mentions = analyse(index, [("text", "text", text)])
    assert all(verdict.band is Band.POSSIBLE and verdict.questions for verdict in verdicts)
    assert verdicts or mentions


@pytest.mark.parametrize(
    "text",
    [
        "Rack 2: Axis P3245 / Hikvision DS-2CD2143", "Case 12: Honor 20 / Huawei nova 5T", "Hikvision camera tower 3",
        "Hikvision street camera 5", "Loading dock / Hikvision DS-2CD2143", "大华16路录像机",
    ],
)  # fmt: skip
def test_a_place_with_a_thing_takes_nothing_from_it(index: Index, text: str) -> None:
    assert analyse(index, [("text", "text", text)])[0][-1].band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    ("item", "model"),
    [
        ("Funda móvil", "Huawei Y6"),
        ("Halterung für Kamera", "Hikvision DS-2CD2143"),
        ("Pouzdro na telefon", "Huawei P30"),
    ],
)
def test_an_accessory_in_another_cell_asks_of_the_model(index: Index, item: str, model: str) -> None:
    verdicts, _ = analyse(index, [("item", "text", item), ("model", "model_number", model)])
    assert all(verdict.band is Band.POSSIBLE for verdict in verdicts)


@pytest.mark.parametrize(
    "cells",
    [
        [("Виробник", "maker_name", "для планшета Huawei")],
        [("Tillverkare", "maker_name", "Hikvision HCSA-kurs")],
        [("Dodavatel", "vendor_name", "Huawei Technologies (Czech)"), ("Text", "text", "školení techniků")],
        [
            ("Typ", "model_number", "DS-1272ZJ-110"),
            ("Art", "text", "Zuqfeste"),
            ("Anm.", "note", "till Hikvision"),
        ],
    ],
)
def test_a_cell_or_a_number_that_names_no_thing_leaves_a_question_of_the_name_beside_it(
    index: Index, cells: list[tuple[str, str, str]]
) -> None:
    (verdict,), _ = analyse(index, cells)
    assert verdict.band is Band.POSSIBLE
    assert verdict.questions


def test_a_maker_or_supplier_of_a_thing_stays_what_it_is(index: Index) -> None:
    for cells in (
        [("Tillverkare", "maker_name", "Hikvision Digital Technology"), ("Typ", "text", "kamera")],
        [
            ("Dodavatel", "vendor_name", "Huawei Technologies (Czech)"),
            ("Text", "text", "switch S5735, školení"),
        ],
        [("Maker", "maker_name", "ZTE do Brasil"), ("Item", "text", "modem")],
    ):
        (verdict,), _ = analyse(index, cells)
        assert verdict.band.rank >= Band.PROBABLE.rank
