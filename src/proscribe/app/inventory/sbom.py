"""A bill of materials in, the same one out with the findings in it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Unpack

from proscribe.app.scan.api import ScanResult, scan_keeping
from proscribe.model.errors import InputError, error
from proscribe.model.scan_request import ScanRequest, ScanWords
from proscribe.reports.parts.cyclonedx_json import JsonDocument
from proscribe.reports.parts.cyclonedx_xml import XmlDocument
from proscribe.reports.parts.marks import marks_of
from proscribe.reports.scan import labels


@dataclass(frozen=True, slots=True)
class Annotated:
    """The document with its findings.

    Attributes:
        data: the bytes to write.
        changed: whether they differ from the document as read.
        signed: whether the document carries a signature, which then no longer matches.
    """

    data: bytes
    result: ScanResult
    changed: bool
    signed: bool

    @property
    def sentence(self) -> str:
        """Say in one sentence what was found."""
        return labels.sentence(self.result.scan)


def annotate(
    path: str | Path | ScanRequest,
    *,
    progress: Any = None,
    **asked: Unpack[ScanWords],
) -> Annotated:
    """Scan a CycloneDX document and write the findings into it.

    Args:
        path: the document, JSON or XML, or a `ScanRequest` of it.
        progress, asked: as in `scan`.

    Raises:
        InputError: `E176`, it is no CycloneDX document, cannot be parsed to its end, or its version has no place for
            findings.
    """
    request = ScanRequest.of(path, **asked)
    (path,) = request.paths
    result, kept = scan_keeping(request, progress=progress, keep_all=False)
    readers = [one.reader for one in result.scan.inputs]
    if readers != ["cyclonedx"]:
        issues = [issue.what for issue in result.issues if issue.lossy]
        detail = f": {issues[0]}" if issues else ""
        raise error("E176.several", at=path, detail=detail)
    refs: dict[str, str] = {}
    wanted = {finding.locator.pointer for finding in result.findings}
    for part in kept[0].parts:
        for batch in part.kept:
            names = batch.rows.column("ref")
            for place, pointer in enumerate(batch.pointers or ()) if wanted else ():
                if pointer in wanted:
                    refs[pointer] = names[place].as_py() or ""
    marks = marks_of(result.scan, refs)
    data = result.sources[0].path.read_bytes()
    try:
        if data.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(b"<"):
            document = XmlDocument(data)
            made = document.annotated(marks)
            signed = document.signed
        else:
            text, encoding, mark = _decoded(data)
            held = JsonDocument(text)
            made = mark + held.annotated(marks).encode(encoding)
            signed = held.signed
    except InputError as problem:
        raise InputError(
            problem.code, problem.what, at=f"{path}, {problem.at}" if problem.at else str(path), expected=problem.expected,
            next_step=problem.next_step or "Export the document again.",
        ) from None  # fmt: skip
    return Annotated(made, result, made != data, signed)


def _decoded(data: bytes) -> tuple[str, str, bytes]:
    """Give the text, the name of its encoding, and the byte order mark before it."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return _strictly(data, name, mark)
    return _strictly(data, "utf-8", b"")


def _strictly(data: bytes, name: str, mark: bytes) -> tuple[str, str, bytes]:
    try:
        return data[len(mark) :].decode(name), name, mark
    except UnicodeDecodeError as problem:
        raise error("E176.encoding", at=f"byte {problem.start}", encoding=name.upper()) from None
