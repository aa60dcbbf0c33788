"""Parts that the layouts share: the head, statements, items, findings, what stands against it, the checklist, the people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from proscribe.documents.blocks import (
    Block,
    Bullets,
    Fields,
    Heading,
    Layout,
    Notice,
    Paragraph,
    Signatures,
    Statement,
    Table,
)
from proscribe.documents.elements import at
from proscribe.model.papers import Paper

#: Rows of one table that are printed; the rest is in the attached data, and the table says so.
ROWS_SHOWN = 200
_BLIND_SPOTS_SHOWN = 25
_ITEMS_NAMED = 40
_STATE_WORDS = {
    "ready": "Ready to be signed",
    "overridden": "Ready to be signed; an approver overrode what stands against it",
    "refused": "Refused: not to be signed",
}
#: Types that go to authorities outside the United States.
_A4 = frozenset(["phase-out-statement"])
#: Types for which no text lists elements; the checklist stays in the data.
_NOTHING_ASKED = frozenset(["portfolio-summary"])
_KINDS = {
    "equipment": "equipment",
    "maintenance_service": "service, maintenance of an item",
    "service": "service",
}
_CONCERNS = {
    "provide": "will be provided",
    "use": "is used",
    "contain": "is contained",
    "spend": "is paid with award funds",
}


def layout(paper: Paper, blocks: Iterable[Block]) -> Layout:
    """Frame the blocks of a type with what every document has."""
    data = paper.data
    return Layout(
        title=paper.title,
        subtitle=_subtitle(data),
        organisation=data["organisation"]["name"],
        language="en",
        id=paper.id,
        digest=paper.digest,
        made_at=data["made_at"],
        state=paper.state.value,
        page="a4" if paper.type in _A4 else "us-letter",
        blocks=(*head(data), *blocks, *tail(paper)),
    )


def _subtitle(data: Mapping[str, Any]) -> str:
    clause = data["clause"]
    edition = f" ({clause['edition']})" if clause["edition"] else ""
    stage = {"first": "First report", "follow-up": "Follow-up report", "supplement": "Supplement"}.get(
        data["stage"], ""
    )
    if data["stage"] == "first" and data["type"] == "rfo-disclosure":
        stage = "First disclosure"
    return " · ".join(part for part in (data["citation"] + edition, stage) if part)


def head(data: Mapping[str, Any]) -> Iterator[Block]:
    """Yield what stands above the type's own part."""
    yield Fields("What this document is", tuple(_about(data)))
    yield Paragraph(data["about"], "small")
    if data["state"] == "refused":
        yield Notice(
            "refused",
            "Refused: this document is not to be signed",
            (
                (
                    "One obstacle stands against it. It is"
                    if len(data["obstacles"]) == 1
                    else f"{len(data['obstacles']):,} obstacles stand against it. Each is"
                )
                + ' listed under "What stands against this document", with how to lift it.',
            ),
        )
    elif data["state"] == "overridden":
        yield Notice(
            "overridden",
            "An approver overrode what stands against this document",
            tuple(
                f"{one['approver']}, {instant(one['at'])}: {one['reason']} (overrides {', '.join(one['obstacle_ids'])})"
                for one in data["overrides"]
            ),
        )
    if data["gaps"]:
        yield Notice(
            "gap",
            "Not known when this was made, and to follow",
            tuple(
                f"{words}{_of_items(members)}: {citation}"
                for (words, citation), members in _by_item(
                    (one["words"], one["citation"], one["item"]) for one in data["gaps"]
                ).items()
            ),
        )
    if data["notes"]:
        yield Notice("note", "For the reader", tuple(data["notes"]))


def _by_item(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, ...], list[str]]:
    """Put rows together that differ only in their item, which is the last: what is the same is said once."""
    groups: dict[tuple[Any, ...], list[str]] = {}
    for *same, item in rows:
        groups.setdefault(tuple(same), []).append(item)
    return groups


