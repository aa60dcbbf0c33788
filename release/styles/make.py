"""Write web/static/uswds.css: the parts of USWDS that pages of the workbench use, compiled from its source by digest.

python release/styles/make.py

`uswds.scss` names the parts, and gives them to the names of our templates. Here, what keeps a name of USWDS is dropped, and each
colour becomes a variable with a second value for dark screens: a colour without one ends this, so that none is forgotten.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from node_packages import install, node  # noqa: E402

SHEET = HERE.parents[1] / "src" / "proscribe" / "web" / "static" / "uswds.css"
PACKAGE = "node_modules/@uswds/uswds"
#: Colour of USWDS: its name here, and what it is on a dark screen.
COLOURS = {
    "#fff": ("paper", "#15181c"),
    "#f0f0f0": ("panel", "#22272d"),
    "#dfe1e2": ("line", "#4a525a"),
    "#c9c9c9": ("disabled", "#3d444b"),
    "#919191": ("disabled-edge", "#8b939b"),
    "#757575": ("disabled-ink", "#aab2b9"),
    "#71767a": ("soft", "#a9b1b8"),
    "#565c65": ("edge", "#a9b1b8"),
    "#454545": ("strong-disabled", "#c3c9ce"),
    "#1b1b1b": ("ink", "#eceff1"),
    "#000": ("black", "#fff"),
    "#005ea2": ("primary", "#8ec5ff"),
    "#1a4480": ("primary-dark", "#b3d7ff"),
    "#162e51": ("primary-darker", "#cfe5ff"),
    "#54278f": ("visited", "#cdb2f5"),
    "#2491ff": ("focus", "#58b4ff"),
    "#e7f6f8": ("info-lighter", "#17262b"),
    "#99deea": ("info-light", "#3f6f7a"),
    "#97d4ea": ("sorted-head", "#2c5a6b"),
    "#e1f3f8": ("sorted", "#1c3a45"),
    "#faf3d1": ("warning-lighter", "#2e2a17"),
    "#ffbe2e": ("warning", "#f2ca60"),
    "#f4e3db": ("error-lighter", "#33201a"),
    "#d54309": ("error", "#f2938c"),
    "#a9aeb1": ("base-light", "#6d767e"),
    "#b50909": ("error-dark", "#ff9a90"),
}
HEAD = """/*! Parts of USWDS {version} (uswds.scss in release/styles; written by make.py there, not by hand).
Source: npm package @uswds/uswds {version}, {integrity}. Licences: LICENSE-USWDS.md beside this file. */
"""

Rule = tuple[str, "list[Rule] | str"]


def rules(css: str) -> list[Rule]:
    """Read a sheet: the prelude of each rule, with its rules, or with its declarations as they stand."""
    place = 0

    def read() -> Iterator[Rule]:
        nonlocal place
        while place < len(css) and css[place] != "}":
            opened = css.index("{", place)
            prelude, place = css[place:opened].strip(), opened + 1
            if prelude.startswith(("@media", "@supports")):
                yield prelude, list(read())
                place += 1
            else:
                closed = css.index("}", place)
                body, place = css[place:closed], closed + 1
                yield prelude, body

    return list(read())


def selectors(prelude: str) -> list[str]:
    """Split a list of selectors at its outer commas; give those that hold no name of USWDS."""
    told = re.sub(r":not\(\.usa-[\w-]+\)", "", prelude)
    parts = re.split(r",(?![^(]*\))", told)
    return [one.strip() for one in parts if "usa-" not in one]


def pruned(found: list[Rule]) -> Iterator[Rule]:
    """Leave out what keeps a name of USWDS, and what is empty without it."""
    for prelude, body in found:
        if isinstance(body, list):
            inner = list(pruned(body))
            if inner:
                yield prelude, inner
        elif prelude.startswith("@"):
            yield prelude, body
        else:
            kept = selectors(prelude)
            if kept:
                yield ",".join(kept), body


def written(found: list[Rule] | Iterator[Rule], step: str = "") -> str:
    """Write rules, one a line."""
    lines = []
    for prelude, body in found:
        inner = f"\n{written(body, step + ' ')}{step}" if isinstance(body, list) else without_pictures(body)
        lines.append(f"{step}{prelude}{{{inner}}}\n")
    return "".join(lines)


def without_pictures(body: str) -> str:
    """Leave out pictures: a select keeps the arrow of its system."""
    kept = [one for one in body.split(";") if "url(" not in one]
    return ";".join(one for one in kept if one != "appearance:none" or len(kept) == len(body.split(";")))


def coloured(css: str) -> str:
    """Put variables for colours, with their values for light and dark screens before them."""
    unknown = set(re.findall(r"#[0-9a-f]{3,8}\b", css)) - COLOURS.keys()
    if unknown:
        raise SystemExit(f"colours without a name in COLOURS: {' '.join(sorted(unknown))}")
    css = re.sub(r"#[0-9a-f]{3,8}\b", lambda found: f"var(--{COLOURS[found[0]][0]})", css)
    light = "".join(f"--{name}:{colour};" for colour, (name, _) in COLOURS.items())
    dark = "".join(f"--{name}:{colour};" for name, colour in COLOURS.values())
    return f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{css}"


def make() -> str:
    """Compile the sheet."""
    lock = json.loads((HERE / "package-lock.json").read_text())["packages"]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        install(HERE, folder, ["--omit=optional"])
        source = f"{PACKAGE}/packages"
        words = ("--quiet", "--no-source-map", "--style=compressed", f"--load-path={source}")
        compiled = node(["node_modules/sass/sass.js", *words, str(HERE / "uswds.scss")], folder)
    told = {name: lock[PACKAGE][name] for name in ("version", "integrity")}
    return HEAD.format(**told) + coloured(written(pruned(rules(compiled.lstrip("\ufeff").strip()))))


if __name__ == "__main__":
    SHEET.write_text(make(), encoding="utf-8")
