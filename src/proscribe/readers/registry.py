"""The list of readers, and how one is chosen by content: its code is imported when an input may be its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Protocol, cast

from proscribe.readers._declared import values_of
from proscribe.readers.base import Options, Reading, Source
from proscribe.readers.head import Head

#: Where zero bytes are a sign of a binary format.
_ZERO_BYTES_WITHIN = 4096
_ANY_CASE = "(?i)"


class Reader(Protocol):
    """Knows formats, not brands."""

    name: str
    version: int

    def sniff(self, head: Head) -> int:
        """Score 0 (not mine) to 100 (certain) from the beginning of the input, not from its name."""
        ...

    def open(self, source: Source, options: Options) -> Reading:
        """Open the input.

        Raises:
            InputError: only when nothing at all can be read; otherwise problems are issues.
        """
        ...


@dataclass(frozen=True)
class Format:
    """One entry of `formats.yml`: a reader that need not be imported yet.

    Attributes:
        name: name of the reader.
        reads: what it reads, in a few words.
        called: the word by which README.md speaks of it.
        module: module below this package and class in it, as `tabular_text:TabularText`.
        score: the most that the reader's own look at an input can give, 0 to 100.
        mark: regular expressions of bytes, without any of which an input cannot be the reader's; what begins with `(?i)` is in
            small letters. The reader is always asked when there are neither these nor `words`.
        words: texts in small letters, any of which will do as well, however it is written.
        zeros: whether zero bytes near the start are a reason to ask, too.
        rows: whether the input is made of rows, beside which answers can be written.
    """

    name: str
    reads: str
    called: str
    module: str
    score: int
    mark: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    zeros: bool = False
    rows: bool = True

    @cached_property
    def reader(self) -> Reader:
        """The reader itself; its module is imported now."""
        module, _, name = self.module.partition(":")
        return cast(Reader, getattr(import_module(f"proscribe.readers.{module}"), name)())

    def may_be(self, head: Head) -> bool:
        """Tell whether the reader has to be asked about an input that begins so."""
        return (
            not (self.mark or self.words)
            or any(word.encode() in head.in_small for word in self.words)
            or any(_stands_in(mark, head) for mark in self.mark)
            or (self.zeros and b"\0" in head.data[:_ZERO_BYTES_WITHIN])
        )


def _stands_in(mark: str, head: Head) -> bool:
    # Where letters count as they are written, a search looks for those that can come first alone.
    bare = mark.removeprefix(_ANY_CASE)
    return (
        re.search(bare.encode("latin-1"), head.without_zeros if bare == mark else head.in_small) is not None
    )


def _declared() -> tuple[Format, ...]:
    return tuple(
        Format(
            **{
                **entry,
                "score": int(entry["score"]),
                "mark": tuple([told] if isinstance(told := entry.get("mark", []), str) else told),
                "words": tuple(entry.get("words", ())),
                "zeros": entry.get("zeros") == "yes",
                "rows": entry.get("rows") != "no",
            }
        )
        for entry in values_of("formats.yml")
    )


#: Built-in readers in the order they are asked; of equal scores the first wins.
READERS: tuple[Format, ...] = _declared()


def scores(head: Head) -> list[tuple[int, Format]]:
    """Give what readers say of an input, in the order of the list, the surest among them for certain.

    A reader that could not outdo what another one said is not asked, nor is one whose mark the input lacks.
    """
    told: dict[int, int] = {}
    best = (0, 0)
    for place in sorted(range(len(READERS)), key=lambda place: (-READERS[place].score, place)):
        entry = READERS[place]
        if (entry.score, -place) > best and entry.may_be(head):
            told[place] = entry.reader.sniff(head)
            best = max(best, (told[place], -place))
    return [(told[place], READERS[place]) for place in sorted(told)]
