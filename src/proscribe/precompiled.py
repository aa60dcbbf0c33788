"""What Python compiles from text each time a program starts, compiled once when the package was built.

A scan of a thousand rows compiled 400 regular expressions and a thousand methods of record types, a sixth of its time. The
wheel brings them as the Python that built it made them (`NAME`): the code of expressions by text and flags, and that of the
methods, which `dataclasses` writes as texts, by their text. What is not among them is compiled as ever, so that answers
cannot differ; under any other Python, and where the package was not built, all of it is. Only the command line does this: it
changes how two modules of Python work inside, which a library may not do to its callers.

    python -m proscribe.precompiled FILE    keeps what a scan of small samples compiles
"""

from __future__ import annotations

import dataclasses
import marshal
import re
import sys
from array import array
from contextlib import suppress
from pathlib import Path
from typing import Any

NAME = "_precompiled.bin"
#: Which Python compiled it; another one's code may mean anything.
_MADE_BY = (sys.version, sys.implementation.cache_tag, sys.byteorder)
#: The first form of it that tells nothing of how often what is written is in use, so that each build gives the same bytes.
_FORM = 2

#: An expression as `_sre.compile` takes it but for its text: flags, code, groups, numbers by name, names by number.
_Expression = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]


def use(path: Path | None = None) -> bool:
    """Have this process take what was compiled, of the package or of a file; give whether it does."""
    path = path or Path(__file__).with_name(NAME)
    with suppress(OSError, ValueError, EOFError, TypeError):
        made_by, expressions, methods = marshal.loads(path.read_bytes())  # noqa: S302  as trusted as this file
        if made_by == _MADE_BY:
            _put_in_place(expressions, methods)
            return True
    return False


def _put_in_place(expressions: dict[tuple[str | bytes, int], _Expression], methods: dict[str, bytes]) -> None:
    compiler = _compiler()
    compiled_anew = compiler.compile

    def compiled(text: Any, flags: int = 0) -> Any:
        known = expressions.get((text, int(flags))) if isinstance(text, (str, bytes)) else None
        if known is None:
            return compiled_anew(text, flags)
        all_flags, code, groups, numbers, names = known
        return compiler._sre.compile(text, all_flags, array("I", code).tolist(), groups, dict(numbers), names)

    def executed(text: str, *names: dict[str, Any]) -> None:
        known = methods.get(text)
        exec(text if known is None else marshal.loads(known), *names)  # noqa: S102, S302  what `dataclasses` wrote

    compiler.compile = compiled
    vars(dataclasses)["exec"] = executed


def _compiler() -> Any:
    return vars(re)["_compiler"]


class Recorder:
    """Notes what is compiled while it is in place."""

    def __init__(self) -> None:
        self.expressions: dict[tuple[str | bytes, int], _Expression] = {}
        self.methods: dict[str, bytes] = {}

    def put_in_place(self) -> None:
        compiler = _compiler()
        compiled_anew = compiler.compile

        def compiled(text: Any, flags: int = 0) -> Any:
            made = compiled_anew(text, flags)
            if isinstance(text, (str, bytes)):
                self.expressions[text, int(flags)] = expression_of(text, int(flags))
            return made

        def executed(text: str, *names: dict[str, Any]) -> None:
            code = compile(text, "<string>", "exec")
            self.methods[text] = marshal.dumps(code, _FORM)
            exec(code, *names)  # noqa: S102  what `dataclasses` wrote

        compiler.compile = compiled
        vars(dataclasses)["exec"] = executed

    def packed(self) -> bytes:
        expressions = dict(sorted(self.expressions.items(), key=repr))
        return marshal.dumps((_MADE_BY, expressions, dict(sorted(self.methods.items()))), _FORM)


def expression_of(text: str | bytes, flags: int) -> _Expression:
    """Compile an expression as `re` does, and give what it makes its object of."""
    compiler = _compiler()
    parsed = compiler._parser.parse(text, flags)
    numbers = parsed.state.groupdict
    names: list[str | None] = [None] * parsed.state.groups
    for name, number in numbers.items():
        names[number] = name
    code = array("I", compiler._code(parsed, flags)).tobytes()
    return int(flags | parsed.state.flags), code, parsed.state.groups - 1, dict(numbers), tuple(names)


#: A table that names what many ledgers and lists name, so that what they ask for is compiled.
_SAMPLE = """row,date,vendor,description,quantity,amount
1,2024-05-01,Hikvision UK Ltd,DS-2CD2143G2-I dome camera 4 MP for the gate,2,310.00
2,2024-05-02,Acme Supplies LLP,INV 20331 office chairs,4,120.50
3,2024-05-03,Acme Supplies LLP,Huawei S5735-L24T4S switch and bracket,1,900.00
4,2024-05-04,Wang & Söhne GmbH,海康威视 摄像机,1,80.00
5,2024-05-05,Dahua Technology,replaces ZTE H267A router; disposed 2023,1,40.00
"""


def _sample_work(folder: Path) -> None:
    from proscribe.cli.main import cli
    from proscribe.readers.base import Options, Source
    from proscribe.readers.opening import open_source

    table = folder / "ledger.csv"
    table.write_text(_SAMPLE, encoding="utf-8")
    # inputs are read in a process of their own; here in this one, so that it is seen
    list(open_source(Source("ledger.csv", table, table.stat().st_size), Options()).batches())
    for asked in (
        ["scan", str(table), "-o", f"jsonl={folder / 'found'}"],
        ["explain", "Hikvision DS-2CD2143G2-I"],
    ):
        with suppress(SystemExit):
            cli(asked, standalone_mode=False)


def main(target: str) -> None:
    """Write what a scan of a sample compiles."""
    import tempfile

    recorder = Recorder()
    recorder.put_in_place()
    with tempfile.TemporaryDirectory() as folder:
        _sample_work(Path(folder))
    Path(target).write_bytes(recorder.packed())


if __name__ == "__main__":
    main(sys.argv[1])
