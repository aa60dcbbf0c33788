"""What the program holds, the program uses."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "src" / "proscribe"
#: Module and name to what uses it.
WITH_REASON = {
    "cli/exitcodes.py USAGE": "the list of exit codes is whole; click gives this one",
    "app/kb/knowledge_index.py every_table": "the wheel is built with it, by hatch_build.py",
    "app/kb/ready_knowledge.py tables_of": "the wheel is built with it, by hatch_build.py",
    "readers/_declared.py taken_apart": "the wheel is built with it, by hatch_build.py",
    "model/suppliers.py AnswersValue": "docs/make_schemas.py writes the schema of what a supplier sends back from it",
    "model/captures.py ExchangeLine": "docs/make_schemas.py writes the schema of a line of a capture from it",
    "documents/elements.py exists": "tests hold the declarations of documents to their schemas with it",
    "reports/scan/html.py to_html": "tests read a page as one text; the program writes it piece by piece",
}
_WORD = re.compile(r"[A-Za-z_]\w*")
#: Modules whose texts name functions of others.
_NAMING = ("web/routes.py", "web/api/application.py", "documents/registry.py")


def defined(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Yield each function, class and constant of a module. Decorated functions register themselves."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) or (
            isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.decorator_list
        ):
            yield node.name, node
        elif isinstance(node, ast.Assign):
            yield from ((target.id, node) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, node


def used_in(node: ast.AST) -> tuple[set[str], set[str], set[tuple[str, str]]]:
    """Give the names that a piece of code reads, the attributes, and what it imports of which module."""
    names: set[str] = set()
    attributes: set[str] = set()
    imports: set[tuple[str, str]] = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load):
            names.add(one.id)
        elif isinstance(one, ast.Attribute):
            attributes.add(one.attr)
        elif isinstance(one, ast.ImportFrom):
            imports.update((f"{one.module}", alias.name) for alias in one.names)
        elif isinstance(one, ast.Import):
            imports.update(("", alias.name) for alias in one.names)
    return names, attributes, imports


def test_every_function_class_and_constant_of_a_module_is_used_by_the_program() -> None:
    """A name is used where its module reads it outside itself, where another imports it or reads it of the module, and
    where a declaration, a template or a table of addresses names it. Migrations are called by what reads their folder.
    """
    trees = {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }
    declaring = (*PACKAGE.rglob("*.j2"), PACKAGE / "readers/formats.yml")
    named = {word for path in declaring for word in _WORD.findall(path.read_text("utf-8"))}
    for path in _NAMING:
        texts = (node.value for node in ast.walk(trees[path]) if isinstance(node, ast.Constant))
        named.update(word for text in texts if isinstance(text, str) for word in _WORD.findall(text))
    uses = {path: [(node, *used_in(node)) for node in tree.body] for path, tree in trees.items()}
    imported: defaultdict[str, set[str]] = defaultdict(set)
    for parts in uses.values():
        attributes = {name for _, _, found, _ in parts for name in found}
        for module, name in {one for *_, found in parts for one in found}:
            imported[module].add(name)
            imported[f"{module}.{name}".lstrip(".")] |= attributes
    unused = set()
    for path, tree in trees.items():
        if "/versions/" in path:
            continue
        module = ".".join(("proscribe", *Path(path).with_suffix("").parts)).removesuffix(".__init__")
        for name, own in defined(tree):
            if name.startswith("__") or name in named or name in imported[module]:
                continue
            if not any(name in names for node, names, *_ in uses[path] if node is not own):
                unused.add(f"{path} {name}")
    assert unused == set(WITH_REASON)
