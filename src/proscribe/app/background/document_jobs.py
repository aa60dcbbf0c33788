"""Documents that jobs make from what a person typed into a form: to be looked at first, and to be kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from proscribe.app.background import jobs
from proscribe.app.case.document_form import ANSWER, FIELDS, LISTS, making_of
from proscribe.app.case.searched import searched_in
from proscribe.casework.lifecycle import record
from proscribe.documents import TYPES, paper_from_json, paper_type
from proscribe.documents.checks import different
from proscribe.documents.grouping import remedy_of, without_commands
from proscribe.model.errors import ProscribeError
from proscribe.model.jobs import DocumentJob, Job, JobKind, JobState
from proscribe.model.papers import Paper

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.casework.store import Store
    from proscribe.model.casework import CaseFile

__all__ = [
    "ANSWER", "answers_of", "drafts", "form_of", "kept_as", "known_values", "looked_at", "remedy_of", "stages_of", "submit",
    "without_commands",
]  # fmt: skip

#: What a browser sends with a form that is no part of a document.
_NOT_TOLD = frozenset({"form_token", "do"})
#: Documents under way that are named beside those of a case.
_MOST_DRAFTS = 5
#: Fields that the next form of a case begins with.
_KEPT = frozenset({*FIELDS, *LISTS, "approver", "signer", "signer_title", "clauses"})


def submit(
    store: Store,
    file: CaseFile,
    form: Mapping[str, str],
    *,
    by: str,
    keep: bool,
    knowledge: Sequence[str] = (),
) -> Job:
    """Have a document made from a form by a job; a form that was sent twice is one job.

    Args:
        form: as `making_of` takes it, and `supersedes`.
        keep: whether the case keeps it; else it is made to be looked at.

    Raises:
        CaseError: E455 at the field in which whoever makes it names themselves.
        UsageError: E457 and E458 as `making_of`, E459 for a type that is not there.
    """
    told = {name: text for name, text in form.items() if name not in _NOT_TOLD and text.strip()}
    paper_type(told.get("type", ""))
    for name in ("approver", "signer"):
        try:
            different(by, told.get(name, ""), name)
        except ProscribeError as problem:
            problem.at = name
            raise
    with making_of(told, author=by):
        pass  # what is wrong with the form is said to whoever sent it
    spec = DocumentJob(
        told["type"], file.case.id, by, stage=told.get("stage", ""), formats=("pdf", "docx", "md"), form=told,
        keep=keep, supersedes=told.get("supersedes", ""), knowledge=tuple(knowledge),
    )  # fmt: skip
    for one in jobs.of_case(store, file.case.id, JobKind.DOCUMENT):
        same = one.spec()
        if not one.state.over and isinstance(same, DocumentJob) and replace(same, made_at=None) == spec:
            return one
    return jobs.submit(store, spec, by=by)


def answers_of(type_: str) -> list[tuple[str, str, Mapping[str, str]]]:
    """Give what a document of a type answers: the name of the field, what is asked, and each answer in its own words."""
    if type_ not in TYPES:
        return []
    kind = paper_type(type_)
    asked = [one for one in kind.get("statements", ()) if one["id"] in kind.answers]
    return [
        (f"{ANSWER}{one['id']}", one["asks"].format(organisation="the organisation"), dict(one["says"]))
        for one in asked
    ]


def stages_of(type_: str) -> tuple[str, ...]:
    """Give the stages of a report on a clock, in their order; none of any other document."""
    return tuple(paper_type(type_).get("stages") or ()) if type_ in TYPES else ()


def known_values(cases: Cases, file: CaseFile, type_: str, anew: str = "") -> dict[str, str]:
    """Give what a form begins with: what the case, its documents and the last form of its kind said.

    What answers a question or lifts an obstacle is said for each document anew. Of a report on a clock it is the stage that comes
    after those that went out.

    Args:
        anew: the document of the case that is made anew, of whatever type it is; the new one takes its place.

    Raises:
        CaseError: E423 when the case has no such document.
    """
    old = record(file.documents, anew, "document", file.case.id) if anew else None
    of_old = {} if old is None else {"stage": old.stage, "supersedes": old.id}
    type_ = type_ if old is None else old.type
    known = {"uei": file.case.uei, "cage": file.case.cage, "contract": file.case.contract}
    known |= searched_in(cases, file)
    papers = sorted(
        cases.store.documents(),
        key=lambda one: (one.case_id == file.case.id, one.type == type_, one.built_at),
    )
    for one in papers[-1:]:
        known |= _told(json.loads(cases.store.blob(one.sha256)), of_case=one.case_id == file.case.id)
    forms = [form_of(one) for one in jobs.of_case(cases.store, file.case.id, JobKind.DOCUMENT)]
    last = next((one for one in forms if one.get("type") == type_), next(filter(None, forms), {}))
    kept = {name: text for name, text in last.items() if name in _KEPT}
    sent = {one.stage for one in file.documents if one.type == type_ and one.submitted_at is not None}
    stages = stages_of(type_)
    due = next((name for name in stages if name not in sent), stages[-1] if stages else "")
    made = {**known, **kept, "stage": due, **of_old, "type": type_}
    return {name: text for name, text in made.items() if text}


def _told(data: Mapping[str, Any], *, of_case: bool) -> dict[str, str]:
    """Give what a document says of who makes it, and under which contract where it is of the same case."""
    people = data.get("people") or {}
    told = {
        name: (data.get(part) or {}).get(key)
        for name, (part, key) in FIELDS.items()
        if part == "organisation" or (of_case and part == "contract")
    }
    for name in ("approver", "signer"):
        told[name] = (people.get(name) or {}).get("name")
    told["signer_title"] = (people.get("signer") or {}).get("title")
    return {
        name: text for name, text in told.items() if isinstance(text, str) and text and text != "not known"
    }


def form_of(job: Job) -> dict[str, str]:
    """Give what a person typed for the document of a job."""
    spec = job.spec()
    return dict(spec.form) if isinstance(spec, DocumentJob) else {}


def looked_at(store: Store, job: Job) -> Paper | None:
    """Give the document that a job made; `None` while there is none.

    Raises:
        CaseError: E479 when what came of the job was removed.
    """
    if job.state is not JobState.DONE:
        return None
    with jobs.result(store, job.id) as content:
        return paper_from_json(json.load(content))


def kept_as(file: CaseFile, paper: Paper) -> str:
    """Give the id under which a case keeps a document; empty where it does not."""
    return next((one.id for one in file.documents if one.sha256 == paper.digest), "")


def drafts(store: Store, file: CaseFile) -> list[Job]:
    """Give the newest documents of a case that are under way, or were made to be looked at since one of their type was kept."""
    kept = {one.sha256 for one in file.documents}
    over: set[str] = set()
    found = []
    for one in jobs.of_case(store, file.case.id, JobKind.DOCUMENT):
        type_ = form_of(one).get("type", "")
        if one.result_sha256 in kept:
            over.add(type_)
        elif type_ not in over:
            found.append(one)
    return found[:_MOST_DRAFTS]
