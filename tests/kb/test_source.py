"""The source tree becomes records; every error is collected, each with its place and a way out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from proscribe.kb.records import TABLES
from proscribe.kb.source import read_tree

from .conftest import FILES, Tree, edited


def test_a_whole_tree_reads_without_issues(tree: Tree) -> None:
    found = read_tree(tree())
    assert found.issues == []
    assert found.version == "2026.11.25"
    filled = {table for table, records in found.records.items() if records} | set(found.bulk)
    assert filled == set(TABLES), "every table has a row in the sample tree"


@pytest.mark.parametrize("missing", sorted(path for path in FILES if path != "VERSION"))
def test_any_file_may_be_absent(tree: Tree, missing: str) -> None:
    assert read_tree(tree({missing: None})).issues == []


def test_an_affiliate_becomes_entity_names_and_stake(tree: Tree) -> None:
    found = read_tree(tree())
    entity = next(row for row in found.rows("entities") if row["id"] == "ezviz")
    assert (entity["kind"], entity["named_firm"], entity["jurisdiction"]) == ("company", False, "CN")
    names = {row["id"]: row for row in found.rows("names") if row["entity"] == "ezviz"}
    assert set(names) == {"name:ezviz/legal", "name:ezviz/local"}
    assert names["name:ezviz/legal"]["confidence"] == "high"
    assert names["name:ezviz/local"]["confidence"] == "low", "a local name has no source of its own"
    assert names["name:ezviz/local"]["language"] == "zh-Hans"
    assert names["name:ezviz/legal"]["valid_from"] == "", "a name outlives the link"
    stake = next(row for row in found.rows("stakes") if row["asset"] == "ezviz")
    assert (stake["id"], stake["owner"], stake["relation"], stake["valid_from"]) == (
        "stake:ezviz/hikvision", "hikvision", "subsidiary_of", "2015-03-25",
    )  # fmt: skip


def test_short_dates_mean_their_first_day(tree: Tree) -> None:
    rows = read_tree(tree(edited("ownership.csv", "2018-02-06", "2018-02"))).rows("stakes")
    assert {row["valid_from"] for row in rows} >= {"2018-02-01"}


def test_defaults_give_way_to_the_record(tree: Tree) -> None:
    path = "models/hikvision.yml"
    found = read_tree(
        tree(edited(path, "    strength: sure\n", "    strength: sure\n    confidence: medium\n"))
    )
    row = found.rows("models")[0]
    assert (row["confidence"], row["basis"], row["maker"], row["separators"]) == (
        "medium",
        "stated",
        "hikvision",
        "loose",
    )


def test_documents_and_reviews(tree: Tree) -> None:
    found = read_tree(tree())
    assert found.documents["context/words"]["negations"] == ["no", "not"]
    assert found.documents["context/other-makers"] == [{"id": "other:axis", "text": "Axis"}]
    assert found.documents["regimes/us-889/text/sec-889.md"] == "# Section 889\n"
    assert {(review.file, review.due_on, review.by) for review in found.reviews} == {
        ("regimes/us-889/regime.yml", "2027-01-15", "counsel"),
        ("identifiers/oui-others", "2027-06-01", ""),
    }


def test_bulk_prefixes_are_columns(tree: Tree) -> None:
    assert read_tree(tree()).bulk["oui_others"] == {
        "prefix_hex": ["000000", "0050C2000"], "prefix_bits": ["24", "36"], "assignee": ["XEROX", "Acme"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "old", "new", "code", "line", "hint"),
    [
        ("models/hikvision.yml", "    anchors:", "    ancors:", "E209", 8, "'anchors'"),
        ("models/hikvision.yml", "strength: sure", "strength: suer", "E211", 9, "'sure'"),
        ("models/hikvision.yml", "    what: network camera\n", "", "E210", 4, "'what'"),
        ("models/hikvision.yml", "examples: [", "examples: [null, ", "E212", 10, "list of texts"),
        ("models/hikvision.yml", "patterns:", "pattern:", "E209", 3, "'patterns'"),
        ("models/hikvision.yml", "source: src:law,", "sourc: src:law,", "E209", 2, "'source'"),
        ("entities/dahua.yml", "named_firm: true", "named_firm: maybe", "E212", 5, "true or false"),
        ("entities/dahua.yml", "kind: company", "kind: [company]", "E212", 2, "one text"),
        ("entities/dahua.yml", "name: Dahua Technology", "name: Dahua: Technology", "E205", 3, ""),
        ("ownership.csv", "2018-02-06", "06.02.2018", "E212", 2, "YYYY-MM-DD"),
        ("ownership.csv", "2018-02-06", "2018-02-30", "E212", 2, "YYYY-MM-DD"),
        ("ownership.csv", "10000", "100%", "E212", 2, "whole number"),
        ("ownership.csv", "stake_bp", "stake", "E209", 1, "'stake_bp'"),
        ("ownership.csv", ",sold", ",sold, twice", "E213", 2, "cells"),
        ("ownership.csv", "own:dahua/lorex,", "own:Dahua/Lorex,", "E212", 2, "lower case"),
        ("ownership.csv", "subsidiary_of", "subsidary_of", "E211", 2, "'subsidiary_of'"),
        ("identifiers/oui.csv", "001012,24", "0010G2,24", "E212", 2, "hex"),
        ("identifiers/oui-others.csv", "000000,24", "000000,28", "E212", 2, "28"),
        ("identifiers/oui-others.csv", "prefix_bits", "bits", "E209", 1, "'prefix_bits'"),
        ("VERSION", "2026.11.25", "latest", "E212", 1, "CalVer"),
    ],
)
def test_each_fault_is_named_with_its_place(
    tree: Tree, path: str, old: str, new: str, code: str, line: int, hint: str
) -> None:
    issues = read_tree(tree(edited(path, old, new))).issues
    found = [issue for issue in issues if (issue.file, issue.code, issue.line) == (path, code, line)]
    assert found, [str(issue) for issue in issues]
    assert any(hint in str(issue) for issue in found)


def test_all_errors_are_collected(tree: Tree) -> None:
    changes = {
        **edited("ownership.csv", "2018-02-06", "x"),
        **edited("models/hikvision.yml", "strength: sure", "strength: x"),
    }
    changes["brands.csv"] = 'id,brand\n"unclosed\n'
    assert {issue.file for issue in read_tree(tree(changes)).issues} == {
        "ownership.csv",
        "models/hikvision.yml",
        "brands.csv",
    }


def test_multi_line_cells_keep_the_line_of_their_row(tree: Tree) -> None:
    text = (
        FILES["listings.csv"].replace(",stable,\n", ',stable,"two\nlines"\n', 1).replace("2020-08-13", "bad")
    )
    issue = read_tree(tree({"listings.csv": text})).issues[0]
    assert issue.line == 4


def test_hostile_trees(tree: Tree, tmp_path: Path) -> None:
    root = tree({"models/stray.bin": "x", "context/x.exe": "x", "entities/bad.yml": "\x00", "brands.csv": ""})
    os.symlink("/etc/passwd", root / "entities" / "link.yml")
    os.mkfifo(root / "models" / "pipe.yml")  # reading it would block for ever
    by_file = {issue.file: issue for issue in read_tree(root).issues}
    assert by_file["entities/link.yml"].code == "E226"
    assert by_file["models/pipe.yml"].code == "E226"
    assert by_file["models/stray.bin"].severity == "warning"
    assert by_file["context/x.exe"].severity == "warning"
    assert by_file["entities/bad.yml"].code == "E205"
    assert by_file["brands.csv"].code == "E213"


def test_two_files_cannot_give_one_document(tree: Tree) -> None:
    issues = read_tree(tree({"context/words.csv": "a,b\n1,2\n"})).issues
    assert [issue.code for issue in issues] == ["E214"]
