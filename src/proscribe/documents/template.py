"""From a template to blocks: a template is a list of sections in order, each of one of a closed set of kinds.

| section | gives | beside it |
| --- | --- | --- |
| `heading: text` | a heading | `level` |
| `paragraph: text` | running text | `style` |
| `fields: caption` | labels and values | `rows`: `[label, text]` or `[label, text, condition]`; `more_rows` |
| `table: caption` | a table | `of`: its entries; `columns`: `[header, width, text]`; `numeric`: columns set to the right |
| `counts: caption` | a table of numbers by name, where there are any | `of`, `first`: header of the names |
| `bullets: list` | a list, where there are any | a list of texts, or an expression that gives one |
| `notice: kind` | a framed text | `title`; `lines`, or `of` and `line` |
| `said: entries` | statements with their answers | |
| `signatures: rows` | who answers for it | rows `[part, key of the person, when]` |
| `pictures: entries` | pieces of pictures, or why one is not there | |
| `each: entries` | its `sections`, once for each entry | |
| `<name>` or `<name>: title` | the sections of that name in `sections.yml` | `of`: their `entries`, where they are about some |

`when` stands beside any of them: a condition. Texts are Jinja2 with `{{ }}`; `when` and `of` are Jinja2 expressions. They see
`data`, its `body`, and in a row `one` with its `number`. A text out of the data is shown as it is and never read as a template.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.exceptions import TemplateError
from jinja2.runtime import Context

from proscribe.documents import whole
from proscribe.documents.blocks import (
    Block,
    Bullets,
    Fields,
    Heading,
    Layout,
    Notice,
    Paragraph,
    Picture,
    Signatures,
    Statement,
    Table,
)
from proscribe.documents.elements import at
from proscribe.documents.grounds import judged_as
from proscribe.documents.grouping import said_once, without_commands
from proscribe.documents.items import NAMED, REACHED
from proscribe.documents.pieces import piece_of
from proscribe.documents.registry import PaperType, read_yaml
from proscribe.documents.summary import state_words, summary
from proscribe.model.errors import error
from proscribe.model.papers import Paper
from proscribe.rules.facts import asks
from proscribe.wording.shown import counted

#: Rows of one table that are printed; the rest is in the attached data, and the table says so.
ROWS_SHOWN = 200
_BLIND_SPOTS_SHOWN = 25
_ITEMS_NAMED = 40
_STAGES = {"first": "First report", "follow-up": "Follow-up report", "supplement": "Supplement"}
#: Said of a field without a value, by the state of its element.
_WORDLESS = {"not known": "not known (asked only if known)", "none": "not applicable"}
_CONCERNS = {
    "provide": "will be provided",
    "use": "is used",
    "contain": "is contained",
    "spend": "is paid with award funds",
}
#: Columns of a finding that are named, and findings of an item of which it is said how they are known.
_COLUMNS_SHOWN, _KNOWN_SHOWN = 4, 12
#: The same for what is not settled, since nothing shows yet that it is so.
_ASKED = {**_CONCERNS, "provide": "is to be provided"}


def layout(kind: PaperType, paper: Paper) -> Layout:
    """Lay a document out: the summary, then as annex its type's template between what every document has above and below."""
    seen = seen_of(kind, paper)
    data = seen["data"]
    return Layout(
        title=paper.title,
        subtitle=" · ".join(part for part in (seen["cited"], seen["stage"]) if part),
        organisation=data["organisation"]["name"],
        language="en",
        id=paper.id,
        digest=paper.digest,
        made_at=data["made_at"],
        state=paper.state.value,
        page=kind.spec.get("page", "us-letter"),
        blocks=_laid_out(kind, seen, seen["cited"]),
    )


