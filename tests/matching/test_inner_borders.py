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
OTHERS = [
    "AZTEC", "aztec", "Aztec2", "haztenant", "limousine", "HIKMA", "Hikma2", "mazteca", "k9ZTE4xQ7bZ2mT1aa8",
    "zTe1", "dahuahua", "Dahuang2", "\u0417TEolt",
]  # fmt: skip


def _entities(index: Index, text: str) -> set[str]:
    return {verdict.entity for verdict in analyse(index, [("name", "text", text)])[0]}


@pytest.mark.parametrize("text", GLUED)
def test_a_short_name_is_found_between_borders_inside_a_word(index: Index, text: str) -> None:
    assert _entities(index, text) == {GLUED[text]}


@pytest.mark.parametrize("text", OTHERS)
def test_letters_without_such_borders_are_no_name(index: Index, text: str) -> None:
    assert not _entities(index, text)


def test_such_a_name_alone_asks_and_is_certain_beside_a_device(index: Index) -> None:
    alone = analyse(index, [("name", "text", "DahuaLobby")])[0]
    assert [verdict.band.value for verdict in alone] == ["possible"]
    assert alone[0].questions
    beside = analyse(index, [("name", "text", "DahuaLobby camera")])[0]
    assert [verdict.band.value for verdict in beside] == ["probable"]


def test_the_fast_scan_passes_what_is_found(scanners: tuple[Scanner, Scanner]) -> None:
    for scanner in scanners:
        rows = scanner.rows(pa.array([*GLUED, "AZTEC", "haztenant"], pa.string()))
        assert rows.tolist() == [True] * len(GLUED) + [False, False]


def test_inner_borders() -> None:
    assert inner_borders("DahuaIPC2") == [0, 5, 8, 9]
    assert inner_borders("ZTEolt01") == [0, 3, 6, 8]
    assert inner_borders("aztec") == [0, 5]
    assert inner_borders("") == [0, 0]
