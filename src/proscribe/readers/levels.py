"""How deep the lines of a list of parts lie, told by the indenting of cells or by which column is filled."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from proscribe.readers._grammar import grammar
from proscribe.readers.header_fields import fold_header

_RE = grammar("parts_list.yml").patterns
#: Lines of a list that is told by its indenting, and of them those that lie deeper.
_FEWEST_LINES, _FEWEST_DEEPER = 3, 2
#: What indents cells, in the order in which it is tried.
_INDENTS = ("blanks", "points", "tree")


def depths_of(texts: Sequence[str | None]) -> list[int] | None:
    """Give how deep each cell is indented, from 0; -1 for an empty one, and `None` where nothing indents them.

    The first cell stands at the margin, and two others at least do not.
    """
    filled = [text for text in texts if text and text.strip()]
    if len(filled) < _FEWEST_LINES:
        return None
    for name in _INDENTS:
        widths = [found.end() if (found := _RE[name].match(text)) else 0 for text in filled]
        is_bare = any(width == len(text) for width, text in zip(widths, filled, strict=True))
        if widths[0] or is_bare or sum(width > 0 for width in widths) < _FEWEST_DEEPER:
            continue
        ranks = {width: rank for rank, width in enumerate(sorted(set(widths)))}
        told = iter(widths)
        return [ranks[next(told)] if text and text.strip() else -1 for text in texts]
    return None


def steps_down(depths: Sequence[int]) -> bool:
    """Tell whether depths are those of things that lie in each other: none is more than one step below the one before it."""
    known = [depth for depth in depths if depth >= 0]
    steps = [below - above for above, below in itertools.pairwise(known)]
    return bool(known) and known[0] == 0 and max(steps, default=0) == 1


def level_of_column(name: str) -> int | None:
    """Give the level that a column stands for by its name, `Level 2` or `2`; `None` where it names none."""
    found = _RE["of_level"].fullmatch(fold_header(name))
    return int(found[1]) if found else None


__all__ = ["depths_of", "level_of_column", "steps_down"]