def seen_of(kind: PaperType, paper: Paper) -> dict[str, Any]:
    """Give what the texts and conditions of sections see of a document."""
    data = _in_order(paper.data)
    edition = data["clause"]["edition"]
    return {
        "data": data,
        "body": data["body"],
        "id": paper.id,
        "digest": paper.digest,
        "title": "",
        "cited": data["citation"] + (f" ({edition})" if edition else ""),
        "stage": {**_STAGES, **kind.spec.get("stage_words", {})}.get(data["stage"], ""),
        "entries": None,
        "rows_shown": ROWS_SHOWN,
        "checklist_printed": kind.spec.get("checklist_printed", True),
        "asked": _by_entry(data["checklist"]),
        "overridden": {name: one["approver"] for one in data["overrides"] for name in one["obstacle_ids"]},
        **_of_statements(data["body"].get("representations", {}).values()),
    }


def _in_order(value: Any) -> Any:
    """Put the names of mappings in the order of canonical JSON.

    A document is shown as it is made, and again as it is read back: what has one digest has one rendering.
    """
    if isinstance(value, Mapping):
        return {name: _in_order(value[name]) for name in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [_in_order(one) for one in value]
    return value


def _laid_out(kind: PaperType, seen: Mapping[str, Any], cited: str) -> tuple[Block, ...]:
    told = {name: kind.get(name) for name in ("headline", "in_short") if kind.get(name)}
    try:
        first = summary(
            seen["data"],
            told,
            cited,
            lambda text: text_of(text, seen),
            lambda text: value_of(text, seen),
            instant_line,
        )
        evidence = [_lower(one) for one in blocks_of(["head", *kind.sections, "tail"], seen)]
        law = blocks_of(["law"], seen)
        return (*first, Heading("Annex A: the evidence", 1, new_page=True), *evidence, *law)
    except TemplateError as problem:
        raise error(
            "E215.template",
            at=f"{kind.folder.name}/template.yml",
            name=kind.name,
            why=problem.message or problem,
        ) from problem


def _lower(block: Block) -> Block:
    """Put a heading one level down, as a part of the annex."""
    return replace(block, level=block.level + 1) if isinstance(block, Heading) else block


def _by_entry(checklist: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Put the rows of the checklist under the item that each asks about."""
    asked: dict[str, list[Mapping[str, Any]]] = {}
    for row in checklist:
        asked.setdefault(row["item"], []).append(row)
    return asked


def _of_statements(said: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Give the findings set aside for any statement, and how many were not weighed."""
    said = list(said)
    aside = [{**item, "question": one["id"]} for one in said for item in one.get("set_aside", ())]
    return {"aside": aside, "outside": sum(one.get("outside", 0) for one in said)}


def blocks_of(sections: Sequence[Any], seen: Mapping[str, Any]) -> Iterator[Block]:
    """Give the blocks of sections; `seen` is what their texts see, as `seen_of` gives it."""
    for told in sections:
        section = {told: ""} if isinstance(told, str) else told
        kind = next(iter(section))
        if "when" in section and not value_of(section["when"], seen):
            continue
        if kind in _KINDS:
            yield from _KINDS[kind](section, seen)
        elif kind in shared_sections():
            of = {"entries": value_of(section["of"], seen)} if "of" in section else {}
            yield from blocks_of(shared_sections()[kind], {**seen, "title": section[kind], **of})
        else:
            raise error(
                "E215.section", at="template.yml", name=kind, known=", ".join((*_KINDS, *shared_sections()))
            )


@cache
def shared_sections() -> Mapping[str, Sequence[Any]]:
    """Give the sections that templates share, by name."""
    return cast(Mapping[str, Sequence[Any]], read_yaml(Path(__file__).with_name("sections.yml")))


# Kinds of sections


def _heading(section: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(text_of(section["heading"], seen), int(section.get("level", 1)))


def _paragraph(section: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Block]:
    yield Paragraph(text_of(section["paragraph"], seen), section.get("style", "plain"))


def _fields(section: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Block]:
    rows = [
        (row[0], text_of(row[1], seen)) for row in section["rows"] if len(row) == 2 or value_of(row[2], seen)
    ]
    more = value_of(section["more_rows"], seen) if "more_rows" in section else ()
    yield Fields(text_of(section["fields"], seen), (*rows, *more))


def _table(section: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Block]:
    entries = value_of(section["of"], seen)
    columns, most = section["columns"], seen["rows_shown"]
    rows = [tuple(text_of(text, {**seen, "one": one}) for _, _, text in columns) for one in entries[:most]]
    if len(entries) > most:
        left = f"… and {len(entries) - most:,} more rows, in the attached data"
        rows.append((left, *[""] * (len(columns) - 1)))
    yield Table(
        section["table"],
        tuple(header for header, _, _ in columns),
        tuple(rows),
        tuple(int(width) for _, width, _ in columns),
        tuple(int(one) for one in section.get("numeric", ())),
    )


def _counts(section: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Block]:
    numbers = value_of(section["of"], seen)
    if numbers:
        entries = [{"name": name, "number": number} for name, number in numbers.items()]
        columns = [
            [section["first"], 6, "{{ one.name | spaced }}"],
            ["Number", 2, "{{ one.number | number }}"],
        ]
        table = {"table": section["counts"], "of": "entries", "columns": columns, "numeric": [1]}
        yield from _table(table, {**seen, "entries": entries})


def _bullets(section: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Block]:
    told = section["bullets"]
    lines = value_of(told, seen) if isinstance(told, str) else [text_of(one, seen) for one in told]
    if lines:
        most = seen["rows_shown"]
        left = [f"… and {len(lines) - most:,} more, in the attached data"][: len(lines) > most]
        yield Bullets((*lines[:most], *left))


def _notice(section: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Block]:
    if "of" in section:
        lines = [text_of(section["line"], {**seen, "one": one}) for one in value_of(section["of"], seen)]
    else:
        lines = [text_of(one, seen) for one in section["lines"]]
    yield Notice(section["notice"], section["title"], tuple(lines))


def _said(section: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Block]:
    for one in value_of(section["said"], seen).values():
        answer = one.get("answer")
        yield Statement(
            one["citation"], one["statement"], one.get("word", "") if answer else "", answer == ""
        )


def _signatures(section: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Block]:
    rows = []
    for part, key, when in section["signatures"]:
        person = seen["data"]["people"][key] or {"name": "", "title": ""}
        rows.append((part, person["name"], person["title"], text_of(when, seen)))
    yield Signatures(tuple(rows))


def _pictures(section: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Block]:
    for one in value_of(section["pictures"], seen):
        about = ", ".join(one["finding_ids"][:_ITEMS_NAMED])
        caption = f"{one['picture']}, {one['place']}: {about}"
        lines = (*one["read"], f"SHA-256 of the file: {one['sha256']}")
        crop = None if one["why_not"] else piece_of(one)
        if crop is not None:
            yield Picture(caption, lines, crop)
        else:
            why = one["why_not"] or "the document holds no picture of this digest and size"
            yield Paragraph(
                "\n".join([caption, *lines, f"What the picture shows is not beside this: {why}."]), "small"
            )


def _each(section: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Block]:
    for number, one in enumerate(value_of(section["each"], seen), 1):
        yield from blocks_of(section["sections"], {**seen, "one": one, "number": number})


_KINDS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[Block]]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "fields": _fields,
    "table": _table,
    "counts": _counts,
    "bullets": _bullets,
    "notice": _notice,
    "said": _said,
    "signatures": _signatures,
    "pictures": _pictures,
    "each": _each,
}


# What texts and expressions may use


class _Data(Environment):
    """Reads a name of an object as a key and never as a method, so that `body.items` is the field."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if not isinstance(obj, Mapping):
            return super().getitem(obj, argument)
        return obj[argument] if argument in obj else self.undefined(obj=obj, name=argument)


def text_of(source: str, seen: Mapping[str, Any]) -> str:
    """Render a text of a template."""
    return _compiled(source).render(seen) if "{" in source else source


def value_of(source: str, seen: Mapping[str, Any]) -> Any:
    """Give the value of an expression of a template."""
    return _expression(source)(seen)


@cache
def _compiled(source: str) -> Any:
    return _ENVIRONMENT.from_string(source)


@cache
def _expression(source: str) -> Callable[..., Any]:
    return _ENVIRONMENT.compile_expression(source, undefined_to_none=False)


def _joined(parts: Iterable[Any], between: str) -> str:
    return between.join(str(part) for part in parts if part)


def _first_of(texts: Iterable[Any], most: int) -> str:
    """Name the first of several, each once, and say how many more there are."""
    named = list(dict.fromkeys(str(one) for one in texts))
    more = len(named) - most
    return "; ".join(named[:most]) + (f"; and {more:,} more" if more > 0 else "")


def _dated_steps(steps: Iterable[Mapping[str, Any]]) -> list[str]:
    """Name steps with their last days, where the law or people set one: `Huawei NE40E-X3 (last day 2025-12-31)`."""
    return [
        f"{one['what']} (last day {one['latest_on']})" if one.get("latest_on") else str(one["what"])
        for one in steps
    ]


def _dated(dates: Iterable[Mapping[str, Any]]) -> list[str]:
    """Write dates of a direction, the first first: each day once, with whether it has passed."""
    return [
        f"{day}{' (passed)' if passed else ''}"
        for day, passed in sorted({(one["last_day"], one["passed"]) for one in dates})
    ]


def _items_of(items: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Give those that are items; what is only named is none."""
    return [one for one in items if one["kind"] != NAMED]


def _first_items(items: Sequence[Mapping[str, Any]], most: int) -> str:
    """Name the first items, and say how many there are, each counted by itself; what is only named is no item."""
    things = [str(one["name"]) for one in _items_of(items)]
    more = len(things) - most
    told = "; ".join(things[:most]) + (f"; and {more:,} more" if more > 0 else "")
    count = f"{len(things):,} items: " if more > 0 else ""
    only = len(items) - len(things)
    names = f"{only:,} named only, and no item" if only else ""
    return _joined((f"{count}{told}", names), "; besides, " if told else "")


def person_line(value: Mapping[str, Any] | None) -> str:
    """Write a person in a line."""
    names = ("name", "title", "organisation", "email", "phone")
    return _joined((value[name] for name in names), ", ") if value is not None else ""


def _known_from(known: Mapping[str, Any]) -> str:
    """Say from which columns of which file of which scan a finding is known."""
    told = [
        "columns " + ", ".join(known["columns"][:_COLUMNS_SHOWN]) if known["columns"] else "",
        f"SHA-256 {known['sha256'][:16]}… of the file" if known["sha256"] else "",
        f"scan {known['scan']}",
    ]
    return "; ".join(filter(None, told))


def _how_known(found: Sequence[Mapping[str, Any]]) -> str:
    """Say of the findings of an item where each stands, from what it is known, and who judged it."""
    lines = [
        "; ".join(
            filter(
                None,
                (one["place"], _known_from(one["known"]) if "known" in one else "", one.get("judged", "")),
            )
        )
        for one in found[:_KNOWN_SHOWN]
    ]
    more = len(found) - _KNOWN_SHOWN
    return "\n".join(
        [*lines, *([f"and {more:,} more findings, each in the data of this document"] if more > 0 else [])]
    )


def instant_line(text: str | None) -> str:
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


def _by_item(rows: Iterable[Mapping[str, Any]], *keys: str) -> list[dict[str, str]]:
    """Put rows together that differ only in their item, and name the items: what is the same is said once."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        same = tuple(
            "\n".join(field["label"] for field in row[key]) if key == "fields" else row[key] for key in keys
        )
        groups.setdefault(same, []).append(row["item"])
    return [
        {**dict(zip(keys, same, strict=True)), "of_items": _of_items(items)} for same, items in groups.items()
    ]


def _of_items(names: Sequence[str]) -> str:
    """Name the items: `(item a)`, `(items a, b)`; nothing where it is about none."""
    named = [name for name in names if name]
    if not named:
        return ""
    more = len(named) - _ITEMS_NAMED
    shown = ", ".join(named[:_ITEMS_NAMED]) + (f" and {more:,} more" if more > 0 else "")
    return f" (item{'' if len(named) == 1 else 's'} {shown})"


def _obstacle(one: Mapping[str, Any]) -> str:
    """Say what stands; of several blind spots each is named, as far as a page is for it."""
    told = str(one["what"])
    if one["code"] == "blind-spot" and len(one["evidence"]) > 1:
        told += "".join(f"\n{text}" for text in one["evidence"][1:_BLIND_SPOTS_SHOWN])
        if len(one["evidence"]) > _BLIND_SPOTS_SHOWN:
            told += f"\n… and {len(one['evidence']) - _BLIND_SPOTS_SHOWN:,} more, in the attached data"
    return told


@pass_context
def _once(context: Context, obstacles: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Put obstacles together that say the same of several answers: `ids` and `questions` of all, and `override` of all."""
    rows = []
    for same in said_once(obstacles):
        first, by = same[0], {one["id"]: context["overridden"].get(one["id"], "") for one in same}
        questions = list(dict.fromkeys(name for one in same for name in one["questions"]))
        names = list(dict.fromkeys(filter(None, by.values())))
        override = (
            f"by {' and '.join(names)}" if names else "possible" if first["overridable"] else "not possible"
        )
        if names and not all(by.values()):
            override += f", of these alone: {', '.join(one for one in by if by[one])}"
        rows.append({**first, "ids": list(by), "questions": questions, "override": override})
    return rows


@pass_context
def _elements(context: Context, item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give a row for each field that an element of the checklist asks of an item, and what the item rests on.

    Fields that say nothing are named together, each under why it does not.
    """
    data = context["data"]
    given: set[str] = set()
    silent: dict[str, list[str]] = {}
    for row in context["asked"].get(item["id"], ()):
        for field in row["fields"]:
            if field["pointer"] in given:
                continue
            given.add(field["pointer"])
            said = at(data, field["pointer"])
            text = ", ".join(said) if isinstance(said, list) else str(said or "")
            if not text:
                # An element that is filled may have a field that says nothing, where one of two is enough.
                words = _WORDLESS.get(row["state"], "not stated")
                within = field["pointer"].endswith("/model_number") and any(
                    map(str.isdigit, item["description"])
                )
                silent.setdefault(words, []).append(
                    field["label"] + (" (unless the description names it)" if within else "")
                )
                continue
            name = field["pointer"].partition("/items/")[2].partition("/")[2].replace("/", ".")
            if name in item["taken_from"]:
                text += f" (taken from {item['taken_from'][name]})"
            yield field["label"], text
    own_words = "description" in item["taken_from"] and not item["model_number"]
    if own_words and not any(pointer.endswith("/description") for pointer in given):
        yield "Words of the record", item["description"]
    yield from ((text.capitalize(), ", ".join(labels)) for text, labels in silent.items())
    if item["concerns"] and not _settled_concerns(data, item):
        yield "Covered", "not settled; it is disclosed all the same"
    found = [f"{one['what']} [{one['id']}]" for one in item["findings"]]
    if len(found) > _ITEMS_NAMED:
        found[_ITEMS_NAMED:] = [f"… and {len(found) - _ITEMS_NAMED:,} more, in the attached data"]
    if found:
        yield "Rests on", "\n".join(found)


def _settled_concerns(data: Mapping[str, Any], item: Mapping[str, Any]) -> list[str]:
    """Give those of the answers that an item concerns for which it is not open whether what it rests on is covered."""
    said = data["body"].get("representations") or {}
    found = set(item["finding_ids"])

    def open_(one: Mapping[str, Any]) -> bool:
        return bool(found & set(one.get("doubtful", ()))) and not found & set(one.get("covered", ()))

    return [name for name in item["concerns"] if not open_(said.get(name, {}))]


@pass_context
def _concerns(context: Context, item: Mapping[str, Any]) -> str:
    """Say which answers an item concerns: what is settled as it is, and what is not settled as a question."""
    settled = _settled_concerns(context["data"], item)
    told = [_CONCERNS[name] for name in settled]
    asked = " or ".join(_ASKED[name] for name in item["concerns"] if name not in settled)
    return ", ".join([*told, *([f"not settled whether it {asked}"] if asked else [])])


def _by_outcome(outcomes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Give a line for each outcome of a finding, with the rules that come to it and what each does not know."""
    told: dict[str, list[str]] = {}
    for one in outcomes:
        rule = one["citations"][0] if one["citations"] else one["regime"]
        missing = len(one["missing"])
        open_ = f" ({counted(missing, 'fact')} not known)" if missing else ""
        told.setdefault(one["outcome"], []).append(rule + open_)
    yield from (f"{outcome.replace('_', ' ')} under {'; '.join(rules)}" for outcome, rules in told.items())


def _unconfirmed(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give the items that stand in a document although neither the evidence nor a person confirms them."""
    left = {name for one in data["obstacles"] if one["code"] == "unconfirmed" for name in one["evidence"]}
    return [one for one in data["body"]["items"] if left & set(one["finding_ids"])]


def _confirmed(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give the other items."""
    left = [one["id"] for one in _unconfirmed(data)]
    return [one for one in data["body"]["items"] if one["id"] not in left]


def _settled(data: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Give the items that a person describes without a finding, or that the law surely reaches: some rule, with no fact open."""
    outcomes = {
        one["id"]: {each["outcome"] for each in one["outcomes"]} for one in data["body"].get("findings", ())
    }
    return [
        item
        for item in items
        if not item["finding_ids"]
        or any(not outcomes.get(name, set()).isdisjoint(REACHED) for name in item["finding_ids"])
    ]


def _judged(one: Mapping[str, Any] | None) -> str:
    if not one:
        return ""
    return f"; judged {judged_as(one['verdict'], one['reason'])} by {one['by']}, {one['at'][:10]}"


def _hangs_on(one: Mapping[str, Any]) -> str:
    """Say on what it hangs whether a thing is to be reported that no rule forbids; empty where that hangs on nothing."""
    missing = {
        name: None for each in one["outcomes"] if each["outcome"] == "not_covered" for name in each["missing"]
    }
    return f"; whether it is to be reported hangs on: {' '.join(map(asks, missing))}" if missing else ""


def _of_no_item(body: Mapping[str, Any], established: bool | None = None) -> list[str]:
    """Name the findings that no item rests on, one line each.

    Args:
        established: those alone of which a person says that they are what they look like, or the others alone; all by default.
    """
    named = {name for item in body["items"] for name in item["finding_ids"]}
    return [
        f"{_joined((one['entity'], one['model']), ' ')}, {one['place']} ({one['band']}, "
        f"{one['role'].replace('_', ' ')}) [{one['id']}]{_judged(one['judgement'])}{_hangs_on(one)}"
        for one in body["findings"]
        if one["id"] not in named and established in (None, (one["judgement"] or {}).get("verdict") == "same")
    ]


# Nothing here is markup: each renderer makes a text safe for its own format.
_ENVIRONMENT = _Data(undefined=StrictUndefined, autoescape=False)
_ENVIRONMENT.filters |= {
    "after": lambda text, before: f"{before}{text}" if text else "",
    "by_item": _by_item,
    "confirmed": _confirmed,
    "concerns": _concerns,
    "count": counted,
    "elements": _elements,
    "by_outcome": _by_outcome,
    "first_items": _first_items,
    "items_of": _items_of,
    "dated": _dated,
    "dated_steps": _dated_steps,
    "first_of": _first_of,
    "instant": instant_line,
    "known_from": _known_from,
    "how_known": _how_known,
    "judged_as": lambda one: judged_as(one["verdict"], one["reason"]),
    "lines": lambda parts: _joined(parts, "\n"),
    "listed": lambda parts: _joined(parts, ", "),
    "state_words": state_words,
    "names_only": lambda items: [one for one in items if one["kind"] == NAMED],
    "of_things": lambda items: [one for one in items if one["kind"] != NAMED],
    "named": lambda texts: "\n".join(f"{name}: {text}" for name, text in texts.items()),
    "number": lambda number: f"{number:,}",
    "obstacle": _obstacle,
    "of_no_item": _of_no_item,
    "once": _once,
    "without_commands": without_commands,
    "pairs": lambda rows, key, values: [(row[key], one) for row in rows for one in row[values]],
    "person": person_line,
    "settled_of": _settled,
    "unconfirmed": _unconfirmed,
    "spaced": lambda text: text.replace("_", " "),
    "words": lambda parts: _joined(parts, " "),
    **whole.FILTERS,
}
