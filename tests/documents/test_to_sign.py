"""A document as whoever signs it reads it: nothing of its data left out, in people's words, in an order that matters."""

from __future__ import annotations

import copy
import dataclasses
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import paper_samples as of
import pytest
from jsonschema import Draft202012Validator

from proscribe.documents import TYPES, paper_from_json, schema_of
from proscribe.documents.grouping import said_once
from proscribe.documents.schema import shared_shapes
from proscribe.documents.to_sign import MOST_ROWS, declared, parts_to_sign
from proscribe.model.errors import KnowledgeError
from proscribe.model.papers import Paper

Path = tuple[str | int, ...]


def listed(shape: Any) -> Iterator[str]:
    """Give the words of which a shape takes one."""
    if isinstance(shape, dict):
        yield from shape.get("one_of", ())
        for one in shape.values():
            yield from listed(one)
    elif isinstance(shape, list):
        for one in shape:
            yield from listed(one)


#: Words that a schema, or a section, takes in place of others.
OTHERS = sorted(
    {
        *listed(shared_shapes()),
        "agency_head",
        "dni",
        "excerpt",
        "verbatim-from-mirror",
        "verbatim-from-official",
    }
    | {"2026-01-02", "2026-01-02T03:04:05+00:00", "ab" * 32} - {""}
)


#: A sample of a document that holds besides what a case brings: what was asked, judged until a day, and not settled.
FULL = "offer-representation-full"
#: What a case adds to a document, in the words in which it is kept.
OF_A_CASE = {
    "case_title": "Annual check",
    "kinds": [{"answers": ["use"], "by": "stated", "files": ["vans.xlsx sheet VAN 1"], "kind": "equipment", "more": 2}],
    "read_as": [
        {"changed": "the program would say uncertain", "of": "stock.xlsx", "said": "it is a list of offered", "scan": "scan 1"}
    ],
    "not_read": ["stock.xlsx: 4 of 27 records hold nothing that can be matched"],
    "words": ["Scope: everything we sell, stock, drive and use"],
    "store": {
        "begun_on": "2026-12-01", "cases": 2, "events": 26, "head": "66" * 32, "id": "46" * 16, "sources": [], "not_read": [], "fewer": [],
        "beside": [
            {"case_id": "C-0002", "title": "Vans", "devices": [], "doubtful": ["First report, due 2026-11-13"], "due": [], "mentions": 3,
             "named": [], "open": 4, "overdue": ["First report, due 2026-11-10"], "reported": 1, "reports": [], "suppliers": [],
             "sure": 2, "sure_devices": []}
        ],
    },
}  # fmt: skip


@cache
def sample(name: str) -> Paper:
    if name == FULL:
        return full()
    type_, inputs = of.samples()[name]
    return of.make(type_, inputs)


