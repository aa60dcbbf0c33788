"""A document as Markdown: for mail, for reading without a viewer, for comparing two versions."""

from __future__ import annotations

import re

from proscribe.documents.blocks import (
    Block,
    Bullets,
    Fields,
    Heading,
    Layout,
    Notice,
    Paragraph,
    Picture,
    Signatures,
    Statement,
    Table,
)
from proscribe.wording.shown import visible

# What CommonMark and its tables read as markup; a leading number or dash is caught at the start of a line.
_MARKUP = re.compile(r"([\\`*_{}\[\]#|~!$^])")
_STARTS = re.compile(r"^(\s*)(\d*)([-+=]|(?<=\d)[.)])")


def markdown(layout: Layout) -> str:
    """Write a document as Markdown (CommonMark with pipe tables); texts from outside are escaped."""
    lines = [f"# {_inline(layout.title)}", "", _inline(layout.subtitle), ""]
    for block in layout.blocks:
        lines += [*_block(block), ""]
    lines += ["---", "", f"{_inline(layout.id)} · SHA-256 of its data {layout.digest}"]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _inline(text: str) -> str:
    shown = visible(text.replace("\r\n", "\n").replace("\n", " "))
    shown = _MARKUP.sub(r"\\\1", shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    # A link that a reader's program would make of a bare address is text here.
    return shown.replace("://", ":&#47;&#47;") if "://" in shown else shown


def _lines(text: str) -> list[str]:
    return [_STARTS.sub(r"\1\2\\\3", _inline(line)) for line in text.replace("\r\n", "\n").split("\n")]


def _cell(text: str) -> str:
    return "<br>".join(_inline(line) for line in text.replace("\r\n", "\n").split("\n")) if text else "–"


def _block(block: Block) -> list[str]:
    match block:
        case Heading(text, level):
            return [f"{'#' * (level + 1)} {_inline(text)}"]
        case Paragraph(text, style):
            shown = "  \n".join(_lines(text))
            return [f"**{shown}**" if style in ("strong", "lead") else shown]
        case Fields(caption, rows):
            return _table(
                ("", ""), [(f"**{_cell(label)}**", _cell(value)) for label, value in rows], (), caption
            )
        case Table(caption, header, rows, _, numeric):
            return _table(
                tuple(_cell(one) for one in header),
                [tuple(map(_cell, row)) for row in rows],
                numeric,
                caption,
            )
        case Bullets(entries):
            return [f"- {_inline(one)}" for one in entries]
        case Notice(_, title, entries):
            return [f"> **{_inline(title)}**", *(f">\n> {_inline(one)}" for one in entries)]
        case Statement(citation, text, answer, _):
            told = f" Answer: **{_inline(answer)}**." if answer else ""
            return [f"> {_inline(text)}", ">", f"> {_inline(citation)}.{told}"]
        case Picture(caption, entries, crop):
            shown = f"(a piece of {crop.width} × {crop.height} pixels; the PDF and the Word file show it)"
            return [f"*{_inline(caption)}*", "", *(f"- {_inline(one)}" for one in (*entries, shown))]
        case Signatures(people):
            return _table(
                ("", "Name", "Title", "When", "Signature"),
                [
                    (_cell(part), _cell(name), _cell(title), _cell(when), "")
                    for part, name, title, when in people
                ],
                (),
                "Who answers for it",
            )


def _table(
    header: tuple[str, ...], rows: list[tuple[str, ...]], numeric: tuple[int, ...], caption: str
) -> list[str]:
    rule = ["---:" if index in numeric else "---" for index in range(len(header))]
    return [
        f"*{_inline(caption)}*",
        "",
        "| " + " | ".join(header) + " |",
        "| " + " | ".join(rule) + " |",
        *("| " + " | ".join(row) + " |" for row in rows),
    ]
