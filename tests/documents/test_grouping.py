"""What lifts an obstacle is a command that there is, and a document of thousands of rows has a handful of groups."""

from __future__ import annotations

import dataclasses
import shlex

import click
import paper_samples as of
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.cli.main import cli
from proscribe.documents import TYPES, laid_out
from proscribe.documents.blocks import Notice, Table
from proscribe.documents.grouping import said_once
from proscribe.documents.obstacles import ObstacleKind, kinds_of, shared_kinds
from proscribe.documents.to_sign import parts_to_sign
from proscribe.model.papers import Obstacle


def _kinds() -> list[ObstacleKind]:
    own = [one for kind in TYPES.values() for one in kinds_of(kind.get("obstacles", {})).values()]
    return [*shared_kinds().values(), *own]


@pytest.mark.parametrize("command", sorted({one.command for one in _kinds()}))
def test_every_command_is_there_with_its_options(command: str) -> None:
    for part in command.format(case="C-0001", type="annual-representation").split(";"):
        words = shlex.split(part)
        assert words.pop(0) == "proscribe"
        found: click.Command = cli
        while isinstance(found, click.Group) and words and not words[0].startswith("-"):
            name = words.pop(0)
            following = found.get_command(click.Context(found), name)
            if following is None:
                break
            found = following
        assert found is not cli, command
        options = {text for one in found.params for text in one.opts}
        assert {word for word in words if word.startswith("-") and word != "-"} <= options, command


@pytest.mark.parametrize("kind", _kinds(), ids=lambda one: one.code)
def test_several_of_a_kind_are_said_in_a_sentence(kind: ObstacleKind) -> None:
    said = kind.many.format(count="3")
    assert not said or ((said[0].islower() or said[0].isdigit()) and not said.endswith("."))


def test_five_thousand_rows_are_a_handful_of_groups_and_none_is_lost() -> None:
    row = of.finding(
        band="possible",
        outcome="undetermined",
        determinations=[
            of.determination(regime, "undetermined", missing=["item.purpose"])
            for regime in ("us-889-a", "us-889-b")
        ],
    )
    rows = [
        {**row, "id": f"f_{number:05}", "record_id": f"A-{number}", "locator": {"row": number, "sheet": None, "pointer": None}}
        for number in range(1, 5001)
    ]  # fmt: skip
    inputs = of.base(scans=(of.proved(of.scan(*rows), "11" * 32),), inquiry=of.OPEN_INQUIRY)
    data = of.make("annual-representation", inputs).data
    groups = data["obstacle_groups"]
    assert len(groups) <= 4
    said = {(one["code"], one["what"], one["lift"], one["overridable"]) for one in data["obstacles"]}
    assert len(data["obstacles"]) == 10_001 and len(said) == 5_001
    assert sum(one["obstacles"] for one in groups) == len(said)
    assert {(code, lift) for code, _, lift, _ in said} == {(one["code"], one["lift"]) for one in groups}
    most = next(one for one in groups if one["code"] == "undetermined")
    assert most["about"] == 5_000 and most["questions"] == ["provide", "use"]
    assert most["what"] == "5,000 findings are undetermined, because facts are not known"
    assert "assets.csv row 1" in most["places"][0] and most["command"].startswith("proscribe questions")


def test_an_overridden_obstacle_is_counted_in_its_group() -> None:
    inputs = of.base(inquiry=of.OPEN_INQUIRY)
    (one,) = of.make("annual-representation", inputs).obstacles
    override = of.Override((one.id,), "Lee Okafor", "The landlord answered by telephone.", of.MADE_AT)
    data = of.make("annual-representation", dataclasses.replace(inputs, overrides=(override,))).data
    assert [(group["obstacles"], group["overridden"]) for group in data["obstacle_groups"]] == [(1, 1)]
    assert "obstacle_groups" not in of.make("annual-representation", of.base()).data


def test_what_stands_against_two_answers_is_counted_once_in_summary_groups_and_table() -> None:
    row = of.finding(
        band="possible",
        determinations=[
            of.determination(regime, "undetermined", missing=["item.purpose"])
            for regime in ("us-889-a", "us-889-b")
        ],
    )
    rows = [
        {**row, "id": f"f_{number:05}", "record_id": f"A-{number}", "locator": {"row": number, "sheet": None, "pointer": None}}
        for number in range(1, 28)
    ]  # fmt: skip
    paper = of.annual(scans=of.scanned(*rows), inquiry=of.OPEN_INQUIRY)
    groups = paper.data["obstacle_groups"]
    blocks = laid_out(paper).blocks
    (refused,) = (one for one in blocks if isinstance(one, Notice) and one.kind == "refused")
    tables = [one for one in blocks if isinstance(one, Table)]
    (of_groups,) = (one for one in tables if one.caption == "What stands against it, by what lifts it")
    (of_all,) = (one for one in tables if one.caption.startswith("Obstacles, how to lift each"))
    once = len(said_once(paper.obstacles))
    assert refused.lines[0].startswith(f"{once} obstacles stand against it, in {len(groups)} groups")
    assert once == sum(one["obstacles"] for one in groups) == len(of_all.rows) < len(paper.obstacles)
    assert sum(int(row[1]) for row in of_groups.rows) == once
    read = {part.name: part.values for part in parts_to_sign(paper)}["What stands against this document"]
    lines = [line for line in read if not line.startswith("as note")]
    assert len(lines) == once and all(one.id in " ".join(read) for one in paper.obstacles)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["blind-spot", "finding"]),
            st.sampled_from("ab"),
            st.sampled_from("pq"),
            st.booleans(),
            st.sampled_from("xy"),
        )
    )
)
def test_each_obstacle_is_said_once_and_none_is_lost(
    told: list[tuple[str, str, str, bool, str]],
) -> None:
    obstacles = [
        Obstacle(f"{code}/{number}", code, what, (evidence,), lift, overridable=over)
        for number, (code, what, lift, over, evidence) in enumerate(told)
    ]
    groups = said_once(obstacles)
    assert sorted(one.id for same in groups for one in same) == sorted(one.id for one in obstacles)
    for same in groups:
        assert len({(one.code, one.what, one.lift, one.overridable) for one in same}) == 1
        assert same[0].code == "finding" or len({one.evidence for one in same}) == 1
    written = [
        {name: getattr(one, name) for name in ("id", "code", "what", "evidence", "lift", "overridable")}
        for one in obstacles
    ]
    assert [[one["id"] for one in same] for same in said_once(written)] == [
        [one.id for one in same] for same in groups
    ]
