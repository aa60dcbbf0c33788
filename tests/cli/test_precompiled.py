"""What the wheel brings compiled is what Python compiles."""

from __future__ import annotations

import marshal
import subprocess
import sys
from pathlib import Path

import pytest

from proscribe import precompiled

#: Compiles expressions and a record type, and says what they do, with the precompiled ones or without.
_USE = """
import sys
from proscribe import precompiled
from pathlib import Path
told = precompiled.use(Path(sys.argv[1]))
import re
from dataclasses import dataclass, fields, replace
found = re.compile(r"(?P<first>[a-c]+)(x)?|(?i:Ä+)|[\\u3400-\\u9fff]{2}", re.M | re.I)
print(told, [(one.span(), one.groupdict(), one.groups()) for one in found.finditer("abcx \\n\\u5927\\u534e \\u00e4\\u00c4 B")], found)
print(found.flags, found.groups, found.groupindex, re.sub(b"[0-9]+", b"#", b"a12b3"))
@dataclass(frozen=True, slots=True, order=True)
class Point:
    x: int
    y: tuple[int, ...] = ()
one = Point(1)
print(one, one == Point(1), hash(one) == hash(Point(1)), replace(one, y=(2,)) > one, [field.name for field in fields(one)])
try:
    one.x = 2
except AttributeError as problem:
    print(type(problem), problem)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep what the program above compiles."""
    path = tmp_path_factory.mktemp("precompiled") / precompiled.NAME
    work = f"import sys; sys.argv = ['', '/nowhere']; exec({_USE!r})"
    program = (
        "from proscribe import precompiled; from pathlib import Path\n"
        f"recorder = precompiled.Recorder(); recorder.put_in_place()\n{work}\n"
        f"Path({str(path)!r}).write_bytes(recorder.packed())"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    return path


def _said(path: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", _USE, str(path)], check=True, capture_output=True, text=True, encoding="utf-8"
    ).stdout


def test_what_was_compiled_before_does_what_is_compiled_now(made: Path, tmp_path: Path) -> None:
    anew, known = _said(tmp_path / "none"), _said(made)
    assert anew.startswith("False ") and known.startswith("True ")
    assert anew.removeprefix("False") == known.removeprefix("True")


def test_every_kept_expression_is_as_python_compiles_it(made: Path) -> None:
    _, expressions, methods = marshal.loads(made.read_bytes())
    assert len(expressions) >= 2 and any("__setattr__" in text for text in methods)
    for (text, flags), kept in expressions.items():
        assert precompiled.expression_of(text, flags) == kept


def test_what_is_damaged_or_of_another_python_is_not_used(made: Path, tmp_path: Path) -> None:
    path, whole = tmp_path / precompiled.NAME, made.read_bytes()
    anew = _said(tmp_path / "none")
    made_by, expressions, methods = marshal.loads(whole)
    other = marshal.dumps((("3.0", *made_by[1:]), expressions, methods), 2)
    for damaged in (b"", b"{}", whole[:100], whole[:-50], other, marshal.dumps(1), marshal.dumps((1, 2), 2)):
        path.write_bytes(damaged)
        assert _said(path) == anew


def test_a_run_gives_the_same_file_again(made: Path, tmp_path: Path) -> None:
    """The order in which things were compiled, and how often they are in use, leave no trace."""
    made_by, expressions, methods = marshal.loads(made.read_bytes())
    recorder = precompiled.Recorder()
    recorder.expressions = dict(reversed(list(expressions.items())))
    recorder.methods = dict(reversed(list(methods.items())))
    assert recorder.packed() == made.read_bytes()
    assert made_by[0] == sys.version
