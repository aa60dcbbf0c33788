"""Archives of cases and stores under a signature: written by whoever holds a key, taken only from a key that is trusted.

A signed archive is a bundle of the attestations room around the archive of `cases/backup.py`: the statement names the archive
by its digest, whose chain it holds, and where that chain ended. `proscribe verify` checks it like any other bundle.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proscribe.app.files import read_file, write_new
from proscribe.attestations.bundle import ENVELOPE_NAME, MAX_MEMBER_BYTES, pack, unpack
from proscribe.attestations.envelope import seal
from proscribe.attestations.predicates import case_v1
from proscribe.attestations.statement import Statement, Subject
from proscribe.attestations.verify import Answer
from proscribe.attestations.verify import verify_bundle as verdict_on
from proscribe.kb.unnamed import unnamed
from proscribe.model.casework import Head
from proscribe.model.errors import ProscribeError, error, missing_extra

if TYPE_CHECKING:
    from proscribe.app.proofs.case_checks import Checked
    from proscribe.attestations.signers import Signer
    from proscribe.casework.backup import Archive
    from proscribe.casework.events import Fault
    from proscribe.casework.store import Store
    from proscribe.model.casework import CaseFile, Event

CASE_NAME, STORE_NAME = "case.zip", "store.zip"


@dataclass(frozen=True, slots=True)
class Trust:
    """What the reader of an archive trusts.

    Attributes:
        keys: PEM files of public keys that the signer handed over.
        fingerprints: of keys, compared with the signer.
        unsigned: whether an archive is taken without a signature that fits one of them.
    """

    keys: Sequence[Path] = ()
    fingerprints: Sequence[str] = ()
    unsigned: bool = False


def write_signed(
    store: Store, target: Path, signer: Signer, *, signed_by: str, case_id: str = "", signed_as: str = ""
) -> Head:
    """Write a case, or the whole store, as an archive under a signature.

    Args:
        case_id: the case; the whole store when empty.
        signed_by, signed_as: the person and their title.

    Raises:
        CaseError: E423 no such case; E441 the target exists.
        InputError: E485 when the archive is too large for a bundle.
    """
    _needs_app()
    from proscribe.casework import backup
    from proscribe.casework.lifecycle import person

    who = person(signed_by)
    if target.exists():
        raise backup.taken(target)
    with backup.archived(store, case_id, target) as (made, head):
        content = made.path.read_bytes()
    if len(content) > MAX_MEMBER_BYTES:
        raise error("E485.archive", at=target, max_member_bytes=MAX_MEMBER_BYTES)
    name = CASE_NAME if case_id else STORE_NAME
    predicate = case_v1.build(
        head=head.digest, events=head.seq, signed_by=who, signed_as=signed_as.strip(),
        signed_at=datetime.now(UTC).replace(microsecond=0).isoformat(),
        about=case_id or case_v1.WHOLE, store=head.store_id,
    )  # fmt: skip
    statement = Statement((Subject.of(name, content),), case_v1.TYPE, predicate)
    bundle = pack({name: content}, seal(statement, signer), {signer.key_id: signer.public_pem.encode()})
    write_new(target, bundle, private=True)
    return head


@contextmanager
def opened(path: Path, trust: Trust, *, asked: str) -> Iterator[tuple[Path, dict[str, Any] | None]]:
    """Open an archive that may be under a signature.

    Args:
        asked: what is being done, for the refusal.

    Yields:
        The path of the plain archive, and what is known of the signature: `key_id`, `signed_by`, `signed_at`, the
        signed `statement` and the `original` bytes; None when there was no signature that counts.

    Raises:
        CaseError: E433 no archive; E436 the signature does not hold; E444 nothing shows that the signer is trusted.
    """
    signed = _is_signed(path)
    if not signed:
        if signed is None:
            pass  # whoever opens it says what it is
        elif trust.keys or trust.fingerprints:
            raise _not_trusted(path, "it carries no signature, and you named a key")
        elif not trust.unsigned:
            raise _not_trusted(
                path, f"it carries no signature, so anybody can have written it; nothing was {asked}"
            )
        yield path, None
        return
    data = read_file(path)
    verdict = verdict_on(
        data, trusted_keys=[(str(key), read_file(key)) for key in trust.keys], fingerprints=trust.fingerprints
    )
    failed = [check.says for check in verdict.checks if check.result == "failed"]
    if verdict.answer is Answer.INVALID or verdict.predicate_type != case_v1.TYPE:
        if failed == ["It is not signed with any of the keys you gave."]:
            raise _not_trusted(path, "it is not signed with any of the keys you gave")
        raise error(
            "E436.signature", at=path, failed=" ".join(failed) or "it is about something else than a case"
        )
    if verdict.answer is not Answer.VALID and not trust.unsigned:
        raise _not_trusted(
            path, f"you named no key, so nothing shows whose signature it is; nothing was {asked}"
        )
    files = unpack(data).files
    name, content = next(iter(files.items()))
    if len(files) != 1 or name not in (CASE_NAME, STORE_NAME):
        raise error("E433.bundle", at=path, case_name=CASE_NAME, store_name=STORE_NAME)
    said = verdict.predicate
    signature = {
        "key_id": verdict.key_ids[0],
        "signed_by": str(said.get("signedBy", "")),
        "signed_at": str(said.get("signedAt", "")),
        "statement": dict(said),
        "original": data,
    }
    with unnamed(like=name) as plain:
        plain.path.write_bytes(content)
        yield plain.path, signature if verdict.answer is Answer.VALID else None


def _is_signed(path: Path) -> bool | None:
    """Tell whether an archive carries a signature; None for what is no archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            return ENVELOPE_NAME in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return None


