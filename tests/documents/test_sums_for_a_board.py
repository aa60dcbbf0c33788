"""Wrong sums: an amount that is not, or not surely, what was paid for what was found is in no plain number of a summary."""

from __future__ import annotations

from typing import Any

import paper_samples as of
import pytest

from proscribe.model.papers import StatedMoney

FIELDS = {
    "Description": "text", "Asset tag": "row_id", "PO": "row_id", "PO line": "order_line", "Serial number": "serial_number", "Quantity": "quantity",
    "Amount (USD)": "amount", "Currency": "currency",
    "Price unit": "other",
}  # fmt: skip
#: Names of columns of numbers that are not those of single pieces.
PACKED = ("Quantity (dozen)", "Qty (boxes of 8)", "Boxes", "Quantity per site", "Menge je Karton")
FIELDS |= dict.fromkeys(PACKED, "quantity")


def money(
    *lists: list[dict[str, str]], stated: tuple[StatedMoney, ...] = (), kind: str = "equipment"
) -> list[dict[str, Any]]:
    """Make a summary of lists of rows, each a cell by its column, and give what it says of money."""
    findings, inputs = [], []
    for number, rows in enumerate(lists):
        names = list(dict.fromkeys(name for row in rows for name in row))
        read = {
            name: FIELDS.get(name) or ("unit_cost" if "rice" in name else "amount" if "USD" in name else "")
            for name in names
        }
        if "Quantity" in names and not any(row["Quantity"][:1].isdigit() for row in rows if row["Quantity"]):
            read["Quantity"] = "other"
        plan = [{"name": name, "field": told, "why": "header"} for name, told in read.items()]
        table = {"sheet": None, "kind": kind, "kind_by": "headers", "kind_words": [], "column_plan": plan}
        inputs.append({"index": number, "path": f"list-{number}.csv", "tables": [table]})
        for place, row in enumerate(rows, 1):
            cells = {name: text for name, text in row.items() if text}
            told = {
                read[name]: text
                for name, text in cells.items()
                if read[name] not in ("", "other", "row_id", "order_line")
            }
            findings.append(
                of.finding(
                    f"f_{number}{place}", input=number, record_id=row.get("PO") or f"H{number}{place}", record=[[*one] for one in cells.items()],
                    locator={"row": place, "sheet": None, "pointer": None}, details={"site": "A", **told},
                )
            )  # fmt: skip
    scan = of.scan(*findings)
    scan["inputs"] = [{**scan["inputs"][0], **one} for one in inputs]
    inputs_of = of.base(scans=(of.proved(scan, "11" * 32),), money=stated)
    made: list[dict[str, Any]] = of.make("portfolio-summary", inputs_of).data["body"]["money"]
    return made


BOUGHT = {"Amount (USD)": "300.00"}


@pytest.mark.parametrize(
    "row",
    [
        *(
            {"Quantity": told, "Unit price (USD)": "10"}
            for told in ("a dozen", "twelve", "zwölf", "x12", "several", "lot")
        ),
        *(
            {"Quantity": "2", name: "10"}
            for name in (
                "Price in thousand USD",
                "Price (USD 000)",
                "Price (Mio. USD)",
                "Price per 100 (USD)",
                "Price (USD) per 1000",
            )
        ),
        *(
            {"Quantity": "2", name: "10"}
            for name in ("List price (USD)", "Book value (USD)", "Amount quoted (USD)")
        ),
        {"Quantity": "2", "Unit": "box of 10", "Unit price (USD)": "10"},
        {"Quantity": "2", "Discount %": "50", "Unit price (USD)": "10"},
        {"Quantity": "5", "Quantity returned": "5", "Unit price (USD)": "10"},
        *(
            {"Quantity": "3", "UoM": unit, "Unit price (USD)": "10"}
            for unit in ("DZ", "BX", "PR", "case", "VPE", "C", "M")
        ),
        {"Quantity": "300", "Price unit": "100", "Unit price (USD)": "10"},
        {"Quantity": "300", "Per": "100", "Unit price (USD)": "10"},
        {"Quantity": "3", "Units per box": "8", "Unit price (USD)": "10"},
        {"Quantity": "3", "Qty delivered": "12", "Unit price (USD)": "10"},
        {"Quantity": "3", "Received": "1", "Unit price (USD)": "10"},
        {"Ordered": "3", "Delivered": "12", "Unit price (USD)": "10"},
        {"Cameras": "12", "Unit price (USD)": "10"},
        {"Quantity": "1", "Remark": "kit of 4 cameras", "Unit price (USD)": "10"},
        {"Quantity": "1", "Text": "Dome, 4-pack", "Unit price (USD)": "10"},
        {"Pairs": "3", "Unit price (USD)": "10"},
        {"Quantity": "3", "Unit price USD 000s": "10"},
        {"Quantity": "3", "Price per month (USD)": "10"},
        {"Quantity": "3", "Monthly price (USD)": "10"},
        *({name: "3", "Unit price (USD)": "10"} for name in PACKED),
        {**BOUGHT, "Status": "quoted"},
        {**BOUGHT, "Credit note": "CN-17"},
        {**BOUGHT, "Asset tag": "Total"},
        {**BOUGHT, "Maker": "Hikvision Sum"},
    ],
    ids=str,
)
def test_what_is_not_surely_paid_is_in_no_sum_and_named(row: dict[str, str]) -> None:
    (alone,) = money([row])
    assert alone["amount"] == "not known" and "row 1" in alone["about"]
    known, unknown = money([BOUGHT], [row])
    assert known["amount"] == "at least 300.00" and unknown["amount"] == "not known"


