"""The first pages: the answer, who signs, by when, what it rests on, what was not checked, what stands against it.

At most two pages, whatever the evidence: every list is cut to its first entries and says how many more there are; all of
it stands whole in the annex.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from proscribe.documents.blocks import (
    Block,
    Fields,
    Heading,
    Notice,
    Paragraph,
    Signatures,
    Statement,
    Table,
)
from proscribe.documents.grouping import said_once, without_commands
from proscribe.model.papers import Answer
from proscribe.wording.shown import counted, first_cells

#: Groups of obstacles, places not checked, gaps and overrides that the summary names.
_GROUPS_SHOWN = 6
_NOT_CHECKED_SHOWN = 4
_GAPS_SHOWN = 4
_OVERRIDES_SHOWN = 3
_WORDS_SHOWN = 3
#: Widths of texts, in columns of a terminal: one of hanzi takes two.
_LONGEST_NAME = 110
_LONGEST_REASON = 300
_LONGEST_LINE = 110
_LONGEST_PLACE = 70
#: A word up to which a text is cut before it, and not within it; in characters.
_LONGEST_WORD = 20
#: Parts of what the law says, and how many lines of each the summary shows.
_LAW_SAYS = (
    ("The law says", "said", 4),
    ("By when", "due", 2),
    ("Assumed until shown otherwise", "presumed", 2),
    ("Would change it", "would_change", 2),
)
#: What stands against a search names a place that was not checked.
_OF_THE_SEARCH = frozenset(
    [
        "blind-spot", "names-unread", "columns-stated", "mentions", "source-not-seen", "source-withheld", "source-shrunk",
        "scan-not-replayed",
    ]
)  # fmt: skip
#: Those of them that a document names one by one, whatever it answers.
_NOT_READ = frozenset(["blind-spot", "names-unread"])
_STATES = {
    "ready": "Nothing stands against signing what it says",
    "overridden": "What stands against it is overridden",
    "refused": "Refused: not to be signed",
}
_THEN = "; to be approved by another person, then signed"
_TELLS = "It tells of equipment that was found, and does not say that there is none:"
#: Of one that says of one thing that there is none, and of another what was found.
_TELLS_BOTH = "It tells of equipment that was found beside what it says there is none of:"
_NOTHING_NAMED = "no place is named; what no search of this kind can see stands in the annex"
_NO_ANSWER = "No answer is given: this document is refused"
#: A rendering is what is signed, so that it cannot say of itself that it was.
_SIGNED_BESIDE = (
    "This text is made before it is signed, and stays as it is: who signed it and when stands beside it in the signed bundle, in "
    "attestation.dsse.json, which whoever checks the bundle is shown."
)
#: How a row of a declared table is written: its expression to text, its condition to a value.
Texts = Callable[[str], str]
Values = Callable[[str], Any]


def summary(
    data: Mapping[str, Any],
    told: Mapping[str, Any],
    edition: str,
    text: Texts,
    value: Values,
    when: Callable[[Any], str],
) -> Iterator[Block]:
    """Write the first pages.

    Args:
        data: the document.
        told: `headline` and `in_short` of the declaration of its type.
        edition: the citation with its edition.
        text, value: render a text, and give the value of an expression.
        when: writes an instant.
    """
    answers = data["body"].get("representations", {}).values()
    lead = text(told["headline"]) if "headline" in told else _answer(answers, data["state"])
    if lead:
        yield Paragraph(cut(lead, _LONGEST_NAME), "lead")
    yield Heading("Summary")
    for one in answers:
        answer = one.get("answer")
        yield Statement(
            one["citation"], one["statement"], one.get("word", "") if answer else "", answer == ""
        )
    own = [
        (row[0], cut(text(row[1]), 2 * _LONGEST_LINE))
        for row in told.get("in_short", ())
        if len(row) == 2 or value(row[2])
    ]
    yield Fields("In short", (*about(data), *own, *_law_says(data), *_basis(data, edition, when)))
    yield from _overridden(data, when)
    # Who signs stands on the page of what is signed.
    yield from _people(data, when)
    yield from _gaps(data)
    yield from _words(data)
    yield from _against(data)


def _answer(answers: Iterable[Mapping[str, Any]], state: str) -> str:
    given = [one for one in answers if one.get("answer")]
    if not given:
        return _NO_ANSWER if state == "refused" else ""
    told = ", ".join(
        f"{one['id']} not completed" if one["answer"] == "not completed" else f"{one['word']} {one['id']}"
        for one in given
    )
    return f"Answer: {told}" + ("" if state != "refused" else "; the rest is refused")


def about(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Say whose a document is, what it is for, and how far it is: label and text."""
    organisation = data["organisation"]
    codes = [f"{name.upper()} {organisation[name]}" for name in ("uei", "cage") if organisation.get(name)]
    yield "Organisation", ", ".join([cut(organisation["name"], _LONGEST_NAME), *codes])
    contract = data["contract"] or {}
    named = [
        f"{word} {contract[name]}"
        for name, word in (
            ("number", "contract"),
            ("solicitation", "solicitation"),
            ("award", "award"),
            ("agency", "agency"),
        )
        if contract.get(name)
    ]
    if data["case_id"]:
        named.append(f"case {data['case_id']}")
    if named:
        yield "For", cut(", ".join(named), _LONGEST_NAME)
    yield "State", state_words(data)


