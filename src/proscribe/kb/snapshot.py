"""Open a snapshot of the knowledge base and question it as of two dates.

A snapshot from elsewhere is hostile until proven otherwise: names, sizes and compression ratios are bounded
before anything is read, every member is checked against the manifest's digest, and nothing in it is executed.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import stat
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from proscribe.kb import literals
from proscribe.kb import signature as signatures
from proscribe.kb.issues import nearest, raise_all
from proscribe.kb.members import MANIFEST, SCHEMA, digest_of, packed_members
from proscribe.kb.ownership import CoveredPath, Ownership, Supplier, links_of
from proscribe.kb.records import TABLES, Row
from proscribe.kb.regexes import PATTERN_TABLES, patterns_of
from proscribe.model.canonical import canonical_json
from proscribe.model.errors import ProscribeError, error
from proscribe.model.periods import AsOf, Period

if TYPE_CHECKING:
    from proscribe.kb.layers import Decision, Layer

_MAX_MEMBERS = 6_000
_MAX_MEMBER_BYTES = 64_000_000
_MAX_TOTAL_BYTES = 256_000_000
_MAX_RATIO = 250
_MANIFEST_BYTES = 4_000_000
_MEMBER = re.compile(
    r"manifest\.json|signature\.json|reviews\.json|tables/[a-z_]+\.json|documents/[A-Za-z0-9][^\\\0:]*\.json"
)


def _damaged(what: str, at: str) -> ProscribeError:
    return error("E202.damaged", at=at, what=what)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot says about itself.

    Attributes:
        schema: name and major version of its shape.
        schema_version: SchemaVer.
        version: CalVer of the knowledge.
        sha256: digest over all members.
        counts: table to number of rows.
        sources: source file to SHA-256.
        members: member to SHA-256.
    """

    schema: str
    schema_version: str
    version: str
    sha256: str
    counts: dict[str, int]
    sources: dict[str, str]
    members: dict[str, str]

    @classmethod
    def from_json(cls, value: Any, at: str) -> Manifest:
        """Check a manifest's shape.

        Raises:
            KnowledgeError: E202 when it has another shape, E203 when it is of another schema.
        """
        if not isinstance(value, dict) or not isinstance(value.get("schema"), str):
            raise _damaged("its manifest has another shape", at)
        if value["schema"] != SCHEMA:
            raise error("E203", at=at, schema=value["schema"], known=SCHEMA)
        try:
            members = {str(name): str(entry["sha256"]) for name, entry in value["members"].items()}
            counts = {str(name): int(count) for name, count in value["counts"].items()}
            sources = {str(name): str(digest) for name, digest in value["sources"].items()}
            schema_version, version, sha256 = (
                value[name] for name in ("schema_version", "version", "sha256")
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise _damaged("its manifest has another shape", at) from None
        if not all(isinstance(text, str) for text in (schema_version, version, sha256)):
            raise _damaged("its manifest has another shape", at)
        if digest_of(members) != sha256:
            raise _damaged("the digest of its manifest does not fit its members", at)
        return cls(value["schema"], schema_version, version, sha256, counts, sources, members)


#: The shipped snapshot as this process opened it, beside the state of its files.
_opened: dict[type[Snapshot], tuple[tuple[tuple[str, int, int], ...], Snapshot]] = {}
_opening = Lock()


def _state_of(place: Path) -> tuple[tuple[str, int, int], ...]:
    """Tell a file, or all of a tree, of one state from another: names, sizes and times of change."""
    about = place.lstat()
    told, folders = [(str(place), about.st_size, about.st_mtime_ns)], [str(place)] if place.is_dir() else []
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                about = entry.stat(follow_symlinks=False)
                told.append((entry.path, about.st_size, about.st_mtime_ns))
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
    return tuple(sorted(told))


class Snapshot:
    """The knowledge base at one version, with any layers on top.

    Use `Snapshot.open`. Tables and documents are read on first use, checked and kept.
    """

    def __init__(
        self,
        manifest: Manifest,
        load: Callable[[str], bytes],
        at: str,
        *,
        trusted: bool,
        layers: tuple[Layer, ...] = (),
        signature: signatures.Signature | None = None,
        shipped: bool = False,
    ) -> None:
        self.manifest = manifest
        #: The signature that it carries, whoever made it; see `proscribe.kb.signature`.
        self.signature = signature
        #: Whether it is the one of this installation, and not a file or folder that somebody named.
        self.is_shipped = shipped
        self._load = load
        self._at = at
        self._trusted = trusted
        self._layers = layers
        self._columns: dict[str, dict[str, list[Any]]] = {}
        self._tables: dict[str, list[Row]] = {}
        self._documents: dict[str, Any] = {}
        self._packed: bytes | None = None

    # Opening

    @classmethod
    def open(cls, path: Path | None = None) -> Snapshot:
        """Open a snapshot.

        Args:
            path: a snapshot file; or a folder, the source tree, built in memory; `None` for the snapshot in
                the package, or in a development checkout the tree `knowledge/` beside `src/`.

        Raises:
            KnowledgeError: E201 missing, E202 damaged, E203 of another schema, others when a source tree has
                errors.
        """
        snapshot = cls._shipped() if path is None else cls._at_path(Path(path))
        snapshot.is_shipped = path is None
        if not snapshot.manifest.counts.get("entities"):
            # an empty knowledge would call everything clean
            raise error("E201.empty", at=str(path) if path is not None else "the shipped snapshot")
        return snapshot

    @classmethod
    def _at_path(cls, path: Path) -> Snapshot:
        if path.is_dir():
            return cls.from_tree(path)
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise OSError(0, "it is not a regular file")  # reading a pipe or a device might never end
            size = status.st_size
            if size > _MAX_TOTAL_BYTES:
                raise _damaged(f"the file is too large ({size} bytes)", str(path))
            data = path.read_bytes()
        except OSError as problem:
            raise error("E201.unreadable_snapshot", at=path, strerror=problem.strerror) from None
        return cls.from_bytes(data, str(path))

    @classmethod
    def _shipped(cls) -> Snapshot:
        """Open the one of this installation; a process opens it once, as long as its files stay as they are."""
        package = Path(__file__).parent.parent
        packaged = package / "_knowledge" / "snapshot.zip"
        tree = package.parent.parent / "knowledge"
        built = packaged.is_file()
        if not built and not (package.parent.name == "src" and tree.is_dir()):
            raise error("E201.not_installed", at=packaged)
        with _opening:
            state = _state_of(packaged if built else tree)
            if (held := _opened.get(cls)) is not None and held[0] == state:
                return held[1]
            if built:
                made = cls.from_bytes(packaged.read_bytes(), "the shipped snapshot", trusted=True)
            else:
                made = cls.from_tree(tree)
            _opened[cls] = state, made
            return made

    @classmethod
    def from_tree(cls, path: Path) -> Snapshot:
        """Build a source tree in memory and open it.

        Raises:
            KnowledgeError: when the tree has errors; the message names the first five.
        """
        from proscribe.kb.build import manifest_of, members_of
        from proscribe.kb.source import read_tree

        tree = read_tree(path)
        raise_all(tree.issues, where=str(path))
        members = members_of(tree)
        told = manifest_of(tree, members)
        manifest = Manifest.from_json(told, str(path))
        load = {**members, MANIFEST: canonical_json(told).encode()}.__getitem__
        return cls(manifest, load, str(path), trusted=True)

    @classmethod
    def from_bytes(cls, data: bytes, at: str, *, trusted: bool = False) -> Snapshot:
        """Open a snapshot held in memory.

        Args:
            data: the file's bytes.
            at: how messages call it.
            trusted: skips the check of the patterns inside, for the package's own snapshot.

        Raises:
            KnowledgeError: E202 damaged or out of bounds, E203 of another schema.
        """
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, OSError):
            raise _damaged("it is not a zip file", at) from None
        sizes = _bounded(archive, at)

        def load(name: str) -> bytes:
            try:
                with archive.open(name) as stream:
                    content = stream.read(sizes[name] + 1)
            except Exception:  # whatever zlib or zipfile make of damaged bytes
                raise _damaged(f"its member {name!r} cannot be unpacked", at) from None
            if len(content) != sizes[name]:
                raise _damaged(f"its member {name!r} has another size than stated", at)
            return content

        if "manifest.json" not in sizes or sizes["manifest.json"] > _MANIFEST_BYTES:
            raise _damaged("its manifest is missing or too large", at)
        manifest = Manifest.from_json(_json(load("manifest.json"), "manifest.json", at), at)
        if set(sizes) - {signatures.MEMBER} != {"manifest.json", *manifest.members}:
            raise _damaged("its members are not those of its manifest", at)
        signature = _signature(load(signatures.MEMBER), manifest, at) if signatures.MEMBER in sizes else None
        made = cls(manifest, load, at, trusted=trusted, signature=signature)
        if trusted:
            made._packed = data  # as `packed` wrote it; what a stranger packed may hold more than its members
        return made

    def with_layer(self, path: Path) -> Snapshot:
        """Put an organisation's own facts, suppressions and cleared items on top.

        Args:
            path: a YAML file or a folder; see `proscribe.kb.layers`.

        Raises:
            KnowledgeError: E224 when an id clashes with a shipped one or lacks the prefix `org:`, others as
                for a tree.
        """
        from proscribe.kb.layers import Below, read_layer

        ids = {table: frozenset(self.columns(table)["id"]) for table, kind in TABLES.items() if kind.identity}
        below = Below(frozenset().union(*ids.values()), ids["entities"], ids["sources"])
        layer = read_layer(Path(path), below)
        made = Snapshot(
            self.manifest, self._load, self._at, trusted=self._trusted, layers=(*self._layers, layer),
            signature=self.signature, shipped=self.is_shipped,
        )  # fmt: skip
        made._packed = self._packed
        return made

    # Content

    @property
    def layers(self) -> tuple[str, ...]:
        """Name the layers on top of the snapshot, lowest first, each with the start of its digest."""
        return tuple(layer.name for layer in self._layers)

    def packed(self) -> bytes:
        """Write the snapshot, without its layers, as a file, once; the same members give the same bytes."""
        if self._packed is None:
            members = {name: self._load(name) for name in (MANIFEST, *self.manifest.members)}
            if self.signature is not None:
                members[signatures.MEMBER] = self.signature.to_bytes()
            self._packed = packed_members(members)
        return self._packed

    def packed_layers(self) -> tuple[bytes, ...]:
        """Write each layer as one text, lowest first; `proscribe.kb.layers.unpacked` gives it back."""
        return tuple(layer.packed() for layer in self._layers)

    @property
    def suppressions(self) -> tuple[Decision, ...]:
        """Give what the layers set aside or declare clear; see `proscribe.kb.layers.Decision`."""
        return tuple(item for layer in self._layers for item in layer.suppressions)

    @property
    def openings(self) -> dict[str, list[Any]]:
        """Give what the matches of patterns begin with, as `proscribe.kb.literals` writes it.

        Empty for knowledge from elsewhere: what a scan looks for is then worked out from the patterns themselves.
        """
        if not self._trusted or f"documents/{literals.DOCUMENT}.json" not in self.manifest.members:
            return {}
        found: dict[str, list[Any]] = self.document(literals.DOCUMENT)
        return found

    @property
    def reviews(self) -> list[dict[str, str]]:
        """Give every promise to review a source file: `file`, `due_on`, `by`."""
        value = self._member("reviews.json")
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise _damaged("its member 'reviews.json' has another shape", self._at)
        return value

    def columns(self, name: str) -> dict[str, list[Any]]:
        """Give a table column by column: the cheap way to read tens of thousands of rows. Do not change it.

        Raises:
            KeyError: when there is no such table.
        """
        if name not in TABLES:
            close = nearest(name, TABLES)
            raise KeyError(
                f"no knowledge table {name!r}" + (f"; did you mean {close[0]!r}?" if close else "")
            )
        if name not in self._columns:
            value = self._member(f"tables/{name}.json")
            columns = _checked_columns(name, value, self._at)
            if not self._trusted:
                _refuse_unsafe_patterns(name, columns, self._at)
            for layer in self._layers:
                rows = layer.rows.get(name, [])
                columns = {
                    column: values + [row[column] for row in rows] for column, values in columns.items()
                }
            self._columns[name] = columns
        return self._columns[name]

    def table(self, name: str) -> list[Row]:
        """Give the rows of a table, by id, layers last. Do not change them.

        Raises:
            KeyError: when there is no such table.
        """
        if name not in self._tables:
            columns = self.columns(name)
            names = tuple(columns)
            self._tables[name] = [
                dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)
            ]
        return self._tables[name]

    def document(self, path: str) -> Any:
        """Give a document such as `context/words`; Markdown keeps its suffix. Do not change it.

        Raises:
            KnowledgeError: E228 when there is no such document, E202 when it is damaged.
        """
        if path not in self._documents:
            name = f"documents/{path}.json"
            if name not in self.manifest.members:
                close = nearest(path, self.document_paths())
                raise error("E228", at=self._at, near=close, path=path)
            self._documents[path] = self._member(name)
        return self._documents[path]

    def document_paths(self, prefix: str = "") -> list[str]:
        """Give the paths of all documents that begin with `prefix`, sorted."""
        return sorted(
            name.removeprefix("documents/").removesuffix(".json")
            for name in self.manifest.members
            if name.startswith("documents/" + prefix)
        )

    def documents(self, prefix: str = "") -> dict[str, Any]:
        """Give every document whose path begins with `prefix`, by path."""
        return {path: self.document(path) for path in self.document_paths(prefix)}

    def at(self, as_of: AsOf) -> View:
        """Look at the knowledge as of two dates."""
        return View(self, as_of)

    def check(self) -> None:
        """Read and check every member.

        Raises:
            KnowledgeError: E202 at the first one that is damaged.
        """
        for name in self.manifest.members:
            self._member(name)
        for table in TABLES:
            self.columns(table)

    def _member(self, name: str) -> Any:
        if name not in self.manifest.members:
            raise _damaged(f"its member {name!r} is missing", self._at)
        data = self._load(name)
        if hashlib.sha256(data).hexdigest() != self.manifest.members[name]:
            raise _damaged(f"its member {name!r} does not have the stated digest", self._at)
        return _json(data, name, self._at)


