"""The rules every room keeps, read from the source itself."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "proscribe"
PURE = ("model", "matching", "devices", "rules")
#: Modules through which a clock, chance, the environment or the outside world comes in.
_OUTSIDE = frozenset(
    [
        "time",
        "random",
        "secrets",
        "os",
        "subprocess",
        "socket",
        "tempfile",
        "logging",
        "uuid",
        "locale",
        "urllib",
        "http",
    ]
)
_CALLS = frozenset(["open", "print", "input", "eval", "exec", "__import__"])
_METHODS = frozenset(
    [
        "now",
        "utcnow",
        "today",
        "read_text",
        "read_bytes",
        "write_text",
        "write_bytes",
        "getenv",
        "unlink",
        "mkdir",
    ]
)


def sources(*rooms: str) -> list[Path]:
    found = sorted(path for room in rooms for path in (PACKAGE / room).rglob("*.py"))
    assert found
    return found


def reaches_outside(text: str) -> Iterator[str]:
    """Yield what in a module depends on more than its arguments."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            for name in node.names:
                if name.name.split(".")[0] in _OUTSIDE:
                    yield f"line {node.lineno}: import {name.name}"
        elif (
            isinstance(node, ast.ImportFrom)
            and node.level == 0
            and (node.module or "").split(".")[0] in _OUTSIDE
        ):
            yield f"line {node.lineno}: from {node.module} import"
        elif isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in _CALLS:
                yield f"line {node.lineno}: {called.id}()"
            elif isinstance(called, ast.Attribute) and called.attr in _METHODS:
                yield f"line {node.lineno}: .{called.attr}()"


@pytest.mark.parametrize("path", sources(*PURE), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_answers_depend_on_arguments_alone(path: Path) -> None:
    assert list(reaches_outside(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "import os",
        "from time import time",
        "import random as r",
        "open('x')",
        "print(1)",
        "date.today()",
        "Path('x').read_text()",
    ],
)
def test_the_reader_of_the_source_sees_what_it_should(text: str) -> None:
    assert list(reaches_outside(text))


@pytest.mark.parametrize(
    "path",
    [path for path in sources("matching/matchers") if not path.name.startswith("_")],
    ids=lambda path: path.stem,
)
def test_a_matcher_says_what_it_does(path: Path) -> None:
    doc = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    headings = re.findall(r"^(What it does|Why it matters|Example|Not covered|References):", doc, re.M)
    assert [name for name in headings if name != "Not covered"] == [
        "What it does",
        "Why it matters",
        "Example",
        "References",
    ]


def test_every_package_folder_is_named_in_the_layers() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    contracts = [item for item in config["contracts"] if item["type"] == "layers"]
    assert [item["containers"] for item in contracts] == [["proscribe"], ["proscribe.app"]]
    for layers in contracts:
        (container,) = layers["containers"]
        folder = PACKAGE.parent.joinpath(*container.split("."))
        assert layers["exhaustive"] is True
        named = {name.strip("() ") for line in layers["layers"] for name in line.split("|")}
        rooms = {path.parent.name for path in folder.glob("*/__init__.py")}
        assert rooms == {name for name in named if (folder / name).is_dir()}


def test_imports_keep_the_contracts() -> None:
    cli = pytest.importorskip("importlinter.cli")
    from click.testing import CliRunner

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.syspath_prepend(str(ROOT / "src"))
        done = CliRunner().invoke(cli.lint_imports_command, ["--no-cache"])
    assert done.exit_code == 0, done.output


def test_every_test_folder_mirrors_a_room() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    #: What belongs to no single room.
    beside = {"adversary", "architecture", "bench", "docs", "e2e", "examples", "knowledge", "test_docs.py"}
    tests = {path.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").rglob("test_*.py")}
    assert tests <= rooms | beside
    assert rooms - tests <= {"model"}, "a room without tests"


def test_every_public_thing_has_a_docstring() -> None:
    bare = []
    for path in sources("model", "app", "cli", "matching"):
        tree = ast.parse(path.read_text("utf-8"))
        if path.name != "__init__.py" and not ast.get_docstring(tree):
            bare.append(str(path))
        for node in tree.body:
            if (
                isinstance(node, (ast.FunctionDef, ast.ClassDef))
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                bare.append(f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}")
    assert bare == []


def tracked() -> list[Path]:
    """List the files that are published."""
    try:
        done = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, timeout=30, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a checkout")
    return [ROOT / name for name in done.stdout.decode().split("\0") if name]


#: Words are joined here from halves, so that this file does not hold them itself.
_NOT_PUBLISHED = re.compile(
    "|".join(
        [
            "index" + r"[-_]url\s*[=:]", "extra-" + "index", "trusted" + r"-host\s*[=:]", "--find" + "-links", "arti" + "factory",
            r"/home/(?!user\b|you\b)[a-z]" + r"[\w-]*/", "/ro" + r"ot/[\w.]",
            r"/Us" + r"ers/[a-z]",
        ]
    )
)  # fmt: skip


def test_no_index_host_and_no_path_of_a_machine() -> None:
    found = []
    for path in tracked():
        if path.is_file() and path.suffix not in {".xlsx", ".png", ".zip", ".parquet"}:
            text = path.read_text("utf-8", errors="replace")
            found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in _NOT_PUBLISHED.finditer(text)]
    assert found == []


def test_versions_agree() -> None:
    import proscribe

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert proscribe.__version__ == project["version"]