@pytest.mark.parametrize(
    ("row", "paid"),
    [
        ({"Quantity": "2", "Unit price (USD)": "10"}, "20"),
        ({"Quantity": "2", "Unit": "each", "Unit price (USD)": "10"}, "20"),
        ({"Quantity": "2", "Unit": "box of 10", "Amount (USD)": "10"}, "10"),
        ({"Quantity": "5", "Quantity returned": "0", "Unit price (USD)": "10"}, "50"),
        ({"Quantity": "2", "Price 2026 (USD)": "10"}, "20"),
        ({"Quantity": "2", "UoM": "EA", "Qty received": "2", "Unit price (USD)": "10"}, "20"),
        ({"Quantity": "2", "Warranty": "36", "Unit price (USD)": "10"}, "20"),
        ({"Asset tag": "HR-1", "Bought in": "2021", "Unit price (USD)": "10"}, "10"),
        ({"Asset tag": "HR-1", "Status": "in use", "Unit price (USD)": "10"}, "10"),
        (
            {
                "Asset tag": "HR-1",
                "Text": "total of the old recorder and its four cameras",
                "Unit price (USD)": "10",
            },
            "10",
        ),
    ],
    ids=str,
)
def test_what_was_paid_stays_a_plain_sum(row: dict[str, str], paid: str) -> None:
    assert [one["amount"] for one in money([row])] == [paid]


def priced(*rows: dict[str, str]) -> list[tuple[str, str]]:
    """Give the sums of rows whose price is one of a unit and whose currency stands in a column of its own."""
    return [(one["amount"], one["currency"]) for one in money(list(rows))]


@pytest.mark.parametrize(
    "row",
    [
        {"Quantity": "3", "Unit price": "(1250.00)", "Currency": "USD"},
        {"Quantity": "3", "Unit price": "-1250.00", "Currency": "USD"},
        {"Quantity": "3", "Unit price": "1250.00-", "Currency": "USD"},
        {"Quantity": "-3", "Unit price": "1250.00", "Currency": "USD"},
        {"Quantity": "3", "Unit price": "1250.00 CR", "Currency": "USD"},
    ],
)
def test_what_may_be_a_credit_leaves_the_sum_unknown(row: dict[str, str]) -> None:
    sums = priced({"Quantity": "3", "Unit price": "1250.00", "Currency": "USD"}, row)
    assert sums[0] == ("not known, of it read: 3,750.00", "USD") and len(sums) == 2


@pytest.mark.parametrize(
    ("price", "currency"), [("£1250", "USD"), ("$1250", "EUR"), ("EUR 1250", "SGD"), ("¥1250", "GBP")]
)
def test_an_amount_in_another_currency_than_its_row_names_is_in_no_sum(price: str, currency: str) -> None:
    sums = priced(
        {"Quantity": "3", "Unit price": "1250.00", "Currency": "USD"},
        {"Quantity": "3", "Unit price": price, "Currency": currency},
    )
    assert sums == [("at least 3,750.00", "USD"), ("not read", "")]


def test_a_column_of_another_currency_than_its_row_names_is_in_no_sum() -> None:
    assert priced({"Quantity": "3", "Unit price (CAD)": "100.00", "Currency": "USD"}) == [("not read", "")]
    assert priced({"Quantity": "3", "Unit price (USD)": "100.00", "Currency": "USD"}) == [("300.00", "USD")]


@pytest.mark.parametrize(
    ("price", "currency"), [("$1250", "USD"), ("£1250", "GBP"), ("CNY 1250", "CNY"), ("¥1250", "JPY")]
)
def test_an_amount_in_the_currency_of_its_row_is_summed(price: str, currency: str) -> None:
    row = {"Quantity": "3", "Unit price": price, "Currency": currency}
    assert priced(row) == [("3,750", currency)]


@pytest.mark.parametrize(
    ("first", "second", "paid"),
    [
        ("K41209881", "K41209881", "at least 300.00"),
        ("K41209881", "S/N k41209881", "at least 300.00"),
        ("K41209881", "K41209882", "600.00"),
        ("N/A", "N/A", "600.00"),
    ],
)
def test_one_serial_number_in_two_rows_of_a_list_is_paid_for_once(first: str, second: str, paid: str) -> None:
    told = money([{**BOUGHT, "Serial number": first}, {**BOUGHT, "Serial number": second}])
    assert told[0]["amount"] == paid
    assert ("the same serial number" in str(told)) == (paid != "600.00")


