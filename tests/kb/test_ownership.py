"""Ownership over time, against a brute-force oracle that walks every simple path on every day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proscribe.kb.ownership import Certainty, Link, Ownership, links_of
from proscribe.model.periods import Period

START = date(2020, 1, 1)


def day(number: int) -> date:
    return START + timedelta(days=number)


def stake(
    identity: str, asset: str, owner: str, relation: str = "subsidiary_of", **fields: str
) -> dict[str, Any]:
    row = dict.fromkeys(("valid_from", "valid_to", "unsettled_from", "unsettled_to"), "")
    row.update(confidence="high", basis="stated", status="stable")
    return {**row, "id": identity, "asset": asset, "owner": owner, "relation": relation, **fields}


def tie(rows: list[dict[str, Any]], entity: str, on: str, firms: tuple[str, ...] = ("firm",)) -> Any:
    return Ownership(links_of(rows), firms).covered_through(entity, date.fromisoformat(on))


def test_a_named_firm_is_covered_by_itself() -> None:
    found = tie([], "firm", "2020-01-01")
    assert (found.path, found.certainty, found.stakes, found.named_firm) == (("firm",), "certain", (), "firm")


def test_an_unknown_entity_has_no_tie() -> None:
    found = tie([], "acme", "2020-01-01")
    assert (found.path, found.certainty, found.named_firm) == (("acme",), "none", None)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "certain"),
        ({"confidence": "medium", "basis": "reported"}, "certain"),
        ({"confidence": "low"}, "weak"),
        ({"basis": "inferred"}, "weak"),
        ({"status": "preview"}, "weak"),
        ({"unsettled_from": "2020-01-01", "unsettled_to": "2020-12-31"}, "unsettled"),
        ({"unsettled_from": "2020-01-01"}, "unsettled"),
        ({"unsettled_to": "2020-06-01"}, "certain"),
        ({"unsettled_from": "2020-01-01", "confidence": "low"}, "weak"),
        ({"valid_from": "2020-06-01"}, "certain"),
        ({"valid_from": "2020-06-02"}, "none"),
        ({"valid_to": "2020-06-02"}, "certain"),
        ({"valid_to": "2020-06-01"}, "former"),
        (
            {"valid_to": "2020-05-01", "unsettled_from": "2020-05-01", "unsettled_to": "2020-07-01"},
            "unsettled",
        ),
        ({"relation": "named_affiliate_of", "valid_from": "2021-01-01"}, "weak"),
        ({"relation": "affiliate_of", "valid_from": "2021-01-01"}, "weak"),
        ({"relation": "controlled_by"}, "certain"),
        ({"relation": "brand_of"}, "certain"),
        ({"relation": "sells_units_made_by"}, "none"),
        ({"relation": "lookalike_of"}, "none"),
        (
            {"relation": "formerly_subsidiary_of", "valid_from": "2018-01-01", "valid_to": "2022-01-01"},
            "certain",
        ),
        (
            {"relation": "formerly_subsidiary_of", "valid_from": "2018-01-01", "valid_to": "2019-01-01"},
            "former",
        ),
        ({"relation": "formerly_subsidiary_of", "valid_from": "2020-01-01"}, "former"),
        ({"relation": "formerly_subsidiary_of", "valid_from": "2020-12-01"}, "weak"),
        ({"relation": "formerly_subsidiary_of"}, "weak"),
        ({"valid_from": "2020-06-01", "valid_to": "2019-01-01"}, "none"),
    ],
)
def test_one_link_on_one_day(fields: dict[str, str], expected: str) -> None:
    assert tie([stake("s", "a", "firm", **fields)], "a", "2020-06-01").certainty == expected


def test_a_path_is_as_good_as_its_worst_link_and_the_best_path_wins() -> None:
    weak = stake("s1", "a", "firm", confidence="low")
    via = [stake("s2", "a", "b"), stake("s3", "b", "firm")]
    found = tie([weak, *via], "a", "2020-01-01")
    assert (found.certainty, found.path, found.stakes) == ("certain", ("a", "b", "firm"), ("s2", "s3"))
    via[1]["confidence"] = "low"
    found = tie([weak, *via], "a", "2020-01-01")
    assert (found.certainty, found.path) == ("weak", ("a", "firm")), "equally good: the shorter one"


def test_ties_between_paths_and_links_are_broken_the_same_way_always() -> None:
    rows = [stake("s1", "a", "c"), stake("s2", "a", "b"), stake("s3", "c", "firm"), stake("s4", "b", "firm")]
    assert tie(rows, "a", "2020-01-01").path == ("a", "b", "firm")
    # of two links between one pair the better one is cited, even on a path that is weak elsewhere
    weak_first = [
        stake("s1", "a", "b", confidence="low"),
        stake("s2", "a", "b"),
        stake("s3", "b", "firm", confidence="low"),
    ]
    found = tie(weak_first, "a", "2020-01-01")
    assert (found.certainty, found.stakes) == ("weak", ("s2", "s3"))


def test_former_needs_all_links_on_one_day() -> None:
    apart = [
        stake("s1", "a", "b", valid_from="2010-01-01", valid_to="2012-01-01"),
        stake("s2", "b", "firm", valid_from="2013-01-01", valid_to="2015-01-01"),
    ]
    assert tie(apart, "a", "2020-01-01").certainty == "none", "b joined the firm after it had sold a"
    apart[1]["valid_from"] = "2011-06-01"
    found = tie(apart, "a", "2020-01-01")
    assert (found.certainty, found.last_day) == ("former", date(2011, 12, 31))


def test_cycles_end() -> None:
    rows = [
        stake("s1", "a", "b"),
        stake("s2", "b", "a"),
        stake("s3", "a", "a"),
        stake("s4", "b", "c", valid_to="2010-01-01"),
    ]
    assert tie(rows, "a", "2020-01-01").certainty == "none"
    rows.append(stake("s5", "c", "firm"))
    assert tie(rows, "a", "2020-01-01").last_day == date(2009, 12, 31)


def test_long_chains_do_not_recurse() -> None:
    rows = [stake(f"s{i}", f"e{i}", f"e{i + 1}") for i in range(5_000)]
    assert len(tie(rows, "e0", "2020-01-01", ("e5000",)).path) == 5_001


def test_suppliers_are_no_owners() -> None:
    rows = [
        stake("s1", "shop", "firm", "sells_units_made_by", valid_from="2020-01-01"),
        stake("s2", "shop", "other", "sells_units_made_by", valid_to="2019-01-01"),
        stake("s3", "shop", "later", "sells_units_made_by", valid_from="2022-01-01"),
        stake("s4", "shop", "doubt", "sells_units_made_by", confidence="low"),
    ]
    graph = Ownership(links_of(rows), ["firm"])
    found = [
        (item.maker, item.certainty, item.last_day) for item in graph.suppliers("shop", date(2020, 6, 1))
    ]
    assert found == [
        ("doubt", "weak", None),
        ("firm", "certain", None),
        ("other", "former", date(2018, 12, 31)),
    ]
    assert graph.covered_through("shop", date(2020, 6, 1)).certainty == "none"


def test_lists_of_the_firm_and_of_the_entity_itself() -> None:
    listings = {"firm": [("x", Period(day(0), day(10)))], "a": [("own", Period(day(5), None))]}
    graph = Ownership(links_of([stake("s", "a", "firm")]), ["firm"], listings)
    assert graph.covered_through("a", day(7)).lists == ("own", "x")
    assert graph.covered_through("a", day(10)).lists == ("own",)
    assert graph.covered_through("a", day(1)).lists == ("x",)


# The oracle

_RANKS = {"none": 0, "weak": 1, "unsettled": 2, "certain": 3}
_ENTITIES = ("a", "b", "c", "d", "f1", "f2")
_FIRMS = ("f1", "f2")


def simple_paths(links: list[Link], here: str, seen: tuple[str, ...] = ()) -> Iterator[list[Link]]:
    """Walk every path without a repeated entity, up to the first named firm on it."""
    if here in _FIRMS:
        yield []
        return
    for link in links:
        if link.asset == here and link.owner not in (*seen, here) and link.relation != "sells_units_made_by":
            for rest in simple_paths(links, link.owner, (*seen, here)):
                yield [link, *rest]


def best_rank(links: list[Link], entity: str, on: date) -> int:
    return max(
        (min((_RANKS[link.grade(on)] for link in path), default=3) for path in simple_paths(links, entity)),
        default=0,
    )


def shortest(links: list[Link], entity: str, on: date, rank: int) -> tuple[str, ...]:
    good = [
        (entity, *(link.owner for link in path))
        for path in simple_paths(links, entity)
        if all(_RANKS[link.grade(on)] >= rank for link in path)
    ]
    return min(good, key=lambda path: (len(path), path))


@st.composite
def stakes(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = []
    days = st.none() | st.integers(0, 12)
    for number in range(draw(st.integers(0, 9))):
        dates = {}
        for name in ("valid", "unsettled"):
            first, last = draw(days), draw(days)
            if name == "unsettled" and draw(st.booleans()):
                first = last = None
            dates[f"{name}_from"] = "" if first is None else day(first).isoformat()
            dates[f"{name}_to"] = "" if last is None else day(last).isoformat()
        rows.append(
            stake(
                f"s{number}",
                draw(st.sampled_from(_ENTITIES)),
                draw(st.sampled_from(_ENTITIES)),
                draw(
                    st.sampled_from(
                        (
                            "subsidiary_of",
                            "named_affiliate_of",
                            "formerly_subsidiary_of",
                            "sells_units_made_by",
                        )
                    )
                ),
                confidence=draw(st.sampled_from(("high", "low"))),
                **dates,
            )
        )
    return rows


@given(stakes(), st.sampled_from(_ENTITIES), st.integers(0, 14))
@settings(max_examples=400)
def test_closure_equals_brute_force(rows: list[dict[str, Any]], entity: str, number: int) -> None:
    links = links_of(rows)
    on = day(number)
    found = Ownership(links, _FIRMS).covered_through(entity, on)
    rank = best_rank(links, entity, on)
    if rank:
        assert _RANKS[found.certainty] == rank
        assert found.path == shortest(links, entity, on, rank)
        used = {link.id: link for link in links}
        chain = [used[name] for name in found.stakes]
        assert [entity, *(link.owner for link in chain)] == list(found.path)
        assert min((_RANKS[link.grade(on)] for link in chain), default=3) == rank
        return
    # days before the first date of any row are all alike, so one of them stands for the past
    past = [day(n) for n in range(number - 1, -3, -1) if best_rank(links, entity, day(n))]
    assert found.certainty == (Certainty.FORMER if past else Certainty.NONE)
    assert found.last_day == (past[0] if past else None)


@given(stakes(), st.sampled_from(_ENTITIES), st.integers(0, 14))
@settings(max_examples=100)
def test_the_order_of_rows_does_not_matter(rows: list[dict[str, Any]], entity: str, number: int) -> None:
    one = Ownership(links_of(rows), _FIRMS).covered_through(entity, day(number))
    assert one == Ownership(reversed(links_of(rows[::-1])), _FIRMS).covered_through(entity, day(number))
