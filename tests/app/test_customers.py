"""The customers that a case knows, as papers are addressed to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.app.background.customers import addressee_of, addressees_of, customers_of
from proscribe.app.case.cases import Cases, open_cases
from proscribe.model.config import Config
from proscribe.model.customers import KnownCustomer, award_of
from proscribe.model.errors import CaseError
from proscribe.model.organisations import ContractRef

HARBOUR = KnownCustomer(
    "Harbour Ltd", "Navy", "US", "prime_contractor", "H7K2M4N6P8R1", awards=("SUB-7", "SUB-8")
)
TOWN = KnownCustomer("Kreisstadt", nation="DE")


@pytest.fixture
def cases(tmp_path: Path) -> Iterator[Cases]:
    with open_cases(tmp_path / "cases.db", create=True) as made:
        made.configured = Config(
            contracts=(ContractRef("W-11", agency="GSA"), ContractRef(award="NSF-2", agency="gsa")),
            customers=(HARBOUR, TOWN),
        )
        made.open_by_hand(
            date(2026, 11, 25), {}, by="A. Osei", decide=False, title="A case", zone="UTC", contract="W-12"
        )
        yield made


def test_what_is_stated_and_what_contracts_name_is_known_once(cases: Cases) -> None:
    known = customers_of(cases, cases.case("C-0001"))
    assert addressees_of(known) == (
        "GSA, for award W-11",
        "GSA, for award NSF-2",
        "Harbour Ltd for Navy, United States (UEI H7K2M4N6P8R1), for award SUB-7",
        "Harbour Ltd for Navy, United States (UEI H7K2M4N6P8R1), for award SUB-8",
        "Kreisstadt, Germany",
    )


@pytest.mark.parametrize(
    ("asked", "award"),
    [("sub-8", "SUB-8"), ("NSF-2", "NSF-2"), ("kreisstadt", ""), ("GSA, for award W-11", "W-11")],
)
def test_a_customer_is_named_by_what_tells_it_from_others(cases: Cases, asked: str, award: str) -> None:
    known = customers_of(cases, cases.case("C-0001"))
    assert award_of(addressee_of(known, asked)) == award


@pytest.mark.parametrize("asked", ["Harbour Ltd", "H7K2M4N6P8R1", "nobody", ""])
def test_a_customer_that_is_none_or_several_is_refused_with_those_there_are(cases: Cases, asked: str) -> None:
    with pytest.raises(CaseError) as refused:
        addressee_of(customers_of(cases, cases.case("C-0001")), asked)
    assert refused.value.code == "E458" and "SUB-7" in refused.value.expected


@given(st.text(max_size=20), st.from_regex(r"[A-Z]{1,4}-[0-9]{1,6}", fullmatch=True))
def test_the_award_of_an_addressee_is_read_back(name: str, award: str) -> None:
    (words,) = KnownCustomer(name, awards=(award,)).addressees
    assert award_of(words) == award
