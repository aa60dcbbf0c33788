"""Scan meets law: sure findings are decided on stated facts, weak ones are asked about, nothing is invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scan_samples import COMPANY_FACTS
from unasked import is_unasked

from proscribe.app.kb.firms import Firms
from proscribe.app.rules.decide import Decider, open_decider
from proscribe.app.rules.facts_file import Stated, Statement, facts_of, stated_again
from proscribe.app.rules.finding_facts import FindingFacts
from proscribe.app.rules.own_facts import own_facts
from proscribe.app.rules.questions import questionnaire
from proscribe.app.rules.scan_decide import decide_findings
from proscribe.matching.readings import WHETHER_CAME
from proscribe.model.decisions import Outcome
from proscribe.model.errors import CaseError
from proscribe.model.findings import Band, Details, Evidence, Finding, Ignore, Locator, Role
from proscribe.model.results import FindingDecision, KnowledgeStamp, Scan
from proscribe.reports.scan.determinations import Saying
from proscribe.rules.answer_words import parts

from .conftest import DAY, ROWS, scan, write_csv

HELPFUL = (Outcome.NOT_COVERED, Outcome.EXCEPTED, Outcome.WAIVED)
SITE = "Harrow HQ"
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def opened() -> tuple[Decider, Firms]:
    decider = open_decider()
    return decider, decider.firms


@pytest.fixture(scope="module")
def decider(opened: tuple[Decider, Firms]) -> Decider:
    return opened[0]


def stated(opened: tuple[Decider, Firms], text: str) -> Stated:
    return facts_of(text, "facts.yml", opened[0].law, opened[1])


def finding(**changes: Any) -> Finding:
    """A Hikvision camera of which the scan is sure."""
    plain = Finding(
        id="f_1",
        input=0,
        locator=Locator(1),
        record_id=None,
        entity="hikvision",
        covered_through=("hikvision",),
        role=Role.MADE_BY,
        band=Band.CONFIRMED,
        basis="stated",
        lists=(),
        evidence=(Evidence("model_number", "Model", "DS-2CD2143", (0, 10), (), 9000, "model"),),
        details=Details(site=SITE, dated_on="2021-03-09"),
        category="video_surveillance_equipment",
    )
    return replace(plain, **changes)


def huawei(**changes: Any) -> Finding:
    made = finding(entity="huawei", covered_through=("huawei",), category="telecommunications_equipment")
    return replace(made, **changes)


def a_scan(*findings: Finding) -> Scan:
    return Scan("0", DAY, DAY, KnowledgeStamp("1", "a" * 64), (), findings, (), ())


def decided(opened: tuple[Decider, Firms], text: str, *findings: Finding) -> FindingDecision:
    """Decide and give the decision of the first finding."""
    answer = decide_findings(a_scan(*findings), opened[0], stated(opened, text))
    assert answer.decided is not None
    return answer.decided.by_finding[findings[0].id]


def missing(decision: FindingDecision) -> list[str]:
    return [name for item in decision.determinations for name in item.missing]


# What a finding states


def test_a_camera_for_none_of_the_purposes_is_not_covered(opened: tuple[Decider, Firms]) -> None:
    decision = decided(opened, f"{COMPANY_FACTS}sites:\n  {SITE}: {{item.purpose: [none]}}\n", finding())
    assert decision.outcome is Outcome.NOT_COVERED
    assert ("item.producer", "hikvision") in decision.facts


def test_a_camera_for_public_safety_is_prohibited(opened: tuple[Decider, Firms]) -> None:
    decision = decided(
        opened, f"{COMPANY_FACTS}sites:\n  {SITE}: {{item.purpose: [public_safety]}}\n", finding()
    )
    assert decision.outcome is Outcome.PROHIBITED
    assert "48 CFR 52.204-25(b)(2)" in decision.determinations[0].citations


def test_an_unknown_purpose_is_asked_for_and_never_guessed(opened: tuple[Decider, Firms]) -> None:
    decision = decided(opened, COMPANY_FACTS, finding())
    assert decision.outcome is Outcome.UNDETERMINED
    assert "item.purpose" in missing(decision)
    assert not any(name == "item.purpose" for name, _ in decision.facts)


def test_an_unknown_role_is_asked_for(opened: tuple[Decider, Firms]) -> None:
    decision = decided(opened, COMPANY_FACTS.replace("  party.role: prime_contractor\n", ""), huawei())
    assert decision.outcome is Outcome.UNDETERMINED
    assert "party.role" in missing(decision)


def test_a_router_used_by_a_prime_contractor_starts_the_clock_of_its_clause(
    opened: tuple[Decider, Firms],
) -> None:
    text = (
        COMPANY_FACTS + "  contract.clauses: [52.204-25 (NOV 2021)]\n"
        "  contract.agency: GSA\n  event.identified_at: 2026-11-24\n  event.during_performance: true\n"
    )
    decision = decided(opened, text, huawei())
    assert decision.outcome is Outcome.PROHIBITED
    due = {duty.citation: duty.due for duty in decision.determinations[0].obligations}
    # Tuesday the 24th; one business day later is Wednesday, before Thanksgiving
    assert str(due["48 CFR 52.204-25(d)(2)(i)"]) == "2026-11-25"


@pytest.mark.parametrize(
    "weak",
    [
        {"band": Band.POSSIBLE},
        {"basis": "inferred"},
        {"questions": ("Which model is it?",)},
        {"band": Band.POSSIBLE, "questions": ("Who made the device this network part is in?",)},
    ],
)
def test_a_weak_finding_forbids_nothing_and_clears_nothing(
    opened: tuple[Decider, Firms], weak: dict[str, Any]
) -> None:
    for purpose in ("[none]", "[public_safety]"):
        text = f"{COMPANY_FACTS}sites:\n  {SITE}: {{item.purpose: {purpose}}}\n"
        for one in (finding(**weak), huawei(**weak)):
            decision = decided(opened, text, one)
            assert decision.outcome is Outcome.UNDETERMINED
            assert "item.producer" in missing(decision)
            assert decision.withheld
            assert set(weak.get("questions", ())) <= set(decision.withheld)


def test_a_person_who_looked_settles_a_weak_finding(opened: tuple[Decider, Firms]) -> None:
    weak = huawei(band=Band.POSSIBLE, questions=("Who made the device?",))
    for maker, outcome in (("huawei", Outcome.PROHIBITED), ("other", Outcome.NOT_COVERED)):
        text = f"{COMPANY_FACTS}findings:\n  f_1: {{item.producer: {maker}, item.kind: telecommunications_equipment}}\n"
        decision = decided(opened, text, weak)
        assert (decision.outcome, decision.withheld) == (outcome, ())


def test_what_is_said_of_a_kind_or_a_firm_does_not_reach_a_weak_finding(
    opened: tuple[Decider, Firms],
) -> None:
    weak = finding(band=Band.POSSIBLE)
    for scope in ("categories:\n  video_surveillance_equipment", "entities:\n  hikvision"):
        text = f"{COMPANY_FACTS}{scope}: {{item.purpose: [none]}}\n"
        assert "item.purpose" in missing(decided(opened, text, weak))
        assert decided(opened, text, finding()).outcome is Outcome.NOT_COVERED


def test_a_relabel_states_the_maker_and_the_badge() -> None:
    own = own_facts(finding(role=Role.RELABEL, entity="dahua", brand="Lorex"))
    assert own.facts["item.producer"] == "dahua"
    assert own.facts["item.brand"] == "Lorex"


def test_a_component_states_what_is_inside_and_no_maker(opened: tuple[Decider, Firms]) -> None:
    chip = finding(
        entity="hisilicon",
        role=Role.COMPONENT,
        category="semiconductor",
        questions=("Is the product that holds this chip telecommunications equipment?",),
    )
    own = own_facts(chip, [chip])
    assert dict(own.facts) == {"item.contains_producer": ("hisilicon",)}
    # saying of all things that nothing is inside does not take the chip out
    text = f"{COMPANY_FACTS}sites:\n  {SITE}: {{item.purpose: [none]}}\n"
    decision = decided(opened, text, chip)
    assert decision.outcome is Outcome.UNDETERMINED
    assert ("item.contains_producer", "[hisilicon]") in decision.facts
    answer = decide_findings(a_scan(chip), opened[0], stated(opened, text)).decided
    assert answer is not None and "the whole company (facts.yml:9:" in answer.notes[0]
    assert "of some of these things the scan is sure of [hisilicon]; there it was not used" in answer.notes[0]


def test_a_component_in_a_product_that_was_found_as_well_knows_its_maker() -> None:
    chip = finding(id="f_2", entity="hisilicon", role=Role.COMPONENT, category="semiconductor")
    camera = finding(entity="dahua")
    for one in (chip, camera):
        facts = own_facts(one, [camera, chip]).facts
        assert facts == {
            "item.contains_producer": ("hisilicon",),
            "item.producer": "dahua",
            "item.kind": "video_surveillance_equipment",
        }


def test_a_part_that_may_be_inside_cannot_be_ruled_out_for_all_things(
    opened: tuple[Decider, Firms],
) -> None:
    chip = finding(id="f_2", entity="hisilicon", role=Role.COMPONENT, band=Band.POSSIBLE)
    text = f"{COMPANY_FACTS}sites:\n  {SITE}: {{item.purpose: [none]}}\n"
    assert decided(opened, text, finding()).outcome is Outcome.NOT_COVERED
    decision = decided(opened, text, finding(), chip)
    assert decision.outcome is Outcome.UNDETERMINED
    assert "item.contains_producer" in missing(decision)


def test_the_day_of_the_record_is_no_day_of_production() -> None:
    assert "item.produced_on" not in own_facts(finding()).facts


def test_a_kind_outside_the_vocabulary_is_not_known() -> None:
    assert "item.kind" not in own_facts(finding(category="gizmo")).facts
    assert "item.kind" not in own_facts(finding(category=None)).facts


# Sites, notes, ignored findings


def test_sites_are_compared_without_case_and_blanks(opened: tuple[Decider, Firms]) -> None:
    one = finding(details=Details(site="  harrow   hq "))
    text = f"{COMPANY_FACTS}sites:\n  {SITE}: {{item.purpose: [none]}}\n"
    assert decided(opened, text, one).outcome is Outcome.NOT_COVERED


def test_a_site_that_no_finding_names_is_reported_with_the_nearest(
    opened: tuple[Decider, Firms],
) -> None:
    answer = decide_findings(
        a_scan(finding()),
        opened[0],
        stated(opened, f"{COMPANY_FACTS}sites:\n  Harow HQ: {{item.purpose: [none]}}\n"),
    )
    assert answer.decided is not None
    (note,) = [one for one in answer.decided.notes if not one.startswith("NOT CHECKED")]
    assert "Harow HQ" in note and f"Did you mean '{SITE}'" in note and "facts.yml:" in note


def test_a_cell_that_holds_the_name_of_a_stated_site_says_where_the_thing_stands(
    opened: tuple[Decider, Firms],
) -> None:
    there = huawei(details=Details(), record=(("Wing", " harrow  hq "), ("Model", "AR617VW")))
    text = f"facts: {{act.kind: use}}\nsites:\n  {SITE}: {{use.by: the_entity}}\n"
    answer = decide_findings(a_scan(there), opened[0], stated(opened, text))
    assert answer.decided is not None
    (decision,) = answer.decided.by_finding.values()
    assert ("use.by", "the_entity") in decision.facts
    assert answer.findings[0].details.site == "harrow hq"
    assert not [one for one in answer.decided.notes if "No finding is at" in one]


def test_where_one_column_holds_names_of_stated_sites_each_of_its_cells_is_one(
    opened: tuple[Decider, Firms],
) -> None:
    rows = [(SITE, "third wing"), ("Cold store", SITE), ("", "yard")]
    things = [
        huawei(id=f"f_{number}", details=Details(), locator=Locator(number), record=(("Hive", hive), ("Notes on it", text)))
        for number, (hive, text) in enumerate(rows, start=1)
    ]  # fmt: skip
    text = f"facts: {{act.kind: use}}\nsites:\n  {SITE}: {{use.by: the_entity}}\n"
    # two columns hold the name: each record stands where it says so itself
    both = decide_findings(a_scan(*things), opened[0], stated(opened, text))
    assert [one.details.site for one in both.findings] == [SITE, SITE, None]
    one = decide_findings(a_scan(things[0], things[2]), opened[0], stated(opened, text))
    assert [one.details.site for one in one.findings] == [SITE, None]
    other = replace(things[1], record=(("Hive", "Cold store"), ("Notes on it", "left")))
    told = decide_findings(a_scan(things[0], other), opened[0], stated(opened, text))
    assert [one.details.site for one in told.findings] == [SITE, "Cold store"]


def test_a_cell_that_names_two_stated_sites_or_none_says_nothing(opened: tuple[Decider, Firms]) -> None:
    both = huawei(details=Details(), record=(("Wing", SITE), ("Dept", "Annex"), ("Model", "AR617VW")))
    text = (
        f"facts: {{act.kind: use}}\nsites:\n  {SITE}: {{use.by: the_entity}}\n  Annex: {{use.by: landlord}}\n"
    )
    made = decide_findings(a_scan(both), opened[0], stated(opened, text)).decided
    assert made is not None
    assert not any(name == "use.by" for name, _ in next(iter(made.by_finding.values())).facts)
    assert len([one for one in made.notes if "No finding is at" in one and "--map" in one]) == 2


def test_a_finding_that_was_set_aside_is_not_decided_and_that_is_said(
    opened: tuple[Decider, Firms],
) -> None:
    aside = finding(id="f_9", ignored=Ignore("cleared", "A. Person", "2026-11-01"))
    answer = decide_findings(a_scan(finding(), aside), opened[0], stated(opened, COMPANY_FACTS))
    assert answer.decided is not None
    assert list(answer.determinations) == ["f_1"]
    assert any("set aside" in note for note in answer.decided.notes)


def test_the_day_of_the_facts_is_asked_about(opened: tuple[Decider, Firms]) -> None:
    decision = decided(opened, COMPANY_FACTS + "as_of: 2020-08-12\n", huawei())
    assert decision.outcome is Outcome.NOT_IN_FORCE


def test_equal_questions_are_decided_once(
    opened: tuple[Decider, Firms], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    real = Decider.decide

    def counting(self: Decider, case: Any) -> Any:
        calls.append(case)
        return real(self, case)

    monkeypatch.setattr(Decider, "decide", counting)
    many = [finding(id=f"f_{n}", locator=Locator(n)) for n in range(1, 200)]
    answer = decide_findings(a_scan(*many), opened[0], stated(opened, COMPANY_FACTS))
    assert len(answer.determinations) == 199
    assert len(calls) == 1


def test_without_decide_a_scan_says_nothing_of_the_law(tmp_path: Path) -> None:
    result = scan(write_csv(tmp_path / "a.csv", ROWS)).scan
    assert result.decided is None
    assert result.determinations == {}


# Contradictions


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ("entities:\n  hikvision: {use.by: landlord}\n", "facts.yml:11"),
        (f"sites:\n  {SITE}: {{use.state: disposed}}\nentities:\n  hikvision: {{use.state: in_service}}\n", "facts.yml:11"),
        ("findings:\n  f_1: {item.producer: dahua}\n", "facts.yml:11"),
        ("findings:\n  f_1: {item.kind: passive_accessory}\n", "facts.yml:11"),
        (f"sites:\n  {SITE}: {{item.purpose: [none]}}\nentities:\n  hikvision: {{item.purpose: [public_safety]}}\n",
         "facts.yml:11"),
    ],
)  # fmt: skip
def test_statements_that_contradict_each_other_or_the_scan_are_refused(
    opened: tuple[Decider, Firms], more: str, where: str
) -> None:
    with pytest.raises(CaseError) as caught:
        decided(opened, COMPANY_FACTS + more, finding())
    assert caught.value.code == "E405"
    assert where in str(caught.value)


# The burden of knowledge

_VALUES: dict[str, list[Any]] = {
    "party.jurisdiction": ["US", "GB"],
    "party.role": ["prime_contractor", "offeror", "private_company", "grant_recipient", "telecom_operator"],
    "act.kind": ["use", "award_contract", "procure", "spend_award_funds", "continue_contract"],
    "use.by": ["the_entity", "landlord", "affiliate", "government"],
    "use.state": ["in_service", "stored_disconnected", "disposed"],
    "item.purpose": [("none",), ("public_safety",)],
    "item.role_in_system": ["substantial_or_essential_component", "neither"],
    "item.contains_producer": [(), ("hisilicon",), ("dahua",)],
    "item.service_uses_producer": ["other", "zte"],
    "item.kind": ["video_surveillance_equipment", "passive_accessory", "telecommunications_service"],
    "item.producer": ["other", "huawei", "dahua"],
    "item.routes_or_redirects_user_traffic": [True, False],
    "item.permits_visibility_into_user_traffic": [True, False],
    "item.connection": ["backhaul", "none"],
    "waiver.grantor": ["dni"],
    "funds.federal_award": [True, False],
    "funds.kind": ["direct", "cost_share", "own"],
    "contract.agency": ["DoD", "GSA"],
}
_SCOPES = ("company", "category", "entity", "site", "things", "finding")
#: A fund that federal awards are paid from by its name, and one of which the name shows nothing.
_PAID = ((("Fund", "NSF 2312"),), (("Fund", "Alumni gift"),))
_FINDINGS = (
    *(huawei(record=paid) for paid in _PAID),
    finding(),
    finding(band=Band.POSSIBLE, questions=("Who made it?",)),
    finding(category=None),
    finding(role=Role.RELABEL, entity="dahua", brand="Lorex", details=Details()),
    huawei(),
    finding(entity="hisilicon", role=Role.COMPONENT, category="semiconductor", questions=("Is it?",)),
    finding(entity="hisilicon", role=Role.COMPONENT, category="semiconductor", band=Band.POSSIBLE),
)


def _name(kind: str, one: Finding) -> str:
    from proscribe.app.rules.scopes import site_key, things_key

    return {
        "company": "",
        "category": one.category or "",
        "entity": one.entity,
        "site": site_key(one.details.site),
        "things": things_key(one.entity, one.category, one.details.site),
        "finding": one.id,
        "fund": site_key(one.record[0][1]) if one.record else "no such fund",
    }[kind]


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_taking_a_statement_away_never_clears_a_finding(decider: Decider, data: st.DataObject) -> None:
    from proscribe.app.rules.scopes import Scope

    one = data.draw(st.sampled_from(_FINDINGS))
    statements = []
    for fact, values in _VALUES.items():
        if data.draw(st.integers(0, 4)) == 0:
            continue
        value = data.draw(st.sampled_from(values), label=fact)
        kinds = ("finding",) if fact == "item.producer" else _SCOPES
        kinds = (*kinds, "fund") if fact.startswith("funds.") else kinds
        for kind in data.draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=2, unique=True)):
            statements.append(Statement(Scope(kind, _name(kind, one), ""), fact, value, fact))
    regimes = data.draw(st.sampled_from([("us-889-b",), ("us-889-a",), ("us-889-grants",), ()]))

    def told(held: list[Statement]) -> tuple[Mapping[str, Any], Outcome] | None:
        scanned, stated_ = a_scan(one), Stated(tuple(held), regimes)
        try:
            ((_, known),) = FindingFacts(scanned, stated_, decider.kinds)
            answer = decide_findings(scanned, decider, stated_)
        except CaseError:
            return None  # it contradicts the scan: refused, and nothing is decided
        assert answer.decided is not None
        return known.facts, answer.decided.by_finding[one.id].outcome

    whole = told(statements)
    if whole is None:
        return
    facts, before = whole
    for place, statement in enumerate(statements):
        less = told(statements[:place] + statements[place + 1 :])
        assert less is not None, f"without {statement} the rest contradicts itself"
        after = less[1]
        # from not covered to excepted is a step towards severity, and a rule that is not in force forbids nothing: neither clears
        cleared = after in HELPFUL and after.rank > before.rank and before is not Outcome.NOT_IN_FORCE
        assert not cleared or is_unasked(facts, statement.fact, decider), (
            f"without {statement}: {before} became {after}"
        )


def test_the_example_company_is_decided(opened: tuple[Decider, Firms]) -> None:
    """The file of facts that ships with the example fits the example, and both sides occur."""
    path = EXAMPLES / "facts.yml"
    result = scan(EXAMPLES / "inputs", as_of="2026-11-25").scan
    facts = facts_of(path.read_bytes(), str(path), opened[0].law, opened[1])
    answer = decide_findings(result, opened[0], facts)
    assert answer.decided is not None
    notes = [one for one in answer.decided.notes if not one.startswith("NOT CHECKED")]
    (note,) = [one for one in notes if "open whether they are provided" not in one]
    assert len(notes) == 4  # what was bought or is kept, of which nobody said whether it goes to others
    assert note.startswith("3 findings are only the network address of a thing that another record lists")
    by_id = {one.id: one for one in answer.findings}
    school = [
        decision.outcome
        for name, decision in answer.decided.by_finding.items()
        if by_id[name].record_id == "HR-0130"
    ]
    # an entity that uses it may not be contracted with, and what was found during performance is reported
    assert school == [Outcome.PROHIBITED]
    assert any(
        duty.kind == "report"
        for name, decision in answer.decided.by_finding.items()
        if by_id[name].record_id == "HR-0130"
        for item in decision.determinations
        for duty in item.obligations
    )
    for name, decision in answer.decided.by_finding.items():
        if by_id[name].band is Band.POSSIBLE:
            assert decision.outcome is Outcome.UNDETERMINED


# What the words of a record show of the kind


@pytest.mark.parametrize(
    ("maker", "text", "kind"),
    [
        ("Hikvision", "dome cam lobby", "video_surveillance_equipment"),
        ("Dahua", "Kamera", "video_surveillance_equipment"),
        ("Huawei", "LTE router", "telecommunications_equipment"),
        ("Huawei", "SFP-10G-LR, spare", "telecommunications_equipment"),
        ("Huawei", "camera with SFP", None),
        ("Huawei", "CPE for the gate camera", None),  # what it is for is not what it is
        ("Huawei", "switch and camera", None),
        ("Hikvision", "UPS, camera rack", None),
        ("Huawei", "invoice 14", None),
    ],
)
def test_a_kind_that_the_record_names_is_not_asked_for(
    tmp_path: Path, opened: tuple[Decider, Firms], maker: str, text: str, kind: str | None
) -> None:
    path = write_csv(
        tmp_path / "a.csv", [["A1", maker, text]], header=["Asset ID", "Manufacturer", "Description"]
    )
    answer = decide_findings(scan(path).scan, opened[0], stated(opened, COMPANY_FACTS))
    assert answer.decided is not None
    assert answer.decided.by_finding
    for decision in answer.decided.by_finding.values():
        assert dict(decision.facts).get("item.kind") == kind


def test_a_statement_about_the_finding_itself_prevails_over_the_words_of_its_record(
    tmp_path: Path, opened: tuple[Decider, Firms]
) -> None:
    header = ["Asset ID", "Manufacturer", "Description"]
    scanned = scan(write_csv(tmp_path / "a.csv", [["A1", "Hikvision", "camera"]], header=header)).scan
    told = f"{COMPANY_FACTS}findings:\n  {scanned.findings[0].id}: {{item.kind: passive_accessory}}\n"
    answer = decide_findings(scanned, opened[0], stated(opened, told))
    assert answer.decided is not None
    (decision,) = answer.decided.by_finding.values()
    assert dict(decision.facts)["item.kind"] == "passive_accessory"


def test_one_label_of_which_the_record_tells_the_maker_is_not_asked_about_for_another(
    opened: tuple[Decider, Firms],
) -> None:
    sure = finding(id="f_1", role=Role.RELABEL, brand="Annke")
    weak = finding(
        id="f_2", role=Role.RELABEL, brand="Annke", entity="dahua", covered_through=("dahua",), band=Band.POSSIBLE,
        questions=("Who made this Annke unit?",),
    )  # fmt: skip
    assert own_facts(weak, [sure, weak]).facts["item.producer"] == "hikvision"
    # of another label, or beside two makers that are sure, it is asked
    assert "item.producer" not in own_facts(replace(weak, brand="Lorex"), [sure, weak]).facts
    third = replace(sure, id="f_3", entity="huawei")
    assert "item.producer" not in own_facts(weak, [sure, third, weak]).facts


def test_a_bare_network_address_is_answered_as_the_thing_that_is_listed_with_it(
    opened: tuple[Decider, Firms],
) -> None:
    def seen(address: str) -> Evidence:
        return Evidence("oui", "MAC", address, (0, 17), (), 4000, "mac")

    listed = finding(id="f_1", evidence=(*finding().evidence, seen("c0:6d:ed:14:02:77")))
    bare = finding(
        id="f_2", category=None, evidence=(seen("C06D-ED14-0277"),), questions=("Who made the device?",), details=Details(),
        locator=Locator(9),
    )  # fmt: skip
    facts = f"{COMPANY_FACTS}sites:\n  {SITE}: {{item.purpose: [public_safety]}}\n"
    answer = decide_findings(a_scan(listed, bare), opened[0], stated(opened, facts)).decided
    assert answer is not None and answer.by_finding["f_2"] is answer.by_finding["f_1"]
    assert any("only the network address" in note for note in answer.notes)
    # another firm's, a part of an address, or one that two records list, joins nothing
    for others in (
        (listed, replace(bare, entity="dahua", covered_through=("dahua",))),
        (listed, replace(bare, evidence=(seen("c0:6d:ed:14:xx:xx"),))),
        (listed, replace(listed, id="f_3", locator=Locator(5)), bare),
    ):
        answer = decide_findings(a_scan(*others), opened[0], stated(opened, facts)).decided
        assert answer is not None and answer.by_finding["f_2"].outcome is Outcome.UNDETERMINED
    told = f"{facts}findings:\n  f_2: {{item.producer: other, item.kind: storage}}\n"
    answer = decide_findings(a_scan(listed, bare), opened[0], stated(opened, told)).decided
    assert answer is not None and answer.by_finding["f_2"].outcome is Outcome.NOT_COVERED


def test_the_answer_counts_things_and_not_findings(opened: tuple[Decider, Firms]) -> None:
    def count(*findings: Finding) -> dict[Outcome, int]:
        facts = f"{COMPANY_FACTS}sites:\n  {SITE}: {{item.purpose: [public_safety]}}\n"
        answer = Saying(decide_findings(a_scan(*findings), opened[0], stated(opened, facts))).answer
        return {one.outcome: one.things for one in answer.said}

    def seen(address: str) -> Evidence:
        return Evidence("oui", "MAC", address, (0, 17), (), 4000, "mac")

    sure = finding(id="f_1", role=Role.RELABEL, entity="dahua", brand="Lorex")
    weak = replace(sure, id="f_2", entity="hikvision", questions=("Who made it?",))
    assert count(sure) == {Outcome.PROHIBITED: 1}
    # one label that two firms supply is one thing; in another record it is another
    assert count(sure, weak) == {Outcome.PROHIBITED: 1}
    assert count(sure, replace(sure, id="f_3", locator=Locator(77))) == {Outcome.PROHIBITED: 2}
    # two makers in one record are two things, and what is open is counted as open
    other = finding(id="f_4", entity="huawei", covered_through=("huawei",))
    assert sum(count(sure, other).values()) == 2
    assert count(sure, replace(weak, brand="Swann")) == {Outcome.PROHIBITED: 1, Outcome.UNDETERMINED: 1}
    listed = finding(id="f_5", evidence=(*finding().evidence, seen("c0:6d:ed:14:02:77")))
    bare = finding(
        id="f_6", category=None, evidence=(seen("C06D-ED14-0277"),), questions=("Who made it?",), details=Details(),
        locator=Locator(9),
    )  # fmt: skip
    assert count(listed, bare) == {Outcome.PROHIBITED: 1}


def test_what_is_said_to_be_gone_is_counted_by_thing(opened: tuple[Decider, Firms]) -> None:
    """One record that names two suppliers of one maker's unit is one thing; another record is another."""
    names = ("f_one", "f_two", "f_other")
    gone = [
        finding(
            id=name, role=Role.FORMERLY, band=Band.POSSIBLE, locator=Locator(9 if name == "f_other" else 8),
            questions=("When did it leave, and what proves it?",),
        )
        for name in names
    ]  # fmt: skip
    facts = (
        COMPANY_FACTS
        + "findings:\n"
        + "".join(
            f"  {name}: {{item.producer: hikvision, item.purpose: [public_safety], item.kind: video_surveillance_equipment}}\n"
            for name in names
        )
    )
    (told,) = Saying(decide_findings(a_scan(*gone), opened[0], stated(opened, facts))).answer.gone
    assert told.startswith("2 things. The record says that each was sold")