def test_a_row_without_its_quantity_is_not_one_piece() -> None:
    known, unknown = money(
        [{"Quantity": "2", "Unit price (USD)": "10"}, {"Quantity": "", "Unit price (USD)": "10"}]
    )
    assert known["amount"] == "at least 20" and "row 2" in unknown["about"] and "quantity" in unknown["about"]


def test_one_thing_in_two_lists_is_paid_for_once() -> None:
    row = {"Serial number": "K41209881", **BOUGHT}
    (once,) = money([row], [row])
    assert once["amount"] == "300.00" and "1 state again" in once["about"]
    least, other = money([row], [{**row, "Amount (USD)": "120.00"}])
    assert least["amount"] == "at least 300.00" and "another amount" in other["about"]


def test_the_order_and_the_invoice_of_one_line_are_not_added() -> None:
    row = {"PO": "4500001", "PO line": "10", **BOUGHT}
    least, other = money([row], [row], kind="purchases")
    assert least["amount"] == "at least 300.00" and "same order" in other["about"]
    assert [one["amount"] for one in money([row, {**row, "PO line": "20"}], kind="purchases")] == ["600.00"]


def test_money_that_is_stated_twice_for_one_contract_is_at_most_that() -> None:
    one, other = (
        StatedMoney("contract value", "100", "USD", "47QSMA"),
        StatedMoney("contract value", "100", "USD", "47qsma"),
    )
    (told,) = money(stated=(one, other))
    assert told["amount"] == "at most 200" and "more than once" in told["about"]
    assert money(stated=(one, StatedMoney("contract value", "100", "USD", "W912")))[0]["amount"] == "200"


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("S/H", "H"), ("SHKZG", "H"), ("D/C", "C"), ("Dr/Cr", "Cr"), ("Movement type", "102"), ("Doc type", "KG"), ("Belegart", "Gutschrift"),
        ("Transaction type", "Z9"), ("Scenario", "Budget"), ("Account", "2000 Accounts payable"), ("Posting", "accrual"), ("Type", "Credit note"),
        ("Notes", "credit for the above"),
    ],
)  # fmt: skip
def test_what_may_go_the_other_way_is_in_no_sum_and_the_sum_may_be_less(column: str, text: str) -> None:
    told = money([BOUGHT | {column: "Invoice"}, BOUGHT | {"Asset tag": "A2", column: text}])
    assert told[0]["amount"] == "not known, of it read: 300.00", told
    assert told[1]["amount"] == "not known" and f"{column} is “{text}”" in told[1]["about"]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("S/H", "S"), ("D/C", "D"), ("Doc type", "KR"), ("Type", "Dome camera"), ("Account", "6300 Expense"), ("Reversed", "N"),
        ("Storno", "-"), ("Share", "100"), ("Discount", "0.00"), ("Version", "2"),
    ],
)  # fmt: skip
def test_what_says_nothing_of_an_amount_leaves_the_sum_as_it_is(column: str, text: str) -> None:
    told = money([BOUGHT | {column: text}, BOUGHT | {"Asset tag": "A2", column: text}])
    assert [one["amount"] for one in told] == ["600.00"], told


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("Deletion indicator", "L"), ("Storno", "X"), ("Reversed", "Y"), ("Reversed by", "5100003312"), ("Cancelled", "2024-05-01"),
        ("Share", "25%"), ("Discount", "40.00"),
    ],
)  # fmt: skip
def test_what_was_undone_shared_or_lowered_is_in_no_sum(column: str, text: str) -> None:
    told = money([BOUGHT, BOUGHT | {"Asset tag": "A2", column: text}])
    assert told[0]["amount"] == "at least 300.00" and told[1]["amount"] == "not known", told


@pytest.mark.parametrize("column", ["Invoice total (USD)", "Order value USD", "Amount (USD)"])
def test_the_amount_of_a_whole_invoice_is_not_summed_line_by_line(column: str) -> None:
    row = {column: "5000.00", "Invoice no": "I-1"}
    told = money([row, row | {"Asset tag": "A2"}, row | {"Asset tag": "A3", "Invoice no": "I-2"}])
    assert told[0]["amount"] == "at least 10,000.00", told
    assert "states the same amount under the same number, I-1" in told[1]["about"]


@pytest.mark.parametrize(
    "column", ["USD YTD", "Cumulative USD", "Balance USD", "Tax amount USD", "Budget USD", "USD（万元）"]
)
def test_what_was_not_paid_for_the_thing_is_in_no_sum(column: str) -> None:
    assert [one["amount"] for one in money([{column: "1000.00"}])] == ["not known"]


def test_a_price_of_more_than_what_was_found_is_in_no_sum() -> None:
    row = {"Amount (USD)": "100000.00", "Description": "Fit-out of HQ incl. cameras, furniture, painting"}
    assert [one["amount"] for one in money([row])] == ["not known"]
