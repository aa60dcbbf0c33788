"""What the program holds, the program uses."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "src" / "proscribe"
#: Name to what uses it.
WITH_REASON = {
    "USAGE": "the list of exit codes is whole; click gives this one",
    "every_table": "the wheel is built with it, by hatch_build.py",
    "taken_apart": "the wheel is built with it, by hatch_build.py",
    "AnswersValue": "docs/make_schemas.py writes the schema of what a supplier sends back from it",
    "ExchangeLine": "docs/make_schemas.py writes the schema of a line of a capture from it",
}
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def named(tree: ast.Module) -> Iterator[str]:
    """Yield the names that code reads, imports or hands over, and the words of its texts; what a docstring says uses nothing."""
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, _DOCUMENTED) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (alias.name.rpartition(".")[2] for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield from re.findall(r"[A-Za-z_]\w*", node.value)


def test_every_function_class_and_constant_of_a_module_is_used_by_the_program() -> None:
    """Decorated functions register themselves; migrations are called by what reads their folder."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
    uses = Counter(name for tree in trees.values() for name in named(tree))
    for path in (*PACKAGE.rglob("*.j2"), *PACKAGE.rglob("*.yml")):
        uses.update(re.findall(r"[A-Za-z_]\w*", path.read_text("utf-8")))
    unused: set[str] = set()
    for path, tree in trees.items():
        if path.parent.name == "versions":
            continue
        for node in tree.body:
            if isinstance(node, ast.ClassDef) or (
                isinstance(node, ast.FunctionDef) and not node.decorator_list
            ):
                names = [node.name]
            elif isinstance(node, ast.Assign):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            else:
                continue
            unused.update(name for name in names if not uses[name] and not name.startswith("__"))
    assert unused == set(WITH_REASON)