def test_a_thing_that_is_said_to_be_gone_is_told_first(opened: tuple[Decider, Firms]) -> None:
    """Its record proves nothing: it counts as here, and the first page says what would settle it."""
    gone = finding(
        id="f_gone",
        role=Role.FORMERLY,
        band=Band.POSSIBLE,
        questions=("When did it leave, and what proves it?",),
    )
    facts = (
        COMPANY_FACTS
        + "findings:\n  f_gone: {item.producer: hikvision, item.purpose: [public_safety], item.kind: video_surveillance_equipment}\n"
    )
    decided_ = decide_findings(a_scan(gone), opened[0], stated(opened, facts))
    answer = Saying(decided_).answer
    assert answer.outcome is Outcome.PROHIBITED
    (told,) = answer.gone
    assert told.startswith("1 thing. The record says that it was sold")
    assert "treated as still there" in told and "a paper that proves it" in told
    lead = next(parts(answer)).texts
    assert lead[0] == "You may not sign “does not use”: 1 thing forces “does”."
    assert lead[1] == "Put to the law: 1 thing: 1 prohibited; 1 of these is stated as gone, and not shown."
    # what is due and what is asked stand before it
    assert lead[3].startswith(("Due", "May be due"))
    labels = [one.heading for one in parts(answer) if one.texts]
    assert labels.index("Stated as gone, not shown") == 1 + any(
        "until" in one or "answer" in one for one in labels
    )
    shown_gone = facts.replace("item.purpose:", "use.state: disposed, item.purpose:")
    answer = Saying(decide_findings(a_scan(gone), opened[0], stated(opened, shown_gone))).answer
    assert answer.outcome is Outcome.NOT_COVERED
    assert answer.gone == ()


