"""The products and services that a disclosure or a report is about: as people describe them, completed from findings."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from proscribe.devices.things import fullest, how_many, things
from proscribe.documents.checks import NOT_KNOWN
from proscribe.documents.envelope import plain
from proscribe.documents.evidence import Seen, cut, off_the_count
from proscribe.documents.grounds import judged_as
from proscribe.documents.obstacles import obstacle
from proscribe.documents.representations import Said
from proscribe.model.canonical import digest
from proscribe.model.errors import error
from proscribe.model.papers import Answer, Item, Obstacle, PaperInputs, Question, ReportEvent

#: What is only named is no item of equipment, and no element of a disclosure is asked of it.
NAMED = "named"
_KINDS = ("equipment", "maintenance_service", "service", NAMED)
_KIND_SAID = {NAMED: "only named"}
#: Texts of different findings that are written beside each other, where one item may have several.
_SIDE_BY_SIDE = 3
_SERVICES = frozenset(["telecommunications_service", "video_surveillance_service"])


def item_values(
    inputs: PaperInputs, seen: Sequence[Seen], needed: Mapping[Question, Sequence[Seen]]
) -> list[dict[str, Any]]:
    """Write the items: those that were described, then one for each kind of thing found and not described.

    Args:
        seen: every finding, for completing.
        needed: findings that must be among the items, by question.

    Raises:
        CaseError: E458 when two items have one id, an item names a kind that is not one, or a finding that is not there is
            named or to be disclosed.
    """
    by_id = {one.id: one for one in seen}
    cases = {one.case_id for one in inputs.store.beside} if inputs.store else set()
    if unknown := [name for name in inputs.disclosed if name not in by_id and name not in cases]:
        raise error("E458.disclosed", unknown=unknown[0][:40])
    values: list[dict[str, Any]] = []
    described = still_asked(inputs.items, needed)
    for item in described:
        if item.kind not in _KINDS or any(value["id"] == item.id for value in values) or not item.id:
            raise error("E458.item", id=item.id[:40], kind=item.kind[:40], kinds=", ".join(_KINDS))
        unknown = [name for name in item.finding_ids if name not in by_id]
        if unknown:
            raise error("E458.finding", id=item.id[:40], unknown=unknown[0][:40])
        values.append(_value(item, [by_id[name] for name in item.finding_ids]))
    return values + _undescribed(described, needed)


def still_asked(items: Iterable[Item], needed: Mapping[Question, Sequence[Seen]]) -> list[Item]:
    """Say of each item that names no question which ones it concerns: those that need a finding of it.

    Findings of such an item that none needs are left out, and so is an item of which nothing is left.
    """
    by_question = {question: {one.id for one in found} for question, found in needed.items()}
    wanted = set[str]().union(*by_question.values())
    made = []
    for item in items:
        if not item.concerns:
            ids = tuple(name for name in item.finding_ids if name in wanted)
            concerns = tuple(one for one in Question if by_question.get(one, set()).intersection(ids))
            item = replace(item, finding_ids=ids, concerns=concerns)
        if item.concerns:
            made.append(item)
    return made


def _undescribed(items: Iterable[Item], needed: Mapping[Question, Sequence[Seen]]) -> list[dict[str, Any]]:
    described = {
        (question, name) for item in items for question in item.concerns for name in item.finding_ids
    }
    asked: dict[str, set[Question]] = {}
    left: dict[str, Seen] = {}
    for question, found in needed.items():
        for one in found:
            if (question, one.id) not in described:
                asked.setdefault(one.id, set()).add(question)
                left[one.id] = one
    groups: dict[tuple[str, ...], list[Seen]] = {}
    for members in things(left.values()):
        # What names the model says best what the thing is.
        lead = max(members, key=lambda one: (bool(one.model), one.sure, len(one.model)))
        key: tuple[str, ...] = (lead.entity, lead.role, lead.brand, lead.model, lead.category)
        if not lead.model:
            # Nothing says that two things of one firm are of one kind.
            key = (*key, lead.input, lead.place)
        groups.setdefault(key, []).extend(members)
    values = []
    for group, members in groups.items():
        questions = {question for one in members for question in asked[one.id]}
        names = tuple(one.id for one in members)
        item = Item(
            id="i-" + digest([*group, *names], length=4),
            concerns=tuple(one for one in Question if one in questions),
            kind=_kind(members),
            finding_ids=names,
        )
        values.append(_value(item, members))
    return values


def _kind(found: Sequence[Seen]) -> str:
    # Words of a text that the law surely reaches are about a thing; the name of a firm among vendors never is one.
    if all(one.names_only and not (one.listed.text and surely_reached(one)) for one in found):
        return NAMED
    return "service" if found[0].category in _SERVICES else "equipment"


def with_the_same_things(items: Iterable[Item], found: Sequence[Seen], seen: Sequence[Seen]) -> list[Item]:
    """Add to each item the findings that are about the things it names, so that no thing is described twice.

    Args:
        found: findings that may be added; those that another item names are not.
        seen: every finding.
    """
    items = list(items)
    wanted = {one.id for one in found} - {name for item in items for name in item.finding_ids}
    of_thing = {one.id: members for members in things(seen) for one in members}
    made = []
    for item in items:
        more = dict.fromkeys(
            one.id for name in item.finding_ids for one in of_thing.get(name, ()) if one.id in wanted
        )
        wanted -= set(more)
        made.append(replace(item, finding_ids=(*item.finding_ids, *more)))
    return made


def _value(item: Item, found: Sequence[Seen]) -> dict[str, Any]:
    """Write an item; what a person left empty is taken from the findings, and `taken_from` says so."""
    value: dict[str, Any] = plain(item)
    taken: dict[str, str] = {}

    def take(field: str, texts: Iterable[str], most: int = 1) -> None:
        party, dot, name = field.rpartition(".")
        holder = value[party] if dot else value
        distinct = list({text.casefold(): text for text in texts if text}.values())
        # Two findings that say different things settle nothing, but of words that stand side by side.
        if not holder[name] and len(distinct) > 0 and (most > 1 or len(distinct) == 1):
            holder[name] = "; ".join(distinct[:most]) + (" …" if len(distinct) > most else "")
            taken[field] = ", ".join(one.id for one in found[:3]) + (" …" if len(found) > 3 else "")

    firms = {one.entity_name for one in found}
    # A thing with parts of several firms names each of them: none of them stands for the others.
    take("producer.name", (one.entity_name for one in found), len(firms))
    take("supplier.name", (one.told.supplier for one in found), _SIDE_BY_SIDE)
    brands = [one.brand or one.told.brand or (one.entity_name if len(firms) > 1 else "") for one in found]
    take("brand", brands, len(set(brands)) if len(firms) > 1 else 1)
    take("model_number", fullest(one.model for one in found))
    take("description", (one.told.description for one in found), _SIDE_BY_SIDE)
    take("site", (one.site for one in found))
    take("quantity", [how_many(found)])
    value["taken_from"] = taken
    value["name"] = _name(value, found) or item.id
    value["findings"] = [
        {
            "id": one.id,
            "what": one.words(),
            "band": one.band,
            "place": one.place,
            "record_id": one.record_id,
            "known": one.known,
            "judged": judged_words(one),
        }
        for one in found
    ]
    return value


def judged_words(one: Seen) -> str:
    """Say who judged a finding, how, when and why, as it stands on the day; empty where nobody did."""
    told = one.judgement
    if told is None:
        return ""
    return f"judged {judged_as(told.verdict, told.reason)} by {told.by}, {told.at.isoformat()}: {told.reason}"


def _name(value: Mapping[str, Any], found: Sequence[Seen]) -> str:
    """Call an item by what is known of it: brand or producer and model; else what its record calls it, or where it stands.

    Of what a sentence alone speaks it is said what it is and where it stands: the sentence is no name.
    """
    known = {
        name: _known(value[name]) for name in ("brand", "model_number", "description", "service_description")
    }
    named = " ".join(
        filter(None, (known["brand"] or _known(value["producer"]["name"]), known["model_number"]))
    )
    if named and not known["model_number"] and found:
        # A firm alone names no thing: what its record calls it, its address, or where it stands, does.
        addresses = dict.fromkeys(one.told.address for one in found if one.told.address)
        told = cut(known["description"], 60) or next(iter(addresses), "") or found[0].place
        if "description" in value["taken_from"] and all(one.in_words for one in found):
            kinds = {one.category or one.decided_on.get("item.kind", "") for one in found}
            kind = kinds.pop() if value["kind"] != NAMED and len(kinds) == 1 else ""
            told = f"{(kind or _KIND_SAID.get(value['kind'], value['kind'])).replace('_', ' ')}, {found[0].place}"
        named = told if told.casefold().startswith(named.casefold()) else f"{named}: {told}"
    firms = sorted({one.entity_name for one in found})
    if len(firms) > 1 and "brand" not in value["taken_from"]:
        named = f"{named} ({'; '.join(firms)})"
    return named or known["description"] or known["service_description"]


def _known(text: str) -> str:
    """Give a text that says something; empty where it says that it is not known."""
    return "" if text.strip().casefold() == NOT_KNOWN else text


def _named(items: Sequence[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Give what the items name: question and finding."""
    return {
        (question, name) for item in items for question in item["concerns"] for name in item["finding_ids"]
    }


