"""Every fact that can hit brings the cases it is tried with."""

from __future__ import annotations

import pytest

from proscribe.kb import Snapshot
from proscribe.kb.examples import Example, collect
from proscribe.model.observations import FIELDS

from .conftest import Tree, edited


def test_every_matching_table_gives_hits_and_misses(tree: Tree) -> None:
    cases = collect(Snapshot.open(tree()))
    tables = {
        "names",
        "brands",
        "relabels",
        "models",
        "phones",
        "fingerprints",
        "chips",
        "cpe",
        "fcc",
        "oui",
        "pen",
        "usb_pci",
    }
    assert {case.table for case in cases if case.should_hit} == tables
    assert {case.table for case in cases if not case.should_hit} == tables
    assert {case.field for case in cases} <= set(FIELDS)


def test_identifiers_are_tried_with_their_own_number(tree: Tree) -> None:
    cases = collect(Snapshot.open(tree()), ids=frozenset({"oui:001012", "pen:39165"}))
    assert [(case.fact, case.text, case.should_hit, case.field) for case in cases] == [
        ("oui:001012", "00:10:12:00:00:01", True, "mac"),
        ("oui:001012", "00:10:14:00:00:01", False, "mac"),  # 001013 is listed too
        ("pen:39165", "1.3.6.1.4.1.39165.2.1", True, "sysobjectid"),
        ("pen:39165", "1.3.6.1.4.1.391650.2.1", False, "sysobjectid"),
    ]


def test_channels_choose_the_field(tree: Tree) -> None:
    cases = collect(Snapshot.open(tree()), ids=frozenset({"fp:http.server/hikvision-webs"}))
    assert cases[0] == Example(
        "fp:http.server/hikvision-webs",
        "fingerprints",
        "Server: Hikvision-Webs",
        True,
        "banner",
        "http.server",
        "hikvision",
    )


def test_several_texts_in_one_cell(tree: Tree) -> None:
    root = tree(edited("brands.csv", "HiLook camera", "HiLook camera | HILOOK NVR"))
    cases = collect(Snapshot.open(root), ids=frozenset({"brand:hikvision/hilook"}))
    assert [case.text for case in cases if case.should_hit] == ["HiLook camera", "HILOOK NVR"]


def test_rejected_and_retracted_facts_never_have_to_hit(tree: Tree) -> None:
    rejected = Snapshot.open(tree(edited("relabels/dahua.yml", "verdict: relabel", "verdict: rejected"), "a"))
    assert not any(case.should_hit for case in collect(rejected, ids=frozenset({"relabel:dahua/amcrest"})))
    removed = Snapshot.open(
        tree(edited("relabels/dahua.yml", "strength: weak", "strength: weak\n    status: removed"), "b")
    )
    assert collect(removed, ids=frozenset({"relabel:dahua/amcrest"})) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "fact"),
    [
        ("relabels/dahua.yml", "verdict: relabel", "verdict: cleared", "relabel:dahua/amcrest"),
        ("identifiers/cpe.csv", "hikvision,hikvision,names", "hikvision,,other", "cpe:hikvision"),
        ("identifiers/pen.csv", "Hikvision,hikvision,names", "Hikvision,,other", "pen:39165"),
    ],
)
def test_facts_that_speak_for_nobody_never_hit(tree: Tree, path: str, old: str, new: str, fact: str) -> None:
    cases = collect(Snapshot.open(tree(edited(path, old, new))), ids=frozenset({fact}))
    assert len(cases) == 2 and not any(case.should_hit for case in cases)


def test_a_chip_of_another_maker_is_cited_as_such(tree: Tree) -> None:
    root = tree(edited("identifiers/chips.yml", "verdict: names", "verdict: other"))
    assert [case.should_hit for case in collect(Snapshot.open(root), ids=frozenset({"chip:dahua/x1"}))] == [
        True,
        False,
    ]
