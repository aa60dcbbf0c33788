"""Findings spliced into CycloneDX documents: everything else stays, twice is once."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proscribe.model.errors import InputError
from proscribe.reports.parts.cyclonedx_json import JsonDocument
from proscribe.reports.parts.cyclonedx_xml import XmlDocument
from proscribe.reports.parts.marks import Marks, Note

ENTRIES = (("proscribe:finding:x:band", "probable"), ("proscribe:finding:x:why", 'a "quoted" <text> & é海'))
DOCUMENT = (("proscribe:as-of", "2026-11-25"),)


def marks(components: Any, notes: tuple[Note, ...] = ()) -> Marks:
    return Marks(DOCUMENT, components, notes, "Proscribe", "0.1", "2026-11-25T00:00:00Z")


def pointers(value: Any, place: str) -> list[str]:
    """List the components of a parsed document, as the reader does."""
    found = []
    if isinstance(value, dict):
        found.append(place)
        for key in ("components", "services"):
            if isinstance(value.get(key), list):
                for number, one in enumerate(value[key]):
                    found += pointers(one, f"{place}/{key}/{number}")
    return found


def stripped(value: Any, before: Any) -> Any:
    """Take out what was added, so that the rest can be compared with the document before."""
    if isinstance(value, list):
        mine = [
            one
            for one in value
            if not (
                isinstance(one, dict)
                and str(one.get("name", one.get("bom-ref", ""))).startswith("proscribe:")
            )
        ]
        return (
            [
                stripped(one, old)
                for one, old in zip(mine, before if isinstance(before, list) else mine, strict=False)
            ]
            if mine
            else mine
        )
    if isinstance(value, dict):
        old = before if isinstance(before, dict) else {}
        return {key: stripped(one, old.get(key)) for key, one in value.items() if key in old}
    return value


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_components = st.recursive(
    st.fixed_dictionaries(
        {"type": st.just("device"), "name": _texts},
        optional={
            "bom-ref": _texts,
            "version": _texts,
            "properties": st.lists(st.fixed_dictionaries({"name": _texts, "value": _texts}), max_size=2),
            "x": st.floats(allow_nan=False) | st.integers() | st.none() | st.booleans(),
        },
    ),
    lambda inner: st.fixed_dictionaries({"name": _texts, "components": st.lists(inner, max_size=3)}),
    max_leaves=6,
)


@settings(max_examples=120)
@given(
    st.lists(_components, max_size=3),
    st.sampled_from([None, 0, 1, 2, 4, "\t"]),
    st.booleans(),
    st.sampled_from(["1.4", "1.6"]),
    st.data(),
)
def test_json(
    components: list[Any], indent: int | str | None, has_metadata: bool, version: str, data: Any
) -> None:
    before: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "version": 4,
        "components": components,
    }
    if has_metadata:
        before["metadata"] = {"component": {"type": "device", "name": "top"}}
    text = json.dumps(before, indent=indent, ensure_ascii=data.draw(st.booleans()))
    places = [
        place for number, one in enumerate(components) for place in pointers(one, f"/components/{number}")
    ]
    chosen = data.draw(st.lists(st.sampled_from(places), unique=True)) if places else []
    asked = marks(
        dict.fromkeys(chosen, ENTRIES), tuple(Note(f"proscribe:{place}", place, "t") for place in chosen)
    )
    made = JsonDocument(text).annotated(asked)
    after = json.loads(made)
    assert JsonDocument(made).annotated(asked) == made, "twice is once"
    assert after["version"] == 5
    assert stripped({**after, "version": 4}, before) == before
    assert made.count("proscribe:finding:x:band") == len(chosen)
    assert made.count("proscribe:as-of") == 1
    if version == "1.6" and chosen:
        assert len(after["annotations"]) == len(chosen)
    later = JsonDocument(made).annotated(marks({}))
    assert "proscribe:finding" not in later, "findings that are gone are taken out"


def _as_xml(item: Any) -> str:
    inner = f"<name>{escape(item['name'])}</name>"
    if "properties" in item:
        inner += (
            "<properties>"
            + "".join(
                f"<property name={quoteattr(one['name'])}>{escape(one['value'])}</property>"
                for one in item["properties"]
            )
            + "</properties>"
        )
    if "components" in item:
        inner += "<components>" + "".join(map(_as_xml, item["components"])) + "</components>"
    return f'<component type="device">{inner}</component>'


def _paths(item: Any, place: str) -> list[str]:
    found = [place]
    for number, one in enumerate(item.get("components", ()), start=1):
        found += _paths(one, f"{place}/components/component[{number}]")
    return found


@settings(max_examples=120)
@given(
    st.lists(_components, max_size=3),
    st.sampled_from(["1.3", "1.6"]),
    st.sampled_from(["", "\n  "]),
    st.data(),
)
def test_xml(components: list[Any], version: str, space: str, data: Any) -> None:
    legal = [
        one
        for one in components
        if all(ord(char) >= 32 and char not in "\ufffe\uffff" for char in json.dumps(one, ensure_ascii=False))
    ]
    body = space.join(map(_as_xml, legal))
    text = f'<bom xmlns="http://cyclonedx.org/schema/bom/{version}" version="4">{space}<components>{space}{body}{space}</components>{space}</bom>'
    try:
        ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return
    places = [
        place
        for number, one in enumerate(legal, start=1)
        for place in _paths(one, f"/bom/components[1]/component[{number}]")
    ]
    chosen = data.draw(st.lists(st.sampled_from(places), unique=True)) if places else []
    asked = marks(
        dict.fromkeys(chosen, ENTRIES), tuple(Note(f"proscribe:{place}", place, "t & u") for place in chosen)
    )
    made = XmlDocument(text.encode()).annotated(asked)
    root = ElementTree.fromstring(made)
    assert XmlDocument(made).annotated(asked) == made, "twice is once"
    assert root.get("version") == "5"
    values = [one.text for one in root.iter() if one.get("name") == "proscribe:finding:x:why"]
    assert values == [ENTRIES[1][1]] * len(chosen)
    assert b"proscribe:finding" not in XmlDocument(made).annotated(marks({}))


@pytest.mark.parametrize("prefix", ["", "b:"])
def test_a_prefix_is_kept(prefix: str) -> None:
    mark = f":{prefix[:-1]}" if prefix else ""
    text = f'<{prefix}bom xmlns{mark}="http://cyclonedx.org/schema/bom/1.6"><{prefix}components><{prefix}component type="device"><{prefix}name>x</{prefix}name></{prefix}component></{prefix}components></{prefix}bom>'
    made = XmlDocument(text.encode()).annotated(marks({"/bom/components[1]/component[1]": ENTRIES}))
    tags = {one.tag for one in ElementTree.fromstring(made).iter()}
    assert all(tag.startswith("{http://cyclonedx.org/schema/bom/1.6}") for tag in tags)
    assert f"<{prefix}metadata>".encode() in made


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1} x', "nul", "[" * 100_000, '{"a":' * 100_000])
def test_damaged_json_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        JsonDocument(text)
    assert caught.value.code == "E176"


@pytest.mark.parametrize(
    "data", [b"", b"<bom>", b"<a/>", b"<bom/>x", b"\xff\xfe<\x00", b'<!DOCTYPE bom [<!ENTITY a "b">]><bom/>']
)
def test_damaged_xml_is_refused(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        XmlDocument(data)
    assert caught.value.code == "E176"


def test_findings_are_written_where_other_programs_read_them() -> None:
    """Of a name that stands twice, programs read the last; null is no list and becomes one."""
    place = {"/components/0": ENTRIES}
    twice = '{"specVersion":"1.6","version":1,"components":[{"name":"a","properties":[{"name":"x","value":"1"}],"properties":[]}]}'
    made = JsonDocument(twice).annotated(marks(place))
    (held,) = json.loads(made)["components"]
    assert [one["name"] for one in held["properties"]] == [name for name, _ in ENTRIES]
    assert '"properties":[{"name":"x","value":"1"}],' in made
    null = '{"specVersion":"1.6","metadata":null,"annotations":null,"components":[{"name":"a","properties":null}]}'
    asked = marks(place, (Note("proscribe:a", "a", "t"),))
    made = JsonDocument(null).annotated(asked)
    after = json.loads(made)
    assert after["components"][0]["properties"] and after["metadata"]["properties"] and after["annotations"]
    assert JsonDocument(made).annotated(asked) == made


@pytest.mark.parametrize(
    "text",
    [
        '{"specVersion":"1.6","components":[{"name":"a","properties":{"x":1}}]}',
        '{"specVersion":"1.6","metadata":"x"}',
    ],
)
def test_a_place_that_holds_something_else_is_refused_rather_than_left_out(text: str) -> None:
    with pytest.raises(InputError) as caught:
        JsonDocument(text).annotated(marks({"/components/0": ENTRIES}))
    assert caught.value.code == "E176" and "line 1" in caught.value.at


def test_a_number_of_thousands_of_digits_is_passed_over() -> None:
    long = "9" * 5000
    text = f'{{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": {long}, "components": []}}'
    assert JsonDocument(text).text == text
