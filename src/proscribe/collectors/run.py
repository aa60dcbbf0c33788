"""One run: every target asked at a steady pace, every answer of a target kept, every other thrown away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from proscribe.collectors.base import Ask, Collector, Settings
from proscribe.collectors.targets import Scope, plain
from proscribe.collectors.wire import SocketWire, Wire
from proscribe.model.captures import Exchange

_WORKERS = 16
#: Most datagrams, and most bytes of them, kept of one target.
_MOST_ANSWERS = 64
_MOST_BYTES = 1_048_576
#: Most questions that the answers of one target may lead to.
MOST_FOLLOWED = 12
_TURN_S = 0.25

#: Called with targets done, targets in all, answers so far.
Progress = Callable[[int, int, int], None]


def utc_now() -> datetime:
    """Give the present instant."""
    return datetime.now(UTC)


def instant(moment: datetime) -> str:
    """Write an instant as ISO 8601 UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Pace:
    """Lets one question a slot go, over all threads.

    Args:
        rate: questions a second.
        clock: monotonic seconds.
        sleep: waits that many seconds.
    """

    def __init__(
        self,
        rate: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap = 1.0 / rate
        self._clock = clock
        self._sleep = sleep
        self._next: float | None = None
        self._lock = threading.Lock()

    def _slot(self) -> float:
        with self._lock:
            now = self._clock()
            # Time that went by unused is not saved up: there are no bursts.
            mine = now if self._next is None else max(now, self._next)
            self._next = mine + self._gap
            return mine

    def wait(self, meanwhile: Callable[[float], None] | None = None) -> None:
        """Wait for the next slot; `meanwhile` is called with the seconds left instead of sleeping."""
        mine = self._slot()
        while (left := mine - self._clock()) > 0:
            (meanwhile or self._sleep)(left)


@dataclass(slots=True)
class Outcome:
    """Counts of a run, filled while it goes.

    Attributes:
        targets: addresses to ask.
        answered: addresses that answered.
        sent: questions sent.
        outside: datagrams that came from addresses that are no targets.
        complete: whether every target was asked to the end.
    """

    targets: int = 0
    answered: set[str] = field(default_factory=set)
    sent: int = 0
    outside: int = 0
    complete: bool = False


def planned(collector: Collector, scope: Scope, settings: Settings) -> Iterator[Ask]:
    """Give the questions that a run would send in its first round, in order. Opens nothing."""
    if settings.multicast and collector.needs.group:
        yield from collector.asks(
            collector.needs.group, replace(settings, ports=settings.ports or (collector.needs.group_port,))
        )
        return
    for address in scope.addresses:
        yield from collector.asks(address, settings)


def collect(
    collector: Collector,
    scope: Scope,
    settings: Settings,
    outcome: Outcome,
    *,
    wire: Wire | None = None,
    pace: Pace | None = None,
    clock: Callable[[], float] = time.monotonic,
    now: Callable[[], datetime] = utc_now,
    progress: Progress | None = None,
) -> Iterator[Exchange]:
    """Ask every target and yield what comes back, and what does not.

    Args:
        collector: the protocol.
        scope: whom to ask; nothing goes anywhere else.
        settings: what the user asked for.
        outcome: counts, filled while the run goes.
        wire, pace, clock, now: the outside world; tests give their own.
        progress: told about each step.

    Raises:
        EnvironmentProblem: E527 when the network cannot be opened.
    """
    run = _Run(
        collector, scope, settings, outcome, wire or SocketWire(), pace or Pace(settings.rate), clock, now
    )
    run.progress = progress
    outcome.targets = len(scope.addresses)
    yield from run.datagrams()
    yield from run.streams()
    outcome.complete = True


class _Run:
    def __init__(
        self,
        collector: Collector,
        scope: Scope,
        settings: Settings,
        outcome: Outcome,
        wire: Wire,
        pace: Pace,
        clock: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        self.collector = collector
        self.scope = scope
        self.settings = settings
        self.outcome = outcome
        self.wire = wire
        self.pace = pace
        self.clock = clock
        self.now = now
        self.progress: Progress | None = None
        self.stop = threading.Event()
        self.counting = threading.Lock()
        self.followed: dict[str, list[Ask]] = {}

    def _told(self, done: int) -> None:
        if self.progress is not None:
            self.progress(done, self.outcome.targets, len(self.outcome.answered))

    def _exchange(self, ask: Ask, asked_at: str) -> Exchange:
        return Exchange(
            self.collector.name, ask.what, ask.transport, ask.address, ask.port, ask.printable(), asked_at
        )

    # Datagrams: one socket, answers sorted by the address they come from.

    def datagrams(self) -> Iterator[Exchange]:
        asks = [ask for ask in planned(self.collector, self.scope, self.settings) if ask.transport == "udp"]
        if not asks:
            return
        line = self.wire.datagrams(self.scope, self.collector.needs, self.settings)
        box = _Box(self, asks)
        try:
            for attempt in range(self.settings.attempts):
                silent = [ask for ask in asks if box.wants(ask)] if attempt else asks
                if not silent:
                    break
                for ask in silent:
                    self.pace.wait(lambda left: box.take(line.receive(min(left, _TURN_S))))
                    box.sent(ask, instant(self.now()), line.send(ask))
                    self.outcome.sent += 1
                    self._told(len(box.asked))
                    yield from box.ready()
                until = self.clock() + self.settings.timeout_s
                while (left := until - self.clock()) > 0 and not box.settled():
                    box.take(line.receive(min(left, _TURN_S)))
                    yield from box.ready()
                if box.settled():
                    break
            yield from box.silent()
        finally:
            line.close()

    # Streams: a few threads, one target in each at a time.

    def streams(self) -> Iterator[Exchange]:
        jobs: dict[str, list[Ask]] = {}
        for address in self.scope.addresses:
            direct = []
            if not (self.settings.multicast and self.collector.needs.group):
                direct = [
                    ask for ask in self.collector.asks(address, self.settings) if ask.transport != "udp"
                ]
            if direct or address in self.followed:
                jobs[address] = [*direct, *self.followed.get(address, [])]
        if not jobs:
            return
        todo = iter(jobs.values())
        done = 0
        running: set[Future[list[Exchange]]] = set()
        pool = ThreadPoolExecutor(min(_WORKERS, len(jobs)), thread_name_prefix="proscribe-collect")
        try:
            while True:
                for asks in todo:
                    running.add(pool.submit(self._one_target, asks))
                    if len(running) >= 2 * _WORKERS:
                        break
                if not running:
                    break
                finished, running = wait(running, timeout=_TURN_S, return_when=FIRST_COMPLETED)
                for one in finished:
                    done += 1
                    yield from one.result()
                    self._told(done)
        finally:
            self.stop.set()
            pool.shutdown(wait=True, cancel_futures=True)

    def _one_target(self, asks: list[Ask]) -> list[Exchange]:
        made: list[Exchange] = []
        queue = list(asks)
        followed = 0
        certificates: set[bytes] = set()
        while queue and not self.stop.is_set():
            ask = queue.pop(0)
            self.pace.wait()
            asked_at = instant(self.now())
            got = self.wire.stream(self.scope, ask, self.settings.timeout_s)
            with self.counting:
                self.outcome.sent += 1
            exchange = self._exchange(ask, asked_at)
            if got.answer is None and not got.certificate:
                made.append(replace(exchange, failure=got.failure))
                continue
            answered = replace(exchange, source=ask.address, answered_at=instant(self.now()))
            self.outcome.answered.add(ask.address)
            if got.certificate and got.certificate not in certificates:
                certificates.add(got.certificate)
                made.append(replace(answered, what="certificate", sent=b"", answer=got.certificate))
            if got.answer is None:
                made.append(replace(exchange, failure=got.failure))
                continue
            answered = replace(answered, answer=got.answer, cut=got.cut, failure=got.failure)
            made.append(answered)
            for more in self.collector.follow(answered, self.settings):
                if followed >= MOST_FOLLOWED:
                    break
                followed += 1
                queue.append(more)
        return made


class _Box:
    """The datagrams of one run: who was asked what, and who answered."""

    def __init__(self, run: _Run, asks: list[Ask]) -> None:
        self._run = run
        self._asks = asks
        self._by_address: dict[str, list[Ask]] = {}
        for ask in asks:
            self._by_address.setdefault(plain(ask.address), []).append(ask)
        self._grouped = bool(run.settings.multicast and run.collector.needs.group)
        self.asked: dict[str, str] = {}
        self._refused: dict[str, str] = {}
        self._counts: dict[str, tuple[int, int]] = {}
        self._seen: set[tuple[str, bytes]] = set()
        self._ready: list[Exchange] = []

    def wants(self, ask: Ask) -> bool:
        """Tell whether a question is worth a repetition: a group always, a target while it is silent."""
        return self._grouped or plain(ask.address) not in self._counts

    def settled(self) -> bool:
        """Tell whether nothing more needs to be waited for."""
        # A device may answer one question with several datagrams; only refusals end the waiting early.
        return not self._grouped and len(self._refused) == len(self._by_address)

    def sent(self, ask: Ask, asked_at: str, refusal: str) -> None:
        """Note that a question left, or that the system refused it."""
        self.asked.setdefault(plain(ask.address), asked_at)
        if refusal:
            self._refused[plain(ask.address)] = refusal

    def take(self, datagram: tuple[bytes, str, int] | None) -> None:
        """Sort one datagram in."""
        if datagram is None:
            return
        data, sender, port = datagram
        source = plain(sender)
        if not self._run.scope.holds(source):
            self._run.outcome.outside += 1
            return
        asks = self._asks if self._grouped else self._by_address.get(source, [])
        if not asks or any(data == one.payload for one in asks) or (source, data) in self._seen:
            # Our own question, heard again on the group, or an answer to both repetitions.
            return
        count, size = self._counts.get(source, (0, 0))
        if count > _MOST_ANSWERS or size > _MOST_BYTES:
            return
        self._counts[source] = (count + 1, size + len(data))
        self._seen.add((source, data))
        ask = next((one for one in asks if one.port == port), asks[0])
        moment = instant(self._run.now())
        exchange = replace(
            self._run._exchange(ask, self.asked.get(plain(ask.address), moment)),
            source=source,
            answered_at=moment,
        )
        if count == _MOST_ANSWERS or size + len(data) > _MOST_BYTES:
            self._ready.append(
                replace(
                    exchange,
                    answer=self._run.settings.blank(data),
                    cut=True,
                    failure="further answers were not kept",
                )
            )
            return
        exchange = replace(exchange, answer=self._run.settings.blank(data))
        self._run.outcome.answered.add(source)
        self._ready.append(exchange)
        queue = self._run.followed.setdefault(source, [])
        for more in self._run.collector.follow(exchange, self._run.settings):
            if len(queue) < MOST_FOLLOWED and more not in queue:
                queue.append(more)
        if not queue:
            del self._run.followed[source]

    def ready(self) -> Iterator[Exchange]:
        """Give what was sorted in since the last call."""
        waiting, self._ready = self._ready, []
        yield from waiting

    def silent(self) -> Iterator[Exchange]:
        """Give the questions that nobody answered."""
        for address, asks in self._by_address.items():
            if address in self._counts or (self._grouped and self._counts):
                continue
            for ask in asks:
                if address in self.asked:
                    exchange = self._run._exchange(ask, self.asked[address])
                    yield replace(exchange, failure=self._refused.get(address, "no answer"))
