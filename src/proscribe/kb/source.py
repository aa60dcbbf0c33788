"""Read a knowledge source tree into records, collecting every error instead of the first.

A folder or table that is absent is an empty one. `context/`, `matching/`, `regimes/`, `calendars/`, `texts/`,
`costs/` and `vocab/` are carried as parsed documents: their shape belongs to those who use them.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from proscribe.kb import quotations
from proscribe.kb import records as shapes
from proscribe.kb.issues import Issue, fault, issue_of, nearest
from proscribe.kb.records import Record, RecordType, Row, validate
from proscribe.kb.strictyaml import Document, Limits, parse
from proscribe.model.errors import KnowledgeError, error
from proscribe.model.periods import parse_day

#: Folders whose files are carried as documents.
DOCUMENT_FOLDERS = ("context", "matching", "regimes", "calendars", "vocab", "papers", "texts", "costs")
#: Files and folders at the top that hold no facts.
_SILENT = ("readme.md", "license", "changelog.md", "version", "labels")
_CSV_TABLES: dict[str, RecordType] = {
    "affiliates.csv": shapes.AFFILIATES,
    "ownership.csv": shapes.STAKES,
    "listings.csv": shapes.LISTINGS,
    "brands.csv": shapes.BRANDS,
    "models/phones.csv": shapes.PHONES,
    "identifiers/oui.csv": shapes.OUI,
    "identifiers/oui-others.csv": shapes.OUI_OTHERS,
    "identifiers/pen.csv": shapes.PEN,
    "identifiers/cpe.csv": shapes.CPE,
    "identifiers/usb-pci.csv": shapes.USB_PCI,
    "identifiers/fcc-grantees.csv": shapes.FCC,
}
_MAX_FILE_BYTES = 16_000_000
_MAX_FILES = 5_000
_VERSION = re.compile(r"[0-9]{4}\.[0-9]{1,2}\.[0-9]{1,2}(?:\.[0-9]+)?")
_REVIEW = re.compile(
    r"^\W*(?:next )?review(?:[ _](?:due|by|on|due on))?\W*:\W*([0-9]{4}-[0-9]{2}-[0-9]{2})",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Review:
    """A promise to look again at a file.

    Attributes:
        file: the file under review.
        due_on: ISO date.
        by: who looks, when it says so.
    """

    file: str
    due_on: str
    by: str = ""

    def overdue(self, as_of: date) -> bool:
        """Tell whether it was due before a day; a due date that cannot be read counts as overdue."""
        try:
            return parse_day(self.due_on) < as_of
        except ValueError:
            return True


@dataclass(slots=True)
class Tree:
    """What a source tree holds.

    Attributes:
        name: how messages call the tree.
        version: text of `VERSION`, empty when absent.
        records: table to its valid records, in file order; affiliates already expanded.
        bulk: table to columns, for tables without ids.
        documents: document path to content (YAML: values, CSV: list of rows, Markdown: text with its suffix
            kept).
        reviews: every review date found.
        digests: file to SHA-256, hex.
        issues: everything wrong, in file order.
    """

    name: str
    version: str = ""
    records: dict[str, list[Record]] = field(default_factory=lambda: {table: [] for table in shapes.TABLES})
    bulk: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)
    reviews: list[Review] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def rows(self, table: str) -> list[Row]:
        """Give the rows of a table."""
        return [record.row for record in self.records[table]]

    def all_records(self) -> Iterator[Record]:
        """Give every record of every table."""
        for rows in self.records.values():
            yield from rows


def read_tree(path: Path) -> Tree:
    """Read a knowledge source tree.

    Args:
        path: the folder that holds `entities/`, `models/`, and so on.

    Raises:
        KnowledgeError: E201 when the folder cannot be read at all. Everything else is in `issues`.
    """
    tree = Tree(name=path.name)
    for file in _files(path, tree):
        try:
            data = _read(path / file, file)
        except KnowledgeError as problem:
            tree.issues.append(issue_of(problem, file))
            continue
        tree.digests[file] = hashlib.sha256(data).hexdigest()
        _take(tree, file, data)
    words, issues = quotations.collect(tree.documents)
    if words:
        tree.documents[quotations.DOCUMENT] = words
    tree.issues += issues
    tree.issues.sort()
    return tree


def _files(root: Path, tree: Tree) -> list[str]:
    """List the regular files under `root`, sorted; links are not followed and named as issues."""
    if not root.is_dir():
        raise error("E201.no_folder", at=root)
    found: list[str] = []
    for folder, folders, names in os.walk(root, onerror=_unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            place = Path(folder, name)
            relative = place.relative_to(root).as_posix()
            if name.startswith(".") or name.endswith(("~", ".pyc")):
                continue
            if not stat.S_ISREG(place.lstat().st_mode):
                tree.issues.append(fault("E226.irregular", relative, 0))
                continue
            found.append(relative)
            if len(found) > _MAX_FILES:
                raise error("E208.folder", at=root, max_files=_MAX_FILES)
    return sorted(found)


def _unreadable(problem: OSError) -> None:
    raise error("E201.unreadable_source", at=problem.filename, strerror=problem.strerror)


def _read(path: Path, shown: str) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(_MAX_FILE_BYTES + 1)
    except OSError as problem:
        raise error("E226", at=shown, strerror=problem.strerror) from None
    if len(data) > _MAX_FILE_BYTES:
        raise error("E208.file", at=shown, max_file_bytes=_MAX_FILE_BYTES)
    return data


def _take(tree: Tree, file: str, data: bytes) -> None:
    """Put the content of one file where it belongs."""
    top, _, rest = file.partition("/")
    name = file.rpartition("/")[2]
    if name.endswith(".MAINTENANCE.md") or name == "MAINTENANCE.md":
        text = data.decode("utf-8", "replace")
        about = file.removesuffix(".MAINTENANCE.md")
        tree.reviews += [Review(about, match) for match in _REVIEW.findall(text)]
    elif file == "VERSION":
        tree.version = data.decode("utf-8", "replace").strip()
        if not _VERSION.fullmatch(tree.version):
            tree.issues.append(fault("E212.version", file, 1, version=tree.version))
    elif file in _CSV_TABLES:
        _take_csv(tree, file, data, _CSV_TABLES[file])
    elif name.lower() in _SILENT or top.lower() in _SILENT:
        return
    elif top in DOCUMENT_FOLDERS and rest:
        _take_document(tree, file, data)
    else:
        reader = _yaml_reader(file)
        if reader is None:
            tree.issues.append(fault("E226.named", file, 0, severity="warning"))
            return
        if (document := _parsed(tree, file, data)) is not None:
            reader(tree, document)


def _parsed(tree: Tree, file: str, data: bytes) -> Document | None:
    """Parse a file of YAML and note when it is to be reviewed; `None` where it cannot be parsed, which is noted, too."""
    try:
        document = parse(data, file)
    except KnowledgeError as problem:
        tree.issues.append(issue_of(problem, file))
        return None
    _take_review(tree, file, document)
    return document


def _take_review(tree: Tree, file: str, document: Document) -> None:
    """Note a `review:` entry: a date, or `{due_on, by}`."""
    if not isinstance(document.value, dict):
        return
    review = document.value.get("review")
    if isinstance(review, str) and review:
        tree.reviews.append(Review(file, review))
    elif isinstance(review, dict):
        due = review.get("due_on") or review.get("next") or review.get("due")
        if isinstance(due, str):
            tree.reviews.append(Review(file, due, str(review.get("by") or "")))


# Documents


def _take_document(tree: Tree, file: str, data: bytes) -> None:
    stem, _, suffix = file.rpartition(".")
    key = stem if suffix in ("yml", "yaml", "csv", "json") else file
    content: Any
    if suffix in ("yml", "yaml"):
        if (document := _parsed(tree, file, data)) is None:
            return
        content = document.value
    elif suffix == "csv":
        table = _csv_rows(tree, file, data)
        if table is None:
            return
        header, rows = table
        content = [dict(zip(header, row, strict=True)) for _, row in rows]
    elif suffix in ("md", "txt"):
        try:
            content = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            tree.issues.append(fault("E205", file, 0))
            return
    else:
        tree.issues.append(fault("E226.unread", file, 0, severity="warning"))
        return
    if key in tree.documents:
        tree.issues.append(fault("E214.document", file, 0, key=key))
        return
    tree.documents[key] = content


# CSV


def _csv_rows(tree: Tree, file: str, data: bytes) -> tuple[list[str], list[tuple[int, list[str]]]] | None:
    """Read header and rows with their lines; rows of another width are issues and left out."""

    def report(line: int, what: str, expected: str, next_step: str) -> None:
        tree.issues.append(Issue(file, line, "E213", what, expected, next_step))

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        tree.issues.append(fault("E205", file, line))
        return None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    header: list[str] = []
    line = 1
    try:
        for row in reader:
            if not header:
                header = [cell.strip() for cell in row]
                if len(set(header)) != len(header):
                    report(1, "two columns have one name", "distinct column names", "Rename one of them.")
                    return None
            elif row and any(row):
                if len(row) != len(header):
                    report(
                        line,
                        f"the row has {len(row)} cells, the header {len(header)}",
                        f"{len(header)} cells",
                        "Quote cells that hold a comma, and count the commas.",
                    )
                else:
                    rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as problem:
        report(
            reader.line_num, f"not valid CSV: {problem}", "RFC 4180 rows", "Check the quotes on this line."
        )
        return None
    if not header:
        report(1, "the file is empty", "a header row", "Add the header row, or remove the file.")
        return None
    return header, rows


def _take_csv(tree: Tree, file: str, data: bytes, kind: RecordType) -> None:
    table = _csv_rows(tree, file, data)
    if table is None:
        return
    header, rows = table
    wrong = False
    for name in header:
        if name not in kind.by_name:
            wrong = True
            close = nearest(name, kind.by_name)
            tree.issues.append(
                fault("E209.column", file, 1, near=close, name=name, columns=", ".join(kind.columns))
            )
    for item in kind.fields:
        if item.required and item.name not in header:
            wrong = True
            tree.issues.append(fault("E210.column", file, 1, name=item.name))
    if wrong:
        return
    if not kind.identity:
        tree.bulk[kind.table] = _bulk(tree, file, kind, header, rows)
        return
    for line, cells in rows:
        raw = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        row, issues = validate(kind, raw, file=file, line=_constant(line))
        tree.issues += issues
        if row is not None:
            _add(tree, Record(kind.table, row, file, line))


def _constant(line: int) -> Callable[[str | None], int]:
    return lambda _name: line


def _bulk(
    tree: Tree, file: str, kind: RecordType, header: list[str], rows: list[tuple[int, list[str]]]
) -> dict[str, list[str]]:
    """Read a table without ids column by column: tens of thousands of rows, two shapes to check."""
    columns: dict[str, list[str]] = {name: [] for name in kind.columns}
    places = {name: header.index(name) for name in kind.columns if name in header}
    digits = re.compile(r"[0-9A-F]{6}|[0-9A-F]{7}|[0-9A-F]{9}")
    bits = {6: "24", 7: "28", 9: "36"}
    for line, cells in rows:
        prefix = cells[places["prefix_hex"]].strip().upper()
        size = cells[places["prefix_bits"]].strip()
        if not digits.fullmatch(prefix) or bits[len(prefix)] != size:
            tree.issues.append(fault("E212.bits", file, line, prefix=prefix, size=size))
            continue
        for name in columns:
            columns[name].append(cells[places[name]].strip() if name in places else "")
        columns["prefix_hex"][-1] = prefix
    return columns


# YAML tables


def _yaml_reader(file: str) -> Callable[[Tree, Document], None] | None:
    top, _, rest = file.partition("/")
    if not rest.endswith((".yml", ".yaml")):
        return None
    if file in ("identifiers/chips.yml", "models/chips.yml"):
        return _read_chips
    return {
        "sources": _read_sources,
        "entities": _read_entity,
        "relabels": _read_relabels,
        "models": _read_models,
        "fingerprints": _read_fingerprints,
    }.get(top)


def _mapping(tree: Tree, document: Document, allowed: tuple[str, ...]) -> dict[str, Any] | None:
    """Check the top of a file: a mapping with known keys only."""
    value = document.value
    if not isinstance(value, dict):
        tree.issues.append(fault("E212.mapping", document.name, 1, allowed=", ".join(allowed)))
        return None
    for key in value:
        if key not in allowed:
            close = nearest(key, allowed)
            tree.issues.append(
                fault(
                    "E209.top",
                    document.name,
                    document.line(key),
                    near=close,
                    key=key,
                    allowed=", ".join(allowed),
                )
            )
    return value


def read_defaults(issues: list[Issue], document: Document, raw: Any, path: tuple[str, ...]) -> dict[str, str]:
    """Check a `defaults:` block and give its texts."""
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        issues.append(
            fault(
                "E212.defaults",
                document.name,
                document.line(*path),
                defaultable=", ".join(shapes.DEFAULTABLE),
            )
        )
        return {}
    good: dict[str, str] = {}
    for key, value in raw.items():
        if key not in shapes.DEFAULTABLE:
            close = nearest(key, shapes.DEFAULTABLE)
            issues.append(
                fault(
                    "E209.defaults_key",
                    document.name,
                    document.line(*path, key),
                    near=close,
                    key=key,
                    defaultable=", ".join(shapes.DEFAULTABLE),
                )
            )
        elif isinstance(value, str):
            good[key] = value
        elif value is not None:
            issues.append(fault("E212.default_text", document.name, document.line(*path, key), key=key))
    return good


def read_list(
    issues: list[Issue],
    document: Document,
    path: tuple[str, ...],
    kind: RecordType,
    defaults: Mapping[str, str],
    given: Mapping[str, Any],
) -> list[Record]:
    """Validate the list of records at `path`.

    Args:
        given: fields that the file's head gives to each of its records, such as `maker`.
    """
    raw: Any = document.value
    for step in path:
        raw = raw.get(step) if isinstance(raw, dict) else None
    if raw is None:
        return []
    if not isinstance(raw, list):
        issues.append(fault("E212.list", document.name, document.line(*path), path=path[-1]))
        return []
    found: list[Record] = []
    for index, item in enumerate(raw):
        here: tuple[str | int, ...] = (*path, index)
        if not isinstance(item, dict):
            issues.append(fault("E212.record", document.name, document.line(*here)))
            continue
        row, wrong = validate(
            kind, {**given, **item}, file=document.name, line=_line_of(document, here), defaults=defaults
        )
        issues += wrong
        if row is not None:
            lines = {name: document.line(*here, name) for name in item}
            found.append(Record(kind.table, row, document.name, document.line(*here), lines))
    return found


def _line_of(document: Document, path: tuple[str | int, ...]) -> Callable[[str | None], int]:
    def line(name: str | None) -> int:
        return document.line(*path) if name is None else document.line(*path, name)

    return line


def _head(tree: Tree, document: Document, value: dict[str, Any], name: str) -> str:
    """Read the file's own `maker:` or `channel:`."""
    head = value.get(name)
    if isinstance(head, str) and head:
        return head
    tree.issues.append(fault("E210.key", document.name, document.line(name), name=name))
    return "unknown"


