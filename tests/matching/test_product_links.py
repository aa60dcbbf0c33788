"""What a parts list calls its product, and what another list may mean by it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.matching.product_links import Product, named_product, nearest, pattern, whole, within

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


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("WT-2000", "wt200"), ("WT 20", "wt200"), ("WT-200-E", "wt200"), ("WT-300", ""), ("WTX-200", ""), ("WT-200000", ""), ("2000", "")],
)  # fmt: skip
def test_a_number_that_goes_on_by_a_character_or_two_is_near(cell: str, expected: str) -> None:
    product = Product(("WT-200",))
    assert nearest(cell, product.inside()) == expected


@pytest.mark.parametrize(
    ("name", "numbers"),
    [("[GW-300] Field gateway", ("GW-300",)), ("GW-300", ("GW-300",)), ("Field gateway (GW-300)", ("Field gateway (GW-300)",))],
)  # fmt: skip
def test_a_number_in_brackets_leads_the_name_of_a_product(name: str, numbers: tuple[str, ...]) -> None:
    assert named_product(name).numbers == numbers


@given(st.text("AB-0 1", max_size=12), st.text("AB-0 1", max_size=12))
def test_what_is_near_is_never_the_same(one: str, other: str) -> None:
    near = nearest(one, [whole(other)] if whole(other) else [])
    assert near != whole(one) or not near
