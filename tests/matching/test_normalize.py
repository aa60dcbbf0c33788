from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.matching.findings import analyse
from proscribe.matching.index import Index
from proscribe.matching.normalize import drawn_latin, fold, fold_text, fold_texts, mac_digits, name_tokens


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ｈｉｋｖｉｓｉｏｎ", "hikvision"),
        ("Hik\u200bvis\u00adion", "hikvision"),
        ("Hikvisión", "hikvision"),
        ("НІКvisiоn", "hikvision"),  # Cyrillic letters inside a Latin word
        ("Хуавей", "хуавеи"),  # a Cyrillic word stays Cyrillic
        ("華為技術", "华为技术"),
        ("DS–2CD2146G2", "ds-2cd2146g2"),
        ("Straße", "strasse"),
        ("화웨이", "화웨이"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text).text == folded


@given(st.text("aHβ1_ -АВдSЅé", max_size=12))
def test_capitals_drawn_like_latin_ones_are_taken_in_words_with_latin_letters_alone(text: str) -> None:
    words = re.split(r"([^\W\d_]+)", text)
    mixed = [bool(re.search("[A-Za-z]", word) and re.search("[АВЅ]", word)) for word in words]
    assert drawn_latin(text) == "".join(
        word.translate(str.maketrans("АВЅ", "ABS")) if both else word
        for word, both in zip(words, mixed, strict=True)
    )


def test_a_word_without_end_is_folded() -> None:
    assert fold_text("Hikv" * 100_000 + "é") == "hikv" * 100_000 + "e"


@given(st.text(max_size=80))
def test_folding_without_places_gives_the_same_text(text: str) -> None:
    assert fold_text(text) == fold(text).text


@given(
    st.lists(
        st.text(max_size=12)
        | st.text(st.sampled_from("aZ АВµß大 　한가ᄒ\u3131\u0301-'\n\u200b"), max_size=8)
    )
)
def test_many_texts_are_folded_as_each_by_itself(texts: list[str]) -> None:
    assert fold_texts(texts) == [fold_text(text) for text in texts]


@given(st.text())
def test_fold_is_idempotent(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


@given(st.text(max_size=60), st.data())
def test_spans_quote_the_source(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    quote = folded.quote(start, end)
    first, last = folded.byte_span(start, end)
    assert quote in text
    assert text.encode("utf-8", "surrogatepass")[first:last] == quote.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("44:19:B6:00:00:01", "4419B6000001"),
        ("44-19-b6-00-00-01", "4419B6000001"),
        ("4419.b600.0001", "4419B6000001"),
        ("4419-b600-0001", "4419B6000001"),
        ("4419-b6xx-xxxx", "4419B6"),
        ("4419-b600.0001", None),
        ("4419b6000001", "4419B6000001"),
        ("44:19:B6:xx:xx:xx", "4419B6"),
        ("44:19:B6:**:**:**", "4419B6"),
        ("4419.b6xx.xxxx", "4419B6"),
        ("4419B6------", "4419B6"),
        ("4419b6-000001", "4419B6000001"),
        ("44:19:B6", None),
        ("12-05-2020", None),
        ("hello", None),
        ("c0:6d:ed:14:2:91", "C06DED140291"),
        ("0:18:82:3:4:5", "001882030405"),
        ("0:18:82:3:4", None),
        ("0:18:82:3:4:5:6", None),
        ("::0:18:82:3:4:5", None),
    ],
)
def test_mac_digits(text: str, digits: str | None) -> None:
    assert mac_digits(text) == digits


def test_legal_endings_fall_away() -> None:
    assert name_tokens("Huawei Technologies Co., Ltd.") == name_tokens("HUAWEI TECHNOLOGY CO LTD")
    assert name_tokens("Ltd") == ("ltd",)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("本場無海康威視設備", "negated"),
        ("無華為產品", "negated"),
        ("無線海康威視攝影機", ""),
        ("海康威視攝影機 無錫", ""),
    ],
)
def test_traditional_characters_are_read_as_simplified_ones(index: Index, written: str, kind: str) -> None:
    verdicts, spoken = analyse(index, [("note", "text", written)])
    assert [item.kind.value for item in spoken] == ([kind] if kind else []) and bool(verdicts) is not bool(
        kind
    )
