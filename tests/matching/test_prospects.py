"""What stays, what is to come, and what is only talked about, by the words of a line."""

from __future__ import annotations

from pathlib import Path

import pytest

import proscribe
from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.matching.readings import WHETHER_CAME
from proscribe.model.findings import Band, MentionKind, Role, State


def read(index: Index, text: str) -> tuple[Band, State, tuple[str, ...]]:
    (verdict,), _ = analyse(index, [("text", "text", text)])
    assert verdict.role is not Role.FORMERLY
    return verdict.band, verdict.state, verdict.questions


@pytest.mark.parametrize(
    "text",
    [
        "Hikvision cameras for hall 4, not ordered yet", "Budget 2027: 12 Hikvision cameras", "Hikvision Kameras geplant",
        "Prévu : 4 caméras Hikvision", "cámaras Hikvision por comprar", "telecamere Hikvision da acquistare",
        "câmeras Hikvision a comprar", "Hikvision camera's nog niet besteld", "kamery Hikvision do zakupu",
        "камеры Hikvision к закупке", "计划采购海康威视摄像机", "Hikvisionカメラ 購入予定", "하이크비전 카메라 구매 예정",
        "كاميرات Hikvision قيد الشراء",
    ],
)  # fmt: skip
def test_a_planned_purchase_asks_whether_it_came(index: Index, text: str) -> None:
    assert read(index, text) == (Band.POSSIBLE, State.UNKNOWN, (WHETHER_CAME,))


@pytest.mark.parametrize(
    "text",
    [
        "Hikvision camera hall 4, inspection planned", "Hikvision camera still in use, renewal on the wish list",
        "Hikvision camera ordered and installed", "lens of the Hikvision camera replaced",
        "Objektiv der Hikvision Kamera getauscht", "海康威视摄像机镜头已更换", "Hikvisionカメラのレンズを交換",
        "Hikvision camera in the training room", "cámara Hikvision sala de formación", "caméra Hikvision salle de formation",
        "telecamera Hikvision aula corsi", "no Hikvision except in the lobby", "keine Hikvision außer im Keller", "aucune Hikvision sauf au quai 3",
        "로비를 제외하고 하이크비전 없음", "ex-Hikvision DS-7608NI recorder, still running",
        "not a Hikvision label, but Hikvision inside", "Hikvision camera not allowed, found despite the ban",
    ],
)  # fmt: skip
def test_what_is_there_all_the_same_is_a_finding(index: Index, text: str) -> None:
    band, state, _ = read(index, text)
    assert band.rank >= Band.PROBABLE.rank and state in (State.IN_SERVICE, State.UNKNOWN)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("no Dahua inside", MentionKind.NEGATED),
        ("all makers but no Hikvision", MentionKind.NEGATED),
        ("통신실에 ZTE 장비 없음 점검 6/2", MentionKind.NEGATED),
        ("Huawei course, two people", MentionKind.REFERENCE),
        ("compared Hikvision on price, went with Mobotix", MentionKind.COMPETITOR),
        ("spare lens for Hikvision", MentionKind.ACCESSORY),
    ],
)
def test_what_is_only_named_is_a_mention(index: Index, text: str, kind: MentionKind) -> None:
    verdicts, said = analyse(index, [("text", "text", text)])
    assert verdicts == () and {item.kind for item in said} == {kind}


@pytest.mark.parametrize(
    "text", ["Huawei switch training, 2 people", "we evaluated the Huawei S5735 but went with Aruba 6100"]
)
def test_a_thing_that_is_talked_about_stays_a_question(index: Index, text: str) -> None:
    band, _, questions = read(index, text)
    assert band is Band.POSSIBLE and questions


@pytest.mark.parametrize(
    ("column", "text", "asked"),
    [
        ("Status", "Planned", True), ("状态", "计划采购", True), ("Remarks", "not ordered yet", True),
        ("Bemerkung", "noch nicht geliefert", True), ("Status", "Ordered", False), ("Cost centre", "Planned", False),
        ("Remarks", "cleaning planned", False), ("Remarks", "quote for new bracket", False),
    ],
)  # fmt: skip
def test_a_cell_of_states_or_a_remark_may_say_that_it_is_to_come(
    tmp_path: Path, column: str, text: str, asked: bool
) -> None:
    path = tmp_path / "assets.csv"
    path.write_text(f'Asset,Description,{column}\n1,Hikvision DS-2CD2143G2-I camera,"{text}"\n', "utf-8")
    (finding,) = proscribe.scan([path], as_of="2026-11-27").findings
    assert (WHETHER_CAME in finding.questions) is asked
    assert (finding.band is Band.POSSIBLE) is asked and finding.role is Role.MADE_BY


@pytest.mark.parametrize(
    ("head", "row", "band"),
    [
        ("名称,适用型号", "支架,海康威视 DS-2CD2143G2-I", None),
        ("Item,Suitable for", "Wall bracket,Hikvision DS-2CD2143G2-I", None),
        ("Item,Suitable for", "Dome camera,Hikvision DS-2CD2143G2-I", Band.POSSIBLE),
        ("Artikel,Beschreibung", "Netzteil,Dahua Kamera", Band.POSSIBLE),
        ("Artikel,Beschreibung", "Kamera mit Netzteil,Dahua Kamera", Band.PROBABLE),
    ],
)
def test_an_accessory_in_one_cell_is_for_what_another_names(
    tmp_path: Path, head: str, row: str, band: Band | None
) -> None:
    path = tmp_path / "stock.csv"
    path.write_text(f"{head}\n{row}\n", "utf-8")
    found = proscribe.scan([path], as_of="2026-11-27")
    if band is None:
        assert not found.findings and [item.kind for item in found.mentions] == [MentionKind.ACCESSORY]
    else:
        assert [item.band for item in found.findings] == [band]


def test_a_planned_swap_is_a_question(index: Index) -> None:
    assert read(index, "swap Bosch for Hikvision cameras, unfunded")[0] is Band.POSSIBLE
