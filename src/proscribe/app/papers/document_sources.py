"""What a document of a case was made from, kept with it, so that it can be weighed anew before it is signed.

The case holds its own evidence. Kept beside it is what people said for the document: their files as they wrote them, what the
configuration and the command said, and scans that were handed over as files.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe.app.papers.document_scans import read_bounded
from proscribe.app.papers.renderings import writers
from proscribe.documents.envelope import plain
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import StoredDocument
from proscribe.wording.safe import file_name

if TYPE_CHECKING:
    from proscribe.app.settings.config import FoundConfig
    from proscribe.casework.store import Store

SCHEMA = "proscribe.made-from/1"
_MOST_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Making:
    """What a document is made with.

    Attributes:
        type: such as `annual-representation`.
        files: YAML files, in order; a later one adds to lists and replaces the rest.
        scans: further scans, as files; one that the case holds already is not read twice.
        as_of: day of the law; that of the case, or today.
        made_at: instant of making, with its offset; in a case it is written in the case's time zone.
        author, approver: names; a file may say more about them.
        signed_at: when the author means to sign, or `None`.
        stage: `first`, `follow-up`, `supplement`, or empty.
        values: further fields of the inputs as plain values, such as overrides; they speak last.
        asked: the questions to which the author was asked for an answer; what is left open of them is no "does not".
        configured: says who speaks, under which contract; case and files speak over it.
        told: as `configured` says it, where that is kept.
        lifts: ids of the obstacles whose overrides count; all where it is `None`.
        folders: anywhere under these the inputs of scans may lie that are run again.
        pictures: whether pieces of pictures stand in it.
        anew: id of the stored document of the case that this is made to weigh; what it says is no evidence against itself.
    """

    type: str
    files: tuple[Path, ...] = ()
    scans: tuple[Path, ...] = ()
    as_of: date | None = None
    made_at: datetime | None = None
    author: str = ""
    approver: str = ""
    signed_at: datetime | None = None
    stage: str = ""
    values: Mapping[str, Any] | None = None
    configured: FoundConfig | None = None
    told: Mapping[str, Any] | None = None
    lifts: frozenset[str] | None = None
    folders: tuple[Path, ...] = ()
    pictures: bool = True
    anew: str = ""
    asked: tuple[str, ...] = ()


def kept_with(making: Making, told: Mapping[str, Any]) -> tuple[bytes, tuple[bytes, ...]]:
    """Write what a document is made from as a case keeps it: canonical JSON, and the scans that it names in their order.

    Args:
        told: what the configuration says.

    Raises:
        InputError: E465 when a file cannot be read, or is too large.
    """
    files = [
        {"name": one.name, "text": read_bounded(one, _MOST_BYTES).decode("utf-8", "surrogateescape")}
        for one in making.files
    ]
    value = {
        "schema": SCHEMA,
        "document": making.type,
        "stage": making.stage,
        "as_of": making.as_of,
        "author": making.author,
        "approver": making.approver,
        "signed_at": making.signed_at,
        "told": told,
        "files": files,
        "values": making.values or {},
        "scans": [one.name for one in making.scans],
        "writers": writers(),
    }
    scans = tuple(read_bounded(one, _MOST_BYTES) for one in making.scans)
    return canonical_json(plain(value)).encode("utf-8", "surrogateescape"), scans


def written_with(made_from: bytes) -> Mapping[str, Any] | None:
    """Give what wrote the renderings of a document, out of what it was made from; `None` where that does not say.

    Raises:
        ValueError: when it is no such statement.
    """
    told = json.loads(made_from.decode("utf-8", "surrogateescape")).get("writers")
    return told if isinstance(told, dict) else None


@contextmanager
def made_as_before(store: Store, stored: StoredDocument, made_at: datetime) -> Iterator[Making]:
    """Give that with which a stored document was made, to make it at another instant; its files lie in a folder until then.

    Raises:
        CaseError: E442 when what was kept is missing or altered.
    """
    told: Mapping[str, Any] = json.loads(store.blob(stored.made_from).decode("utf-8", "surrogateescape"))
    with tempfile.TemporaryDirectory(prefix="proscribe-") as folder:

        def written(place: int, name: str, content: bytes) -> Path:
            inside = Path(folder) / str(place)
            inside.mkdir()
            path = inside / file_name(name)
            path.write_bytes(content)
            return path

        files = [
            written(place, one["name"], one["text"].encode("utf-8", "surrogateescape"))
            for place, one in enumerate(told["files"])
        ]
        scans = [
            written(len(files) + place, name, store.blob(sha256))
            for place, (name, sha256) in enumerate(zip(told["scans"], stored.scans, strict=True))
        ]
        signed_at = told["signed_at"]
        yield Making(
            told["document"], tuple(files), tuple(scans), date.fromisoformat(told["as_of"]), made_at, told["author"],
            told["approver"], datetime.fromisoformat(signed_at) if signed_at else None, told["stage"], told["values"],
            told=told["told"], anew=stored.id,
        )  # fmt: skip