def undisclosed(
    items: Sequence[Mapping[str, Any]], needed: Mapping[Question, Sequence[Seen]], says: str
) -> list[Obstacle]:
    """List findings that the answer covers and no item names."""
    named = _named(items)
    return [
        obstacle("undisclosed", one.id, questions=(question.value,), finding=one.words(), says=says)
        for question, found in needed.items()
        for one in found
        if (question.value, one.id) not in named
    ]


def to_disclose(said: Sequence[Said], also: Container[str] = ()) -> dict[Question, list[Seen]]:
    """Give the findings that a "does" must disclose, by question.

    Args:
        also: ids of those that it discloses although it is not settled whether they are covered.
    """
    return {
        Question(item.statement.id): [
            *item.standing.covered,
            *(one for one in item.standing.doubtful if one.id in also),
        ]
        for item in said
        if item.sought is Answer.DOES and not item.skipped
    }


def disclosure(items: Sequence[Mapping[str, Any]], said: Sequence[Said]) -> Iterator[Obstacle]:
    """Yield what stands against answers and items taken together: what is left out, and where they contradict each other."""
    needed = to_disclose(said)
    for item in said:
        question = Question(item.statement.id)
        if question in needed:
            yield from undisclosed(items, {question: needed[question]}, item.statement.says["does"])
    for item in said:
        yield from _contradicted(items, item)
    named = _named(items)
    for item in said:
        question = Question(item.statement.id)
        for one in item.standing.doubtful if question in needed else ():
            if (question.value, one.id) not in named:
                told = next((o.what for o in item.standing.against if _judges(o, one)), "")
                otherwise = "open-undisclosed.named" if one.names_only else "open-undisclosed"
                name = "open-undisclosed.judged" if told else otherwise
                yield obstacle(
                    name,
                    one.id,
                    questions=(question.value,),
                    finding=one.words(),
                    why=told[:1].upper() + told[1:],
                )


