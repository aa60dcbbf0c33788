"""What a template was given is let go of once the page is written."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from jinja2 import UndefinedError

from proscribe.wording import html


class Shown:
    """Something that a page shows."""

    name = "<A1>"


@pytest.fixture(autouse=True)
def no_search() -> Iterator[None]:
    """Let nothing be found by a search for cycles."""
    gc.disable()
    yield
    gc.enable()


def test_nothing_of_a_page_waits_for_a_search_for_cycles() -> None:
    template = html.environment("proscribe.web").from_string(
        "{% macro bold(text) %}<b>{{ text }}{{ one.name }}</b>{% endmacro %}{% macro twice(text) %}{{ bold(text) }}{{ bold(text) }}"
        "{% endmacro %}{% set left = one %}{{ twice('&') }}"
    )
    one = Shown()
    gone = weakref.ref(one)
    assert (
        html.rendered(template, {"one": one}) == template.render(one=Shown()) == "<b>&amp;&lt;A1&gt;</b>" * 2
    )
    del one
    assert gone() is None


def test_a_name_without_a_value_is_an_error() -> None:
    template = html.environment("proscribe.web").from_string("{{ one }}{{ two }}")
    with pytest.raises(UndefinedError, match="two"):
        html.rendered(template, {"one": "1"})
