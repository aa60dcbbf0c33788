"""Texts of `name: value` lines, one thing a block: what programs say of a machine, and logs that spread a record over lines.

Read line by line such a text says the maker in one record and the model in another, and neither means much alone. A block
ends at a blank line or a line of rules, or where the name that began it comes again. A heading in brackets, as settings have
it (`[cam-1]`), begins one that ends at the next. What is no such line goes on the value before it when it is indented, and is
text by itself otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from proscribe.model.observations import CONTENT_FIELDS
from proscribe.readers._fixed import Work, text_lines
from proscribe.readers.base import Options, Source
from proscribe.readers.head import Head
from proscribe.readers.header_fields import field_of_header
from proscribe.readers.written.pieces import Grid, Text
from proscribe.readers.written.reading import WrittenReading

#: A name and its value; a time of day, an address or a path has no space behind its colon.
_LINE = re.compile(r"(\s*)([^\W\d_][^:=\t\n]{0,48}?)\s*(?:[:：](?=\s|$)|\s=(?=\s|$)|[.]{2,}\s*[:：])\s*(.*)$")
#: The heading of a section, and a setting in one, which needs no space around its sign.
_HEADING = re.compile(r"\s*\[([^\[\]]{1,80})\]\s*$")
_SETTING = re.compile(r"(\s*)([^\W\d_][^:=\t\n]{0,48}?)\s*[=:]\s*(.*)$")
#: Column of the headings.
_SECTION = "section"
_RULE = re.compile(r"\s*(?:[-=_*#~]\s?){3,}$")
#: Share of the lines that may be of another form, and blocks that are looked at.
_STRAY, _MOST_LOOKED = 0.1, 200
#: Columns of one table; a text with more names is no list of like things.
_MOST_NAMES = 300
_MOST_BYTES = 64 * 1024**2
#: Fields that say what a thing is or who made it.
_TELLING = frozenset({"maker_name", "model_number", "product_name", "part_number", "serial_number", "mac"})


@dataclass(slots=True)
class Block:
    """One thing: where it begins, and its values by name."""

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    first: str = ""
    last: str = ""


def blocks(lines: Iterable[tuple[int, str]]) -> Iterator[Block | Text]:
    """Yield the blocks of a text, and the lines that belong to none."""
    block: Block | None = None
    for number, line in lines:
        headed = block is not None and block.first == _SECTION
        found = (_SETTING if headed else _LINE).match(line)
        if heading := _HEADING.match(line):
            if block is not None:
                yield block
            block = Block(number, {_SECTION: heading[1].strip()}, first=_SECTION)
        elif headed and (not line.strip() or line.lstrip()[0] in "#;"):
            if line.strip():
                yield Text(f"line {number}", line.strip())
        elif not line.strip() or _RULE.fullmatch(line):
            if block is not None:
                yield block
            block = None
        elif found is not None:
            name, value = found[2].strip(), found[3].strip()
            if block is not None and name == block.first:
                yield block
                block = None
            if block is None:
                block = Block(number, first=name)
            before = block.cells.get(name)
            block.cells[name] = f"{before}\n{value}" if before and value else before or value
            block.last = name
        elif block is not None and line[0] in " \t" and block.last:
            before = block.cells[block.last]
            block.cells[block.last] = f"{before}\n{line.strip()}" if before else line.strip()
        else:
            yield Text(f"line {number}", line.strip())
    if block is not None:
        yield block


class BlocksReading(WrittenReading):
    """An opened text of blocks."""

    def _take_apart(self) -> None:
        names: dict[str, None] = {}
        rows: list[dict[str, str]] = []
        places: list[str] = []
        work = Work(self._source, self._options, self._log)
        for one in blocks(text_lines(work)):
            if isinstance(one, Text):
                self._place(one)
            elif len({*names, *one.cells}) > _MOST_NAMES:
                for name, value in one.cells.items():
                    self._place(Text(f"line {one.line}, {name}", f"{name}: {value}"))
            else:
                names.update(dict.fromkeys(one.cells))
                rows.append(one.cells)
                places.append(f"line {one.line}")
        if rows:
            header = tuple(names)
            cells = [[row.get(name, "") for name in header] for row in rows]
            self._place(Grid("records", cells, header, places))


class Blocks:
    """Reader of `name: value` lines, one thing a block."""

    name = "blocks"
    version = 1

    def sniff(self, head: Head) -> int:
        """Score 82 when nearly all lines are of this form and their names tell of things, else 0."""
        view = head.view
        if view is None or head.source.size_bytes > _MOST_BYTES or head.is_headed_table:
            return 0
        lines = view.text.split(view.newline)
        filled = sum(bool(line.strip()) and not _RULE.fullmatch(line) for line in lines)
        made = list(blocks(enumerate(lines, start=1)))
        found = [one for one in made if isinstance(one, Block)]
        # A heading or a closing line may stand around them.
        if filled < 3 or len(made) - len(found) > 2 + _STRAY * filled or not found:
            return 0
        return 82 if tell_of_things(found) else 0

    def open(self, source: Source, options: Options) -> BlocksReading:
        """Open the text."""
        return BlocksReading(source, options, self.name)


def tell_of_things(found: Sequence[Block]) -> bool:
    """Tell whether blocks say of things who made them, or which they are: like things have like names."""
    told = [_fields(one) for one in found[:_MOST_LOOKED]]
    return sum(2 * sum(name in one for one in told) >= len(told) for name in _TELLING) >= 2


def _fields(block: Block) -> set[str]:
    made = set()
    for name, value in block.cells.items():
        kind, sure = field_of_header(name)
        if kind in CONTENT_FIELDS and sure >= 2 and value:
            made.add(str(kind))
    return made