def full() -> Paper:
    """Give a document of two findings that have one answer of the law, with all that a case can say of them."""
    data: dict[str, Any] = copy.deepcopy(dict(sample("offer-representation-disclosure").data)) | OF_A_CASE
    body = data["body"]
    found = body["findings"][0]
    found["brand"], found["questions"] = "Sentryline", ["Is it a Sentryline unit, and who made it?"]
    found["against"] = [
        {
            "facts": ["brand:own/sentryline"],
            "field": "Item",
            "found": "SL-40",
            "matcher": "context",
            "why": "another's badge",
        }
    ]
    found["judgement"] = {
        "at": "2026-11-24T15:00:00-05:00", "by": "Sam Lind", "reason": "label read", "verdict": "same", "until": "2027-12-01",
        "approver": "",
    }  # fmt: skip
    for one in found["outcomes"]:
        one["missing"] = ["item.purpose", "use.place"]
    other = {**copy.deepcopy(found), "id": "f_0002", "place": "assets.csv row 2"}
    body["findings"].append(other)
    for one in body["representations"].values():
        one["doubtful"] = ["f_0002"]
    for one in body["items"][0]["findings"]:
        one["judged"] = "judged not ours by Sam Lind"
    data["people"]["signer"] = {
        "name": "Rita Ito",
        "title": "Owner",
        "organisation": "",
        "email": "",
        "phone": "",
    }
    data["law_says"] |= {
        "due": ["Was due by 2026-11-10"], "duties": ["report again within 10 business days"], "presumed": ["its part in the system"],
        "would_change": ["Who made it?"],
    }  # fmt: skip
    return paper_from_json(data)


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """Give the place of every value that says something."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from leaves(one, (*path, name))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from leaves(one, (*path, place))
    elif value not in (None, ""):
        yield path


def pattern(path: Path) -> str:
    """Write a place as `to_sign.yml` does: entries of lists, and names that somebody chose, as a star."""
    steps = ["*" if isinstance(one, int) else one for one in path]
    for place, step in enumerate(steps[:-1]):
        if step in (
            "representations",
            "by_category",
            "by_system",
            "by_firm",
            "by_band",
            "by_outcome",
            "answers",
            "taken_from",
        ):
            steps[place + 1] = "*"
    return "/".join(steps)


def others(value: Any) -> Iterator[Any]:
    """Give values that may stand in the place of one."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 7
    else:
        free = f"{value} or a quarry in Zug"
        known = [one for one in OTHERS if one != value]
        yield from ((*known, free) if value in OTHERS else (free, *known))


@cache
def validator(type_: str) -> Draft202012Validator:
    return Draft202012Validator(schema_of(type_))


#: Words of a schema that say nothing of what stands further within.
PASSED = frozenset(
    [
        "$defs",
        "$id",
        "$ref",
        "$schema",
        "additionalProperties",
        "items",
        "properties",
        "required",
        "title",
        "type",
    ]
)


def part_of(schema: Any, path: Path) -> tuple[Path, Any]:
    """Give the smallest part around a place that has a shape of its own, and that shape.

    As nothing further out says anything of it, the whole is valid where this part is and the rest was.
    """
    within, taken = schema, 0
    for step in path:
        while "$ref" in within and set(within) <= PASSED:
            within = schema["$defs"][within["$ref"].rpartition("/")[2]]
        if not set(within) <= PASSED:
            break
        given = within.get("properties", {}).get(step) or within.get(
            "items" if isinstance(step, int) else "additionalProperties"
        )
        if not isinstance(given, dict):
            break
        within, taken = given, taken + 1
    return path[:taken], within


def altered(paper: Paper, path: Path) -> Paper | None:
    """Give a document with another value in a place that its schema takes; `None` where it takes one alone."""
    data = copy.deepcopy(dict(paper.data))
    whole = validator(paper.type)
    around, shape = part_of(whole.schema, path)
    holder: Any = data
    for step in path[:-1]:
        holder = holder[step]
    check = whole.evolve(schema=shape)
    for other in others(holder[path[-1]]):
        holder[path[-1]] = other
        part: Any = data
        for step in around:
            part = part[step]
        if check.is_valid(part):
            return dataclasses.replace(paper, data=data)
    return None


def read(paper: Paper) -> list[tuple[str, str]]:
    """Give what is read, without the digest of all of it, which says that something is otherwise and not what."""
    hidden = (paper.digest, paper.id)
    return [
        (part.name, re.sub("|".join(map(re.escape, hidden)), "#", line))
        for part in parts_to_sign(paper)
        for line in part.values
    ]


@cache
def read_as_made(name: str) -> list[tuple[str, str]]:
    return read(sample(name))


@cache
def by_pattern() -> dict[tuple[str, str], tuple[str, Path]]:
    """Give of each type and place one sample in which something stands there."""
    found: dict[tuple[str, str], tuple[str, Path]] = {}
    for name in (*of.samples(), FULL):
        for path in leaves(sample(name).data):
            found.setdefault((sample(name).type, pattern(path)), (name, path))
    return found


