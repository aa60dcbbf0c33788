"""Makes the record of an inquiry: what was searched, how, by whom, what was not, what it left open.

It says nothing of the organisation's equipment, so nothing stands against it; what would stand against a representation is
listed as open.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from proscribe.documents.envelope import Draft, assemble, plain, supplier_entry
from proscribe.documents.evidence import asked_on, cut, findings, knowledge_of, sources, unseen
from proscribe.documents.law import PaperLaw
from proscribe.documents.obstacles import general
from proscribe.documents.representations import finding_rows
from proscribe.model.errors import CaseError
from proscribe.model.papers import Paper, PaperInputs, PaperState, Question

METHOD = (
    "Every record of the files listed was compared with names, brands, model numbers, network identifiers, chips and "
    "relabels of the knowledge named, on the day named. What a record does not say, the comparison cannot see."
)


def build(inputs: PaperInputs, law: PaperLaw) -> Paper:
    """Make the document.

    Raises:
        CaseError: E450 to E458, E463, E464 for inputs it cannot be made from; E458 when nothing was searched.
        InputError: E461 for a scan that is none.
    """
    inquiry = inputs.inquiry
    if inquiry is None and not inputs.scans:
        raise CaseError(
            "E458",
            "the record is about no search",
            expected="an inquiry, or at least one scan",
            next_step="Say what was searched.",
        )
    seen = findings(inputs)
    open_points = {
        one.id: one for question in (Question.PROVIDE, Question.USE) for one in general(inputs, question)
    }
    # The same point stands once for each question; the record names it once.
    by_text: dict[str, dict[str, Any]] = {}
    for one in open_points.values():
        if one.code in ("no-inquiry", "no-inquiry-record", "not-searched", "blind-spot"):
            continue
        entry = by_text.setdefault(
            one.what, {"code": one.code, "what": one.what, "lift": one.lift, "questions": []}
        )
        entry["questions"] += list(one.questions)
    undecided = [
        one
        for one in seen
        if one.judgement is None
        and not any(item.get("outcome") == "not_covered" for item in one.outcomes.values())
    ]
    searched = [plain(one) for one in (inquiry.searched if inquiry else ())]
    covered_paths = {digest for one in (inquiry.searched if inquiry else ()) for digest in one.digests}
    for index, scan in enumerate(inputs.scans, 1):
        version = knowledge_of(scan)[0]
        for file in sources(scan):
            if file["sha256"] in covered_paths:
                continue
            searched.append(
                {
                    "name": file["path"],
                    "kind": file["reader"] or "file",
                    "how": f"compared record by record (scan {index}, knowledge {version}, as of {asked_on(scan)})",
                    "by": inputs.author.name if inputs.author else "",
                    "on": asked_on(scan),
                    "records": file["records"],
                    "digests": [file["sha256"]] if file["sha256"] else [],
                    "bears_on": [one.value for one in scan.bears_on],
                }
            )

    def body(state: PaperState) -> dict[str, Any]:
        return {
            "scope": inquiry.scope if inquiry else "",
            "method": (inquiry.method if inquiry and inquiry.method else METHOD),
            "from_on": plain(inquiry.from_on) if inquiry else None,
            "to_on": plain(inquiry.to_on) if inquiry else None,
            "searched": searched,
            "scans": [
                {
                    "sha256": scan.sha256,
                    "as_of": asked_on(scan),
                    "program": cut(str(scan.value.get("proscribe", "")), 40),
                    "knowledge": dict(zip(("version", "sha256"), knowledge_of(scan), strict=True)),
                    "files": sources(scan),
                }
                for scan in inputs.scans
            ],
            "not_searched": [plain(one) for one in (inquiry.not_searched if inquiry else ())],
            "blind_spots": [text for scan in inputs.scans for _, text in unseen(scan)],
            "people": [plain(one) for one in (inquiry.people if inquiry else ())],
            "facts": [plain(one) for one in inputs.facts],
            "found": {
                "total": len(seen),
                "by_band": dict(sorted(Counter(one.band for one in seen).items())),
                "by_firm": dict(sorted(Counter(one.firm_name for one in seen).items())),
                "judged": sum(one.judgement is not None for one in seen),
                "undecided": len(undecided),
            },
            "findings": finding_rows(seen, ()),
            "suppliers": [supplier_entry(one) for one in inputs.suppliers],
            "open": list(by_text.values()),
        }

    return assemble(inputs, law, Draft(body, (), missing_stands=False))