@pytest.mark.parametrize("where", ["facts", "categories", "entities", "lists", "sites", "things", "findings"])
@pytest.mark.parametrize("reading", ["narrow", "wide"])
def test_a_reading_never_lets_go_what_a_statement_binds(
    tmp_path: Path, opened: tuple[Decider, Firms], where: str, reading: str
) -> None:
    """Nor does a statement of many things let go what a reading binds; of a site, its things or one, who states it has looked."""
    path = write_csv(
        tmp_path / "a.csv", [["A1", "Hikvision", "DS-2CD2143G2-I", "Car park north"]],
        header=["Asset ID", "Manufacturer", "Model", "Site"],
    )  # fmt: skip
    found = scan(path).scan
    (one,) = found.findings
    name = {
        "categories": "video_surveillance_equipment", "entities": "hikvision", "lists": "a.csv", "sites": "Car park north",
        "things": "hikvision/video_surveillance_equipment@Car park north", "findings": one.id,
    }.get(where)  # fmt: skip
    for purpose in ("public_safety", "none"):
        said = f"{{item.purpose: [{purpose}]}}"
        told = f"{where}: {{{name}: {said}}}\n" if name else ""
        company = COMPANY_FACTS + (f"  item.purpose: [{purpose}]\n" if name is None else "")
        text = f"{company}{told}readings: {{car-park: {reading}}}\n"
        facts = facts_of(text, "facts.yml", opened[0].law, opened[1], opened[0].purposes)
        answer = decide_findings(found, opened[0], facts)
        assert answer.decided is not None
        (decision,) = answer.decided.by_finding.values()
        looked = where in ("sites", "things", "findings")
        bound = purpose != "none" or (reading == "wide" and not looked)
        assert dict(decision.facts)["item.purpose"] == ("[public_safety]" if bound else "[none]")


