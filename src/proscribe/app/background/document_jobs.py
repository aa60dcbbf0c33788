"""Documents that jobs make from what a person typed into a form: to be looked at first, and to be kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from proscribe.app.background import jobs
from proscribe.app.case.document_form import ANSWER, making_of
from proscribe.app.case.document_offers import NOTHING, Offers, asked_for, seeded
from proscribe.app.case.searched import searched_anew, searched_in
from proscribe.app.papers.document_statements import read_statements
from proscribe.app.papers.organisation import answers_for
from proscribe.app.rules.facts_file import case_facts
from proscribe.casework.lifecycle import record
from proscribe.documents import TYPES, paper_from_json, paper_law, paper_type
from proscribe.documents.asks import field_of, groups_of, row_of, single_fields, typed_of, values_in
from proscribe.documents.checks import different
from proscribe.documents.elements import at
from proscribe.documents.grouping import remedy_of, without_commands
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.errors import CaseError, ProscribeError, error
from proscribe.model.jobs import DocumentJob, Job, JobKind, JobState
from proscribe.model.organisations import ContractRef
from proscribe.model.papers import Paper
from proscribe.model.people import names_a_person
from proscribe.rules.citations import parse

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.casework.store import Store
    from proscribe.model.casework import CaseFile

__all__ = [
    "ANSWER", "answers_of", "drafts", "form_of", "kept_as", "known_values", "looked_at", "remedy_of", "stages_of", "submit",
    "without_commands",
]  # fmt: skip

#: What a browser sends with a form that is no part of a document.
_NOT_TOLD = frozenset({"form_token", "do", "job"})
#: Documents under way that are named beside those of a case.
_MOST_DRAFTS = 5
#: The field of the clauses of a contract, and the title of the code in which a citation or a bare number of a clause stands.
_CLAUSES = "clauses"
_TITLE = re.compile(r"(?P<title>\d+ CFR)\b|(?:RFO )?(?P<clause>\d+\.\d+-\d)")
#: Parts of a document that says who makes it, whatever its case; and those of its contract.
_WHO, _CONTRACT = "organisation", "contract"
#: The field of what was searched.
_SEARCHED = "searched"


def submit(
    store: Store,
    file: CaseFile,
    form: Mapping[str, str],
    *,
    by: str,
    keep: bool,
    knowledge: Sequence[str] = (),
    sees: Callable[[str], bool] = lambda case_id: True,
) -> Job:
    """Have a document made from a form by a job; a form that was sent twice is one job.

    Args:
        form: as `making_of` takes it, and `supersedes`.
        keep: whether the case keeps it; else it is made to be looked at.
        sees: whether whoever makes it may see a case, by its id: nobody discloses another.

    Raises:
        CaseError: E423 for a case that is to be disclosed, and that whoever makes it may not see.
        CaseError: E455 at the field in which whoever makes it names themselves; E452, E453 at that of clauses it cannot rest on.
        UsageError: E457 and E458 as `making_of`, E459 for a type that is not there.
    """
    told = {name: text for name, text in form.items() if name not in _NOT_TOLD and text.strip()}
    paper_type(told.get("type", ""))
    for name in ("approver", "signer"):
        try:
            different(by, told.get(name, ""), name)
        except ProscribeError as problem:
            if names_a_person(by):
                problem.at = name
            raise
    with making_of(told, author=by) as making:  # what is wrong with the form is said to whoever sent it
        others = {one.id for one in store.cases() if not sees(one.id)}
        stated = [read_statements(place).value for place in making.files]
        _refuse_unnamed(told["type"], stated)
        _refuse_other_clauses(told["type"], stated, file, knowledge)
        for one_file in stated:
            named = one_file.get("disclosed")
            for one in named if isinstance(named, list) else ():
                if one in others:
                    raise error("E423.case", at="disclosed", case_id=one)
    spec = DocumentJob(
        told["type"], file.case.id, by, stage=told.get("stage", ""), formats=("pdf", "docx", "md"), form=told,
        keep=keep, supersedes=told.get("supersedes", ""), knowledge=tuple(knowledge),
    )  # fmt: skip
    for one in jobs.of_case(store, file.case.id, JobKind.DOCUMENT):
        same = one.spec()
        if not one.state.over and isinstance(same, DocumentJob) and replace(same, made_at=None) == spec:
            return one
    return jobs.submit(store, spec, by=by)


def _refuse_unnamed(type_: str, stated: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a document of nobody at the field that says whose it is, before a job is made of it.

    Raises:
        CaseError: E458.
    """
    named = (one.get(_WHO) for one in stated)
    if not any(isinstance(who, Mapping) and str(who.get("name") or "").strip() for who in named):
        raise error("E458.needed", at=_WHO, label=single_fields(type_)[_WHO].label)


