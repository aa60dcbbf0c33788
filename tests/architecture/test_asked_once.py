"""What can be asked of a scan is listed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from proscribe.model.scan_request import ReadingWords

PACKAGE = Path(__file__).parents[2] / "src" / "proscribe"
#: Where the list stands, where the options of a command line come to it, and what readers make of it.
LISTED = {
    "cli/options.py", "model/results.py", "model/scan_request.py", "readers/base.py",
}  # fmt: skip


def listed(tree: ast.Module) -> Iterator[set[str]]:
    """Yield the names that functions take, classes declare and calls hand over, each set by itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
        elif isinstance(node, ast.ClassDef):
            yield {
                one.target.id
                for one in node.body
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
            }
        elif isinstance(node, ast.Call):
            yield {one.arg for one in node.keywords if one.arg}


def test_no_service_job_or_face_lists_again_how_inputs_are_read() -> None:
    asked = ReadingWords.__annotations__.keys()
    places = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for names in listed(ast.parse(path.read_text("utf-8")))
        if len(names & asked) > 2
    }
    assert places == LISTED
