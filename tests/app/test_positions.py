"""One entity in several positions: each award and each country answers for itself, and none hides what another forbids."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proscribe.app.rules.decide import Decider, open_decider
from proscribe.app.rules.facts_file import Stated, answers_of, company_of, facts_of, read_stated, stated_again
from proscribe.app.rules.questions import questionnaire
from proscribe.app.rules.scan_decide import decide_findings
from proscribe.model.config import read_config
from proscribe.model.decisions import Outcome
from proscribe.model.errors import CaseError
from proscribe.model.results import Decided, FindingDecision, Scan
from proscribe.model.scan_reading import read_scan
from proscribe.model.scan_writing import scan_text
from proscribe.reports.scan.determinations import Saying
from proscribe.rules.answer_words import in_all

from .conftest import scan, write_csv

#: What a company says of itself in the matter of a contract.
CONTRACTOR = """as_of: 2026-11-30
facts:
  party.jurisdiction: US
  party.role: prime_contractor
  act.kind: use
  use.by: the_entity
"""
GRANT = "awards:\n  DE-SC0021234: {party.role: grant_recipient, funds.federal_award: true}\n"
HEADER = ["asset_tag", "manufacturer", "model", "site", "fund"]
ROWS = [
    ["U-001", "Huawei", "AR161", "Main Campus", "Operating"],
    ["U-002", "ZTE", "MF286", "Dormitory", "DE-SC0021234"],
]


@pytest.fixture(scope="module")
def decider() -> Decider:
    return open_decider()


@pytest.fixture(scope="module")
def university(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    place = tmp_path_factory.mktemp("university") / "inventory.csv"
    return scan(write_csv(place, ROWS, HEADER)).scan


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    place = tmp_path_factory.mktemp("abroad") / "inventory.csv"
    header = ["asset_tag", "manufacturer", "model", "site", "country"]
    rows = [
        ["A-1", "Huawei", "AR161", "HQ", "United States"],
        ["A-2", "Huawei", "AR161", "Milano", "Italy"],
        ["A-3", "ZTE", "MF286", "Tallinn", "EE"],
        ["A-4", "Huawei", "AR161", "Lagos", "Nigeria"],
    ]
    return scan(write_csv(place, rows, header)).scan


def told(decider: Decider, text: str) -> Stated:
    return facts_of(text, "facts.yml", decider.law, decider.firms)


def decide(decider: Decider, read: Scan, text: str) -> Scan:
    return decide_findings(read, decider, told(decider, text))


def decided(made: Scan) -> Decided:
    assert made.decided is not None
    return made.decided


def of(made: Scan, record: str) -> FindingDecision:
    (found,) = (one.id for one in made.findings if one.record_id == record)
    return decided(made).by_finding[found]


def outcome(decision: FindingDecision, regime: str) -> Outcome:
    return next(one.outcome for one in decision.determinations if one.regime == regime)


def in_position(decision: FindingDecision, position: str) -> FindingDecision:
    return next(one.decision for one in decision.positions if one.position == position)


# Awards


def test_not_covered_as_a_contractor_hides_nothing_of_what_a_grant_paid(
    decider: Decider, university: Scan
) -> None:
    alone = of(decide(decider, university, CONTRACTOR), "U-002")
    assert outcome(alone, "us-889-grants") is Outcome.NOT_COVERED
    assert not alone.positions
    both = of(decide(decider, university, CONTRACTOR + GRANT), "U-002")
    assert outcome(both, "us-889-grants") is Outcome.PROHIBITED
    assert outcome(both, "us-889-b") is Outcome.PROHIBITED
    paid = in_position(both, "award:DE-SC0021234")
    assert ("party.role", "grant_recipient") in paid.facts
    assert ("funds.federal_award", "true") in paid.facts


def test_which_money_paid_is_asked_where_the_record_does_not_name_the_award(
    decider: Decider, university: Scan
) -> None:
    made = decide(decider, university, CONTRACTOR + GRANT)
    own = in_position(of(made, "U-001"), "award:DE-SC0021234")
    (said,) = (one for one in own.determinations if one.regime == "us-889-grants")
    assert said.outcome is Outcome.UNDETERMINED
    assert "funds.federal_award" in said.missing


def test_each_award_counts_for_itself_in_the_answer(decider: Decider, university: Scan) -> None:
    words = in_all(Saying(decide(decider, university, CONTRACTOR + GRANT)).answer)
    assert "of the company as stated: 2 prohibited" in words
    assert "of award DE-SC0021234: 1 prohibited, 1 cannot be said yet" in words


def test_a_contract_that_was_stated_of_the_company_is_not_said_of_an_award(
    decider: Decider, university: Scan
) -> None:
    old = "  contract.awarded_on: 2019-01-01\n  contract.clauses: [52.204-25 (AUG 2019)]\n"
    made = decide(decider, university, f"{CONTRACTOR}{old}awards:\n  N-1: {{contract.agency: NASA}}\n")
    one = of(made, "U-001")
    assert outcome(in_position(one, "company"), "us-889-b") is Outcome.NOT_COVERED
    assert outcome(in_position(one, "award:N-1"), "us-889-b") is Outcome.PROHIBITED
    assert outcome(one, "us-889-b") is Outcome.PROHIBITED


def test_a_contractor_with_named_contracts_is_asked_of_these_and_told_so(
    decider: Decider, university: Scan
) -> None:
    made = decide(decider, university, f"{CONTRACTOR}awards:\n  N-1: {{contract.agency: NASA}}\n")
    assert [part.position for part in of(made, "U-001").positions] == ["award:N-1"]
    assert any("of another contract nothing is said" in note for note in decided(made).notes)


def test_a_subcontractor_is_asked_what_it_is_in_regard_of_each_contract(
    decider: Decider, university: Scan
) -> None:
    text = (
        CONTRACTOR.replace("prime_contractor", "subcontractor") + "awards:\n  N-1: {contract.agency: NASA}\n"
    )
    made = decide(decider, university, text)
    one = of(made, "U-001")
    assert outcome(in_position(one, "company"), "us-889-b") is Outcome.NOT_COVERED
    assert outcome(one, "us-889-b") is Outcome.UNDETERMINED
    asked = {(item.fact, item.applies_to, item.about) for item in questionnaire(made, decider).questions}
    assert ("party.role", "award:N-1", "award N-1") in asked


def test_what_is_answered_of_an_award_settles_it_alone(decider: Decider, university: Scan) -> None:
    answered = answers_of(
        [("party.role", "award:N-1", "prime contractor"), ("contract.agency", "award:N-1", "NASA")],
        "the answers", decider.law, decider.firms, decider.purposes,
    )  # fmt: skip
    text = CONTRACTOR.replace("prime_contractor", "subcontractor")
    joined = read_stated([], decider.law, decider.firms, beside=[told(decider, text), answered])
    one = of(decide_findings(university, decider, joined), "U-001")
    assert outcome(one, "us-889-b") is Outcome.PROHIBITED


def test_a_waiver_of_one_contract_lifts_no_other(decider: Decider, university: Scan) -> None:
    waived = "{contract.agency: VA, waiver.agency: VA, waiver.grantor: dni, waiver.part: b, waiver.granted_on: 2026-01-01, waiver.valid_to: 2027-01-01, waiver.covers_item: true}"
    made = decide(
        decider, university, f"{CONTRACTOR}awards:\n  A-1: {waived}\n  A-2: {{contract.agency: NASA}}\n"
    )
    one = of(made, "U-001")
    assert outcome(in_position(one, "award:A-1"), "us-889-b") is Outcome.WAIVED
    assert outcome(in_position(one, "award:A-2"), "us-889-b") is Outcome.PROHIBITED
    assert outcome(one, "us-889-b") is Outcome.PROHIBITED


def test_an_award_under_the_law_of_another_country_brings_that_law_in(
    decider: Decider, university: Scan
) -> None:
    text = """as_of: 2026-11-30
