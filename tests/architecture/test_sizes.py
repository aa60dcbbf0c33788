"""Functions stay small enough to be read at once, and files to be found one's way in."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "src" / "proscribe"
LONGEST = 80
MOST_LINES_OF_A_FILE = 1_000
#: Function to why it is longer.
WITH_REASON: dict[str, str] = {}


def test_no_function_is_longer_than_a_page() -> None:
    long: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
                and (node.end_lineno or 0) - node.lineno >= LONGEST
            ):
                long.add(f"{path.relative_to(PACKAGE).as_posix()}:{node.name}")
    assert long == set(WITH_REASON)


def test_no_file_is_longer_than_a_thousand_lines() -> None:
    lines = {path: path.read_text("utf-8").count("\n") for path in PACKAGE.rglob("*.py")}
    assert not {path.name for path, number in lines.items() if number > MOST_LINES_OF_A_FILE}
