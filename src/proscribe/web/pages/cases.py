"""Cases: what stands in one, what the law says of it, and what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from proscribe.model.decisions import Outcome
from proscribe.web.calls import Call, link

if TYPE_CHECKING:
    from proscribe.model.casework import CaseFile


def counted_at(file: CaseFile) -> dict[Outcome, str]:
    """Give where the findings of each outcome are listed; of a case without a scan there are none."""
    from proscribe.app.case.case_law import has_scan

    path = "/cases/{case_id}/findings"
    return (
        {
            one: link(
                path,
                [("outcome", each.value) for each in Outcome if each.counted is one],
                case_id=file.case.id,
            )
            for one in Outcome
            if one.counted is one
        }
        if has_scan(file)
        else {}
    )


#: What is to be done next: the page of the case, and what its link says.
_STEPS = {
    "put": ("/law", "Put all lists of the case to the law"),
    "ask": ("/law", "Ask the law what it says of what was found"),
    "judge": ("/findings", "Judge what was found"),
    "answer": ("/law", "Answer what the law asks"),
    "approve": ("/documents", "Have the document approved by somebody else"),
    "sign": ("/documents", "Have the document signed"),
    "document": ("/documents", "Make a document"),
}


def case(call: Call) -> Response:
    """Show a case: the law first, then findings by band, clocks and documents."""
    from proscribe.app.case.case_answers import answer_about, answer_page, next_step
    from proscribe.app.case.case_law import not_put
    from proscribe.app.case.case_reports import counted
    from proscribe.app.case.document_files import list_documents

    with call.cases() as cases:
        file = cases.case(call.path["case_id"])
        documents = list_documents(cases, file.case.id)
        answer = answer_about(cases, file)
        facets = cases.store.facets(file.case.id)
        running = cases.running(file)
        numbers = counted(cases, file)
        step = next_step(cases, file, answer, dict(facets.counts["verdict"]).get("", 0))
        events = cases.events(file.case.id)[-12:]
    return call.page(
        "case.html.j2", title=f"{file.case.id}: {file.case.title}", file=file, facets=facets, running=running,
        counted=numbers, step=step, steps=_STEPS, documents=documents,
        missed=not_put(file), answer=answer_page(answer, counted_at(file)) if answer is not None else ("", ""), events=events,
    )  # fmt: skip


def clocks(call: Call) -> Response:
    """Show what is due, soonest first, what may be due and no clock counts yet, and the days that rules set themselves."""
    from proscribe.app.case.case_answers import may_be_due
    from proscribe.app.case.rule_days import rule_days

    with call.cases() as cases:
        due, perhaps, of_rules = cases.deadlines(), may_be_due(cases), rule_days(cases)
    return call.page("clocks.html.j2", title="Clocks", due=due, perhaps=perhaps, of_rules=of_rules)