def _of_items(names: Sequence[str]) -> str:
    """Name the items: `(item a)`, `(items a, b)`; nothing where it is about none."""
    named = [name for name in names if name]
    if not named:
        return ""
    more = len(named) - _ITEMS_NAMED
    shown = ", ".join(named[:_ITEMS_NAMED]) + (f" and {more:,} more" if more > 0 else "")
    return f" (item{'' if len(named) == 1 else 's'} {shown})"


def _about(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    organisation = data["organisation"]
    yield "Organisation", organisation["name"]
    codes = [
        f"{label} {organisation[name]}"
        for label, name in (("UEI", "uei"), ("CAGE", "cage"))
        if organisation[name]
    ]
    yield "Identifiers", ", ".join(codes) or "not stated"
    if organisation["address"]:
        yield "Address", "\n".join(organisation["address"])
    contract = data["contract"]
    if contract is not None:
        for label, name in (
            ("Contract", "number"), ("Solicitation", "solicitation"), ("Award", "award"), ("Agency", "agency"),
        ):  # fmt: skip
            if contract[name]:
                yield label, contract[name]
        if contract["order_numbers"]:
            yield "Orders", ", ".join(contract["order_numbers"])
        if contract["contracting_officer"] is not None:
            yield "Contracting officer", person(contract["contracting_officer"])
        if contract["ordering_officers"]:
            yield "Ordering officers", "\n".join(person(one) for one in contract["ordering_officers"])
        if contract["clauses"]:
            yield "Clauses", ", ".join(contract["clauses"])
    if data["case_id"]:
        yield "Case", data["case_id"]
    yield "State", _STATE_WORDS[data["state"]]
    yield "Law asked as of", data["as_of"]
    yield "Made at", instant(data["made_at"])


def person(value: Mapping[str, Any] | None) -> str:
    """Write a person in a line."""
    if value is None:
        return ""
    parts = [value["name"], value["title"], value["organisation"], value["email"], value["phone"]]
    return ", ".join(part for part in parts if part)


def instant(text: str | None) -> str:
    """Write an instant with its offset, and in UTC where that differs: `2026-11-25 09:30 -05:00 (14:30 UTC)`."""
    if not text:
        return ""
    if len(text) == 10:
        return text
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return text
    utc = value.astimezone(UTC)
    if value.utcoffset() == utc.utcoffset():
        return value.strftime("%Y-%m-%d %H:%M UTC")
    day = "" if utc.date() == value.date() else f"{utc.date().isoformat()} "
    offset = value.strftime("%z")
    return f"{value.strftime('%Y-%m-%d %H:%M')} {offset[:3]}:{offset[3:5]} ({day}{utc.strftime('%H:%M')} UTC)"


def count(number: int, word: str) -> str:
    """Write a number with its word: `1 finding`, `2 findings`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def statements(data: Mapping[str, Any]) -> Iterator[Block]:
    """Yield what the document says, and what was set aside to say it."""
    for one in data["body"]["representations"].values():
        yield Statement(
            one["citation"],
            one["statement"],
            one.get("word", "") if one.get("answer", "") else "",
            not one.get("answer", "x"),
        )
    aside = [
        (one["id"], item)
        for one in data["body"]["representations"].values()
        for item in one.get("set_aside", ())
    ]
    if aside:
        yield Heading("Findings that do not stand against it", 2)
        yield table(
            "Findings set aside, why and by whom",
            ("Question", "Finding", "Why", "By"),
            [
                (
                    question,
                    f"{item['what']} [{item['finding']}]",
                    item["why"],
                    item["by"] or "the facts stated",
                )
                for question, item in aside
            ],
            (2, 6, 6, 3),
        )
    outside = sum(one.get("outside", 0) for one in data["body"]["representations"].values())
    if outside:
        yield Paragraph(
            f"{count(outside, 'finding')} of scans that do not speak to a question {'was' if outside == 1 else 'were'} not "
            "weighed for it; the table of sources says which scan speaks to which question, and why.",
            "small",
        )


def table(
    caption: str,
    header: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    widths: tuple[int, ...],
    numeric: tuple[int, ...] = (),
) -> Table:
    """Make a table of at most `ROWS_SHOWN` rows that says how many it leaves to the data."""
    shown = list(rows[:ROWS_SHOWN])
    if len(rows) > ROWS_SHOWN:
        left = f"… and {len(rows) - ROWS_SHOWN:,} more rows, in the attached data"
        shown.append((left, *[""] * (len(header) - 1)))
    return Table(caption, header, tuple(shown), widths, numeric)


def items(data: Mapping[str, Any], title: str) -> Iterator[Block]:
    """Yield the items, one after the other, with every element that is asked."""
    values = data["body"]["items"]
    if not values:
        return
    asked: dict[str, list[Mapping[str, Any]]] = {}
    for row in data["checklist"]:
        if row["item"]:
            asked.setdefault(row["item"], []).append(row)
    yield Heading(title)
    for number, item in enumerate(values, 1):
        yield Heading(f"{number}. {item['name']}", 2)
        yield Fields(
            f"Item {number}: {item['name']}",
            (*_item_head(item), *_item_fields(data, item, asked.get(item["id"], ()))),
        )


def _item_head(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Item", item["id"]
    yield "Kind", _KINDS[item["kind"]]
    yield "Concerns", ", ".join(_CONCERNS[one] for one in item["concerns"])
    if item["quantity"]:
        yield "Quantity", item["quantity"]
    if item["site"]:
        yield "Site", item["site"]


def _item_fields(
    data: Mapping[str, Any], item: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:

    seen: set[str] = set()
    for row in rows:
        for field in row["fields"]:
            if field["pointer"] in seen:
                continue
            seen.add(field["pointer"])
            said = at(data, field["pointer"])
            text = ", ".join(said) if isinstance(said, list) else str(said or "")
            if not text:
                # An element that is filled may have a field that says nothing, where one of two is enough.
                text = {
                    "not known": "not known (asked only if known)",
                    "none": "not applicable",
                }.get(row["state"], "not stated")
            name = field["pointer"].split("/items/")[1].split("/", 1)[1].replace("/", ".")
            if name in item["taken_from"]:
                text += f" (taken from {item['taken_from'][name]})"
            yield field["label"], text
    if item["findings"]:
        yield (
            "Rests on",
            "\n".join(f"{one['what']} [{one['id']}]" for one in item["findings"][:40])
            + (
                f"\n… and {len(item['findings']) - 40:,} more, in the attached data"
                if len(item["findings"]) > 40
                else ""
            ),
        )


def event(data: Mapping[str, Any]) -> Iterator[Block]:
    """Yield what happened, when it is due, and to whom it goes."""
    value = data["body"]["event"]
    duty = data["body"].get("duty") or {}
    source = " ".join(
        part
        for part in (value["source"], f"({value['source_name']})" if value["source_name"] else "")
        if part
    )
    rows = [
        (
            "To",
            data["body"]["to"] or "the contracting officer; Department of Defense: https://dibnet.dod.mil",
        ),
        ("Clock", f"{duty['clock']} ({duty['citation']})" if duty.get("clock") else ""),
        ("Identified or notified at", instant(value["identified_at"])),
        ("Source", source),
        ("How it was found", value["how_found"]),
        ("Due", instant(value["due_at"]) + (" (this document was made after it)" if value["late"] else "")),
        ("First report submitted at", instant(value["first_report_at"])),
        ("First report, reference", value["first_report_ref"]),
        ("New information found at", instant(value["new_information_at"])),
        ("New information", value["new_information"]),
        ("Efforts to prevent use or submission", value["prevention_efforts"]),
        ("Additional efforts to prevent future use or submission", value["future_prevention"]),
    ]
    always = {"To", "Identified or notified at", "Due"}
    yield Fields(
        "What happened, when it is due, and to whom it goes",
        tuple((label, text or "not stated") for label, text in rows if text or label in always),
    )
    earlier = data["body"].get("submissions") or []
    if earlier:
        yield table(
            "Earlier submissions",
            ("What", "Reference", "At"),
            [(one.get("what", ""), one.get("ref", ""), instant(one.get("at", ""))) for one in earlier],
            (6, 5, 4),
        )


def plan(steps: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    """Yield the steps of a removal."""
    if not steps:
        yield Paragraph("No step is planned.")
        return
    yield table(
        "Steps: what, where, by when, who, and how far",
        ("Step", "What", "By", "Owner", "State"),
        [
            (
                one["id"],
                "\n".join(
                    part
                    for part in (
                        one["what"] + (f", {one['quantity']}" if one["quantity"] else ""),
                        one["site"],
                        f"replaced with {one['replaced_with']}" if one["replaced_with"] else "",
                        f"last day {one['latest_on']} ({one['deadline_citation']})"
                        if one["latest_on"]
                        else "",
                    )
                    if part
                ),
                one["by_on"] or "not stated",
                one["owner"] or "not stated",
                (
                    f"done on {one['done_on'] or 'a day not stated'}"
                    if one["state"] == "done"
                    else one["state"]
                )
                + (", late" if one.get("late") else ""),
            )
            for one in steps
        ],
        (2, 7, 3, 4, 3),
    )


def findings(data: Mapping[str, Any], title: str = "Findings") -> Iterator[Block]:
    """Yield the findings with what they rest on and what the law says."""
    values = data["body"]["findings"]
    if not values:
        return
    yield Heading(title)
    yield table(
        "Findings: where, what was seen, and what the law says",
        ("Finding", "What and where", "Evidence", "What the law says"),
        [
            (
                f"{one['id']}\n{one['band']}",
                "\n".join(
                    part
                    for part in (
                        " ".join(filter(None, (one["entity"], one["model"])))
                        + ("" if one["firm"] == one["entity"] else f" (through {one['firm']})"),
                        one["role"].replace("_", " ") + (f", sold as {one['brand']}" if one["brand"] else ""),
                        one["place"],
                        one["site"],
                    )
                    if part
                ),
                "\n".join(f"{item['why']}: {item['found']}" for item in one["evidence"][:4])
                + (f"\nagainst: {len(one['against'])}" if one["against"] else ""),
                "\n".join(_outcome(item) for item in one["outcomes"]) + _judged(one) or "not decided",
            )
            for one in values
        ],
        (4, 5, 5, 5),
    )


def _outcome(item: Mapping[str, Any]) -> str:
    missing = f"; not known: {', '.join(item['missing'])}" if item["missing"] else ""
    cited = f" [{item['citations'][0]}]" if item["citations"] else ""
    return f"{item['outcome'].replace('_', ' ')} under {item['regime']}{cited}{missing}"


def _judged(one: Mapping[str, Any]) -> str:
    judged = one["judgement"]
    return f"\njudged {judged['verdict']} by {judged['by']}: {judged['reason']}" if judged else ""


def inquiry(data: Mapping[str, Any]) -> Iterator[Block]:
    """Yield what was searched, in short."""
    value = data["body"]["inquiry"]
    yield Heading("The inquiry behind it")
    yield Paragraph(
        f"{count(value['records'], 'record')} compared, {count(value['findings'], 'finding')}, "
        f"{count(value['people'], 'person') if value['people'] == 1 else str(value['people']) + ' people'} asked"
        + (f", from {value['from_on']} to {value['to_on']}" if value["from_on"] and value["to_on"] else "")
        + "."
    )
    if value["sources"]:
        yield table(
            "Sources that were searched",
            ("Source", "How", "By", "On"),
            [
                (f"{one['name']} ({one['kind']})", one["how"], one["by"], one["on"])
                for one in value["sources"]
            ],
            (5, 6, 3, 2),
        )
    if value["not_searched"]:
        yield table(
            "Sources that were not searched",
            ("Not searched", "Why"),
            [(one["name"], one["why"]) for one in value["not_searched"]],
            (5, 7),
        )


def tail(paper: Paper) -> Iterator[Block]:
    """Yield what stands below the type's own part."""
    data = paper.data
    if data["obstacles"]:
        yield Heading("What stands against this document")
        overridden = {name: one["approver"] for one in data["overrides"] for name in one["obstacle_ids"]}
        yield table(
            "Obstacles, how to lift each, and whether an approver may override it",
            ("Obstacle", "What", "How to lift it", "Override"),
            [
                (
                    one["id"],
                    _obstacle(one),
                    one["lift"],
                    f"by {overridden[one['id']]}"
                    if one["id"] in overridden
                    else ("possible" if one["overridable"] else "not possible"),
                )
                for one in data["obstacles"]
            ],
            (4, 7, 5, 2),
        )
    if data["rests_on"]:
        yield Heading("What this document rests on")
        yield table(
            "Files and their digests",
            ("File", "SHA-256", "Speaks to"),
            [
                (
                    f"{one['what']} ({one['kind']})",
                    one["sha256"] or "not stated",
                    ", ".join(one["bears_on"]) + (f": {one['bears_on_why']}" if one["bears_on_why"] else ""),
                )
                for one in data["rests_on"]
            ],
            (5, 7, 3),
        )
    if data["limits"]:
        yield Paragraph("What no search of this kind can see: " + " ".join(data["limits"]), "small")
    if data["checklist"] and data["type"] not in _NOTHING_ASKED:
        yield Heading("Where each element stands")
        yield table(
            "Each element that is asked, the field that fills it, and its state",
            ("Citation", "Element", "Field", "State"),
            [
                (citation, words + _of_items(members), fields, state)
                for (citation, words, fields, state), members in _by_item(
                    (
                        row["citation"],
                        row["words"],
                        "\n".join(field["label"] for field in row["fields"]),
                        row["state"],
                        row["item"],
                    )
                    for row in data["checklist"]
                ).items()
            ],
            (4, 6, 5, 2),
        )
    yield Heading("Who answers for it")
    people = data["people"]
    signed = instant(people["signed_at"])
    if data["state"] == "refused":
        yield Paragraph("A refused document is not signed.")
    else:
        rows = []
        # A signature in a bundle is that of a third person, whom the bundle names; the page speaks of hands alone.
        when = {"author": f"To be signed at {signed}" if signed else "Not signed", "approver": ""}
        for part, name in (("Prepared by", "author"), ("Approved by", "approver")):
            value = people[name]
            rows.append((part, value["name"] if value else "", value["title"] if value else "", when[name]))
        yield Signatures(tuple(rows))
    yield Paragraph(data["not_advice"], "small")
    yield Fields(
        "How this document was made",
        (
            ("Document", paper.id),
            ("SHA-256 of its data", paper.digest),
            ("Schema", data["schema"]),
            ("Knowledge", f"{data['knowledge']['version']}, {data['knowledge']['sha256']}"),
            ("Program", data["proscribe"] or "not stated"),
        ),
    )


def _obstacle(one: Mapping[str, Any]) -> str:
    """Say what stands; of several blind spots each is named, as far as a page is for it."""
    told = str(one["what"])
    if one["code"] == "blind-spot" and len(one["evidence"]) > 1:
        told += "".join(f"\n{text}" for text in one["evidence"][1:_BLIND_SPOTS_SHOWN])
        if len(one["evidence"]) > _BLIND_SPOTS_SHOWN:
            told += f"\n… and {len(one['evidence']) - _BLIND_SPOTS_SHOWN:,} more, in the attached data"
    return told


def bullets(lines: Sequence[str]) -> Bullets:
    """Make a list of at most `ROWS_SHOWN` lines that says how many it leaves to the data."""
    shown = list(lines[:ROWS_SHOWN])
    if len(lines) > ROWS_SHOWN:
        shown.append(f"… and {len(lines) - ROWS_SHOWN:,} more, in the attached data")
    return Bullets(tuple(shown))


def counts(caption: str, first: str, values: Mapping[str, int]) -> Table:
    """Make a table of counts."""
    return table(
        caption,
        (first, "Number"),
        [(name.replace("_", " "), f"{number:,}") for name, number in values.items()],
        (6, 2),
        (1,),
    )
