"""What a process may still do after it was confined: each attempt is made in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are of Linux")

_TRY = """
import json, os, socket, sys
from proscribe.readers.protections import confine, limit
readable, writable, elsewhere = sys.argv[1:]
limit(1 << 30, 20)
taken = confine([readable, sys.prefix, sys.base_prefix, "/usr", "/lib", "/lib64"], [writable])
def attempt(call):
    try:
        call()
        return "done"
    except (OSError, MemoryError) as problem:
        return type(problem).__name__
print(json.dumps({
    "taken": taken,
    "read": attempt(lambda: open(readable).read()),
    "read elsewhere": attempt(lambda: open(elsewhere).read()),
    "list elsewhere": attempt(lambda: os.listdir(os.path.dirname(elsewhere))),
    "write": attempt(lambda: open(os.path.join(writable, "x"), "w").write("x")),
    "change what it reads": attempt(lambda: open(readable, "w")),
    "write elsewhere": attempt(lambda: open(elsewhere + ".x", "w")),
    "internet": attempt(lambda: socket.socket(socket.AF_INET)),
    "internet, six": attempt(lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)),
    "packets": attempt(lambda: socket.socket(socket.AF_PACKET)),
    "connect": attempt(lambda: socket.socket(socket.AF_UNIX).connect("/run/x")),
    "memory": attempt(lambda: bytearray(2 << 30)),
    "link out": attempt(lambda: (os.symlink(elsewhere, os.path.join(writable, "l")),
                                 open(os.path.join(writable, "l")).read())),
}))
"""


def test_only_named_files_and_no_network(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "other").mkdir()
    readable, elsewhere = tmp_path / "input.csv", tmp_path / "other" / "secret.txt"
    readable.write_text("a")
    elsewhere.write_text("b")
    ran = subprocess.run(
        [sys.executable, "-c", _TRY, str(readable), str(tmp_path / "own"), str(elsewhere)],
        capture_output=True, text=True, check=False, env={"PYTHONPATH": ":".join(filter(None, sys.path))},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    answers = json.loads(ran.stdout)
    taken = set(answers.pop("taken"))
    may = {"read", "write"}
    assert {answers[name] for name in may} == {"done"}
    assert answers["memory"] == "MemoryError"
    if "network" in taken:
        for name in ("internet", "internet, six", "packets", "connect"):
            assert answers[name] == "PermissionError", name
    if "files" in taken:
        for name in (
            "read elsewhere",
            "list elsewhere",
            "change what it reads",
            "write elsewhere",
            "link out",
        ):
            assert answers[name] == "PermissionError", name
    if taken != {"files", "network"}:
        pytest.skip(f"this kernel gives {sorted(taken)} only; the rest was checked")


def test_a_second_confinement_keeps_the_first() -> None:
    code = (
        "from proscribe.readers.protections import confine\n"
        "import sys\n"
        "first = confine([sys.prefix], [])\n"
        "confine(['/'], ['/'])\n"
        "try:\n    open('/etc/hostname')\n    print('open' if 'files' in first else 'closed')\n"
        "except OSError:\n    print('closed')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
    )  # fmt: skip
    assert ran.stdout.strip() == "closed", ran.stderr
