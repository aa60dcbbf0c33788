"""Documents as a service: made with what stands against each, kept in a case, written to files, signed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from proscribe.app.files import placing, refuse_inputs
from proscribe.app.papers.document_keeping import (
    bundle_again,
    document_of,
    later_events,
    named_people,
    sign_stored,
    states_answers,
    store_paper,
    words_to_read,
)
from proscribe.app.papers.documents import Making, asked_by, is_made_from, make_with_beside
from proscribe.documents import FORMATS, TYPES, laid_out, render
from proscribe.documents.registry import Wanted
from proscribe.model.errors import error
from proscribe.model.papers import Paper, PaperState
from proscribe.wording.safe import file_name
from proscribe.wording.shown import counted

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.attestations import Signer
    from proscribe.casework.commands.runs import RanAgain
    from proscribe.model.casework import StoredDocument

__all__ = [
    "FORMATS", "Made", "Making", "asked_by", "document_types", "documents_wanted", "export_document", "file_names",
    "is_made_from", "laid_out", "list_documents", "made_before", "make_document", "named_people", "overrides_of", "render",
    "sign_stored_document", "states_answers", "types_by_nation", "words_to_read",
]  # fmt: skip


#: A case that was taken over whole is no news to the documents that came with it.
_TAKEN_OVER = "imported"


@dataclass(frozen=True, slots=True)
class Made:
    """A document that was made.

    Attributes:
        paper: what it says, and what stands against it.
        stored: as the case keeps it; `None` without a case, and when it was refused.
        places: the files that were written.
        again: scans that were run again for it and came out the same, where the case does not keep that with it.
    """

    paper: Paper
    stored: StoredDocument | None = None
    places: tuple[Path, ...] = ()
    again: tuple[RanAgain, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether something stands against it that nobody lifted."""
        return self.paper.state is PaperState.REFUSED


def document_types() -> dict[str, str]:
    """Give the types of documents, each with what it is."""
    return {name: kind.what for name, kind in TYPES.items()}


def types_by_nation(nation: str) -> tuple[dict[str, str], dict[str, str]]:
    """Give the types of documents as `document_types` does: those of use in a nation, its own first, and those of others.

    Args:
        nation: ISO 3166-1 alpha-2; empty where nobody said one, and all are of use.
    """
    here: dict[str, str] = {}
    elsewhere: dict[str, str] = {}
    for name, kind in sorted(TYPES.items(), key=lambda one: one[1].nation != nation):
        (elsewhere if nation and kind.nation not in ("", nation) else here)[name] = kind.what
    return (here, elsewhere) if nation else (document_types(), {})


def told_outside(paper: Paper, case_id: str) -> tuple[int, tuple[str, ...]]:
    """Say of how many other cases a document tells somebody outside, and which of them it names; of none where it stays."""
    store = {} if TYPES[paper.type].stays else paper.data.get("store") or {}
    others = [one for one in store.get("beside", ()) if one["case_id"] != case_id]
    return len(others), tuple(one["case_id"] for one in others if one["title"] or one["named"])


def documents_wanted() -> tuple[Wanted, ...]:
    """Say which document each clause, provision or rule asks for, who signs it, and when."""
    return tuple(one for kind in TYPES.values() for one in kind.wanted)


def make_document(
    making: Making,
    *,
    cases: Cases | None = None,
    case_id: str = "",
    version: int | None = None,
    outputs: Sequence[tuple[str, Path | None]] = (),
    formats: Sequence[str] = (),
    supersedes: str = "",
    stated_at: datetime | None = None,
    knowledge: Sequence[str | Path] = (),
    keep: bool | Callable[[Paper], bool] = True,
    look: Callable[[Paper], None] | None = None,
) -> Made:
    """Make a document out of a case or out of files alone, keep it in the case, and write its files: all, or nothing.

    Args:
        making: what it is made with.
        cases, case_id: the case it is about.
        version: of the case that the caller looked at.
        outputs: format and file; `None` is the document's own name in the working folder.
        formats: of the files that the case keeps; those of `outputs` by default.
        supersedes: the document of the case that it replaces.
        knowledge: a snapshot or source folder, then layers; the shipped one by default.
        keep: whether it is kept and written, or what tells so once it is made; else it is made only.
        look: told of the document before anything is kept.

    Raises:
        CaseError, InputError, UsageError: for whatever it cannot be made from, and E191 where a file would replace one of
            those that it is made from; nothing is kept or written.
        OSError: when a file cannot be written; then the case keeps nothing.
    """
    refuse_inputs((place for _, place in outputs), (*making.files, *making.scans))
    # Read before the document is made: it speaks of the case as it was then, and is kept only beside that.
    read = cases.version(case_id, version) if cases is not None and case_id else 0
    paper, beside = make_with_beside(making, knowledge, cases, case_id)
    made = Made(paper)
    if look is not None:
        look(made.paper)
    if not (keep if isinstance(keep, bool) else keep(paper)):
        return replace(made, again=beside.again)
    stored = None
    with ExitStack() as stack:
        # The files lie complete beside their places before the case keeps anything, and are put there after it has.
        places = tuple(target or Path(f"{made.paper.id}{FORMATS[name].suffix}") for name, target in outputs)
        for (name, _), place in zip(outputs, places, strict=True):
            stack.enter_context(placing(place))(render(made.paper, name))
        if cases is not None and case_id and not made.refused:
            _, stored = store_paper(
                cases, case_id, made.paper, list(formats) or [name for name, _ in outputs],
                by=making.author, version=read, supersedes=supersedes, stated_at=stated_at, again=beside.again,
                statement=beside.statement,
            )  # fmt: skip
    return Made(made.paper, stored, places)