def _read_sources(tree: Tree, document: Document) -> None:
    if _mapping(tree, document, ("sources", "review")) is not None:
        for record in read_list(tree.issues, document, ("sources",), shapes.SOURCES, {}, {}):
            _add(tree, record)


def _read_entity(tree: Tree, document: Document) -> None:
    own = tuple(name for name in shapes.ENTITIES.columns if name != "id")
    value = _mapping(tree, document, ("entity", *own, "defaults", "names", "review"))
    if value is None:
        return
    defaults = read_defaults(tree.issues, document, value.get("defaults"), ("defaults",))
    raw = {name: value[name] for name in own if name in value}
    raw["id"] = _head(tree, document, value, "entity")
    row, issues = validate(
        shapes.ENTITIES, raw, file=document.name, line=_line_of(document, ()), defaults=defaults
    )
    tree.issues += issues
    if row is not None:
        lines = {name: document.line(name) for name in value}
        _add(tree, Record("entities", row, document.name, document.line("entity"), lines))
    for record in read_list(tree.issues, document, ("names",), shapes.NAMES, defaults, {"entity": raw["id"]}):
        _add(tree, record)


def _read_relabels(tree: Tree, document: Document) -> None:
    _read_made(tree, document, "maker", "relabels", shapes.RELABELS)


