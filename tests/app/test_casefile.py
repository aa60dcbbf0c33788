"""Bad case files get a place, the nearest valid name, and exit code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proscribe.app.rules.casefile import cases_of, read_cases
from proscribe.app.rules.decide import Decider, check, dangerous
from proscribe.kb.snapshot import Snapshot
from proscribe.model.errors import CaseError

GOOD = """- id: one
  as_of: 2020-09-01
  regimes: [us-889-b]
  facts:
    party.jurisdiction: US
    party.role: offeror
    act.kind: award_contract
    item.producer: huawei
    item.kind: telecommunications_equipment
    item.role_in_system: substantial_or_essential_component
    use.by: the_entity
  expect:
    outcome: prohibited
    citations: ["48 CFR 52.204-25(b)(2)"]
    missing: []
"""


@pytest.fixture(scope="module")
def decider() -> Decider:
    return Decider.of(Snapshot.open())


def test_a_good_file_is_read_with_its_places(decider: Decider) -> None:
    (case,) = cases_of(GOOD, "cases.yml", decider.law)
    assert case.at == "cases.yml:1:3"
    assert case.facts["item.producer"] == "huawei"
    assert check(case, decider.decide(case)) == []


def test_a_single_case_a_list_and_json_are_the_same(decider: Decider) -> None:
    (case,) = cases_of(GOOD, "cases.yml", decider.law)
    raw = {
        "id": "one",
        "as_of": "2020-09-01",
        "regimes": ["us-889-b"],
        "facts": {**dict(case.facts), "contract.orders_affected": 3},
    }
    for text in (
        json.dumps(raw),
        json.dumps([raw]),
        json.dumps({"cases": [raw]}),
        json.dumps(raw, indent="\t"),
    ):
        (other,) = cases_of(text, "cases.json", decider.law)
        assert other.facts["contract.orders_affected"] == 3
        assert other.as_of == case.as_of


def test_norway_is_a_country(decider: Decider) -> None:
    (case,) = cases_of(GOOD.replace("jurisdiction: US", "jurisdiction: NO"), "c.yml", decider.law)
    assert case.facts["party.jurisdiction"] == "NO"


def test_a_fact_stated_as_null_is_unknown(decider: Decider) -> None:
    (case,) = cases_of(GOOD.replace("item.producer: huawei", "item.producer: null"), "c.yml", decider.law)
    assert "item.producer" not in case.facts


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "near"),
    [
        ("item.producer: huawei", "item.produser: huawei", "E401", 8, "item.producer"),
        ("act.kind: award_contract", "act.kind: award", "E402", 7, "award_contract"),
        ("us-889-b", "us-889-c", "E403", 3, "us-889-"),
        ("regimes: [us-889-b]", "regimes: [us-889]", "E403", 3, "us-889-"),
        ("as_of: 2020-09-01", "as_of: 2020-09-31", "E404", 2, ""),
        ("use.by: the_entity", "contract.awarded_on: 31.12.2020", "E404", 11, ""),
        (
            "use.by: the_entity",
            "contract.awarded_on: 2020-01-01\n    contract.solicitation_issued_on: 2020-02-01",
            "E405",
            11,
            "",
        ),
        ("use.by: the_entity", "item.purpose: [none, public_safety]", "E402", 11, ""),
        ("  as_of: 2020-09-01\n", "", "E406", 1, ""),
        ("- id: one\n  as_of", "- as_of", "E406", 1, ""),
        ("  facts:", "  fact:", "E406", 4, "facts"),
        ("use.by: the_entity", "contract.clauses: [52.204-25 (MAR 2031)]", "E429", 11, ""),
        ("outcome: prohibited", "outcome: forbidden", "E402", 13, ""),
        ("missing: []", "missing: [item.purpos]", "E401", 15, "item.purpose"),
        ("missing: []", "obligations: [{kind: reprot}]", "E402", 15, "report"),
        ("missing: []", "obligations: [{knd: report}]", "E406", 15, "kind"),
        ("use.by: the_entity", "use.by: &x the_entity", "E409", 11, ""),
        ("use.by: the_entity", "use.by: the_entity\n    use.by: landlord", "E408", 12, ""),
        ("use.by: the_entity", "use.by: [the_entity", "E407", 12, ""),
    ],
)
def test_bad_files_are_named(decider: Decider, old: str, new: str, code: str, line: int, near: str) -> None:
    assert old in GOOD
    with pytest.raises(CaseError) as caught:
        cases_of(GOOD.replace(old, new, 1), "cases.yml", decider.law)
    error = caught.value
    assert error.code == code
    assert error.exit_code == 2
    assert error.at.startswith(f"cases.yml:{line}")
    assert near in error.next_step
    assert error.expected


def test_several_problems_are_named_together(decider: Decider) -> None:
    text = GOOD.replace("act.kind: award_contract", "act.kind: award").replace(
        "use.by: the_entity", "use.by: us"
    )
    with pytest.raises(CaseError) as caught:
        cases_of(text, "cases.yml", decider.law)
    assert "cases.yml:11" in str(caught.value)


def test_an_id_used_twice_is_refused(decider: Decider) -> None:
    with pytest.raises(CaseError, match="twice"):
        cases_of(GOOD + GOOD, "cases.yml", decider.law)


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"text", b"\xff\xfe", b"- - 1\n", b"null", b"a: &a [*a]", b"{" * 200]
)
def test_hostile_files_are_refused_in_words(decider: Decider, data: bytes) -> None:
    with pytest.raises(CaseError):
        cases_of(data, "cases.yml", decider.law)


def test_an_absent_file_is_named(decider: Decider, tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="cannot be read"):
        read_cases(tmp_path / "none.yml", decider.law)


@settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=12),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "as_of", "facts", "expect", "regimes", "accept", "item.kind", "x"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_refused_in_words(decider: Decider, value: object) -> None:
    try:
        cases_of(json.dumps(value), "cases.json", decider.law)
    except CaseError as error:
        assert error.code.startswith("E4")


# Comparing with what a case expects


def expecting(decider: Decider, expect: str, *more: str) -> list[str]:
    head = GOOD.split("  expect:")[0]
    (case,) = cases_of(
        head + f"  expect: {expect}\n" + "".join(f"  {line}\n" for line in more), "c.yml", decider.law
    )
    return [item.what for item in check(case, decider.decide(case))]


def test_each_expectation_can_fail(decider: Decider) -> None:
    assert expecting(decider, "{outcome: prohibited}") == []
    assert expecting(decider, "{outcome: excepted}") == ["outcome"]
    assert expecting(decider, "{outcome: excepted}", "accept: [prohibited]") == []
    assert expecting(decider, '{outcome: prohibited, citations: ["48 CFR 52.204-25(b)(1)"]}') == ["citation"]
    assert expecting(decider, "{outcome: prohibited, missing: [item.purpose]}") == ["missing"]
    assert expecting(decider, "{outcome: excepted, missing: [item.purpose]}", "accept: [prohibited]") == []
    assert expecting(decider, "{outcome: prohibited, until: 2027-12-31}") == ["until"]
    assert expecting(decider, "{obligations: [{kind: notify_congress}]}") == ["obligation"]
    assert expecting(decider, "{obligations_absent: [{kind: notify_congress}]}") == []


def test_a_dangerous_error_is_one_that_says_lawful(decider: Decider) -> None:
    text = GOOD.replace("use.by: the_entity", "use.by: third_party\n    use.place: their_site")
    (case,) = cases_of(text, "c.yml", decider.law)
    result = decider.decide(case)
    assert result.outcome.value == "not_covered"
    assert dangerous(case, result)
    (lenient,) = cases_of(text + "  accept: [not_covered]\n", "c.yml", decider.law)
    assert not dangerous(lenient, result)
