"""What waits for a person's key: judgements that clear, approvals and signatures, asked for where no key may be.

A key never reaches a server. What is asked for there is kept beside the store as a draft, which changes nothing: the person
signs it on their own machine, with `proscribe sign-pending`, and it is done then as if they had typed it, or refused where the
case has changed since.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from proscribe.app.files import write_new
from proscribe.model.canonical import pretty_json
from proscribe.model.casework import Instant
from proscribe.model.codec import CodecError, Limits, parse, read, write
from proscribe.model.errors import ProscribeError, error
from proscribe.wording.safe import file_name

if TYPE_CHECKING:
    from proscribe.app.cases import Cases
    from proscribe.attestations import Signer
    from proscribe.casework.files import Files
    from proscribe.casework.store import Store

_ID = re.compile(r"P-[0-9a-f]{32}")
_FOLDER = "pending"
_BUNDLES = "bundles"


class Deed(StrEnum):
    """What is asked for."""

    JUDGE = "judge"
    JUDGE_MANY = "judge_many"
    APPROVE = "approve"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Pending:
    """One thing that waits for the key of the person who asked for it.

    Attributes:
        id: `P-` and 32 digits that nobody can guess.
        by: whose key it waits for.
        told: what the deed takes, as text: `finding`, `verdict`, `reason`, `until`, `where`, `count`, `digest`, `seen`, `record`,
            `title`.
        version: of the case that the person looked at; 0 where it does not matter.
    """

    id: Annotated[str, Limits("P-[0-9a-f]{32}")]
    deed: Deed
    case_id: str
    by: str
    asked_at: Instant
    told: dict[str, str] = field(default_factory=dict)
    version: int = 0

    def words(self) -> str:
        """Say what is signed: `judge f_… different: another maker's (C-0001)`."""
        told = self.told
        what = {
            Deed.JUDGE: f"judge {told.get('finding', '')} {told.get('verdict', '')}: {told.get('reason', '')}",
            Deed.JUDGE_MANY: f"judge {told.get('count', '')} findings {told.get('verdict', '')}: {told.get('reason', '')}",
            Deed.APPROVE: f"approve {told.get('record', '')}",
            Deed.SIGN: f"sign {told.get('record', '')}"
            + (f" as {told['title']}" if told.get("title") else ""),
        }[self.deed]
        until = f", until {told['until']}" if told.get("until") else ""
        return f"{what}{until} ({self.case_id})"


def needs_a_key(problem: ProscribeError) -> bool:
    """Tell whether something was refused only because no key shows who does it."""
    return problem.code == "E414"


def ask(
    cases: Cases, deed: Deed, case_id: str, told: Mapping[str, str], *, by: str, version: int = 0
) -> Pending:
    """Keep a draft of what a person asks for, until their key signs it.

    Raises:
        CaseError: E423 no such case; E425 no person.
    """
    from proscribe.casework.lifecycle import person

    cases.case(case_id)
    made = Pending(
        f"P-{secrets.token_hex(16)}", deed, case_id, person(by), cases.store.now(),
        {name: text for name, text in told.items() if text}, version,
    )  # fmt: skip
    folder = _files(cases.store).made(_FOLDER)
    write_new(folder / f"{made.id}.json", pretty_json(write(made)).encode(), private=True)
    return made


def waiting(store: Store, *, case_id: str = "", by: str = "") -> list[Pending]:
    """List what waits, the oldest first; of a case, and of a person. A draft that cannot be read is left out."""
    folder = _files(store).folder / _FOLDER
    found = []
    for place in folder.glob("P-*.json") if folder.is_dir() else ():
        try:
            one = read(Pending, parse(place.read_bytes()))
        except (CodecError, OSError):
            continue
        if (
            one.id == place.stem
            and case_id in ("", one.case_id)
            and (not by or store.same_person(one.by, by))
        ):
            found.append(one)
    return sorted(found, key=lambda one: (one.asked_at, one.id))


def drop(store: Store, pending_id: str) -> None:
    """Take a draft back.

    Raises:
        CaseError: E416 when there is none of that id.
    """
    place = _files(store).folder / _FOLDER / f"{pending_id}.json"
    if not _ID.fullmatch(pending_id) or place.is_symlink() or not place.is_file():
        raise error("E416.draft", asked=pending_id[:60])
    place.unlink()


def sign(cases: Cases, one: Pending, signer: Signer) -> str:
    """Do what waits, with the key of its person, and take the draft away.

    Args:
        cases: with the key as the hand of its store, where the store has a roster.

    Returns:
        What was done, in words.

    Raises:
        CaseError, UsageError: as what is done raises it; the draft stays then.
    """
    told, by = one.told, one.by
    until = date.fromisoformat(told["until"]) if told.get("until") else None
    done = one.words()
    if one.deed is Deed.JUDGE:
        cases.judge(
            one.case_id, told["finding"], told["verdict"], by=by, reason=told["reason"], until=until,
            version=one.version or None,
        )  # fmt: skip
    elif one.deed is Deed.JUDGE_MANY:
        from proscribe.casework.findings import FindingFilter

        cases.judge_many(
            one.case_id, FindingFilter.from_json(json.loads(told["where"])), told["verdict"], by=by,
            reason=told["reason"], expect=(int(told["count"]), told["digest"]), until=until, seen=int(told.get("seen", "0")),
        )  # fmt: skip
    elif one.deed is Deed.APPROVE:
        cases.approve(one.case_id, told["record"], by=by)
    else:
        from proscribe.app.document_files import sign_stored_document

        place = _files(cases.store).made(_BUNDLES) / _bundle_name(one.case_id, told["record"])
        sign_stored_document(
            cases, one.case_id, told["record"], signer, place, by=by, title=told.get("title", ""),
            knowledge=cases.knowledge,
        )  # fmt: skip
        done = f"{done}: {place}"
    drop(cases.store, one.id)
    return done


def bundle(store: Store, case_id: str, document_id: str) -> Path | None:
    """Give the signed bundle of a document that `sign` wrote beside the store; `None` where there is none."""
    place = _files(store).folder / _BUNDLES / _bundle_name(case_id, document_id)
    return place if place.is_file() and not place.is_symlink() else None


def _bundle_name(case_id: str, document_id: str) -> str:
    return f"{file_name(case_id)}-{file_name(document_id)}.zip"


def _files(store: Store) -> Files:
    from proscribe.casework.files import Files

    return Files.of(store)
