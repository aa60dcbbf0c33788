"""A word of going counts as done only where tense, subject and completeness say so: a wrong "gone" is a wrong "does not"."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.matching.readings import WHETHER_ALL, WHETHER_DONE
from proscribe.matching.states import States
from proscribe.model.findings import Band, Role, State

CAMERA = "Hikvision DS-2CD2143G2-I"


@pytest.mark.parametrize(
    "line",
    [
        "Dahua NVR being decommissioned", "Hikvision camera in the process of being removed", "phasing out Huawei S5720",
        "We are in the middle of replacing the Hikvision NVR in B2", "Dahua-Kamera, Austausch läuft",
        "Hikvision Kamera wird nächste Woche demontiert", "Caméra Hikvision DS-2CD2143G2-I, démontage en cours",
        "Cámara Dahua en proceso de sustitución", "Telecamera Hikvision in corso di smontaggio", "Câmara Dahua a ser substituída",
        "Hikvision-recorder wordt volgende week verwijderd", "Kamera Hikvision w trakcie wymiany",
        "Камера Hikvision в процессе демонтажа", "海康威视摄像机正在拆除", "海康威视摄像机拆除中", "Hikvisionカメラ 撤去中", "Dahua 카메라 철거 중",
        "Hikvision Kamera Halle 2, Demontage beauftragt",
    ],
)  # fmt: skip
def test_what_is_being_removed_is_still_there(index: Index, line: str) -> None:
    (found,), _ = analyse(index, [("text", "text", line)])
    assert (found.role, found.state) == (Role.MADE_BY, State.PLANNED_REMOVAL)
    assert found.band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    "line",
    [
        "Dahua cameras lobby, 2 of 4 removed", "5 von 12 Dahua Kameras abgebaut", "3/8 cámaras Hikvision retiradas",
        "Caméras Dahua, 2 sur 4 déposées", "Kameras Hikvision teilweise demontiert", "部分海康威视摄像机已拆除", "Hytera radios: 6 out of 20 disposed of", "Die Hälfte der Hikvision Kameras ist entsorgt", "Dahuaカメラ 一部撤去済み",
    ],
)  # fmt: skip
def test_some_are_gone_and_how_many_are_left_is_asked(index: Index, line: str) -> None:
    (found,), _ = analyse(index, [("text", "text", line)])
    assert (found.role, found.state) == (Role.MADE_BY, State.IN_SERVICE) and WHETHER_ALL in found.questions


@pytest.mark.parametrize(
    "line",
    [
        "Huawei Router entsorgt, derzeit kein Ersatz", "Caméra Dahua déposée, en cours de destruction",
        "Dahua recorder scrapped, keys returned", "Камера Hikvision демонтирована, записи удалены",
        "Hikvision DVR thrown away, some of the disks kept", "ZTE modem returned, money refunded",
    ],
)  # fmt: skip
def test_what_is_said_behind_a_comma_does_not_bring_it_back(index: Index, line: str) -> None:
    (found,), _ = analyse(index, [("text", "text", line)])
    assert (found.role, found.state) == (Role.FORMERLY, State.DISPOSED)


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("Dahua NVR taken down, kept as spare", State.STORED_DISCONNECTED), ("Hikvision Kamera abgebaut, im Lager", State.STORED_DISCONNECTED),
        ("caméra Hikvision démontée et stockée au sous-sol", State.STORED_DISCONNECTED), ("камера Dahua снята, лежит на складе", State.STORED_DISCONNECTED),
        ("海康威视摄像机 已拆下,存放仓库备用", State.STORED_DISCONNECTED), ("kamera Hikvision zdjęta, leży w szafie", State.STORED_DISCONNECTED),
        ("Huawei router written off in books, unit still on mast", State.IN_SERVICE),
    ],
)  # fmt: skip
def test_what_was_taken_down_and_is_kept_is_here_and_asked_about(
    index: Index, line: str, state: State
) -> None:
    (found,), _ = analyse(index, [("text", "text", line)])
    assert (found.role, found.state) == (Role.MADE_BY, state) and WHETHER_DONE in found.questions


@pytest.mark.parametrize(
    "line",
    ["Dahua camera sold, was in storage", "Hikvision camera removed and scrapped, spare kept", "Hikvision camera removed 2019, cable still there"],
)  # fmt: skip
def test_what_else_is_kept_or_was_brings_nothing_back(index: Index, line: str) -> None:
    (found,), _ = analyse(index, [("text", "text", line)])
    assert (found.role, found.state) == (Role.FORMERLY, State.DISPOSED)


def test_all_of_them_are_gone(index: Index) -> None:
    (found,), _ = analyse(index, [("text", "text", "4 of 4 Hikvision cameras removed")])
    assert (found.role, found.state) == (Role.FORMERLY, State.DISPOSED)


@pytest.mark.parametrize(
    "line",
    [
        "Hikvision dome camera taken down for cleaning", "Hikvision Kamera zur Reparatur ausgebaut",
        "Caméra Hikvision démontée pour réparation", "Камера Dahua снята на ремонт", "Hikvision 카메라 수리를 위해 철거",
        "recorder DS-7208HQHI connection lost", "Huawei laptop MateBook, retired user: Smith", f"{CAMERA} abgeschrieben",
        "Hikvision DVR, removed from list of spares",
    ],
)  # fmt: skip
def test_what_comes_back_or_is_said_of_something_else_takes_nothing_away(index: Index, line: str) -> None:
    (found,), _ = analyse(index, [("text", "text", line)])
    assert found.role is Role.MADE_BY and found.state is not State.DISPOSED
    assert found.band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    "said",
    [
        "returned repaired", "returned, repaired", "repaired and returned", "sent back refurbished", "came back fixed", "repariert zurück",
        "instandgesetzt zurückgeschickt", "zurück nach Reparatur", "devuelto reparado", "devuelta tras reparación", "rendu réparé",
        "retournée après réparation", "restituita riparata", "devolvido consertado", "gerepareerd teruggestuurd", "zwrócona po naprawie",
        "возвращена после ремонта", "vráceno po opravě",
    ],
)  # fmt: skip
def test_what_came_back_repaired_is_there(index: Index, said: str) -> None:
    for line in (f"recorder DHI-NVR5216-16P-I {said}", f"{CAMERA}, {said}, board replaced"):
        (found,), _ = analyse(index, [("text", "text", line)])
        assert found.role is Role.MADE_BY and found.state is not State.DISPOSED, line
        assert found.band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    "said", ["returned", "returned, cannot be repaired", "returned to vendor", "zurückgeschickt", "devuelto"]
)
def test_what_was_returned_and_not_repaired_stays_gone(index: Index, said: str) -> None:
    (found,), _ = analyse(index, [("text", "text", f"recorder DHI-NVR5216-16P-I {said}")])
    assert found.role is Role.FORMERLY


@pytest.mark.parametrize("remark", ["sold? please check", "removed (?)"])
def test_a_question_asserts_nothing(index: Index, remark: str) -> None:
    (found,), _ = analyse(index, [("text", "text", f"Dahua NVR {remark}")])
    assert found.role is Role.MADE_BY and WHETHER_DONE in found.questions


@pytest.mark.parametrize(
    ("remark", "state"),
    [
        ("in the process of being removed", State.PLANNED_REMOVAL), ("撤去中", State.PLANNED_REMOVAL),
        ("2 of 4 removed", State.IN_SERVICE), ("taken out for repair, back Monday", State.IN_SERVICE),
        ("replaced lens 2022", State.UNKNOWN), ("abgeschrieben", State.UNKNOWN), ("removed 2023", State.DISPOSED),
    ],
)  # fmt: skip
def test_remarks_are_read_as_lines_are(index: Index, remark: str, state: State) -> None:
    verdicts, _ = analyse(index, [("Item", "text", CAMERA)])
    reader = States(index)
    (told,) = reader.apply(verdicts, reader.cells_of(["Remarks"], {"Remarks": "note"}, [remark]))
    assert told.state is state and (told.role is Role.FORMERLY) is (state is State.DISPOSED)


@pytest.mark.parametrize(
    "line",
    [
        "LTE module Quectel EC25, footprint as Huawei ME909s-120", "Quectel EC25-E LTE module (pin comp. Huawei ME909)",
        "Axis P3245-V, successor of Hikvision DS-2CD2143", "Cisco SFP works in Huawei S5720",
        "AXIS M3085-V TO REPLACE DAHUA DOME", "Cámara sustituida por Axis (antes Dahua)",
        "was Huawei modem until 2018, now HP LaserJet", "Dell laptop / Huawei E3372 driver installed",
        "Ersatz fuer Hikvision: Axis P3245-V", "Hua Wei",
    ],
)  # fmt: skip
def test_what_another_thing_is_compared_with_is_not_asserted(index: Index, line: str) -> None:
    verdicts, _ = analyse(index, [("text", "text", line)])
    assert all(verdict.band is Band.POSSIBLE for verdict in verdicts)


@pytest.mark.parametrize(
    "line", ["海康威视网络摄像机", "大华网络录像机", "海能达数字对讲机", "Dahua ネットワークカメラ"]
)
def test_a_compound_of_the_trade_is_understood(index: Index, line: str) -> None:
    (found,), _ = analyse(index, [("text", "text", line)])
    assert found.band.rank >= Band.PROBABLE.rank


def test_a_host_named_after_a_firm_is_asked_about_beside_another_maker(index: Index) -> None:
    cells = [
        ("Host", "hostname", "DAHUA-VIEWER-PC"),
        ("Maker", "maker_name", "HP"),
        ("Model", "model_number", "EliteDesk 800"),
    ]
    (found,), _ = analyse(index, cells)
    assert found.band is Band.POSSIBLE and any("'HP'" in question for question in found.questions)
    (own,), _ = analyse(index, [cells[0]])
    assert own.band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    "line",
    [
        f"{CAMERA} removed: no", f"{CAMERA} removed: N", f"{CAMERA}, decommissioned: No", f"{CAMERA} removed? no", f"{CAMERA} removed=false",
        f"{CAMERA} ausgebaut: nein", f"{CAMERA} scrapped: no, see plan",
    ],
)  # fmt: skip
def test_a_word_of_going_that_is_answered_with_no_leaves_the_thing_there(index: Index, line: str) -> None:
    (found,), _ = analyse(index, [("text", "text", line)])
    assert (found.role, found.state, found.band) == (Role.MADE_BY, State.IN_SERVICE, Band.CONFIRMED)


@pytest.mark.parametrize(
    "line",
    [
        f"{CAMERA} removed: yes",
        f"{CAMERA} removed: no. 4",
        f"{CAMERA} removed: no longer here",
        f"{CAMERA} removed: n/a",
    ],
)
def test_another_answer_than_no_does_not_say_that_the_thing_is_there(index: Index, line: str) -> None:
    (found,), _ = analyse(index, [("text", "text", line)])
    assert found.band is Band.POSSIBLE


@pytest.mark.parametrize(
    "text",
    [
        "Hikvision DS-2CD2143G2-I, listed as removed in error", "Hikvision DS-2CD2143G2-I irrtümlich ausgebucht",
        "Hikvision DS-2CD2143G2-I marqué retiré par erreur", "海康威视 DS-2CD2143G2-I 误报为已拆除",
        "Hikvision DS-2CD2143G2-I ошибочно числится как списана", "Hikvision DS-2CD2143G2-I end of life, in use",
        "Hikvision DS-2CD2143G2-I removal failed", "Hikvision DS-2CD2143G2-I měla být vyměněna", "Hikvision DS-2CD2143G2-I removed - pending",
    ],
)  # fmt: skip
def test_what_went_by_mistake_or_not_at_all_is_there(index: Index, text: str) -> None:
    (verdict,), _ = analyse(index, [("text", "text", text)])
    assert verdict.band.rank >= Band.PROBABLE.rank and verdict.state is not State.DISPOSED


@pytest.mark.parametrize(
    "text", ["Dahua NVR5216 ordered in error, returned 2023", "Dahua NVR5216 scrapped 2022, end of life"]
)
def test_a_mistake_before_takes_nothing_back(index: Index, text: str) -> None:
    (verdict,), _ = analyse(index, [("text", "text", text)])
    assert (verdict.role.value, verdict.state) == ("formerly", State.DISPOSED)


@pytest.mark.parametrize(
    "line",
    [
        "Removal of Huawei/ZTE equipment, per site", "Dismantling and disposal of Hikvision/Dahua cameras",
        "Démontage équipements Huawei et ZTE, par site", "Disposal of ZTE & Huawei base stations",
        "Rückbau ZTE/Huawei Basisstationen", "Hikvision/Dahua cameras removed", "Hikvision + Dahua cameras removed 2023",
        "Huawei & ZTE Basisstationen ausgebaut",
    ],
)  # fmt: skip
def test_a_word_of_going_is_said_of_every_maker_of_a_list(index: Index, line: str) -> None:
    found, _ = analyse(index, [("text", "text", line)])
    assert [(one.role, one.band) for one in found] == [(Role.FORMERLY, Band.POSSIBLE)] * 2


@pytest.mark.parametrize(
    "line",
    [
        "Removal of Axis cameras and install of Dahua", "removed Axis/Bosch; installed Dahua", "Dahua/Axis cameras",
        "Installation of Dahua/Axis cameras per site", "Dahua/Axis cameras, old Bosch removed",
        "removed Axis, new Dahua per gate",
    ],
)  # fmt: skip
def test_what_comes_in_is_not_gone_with_the_other(index: Index, line: str) -> None:
    (found,), _ = analyse(index, [("text", "text", line)])
    assert (found.role, found.band) == (Role.MADE_BY, Band.PROBABLE)


@pytest.mark.parametrize(
    "line", ["Huawei base stations", "stations de base ZTE", "estaciones base Huawei", "ZTE Basisstationen"]
)
def test_several_base_stations_are_no_accessory(index: Index, line: str) -> None:
    (found,), mentions = analyse(index, [("text", "text", line)])
    assert found.band is Band.PROBABLE and not mentions


@pytest.mark.parametrize(
    "line",
    [
        f"our contractor took out the two {CAMERA} cameras in the lobby and put in two Axis M3085-V.",
        f"on Friday December 18 they took out the {CAMERA} and put in two Axis",
        "the landlord took away the Dahua recorder",
        f"The old {CAMERA} cameras: took them down, put up Axis",
    ],
)
def test_what_somebody_took_out_is_asked_about_and_never_gone_by_words_alone(index: Index, line: str) -> None:
    (found,), _ = analyse(index, [("text", "text", line)])
    assert found.band is Band.POSSIBLE and found.role is Role.FORMERLY
    assert "When did it leave, and what proves it?" in found.questions


@pytest.mark.parametrize(
    "line",
    [
        f"our contractor took out the Axis cameras and put in two {CAMERA}",
        f"took out a lease on {CAMERA} cameras",
        f"took out an extended warranty on the {CAMERA}",
        f"they did not take out the {CAMERA}",
        f"have not taken out the {CAMERA} yet",
    ],
)
def test_what_was_put_in_or_taken_out_on_paper_is_still_there(index: Index, line: str) -> None:
    (found,), _ = analyse(index, [("text", "text", line)])
    assert found.band.rank >= Band.PROBABLE.rank and found.role is Role.MADE_BY
