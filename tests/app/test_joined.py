"""Records that name sellers and things by number, beside the list that says whose number it is."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.app.scan import joined
from proscribe.app.scan.api import ScanResult
from proscribe.model.findings import Band
from proscribe.readers.header_fields import numbers_sellers

from .conftest import scan

VENDORS = (
    "vendor_id,name,city\n10482,Hikvision Nordic AB,Stockholm\n10483,Paper House,Leeds\n10484,Bakery,Leeds\n"
)
PURCHASES = (
    "date,vendor_id,description,qty,amount\n2024-02-01,10482,IP dome cameras,12,3400\n"
    "2024-02-03,10483,Paper A4,50,120\n2024-03-01,010482,recorder 16ch,1,800\n"
)


def lists(folder: Path, **texts: str) -> ScanResult:
    """Scan files named after their kinds."""
    paths = []
    for name, text in texts.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(text, encoding="utf-8")
    return scan(*paths)


def found(result: ScanResult, name: str) -> dict[int, tuple[str, Band]]:
    """Give the findings of a file: record to entity and band."""
    return {
        one.locator.row: (one.entity, one.band)
        for one in result.findings
        if result.scan.inputs[one.input].path.endswith(f"{name}.csv")
    }


def test_a_purchase_by_number_is_one_of_the_seller(tmp_path: Path) -> None:
    result = lists(tmp_path, purchases=PURCHASES, vendors=VENDORS)
    assert found(result, "purchases") == {1: ("hikvision", Band.PROBABLE), 3: ("hikvision", Band.PROBABLE)}
    one = next(one for one in result.findings if one.input == 0)
    joint = next(item for item in one.evidence if item.matcher == "joined")
    assert (joint.field, joint.found) == ("vendor_id", "10482")
    assert "'Hikvision Nordic AB'" in joint.why and "vendors.csv record 1" in joint.why
    assert dict(one.record) == {
        "date": "2024-02-01", "vendor_id": "10482", "description": "IP dome cameras", "qty": "12", "amount": "3400",
    }, "the record is the user's own"  # fmt: skip
    assert len({item.id for item in result.findings}) == len(result.findings)
    assert [item.input for item in result.findings] == sorted(item.input for item in result.findings)


def test_the_order_of_the_files_changes_nothing(tmp_path: Path) -> None:
    first = lists(tmp_path, purchases=PURCHASES, vendors=VENDORS)
    second = lists(tmp_path, vendors=VENDORS, purchases=PURCHASES)
    assert sorted(one.id for one in first.findings) == sorted(one.id for one in second.findings)


def test_what_goes_with_a_thing_is_asked_of_as_ever(tmp_path: Path) -> None:
    result = lists(
        tmp_path, purchases="date,vendor_id,description,qty,amount\n2024-02-01,10482,training day,1,3400\n", vendors=VENDORS
    )  # fmt: skip
    assert found(result, "purchases") == {1: ("hikvision", Band.POSSIBLE)}


@pytest.mark.parametrize(
    ("purchases", "vendors"),
    [
        (PURCHASES, VENDORS + "10482,Garden Centre,Leeds\n"),  # one number, two names
        (
            PURCHASES.replace("10483", "77").replace("2024-03-01,010482", "2024-03-01,78"),
            VENDORS,
        ),  # most numbers are of no list
        (
            PURCHASES.replace("vendor_id", "Vendor")
            .replace(",10482", ",V-10482")
            .replace(",10483", ",V-10483"),
            VENDORS,
        ),
    ],
)
def test_numbers_that_may_be_others_ask(tmp_path: Path, purchases: str, vendors: str) -> None:
    result = lists(tmp_path, purchases=purchases.replace("Vendor,", "vendor no,"), vendors=vendors)
    one = next(one for one in result.findings if one.input == 0)
    assert one.band is Band.POSSIBLE
    assert joined.SAME_NUMBERS_QUESTION in one.questions


@pytest.mark.parametrize(
    ("purchases", "vendors"),
    [
        # another sort of number
        (PURCHASES.replace("vendor_id", "cost centre"), VENDORS),
        (PURCHASES.replace("vendor_id", "supplier invoice no"), VENDORS),
        # the seller that the purchase names is another
        (PURCHASES.replace("10482", "10484"), VENDORS),
        # a thing of a listed maker that a reseller sold says nothing of what else the reseller sold
        (
            PURCHASES,
            "date,vendor_id,vendor,description\n2023-01-01,10482,Nordic Resale AB,Hikvision DS-2CD2143G2-I\n",
        ),
    ],
)
def test_other_numbers_join_nothing(tmp_path: Path, purchases: str, vendors: str) -> None:
    assert found(lists(tmp_path, purchases=purchases, vendors=vendors), "purchases") == {}


@pytest.mark.parametrize(
    ("makers", "others"),
    [
        (("PL-014", "PL-015"), ("CZ-014", "CZ-015")),  # every country counts on its own
        (("C-112", "C-113"), ("M112", "M113")),
        (("BW-0012", "BW-0013"), ("12", "13")),  # the rows of a list
        (("71240", "71241"), ("IT-71240", "FAC-71240")),  # two sorts of numbers
        (("A-4711", "A-4712"), ("4711", "9001")),
        (("A-4711", "4711"), ("a4711", "a4712")),
    ],
)
def test_a_number_behind_other_letters_is_another(
    tmp_path: Path, makers: tuple[str, str], others: tuple[str, str]
) -> None:
    told = f"asset_no,maker,model\n{makers[0]},Huawei,S5735\n{makers[1]},Axis,P3245\n"
    rows = "".join(f"{number},chair\n" for number in (*others, *(f"Z-{n}" for n in range(20, 23))))
    result = lists(tmp_path, makers=told, others=f"asset_no,what\n{rows}")
    assert set(found(result, "makers")) == {1}
    assert found(result, "others") == {}


@pytest.mark.parametrize(
    ("makers", "others"),
    [
        (("KT-0451", "KT-0452"), ("kt451", "KT 452")),
        (("F-41877", "F-41878"), ("41877", "41878")),
        (("71240", "71241"), ("AT71240", "AT71241")),
    ],
)
def test_a_number_that_can_be_no_other_is_asked_of(
    tmp_path: Path, makers: tuple[str, str], others: tuple[str, str]
) -> None:
    told = f"asset_no,maker,model\n{makers[0]},Huawei,S5735\n{makers[1]},Axis,P3245\n"
    result = lists(tmp_path, makers=told, others=f"asset_no,room\n{others[0]},Hall\n{others[1]},Gate\n")
    assert found(result, "others") == {1: ("huawei", Band.POSSIBLE)}


def test_last_years_purchases_name_the_seller_of_this_years(tmp_path: Path) -> None:
    before = (
        "date,vendor_id,vendor,description,amount\n2023-01-01,10482,Dahua Technology Italy Srl,cameras,1\n"
        "2023-01-02,10483,Paper House,paper,1\n"
    )
    result = lists(tmp_path, purchases=PURCHASES, before=before)
    assert found(result, "purchases")[1] == ("dahua", Band.PROBABLE)


def test_things_are_joined_by_tag_serial_and_article(tmp_path: Path) -> None:
    makers = (
        "asset_no,serial_number,item no,manufacturer,model\nA-1001,SN-900117,4711,Hikvision,DS-2CD2143G2-I\n"
        "A-1002,SN-900118,4712,Axis,P3245\n"
    )
    for column, first, second in (
        ("asset_no", "A-1001", "A-1002"), ("serial_number", "SN-900117", "SN-900118"), ("item no", "4711", "4712"),
    ):  # fmt: skip
        result = lists(
            tmp_path,
            list=f"{column},location,what\n{first},Lobby,camera\n{second},Hall,camera\n",
            makers=makers,
        )
        assert set(found(result, "list")) == {1}, column
        assert found(result, "list")[1][0] == "hikvision"


def test_another_serial_number_of_letters_and_digits_joins_nothing(tmp_path: Path) -> None:
    delivery = (
        "Serial Number,Manufacturer,Product\n19A05T0443,Hytera,PD785G radio\n19A05T0999,Motorola,DP4400\n"
    )
    result = lists(tmp_path, audit="Serial,Room\n19A05T0443,Gym\n19A05T0999,Hall\n", delivery=delivery)
    assert set(found(result, "audit")) == {1}


def test_a_record_that_tells_itself_is_left_as_it_is(tmp_path: Path) -> None:
    own = "date,vendor_id,description\n2024-02-01,10482,Hikvision dome camera\n"
    alone = lists(tmp_path, purchases=own)
    beside = lists(tmp_path, purchases=own, vendors=VENDORS)
    assert [one.id for one in alone.findings] == [one.id for one in beside.findings if one.input == 0]


def test_what_is_not_followed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joined, "_MOST_TAKING", 0)
    result = lists(tmp_path, purchases=PURCHASES, vendors=VENDORS)
    assert not result.complete
    assert [one.code for one in result.scan.inputs[0].issues] == ["E550"]


@pytest.mark.parametrize(
    ("header", "is_one"),
    [
        ("vendor_id", True), ("Lieferantennummer", True), ("N° fournisseur", True), ("код поставщика", True),
        ("取引先コード", True), ("LIFNR", True), ("código de proveedor", True), ("VENDORID", True),
        ("supplier part number", False), ("Manufacturer ID", False), ("vendor VAT no", False), ("company code", False),
        ("Lieferant", False), ("supplier invoice no", False), ("id", False),
    ],
)  # fmt: skip
def test_headers_of_numbers_of_sellers(header: str, is_one: bool) -> None:
    assert numbers_sellers(header) is is_one


NUMBERS = st.text("0019.aAvV-_/# \t\x1fßẞİé٣", max_size=9)


@given(st.lists(st.none() | NUMBERS, max_size=6), st.sets(NUMBERS, max_size=4))
def test_texts_that_fall_out_without_a_look_are_none_of_the_numbers(
    texts: list[str | None], told: set[str]
) -> None:
    numbers = {key for one in told if (key := joined._exact(one))}
    loose = {digits for key in numbers if (digits := joined._loose(key)[1])}
    kept = set(joined.places_of(pa.array(texts, pa.string()), numbers, loose))
    for row, text in enumerate(texts):
        key = joined._exact(text)
        if key and (key in numbers or joined._loose(key)[1] in loose):
            assert row in kept, (text, key)
