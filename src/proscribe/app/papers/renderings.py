"""What is signed is what is shown: the renderings beside a document, made again from its data and compared.

A rendering comes from the document's data alone and is the same bytes whenever one version of the program writes it. Another
version may break lines otherwise; then the words are compared.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from proscribe import __version__
from proscribe.app.scan.reading_process import open_apart, start
from proscribe.documents import FORMATS, paper_from_json, render
from proscribe.model.canonical import canonical_json, pretty_json
from proscribe.model.errors import ProscribeError
from proscribe.model.papers import Paper
from proscribe.readers import Options
from proscribe.readers.base import Source

#: Packages whose versions decide the bytes of a format, beside that of the program.
_WRITERS = {"pdf": "typst", "docx": "python-docx"}
_SHOWN = 8
_MOST_PART_BYTES = 64 * 1024 * 1024
_TEXT_OF_WORD = re.compile(r"<w:t(?: [^<>]*)?>([^<]*)</w:t>|<w:(?:br|tab|p)\b|</w:p>")


class Match(StrEnum):
    """How a rendering stands to the document's data."""

    SAME = "same"  # byte for byte what is written from the data
    WORDS = "words"  # another version wrote it; the words are those of the data
    OTHER_VERSION = "other_version"  # another version wrote it, and this one writes other words
    ALTERED = "altered"  # this version writes something else
    NONE = "none"  # no rendering of the document
    UNKNOWN = "unknown"  # it cannot be made again here


@dataclass(frozen=True, slots=True)
class Rendering:
    """A file beside a document, compared.

    Attributes:
        says: one sentence.
    """

    name: str
    match: Match
    says: str


def writers() -> dict[str, str]:
    """Give what decides the bytes of renderings: a digest of the layout, and versions (empty for what is not installed)."""
    found = {"proscribe": __version__, "layout": _layout()}
    for package in _WRITERS.values():
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = ""
    return found


def made_here(made_by: str, written_with: Mapping[str, Any] | None) -> bool:
    """Tell whether this very program made a document, by the version that it names and what wrote its renderings."""
    return made_by == __version__ and (written_with or {}).get("layout") == _layout()


