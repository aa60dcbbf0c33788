"""A document was made from these inputs, with this knowledge, and signed by this person.

Names follow in-toto: lowerCamelCase, times named for what they mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from proscribe.model.people import two_people

TYPE = "urn:proscribe:attestation:document:1"
_TEXTS = ("documentType", "documentSchema", "preparedBy", "signedBy", "signedAt", "asOf", "proscribe")


def build(
    document: Mapping[str, Any],
    *,
    signed_by: str,
    signed_at: str,
    signed_as: str = "",
    signed_with: str = "",
    stands_in: Mapping[str, Any] | None = None,
    rendered_with: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Make the predicate of a document.

    Args:
        document: the document's data, `proscribe.paper.*`.
        signed_by: name of the person who signs.
        signed_at: instant, ISO 8601 with offset, as the signer states it.
        signed_as: the person's title.
        signed_with: id of the signer's key: a further signature beside theirs is not theirs.
        stands_in: the store in which the document stood: `document`, `store`, `eventLogHead`, `events`, `recordedAt`.
        rendered_with: versions of the programs that wrote the renderings.

    Returns:
        What is signed beside the files' digests: who prepared and approved, the day of the law, the knowledge, how many
        obstacles were overridden, and the digests of everything the document rests on (scans, their input files,
        determinations, declarations), which stay with the company.
    """
    said = {**_of(document), "signedBy": signed_by, "signedAs": signed_as, "signedAt": signed_at}
    if signed_with:
        said["signedWith"] = signed_with
    if stands_in is not None:
        said["standsIn"] = dict(stands_in)
    if rendered_with is not None:
        said["renderedWith"] = dict(rendered_with)
    return said


def _of(document: Mapping[str, Any]) -> dict[str, Any]:
    knowledge = _mapping(document.get("knowledge"))
    people = _mapping(document.get("people"))
    rests_on = document.get("rests_on")
    overrides = document.get("overrides")
    return {
        "documentType": str(document.get("type", "")),
        "documentSchema": str(document.get("schema", "")),
        "documentState": str(document.get("state", "")),
        "preparedBy": str(_mapping(people.get("author")).get("name") or ""),
        "approvedBy": str(_mapping(people.get("approver")).get("name") or ""),
        "asOf": str(document.get("as_of", "")),
        "proscribe": str(document.get("proscribe", "")),
        "knowledge": {
            "version": str(knowledge.get("version", "")),
            "digest": {"sha256": str(knowledge.get("sha256", ""))},
        },
        "restsOn": sorted(
            (
                {
                    "kind": str(item.get("kind", "")),
                    "name": str(item.get("what", "")),
                    "digest": {"sha256": str(item.get("sha256", ""))},
                }
                for item in (rests_on if isinstance(rests_on, list) else ())
                if isinstance(item, Mapping) and item.get("sha256")
            ),
            key=lambda item: (item["kind"], item["name"], item["digest"]["sha256"]),
        ),
        "overrides": len(overrides) if isinstance(overrides, list) else 0,
    }


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


_LABELS = {
    "documentType": "type",
    "documentSchema": "schema",
    "documentState": "state",
    "preparedBy": "author",
    "approvedBy": "approver",
    "asOf": "day of the law",
    "proscribe": "program",
    "knowledge": "knowledge",
    "restsOn": "list of what it rests on",
    "overrides": "number of overrides",
}


def faults(predicate: Mapping[str, Any], document: Mapping[str, Any] | None) -> list[str]:
    """List what in the predicate is malformed, or says other than the document it is about."""
    found = [f"{name} is missing" for name in _TEXTS if not isinstance(predicate.get(name), str)]
    if not predicate.get("signedBy"):
        found.append("nobody is named as the signer")
    prepared, approved, signed = (
        str(predicate.get(name) or "") for name in ("preparedBy", "approvedBy", "signedBy")
    )
    if approved and not two_people(prepared, approved):
        found.append("the document was prepared and approved by the same person")
    if signed and prepared and not two_people(prepared, signed):
        found.append("the document was prepared and signed by the same person")
    if document is None:
        found.append("the document itself is not in the bundle")
        return found
    if document.get("state") == "refused":
        found.append("the document was refused: it gives no answer that could be signed")
    for name, stands in _of(document).items():
        if predicate.get(name) != stands:
            found.append(
                f"the {_LABELS[name]} in the document is not that of the signed statement"
                + (f" ({stands!r}, {predicate.get(name)!r})" if isinstance(stands, (str, int)) else "")
            )
    return found
