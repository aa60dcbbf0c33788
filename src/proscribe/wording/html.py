"""HTML from templates: every value escaped, hidden characters written out, one environment for each room.

A room keeps its templates in `<room>/templates/*.html.j2`; what several share is found beside this module. A value that a
template prints is escaped whatever it is; `|shown(limit)` also makes control and bidirectional characters visible and bounds
the length.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from proscribe.wording.shown import visible

if TYPE_CHECKING:
    from jinja2 import Environment, Template


#: The last line of a report: it tells our own output from evidence, and a report that was changed is no longer marked.
MARK = "Written by Proscribe. SHA-256 of what stands above: {}"


def marked(report: Iterable[str], line: str = f"<!-- {MARK} -->") -> Iterator[str]:
    """Give a report piece by piece, and at its end the mark by which it is known as our own.

    Args:
        line: how the mark is written; a comment of HTML by default.
    """
    digest = hashlib.sha256()
    last = "\n"
    for piece in report:
        digest.update(piece.encode("utf-8", "backslashreplace"))
        last = piece[-1:] or last
        yield piece
    if last != "\n":
        digest.update(b"\n")
        yield "\n"
    yield line.format(digest.hexdigest()) + "\n"


def pieces(package: str, template: str, **values: Any) -> Iterator[str]:
    """Write a page piece by piece, so that what a template iterates over need not be in memory at once.

    Args:
        package: the room that holds the folder `templates`, such as `proscribe.reports`.
        template: file name in that folder.
        values: what the template names; a name without a value is an error.
    """
    return environment(package).get_template(template).generate(**values)


def rendered(template: Template, values: Mapping[str, Any]) -> str:
    """Fill in a template whole, and let go of what it was given.

    Its macros and the names that it was given hold each other: all that a page shows would stay until a search for cycles.
    """
    context = template.new_context(dict(values))
    try:
        return "".join(template.root_render_func(context))
    except Exception:
        template.environment.handle_exception()
    finally:
        context.vars.clear()
        context.parent.clear()


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
    from jinja2 import ChoiceLoader, PackageLoader, StrictUndefined

    from proscribe.wording.templates import Templates

    made = Templates(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("proscribe.wording")]),
        undefined=StrictUndefined,
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
    """Write the first letter as a capital and leave the others as they are; a name, such as that of a file, is never changed."""
    first = text.partition(" ")[0].rstrip(".,:;")
    is_name = any(one in "._/\\0123456789" or one.isupper() for one in first)
    return text if is_name else text[:1].upper() + text[1:]
