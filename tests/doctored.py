"""Knowledge that somebody changed who knows its format."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

from proscribe.kb.members import MANIFEST, digest_of, packed_members
from proscribe.model.canonical import canonical_json


def members(data: bytes) -> dict[str, bytes]:
    """Read the members of a packed snapshot."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def without(data: bytes, *entities: str) -> bytes:
    """Take firms out of a snapshot, with every digest and count in order, as somebody who knows the format would."""
    held = members(data)
    name = "tables/entities.json"
    columns = json.loads(held[name])["columns"]
    kept = [place for place, one in enumerate(columns["id"]) if one not in entities]
    columns = {column: [values[place] for place in kept] for column, values in columns.items()}
    held[name] = canonical_json({"columns": columns}).encode()
    told = json.loads(held[MANIFEST])
    told["counts"]["entities"] = len(kept)
    told["members"][name] = {"sha256": hashlib.sha256(held[name]).hexdigest(), "size": len(held[name])}
    told["sha256"] = digest_of({one: entry["sha256"] for one, entry in told["members"].items()})
    return packed_members({**held, MANIFEST: canonical_json(told).encode()})
