"""Check a snapshot file end to end, and compare it with the tree it was built from."""

from __future__ import annotations

from pathlib import Path

from proscribe.kb.build import manifest_of, members_of
from proscribe.kb.members import digest_of
from proscribe.kb.snapshot import Manifest, Snapshot
from proscribe.kb.source import read_tree
from proscribe.model.errors import error


def verify(path: Path | None = None, *, source: Path | None = None, sha256: str | None = None) -> Manifest:
    """Read and check every member of a snapshot.

    Args:
        path: the snapshot, as for `Snapshot.open`.
        source: a source tree that must give the same content.
        sha256: the digest that the snapshot must have, from a channel you trust.

    Returns:
        The manifest of the snapshot, all of it checked.

    Raises:
        KnowledgeError: E202 when a digest differs, other codes as for opening.
    """
    snapshot = Snapshot.open(path)
    snapshot.check()
    manifest = snapshot.manifest
    at = str(path) if path else "the shipped snapshot"
    if digest_of(manifest.members) != manifest.sha256 or (sha256 and sha256 != manifest.sha256):
        raise error("E202.digest", at=at, sha256=manifest.sha256, given=sha256 or "the digest of its members")
    if source is not None:
        tree = read_tree(source)
        members = members_of(tree)
        wanted = {name: entry["sha256"] for name, entry in manifest_of(tree, members)["members"].items()}
        if wanted != manifest.members:
            names = wanted.keys() | manifest.members.keys()
            differ = sorted(name for name in names if wanted.get(name) != manifest.members.get(name))
            raise error("E202.differs", at=at, members=", ".join(differ[:5]), source=source)
    return manifest