# What columns of days tell


@pytest.mark.parametrize(
    ("column", "text", "fact", "value"),
    [
        ("FCC granted", "2021-03-04", "item.authorized_on", "2021-03-04"),
        ("FCC Grant Date", "4 March 2021", "item.authorized_on", "2021-03-04"),
        ("Mfg. date", "2019", "item.produced_on", "2019"),
        ("FCC granted", "03/04/2021", "item.authorized_on", None),  # can mean two days
        ("FCC granted", "2031-03-04", "item.authorized_on", None),  # still to come
        ("FCC granted", "see file", "item.authorized_on", None),
        ("Granted", "2021-03-04", "item.authorized_on", None),
    ],
    ids=["iso", "in-words", "year", "two-days", "to-come", "no-day", "another-column"],
)
def test_a_day_that_a_column_tells_of_the_thing_is_not_asked_for(
    tmp_path: Path, opened: tuple[Decider, Firms], column: str, text: str, fact: str, value: str | None
) -> None:
    header = ["Asset ID", "Manufacturer", "Description", column]
    path = write_csv(tmp_path / "a.csv", [["A1", "Hikvision", "camera", text]], header=header)
    answer = decide_findings(scan(path).scan, opened[0], stated(opened, COMPANY_FACTS))
    assert answer.decided is not None
    (decision,) = answer.decided.by_finding.values()
    assert dict(decision.facts).get(fact) == value


