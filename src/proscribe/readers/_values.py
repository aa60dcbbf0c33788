"""Values of a JSON input one by one, for readers of formats that happen to be written in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from proscribe.readers._fixed import Work, text_lines
from proscribe.readers._text import Encoding, repair_utf8, utf8_chunks, without_nul
from proscribe.readers.records import (
    _DECODER,
    WHOLE_BYTES,
    _Damaged,
    _Stream,
    document_events,
    looks_like_lines,
    stream_events,
)
from proscribe.readers.tabular_text import read_head, view_head


def parse_head(text: str) -> Any:
    """Decode the first object of a list, of JSON lines or of a document; `None` when it is cut or none."""
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("["):
        start = start[1:].lstrip()
    try:
        value, _ = _DECODER.raw_decode(start)
    except (json.JSONDecodeError, RecursionError):
        return None
    return value


def json_events(work: Work, *, whole: bool = False) -> Iterator[tuple[str, Any]]:
    """Yield pointer and value of each record of JSON lines, an array, or a document that holds arrays.

    Numbers are text with the digits they were written with. Damage is an issue (`E130`, `E131`), and
    what is left of the text comes as one last string.

    Args:
        work: source, options and log.
        whole: give documents of bounded size as one value instead of taking their arrays apart.
    """
    head = read_head(work.source)
    view = view_head(head, work.source.size_bytes <= len(head))
    encoding = view.encoding if view is not None else Encoding("cp1252", 0, guessed=True)
    if view is not None and looks_like_lines(view.text):
        yield from _by_line(work)
        return
    chunks = utf8_chunks(work.source.path, encoding, encoding.bom_bytes, None, 1, work.log)
    if work.source.size_bytes <= WHOLE_BYTES:
        data = without_nul(b"".join(chunk for chunk, _ in chunks), 1, work.log)
        text = repair_utf8(data, 1, work.log).decode("utf-8", "replace")
        try:
            value = _DECODER.decode(text.lstrip("\ufeff"))
        except (json.JSONDecodeError, RecursionError):
            chunks = iter([(text.lstrip("\ufeff").encode("utf-8", "replace"), work.source.size_bytes)])
        else:
            work.read_bytes = work.source.size_bytes
            if whole:
                yield "", value
            else:
                for _, pointer, item in document_events(value):
                    yield pointer, item
            return
    stream = _Stream(chunks, WHOLE_BYTES)
    try:
        while stream.peek():
            for _, pointer, item in stream_events(stream):
                work.read_bytes = stream.read_bytes
                yield pointer, item
    except _Damaged as error:
        code = "E132" if "deeply" in error.what else "E131"
        work.log.add(code, f"character {error.at}", f"{error.what[:1].upper()}{error.what[1:]}.", lossy=True)
        rest = stream.remaining(work.options.limits.max_field_bytes // 4)
        if rest:
            yield f"character {stream.place()}", rest


def json_records(work: Work) -> Iterator[tuple[str, Any]]:
    """Yield pointer and value of each record of JSON lines, an array, or a document that is one record itself.

    What lies inside a record is left together, unlike in `json_events`. The pointer is never empty.
    """
    for pointer, value in json_events(work, whole=True):
        if isinstance(value, list) and not pointer:
            yield from ((f"/{number}", item) for number, item in enumerate(value))
        else:
            yield pointer or "document", value


def _by_line(work: Work) -> Iterator[tuple[str, Any]]:
    for number, line in text_lines(work):
        if not line.strip():
            continue
        try:
            yield f"line {number}", _DECODER.decode(line)
        except json.JSONDecodeError as error:
            work.log.add(
                "E130",
                f"line {number}, column {error.pos + 1}",
                f"The line is not one JSON value: {error.msg}.",
            )
            yield f"line {number}", line.strip()
        except RecursionError:
            work.log.add("E132", f"line {number}", "The value is nested too deeply to be parsed.")
            yield f"line {number}", line.strip()
