"""Inputs are read in a process of their own, which can harm nothing and use up nothing.

A first process is started once, holds the readers and never sees an input. For each input it divides: the copy may read
that input and the program's own files, write to a folder of its own, and use so much memory and time; it has no network.
What it reads comes back as columns and plain values, which are checked like any input; what ends it is an issue of that
input, and then nothing of the input counts, because where a clock or a full memory stops differs from run to run.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from typing import TYPE_CHECKING, Any

from proscribe.app.scan.first_process import forks, forks_for
from proscribe.app.scan.reading_copies import FRAME_BYTES
from proscribe.model.codec import CodecError, read, write
from proscribe.model.errors import InputError, ProscribeError, UsageError, error
from proscribe.model.observations import BlindSpot, ReadIssue, Table
from proscribe.model.pictures import CameraNote, Crop
from proscribe.readers import stated_kind
from proscribe.readers.base import Batch, LeftOut, Options, Source

if TYPE_CHECKING:
    import pyarrow as pa

    from proscribe.app.scan.line_sieves import Sending


#: Memory of a reading: this much, and so many times the input's bytes, at most this share of the machine's.
_MEMORY_BYTES = 1_280 * 1024**2
_MEMORY_TIMES = 64
_MEMORY_SHARE = 0.8
#: Processor time of a reading: this much, and so much for each MiB of the input.
_CPU_SECONDS = 50
_CPU_SECONDS_A_MIB = 2
#: Batches that wait for the matching while the next one is read.
_WAITING = 2
#: Small inputs that one process looks at, and their bytes together.
_TOGETHER, _TOGETHER_BYTES = 64, 4 * 1024**2
#: Codes of what ends a whole input.
ENDED = frozenset({"E148", "E149"})


def open_apart(
    source: Source, options: Options, *, check_columns: bool = True, begun: ApartReading | None = None
) -> ApartReading:
    """Open a source as `readers.open_source` does, in a process of its own.

    Args:
        begun: the reading that `begin_apart` gave for the same.

    Raises:
        UsageError: unknown reader (`E108`), unknown field or column in the mapping (`E134`).
        InputError: E148 or E149 when the reading was ended.
        EnvironmentProblem: E511 when the system starts no process.
    """
    reading = begun or begin_apart(source, options, check_columns=check_columns)
    reading.take_opened()
    return reading


def begin_apart(source: Source, options: Options, *, check_columns: bool = True) -> ApartReading:
    """Have a source opened while something else is done; `open_apart` waits for it.

    Raises:
        InputError: E149 when the process ended.
        EnvironmentProblem: E511 when the system starts no process.
    """
    return ApartReading(source, options.of(source), check_columns=check_columns)


def start() -> None:
    """Start the first process, so that it gets ready while something else is done, such as loading what matching needs."""
    import pyarrow.compute  # noqa: F401  both processes need it: loaded before this one divides, it is shared

    forks().start()


class _Apart:
    """A process that reads, as the rest of the program speaks to it.

    Args:
        source: the input of which is spoken; its size tells the bounds in messages.
    """

    def __init__(self, source: Source) -> None:
        self.tables: list[Table] = []
        self.issues: list[ReadIssue] = []
        self.blind_spots: list[BlindSpot] = []
        self._source = source
        self._read = 0
        self._is_over = False
        self._channel, self._ended = forks_for(source).divide()

    @property
    def is_over(self) -> bool:
        """Whether the process ended by itself."""
        return self._is_over

    def close(self) -> None:
        """End the reading."""
        for connection in (self._channel, self._ended):
            with suppress(
                OSError
            ):  # a search for cycles that found both closes a connection before what reads from it
                connection.close()

    def look(self, inputs: Sequence[Mapping[str, Any]], check_columns: bool, memory: int, cpu: int) -> None:
        """Ask how inputs are read."""
        self._ask({"do": "look", "inputs": inputs, "check": check_columns, "memory": memory, "cpu": cpu})

    def looked(self, source: Source) -> Looked:
        """Take the answer for the next input.

        Raises:
            ProscribeError: what the reader raised, or E148 or E149 when it was ended.
        """
        self._source = source
        for told in (self.tables, self.issues, self.blind_spots):
            told.clear()
        answer = self._told()
        try:
            records = read(dict[str, int], answer["records"])
            samples = read(dict[str, dict[str, tuple[str, ...]]], answer["samples"])
            return Looked(
                str(answer["reader"]), tuple(self.tables), tuple(self.issues),
                {int(number): count for number, count in records.items()},
                {int(number): shown for number, shown in samples.items()},
            )  # fmt: skip
        except (CodecError, KeyError, ValueError):
            raise self._stopped("what it read has no known shape") from None

    def drawn(self, places: Sequence[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], Crop]]:
        """Ask for what is seen at places of the source, and yield it; of no places, for the whole of it, a picture."""
        size = self._source.size_bytes
        self._ask({"do": "draw", "path": os.path.abspath(self._source.path), "display": self._source.display, "size": size,
                   "places": list(places), "memory": memory_bound(size), "cpu": cpu_bound(size)})  # fmt: skip
        while (told := self._told())["is"] == "drawn":
            try:
                data = _columns(told["data"]).column(0)[0].as_py()
                sheet, pointer = told["place"]
                yield (
                    (str(sheet), str(pointer)),
                    Crop(data, str(told["kind"]), int(told["width"]), int(told["height"])),
                )
            except (KeyError, TypeError, ValueError):
                raise self._stopped("what it drew has no known shape") from None

    def camera(self) -> CameraNote:
        """Ask what the camera wrote of when and where the source, a picture, was taken."""
        size = self._source.size_bytes
        self._ask({"do": "camera", "path": os.path.abspath(self._source.path), "display": self._source.display, "size": size,
                   "memory": memory_bound(size), "cpu": cpu_bound(size)})  # fmt: skip
        try:
            return read(CameraNote, self._told()["note"])
        except (CodecError, KeyError):
            raise self._stopped("what the camera wrote has no known shape") from None

    def _ask(self, request: dict[str, Any]) -> None:
        self._send(json.dumps(request).encode())

    def _send(self, data: bytes) -> None:
        try:
            self._channel.send_bytes(data)
        except OSError:
            raise self._end() from None

    def _told(self) -> dict[str, Any]:
        """Take one answer, with its columns under `data`.

        Raises:
            ProscribeError: what the reader raised, or E148 or E149 when it was ended.
        """
        try:
            told: dict[str, Any] = json.loads(self._channel.recv_bytes(FRAME_BYTES))
            data = self._channel.recv_bytes(FRAME_BYTES) if told.get("columns") else b""
        except (EOFError, OSError, ValueError):
            raise self._end() from None
        if told["is"] == "refused":
            raise _error_of(told)
        if told["is"] == "failed":
            raise self._stopped(str(told["why"]))
        try:
            for name, kind in (("tables", Table), ("issues", ReadIssue), ("blind_spots", BlindSpot)):
                if name in told:
                    since = max(0, int(told.get(f"{name}_since", 0)))
                    getattr(self, name)[since:] = read(tuple[kind, ...], told[name])  # type: ignore[valid-type]
        except (CodecError, TypeError, ValueError):
            raise self._stopped("what it read has no known shape") from None
        self._read = int(told.get("read", self._read))
        told["data"] = data
        return told

    def _end(self) -> ProscribeError:
        """Tell what ended the other process."""
        self._is_over = True
        status = 0
        with suppress(EOFError, OSError, ValueError):
            if self._ended.poll(10):
                status = int(self._ended.recv_bytes(64))
        number = -os.waitstatus_to_exitcode(status)
        if number == getattr(signal, "SIGXCPU", None):
            return _ended("E148.time", f"{cpu_bound(self._source.size_bytes)} seconds of processor time")
        if number > 0:
            name = signal.Signals(number).name if number in signal.valid_signals() else number
            return _ended(
                "E148.memory",
                f"{memory_bound(self._source.size_bytes) // 1024**2} MiB of memory",
                f" ({name})",
            )
        return self._stopped("its process ended")

    def _stopped(self, why: str) -> ProscribeError:
        return error("E149", at=self._source.display, why=why[:300])


class ApartReading(_Apart):
    """A reading whose input is read elsewhere; as `readers.base.Reading`.

    Attributes:
        takes_sieve: whether `sieve` may be set before `batches`.
        sieve: picks the rows of a column of strings that can matter.
        takes_lines: whether `lines` may be set before `batches`: it leaves lines out of which nothing can be said.
    """

    def __init__(self, source: Source, options: Options, *, check_columns: bool) -> None:
        super().__init__(source)
        self.sieve: Callable[[pa.StringArray, str], list[int]] | None = None
        self.lines: Sending | None = None
        self._waiting: queue.Queue[tuple[dict[str, Any], bytes] | BaseException] | None = None
        self._is_given_up = False
        self._receiving = threading.Lock()  # held by whoever may close the channel
        self._waker: Connection | None = None  # of the thread that takes answers
        self._kinds = options.kinds
        # the other process does not follow when this one changes its folder
        self._ask({"do": "open", "path": os.path.abspath(source.path), "display": source.display, "size": source.size_bytes,
                   "options": write(options), "check": check_columns, "memory": memory_bound(source.size_bytes),
                   "cpu": cpu_bound(source.size_bytes)})  # fmt: skip

    def take_opened(self) -> None:
        """Wait until the source is open; nothing but `close` may be asked before.

        Raises:
            ProscribeError: as `open_apart`.
        """
        opened = self._told()
        self.reader = str(opened["reader"])
        self.reader_version = int(opened["version"])
        self.takes_sieve = bool(opened["sieve"])
        self.takes_lines = bool(opened["lines"])
        self._take_extras(opened)

    def _take_extras(self, told: Mapping[str, Any]) -> None:
        for name, value in told["extras"].items():
            setattr(self, name, tuple(value) if isinstance(value, list) else value)

    def begin(self) -> None:
        """Have the records read before they are asked for, as many as wait; a sieve must be set before.

        Raises:
            InputError: E148 or E149 when the reading was ended.
        """
        self._ask_for_records()
        self._take_ahead()

    def _ask_for_records(self) -> None:
        lines = self.lines
        asked = None if lines is None else {"asked": write(lines.asked), "sizes": lines.sizes}
        self._ask({"do": "batches", "sieve": self.sieve is not None, "lines": asked})
        if lines is not None:
            self._send(lines.literals)

    def _take_ahead(self) -> None:
        self._waiting = queue.Queue(_WAITING)
        woken, self._waker = Pipe(duplex=False)
        threading.Thread(target=self._receive, args=(self._waiting, woken), daemon=True).start()

    def batches(self) -> Generator[Batch, None, None]:
        """Yield the records in order, each record once; no thread takes them before the second batch is asked for.

        Raises:
            InputError: E148 or E149 when the reading was ended.
        """
        try:
            for told, data in self._answers():
                if told["is"] == "done":
                    self._take_extras(told)
                    break
                if told["is"] == "sieve":
                    assert self.sieve is not None
                    rows = self.sieve(_columns(data).column(0), str(told["kind"]))
                    self._ask({"rows": rows})
                    continue
                yield self._batch(told, data)
        finally:
            self.close()

    def _answers(self) -> Iterator[tuple[dict[str, Any], bytes]]:
        """Give the answers, which a thread takes in advance once the first batch was given, or where the reading was begun."""
        if self._waiting is None:
            self._ask_for_records()
            kind = ""
            while kind != "batch":
                told = self._told()
                kind = told["is"]
                yield told, told.pop("data")
            self._take_ahead()
        assert self._waiting is not None
        while True:
            answer = self._waiting.get()
            if isinstance(answer, BaseException):
                raise answer
            yield answer

    def close(self) -> None:
        """End the reading.

        A thread that still takes answers closes the channel itself once it was woken. The system gives the number of a closed
        one to the next channel at once, and a thread that was about to read would take the answers of another reading.
        """
        with self._receiving:
            self._is_given_up = True
            if self._waker is None:
                super().close()
                return
            self._waker.close()
        with suppress(queue.Empty):  # it may wait for room
            while self._waiting is not None:
                self._waiting.get_nowait()

    def links(self) -> Iterator[tuple[str, str]]:
        """Yield the (part, whole) references that the document lists apart from its records; none where it has none."""
        self._ask({"do": "links"})
        try:
            while (told := self._told())["is"] == "links":
                pairs = _columns(told["data"])
                yield from zip(pairs.column(0).to_pylist(), pairs.column(1).to_pylist(), strict=True)
        finally:
            self.close()

    def stated_kind(self, sheet: str | None) -> str:
        """Give what a person says that a table of this input is a list of; empty where nobody does."""
        return stated_kind(self._kinds, self._source.display, sheet)

    def bytes_read(self) -> int:
        """Tell how many bytes of the source were consumed."""
        return self._read

    def _receive(
        self, waiting: queue.Queue[tuple[dict[str, Any], bytes] | BaseException], woken: Connection
    ) -> None:
        """Take answers while earlier ones are worked on."""
        try:
            while woken not in wait([self._channel, woken]):
                told = self._told()
                waiting.put((told, told.pop("data")))
                if told["is"] == "done":
                    break
        except Exception as problem:
            waiting.put(problem)
        finally:
            with self._receiving:
                woken.close()
                if self._waker is not None:
                    self._waker.close()
                self._waker = None
                if self._is_given_up:
                    super().close()

    def _batch(self, told: dict[str, Any], data: bytes) -> Batch:
        rows = _columns(data)
        pointers = source_rows = left = None
        if told["pointers"] or told["numbered"]:
            rows, (column,) = _parted(rows, 1)
            pointers = column.to_pylist() if told["pointers"] else None
            source_rows = column if told["numbered"] else None
        if told["left"] is not None:
            try:
                rows, left = _left_out(rows, told["left"])
            except (KeyError, TypeError, ValueError):
                raise self._stopped("what it read has no known shape") from None
        return Batch(int(told["table"]), int(told["first"]), rows, pointers, source_rows, left)


@dataclass(frozen=True, slots=True)
class Looked:
    """How one input is read, without its records.

    Attributes:
        records: how many records each table has.
        samples: of tables that tell none themselves, some values of each column.
    """

    reader: str
    tables: tuple[Table, ...]
    issues: tuple[ReadIssue, ...]
    records: Mapping[int, int]
    samples: Mapping[int, Mapping[str, tuple[str, ...]]]


def look_apart(
    sources: Sequence[Source], options: Options, *, check_columns: bool
) -> Iterator[Looked | ProscribeError]:
    """Tell of each source how it is read, or what refused it.

    Small inputs share a process. One that ends the process, or whose reader fails there, is read again by itself, and so are
    those behind it, so that each gets the answer that it would get alone: decoders of pictures leave little room for others.

    Raises:
        UsageError: as `open_apart`.
    """
    at = 0
    while at < len(sources):
        group = list(_together(sources[at:]))
        for answer in _looked(group, options, check_columns=check_columns):
            if answer is None:
                answer = next(_looked(group[:1], options, check_columns=check_columns))
                assert answer is not None
            group = group[1:]
            at += 1
            if isinstance(answer, UsageError):
                raise answer
            yield answer


def _together(sources: Sequence[Source]) -> Iterator[Source]:
    """Give the first sources that one process looks at: a large one alone, of small ones several."""
    held = 0
    for source in sources[:_TOGETHER]:
        held += source.size_bytes
        if held > _TOGETHER_BYTES and held > source.size_bytes:
            return
        yield source


def _looked(
    group: Sequence[Source], options: Options, *, check_columns: bool
) -> Iterator[Looked | ProscribeError | None]:
    """Give the answers of one process; the last is `None` where it ended at one of several sources."""
    apart = _Apart(group[0])
    total = sum(source.size_bytes for source in group)
    try:
        asked = [
            {"path": os.path.abspath(one.path), "display": one.display, "size": one.size_bytes, "options": write(options.of(one))}
            for one in group
        ]  # fmt: skip
        apart.look(asked, check_columns, memory_bound(total), cpu_bound(total))
        for source in group:
            try:
                yield apart.looked(source)
            except ProscribeError as problem:
                if len(group) > 1 and (apart.is_over or problem.code == "E149"):
                    yield None
                    return
                yield problem
    finally:
        apart.close()


def draw_apart(source: Source, places: Sequence[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], Crop]]:
    """Yield what is seen at places, sheet and pointer; of no places, the whole picture without what is not its pixels.

    Raises:
        InputError: E107, E109 or E110 for a picture that cannot be decoded; E148 or E149 when the process was ended.
        EnvironmentProblem: E511 when the system starts no process.
    """
    apart = _Apart(source)
    try:
        yield from apart.drawn(places)
    finally:
        apart.close()


def camera_apart(source: Source) -> CameraNote:
    """Read what the camera wrote of when and where a picture was taken.

    Raises:
        InputError: E107 or E109 for a picture that cannot be opened; E148 or E149 when the process was ended.
        EnvironmentProblem: E511 when the system starts no process.
    """
    apart = _Apart(source)
    try:
        return apart.camera()
    finally:
        apart.close()


def memory_bound(size_bytes: int) -> int:
    """Give the bytes of memory that the reading of an input of this size may use."""
    wanted = max(_MEMORY_BYTES, _MEMORY_TIMES * size_bytes)
    with suppress(ValueError, OSError):
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        return max(_MEMORY_BYTES, min(wanted, int(machine * _MEMORY_SHARE)))
    return wanted


def cpu_bound(size_bytes: int) -> int:
    """Give the seconds of processor time that the reading of an input of this size may use."""
    return _CPU_SECONDS + _CPU_SECONDS_A_MIB * (size_bytes >> 20)


def _ended(name: str, bound: str, how: str = "") -> ProscribeError:
    return error(name, bound=bound, how=how)


def _error_of(told: dict[str, Any]) -> ProscribeError:
    kind = UsageError if told["kind"] == "usage" else InputError
    return kind(str(told["code"]), str(told["what"]), at=str(told["at"]), expected=str(told["expected"]),
                next_step=str(told["next"]))  # fmt: skip


def _columns(data: bytes) -> pa.RecordBatch:
    """Read columns that came from the other process, and check them: it may have been taken over by its input."""
    import pyarrow as pa

    batch = pa.ipc.open_stream(data).read_next_batch()
    batch.validate(full=True)
    return batch


def _parted(rows: pa.RecordBatch, count: int) -> tuple[pa.RecordBatch, list[pa.Array]]:
    """Take the last columns off."""
    own = rows.num_columns - count
    return rows.select(range(own)), rows.columns[own:]


def _left_out(rows: pa.RecordBatch, told: Mapping[str, Any]) -> tuple[pa.RecordBatch, LeftOut]:
    """Read what was counted and not handed over.

    Raises:
        ValueError: when it is something else.
    """
    rows, columns = _parted(rows, 1 + bool(told["runs"]))
    numbers, runs = (columns[0], columns[1] if told["runs"] else None)
    holding = read(dict[str, int], told["holding"])
    left = LeftOut(
        int(told["records"]),
        holding,
        numbers.to_numpy(),
        None if runs is None else runs.to_numpy(zero_copy_only=False),
        None if told["sites"] is None else read(dict[str, int], told["sites"]),
    )
    if (
        left.numbers.dtype != "int64"
        or (left.running is not None and left.running.dtype != bool)
        or left.records < 0
        or min((left.sites or {"": 0}).values(), default=0) < 0
    ):
        raise ValueError("columns of another type")
    return rows, left
