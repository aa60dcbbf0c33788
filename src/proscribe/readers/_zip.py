"""Archives looked at before anything in them is parsed: bounds, entities, and what can be salvaged."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from proscribe.readers._text import reaches_out
from proscribe.readers.base import Limits
from proscribe.readers.issues import IssueLog

#: Cells a sheet may span. The workbook library holds every cell of the span, empty or not, at 32 bytes.
MAX_AREA = 60_000_000
#: A ratio says nothing about small members.
_SMALL_BYTES = 8 * 1024**2
_SALVAGE_BYTES = 512 * 1024**2
_STEP = 1 << 20

_SHEET_TAG = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_FAR_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Z]{2,})\d")
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br\s*=\s*[\"'](\d+)")
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Z]+\d+)[\"'][^>]*>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>([^<]*)</(?:\w+:)?f>)"
    rb"\s*(<(?:\w+:)?v>[^<]|<(?:\w+:)?is>)?"
)


class ZipProblem(Exception):
    """The archive must not be opened.

    Attributes:
        code: input code.
        what: what was found and what was expected.
    """

    def __init__(self, code: str, what: str) -> None:
        super().__init__(what)
        self.code = code
        self.what = what


@dataclass(slots=True)
class SheetFacts:
    """What a look at a sheet's XML told; `refused` is the reason not to parse it, or empty."""

    refused: str = ""
    refused_code: str = "E137"


def inspect_workbook(origin: Path | io.BytesIO, limits: Limits, log: IssueLog) -> dict[str, SheetFacts]:
    """Check a workbook's archive against the bounds and look through its sheets as text.

    Returns:
        Facts by sheet name.

    Raises:
        ZipProblem: when the whole file must not be opened.
        zipfile.BadZipFile: when the directory is missing or damaged.
    """
    with zipfile.ZipFile(origin) as archive:
        members = archive.infolist()
        total = 0
        for member in members:
            total += member.file_size
            packed = max(1, member.compress_size)
            if member.flag_bits & 1:
                raise ZipProblem("E111", f"the part {member.filename} is encrypted")
            if member.file_size > limits.max_expanded_bytes or total > limits.max_expanded_bytes:
                raise ZipProblem(
                    "E110",
                    f"unpacked it would take {total} bytes or more; at most {limits.max_expanded_bytes} are allowed",
                )
            if member.file_size > _SMALL_BYTES and member.file_size / packed > limits.max_expansion_ratio:
                raise ZipProblem(
                    "E110",
                    f"the part {member.filename} expands {member.file_size // packed} times, to {member.file_size} "
                    f"bytes; at most {limits.max_expansion_ratio} times are allowed",
                )
        names = {member.filename for member in members}
        _report_other_parts(names, log)
        facts: dict[str, SheetFacts] = {}
        for part, sheet in _sheet_parts(archive, names):
            facts[sheet] = _inspect_sheet(archive, part, sheet, limits, log)
        for part in ("xl/workbook.xml", "xl/sharedStrings.xml", "content.xml"):
            if part in names:
                _refuse_entities(archive, part, log)
        if "content.xml" in names:
            _inspect_ods(archive, limits)
        return facts


def _report_other_parts(names: set[str], log: IssueLog) -> None:
    kinds = {
        "comments": ("xl/comments", "xl/threadedComments"),
        "pictures": ("xl/media/", "Pictures/"),
        "embedded files": ("xl/embeddings/",),
        "links to other workbooks": ("xl/externalLinks/externalLink",),
        "macros": ("xl/vbaProject",),
    }
    found = [
        f"{sum(name.startswith(starts) for name in names)} {kind}"
        for kind, starts in kinds.items()
        if any(name.startswith(starts) for name in names)
    ]
    if found:
        log.add("E135", "workbook", "Besides its cells the file holds parts of these kinds: " + ", ".join(found) + ".")


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        key.decode("utf-8", "replace").rsplit(":", 1)[-1]: unescape((one or two).decode("utf-8", "replace"))
        for key, one, two in _ATTRIBUTE.findall(tag)
    }


