"""Documents of a case: made with what stands against each, how each stands, its files, and what waits for a key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from proscribe.model.errors import ProscribeError, error
from proscribe.web.calls import Call, go
from proscribe.wording.safe import file_name

if TYPE_CHECKING:
    from proscribe.app.cases import Cases
    from proscribe.app.pending import Pending

#: A file is data, whatever it holds: no browser shows it in place, guesses what it is, or runs what stands in it.
_AS_DATA = {"x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'; sandbox"}


def documents(call: Call) -> Response:
    """List the documents of a case with how they stand, who made and approved them, and their files."""
    from proscribe.app import pending
    from proscribe.app.document_files import (
        document_types,
        file_names,
        list_documents,
        made_before,
        named_people,
    )

    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
        found = list_documents(cases, file.case.id)
        waiting = [(one, *_shown(cases, one)) for one in pending.waiting(cases.store, case_id=file.case.id)]
        bundles = {one.id for _, one in found if pending.bundle(cases.store, file.case.id, one.id)}
        roster = cases.store.roster()
        stale = {name: told for (_, name), told in made_before(cases, found).items()}
        people = {one.id: named_people(cases, one) for _, one in found}
        own = {one.id for _, one in found if cases.store.same_person(one.author, call.person)}
    return call.page(
        "documents.html.j2", title=f"Documents of {file.case.id}", file=file, documents=found, names=file_names,
        waiting=waiting, bundles=bundles, types=document_types(), proved=bool(roster),
        stale=stale, people=people, own=own,
    )  # fmt: skip


def _shown(cases: Cases, one: Pending) -> tuple[str, Mapping[str, int]]:
    """Give what waits in words as the store shows it, or why it can no longer be signed; and how many findings of each band."""
    from proscribe.app import pending

    try:
        shown = pending.look(cases, one)
    except ProscribeError as problem:
        return problem.what, {}
    return shown.words, shown.bands


def begin(call: Call) -> Response:
    """Ask for what a document is made from."""
    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
    form = {
        "type": call.asked("type"),
        "uei": file.case.uei,
        "cage": file.case.cage,
        "contract": file.case.contract,
    }
    return _form(call, file, form)


def _form(call: Call, file: Any, form: dict[str, str], made: Any = None) -> Response:
    from proscribe.app.document_files import document_types, laid_out

    pages = laid_out(made.paper).blocks if made is not None else ()
    annex = next((number for number, one in enumerate(pages) if getattr(one, "new_page", False)), len(pages))
    blocks = [(type(one).__name__, one) for one in pages]
    return call.page(
        "document.html.j2", title=f"A document of {file.case.id}", file=file, types=document_types(), form=form,
        paper=made.paper if made is not None else None, summary=blocks[:annex], annex=blocks[annex:],
    )  # fmt: skip


def make(call: Call) -> Response:
    """Show a document with what stands against it, or make and keep it."""
    from proscribe.app.document_files import make_document
    from proscribe.app.document_form import making_of

    case_id, form, keep = call.path["case_id"], dict(call.form), call.sent("do") == "keep"
    with call.cases() as cases, making_of(form, author=call.person) as making:
        made = make_document(
            making, cases=cases, case_id=case_id, formats=("pdf", "docx", "md"), keep=keep,
            knowledge=call.settings.knowledge, supersedes=form.get("supersedes", ""),
        )  # fmt: skip
        file = cases.case(case_id)
    if made.stored is not None:
        return go("/cases/{case_id}/documents", case_id=case_id)
    return _form(call, file, form, made)


def approve(call: Call) -> Response:
    """Approve a document; where that takes a key, it waits for it."""
    from proscribe.app import pending

    case_id, document_id = call.path["case_id"], call.path["document_id"]
    with call.cases() as cases:
        try:
            cases.approve(case_id, document_id, by=call.person)
        except ProscribeError as problem:
            if not pending.needs_a_key(problem):
                raise
            pending.ask(cases, pending.Deed.APPROVE, case_id, {"record": document_id}, by=call.person)
    return go("/cases/{case_id}/documents", case_id=case_id)


def ask_to_sign(call: Call) -> Response:
    """Have a document wait for the key of who signs it: a key never comes here."""
    from proscribe.app import pending

    case_id, document_id = call.path["case_id"], call.path["document_id"]
    told = {"record": document_id, "title": call.sent("signer_title")}
    with call.cases() as cases:
        pending.ask(cases, pending.Deed.SIGN, case_id, told, by=call.person)
    return go("/cases/{case_id}/documents", case_id=case_id)


def drop(call: Call) -> Response:
    """Take back what waits for a key."""
    from proscribe.app import pending

    with call.cases() as cases:
        pending.drop(cases.store, call.path["pending_id"])
    return go("/cases/{case_id}/documents", case_id=call.path["case_id"])


def bundle(call: Call) -> Response:
    """Give the signed bundle of a document, to be saved.

    Raises:
        UsageError: E419 when there is none here.
    """
    from proscribe.app import pending

    case_id, document_id = call.path["case_id"], call.path["document_id"]
    with call.cases() as cases:
        cases.case(case_id)
        place = pending.bundle(cases.store, case_id, document_id)
    if place is None:
        raise error("E419", asked=document_id[:80])
    return saved(place.read_bytes(), place.name)


def saved(data: bytes, name: str) -> Response:
    """Give data as a file to be saved, which no browser shows in place."""
    told = {**_AS_DATA, "content-disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type="application/octet-stream", headers=told)


def verify(call: Call) -> Response:
    """Say whether a bundle that was handed in still says what was signed, and by whom.

    Raises:
        UsageError: E419 when there is no such file.
    """
    from proscribe.app import uploads
    from proscribe.app.verifying import HEADLINES, examine

    fingerprint, found, problem = call.asked("fingerprint").strip(), None, None
    with call.cases() as cases:
        held = uploads.upload(cases.store, call.path["upload_id"])
        place = uploads.place_of(cases.store, held, call.asked("file"))
    if place is None:
        raise error("E419", asked=call.asked("file")[:80])
    try:
        found = examine(Path(place), fingerprints=(fingerprint,) if fingerprint else ())
    except ProscribeError as known:
        problem = known
    return call.page(
        "verify.html.j2", title="Is it as it was signed?", found=found, heads=HEADLINES, problem=problem, upload=held,
        name=call.asked("file"), fingerprint=fingerprint,
    )  # fmt: skip


def kept_file(call: Call) -> Response:
    """Give a file of a document as it was made, to be saved and not shown.

    Raises:
        CaseError: E423 when there is no such document; E442 when its bytes are missing or altered.
        UsageError: E419 when it has no file of that name.
    """
    from proscribe.app.document_files import export_document

    with call.cases() as cases:
        files = export_document(cases, call.path["case_id"], call.path["document_id"])
    name = call.path["name"]
    if name not in files:
        raise error("E419", asked=name[:80])
    return saved(files[name], f"{file_name(call.path['document_id'])}-{name}")
