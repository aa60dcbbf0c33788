"""The compiled index, once for all tests."""

from __future__ import annotations

import gc
import importlib.util
import itertools
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from proscribe.app.kb.knowledge_index import index_of
from proscribe.kb.snapshot import Snapshot
from proscribe.matching.index import Index

# What is made of the knowledge is kept outside the home of whoever runs the tests.
os.environ.setdefault("PROSCRIBE_CACHE", str(Path(tempfile.gettempdir()) / "proscribe-tests-cache"))
sys.path.insert(0, str(Path(__file__).parent))  # what several rooms' tests share

from forked_program import Program, forked_program

pytest_plugins = ["store_places"]

# As the program has it (`proscribe.__main__`): half a million objects of knowledge stay, and a search among them finds nothing.
gc.set_threshold(200_000, 20, 100)

# How long an example takes tells of the machine: what takes too long is measured where steps are counted.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")

TODAY = date(2026, 11, 25)
#: Whose tests take longest. Begun first, none of them is left for the end where several processes share the files.
_LONGEST = (
    "web/", "e2e/", "architecture/test_locks.py", "app/test_jobs.py", "cli/test_document.py", "bench/test_fuzz.py",
    "app/test_crops.py", "app/test_ready_knowledge.py", "readers/pictures/test_inside.py", "rules/test_monotone.py",
    "casework/test_two_clerks.py", "documents/test_contracts.py", "casework/test_killed.py", "cli/test_full_disk.py",
)  # fmt: skip


def pytest_xdist_auto_num_workers() -> int:
    """Have one process more than there are processors: tests wait for disks, browsers and processes of their own."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors + 1


def pytest_configure(config: pytest.Config) -> None:
    """Let each of several processes begin to collect elsewhere, where all files are asked for.

    What one of them has compiled of a file, the others read: side by side, each would compile every file of a fresh copy.
    """
    worker, everything = getattr(config, "workerinput", None), Path(__file__).parent
    if worker is None or [Path(one).resolve() for one in config.args] != [everything]:
        return
    parts = sorted(one for one in everything.iterdir() if one.is_dir() or one.match("test_*.py"))
    files = [part for part in parts for _ in (part, *part.rglob("test_*.py"))]
    first = files[len(files) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]]
    config.args = [str(part) for part in sorted(parts, key=lambda part: (part < first, part))]


def pytest_collection_finish() -> None:
    """Let what the first store of a process works out serve the further ones: hundreds of tests begin with one of their own.

    The first new store goes through its migrations, and the further ones repeat their statements. What SQLAlchemy compiled for
    one SQLite store, the next ones find. Together it is half of the time of a new store. Where no test opens one, none is loaded.
    """
    opening: Any = sys.modules.get("proscribe.casework.opening")
    if opening is None:
        return
    migrate, kept = opening._migrate, dict[str, list[tuple[str, Any]]]()
    store: Any = sys.modules["proscribe.casework.store"]
    engines, first = store.engines, list[Any]()

    def sharing(url: Any) -> Any:
        writer, reader = engines(url)
        if writer is reader:  # SQLite; a server's listeners are those of the dialect
            first.append(writer)
            del first[1:]
            writer.dialect, writer._compiled_cache = first[0].dialect, first[0]._compiled_cache
        return writer, reader

    def migrated(conn: Any, revision: str) -> None:
        if revision:
            migrate(conn, revision)
        elif conn.dialect.name in kept:
            cursor = conn.connection.cursor()
            for bare, alike in itertools.groupby(kept[conn.dialect.name], lambda one: not one[1]):
                if bare and conn.dialect.name == "postgresql":  # it takes many in one message
                    cursor.execute(";\n".join(statement for statement, _ in alike))
                else:
                    for statement, values in alike:
                        cursor.execute(statement, values)
            cursor.close()
        else:
            from sqlalchemy import event

            statements = []

            def note(_conn: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
                if not statement.lstrip().startswith(("PRAGMA", "SELECT")):
                    statements.append((statement, values))

            event.listen(conn, "before_cursor_execute", note)
            try:
                migrate(conn, revision)
            finally:
                event.remove(conn, "before_cursor_execute", note)
            kept[conn.dialect.name] = statements

    opening._migrate, store.engines = migrated, sharing


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first, and all in one order wherever a process began to collect."""
    folder = Path(__file__).parent

    def place(item: pytest.Item) -> tuple[bool, str]:
        path = item.path.relative_to(folder).as_posix()
        return not path.startswith(_LONGEST), path

    items.sort(key=place)


def _loaded(name: str, path: Path) -> Any:
    """Load a module from a file."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def compiling() -> Any:
    """Load what compiles the loop of the scan."""
    return _loaded("compile_literals", Path(__file__).parents[1] / "compile_literals.py")


@pytest.fixture(scope="session")
def compiled_loop(compiling: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Compile the loop of the scan; tests that need it are skipped where there is no compiler."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(compiling.VARIABLE, raising=False)
        target, why = compiling.compiled(tmp_path_factory.mktemp("compiled"))
    if target is None:
        pytest.skip(why)
    return _loaded("_literals", target)


@pytest.fixture(scope="session")
def program() -> Iterator[Program]:
    """Run commands in copies of one process."""
    with forked_program() as running:
        yield running


@pytest.fixture(scope="session")
def snapshot() -> Snapshot:
    """Open the shipped knowledge."""
    return Snapshot.open()


@pytest.fixture(scope="session")
def index(snapshot: Snapshot) -> Index:
    """Compile it for a fixed day."""
    return index_of(snapshot, TODAY, TODAY)