def open_knowledge(paths: Sequence[str | Path] = ()) -> Snapshot:
    """Open knowledge as the option `--knowledge` means it.

    Args:
        paths: nothing for the shipped knowledge; else a snapshot file or source folder, then layers. When the
            first is a YAML file, or a folder without `VERSION`, it is a layer over the shipped knowledge.

    Raises:
        KnowledgeError: as for `Snapshot.open` and `Snapshot.with_layer`.
    """
    layers = [Path(path) for path in paths]
    below = None
    if layers and not _is_layer(layers[0]):
        below = layers.pop(0)
    snapshot = Snapshot.open(below)
    for layer in layers:
        snapshot = snapshot.with_layer(layer)
    return snapshot


def _is_layer(path: Path) -> bool:
    return path.suffix.lower() in (".yml", ".yaml") or (path.is_dir() and not (path / "VERSION").is_file())


class View:
    """The knowledge on a day of law, as known on a day.

    Attributes:
        snapshot: where the rows come from.
        as_of: the two days.
    """

    def __init__(self, snapshot: Snapshot, as_of: AsOf) -> None:
        self.snapshot = snapshot
        self.as_of = as_of
        self._rows: dict[str, list[Row]] = {}
        self._entities: dict[str, Row] | None = None
        self._ownership: Ownership | None = None

    def rows(self, table: str) -> list[Row]:
        """Give the rows recorded by `as_of.known_on` and neither retracted by then nor removed."""
        if table not in self._rows:
            known = self.as_of.known_on.isoformat()
            self._rows[table] = [row for row in self.snapshot.table(table) if visible(row, known)]
        return self._rows[table]

    @property
    def entities(self) -> MappingProxyType[str, Row]:
        """Give the visible entities by id."""
        if self._entities is None:
            self._entities = {row["id"]: row for row in self.rows("entities")}
        return MappingProxyType(self._entities)

    @property
    def ownership(self) -> Ownership:
        """Give the ownership graph of the visible facts."""
        if self._ownership is None:
            listings: dict[str, list[tuple[str, Period]]] = {}
            for row in self.rows("listings"):
                start, end = row["valid_from"], row["valid_to"]
                if start and end and end <= start:
                    continue
                period = Period(
                    date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None
                )
                listings.setdefault(row["entity"], []).append((row["list"], period))
            firms = [row["id"] for row in self.rows("entities") if row["named_firm"]]
            self._ownership = Ownership(links_of(self.rows("stakes")), firms, listings)
        return self._ownership

    def covered_through(self, entity: str, on: date | None = None) -> CoveredPath:
        """Find the best tie of `entity` to a named firm on a day (default: the day of law)."""
        return self.ownership.covered_through(entity, on or self.as_of.law_on)

    def suppliers(self, entity: str, on: date | None = None) -> list[Supplier]:
        """List whose units `entity` sells under its own name on a day; this is no ownership."""
        return self.ownership.suppliers(entity, on or self.as_of.law_on)