def is_not_read(place: str) -> bool:
    steps = place.split("/")
    return any(
        len(steps) == len(told) and all(map(fnmatchcase, steps, told))
        for told in (one.split("/") for one in declared()["not_read"])
    )


@pytest.mark.parametrize("type_", list(TYPES))
def test_whatever_is_otherwise_in_a_document_is_read_otherwise(type_: str) -> None:
    silent = []
    for (of_type, place), (name, path) in by_pattern().items():
        if of_type != type_ or is_not_read(place):
            continue
        other = altered(sample(name), path)
        try:
            if other is not None and read(other) == read_as_made(name):
                silent.append(place)
        except KnowledgeError:  # a word that no section knows: all of it is shown as it is kept
            assert place in ("law_words/reading", "stage", "body/route"), place
    assert silent == []


@pytest.mark.parametrize("name", [*of.samples(), FULL])
def test_what_is_read_is_in_words_and_no_line_is_empty_or_of_two(name: str) -> None:
    for part in parts_to_sign(sample(name)):
        assert part.name[:1].isupper() and part.values
        for line in part.values:
            assert line.strip() and "\n" not in line
            bare = re.sub(r"\[[^\]]*\]|\([^()]*\)|https?://\S+", "", line)
            assert not re.search(r"\w/\d+/|\b[a-z]+_[a-z]+", bare), line


def test_an_answer_of_the_law_that_several_findings_have_is_said_once() -> None:
    read = {part.name: part.values for part in parts_to_sign(sample(FULL))}
    answers = read["What the law says of several findings"]
    told = read["Findings: what, where, and what is said of each and by whom"]
    lines = [line for line in told if not line.startswith("as note")]
    assert len(lines) == 2 and all("What the law says: answer 1" in line for line in lines)
    assert (
        answers and answers[0].startswith("Answer 1. Says: ") and "Who looks at these pictures" in answers[0]
    )
    assert not any("Who looks at these pictures" in line for line in told)


def test_what_it_says_and_what_stands_against_it_is_open_and_what_it_rests_on_is_folded() -> None:
    for name in (*of.samples(), FULL):
        parts = parts_to_sign(sample(name))
        open_ones = [part.name for part in parts if not part.folded]
        assert [part.folded for part in parts] == sorted(part.folded for part in parts)
        assert open_ones[0] == "What it says" and not {
            "What stands against this document",
            "Who answers for it",
        } - {
            *open_ones,
            *(("What stands against this document",) if not sample(name).data["obstacles"] else ()),
        }


def test_a_document_of_hundred_findings_is_short_enough_to_be_read() -> None:
    data = copy.deepcopy(dict(sample(FULL).data))
    (found, _) = data["body"]["findings"]
    data["body"]["findings"] = [
        {**found, "id": f"f_{number:04}", "place": f"assets.csv row {number}"}
        for number in range(1, MOST_ROWS + 1)
    ]
    parts = parts_to_sign(paper_from_json(data))
    letters = sum(len(text) for part in parts for text in part.values)
    assert (
        letters < 100_000
        and sum(len(text) for part in parts if not part.folded for text in part.values) < 20_000
    )


def names(paper: Paper) -> list[str]:
    return [part.name for part in parts_to_sign(paper)]


def test_what_matters_is_read_first() -> None:
    paper = of.make(
        "annual-representation",
        of.base(
            inquiry=of.OPEN_INQUIRY, scans=(of.proved(of.COVERED, "22" * 32),), answers={"use": "does not"}
        ),
    )
    order = names(paper)
    wanted = [
        "What it says",
        "What stands against this document",
        "What was not searched, not read or not checked",
        "Who answers for it",
        "What this document is",
        "Findings: what, where, and what is said of each and by whom",
        "How this document was made",
    ]
    assert [one for one in order if one in wanted] == wanted
    (first,) = [part for part in parts_to_sign(paper) if part.name == "What it says"]
    assert first.values[1].startswith(
        "does (48 CFR 52.204-26(c)(1)): The Offeror, Harbour Systems LLC, represents"
    )


