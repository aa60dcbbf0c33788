"""HTML from templates: every value escaped, hidden characters written out, one environment for each room.

A room keeps its templates in `<room>/templates/*.html.j2`. A value that a template prints is escaped whatever it is;
`|shown(limit)` also makes control and bidirectional characters visible and bounds the length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from proscribe.wording.shown import visible

if TYPE_CHECKING:
    from jinja2 import Environment


def pieces(package: str, template: str, **values: Any) -> Iterator[str]:
    """Write a page piece by piece, so that what a template iterates over need not be in memory at once.

    Args:
        package: the room that holds the folder `templates`, such as `proscribe.reports`.
        template: file name in that folder.
        values: what the template names; a name without a value is an error.
    """
    return environment(package).get_template(template).generate(**values)


def macros(package: str, template: str, **values: Any) -> Any:
    """Give the macros of a template as functions that give markup; `values` are names that they use."""
    return environment(package).get_template(template).make_module(values)


def slug(*parts: str) -> str:
    """Make an id of letters, digits and dashes."""
    return "-".join(re.sub(r"[^A-Za-z0-9_]+", "-", part) for part in parts)


def trusted(markup: str) -> str:
    """Mark text as HTML already: a style sheet or drawing of our own, whose values are escaped."""
    from markupsafe import Markup

    return Markup(markup)  # noqa: S704 - never text of an input


@cache
def environment(package: str) -> Environment:
    """Give the environment that finds the templates of one room."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    def escaped(value: object) -> object:
        return Markup(escape(value)) if type(value) is str else value  # noqa: S704 - what was escaped

    made = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=escaped,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"shown": _shown, "number": _number, "capital": _capital}
    made.globals["slug"] = slug
    return made


def _shown(text: object, limit: int | None = 600) -> str:
    return visible(str(text), limit)


def _number(value: int) -> str:
    return f"{value:,}"


def _capital(text: str) -> str:
    """Write the first letter as a capital and leave the others as they are."""
    return text[:1].upper() + text[1:]
