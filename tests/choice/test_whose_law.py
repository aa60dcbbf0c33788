"""Whose contract it is: a rule stops those of its own law and its own buyers, and what the tables do not tell is asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from money import CONTRACT, FACTS, folder_of

import proscribe
from proscribe.app.choice.exposure import work_out
from proscribe.app.choice.phase_out import phase_out
from proscribe.app.rules.decide import Decider
from proscribe.choice.exposure import Exposing, Judge, Thing, piles_of
from proscribe.choice.prices import Prices
from proscribe.choice.records import Asset, Contract, Price
from proscribe.kb.snapshot import Snapshot
from proscribe.model.customers import Customer
from proscribe.model.exposure import INCOME, Exposure

ScanOf = tuple[Path, dict[str, str]]
CAMERA = {"Quantity": "4", "Site": "North", "Unit cost": "250.00", "Currency": "USD"}
_DAY = date(2026, 11, 25)
_SURE = {
    "item.producer": "huawei", "item.kind": "telecommunications_equipment", "use.by": "the_entity",
    "item.role_in_system": "substantial_or_essential_component", "item.purpose": ("public_safety",),
}  # fmt: skip


#: Names that mean an agency of the United States, though of one or another nation elsewhere as well.
_ALSO_OF_THE_US = ("GSA", "DoD", "Department for Education", "Department of Defence")


@pytest.fixture(scope="module")
def decider(snapshot: Snapshot) -> Decider:
    return Decider.of(snapshot)


def asked(folder: Path) -> Exposure:
    return proscribe.exposure(proscribe.find_sources(folder))


def row(scan: ScanOf, place: Path, facts: str = FACTS, **cells: str) -> Exposure:
    told = {**CONTRACT, "Clauses": "", **cells}
    assets = [{"Finding": scan[1]["E1"], **CAMERA}]
    return asked(folder_of(place, scan[0], assets=assets, contracts=[told], facts=facts))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["contract", "grant", "licence"]),
    law=st.sampled_from(["", "US", "GB", "DE", "IT", "AU", "JP", "BR"]),
    agency=st.sampled_from(
        [
            "",
            "GSA",
            "DoD",
            "Home Office",
            "Department for Education",
            "Department of Defence",
            "State of Texas",
        ]
    ),
    clauses=st.sampled_from([(), ("52.204-25 (NOV 2021)",)]),
    acts_in=st.sampled_from([None, "US", "GB", "AU", "DE"]),
    role=st.sampled_from([None, "telecom_operator", "prime_contractor"]),
)
def test_no_contract_counts_surely_under_a_law_that_it_is_not_known_to_be_under(
    decider: Decider, kind: str, law: str, agency: str, clauses: tuple[str, ...], acts_in: str | None, role: str | None
) -> None:  # fmt: skip
    stated = {"party.jurisdiction": acts_in, "party.role": role}
    facts = {**_SURE, **{name: value for name, value in stated.items() if value}}
    buyer = "Federal Government" if clauses else ""
    contract = Contract(
        "C1", "", "1", kind, Customer(agency, agency, law), Price(Decimal(100)), clauses, None, (("renewal", date(2028, 6, 1)),),
        buyer=buyer,
    )  # fmt: skip
    thing = Thing(Asset("A1", "", unit_cost=Price(Decimal(9))), facts)
    made = Exposing(
        piles_of([thing]),
        [contract],
        Judge(decider.decide, (), decider.law),
        Prices("USD", (), (), _DAY),
        _DAY,
    )
    made.run()
    holds = [hold for line in made.lines if line.kind in INCOME for hold in line.rules]
    for hold in holds:
        regime = decider.law.regimes[hold.regime]
        # what is told of another law never stands surely, and what is told of one that is not the regime's never stands at all
        assert not hold.sure or law in ("", regime.jurisdiction)
        assert not law or regime.jurisdiction in (law, "EU") or clauses or agency in _ALSO_OF_THE_US
        if hold.sure and not law:
            assert regime.jurisdiction == "US" and (clauses or (agency and acts_in == "US"))
        if hold.sure and regime.buyers:
            assert clauses or agency in _ALSO_OF_THE_US
    # what nobody tells is no permission
    if not law and not agency and not clauses and kind == "contract":
        assert "us-889-b" in {hold.regime for hold in holds}
        assert all("contract.law" in hold.missing for hold in holds)
    if clauses and not law and kind == "contract":
        assert any(hold.sure and hold.regime == "us-889-b" for hold in holds)


@pytest.mark.parametrize(
    ("cells", "sure"),
    [
        ({"Agency": "GSA"}, True),
        ({"Agency": "GSA", "Country": "US"}, True),
        ({"Agency": "Ministry of Roads", "Country": "United Kingdom"}, None),
        ({"Agency": "Department for Transport", "Country": "GB"}, None),
        ({"Agency": "GSA", "Country": "Deutschland"}, False),
        ({"Agency": "Ministry of Roads", "Country": "France", "Clauses": "52.204-25 (NOV 2021)"}, False),
        ({"Agency": "City of Northgate"}, False),
        ({"Agency": "City of Northgate", "Country": "USA"}, None),
        ({"Agency": ""}, False),
        ({"Agency": "Bureau of Lamps", "Kind": "Definitive contract"}, True),
        ({"Agency": "Bureau of Lamps", "Kind": "Framework agreement"}, False),
        ({"Agency": "Bureau of Lamps", "Country": "Nowhere"}, False),
    ],
)
def test_a_rule_stops_contracts_of_its_own_buyers(
    tmp_path: Path, scan: ScanOf, cells: dict[str, str], sure: bool | None
) -> None:
    made = row(scan, tmp_path / "a", **cells)
    assert [one.sure for one in made.lines if one.kind == "contract"] == ([] if sure is None else [sure])
    if sure is None:
        assert any("cannot stop these" in note and "GS-1" in note for note in made.notes)
    if sure is False:
        assert {one.fact for one in made.narrowing} & {"contract.law", "contract.agency"}
    assert any(one.code == "E541" for one in made.issues) is (cells.get("Country") == "Nowhere")


def test_who_acts_elsewhere_is_asked_whose_contract_it_is_though_an_agency_is_so_called(
    tmp_path: Path, scan: ScanOf
) -> None:
    facts = FACTS.replace("party.jurisdiction: US", "party.jurisdiction: GB").replace(
        "regimes: [us-889-b]\n", ""
    )
    made = row(scan, tmp_path / "a", facts, Agency="Department for Education")
    (line,) = [one for one in made.lines if one.kind == "contract"]
    assert not line.sure and line.possibly and "contract.law" in line.rules[0].missing
    (line,) = [
        one
        for one in row(scan, tmp_path / "b", facts, Agency="GSA", Country="US").lines
        if one.kind == "contract"
    ]
    assert line.sure


def test_a_plan_lets_no_contract_of_another_nation_go(tmp_path: Path, scan: ScanOf) -> None:
    pytest.importorskip("highspy")
    folder = folder_of(
        tmp_path / "a", scan[0], assets=[{"Finding": scan[1]["E1"], **CAMERA}],
        contracts=[CONTRACT, {**CONTRACT, "Contract": "IT-1", "Agency": "Comune", "Country": "IT", "Clauses": ""}],
    )  # fmt: skip
    made = phase_out(work_out(proscribe.find_sources(folder)), "2027-01", 40)
    nothing = next(one for one in made.alternatives if one.name == "do nothing")
    assert nothing.let_go == Decimal("1000000.00")


def test_a_county_is_no_country(tmp_path: Path, scan: ScanOf) -> None:
    made = row(scan, tmp_path / "a", County="Fairfax", Agency="GSA")
    assert not made.issues and [one.sure for one in made.lines if one.kind == "contract"] == [True]


def test_sheets_that_the_program_wrote_are_not_said_to_be_unread(tmp_path: Path, scan: ScanOf) -> None:
    folder = folder_of(tmp_path / "a", scan[0], contracts=[CONTRACT])
    (folder / "left-out.csv").write_text("Finding,Found\nf_1,x\n", encoding="utf-8")
    (folder / "remarks.csv").write_text("Finding,Found\nf_1,x\n", encoding="utf-8")
    said = [note for note in asked(folder).notes if "was not read" in note]
    assert len(said) == 1 and "remarks.csv" in said[0]
