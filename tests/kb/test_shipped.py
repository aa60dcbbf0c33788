"""The knowledge that ships: it opens, it is whole, and it names the five firms of section 889."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from proscribe.kb import Snapshot
from proscribe.model.periods import AsOf

SOURCE = Path(__file__).parents[2] / "knowledge"
TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def shipped() -> Snapshot:
    return Snapshot.open()


def test_every_member_is_whole_and_comes_from_the_tree_beside_the_tests(shipped: Snapshot) -> None:
    shipped.check()
    assert shipped.manifest.members == Snapshot.from_tree(SOURCE).manifest.members
    assert shipped.manifest.version == (SOURCE / "VERSION").read_text().strip()


def test_the_five_named_firms(shipped: Snapshot) -> None:
    firms = {row["id"] for row in shipped.table("entities") if row["named_firm"]}
    assert firms == {"huawei", "zte", "hytera", "hikvision", "dahua"}


def test_no_tie_rests_on_recollection_alone(shipped: Snapshot) -> None:
    view = shipped.at(AsOf(TODAY, TODAY))
    stakes = {row["id"]: row for row in view.rows("stakes")}
    for entity in view.entities:
        tie = view.covered_through(entity)
        if tie.certainty == "certain":
            for link in (stakes[name] for name in tie.stakes):
                assert link["confidence"] in ("high", "medium") and link["source"] != "src:recalled", link[
                    "id"
                ]


def test_no_shipped_id_is_reserved_for_layers(shipped: Snapshot) -> None:
    for table in ("entities", "names", "stakes", "models", "sources"):
        assert not [row["id"] for row in shipped.table(table) if row["id"].startswith("org:")]
