"""How many things a record counts."""

from __future__ import annotations

import pytest

from proscribe.readers.counting import things_counted


def counted(row: dict[str, str], quantity: str = "") -> int | None:
    """Count by a row in which `quantity` names the column of quantities, if there is one."""
    fields = {name: "quantity" if name == quantity else "other" for name in row}
    return things_counted(row.items(), fields, row.get(quantity))


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"Qty": "3", "UoM": "BX"}, "Qty"),
        ({"Qty": "3", "UoM": "DZ"}, "Qty"),
        ({"Boxes": "3", "Units per box": "8"}, "Boxes"),
        ({"Menge je Karton": "3"}, "Menge je Karton"),
        ({"Qty": "3", "VPE": "8"}, "Qty"),
        ({"Qty": "3", "Price unit": "100"}, "Qty"),
        ({"Ordered": "3", "Delivered": "12"}, ""),
        ({"Qty ordered": "3", "Qty received": "12"}, "Qty ordered"),
        ({"Cameras": "12"}, ""),
        ({"Kameras": "8", "Standort": "Halle 2"}, ""),
        ({"摄像机": "12"}, ""),
        ({"Remark": "kit of 4 cameras"}, ""),
        ({"Qty": "1", "Remark": "dome, 4-pack"}, "Qty"),
        ({"Qty": "1,000"}, "Qty"),
    ],
)
def test_what_may_count_others_than_single_things_is_not_known(row: dict[str, str], column: str) -> None:
    assert counted(row, column) is None


@pytest.mark.parametrize(
    ("row", "column", "number"),
    [
        ({"Qty": "3", "UoM": "EA"}, "Qty", 3),
        ({"Menge": "3", "Einheit": "Stück"}, "Menge", 3),
        ({"Qty": "12 pcs"}, "Qty", 12),
        ({"Qty": "5", "Qty received": "5"}, "Qty", 5),
        ({"Qty": "2", "Warranty": "36"}, "Qty", 2),
        ({"Qty": "5", "Qty returned": "0"}, "Qty", 5),
        ({"Qty": "", "Site": "HQ"}, "Qty", 1),
        ({"Unit": "12", "Floor": "3"}, "", 1),
        ({"Channels": "16", "Port": "8", "Bought": "2021"}, "", 1),
        ({"Model": "DS-2CD2143G2-I"}, "", 1),
    ],
)
def test_single_things_are_counted_and_a_row_without_a_count_is_one(
    row: dict[str, str], column: str, number: int
) -> None:
    assert counted(row, column) == number
