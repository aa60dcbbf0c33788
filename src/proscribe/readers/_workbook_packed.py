"""Parts of a workbook that are no XML, and data that is packed into its texts: which texts they hold.

Queries of Power Query lie as an archive in base64 inside a part of XML ([MS-QDEFF]); settings of printers and properties
of add-ins are bytes with texts in them. What is not wholly text is not wholly read, and the caller says so.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from base64 import b64decode

#: Base64 of fewer letters is probed where matching reads texts.
_LEAST_PACKED = 64
_BASE64 = re.compile(rf"[A-Za-z0-9+/]{{{_LEAST_PACKED},}}={{0,2}}")
_ARCHIVE = b"PK\x03\x04"
#: A package of queries begins with its version and its length.
_FRAME = 8
MOST_BYTES = 16 * 1024**2
#: Letters beside each other that are a word rather than chance, one byte and two bytes each.
_ASCII_RUN = re.compile(rb"[\x20-\x7e]{5,2000}")
_WIDE_RUN = re.compile(rb"(?:[\x20-\x7e]\x00){4,2000}")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def packed_in(text: str) -> bytes | None:
    """Give the bytes that a text is in base64, where they are no text themselves; blanks and line ends in it do not count."""
    bare = "".join(text.split())
    if not _BASE64.fullmatch(bare) or bare.isalpha() or bare.isdigit():
        return None
    raw = b64decode(bare[: len(bare.rstrip("=")) // 4 * 4])
    return None if _as_text(raw) is not None else raw


def texts_of(raw: bytes) -> tuple[list[str], bool]:
    """Give the texts in bytes, and whether these are all that the bytes say.

    Args:
        raw: a part as it lies in the file, or what base64 in a part stands for; at most `MOST_BYTES`.
    """
    text = _as_text(raw)
    if text is not None:
        return text.splitlines(), True
    if raw[_FRAME : _FRAME + len(_ARCHIVE)] == _ARCHIVE and not any(raw[:4]):
        end = _FRAME + int.from_bytes(raw[4:8], "little")
        lines, whole = _of_archive(raw[_FRAME:end])
        return lines + runs_of(raw[end:]), whole  # what follows is XML of its own, and ciphered keys
    if raw.startswith(_ARCHIVE):
        return _of_archive(raw)
    return runs_of(raw), False


def _of_archive(raw: bytes) -> tuple[list[str], bool]:
    lines, whole, size = list[str](), True, 0
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for member in archive.infolist():
                size += member.file_size
                if size > MOST_BYTES:
                    return lines, False
                text = _as_text(archive.read(member))
                lines += (text or "").splitlines()
                whole = whole and text is not None
    except _DAMAGE:
        return lines, False
    return lines, whole


def _as_text(raw: bytes) -> str | None:
    """Decode bytes that are a text from end to end."""
    wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff") or (len(raw) > 3 and not raw[1] and not raw[3])
    try:
        text = raw.decode(
            ("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-le") if wide else "utf-8-sig"
        )
    except UnicodeDecodeError:
        return None
    text = text.rstrip("\0")
    return text if all(char.isprintable() or char.isspace() for char in text) else None


def runs_of(raw: bytes) -> list[str]:
    """Give the runs of letters in bytes, of one byte and of two bytes a letter."""
    runs = [run.decode() for run in _ASCII_RUN.findall(raw)]
    runs += [run.decode("utf-16-le") for run in _WIDE_RUN.findall(raw)]
    return [bare for run in runs if (bare := _TAG.sub(" ", run).strip())]
