"""The vocabulary: the names of the decision vocabulary, the values, and what is refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.kb.snapshot import Snapshot
from proscribe.model.decisions import Outcome
from proscribe.model.periods import Period
from proscribe.rules.facts import (
    FACTS,
    ITEM_KINDS,
    READINGS,
    WrongValue,
    clause_of,
    contradictions,
    nearest,
    scope_words,
    typed,
    value_words,
)
from proscribe.rules.regimes import OBLIGATION_KINDS, STANCES, UNITS

#: The names as the decision vocabulary lists them.
NAMES = [
    "party.jurisdiction",
    "party.role",
    "party.agency",
    "party.is_directed_provider",
    "party.holds_individual_agreement",
    "party.is_under_individual_order",
    "act.kind",
    "act.passes_on",
    "act.uses_federal_subsidy",
    "item.producer",
    "item.brand",
    "item.produced_on",
    "item.kind",
    "item.origin",
    "item.purpose",
    "item.role_in_system",
    "item.routes_or_redirects_user_traffic",
    "item.permits_visibility_into_user_traffic",
    "item.connection",
    "item.service_uses_producer",
    "item.service_is_maintenance",
    "item.contains_producer",
    "item.is_critical_component",
    "item.producer_on_fasc_list",
    "item.model_year",
    "item.authorized_on",
    "item.risk_class",
    "use.by",
    "use.supports_federal_contract",
    "use.state",
    "contract.agency",
    "contract.solicitation_issued_on",
    "contract.awarded_on",
    "contract.clauses",
    "contract.is_micro_purchase",
    "contract.is_idiq",
    "contract.is_covered_mission",
    "contract.orders_affected",
    "contract.counterparty",
    "contract.is_intelligence_or_sci",
    "sam.provides",
    "sam.uses",
    "funds.federal_award",
    "funds.kind",
    "network.generation",
    "network.segment",
    "network.is_public",
    "site.is_sensitive",
    "approval.granted",
    "buyer.is_government",
    "buyer.jurisdiction",
    "waiver.grantor",
    "waiver.part",
    "waiver.requester",
    "waiver.agency",
    "waiver.granted_on",
    "waiver.valid_to",
    "waiver.has_justification",
    "waiver.has_laydown",
    "waiver.has_phase_out_plan",
    "waiver.odni_consulted",
    "waiver.has_scrm_official",
    "waiver.fasc_participation",
    "waiver.emergency",
    "waiver.has_impracticability_determination",
    "waiver.odni_fasc_notice_on",
    "waiver.covers_item",
    "event.identified_at",
    "event.reported_at",
    "event.new_information_at",
    "event.source",
    "event.during_performance",
    "party.subdivision",
    "party.body_kind",
    "item.provides_advanced_communications",
    "item.contains_part",
    "item.supplied_by",
    "item.is_at_end_user",
    "item.category_notified",
    "use.place",
    "use.since",
    "use.is_listed_and_disconnected",
    "contract.counterparty_supplies",
    "contract.counterparty_owner_country",
    "contract.value",
    "network.link",
    "network.vendor_share_percent",
    "network.is_of_national_interest",
    "party.status",
    "party.lobbyist_clients",
    "order.period_ends_on",
    "inquiry.completed_on",
    "inquiry.covers",
]
VALUES = {
    "party.role": "government_buyer offeror prime_contractor subcontractor grant_recipient subrecipient telecom_operator public_body private_company equipment_maker",
    "act.kind": "procure provide_to_government award_contract extend_contract exercise_option place_order continue_contract use represent spend_award_funds install_new keep_in_operation maintain import market authorize_equipment resell_privately waive",
    "item.kind": "telecommunications_equipment video_surveillance_equipment telecommunications_service video_surveillance_service semiconductor software uas router_consumer power_inverter robot battery vehicle_software vehicle_connectivity_hardware passive_accessory storage other",
    "item.purpose": "public_safety government_facility_security critical_infrastructure_surveillance other_national_security none",
    "item.role_in_system": "substantial_or_essential_component critical_technology neither",
    "item.connection": "backhaul roaming interconnection none",
    "item.risk_class": "low_risk other",
    "use.by": "the_entity parent affiliate subcontractor employee_personal landlord third_party government",
    "use.state": "in_service stored_disconnected disposed",
    "funds.kind": "direct indirect cost_share own",
    "network.generation": "6g 5g 4g fixed_fibre fixed_other",
    "network.segment": "core ran access_management transport dwdm coax any",
    "waiver.grantor": "agency_head dni secretary_of_defense",
    "waiver.part": "a b",
    "waiver.requester": "government_entity contractor",
    "event.source": "own subcontractor other",
    "party.body_kind": "national_body state_agency local_government public_school public_university private_school_state_funded court_or_legislature none",
    "item.contains_part": "modular_transmitter logic_bearing passive_or_mechanical",
    "use.place": "our_site their_site",
    "network.link": "intra_core inter_operator backhaul access",
    "party.status": "operator_of_vital_importance critical_facility_operator strategic_service_provider key_or_important_entity significant_commercial_provider band_licensee critical_telecommunications_asset_entity security_act_undertaking eligible_telecommunications_carrier none",
}
READING_NAMES = {
    "reading.telecommunications_equipment", "reading.use", "reading.own_use_of_connected_service", "reading.one_limb",
    "reading.disclosure_clock_start", "reading.contract_with_user", "reading.producer_ownership", "reading.network_scope",
    "reading.entity", "reading.purpose", "reading.statute_not_read", "reading.order_publication", "reading.provided",
}  # fmt: skip


def test_the_facts_are_those_of_the_decision_vocabulary() -> None:
    assert set(FACTS) == set(NAMES)
    assert {name: tuple(text.split()) for name, text in VALUES.items()} == {
        name: spec.values for name, spec in FACTS.items() if spec.values
    }
    assert set(READINGS) == READING_NAMES


def test_the_vocabulary_files_repeat_the_code() -> None:
    snapshot = Snapshot.open()
    written = {item["fact"]: item for item in snapshot.document("vocab/facts")["facts"]}
    assert list(written) == list(FACTS)
    for name, spec in FACTS.items():
        item = written[name]
        assert (item["type"], tuple(item.get("values", ())), item.get("unit", "")) == (
            spec.type,
            spec.values,
            spec.unit,
        )
        assert (item["meaning"], item["question"], item.get("help", ""), item["who"]) == (
            spec.meaning,
            spec.question,
            spec.help,
            spec.who,
        )
        assert [(frozenset(one["kinds"]), one["question"]) for one in item.get("for_kinds", ())] == list(
            spec.for_kinds
        )
        assert item.get("for_any", "") == spec.for_any
        assert {one: frozenset(nations) for one, nations in item.get("of_nations", {}).items()} == dict(
            spec.of_nations
        )
        assert dict(spec.of_nations).keys() <= {*spec.values}
        assert all(kinds <= set(ITEM_KINDS) for kinds, _ in spec.for_kinds)
    assert [item["outcome"] for item in snapshot.document("vocab/outcomes")["outcomes"]] == [
        item.value for item in Outcome
    ]
    assert tuple(snapshot.document("vocab/stances")["stances"]) == STANCES
    assert tuple(snapshot.document("vocab/obligations")["kinds"]) == OBLIGATION_KINDS
    assert tuple(snapshot.document("vocab/obligations")["units"]) == UNITS
    assert {
        item["reading"]: item["question"] for item in snapshot.document("vocab/readings")["readings"]
    } == READINGS


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("item.produced_on", "2020", Period(date(2020, 1, 1), date(2021, 1, 1))),
        ("item.produced_on", "2020-06-01", date(2020, 6, 1)),
        (
            "event.identified_at",
            "2026-03-02T09:30:00-05:00",
            datetime.fromisoformat("2026-03-02T09:30:00-05:00"),
        ),
        ("event.identified_at", "2026-03-02", date(2026, 3, 2)),
        ("item.model_year", "2027", 2027),
        ("item.model_year", 2027, 2027),
        ("item.purpose", ["none"], ("none",)),
        ("item.contains_producer", [], ()),
        ("contract.clauses", ["52.204-25 (AUG 2020)"], ("52.204-25 (AUG 2020)",)),
        ("party.jurisdiction", "NO", "NO"),
        ("sam.uses", False, False),
    ],
)
def test_values_are_read(name: str, raw: Any, value: Any) -> None:
    assert typed(name, raw) == value


@pytest.mark.parametrize(
    ("name", "raw", "near"),
    [
        ("item.kind", "telecom_equipment", "telecommunications_equipment"),
        ("item.kind", "Router Consumer", "router_consumer"),
        ("party.role", "Prime-Contractor", "prime_contractor"),
        ("party.jurisdiction", "us", "US"),
        ("party.jurisdiction", "UK", "GB"),
        ("party.jurisdiction", "JA", "JP"),
        ("party.jurisdiction", "QQ", ""),
        ("party.jurisdiction", "USA", "US"),
        ("sam.uses", "yes", "true"),
        ("item.purpose", [], ""),
        ("item.purpose", ["none", "public_safety"], ""),
        ("item.purpose", ["public safety"], "public_safety"),
        ("contract.awarded_on", "2020-02-30", ""),
        ("contract.awarded_on", "01/02/2020", ""),
        ("event.identified_at", "2026-03-02T09:30:00", ""),  # no offset
        ("contract.clauses", ["the usual"], ""),
        ("item.model_year", "20x7", ""),
        ("item.producer", "", ""),
        ("item.producer", ["huawei"], ""),
        ("item.brand", "x" * 500, ""),
    ],
)
def test_wrong_values_are_refused_with_the_nearest(name: str, raw: Any, near: str) -> None:
    with pytest.raises(WrongValue) as caught:
        typed(name, raw)
    assert caught.value.near == near
    assert caught.value.expected


def test_nearest_fact_names() -> None:
    assert nearest("item.produser", FACTS) == "item.producer"
    assert nearest("producer", FACTS) == "item.producer"
    assert nearest("zzzzzzzz", FACTS) == ""


def test_contradictions_are_found() -> None:
    facts = {"contract.solicitation_issued_on": date(2021, 1, 2), "contract.awarded_on": date(2021, 1, 1)}
    assert [name for name, _ in contradictions(facts)] == ["contract.awarded_on"]
    same_day = {
        "event.identified_at": date(2021, 1, 1),
        "event.reported_at": datetime.fromisoformat("2021-01-01T00:00:00+00:00"),
    }
    assert contradictions(same_day) == []


@given(
    st.sampled_from(sorted(FACTS)),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=30),
        lambda inner: st.lists(inner, max_size=4),
        max_leaves=6,
    ),
)
def test_any_value_is_read_or_refused(name: str, raw: Any) -> None:
    try:
        value = typed(name, raw)
    except WrongValue:
        return
    assert value in {value}  # a typed value can be part of a key


def test_names_of_clauses_are_read_in_any_letters() -> None:
    assert (
        clause_of("far 52.204-25 nov 2021")
        == clause_of("FAR 52.204-25 NOVEMBER 2021")
        == clause_of("FAR 52.204-25 (NOV 2021)")
        == ("52.204-25", "NOV 2021")
    )


def test_names_of_clauses_are_read_with_the_collection_that_prints_them() -> None:
    for text in (
        "48 CFR 252.204-7018 (JAN 2023)",
        "DFARS 252.204-7018 [Jan. 2023]",
        "48 C.F.R. § 252.204\u20117018, JAN-2023",
    ):
        assert clause_of(text.replace(", ", " ")) == ("252.204-7018", "JAN 2023"), text
    for text in (
        "clause 52.204-25",
        "47 CFR 52.204-25",
        "FAR 52.204",
        "FAR FAR",
        "§",
        "FARM 52.204-25",
        "the usual ones",
    ):
        with pytest.raises(ValueError, match="is not a clause"):
            clause_of(text)


def test_a_word_of_one_entry_of_a_list_names_it() -> None:
    assert nearest("Router", FACTS["item.kind"].values) == "router_consumer"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[public_safety, government_facility_security]", "public safety, government facility security"),
        ("[]", "none"),
        ("true", "yes"),
        ("the_entity", "you yourself"),
        ("2026-11-27", "2026-11-27"),
        ("north_gate", "north_gate"),
    ],
    ids=["list", "empty", "bool", "user", "day", "own-name"],
)
def test_values_are_said_as_people_say_them(written: str, said: str) -> None:
    assert value_words(written) == said


@pytest.mark.parametrize(
    ("applies_to", "said"),
    [
        ("company", "the whole company"),
        ("site:North: gate", "North: gate"),
        (
            "things:hikvision/video_surveillance_equipment@Gate",
            "video surveillance equipment of hikvision, Gate",
        ),
        ("finding:f_06abe4ed2b0b8f6fa5a3", "one thing"),
    ],
    ids=["company", "site", "things", "finding"],
)
def test_what_an_answer_is_about_is_said_without_ids(applies_to: str, said: str) -> None:
    assert scope_words(applies_to) == said


def test_nothing_was_in_a_network_before_it_was_made() -> None:
    def held(made: str, since: str) -> list[str]:
        facts = {"item.produced_on": typed("item.produced_on", made), "use.since": typed("use.since", since)}
        return [name for name, _ in contradictions(facts)]

    assert held("2022", "2019") == held("2022-03-01", "2022-02-28") == ["use.since"]
    assert held("2022", "2022") == held("2019", "2022") == held("2022-03-01", "2022") == []
