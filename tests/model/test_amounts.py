"""Quantities and amounts: one reading, and none where there are two."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.model.amounts import decimal_point, money_of, number_of, pieces_in, pieces_of, quantity_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", "2"), (" 3 pcs", "3"), ("12x", "12"), ("5 шт.", "5"), ("7 台", "7"), ("0", "0"), ("0.5", "0.5"), ("1,5", "1.5"), ("2.0", "2"),
        ("1,000", None), ("1.000", None), ("999.999", None), ("0.250", "0.25"), ("1234.567", "1234.567"),
        ("1 200", "1200"), ("1\u00a0200", "1200"), ("1\u202f200,5", "1200.5"), ("1'200", "1200"), ("1.234.567", "1234567"),
        ("1,234,567", "1234567"), ("1,234.5", "1234.5"), ("1.234,5", "1234.5"), ("12,34,567", "1234567"),
        ("1,234,56", None), ("1 2", None), ("1.2.3", None), ("AR", None), ("", None), (None, None), ("-1", None), ("1e9", None),
        ("2 x 3", None), ("2x4", None), ("2 dozen", None), ("1k", None), (">5", None), ("10+", None), ("٣", "3"), ("9" * 100, None),
    ],
)  # fmt: skip
def test_quantities(text: str | None, number: str | None) -> None:
    assert quantity_of(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("12 pcs dome camera", 12), ("dome camera, 4x", 4), ("Kamera (x6)", 6), ("3 Stück", 3), ("2 шт", 2), ("12 cameras", 12),
        ("12 dome cameras", 12), ("camera with 8 channels", 0), ("bought 2019-01-02", 0), ("1080p dome", 0), ("DS-2CD2143", 0), ("", 0),
    ],
)  # fmt: skip
def test_pieces_in_a_text(text: str, pieces: int) -> None:
    assert pieces_in(text) == pieces


def test_pieces_are_whole() -> None:
    assert (pieces_of("12.0"), pieces_of("2.5"), pieces_of("99999999")) == (12, None, None)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("14.814,00 EUR", "14814", "EUR"), ("EUR 14,814.00", "14814", "EUR"), ("€2.469,00", "2469", "EUR"), ("100,00 €", "100", "EUR"),
        ("−200,00 EUR", "-200", "EUR"), ("(200.00) USD", "-200", "USD"), ("200.00- USD", "-200", "USD"), ("-$5", "-5", "$"),
        ("$-5 CAD", "-5", "CAD"), ("CHF 1'250.50", "1250.5", "CHF"), ("1 250,50 zł", "1250.5", "PLN"), ("US$ 3.20", "3.2", "USD"),
        ("1.234,– EUR", "1234", "EUR"), ("7", "7", ""), ("1,234.50", "1234.5", ""), ("USD1000", "1000", "USD"),
    ],
)  # fmt: skip
def test_money(text: str, amount: str, currency: str) -> None:
    assert money_of(text) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "text",
    ["1.234 EUR", "$1,234", "€5 USD", "5 EUR USD", "-(5)", "--5", "5 apples", "about 5 EUR", "EUR", "", None, "5/6 EUR", "1e3 EUR", "(5"],
)  # fmt: skip
def test_what_is_no_amount_beyond_doubt_is_not_read(text: str | None) -> None:
    assert money_of(text) is None


@given(st.text(alphabet="0123456789.,'-() €$x", max_size=20) | st.text(max_size=30))
def test_no_text_breaks_a_reading(text: str) -> None:
    money, pieces, number = money_of(text), pieces_of(text), number_of(text)
    assert money is None or money[0].is_finite()
    assert number is None or (number.is_finite() and number >= 0)
    assert pieces is None or quantity_of(text) == pieces < 10**7


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_every_way_of_writing_an_amount_is_one_amount(amount: Decimal) -> None:
    english = f"{amount:,}"
    german = english.translate(str.maketrans(",.", ".,"))
    french = english.translate(str.maketrans(",.", "\u202f,"))
    assert {money_of(f"{one} EUR") for one in (english, german, french, f"{amount}")} == {(amount, "EUR")}


@pytest.mark.parametrize("text", ["1200000\u00b9", "4\u00b2", "12\u2081", "\u2460"])
def test_a_raised_figure_is_no_digit(text: str) -> None:
    assert number_of(text) is None and pieces_of(text) is None and money_of(text) is None


@given(st.lists(st.integers(min_value=1_000, max_value=999_999), min_size=1), st.sampled_from([",.", ".,"]))
def test_what_one_amount_shows_settles_the_others(amounts: list[int], signs: str) -> None:
    thousands, point = signs[0], signs[1]
    texts = [f"{amount:,}".replace(",", thousands) for amount in amounts]
    assert decimal_point(texts) == "", "an amount that can be read in two ways shows nothing"
    shown = f"1{thousands}250{point}00"
    assert decimal_point([*texts, shown]) == point
    assert [number_of(text, point) for text in texts] == amounts
    assert [number_of(text, thousands) for text in texts] == [None] * len(texts), (
        "three digits behind a point stay unread"
    )
    assert decimal_point([shown, f"1{point}250{thousands}00"]) == ""