def visible(row: Row, known_on: str) -> bool:
    """Tell whether a row was published by a day (ISO) and neither retracted by then nor removed.

    Rows without these fields (sources, foreign MAC prefixes) are always visible.
    """
    if row.get("recorded_on", "") > known_on or row.get("status") == "removed":
        return False
    retracted = row.get("retracted_on", "")
    return not retracted or retracted > known_on


def _bounded(archive: zipfile.ZipFile, at: str) -> dict[str, int]:
    """Refuse an archive that promises too much before unpacking any of it; give the members' sizes."""
    entries = archive.infolist()
    if len(entries) > _MAX_MEMBERS:
        raise _damaged(f"it has {len(entries)} members", at)
    sizes: dict[str, int] = {}
    for entry in entries:
        name = entry.filename
        if not _MEMBER.fullmatch(name) or ".." in name.split("/"):
            raise _damaged(f"a member has the name {name[:80]!r}", at)
        if name in sizes:
            raise _damaged(f"the member {name!r} is there twice", at)
        if entry.flag_bits & 0x1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _damaged(f"the member {name!r} is encrypted or packed in another way", at)
        if entry.file_size > _MAX_MEMBER_BYTES or entry.file_size > _MAX_RATIO * max(
            entry.compress_size, 4_096
        ):
            raise _damaged(f"the member {name!r} would unpack to {entry.file_size} bytes", at)
        sizes[name] = entry.file_size
    if sum(sizes.values()) > _MAX_TOTAL_BYTES:
        raise _damaged(f"it would unpack to {sum(sizes.values())} bytes", at)
    return sizes


