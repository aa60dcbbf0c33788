"""The record of an inquiry: what was searched, how, by whom, what was not, what it left open.

It says nothing of the organisation's equipment, so nothing stands against it; what would stand against a representation is
listed as open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from proscribe.documents.envelope import Draft, plain
from proscribe.documents.evidence import asked_on, cut, knowledge_of, sources, unseen
from proscribe.documents.making import Work
from proscribe.model.papers import Inquiry, PaperInputs, Question

METHOD = (
    "Every record of the files listed was compared with names, brands, model numbers, network identifiers, chips and "
    "relabels of the knowledge named, on the day named. What a record does not say, the comparison cannot see."
)


def draft(work: Work) -> Draft:
    """Draft the record; what nobody wrote about the inquiry is left empty."""
    inputs, seen = work.inputs, work.seen
    inquiry = inputs.inquiry or Inquiry()
    undecided = [
        one
        for one in seen
        if one.judgement is None
        and not any(item["outcome"] == "not_covered" for item in one.outcomes.values())
    ]
    found = {
        "total": len(seen),
        "by_band": dict(sorted(Counter(one.band for one in seen).items())),
        "by_firm": dict(sorted(Counter(one.firm_name for one in seen).items())),
        "judged": sum(one.judgement is not None for one in seen),
        "undecided": len(undecided),
    }
    return Draft(
        lambda state: work.body(
            state,
            scope=inquiry.scope,
            method=inquiry.method or METHOD,
            from_on=plain(inquiry.from_on),
            to_on=plain(inquiry.to_on),
            searched=[*plain(inquiry.searched), *_scanned(inputs, inquiry)],
            scans=[
                {
                    "sha256": scan.sha256,
                    "as_of": asked_on(scan),
                    "program": cut(str(scan.value.get("proscribe", "")), 40),
                    "knowledge": dict(zip(("version", "sha256"), knowledge_of(scan), strict=True)),
                    "files": sources(scan),
                }
                for scan in inputs.scans
            ],
            not_searched=plain(inquiry.not_searched),
            blind_spots=[text for scan in inputs.scans for _, text in unseen(scan)],
            people=plain(inquiry.people),
            found=found,
            findings=work.rows(seen),
            open=_open(work),
        )
    )


def _open(work: Work) -> list[dict[str, Any]]:
    """List the open points, each once with the questions for which it stands."""
    points = {one.id: one for question in (Question.PROVIDE, Question.USE) for one in work.search(question)}
    by_text: dict[str, dict[str, Any]] = {}
    for one in points.values():
        entry = by_text.setdefault(
            one.what, {"code": one.code, "what": one.what, "lift": one.lift, "questions": []}
        )
        entry["questions"] += list(one.questions)
    return list(by_text.values())


def _scanned(inputs: PaperInputs, inquiry: Inquiry) -> Iterator[dict[str, Any]]:
    """Yield the files of scans that no source of the inquiry names by digest, as sources that were searched."""
    covered = {digest for one in inquiry.searched for digest in one.digests}
    for index, scan in enumerate(inputs.scans, 1):
        version = knowledge_of(scan)[0]
        for file in sources(scan):
            if file["sha256"] not in covered:
                yield {
                    "name": file["path"],
                    "kind": file["reader"] or "file",
                    "how": f"compared record by record (scan {index}, knowledge {version}, as of {asked_on(scan)})",
                    "by": inputs.author.name if inputs.author else "",
                    "on": asked_on(scan),
                    "records": file["records"],
                    "digests": [file["sha256"]] if file["sha256"] else [],
                    "bears_on": [one.value for one in scan.bears_on],
                }
