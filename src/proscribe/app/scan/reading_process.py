"""Inputs are read in a process of their own, which can harm nothing and use up nothing.

A first process is started once, holds the readers and never sees an input. For each input it divides: the copy may read
that input and the program's own files, write to a folder of its own, and use so much memory and time; it has no network.
What it reads comes back as columns and plain values, which are checked like any input; what ends it is an issue of that
input, and then nothing of the input counts, because where a clock or a full memory stops differs from run to run.
"""

from __future__ import annotations

import atexit
import errno
import gc
import itertools
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe.app.starting import KEY_VARIABLE, SAFE_PATH, in_own_group, may_divide, module_folders
from proscribe.model.codec import CodecError, read, write
from proscribe.model.errors import InputError, ProscribeError, UsageError, error
from proscribe.model.observations import BlindSpot, ReadIssue, Table
from proscribe.model.pictures import CameraNote, Crop
from proscribe.readers import protections, stated_kind
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
#: A list about which those readers are asked once that most lists show a mark of: what they load is then there for each input.
_LIST = b"Maker,Model,Notes\nAcme,X-100,none\nAcme,X-200,link 1 - 2\n"
#: Batches that wait for the matching while the next one is read.
_WAITING = 2
#: Small inputs that one process looks at, and their bytes together.
_TOGETHER, _TOGETHER_BYTES = 64, 4 * 1024**2
#: The largest answer in one piece: a batch of text is far below it.
_FRAME_BYTES = 1 << 31
#: Codes of what ends a whole input.
ENDED = frozenset({"E148", "E149"})
#: Of the bound on a reading's memory, what this process may hold and still divide itself: a copy starts with as much. Libraries
#: take a tenth of it, and a library that was used keeps a gigabyte ready.
_MOST_HELD_BYTES = 192 * 1024**2
#: Names of pictures. From the third one on, each is read by a copy of a process that holds the models of recognition already.
_PICTURES = frozenset({".jpg", ".jpeg", ".jpe", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif"})
_FEW_PICTURES = 2
#: Attributes of a reading that the rest of the program asks for by name, where a format has them.
_EXTRAS = ("possible_columns", "encoding", "delimiter", "beside")


def _extras(reading: Any) -> dict[str, Any]:
    return {name: getattr(reading, name) for name in _EXTRAS if hasattr(reading, name)}


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


def is_picture(source: Source) -> bool:
    """Tell by the name that its user gave it whether an input is a picture; how it is read never depends on that."""
    return Path(source.display).suffix.lower() in _PICTURES


def start() -> None:
    """Start the first process, so that it gets ready while something else is done, such as loading what matching needs."""
    import pyarrow.compute  # noqa: F401  both processes need it: loaded before this one divides, it is shared

    _forks().start()


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
        self._channel, self._ended = _forks_for(source).divide()

    @property
    def is_over(self) -> bool:
        """Whether the process ended by itself."""
        return self._is_over

    def close(self) -> None:
        """End the reading."""
        self._channel.close()
        self._ended.close()

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
            told: dict[str, Any] = json.loads(self._channel.recv_bytes(_FRAME_BYTES))
            data = self._channel.recv_bytes(_FRAME_BYTES) if told.get("columns") else b""
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
        lines = self.lines
        asked = None if lines is None else {"asked": write(lines.asked), "sizes": lines.sizes}
        self._ask({"do": "batches", "sieve": self.sieve is not None, "lines": asked})
        if lines is not None:
            self._send(lines.literals)
        self._waiting = queue.Queue(_WAITING)
        woken, self._waker = Pipe(duplex=False)
        threading.Thread(target=self._receive, args=(self._waiting, woken), daemon=True).start()

    def batches(self) -> Iterator[Batch]:
        """Yield the records in order, each record once.

        Raises:
            InputError: E148 or E149 when the reading was ended.
        """
        if self._waiting is None:
            self.begin()
        waiting = self._waiting
        assert waiting is not None
        try:
            while True:
                answer = waiting.get()
                if isinstance(answer, BaseException):
                    raise answer
                told, data = answer
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
    )
    if (
        left.numbers.dtype != "int64"
        or (left.running is not None and left.running.dtype != bool)
        or left.records < 0
    ):
        raise ValueError("columns of another type")
    return rows, left


# The first process, as the rest of the program sees it


@dataclass(slots=True)
class _Running:
    """The first process: one that was started, or one that this process divided off, known by its number alone."""

    number: int
    process: subprocess.Popen[bytes] | None
    control: Connection
    owner: int

    def runs(self) -> bool:
        """Tell whether it has not ended."""
        if self.process is not None:
            return self.process.poll() is None
        try:
            return os.waitpid(self.number, os.WNOHANG) == (0, 0)
        except ChildProcessError:
            return False

    def wait(self, seconds: float) -> None:
        """Wait until it has ended, not longer than this."""
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
            return
        until = time.monotonic() + seconds
        while self.runs() and time.monotonic() < until:
            time.sleep(0.001)


class _Forks:
    """A process that divides itself for each input, started when it is first needed.

    Args:
        knows_letters: whether it holds the models that recognise letters in pictures.
    """

    def __init__(self, knows_letters: bool = False) -> None:
        self._knows_letters = knows_letters
        self._running: _Running | None = None
        self._lock = threading.Lock()

    def start(self) -> _Running:
        """Start it, or give the one that runs.

        Raises:
            EnvironmentProblem: E511 when the system starts no process.
        """
        with self._lock:
            running = self._running
            if running is not None and running.owner == os.getpid() and running.runs():
                return running
            ours, theirs = Pipe()
            handle = theirs.fileno()
            try:
                if running is None and not self._knows_letters and _may_divide_itself():
                    process, number = None, _divided_off(handle)
                else:
                    process = _started(handle, self._knows_letters)
                    number = process.pid
            except OSError as problem:
                raise error("E511") from problem
            theirs.close()
            self._running = _Running(number, process, ours, os.getpid())
            return self._running

    def divide(self) -> tuple[Connection, Connection]:
        """Give the channel to a new process that waits for an input, and the one on which its end is told."""
        running = self.start()
        channel, theirs = Pipe()
        ended, end_teller = Pipe(duplex=False)
        try:
            with self._lock:
                running.control.send_bytes(b"divide")
                for end in (theirs, end_teller):
                    send_handle(running.control, end.fileno(), running.number)
        except OSError as problem:
            raise error("E511") from problem
        finally:
            theirs.close()
            end_teller.close()
        return channel, ended

    def stop(self) -> None:
        """End it."""
        running = self._running
        if running is not None and running.owner == os.getpid():
            running.control.close()
            running.wait(5)


def _started(handle: int, knows_letters: bool) -> subprocess.Popen[bytes]:
    program = f"from proscribe.app.scan.reading_process import serve; serve({handle}, {knows_letters})"
    about = {name: value for name, value in os.environ.items() if name != KEY_VARIABLE}
    return subprocess.Popen(  # noqa: S603  this very program
        [sys.executable, SAFE_PATH, "-c", program], pass_fds=[handle], stdin=subprocess.DEVNULL,
        env={"ARROW_DEFAULT_MEMORY_POOL": "system"} | about | {"PYTHONPATH": module_folders(), "OPENBLAS_NUM_THREADS": "1"},
        process_group=0,
    )  # fmt: skip


def _may_divide_itself() -> bool:
    """Tell whether this process can be the first one too: one that may divide, and has not read anything itself.

    What it holds would count as memory of every input.
    """
    try:
        return may_divide() and protections.held_bytes() <= _MOST_HELD_BYTES
    except OSError:
        return False


def _divided_off(handle: int) -> int:
    """Divide this process; the copy keeps nothing open but the handle, and serves."""
    number = os.fork()
    if number:
        return number
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for opened in [int(name) for name in os.listdir("/proc/self/fd")]:
            if opened > 2 and opened != handle:
                with suppress(OSError):
                    os.close(opened)
        serve(handle)
    finally:
        os._exit(1)


_made: dict[bool, _Forks] = {}
_pictures_seen = itertools.count(1)


def _forks(knows_letters: bool = False) -> _Forks:
    if knows_letters not in _made:
        _made[knows_letters] = _Forks(knows_letters)
        atexit.register(_made[knows_letters].stop)
    return _made[knows_letters]


def _forks_for(source: Source) -> _Forks:
    """Choose the process to divide: of a few pictures each loads the models sooner than another process is started."""
    return _forks(is_picture(source) and next(_pictures_seen) > _FEW_PICTURES)


# In the first process

#: Readers make very many objects and hardly a cycle: what is held is counted through a hundred times less often.
_SELDOM = (100_000, 50, 100)


@dataclass(slots=True)
class _Child:
    number: int
    folder: str
    end_teller: Connection


def serve(handle: int, knows_letters: bool = False) -> None:
    """Divide this process for each request on a connection, until it closes; with the models of recognition or without."""
    in_own_group()
    files = _program_files()
    _warm(knows_letters)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    control = Connection(handle)
    os.set_inheritable(handle, False)
    gc.freeze()  # the copies share what is held, as long as nobody counts it through
    gc.set_threshold(*_SELDOM)
    children: dict[Connection, _Child] = {}
    while True:
        for ready in wait([control, *children]):
            if ready is not control:
                assert isinstance(ready, Connection)
                _bury(children.pop(ready))
                ready.close()
                continue
            try:
                control.recv_bytes(64)
                channel = Connection(recv_handle(control))
                end_teller = Connection(recv_handle(control), readable=False)
            except (EOFError, OSError):
                for child in children.values():
                    with suppress(ProcessLookupError):
                        os.kill(child.number, signal.SIGKILL)
                    _bury(child)
                os._exit(0)
            alive, child = _divide(channel, end_teller, [control, *children], files)
            children[alive] = child


def _warm(knows_letters: bool) -> None:
    """Load what every reading needs once and not in each copy; no library may start threads here, which copies lack."""
    import pyarrow.compute  # noqa: F401

    import proscribe.readers.opening
    import proscribe.readers.tabular_text  # noqa: F401  the reader that most inputs need
    from proscribe.readers.columns import plan_columns
    from proscribe.readers.head import Head
    from proscribe.readers.registry import scores

    plan_columns(["Maker", "Model", "Notes"], [["Acme", "X-100", "none"]], {})
    scores(Head(_LIST, Source("list.csv", Path("list.csv"), len(_LIST))))
    if knows_letters:
        from proscribe.readers.pictures import recognition

        if not recognition.missing():
            recognition.load()


def _divide(
    channel: Connection, end_teller: Connection, others: Sequence[Connection], files: Sequence[str]
) -> tuple[Connection, _Child]:
    """Start the process for one input; give a connection that closes when it ends."""
    folder = tempfile.mkdtemp(prefix="proscribe-")
    alive, held = Pipe(duplex=False)
    number = os.fork()
    if number == 0:
        code = 1
        try:
            for other in (*others, alive, end_teller):
                other.close()
            code = _Reader(channel, folder, files).run()
        finally:
            del held
            os._exit(code)
    held.close()
    channel.close()
    return alive, _Child(number, folder, end_teller)


def _bury(child: _Child) -> None:
    status = 0
    with suppress(ChildProcessError):
        _, status = os.waitpid(child.number, 0)
    with suppress(OSError):
        child.end_teller.send_bytes(str(status).encode())
    child.end_teller.close()
    shutil.rmtree(child.folder, ignore_errors=True)


# In the process of one input


def _program_files() -> list[str]:
    """Name what the interpreter, the libraries and the outside program that opens images are loaded from."""
    found = [sys.prefix, sys.base_prefix, str(Path(__file__).parents[2]), *filter(None, sys.path)]
    found += [
        "/usr",
        "/lib",
        "/lib64",
        "/bin",
        "/etc/ld.so.cache",
        "/etc/localtime",
        "/dev/urandom",
        "/proc",
    ]
    outside = shutil.which(os.environ.get(protections.OPENER_VARIABLE, "") or "unblob")
    if outside:
        found.append(str(Path(os.path.realpath(outside)).parents[1]))
    return found


class _Reader:
    """Reads one input and tells what it read."""

    def __init__(self, channel: Connection, folder: str, files: Sequence[str]) -> None:
        self._channel = channel
        self._folder = folder
        self._files = files
        self._told: dict[str, list[Any]] = {"tables": [], "issues": []}

    def run(self) -> int:
        """Answer requests until there are no more; give the exit code."""
        with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # nobody waits for more
            asked = json.loads(self._channel.recv_bytes())
            if asked["do"] == "look":
                self._guarded(lambda: self._confine(asked, [one["path"] for one in asked["inputs"]]))
                for one in asked["inputs"]:
                    self._guarded(lambda one=one: self._look(one, asked["check"]))  # type: ignore[misc]
            elif asked["do"] == "draw":
                self._guarded(lambda: self._draw(asked))
            elif asked["do"] == "camera":
                self._guarded(lambda: self._camera(asked))
            else:
                self._guarded(lambda: self._serve(asked))
        return 0

    def _guarded(self, work: Callable[[], None]) -> None:
        """Do a work; what stops it is told.

        Raises:
            EOFError, BrokenPipeError, ConnectionResetError: nobody waits for more.
        """
        try:
            work()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise
        except ProscribeError as problem:
            kind = "usage" if isinstance(problem, UsageError) else "input"
            self._say({"is": "refused", "kind": kind, "code": problem.code, "what": problem.what, "at": problem.at,
                       "expected": problem.expected, "next": problem.next_step})  # fmt: skip
        except OSError as problem:
            if problem.errno == errno.ENOMEM:
                os.kill(os.getpid(), signal.SIGABRT)
            self._say({"is": "refused", "kind": "input", "code": "E102", "at": "", "expected": "", "next": "",
                       "what": f"The file could not be read: {problem.strerror or problem}."})  # fmt: skip
        except MemoryError:
            # as the system ends it where a library asks for the memory
            os.kill(os.getpid(), signal.SIGABRT)
        except Exception as problem:
            self._say({"is": "failed", "why": f"{type(problem).__name__}: {problem}"})

    def _confine(self, asked: Mapping[str, Any], paths: Sequence[str]) -> None:
        tempfile.tempdir = self._folder
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        protections.die_with_parent()
        protections.limit(int(asked["memory"]), int(asked["cpu"]))
        # programs are started with their input and output at /dev/null
        protections.confine([*self._files, *paths], [self._folder, "/dev/null"])

    def _opened(self, asked: Mapping[str, Any], *, check_columns: bool) -> Any:
        from proscribe.readers.opening import open_source

        source = Source(asked["display"], Path(asked["path"]), int(asked["size"]))
        return open_source(source, read(Options, asked["options"]), check_columns=check_columns)

    def _look(self, asked: Mapping[str, Any], check_columns: bool) -> None:
        """Tell how an input is read, and how many records it has."""
        from proscribe.readers.columns import samples_of
        from proscribe.readers.issues import fault

        self._told = {"tables": [], "issues": []}
        reading = self._opened(asked, check_columns=check_columns)
        records: dict[int, int] = {}
        samples: dict[int, dict[str, tuple[str, ...]]] = {}
        problem = None
        try:
            for batch in reading.batches():
                if not reading.tables[batch.table].samples and batch.table not in samples:
                    samples[batch.table] = samples_of(batch.rows)
                records[batch.table] = records.get(batch.table, 0) + batch.rows.num_rows
        except (InputError, OSError) as stopped:
            problem = fault(stopped, asked["display"])  # what was read before it stands
        issues = [write(one) for one in (*reading.issues, *((problem,) if problem is not None else ()))]
        self._say({"is": "looked", "reader": reading.reader, "records": {str(key): value for key, value in records.items()},
                   "samples": {str(key): {name: list(shown) for name, shown in value.items()} for key, value in samples.items()},
                   **self._changes(reading), "issues": issues})  # fmt: skip

    def _draw(self, asked: Mapping[str, Any]) -> None:
        """Cut pieces out of a picture, or draw all of it anew."""
        import pyarrow as pa

        from proscribe.readers.holding import files_inside
        from proscribe.readers.pictures import drawing

        self._confine(asked, [asked["path"]])
        source = Source(asked["display"], Path(asked["path"]), int(asked["size"]))
        places = [(sheet, pointer) for sheet, pointer in asked["places"]]
        for place, one in drawing.drawn(source, places, files_inside):
            data = pa.RecordBatch.from_arrays([pa.array([one.data], pa.binary())], names=["data"])
            self._say(
                {"is": "drawn", "place": place, "kind": one.kind, "width": one.width, "height": one.height},
                data,
            )
        self._say({"is": "done"})

    def _camera(self, asked: Mapping[str, Any]) -> None:
        """Tell what the camera wrote of a picture."""
        from proscribe.readers.pictures import drawing

        self._confine(asked, [asked["path"]])
        source = Source(asked["display"], Path(asked["path"]), int(asked["size"]))
        self._say({"is": "camera", "note": write(drawing.camera_note(source))})

    def _serve(self, asked: Mapping[str, Any]) -> None:
        self._confine(asked, [asked["path"]])
        reading = self._opened(asked, check_columns=asked["check"])
        self._say({"is": "opened", "reader": reading.reader, "version": reading.reader_version,
                   "sieve": hasattr(reading, "sieve"), "lines": hasattr(reading, "line_sieve"), "extras": _extras(reading),
                   **self._changes(reading)})  # fmt: skip
        while True:
            asked = json.loads(self._channel.recv_bytes())
            if asked["do"] == "links":
                self._links(reading)
                continue
            if asked["sieve"]:
                reading.sieve = self._sieve
            if asked["lines"] is not None:
                from proscribe.app.scan.line_sieves import Sending
                from proscribe.matching.lines import Asked

                told, literals = asked["lines"], self._channel.recv_bytes(_FRAME_BYTES)
                reading.line_sieve = Sending(
                    read(Asked, told["asked"]), tuple(told["sizes"]), literals
                ).made()
            self._batches(reading)

    def _batches(self, reading: Any) -> None:
        import pyarrow as pa

        opened_with = _extras(reading)
        for batch in reading.batches():
            rows = batch.rows
            left = None
            if batch.left is not None:
                left = {
                    "records": batch.left.records,
                    "holding": batch.left.holding,
                    "runs": batch.left.running is not None,
                }
                told = [batch.left.numbers, *([batch.left.running] if left["runs"] else ())]
                names = [*rows.schema.names, "numbers", "runs"][: rows.num_columns + len(told)]
                rows = pa.RecordBatch.from_arrays([*rows.columns, *map(pa.array, told)], names=names)
            numbered = batch.pointers is None and batch.source_rows is not None
            if batch.pointers is not None or numbered:
                last = batch.source_rows if numbered else pa.array(batch.pointers, pa.string())
                rows = pa.RecordBatch.from_arrays([*rows.columns, last], names=[*rows.schema.names, "place"])
            self._say({"is": "batch", "table": batch.table, "first": batch.first_record, "read": reading.bytes_read(),
                       "left": left, "pointers": batch.pointers is not None, "numbered": numbered,
                       **self._changes(reading)}, rows)  # fmt: skip
        # what stands beside the records of some formats is known when all of them were read
        more = {name: told for name, told in _extras(reading).items() if told != opened_with.get(name)}
        self._say({"is": "done", "read": reading.bytes_read(), **self._changes(reading), "extras": more,
                   "blind_spots": [write(one) for one in getattr(reading, "blind_spots", ())]})  # fmt: skip

    def _links(self, reading: Any) -> None:
        import pyarrow as pa

        offer = getattr(reading, "links", None)
        parts: list[str] = []
        wholes: list[str] = []

        def send() -> None:
            arrays = [pa.array(parts, pa.string()), pa.array(wholes, pa.string())]
            self._say({"is": "links"}, pa.RecordBatch.from_arrays(arrays, names=["part", "whole"]))
            parts.clear()
            wholes.clear()

        for part, whole in offer() if offer is not None else ():
            parts.append(part)
            wholes.append(whole)
            if len(parts) >= 100_000:
                send()
        send()
        self._say({"is": "done"})

    def _changes(self, reading: Any) -> dict[str, Any]:
        """Give the tables and issues from the first on that is not as it was told last."""
        made: dict[str, Any] = {}
        for name, now in (("tables", list(reading.tables)), ("issues", list(reading.issues))):
            before = self._told[name]
            if now != before:
                since = next(
                    (n for n, (one, other) in enumerate(zip(now, before, strict=False)) if one != other), None
                )
                since = min(len(now), len(before)) if since is None else since
                made |= {name: [write(one) for one in now[since:]], f"{name}_since": since}
                self._told[name] = now
        return made

    def _sieve(self, column: pa.StringArray, kind: str) -> list[int]:
        import pyarrow as pa

        self._say({"is": "sieve", "kind": kind}, pa.RecordBatch.from_arrays([column], names=["text"]))
        rows: list[int] = json.loads(self._channel.recv_bytes())["rows"]
        return rows

    def _say(self, told: dict[str, Any], columns: pa.RecordBatch | None = None) -> None:
        self._channel.send_bytes(
            json.dumps(told | {"columns": columns is not None}).encode("utf-8", "surrogatepass")
        )
        if columns is not None:
            import pyarrow as pa

            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, columns.schema) as stream:
                stream.write_batch(columns)
            self._channel.send_bytes(sink.getvalue())
