"""What a page is made of, before it is a PDF, a Word file or text.

One layout per type gives these blocks; three renderers show them. So the three files cannot say different things.
Texts are plain: nothing in them is markup.
"""

from __future__ import annotations

from dataclasses import dataclass

from proscribe.model.pictures import Crop


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` 1 is a section (the title of the document is above all). `new_page`: it begins one."""

    text: str
    level: int = 1
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; its line breaks are kept.

    Attributes:
        style: `plain`, `small`, `strong`, or `lead` for the one line by which a document is headed.
    """

    text: str
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels and values; an empty value is shown as an en dash.

    Attributes:
        caption: says what the table is, also to a reader who does not see it.
    """

    caption: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header.

    Attributes:
        widths: relative widths of the columns, whole numbers.
        numeric: indexes of columns set to the right.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A framed text that must not be missed. `kind`: `refused`, `overridden`, `gap` or `note`."""

    kind: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What the document says, with its answer and where the law asks it."""

    citation: str
    text: str
    answer: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who answers for the document: `(part, name, title, when)`, and room for a hand."""

    rows: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A piece of a picture, and under it what was read there."""

    caption: str
    lines: tuple[str, ...]
    crop: Crop


Block = Heading | Paragraph | Fields | Table | Bullets | Notice | Statement | Signatures | Picture


@dataclass(frozen=True, slots=True)
class Layout:
    """A document ready to be shown.

    Attributes:
        subtitle: under the title: the citation and whose it is.
        page: `us-letter` or `a4`.
    """

    title: str
    subtitle: str
    organisation: str
    language: str
    id: str
    digest: str
    made_at: str
    state: str
    page: str
    blocks: tuple[Block, ...]
