"""What is not understood of a line leaves a question, in either direction."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.matching.readings import WHEN_GONE, WHICH_THING
from proscribe.model.findings import Band, Role


def bands(index: Index, text: str) -> list[Band]:
    verdicts, _ = analyse(index, [("text", "text", text)])
    return [verdict.band for verdict in verdicts]


@pytest.mark.parametrize(
    "text",
    [
        "Quxo, new blorf of florps, spent six wendles at Huawei Peru",
        "Bruxa do grelho com a Hikvision na tronda, frelim pela dupra",
        "Die Wutz gremmelt seit Prunz ganz fluchs mit Dahua umme",
    ],
)
def test_a_name_among_unknown_words_is_a_question(index: Index, text: str) -> None:
    assert bands(index, text) == [Band.POSSIBLE]


@pytest.mark.parametrize(
    "text",
    [
        "Hikvision DS-2CD2143G2-I wendled",
        "2x Dahua camera, hall 4, wendle florps gremmelt prunz umme blorf",
        "Dahua camera in florp hall, Wendle Prunz",
    ],
)
def test_a_thing_that_is_understood_carries_a_word_that_is_not(index: Index, text: str) -> None:
    assert Band.POSSIBLE not in bands(index, text)


@pytest.mark.parametrize("thing", ["Hikvision camera", "Huawei S5735 switch", "Dahua DVR, hall 4"])
@pytest.mark.parametrize("word", ["wendled", "gremmelte", "отбурлено", "ظضغثخ"])
def test_more_words_that_are_not_understood_never_make_a_line_surer(
    index: Index, thing: str, word: str
) -> None:
    first, _, rest = thing.partition(",")
    ranks = [
        max(band.rank for band in bands(index, " ".join([first, *[word] * times]) + rest))
        for times in range(6)
    ]
    assert ranks[0] >= Band.PROBABLE.rank
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[-1] == Band.POSSIBLE.rank


def test_the_words_that_are_not_understood_are_shown(index: Index) -> None:
    (verdict,), _ = analyse(index, [("text", "text", "Hikvision camera wendled by the florp")])
    assert verdict.band is Band.POSSIBLE
    assert verdict.questions == (WHICH_THING,)
    assert "'wendled', 'florp'" in verdict.against[0].why


@pytest.mark.parametrize(
    "columns",
    [
        [("maker", "maker_name", "Hikvision"), ("model", "model", "DS-2CD2143G2-I"), ("note", "note", "blorf wendled prunz")],
        [("vendor", "company", "Wendled Blorf Hikvision Prunz Sp. z o.o.")],
        [("host", "text", "wendled-hikvision-blorf.prunz.example.org")],
    ],
)  # fmt: skip
def test_words_beside_columns_of_makers_in_companies_and_hosts_leave_no_question(
    index: Index, columns: list[tuple[str, str, str]]
) -> None:
    verdicts, _ = analyse(index, columns)
    assert [verdict.band for verdict in verdicts if verdict.band is not Band.POSSIBLE]


def test_what_reads_as_an_accessory_stays_a_question_among_unknown_words(index: Index) -> None:
    assert bands(index, "Black bracket for Hikvision camera") == []
    assert bands(index, "gremmelt prunz wendled florp black bracket for Hikvision camera 2 pcs") == [
        Band.POSSIBLE
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Zone de transit des emballages (ZTE) : balai à racheter",
        "ZTE Zakład Transportu i Ekspedycji, wynajem wózka",
        "Abt. ZTE (Zentrale Terminerfassung), Urlaubsliste",
        "Z.T.E. Zincatura Termica Emiliana, bulloneria",
    ],
)
def test_initials_whose_words_stand_beside_them_name_no_firm(index: Index, text: str) -> None:
    verdicts, spoken = analyse(index, [("text", "text", text)])
    assert not verdicts
    assert not spoken


@pytest.mark.parametrize(
    "text",
    [
        "Zero Touch Enrolment (ZTE) for the new Pixel phones",
        "3 ZTE (Zentrale Technische Einheit) im Keller",
        "ZTE (Zentrale Technische Einheit): MF286R im Keller",
        "Router ZTE (Zentrale Technische Einheit)",
        "ZTE (Zhongxing Telecommunication Equipment), Lieferung",
    ],
)
def test_initials_beside_a_thing_or_the_words_of_the_firm_do(index: Index, text: str) -> None:
    assert bands(index, text)


@pytest.mark.parametrize(
    "text",
    [
        "Blorf der Wuppe ZTE (Grunz, Flemm), hängt im Büro",
        "Prunz Hikvision kameras wendled und grelhoz, removed by florp",
        "Flemm von Dahua Kameras laut Zeitung, Drunz kein Blorf",
    ],
)
def test_where_more_may_mean_something_else_than_shows_a_thing_it_is_a_question(
    index: Index, text: str
) -> None:
    assert set(bands(index, text)) == {Band.POSSIBLE}


@pytest.mark.parametrize(
    "text",
    [
        "wendled: 12x DS-2CD2143G2-I florp, inv 40881",
        "Hikvision camera in the lobby, florp wendled",
        "EZVIZ H6C camera, florp wendled",
    ],
)
def test_where_a_thing_shows_words_that_are_not_known_change_nothing(index: Index, text: str) -> None:
    assert Band.PROBABLE in bands(index, text)


@pytest.mark.parametrize(
    "text",
    [
        "萤石C6CN一台，前台",
        "机房:中兴C600一块风扇板告警",
        "二期拟用大华或宇视",
        "询价中：大华门禁一体机5套，未下单",
        "Nog af te voeren: twee 2288H V5, schijven zijn er al uit",
    ],
)
def test_a_weak_name_or_number_in_a_line_that_shows_a_thing_asks(index: Index, text: str) -> None:
    assert set(bands(index, text)) == {Band.POSSIBLE}


@pytest.mark.parametrize("text", ["S5720 florp wendled quxo prunz blorf", "Hotel 中兴, quxo"])
def test_a_weak_name_or_number_alone_stays_silent(index: Index, text: str) -> None:
    assert bands(index, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Gdzie jest pilot do tego Hikvisiona w portierni?",
        "Huawei Halterung/Gerät Flur 3 lose, bitte anschauen",
        "هل كاميرات الفندق من نوع داهوا؟ الفني لم يفتح الغطاء",
        "كاميرا لداهوا عند الباب",
        "Quitamos el videoportero Fermax y va el de Dahua con la app",
        "А базовая на крыше чья? Вроде Huawei, уточнить у собственника",
    ],
)
def test_what_would_be_a_mention_asks_where_a_thing_is_here(index: Index, text: str) -> None:
    assert bands(index, text) == [Band.POSSIBLE]


def test_a_word_without_a_capital_beside_a_name_is_no_surname(index: Index) -> None:
    assert bands(index, "Dahua su ebay")
    assert bands(index, "Mr Dahua Su, ebay") == []


@pytest.mark.parametrize("text", ["MF110 Canon printer toner", "Lenovo IdeaCentre C320 all-in-one PC"])
def test_a_number_beside_another_maker_stays_silent(index: Index, text: str) -> None:
    assert bands(index, text) == []


def test_what_is_gone_and_not_yet_replaced_is_gone(index: Index) -> None:
    verdicts, _ = analyse(index, [("text", "text", "Dahua NVR stolen, not yet replaced")])
    assert [(verdict.band, verdict.role) for verdict in verdicts] == [(Band.POSSIBLE, Role.FORMERLY)]


def test_a_count_behind_an_accessory_counts_the_accessory(index: Index) -> None:
    assert bands(index, "大华摄像头支架10个 五金店发票") == []


@pytest.mark.parametrize(
    "text",
    [
        "vendido en wallapop el ZTE Blade de la oficina, 45 €, ingresado en caja",
        "списаны по акту № 9 и сданы в лом: ZTE ZXR10 2928 4 шт",
        "Ausgesondert und als E-Schrott abgegeben am 14.02.: 9x Hytera PD605",
    ],
)
def test_a_word_of_going_asks_whether_the_thing_went(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("text", "text", text)])
    assert {verdict.band for verdict in verdicts} == {Band.POSSIBLE}
    assert {verdict.role for verdict in verdicts} == {Role.FORMERLY}
    assert [verdict.questions for verdict in verdicts] == [(WHEN_GONE,)]


def test_what_is_listed_behind_a_part_that_puts_things_in_is_there(index: Index) -> None:
    assert bands(index, "Removed by the tenant: fence. Installed: Hikvision camera") == [Band.PROBABLE]


@pytest.mark.parametrize(
    "text", ["Hikvisions in hall 4", "Dahuas in hall 4", "Hytery w hali", "хайтеры в здании"]
)
def test_names_with_endings_are_names(index: Index, text: str) -> None:
    assert len(bands(index, text)) == 1


def test_what_a_thing_is_for_may_stand_before_it(index: Index) -> None:
    assert bands(index, "工事用無線機 Hytera BD505 10台") in ([Band.PROBABLE], [Band.CONFIRMED])


@pytest.mark.parametrize(
    "text",
    [
        'Supplier declaration: "none of our routers are made by ZTE or affiliates"',
        "CV: Techniker FTTH, OLT ZTE C320, Spleissgerät",
    ],
)
def test_what_a_word_of_talk_announces_is_a_question(index: Index, text: str) -> None:
    assert set(bands(index, text)) == {Band.POSSIBLE}


def test_a_law_against_a_firm_names_no_equipment(index: Index) -> None:
    assert bands(index, "loi anti-Huawei, note du juridique") == []


@pytest.mark.parametrize(
    "text",
    [
        "образец Hikvision отправили обратно",
        "Komplet kamer Dahua po zlikwidowanym sklepie sprzedany w październiku",
    ],
)
def test_a_sample_sent_back_or_a_thing_sold_is_no_plan(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("text", "text", text)])
    assert [(verdict.band, verdict.role) for verdict in verdicts] == [(Band.POSSIBLE, Role.FORMERLY)]


def test_a_course_is_no_room(index: Index) -> None:
    assert Band.PROBABLE not in bands(index, "van el 14 de mayo al curso de Huawei FusionSolar en Sevilla")


@pytest.mark.parametrize(
    "text",
    [
        "keeping the HIK for now despite HQ memo, removal 2027", "HIK bleibt trotz Rundschreiben hängen, Abbau 2027",
        "Vamos manter os Hik apesar do aviso, troca em 2027", "Teniamo gli Hik nonostante la circolare, smontaggio 2027",
        "荣耀50 销售部 2021年购",
    ],
)  # fmt: skip
def test_a_weak_name_that_somebody_handles_is_a_question(index: Index, text: str) -> None:
    assert bands(index, text) == [Band.POSSIBLE]


@pytest.mark.parametrize(
    "text",
    [
        "Haben uns gegen Axis und für Hikvision entschieden", "Nous avons tranché pour Hikvision plutôt qu'Axis",
        "Toch maar voor Hikvision gegaan, Axis te duur", "HIK? check label",
        "Hytera chargers AND 6 radios",
        "HIKの代わりにAXIS手配中、まだ届かず", "Hikvisionカメラ 充電器なし", "听说仓库还有几台華为交换机，没找到",
    ],
)  # fmt: skip
def test_what_may_be_a_thing_that_is_here_is_no_mention(index: Index, text: str) -> None:
    assert bands(index, text)[0].rank >= Band.POSSIBLE.rank


@pytest.mark.parametrize("text", ["荣耀50年庆典", "in honor of the new installation", "大华宾馆 客房"])
def test_a_word_that_only_sounds_like_the_name_is_none(index: Index, text: str) -> None:
    assert bands(index, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Huawei P20/P30用ケース",
        "staffa a parete x Dahua bullet",
        "Spare housing Hikvision",
        "4 x bracket f. Dahua",
    ],
)
def test_what_is_for_several_things_or_for_one_with_a_short_word_is_an_accessory(
    index: Index, text: str
) -> None:
    verdicts, spoken = analyse(index, [("text", "text", text)])
    assert not verdicts
    assert spoken


@pytest.mark.parametrize(
    "text",
    [
        "Box ZTE à restituer",
        "La box Huawei clignote toujours dans le local serveur",
        "la box ZTE redémarre toute seule, ticket 4411",
        "Deurbel is een Hikvision, app van Jeroen",
    ],
)
def test_a_word_for_a_box_or_an_app_sets_no_thing_aside_with_which_something_is_done(
    index: Index, text: str
) -> None:
    assert bands(index, text)


@pytest.mark.parametrize(
    "text",
    [
        "Przylutowano kabel Dahua w zukwarniku", "Запаял кабель камеры Dahua в зюквартире", "양계장 다후아 케이블 납땜 완료",
        "监控用华为", "Steht bei unserem Hoster Huawei im Rack?", "Czy nasz hosting ma Huawei?",
    ],
)  # fmt: skip
def test_work_on_a_part_a_use_or_a_question_is_neither_silent_nor_an_assertion(
    index: Index, text: str
) -> None:
    assert bands(index, text) == [Band.POSSIBLE]


@pytest.mark.parametrize(
    "text", ["配信用HUAWEIドングル 3,980円", "监控室用华为交换机", "ZTE Blade for the porter"]
)
def test_what_a_thing_is_used_for_and_its_brand_leave_it_what_it_is(index: Index, text: str) -> None:
    (band,) = bands(index, text)
    assert band.rank >= Band.PROBABLE.rank


def test_a_shared_name_and_a_brand_of_the_firm_beside_it_say_which_each_is(index: Index) -> None:
    assert bands(index, "一台中兴Blade") == [Band.POSSIBLE]
    assert bands(index, "中兴 razor blade") == []


@pytest.mark.parametrize(
    "text",
    [
        "Hotel: Dahua stays until the refit",
        "Bakery, Dahua behind the counter beeps",
        "Toy shop; ZTE on the shelf",
    ],
)
def test_a_word_of_another_trade_behind_a_sign_silences_no_name(index: Index, text: str) -> None:
    assert bands(index, text)


@pytest.mark.parametrize(
    "text",
    ["Dahua laundry no image", "Dahua hotel lobby dead", "DAHUA HOTEL OFFLINE", "Dahua Hotel Flur kein Bild"],
)
def test_where_a_thing_stands_is_no_trade_of_its_maker(index: Index, text: str) -> None:
    assert bands(index, text) == [Band.POSSIBLE]


@pytest.mark.parametrize("text", ["Hotel Dahua, 2 nights", "Dahua Shanghai Textile, uniforms", "Dahua Hotel"])
def test_a_word_of_another_trade_in_a_name_makes_it_another_firm(index: Index, text: str) -> None:
    assert not bands(index, text)


@pytest.mark.parametrize("text", ["ZTE Building, rent", "edificio ZTE, alquiler", "ZTE本社ビル 家賃"])
def test_a_building_that_may_bear_the_name_is_a_question(index: Index, text: str) -> None:
    assert bands(index, text) == [Band.POSSIBLE]


@pytest.mark.parametrize("text", ["Hikvision edificio norte, no graba", "Gebäude B, Hikvision, kein Bild"])
def test_a_building_in_which_a_thing_stands_is_none(index: Index, text: str) -> None:
    assert Band.PROBABLE in bands(index, text)


@pytest.mark.parametrize(
    "text",
    [
        "Sector 2: RRU Huawei, high VSWR since the storm",
        "Streife 4: Hytera Handfunke lädt nicht",
        "桟橋のHikvisionドームが映らない",
        "응급실 다후아 돔 카메라 전원 재연결",
    ],
)
def test_a_fault_that_is_told_of_a_thing_is_asserted(index: Index, text: str) -> None:
    assert Band.PROBABLE in bands(index, text)


@pytest.mark.parametrize(
    "text", ["Huawei P30 Pro, private phone", "Telefonata da ZTE, richiamare", "私物スマホ Huawei P30"]
)
def test_a_private_phone_and_a_call_are_questions(index: Index, text: str) -> None:
    assert Band.PROBABLE not in bands(index, text)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Hytera charger + 6 radios", True), ("Bracket for Hikvision camera, with camera", True), ("Hikvision bracket and dome camera", True),
        ("Huawei case incl. phone", True), ("Dahua Netzteil mit Kamera", True), ("Soporte Hikvision y cámara", True),
        ("Bracket for Hikvision camera", False), ("Hytera charger for 6 radios", False), ("Hikvision bracket with camera mount", False),
        ("Mount for Hikvision camera and recorder", False), ("Huawei phone case and charger", False),
    ],
)  # fmt: skip
def test_a_device_beside_an_accessory_is_a_question(index: Index, text: str, asked: bool) -> None:
    assert bands(index, text) == ([Band.POSSIBLE] if asked else [])
