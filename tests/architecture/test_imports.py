"""What the program imports, its own installation brings: a library of the test tools alone would be missing at a user's."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Modules that are not always installed here, or that a declared library brings as a part of what it offers.
BROUGHT_BY = {
    "pkcs11": ["python-pkcs11"],
    "markupsafe": ["jinja2"],
    "cv2": ["rapidocr"],
    "anyio": ["starlette"],
}


def _imported() -> dict[str, str]:
    """Give every library that a module of the program imports, with one module that does."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "src" / "proscribe").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                found.setdefault(name.partition(".")[0], str(path.relative_to(ROOT)))
    return {name: at for name, at in found.items() if name not in (*sys.stdlib_module_names, "proscribe")}


def _declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    return {re.split(r"[^A-Za-z0-9_.-]", line)[0].lower().replace("_", "-") for line in lines}


def test_every_imported_library_is_declared() -> None:
    imported, declared, known = _imported(), _declared(), packages_distributions()
    missing = {
        name: at
        for name, at in imported.items()
        if not declared
        & {one.lower().replace("_", "-") for one in BROUGHT_BY.get(name) or known.get(name, [name])}
    }
    assert len(imported) > 10
    assert not missing, f"declare them in pyproject.toml, or do without: {missing}"
