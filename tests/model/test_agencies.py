"""Agencies as people write them: what is known, and that what nobody knows is never taken for another agency."""

from __future__ import annotations

import pytest

from proscribe.model.agencies import Agencies, build, spellings
from proscribe.model.decisions import Truth

TABLE = build(
    [
        ("DoD", "", ["Defense", "Pentagon", "DLA", "Defense Logistics Agency"]),
        ("Navy", "DoD", ["NAVSEA", "Naval Sea Systems Command"]),
        ("Energy", "", ["DOE"]),
        ("Defence", "", ["DoD"]),
        ("NASA", "", spellings({"agency": "NASA", "names": ["Space Agency"], "within": ["JSC", "DLA"]})),
        ("ring", "ring", []),
    ]
)


@pytest.mark.parametrize(
    "written",
    ["DoD", "dod", "D.O.D.", "D O D", "d-o-d", "Department of Defense", "Dept. of Defense", "the Defense Department", "U.S. Navy", "USA Navy",
     "Department of the Navy", "NAVSEA", "Navy / NAVSEA", "DLA (Defense Logistics Agency)", "Navy - Office of Large Affairs",
     "DoD DLA", "Defense Navy NAVSEA", "dod - navsea", "DEFENSE, DEPARTMENT OF", "DEPT OF DEFENSE.DEFENSE LOGISTICS AGENCY.AN OFFICE", "DEPT OF DEFENSE.AN OFFICE"],
)  # fmt: skip
def test_every_spelling_of_a_part_is_the_department(written: str) -> None:
    assert TABLE.is_of(written, ["DoD"]) is Truth.TRUE


@pytest.mark.parametrize(
    "written",
    [
        "Energy",
        "US Department of Energy",
        "DOE, Department of Energy",
        "ENERGY, DEPARTMENT OF",
        "DEPT OF ENERGY.AN OFFICE.ANOTHER ONE",
        "NASA/JSC",
        "Space Agency - JSC",
        "nasa jsc",
        "NASA DLA",  # a short form that means another agency where it stands alone
    ],
)
def test_another_department_is_another(written: str) -> None:
    assert TABLE.is_of(written, ["DoD"]) is Truth.FALSE


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "Office of Large Affairs",
        "Energy, Region 4",
        "Energy / DLA",
        "DEPT OF ENERGY.DEFENSE LOGISTICS AGENCY",
        "AN OFFICE.DEPT OF ENERGY",
        "NAVSEAX",
        "JSC",
        "Energy DLA",
        "Energy Office",
        "NASA/JSC/DLA",
        "\x00",
        "," * 900,
    ],
)
def test_what_nobody_knows_or_names_two_is_not_known(written: str) -> None:
    assert TABLE.is_of(written, ["DoD"]) is Truth.UNKNOWN


def test_a_department_may_mean_its_part_and_a_ring_ends() -> None:
    assert TABLE.is_of("Pentagon", ["Navy"]) is Truth.UNKNOWN
    assert TABLE.is_of("Energy", ["Navy"]) is Truth.FALSE
    assert TABLE.is_of("ring", ["DoD"]) is Truth.FALSE


def test_the_same_agency_is_asked_of_the_executive_agency_itself() -> None:
    assert TABLE.same("DLA", "Department of Defense") is Truth.TRUE
    assert TABLE.same("Navy", "DoD") is Truth.FALSE
    assert TABLE.same("Office of Large Affairs", "office of  large affairs") is Truth.TRUE
    assert TABLE.same("Office of Large Affairs", "DoD") is Truth.UNKNOWN
    for nobody in ("unknown", "N/A", "n.a.", "other", "Dept of X", "", "-", "The Agency"):
        assert TABLE.same(nobody, nobody) is Truth.UNKNOWN, nobody


def test_near_names_are_offered_and_an_empty_table_knows_nobody() -> None:
    assert TABLE.near("Pentagn") == ("Pentagon",)
    assert Agencies().is_of("GSA", ["DoD"]) is Truth.UNKNOWN
    assert Agencies().is_of("dod", ["DoD"]) is Truth.TRUE
