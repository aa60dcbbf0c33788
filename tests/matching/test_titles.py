"""A person's title before a name that people bear too."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index

TITLED = [
    "Bewirtung Hr. {} (Fa. Axis)", "Bewirtung Herr {}", "Gespräch mit Fr. {}", "Déjeuner M. {}", "Taxi Mme {}",
    "Comida Sr. {}", "Comida Srta. {}", "Pranzo Sig. {}", "Almoço Sra. {}", "Lunch dhr. {}", "Obiad pani {}", "Lunch Mr {}",
    "Обед господин {}",
]  # fmt: skip


@pytest.mark.parametrize("line", TITLED)
def test_a_titled_person_is_no_firm(index: Index, line: str) -> None:
    assert not analyse(index, [("text", "text", line.format("Dahua"))])[0]
    assert analyse(index, [("text", "text", line.format("Dahua Kamera"))])[0]


@pytest.mark.parametrize("line", ["HR Dahua", "FR Dahua NVR", "10 m. Dahua cable reel", "Bestand M Dahua"])
def test_letters_without_their_full_stop_are_no_title(index: Index, line: str) -> None:
    verdicts, mentions = analyse(index, [("text", "text", line)])
    assert verdicts or mentions
