"""From files on disk to a signed bundle, and back to bytes that can be checked."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from proscribe.attestations.bundle import MAX_BYTES, MAX_MEMBER_BYTES, pack
from proscribe.attestations.envelope import seal
from proscribe.attestations.predicates import document_v1
from proscribe.attestations.signers import Signer
from proscribe.attestations.statement import Statement, Subject
from proscribe.model.errors import InputError, UsageError
from proscribe.model.papers import PaperState
from proscribe.model.people import same_person

#: Name of the document's data inside the bundle.
DOCUMENT_NAME = "document.json"


def read_file(path: Path) -> bytes:
    """Read a whole file.

    Raises:
        InputError: E485 when it cannot be read or is larger than any bundle.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise OSError("larger than any bundle of ours")
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            "E485", f"the file cannot be read: {error.strerror or error}", at=str(path),
            expected="a readable file", next_step="Check the path and its rights.",
        ) from error  # fmt: skip


def sha256_of_file(path: Path) -> str:
    """Digest a file, hex.

    Raises:
        InputError: E485 when it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            "E485", f"the file cannot be read: {error.strerror or error}", at=str(path),
            expected="a readable file", next_step="Check the path and its rights.",
        ) from error  # fmt: skip


def write_new(path: Path, data: bytes, *, private: bool = False, replace: bool = False) -> None:
    """Write a file in one step.

    Args:
        private: only the owner may read it.
        replace: whether a file that is there is replaced; a key never is.

    Raises:
        UsageError: E486 when a file is there that may not be replaced.
    """
    if path.exists() and not replace:
        raise UsageError(
            "E486", "a file of this name is there already and was left as it is", at=str(path),
            expected="a new name", next_step="Choose another name.",
        )  # fmt: skip
    with placing(path, private=private) as write:
        write(data)


@contextmanager
def placing(path: Path, *, private: bool = False) -> Iterator[Callable[[bytes], None]]:
    """Make room for a file, give a function that writes it, and put it in its place when the block has ended well.

    That the place can be written shows before anything else is done, and the bytes lie safe on the disk before
    something is kept that they belong to. What was in the place stays there until then.

    Raises:
        OSError: when the place cannot be written; its `filename` is the path.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    except OSError as error:
        # A reader knows the file by the name that was given, not by that of the temporary one.
        raise type(error)(error.errno, error.strerror, str(path)) from None

    def write(data: bytes) -> None:
        with os.fdopen(handle, "wb", closefd=False) as stream:
            stream.write(data)
            stream.flush()
            os.fsync(handle)

    try:
        yield write
        os.close(handle)
        Path(temporary).chmod(0o600 if private else 0o644)
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            os.close(handle)
        Path(temporary).unlink(missing_ok=True)
        raise


def sign_document(
    document: Path,
    files: Sequence[Path],
    signer: Signer,
    *,
    signed_by: str,
    signed_as: str = "",
    signed_at: str | None = None,
) -> bytes:
    """Sign a document and the files that belong to it.

    Args:
        document: the document's JSON.
        files: renderings and appendices; they keep their names, made plain.
        signer: from `proscribe.attestations`.
        signed_by, signed_as: the person and their title.
        signed_at: instant with offset; now when left out.

    Returns:
        The bundle's bytes.

    Raises:
        InputError: E487 when the document is none of ours; E485 when a file cannot be read.
        UsageError: E488 when it was refused or the signer is not named; E489 for an instant that is none.
    """
    data = read_file(document)
    value = _document(data, document)
    return bundle_of(
        value,
        {DOCUMENT_NAME: data, **_named(files)},
        signer,
        signed_by=signed_by,
        signed_as=signed_as,
        signed_at=_instant(signed_at),
    )