facts: {party.jurisdiction: DE, party.role: private_company, act.kind: use, use.by: the_entity}
awards:
  W912-26-C-1: {party.jurisdiction: US, party.role: prime_contractor, contract.agency: DoD}
"""
    one = of(decide(decider, university, text), "U-001")
    assert {item.position for item in one.positions} == {"company", "award:W912-26-C-1"}
    assert outcome(one, "us-889-b") is Outcome.PROHIBITED
    assert any(item.regime.startswith("de-") for item in one.determinations)


def test_a_carrier_with_a_contract_and_a_grant_is_asked_in_all_three_positions(
    decider: Decider, university: Scan
) -> None:
    text = """as_of: 2026-11-30
facts: {party.jurisdiction: US, party.role: telecom_operator, act.kind: maintain, use.by: the_entity}
awards:
  GS-35F-1: {party.role: prime_contractor, contract.agency: GSA}
  RUS-1: {party.role: grant_recipient, funds.federal_award: true}
"""
    made = decide(decider, university, text)
    one = of(made, "U-001")
    assert [item.position for item in one.positions] == ["company", "award:GS-35F-1", "award:RUS-1"]
    assert outcome(in_position(one, "award:GS-35F-1"), "us-889-b") is Outcome.PROHIBITED
    assert outcome(in_position(one, "company"), "us-fcc-usf-54.9") is not Outcome.NOT_COVERED


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("awards:\n  A-1: {item.kind: storage}\n", "E406"),
        ("awards:\n  A-1: {party.role: boss}\n", "E402"),
        ("awards:\n  A-1: {party.rule: offeror}\n", "E401"),
        ("awards:\n  A-1: {party.role: offeror}\n  a-1: {party.role: offeror}\n", "E408"),
        ("countries:\n  Atlantis: {party.role: offeror}\n", "E406"),
        ("countries:\n  IT: {party.jurisdiction: US}\n", "E406"),
        ("awards:\n  '': {party.role: offeror}\n", "E406"),
    ],
)
def test_what_is_none_of_a_position_is_refused_with_its_place(decider: Decider, text: str, code: str) -> None:
    with pytest.raises(CaseError) as refused:
        told(decider, CONTRACTOR + text)
    assert refused.value.code.startswith(code)
    assert "facts.yml:" in refused.value.at


def test_contracts_of_the_configuration_are_awards(decider: Decider) -> None:
    text = """[[contracts]]
