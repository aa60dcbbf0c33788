"""Sense within a record and across records."""

from __future__ import annotations

from datetime import date

import pytest

from proscribe.kb.lint import lint
from proscribe.kb.regexes import unsafe_pattern
from proscribe.kb.source import read_tree

from .conftest import FILES, Tree, edited


def test_the_sample_tree_is_clean(tree: Tree) -> None:
    assert lint(read_tree(tree()), as_of=date(2026, 11, 25)) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "code", "said"),
    [
        (
            "ownership.csv",
            "dahua,lorex,subsidiary_of",
            "dahua,lorrex,subsidiary_of",
            "E215",
            "Did you mean 'lorex'?",
        ),
        ("models/hikvision.yml", "maker: hikvision", "maker: hikvison", "E215", "Did you mean 'hikvision'?"),
        ("entities/dahua.yml", "source: src:law", "source: src:lex", "E215", "src:lex"),
        ("ownership.csv", "2018-02-06,2022-11-24", "2022-11-24,2022-11-24", "E216", "is not after"),
        ("ownership.csv", "2022-11-24,2023-01-01", "2022-11-24,2022-01-01", "E216", "unsettled_to"),
        (
            "models/hikvision.yml",
            "near_misses: ['DS-2000 docking station']",
            "near_misses: []",
            "E217",
            "near-miss",
        ),
        ("entities/hikvision.yml", "examples: ['CCTV HIKVision']", "examples: []", "E217", "no example"),
        ("brands.csv", "HILOOK BAKERY SUPPLY", "", "E217", "near-miss"),
        ("models/phones.csv", "Acme Smart AC 1,Acme", ",Acme", "E217", "no example"),
        ("models/hikvision.yml", "[0-9A-Z]*", "(?:[0-9A-Z]+)*", "E218", "unbounded"),
        (
            "models/hikvision.yml",
            "(?:-[A-Z0-9/]{1,12}){0,4}",
            "(?:-[A-Z0-9/]+)*",
            "E218",
            "`-` may be absent",
        ),
        (
            "relabels/dahua.yml",
            "    verdict: relabel",
            "    models: ['IP(?:-[A-Z]+)*']\n    verdict: relabel",
            "E218",
            "unbounded",
        ),
        ("models/hikvision.yml", "i?DS", "(?<=x)DS", "E218", "look-behind"),
        ("models/hikvision.yml", "i?DS", "(i?)\\1DS", "E218", "back-reference"),
        ("models/hikvision.yml", "i?DS", "(DS", "E218", "does not compile"),
        ("models/hikvision.yml", "anchors: [ds-2cd]", "anchors: [ds-2ce]", "E219", "contains no anchor"),
        ("models/hikvision.yml", "anchors: [ds-2cd]", "anchors: [DS-2CD]", "E219", "lower case"),
        (
            "models/hikvision.yml",
            "strength: sure",
            "strength: sure\n    confidence: low",
            "E220",
            "confidence is low",
        ),
        ("models/hikvision.yml", "strength: sure", "strength: sure\n    status: preview", "E220", "preview"),
        (
            "fingerprints/http.server.yml",
            "Server: Hikvision-Webs",
            "Server: Hikvision",
            "E219",
            "contains no anchor",
        ),
        ("identifiers/oui.csv", "oui:001013,001013,24", "oui:001013,001013,28", "E212", "28 bits"),
        ("identifiers/oui.csv", "oui:001013,001013", "oui:001013,000000", "E214", "oui-others.csv"),
        ("identifiers/cpe.csv", "hikvision,hikvision,names", "hikvision,,names", "E210", "without an entity"),
        ("ownership.csv", "10000", "20000", "E212", "at most 10000"),
        ("brands.csv", "brand:hikvision/hilook", "model:hikvision/ds-2cd", "E214", "used twice"),
        (
            "context/other-makers.csv",
            "other:axis,Axis",
            "other:axis,hilook",
            "E214",
            "among the other makers",
        ),
    ],
)
def test_each_check(tree: Tree, path: str, old: str, new: str, code: str, said: str) -> None:
    issues = lint(read_tree(tree(edited(path, old, new))))
    assert code in {issue.code for issue in issues}, [str(issue) for issue in issues]
    assert any(said in str(issue) for issue in issues if issue.code == code)
    assert all(issue.line for issue in issues if issue.severity == "error")


