"""Component roll-up: what contains a part, how many times, along which way."""

from __future__ import annotations

import itertools
import random
import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proscribe.matching import rollup
from proscribe.matching.rollup import (
    Bom,
    RollUp,
    count_designators,
    levels_of,
    plain,
    roll_up,
)


def bom(
    rows: Any,
    stem: str = "",
    links: list[tuple[str, str]] | None = None,
    **fields: str,
) -> Bom:
    """Make a table; columns are named like their fields unless said otherwise."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})
    return Bom(
        table,
        {name: fields.get(name, name) for name in names},
        stem,
        stem or "a.csv",
        None if links is None else (lambda: links),
    )


def shown(answer: RollUp) -> dict[tuple[int, int], list[tuple[int, str | None, int]]]:
    return {
        place: [
            (one.hit, plain(one.quantity) if one.quantity is not None else None, one.ways) for one in lies
        ]
        for place, lies in answer.contained.items()
    }


def edge(parent: str, child: str, quantity: str = "1", **more: str) -> dict[str, str | None]:
    return {"parent_ref": parent or None, "part_number": child, "quantity": quantity, **more}


def test_quantities_multiply_along_the_way() -> None:
    answer = roll_up(
        [bom([edge("", "TOP"), edge("TOP", "BOARD", "2"), edge("BOARD", "CHIP", "3")])], [(0, 2)]
    )
    assert shown(answer) == {(0, 0): [(0, "6", 1)], (0, 1): [(0, "3", 1)]}
    assert answer.contained[0, 0][0].path == ("TOP", "BOARD", "CHIP")


def test_a_shared_assembly_counts_on_every_way() -> None:
    rows = [
        edge("", "TOP"),
        edge("TOP", "A", "2"),
        edge("TOP", "B", "1"),
        edge("A", "B", "3"),
        edge("B", "CHIP", "5"),
    ]
    answer = roll_up([bom(rows)], [(0, 4)])
    assert shown(answer)[0, 0] == [(0, "35", 2)]  # 1*5 + 2*3*5
    assert answer.contained[0, 0][0].path == ("TOP", "B", "CHIP"), "the shortest way is told"


def test_an_unknown_quantity_makes_what_is_above_unknown() -> None:
    rows = [
        edge("", "TOP"),
        edge("TOP", "A", ""),
        edge("TOP", "B", "2"),
        edge("A", "CHIP", "1"),
        edge("B", "CHIP", "1"),
    ]
    answer = roll_up([bom(rows)], [(0, 3), (0, 4)])
    assert shown(answer)[0, 0] == [(0, None, 1), (1, "2", 1)]


def test_a_ring_is_told_and_shown_without_a_quantity() -> None:
    rows = [edge("", "TOP"), edge("TOP", "A"), edge("A", "B"), edge("B", "A"), edge("B", "CHIP")]
    answer = roll_up([bom(rows)], [(0, 4)])
    assert {row for _, row in answer.contained} == {0, 1, 2, 3}
    assert all(one.quantity is None and one.ways == 0 for lies in answer.contained.values() for one in lies)
    assert [names for _, names in answer.cycles] == [("A", "B")]


def test_a_part_that_is_its_own_parent() -> None:
    answer = roll_up([bom([edge("", "TOP"), edge("TOP", "A"), edge("A", "A"), edge("A", "CHIP")])], [(0, 3)])
    assert shown(answer)[0, 0] == [(0, None, 0)]
    assert [names for _, names in answer.cycles] == [("A",)]


def test_ways_are_counted_and_not_walked() -> None:
    """Forty diamonds on top of each other have 2**40 ways."""
    rows = [edge("", "N0")]
    for level in range(40):
        rows += [
            edge(f"N{level}", f"L{level}"), edge(f"N{level}", f"R{level}"),
            edge(f"L{level}", f"N{level + 1}"), edge(f"R{level}", f"N{level + 1}"),
        ]  # fmt: skip
    rows.append(edge("N40", "CHIP"))
    answer = roll_up([bom(rows)], [(0, len(rows) - 1)])
    assert shown(answer)[0, 0] == [(0, str(2**40), 2**40)]


def test_levels() -> None:
    rows = [
        {"level": level, "product_name": name, "quantity": quantity}
        for level, name, quantity in [
            ("0", "TOP", "1"), ("1", "A", "2"), ("2", "CHIP", "3"), ("1", "A", "4"), ("2", "X", "1"), ("2", "CHIP", "5"),
        ]
    ]  # fmt: skip
    answer = roll_up([bom(rows)], [(0, 2), (0, 5)])
    assert shown(answer) == {
        (0, 0): [(0, "6", 1), (1, "20", 1)],
        (0, 1): [(0, "3", 1)],
        (0, 3): [(1, "5", 1)],
    }


@pytest.mark.parametrize(
    ("texts", "depths"),
    [
        (["0", "1", "2"], [0, 1, 2]),
        ([".", "..", "..."], [1, 2, 3]),
        (["1", ".2", "..3"], [1, 2, 3]),
        (["1", "1.1", "1.1.1", "1.2", "2"], [0, 1, 2, 1, 0]),
        (["1.", "1.1."], [0, 1]),
        (["1", None, "", "x", "2"], [1, -1, -1, -1, 2]),
        (["1.5", "2.5"], [1, 2]),
        (["  1", "    2"], [1, 2]),
    ],
)
def test_depths(texts: list[str | None], depths: list[int]) -> None:
    assert levels_of(texts).tolist() == depths


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("R1", 1), ("R1, R2\nR3", 3), ("R1-R10, R12", 11), ("C1..C4", 4), ("U1A U1B", 2), ("R5-R2", None), ("see note", None),
        ("", None), (None, None), ("R1-C4", None), ("R1-R99999", None),
    ],
)  # fmt: skip
def test_designators(text: str | None, number: int | None) -> None:
    assert count_designators(text) == number


def test_dependencies_give_the_parent_and_levels_fill_in() -> None:
    rows = [
        {"component_ref": "root", "level": "0", "product_name": "Product"},
        {"component_ref": "a", "level": "1", "product_name": "A", "quantity": "2"},
        {"component_ref": "b", "level": "1", "product_name": "B", "quantity": "3"},
    ]
    answer = roll_up([bom(rows, links=[("b", "a")])], [(0, 2)])
    assert shown(answer) == {(0, 1): [(0, "3", 1)], (0, 0): [(0, "6", 1)]}


def test_one_document_describes_a_line_of_another() -> None:
    upper = bom([edge("", "SYSTEM-1"), edge("SYSTEM-1", " mb-100", "4")], "upper")
    lower = bom([edge("", "MB-100"), edge("MB-100", "CHIP", "2")], "lower")
    answer = roll_up([upper, lower], [(1, 1)])
    assert shown(answer) == {(1, 0): [(0, "2", 1)], (0, 1): [(0, "2", 1)], (0, 0): [(0, "8", 1)]}
    said = answer.contained[0, 0][0]
    assert said.path == ("SYSTEM-1", "MB-100", "CHIP")
    assert "lower describes 'mb-100'" in said.across[0]


def test_a_flat_list_is_of_what_its_file_is_named_after() -> None:
    upper = bom([edge("", "SYSTEM-1"), edge("SYSTEM-1", "MB-100", "4")], "upper")
    flat = bom(
        [{"part_number": "CHIP", "designators": "U1, U2"}, {"part_number": "R", "designators": "R1"}],
        "MB-100",
    )
    answer = roll_up([upper, flat], [(1, 0)])
    assert shown(answer) == {(0, 1): [(0, "2", 1)], (0, 0): [(0, "8", 1)]}


@pytest.mark.parametrize("number", ["PCB", "1234567"[:3], "Main board"])
def test_numbers_that_many_documents_share_join_nothing(number: str) -> None:
    upper = bom([edge("", "SYSTEM-1"), edge("SYSTEM-1", number)], "upper")
    lower = bom([edge("", number), edge(number, "CHIP")], "lower")
    assert {place[0] for place in roll_up([upper, lower], [(1, 1)]).contained} == {1}


def test_documents_that_describe_each_other_end() -> None:
    first = bom([edge("", "AAA-1"), edge("AAA-1", "BBB-1")], "first")
    second = bom([edge("", "BBB-1"), edge("BBB-1", "AAA-1"), edge("BBB-1", "CHIP")], "second")
    answer = roll_up([first, second], [(1, 2)])
    assert answer.contained and answer.cycles


def test_a_parent_without_a_record_is_told() -> None:
    answer = roll_up([bom([edge("GHOST", "CHIP")])], [(0, 0)])
    assert not answer.contained
    assert answer.missing == {0: {"GHOST": 1}}


def test_the_bound_is_told() -> None:
    rows = [edge("", "N0"), *(edge(f"N{at}", f"N{at + 1}") for at in range(200))]
    assert roll_up([bom(rows)], [(0, 200)], max_nodes=50).stopped
    assert roll_up([bom(rows)], [(0, 200)], max_steps=50).stopped
    assert not roll_up([bom(rows)], [(0, 200)]).stopped


def _brute(edges: list[tuple[int, int, int]], hit: int) -> dict[int, tuple[Fraction, int]]:
    """Walk every way from a line upwards. `edges` are (parent, child, quantity); -1 is no parent."""
    totals: dict[int, tuple[Fraction, int]] = {}

    def walk(line: int, amount: Fraction) -> None:
        parent, _, quantity = edges[line]
        if parent < 0:
            return
        amount *= quantity
        before = totals.get(parent, (Fraction(0), 0))
        totals[parent] = (before[0] + amount, before[1] + 1)
        for other, (_, child, _q) in enumerate(edges):
            if child == parent:
                walk(other, amount)

    walk(hit, Fraction(1))
    return totals


@st.composite
def _dags(draw: Any) -> list[tuple[int, int, int]]:
    size = draw(st.integers(2, 8))
    edges = [(-1, 0, 1)]
    for child in range(1, size):
        parents = draw(st.lists(st.integers(0, child - 1), min_size=1, max_size=3, unique=True))
        edges += [(parent, child, draw(st.integers(1, 4))) for parent in parents]
    return draw(st.permutations(edges))


@settings(max_examples=150)
@given(_dags(), st.data())
def test_equals_walking_every_way(edges: list[tuple[int, int, int]], data: Any) -> None:
    hit = data.draw(st.integers(0, len(edges) - 1))
    rows = [
        edge("" if parent < 0 else f"P{parent}", f"P{child}", str(quantity))
        for parent, child, quantity in edges
    ]
    answer = roll_up([bom(rows)], [(0, hit)])
    found = {
        edges[row][1]: (Fraction(lies[0].quantity or Decimal(0)), lies[0].ways)
        for (_, row), lies in answer.contained.items()
    }
    assert found == _brute(edges, hit)
    for (_, row), lies in answer.contained.items():
        path = lies[0].path
        assert path[0] == f"P{edges[row][1]}"
        assert path[-1] == f"P{edges[hit][1]}"
        for above, below in itertools.pairwise(path):
            assert any((above, below) == (f"P{parent}", f"P{child}") for parent, child, _ in edges)


@settings(max_examples=150)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.data())
def test_levels_equal_a_stack(levels: list[int], data: Any) -> None:
    hit = data.draw(st.integers(0, len(levels) - 1))
    rows: list[dict[str, str | None]] = [
        {"level": str(level), "product_name": f"n{place}", "quantity": "1"}
        for place, level in enumerate(levels)
    ]
    above = set()
    level = levels[hit]
    for place in range(hit - 1, -1, -1):
        if levels[place] < level:
            above.add(place)
            level = levels[place]
    lone = [place for place, one in enumerate(levels) if one == min(levels)]
    if level > min(levels) and len(lone) == 1:
        above.add(lone[0])
    assert {row for _, row in roll_up([bom(rows)], [(0, hit)]).contained} == above - {hit}


@settings(max_examples=100)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "parent_ref": st.sampled_from([None, "a", "b", "c", "\x00", "a\nb"]),
                "component_ref": st.sampled_from([None, "a", "b", "c", "1"]),
                "part_number": st.text(max_size=4) | st.none(),
                "level": st.sampled_from([None, "0", "1", "2", "..", "1.1", "x"]),
                "quantity": st.text(max_size=3) | st.none(),
                "designators": st.text(max_size=6) | st.none(),
            }
        ),
        min_size=1,
        max_size=12,
    ),
    st.lists(st.tuples(st.sampled_from("abc1"), st.sampled_from("abc1")), max_size=6),
    st.booleans(),
)
def test_nothing_breaks_it(
    rows: list[dict[str, str | None]], links: list[tuple[str, str]], linked: bool
) -> None:
    tables = [bom(rows, "PART-1", links if linked else None), bom(rows[::-1], "PART-2")]
    hits = [(table, row) for table in (0, 1) for row in range(len(rows))]
    answer = roll_up(tables, hits)
    for lies in answer.contained.values():
        assert all(one.path and one.ways >= 0 for one in lies)
        assert len({one.hit for one in lies}) == len(lies), "a part lies in a thing once"


def _linked(pairs: list[tuple[str, str]], count: int) -> Bom:
    refs = [f"c{number}" for number in range(count)]
    rows = pa.table({"ref": refs, "name": [f"thing {number}" for number in range(count)]})
    return Bom(rows, {"ref": "component_ref", "name": "product_name"}, links=lambda: pairs)


def test_a_deep_document_is_searched_by_index_with_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    for _ in range(20):
        pairs = [
            (f"c{part}", f"c{chance.randrange(part)}")
            for part in range(1, 60)
            for _ in range(chance.randint(0, 2))
        ]
        bom = _linked(pairs, 60)
        answers = []
        for whole in (0, 1_000):
            monkeypatch.setattr(rollup, "_WHOLE_SEARCHES", whole)
            answers.append(roll_up([bom], [(0, 59), (0, 40)]))
        assert answers[0] == answers[1]


def test_a_chain_of_many_levels_names_both_ends_and_counts_what_is_left_out() -> None:
    depth = 6_000
    bom = _linked([(f"c{number + 1}", f"c{number}") for number in range(depth - 1)], depth)
    answer = roll_up([bom], [(0, depth - 1)])
    assert len(answer.contained) == depth - 1
    path = answer.contained[0, 0][0].path
    assert len(path) == 40
    assert path[0] == "thing 0 (c0)"
    assert path[-1] == f"thing {depth - 1} (c{depth - 1})"
    assert f"({depth - 39} more)" in path
    near = answer.contained[0, depth - 3][0].path
    assert near == tuple(f"thing {number} (c{number})" for number in range(depth - 3, depth))


def test_parts_that_all_contain_each_other_are_looked_through_once() -> None:
    many = 400
    names = [f"c{number}" for number in range(many)]
    dense = _linked([(one, other) for one in names for other in names], many)
    begun = time.process_time()
    answer = roll_up([dense], [(0, row) for row in range(many)])
    assert time.process_time() - begun < 10, "160,000 edges, not so many for each part"
    assert answer.contained and answer.stopped is False
    assert all(one.quantity is None and one.ways == 0 for lies in answer.contained.values() for one in lies)