def _read_models(tree: Tree, document: Document) -> None:
    _read_made(tree, document, "maker", "patterns", shapes.MODELS)


def _read_fingerprints(tree: Tree, document: Document) -> None:
    _read_made(tree, document, "channel", "fingerprints", shapes.FINGERPRINTS)


def _read_made(tree: Tree, document: Document, head: str, key: str, kind: RecordType) -> None:
    value = _mapping(tree, document, (head, "defaults", key, "review"))
    if value is None:
        return
    defaults = read_defaults(tree.issues, document, value.get("defaults"), ("defaults",))
    given = {head: _head(tree, document, value, head)}
    for record in read_list(tree.issues, document, (key,), kind, defaults, given):
        _add(tree, record)


def _read_chips(tree: Tree, document: Document) -> None:
    value = _mapping(tree, document, ("entity", "maker", "defaults", "chips", "patterns", "review"))
    if value is None:
        return
    defaults = read_defaults(tree.issues, document, value.get("defaults"), ("defaults",))
    entity = value.get("entity") or value.get("maker")
    given = {"entity": entity} if isinstance(entity, str) else {}
    for key in ("chips", "patterns"):
        for record in read_list(tree.issues, document, (key,), shapes.CHIPS, defaults, given):
            _add(tree, record)


# Affiliates


