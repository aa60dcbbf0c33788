"""What stands beside a signature under a document: the title of who signs, and the signatures of further people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from proscribe.app.files import read_file
from proscribe.app.kb.plain_words import is_plain_title
from proscribe.attestations.bundle import ENVELOPE_NAME, pack, unpack
from proscribe.attestations.envelope import seal
from proscribe.attestations.predicates import countersignature_v1, document_v1
from proscribe.attestations.signers import Signer
from proscribe.attestations.statement import Statement, Subject
from proscribe.attestations.verify import verify_bundle
from proscribe.model.errors import error
from proscribe.model.people import person_key

#: Letters of a title that a refusal names.
_SHOWN = 80


def title_beside(value: Mapping[str, Any], given: str) -> str:
    """Give the title beside a signature: the one that the document names, or an office; nobody reads more before it is signed.

    Raises:
        UsageError: E488.
    """
    named = str(((value.get("people") or {}).get("signer") or {}).get("title") or "")
    if given and named and person_key(given) != person_key(named):
        raise error("E488.title_named", at=str(value.get("title", "")), title=given[:_SHOWN], named=named)
    if given and not named and not is_plain_title(given):
        raise error("E488.title", at=str(value.get("title", "")), title=given[:_SHOWN])
    return given


def countersign(
    bundle: Path, signer: Signer, *, signed_by: str, signed_as: str = "", signed_at: datetime | None = None
) -> bytes:
    """Put a second person's name and signature under a signed document; gives the bundle with it.

    Args:
        signed_by, signed_as: the person who countersigns, and their title.
        signed_at: now by default.

    Raises:
        InputError: E471 to E473 no bundle; E485 it cannot be read; E487 when it holds no document.
        UsageError: E488 when it is not as it was signed, or by whom it was prepared or signed countersigns it.
    """
    data = read_file(bundle)
    verdict = verify_bundle(data)
    if verdict.predicate_type != document_v1.TYPE:
        raise error("E487", at=bundle)
    failed = [one.says for one in verdict.checks if one.result == "failed"]
    content = unpack(data)
    name = signed_by.strip()
    if not name:
        raise error("E488.nobody", at="--by")
    if not is_plain_title(signed_as):
        raise error("E488.title_counter", at=bundle, title=signed_as.strip()[:_SHOWN])
    at = (signed_at or datetime.now(UTC)).replace(microsecond=0)
    predicate = countersignature_v1.build(
        signed_by=name, signed_as=signed_as.strip(), signed_at=at.isoformat(), signed_with=signer.key_id
    )
    failed += countersignature_v1.faults(predicate, verdict.predicate)
    if signer.key_id in content.keys:
        failed.append("it is signed with this key already")
    if at < datetime.fromisoformat(str(verdict.predicate["signedAt"])):
        failed.append(f"it would be countersigned before it was signed, at {verdict.predicate['signedAt']}")
    if failed:
        raise error("E488.countersigned", at=bundle, what="; ".join(failed))
    statement = Statement((Subject.of(ENVELOPE_NAME, content.envelope),), countersignature_v1.TYPE, predicate)
    return pack(
        content.files,
        content.envelope,
        {**content.keys, signer.key_id: signer.public_pem.encode()},
        content.timestamps,
        {**content.countersignatures, signer.key_id: seal(statement, signer)},
    )
