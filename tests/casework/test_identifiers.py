"""UEI and CAGE: the form alone."""

from __future__ import annotations

import pytest

from proscribe.model.identifiers import cage, uei


@pytest.mark.parametrize(
    "text", ["ZQGGH8XPGKL9", "zqggh8xpgkl9", " ZQGGH8XPGKL9 ", "1QGGH8XPGKL9", "Z12345678KL9"]
)
def test_ueis(text: str) -> None:
    assert uei(text) == text.strip().upper()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "0 characters"), ("123456789", "9 characters"), ("ZQGGH8XPGKL99", "13 characters"),
        ("ZQGGH8XPGKLO", "letter O"), ("IQGGH8XPGKL9", "letter I"), ("0QGGH8XPGKL9", "begins with zero"),
        ("ZQGG-8XPGKL9", "other than letters"), ("ZQGGH8XPGKLÉ", "other than letters"), ("A123456789KL", "nine digits"),
        ("ZQGGH8XPGK１9", "other than letters"),
    ],
)  # fmt: skip
def test_what_is_no_uei(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        uei(text)


@pytest.mark.parametrize("text", ["1ABC5", "00000", "k1234", "SK123"])
def test_cages(text: str) -> None:
    assert cage(text) == text.upper()


@pytest.mark.parametrize("text", ["", "1ABC", "1ABC56", "1ABCI", "O1234", "1AB-5", "1AB 5", "١٢٣٤٥"])
def test_what_is_no_cage(text: str) -> None:
    with pytest.raises(ValueError):
        cage(text)