award = "DE-SC0021234"
agency = "DoE"
[[contracts]]
number = "80NSSC22C0001"
agency = "NASA"
clauses = ["52.204-25 (NOV 2021)"]
[awards."80NSSC22C0001"]
party.role = "subcontractor"
[site_countries]
Milano = "Italy"
"""
    config = read_config(text.encode(), "proscribe.toml")
    found = {
        (str(one.scope), one.fact): one.value
        for one in company_of(config, "proscribe.toml", firms=decider.firms)
    }
    assert found["award:DE-SC0021234", "party.role"] == "grant_recipient"
    assert found["award:80NSSC22C0001", "party.role"] == "subcontractor"
    assert found["award:80NSSC22C0001", "contract.agency"] == "NASA"
    assert found["site:Milano", "party.jurisdiction"] == "IT"
    assert not any(scope == "company" for scope, _ in found)


def test_a_scan_keeps_its_positions_and_asks_of_them_after_it_was_read(
    decider: Decider, university: Scan
) -> None:
    text = (
        CONTRACTOR.replace("prime_contractor", "subcontractor") + "awards:\n  N-1: {contract.agency: NASA}\n"
    )
    made = decide(decider, university, text)
    again = read_scan(scan_text(made).encode(), "scan.json").scan
    kept = [(one.position, one.decision.outcome) for one in of(again, "U-001").positions]
    assert kept == [(one.position, one.decision.outcome) for one in of(made, "U-001").positions]
    assert scan_text(again) == scan_text(made)
    first, second = questionnaire(made, decider), questionnaire(again, decider)
    assert [(one.fact, one.applies_to) for one in first.questions] == [
        (one.fact, one.applies_to) for one in second.questions
    ]
    assert stated_again(decided(again), decider.law, decider.firms).statements


_AWARDS = st.fixed_dictionaries(
    {},
    optional={
        "party.role": st.sampled_from(
            ["offeror", "prime_contractor", "subcontractor", "grant_recipient", "telecom_operator"]
        ),
        "act.kind": st.sampled_from(
            ["use", "procure", "exercise_option", "spend_award_funds", "continue_contract"]
        ),
        "contract.agency": st.sampled_from(["NASA", "DoD"]),
        "funds.federal_award": st.booleans(),
        "party.jurisdiction": st.sampled_from(["US", "DE"]),
    },
)


@settings(max_examples=40, deadline=None)
@given(first=_AWARDS, second=_AWARDS)
def test_no_award_makes_milder_what_is_said_in_regard_of_another(
    decider: Decider, university: Scan, first: dict[str, object], second: dict[str, object]
) -> None:
    first, second = {"contract.agency": "GSA", **first}, {"contract.agency": "GSA", **second}
    one = decide(decider, university, f"{CONTRACTOR}awards: {{A-1: {_written(first)}}}\n")
    both = decide(
        decider, university, f"{CONTRACTOR}awards: {{A-1: {_written(first)}, A-2: {_written(second)}}}\n"
    )
    for name, decision in decided(one).by_finding.items():
        after = {part.position: part.decision for part in decided(both).by_finding[name].positions}
        before = {part.position: part.decision for part in decision.positions}
        # contracts that are named stand for the contractor that the company is stated to be
        gone = before.keys() - after.keys()
        assert gone <= {"company"}
        assert all(
            after[position].facts == part.facts for position, part in before.items() if position in after
        )
        for item in () if gone else decision.determinations:
            assert outcome(decided(both).by_finding[name], item.regime).rank <= item.outcome.rank


def _written(facts: dict[str, object]) -> str:
    said = (
        f"{name}: {str(value).lower() if isinstance(value, bool) else value}" for name, value in facts.items()
    )
    return "{" + ", ".join(said) + "}"


# Countries


def test_what_stands_in_another_country_is_asked_under_its_law_beside(decider: Decider, abroad: Scan) -> None:
    made = decide(decider, abroad, CONTRACTOR)
    milano = of(made, "A-2")
    assert outcome(milano, "us-889-b") is Outcome.PROHIBITED
    assert outcome(milano, "it-art1bis") is Outcome.UNDETERMINED
    assert all(
        decider.law.regimes[one.regime].jurisdiction in ("IT", "EU")
        for one in in_position(milano, "country:IT").determinations
    )
    assert [one.position for one in of(made, "A-1").positions] == ["company"]
    asked = {(one.fact, one.applies_to) for one in questionnaire(made, decider).questions}
    assert ("party.role", "country:IT") in asked
    assert ("party.role", "country:EE") in asked
    assert any("Nigeria" in note and "no rule is held" in note for note in decided(made).notes)


def test_what_the_company_is_there_settles_it_and_is_not_taken_from_home(
    decider: Decider, abroad: Scan
) -> None:
    text = f"{CONTRACTOR}countries: {{IT: {{party.role: private_company}}, Estonia: {{party.role: telecom_operator}}}}\n"
    made = decide(decider, abroad, text)
    assert in_position(of(made, "A-2"), "country:IT").outcome is Outcome.NOT_COVERED
    assert in_position(of(made, "A-3"), "country:EE").outcome.rank < Outcome.NOT_COVERED.rank
    asked = {(one.fact, one.applies_to) for one in questionnaire(made, decider).questions}
    assert not {one for one in asked if one[0] == "party.role"}


@pytest.mark.parametrize("column", ["Site ID", "Cell-ID", "Standortnummer"])
def test_a_country_beside_the_number_of_a_site_is_where_the_thing_stands(
    tmp_path: Path, decider: Decider, column: str
) -> None:
    rows = [["NL-0001", "Huawei", "BBU5900", "NL"], ["IT-0010", "ZTE", "ZXSDR B8200", "IT"]]
    own = "facts: {party.jurisdiction: NL, party.role: telecom_operator, act.kind: keep_in_operation}"
    stated = facts_of(own, "facts.yml", decider.law, decider.firms)
    read = scan(write_csv(tmp_path / "ran.csv", rows, [column, "Vendor", "Equipment", "Country"])).scan
    made = decide_findings(read, decider, stated)
    places = [[part.position for part in decided(made).by_finding[one.id].positions] for one in made.findings]
    assert sorted(places) == [["company"], ["company", "country:IT"]]
    # of a row that numbers a thing the word may as well say where it was made
    read = scan(write_csv(tmp_path / "stock.csv", rows, ["Asset ID", "Vendor", "Equipment", "Country"])).scan
    made = decide_findings(read, decider, stated)
    assert not any(one.positions for one in decided(made).by_finding.values())


def test_the_country_of_a_site_is_stated_and_prevails_over_its_column(decider: Decider, abroad: Scan) -> None:
    made = decide(
        decider,
        abroad,
        f"{CONTRACTOR}sites:\n  Milano: {{party.jurisdiction: US}}\n  HQ: {{party.jurisdiction: IT}}\n",
    )
    assert [one.position for one in of(made, "A-2").positions] == ["company"]
    assert [one.position for one in of(made, "A-1").positions] == ["company", "country:IT"]


@pytest.mark.parametrize(
    ("header", "cells", "position"),
    [
        (["site"], ["Milano, Italy"], "country:IT"),
        (["site"], ["Wilmington, DE"], ""),
        (["site"], ["Atlanta, Georgia"], ""),
        (["site"], ["Italy"], ""),
        (["country"], ["Italy"], ""),  # without a site it may be where the thing was made
        (["site country"], ["Italia"], "country:IT"),
        (["site", "country of origin"], ["HQ", "Italy"], ""),
        (["site", "Land"], ["Wien", "AT"], "country:AT"),
        (["site", "country"], ["HQ", "unknown"], ""),
        (["site", "country", "site country"], ["HQ", "IT", "AT"], ""),
    ],
)
def test_a_record_says_where_its_thing_stands(
    decider: Decider, tmp_path: Path, header: list[str], cells: list[str], position: str
) -> None:
    place = write_csv(
        tmp_path / "inventory.csv",
        [["A-1", "Huawei", "AR161", *cells]],
        ["asset_tag", "manufacturer", "model", *header],
    )
    made = decide(decider, scan(place).scan, CONTRACTOR)
    (one,) = decided(made).by_finding.values()
    assert [part.position for part in one.positions if part.position != "company"] == (
        [position] if position else []
    )


def test_what_is_stated_of_the_own_country_or_of_one_without_things_is_told_to_be_idle(
    decider: Decider, abroad: Scan
) -> None:
    text = (
        CONTRACTOR
        + "countries:\n  US: {party.role: telecom_operator}\n  FR: {party.role: telecom_operator}\n"
    )
    made, silent = decide(decider, abroad, text), decide(decider, abroad, CONTRACTOR)
    assert {k: v.outcome for k, v in decided(made).by_finding.items()} == {
        k: v.outcome for k, v in decided(silent).by_finding.items()
    }
    assert any("What is stated of United States is not counted" in note for note in decided(made).notes)
    assert any("What is stated of France changes nothing" in note for note in decided(made).notes)
    assert not any("stated of Italy" in note for note in decided(made).notes)


def test_a_sister_firm_that_runs_a_network_abroad_is_asked_there_and_nowhere_else(
    decider: Decider, abroad: Scan
) -> None:
    there = (
        "countries:\n  IT: {party.role: telecom_operator, use.by: affiliate, act.kind: keep_in_operation}\n"
    )
    made = decide(decider, abroad, CONTRACTOR + there)
    milano = of(made, "A-2")
    assert ("party.role", "telecom_operator") in in_position(milano, "country:IT").facts
    assert outcome(in_position(milano, "country:IT"), "it-art1bis") is Outcome.UNDETERMINED
    assert outcome(milano, "us-889-b") is Outcome.PROHIBITED
    assert [one.position for one in of(made, "A-1").positions] == ["company"]


def test_a_grantee_with_a_contract_is_asked_as_both(decider: Decider, university: Scan) -> None:
    text = """as_of: 2026-11-30
