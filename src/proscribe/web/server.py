"""Serves a workbench on this machine, or to the proxy of a team, with a worker beside it that does the jobs."""

from __future__ import annotations

import errno
import logging
import os
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from ipaddress import ip_address
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from proscribe.app.starting import KEY_VARIABLE, SAFE_PATH, module_folders
from proscribe.model.codec import read
from proscribe.model.errors import error, missing_extra
from proscribe.web.settings import Settings, Team
from proscribe.wording.safe import terminal

#: Addresses that only this machine reaches.
LOOPBACK = {"127.0.0.1": "127.0.0.1", "::1": "[::1]", "localhost": "localhost"}
_END_S = 3
_WAITING = 2048
#: Further ports that are tried where another program listens on one of both addresses.
_TRIES = 20
#: Requests that a process works on at a time. Each takes a connection to the store, and memory.
_AT_A_TIME = 16


def serve(
    settings: Settings,
    *,
    host: str = "localhost",
    port: int = 0,
    processes: int = 1,
    opened: Callable[[str], None] = lambda _address: None,
) -> None:
    """Serve until the process is ended.

    Args:
        settings: of the workbench; the names under which it answers are set here.
        host: an address of this machine alone, `localhost` for both of them; that of a team may be another, on which its proxy
            alone is answered.
        port: 0 takes a free one.
        processes: how many answer; more than one for a team alone, whose sessions the store keeps.
        opened: is told the address that opens the workbench once, or that of the team.

    Raises:
        UsageError: E417 when the address is not of this machine alone, or its port cannot be listened on; E503 when the
            settings of a team do not hold, or several processes are asked for without one.
        EnvironmentProblem: E502 when the extra `web` or `team` is not installed.
    """
    team = settings.team
    if team is None and host not in LOOPBACK:
        raise error("E417", address=host[:60])
    if processes > 1 and team is None:
        raise error("E503", why="several processes share the sessions of a team, and one person needs one")
    try:
        from proscribe.web.application import Workbench
    except ModuleNotFoundError as problem:
        raise missing_extra(problem.name or "starlette", "web") from None
    config = configuration(host, port)
    settings.store.for_long()
    try:
        listening = _listening(host, port, shared=processes > 1)
    except OSError as problem:
        raise error("E417.port", address=host, port=port, why=str(problem) or "it is in use") from None
    taken = listening[0].getsockname()[1]
    names = (
        frozenset(f"{LOOPBACK[one]}:{taken}" for one in LOOPBACK) if team is None else frozenset([team.host])
    )
    with ExitStack() as open_sockets:
        for one in listening:
            open_sockets.enter_context(one)
        config.app = Workbench(replace(settings, hosts=names)).application
        with _worker(settings), _beside(processes - 1, config, host, taken):
            opened(
                f"http://{LOOPBACK[host]}:{taken}/enter?token={settings.token}"
                if team is None
                else team.public_address
            )
            _answering(config).run(sockets=listening)


def read_team(path: Path) -> Team:
    """Read what several people share a workbench with.

    Raises:
        UsageError: E503 when the file cannot be read, or says something that leaves the workbench open.
    """
    try:
        team = read(Team, tomllib.loads(path.read_text(encoding="utf-8")))
        for one in team.proxies:
            ip_address(one)
    except (OSError, ValueError) as problem:  # CodecError is one
        raise error("E503", why=f"{path}: {problem}"[:300]) from None
    return team


def _listening(host: str, port: int, *, shared: bool) -> list[socket.socket]:
    """Listen on an address, or for `localhost` on both that a browser may mean by it, before anybody is told of it.

    Whoever else of this machine listened on the one that is left out would be handed the token of the other.
    """
    for left in range(_TRIES, -1, -1):
        found = [_bound("127.0.0.1" if host == "localhost" else host, port, shared=shared)]
        if host == "localhost":
            try:
                found.append(_bound("::1", found[0].getsockname()[1], shared=shared))
            except OSError as problem:
                if problem.errno == errno.EADDRINUSE:
                    found[0].close()
                    if port or not left:
                        raise
                    continue
                # there is no such address on this machine
        break
    for one in found:
        one.listen(_WAITING)
    return found


def _bound(host: str, port: int, *, shared: bool) -> socket.socket:
    """Take an address; shared, each process listens with a socket of its own, among which the system divides connections.

    Of one socket a process takes all that wait at a moment, so that one of them may answer nearly everybody.
    """
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if ":" in host:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if shared:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.bind((host, port))
    except BaseException:
        made.close()
        raise
    return made


def _answering(config: Any) -> Any:
    """Give a server that works on so many requests at a time: more would take turns, and each would wait for longer."""
    import uvicorn
    from anyio.to_thread import current_default_thread_limiter

    class Server(uvicorn.Server):
        async def serve(self, sockets: list[socket.socket] | None = None) -> None:
            current_default_thread_limiter().total_tokens = _AT_A_TIME
            await super().serve(sockets)

    return Server(config)


@contextmanager
def _beside(count: int, config: Any, host: str, port: int) -> Iterator[None]:
    """Run further processes that answer at the same address, and end with this one."""
    running = [
        get_context("fork").Process(target=_further, args=(os.getpid(), config, host, port))
        for _ in range(count)
    ]
    for one in running:
        one.start()
    try:
        yield
    finally:
        for one in running:
            one.terminate()
            one.join(_END_S)


def _further(parent: int, config: Any, host: str, port: int) -> None:
    listening = _listening(host, port, shared=True)

    server = _answering(config)

    async def look() -> None:
        server.should_exit = server.should_exit or os.getppid() != parent

    config.callback_notify, config.timeout_notify = look, 1
    server.run(sockets=listening)


class Lines(logging.Formatter):
    """Writes what happened for a terminal: what somebody sent, and a fault repeats, moves no cursor and turns no line round."""

    def format(self, record: logging.LogRecord) -> str:
        """Give a record, with its fault line by line."""
        return "\n".join(terminal(line) for line in super().format(record).split("\n"))


def _logging() -> dict[str, Any]:
    loggers = {name: {"handlers": ["terminal"], "level": "WARNING"} for name in ("uvicorn", "proscribe")}
    return {
        "version": 1, "disable_existing_loggers": False, "loggers": loggers, "formatters": {"lines": {"()": Lines}},
        "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "lines"}},
    }  # fmt: skip


def configuration(host: str, port: int, **more: Any) -> Any:
    """Say how the server listens, and what a connection may take (`connections.Bounds`)."""
    import uvicorn

    from proscribe.web.connections import protocol

    told = {
        "log_level": "warning", "access_log": False, "server_header": False, "date_header": False, "lifespan": "off",
        "timeout_keep_alive": 10, "timeout_graceful_shutdown": 10,
        "h11_max_incomplete_event_size": 64 * 1024, "proxy_headers": False, "ws": "none",
        "http": protocol(), "log_config": _logging(),
    }  # fmt: skip
    return uvicorn.Config("", host=host, port=port, **{**told, **more})


@contextmanager
def _worker(settings: Settings) -> Iterator[Any]:
    """Run a worker beside the server, which ends with it."""
    command = [sys.executable, SAFE_PATH, "-m", "proscribe", "jobs", "work", "--store", settings.place]
    command += ["--beside", str(os.getpid())]
    about = os.environ | {"PYTHONPATH": module_folders(), KEY_VARIABLE: settings.store.key.hex()}
    with subprocess.Popen(command, env=about, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as running:  # noqa: S603
        try:
            yield running
        finally:
            running.terminate()
            try:
                running.wait(_END_S)
            except subprocess.TimeoutExpired:
                running.kill()
