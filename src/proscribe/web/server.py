"""Serves a workbench on this machine, with a worker beside it that does the jobs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from proscribe.app.starting import SAFE_PATH, module_folders
from proscribe.model.errors import error, missing_extra
from proscribe.web.settings import Settings

#: Addresses that only this machine reaches.
LOOPBACK = {"127.0.0.1": "127.0.0.1", "::1": "[::1]", "localhost": "localhost"}
_END_S = 3


def serve(
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    opened: Callable[[str], None] = lambda _address: None,
) -> None:
    """Serve until the process is ended.

    Args:
        settings: of the workbench; the names under which it answers are set here.
        host: an address of this machine alone.
        port: 0 takes a free one.
        opened: is told the address that opens the workbench once.

    Raises:
        UsageError: E417 when the address is not of this machine alone, or its port cannot be listened on.
        EnvironmentProblem: E502 when the extra `web` is not installed.
    """
    if host not in LOOPBACK:
        raise error("E417", address=host[:60])
    try:
        import uvicorn

        from proscribe.web.application import Workbench
    except ModuleNotFoundError as problem:
        raise missing_extra(problem.name or "starlette", "web") from None
    config = configuration(host, port)
    try:
        listening = config.bind_socket()
    except (OSError, SystemExit) as problem:
        raise error("E417.port", address=host, port=port, why=str(problem) or "it is in use") from None
    listening.listen(2048)  # before anybody is told of the address
    taken = listening.getsockname()[1]
    names = frozenset(f"{LOOPBACK[one]}:{taken}" for one in LOOPBACK)
    bench = Workbench(replace(settings, hosts=names))
    config.app = bench.application
    with _worker(settings), listening:
        opened(f"http://{LOOPBACK[host]}:{taken}/enter?token={settings.token}")
        uvicorn.Server(config).run(sockets=[listening])


def configuration(host: str, port: int, **more: Any) -> Any:
    """Say how the server listens, and what a connection may take (`connections.Bounds`)."""
    import uvicorn

    from proscribe.web.connections import protocol

    told = {
        "log_level": "warning", "access_log": False, "server_header": False, "date_header": False, "lifespan": "off",
        "timeout_keep_alive": 10, "h11_max_incomplete_event_size": 64 * 1024, "proxy_headers": False, "ws": "none",
        "http": protocol(),
    }  # fmt: skip
    return uvicorn.Config("", host=host, port=port, **{**told, **more})


@contextmanager
def _worker(settings: Settings) -> Iterator[Any]:
    """Run a worker beside the server, which ends with it."""
    command = [sys.executable, SAFE_PATH, "-m", "proscribe", "jobs", "work", "--store", settings.place]
    command += ["--beside", str(os.getpid())]
    about = os.environ | {"PYTHONPATH": module_folders()}
    with subprocess.Popen(command, env=about, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as running:  # noqa: S603
        try:
            yield running
        finally:
            running.terminate()
            try:
                running.wait(_END_S)
            except subprocess.TimeoutExpired:
                running.kill()