def _judges(against: Obstacle, one: Seen) -> bool:
    """Tell whether an obstacle says why a judgement on a finding does not count."""
    return one.id in against.evidence and against.code in _NOT_COUNTED


def _contradicted(items: Sequence[Mapping[str, Any]], said: Said) -> Iterator[Obstacle]:
    question = said.statement.id
    concerned = [one for one in items if question in one["concerns"] and one["kind"] != NAMED]
    if said.sought is Answer.DOES and not said.skipped and not concerned:
        yield obstacle(
            "nothing-disclosed", question, "none", questions=(question,), says=said.statement.says["does"]
        )
    elif said.sought is Answer.DOES_NOT and concerned:
        yield obstacle(
            "disclosed-anyway",
            question,
            *(one["id"] for one in concerned),
            questions=(question,),
            says=said.statement.says["does not"],
            items=", ".join(one["name"] for one in concerned[:5]),
        )


def needs_items(values: Sequence[Mapping[str, Any]], what: str) -> None:
    """Refuse a report about nothing.

    Raises:
        CaseError: E458.
    """
    if not values:
        raise error("E458.nothing", what=what)


#: Obstacles that say why what somebody said of a finding does not set it aside.
_NOT_COUNTED = ("judgement-not-approved", "names-not-proved", "set-aside")
#: Outcomes under which a report speaks of a thing: the law reaches it; or, besides, it is not settled whether it does.
REACHED = ("prohibited", "permitted_until", "approval_required", "waived", "excepted")
_REACHED = (*REACHED, "undetermined")


def reached_by_law(one: Seen) -> bool:
    """Tell whether a report has to speak of a finding: it counts (`off_the_count`), and the law reaches it or may."""
    return not off_the_count(one.judgement, one.band) and any(
        _reaches(item) for item in one.outcomes.values()
    )


def surely_reached(one: Seen) -> bool:
    """Tell whether a report has to name a finding as an item: it is identified, and the law reaches it beyond doubt."""
    return reached_by_law(one) and identified(one) and any(_surely(item) for item in one.outcomes.values())


def _reaches(outcome: Mapping[str, Any]) -> bool:
    """Tell whether an outcome reaches a thing or may: what no rule forbids may have to be reported, while its purpose is open."""
    return outcome["outcome"] in _REACHED or bool(outcome.get("reports") or outcome.get("may_report"))


def _surely(outcome: Mapping[str, Any]) -> bool:
    """Tell whether an outcome reaches a thing beyond doubt: a running contract is not ended, and its finds are reported."""
    return outcome["outcome"] in REACHED or (
        outcome["outcome"] != "undetermined" and bool(outcome["reports"])
    )


def identified(one: Seen) -> bool:
    """Tell whether a finding identifies a thing that is there: at least probable, not said to be gone, no mere vendor.

    A person who judged that it is what it says identifies it.
    """
    if one.judgement is not None and one.judgement.verdict == "same":
        return True
    gone = one.role == "formerly" or one.state == "disposed"
    return one.band in ("probable", "confirmed") and not gone and bool(one.listed.answers)


def fill_prohibition(items: Sequence[dict[str, Any]], seen: Sequence[Seen]) -> None:
    """Take the prohibition from the determinations where nobody wrote it and the findings agree."""
    by_id = {one.id: one for one in seen}
    for item in items:
        if item["prohibition"]:
            continue
        found = {
            (outcome["citations"] or [regime])[0]
            for name in item["finding_ids"]
            for regime, outcome in by_id[name].outcomes.items()
            if _reaches(outcome)
        }
        if found:
            item["prohibition"] = "; ".join(sorted(found))
            item["taken_from"]["prohibition"] = "determinations"


def event_value(inputs: PaperInputs) -> dict[str, Any]:
    """Write what happened and when, with instants in UTC beside the stated offset; `late` is null where nothing is due."""
    event = inputs.event or ReportEvent()
    due = event.due_at
    late: bool | None = None
    if isinstance(due, datetime):
        late = inputs.made_at > due
    elif due is not None:
        late = inputs.made_at.date() > due
    return {**plain(event), "late": late}
