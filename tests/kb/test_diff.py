"""What changed between two snapshots, in words."""

from __future__ import annotations

from proscribe.kb import Snapshot
from proscribe.kb.diff import ChangeKind, diff

from .conftest import FILES, Tree, edited


def changes(tree: Tree, after: dict[str, str | None]) -> list[tuple[str, str, str]]:
    old, new = Snapshot.open(tree(name="old")), Snapshot.open(tree(after, "new"))
    return [(change.kind.value, change.id, change.words) for change in diff(old, new)]


def test_nothing_changed(tree: Tree) -> None:
    assert changes(tree, {"VERSION": "2027.1.1"}) == []


def test_added_facts_say_what_and_since_when(tree: Tree) -> None:
    row = "listing:dahua/x,dahua,us-x,2027-01-01,,2026-12-01,,,src:law,,stated,high,stable,\n"
    assert changes(tree, {"listings.csv": FILES["listings.csv"] + row}) == [
        ("added", "listing:dahua/x", "dahua is on the list us-x, from 2027-01-01")
    ]


def test_closed_retracted_and_lost(tree: Tree) -> None:
    path = "listings.csv"
    assert changes(tree, edited(path, "2019-08-13,,", "2019-08-13,2027-01-01,")) == [
        (
            "closed",
            "listing:hikvision/us-889-a",
            "ends on 2027-01-01 (exclusive): hikvision is on the list us-889-a",
        )
    ]
    retracted = edited(path, "2019-08-13,,2026-11-25,,", "2019-08-13,,2026-11-25,2026-12-01,")
    assert changes(tree, retracted)[0][:2] == ("retracted", "listing:hikvision/us-889-a")
    assert changes(tree, {path: None})[0][0] == ChangeKind.LOST


def test_changed_facts_show_both_values(tree: Tree) -> None:
    found = changes(tree, edited("relabels/dahua.yml", "strength: weak", "strength: strong"))
    assert found == [
        ("changed", "relabel:dahua/amcrest",
         "Amcrest (most cameras) is made by dahua (strong): strength was weak, is strong")
    ]  # fmt: skip


def test_documents_and_bulk_tables(tree: Tree) -> None:
    found = changes(
        tree,
        {
            **edited(
                "context/words.yml", "accessory: [case, cover]", "accessory: [case]\nsoftware: [driver]"
            ),
            **edited("identifiers/oui-others.csv", "000000,24,XEROX\n", ""),
            "regimes/us-889/text/sec-889.md": "# Section 889, amended\n",
            "calendars/us.yml": "days: []\n",
        },
    )
    assert found == [
        ("added", "calendars/us", "new calendar calendars/us"),
        ("changed", "context/words", "document context/words changed: added software; changed accessory"),
        ("changed", "regimes/us-889/text/sec-889.md", "text of law regimes/us-889/text/sec-889.md changed"),
        ("changed", "oui_others", "0 rows added, 1 removed"),
    ]
