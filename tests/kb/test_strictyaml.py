"""Text first, places kept, hostile constructs refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proscribe.kb.strictyaml import Limits, YamlCodes, parse
from proscribe.model.errors import CaseError, KnowledgeError, ProscribeError


def test_only_null_true_false_are_typed() -> None:
    text = "a: NO\nb: 10:20:30\nc: 1.10\nd: 2020-08-13\ne: null\nf: true\ng: false\nh: 'true'\ni: Yes\nj: ~\nk: True\nl: 0x1F\nm:\n"
    assert parse(text, "x.yml").value == {
        "a": "NO", "b": "10:20:30", "c": "1.10", "d": "2020-08-13", "e": None, "f": True, "g": False, "h": "true",
        "i": "Yes", "j": "~", "k": "True", "l": "0x1F", "m": "",
    }  # fmt: skip


def test_keys_stay_text() -> None:
    assert parse("true: 1\nnull: 2\n010: 3\n", "x.yml").value == {"true": "1", "null": "2", "010": "3"}


def test_every_value_has_its_place() -> None:
    document = parse("a: 1\nlist:\n  - x\n  - key: value\n    other: [p, q]\n", "f.yml")
    assert document.at("a") == "f.yml:1:1"
    assert document.at("list", 0) == "f.yml:3:5"
    assert document.line("list", 1, "other") == 5
    assert document.line("list", 1, "other", 1) == 5
    assert document.line("list", 1, "absent") == 4, "an absent field is reported at its record"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "E206", 3),
        ("a:\n  b: 1\n  b: 2\n", "E206", 3),
        ("a: &x 1\nb: 2\n", "E207", 1),
        ("a: 1\nb: *a\n", "E207", 2),
        ("a: !!python/object/apply:os.system ['id']\n", "E207", 1),
        ("a: !!str 1\n", "E207", 1),
        ("a: ! x\n", "E207", 1),
        ("%TAG ! tag:x,2000:\n---\na: 1\n", "E207", None),
        ("<<: {a: 1}\n", "E207", 1),
        ("a: 1\n---\nb: 2\n", "E207", 2),
        ("? [a, b]\n: 1\n", "E207", 1),
        ("a: [1, 2\nb: 3\n", "E205", None),
        ("a: 1\n\tb: 2\n", "E205", 2),
        ("a: \x01\n", "E205", None),
        ("[" * 200, "E208", 1),
    ],
)
def test_refused(text: str, code: str, line: int | None) -> None:
    with pytest.raises(KnowledgeError) as caught:
        parse(text, "bad.yml")
    assert caught.value.code == code
    assert caught.value.at.startswith("bad.yml")
    if line is not None:
        assert caught.value.at.split(":")[1] == str(line)
    assert caught.value.expected and caught.value.next_step


def test_alias_bombs_and_size_are_bounded() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
    )
    for text, limits in (
        (bomb, Limits()),
        ("x" * 101, Limits(size_bytes=100)),
        ("[a, b, c, d]", Limits(nodes=4)),
        ("{a: {b: {c: 1}}}", Limits(depth=2)),
    ):
        with pytest.raises(KnowledgeError):
            parse(text, "bomb.yml", limits=limits)


def test_bytes_that_are_not_utf8_name_their_line() -> None:
    with pytest.raises(KnowledgeError) as caught:
        parse(b"a: 1\nb: \xff\n", "latin.yml")
    assert caught.value.at == "latin.yml:2 (byte 8)"


def test_callers_choose_class_and_codes() -> None:
    with pytest.raises(CaseError) as caught:
        parse("a: 1\na: 2\n", "case.yml", error=CaseError, codes=YamlCodes("E401", "E402", "E403", "E404"))
    assert caught.value.code == "E402"


_plain = st.recursive(
    st.text(st.characters(codec="ascii", categories=("L", "N", "P", "Zs")), max_size=8)
    | st.none()
    | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcxyz", min_size=1, max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(_plain)
@settings(max_examples=150)
def test_json_reads_back_unchanged(value: object) -> None:
    # JSON is YAML: its quoted texts stay texts and its three words stay typed
    assert parse(json.dumps(value), "x.yml").value == value


@given(st.text(max_size=60) | st.binary(max_size=60))
@settings(max_examples=300)
def test_any_input_gives_a_value_or_a_known_error(data: str | bytes) -> None:
    try:
        parse(data, "fuzz.yml")
    except ProscribeError as problem:
        assert problem.code in YamlCodes()
