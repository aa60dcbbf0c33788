"""A process that holds the readers and divides itself for each input, and its copies, which read one input each."""

from __future__ import annotations

import errno
import gc
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from multiprocessing.reduction import recv_handle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe.app.starting import in_own_group
from proscribe.model.codec import read, write
from proscribe.model.errors import InputError, ProscribeError, UsageError
from proscribe.readers import protections
from proscribe.readers.base import Options, Source

if TYPE_CHECKING:
    import pyarrow as pa


#: A list about which those readers are asked once that most lists show a mark of: what they load is then there for each input.
_LIST = b"Maker,Model,Notes\nAcme,X-100,none\nAcme,X-200,link 1 - 2\n"
#: The largest answer in one piece: a batch of text is far below it.
FRAME_BYTES = 1 << 31
#: Attributes of a reading that the rest of the program asks for by name, where a format has them.
_EXTRAS = ("possible_columns", "encoding", "delimiter", "beside")


def _extras(reading: Any) -> dict[str, Any]:
    return {name: getattr(reading, name) for name in _EXTRAS if hasattr(reading, name)}


# In the process that divides itself

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

                told, literals = asked["lines"], self._channel.recv_bytes(FRAME_BYTES)
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
                    "sites": batch.left.sites,
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
