"""A run of a collector from the user's words to a capture file that is whole or absent."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from proscribe import __version__
from proscribe.collectors import (
    COLLECTORS,
    Ask,
    CaptureWriter,
    Collector,
    Outcome,
    Scope,
    Settings,
    Wire,
    planned,
    read_targets,
)
from proscribe.collectors import collect as run_collector
from proscribe.collectors.run import MOST_FOLLOWED, Progress, instant, utc_now
from proscribe.model.captures import CaptureHeader, Exchange
from proscribe.model.errors import error
from proscribe.reports.atomic import replacing


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be asked of whom.

    Attributes:
        collector: the protocol.
        scope: the only addresses that are asked.
        settings: ports, pace, waiting.
        started: instant of the run.
    """

    collector: Collector
    scope: Scope
    settings: Settings
    started: datetime

    def asks(self) -> Iterator[Ask]:
        """Give the questions of the first round, in order."""
        return planned(self.collector, self.scope, self.settings)

    def followed(self) -> list[Ask]:
        """Give the questions that a usual answer of the first target leads to: what a dry run can show of them."""
        group = self.collector.needs.group if self.settings.multicast else ""
        target = next((one for one in self.scope.addresses if not group or ":" not in one), "")
        made: list[Ask] = []
        for ask in self.asks():
            if ask.address not in (target, group):
                continue
            answer = self.collector.usual(replace(ask, address=target))
            if answer:
                exchange = Exchange(
                    self.collector.name, ask.what, ask.transport, target, ask.port, ask.printable(), "",
                    source=target, answered_at="", answer=answer,
                )  # fmt: skip
                made += [one for one in self.collector.follow(exchange, self.settings) if one not in made]
        return made

    @property
    def most_followed(self) -> int:
        """Give how often one device is asked further at most."""
        return MOST_FOLLOWED

    def default_name(self) -> str:
        """Give the name of the capture when the user gives none."""
        return f"capture-{self.collector.name}-{self.started:%Y%m%dT%H%M%SZ}.jsonl"


@dataclass(frozen=True, slots=True)
class Collected:
    """How a run went.

    Attributes:
        targets, answered: addresses in all, and those that answered.
        sent: questions sent.
        exchanges: lines of the capture.
        outside: datagrams from addresses that are no targets; thrown away.
        stopped: whether a person ended the run early.
    """

    targets: int
    answered: int
    sent: int
    exchanges: int
    outside: int
    stopped: bool


def prepare(
    protocol: str,
    targets: str,
    *,
    allow_public: bool = False,
    ports: tuple[int, ...] = (),
    tls_ports: tuple[int, ...] = (),
    community: str | None = None,
    multicast: bool = False,
    interface: str = "",
    rate: int = 20,
    timeout_s: float = 3.0,
    attempts: int = 2,
    now: Callable[[], datetime] = utc_now,
) -> Plan:
    """Check what the user asked for. Sends nothing.

    Args:
        protocol: `onvif`, `ssdp`, `mdns`, `sadp`, `dhip`, `snmp` or `http`.
        targets: a CIDR block, one address, or the name of a file with one of either on a line.
        allow_public: whether addresses of the public internet may be asked.
        ports, tls_ports: asked instead of the protocol's own.
        community: for SNMP, as its owner gave it.
        multicast, interface: one question to the segment of this address of the machine.
        rate: questions a second; `timeout_s`, `attempts`: how long and how often a silent target is waited for.
        now: the clock.

    Raises:
        UsageError: E520 to E524 for the targets, E525 without a community, E526 for options that do not fit.
    """
    collector = COLLECTORS[protocol]
    scope = read_targets(targets, allow_public=allow_public)
    if collector.needs.community and not community:
        raise error("E525", at="--community")
    if community and len(community.encode("utf-8", "surrogateescape")) > 255:
        raise error("E526.community", at="--community")
    if not 0 < timeout_s <= 3600:
        raise error("E526.timeout", at="--timeout", timeout_s=timeout_s)
    if interface and not multicast:
        raise error("E526.interface", at="--interface")
    if interface:
        _check_interface(interface)
    if multicast and not any(":" not in address for address in scope.addresses):
        raise error("E526.multicast", at="--multicast")
    started = now()
    settings = Settings(
        ports=ports,
        tls_ports=tls_ports,
        community=(community or "").encode("utf-8", "surrogateescape"),
        multicast=multicast,
        interface=interface,
        rate=rate,
        timeout_s=timeout_s,
        attempts=attempts,
        agent=f"proscribe/{__version__}",
        run=instant(started),
    )
    return Plan(collector, scope, settings, started)


def _check_interface(text: str) -> None:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        raise error("E526.address", at="--interface", text=text[:60]) from None


def check_output(output: Path) -> None:
    """Refuse to write over an existing file: a capture is evidence.

    Raises:
        UsageError: E529.
    """
    if output.exists():
        raise error("E529", at=output)


@contextmanager
def _opened(output: Path | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(output, Path):
        with replacing(output) as temporary, temporary.open("wb") as file:
            yield file
    else:
        yield output


def run(
    plan: Plan,
    output: Path | BinaryIO,
    *,
    progress: Progress | None = None,
    wire: Wire | None = None,
    now: Callable[[], datetime] = utc_now,
) -> Collected:
    """Ask the targets and write the capture.

    A person who stops the run with Ctrl-C keeps what was collected so far; the capture says that it is not complete.

    Args:
        plan: what was prepared.
        output: path of the capture, or an open binary file.
        progress: told about each step.
        wire, now: the outside world; tests give their own.

    Raises:
        UsageError: E529 when the file exists.
        EnvironmentProblem: E510 when it cannot be written, E527 when the network cannot be opened.
    """
    if isinstance(output, Path):
        check_output(output)
    outcome = Outcome()
    stopped = False
    with _opened(output) as file:
        writer = CaptureWriter(file, _header(plan))
        try:
            for exchange in run_collector(
                plan.collector, plan.scope, plan.settings, outcome, wire=wire, now=now, progress=progress
            ):
                writer.add(exchange)
        except KeyboardInterrupt:
            stopped = True
        writer.close(complete=outcome.complete, outside=outcome.outside, ended_at=instant(now()))
    return Collected(
        outcome.targets, len(outcome.answered), outcome.sent, writer.exchanges, outcome.outside, stopped
    )


def _header(plan: Plan) -> CaptureHeader:
    settings = plan.settings
    return CaptureHeader(
        protocol=plan.collector.name,
        collector_version=plan.collector.version,
        program=__version__,
        started_at=instant(plan.started),
        targets=plan.scope.given,
        addresses=len(plan.scope.addresses),
        settings={
            "rate": str(settings.rate),
            "timeout_s": str(settings.timeout_s),
            "attempts": str(settings.attempts),
            "multicast": "yes" if settings.multicast else "no",
            "ports": " ".join(str(port) for port in settings.ports),
            "tls_ports": " ".join(str(port) for port in settings.tls_ports),
        },
    )