PUBLIC_SAFETY, NONE = "[public_safety]", "[none]"
GATE = "[government_facility_security]"
PLANT = "[critical_infrastructure_surveillance]"


@pytest.mark.parametrize(
    ("maker", "text", "place", "told", "purpose"),
    [
        ("Hytera", "radio of the county police", "Depot", "", PUBLIC_SAFETY),
        ("Hytera", "guard radio", "Depot", "", PUBLIC_SAFETY),
        ("Hikvision", "camera", "Ambulance bay", "", PUBLIC_SAFETY),
        ("Dahua", "Kamera der Feuerwehr", "Hof", "", PUBLIC_SAFETY),
        ("Hikvision", "camera", "Federal courthouse, lot B", "", GATE),
        ("Hikvision", "camera", "Umspannwerk Nord", "", PLANT),
        ("Hikvision", "camera near the power station", "Depot", "", None),
        ("Hikvision", "camera", "Powerhouse gym", "", None),
        ("Hytera", "radio", "Federal courthouse, lot B", "", None),  # a place says nothing of who calls
        ("Hikvision", "camera near the police station", "Depot", "", None),
        ("Hikvision", "camera, no police use", "Depot", "", None),
        ("Hikvision", "camera of the vanguard team", "Depot", "", None),
        ("Hikvision", "camera at the till", "Depot", "", None),
        # who speaks of the place knows more than a word; who lets everything go at once does not
        ("Hytera", "guard radio", "Depot", "sites:\n  Depot: {item.purpose: [none]}\n", NONE),
        ("Hytera", "guard radio", "Depot", "  item.purpose: [none]\n", PUBLIC_SAFETY),
        ("Hytera", "guard radio", "Depot", "  item.purpose: [other_national_security]\n", "[other_national_security]"),
    ],
)  # fmt: skip
def test_a_line_that_names_who_uses_a_thing_binds_and_a_statement_of_its_place_prevails(
    tmp_path: Path,
    opened: tuple[Decider, Firms],
    maker: str,
    text: str,
    place: str,
    told: str,
    purpose: str | None,
) -> None:
    header = ["Asset ID", "Manufacturer", "Description", "Site"]
    path = write_csv(tmp_path / "a.csv", [["A1", maker, text, place]], header=header)
    answer = decide_findings(scan(path).scan, opened[0], stated(opened, f"{COMPANY_FACTS}{told}"))
    assert answer.decided is not None
    (decision,) = answer.decided.by_finding.values()
    assert dict(decision.facts).get("item.purpose") == purpose
    assert any("whose records name" in note for note in answer.decided.notes) == (
        (not told and purpose is not None) or purpose == PUBLIC_SAFETY
    )


