"""Charts as inline SVG: no script, no request, text that does not shrink on a phone.

Horizontal places are percentages and vertical places are pixels, so that a chart fills the width it
is given while its letters keep their size. Colours come from the classes of the page; every bar also
carries its number in text and a pattern of its own, so that no meaning hangs on colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from proscribe.reports.scan.labels import bits
from proscribe.wording import safe
from proscribe.wording.shown import fit, visible

#: Characters of a label beside a number; more would meet the number on a screen of 320 pixels.
_LABEL = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a stacked chart: a label and a count for each series, in drawing order."""

    label: str
    parts: tuple[tuple[str, int], ...]  # (series, count); the series is a CSS class suffix

    @property
    def total(self) -> int:
        """Sum the parts."""
        return sum(number for _, number in self.parts)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a waterfall.

    Attributes:
        label: what raised it.
        weight_mbit: signed, in millibits.
        counted: whether it moves the sum; of signals that say the same thing only the strongest does.
    """

    label: str
    weight_mbit: int
    counted: bool = True


def _percent(part: int, whole: int) -> str:
    """Write part/whole as a percentage with two decimals, in whole numbers only."""
    hundredths = part * 10_000 // whole if whole else 0
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def _open(height: int, identity: str, title: str, description: str, kind: str) -> str:
    return (
        f'<svg class="chart {kind}" role="img" width="100%" height="{height}" '
        f'aria-labelledby="{identity}-t {identity}-d" focusable="false">'
        f'<title id="{identity}-t">{safe.html(title, 200)}</title>'
        f'<desc id="{identity}-d">{safe.html(description, 2000)}</desc>'
    )


def _short(label: str, width: int) -> str:
    return safe.html(fit(visible(label), width).rstrip(), None)


def stacked_bars(identity: str, title: str, bars: Sequence[Bar]) -> str:
    """Draw horizontal bars, one below the other, each cut into its parts.

    Args:
        identity: prefix of the ids inside the chart; unique in the page, letters and dashes.
        title: what the chart shows.
        bars: in drawing order.
    """
    widest = max((bar.total for bar in bars), default=0)
    said = "; ".join(
        f"{bar.label}: " + ", ".join(f"{number:,} {series}" for series, number in bar.parts if number)
        for bar in bars
    )
    drawing = [_open(max(len(bars), 1) * 46, identity, title, said or "no data", "bars")]
    for index, bar in enumerate(bars):
        top = index * 46
        drawing.append(f'<text x="0" y="{top + 15}" class="label">{_short(bar.label, _LABEL + 8)}</text>')
        drawing.append(f'<text x="100%" y="{top + 15}" class="number" text-anchor="end">{bar.total:,}</text>')
        drawing.append(f'<rect x="0" y="{top + 21}" width="100%" height="16" class="track"/>')
        before = 0
        for series, number in bar.parts:
            if number:
                drawing.append(
                    f'<rect x="{_percent(before, widest)}" y="{top + 21}" '
                    f'width="{_percent(number, widest)}" height="16" class="fill-{series}"/>'
                )
                if number * 8 >= widest:
                    drawing.append(
                        f'<text x="{_percent(2 * before + number, 2 * widest)}" y="{top + 33}" '
                        f'class="on-{series}" text-anchor="middle">{number:,}</text>'
                    )
            before += number
    drawing.append("</svg>")
    return "".join(drawing)


def waterfall(
    identity: str,
    title: str,
    steps: Sequence[Step],
    total_mbit: int,
    thresholds_mbit: Mapping[str, int],
) -> str:
    """Draw how signals add up: one bar a step, each starting where the last one ended, then the total.

    Args:
        identity: prefix of the ids inside the chart, unique in the page.
        title: what the chart shows.
        steps: in order; a negative weight runs to the left.
        total_mbit: the sum the engine reached; it may differ from the sum of the counted steps, since
            kinds of signals are capped.
        thresholds_mbit: band to the total it starts at; drawn as lines.
    """
    reach = [0, total_mbit, *thresholds_mbit.values()]
    running = 0
    for step in steps:
        running += step.weight_mbit if step.counted else 0
        reach.append(running)
    low, high = min(reach), max(reach)
    span = max((high - low) * 110 // 100, 1000)

    def at(value: int) -> str:
        return _percent(value - low, span)

    said = "; ".join(
        f"{step.label} {bits(step.weight_mbit)} bits{'' if step.counted else ', counted already'}"
        for step in steps
    )
    lines = ", ".join(f"{band} from {bits(value)}" for band, value in sorted(thresholds_mbit.items()))
    description = f"{said}; total {bits(total_mbit)} bits" + (f". Bands: {lines}" if lines else "")
    rows = [34 if step.counted else 20 for step in steps] + [34]
    # Each threshold has its name on a line of its own, so that names never meet on a narrow screen.
    foot = 4 + 15 * len(thresholds_mbit)
    height = sum(rows) + foot
    drawing = [_open(height, identity, title, description, "waterfall")]
    for place, (band, value) in enumerate(sorted(thresholds_mbit.items(), key=lambda item: item[1])):
        x = at(value)
        base = height - foot + 15 * (place + 1)
        anchor, shift = ("start", "4") if (value - low) * 2 < span else ("end", "-4")
        drawing.append(
            f'<line x1="{x}" x2="{x}" y1="0" y2="{base}" class="threshold"/>'
            f'<text x="{x}" y="{base}" dx="{shift}" class="axis" text-anchor="{anchor}">{safe.html(band, None)}</text>'
        )
    zero = at(0)
    drawing.append(f'<line x1="{zero}" x2="{zero}" y1="0" y2="{height - foot}" class="zero"/>')
    running = top = 0
    for index, step in enumerate([*steps, Step("total", total_mbit)]):
        is_total = index == len(steps)
        number = bits(step.weight_mbit) if step.counted else f"({bits(step.weight_mbit)})"
        drawing.append(
            f'<text x="0" y="{top + 13}" class="label">{_short(step.label, _LABEL)}</text>'
            f'<text x="100%" y="{top + 13}" class="number" text-anchor="end">{number}</text>'
        )
        if not step.counted:
            top += rows[index]
            continue
        start, end = (0, total_mbit) if is_total else (running, running + step.weight_mbit)
        left, right = min(start, end), max(start, end)
        kind = "total" if is_total else "against" if step.weight_mbit < 0 else "for"
        drawing.append(
            f'<rect x="{at(left)}" y="{top + 18}" width="{_percent(max(right - left, span // 200), span)}" '
            f'height="10" class="step-{kind}"/>'
        )
        top += rows[index]
        running = end
    drawing.append("</svg>")
    return "".join(drawing)