def _add(tree: Tree, record: Record) -> None:
    if record.table != "affiliates":
        tree.records[record.table].append(record)
        return
    for made in expand_affiliate(record):
        tree.records[made.table].append(made)


def expand_affiliate(record: Record) -> list[Record]:
    """Turn a row of `affiliates.csv` into an entity, its names and its link to the group.

    The period of the row is that of the link; the entity and its names have none, because a name stays a name
    after a sale.
    """
    source = record.row
    common = {name: source[name] for name in shapes.COMMON_NAMES}
    timeless = {**common, "valid_from": "", "valid_to": ""}
    entity, name, local = source["id"], source["name"], source["name_local"]

    def made(table: str, row: Row) -> Record:
        columns = shapes.TABLES[table].columns
        return Record(table, {column: row[column] for column in columns}, record.file, record.line)

    def named(slug: str, text: str, language: str, confidence: str, examples: list[str]) -> Record:
        sure = confidence == "low" and source["strength"] == "sure"
        return made("names", {
            **timeless, "confidence": confidence, "id": f"name:{entity}/{slug}", "entity": entity, "text": text,
            "form": "legal", "language": language, "strength": "strong" if sure else source["strength"],
            "typos": False, "question": "", "examples": examples,
            "near_misses": [source["near_miss"]] if source["near_miss"] else [],
        })  # fmt: skip

    result = [
        made("entities", {
            **timeless, "id": entity, "name": name, "name_local": local, "statutory_name": "", "named_firm": False,
            "kind": "lookalike" if source["relation"] == "lookalike_of" else "company",
            "jurisdiction": source["jurisdiction"],
        }),
        made("stakes", {
            **common, "id": f"stake:{entity}/{source['group']}", "owner": source["group"], "asset": entity,
            "relation": source["relation"], "stake_bp": "", "unsettled_from": "", "unsettled_to": "",
        }),
        named("legal", name, "en", common["confidence"], [source["example"]] if source["example"] else []),
    ]  # fmt: skip
    if local:
        # A local name counts as low until its own source in that language is recorded in entities/.
        result.append(named("local", local, _language(local), "low", [local]))
    return result