@pytest.mark.parametrize(
    ("fund", "more", "outcome"),
    [
        ("NSF 2216688", "", Outcome.PROHIBITED),
        ("Title I, school year 2026", "", Outcome.PROHIBITED),
        ("CDBG entitlement", "", Outcome.PROHIBITED),
        # what no name of a federal award stands in is not known
        ("General fund", "", Outcome.UNDETERMINED),
        ("Parks bond", "", Outcome.UNDETERMINED),
        ("Non-federal share", "", Outcome.UNDETERMINED),
        ("NSF, declined", "", Outcome.UNDETERMINED),
        ("Transfer of Thud Inc.", "", Outcome.UNDETERMINED),
        ("Title insurance", "", Outcome.UNDETERMINED),
        # a statement of many things does not speak against the record of this one
        ("NSF 2216688", "  funds.federal_award: false\n", Outcome.PROHIBITED),
        ("General fund", "  funds.federal_award: false\n", Outcome.NOT_COVERED),
    ],
)
def test_the_name_of_a_fund_shows_a_federal_award_and_never_that_there_is_none(
    tmp_path: Path, opened: tuple[Decider, Firms], fund: str, more: str, outcome: Outcome
) -> None:
    header = ["Asset ID", "Manufacturer", "Model", "Site", "Fund"]
    path = write_csv(tmp_path / "a.csv", [["A1", "Huawei", "AR617VW", "Lab", fund]], header=header)
    text = "regimes: [us-889-grants]\nfacts:\n  party.jurisdiction: US\n  party.role: grant_recipient\n  act.kind: procure\n"
    answer = decide_findings(scan(path).scan, opened[0], stated(opened, text + more))
    assert answer.decided is not None
    (decision,) = answer.decided.by_finding.values()
    assert decision.outcome is outcome
    assert any(fund in note and "fund of a federal award" in note for note in answer.decided.notes) == (
        outcome is Outcome.PROHIBITED
    )


def test_a_name_that_two_lists_bear_names_neither(tmp_path: Path, opened: tuple[Decider, Firms]) -> None:
    header = ["Asset ID", "Manufacturer", "Model", "Site"]
    for number, folder in enumerate(("north", "south")):
        (tmp_path / folder).mkdir()
        write_csv(tmp_path / folder / "a.csv", [[f"A{number}", "Huawei", "AR617VW", "Lab"]], header=header)
    found = scan(tmp_path).scan
    for name, cleared in (("a.csv", []), (found.inputs[0].path, ["A0"])):
        facts = stated(opened, f"{_BUYS}lists: {{'{name}': {{funds.federal_award: false}}}}\n")
        answer = decide_findings(found, opened[0], facts)
        assert answer.decided is not None
        outcomes = {one.record_id: answer.decided.by_finding[one.id].outcome for one in answer.findings}
        assert [name for name, one in outcomes.items() if one is Outcome.NOT_COVERED] == cleared


_BUYS = "regimes: [us-889-grants]\nfacts: {party.jurisdiction: US, party.role: grant_recipient, act.kind: procure}\n"


@pytest.mark.parametrize(
    ("more", "outcomes"),
    [
        ("", {"A1": "prohibited", "A2": "undetermined", "A3": "undetermined"}),
        ("funds: {alumni  GIFT: {federal_award: false}}", {"A1": "prohibited", "A2": "not_covered", "A3": "undetermined"}),
        ("funds: {Alumni gift: {funds.kind: direct}}", {"A1": "prohibited", "A2": "prohibited", "A3": "undetermined"}),
        # of the very fund that its name speaks of, who states it knows more; of a list or a supplier nobody does
        ("funds: {NSF 2312: {federal_award: false}}", {"A1": "not_covered", "A2": "undetermined", "A3": "undetermined"}),
        ("lists: {a.csv: {funds.federal_award: false}}", {"A1": "prohibited", "A2": "not_covered", "A3": "not_covered"}),
        ("suppliers: {Acme Supply: {funds.federal_award: false}}", {"A1": "prohibited", "A2": "not_covered", "A3": "undetermined"}),
        ("suppliers: {Beta Nets: {funds.federal_award: true}}", {"A1": "prohibited", "A2": "undetermined", "A3": "prohibited"}),
    ],
)  # fmt: skip
def test_what_money_pays_is_stated_once_of_a_fund_a_list_or_a_supplier(
    tmp_path: Path, opened: tuple[Decider, Firms], more: str, outcomes: dict[str, str]
) -> None:
    header = ["Asset ID", "Manufacturer", "Model", "Site", "Charged to", "Vendor"]
    rows = [
        ["A1", "Huawei", "AR617VW", "Lab", "NSF 2312", "Acme Supply"],
        ["A2", "Huawei", "AR617VW", "Lab", "Alumni gift", "Acme Supply"],
        ["A3", "Huawei", "AR617VW", "Lab", "Reserve", "Beta Nets"],
    ]
    # a column of which the program does not know that it tells the fund: its cells are funds where somebody states one of them
    path = write_csv(tmp_path / "a.csv", rows, header=[*header[:4], "Charged to", "Vendor"])
    paid = write_csv(tmp_path / "b.csv", rows, header=[*header[:4], "Fund", "Vendor"])
    for one, first in ((path, None), (paid, outcomes["A1"])):
        facts = stated(opened, f"{_BUYS}{more.replace('a.csv', one.name)}\n")
        answer = decide_findings(scan(one).scan, opened[0], facts)
        assert answer.decided is not None
        told = {
            found.record_id: answer.decided.by_finding[found.id].outcome.value for found in answer.findings
        }
        # only a column that is known for one shows by itself that an award pays
        assert first is None or told["A1"] == first
        assert {name: told[name] for name in ("A2", "A3")} == {name: outcomes[name] for name in ("A2", "A3")}
        again = stated_again(answer.decided, opened[0].law, opened[1])
        assert {(str(one.scope), one.value) for one in again.statements} == {
            (str(one.scope), one.value) for one in facts.statements
        }


