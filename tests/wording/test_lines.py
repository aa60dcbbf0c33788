"""Lines as files count them."""

from __future__ import annotations

import pytest

from proscribe.app.vendors.vendor_list import named_vendors
from proscribe.wording.lines import lines_of


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("\na\r\n\r\nb\rc", ["", "a", "", "b", "c"]),
        ("a\u2028b\x85c\x0bd\x0ce\u2029f", ["a\u2028b\x85c\x0bd\x0ce\u2029f"]),
    ],
)
def test_a_text_is_split_at_its_line_ends_alone(text: str, lines: list[str]) -> None:
    assert lines_of(text) == lines


def test_a_sign_pasted_into_a_name_moves_no_row() -> None:
    vendors = named_vendors("Acme\u2028 Ltd\x85\nHikvision Europe; sales@example.com")
    assert [(vendor.row, vendor.email) for vendor in vendors] == [(1, ""), (2, "sales@example.com")]
