"""Templates escape every value that they print, whatever it is, and call what they are given as Jinja does."""

from __future__ import annotations

from enum import StrEnum
from html import escape, unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import StrictUndefined, UndefinedError, pass_context
from markupsafe import Markup

from proscribe.wording.templates import Templates

_TEMPLATES = Templates(undefined=StrictUndefined)
_HOSTILE = "<script>alert('1')</script>\" onload=x & \u202e"


class _Word(StrEnum):
    BAD = "<b>'"


class _Drawing:
    def __html__(self) -> str:
        return "<svg></svg>"


class _Odd:
    def __str__(self) -> str:
        return _HOSTILE


def made(text: str, **values: Any) -> str:
    return _TEMPLATES.from_string(text).render(values)


@given(st.text())
def test_a_text_is_escaped_once_where_it_is_printed_set_or_given_to_a_macro(text: str) -> None:
    wanted = escape(text)
    assert made("{{ value }}", value=text) == wanted
    assert made("{% set held = value %}{{ held }}", value=text) == wanted
    assert made("{% set held %}{{ value }}{% endset %}{{ held }}", value=text) == wanted
    assert (
        made("{% macro one(value) %}<i>{{ value }}</i>{% endmacro %}{{ one(value) }}", value=text)
        == f"<i>{wanted}</i>"
    )
    assert made("{% for one in values %}{{ one }}{% endfor %}", values=[text, text]) == 2 * wanted
    assert unescape(made('<a href="{{ value }}">', value=text)) == f'<a href="{text}">'


@pytest.mark.parametrize("value", [_Odd(), _Word.BAD, [_HOSTILE], {"a": _HOSTILE}, ("<",), _HOSTILE.encode()])
def test_whatever_is_no_text_is_escaped_too(value: object) -> None:
    printed = made("{{ value }}", value=value)
    assert "<" not in printed and '"' not in printed and "'" not in printed


def test_markup_and_what_says_that_it_is_markup_stay() -> None:
    assert made("{{ one }}{{ two }}{{ 3 }}", one=Markup("<b>1</b>"), two=_Drawing()) == "<b>1</b><svg></svg>3"
    assert made("{{ one ~ two }}", one=Markup("<b>"), two="<i>") == "<b>&lt;i&gt;"


def test_a_name_without_a_value_is_an_error_where_it_is_printed() -> None:
    with pytest.raises(UndefinedError):
        made("{{ missing }}")


def test_functions_methods_and_macros_are_called_with_what_they_ask_for() -> None:
    @pass_context
    def named(context: Any, name: str) -> str:
        return f"{context['value']}{name}"

    text = "{% macro twice(a, b='<') %}{{ a }}{{ b }}{{ caller() if caller is defined }}{% endmacro %}"
    assert made(text + "{{ twice('>') }}{{ twice(b=1, a=2) }}") == "&gt;&lt;21"
    assert made(text + "{% call twice(1, 2) %}<p>{{ value }}{% endcall %}", value="&") == "12<p>&amp;"
    assert made("{% for one in [1] %}{{ named('<') }}{% endfor %}", named=named, value="v") == "v&lt;"
    assert made("{{ value.upper() }}{{ plain(1, two=2) }}{{ kind('<') }}", value="a", kind=str,
                plain=lambda one, two: one + two) == "A3&lt;"  # fmt: skip