def test_what_is_stated_of_a_fund_is_about_money_and_agrees_with_what_is_stated_of_its_things(
    tmp_path: Path, opened: tuple[Decider, Firms]
) -> None:
    with pytest.raises(CaseError, match="E406"):
        stated(opened, f"{_BUYS}funds: {{NSF 2312: {{use.by: landlord}}}}\n")
    with pytest.raises(CaseError, match="E405"):
        stated(
            opened, f"{_BUYS[:-2]}, funds.federal_award: true}}\nfunds: {{Gift: {{federal_award: false}}}}\n"
        )
    header = ["Asset ID", "Manufacturer", "Model", "Site", "Fund"]
    path = write_csv(tmp_path / "a.csv", [["A1", "Huawei", "AR617VW", "Lab", "NSF 2312"]], header=header)
    both = "sites: {Lab: {funds.federal_award: true}}\nfunds: {NSF 2312: {federal_award: false}}\n"
    with pytest.raises(CaseError, match="E405"):
        decide_findings(scan(path).scan, opened[0], stated(opened, f"{_BUYS}{both}"))
    unmet = decide_findings(
        scan(path).scan, opened[0], stated(opened, f"{_BUYS}funds: {{Gift: {{kind: own}}}}\n")
    )
    assert unmet.decided is not None
    assert any("paid from fund:Gift" in note for note in unmet.decided.notes)


READINGS = "readings: {car-park: narrow, hospital: wide}\n"


@pytest.mark.parametrize(
    ("maker", "text", "place", "more", "purpose", "taken"),
    [
        ("Hikvision", "camera", "Car park north", "", NONE, True),
        ("Hikvision", "camera", "Clinic", "", PUBLIC_SAFETY, True),
        # of a place of two kinds both readings hold
        ("Hikvision", "camera", "Hospital car park", "", PUBLIC_SAFETY, True),
        # of an office no reading was taken, and the name decides, not what the line says
        ("Hikvision", "camera", "Hospital office", "", None, False),
        ("Hikvision", "camera over the car park", "Main gate", "", None, False),
        ("Hikvision", "camera", "", "", None, False),
        # a reading is about cameras
        ("Hytera", "radio", "Car park north", "", None, False),
        ("Hikvision", "cable", "Car park north", "", None, False),
        # what a record says binds, and what is stated prevails
        ("Hikvision", "camera of the county police", "Car park north", "", PUBLIC_SAFETY, False),
        ("Hikvision", "camera", "Car park of the police", "", PUBLIC_SAFETY, False),
        ("Hikvision", "camera", "Car park north", "sites:\n  Car park north: {item.purpose: [other_national_security]}\n", "[other_national_security]", False),
        ("Hikvision", "camera", "Clinic", "sites:\n  Clinic: {item.purpose: [none]}\n", NONE, False),
        ("Hikvision", "camera", "Car park north", "  item.purpose: [public_safety]\n", PUBLIC_SAFETY, False),
        ("Hikvision", "camera", "Clinic", "  item.purpose: [none]\n", PUBLIC_SAFETY, True),
    ],
)  # fmt: skip
def test_a_reading_holds_at_every_site_of_its_kind_and_gives_way_to_all_that_is_stated(
    tmp_path: Path,
    opened: tuple[Decider, Firms],
    maker: str,
    text: str,
    place: str,
    more: str,
    purpose: str | None,
    taken: bool,
) -> None:
    header = ["Asset ID", "Manufacturer", "Model", "Description", "Site"]
    model = {"camera": "DS-2CD2143G2-I", "radio": "PD485", "cable": "patch cable"}[text.split()[0]]
    path = write_csv(tmp_path / "a.csv", [["A1", maker, model, text, place]], header=header)
    facts = facts_of(
        f"{COMPANY_FACTS}{more}{READINGS}", "facts.yml", opened[0].law, opened[1], opened[0].purposes
    )
    answer = decide_findings(scan(path).scan, opened[0], facts)
    assert answer.decided is not None
    for decision in answer.decided.by_finding.values():
        assert dict(decision.facts).get("item.purpose") == purpose
    notes = [note for note in answer.decided.notes if "by the name of the site" in note]
    assert len(notes) == taken and all(place in note for note in notes)
    # it is carried to the next scan and to the questionnaire
    again = stated_again(answer.decided, opened[0].law, opened[1], opened[0].purposes)
    assert {(str(one.scope), one.value) for one in facts.statements} == {
        (str(one.scope), one.value) for one in again.statements
    }


@pytest.mark.parametrize(
    ("maker", "use", "kind"),
    [
        ("ZTE", "Backup LTE router", "telecommunications_equipment"),
        ("Huawei", "Camera uplink", None),
        ("Huawei", "router for the cameras", None),
        ("Huawei", "spare part of a router", None),
    ],
)
def test_a_column_of_functions_shows_equipment_of_telecommunications(
    tmp_path: Path, opened: tuple[Decider, Firms], maker: str, use: str, kind: str | None
) -> None:
    path = write_csv(
        tmp_path / "a.csv", [["A1", maker, use]], header=["Asset ID", "Manufacturer", "Function"]
    )
    answer = decide_findings(scan(path).scan, opened[0], stated(opened, COMPANY_FACTS))
    assert answer.decided is not None
    (decision,) = answer.decided.by_finding.values()
    assert dict(decision.facts).get("item.kind") == kind


# What is offered


@pytest.mark.parametrize(
    ("act", "weight", "named"),
    [("provide_to_government", 16_000, True), ("use", 16_000, False), ("provide_to_government", 900, False)],
)
def test_that_an_offer_did_not_come_is_no_doubt_of_its_maker_for_who_makes_it(
    opened: tuple[Decider, Firms], act: str, weight: int, named: bool
) -> None:
    doubtful = finding(band=Band.POSSIBLE, questions=(WHETHER_CAME,), total_mbit=weight)
    scanned = replace(a_scan(doubtful), thresholds_mbit={"possible": 500, "probable": 8_000})
    made = decide_findings(
        scanned, opened[0], stated(opened, f"facts: {{party.role: offeror, act.kind: {act}}}\n")
    )
    assert made.decided is not None
    (decision,) = made.decided.by_finding.values()
    assert (("item.producer", "hikvision") in decision.facts) is named
    assert bool(decision.withheld) is not named


def test_another_doubt_of_an_offered_thing_stands(opened: tuple[Decider, Firms]) -> None:
    doubtful = finding(band=Band.POSSIBLE, questions=(WHETHER_CAME, "Which maker?"), total_mbit=16_000)
    scanned = replace(a_scan(doubtful), thresholds_mbit={"probable": 8_000})
    made = decide_findings(scanned, opened[0], stated(opened, "facts: {act.kind: provide_to_government}\n"))
    assert made.decided is not None
    assert "item.producer" not in dict(next(iter(made.decided.by_finding.values())).facts)


