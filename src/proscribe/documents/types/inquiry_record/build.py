"""The record of an inquiry: what was searched, how, by whom, what was not, what it left open.

It says nothing of the organisation's equipment, so nothing stands against it; what would stand against a representation is
listed as open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from proscribe.documents.envelope import Draft, plain
from proscribe.documents.evidence import asked_on, cut, knowledge_of, sources, unseen
from proscribe.documents.kinds import speaking_to
from proscribe.documents.making import Work
from proscribe.documents.search import day_of
from proscribe.documents.validity import spoken_on
from proscribe.model.papers import Inquiry, PaperInputs, Question
from proscribe.wording.shown import counted

METHOD = (
    "Every record of the files listed was compared with names, brands, model numbers, network identifiers, chips and "
    "relabels of the knowledge named, on the day named. What a record does not say, the comparison cannot see."
)


def draft(work: Work) -> Draft:
    """Draft the record from scans and the register; what people wrote goes before, and nobody has to write what these say."""
    inputs, seen = work.inputs, work.seen
    inquiry = inputs.inquiry or Inquiry()
    undecided = [
        one
        for one in seen
        if one.judgement is None
        and not any(
            item["outcome"] == "not_covered" and not item["may_report"] for item in one.outcomes.values()
        )
    ]
    days = [day.isoformat() for scan in inputs.scans if (day := day_of(asked_on(scan))) is not None]
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
            scope=inquiry.scope or _scope(inputs),
            method=inquiry.method or METHOD,
            from_on=plain(inquiry.from_on) or min(days, default=None),
            to_on=plain(inquiry.to_on) or max(days, default=None),
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
            not_searched=[*plain(inquiry.not_searched), *_expected(inputs, inquiry)],
            blind_spots=[text for scan in inputs.scans for _, text in unseen(scan)],
            people=plain(inquiry.people),
            found=found,
            findings=work.rows(seen),
            open=_open(work),
        )
    )


def _scope(inputs: PaperInputs) -> str:
    """Say of what the inquiry is, where nobody wrote it: what the scans read, what the register expects, the sites."""
    files = sum(len(sources(scan)) for scan in inputs.scans)
    told = [f"{counted(files, 'file')} that the scans read"]
    expected = inputs.store.sources if inputs.store else ()
    if expected:
        told.append(f"{counted(len(expected), 'source')} that the register expects")
    if inputs.sites:
        told.append(f"the sites {', '.join(inputs.sites)}")
    return f"Written from the evidence itself: {'; '.join(told)}. Nobody wrote a scope beyond it."


def _expected(inputs: PaperInputs, inquiry: Inquiry) -> Iterator[dict[str, Any]]:
    """Yield what the register expects, or earlier scans of the store read, and no scan read in time; each as not searched."""
    named = {one.name for one in inquiry.not_searched}
    every = [one.value for one in Question]
    for one in inputs.store.sources if inputs.store else ():
        since = spoken_on(inputs) - timedelta(days=one.every_days)
        if one.name not in named and (one.last_seen is None or one.last_seen < since):
            owner = one.owner or "nobody who is named"
            why = f"in the register of sources, every {one.every_days} days from {owner}; it {one.words}"
            yield {"name": one.name, "why": why, "bears_on": every}
    for text in inputs.store.not_read if inputs.store else ():
        yield {
            "name": text.partition(",")[0],
            "why": f"an earlier scan of the store read it, and none of this record: {text}",
            "bears_on": every,
        }


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
        version, speaking = knowledge_of(scan)[0], speaking_to(scan)
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
                    "bears_on": speaking.get(file["path"], [one.value for one in scan.bears_on]),
                }
