"""The request file of a waiver from scans, described items and a plan.

The laydown is to be full and complete, so what was not searched stands against the request as it stands against a "does not".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from proscribe.documents.envelope import Draft, plain
from proscribe.documents.evidence import Seen
from proscribe.documents.items import item_values
from proscribe.documents.making import Work
from proscribe.documents.obstacles import restated
from proscribe.model.errors import error
from proscribe.model.papers import Obstacle, PlanStep, Question, WaiverAsked

_ROUTES = ("agency_head", "dni", "secretary_of_defense")
_ASKED = (
    "route",
    "part",
    "regime",
    "asked_of",
    "from_on",
    "to_on",
    "justification",
    "mission_effect",
    "interim_measures",
)


def draft(work: Work) -> Draft:
    """Draft the request.

    Raises:
        CaseError: E458 without a waiver that is asked for.
    """
    inputs, asked = work.inputs, work.inputs.waiver_asked
    if asked is None or asked.route not in _ROUTES:
        raise error("E458.route", at="waiver_asked.route", routes=", ".join(_ROUTES))
    laid = [
        one
        for one in work.seen
        if one.judgement is None or one.judgement.verdict not in ("different", "cleared")
    ]
    items = item_values(inputs, work.seen, {Question.USE: [] if inputs.items and not laid else laid})
    conditions = [_condition(one) for one in asked.readiness]
    against = [
        *_parts(work, asked, items),
        *(one for step in inputs.plan for one in _step(work, asked, step)),
        *_unplanned(work, items),
        *_conditions(work, asked, conditions),
        *(restated(one, f"the laydown may not be complete: {one.what}") for one in work.search(Question.USE)),
    ]
    return Draft(
        lambda state: work.body(
            state,
            **{name: plain(getattr(asked, name)) for name in _ASKED},
            conditions=conditions,
            items=items,
            laydown=_laydown(items, laid),
            findings=work.rows(laid),
        ),
        against,
    )


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
    def by(names: Iterator[str]) -> dict[str, int]:
        return dict(sorted(Counter(name or "not known" for name in names).items()))

    return {
        "entries": [
            {
                "item": item["id"],
                "name": item["name"],
                "producer": item["producer"]["name"],
                **{name: item[name] for name in ("kind", "site", "quantity")},
                "records": len(item["finding_ids"]),
            }
            for item in items
        ],
        "by_category": by(one.category for one in laid),
        "by_system": by(one.site for one in laid),
        "by_firm": dict(sorted(Counter(one.firm_name for one in laid).items())),
        "records": len(laid),
    }


def _parts(work: Work, asked: WaiverAsked, items: Sequence[dict[str, Any]]) -> Iterator[Obstacle]:
    there = {
        "justification": bool(asked.justification.strip()),
        "laydown": bool(items),
        "plan": bool(work.inputs.plan),
    }
    for name in (name for name, is_there in there.items() if not is_there):
        yield work.obstacle(f"no-{name}", name)


def _step(work: Work, asked: WaiverAsked, step: PlanStep) -> Iterator[Obstacle]:
    told = {"a date": step.by_on is not None, "an owner": bool(step.owner.strip())}
    lacks = [word for word, there in told.items() if not there]
    if lacks and step.state != "done":
        yield work.obstacle(
            "step-open", step.id, *lacks, step=step.id, lacks=" or ".join(lacks), what=step.what
        )
    if step.by_on is not None and asked.to_on is not None and step.by_on > asked.to_on:
        day = step.by_on.isoformat()
        yield work.obstacle("step-late", step.id, day, step=step.id, day=day, ends=asked.to_on)


def _unplanned(work: Work, items: Sequence[dict[str, Any]]) -> Iterator[Obstacle]:
    planned = {name for step in work.inputs.plan for name in step.finding_ids}
    for item in items if planned else ():
        if item["finding_ids"] and not planned & set(item["finding_ids"]):
            yield work.obstacle("item-unplanned", item["id"], item=item["name"])


def _conditions(work: Work, asked: WaiverAsked, conditions: Sequence[dict[str, Any]]) -> Iterator[Obstacle]:
    for one in conditions:
        if not one["met"]:
            missing = f"; {', '.join(one['missing'])}" if one["missing"] else ""
            yield work.obstacle(
                "condition-not-met.ended" if one["ended"] else "condition-not-met",
                one["title"],
                one["citation"],
                condition=one["title"] or "a condition of the waiver",
                citation=one["citation"],
                missing=missing,
            )
    if not conditions:
        yield work.obstacle("conditions-unknown", "conditions", asked.route)
