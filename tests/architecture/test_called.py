"""What the program holds, the program uses."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "src" / "proscribe"
#: Name to what uses it.
WITH_REASON = {
    "USAGE": "the list of exit codes is whole; click gives this one",
    "every_table": "the wheel is built with it, by hatch_build.py",
    "taken_apart": "the wheel is built with it, by hatch_build.py",
}


def test_every_function_and_constant_of_a_module_is_used_by_the_program() -> None:
    """A name that stands once in the program is its own definition; decorated ones register themselves."""
    texts = {
        path: path.read_text("utf-8")
        for path in sorted(PACKAGE.rglob("*"))
        if path.suffix in (".py", ".j2", ".yml")
    }
    words = Counter(word for text in texts.values() for word in re.findall(r"[A-Za-z_]\w*", text))
    alone: set[str] = set()
    for path, text in texts.items():
        if path.suffix != ".py":
            continue
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and not node.decorator_list:
                names = [node.name]
            elif isinstance(node, ast.Assign):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            else:
                continue
            alone.update(name for name in names if words[name] == 1 and not name.startswith("__"))
    assert alone == set(WITH_REASON)
