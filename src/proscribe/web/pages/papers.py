"""Documents of a case: made with what stands against each, how each stands, its files, and what waits for a key."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from proscribe.model.accounts import Role
from proscribe.model.errors import CaseError, ProscribeError, error
from proscribe.model.jobs import JobKind
from proscribe.model.papers import PaperState
from proscribe.web.calls import Call, go, job_of, link, status_of
from proscribe.web.days import instant_of
from proscribe.wording.safe import file_name

if TYPE_CHECKING:
    from proscribe.app.case.cases import Cases
    from proscribe.app.case.document_offers import Offers
    from proscribe.model.casework import CaseFile
    from proscribe.model.jobs import Job
    from proscribe.model.papers import Obstacle, Paper
    from proscribe.model.results import StatedFact

#: A file is data, whatever it holds: no browser shows it in place, guesses what it is, or runs what stands in it.
_AS_DATA = {"x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'; sandbox"}


def documents(call: Call) -> Response:
    """List the documents of a case with how they stand, who made and approved them, and their files."""
    from proscribe.app.background.document_jobs import drafts
    from proscribe.app.case import pending
    from proscribe.app.case.case_law import stated_country
    from proscribe.app.case.document_files import (
        document_types,
        documents_wanted,
        file_names,
        types_by_nation,
    )
    from proscribe.app.case.document_steps import standings

    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
        found = standings(cases, file.case.id, person=call.person)
        here, elsewhere = types_by_nation(stated_country(file))
        waiting = pending.listed(cases, case_id=file.case.id)
        proved = bool(cases.store.roster())
        begun = drafts(cases.store, file)
        mine = {one.id for one in waiting if cases.store.same_person(one.by, call.person)}
    return call.page(
        "documents.html.j2", title=f"Documents of {file.case.id}", file=file, documents=found, names=file_names,
        waiting=waiting, types=document_types(), here_of_use=here, elsewhere=elsewhere,
        wanted=sorted(documents_wanted(), key=lambda one: one.type in elsewhere), proved=proved, begun=begun,
        mine=mine, signed=bool(call.asked("signed")),
    )  # fmt: skip


def document(call: Call) -> Response:
    """Ask for what a document is made from; with the document as it reads, and what stands against it, where a job made it."""
    from proscribe.app.background.document_jobs import form_of, kept_as, known_values, looked_at
    from proscribe.app.case.document_offers import named_by_law, offers

    case_id = call.path["case_id"]
    with call.cases() as cases:
        file = cases.case(case_id)
        job = job_of(call, cases, JobKind.DOCUMENT) if call.asked("job") else None
        anew = next((one for one in file.documents if one.id == call.asked("anew")), None)
        asked = anew.type if anew is not None else call.asked("type")
        offered = offers(
            cases,
            file,
            form_of(job).get("type", "") if job is not None else asked,
            _sees(call),
            _known(cases, file),
        )
        begun = (
            known_values(cases, file, call.asked("type"), call.asked("anew"), offered)
            if job is None
            else None
        )
        form = begun.fields if begun is not None else form_of(job) if job is not None else {}
        paper = looked_at(cases.store, job) if job is not None else None
        if paper is not None and kept_as(file, paper):
            return go("/cases/{case_id}/documents", case_id=case_id)
        goes_to = named_by_law(cases, file, form)
        stated = _stated(cases, file, paper)
    return _form(
        call, file, form, job, paper, offered, goes_to, stated, read_since=begun.read_since if begun else ()
    )


#: Boxes for things that the rows of a form have in all; with more of them they are named in a line.
_MOST_BOXES = 600
#: Findings that an address names; of more the list of all is shown.
_MOST_MEANT = 100
#: Where an obstacle is lifted, by what its kind declares, and what the link says.
_REMEDIES = {
    "law": ("/cases/{case_id}/law", "Answer what the law asks"),
    "law_key": ("/cases/{case_id}/law#key", "State it with a key, and have it approved"),
    "findings": ("/cases/{case_id}/findings", "Judge it among the findings"),
    "mentions": ("/cases/{case_id}/mentions", "Look at the mentions"),
    "devices": ("/cases/{case_id}/devices", "Look at the devices"),
    "runs": ("/cases/{case_id}/runs", "Look at the runs"),
    "suppliers": ("/cases/{case_id}/suppliers", "Ask the suppliers"),
    "files": ("/", "Hand files in, and take them into this case"),
    "people": ("/people", "The roster, and how it is begun"),
    "clocks": ("/clocks", "Look at the clocks"),
    "waivers": ("/cases/{case_id}/waivers", "Write the request, and see what its route asks for"),
    "cases": ("/", "Open the other case"),
    "kept_runs": ("/", "Open the run, and a case from it"),
    "knowledge": ("/why", "Look into the knowledge"),
    "answers": ("#answers", "Answer it below"),
    "form": ("#made-from", "Fill it in below"),
    "gaps": ("#gaps", "Fill it in below"),
    "contract": ("#clauses", "State the clauses below"),
    "items": ("#described", "Describe it below"),
    "inquiry": ("#searched", "Say below what was searched"),
    "approver": ("#approver", "Name who approves it below"),
    "file": ("#as-file", "State it as a file below"),
}


def _known(cases: Cases, file: CaseFile) -> Callable[[], Sequence[str]]:
    """Give what names the customers that a case knows."""
    from proscribe.app.background.customers import addressees_of, customers_of

    return lambda: addressees_of(customers_of(cases, file))


def _sees(call: Call) -> Callable[[str], bool]:
    """Tell of a case whether whoever asks may see it."""
    return lambda case_id: call.actor.may(Role.VIEWER, case_id)


def place_of(remedy: str) -> tuple[str, str]:
    """Give where an obstacle is lifted and what the link says, by what its kind declares: a page, or a field of the form."""
    return _REMEDIES.get(remedy, (f"#{remedy}", "Fill it in below"))


def _stated(cases: Cases, file: CaseFile, paper: Paper | None) -> Sequence[StatedFact]:
    """Give what was stated for the newest answer of the law; nothing where no paper waits for it."""
    from proscribe.app.case.case_law import open_questions

    asked = open_questions(cases, file) if paper is not None and paper.obstacles else None
    return asked.stated if asked is not None else ()


def _remedy(
    case_id: str,
    paper: Paper,
    fields: bool,
    form: Mapping[str, str],
    stated: Sequence[StatedFact],
    group: Mapping[str, Any],
) -> tuple[str, str, str]:
    """Say how a group of obstacles is lifted: in words, with an address and the words of its link.

    Args:
        fields: whether the page has fields for what the document does not know yet.
        form: as the page shows it.
        stated: what was stated for the newest answer of the law.
    """
    from proscribe.app.background.document_jobs import remedy_of, without_commands
    from proscribe.app.case.document_offers import filled_by, row_about

    found = [
        each
        for each in paper.obstacles
        if (each.code, each.lift, each.overridable) == (group["code"], group["lift"], group["overridable"])
    ]
    where = remedy_of(paper.type, found[0])
    asked = next((name for place in found[0].evidence if (name := filled_by(paper.type, place))), "")
    if where == "form":
        where = asked or ("gaps" if fields else where)
    address, words = place_of(where)
    if row := row_about(paper.type, where, form, found[0].evidence):
        address = f"#{row}"
    ids = dict.fromkeys(name for each in found for name in each.evidence if name.startswith("f_"))
    meant = [("finding", name) for name in ids] if where == "findings" and len(ids) <= _MOST_MEANT else []
    if where == "law":
        from proscribe.app.case.paper_questions import asked_at_the_law

        meant, wanted = asked_at_the_law(paper, found, stated)
        words = wanted or words
    if address.startswith("#"):
        return without_commands(group["lift"]), address, words
    path, mark, part = address.partition("#")
    return without_commands(group["lift"]), f"{link(path, meant, case_id=case_id)}{mark}{part}", words


def _form(
    call: Call, file: CaseFile, form: Mapping[str, str], job: Job | None, paper: Paper | None, offered: Offers,
    goes_to: str, stated: Sequence[StatedFact] = (), problem: ProscribeError | None = None, read_since: Sequence[str] = (),
) -> Response:  # fmt: skip
    from proscribe.app.background.document_jobs import answers_of, stages_of
    from proscribe.app.case.case_law import stated_country
    from proscribe.app.case.document_files import document_types, laid_out, told_outside
    from proscribe.app.case.document_offers import groups_of_use, left_out, needed_in, numbers, rows_to_settle
    from proscribe.app.case.pending import too_long_to_sign
    from proscribe.app.papers.document_gaps import gaps_of
    from proscribe.app.papers.signed_alike import signed_and_standing

    type_ = form.get("type", "")
    gaps = gaps_of(paper, form) if paper is not None else None
    form = {**form, **rows_to_settle(type_, form, paper)} if paper is not None else form
    pages = laid_out(paper).blocks if paper is not None else ()
    beside, by_name = told_outside(paper, file.case.id) if paper is not None else (0, ())
    annex = next((number for number, one in enumerate(pages) if getattr(one, "new_page", False)), len(pages))
    blocks = [(type(one).__name__, one) for one in pages]
    fields = bool(gaps and gaps.groups)
    remedy = partial(_remedy, file.case.id, paper, fields, form, stated) if paper is not None else None
    return call.page(
        "document.html.j2", status_of(problem) if problem else 200, problem=problem, at_field=_at_field(type_, form, job),
        against=_against(paper) if paper is not None else {}, sought=_sought(paper) if paper is not None else {},
        title=f"A document of {file.case.id}", file=file, types=document_types(), form=form, read_since=read_since,
        too_long=too_long_to_sign(paper) if paper is not None and paper.state is not PaperState.REFUSED else "",
        signed=[one for one in signed_and_standing(file.documents) if one.type == type_ and not form.get("supersedes")],
        job=job, paper=paper, beside=beside, by_name=by_name, answers=answers_of(type_), offered=offered, named_by_law=goes_to,
        stages=stages_of(type_), remedy=remedy, summary=blocks[:annex], numbers=numbers,
        asked=groups_of_use(type_, stated_country(file), form),
        needed=needed_in(type_), boxes=partial(_boxes, offered), customers=partial(_customers, offered),
        annex=blocks[annex:], gaps=gaps, left_out=left_out(type_, offered.things),
        fieldless=partial(_fieldless, type_, gaps.places if gaps is not None else frozenset()),
    )  # fmt: skip


def _at_field(type_: str, form: Mapping[str, str], job: Job | None) -> str:
    """Name the field at which a document failed; empty where no field of the form takes what it wants."""
    from proscribe.app.case.document_offers import field_at

    at = (job.error_at or "") if job is not None else ""
    return field_at(type_, at.rpartition("(")[2].rstrip(")"), form) if at else ""


def _customers(offered: Offers, text: str) -> list[tuple[str, str]]:
    """Give the customers to choose from; what was chosen stays, also where the case knows it no more."""
    return [(one, one) for one in dict.fromkeys([*offered.customers, *filter(None, [text])])]


def _boxes(offered: Offers, text: str, rows: int) -> list[tuple[str, str, bool]]:
    """Give the boxes of the things of a row: findings, words, whether they are chosen; none where these are too many.

    Args:
        text: the findings that the row names, as its field holds them.
        rows: how many rows there are.
    """
    if not offered.things or len(offered.things) * rows > _MOST_BOXES:
        return []
    left = dict.fromkeys(one.strip() for one in text.split(",") if one.strip())
    made = []
    for thing in offered.things:
        ids = thing.ids.split(", ")
        chosen = all(one in left for one in ids)
        for one in ids if chosen else ():
            del left[one]
        made.append((thing.ids, f"{thing.what}, {thing.site}" if thing.site else thing.what, chosen))
    # What is named in part, or is of no thing that stands any more, stays until somebody takes it out.
    return made + [(one, one, True) for one in left]


def _fieldless(type_: str, filled: Container[str], one: Obstacle) -> bool:
    """Tell whether an obstacle asks for something that no field of the page takes."""
    from proscribe.app.case.document_offers import filled_by

    return one.code == "element-missing" and any(
        place not in filled and not place.startswith("/body/representations") and not filled_by(type_, place)
        for place in one.evidence
    )


def _against(paper: Paper) -> dict[tuple[str, str, bool], list[tuple[Obstacle, str, str]]]:
    """Gather obstacles by what lifts them; what is said against several answers alike stands once.

    Returns:
        Code, lift and whether it can be overridden, to each obstacle with the ids of all that say the same, and the answers that
        they stand against.
    """
    from proscribe.app.papers.documents import said_once

    against: dict[tuple[str, str, bool], list[tuple[Obstacle, str, str]]] = {}
    for same in said_once(paper.obstacles):
        first = same[0]
        ids = " ".join(dict.fromkeys(one.id for one in same))
        questions = " and ".join(dict.fromkeys(name for one in same for name in one.questions))
        against.setdefault((first.code, first.lift, first.overridable), []).append((first, ids, questions))
    return against


def _sought(paper: Paper) -> dict[str, str]:
    """Give the answers that a document was weighed with, by the field of each."""
    from proscribe.app.background.document_jobs import ANSWER

    said = (paper.data.get("body") or {}).get("representations") or {}
    return {f"{ANSWER}{name}": one.get("sought", "") for name, one in said.items()}


def make(call: Call) -> Response:
    """Have a document made by a job: to be looked at with what stands against it, or to be kept; or give the form another row."""
    from proscribe.app.background import jobs
    from proscribe.app.background.document_jobs import looked_at, submit
    from proscribe.app.case.document_form import STATED
    from proscribe.app.case.document_offers import named_by_law, offers, with_rows
    from proscribe.app.papers.document_gaps import spread

    case_id, told, wish = call.path["case_id"], spread(dict(call.form)), call.sent("do")
    with call.cases() as cases:
        file = cases.case(case_id)
        offered, goes_to = (
            offers(cases, file, told.get("type", ""), _sees(call), _known(cases, file)),
            named_by_law(cases, file, told),
        )
        rows = with_rows(told.get("type", ""), told, wish)
        if rows is not None:
            named = told.get("job", "")
            job = jobs.job_of_case(cases.store, case_id, JobKind.DOCUMENT, named) if named else None
            paper = looked_at(cases.store, job) if job is not None else None
            return _form(call, file, rows, job, paper, offered, goes_to, _stated(cases, file, paper))
        try:
            job = submit(
                cases.store, file, told, by=call.person, keep=wish == "keep", knowledge=call.settings.knowledge,
                sees=_sees(call),
            )  # fmt: skip
        except ProscribeError as problem:  # what was typed stands there still
            if problem.at.startswith(STATED):
                problem.what, problem.at = (
                    f"{problem.what} ({problem.at.removeprefix(STATED).strip(':')})",
                    "stated",
                )
            return _form(call, file, told, None, None, offered, goes_to, problem=problem)
    return go("/cases/{case_id}/document", [("job", job.id)], case_id=case_id)


def approve(call: Call) -> Response:
    """Approve a document; where that takes a key, it waits for it."""
    from proscribe.app.case import pending

    case_id, document_id = call.path["case_id"], call.path["document_id"]
    with call.cases() as cases:
        try:
            cases.approve(case_id, document_id, by=call.person)
        except ProscribeError as problem:
            if not pending.needs_a_key(problem):
                raise
            made = pending.ask(cases, pending.Deed.APPROVE, case_id, {"record": document_id}, by=call.person)
            return go("/cases/{case_id}/pending/{pending_id}", case_id=case_id, pending_id=made.id)
        of_the_law = any(one.id == document_id for one in cases.case(case_id).determinations)
    return go("/cases/{case_id}/law" if of_the_law else "/cases/{case_id}/documents", case_id=case_id)


def ask_to_sign(call: Call) -> Response:
    """Have a document wait for the key of who signs it, which never comes here."""
    from proscribe.app.case import pending

    case_id, document_id = call.path["case_id"], call.path["document_id"]
    told = {"record": document_id, "title": call.sent("signer_title")}
    with call.cases() as cases:
        made = pending.ask(cases, pending.Deed.SIGN, case_id, told, by=call.person)
    return go("/cases/{case_id}/pending/{pending_id}", case_id=case_id, pending_id=made.id)


def sent(call: Call) -> Response:
    """Say that a document went out: its deadline is met, and the clock of what follows it starts."""
    case_id = call.path["case_id"]
    with call.cases() as cases:
        file = cases.case(case_id)
        cases.submit(
            case_id, document_id=call.path["document_id"], to=call.sent("to"), by=call.person,
            version=file.case.version, stated_at=instant_of(call.sent("at"), file.case.zone),
        )  # fmt: skip
    return go("/cases/{case_id}/documents", case_id=case_id)


def drop(call: Call) -> Response:
    """Take back what waits for a key."""
    from proscribe.app.case import pending

    with call.cases() as cases:
        pending.drop(cases.store, call.path["pending_id"], case_id=call.path["case_id"])
    return go("/cases/{case_id}/documents", case_id=call.path["case_id"])


def bundle(call: Call) -> Response:
    """Give the signed bundle of a document, to be saved.

    Raises:
        UsageError: E419 when there is none here.
    """
    from proscribe.app.case import pending

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
    """Have a job check a bundle that was handed in: does it still say what was signed, and by whom?

    Raises:
        UsageError: E419 when there is no such file.
    """
    from proscribe.app.background import check_jobs, uploads

    with call.cases() as cases:
        held = uploads.upload(cases.store, call.path["upload_id"])
        job = check_jobs.ask_of_upload(
            cases.store, held, call.sent("file"), call.sent("fingerprint"), by=call.person
        )
    return go("/verify/{job_id}", job_id=job.id)


def hand_in(call: Call, bundles: Sequence[tuple[str, Iterable[bytes]]], fingerprint: str) -> Response:
    """Have a job check bundles that are handed in for this alone; none of them is kept when it is over.

    Args:
        bundles: name and content, in pieces, of each.
        fingerprint: of the signer's key; empty where it is not known.

    Raises:
        UsageError: E415 when there is no file, or too many.
    """
    from proscribe.app.background import check_jobs

    with call.cases(create=True) as cases:
        job = check_jobs.ask(cases.store, bundles, fingerprint, by=call.person)
    return go("/verify/{job_id}", job_id=job.id)


def check(call: Call) -> Response:
    """Ask for a bundle, to say of it what it is and whether it is as it was signed; with the checks before."""
    from proscribe.app.background.check_jobs import asked_for

    before: list[Job] = []
    try:
        with call.cases() as cases:
            before = asked_for(cases.store, by=call.person)
    except CaseError as problem:
        if problem.code != "E420":  # nothing was kept yet
            raise
    return _check_page(call, None, [], before)


def checked(call: Call) -> Response:
    """Say how far a check is, or what came of it: what each bundle is, and whether it is as it was signed.

    Raises:
        CaseError: E475 when whoever works here asked for no such check.
    """
    from proscribe.app.background import check_jobs

    with call.cases() as cases:
        job = check_jobs.own(cases.store, call.path["job_id"], by=call.person)
        made = check_jobs.checked(cases.store, job)
    return _check_page(call, job, made, [])


def end_check(call: Call) -> Response:
    """Have a check end."""
    from proscribe.app.background import check_jobs, jobs

    with call.cases() as cases:
        job = check_jobs.own(cases.store, call.path["job_id"], by=call.person)
        jobs.cancel(cases.store, job.id)
    return go("/verify/{job_id}", job_id=job.id)


def _check_page(
    call: Call, job: Job | None, made: Sequence[Mapping[str, Any]], before: Sequence[Job]
) -> Response:
    from proscribe.app.background.check_jobs import spec_of
    from proscribe.app.background.document_jobs import without_commands

    return call.page(
        "verify.html.j2", title="Is it as it was signed?", job=job, made=made, before=before,
        spec=spec_of(job) if job is not None else None, spec_of=spec_of, plainly=without_commands,
    )  # fmt: skip


def kept_file(call: Call) -> Response:
    """Give a file of a document as it was made, to be saved and not shown.

    Raises:
        CaseError: E423 when there is no such document; E442 when its bytes are missing or altered.
        UsageError: E419 when it has no file of that name.
    """
    from proscribe.app.case.document_files import export_document

    with call.cases() as cases:
        files = export_document(cases, call.path["case_id"], call.path["document_id"])
    name = call.path["name"]
    if name not in files:
        raise error("E419", asked=name[:80])
    return saved(files[name], f"{file_name(call.path['document_id'])}-{name}")
