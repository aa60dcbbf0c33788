"""Commands in processes of their own that need not import the program nor read its law: copies of one process that has.

What a module does when it is first imported belongs to tests that start Python itself (`e2e/test_process.py`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import proscribe

#: Asked line by line, it answers with how a copy of it ended and what that wrote. After each copy it imports what that one
#: needed of the program, for the next.
_FIRST = """
import gc, importlib, json, os, resource, selectors, sys
sys.path.insert(0, sys.argv.pop())
sys.dont_write_bytecode = True  # where files may not grow, Python would leave half a module
import jsonschema, alembic.runtime.migration, docx, typst, xlsxwriter
from proscribe.__main__ import main
import proscribe.cli.main
from datetime import UTC, date, datetime
from proscribe.app.kb.knowledge_index import opened_index
from proscribe.app.scan import first_process
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.periods import AsOf
from proscribe.rules.regimes import law_in
law_in(open_knowledge(()))  # kept with the snapshot, as long as its file is the same
first_process._MOST_HELD_BYTES *= 3  # a copy holds what all before it needed

def index_of(words):  # compiled for the day that a command names, for its copy and for those behind it
    if words[0] in ("scan", "devices") and "--as-of" in words[:-1]:
        day = date.fromisoformat(words[words.index("--as-of") + 1])
        opened_index((), AsOf(day, datetime.now(UTC).date()), anew=False)

def both(ends):
    told = {end: b"" for end in ends}
    with selectors.DefaultSelector() as ready:
        for end in ends:
            ready.register(end, selectors.EVENT_READ)
        while ready.get_map():
            for key, _ in ready.select():
                piece = os.read(key.fd, 1 << 16)
                told[key.fd] += piece
                if not piece:
                    ready.unregister(key.fd)
                    os.close(key.fd)
    return [told[end] for end in ends]

for line in sys.stdin:
    asked = json.loads(line)
    index_of(asked["words"])
    gc.collect()
    gc.freeze()
    ends = [os.pipe() for _ in range(3)]
    child = os.fork()
    if not child:
        break
    for _, end in ends:
        os.close(end)
    output, errors, needed = both([end for end, _ in ends])
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    for name in needed.decode().split():
        importlib.import_module(name)
    print(json.dumps([code, output.decode("utf-8", "replace"), errors.decode("utf-8", "replace")]), flush=True)
else:
    sys.exit()

out = os.open(asked["stdout"], os.O_WRONLY) if asked["stdout"] else ends[0][1]
for number, end in ((0, os.open(os.devnull, os.O_RDONLY)), (1, out), (2, ends[1][1])):
    os.dup2(end, number)
needed = os.dup(ends[2][1])
for pair in ends:
    for end in pair:
        os.close(end)
sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", encoding="utf-8", closefd=False)
sys.stderr = open(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)
os.chdir(asked["folder"])
os.environ.clear()
os.environ.update(asked["environment"])
if asked["most"] is not None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (asked["most"], asked["most"]))
sys.argv = ["proscribe", *asked["words"]]
had = set(sys.modules)
try:
    main()
finally:
    os.write(needed, " ".join(name for name in sys.modules if name not in had and name.startswith("proscribe.")).encode())
    os.close(needed)
"""


class Program:
    """Runs commands as a shell does, without the second in which each would import the program and read the law."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(
        self,
        words: Sequence[str | Path],
        folder: Path,
        environment: Mapping[str, str],
        *,
        most: int | None = None,
        stdout: str = "",
    ) -> subprocess.CompletedProcess[str]:
        """Run `proscribe` with words in a folder; files may grow to `most` bytes, and `stdout` may name a file for its output."""
        line = [str(word) for word in words]
        asked = {
            "words": line,
            "folder": str(folder),
            "environment": dict(environment),
            "most": most,
            "stdout": stdout,
        }
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code, output, errors = json.loads(self._process.stdout.readline())
        return subprocess.CompletedProcess(line, code, output, errors)


@contextmanager
def forked_program() -> Iterator[Program]:
    """Start the process of which each command is a copy."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PROSCRIBE_")}
    with subprocess.Popen(
        [sys.executable, "-c", _FIRST, str(Path(proscribe.__file__).parents[1])],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**kept, "OPENBLAS_NUM_THREADS": "1"},
    ) as process:  # fmt: skip
        yield Program(process)
        assert process.stdin is not None
        process.stdin.close()