@lru_cache(maxsize=1)
def _layout() -> str:
    """Digest the templates, fonts and code that lay documents out; one version of the program may still be in the making."""
    digest = hashlib.sha256()
    parts = sorted(
        (path, one) for path, one in _parts(files("proscribe.documents")) if not path.endswith(".pyc")
    )
    for path, content in parts:
        digest.update(f"{path} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def _parts(folder: Traversable, path: str = "") -> Iterator[tuple[str, bytes]]:
    for one in folder.iterdir():
        name = f"{path}/{one.name}"
        if one.is_dir():
            yield from _parts(one, name)
        elif one.is_file():
            yield name, one.read_bytes()


def read_document(data: bytes) -> Paper:
    """Read the data of a document as a case keeps it, or as a file shows it.

    Raises:
        InputError: E460 when it is none, or is written in another way than this program writes it.
        UsageError: E459 for a type that is not there.
        ValueError: when it is no JSON that this program writes.
    """
    value = json.loads(data)
    if data not in (canonical_json(value).encode(), pretty_json(value).encode()):
        raise ValueError("it is not written as this program writes it")
    return paper_from_json(value)


def compare(
    paper: Paper, files: Mapping[str, bytes], written_with: Mapping[str, Any] | None = None
) -> Iterator[Rendering]:
    """Compare the files beside a document with what is written from its data.

    Args:
        files: name to bytes.
        written_with: what wrote them, as `writers` gives it; not known where it is `None`.
    """
    for name, content in sorted(files.items()):
        format_ = next((one.name for one in FORMATS.values() if name == f"{paper.id}{one.suffix}"), "")
        if not format_:
            yield Rendering(
                name, Match.NONE, f"{name} is no rendering of the document: it is named {paper.id} otherwise"
            )
            continue
        try:
            made = render(paper, format_)
        except ProscribeError as problem:
            yield Rendering(name, Match.UNKNOWN, f"{name} was not written again: {problem.what}")
            continue
        if made == content:
            yield Rendering(name, Match.SAME, f"{name} is byte for byte what the document's data shows")
            continue
        theirs = _versions(paper, format_, written_with)
        if theirs == _versions(paper, format_, writers()) and paper.data.get("proscribe") == __version__:
            yield Rendering(
                name,
                Match.ALTERED,
                f"{name} is not what the document's data shows: {_first(format_, content, made)}",
            )
            continue
        differs = _difference(*_of_both(format_, content, made))
        said = f"{name} was written by another version ({theirs})"
        if differs:
            yield Rendering(
                name,
                Match.OTHER_VERSION,
                f"{said}, and its words are not those that this one writes: {differs}",
            )
        else:
            yield Rendering(
                name, Match.WORDS, f"{said}; words compared, and they are those of the document's data"
            )


def _versions(paper: Paper, format_: str, told: Mapping[str, Any] | None) -> str:
    """Name what wrote a format, in words."""
    names = ["layout", *filter(None, [_WRITERS.get(format_)])]
    known = [f"{name} {str((told or {}).get(name) or 'unknown')[:40]}" for name in names]
    return ", ".join([f"proscribe {str(paper.data.get('proscribe'))[:40]}", *known])


def _first(format_: str, content: bytes, made: bytes) -> str:
    return _difference(*_of_both(format_, content, made)) or "its bytes differ, though its words do not"


# Words


def _of_both(format_: str, theirs: bytes, ours: bytes) -> Iterator[list[str]]:
    """Give the words of two renderings, which are read side by side: each PDF in a process of its own."""
    if format_ == "pdf":
        start()  # the first process divides before there are threads
    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(partial(words, format_), (theirs, ours))


def words(format_: str, content: bytes) -> list[str]:
    """Give the words that a rendering shows, in order; lines that stand on every page are left out.

    What cannot be read as such a file has none.
    """
    try:
        text = {"pdf": _of_pdf, "docx": _of_word}.get(format_, _of_text)(content)
    except Exception:  # whatever a file that somebody altered brings up, it is not the rendering
        return []
    return unicodedata.normalize("NFKC", text).replace("\u00ad", "").split()


def _of_text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _of_word(content: bytes) -> str:
    """Read the text of every part, also of those that a page shows beside the text, such as headers and comments."""
    texts: list[str] = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in sorted(archive.infolist(), key=lambda one: one.filename):
            if not info.filename.endswith(".xml") or info.file_size > _MOST_PART_BYTES:
                continue
            part = archive.read(info).decode("utf-8", "replace")
            texts += [found[1] if found[1] is not None else " " for found in _TEXT_OF_WORD.finditer(part)]
            texts.append(" ")
    return "".join(texts)


def _of_pdf(content: bytes) -> str:
    pages: dict[str, list[str]] = {}
    with TemporaryDirectory(prefix="proscribe-") as folder:
        path = Path(folder, "rendering.pdf")
        path.write_bytes(content)
        reading = open_apart(Source(path.name, path, len(content)), Options(reader="pdf"))
        for batch in reading.batches():
            for place, line in zip(batch.pointers or (), batch.rows.column(0).to_pylist(), strict=True):
                pages.setdefault(place.partition(",")[0], []).append(line or "")
    on_pages = Counter(line for page in pages.values() for line in {_bare(line) for line in page})
    everywhere = {line for line, count in on_pages.items() if len(pages) > 1 and count == len(pages)}
    return "\n".join(line for page in pages.values() for line in page if _bare(line) not in everywhere)


def _bare(line: str) -> str:
    """Leave out numbers: those of pages differ from page to page."""
    return re.sub(r"[0-9]+", "#", line.strip())


def _difference(theirs: Sequence[str], ours: Sequence[str]) -> str:
    """Say where words first differ; nothing where they do not."""
    if not theirs:
        return "it cannot be read as such a file"
    for place, (one, other) in enumerate(zip_longest(theirs, ours)):
        if one != other:
            start = max(0, place - 3)
            shown = (" ".join(said[start : start + _SHOWN]) for said in (theirs, ours))
            there, here = shown
            return f"it says '{there[:120]}' where the data says '{here[:120]}'"
    return ""
