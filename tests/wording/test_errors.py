"""The program and `wording/errors.yml` hold each other: every code, every message, every value."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml

from proscribe.model.errors import CaseError, InputError, KnowledgeError, RuleError, UsageError, error
from proscribe.readers.issues import issue
from proscribe.wording import errors

SOURCE = Path(errors.__file__).parents[1]
FAMILIES = {"E2", "E3"}
KINDS = {"usage", "input", "knowledge", "rule", "case", "environment"}
#: Functions that take a message, and the place of its name among their arguments.
MAKERS = {"error": 0, "issue": 0, "add": 0, "fault": 0, "report": 1}
CLASSES = {
    "ProscribeError",
    "UsageError",
    "InputError",
    "KnowledgeError",
    "RuleError",
    "CaseError",
    "EnvironmentProblem",
}


@cache
def entries() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.load(
        (SOURCE / "wording" / "errors.yml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    return loaded


def names_of(name: str) -> set[str]:
    """Give the values that a message needs."""
    texts = (
        entries()[name].get(key, "") for key in ("says", "expected", "next_step", "on_page", "when_near")
    )
    found = {part for text in texts for _, part, _, _ in Formatter().parse(text) if part is not None}
    return found | ({"near"} if "when_near" in entries()[name] else set())


@cache
def said() -> tuple[list[tuple[str, ast.Call]], set[str]]:
    """Give every call in the program with its file, and every text: it is walked once."""
    called, texts = list[tuple[str, ast.Call]](), set[str]()
    for path in sorted(SOURCE.rglob("*.py")):
        file = str(path.relative_to(SOURCE))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called.append((file, node))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
    return called, texts


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Give place, name and call of every message that the program makes."""
    for file, node in said()[0]:
        place = MAKERS.get(getattr(node.func, "id", getattr(node.func, "attr", "")), 99)
        if len(node.args) <= place:
            continue
        for part in ast.walk(node.args[place]):
            if isinstance(part, ast.Constant) and re.fullmatch(r"E\d{3}(\.\w+)?", str(part.value)):
                yield f"{file}:{node.lineno}", str(part.value), node


def test_every_message_is_in_the_file_and_gets_exactly_its_values() -> None:
    wrong = []
    seen = 0
    for place, name, call in calls():
        given = {keyword.arg for keyword in call.keywords}
        made = getattr(call.func, "id", getattr(call.func, "attr", ""))
        told = made in ("issue", "add") and (len(call.args) > 2 or "what" in given)
        given -= {"at", "lossy"} if made not in ("fault", "report") else {"severity", "fact"}
        if told:  # an issue whose text the reader says itself
            wrong += [] if name in entries() else [f"{place}: no {name}"]
            continue
        seen += 1
        if "says" not in entries().get(name, {}):
            wrong.append(f"{place}: errors.yml has no message {name}")
        elif None not in given and given != names_of(name):
            wrong.append(f"{place}: {name} needs {sorted(names_of(name))} and gets {sorted(map(str, given))}")
    assert not wrong, "\n".join(wrong)
    assert seen > 50


def test_every_code_in_the_program_has_a_page_and_every_page_a_code() -> None:
    raised = {text.partition(".")[0] for text in said()[1] if re.fullmatch(r"E\d{3}(\.\w+)?", text)}
    pages = {name for name, entry in entries().items() if "title" in entry}
    assert raised - pages == set()
    assert pages - raised == set()


def test_a_page_says_in_whole_sentences_what_it_means_and_what_to_do() -> None:
    for name, entry in entries().items():
        assert re.fullmatch(r"E[1-5]\d\d(\.[a-z_0-9]+)?", name) or name in FAMILIES, name
        assert entry.get("kind", "case") in KINDS, name
        if "." in name:
            assert set(entry) <= {"kind", "says", "to_do", "expected", "next_step", "on_page", "when_near"}, (
                name
            )
            assert "to_do" not in entry or entry["to_do"] != entries()[name.partition(".")[0]]["to_do"], name
            assert "says" in entry and name.partition(".")[0] in entries(), name
        elif name not in FAMILIES:
            page = errors.page(name)
            assert page is not None and page.title and page.kind in KINDS, name
            assert page.meaning.endswith(".") and page.to_do.rstrip("`").endswith((".", "?")), name


def test_the_file_is_sorted_and_its_parts_are_what_the_whole_says() -> None:
    assert list(entries()) == sorted(entries())
    for name, entry in entries().items():
        assert errors._entry(name) == entry


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("E228", {"path": "x"}, KnowledgeError),
        ("E302", {"what": "x", "expected": "y"}, RuleError),
        ("E437", {"wait_seconds": 3}, CaseError),
        ("E471", {"what": "x"}, InputError),
        ("E191", {}, UsageError),
    ],
)
def test_an_error_has_the_class_of_its_kind(name: str, values: dict[str, object], kind: type) -> None:
    made = error(name, at=Path("here"), **values)
    assert type(made) is kind
    assert made.code == name and made.at == "here"
    assert "{" not in str(made) and "(" not in made.what


def test_the_nearest_word_takes_the_place_of_the_next_step() -> None:
    assert error("E228", path="x", near=["context/a", "b"]).next_step == "Did you mean 'context/a'?"
    assert error("E228", path="x", near=[]).next_step == "Use complete knowledge."


def test_a_name_or_a_value_that_is_missing_never_hides_the_error() -> None:
    assert str(error("E999.gone", at="there", why="x")).startswith("E999 E999.gone\n  there\n")
    assert error("E228").what == "the knowledge has no document '(path)'"
    assert "(most)" in error("E110.workbook", total=5).what


def test_an_issue_ends_with_what_to_do() -> None:
    made = issue("E119", "row 3", "Row 3 is in another encoding.")
    assert made.what == ("Row 3 is in another encoding. Look at the lines named, or save the file as UTF-8.")
    assert made.lossy and not issue("E119", "row 3", "x", lossy=False).lossy


def test_no_class_of_errors_is_called_with_a_code_where_a_message_would_do() -> None:
    """What passes on the texts of another error keeps the constructor."""
    left = [
        f"{file}:{node.lineno}"
        for file, node in said()[0]
        if getattr(node.func, "id", "") in CLASSES and node.args and isinstance(node.args[0], ast.Constant)
    ]
    assert left == []


def test_every_message_is_made_by_the_program() -> None:
    """Its whole name stands somewhere, or its variant behind a code that is chosen (`f"{code}.form"`)."""
    _, texts = said()
    messages = {name for name, entry in entries().items() if "says" in entry and "." in name}
    assert {name for name in messages if name not in texts and name[4:] not in texts} == set()