@pytest.mark.parametrize(
    ("column", "text", "generation"),
    [
        ("Tecnologia", "5G NR n78", "5g"),
        ("Technology", "LTE B3 1800 MHz", "4g"),
        ("RAT", "4G", "4g"),
        ("Technologie", "XGS-PON", "fixed_fibre"),
        ("制式", "5G", "5g"),
        # two generations, one that no law names, a band alone, another column: it is asked
        ("Technology", "4G/5G", None),
        ("Technology", "LTE, NR", None),
        ("Technology", "3G", None),
        ("Technology", "n78", None),
        ("Room", "5G", None),
    ],
)
def test_a_column_that_names_a_technology_tells_the_network_and_what_is_said_of_all_does_not_bind_it(
    tmp_path: Path, opened: tuple[Decider, Firms], column: str, text: str, generation: str | None
) -> None:
    header = ["Asset ID", "Manufacturer", "Model", "Site", column]
    path = write_csv(tmp_path / "a.csv", [["A1", "Huawei", "AR617VW", "Milano", text]], header=header)
    found = scan(path).scan
    facts = "facts: {party.jurisdiction: IT, party.role: telecom_operator, act.kind: procure%s}\n"
    for said in ("", ", network.generation: fixed_other"):
        answer = decide_findings(found, opened[0], stated(opened, facts % said))
        assert answer.decided is not None
        (decision,) = answer.decided.by_finding.values()
        open_one = "fixed_other" if said else None
        assert dict(decision.facts).get("network.generation") == (generation or open_one)


@pytest.mark.parametrize(
    ("column", "text", "more", "segment"),
    [
        ("Layer", "Core", "", "core"),
        ("network_segment", "RAN", "", "ran"),
        ("Netzebene", "Transportnetz", "", "transport"),
        ("网络层级", "核心网", "", "core"),
        ("Couche réseau", "DWDM", "", "dwdm"),
        # a layer of an office as well, two parts, more words than the term, another column
        ("Layer", "access", "", None),
        ("Layer", "Core / RAN", "", None),
        ("Layer", "core switch closet", "", None),
        ("Room", "core", "", None),
        # what is stated of the thing itself prevails
        ("Layer", "Core", "findings: {ID: {network.segment: transport}}\n", "transport"),
    ],
)
def test_a_column_that_is_called_by_the_part_of_a_network_tells_it(
    tmp_path: Path, opened: tuple[Decider, Firms], column: str, text: str, more: str, segment: str | None
) -> None:
    header = ["Asset ID", "Manufacturer", "Model", "Site", column]
    path = write_csv(tmp_path / "a.csv", [["A1", "Huawei", "AR617VW", "Leeds", text]], header=header)
    found = scan(path).scan
    facts = "facts: {party.jurisdiction: GB, party.role: telecom_operator, act.kind: keep_in_operation, network.generation: 5g}\n"
    answer = decide_findings(
        found, opened[0], stated(opened, facts + more.replace("ID", found.findings[0].id))
    )
    assert answer.decided is not None
    (decision,) = answer.decided.by_finding.values()
    assert dict(decision.facts).get("network.segment") == segment
    assert any(f"({column}: {text})" in note for note in answer.decided.notes) == (
        segment is not None and not more
    )


@pytest.mark.parametrize("scope", ["sites: {Leeds: %s}", "lists: {a.csv: %s}", "findings: {ID: %s}"])
def test_what_a_sister_firm_uses_is_said_beside_what_is_stated_of_all_and_is_asked_about(
    tmp_path: Path, opened: tuple[Decider, Firms], scope: str
) -> None:
    rows = [["A1", "Huawei", "AR617VW", "Leeds"], ["A2", "Huawei", "AR617VW", "Derby"]]
    path = write_csv(tmp_path / "a.csv", rows, header=["Asset ID", "Manufacturer", "Model", "Site"])
    found = scan(path).scan
    first = next(one for one in found.findings if one.details.site == "Leeds")
    facts = (
        "facts: {party.jurisdiction: US, party.role: prime_contractor, act.kind: use, use.by: the_entity}\n"
    )
    more = scope.replace("ID", first.id) % "{use.by: affiliate}"
    answer = decide_findings(found, opened[0], stated(opened, facts + more))
    assert answer.decided is not None
    for one in found.findings:
        decision = answer.decided.by_finding[one.id]
        theirs = one.details.site == "Leeds" or scope.startswith("lists")
        assert dict(decision.facts)["use.by"] == ("affiliate" if theirs else "the_entity")
        assert decision.outcome is (Outcome.UNDETERMINED if theirs else Outcome.PROHIBITED)
    # of one of what others use it is said last that it is ours: taking that away would clear it, so that both cannot stand
    last = f"findings: {{{first.id}: {{use.by: the_entity}}}}\n"
    if not scope.startswith("findings"):
        with pytest.raises(CaseError) as refused:
            decide_findings(found, opened[0], stated(opened, f"{facts}{more}\n{last}"))
        assert refused.value.code == "E405"


def test_what_columns_say_of_a_network_is_asked_about_by_what_they_say(
    tmp_path: Path, opened: tuple[Decider, Firms]
) -> None:
    cells = ["5G NR n78", "4G/5G", "4g/5g", "4G/5G", "FWA", "", "", ""]
    rows = [[f"A{n}", "Huawei", "AR617VW", f"Lot {n}", cell] for n, cell in enumerate(cells)]
    header = ["Asset ID", "Manufacturer", "Model", "Site", "Tecnologia"]
    found = scan(write_csv(tmp_path / "a.csv", rows, header=header)).scan
    facts = "facts: {party.jurisdiction: IT, party.role: telecom_operator, act.kind: procure, network.segment: ran}\n"
    made = decide_findings(found, opened[0], stated(opened, facts))
    ids = {one.id: dict(one.record).get("Tecnologia", "") for one in found.findings}
    asked = [one for one in questionnaire(made, opened[0]).questions if one.fact == "network.generation"]
    groups = sorted(tuple(ids[name].casefold() for name in one.findings) for one in asked)
    assert groups == [("",), ("",), ("",), ("4g/5g",) * 3, ("fwa",)]
    assert any("each of 3 things with Tecnologia '4G/5G'" in one.about for one in asked)


def test_an_answer_says_which_firms_of_the_rules_asked_no_file_is_searched_for(
    opened: tuple[Decider, Firms],
) -> None:
    texas = (
        "facts: {party.jurisdiction: US, party.role: public_body, party.subdivision: US-TX, act.kind: use}\n"
    )
    for findings in ((finding(),), ()):
        made = decide_findings(a_scan(*findings), opened[0], stated(opened, texas))
        assert made.decided is not None
        (told,) = [note for note in made.decided.notes if note.startswith("NOT CHECKED")]
        assert "Texas" in told and "TP-Link" in told
