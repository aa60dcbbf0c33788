"""Draw `docs/pictures/terminal.svg`: the first screen of a scan of the example company, as a terminal shows it.

Run `python docs/make_terminal_picture.py` in the root of the repository; nothing but the program itself is needed.
"""

from __future__ import annotations

import os
import re
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs/pictures/terminal.svg"
EXAMPLE_DAY = "2026-11-25"
_WIDTH, _LINE, _LETTER, _EDGE = 100, 18, 7.83, 16
_INK = {"1": "#ffffff", "1;31": "#ff8d85", "1;33": "#f2ca60", "1;36": "#86c2d6"}


def picture() -> str:
    """Give the drawing: dark on any page, letters as text."""
    import proscribe
    from proscribe.reports.scan.summary import to_summary

    os.chdir(ROOT)
    scan = proscribe.scan(["examples/inputs"], as_of=EXAMPLE_DAY, processes=1).scan
    text = "$ proscribe scan examples/inputs\n" + to_summary(scan, width=_WIDTH, colour=True)
    lines = text.rstrip("\n").split("\n")
    height = len(lines) * _LINE + 2 * _EDGE
    width = round(_WIDTH * _LETTER) + 2 * _EDGE
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        'aria-label="First screen of a scan in a terminal">',
        f'<rect width="{width}" height="{height}" rx="8" fill="#15181c"/>',
        '<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,monospace" font-size="13" fill="#d5dade" '
        ">",
    ]
    for number, line in enumerate(lines):
        if line:
            y = _EDGE + number * _LINE + 13
            drawn.append(f'<text x="{_EDGE}" y="{y}">{_spans(line)}</text>')
    return "\n".join([*drawn, "</g>", "</svg>", ""])


def _spans(line: str) -> str:
    """Write a line with its colours as spans of SVG."""
    # a blank at the edge of a text would be lost
    parts = re.split(r"\x1b\[([\d;]+)m", line.replace(" ", "\u00a0"))
    made = escape(parts[0], quote=False)
    for code, text in zip(parts[1::2], parts[2::2], strict=True):
        shown = escape(text, quote=False)
        made += f'<tspan fill="{_INK[code]}" font-weight="700">{shown}</tspan>' if code in _INK else shown
    return made


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(picture(), encoding="utf-8")
    print(f"Written: {TARGET.relative_to(ROOT)}")
