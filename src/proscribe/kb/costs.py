"""Public figures of cost: `costs/*.yml`. They are shown beside a user's own; only a unit cost of a category prices anything."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from proscribe.kb.issues import Issue, fault, nearest
from proscribe.model.amounts import number_of
from proscribe.model.codec import As, CodecError, Limits, omitted, read

#: Folder of the knowledge that holds them.
FOLDER = "costs/"


def _number(text: str) -> Decimal:
    found = number_of(text)
    if found is None:
        raise ValueError("no number")
    return found


_Text = Annotated[str, Limits(least=1, most=500)]


@dataclass(frozen=True, slots=True)
class PublicFigure:
    """A figure that a source names.

    Attributes:
        kind: `total` of a program or network, `share` in percent, or `unit`, the cost of one thing of `category`.
        currency: a code such as USD; `percent` of a share, `units` of a count.
        on: the day for which it was named.
    """

    id: _Text
    kind: Literal["total", "share", "unit"]
    what: _Text
    amount: Annotated[Decimal, As(_number, str, "a number")]
    currency: _Text
    on: date
    source: _Text
    locator: _Text
    basis: Literal["stated", "derived", "inferred", "reported"]
    confidence: Literal["high", "medium", "low"]
    category: str = omitted("")


@dataclass(frozen=True, slots=True)
class _File:
    figures: tuple[PublicFigure, ...]
    review: str = omitted("")


def figures(documents: Mapping[str, Any]) -> tuple[PublicFigure, ...]:
    """Give every figure of the documents under `costs/`, in their order.

    Raises:
        CodecError: when a document is not as it should be.
    """
    return tuple(
        figure
        for path in sorted(documents)
        if path.startswith(FOLDER) and isinstance(documents[path], dict)
        for figure in read(_File, documents[path]).figures
    )


def lint(documents: Mapping[str, Any], sources: Collection[str]) -> Iterator[Issue]:
    """Check the documents under `costs/`: shape, ids, sources; what was recalled prices nothing."""
    seen: set[str] = set()
    for path in sorted(documents):
        if not path.startswith(FOLDER) or not isinstance(documents[path], dict):
            continue
        file = f"{path}.yml"
        try:
            found = figures({path: documents[path]})
        except CodecError as problem:
            one = problem.faults[0]
            yield fault("E212.cost", file, 0, pointer=one.pointer or "/", what=one.what, wanted=one.expected)
            continue
        for figure in found:
            if figure.id in seen:
                yield fault("E214.cost", file, 0, fact=figure.id, id=figure.id)
            seen.add(figure.id)
            if figure.source not in sources:
                close = nearest(figure.source, sources)
                yield fault("E215.source", file, 0, fact=figure.id, near=close, source=figure.source)
            if figure.kind == "unit" and (figure.source == "src:recalled" or not figure.category):
                yield fault("E212.unit_cost", file, 0, fact=figure.id, id=figure.id)