def _signature(data: bytes, manifest: Manifest, at: str) -> signatures.Signature:
    """Read the signature of a snapshot, which has to speak of what it lies with; whose it is is asked later."""
    try:
        if len(data) > signatures.MOST_BYTES:
            raise ValueError("it is too long")
        made = signatures.Signature.from_json(_json(data, signatures.MEMBER, at))
    except ValueError as problem:
        raise _damaged(f"its signature cannot be read: {problem}", at) from None
    if (made.version, made.sha256) != (manifest.version, manifest.sha256):
        raise _damaged("it was changed after it was signed: its signature speaks of other content", at)
    return made


def _json(data: bytes, name: str, at: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise _damaged(f"its member {name!r} is not JSON", at) from None


def _checked_columns(table: str, value: Any, at: str) -> dict[str, list[Any]]:
    """Check the columns of a table: those of its type, of one length, with values of their kinds."""
    columns = value.get("columns") if isinstance(value, dict) else None
    wanted = TABLES[table].fields
    if not isinstance(columns, dict) or not all(isinstance(columns.get(item.name), list) for item in wanted):
        raise _damaged(f"its table {table!r} lacks columns", at)
    kept: dict[str, list[Any]] = {item.name: columns[item.name] for item in wanted}
    if len({len(values) for values in kept.values()}) > 1:
        raise _damaged(f"its table {table!r} has columns of different lengths", at)
    for item in wanted:
        kind: type = {"flag": bool, "texts": list}.get(item.kind, str)
        if any(type(cell) is not kind for cell in kept[item.name]):
            raise _damaged(f"its table {table!r} has a {item.name!r} that is not a {kind.__name__}", at)
        if kind is list and any(type(text) is not str for cell in kept[item.name] for text in cell):
            raise _damaged(f"its table {table!r} has a {item.name!r} that does not list texts", at)
        if item.kind == "date":
            for cell in kept[item.name]:
                _refuse_no_date(table, item.name, cell, at)
    return kept


def _refuse_no_date(table: str, column: str, cell: str, at: str) -> None:
    if cell:
        try:
            date.fromisoformat(cell)
        except ValueError:
            raise _damaged(f"its table {table!r} has a {column!r} that is not a date", at) from None


def _refuse_unsafe_patterns(table: str, columns: dict[str, list[Any]], at: str) -> None:
    """Refuse a foreign snapshot whose patterns could make matching slow."""
    if table not in PATTERN_TABLES:
        return
    names = tuple(columns)
    for values in zip(*columns.values(), strict=True):
        for pattern in patterns_of(table, dict(zip(names, values, strict=True))):
            problem = pattern.problem()
            if problem is not None:
                raise _damaged(
                    f"its table {table!r} has an unsafe pattern {pattern.text[:60]!r}: {problem}", at
                )
