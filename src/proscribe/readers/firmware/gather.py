"""Where strings are collected: by part of the image and by kind of string, each once, with its first place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from proscribe.readers._grammar import grammar
from proscribe.readers.firmware.texts import Runs

#: Columns of the table, with their fields.
COLUMNS = grammar("firmware/kinds.yml").maps["columns"]
#: Text kept of one image when nobody says which strings matter.
_MOST_KEPT = 48 * 1024 * 1024
_FLUSH_BYTES = 4 * 1024 * 1024

#: Given a column of texts and their field, tells the rows that can hold a sign of anything looked for.
Sieve = Callable[[Any, str], Sequence[int]]


@dataclass(slots=True)
class Part:
    """A part of the image: one record of the table, or several when its strings are many.

    Attributes:
        label: what it is called, such as `squashfs` or the name of a member of an upgrade file.
        offset: byte in the image at which it starts, or `None` when it is inside a packed container.
        size: bytes it takes there.
        texts: column to text to its first place.
    """

    label: str
    offset: int | None
    size: int
    files: int = 0
    strings: int = 0
    texts: dict[str, dict[str, str]] = field(default_factory=dict)

    def name(self) -> str:
        """Give place and kind, as `0x00040000 squashfs`."""
        return self.label if self.offset is None else f"0x{self.offset:08x} {self.label}"

    def keep(self, column: str, text: str, place: str) -> int:
        """Keep a text once; give the bytes it takes."""
        known = self.texts.setdefault(column, {})
        if text in known:
            return 0
        known[text] = place
        return len(text)


class Gatherer:
    """Collects strings and lets the sieve see many at once."""

    def __init__(self, sieve: Sieve | None) -> None:
        self._sieve = sieve
        self._pending: list[tuple[Part, str, str, Runs]] = []
        self._size = 0
        self.kept = 0
        self.dropped = 0

    def always(self, part: Part, column: str, text: str, place: str) -> None:
        """Keep a text whatever the sieve says: names that headers give."""
        text = " ".join(text.split())
        if text:
            part.strings += 1
            self.kept += part.keep(column, text, place)

    def texts(self, part: Part, column: str, path: str, found: Sequence[tuple[int, str]]) -> None:
        """Offer `(place, text)` pairs."""
        found = [(place, " ".join(text.split())) for place, text in found]
        found = [(place, text) for place, text in found if text]
        if not found:
            return
        raw = [text.encode("utf-8", "replace") for _, text in found]
        offsets = np.concatenate(
            (np.zeros(1, np.int64), np.cumsum([len(item) for item in raw], dtype=np.int64))
        )
        places = np.array([place for place, _ in found], np.int64)
        self.runs(part, column, path, Runs(b"".join(raw), offsets, places))

    def runs(self, part: Part, column: str, path: str, runs: Runs) -> None:
        """Offer the runs of one file."""
        if not len(runs):
            return
        part.strings += len(runs)
        self._pending.append((part, column, path, runs))
        self._size += len(runs.text) + 64
        if self._size >= _FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Let the sieve look at what is pending and keep what it picks."""
        by_field: dict[str, list[tuple[Part, str, str, Runs]]] = {}
        for item in self._pending:
            by_field.setdefault(COLUMNS[item[1]], []).append(item)
        self._pending = []
        self._size = 0
        for field_name, items in by_field.items():
            self._flush(field_name, items)

    def _flush(self, field_name: str, items: list[tuple[Part, str, str, Runs]]) -> None:
        import pyarrow as pa

        counts = [len(runs) for *_, runs in items]
        firsts = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)))
        rows: Sequence[int]
        if self._sieve is None:
            rows = range(int(firsts[-1]))
        else:
            shift = 0
            pieces = []
            for *_, runs in items:
                pieces.append(runs.offsets[:-1] + shift)
                shift += int(runs.offsets[-1])
            offsets = np.concatenate((*pieces, [shift])).astype(np.int32)
            text = pa.py_buffer(b"".join(runs.text for *_, runs in items))
            column = pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets.tobytes()), text)
            rows = self._sieve(column, "text" if field_name == "note" else field_name)
        for row in rows:
            number = int(np.searchsorted(firsts, row, side="right")) - 1
            part, column_name, path, runs = items[number]
            at = int(row) - int(firsts[number])
            if self.kept >= _MOST_KEPT:
                self.dropped += 1
                continue
            value = (
                runs.text[int(runs.offsets[at]) : int(runs.offsets[at + 1])]
                .decode("utf-8", "replace")
                .strip()
            )
            if value:
                self.kept += part.keep(column_name, value, f"{path}+0x{int(runs.places[at]):x}")