def _refuse_other_clauses(
    type_: str, stated: Sequence[Mapping[str, Any]], file: CaseFile, knowledge: Sequence[str]
) -> None:
    """Refuse clauses that the document cannot rest on at their field, before all that it rests on is read.

    Raises:
        CaseError: E452, E453 as `PaperLaw.edition`.
    """
    told = [one for each in stated if isinstance(one := each.get(_CONTRACT), Mapping) and one.get("clauses")]
    clauses = told[-1]["clauses"] if told else case_facts(file.case).get("contract.clauses") or ()
    if not isinstance(clauses, (list, tuple)) or not clauses or paper_type(type_).get("under"):
        return
    try:
        law = paper_law(open_knowledge(knowledge), type_)
        law.edition(ContractRef(clauses=tuple(map(str, clauses))), file.case.as_of)
    except CaseError as problem:
        problem.at = _CLAUSES
        raise


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


@dataclass(frozen=True, slots=True)
class Begun:
    """What a form begins with.

    Attributes:
        fields: name to text.
        read_since: names of the files that scans read since somebody said last what was searched.
    """

    fields: Mapping[str, str]
    read_since: tuple[str, ...] = ()


def known_values(
    cases: Cases, file: CaseFile, type_: str, anew: str = "", offered: Offers = NOTHING
) -> Begun:
    """Give what a form begins with: what the case, its documents and the last form of its kind said.

    What was searched is brought up to the scans that came since it was said. What answers a question or lifts an obstacle is said
    for each document anew, and what is said of one product for each but the one that takes its place. Of a report on a clock it
    is the stage that comes after those that went out.

    Args:
        anew: the document of the case that is made anew, of whatever type it is; the new one takes its place.
        offered: what the case offers to the fields.

    Raises:
        CaseError: E423 when the case has no such document.
    """
    old = record(file.documents, anew, "document", file.case.id) if anew else None
    of_old = {} if old is None else {"stage": old.stage, "supersedes": old.id}
    type_ = type_ if old is None else old.type
    known = {
        "uei": file.case.uei,
        "cage": file.case.cage,
        _WHO: answers_for(cases) or cases.configured.organisation.name,
    }
    known |= {name: text for name, text in _contract_of(file).items() if field_of(type_, name)}
    known |= {name: text for name, text in asked_for(file.waivers).items() if field_of(type_, name)}
    known |= searched_in(cases, file)
    said_at: datetime | None = None
    papers = sorted(
        cases.store.documents(),
        key=lambda one: (one.case_id == file.case.id, one.type == type_, one is old, one.built_at),
    )
    for one in papers[-1:]:
        of_case = one.case_id == file.case.id
        told = _told(
            type_,
            json.loads(cases.store.blob(one.sha256)),
            of_case=of_case,
            of_type=of_case and one.type == type_,
            same=old is not None,
        )
        known |= told
        said_at = one.built_at if _SEARCHED in told else None
    made = [(form_of(one), one) for one in jobs.of_case(cases.store, file.case.id, JobKind.DOCUMENT)]
    of_old_form = next(
        (
            (form, job)
            for form, job in made
            if old is not None and (job.result_sha256 == old.sha256 or form.get("supersedes") == old.id)
        ),
        None,
    )
    of_type = next((one for one in made if one[0].get("type") == type_), None)
    last, of_job = of_old_form or of_type or next((one for one in made if one[0]), ({}, None))
    kept = {
        name: text
        for name, text in last.items()
        if (asks := field_of(type_, name))
        and not asks.anew
        and (of_old_form is not None or not _is_of_the_same(type_, name))
    }
    if last.get("type") != type_ and _CLAUSES in kept:
        kept[_CLAUSES] = ", ".join(
            _of_title(values_in(type_, kept), [one.by for one in paper_type(type_).wanted])
        )
    # Rows are those of the one or the other, never of both.
    with_rows = {row[0] for name in kept if (row := row_of(name)) is not None}
    known = {
        name: text for name, text in known.items() if (row := row_of(name)) is None or row[0] not in with_rows
    }
    sent = {one.stage for one in file.documents if one.type == type_ and one.submitted_at is not None}
    stages = stages_of(type_)
    due = next((name for name in stages if name not in sent), stages[-1] if stages else "")
    begun = {**known, **kept, "stage": due, **of_old, "type": type_}
    begun |= seeded(type_, begun, offered.things)
    if _SEARCHED in kept and of_job is not None:
        said_at = of_job.created_at
    anew_read, since = searched_anew(cases, file, begun, said_at) if said_at is not None else ({}, ())
    return Begun({name: text for name, text in (begun | anew_read).items() if text}, since)