def state_words(data: Mapping[str, Any], *, signed: bool = False) -> str:
    """Say how far a document is, and of one that tells of something that was found that it does.

    Args:
        signed: whether it is told of one that is signed: what comes next is then behind it.
    """
    words = _STATES[data["state"]]
    if data["state"] == "refused":
        return words
    words = words if signed else f"{words}{_THEN}"
    body = data["body"]
    said = {one.get("answer") for one in (body.get("representations") or {}).values()}
    if not body.get("items") and Answer.DOES.value not in said:
        return words
    tells = _TELLS_BOTH if Answer.DOES_NOT.value in said else _TELLS
    return f"{tells} {words[:1].lower()}{words[1:]}"


def _law_says(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the answer of the law in short: what, by when, on what presumption, and what would change it."""
    said = data.get("law_says")
    if not said:
        return
    for label, name, most in _LAW_SAYS:
        lines = [cut(" ".join(one.split()), 3 * _LONGEST_LINE) for one in said[name]]
        if lines:
            yield label, "\n".join(_first(lines, most))


def _basis(data: Mapping[str, Any], edition: str, when: Callable[[Any], str]) -> Iterator[tuple[str, str]]:
    body = data["body"]
    event = body.get("event") or {}
    if event.get("due_at"):
        late = " (this document was made after it)" if event.get("late") else ""
        yield "Due", when(event["due_at"]) + late
    if body.get("valid_to") and data["state"] != "refused":
        yield "Speaks until", str(body["valid_to"])
    yield (
        "Law",
        f"{edition}, asked as of {data['as_of']}; its words stand in the annex"
        if data.get("law_words")
        else (f"{edition}, asked as of {data['as_of']}"),
    )
    yield "Rests on", rests_on(data)
    yield (
        "Not checked",
        "\n".join(not_checked(data)) or _NOTHING_NAMED,
    )


def rests_on(data: Mapping[str, Any]) -> str:
    """Say on how many scans, files and records a document rests, and under which knowledge."""
    rows = data["rests_on"]
    scans = [one for one in rows if one["kind"] == "scan"]
    inputs = sum(one["kind"] == "input" for one in rows)
    others = len(rows) - len(scans) - inputs
    again = sum(str(one.get("run_again", "")).endswith("with the same result") for one in scans)
    records = (data["body"].get("inquiry") or {}).get("records")
    told = [
        f"{counted(len(scans), 'scan')} of {counted(inputs, 'file')}"
        + (f", {counted(records, 'record')}" if isinstance(records, int) else "")
        if scans
        else "no scan",
        f"{again:,} run again with the same result" if scans else "",
        counted(others, "other file") if others else "",
        f"knowledge {data['knowledge']['version']}",
    ]
    return "; ".join(filter(None, told))


def not_checked(data: Mapping[str, Any]) -> list[str]:
    """Name the first places that a document says were not checked, and how many more there are."""
    body = data["body"]
    places = [
        *(body.get("inquiry") or {}).get("not_searched", ()),
        *body.get("not_searched", ()),
        *data.get("not_searched", ()),
    ]
    told = [f"{one['name']}: {one['why']}" for one in places]
    told += [str(one) for one in (*body.get("blind_spots", ()), *body.get("not_known", ()))]
    told += data.get("not_read", ())
    named = _NOT_READ if data.get("not_read") else frozenset()
    told += [one["what"] for one in _groups(data) if one["code"] in _OF_THE_SEARCH - named]
    told += [
        f"{cut(scope['why'], 80)}: {', '.join(scope['sites'] or scope['questions'])} put outside"
        for scope in data.get("scopes", ())
    ]
    return _first(
        [cut(" ".join(one.split()), _LONGEST_LINE) for one in dict.fromkeys(told)], _NOT_CHECKED_SHOWN
    )


def _overridden(data: Mapping[str, Any], when: Callable[[Any], str]) -> Iterator[Block]:
    if data["state"] == "refused":
        many = len(said_once(data["obstacles"]))
        count, stands = counted(many, "obstacle"), "stands" if many == 1 else "stand"
        yield Notice(
            "refused",
            "Refused: this document is not to be signed",
            (
                f"{count} {stands} against it, in {counted(len(_groups(data)), 'group')}; each with what lifts it, below.",
            ),
        )
    elif data["state"] == "overridden":
        # Who prepared the document typed it; nobody says it in their own name before they approve.
        author = (data["people"]["author"] or {}).get("name") or "nobody who is named"
        said: dict[str, list[str]] = {}
        for one in data["overrides"]:
            words = (
                f"{cut(one['reason'], _LONGEST_REASON)} Written by {cut(author, 80)}, {when(one['at'])}, for "
                f"{cut(one['approver'], 80)}, who says it on approving this document and not before"
            )
            said.setdefault(words, []).extend(one["obstacle_ids"])
        named = {one["id"]: without_commands(one["what"]) for one in data["obstacles"]}
        lines = [f"{words}. It speaks of {_first_of(ids, named)}" for words, ids in said.items()]
        yield Notice(
            "overridden",
            "An approver is to override what stands against this document",
            tuple(_first(lines, _OVERRIDES_SHOWN)),
        )


def _first_of(ids: Sequence[str], named: Mapping[str, str]) -> str:
    """Say what obstacles are, the first of them in words; their ids stand in the annex."""
    words = list(dict.fromkeys(named.get(one, one) for one in ids))
    more = f"; and {len(words) - 1:,} more, in the annex" if len(words) > 1 else ""
    return f"{counted(len(words), 'obstacle')}: {cut(words[0], _LONGEST_PLACE)}{more}"


def _gaps(data: Mapping[str, Any]) -> Iterator[Block]:
    items: dict[tuple[str, str], set[str]] = {}
    for one in data["gaps"]:
        items.setdefault((one["words"], one["citation"]), set()).add(one["item"])
    words = [
        (f"{len(found):,} items: {name}" if len(found) > 1 else name, citation)
        for (name, citation), found in items.items()
    ]
    if words:
        lines = _first(
            [f"{cut(name, _LONGEST_LINE - len(citation))} ({citation})" for name, citation in words],
            _GAPS_SHOWN,
        )
        yield Notice("gap", "Not known when this was made, and to follow", tuple(lines))


def _words(data: Mapping[str, Any]) -> Iterator[Block]:
    """Name the words of people that whoever approves reads; without an approver they stand against the document."""
    words, approver = data.get("words", ()), data["people"]["approver"]
    if words and approver:
        who = cut(approver["name"], 80)
        lines = _first([cut(" ".join(one.split()), 2 * _LONGEST_LINE) for one in words], _WORDS_SHOWN)
        yield Notice(
            "note",
            f"By approving, {who} says that they read these words of people on the search",
            tuple(lines),
        )


def _against(data: Mapping[str, Any]) -> Iterator[Block]:
    groups = _groups(data)
    if not groups:
        return
    rows = []
    for one in groups[:_GROUPS_SHOWN]:
        more = f"; and {one['about'] - 1:,} more, in the annex" if one["about"] > 1 else ""
        places = [cut(place, _LONGEST_PLACE) + more for place in one["places"][:1]]
        override = "possible" if one["overridable"] else "not possible"
        if one["overridden"]:
            override = f"{one['overridden']:,} of {one['obstacles']:,} overridden"
        rows.append(
            (
                "\n".join([cut(one["what"], _LONGEST_LINE), *places]),
                f"{one['obstacles']:,}",
                cut(without_commands(one["lift"]), _LONGEST_LINE),
                override,
            )
        )
    left = len(groups) - len(rows)
    if left > 0:
        rows.append((f"… and {counted(left, 'more group')}, in the annex", "", "", ""))
    yield Heading("What stands against it", 2)
    yield Table(
        "What stands against it, by what lifts it", ("What, and where first", "Number", "What lifts it", "Override"),
        tuple(rows), (8, 2, 7, 3), (1,),
    )  # fmt: skip


def _groups(data: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Give the groups; a document made before there were any has one for each obstacle."""
    lifted = {name for one in data["overrides"] for name in one["obstacle_ids"]}
    alone = {"obstacles": 1, "about": 1, "places": []}
    return data.get("obstacle_groups") or [
        {**alone, **one, "overridden": int(one["id"] in lifted)} for one in data["obstacles"]
    ]


def _people(data: Mapping[str, Any], when: Callable[[Any], str]) -> Iterator[Block]:
    people = data["people"]
    at = (
        f"To be signed at {when(people['signed_at'])}"
        if people["signed_at"]
        else "Not signed when this was made"
    )

    def row(part: str, person: Mapping[str, Any] | None, told: str) -> tuple[str, str, str, str]:
        person = person or {"name": "", "title": ""}
        return part, cut(person["name"], _LONGEST_NAME), cut(person["title"], _LONGEST_NAME), told

    yield Heading("Who answers for it", 2)
    rows = [
        row("Prepared by", people["author"], ""),
        row(
            "To be approved by",
            people["approver"],
            "" if people["approver"] else "somebody other than the author",
        ),
        row("To be signed by", people.get("signer"), at),
    ]
    if data["state"] == "refused":
        named = [
            (part, f"{name}{f', {title}' if title else ''}" or "not named") for part, name, title, _ in rows
        ]
        yield Fields("Who answers for it", tuple(named))
        yield Paragraph("A refused document is not signed.")
    else:
        yield Signatures(tuple(rows))
        yield Paragraph(_SIGNED_BESIDE, "small")
    for note in data["notes"]:
        if note.startswith("Names are "):
            yield Paragraph(note, "small")


def cut(text: str, width: int) -> str:
    """Shorten a text to a width on paper; what is cut off stands in the annex."""
    head = first_cells(text, width)
    if head == text:
        return text
    # A word is not cut where a blank stands near.
    whole = head.rpartition(" ")[0] if not text[len(head) :].startswith(" ") else head
    return (whole if len(head) - len(whole) <= _LONGEST_WORD else head).rstrip() + "…"


def _first(lines: Sequence[str], most: int) -> list[str]:
    more = len(lines) - most
    return [*lines[:most], *([f"… and {more:,} more, in the annex"] if more > 0 else [])]
