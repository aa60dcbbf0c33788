"""What may not be unplugged, switched off, moved or taken down is there; what may not be bought or used is not."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Role

_THERE = [
    "Hikvision - do not remove",
    "Huawei router: must not be switched off",
    "Dahua NVR, never unplug",
    "Dahua camera must not be removed before the audit",
    "Hikvision Kamera - darf nicht abgeschaltet werden",
    "Prohibido desconectar el DVR Dahua",
    "Interdiction de débrancher la caméra Hikvision",
    "Telecamera Dahua, vietato spegnere",
    "Proibido desligar o DVR Dahua",
    "Zakaz odłączania routera Huawei",
    "Verboden de Huawei switch uit te zetten",
    "Запрещено отключать роутер Huawei",
    "禁止拔下华为交换机电源",
]
_BARRED = [
    "do not buy Hikvision",
    "Do not use Hikvision cameras",
    "Do not install Hikvision; do not move the Axis camera",
    "Hikvision bracket, do not remove",
    "Interdiction d'acheter des caméras Hikvision",
]


@pytest.mark.parametrize("text", _THERE)
def test_what_must_be_left_alone_is_a_finding(index: Index, text: str) -> None:
    found, _ = analyse(index, [("remarks", "text", text)])
    assert [one.role for one in found] == [Role.MADE_BY]


@pytest.mark.parametrize("text", _BARRED)
def test_what_must_not_come_is_a_mention(index: Index, text: str) -> None:
    found, mentioned = analyse(index, [("remarks", "text", text)])
    assert not found and mentioned
