"""Kleene's tables, dates that straddle, ownership on two days."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest

from proscribe.app.rules.decide import Decider
from proscribe.model.agencies import build
from proscribe.model.decisions import Truth
from proscribe.rules.evaluation import Context, evaluate
from proscribe.rules.expression_words import describe
from proscribe.rules.expressions import BadExpression, parse
from proscribe.rules.facts import typed

from .conftest import Entities

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
LEAF = {
    T: {"fact": "network.is_public", "is": True},
    F: {"fact": "network.is_public", "is": False},
    U: {"fact": "site.is_sensitive", "is": True},
}
ORDER = {F: 0, U: 1, T: 2}


def ask(raw: Any, facts: dict[str, Any] | None = None, as_of: str = "2021-06-01") -> Any:
    values = {name: typed(name, value) for name, value in (facts or {}).items()}
    known = build([("DoD", "", ()), ("GSA", "", ())])
    return evaluate(parse(raw), Context(values, date.fromisoformat(as_of), {}, Entities(), known))


@pytest.mark.parametrize(("one", "other"), list(itertools.product((T, F, U), repeat=2)))
def test_kleene_tables(one: Truth, other: Truth) -> None:
    facts = {"network.is_public": True}
    assert ask({"all": [LEAF[one], LEAF[other]]}, facts).truth is min(one, other, key=ORDER.__getitem__)
    assert ask({"any": [LEAF[one], LEAF[other]]}, facts).truth is max(one, other, key=ORDER.__getitem__)
    negated = {T: F, F: T, U: U}[one]
    assert ask({"not": LEAF[one]}, facts).truth is negated


def test_empty_groups() -> None:
    assert ask({"all": []}).truth is T
    assert ask({"any": []}).truth is F


def test_only_what_leaves_it_open_is_missing() -> None:
    verdict = ask(
        {"all": [LEAF[T], LEAF[U], {"fact": "use.by", "is": "landlord"}]}, {"network.is_public": True}
    )
    assert verdict.missing == ("site.is_sensitive", "use.by")
    assert ask({"all": [LEAF[F], LEAF[U]]}, {"network.is_public": True}).missing == ()


def test_a_reading_is_named_once_the_fact_beside_it_is_known() -> None:
    raw = {"all": [{"fact": "use.by", "is": "landlord"}, {"unsettled": "reading.use"}]}
    assert ask(raw).open == ("use.by",)
    assert ask(raw, {"use.by": "landlord"}).open == ("reading.use",)
    assert ask(raw, {"use.by": "the_entity"}).truth is F


def test_unless_shown_stands_while_facts_are_missing() -> None:
    raw = {
        "unless_shown": {
            "all": [{"fact": "use.state", "is": "stored_disconnected"}, {"unsettled": "reading.use"}]
        }
    }
    assert ask(raw).truth is T
    assert ask(raw, {"use.state": "in_service"}).truth is T
    stored = ask(raw, {"use.state": "stored_disconnected"})
    assert (stored.truth, stored.readings) == (U, ("reading.use",))
    assert ask({"unless_shown": LEAF[T]}, {"network.is_public": True}).truth is F


@pytest.mark.parametrize(
    ("produced", "expected"),
    [("2021", T), ("2022-11-24", F), ("2022", U), ("2022-01-01", T), ("2023", F)],
)
def test_a_year_that_straddles_the_day_is_unknown(produced: str, expected: Truth) -> None:
    verdict = ask({"fact": "item.produced_on", "before": "2022-11-24"}, {"item.produced_on": produced})
    assert verdict.truth is expected
    assert verdict.missing == (("item.produced_on",) if expected is U else ())


def test_dates_compare_with_the_day_asked_and_with_other_facts() -> None:
    facts = {"waiver.granted_on": "2021-06-01", "waiver.valid_to": "2021-06-01"}
    assert ask({"fact": "waiver.granted_on", "on_or_before": "as_of"}, facts).truth is T
    assert ask({"fact": "waiver.granted_on", "before": "as_of"}, facts).truth is F
    assert ask({"fact": "waiver.valid_to", "on_or_after": "waiver.granted_on"}, facts).truth is T
    assert ask({"fact": "waiver.valid_to", "after": "event.identified_at"}, facts).missing == (
        "event.identified_at",
    )


MADE_BY = {"affiliate_of": {"who": "item.producer", "of": ["huawei"]}}


@pytest.mark.parametrize(
    ("producer", "produced", "as_of", "truth", "open_names"),
    [
        ("huawei", None, "2021-06-01", T, ()),
        ("other", None, "2021-06-01", F, ()),
        ("acme", None, "2021-06-01", F, ()),
        ("nobody-knows", None, "2021-06-01", U, ("item.producer",)),
        ("maybe", None, "2021-06-01", U, ("reading.producer_ownership",)),
        ("pending-sale", "2021-01-01", "2021-06-01", U, ("reading.producer_ownership",)),
        ("lorex", None, "2021-06-01", T, ()),
        ("lorex", None, "2017-06-01", F, ()),
        ("lorex", None, "2024-06-01", U, ("item.produced_on", "reading.producer_ownership")),
        ("lorex", "2021-05-01", "2024-06-01", U, ("reading.producer_ownership",)),
        ("lorex", "2023-05-01", "2024-06-01", F, ()),
        ("lorex", "2022", "2024-06-01", U, ("item.produced_on", "reading.producer_ownership")),
        ("lorex", "2015-05-01", "2019-06-01", T, ()),
    ],
)
def test_the_producer_is_resolved_on_the_day_of_production_and_of_the_act(
    producer: str, produced: str | None, as_of: str, truth: Truth, open_names: tuple[str, ...]
) -> None:
    facts = {"item.producer": producer, **({"item.produced_on": produced} if produced else {})}
    verdict = ask(MADE_BY, facts, as_of)
    assert (verdict.truth, verdict.open) == (truth, open_names)


@pytest.mark.parametrize(
    ("produced", "expected"), [("2023-05-01", U), ("2024-05-01", F), ("2023", U), (None, U)]
)
def test_a_seller_of_units_of_a_named_firm_is_not_taken_for_the_maker(
    produced: str | None, expected: Truth
) -> None:
    facts = {"item.producer": "relabeller"} | ({"item.produced_on": produced} if produced else {})
    verdict = ask(MADE_BY, facts)
    assert verdict.truth is expected
    assert verdict.readings == (("reading.producer_ownership",) if expected is U else ())


def test_a_relabeller_as_a_firm_contracted_with_is_itself() -> None:
    raw = {"affiliate_of": {"who": "contract.counterparty", "of": ["huawei"]}}
    assert ask(raw, {"contract.counterparty": "relabeller"}).truth is F


def test_a_counterparty_is_asked_on_the_day_of_the_act_only() -> None:
    raw = {"affiliate_of": {"who": "contract.counterparty", "of": ["huawei"]}}
    assert ask(raw, {"contract.counterparty": "lorex"}, "2024-06-01").truth is F
    assert ask(raw, {"contract.counterparty": "lorex"}, "2022-11-23").truth is T


def test_lists_of_entities_hold_when_any_does() -> None:
    raw = {"affiliate_of": {"who": "item.contains_producer", "of": ["huawei"], "except": ["always"]}}
    assert ask(raw, {"item.contains_producer": []}).truth is F
    assert ask(raw, {"item.contains_producer": ["acme", "huawei"]}).truth is T
    assert ask(raw, {"item.contains_producer": ["acme", "maybe"]}).truth is U
    assert ask(raw, {"item.contains_producer": ["always"]}).truth is F
    assert ask(raw).missing == ("item.contains_producer",)


def test_lists_jurisdictions_and_clauses() -> None:
    listed = {"listed_on": {"who": "item.producer", "list": "a-list"}}
    assert [ask(listed, {"item.producer": name}).truth for name in ("huawei", "acme", "other", "nobody")] == [
        T,
        F,
        F,
        U,
    ]
    based = {"based_in": {"who": "item.producer", "in": ["CN"]}}
    assert [ask(based, {"item.producer": name}).truth for name in ("huawei", "acme", "other", "zte")] == [
        T,
        F,
        U,
        U,
    ]
    clause = {"clause": "52.204-25", "editions": ["AUG 2020"]}
    for clauses, truth in (
        (["52.204-25 (AUG 2020)"], T), (["52.204-25 (Nov 2021)"], F), (["52.204-25"], U), (["52.240-91"], F), ([], F),
    ):  # fmt: skip
        assert ask(clause, {"contract.clauses": clauses}).truth is truth
    assert ask(clause).missing == ("contract.clauses",)


@pytest.mark.parametrize(
    "raw",
    [
        "text",
        {},
        {"all": [], "any": []},
        {"fact": "item.produser", "is": "huawei"},
        {"fact": "item.kind", "is": "telecom"},
        {"fact": "item.kind", "has_any": ["other"]},
        {"fact": "item.purpose", "is": "public_safety"},
        {"fact": "item.kind", "before": "2020-01-01"},
        {"fact": "contract.awarded_on", "before": "yesterday"},
        {"fact": "use.by"},
        {"unsettled": "reading.nothing"},
        {"affiliate_of": {"who": "item.kind", "of": ["huawei"]}},
        {"as_of": {"from": "2021-01-01", "to": "2020-01-01"}},
        {"days_between": ["waiver.granted_on"], "at_least": "15"},
        {"owned_by": "huawei"},
        {"clause": "fifty-two"},
    ],
)
def test_what_is_not_of_the_vocabulary_is_refused(raw: Any) -> None:
    with pytest.raises(BadExpression):
        parse(raw)


def test_a_misspelt_fact_gets_the_nearest_name() -> None:
    with pytest.raises(BadExpression, match=r"item\.producer"):
        parse({"fact": "item.produser", "is": "huawei"})


def test_expressions_are_said_in_words() -> None:
    raw = {"all": [{"fact": "act.kind", "is": "use"}, {"any": [MADE_BY, {"unless_shown": LEAF[T]}]}]}
    assert describe(parse(raw)) == (
        "act.kind is use and (item.producer is huawei, a subsidiary or an affiliate or unless shown: network.is_public is true)"
    )


def test_shown_adds_only_what_is_stated_and_is_plain_inside_a_negation() -> None:
    raw = {"shown": {"fact": "party.is_under_individual_order", "is": True}}
    assert ask(raw).truth is F
    assert ask(raw).open == ()
    assert ask(raw, {"party.is_under_individual_order": True}).truth is T
    assert ask(raw, {"party.is_under_individual_order": False}).truth is F
    assert ask({"not": raw}).truth is U
    assert describe(parse(raw)).startswith("shown: ")


def test_a_share_can_make_an_affiliate() -> None:
    held = {"who": "item.producer", "of": ["huawei"]}
    case = {"item.producer": "maybe"}
    assert ask({"affiliate_of": held}, case).truth is U
    assert ask({"affiliate_of": {**held, "over_percent": "10"}}, case).truth is T
    assert ask({"affiliate_of": {**held, "over_percent": "50"}}, case).truth is U
    assert "more than 10 per cent" in describe(parse({"affiliate_of": {**held, "over_percent": "10"}}))
    with pytest.raises(BadExpression, match="over_percent"):
        parse({"affiliate_of": {**held, "over_percent": "many"}})


def test_a_list_that_names_nobody_asks_nothing() -> None:
    assert ask({"listed_on": {"who": "item.producer", "list": "no-list"}}).truth is F
    assert ask({"listed_on": {"who": "item.producer", "list": "a-list"}}).missing == ("item.producer",)


def test_the_agency_of_the_contract_and_of_the_buyer_stand_for_each_other() -> None:
    raw = {"fact": "contract.agency", "is": "DoD"}
    assert ask(raw, {"party.agency": "DoD"}).truth is T
    assert ask(raw, {"party.agency": "DoD", "contract.agency": "GSA"}).truth is F
    assert ask({"fact": "party.agency", "is": "DoD"}, {"contract.agency": "DoD"}).truth is T
    assert ask(raw).missing == ("contract.agency",)


def test_an_agency_that_nobody_knows_is_not_taken_for_another() -> None:
    raw = {"fact": "contract.agency", "is": "DoD"}
    assert ask(raw, {"contract.agency": "Office of Large Affairs"}).missing == ("contract.agency",)
    assert ask({"not": raw}, {"contract.agency": "Office of Large Affairs"}).truth is U


def test_an_agency_is_compared_with_the_one_of_another_fact() -> None:
    raw = {"fact": "waiver.agency", "is": "contract.agency"}
    assert ask(raw, {"waiver.agency": "dod", "contract.agency": "DoD"}).truth is T
    assert ask(raw, {"waiver.agency": "DoD", "party.agency": "DoD", "contract.agency": "GSA"}).truth is F
    assert ask(raw, {"waiver.agency": "DoD", "party.agency": "DoD"}).truth is T
    assert ask(raw, {"waiver.agency": "DoD"}).missing == ("contract.agency",)
    assert ask(raw, {"contract.agency": "DoD"}).missing == ("waiver.agency",)


def test_an_unheard_of_maker_is_not_shown_to_be_another(decider: Decider) -> None:
    """A slip in a name is no clearance where a rule names one maker without its affiliates."""
    facts = {"party.jurisdiction": "US", "party.role": "public_body", "item.brand": "x"}
    expression = parse({"is_entity": {"who": "item.producer", "of": ["dji"]}})
    for maker, truth in (("dji", "true"), ("other", "false"), ("huawei", "false"), ("djl", "unknown")):
        context = Context({**facts, "item.producer": maker}, date(2026, 11, 1), {}, decider.entities)
        assert evaluate(expression, context).truth.value == truth, maker
