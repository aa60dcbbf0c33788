"""Denials that are not whole: who denies makes an exception, is not sure, or speaks of a time or a part of it."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Band

EXCEPTIONS = [
    "No Hikvision here. The one at the gate belongs to the landlord",
    "No Hikvision here, only two in the yard",
    "No Dahua on site - those in block C were there before us",
    "We use no Huawei; router in van does not count",
    "none of our cameras are Hikvision, the doorbell is",
    "no Hikvision left but three",
    "No Hytera radios; we do have some for events",
    "No Hikvision cameras in the school, caretaker has 2",
    "Zero Hikvision as of audit, 3 added later",
    "keine Hikvision; die eine am Tor gehört dem Vermieter",
    "kein Dahua mehr, der Rekorder läuft aber noch",
    "pas de Dahua ; celle du portail est au bailleur",
    "aucune caméra Dahua, le bailleur en a",
    "no hay Hikvision, solo dos en el patio",
    "ningún equipo ZTE, el del ascensor es del casero",
    "geen Hikvision, alleen twee op het plein",
    "nessun Dahua, il citofono non lo sappiamo",
    "nenhum Hikvision, o da portaria é do condomínio",
    "brak Hikvision, tylko dwie na placu",
    "нет Hikvision, только две во дворе",
]
RESERVED = [
    "no ZTE so far",
    "no Huawei to my knowledge",
    "no ZTE that I know of",
    "never bought Dahua directly",
    "No Hikvision (since last week)",
    "No Hikvision - correction: 1 found",
    "keine Huawei soweit bekannt",
    "pas de Huawei, que je sache",
    "No Hikvision (the stickers were removed)",
]
WHOLE = [
    "No Hikvision equipment on site",
    "No Hikvision cameras on site; all cameras are Axis",
    "No Dahua; two Axis in the yard",
    "Keine Hikvision-Kameras verbaut, nur Axis",
    "We do not use Huawei or ZTE equipment.",
    "No Huawei equipment (checked 12 March 2024)",
    "No Hikvision, room 12",
    "No Hikvision, 3/25",
    "kein Hikvision (Stand 2023)",
    "Supplier must not offer Huawei",
]


@pytest.mark.parametrize("text", [*EXCEPTIONS, *RESERVED])
def test_a_denial_that_is_not_whole_is_asked_about(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("Notes", "text", text)])
    assert verdicts and all(one.band is Band.POSSIBLE and one.questions for one in verdicts)


@pytest.mark.parametrize("text", WHOLE)
def test_a_whole_denial_is_only_mentioned(index: Index, text: str) -> None:
    verdicts, mentions = analyse(index, [("Notes", "text", text)])
    assert not verdicts and mentions