def _not_trusted(path: Path, what: str) -> ProscribeError:
    return error("E444", at=path, what=what)


def verify_bundle(
    path: Path, trust: Trust, kept: Head | None = None
) -> tuple[CaseFile, list[Event], Checked, dict[str, Any] | None]:
    """Check the bundle of a case: its signature, when there is one, the chain in it, and what it holds against itself.

    Returns:
        The case, its events, what came of the deep check, and what is known of a signature that is trusted.

    Raises:
        CaseError: E433, E436 when it cannot be read at all; E444 when a key is named that it is not signed with.
        EnvironmentProblem: E502 when the extra `app` is not installed.
    """
    _needs_app()
    from proscribe.casework import backup

    with (
        opened(path, trust, asked="checked") as (plain, signature),
        backup.open_archive(plain, backup.BUNDLE_SCHEMA, str(path)) as archive,
    ):
        agrees(archive, signature, str(path))
        file, events, checked = _checked(archive, trust)
        if kept is not None:
            checked.faults += _not_held(archive, kept)
    return file, events, checked, signature


def _not_held(archive: Archive, kept: Head) -> list[Fault]:
    """Say that the chain in a bundle does not hold a head that was kept elsewhere."""
    from proscribe.casework.events import Fault

    digests = archive.read("chain.txt").decode("ascii", "replace").split()
    if kept.store_id != archive.manifest["store_id"]:
        return [Fault("altered", f"the kept head is of another store ({kept.store_id})")]
    if kept.seq > len(digests):
        return [
            Fault(
                "truncated",
                f"the chain ends at event {len(digests)}, and the kept head is at event {kept.seq}",
            )
        ]
    if kept.seq and digests[kept.seq - 1] != kept.digest:
        return [Fault("altered", f"event {kept.seq} is not the one that the kept head names")]
    return []


def _checked(archive: Archive, trust: Trust) -> tuple[CaseFile, list[Event], Checked]:
    """Check an archive shallowly, and deeply where that found nothing."""
    from proscribe.app.proofs.case_checks import Checked, check_deeply
    from proscribe.attestations import public_half
    from proscribe.casework import backup

    file, events, faults = backup.check_archive(archive)
    if faults:
        return file, events, Checked(faults)
    keys = {key_id: pem for pem, key_id in (public_half(read_file(one), str(one)) for one in trust.keys)}
    return file, events, check_deeply(archive, file, events, keys)


def import_case(store: Store, path: Path, trust: Trust, *, by: str) -> CaseFile:
    """Take a case over from an archive, signed by a key that is trusted, or unsigned when that is said.

    Raises:
        CaseError: E433, E436 no archive, damaged, or imported before; E444 not trusted.
    """
    _needs_app()
    from proscribe.casework import backup

    with opened(path, trust, asked="taken over") as (plain, signature):
        with backup.open_archive(plain, backup.BUNDLE_SCHEMA, str(path)) as archive:
            agrees(archive, signature, str(path))
            for fault in _checked(archive, trust)[2].faults:
                raise archive.damaged(fault.what)
        return backup.import_case(
            store,
            plain,
            by=by,
            original=signature["original"] if signature else None,
            signature=_kept(signature),
            name=path.name,
        )


def restore(store: Store, path: Path, trust: Trust, *, by: str, kept: Head | None = None) -> Head:
    """Fill an empty store from a backup, signed by a key that is trusted, or unsigned when that is said.

    Args:
        kept: a head that was kept elsewhere; the backup has to hold it.

    Raises:
        CaseError: E433, E436 no backup, or damaged; E441 the store is not empty; E444 not trusted.
    """
    _needs_app()
    from proscribe.casework import backup

    with opened(path, trust, asked="restored") as (plain, signature):
        with backup.open_archive(plain, backup.BACKUP_SCHEMA, str(path)) as archive:
            agrees(archive, signature, str(path))
        return backup.restore(store, plain, by=by, signature=_kept(signature), kept=kept, name=path.name)


def head_of(path: Path, trust: Trust) -> Head:
    """Give the head that an archive names, to compare a store with it.

    Raises:
        CaseError: E433, E436 no archive; E444 not trusted.
    """
    _needs_app()
    from proscribe.casework import backup

    with opened(path, trust, asked="compared") as (plain, signature):
        schema = backup.schema_of(plain)
        with backup.open_archive(plain, schema, str(path)) as archive:
            agrees(archive, signature, str(path))
            return backup.head_in(archive)


def _needs_app() -> None:
    try:
        import_module("proscribe.casework.backup")
    except ModuleNotFoundError as problem:
        raise missing_extra(problem.name or "sqlalchemy", "app") from None


def _kept(signature: dict[str, Any] | None) -> dict[str, str] | None:
    return (
        None
        if signature is None
        else {name: signature[name] for name in ("key_id", "signed_by", "signed_at")}
    )


def agrees(archive: Archive, signature: dict[str, Any] | None, at: str) -> None:
    """Refuse an archive of another chain than the signed statement names.

    Args:
        signature: with its `statement`; None where there is none.

    Raises:
        CaseError: E436.
    """
    _needs_app()
    from proscribe.casework import backup

    if signature is None:
        return
    head = backup.head_in(archive)
    said = signature["statement"]
    about = archive.manifest.get("case_id", case_v1.WHOLE)
    if (said.get("eventLogHead"), said.get("events"), said.get("store"), said.get("about")) != (
        head.digest, head.seq, head.store_id, about,
    ):  # fmt: skip
        raise error("E436.other_chain", at=at, digest=head.digest)
