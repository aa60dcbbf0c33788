"""Which lists and rows may be of things that a firm lets others have: let, lent, swapped, consigned, run at theirs."""

from __future__ import annotations

import pytest

from proscribe.devices.passed_on import MayGoOn, may_go_on
from proscribe.rules.acts import BOTH, USE


def of(
    kind: str = "equipment", path: str = "list.csv", sheet: str = "", act: str = "", **record: str
) -> MayGoOn | None:
    answers = [USE]
    rows = ((name.replace("_", " "), text) for name, text in record.items())
    return may_go_on(answers, [kind], path, sheet, rows, act=act)


@pytest.mark.parametrize("path", [
    "Rental fleet.csv", "Mietpark.csv", "hire desk equipment.csv", "Lease register.xlsx", "Demo units.csv", "loaners.csv", "RMA swaps.csv",
    "Advance replacement pool.csv", "Konsignationslager Bestand.csv", "CPE register.csv", "managed devices.csv", "store\\installed base.csv",
    "Comodatos.csv", "レンタル 一覧.csv", "租赁设备.csv",
])  # fmt: skip
def test_a_list_that_is_named_as_one_of_what_others_have_leaves_it_open(path: str) -> None:
    told = of(path=path)
    assert told is not None and not told.by_record and told.answers == BOTH


@pytest.mark.parametrize("path", [
    "office equipment.csv", "new hire equipment.csv", "cpe list.csv", "demo.csv", "core inventory.csv", "guest rooms.csv", "current stockholders.csv",
])  # fmt: skip
def test_a_list_of_the_own_house_asks_nothing(path: str) -> None:
    assert of(path=path, Room="Lobby", Remarks="lens cleaned", Leased_from="GreatAmerica") is None


@pytest.mark.parametrize(("column", "text"), [
    ("Status", "On rent"), ("Remarks", "on loan at VA clinic"), ("Loaned_To", "City of Reno"), ("Subscriber", "Acct 118"), ("Tenant", "Lincoln County"),
    ("Hosted_At", "Client DC Reno"), ("Billed_To", "VA Hospital"), ("Mieter", "Bundeswehr"), ("Bemerkung", "Leihgerät bei Kunde Meyer"),
    ("Mis_à_disposition_de", "Mairie de Lyon"), ("Observaciones", "en comodato con el cliente"), ("Stato", "a noleggio presso Comune di Bari"),
    ("状态", "出租中"), ("状態", "貸出中"), ("Cost_Code", "Rebillable"),
])  # fmt: skip
def test_a_row_that_says_who_has_it_leaves_it_open_whatever_is_said_of_the_company(
    column: str, text: str
) -> None:
    told = of(**{column: text})
    assert told is not None and told.by_record and text in told.words
    assert told.stated(False, narrow=False).answers == BOTH and told.stated(False).answers == {USE}


@pytest.mark.parametrize(("kind", "open_"), [("network", True), ("purchases", False)])
def test_an_account_is_a_customer_beside_devices_and_one_of_the_books_beside_purchases(
    kind: str, open_: bool
) -> None:
    told = of(kind, Account_Name="6400 Equipment")
    assert told is not None and told.by_record is open_


def test_what_is_stated_of_the_list_itself_is_closer_than_what_is_said_of_the_company() -> None:
    told = of("purchases", act="use")
    assert told is not None and told.said is False and told.stated(True, narrow=False).answers == {USE}
    assert of("purchases", act="maintain") == MayGoOn(False)


def test_one_thing_that_is_stated_to_go_to_others_goes_there_from_a_list_of_what_is_used_too() -> None:
    told = of("purchases", act="use")
    assert told is not None and told.stated(True).said is True and told.stated(True).answers == BOTH
