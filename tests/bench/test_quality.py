"""The quality measures mean what they say, and the gate fails when it must."""

import json
from dataclasses import replace
from typing import Any

import pytest
import quality
import rows
from quality import Answer


def labelled(
    row_id: Any,
    covered: Any = "yes",
    relation: Any = "made-by",
    entity: Any = "huawei",
    expect_kind: Any = "",
    text: str | None = None,
) -> Any:
    return rows.LabelledRow(
        row_id, "item", text or f"text {row_id}", covered, entity, relation, expect_kind, "own:x", "CC0-1.0",
        "tune", "x.csv",
    )  # fmt: skip


ROWS = [
    labelled("Y1"),
    labelled("Y2", relation="relabel", entity="dahua"),
    labelled("Y3", relation="component", entity="hisilicon"),
    labelled("H1", "no", "homonym", "none"),
    labelled("M1", "no", "mention-only", "zte", "accessory"),
    labelled("R1", "review", "none", "honor"),
]
GOOD = [
    Answer("confirmed", ("huawei",), "made_by"),
    Answer("probable", ("dahua",), "relabel"),
    Answer("possible", ("hisilicon", "huawei"), "component"),
    Answer(),
    Answer("mention", ("zte",), "", "accessory"),
    Answer("possible", ("honor",), "made_by"),
]
NEGATIVES = [rows.NegativeText("Office chairs", 3, "x", "x", "x.csv")]


def report_of(answers: Any, negative: Any = None) -> Any:
    return quality.report(ROWS, answers, NEGATIVES, [negative or Answer()])


def test_counts_of_a_good_run() -> None:
    total = report_of(GOOD)["splits"]["all"]["total"]
    assert (total["covered"], total["surfaced"], total["at_probable"]) == (3, 3, 2)
    assert total["recall_surfaced"] == 1.0
    assert total["recall_probable"] == pytest.approx(0.6667)
    assert total["precision_probable"] == 1.0
    assert total["mention_accuracy"] == total["entity_accuracy"] == total["role_accuracy"] == 1.0
    assert total["homonyms_surfaced"] == []
    assert total["review_bands"] == {"possible": 1}


def test_a_mention_of_a_homonym_counts_as_surfaced() -> None:
    answers = [*GOOD[:3], Answer("mention", ("zte",), "", "reference"), *GOOD[4:]]
    assert report_of(answers)["splits"]["all"]["total"]["homonyms_surfaced"] == ["H1"]


def test_review_rows_count_in_neither_recall_nor_precision() -> None:
    answers = [*GOOD[:5], Answer("confirmed", ("honor",), "made_by")]
    assert (
        report_of(answers)["splits"]["all"]["total"]["precision_probable"]
        == report_of(GOOD)["splits"]["all"]["total"]["precision_probable"]
    )


def test_negatives_count_by_line() -> None:
    found = report_of(GOOD, Answer("probable", ("zte",), "made_by"))["negatives"]
    assert (found["lines"], found["at_probable"], found["false_alarms_per_million"]) == (3, 3, 1_000_000)


def test_confusion_lists_worst_first_and_leaves_out_right_answers() -> None:
    answers = [Answer(), *GOOD[1:3], Answer("probable", ("zte",), "made_by"), *GOOD[4:]]
    faults = [(item["fault"], item["row_id"]) for item in report_of(answers)["confusion"]]
    assert faults == [("false alarm", "H1"), ("missed", "Y1"), ("only possible", "Y3")]


@pytest.fixture
def reference() -> Any:
    return json.loads(json.dumps(quality.freeze(ROWS, GOOD, report_of(GOOD))))


def gate(answers: Any, reference: Any, negative: Any = None, labels: Any = ROWS) -> Any:
    return quality.compare(labels, answers, report_of(answers, negative), reference)


def test_gate_passes_the_run_it_was_frozen_from(reference: Any) -> None:
    assert gate(GOOD, reference) == ([], [])


@pytest.mark.parametrize(
    ("place", "answer", "reason"),
    [
        (0, Answer(), "recall fell: surfaced"),
        (1, Answer("possible", ("dahua",), "relabel"), "recall fell: at_probable"),
        (4, Answer("probable", ("zte",), "made_by"), "false alarms rose"),
        (3, Answer("mention", ("zte",), "", "reference"), "homonyms surfaced rose"),
    ],
)
def test_gate_fails_and_names_the_row(reference: Any, place: Any, answer: Any, reason: Any) -> None:
    answers = [*GOOD[:place], answer, *GOOD[place + 1 :]]
    reasons, changes = gate(answers, reference)
    assert any(item.startswith(reason) for item in reasons)
    assert any(line.startswith("worse") and ROWS[place].row_id in line for line in changes)


def test_gate_fails_on_a_new_alarm_on_real_negatives(reference: Any) -> None:
    reasons, changes = gate(GOOD, reference, Answer("probable", ("zte",), "made_by"))
    assert any("real negatives" in item for item in reasons)
    assert any("Office chairs" in line for line in changes)


def test_gate_does_not_compare_an_edited_row(reference: Any) -> None:
    edited = [replace(ROWS[0], text="another text"), *ROWS[1:]]
    reasons, changes = gate([Answer(), *GOOD[1:]], reference, labels=edited)
    assert reasons == []
    assert any("1 rows are new or edited" in line for line in changes)


def test_word_search_knows_whole_words_only() -> None:
    answers = quality.ask_word_search(["HUAWEI router", "AZTEC print", "zte modem"])
    assert [answer.entities for answer in answers] == [("huawei",), (), ("zte",)]


def test_frozen_reference_speaks_of_labelled_rows() -> None:
    if not quality.REFERENCE.exists():
        pytest.skip("nothing frozen yet")
    frozen = json.loads(quality.REFERENCE.read_text(encoding="utf-8"))
    known = {row.row_id: row.digest for row in rows.labelled_rows()}
    fresh = [
        row_id for row_id, digest in known.items() if frozen["rows"].get(row_id, {}).get("digest") != digest
    ]
    assert len(fresh) < 0.1 * len(known), "freeze again: python bench/quality.py --freeze"
