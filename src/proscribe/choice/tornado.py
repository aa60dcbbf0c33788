"""A tornado chart as inline SVG: what each unknown fact could add, the most first; readable without colour."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from decimal import Decimal

from proscribe.wording import safe
from proscribe.wording.shown import visible

_LINE = 19
_BAR = 16
#: Characters of a line, and lines of a label: as much as a phone shows.
_WIDE, _LINES = 42, 3


def tornado(
    identity: str, title: str, base: Decimal, rows: Sequence[tuple[str, Decimal]], currency: str
) -> str:
    """Draw one bar a fact, from the sure amount to the right, each with its amount in text.

    Args:
        identity: prefix of the ids inside the chart; unique in the page.
        base: the sure amount, where every bar starts.
        rows: label and amount, in drawing order.
    """
    widest = max((amount for _, amount in rows), default=Decimal(0)) or Decimal(1)
    said = "; ".join(f"{label}: up to {amount:,} {currency}" for label, amount in rows) or "no data"
    labels = [
        textwrap.wrap(visible(label), _WIDE, max_lines=_LINES, placeholder=" …") or [""] for label, _ in rows
    ]
    height = sum((len(lines) + 1) * _LINE + 2 * _BAR for lines in labels) + _LINE
    drawing = [
        f'<svg class="chart bars" role="img" width="100%" height="{height}" aria-labelledby="{identity}-t {identity}-d" '
        f'focusable="false"><title id="{identity}-t">{safe.html(title, 200)}</title>'
        f'<desc id="{identity}-d">Every bar starts at the sure amount, {base:,} {currency}. {safe.html(said, 3000)}</desc>'
        '<defs><pattern id="tornado-open" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="7" height="7" class="track"/><rect width="3" height="7" class="fill-possible"/></pattern></defs>'
    ]
    top = 0
    for lines, (_, amount) in zip(labels, rows, strict=True):
        share = int(amount * 10_000 / widest)
        for line in lines:
            top += _LINE
            drawing.append(f'<text x="0" y="{top - 4}" class="label">{safe.html(line, None)}</text>')
        top += _LINE
        drawing.append(
            f'<text x="0" y="{top - 4}" class="number">+{amount:,}</text>'
            f'<rect x="0" y="{top}" width="100%" height="{_BAR}" class="track"/>'
            f'<rect x="0" y="{top}" width="{share // 100}.{share % 100:02d}%" height="{_BAR}" fill="url(#tornado-open)"/>'
            f'<line x1="0" x2="0" y1="{top - 4}" y2="{top + _BAR + 4}" class="zero"/>'
        )
        top += 2 * _BAR
    drawing.append(f'<text x="0" y="{height - 4}" class="axis">| sure: {base:,} {currency}</text></svg>')
    return "".join(drawing)