def overrides_of(given: Sequence[str], approver: str, at: datetime | None) -> list[dict[str, Any]]:
    """Read overrides written as `ID=REASON`, which the approver decides.

    Raises:
        UsageError: E457 without a named approver, or a reason.
    """
    when = at or datetime.now(UTC).replace(microsecond=0)
    made = []
    for item in given:
        identity, _, reason = item.partition("=")
        if not approver or not reason.strip():
            raise error("E457.command", at=f"--override {item[:80]}")
        made.append(
            {
                "obstacle_ids": [identity.strip()],
                "approver": approver,
                "reason": reason.strip(),
                "at": when.isoformat(),
            }
        )
    return made


def list_documents(cases: Cases, case_id: str = "") -> list[tuple[str, StoredDocument]]:
    """List the documents of a case, or of the store, each with how it stands.

    It stands as `superseded`, `submitted`, `signed`, `approved` or `made`.

    Raises:
        CaseError: E423 when there is no such case.
    """
    found = [item for item in cases.store.documents() if not case_id or item.case_id == case_id]
    if case_id and not found:
        cases.case(case_id)  # says so when there is no such case
    replaced = {(item.case_id, item.supersedes) for item in found if item.supersedes}

    def state(item: StoredDocument) -> str:
        if (item.case_id, item.id) in replaced:
            return "superseded"
        done = (("submitted", item.submitted_at), ("signed", item.signed_at), ("approved", item.approved_at))
        return next((word for word, when in done if when), "made")

    return [(state(item), item) for item in found]


def made_before(cases: Cases, found: Sequence[tuple[str, StoredDocument]]) -> dict[tuple[str, str], str]:
    """Say of which documents that stand the case has learnt something since, which can speak against them.

    Args:
        found: as `list_documents` gives them; one that was superseded is left out, and so is a report on a clock that went out:
            what comes after it goes into the next report, and its sending itself states a fact.

    Returns:
        Case and id of such a document, to the sentence that says so.
    """
    standing = [
        one
        for state, one in found
        if state != "superseded" and not (one.stage and one.submitted_at is not None)
    ]
    later = {case_id: later_events(cases, case_id) for case_id in {one.case_id for one in standing}}
    told = {}
    for one in standing:
        counts = {
            name: count for name, count in later[one.case_id].get(one.id, {}).items() if name != _TAKEN_OVER
        }
        number = sum(counts.values())
        if number:
            kinds = ", ".join(f"{kind} ({count:,})" if count > 1 else kind for kind, count in counts.items())
            done = "submitted" if one.submitted_at else "signed" if one.signed_at else ""
            then = (
                f"it stays as it was {done}, and what came later stands in the one that takes its place"
                if done
                else "make it anew"
            )
            told[one.case_id, one.id] = (
                f"made before {counted(number, 'later event')} that can bear on it: {kinds}; {then}"
            )
    return told


def file_names(stored: StoredDocument) -> tuple[str, ...]:
    """Give the plain names of a document's data and files, as `export_document` gives them."""
    return tuple(
        file_name(name) for name in (f"{stored.type}.data.json", *(one.name for one in stored.files))
    )


def export_document(cases: Cases, case_id: str, document_id: str) -> Mapping[str, bytes]:
    """Give a document's data and files as they were made: plain name to bytes.

    Raises:
        CaseError: E423 when there is none; E442 when its bytes are missing or altered.
    """
    _, stored, _ = document_of(cases, case_id, document_id)
    # Names out of a case that was imported are a stranger's: they are made plain, so that none leaves the folder.
    digests = (stored.sha256, *(one.sha256 for one in stored.files))
    return dict(zip(file_names(stored), map(cases.store.blob, digests), strict=True))


def sign_stored_document(
    cases: Cases,
    case_id: str,
    document_id: str,
    signer: Signer,
    target: Path,
    *,
    by: str,
    title: str = "",
    version: int | None = None,
    signed_at: datetime | None = None,
    signed_on: date | None = None,
    knowledge: Sequence[str | Path] = (),
    meant: str = "",
) -> bool:
    """Sign an approved document of a case: the bundle is written, and the case keeps its signature, or neither.

    The store is checked whole before, and the document is weighed anew over it as it is. A document is signed once. Where it
    was, with this key, and there is no file at `target`, the bundle is put together again from the signature that the case
    keeps: a process that was killed while it signed may have left that alone.

    Args:
        signer: the key.
        target: the bundle.
        by, title: the person who signs.
        signed_at: now by default.
        signed_on: in place of it a day, where the case counts days: its end, or now when that has not come.
        knowledge: a snapshot or source folder, then layers, with which it is weighed; the shipped one by default.
        meant: whom the configuration names as the signer, for the message where another one may not sign.

    Returns:
        Whether it was signed now; else the bundle is that of the signature of before.

    Raises:
        CaseError, InputError, UsageError: when it cannot be signed as it stands.
    """
    _, stored, _ = document_of(cases, case_id, document_id)
    with placing(target) as write:
        if stored.signer and not target.exists():
            write(bundle_again(cases, case_id, document_id, signer))
            return False
        sign_stored(
            cases, case_id, document_id, signer, by=by, title=title, version=cases.version(case_id, version),
            signed_at=signed_at or _end_of(cases, case_id, signed_on), knowledge=knowledge, write=write,
            meant=meant,
        )  # fmt: skip
    return True


def _end_of(cases: Cases, case_id: str, day: date | None) -> datetime | None:
    """Give the last second of a day in the time zone of a case, or now when that has not come."""
    if day is None:
        return None
    zone = cases.store.case(case_id).case.zone
    last = datetime.combine(day, time(23, 59, 59), ZoneInfo(zone or "UTC"))
    now = cases.store.now().astimezone(last.tzinfo)
    return now if now.date() == day else last
