"""Lines in languages of which few words are known: what is there, what is gone and what is only for a thing."""

from __future__ import annotations

import pytest

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.model.findings import Band


@pytest.mark.parametrize(
    "text",
    [
        "Camera Hikvision lắp ở cổng", "Vẫn dùng camera Hikvision", "Đầu ghi Dahua bị hỏng", "Hikvision kamera girişe takıldı",
        "Dahua'nın kayıt cihazı arızalı", "Huawei'ler hâlâ kullanımda",
    ],
)  # fmt: skip
def test_a_thing_that_is_there_is_found(index: Index, text: str) -> None:
    assert analyse(index, [("text", "text", text)])[0][0].band.rank >= Band.PROBABLE.rank


@pytest.mark.parametrize(
    "text",
    ["Camera Hikvision đã tháo năm ngoái", "Đã thanh lý đầu ghi Dahua", "Hikvision kameralar geçen yıl söküldü", "Dahua kayıt cihazı hurdaya ayrıldı"],
)  # fmt: skip
def test_a_thing_that_is_gone_is_a_question(index: Index, text: str) -> None:
    (verdict,), _ = analyse(index, [("text", "text", text)])
    assert (verdict.role.value, verdict.band) == ("formerly", Band.POSSIBLE)


@pytest.mark.parametrize(
    "text",
    [
        "Không có camera Hikvision", "Chân đế cho camera Hikvision", "Bộ sạc dành cho Huawei", "Hikvision kamera yok",
        "Huawei şarj aleti", "هيكفيجن غير موجود",
    ],
)  # fmt: skip
def test_what_is_not_there_or_only_for_a_thing_is_never_probable(index: Index, text: str) -> None:
    verdicts, _ = analyse(index, [("text", "text", text)])
    assert all(verdict.band is Band.POSSIBLE for verdict in verdicts)


def test_a_picture_that_fails_shows_that_a_thing_is_there(index: Index) -> None:
    assert analyse(index, [("text", "text", "هيكفيجن الصورة لا تظهر")])[0]


@pytest.mark.parametrize(
    "text",
    ["invoice says Hanwha, box says Hikvision", "sticker eraf, webpagina zegt Dahua", "Verkauft als Axis, Karton sagt Dahua"],
)  # fmt: skip
def test_what_its_box_or_its_page_says_of_a_thing_is_no_accessory(index: Index, text: str) -> None:
    assert analyse(index, [("text", "text", text)])[0]
