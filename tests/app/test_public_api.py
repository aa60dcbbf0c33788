"""The Python API: every service is named in docs/api.md, says what it takes and raises, and its example runs."""

from __future__ import annotations

import ast
import inspect
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import proscribe

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
NAMES = sorted(set(proscribe.__all__) - {"__version__"})


def test_the_names_are_those_that_are_declared() -> None:
    assert set(NAMES) == set(proscribe._SERVICES)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = proscribe.nothing


@pytest.mark.parametrize("name", NAMES)
def test_a_service_is_documented(name: str) -> None:
    assert re.search(rf"`{name}\b", PAGE), f"docs/api.md does not name {name}"
    service = getattr(proscribe, name)
    words = inspect.getdoc(service) or ""
    assert words, name
    if inspect.isclass(service):
        assert service.__module__.startswith("proscribe.app."), name
        return
    taken = inspect.signature(service)
    assert taken.return_annotation is not inspect.Signature.empty, name
    assert not taken.parameters or "Args:" in words, f"{name} does not say what it takes"
    assert not taken.parameters or "Raises:" in words, f"{name} does not say what it raises"


@pytest.mark.parametrize("name", ["Cases", "Knowledge", "LawBook", "SupplierDesk"])
def test_every_method_of_a_service_says_what_it_does(name: str) -> None:
    for method, held in inspect.getmembers(getattr(proscribe, name), inspect.isfunction):
        if not method.startswith("_"):
            assert inspect.getdoc(held), f"{name}.{method}"


def test_each_service_has_an_example_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    examples = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    shutil.copy(ROOT / "examples/inputs/inventory.xlsx", tmp_path)
    shutil.copy(ROOT / "examples/facts.yml", tmp_path)
    monkeypatch.chdir(tmp_path)
    space: dict[str, object] = {}
    for example in examples:
        exec(compile(example, "docs/api.md", "exec"), space)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "confirmed hikvision True"
    assert "valid" in said, said
    used = "\n".join(examples)
    called = [name for name in NAMES if not inspect.isclass(getattr(proscribe, name))]
    without = {name for name in called if f"proscribe.{name}(" not in used}
    # Their examples need a case with an approved document, an answer of a supplier, a list of parts, or a network.
    assert without == {
        "read_offering",
        "run_collection",
        "sign_answers",
        "sign_stored_document",
    }


def test_services_print_nothing_ask_nothing_and_end_nothing() -> None:
    for path in sorted((ROOT / "src/proscribe/app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in {"print", "input", "exit", "quit", "sys.exit"}, (
                    f"{path.name}:{node.lineno}"
                )
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                assert "click" not in ast.unparse(node), f"{path.name}:{node.lineno}"


def test_a_service_keeps_its_name_beside_a_room_of_that_name() -> None:
    import_module("proscribe.devices.report")
    assert callable(proscribe.devices) and callable(proscribe.devices)
    assert import_module("proscribe.devices").__name__ == "proscribe.devices"


@pytest.mark.parametrize(
    ("said", "absent"),
    [
        ("import proscribe", ("polars", "pyarrow", "click", "yaml")),
        ("import proscribe; [getattr(proscribe, name) for name in proscribe.__all__]", ("click",)),
    ],
)
def test_what_is_not_used_is_not_imported(said: str, absent: tuple[str, ...]) -> None:
    code = f"{said}; import sys; print([name for name in {absent!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