def test_overlapping_ownership_of_one_relation(tree: Tree) -> None:
    row = "own:dahua/lorex-2,dahua,lorex,{relation},,{period},,,2026-11-25,,,src:law,,stated,high,stable,\n"
    text = FILES["ownership.csv"]
    same = lint(
        read_tree(
            tree({"ownership.csv": text + row.format(relation="subsidiary_of", period="2022-11-23,")}, "a")
        )
    )
    assert [issue.code for issue in same] == ["E204"]
    assert "own:dahua/lorex (ownership.csv:2)" in same[0].what
    after = row.format(relation="subsidiary_of", period="2022-11-24,")
    other = row.format(relation="affiliate_of", period="2020,")
    assert lint(read_tree(tree({"ownership.csv": text + after}, "b"))) == []
    assert lint(read_tree(tree({"ownership.csv": text + other}, "c"))) == []


def test_superseded_facts_need_a_successor_and_a_day(tree: Tree) -> None:
    path = "listings.csv"
    lost = edited(path, "2019-08-13,,2026-11-25,,,", "2019-08-13,,2026-11-25,2026-11-26,listing:gone,")
    assert {issue.code for issue in lint(read_tree(tree(lost, "a")))} == {"E215"}
    undated = edited(path, "2019-08-13,,2026-11-25,,,", "2019-08-13,,2026-11-25,,listing:dahua/us-889-b,")
    assert {issue.code for issue in lint(read_tree(tree(undated, "b")))} == {"E216"}


def test_reviews_are_judged_on_a_day(tree: Tree) -> None:
    found = read_tree(tree({"brands.MAINTENANCE.md": "review: soon\n\n* Review due: 2026-11-25\n"}))
    assert lint(found) == []
    assert lint(found, as_of=date(2026, 11, 25)) == [], "due today is not overdue"
    assert {issue.file for issue in lint(found, as_of=date(2026, 11, 26))} == {"brands"}
    late = lint(found, as_of=date(2028, 1, 1))
    assert {issue.code for issue in late} == {"E221"} and len(late) == 3


def test_a_released_id_may_not_disappear(tree: Tree) -> None:
    issues = lint(read_tree(tree()), released={"hikvision", "own:zte/old"})
    assert [(issue.code, issue.fact) for issue in issues] == [("E227", "own:zte/old")]


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+", "(?:a*)*b", "(a|b+)*c", "([a-z]+-?)+", "Q(?:x[a-z]+)*", "Q(?:X[a-z]+)*", "Q(?:[-x][a-z]+-)*", "(a{2,})+", "((ab)*c*)*d", "(?<!a)b", r"(a)\1",
     "(a)?(?(1)b|c)", "a*", "(?s)a", "[", "a" * 3000, "(" * 300 + "a" + ")" * 300 + "[", "(?:(?:(?:a{60}b){60}c){60}d)"],
)  # fmt: skip
def test_unsafe_patterns(pattern: str) -> None:
    assert unsafe_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"DS-2CD\d[0-9A-Z]*(?:-[A-Z0-9/]+)*",
        r"\d+(?:\.\d+)*",
        "a+b*c",
        "(?:ab){1,8}",
        "(?=ab)a[a-z]+",
        "a(?>bc)+",
    ],
)
def test_safe_patterns(pattern: str) -> None:
    assert unsafe_pattern(pattern) is None


def test_fingerprints_may_look_behind_because_they_have_no_borders(tree: Tree) -> None:
    changes = edited(
        "fingerprints/http.server.yml",
        "match: substring\n    pattern: Hik",
        "match: regex\n    pattern: (?<!x)Hik",
    )
    assert lint(read_tree(tree(changes))) == []
    assert unsafe_pattern("(?<!x)(?:a+)+b", look_behind=True), "all else is still judged"


def test_a_loose_hyphen_guards_nothing() -> None:
    assert unsafe_pattern(r"AB(?:-[A-Z]+)*", loose=False) is None
    assert unsafe_pattern(r"AB(?:-[A-Z]+)*", loose=True)
    assert unsafe_pattern(r"AB(?:-[A-Z]+){0,4}", loose=True) is None
