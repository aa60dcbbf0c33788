"""Names inside a longer word, where capitals and digits show their borders."""

from __future__ import annotations

import pyarrow as pa
import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.matching.normalize import inner_borders
from proscribe.matching.scanner import Scanner

GLUED = {
    "DahuaIPC": "dahua",
    "dahua2": "dahua",
    "camDahua": "dahua",
    "CAM01ZTE": "zte",
    "oltZTE": "zte",
    "ZTEolt01": "zte",
    "zteMF283": "zte",
    "srv DahuaNVR Überwachung": "dahua",
    "dahuacam lobby": "dahua",
    "ztemodem": "zte",
    "kameradahua": "dahua",
}
#: The same in one case: what stands beside the name are words for devices, and figures.
IN_ONE_CASE = {
    **dict.fromkeys(["DAHUACAM1", "CAMDAHUA01", "nvrdahua2", "dahuanvr01", "dahuaip", "mydahua", "DahuaPI", "dahuadriver", "DAHUAHD", "ipcam2dahua", "01dahuacam"], "dahua"),
    **dict.fromkeys(["zteolt1", "OLTZTE01", "ZTEONT1", "ZTEUSB", "ZTEModemDrv", "swzte3"], "zte"),
    **dict.fromkeys(["HikvisionPI", "hikvisiongate"], "hikvision"),
    "HuaweiPI": "huawei",
    "hyterapi": "hytera",
}  # fmt: skip
OTHER_WORDS = [
    "aztec camera", "Aztec01", "aztecam", "quarzteile", "malztest", "heizte", "platzte", "nutzteil", "jetzte", "ersetzte Router", "putzte die Kamera",
    "quarztemp", "ztechnik", "ztest01", "holzteller", "salzteig01", "netzteil2", "NETZTEIL01", "schutzteil", "satzteil01", "platzteam", "netzte", "vernetzte",
    "zted01", "pzte", "benzte", "suztech2", "cruztec01", "Dahuanghe", "Dahuashan", "dahuapeng", "sudahuang", "handahua01x", "madahua", "danahua", "nandahuacun",
    "tahua01", "Huaweihe", "hike-lawn", "hikma01", "chik01", "rhikv", "hikers", "hikaru01",
]  # fmt: skip
OTHERS = [
    "AZTEC", "aztec", "Aztec2", "haztenant", "limousine", "HIKMA", "Hikma2", "mazteca", "k9ZTE4xQ7bZ2mT1aa8",
    "zTe1", "dahuahua", "Dahuang2", "\u0417TEolt",
]  # fmt: skip


#: Names with what other languages add to them, alone and behind a word for a thing.
INFLECTED = {
    **dict.fromkeys(["Hikvisionra", "Hikvisionkameran", "Hikvisionkamerat", "Hikvisionin"], "hikvision"),
    **dict.fromkeys(["Dahualta", "Dahuasta", "Dahuabased", "Dahuayla", "Dahuakameran"], "dahua"),
    **dict.fromkeys(["Huaweiga", "Huaweilta", "Huaweille", "Huaweidan"], "huawei"),
    **dict.fromkeys(["Hyterara", "Hyteralta", "Hyteraga"], "hytera"),
    **dict.fromkeys(["ZTEtől", "ZTEnek", "ZTEga", "ZTElta"], "zte"),
}
#: The same, where the whole word reads like Chinese, too.
LIKE_CHINESE = ["Dahuanın", "Dahuadan", "Dahuaya", "Dahuade"]


def _entities(index: Index, text: str) -> set[str]:
    return {verdict.entity for verdict in analyse(index, [("name", "text", text)])[0]}


@pytest.mark.parametrize("text", GLUED)
def test_a_short_name_is_found_between_borders_inside_a_word(index: Index, text: str) -> None:
    assert _entities(index, text) == {GLUED[text]}


@pytest.mark.parametrize("text", OTHERS)
def test_letters_without_such_borders_are_no_name(index: Index, text: str) -> None:
    assert not _entities(index, text)


@pytest.mark.parametrize("text", IN_ONE_CASE)
def test_a_name_among_words_for_devices_and_figures_asks_in_one_case(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("name", "text", text)])
    assert [(verdict.entity, verdict.band.value) for verdict in verdicts] == [(IN_ONE_CASE[text], "possible")]
    assert verdicts[0].questions


@pytest.mark.parametrize("text", OTHER_WORDS)
def test_letters_of_a_name_inside_an_ordinary_word_say_nothing(index: Index, text: str) -> None:
    assert analyse(index, [("name", "text", text)]) == ((), ())


@pytest.mark.parametrize("text", ["hik01", "HIK2", "hik-01"])
def test_a_short_name_with_a_figure_asks_in_a_column_of_devices_alone(index: Index, text: str) -> None:
    for column, field in (("Hostname", "hostname"), ("Camera name", "text")):
        verdicts, _ = analyse(index, [(column, field, text)])
        assert [(verdict.entity, verdict.band.value) for verdict in verdicts] == [("hikvision", "possible")]
    assert not analyse(index, [("Customer", "text", text)])[0]


def test_such_a_name_alone_asks_and_is_certain_beside_a_device(index: Index) -> None:
    alone = analyse(index, [("name", "text", "DahuaLobby")])[0]
    assert [verdict.band.value for verdict in alone] == ["possible"]
    assert alone[0].questions
    beside = analyse(index, [("name", "text", "DahuaLobby camera")])[0]
    assert [verdict.band.value for verdict in beside] == ["probable"]


def test_the_fast_scan_passes_what_is_found(scanners: tuple[Scanner, Scanner]) -> None:
    for scanner in scanners:
        rows = scanner.rows(pa.array([*GLUED, *IN_ONE_CASE, "AZTEC", "haztenant"], pa.string()))
        assert rows.tolist() == [True] * (len(GLUED) + len(IN_ONE_CASE)) + [False, False]


def test_inner_borders() -> None:
    assert inner_borders("DahuaIPC2") == [0, 5, 8, 9]
    assert inner_borders("ZTEolt01") == [0, 3, 6, 8]
    assert inner_borders("aztec") == [0, 5]
    assert inner_borders("") == [0, 0]


@pytest.mark.parametrize("text", INFLECTED)
@pytest.mark.parametrize("around", ["{}", "utbytt mot {} 2024"])
def test_a_name_with_the_ending_of_a_language_is_that_name(index: Index, text: str, around: str) -> None:
    assert _entities(index, around.format(text)) == {INFLECTED[text]}


@pytest.mark.parametrize("text", LIKE_CHINESE)
def test_an_ending_that_makes_a_chinese_word_asks_beside_a_thing_alone(index: Index, text: str) -> None:
    assert _entities(index, f"kamera {text}") == {"dahua"} and not _entities(index, text)


@pytest.mark.parametrize("name", ["Huaweida", "Huaweite", "Dahuali", "Dahuata", "Dahuan"])
def test_a_firm_of_such_a_name_is_no_case_of_another(index: Index, name: str) -> None:
    assert not analyse(index, [("vendor", "vendor_name", f"{name} Trading")])[0]
