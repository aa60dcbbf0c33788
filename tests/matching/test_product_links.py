"""What a parts list calls its product, and what another list may mean by it."""

from __future__ import annotations

import re

import pytest

from proscribe.matching.product_links import Product, pattern, whole, within

BY_NUMBER = Product(("RX-200",), ("Four channel recorder",))
BY_FILE = Product((), (), ("RX-200 BOM rev 12",))


def _may_be(product: Product, cell: str) -> bool:
    inside = product.inside()
    return whole(cell) in product.wholes() or any(key in inside for key in within(cell))


@pytest.mark.parametrize(
    "cell",
    [
        "RX200",
        "rx 200",
        "RX-200-EU",
        "Recorder RX 200, black",
        "RX_200/4TB",
        "Four-channel Recorder",
        "ＲＸ－200",
    ],
)
def test_a_product_is_met_in_other_spellings(cell: str) -> None:
    assert _may_be(BY_NUMBER, cell)


@pytest.mark.parametrize(
    "cell", ["RX-2000", "RX-20", "MRX-200", "200", "recorder", "R X", "Four channel", "RX-300"]
)
def test_another_number_is_another_product(cell: str) -> None:
    assert not _may_be(BY_NUMBER, cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("RX200", True),
        ("Recorder RX-200", True),
        ("rev 12", False),
        ("BOM", False),
        ("12", False),
        ("Camera rev12", False),
    ],
)
def test_a_number_stands_within_the_name_of_a_file(cell: str, expected: bool) -> None:
    assert _may_be(BY_FILE, cell) is expected


@pytest.mark.parametrize("cell", ["Kamera ТК-4410", "TK 4410", "摄像机TK4410"])
def test_the_sieve_lets_through_whatever_is_alike(cell: str) -> None:
    product = Product(("TK-4410",))
    found = re.search(pattern([product]).replace(r"[^\p{L}\p{N}]", r"[\W_]"), cell, re.IGNORECASE)
    assert bool(found) >= any(key in product.inside() for key in within(cell)) or not cell.isascii()
