"""Makes the request file of a waiver from scans, described items and a plan.

The laydown is to be full and complete, so what was not searched stands against the request as it stands against a "does not".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from proscribe.documents.envelope import Draft, assemble, plain
from proscribe.documents.evidence import Seen, findings
from proscribe.documents.items import item_values
from proscribe.documents.law import PaperLaw
from proscribe.documents.obstacles import general, obstacle
from proscribe.documents.representations import finding_rows
from proscribe.model.errors import CaseError
from proscribe.model.papers import Obstacle, Paper, PaperInputs, PaperState, Question, WaiverAsked

_ROUTES = ("agency_head", "dni", "secretary_of_defense")


def build(inputs: PaperInputs, law: PaperLaw) -> Paper:
    """Make the document.

    Raises:
        CaseError: E450 to E458, E463, E464 for inputs it cannot be made from; E458 without a waiver that is asked for.
        InputError: E461 for a scan that is none.
    """
    asked = inputs.waiver_asked
    if asked is None or asked.route not in _ROUTES:
        raise CaseError(
            "E458",
            "the request does not say which waiver is asked for",
            expected="a route: " + ", ".join(_ROUTES),
            next_step="Say who is to grant it.",
        )
    seen = findings(inputs)
    laid = [
        one for one in seen if one.judgement is None or one.judgement.verdict not in ("different", "cleared")
    ]
    items = item_values(inputs, seen, {Question.USE: [] if inputs.items and not laid else laid})
    obstacles = [*_against(asked, items, inputs), *_search(inputs)]

    def body(state: PaperState) -> dict[str, Any]:
        return {
            "route": asked.route,
            "part": asked.part,
            "regime": asked.regime,
            "asked_of": asked.asked_of,
            "from_on": plain(asked.from_on),
            "to_on": plain(asked.to_on),
            "justification": asked.justification,
            "mission_effect": asked.mission_effect,
            "interim_measures": asked.interim_measures,
            "conditions": [_condition(one) for one in asked.readiness],
            "items": items,
            "laydown": _laydown(items, laid),
            "plan": [plain(one) for one in inputs.plan],
            "findings": finding_rows(laid, ()),
            "waivers": [plain(one) for one in inputs.waivers],
        }

    return assemble(inputs, law, Draft(body, obstacles))


def _condition(raw: Mapping[str, Any]) -> dict[str, Any]:
    missing = raw.get("missing")
    return {
        "title": str(raw.get("title", "")),
        "citation": str(raw.get("citation", "")),
        "met": raw.get("met") is True,
        "missing": [str(one) for one in missing] if isinstance(missing, (list, tuple)) else [],
        "ended": raw.get("ended") is True,
    }


def _laydown(items: Sequence[dict[str, Any]], laid: Sequence[Seen]) -> dict[str, Any]:
    entries = [
        {
            "item": item["id"],
            "name": item["name"],
            "producer": item["producer"]["name"],
            "kind": item["kind"],
            "site": item["site"],
            "quantity": item["quantity"],
            "records": len(item["finding_ids"]),
        }
        for item in items
    ]
    return {
        "entries": entries,
        "by_category": dict(sorted(Counter(one.category or "not known" for one in laid).items())),
        "by_system": dict(sorted(Counter(one.site or "not known" for one in laid).items())),
        "by_firm": dict(sorted(Counter(one.firm_name for one in laid).items())),
        "records": len(laid),
    }


def _against(asked: WaiverAsked, items: Sequence[dict[str, Any]], inputs: PaperInputs) -> Iterator[Obstacle]:
    if not asked.justification.strip():
        yield obstacle(
            "no-justification",
            "there is no compelling justification for the additional time",
            "Write it.",
            about=("justification",),
            overridable=False,
        )
    if not items:
        yield obstacle(
            "no-laydown",
            "the laydown is empty",
            "Scan the supply chain, or describe the items.",
            about=("laydown",),
            overridable=False,
        )
    if not inputs.plan:
        yield obstacle(
            "no-plan",
            "there is no phase-out plan",
            "Write the steps, each with a date and an owner.",
            about=("plan",),
            overridable=False,
        )
    for step in inputs.plan:
        lacks = [
            word
            for word, there in (("a date", step.by_on is not None), ("an owner", bool(step.owner.strip())))
            if not there
        ]
        if lacks and step.state != "done":
            yield obstacle(
                "step-open",
                f"step {step.id} of the plan has not {' or '.join(lacks)}: {step.what}",
                "Give it.",
                about=(step.id, *lacks),
            )
        if step.by_on is not None and asked.to_on is not None and step.by_on > asked.to_on:
            yield obstacle(
                "step-late",
                f"step {step.id} ends on {step.by_on.isoformat()}, after the waiver would end on {asked.to_on.isoformat()}",
                "Ask for a longer waiver, or plan the step earlier.",
                about=(step.id, step.by_on.isoformat()),
            )
    planned = {name for step in inputs.plan for name in step.finding_ids}
    for item in items:
        if inputs.plan and planned and item["finding_ids"] and not planned & set(item["finding_ids"]):
            yield obstacle(
                "item-unplanned",
                f"no step of the plan removes {item['name']}",
                "Plan it.",
                about=(item["id"],),
            )
    for condition in map(_condition, asked.readiness):
        if not condition["met"]:
            missing = condition["missing"]
            yield obstacle(
                "condition-not-met",
                f"{condition['title'] or 'a condition of the waiver'} is not met ({condition['citation']})"
                + (f"; {', '.join(missing)}" if missing else ""),
                "Meet it, or choose another route; a route that has ended cannot be used.",
                about=(condition["title"], condition["citation"]),
                overridable=not condition["ended"],
            )
    if not asked.readiness:
        yield obstacle(
            "conditions-unknown",
            "whether this waiver is available on the day was not checked",
            "Check the route against its conditions (proscribe decide with act.kind: waive).",
            about=("conditions", asked.route),
        )


def _search(inputs: PaperInputs) -> Iterator[Obstacle]:
    for one in general(inputs, Question.USE):
        if one.code in (
            "not-searched",
            "blind-spot",
            "scan-old",
            "knowledge-changed",
            "knowledge-overdue",
            "no-inquiry",
        ):
            yield obstacle(
                one.code,
                f"the laydown may not be complete: {one.what}",
                one.lift,
                about=(one.id,),
                evidence=one.evidence,
            )
