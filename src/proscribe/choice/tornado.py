"""A tornado chart as inline SVG: what each unknown fact could add, the most first; readable without colour."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from proscribe.wording import safe
from proscribe.wording.shown import fit, visible

_ROW = 46
_LABEL = 60


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
    height = len(rows) * _ROW + 20
    drawing = [
        f'<svg class="chart bars" role="img" width="100%" height="{height}" aria-labelledby="{identity}-t {identity}-d" '
        f'focusable="false"><title id="{identity}-t">{safe.html(title, 200)}</title>'
        f'<desc id="{identity}-d">Every bar starts at the sure amount, {base:,} {currency}. {safe.html(said, 3000)}</desc>'
        '<defs><pattern id="tornado-open" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="7" height="7" class="track"/><rect width="3" height="7" class="fill-possible"/></pattern></defs>'
    ]
    for place, (label, amount) in enumerate(rows):
        top = place * _ROW
        share = int(amount * 10_000 / widest)
        drawing.append(
            f'<text x="0" y="{top + 15}" class="label">{safe.html(fit(visible(label), _LABEL).rstrip(), None)}</text>'
            f'<text x="100%" y="{top + 15}" class="number" text-anchor="end">+{amount:,}</text>'
            f'<rect x="0" y="{top + 21}" width="100%" height="16" class="track"/>'
            f'<rect x="0" y="{top + 21}" width="{share // 100}.{share % 100:02d}%" height="16" fill="url(#tornado-open)"/>'
            f'<line x1="0" x2="0" y1="{top + 17}" y2="{top + 41}" class="zero"/>'
        )
    drawing.append(f'<text x="0" y="{height - 4}" class="axis">| sure: {base:,} {currency}</text></svg>')
    return "".join(drawing)
