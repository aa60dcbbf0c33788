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
