"""What is sold stands against contracts possibly, and no plan of replacements makes a contract safe that it may be provided under."""

from __future__ import annotations

from pathlib import Path

import pytest
from money import CONTRACT, DAY, FACTS, write

import proscribe
from proscribe.app.choice.exposure import Work, find_sources, to_json, work_out
from proscribe.app.choice.nation_matrix import matrix
from proscribe.app.choice.phase_out import phase_out
from proscribe.choice.asset_rows import sold_of
from proscribe.choice.buying import NAMED, PROVIDED
from proscribe.choice.exposure_page import page, to_table
from proscribe.choice.plan_page import page as plan_page
from proscribe.choice.plan_page import to_table as plan_table
from proscribe.model.codec import read_json
from proscribe.model.exposure import Exposure

PRICES = "SKU,Product,List price USD\nRX-200,RX-200 recorder,420\nRX-300,RX-300 recorder,640\n"
PARTS = "Level,Part Number,Description,Manufacturer,MPN,Qty\n0,RX-200,Recorder,Northlight,,1\n1,PCA-1,Board,Northlight,,1\n2,IC-1,SoC,{maker},{chip},1\n"
ASSETS = [
    {
        "Item": "Old camera",
        "Quantity": "2",
        "Site": "North",
        "Unit replacement cost": "400",
        "Currency": "USD",
    }
]


def _work(folder: Path, *, chip: str = "Hi3535V100", maker: str = "HiSilicon", **contract: str) -> Work:
    files = folder / "files"
    files.mkdir()
    (files / "price list.csv").write_text(PRICES)
    (files / "parts.csv").write_text(PARTS.format(chip=chip, maker=maker))
    (files / "inventory.csv").write_text(
        "Asset tag,Description,Manufacturer,Model,Site,Quantity\nA-1,Camera,Axis,P3245,North,4\n"
    )
    money = folder / "money"
    money.mkdir()
    (money / "scan.json").write_text(proscribe.scan([str(files)], as_of=DAY).to_json())
    (money / "facts.yml").write_text(FACTS)
    write(money / "contracts.csv", [{**CONTRACT, **contract}])
    write(money / "assets.csv", [{**ASSETS[0], "Site": "Elsewhere"}])
    return work_out(find_sources(money, facts=[money / "facts.yml"]))


def test_a_chip_in_what_is_sold_puts_a_contract_at_stake(tmp_path: Path) -> None:
    work = _work(tmp_path, Sites="North")
    (sold,) = work.exposure.sold
    assert (sold.what, sold.path[-1], sold.lines) == ("RX-200 recorder", "SoC (IC-1)", ("C1-1",))
    (line,) = (one for one in work.exposure.lines if one.kind == "contract")
    assert line.surely == 0 and line.possibly and PROVIDED in line.rules[0].missing
    assert not any(one.kind == "replacement" and "RX-200" in one.what for one in work.exposure.lines)
    plan = phase_out(work, "2027-01", 12, doubtful=True)
    (open_,) = plan.at_stake
    assert open_.sold == (sold.what,) and open_.value == line.possibly and open_.asks
    assert "RX-200" in plan_table(plan).splitlines()[0] and "not known to be kept" in plan_page(plan)
    assert all(
        one.doubt == line.possibly and one.asks for one in plan.alternatives if "leave" not in one.name
    )
    assert not any("set aside" in note for note in work.exposure.notes)
    assert any(
        "found in what is sold alone (RX-200 recorder)" in note for note in matrix(work, "2027", ["US"]).notes
    )
    assert "What is sold" in page(work.exposure) and "RX-200" in to_table(work.exposure)


def test_a_clean_product_puts_nothing_at_stake(tmp_path: Path) -> None:
    work = _work(tmp_path, chip="S5L66", maker="Ambarella", Sites="North")
    assert not work.exposure.sold
    assert not any(PROVIDED in hold.missing for one in work.exposure.lines for hold in one.rules)


@pytest.mark.parametrize("said", ["RX-200", "rx200", "Recorder RX 200, black", "Bracket; RX-200"])
def test_a_contract_that_names_the_product_asks_no_more_what_it_buys(tmp_path: Path, said: str) -> None:
    work = _work(tmp_path, Sites="North", Product=said)
    (sold,) = work.exposure.sold
    (line,) = (one for one in work.exposure.lines if one.kind == "contract")
    assert sold.lines == (line.id,) and line.surely == 0 and line.possibly
    assert NAMED in line.rules[0].missing and PROVIDED not in line.rules[0].missing
    assert not any("What do these contracts buy" in note for note in work.exposure.notes)


@pytest.mark.parametrize(
    "said", ["", "not known", "none", "n/a", "RX-2000", "Bracket", "nothing of these; Bracket"]
)
def test_what_no_row_says_stays_possibly_at_stake(tmp_path: Path, said: str) -> None:
    work = _work(tmp_path, Sites="North", Product=said)
    (line,) = (one for one in work.exposure.lines if one.kind == "contract")
    assert line.possibly and PROVIDED in line.rules[0].missing
    asked = [note for note in work.exposure.notes if "What do these contracts buy" in note]
    assert bool(asked) == (said in ("", "not known", "none", "n/a"))
    assert all("RX-200 recorder" in note and "nothing of these" in note for note in asked)


@pytest.mark.parametrize("said", ["nothing of these", "Nothing of these.", "nichts davon"])
def test_only_words_take_a_contract_out_and_they_are_named(tmp_path: Path, said: str) -> None:
    work = _work(tmp_path, Sites="North", Product=said)
    assert [one.lines for one in work.exposure.sold] == [()]
    open_ = {name for one in work.exposure.lines for hold in one.rules for name in hold.missing}
    assert not open_ & {PROVIDED, NAMED}
    assert any("buy nothing of what is sold" in note for note in work.exposure.notes)


@pytest.mark.parametrize("kind", ["licence", "other"])
def test_what_is_sold_is_asked_of_contracts_and_not_of_what_its_maker_runs(tmp_path: Path, kind: str) -> None:
    work = _work(tmp_path, Kind=kind, Clauses="", Agency="")
    assert [one.lines for one in work.exposure.sold] == [()]


def test_a_product_stands_once_by_the_line_that_is_sold(tmp_path: Path) -> None:
    work = _work(tmp_path)
    assert len(work.scan.findings) == 4, "the chip, the board, the product, and its line in the price list"
    (one,) = sold_of(work.scan)
    assert one.record[0] == ("SKU", "RX-200") or "RX-200" in str(one.record)


def test_contracts_are_added_up_by_customer(tmp_path: Path) -> None:
    work = _work(tmp_path, Customer="Big Prime Inc", Country="US")
    (one,) = work.exposure.customers
    (line,) = (line for line in work.exposure.lines if line.kind == "contract")
    assert one.customer.words == "Big Prime Inc for GSA, United States"
    assert (one.possibly, one.lines) == (line.possibly, (line.id,)) and line.customer == one.customer
    assert "Big Prime Inc for GSA" in page(work.exposure)
    again = read_json(Exposure, to_json(work.exposure).encode(), open_=True)
    assert again.customers == work.exposure.customers and again.sold == work.exposure.sold


def test_a_row_that_names_one_body_alone_means_it_twice(tmp_path: Path) -> None:
    (contract,) = _work(tmp_path, Agency="", Customer="Department of the Army").contracts
    assert (contract.customer.name, contract.agency) == ("Department of the Army",) * 2
