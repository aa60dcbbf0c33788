"""Documents of a case: what was made, how each stands, and its files as they are kept."""

from __future__ import annotations

from starlette.responses import Response

from proscribe.model.errors import error
from proscribe.web.calls import Call
from proscribe.wording.safe import file_name

#: A file is data, whatever it holds: no browser shows it in place, guesses what it is, or runs what stands in it.
_AS_DATA = {"x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'; sandbox"}


def documents(call: Call) -> Response:
    """List the documents of a case with how they stand, who made and approved them, and their files."""
    from proscribe.app.document_files import file_names, list_documents

    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
        found = list_documents(cases, file.case.id)
    return call.page(
        "documents.html.j2",
        title=f"Documents of {file.case.id}",
        file=file,
        documents=found,
        names=file_names,
    )


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
    told = {
        **_AS_DATA,
        "content-disposition": f'attachment; filename="{file_name(call.path["document_id"])}-{name}"',
    }
    return Response(files[name], media_type="application/octet-stream", headers=told)
