"""Commands on documents: stored, approved, signed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from proscribe.casework.commands.checks import in_words
from proscribe.casework.commands.runs import RanAgain
from proscribe.casework.commands.statements import stated
from proscribe.casework.events import Draft
from proscribe.casework.lifecycle import record
from proscribe.casework.store import Store
from proscribe.model.authors import Informed
from proscribe.model.canonical import canonical_json
from proscribe.model.casework import (
    CaseFile,
    EventKind,
    Override,
    Refusal,
    StoredDocument,
    StoredFile,
)
from proscribe.model.errors import error
from proscribe.model.periods import parse_instant


def of_paper(
    data: Mapping[str, Any], files: Mapping[str, tuple[str, bytes]], *, supersedes: str = ""
) -> StoredDocument:
    """Give a document that was built (`proscribe.paper.*`) the shape in which a case keeps it.

    Args:
        data: the JSON of the document.
        files: name of each rendering to its media type and bytes.
        supersedes: id of the document that it replaces.

    Raises:
        CaseError: E433 when it is no such document.
    """
    try:
        obstacles = {item["id"]: item for item in data["obstacles"]}
        overrides = tuple(
            Override(
                obstacles[name]["code"], name, item["reason"], item["approver"], parse_instant(item["at"])
            )
            for item in data["overrides"]
            for name in item["obstacle_ids"]
            if name in obstacles
        )
        return StoredDocument(
            id="",
            case_id="",
            type=data["type"],
            version=0,
            supersedes=supersedes,
            schema=data["schema"],
            data=canonical_json(dict(data)),
            sha256="",
            author="",
            built_at=parse_instant(data["made_at"]),
            stage=data.get("stage", ""),
            obligations=tuple(
                dict.fromkeys(item["obligation"] for item in data["checklist"] if item["obligation"])
            ),
            files=tuple(
                StoredFile(name, kind, len(content), hashlib.sha256(content).hexdigest())
                for name, (kind, content) in sorted(files.items())
            ),
            refusals=tuple(Refusal(item["code"], item["what"], name) for name, item in obstacles.items()),
            overrides=overrides,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise error("E433.document", name=type(problem).__name__, problem=problem) from None


def store_paper(
    store: Store,
    case_id: str,
    data: Mapping[str, Any],
    files: Mapping[str, tuple[str, bytes]],
    *,
    by: Informed,
    supersedes: str = "",
    made_from: bytes = b"",
    scans: Sequence[bytes] = (),
    again: Sequence[RanAgain] = (),
    statement: tuple[bytes, Sequence[str]] | None = None,
) -> CaseFile:
    """Store a document that was built, with its renderings; reports get the next number of the case.

    Args:
        made_from: what people said for it and how it was made; kept beside it.
        scans: scans beside those of the case that it was made from; kept beside it.
        again: scans that were run again for it, which is kept with it.
        statement: content and fields of what its author stated for it; see `state`.
    """
    document = of_paper(data, files, supersedes=supersedes)
    document = replace(
        document,
        made_from=hashlib.sha256(made_from).hexdigest() if made_from else "",
        scans=tuple(hashlib.sha256(one).hexdigest() for one in scans),
    )
    newest = store.case(case_id).determination()
    if newest is not None:
        document = replace(document, determination_id=newest.id)
    contents = {name: content for name, (_, content) in files.items()}
    return store_document(
        store,
        case_id,
        document,
        contents,
        by=by,
        numbered=bool(document.stage),
        beside=[*([made_from] if made_from else []), *scans],
        again=again,
        statement=statement,
    )


def store_document(
    store: Store,
    case_id: str,
    document: StoredDocument,
    files: Mapping[str, bytes],
    *,
    by: Informed,
    numbered: bool = False,
    beside: Sequence[bytes] = (),
    again: Sequence[RanAgain] = (),
    statement: tuple[bytes, Sequence[str]] | None = None,
) -> CaseFile:
    """Store a document that was built. The store gives it id, version and, when asked, a report number.

    Args:
        document: with `type`, `schema`, `data`, `stage`, `obligations`, `supersedes`, `refusals`, `overrides`, `files`;
            id, version, author and times are set here. `sha256` may be empty.
        files: content of `document.files` by name.
        numbered: whether it gets the next report number of the case.
        beside: further content that the document names by digest.
        again: scans that were run again for it and came out the same.
        statement: content and fields of what its author stated for it.

    Raises:
        CaseError: E423 when what it supersedes is not there; E424 when that was superseded before; E442 when a file's
            content is not what its digest says.
    """
    data = document.data.encode()
    blobs = [data, *beside, *(content for one in again for content in one.contents)]
    if statement is not None:
        blobs.append(statement[0])
    for item in document.files:
        content = files.get(item.name)
        if content is None or hashlib.sha256(content).hexdigest() != item.sha256 or len(content) != item.size:
            raise error("E442.document", name=item.name)
        blobs.append(content)

    def make(file: CaseFile) -> list[Draft]:
        place = 1
        number = ""
        if document.determination_id:
            record(file.determinations, document.determination_id, "determination", case_id)
        if document.supersedes:
            old = record(file.documents, document.supersedes, "document", case_id)
            newer = next((one for one in file.documents if one.supersedes == old.id), None)
            if newer is not None:
                raise error("E424.superseded_before", old=old.id, newer=newer.id)
            if old.submitted_at is not None:
                raise error("E424.submitted", old=old.id)
            place = old.version + 1
            number = old.number
        if numbered and not number:
            taken = len({one.number for one in file.documents if one.number})
            number = f"{case_id}-R{taken + 1}"
        value = document.to_json()
        for name in (
            "case_id", "author", "built_at", "approver", "approved_at", "signer", "signed_at",
            "envelope_sha256", "submitted_at",
        ):  # fmt: skip
            del value[name]
        value.update(
            id=f"DOC{len(file.documents) + 1}",
            version=place,
            data="",
            sha256=hashlib.sha256(data).hexdigest(),
            # a superseded version keeps its record; the number goes with the newest
            number=number,
        )
        said = [] if statement is None else stated(file, *statement)
        return [*(one.draft() for one in again), *said, Draft(EventKind.DOCUMENT_STORED, {"document": value})]

    return store.change(case_id, make, by=by, blobs=blobs)


def approve_document(store: Store, case_id: str, document_id: str, *, by: Informed) -> CaseFile:
    """Approve a document. Its author cannot, nor can anyone while a refusal stands.

    Raises:
        CaseError: E426 author and approver are one; E435 refusals stand.
    """
    draft = Draft(EventKind.DOCUMENT_APPROVED, {"id": document_id})
    return store.change(case_id, [draft], by=by)


def withdraw_approval(store: Store, case_id: str, document_id: str, *, by: Informed, reason: str) -> CaseFile:
    """Withdraw the approval of a document that was neither signed nor sent; whoever gave it does, and it may be given anew.

    Raises:
        CaseError: E424 when it is not approved, was signed, or was approved by another; E432 when it went out; E438 no reason.
    """
    payload = {"id": document_id, "why": in_words(reason, "reason")}
    return store.change(case_id, [Draft(EventKind.APPROVAL_WITHDRAWN, payload)], by=by)


def sign_document(
    store: Store, case_id: str, document_id: str, envelope: bytes, *, by: Informed, unless: Callable[[], None]
) -> CaseFile:
    """Keep the signature of an approved document: the bytes of its DSSE envelope.

    Args:
        unless: raises where something came to the store that forbids it; asked while nobody else can write.
    """
    payload = {"id": document_id, "envelope_sha256": hashlib.sha256(envelope).hexdigest()}

    def make(_: CaseFile) -> list[Draft]:
        unless()
        return [Draft(EventKind.DOCUMENT_SIGNED, payload)]

    return store.change(case_id, make, by=by, blobs=[envelope])
