"""Records to a snapshot file: canonical JSON in a zip, the same bytes on every builder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from proscribe.kb import literals
from proscribe.kb.issues import raise_all
from proscribe.kb.members import MANIFEST, SCHEMA, SCHEMA_VERSION, digest_of, packed_members
from proscribe.kb.records import TABLES
from proscribe.kb.source import Tree, read_tree
from proscribe.model.canonical import canonical_json
from proscribe.model.errors import error


def members_of(tree: Tree) -> dict[str, bytes]:
    """Give every member of a snapshot but the manifest: name to canonical JSON."""
    members: dict[str, bytes] = {}
    for table, kind in TABLES.items():
        if table in tree.bulk:
            columns: dict[str, list[Any]] = tree.bulk[table]
        else:
            rows = sorted(tree.rows(table), key=lambda row: str(row.get("id", "")))
            columns = {name: [row[name] for row in rows] for name in kind.columns}
        members[f"tables/{table}.json"] = canonical_json({"columns": columns}).encode()
    found = literals.document_of(tree.rows)
    members[f"documents/{literals.DOCUMENT}.json"] = canonical_json(found).encode()
    for path, content in tree.documents.items():
        members[f"documents/{path}.json"] = canonical_json(content).encode()
    reviews = [
        {"file": review.file, "due_on": review.due_on, "by": review.by}
        for review in sorted(tree.reviews, key=lambda review: (review.file, review.due_on))
    ]
    members["reviews.json"] = canonical_json(reviews).encode()
    return members


def manifest_of(tree: Tree, members: dict[str, bytes]) -> dict[str, Any]:
    """Describe a snapshot: schema, version, counts, digests of members and of source files."""
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    counts = {
        table: len(tree.bulk[table]["prefix_hex"]) if table in tree.bulk else len(tree.records[table])
        for table in TABLES
    }
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "version": tree.version or "0",
        "sha256": digest_of(digests),
        "counts": counts,
        "documents": len(tree.documents),
        "members": {name: {"sha256": digests[name], "size": len(data)} for name, data in members.items()},
        "sources": dict(tree.digests),
    }


def packed(tree: Tree) -> tuple[bytes, dict[str, Any]]:
    """Give a snapshot and its manifest; the same tree gives the same bytes.

    Raises:
        KnowledgeError: when the tree has errors.
    """
    raise_all(tree.issues, where=tree.name)
    members = members_of(tree)
    told = manifest_of(tree, members)
    return packed_members({MANIFEST: canonical_json(told).encode(), **members}), told


def build(
    source: Path, target: Path, sign: Callable[[bytes, Mapping[str, Any]], bytes] | None = None
) -> dict[str, Any]:
    """Build the snapshot of the tree at `source` into the file `target`.

    Args:
        sign: is given the snapshot and its manifest, and gives the snapshot with a signature in it.

    Returns:
        The manifest.

    Raises:
        KnowledgeError: when the tree has errors.
        EnvironmentProblem: E510 when the file cannot be written.
    """
    data, told = packed(read_tree(source))
    if sign is not None:
        data = sign(data, told)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(target.name + ".partial")
        partial.write_bytes(data)
        partial.replace(target)
    except OSError as problem:
        raise error("E510.snapshot", at=target, strerror=problem.strerror) from None
    return told
