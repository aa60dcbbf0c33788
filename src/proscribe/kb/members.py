"""The members of a snapshot file: how they are called, packed and named by one digest."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping

#: Name and major version of the snapshot's shape; the minor part only adds.
SCHEMA = "proscribe.knowledge/1"
SCHEMA_VERSION = "1.0.0"
MANIFEST = "manifest.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can carry


def digest_of(digests: dict[str, str]) -> str:
    """Give the one digest of a snapshot: SHA-256 over the sorted `name sha256` lines of its members."""
    lines = "".join(f"{name} {digest}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def packed_members(members: Mapping[str, bytes]) -> bytes:
    """Pack the members of a snapshot, its manifest among them; the same members give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in sorted(members.items(), key=lambda item: (item[0] != MANIFEST, item[0])):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # the same on every platform
            info.external_attr = 0o644 << 16
            archive.writestr(info, data, compresslevel=6)
    return buffer.getvalue()