def _language(text: str) -> str:
    """Name the language that the script of a name suggests; `und` when it suggests none."""
    for low, high, language in (
        ("\u3040", "\u30ff", "ja"),
        ("\uac00", "\ud7a3", "ko"),
        ("\u3400", "\u9fff", "zh-Hans"),
        ("\u0400", "\u04ff", "ru"),
        ("\u0600", "\u06ff", "ar"),
    ):
        if any(low <= char <= high for char in text):
            return language
    return "und"


# One file with facts of several tables (organisation layer)

#: Top-level keys of a layer file and the record type of each.
LAYER_KEYS: dict[str, RecordType] = {
    **{table: kind for table, kind in shapes.TABLES.items() if kind.identity},
    "affiliates": shapes.AFFILIATES,
}


def read_facts(document: Document, tree: Tree, extra: tuple[str, ...] = ()) -> None:
    """Read a file whose top-level keys are table names into `tree`.

    Args:
        extra: further keys that the caller reads itself.
    """
    value = _mapping(tree, document, ("defaults", "review", *LAYER_KEYS, *extra))
    if value is None:
        return
    defaults = read_defaults(tree.issues, document, value.get("defaults"), ("defaults",))
    for key, kind in LAYER_KEYS.items():
        for record in read_list(tree.issues, document, (key,), kind, defaults, {}):
            _add(tree, record)


def read_yaml_file(path: Path) -> tuple[Document, str]:
    """Read one YAML file; give the document and the file's SHA-256.

    Raises:
        KnowledgeError: when the file is missing, unreadable or not strict YAML.
    """
    data = _read(path, path.name)
    return parse(data, path.name, limits=Limits()), hashlib.sha256(data).hexdigest()