def test_a_finding_is_told_in_one_line_with_who_judged_it_and_what_the_law_says() -> None:
    (part,) = [
        one for one in parts_to_sign(sample("inquiry-record")) if one.name.startswith("Findings: what")
    ]
    (line,) = part.values
    said = (
        "confirmed: Hikvision DS-2CD2143G2-I",
        "assets.csv row 1",
        "Depot Nord",
        "Pub. L. 115-232 §889",
        "Sam Lind",
        "label read at the site",
    )
    assert all(text in line for text in said), line


def test_a_long_table_is_counted_and_what_somebody_answers_for_is_not() -> None:
    row = of.finding(
        band="possible",
        determinations=[of.determination("us-889-b", "undetermined", missing=["item.purpose"])],
    )
    rows = [
        {**row, "id": f"f_{number:05}", "locator": {"row": number, "sheet": None, "pointer": None}}
        for number in range(1, MOST_ROWS + 2)
    ]
    paper = of.annual(scans=of.scanned(*rows))
    read = {part.name: part.values for part in parts_to_sign(paper)}
    assert read["Findings: what, where, and what is said of each and by whom"] == (
        "101 entries, which the document prints",
    )
    against = read["What stands against this document"]
    assert (
        len(said_once(paper.obstacles)) > MOST_ROWS and len(against) == len(paper.data["obstacle_groups"]) + 1
    )
    assert against[-1].startswith(f"{len(said_once(paper.obstacles))} entries, of which the document prints")
    assert sum(one["obstacles"] for one in paper.data["obstacle_groups"]) == len(said_once(paper.obstacles))
    reasons = [
        of.Override((one.id,), "Lee Okafor", f"Looked at it myself, number {place}.", of.MADE_AT)
        for place, one in enumerate(paper.obstacles)
    ]
    inputs = of.base(scans=of.scanned(*rows), overrides=tuple(reasons))
    read = {part.name: part.values for part in parts_to_sign(of.make("annual-representation", inputs))}
    assert len(read["What the approver is to override, and why"]) == len(reasons) > MOST_ROWS


def with_findings(count: int, **changed: str) -> Paper:
    """Give a paper that tells of one finding so many times, under other ids."""
    paper = sample("offer-representation-disclosure")
    data = copy.deepcopy(paper.data)
    first = data["body"]["findings"][0]
    data["body"]["findings"] = [
        {**copy.deepcopy(first), "id": f"f_{place:020x}", **(changed if place == 1 else {})}
        for place in range(1, count + 1)
    ]
    return dataclasses.replace(paper, data=data)


def findings_told(paper: Paper) -> str:
    return "\n".join(
        text for one in parts_to_sign(paper) if one.name.startswith("Findings") for text in one.values
    )


def test_a_long_text_that_many_findings_say_stands_once_and_each_names_it() -> None:
    told = {count: findings_told(with_findings(count)) for count in (1, 2, 40)}
    assert all(f"f_{place:020x}" in told[40] for place in range(1, 41))
    assert "as note 1" not in told[1] and "which 40 of these name" in told[40]
    said = [
        line.partition(". ")[2].partition(": ")[2]
        for line in told[40].splitlines()
        if "of these name" in line
    ]
    assert said and all(len(text) >= 80 and told[40].count(text) == 1 and text in told[1] for text in said)
    assert len(told[40]) < 40 * len(told[1]) * 0.8


@pytest.mark.parametrize("hostile", ["as note 1", "AS NOTE 2", "\uff41s note 1"])
def test_no_record_reads_as_the_name_of_a_note(hostile: str) -> None:
    told = findings_told(with_findings(3, model=hostile))
    assert "of these name" not in told and hostile in told
