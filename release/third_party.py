"""Write docs/third-party.md: what is installed with the program, and under which licence."""

from __future__ import annotations

from pathlib import Path

from locked import licence_of, locked

PAGE = Path(__file__).parents[1] / "docs" / "third-party.md"
HEAD = """# Packages that the program is installed with

Written by `python release/third_party.py` from `locks/run.txt` and what the installed packages state of themselves. No package
under the GPL, LGPL or AGPL is among them. Why each is needed: [ADR 4](adr/0004-runtime-dependencies.md).

| package | version | licence, as the package states it |
| --- | --- | --- |
"""


def page() -> str:
    """Write the page."""
    rows = []
    for one in locked():
        licence = licence_of(one.name)
        if licence is not None:
            rows.append(f"| {one.name} | {one.version} | {licence} |")
        else:
            rows.append(
                f"| {one.name} | {one.version} | for other systems ({one.marker}); not looked at here |"
            )
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