def bundle_of(
    value: dict[str, Any],
    files: dict[str, bytes],
    signer: Signer,
    *,
    signed_by: str,
    signed_at: str,
    signed_as: str = "",
) -> bytes:
    """Sign a document that is in memory: its data, its files by name (`document.json` among them).

    Raises:
        UsageError: E488 when it was refused, holds an obstacle that nobody lifted, speaks of a day before that of the
            signature, or its signer is not named or prepared it.
    """
    if value.get("state") == PaperState.REFUSED.value:
        obstacles = value.get("obstacles") or ()
        raise UsageError(
            "E488", "the document was refused and cannot be signed", at=str(value.get("title", "")),
            expected=f"none of the {len(obstacles)} obstacle(s) it lists, or an approver's override of each",
            next_step="Lift the obstacles and make the document again.",
        )  # fmt: skip
    standing = _standing(value)
    if standing:
        raise UsageError(
            "E488", f"the document calls itself {str(value.get('state'))[:20]!r}, and {standing[0]} stands against it",
            at=str(value.get("title", "")), expected="a document as it was made, with each obstacle lifted or overridden",
            next_step="Make the document again.",
        )  # fmt: skip
    body = value.get("body")
    last = str(body.get("valid_to") or "") if isinstance(body, dict) else ""
    if last and last < signed_at[:10]:
        raise UsageError(
            "E488", f"the document would be signed on {signed_at[:10]}, and speaks to {last[:10]} at the latest",
            at=str(value.get("title", "")), expected=f"a signature by {last[:10]}", next_step="Make the document again.",
        )  # fmt: skip
    if not signed_by.strip():
        raise UsageError(
            "E488", "nobody is named as the signer", at="--by", expected="the name of the person who signs",
            next_step="Give --by NAME.",
        )  # fmt: skip
    author = str(((value.get("people") or {}).get("author") or {}).get("name") or "")
    if author and same_person(author, signed_by):
        raise UsageError(
            "E488", f"{signed_by.strip()} prepared this document, so another person has to sign it", at="--by",
            expected=f"someone other than {author}", next_step="Have a second person sign with their own key.",
        )  # fmt: skip
    predicate = document_v1.build(
        value,
        signed_by=signed_by.strip(),
        signed_as=signed_as.strip(),
        signed_at=signed_at,
    )
    statement = Statement(
        tuple(Subject.of(name, content) for name, content in sorted(files.items())),
        document_v1.TYPE,
        predicate,
    )
    return pack(files, seal(statement, signer), {signer.key_id: signer.public_pem.encode()})


def _standing(value: dict[str, Any]) -> list[str]:
    """List ids of obstacles that nobody lifted, whatever the document calls itself."""
    lifted = {
        str(name)
        for one in value.get("overrides") or ()
        if isinstance(one, dict)
        for name in one.get("obstacle_ids") or ()
    }
    return [
        str(one.get("id"))[:80]
        for one in value.get("obstacles") or ()
        if isinstance(one, dict) and (str(one.get("id")) not in lifted or one.get("overridable") is False)
    ]


def _document(data: bytes, at: Path) -> dict[str, Any]:
    try:
        value = json.loads(data)
        if not isinstance(value, dict) or not str(value.get("schema", "")).startswith("proscribe.paper."):
            raise ValueError("it has no schema proscribe.paper.*")
    except (ValueError, RecursionError) as error:
        raise InputError(
            "E487", f"this is no document of ours: {error}", at=str(at),
            expected="the JSON of a document", next_step="Write one with `proscribe represent` or `proscribe report`.",
        ) from error  # fmt: skip
    return value


def plain_name(name: str) -> str:
    """Give a name that is a name in every folder: letters, digits, `_`, `-` and points, no path, not hidden."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", name).lstrip(".-") or "file"


def _named(files: Iterable[Path]) -> dict[str, bytes]:
    named: dict[str, bytes] = {}
    for path in files:
        name = plain_name(path.name)
        if name in named or name == DOCUMENT_NAME:
            raise UsageError(
                "E486", f"two files would be called {name} in the bundle", at=str(path),
                expected="names that differ", next_step="Rename one of them.",
            )  # fmt: skip
        content = read_file(path)
        if len(content) > MAX_MEMBER_BYTES:
            raise InputError(
                "E485", "the file is too large for a bundle", at=str(path),
                expected=f"at most {MAX_MEMBER_BYTES} bytes", next_step="Leave it out; its digest can be named instead.",
            )  # fmt: skip
        named[name] = content
    return named


def _instant(text: str | None) -> str:
    if text is None:
        return datetime.now(UTC).replace(microsecond=0).isoformat()
    try:
        value = datetime.fromisoformat(text)
        if value.tzinfo is None:
            raise ValueError("no offset")
    except ValueError as error:
        raise UsageError(
            "E489", f"{text!r} is not an instant", at="--at", expected="2026-11-25T14:30:00-05:00, with the offset",
            next_step="Write day, time and offset from UTC.",
        ) from error  # fmt: skip
    return value.isoformat()