facts: {party.jurisdiction: US, party.role: grant_recipient, act.kind: procure, use.by: the_entity}
awards:
  N-1: {party.role: prime_contractor, contract.agency: NASA}
"""
    one = of(decide(decider, university, text), "U-001")
    assert outcome(in_position(one, "company"), "us-889-grants") is Outcome.UNDETERMINED
    assert outcome(in_position(one, "award:N-1"), "us-889-b") is Outcome.PROHIBITED
    assert one.outcome is Outcome.PROHIBITED


def test_an_award_of_which_only_an_agency_is_known_asks_a_private_firm_what_it_is(
    decider: Decider, university: Scan
) -> None:
    text = """as_of: 2026-11-30
facts: {party.jurisdiction: US, party.role: private_company, act.kind: use, use.by: the_entity}
awards:
  N-1: {contract.agency: NASA}
"""
    made = decide(decider, university, text)
    assert outcome(of(made, "U-001"), "us-889-b") is Outcome.UNDETERMINED
    assert ("party.role", "award:N-1") in {
        (item.fact, item.applies_to) for item in questionnaire(made, decider).questions
    }


def test_what_is_taken_as_so_of_a_network_is_asked_with_what_it_is_taken_for(
    decider: Decider, university: Scan
) -> None:
    text = """as_of: 2026-11-30
facts:
  party.jurisdiction: GB
  party.role: telecom_operator
  party.is_directed_provider: true
  act.kind: keep_in_operation
  network.segment: transport
  network.generation: 4g
"""
    made = decide(decider, university, text)
    (said,) = (one for one in of(made, "U-001").determinations if one.regime == "gb-2022-dvd")
    assert said.outcome is Outcome.PROHIBITED and said.presumed == ("network.link",)
    (asked, *_) = (one for one in questionnaire(made, decider).questions if one.fact == "network.link")
    assert "taken for one of those" in asked.help
    answered = decide(decider, university, text + "  network.link: backhaul\n")
    assert outcome(of(answered, "U-001"), "gb-2022-dvd") is not Outcome.PROHIBITED
