"""Who takes whose place, in the passive and with the verb last: a polarity turned round is a wrong "does not"."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Band, Role

PAIRS = [
    "{} wurde durch {} ersetzt", "{} Kameras wurden durch {} ersetzt", "{} Kamera durch eine {} Kamera ersetzt",
    "{} werd door {} vervangen", "vervangen: {} door {}", "The {} was replaced with a {}", "swapped {} NVR for {} NVR",
    "La {} a été remplacée par une {}", "on a remplacé la {} par une {}", "La {} fue reemplazada por {}",
    "se cambió la {} por una {}", "La {} è stata sostituita con una {}", "A {} foi substituída pela {}",
    "Kamera {} została zastąpiona przez {}", "wymieniono {} na {}", "Камеру {} заменили на {}", "заменили {} на {}",
    "{}カメラを{}カメラに交換", "{}から{}へ変更", "{} 카메라를 {} 카메라로 교체", "{}에서 {}로 변경", "كاميرا {} استبدلت ب {}",
]  # fmt: skip


@pytest.mark.parametrize("line", PAIRS)
def test_what_comes_in_is_there_and_what_goes_out_is_a_question(index: Index, line: str) -> None:
    (comes,), _ = analyse(index, [("text", "text", line.format("Axis", "Dahua"))])
    assert comes.role is Role.MADE_BY and comes.band.rank >= Band.PROBABLE.rank
    (goes,), _ = analyse(index, [("text", "text", line.format("Dahua", "Axis"))])
    assert (goes.role, goes.band) == (Role.FORMERLY, Band.POSSIBLE) and goes.questions


@pytest.mark.parametrize(
    "line",
    [
        "la caméra {} du hall (IPC-HDBW2431E) a été déposée et remplacée par une Bosch",
        "The {} camera in the car park (IPC-HDBW2431E) was removed and replaced by a Bosch",
        "Die {}-Kamera im Parkhaus (IPC-HDBW2431E) wurde ausgebaut und durch eine Axis ersetzt",
        "la telecamera {} del parcheggio (IPC-HDBW2431E) è stata rimossa",
    ],
)
def test_a_number_in_brackets_goes_with_the_thing_that_left(index: Index, line: str) -> None:
    (goes,), _ = analyse(index, [("text", "text", line.format("Dahua"))])
    assert (goes.role, goes.band) == (Role.FORMERLY, Band.POSSIBLE)
    assert {item.found for item in goes.evidence} == {"Dahua", "IPC-HDBW2431E"}


@pytest.mark.parametrize(
    "words",
    [
        "Gutschrift Retoure", "Credit note", "Note d'avoir", "Nota de abono", "Nota di credito", "Devolução", "Creditnota",
        "Nota uznaniowa", "Кредит-нота", "退货", "返品", "반품", "مرتجع",
    ],
)  # fmt: skip
def test_what_went_back_to_its_seller_is_asked_about(index: Index, words: str) -> None:
    (goes,), _ = analyse(index, [("text", "text", f"{words} Hikvision DS-2CD1043G0-I")])
    assert (goes.role, goes.band) == (Role.FORMERLY, Band.POSSIBLE) and goes.questions
    (bought,), _ = analyse(index, [("text", "text", f"{words} Axis; Hikvision DS-2CD1043G0-I")])
    assert bought.role is Role.MADE_BY and bought.band.rank >= Band.PROBABLE.rank


def test_brackets_that_belong_to_a_number_stay_with_it(index: Index) -> None:
    (camera,), _ = analyse(index, [("text", "text", "Dahua IPC-HFW2431S(S2)")])
    assert "IPC-HFW2431S(S2)" in {item.found for item in camera.evidence}


@pytest.mark.parametrize(
    "line", ["Kein {} sondern {} Kamera", "geen {} maar {} camera", "brak {} lecz {} kamera"]
)
def test_what_stands_behind_but_is_not_denied(index: Index, line: str) -> None:
    assert analyse(index, [("text", "text", line.format("Axis", "Hikvision"))])[0]
    assert not analyse(index, [("text", "text", line.format("Hikvision", "Axis"))])[0]


@pytest.mark.parametrize(
    "line",
    [
        "Motorola DP4400e (ersatz Hikvision)", "UniFi U6-Pro (was: Hikvision DS-2CD2143G2-I)", "Axis P3245, was Hikvision",
        "UniFi U6-Pro (ancien : Hikvision)", "Axis P3245 (davor: Hikvision DS-2CD2143G2-I)", "Axis P3245 (era: Hikvision)",
    ],
)  # fmt: skip
def test_what_was_there_before_another_thing_is_a_question(index: Index, line: str) -> None:
    (goes,), _ = analyse(index, [("text", "text", line)])
    assert (goes.role, goes.band) == (Role.FORMERLY, Band.POSSIBLE) and goes.questions


@pytest.mark.parametrize(
    "line",
    [
        "Ersatz Hikvision DS-2CD2143G2-I für Axis", "Axis M3106 defekt, Ersatz: Hikvision DS-2CD2143G2-I",
        "Kamera DS-2CD2143G2-I, Hikvision, soll ersetzt werden, Budget 2099",
        "Hikvision DS-2CD2143G2-I camera, budgeted for replacement 2099",
        "Hikvision DS-2CD2143G2-I returned to wall after repair",
    ],
)  # fmt: skip
def test_what_comes_in_or_is_only_planned_to_go_is_there(index: Index, line: str) -> None:
    (stays,), _ = analyse(index, [("text", "text", line)])
    assert (stays.role, stays.band) == (Role.MADE_BY, Band.CONFIRMED)


NOW = [
    "no longer Axis cameras in hall, now {}", "nicht mehr Axis, jetzt {}", "ya no es Axis, ahora {}", "Non più Axis, adesso {}",
    "już nie Axis, teraz {}",
]  # fmt: skip


@pytest.mark.parametrize("line", NOW)
def test_what_is_there_now_is_not_what_is_denied(index: Index, line: str) -> None:
    (comes,), _ = analyse(index, [("text", "text", line.format("Dahua"))])
    assert comes.role is Role.MADE_BY and comes.band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize("line", ["no longer Dahua, now Axis", "no Axis now, no Dahua", "not Dahua now"])
def test_a_denial_of_the_firm_stands(index: Index, line: str) -> None:
    assert not analyse(index, [("text", "text", line)])[0]


@pytest.mark.parametrize(
    ("line", "asks"),
    [("the ones we always had (hik)", True), ("port (HIK) 8000 open", True), ("Ubuntu 20.04 (LTS)", False), ("asked hik", False)],
)  # fmt: skip
def test_a_short_form_alone_in_brackets_asks(index: Index, line: str, asks: bool) -> None:
    assert [item.band for item in analyse(index, [("text", "text", line)])[0]] == [Band.POSSIBLE] * asks


UNDONE = [
    "do not replace with {}", "never replace it with {}", "Axis camera was not replaced by {}", "ne pas remplacer par {}", "not to be replaced by {} camera",
]  # fmt: skip


@pytest.mark.parametrize("line", UNDONE)
def test_an_exchange_that_is_denied_asks(index: Index, line: str) -> None:
    (comes,), _ = analyse(index, [("text", "text", line.format("Dahua"))])
    assert comes.band is Band.POSSIBLE and comes.questions


@pytest.mark.parametrize("line", ["camera not working, replaced by {}", "not repaired but replaced with {}"])
def test_another_thing_that_is_denied_leaves_the_exchange(index: Index, line: str) -> None:
    (comes,), _ = analyse(index, [("text", "text", line.format("Dahua"))])
    assert comes.band.rank >= Band.PROBABLE.rank