def _sheet_parts(archive: zipfile.ZipFile, names: set[str]) -> list[tuple[str, str]]:
    """Pair the parts that hold sheets with the names the workbook gives them."""
    if "xl/workbook.xml" not in names:
        return []
    try:
        book = _read_bounded(archive, "xl/workbook.xml", _SMALL_BYTES)
        relations = _read_bounded(archive, "xl/_rels/workbook.xml.rels", _SMALL_BYTES)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError):
        return []
    targets: dict[str, str] = {}
    for tag in _RELATION.findall(relations):
        fields = _attributes(tag)
        target = fields.get("Target", "")
        targets[fields.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    pairs: list[tuple[str, str]] = []
    for tag in _SHEET_TAG.findall(book):
        fields = _attributes(tag)
        part = targets.get(fields.get("id", ""), "")
        if part in names and "name" in fields:
            pairs.append((part, fields["name"]))
    return pairs


def _read_bounded(archive: zipfile.ZipFile, part: str, limit: int) -> bytes:
    with archive.open(part) as file:
        return file.read(limit)


def _stream(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield a part in windows that overlap by 4 KiB, so that a tag is whole in one of them."""
    tail = b""
    with archive.open(part) as file:
        while chunk := file.read(_STEP):
            yield tail + chunk
            tail = chunk[-4096:]


def _refuse_entities(archive: zipfile.ZipFile, part: str, log: IssueLog) -> bool:
    try:
        head = _read_bounded(archive, part, 65_536)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
        return False
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        log.add("E136", part, "The part declares a document type.")
        return True
    return False


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _inspect_sheet(
    archive: zipfile.ZipFile, part: str, sheet: str, limits: Limits, log: IssueLog
) -> SheetFacts:
    facts = SheetFacts()
    if part.endswith(".bin"):
        return facts
    if _refuse_entities(archive, part, log):
        facts.refused_code, facts.refused = "E136", "The sheet was not parsed."
        return facts
    widest = b"Z"
    lowest = 0
    seen_formulas: set[bytes] = set()
    try:
        for window in _stream(archive, part):
            for letters in set(_FAR_CELL.findall(window)):
                if (len(letters), letters) > (len(widest), widest):
                    widest = letters
            rows = _ROW_NUMBER.findall(window)
            if rows:
                lowest = max(lowest, max(int(row[:9]) for row in rows))
            if b"<f" in window or b":f>" in window:
                _inspect_formulas(window, sheet, seen_formulas, log)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
        # The workbook library reports the damage with the sheet's name.
        return facts
    columns = _column_number(widest[:4])
    if columns > 16_384 or lowest > 1_048_576 or columns * lowest > MAX_AREA:
        facts.refused = (
            f"Its cells reach column {widest.decode()} and row {lowest}: {columns * lowest} cells, at most "
            f"{MAX_AREA} were expected. The sheet was not read."
        )
    return facts


def _inspect_formulas(window: bytes, sheet: str, seen: set[bytes], log: IssueLog) -> None:
    for found in _FORMULA.finditer(window):
        name, formula, value = found.groups()
        if len(seen) < 100_000:
            if name in seen:
                continue
            seen.add(name)
        at = f"sheet '{sheet}'!{name.decode()}"
        text = unescape((formula or b"").decode("utf-8", "replace"))
        if text and reaches_out(text):
            log.add("E117", at, f"The formula is {text[:60]!r}; it was not run.")
        if value is None and b"<v" not in window[found.end() : found.end() + 3]:
            log.add("E115", at, f"The formula {text[:60]!r} has no stored value.")


def _inspect_ods(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse an ODS whose repeated cells with content would fill the memory."""
    repeated = re.compile(rb"number-(columns|rows)-repeated=[\"'](\d+)")
    for window in _stream(archive, "content.xml"):
        for kind, count in repeated.findall(window):
            if len(count) > 7 or int(count) > (16_384 if kind == b"columns" else 1_048_576):
                raise ZipProblem("E137", f"cells are repeated {count.decode()} times")


def salvage(path: Path, limits: Limits, log: IssueLog) -> io.BytesIO:
    """Rebuild a cut-off archive from the parts that are still whole, or begin whole.

    A sheet that breaks off is closed after its last whole row.

    Raises:
        ZipProblem: when no part can be taken out, or the parts exceed the bound.
    """
    bound = min(limits.max_expanded_bytes, _SALVAGE_BYTES)
    target = io.BytesIO()
    total = 0
    names: list[str] = []
    with path.open("rb") as file, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as rebuilt:
        data = file.read(bound + 1)
        if len(data) > bound:
            raise ZipProblem("E109", "it is too large to be repaired")
        at = 0
        while (at := data.find(b"PK\x03\x04", at)) >= 0 and at + 30 <= len(data):
            flags, method, packed, size, name_size, extra_size = (
                *struct.unpack_from("<HH", data, at + 6),
                *struct.unpack_from("<II", data, at + 18),
                *struct.unpack_from("<HH", data, at + 26),
            )
            body = at + 30 + name_size + extra_size
            name = data[at + 30 : at + 30 + name_size].decode("utf-8", "replace")
            whole = True
            if method == 8:
                engine = zlib.decompressobj(-15)
                try:
                    content = engine.decompress(data[body:], bound - total + 1)
                except zlib.error:
                    at = body
                    log.add("E109", name, "This part of the archive is damaged.")
                    continue
                whole = engine.eof
                at = len(data) - len(engine.unused_data) if whole else len(data)
            elif method == 0 and not flags & 8:
                content = data[body : body + packed]
                whole = len(content) == packed
                at = body + packed
            else:
                at = body
                continue
            total += len(content)
            if total > bound or len(content) > _SMALL_BYTES and len(content) > limits.max_expansion_ratio * len(data):
                raise ZipProblem("E110", "unpacked it would exceed the bound")
            if not whole:
                content = _close_sheet(content)
                log.add("E109", name, "This part of the archive breaks off; rows up to that place were read.")
            if content and name not in names:
                names.append(name)
                rebuilt.writestr(name, content)
        if names and "[Content_Types].xml" not in names:
            rebuilt.writestr("[Content_Types].xml", "<Types/>")
        _add_missing_parts(rebuilt, names, log)
    if not names:
        raise ZipProblem("E109", "no part of the archive is whole")
    target.seek(0)
    return target


def _close_sheet(content: bytes) -> bytes:
    for last, tail in ((b"</row>", b"</sheetData></worksheet>"), (b"</si>", b"</sst>")):
        end = content.rfind(last)
        if end >= 0:
            return content[: end + len(last)] + tail
    return b""


def _add_missing_parts(rebuilt: zipfile.ZipFile, names: list[str], log: IssueLog) -> None:
    """Write the workbook and its relations anew when the cut took them; sheets then lose their names."""
    sheets = sorted(name for name in names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name))
    if not sheets:
        return
    namespace = "http://schemas.openxmlformats.org"
    relations = "".join(
        f'<Relationship Id="s{index}" Type="{namespace}/officeDocument/2006/relationships/worksheet" '
        f'Target="{name.removeprefix("xl/")}"/>'
        for index, name in enumerate(sheets)
    )
    strings = "xl/sharedStrings.xml" in names
    if strings:
        relations += (
            f'<Relationship Id="ss" Type="{namespace}/officeDocument/2006/relationships/sharedStrings" '
            'Target="sharedStrings.xml"/>'
        )
    if "xl/workbook.xml" in names and "xl/_rels/workbook.xml.rels" in names:
        pass
    else:
        if "xl/workbook.xml" not in names:
            listed = "".join(
                f'<sheet name="{name.rsplit("/", 1)[-1].removesuffix(".xml")}" sheetId="{index + 1}" r:id="s{index}"/>'
                for index, name in enumerate(sheets)
            )
            rebuilt.writestr(
                "xl/workbook.xml",
                f'<workbook xmlns="{namespace}/spreadsheetml/2006/main" '
                f'xmlns:r="{namespace}/officeDocument/2006/relationships"><sheets>{listed}</sheets></workbook>',
            )
            names.append("xl/workbook.xml")
            rebuilt.writestr(
                "xl/_rels/workbook.xml.rels",
                f'<Relationships xmlns="{namespace}/package/2006/relationships">{relations}</Relationships>',
            )
    if not strings:
        log.add("E109", "xl/sharedStrings.xml", "The table of texts is missing; cells that refer to it are empty.")
        rebuilt.writestr("xl/sharedStrings.xml", f'<sst xmlns="{namespace}/spreadsheetml/2006/main"></sst>')
