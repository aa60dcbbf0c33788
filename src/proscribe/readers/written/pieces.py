"""What a document is taken apart into: lines of text, tables, and files inside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from proscribe.readers._fixed import Form


@dataclass(frozen=True, slots=True)
class Text:
    """One line or paragraph, and where it stands: `page 3, line 7`."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table inside a document.

    Attributes:
        name: what it is called among the tables of the input: `table 2`.
        rows: rows of cells; the first of them may be a header.
        header: names of the columns, where the format itself gives them; `rows` are then records only.
        places: place of each row; `NAME, row N` where there are none.
        form: what the columns are and of what kind the table is, where the program itself made it; `rows` are then records only.
    """

    name: str
    rows: list[list[str]]
    header: tuple[str, ...] | None = None
    places: list[str] | None = None
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Inner:
    """A file inside the document, copied to a temporary file."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Aside:
    """What the document holds and shows to nobody as words of its own: a link, a name, a script. It is probed for names."""

    at: str
    text: str


Piece = Text | Grid | Inner | Aside
Put = Callable[[Piece], None]


class Full(Exception):
    """The bound of characters of one document is reached; nothing more is taken."""
