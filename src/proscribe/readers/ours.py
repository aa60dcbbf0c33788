"""Tell files that this program wrote or keeps from files of evidence, by what is in them, never by the name alone.

Anybody can type such marks. What bears them in a folder is read all the same, and left out only when nothing is told in it
alone (`app/scan/own_files.py`); a store, which no reader reads, is left out at once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import mmap
import re
import tomllib
import zipfile
import zlib
from contextlib import suppress
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from proscribe.model.observations import OUR_FILES
from proscribe.readers.kept import is_beside_a_database
from proscribe.readers.sqlite_schema import described
from proscribe.wording.html import MARK

#: How names of keys end.
KEYS = (".key", ".pem")
#: A larger file is read as evidence.
_MOST = 64 * 1024 * 1024
_MOST_PART = 1024 * 1024
_SCHEMA = re.compile(rb'"schema"\s*:\s*"proscribe\.')
#: Answers of commands that no type describes. What others write in shapes of ours (suppliers' forms, captures) is evidence.
_ANSWERS = frozenset(
    f"proscribe.{name}/1"
    for name in (
        "clock", "decide", "init", "kb-lint", "knowledge", "made-from", "sam", "scan-plan", "supplier-check", "supplier-import",
        "supplier-options",
    )
)  # fmt: skip
_PAPER = re.compile(r"proscribe\.paper\.[a-z-]+/1")
#: What stands outermost in every document.
_OF_A_PAPER = frozenset({"checklist", "limits", "not_advice", "obstacles", "people", "rests_on", "state"})
#: A rendering names its document, `<type>-<first 12 hex of the digest>`, beside the whole digest of the document's data.
_PDF = re.compile(rb"/Keywords ?\([a-z-]{3,40}-([0-9a-f]{12}), \1[0-9a-f]{52}\)")
_MARKDOWN = re.compile(rb"\n[a-z\\-]{3,60}-([0-9a-f]{12}) \xc2\xb7 SHA-256 of its data \1[0-9a-f]{52}\s*\Z")
#: A report ends with the digest of all that stands before; one that somebody changed is evidence.
_REPORT = re.compile(
    rb"(?:<!-- )?" + re.escape(MARK).replace(r"\{\}", "([0-9a-f]{64})").encode() + rb"(?: -->)?\s*\Z"
)
_WORD_ID = re.compile(rb"identifier>[a-z-]{3,40}-([0-9a-f]{12})<")
_WORD_DIGEST = re.compile(rb"keywords>([0-9a-f]{64})<")
_LONGEST_MARK = 1024
#: Tables of a store, whatever its file is called; it has these two for certain, and no others.
_TABLES = frozenset({
    "accesses", "accounts", "alembic_version", "blob_parts", "blobs", "case_findings", "case_groups", "cases", "deadlines",
    "declarations", "determinations", "documents", "events", "grants", "head", "jobs", "judgements", "meta", "notes", "runs",
    "scan_findings", "scan_groups", "scan_inputs", "scan_mention_counts", "scan_mentions", "scan_words", "scans", "sessions",
    "sqlite_sequence", "support", "tokens", "waivers",
})  # fmt: skip
_SURELY = frozenset({"case_findings", "scan_groups"})
_MOST_STATED = 1024 * 1024
_BUNDLE = b"A signed bundle of Proscribe.\n"
_ENVELOPE = "attestation.dsse.json"
_BESIDE = re.compile(
    r"README\.txt|attestation\.dsse\.json|keys/[0-9a-f]{64}\.pem|timestamps/[0-9a-f]{64}\.tsr"
    r"|countersignatures/[0-9a-f]{64}\.dsse\.json"
)


def made_here(path: Path) -> bool:
    """Say whether a file was written by this program, as far as its content shows; what cannot be read was not."""
    look = _LOOKS.get(path.suffix.lower())
    if look is None:
        return False
    with suppress(OSError, ValueError, RecursionError, MemoryError, zlib.error, zipfile.BadZipFile, RuntimeError,
                  NotImplementedError, KeyError, TypeError, AttributeError):  # fmt: skip
        size = path.stat().st_size
        return (0 < size <= _MOST or look is _is_store) and look(path)
    return False


def holds_no_text(path: Path) -> bool:
    """Say whether a file is a store or an empty configuration of this program, of which nothing can be read."""
    if path.name in OUR_FILES:
        with suppress(OSError):
            return (path.suffix not in (".toml", ".yml") or not path.stat().st_size) and kept_here(path)
        return False
    return _LOOKS.get(path.suffix.lower()) is _is_store and made_here(path)


def kept_here(path: Path) -> bool:
    """Say whether a file of `OUR_FILES` holds what its name says: a list of equipment under such a name is evidence."""
    import yaml

    with suppress(OSError, ValueError, RecursionError, MemoryError, yaml.YAMLError):
        if path.suffix not in (".toml", ".yml"):
            return _tables(path) <= _TABLES
        if path.stat().st_size > _MOST_STATED:
            return False
        text = path.read_text(encoding="utf-8-sig")
        return _stated(path.suffix).issuperset(_keys(text, path.suffix))
    return False


@cache
def _stated(suffix: str) -> frozenset[str]:
    """Name what stands outermost in files that people keep for the program."""
    from proscribe.model.config import Config
    from proscribe.model.papers import PaperInputs

    if suffix == ".toml":
        return frozenset(one.name for one in fields(Config))
    return frozenset([
        "facts", "sites", "entities", "categories", "things", "findings", "funds", "lists", "suppliers", "readings", "regimes",
        "as_of", "title", "people", "resolved", *(one.name for one in fields(PaperInputs)),
    ])  # fmt: skip


def _keys(text: str, suffix: str) -> list[str]:
    """Give the outermost names of a file of statements; YAML is taken apart and not made, so that no alias grows."""
    if suffix == ".toml":
        return list(tomllib.loads(text))
    import yaml

    top = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if top is None:
        return []
    if not isinstance(top, yaml.MappingNode):
        raise ValueError("no mapping")
    return [str(key.value) for key, _ in top.value]


@cache
def _outermost(schema: str) -> frozenset[str]:
    """Name what stands outermost in a record that we write; empty for what is none."""
    from proscribe.model import devices_document, exposure, nation_matrix, phase_out, walk_round
    from proscribe.model.scan_document import ScanValue

    records = {
        "scan": ScanValue, "devices": devices_document.ReportValue, "exposure": exposure.Exposure,
        "matrix": nation_matrix.NationMatrix, "plan": phase_out.PhaseOut, "plates-todo": walk_round.WalkRound,
    }  # fmt: skip
    kind = records.get(schema.removeprefix("proscribe.").removesuffix("/1"))
    return frozenset() if kind is None else frozenset(one.name for one in fields(kind))


def _is_json(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if _SCHEMA.search(data) is None:
            return False
        value: Any = json.loads(data[:])
    schema = value.get("schema") if isinstance(value, dict) else None
    if not isinstance(schema, str):
        return False
    if _PAPER.fullmatch(schema):
        return _OF_A_PAPER.issubset(value)
    return schema in _ANSWERS or {"schema"} <= value.keys() <= _outermost(schema)


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return data[:5] == b"%PDF-" and _PDF.search(data) is not None


def _is_markdown(path: Path) -> bool:
    return _MARKDOWN.search(path.read_bytes()[-400:]) is not None or _is_report(path)


def _is_report(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LONGEST_MARK))
        end = file.read()
        mark = _REPORT.search(end)
        if mark is None:
            return False
        file.seek(0)
        above = file.read(path.stat().st_size - len(end) + mark.start())
    return hashlib.sha256(above).hexdigest().encode() == mark[1]


def _is_word(path: Path) -> bool:
    core = _part(path, "docProps/core.xml")
    identity, digest = _WORD_ID.search(core), _WORD_DIGEST.search(core)
    return identity is not None and digest is not None and digest[1].startswith(identity[1])


def _is_bundle(path: Path) -> bool:
    """Tell a signed bundle in which nothing stands but what its statement names, by digest."""
    if not _part(path, "README.txt").startswith(_BUNDLE):
        return False
    statement = json.loads(base64.b64decode(json.loads(_part(path, _ENVELOPE))["payload"]))
    named = {(f"files/{one['name']}", one["digest"]["sha256"]) for one in statement["subject"]}
    with zipfile.ZipFile(path) as archive:
        for one in archive.infolist():
            if _BESIDE.fullmatch(one.filename):
                continue
            with archive.open(one) as part:
                if (one.filename, hashlib.file_digest(part, "sha256").hexdigest()) not in named:  # type: ignore[arg-type]
                    return False
    return True


def _tables(path: Path) -> frozenset[str]:
    """Name the tables and views of a database; what is no database has one without a name.

    SQLite keeps two files more beside it while it is open: they belong to it where they have the form of such.
    """
    if path.name.endswith(("-wal", "-shm")):
        if not is_beside_a_database(path):
            return frozenset({""})
        path = path.with_name(path.name[: -len("-wal")])
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return frozenset(name for kind, name in described(data) if kind in ("table", "view"))
    except (ValueError, IndexError):
        return frozenset({""})


def _is_store(path: Path) -> bool:
    return _SURELY <= _tables(path) <= _TABLES


def _part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive, archive.open(name) as part:
        return part.read(_MOST_PART)


_LOOKS = {
    ".json": _is_json, ".pdf": _is_pdf, ".md": _is_markdown, ".html": _is_report, ".htm": _is_report,
    ".docx": _is_word, ".zip": _is_bundle,
    ".db": _is_store, ".db-wal": _is_store, ".db-shm": _is_store, ".sqlite": _is_store,
}  # fmt: skip
