"""A document as PDF: PDF/A-3a and PDF/UA-1 in one file, tagged, with the data attached, the same bytes every time.

Typst reads the layout as JSON; a text in it is a text, whatever it looks like. Only fonts of the package are used, so
that a page looks the same on every machine. A character that no font has is written as its code point.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Any

from proscribe.documents.blocks import Layout, Picture
from proscribe.documents.pieces import texts_in
from proscribe.documents.schema import missing_extra
from proscribe.model.canonical import canonical_json
from proscribe.model.errors import error as fault
from proscribe.model.papers import Paper
from proscribe.wording.shown import visible

STANDARDS = ("a-3a", "ua-1")
_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed with')
_ROUNDS = 12


def pdf(paper: Paper, layout: Layout) -> bytes:
    """Write the document as PDF.

    Raises:
        InputError: E460 when a picture in the data cannot be drawn.
        EnvironmentProblem: E502 when the extra `app` is not installed.
    """
    try:
        import typst
    except ImportError as error:
        raise missing_extra("writing a PDF", "typst") from error
    source = (files("proscribe.documents") / "page.typ").read_bytes()
    data = canonical_json(paper.data)
    marked: set[str] = set()

    def compiled() -> bytes:
        compiler: Any = typst.Compiler(
            source,
            font_paths=_fonts(),
            sys_inputs={
                "layout": json.dumps(_shown(layout, marked), ensure_ascii=False, sort_keys=True),
                "data": data,
            },
        )
        # The offset is part of the timestamp; the zone of the machine is not.
        made_at = datetime.fromisoformat(layout.made_at)
        return bytes(compiler.compile(format="pdf", pdf_standards=list(STANDARDS), timestamp=made_at))

    for _ in range(_ROUNDS):
        try:
            return compiled()
        except typst.TypstError as error:
            without = {
                one for text in _MISSING.findall(f"{error} {error.diagnostic}") for one in _clusters(text)
            }
            if not without - marked:
                if any(isinstance(one, Picture) for one in layout.blocks):
                    raise fault("E460.picture") from error
                raise
            marked |= without
    # So many different scripts: name every character that the fonts of the package are not sure to have.
    marked |= {one for text in texts_in(asdict(layout)) for one in text if ord(one) > 0x24F}
    return compiled()


def _clusters(text: str) -> Iterator[str]:
    # Typst writes the text as a Rust literal: `\u{1f600}` for what it does not print.
    plain = re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda found: chr(int(found[1], 16)), text)
    yield from (one for one in plain if not one.isascii())


@lru_cache(maxsize=1)
def _fonts() -> Any:
    import typst

    with as_file(files("proscribe.documents") / "fonts") as folder:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)])


def _shown(layout: Layout, marked: set[str]) -> dict[str, Any]:
    value: dict[str, Any] = asdict(layout)
    value["blocks"] = [_block(one) for one in layout.blocks]
    table = {ord(one): f"\\u{ord(one):04x}" if ord(one) <= 0xFFFF else f"\\U{ord(one):08x}" for one in marked}
    return {key: _fit(item, table) for key, item in value.items()}


def _block(block: Any) -> dict[str, Any]:
    value = asdict(block)
    if "kind" in value:
        value["notice"] = value.pop("kind")
    return {**value, "kind": type(block).__name__.lower()}


def _fit(value: Any, table: dict[int, str]) -> Any:
    """Make every text fit to show: hidden characters visible, line ends kept, unknown characters named."""
    if isinstance(value, str):
        lines = value.replace("\r\n", "\n").split("\n")
        return "\n".join(visible(line) for line in lines).translate(table)
    if isinstance(value, dict):
        return {key: _fit(item, table) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_fit(item, table) for item in value]
    return list(value) if isinstance(value, bytes) else value