def _contract_of(file: CaseFile) -> dict[str, str]:
    """Give the fields of the contract that a case is about, as a document prints them where they are left empty."""
    agency = case_facts(file.case).get("contract.agency")
    return {"contract": file.case.contract, "agency": agency if isinstance(agency, str) else ""}


def _of_title(values: Mapping[str, Any], wanted: Iterable[str]) -> list[str]:
    """Give the clauses of values that stand in a title of the code in which a document is asked for; all where none is named.

    A number alone is one of the acquisition regulations, as contracts list them.
    """
    titles = {title for one in wanted if (title := _title(one))}
    clauses = (values.get(_CONTRACT) or {}).get(_CLAUSES) or ()
    return [one for one in clauses if not titles or _title(one) in {"", *titles}]


def _title(text: str) -> str:
    """Give the title of the code of a citation or clause, `2 CFR`; empty where it is in none."""
    found = _TITLE.match(parse(text).base)
    return "" if found is None else "48 CFR" if found["clause"] else found["title"]


def _is_of_the_same(type_: str, name: str) -> bool:
    """Tell whether what a field says is said of one product, which another document need not be about."""
    row, asks = row_of(name), field_of(type_, name)
    group = next((one for one in groups_of(type_) if row is not None and one.name == row[0]), None)
    return (asks is not None and asks.same) or (group is not None and group.same)


def _told(
    type_: str, data: Mapping[str, Any], *, of_case: bool, of_type: bool, same: bool = False
) -> dict[str, str]:
    """Give what a document says of who makes it, of the contract where it is of this case, and all where it is of the type.

    Args:
        same: whether the new document takes the place of this one: then also what is said of one product.
    """
    people = data.get("people") or {}
    told: dict[str, Any] = {}
    for name, one in single_fields(type_).items():
        part, *rest = one.to or ("",)
        if part == _WHO or (of_case and part == _CONTRACT and len(rest) == 1):
            told[name] = (data.get(part) or {}).get(rest[0])
        elif (
            of_type
            and not one.anew
            and (same or not one.same)
            and (place := next((one for one in one.fills if one.startswith("/body/")), ""))
        ):
            told[name] = at(data, place)
    for name in ("approver", "signer"):
        told[name] = (people.get(name) or {}).get("name")
    told["signer_title"] = (people.get("signer") or {}).get("title")
    for group in groups_of(type_) if of_type else ():
        for place in group.fills if same or not group.same else ():
            told |= dict(typed_of(group, at(data, place)))
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
