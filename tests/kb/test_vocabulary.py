"""The typed lists of the program are those of the knowledge, and the program names no firm where it decides."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import yaml

from proscribe.model.decisions import Outcome
from proscribe.model.grades import Basis, Confidence
from proscribe.rules.facts import READINGS
from proscribe.rules.present import OUTCOMES

ROOT = Path(__file__).parents[2]


def vocabulary(name: str) -> Any:
    return yaml.safe_load((ROOT / "knowledge" / "vocab" / f"{name}.yml").read_text(encoding="utf-8"))


def test_outcomes_are_those_of_the_vocabulary_in_its_order_and_words() -> None:
    listed = vocabulary("outcomes")["outcomes"]
    assert [item["outcome"] for item in listed] == [item.value for item in Outcome] == list(OUTCOMES)
    assert {item["outcome"]: item["meaning"] for item in listed} == OUTCOMES


def test_grades_are_those_of_the_vocabulary_in_its_order() -> None:
    grades = vocabulary("grades")
    assert [item["basis"] for item in grades["basis"]] == [item.value for item in Basis]
    assert [item["confidence"] for item in grades["confidence"]] == [item.value for item in Confidence]


def test_open_readings_are_those_of_the_vocabulary() -> None:
    assert {item["reading"] for item in vocabulary("readings")["readings"]} == set(READINGS)


def test_no_comparison_names_a_firm() -> None:
    entities = {
        yaml.safe_load(path.read_text(encoding="utf-8"))["entity"]
        for path in (ROOT / "knowledge" / "entities").glob("*.yml")
    }
    assert {"huawei", "hikvision", "hisilicon"} <= entities
    found = []
    for path in sorted((ROOT / "src" / "proscribe").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.Compare, ast.BoolOp, ast.IfExp, ast.Match)):
                found += [
                    f"{path.relative_to(ROOT)}:{node.lineno}: {part.value!r}"
                    for part in ast.walk(node)
                    if isinstance(part, ast.Constant) and part.value in entities
                ]
    assert found == []
