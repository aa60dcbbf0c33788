"""The labels are well-formed, and a source never stands on both sides of the split."""

import csv
from collections import Counter
from collections.abc import Iterator
from typing import Any

import rows

LABELLED = rows.labelled_rows()
NEGATIVES = rows.negative_texts()


def test_every_file_has_the_stated_columns() -> None:
    for path in rows.LABELS.glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as stream:
            assert tuple(next(csv.reader(stream))) == rows.COLUMNS, path.name


def test_row_ids_and_texts_are_unique() -> None:
    for field in ("row_id", "text"):
        doubles = [
            value for value, count in Counter(getattr(r, field) for r in LABELLED).items() if count > 1
        ]
        assert doubles == []


def problems(row: Any) -> Iterator[Any]:
    """Name everything that is wrong with the form of one row."""
    if row.text.strip() != row.text or not row.text or "\n" in row.text:
        yield "text is empty, padded or broken over lines"
    if row.kind not in rows.KINDS:
        yield f"kind {row.kind!r}"
    if row.covered not in rows.COVERED or row.relation not in rows.RELATIONS:
        yield f"covered {row.covered!r}, relation {row.relation!r}"
    if not row.source or not row.licence or "GPL" in row.licence or "unknown" in row.licence:
        yield f"source {row.source!r}, licence {row.licence!r}"
    if row.covered == "yes" and row.entity not in rows.COVERED_ENTITIES:
        yield f"entity {row.entity!r}"
    if row.covered == "yes" and row.relation not in {"made-by", "relabel", "component"}:
        yield f"a covered row with relation {row.relation!r}"
    if row.covered == "no" and row.relation not in {"mention-only", "homonym", "none"}:
        yield f"a row that is not covered with relation {row.relation!r}"
    if (row.relation == "mention-only") != (row.expect_kind in rows.EXPECT_KINDS):
        yield f"relation {row.relation!r} with expect_kind {row.expect_kind!r}"


def test_rows_are_well_formed() -> None:
    assert [(row.row_id, problem) for row in LABELLED for problem in problems(row)] == []


def test_split_follows_the_source_alone() -> None:
    assert all(row.split == rows.split_of(row.source) for row in LABELLED)


def test_split_rule_is_frozen() -> None:
    """These sides were published; a changed rule would mix rows already looked at with unseen ones."""
    assert {source: rows.split_of(source) for source in EXPECTED} == EXPECTED


EXPECTED = {
    "own:typo-huawei": "tune",
    "own:typo-dahua": "tune",
    "own:homonym-hik": "check",
    "own:negated-english": "tune",
    "recog http_servers": "tune",
}


def test_both_sides_hold_every_relation_and_a_fair_share() -> None:
    sides = {side: [row for row in LABELLED if row.split == side] for side in ("tune", "check")}
    assert sum(map(len, sides.values())) == len(LABELLED)
    for side, members in sides.items():
        assert len(members) > 0.35 * len(LABELLED), side
        assert {row.relation for row in members} == rows.RELATIONS, side
        assert {row.entity for row in members if row.covered == "yes"} == rows.COVERED_ENTITIES, side


def test_negatives_are_real_and_many() -> None:
    ledger_lines = sum(text.lines for text in NEGATIVES if text.file == "ledgers.csv")
    assert ledger_lines > 7_800
    assert sum(1 for text in NEGATIVES if text.file != "ledgers.csv") > 1_000
    assert all(text.text.strip() and text.lines >= 1 and text.licence for text in NEGATIVES)
